"""What the counts of a term say, over all excesses it may have: chance, evidence, likely effect.

Probabilities of how a term's occurrences fall to two groups give its count test; their ratio under
a difference and without one is the weight of evidence, by which terms are ranked; and with what is
learnt of all effects they give what an effect is likely to be.

The largest of many estimates are large by chance too. A posterior does not care what was selected
(Dawid 1994, doi:10.1214/lnms/1215463797), as long as its prior is how effects are spread over
terms. Here that is learnt from all terms of the comparison (Stephens 2017, "False discovery rates:
a new deal", doi:10.1093/biostatistics/kxw041): a mixture of normal distributions about 0, from next
to nothing to several doublings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import special

from analysis.inference.bursts import Bursts, alike, joint_excess, log_splits, read_off
from analysis.inference.levels import CONFIDENCE
from analysis.inference.weights import Floats
from analysis.numbers import reaches

CLOSE = 1e-4  # by which two tails may differ and count as equal
SLIGHT = 1e-13  # of a probability that matters: what is less does not show
SURE = 1e-15  # a share of which the rest is none
CERTAIN = 1 - 1e-16
FAR = 40.0  # octaves beyond which no log ratio is sought
STEEP = 40.0  # normal quantiles beyond which a probability is not told from 0 or 1
ROUNDS, NEAR = 60, 1e-8  # of the search for a log ratio, and when it ends
Rising = Callable[[Floats, np.ndarray], Floats]
WEIGHED = np.array([0.25, 0.5, 1, 1.5, 2, 3, 4, 6])  # log ratios at which evidence is weighed
WIDTH = 1.25  # spread of true log ratios, a factor of 2.4
COMMON = 0.1  # share of terms that differ, before any is looked at
OCTAVES_OF_TOTALS = np.arange(2, 10)  # log2 of occurrences, where bands of frequency meet
WORTH = 50.0  # terms that all terms together are worth in a band
LARGEST_FACTOR = 300.0  # natural logarithm of a Bayes factor beyond which none is larger
COLUMNS = ["shrunk", "shrunk_low", "shrunk_high"]
WIDTHS = np.array([0.02, 0.25, 0.5, 1.0, 1.75, 2.5])  # of effects over terms, in doublings
POINTS = np.r_[
    0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.7, 1.9,
    2.1, 2.4, 2.7, 3, 3.4, 3.8, 4.2, 4.7, 5.2, 5.8, 6.5, 7.2, 8, 9, 10, 12,
]  # fmt: skip
EFFECTS = np.r_[-POINTS[:0:-1], POINTS]  # log ratios at which a likelihood is known
STEPS = 200  # of EM
SAMPLE = 3_000  # terms from which the spread of effects is learnt
BLOCK = 2_000  # terms at a time
PART = 1_024  # terms at a time, each with a row of the grid
EXACT = 64  # counts that are summed one by one; longer tails are summed in blocks
NOTHING = 1e-17  # of a sum
STEP = 1.08  # by which blocks grow with their distance from the end of a tail
TAILS = 5_000  # tails at a time
DECIMALS = 12  # of a mean, beyond which all is rounding: those of terms that do not differ are 0


@dataclass(frozen=True)
class Splits:
    """Terms' occurrences, the target's and in all, and how likely each excess is for each term.

    Attributes
    ----------
    bursts : what is known of excesses
    weights : terms × grid
    counts, totals : occurrences in the target, and in both groups
    """

    bursts: Bursts
    weights: Floats
    counts: Floats
    totals: Floats

    def chosen(self, terms: np.ndarray) -> "Splits":
        """Return some of the terms."""
        return Splits(self.bursts, self.weights[terms], self.counts[terms], self.totals[terms])

    def at(self, counts: Floats) -> "Splits":
        """Return the same terms with other counts."""
        return Splits(self.bursts, self.weights, counts, self.totals)

    def share(self, log_ratio: Floats) -> Floats:
        """Return the share of occurrences that the target holds at a log ratio."""
        odds = np.log(self.bursts.share) - np.log1p(-self.bursts.share)
        share = special.expit(odds + log_ratio * np.log(2))
        return np.asarray(np.clip(share, SURE, 1 - SURE))

    def above(
        self, log_ratio: Floats | float = 0.0, *, least: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Return ``P(X > x) + P(X = x) / 2`` and ``P(X < x) + P(X = x) / 2`` at a log ratio.

        The smaller of the two is summed, so that it keeps its digits; they add up to 1. Where no
        probability below ``least`` matters, excesses that are too unlikely to show are left out.
        """
        share = self.share(np.asarray(log_ratio, dtype=float))
        up = self.counts >= self.totals * share
        counts = np.where(up, self.counts, self.totals - self.counts)
        tail = self._tail(counts, share, up, least=least)
        return np.where(up, tail, 1 - tail), np.where(up, 1 - tail, tail)

    def at_least(self, log_ratio: Floats | float = 0.0, *, least: float = 0.0) -> Floats:
        """Return ``P(X ≥ x)`` at a log ratio; x may be anything from 0 to one beyond the total."""
        share = self.share(np.asarray(log_ratio, dtype=float))
        up = self.counts >= self.totals * share
        counts = np.where(up, self.counts, self.totals - self.counts + 1)
        tail = self._tail(np.clip(counts, 0, self.totals), share, up, whole=True, least=least)
        found = np.where(up, tail, 1 - tail)
        return np.where(self.counts <= 0, 1, np.where(self.counts > self.totals, 0, found))

    def _tail(
        self,
        counts: Floats,
        share: Floats,
        up: np.ndarray,
        *,
        whole: bool = False,
        least: float = 0.0,
    ) -> Floats:
        """Sum from each count, half or whole, to the total, over the excesses of each term.

        Where all terms have one share, each pair of a count and a total is summed once.
        """
        joint, held = self.bursts.joint_at(share), self.weights >= SLIGHT * least
        if np.ndim(share) or not len(counts):
            own = np.where(up, share, 1 - share)
            found = tails(counts, self.totals, own, joint, held, whole=whole)
            return np.minimum((self.weights * found).sum(axis=1), 1)
        first, place = alike(counts, self.totals, up)
        some = np.zeros((len(first), held.shape[1]), dtype=bool)
        long = self.totals > 2 * EXACT  # of few occurrences all are summed
        np.logical_or.at(some, place[long], held[long])
        own = np.where(up[first], share, 1 - share)
        found = tails(counts[first], self.totals[first], own, joint, some, whole=whole)
        return np.minimum((self.weights * found[place]).sum(axis=1), 1)

    def solve(self, wanted: float, *, upper: bool = True) -> Floats:
        """Return the log ratio at which the probability of more, or of less, is the one wanted.

        ``P(X > x) + P(X = x) / 2`` rises with the log ratio. Where a probability is not reached at
        any, the log ratio is infinite: a term that the target lacks has no lower end.

        Parameters
        ----------
        wanted : probability
        upper : whether it is that of more, else that of less
        """
        free = np.flatnonzero(self.counts != (0 if upper else self.totals))
        found = np.full(len(self.totals), -np.inf if upper else np.inf)
        own, sign, place = self.chosen(free), 1 if upper else -1, 0 if upper else 1
        goal = sign * float(special.ndtri(wanted))
        found[free] = _root(
            lambda theta, some: (
                sign * special.ndtri(own.chosen(some).above(theta, least=wanted)[place])
            ),
            goal,
            own._near(goal),
        )
        return found

    def _near(self, quantile: float) -> Floats:
        """Return about where a count stands at a normal quantile."""
        a, b = self.counts + 0.5, self.totals - self.counts + 0.5
        odds = np.log2(self.bursts.share / (1 - self.bursts.share))
        spread = np.sqrt((1 + self.weights @ self.bursts.joint) * (1 / a + 1 / b)) / np.log(2)
        return np.log2(a / b) - odds + quantile * np.minimum(spread, 3)

    def p_value(self, log_ratio: Floats | float = 0.0, *, least: float = 0.0) -> Floats:
        """Return each term's two-sided mid-p at a log ratio; ``least`` as in ``above``.

        The tail that the count is in, and as much again if the other tail can be as small: if
        ``P(X = 0) / 2``, or ``P(X = t) / 2``, is.
        """
        return two_tails(*self.above(log_ratio, least=least), *self.extremes(log_ratio))

    def extremes(self, log_ratio: Floats | float = 0.0) -> tuple[Floats, Floats]:
        """Return half the probability of no occurrence in the target, and of all of them."""
        none = self.at(np.zeros(len(self.totals))).above(log_ratio)[1]
        return none, self.at(self.totals).above(log_ratio)[0]

    def ends(self, level: float) -> tuple[Floats, Floats]:
        """Return the log ratios between which the two-sided mid-p is not below a level.

        On either side of the estimate p rises and falls with the log ratio. It is one tail where
        the other cannot be as small, then two: it passes the level where one tail does, where two
        do, or where it leaps from one to two.
        """
        low = self._end(level)
        high = -self.mirrored()._end(level)
        return low, high

    def _end(self, level: float) -> Floats:
        end = self.solve(level / 2)
        none = self.at(np.zeros(len(end)))

        def leaps(p: float, theta: Floats, some: np.ndarray) -> np.ndarray:
            return np.asarray(special.ndtri(p * (1 + CLOSE)) >= other(theta, some))

        def other(theta: Floats, some: np.ndarray) -> Floats:
            return np.asarray(special.ndtri(none.chosen(some).above(theta)[1]))

        free = np.flatnonzero(self.counts > 0)
        free = free[~leaps(level / 2, end[free], free)]
        one = self.chosen(free).solve(level)
        both = leaps(level, one, free)
        end[free[~both]] = one[~both]
        between = free[both]
        two, one = end[between], one[both]
        leap = _root(
            lambda theta, some: (
                special.ndtri(
                    np.minimum(self.chosen(between[some]).above(theta)[0] * (1 + CLOSE), CERTAIN)
                )
                - other(theta, between[some])
            ),
            0.0,
            (two + one) / 2,
        )
        end[between] = np.clip(leap, two, one)
        return end

    def reached(self, wanted: float) -> Floats:
        """Return the log ratio at which ``P(X ≥ x)`` is the one wanted; x above 0."""
        goal = float(special.ndtri(wanted))
        return _root(
            lambda theta, some: special.ndtri(self.chosen(some).at_least(theta, least=1 - wanted)),
            goal,
            self._near(goal),
        )

    def mirrored(self) -> "Splits":
        """Return the same terms with the groups exchanged."""
        counts = self.totals - self.counts
        return Splits(self.bursts.mirrored(), self.weights, counts, self.totals)


