"""What chance gives, and what could be found, on the scale of the log-odds ratio's z."""

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import self_contrast
from analysis.keywords.association import PRIOR_TOKENS, log_odds_informative_z, log_odds_z, split
from analysis.keywords.gate import Floats
from analysis.result import Outcome, Result, analysis
from analysis.text import Counts, count_terms

COLUMNS = [
    "term", "n_target", "n_reference", "log_odds_z",
    "self_target", "self_reference", "floor_target", "floor_reference",
]  # fmt: skip
METHOD = "self-contrast of pseudo-texts drawn from the units of one group"
COUNTING = ("unit_tokens", "numbers", "function_words", "family")  # what ``keyness`` counted
_BLOCK = 1_000  # terms at a time: draws × terms are held at once


@analysis("limits of log-odds z")
def log_odds_limits(terms: Result, *, draws: int = 2_000, seed: int = 0) -> Outcome:
    """Return, for the z of the log-odds ratio, its self-contrast null and its detection floor.

    The z of Monroe et al. (2008) takes every token as independent, so that ±1.96 is too narrow for
    words that come in bursts. Here two pseudo-texts of the groups' lengths are drawn from the units
    of one group alone (``self_contrast``), with the same prior of 500 tokens; the 95 % quantile
    of the absolute z is what chance gives. The floor is the z at the smallest log ratio that could
    have been found: with f that log ratio, t the term's occurrences and n₁, n₂ the tokens,
    ``a = t o / (1 + o)``, ``o = 2ᶠ n₁ / n₂``, and ``b = t - a``.

    Parameters
    ----------
    terms : as from ``keyness``
    draws, seed : of the pseudo-texts

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
    table = log_odds_limits_of_counts(terms.table, counted(terms), draws=draws, seed=seed)
    return Outcome(table, terms.units, terms.unit, METHOD)


def counted(terms: Result) -> Counts:
    """Return the counts that a keyness table was made of."""
    return count_terms(terms.corpus, **{name: terms.settings[name] for name in COUNTING})


def log_odds_limits_of_counts(
    table: pd.DataFrame, counts: Counts, *, draws: int = 2_000, seed: int = 0
) -> pd.DataFrame:
    """Return the limits of terms already counted; see ``log_odds_limits``."""
    if sorted(table["term"]) != sorted(counts.terms):
        raise InputError(
            f"The table has {len(table):,} terms and the counts have {len(counts.terms):,}, not "
            "the same ones: count the texts as the table was made."
        )
    limits = table[COLUMNS].set_index("term")
    itself = _itself(counts, draws, seed)
    limits[["self_target", "self_reference"]] = itself.loc[limits.index]
    total = (limits["n_target"] + limits["n_reference"]).to_numpy(float)
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    for role, sign in (("target", 1), ("reference", -1)):
        ratio = sign * limits[f"floor_{role}"].to_numpy(float)
        limits[f"floor_{role}"] = np.abs(_z_at(ratio, total, n1, n2))
    return limits.reset_index()[COLUMNS]


def _itself(counts: Counts, draws: int, seed: int) -> pd.DataFrame:
    """Return the self-contrast of every term, block by block; all blocks share their draws."""
    blocks = [
        self_contrast(
            counts.matrix[:, start : start + _BLOCK].toarray(), counts.sizes, counts.target,
            measure=_z, draws=draws, seed=seed,
        )
        for start in range(0, len(counts.terms), _BLOCK)
    ]  # fmt: skip
    return pd.concat(blocks).set_index(pd.Index(counts.terms))


def _z(a: Floats, n1: Floats, b: Floats, n2: Floats) -> Floats:
    """Return the z of pseudo-texts; a term that neither holds shows no difference."""
    total = a + b
    prior = PRIOR_TOKENS * np.where(total > 0, total, 1) / (n1 + n2)
    return np.where(total > 0, log_odds_z(a, b, n1, n2, prior, PRIOR_TOKENS), 0)  # type: ignore[arg-type]


def _z_at(ratio: Floats, total: Floats, n1: float, n2: float) -> Floats:
    """Return the z of terms whose occurrences are split by a log ratio, infinite where that is."""
    finite = np.where(np.isfinite(ratio), ratio, 0)
    z = log_odds_informative_z(*split(total, finite, n1, n2), n1, n2)
    return np.where(np.isfinite(ratio), z, ratio)
