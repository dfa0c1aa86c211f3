"""The one place through which every contrast gets its interval and its p-values.

A contrast is a table with these columns, which mean the same in every analysis; what a table does
not need it leaves out:

``estimate`` (or the name of the effect)
    target minus reference, or the log2 of the ratio of their rates
``ci_low, ci_high``
    all values that the test of ``p_value`` does not reject at 5 %
``p_value``
    two-sided, of this row taken alone: below .05 just where ``ci`` leaves out 0
``family_low, family_high``
    the same for all rows together: 95 % of tables hold every true value in them
``p_family``
    the probability that chance gives any row of the table so small a p-value: below .05 just where
    ``family`` leaves out 0
``floor`` (``floor_target, floor_reference`` where the sides differ)
    the smallest true difference that four of five such corpora would show, family-wise
``established``
    whether ``p_family`` is below .05

| analysis | function | p-value and interval | family |
|---|---|---|---|
| words, phrases, concepts, wording | ``count_contrast`` | beta-binomial mid-p over all excesses \
that the texts leave possible, and its inversion (``count_test``) | smallest p of all terms, each \
with its own discrete law, independent; corrected by what other divisions of the same documents \
come to (``divisions``) |
| tone, actors, voices | ``mean_contrast``, ``estimate_contrast`` | Welch's t of units, and its \
inversion; what is known otherwise of an error (the calibration's) is added | smallest p of all \
rows, correlated as their units are |
| prevalence of topics | ``estimate_contrast`` | t of the posterior's own error, and its \
inversion | as above |
| own ratings | ``half_width`` | t of units and codes together, and its inversion | one row |
| streams of words | ``keyness_of_tally`` | normal, of the variance over documents | Holm |
| streams of topics | ``half_width`` | Welch's t of documents, and its inversion | Holm |

What tests something else has other names: terms used alike ``p_alike, alike_low, alike_high`` (two
one-sided tests at the bounds, Holm), bursts within texts ``p_within, within_low, within_high``,
relabelling ``p_permutation``, the p that other programs print ``p_printed``, the p of measures that
take every token as independent ``g2_p, chi2_p, fisher_p``, a naive analysis of topics ``given_low,
given_high, given_p_family``, units or raters alone ``units_low, rater_low``, a group's own mean
``low_target, high_target``, a route of analysis ``p_judged, p_source``.

Why not one for all: counts of rare words have no normal tail, so that t would be wrong there; means
of scores have no discrete law. Relabelling alone (``relabelling_p``) assumes no model and stands
beside as a check; it cannot reject anything in three documents a side, and it has no interval that
is quick to compute.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, special

from analysis.errors import InputError
from analysis.inference.counts_test import CountTest, count_test
from analysis.inference.levels import CONFIDENCE, DRAWS, LEVEL, POWER, passes
from analysis.inference.weights import (
    ROUNDING,
    Flags,
    Floats,
    check_draws,
    checked,
    checked_counts,
    kinds_of_terms,
    permutations,
    rate_and_error,
)
from analysis.running import step

COUNTS = (
    "beta-binomial count test that allows for uneven texts (mid-p) and its inversion; family-wise "
    "by the smallest p of all terms, corrected by other divisions of the units"
)
MEANS = "Welch's t of units and its inversion; family-wise by the smallest p of correlated rows"
BLOCK = 2_000  # draws at a time
COLUMNS = ["estimate", "ci_low", "ci_high"]  # of an interval alone
MANY = 2_000  # columns from which one whose p is plainly large is not followed to the last draw
ENOUGH = 100  # relabellings that reach a column's difference, for its p to be plainly large
LABELS = 40_000_000  # units × draws, at the most
FEWEST = 1_000  # draws, however many units
CELLS, PART = 2_000_000, 32_000  # columns × draws at a time, and those whose test is made at once
AT_HAND, NARROWEST = 65_000, 16  # units × draws that stay at hand, and draws at the least
OF_TERMS = ("counts", "squares", "rate", "largest", "every")  # fields of ``_Sums``, a row a term
TIE = 1e-9  # statistics that differ by less are equal


# Contrasts


@dataclass(frozen=True)
class Contrast:
    """A finished contrast, and how it was made.

    Attributes
    ----------
    table : one row a column of values, see the table above
    method : the name of the method
    critical : the p-value under which chance falls anywhere in one table of twenty
    """

    table: pd.DataFrame
    method: str
    critical: float


def count_contrast(values: Any, sizes: Any, target: Any) -> Contrast:
    """Contrast rates of counts: ``log_ratio`` and all columns of a contrast, and ``q_value``.

    Parameters
    ----------
    values : units × terms counts, sparse or not
    sizes : tokens of each unit
    target : True where a unit is the target's
    """
    return contrast_of_test(count_test(values, sizes, target))


def contrast_of_test(test: CountTest) -> Contrast:
    """Return the columns of a contrast from a finished test of counts."""
    step("finding intervals")
    low, high = test.interval()
    step("finding simultaneous intervals")
    family_low, family_high = test.family_interval()
    step("finding what could have been found")
    floor_target, floor_reference = test.floors()
    table = pd.DataFrame(
        {
            "log_ratio": test.log_ratio,
            "ci_low": low,
            "ci_high": high,
            "p_value": test.p_value,
            "family_low": family_low,
            "family_high": family_high,
            "p_family": test.p_family,
            "q_value": test.q_value,
            "floor_target": floor_target,
            "floor_reference": floor_reference,
            "established": passes(test.p_family),
        }
    )
    return Contrast(table, COUNTS, test.critical)


def mean_contrast(
    values: Any,
    sizes: Any,
    target: Any,
    *,
    added: Any = (),
    degrees: Sequence[float] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> Contrast:
    """Contrast means of scores or shares: all columns of a contrast.

    ``d = Σ₁ v / Σ₁ n - Σ₂ v / Σ₂ n`` with the linearised variance of either rate over its units,
    and t with Welch and Satterthwaite's degrees of freedom. Units that hang together (documents of
    one author) are one unit in a corpus that was read so (``analysis/text/design.py``).

    Parameters
    ----------
    values : units × k sums
    sizes : what each unit's sums are per
    target : True where a unit is the target's
    added : parts × k, variances to add that units do not show, such as a calibration's error; they
        make no interval narrower than that of the units alone
    degrees : of freedom of each added part, infinite for one that is known
    draws, seed : of the random numbers behind the family-wise p
    """
    table, lengths, flags = checked(values, sizes, target)
    estimates, variances, residuals = [], [], []
    for side in (flags, ~flags):
        own, n = table[side], lengths[side]
        rate, error = rate_and_error(own, n, np.ones((1, len(n))))
        estimates.append(rate[0])
        variances.append(error[0] ** 2)
        residuals.append((own - np.outer(n, rate[0])) / n.sum())
    return rate_contrast(
        estimates,
        variances,
        [flags.sum(), (~flags).sum()],
        np.vstack(residuals),
        added=added,
        degrees=degrees,
        draws=draws,
        seed=seed,
    )


def rate_contrast(
    rates: Any,
    variances: Any,
    units: Sequence[float],
    noise: Any,
    *,
    added: Any = (),
    degrees: Sequence[float] = (),
    draws: int = DRAWS,
    seed: int = 0,
) -> Contrast:
    """Contrast rates whose variances are known: what ``mean_contrast`` makes of its units.

    Parameters
    ----------
    rates, variances : groups × k
    units : how many each group has
    noise : as in ``estimate_contrast``, of what the units add
    added, degrees, draws, seed : as in ``mean_contrast``
    """
    estimate = np.subtract(*np.asarray(rates, dtype=float))
    extra = np.asarray(added, dtype=float).reshape(-1, len(estimate))
    parts = np.vstack([*variances, extra])
    known = np.array([*np.subtract(units, 1), *degrees], dtype=float)[:, None]
    return estimate_contrast(
        estimate,
        np.sqrt(parts.sum(axis=0)),
        _no_surer(parts, known),
        noise=np.vstack([noise, np.diag(np.sqrt(extra.sum(axis=0)))]),
        draws=draws,
        seed=seed,
    )


def estimate_contrast(
    estimate: Any,
    error: Any,
    df: Any,
    *,
    noise: Any = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Contrast:
    """Contrast estimates whose errors are known: all columns of a contrast.

    The family is that of all rows with an error. A family-wise p is ``P(min P ≤ p)``, the P being
    those of normal variates correlated as the rows' errors are: products of ``noise`` with normal
    numbers, one a unit (the multiplier bootstrap of Chernozhukov, Chetverikov & Kato 2013,
    doi:10.1214/13-AOS1161, on the scale of p-values). The simultaneous interval is the t interval
    of the level at which that probability is 5 %. The floor solves
    ``P(|T| > t_c) = 0.8`` for the noncentrality of T.

    Parameters
    ----------
    estimate, error, df : per row: the difference, its standard error, degrees of freedom
    noise : units × k, what each unit adds to the error of each row, of which only the correlations
        count; by default rows are taken as independent
    draws, seed : of the random numbers
    """
    d, s, free = (np.atleast_1d(np.asarray(each, dtype=float)) for each in (estimate, error, df))
    known = np.isfinite(s) & (s > 0) & (free > 0)
    shown = np.where(known, s, np.nan)
    with np.errstate(invalid="ignore"):
        p = 2 * special.stdtr(free, -np.abs(d) / shown)
    rows = np.eye(len(d)) if noise is None else np.asarray(noise, dtype=float)
    smallest = _smallest(rows[:, known], draws, seed)
    below = np.searchsorted(smallest, p, side="right")
    family = np.where(known, np.maximum((1 + below) / (draws + 1), p), np.nan)
    place = int(np.ceil(LEVEL * (draws + 1))) - 1
    reached = float(smallest[min(place, draws) - 1]) if place else 0.0  # too few draws for any
    critical = min(reached, LEVEL) if known.any() else np.nan
    half = _t_beyond(LEVEL / 2, free) * shown
    wide = _t_beyond(critical / 2, free) * shown
    table = pd.DataFrame(
        {
            "estimate": d,
            "ci_low": d - half,
            "ci_high": d + half,
            "p_value": p,
            "family_low": d - wide,
            "family_high": d + wide,
            "p_family": family,
            "floor": shown * _noncentrality(_t_beyond(critical / 2, free), free),
            "established": passes(family),
        }
    )
    return Contrast(table, MEANS, critical)


def _smallest(noise: Floats, draws: int, seed: int) -> Floats:
    """Return, sorted, the smallest p-value of correlated rows, draw by draw."""
    scale = np.sqrt((noise**2).sum(axis=0))
    rows = np.divide(noise, scale, out=np.zeros_like(noise), where=scale > 0)
    if rows.shape[1] == 0:
        return np.ones(draws)
    rng = np.random.default_rng(seed)
    largest = [
        np.abs(rng.standard_normal((min(BLOCK, draws - start), len(rows))) @ rows).max(axis=1)
        for start in range(0, draws, BLOCK)
    ]
    return np.sort(2 * special.ndtr(-np.concatenate(largest)))


def _t_beyond(tail: float, df: Any) -> Floats:
    """Return the t that is exceeded with a probability; infinite where that is 0."""
    return np.asarray(np.where(tail == 0, np.inf, -special.stdtrit(df, tail)))


def _noncentrality(critical: Floats, df: Floats) -> Floats:
    """Return the noncentrality at which T passes a critical value with a probability of POWER."""
    known = np.isfinite(critical)
    low, high = np.zeros(len(df)), np.where(known, critical, 1.0) + 40
    for _ in range(40):
        middle = (low + high) / 2
        with np.errstate(invalid="ignore"):
            missed = special.nctdtr(np.minimum(df, 1e6), middle, critical)
        reached = missed < 1 - POWER
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(known, middle, np.nan)


# Intervals of means and rates, and what chance gives


def half_width(variances: Any, degrees: Any, confidence: float = CONFIDENCE) -> Floats:
    """Return ``t · sqrt(Σ v)``, NaN where nothing varies or a variance is unknown.

    t has Welch and Satterthwaite's degrees of freedom (``freedom``).

    Parameters
    ----------
    variances : of the independent parts of an error, in the first axis
    degrees : of freedom of each part, in a shape that broadcasts to that of the variances;
        infinite for a variance that is known
    confidence : nominal coverage

    References
    ----------
    Welch 1947, doi:10.2307/2332510; Satterthwaite 1946, doi:10.2307/3002019.

    Examples
    --------
    >>> half_width([[1.0, 0.0], [1.0, 0.0]], [[5], [5]]).round(2)
    array([3.15,  nan])
    """
    total = np.asarray(variances, dtype=float).sum(axis=0)
    half = _t_beyond((1 - confidence) / 2, freedom(variances, degrees)) * np.sqrt(total)
    return np.where(total > 0, half, np.nan)


def freedom(variances: Any, degrees: Any) -> Floats:
    """Return the degrees of freedom of a sum of variances, ``(Σ v)² / Σ (v² / df)``.

    Parameters
    ----------
    variances, degrees : as in ``half_width``

    Examples
    --------
    >>> float(freedom([1.0, 1.0], [5, 5]))
    10.0
    """
    parts = np.asarray(variances, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(parts.sum(axis=0) ** 2 / (parts**2 / np.asarray(degrees)).sum(axis=0))


def _no_surer(variances: Floats, degrees: Floats) -> Floats:
    """Return the degrees of freedom of a sum whose first two variances are those of units.

    What is added to these may be known from so much more that the sum's own degrees of freedom
    would give a narrower interval than the units alone have; then it has theirs.
    """
    both, units = freedom(variances, degrees), freedom(variances[:2], degrees[:2])
    errors = np.sqrt([variances.sum(axis=0), variances[:2].sum(axis=0)])
    wide, alone = (
        _t_beyond(LEVEL / 2, df) * s for df, s in zip((both, units), errors, strict=True)
    )
    return np.where(wide < alone, units, both)


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


def self_contrast(values: Any, sizes: Any, target: Any) -> pd.DataFrame:
    """Return how large a difference arises where there is none: each group against itself.

    Of two texts as long as the groups, both made of units like those of one group, 19 of 20 pairs
    differ by no more than ``t s sqrt(1/N₁ + 1/N₂)``: s² is a unit's variance per size,
    ``m / (m - 1) · Σ (v - r n)² / Σ n``, and t the quantile with m - 1 degrees of freedom, as s is
    known from m units only: a predictive band.

    Parameters
    ----------
    values : units, or units × columns: v, sums over the unit
    sizes : of the units: n, what a sum is divided by
    target : True where a unit is the target's

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
        columns[name] = _t_beyond(LEVEL / 2, side.sum() - 1) * spread
    return pd.DataFrame(columns)


