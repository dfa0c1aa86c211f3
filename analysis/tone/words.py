"""Words that make the difference of tone, and how well the lexicons read them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.files import read_toml, resource
from analysis.inference import difference_interval, half_width, permutations, rate_and_error
from analysis.inference.weights import Floats
from analysis.numbers import NOUGHT, ordered
from analysis.result import Outcome, analysis
from analysis.text import Corpus
from analysis.text.units import UNIT_TOKENS
from analysis.tone.calibration import COMBINED
from analysis.tone.scoring import scorers
from analysis.tone.sentences import Reading, Units, outcome, read, unit_length

METHOD = "cluster-robust t over units"
COLUMNS = """term n_target n_reference n_capital rate_target rate_reference score score_target
    score_reference contribution ci_low ci_high frequency_part score_part share""".split()
SIDES = ("target", "reference")
CELLS = 2_000_000  # of units × words, added up at a time
DEALS = 100  # of the units to the groups at random, for how many intervals leave zero out by chance
AUDIT = [
    "lexicon",
    *(f"{what}_{side}" for what in ("words", "coverage", "misread") for side in SIDES),
    "estimate", "without_misread", "entries", "flips", "fewest", "fewest_words",
]  # fmt: skip
ENTRIES = "term n_target n_reference contribution estimate_without flips".split()
FILE = resource("senses.toml")
MISREAD = """document group sentence start end word means here lexicons contribution
    text_start text_end text""".split()
_CONDITIONS = ("before", "after", "not_before", "not_after")
_KEYS = ("words", "means", "here", *_CONDITIONS, "capital")
_PLACE = ["row", "start", "end", "term"]
_SENTENCE = ["document", "group", "sentence", "text"]
_Place = tuple[int, int, int, str]
_GAP = r"[\s\"“”‘(]*"


# Word shift


@analysis("word shift")
def word_shift(
    corpus: Corpus,
    *,
    lexicon: str = COMBINED,
    masked: bool = True,
    calibrated: bool = True,
    unit_tokens: int = UNIT_TOKENS,
) -> Outcome:
    r"""Say which words make the difference of tone, and how: by frequency, or by use.

    A sentence's tone is a sum over its scored words (and a constant), so the contrast of two
    groups, mean sentence against mean sentence, is a sum over words, with nothing left over:
    ``Δ = Σ δ``, ``δ = p₁ h₁ - p₂ h₂``. A word's rate p is its occurrences per sentence; its score h
    is what an occurrence adds to its sentence's tone on average, after negation, emphasis and the
    like. Each δ falls into two parts:

    - frequency: ``(p₁ - p₂) (h₁ + h₂) / 2``, the word is used more or less often;
    - score: ``(p₁ + p₂) / 2 · (h₁ - h₂)``, it is used otherwise: negated, say, or in company.

    A word that a group lacks has the other group's score: all its δ is frequency. Rates are per
    sentence and not shares of all words, so the reference score of the published method is 0, what
    a word that is not in the lexicon adds.

    Parameters
    ----------
    corpus : the two groups
    lexicon : a lexicon, or "combined", to which each lexicon's words add their shares
    masked : whether names are masked before scoring
    calibrated : whether tone is in raters' units (-4 to 4)
    unit_tokens : aimed length of a unit, in tokens (see ``sentiment``)

    Returns
    -------
    Result
        One row a scored word, the largest contributions first, ties by term:

        ``term``
            the word, as the lexicon has it
        ``n_target, n_reference, n_capital``
            occurrences; of both, how many begin with a capital without opening their sentence
        ``rate_target, rate_reference``
            occurrences per sentence
        ``score, score_target, score_reference``
            what an occurrence adds on average, in both and in each; NaN where there is none
        ``contribution, ci_low, ci_high``
            δ and its 95 % cluster-robust t interval; NaN where nothing varies. Calibration is
            taken as given: the words explain the tone as measured
        ``frequency_part, score_part``
            the parts of δ
        ``share``
            of the absolute contributions of all words

        Contributions add up to the contrast, and are NaN where a group has no sentence with a tone.
        Its part ``sums`` holds the whole and what it is made of: see ``sums_of_shift``; its part
        ``apart`` how many words' intervals leave zero out (``found``), and how many do on average
        where the same units are dealt to the groups at random (``by_chance``), so many times
        (``deals``): far fewer than one in twenty, as the interval of a rare word cannot.

    Raises
    ------
    InputError
        There is no such lexicon, or a group has one sentence only.

    References
    ----------
    Gallagher et al. 2021, Generalized word shift graphs, doi:10.1140/epjds/s13688-021-00260-3.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = word_shift(load_corpus()).table
    >>> parts = table["frequency_part"] + table["score_part"]
    >>> bool((parts - table["contribution"]).abs().max() < 1e-12)
    True
    """
    reading = read(corpus, lexicon=lexicon, masked=masked, calibrated=calibrated)
    units = Units.cut(corpus, unit_tokens)
    table = shift_of(reading, units)
    found = int((table["ci_low"] * table["ci_high"] > 0).sum())
    apart = {"found": found, "by_chance": _apart_by_chance(reading, units), "deals": DEALS}
    parts = {"sums": sums_of_shift(table, reading, units), "apart": pd.DataFrame([apart])}
    return outcome(corpus, table, METHOD, length=unit_length(corpus, unit_tokens), parts=parts)


def sums_of_shift(table: pd.DataFrame, reading: Reading, units: Units) -> pd.DataFrame:
    """Return the contrast, and the sums of the parts that the words of each kind add to it.

    Returns
    -------
    DataFrame
        Six rows: ``of``, all words (``all``), those that the target uses more (or less) of,
        by the sign of their score (``more positive, more negative, fewer positive, fewer
        negative``), whose parts of frequency are summed, and the parts of score of all (``use``);
        ``contribution``; ``ci_low, ci_high``, of the first row alone.
    """
    more = (table["rate_target"] > table["rate_reference"]).astype(bool)
    positive = (table["score"] > 0).astype(bool)
    part = table["frequency_part"]
    sums = {
        "all": table["contribution"].sum(),
        "more positive": part[positive & more].sum(),
        "more negative": part[~positive & more].sum(),
        "fewer positive": part[positive & ~more].sum(),
        "fewer negative": part[~positive & ~more].sum(),
        "use": table["score_part"].sum(),
    }
    tone = np.where(reading.silent, 0.0, reading.tone)
    sizes = units.sum((~reading.silent).astype(float))
    low, high = _interval(units.sum(tone)[:, None], units, sizes)
    found = pd.DataFrame({"of": list(sums), "contribution": list(sums.values())})
    found["ci_low"] = [low[0], *[np.nan] * (len(found) - 1)]
    found["ci_high"] = [high[0], *[np.nan] * (len(found) - 1)]
    return found


def shift_of(reading: Reading, units: Units) -> pd.DataFrame:
    """Return the word shift of a reading; see ``word_shift``."""
    terms, column = np.unique(reading.words["term"].to_numpy(dtype=str), return_inverse=True)
    if not len(terms):
        return pd.DataFrame(columns=COLUMNS)
    sides = reading.target
    sentences = [(side & ~reading.silent).sum() for side in (sides, ~sides)]
    counts, capitals = _occurrences(reading, terms, sides)
    sizes = units.sum((~reading.silent).astype(float))
    found = [
        (*(sums[side].sum(axis=0) for side in (units.target, ~units.target)),
         *_interval(sums, units, sizes))
        for sums in _sums_of_words(reading, units, column, len(terms))
    ]  # fmt: skip
    *totals, low, high = np.concatenate(found, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_1, rate_2 = (n / size for n, size in zip(counts, sentences, strict=True))
        score_1, score_2 = (t / n for t, n in zip(totals, counts, strict=True))
        contribution = totals[0] / sentences[0] - totals[1] / sentences[1]
    own_1, own_2 = (
        np.where(counts[0] > 0, score_1, score_2), np.where(counts[1] > 0, score_2, score_1)
    )  # fmt: skip
    table = pd.DataFrame(
        {
            "term": terms,
            "n_target": counts[0],
            "n_reference": counts[1],
            "n_capital": capitals,
            "rate_target": rate_1,
            "rate_reference": rate_2,
            "score": (totals[0] + totals[1]) / (counts[0] + counts[1]),
            "score_target": score_1,
            "score_reference": score_2,
            "contribution": contribution,
            "ci_low": low,
            "ci_high": high,
            "frequency_part": (rate_1 - rate_2) * (own_1 + own_2) / 2,
            "score_part": (rate_1 + rate_2) / 2 * (own_1 - own_2),
            "share": np.abs(contribution) / (np.abs(contribution).sum() or 1.0),
        }
    )
    table["size"] = table["contribution"].abs()
    return ordered(table, ["size", "term"], ascending=[False, True])[COLUMNS]


def _occurrences(
    reading: Reading, terms: np.ndarray, target: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Count each term by group, once where several lexicons score it; and its capitals."""
    texts = reading.corpus.sentences["text"].to_numpy()
    once = reading.words.drop_duplicates(["row", "start", "term"])
    place, rows = np.searchsorted(terms, once["term"].to_numpy(dtype=str)), once["row"].to_numpy()
    names = [
        start > 0 and texts[row][start].isupper()
        for row, start in zip(rows, once["start"], strict=True)
    ]
    sides = [np.bincount(place[side[rows]], minlength=len(terms)) for side in (target, ~target)]
    return sides, np.bincount(place[np.array(names, dtype=bool)], minlength=len(terms))


