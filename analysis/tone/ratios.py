"""Contrasts of mean tone over parts of the texts, each with a size of its own in every unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference import half_width, leave_one_out, permutation_test
from analysis.inference.weights import Flags, Floats
from analysis.tone.calibration import COMBINED, calibration
from analysis.tone.model_error import model_variance

LEAST = 3  # units of a group that must hold a part (coverage: benchmarks/README.md, Intervals)
STILL = 1e-18  # a variance that is none but for rounding
SIDES = ("target", "reference")
COLUMNS = [
    *(f"{what}_{side}" for side in SIDES for what in ("units", "mean", "low", "high")),
    "estimate", "ci_low", "ci_high", "p_value", "p_family",
]  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """Headline tone, summed over the sentences of each part in each unit.

    Attributes
    ----------
    sums, sizes : units × parts; a size counts sentences, and may hold fractions of one
    target : True where a unit is the target's
    documents : of each unit
    """

    sums: Floats
    sizes: Floats
    target: Flags
    documents: np.ndarray

    def of(self, flags: Flags) -> "Parts":
        """Return some of the units."""
        return Parts(self.sums[flags], self.sizes[flags], self.target[flags], self.documents[flags])

    @property
    def units(self) -> np.ndarray:
        """How many units hold each part."""
        return (self.sizes > 0).sum(axis=0)

    def means(self, weights: Floats) -> Floats:
        """Return draws × parts: the mean tone under each row of weights, NaN where none is held."""
        sums, sizes = weights @ self.sums, weights @ self.sizes
        return np.divide(sums, sizes, out=np.full_like(sums, np.nan), where=sizes > 1e-9)


def contrast_parts(parts: Parts, *, draws: int, seed: int) -> pd.DataFrame:
    """Contrast the groups' mean tone of every part.

    A part's mean in a group is ``r = Σ v / Σ n`` over units, v its sum of tone and n its size. The
    interval is ``d ± t · sqrt(Σ s² + Σ v)``: s² is the jackknife's variance of a group's mean, over
    the units that hold the part; v allows for what raters would have judged otherwise
    (``model_variance``, for the part's sentences). The test permutes whole units, by Welch's
    statistic of ``e = v - r n``, r the mean of both groups together: where both groups have one
    mean, e is 0 on average in each. One relabelling serves all parts, and ``p_family`` is adjusted
    over them (max-T).

    Parameters
    ----------
    parts : as summed
    draws, seed : of the permutation test

    Returns
    -------
    DataFrame
        One row a part, the columns ``COLUMNS``: units that hold the part, mean and its 95 %
        interval, by group; the contrast. NaN where fewer than ``LEAST`` units of a group hold the
        part; a mean only where none does.
    """
    sides = [parts.of(flags) for flags in (parts.target, ~parts.target)]
    errors = [_error(side) for side in sides]
    means = [side.means(np.ones((1, len(side.target))))[0] for side in sides]
    table = pd.DataFrame(np.nan, index=range(parts.sums.shape[1]), columns=COLUMNS)
    for name, side, mean, error in zip(SIDES, sides, means, errors, strict=True):
        half = _half([error])
        table[f"units_{name}"], table[f"mean_{name}"] = side.units, mean
        table[f"low_{name}"], table[f"high_{name}"] = mean - half, mean + half
    held = np.min([side.units for side in sides], axis=0) >= LEAST
    half = _half(errors)
    estimate = np.where(held, means[0] - means[1], np.nan)
    ends = {"estimate": estimate, "ci_low": estimate - half, "ci_high": estimate + half}
    table = table.assign(**ends)
    if held.any():
        table.loc[held, ["p_value", "p_family"]] = _p_values(parts, held, draws, seed)
    return table


def contrast_with_rest(part: Parts, rest: Parts) -> Floats:
    """Return, for each part of one group, its mean less that of the rest, with a 95 % interval.

    Both means come from the same units: the jackknife leaves a unit out of both. What raters would
    have judged otherwise about a whole document cancels; what they would about single sentences
    does not: its variance is ``sd_sentence² (1 / N + 1 / N')``.

    Returns
    -------
    parts × (difference, low, high); NaN where fewer than ``LEAST`` units hold either.
    """
    count = len(part.target)
    whole, left = (
        part.means(w) - rest.means(w) for w in (np.ones((1, count)), leave_one_out(count))
    )
    used = ((part.sizes + rest.sizes) > 0).sum(axis=0)
    units = np.minimum(part.units, rest.units)
    with np.errstate(divide="ignore"):
        inverse = 1 / part.sizes.sum(axis=0) + 1 / rest.sizes.sum(axis=0)
    line = calibration().line(COMBINED, masked=True)
    model = line.sd_sentence**2 * inverse
    half = _half([_Error(jackknife(whole[0], left, used), model, units - 1)])
    difference = np.where(units >= LEAST, whole[0], np.nan)
    return np.column_stack([difference, difference - half, difference + half])


def jackknife(estimate: Floats, left_out: Floats, units: np.ndarray | int) -> Floats:
    """Return the variance of estimates, k, from those with one unit left out, rows × k.

    ``(m - 1) / m · Σ (estimate₍ᵢ₎ - estimate)²``, m the units that an estimate rests on (Efron &
    Stein 1981, doi:10.1214/aos/1176345462: on average rather too large than too small); 0 where it
    is none but for rounding.
    """
    m = np.maximum(units, 1)
    variance: Floats = (m - 1) / m * ((left_out - estimate) ** 2).sum(axis=0)
    return np.where(variance <= STILL, 0, variance)


class _Error(NamedTuple):
    """What the mean tone of each part may be off by.

    ``units`` is its variance over units, with ``degrees`` of freedom; ``model`` is what raters
    would have judged otherwise.
    """

    units: Floats
    model: Floats
    degrees: np.ndarray


def _error(side: Parts) -> _Error:
    count = len(side.target)
    mean, left = (side.means(w) for w in (np.ones((1, count)), leave_one_out(count)))
    model = [_model(column, side.documents) for column in side.sizes.T]
    units = np.where(side.units < LEAST, np.nan, jackknife(mean[0], left, side.units))
    return _Error(units, np.array(model), side.units - 1)


def _model(sizes: Floats, documents: np.ndarray) -> float:
    if not sizes.sum():
        return np.nan
    by_document: Floats = np.asarray(pd.Series(sizes).groupby(documents).sum(), dtype=np.float64)
    return model_variance(by_document, COMBINED, masked=True)


def _half(errors: Sequence[_Error]) -> Floats:
    """Return half widths; NaN where a variance is unknown, or where no unit varies."""
    known = np.full_like(errors[0].degrees, calibration().articles - 2)
    variances = np.array([row for error in errors for row in (error.units, error.model)])
    degrees = np.array([row for error in errors for row in (error.degrees, known)])
    varies = np.sum([error.units for error in errors], axis=0) > 0
    return np.where(varies, half_width(variances, degrees), np.nan)


def _p_values(parts: Parts, held: Flags, draws: int, seed: int) -> Floats:
    sums, sizes = parts.sums[:, held], parts.sizes[:, held]
    residuals = sums - sizes * (sums.sum(axis=0) / sizes.sum(axis=0))
    test = permutation_test(
        residuals, np.ones(len(sums)), parts.target, equal_var=False, draws=draws, seed=seed
    )
    return np.column_stack([test.p_value, test.p_family])
