"""The reconciliation sheet: what other tools print for the same counts, so as to match papers."""

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.weights import Floats
from analysis.keywords import formulas
from analysis.keywords.formulas import check_cells
from analysis.result import Outcome, Result, analysis

COLUMNS = ["tool", "statistic", "value", "p_printed", "formula", "note"]
METHOD = "formulas of other tools on the same counts, every token taken as independent"
_PRINTED = "prints 1 - F for p, which is 0 from about 70 on"
_CODE = "read in its source code"
_AFTER = "as in the code of KeynessMeasures (R), written after the page; not checked against it"
_AUTHOR = "confirmed by its author on the AntConc list"
_UNSEEN = "by the published formula, not checked against the program"


@analysis("reconciliation")
def reconciliation(terms: Result, term: str) -> Outcome:
    """Return what other keyness tools print for one term of a contrast.

    Parameters
    ----------
    terms : as from ``keyness``
    term : one of its terms

    Returns
    -------
    Result
        See ``reconcile_counts``.

    Raises
    ------
    InputError
        The term is not among the counted ones.
    """
    counts = terms.table.set_index("term")
    if term not in counts.index:
        raise InputError(
            f"There is no counted term {term!r}: take one of {len(counts):,}, such as "
            f"{min(counts.index)!r}; function words and bare numbers are counted only when asked "
            "for."
        )
    a, b = (float(counts[f"n_{role}"][term]) for role in ("target", "reference"))
    n1, n2 = (float(size["tokens"]) for size in terms.sizes().values())
    return Outcome(reconcile_counts(a, b, n1, n2), terms.units, terms.unit, METHOD)


def reconcile_counts(a: float, b: float, n1: float, n2: float) -> pd.DataFrame:
    """Return what AntConc, Rayson's calculator, quanteda and WordSmith print for one 2 × 2 table.

    The tools agree on the table and differ in what they make of it: log-likelihood over two cells
    or over four, a correction or none, a sign or none. The counts are taken as given; a tool that
    cuts tokens otherwise has other counts to start from.

    Parameters
    ----------
    a, b : occurrences of the term in target and reference
    n1, n2 : tokens of each

    Returns
    -------
    DataFrame
        One row a tool and statistic, in a fixed order: ``tool, statistic, value, p_printed,
        formula, note``. ``p_printed`` is NaN where a statistic has none, or where the one that is
        printed means nothing. ``note`` says how the formula is known: read in the tool's code,
        stated in its documentation, or only published.

    Raises
    ------
    InputError
        A count is NaN, negative, or more than the tokens; a group has no token; the term occurs
        in neither.

    References
    ----------
    quanteda.textstats, ``R/textstat_keyness.R`` and ``src/keyness.cpp``; Rayson, "Log-likelihood
    and effect size calculator", ucrel.lancs.ac.uk/llwizard.html; KeynessMeasures (R),
    ``R/measure_calculators.R``; WordSmith Tools Help, versions 4 to 8, "KeyWords"; Anthony on the
    AntConc discussion list (chi-squared of version 3; the four terms, 2 February 2023).

    Examples
    --------
    >>> sheet = reconcile_counts(10, 5, 1000, 2000).set_index(["tool", "statistic"])
    >>> sheet.loc[("AntConc", "log-likelihood (4-term)"), "value"].round(2).item()
    6.97
    >>> sheet.loc[("Rayson's calculator", "LL"), "value"].round(2).item()
    6.93
    """
    cells = np.array([a], dtype=float), np.array([b], dtype=float), float(n1), float(n2)
    check_cells(*cells)
    if a + b == 0:
        raise InputError("The term occurs in neither group: there is nothing to compare.")
    rows = [*_antconc(cells), *_rayson(cells), *_quanteda(cells), *_wordsmith(cells)]
    return pd.DataFrame(rows, columns=COLUMNS)


Cells = tuple[Floats, Floats, float, float]
Row = tuple[str, str, float, float, str, str]


def _row(tool: str, statistic: str, value: Floats, formula: str, note: str, p: float) -> Row:
    return tool, statistic, float(value[0]), p, formula, note


