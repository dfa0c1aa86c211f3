"""What the processes of one run share: what one of them has computed, no other computes again.

The notebooks of a run are executed each by a process of its own; the run names a folder of its own
in their environment. Without a folder nothing is shared. What lies there are arrays (``.npz``) and
one text (JSON) that says how they go together: to read it runs no code, as to read a pickle would,
and makes nothing but tables, arrays, plain values and the value classes of this package. What holds
anything else is not shared.
"""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analysis.files import in_turn, write_file

Found = TypeVar("Found")
FOLDER = "ANALYSIS_SHARED"  # the variable that names what a run shares
PLAIN = (bool, int, float, str, type(None))
LISTS: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
TEXT = "text"  # the array that says how the others go together


@contextmanager
def sharing(folder: Path) -> Iterator[None]:
    """Share with this process, too, what lies in the folder of a run."""
    before = os.environ.get(FOLDER)
    os.environ[FOLDER] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(FOLDER)
        if before is not None:
            os.environ[FOLDER] = before


def is_shared() -> bool:
    """Tell whether this process is one of a run."""
    return bool(os.environ.get(FOLDER))


def once(key: str, compute: Callable[[], Found]) -> Found:
    """Return what a process of this run has computed under a key, or compute it.

    Of processes that come to it at the same moment one computes it, and the others wait; where it
    is refused, or cannot be shared, each of them then computes it for itself.

    Parameters
    ----------
    key : all that the outcome hangs on
    compute : gives it
    """
    name = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    path = Path(os.environ[FOLDER]) / f"{name}.npz"
    begun = path.with_suffix(".begun")
    with nullcontext() if path.is_file() else in_turn(path.with_suffix(".lock")):
        if path.is_file():
            found: Found = unpacked(path.read_bytes())
            return found
        if not begun.exists():
            begun.touch()
            computed = compute()
            with suppress(TypeError):  # what cannot be packed is not shared
                write_file(path, packed(computed))
            return computed
    return compute()


def packed(value: Any) -> bytes:
    """Return a value as the bytes of a ``.npz``.

    >>> unpacked(packed({"k": (3, np.float64(0.1)), "shares": np.array([0.5, np.nan])}))
    {'k': (3, np.float64(0.1)), 'shares': array([0.5, nan])}

    Raises
    ------
    TypeError
        It holds something that is no table, array, plain value or value class of this package.
    """
    arrays: list[np.ndarray] = []
    text = json.dumps(_said(value, arrays)).encode()
    content = io.BytesIO()
    named: dict[str, Any] = {TEXT: np.frombuffer(text, np.uint8), **_named(arrays)}
    np.savez(content, **named)
    return content.getvalue()


def unpacked(content: bytes) -> Any:
    """Return the value that was packed, to the last bit."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        arrays = [held[name] for name in _named([None] * (len(held) - 1))]
        return _made(json.loads(held[TEXT].tobytes()), arrays)


def _named(arrays: list[Any]) -> dict[str, Any]:
    return {f"a{place}": array for place, array in enumerate(arrays)}


def _kept(array: np.ndarray, arrays: list[np.ndarray]) -> int:
    """Keep an array; return its place."""
    arrays.append(array)
    return len(arrays) - 1


def _said(value: Any, arrays: list[np.ndarray]) -> Any:
    """Return a value in JSON's types, arrays by their place: plain as it is, else [kind, parts]."""
    if type(value) in PLAIN:
        return value
    for name, kind in LISTS.items():
        if type(value) is kind:
            return [name, [_said(own, arrays) for own in value]]
    if type(value) is dict:
        return ["dict", [[_said(own, arrays) for own in pair] for pair in value.items()]]
    if isinstance(value, np.generic | np.ndarray) and not value.dtype.hasobject:
        sort = "number" if isinstance(value, np.generic) else "array"
        return [sort, _kept(np.asarray(value), arrays)]
    if type(value) is pd.RangeIndex:
        return ["range", [value.start, value.stop, value.step, _said(value.name, arrays)]]
    if type(value) is pd.Index:
        return ["index", [_column(value, arrays), _said(value.name, arrays)]]
    if type(value) is pd.DataFrame and not value.attrs:
        columns = [_column(value.iloc[:, place], arrays) for place in range(value.shape[1])]
        return ["table", [_said(value.columns, arrays), _said(value.index, arrays), columns]]
    if isinstance(value, Enum):
        return ["enum", [*_class(value), _said(value.value, arrays)]]
    if is_dataclass(value) and not isinstance(value, type):
        own = [[part.name, _said(getattr(value, part.name), arrays)] for part in fields(value)]
        return ["own", [*_class(value), own]]
    raise TypeError(f"{type(value)} cannot be shared")


def _class(value: Any) -> list[str]:
    """Return the module and the name of a class of this package."""
    kind = type(value)
    if not kind.__module__.startswith("analysis.") or "." in kind.__qualname__:
        raise TypeError(f"{kind} cannot be shared")
    return [kind.__module__, kind.__name__]


def _column(values: Any, arrays: list[np.ndarray]) -> Any:
    """Return the cells of a column, or the labels of an index."""
    dtype = str(values.dtype)
    if isinstance(values.dtype, np.dtype) and not values.dtype.hasobject:
        return [dtype, _kept(values.to_numpy(), arrays)]
    if dtype == "str":
        return [dtype, [None if cell is np.nan else cell for cell in values.tolist()]]
    if dtype == "object":
        return [dtype, [_said(cell, arrays) for cell in values]]
    raise TypeError(f"cells of {dtype} cannot be shared")


def _made(said: Any, arrays: list[np.ndarray]) -> Any:
    """Return the value that was said."""
    if type(said) in PLAIN:
        return said
    kind, parts = said
    if kind in LISTS:
        return LISTS[kind](_made(own, arrays) for own in parts)
    if kind == "dict":
        return {_made(key, arrays): _made(own, arrays) for key, own in parts}
    if kind in ("array", "number"):
        return arrays[parts] if kind == "array" else arrays[parts][()]
    if kind == "range":
        start, stop, step, name = parts
        return pd.RangeIndex(start, stop, step, name=_made(name, arrays))
    if kind == "index":
        return pd.Index(_cells(parts[0], arrays), name=_made(parts[1], arrays))
    if kind == "table":
        columns, index = _made(parts[0], arrays), _made(parts[1], arrays)
        cells = {place: _cells(column, arrays) for place, column in enumerate(parts[2])}
        table = pd.DataFrame(cells, index=index)
        table.columns = columns
        return table
    own = _class_of(parts[0], parts[1])
    if kind == "enum":
        return own(_made(parts[2], arrays))
    made = object.__new__(own)
    for name, value in parts[2]:
        object.__setattr__(made, name, _made(value, arrays))
    return made


def _class_of(module: str, name: str) -> Any:
    """Return a value class of this package."""
    own = getattr(sys.modules[module], name) if module.startswith("analysis.") else None
    if not isinstance(own, type) or not (issubclass(own, Enum) or is_dataclass(own)):
        raise ValueError(f"{module}.{name} is no value class of this package")
    return own


def _cells(column: list[Any], arrays: list[np.ndarray]) -> Any:
    """Return the cells of a column with their type."""
    dtype, cells = column
    if isinstance(cells, int):
        return arrays[cells]
    if dtype == "object":
        held = np.empty(len(cells), object)
        held[:] = [_made(cell, arrays) for cell in cells]
        return held
    return pd.array(cells, dtype=dtype)