def two_tails(above: Floats, below: Floats, least: Floats, most: Floats) -> Floats:
    """Return two-sided p-values from mid-tails: of the count, of no occurrence, and of all."""
    up = above < below
    tail, other = np.where(up, above, below), np.where(up, least, most)
    return np.minimum(np.where(other <= tail * (1 + CLOSE), 2 * tail, tail), 1)


def _root(f: Rising, goal: float, start: Floats) -> Floats:
    """Return where rising functions reach a goal, by regula falsi (Illinois) from a first guess.

    Parameters
    ----------
    f : of log ratios and of the numbers of the terms that they are for
    start : a guess a term
    """
    count = len(start)
    low, high = np.full(count, -FAR), np.full(count, FAR)
    f_low, f_high = np.full(count, -STEEP), np.full(count, STEEP)
    side, found = np.zeros(count), np.clip(start, -FAR / 2, FAR / 2)
    open_ = np.arange(count)
    for number in range(ROUNDS):
        at = found[open_]
        value = np.clip(f(at, open_) - goal, -STEEP, STEEP)
        over = value > 0
        up, down = open_[over], open_[~over]
        f_low[up[side[up] == 1]] /= 2
        f_high[down[side[down] == -1]] /= 2
        high[up], f_high[up], side[up] = found[up], value[over], 1
        low[down], f_low[down], side[down] = found[down], value[~over], -1
        near = np.minimum(np.abs(value), high[open_] - low[open_]) < NEAR
        open_ = open_[~near]
        if not len(open_):
            break
        wide = high[open_] - low[open_]
        step = f_high[open_] / (f_high[open_] - f_low[open_])
        guess = high[open_] - step * wide
        ends = (low[open_] == -FAR) | (high[open_] == FAR)
        sign = np.where(high[open_] == FAR, 1.0, -1.0)
        guess = np.where(ends, found[open_] + sign * 2.0 ** (number - 1), guess)
        inside = (guess > low[open_]) & (guess < high[open_])
        found[open_] = np.where(inside, guess, (low[open_] + high[open_]) / 2)
    return found


