"""Calibration: from scores to the units of human raters, and how far off that may be.

``resources/calibration.toml`` holds what ``python -m benchmarks.tone --fit`` learnt from editorial
sentences that twenty people rated from -4 to 4; ``resources/CALIBRATION.md`` is its model card.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.files import read_toml, resource
from analysis.inference.weights import Floats
from analysis.numbers import reaches
from analysis.sentences import say
from analysis.text.tokens import numbered
from analysis.tone.scored import Scored
from analysis.tone.scoring import vader, vader_file

FILE = resource("calibration.toml")
COMBINED = "combined"
CHECKS = resource("tone_checks.csv")
NAIVE = "VADER, not calibrated"  # the row of the checks that takes its scores as ratings
FITTED_ON = "editorials"
REFIT = "restore the file from the repository, or fit again: python -m benchmarks.tone --fit"
LIMIT = 4.0  # the end of raters' scale
STILL = 1e-12  # a linear score that is none but for rounding
_SPREADS = ("sd_article", "sd_error", "sd_sentence", "sd_group")
_NUMBERS = ("mean", "sd", "intercept", "slope", *_SPREADS, "louder")
_LISTED = {"column": str, "masked": bool, "sha256": str, **dict.fromkeys(_NUMBERS, float)}


@dataclass(frozen=True)
class Line:
    """The line from one kind of score to raters' units: ``intercept + slope · (x - mean) / sd``.

    Attributes
    ----------
    column : the lexicon, or "combined"
    masked : whether names were masked before scoring
    sha256 : of the word list; empty for the combination
    mean, sd : of the score over the editorial sentences; 0 and 1 for the combination
    intercept, slope : of the line, in raters' units (-4 to 4), before it is bent
    sd_article : spread of what the line misses from article to article
    sd_error : spread of what it misses from sentence to sentence within an article
    sd_sentence : spread of ratings from sentence to sentence that the spread of tone leaves out,
        ``sqrt(variance of ratings - variance of tone)`` within articles: to be added where tone's
        own variance over units is counted already
    sd_group : spread of what it misses from group to group of articles, which no number of texts
        makes smaller
    louder : how many times as large as tone's a difference between groups may be to raters:
        ``1 / r²`` of whole articles. Where groups were not formed by how they sound it is 1 on
        average; where they are the more and the less positive texts, words hear only r² of it
    """

    column: str
    masked: bool
    sha256: str
    mean: float
    sd: float
    intercept: float
    slope: float
    sd_article: float
    sd_error: float
    sd_sentence: float
    sd_group: float
    louder: float


def bend(score: Any) -> Floats:
    """Return raters' units that never leave their scale: ``x / sqrt(1 + (x / 4)²)``.

    Near 0 it is x; it comes near to 4 and never reaches it. Root and quotient are exact on every
    processor.

    >>> bend([0.0, 1.0, -4.5, 100.0]).round(2).tolist()
    [0.0, 0.97, -2.99, 4.0]
    """
    x = np.asarray(score, dtype=float)
    bent: Floats = x / np.sqrt(1 + (x / LIMIT) ** 2)
    return bent


@dataclass(frozen=True)
class Scale:
    """One kind of score, from raw scores: ``f(base + Σ slope · raw score)``.

    Attributes
    ----------
    base, slopes : of the linear score; slopes by the column of the scorer that they belong to
    bent : whether f keeps it on raters' scale (``bend``); else f changes nothing
    """

    base: float
    slopes: Mapping[str, float]
    bent: bool

    def linear(self, raw: Mapping[str, Any] | pd.DataFrame) -> Floats:
        """Return the linear score of each sentence.

        Raises
        ------
        InputError
            A scorer that it needs is not in the scores.
        """
        missing = [part for part in self.slopes if part not in raw]
        if missing:
            raise InputError(f"The scores of {missing[0]!r} are needed too: give them.")
        shares = [slope * np.asarray(raw[part], dtype=float) for part, slope in self.slopes.items()]
        total: Floats = self.base + np.sum(shares, axis=0)
        return total

    def score(self, linear: Any) -> Floats:
        """Return the score of each sentence from its linear one."""
        return bend(linear) if self.bent else np.asarray(linear, dtype=float)

    def share(self, linear: Any) -> Floats:
        """Return what words' shares of the linear score are multiplied by to add up to the score.

        ``(f(x) - f(base)) / (x - base)``, and f's slope where words cancel.
        """
        x = np.asarray(linear, dtype=float)
        if not self.bent:
            return np.ones_like(x)
        apart = np.abs(x - self.base) > STILL
        whole = np.where(apart, x - self.base, 1.0)
        return np.where(apart, (bend(x) - bend(self.base)) / whole, self.slope(x))

    def slope(self, linear: Any) -> Floats:
        """Return how much each score answers to a small change of the linear one."""
        x = np.asarray(linear, dtype=float)
        if not self.bent:
            return np.ones_like(x)
        slope: Floats = (1 + (x / LIMIT) ** 2) ** -1.5
        return slope


@dataclass(frozen=True)
class Calibration:
    """All lines, and what they rest on.

    Attributes
    ----------
    weights : of the scorers of the combination, by column; in its standard deviations
    articles, sentences : what the lines were fitted on
    cut : tone beyond which a sentence is positive or negative, and within which neutral
    sums : the sha256 of the word weights that the combination was fitted with, by column
    lines : by column, and by whether names are masked
    """

    weights: Mapping[str, float]
    articles: int
    sentences: int
    cut: float
    sums: Mapping[str, str]
    lines: Mapping[tuple[str, bool], Line]

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns of the scorers of the combination."""
        return tuple(self.weights)

    def knows(self, column: str, *, masked: bool) -> bool:
        """Tell whether there is a line for a scorer, or for the combination."""
        return (column, masked) in self.lines

    def line(self, column: str, *, masked: bool) -> Line:
        """Return the line of a scorer, or of the combination."""
        if (column, masked) not in self.lines:
            choices = ", ".join(dict.fromkeys(repr(name) for name, _ in self.lines))
            raise InputError(f"No calibration is known for {column!r}: choose one of {choices}.")
        return self.lines[column, masked]

    def scale(self, column: str, *, masked: bool, calibrated: bool) -> Scale:
        """Return one kind of score (see the function ``scale``)."""
        weights = self.weights if column == COMBINED else {column: 1.0}
        if not calibrated:
            return Scale(0.0, weights, bent=False)
        line = self.line(column, masked=masked)
        slopes = {part: line.slope / line.sd * weight for part, weight in weights.items()}
        return Scale(line.intercept - line.slope * line.mean / line.sd, slopes, bent=True)

    def classes(self, tone: Any) -> np.ndarray:
        """Return the class of each tone: "negative", "neutral" or "positive"; "" where undefined.

        >>> load_calibration().classes([-2, 0, np.nan, 2]).tolist()
        ['negative', 'neutral', '', 'positive']
        """
        values = np.asarray(tone, dtype=float)
        flags = [np.isnan(values), reaches(-values, self.cut), reaches(values, self.cut)]
        return np.select(flags, ["", "negative", "positive"], "neutral")


