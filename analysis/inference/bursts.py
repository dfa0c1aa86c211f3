"""How much terms come in bursts, learnt from all terms together and then for each.

The model. A term's count in a unit of n tokens is negative binomial with mean ``n r`` and variance
``(1 + e) n r``: e, the excess, is 0 where occurrences fall independently and large where they come
in bursts. Such counts add up to counts of the same kind. Of a term's t occurrences in all, the
units of a group therefore hold Dirichlet-multinomial numbers, and the groups hold beta-binomial
numbers, all with concentrations ``n r / e``. How a group's own occurrences are spread over its
units says nothing of how many the group has: the first can be used to learn e, the second to test.

Excesses differ between terms, lognormally, and by one factor between the groups. Centre, spread and
factor are learnt from all terms (empirical Bayes: Robbins 1956; Efron 2010, Large-Scale Inference,
doi:10.1017/CBO9780511761362), so that a term seen often is judged by its own bursts and a term
seen rarely by those of its likes.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.inference.weights import Flags, Floats
from analysis.numbers import largest

OCTAVES = np.arange(-6, 7)
EXCESS = 2.0**OCTAVES  # the grid on which an excess is known
CENTRES = np.arange(-7, 6.5, 0.5)  # of log2 e over terms
SPREADS = np.array([0.5, 1, 1.5, 2, 3])
FACTORS = np.arange(-3, 4)  # log2 of the reference's excess over the target's
CENTRE, CENTRE_SPREAD, FACTOR_SPREAD = -1.5, 2.0, 2.0  # a priori, where few terms tell


@dataclass(frozen=True)
class Bursts:
    """What the spread of terms over units says of their excess.

    Attributes
    ----------
    share : the target's share of all tokens
    halves : half of log2 of the reference's excess over the target's, one for all terms
    prior : grid, how common each excess is among terms (the geometric mean of both groups')
    target, reference : terms × grid, log-likelihood of each group's excess, given its units
    """

    share: float
    halves: float
    prior: Floats
    target: Floats
    reference: Floats

    @property
    def excess(self) -> tuple[Floats, Floats]:
        """Grid: the target's and the reference's excess."""
        return EXCESS * 2.0**-self.halves, EXCESS * 2.0**self.halves

    @property
    def joint(self) -> Floats:
        """Grid: the excess of the split of a term between the groups, see ``joint_excess``."""
        return joint_excess(*self.excess, self.share)

    @property
    def weights(self) -> Floats:
        """Terms × grid: how likely each excess is for each term."""
        likelihood = _both(self.target, self.reference, self.halves)
        weights = self.prior * np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def inflation(self, totals: Floats, excess: Floats) -> Floats:
        """Return terms' expected variance beyond chance, ``1 + (t - 1) e / (t + e)``."""
        t = totals[:, None]
        grown = np.maximum(t - 1, 0) * excess / (t + excess)
        return np.asarray(1 + (self.weights * grown).sum(axis=1))


def learn_bursts(
    table: Floats, sizes: Floats, flags: Flags, means: tuple[Floats, Floats] | None = None
) -> Bursts:
    """Learn terms' excesses from how each group's occurrences are spread over its units.

    Parameters
    ----------
    table : units × terms counts
    sizes, flags : tokens of each unit; True where it is the target's
    means : what each group is expected to hold of each term, by default its share by length,
        as when there is no difference
    """
    share = float(sizes[flags].sum() / sizes.sum())
    totals = table.sum(axis=0)
    means = means or (totals * share, totals * (1 - share))
    target, reference = (
        _spread(table[side], sizes[side], mean)
        for side, mean in zip((flags, ~flags), means, strict=True)
    )
    telling = totals >= 2
    centres, spreads = (grid.ravel() for grid in np.meshgrid(CENTRES, SPREADS))
    priors = special.softmax(-0.5 * ((OCTAVES - centres[:, None]) / spreads[:, None]) ** 2, axis=1)
    far = 0.5 * ((centres - CENTRE) / CENTRE_SPREAD) ** 2
    evidence = [
        _evidence(_both(target[telling], reference[telling], f / 2), priors)
        - far
        - 0.5 * (f / FACTOR_SPREAD) ** 2
        for f in FACTORS
    ]
    best = int(largest(special.logsumexp(evidence, axis=1)))
    prior = special.softmax(evidence[best]) @ priors
    return Bursts(share, float(FACTORS[best] / 2), prior, target, reference)


def joint_excess(target: Floats, reference: Floats, share: float) -> Floats:
    """Return the excess of a term's split: variances as of two independent counts, summing to t.

    ``1 + e = (1 + e₁) (1 + e₂) / (π (1 + e₁) + (1 - π) (1 + e₂))``.
    """
    one, two = 1 + target, 1 + reference
    return np.asarray(one * two / (share * one + (1 - share) * two) - 1)


def log_split(counts: Floats, totals: Floats, share: float, excess: Floats) -> Floats:
    """Return the beta-binomial log-probability that ``counts`` of ``totals`` are the target's.

    Its parameters are ``π t / e`` and ``(1 - π) t / e``.
    """
    size, rest = np.maximum(totals, 1) / excess, totals - counts
    alpha, beta = share * size, (1 - share) * size
    ways = -np.log1p(totals) - special.betaln(counts + 1, rest + 1)
    drawn = special.betaln(counts + alpha, rest + beta) - special.betaln(alpha, beta)
    return np.asarray(ways + drawn)


def moved(likelihood: Floats, octaves: float) -> Floats:
    """Return a likelihood read off ``octaves`` further up the grid, between its points linearly."""
    last = len(OCTAVES) - 1
    place = np.clip(np.arange(last + 1) + octaves, 0, last)
    low = np.floor(place).astype(int)
    part = place - low
    return likelihood[:, low] * (1 - part) + likelihood[:, np.minimum(low + 1, last)] * part


def _both(target: Floats, reference: Floats, halves: float) -> Floats:
    return moved(target, -halves) + moved(reference, halves)


def _spread(table: Floats, sizes: Floats, means: Floats) -> Floats:
    """Return terms × grid: log-probability of the units' counts, given their sum.

    Without the factor that all excesses share. Only cells that hold something count.
    """
    unit, term = np.nonzero(table)
    count = table[unit, term]
    expected = means[term] * sizes[unit] / sizes.sum()
    sums = table.sum(axis=0)
    present = sums > 0
    likelihood = np.zeros((len(sums), len(EXCESS)))
    for k, e in enumerate(EXCESS):
        cells = _rising(expected / e, count)
        likelihood[:, k] = np.bincount(term, cells, len(sums))
        likelihood[present, k] -= _rising(means[present] / e, sums[present])
    return likelihood


def _rising(base: Floats, count: Floats) -> Floats:
    """Return ``ln Γ(base + count) / Γ(base)``."""
    return np.asarray(special.gammaln(base + count) - special.gammaln(base))


def _evidence(likelihood: Floats, priors: Floats) -> Floats:
    """Return the log-likelihood of each prior, over all terms."""
    top = likelihood.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(likelihood - top) @ priors.T).sum(axis=0) + top.sum())