def _tail(value: Floats) -> float:
    return float(formulas.tail(np.abs(value))[0])


def _antconc(cells: Cells) -> list[Row]:
    four, chi = formulas.g2(*cells), formulas.chi2(*cells)
    old = formulas.chi2_two_cells(*cells)
    return [
        _row("AntConc", "log-likelihood (4-term)", four, "2 Σ O ln(O/E), four cells",
             f"{_AUTHOR}; the default", _tail(four)),
        _row("AntConc", "chi-squared (4-term)", chi, "Σ (O - E)²/E, four cells", _UNSEEN,
             _tail(chi)),
        _row("AntConc", "chi-squared (version 3)", old, "Σ (O - E)²/E, two cells",
             "the author's code on the AntConc list", _tail(old)),
    ]  # fmt: skip


def _rayson(cells: Cells) -> list[Row]:
    tool, none = "Rayson's calculator", float("nan")
    ll = formulas.g2_two_cells(*cells)
    a, b, n1, n2 = cells
    more = np.where(a / n1 >= b / n2, "+", "-")[0]
    return [
        _row(tool, "LL", ll, "2 (a ln(a/e1) + b ln(b/e2))",
             f"stated on its page, and agrees with values it printed; its sign here: {more}",
             _tail(ll)),
        _row(tool, "%DIFF", formulas.percent_difference(*cells), "100 (r1 - r2)/r2",
             f"{_AFTER}; there a zero in the reference is set to 1e-18", none),
        _row(tool, "Bayes factor (BIC)", formulas.bic(*cells), "LL - ln(n1 + n2)", _AFTER,
             none),
        _row(tool, "ELL", formulas.effect_size_ll(*cells), "LL/((n1 + n2) ln(min E))",
             _AFTER, none),
        _row(tool, "relative risk", formulas.relative_risk(*cells), "r1/r2", _AFTER, none),
        _row(tool, "log ratio", formulas.log_ratio(*cells), "log2(r1/r2)",
             f"{_AFTER}; a zero count is set to one half (Hardie)", none),
        _row(tool, "odds ratio", formulas.odds_ratio(*cells),
             "(a/(n1 - a))/(b/(n2 - b))", _AFTER, none),
    ]  # fmt: skip


def _quanteda(cells: Cells) -> list[Row]:
    tool = "quanteda.textstats"
    chi, lr = formulas.chi2_quanteda(*cells), formulas.g2_quanteda(*cells)
    exact = formulas.conditional_odds_ratio(*cells)
    condition = "half a count off if |ad - bc| ≥ n/2 and some E < 5"
    return [
        _row(tool, "chi2", chi, f"± Pearson's, {condition}", f"{_CODE}; {_PRINTED}", _tail(chi)),
        _row(tool, "lr", lr, f"± 2 Σ O ln(O/E + 1e-9), {condition}",
             f"{_CODE}; its help names Williams's correction instead; {_PRINTED}", _tail(lr)),
        _row(tool, "exact", exact, "odds ratio of largest conditional likelihood",
             f"{_CODE}; p is Fisher's", float(formulas.fisher_p(*cells)[0])),
        _row(tool, "pmi", formulas.pmi_quanteda(*cells), "ln(a/e1 + 1e-9)",
             f"{_CODE}; prints the chi-squared tail of |pmi| as p, which means nothing",
             float("nan")),
    ]  # fmt: skip


def _wordsmith(cells: Cells) -> list[Row]:
    tool, none = "WordSmith", float("nan")
    ll = formulas.g2(*cells)
    named = "its help names Dunning's test and refers to Rayson's page"
    return [
        _row(tool, "log-likelihood", ll, "2 Σ O ln(O/E), four cells",
             f"{named}; which form it prints was not checked", _tail(ll)),
        _row(tool, "BIC", ll - np.log(cells[2] + cells[3]), "log-likelihood - ln(n1 + n2)",
             "its help names the score; the formula is Wilson's, not checked", none),
        _row(tool, "log ratio", formulas.log_ratio(*cells), "log2(r1/r2)",
             "its help names Hardie's; how it treats a zero was not checked", none),
    ]  # fmt: skip
