"""Exact counts of tables of any size, part by part, with the tokens of ``load_table``.

A table is cut into parts by bytes, whose texts are counted a block at a time (``text.pieces``).
Memory holds the vocabulary and a block.
"""

import json
import logging
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, TypedDict, TypeVar, Unpack

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.running import give_back, run
from analysis.text.checks import notices
from analysis.text.cleaning import check_rules, clean
from analysis.text.documents import Document
from analysis.text.reading import refuse_unspaced
from analysis.text.sources import refuse_damage
from analysis.text.tables import Nested, cell_of

PART = 64 * 2**20  # bytes of a part, at the most
SMALL = PART // 4  # bytes of a part, at the least
SHARES = 4  # parts that a process is given at least, of a table that is large enough
BUFFER = 2**20  # bytes read at a time
LOOKED_AT = 1_000  # texts at the beginning of a table that are looked at
LONGEST = 2**21  # characters of these
_NEITHER, _NOWHERE = -1, -2  # in place of a side, of a row of another group and of one of none
# Of a term in a group, x its count in a document of n tokens: Σ x, Σ [x > 0], Σ x², Σ x n.
STATS = ("n", "documents", "squares", "lengths")
LOADED = ("pandas", "analysis.text.pieces")
_decode = json.JSONDecoder().raw_decode
_LOG = logging.getLogger("analysis")


