"""The gate of the keyness measures: what may enter the arithmetic, checked once."""

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.text import Counts

Floats = NDArray[np.float64]


def group_totals(counts: Counts) -> tuple[Floats, Floats, float, float]:
    """Return each term's occurrences in target and reference, and the tokens of each.

    Raises
    ------
    InputError
        A count is NaN, infinite or negative, a unit holds fewer tokens than terms, or a group is
        empty.
    """
    side = np.asarray(counts.target, dtype=bool)
    if not side.any() or side.all():
        raise InputError("A contrast needs units of both groups, got those of one: add the other.")
    held = counts.matrix.data
    if not (np.isfinite(held) & (held >= 0)).all():
        raise InputError("Counts must be finite and not negative: count the texts again.")
    a, b = (np.asarray(counts.matrix[s].sum(axis=0), dtype=float).ravel() for s in (side, ~side))
    n1, n2 = (float(counts.sizes[s].sum()) for s in (side, ~side))
    check_cells(a, b, n1, n2)
    return a, b, n1, n2


def check_cells(a: Floats, b: Floats, n1: float, n2: float) -> None:
    """Refuse occurrences and tokens that cannot be a table of counts."""
    for name, count, tokens in (("target", a, n1), ("reference", b, n2)):
        if not (np.isfinite(tokens) and tokens > 0):
            raise InputError(
                f"The {name} must have a positive number of tokens, got {tokens}: pass the number "
                "of all running words of the group."
            )
        if not (np.isfinite(count) & (count >= 0) & (count <= tokens)).all():
            raise InputError(
                f"Occurrences in the {name} must lie between 0 and its {tokens:g} tokens, got "
                f"{np.min(count)} to {np.max(count)}: pass counts, not rates."
            )
