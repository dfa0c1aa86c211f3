"""One's own raters: some sentences coded by hand correct the tone of all.

A scorer may mislead in texts unlike those that it was fitted on, and no number of texts tells so.
Codes of a random sample of sentences do. ``draw_sentences`` draws them and makes the coding sheet;
``rated_contrast`` takes the sheet back, filled in. What that changes is shown on editorials that
people have rated in full (``rated_editorials``).
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import InputError, refuse_other_types
from analysis.files import resource
from analysis.inference import rate_and_error
from analysis.inference.contrast import freedom, half_width
from analysis.inference.levels import LEVEL
from analysis.inference.weights import Floats
from analysis.result import Outcome, analysis
from analysis.text import Corpus
from analysis.tone.calibration import (
    COMBINED,
    LIMIT,
    for_raters,
    load_calibration,
    model_variance,
    within,
)
from analysis.tone.sentences import outcome, read

SHEET = "id text rating".split()
PLACE = ["document", "sentence"]
COLUMNS = """by n_target n_reference sentences_target sentences_reference weight mean_target
    mean_reference estimate ci_low ci_high p_value""".split()
CODES, BOTH = "codes", "codes and tone"
TONE, ALL = "tone", "all ratings"
EXAMPLE = resource("rated_editorials.csv")
EXAMPLE_COLUMNS = "by codes mean_target mean_reference estimate ci_low ci_high held".split()
LEAST = 10  # codes of a group, below which their variance is hardly known
METHOD = "regression estimator of a random sample of coded sentences, by group; Welch's t"


def draw_sentences(corpus: Corpus, *, each: int = 100, seed: int = 0) -> pd.DataFrame:
    """Draw sentences to be coded by hand, the same number from either group.

    They are drawn at random, without replacement, from the sentences with a tone, and shuffled, so
    that who codes them sees neither their group nor their neighbours.

    Parameters
    ----------
    corpus : the two groups
    each : sentences of a group, at most all (``codes_needed`` says how many)
    seed : of the draw

    Returns
    -------
    DataFrame
        The coding sheet, a row a sentence: ``id``, which tells nothing about where it stands;
        ``text``; and ``rating``, empty: to be filled from -4, extremely negative, to 4, extremely
        positive, 0 neutral (``data/coding/RULES.md``). A second rater's codes are further rows of
        the same sentences.

    Raises
    ------
    InputError
        Too few sentences are asked for.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> len(draw_sentences(load_corpus(), each=20))
    40
    """
    refuse_other_types(draw_sentences, {"each": each, "seed": seed})
    if each < LEAST:
        raise InputError(f"At least {LEAST} sentences of a group must be coded, not {each}.")
    rng, known = np.random.default_rng(seed), ~read(corpus, any_language=True).silent
    groups = corpus.sentences["group"].to_numpy()
    pools = [np.flatnonzero(known & (groups == group.label)) for group in corpus.groups]
    drawn = np.concatenate([rng.permutation(pool)[:each] for pool in pools])
    sheet = corpus.sentences.assign(id=_ids(corpus), rating="").iloc[rng.permutation(drawn)]
    return sheet[SHEET].reset_index(drop=True)


def _ids(corpus: Corpus) -> list[str]:
    """Return a name for each sentence that tells neither its document nor its place."""
    keys = corpus.sentences[[*PLACE, "text"]].itertuples(index=False, name=None)
    sums = (hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest() for key in keys)
    return [f"s{own[:12]}" for own in sums]


def codes_needed(margin: float, *, sentences: Sequence[int] = ()) -> int:
    """Return how many sentences of each group must be coded for an interval of a given half width.

    ``n = 2 (1.96 s / margin)²``, s the spread of what tone misses about single sentences in rated
    editorials; of groups with few sentences, fewer: ``n / (1 + n / N)``.

    Parameters
    ----------
    margin : half the width of the interval for the difference, in raters' units
    sentences : of each group, if these very texts are asked about

    Raises
    ------
    InputError
        The margin is no number above 0.

    Examples
    --------
    >>> codes_needed(0.25), codes_needed(0.25, sentences=[150, 150])
    (67, 46)
    """
    if not margin > 0:
        raise InputError(f"A margin is a number above 0, such as 0.2, got {margin}.")
    line = load_calibration().line(COMBINED, masked=True)
    spread = np.hypot(line.sd_article, line.sd_error)
    count = 2 * (-special.ndtri(LEVEL / 2) * spread / margin) ** 2
    return int(np.ceil(max([count / (1 + count / own) for own in sentences] or [count])))


def read_ratings(path: str | Path) -> pd.DataFrame:
    """Read a coding sheet that has been filled in.

    Parameters
    ----------
    path : a CSV file with the columns ``id, rating``, or ``document, sentence, rating`` where
        sentences were numbered otherwise; others are ignored, and so are rows without a rating

    Raises
    ------
    InputError
        The file is missing or no CSV, a column is missing, or a rating or number is none, or lies
        beyond the scale; the message names file, line and cure.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read as a table ({error}): save the coding sheet as CSV in UTF-8."
        ) from None
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(f"{path} has rows of more cells than headings: quote texts with commas.")
    named = PLACE if set(PLACE) <= set(table) and "id" not in table else ["id"]
    missing = [name for name in (*named, "rating") if name not in table]
    if missing:
        raise InputError(
            f"{path} has no column {missing[0]!r}: keep the columns of the coding sheet, "
            f"{', '.join(SHEET)}."
        )
    table = table[table["rating"].str.strip() != ""]
    counted = [name for name in ("sentence", "rating") if name in (*named, "rating")]
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in counted}
    for name, values in numbers.items():
        wrong = ~np.isfinite(values.to_numpy(dtype=float))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                f"{path}, line {table.index[row] + 2}: {name} must be a number, got "
                f"{table[name].iloc[row]!r}; mend it, or leave the rating empty."
            )
    beyond = np.abs(numbers["rating"].to_numpy(dtype=float)) > LIMIT
    if beyond.any():
        row = int(np.flatnonzero(beyond)[0])
        raise InputError(
            f"{path}, line {table.index[row] + 2}: ratings go from -{LIMIT:g} to {LIMIT:g}, got "
            f"{table['rating'].iloc[row]!r}; mend it, or bring yours to that scale."
        )
    found = table.assign(**numbers)[[*named, "rating"]]
    return found.astype({name: int for name in counted if name != "rating"})


