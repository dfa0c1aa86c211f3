"""A test for counts that come in bursts, exact in small samples and free of random numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats

from analysis.errors import InputError
from analysis.inference.gate import checked
from analysis.inference.rates import ENOUGH, OFTEN, inflation
from analysis.inference.weights import Floats

OWN = 60  # occurrences at which a term's own bursts weigh as much as those of all terms
LEVEL = 0.05


@dataclass(frozen=True)
class CountTest:
    """The outcome of a test over k terms.

    Attributes
    ----------
    p_value : two-sided mid-p, per term
    p_family : the probability that chance gives any term so small a p
    inflation_target, inflation_reference : how far each term's counts vary beyond chance
    critical : the p-value that chance reaches anywhere in one corpus of twenty
    floor_target, floor_reference : the smallest log ratio at which a term of this many occurrences
        would have been found, over-used in the target or in the reference (see ``count_test``)
    """

    p_value: Floats
    p_family: Floats
    inflation_target: Floats
    inflation_reference: Floats
    critical: float
    floor_target: Floats
    floor_reference: Floats


def count_test(values: Any, sizes: Any, target: Any) -> CountTest:
    """Test whether terms are used at one rate in both groups, allowing for bursts.

    Given its t occurrences in all, a term's count in the target is taken as beta-binomial with
    mean ``t π``, ``π = N₁ / (N₁ + N₂)``, and variance ``t π (1 - π) φ``. The two groups' inflations
    combine as for two independent overdispersed counts, ``φ = φ₁ φ₂ / (π φ₁ + (1 - π) φ₂)``. Units
    keep their true lengths, so that long and short units may be mixed, and groups may differ in
    their bursts. The p-value is the doubled mid-p of the nearer tail (Lancaster 1961,
    doi:10.1080/01621459.1961.10482105). A family-wise p is the probability that the smallest p of
    all terms, each with its own discrete distribution, falls so low (Tarone 1990,
    doi:10.2307/2531456, without Bonferroni's bound), terms taken as independent.

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
    a, b = table[flags].sum(axis=0), table[~flags].sum(axis=0)
    share = lengths[flags].sum() / lengths.sum()
    phi_1, phi_2 = moderated_inflation(table, lengths, flags)
    joint = np.maximum(phi_1 * phi_2 / (share * phi_1 + (1 - share) * phi_2), 1)
    null = _Null.of((a + b).astype(int), share, joint)
    p_value = null.p[null.start + a.astype(int)]
    critical = null.critical()
    floors = [_floor(a + b, need, joint, s) for need, s in null.needed(critical, share)]
    return CountTest(p_value, null.family(p_value), phi_1, phi_2, critical, floors[0], floors[1])


def moderated_inflation(table: Floats, sizes: Floats, flags: Any) -> tuple[Floats, Floats]:
    """Return each term's inflation in the target and in the reference.

    A group's inflation is that of all its terms together, times a factor for the term: how its own
    bursts compare with those of all terms, weighted by its occurrences t against ``OWN``,
    ``k = max(1, (OWN + t q) / (OWN + t))`` with q its own relative inflation in both groups. Where
    too few terms are frequent for "all terms" to mean much, a term's own bursts count alone.
    """
    sides = [(table[s], sizes[s]) for s in (flags, ~flags)]
    (pool_1, own_1), (pool_2, own_2) = (inflation(*side) for side in sides)
    a, b = (side[0].sum(axis=0) for side in sides)
    total = a + b
    seen = np.where(total > 0, total, 1)
    relative = (a * own_1 / pool_1 + b * own_2 / pool_2) / seen
    prior = OWN if (total >= OFTEN).sum() >= ENOUGH else 0
    factor = np.maximum((prior + seen * relative) / (prior + seen), 1)
    return pool_1 * factor, pool_2 * factor


@dataclass(frozen=True)
class _Null:
    """The null distributions of all terms, one after the other.

    Term j holds the places ``start[j]`` to ``start[j] + t[j]``: for each possible count in the
    target its probability and two-sided p-value.
    """

    start: np.ndarray
    totals: np.ndarray
    probability: Floats
    p: Floats

    @classmethod
    def of(cls, totals: np.ndarray, share: float, inflation: Floats) -> "_Null":
        lengths = totals + 1
        start = np.cumsum(lengths) - lengths
        count = np.arange(lengths.sum()) - np.repeat(start, lengths)
        t, phi = (np.repeat(x, lengths).astype(float) for x in (totals, inflation))
        probability = np.exp(_log_probability(count.astype(float), t, share, phi))
        below = np.cumsum(probability) - probability
        below -= np.repeat(below[start], lengths)
        lower = below + probability / 2
        upper = np.repeat(np.add.reduceat(probability, start), lengths) - lower
        p = np.clip(2 * np.minimum(lower, upper), 0, 1)
        return cls(start, totals, probability, p)

    def family(self, p_value: Floats) -> Floats:
        """Return the probability that any term's p falls to each of these or below."""
        order = np.argsort(p_value, kind="stable")
        return np.interp(p_value, p_value[order], self._any(p_value[order]))

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
        passes = self.p <= critical
        counts = []
        for side, count in ((x > expected, x), (x < expected, self.totals[term] - x)):
            chosen = passes & side
            least = np.full(len(self.totals), np.inf)
            np.minimum.at(least, term[chosen], count[chosen])
            counts.append(np.where(np.isfinite(least), least, np.nan))
        return [(counts[0], share), (counts[1], 1 - share)]

    def _any(self, thresholds: Floats) -> Floats:
        """Return ``1 - Π (1 - P(p_j ≤ threshold))`` for thresholds in rising order.

        Only places whose p is within some threshold matter; each adds its probability to its term
        from the first threshold that it is within.
        """
        places = np.flatnonzero(self.p <= np.max(thresholds, initial=0) * (1 + 1e-9))
        term = np.repeat(np.arange(len(self.totals)), self.totals + 1)[places]
        first = np.searchsorted(thresholds * (1 + 1e-9), self.p[places])
        reached = np.zeros(len(self.totals))
        survival, result = 0.0, np.empty(len(thresholds))
        by_threshold = np.argsort(first, kind="stable")
        cuts = np.searchsorted(first[by_threshold], np.arange(len(thresholds) + 1))
        for i in range(len(thresholds)):
            for place in by_threshold[cuts[i] : cuts[i + 1]]:
                j = term[place]
                more = min(reached[j] + self.probability[places[place]], 1 - 1e-15)
                survival += np.log1p(-more) - np.log1p(-reached[j])
                reached[j] = more
            result[i] = -np.expm1(survival)
        return result


def _floor(totals: Floats, needed: Floats, inflation: Floats, share: float) -> Floats:
    """Return the log ratio at which a group's count reaches ``needed`` in four of five corpora."""
    spread = stats.norm.ppf(0.8) ** 2 * inflation * totals
    least = needed - 0.5
    root = np.sqrt(spread * (spread + 4 * least * (totals - least)))
    with np.errstate(divide="ignore", invalid="ignore"):
        y = (2 * totals * least + spread + root) / (2 * (totals**2 + spread))
        floor = np.log2(y / (1 - y)) - np.log2(share / (1 - share))
    return np.where(np.isnan(needed), np.inf, floor)


def _log_probability(x: Floats, t: Floats, share: float, phi: Floats) -> Floats:
    """Return the log-probability of x of t occurrences, beta-binomial or, without bursts, binomial.

    The intraclass correlation is ``ρ = (φ - 1) / (t - 1)``, kept below 1, and the beta's
    parameters are ``π (1/ρ - 1)`` and ``(1 - π) (1/ρ - 1)``.
    """
    choose = -np.log1p(t) - special.betaln(x + 1, t - x + 1)
    binomial = choose + x * np.log(share) + (t - x) * np.log1p(-share)
    correlation = np.clip((phi - 1) / np.maximum(t - 1, 1), 1e-9, 0.95)
    size = 1 / correlation - 1
    alpha, beta = share * size, (1 - share) * size
    bursty = choose + special.betaln(x + alpha, t - x + beta) - special.betaln(alpha, beta)
    return np.where((phi > 1 + 1e-6) & (t > 1), bursty, binomial)
