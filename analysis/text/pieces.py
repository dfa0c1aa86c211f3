"""Terms of many texts by numbers: what stands between white space is asked about once.

A *piece* is what stands between white space, which is ASCII's here. The definition of a token is
asked for each distinct piece, and what follows is loops over numbers, which Numba compiles. A plain
word, a capital before it and marks around it make one piece, in small letters and without marks:
all of these have one and the same token. No token reaches over white space, and no rule of
typography changes one from beyond it but for those of ``needs_context``, whose texts are read
whole.
"""

from array import array
from collections.abc import Callable, Sequence
from itertools import chain, islice
from threading import local
from typing import Any, NamedTuple, TypeVar
from unicodedata import is_normalized

import numpy as np
import regex
from numba import njit

from analysis.text.cleaning import clean
from analysis.text.documents import Document
from analysis.text.sources import DAMAGE
from analysis.text.tokens import tokenize

Function = TypeVar("Function", bound=Callable[..., Any])
Pair = tuple[Any, Any]
At = tuple[int, int, int, int]
SUMS = 4  # of a term in a group, x its count in a document of n: Σ x, Σ [x > 0], Σ x², Σ x n
REMEMBERED = 2**20  # pieces that a thread knows
FEW = 2**12  # pieces that there is room for at first
WIDTH = 8  # bytes that are one number
_CTRL_Z = "\x1a"  # stands at the end of old files, where it is no character of the text
BLANK, MARK, SMALL, CAPITAL, OTHER, DAMAGED = range(6)  # kinds of bytes
_SORTS = np.full(256, OTHER, dtype=np.uint8)
_SORTS[:33] = _SORTS[127] = DAMAGED
_SORTS[ord(_CTRL_Z)] = OTHER
_SORTS[list(b"\t\n\v\f\r ")] = BLANK
_SORTS[list(b'.,;:!?()[]"')] = MARK
_SORTS[ord("a") : ord("z") + 1] = SMALL
_SORTS[ord("A") : ord("Z") + 1] = CAPITAL
_TO_SMALL, _AS_IS = np.uint64(ord("a") - ord("A")), np.uint64(0)
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(WIDTH + 1)], dtype=np.uint64)
_ODD = np.uint64(0x9E3779B97F4A7C15)  # a product with it keeps every bit
_HALF, _LESS = np.uint64(32), np.uint64(29)
_END = bytes(3 * WIDTH)
_LINE_ENDS = "\n\r\v\f\u2028\u2029"
_FULL_STOPS = "。！？"
_UNSEEN = r"[\h\p{DI}\uFFF9-\uFFFB]"  # spaces, and what is dropped before marks are looked at
_CONTEXT = regex.compile(
    rf"[-\u2010\u2011\u2043\u2212\u02D7\uFE63\uFF0D\u00AD¬]{_UNSEEN}*[\r\n\v\f\u2028\u2029]"
    rf"|«{_UNSEEN}+[¹²³⁰⁴-⁹†‡]|[{_FULL_STOPS}]"
)


def _compiled(function: Function) -> Function:
    """Compile a function, and keep that where a folder can be written."""
    try:
        kept: Any = njit(cache=True)(function)
    except RuntimeError:
        kept = njit(function)
    return kept


def _within(function: Function) -> Function:
    """Compile a function into those that call it: a call would count its arrays each time."""
    inlined: Any = njit(inline="always")(function)
    return inlined


class _Block(NamedTuple):
    """Some texts, a line feed before each and after the last.

    Attributes
    ----------
    raw : their bytes, and 3 WIDTH zeros behind them
    words : the WIDTH bytes from each place, as a number
    limits : the end of each text
    """

    raw: np.ndarray
    words: np.ndarray
    limits: np.ndarray


class _Found(NamedTuple):
    """The pieces of texts.

    Attributes
    ----------
    pieces : their numbers, one after the other
    ends : how many have been found at the end of each text
    """

    pieces: np.ndarray
    ends: np.ndarray


class _Store(NamedTuple):
    """Distinct pieces by number.

    Attributes
    ----------
    keys : pieces × 2, their first bytes as two numbers, a shorter piece filled up with zeros
    heap : the bytes of all of them
    ends : of each in the heap, behind a 0
    slots : a piece's number at the place that its bytes are mixed into, or at the next that was
        free; else -1; a power of two, at least twice as many as there are keys
    """

    keys: np.ndarray
    heap: np.ndarray
    ends: np.ndarray
    slots: np.ndarray


def _room(pieces: int, heap: int) -> _Store:
    """Return a store for so many pieces of so many bytes in all."""
    return _Store(
        np.zeros((pieces, 2), dtype=np.uint64),
        np.zeros(heap, dtype=np.uint8),
        np.zeros(pieces + 1, dtype=np.int64),
        np.full(2 * pieces, -1, dtype=np.int32),
    )