@analysis("tone by own raters")
def rated_contrast(corpus: Corpus, ratings: pd.DataFrame) -> Outcome:
    r"""Contrast the mean tone of two groups as one's own raters hear it.

    With y the rating and f the tone of a sentence, ``ȳ - b (f̄_coded - f̄_all)`` is a group's mean
    rating, had all its sentences been rated: the codes alone, moved by how far the tone of the
    coded differs from that of all. b is the slope of ratings on tone within the groups. Its error
    is ``sqrt((1 - n / N) Σ e² / (n (n - 1)))``, e the residuals of the n coded of N sentences
    (Cochran 1977, Sampling Techniques, ch. 7; with b for a model's prediction: Angelopoulos et al.
    2023, doi:10.1126/science.adi6000, and Egami et al. 2023, arXiv:2306.04746). The interval holds
    whatever the scorer: a bad one makes it wider, never wrong. It is for these very texts, and for
    the raters who coded them; the sentences must have been drawn at random (``draw_sentences``).

    Parameters
    ----------
    corpus : the two groups
    ratings : ``id, rating`` (or ``document, sentence, rating``), as from ``read_ratings``; ratings
        of one sentence are averaged

    Returns
    -------
    Result
        Two rows, ``by`` the codes alone, and codes and tone together:

        ``n_target, n_reference, sentences_target, sentences_reference``
            coded sentences, and all
        ``weight``
            b; 0 for the codes alone
        ``mean_target, mean_reference, estimate, ci_low, ci_high, p_value``
            mean ratings, their difference with its 95 % interval, and Welch's p

    Raises
    ------
    InputError
        A rated sentence is not in the corpus or has no tone, or a group has fewer than ten codes.
    """
    reading = read(corpus, any_language=True)  # codes tell how far tone is wrong
    codes = _codes(corpus, ratings, reading.silent)
    known = ~reading.silent
    sides = [known & side for side in (reading.target, ~reading.target)]
    for group, side in zip(corpus.groups, sides, strict=True):
        if (np.isfinite(codes) & side).sum() < LEAST:
            raise InputError(
                f"Only {(np.isfinite(codes) & side).sum()} sentences of {group.label!r} are rated: "
                f"at least {LEAST} are needed, drawn at random (--draw)."
            )
    return outcome(corpus, coded_contrast(codes, reading.tone, sides), METHOD)


