"""Voices: the author's own words apart from what is reported and quoted, and the tone of each.

The rules, which look at one paragraph at a time and know no grammar:

``quotation``
    What stands between quotation marks is *quoted*, be it a speech or a single word, also across
    sentences. Marks are straight or curly, double or single, „“, «» and two single ones in a row. A
    single one inside a word
    is an apostrophe; so is one behind an "s" if another one closes. A double mark that is not
    closed runs to the end of its paragraph if the next one opens with a mark too (speech of several
    paragraphs), and is ignored otherwise.
``that``
    What follows a verb of saying and "that" is *attributed*, up to a semicolon, to ", but" or to
    the end of the sentence; so is a clause that a pronoun opens right behind the verb ("he said
    it ..."), and one that shows by its own verb that it is a clause ("he said the deal was ...").
    Not so where the author speaks ("I argue that"), where nothing has been said ("could
    argue that"), or where a thing speaks ("this suggests that").
``aside``
    A sentence with "he claimed" between commas, with "the minister said" or "said the minister"
    behind its last comma, or opened by "As the minister said," is attributed, but for those words.
``source``
    A sentence with "according to" is attributed, but for the source named; what follows
    "reportedly" or "allegedly" is too.

A title ("a seminar titled ...") is nobody's speech. All else is the author's *own*.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np
import pandas as pd

from analysis.inference.levels import DRAWS
from analysis.inference.weights import Floats
from analysis.result import Outcome, analysis
from analysis.text import Corpus, Document, token_spans
from analysis.text.units import UNIT_TOKENS
from analysis.tone.parts import COLUMNS as CONTRAST
from analysis.tone.parts import LEAST, METHOD, SIDES, Parts, contrast_parts
from analysis.tone.sentences import Reading, Units, outcome, read, unit_length

PARTS = "document group paragraph sentence start end text voice rule".split()
OTHERS = "others"
COLUMNS = [
    "voice",
    *(f"{what}_{side}" for what in ("n", "share") for side in SIDES),
    *CONTRAST,
    "too_few",
]

Stretch = tuple[int, int, str, str]  # start, end, voice, rule; offsets into the sentence

OWN, ATTRIBUTED, QUOTED = VOICES = ("own", "attributed", "quoted")

_ONE_FORM = str.maketrans({**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‛ʼ", "'")})
_TWICE = re.compile(r"''|``")
# Inches ('10" tall') open nothing, nor do the marks of "'90s" and "rock 'n' roll".
_OPENING = re.compile(
    r"""(?<!\d)"|(?<=[\s(\["–])"|(?<![\w'.,;:!?)])'(?=["\w])(?!\d\ds\b|n'|tis\b|twas\b|em\b)"""
)
_CLOSING = re.compile(r"(?<=[^\s'])'(?!\w)")
_POSSESSIVE = re.compile(r"s' [a-z]")
_REACH, _LONGEST = 30, 2000  # characters
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
_CLAUSE = _any("""is are was were has have had will would can could should may might must isn't
    aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't does doesn't
    did didn't""")
