"""VADER's rules (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550), of all sentences at once.

The rules are those of NLTK's analyser, to the last digit; its constants, and the version of NLTK
that they are of, stand in ``analysis/resources/vader.toml``. NLTK walks through a sentence word by
word and asks its rules of each; here a rule is asked of all scored words at the same time.
"""

import math
import string
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from analysis.files import resource
from analysis.inference.weights import Flags, Floats
from analysis.text.tokens import Laid
from analysis.tone.scored import Lines, Scored, as_objects

FILE = resource("vader.toml")
_MET = 2**17  # spellings that are remembered
_UNMARKED = str.maketrans("", "", string.punctuation)


class Constants(NamedTuple):
    """What VADER's rules multiply and add, and the words that they ask for.

    Attributes
    ----------
    nltk : the version of NLTK whose analyser has them
    booster, shout, turn : what a word before adds, what capitals add, what a negation multiplies by
    never, never_far : what "never so" multiplies by, one word before and farther
    fading : what a booster's share is multiplied by, by its distance
    before_but, after_but : what "but" multiplies by
    exclamation, question, questions : what marks add: "!" (four at most), "?" (two or three), more
    alpha : under the root that squeezes a sum into -1 to 1
    boosts, softens : words that make the next ones louder, or less so
    negates : words that turn the next ones
    idioms : of words, what they are worth together
    marks : what a word sheds
    """

    nltk: str
    booster: float
    shout: float
    turn: float
    never: float
    never_far: float
    fading: list[float]
    before_but: float
    after_but: float
    exclamation: float
    question: float
    questions: float
    alpha: int
    boosts: str
    softens: str
    negates: str
    idioms: dict[str, float]
    marks: str


@cache
def constants() -> Constants:
    """Return the constants of VADER's rules."""
    return Constants(**tomllib.loads(FILE.read_text(encoding="utf-8")))


@cache
def boosters() -> dict[str, float]:
    """Return what each booster adds; some are of two words."""
    rules = constants()
    signs = ((rules.boosts, rules.booster), (rules.softens, -rules.booster))
    return {word.replace("_", " "): own for words, own in signs for word in words.split()}


_ROLES = {
    "least": 1,
    "at": 2,
    "very": 2,
    "kind": 3,
    "of": 4,
    "but": 5,
    "never": 6,
    "so": 7,
    "this": 7,
}
_LEAST, _AT, _KIND, _OF, _BUT, _NEVER, _SO = range(1, 8)


class _Known(NamedTuple):
    """What the rules ask of each different word, and, last, of a place before the first one.

    Attributes
    ----------
    listed, valences : whether the list has it, and as what
    boosts : what it adds to the next ones
    negates, shouts : whether it turns the next ones, and is in capitals
    roles : which of the rules' own words it is, such as ``_BUT``, or 0; "never", "so" and "this"
        are so in small letters only
    """

    listed: Flags
    valences: Floats
    boosts: Floats
    negates: Flags
    shouts: Flags
    roles: np.ndarray


class _Context(NamedTuple):
    """The places that are scored, as the rules see them.

    Attributes
    ----------
    places : of words in ``Laid``
    first : the first place of the same spelling in the same sentence, where the context is read
    word : its number
    before : the numbers of the words at one, two and three places before the first one
    mixed : whether some words of the sentence are in capitals, and some are not
    """

    places: np.ndarray
    first: np.ndarray
    word: np.ndarray
    before: tuple[np.ndarray, np.ndarray, np.ndarray]
    mixed: Flags


