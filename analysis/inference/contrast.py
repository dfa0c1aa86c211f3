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
| words, phrases, concepts, wording | ``count_contrast`` | beta-binomial mid-p over all excesses
that the texts leave possible, and its inversion (``count_test``) | smallest p of all terms, each
with its own discrete law, independent; corrected by what other divisions of the same documents
come to (``divisions``) |
| lockwords | ``count_test`` | the same mid-p at the bounds, one-sided | Holm |
| tone, actors, voices | ``mean_contrast`` | Welch's t of units, and its inversion; what is known
otherwise of an error is added | smallest p of all rows, correlated as their units are |
| prevalence of topics | ``estimate_contrast`` | t of the posterior's own error, and its inversion |
as above |

Why not one for all: counts of rare words have no normal tail, so that t would be wrong there; means
of scores have no discrete law. Relabelling alone (``permutation_test``) assumes no model and stands
beside as a check; it cannot reject anything in three documents a side, and it has no interval that
is quick to compute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import InputError
from analysis.inference.counts_test import CountTest, count_test
from analysis.inference.intervals import freedom
from analysis.inference.levels import CONFIDENCE, DRAWS, LEVEL, POWER
from analysis.inference.weights import Floats, checked, rate_and_error
from analysis.running import step

COUNTS = (
    "beta-binomial count test that allows for uneven texts (mid-p) and its inversion; family-wise "
    "by the smallest p of all terms, corrected by other divisions of the units"
)
MEANS = "Welch's t of units and its inversion; family-wise by the smallest p of correlated rows"
BLOCK = 2_000


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
            "established": test.p_family < LEVEL,
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
    and t with Welch and Satterthwaite's degrees of freedom. Where units hang together (passages of
    one document, documents of one author), sum them first: ``clustered``.

    Parameters
    ----------
    values : units × k sums
    sizes : what each unit's sums are per
    target : True where a unit is the target's
    added : parts × k, variances to add that units do not show, such as a calibration's error
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
    extra = np.asarray(added, dtype=float).reshape(-1, table.shape[1])
    parts = np.vstack([*variances, extra])
    known = np.array([flags.sum() - 1, (~flags).sum() - 1, *degrees], dtype=float)[:, None]
    return estimate_contrast(
        estimates[0] - estimates[1],
        np.sqrt(parts.sum(axis=0)),
        freedom(parts, known),
        noise=np.vstack([*residuals, np.diag(np.sqrt(extra.sum(axis=0)))]),
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
        p = 2 * stats.t.sf(np.abs(d) / shown, free)
    rows = np.eye(len(d)) if noise is None else np.asarray(noise, dtype=float)
    smallest = _smallest(rows[:, known], draws, seed)
    below = np.searchsorted(smallest, p, side="right")
    family = np.where(known, np.maximum((1 + below) / (draws + 1), p), np.nan)
    place = int(np.ceil(LEVEL * (draws + 1))) - 1
    critical = float(min(smallest[min(place, draws) - 1], LEVEL)) if known.any() else np.nan
    half = stats.t.isf(LEVEL / 2, free) * shown
    wide = stats.t.isf(critical / 2, free) * shown
    table = pd.DataFrame(
        {
            "estimate": d,
            "ci_low": d - half,
            "ci_high": d + half,
            "p_value": p,
            "family_low": d - wide,
            "family_high": d + wide,
            "p_family": family,
            "floor": shown * _noncentrality(np.asarray(stats.t.isf(critical / 2, free)), free),
            "established": family < LEVEL,
        }
    )
    return Contrast(table, MEANS, critical)


def clustered(
    values: Any, sizes: Any, target: Any, clusters: Any
) -> tuple[Floats, Floats, np.ndarray]:
    """Add up units that hang together, group by group, in the order in which they come first.

    Parameters
    ----------
    values, sizes, target : as in ``mean_contrast``
    clusters : the label of each unit: its document, author, outlet

    Examples
    --------
    >>> clustered([[1], [2], [5]], [10, 10, 20], [True, True, False], ["a", "a", "b"])
    (array([[3.],
           [5.]]), array([20., 20.]), array([ True, False]))
    """
    table = np.asarray(values, dtype=float)
    flags = np.asarray(target, dtype=bool)
    if not len(table) == len(flags) == len(clusters):
        raise InputError("Values, target flags and clusters must have one row a unit.")
    keys = pd.MultiIndex.from_arrays([flags, np.asarray(clusters)])
    place, every = keys.factorize()
    joined = np.zeros((len(every), table.shape[1]))
    np.add.at(joined, place, table)
    lengths = np.bincount(place, np.asarray(sizes, dtype=float), len(every)).astype(float)
    first = np.zeros(len(every), dtype=bool)
    first[place] = flags
    return joined, lengths, first


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
    return np.sort(2 * stats.norm.sf(np.concatenate(largest)))


def _noncentrality(critical: Floats, df: Floats) -> Floats:
    """Return the noncentrality at which T passes a critical value with a probability of POWER."""
    low, high = np.zeros(len(df)), np.nan_to_num(critical, nan=1.0) + 40
    known = np.isfinite(critical)
    for _ in range(40):
        middle = (low + high) / 2
        with np.errstate(invalid="ignore"):
            found = stats.nct.sf(critical, np.minimum(df, 1e6), middle)
        reached = found > POWER
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(known, middle, np.nan)


def interval_excludes(low: Any, high: Any, value: float = 0.0) -> Any:
    """Tell whether an interval leaves a value out."""
    return (np.asarray(low) > value) | (np.asarray(high) < value)


__all__ = [
    "CONFIDENCE",
    "COUNTS",
    "DRAWS",
    "LEVEL",
    "MEANS",
    "POWER",
    "Contrast",
    "clustered",
    "contrast_of_test",
    "count_contrast",
    "estimate_contrast",
    "interval_excludes",
    "mean_contrast",
]
