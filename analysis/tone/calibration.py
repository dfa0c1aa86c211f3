"""Calibration: from scores to the units of human raters, and how far off that may be.

``resources/calibration.toml`` holds what ``python -m benchmarks.tone --fit`` learnt from editorial
sentences that twenty people rated from -4 to 4; ``resources/CALIBRATION.md`` is its model card.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.inference.weights import Floats
from analysis.resources import resource
from analysis.tone.scoring import ScoredWord, vader, vader_file

FILE = resource("calibration.toml")
COMBINED = "combined"
CHECKS = resource("tone_checks.csv")
NAIVE = "VADER, not calibrated"  # the row of the checks that takes its scores as ratings
REFIT = "restore the file from the repository, or fit again: python -m benchmarks.tone --fit"
_NUMBERS = ("mean", "sd", "intercept", "slope", "sd_article", "sd_error", "sd_sentence")
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
    intercept, slope : of the line, in raters' units (-4 to 4)
    sd_article : spread of what the line misses from article to article
    sd_error : spread of what it misses from sentence to sentence within an article
    sd_sentence : spread of ratings from sentence to sentence that the spread of tone leaves out,
        ``sqrt(variance of ratings - variance of tone)`` within articles: to be added where tone's
        own variance over units is counted already
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


@dataclass(frozen=True)
class Calibration:
    """All lines, and what they rest on.

    Attributes
    ----------
    parts : the lexicons of the combination, in equal weights
    articles, sentences : what the lines were fitted on
    lines : by column, and by whether names are masked
    """

    parts: tuple[str, ...]
    articles: int
    sentences: int
    lines: Mapping[tuple[str, bool], Line]

    def knows(self, column: str, *, masked: bool) -> bool:
        """Tell whether there is a line for a scorer, or for the combination."""
        return (column, masked) in self.lines

    def line(self, column: str, *, masked: bool) -> Line:
        """Return the line of a scorer, or of the combination."""
        if (column, masked) not in self.lines:
            choices = ", ".join(dict.fromkeys(repr(name) for name, _ in self.lines))
            raise InputError(f"No calibration is known for {column!r}: choose one of {choices}.")
        return self.lines[column, masked]

    def scale(
        self, column: str, *, masked: bool, calibrated: bool
    ) -> tuple[float, dict[str, float]]:
        """Return base and slopes of one kind of score (see the function ``scale``)."""
        if column != COMBINED and not calibrated:
            return 0.0, {column: 1.0}
        own = self.line(column, masked=masked)
        parts = self.parts if column == COMBINED else (column,)
        lines = [self.line(part, masked=masked) for part in parts]
        base = -sum(line.mean / line.sd for line in lines) / len(lines)
        slopes = {line.column: 1 / line.sd / len(lines) for line in lines}
        if not calibrated:
            return base, slopes
        return own.intercept + own.slope * base, {c: own.slope * s for c, s in slopes.items()}

    def tone(
        self,
        scores: Mapping[str, Any] | pd.DataFrame,
        column: str,
        *,
        masked: bool,
        calibrated: bool = True,
    ) -> Floats:
        """Return one kind of score of each sentence (see the function ``calibrate``)."""
        base, slopes = self.scale(column, masked=masked, calibrated=calibrated)
        missing = [part for part in slopes if part not in scores]
        if missing:
            raise InputError(f"{column!r} needs the scores of {missing[0]!r}: give them too.")
        shares = [slope * np.asarray(scores[part], dtype=float) for part, slope in slopes.items()]
        tones: Floats = base + np.sum(shares, axis=0)
        return tones


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
    ('vader', 'afinn', 'opinion')
    """
    content = read_toml(Path(path), REFIT)
    try:
        rows: list[dict[str, Any]] = content["line"]
        parts, articles, sentences = (content[key] for key in ("parts", "articles", "sentences"))
    except KeyError as error:
        raise InputError(f"{path} lacks {error.args[0]!r}; {REFIT}.") from None
    lines = [_line(row, f"{path}, line {place}") for place, row in enumerate(rows, start=1)]
    known = {(line.column, line.masked): line for line in lines}
    missing = {(part, masked) for part in (*parts, COMBINED) for masked in (True, False)} - set(
        known
    )
    if missing or not parts:
        names = ", ".join(sorted({repr(part) for part, _ in missing})) or "any part"
        raise InputError(f"{path} has no line, masked and not, for {names}; {REFIT}.")
    return Calibration(tuple(parts), int(articles), int(sentences), known)


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
    for line in load_calibration().lines.values():
        if line.sha256 != sums.get(line.column, line.sha256):
            raise InputError(
                f"The word list of {line.column!r} is not the one that tone was calibrated with "
                f"(its sha256 begins {sums[line.column][:8]}, not {line.sha256[:8]}): restore the "
                "list, or fit again: python -m benchmarks.tone --fit."
            )


