"""Rows of JSON lines: the texts and the labels in them, by loops that Numba compiles.

A row is read here where it is an object of strings, numbers, true, false and null, with one text
and one label, in well-formed UTF-8; any other is *odd*, and is left to Python's own reader. A text
is *calm* where nothing in it asks for more than white space to part it
(``needs_context``): any other is to be looked at.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar
from unicodedata import is_normalized, normalize

import numpy as np
import regex
from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])
Pair = tuple[np.ndarray, np.ndarray]
WIDTH = 8  # bytes that are one number
BEHIND = 4 * WIDTH  # zeros behind bytes, so that each place has its number
CALM, LOOK, ODD = range(3)  # kinds of rows
LINE, BEGIN, END, LABEL, LABEL_END, KNOWN, KIND = range(7)  # what is found of a row
_KNOWN = 64  # labels that the loops know
_LABELS = 100_000  # labels that are known at all
ONE, ONES = np.uint64(1), np.uint64(0x0101010101010101)
NONE, TOP, SEVEN = np.uint64(0), ONES * np.uint64(0x80), ONES * np.uint64(0x7F)
_LAST, _STEP, _SKIP = np.uint64(8 * WIDTH - 8), np.uint64(8), np.uint64(16)
_QUOTES, _ESCAPES = ONES * np.uint64(ord('"')), ONES * np.uint64(ord("\\"))
_SPACES, _POINTS = ONES * np.uint64(ord(" ")), ONES * np.uint64(ord("."))
_FOUR, _FIVE = np.uint64(2**32 - 1), np.uint64(2**40 - 1)
_TRUE, _NULL, _FALSE = (
    np.uint64(int.from_bytes(word, "little")) for word in (b"true", b"null", b"false")
)
_LONGEST = 4_000  # digits of a number, of which Python reads some more
_FEED, _QUOTE, _ESCAPE, _U, _HYPHEN = (ord(char) for char in '\n"\\u-')
_OPEN, _CLOSE, _COLON, _COMMA, _SPACE, _TAB, _RETURN = (ord(char) for char in "{}:, \t\r")
_MEANT = np.zeros(256, dtype=np.uint8)  # what stands for a character behind a backslash
for _char, _own in zip('"\\/bfnrt', '"\\/\b\f\n\r\t', strict=True):
    _MEANT[ord(_char)] = ord(_own)
_DIGITS = np.full(256, -1, dtype=np.int64)  # of hexadecimal numbers
for _value, _char in enumerate("0123456789abcdef"):
    _DIGITS[ord(_char)] = _DIGITS[ord(_char.upper())] = _value
_LINE_ENDS = "\n\r\v\f\u2028\u2029"
_FULL_STOPS = "。！？"
_UNSEEN = r"[\h\p{DI}\uFFF9-\uFFFB]"  # spaces, and what is dropped before marks are looked at
_CTRL_Z = "\x1a"  # stands at the end of old files, where it is no character of the text
_HYPHENS = r"\-\u2010\u2011\u2043\u2212\u02D7\uFE63\uFF0D\u00AD¬"
_CONTEXT = regex.compile(
    rf"[{_HYPHENS}]{_UNSEEN}*[\r\n\v\f\u2028\u2029]"
    rf"|«{_UNSEEN}+[¹²³⁰⁴-⁹†‡]|[{_FULL_STOPS}]"
)
_RESTLESS = regex.compile(
    r"[\p{C}\p{M}\p{Z}\p{DI}\p{NFC_Quick_Check=Maybe}"
    rf"{_HYPHENS}«{_FULL_STOPS}--[ \-]]",
    regex.V1,
)


def compiled(function: Function) -> Function:
    """Compile a function, and keep that where a folder can be written."""
    try:
        kept: Any = njit(cache=True)(function)
    except RuntimeError:
        kept = njit(function)
    return kept


def within(function: Function) -> Function:
    """Compile a function into those that call it: a call would count its arrays each time."""
    inlined: Any = njit(inline="always")(function)
    return inlined


def _calm_characters() -> np.ndarray:
    """Return for each character of the first two planes whether it is calm wherever it stands.

    No other joins it or is joined by it to one character, and no rule of ``needs_context`` begins
    with it, ends with it or passes over it.
    """
    every = [chr(code) for code in range(2**17) if not 0xD800 <= code < 0xE000]
    whole = "".join(every)
    calm = np.zeros(2**17, dtype=np.bool_)
    calm[[ord(char) for char in every if normalize("NFC", char) == char]] = True
    calm[[ord(char) for char in _RESTLESS.findall(whole)]] = False
    return calm


_CALM = _calm_characters()


class Texts(NamedTuple):
    """Some texts, a line feed before each and after the last.

    Attributes
    ----------
    raw : their bytes, and BEHIND zeros behind them
    words : the WIDTH bytes from each place, as a number
    begins, ends : of each
    """

    raw: np.ndarray
    words: np.ndarray
    begins: np.ndarray
    ends: np.ndarray

    def text(self, number: int) -> str:
        """Return one of them."""
        own = self.raw[self.begins[number] : self.ends[number]]
        return own.tobytes().decode("utf-8", "surrogatepass")


class Rows(NamedTuple):
    """The rows of some lines.

    Attributes
    ----------
    lines : where the line of each begins
    texts : of each, empty where the row is odd
    sides : the group of each, as its label is known
    odd, empty : the rows that are odd, and those whose text has white space only
    whole : texts that are to be read whole, by row
    """

    lines: np.ndarray
    texts: Texts
    sides: np.ndarray
    odd: np.ndarray
    empty: list[int]
    whole: dict[int, str]


def joined(texts: Sequence[bytes]) -> Texts:
    """Put texts one behind the other."""
    whole = bytearray(b"\n".join([b"", *texts, bytes(BEHIND)]))
    ends = np.cumsum([len(text) + 1 for text in texts])
    begins = ends - [len(text) for text in texts]
    return Texts(*_numbered(np.frombuffer(whole, np.uint8)), begins, ends)


def _numbered(raw: np.ndarray) -> Pair:
    """Return bytes, and the number that begins at each."""
    return raw, np.ndarray((len(raw) - WIDTH + 1,), np.dtype("<u8"), raw.data, 0, (1,))


@within
def before(marked: Any) -> Any:
    """Return how many of eight bytes stand before the first whose highest bit is set."""
    return np.int64(((((marked & (NONE - marked)) - ONE) & ONES) * ONES) >> _LAST) - 1


@within
def _equal(word: Any, eight: Any) -> Any:
    """Mark, by its highest bit, each of eight bytes that is that of another eight."""
    apart = word ^ eight
    return ~(((apart & SEVEN) + SEVEN) | apart) & TOP


@within
def _hexadecimal(raw: np.ndarray, place: Any) -> Any:
    """Return the number of four digits, below 0 where they are none."""
    high = (_DIGITS[raw[place]] << 4) | _DIGITS[raw[place + 1]]
    return (high << 8) | (_DIGITS[raw[place + 2]] << 4) | _DIGITS[raw[place + 3]]


@within
def _character(raw: np.ndarray, place: Any) -> Any:
    """Return the character that begins with a byte over 127, below 0 where there is none."""
    first, second = np.int64(raw[place]), np.int64(raw[place + 1]) ^ 0x80
    third, fourth = np.int64(raw[place + 2]) ^ 0x80, np.int64(raw[place + 3]) ^ 0x80
    code: Any = -1
    if 0xC2 <= first < 0xE0 and second < 64:
        code = (first & 31) << 6 | second
    elif 0xE0 <= first < 0xF0 and second < 64 and third < 64:
        code = (first & 15) << 12 | second << 6 | third
        if code < 0x800 or 0xD800 <= code < 0xE000:
            code = -1
    elif 0xF0 <= first < 0xF5 and second < 64 and third < 64 and fourth < 64:
        code = (first & 7) << 18 | second << 12 | third << 6 | fourth
        if not 0x10000 <= code < 0x110000:
            code = -1
    return code


@within
def _escaped(raw: np.ndarray, place: Any) -> tuple[Any, Any]:
    """Return the character that a backslash begins, below 0 where there is none; and what follows.

    Halves of a character that stand alone are none.
    """
    code: Any = np.int64(_MEANT[raw[place + 1]])
    after = place + 2
    if code == 0:
        code = -1
    if raw[place + 1] == _U:
        code, after = _hexadecimal(raw, place + 2), place + 6
        if 0xD800 <= code < 0xDC00 and raw[after] == _ESCAPE and raw[after + 1] == _U:
            low = _hexadecimal(raw, after + 2)
            if 0xDC00 <= low < 0xE000:
                code, after = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), after + 6
        if 0xD800 <= code < 0xE000:
            code = -1
    return code, after


@within
def _written(out: np.ndarray, at: Any, code: Any) -> Any:
    """Write a character as UTF-8; return where it ends."""
    if code < 0x80:
        out[at] = code
        return at + 1
    if code < 0x800:
        out[at], out[at + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return at + 2
    if code < 0x10000:
        out[at], out[at + 1] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63
        out[at + 2] = 0x80 | code & 63
        return at + 3
    out[at], out[at + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 63
    out[at + 2], out[at + 3] = 0x80 | code >> 6 & 63, 0x80 | code & 63
    return at + 4


@within
def _string(raw: np.ndarray, words: np.ndarray, place: Any, out: np.ndarray, outs: np.ndarray,
            at: Any) -> tuple[Any, Any, bool]:  # fmt: skip
    """Write the string that begins with a quotation mark at a place.

    Returns
    -------
    the place behind it, -1 where it is no string; where it ends in what was written; whether it
    is calm, but for points
    """
    place, begin, calm = place + 1, at, True
    while True:
        word = words[place]
        quotes, escapes = word ^ _QUOTES, word ^ _ESCAPES
        special = (
            word | (word - _SPACES) | ((quotes - ONES) & ~quotes) | ((escapes - ONES) & ~escapes)
        ) & TOP
        outs[at] = word
        if special == NONE:
            place, at = place + WIDTH, at + WIDTH
            continue
        many = before(special)
        place, at = place + many, at + many
        byte = raw[place]
        if byte == _QUOTE:
            return place + 1, at, calm
        if byte >= 0x80:
            code = _character(raw, place)
            after = place + 2 + (code >= 0x800) + (code >= 0x10000)
        elif byte == _ESCAPE:
            code, after = _escaped(raw, place)
        else:
            code, after = -1, place
        if code < 0:
            return -1, at, False
        if raw[place + 1] != _U and (code == 10 or code == 12 or code == 13):
            last = at - 1
            while last >= begin and (out[last] == _SPACE or out[last] == _TAB):
                last -= 1
            calm = calm and not (last >= begin and out[last] == _HYPHEN)
        else:
            calm = calm and code < len(_CALM) and (_CALM[code] or code == _TAB)
        place, at = after, _written(out, at, code)


@within
def _after_scalar(raw: np.ndarray, words: np.ndarray, place: Any) -> Any:
    """Return the place behind a number, true, false or null; -1 where there is none."""
    start, four = place, words[place] & _FOUR
    if four in (_TRUE, _NULL):
        return place + 4
    if words[place] & _FIVE == _FALSE:
        return place + 5
    if raw[place] == _HYPHEN:
        place += 1
    whole = place
    while 48 <= raw[place] <= 57:
        place += 1
    if place == whole or (raw[whole] == 48 and place > whole + 1):
        return -1
    if raw[place] == 46:
        part = place = place + 1
        while 48 <= raw[place] <= 57:
            place += 1
        if place == part:
            return -1
    if raw[place] | 32 == 101:
        place += 1
        if raw[place] == 43 or raw[place] == 45:
            place += 1
        part = place
        while 48 <= raw[place] <= 57:
            place += 1
        if place == part:
            return -1
    return place if place - start < _LONGEST else -1


@within
def _is(raw: np.ndarray, begin: Any, end: Any, name: np.ndarray, first: Any, last: Any) -> Any:
    """Tell whether bytes are those of a name, which stands among others."""
    same = end - begin == last - first
    if same:
        for step in range(last - first):
            same = same and raw[begin + step] == name[first + step]
    return same


@within
def _which(raw: np.ndarray, begin: Any, end: Any, names: np.ndarray, ends: np.ndarray) -> Any:
    """Return the number of the name that bytes are, -1 where they are none."""
    known = -1
    for number in range(len(ends) - 1):
        if _is(raw, begin, end, names, ends[number], ends[number + 1]):
            known = number
    return known


@within
def _line_end(raw: np.ndarray, place: Any, limit: Any) -> Any:
    """Return the place of the next line feed, or where the lines end."""
    while place < limit and raw[place] != _FEED:
        place += 1
    return place


@within
def _past(raw: np.ndarray, place: Any) -> Any:
    """Return the place behind white space of a row."""
    while raw[place] == _SPACE or raw[place] == _TAB or raw[place] == _RETURN:
        place += 1
    return place


@within
def _rests(out: np.ndarray, outs: np.ndarray, begin: Any, end: Any) -> bool:
    """Tell whether a text has more than white space, and no points with a space between them."""
    place = begin
    while place < end and (out[place] == _SPACE or 9 <= out[place] <= 13):
        place += 1
    calm = place < end
    while place < end:
        word = outs[place]
        points = _equal(word, _POINTS)
        calm = calm and (points & (_equal(word, _SPACES) >> _STEP) & (points >> _SKIP)) == NONE
        place += WIDTH - 2
    return calm


@within
def _object(source: Pair, limit: Any, names: Pair, target: Pair, place: Any, at: Any) -> Any:
    """Read the object that begins at a place, and write its text.

    The parameters are those of ``_read``, and where the object and its text begin.

    Returns
    -------
    the place behind it; where its text begins and ends, in what is written; where its label begins
    and ends; whether the text is calm, but for points; whether it is a row that is read here
    """
    raw, words = source
    out, outs = target
    name, name_ends = names
    text_begin = text_end = label_begin = label_end = -1
    calm, sound = True, raw[place] == _OPEN
    while sound:
        place = _past(raw, place + 1)
        sound = False
        if raw[place] != _QUOTE:
            break
        place, key_end, _ = _string(raw, words, place, out, outs, at)
        if place < 0:
            break
        is_text = _is(out, at, key_end, name, name_ends[0], name_ends[1])
        is_label = _is(out, at, key_end, name, name_ends[1], name_ends[2])
        place = _past(raw, place)
        if raw[place] != _COLON:
            break
        place = start = _past(raw, place + 1)
        if raw[place] == _QUOTE:
            place, end, rests = _string(raw, words, place, out, outs, at)
            if is_text and text_end < 0:
                text_begin, text_end, calm, at = at, end, rests, end
                is_text = False
        else:
            place = _after_scalar(raw, words, place)
        if place < 0 or is_text or (is_label and label_end >= 0):
            break
        if is_label:
            label_begin, label_end = start, place
        place = _past(raw, place)
        sound = raw[place] == _COMMA
        if raw[place] == _CLOSE:
            place = _past(raw, place + 1)
            sound = text_end >= 0 and label_end >= 0
            sound = sound and (raw[place] == _FEED or place >= limit)
            break
    return place, text_begin, text_end, label_begin, label_end, calm, sound


@compiled
def _read(
    source: Pair, limit: int, names: Pair, labels: Pair, target: Pair, found: np.ndarray
) -> int:
    """Read the rows of lines.

    Parameters
    ----------
    source : the lines, and their numbers
    limit : where they end
    names : of the columns of texts and of labels, and their ends, behind a 0
    labels : known ones, as they stand in a row, and their ends
    target : where texts are written, a line feed before each and behind the last
    found : rows × (LINE, BEGIN, …), with room enough

    Returns
    -------
    how many rows there are
    """
    raw, out = source[0], target[0]
    label, label_ends = labels
    place = row = 0
    out[0], at = _FEED, 1
    while place < limit:
        line, begin = place, at
        place = _past(raw, place)
        if raw[place] == _FEED:
            place += 1
            continue
        place, text_begin, text_end, label_begin, label_end, calm, sound = _object(
            source, limit, names, target, place, at
        )
        known = -1
        if sound:
            known = _which(raw, label_begin, label_end, label, label_ends)
            at = text_end
            kind = CALM if calm and _rests(out, target[1], text_begin, text_end) else LOOK
        else:
            kind, at, place = ODD, begin, _line_end(raw, line, limit)
            text_begin = text_end = at
        out[at] = _FEED
        at, place = at + 1, place + 1
        found[row, LINE], found[row, BEGIN], found[row, END] = line, text_begin, text_end
        found[row, LABEL], found[row, LABEL_END] = label_begin, label_end
        found[row, KNOWN], found[row, KIND] = known, kind
        row += 1
    out[at : at + BEHIND] = 0
    return row


@compiled
def blank(raw: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> None:
    """Write spaces over bytes."""
    for number in range(len(begins)):
        raw[begins[number] : ends[number]] = _SPACE


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


class Reader:
    """Reads the rows of a table.

    Parameters
    ----------
    text, label : the columns
    side_of : the group that a label, as it stands in a row, is of
    """

    def __init__(self, text: str, label: str, side_of: Callable[[bytes], int]) -> None:
        self._names = _behind([name.encode("utf-8", "surrogatepass") for name in (text, label)])
        self._side_of = side_of
        self._sides: dict[bytes, int] = {}
        self._labels, self._known = _behind([]), np.empty(0, dtype=np.int64)

    def read(self, lines: bytes) -> Rows:
        """Read whole lines."""
        source = _numbered(np.frombuffer(lines + bytes(BEHIND), np.uint8))
        target = _numbered(np.empty(len(lines) + 2 * BEHIND, dtype=np.uint8))
        found = np.empty((lines.count(b"\n") + 1, KIND + 1), dtype=np.int64)
        found = found[: _read(source, len(lines), self._names, self._labels, target, found)]
        own = found[:, KNOWN]
        sides = np.append(self._known, -1)[own]
        for row in np.flatnonzero((own < 0) & (found[:, KIND] != ODD)).tolist():
            sides[row] = self._side(lines[found[row, LABEL] : found[row, LABEL_END]])
        end = 1 if not len(found) else found[-1, END] + 1
        raw, words = target[0][: end + BEHIND], target[1][: end + BEHIND - WIDTH + 1]
        texts = Texts(raw, words, found[:, BEGIN], found[:, END])
        look = {row: texts.text(row) for row in np.flatnonzero(found[:, KIND] == LOOK).tolist()}
        empty = [row for row, text in look.items() if not text.strip()]
        whole = {row: text for row, text in look.items() if needs_context(text)}
        odd = np.flatnonzero(found[:, KIND] == ODD)
        return Rows(found[:, LINE], texts, sides, odd, empty, whole)

    def _side(self, label: bytes) -> int:
        """Return the group of a label, and let the loops know it."""
        if label not in self._sides:
            if len(self._sides) == _LABELS:
                self._sides.clear()
            self._sides[label] = self._side_of(label)
            if len(self._known) < _KNOWN and len(self._sides) <= _KNOWN:
                self._labels = _behind(list(self._sides))
                self._known = np.array(list(self._sides.values()), dtype=np.int64)
        return self._sides[label]


def _behind(names: Sequence[bytes]) -> Pair:
    """Return names one behind the other, and the end of each, behind a 0."""
    ends = np.cumsum([0, *map(len, names)])
    return np.frombuffer(b"".join(names) or b"\0", np.uint8), ends


Reader("text", "group", len).read(b"")  # loads what is compiled, for all processes from here
