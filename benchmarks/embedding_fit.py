"""The fit of tone by a sentence model: ridge regression, its penalty chosen within what it sees."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.tone.calibration import Line, bend
from analysis.tone.embedding import COLUMN, READ, WIDTH, Judge
from benchmarks.tone_fit import (
    LEARNT,
    LISTS,
    Flags,
    Floats,
    Ints,
    Weights,
    Words,
    fit_score,
    held_out_linear,
    learn_weights,
)

PENALTIES = (0.8, 1.6, 3.2)
SHARE = 0.2  # of the transparent tone in what is expected: it errs otherwise


@dataclass(frozen=True)
class Ridge:
    """Ridge regression of ratings on embeddings and lists, beside the transparent tone.

    Attributes
    ----------
    embeddings : sentences × dimensions
    scores : raw scores of lists, by whether names are masked
    words : word families
    rating, article : of each sentence
    subject : of each article, several times
    """

    embeddings: Floats
    scores: dict[bool, pd.DataFrame]
    words: Words
    rating: Floats
    article: Ints
    subject: Ints

    def scales(self, rows: Flags) -> tuple[Floats, Floats]:
        """Return the mean of each feature, and what it is divided by: alike within a layer."""
        x = self.embeddings[rows]
        mean = x.mean(axis=0)
        layers = np.split((x - mean) ** 2, len(READ), axis=1)
        sizes = [np.sqrt(len(READ) * layer.sum(axis=1).mean()) for layer in layers]
        lists = self.scores[True].loc[rows, list(LISTS)]
        means = np.concatenate([mean, lists.mean()])
        return means, np.concatenate([np.repeat(sizes, WIDTH), lists.std(ddof=0)])

    def fit(self, rows: Flags) -> tuple[float, float, Floats, Weights, Line]:
        """Return penalty, intercept, weights of raw features, word weights, and the line.

        Penalty and line are found on what is expected of each article without it.

        Parameters
        ----------
        rows : True where a sentence is used; articles are whole
        """
        y, article = self.rating[rows], self.article[rows]
        mean, scale = self.scales(rows)
        x, level = (self._features()[rows] - mean) / scale, y.mean()
        values, vectors = np.linalg.eigh(x.T @ x)
        turned = x @ vectors
        errors = [_left_out(turned, values + p, y - level, article) for p in PENALTIES]
        best = int(np.argmin([(error**2).mean() for error in errors]))
        weight = vectors @ (turned.T @ (y - level) / (values + PENALTIES[best])) / scale
        tables = {masked: table[rows] for masked, table in self.scores.items()}
        words = self.words.rows(rows)
        beside = held_out_linear(tables, words, y, article)[True]
        expected = (1 - SHARE) * (y - errors[best]) + SHARE * beside
        places = np.isin(np.unique(self.article), article)
        line = fit_score(
            COLUMN, expected, y, article, self.subject[:, places], masked=False, sha256=""
        )
        known = learn_weights(tables[True], words.masked, y)
        return PENALTIES[best], float(level - mean @ weight), weight, known, line

    def tone(self, rows: Flags) -> tuple[Floats, Line]:
        """Return calibrated tone of all sentences, learnt from those of some articles."""
        _, intercept, weight, known, line = self.fit(rows)
        read = intercept + self._features() @ weight
        beside = known.linear(self.scores[True], self.words.masked)
        expected = (1 - SHARE) * read + SHARE * beside
        return bend(line.intercept + line.slope * (expected - line.mean) / line.sd), line

    def judge(self, *, model: str, sha256: str) -> tuple[Judge, Line]:
        """Fit on all articles; the weights of scorers are for raw scores."""
        penalty, intercept, weight, known, line = self.fit(np.full(len(self.rating), True))
        own = (1 - SHARE) * weight
        size = self.embeddings.shape[1]
        named = {
            column: float(value + SHARE * known.lists[column])
            for column, value in zip(LISTS, own[size:], strict=True)
        }
        named[LEARNT] = SHARE
        return Judge(model, sha256, penalty, (1 - SHARE) * intercept, own[:size], named), line

    def _features(self) -> Floats:
        return np.column_stack([self.embeddings, self.scores[True][list(LISTS)]])


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
