"""The audit of the lexicons, as the notebook shows it."""

import math

import pandas as pd

from analysis.report.prose import Prose, markdown
from analysis.report.tables import DASH, Shown, number, show
from analysis.report.tone_text import label, lexicon_name, listing, percent, row_of, signed
from analysis.text import Corpus
from analysis.tone import scorer
from analysis.tone.calibration import COMBINED

SHOWN = 12


def audit_table(table: pd.DataFrame, corpus: Corpus) -> Shown:
    """Show what each lexicon covers and misreads, and what the sign of its contrast hangs on.

    Parameters
    ----------
    table : as from ``lexicon_audit``
    corpus : the two groups
    """
    shown = pd.DataFrame({"lexicon": [_name(column) for column in table["lexicon"]]})
    for what, column in (("tokens scored", "coverage"), ("in another sense", "misread")):
        for group in corpus.groups:
            values = table[f"{column}_{group.role}"]
            shown[f"{what}, {group.label}"] = [percent(x, 1) for x in values]
    shown["difference"] = [number(x) for x in table["estimate"]]
    shown["without these"] = [number(x) for x in table["without_misread"]]
    shown["different words"] = table["entries"]
    shown["turn the sign alone"] = table["flips"]
    shown["fewest that turn it"] = [_fewest(row) for _, row in table.iterrows()]
    return show(shown, right=list(shown.columns[1:-1]))


def audit_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how much the lexicons know, misread, and how few words carry the sign."""
    row = row_of(table, "lexicon", COMBINED)
    if math.isnan(row["estimate"]):
        return Prose("Where a group has no sentence with a tone there is nothing to audit.")
    covered = [f"{percent(row[f'coverage_{g.role}'], 1)} of {label(g)}" for g in corpus.groups]
    other = [
        f"{percent(row[f'misread_{g.role}'])} in {label(g)}"
        for g in corpus.groups
        if row[f"words_{g.role}"]
    ]
    return Prose(
        f"Together the combined lexicons score {listing(covered)}. Of these words, at least "
        f"{listing(other)} stand in a sense that was not the raters': without them the difference "
        f"of {number(row['estimate'])} becomes {number(row['without_misread'])}. {_sign(row)}"
    )


def senses_table(table: pd.DataFrame) -> Shown | Prose:
    """Show the words that stand in another sense, the most frequent first, with an instance each.

    Parameters
    ----------
    table : as from ``misread_words``
    """
    if table.empty:
        return Prose("No scored word was found in a sense that the lexicons do not mean.")
    rows = [
        {
            "word": ", ".join(sorted(set(own["word"]))),
            "times": len(own),
            "scored as": means,
            "stands here for": here,
            "adds to its sentences": signed(own["contribution"].mean()),
            "for instance": _around(own.iloc[0]),
        }
        for (means, here), own in table.groupby(["means", "here"], sort=False)
    ]
    shown = pd.DataFrame(rows).sort_values(["times", "word"], ascending=[False, True])
    return show(shown, rows=SHOWN, right=["adds to its sentences"])


def decisive_table(table: pd.DataFrame, corpus: Corpus) -> Shown | Prose:
    """Show the contrast without single words: those that turn its sign, then the weightiest.

    Parameters
    ----------
    table : as from ``decisive_words``
    corpus : the two groups
    """
    if table.empty:
        return Prose("No word is scored, so none can decide.")
    order = table.sort_values("flips", ascending=False, kind="stable")
    target, reference = (group.label for group in corpus.groups)
    columns = {
        "term": "word",
        "n_target": target,
        "n_reference": reference,
        "contribution": "contribution",
        "estimate_without": "difference without it",
        "flips": "turns the sign",
    }
    return show(order, columns=columns, digits=3, rows=8)


def _name(column: str) -> str:
    return lexicon_name(column if column == COMBINED else scorer(column).name)


def _fewest(row: pd.Series) -> str:
    if math.isnan(row["fewest"]):
        return DASH
    words = str(row["fewest_words"]).split(", ")
    more = f" and {len(words) - 5} more" if len(words) > 5 else ""
    return f"{int(row['fewest'])}: {', '.join(words[:5])}{more}"


def _sign(row: pd.Series) -> str:
    """Say what the sign hangs on."""
    alone = f"Taken out alone, {int(row['flips'])} of {int(row['entries'])} words turn the sign"
    if math.isnan(row["fewest"]) or row["fewest"] < 2:
        return f"{alone}."
    words = [f"*{markdown(word)}*" for word in str(row["fewest_words"]).split(", ")]
    return f"{alone}; together {len(words)} do: {listing(words)}."


def _around(row: pd.Series, width: int = 40) -> str:
    """Return the word with a few letters on either side."""
    text, start, end = row["text"], row["text_start"], row["text_end"]
    left, right = text[:start], text[end:]
    head = left if len(left) <= width else f"… {left[-width:].split(' ', 1)[-1]}"
    tail = right if len(right) <= width else f"{right[:width].rsplit(' ', 1)[0]} …"
    return f"{head}{text[start:end]}{tail}"