def coded_contrast(codes: Floats, tone: Floats, sides: Sequence[np.ndarray]) -> pd.DataFrame:
    """Return the table of ``rated_contrast`` from codes and any scores of sentences.

    Parameters
    ----------
    codes : the rating of each sentence, NaN where it has none
    tone : what a scorer says of each sentence, in whatever units
    sides : sentences, True where they are the target's, and the reference's

    Examples
    --------
    >>> codes = np.array([1, 2, np.nan, np.nan] * 5 + [0, np.nan, 1, np.nan] * 5)
    >>> sides = np.repeat([True, False], 20), np.repeat([False, True], 20)
    >>> coded_contrast(codes, np.zeros(40), sides)[["by", "estimate"]]
                   by  estimate
    0           codes       1.0
    1  codes and tone       1.0
    """
    coded = np.isfinite(codes)
    slope = _slope(codes, tone, [coded & side for side in sides])
    rows = [
        {"by": by, "weight": weight, **_row(codes, tone, coded, sides, weight)}
        for by, weight in ((CODES, 0.0), (BOTH, slope))
    ]
    return pd.DataFrame(rows)[COLUMNS]


def _codes(corpus: Corpus, ratings: pd.DataFrame, silent: np.ndarray) -> Floats:
    """Return the mean rating of each sentence of the corpus, NaN where it has none."""
    named = ["id"] if "id" in ratings else PLACE
    sentences = corpus.sentences.assign(id=_ids(corpus))[named].itertuples(index=False, name=None)
    place = {key: row for row, key in enumerate(sentences)}
    means = ratings.groupby(named, as_index=False)["rating"].mean()
    found = np.full(len(place), np.nan)
    for *key, rating in means[[*named, "rating"]].itertuples(index=False, name=None):
        row = place.get(tuple(key))
        if row is None or silent[row]:
            raise InputError(
                f"Sentence {', '.join(map(repr, key))} is rated, but "
                f"{'is not in this corpus' if row is None else 'has no tone'}: rate the sheet that "
                "was drawn from this corpus, read in the same way."
            )
        found[row] = rating
    return found


def _slope(codes: Floats, tone: Floats, sides: Sequence[np.ndarray]) -> float:
    """Return the slope of ratings on tone within the groups; 0 where tone does not vary."""
    x = np.concatenate([tone[side] - tone[side].mean() for side in sides])
    y = np.concatenate([codes[side] - codes[side].mean() for side in sides])
    spread = float(x @ x)
    return float(x @ y) / spread if spread > 0 else 0.0


def _row(
    codes: Floats, tone: Floats, coded: np.ndarray, sides: Sequence[np.ndarray], weight: float
) -> dict[str, float]:
    means, variances, degrees, row = [], [], [], dict[str, float]()
    for role, side in _roles(sides):
        own = coded & side
        n, size = int(own.sum()), int(side.sum())
        residual = codes[own] - weight * tone[own]
        means.append(float(residual.mean() + weight * tone[side].mean()))
        lost = 1.0 if weight else 0.0  # half a degree of freedom a group for the slope, rounded up
        spread = ((residual - residual.mean()) ** 2).sum() / (n - 1 - lost)
        variances.append((1 - n / size) * spread / n)
        degrees.append(n - 1 - lost)
        row |= {f"n_{role}": n, f"sentences_{role}": size, f"mean_{role}": means[-1]}
    estimate = means[0] - means[1]
    half = float(half_width(np.array(variances), np.array(degrees)))
    error = float(np.sqrt(np.sum(variances)))
    df = float(freedom(np.array(variances), np.array(degrees)))
    p = 2 * float(special.stdtr(df, -abs(estimate) / error)) if error > 0 else np.nan
    low, high = within([estimate - half, estimate + half], 2 * LIMIT)
    ends = {"ci_low": low, "ci_high": high, "p_value": p}
    return row | {"estimate": estimate, **ends}


# What own raters change, where all sentences are rated


