"""The course of tone along each text: by units, and as a smooth curve with a band."""

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import InputError
from analysis.inference.levels import CONFIDENCE, LEVEL
from analysis.inference.weights import Flags, Floats
from analysis.numbers import reaches
from analysis.result import Outcome, analysis
from analysis.text import Corpus, cut_units
from analysis.text.units import UNIT_TOKENS, fewest_documents
from analysis.tone.calibration import LIMIT, within
from analysis.tone.sentences import outcome, read, unit_of_rows

METHOD = "local-linear smoother with a simultaneous band; sentences in random order"
COLUMNS = "unit document group position n_sentences tone chance_low chance_high".split()
CURVE = "group document position tone low high n_sentences".split()
WINDOW = 0.25
STILL = 1e-12  # a difference of tone that is none but for rounding
STEPS = 100
MANY = 10  # documents of each group, from which a curve is of whole documents
GRID = np.linspace(0, 1, STEPS + 1)
STILL_VARIANCE = 1e-18  # a variance that is none but for rounding
TINY = 1e-9  # a share that is none but for rounding
BLOCK = 100  # curves drawn at once
FEWEST = 8  # sentences of a text that a curve may be drawn through


def tone_units(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> pd.DataFrame:
    """Return the mean tone of every unit, where it stands, and what chance would give it.

    Tone is that of the combined lexicons, names masked, calibrated; so it is throughout here.

    A unit of n sentences drawn at random, without replacement, from the N sentences of its text
    would have a mean tone of ``m ± 1.96 · s · sqrt((1 - n / N) / n)`` in 19 of 20 cases, m and s
    the mean and standard deviation of the N scores (Cochran 1977, Sampling Techniques, ch. 2; the
    normal quantile is an approximation). A text is a document; where each document of a group is
    one unit, it is the group.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens

    Returns
    -------
    DataFrame
        One row a unit: ``unit, document, group``; ``position``, its middle as a share of its
        text's tokens (0 to 1); ``n_sentences``, those with a tone; ``tone``, their mean, NaN where
        there is none; ``chance_low, chance_high``, the range above, NaN where the text is one unit
        only or all its scores agree.
    """
    units, scores = _cut(corpus, unit_tokens)
    table = units[["unit", "document", "group"]].assign(
        position=_position(units),
        n_sentences=[len(own) for own in scores],
        tone=[own.mean() if len(own) else np.nan for own in scores],
    )
    ranges = np.full((len(units), 2), np.nan)
    for rows in _texts(units):
        ranges[rows] = _chance([scores[row] for row in rows])
    return table.assign(chance_low=ranges[:, 0], chance_high=ranges[:, 1])[COLUMNS]


def tone_movement(
    corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS, draws: int = 2_000, seed: int = 0
) -> pd.DataFrame:
    """Test whether tone moves along the texts of a group more than sentences in random order would.

    The statistic is ``Σ n (u - m)²`` over units, u the mean of a unit's n sentences and m that of
    its text; the sentences are put in random order within their text to learn what chance gives.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    draws, seed : random orders, and of their random numbers

    Returns
    -------
    DataFrame
        One row a group: ``group, units``; ``outside``, how many units lie beyond their range of
        chance (see ``tone_units``; one in twenty is to be expected); ``p_value``, NaN where no
        text has two units or all scores of each agree.
    """
    units, scores = _cut(corpus, unit_tokens)
    table, rng, found = tone_units(corpus, unit_tokens=unit_tokens), np.random.default_rng(seed), []
    for group in corpus.groups:
        own = table[table["group"] == group.label]
        beyond = (own["tone"] < own["chance_low"]) | (own["tone"] > own["chance_high"])
        spreads = [
            _spreads([scores[row] for row in rows], draws, rng)
            for rows in _texts(units)
            if units["group"].iloc[rows[0]] == group.label
        ]
        found.append((group.label, len(own), int(beyond.sum()), _p_value(np.sum(spreads, axis=0))))
    return pd.DataFrame(found, columns=["group", "units", "outside", "p_value"])


@analysis("course of tone")
def tone_trajectory(
    corpus: Corpus,
    *,
    window: float = WINDOW,
    unit_tokens: int = UNIT_TOKENS,
    draws: int = 2_000,
    seed: int = 0,
) -> Outcome:
    """Return the tone along each text: a smooth curve with a band.

    A local-linear curve through the sentences' tone, at their place in the text by words, and a
    simultaneous band: in 95 % of texts whose sentences vary as these do about the same course, it
    holds the whole of the smoothed course (see ``smooth``). A course that a level line fits, drawn
    inside the band, may be no movement at all; ``tone_movement`` tests that. The band takes the
    calibration as given: it would move a curve as a whole. Where each document of a group is one
    unit, one curve shows the course within its documents.

    Parameters
    ----------
    corpus : the two groups
    window : half the width of the stretch that each place is judged by, as a share of the text; it
        is the same for texts of any length, so that their curves are equally smooth
    unit_tokens : aimed length of a unit, in tokens
    draws, seed : for the width of the band, and of the test of movement

    Returns
    -------
    Result
        101 rows a text, the target's first: ``group``; ``document``, empty where the curve is of
        all documents of a group; ``position`` (0 to 1); ``tone, low, high``, NaN where the text has
        too few sentences, and before its first and behind its last; ``n_sentences`` of the text.
        Parts: ``units`` (``tone_units``) and ``movement`` (``tone_movement``).

    Raises
    ------
    InputError
        The window is not above 0 and at most 1.
    """
    if not 0 < window <= 1:
        raise InputError(
            f"A window is a share of the text, above 0 and at most 1, got {window}: take {WINDOW}."
        )
    units, reading = _units(corpus, unit_tokens), read(corpus)
    unit = unit_of_rows(corpus, units)
    text, place = _text(units).to_numpy()[unit], _place(corpus)
    tables = []
    for rows in _texts(units):
        name, first = _text(units).iloc[rows[0]], units.iloc[rows[0]]
        own = (text == name) & ~reading.silent
        curve = smooth(
            reading.tone[own], place[own], unit[own], window=window, draws=draws, seed=seed
        )
        document = first["document"] if name != first["group"] else ""
        table = pd.DataFrame({"group": first["group"], "document": document, "position": GRID})
        tables.append(table.assign(**curve._asdict(), n_sentences=int(own.sum())))
    curves = pd.concat(tables, ignore_index=True)[CURVE]
    parts = {
        "units": tone_units(corpus, unit_tokens=unit_tokens),
        "movement": tone_movement(corpus, unit_tokens=unit_tokens, draws=draws, seed=seed),
    }
    return outcome(corpus, curves, METHOD, length=unit_tokens, parts=parts)


def _place(corpus: Corpus) -> Floats:
    """Return the middle of each sentence as a share of its document's tokens."""
    tokens = pd.Series(corpus.sentence_tokens, dtype=float)
    by_document = tokens.groupby(corpus.sentences["document"].to_numpy())
    middle: Floats = ((by_document.cumsum() - tokens / 2) / by_document.transform("sum")).to_numpy()
    return middle


def _cut(corpus: Corpus, unit_tokens: int) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Return the units and, for each, the tone of its sentences that have one."""
    units, tone = _units(corpus, unit_tokens), read(corpus).tone
    of_row, known = unit_of_rows(corpus, units), np.isfinite(tone)
    return units, [tone[(of_row == unit) & known] for unit in range(len(units))]


def _units(corpus: Corpus, unit_tokens: int) -> pd.DataFrame:
    """Cut documents into passages, unless both groups have so many that whole ones are drawn."""
    return cut_units(corpus, unit_tokens=unit_tokens, passages=fewest_documents(corpus) < MANY)


def _text(units: pd.DataFrame) -> pd.Series:
    """Return the text that each unit belongs to: its document, or its group if documents are whole.

    Groups are judged one by one: one may be a single long text, the other many short ones.
    """
    in_runs = units.groupby("group")["document"].transform(lambda ids: ids.duplicated().any())
    return (units["group"] + "/" + units["document"]).where(in_runs, units["group"])


def _texts(units: pd.DataFrame) -> list[np.ndarray]:
    """Return the rows of each text's units."""
    text = _text(units).to_numpy()
    return [np.flatnonzero(text == name) for name in dict.fromkeys(text)]


def _position(units: pd.DataFrame) -> pd.Series:
    """Return the middle of each unit as a share of its text's tokens."""
    tokens, text = units["tokens"], _text(units)
    by_text = tokens.groupby(text)
    return (by_text.cumsum() - tokens / 2) / by_text.transform("sum")


def _chance(scores: list[np.ndarray]) -> np.ndarray:
    """Return the range, units × (low, high), of each unit's mean under a random order."""
    pool, n = np.concatenate(scores), np.array([len(own) for own in scores])
    if len(scores) < 2 or len(pool) < 2 or np.ptp(pool) < STILL:
        return np.full((len(scores), 2), np.nan)
    share = np.where(n > 0, (1 - n / len(pool)) / np.maximum(n, 1), np.nan)
    half = special.ndtri(1 - LEVEL / 2) * pool.std(ddof=1) * np.sqrt(share)
    ranges: np.ndarray = pool.mean() + np.outer(half, [-1, 1])
    return ranges


def _spreads(scores: list[np.ndarray], draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return the statistic of one text: as it stands, then in every random order."""
    held = [own for own in scores if len(own)]
    if not held:
        return np.zeros(draws + 1)
    pool, n = np.concatenate(held), np.array([len(own) for own in held])
    starts, deviations = np.r_[0, n.cumsum()[:-1]], pool - pool.mean()
    drawn = (rng.permutation(deviations) for _ in range(draws))
    orders = itertools.chain([deviations], drawn)
    return np.array([_spread(np.add.reduceat(order, starts), n) for order in orders])


def _spread(sums: np.ndarray, n: np.ndarray) -> float:
    return float((sums**2 / n).sum())


def _p_value(spreads: np.ndarray) -> float:
    """Return the share of orders that spread the units at least as far as the text's own."""
    if np.ptp(spreads) < STILL:
        return np.nan
    return float(reaches(spreads, spreads[0]).mean())


# The curve


class Curve(NamedTuple):
    """A curve at the places ``GRID``, and the ends of its band; NaN where there is none."""

    tone: Floats
    low: Floats
    high: Floats


def smooth(
    tone: Floats, position: Floats, unit: np.ndarray, *, window: float, draws: int, seed: int
) -> Curve:
    r"""Draw a local-linear curve through sentences, with a simultaneous 95 % band.

    At each place, a weighted straight line is fitted to the sentences within ``window`` of it
    (Epanechnikov's weights; Fan 1993, doi:10.1214/aos/1176349022). There is no curve
    where such a line would be drawn on beyond its sentences, before the first of a text and behind
    the last: it may lead anywhere. The band is
    ``curve ± c · s(x)``. Sentences of one unit may be alike: the variance of a single sentence and
    that of its unit are estimated from the residuals by equating two quadratic forms with their
    expectations under the smoother (Henderson 1953, doi:10.2307/3001853), never below 0. c is the
    quantile of the largest deviation anywhere of a Gaussian curve with the same covariance, divided
    by an independent chi (Sun & Loader 1994, doi:10.1214/aos/1176325631, whose formula needs
    independent errors; here it is drawn). The band is for the smoothed curve, not for peaks
    narrower than the window. How often it holds a whole curve is measured (Intervals,
    `benchmarks/README.md`).

    Parameters
    ----------
    tone, position, unit : of each sentence; positions run from 0 to 1 and are rounded to hundredths
    window : half the width of the stretch that a place is judged by
    draws, seed : for c
    """
    nothing = np.full(len(GRID), np.nan)
    place = np.rint(np.asarray(position) * STEPS).astype(int)
    counts = np.bincount(place, minlength=len(GRID)).astype(float)
    weights = _local_linear(counts, window)
    drawn: Flags = np.asarray(np.isfinite(weights).all(axis=1))
    if len(tone) < FEWEST or not drawn[place].all():
        return Curve(nothing, nothing, nothing)
    weights[~drawn] = 0
    _, unit = np.unique(unit, return_inverse=True)
    fitted = weights @ np.bincount(place, tone, len(GRID))
    table = np.zeros((len(GRID), int(unit.max()) + 1))
    np.add.at(table, (place, unit), 1)
    residuals = tone - fitted[place]
    single, shared, freedom = _variances(residuals, unit, weights, counts, table)
    line = np.where(drawn, fitted, np.nan)
    if not single + shared >= STILL_VARIANCE:
        return Curve(line, nothing, nothing)
    own, spread = weights[drawn], weights[drawn] @ table
    root = np.hstack([np.sqrt(single * counts) * own, np.sqrt(shared) * spread])
    deviation = np.sqrt((root**2).sum(axis=1))
    share = float((shared * (spread**2).sum(axis=1) / deviation**2).mean())
    units = max(table.shape[1] - 2, 1)
    df = 1 / ((1 - share) ** 2 / freedom + share**2 / units)
    half = nothing.copy()
    half[drawn] = _critical(root / deviation[:, None], df, draws, seed) * deviation
    return Curve(line, *within([line - half, line + half], LIMIT))


def _local_linear(counts: Floats, window: float) -> Floats:
    """Return, grid × grid, what a sentence at each place weighs in the curve at another.

    A row is NaN where the sentences within the window do not stand on both sides of the place (or
    at it), or all at one.
    """
    distance = (GRID - GRID[:, None]) / window
    kernel = np.maximum(1 - distance**2, 0)
    zeroth, first, second = (
        (kernel * distance**k * counts).sum(axis=1, keepdims=True) for k in range(3)
    )
    determinant = zeroth * second - first**2
    with np.errstate(divide="ignore", invalid="ignore"):
        weights: Floats = kernel * (second - first * distance) / determinant
    seen = kernel * counts > 0
    between = np.tril(seen).any(axis=1) & np.triu(seen).any(axis=1)
    weights[~between | (determinant[:, 0] <= 1e-9 * zeroth[:, 0] ** 2)] = np.nan
    return weights


def _variances(
    residuals: Floats, unit: np.ndarray, weights: Floats, counts: Floats, table: Floats
) -> tuple[float, float, float]:
    """Return the variances of a sentence and of a unit, and the residuals' degrees of freedom.

    All are NaN where the smoother leaves no residuals. Where units cannot be told from sentences,
    theirs is 0.

    With R what the smoother leaves and Z the sentences' units, ``E e'e = σ² tr R'R + ω² tr Z'R'RZ``
    and ``E e'ZZ'e = σ² tr R'ZZ'R + ω² tr (Z'RZ)'(Z'RZ)``; traces are summed over places.
    """
    n, sizes = counts.sum(), table.sum(axis=0)
    smoothed, turned = weights @ table, weights.T @ table
    own = (table * smoothed).sum(axis=0)
    freedom = n - 2 * (counts * np.diag(weights)).sum() + counts @ weights**2 @ counts
    by_unit = n - 2 * own.sum() + (counts @ smoothed**2).sum()
    from_unit = n - 2 * (table * turned).sum() + (counts @ turned**2).sum()
    crossed = ((table @ table.T) * (smoothed @ smoothed.T)).sum()
    both = (sizes**2).sum() - 2 * (sizes * own).sum() + crossed
    found = np.array([(residuals**2).sum(), (np.bincount(unit, residuals) ** 2).sum()])
    forms = np.array([[freedom, by_unit], [from_unit, both]])
    if freedom <= TINY * n:  # a curve through every sentence leaves nothing to learn from
        return np.nan, np.nan, np.nan
    if both <= TINY * (sizes**2).sum() or abs(np.linalg.det(forms)) <= TINY * freedom * both:
        return float(found[0] / freedom), 0.0, float(freedom)  # one unit, or a unit a sentence
    single, shared = np.linalg.solve(forms, found)
    if shared < 0:
        single, shared = found[0] / freedom, 0.0
    elif single < 0:
        single, shared = 0.0, found[1] / both
    return float(single), float(shared), float(freedom)


def _critical(root: Floats, df: float, draws: int, seed: int) -> float:
    """Return the 95 % quantile of the largest studentised deviation along the curve.

    Parameters
    ----------
    root : places × independent errors, what each adds at each place, in standard deviations; it is
        known from the smoother, so that no root of a covariance, which is nearly singular, is drawn
    """
    rng = np.random.default_rng(seed)
    peaks = np.concatenate(
        [
            np.abs(rng.standard_normal((len(block), root.shape[1])) @ root.T).max(axis=1)
            for block in np.array_split(np.arange(draws), -(-draws // BLOCK))
        ]
    )
    return float(np.quantile(peaks / np.sqrt(rng.chisquare(df, draws) / df), CONFIDENCE))
