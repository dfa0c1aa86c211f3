"""The words that make a contrast of tone, and how far the lexicons know and misread them."""

from typing import Any

import pandas as pd

from analysis.numbers import number
from analysis.report.drawing import MM, ONE_AND_HALF, canvas
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, show
from analysis.report.tone import plots
from analysis.report.tone.contrast import (
    about_tone,
    percent_cell,
    records_of,
    row_facts,
    sides_of,
)
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say, short
from analysis.tone import scorer
from analysis.tone.calibration import COMBINED

MOST_SENSES = 12
WORD_LIMIT = 8  # words of a shift that are drawn on either side
WAYS = ("more positive", "fewer negative", "more negative", "fewer positive")
AROUND = 40  # letters shown on either side of a misread word


# Words


def shift_figure(shift: Result) -> Published | Prose:
    """Publish the words that make the contrast, each split into frequency and score.

    Parameters
    ----------
    shift : as from ``word_shift``
    """
    table, shown = shift.table, _weightiest(shift.table)
    if _unknown(table):
        return prose("tone.shift.none", {})
    if shown.empty:
        return prose("tone.shift.level", {"words": len(table)})
    heights = [6, len(shown)]
    figure, axes = canvas(
        ONE_AND_HALF,
        (58 + 4.6 * len(shown)) * MM,
        least=ONE_AND_HALF,
        nrows=2,
        height_ratios=heights,
    )
    plots.plot_sums(shift.parts["sums"], axes[0])
    plots.plot_shift(shown, shift.corpus.groups, axes[1])
    plots.key_below(figure, plots.shift_key(), 2)
    facts = about_tone(shift) | _words(shift)
    return publish(
        figure, shift, id="tone-shift", table=table, facts=facts,
        shown={"words_shown": len(shown)},
    )  # fmt: skip


def shift_finding(shift: Result) -> Prose:
    """Say which words make the contrast, in what way, and how surely."""
    if _unknown(shift.table):
        return prose("tone.shift.silent", {})
    if _weightiest(shift.table).empty:
        return prose("tone.shift.level", {"words": len(shift.table)})
    return prose("tone.shift.finding", about_tone(shift) | _words(shift))