@_within
def _mixed(key: Pair, raw: np.ndarray, span: Pair) -> Any:
    """Return a number below 2^32 that hangs on all bytes of a piece."""
    mixed = key[0] ^ (key[1] * _ODD)
    for place in range(span[0] + 2 * WIDTH, span[1]):
        mixed = (mixed ^ np.uint64(raw[place])) * _ODD
    mixed *= _ODD
    return np.int64(((mixed ^ (mixed >> _LESS)) * _ODD) >> _HALF)


@_within
def _slot_of(
    keys: np.ndarray,
    heap: np.ndarray,
    ends: np.ndarray,
    slots: np.ndarray,
    key: Pair,
    raw: np.ndarray,
    span: Pair,
) -> Any:
    """Return the slot that holds a piece, or the free one where it belongs.

    The arrays are those of a store.
    """
    last, width = len(slots) - 1, span[1] - span[0]
    slot = _mixed(key, raw, span) & last
    while slots[slot] >= 0:
        own = slots[slot]
        if keys[own, 0] == key[0] and keys[own, 1] == key[1]:
            if width < 2 * WIDTH:  # the key of a longer piece has no zeros
                return slot
            start = ends[own]
            same = ends[own + 1] - start == width
            if same:
                for place in range(2 * WIDTH, width):
                    same = same and heap[start + place] == raw[span[0] + place]
            if same:
                return slot
        slot = (slot + 1) & last
    return slot


@_compiled
def _refill(store: _Store, old: _Store, known: int) -> None:
    """Put the pieces of an old store into a larger one."""
    keys, heap, ends, slots = store
    keys[:known] = old.keys[:known]
    ends[: known + 1] = old.ends[: known + 1]
    heap[: ends[known]] = old.heap[: ends[known]]
    for own in range(known):
        key, span = (keys[own, 0], keys[own, 1]), (ends[own], ends[own + 1])
        slots[_slot_of(keys, heap, ends, slots, key, heap, span)] = own


@_within
def _piece_from(raw: np.ndarray, place: int) -> tuple[int, int, bool, int]:
    """Return where a piece begins and ends, whether it is a plain word, and where to go on.

    A plain word is without the marks around it. Where to go on is -1 at a byte that no text has.
    """
    start = place
    while _SORTS[raw[place]] == MARK:
        place += 1
    begin, first = place, _SORTS[raw[place]]
    if first in (SMALL, CAPITAL):
        place += 1
        while _SORTS[raw[place]] == SMALL:
            place += 1
        end = place
        while _SORTS[raw[place]] == MARK:
            place += 1
        if _SORTS[raw[place]] == BLANK and (first == SMALL or end - begin > 1):
            return begin, end, True, place
    sound = True
    while _SORTS[raw[place]] not in (BLANK, DAMAGED):
        byte, after = raw[place], raw[place + 1]
        if byte >= 0xC2:  # C1 controls, surrogates, U+FFFD
            sound = sound and not (
                (byte == 0xC2 and after < 0xA0)
                or (byte == 0xED and after >= 0xA0)
                or (byte == 0xEF and after == 0xBF and raw[place + 2] == 0xBD)
            )
        place += 1
    if not sound or _SORTS[raw[place]] == DAMAGED:
        return start, place, False, -1
    return start, place, False, place


@_compiled
def _cut(block: _Block, store: _Store, found: _Found, at: At) -> At:
    """Cut a block into pieces, until its end or until there is no room for new ones.

    Returns
    -------
    how many pieces are known, the place in the block, how many pieces were found, the number of the
    text; the place is -1 where the block is damaged
    """
    raw, words, limits = block
    keys, heap, ends, slots = store
    pieces, until = found
    known, place, count, text = at
    while place < limits[-1]:
        if _SORTS[raw[place]] == BLANK:
            place += 1
            continue
        while limits[text] <= place:
            until[text] = count
            text += 1
        begin, end, plain, after = _piece_from(raw, place)
        if after < 0:
            return known, -1, count, text
        width, small = end - begin, _TO_SMALL if plain else _AS_IS
        one = (words[begin] & _MASKS[min(width, WIDTH)]) | small
        more = words[begin + WIDTH] & _MASKS[min(max(width - WIDTH, 0), WIDTH)]
        slot = _slot_of(keys, heap, ends, slots, (one, more), raw, (begin, end))
        if slots[slot] < 0:
            used = ends[known]
            if known == len(keys) or used + width > len(heap):
                return known, place, count, text
            heap[used : used + width] = raw[begin:end]
            heap[used] |= np.uint8(small)
            keys[known, 0], keys[known, 1] = one, more
            ends[known + 1] = used + width
            slots[slot] = known
            known += 1
        pieces[count] = slots[slot]
        count, place = count + 1, after
    until[text:] = count
    return known, place, count, text


