"""The errors that are the reader's to mend; what is refused because of its type."""

from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

KINDS = {bool: "True or False", int: "a whole number", float: "a number", str: "text"}
HOLDING = {Sequence: "list", Mapping: "dict"}
SHOWN = 40  # characters of a value


class InputError(ValueError):
    """Input that cannot be used: the message names the thing, the choices and the cure."""


class TextWithheld(InputError):
    """What was asked needs the texts, and they are not at hand."""


def nearest(name: str, known: Collection[str]) -> str:
    """Return a question for the known name that is nearest to one that is not, if any is near.

    >>> nearest("bleu", ["red", "blue"]), nearest("RED", ["red"]), nearest("x", ["red", "blue"])
    (" Did you mean 'blue'?", " Did you mean 'red'?", '')
    """
    alike = {own.casefold(): own for own in known}
    found = get_close_matches(name, known, 1)
    found = found or [alike[own] for own in get_close_matches(name.casefold(), alike, 1)]
    return f" Did you mean {found[0]!r}?" if found else ""


def refuse_other_types(function: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Refuse arguments that are not of the types that a function declares for them.

    Truth values, numbers, text, and lists and dictionaries of these are looked at, and nothing
    else. Numbers may be NumPy's; a truth value is no number; a list is whatever has a length and
    can be gone through, but text.

    >>> def cut(text: str, size: int = 3, share: float | None = None): ...
    >>> refuse_other_types(cut, {"text": "a", "size": 2, "share": 1})
    >>> refuse_other_types(cut, {"size": "2"})
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: cut: size must be a whole number, got '2'.
    >>> def mark(words: Mapping[str, Sequence[str]]): ...
    >>> refuse_other_types(mark, {"words": {"sea": "reef"}})
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: mark: words must be a dict of lists of text, got {'sea': 'reef'}.

    Raises
    ------
    InputError
        One is of another type.
    """
    for name, kinds in _declared(function).items():
        if name in given and not any(_is(given[name], kind) for kind in kinds):
            wanted = " or ".join(map(_said, kinds))
            shown = repr(given[name])[:SHOWN]
            raise InputError(f"{function.__name__}: {name} must be {wanted}, got {shown}.")
    if "seed" in given and isinstance(given["seed"], Integral) and given["seed"] < 0:
        raise InputError(f"{function.__name__}: seed must be 0 or more, got {given['seed']}.")


@lru_cache(None)
def _declared(function: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
    """Return the types of the arguments that are declared as what can be looked at."""
    try:
        hints = get_type_hints(function)
    except NameError:  # declared by what only type checkers read
        return {}
    found = {}
    for name, hint in hints.items():
        kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
        if name != "return" and all(_innermost(kind) in (*KINDS, NoneType) for kind in kinds):
            found[name] = kinds
    return found


def _innermost(kind: Any) -> Any:
    """Return what a list of lists holds in the end; another type is its own."""
    return _innermost(_of(kind)) if get_origin(kind) in HOLDING else kind


def _of(kind: Any) -> Any:
    """Return what is in a list, or under the keys of a dictionary."""
    return get_args(kind)[-1]


def _said(kind: Any, many: bool = False) -> str:
    """Return a type in words."""
    if get_origin(kind) in HOLDING:
        what = HOLDING[get_origin(kind)]
        return f"{what + 's' if many else 'a ' + what} of {_said(_of(kind), many=True)}"
    return KINDS.get(kind, "None")


def _is(value: Any, kind: Any) -> bool:
    if get_origin(kind) in HOLDING:
        held = isinstance(value, Mapping)
        if held != (get_origin(kind) is Mapping) or not _can_be_gone_through(value):
            return False
        return all(_is(one, _of(kind)) for one in (value.values() if held else value))
    truth = type(value).__name__ in ("bool", "bool_")  # NumPy's, too
    if kind is bool:
        return truth
    abstract = {int: Integral, float: Real}.get(kind, kind)
    return isinstance(value, abstract) and not truth


def _can_be_gone_through(value: Any) -> bool:
    """Tell whether a value is a collection of one dimension, and no text."""
    of_one = getattr(value, "ndim", 1) == 1
    return isinstance(value, Collection) and not isinstance(value, str | bytes) and of_one