class VaderReader:
    """VADER, telling each word's share of the sentence's score.

    With S the sum of valences after all rules, and c the score, a word of valence v has the share
    ``v c / S``; where S is 0, ``v / sqrt(15)``, the limit. What rounding takes from c, all words
    bear alike. Every later occurrence of a word, spelt alike, is read in the context of the first,
    as NLTK has it.

    Parameters
    ----------
    valences : of each word, in lower case
    """

    def __init__(self, valences: Mapping[str, float]) -> None:
        self._valences = dict(valences)

    def read(self, lines: Lines) -> Scored:
        """Return every scored word."""
        words = lines.find(_words_of)
        known = self._ask(words.kinds)
        context = _seen(words, known)
        values = _alone(known, context)
        for step in (1, 2, 3):
            values = _after(step, values, known, context, words)
        values = _after_least(values, known, context)
        values = _around_but(values, known, context, words)
        places, values = context.places[values != 0], values[values != 0]
        rows = words.rows[places]
        names = as_objects([kind.lower() for kind in words.kinds])[words.which[places]]
        shares = _shares(rows, values, lines.texts)
        return Scored(rows, words.starts[places], words.ends[places], names, shares)

    def _ask(self, kinds: Sequence[str]) -> _Known:
        """Ask every different word once; a place before the first word is as one that is listed."""
        lower = [kind.lower() for kind in kinds]
        turning, boosts = frozenset(constants().negates.split()), boosters()
        found = [self._valences.get(word, np.nan) for word in lower]
        negates = [word in turning or "n't" in word for word in lower]
        roles = np.array([*(_ROLES.get(word, 0) for word in lower), 0])
        for place in np.flatnonzero(roles >= _NEVER).tolist():
            roles[place] *= kinds[place] == lower[place]
        return _Known(
            np.array([*map(math.isfinite, found), True], dtype=bool),
            np.array([*found, np.nan], dtype=float),
            np.array([*(boosts.get(word, 0.0) for word in lower), 0.0], dtype=float),
            np.array([*negates, False], dtype=bool),
            np.array([*map(str.isupper, kinds), False], dtype=bool),
            roles,
        )


def _seen(words: Laid, known: _Known) -> _Context:
    """Find the words that are listed and boost nothing, and what stands before them."""
    which, rows, bounds, nobody = words.which, words.rows, words.bounds, len(words.kinds)
    places = np.flatnonzero((known.listed & (known.boosts == 0))[which])
    spelt = rows[places] * (nobody + 1) + which[places]
    _, places_of, alike = np.unique(spelt, return_index=True, return_inverse=True)
    first = places[places_of[alike]]
    begins = bounds[rows[places]]
    one, two, three = (
        np.where(first - step >= begins, which[np.maximum(first - step, 0)], nobody)
        for step in (1, 2, 3)
    )
    shouting = np.bincount(rows[known.shouts[which]], minlength=len(bounds) - 1)
    mixed = (shouting > 0) & (shouting < np.diff(bounds))
    return _Context(places, first, which[places], (one, two, three), mixed[rows[places]])


def _alone(known: _Known, context: _Context) -> Floats:
    """Return valences, of words in capitals louder."""
    values = known.valences[context.word]
    shout = np.where(values > 0, constants().shout, -constants().shout)
    return np.where(known.shouts[context.word] & context.mixed, values + shout, values)


def _after(step: int, values: Floats, known: _Known, context: _Context, words: Laid) -> Floats:
    """Return valences after what stands so many places before: a booster, a negation, an idiom."""
    rules, before = constants(), context.before
    word = before[step - 1]
    boost = known.boosts[word]
    loud = (boost != 0) & known.shouts[word] & context.mixed
    boost = np.where(values < 0, -boost, boost)
    boost += np.where(loud, np.where(values > 0, rules.shout, -rules.shout), 0.0)
    found = values + boost * rules.fading[step - 1]
    factor = np.where(known.negates[word], rules.turn, 1.0)
    if step == 2:
        so = (known.roles[word] == _NEVER) & (known.roles[before[0]] == _SO)
        factor = np.where(so, rules.never, factor)
    if step == 3:
        so = (known.roles[word] == _NEVER) & (known.roles[before[1]] == _SO)
        so |= known.roles[before[0]] == _SO
        factor = np.where(so, rules.never_far, factor)
    found *= factor
    if step == 3:
        found = _with_idioms(found, context.first, words)
    return np.where(known.listed[word], values, found)


def _with_idioms(values: Floats, first: np.ndarray, words: Laid) -> Floats:
    """Return what words are worth in an idiom, and less behind "sort of" and the like."""
    rules = constants()
    numbers = {kind: number for number, kind in enumerate(words.kinds)}
    pairs, threes = (_runs(rules.idioms, many, words, numbers) for many in (2, 3))
    found = values.copy()
    for runs, step in ((pairs, 3), (threes, 3), (pairs, 2), (threes, 2), (pairs, 1), (pairs, 0),
                       (threes, 0)):  # fmt: skip
        own = runs[np.maximum(first - step, 0)]
        found = np.where(own != 0, own, found)  # the last that is found counts
    soft = _runs(boosters(), 2, words, numbers)
    behind = (soft[np.maximum(first - 2, 0)] != 0) | (soft[np.maximum(first - 3, 0)] != 0)
    return np.where(behind, found - rules.booster, found)