@_compiled
def _add_up(
    found: _Found,
    codes: np.ndarray,
    lists: tuple[np.ndarray, np.ndarray],
    sides: np.ndarray,
    sums: tuple[np.ndarray, np.ndarray],
    scratch: tuple[np.ndarray, np.ndarray],
) -> None:
    """Add the terms of texts to sums.

    Parameters
    ----------
    found : their pieces
    codes, lists : of the pieces, as in ``Vocabulary``
    sides : the group of each text
    sums : terms × groups × SUMS, and groups × (documents, tokens, Σ n², …)
    scratch : a 0 for each term, and room for terms
    """
    counts, sizes = sums
    seen, touched = scratch
    begins, several = lists
    pieces, ends = found
    begin = 0
    for text, side in enumerate(sides):
        different = length = 0
        for number in range(begin, ends[text]):
            code = codes[pieces[number]]
            from_, to = (begins[-1 - code], begins[-code]) if code < 0 else (0, 1)
            for place in range(from_, to):
                term = several[place] if code < 0 else code
                if seen[term] == 0:
                    touched[different] = term
                    different += 1
                seen[term] += 1
                length += 1
        begin = ends[text]
        for number in range(different):
            term = touched[number]
            times = np.int64(seen[term])
            seen[term] = 0
            counts[term, side, 0] += times
            counts[term, side, 1] += 1
            counts[term, side, 2] += times * times
            counts[term, side, 3] += times * length
        sizes[side, 0] += 1
        sizes[side, 1] += length
        sizes[side, 2] += length * length


