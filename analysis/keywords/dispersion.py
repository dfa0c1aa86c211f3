"""Dispersion: how evenly a term is spread over the units of a group.

Every function takes ``counts`` (units × terms, sparse or not; only what is not 0 is looked at) and
``sizes`` (tokens of each unit) and returns one value a term. Below, ``x`` are a term's counts,
``N`` their sum, ``w`` the units' shares of all tokens, ``p`` the term's rates ``x / size``, and
``m`` the number of units. All take units of unequal length into account, but the range. Undefined
is NaN: a term that does not occur, and measures that compare units where there is one only.
Reviewed in Gries (2008), doi:10.1075/ijcl.13.4.02gri, and Gries (2020),
doi:10.1007/978-3-030-46216-1_5.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

Floats = NDArray[np.float64]


def dp(counts: Any, sizes: Floats) -> Floats:
    """Return Gries's deviation of proportions, ``½ Σ |x / N - w|``.

    0 is even; its largest value is ``1 - min(w)``. Gries (2008), doi:10.1075/ijcl.13.4.02gri.

    >>> parts = np.array([9.0, 10, 10, 10, 11])
    >>> dp(np.array([[1.0], [2], [3], [4], [5]]), parts).round(2).tolist()
    [0.18]
    """
    cells = _cells(counts)
    even = (sizes / sizes.sum())[cells.row]
    held = _shares(cells)
    apart = _sum(np.abs(held - even), cells) + 1 - _sum(even, cells)
    return np.where(_sum(cells.data, cells) > 0, 0.5 * np.maximum(apart, 0), np.nan)


def dp_norm(counts: Any, sizes: Floats) -> Floats:
    """Return Gries's normalised deviation of proportions: 0 is even, 1 all in one smallest unit.

    ``DP / (1 - min(w))``. Lijffijt & Gries (2012), doi:10.1075/ijcl.17.1.08lij.

    >>> dp_norm(np.array([[2.0, 4.0], [2.0, 0.0]]), np.array([10.0, 10.0])).tolist()
    [0.0, 1.0]
    """
    largest = 1 - (sizes / sizes.sum()).min()
    return dp(counts, sizes) / (largest if largest > 0 else np.nan)


def juilland_d(counts: Any, sizes: Floats) -> Floats:
    """Return Juilland's D, ``1 - V / sqrt(m - 1)``: 1 is even, 0 all in one unit.

    ``V`` is the standard deviation of the rates p over units (divisor m) in units of their mean,
    the form for parts of unequal size. With many units it lies near 1 for almost any term.
    Juilland & Chang-Rodríguez (1964), doi:10.1515/9783112415467.

    >>> juilland_d(np.array([[0.0], [4], [3], [2], [1]]), np.full(5, 100.0)).round(4).tolist()
    [0.6464]
    """
    cells, units = _cells(counts), len(sizes)
    rates = cells.data / sizes[cells.row]
    mean = _sum(rates, cells) / units
    empty = units - _sum(np.ones(len(rates)), cells)
    squares = _sum((rates - mean[cells.col]) ** 2, cells) + empty * mean**2
    return 1 - _divide(np.sqrt(squares / units), mean) / (np.sqrt(units - 1) or np.nan)


def carroll_d2(counts: Any, sizes: Floats) -> Floats:
    """Return Carroll's D₂, ``-Σ r log2(r) / log2(m)``, with ``r = p / Σ p``: 1 is even.

    The entropy of the rates over units, beside its largest value.
    Carroll (1970), doi:10.1002/j.2333-8504.1970.tb00778.x.

    >>> carroll_d2(np.array([[2.0], [1], [1], [1], [0]]), np.full(5, 100.0)).round(4).tolist()
    [0.8277]
    """
    cells = _cells(counts)
    rates = cells.data / sizes[cells.row]
    total = _sum(rates, cells)
    entropy = _sum(special.entr(rates / total[cells.col]), cells)
    return np.where(total > 0, entropy, np.nan) / (np.log(len(sizes)) or np.nan)


def rosengren_s(counts: Any, sizes: Floats) -> Floats:
    """Return Rosengren's S, ``(Σ sqrt(w x))² / N``: 1 is even, ``min(w)`` the least.

    The form for parts of unequal size; with equal parts it is ``(Σ sqrt(x))² / (m N)``.
    Rosengren (1971), Études de linguistique appliquée (n.s.) 1, 103-127.

    >>> rosengren_s(np.array([[1.0], [2], [3], [4], [5]]), np.full(5, 10.0)).round(3).tolist()
    [0.937]
    """
    cells = _cells(counts)
    roots = np.sqrt((sizes / sizes.sum())[cells.row] * _shares(cells))
    return np.where(_sum(cells.data, cells) > 0, _sum(roots, cells) ** 2, np.nan)


def unit_range(counts: Any, sizes: Floats) -> Floats:
    """Return the range: in how many units a term occurs, 0 where it does not.

    Keniston (1920), doi:10.2307/331305.

    >>> unit_range(np.array([[2.0, 0.0], [1.0, 0.0]]), np.array([10.0, 10.0])).tolist()
    [2.0, 0.0]
    """
    cells = _cells(counts)
    return _sum(np.ones(len(cells.data)), cells)


def _cells(counts: Any) -> sparse.coo_array:
    """Return the cells that are not 0."""
    cells = sparse.coo_array(counts, dtype=float)
    cells.eliminate_zeros()
    return cells


def _shares(cells: sparse.coo_array) -> Floats:
    """Return of each cell the unit's share of its term."""
    return np.asarray(cells.data / _sum(cells.data, cells)[cells.col])


def _sum(values: Floats, cells: sparse.coo_array) -> Floats:
    """Return the sum over the cells of each term."""
    return np.bincount(cells.col, values, cells.shape[1]).astype(float)


def _divide(value: Floats, by: Floats) -> Floats:
    return np.divide(value, by, out=np.full(value.shape, np.nan), where=by > 0)
