"""A test for counts that come in bursts, without large-sample approximation or random numbers.

Its level rests on what all terms together tell of bursts; benchmarks/README.md measures it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats

from analysis.errors import InputError
from analysis.inference.bursts import learn_bursts, log_split
from analysis.inference.gate import checked
from analysis.inference.weight_of_evidence import weigh_evidence
from analysis.inference.weights import Flags, Floats

LEVEL = 0.05
SMALLEST = float(np.finfo(float).tiny)  # where double precision ends: no p is 0
_TIE = 1e-9


@dataclass(frozen=True)
class CountTest:
    """The outcome of a test over k terms; of a term that occurs nowhere, all is NaN but the floors.

    Attributes
    ----------
    p_value : two-sided mid-p, per term
    p_family : the probability that chance gives any term so small a p
    inflation : how far each term's count in the target varies beyond chance, as a factor
    evidence : weight of evidence, positive where the target uses a term more (``weigh_evidence``)
    critical : the p-value that chance reaches anywhere in one corpus of twenty
    floor_target, floor_reference : the smallest log ratio at which a term of this many occurrences
        would have been found, over-used in the target or in the reference (see ``count_test``)
    """

    p_value: Floats
    p_family: Floats
    inflation: Floats
    evidence: Floats
    critical: float
    floor_target: Floats
    floor_reference: Floats


def count_test(values: Any, sizes: Any, target: Any) -> CountTest:
    """Test whether terms are used at one rate in both groups, allowing for bursts.

    Of its t occurrences in all, a term's count in the target is taken as beta-binomial with mean
    ``t π``, ``π = N₁ / (N₁ + N₂)``, and with a concentration that its bursts set: how unevenly its
    occurrences fall over the units of each group, and how unevenly those of other terms do
    (``learn_bursts``). As bursts are known only so well, the p-value is the mean over all excesses
    that the texts leave possible, weighted: a predictive distribution, whose tails are as heavy as
    they must be for terms of which little is known. Units keep their true lengths, so that long
    and short ones may be mixed, and groups may differ in their bursts.

    The p-value is ``P(G² > g) + P(G² = g) / 2``: the possible counts are ordered by the
    likelihood ratio G², and the observed one counts half (the mid-p of Lancaster 1961,
    doi:10.1080/01621459.1961.10482105). It needs no large counts and no random numbers. A
    family-wise p is the probability that the smallest p of all terms, each with its own discrete
    distribution, falls so low (Tarone 1990, doi:10.2307/2531456, without Bonferroni's bound),
    terms taken as independent. A term that occurs nowhere is not tested, and not of the family.

    The detection floor is the log ratio at which the target's count of such a term would pass the
    family-wise 5 % level in four of five corpora. With c the smallest count that passes, it solves
    ``(t y - c + ½)² = 0.84² φ t y (1 - y)`` for the target's share y of the occurrences (a normal
    tail). Infinite where not even all t occurrences in one group pass.

    Parameters
    ----------
    values : units × terms counts
    sizes : tokens of each unit
    target : True where a unit is the target's

    Returns
    -------
    CountTest
    """
    table, lengths, flags = checked(values, sizes, target)
    if (table < 0).any() or (table != np.round(table)).any():
        raise InputError("Counts must be whole numbers and not negative.")
    occurs = table.sum(axis=0) > 0
    return _everywhere(_test(table[:, occurs], lengths, flags), occurs)


def _test(table: Floats, lengths: Floats, flags: Flags) -> CountTest:
    """Test terms that occur."""
    bursts = learn_bursts(table, lengths, flags)
    counts, totals = table[flags].sum(axis=0), table.sum(axis=0)
    null = _Null.of(totals.astype(int), bursts.share, bursts.joint, bursts.weights)
    p_value = null.p[null.start + counts.astype(int)]
    critical = null.critical()
    inflation = bursts.inflation(totals, bursts.joint)
    floors = [_floor(totals, *need, inflation) for need in null.needed(critical, bursts.share)]
    evidence = weigh_evidence(bursts, counts, totals)
    family = np.maximum(null.family(p_value), SMALLEST)
    return CountTest(p_value, family, inflation, evidence, critical, floors[0], floors[1])


def _everywhere(test: CountTest, occurs: Flags) -> CountTest:
    """Put what is undefined, and floors without end, where terms occur nowhere."""
    if occurs.all():
        return test
    columns = {name: found for name, found in vars(test).items() if name != "critical"}
    for name, found in columns.items():
        columns[name] = np.full(len(occurs), np.inf if name.startswith("floor") else np.nan)
        columns[name][occurs] = found
    return CountTest(**columns, critical=test.critical)


@dataclass(frozen=True)
class _Null:
    """The null distributions of all terms, one after the other.

    Term j holds the places ``start[j]`` to ``start[j] + t[j]``: for each possible count in the
    target its two-sided p-value and the probability of a p-value no larger.
    """

    start: np.ndarray
    totals: np.ndarray
    p: Floats
    reach: Floats

    @classmethod
    def of(cls, totals: np.ndarray, share: float, excess: Floats, weights: Floats) -> "_Null":
        """Mix the distributions of each excess by how likely it is for the term."""
        lengths = totals + 1
        start = np.cumsum(lengths) - lengths
        p, reach = np.empty(lengths.sum()), np.empty(lengths.sum())
        for total in np.unique(totals):
            terms = np.flatnonzero(totals == total)
            places = start[terms][:, None] + np.arange(total + 1)
            tail, within = _split_test(int(total), share, excess)
            p[places], reach[places] = weights[terms] @ tail.T, weights[terms] @ within.T
        return cls(start, totals, np.clip(p, SMALLEST, 1), np.minimum(reach, 1))

    def family(self, p_value: Floats) -> Floats:
        """Return the probability that any term's p falls to each of these or below."""
        return self._any(p_value)

    def critical(self) -> float:
        """Return the largest p that chance falls to anywhere with a probability within LEVEL."""
        attainable = np.unique(self.p[self.p <= LEVEL])
        within = attainable[self._any(attainable) <= LEVEL]
        return float(within[-1]) if len(within) else 0.0

    def needed(self, critical: float, share: float) -> list[tuple[Floats, float]]:
        """Return the counts that pass a threshold, in the target and in the reference.

        With each, that group's share of all tokens; NaN where no count passes.
        """
        term = np.repeat(np.arange(len(self.totals)), self.totals + 1)
        x = np.arange(len(self.p)) - self.start[term]
        expected = self.totals[term] * share
        passes = self.p <= critical * (1 + _TIE)
        counts = []
        for side, count in ((x > expected, x), (x < expected, self.totals[term] - x)):
            chosen = passes & side
            least = np.full(len(self.totals), np.inf)
            np.minimum.at(least, term[chosen], count[chosen])
            counts.append(np.where(np.isfinite(least), least, np.nan))
        return [(counts[0], share), (counts[1], 1 - share)]

    def _any(self, thresholds: Floats) -> Floats:
        """Return ``1 - Π (1 - P(p_j ≤ threshold))`` over all terms.

        Each place takes its term's factor from what the place before it left to what it leaves.
        """
        places = np.flatnonzero(self.p <= np.max(thresholds, initial=0) * (1 + _TIE))
        term = np.repeat(np.arange(len(self.totals)), self.totals + 1)[places]
        order = np.lexsort((self.p[places], term))
        p, term = self.p[places][order], term[order]
        left = np.log1p(-np.minimum(self.reach[places][order], 1 - 1e-15))
        steps = np.diff(left, prepend=0)
        first = np.diff(term, prepend=-1) > 0
        steps[first] = left[first]
        rising = np.argsort(p, kind="stable")
        survival = np.concatenate([[0.0], np.cumsum(steps[rising])])
        return np.asarray(-np.expm1(survival[np.searchsorted(p[rising], thresholds * (1 + _TIE))]))


