"""Topics of a stream: corpora too large for memory, read partition by partition."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats
from sklearn.decomposition import LatentDirichletAllocation
from threadpoolctl import threadpool_limits

from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats
from analysis.numbers import falling, tied
from analysis.topicmodels.allocation import rows_to_one, started
from analysis.topicmodels.census import Census, Partitions, batches, take_census, vocabulary
from analysis.topicmodels.folding import fold_in
from analysis.topicmodels.model import fit, tf_idf
from analysis.topicmodels.stability import match, top_terms

SHOWN, NAMED = 20, 3  # terms listed of each topic, and in a label
OFFSET, DECAY = 10.0, 0.7  # of the learning rate
ROUNDING = 1e-10  # less than this share of a sum of squares is no variation
PREVALENCE = [
    "topic", "label", "n_target", "n_reference", "share_target", "share_reference", "estimate",
    "ci_low", "ci_high", "p_value", "p_family", "stability",
]  # fmt: skip
Batch = tuple[sparse.csr_array, Flags]


@dataclass(frozen=True)
class Stream:
    """The topics of a stream, numbered from 1 by overall prevalence.

    Attributes
    ----------
    prevalence : one row a topic, see ``stream_topics``
    terms : ``topic, rank, term, weight``; the first 20 of each topic
    vocabulary : the terms of the model
    documents : documents read, of each group
    left_out : documents that hold no term of the vocabulary
    """

    prevalence: pd.DataFrame
    terms: pd.DataFrame
    vocabulary: tuple[str, ...]
    documents: dict[str, int]
    left_out: int


def stream_topics(
    partitions: Partitions,
    *,
    k: int,
    target: str,
    reference: str,
    passes: int = 2,
    batch: int = 1_000,
    largest: int = 20_000,
    seed: int = 0,
) -> Stream:
    """Contrast the topics of two groups of documents that need not fit into memory.

    The stream is read once to count terms, ``passes`` times to learn, and once to describe the
    documents. The model is online variational Bayes for latent Dirichlet allocation (Hoffman, Blei
    & Bach 2010, Online learning for latent Dirichlet allocation, NeurIPS 23), started from the
    topics of the first batch (``fit``), with the same priors. A batch moves the topics by
    ``(10 + i) ** -0.7`` of the way, i the number of the batch. Documents are then described by
    likelihood (``fold_in``), which evens their shares out less than the model's own priors do. In
    memory are one partition, one batch and a few tables of topics × terms; how many documents there
    are makes no difference.

    Prevalence is a mean over documents, and the document is the unit of the interval: per group
    only ``n, Σ s, Σ s²`` of the shares s are kept, of which Welch's interval is made. It takes the
    fitted topics as given, and what they mix up draws a difference towards 0: of a planted .15,
    20,000 documents of 80 words showed .13. Two further models, each learnt from every other batch,
    say whether the topics come back.

    Parameters
    ----------
    partitions : returns the partitions, tables with the columns ``group`` and ``text``; called anew
        for each reading, and the same documents must come in the same order
    k : number of topics
    target, reference : the two groups, as in the column ``group``
    passes : readings to learn from
    batch : documents to a step of learning; the result depends on it, and not on the partitions
    largest : terms kept at most
    seed : of the random numbers

    Returns
    -------
    Stream
        Its table ``prevalence`` has one row a topic: ``topic, label``; ``n_target, n_reference``,
        documents; ``share_target, share_reference, estimate, ci_low, ci_high, p_value`` (Welch);
        ``p_family``, adjusted over the topics (Holm 1979, Scandinavian Journal of Statistics
        6:65–70); all NaN for a topic whose share never varies within a group; ``stability``, the
        share of a topic's ten top terms in common with its partners in the models of either half of
        the batches (NaN where there is but one batch).

    Raises
    ------
    InputError
        Fewer than two topics or fewer documents than topics, no term left, a group that is missing,
        a group too many, or another number of documents on a later reading.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["new", "old"] * 6, "text": ["reef tide", "barn hay"] * 6})
    >>> found = stream_topics(lambda: [table], k=2, target="new", reference="old")
    >>> sorted(found.prevalence["estimate"].round(1))
    [-1.0, 1.0]
    """
    with threadpool_limits(1):
        census = take_census(partitions)
        terms = vocabulary(census, largest)
        _refuse(census, k, len(terms), (target, reference), passes, batch)

        def read() -> Iterator[Batch]:
            return _same_again(batches(partitions, terms, target, batch), census)

        models = _learn(read, k, passes, census.groups.total(), seed)
        fitted = rows_to_one(models[0].exp_dirichlet_component_)
        sums, left_out = _sums(read(), fitted)
        order = falling(sums[:, 1].sum(axis=0))
        topics = fitted[order]
        return Stream(
            _prevalence(sums[..., order], topics, terms, _stability(topics, models[1:])),
            _listed(topics, terms),
            terms,
            {group: census.groups[group] for group in (target, reference)},
            left_out,
        )


def _learn(
    read: Callable[[], Iterator[Batch]], k: int, passes: int, documents: int, seed: int
) -> list[LatentDirichletAllocation]:
    """Return the model of all batches and, if there are two batches, one of either half."""
    models: dict[str, LatentDirichletAllocation] = {}
    for _ in range(passes):
        for number, (counts, _target) in enumerate(read()):
            for name in ("all", ("first", "second")[number % 2]):
                if name not in models:
                    models[name] = _start(counts, k, documents, seed)
                models[name].partial_fit(counts)
    return list(models.values()) if len(models) == 3 else [models["all"]]


def _start(
    counts: sparse.csr_array, k: int, documents: int, seed: int
) -> LatentDirichletAllocation:
    """Start from the topics of one batch."""
    filled = counts[np.flatnonzero(counts.sum(axis=1))]
    if filled.shape[0] < k:
        raise InputError(
            f"A batch of {counts.shape[0]} documents holds {filled.shape[0]} with a term of the "
            f"vocabulary, fewer than k={k} topics: ask for fewer topics, or raise batch=."
        )
    topics = np.nan_to_num(fit(tf_idf(filled), k).terms)
    tokens = float(counts.sum()) * documents / counts.shape[0]
    return started(
        topics, tokens, documents, seed=seed, learning_offset=OFFSET, learning_decay=DECAY
    )


def _same_again(read: Iterator[Batch], census: Census) -> Iterator[Batch]:
    """Pass batches on, and refuse a stream that has changed since it was counted."""
    seen = 0
    for counts, target in read:
        seen += len(target)
        yield counts, target
    if seen != census.groups.total():
        raise InputError(
            f"The stream held {census.groups.total()} documents when its terms were counted and "
            f"{seen} later: partitions must return the same documents whenever it is called."
        )


def _sums(read: Iterator[Batch], topics: Floats) -> tuple[Floats, int]:
    """Return n, Σ s and Σ s² of the shares, groups × 3 × topics, and the documents left out."""
    sums, left_out = np.zeros((2, 3, len(topics))), 0
    for counts, target in read:
        filled = np.asarray(counts.sum(axis=1)).ravel() > 0
        left_out += int((~filled).sum())
        for side, flags in zip(sums, (target, ~target), strict=True):
            if (own := np.flatnonzero(filled & flags)).size:
                shares = fold_in(counts[own], topics, kind="lda")
                side += np.array([np.ones_like(shares), shares, shares**2]).sum(axis=1)
    if sums[:, 0].min() < 2:
        raise InputError(
            "Fewer than two documents of a group hold a term that can name a topic, so nothing can "
            "be said of its topics: give it more documents."
        )
    return sums, left_out


def _prevalence(
    sums: Floats, topics: Floats, terms: tuple[str, ...], stability: Floats
) -> pd.DataFrame:
    """Return Welch's interval and test from n, Σ s and Σ s² of either group."""
    n, mean = sums[:, 0], sums[:, 1] / sums[:, 0]
    squares = sums[:, 2] - n * mean**2
    parts = np.where(squares > ROUNDING * sums[:, 2], squares, 0) / (n - 1) / n
    total = np.where(parts.sum(axis=0) > 0, parts.sum(axis=0), np.nan)
    df = total**2 / (parts**2 / (n - 1)).sum(axis=0)
    estimate = mean[0] - mean[1]
    half = stats.t.isf(0.025, df) * np.sqrt(total)
    p_value = 2 * stats.t.sf(np.abs(estimate) / np.sqrt(total), df)
    first = falling(topics)[:, :NAMED]
    columns = {
        "topic": np.arange(1, len(topics) + 1),
        "label": [", ".join(terms[i] for i in row) for row in first],
        "n_target": n[0].astype(int),
        "n_reference": n[1].astype(int),
        "share_target": mean[0],
        "share_reference": mean[1],
        "estimate": estimate,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "p_value": p_value,
        "p_family": _holm(p_value),
        "stability": stability,
    }
    return pd.DataFrame(columns)[PREVALENCE]


