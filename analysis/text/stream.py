"""Exact counts of tables of any size, part by part, with the tokens of ``load_table``.

A table is cut into parts by bytes. In a part, text is split at ASCII white space; the definition of
a token is asked once for each distinct piece, and whole numbers stand for pieces from then on. No
token reaches over white space, and no rule of typography changes a token from beyond it, but for
those of ``_CONTEXT``, whose documents are read whole. Memory holds the vocabulary and one part.
"""

import json
import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypedDict, Unpack
from unicodedata import is_normalized

import numpy as np
import pandas as pd
import regex

from analysis.errors import InputError
from analysis.running import run
from analysis.text.checks import notices
from analysis.text.cleaning import check_rules, clean
from analysis.text.documents import Document
from analysis.text.reading import refuse_unspaced
from analysis.text.sources import refuse_damage
from analysis.text.tables import Nested, cell_of
from analysis.text.tokens import sentence_spans, token_spans, tokenize

PART = 32 * 2**20  # bytes of a part
BUFFER = 2**20  # bytes read at a time
LOOKED_AT = 1_000  # texts at the beginning of a table that are looked at
LONGEST = 2**21  # characters of these
BLOCK = 2**20  # characters of text that are counted at a time
# Of a term in a group, x its count in a document of n tokens: Σ x, Σ [x > 0], Σ x², Σ x n.
STATS = ("n", "documents", "squares", "lengths")
REMEMBERED = 2**21  # terms, and pieces of several, that a process knows
AT_HAND = 2**17  # pieces that are found without learning them again
WIDTH = 8  # bytes of a piece that fit one number
SLOTS = 2**19  # short pieces that are found without asking for each
_CONTEXT = regex.compile(
    r"[-\u2010\u2011\u2043\u2212\u02D7\uFE63\u00AD¬]\h*[\r\n\v\f\u2028\u2029\x85]|[。！？]"
)
_LINE_ENDS = "\n\r\v\f"
_DAMAGE = regex.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_EDGES = '.,;:!?()[]"'
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd, so that a product keeps every bit
_SHIFT = np.uint64(64 - SLOTS.bit_length() + 1)
_SOUND = bytes({9, 10, 11, 12, 13, *range(32, 256)} - {127})  # all but control characters
_decode = json.JSONDecoder().raw_decode
_END = bytes(2 * WIDTH)
_LOG = logging.getLogger("analysis")
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(WIDTH + 1)], dtype=np.uint64)


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
    """

    terms: list[str]
    counts: np.ndarray
    sizes: np.ndarray
    passed: tuple[int, int] = (0, 0)
    told: tuple[str, ...] = ()

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
    of damage, markup and language of its first LOOKED_AT texts, of copies nothing.

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
    found = run(count_part, parts, merge, workers=how["workers"], scheduler=how["scheduler"])
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
    counter = _Counter(_vocabulary())
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
    return replace(counter.tally(), passed=(many, first))


def _add(
    counter: "_Counter", part: Part, texts: list[str], sides: list[int], places: list[int]
) -> None:
    """Count a block, or refuse it with the place of what is damaged."""
    if not counter.add(texts, sides):
        for text, place in zip(texts, places, strict=True):
            refuse_damage(text, f"{part.file}, the row at byte {place}")


def merge(first: Tally, second: Tally) -> Tally:
    """Add two tallies; whole numbers, so that any order and any tree give the same."""
    if len(first.terms) < len(second.terms):
        first, second = second, first
    code = {term: number for number, term in enumerate(first.terms)}
    place = np.array([code.setdefault(term, len(code)) for term in second.terms], dtype=np.int64)
    counts = np.zeros((len(code), *first.counts.shape[1:]), dtype=np.int64)
    counts[: len(first.terms)] = first.counts
    counts[place] += second.counts
    places = [place for many, place in (first.passed, second.passed) if many]
    passed = first.passed[0] + second.passed[0], min(places, default=0)
    return Tally(list(code), counts, first.sizes + second.sizes, passed)


def whole_tokens(text: str) -> list[str]:
    """Return the tokens of a text that is read whole: as ``load_table`` has them."""
    read = clean(text, rules=()).text
    return [
        token
        for paragraph in regex.split(r"\n+", read)
        for start, end in sentence_spans(paragraph)
        for *_, token in token_spans(paragraph[start:end])
    ]


class _Vocabulary:
    """What a process knows: pieces of text and terms have numbers as they come.

    ``pieces`` holds the code of a piece: its term, or ``-1 - i`` where it stands for the i-th list
    of terms in ``several``, which may be empty. Short pieces, two numbers each, are found in
    ``_slots`` too: a slot keeps the first that comes to it, which is one that comes often. Pieces
    of one term are soon learnt again, so that those of them in no slot are forgotten at times.
    """

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.pieces: dict[bytes, int] = {}
        self.several: list[list[int]] = []
        self._slots = np.zeros((SLOTS, 3), dtype=np.uint64)  # both numbers and the code

    def codes(self, pieces: list[bytes]) -> np.ndarray:
        """Return the code of each piece."""
        found = list(map(self.pieces.get, pieces))
        for place, code in enumerate(found):
            if code is None:
                found[place] = self._code(pieces[place])
        return np.array(found, dtype=np.int64)

    def known(self, one: np.ndarray, more: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the codes of short pieces, and which of them a slot holds."""
        held = self._slots.take(self._slot(one, more), axis=0)  # thrice as fast as by index
        return held[:, 2].astype(np.int64), (held[:, 0] == one) & (held[:, 1] == more)

    def keep(self, one: np.ndarray, more: np.ndarray, code: np.ndarray) -> None:
        """Let slots that are free keep short pieces."""
        slot, first = np.unique(self._slot(one, more), return_index=True)
        free = self._slots[slot, 0] == 0
        slot, first = slot[free], first[free]
        numbers = one[first], more[first], code[first].astype(np.uint64)
        self._slots[slot] = np.column_stack(numbers)

    @staticmethod
    def _slot(one: np.ndarray, more: np.ndarray) -> np.ndarray:
        mixed = (one ^ (more * _MIX)) * _MIX
        mixed = ((mixed ^ (mixed >> np.uint64(29))) * _MIX) >> _SHIFT
        return np.asarray(mixed.astype(np.int64))

    def _code(self, piece: bytes) -> int:
        """Return the code of a piece, which is learnt where it is new."""
        if piece not in self.pieces:
            if len(self.pieces) - len(self.several) > AT_HAND:
                self.pieces = {own: code for own, code in self.pieces.items() if code < 0}
            self.pieces[piece] = self._learn(piece)
        return self.pieces[piece]

    def term(self, token: str) -> int:
        """Return the number of a term."""
        return self.terms.setdefault(token, len(self.terms))

    def _learn(self, piece: bytes) -> int:
        text = piece.decode("utf-8", "surrogatepass")
        core = text.strip(_EDGES)
        if core.isascii() and core.isalpha() and (core.islower() or core[1:].islower()):
            return self.term(core.lower())  # plain words, which most pieces are
        tokens = tokenize(text) if text.isascii() and "`" not in text else whole_tokens(text)
        if len(tokens) == 1:
            return self.term(tokens[0])
        self.several.append([self.term(token) for token in tokens])
        return -len(self.several)


