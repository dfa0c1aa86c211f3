"""How unevenly terms fall over texts, learnt from all terms together and then for each.

The model. A term's count in a unit of n tokens is negative binomial with mean ``m = n r`` and
variance ``m (1 + e)``. The excess e is 0 where occurrences fall independently; it is large where
they come in bursts, and where units differ in what they are about. In real texts it grows with a
unit's length and with a term's frequency, as Taylor's law says that a variance is a power of its
mean (Kobayashi & Tanaka-Ishii 2018, doi:10.18653/v1/P18-1105):

    e = s (n / n̄)^g (n̄ r)^d

with n̄ a typical length, s the term's own unevenness, and powers g and d common to all terms. Long
documents and frequent terms so vary more than chance and bursts alone would have them.

What is learnt from what. How a group's own occurrences are spread over its units says nothing of
how many the group has: it tells of a term's unevenness (``target``, ``reference``: the probability
of the units' counts given their sum), and the test then looks at the sums. The powers, and how
unevenness is distributed over terms, are learnt from all terms, from units and groups alike
(empirical Bayes: Robbins 1956; Efron 2010, doi:10.1017/CBO9780511761362): first a family of bell
shapes with heavy tails, then, band by band of frequency, any shape (a mixture on a grid, by EM
around the former). So a term seen often is judged by its own spread and a term seen rarely by that
of its likes. Where texts tell little, as with one document a side, what other texts have taught
stands in for them (``analysis/resources/variation.toml``).
"""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse, special

from analysis.files import resource
from analysis.inference.weights import Flags, Floats
from analysis.numbers import largest

OCTAVES = np.arange(-6, 14)
EXCESS = 2.0**OCTAVES  # the grid on which an excess is known, at the typical length
STANDARD = np.arange(-16, 21)  # octaves of s, the unevenness with length and frequency taken out
GROWTHS, SLOPES = (0.0, 0.5, 1.0), (0.0, 0.25, 0.5)  # the powers g and d
FACTORS = (-2, 0, 2)  # log2 of the reference's excess over the target's
FACTOR_SPREAD = 1.0  # a priori
CENTRES, SPREADS = np.arange(-8, 9), np.array([0.5, 1, 1.5, 2, 3])  # of log2 s over terms
TAILS = 4  # degrees of freedom of the bell shape
BANDS = (3, 5, 7, 9)  # log2 of occurrences, where bands of frequency meet
WORTH = 20.0  # terms that a shape learnt from more of them is worth
STEPS = 30  # of EM
SAMPLE = 1_500  # terms from which powers and bell shape are learnt
SMALLEST = 1e-3  # an excess below is none
ROWS = 4_096  # terms at a time
FEW = 12  # occurrences in a unit up to which factors are multiplied


@dataclass(frozen=True)
class Bursts:
    """What the spread of terms over units says of their excess.

    Attributes
    ----------
    share : the target's share of all tokens; or of each term, where divisions differ
    growth, slope : the powers g and d
    halves : half of log2 of the reference's excess over the target's, one for all terms
    longer : how many times larger an excess is in the target's whole, and in the reference's,
        than in a unit of typical length; or of each term, in a column
    prior : terms × grid, how likely each excess is for a term of its frequency
    target, reference : terms × grid, log-likelihood of each group's excess, given its units
    every : terms × grid, log-probability of all units' counts, whichever group they are of
    """

    share: Any
    growth: float
    slope: float
    halves: float
    longer: tuple[Any, Any]
    prior: Floats
    target: Floats
    reference: Floats
    every: Floats

    @property
    def excess(self) -> tuple[Floats, Floats]:
        """Grid: the target's and the reference's excess, each as one whole."""
        first, second = self.longer
        return EXCESS * first * 2.0**-self.halves, EXCESS * second * 2.0**self.halves

    @property
    def joint(self) -> Floats:
        """Grid: the excess of the split of a term between the groups, see ``joint_excess``."""
        return self.joint_at(self.share)

    def joint_at(self, share: float | Floats) -> Floats:
        """Return the same for terms of which the target holds another share."""
        first, second = self.excess
        return joint_excess(first, second, np.asarray(share)[..., None])

    def mirrored(self) -> "Bursts":
        """Return the same with the groups exchanged."""
        return replace(
            self,
            share=1 - self.share,
            halves=-self.halves,
            longer=self.longer[::-1],
            target=self.reference,
            reference=self.target,
        )

    def alike(self, side: int) -> "Bursts":
        """Return the same with both groups as uneven as one of them (0: target, 1: reference)."""
        factor = 2.0 ** (self.halves if side else -self.halves)
        first, second = (length * factor for length in self.longer)
        return replace(self, halves=0.0, longer=(first, second))

    @property
    def weights(self) -> Floats:
        """Terms × grid: how likely each excess is for each term."""
        return posterior(self.prior, both(self.target, self.reference, self.halves))


