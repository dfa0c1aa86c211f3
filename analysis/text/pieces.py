"""Terms of many texts by numbers: what stands between white space is asked about once.

A *piece* is what stands between white space, which is ASCII's here. The definition of a token is
asked for each distinct piece, and what follows is loops over numbers, which Numba compiles. A plain
word, a capital before it and marks around it make one piece, in small letters and without marks:
all of these have one and the same token. No token reaches over white space, and no rule of
typography changes one from beyond it but for those of ``needs_context``, whose texts are read
whole.
"""

from array import array
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from threading import local
from typing import Any, NamedTuple

import numpy as np

from analysis.text.cleaning import clean
from analysis.text.documents import Document
from analysis.text.rows import (
    NONE,
    ONES,
    SEVEN,
    TOP,
    WIDTH,
    Texts,
    blank,
    compiled,
    joined,
    needs_context,
    within,
)
from analysis.text.sources import DAMAGE
from analysis.text.tokens import tokenize

Pair = tuple[Any, Any]
SUMS = 4  # of a term in a group, x its count in a document of n: Σ x, Σ [x > 0], Σ x², Σ x n
REMEMBERED = 2**20  # pieces that a thread knows
_BATCH = 256  # pieces that are gone through together
FEW = 2**12  # pieces that there is room for at first
_SPACE, _TAB, _RETURN, _DELETE, _CTRL_Z = 32, 9, 13, 127, 26
_IS_MARK = np.zeros(256, dtype=np.bool_)
_IS_MARK[list(b'.,;:!?()[]"')] = True
_TO_SMALL = np.uint64(ord("a") - ord("A"))
_FROM_A = ONES * np.uint64(0x80 - ord("a"))
_BEYOND_Z = ONES * np.uint64(0x7F - ord("z"))
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(WIDTH + 1)], dtype=np.uint64)
_ODD = np.uint64(0x9E3779B97F4A7C15)  # a product with it keeps every bit
_HALF, _LESS = np.uint64(32), np.uint64(29)


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
    plain : whether each is small letters only
    slots : a piece's number at the place that its bytes are mixed into, or at the next that was
        free; else -1; a power of two, at least twice as many as there are keys
    """

    keys: np.ndarray
    heap: np.ndarray
    ends: np.ndarray
    plain: np.ndarray
    slots: np.ndarray


class _Batch(NamedTuple):
    """What is known of some pieces until they have a number.

    Attributes
    ----------
    keys : as of those in a store
    spans : where each begins and ends
    wanted : its slot, then the number in it
    plain : whether it is a plain word
    """

    keys: np.ndarray
    spans: np.ndarray
    wanted: np.ndarray
    plain: np.ndarray


def _room(pieces: int, heap: int) -> _Store:
    """Return a store for so many pieces of so many bytes in all.

    What is written at once lies in large pages, where the system has such, and is found sooner.
    """
    return _Store(
        np.full((pieces, 2), 0, dtype=np.uint64),
        np.zeros(heap, dtype=np.uint8),
        np.full(pieces + 1, 0, dtype=np.int64),
        np.zeros(pieces, dtype=np.bool_),
        np.full(2 * pieces, -1, dtype=np.int32),
    )


@within
def _mixed(key: Pair, raw: np.ndarray, span: Pair) -> Any:
    """Return a number below 2^32 that hangs on all bytes of a piece."""
    mixed = key[0] ^ (key[1] * _ODD)
    for place in range(span[0] + 2 * WIDTH, span[1]):
        mixed = (mixed ^ np.uint64(raw[place])) * _ODD
    mixed *= _ODD
    return np.int64(((mixed ^ (mixed >> _LESS)) * _ODD) >> _HALF)


@within
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


@compiled
def _refill(store: _Store, old: _Store, known: int) -> None:
    """Put the pieces of an old store into a larger one."""
    keys, heap, ends, plain, slots = store
    keys[:known] = old.keys[:known]
    plain[:known] = old.plain[:known]
    ends[: known + 1] = old.ends[: known + 1]
    heap[: ends[known]] = old.heap[: ends[known]]
    for own in range(known):
        key, span = (keys[own, 0], keys[own, 1]), (ends[own], ends[own + 1])
        slots[_slot_of(keys, heap, ends, slots, key, heap, span)] = own


@within
def _not_small(word: Any) -> Any:
    """Mark, by its highest bit, each of eight bytes that is no small letter.

    All of them at once: what is added to a byte carries into its highest bit where the byte is an a
    or more, and where it is beyond z.
    """
    low = word & SEVEN
    return ((low + _FROM_A) & ~(low + _BEYOND_Z) & ~word & TOP) ^ TOP


@compiled
def _bounds(raw: np.ndarray, size: int, blank: np.ndarray, places: np.ndarray) -> int:
    """Find where pieces begin and end, by turns.

    Parameters
    ----------
    raw : some texts as bytes, the first and the last of which is blank
    size : how many bytes they have
    blank, places : room for one each

    Returns
    -------
    how many places there are, -1 where there is a byte that no text has
    """
    damaged = False
    for place in range(size):
        byte, after = raw[place], raw[place + 1]
        space = (byte == _SPACE) | ((byte >= _TAB) & (byte <= _RETURN))
        blank[place] = space
        damaged |= ((byte < _SPACE) & (not space) & (byte != _CTRL_Z)) | (byte == _DELETE)
        damaged |= ((byte == 0xC2) & (after < 0xA0)) | ((byte == 0xED) & (after >= 0xA0))
        damaged |= (byte == 0xEF) & (after == 0xBF) & (raw[place + 2] == 0xBD)
    if damaged:  # a control, a half of a character, or U+FFFD
        return -1
    many = 0
    for place in range(1, size):
        places[many] = place
        many += blank[place] != blank[place - 1]
    return many


@within
def _first(raw: np.ndarray, words: np.ndarray, span: Pair) -> tuple[Pair, Pair, bool]:
    """Return the key of a piece, where it begins and ends, and whether it is a plain word.

    A plain word is without the marks around it.
    """
    begin, end = span
    while end > begin and _IS_MARK[raw[end - 1]]:
        end -= 1
    while begin < end and _IS_MARK[raw[begin]]:
        begin += 1
    width = end - begin
    first, more = _MASKS[min(width, WIDTH)], _MASKS[min(max(width - WIDTH, 0), WIDTH)]
    one, two = words[begin], words[begin + WIDTH]
    other = (_not_small(one | _TO_SMALL) & first) | (_not_small(two) & more)
    capital = _not_small(one) & _MASKS[1] != NONE
    plain = other == NONE and width > capital
    for place in range(begin + 2 * WIDTH, end):
        plain = plain and ord("a") <= raw[place] <= ord("z")
    if plain:
        return ((one | _TO_SMALL) & first, two & more), (begin, end), True
    begin, end = span
    width = end - begin
    first, more = _MASKS[min(width, WIDTH)], _MASKS[min(max(width - WIDTH, 0), WIDTH)]
    return (words[begin] & first, words[begin + WIDTH] & more), span, False


@compiled
def _number(
    texts: Pair, places: np.ndarray, store: _Store, pieces: np.ndarray, at: Pair, batch: _Batch
) -> Pair:
    """Give pieces their numbers, until the last or until there is no room for new ones.

    A batch is gone through four times, so that what one piece waits for from memory, another waits
    for at the same time.

    Parameters
    ----------
    texts : their bytes, and what begins at each as a number
    places : where pieces begin and end, by turns
    store : the pieces that are known
    pieces : room for the number of each
    at : how many pieces are known, and how many have a number
    batch : room

    Returns
    -------
    the two of ``at``, after this
    """
    raw, words = texts
    keys, heap, ends, simple, slots = store
    own, spans, wanted, plain = batch
    known, count = at
    last = len(slots) - 1
    while count < len(pieces):
        many = min(len(plain), len(pieces) - count)
        for place in range(many):
            bounds = (places[2 * (count + place)], places[2 * (count + place) + 1])
            key, span, plain[place] = _first(raw, words, bounds)
            own[place, 0], own[place, 1] = key
            spans[place, 0], spans[place, 1] = span
            wanted[place] = _mixed(key, raw, span) & last
        for place in range(many):
            wanted[place] = slots[wanted[place]]
        for place in range(many):
            number = max(wanted[place], 0)
            same = (keys[number, 0] == own[place, 0]) & (keys[number, 1] == own[place, 1])
            short = spans[place, 1] - spans[place, 0] < 2 * WIDTH
            wanted[place] = wanted[place] if same & short else -1
        for place in range(many):
            if wanted[place] < 0:
                key, span = (own[place, 0], own[place, 1]), (spans[place, 0], spans[place, 1])
                slot = _slot_of(keys, heap, ends, slots, key, raw, span)
                if slots[slot] < 0:
                    used, width = ends[known], span[1] - span[0]
                    if known == len(keys) or used + width > len(heap):
                        return known, count + place
                    heap[used : used + width] = raw[span[0] : span[1]]
                    if plain[place]:
                        heap[used] |= np.uint8(_TO_SMALL)
                    keys[known, 0], keys[known, 1] = key
                    ends[known + 1], simple[known] = used + width, plain[place]
                    slots[slot] = known
                    known += 1
                wanted[place] = slots[slot]
            pieces[count + place] = wanted[place]
        count += many
    return known, count


@compiled
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
    sides : the group of each text, below 0 where it counts for none
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
        if side < 0:
            begin = ends[text]
            continue
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
    """What a thread knows: pieces, and terms, which are pieces too, have numbers as they come.

    The code of a piece is the number of its term, or ``-1 - i`` where it stands for the i-th list
    of terms, which may be empty.

    Attributes
    ----------
    known, terms : how many pieces and terms are known
    """

    def __init__(self) -> None:
        self.known = self.terms = 0
        self._store = _room(FEW, WIDTH * FEW)
        self._codes = np.zeros(FEW, dtype=np.int32)
        self._as_terms = np.full(FEW, -1, dtype=np.int32)
        self._as_pieces = np.zeros(FEW, dtype=np.int32)
        self._begins, self._several = array("q", [0]), array("q")

    def cut(self, texts: Texts) -> _Found | None:
        """Cut texts into pieces, and learn those that are new; None where one is damaged."""
        size = int(texts.ends[-1]) + 1
        places = np.empty(size, dtype=np.int32)
        many = _bounds(texts.raw, size, np.empty(size, dtype=np.bool_), places)
        if many < 0:
            return None
        pieces = np.empty(many // 2, dtype=np.int32)
        batch = _Batch(
            np.empty((_BATCH, 2), np.uint64),
            np.empty((_BATCH, 2), np.int64),
            np.empty(_BATCH, np.int64),
            np.empty(_BATCH, np.bool_),
        )
        before, at, block = self.known, (self.known, 0), (texts.raw, texts.words)
        while (at := _number(block, places, self._store, pieces, at, batch))[1] < len(pieces):
            self._grow(at[0], size)
        self.known = at[0]
        self._learn(before, self.known)
        return _Found(pieces, np.searchsorted(places[: 2 * len(pieces) : 2], texts.ends))

    def codes(self, whole: Sequence[str]) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Return the codes of all pieces and, after them, of some whole texts; and the lists."""
        if not whole:
            return self._codes, self._lists()
        theirs = [whole_tokens(text) for text in whole]
        terms = self._terms(list(chain.from_iterable(theirs)))
        begins, several = self._lists()
        ends = begins[-1] + np.cumsum([len(tokens) for tokens in theirs])
        own = -len(begins) - np.arange(len(whole), dtype=np.int32)
        lists = np.concatenate([begins, ends]), np.concatenate([several, terms])
        return np.concatenate([self._codes[: self.known], own]), lists

    def _lists(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array(self._begins), np.array(self._several, dtype=np.int64)

    def named(self, terms: np.ndarray) -> list[str]:
        """Return terms by their numbers."""
        return self._spelt(self._as_pieces[terms])

    def _spelt(self, pieces: np.ndarray) -> list[str]:
        """Return pieces by their numbers."""
        if not len(pieces):
            return []
        begins, ends = self._store.ends[pieces], self._store.ends[pieces + 1]
        first = begins.min()
        heap = self._store.heap[first : ends.max()].tobytes()
        spans = zip((begins - first).tolist(), (ends - first).tolist(), strict=True)
        return [heap[begin:end].decode() for begin, end in spans]

    def _terms(self, tokens: Sequence[str]) -> np.ndarray:
        """Return the numbers of tokens, each of which is a piece, as terms."""
        found = self.cut(joined([" ".join(tokens).encode()]))
        if not found or len(found.pieces) != len(tokens):
            raise ValueError(f"a token of {tokens!r} is no piece")
        pieces = found.pieces
        self._name(np.unique(pieces[self._as_terms[pieces] < 0]))
        return self._as_terms[pieces]

    def _name(self, pieces: np.ndarray) -> None:
        """Give pieces numbers as terms."""
        terms = self.terms + np.arange(len(pieces), dtype=np.int32)
        self.terms += len(pieces)
        if self.terms > len(self._as_pieces):
            self._as_pieces = np.resize(self._as_pieces, 2 * self.terms)
        self._as_terms[pieces] = terms
        self._as_pieces[terms] = pieces

    def _grow(self, known: int, heap: int) -> None:
        """Make room for more pieces, or for at least so many more bytes of them."""
        old = self._store
        full = known == len(old.keys)
        keys = len(old.keys) * (2 if full else 1)
        self._store = _room(keys, len(old.heap) + (0 if full else max(len(old.heap), heap)))
        _refill(self._store, old, known)
        self._codes = np.resize(self._codes, keys)
        self._as_terms = np.append(self._as_terms, np.full(keys - len(old.keys), -1, np.int32))

    def _learn(self, begin: int, end: int) -> None:
        """Ask for the tokens of the pieces that are new, but of plain words."""
        plain = self._store.plain[begin:end]
        words, odd = begin + np.flatnonzero(plain), begin + np.flatnonzero(~plain)
        self._name(words)
        self._codes[words] = self._as_terms[words]
        if not len(odd):
            return
        tokens = [_tokens(piece) for piece in self._spelt(odd)]
        terms = iter(self._terms(list(chain.from_iterable(tokens))).tolist())
        for piece, many in zip(odd.tolist(), map(len, tokens), strict=True):
            own = list(islice(terms, many))
            if many != 1:
                self._several.extend(own)
                self._begins.append(len(self._several))
            self._codes[piece] = own[0] if many == 1 else 1 - len(self._begins)


def _tokens(piece: str) -> list[str]:
    """Return the tokens of a piece."""
    read = piece.isascii() and "`" not in piece and "--" not in piece
    return tokenize(piece) if read else whole_tokens(piece)


_OWN = local()  # a thread's, as workers of a cluster may have several


def forget() -> None:
    """Let go of what this thread knows."""
    _OWN.__dict__.clear()


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
        self._make_room(FEW + vocabulary.terms)
        self.sizes = np.zeros((2, 4), dtype=np.int64)

    def _make_room(self, terms: int) -> None:
        """Count so many terms from here."""
        self._counts = np.full((terms, 2, SUMS), 0, dtype=np.int64)
        self._scratch = np.zeros(terms, dtype=np.int32), np.empty(terms, dtype=np.int32)

    def counts(self) -> tuple[list[str], np.ndarray]:
        """Return the terms that occur, and their counts, terms × groups × SUMS."""
        documents = self._counts[: self._known.terms, :, 1]
        occurs = np.flatnonzero(documents[:, 0] + documents[:, 1])
        return self._known.named(occurs), self._counts[occurs]

    def add(self, texts: Sequence[str], sides: Sequence[int]) -> bool:
        """Count texts; False, and nothing counted, where one is damaged."""
        block = joined([text.encode("utf-8", "surrogatepass") for text in texts])
        whole = {number: text for number, text in enumerate(texts) if needs_context(text)}
        return self.count(block, np.array(sides, dtype=np.int64), whole)

    def count(self, texts: Texts, sides: np.ndarray, whole: Mapping[int, str]) -> bool:
        """Count a block of texts; False, and nothing counted, where one is damaged.

        Parameters
        ----------
        texts : of which those that do not count are written over
        sides : the group of each, below 0 where it counts for none
        whole : texts that are read whole, each as one piece, by their rising numbers
        """
        if not len(sides):
            return True
        alone = np.array([number for number in whole if sides[number] >= 0], dtype=np.int64)
        read = [whole[number] for number in alone.tolist()]
        passed = np.union1d(alone, np.flatnonzero(sides < 0))
        blank(texts.raw, texts.begins[passed], texts.ends[passed])
        if any(map(DAMAGE.search, read)) or not (found := self._known.cut(texts)):
            return False
        codes, lists = self._known.codes(read)
        if read:
            own = np.arange(self._known.known, self._known.known + len(read), dtype=np.int32)
            ends = found.ends + np.searchsorted(alone, np.arange(len(sides)), side="right")
            found = _Found(np.insert(found.pieces, found.ends[alone], own), ends)
        if len(self._counts) < self._known.terms:
            before = self._counts
            self._make_room(self._known.terms * 5 // 4)
            self._counts[: len(before)] = before
        _add_up(found, codes, lists, sides, (self._counts, self.sizes), self._scratch)
        kept = sides >= 0
        np.add.at(self.sizes[:, 3], sides[kept], (texts.ends - texts.begins)[kept])
        return True


def whole_tokens(text: str) -> list[str]:
    """Return the tokens of a text that is read whole: as ``load_table`` has them."""
    document = Document("", "", clean(text, rules=()), "")
    return list(chain.from_iterable(document.tokens()))


Vocabulary()._grow(FEW, 0)
Counter(Vocabulary()).add(["Reef,"], [0])  # loads what is compiled, for all processes from here
