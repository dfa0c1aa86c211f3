"""The rated editorials, every kind of tone on them, and how the two agree."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import half_width, rate_and_error
from analysis.text import tokenize
from analysis.text.units import UNIT_TOKENS, _nearest
from analysis.tone import embedding
from analysis.tone.calibration import Line, line_variance
from benchmarks.embedding_fit import Ridge, features
from benchmarks.ratings import rated
from benchmarks.tone_fit import FOLDS, PARTS, Floats, Ints, by_article, fit, folds, raw_scores

RAW, ALONE = "VADER, not calibrated", "embedding alone"
FREE, UNSCORED = "combined, free weights", "combined, a term for unscored sentences"
Kind = tuple[str, bool]
Tones = dict[Kind, tuple[Floats, Line]]
SAME = "these sentences"


@dataclass(frozen=True)
class Material:
    """The rated editorials, scored.

    Attributes
    ----------
    texts, rating, article, fold : of each sentence
    scores : raw scores, by whether names are masked
    embeddings : of the sentences, or None where the encoder is not installed
    """

    texts: list[str]
    rating: Floats
    article: Ints
    fold: Ints
    scores: dict[bool, pd.DataFrame]
    embeddings: Floats | None

    @cached_property
    def units(self) -> dict[str, list[tuple[Ints, Ints]]]:
        """For each article, its sentences and where its units begin, by what a unit is."""
        words = np.array([len(tokenize(text)) for text in self.texts])
        rows = [np.flatnonzero(self.article == name) for name in np.unique(self.article)]
        runs = [np.array([0, *_nearest(words[own], UNIT_TOKENS)]) for own in rows]
        return {
            f"runs of {UNIT_TOKENS} words": list(zip(rows, runs, strict=True)),
            "sentences": [(own, np.arange(len(own))) for own in rows],
        }

    @cached_property
    def ridge(self) -> Ridge | None:
        """Embedding and lexicons together."""
        if self.embeddings is None:
            return None
        return Ridge(features(self.embeddings, self.scores[True]), self.rating, self.article)

    def tones(self, used: list[int]) -> Tones:
        """Return calibrated tone of all sentences by every score, learnt from some folds."""
        rows = np.isin(self.fold, used)
        known = {masked: table[rows] for masked, table in self.scores.items()}
        learnt = fit(known, self.rating[rows], self.article[rows])
        found = {
            (column, masked): (learnt.tone(self.scores[masked], column, masked=masked), line)
            for (column, masked), line in learnt.lines.items()
        }
        if self.ridge:
            found[embedding.COLUMN, False] = self.ridge.tone(rows)
        return found


def load(*, seed: int = 0) -> Material:
    """Fetch, score and deal out the editorials."""
    table = rated()
    texts, article = list(table["text"]), table["article"].to_numpy()
    scores = {masked: raw_scores(texts, masked=masked) for masked in (True, False)}
    try:
        vectors = embedding.encode(texts)
    except InputError as reason:
        print(f"Without tone by embedding: {reason}")
        vectors = None
    fold = folds(article, seed=seed)
    return Material(texts, table["rating"].to_numpy(), article, fold, scores, vectors)


def held_out(material: Material) -> dict[Kind, Floats]:
    """Return the tone of each sentence, learnt from the folds that hold none of its article."""
    found: dict[Kind, Floats] = {}
    for k in range(FOLDS):
        own = material.fold == k
        for kind, (tone, _) in material.tones([j for j in range(FOLDS) if j != k]).items():
            found.setdefault(kind, np.empty(len(own)))[own] = tone[own]
    return found


def held_out_alone(material: Material, fold: Ints) -> Floats:
    """Return the same by embedding alone, for any folds."""
    ridge = Ridge(material.embeddings, material.rating, material.article)
    found = np.empty(len(fold))
    for k in range(FOLDS):
        found[fold == k] = ridge.tone(fold != k)[0][fold == k]
    return found


def alternatives(material: Material) -> dict[str, Floats]:
    """Return what was considered and left out, held out likewise: least squares on sentences.

    Free weights of the three lists, and a term of its own for sentences without a scored word.
    """
    parts = material.scores[True][list(PARTS)].to_numpy()
    equal = (parts / parts.std(axis=0)).sum(axis=1)
    unscored = (parts == 0).all(axis=1)
    designs = {FREE: parts, UNSCORED: np.column_stack([equal, unscored])}
    found = {}
    for name, columns in designs.items():
        design = np.column_stack([columns, np.ones(len(columns))])
        found[name] = np.empty(len(design))
        for k in range(FOLDS):
            own = material.fold == k
            weights = np.linalg.lstsq(design[~own], material.rating[~own])[0]
            found[name][own] = design[own] @ weights
    return found


def agreement(tone: Floats, rating: Floats, article: Ints) -> dict[tuple[str, str], float]:
    """Return how tone and ratings agree, by (level, measure)."""
    found: dict[tuple[str, str], float] = {}
    pairs = {
        "sentence": (tone, rating),
        "article": (by_article(tone, article), by_article(rating, article)),
    }
    for level, (x, y) in pairs.items():
        found[level, "r"] = np.corrcoef(x, y)[0, 1]
        found[level, "bias"] = (x - y).mean()
        found[level, "mean absolute error"] = np.abs(x - y).mean()
        found[level, "slope of rating on tone"] = np.polyfit(x, y, 1)[0]
    x, y = pairs["article"]
    found["article", "wrong sign"] = (np.sign(x) != np.sign(y)).mean()
    found["article", "positive where raters are negative"] = ((x > 0) & (y < 0)).mean()
    return found


def unit_variances(cuts: list[tuple[Ints, Ints]], tones: list[Floats]) -> tuple[Floats, Ints]:
    """Return cluster-robust variances, articles × tones, and each article's number of units."""
    columns, found = np.column_stack(tones), []
    for rows, starts in cuts:
        sums = np.add.reduceat(columns[rows], starts, axis=0)
        sizes = np.diff([*starts, len(rows)]).astype(float)
        if len(starts) == 1:
            found.append(np.full(columns.shape[1], np.nan))
        else:
            found.append(rate_and_error(sums, sizes, np.ones((1, len(starts))))[1][0] ** 2)
    return np.array(found), np.array([len(starts) for _, starts in cuts])


