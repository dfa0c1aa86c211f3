"""The sum of every file of a finished folder, and of every cell of its notebooks."""

import hashlib
import json
from pathlib import Path
from typing import Any

from analysis.files import write_file

SUMS = "SHA256SUMS"  # in the form that ``sha256sum --check`` reads
CELLS = "cells.json"  # the sum of every cell of the notebooks beside it


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