@dataclass(frozen=True)
class Variation:
    """What other texts have taught of the unevenness of terms (``variation.toml``).

    Attributes
    ----------
    centre, per_octave : of log2 s over terms, in units of 1,000 tokens, and more an octave longer
    spread : of log2 s over terms within one corpus, in octaves
    growth, slope : the powers g and d
    centre_spread, spread_spread, growth_spread, slope_spread : how far kinds of text differ in each
        (that of the spread in octaves)
    tail, divisions : how heavy the tail of family-wise p-values is, and of how many divisions of
        one corpus this is worth (``divisions``)
    """

    centre: float
    per_octave: float
    centre_spread: float
    spread: float
    spread_spread: float
    growth: float
    growth_spread: float
    slope: float
    slope_spread: float
    tail: float
    divisions: float


@cache
def variation() -> Variation:
    """Return what other texts have taught."""
    told = tomllib.loads(resource("variation.toml").read_text(encoding="utf-8"))
    return Variation(**told["variation"])


def learn_bursts(
    table: sparse.csr_array, sizes: Floats, flags: Flags, kind: np.ndarray | None = None
) -> Bursts:
    """Learn terms' excesses from how their occurrences are spread over units.

    Parameters
    ----------
    table : units × terms counts, every term occurring; or units × kinds of terms
    sizes, flags : tokens of each unit; True where it is the target's
    kind : of each term, if columns are kinds
    """
    units = _Units.of(table, sizes, flags)
    kind = np.arange(table.shape[1]) if kind is None else kind
    several = kind[units.totals[kind] >= 2]
    chosen = several
    if len(several) > SAMPLE:
        rng = np.random.default_rng(0)
        chosen = np.sort(rng.choice(several, SAMPLE, replace=False))
    growth, slope, halves, bell = _learn_law(units.of_terms(chosen))
    target, reference, every = units.likelihoods(growth)
    joint = units.joint(growth, halves)
    known = both(target, reference, halves)
    known += log_splits(units.counts, units.totals, units.share, joint)
    many = np.bincount(kind, minlength=len(known)).astype(float)
    prior = _shapes(known, many, bell, units.totals, slope * units.frequency)
    return Bursts(
        units.share, growth, slope, halves, units.longer(growth), prior, target, reference, every
    )


