"""The posterior of a topic model: what the topics' words and the units' shares may be.

The model that names the topics (``fit``) gives one answer. How much of a topic a unit holds is
measured by a model of counts that starts there and says how sure it is. A word of unit u is a
*background* word, common to all topics, with probability λ, and then drawn from ``φ₀``; otherwise
it is of topic k with probability ``θ_uk``, and drawn from ``φ_k``. Priors: ``θ_u ~ Dirichlet(α)``,
``φ_k ~ Dirichlet(η)``, ``φ₀ ~ Dirichlet(½)``, λ uniform; α, one number a topic, and η, one for all
terms, are learnt (Blei, Ng & Jordan 2003, Journal of Machine Learning Research 3:993–1022; with a
background, Chemudugunta, Smyth & Steyvers 2006, Advances in Neural Information Processing Systems
19). Without the background, words that no topic owns make the learnt topics too smooth or, if η is
fixed, too sharp, and differences of prevalence come out 5 to 20 % too small.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import psi

from analysis.inference.weights import Floats

BURN, SWEEPS, EVERY = 60, 60, 2
ALPHA, ETA, BACKGROUND = 0.2, 0.1, 0.3  # where learning starts
OWN = 0.5  # the background's prior
WORDS = 200_000  # from which the topics are learnt, of more a random part
SETTLING = 5  # sweeps left out, and kept, for units that the topics were not learnt from
LEAST = 1e-300  # keeps a drawn probability from being nought
GUIDE = 0.02  # what the anchor words of a topic are worth, in the text of an average topic


@dataclass(frozen=True)
class Posterior:
    """What a chain of draws says of a topic model.

    Attributes
    ----------
    shares : units × topics, mean of θ; rows sum to 1
    terms : topics × terms, mean of ``λ φ₀ + (1 - λ) φ_k``; rows sum to 1
    draws : draws × topics × terms, the same one by one
    assigned : topics × units × terms, how many of a unit's words the last draw gives to each topic,
        background words to none
    background : λ, mean
    """

    shares: Floats
    terms: Floats
    draws: Floats
    assigned: list[sparse.csr_array]
    background: float

    def reordered(self, units: np.ndarray, topics: np.ndarray) -> "Posterior":
        """Return the same with the units and the topics in another order."""
        assigned = [sparse.csr_array(self.assigned[topic][units]) for topic in topics]
        shares, draws = self.shares[units][:, topics], self.draws[:, topics]
        return Posterior(shares, self.terms[topics], draws, assigned, self.background)


def draw_posterior(
    counts: sparse.csr_array,
    start: Floats,
    *,
    seed: int,
    anchors: Floats | None = None,
    burn: int = BURN,
    sweeps: int = SWEEPS,
    everywhere: bool = True,
) -> Posterior:
    """Draw from the posterior by Gibbs sampling, every other sweep after the first ones.

    A sweep gives every word a topic, then draws θ, φ and λ given the topics of the words (Griffiths
    & Steyvers 2004, doi:10.1073/pnas.0307752101, but not collapsed, so that a sweep is a handful of
    array operations). α and η are moved towards their most likely values given the topics of the
    words (Minka 2000, Estimating a Dirichlet distribution; Wallach 2008, Structured topic models
    for language, ch. 2).

    Parameters
    ----------
    counts : units × terms, whole numbers
    start : units × topics, as from ``fit``; a unit without shares starts from equal ones
    seed : of the random numbers
    anchors : anchored topics × terms, 1 for an anchor word: ``GUIDE · words / topics`` occurrences
        of them are added to the prior of the first topics
    burn, sweeps : sweeps left out, and kept
    everywhere : whether the shares of all units are needed; else those learnt from suffice
    """
    start = np.nan_to_num(start, nan=1 / start.shape[1])
    some = _some(counts, seed)
    chain = _Chain(counts[some], start[some], seed, anchors)
    for number in range(burn):
        chain.sweep(learn=number % 2 == 1)
    shares, draws, share = np.zeros((len(some), start.shape[1])), [], 0.0
    for number in range(sweeps):
        chain.sweep(learn=number % 2 == 1)
        shares += rows_to_one(chain.of_units + chain.alpha) / sweeps
        share += chain.background / sweeps
        if number % EVERY == 0:
            draws.append(chain.background * chain.common + (1 - chain.background) * chain.terms)
    every = np.array(draws)
    assigned = chain.assigned()
    if everywhere and len(some) < len(start):
        shares, assigned = _settled(chain, counts, start, some, shares, assigned)
    return Posterior(shares, every.mean(axis=0), every, assigned, share)


def _some(counts: sparse.csr_array, seed: int) -> np.ndarray:
    """Return all units, or of many so many drawn at random that they hold enough words."""
    sizes = np.asarray(counts.sum(axis=1)).ravel()
    if sizes.sum() <= WORDS:
        return np.arange(len(sizes))
    drawn = np.random.default_rng([seed, len(sizes)]).permutation(len(sizes))
    return np.sort(drawn[: max(2, int((sizes[drawn].cumsum() <= WORDS).sum()))])


def _settled(
    chain: "_Chain",
    counts: sparse.csr_array,
    start: Floats,
    some: np.ndarray,
    shares: Floats,
    assigned: list[sparse.csr_array],
) -> tuple[Floats, list[sparse.csr_array]]:
    """Add the units that were not drawn from, given the topics of the last draw, block by block."""
    rest = np.setdiff1d(np.arange(len(start)), some)
    parts, tables = [shares], [assigned]
    for block in np.array_split(rest, math.ceil(counts[rest].sum() / WORDS)):
        own = chain.of_others(counts[block], start[block])
        parts.append(own.settle())
        tables.append(own.assigned())
    back = np.argsort(np.concatenate([some, rest]), kind="stable")
    return np.concatenate(parts)[back], [
        sparse.csr_array(sparse.vstack(of_topic, format="csr")[back])
        for of_topic in zip(*tables, strict=True)
    ]


class _Chain:
    """The state of the sampler: the words one by one, and what was drawn last."""

    def __init__(
        self, counts: sparse.csr_array, start: Floats, seed: int, anchors: Floats | None
    ) -> None:
        cells = sparse.csr_array(counts).tocoo()
        often = cells.data.astype(int)
        self.unit, self.term = np.repeat(cells.row, often), np.repeat(cells.col, often)
        self.shape, self.k = counts.shape, start.shape[1]
        self.rng = np.random.default_rng([seed, self.k])
        self.alpha, self.eta = np.full(self.k, ALPHA), ETA
        self.anchored = np.zeros((self.k, self.shape[1]))
        if anchors is not None and len(anchors):
            self.anchored[: len(anchors)] = GUIDE * len(self.unit) / self.k * rows_to_one(anchors)
        self.shares = start + 1e-3
        self.terms = rows_to_one(start.T @ counts + self.eta)
        self.common = rows_to_one(self._of_all() + OWN)[0]
        self.background = BACKGROUND

    def sweep(self, *, learn: bool) -> None:
        """Draw the topics of all words, then everything given these; perhaps learn the priors."""
        units, terms = self.shape
        self.topic = self._topics()
        self.of_units = self._tally(self.unit, units)[:, 1:]
        of_terms = self._tally(self.term, terms).T
        if learn:
            self.alpha = learnt_alpha(self.of_units, self.alpha)
            self.eta = learnt_eta(of_terms[1:], self.eta)
        self.background = self.rng.beta(of_terms[0].sum() + 1, of_terms[1:].sum() + 1)
        self.common = self._dirichlet(of_terms[:1] + OWN)[0]
        self.terms = self._dirichlet(of_terms[1:] + self.eta + self.anchored)
        self.shares = self._dirichlet(self.of_units + self.alpha)

    def of_others(self, counts: sparse.csr_array, start: Floats) -> "_Chain":
        """Return a chain of other units that keeps the topics of this one."""
        other = _Chain(counts, start, int(self.rng.integers(2**31)), None)
        other.alpha, other.background = self.alpha, self.background
        other.terms, other.common = self.terms, self.common
        return other

    def settle(self) -> Floats:
        """Draw the topics of all words and the shares of units alone; return the mean shares."""
        shares = np.zeros(self.shares.shape)
        for number in range(2 * SETTLING):
            self.topic = self._topics()
            self.of_units = self._tally(self.unit, self.shape[0])[:, 1:]
            self.shares = self._dirichlet(self.of_units + self.alpha)
            if number >= SETTLING:
                shares += rows_to_one(self.of_units + self.alpha) / SETTLING
        return shares

    def assigned(self) -> list[sparse.csr_array]:
        return [self._table(self.topic == topic + 1) for topic in range(self.k)]

    def _topics(self) -> np.ndarray:
        """Return each word's topic, from 1; 0 for the background."""
        running = np.empty((self.k + 1, len(self.unit)))
        running[0] = self.background * self.common[self.term]
        for topic in range(self.k):
            odds = self.shares[:, topic][self.unit] * self.terms[topic][self.term]
            np.add(running[topic], (1 - self.background) * odds, out=running[topic + 1])
        point = self.rng.random(len(self.unit)) * running[-1]
        drawn: np.ndarray = (point > running[:-1]).sum(axis=0)
        return drawn

    def _of_all(self) -> Floats:
        """Return 1 × terms, how often each occurs."""
        return np.bincount(self.term, minlength=self.shape[1])[None].astype(np.float64)

    def _tally(self, place: np.ndarray, places: int) -> np.ndarray:
        many = self.k + 1
        return np.bincount(place * many + self.topic, minlength=places * many).reshape(-1, many)

    def _dirichlet(self, parameters: Floats) -> Floats:
        return rows_to_one(self.rng.standard_gamma(parameters) + LEAST)

    def _table(self, chosen: np.ndarray) -> sparse.csr_array:
        ones = np.ones(int(chosen.sum()), dtype=np.int64)
        table = sparse.coo_array((ones, (self.unit[chosen], self.term[chosen])), shape=self.shape)
        return sparse.csr_array(table)


