"""What is the author's text: its typography in one form, and rules that declare the rest as edits.

**Typography.** Whatever it writes in several forms is read in one (``read``). Every reader of a
text (tokens, sentences, tone, voices) sees what this step leaves, and every change is a declared
edit, so that the raw text stays and offsets lead back to it:

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

**Rules.** Each finds what is not the author's text and declares it as edits. A rule is a function
from a text to edits of it; nothing is removed that no rule names. The rules follow one another,
each on what the ones before it have left, so that no two can edit one stretch: first the text is
read, then what stands outside the body goes, then captions, links, emphasis and escapes where the
manifest asks for them, then its corrections; line ends come last, because a paragraph can only be
judged once captions and links are gone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property

import regex

from analysis.errors import InputError
from analysis.text.documents import Edit, EditedText
from analysis.text.sources import MISREAD, decode_markup, mend_misread

_DASHES = r"\u2012-\u2015\u2E3A\u2E3B"
_DASH = rf"[{_DASHES}]|(?<!-)-{{2,3}}(?!-)"
_HYPHEN = r"[-\u2010\u2011\u2043\u2212\u02D7\uFE63]"
_APOSTROPHE = "['’‘ʼʻʽʹ´`‛‚′＇ʾʿ‹›❛❜ꞌ]"
_LIGATURES = "ﬀ-ﬆ！-～Ĳĳℂℊ-ℓℕℙ-ℝℤℨℬℭℯ-ℱℳℴⒶ-ⓩ𝐀-𝟿"
_LINE_ENDS = r"\v\f\u2028\u2029"
# Passes, since what shows nothing must not part what the next one looks at together.
_CHARACTERS = rf"""
  (?P<soft_hyphen>  (?<=[\p{{L}}\p{{M}}]) [\u00AD¬]++ \h*+ (?:\r\n?|\n) \h*+ (?=\p{{Ll}}) )
| (?P<line_end>     \r\n? | [{_LINE_ENDS}] | \x1A(?=\s*+\Z) )
| (?P<invisible>    [[\p{{DI}}\uFFF9-\uFFFB]--[\u200D]]++
                  | (?<!\p{{Extended_Pictographic}}[\uFE0F\p{{Emoji_Modifier}}]?) \u200D
                  | \u200D (?!\p{{Extended_Pictographic}}) )
