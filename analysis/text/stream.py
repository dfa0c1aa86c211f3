"""Exact counts of tables of any size, part by part, with the tokens of ``load_table``.

A table is cut into parts by bytes, whose texts are counted a block at a time (``text.pieces``).
Memory holds the vocabulary and a block.
"""

import json
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypedDict, Unpack

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.running import run
from analysis.text.checks import notices
from analysis.text.cleaning import check_rules, clean
from analysis.text.documents import Document
from analysis.text.reading import refuse_unspaced
from analysis.text.sources import refuse_damage
from analysis.text.tables import Nested, cell_of

if TYPE_CHECKING:
    from analysis.text.pieces import Counter

PART = 32 * 2**20  # bytes of a part
BUFFER = 2**20  # bytes read at a time
LOOKED_AT = 1_000  # texts at the beginning of a table that are looked at
LONGEST = 2**21  # characters of these
BLOCK = 2**20  # characters of text that are counted at a time
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
        return Tally, (self.terms, self.counts, self.sizes, self.passed, self.told)

    def table(self) -> pd.DataFrame:
        """Return one row a term, sorted: ``n_target, documents_target, …, n_reference, …``."""
        names = [f"{stat}_{role}" for role in ("target", "reference") for stat in STATS]
        flat = self.counts.reshape(len(self.terms), -1)
        found = pd.DataFrame(flat, columns=names).assign(term=self.terms)
        return found[["term", *names]].sort_values("term", ignore_index=True)


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
    part: int = PART,
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
    part : bytes of a part
    **reading : ``text, group, workers, scheduler, cleaning``, see ``Streamed``

    Raises
    ------
    InputError
        The file cannot be read, is no JSON lines, lacks a column or a group, or holds damage; or an
        option is none.
    """
    if unknown := sorted(set(reading) - set(DEFAULTS)):
        raise InputError(
            f"There is no option {unknown[0]!r} for reading a stream; the options are "
            f"{', '.join(DEFAULTS)}."
        )
    how: Streamed = {**DEFAULTS, **reading}
    if target == reference:
        raise InputError(f"Target and reference are both {target!r}: name two groups.")
    sides, rules = (str(target), str(reference)), tuple(check_rules(how["cleaning"]))
    parts = cut(str(file), how["text"], how["group"], sides, part, rules)
    met = _met(parts[0])
    found = run(
        count_part,
        parts,
        merge,
        workers=how["workers"],
        scheduler=how["scheduler"],
        load=LOADED,
    )
    for name, documents in zip((target, reference), found.sizes[:, 0], strict=True):
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
    return replace(found, told=tuple(met))


def _met(part: Part) -> list[str]:
    """Say what the first texts hold that would come back as findings; refuse unspaced scripts."""
    documents: list[Document] = []
    length, all_read = 0, True
    for place, line in lines(part):
        text, group = row_of(part, place, line)
        if group not in part.sides or not text.strip():
            continue
        if len(documents) == LOOKED_AT or length > LONGEST:
            all_read = False
            break
        name = f"the row at byte {place}"
        documents.append(Document(name, group, clean(text[:LONGEST], rules=()), ""))
        length += len(text)
    if not documents:
        return []
    refuse_unspaced(documents)
    where = "" if all_read else f"In the first {len(documents):,} texts: "
    return [f"{where}{sentence}" for sentence in notices(documents)]


def cut(
    file: str,
    text: str,
    group: str,
    sides: tuple[str, str],
    size: int = PART,
    rules: tuple[str, ...] = (),
) -> list[Part]:
    """Return the parts of a table, of so many bytes each, to be cleaned by some rules."""
    if not file.endswith((".jsonl", ".ndjson")):
        raise InputError(f"A stream is read from JSON lines (.jsonl), got {file!r}.")
    with _opened(file) as stream:
        length = stream.seek(0, 2)
    return [
        Part(file, start, min(start + size, length), text, group, sides, rules)
        for start in range(0, max(length, 1), size)
    ]


def count_part(part: Part) -> Tally:
    """Count one part."""
    from analysis.text.pieces import Counter, vocabulary  # Numba, which only streams need

    counter = Counter(vocabulary())
    texts: list[str] = []
    sides: list[int] = []
    places: list[int] = []
    length = many = first = 0
    side = {name: number for number, name in enumerate(part.sides)}
    for place, line in lines(part):
        own, label = row_of(part, place, line)
        if not label or not own.strip():
            many, first = many + 1, first if many else place
            continue
        if label not in side:
            continue
        texts.append(own)
        sides.append(side[label])
        places.append(place)
        length += len(own)
        if length >= BLOCK:
            _add(counter, part, texts, sides, places)
            texts, sides, places, length = [], [], [], 0
    _add(counter, part, texts, sides, places)
    return Tally(*counter.counts(), counter.sizes, (many, first))


def _add(
    counter: "Counter", part: Part, texts: list[str], sides: list[int], places: list[int]
) -> None:
    """Count a block, or refuse it with the place of what is damaged."""
    if not counter.add(texts, sides):
        for text, place in zip(texts, places, strict=True):
            refuse_damage(text, f"{part.file}, the row at byte {place}")


def merge(first: Tally, second: Tally) -> Tally:
    """Add two tallies; whole numbers, so that any order and any tree give the same.

    The places of terms go over from the larger tally to the sum, so that a vocabulary which grows
    is not gone through at each step.
    """
    if len(first.terms) < len(second.terms):
        first, second = second, first
    known = len(first.terms)
    places = (
        first.places.pop()
        if first.places
        else {term: place for place, term in enumerate(first.terms)}
    )
    where = np.array([places.setdefault(term, len(places)) for term in second.terms], np.int64)
    counts = np.zeros((len(places), *first.counts.shape[1:]), dtype=np.int64)
    counts[:known] = first.counts
    counts[where] += second.counts
    rows = [place for many, place in (first.passed, second.passed) if many]
    passed = first.passed[0] + second.passed[0], min(rows, default=0)
    sizes = first.sizes + second.sizes
    return Tally(list(places), counts, sizes, passed, places=[places])


def lines(part: Part) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that begin in a part, with their places."""
    try:
        with _opened(part.file) as stream:
            place = part.start
            if place:
                stream.seek(place - 1)
                place += len(stream.readline()) - 1
            while place < part.end:
                line = stream.readline()
                if not line:
                    return
                if line.strip():
                    yield place, line
                place += len(line)
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
