"""A census of a stream of documents: the vocabulary, from exact counts that add up in any order.

A stream is a function that returns partitions: tables of documents, with the columns ``group`` and
``text``. It is called once for each reading, so that no more than a partition is in memory at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.inference.weights import Flags
from analysis.text import is_number, stop_words, tokenize
from analysis.topicmodels.material import MAX_SHARE, MIN_UNITS

Partitions = Callable[[], Iterable[pd.DataFrame]]


@dataclass(frozen=True)
class Census:
    """Exact counts of some documents.

    Attributes
    ----------
    groups : documents of each group
    spread : documents that hold each term
    """

    groups: Counter[str] = field(default_factory=Counter)
    spread: Counter[str] = field(default_factory=Counter)


def take_census(partitions: Partitions) -> Census:
    """Count the documents of each group and of each term, in one reading."""
    return reduce(merge, map(count_partition, partitions()), Census())


def count_partition(documents: pd.DataFrame) -> Census:
    """Count one partition.

    >>> table = pd.DataFrame({"group": ["a", "b"], "text": ["A reef. Reefs.", "The reef"]})
    >>> sorted(count_partition(table).spread.items())
    [('reef', 2), ('reefs', 1)]
    """
    _refuse_columns(documents)
    terms = chain.from_iterable(map(_terms, documents["text"]))
    return Census(Counter(documents["group"].astype(str)), Counter(terms))


def merge(first: Census, second: Census) -> Census:
    """Add two counts; whole numbers, so that any order and any tree give the same."""
    return Census(first.groups + second.groups, first.spread + second.spread)


def vocabulary(census: Census, largest: int) -> tuple[str, ...]:
    """Return the terms that can name a topic, sorted.

    Kept are those in at least two documents and at most half of them; of more than ``largest``
    those of most documents, ties by term.

    Raises
    ------
    InputError
        None is left.
    """
    documents = census.groups.total()
    fit = [(-n, t) for t, n in census.spread.items() if MIN_UNITS <= n <= MAX_SHARE * documents]
    if not fit:
        raise InputError(
            f"No term is left for topics: of {len(census.spread)} terms none stands in at least "
            f"{MIN_UNITS} and at most half of the {documents} documents. Give more documents."
        )
    return tuple(sorted(term for _, term in sorted(fit)[:largest]))


def batches(
    partitions: Partitions, terms: tuple[str, ...], target: str, size: int
) -> Iterator[tuple[sparse.csr_array, Flags]]:
    """Yield the counts of so many documents at a time, and which are the target's.

    Batches are cut from the sequence of documents, whatever the partitions.
    """
    column = {term: number for number, term in enumerate(terms)}
    documents = (
        (str(group), _counts(text, column))
        for table in partitions()
        for group, text in zip(table["group"], table["text"], strict=True)
    )
    while block := list(islice(documents, size)):
        cells = [
            (row, place, n)
            for row, (_, own) in enumerate(block)
            for place, n in sorted(own.items())
        ]
        rows, places, counts = np.array(cells, dtype=np.int64).reshape(-1, 3).T
        matrix = sparse.csr_array((counts, (rows, places)), shape=(len(block), len(terms)))
        yield matrix, np.array([group == target for group, _ in block])


def _counts(text: str, column: dict[str, int]) -> Counter[int]:
    return Counter(column[token] for token in tokenize(text) if token in column)


def _terms(text: str) -> set[str]:
    dropped = stop_words()
    return {t for t in tokenize(text) if t not in dropped and not is_number(t)}


def _refuse_columns(documents: object) -> None:
    columns = list(documents.columns) if isinstance(documents, pd.DataFrame) else None
    if columns is None or not {"group", "text"} <= set(columns):
        raise InputError(
            "Each partition must be a DataFrame with the columns 'group' and 'text', got "
            f"{type(documents).__name__ if columns is None else columns}."
        )