def weigh_evidence(
    bursts: Bursts, counts: Floats, totals: Floats, many: Floats | None = None
) -> Floats:
    """Return each term's weight of evidence, positive for over-use in the target.

    ``log₁₀ (1 + O B₊) - log₁₀ (1 + O B₋)``: B₊ is the Bayes factor of "used more in the target"
    against "used alike", B₋ that of "used more in the reference" (Good 1985, Bayesian Statistics
    2, 249-269), and O are the odds that a term of its frequency is used more in one group, before
    its own counts are looked at. A factor is the probability of the term's counts, unit by unit,
    where its log ratio is half normal with a spread of ``WIDTH``, over their probability where it
    is 0; both are averaged over excesses. Ten occurrences in ten units so weigh more than ten in
    one. The odds are learnt from all terms of about the same frequency (empirical Bayes, by EM;
    Efron 2010, doi:10.1017/CBO9780511761362): where rare words differ no more often than chance
    has them, the best of many rare words does not rank before a common one. ``WIDTH`` and
    ``WORTH`` are choices, made in simulations with other random numbers than those of
    `benchmarks/README.md`, which compares the order with others.

    Parameters
    ----------
    bursts : what is known of the terms' excesses
    counts, totals : occurrences in the target, and in both groups
    many : how many terms there are of each, if rows are kinds of terms
    """
    many = np.ones(len(totals)) if many is None else many
    weights = np.exp(-0.5 * (WEIGHED / WIDTH) ** 2) * np.gradient(WEIGHED)
    weights /= weights.sum()
    alike = _log_likelihood(bursts, counts, totals, 0.0)
    more, less = (
        special.logsumexp(
            [_log_likelihood(bursts, counts, totals, sign * x) - alike for x in WEIGHED],
            axis=0,
            b=weights[:, None],
        )
        for sign in (1, -1)
    )
    odds = _odds_of_likes(np.logaddexp(more, less) - np.log(2), totals, many)
    more, less = more + odds, less + odds
    return np.asarray((np.logaddexp(0, more) - np.logaddexp(0, less)) / np.log(10))


