"""The gate: what may enter the inference, checked once."""

from typing import Any

import numpy as np
from scipy import sparse

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
    _check_rows(len(table), lengths, flags)
    if not np.isfinite(table).all():
        raise InputError("Values must be finite, got NaN or infinity: leave such units out.")
    for name, count in (("target", flags.sum()), ("reference", (~flags).sum())):
        if count < 2:
            raise InputError(
                f"The {name} has {count} unit of inference, so nothing can be said of its "
                "variation: give it at least two (a longer text, or more documents)."
            )
    return table, lengths, flags


def checked_counts(values: Any, sizes: Any, target: Any) -> tuple[sparse.csr_array, Floats, Flags]:
    """Return counts (units × terms) as sparse rows, sizes and target flags, or refuse them.

    A group may be a single unit here; nothing is made dense.

    Raises
    ------
    InputError
        As ``checked``, or a count is negative or no whole number, or a group is empty.
    """
    table: sparse.csr_array = sparse.csr_array(
        values.astype(float)  # type: ignore[attr-defined]
        if sparse.issparse(values)
        else np.atleast_2d(np.asarray(values, dtype=float).T).T
    )
    lengths, flags = np.asarray(sizes, dtype=float), np.asarray(target, dtype=bool)
    _check_rows(table.shape[0], lengths, flags)
    if not np.isfinite(table.data).all():
        raise InputError("Values must be finite, got NaN or infinity: leave such units out.")
    if (table.data < 0).any() or (table.data != np.round(table.data)).any():
        raise InputError("Counts must be whole numbers and not negative.")
    if not flags.any() or flags.all():
        raise InputError("A contrast needs units of both groups, got those of one: add the other.")
    return table, lengths, flags


def _check_rows(rows: int, lengths: Floats, flags: Flags) -> None:
    if not rows == len(lengths) == len(flags):
        raise InputError(
            f"Values, sizes and target flags must have one row a unit, got {rows}, "
            f"{len(lengths)} and {len(flags)}."
        )
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise InputError("Sizes must be positive: leave out units that hold nothing.")


def check_draws(draws: int) -> None:
    """Refuse a resampling without a draw."""
    if draws < 1:
        raise InputError(f"Resampling needs at least one draw, got {draws}.")