def intervals(material: Material) -> pd.DataFrame:
    """Return how often, and how widely, intervals cover the difference that raters found.

    Every pair of articles is judged by lines fitted without the folds of either.

    Returns
    -------
    DataFrame
        One row a score and kind of interval: ``score, masked, interval, pairs, covered, width``.
    """
    fold = pd.Series(material.fold).groupby(material.article).first().to_numpy()
    rows = []
    for one, two in combinations_with_replacement(range(FOLDS), 2):
        first, second = np.meshgrid(np.flatnonzero(fold == one), np.flatnonzero(fold == two))
        apart = first < second if one == two else np.full(first.shape, True)
        tones = material.tones([k for k in range(FOLDS) if k not in (one, two)])
        rows += list(_pairs(material, tones, first[apart], second[apart]))
    table = pd.DataFrame(rows, columns=["score", "masked", "interval", "n", "pairs", "hits", "sum"])
    sums = table.groupby(["score", "masked", "interval"], sort=False).sum()
    shares = {
        "pairs": sums["pairs"] / sums["n"],
        "covered": sums["hits"] / sums["pairs"],
        "width": sums["sum"] / sums["pairs"],
    }
    return pd.DataFrame(shares).reset_index()


def _pairs(
    material: Material, tones: Tones, first: Ints, second: Ints
) -> Iterator[tuple[str, bool, str, int, int, int, float]]:
    """Yield the counts of one set of pairs."""
    raw = material.scores[False]["vader"].to_numpy()
    human = by_article(material.rating, material.article)
    size = np.unique(material.article, return_counts=True)[1]
    known = np.full(len(size), round(len(size) * (FOLDS - 2) / FOLDS) - 2)
    scored = [*tones.items(), ((RAW, False), (raw, None))]
    cuts = {
        name: unit_variances(cut, [tone for _, (tone, _) in scored])
        for name, cut in material.units.items()
    }
    for place, (kind, (tone, line)) in enumerate(scored):
        miss = human - by_article(tone, material.article)
        error = miss[first] - miss[second]
        parts = {name: [(spread[:, place], units - 1)] for name, (spread, units) in cuts.items()}
        if line:
            model = np.array([line_variance(line, [n]) for n in size])
            parts = {name: [*own, (model, known)] for name, own in parts.items()}
            parts[SAME] = [(line.sd_article**2 + line.sd_error**2 / size, known)]
        for name, own in parts.items():
            yield *kind, name, *_counts(own, error, first, second)


def _counts(
    parts: list[tuple[Floats, Ints]], error: Floats, first: Ints, second: Ints
) -> tuple[int, int, int, float]:
    variances = np.array([v[side] for v, _ in parts for side in (first, second)])
    degrees = np.array([df[side] for _, df in parts for side in (first, second)])
    known = np.isfinite(variances).all(axis=0)
    half = half_width(variances[:, known], degrees[:, known])
    hits = np.abs(error[known]) <= half
    return len(error), int(known.sum()), int(hits.sum()), float(2 * half.sum())
