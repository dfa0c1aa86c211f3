"""Keyness beyond single words: phrases, and concepts given as lists of words."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.keywords.table import COLUMNS, keyness_of_counts
from analysis.text import Corpus, Counts, count_concepts, count_phrases, load_concepts
from analysis.text.units import UNIT_TOKENS

_ZERO = ["n_target", "n_reference", "rate_target", "rate_reference"]


def phrase_keyness(
    corpus: Corpus, *, longest: int = 4, least: int = 3, draws: int = 20_000, seed: int = 0
) -> pd.DataFrame:
    """Contrast the phrases of two groups of texts.

    Parameters
    ----------
    corpus : the two groups
    longest, least : what a phrase is, see ``count_phrases``
    draws, seed : of the permutation

    Returns
    -------
    DataFrame
        As from ``keyness``, ``term`` holding phrases; rates are per 1,000 tokens, and ``p_family``
        is adjusted over the phrases. Without a row where no phrase comes back.
    """
    return _contrast(count_phrases(corpus, longest=longest, least=least), draws, seed)


def concept_keyness(corpus: Corpus, *, draws: int = 20_000, seed: int = 0) -> pd.DataFrame:
    """Contrast the concepts that a corpus names in its manifest.

    Parameters
    ----------
    corpus : the two groups
    draws, seed : of the permutation

    Returns
    -------
    DataFrame
        As from ``keyness``, ``term`` holding concepts; ``p_family`` is adjusted over those that
        occur. One that occurs nowhere has counts and rates of 0 and stands last, its measures NaN.
        Without a row where the corpus names no concepts.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> sorted(concept_keyness(load_corpus(), draws=99)["term"])
    ['Syria', 'U.S. policy', 'cooperation', 'discord', 'history']
    """
    if corpus.concepts is None:
        return pd.DataFrame(columns=COLUMNS)
    return _contrast(count_concepts(corpus, load_concepts(corpus.concepts)), draws, seed)


def _contrast(counts: Counts, draws: int, seed: int) -> pd.DataFrame:
    """Contrast what occurs, and list what does not behind it."""
    occurs = counts.matrix.sum(axis=0) > 0
    terms = np.array(counts.terms, dtype=object)
    if not occurs.any():
        return _with_absent(pd.DataFrame(columns=COLUMNS), terms.tolist())
    found = replace(counts, terms=tuple(terms[occurs]), matrix=counts.matrix[:, occurs])
    table = keyness_of_counts(found, draws=draws, seed=seed)
    every = _with_absent(table, terms[~occurs].tolist())
    every.attrs = table.attrs | {"words": UNIT_TOKENS}
    return every


def _with_absent(table: pd.DataFrame, absent: list[str]) -> pd.DataFrame:
    if not absent:
        return table
    rows = table.set_index("term").reindex([*table["term"], *absent]).rename_axis("term")
    rows[_ZERO] = rows[_ZERO].fillna(0)
    kinds = {column: int if column.startswith("n_") else float for column in COLUMNS[1:]}
    return rows.astype(kinds).reset_index()[COLUMNS]
