"""Unit × term counts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.text.documents import Corpus, kept
from analysis.text.families import family_labels
from analysis.text.tokens import is_number, stop_words
from analysis.text.units import UNIT_TOKENS, cut_units, documents_are_units


@dataclass(frozen=True, eq=False)
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


@kept
def count_terms(
    corpus: Corpus,
    *,
    unit_tokens: int = UNIT_TOKENS,
    numbers: bool = False,
    function_words: bool = False,
    family: str | None = None,
    passages: bool = False,
) -> Counts:
    """Count the terms of every unit.

    Every token counts towards a unit's size; bare numbers and function words are terms only when
    asked for.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    numbers : whether bare numbers are terms
    function_words : whether the words of ``analysis/resources/stopwords.txt`` are terms
    family : "stem" makes a term of every family of words with one stem (``family_labels``)
    passages : whether documents are cut even where whole documents are units

    Raises
    ------
    InputError
        A group has only one unit, no term is left, or the kind of family is unknown.
    """
    if family not in (None, "stem"):
        raise InputError(f"family is None (every word is a term) or 'stem', got {family!r}.")
    units = inference_units(corpus, unit_tokens=unit_tokens, passages=passages)
    dropped = frozenset() if function_words else stop_words(corpus.language)
    counters = [_count(tokens, dropped, numbers) for tokens in unit_sentences(corpus, units)]
    terms = sorted(set().union(*counters))
    if not terms:
        raise InputError("The texts hold no term but numbers and function words.")
    counts = assemble(corpus, units, counters, terms)
    counts = replace(counts, documents=counts.documents and not passages)
    return _families(counts) if family else counts


def inference_units(
    corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS, passages: bool = False
) -> pd.DataFrame:
    """Return the units of inference (``cut_units``), at least two of them a group.

    Raises
    ------
    InputError
        A group has only one unit.
    """
    units = cut_units(corpus, unit_tokens=unit_tokens, passages=passages)
    _refuse_single_units(corpus, units, unit_tokens)
    return units


def assemble(
    corpus: Corpus, units: pd.DataFrame, counters: Sequence[Counter[str]], terms: Iterable[str]
) -> Counts:
    """Make one table of what has been counted unit by unit.

    Parameters
    ----------
    corpus : the two groups
    units : as from ``inference_units``
    counters : one a unit, in the same order
    terms : the columns; a term that occurs nowhere keeps its column of zeros
    """
    columns = tuple(sorted(terms))
    return Counts(
        units,
        columns,
        _matrix(counters, columns),
        units["tokens"].to_numpy(dtype=float),
        (units["group"] == corpus.target.label).to_numpy(),
        documents_are_units(corpus) and not units["document"].duplicated().any(),
    )


def gathered(counts: Counts, labels: Sequence[str]) -> Counts:
    """Add up units that hang together, such as those of one document, speaker or outlet.

    Parameters
    ----------
    counts : as from ``count_terms``
    labels : one a unit; units of both groups under one label stay apart

    Returns
    -------
    Counts
        A unit is all that one label holds of a group; of the columns of ``units`` it keeps
        ``unit, document`` (the label), ``group`` and ``tokens``.
    """
    if len(labels) != len(counts.sizes):
        raise InputError(
            f"There are {len(counts.sizes)} units and {len(labels)} labels: give one a unit."
        )
    of_label, document = pd.factorize(np.asarray(labels, dtype=object))
    place, first = pd.factorize(2 * of_label + counts.target)
    sums = sparse.csr_array((np.ones(len(place), dtype=np.int64), (place, np.arange(len(place)))))
    sizes = np.bincount(place, counts.sizes).astype(float)
    target = first % 2 == 1
    group = {
        bool(side): name for side, name in zip(counts.target, counts.units["group"], strict=True)
    }
    units = pd.DataFrame(
        {
            "unit": range(len(first)),
            "document": document[first // 2],
            "group": [group[bool(side)] for side in target],
            "tokens": sizes.astype(int),
        }
    )
    matrix = sparse.csr_array(sums @ counts.matrix)
    return Counts(units, counts.terms, matrix, sizes, target, documents=True)


def unit_texts(corpus: Corpus, units: pd.DataFrame) -> list[list[str]]:
    """Return the sentences of each unit."""
    texts = corpus.sentences["text"].tolist()
    return [texts[rows] for rows in unit_rows(corpus, units)]


def unit_sentences(corpus: Corpus, units: pd.DataFrame) -> list[tuple[list[str], ...]]:
    """Return the sentences of each unit, as lists of tokens."""
    return [corpus.tokens[rows] for rows in unit_rows(corpus, units)]


def unit_rows(corpus: Corpus, units: pd.DataFrame) -> list[slice]:
    """Return which rows of ``corpus.sentences`` each unit holds."""
    lengths = [len(document.sentence_spans) for document in corpus.documents]
    begins = dict(zip((d.id for d in corpus.documents), accumulate([0, *lengths]), strict=False))
    spans = units[["document", "first_sentence", "last_sentence"]].itertuples(index=False)
    return [slice(begins[id] + first, begins[id] + last + 1) for id, first, last in spans]


def _count(sentences: Iterable[list[str]], dropped: frozenset[str], numbers: bool) -> Counter[str]:
    tokens = (token for sentence in sentences for token in sentence)
    return Counter(t for t in tokens if t not in dropped and (numbers or not is_number(t)))


def _matrix(counters: Sequence[Counter[str]], terms: tuple[str, ...]) -> sparse.csr_array:
    column = {term: number for number, term in enumerate(terms)}
    cells = [
        (row, column[term], count)
        for row, counter in enumerate(counters)
        for term, count in sorted(counter.items())
    ]
    rows, columns, counts = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    return sparse.csr_array((counts, (rows, columns)), shape=(len(counters), len(terms)))


def _families(counts: Counts) -> Counts:
    """Add up the columns of each word family."""
    labels = family_labels(counts.terms, counts.matrix.sum(axis=0))
    terms, columns = np.unique(labels, return_inverse=True)
    members = np.arange(len(labels)), columns
    sums = sparse.csr_array((np.ones(len(labels), dtype=np.int64), members))
    return replace(counts, terms=tuple(terms.tolist()), matrix=counts.matrix @ sums)


def _refuse_single_units(corpus: Corpus, units: pd.DataFrame, unit_tokens: int) -> None:
    for group in corpus.groups:
        if (units["group"] == group.label).sum() < 2:
            raise InputError(
                f"Group {group.label!r} has one unit of inference (aimed length {unit_tokens} "
                "words), so nothing can be said of its variation: give it a longer text or "
                "more documents."
            )
