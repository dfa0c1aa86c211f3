"""The topic models: factorisation of TF-IDF, or latent Dirichlet allocation of counts.

A unit is described as a mixture of topics, a topic as a mixture of terms. ``nmf``: ``V ≈ S T``,
where V is units × terms in TF-IDF, S how much of each topic a unit holds, T the terms of each
topic, nothing negative (Lee & Seung 1999, doi:10.1038/44565). ``lda``: every word of a unit is
drawn from one of its topics (Blei, Ng & Jordan 2003, Journal of Machine Learning Research
3:993–1022). Neither ever sees which group a unit is of.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.errors import InputError
from analysis.inference.weights import Floats
from analysis.topicmodels.sampling import GUIDE, draw_posterior, rows_to_one

MODELS = ("nmf", "lda")
ROUNDS, FEWEST_ROUNDS = 300, 30
CELLS = 450_000  # filled cells that all rounds together may visit, beyond the fewest
DENSE = 20_000  # up to so many cells, a full matrix is faster than a sparse one
SWEEPS = 30  # of the sampler, left out and kept, for ``lda``
EXPECTATIONS = 100  # rounds of expectation and maximisation when folding in by likelihood

AnchorWords = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Model:
    """A fitted model.

    Attributes
    ----------
    shares : units × topics, how much of a unit's fitted weight each topic has; rows sum to 1
        (NaN where a unit was given no weight, or none of the topics fits it)
    terms : topics × terms, rows sum to 1
    """

    shares: Floats
    terms: Floats


def tf_idf(counts: Any) -> sparse.csr_array:
    """Weigh the counts of each unit, ``(1 + ln n) · (1 + ln((1 + U) / (1 + u)))``, to length 1.

    n is a term's occurrences in the unit, u the units that hold it, U all units
    (Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0).
    """
    return sparse.csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


def weigh(counts: Any, model: str) -> sparse.csr_array:
    """Return what a model is fitted to: TF-IDF for ``nmf``, the counts for ``lda``."""
    if model not in MODELS:
        raise InputError(f"A topic model is one of {', '.join(MODELS)}, got {model!r}.")
    return tf_idf(counts) if model == "nmf" else sparse.csr_array(counts).astype(float)


def fit(
    values: sparse.csr_array,
    k: int,
    *,
    model: str = "nmf",
    start: int | None = None,
    weights: Floats | None = None,
    anchors: Floats | None = None,
) -> Model:
    """Fit k topics.

    ``nmf`` minimises ``Σ w (v - s T)²`` over units, by coordinate descent, in at most 300
    rounds, or in a large corpus as few as 30: units that hold topics need about 20.

    ``lda`` is Gibbs sampling (``draw_posterior``), started from the topics of ``nmf``. In planted
    corpora of 44 and of 300 units it finds as many of the topics' words as variational Bayes from
    the same start (.57 and .82), in a third of the time; scikit-learn's, from its random start,
    finds .40 and .72.

    Anchor words pull a topic, and bind nothing else (the purpose of keyATM: Eshima, Imai & Sasaki
    2024, doi:10.1111/ajps.12779; the means are simpler). An anchored topic is given g = 2 % of the
    text of an average topic, made of its anchor words alone in equal parts: in simulations, ten
    times as much leaves it nothing but those words. In ``nmf`` this is a
    further unit of the squared weight ``g Σ v² / k`` that no other topic may describe, fitted by
    multiplicative updates, under which nought stays nought; in ``lda`` it is ``g Σ n / k``
    occurrences added to the prior of the topic's terms. Topics without anchor words are free.

    Parameters
    ----------
    values : units × terms, as from ``weigh``
    k : number of topics
    model : ``nmf`` or ``lda``
    start : seed of a random start; None starts from the singular vectors (NNDSVD, Boutsidis &
        Gallopoulos 2008, doi:10.1016/j.patcog.2007.09.010), which involves no chance
    weights : how often each unit counts, as in a resample; None counts each once. For ``lda`` whole
        numbers
    anchors : anchored topics × terms, 1 for an anchor word, as from ``mark_anchors``; the anchored
        topics come first in the result, in this order

    Examples
    --------
    >>> counts = sparse.csr_array([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 1, 2], [0, 0, 2, 1]])
    >>> fit(weigh(counts, "nmf"), 2).shares.round(2).max(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    counted = np.ones(values.shape[0]) if weights is None else weights
    used = np.flatnonzero(counted)
    marks = np.zeros((0, values.shape[1])) if anchors is None else anchors
    table = tf_idf(values[used]) if model == "lda" else values[used]
    held, terms = _nmf(table, counted[used], k, start, marks)
    if model == "lda":
        held, terms = _lda(values[used], counted[used], rows_to_one(held), marks, start or 0)
    shares = np.full((len(counted), k), np.nan)
    shares[used] = rows_to_one(held)
    return Model(shares, rows_to_one(terms))


def fold_in(values: sparse.csr_array, terms: Floats, *, model: str) -> Floats:
    """Describe units by topics already fitted, so that ``weights @ terms`` is nearest to them.

    Nearest by least squares for ``nmf``; by likelihood for ``lda``, where a unit's weights sum to 1
    (100 rounds of expectation and maximisation, Hofmann 1999, doi:10.1145/312624.312649).

    Parameters
    ----------
    values : units × terms, on the scale of ``weigh``; any selection of columns
    terms : topics × the same terms

    Returns
    -------
    units × topics
    """
    if model == "nmf":
        return np.asarray(
            non_negative_factorization(
                _perhaps_dense(values), H=terms, n_components=len(terms), update_H=False
            )[0]
        )
    rows, columns = values.nonzero()
    counts = np.asarray(values[rows, columns]).ravel()
    weights = np.full((values.shape[0], len(terms)), 1 / len(terms))
    for _ in range(EXPECTATIONS):
        expected = np.einsum("ik,ki->i", weights[rows], terms[:, columns])
        ratio = sparse.csr_array((counts / expected, (rows, columns)), shape=values.shape)
        weights = weights * (ratio @ terms.T)
        sums = weights.sum(axis=1, keepdims=True)
        weights = np.divide(
            weights, sums, out=np.full_like(weights, 1 / len(terms)), where=sums > 0
        )
    return weights


def mark_anchors(anchor_words: AnchorWords, terms: Sequence[str]) -> Floats:
    """Return anchored topics × terms, 1 for an anchor word.

    Parameters
    ----------
    anchor_words : the anchor words of each topic that is to have some, by the topic's name
    terms : the vocabulary, as ``Material.terms``

    Raises
    ------
    InputError
        A topic without words, a word that is no term, or a word of two topics.

    Examples
    --------
    >>> mark_anchors({"sea": ["reef", "tide"]}, ["barn", "reef", "tide"]).tolist()
    [[0.0, 1.0, 1.0]]
    """
    place = {term: number for number, term in enumerate(terms)}
    given = [(name, word) for name, words in anchor_words.items() for word in dict.fromkeys(words)]
    _refuse_anchors(anchor_words, [word for _, word in given], place)
    order = list(anchor_words)
    marks = np.zeros((len(order), len(terms)))
    for name, word in given:
        marks[order.index(name), place[word]] = 1
    return marks


def _nmf(
    values: sparse.csr_array, counted: Floats, k: int, start: int | None, marks: Floats
) -> tuple[Floats, Floats]:
    if len(marks):
        return _guided(values, counted, k, start, marks)
    init = "nndsvd" if start is None else "random"
    model = NMF(k, init=init, random_state=start or 0, max_iter=_rounds(values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        held = model.fit_transform(_weighted(values, np.sqrt(counted)))
    return held * model.components_.sum(axis=1), model.components_


def _guided(
    values: sparse.csr_array, counted: Floats, k: int, start: int | None, marks: Floats
) -> tuple[Floats, Floats]:
    """Fit the units and, below them, one unit of anchor words an anchored topic.

    The start is the free model, its topics in the order that gives the anchored ones most of their
    words; a little of everything is added, for what starts at nought stays there.
    """
    held, terms = _nmf(values, counted, k, start, marks[:0])
    order = _anchored_first(terms, marks)
    rows = sparse.diags_array(np.sqrt(counted)) @ values
    worth = np.sqrt(GUIDE * (rows**2).sum() / k)
    guides = worth * marks / np.sqrt(marks.sum(axis=1, keepdims=True))
    own = np.eye(len(marks), k) * worth
    scales = np.nan_to_num(rows_to_one(terms[order]))
    first = np.vstack([np.sqrt(counted)[:, None] * held[:, order], own])
    second = scales + np.vstack([rows_to_one(marks), np.zeros((k - len(marks), marks.shape[1]))])
    first[: len(held)] += first[: len(held)].mean() / 100
    model = NMF(k, init="custom", solver="mu", max_iter=_rounds(values))
    stacked = sparse.vstack([sparse.csr_array(rows), sparse.csr_array(guides)]).tocsr()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        held = model.fit_transform(_perhaps_dense(stacked), W=first, H=second + second.mean() / 100)
    return held[: len(counted)] * model.components_.sum(axis=1), model.components_


def _lda(
    counts: sparse.csr_array, counted: Floats, start: Floats, marks: Floats, seed: int
) -> tuple[Floats, Floats]:
    """Sample, a unit that counts twice being two units; its share is their mean."""
    if (counted != counted.round()).any():
        raise InputError("The weights of units must be whole numbers for model='lda'.")
    rows = np.repeat(np.arange(len(counted)), counted.astype(int))
    drawn = draw_posterior(
        counts[rows], start[rows], seed=seed, anchors=marks, burn=SWEEPS, sweeps=SWEEPS
    )
    members = sparse.csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))))
    return np.asarray(members @ drawn.shares), drawn.terms


