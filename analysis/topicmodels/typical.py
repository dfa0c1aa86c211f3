"""Typical passages: the units and the sentences behind a topic, to be read before it is named."""

from collections import Counter

import numpy as np
import pandas as pd

from analysis.numbers import ordered
from analysis.text import Corpus, tokenize, unit_texts
from analysis.topicmodels.table import Topics

FEWEST = 4  # words that a sentence needs to be typical of anything
SENTENCES = [
    "topic", "label", "group", "rank", "document", "sentence", "start", "end", "share", "text",
]  # fmt: skip


def typical_units(corpus: Corpus, found: Topics, *, count: int = 1) -> pd.DataFrame:
    """Return the units in which each topic has its largest shares.

    Parameters
    ----------
    corpus : the two groups
    found : as from ``topics``
    count : units a topic

    Returns
    -------
    DataFrame
        ``topic, label, rank, group, document, start, end, share, text``; ``start`` and ``end`` are
        offsets into the raw file. Ties go to the earlier unit.
    """
    columns = ["topic", "share", "unit"]
    ranked = ordered(found.shares.dropna(), columns, ascending=[True, False, True])
    first = ranked.groupby("topic").head(count)
    first = first.assign(rank=first.groupby("topic").cumcount() + 1)
    texts = [" ".join(sentences) for sentences in unit_texts(corpus, found.units)]
    units = found.units.assign(text=texts)[["unit", "start", "end", "text"]]
    labels = found.prevalence[["topic", "label"]]
    named = first.merge(units, on="unit").merge(labels, on="topic")
    order = ["topic", "label", "rank", "group", "document", "start", "end", "share", "text"]
    return named.sort_values(["topic", "rank"], ignore_index=True)[order]


def typical_sentences(corpus: Corpus, found: Topics, *, count: int = 3) -> pd.DataFrame:
    """Return the sentences of each group that are most of a topic.

    A sentence's share of a topic is the mean over its terms of the probability that the term, in
    this unit, is of the topic: ``θ_uk φ_kw / Σ_j θ_uj φ_jw``. Sentences of fewer than four kept
    terms are left out: hardly anything can be said of them.

    Parameters
    ----------
    corpus : the two groups
    found : as from ``topics``
    count : sentences a topic and group

    Returns
    -------
    DataFrame
        By topic, group (target first) and rank: ``topic, label, group, rank, document, sentence,
        start, end, share, text``; ``start`` and ``end`` are offsets into the raw file. Ties go to
        the earlier sentence. A group with no such sentence has no row.
    """
    shares = _sentence_shares(corpus, found)
    order = {group.label: place for place, group in enumerate(corpus.groups)}
    rows = []
    for number, label in found.prevalence[["topic", "label"]].itertuples(index=False):
        own = shares.assign(topic=number, label=label, share=shares[number])
        own = own.assign(place=own["group"].map(order), early=np.arange(len(own)))
        own = own.dropna(subset="share")
        own = ordered(own, ["place", "share", "early"], ascending=[True, False, True])
        first = own.groupby("place").head(count)
        rows.append(first.assign(rank=first.groupby("place").cumcount() + 1))
    return pd.concat(rows, ignore_index=True)[SENTENCES]


def _sentence_shares(corpus: Corpus, found: Topics) -> pd.DataFrame:
    """Return the units' sentences with a column of shares for each topic, NaN where too short."""
    spans = found.units[["document", "first_sentence", "last_sentence"]].to_numpy().tolist()
    by_document = dict(tuple(corpus.sentences.groupby("document", sort=False)))
    own = [by_document[document].iloc[first : last + 1] for document, first, last in spans]
    sentences = pd.concat(own, ignore_index=True)
    unit = np.repeat(np.arange(len(own)), [len(rows) for rows in own])
    grid = found.shares["share"].to_numpy().reshape(len(own), found.k)
    column = {term: place for place, term in enumerate(found.distribution.index)}
    words = found.distribution.to_numpy()
    held = [Counter(column[t] for t in tokenize(s) if t in column) for s in sentences["text"]]
    rows = [_shares(terms, words, grid[u]) for terms, u in zip(held, unit, strict=True)]
    return sentences.join(pd.DataFrame(rows, columns=found.distribution.columns))


def _shares(held: Counter[int], words: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if held.total() < FEWEST:
        return np.full(len(weights), np.nan)
    odds = words[list(held)] * weights
    each: np.ndarray = odds / odds.sum(axis=1, keepdims=True)
    return np.array(list(held.values())) @ each / held.total()