def rated_editorials(path: str | Path = EXAMPLE) -> pd.DataFrame:
    """Return the rated sentences of two groups of editorials, without their texts.

    ``data/README.md`` says who rated them. The groups are the articles that have one of two words
    and not the other, words that were chosen so that raters find the groups different. Tone was
    learnt without the sentence's article.

    Returns
    -------
    DataFrame
        One row a sentence: ``group`` (that word), ``article, sentence``; ``rating``, the mean of
        twenty raters; ``tone``, the headline's.
    """
    return pd.read_csv(path, comment="#")


def rated_example(*, each: int = 100, draws: int = 200, seed: int = 0) -> pd.DataFrame:
    """Contrast two groups of rated editorials by tone, by some of the ratings, and by all.

    Some ratings are drawn again and again, as if they were one's own codes: a single draw may miss.

    Parameters
    ----------
    each : sentences of a group whose ratings are drawn
    draws, seed : how often, and of the draws

    Returns
    -------
    DataFrame
        Four rows, ``by`` tone alone, as in the headline's row of ``sentiment``; by codes; by codes
        and tone; and by all ratings, which have no interval:

        ``codes``
            ratings used, of either group
        ``mean_target, mean_reference, estimate, ci_low, ci_high``
            as in ``rated_contrast``, of codes the mean over draws
        ``held``
            share of the draws in which the interval holds the difference of all ratings

    Examples
    --------
    >>> rated_example(draws=9)["by"].tolist()
    ['tone', 'codes', 'codes and tone', 'all ratings']
    """
    sentences = rated_editorials()
    target = (sentences["group"] == sentences["group"].iloc[0]).to_numpy()
    sides, rng = [target, ~target], np.random.default_rng(seed)
    rating, tone = (sentences[name].to_numpy() for name in ("rating", "tone"))
    means = [float(rating[side].mean()) for side in sides]
    true, found = means[0] - means[1], []
    for _ in range(draws):
        drawn = np.concatenate([rng.permutation(np.flatnonzero(side))[:each] for side in sides])
        codes = np.full(len(rating), np.nan)
        codes[drawn] = rating[drawn]
        found.append(_held(coded_contrast(codes, tone, sides), true))
    ways = pd.concat(found).groupby("by", sort=False)[EXAMPLE_COLUMNS[2:]].mean().reset_index()
    told = _held(pd.DataFrame([{"by": TONE, "codes": 0} | _by_tone(sentences, sides)]), true)
    ends = dict(zip(EXAMPLE_COLUMNS[2:5], (*means, true), strict=True))
    whole = pd.DataFrame([{"by": ALL, "codes": int(min(side.sum() for side in sides))} | ends])
    table = pd.concat([told, ways.assign(codes=each), whole], ignore_index=True)
    return table[EXAMPLE_COLUMNS]


def _held(table: pd.DataFrame, true: float) -> pd.DataFrame:
    """Add whether each interval holds a difference."""
    return table.assign(held=((table["ci_low"] <= true) & (true <= table["ci_high"])).astype(float))


def _roles(sides: Sequence[np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    return zip(("target", "reference"), sides, strict=True)


def _by_tone(sentences: pd.DataFrame, sides: Sequence[np.ndarray]) -> dict[str, float]:
    """Return the contrast of tone, articles as units, with the interval of calibrated tone."""
    means, variances, degrees = [], [], []
    for side in sides:
        by_article = sentences[side].groupby("article")["tone"]
        sums = by_article.sum().to_numpy()
        sizes: Floats = np.asarray(by_article.size(), dtype=np.float64)
        mean, error = rate_and_error(sums[:, None], sizes, np.ones((1, len(sizes))))
        means.append(float(mean[0, 0]))
        model = model_variance(sizes, COMBINED, masked=True)
        variances += [float(error[0, 0]) ** 2, model]
        degrees += [len(sizes) - 1, load_calibration().articles - 2]
    estimate = means[0] - means[1]
    half = half_width(np.array(variances), np.array(degrees))
    louder = load_calibration().line(COMBINED, masked=True).louder
    low, high = for_raters(estimate, half, louder)
    told = {"mean_target": means[0], "mean_reference": means[1], "estimate": estimate}
    return told | {"ci_low": float(low), "ci_high": float(high)}
