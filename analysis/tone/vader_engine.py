"""VADER's rules as NLTK applies them, with each word's share of the sentence's score.

The scores are those of ``nltk.sentiment.vader``, quirks included, to the last digit; tests compare
them. The rules (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550):

- A sentence is split at white space; pieces of one character are left out; a piece sheds one mark
  of punctuation (or one of a few groups, as "!!") on one side, if no other punctuation is left.
- A word's valence grows when it alone is in capitals, and with degree adverbs among the three words
  before it; a negation there multiplies it by -0.74; a few idioms have a valence of their own.
- Every later occurrence of a word, spelt alike, is read in the context of the first.
- "but" halves what stands before it, and multiplies by 1.5 what stands after it.
- With S the sum of valences, plus emphasis by exclamation and question marks, the score is
  ``S / sqrt(S² + 15)``, rounded to four decimals.

NLTK's analyser pairs every word of a sentence with every mark of punctuation to learn what a piece
sheds. That depends on the piece alone, as do its capitals and its place in the lists, so here each
piece is looked at once.
"""

import math
import re
import string
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from nltk.sentiment.vader import VaderConstants

from analysis.tone.scored import Scored

_RULES = VaderConstants()
_MARKS = frozenset(_RULES.PUNC_LIST)
_NO_MARKS = str.maketrans("", "", string.punctuation)
_PIECE = re.compile(r"\S+")
_STEPS = ((1, 1.0), (2, 0.95), (3, 0.9))  # words back, and what is left of a degree adverb's weight
_SQUARE = 15  # under the root, with S²
_PIECES = 2**17  # remembered; fewer than a million documents hold, more than a run needs


class _Piece(NamedTuple):
    """What the rules ask of a piece, whatever its sentence."""

    word: str
    lower: str
    offset: int  # of the word in its piece
    capitals: bool
    valence: float | None  # of a word of the lexicon that is no degree adverb
    listed: bool  # in the lexicon
    degree: float
    negates: bool


class VaderEngine:
    """Scores a sentence by a list of valences.

    Parameters
    ----------
    valences : of each word, in lower case
    """

    def __init__(self, valences: Mapping[str, float]) -> None:
        self._piece: Callable[[str], _Piece] = lru_cache(_PIECES)(
            lambda piece: _look_at(piece, valences)
        )

    def score(self, text: str) -> float:
        """Return the sentence's score, NLTK's ``compound``."""
        valences = [valence for _, valence in self._valences(text)]
        return round(_compound(text, sum(valences)), 4)

    def read(self, text: str) -> list[Scored]:
        """Return every scored word; its share of the score is ``s c / S`` (s its valence).

        c is the score, S the sum of valences; where S is 0 the shares are ``s / sqrt(15)``, the
        limit. What rounding takes from c, all words bear alike.
        """
        found = self._valences(text)
        if not found:
            return []
        total = sum(valence for _, valence in found)
        exact = _compound(text, total)
        factor = exact / total if abs(total) > 1e-9 else 1 / math.sqrt(_SQUARE)
        rest = (round(exact, 4) - factor * total) / len(found)
        spans = [match.span() for match in _PIECE.finditer(text)]
        spans = [(start, end) for start, end in spans if end - start > 1]
        scored = []
        for place, valence in found:
            start, end = spans[place]
            piece = self._piece(text[start:end])
            start += piece.offset
            share = valence * factor + rest
            scored.append(Scored(start, start + len(piece.word), piece.lower, share))
        return scored

    def _valences(self, text: str) -> list[tuple[int, float]]:
        """Return (place, valence by the rules) of every scored word, place counted in pieces."""
        look = self._piece
        pieces = [look(piece) for piece in text.split() if len(piece) > 1]
        places = [i for i, piece in enumerate(pieces) if piece.valence is not None]
        if not places:
            return []
        loud = 0 < sum(piece.capitals for piece in pieces) < len(pieces)
        words = [piece.word for piece in pieces]
        first = [words.index(words[place]) for place in places]
        found = [
            (place, _valence(pieces, context, loud))
            for place, context in zip(places, first, strict=True)
            if not _is_kind_of(pieces, context)
        ]
        turns = [i for i, piece in enumerate(pieces) if piece.lower == "but"]
        return _around_but(found, turns[0]) if turns else found


