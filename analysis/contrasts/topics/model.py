"""The topic model: non-negative matrix factorisation of TF-IDF over units.

A unit is described as a sum of topics, a topic as a sum of terms, nothing negative:
``V ≈ S T``, where V is units × terms, S how much of each topic a unit holds, T the terms of each
topic (Lee & Seung 1999, doi:10.1038/44565). The model never sees which group a unit is of.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.corpus import Corpus
from analysis.counts import count_terms
from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats

MIN_UNITS = 2  # a term of one unit only says nothing of what units share
MAX_SHARE = 0.5  # a term of more than half of the units names no topic
ITERATIONS = 300
DENSE = 5_000_000  # up to so many cells, a full matrix is faster than a sparse one


@dataclass(frozen=True)
class Material:
    """What the model is fitted to.

    Attributes
    ----------
    units : one row a unit, the target's first; units without any kept term are left out
    terms : the kept terms, sorted
    counts : units × terms
    target : True where a unit is the target's
    left_out : how many units hold no kept term
    """

    units: pd.DataFrame
    terms: tuple[str, ...]
    counts: sparse.csr_array
    target: Flags
    left_out: int


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


def material(corpus: Corpus, *, words: int) -> Material:
    """Count the terms of every unit and keep those that can name a topic.

    Kept is a term that stands in at least two units and in at most half of them; function words
    and bare numbers are no terms.

    Raises
    ------
    InputError
        A group has one unit, or no term is kept.
    """
    counts = count_terms(corpus, words=words)
    spread = np.asarray((counts.matrix > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero((spread >= MIN_UNITS) & (spread <= MAX_SHARE * len(counts.units)))
    if not len(kept):
        raise InputError(
            f"No term is left for topics: of {len(counts.terms)} terms none stands in at least "
            f"{MIN_UNITS} and at most half of the {len(counts.units)} units. Give longer texts, "
            "more documents, or a smaller words=."
        )
    matrix = sparse.csr_array(counts.matrix[:, kept])
    filled = np.asarray(matrix.sum(axis=1)).ravel() > 0
    _refuse_single_units(corpus, counts.target[filled])
    return Material(
        counts.units[filled].reset_index(drop=True),
        tuple(counts.terms[i] for i in kept),
        sparse.csr_array(matrix[np.flatnonzero(filled)]),
        counts.target[filled],
        int((~filled).sum()),
    )


def tf_idf(counts: Any) -> sparse.csr_array:
    """Weigh the counts of each unit, ``(1 + ln n) · (1 + ln((1 + U) / (1 + u)))``, to length 1.

    n is a term's occurrences in the unit, u the units that hold it, U all units
    (Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0).
    """
    return sparse.csr_array(TfidfTransformer(sublinear_tf=True).fit_transform(counts))


def fit(
    values: sparse.csr_array, k: int, *, start: int | None = None, weights: Floats | None = None
) -> Model:
    """Fit k topics.

    Minimised is ``Σ w (v - s T)²`` over units, by coordinate descent, in at most 300 rounds.

    Parameters
    ----------
    values : units × terms, as from ``tf_idf``
    k : number of topics
    start : seed of a random start; None starts from the singular vectors (NNDSVD, Boutsidis &
        Gallopoulos 2008, doi:10.1016/j.patcog.2007.09.010), which involves no chance
    weights : how often each unit counts, as in a resample; None counts each once
    """
    counted = np.ones(values.shape[0]) if weights is None else weights
    used = np.flatnonzero(counted)
    model = NMF(
        k,
        init="nndsvd" if start is None else "random",
        random_state=start or 0,
        max_iter=ITERATIONS,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        held = model.fit_transform(_weighted(values[used], np.sqrt(counted[used])))
    scale = model.components_.sum(axis=1)
    shares = np.full((len(counted), k), np.nan)
    shares[used] = _rows_to_one(held * scale)
    return Model(shares, _rows_to_one(model.components_))


def check_k(k: int, data: Material) -> None:
    """Refuse a number of topics that the units or terms cannot bear."""
    if k < 2:
        raise InputError(f"A topic model needs at least 2 topics, got k={k}.")
    if k > min(data.counts.shape):
        raise InputError(
            f"There are {data.counts.shape[0]} units and {data.counts.shape[1]} terms, too few for "
            f"k={k} topics: ask for fewer topics, or give longer texts or a smaller words=."
        )


def _weighted(values: sparse.csr_array, factors: Floats) -> Any:
    rows = sparse.diags_array(factors) @ values
    return rows.toarray() if np.prod(rows.shape) <= DENSE else rows


def _rows_to_one(values: Floats) -> Floats:
    sums = values.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(values, sums, out=np.full(values.shape, np.nan), where=sums > 0)
    return shares


def _refuse_single_units(corpus: Corpus, target: Flags) -> None:
    for group, count in zip(corpus.groups, (target.sum(), (~target).sum()), strict=True):
        if count < 2:
            raise InputError(
                f"Group {group.label!r} has {count} unit that holds a term shared with another "
                "unit, so nothing can be said of its topics: give it a longer text."
            )