_NO_NOUN = _any("that which who whom whose what how why when where and or but to in on at by for")
_BARE = re.compile(
    r"\b(?:(?:said|says|saying|claimed|claims|insisted|insists|argued|argues|warned|warns|added|adds"
    r"|noted|notes|stressed)|told\s+[^\s,;]+)(?="
    rf"(?:\s+(?!(?:{_NO_NOUN})\b)[^\s;:,.!?\"“”]+){{1,5}}?\s+(?:{_CLAUSE})\b)",
    re.IGNORECASE,
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
_INVERTED = re.compile(
    rf"^(?:\S+\s+){{1,}}\S+,[\"”’]?\s+(?P<frame>(?:{_any(_ASIDE)})\s+"
    r"(?:(?:the|a|an|one|his|her|its|their|another|former|senior|many|some)\s|(?-i:[A-Z]))[^,;]*)$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\baccording to\b[^,;]*", re.IGNORECASE)
_HEARSAY = re.compile(r"\b(?:reportedly|allegedly|supposedly|purportedly)\b", re.IGNORECASE)


def voice_parts(corpus: Corpus) -> pd.DataFrame:
    """Cut every sentence into parts of one voice.

    Returns
    -------
    DataFrame
        One row a part, in text order: ``document, group, paragraph, sentence``; ``start, end``,
        offsets into the raw text; ``text``, as cleaned; ``voice`` (own, attributed, quoted); the
        ``rule`` that says so (see above), empty for own.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> parts = voice_parts(load_corpus())
    >>> parts.loc[parts["voice"] == "quoted", "text"].head(2).tolist()
    ['"red line"', '"dogma of flexibility"']
    """
    rows = [row for document in corpus.documents for row in _document_parts(document)]
    return pd.DataFrame(rows, columns=PARTS)


@analysis("tone of voices")
def voice_tone(
    corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS, draws: int = DRAWS, seed: int = 0
) -> Outcome:
    """Contrast the tone of the author's own words, and of those reported or quoted.

    A sentence of several voices is shared out: its length by tokens, its tone by the scored words
    that stand in each. So a voice's mean is per sentence's worth of words, and a group's mean tone
    is ``Σ share · mean`` over own, attributed and quoted, with nothing left over. A voice of few
    words may have a mean beyond the scale of sentences (-4 to 4).

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens (see ``sentiment``)
    draws, seed : of the random numbers behind family-wise p-values

    Returns
    -------
    Result
        Four rows: own, others (attributed or quoted), attributed, quoted:

        ``voice, n_target, n_reference, share_target, share_reference``
            sentences that hold any of it, and its share of all sentences' worth, NaN where a group
            has no sentence with a tone
        ``units_target, mean_target, low_target, high_target`` and the same of the reference
            units that hold it; mean tone with its 95 % interval
        ``estimate, ci_low, ci_high, p_value, p_family``
            target minus reference, as in ``actor_tone``
        ``too_few``
            whether fewer than three units of a group hold it, so that there is no contrast (NaN)

        Its part ``passages`` holds the parts of sentences of one voice (``voice_parts``); its facts
        the ``contrast`` of all words, NaN where none of a group's is scored.

    Raises
    ------
    InputError
        A group has one sentence only.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = voice_tone(load_corpus(), draws=99).table.set_index("voice")
    >>> bool(table.loc["own", "share_target"] > 0.9)
    True
    """
    reading, units = read(corpus), Units.cut(corpus, unit_tokens)
    sizes, sums = _shared_out(reading)
    target = reading.target
    documents = units.table["document"].to_numpy()
    parts = Parts(units.sum(sums), units.sum(sizes), units.target, documents)
    table = contrast_parts(parts, draws=draws, seed=seed).assign(voice=_names())
    for name, side in zip(SIDES, (target, ~target), strict=True):
        table[f"n_{name}"] = (sizes[side] > 0).sum(axis=0)
        n = (side & ~reading.silent).sum()
        table[f"share_{name}"] = sizes[side].sum(axis=0) / n if n else np.nan
    table["too_few"] = table[[f"units_{side}" for side in SIDES]].min(axis=1) < LEAST
    scored, (mean_target, mean_reference) = target[reading.words["row"]], reading.means()
    known = scored.any() and not scored.all()
    return outcome(
        corpus,
        table.astype({f"units_{side}": int for side in SIDES})[COLUMNS],
        METHOD,
        length=unit_length(corpus, unit_tokens),
        parts={"passages": voice_parts(corpus)},
        facts={"contrast": mean_target - mean_reference if known else np.nan},
    )


def _names() -> list[str]:
    return [VOICES[0], OTHERS, *VOICES[1:]]


def _shared_out(reading: Reading) -> tuple[Floats, Floats]:
    """Return each sentence's size and tone by voice, sentences × the rows of the table."""
    texts = list(reading.corpus.sentences["text"])
    stretches = [s for d in reading.corpus.documents for s in sentence_voices(d)]
    sizes = np.array([_share(text, own) for text, own in zip(texts, stretches, strict=True)])
    sizes[reading.silent] = 0
    sums = reading.base * sizes
    for row, start, value in reading.words[["row", "start", "contribution"]].itertuples(
        index=False
    ):
        sums[row, voice_at(stretches[row], start)] += value
    return _with_others(sizes), _with_others(sums)


def _with_others(values: Floats) -> Floats:
    return np.column_stack([values[:, 0], values[:, 1:].sum(axis=1), values[:, 1:]])


def _share(text: str, stretches: list[Stretch]) -> Floats:
    """Return the share of a sentence's tokens in each voice."""
    voices = [voice_at(stretches, start) for start, *_ in token_spans(text)]
    counts = np.bincount(voices or [0], minlength=len(VOICES))
    return counts / counts.sum()


def voice_at(stretches: list[Stretch], place: int) -> int:
    """Return the number of the voice that holds a place of a sentence, or of the last before it."""
    before = bisect_right(stretches, place, key=lambda stretch: stretch[0])
    return VOICES.index(stretches[max(before - 1, 0)][2])


def _document_parts(document: Document) -> Iterator[tuple[object, ...]]:
    text = document.edited.text
    sentences = zip(document.sentence_spans, sentence_voices(document), strict=True)
    for number, ((paragraph, begin, _), stretches) in enumerate(sentences):
        for start, end, voice, rule in stretches:
            own = text[begin + start : begin + end]
            first = begin + start + len(own) - len(own.lstrip())
            raw = document.edited.raw_span(first, first + len(own.strip()))
            place = document.id, document.group, paragraph, number, *raw
            yield (*place, own.strip(), voice, rule)


# Whose words


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
        goes_on = following is not None and text[following] in '"“„«'
        quotes = [(begin + a, begin + b) for a, b in quotations(text[begin:finish], goes_on)]
        found += [
            _stretches(text[start:end], start, _within(quotes, start, end)) for _, start, end in own
        ]
    return found


def _within(quotes: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Return those of a paragraph's quotations that reach into a sentence."""
    first = bisect_right(quotes, start, key=lambda quote: quote[1])
    return quotes[first : bisect_left(quotes, end, key=lambda quote: quote[0])]


def voices_of(text: str) -> list[Stretch]:
    """Return the stretches of one voice of a sentence that stands alone.

    >>> [voice for _, _, voice, _ in voices_of("He said that it was good.")]
    ['own', 'attributed']
    """
    return _stretches(text, 0, quotations(text))


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
    text = _TWICE.sub(' "', paragraph.translate(_ONE_FORM))
    last = text.rfind('"')
    spans, place = [], 0
    while opening := _OPENING.search(text, place):
        start, place = opening.start(), opening.end()
        if text[start] == "'":
            end = _single_end(text, start)
        elif start < last:
            end = text.find('"', place) + 1
        else:
            end = len(text) if goes_on else None
        if end is not None:
            place = end
            if not _TITLE.search(text[max(0, start - _REACH) : start]):
                spans.append((start, end))
    return spans


def _single_end(text: str, start: int) -> int | None:
    """Return the place behind the single mark that closes, or None: then it is an apostrophe.

    A mark behind "s" and before a word is a possessive ("the sides' aims"), if another one closes.
    """
    found = None
    for mark in _CLOSING.finditer(text, start + 1, start + _LONGEST):
        if not _POSSESSIVE.match(text, mark.start() - 1):
            return mark.end()
        found = found or mark.end()
    return found


def _stretches(sentence: str, offset: int, quotes: list[tuple[int, int]]) -> list[Stretch]:
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
        if sentence[start:place].strip(" ,.;:!?—–-'`\"“”()[]"):
            parts.append((start, place, *label))
    return parts or [(0, len(sentence), *labels[0])]


def _blank(sentence: str, quoted: list[tuple[int, int]]) -> str:
    """Return the sentence with a letter for each one quoted: quoted verbs report nothing."""
    parts, place = [], 0
    for start, end in quoted:
        if start < end:
            parts += [sentence[place:start], re.sub(r"\w", "x", sentence[start:end])]
            place = end
    return "".join([*parts, sentence[place:]])


def _reported(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, rule) of what a sentence reports."""
    for frame in (_MEDIAL, _FINAL, _INVERTED, _AS):
        if aside := frame.search(sentence):
            start, end = aside.span("frame" if "frame" in aside.re.groupindex else 0)
            yield from ((0, start, "aside"), (end, len(sentence), "aside"))
    if sources := [source.span() for source in _SOURCE.finditer(sentence)]:
        yield from ((0, sources[-1][0], "source"), (sources[0][1], len(sentence), "source"))
    ends = [end.start() for end in _END.finditer(sentence)] + [len(sentence)]
    for said in (_THAT, _BARE):
        verbs = (
            verb.end()
            for verb in said.finditer(sentence)
            if not _NOT_SAID.search(sentence[max(0, verb.start() - _REACH) : verb.start()])
        )
        yield from ((start, end, "that") for start, end in _clauses(verbs, ends))
    adverbs = (adverb.end() for adverb in _HEARSAY.finditer(sentence))
    yield from ((start, end, "source") for start, end in _clauses(adverbs, ends))


def _clauses(starts: Iterable[int], ends: list[int]) -> Iterator[tuple[int, int]]:
    """Yield from where something is reported to where its clause ends; each clause once."""
    past = -1
    for start in starts:
        end = ends[bisect_left(ends, start)]
        if end > past:
            yield start, end
            past = end
