"""Cleaning rules: each finds what is not the author's text and declares it as edits.

A rule is a function from a text to edits of it; nothing is removed that no rule names. The rules
follow one another, each on what the ones before it have left, so that no two can edit one stretch:
first the text is read (``typography``), then what stands outside the body goes, then captions,
links, emphasis and escapes where the manifest asks for them, then its corrections; line ends come
last, because a paragraph can only be judged once captions and links are gone.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from analysis.errors import InputError
from analysis.text.decoding import mend_misread
from analysis.text.edits import Edit, EditedText
from analysis.text.markup import decode_markup
from analysis.text.typography import Join, plain, read

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


SPEAKER = r"^[A-Z][A-Z.'-]{1,20}(?:[ ,]{1,2}[A-Z][A-Z.'-]{0,20}){0,4}(?: ?\([^()\n]{1,40}\))?: "
TIME = r"^\W{0,2}\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?: --> [\d:.,]{5,15})?\W{0,2}(?=\s|$)"
ADDRESS = rf" ?<?(?<![\w/])(?:{_URL}|www\.[^\s()<>\[\]]+)(?<![.,;:!?'\"])>?"
MENTION = r" ?(?<!\w)@(?=\d*[^\W\d])\w{1,50}"
HASHTAG = r" ?(?<![\w&])#(?=\d*[^\W\d])\w{1,100}"

Rule = Callable[[str], Iterator[Edit]]
CLEANING: dict[str, tuple[Rule, ...]] = {
    "captions": (captions,),
    "links": (links,),
    "emphasis": (emphasis, emphasis),  # the inner marks, then those around them
    "escapes": (escapes,),
    "speakers": (_matches(SPEAKER, "speaker", "label of a speaker at the start of a line"),),
    "times": (_matches(TIME, "time", "time stamp at the start of a line"),),
    "addresses": (_matches(ADDRESS, "address", "address of a page"),),
    "mentions": (_matches(MENTION, "mention", "mention of an account"),),
    "hashtags": (_matches(HASHTAG, "hashtag", "hashtag"),),
}
FIRST: dict[str, Rule] = {"markup": decode_markup, "misread": mend_misread}  # before it is read
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
    join : tells whether two halves at a line's end are one word (``typography.Joiner``)
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


def unwrap(raw: str, join: Join | None = None) -> EditedText:
    """Take a plain text as it is read: only line ends inside paragraphs become spaces."""
    return clean(raw, rules=(), join=join)


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
