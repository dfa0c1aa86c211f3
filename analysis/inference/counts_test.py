"""A test for counts in texts that are uneven, and the intervals that are its inversion.

No large-sample approximation and no random numbers enter. Its level rests on what all terms
together tell of unevenness; benchmarks/README.md measures it on real texts that do not differ.

That rests on a model of how documents differ. Where documents are of one source, any division of
them into two groups is as good as any other, so that the model can be asked about divisions that
mean nothing: were it right, the family-wise p of a division would fall below a level as often as
the level says. Where it falls lower, the level of what was observed is corrected by as much. This
is a permutation test of the smallest p (Westfall & Young 1993) on the scale of the model, with its
tail fitted, so that some dozens of divisions suffice and few documents need no other rule
(Knijnenburg et al. 2009, doi:10.1093/bioinformatics/btp211). It corrects in one direction only: a
level is never made more lenient than the model has it.

What few divisions cannot tell stands in ``analysis/resources/variation.toml``: two documents cannot
be divided otherwise, so that there what other texts have taught counts alone.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse, special
from threadpoolctl import threadpool_limits

from analysis.inference.bursts import EXCESS, Variation, learn_bursts, of_sums, posterior, variation
from analysis.inference.levels import (
    CONFIDENCE,
    LEVEL,
    POWER,
    SMALLEST,
    Attainable,
    Reach,
    discovery,
    passes,
)
from analysis.inference.split import Splits, shrink, two_tails, weigh_evidence
from analysis.inference.weights import (
    Flags,
    Floats,
    checked_counts,
    kinds_of_terms,
    log_ratio,
    permutations,
)

BIG = 400  # occurrences from which a term's p counts as continuous in a family
MANY = 2_000  # terms of which only small p-values matter to a family
SMALL = 0.2  # what is small
LIKES = 100  # most frequent terms that are each other's likes
SHORTEST, LONGEST, WIDEST_RATIO, FEWEST = 20, 330_000, 70, 5  # where the level was measured
MIDDLES = np.array([1, 3, 5]) / 6  # of thirds of a distribution
WIDEST, HALVINGS = 20.0, 12  # of a band: a log ratio beyond it, and its search
DIVISIONS = 100  # of the same units, where there are more
CANDIDATES = 8  # terms of a division of which p is computed: those with the largest G², deflated
LEAST = 4  # occurrences of a term that is one
RARE = 64  # occurrences of a term whose G² is looked up
HALF = 0.5  # a family-wise p below which the tail begins
ROWS = 20  # divisions at a time


# Other divisions of the same units


@dataclass(frozen=True)
class Calibration:
    """How a family-wise p is corrected.

    Attributes
    ----------
    share : of divisions whose family-wise p is below HALF
    tail : how many times wider the logarithms of smaller ones spread than they should
    """

    share: float
    tail: float

    def family(self, p: Floats) -> Floats:
        """Return corrected family-wise p-values, never below p.

        ``s (p / ½)^(1 / τ)`` up to HALF; beyond, evenly up to 1.
        """
        low, high = np.minimum(p / HALF, 1), np.maximum(p - HALF, 0) / (1 - HALF)
        shares = self.share * low ** (1 / self.tail) + (1 - self.share) * high
        return np.asarray(np.maximum(p, shares))

    def level(self, wanted: float) -> float:
        """Return the family-wise p of which the corrected one is the one wanted, below HALF."""
        return float(min(wanted, HALF * min(wanted / self.share, 1) ** self.tail))


def calibrate(family: Floats, told: Variation) -> Calibration:
    """Return the correction that the family-wise p-values of divisions ask for.

    The tail of their logarithms below HALF is taken as exponential, its mean that of the divisions
    and of ``told.divisions`` more, of which other texts have taught the mean ``told.tail``.
    """
    beyond = -np.log(family[family < HALF] / HALF)
    before = told.divisions * HALF
    share = (len(beyond) + before) / (len(family) + told.divisions)
    tail = (beyond.sum() + before * told.tail) / (len(beyond) + before)
    return Calibration(float(share), float(tail))


def divided(
    table: sparse.csr_array,
    sizes: Floats,
    flags: Flags,
    splits: Splits,
    kind: np.ndarray,
    attainable: Attainable,
) -> Floats:
    """Return the smallest family-wise p of each other division of the units.

    Parameters
    ----------
    table : units × terms counts, every term occurring
    sizes, flags : tokens of each unit; True where it is the target's
    splits, kind, attainable : of the terms, as the units are divided
    """
    rows = divisions(flags)
    telling = np.flatnonzero(splits.totals[kind] >= LEAST)
    if not len(rows) or not len(telling):
        return np.empty(0)
    often = table[:, telling]
    kind = kind[telling]
    deflated = (splits.weights @ (1 / (1 + splits.bursts.joint)))[kind]
    totals = splits.totals[kind]
    smallest = []
    for start in range(0, len(rows), ROWS):
        chosen = rows[start : start + ROWS]
        counts = np.asarray((often.T @ chosen.T.astype(float)).T)
        share = (chosen @ sizes / sizes.sum())[:, None]
        strange = _g2s(counts, totals, share) * deflated
        best = _largest(strange, CANDIDATES)
        held = np.take_along_axis(counts, best, axis=1)
        p = _p_values(splits, sizes, chosen, kind[best], held)
        smallest.append(p.min(axis=1))
    return attainable.family(np.concatenate(smallest))


def divisions(flags: Flags) -> np.ndarray:
    """Return rows of flags: other divisions into groups of the same sizes.

    All of them where they are few, without what only exchanges the groups; else drawn at random.
    Where the groups are exchanged, so are they in every row.
    """
    units, chosen = len(flags), int(flags.sum())
    if 2 * chosen > units or (2 * chosen == units and not flags[0]):
        return ~divisions(~flags)
    if comb(units, chosen) > 2 * DIVISIONS:
        return np.concatenate(list(permutations(flags, DIVISIONS, seed=0))) > 0
    every = np.zeros((comb(units, chosen), units), dtype=bool)
    for row, places in zip(every, combinations(range(units), chosen), strict=True):
        row[list(places)] = True
    if 2 * chosen == units:
        every = every[every[:, 0]]
    return every[(every != flags).any(axis=1)]


def _p_values(
    splits: Splits, sizes: Floats, rows: np.ndarray, terms: np.ndarray, counts: Floats
) -> Floats:
    """Return divisions × candidates p-values, what is known of excesses following the division."""
    bursts, many = splits.bursts, terms.shape[1]
    typical = (sizes**2).sum() / sizes.sum()
    excess = sizes * (sizes / typical) ** bursts.growth
    held = rows @ sizes
    longer = rows @ excess / held, ~rows @ excess / (sizes.sum() - held)
    first, second = (np.repeat(each, many)[:, None] for each in longer)
    share = np.repeat(held / sizes.sum(), many)
    term, x = terms.ravel(), counts.ravel()
    t = splits.totals[term]
    likelihood = (
        bursts.every[term]
        - of_sums(x, t * share, EXCESS * first)
        - of_sums(t - x, t * (1 - share), EXCESS * second)
    )
    own = replace(bursts, share=share, halves=0.0, longer=(first, second))
    weights = posterior(bursts.prior[term], likelihood)
    return Splits(own, weights, x, t).p_value().reshape(terms.shape)


def _g2s(counts: Floats, totals: Floats, share: Floats) -> Floats:
    """Return divisions × terms G²; of rare terms, each pair of a count and a total is looked up."""
    rare = totals <= RARE
    x, t = np.arange(RARE + 1.0), np.arange(1.0, RARE + 1)[:, None]
    table = _g2(np.minimum(x, t), t, share[..., None]).reshape(len(share), -1)
    found = np.empty(counts.shape)
    place = (totals[rare].astype(int) - 1) * len(x) + counts[:, rare].astype(int)
    found[:, rare] = np.take_along_axis(table, place, axis=1)
    found[:, ~rare] = _g2(counts[:, ~rare], totals[~rare], share)
    return found


def _g2(counts: Floats, totals: Floats, share: Floats) -> Floats:
    """Return G² of two cells."""
    rest = totals - counts
    return np.asarray(
        2 * special.xlogy(counts, counts / (totals * share))
        + 2 * special.xlogy(rest, rest / (totals * (1 - share)))
    )


def _largest(table: Floats, count: int) -> np.ndarray:
    """Return the places of so many of the largest of each row, of equals the first.

    To six digits, so that they do not hang on the processor.
    """
    steady, count = table.round(6), min(count, table.shape[1])
    least = np.partition(steady, -count, axis=1)[:, [-count]]
    return np.array(
        [
            np.r_[np.flatnonzero(row > end), np.flatnonzero(row == end)][:count]
            for row, end in zip(steady, least, strict=True)
        ]
    )


# The test


@dataclass(frozen=True)
class CountTest:
    """The outcome of a test over k terms; of a term that occurs nowhere, all is NaN or infinite.

    Attributes
    ----------
    splits : the kinds of terms that occur, their counts, and what is known of their excesses
    kind : of each term that occurs (``kinds_of_terms``)
    occurs : terms, True where one occurs
    calibration : how the family-wise level follows from other divisions of the same units
    critical : the p-value under which chance falls anywhere in one corpus of twenty
    outside : what lies outside the range in which the level was measured (`benchmarks/nulls.csv`):
        lengths, their ratio, the number of terms; each with the numbers that tell it
    """

    splits: Splits
    kind: np.ndarray
    occurs: Flags
    attainable: Attainable
    calibration: Calibration
    critical: float
    outside: list[dict[str, Any]]
    _p: Floats

    @property
    def p_value(self) -> Floats:
        """Two-sided mid-p, per term."""
        return self._everywhere(self._p)

    @property
    def p_family(self) -> Floats:
        """The probability that chance gives any term so small a p."""
        return self._everywhere(self.calibration.family(self.attainable.family(self._p)))

    @property
    def q_value(self) -> Floats:
        """The false-discovery rate at which a term is found (``discovery``)."""
        return self._everywhere(discovery(self._p, self.attainable, self.calibration.family))

    @cached_property
    def evidence(self) -> Floats:
        """Weight of evidence, positive where the target uses a term more (``weigh_evidence``)."""
        own = self.splits
        many = np.bincount(self.kind, minlength=len(own.totals)).astype(float)
        return self._of_kinds(weigh_evidence(own.bursts, own.counts, own.totals, many))

    @property
    def log_ratio(self) -> Floats:
        """The log2 of the ratio of rates, one count shared out by length (``log_ratio``)."""
        own = self.splits
        sides = np.array([own.bursts.share, 1 - own.bursts.share])
        rest = own.totals - own.counts
        return self._of_kinds(log_ratio(own.counts, sides[0], rest, sides[1]))

    @property
    def shrunk(self) -> pd.DataFrame:
        """Likely log ratios of the terms that occur (``shrink``)."""
        return shrink(self.splits, self.kind)

    def small(self, level: float = LEVEL) -> int:
        """Return how many terms have a p below a level."""
        return int(passes(self._p, level).sum())

    def expected(self, level: float = LEVEL) -> float:
        """Return how many terms chance gives a p below a level."""
        return float(self.attainable.count(np.array([level]))[0])

    def interval(self, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
        """Return the ends of the log ratio's interval: those that the test does not reject.

        One end is infinite where a group lacks the term.
        """
        return self._inverted(1 - confidence)

    def family_interval(self) -> tuple[Floats, Floats]:
        """Return simultaneous intervals: 0 is left out just where ``p_family`` is below LEVEL."""
        return self._inverted(self.critical)

    def floors(self) -> tuple[Floats, Floats]:
        """Return the smallest log ratio that would be found, for the target and the reference.

        That at which a term of this many occurrences passes the family-wise level with a
        probability of POWER, its excess being as likely as its units tell. Infinite where not even
        all occurrences in one group pass.
        """
        own = self.splits
        target, reference = (
            self._of_kinds(_floor(side, self.critical), np.inf) for side in (own, own.mirrored())
        )
        return target, reference

    def self_contrast(self) -> tuple[Floats, Floats]:
        """Return the absolute log ratio that 19 of 20 pairs like one group stay under.

        Of two further texts as long as the groups, both with the term's rate and unevenness in one
        of them: what chance gives where there is no difference. How often such a pair holds the
        term is uncertain, as the rate is known from one group only, and one text holds more than
        another. With e the excess, x occurrences in a group of the share π of all tokens, it is
        taken as gamma with mean ``m = (x + π) / π`` and variance ``m (1 + e) (1 + 1 / π)``: the
        second part of it is what the rate is unsure by. A group that lacks the term is so taken to
        hold one occurrence shared out by length.
        """
        own = self.splits
        share = own.bursts.share
        found = []
        for side, held, part in (
            (0, own.counts, share),
            (1, own.totals - own.counts, 1 - share),
        ):
            bursts = own.bursts.alike(side)
            mean = np.maximum((held + part) / part, 1)
            scale = (1 + own.weights @ bursts.joint) * (1 + 1 / part)
            drawn = special.gammaincinv((mean / scale)[:, None], MIDDLES) * scale[:, None]
            totals = np.maximum(np.round(drawn), 1).T
            found.append(self._of_kinds(_band(replace(own, bursts=bursts), totals)))
        return found[0], found[1]

    def _inverted(self, level: float) -> tuple[Floats, Floats]:
        low, high = self.splits.ends(level)
        return self._of_kinds(low), self._of_kinds(high)

    def _of_kinds(self, found: Floats, absent: float = np.nan) -> Floats:
        """Return for every term what was found of its kind."""
        return self._everywhere(found[self.kind], absent)

    def _everywhere(self, found: Floats, absent: float = np.nan) -> Floats:
        """Put what is undefined where terms occur nowhere."""
        every = np.full(len(self.occurs), absent)
        every[self.occurs] = found
        return every


def count_test(values: Any, sizes: Any, target: Any) -> CountTest:
    """Test whether terms are used at one rate in both groups, allowing for uneven texts.

    Of its t occurrences in all, a term's count x in the target is taken as beta-binomial with mean
    ``t π``, ``π = N₁ / (N₁ + N₂)``, and with a concentration that its unevenness sets: how its
    occurrences fall over the units of each group, and how those of other terms do
    (``learn_bursts``). As unevenness is known only so well, probabilities are means over all
    excesses that the texts leave possible, weighted: a predictive distribution, whose tails are as
    heavy as they must be for terms of which little is known. Units keep their true lengths, so
    that long and short ones may be mixed, and groups may differ in how uneven they are. A group
    may be a single unit: others' unevenness then stands in for its own.

    The p-value is the tail that x lies in, ``P(X > x) + P(X = x) / 2`` or
    ``P(X < x) + P(X = x) / 2``, and as much again, unless the other tail cannot be as small. The
    observed count counts half (the mid-p of Lancaster 1961, doi:10.1080/01621459.1961.10482105), so
    that rare terms are not tested far below the level. The interval holds every log ratio θ at
    which the same p, with ``π = N₁ 2^θ / (N₁ 2^θ + N₂)``, is not below the level: p and interval
    always agree. Mid-p holds its level, and covers, on average over terms, not for each.

    Parameters
    ----------
    values : units × terms counts, sparse or not
    sizes : tokens of each unit
    target : True where a unit is the target's

    Returns
    -------
    CountTest
    """
    table, lengths, flags = checked_counts(values, sizes, target)
    occurs = np.asarray(table.sum(axis=0)).ravel() > 0
    held = table[:, np.flatnonzero(occurs)]
    counts = np.asarray(held[flags].sum(axis=0), dtype=float).ravel()
    totals = np.asarray(held.sum(axis=0), dtype=float).ravel()
    with threadpool_limits(1):  # the products are small: threads would wait for one another
        first, kind = kinds_of_terms(held, np.column_stack([lengths, flags]))
        bursts = learn_bursts(held[:, first], lengths, flags, kind)
        splits = Splits(bursts, bursts.weights, counts[first], totals[first])
        p = two_sided(splits)[kind]
        attainable = _attainable(splits, kind, known=len(lengths) > 2)
        found = divided(held, lengths, flags, splits, kind, attainable)
    calibration = calibrate(found, variation())
    critical = attainable.critical(calibration.level(LEVEL))
    outside = _outside(lengths, len(p))
    return CountTest(splits, kind, occurs, attainable, calibration, critical, outside, p)


def _floor(splits: Splits, critical: float) -> Floats:
    """Return the log ratio at which the target holds enough to pass, with probability POWER."""
    low, high = np.floor(splits.totals * splits.bursts.share), splits.totals.copy()
    extremes = np.array(splits.extremes())
    found = two_tails(*splits.at(high).above(least=critical / 2), *extremes) <= critical
    while len(some := np.flatnonzero(high - low > 1)):
        middle = np.floor((low[some] + high[some]) / 2)
        tails = splits.chosen(some).at(middle).above(least=critical / 2)
        enough = two_tails(*tails, *extremes[:, some]) <= critical
        high[some[enough]], low[some[~enough]] = middle[enough], middle[~enough]
    floor = np.full(len(high), np.inf)
    floor[found] = splits.at(high).chosen(np.flatnonzero(found)).reached(POWER)
    return floor


def _band(splits: Splits, totals: Floats) -> Floats:
    """Return the absolute log ratio that is exceeded with probability LEVEL.

    Parameters
    ----------
    splits : the terms
    totals : rows of what they may occur in all, each as likely as the others
    """
    low, high = (np.full(totals.shape[1], end) for end in (0.0, WIDEST))
    sides = splits, splits.mirrored()
    # Counts at either end, once it has been looked at: where they come back, so does the outcome.
    at_low, at_high = np.full((2, len(sides), *totals.shape), -1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        counts = np.array([_count_at(side, totals, middle) for side in sides])
        over = (counts == at_low).all(axis=(0, 1))
        some = np.flatnonzero(~over & ~(counts == at_high).all(axis=(0, 1)))
        weights, t = splits.weights[np.tile(some, len(totals))], totals[:, some].ravel()
        beyond = sum(
            Splits(side.bursts, weights, own[:, some].ravel(), t).at_least(least=LEVEL)
            for side, own in zip(sides, counts, strict=True)
        )
        over[some] = np.reshape(beyond, (len(totals), -1)).sum(axis=0) > LEVEL * len(totals)
        low, high = np.where(over, middle, low), np.where(over, high, middle)
        at_low, at_high = np.where(over, counts, at_low), np.where(over, at_high, counts)
    return high


def _count_at(splits: Splits, totals: Floats, log_ratio: Floats) -> Floats:
    """Return the least count of which the log ratio is larger; it may be one beyond the total."""
    return np.floor((totals + 1) * splits.share(log_ratio) - splits.bursts.share) + 1


def _outside(sizes: Floats, terms: int) -> list[dict[str, Any]]:
    """Return what lies outside the range in which the level was measured, with the numbers."""
    shortest, longest = float(sizes.min()), float(sizes.max())
    lies = {
        "lengths": shortest < SHORTEST or longest > LONGEST,
        "ratio": longest > WIDEST_RATIO * shortest,
        "terms": terms < FEWEST,
    }
    told = {
        "shortest": shortest,
        "longest": longest,
        "ratio": longest / shortest,
        "terms": terms,
        "least": SHORTEST,
        "most": LONGEST,
        "widest": WIDEST_RATIO,
        "fewest": FEWEST,
    }
    return [{"what": what, **told} for what, own in lies.items() if own]


def two_sided(splits: Splits, log_ratio: float = 0.0) -> Floats:
    """Return each term's mid-p at a log ratio."""
    return np.maximum(splits.p_value(log_ratio), SMALLEST)