def _sums_of_words(
    reading: Reading, units: Units, column: np.ndarray, terms: int
) -> Iterator[Floats]:
    """Yield units × words, the contributions of each word in each unit: some words at a time.

    Parameters
    ----------
    column : of each scored word, the number of its term
    terms : how many there are
    """
    rows, values = (reading.words[name].to_numpy() for name in ("row", "contribution"))
    unit, order = units.of_row[rows], np.argsort(column, kind="stable")
    blocks = min(math.ceil(len(units.target) * terms / CELLS), max(terms // 2, 1))
    for own in np.array_split(np.arange(terms), blocks) if terms else []:
        ends = np.searchsorted(column, (own[0], own[-1] + 1), sorter=order)
        chosen = order[slice(*ends)]
        sums = np.zeros((len(units.target), len(own)))
        np.add.at(sums, (unit[chosen], column[chosen] - own[0]), values[chosen])
        yield sums


def _apart_by_chance(reading: Reading, units: Units, seed: int = 0) -> float:
    """Return how many words' intervals leave zero out where units are dealt at random, on average.

    NaN where there are no intervals. A word of one unit is left out: its interval never does.
    """
    sizes = units.sum((~reading.silent).astype(float))
    held = sizes > 0
    target = units.target[held]
    if min(target.sum(), (~target).sum()) < 2:
        return math.nan
    terms, column = np.unique(reading.words["term"].to_numpy(dtype=str), return_inverse=True)
    apart, deals = 0, list(permutations(target, DEALS, seed))
    for some in _sums_of_words(reading, units, column, len(terms)):
        sums = some[held]
        sums = sums[:, (sums != 0).sum(axis=0) > 1]
        for block in deals:
            sides = [rate_and_error(sums, sizes[held], deal) for deal in (block, 1 - block)]
            degrees = np.reshape([target.sum() - 1, (~target).sum() - 1], (2, 1, 1))
            half = half_width([error**2 for _, error in sides], degrees)
            apart += int((np.abs(sides[0][0] - sides[1][0]) > half).sum())
    return apart / DEALS


def _interval(sums: Floats, units: Units, sizes: Floats) -> tuple[Floats, Floats]:
    """Return the ends of each contribution's interval, units without a tone left out."""
    held = sizes > 0
    if min((held & units.target).sum(), (held & ~units.target).sum()) < 2:
        unknown = np.full(sums.shape[1], np.nan)
        return unknown, unknown
    table = difference_interval(sums[held], sizes[held], units.target[held])
    return table["ci_low"].to_numpy(), table["ci_high"].to_numpy()


# What the lexicons cover, what they misread, what the sign hangs on


@analysis("audit of lexicons")
def lexicon_audit(corpus: Corpus, *, masked: bool = True) -> Outcome:
    """Audit every lexicon, and the combination, on these texts.

    Parameters
    ----------
    corpus : the two groups
    masked : whether names are masked before scoring

    Returns
    -------
    Result
        One row a lexicon, the combination first; tone is calibrated:

        ``lexicon``
            its column
        ``words_target, words_reference, coverage_target, coverage_reference``
            scored words, and as a share of tokens
        ``misread_target, misread_reference``
            of the scored words, the share that is known to stand in another sense
            (``misread_words``)
        ``estimate, without_misread``
            the contrast, and what it is once those words are taken out of the texts
        ``entries, flips``
            different words scored, and how many of them turn the sign when taken out alone
            (``decisive_words``)
        ``fewest, fewest_words``
            the smallest number of words that turn the sign when taken out together, and which.
            Words are taken by their contributions, the largest first: no smaller set does where a
            score is a plain sum, as it nearly is. NaN where no sign can be turned.

        Parts: ``fewest``, those words one a row (``lexicon, term``); ``decisive``
        (``decisive_words``) and ``misread`` (``misread_words``), both of the combination.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> lexicon_audit(load_corpus()).table["lexicon"].tolist()
    ['combined', 'vader', 'afinn', 'opinion', 'pattern']
    """
    columns = [COMBINED, *(own.column for own in scorers() if own.raw)]
    readings = [read(corpus, lexicon=column, masked=masked) for column in columns]
    entries = [decisive_words(reading) for reading in readings]
    rows = [_audit(reading, own) for reading, own in zip(readings, entries, strict=True)]
    fewest = [(row["lexicon"], term) for row in rows for term in row["fewest_words"]]
    table = pd.DataFrame(rows)
    table["fewest_words"] = table["fewest_words"].str.join(", ")
    parts = {
        "fewest": pd.DataFrame(fewest, columns=["lexicon", "term"]),
        "decisive": entries[0],
        "misread": misread_words(corpus, masked=masked),
    }
    return outcome(corpus, table[AUDIT], "scoring again without the words", parts=parts)


def _audit(reading: Reading, entries: pd.DataFrame) -> dict[str, Any]:
    other = np.array([sense is not None for sense in misread(reading)], dtype=bool)
    once = ~reading.words.duplicated(["row", "start", "end"]).to_numpy()
    target = reading.target[reading.words["row"].to_numpy()]
    row: dict[str, Any] = {"lexicon": reading.column, "estimate": _contrast(reading, reading.tone)}
    for side, words, sentences in (
        ("target", once & target, reading.target),
        ("reference", once & ~target, ~reading.target),
    ):
        tokens = int(reading.corpus.sentence_tokens[np.asarray(sentences)].sum())
        row[f"words_{side}"] = int(words.sum())
        row[f"coverage_{side}"] = words.sum() / tokens if tokens else np.nan
        row[f"misread_{side}"] = other[words].mean() if words.any() else np.nan
    fewest = _fewest(reading, entries)
    return row | {
        "without_misread": _without(reading, [np.flatnonzero(other)])[0],
        "entries": len(entries),
        "flips": int(entries["flips"].sum()),
        "fewest": len(fewest) or np.nan,
        "fewest_words": fewest,
    }


def decisive_words(reading: Reading) -> pd.DataFrame:
    """Take every scored word out of the texts, one by one, and contrast the tone again.

    A word is taken out by blanking its letters, so that sentences keep their length, and every
    sentence that held it is scored again: where the score is no plain sum (VADER squeezes it into
    -1 to 1) the words that stay count differently. A scored word that also negates ("no") stops
    negating.

    Returns
    -------
    DataFrame
        One row a scored word: ``term``; ``n_target, n_reference``, occurrences; ``contribution`` to
        the contrast (as in ``word_shift``, calibrated); ``estimate_without``, the contrast without
        the word; ``flips``, whether its sign is another. Largest contributions first, ties by term.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = decisive_words(read(load_corpus(), lexicon="opinion"))
    >>> bool(table["flips"].any())
    False
    """
    estimate, words = _contrast(reading, reading.tone), reading.words
    sides = (reading.target, ~reading.target)
    sizes = [max((side & ~reading.silent).sum(), 1) for side in sides]
    places, values = words["row"].to_numpy(), words["contribution"].to_numpy()
    once, rows = ~words.duplicated(["row", "start", "term"]).to_numpy(), []
    found = _places(reading)
    without = _without(reading, list(found.values()))
    for (term, own), left in zip(found.items(), without, strict=True):
        within = [side[places[own]] for side in sides]
        counts = [int(once[own][flags].sum()) for flags in within]
        shares = [values[own][flags].sum() / n for flags, n in zip(within, sizes, strict=True)]
        rows.append((term, *counts, shares[0] - shares[1], left, _turned(left, estimate)))
    table = pd.DataFrame(rows, columns=ENTRIES)
    table["size"] = table["contribution"].astype(float).abs()
    return ordered(table, ["size", "term"], ascending=[False, True])[ENTRIES]


def _fewest(reading: Reading, entries: pd.DataFrame) -> list[str]:
    """Return the words that turn the sign together, taken by size; none if all of them do not.

    Each further word takes more of the contrast away, so that their number is found by halving.
    """
    estimate = _contrast(reading, reading.tone)
    pushing = entries[entries["contribution"] * estimate > 0]
    terms, reached = pushing["term"].tolist(), pushing["contribution"].abs().cumsum().to_numpy()
    places = _places(reading)

    def turned(many: int) -> bool:
        chosen = np.concatenate([places[term] for term in terms[:many]])
        return _turned(_without(reading, [chosen])[0], estimate)

    # Words that hold less than half of the contrast are far from turning it.
    few, enough = int((reached < abs(estimate) / 2).sum()), len(terms)
    if few == enough or not turned(enough):
        return []
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if turned(middle) else (middle, enough)
    return terms[:enough]


def _places(reading: Reading) -> dict[str, np.ndarray]:
    """Return which of the scored words are each term's."""
    found = reading.words.groupby("term").indices
    return {str(term): np.asarray(places) for term, places in found.items()}


def _without(reading: Reading, chosen: Sequence[np.ndarray]) -> list[float]:
    """Return the contrasts once some of the scored words are blanked, for each choice of these."""
    blanked = [_blanked(reading, own) for own in chosen]
    read = reading.tones_of([text for own in blanked for text in own.values()])
    found, past = [], 0
    for own in blanked:
        tone: Floats = reading.tone.copy()
        tone[list(own)] = read[past : past + len(own)]
        past += len(own)
        found.append(_contrast(reading, tone))
    return found


def _blanked(reading: Reading, chosen: np.ndarray) -> dict[int, str]:
    """Return the sentences that hold some of the scored words, these blanked."""
    rows, starts, ends = (reading.words[c].to_numpy()[chosen] for c in ("row", "start", "end"))
    blanked: dict[int, str] = {}
    for row, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        text = blanked.get(row, reading.texts[row])
        blanked[row] = text[:start] + _blank(text[start:end]) + text[end:]
    return blanked


def _turned(left: float, estimate: float) -> bool:
    """Tell whether a contrast has another sign than before, rounding errors forgiven."""
    return bool(left * estimate < -NOUGHT * estimate**2)


def _blank(word: str) -> str:
    """Return letters that no lexicon knows, capitals as in the word."""
    return "".join("X" if c.isupper() else "x" if c.isalnum() else c for c in word)


def _contrast(reading: Reading, tone: Floats) -> float:
    sides = [tone[side & ~reading.silent] for side in (reading.target, ~reading.target)]
    if not all(len(side) for side in sides):
        return np.nan
    return float(sides[0].mean() - sides[1].mean())


# Words in another sense


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
    return pd.DataFrame(rows, columns=MISREAD)


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
