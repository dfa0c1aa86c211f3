"""Writing files whole, and reading what people declare."""

import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from analysis.errors import InputError


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole: readers see the old content or the new, never a part of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink()
        cure = "choose a folder that can be written"
        raise InputError(f"{path} cannot be written ({problem.strerror}); {cure}.") from problem


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