@cache
def load_calibration(path: str | Path = FILE) -> Calibration:
    """Read a calibration file; that of this package by default.

    Raises
    ------
    InputError
        The file is missing, is no TOML, or a line lacks a number, has one too many or makes no
        sense; the message names the file, the line and the cure.

    Examples
    --------
    >>> load_calibration().parts
    ('vader', 'afinn', 'opinion', 'pattern', 'learnt')
    """
    content = read_toml(Path(path), REFIT)
    try:
        rows: list[dict[str, Any]] = content["line"]
        keys = ("weights", "articles", "sentences", "cut", "sums")
        weights, articles, sentences, cut, sums = (content[key] for key in keys)
        weights = {str(part): float(weight) for part, weight in weights.items()}
    except (KeyError, AttributeError, ValueError, TypeError) as error:
        what = repr(error.args[0]) if isinstance(error, KeyError) else "a table of weights"
        raise InputError(f"{path} lacks {what}; {REFIT}.") from None
    lines = [_line(row, f"{path}, line {place}") for place, row in enumerate(rows, start=1)]
    known = {(line.column, line.masked): line for line in lines}
    if not weights or not {(COMBINED, True), (COMBINED, False)} <= set(known):
        raise InputError(f"{path} has no line, masked and not, for {COMBINED!r}; {REFIT}.")
    return Calibration(weights, int(articles), int(sentences), float(cut), dict(sums), known)


