"""Writing files whole."""

import os
from contextlib import suppress
from pathlib import Path

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
