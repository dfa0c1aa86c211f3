"""The errors that are the reader's to mend; what is refused because of its type."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

KINDS = {bool: "True or False", int: "a whole number", float: "a number", str: "text"}
SHOWN = 40  # characters of a value


class InputError(ValueError):
    """Input that cannot be used: the message names the thing, the choices and the cure."""


class TextWithheld(InputError):
    """What was asked needs the texts, and they are not at hand."""


def refuse_other_types(function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Refuse arguments that are not of the plain types that a function declares for them.

    Arguments declared as anything but truth values, numbers, text, or one of these, are not looked
    at. Numbers may be NumPy's; a truth value is no number.

    >>> def cut(text: str, size: int = 3, share: float | None = None): ...
    >>> refuse_other_types(cut, {"text": "a", "size": 2, "share": 1})
    >>> refuse_other_types(cut, {"size": "2"})
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: cut: size must be a whole number, got '2'.

    Raises
    ------
    InputError
        One is of another type.
    """
    for name, kinds in _plain(function).items():
        if name in given and not any(_is(given[name], kind) for kind in kinds):
            wanted = " or ".join(KINDS.get(kind, "None") for kind in kinds)
            shown = repr(given[name])[:SHOWN]
            raise InputError(f"{function.__name__}: {name} must be {wanted}, got {shown}.")
    if "seed" in given and isinstance(given["seed"], Integral) and given["seed"] < 0:
        raise InputError(f"{function.__name__}: seed must be 0 or more, got {given['seed']}.")


@lru_cache(None)
def _plain(function: Callable[..., Any]) -> dict[str, tuple[type, ...]]:
    """Return the types of the arguments that are declared as plain ones."""
    try:
        hints = get_type_hints(function)
    except NameError:  # declared by what only type checkers read
        return {}
    found = {}
    for name, hint in hints.items():
        kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
        if name != "return" and all(kind in (*KINDS, NoneType) for kind in kinds):
            found[name] = kinds
    return found


def _is(value: Any, kind: type) -> bool:
    truth = type(value).__name__ in ("bool", "bool_")  # NumPy's, too
    if kind is bool:
        return truth
    abstract = {int: Integral, float: Real}.get(kind, kind)
    return isinstance(value, abstract) and not truth
