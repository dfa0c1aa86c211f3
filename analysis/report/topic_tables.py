"""Tables about topics, as the notebook calls them."""

import pandas as pd

from analysis.report.prose import Prose
from analysis.report.tables import Shown, show
from analysis.report.topic_text import LEVEL, judged, named, of_ten, percent, points, signed
from analysis.result import Result
from analysis.text import Corpus

OFTEN = 3  # occurrences below which a word of a topic is not listed
LISTED = 4  # words of a topic listed of each group
NOT_WORDED = "No topic has words in two units of either group, so its wording cannot be compared."


def prevalence_table(found: Result, corpus: Corpus) -> Shown:
    """Show each topic's share in either group, the difference, and what to judge it by."""
    table = named(found)
    target, reference = (group.label for group in corpus.groups)
    shown = pd.DataFrame(
        {
            "topic": table["topic"],
            "label": table["shown"],
            f"share, {target}": [percent(share) for share in table["share_target"]],
            f"share, {reference}": [percent(share) for share in table["share_reference"]],
            "difference": [signed(share) for share in table["estimate"]],
            "95 % interval": _spans(table, "ci_low", "ci_high"),
            "topics as given": _spans(table, "given_low", "given_high"),
            "self": 100 * table[["self_target", "self_reference"]].max(axis=1),
            "floor": 100 * table["floor"],
            "p_value": table["p_value"],
            "p_family": table["p_family"],
        }
    )
    return show(
        shown,
        columns=_headings(shown, p_value="p", p_family="family-wise p"),
        right=[str(name) for name in shown if name != "label"],
        digits=0,
        note="All but shares and p in percentage points. A share is estimated without bias, "
        "so that one of nought may come out slightly below it. self: the difference that a "
        "group's own text, set against itself, stays under in 95 % of draws (the larger of both "
        "groups'); floor: the least true difference that four of five such corpora would show, "
        "∞ where none would.",
    )


def flags_table(found: Result, corpus: Corpus) -> Shown:
    """Show how surely each topic comes back, whom it belongs to, and why it is flagged."""
    table, more = named(found), f"{corpus.target.label} unit has more"
    shown = pd.DataFrame(
        {
            "topic": table["topic"],
            "label": table["shown"],
            "terms that recur": [of_ten(share) for share in table["stability"]],
            "shuffled": [of_ten(share) for share in table["chance"]],
            "refits, 95 %": _spans(table, "refit_low", "refit_high"),
            "same sign": [percent(share) for share in table["sign_stability"]],
            "units it leads": table["n_units"],
            more: [percent(share) for share in table["separation"]],
            "verdict": [judged(topic) for _, topic in table.iterrows()],
        }
    )
    written = ["terms that recur", "shuffled", "refits, 95 %", "same sign", more]
    return show(shown, columns=_headings(shown), right=written)


def wording_table(found: Result, corpus: Corpus) -> Shown | Prose:
    """Show which words of each topic each group rather uses, with their counts."""
    if found.parts["wording"].empty:
        return Prose(NOT_WORDED)
    rows = []
    for _, topic in named(found).iterrows():
        own = found.parts["wording"][found.parts["wording"]["topic"] == topic["topic"]]
        rows.append(
            {
                "topic": topic["topic"],
                "label": topic["shown"],
                "words of it": _counts(own) if len(own) else "too few",
                f"rather {corpus.target.label}": _listed(own[own["log_ratio"] > 0]),
                f"rather {corpus.reference.label}": _listed(own[own["log_ratio"] < 0]),
                "p_value": own["p_value"].min(),
                "p_family": own["p_family"].min(),
            }
        )
    shown = pd.DataFrame(rows)
    return show(
        shown,
        columns=_headings(shown, p_value="least p", p_family="family-wise"),
        right=["words of it"],
        note=f"Counts in {corpus.target.label} : {corpus.reference.label}. Listed are words "
        f"of at least {OFTEN} occurrences, those of least p first.",
    )


def _headings(shown: pd.DataFrame, **other: str) -> dict[str, str]:
    """Head each column by its name, or by another one."""
    return {str(name): other.get(str(name), str(name)) for name in shown}


def _spans(table: pd.DataFrame, low: str, high: str) -> list[str]:
    return [points(*ends) for ends in zip(table[low], table[high], strict=True)]


def _counts(words: pd.DataFrame) -> str:
    return f"{words['n_target'].sum():,} : {words['n_reference'].sum():,}"


def _listed(words: pd.DataFrame) -> str:
    """List the words of least p with their counts; an asterisk where the family-wise p is low."""
    often = words[words["n_target"] + words["n_reference"] >= OFTEN].head(LISTED)
    return ", ".join(
        f"{word['term']}{'*' if word['p_family'] < LEVEL else ''} "
        f"{word['n_target']}:{word['n_reference']}"
        for _, word in often.iterrows()
    )
