"""Held-out error: whether topics foretell the words of units they were not fitted to.

Bi-cross-validation (Owen & Perry 2009, doi:10.1214/08-AOAS227): units and terms are left out
together. Topics are fitted to the other units; a left-out unit is described by one half of the
terms, and what this says of the other half is compared with what stands there.
"""

from collections.abc import Iterable

import numpy as np
from scipy import sparse

from analysis.inference.weights import Flags, Floats
from analysis.topicmodels.folding import fold_in
from analysis.topicmodels.model import fit

FOLDS = 5


def heldout_errors(
    values: sparse.csr_array,
    ks: Iterable[int],
    copies: np.ndarray,
    *,
    model: str = "nmf",
    seeds: Floats | None = None,
    seed: int = 0,
) -> list[float]:
    """Return, for each number of topics, the error relative to that of a single topic.

    ``nmf``: ``Σ (v - s T)²`` over what was left out, divided by the same for one topic. ``lda``:
    the ratio of the perplexities, ``exp[(Σ n ln p₁ - Σ n ln p) / Σ n]``, p a term's share among
    the terms left out. Below 1, topics foretell words that one list of words for all units does
    not.
    NaN where the units fitted are fewer than the topics.

    Parameters
    ----------
    values : units × terms, as from ``weigh``
    ks : numbers of topics
    copies : for each unit the first like it, as from ``first_copies``; they are left out together
    model, seeds : as in ``fit``
    seed : of the folds
    """
    rng = np.random.default_rng(seed)
    folds = (rng.permutation(values.shape[0]) % FOLDS)[copies]
    half = rng.permutation(values.shape[1]) % 2 == 0
    single = _loss(values, 1, folds, half, model, None)
    losses = [_loss(values, k, folds, half, model, seeds) for k in ks]
    if model == "nmf":
        return [loss / single for loss in losses]
    return [float(np.exp((loss - single) / values.sum())) for loss in losses]


def _loss(
    values: sparse.csr_array,
    k: int,
    folds: np.ndarray,
    half: Flags,
    model: str,
    seeds: Floats | None,
) -> float:
    """Return the sum of the losses of all left-out units, either half of the terms in turn."""
    losses = []
    for fold in np.unique(folds):
        rest, out = values[folds != fold], values[folds == fold]
        if k > min(rest.shape):
            return float("nan")
        terms = np.nan_to_num(fit(rest, k, kind=model, seeds=seeds).terms)
        for shown in (half, ~half):
            weights = fold_in(out[:, shown], terms[:, shown], kind=model)
            losses.append(_missed(out[:, ~shown], weights, terms[:, ~shown], model))
    return float(np.sum(losses))


def _missed(values: sparse.csr_array, weights: Floats, terms: Floats, model: str) -> float:
    """Return the squared error, or minus the log likelihood, of values given their description."""
    rows, columns = values.nonzero()
    found = np.asarray(values[rows, columns]).ravel()
    said = np.einsum("ik,ki->i", weights[rows], terms[:, columns])
    if model == "nmf":
        everywhere = ((weights.T @ weights) * (terms @ terms.T)).sum()
        return float((found**2).sum() - 2 * (found * said).sum() + everywhere)
    return float(-(found * np.log(said / (weights @ terms.sum(axis=1))[rows])).sum())