| (?P<ellipsis>     … )
| (?P<ligature>     [{_LIGATURES}]++ )
"""
_COMPOSITION = r"""
| (?P<composition>  \P{M}[\p{M}--\p{DI}]{1,30}+ | [\u1100-\u11FF]++ | [\u212A\u212B\u2126] )
"""
_LOOK = rf"""(?= [^\p{{L}}\p{{N}}\n\x20.,;:'"-] | \x20[\h{_DASHES}»-] | -[\h\n-] | \.\h\.
              | {_APOSTROPHE}{{2}} | [ʼʻʽʹʾʿꞌ] )"""
_NOTES = rf"""
  (?P<note_mark>    (?: (?<=\p{{L}}{{3}} | \p{{L}}{_HYPHEN}\h{{0,8}}\n\h{{0,8}}\p{{L}}{{1,2}})
                        [¹²³⁰⁴-⁹†‡]++ (?![\p{{L}}\p{{M}}])
                      | (?<=[.,;:!?)\]"“”„‟″«»〝〞] | {_APOSTROPHE}) [¹²³⁰⁴-⁹†‡]++ ) )
"""
_MARKS = rf"""
  (?P<line_hyphen>  (?<=[\p{{L}}\p{{M}}\p{{N}}]) {_HYPHEN} \h*+ \n \h*+ (?=[\p{{L}}\p{{N}}]) )
| (?P<tie>          (?<=[\p{{L}}\p{{M}}\p{{N}}]) [\u2012\u2013] (?=[\p{{L}}\p{{N}}]) )
| (?P<dash>         \h++ (?: {_DASH} | -(?=[\h\n]) ) \h*+ | (?:{_DASH}) \h*+ )
| (?P<guillemet>    (?<![^\s(\[]) « \h++ (?=\S) | (?<=\S) \h++ » (?![^\s.,;:!?)\]]) )
| (?P<white_space>  \h++ )
| (?P<quotation>    [“”„‟″«»＂〝〞❝❞🙶🙷] | {_APOSTROPHE}{{2}} )
| (?P<apostrophe>   [{_APOSTROPHE}--[']] )
| (?P<hyphen>       [{_HYPHEN}--[-]] )
| (?P<spaced>       \.(?:\h\.){{2,}}+ )
"""
_FLAGS = regex.VERBOSE | regex.V1
_LETTER = r"(?=[^\p{L}\p{N}\n\x20.,;:'\"-]|[ﬀ-ﬆ！-～Ĳĳℂℊ-ℓℕℙ-ℝℤℨℬℭℯ-ℱℳℴ𝐀-𝟿ᅟᅠㅤﾠ])"
_FIRST = regex.compile(rf"{_LETTER} (?:{_CHARACTERS})", _FLAGS)
# No match of these begins with another character, and few texts hold one.
_RARE = regex.compile(
    rf"[\u00AD¬\r\x1A…\u200D\uFFF9-\uFFFB\p{{DI}}{_LINE_ENDS}{_LIGATURES}]", regex.V1
)
_FIRST_DECOMPOSED = regex.compile(rf"{_CHARACTERS}{_COMPOSITION}", _FLAGS)
_NOTE_MARKS = regex.compile(rf"(?=[¹²³⁰⁴-⁹†‡]) {_NOTES}", _FLAGS)
_ROUNDS = 5  # a mark beside a mark may be read as another one once its neighbour has been read
_DASHLIKE = "–¹²³⁰⁴-⁹†‡-"
# Begins with one of a few characters, for which a text is searched quickly: a mark beside a mark.
_BESIDE = re.compile(
    rf"""[\x1a"'{_DASHLIKE}](?: (?<=\x1a) | (?<=["'])["']{{2}} | (?<=["'])[{_DASHLIKE}]
    | (?<=[{_DASHLIKE}])["'{_DASHLIKE}] | (?<=[–-])\x20[–-] | (?<=\x20-)[\x20\n] )""",
    re.VERBOSE,
)
_QUICKLY = r"(?![a-zA-Z]|\x20[a-zA-Z])"  # where nothing can begin
_SECOND = regex.compile(rf"{_QUICKLY} {_LOOK} (?:{_MARKS})", _FLAGS)
_RULES = {
    "soft_hyphen": ("line-hyphen", "a word cut at a line's end"),
    "line_hyphen": ("line-hyphen", "a word cut at a line's end"),
    "line_end": ("line-end", "line ends in one form"),
    "tie": ("hyphen", "hyphens in one form"),
    "dash": ("dash", "dashes in one form"),
    "white_space": ("white-space", "a run of white space is one space"),
    "note_mark": ("note-mark", "mark of a note, not the author's words"),
    "invisible": ("invisible", "shows nothing"),
    "guillemet": ("quotation", "double quotation marks in one form"),
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
    "guillemet": '"',
    "quotation": '"',
    "apostrophe": "'",
    "hyphen": "-",
    "ellipsis": "...",
}
_ENDS = ("", "\n")
_QUOTES = "\"'“”„‟″«»’‘"
_RUN = 8  # quotation marks and apostrophes in a row that are looked at
_OPENS = regex.compile(rf"(?<![^\s(\[])[{_QUOTES}(\[]{{1,{_RUN}}}\Z|[(\[]\Z")
_CLOSES = regex.compile(rf"[{_QUOTES}]{{1,{_RUN}}}+(?!\w)|[.,;:!?)\]]")
_CONTEXT = 40  # characters looked at on each side of a hyphen at a line's end
_LEFT = regex.compile(r"[\p{L}\p{M}\p{N}'’-]*\Z")
_RIGHT = regex.compile(r"[\p{L}\p{M}]*")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:-\p{L}[\p{L}\p{M}]*)*")
_CUT = regex.compile(rf"\p{{L}}\p{{M}}*{_HYPHEN}\h*+(?:\r\n?|[\n\v\f\u2028\u2029])\h*+\p{{L}}")
_PREFIXES = frozenset(
    """anti cross five four half high ill long low mid near non one post quasi self semi seven short
    single six ten three two vice well""".split()
)
Join = Callable[[str, str], bool]
_URL = r"https?://[^\s()<>\[\]]+"
_TARGET = rf"(?:<?{_URL}>?|/[\w/-]+)"
_LINK = re.compile(
    # [words](target), ![picture](target), [words \(target\)](target), then words (target), then an
    # address that stands bare; a target holds a mark that names of variables do not
    rf"(?P<open>(?<!\w)!?\[)[^\[\]]{{1,500}}?(?P<close>(?: \\\({_TARGET}\\\))?"
    r"\]\((?=[^()\s]*[/.#:])(?:[^()\s]|\([^()\s]*\))*+\))"
    rf"|(?P<trailing> \({_TARGET}\))"
    rf"|(?P<bare><?(?<![\w/]){_URL}(?<![.,;:!?'\"*_\\])>?)"
)
# Marks of emphasis hug their words, and no letter or figure stands just outside of them.
_EMPHASIS = re.compile(
    r"(?<![\w*\\])(\*{1,3})(?![\s*])(?:[^*\n]|\n(?! ?\n)){1,2000}(?<![\s\\])(\1)(?![\w*])"
)
_ESCAPE = re.compile(r"(\\)[$*_\[\]()#]")
_CREDIT = re.compile(
    r"\w/.{0,80} via (?:REUTERS|AP|AFP|EPA|EFE|DPA|ANSA|TASS|UPI|PA|IRNA|ISNA|WANA|SANA|GETTY)\Z",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\n ?\n[\n ]*")
_GAP = re.compile(r" ?\n[ \n]*")
_SENTENCE_END = re.compile(r"""[.?!:…]["'”’)\]]*\Z""")


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
    for _ in range(_ROUNDS):
        before = text.text
        if not unicodedata.is_normalized("NFC", text.text):
            text = text.then(_edits(_FIRST_DECOMPOSED, text.text, join))
        elif _RARE.search("".join(set(text.text))):
            text = text.then(_edits(_FIRST, text.text, join))
        if _NOTE_MARKS.search(text.text):
            text = text.then(_edits(_NOTE_MARKS, text.text, join))
        text = text.then(_edits(_SECOND, text.text, join))
        settled = unicodedata.is_normalized("NFC", text.text) and not _BESIDE.search(text.text)
        if settled or text.text == before:
            break
    return text


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
    before, after = text[max(0, start - _RUN - 1) : start], text[end : end + _RUN + 1]
    left = match[0][0].isspace() or not _OPENS.search(before)
    right = match[0][-1].isspace() or not _CLOSES.match(after)
    at_start, at_end = before[-1:] in _ENDS, after[:1] in _ENDS
    return (" " if left and not at_start else "") + "–" + (" " if right and not at_end else "")


def body(text: str, starts: str, ends: str) -> tuple[int, int]:
    """Return where the body that a manifest declares begins and ends.

    >>> body("Menu It is so. By me.", "It is", "so.")
    (5, 14)
    """
    begin, end = _once(text, starts).start(), _once(text, ends).end()
    if begin >= end:
        raise InputError(f"{ends!r} (body_ends) stands before {starts!r} (body_starts).")
    return begin, end


def captions(text: str) -> Iterator[Edit]:
    r"""Remove photo captions: paragraphs of one line that end in an agency's credit.

    >>> text = "One.\n\nA. Person/Pool/File via REUTERS\n\nTwo."
    >>> [text[edit.start : edit.end] for edit in captions(text)]
    ['A. Person/Pool/File via REUTERS\n\n']
    """
    start = 0
    for stop, end in (*(gap.span() for gap in _BLANK.finditer(text)), (len(text), len(text))):
        line = text[start:stop].strip()
        if "\n" not in line and _CREDIT.search(line[-100:]):
            yield Edit(start, end, "", "caption", "photo caption, not the author's text")
        start = end


def links(text: str) -> Iterator[Edit]:
    """Remove link targets and bare addresses; the visible text of a link stays.

    >>> text = "They [left](https://a.b/c) (https://d.e)."
    >>> [text[edit.start : edit.end] for edit in links(text)]
    ['[', '](https://a.b/c)', ' (https://d.e)']
    """
    for match in _LINK.finditer(text):
        kind = str(match.lastgroup)
        for part in ("open", "close") if kind == "close" else (kind,):
            yield Edit(*match.span(part), "", "link", "link target; the visible text stays")


def emphasis(text: str) -> Iterator[Edit]:
    """Remove the asterisks of bold and italic type; the words stay.

    >>> text = "The *Gazette* has 3*10 to 4*10 **new** files, *.txt and *.csv."
    >>> [edit[:2] for edit in emphasis(text)]
    [(4, 5), (12, 13), (31, 33), (36, 38)]
    """
    for match in _EMPHASIS.finditer(text):
        for part in (1, 2):
            yield Edit(*match.span(part), "", "emphasis", "mark of bold or italic type")


def escapes(text: str) -> Iterator[Edit]:
    """Remove the backslash before an escaped character."""
    for match in _ESCAPE.finditer(text):
        yield Edit(*match.span(1), "", "escape", "backslash of the source's file format")


def _matches(pattern: str, rule: str, reason: str) -> Callable[[str], Iterator[Edit]]:
    """Return a rule that removes whatever matches, with the spaces before it."""
    compiled = re.compile(pattern, re.MULTILINE)

    def remove(text: str) -> Iterator[Edit]:
        return (Edit(*match.span(), "", rule, reason) for match in compiled.finditer(text))

    return remove


_STAMP = (
    r"\W{0,2}(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?[ ])?"
    r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:[ ]?[AaPp]\.?[Mm]\b\.?)?"
)

_ARROW = r"[ ]?(?:-->|–[ ]?>)[ ]?"  # as it is written, and as it is read

TIME = (
    rf"^(?:\d{{1,6}}[ ]?\n(?={_STAMP}{_ARROW}))?"
    rf"{_STAMP}(?:{_ARROW}[\d:.,]{{5,15}}(?:[ ]\w+:\S+)*)?\W{{0,2}}(?=\s|$)"
)

_CAPITALS, _NAME = r"\p{Lu} [\p{Lu}.'-]", r"\p{Lu} [\w.'-]{0,20}"

_LABEL = regex.compile(
    rf"""^ (?: {_STAMP} (?: \W{{1,3}} | [ ]–[ ] ) )?
    (?P<label>
      (?: (?P<capitals> {_CAPITALS} {{1,20}} (?: [ ,]{{1,2}} {_CAPITALS} {{0,20}} ){{0,4}} )
        | {_NAME} (?: [ ,]{{1,2}} (?: {_NAME} | of | the | de | van | von ) ){{0,4}}
      ) (?P<role> [ ]? [(\[] [^()\[\]\n]{{1,40}} [)\]] )? : [ ]
    )""",
    regex.VERBOSE | regex.MULTILINE,
)

RECURS = 3  # lines that open with a label which is no capitals, or are one
_ALONE = regex.compile(
    rf"^(?P<name>{_CAPITALS}{{1,20}}(?:[ ]{_CAPITALS}{{0,20}}){{0,3}})[ ]?\n(?=\S)",
    regex.VERBOSE | regex.MULTILINE,
)


def speakers(text: str) -> Iterator[Edit]:
    r"""Remove speakers' labels: what opens a line, up to a colon, behind a time stamp or not.

    A label in capitals is one wherever it stands; a name or a single letter ("Q:") is one where it
    opens at least three lines of the text. A line in capitals that stands above other lines at
    least three times is one without a colon, as plays have it.

    >>> text = "KING: Go.\nNote: all\nQ: Why?\nA: So.\nQ: How?\nA: Thus.\nQ: When?\nA: Now."
    >>> [text[edit.start : edit.end] for edit in speakers(text)]
    ['KING: ', 'Q: ', 'A: ', 'Q: ', 'A: ', 'Q: ', 'A: ']
    >>> text = "KING\nGo.\nLORD\nNo.\nKING\nGo!\nLORD\nNo!\nKING\nOut!\nAND\nso."
    >>> [text[edit.start : edit.end] for edit in speakers(text)]
    ['KING', 'KING', 'KING']
    """
    found = list(_LABEL.finditer(text))
    lines = Counter(_named(match) for match in found)
    for match in found:
        if match["capitals"] or lines[_named(match)] >= RECURS:
            yield Edit(*match.span("label"), "", "speaker", "label of a speaker at a line's start")
    alone = list(_ALONE.finditer(text))
    lines = Counter(match["name"] for match in alone)
    for match in alone:
        if lines[match["name"]] >= RECURS:
            yield Edit(*match.span("name"), "", "speaker", "name of a speaker on a line of its own")


def _named(match: "regex.Match[str]") -> str:
    """Return a label without what stands behind it in brackets."""
    return str(match["label"]).removesuffix(": ").removesuffix(match["role"] or "")


def versions(text: str) -> Iterator[Edit]:
    r"""Keep the first of two versions that a version control left between its marks.

    >>> from analysis.text.documents import EditedText
    >>> text = "One.\n<<<<<<< HEAD\nTwo.\n=======\nToo.\n>>>>>>> b\nThree."
    >>> EditedText.of(text, versions(text)).text
    'One.\nTwo.\nThree.'
    """
    begun, second = None, None
    for match in _VERSION.finditer(text):
        mark = match[0][0]
        if mark == "<":
            begun, second = match, None
        elif mark in "|=" and begun and not second:
            second = match
        elif mark == ">" and begun and second:
            for start, end in (begun.span(), (second.start(), match.end())):
                yield Edit(
                    start, end, "", "version", "second version, and marks of version control"
                )
            begun = second = None


_VERSION = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?:[ \t][^\n]*|\r?)(?:\n|\Z)", re.MULTILINE)

ADDRESS = rf" ?<?(?<![\w/])(?:{_URL}|www\.[^\s()<>\[\]]+)(?<![.,;:!?'\"])>?"

_ACCOUNT = r"(?<!\w)@(?=\d*[^\W\d])\w{1,50}"

MENTION = rf" ?(?:(?<!\w)RT {_ACCOUNT}:?|{_ACCOUNT})"

HASHTAG = r" ?(?<![\w&])#(?=\d*[^\W\d])\w{1,100}"

Rule = Callable[[str], Iterator[Edit]]

CLEANING: dict[str, tuple[Rule, ...]] = {
    "captions": (captions,),
    "links": (links,),
    "emphasis": (emphasis, emphasis),  # the inner marks, then those around them
    "escapes": (escapes,),
    "speakers": (speakers,),
    "times": (_matches(TIME, "time", "time stamp at the start of a line"),),
    "addresses": (_matches(ADDRESS, "address", "address of a page"),),
    "mentions": (_matches(MENTION, "mention", "mention of an account"),),
    "hashtags": (_matches(HASHTAG, "hashtag", "hashtag"),),
}

FIRST: dict[str, Rule] = {  # before it is read
    "versions": versions,
    "markup": decode_markup,
    MISREAD: mend_misread,
}

PAGE_BREAKS = "page-breaks"

RULES = (*FIRST, *CLEANING, PAGE_BREAKS)

MANIFEST = ("captions", "links", "emphasis", "escapes", PAGE_BREAKS)  # where it asks for none


def check_rules(rules: Collection[str]) -> tuple[str, ...]:
    """Return the names of rules, or refuse one that is unknown."""
    for name in rules:
        if name not in RULES:
            raise InputError(f"No cleaning rule is called {name!r}; choose from {list(RULES)}.")
    return tuple(rules)


def corrections(text: str, listed: Sequence[dict[str, str]]) -> Iterator[Edit]:
    """Apply a corrections file: ``found`` must occur once; only its words that differ are edited.

    >>> edit, = corrections("he saw Irans fear", [
    ...     {"found": "Irans fear", "corrected": "Iran's fear", "reason": "lost apostrophe"}])
    >>> edit.start, edit.end, edit.replacement
    (7, 12, "Iran's")
    """
    for entry in listed:
        position = _once(text, entry["found"]).start()
        words = _words(plain(entry["found"]), plain(entry["corrected"]))
        for before, after in zip(*words, strict=True):
            if before != after:
                end = position + len(before)
                yield Edit(position, end, after, "correction", entry["reason"])
            position += len(before) + 1


def gaps(text: str, page_breaks: bool) -> Iterator[Edit]:
    """Make each line end inside a paragraph one space; with ``page_breaks``, rejoin cut paragraphs.

    A blank line ends a paragraph, unless what stands before it is no complete sentence: then the
    source has cut a paragraph at the end of a page.
    """
    end = len(text.rstrip())
    for match in _GAP.finditer(text, 0, end):
        start = match.start()
        if start == 0:
            continue
        if match[0].count("\n") == 1:
            yield Edit(*match.span(), " ", "white-space", "line end inside a paragraph")
        elif page_breaks and not _SENTENCE_END.search(text[max(0, start - 8) : start]):
            yield Edit(*match.span(), " ", "page-break", "paragraph cut in mid-sentence")


def clean(
    raw: str,
    starts: str | None = None,
    ends: str | None = None,
    listed: Sequence[dict[str, str]] = (),
    *,
    rules: Collection[str] = MANIFEST,
    join: Join | None = None,
    edits: Iterable[Edit] = (),
    verse: bool = False,
) -> EditedText:
    """Clean a source's text, within the body that the manifest declares.

    Parameters
    ----------
    raw : the file's text
    starts, ends : first and last words of the body, each found exactly once; None for the whole
    listed : corrections, each with ``found``, ``corrected`` and ``reason``
    rules : those that apply, of ``RULES``
    join : tells whether two halves at a line's end are one word (``Joiner``)
    edits : what is no text in the file, to be removed first (markup, running heads)
    verse : whether lines are kept, each a paragraph of its own
    """
    if bool(starts) != bool(ends):
        raise InputError("body_starts and body_ends go together: give both, or neither.")
    text = EditedText.of(raw, edits)
    for name, rule in FIRST.items():
        text = text.then(rule(text.text)) if name in rules else text
    text = read(text, join)
    if starts and ends:
        text = _bounded(text, *body(text.text, starts, ends))
    for name, steps in CLEANING.items():
        for step in steps if name in rules else ():
            text = text.then(step(text.text))
    text = text.then(corrections(text.text, listed))
    return text if verse else text.then(gaps(text.text, PAGE_BREAKS in rules))


def _bounded(text: EditedText, begin: int, end: int) -> EditedText:
    """Remove what stands outside of the clean text's ``[begin, end)``, as one edit a side."""
    left, right = text.raw_span(begin, end)
    outside = [
        Edit(*span, "", "outside-body", "outside the body that the manifest declares")
        for span in ((0, left), (right, len(text.raw)))
        if span[0] < span[1]
    ]
    inside = [edit for edit in text.edits if left <= edit.start and edit.end <= right]
    return EditedText.of(text.raw, [*outside, *inside])


def _once(text: str, words: str) -> re.Match[str]:
    """Return where ``words`` stand in the text, which must hold them exactly once."""
    read = [re.escape(word) for word in plain(words).split()]
    found = list(re.finditer(r"\s+".join(read), text)) if read else []
    if len(found) != 1:
        raise InputError(
            f"{words!r} occurs {len(found)} times in the raw text and must occur exactly once: "
            "quote more of its context."
        )
    return found[0]


def _words(found: str, corrected: str) -> tuple[list[str], list[str]]:
    """Split both sides of a correction at spaces; they must have as many words."""
    sides = found.split(), corrected.split()
    if len(sides[0]) != len(sides[1]):
        raise InputError(
            f"The correction {found!r} -> {corrected!r} changes the number of words: list one that "
            "changes letters only."
        )
    return sides
