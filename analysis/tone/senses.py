"""Words that a text uses in another sense than the lexicon scores."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.resources import resource
from analysis.text import Corpus
from analysis.tone.reading import Reading, read

FILE = resource("senses.toml")
COLUMNS = """document group sentence start end word means here lexicons contribution
    text_start text_end text""".split()
_CONDITIONS = ("before", "after", "not_before", "not_after")
_KEYS = ("words", "means", "here", *_CONDITIONS, "capital")
_PLACE = ["row", "start", "end", "term"]
_SENTENCE = ["document", "group", "sentence", "text"]
_Place = tuple[int, int, int, str]
_GAP = r"[\s\"“”‘(]*"


@dataclass(frozen=True)
class Sense:
    """A sense that is not the lexicon's, and how it is told.

    Attributes
    ----------
    words : as a lexicon has them
    means, here : the lexicon's sense, and the other one
    before, after, not_before, not_after : patterns around the word; empty for no condition
    capital : whether the word must be written with a capital letter
    """

    words: tuple[str, ...]
    means: str
    here: str
    before: str = ""
    after: str = ""
    not_before: str = ""
    not_after: str = ""
    capital: bool = False

    def holds(self, text: str, start: int, end: int) -> bool:
        """Tell whether a word of a text is used in this sense."""
        if self.capital and not text[start].isupper():
            return False
        left, right = text[:start], text[end:]
        return (
            (not self.before or bool(_left(self.before).search(left)))
            and (not self.after or bool(_right(self.after).match(right)))
            and not (self.not_before and _left(self.not_before).search(left))
            and not (self.not_after and _right(self.not_after).match(right))
        )


def load_senses(path: str | Path = FILE) -> tuple[Sense, ...]:
    """Read a senses file; that of this package by default.

    Raises
    ------
    InputError
        The file is missing or no TOML, an entry lacks its words or a sense, has an unknown key, or
        a condition is no regular expression.

    Examples
    --------
    >>> load_senses()[0].holds("His interest lies in peace.", 13, 17)
    True
    """
    entries = read_toml(Path(path), "mend the path or that line").get("sense")
    if not isinstance(entries, list) or not entries:
        raise InputError(
            f"{path} holds no [[sense]] table: add one, with the keys {', '.join(_KEYS[:3])}."
        )
    return tuple(_sense(entry, f"{path}, [[sense]] {n}") for n, entry in enumerate(entries, 1))


def misread_words(corpus: Corpus, *, masked: bool = True) -> pd.DataFrame:
    """List the scored words that stand in a sense which the lexicon does not mean.

    What the conditions of ``resources/senses.toml`` do not tell is not found: a word that is not
    listed need not be read aright.

    Parameters
    ----------
    corpus : the two groups
    masked : whether names are masked before scoring

    Returns
    -------
    DataFrame
        One row an occurrence, in text order: ``document, group, sentence``; ``start, end``, offsets
        into the raw text; ``word``; ``means``, the sense that is scored; ``here``, the one it
        stands in; ``lexicons`` of the combination that score it; ``contribution`` to its sentence's
        tone, calibrated; ``text_start, text_end``, offsets of the word into ``text``, the sentence.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = misread_words(load_corpus())
    >>> "lies" in set(table["word"])
    True
    """
    reading = read(corpus, masked=masked)
    found: dict[_Place, list[tuple[str, float]]] = {}
    told: dict[_Place, Sense] = {}
    words = reading.words[[*_PLACE, "lexicon", "contribution"]].itertuples(index=False, name=None)
    for (*place, lexicon, value), sense in zip(words, misread(reading), strict=True):
        if sense:
            key = place[0], place[1], place[2], place[3]
            found.setdefault(key, []).append((lexicon, value))
            told[key] = sense
    rows = [_row(corpus, place, told[place], found[place]) for place in sorted(found)]
    return pd.DataFrame(rows, columns=COLUMNS)


def misread(reading: Reading) -> list[Sense | None]:
    """Return, for each scored word, the other sense that it stands in, or None."""
    known, texts = _by_word(), list(reading.corpus.sentences["text"])
    spans = reading.words[_PLACE].itertuples(index=False, name=None)
    return [
        next((s for s in known.get(term, ()) if s.holds(texts[row], start, end)), None)
        for row, start, end, term in spans
    ]


def _row(
    corpus: Corpus, place: _Place, sense: Sense, scored: list[tuple[str, float]]
) -> tuple[object, ...]:
    row, start, end, term = place
    document, group, sentence, text = (corpus.sentences[c].iloc[row] for c in _SENTENCE)
    own = corpus.document(document)
    offset = own.sentence_spans[sentence][1]
    raw = own.edited.raw_span(offset + start, offset + end)
    lexicons, value = ", ".join(name for name, _ in scored), sum(value for _, value in scored)
    senses = term, sense.means, sense.here
    return document, group, sentence, *raw, *senses, lexicons, value, start, end, text


@cache
def _by_word() -> dict[str, tuple[Sense, ...]]:
    found: dict[str, tuple[Sense, ...]] = {}
    for sense in load_senses():
        for word in sense.words:
            found[word] = (*found.get(word, ()), sense)
    return found


@cache
def _left(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern}){_GAP}$", re.IGNORECASE)


@cache
def _right(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_GAP}(?:{pattern})", re.IGNORECASE)


def _sense(entry: Any, where: str) -> Sense:
    if not isinstance(entry, dict) or not set(entry) <= set(_KEYS):
        got = sorted(entry) if isinstance(entry, dict) else repr(entry)
        raise InputError(f"{where}: an entry has keys out of {', '.join(_KEYS)}; got {got}.")
    words, texts = entry.get("words"), [entry.get("means"), entry.get("here")]
    if not isinstance(words, list) or not words or not all(isinstance(t, str) and t for t in texts):
        raise InputError(f"{where}: needs words (a list), means and here (each in quotes).")
    for key in _CONDITIONS:
        try:
            re.compile(entry.get(key, ""))
        except (re.error, TypeError) as error:
            raise InputError(f"{where}: {key} is no regular expression ({error}).") from None
    return Sense(**{**entry, "words": tuple(words)})
