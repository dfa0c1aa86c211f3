"""Topic models and what they are fitted to: factorisation of TF-IDF, or allocation of counts.

A model of whole documents sees only what documents have in common from end to end; subjects come
and go within them. So topics are fitted to *passages*, runs of paragraphs of about equal length,
and inferred on *units*: whole documents, or the passages themselves where a group has too few
documents to be units.

A unit is described as a mixture of topics, a topic as a mixture of terms. ``nmf``: ``V ≈ S T``,
where V is units × terms in TF-IDF, S how much of each topic a unit holds, T the terms of each
topic, nothing negative (Lee & Seung 1999, doi:10.1038/44565). ``lda``: every word of a unit is
drawn from one of its topics (latent Dirichlet allocation; Blei, Ng & Jordan 2003, Journal of
Machine Learning Research 3:993–1022). Neither ever sees which group a unit is of.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.decomposition import NMF, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats
from analysis.text import Counts
from analysis.topicmodels.sampling import GUIDE, draw_posterior, rows_to_one

MIN_UNITS = 2  # a term of one unit only says nothing of what units share
ENOUGH, PER_DOCUMENTS = 5, 10  # a term stands in 1 of 10 documents, or in 5 of them
MAX_SHARE = 0.5  # a term of more than half of the passages names no topic
MODELS = ("nmf", "lda")
ROUNDS, FEWEST_ROUNDS = 300, 30
CELLS = 450_000  # filled cells that all rounds together may visit, beyond the fewest
DENSE = 20_000  # up to so many cells, a full matrix is faster than a sparse one
SWEEPS = 30  # of the sampler, left out and kept, for ``lda``
EXPECTATIONS = 100  # rounds of expectation and maximisation when folding in by likelihood

AnchorWords = Mapping[str, Sequence[str]]


# Material


@dataclass(frozen=True, eq=False)
class Material:
    """What the model is fitted to, and what it is inferred on.

    Attributes
    ----------
    units : one row a unit of inference, the target's first; units without any kept term are left
        out
    terms : the kept terms, sorted
    counts : units × terms
    target : True where a unit is the target's
    passages : one row a passage; of a unit that is not cut, the unit itself
    pieces : passages × terms
    unit_of : the place of each passage's unit
    left_out : how many units hold no kept term
    duplicates : how many passages are copies of an earlier one, term by term
    """

    units: pd.DataFrame
    terms: tuple[str, ...]
    counts: sparse.csr_array
    target: Flags
    passages: pd.DataFrame
    pieces: sparse.csr_array
    unit_of: np.ndarray
    left_out: int = 0
    duplicates: int = 0


def material_of(passages: Counts, *, documents: bool = False) -> Material:
    """Keep the terms that can name a topic.

    Kept are the terms in at least two passages and at most half of them, and in a tenth of the
    documents, of which five are enough and two the least if there are as many. Function words and
    bare numbers are no terms. A passage that holds the same terms as often as an
    earlier one is a copy of it. Copies are kept, because they are part of what was published, and
    counted in ``duplicates``; but a copy is no second passage that would make two texts share a
    term, and it is left out together with its original when passages are left out
    (``measure_quality``).

    Parameters
    ----------
    passages : as from ``count_terms``
    documents : whether whole documents are the units of inference; otherwise the passages are

    Raises
    ------
    InputError
        No term is kept, or fewer than two units of a group hold one.

    Examples
    --------
    >>> from analysis.text import count_terms, load_corpus
    >>> material_of(count_terms(load_corpus())).counts.shape
    (38, 336)
    """
    place, firsts = np.unique(passages.units["document"], return_index=True)
    number = np.searchsorted(place, passages.units["document"])
    order = np.argsort(np.argsort(firsts))  # documents in the order in which they come
    document = order[number]
    first = first_copies(passages.matrix)
    kept = _kept(passages, first, document)
    pieces = sparse.csr_array(passages.matrix[:, kept])
    held = np.flatnonzero(np.asarray(pieces.sum(axis=1)).ravel() > 0)
    unit = document if documents else np.arange(len(document))
    own, unit_of = np.unique(unit[held], return_inverse=True)
    target = passages.target[held[np.unique(unit_of, return_index=True)[1]]]
    _refuse_single_units(passages, target)
    pieces = sparse.csr_array(pieces[held])
    return Material(
        _units(passages.units, unit, own) if documents else _renumbered(passages.units, held),
        tuple(passages.terms[i] for i in kept),
        summed(pieces, unit_of),
        target,
        passages.units.iloc[held].reset_index(drop=True),
        pieces,
        unit_of,
        len(np.unique(unit)) - len(own),
        int((first != np.arange(len(first)))[held].sum()),
    )


def summed(rows: sparse.csr_array, group: np.ndarray) -> sparse.csr_array:
    """Add up the rows of each group.

    >>> summed(sparse.csr_array([[1, 0], [2, 0], [0, 3]]), np.array([0, 0, 1])).toarray().tolist()
    [[3, 0], [0, 3]]
    """
    return sparse.csr_array(membership(group) @ rows)


def membership(group: np.ndarray) -> sparse.csr_array:
    """Return groups × members, 1 where one belongs to the other."""
    ones = np.ones(len(group), dtype=np.int64)
    return sparse.csr_array((ones, (group, np.arange(len(group)))))


def first_copies(counts: sparse.csr_array) -> np.ndarray:
    """Return for each row the first row that holds the same terms as often, mostly itself.

    >>> first_copies(sparse.csr_array([[1, 0], [2, 0], [1, 0]])).tolist()
    [0, 1, 0]
    """
    rows = sparse.csr_array(counts)
    rows.sum_duplicates()
    seen: dict[bytes, int] = {}
    spans = [slice(*rows.indptr[i : i + 2]) for i in range(rows.shape[0])]
    keys = [rows.indices[s].tobytes() + rows.data[s].tobytes() for s in spans]
    return np.array([seen.setdefault(key, number) for number, key in enumerate(keys)])


def first_to_last(counts: sparse.csr_array) -> np.ndarray:
    """Return an order of the rows that depends on their words alone.

    >>> first_to_last(sparse.csr_array([[0, 1], [2, 0], [1, 0]])).tolist()
    [2, 1, 0]
    """
    rows = sparse.csr_array(counts)
    rows.sort_indices()
    spans = [slice(*rows.indptr[i : i + 2]) for i in range(rows.shape[0])]
    keys = [(rows.indices[s].tolist(), rows.data[s].tolist()) for s in spans]
    return np.array(sorted(range(len(keys)), key=lambda row: (keys[row], row)))


def check_k(k: int, data: Material, anchored: int = 0) -> None:
    """Refuse a number of topics that the passages, the terms or the anchored topics cannot bear."""
    if k < 2:
        raise InputError(f"A topic model needs at least 2 topics, got k={k}.")
    if k < anchored:
        raise InputError(f"There are anchor words for {anchored} topics, more than k={k}: raise k.")
    passages, terms = data.pieces.shape
    if k > min(passages - data.duplicates, terms):
        copies = f" ({data.duplicates} like another)" if data.duplicates else ""
        raise InputError(
            f"There are {passages} units{copies} and {terms} terms, too few for k={k} topics: ask "
            "for fewer topics, or give more or longer texts."
        )


def _kept(passages: Counts, first: np.ndarray, document: np.ndarray) -> np.ndarray:
    """Return the columns of the terms that can name a topic."""
    distinct = np.flatnonzero(first == np.arange(len(first)))
    present = (passages.matrix[distinct] > 0).astype(np.int64)
    spread = np.asarray(present.sum(axis=0)).ravel()
    within = np.asarray((summed(present, document[distinct]) > 0).sum(axis=0)).ravel()
    least = min(ENOUGH, (document.max() + 1) // PER_DOCUMENTS)
    kept = np.flatnonzero(
        (spread >= MIN_UNITS) & (within >= least) & (spread <= MAX_SHARE * len(distinct))
    )
    if not len(kept):
        raise InputError(
            f"No term is left for topics: of {len(passages.terms)} terms none stands in at least "
            f"{max(MIN_UNITS, least)} and at most half of the {len(distinct)} different units. "
            "Give longer texts, more documents, or a smaller unit_tokens= (--unit)."
        )
    return kept


def _renumbered(units: pd.DataFrame, held: np.ndarray) -> pd.DataFrame:
    return units.iloc[held].reset_index(drop=True)


def _units(passages: pd.DataFrame, unit: np.ndarray, own: np.ndarray) -> pd.DataFrame:
    """Return whole documents, each as long as its passages together."""
    rows = passages.assign(unit=unit).groupby("unit", as_index=False)
    whole = rows.agg(
        {
            "document": "first", "group": "first", "first_sentence": "first",
            "last_sentence": "last", "start": "first", "end": "last", "tokens": "sum",
        }
    )  # fmt: skip
    return whole[whole["unit"].isin(own)].reset_index(drop=True)


def _refuse_single_units(passages: Counts, target: Flags) -> None:
    for side, given in ((target, passages.target), (~target, ~passages.target)):
        if (found := int(side.sum())) < 2:
            label = passages.units.loc[given, "group"].iloc[0] if given.any() else "of one side"
            raise InputError(
                f"Group {label!r} has {found} unit{'' if found == 1 else 's'} with a term shared "
                "with another unit, so nothing can be said of its topics: give it a longer text."
            )


# Models


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
    units × topics; nought where no topic holds any of the terms
    """
    if not terms.any():
        return np.zeros((values.shape[0], len(terms)))
    if model == "nmf":
        given = _perhaps_dense(values)
        with (
            warnings.catch_warnings()
        ):  # as in fits: some units' weights move on for long, by little
            warnings.simplefilter("ignore", ConvergenceWarning)
            found = non_negative_factorization(
                given, H=terms, n_components=len(terms), update_H=False
            )
        return np.asarray(found[0])
    entries = values.tocoo()
    entries.eliminate_zeros()
    (rows, columns), counts = entries.coords, entries.data
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
            "anchor_words={'name': ['word', 'word']} (--anchor-words name=word,word)."
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
