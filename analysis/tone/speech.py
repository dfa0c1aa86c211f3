"""Whose words a sentence holds: the author's own, reported, or quoted.

The rules, which look at one paragraph at a time and know no grammar:

``quotation``
    What stands between quotation marks is *quoted*, be it a speech or a single word, also across
    sentences. Marks are straight or curly double ones, ‘curly’ single ones, „“ and «». A mark that
    is not closed runs to the end of its paragraph if the next one opens with a mark too (speech of
    several paragraphs), and is ignored otherwise. A straight single mark is an apostrophe.
``that``
    What follows a verb of saying and "that" is *attributed*, up to a semicolon, to ", but" or to
    the end of the sentence; so is a clause that a pronoun opens right behind the verb ("he said
    it ..."). Not so where the author speaks ("I argue that"), where nothing has been said ("could
    argue that"), or where a thing speaks ("this suggests that").
``aside``
    A sentence with "he claimed" between commas, with "the minister said" behind its last comma, or
    opened by "As the minister said," is attributed, but for those words.
``source``
    A sentence with "according to" is attributed, but for the source named; what follows
    "reportedly" or "allegedly" is too.

A title ("a seminar titled ...") is nobody's speech. All else is the author's *own*.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from analysis.text import Document

Stretch = tuple[int, int, str, str]  # start, end, voice, rule; offsets into the sentence

OWN, ATTRIBUTED, QUOTED = VOICES = ("own", "attributed", "quoted")

_MARKS = (('"', '"'), ("“", "”"), ("„", "“”"), ("«", "»"), ("‘", "’"))
_TITLE = re.compile(r"\b(?:en)?titled,?\s*$")
_PAST = """said told added argued claimed stated reported announced warned suggested indicated
    insisted noted observed wrote tweeted concluded explained predicted denied admitted
    acknowledged asserted alleged emphasized emphasised stressed remarked commented maintained
    contended conceded complained recalled replied declared proclaimed testified confirmed"""
_THIRD = """says tells adds argues claims reports announces warns suggests indicates insists notes
    observes writes tweets concludes explains predicts denies admits acknowledges asserts alleges
    emphasizes emphasises stresses remarks maintains contends concedes complains declares confirms
    saying telling adding arguing claiming warning suggesting insisting noting writing"""
_BASE = """say tell add argue claim report announce warn suggest indicate insist note observe write
    conclude explain predict deny admit acknowledge assert allege emphasize emphasise stress
    maintain contend concede complain declare confirm"""
_ASIDE = """said says told argued argues claimed claims added adds wrote writes noted notes
    insisted insists warned warns explained explains concluded concludes reported"""


def _any(words: str) -> str:
    return "|".join(words.split())


_VERB = rf"(?:{_any(_PAST)}|{_any(_THIRD)}|{_any(_BASE)})"
_NOT_SAID = re.compile(
    r"(?:\b(?:i|we|one|should|could|would|may|might|must|can|will|to|not)|n[’']t)\s+$"
    r"|\b(?:this|it|which|evidence|data|facts?|findings|results|history|be|been)\s+$",
    re.IGNORECASE,
)
_PRONOUN = r"(?:he|she|it|they|there|we|you|i|these|those)"
_THAT = re.compile(
    rf"\b{_VERB}\b(?:(?:\s+[^\s;:,.!?\"“”]+){{0,7}}?,?\s+that\b|(?=\s+{_PRONOUN}\b))", re.IGNORECASE
)
_END = re.compile(r";|,\s+but\b")
_NO_SUBJECT = _any("""which who whom whose that where when and but or as because while although
    though if since so after before then""")
_NO_CLAUSE = _any("""in on at after before when while as since although though if during by for
    from with without despite under until among within following given""")
_SUBJECT = rf"(?!(?:{_NO_SUBJECT})\b)(?:[^\s,;]+\s+){{1,8}}?"
_MEDIAL = re.compile(rf",\s+{_SUBJECT}(?:{_any(_ASIDE)})\s*(?=,)", re.IGNORECASE)
_AS = re.compile(
    rf"^as\s+(?:[^\s,;]+\s+){{1,12}}?(?:{_any(_ASIDE)}|told)\b[^,;]*(?=,)", re.IGNORECASE
)
_FINAL = re.compile(
    rf"^(?!(?:{_NO_CLAUSE})\b)(?:\S+\s+){{2,}}\S+,[\"”’]?\s+(?P<frame>{_SUBJECT}"
    rf"(?:{_any(_ASIDE)})\b(?!\s+(?:that|{_PRONOUN})\b)[^,;]*)$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\baccording to\b[^,;]*", re.IGNORECASE)
_HEARSAY = re.compile(r"\b(?:reportedly|allegedly|supposedly|purportedly)\b", re.IGNORECASE)


def sentence_voices(document: Document) -> list[list[Stretch]]:
    """Return, for each sentence of a document, its stretches of one voice, in order."""
    text, spans = document.edited.text, document.sentence_spans
    paragraphs = [
        (own[0][1], own[-1][2], own)
        for own in (list(rows) for _, rows in groupby(spans, key=lambda span: span[0]))
    ]
    found = []
    for place, (begin, finish, own) in enumerate(paragraphs):
        following = paragraphs[place + 1][0] if place + 1 < len(paragraphs) else None
        goes_on = following is not None and text[following] in "".join(o for o, _ in _MARKS)
        quotes = [(begin + a, begin + b) for a, b in quotations(text[begin:finish], goes_on)]
        found += [_parts(text[start:end], start, quotes) for _, start, end in own]
    return found


def quotations(paragraph: str, goes_on: bool = False) -> list[tuple[int, int]]:
    """Return the (start, end) of what stands in quotation marks, marks included.

    Parameters
    ----------
    paragraph : its text
    goes_on : whether the next paragraph opens with a mark

    Examples
    --------
    >>> quotations('It is a "red line," he said.')
    [(8, 19)]
    """
    spans, place = [], 0
    while place < len(paragraph):
        closers = next((c for o, c in _MARKS if o == paragraph[place]), None)
        if closers is None:
            place += 1
            continue
        end = _closing(paragraph, place, closers)
        if end is None and goes_on:
            end = len(paragraph)
        if end is not None and not _TITLE.search(paragraph[:place]):
            spans.append((place, end))
        place = end or place + 1
    return spans


def _closing(text: str, start: int, closers: str) -> int | None:
    """Return the place behind the closing mark, or None; a curly apostrophe closes nothing."""
    for place in range(start + 1, len(text)):
        apostrophe = text[place] == "’" and text[place + 1 : place + 2].isalnum()
        if text[place] in closers and not apostrophe:
            return place + 1
    return None


def _parts(sentence: str, offset: int, quotes: list[tuple[int, int]]) -> list[Stretch]:
    """Return the parts of a sentence: reported stretches, then quotations over them."""
    labels = [(OWN, "")] * len(sentence)
    quoted = [(max(0, a - offset), min(len(sentence), b - offset)) for a, b in quotes]
    stretches = [
        *((a, b, ATTRIBUTED, rule) for a, b, rule in _reported(_blank(sentence, quoted))),
        *((a, b, QUOTED, "quotation") for a, b in quoted if a < b),
    ]
    for start, end, voice, rule in stretches:
        labels[start:end] = [(voice, rule)] * (end - start)
    parts, place = [], 0
    for label, run in groupby(labels):
        start, place = place, place + len(list(run))
        if sentence[start:place].strip(" ,.;:!?—–-'\"“”()[]"):
            parts.append((start, place, *label))
    return parts or [(0, len(sentence), *labels[0])]


def _blank(sentence: str, quoted: list[tuple[int, int]]) -> str:
    """Return the sentence with a letter for each one quoted: quoted verbs report nothing."""
    for start, end in quoted:
        if start < end:
            sentence = sentence[:start] + re.sub(r"\w", "x", sentence[start:end]) + sentence[end:]
    return sentence


def _reported(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, rule) of what a sentence reports."""
    for aside in (_MEDIAL.search(sentence), _FINAL.search(sentence), _AS.search(sentence)):
        if aside:
            start, end = aside.span("frame" if "frame" in aside.re.groupindex else 0)
            yield from ((0, start, "aside"), (end, len(sentence), "aside"))
    for source in _SOURCE.finditer(sentence):
        yield from ((0, source.start(), "source"), (source.end(), len(sentence), "source"))
    for verb in _THAT.finditer(sentence):
        if not _NOT_SAID.search(sentence[: verb.start()]):
            yield verb.end(), _clause_end(sentence, verb.end()), "that"
    for adverb in _HEARSAY.finditer(sentence):
        yield adverb.end(), _clause_end(sentence, adverb.end()), "source"


def _clause_end(sentence: str, start: int) -> int:
    end = _END.search(sentence, start)
    return end.start() if end else len(sentence)