def _rounds(values: sparse.csr_array) -> int:
    return int(np.clip(CELLS // max(values.nnz, 1), FEWEST_ROUNDS, ROUNDS))


def _anchored_first(terms: Floats, marks: Floats) -> np.ndarray:
    """Return an order of topics: those with most of the anchor words of each, then the rest."""
    _, chosen = linear_sum_assignment(marks @ np.nan_to_num(rows_to_one(terms)).T, maximize=True)
    return np.array([*chosen, *np.setdiff1d(np.arange(len(terms)), chosen)])


def _weighted(values: sparse.csr_array, factors: Floats) -> Any:
    return _perhaps_dense(sparse.diags_array(factors) @ values)


def _perhaps_dense(values: sparse.csr_array) -> Any:
    return values.toarray() if np.prod(values.shape) <= DENSE else values


def _refuse_anchors(anchor_words: AnchorWords, words: list[str], terms: Mapping[str, int]) -> None:
    empty = [name for name, own in anchor_words.items() if not own or isinstance(own, str)]
    if empty:
        raise InputError(
            f"Every anchored topic needs a list of words, got none for {', '.join(empty)}: give "
            "anchor_words={'name': ['word', 'word']}."
        )
    unknown = sorted({word for word in words if word not in terms})
    if unknown:
        raise InputError(
            f"These anchor words are no terms of the model: {', '.join(unknown)}. A term is in "
            "lower case, stands in at least two units and in at most half of them, and is no "
            "function word: leave them out or choose others."
        )
    shared = sorted({word for word in words if words.count(word) > 1})
    if shared:
        raise InputError(
            f"A word can be the anchor of one topic only, got twice: {', '.join(shared)}."
        )
