"""What a topic says: its terms, how each group words it, and the sentences that are most of it.

A group may speak of a topic as often as the other and yet in other words. The last draw of the
posterior gives every word of every unit a topic (or the background). Within one topic, the words
given to it are counted term by term and compared between the groups as terms are in keyness.
"""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference.contrast import count_contrast
from analysis.inference.weights import Flags, Floats
from analysis.numbers import falling, ordered
from analysis.result import Result
from analysis.text.units import unit_rows
from analysis.topicmodels.choice import exclusivity, npmi, top_terms

RELEVANCE = 0.6
SHOWN = 20  # terms listed of each topic
NAMED = 3  # terms in a label
LISTED = 10  # terms on a card
TERMS = ["topic", "rank", "term", "weight", "relevance", "n_units"]
CARDS = [
    "topic", "name", "label", "terms", "coherence", "exclusivity", "share_target",
    "share_reference", "estimate", "ci_low", "ci_high", "stability", "alarm", "finding",
]  # fmt: skip
LEAST_UNITS = 2  # that hold words of the topic, in either group
WORDING = [
    "topic", "label", "term", "n_target", "n_reference", "rate_target", "rate_reference",
    "log_ratio", "ci_low", "ci_high", "p_value", "p_family",
]  # fmt: skip
FEWEST = 4  # words that a sentence needs to be typical of anything
SENTENCES = [
    "topic", "label", "group", "rank", "document", "sentence", "start", "end", "share", "text",
]  # fmt: skip


def relevance(terms: Floats, weights: Floats) -> Floats:
    """Return how much each term says of each topic, ``λ ln φ_kw + (1 - λ) ln(φ_kw / p_w)``, λ = .6.

    Terms ranked by their probability alone are those that are frequent everywhere; by its ratio to
    the overall probability p, those that are rare. λ = .6 served readers best (Sievert & Shirley
    2014, doi:10.3115/v1/W14-3110).

    Parameters
    ----------
    terms : topics × terms, rows sum to 1, nothing nought
    weights : the topics' overall shares, by which p is mixed

    Examples
    --------
    >>> even = relevance(np.array([[0.6, 0.3, 0.1], [0.6, 0.1, 0.3]]), np.array([0.5, 0.5]))
    >>> even.argsort(axis=1)[:, ::-1].tolist()
    [[0, 1, 2], [0, 2, 1]]
    """
    overall = np.log(weights @ terms)
    own: Floats = np.log(terms)
    return own - (1 - RELEVANCE) * overall


def labels(ranks: Floats, terms: tuple[str, ...]) -> list[str]:
    """Suggest a label for each topic: its three terms of largest relevance."""
    first = falling(ranks)[:, :NAMED]
    return [", ".join(terms[i] for i in row) for row in first]


def term_table(
    weights: Floats, ranks: Floats, terms: tuple[str, ...], counts: sparse.csr_array
) -> pd.DataFrame:
    """List each topic's first terms by relevance, with their weight and the units they stand in.

    Parameters
    ----------
    weights, ranks : topics × terms, probability and relevance
    terms, counts : as in ``Material``
    """
    spread = np.asarray((counts > 0).sum(axis=0)).ravel()
    rows = [
        (topic, rank, terms[i], weights[topic - 1, i], own[i], int(spread[i]))
        for topic, own in enumerate(ranks, start=1)
        for rank, i in enumerate(falling(own)[:SHOWN], start=1)
    ]
    return pd.DataFrame(rows, columns=TERMS)


def card_table(
    prevalence: pd.DataFrame,
    weights: Floats,
    ranks: Floats,
    terms: tuple[str, ...],
    counts: sparse.csr_array,
    names: list[str],
) -> pd.DataFrame:
    """Gather what is known of each topic, one row a topic.

    ``name`` is the user's, for topics with seed words; ``label`` only a suggestion from the terms;
    ``coherence`` and ``exclusivity`` are those of the ten terms listed (see ``measure_quality``).
    """
    first = falling(ranks)[:, :LISTED]
    marks = top_terms(np.exp(ranks))
    return prevalence.assign(
        name=names,
        terms=[", ".join(terms[i] for i in row) for row in first],
        coherence=npmi(marks, counts),
        exclusivity=exclusivity(weights, marks),
    )[CARDS]


