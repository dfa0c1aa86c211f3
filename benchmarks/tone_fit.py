"""The fit of calibrated tone to human ratings, and the parts of what it misses."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.tone.calibration import COMBINED, Calibration, Line
from analysis.tone.masking import mask
from analysis.tone.scoring import scorers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
PARTS = ("vader", "afinn", "opinion")  # Pattern's adjectives alone agree with raters far less
PUBLISHED = {"r": 0.492, "precision": 0.69, "recall": 0.49, "f1": 0.55}
FOLDS = 10


def raw_scores(texts: Iterable[str], *, masked: bool) -> pd.DataFrame:
    """Return the raw score of each sentence by each lexicon, a column a lexicon, rounded alike."""
    read = [mask(text) if masked else text for text in texts]
    return pd.DataFrame({own.column: own.scores(read) for own in scorers()})


def published_row(score: Floats, rating: Floats) -> dict[str, float]:
    """Return what Hutto & Gilbert 2014 print for VADER on the editorials.

    Classes are signs: positive, zero, negative. Precision, recall and F1 of the three are averaged
    by how many sentences raters put into each.
    """
    found, true = np.sign(score), np.sign(rating)
    shares, classes = [], []
    for sign in (-1, 0, 1):
        hits = ((found == sign) & (true == sign)).sum()
        precision = hits / max((found == sign).sum(), 1)
        recall = hits / max((true == sign).sum(), 1)
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        shares.append((true == sign).mean())
        classes.append((precision, recall, f1))
    precision, recall, f1 = np.average(classes, axis=0, weights=shares)
    r = np.corrcoef(score, rating)[0, 1]
    return {"r": float(r), "precision": precision, "recall": recall, "f1": f1}


def check_published(row: Mapping[str, float]) -> None:
    """Stop unless the row is the published one: r within .002, the others to two digits."""
    wrong = [
        key
        for key, value in PUBLISHED.items()
        if abs(row[key] - value) > (0.002 if key == "r" else 0.005)
    ]
    if wrong:
        got = ", ".join(f"{key} {row[key]:.3f} (published: {PUBLISHED[key]})" for key in wrong)
        raise InputError(
            f"The published row of VADER is not reproduced: {got}. Nothing below can be believed; "
            "find out whether the engine or the ratings have changed."
        )


def by_article(values: Floats, article: Ints) -> Floats:
    """Return the mean of each article's sentences, articles in order of their number."""
    means: Floats = pd.Series(values).groupby(article).mean().to_numpy()
    return means


def folds(groups: Ints, *, count: int = FOLDS, seed: int = 0) -> Ints:
    """Return the fold of each row: groups are dealt out at random, and never split."""
    names, place = np.unique(groups, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(names)) % count
    return dealt[place]


def fit_line(score: Floats, rating: Floats, article: Ints) -> tuple[float, float]:
    """Return intercept and slope by least squares on articles' means, weighted by sentences.

    Fitted on single sentences, the slope is too flat for whole texts: a sentence's score is a noisy
    measure, and noise in the score flattens a regression (attenuation); means hold less of it.
    """
    x, y = by_article(score, article), by_article(rating, article)
    n = np.unique(article, return_counts=True)[1].astype(float)
    x_mean, y_mean = np.average(x, weights=n), np.average(y, weights=n)
    slope = (n * (x - x_mean) * (y - y_mean)).sum() / (n * (x - x_mean) ** 2).sum()
    return float(y_mean - slope * x_mean), float(slope)


def spreads(error: Floats, article: Ints) -> tuple[float, float]:
    """Return the standard deviations of an error between articles and between their sentences.

    One-way random effects by the method of moments (Searle, Casella & McCulloch 1992, Variance
    Components, ch. 3). The noise of twenty raters' mean is part of the latter.
    """
    groups = pd.Series(error).groupby(article)
    n, mean = groups.size().to_numpy(dtype=float), groups.mean().to_numpy()
    k, total = len(n), n.sum()
    within = ((error - groups.transform("mean").to_numpy()) ** 2).sum() / (total - k)
    between = (n * (mean - error.mean()) ** 2).sum() / (k - 1)
    size = (total - (n**2).sum() / total) / (k - 1)
    return float(np.sqrt(max(between - within, 0) / size)), float(np.sqrt(within))


def fit_score(
    column: str, score: Floats, rating: Floats, article: Ints, *, masked: bool, sha256: str
) -> Line:
    """Fit the line of one score."""
    mean, sd = (0.0, 1.0) if column == COMBINED else (float(score.mean()), float(score.std()))
    z = (score - mean) / sd
    intercept, slope = fit_line(z, rating, article)
    tone = intercept + slope * z
    sd_article, sd_error = spreads(rating - tone, article)
    beyond = spreads(rating, article)[1] ** 2 - spreads(tone, article)[1] ** 2
    sd_sentence = float(np.sqrt(max(beyond, 0)))
    numbers = (mean, sd, intercept, slope, sd_article, sd_error, sd_sentence)
    return Line(column, masked, sha256, *numbers)


def fit(tables: Mapping[bool, pd.DataFrame], rating: Floats, article: Ints) -> Calibration:
    """Fit all lines.

    Parameters
    ----------
    tables : raw scores of the sentences, by whether names were masked
    rating, article : of each sentence
    """
    sums = {own.column: own.sha256 for own in scorers()}
    lines = {}
    for masked, scores in tables.items():
        for column in scores:
            lines[column, masked] = fit_score(
                column,
                scores[column].to_numpy(),
                rating,
                article,
                masked=masked,
                sha256=sums[column],
            )
        standard = [
            (scores[part] - lines[part, masked].mean) / lines[part, masked].sd for part in PARTS
        ]
        combined = np.mean(standard, axis=0)
        lines[COMBINED, masked] = fit_score(
            COMBINED, combined, rating, article, masked=masked, sha256=""
        )
    return Calibration(PARTS, len(np.unique(article)), len(rating), lines)