@dataclass(frozen=True)
class _Units:
    """Counts in units, with what all likelihoods need of them."""

    sides: tuple[sparse.csc_array, sparse.csc_array]
    sizes: tuple[Floats, Floats]
    counts: Floats
    totals: Floats
    typical: float

    @classmethod
    def of(cls, table: sparse.csr_array, sizes: Floats, flags: Flags) -> "_Units":
        sides = table[flags].tocsc(), table[~flags].tocsc()
        counts = np.asarray(sides[0].sum(axis=0), dtype=float).ravel()
        totals = counts + np.asarray(sides[1].sum(axis=0), dtype=float).ravel()
        typical = float((sizes**2).sum() / sizes.sum())
        return cls(sides, (sizes[flags], sizes[~flags]), counts, totals, typical)

    def of_terms(self, chosen: np.ndarray) -> "_Units":
        first, second = (side[:, chosen] for side in self.sides)
        kept = self.counts[chosen], self.totals[chosen]
        return _Units((first, second), self.sizes, *kept, self.typical)

    @property
    def share(self) -> float:
        """The target's share of all tokens."""
        first, second = (float(sizes.sum()) for sizes in self.sizes)
        return first / (first + second)

    @property
    def frequency(self) -> Floats:
        """The log2 of each term's expected count in a unit of typical length."""
        tokens = sum(sizes.sum() for sizes in self.sizes)
        return np.asarray(np.log2(self.totals * self.typical / tokens))

    def longer(self, growth: float) -> tuple[float, float]:
        first, second = (
            float((n * (n / self.typical) ** growth).sum() / n.sum()) for n in self.sizes
        )
        return first, second

    def joint(self, growth: float, halves: float) -> Floats:
        first, second = self.longer(growth)
        return joint_excess(
            EXCESS * first * 2.0**-halves, EXCESS * second * 2.0**halves, np.array(self.share)
        )

    def likelihoods(self, growth: float) -> tuple[Floats, Floats, Floats]:
        """Return either side's terms × grid, and that of all units' counts, sums not given.

        Means are those of no difference.
        """
        found = []
        every = np.zeros((len(self.totals), len(EXCESS)))
        for side, n, part in zip(self.sides, self.sizes, (self.share, 1 - self.share), strict=True):
            means, grown = self.totals * part, (n / self.typical) ** growth
            sums = np.asarray(side.sum(axis=0), dtype=float).ravel()
            excess = np.asarray(EXCESS * float((n * grown).sum() / n.sum()))
            first, place = alike(sums, self.totals)
            whole = of_sums(sums[first], means[first], excess)[place]
            units = _of_units(side, n, means, grown) if len(n) > 1 else whole
            found.append(np.where((sums > 0)[:, None], units - whole, 0))
            every += units
        return found[0], found[1], every


def _learn_law(units: _Units) -> tuple[float, float, float, Floats]:
    """Return the powers g and d, half the groups' factor, and the bell shape of log2 s."""
    told = variation()
    centre = told.centre + told.per_octave * np.log2(units.typical / 1000)
    centres, spreads = (grid.ravel() for grid in np.meshgrid(CENTRES, SPREADS))
    far = 0.5 * ((centres - centre) / told.centre_spread) ** 2
    far += 0.5 * ((np.log2(spreads) - np.log2(told.spread)) / told.spread_spread) ** 2
    z = (STANDARD - centres[:, None]) / spreads[:, None]
    bells = (1 + z**2 / TAILS) ** (-(TAILS + 1) / 2)
    bells /= bells.sum(axis=1, keepdims=True)
    found = []
    for growth in GROWTHS:
        target, reference, _ = units.likelihoods(growth)
        for factor in FACTORS:
            joint = units.joint(growth, factor / 2)
            likelihood = both(target, reference, factor / 2)
            likelihood += log_splits(units.counts, units.totals, units.share, joint)
            for slope in SLOPES:
                moved_by = slope * units.frequency
                evidence = _evidence(_standardised(likelihood, moved_by), bells) - far
                alone = special.logsumexp(evidence) - 0.5 * (factor / FACTOR_SPREAD) ** 2
                alone -= 0.5 * ((growth - told.growth) / told.growth_spread) ** 2
                alone -= 0.5 * ((slope - told.slope) / told.slope_spread) ** 2
                found.append((alone, growth, slope, factor / 2, special.softmax(evidence) @ bells))
    best = found[int(largest([each[0] for each in found]))]
    return best[1], best[2], best[3], best[4]


