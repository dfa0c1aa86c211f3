"""Units of inference, and what is counted in them.

A unit is a whole document, or a run of whole paragraphs of about equal length; counts are a sparse
matrix of units × terms.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.text.cleaning import plain
from analysis.text.documents import Corpus, kept
from analysis.text.sources import markup_found
from analysis.text.tokens import family_labels, is_number, numbered, tokenize

LEAST_DOCUMENTS = 2  # of a group, for documents to be units
UNIT_TOKENS = 100
LONG = 1.5  # a paragraph of more than this many times the aimed length is cut
UNITS = ["unit", "document", "group", "first_sentence", "last_sentence", "start", "end", "tokens"]


@kept
def cut_units(
    corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS, passages: bool = False
) -> pd.DataFrame:
    """Cut a corpus into units of inference.

    Where both groups have at least two documents, a unit is a document: texts of one kind differ
    from one another by far more than passages of one text do. Otherwise every document of T tokens
    is cut into ``k = max(1, round(T / unit_tokens))`` runs of whole paragraphs: the i-th run ends
    at the paragraph end nearest to token ``i T / k``. A paragraph of over 1.5 times
    ``unit_tokens`` is first cut into runs of whole sentences in the same way. Words come in bursts
    within paragraphs; a cut through one would make its two halves look like independent evidence.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    passages : whether documents are cut even where whole documents are units

    Returns
    -------
    DataFrame
        One row a unit, the target's documents first: ``unit, document, group, first_sentence,
        last_sentence, start, end, tokens``; ``start`` and ``end`` are offsets into the raw text.

    Raises
    ------
    InputError
        A unit is to have no token, or a document holds no word.
    """
    if unit_tokens < 1:
        raise InputError(f"A unit needs at least one token, got unit_tokens={unit_tokens}.")
    if documents_are_units(corpus) and not passages:
        return _whole_documents(corpus)
    sentences = corpus.sentences.assign(tokens=corpus.sentence_tokens)
    documents = [
        d.id for group in corpus.groups for d in corpus.documents if d.group == group.label
    ]
    tokens, paragraphs = sentences["tokens"].to_numpy(), sentences["paragraph"].to_numpy()
    rows = document_rows(corpus)
    for document in documents:
        if tokens[rows[document]].sum() == 0:
            _refuse_empty(document)
    cuts = [
        cut
        for document in documents
        for cut in _runs(tokens, paragraphs, rows[document], unit_tokens)
    ]
    begins, ends = np.array(cuts).T
    first, last = sentences.iloc[begins], sentences.iloc[ends - 1]
    before = np.concatenate([[0], tokens.cumsum()])
    return pd.DataFrame(
        {
            "unit": range(len(cuts)),
            "document": first["document"].to_numpy(),
            "group": first["group"].to_numpy(),
            "first_sentence": first["sentence"].to_numpy(),
            "last_sentence": last["sentence"].to_numpy(),
            "start": first["start"].to_numpy(),
            "end": last["end"].to_numpy(),
            "tokens": before[ends] - before[begins],
        }
    )[UNITS]


def unit_kind(corpus: Corpus, unit_tokens: int = UNIT_TOKENS) -> str:
    """Tell what a unit is: ``documents``, a ``single`` sentence, or runs of ``paragraphs``.

    Where half of the cuts fall inside paragraphs, as in a text without any, they are runs of
    ``sentences``. See ``cut_units``; ``unit_name`` says it in words.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    """
    if documents_are_units(corpus):
        return "documents"
    if unit_tokens == 1:
        return "single"
    return _whole(corpus, cut_units(corpus, unit_tokens=unit_tokens))


def _whole(corpus: Corpus, units: pd.DataFrame) -> str:
    """Tell whether units are mostly of paragraphs or of parts of them."""
    paragraph = corpus.sentences.set_index(["document", "sentence"])["paragraph"]
    later = units[units["first_sentence"] > 0]
    inside = [
        paragraph[document, first] == paragraph[document, first - 1]
        for document, first in zip(later["document"], later["first_sentence"], strict=True)
    ]
    return "sentences" if inside and 2 * sum(inside) >= len(inside) else "paragraphs"


def documents_are_units(corpus: Corpus) -> bool:
    """Tell whether units are whole documents: both groups have at least two."""
    return fewest_documents(corpus) >= LEAST_DOCUMENTS


def fewest_documents(corpus: Corpus) -> int:
    """Return the number of documents of the group that has fewer."""
    labels = [document.group for document in corpus.documents]
    return min(labels.count(group.label) for group in corpus.groups)


def _whole_documents(corpus: Corpus) -> pd.DataFrame:
    """Return the units where each is a document."""
    documents, stretches, groups = corpus.documents, corpus.stretches, corpus.groups
    before = np.append(0, corpus.sentence_tokens.cumsum())
    many = np.diff(before[np.cumsum([0, *(n for n, *_ in stretches)])]).tolist()
    rows = list[tuple[Any, ...]]()
    for place in (p for g in groups for p, d in enumerate(documents) if d.group == g.label):
        document, (sentences, start, end) = documents[place], stretches[place]
        if not many[place]:
            _refuse_empty(document.id)
        own = document.id, document.group, 0, sentences - 1, start, end, many[place]
        rows.append((len(rows), *own))
    return pd.DataFrame(rows, columns=UNITS)


def _refuse_empty(document: str) -> None:
    raise InputError(f"Document {document!r} holds no word: leave it out.")


def _runs(
    tokens: np.ndarray, paragraphs: np.ndarray, rows: slice, unit_tokens: int
) -> list[tuple[int, int]]:
    """Cut one document into runs of whole paragraphs, long paragraphs into runs of sentences.

    Parameters
    ----------
    tokens, paragraphs : of each sentence of the corpus, how many and in which
    rows : those of the document
    unit_tokens : aimed length of a run

    Returns
    -------
    list of (int, int)
        The first sentence of each run, and the one behind its last.
    """
    own = tokens[rows]
    inside = np.flatnonzero(np.diff(paragraphs[rows])) + 1
    atoms = [0]
    for start, end in pairwise([0, *inside.tolist(), len(own)]):
        if own[start:end].sum() > LONG * unit_tokens:
            atoms += [start + cut for cut in _nearest(own[start:end], unit_tokens)]
        atoms.append(end)
    sizes = np.add.reduceat(own, atoms[:-1])
    cuts = [0, *(atoms[cut] for cut in _nearest(sizes, unit_tokens)), len(own)]
    return [(rows.start + a, rows.start + b) for a, b in pairwise(cuts)]


def _nearest(sizes: np.ndarray, unit_tokens: int) -> list[int]:
    """Return where to cut so that the running total comes nearest to each equal share."""
    ends = sizes.cumsum()
    count = max(1, round(ends[-1] / unit_tokens))
    shares = ends[-1] * np.arange(1, count) / count
    nearest = {int(np.abs(ends - share).argmin()) + 1 for share in shares}
    return sorted(cut for cut in nearest if 0 < ends[cut - 1] < ends[-1])


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
    asked for. A declared name of several words is one term, and its words are none in it.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    numbers : whether bare numbers are terms
    function_words : whether the words of the stop list are terms (``Corpus.stops``)
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
    dropped = corpus.stops.dropped(function_words)
    terms, matrix = _counted(*_runs_of_units(corpus, units), dropped, numbers)
    if not terms:
        raise InputError("The texts hold no term but numbers and function words.")
    counts = _table(corpus, units, terms, matrix)
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
    return _table(corpus, units, columns, _matrix(counters, columns))


def _table(
    corpus: Corpus, units: pd.DataFrame, terms: tuple[str, ...], matrix: sparse.csr_array
) -> Counts:
    return Counts(
        units,
        terms,
        matrix,
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

    Raises
    ------
    InputError
        There is not one label a unit.
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


def unit_sentences(corpus: Corpus, units: pd.DataFrame) -> list[tuple[list[str], ...]]:
    """Return the sentences of each unit, as lists of tokens."""
    return [corpus.tokens[rows] for rows in unit_rows(corpus, units)]


def read_names(declared: Any, language: str, where: str) -> tuple[str, ...]:
    """Return names of several words as they are counted: tokens joined by spaces.

    Raises
    ------
    InputError
        They are no list of texts, or one is a single word, which is a term already.
    """
    if isinstance(declared, str) or not all(isinstance(name, str) for name in declared):
        raise InputError(f"{where}: names must be a list of names in quotes, got {declared!r}.")
    names = {name: " ".join(tokenize(plain(name), language)) for name in declared}
    for name, run in names.items():
        if " " not in run:
            raise InputError(
                f"{where}: {name!r} is one word, and a term already; names are of several words."
            )
    return tuple(sorted(set(names.values())))


@kept
def with_names(corpus: Corpus) -> tuple[list[str], ...]:
    """Return the tokens of each sentence, those of a declared name of several words joined.

    Where names overlap, the one that begins first is taken, and of two that begin alike the longer.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from analysis import load_texts
    >>> corpus = load_texts(["The Middle East waits."], ["East and west wait."])
    >>> with_names(replace(corpus, names=("middle east",)))[0]
    ['the', 'middle east', 'waits']
    """
    if not corpus.names:
        return corpus.tokens
    lengths = sorted({len(name.split(" ")) for name in corpus.names}, reverse=True)
    names = frozenset(corpus.names)
    return tuple(_joined(tokens, names, lengths) for tokens in corpus.tokens)


def _joined(tokens: list[str], names: frozenset[str], lengths: Sequence[int]) -> list[str]:
    found, place = [], 0
    while place < len(tokens):
        runs = (" ".join(tokens[place : place + length]) for length in lengths)
        term = next((run for run in runs if run in names), tokens[place])
        found.append(term)
        place += len(term.split(" "))
    return found


def unit_rows(corpus: Corpus, units: pd.DataFrame) -> list[slice]:
    """Return which rows of ``corpus.sentences`` each unit holds."""
    begins = {id: rows.start for id, rows in document_rows(corpus).items()}
    spans = units[["document", "first_sentence", "last_sentence"]].itertuples(index=False)
    return [slice(begins[id] + first, begins[id] + last + 1) for id, first, last in spans]


def document_rows(corpus: Corpus) -> dict[str, slice]:
    """Return which rows of ``corpus.sentences`` each document holds."""
    lengths = [len(document.sentence_spans) for document in corpus.documents]
    spans = pairwise(accumulate([0, *lengths]))
    return {d.id: slice(*span) for d, span in zip(corpus.documents, spans, strict=True)}


def _runs_of_units(
    corpus: Corpus, units: pd.DataFrame
) -> tuple[sparse.csr_array, Sequence[list[str]]]:
    """Return how often each unit holds each run of tokens, and the runs.

    A run is a piece of text that stands between spaces, of which most recur; where names of several
    words are declared it is a sentence.
    """
    lengths = [len(document.sentence_spans) for document in corpus.documents]
    unit = np.full(sum(lengths), -1)
    for number, rows in enumerate(unit_rows(corpus, units)):
        unit[rows] = number
    if not corpus.names:
        language = corpus.documents[0].language
        pieces, held = corpus.pieces.met(unit, len(units))
        return held, [tokenize(piece, language) for piece in pieces]
    row = np.flatnonzero(unit >= 0)
    once, shape = np.ones(len(row), dtype=np.int64), (len(units), len(unit))
    return sparse.coo_array((once, (unit[row], row)), shape=shape).tocsr(), with_names(corpus)


def _counted(
    held: sparse.csr_array, runs: Sequence[list[str]], dropped: frozenset[str], numbers: bool
) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the terms, sorted, and units × terms.

    Parameters
    ----------
    held : units × runs, how often
    runs : lists of tokens
    dropped, numbers : tokens that are no terms, and whether bare numbers are
    """
    sizes = [len(own) for own in runs]
    words, met = numbered(list(chain.from_iterable(runs)))
    kept = [
        place
        for place, word in enumerate(words)
        if word not in dropped and (numbers or not is_number(word))
    ]
    kept.sort(key=words.__getitem__)
    terms = [words[place] for place in kept]
    column = np.full(len(words), -1, dtype=np.int32)
    column[kept] = np.arange(len(kept))
    place, run = column[met], np.repeat(np.arange(len(runs), dtype=np.int32), sizes)
    cells = run[place >= 0], place[place >= 0]
    once, shape = np.ones(len(cells[0]), dtype=np.int64), (len(runs), len(terms))
    table = sparse.csr_array(held @ sparse.coo_array((once, cells), shape=shape).tocsr())
    there = np.flatnonzero(np.asarray(table.sum(axis=0)).ravel())
    if len(there) < len(terms):
        terms, table = [terms[place] for place in there], table[:, there]
    table.sort_indices()
    return tuple(terms), table


