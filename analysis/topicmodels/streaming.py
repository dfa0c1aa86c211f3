"""Topics of a stream: corpora too large for memory, read part by part.

A stream is a function that returns partitions, tables of documents with the columns ``group`` and
``text``, and is called once for each reading; or a table in a file (``RowsOfFile``), whose rows are
read and counted by several processes or by the workers of a cluster. Either way documents come in
batches of so many, in their order, and no more than a few batches are in memory at once. The
vocabulary is of exact counts that add up in any order.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from scipy import sparse, stats
from sklearn.decomposition import MiniBatchNMF
from threadpoolctl import threadpool_limits

from analysis.errors import InputError
from analysis.inference.contrast import freedom, half_width
from analysis.inference.levels import holm
from analysis.inference.weights import Flags, Floats
from analysis.numbers import falling
from analysis.running import each
from analysis.text import is_number, stop_words, tokenize
from analysis.text.stream import Part, cut, lines, row_of
from analysis.topicmodels.choice import labels, match, top_terms
from analysis.topicmodels.model import MAX_SHARE, MIN_UNITS, fit, tf_idf
from analysis.topicmodels.prevalence import fold
from analysis.topicmodels.sampling import LEAST, rows_to_one

SHOWN = 20  # terms listed of each topic
KEPT = 0.9  # of what earlier batches taught, at every step
LITTLE = 1e-3  # added to a start: under multiplicative updates, nought stays nought
ROUNDING = 1e-10  # less than this share of a sum of squares is no variation
PREVALENCE = [
    "topic", "label", "n_target", "n_reference", "share_target", "share_reference", "estimate",
    "ci_low", "ci_high", "p_value", "p_family", "stability",
]  # fmt: skip
Partitions = Callable[[], Iterable[pd.DataFrame]]
Documents = Sequence[tuple[str, str]]  # group and text of each
Batch = tuple[sparse.csr_array, Flags]
Found = TypeVar("Found")


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


@dataclass(frozen=True)
class RowsOfFile:
    """A table in JSON lines, read by whoever counts it; the outcome hangs on none of the options.

    Attributes
    ----------
    file : a path, or an address that fsspec knows, whose name ends in .jsonl
    text, group : its columns
    workers : processes on this machine
    scheduler : the address of a Dask scheduler, whose workers read the table themselves
    """

    file: str | Path
    text: str = "text"
    group: str = "group"
    workers: int = 1
    scheduler: str | None = None

    def parts(self, size: int) -> list[Part]:
        """Return where so many rows at a time lie."""
        pieces = cut(str(self.file), self.text, self.group, ("", ""))
        found = np.concatenate(
            list(each(_places, pieces, workers=self.workers, scheduler=self.scheduler))
        )
        if not len(found):
            raise InputError(f"{self.file} holds no row: give it one a document.")
        ends = [*found[size::size].tolist(), pieces[-1].end]
        return [
            pieces[0]._replace(start=start, end=end)
            for start, end in zip(found[::size].tolist(), ends, strict=True)
        ]


@dataclass(frozen=True)
class _Source:
    """Batches of documents, of a stream or of the rows of a file, and who works on them."""

    stream: Partitions | list[Part]
    batch: int
    workers: int = 1
    scheduler: str | None = None

    @classmethod
    def of(cls, stream: "Partitions | RowsOfFile", batch: int) -> "_Source":
        if isinstance(stream, RowsOfFile):
            return cls(stream.parts(batch), batch, stream.workers, stream.scheduler)
        return cls(stream, batch)

    def each(self, function: Callable[[Documents], Found], what: str) -> Iterator[Found]:
        """Yield what a function finds in each batch, in their order."""
        if not isinstance(self.stream, list):
            return each(function, cut_batches(self.stream(), self.batch), what=what)
        read: Callable[[Part], Found] = partial(_read, function)
        return each(read, self.stream, workers=self.workers, scheduler=self.scheduler, what=what)


def _places(part: Part) -> np.ndarray:
    return np.array([place for place, _ in lines(part)], dtype=np.int64)


def _read(function: Callable[[Documents], Found], part: Part) -> Found:
    """Return what a function finds in the rows of a part."""
    rows = [row_of(part, place, line) for place, line in lines(part)]
    with threadpool_limits(1):
        return function([(group, text) for text, group in rows])


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
    partitions: "Partitions | RowsOfFile",
    *,
    k: int,
    target: str,
    reference: str,
    passes: int = 2,
    batch: int = 1_000,
    largest: int = 20_000,
) -> Stream:
    """Contrast the topics of two groups of documents that need not fit into memory.

    The stream is read once to count terms, ``passes`` times to learn, and once to describe the
    documents. The model is online factorisation of counts by Kullback and Leibler's divergence
    (scikit-learn's ``MiniBatchNMF``; Lefèvre, Bach & Févotte 2011,
    doi:10.1109/ASPAA.2011.6082314), which is the likelihood of latent Dirichlet allocation with
    flat priors, started from the topics of the first batch (``fit``). Documents are then described
    by least squares (``fold``), as the units of smaller corpora are. In memory are one partition,
    one batch and a few tables of topics × terms; how many documents there are makes no difference.

    Prevalence is a mean over documents, and the document is the unit of the interval: per group
    only ``n, Σ s, Σ s²`` of the shares s are kept, of which Welch's interval is made. It takes the
    fitted topics as given, and what they mix up draws a difference towards 0: of a planted .15,
    20,000 documents of 80 words showed .13. Two further models, each learnt from every other batch,
    say whether the topics come back.

    Parameters
    ----------
    partitions : returns the partitions, tables with the columns ``group`` and ``text``; called anew
        for each reading, and the same documents must come in the same order. Or the rows of a file
    k : number of topics
    target, reference : the two groups, as in the column ``group``
    passes : readings to learn from
    batch : documents to a step of learning; the result depends on it, and not on the partitions
    largest : terms kept at most

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
        source = _Source.of(partitions, max(batch, 1))
        census = take_census(source.each(count_documents, "counting terms"))
        terms = vocabulary(census, largest)
        _refuse(census, k, len(terms), (target, reference), passes, batch)

        def read() -> Iterator[Batch]:
            counting = partial(counted, terms=terms, target=target)
            return _same_again(source.each(counting, "learning topics"), census)

        models = [rows_to_one(own + LEAST) for own in _learn(read, k, passes)]
        describing = partial(described, terms=terms, target=target, topics=models[0])
        sums, left_out = _added(source.each(describing, "describing documents"))
        fitted = models[0]
        order = falling(sums[:, 1].sum(axis=0))
        topics = fitted[order]
        return Stream(
            _prevalence(sums[..., order], topics, terms, _stability(topics, models[1:])),
            _listed(topics, terms),
            terms,
            {group: census.groups[group] for group in (target, reference)},
            left_out,
        )


