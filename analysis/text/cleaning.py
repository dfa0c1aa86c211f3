"""Cleaning rules: each finds what is not the author's text and declares it as edits.

A rule is a function from the raw text to edits; nothing is removed that no rule names.
The first rules look at the raw text; the last two (white space, page breaks) look at what the
first have left, because a paragraph can only be judged once captions and links are gone.
"""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from analysis.errors import InputError
from analysis.text.edits import Edit, EditedText

_TARGET = r"<?https?://[^\s()<>]+>?|/[\w/-]+"
_BRACKETED_LINK = re.compile(rf"(\[)[^\[\]\n]+?( \\\((?:{_TARGET})\\\)\]\([^()\s]*\))")
_TRAILING_LINK = re.compile(rf" \((?:{_TARGET})\)")
_STRONG = re.compile(r"(\*\*)[^*\n]+(\*\*)")
_EMPHASIS = re.compile(r"(?<!\*)(\*)[^*\n]+(\*)(?!\*)")
_ESCAPE = re.compile(r"(\\)[$*_\[\]()#]")
_CAPTION = re.compile(r"^[^\n]*\b(?:\w+/)+[^\n]* via [A-Z]{2,}[ \t]*$(?:\n[ \t]*)*", re.MULTILINE)
_GAP = re.compile(r"[ \t\r]*\n[ \t\r\n]*")
_SENTENCE_END = re.compile(r"""[.?!:…]["'”’)\]]*$""")


def body(raw: str, starts: str, ends: str) -> Iterator[Edit]:
    """Remove what stands before the body's first words and after its last (navigation, byline)."""
    start, end = _once(raw, starts), _once(raw, ends) + len(ends)
    reason = "outside the body that the manifest declares"
    yield Edit(0, start, "", "outside-body", reason)
    yield Edit(end, len(raw), "", "outside-body", reason)


def captions(raw: str) -> Iterator[Edit]:
    """Remove photo captions: lines that end in an agency's credit."""
    for match in _CAPTION.finditer(raw):
        yield Edit(*match.span(), "", "caption", "photo caption, not the author's text")


def links(raw: str) -> Iterator[Edit]:
    """Remove link targets; the visible text of a link stays."""
    taken = [match.span() for match in _BRACKETED_LINK.finditer(raw)]
    for match in _BRACKETED_LINK.finditer(raw):
        for part in (1, 2):
            yield Edit(*match.span(part), "", "link", "link target; the visible text stays")
    for match in _TRAILING_LINK.finditer(raw):
        if not any(start <= match.start() < end for start, end in taken):
            yield Edit(*match.span(), "", "link", "link target; the visible text stays")


def emphasis(raw: str) -> Iterator[Edit]:
    """Remove the asterisks of bold and italic type; the words stay."""
    for pattern in (_STRONG, _EMPHASIS):
        for match in pattern.finditer(raw):
            for part in (1, 2):
                yield Edit(*match.span(part), "", "emphasis", "mark of bold or italic type")


def escapes(raw: str) -> Iterator[Edit]:
    """Remove the backslash before an escaped character."""
    for match in _ESCAPE.finditer(raw):
        yield Edit(*match.span(1), "", "escape", "backslash of the source's file format")


def corrections(raw: str, listed: list[dict[str, str]]) -> Iterator[Edit]:
    """Apply a corrections file: ``found`` must occur once; only its words that differ are edited.

    >>> edit, = corrections("he saw Irans fear", [
    ...     {"found": "Irans fear", "corrected": "Iran's fear", "reason": "lost apostrophe"}])
    >>> edit.start, edit.end, edit.replacement
    (7, 12, "Iran's")
    """
    for entry in listed:
        position = _once(raw, entry["found"])
        for before, after in zip(*_words(entry["found"], entry["corrected"]), strict=True):
            if before != after:
                end = position + len(before)
                yield Edit(position, end, after, "correction", entry["reason"])
            position += len(before) + 1


def gaps(edited: EditedText, page_breaks: bool) -> Iterator[Edit]:
    """Make each line end inside a paragraph one space; with ``page_breaks``, rejoin cut paragraphs.

    A blank line ends a paragraph, unless what stands before it is no complete sentence: then the
    source has cut a paragraph at the end of a page.
    """
    text = edited.text.rstrip()
    for match in _GAP.finditer(text):
        blank = match.group().count("\n") > 1
        before = text[: match.start()]
        if match.start() == 0:
            continue
        if not blank:
            yield from _replace(edited, match, "white-space", "line end inside a paragraph")
        elif page_breaks and not _SENTENCE_END.search(before[-8:]):
            yield from _replace(edited, match, "page-break", "paragraph cut in mid-sentence")


def clean(
    raw: str, starts: str | None, ends: str | None, listed: list[dict[str, str]]
) -> EditedText:
    """Clean a source's text by every rule, within the body that the manifest declares.

    Parameters
    ----------
    raw : the file's text
    starts, ends : first and last words of the body, each found exactly once; None for the whole
    listed : corrections, each with ``found``, ``corrected`` and ``reason``
    """
    if bool(starts) != bool(ends):
        raise InputError("body_starts and body_ends go together: give both, or neither.")
    outside = list(body(raw, starts, ends)) if starts and ends else []
    left, right = (outside[0].end, outside[1].start) if outside else (0, len(raw))
    rules: list[Callable[[str], Iterator[Edit]]] = [captions, links, emphasis, escapes]
    found = [edit for rule in rules for edit in rule(raw)]
    inside = [edit for edit in found if left <= edit.start and edit.end <= right]
    inside = [e for e in inside if not (e.rule == "escape" and _covered(e, inside))]
    first = EditedText.of(raw, [*outside, *inside, *corrections(raw, listed)])
    return EditedText.of(raw, [*first.edits, *gaps(first, page_breaks=True)])


def unwrap(raw: str) -> EditedText:
    """Take a plain text as it is: only line ends inside paragraphs become spaces."""
    first = EditedText.of(raw, [])
    return EditedText.of(raw, gaps(first, page_breaks=False))


def _covered(edit: Edit, others: list[Edit]) -> bool:
    return any(o.start <= edit.start and edit.end <= o.end for o in others if o is not edit)


def _once(raw: str, words: str) -> int:
    """Return where ``words`` stand in the raw text, which must hold them exactly once."""
    if (count := raw.count(words)) != 1:
        raise InputError(
            f"{words!r} occurs {count} times in the raw text and must occur exactly once: "
            "quote more of its context."
        )
    return raw.index(words)


def _words(found: str, corrected: str) -> tuple[list[str], list[str]]:
    """Split both sides of a correction at spaces; they must have as many words."""
    sides = found.split(" "), corrected.split(" ")
    if len(sides[0]) != len(sides[1]):
        raise InputError(
            f"The correction {found!r} -> {corrected!r} changes the number of words: list one that "
            "changes letters only."
        )
    return sides


def _replace(edited: EditedText, gap: re.Match[str], rule: str, reason: str) -> Iterator[Edit]:
    """Replace a gap of the edited text by one space, leaving earlier edits inside it alone."""
    spans = [edited.raw_span(i, i + 1) for i in range(*gap.span())]
    runs = groupby(enumerate(spans), key=lambda item: item[1][0] - item[0])
    for order, (_, run) in enumerate(runs):
        stretch = [span for _, span in run]
        yield Edit(stretch[0][0], stretch[-1][1], " " if order == 0 else "", rule, reason)
