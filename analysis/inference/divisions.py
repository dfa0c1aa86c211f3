"""Other divisions of the same documents, and what smallest p-value they come to.

The count test rests on a model of how documents differ. Where documents are of one source, any
division of them into two groups is as good as any other, so that the model can be asked about
divisions that mean nothing: were it right, the family-wise p of a division would fall below a
level as often as the level says. Where it falls lower, the level of what was observed is corrected
by as much. This is a permutation test of the smallest p (Westfall & Young 1993) on the scale of the
model, with its tail fitted, so that some dozens of divisions suffice and few documents need no
other rule (Knijnenburg et al. 2009, doi:10.1093/bioinformatics/btp211). It corrects in one
direction only: a level is never made more lenient than the model has it.

What few divisions cannot tell stands in ``analysis/resources/variation.toml``: two documents cannot
be divided otherwise, so that there what other texts have taught counts alone.
"""

from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from scipy import sparse, special

from analysis.inference.bursts import EXCESS, Variation, of_sums, posterior
from analysis.inference.multiplicity import Attainable
from analysis.inference.split import Splits
from analysis.inference.weights import Flags, Floats, permutations

DIVISIONS = 100
CANDIDATES = 8  # terms of a division of which p is computed: those with the largest G², deflated
LEAST = 4  # occurrences of a term that is one
HALF = 0.5  # a family-wise p below which the tail begins
ROWS = 20  # divisions at a time


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
    table: sparse.csr_array, sizes: Floats, flags: Flags, splits: Splits, attainable: Attainable
) -> Floats:
    """Return the smallest family-wise p of each other division of the units.

    Parameters
    ----------
    table : units × terms counts, every term occurring
    sizes, flags : tokens of each unit; True where it is the target's
    splits, attainable : of the terms, as the units are divided
    """
    rows = divisions(flags)
    telling = np.flatnonzero(splits.totals >= LEAST)
    if not len(rows) or not len(telling):
        return np.empty(0)
    often = table[:, telling]
    deflated = (splits.weights[telling] / (1 + splits.bursts.joint)).sum(axis=1)
    smallest = []
    for start in range(0, len(rows), ROWS):
        chosen = rows[start : start + ROWS]
        counts = np.asarray((often.T @ chosen.T.astype(float)).T)
        share = (chosen @ sizes / sizes.sum())[:, None]
        strange = _g2(counts, splits.totals[telling], share) * deflated
        best = _largest(strange, CANDIDATES)
        terms = telling[best]
        held = np.take_along_axis(counts, best, axis=1)
        p = _p_values(splits, sizes, chosen, terms, held)
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


def _g2(counts: Floats, totals: Floats, share: Floats) -> Floats:
    """Return divisions × terms G² of two cells."""
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
