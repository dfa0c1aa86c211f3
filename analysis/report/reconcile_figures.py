"""Tables and findings on other tools' measures and on lockwords, as the notebook calls them."""

import math

import pandas as pd

from analysis.keywords.equivalence import LEVEL
from analysis.report.keywords_tables import COUNTS, ROWS, with_limits
from analysis.report.links import WORD, link
from analysis.report.prose import Prose, markdown
from analysis.report.tables import Shown, interval, number, p_value, show
from analysis.result import Result

_SIGNIFICANT = 4  # digits of a value beside others of quite another size


def reconciliation_table(sheet: Result) -> Shown:
    """Show what other tools print for a term."""
    headings = {
        "tool": "tool",
        "statistic": "statistic",
        "value": "value",
        "p_value": "p",
        "formula": "formula",
        "note": "how the formula is known",
    }
    values = [_figure(x) for x in sheet.table["value"]]
    return show(sheet.table.assign(value=values), columns=headings, right=["value"])


def lockwords_table(alike: Result, terms: Result, rows: int = ROWS) -> Shown:
    """Show the terms nearest to being shown to be used alike.

    Parameters
    ----------
    alike, terms : as from ``lockwords`` and ``keyness``
    rows : how many
    """
    headings = {
        "term": "term", **COUNTS, "log_ratio": "log ratio", "ci_low": "low", "ci_high": "high",
        "itself": "self", "p_value": "p", "p_family": "family-wise p",
    }  # fmt: skip
    note = (
        "The interval is of 90 %; self as in the table of keywords. Terms of fewer than "
        f"{_least(alike):,} occurrences in both groups together are too rare to be "
        "decided, and have no family-wise p."
    )
    itself = with_limits(terms.table)[["term", "itself"]]
    return show(
        alike.table.merge(itself, on="term", how="left"),
        columns=headings,
        rows=rows,
        digits=dict.fromkeys(("log_ratio", "ci_low", "ci_high", "itself"), 2),
        note=note,
        links={"term": link(WORD)},
    )


def lockwords_finding(alike: Result) -> Prose:
    """Say which terms are shown to be used alike, and how many could have been."""
    table, bound = alike.table, alike.settings["bound"]
    decided = table[table["p_family"].notna()]
    least = _least(alike)
    return Prose(f"{_opening(decided, bound)} {_floor(decided, table, least)}")


def _least(alike: Result) -> int:
    return max(1, math.ceil(alike.facts["frequency_floor"]))


def _opening(decided: pd.DataFrame, bound: float) -> str:
    bounds = f"within {'one doubling' if bound == 1 else f'{bound:g} doublings'} either way"
    shown = decided[decided["p_family"] < LEVEL]
    if len(shown):
        verb = "term is" if len(shown) == 1 else "terms are"
        return f"**{len(shown)} {verb} shown to be used alike**, {bounds}: {_listed(shown)}."
    alone = decided[decided["p_value"] < LEVEL]
    if alone.empty:
        return f"**No term is shown to be used alike**, {bounds}."
    return (
        f"**No term is shown to be used alike** at a family-wise 5 %, {bounds}. "
        f"Taken one by one, {len(alone)} would pass: {_listed(alone)}."
    )


def _floor(decided: pd.DataFrame, table: pd.DataFrame, least: int) -> str:
    need = f"at least {least:,} times in both groups together"
    return (
        f"A term must occur {need} to be decided at all, which {len(decided):,} of "
        f"{len(table):,} do; of the others nothing is known."
    )


def _listed(terms: pd.DataFrame, most: int = 6) -> str:
    rows = [_term(row) for _, row in terms.head(most).iterrows()]
    more = f"; and {len(terms) - most} more" if len(terms) > most else ""
    return "; ".join(rows) + more


def _term(row: pd.Series) -> str:
    return (
        f"*{markdown(str(row['term']))}* (log ratio {number(row['log_ratio'], 2)}, 90 % interval "
        f"{interval(row['ci_low'], row['ci_high'], 2)}; family-wise p {p_value(row['p_family'])})"
    )


def _figure(x: float) -> str:
    """Write a value of any size with four significant digits."""
    if not math.isfinite(x) or x == 0:
        return number(x, 0)
    return number(x, min(max(_SIGNIFICANT - 1 - math.floor(math.log10(abs(x))), 1), 9))
