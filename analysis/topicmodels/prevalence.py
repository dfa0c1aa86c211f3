"""Prevalence: how much of a topic each group holds, the difference, and how sure that is.

A group's prevalence of a topic is the mean share over its units. Shares fitted unit by unit are
drawn towards one another, by priors or by noise, and their differences come out too small. Here the
shares are *folded in* by least squares, a linear map of a unit's term frequencies ``f``,
``θ̂ = (Φ P⁻¹ Φᵀ)⁻¹ Φ P⁻¹ f``, P the terms' overall probabilities. Given the topics Φ it is unbiased
for every unit, whatever the prior (single units may leave the range from 0 to 1; groups hardly
do): the unit's topics are estimated as Hopkins & King estimate categories, without classifying
(2010, doi:10.1111/j.1540-5907.2009.00428.x). The topics are not given, so this is done for every
draw of Φ from the posterior, and the draws are combined (the method of composition: Treier &
Jackman 2008, doi:10.1111/j.1540-5907.2007.00308.x; Roberts et al. 2014, doi:10.1111/ajps.12103);
the variance between fits from other starts is added.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from scipy import sparse, stats

from analysis.inference.weights import Flags, Floats
from analysis.topicmodels.material import Material
from analysis.topicmodels.model import Model, weigh
from analysis.topicmodels.posterior import Posterior, posterior
from analysis.topicmodels.stability import match, refits, top_terms

MOST, LEAST = 64, 16  # refits to units drawn anew
STARTS = 4  # refits to the same units
TOKENS = 400_000  # words that all refits together may hold, where that leaves at least the fewest
SHORT = 15  # sweeps left out, and kept, in a refit


@dataclass(frozen=True)
class Estimate:
    """A mean share of each topic, or the difference of two, and how sure it is.

    Attributes
    ----------
    estimate : per topic
    error : standard error, ``sqrt(W + (1 + 1/m) B)``: W the variance over units, cluster-robust
        and averaged over the m draws, B the variance between draws
    df : degrees of freedom of W + B (Satterthwaite; of W, those of a mean or Welch's; m - 1 of B)
    """

    estimate: Floats
    error: Floats
    df: Floats

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Return the ends of the t interval."""
        half = stats.t.isf((1 - confidence) / 2, self.df) * self.error
        return self.estimate - half, self.estimate + half

    def widened(self, estimates: Floats) -> Self:
        """Add the variance between starts, ``S = Σ (d_i - d)² / n``, with n degrees of freedom.

        Parameters
        ----------
        estimates : starts × topics, the differences of the same topics fitted from other starts
        """
        between = ((estimates - self.estimate) ** 2).mean(axis=0)
        total = self.error**2 + between
        with np.errstate(divide="ignore", invalid="ignore"):
            df = total**2 / (self.error**4 / self.df + between**2 / len(estimates))
        return replace(self, error=np.sqrt(total), df=df)


@dataclass(frozen=True)
class Prevalence(Estimate):
    """The difference of prevalence, with all that makes it uncertain but the number of topics.

    Attributes
    ----------
    folded : units × topics, each unit's shares, the mean over draws; rows sum to 1
    target, reference : the mean shares
    given : the same difference, the topics taken as given (B left out)
    """

    folded: Floats
    target: Estimate
    reference: Estimate
    given: Estimate


def prevalence(counts: sparse.csr_array, found: Posterior, target: Flags) -> Prevalence:
    """Contrast the groups' mean shares over all draws of the topics.

    Parameters
    ----------
    counts : units × terms, no unit empty
    found : the draws of the topics, and the mean shares that weigh them overall
    target : True where a unit is the target's
    """
    weights, draws = found.shares.mean(axis=0), len(found.draws)
    sides = (target, ~target)
    folded = np.zeros(found.shares.shape)
    means, variances = [], []
    for terms in found.draws:
        shares = fold(counts, terms, weights)
        folded += shares / draws
        means.append([shares[side].mean(axis=0) for side in sides])
        variances.append([shares[side].var(axis=0, ddof=1) / side.sum() for side in sides])
    drawn, within = np.array(means), np.mean(variances, axis=0)
    squares = within**2 / np.array([[side.sum() - 1] for side in sides])
    first, second = (_estimate(drawn[:, i], within[i], squares[i]) for i in (0, 1))
    apart, both = drawn[:, 0] - drawn[:, 1], (within.sum(axis=0), squares.sum(axis=0))
    given = _estimate(apart.mean(axis=0)[None], *both)
    whole = _estimate(apart, *both)
    return Prevalence(
        whole.estimate, whole.error, whole.df, folded, target=first, reference=second, given=given
    )


def _estimate(drawn: Floats, within: Floats, squares: Floats) -> Estimate:
    """Add the variance between draws to that within; a single draw has none.

    Parameters
    ----------
    drawn : draws × topics, the quantity itself
    within, squares : per topic, the variance over units, and ``Σ variance² / df`` over its parts
    """
    draws = len(drawn)
    spread = drawn.var(axis=0, ddof=1) if draws > 1 else np.zeros(drawn.shape[1])
    between = (1 + 1 / draws) * spread
    with np.errstate(divide="ignore", invalid="ignore"):
        df = (within + between) ** 2 / (squares + between**2 / max(draws - 1, 1))
    return Estimate(drawn.mean(axis=0), np.sqrt(within + between), df)


def fold(counts: sparse.csr_array, terms: Floats, weights: Floats) -> Floats:
    """Return units × topics shares by weighted least squares, given the topics.

    Parameters
    ----------
    counts : units × terms, no unit empty
    terms : topics × terms, rows sum to 1, nothing nought
    weights : the topics' overall shares, to sum 1, by which the terms' probabilities are mixed

    Examples
    --------
    >>> terms = np.array([[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]])
    >>> units = sparse.csr_array([[6, 3, 1], [7, 6, 7], [0, 5, 0]])
    >>> fold(units, terms, np.array([0.5, 0.5])).round(3).tolist()
    [[1.0, 0.0], [0.5, 0.5], [0.5, 0.5]]
    """
    weighted = terms / (weights @ terms)
    given = np.linalg.pinv(weighted @ terms.T, hermitian=True) @ weighted
    sizes = np.asarray(counts.sum(axis=1), dtype=float).reshape(-1, 1)
    shares: Floats = (counts @ given.T) / sizes
    return shares


@dataclass(frozen=True)
class Refits:
    """The same contrast after refitting, topics matched one to one with those of all units.

    Attributes
    ----------
    estimates : refits × topics, differences of prevalence
    agreement : per topic, the share of its top terms that its partner has, mean over refits
    """

    estimates: Floats
    agreement: Floats

    def interval(self) -> tuple[Floats, Floats]:
        """Return the range of 95 % of the refits."""
        low, high = np.quantile(self.estimates, [0.025, 0.975], axis=0)
        return low, high


def refitted(
    data: Material,
    named: Model,
    varied: str,
    *,
    kind: str = "nmf",
    seeds: Floats | None = None,
    seed: int = 0,
) -> Refits:
    """Refit the model, fold in, and contrast the groups, many times.

    Everything is done again but the choice of the number of topics.

    Parameters
    ----------
    data : the units
    named : the model of all units, by whose top terms topics are matched
    varied : ``seed``, the same units from four other starts; or ``resample``, units drawn anew
        within each group from other starts: 64 times, or in large corpora down to 16 times
    kind, seeds, seed : as in ``topics``
    """
    own, estimates, agreements = top_terms(named.terms), [], []
    again = refits(
        weigh(data.counts, kind),
        len(own),
        data.target,
        kind=varied,
        runs=STARTS if varied == "seed" else refit_count(int(data.counts.sum())),
        seed=seed,
        model=kind,
        seeds=seeds,
    )
    for number, (weights, model) in enumerate(again):
        partner, agreement = match(own, top_terms(model.terms))
        rows = np.repeat(np.arange(len(weights)), weights.astype(int))
        counts = data.counts[rows]
        draws = posterior(counts, model.shares[rows], seed=seed + number, burn=SHORT, sweeps=SHORT)
        estimates.append(prevalence(counts, draws, data.target[rows]).estimate[partner])
        agreements.append(agreement)
    return Refits(np.array(estimates), np.mean(agreements, axis=0))


def refit_count(tokens: int) -> int:
    """Return how many times a corpus of so many kept words is drawn anew.

    >>> refit_count(2_000), refit_count(10_000), refit_count(1_000_000)
    (64, 40, 16)
    """
    return int(np.clip(TOKENS // max(tokens, 1), LEAST, MOST))