def compare_wording(
    assigned: list[sparse.csr_array], terms: tuple[str, ...], target: Flags, labels: list[str]
) -> pd.DataFrame:
    """Compare the groups' words within each topic.

    The counts are a single draw of each word's topic, because the test needs whole numbers: the
    most likely topic of every word would favour, in a group that holds less of a topic, the words
    that no other topic has. The model does not know the groups, so that where a topic is worded
    alike in both, its words differ by chance only.

    Parameters
    ----------
    assigned : topics × units × terms, words given to each topic
    terms : the terms
    target : True where a unit is the target's
    labels : of the topics

    Returns
    -------
    DataFrame
        One row a topic and term, by topic, p-value and term. ``n_…``: occurrences given to the
        topic; ``rate_…``: per 1,000 words given to it; ``log_ratio, ci_low, ci_high``: positive
        where the target has more, and ``p_value``: see ``count_contrast``;
        ``p_family``: adjusted over all terms of all topics (within a topic by the test itself,
        times the number of topics). A topic has no rows if fewer than two units of a group hold
        words of it.
    """
    tables = [
        _topic(sparse.csr_array(table), terms, target).assign(topic=number, label=label)
        for number, (table, label) in enumerate(zip(assigned, labels, strict=True), start=1)
        if _enough(table, target)
    ]
    if not tables:
        return pd.DataFrame(columns=WORDING)
    table = pd.concat(tables)
    table["p_family"] = np.minimum(1, len(assigned) * table["p_family"])
    return ordered(table, ["topic", "p_value", "term"])[WORDING]


def _enough(table: Any, target: Flags) -> bool:
    held = np.asarray(table.sum(axis=1)).ravel() > 0
    return min((held & side).sum() for side in (target, ~target)) >= LEAST_UNITS


def _topic(table: sparse.csr_array, terms: tuple[str, ...], target: Flags) -> pd.DataFrame:
    sizes = np.asarray(table.sum(axis=1)).ravel()
    rows, columns = (np.flatnonzero(table.sum(axis=axis)) for axis in (1, 0))
    values, lengths, side = table[rows][:, columns].toarray(), sizes[rows], target[rows]
    found = count_contrast(values, lengths, side).table
    sums = {"target": values[side].sum(axis=0), "reference": values[~side].sum(axis=0)}
    totals = {"target": lengths[side].sum(), "reference": lengths[~side].sum()}
    return pd.DataFrame(
        {
            "term": [terms[i] for i in columns],
            **{f"n_{name}": count for name, count in sums.items()},
            **{f"rate_{name}": 1_000 * sums[name] / totals[name] for name in sums},
            **found[["log_ratio", "ci_low", "ci_high", "p_value", "p_family"]],
        }
    )


def typical_sentences(found: Result, *, count: int = 3) -> pd.DataFrame:
    """Return the sentences of each group that are most of a topic.

    A sentence's share of a topic is the mean over its terms of the probability that the term, in
    this unit, is of the topic: ``θ_uk φ_kw / Σ_j θ_uj φ_jw``. Sentences of fewer than four kept
    terms are left out: hardly anything can be said of them.

    Parameters
    ----------
    found : as from ``topics``
    count : sentences a topic and group

    Returns
    -------
    DataFrame
        By topic, group (target first) and rank: ``topic, label, group, rank, document, sentence,
        start, end, share, text``; ``start`` and ``end`` are offsets into the raw file. Ties go to
        the earlier sentence. A group with no such sentence has no row.
    """
    shares = _sentence_shares(found)
    order = {group.label: place for place, group in enumerate(found.corpus.groups)}
    rows = []
    for number, label in found.table[["topic", "label"]].itertuples(index=False):
        own = shares.assign(topic=number, label=label, share=shares[number])
        own = own.assign(place=own["group"].map(order), early=np.arange(len(own)))
        own = own.dropna(subset="share")
        own = ordered(own, ["place", "share", "early"], ascending=[True, False, True])
        first = own.groupby("place").head(count)
        rows.append(first.assign(rank=first.groupby("place").cumcount() + 1))
    return pd.concat(rows, ignore_index=True)[SENTENCES]


def _sentence_shares(found: Result) -> pd.DataFrame:
    """Return the units' sentences with a column of shares for each topic, NaN where too short."""
    spans = unit_rows(found.corpus, found.parts["passages"])
    rows = np.concatenate([np.arange(span.start, span.stop) for span in spans])
    unit = np.repeat(np.arange(len(spans)), [span.stop - span.start for span in spans])
    grid = found.parts["shares"]["share"].to_numpy().reshape(len(spans), found.facts["k"])
    words = found.parts["distribution"]
    column = {term: place for place, term in enumerate(words.index)}
    tokens = (found.corpus.tokens[row] for row in rows)
    held = [Counter(column[t] for t in own if t in column) for own in tokens]
    shares = [
        _shares(terms, words.to_numpy(), grid[u]) for terms, u in zip(held, unit, strict=True)
    ]
    sentences = found.corpus.sentences.iloc[rows].reset_index(drop=True)
    return sentences.join(pd.DataFrame(shares, columns=words.columns))


def _shares(held: Counter[int], words: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if held.total() < FEWEST:
        return np.full(len(weights), np.nan)
    odds = words[list(held)] * weights
    each: np.ndarray = odds / odds.sum(axis=1, keepdims=True)
    return np.array(list(held.values())) @ each / held.total()