class Part(NamedTuple):
    """Some bytes of a table: lines that begin in them."""

    file: str
    start: int
    end: int
    text: str
    group: str
    sides: tuple[str, str]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Tally:
    """Exact counts of some documents.

    Attributes
    ----------
    terms : in the order in which they came
    counts : terms × groups × STATS
    sizes : groups × (documents, tokens, Σ n², bytes of text); n the tokens of a document
    passed : how many rows hold no text or no group, and the place of the first
    told : what was met, a sentence each
    places : the places of the terms, once; whoever adds to them takes them
    """

    terms: list[str]
    counts: np.ndarray
    sizes: np.ndarray
    passed: tuple[int, int] = (0, 0)
    told: tuple[str, ...] = ()
    places: list[dict[str, int]] = field(default_factory=list, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as few objects: no term has a line feed."""
        return _tally, ("\n".join(self.terms), self.counts, self.sizes, self.passed, self.told)

    @property
    def documents(self) -> np.ndarray:
        """How many documents each group has."""
        return np.asarray(self.sizes[:, 0])

    def table(self) -> pd.DataFrame:
        """Return one row a term, sorted: ``n_target, documents_target, …, n_reference, …``."""
        names = [f"{stat}_{role}" for role in ("target", "reference") for stat in STATS]
        flat = self.counts.reshape(len(self.terms), -1)
        found = pd.DataFrame(flat, columns=names).assign(term=self.terms)
        return found[["term", *names]].sort_values("term", ignore_index=True)


def _tally(terms: str, counts: np.ndarray, *others: Any) -> Tally:
    return Tally(terms.split("\n") if len(counts) else [], counts, *others)


class Streamed(TypedDict, total=False):
    """How a stream is read, as the command line has it.

    Attributes
    ----------
    text, group : columns of the table
    workers : processes on this machine
    scheduler : the address of a Dask scheduler, whose workers read the table themselves
    cleaning : names of rules, as in ``Reading``
    """

    text: str
    group: str
    workers: int
    scheduler: str | None
    cleaning: Collection[str]


DEFAULTS: Streamed = {
    "text": "text",
    "group": "group",
    "workers": 1,
    "scheduler": None,
    "cleaning": (),
}


def stream_counts(
    file: str | Path,
    *,
    target: str,
    reference: str,
    part: int | None = None,
    **reading: Unpack[Streamed],
) -> Tally:
    """Count the terms of two groups in a table of any size, in JSON lines.

    The outcome is the same in one process, in several and on a cluster, whatever the parts. What is
    told (``Tally.told``) is what ``load_table`` tells: of rows without a text of the whole table,
    of damage, markup and language of its first LOOKED_AT texts, of copies nothing. Whether a word
    cut at a line's end keeps its hyphen is asked of its own text, by ``load_table`` of all texts.

    Parameters
    ----------
    file : a path, or an address that fsspec knows (``s3://…``), whose name ends in .jsonl
    target, reference : the two groups, as in the column ``group``; other rows are passed over
    part : bytes of a part; None for a few parts for each process
    **reading : ``text, group, workers, scheduler, cleaning``, see ``Streamed``

    Raises
    ------
    InputError
        The file cannot be read, is no JSON lines, lacks a column or a group, or holds damage; or an
        option is none.
    """
    try:
        found, told = over_parts(count_part, merge, file, (target, reference), part=part, **reading)
    finally:
        _forget()
        give_back()
    return replace(found, told=told, places=[])


def _forget() -> None:
    """Let go of the pieces that this thread knows; where none is counted, none are loaded."""
    if pieces := sys.modules.get("analysis.text.pieces"):
        pieces.forget()


class Counted(Protocol):
    """What is found in parts.

    Attributes
    ----------
    documents : of each group
    passed : how many rows hold no text or no group, and the place of the first
    """

    @property
    def documents(self) -> np.ndarray:
        """See above."""

    @property
    def passed(self) -> tuple[int, int]:
        """See above."""


Found = TypeVar("Found", bound=Counted)


def over_parts(
    count: Callable[[Part], Found],
    merge: Callable[[Found, Found], Found],
    file: str | Path,
    groups: tuple[str, str],
    *,
    part: int | None = None,
    load: Sequence[str] = LOADED,
    what: str = "counting",
    check: Callable[[Sequence[Document]], None] = refuse_unspaced,
    **reading: Unpack[Streamed],
) -> tuple[Found, tuple[str, ...]]:
    """Return what is found in all parts of a table, and what there is to tell of its texts.

    Parameters
    ----------
    count, merge, load, what : see ``analysis.running.run``
    file, part, **reading : see ``stream_counts``
    groups : target and reference, see there
    check : refuses the first texts, where they are of no use
    """
    if unknown := sorted(set(reading) - set(DEFAULTS)):
        raise InputError(
            f"There is no option {unknown[0]!r} for reading a stream; the options are "
            f"{', '.join(DEFAULTS)}."
        )
    how: Streamed = {**DEFAULTS, **reading}
    target, reference = map(str, groups)
    if target == reference:
        raise InputError(f"Target and reference are both {target!r}: name two groups.")
    sides, rules = (target, reference), tuple(check_rules(how["cleaning"]))
    size = part or (PART if how["scheduler"] else -max(how["workers"], 1))
    parts = cut(str(file), how["text"], how["group"], sides, size, rules)
    met = _met(parts, check)
    workers, scheduler = how["workers"], how["scheduler"]
    found = run(count, parts, merge, workers=workers, scheduler=scheduler, what=what, load=load)
    for name, documents in zip(sides, found.documents, strict=True):
        if not documents:
            raise InputError(
                f"No row of {file} has {name!r} in its column {how['group']!r}: name another group."
            )
    many, first = found.passed
    if many:
        rows = f"{many} row{'s' * (many > 1)}"
        met.insert(0, f"Passed over: {rows} without a text or a group (the row at byte {first}).")
    for sentence in met:
        _LOG.warning("%s", sentence)
    return found, tuple(met)


def _met(parts: Sequence[Part], check: Callable[[Sequence[Document]], None]) -> list[str]:
    """Say what the first texts hold that would come back as findings, once they are checked.

    Checked are the last ones too, as tables may be sorted by group.
    """
    own: list[Document] = []
    length, all_read = 0, True
    for document in chain.from_iterable(documents(part, LONGEST, []) for part in parts):
        if len(own) == LOOKED_AT or length > LONGEST:
            all_read = False
            break
        own.append(document)
        length += len(document.raw)
    if not own:
        return []
    last = parts[-1]._replace(start=max(0, parts[-1].end - LONGEST))
    check([*own, *([] if all_read else islice(documents(last, LONGEST, []), LOOKED_AT))])
    where = "" if all_read else f"In the first {len(own):,} texts: "
    return [f"{where}{sentence}" for sentence in notices(own)]


def documents(part: Part, longest: int | None, passed: list[int]) -> Iterator[Document]:
    """Yield the documents of the two groups in a part, as ``load_table`` has them.

    Parameters
    ----------
    part : of a table
    longest : characters of a text that are read
    passed : gets the places of rows without a text or a group
    """
    for place, line in lines(part):
        text, label = row_of(part, place, line)
        if not label or not text.strip():
            passed.append(place)
        elif label in part.sides:
            name = f"the row at byte {place}"
            yield Document(name, label, clean(text[:longest], rules=()), "")


def cut(
    file: str,
    text: str,
    group: str,
    sides: tuple[str, str],
    size: int = PART,
    rules: tuple[str, ...] = (),
) -> list[Part]:
    """Return the parts of a table, to be cleaned by some rules.

    They have so many bytes each; below 0, as many as suit so many processes.
    """
    if not file.endswith((".jsonl", ".ndjson")):
        raise InputError(f"A stream is read from JSON lines (.jsonl), got {file!r}.")
    with _opened(file) as stream:
        length = stream.seek(0, 2)
    if not length:
        raise InputError(f"{file} holds no row: give it one a document.")
    if size < 0:
        size = min(max(length // (SHARES * -size), SMALL), PART)
    return [
        Part(file, start, min(start + size, length), text, group, sides, rules)
        for start in range(0, length, size)
    ]


def count_part(part: Part) -> Tally:
    """Count one part."""
    counting = _Counting(part)
    try:
        for place, block in _blocks(part):
            counting.add(place, block)
    except BaseException:
        _forget()  # pieces may be half learnt, and a part is run again
        raise
    passed = len(counting.passed), min(counting.passed, default=0)
    found = Tally(*counting.counter.counts(), counting.counter.sizes, passed)
    del counting
    give_back()
    return found


class _Counting:
    """Counts the rows of a part.

    Attributes
    ----------
    counter : of their terms
    passed : the places of rows without a text or a group
    """

    def __init__(self, part: Part) -> None:
        from analysis.text.pieces import Counter, vocabulary  # Numba, which only streams need
        from analysis.text.rows import Reader

        self._part = part
        self._reader = Reader(part.text, part.group, partial(_side_of_cell, part.sides))
        self.counter = Counter(vocabulary())
        self.passed: list[int] = []

    def add(self, start: int, block: bytes) -> None:
        """Count the rows of some lines, the first of which is at a place of the table.

        What the loops do not read is read here, or all where there are rules of cleaning.
        """
        rows = self._reader.read(block)
        odd = np.arange(len(rows.lines)) if self._part.rules else rows.odd
        rows.sides[rows.empty] = _NOWHERE
        rows.sides[odd] = _NEITHER
        places = start + rows.lines
        self.passed += places[rows.sides == _NOWHERE].tolist()
        if not self.counter.count(rows.texts, rows.sides, rows.whole):
            own = np.flatnonzero(rows.sides >= 0).tolist()
            self._refuse((rows.whole.get(i) or rows.texts.text(i), int(places[i])) for i in own)
        self._add_odd((start + line, _line(block, line)) for line in rows.lines[odd].tolist())

    def _add_odd(self, lines: Iterable[tuple[int, bytes]]) -> None:
        """Count rows that Python's own reader reads."""
        texts, sides = [], []
        for place, line in lines:
            if not line.strip():
                continue
            text, label = row_of(self._part, place, line)
            side = _side_of(self._part.sides, label) if text.strip() else _NOWHERE
            if side == _NOWHERE:
                self.passed.append(place)
            elif side >= 0:
                texts.append((text, place))
                sides.append(side)
        if not self.counter.add([text for text, _ in texts], sides):
            self._refuse(texts)

    def _refuse(self, texts: Iterable[tuple[str, int]]) -> None:
        """Refuse the first text that is damaged, with its place."""
        for text, place in texts:
            refuse_damage(text, f"{self._part.file}, the row at byte {place}")


def _line(block: bytes, place: int) -> bytes:
    end = block.find(b"\n", place)
    return block[place:] if end < 0 else block[place:end]


def _side_of_cell(sides: tuple[str, str], cell: bytes) -> int:
    return _side_of(sides, cell_of(json.loads(cell)).strip())


def _side_of(sides: tuple[str, str], label: str) -> int:
    """Return the number of the group that a label names."""
    if not label:
        return _NOWHERE
    return sides.index(label) if label in sides else _NEITHER


def merge(first: Tally, second: Tally) -> Tally:
    """Add two tallies; whole numbers, so that any order and any tree give the same.

    The places of terms go over from the larger tally to the sum, so that a vocabulary which grows
    is not gone through at each step.
    """
    if len(first.terms) < len(second.terms):
        first, second = second, first
    places = (
        first.places.pop()
        if first.places
        else {term: place for place, term in enumerate(first.terms)}
    )
    where = np.array([places.setdefault(term, len(places)) for term in second.terms], np.int64)
    more = len(places) - len(first.counts)
    counts = np.append(first.counts, np.zeros((more, *second.counts.shape[1:]), np.int64), axis=0)
    counts[where] += second.counts
    rows = [place for many, place in (first.passed, second.passed) if many]
    passed = first.passed[0] + second.passed[0], min(rows, default=0)
    sizes = first.sizes + second.sizes
    return Tally(list(places), counts, sizes, passed, places=[places])


def lines(part: Part) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that begin in a part, with their places."""
    for place, block in _blocks(part):
        for line in block.split(b"\n"):
            if line.strip():
                yield place, line
            place += len(line) + 1


def _blocks(part: Part) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that begin in a part, some at a time, with the place of the first."""
    try:
        with _opened(part.file) as stream:
            place = part.start
            if place:
                stream.seek(place - 1)
                place += len(stream.readline()) - 1
            while place < part.end:
                block = stream.read(min(BUFFER, part.end - place))
                if not block.endswith(b"\n"):
                    block += stream.readline()
                if not block:
                    return
                yield place, block
                place += len(block)
    except OSError as problem:
        raise InputError(f"{part.file} cannot be read ({problem}): mend the file.") from None


def row_of(part: Part, place: int, line: bytes) -> tuple[str, str]:
    """Return the text, cleaned, and the group of a row; what is missing is empty."""
    where = f"{part.file}, the row at byte {place}"
    try:
        cells = _cells(line)
        text, group = cell_of(cells[part.text]), cell_of(cells[part.group])
    except KeyError as missing:
        raise InputError(f"{where} has no column {missing}: name the columns.") from None
    except (ValueError, TypeError) as problem:
        raise InputError(f"{where} is no JSON object ({problem}): mend the file.") from None
    if isinstance(text, Nested):
        raise InputError(f"{where} has no text in {part.text!r}, got {text}: mend the row.")
    return clean(text, rules=part.rules).text if part.rules else text, group.strip()


def _cells(line: bytes) -> Any:
    """Return what a line of JSON holds: as ``json.loads``, without its detours."""
    try:
        text = line.decode()
        cells, end = _decode(text)
    except ValueError:
        return json.loads(line)
    return json.loads(line) if text[end:].strip(" \t\r\n") else cells


def _opened(file: str) -> BinaryIO:
    """Open a file, or an address by fsspec, for reading bytes."""
    try:
        if "://" not in file:
            return Path(file).open("rb", buffering=BUFFER)
        import fsspec

        opened: BinaryIO = fsspec.open(file, "rb").open()
        return opened
    except ImportError:
        raise InputError(
            f"{file} is an address: pip install 'two-groups-of-texts[cluster]' to read it."
        ) from None
    except (OSError, ValueError) as problem:
        raise InputError(f"{file} cannot be read ({problem}): mend the path.") from None
