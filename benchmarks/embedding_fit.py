"""The fit of tone by embedding: ridge regression, its penalty chosen within what it learns from."""

import numpy as np
import pandas as pd

from analysis.tone.calibration import Line
from analysis.tone.embedding import COLUMN, Judge
from benchmarks.tone_fit import Flags, Floats, Ints, fit_score

PENALTIES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class Ridge:
    """Ridge regression of ratings, its penalty chosen by leaving out one article at a time.

    Parameters
    ----------
    features : sentences × k
    rating, article : of each sentence
    """

    def __init__(self, features: Floats, rating: Floats, article: Ints) -> None:
        self.features, self.rating, self.article = features, rating, article

    def fit(self, rows: Flags) -> tuple[float, float, Floats, Line]:
        """Return penalty, intercept, weights, and the line from expected to given ratings.

        Penalty and line are found on what is expected of each article without it.

        Parameters
        ----------
        rows : True where a sentence is used; articles are whole
        """
        x, y, article = self.features[rows], self.rating[rows], self.article[rows]
        mean, level = x.mean(axis=0), y.mean()
        values, vectors = np.linalg.eigh((x - mean).T @ (x - mean))
        turned = (x - mean) @ vectors
        errors = [_left_out(turned, values + p, y - level, article) for p in PENALTIES]
        best = int(np.argmin([(error**2).mean() for error in errors]))
        penalty, expected = PENALTIES[best], y - errors[best]
        weight = vectors @ (turned.T @ (y - level) / (values + penalty))
        line = fit_score(COLUMN, expected, y, article, masked=False, sha256="")
        return penalty, float(level - mean @ weight), weight, line

    def tone(self, rows: Flags) -> tuple[Floats, Line]:
        """Return calibrated tone of all sentences, learnt from those of some articles."""
        _, intercept, weight, line = self.fit(rows)
        expected = intercept + self.features @ weight
        return line.intercept + line.slope * (expected - line.mean) / line.sd, line


def _left_out(turned: Floats, penalised: Floats, centred: Floats, article: Ints) -> Floats:
    """Return the error of what is expected of each sentence by all articles but its own.

    ``(I - H)⁻¹ e`` on the article's sentences, H the block of the hat matrix and e the residuals:
    exact, without fitting again (Cook & Weisberg 1982, Residuals and Influence, ch. 3).
    """
    residual = centred - turned @ (turned.T @ centred / penalised)
    left_out = np.empty_like(residual)
    for rows in pd.Series(article).groupby(article).indices.values():
        hat = turned[rows] / penalised @ turned[rows].T + 1 / len(article)
        left_out[rows] = np.linalg.solve(np.eye(len(rows)) - hat, residual[rows])
    return left_out


def features(embeddings: Floats, scores: pd.DataFrame) -> Floats:
    """Return embeddings beside standardised lexicon scores."""
    return np.column_stack([embeddings, (scores - scores.mean()) / scores.std(ddof=0)])


def fit_judge(
    embeddings: Floats,
    scores: pd.DataFrame,
    rating: Floats,
    article: Ints,
    *,
    model: str,
    sha256: str,
) -> tuple[Judge, Line]:
    """Fit on all articles; the weights of lexicons are for raw scores."""
    ridge = Ridge(features(embeddings, scores), rating, article)
    penalty, intercept, weight, line = ridge.fit(np.full(len(rating), True))
    size = embeddings.shape[1]
    raw = weight[size:] / scores.std(ddof=0).to_numpy()
    intercept -= float(raw @ scores.mean())
    named = dict(zip(scores.columns, raw.tolist(), strict=True))
    return Judge(model, sha256, penalty, intercept, weight[:size], named), line