def scale(column: str, *, masked: bool, calibrated: bool) -> tuple[float, dict[str, float]]:
    r"""Return base and slopes of one kind of score: ``base + Σ slope · raw score``.

    Every kind of score is linear in the raw scores of lexicons, and these are sums over words: so a
    word's share of any of them is its share of the raw score times the slope.

    Parameters
    ----------
    column : a lexicon, or "combined": ``z = Σ (score - mean) / sd / L`` over its L lexicons
    masked : whether names are masked before scoring
    calibrated : in raters' units (-4 to 4), ``intercept + slope · z``, or as the engine has it

    Returns
    -------
    base : the score of a text without scored words
    slopes : by the column of the lexicon that they belong to

    Examples
    --------
    >>> scale("afinn", masked=True, calibrated=False)
    (0.0, {'afinn': 1.0})
    """
    return load_calibration().scale(column, masked=masked, calibrated=calibrated)


def calibrate(
    scores: Mapping[str, Any] | pd.DataFrame, column: str, *, masked: bool, calibrated: bool = True
) -> Floats:
    """Return one kind of score of each sentence from the raw scores of lexicons.

    Parameters
    ----------
    scores : raw scores of sentences, by the column of their lexicon; others are ignored
    column, masked, calibrated : which kind, as in ``scale``

    Returns
    -------
    sentences; NaN where a score is NaN

    Raises
    ------
    InputError
        There is no such column in the calibration, or one of its lexicons is not in the scores.
    """
    return load_calibration().tone(scores, column, masked=masked, calibrated=calibrated)


def model_variance(sentences: Sequence[float] | Floats, column: str, *, masked: bool) -> float:
    r"""Return what the mean human tone of a group of documents varies beyond the calibrated one.

    ``sd_article² · Σ (nᵢ / N)² + sd_sentence² / N``: what the line misses about a whole document,
    and how much more single ratings spread than single tones. Added to the variance of tone over
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
    share = n / n.sum()
    return float(line.sd_article**2 * (share**2).sum() + line.sd_sentence**2 / n.sum())


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


def rater_variance(sentences: Sequence[Sequence[ScoredWord]], weights: Floats) -> float:
    r"""Return the variance that the choice of raters gives to a weighted sum of VADER's scores.

    A word's share p of a sentence's score c answers to a small change δ of its valence v with
    ``p (1 - c²) δ / v`` (the rules' multiples of v, through the slope of VADER's squeeze). Words
    have raters of their own, so the variances of their effects add up over words; within a word
    the effects on all its sentences do.

    Parameters
    ----------
    sentences : the scored words of each
    weights : of each sentence in the sum; for a contrast ``1 / n`` in the target, ``-1 / n`` in the
        reference
    """
    valences, variances = vader().valences, rating_variances()
    effects: defaultdict[str, float] = defaultdict(float)
    for words, weight in zip(sentences, weights, strict=True):
        slope = 1 - sum(word.score for word in words) ** 2
        for word in words:
            effects[word.word] += weight * word.score * slope / valences[word.word]
    return sum(effect**2 * variances[word] for word, effect in effects.items())


def _line(row: dict[str, Any], where: str) -> Line:
    wrong = [key for key in _LISTED if not isinstance(row.get(key), _LISTED[key])]
    if wrong:
        raise InputError(f"{where}: {wrong[0]!r} is missing or of the wrong kind; {REFIT}.")
    line = Line(**{key: row[key] for key in _LISTED})
    finite = all(np.isfinite(row[key]) for key in _NUMBERS)
    if not finite or line.sd <= 0 or min(line.sd_article, line.sd_error, line.sd_sentence) < 0:
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
        tone has another sign than their rating; ``covered``, pairs of articles whose rated
        difference the 95 % interval holds. NaN where not measured.

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


def _checked(own: pd.DataFrame) -> dict[str, float]:
    agreement, pairs = (own[own["part"] == part] for part in ("agreement", "pairs, sentences"))
    return {
        "r_sentence": _measured(agreement, "sentence", "r"),
        "r_article": _measured(agreement, "article", "r"),
        "bias": _measured(agreement, "sentence", "bias"),
        "wrong": _measured(agreement, "article", "wrong sign"),
        "covered": _measured(pairs, "article", "covered"),
    }


def _measured(rows: pd.DataFrame, level: str, measure: str) -> float:
    found = rows.loc[(rows["level"] == level) & (rows["measure"] == measure), "value"]
    return float(found.iloc[0]) if len(found) else float("nan")