def _holm(p_value: Floats) -> Floats:
    """Adjust p-values by Holm's step-down rule; what has none is not in the family."""
    order = np.argsort(tied(p_value, ratios=True), kind="stable")[: np.isfinite(p_value).sum()]
    adjusted = np.full(len(p_value), np.nan)
    steps = np.arange(len(order), 0, -1) * p_value[order]
    adjusted[order] = np.minimum(1, np.maximum.accumulate(steps))
    return adjusted


def _stability(topics: Floats, halves: list[LatentDirichletAllocation]) -> Floats:
    """Return each topic's mean agreement with its partners in the models of half the batches."""
    if not halves:
        return np.full(len(topics), np.nan)
    own = top_terms(topics)
    return np.mean([match(own, top_terms(half.components_))[1] for half in halves], axis=0)


def _listed(topics: Floats, terms: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        (topic, rank, terms[i], weights[i])
        for topic, weights in enumerate(topics, start=1)
        for rank, i in enumerate(falling(weights)[:SHOWN], start=1)
    ]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "weight"])


def _refuse(
    census: Census, k: int, terms: int, groups: tuple[str, str], passes: int, batch: int
) -> None:
    """Refuse what cannot be streamed, before it is."""
    found = dict(sorted(census.groups.items()))
    if set(found) != set(groups) or min(found.values()) < 2:
        raise InputError(
            f"The stream must hold two groups, {groups[0]!r} and {groups[1]!r}, of at least two "
            f"documents each, got {found}."
        )
    if passes < 1:
        raise InputError(f"The model must learn from at least one reading, got passes={passes}.")
    if not 2 <= k <= min(terms, batch):
        raise InputError(
            f"The number of topics must lie between 2 and the {terms} terms and the {batch} "
            f"documents of a batch, got k={k}."
        )