def check_lists(sums: Mapping[str, str]) -> None:
    """Check that word lists are those that the calibration was fitted with.

    Parameters
    ----------
    sums : the sha256 of each lexicon's word list, by column

    Raises
    ------
    InputError
        A list differs.
    """
    known = load_calibration()
    fitted = {line.column: line.sha256 for line in known.lines.values() if line.sha256}
    for column, expected in (fitted | dict(known.sums)).items():
        found = sums.get(column, expected)
        if found != expected:
            raise InputError(
                f"The word list of {column!r} is not the one that tone was calibrated with "
                f"(its sha256 begins {found[:8]}, not {expected[:8]}): restore the list, or fit "
                "again: python -m benchmarks.tone --fit."
            )


def scale(column: str, *, masked: bool, calibrated: bool) -> Scale:
    r"""Return one kind of score, from raw scores: ``f(base + Σ slope · raw score)``.

    The linear score is a sum over words, as raw scores are; f (``bend``) keeps raters' units on
    their scale, and a sentence's words share what it takes in proportion. A sentence without scored
    words has the combination 0, neutral.

    Parameters
    ----------
    column : a scorer, or "combined": ``Σ weight · score`` over its scorers, in its standard
        deviations over rated editorials
    masked : whether names are masked before scoring
    calibrated : in raters' units (-4 to 4), or as the engine has it

    Examples
    --------
    >>> scale("afinn", masked=True, calibrated=False).slopes
    {'afinn': 1.0}
    """
    return load_calibration().scale(column, masked=masked, calibrated=calibrated)


def model_variance(sentences: Sequence[float] | Floats, column: str, *, masked: bool) -> float:
    r"""Return what the mean human tone of a group of documents varies beyond the calibrated one.

    ``sd_article² · Σ (nᵢ / N)² + sd_sentence² / N + sd_group²``: what the line misses about a whole
    document, how much more single ratings spread than single tones, and what it misses about groups
    of texts on one subject, which no number of texts makes smaller. Added to tone's variance over
    units, it gives the variance that ratings would have. It is known from editorials and assumed
    elsewhere; its degrees of freedom are the articles that the line was fitted on, less two.

    Parameters
    ----------
    sentences : nᵢ, of each document of the group; N is their sum

    Examples
    --------
    >>> one, two = (model_variance(n, "combined", masked=True) for n in ([20], [10, 10]))
    >>> one > two
    True
    """
    return line_variance(load_calibration().line(column, masked=masked), sentences)


def line_variance(line: Line, sentences: Sequence[float] | Floats) -> float:
    """Return the same for a given line."""
    n = np.asarray(sentences, dtype=float)
    return variance_of_sums(line, n.sum(), ((n / n.sum()) ** 2).sum())


def variance_of_sums(line: Line, sentences: float, uneven: float) -> float:
    """Return the same from N, and from Σ (nᵢ / N)²."""
    shrinking = line.sd_article**2 * uneven + line.sd_sentence**2 / sentences
    return float(shrinking + line.sd_group**2)


def within(values: Any, room: Any) -> Floats:
    """Cut the ends of an interval where the scale ends: beyond it no mean, or difference, can lie.

    >>> within([-9.1, 2.5], 2 * LIMIT).tolist()
    [-8.0, 2.5]
    """
    return np.clip(np.asarray(values, dtype=float), -np.asarray(room), room)


