"""The fit of calibrated tone to human ratings, and the parts of what it misses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import lsqr
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from analysis.errors import InputError
from analysis.tone.calibration import COMBINED, Calibration, Line, bend
from analysis.tone.masking import mask
from analysis.tone.scored import Lines
from analysis.tone.scoring import families, scorers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
LISTS = ("vader", "afinn", "opinion", "pattern")
LEARNT = "learnt"
PENALTY = 1.5  # of word weights; those of lists bear none
LEAST = 2  # sentences that a word family must stand in
FREE = 100.0  # what lists' columns are multiplied by, so that the penalty does not reach them
CUT = 0.5  # mean rating beyond which a sentence is positive or negative
SUBJECTS, DEALS = 20, 10  # groups of articles on one subject, and how often they are formed
PUBLISHED = {"r": 0.492, "precision": 0.69, "recall": 0.49, "f1": 0.55}
FOLDS = 10


def raw_scores(texts: Iterable[str], *, masked: bool) -> pd.DataFrame:
    """Return the raw score of each sentence by each lexicon, a column a lexicon."""
    read = [mask(text) if masked else text for text in texts]
    return pd.DataFrame({own.column: own.scores(read) for own in scorers() if own.raw})


@dataclass(frozen=True)
class Words:
    """What word weights are learnt from.

    Attributes
    ----------
    names : of the columns: each word family, plain and negated
    masked, unmasked : sentences × columns, occurrences over the root of the sentence's tokens
    """

    names: tuple[tuple[str, bool], ...]
    masked: sparse.csr_array
    unmasked: sparse.csr_array

    def of(self, masked: bool) -> sparse.csr_array:
        """Return the table with names masked, or not."""
        return self.masked if masked else self.unmasked

    def rows(self, chosen: Flags) -> "Words":
        """Return some of the sentences."""
        return Words(self.names, self.masked[chosen], self.unmasked[chosen])


def count_words(texts: list[str]) -> Words:
    """Count the word families of sentences; those that stand in few have no column."""
    masked = [_families_of(mask(text)) for text in texts]
    seen = Counter(name for row in masked for name in row)
    names = sorted(name for name, count in seen.items() if count >= LEAST)
    unmasked = [_families_of(text) for text in texts]
    return Words(tuple(names), _table(masked, names), _table(unmasked, names))


def count_known(texts: list[str], names: Sequence[tuple[str, bool]]) -> sparse.csr_array:
    """Count word families that have a weight already, names masked."""
    return _table([_families_of(mask(text)) for text in texts], names)


def _families_of(text: str) -> dict[tuple[str, bool], float]:
    lines, found = Lines.cut([text]), dict[tuple[str, bool], float]()
    tokens = [lines.tokens.kinds[kind] for kind in lines.tokens.which]
    for place, family in families(tokens):
        name = family, bool(lines.turned[place])
        found[name] = found.get(name, 0.0) + len(tokens) ** -0.5
    return found


def _table(
    rows: list[dict[tuple[str, bool], float]], names: Sequence[tuple[str, bool]]
) -> sparse.csr_array:
    column = {name: place for place, name in enumerate(names)}
    cells = [
        (row, column[name], value)
        for row, found in enumerate(rows)
        for name, value in found.items()
        if name in column
    ]
    places = np.array([cell[:2] for cell in cells], dtype=np.int64).reshape(-1, 2).T
    values = np.array([cell[2] for cell in cells])
    return sparse.csr_array((values, tuple(places)), shape=(len(rows), len(names)))


@dataclass(frozen=True)
class Weights:
    """What ridge regression gives each list's raw score, and each word family.

    Attributes
    ----------
    lists : by column
    words : of the columns of ``Words``
    """

    lists: dict[str, float]
    words: Floats

    def linear(self, scores: pd.DataFrame, words: sparse.csr_array) -> Floats:
        """Return the weighted sum of each sentence."""
        total: Floats = words @ self.words + scores[list(self.lists)] @ list(self.lists.values())
        return np.asarray(total)


def learn_weights(scores: pd.DataFrame, words: sparse.csr_array, rating: Floats) -> Weights:
    """Learn weights by ridge regression without an intercept.

    ``Σ (y - Σ a · score - Σ w · x)² + penalty · Σ w²``; a sentence without scored words has 0, the
    neutral point of raters' scale.
    """
    lists = scores[list(LISTS)].to_numpy()
    spread = lists.std(axis=0) / FREE
    design = sparse.hstack([words, sparse.csr_array(lists / spread)]).tocsr()
    found = lsqr(design, rating, damp=PENALTY**0.5, atol=1e-9, btol=1e-9, iter_lim=2_000)[0]
    size = words.shape[1]
    own = dict(zip(LISTS, (found[size:] / spread).tolist(), strict=True))
    return Weights(own, found[:size])


def held_out_linear(
    tables: Mapping[bool, pd.DataFrame], words: Words, rating: Floats, article: Ints
) -> dict[bool, Floats]:
    """Return the weighted sum of each sentence, learnt from other articles, masked and not."""
    fold = folds(article, seed=1)
    found = {masked: np.empty(len(rating)) for masked in (True, False)}
    for k in range(FOLDS):
        own = fold == k
        weights = learn_weights(tables[True][~own], words.masked[~own], rating[~own])
        for masked, table in tables.items():
            found[masked][own] = weights.linear(table[own], words.of(masked)[own])
    return found


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
    column: str,
    score: Floats,
    rating: Floats,
    article: Ints,
    subject: Ints,
    *,
    masked: bool,
    sha256: str,
    neutral: bool = False,
) -> Line:
    """Fit the line of one score, so that the slope of ratings on bent tone over articles is 1.

    Parameters
    ----------
    score : of each sentence, learnt without its article if learnt at all
    rating, article : of each sentence
    subject : of each article, in order of its number, a row each time that they were formed
    neutral : whether score 0 is tone 0
    """
    mean, sd = (0.0, float(score.std())) if neutral else (float(score.mean()), float(score.std()))
    z = (score - mean) / sd
    intercept, slope = (0.0, 1.0) if neutral else fit_line(z, rating, article)
    for _ in range(20):
        level, rise = fit_line(bend(intercept + slope * z), rating, article)
        intercept, slope = (0.0 if neutral else level + rise * intercept), rise * slope
    tone = bend(intercept + slope * z)
    sd_article, sd_error = spreads(rating - tone, article)
    beyond = spreads(rating, article)[1] ** 2 - spreads(tone, article)[1] ** 2
    means = by_article(tone, article), by_article(rating, article)
    size = np.unique(article, return_counts=True)[1]
    numbers = {
        "mean": mean,
        "sd": sd,
        "intercept": intercept,
        "slope": slope,
        "sd_article": sd_article,
        "sd_error": sd_error,
        "sd_sentence": float(np.sqrt(max(beyond, 0))),
        "sd_group": float(np.mean([spreads(means[1] - means[0], own)[0] ** 2 for own in subject]))
        ** 0.5,
        "louder": 1 / weighted_r(*means, size) ** 2,
    }
    return Line(column, masked, sha256, **{name: round(x, 6) for name, x in numbers.items()})


def weighted_r(x: Floats, y: Floats, weights: Ints) -> float:
    """Return the correlation of two means per article, articles weighted."""
    table = np.cov(x, y, aweights=weights)
    return float(table[0, 1] / np.sqrt(table[0, 0] * table[1, 1]))


def subjects(texts: Sequence[str], article: Ints) -> Ints:
    """Return the subject of each article by the words that it shares with others (k-means).

    One row a time: clusters depend on where they begin.
    """
    joined = pd.Series(texts).groupby(article).agg(" ".join)
    space = make_pipeline(
        TfidfVectorizer(stop_words="english", min_df=3, sublinear_tf=True),
        TruncatedSVD(50, random_state=0),
        Normalizer(),
    ).fit_transform(joined)
    deals = [
        KMeans(SUBJECTS, n_init=1, random_state=seed).fit_predict(space) for seed in range(DEALS)
    ]
    return np.array(deals, dtype=np.int64)


@dataclass(frozen=True)
class Fitted:
    """A calibration, and the weights of its word families."""

    calibration: Calibration
    weights: Weights


def fit(
    tables: Mapping[bool, pd.DataFrame],
    words: Words,
    rating: Floats,
    article: Ints,
    subject: Ints,
) -> Fitted:
    """Fit word weights and all lines.

    Parameters
    ----------
    tables : raw scores of the sentences, by whether names were masked
    words : of the sentences
    rating, article : of each sentence
    subject : of each article that has a sentence here, as in ``fit_score``
    """
    sums = {own.column: own.sha256 for own in scorers()}
    given = rating, article, subject
    lines = {
        (column, masked): fit_score(
            column, table[column].to_numpy(), *given, masked=masked, sha256=sums[column]
        )
        for masked, table in tables.items()
        for column in table
    }
    linears = held_out_linear(tables, words, rating, article)
    for masked, linear in linears.items():
        lines[COMBINED, masked] = fit_score(
            COMBINED, linear, *given, masked=masked, sha256="", neutral=True
        )
    weights = learn_weights(tables[True], words.masked, rating)
    sd = lines[COMBINED, True].sd
    parts = {column: round(weight / sd, 6) for column, weight in weights.lists.items()}
    parts[LEARNT] = round(1 / sd, 6)
    for masked in (True, False):
        slope = lines[COMBINED, masked].slope * sd / lines[COMBINED, masked].sd
        lines[COMBINED, masked] = replace(lines[COMBINED, masked], sd=1.0, slope=round(slope, 6))
    tone = bend(
        lines[COMBINED, True].slope * held_out_linear(tables, words, rating, article)[True] / sd
    )
    cut = best_cut(tone, rating)
    size = len(np.unique(article)), len(rating)
    return Fitted(Calibration(parts, *size, cut, {}, lines), weights)


def best_cut(tone: Floats, rating: Floats) -> float:
    """Return the cut of tone whose classes agree best with raters' (``ordinal_alpha``).

    Raters' classes are cut at a mean rating of half a unit.
    """
    human = classes(rating, CUT)
    cuts = np.arange(1, 21) / 20
    return float(cuts[np.argmax([ordinal_alpha(human, classes(tone, cut)) for cut in cuts])])


def classes(values: Floats, cut: float) -> Ints:
    """Return -1, 0, 1: below, within, beyond a cut on either side."""
    return (values >= cut).astype(np.int64) - (values <= -cut).astype(np.int64)


def ordinal_alpha(one: Ints, two: Ints) -> float:
    """Return Krippendorff's alpha of two codings of the same sentences in ordered classes.

    ``1 - D_observed / D_expected``, with the ordinal distance of classes c < k,
    ``(Σ n from c to k - (n_c + n_k) / 2)²`` (Krippendorff 2011, Computing Krippendorff's alpha-
    reliability).
    """
    names, counts = np.unique(np.concatenate([one, two]), return_counts=True)
    middle = counts.cumsum() - counts / 2
    place = {name: middle[i] for i, name in enumerate(names.tolist())}
    x, y = (np.array([place[value] for value in side.tolist()]) for side in (one, two))
    both = np.concatenate([x, y])
    n = len(both)
    expected = 2 * (n * (both**2).sum() - both.sum() ** 2) / (n * (n - 1))
    return float(1 - ((x - y) ** 2).mean() / expected)
