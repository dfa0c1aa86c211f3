"""What the calibration of tone rests on, as the benchmark has measured it."""

from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.report.prose import Prose
from analysis.report.tables import Shown, number, show
from analysis.report.tone_text import listing, percent, row_of, signed
from analysis.resources import resource
from analysis.tone import scorer
from analysis.tone.calibration import COMBINED, load_calibration

FILE = resource("tone_checks.csv")
NAIVE = "VADER, not calibrated"
PAIRS = "pairs, sentences"
NAMES = {
    (COMBINED, False): "combined, calibrated",
    (COMBINED, True): "combined, names masked, calibrated",
    ("embedding", False): "with an embedding (optional)",
}
HEADINGS = {
    "r_sentence": "r, sentences",
    "r_article": "r, articles",
    "bias": "too high by",
    "wrong": "articles of wrong sign",
    "covered": "intervals that hold",
}


def calibration_checks(path: str | Path = FILE) -> pd.DataFrame:
    """Return how tone agrees with human raters on articles that it was not fitted on.

    Parameters
    ----------
    path : the table that ``python -m benchmarks.tone`` writes

    Returns
    -------
    DataFrame
        One row a score: ``score``; ``r_sentence, r_article``; ``bias``, mean tone minus mean
        rating; ``wrong``, articles whose tone has another sign than their rating; ``covered``,
        pairs of articles whose rated difference the 95 % interval holds. NaN where not measured.

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
    masked = table["masked"].astype(str) == "True"
    table["score"] = [
        NAMES.get((score, flag), score if not flag else "")
        for score, flag in zip(table["score"], masked, strict=True)
    ]
    rows = [_checks(table[table["score"] == score], score) for score in _order(table)]
    return pd.DataFrame(rows)


def calibration_table(checks: pd.DataFrame) -> Shown:
    """Show how well each way of scoring agrees with human raters."""
    shown = checks.assign(
        **{column: [number(x) for x in checks[column]] for column in ("r_sentence", "r_article")},
        bias=[number(x) for x in checks["bias"]],
        wrong=[percent(x) if x == x else "–" for x in checks["wrong"]],
        covered=[percent(x, 1) if x == x else "–" for x in checks["covered"]],
    )
    return show(shown, columns={"score": "score", **HEADINGS}, right=list(HEADINGS))


def calibration_finding(checks: pd.DataFrame) -> Prose:
    """Say what calibration rests on, and what it mends."""
    known = load_calibration()
    naive, own = (row_of(checks, "score", name) for name in (NAIVE, NAMES[COMBINED, True]))
    line = known.line(COMBINED, masked=True)
    return Prose(
        f"Fitted on {known.sentences:,} sentences of {known.articles} editorials, and judged on "
        f"articles that were left out of the fit, the combination of {_parts()} agrees with "
        f"raters at r = {number(own['r_sentence'])} by sentence and {number(own['r_article'])} by "
        f"article (VADER alone: {number(naive['r_sentence'])} and {number(naive['r_article'])}). "
        f"VADER's own scores, taken as ratings, are off by {signed(naive['bias'])} on average; "
        f"calibrated, the combination is off by {signed(own['bias'])}. For the difference of two "
        "articles, 95 % intervals of the naive kind hold the rated difference in "
        f"{percent(naive['covered'])} of pairs, those used here in {percent(own['covered'])}. What "
        "calibration misses about one whole article has a standard deviation of "
        f"{number(line.sd_article)}, which no "
        "number of sentences makes smaller."
    )


def _parts() -> str:
    return listing([scorer(column).name for column in load_calibration().parts])


def _order(table: pd.DataFrame) -> list[str]:
    """Return the scores to show: naive, calibrated, with an embedding, one rater."""
    there = set(table["score"])
    rater = [score for score in there if score.startswith("one rater")]
    return [score for score in (NAIVE, *NAMES.values(), *rater) if score in there]


def _checks(own: pd.DataFrame, score: str) -> dict[str, object]:
    agreement = own[own["part"] == "agreement"]
    return {
        "score": score,
        "r_sentence": _value(agreement, "sentence", "r"),
        "r_article": _value(agreement, "article", "r"),
        "bias": _value(agreement, "sentence", "bias"),
        "wrong": _value(agreement, "article", "wrong sign"),
        "covered": _value(own[own["part"] == PAIRS], "article", "covered"),
    }


def _value(rows: pd.DataFrame, level: str, measure: str) -> float:
    found = rows.loc[(rows["level"] == level) & (rows["measure"] == measure), "value"]
    return float(found.iloc[0]) if len(found) else float("nan")
