"""The same contrast of tone, read in many ways: rung by rung, and all beside each other."""

import numpy as np
import pandas as pd

from analysis.text import Corpus
from analysis.tone.calibration import COMBINED, load_calibration
from analysis.tone.scoring import vader

ENDS = ("", "_low", "_high")
LADDER = "step score scale mean_target mean_reference estimate ci_low ci_high".split()
ENGINE, DEVIATIONS, RATERS = "−1 to 1", "standard deviations", "raters' units, −4 to 4"


def reading_name(lexicon: str, masked: bool, calibrated: bool) -> str:
    """Name one way of scoring, as a row of ``all_results(...)["tone"]``.

    >>> reading_name("combined", True, True), reading_name("VADER", False, False)
    ('combined masked calibrated', 'VADER')
    """
    return f"{lexicon}{' masked' if masked else ''}{' calibrated' if calibrated else ''}"


def find_reading(
    contrast: pd.DataFrame, column: str, *, masked: bool, calibrated: bool
) -> pd.Series:
    """Return the row of one way of scoring from the table of ``sentiment``."""
    own = contrast[
        (contrast["column"] == column)
        & (contrast["masked"] == masked)
        & (contrast["calibrated"] == calibrated)
    ]
    return own.iloc[0]


def tone_ladder(contrast: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Return the contrast from the naive number to the honest one, a rung a row.

    Parameters
    ----------
    contrast : as from ``sentiment``
    corpus : the two groups

    Returns
    -------
    DataFrame
        Six rows: ``step``, what is new; ``score, scale``, by what and in which units;
        ``mean_target, mean_reference, estimate``; ``ci_low, ci_high``, the 95 % interval, NaN on
        the first rung (a whole text has no units). The last two rungs share their estimate: the
        interval of the first knows of units alone, that of the second of what calibration may
        miss, too.
    """
    naive = find_reading(contrast, "vader", masked=False, calibrated=False)
    masked = find_reading(contrast, "vader", masked=True, calibrated=False)
    combined = find_reading(contrast, COMBINED, masked=True, calibrated=False)
    honest = contrast.iloc[0]
    rungs = [
        ("whole texts", "VADER", ENGINE, *_whole_texts(corpus), np.nan, np.nan),
        ("sentence by sentence", "VADER", ENGINE, *_numbers(naive, "ci")),
        ("names masked", "VADER", ENGINE, *_numbers(masked, "ci")),
        ("lexicons combined", "combined", DEVIATIONS, *_numbers(combined, "ci")),
        ("calibrated", "combined", RATERS, *_numbers(honest, "units")),
        ("what calibration may miss", "combined", RATERS, *_numbers(honest, "ci")),
    ]
    return pd.DataFrame(rungs, columns=LADDER)


def standardised(contrast: pd.DataFrame) -> pd.DataFrame:
    """Put all ways of scoring on scales that bear comparison.

    Scores as the engines have them are divided by their standard deviation over the rated
    sentences of the calibration; the combination is a mean of scores so divided, and calibrated
    scores share raters' units already.

    Returns
    -------
    DataFrame
        The rows of ``sentiment`` with ``scaled``, and both ends of ``scaled_ci``,
        ``scaled_units`` and ``scaled_rater`` (``_low, _high``); and ``scale``, the units.
    """
    divisors = np.array(
        [
            1.0 if calibrated else load_calibration().line(column, masked=masked).sd
            for column, masked, calibrated in contrast[
                ["column", "masked", "calibrated"]
            ].to_numpy()
        ]
    )
    ends = [f"{name}{end}" for name in ("ci", "units", "rater") for end in ENDS[1:]]
    scaled = contrast[["estimate", *ends]].div(divisors, axis=0)
    names = {"estimate": "scaled", **{end: f"scaled_{end}" for end in ends}}
    units = np.where(contrast["calibrated"], RATERS, DEVIATIONS)
    return contrast.assign(**scaled.rename(columns=names), scale=units)


def _whole_texts(corpus: Corpus) -> tuple[float, float, float]:
    """Return VADER's mean score of whole documents by group, and the difference."""
    scores = {
        group.label: np.mean(
            [
                vader().score(document.edited.text)
                for document in corpus.documents
                if document.group == group.label
            ]
        )
        for group in corpus.groups
    }
    target, reference = (float(scores[group.label]) for group in corpus.groups)
    return target, reference, target - reference


def _numbers(row: pd.Series, interval: str) -> tuple[float, ...]:
    columns = ["mean_target", "mean_reference", "estimate", f"{interval}_low", f"{interval}_high"]
    return tuple(float(row[column]) for column in columns)