def _attainable(splits: Splits, kind: np.ndarray, *, known: bool) -> Attainable:
    """Return what p-values the terms can have, from the distribution of each.

    Parameters
    ----------
    splits, kind : the kinds of terms, and that of each term
    known : whether units tell of a term's unevenness; else it is known from terms as frequent, of
        which there are few among the most frequent: what one of these can reach counts for all
    """
    totals, many = splits.totals.astype(int), np.bincount(kind, minlength=len(splits.totals))
    share, joint = splits.bursts.share, splits.bursts.joint
    cap = 1.0 if len(kind) <= MANY else SMALL
    terms, ps, probabilities = [np.empty(0, int)], [np.empty(0)], [np.empty(0)]
    least = np.zeros(len(totals))
    for total in np.unique(totals[totals <= BIG]):
        own = np.flatnonzero(totals == total)
        x = np.arange(total + 1.0)
        law = np.exp(_log_split(x, float(total), share, joint))
        below = np.cumsum(law, axis=0) - law / 2
        above = np.cumsum(law[::-1], axis=0)[::-1] - law / 2
        weights = splits.weights[own]
        above, below = weights @ above.T, weights @ below.T
        p = two_tails(above, below, below[:, :1], above[:, -1:])
        least[own] = p.min(axis=1)
        small = p <= cap
        terms.append(np.repeat(own, total + 1)[small.ravel()])
        ps.append(p[small])
        probabilities.append((weights @ law.T)[small])
    big = int((totals[kind] > BIG).sum())
    outcomes = np.concatenate(terms), np.concatenate(ps), np.concatenate(probabilities)
    if known:
        return Attainable.of(*outcomes, big, cap=cap, many=many)
    some, least = totals[kind] <= BIG, least[kind]
    reach = Reach(least[some], _of_likes(totals[kind], least)[some])
    return Attainable.of(*outcomes, big, cap=cap, many=many, reach=reach)


def _of_likes(totals: np.ndarray, least: Floats) -> Floats:
    """Return the smallest p that each term can have; of the LIKES most frequent, that any has."""
    first = np.argsort(-totals, kind="stable")[:LIKES]
    near = least.copy()
    near[first] = least[first].min(initial=1)
    return near


def _log_split(x: Floats, total: float, share: float, excess: Floats) -> Floats:
    """Return counts × excesses beta-binomial log-probabilities of one total."""
    size = max(total, 1) / excess
    alpha, beta = share * size, (1 - share) * size
    ways = -np.log1p(total) - special.betaln(x + 1, total - x + 1)
    drawn = special.betaln(x[:, None] + alpha, total - x[:, None] + beta)
    return np.asarray(ways[:, None] + drawn - special.betaln(alpha, beta))