def for_raters(estimate: Any, half: Any, louder: Any) -> tuple[Floats, Floats]:
    """Return the ends of the interval for the difference that raters would find.

    ``[d - h, κ d + h]`` for a positive d, mirrored for a negative one: raters may find the
    difference louder than words tell, up to κ times (``Line.louder``), and no number of texts says
    how much. Its sign stays that of ``d ± h``.

    Parameters
    ----------
    estimate, half : d and h, of each contrast
    louder : κ; 1 leaves ``d ± h``

    Examples
    --------
    >>> low, high = for_raters([0.5, -0.5], [0.2, 0.2], 1.8)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.3, -1.1], [1.1, -0.3])
    """
    d, h = np.asarray(estimate, dtype=float), np.asarray(half, dtype=float)
    more = (np.asarray(louder) - 1) * d
    return d - h + np.minimum(more, 0), d + h + np.maximum(more, 0)


@cache
def rating_variances() -> dict[str, float]:
    """Return the variance of the mean of ten ratings of each VADER word, its raters drawn anew.

    Resampling ten ratings with replacement gives their mean the variance ``Σ (r - r̄)² / 10²``.

    >>> round(rating_variances()["good"] ** 0.5, 2)
    0.3
    """
    lines = vader_file().decode("utf-8").rstrip("\r\n").split("\n")
    rows = [line.split("\t") for line in lines]
    variances = np.var([json.loads(row[3]) for row in rows], axis=1) / 10
    return dict(zip((row[0].strip() for row in rows), variances.tolist(), strict=True))


def rater_variance(scored: Scored, weights: Floats) -> float:
    r"""Return the variance that the choice of raters gives to a weighted sum of VADER's scores.

    A word's share p of a sentence's score c answers to a small change δ of its valence v with
    ``p (1 - c²) δ / v`` (the rules' multiples of v, through the slope of VADER's squeeze). Words
    have raters of their own, so the variances of their effects add up over words; within a word
    the effects on all its sentences do.

    Parameters
    ----------
    scored : VADER's words of sentences
    weights : of each sentence in the sum; for a contrast ``1 / n`` in the target, ``-1 / n`` in the
        reference
    """
    valences, variances = vader().valences, rating_variances()
    words, own = numbered(scored.words.tolist())
    slopes = 1 - scored.sums(len(weights)) ** 2
    alone = np.array([valences[word] for word in words], dtype=float)
    moved = weights[scored.rows] * scored.scores * slopes[scored.rows] / alone[own]
    effects = np.bincount(own, moved, len(words)).tolist()
    return sum(effect**2 * variances[word] for word, effect in zip(words, effects, strict=True))


def _line(row: dict[str, Any], where: str) -> Line:
    wrong = [key for key in _LISTED if not isinstance(row.get(key), _LISTED[key])]
    if wrong:
        raise InputError(f"{where}: {wrong[0]!r} is missing or of the wrong kind; {REFIT}.")
    line = Line(**{key: row[key] for key in _LISTED})
    finite = all(np.isfinite(row[key]) for key in _NUMBERS)
    if not finite or line.sd <= 0 or min(row[key] for key in _SPREADS) < 0 or line.louder < 1:
        raise InputError(f"{where}: a number is not finite, or a spread not positive; {REFIT}.")
    return line


# What the calibration rests on, as the benchmark has measured it


