"""The whole family of keyness measures for every term, beside its counts."""

import numpy as np
import pandas as pd

from analysis.keywords import association, dispersion
from analysis.keywords.gate import Floats, group_totals
from analysis.keywords.table import PRIOR_TOKENS
from analysis.keywords.tfidf import tfidf_difference
from analysis.numbers import ordered
from analysis.result import Outcome, analysis
from analysis.text import Corpus, Counts, count_terms, unit_name
from analysis.text.units import UNIT_TOKENS

METHOD = "textbook formulas on counts, every token taken as independent; no interval"
_DISPERSION = {
    "range": dispersion.unit_range,
    "dp": dispersion.dp,
    "dp_norm": dispersion.dp_norm,
    "juilland_d": dispersion.juilland_d,
    "carroll_d2": dispersion.carroll_d2,
    "rosengren_s": dispersion.rosengren_s,
}


@analysis("measures")
def measures(
    corpus: Corpus,
    *,
    unit_tokens: int = UNIT_TOKENS,
    numbers: bool = False,
    function_words: bool = False,
    family: str | None = None,
) -> Outcome:
    """Return every association and dispersion measure of every term.

    The table is for choosing and comparing measures, and for matching other people's work. None
    of its p-values knows that texts come in units; ``keyness`` does.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens, numbers, function_words, family : what is counted, as in ``keyness``

    Returns
    -------
    Result
        One row a term, the highest G² first, ties by term. Positive means over-used in the target
        where a measure has a sign.

        - ``term, n_target, n_reference, rate_target, rate_reference`` (per 1,000 tokens)
        - ``g2, g2_two_cells, chi2, chi2_yates``, each with its ``…_p``; ``fisher_p``
        - ``bic, pmi, log_ratio, percent_difference, relative_risk, odds_ratio``
        - ``log_odds_z`` (informative prior, as in ``keyness``), ``log_odds_uninformative_z``
        - ``tfidf_difference`` over units
        - ``range, dp, dp_norm, juilland_d, carroll_d2, rosengren_s``, each for ``…_target`` and
          ``…_reference``

        Each is defined under its name in ``association``, ``tfidf`` and ``dispersion``.

    Raises
    ------
    InputError
        A count is NaN or negative, or a group is missing.
    """
    counts = count_terms(
        corpus,
        unit_tokens=unit_tokens,
        numbers=numbers,
        function_words=function_words,
        family=family,
    )
    table = measures_of_counts(counts)
    return Outcome(table, counts.units, unit_name(corpus, unit_tokens), METHOD)


def measures_of_counts(counts: Counts) -> pd.DataFrame:
    """Return the measures of terms already counted; see ``measures``."""
    a, b, n1, n2 = group_totals(counts)
    columns = {
        "term": counts.terms,
        "n_target": a.astype(int),
        "n_reference": b.astype(int),
        "rate_target": 1000 * a / n1,
        "rate_reference": 1000 * b / n2,
        **_tests(a, b, n1, n2),
        **_effects(a, b, n1, n2),
        "tfidf_difference": tfidf_difference(counts.matrix, counts.target),
        **_dispersions(counts),
    }
    table = pd.DataFrame(columns)
    return ordered(table, ["g2", "term"], ascending=[False, True])


def _tests(a: Floats, b: Floats, n1: float, n2: float) -> dict[str, Floats]:
    columns: dict[str, Floats] = {}
    for name in ("g2", "g2_two_cells", "chi2", "chi2_yates"):
        statistic = getattr(association, name)(a, b, n1, n2)
        columns |= {name: statistic, f"{name}_p": association.tail(statistic)}
    return columns | {"fisher_p": association.fisher_p(a, b, n1, n2)}


def _effects(a: Floats, b: Floats, n1: float, n2: float) -> dict[str, Floats]:
    names = ("bic", "pmi", "log_ratio", "percent_difference", "relative_risk", "odds_ratio")
    prior = PRIOR_TOKENS * (a + b) / (n1 + n2)
    return {name: getattr(association, name)(a, b, n1, n2) for name in names} | {
        "log_odds_z": association.log_odds_z(a, b, n1, n2, prior, PRIOR_TOKENS),
        "log_odds_uninformative_z": association.log_odds_uninformative_z(a, b, n1, n2),
    }


def _dispersions(counts: Counts) -> dict[str, Floats]:
    table = counts.matrix.toarray().astype(float)
    sides = {"target": counts.target, "reference": ~np.asarray(counts.target)}
    return {
        f"{name}_{group}": measure(table[side], counts.sizes[side])
        for name, measure in _DISPERSION.items()
        for group, side in sides.items()
    }