def _frame(estimate: Floats, half: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        np.column_stack([estimate, estimate - half, estimate + half]), columns=COLUMNS
    )


def _check_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise InputError(f"Confidence must lie between 0 and 1 (usually 0.95), got {confidence}.")


# Relabelling whole units: a check that assumes no model


def relabelling_p(
    values: Any,
    sizes: Any,
    target: Any,
    *,
    equal_var: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
) -> Floats:
    """Return two-sided p-values of each column's difference of rates, by relabelling whole units.

    With residuals ``e = x - r n`` (r the rate of both groups together, n a unit's size) the
    statistic is one of two:

    - ``equal_var=True``, for counts in units of similar length, whose variance follows from
      their rate: the target's residual sum over its deviation under relabelling,
      ``z = Σ₁ e / sqrt(m₁ m₂ / m · var(e))``. A term that comes in bursts has a larger deviation
      and so a smaller z.
    - ``equal_var=False``, for units of unequal length, whose variance may differ where the mean
      does not: Welch's, ``(Σ₁ e / n₁ - Σ₂ e / n₂) / sqrt(m₁ s₁² / n₁² + m₂ s₂² / n₂²)``, made anew
      in every relabelling, which keeps the level where plain relabelling does not
      (Janssen 1997, doi:10.1016/S0167-7152(97)00043-6).

    Nothing is made dense over units × terms: the sums of a relabelling are products of the weights
    with what is not 0. To bound the work where there is much of it, two approximations: of over
    MANY terms, one that ENOUGH relabellings have reached is judged by those drawn by then (Besag &
    Clifford 1991, doi:10.1093/biomet/78.2.301), its p known to a tenth of itself; and with more
    than LABELS / draws units there are fewer draws (``draws_for``), down to FEWEST.

    Parameters
    ----------
    values : units × terms counts, sparse or not
    sizes : tokens of each unit
    target : True where a unit is the target's
    equal_var : whether groups of equal rates have equal variances
    draws, seed : relabellings, and of their random numbers
    """
    table, lengths, flags = checked_counts(values, sizes, target)
    check_draws(draws)
    first, kind = kinds_of_terms(table, np.arange(len(lengths))[:, None])
    sums = _Sums.of(table[:, first], lengths, flags, equal_var)
    threshold = np.abs(sums.statistic(flags[None].astype(float))[:, 0]) - TIE
    count, many = len(kind), np.bincount(kind)
    reached, drawn = np.zeros(len(first)), np.zeros(len(first))
    open_ = np.arange(len(first))
    for weights in permutations(flags, draws_for(len(flags), draws), seed):
        start = 0
        while start < len(weights) and len(open_):
            part = weights[start : start + max(1, CELLS // int(many[open_].sum()))]
            reached[open_] += sums.beyond(part, threshold[open_])
            drawn[open_] += len(part)
            start += len(part)
            if count > MANY:
                kept = reached[open_] < ENOUGH
                open_, sums = open_[kept], sums.chosen(kept)
    return np.asarray((1 + reached) / (drawn + 1))[kind]


def draws_for(units: int, draws: int) -> int:
    """Return how many relabellings of so many units are drawn, of those asked for."""
    return min(draws, max(FEWEST, LABELS // units))


@dataclass(frozen=True)
class _Sums:
    """Counts, of which the statistic of any relabelling follows from sums over its units.

    Attributes
    ----------
    counts, squares : terms × units, what is not 0
    sizes, target, equal_var : see ``relabelling_p``
    rate, largest, every : of each term in a column, both groups together: its rate, its largest
        count, and ``Σ e²``
    """

    counts: sparse.csr_array
    squares: sparse.csr_array
    sizes: Floats
    target: Flags
    equal_var: bool
    rate: Floats
    largest: Floats
    every: Floats

    @classmethod
    def of(cls, table: sparse.csr_array, sizes: Floats, target: Flags, equal_var: bool) -> "_Sums":
        counts = sparse.csr_array(table.T)
        rate = np.asarray(counts.sum(axis=1)).reshape(-1, 1) / sizes.sum()
        squares = cls._squares(counts, sizes, rate[:, 0])
        largest = np.asarray(counts.max(axis=1).todense(), dtype=float).reshape(-1, 1)
        every = rate**2 * (sizes**2).sum()
        every += np.asarray(squares.sum(axis=1)).reshape(-1, 1)
        return cls(counts, squares, sizes, target, equal_var, rate, largest, every)

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
        own = {name: getattr(self, name)[kept] for name in OF_TERMS}
        return replace(self, **own)

    def statistic(self, weights: Floats) -> Floats:
        """Return terms × draws statistics."""
        found = [part for _, part in self._parts(weights)]
        return np.vstack(found) if found else np.empty((0, len(weights)))

    def beyond(self, weights: Floats, threshold: Floats) -> np.ndarray:
        """Return in how many draws a term's statistic is as far from 0 as its threshold."""
        many = np.zeros(len(threshold), dtype=np.int64)
        width = max(NARROWEST, AT_HAND // len(self.sizes))
        for start in range(0, len(weights), width):
            for rows, part in self._parts(weights[start : start + width]):
                np.abs(part, out=part)
                many[rows] += np.count_nonzero(part >= threshold[rows, None], axis=1)
        return many

    def _parts(self, weights: Floats) -> Iterator[tuple[slice, Floats]]:
        """Yield some terms at a time, and their statistics."""
        draws = np.ascontiguousarray(weights.T)
        n, found = self.sizes @ draws, self.counts @ draws
        squares = None if self.equal_var else (self.squares @ draws, self.sizes**2 @ draws)
        height = max(1, PART // len(n))
        for start in range(0, len(found), height):
            rows = slice(start, start + height)
            sums = found[rows]
            sums -= self.rate[rows] * n
            np.copyto(sums, 0, where=np.abs(sums) <= ROUNDING * self.largest[rows])
            if squares is None:
                yield rows, self._pooled(sums, rows)
            else:
                own = squares[0][rows]
                own += self.rate[rows] ** 2 * squares[1]
                yield rows, self._welch(sums, own, n, self.every[rows])

    def _pooled(self, sums: Floats, rows: slice) -> Floats:
        units, chosen = len(self.sizes), int(self.target.sum())
        variance = chosen * (units - chosen) / units * np.maximum(self.every[rows], 0) / (units - 1)
        varies = variance > ROUNDING * self.rate[rows]
        return np.divide(sums, np.sqrt(variance), out=np.zeros_like(sums), where=varies)

    def _welch(self, sums: Floats, squares: Floats, n: Floats, every: Floats) -> Floats:
        units, chosen = len(self.sizes), int(self.target.sum())
        rest, length = units - chosen, self.sizes.sum() - n
        product = sums**2
        error = _variance(squares, product, chosen, n)
        error += _variance(every - squares, product, rest, length)
        sums *= 1 / n + 1 / length  # all residuals add up to 0
        np.sqrt(error, out=error)
        if error.all():
            return np.asarray(np.divide(sums, error, out=error))
        certain = np.where(sums == 0, 0.0, np.copysign(np.inf, sums))  # no variation at all
        return np.divide(sums, error, out=certain, where=error > 0)


def _variance(squares: Floats, product: Floats, m: int, n: Floats) -> Floats:
    """Return the variance of the rate of m units that hold n tokens in all.

    Parameters
    ----------
    squares, product : terms × draws, the sum of squares, and the square of the sum
    """
    left = product / -m
    left += squares
    np.copyto(left, 0, where=left <= ROUNDING * squares)
    left *= m / (m - 1) / n**2
    return np.asarray(left)