def _odds_of_likes(factor: Floats, totals: Floats, many: Floats) -> Floats:
    """Return the log-odds that terms as frequent as each are used more in one of the groups.

    Parameters
    ----------
    factor : log Bayes factor of "used more in one of the groups"
    totals : occurrences
    many : terms of each
    """
    factor = np.exp(np.minimum(factor, LARGEST_FACTOR))
    every = _share(factor, many, COMMON)
    band = np.digitize(np.log2(totals), OCTAVES_OF_TOTALS)
    shares = np.full(len(totals), every)
    for number in np.unique(band):
        own = band == number
        shares[own] = _share(factor[own], many[own], every)
    return np.log(shares / 2) - np.log1p(-shares)


def _share(factor: Floats, many: Floats, base: float) -> float:
    """Return the share of terms that differ under which their factors are likeliest (EM)."""
    share = base
    for _ in range(ROUNDS):
        differs = share * factor / (share * factor + 1 - share)
        share = float((many @ differs + WORTH * base) / (many.sum() + WORTH))
    return share


def _log_likelihood(bursts: Bursts, counts: Floats, totals: Floats, effect: float) -> Floats:
    """Return the log-probability of each term's counts at one log ratio, over all excesses.

    At a log ratio other than 0 the target's expected count is ``t π'`` rather than ``t π``; the
    concentration of its units is then that of an excess ``π / π'`` times as large.
    """
    share = 1 / (1 + (1 - bursts.share) / bursts.share * 2.0**-effect)
    more, less = np.log2(share / bursts.share), np.log2((1 - share) / (1 - bursts.share))
    target = read_off(bursts.target, -bursts.halves - more)
    reference = read_off(bursts.reference, bursts.halves - less)
    joint = joint_excess(*bursts.excess, np.array(share))
    each = target + reference + log_splits(counts, totals, share, joint)
    top = each.max(axis=1, keepdims=True)
    return np.asarray(np.log((np.exp(each - top) * bursts.prior).sum(axis=1)) + top[:, 0])