_KNOWN = [_Vocabulary()]


def _vocabulary() -> _Vocabulary:
    """Return what this process knows, or nothing once that is too much."""
    if len(_KNOWN[0].terms) + len(_KNOWN[0].several) > REMEMBERED:
        _KNOWN[0] = _Vocabulary()
    return _KNOWN[0]


class _Counter:
    """Counts texts block by block."""

    def __init__(self, vocabulary: _Vocabulary) -> None:
        self._known = vocabulary
        self._counts = np.zeros((2**12 + 2 * len(vocabulary.terms), 2, len(STATS)), dtype=np.int64)
        self._sizes = np.zeros((2, 4), dtype=np.int64)

    def tally(self) -> Tally:
        """Return the counts so far, of the terms that occur."""
        occurs = np.flatnonzero(self._counts[:, :, 0].any(axis=1))
        terms = np.array(list(self._known.terms), dtype=object)
        return Tally(terms[occurs].tolist(), self._counts[occurs], self._sizes)

    def add(self, texts: Sequence[str], sides: Sequence[int]) -> bool:
        """Count a block of texts; False, and nothing counted, where one is damaged."""
        if not texts:
            return True
        split: list[int] = []
        whole: list[int] = []
        for number, text in enumerate(texts):
            (whole if _needs_context(text) else split).append(number)
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        raw = b"\n".join([b"", *(encoded[number] for number in split), b""])
        if raw.translate(None, _SOUND) or any(
            _DAMAGE.search(text) for text in texts if not text.isascii()
        ):
            return False
        if any(_DAMAGE.search(texts[number]) for number in whole):
            return False
        lengths = np.array([len(text) for text in encoded])
        limits = np.cumsum(lengths[split] + 1)
        found = [self._split(raw, limits, np.array(split, dtype=np.int64))]
        for number in whole:
            codes = [self._known.term(token) for token in whole_tokens(texts[number])]
            found.append((np.array(codes, dtype=np.int64), np.full(len(codes), number)))
        terms, documents = (np.concatenate(each) for each in zip(*found, strict=True))
        self._sum(terms, documents, np.array(sides, dtype=np.int64))
        np.add.at(self._sizes[:, 3], np.array(sides), lengths)
        return True

    def _sum(self, terms: np.ndarray, documents: np.ndarray, sides: np.ndarray) -> None:
        """Add the terms of documents, in any order."""
        count = len(sides)
        lengths = np.bincount(documents, minlength=count)
        self._sizes[:, 0] += np.bincount(sides, minlength=2)
        np.add.at(self._sizes[:, 1], sides, lengths)
        np.add.at(self._sizes[:, 2], sides, lengths**2)
        if not len(terms):
            return
        key = (terms * 2 + sides[documents]) * count + documents
        narrow = 2 * count * len(self._known.terms) <= np.iinfo(np.int32).max
        key = np.sort(key.astype(np.int32) if narrow else key)
        first = _beginnings(key)
        times = np.diff(first, append=len(key))
        cell, document = np.divmod(key[first], key.dtype.type(count))
        begins = _beginnings(cell)
        while len(self._counts) < len(self._known.terms):
            self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
        own = self._counts.reshape(-1, len(STATS))
        own[cell[begins]] += np.column_stack(
            [
                np.diff(first[begins], append=len(key)),
                np.diff(begins, append=len(first)),
                np.add.reduceat(times**2, begins),
                np.add.reduceat(times * lengths[document], begins),
            ]
        )

    def _split(
        self, raw: bytes, limits: np.ndarray, numbers: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the terms of texts, piece by piece, and the number of each one's document.

        Parameters
        ----------
        raw : texts, a line feed before each and after the last
        limits : where they end
        numbers : of the documents
        """
        blank = np.frombuffer(raw, np.uint8) <= 32
        edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]
        code = self._codes(raw + _END, starts, ends)
        many = np.diff(np.searchsorted(starts, limits), prepend=0)
        return self._expanded(code, np.repeat(numbers, many))

    def _codes(self, raw: bytes, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Return the code of each piece.

        A piece of up to twice WIDTH bytes is two numbers. Those that no slot holds are gathered by
        a mix of both, which is then looked at again: pieces that share a mix by chance are taken
        one by one, like longer ones.
        """
        words = np.ndarray((len(raw) - WIDTH + 1,), np.dtype("<u8"), raw, 0, (1,))
        width = ends - starts
        one = words[starts] & _MASKS[np.minimum(width, WIDTH)]
        more, wide = np.zeros(len(one), dtype=np.uint64), np.flatnonzero(width > WIDTH)
        more[wide] = words[starts[wide] + WIDTH] & _MASKS[np.minimum(width[wide] - WIDTH, WIDTH)]
        code, held = self._known.known(one, more)
        short = width <= 2 * WIDTH
        new = np.flatnonzero(short & ~held)
        place, distinct = pd.factorize(one[new] ^ (more[new] * _MIX))
        example = np.empty(len(distinct), dtype=np.int64)
        example[place[::-1]] = new[::-1]
        same = (one[new] == one[example][place]) & (more[new] == more[example][place])

        def learnt(chosen: np.ndarray) -> np.ndarray:
            spans = zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True)
            return self._known.codes([raw[begin:end] for begin, end in spans])

        found = learnt(example)
        self._known.keep(one[example], more[example], found)
        code[new] = found[place]
        rest = np.concatenate([np.flatnonzero(~short), new[~same]])
        code[rest] = learnt(rest)
        return code

    def _expanded(self, code: np.ndarray, documents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Put the terms of pieces that hold none or several in their place."""
        one = code >= 0
        lists = [self._known.several[-1 - own] for own in code[~one].tolist()]
        more = np.array(list(chain.from_iterable(lists)), dtype=np.int64)
        theirs = np.repeat(documents[~one], [len(own) for own in lists])
        return np.concatenate([code[one], more]), np.concatenate([documents[one], theirs])


def _beginnings(ordered: np.ndarray) -> np.ndarray:
    """Return where each value of a sorted array begins."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))


def _needs_context(text: str) -> bool:
    """Tell whether white space is not enough to part a text."""
    if text.isascii():
        wrapped = "-" in text and any(end in text for end in _LINE_ENDS)
        return wrapped and bool(_CONTEXT.search(text))
    return bool(_CONTEXT.search(text)) or not is_normalized("NFC", text)


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