def _look_at(piece: str, valences: Mapping[str, float]) -> _Piece:
    word = _shed(piece)
    lower = word.lower()
    adverb = lower in _RULES.BOOSTER_DICT
    return _Piece(
        word,
        lower,
        piece.index(word),
        word.isupper(),
        valences.get(lower) if not adverb else None,
        lower in valences,
        _RULES.BOOSTER_DICT.get(lower, 0.0),
        lower in _RULES.NEGATE or "n't" in lower,
    )


def _shed(piece: str) -> str:
    """Return a piece without the punctuation on one of its sides."""
    if piece.isalnum():
        return piece
    bare = piece.translate(_NO_MARKS)
    if len(bare) > 1:
        if piece.startswith(bare) and piece[len(bare) :] in _MARKS:
            return bare
        if piece.endswith(bare) and piece[: -len(bare)] in _MARKS:
            return bare
    return piece


def _is_kind_of(pieces: list[_Piece], i: int) -> bool:
    return pieces[i].lower == "kind" and i + 1 < len(pieces) and pieces[i + 1].lower == "of"


def _valence(pieces: list[_Piece], i: int, loud: bool) -> float:
    """Return the valence of a word of the lexicon, by what stands around it."""
    valence = pieces[i].valence or 0.0
    if pieces[i].capitals and loud:
        valence += _signed(_RULES.C_INCR, valence)
    for back, weight in _STEPS:
        if i < back or pieces[i - back].listed:
            continue
        before = pieces[i - back]
        if before.degree:
            valence += _degree(before, valence, loud) * weight
        valence = _negated(pieces, i, back, valence)
        if back == 3:
            valence = _idiom([piece.word for piece in pieces[i - 3 : i + 3]], valence)
    return _least(pieces, i, valence)


def _signed(size: float, valence: float) -> float:
    return size if valence > 0 else -size


def _degree(adverb: _Piece, valence: float, loud: bool) -> float:
    degree = -adverb.degree if valence < 0 else adverb.degree
    return degree + _signed(_RULES.C_INCR, valence) if adverb.capitals and loud else degree


def _negated(pieces: list[_Piece], i: int, back: int, valence: float) -> float:
    """Apply a negation so many words before the word; "never so" and "never this" strengthen."""
    if back == 2 and pieces[i - 2].word == "never" and _points(pieces[i - 1]):
        return valence * 1.5
    if back == 3:
        never = pieces[i - 3].word == "never" and _points(pieces[i - 2])
        if never or _points(pieces[i - 1]):  # NLTK asks for no "never" before the latter
            return valence * 1.25
    return valence * _RULES.N_SCALAR if pieces[i - back].negates else valence


def _points(piece: _Piece) -> bool:
    return piece.word == "so" or piece.word == "this"


def _idiom(words: list[str], valence: float) -> float:
    """Return the valence of an idiom around a word, which stands fourth of up to six words."""
    three, two, one, zero = words[:4]
    earlier = (
        f"{one} {zero}",
        f"{two} {one} {zero}",
        f"{two} {one}",
        f"{three} {two} {one}",
        f"{three} {two}",
    )
    idioms = _RULES.SPECIAL_CASE_IDIOMS
    valence = next((idioms[words] for words in earlier if words in idioms), valence)
    for length in (5, 6):
        if len(words) >= length:
            valence = idioms.get(" ".join(words[3:length]), valence)
    if earlier[4] in _RULES.BOOSTER_DICT or earlier[2] in _RULES.BOOSTER_DICT:
        valence += _RULES.B_DECR
    return valence


def _least(pieces: list[_Piece], i: int, valence: float) -> float:
    """Negate what follows "least", unless it is "at least" or "very least"."""
    if i == 0 or pieces[i - 1].lower != "least" or pieces[i - 1].listed:
        return valence
    if i > 1 and pieces[i - 2].lower in ("at", "very"):
        return valence
    return valence * _RULES.N_SCALAR


def _around_but(found: list[tuple[int, float]], turn: int) -> list[tuple[int, float]]:
    return [
        (place, valence * (0.5 if place < turn else 1.5 if place > turn else 1))
        for place, valence in found
    ]


def _compound(text: str, total: float) -> float:
    """Squeeze a sum of valences, with the emphasis of its punctuation, into -1 to 1."""
    if total:
        total += math.copysign(_emphasis(text), total)
    return total / math.sqrt(total * total + _SQUARE)


def _emphasis(text: str) -> float:
    questions = text.count("?")
    asked = 0.96 if questions > 3 else questions * 0.18 if questions > 1 else 0
    return min(text.count("!"), 4) * 0.292 + asked
