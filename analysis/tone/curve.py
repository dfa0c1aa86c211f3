"""A smooth curve through the sentences of a text, with a band that holds all of it at once."""

from typing import NamedTuple

import numpy as np

from analysis.inference.weights import Flags, Floats

STEPS = 100
GRID = np.linspace(0, 1, STEPS + 1)
FEWEST = 8  # sentences of a text that a curve may be drawn through


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
    if single + shared < 1e-18:
        return Curve(line, nothing, nothing)
    own, spread = weights[drawn], weights[drawn] @ table
    covariance = single * (own * counts) @ own.T + shared * spread @ spread.T
    deviation = np.sqrt(np.diag(covariance))
    share = float((shared * (spread**2).sum(axis=1) / deviation**2).mean())
    units = max(table.shape[1] - 2, 1)
    df = 1 / ((1 - share) ** 2 / freedom + share**2 / units)
    half = nothing.copy()
    half[drawn] = _critical(covariance, deviation, df, draws, seed) * deviation
    return Curve(line, line - half, line + half)


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
    if abs(np.linalg.det(forms)) < 1e-9 * freedom * both:  # a unit a sentence: no telling apart
        return float(found[0] / freedom), 0.0, float(freedom)
    single, shared = np.linalg.solve(forms, found)
    if shared < 0:
        single, shared = found[0] / freedom, 0.0
    elif single < 0:
        single, shared = 0.0, found[1] / both
    return float(single), float(shared), float(freedom)


def _critical(covariance: Floats, deviation: Floats, df: float, draws: int, seed: int) -> float:
    """Return the 95 % quantile of the largest studentised deviation along the curve."""
    values, vectors = np.linalg.eigh(covariance / np.outer(deviation, deviation))
    root = vectors * np.sqrt(np.maximum(values, 0))
    rng = np.random.default_rng(seed)
    peaks = np.abs(rng.standard_normal((draws, len(root))) @ root.T).max(axis=1)
    return float(np.quantile(peaks / np.sqrt(rng.chisquare(df, draws) / df), 0.95))
