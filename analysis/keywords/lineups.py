"""What chance gives, seen: the same units, dealt out to the groups at random."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats
from analysis.keywords.formulas import g2, log_odds_informative_z, tail
from analysis.keywords.registry import counted
from analysis.result import Outcome, Result, analysis
from analysis.text import Counts

PANELS = 20
LEAST = 4  # ways to deal the units out, for each panel
METHOD = "units dealt out to the groups at random, as many to either as it has"
COLUMNS = ["panel", "real", "n_target", "n_reference", "log_odds_z", "terms"]


def dealt(counts: Counts, *, times: int, seed: int = 0) -> Iterator[Flags]:
    """Yield, so many times, which units are the target's when they are dealt out at random.

    Either group keeps its number of units, and every unit its words: what a word owes to bursts in
    a passage or a document stays together.
    """
    random = np.random.default_rng(seed)
    for _ in range(times):
        yield random.permutation(counts.target)


def naive_p(counts: Counts, side: Flags) -> Floats:
    """Return the textbook p of G² of every term, were these units the target's."""
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
    panels : how many, with the real one
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
        There are fewer than two panels, or too few units to deal out in different ways.
    """
    if panels < 2:
        raise InputError(f"A line-up needs two panels or more, got {panels}.")
    counts = counted(terms)
    ways = math.comb(len(counts.target), int(counts.target.sum()))
    if ways < LEAST * panels:
        raise InputError(
            f"The units can be dealt out in {ways:,} ways only, too few for a line-up of {panels} "
            f"panels: give it longer texts, more documents, or fewer panels."
        )
    texts = int(counts.sizes.sum()), len(counts.terms)  # so that no two studies hide it alike
    place = int(np.random.default_rng([seed, panels, *texts]).integers(panels))
    others = dealt(counts, times=panels - 1, seed=seed)
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
