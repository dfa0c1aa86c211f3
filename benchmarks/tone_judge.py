"""The rated editorials, every kind of tone on them, and how the two agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.inference import half_width, rate_and_error
from analysis.text import tokenize
from analysis.text.units import UNIT_TOKENS, _nearest
from analysis.tone import embedding
from analysis.tone.calibration import COMBINED, Line, Scale, bend, for_raters, line_variance
from benchmarks.embedding_fit import SHARE, Reading, Ridge
from benchmarks.ratings import rated
from benchmarks.tone_fit import (
    FOLDS,
    LEARNT,
    LISTS,
    Floats,
    Ints,
    Weights,
    Words,
    by_article,
    count_words,
    fit,
    fit_line,
    folds,
    raw_scores,
    subjects,
)

RAW = "VADER, not calibrated"
LISTS_ALONE, EQUAL = "three lists in equal weights", ("vader", "afinn", "opinion")
Kind = tuple[str, bool]
Tones = dict[Kind, tuple[Floats, Line]]
SAME = "these sentences"


@dataclass(frozen=True)
class Material:
    """The rated editorials, scored.

    Attributes
    ----------
    texts, rating, article, fold : of each sentence
    scores : raw scores of lists, by whether names are masked
    words : word families
    subject : of each article, several times
    embeddings : of the sentences, or None where the encoder is not installed
    """

    texts: list[str]
    rating: Floats
    article: Ints
    fold: Ints
    scores: dict[bool, pd.DataFrame]
    words: Words
    subject: Ints
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
        given = self.rating, self.article, self.subject
        return Ridge(self.embeddings, self.scores, self.words, *given)

    @cached_property
    def held_out(self) -> dict[Kind, Floats]:
        """The tone of each sentence, learnt from the folds that hold none of its article."""
        found: dict[Kind, Floats] = {}
        for k in range(FOLDS):
            own = self.fold == k
            for kind, (tone, _) in self.tones([j for j in range(FOLDS) if j != k]).items():
                found.setdefault(kind, np.empty(len(own)))[own] = tone[own]
        return found

    @cached_property
    def learnt(self) -> list["Learnt"]:
        """What reads tone, learnt without each fold."""
        return [Learnt.without(self, fold) for fold in range(FOLDS)]

    def tones(self, used: list[int]) -> Tones:
        """Return calibrated tone of all sentences by every score, learnt from some folds."""
        rows = np.isin(self.fold, used)
        known = {masked: table[rows] for masked, table in self.scores.items()}
        articles = np.isin(np.unique(self.article), self.article[rows])
        given = self.rating[rows], self.article[rows], self.subject[:, articles]
        learnt = fit(known, self.words.rows(rows), *given)
        found = {}
        for masked, table in self.scores.items():
            sums = self.words.of(masked) @ learnt.weights.words
            raw = table.assign(**{LEARNT: sums})
            for column in (*table, COMBINED):
                units = learnt.calibration.scale(column, masked=masked, calibrated=True)
                line = learnt.calibration.line(column, masked=masked)
                found[column, masked] = units.score(units.linear(raw)), line
        if self.ridge:
            found[embedding.COLUMN, False] = self.ridge.tone(rows)
        return found


@dataclass(frozen=True)
class Learnt:
    """What reads tone, learnt without one fold of the articles."""

    scale: Scale
    words: Weights
    model: tuple[Reading, Weights, Line] | None

    @classmethod
    def without(cls, material: Material, fold: int) -> "Learnt":
        """Learn from the other folds."""
        rows = material.fold != fold
        articles = np.isin(np.unique(material.article), material.article[rows])
        tables = {masked: table[rows] for masked, table in material.scores.items()}
        given = material.rating[rows], material.article[rows], material.subject[:, articles]
        learnt = fit(tables, material.words.rows(rows), *given)
        units = learnt.calibration.scale(COMBINED, masked=True, calibrated=True)
        model = material.ridge.fit(rows)[1:] if material.ridge else None
        return cls(units, learnt.weights, model)

    def tones(
        self, scores: pd.DataFrame, words: sparse.csr_array, vectors: Floats | None
    ) -> Iterator[tuple[str, Floats]]:
        """Yield the tone of texts by the combination and by the sentence model."""
        raw = scores.assign(**{LEARNT: words @ self.words.words})
        yield COMBINED, self.scale.score(self.scale.linear(raw))
        if self.model and vectors is not None:
            reading, known, line = self.model
            read = reading.of(vectors, scores[list(LISTS)].to_numpy())
            expected = (1 - SHARE) * read + SHARE * known.linear(scores, words)
            z = (expected - line.mean) / line.sd
            yield embedding.COLUMN, bend(line.intercept + line.slope * z)


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
    fold, given = folds(article, seed=seed), table["rating"].to_numpy()
    words, subject = count_words(texts), subjects(texts, article)
    return Material(texts, given, article, fold, scores, words, subject, vectors)


def alternatives(material: Material) -> dict[str, Floats]:
    """Return what was considered and left out, held out likewise: the lists in equal weights."""
    parts = material.scores[True][list(EQUAL)].to_numpy()
    equal = (parts / parts.std(axis=0)).sum(axis=1)
    found = np.empty(len(equal))
    for k in range(FOLDS):
        own = material.fold == k
        line = fit_line(equal[~own], material.rating[~own], material.article[~own])
        found[own] = line[0] + line[1] * equal[own]
    return {LISTS_ALONE: found}


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
        own = by_article(tone, material.article)
        told, true = own[first] - own[second], human[first] - human[second]
        parts = {name: [(spread[:, place], units - 1)] for name, (spread, units) in cuts.items()}
        if line:
            model = np.array([line_variance(line, [n]) for n in size])
            parts = {name: [*own, (model, known)] for name, own in parts.items()}
            parts[SAME] = [(line.sd_article**2 + line.sd_error**2 / size, known)]
        for name, spread in parts.items():
            louder = line.louder if line and name != SAME else 1.0
            yield *kind, name, *_counts(spread, told, true, louder, first, second)


def _counts(
    parts: list[tuple[Floats, Ints]],
    told: Floats,
    true: Floats,
    louder: float,
    first: Ints,
    second: Ints,
) -> tuple[int, int, int, float]:
    variances = np.array([v[side] for v, _ in parts for side in (first, second)])
    degrees = np.array([df[side] for _, df in parts for side in (first, second)])
    known = np.isfinite(variances).all(axis=0)
    half = half_width(variances[:, known], degrees[:, known])
    low, high = for_raters(told[known], half, louder)
    hits = (low <= true[known]) & (true[known] <= high)
    return len(true), int(known.sum()), int(hits.sum()), float((high - low).sum())


def groups(material: Material, tone: Floats, line: Line, *, draws: int = 400) -> pd.DataFrame:
    """Return how often the interval for two groups of articles holds what raters found.

    Parameters
    ----------
    tone : of each sentence, learnt without its article
    line : of it
    draws : pairs of groups of every kind and size

    Returns
    -------
    DataFrame
        One row a kind of groups and a size: ``groups, size, covered, width, sign`` (how often the
        interval leaves 0 out, and on the side of the raters).
    """
    sums = pd.DataFrame({"t": tone, "h": material.rating}).groupby(material.article).agg("sum")
    size = np.unique(material.article, return_counts=True)[1].astype(float)
    rank = np.argsort(np.argsort(sums["h"] / size))
    rng, rows = np.random.default_rng(0), []
    for name in ("at random", "of two subjects", "the more positive half, the less positive"):
        for count in (10, 20, 60):
            found = []
            for draw in range(draws):
                if name == "at random":
                    chosen = rng.permutation(len(size))[: 2 * count]
                    sides = chosen[:count], chosen[count:]
                elif name == "of two subjects":
                    subject = material.subject[draw % len(material.subject)]
                    pools = [
                        np.flatnonzero(subject == k) for k in rng.permutation(subject.max() + 1)
                    ]
                    large = [pool for pool in pools if len(pool) >= count][:2]
                    if len(large) < 2:
                        continue
                    sides = tuple(rng.permutation(pool)[:count] for pool in large)
                else:
                    halves = (
                        np.flatnonzero(rank >= len(size) / 2),
                        np.flatnonzero(rank < len(size) / 2),
                    )
                    sides = tuple(rng.permutation(half)[:count] for half in halves)
                found.append(_group_interval(sums, size, sides, line))
            if found:
                rows.append((name, count, *np.mean(found, axis=0)))
    return pd.DataFrame(rows, columns=["groups", "size", "covered", "width", "sign"])


def _group_interval(
    sums: pd.DataFrame, size: Floats, sides: Sequence[Ints], line: Line
) -> tuple[bool, float, bool]:
    means, variances, degrees = [], [], []
    for own in sides:
        mean, error = rate_and_error(
            sums["t"].to_numpy()[own, None], size[own], np.ones((1, len(own)))
        )
        means.append(mean[0, 0])
        variances += [error[0, 0] ** 2, line_variance(line, size[own])]
        degrees += [len(own) - 1, 496]
    told = means[0] - means[1]
    true = np.subtract(*(sums["h"].to_numpy()[own].sum() / size[own].sum() for own in sides))
    low, high = for_raters(told, half_width(np.array(variances), np.array(degrees)), line.louder)
    sign = bool((low > 0 and true > 0) or (high < 0 and true < 0))
    return bool(low <= true <= high), float(high - low), sign
