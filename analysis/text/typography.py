"""A text as it is read: one form for whatever typography writes in several.

Every reader of a text (tokens, sentences, tone, voices) sees what this step leaves, and every
change is a declared edit, so that the raw text stays and offsets lead back to it:

``line-end``      CRLF, CR, form feed and Unicode's line and paragraph ends are LF
``white-space``   every run of spaces, tabs and no-break spaces is one space
``invisible``     format characters that show nothing are dropped (soft hyphens, zero-width ones,
                  marks of direction, variation selectors); a joiner stays inside an emoji
``line-hyphen``   a word cut at a line's end is joined; see ``Joiner`` for a real hyphen
``apostrophe``    curly, modifier and prime-like marks and grave accents are "'"
``quotation``     curly, low, angled and doubled single marks are '"'
``hyphen``        Unicode's hyphens and minus, and an en dash that ties two words, are "-"
``dash``          em dashes, "--" and a hyphen between spaces are " – "
``ellipsis``      "…" and ". . ." are "..."
``ligature``      ligatures, full-width and mathematical letters are plain ones
``note-mark``     superscript figures behind a word or a full stop, daggers: not the author's words
``composition``   letter and combining mark are one character where there is one (Unicode's NFC)
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import regex

from analysis.text.edits import Edit, EditedText

_DASHES = r"\u2012-\u2015\u2E3A\u2E3B"
_DASH = rf"[{_DASHES}]|(?<!-)-{{2,3}}(?!-)"
_APOSTROPHE = "['’‘ʼʻʽʹ´`‛‚′＇ʾʿ‹›]"
# Two passes, since what shows nothing must not part what the second one looks at together.
_CHARACTERS = r"""
  (?P<soft_hyphen>  (?<=[\p{L}\p{M}]) [\u00AD¬]++ \h*+ (?:\r\n?|\n) \h*+ (?=\p{Ll}) )
