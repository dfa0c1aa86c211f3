"""The gate: what may enter the inference, checked once."""

from typing import Any

import numpy as np

from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats


def checked(values: Any, sizes: Any, target: Any) -> tuple[Floats, Floats, Flags]:
    """Return values (units × k), sizes and target flags as arrays, or refuse them in words.

    Raises
    ------
    InputError
        Shapes differ, a value is not finite, a size is not positive, or a group has one unit.
    """
    dense = values.toarray() if hasattr(values, "toarray") else values
    table = np.asarray(dense, dtype=float)
    table = table[:, None] if table.ndim == 1 else table
    lengths, flags = np.asarray(sizes, dtype=float), np.asarray(target, dtype=bool)
    if not len(table) == len(lengths) == len(flags):
        raise InputError(
            f"Values, sizes and target flags must have one row a unit, got {len(table)}, "
            f"{len(lengths)} and {len(flags)}."
        )
    if not np.isfinite(table).all():
        raise InputError("Values must be finite, got NaN or infinity: leave such units out.")
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise InputError("Sizes must be positive: leave out units that hold nothing.")
    for name, count in (("target", flags.sum()), ("reference", (~flags).sum())):
        if count < 2:
            raise InputError(
                f"The {name} has {count} unit of inference, so nothing can be said of its "
                "variation: give it at least two (a longer text, or more documents)."
            )
    return table, lengths, flags


def check_draws(draws: int) -> None:
    """Refuse a resampling without a draw."""
    if draws < 1:
        raise InputError(f"Resampling needs at least one draw, got {draws}.")
