"""Relabelling whole units of sparse counts, of any size: a check that assumes no model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from analysis.inference.levels import DRAWS
from analysis.inference.weights import (
    ROUNDING,
    Flags,
    Floats,
    check_draws,
    checked_counts,
    permutations,
)

MANY = 2_000  # columns from which one whose p is plainly large is not followed to the last draw
ENOUGH = 100  # relabellings that reach a column's difference, for its p to be plainly large
LABELS = 40_000_000  # units × draws, at the most
FEWEST = 1_000  # draws, however many units
CELLS = 2_000_000  # columns × draws at a time
TIE = 1e-9  # statistics that differ by less are equal


def relabelling_p(
    values: Any,
    sizes: Any,
    target: Any,
    *,
    equal_var: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
) -> Floats:
    """Return the p-values of ``permutation_test`` for sparse counts, of any size.

    Nothing is made dense over units × terms: the sums of a relabelling are products of the weights
    with what is not 0. To bound the work where there is much of it, two approximations: of over
    MANY terms, one that ENOUGH relabellings have reached is judged by those drawn by then (Besag &
    Clifford 1991, doi:10.1093/biomet/78.2.301), its p known to a tenth of itself; and with more
    than LABELS / draws units there are fewer draws (``draws_for``), down to FEWEST.

    Parameters
    ----------
    values : units × terms counts, sparse or not; the others as in ``permutation_test``
    """
    table, lengths, flags = checked_counts(values, sizes, target)
    check_draws(draws)
    sums = _Sums.of(table, lengths, flags, equal_var)
    threshold = np.abs(sums.statistic(flags[None].astype(float))[:, 0]) - TIE
    count = table.shape[1]
    reached, drawn = np.zeros(count), np.zeros(count)
    open_ = np.arange(count)
    for weights in permutations(flags, draws_for(len(flags), draws), seed):
        start = 0
        while start < len(weights) and len(open_):
            part = weights[start : start + max(1, CELLS // len(open_))]
            found = np.abs(sums.statistic(part)) >= threshold[open_, None]
            reached[open_] += found.sum(axis=1)
            drawn[open_] += len(part)
            start += len(part)
            if count > MANY:
                kept = reached[open_] < ENOUGH
                open_, sums = open_[kept], sums.chosen(kept)
    return np.asarray((1 + reached) / (drawn + 1))


def draws_for(units: int, draws: int) -> int:
    """Return how many relabellings of so many units are drawn, of those asked for."""
    return min(draws, max(FEWEST, LABELS // units))


@dataclass(frozen=True)
class _Sums:
    """Counts, of which the statistic of any relabelling follows from sums over its units.

    Attributes
    ----------
    counts, squares : terms × units, what is not 0
    sizes, target, equal_var : see ``permutation_test``
    rate : of each term, both groups together
    """

    counts: sparse.csr_array
    squares: sparse.csr_array
    sizes: Floats
    target: Flags
    equal_var: bool
    rate: Floats

    @classmethod
    def of(cls, table: sparse.csr_array, sizes: Floats, target: Flags, equal_var: bool) -> "_Sums":
        counts = sparse.csr_array(table.T)
        rate = np.asarray(counts.sum(axis=1)).ravel() / sizes.sum()
        return cls(counts, cls._squares(counts, sizes, rate), sizes, target, equal_var, rate)

    @staticmethod
    def _squares(counts: sparse.csr_array, sizes: Floats, rate: Floats) -> sparse.csr_array:
        """Return ``e² - (r n)²`` with ``e = x - r n``: the squares' part that is not everywhere."""
        cells = counts.tocoo()
        own = cells.data * (cells.data - 2 * rate[cells.row] * sizes[cells.col])
        return sparse.csr_array((own, (cells.row, cells.col)), shape=counts.shape)

    def chosen(self, kept: Flags) -> "_Sums":
        """Return some of the terms."""
        if kept.all():
            return self
        own = self.counts[kept], self.squares[kept]
        return _Sums(*own, self.sizes, self.target, self.equal_var, self.rate[kept])

    def statistic(self, weights: Floats) -> Floats:
        """Return terms × draws statistics."""
        rate, units, chosen = self.rate[:, None], len(self.sizes), int(self.target.sum())
        n = weights @ self.sizes
        sums = self.counts @ weights.T - rate * n
        largest = np.asarray(self.counts.max(axis=1).todense()).reshape(-1, 1)
        sums[np.abs(sums) <= ROUNDING * largest] = 0
        every = rate**2 * (self.sizes**2).sum()
        every += np.asarray(self.squares.sum(axis=1)).reshape(-1, 1)
        if self.equal_var:
            variance = chosen * (units - chosen) / units * np.maximum(every, 0) / (units - 1)
            return np.divide(
                sums, np.sqrt(variance), out=np.zeros_like(sums), where=variance > ROUNDING * rate
            )
        squares = self.squares @ weights.T + rate**2 * (weights @ self.sizes**2)
        rest, length = units - chosen, self.sizes.sum() - n
        error = _variance(squares, sums, chosen, n)
        error += _variance(every - squares, sums, rest, length)
        shift = sums * (1 / n + 1 / length)  # all residuals add up to 0
        np.sqrt(error, out=error)
        certain = np.where(shift == 0, 0.0, np.copysign(np.inf, shift))  # no variation at all
        return np.divide(shift, error, out=certain, where=error > 0)


def _variance(squares: Floats, sums: Floats, m: int, n: Floats) -> Floats:
    """Return the variance of the rate of m units that hold n tokens in all."""
    left = squares - sums**2 / m
    return np.asarray(m / (m - 1) * np.where(left > ROUNDING * squares, left, 0) / n**2)