def calibration_checks(path: str | Path = CHECKS) -> pd.DataFrame:
    """Return how tone agrees with human raters on articles that it was not fitted on.

    Parameters
    ----------
    path : the table that ``python -m benchmarks.tone`` writes

    Returns
    -------
    DataFrame
        One row a score, the first VADER's own, taken as ratings (``NAIVE``): ``score, masked``;
        ``r_sentence, r_article``; ``bias``, mean tone minus mean rating; ``wrong``, articles whose
        tone has another sign than their rating; ``covered, covered_runs``, pairs of
        articles whose rated difference the 95 % interval holds, over sentences and over runs of 100
        words. NaN where not measured.

    Raises
    ------
    InputError
        The table is not there.
    """
    if not Path(path).is_file():
        raise InputError(
            f"{path} is not there: restore it from the repository, or run the benchmark again: "
            "python -m benchmarks.tone."
        )
    table = pd.read_csv(path)
    table["masked"] = table["masked"].astype(str) == "True"
    rater = sorted({own for own in table["score"] if own.startswith("one rater")})
    ways = [(NAIVE, False), (COMBINED, False), (COMBINED, True), ("embedding", False)]
    found = []
    for score, masked in [*ways, *((own, False) for own in rater)]:
        own = table[(table["score"] == score) & (table["masked"] == masked)]
        if len(own):
            found.append({"score": score, "masked": masked, **_checked(own)})
    return pd.DataFrame(found)


def genre_checks(path: str | Path = CHECKS) -> pd.DataFrame:
    """Return how calibrated tone does in each kind of text that people have rated.

    Returns
    -------
    DataFrame
        One row a kind, editorials, on which it was fitted, first: ``genre``; ``r``, by sentence, of
        articles left out of the fit; ``louder``, how many times as far the more positive half of
        texts is from the less positive one by raters as by tone.
    """
    table = pd.read_csv(path)
    own = table[(table["score"] == COMBINED) & (table["masked"].astype(str) == "True")]
    found = own[own["measure"] == "louder"].set_index("part")["value"]
    rows = []
    for genre, louder in found.items():
        part = own[own["part"] == ("agreement" if genre == FITTED_ON else genre)]
        rows.append((genre, _measured(part, "sentence", "r"), float(louder)))
    return pd.DataFrame(rows, columns=["genre", "r", "louder"])


def raters_checks(path: str | Path = CHECKS) -> pd.DataFrame:
    """Return how intervals by own raters hold the difference of all ratings, where all are known.

    Returns
    -------
    DataFrame
        One row a kind of text and number of codes: ``genre, codes`` (of a group);
        ``covered_codes, covered``, how often 95 % intervals by codes alone, and by codes and tone,
        hold the difference of all ratings; ``narrower``, the share by which tone narrows them.
    """
    table = pd.read_csv(path)
    own = table[table["part"].str.startswith("own raters, ")]
    rows = []
    for part, found in own.groupby("part", sort=False):
        _, genre, codes = str(part).split(", ")
        measures = ("covered by codes", "covered by codes and tone", "narrower")
        values = [_measured(found, "group", measure) for measure in measures]
        rows.append((genre, int(codes), *values))
    return pd.DataFrame(rows, columns=["genre", "codes", "covered_codes", "covered", "narrower"])


def genre_note() -> str:
    """Say what calibration does in other kinds of text, as it was measured."""
    genres = genre_checks()[["genre", "louder"]].to_dict("records")
    return say("tone.notes.genres", {"fitted_on": FITTED_ON, "genres": genres})


def _checked(own: pd.DataFrame) -> dict[str, float]:
    parts = ("agreement", "pairs, sentences", "pairs, runs of 100 words")
    agreement, pairs, runs = (own[own["part"] == part] for part in parts)
    return {
        "r_sentence": _measured(agreement, "sentence", "r"),
        "r_article": _measured(agreement, "article", "r"),
        "bias": _measured(agreement, "sentence", "bias"),
        "wrong": _measured(agreement, "article", "wrong sign"),
        "covered": _measured(pairs, "article", "covered"),
        "covered_runs": _measured(runs, "article", "covered"),
    }


def _measured(rows: pd.DataFrame, level: str, measure: str) -> float:
    found = rows.loc[(rows["level"] == level) & (rows["measure"] == measure), "value"]
    return float(found.iloc[0]) if len(found) else float("nan")