def rows_to_one(values: Floats) -> Floats:
    """Return rows that sum to 1; NaN where all is nought."""
    sums = values.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(values, sums, out=np.full(values.shape, np.nan), where=sums > 0)
    return shares


def learnt_alpha(counts: np.ndarray, alpha: Floats) -> Floats:
    """Move α towards the values most likely given units × topics counts, by one fixed-point step.

    ``α_k ← α_k Σ_u [ψ(n_uk + α_k) - ψ(α_k)] / Σ_u [ψ(n_u + α) - ψ(α)]``, α without index the sum.
    """
    total, sizes = alpha.sum(), counts.sum(axis=1)
    above = (psi(counts + alpha) - psi(alpha)).sum(axis=0)
    below = (psi(sizes + total) - psi(total)).sum()
    return np.maximum(alpha * above / below, 1e-3) if below > 0 else alpha


def learnt_eta(counts: np.ndarray, eta: float) -> float:
    """Move η, the same for all terms, in the same way, given topics × terms counts."""
    times = np.bincount(counts.ravel())  # ψ once for each count that occurs, not for each cell
    width, sizes = counts.shape[1], counts.sum(axis=1)
    above = (times * (psi(np.arange(len(times)) + eta) - psi(eta))).sum()
    below = width * (psi(sizes + width * eta) - psi(width * eta)).sum()
    return float(max(eta * above / below, 1e-4)) if below > 0 else eta