def _runs(
    phrases: Mapping[str, float], many: int, words: Laid, numbers: Mapping[str, int]
) -> Floats:
    """Return, of each place, the value of the phrase of so many words that begins there, or 0."""
    which, rows = words.which, words.rows
    found = np.zeros(len(which))
    for phrase, value in phrases.items():
        own = [numbers.get(word, -1) for word in phrase.split()]
        if len(own) != many or -1 in own:
            continue
        begins = np.flatnonzero(which[many - 1 :] == own[-1])  # the last word is the rare one
        for step, number in enumerate(own[:-1]):
            begins = begins[which[begins + step] == number]
        found[begins[rows[begins] == rows[begins + many - 1]]] = value
    return found


def _after_least(values: Floats, known: _Known, context: _Context) -> Floats:
    """Return valences, turned behind "least", but "at least" and "very least"."""
    one, two, _ = context.before
    turned = (known.roles[one] == _LEAST) & ~known.listed[one] & (known.roles[two] != _AT)
    return np.where(turned, values * constants().turn, values)


def _around_but(values: Floats, known: _Known, context: _Context, words: Laid) -> Floats:
    """Return valences: less before "but", more behind it, none of the "kind" in "kind of"."""
    rules, (places, first, word, *_) = constants(), context
    roles = known.roles[words.which]
    buts = np.flatnonzero(roles == _BUT)
    rows, one = np.unique(words.rows[buts], return_index=True)
    at = np.full(len(words.bounds) - 1, -1)
    at[rows] = buts[one]
    but = at[words.rows[places]]
    before, behind = (but >= 0) & (places < but), (but >= 0) & (places > but)
    found = np.where(before, values * rules.before_but, values)
    found = np.where(behind, values * rules.after_but, found)
    after = np.minimum(first + 1, len(words.which) - 1)
    inside = words.rows[after] == words.rows[first]
    kind_of = (known.roles[word] == _KIND) & (roles[after] == _OF) & inside & (after > first)
    return np.where(kind_of, 0.0, found)


def _shares(rows: np.ndarray, values: Floats, texts: Sequence[str]) -> Floats:
    """Return words' shares of the scores of their sentences.

    Parameters
    ----------
    rows, values : of words, their sentences and their valences after all rules
    texts : the sentences
    """
    rules = constants()
    scored, own = np.unique(rows, return_inverse=True)
    totals, counts = np.bincount(own, values, len(scored)), np.bincount(own, minlength=len(scored))
    marks = np.array([_emphasis(texts[row]) for row in scored.tolist()], dtype=float)
    sums = np.where(totals != 0, totals + np.copysign(marks, totals), totals)
    exact = sums / np.sqrt(sums * sums + rules.alpha)
    apart = np.abs(totals) > 1e-9
    factor = np.where(apart, exact / np.where(apart, totals, 1.0), 1 / math.sqrt(rules.alpha))
    written = np.array([round(score, 4) for score in exact.tolist()], dtype=float)
    rest = (written - factor * totals) / np.maximum(counts, 1)
    shares: Floats = values * factor[own] + rest[own]
    return shares


def _emphasis(text: str) -> float:
    """Return what exclamation and question marks add."""
    rules, asked = constants(), text.count("?")
    more = 0.0 if asked < 2 else asked * rules.question if asked < 4 else rules.questions
    return min(text.count("!"), 4) * rules.exclamation + more


@lru_cache(_MET)
def _words_of(piece: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, word) of the words of a piece of text, as NLTK cuts them."""
    if piece.isalpha():
        return ((0, len(piece), piece),) if len(piece) > 1 else ()
    found, past = [], 0
    for part in piece.split():
        if len(part) > 1:
            word = _shed(part)
            start = piece.index(part, past)
            past = start + len(part)
            start += part.index(word)
            found.append((start, start + len(word), word))
    return tuple(found)


def _shed(piece: str) -> str:
    """Return a piece without a mark before it or behind it, where what is left holds no mark."""
    core = piece.strip(string.punctuation)
    marks = piece.removesuffix(core) if piece.endswith(core) else piece.removeprefix(core)
    plain = len(core) > 1 and core == core.translate(_UNMARKED)
    return core if plain and marks in _marks() else piece


@cache
def _marks() -> frozenset[str]:
    return frozenset(constants().marks.split())