def _shapes(known: Floats, many: Floats, bell: Floats, totals: Floats, moved_by: Floats) -> Floats:
    """Return terms × grid priors: the shape of log2 s in each band of frequency, moved to e.

    Parameters
    ----------
    known : terms × grid, the log-likelihood of e
    many : how many terms there are of each
    bell : of all terms, where to start from
    totals, moved_by : occurrences of each term, and the octaves between its s and e
    """
    likelihood = np.empty((len(known), len(STANDARD)))
    for rows in _rows(len(known)):
        own = _standardised(known[rows], moved_by[rows])
        likelihood[rows] = np.exp(own - own.max(axis=1, keepdims=True))
    counted = np.where(totals >= 2, many, 0)
    every = _mixture(likelihood, counted, bell)
    band = np.digitize(np.log2(totals), BANDS)
    prior = np.empty((len(totals), len(OCTAVES)))
    for number in np.unique(band):
        terms = np.flatnonzero(band == number)
        shape = _mixture(likelihood[terms], counted[terms], every)
        prior[terms] = _unstandardised(shape, moved_by[terms])
    return prior


def _mixture(likelihood: Floats, many: Floats, base: Floats) -> Floats:
    """Return the shape under which the terms are likeliest, drawn to a base (EM)."""
    shape = base
    blocks = [(likelihood[rows], many[rows]) for rows in _rows(len(many))]
    for _ in range(STEPS):
        drawn = np.zeros(len(shape))
        for own, number in blocks:
            drawn += (number / (own @ shape)) @ own
        shape = drawn * shape + WORTH * base
        shape = shape / shape.sum()
    return shape


def _rows(count: int) -> list[slice]:
    """Return blocks of rows, small enough to stay at hand."""
    return [slice(start, start + ROWS) for start in range(0, count, ROWS)]


def _standardised(likelihood: Floats, moved_by: Floats) -> Floats:
    """Read a likelihood of e off at octaves of s, beyond the grid as at its end."""
    last = len(OCTAVES) - 1
    place = np.clip(STANDARD + moved_by[:, None] - OCTAVES[0], 0, last)
    low = np.minimum(place.astype(int), last - 1)
    part = place - low
    lower = np.take_along_axis(likelihood, low, axis=1)
    upper = np.take_along_axis(likelihood, low + 1, axis=1)
    return np.asarray(lower * (1 - part) + upper * part)


def _unstandardised(shape: Floats, moved_by: Floats) -> Floats:
    """Return terms × grid, the shape of log2 s as one of log2 e."""
    place = OCTAVES - moved_by[:, None]
    density = np.interp(place, STANDARD, shape, left=0, right=0) + 1e-12
    return np.asarray(density / density.sum(axis=1, keepdims=True))


def joint_excess(target: Floats, reference: Floats, share: Floats) -> Floats:
    """Return the excess of a term's split: variances as of two independent counts, summing to t.

    ``1 + e = (1 + e₁) (1 + e₂) / (π (1 + e₁) + (1 - π) (1 + e₂))``.
    """
    one, two = 1 + target, 1 + reference
    return np.maximum(one * two / (share * one + (1 - share) * two) - 1, SMALLEST)


def log_split(counts: Floats, totals: Floats, share: float | Floats, excess: Floats) -> Floats:
    """Return the beta-binomial log-probability that ``counts`` of ``totals`` are the target's.

    Its parameters are ``π t / e`` and ``(1 - π) t / e``.
    """
    size, rest = np.maximum(totals, 1) / excess, totals - counts
    alpha, beta = share * size, (1 - share) * size
    ways = -np.log1p(totals) - special.betaln(counts + 1, rest + 1)
    drawn = special.betaln(counts + alpha, rest + beta) - special.betaln(alpha, beta)
    return np.asarray(ways + drawn)


def log_splits(counts: Floats, totals: Floats, share: float, excess: Floats) -> Floats:
    """Return terms × grid, ``log_split`` of each; what is alike is computed once."""
    first, place = alike(counts, totals)
    x, each = counts[first], totals[first]
    ways = -np.log1p(each) - special.betaln(x + 1, each - x + 1)
    total, own = np.unique(each, return_inverse=True)
    size = np.maximum(total, 1)[:, None] / excess
    alpha, beta = share * size, (1 - share) * size
    drawn = special.betaln(x[:, None] + alpha[own], (each - x)[:, None] + beta[own])
    drawn -= special.betaln(alpha, beta)[own]
    drawn += ways[:, None]
    return np.asarray(drawn[place])


