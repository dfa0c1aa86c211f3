"""Intervals that know texts come in units: cluster-robust t, and the studentised bootstrap."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import InputError
from analysis.inference.gate import check_draws, checked
from analysis.inference.levels import CONFIDENCE, LEVEL
from analysis.inference.rates import rate_and_error
from analysis.inference.weights import Flags, Floats, bootstrap
from analysis.inference.welch import half_width

BLOCK = 64  # columns resampled at once
STILL = 0.01  # draws without variation that a bootstrap may hold
COLUMNS = ["estimate", "ci_low", "ci_high"]


def difference_interval(
    values: Any, sizes: Any, target: Any, *, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Return the difference of the groups' rates with a cluster-robust t interval.

    ``d ± t · sqrt(s₁² + s₂²)``, where each s is a rate's linearised standard error over units and
    t has Welch and Satterthwaite's degrees of freedom (Welch 1947, doi:10.2307/2332510). It
    needs no random numbers; how often it covers is measured (Intervals, `benchmarks/README.md`).

    Parameters
    ----------
    values : units × k sums (tone, topic shares, counts)
    sizes : what each unit's sums are per
    target : True where a unit is the target's
    confidence : nominal coverage

    Returns
    -------
    DataFrame
        One row a column of ``values``: ``estimate, ci_low, ci_high``. A column without any
        variation in either group has no interval (NaN).

    Examples
    --------
    >>> flags = [True, True, True, False, False, False]
    >>> difference_interval([1, 2, 3, 5, 6, 7], [1] * 6, flags).round(2).values.tolist()
    [[-4.0, -6.27, -1.73]]
    """
    table, lengths, flags = checked(values, sizes, target)
    _check_confidence(confidence)
    sides = [
        (*rate_and_error(table[side], lengths[side], np.ones((1, side.sum()))), side.sum() - 1)
        for side in (flags, ~flags)
    ]
    (rate_1, error_1, df_1), (rate_2, error_2, df_2) = sides
    half = half_width([error_1[0] ** 2, error_2[0] ** 2], [[df_1], [df_2]], confidence)
    return _frame(rate_1[0] - rate_2[0], half)


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
    _check_confidence(confidence)
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


def self_contrast(values: Any, sizes: Any, target: Any) -> pd.DataFrame:
    """Return how large a difference arises where there is none: each group against itself.

    Of two texts as long as the groups, both made of units like those of one group, 19 of 20 pairs
    differ by no more than ``t s sqrt(1/N₁ + 1/N₂)``: s² is a unit's variance per size,
    ``m / (m - 1) · Σ (v - r n)² / Σ n``, and t the quantile with m - 1 degrees of freedom, as s is
    known from m units only: a predictive band.

    Returns
    -------
    DataFrame
        One row a column of ``values``: ``self_target, self_reference``.
    """
    table, lengths, flags = checked(values, sizes, target)
    joined = sum(1 / lengths[side].sum() for side in (flags, ~flags))
    columns = {}
    for name, side in (("self_target", flags), ("self_reference", ~flags)):
        _, error = rate_and_error(table[side], lengths[side], np.ones((1, side.sum())))
        spread = error[0] * np.sqrt(lengths[side].sum() * joined)
        columns[name] = stats.t.isf(LEVEL / 2, side.sum() - 1) * spread
    return pd.DataFrame(columns)


def _contrast(sides: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    (rate_1, error_1), (rate_2, error_2) = sides
    return rate_1 - rate_2, np.hypot(error_1, error_2)


def _frame(estimate: Floats, half: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        np.column_stack([estimate, estimate - half, estimate + half]), columns=COLUMNS
    )


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise InputError(f"Confidence must lie between 0 and 1 (usually 0.95), got {confidence}.")