def _split_test(total: int, share: float, excess: Floats) -> tuple[Floats, Floats]:
    """Return counts × excesses: each possible count's p-value, and the chance of one no larger."""
    x = np.arange(total + 1.0)
    probability = np.exp(log_split(x[:, None], np.full((1, 1), total), share, excess))
    expected = max(total, 1) * share, max(total, 1) * (1 - share)
    g2 = special.xlogy(x, x / expected[0]) + special.xlogy(total - x, (total - x) / expected[1])
    order = np.argsort(-g2, kind="stable")
    falling = -g2[order]
    sums = np.vstack([np.zeros(len(excess)), np.cumsum(probability[order], axis=0)])
    before = sums[np.searchsorted(falling, falling - _TIE, "left")]
    within = sums[np.searchsorted(falling, falling + _TIE, "right")]
    p, reach = np.empty_like(probability), np.empty_like(probability)
    p[order], reach[order] = (before + within) / 2, within
    return p, reach


def _floor(totals: Floats, needed: Floats, share: float, inflation: Floats) -> Floats:
    """Return the log ratio at which a group's count reaches ``needed`` in four of five corpora."""
    spread = stats.norm.ppf(0.8) ** 2 * inflation * totals
    least = needed - 0.5
    root = np.sqrt(spread * (spread + 4 * least * (totals - least)))
    with np.errstate(divide="ignore", invalid="ignore"):
        y = (2 * totals * least + spread + root) / (2 * (totals**2 + spread))
        floor = np.log2(y / (1 - y)) - np.log2(share / (1 - share))
    return np.where(np.isnan(needed), np.inf, floor)
