"""Weighted units: what may enter inference, every resampling scheme, and rates as weighted sums.

Every resampling scheme is a matrix of draws × units: with values summed over units,
``W @ values`` gives all draws of a group's sums at once.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.errors import InputError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LARGEST = 1e60  # of sizes and values; their squares and products are exact enough
MOST = 2**53  # occurrences in all
BLOCK, CELLS = 2_000, 4_000_000  # rows, and cells, drawn at a time
AT_HAND = 32_000  # cells that are sorted at once
# Shifts and factors that make of a cell a number of 64 bits (SplitMix64): that sums of two terms
# agree by chance has odds of one in 10⁸ in a million terms.
MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))
ROUNDING = 1e-12  # what is smaller, beside the largest value of its column, is no variation


def permutations(target: Flags, draws: int, seed: int) -> Iterator[Floats]:
    """Yield blocks of rows that are 1 for the units relabelled as the target's, else 0.

    Every row relabels as many units as the target has; the groups are exchanged, not resampled.

    Parameters
    ----------
    target : True where a unit is the target's
    draws : rows of all blocks together
    seed : of the random numbers
    """
    rng = np.random.default_rng(seed)
    height = max(1, AT_HAND // max(len(target), 1))
    for size in _blocks(draws, len(target)):
        rows = np.empty((size, len(target)))
        for start in range(0, size, height):
            part = rows[start : start + height]
            drawn = (rng.random(part.shape) * 2.0**54).astype(np.int64)  # all of them even
            drawn[:, : target.sum()] += 1
            drawn.sort(axis=1)
            drawn &= 1
            part[:] = drawn
        yield rows


def bootstrap(units: int, draws: int, rng: np.random.Generator, size: int | None = None) -> Floats:
    """Return draws × units multinomial weights: each row draws units with replacement.

    Parameters
    ----------
    units : how many there are
    draws : rows
    rng : makes them
    size : how many units a row draws, by default as many as there are
    """
    shares = np.full(units, 1 / units)
    return rng.multinomial(size or units, shares, draws).astype(float)


def leave_one_out(units: int) -> Iterator[Floats]:
    """Yield blocks of the rows of units × units weights: row i leaves unit i out.

    >>> [block.tolist() for block in leave_one_out(2)]
    [[[0.0, 1.0], [1.0, 0.0]]]
    """
    many = max(1, CELLS // max(units, 1))
    for first in range(0, max(units, 1), many):
        rows = np.ones((min(many, units - first), units))
        rows[:, first : first + many] -= np.eye(len(rows))
        yield rows


def _blocks(draws: int, units: int) -> Iterator[int]:
    """Yield how many rows to draw at a time, so that memory does not grow with the units."""
    rows = max(1, min(BLOCK, CELLS // max(units, 1)))
    for start in range(0, draws, rows):
        yield min(rows, draws - start)


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
    _check_scale("Values", table)
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
    _check_whole(table.data)
    if not flags.any() or flags.all():
        raise InputError("A contrast needs units of both groups, got those of one: add the other.")
    return table, lengths, flags


def kinds_of_terms(table: sparse.csr_array, alike: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the first term of each kind, and the kind of each term.

    Terms are of one kind if they have the same counts in units that are alike: what is computed of
    one then holds of the others. Most terms of a corpus are rare, so that their kinds are far
    fewer. Kinds stand in the order of their first terms.

    Parameters
    ----------
    table : units × terms counts
    alike : one row a unit; units are alike that agree in all columns

    Examples
    --------
    >>> found = kinds_of_terms(sparse.csr_array([[1, 0, 2], [0, 1, 0]]), [[100, 1], [100, 1]])
    >>> [each.tolist() for each in found]
    [[0, 2], [0, 0, 1]]
    """
    _, label = np.unique(np.asarray(alike), axis=0, return_inverse=True)
    cells = table.tocsc()
    code = label.ravel().astype(np.uint64)[cells.indices] * np.uint64(cells.data.max(initial=0) + 1)
    code += cells.data.astype(np.uint64)
    for shift, factor in MIX:
        code = (code ^ (code >> np.uint64(shift))) * np.uint64(factor)
    code[cells.data == 0] = 0
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(code)])[cells.indptr]
    _, first, kind = np.unique(np.diff(sums), return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return first[order], place[kind]


def _check_rows(rows: int, lengths: Floats, flags: Flags) -> None:
    if not rows == len(lengths) == len(flags):
        raise InputError(
            f"Values, sizes and target flags must have one row a unit, got {rows}, "
            f"{len(lengths)} and {len(flags)}."
        )
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise InputError("Sizes must be positive: leave out units that hold nothing.")
    _check_scale("Sizes", lengths)


def _check_scale(name: str, numbers: Floats) -> None:
    """Refuse numbers of which squares, products or sums would leave double precision."""
    sizes = np.abs(numbers[numbers != 0])
    if len(sizes) and not (sizes.min() >= 1 / LARGEST and sizes.max() <= LARGEST):
        raise InputError(
            f"{name} must lie between {1 / LARGEST:.0e} and {LARGEST:.0e}, got "
            f"{sizes.min():.1e} to {sizes.max():.1e}: give them in another unit."
        )


def _check_whole(counts: Floats) -> None:
    """Refuse counts of which whole numbers are no longer told apart."""
    if counts.sum() > MOST:
        raise InputError(
            f"Counts must add up to at most {MOST:,}, got {counts.sum():.1e}: beyond, whole "
            "numbers are not exact."
        )


def check_draws(draws: int) -> None:
    """Refuse a resampling without a draw."""
    if draws < 1:
        raise InputError(f"Resampling needs at least one draw, got {draws}.")


def log_ratio(target: Floats, n_target: Floats, reference: Floats, n_reference: Floats) -> Floats:
    """Return ``log2`` of the ratio of two rates, one count shared out by length.

    ``log2[(a + n₁/n) / n₁] - log2[(b + n₂/n) / n₂]``. The count keeps a term that one side lacks
    finite (after Walter 1975, doi:10.1093/biomet/62.2.371, who adds a half to either side); shared
    by length, it does not lean towards the shorter text.

    Parameters
    ----------
    target, reference : a and b, counts of each term in either group
    n_target, n_reference : n₁ and n₂, tokens of either group; n is their sum
    """
    total = n_target + n_reference
    return np.log2(target / n_target + 1 / total) - np.log2(reference / n_reference + 1 / total)


def rate_and_error(values: Floats, sizes: Floats, weights: Floats) -> tuple[Floats, Floats]:
    r"""Return each draw's rate and its cluster-robust standard error.

    For weights w of one draw, the rate is ``r = Σ w v / Σ w n`` and its linearised variance
    ``m / (m - 1) · Σ w (v - r n)² / (Σ w n)²``, m the number of units drawn (Cochran 1977,
    Sampling Techniques, ch. 6). All sums are products of the weight matrix.

    Parameters
    ----------
    values : units × k sums
    sizes : units, what the sums are per (tokens, sentences)
    weights : draws × units

    Returns
    -------
    rate, error : draws × k
    """
    m = weights.sum(axis=1, keepdims=True)
    n = (weights @ sizes)[:, None]
    centre = values.sum(axis=0) / sizes.sum()
    residuals = values - np.outer(sizes, centre)  # centred first: large means would cancel
    residuals[np.abs(residuals) <= ROUNDING * np.abs(values).max(axis=0)] = 0
    shift = weights @ residuals / n
    raw = weights @ residuals**2
    squares = (
        raw
        - 2 * shift * (weights @ (residuals * sizes[:, None]))
        + shift**2 * (weights @ sizes**2)[:, None]
    )
    squares[squares <= ROUNDING * raw] = 0
    return centre + shift, np.sqrt(m / (m - 1) * squares) / n
