"""The topic models: factorisation of TF-IDF, or latent Dirichlet allocation of counts.

A unit is described as a mixture of topics, a topic as a mixture of terms. ``nmf``: ``V ≈ S T``,
where V is units × terms in TF-IDF, S how much of each topic a unit holds, T the terms of each
topic, nothing negative (Lee & Seung 1999, doi:10.1038/44565). ``lda``: every word of a unit is
drawn from one of its topics (Blei, Ng & Jordan 2003, Journal of Machine Learning Research
3:993–1022). Neither ever sees which group a unit is of.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.errors import InputError
from analysis.inference.weights import Floats
from analysis.topicmodels.allocation import allocate, rows_to_one
from analysis.topicmodels.material import Material, check_k, material
from analysis.topicmodels.seeds import GUIDE

__all__ = ["MODELS", "Material", "Model", "check_k", "fit", "material", "tf_idf", "weigh"]

MODELS = ("nmf", "lda")
ROUNDS, FEWEST_ROUNDS = 300, 30
CELLS = 3_000_000  # filled cells that all rounds together may visit, beyond the fewest
DENSE = 200_000  # up to so many cells, a full matrix is faster than a sparse one


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


def weigh(counts: Any, kind: str) -> sparse.csr_array:
    """Return what a model of this kind is fitted to: TF-IDF for ``nmf``, the counts for ``lda``."""
    if kind not in MODELS:
        raise InputError(f"A topic model is one of {', '.join(MODELS)}, got {kind!r}.")
    return tf_idf(counts) if kind == "nmf" else sparse.csr_array(counts).astype(float)


def fit(
    values: sparse.csr_array,
    k: int,
    *,
    kind: str = "nmf",
    start: int | None = None,
    weights: Floats | None = None,
    seeds: Floats | None = None,
) -> Model:
    """Fit k topics.

    ``nmf`` minimises ``Σ w (v - s T)²`` over units, by coordinate descent, in at most 300
    rounds, or in a large corpus as few as 30: units that hold topics need about 20.

    ``lda`` is batch variational Bayes, started from the topics of ``nmf``: from a random start it
    finds the topics of a small corpus far less often. Both Dirichlet priors are 1/2, on a unit's
    topics and on a topic's terms. Variational Bayes acts as though every expected count were a half
    smaller, ``exp ψ(n) ≈ n - ½`` (Asuncion, Welling, Smyth & Teh 2009, On smoothing and inference
    for topic models, UAI), so that this prior neither evens shares out nor drives them to 0 and 1.
    ``terms`` is ``exp(E ln p)``, to sum 1: what the model itself reads units by.

    Seed words pull a topic, and bind nothing else (the purpose of keyATM: Eshima, Imai & Sasaki
    2024, doi:10.1111/ajps.12779; the means are simpler). A seeded topic is given g = 2 % of the
    text of an average topic, made of its seed words alone in equal parts: in simulations, ten times
    as much leaves it nothing but those words. In ``nmf`` this is a
    further unit of the squared weight ``g Σ v² / k`` that no other topic may describe, fitted by
    multiplicative updates, under which nought stays nought; in ``lda`` it is ``g Σ n / k``
    occurrences added to the prior of the topic's terms. Topics without seed words are free.

    Parameters
    ----------
    values : units × terms, as from ``weigh``
    k : number of topics
    kind : ``nmf`` or ``lda``
    start : seed of a random start; None starts from the singular vectors (NNDSVD, Boutsidis &
        Gallopoulos 2008, doi:10.1016/j.patcog.2007.09.010), which involves no chance
    weights : how often each unit counts, as in a resample; None counts each once. For ``lda`` whole
        numbers
    seeds : seeded topics × terms, 1 for a seed word, as from ``seed_marks``; the seeded topics come
        first in the result, in this order

    Examples
    --------
    >>> counts = sparse.csr_array([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 1, 2], [0, 0, 2, 1]])
    >>> fit(weigh(counts, "nmf"), 2).shares.round(2).max(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    counted = np.ones(values.shape[0]) if weights is None else weights
    used = np.flatnonzero(counted)
    marks = np.zeros((0, values.shape[1])) if seeds is None else seeds
    table = tf_idf(values[used]) if kind == "lda" else values[used]
    held, terms = _nmf(table, counted[used], k, start, marks)
    if kind == "lda":
        held, terms = allocate(values[used], counted[used], terms, marks, seed=start or 0)
    shares = np.full((len(counted), k), np.nan)
    shares[used] = rows_to_one(held)
    return Model(shares, rows_to_one(terms))


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
    """Fit the units and, below them, one unit of seed words a seeded topic.

    The start is the free model, its topics in the order that gives the seeded ones most of their
    words; a little of everything is added, for what starts at nought stays there.
    """
    held, terms = _nmf(values, counted, k, start, marks[:0])
    order = _seeded_first(terms, marks)
    rows = _weighted(values, np.sqrt(counted))
    worth = np.sqrt(GUIDE * (rows**2).sum() / k)
    guides = worth * marks / np.sqrt(marks.sum(axis=1, keepdims=True))
    own = np.eye(len(marks), k) * worth
    scales = np.nan_to_num(rows_to_one(terms[order]))
    first = np.vstack([np.sqrt(counted)[:, None] * held[:, order], own])
    second = scales + np.vstack([rows_to_one(marks), np.zeros((k - len(marks), marks.shape[1]))])
    first[: len(held)] += first[: len(held)].mean() / 100
    model = NMF(k, init="custom", solver="mu", max_iter=_rounds(values))
    stacked = sparse.vstack([sparse.csr_array(rows), sparse.csr_array(guides)]).tocsr()
    everything = stacked.toarray() if np.prod(stacked.shape) <= DENSE else stacked
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        held = model.fit_transform(everything, W=first, H=second + second.mean() / 100)
    return held[: len(counted)] * model.components_.sum(axis=1), model.components_


def _rounds(values: sparse.csr_array) -> int:
    return int(np.clip(CELLS // max(values.nnz, 1), FEWEST_ROUNDS, ROUNDS))


def _seeded_first(terms: Floats, marks: Floats) -> np.ndarray:
    """Return an order of topics: those with most of the seed words of each seeded one, the rest."""
    _, chosen = linear_sum_assignment(marks @ np.nan_to_num(rows_to_one(terms)).T, maximize=True)
    return np.array([*chosen, *np.setdiff1d(np.arange(len(terms)), chosen)])


def _weighted(values: sparse.csr_array, factors: Floats) -> Any:
    rows = sparse.diags_array(factors) @ values
    return rows.toarray() if np.prod(rows.shape) <= DENSE else rows