class Vocabulary:
    """What a thread knows: pieces have numbers as they come, and a term is a piece.

    The code of a piece is the number of its term, or ``-1 - i`` where it stands for the i-th list
    of terms, which may be empty.

    Attributes
    ----------
    known : how many pieces are known
    """

    def __init__(self) -> None:
        self.known = 0
        self._store = _room(FEW, WIDTH * FEW)
        self._codes = np.zeros(FEW, dtype=np.int32)
        self._begins, self._several = array("q", [0]), array("q")

    def cut(self, texts: Sequence[bytes]) -> _Found | None:
        """Cut texts into pieces, and learn those that are new; None where one is damaged."""
        whole = b"\n".join([b"", *texts, b""]) + _END
        words = np.ndarray((len(whole) - WIDTH + 1,), np.dtype("<u8"), whole, 0, (1,))
        limits = np.cumsum([len(text) + 1 for text in texts])
        block = _Block(np.frombuffer(whole, np.uint8), words, limits)
        found = _Found(np.empty(len(whole) // 2, np.int32), np.zeros(len(limits), np.int64))
        before, at = self.known, (self.known, 0, 0, 0)
        while (at := _cut(block, self._store, found, at))[1] < limits[-1]:
            if at[1] < 0:
                break
            self._grow(at[0], len(whole))
        self.known = at[0]
        self._learn(before, self.known)
        return _Found(found.pieces[: at[2]], found.ends) if at[1] > 0 else None

    def codes(self, whole: Sequence[str]) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Return the codes of all pieces and, after them, of some whole texts; and the lists."""
        theirs = [self._terms(whole_tokens(text)) for text in whole]
        begins = np.cumsum([self._begins[-1], *map(len, theirs)])
        own = 1 - np.arange(len(self._begins) + 1, len(self._begins) + len(begins), dtype=np.int32)
        several = np.concatenate([np.array(self._several, dtype=np.int64), *theirs])
        lists = np.concatenate([np.array(self._begins), begins[1:]]), several
        return np.concatenate([self._codes[: self.known], own]), lists

    def named(self, numbers: np.ndarray) -> list[str]:
        """Return terms by their numbers, which rise."""
        if not len(numbers):
            return []
        begins, ends = self._store.ends[numbers], self._store.ends[numbers + 1]
        heap = self._store.heap[begins[0] : ends[-1]].tobytes()
        spans = zip((begins - begins[0]).tolist(), (ends - begins[0]).tolist(), strict=True)
        return [heap[begin:end].decode() for begin, end in spans]

    def _terms(self, tokens: Sequence[str]) -> np.ndarray:
        """Return the numbers of tokens, each of which is a piece."""
        found = self.cut([" ".join(tokens).encode()])
        if not found or len(found.pieces) != len(tokens):
            raise ValueError(f"a token of {tokens!r} is no piece")
        return found.pieces

    def _grow(self, known: int, heap: int) -> None:
        """Make room for more pieces, or for at least so many more bytes of them."""
        old = self._store
        keys = len(old.keys) * (2 if known == len(old.keys) else 1)
        self._store = _room(keys, len(old.heap) + max(len(old.heap), heap))
        _refill(self._store, old, known)
        self._codes = np.resize(self._codes, keys)

    def _learn(self, begin: int, end: int) -> None:
        """Ask for the tokens of the pieces that are new, but of plain words."""
        self._codes[begin:end] = np.arange(begin, end)
        pieces = self.named(np.arange(begin, end))
        odd = [place for place, piece in enumerate(pieces) if not _is_plain(piece)]
        if not odd:
            return
        tokens = [_tokens(pieces[place]) for place in odd]
        terms = iter(self._terms(list(chain.from_iterable(tokens))).tolist())
        for place, many in zip(odd, map(len, tokens), strict=True):
            own = list(islice(terms, many))
            if many != 1:
                self._several.extend(own)
                self._begins.append(len(self._several))
            self._codes[begin + place] = own[0] if many == 1 else 1 - len(self._begins)


def _is_plain(piece: str) -> bool:
    return piece.isascii() and piece.isalpha() and piece.islower()


def _tokens(piece: str) -> list[str]:
    """Return the tokens of a piece."""
    read = piece.isascii() and "`" not in piece and "--" not in piece
    return tokenize(piece) if read else whole_tokens(piece)


_OWN = local()  # a thread's, as workers of a cluster may have several


def vocabulary() -> Vocabulary:
    """Return what this thread knows, or nothing once that is too much."""
    known: Vocabulary | None = getattr(_OWN, "vocabulary", None)
    if known is None or known.known > REMEMBERED:
        known = _OWN.vocabulary = Vocabulary()
    return known


class Counter:
    """Counts texts block by block.

    Attributes
    ----------
    sizes : groups × (documents, tokens, Σ n², bytes of text); n the tokens of a document
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary
        self._counts = np.zeros((FEW + 2 * vocabulary.known, 2, SUMS), dtype=np.int64)
        self.sizes = np.zeros((2, 4), dtype=np.int64)

    def counts(self) -> tuple[list[str], np.ndarray]:
        """Return the terms that occur, and their counts, terms × groups × SUMS."""
        occurs = np.flatnonzero(self._counts[:, :, 0].any(axis=1))
        return self._known.named(occurs), self._counts[occurs]

    def add(self, texts: Sequence[str], sides: Sequence[int]) -> bool:
        """Count a block of texts; False, and nothing counted, where one is damaged.

        A text that is read whole is one piece.
        """
        if not texts:
            return True
        alone = np.flatnonzero([needs_context(text) for text in texts])
        whole = [texts[number] for number in alone.tolist()]
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        lengths = [len(text) for text in encoded]
        for number in alone.tolist():
            encoded[number] = b""
        if any(map(DAMAGE.search, whole)) or not (found := self._known.cut(encoded)):
            return False
        codes, lists = self._known.codes(whole)
        if whole:
            own = np.arange(len(codes) - len(whole), len(codes), dtype=np.int32)
            ends = found.ends + np.searchsorted(alone, np.arange(len(texts)), side="right")
            found = _Found(np.insert(found.pieces, found.ends[alone], own), ends)
        many = self._known.known
        while len(self._counts) < many:
            self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)])
        scratch = np.zeros(many, dtype=np.int32), np.empty(many, dtype=np.int32)
        groups = np.array(sides, dtype=np.int64)
        _add_up(found, codes, lists, groups, (self._counts, self.sizes), scratch)
        np.add.at(self.sizes[:, 3], groups, lengths)
        return True


def whole_tokens(text: str) -> list[str]:
    """Return the tokens of a text that is read whole: as ``load_table`` has them."""
    document = Document("", "", clean(text, rules=()), "")
    return list(chain.from_iterable(document.tokens()))


def needs_context(text: str) -> bool:
    """Tell whether white space is not enough to part a text.

    A word may be cut at a line's end, an ellipsis of points with spaces may tie what follows to an
    address, a figure behind « may be the mark of a note, and where a text ends may matter.
    """
    if _CTRL_Z in text or (". ." in text and ("://" in text or "www." in text)):
        return True
    if text.isascii():
        wrapped = "-" in text and any(end in text for end in "\n\r\v\f")
        return wrapped and bool(_CONTEXT.search(text))
    if any(mark in text for mark in _LINE_ENDS + _FULL_STOPS + "«") and _CONTEXT.search(text):
        return True
    return not is_normalized("NFC", text)


Counter(Vocabulary()).add(["Reef,"], [0])  # loads what is compiled, for all processes from here
