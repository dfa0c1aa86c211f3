"""What chance gives by textbook statistics: limits of z, and the same units dealt out at random."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats
from analysis.keywords.formulas import g2, log_odds_informative_z, split, tail
from analysis.keywords.table import counted
from analysis.result import Outcome, Result, analysis
from analysis.text import Counts

PANELS = 20
LEAST = 4  # ways to deal the units out, for each panel
TRIES = 100_000  # deals, of which few are passed over
METHOD = "units dealt out to the groups at random, as many to either as it has"
LIMITS = [
    "term", "n_target", "n_reference", "log_odds_z",
    "self_target", "self_reference", "floor_target", "floor_reference",
]  # fmt: skip
Z_METHOD = "z at the limits of the log ratio"
COLUMNS = ["panel", "real", "n_target", "n_reference", "log_odds_z", "terms"]


@analysis("limits of log-odds z")
def log_odds_limits(terms: Result) -> Outcome:
    """Return, for the z of the log-odds ratio, its self-contrast null and its detection floor.

    The z of Monroe et al. (2008) takes every token as independent, so that ±1.96 is too narrow for
    words that come in bursts. The self-contrast is the z of the log ratio that 19 of 20 pairs of
    texts of these lengths, both like one group, stay under (``CountTest.self_contrast``), the term
    as frequent as in that group; the floor is the z at the smallest log ratio that could have been
    found. With f that log ratio, t the occurrences and n₁, n₂ the tokens, ``a = t o / (1 + o)``,
    ``o = 2ᶠ n₁ / n₂``, and ``b = t - a``; the prior has 500 tokens.

    Parameters
    ----------
    terms : as from ``keyness``

    Returns
    -------
    Result
        The rows of ``terms`` in their order: ``term, n_target, n_reference, log_odds_z``, then
        ``self_target, self_reference`` and ``floor_target, floor_reference``, all four absolute
        values of z; a floor is infinite where no difference could have been found.

    References
    ----------
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018.
    """
    table = log_odds_limits_of_counts(terms.table, counted(terms))
    return Outcome(table, terms.units, terms.unit, Z_METHOD)


def log_odds_limits_of_counts(table: pd.DataFrame, counts: Counts) -> pd.DataFrame:
    """Return the limits of terms already counted; see ``log_odds_limits``."""
    if sorted(table["term"]) != sorted(counts.terms):
        raise InputError(
            f"The table has {len(table):,} terms and the counts have {len(counts.terms):,}, not "
            "the same ones: count the texts as the table was made."
        )
    limits = table[LIMITS].copy()
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    total = (limits["n_target"] + limits["n_reference"]).to_numpy(float)
    for role, sign, share in (("target", 1, n1 / (n1 + n2)), ("reference", -1, n2 / (n1 + n2))):
        held = limits[f"n_{role}"].to_numpy(float)
        alike = np.maximum(np.round((held + share) / share), 1)
        itself = limits[f"self_{role}"].to_numpy(float)
        limits[f"self_{role}"] = np.abs(_z_at(itself, alike, n1, n2))
        ratio = sign * limits[f"floor_{role}"].to_numpy(float)
        limits[f"floor_{role}"] = np.abs(_z_at(ratio, total, n1, n2))
    return limits


def _z_at(ratio: Floats, total: Floats, n1: float, n2: float) -> Floats:
    """Return the z of terms whose occurrences are split by a log ratio, infinite where that is."""
    finite = np.where(np.isfinite(ratio), ratio, 0)
    z = log_odds_informative_z(*split(total, finite, n1, n2), n1, n2)
    return np.where(np.isfinite(ratio), z, ratio)


# The same units, dealt out


def dealt(counts: Counts, *, times: int, seed: int = 0) -> Iterator[Flags]:
    """Yield, so many times, which units are the target's when they are dealt out at random.

    Either group keeps its number of units, and every unit its words: what a word owes to bursts in
    a passage or a document stays together.

    Parameters
    ----------
    counts : as from ``counted``
    times : how often they are dealt
    seed : of the random numbers
    """
    random = np.random.default_rng(seed)
    for _ in range(times):
        yield random.permutation(counts.target)


def naive_p(counts: Counts, side: Flags) -> Floats:
    """Return the textbook p of G² of every term, were these units the target's.

    Parameters
    ----------
    counts : as from ``counted``
    side : True for these units, as from ``dealt``
    """
    return tail(g2(*_cells(counts, side)))


@analysis("line-up")
def lineup(terms: Result, *, panels: int = PANELS, seed: int = 0) -> Outcome:
    """Hide the contrast of two groups among contrasts of the same units dealt out at random.

    If the groups differ in their words, the panel that shows them can be told from the others by
    who does not know where it stands (Buja et al. 2009, doi:10.1098/rsta.2009.0120). Each draws a
    z-score for every term, of the log-odds ratio with the prior of ``keyness``.

    Parameters
    ----------
    terms : as from ``keyness``
    panels : how many at most, with the real one; fewer where units can be dealt out in few
        ways, so that each panel shows another contrast
    seed : of the deals, and of the real one's place

    Returns
    -------
    Result
        One row a panel and pair of counts: ``panel`` (from 1), ``real``, ``n_target, n_reference,
        log_odds_z``, and how many ``terms`` have these counts. Its facts: ``place``, the panel
        that is real; of ``rank`` of how many ``panels`` it is by its largest z in size, 1 if it has
        the largest.

    Raises
    ------
    InputError
        There are fewer than two panels, or too few units to deal out in eight ways.
    """
    if panels < 2:
        raise InputError(f"A line-up needs two panels or more, got {panels}.")
    counts = counted(terms)
    ways = math.comb(len(counts.target), int(counts.target.sum()))
    panels = min(panels, ways // LEAST)
    if panels < 2:
        raise InputError(
            f"Ways to deal out the units: {ways:,}, too few for a line-up; give it more documents, "
            "or longer texts where these are cut into units."
        )
    texts = int(counts.sizes.sum()), len(counts.terms)  # so that no two studies hide it alike
    place = int(np.random.default_rng([seed, panels, *texts]).integers(panels))
    others = _others(counts, seed)
    tables = [
        _panel(counts, counts.target if panel == place else next(others)).assign(
            panel=panel + 1, real=panel == place
        )
        for panel in range(panels)
    ]
    table = pd.concat(tables, ignore_index=True)[COLUMNS]
    largest = table["log_odds_z"].abs().round(9).groupby(table["panel"]).max()
    rank = 1 + int((largest > largest[place + 1]).sum())
    facts = {"place": place + 1, "panels": panels, "rank": rank}
    return Outcome(table, counts.units, terms.unit, METHOD, facts=facts)


def _others(counts: Counts, seed: int) -> Iterator[Flags]:
    """Yield deals that show contrasts of their own: none twice, the real one never, no mirror."""
    seen = {_contrast(counts.target)}
    for side in dealt(counts, times=TRIES, seed=seed):
        if (own := _contrast(side)) not in seen:
            seen.add(own)
            yield side


def _contrast(side: Flags) -> bytes:
    """Return what a deal has in common with its mirror."""
    return min(side.tobytes(), (~side).tobytes())


def _panel(counts: Counts, side: Flags) -> pd.DataFrame:
    a, b, n1, n2 = _cells(counts, side)
    z = log_odds_informative_z(a, b, n1, n2)
    found = pd.DataFrame({"n_target": a.astype(int), "n_reference": b.astype(int), "log_odds_z": z})
    keys = ["n_target", "n_reference"]
    return found.groupby(keys, as_index=False).agg(
        log_odds_z=("log_odds_z", "first"), terms=("log_odds_z", "size")
    )


def _cells(counts: Counts, side: Flags) -> tuple[Floats, Floats, float, float]:
    a, b = (np.asarray(counts.matrix[s].sum(axis=0), float).ravel() for s in (side, ~side))
    return a, b, float(counts.sizes[side].sum()), float(counts.sizes[~side].sum())
