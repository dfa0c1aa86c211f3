"""Keyness beyond single words: phrases, and concepts given as lists of words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.keywords.table import COLUMNS, METHOD, keyness_of_counts
from analysis.result import Outcome, analysis
from analysis.text import (
    Concept,
    Corpus,
    Counts,
    concept_words,
    count_concepts,
    count_phrases,
    cut_units,
    load_concepts,
    tokenize,
    unit_name,
)
from analysis.text.units import UNIT_TOKENS

_ZERO = ["n_target", "n_reference", "rate_target", "rate_reference"]
LISTS = ["concept", "definition", "word", "n_target", "n_reference", "reason"]


@analysis("phrase keyness")
def phrase_keyness(
    corpus: Corpus,
    *,
    longest: int = 4,
    least: int = 3,
    unit_tokens: int = UNIT_TOKENS,
    draws: int = 20_000,
    seed: int = 0,
) -> Outcome:
    """Contrast the phrases of two groups of texts.

    Parameters
    ----------
    corpus : the two groups
    longest, least : what a phrase is, see ``count_phrases``
    unit_tokens : aimed length of a unit, in tokens
    draws, seed : of the permutation

    Returns
    -------
    Result
        As from ``keyness``, ``term`` holding phrases; rates are per 1,000 tokens, and ``p_family``
        is adjusted over the phrases. Without a row where no phrase comes back.
    """
    counts = count_phrases(corpus, longest=longest, least=least, unit_tokens=unit_tokens)
    table = _contrast(counts, draws, seed)
    return Outcome(table, counts.units, unit_name(corpus, unit_tokens), METHOD)


@analysis("concept keyness")
def concept_keyness(
    corpus: Corpus,
    *,
    concepts: Sequence[Concept] | None = None,
    unit_tokens: int = UNIT_TOKENS,
    draws: int = 20_000,
    seed: int = 0,
) -> Outcome:
    """Contrast concepts, each a list of words counted as one.

    Parameters
    ----------
    corpus : the two groups
    concepts : the lists, by default those that the corpus names in its manifest
    unit_tokens : aimed length of a unit, in tokens
    draws, seed : of the permutation

    Returns
    -------
    Result
        As from ``keyness``, ``term`` holding concepts; ``p_family`` is adjusted over those that
        occur. One that occurs nowhere has counts and rates of 0 and stands last, its measures NaN.
        Without a row where there are no concepts. The part ``lists`` has one row a word:
        ``concept, definition, word, n_target, n_reference, reason``; the facts ``concepts`` and
        ``file`` are the lists and the name of the file that they are from, if any.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> sorted(concept_keyness(load_corpus(), draws=99).table["term"])[:4]
    ['Syria', 'U.S. policy', 'advice', 'aims']
    """
    given, file = tuple(concepts or ()), ""
    if concepts is None and corpus.concepts is not None:
        given, file = load_concepts(corpus.concepts), corpus.concepts.name
    units = cut_units(corpus, unit_tokens=unit_tokens)
    table = pd.DataFrame(columns=COLUMNS)
    if given:
        table = _contrast(count_concepts(corpus, given, unit_tokens=unit_tokens), draws, seed)
    facts = {"concepts": given, "file": file}
    parts = {"lists": _lists(corpus, given)}
    return Outcome(table, units, unit_name(corpus, unit_tokens), METHOD, parts, facts)


def _contrast(counts: Counts, draws: int, seed: int) -> pd.DataFrame:
    """Contrast what occurs, and list what does not behind it."""
    occurs = counts.matrix.sum(axis=0) > 0
    terms = np.array(counts.terms, dtype=object)
    if not occurs.any():
        return _with_absent(pd.DataFrame(columns=COLUMNS), terms.tolist())
    found = replace(counts, terms=tuple(terms[occurs]), matrix=counts.matrix[:, occurs])
    table = keyness_of_counts(found, draws=draws, seed=seed)
    return _with_absent(table, terms[~occurs].tolist())


def _with_absent(table: pd.DataFrame, absent: list[str]) -> pd.DataFrame:
    if not absent:
        return table
    rows = table.set_index("term").reindex([*table["term"], *absent]).rename_axis("term")
    rows[_ZERO] = rows[_ZERO].fillna(0)
    rows["established"] = rows["established"] == True  # noqa: E712 - what is absent is not
    kinds = {column: int if column.startswith("n_") else float for column in COLUMNS[1:]}
    return rows.astype(kinds | {"established": bool}).reset_index()[COLUMNS]


def _lists(corpus: Corpus, concepts: Sequence[Concept]) -> pd.DataFrame:
    """Return every word of every list with its counts and the reason why it belongs."""
    found = concept_words(corpus, concepts)
    target, reference = (found[group.label] for group in corpus.groups)
    rows = [
        (concept.name, concept.definition, word, target[key], reference[key], reason)
        for concept in concepts
        for word, reason in concept.words.items()
        for key in [" ".join(tokenize(word))]
    ]
    return pd.DataFrame(rows, columns=LISTS)
