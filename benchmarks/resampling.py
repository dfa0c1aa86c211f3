"""Resampling that assumes no model, made dense: what the package's tests are compared with.

The studentised bootstrap stands beside ``difference_interval``, which assumes a t distribution; a
permutation test of any values, with its family-wise form (max-T), beside ``relabelling_p``, which
does the same for sparse counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.contrast import COLUMNS
from analysis.inference.levels import CONFIDENCE, DRAWS, LEVEL
from analysis.inference.weights import (
    ROUNDING,
    Flags,
    Floats,
    bootstrap,
    check_draws,
    checked,
    permutations,
    rate_and_error,
)

BLOCK = 64  # columns resampled at once
STILL = 0.01  # draws without variation that a bootstrap may hold
_TIE = 1e-9
Statistic = Callable[[Floats], Floats]


def bootstrap_interval(
    values: Any,
    sizes: Any,
    target: Any,
    *,
    confidence: float = CONFIDENCE,
    draws: int = 10_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the difference of the groups' rates with a studentised bootstrap interval.

    Units are resampled within each group; ``t* = (d* - d) / s*`` and the interval is
    ``[d - t*₍hi₎ s, d - t*₍lo₎ s]`` (Hall 1988, doi:10.1214/aos/1176350933). It serves as a check
    on ``difference_interval``, which assumes a t distribution. A column that more than one draw in
    a hundred leaves without variation has no interval (NaN): too few units hold
    anything. It covers too seldom where only a few units do (Intervals, `benchmarks/README.md`).

    Raises
    ------
    InputError
        A group has fewer than five units: resamples without variation would be too common.
    """
    table, lengths, flags = checked(values, sizes, target)
    check_draws(draws)
    if min(flags.sum(), (~flags).sum()) < 5:
        raise InputError(
            "The bootstrap needs at least five units in each group, got "
            f"{flags.sum()} and {(~flags).sum()}: use difference_interval, or longer texts."
        )
    rng = np.random.default_rng(seed)
    weights = [bootstrap(int(side.sum()), draws, rng) for side in (flags, ~flags)]
    columns, place = np.unique(table, axis=1, return_inverse=True)  # rare terms are often alike
    blocks = np.array_split(np.arange(columns.shape[1]), -(-columns.shape[1] // BLOCK))
    rows = [
        _studentised(columns[:, block], lengths, flags, weights, (1 - confidence) / 2)
        for block in blocks
    ]
    return pd.DataFrame(np.concatenate(rows)[place.ravel()], columns=COLUMNS)


def _studentised(
    table: Floats, sizes: Floats, flags: Flags, weights: list[Floats], tail: float
) -> Floats:
    """Return estimate and bootstrap-t interval of a block of columns that fits into the cache."""
    sides = [(table[side], sizes[side]) for side in (flags, ~flags)]
    estimate, error = _contrast(
        [rate_and_error(*side, np.ones((1, len(side[1])))) for side in sides]
    )
    resampled, errors = _contrast(
        [rate_and_error(*side, w) for side, w in zip(sides, weights, strict=True)]
    )
    still = errors == 0
    t = np.divide(resampled - estimate, errors, out=np.zeros_like(errors), where=~still)
    low, high = np.quantile(t, [tail, 1 - tail], axis=0)
    spread = np.where(still.mean(axis=0) <= STILL, error[0], np.nan)
    return np.column_stack([estimate[0], estimate[0] - high * spread, estimate[0] - low * spread])


def _contrast(sides: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    (rate_1, error_1), (rate_2, error_2) = sides
    return rate_1 - rate_2, np.hypot(error_1, error_2)


@dataclass(frozen=True)
class PermutationTest:
    """The outcome of a permutation test over k columns.

    Attributes
    ----------
    z : standardised difference, per column; positive where the target has more
    p_value : two-sided, per column
    p_family : adjusted over all columns (single-step max-T)
    critical : the |z| that only 5 % of the permutations exceed anywhere
    draws : permutations drawn; the smallest p is ``1 / (draws + 1)``
    """

    z: Floats
    p_value: Floats
    p_family: Floats
    critical: float
    draws: int


def permutation_test(
    values: Any,
    sizes: Any,
    target: Any,
    *,
    equal_var: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
) -> PermutationTest:
    """Test each column's difference of rates by relabelling whole units.

    The statistic is that of ``relabelling_p``, here of any values, not of counts alone.

    A family-wise p compares a column's |z| with the largest |z| over all columns in every
    relabelling (Westfall & Young 1993, Resampling-Based Multiple Testing).

    Parameters
    ----------
    values : units × k sums
    sizes : what each unit's sums are per
    target : True where a unit is the target's
    equal_var : whether groups of equal rates have equal variances
    draws : relabellings
    seed : of the random numbers

    Returns
    -------
    PermutationTest
    """
    table, lengths, flags = checked(values, sizes, target)
    check_draws(draws)
    make = _pooled if equal_var else _welch
    residuals = table - np.outer(lengths, table.sum(axis=0) / lengths.sum())
    residuals[np.abs(residuals) <= ROUNDING * np.abs(table).max(axis=0)] = 0
    statistic = make(residuals, lengths, flags)
    z = statistic(flags[None].astype(float))[0]
    threshold = np.abs(z) - _TIE
    reached = np.zeros(len(z))
    largest = []
    for weights in permutations(flags, draws, seed):
        drawn = np.abs(statistic(weights))
        reached += (drawn >= threshold).sum(axis=0)
        largest.append(drawn.max(axis=1))
    peaks = np.sort(np.concatenate(largest))
    beaten = draws - np.searchsorted(peaks, threshold)
    return PermutationTest(
        z,
        (1 + reached) / (draws + 1),
        (1 + beaten) / (draws + 1),
        float(np.quantile(peaks, 1 - LEVEL, method="inverted_cdf")),
        draws,
    )


def _pooled(residuals: Floats, sizes: Floats, target: Flags) -> Statistic:
    """Return the target's residual sum, in its deviations under relabelling."""
    chosen, units = target.sum(), len(target)
    deviation = np.sqrt(chosen * (units - chosen) / units * residuals.var(axis=0, ddof=1))
    scaled = np.divide(residuals, deviation, out=np.zeros_like(residuals), where=deviation > 0)
    return lambda weights: weights @ scaled


def _welch(residuals: Floats, sizes: Floats, target: Flags) -> Statistic:
    """Return Welch's statistic of the residuals, for any relabelling."""
    chosen, units = target.sum(), len(target)
    squares, total, length = residuals**2, residuals.sum(axis=0), sizes.sum()

    def variance(sums: Floats, squared: Floats, m: int, n: Floats) -> Floats:
        left = squared - sums**2 / m
        return m / (m - 1) * np.where(left > ROUNDING * squared, left, 0) / n**2

    def statistic(weights: Floats) -> Floats:
        sums, squared, n = weights @ residuals, weights @ squares, (weights @ sizes)[:, None]
        rest, rest_squared = total - sums, squares.sum(axis=0) - squared
        shift = sums / n - rest / (length - n)
        error = np.sqrt(
            variance(sums, squared, chosen, n)
            + variance(rest, rest_squared, units - chosen, length - n)
        )
        certain = np.where(shift == 0, 0.0, np.copysign(np.inf, shift))  # no variation at all
        return np.divide(shift, error, out=certain, where=error > 0)

    return statistic
