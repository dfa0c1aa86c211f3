"""The fit of tone by a sentence model: kernel ridge regression by Nyström's approximation.

Its penalty is chosen within what it sees, each article judged without it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans

from analysis.tone.calibration import Line, bend
from analysis.tone.embedding import COLUMN, READ, WIDTH, Judge, likeness
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

PENALTIES = (0.4, 0.8, 1.6)
LANDMARKS, ROUNDS = 256, 3  # means of alike sentences, and rounds in which they are found
STRAIGHT = 0.3  # of embeddings themselves beside likeness
SMALL = 1e-5  # directions of likeness that rounding makes
SHARE = 0.2  # of the transparent tone in what is expected: it errs otherwise


@dataclass(frozen=True)
class Features:
    """What ridge regression is given of a sentence: likeness to landmarks, embedding, lists.

    Likeness is turned so that ridge regression on it is kernel ridge regression, as far as the
    landmarks reach (Williams & Seeger 2001).

    Attributes
    ----------
    centre, spread : of the embedding's dimensions; layers weigh alike
    landmarks : means of alike sentences, in the units of ``spread``, as they are stored
    turn : landmarks × directions
    deviations : of the lists' scores
    """

    centre: Floats
    spread: Floats
    landmarks: Floats
    turn: Floats
    deviations: Floats

    @classmethod
    def of(cls, embeddings: Floats, lists: Floats) -> "Features":
        """Find them in some sentences."""
        centre = embeddings.mean(axis=0).astype(np.float32).astype(float)
        layers = np.split((embeddings - centre) ** 2, len(READ), axis=1)
        sizes = [np.sqrt(len(READ) * layer.sum(axis=1).mean()) for layer in layers]
        spread = np.repeat(sizes, WIDTH).astype(np.float32).astype(float)
        x = ((embeddings - centre) / spread).astype(np.float32)
        found = KMeans(LANDMARKS, n_init=1, max_iter=ROUNDS, random_state=0).fit(x)
        landmarks = found.cluster_centers_.astype(np.float16).astype(float)
        values, vectors = np.linalg.eigh(likeness(landmarks, landmarks))
        kept = values > SMALL
        turn = vectors[:, kept] / np.sqrt(values[kept])
        return cls(centre, spread, landmarks, turn, lists.std(axis=0))

    def table(self, embeddings: Floats, lists: Floats) -> Floats:
        """Return the features of sentences."""
        x = (embeddings - self.centre) / self.spread
        alike = likeness(x, self.landmarks) @ self.turn
        return np.column_stack([alike, STRAIGHT**0.5 * x, lists / self.deviations])


@dataclass(frozen=True)
class Reading:
    """What ridge regression expects: intercept and weights of features."""

    features: Features
    intercept: float
    weights: Floats

    def of(self, embeddings: Floats, lists: Floats) -> Floats:
        """Return what is expected of sentences."""
        expected: Floats = self.intercept + self.features.table(embeddings, lists) @ self.weights
        return expected

    def judge(self, known: Weights, penalty: float, model: str, sha256: str) -> Judge:
        """Return it beside the transparent tone, its weights for raw embeddings and scores."""
        made, share = self.features, 1 - SHARE
        cuts = [made.turn.shape[1], made.turn.shape[1] + len(made.centre)]
        alike, straight, lists = np.split(self.weights, cuts)
        weights = share * STRAIGHT**0.5 * straight / made.spread
        own = share * lists / made.deviations
        named = {
            column: float(value + SHARE * known.lists[column])
            for column, value in zip(LISTS, own, strict=True)
        }
        return Judge(
            model=model,
            sha256=sha256,
            penalty=penalty,
            intercept=float(share * self.intercept - made.centre @ weights),
            weights=weights,
            centre=made.centre,
            spread=made.spread,
            landmarks=made.landmarks,
            near=share * (made.turn @ alike),
            lexicons=named | {LEARNT: SHARE},
        )


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

    def fit(self, rows: Flags) -> tuple[float, Reading, Weights, Line]:
        """Return penalty, what is read, word weights, and the line.

        Penalty and line are found on what is expected of each article without it.

        Parameters
        ----------
        rows : True where a sentence is used; articles are whole
        """
        y, article = self.rating[rows], self.article[rows]
        made = Features.of(self.embeddings[rows], self._lists()[rows])
        x = made.table(self.embeddings[rows], self._lists()[rows])
        mean, level = x.mean(axis=0), y.mean()
        x -= mean
        values, vectors = np.linalg.eigh(x.T @ x)
        turned = x @ vectors
        errors = [_left_out(turned, values + p, y - level, article) for p in PENALTIES]
        best = int(np.argmin([(error**2).mean() for error in errors]))
        weight = vectors @ (turned.T @ (y - level) / (values + PENALTIES[best]))
        tables = {masked: table[rows] for masked, table in self.scores.items()}
        words = self.words.rows(rows)
        beside = held_out_linear(tables, words, y, article)[True]
        expected = (1 - SHARE) * (y - errors[best]) + SHARE * beside
        places = np.isin(np.unique(self.article), article)
        line = fit_score(
            COLUMN, expected, y, article, self.subject[:, places], masked=False, sha256=""
        )
        known = learn_weights(tables[True], words.masked, y)
        read = Reading(made, float(level - mean @ weight), weight)
        return PENALTIES[best], read, known, line

    def tone(self, rows: Flags) -> tuple[Floats, Line]:
        """Return calibrated tone of all sentences, learnt from those of some articles."""
        _, reading, known, line = self.fit(rows)
        read = reading.of(self.embeddings, self._lists())
        beside = known.linear(self.scores[True], self.words.masked)
        expected = (1 - SHARE) * read + SHARE * beside
        return bend(line.intercept + line.slope * (expected - line.mean) / line.sd), line

    def judge(self, *, model: str, sha256: str) -> tuple[Judge, Line]:
        """Fit on all articles; the weights of scorers are for raw scores."""
        penalty, reading, known, line = self.fit(np.full(len(self.rating), True))
        return reading.judge(known, penalty, model, sha256), line

    def _lists(self) -> Floats:
        table: Floats = self.scores[True][list(LISTS)].to_numpy()
        return table


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
