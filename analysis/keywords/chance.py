"""What chance gives, and what could be found, on the scale of the log-odds ratio's z."""

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.keywords.association import log_odds_informative_z, split
from analysis.keywords.gate import Floats
from analysis.result import Outcome, Result, analysis
from analysis.text import Counts, count_terms

COLUMNS = [
    "term", "n_target", "n_reference", "log_odds_z",
    "self_target", "self_reference", "floor_target", "floor_reference",
]  # fmt: skip
METHOD = "z at the limits of the log ratio"
COUNTING = ("unit_tokens", "numbers", "function_words", "family")  # what ``keyness`` counted


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
    return Outcome(table, terms.units, terms.unit, METHOD)


def counted(terms: Result) -> Counts:
    """Return the counts that a keyness table was made of."""
    return count_terms(terms.corpus, **{name: terms.settings[name] for name in COUNTING})


def log_odds_limits_of_counts(table: pd.DataFrame, counts: Counts) -> pd.DataFrame:
    """Return the limits of terms already counted; see ``log_odds_limits``."""
    if sorted(table["term"]) != sorted(counts.terms):
        raise InputError(
            f"The table has {len(table):,} terms and the counts have {len(counts.terms):,}, not "
            "the same ones: count the texts as the table was made."
        )
    limits = table[COLUMNS].copy()
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