def _matrix(counters: Sequence[Counter[str]], terms: tuple[str, ...]) -> sparse.csr_array:
    """Return units × terms, filled row by row: no cell is a Python object of its own."""
    column = {term: number for number, term in enumerate(terms)}
    ends = np.cumsum([0, *map(len, counters)])
    kind = sparse.get_index_dtype(maxval=max(int(ends[-1]), len(terms)))
    places = (column[term] for counter in counters for term in counter)
    counts = (count for counter in counters for count in counter.values())
    cells = np.fromiter(places, kind, ends[-1])
    filled = np.fromiter(counts, np.int64, ends[-1])
    table = sparse.csr_array((filled, cells, ends.astype(kind)), shape=(len(counters), len(terms)))
    table.sort_indices()
    return table


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
            text = "".join(d.edited.text for d in corpus.documents if d.group == group.label)
            tags = len(markup_found(text)["tags"])
            cure = (
                f"it holds {tags:,} tags of web pages, before which no sentence ends: read them "
                "(cleaning=['markup'], --clean markup)"
                if tags
                else "give it a longer text or more documents"
            )
            raise InputError(
                f"Group {group.label!r} has one unit of inference (aimed length {unit_tokens} "
                f"words), so nothing can be said of its variation: {cure}."
            )


def group_sizes(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> pd.DataFrame:
    """Return, per group, its documents, paragraphs, sentences, tokens, types and units.

    Types are different tokens; units are units of inference (``cut_units``).

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    """
    units = cut_units(corpus, unit_tokens=unit_tokens)["group"].value_counts()
    return pd.DataFrame([_size(corpus, g.label, int(units[g.label])) for g in corpus.groups])


def _size(corpus: Corpus, label: str, units: int) -> dict[str, object]:
    sentences = corpus.tokens_of(label)
    tokens = [token for sentence in sentences for token in sentence]
    documents = [d for d in corpus.documents if d.group == label]
    return {
        "group": label,
        "documents": len(documents),
        "paragraphs": sum(len(d.paragraphs) for d in documents),
        "sentences": len(sentences),
        "tokens": len(tokens),
        "types": len(set(tokens)),
        "units": units,
    }