| (?P<line_end>     \r\n? | [\v\f\u2028\u2029] | \x1A(?=\s*+\Z) )
| (?P<note_mark>    (?<=\p{L}{3} | [.,;:!?"'”’»)\]]) [¹²³⁰⁴-⁹†‡]++ )
| (?P<invisible>    [[\p{DI}\uFFF9-\uFFFB]--[\u200D]]++
                  | (?<!\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?) \u200D
                  | \u200D (?!\p{Extended_Pictographic}) )
| (?P<ellipsis>     … )
| (?P<ligature>     [ﬀ-ﬆ！-～Ĳĳ𝐀-𝟿]++ )
"""
_COMPOSITION = r"""
| (?P<composition>  \P{M}[\p{M}--\p{DI}]{1,30}+ | [\u1100-\u11FF]++ | [\u212A\u212B\u2126] )
"""
_LOOK = rf"""(?= [^\p{{L}}\p{{N}}\n\x20.,;:'"-] | \x20[\h{_DASHES}-] | -[\h\n-] | \.\h\.
              | {_APOSTROPHE}{{2}} | [ʼʻʽʹʾʿ] )"""
_MARKS = rf"""
  (?P<line_hyphen>  (?<=[\p{{L}}\p{{M}}\p{{N}}]) [-\u2010] \h*+ \n \h*+ (?=[\p{{L}}\p{{N}}]) )
| (?P<tie>          (?<=[\p{{L}}\p{{M}}\p{{N}}]) [\u2012\u2013] (?=[\p{{L}}\p{{N}}]) )
| (?P<dash>         \h++ (?: {_DASH} | -(?=[\h\n]) ) \h*+ | (?:{_DASH}) \h*+ )
| (?P<white_space>  \h++ )
| (?P<quotation>    [“”„‟″«»＂〝〞] | {_APOSTROPHE}{{2}} )
| (?P<apostrophe>   [{_APOSTROPHE}--[']] )
| (?P<hyphen>       [\u2010\u2011\u2212\u02D7\uFE63] )
| (?P<spaced>       \.(?:\h\.){{2,}}+ )
"""
_FLAGS = regex.VERBOSE | regex.V1
_LETTER = r"(?=[^\p{L}\p{N}\n\x20.,;:'\"-]|[¹²³⁰⁴-⁹ﬀ-ﬆ！-～Ĳĳ𝐀-𝟿ᅟᅠㅤﾠ])"
_FIRST = regex.compile(rf"{_LETTER} (?:{_CHARACTERS})", _FLAGS)
_FIRST_DECOMPOSED = regex.compile(rf"{_CHARACTERS}{_COMPOSITION}", _FLAGS)
_SECOND = regex.compile(rf"{_LOOK} (?:{_MARKS})", _FLAGS)
_RULES = {
    "soft_hyphen": ("line-hyphen", "a word cut at a line's end"),
    "line_hyphen": ("line-hyphen", "a word cut at a line's end"),
    "line_end": ("line-end", "line ends in one form"),
    "tie": ("hyphen", "hyphens in one form"),
    "dash": ("dash", "dashes in one form"),
    "white_space": ("white-space", "a run of white space is one space"),
    "note_mark": ("note-mark", "mark of a note, not the author's words"),
    "invisible": ("invisible", "shows nothing"),
    "quotation": ("quotation", "double quotation marks in one form"),
    "apostrophe": ("apostrophe", "apostrophes and single quotation marks in one form"),
    "hyphen": ("hyphen", "hyphens in one form"),
    "ellipsis": ("ellipsis", "ellipses in one form"),
    "spaced": ("ellipsis", "ellipses in one form"),
    "ligature": ("ligature", "plain letters"),
    "composition": ("composition", "Unicode's composed form"),
}
_FORM = {
    "soft_hyphen": "",
    "tie": "-",
    "white_space": " ",
    "note_mark": "",
    "invisible": "",
    "quotation": '"',
    "apostrophe": "'",
    "hyphen": "-",
    "ellipsis": "...",
}
_ENDS = ("", "\n")
_QUOTES = "\"'“”„‟″«»’‘"
_OPENS = regex.compile(rf"(?:\A|[\s(\[])[{_QUOTES}(\[]\Z|[(\[]\Z")
_CLOSES = regex.compile(rf"[{_QUOTES}](?!\w)|[.,;:!?)\]]")
_CONTEXT = 40  # characters looked at on each side of a hyphen at a line's end
_LEFT = regex.compile(r"[\p{L}\p{M}\p{N}'’-]*\Z")
_RIGHT = regex.compile(r"[\p{L}\p{M}]*")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:-\p{L}[\p{L}\p{M}]*)*")
_CUT = regex.compile(r"\p{L}\p{M}*[-\u2010]\h*+(?:\r\n?|\n)\h*+\p{L}")
_PREFIXES = frozenset(
    """anti cross five four half high ill long low mid near non one post quasi self semi seven short
    single six ten three two vice well""".split()
)

Join = Callable[[str, str], bool]


class Joiner:
    """Tells whether a word cut by a hyphen at a line's end is one word.

    It is, unless the form with the hyphen is the more frequent one in the texts given; where they
    hold neither form, unless both halves stand there as words of their own, or the first is one of
    a list ("well-", "self-", "non-") before four letters or more. Before a capital or a figure the
    hyphen is real.

    >>> join = Joiner(["The minister met a well-known envoy."])
    >>> join("minis", "ter"), join("well", "known")
    (True, False)
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @cached_property
    def _seen(self) -> Counter[str]:
        """How often the texts hold each word; counted only if a line does end in a hyphen."""
        whole = (_CUT.sub(" ", text) for text in self._texts)
        return Counter(word for text in whole for word in _WORD.findall(text.lower()))

    def __call__(self, left: str, right: str) -> bool:
        """Return whether ``left`` and ``right`` are halves of one word."""
        if not right[:1].islower() or not left[-1:].isalpha():
            return False
        left, right = left.lower(), right.lower()
        joined, tied = self._seen[left + right], self._seen[f"{left}-{right}"]
        if joined or tied:
            return joined >= tied
        alone = self._seen[left] and self._seen[right]
        return not alone and not (left in _PREFIXES and len(right) > 3)


def as_read(raw: str, join: Join | None = None) -> EditedText:
    r"""Return a text with one form for whatever typography writes in several.

    Parameters
    ----------
    raw : the text of a document, decoded
    join : tells whether two halves at a line's end are one word; by default a ``Joiner`` of the
        text itself

    Examples
    --------
    >>> print(as_read("It isn’t “good”—the trea\u00ad\nty, I mean.").text)
    It isn't "good" – the treaty, I mean.
    """
    return read(EditedText.of(raw, ()), join)


def read(text: EditedText, join: Join | None = None) -> EditedText:
    """Read a text from which something has been removed already; see ``as_read``."""
    join = join or Joiner([text.text])
    first = _FIRST if unicodedata.is_normalized("NFC", text.text) else _FIRST_DECOMPOSED
    text = text.then(_edits(first, text.text, join))
    return text.then(_edits(_SECOND, text.text, join))


def plain(words: str) -> str:
    """Return words as they are read, to be found in a text that has been read.

    >>> print(plain("the President’s “plan”"))
    the President's "plan"
    """
    return as_read(words).text


def _edits(pattern: "regex.Pattern[str]", text: str, join: Join) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        kind = str(match.lastgroup)
        words = _replacement(kind, match, join)
        start, end = match.span()
        if kind == "dash":  # the spaces around it stay
            while text[start] == words[0] == " ":
                start, words = start + 1, words[1:]
            while text[end - 1] == words[-1] == " ":
                end, words = end - 1, words[:-1]
        if words != text[start:end]:
            yield Edit(start, end, words, *_RULES[kind])


def _replacement(kind: str, match: "regex.Match[str]", join: Join) -> str:
    """Return what is read where the raw text has this match."""
    found = match[0]
    match kind:
        case "line_hyphen":
            return "" if join(*_halves(match)) else "-"
        case "line_end":
            return {"\u2029": "\n\n", "\x1a": ""}.get(found, "\n")
        case "dash":
            return _dash(match)
        case "spaced":
            return "." * min(4, found.count("."))
        case "ligature":
            return unicodedata.normalize("NFKC", found)
        case "composition":
            return unicodedata.normalize("NFC", found)
    return _FORM[kind]


def _halves(match: "regex.Match[str]") -> tuple[str, str]:
    """Return what stands before and behind a hyphen at a line's end."""
    text, start, end = match.string, match.start(), match.end()
    left = _LEFT.search(text[max(0, start - _CONTEXT) : start])
    right = _RIGHT.match(text, end, end + _CONTEXT)
    return (left[0] if left else ""), (right[0] if right else "")


def _dash(match: "regex.Match[str]") -> str:
    """Return a dash between spaces, but for an end of line or the inside of a quotation mark."""
    text, start, end = match.string, match.start(), match.end()
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    left = match[0][0].isspace() or not _OPENS.search(before)
    right = match[0][-1].isspace() or not _CLOSES.match(after)
    at_start, at_end = before[-1:] in _ENDS, after[:1] in _ENDS
    return (" " if left and not at_start else "") + "–" + (" " if right and not at_end else "")
