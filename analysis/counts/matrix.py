"""Unit × term counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.corpus import Corpus
from analysis.counts.tokens import is_number, stop_words, tokenize
from analysis.counts.units import WORDS, cut_units, has_many_documents
from analysis.errors import InputError


@dataclass(frozen=True)
class Counts:
    """How often each term stands in each unit.

    Attributes
    ----------
    units : one row a unit (see ``cut_units``), the target's first
    terms : the terms, sorted
    matrix : units × terms, integer counts, sparse rows
    sizes : tokens of each unit, function words and numbers included
    target : True where a unit is the target's
    documents : whether units are whole documents, and so of unequal length
    """

    units: pd.DataFrame
    terms: tuple[str, ...]
    matrix: sparse.csr_array
    sizes: np.ndarray
    target: np.ndarray
    documents: bool


def count_terms(
    corpus: Corpus, *, words: int = WORDS, numbers: bool = False, function_words: bool = False
) -> Counts:
    """Count the terms of every unit.

    Every token counts towards a unit's size; bare numbers and function words are terms only when
    asked for.

    Parameters
    ----------
    corpus : the two groups
    words : aimed length of a unit, in tokens
    numbers : whether bare numbers are terms
    function_words : whether the words of ``data/stopwords.txt`` are terms

    Raises
    ------
    InputError
        A group has only one unit, or no term is left.
    """
    units = cut_units(corpus, words=words)
    _refuse_single_units(corpus, units, words)
    dropped = frozenset() if function_words else stop_words()
    counters = [_count(texts, dropped, numbers) for texts in unit_texts(corpus, units)]
    terms = tuple(sorted(set().union(*counters)))
    if not terms:
        raise InputError("The texts hold no term but numbers and function words.")
    return Counts(
        units,
        terms,
        _matrix(counters, terms),
        units["tokens"].to_numpy(dtype=float),
        (units["group"] == corpus.target.label).to_numpy(),
        has_many_documents(corpus),
    )


def unit_texts(corpus: Corpus, units: pd.DataFrame) -> list[list[str]]:
    """Return the sentences of each unit."""
    texts = {id: list(rows["text"]) for id, rows in corpus.sentences.groupby("document")}
    spans = units[["document", "first_sentence", "last_sentence"]].itertuples(index=False)
    return [texts[document][first : last + 1] for document, first, last in spans]


def _count(texts: Iterable[str], dropped: frozenset[str], numbers: bool) -> Counter[str]:
    tokens = (token for text in texts for token in tokenize(text))
    return Counter(t for t in tokens if t not in dropped and (numbers or not is_number(t)))


def _matrix(counters: list[Counter[str]], terms: tuple[str, ...]) -> sparse.csr_array:
    column = {term: number for number, term in enumerate(terms)}
    entries = [
        (row, column[term], count)
        for row, counter in enumerate(counters)
        for term, count in sorted(counter.items())
    ]
    rows, columns, counts = np.array(entries, dtype=np.int64).T
    return sparse.csr_array((counts, (rows, columns)), shape=(len(counters), len(terms)))


def _refuse_single_units(corpus: Corpus, units: pd.DataFrame, words: int) -> None:
    for group in corpus.groups:
        if (units["group"] == group.label).sum() < 2:
            raise InputError(
                f"Group {group.label!r} has one unit of inference (aimed length {words} words), so "
                "nothing can be said of its variation: give it a longer text or more documents."
            )