def alike(
    counts: Floats, totals: Floats, flags: Flags | bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first of each pair of a count and a total, and the place of each one's pair.

    Pairs of which flags differ are not alike.
    """
    t, x = totals.astype(np.int64), counts.astype(np.int64)
    code = 2 * (t * (t.max(initial=0) + 1) + x) + flags
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return first, place


def read_off(likelihood: Floats, octaves: float) -> Floats:
    """Return a likelihood read off ``octaves`` further up the grid, between its points linearly."""
    if octaves == 0:
        return likelihood.copy()
    last = len(OCTAVES) - 1
    place = np.clip(np.arange(last + 1) + octaves, 0, last)
    low = np.floor(place).astype(int)
    part = place - low
    return likelihood[:, low] * (1 - part) + likelihood[:, np.minimum(low + 1, last)] * part


def both(target: Floats, reference: Floats, halves: float) -> Floats:
    """Return the log-likelihood of both groups' units where their excesses differ by a factor."""
    return read_off(target, -halves) + read_off(reference, halves)


def posterior(prior: Floats, likelihood: Floats) -> Floats:
    """Return terms × grid: how likely each excess is, given a log-likelihood."""
    weights = prior * np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _of_units(table: sparse.csc_array, sizes: Floats, means: Floats, grown: Floats) -> Floats:
    """Return terms × grid: negative binomial log-probability of the units' counts.

    Less ``of_sums``, it is the probability of the units' counts given their sum; where all units
    are of one length this is exact: the Dirichlet-multinomial law, with concentrations ``n r / e``.
    What all excesses share is left out.

    Parameters
    ----------
    table : units × terms counts
    sizes, grown : tokens of each unit, and how many times larger its excess is than a typical one's
    means : what the units together are expected to hold
    """
    cells = table.tocoo()
    rate, own = means / sizes.sum(), np.outer(grown, EXCESS)
    shape, fall = sizes[:, None] / own, np.log(own / (1 + own))
    one = sparse.csr_array(
        ((cells.data == 1).astype(float), (cells.col, cells.row)), shape=table.shape[::-1]
    )
    found = np.asarray(one @ np.log(shape) + table.T @ fall)
    found += np.asarray(one.sum(axis=1) * np.log(rate))[:, None]
    found -= rate[:, None] * (shape * np.log1p(own)).sum(axis=0)
    several = np.flatnonzero(cells.data > 1)
    several = several[np.argsort(-cells.data[several], kind="stable")]
    unit, term, count = cells.row[several], cells.col[several], cells.data[several].astype(float)
    for k in range(len(EXCESS)):
        rising = log_rising(rate[term] * shape[unit, k], count)
        found[:, k] += np.bincount(term, rising, len(means))
    return found


def log_rising(base: Floats, count: Floats) -> Floats:
    """Return ``ln Γ(base + count) / Γ(base)`` for falling counts of 2 and more."""
    begin = int(np.searchsorted(-count, -FEW))
    product = base[begin:].copy()
    for i in range(1, FEW):
        n = int(np.searchsorted(-count[begin:], -i))
        product[:n] *= base[begin : begin + n] + i
    return np.concatenate([_rising(base[:begin], count[:begin]), np.log(product)])


def of_sums(sums: Floats, means: Floats, excess: Floats) -> Floats:
    """Return terms × grid: negative binomial log-probability of one sum a term.

    Parameters
    ----------
    sums, means : what units hold together, and are expected to
    excess : grid, or terms × grid
    """
    base, count = means[:, None] / excess, sums[:, None]
    return np.asarray(
        _rising(base, count) + count * np.log(excess / (1 + excess)) - base * np.log1p(excess)
    )


def _rising(base: Floats, count: Floats) -> Floats:
    """Return ``ln Γ(base + count) / Γ(base)``."""
    return np.asarray(special.gammaln(base + count) - special.gammaln(base))


def _evidence(likelihood: Floats, priors: Floats) -> Floats:
    """Return the log-likelihood of each prior, over all terms."""
    top = likelihood.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(likelihood - top) @ priors.T).sum(axis=0) + top.sum())