def _weightiest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the words that most make the target the more positive, then those most against it."""
    sides = (table[table["contribution"] * sign > 0].head(WORD_LIMIT) for sign in (1, -1))
    return pd.concat(sides, ignore_index=True)


def _unknown(table: pd.DataFrame) -> bool:
    """Tell whether a group holds no word that the lexicons score."""
    return table.empty or bool((table[["n_target", "n_reference"]].sum() == 0).any())


def _words(shift: Result) -> dict[str, Any]:
    """Return what is said of the words that make a contrast."""
    table, leading = shift.table, _weightiest(shift.table)
    towards = leading["contribution"] > 0
    rows = [[row_facts(row) for _, row in leading[side].iterrows()] for side in (towards, ~towards)]
    capitals = [row.to_dict() for _, row in leading.iterrows() if plots.is_capital(row)]
    return {
        "total": table["contribution"].sum(),
        **{column: table[column].sum() for column in plots.SIDES},
        "words": len(table),
        "shown": len(leading),
        "share": leading["share"].sum(),
        "apart": shift.parts["apart"].iloc[0].to_dict(),
        "sums": [
            own
            for own in records_of(shift.parts["sums"])
            if own["of"] in WAYS and abs(own["contribution"]) > plots.TINY
        ],
        "more": rows[0][:4],
        "more_count": len(rows[0]),
        "less": rows[1][:4],
        "less_count": len(rows[1]),
        "largest": [row | {"term": short(row["term"])} for side in rows for row in side[:2]],
        "leaders": [row | {"term": short(row["term"])} for side in rows for row in side[:1]],
        "leader_count": sum(bool(side) for side in rows),
        "capitals": capitals,
        "capital_words": len(capitals),
    }


# The audit


def audit_table(audit: Result) -> Shown:
    """Show what each lexicon covers and misreads, and what the sign of its contrast hangs on.

    Parameters
    ----------
    audit : as from ``lexicon_audit``
    """
    table = audit.table
    shown = pd.DataFrame({"name": [_lexicon(column) for column in table["lexicon"]]})
    for column in ("coverage", "misread"):
        for group in audit.corpus.groups:
            own = f"{column}_{group.role}"
            shown[own] = [percent_cell(x, 1) for x in table[own]]
    shown["estimate"] = [number(x) for x in table["estimate"]]
    shown["without_misread"] = [number(x) for x in table["without_misread"]]
    shown["entries"], shown["flips"] = table["entries"], table["flips"]
    shown["fewest"] = [
        say("tone.audit.fewest", _fewest(audit, column)) for column in table["lexicon"]
    ]
    columns = headings_of("tone.audit", shown, about(audit))
    note = say("tone.audit.note", {})
    return show(shown, columns=columns, right=list(columns)[1:-1], note=note, id=table_id("audit"))


def audit_finding(audit: Result) -> Prose:
    """Say how much the lexicons know, misread, and how few words carry the sign."""
    row = audit.table[audit.table["lexicon"] == COMBINED].iloc[0]
    facts = row_facts(row) | _fewest(audit, COMBINED) | {"sides": sides_of(audit, row)}
    facts["misread"] = len(audit.parts["misread"])
    facts["unmoved"] = number(row["estimate"]) == number(row["without_misread"])
    return prose("tone.audit.finding", facts)


def senses_table(audit: Result) -> Shown | Prose:
    """Show the words that stand in another sense, the most frequent first, with an instance."""
    table = audit.parts["misread"]
    if table.empty:
        return prose("tone.audit.no_senses", {})
    rows = [
        {
            "word": ", ".join(sorted(set(own["word"]))),
            "times": len(own),
            "scored as": means,
            "stands here for": here,
            "adds to its sentences": say("tone.signed", {"value": own["contribution"].mean()}),
            "for instance": _around(own.iloc[0]),
        }
        for (means, here), own in table.groupby(["means", "here"], sort=False)
    ]
    shown = pd.DataFrame(rows).sort_values(["times", "word"], ascending=[False, True])
    return show(shown, rows=MOST_SENSES, right=["adds to its sentences"], id=table_id("senses"))


def decisive_table(audit: Result) -> Shown | Prose:
    """Show the contrast without single words: those that turn its sign, then the weightiest."""
    table = audit.parts["decisive"]
    if table.empty:
        return prose("tone.audit.no_words", {})
    order = table.sort_values("flips", ascending=False, kind="stable")
    target, reference = (group.label for group in audit.corpus.groups)
    columns = headings_of(
        "tone.decisive",
        ["term", "n_target", "n_reference", "contribution", "estimate_without", "flips"],
        {"target": target, "reference": reference},
    )
    return show(order, columns=columns, digits=3, rows=8, id=table_id("decisive"))


def _lexicon(column: str) -> str:
    lexicon = column if column == COMBINED else scorer(column).name
    return say("tone.lexicon", {"column": column, "lexicon": lexicon})


def _fewest(audit: Result, lexicon: str) -> dict[str, Any]:
    """Return the fewest words that turn a lexicon's sign together, if any do."""
    table = audit.parts["fewest"]
    words = table.loc[table["lexicon"] == lexicon, ["term"]].to_dict("records")
    return {"fewest": len(words), "fewest_words": words}


def _around(row: pd.Series) -> str:
    """Return the word with a few letters on either side."""
    text, start, end = row["text"], row["text_start"], row["text_end"]
    left, right = text[:start], text[end:]
    head = left if len(left) <= AROUND else f"… {left[-AROUND:].split(' ', 1)[-1]}"
    tail = right if len(right) <= AROUND else f"{right[:AROUND].rsplit(' ', 1)[0]} …"
    return f"{head}{text[start:end]}{tail}"