def shrink(
    splits: Splits, kind: np.ndarray | None = None, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Return the posterior mean of each term's log ratio, and its central interval.

    Parameters
    ----------
    splits : the terms, or their kinds, and what is known of their excesses
    kind : of each term, if the splits are of kinds
    confidence : probability of the interval

    Returns
    -------
    DataFrame
        ``shrunk, shrunk_low, shrunk_high``, one row a term.
    """
    count = len(splits.totals)
    kind = np.arange(count) if kind is None else kind
    chosen = kind
    if len(kind) > SAMPLE:
        chosen = kind[np.sort(np.random.default_rng(0).choice(len(kind), SAMPLE, replace=False))]
    found = likelihoods(splits)
    prior = _spread(found[chosen])
    rows = [
        _posterior(found[start : start + BLOCK] * prior, confidence)
        for start in range(0, count, BLOCK)
    ]
    return pd.DataFrame(np.vstack(rows or [np.empty((0, 3))])[kind], columns=COLUMNS)


def likelihoods(splits: Splits) -> Floats:
    """Return terms × effects: the probability of each term's split at each log ratio, scaled."""
    found = np.empty((len(splits.totals), len(EFFECTS)))
    first, place = alike(splits.counts, splits.totals)
    counts, totals = splits.counts[first], splits.totals[first]
    for number, effect in enumerate(EFFECTS):
        share = float(splits.share(np.array(effect)))
        law = np.exp(log_splits(counts, totals, share, splits.bursts.joint_at(share)))
        for start in range(0, len(place), BLOCK):
            own = slice(start, start + BLOCK)
            found[own, number] = (splits.weights[own] * law[place[own]]).sum(axis=1)
    return np.asarray(found / found.max(axis=1, keepdims=True))


def _spread(likelihood: Floats) -> Floats:
    """Return how likely each effect is for a term, learnt from terms (EM)."""
    cells = np.gradient(EFFECTS)
    shapes = np.exp(-0.5 * (EFFECTS / WIDTHS[:, None]) ** 2) * cells
    shapes /= shapes.sum(axis=1, keepdims=True)
    own = likelihood @ shapes.T
    parts = np.full(len(WIDTHS), 1 / len(WIDTHS))
    for _ in range(STEPS):
        drawn = own * parts
        parts = (drawn / drawn.sum(axis=1, keepdims=True)).sum(axis=0) + 1
        parts /= parts.sum()
    return np.asarray(parts @ shapes)


def _posterior(weights: Floats, confidence: float) -> Floats:
    """Return mean and central interval of distributions over the effects."""
    shares = weights / weights.sum(axis=1, keepdims=True)
    below = np.cumsum(shares, axis=1)
    tail = (1 - confidence) / 2
    low = EFFECTS[reaches(below, tail).argmax(axis=1)]
    high = EFFECTS[reaches(below, 1 - tail).argmax(axis=1)]
    mean = (shares @ EFFECTS).round(DECIMALS) + 0.0
    return np.column_stack([mean, low, high])


# Tails of beta-binomial laws: exact for few occurrences, in blocks for many


def tails(
    counts: Floats,
    totals: Floats,
    share: Floats,
    joint: Floats,
    held: np.ndarray,
    *,
    whole: bool = False,
) -> Floats:
    """Sum from each count, half or whole, to the total, for each excess: counts × grid.

    Parameters
    ----------
    counts, totals : the probabilities of a count and of all that is more are summed, up to the
        total; a count is at or above its mean, so that it is the smaller tail
    share : the mean share of what is counted, a value or one a count
    joint : excesses, grid or counts × grid
    held : counts × grid, those that are wanted where there are many to be summed
    whole : whether the probability of the count itself is taken whole
    """
    share = np.broadcast_to(share, counts.shape)
    joint = np.broadcast_to(joint, (len(counts), joint.shape[-1]))
    found = np.zeros(joint.shape)
    few = totals <= 2 * EXACT
    found[few] = _short(counts[few], totals[few], share[few], joint[few], whole)
    row, column = np.nonzero(held & ~few[:, None])
    for start in range(0, len(row), TAILS):
        own, k = row[start : start + TAILS], column[start : start + TAILS]
        found[own, k] = _long(counts[own], totals[own], share[own], joint[own, k], whole)
    return found


def _short(counts: Floats, totals: Floats, share: Floats, joint: Floats, whole: bool) -> Floats:
    """Sum one by one, for few occurrences: each probability from the one before.

    ``P(x) = (t over x) Π (α + i) / (c + i) Π (β + j) / (c + x + j)`` and
    ``P(x + 1) / P(x) = (t - x) (α + x) / ((x + 1) (β + t - x - 1))``, with ``c = t / e``,
    ``α = π c``, ``β = (1 - π) c``.
    """
    order = np.argsort(-counts, kind="stable")
    counts, totals, share, rest = (e[order] for e in (counts, totals, share, totals - counts))
    size = totals[:, None] / joint[order]
    p = np.broadcast_to(special.binom(totals, counts)[:, None], size.shape).copy()
    for rows in _parts(len(p)):
        _rise(p[rows], share[rows, None] * size[rows], size[rows], counts[rows])
    by_rest = np.argsort(-rest, kind="stable")
    order, counts, rest = order[by_rest], counts[by_rest], rest[by_rest]
    p, size, share = p[by_rest], size[by_rest], share[by_rest, None]
    found = np.empty_like(p)
    for rows in _parts(len(p)):
        own, x, alpha = p[rows], counts[rows, None], share[rows] * size[rows]
        beta = (1 - share[rows]) * size[rows]
        _rise(own, beta, size[rows] + x, rest[rows])
        found[order[rows]] = _summed(own, alpha + x, beta + rest[rows, None], x, rest[rows], whole)
    return found


def _parts(count: int) -> list[slice]:
    """Return blocks of terms, small enough to stay at hand."""
    return [slice(start, start + PART) for start in range(0, count, PART)]


def _lengths(many: Floats) -> list[int]:
    """Return for each step how many terms take it, of falling numbers of steps."""
    steps = np.arange(int(many.max(initial=0)))
    return np.searchsorted(-many, -steps).tolist()


def _rise(p: Floats, top: Floats, bottom: Floats, many: Floats) -> None:
    """Multiply p by ``Π (top + i) / (bottom + i)``, i up to how many a term has, which falls."""
    above, below = np.empty_like(p), np.empty_like(p)
    for i, n in enumerate(_lengths(many)):
        np.add(top[:n], i, out=above[:n])
        np.add(bottom[:n], i, out=below[:n])
        above[:n] /= below[:n]
        p[:n] *= above[:n]


def _summed(
    p: Floats, more: Floats, less: Floats, counts: Floats, rest: Floats, whole: bool
) -> Floats:
    """Return p, half or whole, and all that follows; see ``_short``.

    Parameters
    ----------
    p : terms × grid, the probability of the count; overwritten
    more, less : α + x and β + t - x
    counts, rest : x, in a column, and t - x, which falls
    whole : whether p is taken whole
    """
    total = p.copy() if whole else p / 2
    rising, falling, left = np.empty_like(p), np.empty_like(p), rest[:, None]
    for i, n in enumerate(_lengths(rest)):
        np.add(more[:n], i, out=rising[:n])
        rising[:n] *= (left[:n] - i) / (counts[:n] + i + 1)
        np.subtract(less[:n], i, out=falling[:n])
        falling[:n] -= 1
        rising[:n] /= falling[:n]
        p[:n] *= rising[:n]
        total[:n] += p[:n]
    return total


def _long(counts: Floats, totals: Floats, share: Floats, joint: Floats, whole: bool) -> Floats:
    """Sum the next probabilities one by one, and what is left in blocks where it is not nothing.

    Where α and β are 1 or more, ratios of neighbours only fall: after a last probability p and its
    ratio r to the next, no more than ``p r / (1 - r)`` can follow.
    """
    size, rest = totals / joint, totals - counts
    alpha, beta = share * size, (1 - share) * size
    p = np.exp(_log_law(counts, totals, alpha, beta))
    found = p.copy() if whole else p / 2
    more, less = alpha + counts, beta + rest
    ratio, part = np.zeros(len(p)), np.empty(len(p))
    for i in range(min(EXACT - 1, int(rest.max(initial=0)))):
        np.subtract(rest, i, out=ratio)
        np.maximum(ratio, 0, out=ratio)
        ratio *= np.add(more, i, out=part)
        ratio /= np.add(counts, i + 1, out=part)
        np.subtract(less, i, out=part)
        part -= 1
        ratio /= np.maximum(part, beta, out=part)
        p *= ratio
        found += p
    bounded = (alpha >= 1) & (beta >= 1) & (ratio < 1)
    follows = p * ratio / np.where(bounded, 1 - ratio, 1)
    left = np.flatnonzero((rest >= EXACT) & ~(bounded & (follows <= NOTHING * found)))
    begin = counts[left] + EXACT - 1
    found[left] += _blocks(begin, totals[left], alpha[left], beta[left]) - p[left] / 2
    return found


def _log_law(counts: Floats, totals: Floats, alpha: Floats, beta: Floats) -> Floats:
    """Return beta-binomial log-probabilities."""
    drawn = special.betaln(counts + alpha, totals - counts + beta) - special.betaln(alpha, beta)
    return np.asarray(_log_ways(counts, totals) + drawn)


def _log_ways(counts: Floats, totals: Floats) -> Floats:
    """Return the logarithm of in how many ways so many of a total can be drawn."""
    return np.asarray(-np.log1p(totals) - special.betaln(counts + 1, totals - counts + 1))


def _blocks(counts: Floats, totals: Floats, alpha: Floats, beta: Floats) -> Floats:
    """Sum from each count, half, to the total, in blocks over which probabilities fall evenly."""
    fresh = np.diff(counts, prepend=-1) != 0  # the excesses of a term stand together
    fresh |= np.diff(totals, prepend=-1) != 0
    node, term, width, last = _nodes(counts[fresh], totals[fresh])
    ways, of_term = _log_ways(node, totals[fresh][term]), np.cumsum(fresh) - 1
    many = np.bincount(term, minlength=int(fresh.sum()))
    owner = np.repeat(np.arange(len(counts)), many[of_term])
    begin = (np.cumsum(many) - many)[of_term] - np.cumsum(many[of_term]) + many[of_term]
    place = np.arange(len(owner)) + begin[owner]
    node, width, last = node[place], width[place], last[place]
    drawn = special.betaln(node + alpha[owner], totals[owner] - node + beta[owner])
    log_p = ways[place] + (drawn - special.betaln(alpha, beta)[owner])
    p = np.exp(log_p)
    part = np.where(last, p / 2, 0)
    at = np.flatnonzero(~last)
    part[at] += _block(p[at], p[at + 1], log_p[at], log_p[at + 1], width[at])
    return np.bincount(owner, part, len(counts)).astype(float)


def _nodes(counts: Floats, totals: Floats) -> tuple[Floats, np.ndarray, Floats, np.ndarray]:
    """Return from each count to its total the places where blocks meet.

    With each its term, the width of the block that it opens, and whether it is the last.
    """
    lengths, own = np.unique((totals - counts).astype(int), return_inverse=True)
    offsets = [_offsets(int(n)) for n in lengths]
    many = np.array([len(each) for each in offsets], dtype=int)
    starts = np.cumsum(many) - many
    owner = np.repeat(np.arange(len(counts)), many[own])
    within = np.arange(len(owner)) - np.repeat(np.cumsum(many[own]) - many[own], many[own])
    offset = np.concatenate([*offsets, np.empty(0)])[starts[own][owner] + within]
    width = np.diff(offset, append=0)
    last = np.diff(owner, append=-1) != 0
    return counts[owner] + offset, owner, np.where(last, 0, width), last


@lru_cache(4096)
def _offsets(length: int) -> Floats:
    """Return 0 to a length: all of it, or growing towards the middle, and fine at the far end.

    What is before 0 has been summed one by one: EXACT counts.
    """
    if length <= EXACT:
        return np.arange(length + 1.0)
    steps = [EXACT - 1.0]
    whole = length + EXACT - 1
    while steps[-1] < whole / 2:
        steps.append(np.floor(steps[-1] * STEP))
    rising = np.array([x for x in steps if x <= whole / 2])
    fine = np.r_[np.arange(EXACT), rising]
    return np.unique(np.r_[rising - EXACT + 1, length - fine[fine <= whole / 2]])


def _block(p: Floats, q: Floats, log_p: Floats, log_q: Floats, width: Floats) -> Floats:
    """Return the sum from p to q, both halved, of probabilities that fall or rise evenly."""
    change = log_q - log_p
    even = np.abs(change) < 1e-6
    slope = np.where(even, 1, change)
    area = np.where(even, (p + q) / 2, (q - p) / slope) * width
    return np.where(width == 1, (p + q) / 2, area)