def _learn(read: Callable[[], Iterator[Batch]], k: int, passes: int) -> list[Floats]:
    """Return the topics of all batches and, if there are two batches, those of either half."""
    models: dict[str, MiniBatchNMF] = {}
    for _ in range(passes):
        for number, (counts, _target) in enumerate(read()):
            for name in ("all", ("first", "second")[number % 2]):
                _step(models, name, counts, k)
    own = list(models.values()) if len(models) == 3 else [models["all"]]
    return [model.components_ for model in own]


def _step(models: dict[str, MiniBatchNMF], name: str, counts: sparse.csr_array, k: int) -> None:
    """Learn from one batch; the first one decides where a model starts."""
    filled = sparse.csr_array(counts[np.flatnonzero(counts.sum(axis=1))].astype(float))
    if name in models:
        if filled.shape[0]:
            models[name].partial_fit(filled)
        return
    if filled.shape[0] < k:
        raise InputError(
            f"A batch of {counts.shape[0]} documents holds {filled.shape[0]} with a term of the "
            f"vocabulary, fewer than k={k} topics: ask for fewer topics, or raise batch=."
        )
    start = fit(tf_idf(filled), k)
    sizes = np.asarray(filled.sum(axis=1)).reshape(-1, 1)
    models[name] = MiniBatchNMF(
        k, init="custom", beta_loss="kullback-leibler", forget_factor=KEPT, random_state=0
    )
    even = 1 / k
    models[name].partial_fit(
        filled,
        W=sizes * np.nan_to_num(start.shares, nan=even) + LITTLE,
        H=np.nan_to_num(start.terms) + LITTLE / counts.shape[1],
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


def described(
    documents: Documents, terms: tuple[str, ...], target: str, topics: Floats
) -> tuple[Floats, int]:
    """Return n, Σ s and Σ s² of the shares, groups × 3 × topics, and the documents left out."""
    sums, even = np.zeros((2, 3, len(topics))), np.full(len(topics), 1 / len(topics))
    counts, flags = counted(documents, terms, target)
    filled = np.asarray(counts.sum(axis=1)).ravel() > 0
    for side, own in zip(sums, (filled & flags, filled & ~flags), strict=True):
        if own.any():
            shares = fold(counts[np.flatnonzero(own)], topics, even)
            side += np.array([np.ones_like(shares), shares, shares**2]).sum(axis=1)
    return sums, int((~filled).sum())


def _added(found: Iterable[tuple[Floats, int]]) -> tuple[Floats, int]:
    """Add up what was found in the batches, in their order."""
    sums, left_out = next(found := iter(found))
    for own, less in found:
        sums, left_out = sums + own, left_out + less
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
    estimate, half = mean[0] - mean[1], half_width(parts, n - 1)
    p_value = np.asarray(2 * stats.t.sf(np.abs(estimate) / np.sqrt(total), freedom(parts, n - 1)))
    columns = {
        "topic": np.arange(1, len(topics) + 1),
        "label": labels(topics, terms),
        "n_target": n[0].astype(int),
        "n_reference": n[1].astype(int),
        "share_target": mean[0],
        "share_reference": mean[1],
        "estimate": estimate,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "p_value": p_value,
        "p_family": holm(p_value, np.isfinite(p_value)),
        "stability": stability,
    }
    return pd.DataFrame(columns)[PREVALENCE]


def _stability(topics: Floats, halves: list[Floats]) -> Floats:
    """Return each topic's mean agreement with its partners in the models of half the batches."""
    if not halves:
        return np.full(len(topics), np.nan)
    own = top_terms(topics)
    return np.mean([match(own, top_terms(half))[1] for half in halves], axis=0)


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


def read_partitions(
    file: str | Path, *, text: str = "text", group: str = "group", size: int = 1_000
) -> Partitions:
    """Return the partitions of a table in a file, JSON lines or CSV, so many rows each.

    Parameters
    ----------
    file : whose name ends in .jsonl or .csv
    text, group : its columns
    size : rows of a partition

    Raises
    ------
    InputError
        The file has another ending or cannot be read (as soon as partitions are asked for).
    """
    path = Path(file)
    if path.suffix not in (".jsonl", ".csv"):
        raise InputError(f"A stream is read from a file in .jsonl or .csv, got {path.name!r}.")

    def partitions() -> Iterator[pd.DataFrame]:
        try:
            with _tables(path, size) as tables:
                for table in tables:
                    yield table.rename(columns={text: "text", group: "group"})
        except (OSError, ValueError) as problem:
            raise InputError(f"{path} cannot be read ({problem}): mend the file.") from None

    return partitions


def _tables(path: Path, size: int) -> Any:
    """Return pandas' reader of so many rows at a time."""
    if path.suffix == ".csv":
        return pd.read_csv(path, chunksize=size, dtype=str, keep_default_na=False)
    return pd.read_json(path, lines=True, chunksize=size, dtype=False)


def take_census(counts: Iterable[Census]) -> Census:
    """Add up counts; whole numbers, so that any order and any cut give the same."""
    total = Census()
    for own in counts:
        total.groups.update(own.groups)
        total.spread.update(own.spread)
    return total


def count_documents(documents: Documents) -> Census:
    """Count documents of each group and of each term.

    >>> found = count_documents([("a", "A reef. Reefs."), ("b", "The reef")])
    >>> sorted(found.spread.items())
    [('reef', 2), ('reefs', 1)]
    """
    terms = chain.from_iterable(_terms(text) for _, text in documents)
    return Census(Counter(group for group, _ in documents), Counter(terms))


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


def cut_batches(partitions: Iterable[pd.DataFrame], size: int) -> Iterator[Documents]:
    """Yield so many documents at a time, whatever the partitions."""
    documents = (
        (str(group), text)
        for table in map(_with_columns, partitions)
        for group, text in zip(table["group"], table["text"], strict=True)
    )
    while batch := list(islice(documents, size)):
        yield batch


def counted(documents: Documents, terms: tuple[str, ...], target: str) -> Batch:
    """Return the counts of documents, and which are the target's."""
    column = {term: number for number, term in enumerate(terms)}
    cells = [
        (row, place, n)
        for row, (_, text) in enumerate(documents)
        for place, n in sorted(_counts(text, column).items())
    ]
    rows, places, counts = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    matrix = sparse.csr_array((counts, (rows, places)), shape=(len(documents), len(terms)))
    return matrix, np.array([group == target for group, _ in documents])


def _counts(text: str, column: dict[str, int]) -> Counter[int]:
    return Counter(column[token] for token in tokenize(text) if token in column)


def _terms(text: str) -> set[str]:
    dropped = stop_words()
    return {t for t in tokenize(text) if t not in dropped and not is_number(t)}


def _with_columns(documents: Any) -> pd.DataFrame:
    columns = list(documents.columns) if isinstance(documents, pd.DataFrame) else None
    if columns is None or not {"group", "text"} <= set(columns):
        raise InputError(
            "Each partition must be a DataFrame with the columns 'group' and 'text', got "
            f"{type(documents).__name__ if columns is None else columns}."
        )
    for text in documents["text"]:
        if not isinstance(text, str):
            raise InputError(f"A row of a partition has no text, got {text!r}: leave it out.")
    return documents
