"""Files: written whole, one writer at a time; read where people declare things; their sums.

And where those lie that the code needs: word lists, names, senses, calibration, sentences.
"""

import errno
import hashlib
import json
import os
import re
import secrets
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from analysis.errors import InputError

RESOURCES = Path(__file__).resolve().parent / "resources"
CURE = "choose a folder that can be written"
SUMS = "SHA256SUMS"  # in the form that ``sha256sum --check`` reads
CELLS = "cells.json"  # the sum of every cell of the notebooks beside it
_DRAFT = re.compile(r"\.[0-9a-f]{12}\.tmp")


def resource(name: str) -> Path:
    """Return the path of a bundled file or folder; the heads of the files say what they are."""
    return RESOURCES / name


def refuse_unwritable(path: Path) -> None:
    """Refuse a place for a file or a folder that cannot be written, before there is any content.

    Raises
    ------
    InputError
        As ``write_file`` would say it.
    """
    try:
        there = path if path.exists() else next(p for p in path.absolute().parents if p.exists())
        if there != path and not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(there, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, RuntimeError) as problem:
        raise _unwritten(path, problem) from problem


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole: readers see the old content or the new, never a part of it.

    What a symbolic link points to is written, not the link. A file that is there keeps its mode.
    A device or a pipe, such as ``/dev/stdout``, cannot be replaced, so it is written to.

    Raises
    ------
    InputError
        The place cannot be written; what was there is untouched.
    """
    try:
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(path.stat().st_mode):  # a folder is refused by the system
                with path.open("wb") as device:
                    device.write(content)
                return
    except (OSError, RuntimeError) as problem:  # a ring of links is a RuntimeError
        raise _unwritten(path, problem) from problem
    write_together({path: content})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together: none takes its place before all of them are on the disk.

    A failure leaves all of them as they were. A process that is killed does too, unless it is
    between two of the renamings that end the work.

    Raises
    ------
    InputError
        A place cannot be written.
    """
    drafts: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in files.items():
            drafts.append(_drafted(path.resolve(), content))
        while drafts:
            draft, path = drafts[0]
            draft.replace(path)
            del drafts[0]
    except (OSError, RuntimeError) as problem:
        raise _unwritten(path, problem) from problem
    finally:
        for draft, _ in drafts:
            with suppress(OSError):
                draft.unlink()


def _unwritten(path: Path, problem: Exception) -> InputError:
    said = getattr(problem, "strerror", None) or problem
    return InputError(f"{path} cannot be written ({said}); {CURE}.")


def _drafted(path: Path, content: bytes) -> tuple[Path, Path]:
    """Write a draft beside a file; return it with its place. A failure leaves no draft."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode if path.exists() else None
    if mode is not None and not stat.S_ISREG(mode):
        raise OSError(22, "not a regular file")
    if mode is not None and not os.access(path, os.W_OK):
        raise PermissionError(13, os.strerror(13))
    draft = path.with_name(f".{secrets.token_hex(6)}.tmp")  # short: the name may fill its limit
    try:
        draft.write_bytes(content)
        if mode is not None:
            draft.chmod(stat.S_IMODE(mode))
    except BaseException:  # the reader's Ctrl-C included
        with suppress(OSError):
            draft.unlink()
        raise
    return draft, path


def clear_drafts(*folders: Path) -> None:
    """Remove the drafts that killed runs have left in folders, of which one holds the lock now."""
    for path in (path for folder in folders if folder.is_dir() for path in folder.iterdir()):
        if _DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)


def revision(folder: Path) -> str:
    """Return what git calls the state of a folder (``git describe``); nothing without git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


@contextmanager
def held(path: Path, whose: str) -> Iterator[None]:
    """Hold a lock while the body runs; it ends with the process, however that ends.

    Parameters
    ----------
    path : the lock's file, made where it is missing
    whose : what is locked, for the message

    Raises
    ------
    InputError
        Another process holds it.
    """
    with path.open("ab") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise InputError(
                f"Another run is at work on {whose}: wait until it has ended, or stop it."
            ) from None
        yield


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Hold a lock while the body runs, as soon as no other process does; without locks, at once.

    Parameters
    ----------
    path : the lock's file, made where it is missing
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        with suppress(OSError):  # of a file system that has none
            _lock(file.fileno(), wait=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool = False) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool = False) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def read_toml(path: Path, cure: str) -> dict[str, Any]:
    """Return what a TOML file declares, or refuse it in words that end with the cure."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(f"{path} is not there: {cure}.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): {cure}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not valid TOML in UTF-8 ({error}): {cure}.") from None


# Sums: of every file of a finished folder, and of every cell of its notebooks


def file_sum(path: Path) -> str:
    """Return the SHA-256 sum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sums(folder: Path) -> dict[str, str]:
    """Return the sum of every file of a folder by its name, hidden files and folders left out."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name != SUMS and not path.name.startswith(".") and path.is_file():
            found[path.name] = file_sum(path)
    return found


def write_sums(folder: Path) -> None:
    """Write the sums of a folder's files beside them."""
    lines = (f"{own}  {name}\n" for name, own in sums(folder).items())
    write_file(folder / SUMS, "".join(lines).encode("utf-8"))


def read_sums(folder: Path) -> dict[str, str] | None:
    """Return the sums that a folder holds of its files, None where it holds none."""
    path = folder / SUMS
    if not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.partition("  ") for line in lines if line)
    return {name: own for own, _, name in pairs}


def cell_sums(notebook: Path) -> dict[str, str]:
    """Return the sum of what every cell of a notebook says and shows, by the cell's id.

    What a program that opens and saves a notebook adds to it, such as times, is left out.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return {cell.get("id", str(place)): _cell_sum(cell) for place, cell in enumerate(cells)}


def _cell_sum(cell: dict[str, Any]) -> str:
    outputs = [
        {name: own for name, own in output.items() if name not in ("execution_count", "metadata")}
        for output in cell.get("outputs", ())
    ]
    said = [cell["cell_type"], _joined(cell["source"]), outputs]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def write_cell_sums(folder: Path) -> None:
    """Write the sums of the cells of all notebooks of a folder beside them."""
    found = {path.name: cell_sums(path) for path in sorted(folder.glob("*.ipynb"))}
    text = json.dumps(found, indent=1, ensure_ascii=False)
    write_file(folder / CELLS, f"{text}\n".encode())


def read_cell_sums(folder: Path) -> dict[str, dict[str, str]] | None:
    """Return the sums that a folder holds of its notebooks' cells, None where it holds none."""
    try:
        found: dict[str, dict[str, str]] = json.loads((folder / CELLS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
