"""What a reader noted in the texts: the arguments, what words refer to, the texts as ribbons."""

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import InputError
from analysis.report.drawing import DOUBLE, GREY, INK, MM, PALE, canvas, style
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, show
from analysis.result import Result, about
from analysis.sentences import headings_of, say
from analysis.text import Group

ROW = 4.4  # millimetres of a row of strokes
RIBBON = 2.0  # rows that a ribbon is high, for names of sections of up to three lines
LETTERS = 122  # of the names of sections, that fit side by side along the longest text


def arguments_table(notes: Result) -> Shown:
    """Show, element by element, what each document says, in a reader's words and in its own."""
    table = notes.table
    if table.empty:
        raise InputError(
            'No readings: name a file of annotations in the manifest, annotations = "…", with '
            "[[reading]] tables; data/annotations.toml is an example."
        )
    said = [
        {"element": element}
        | {
            id: f"{says} “{quote}”"
            for id, says, quote in zip(rows["document"], rows["says"], rows["quote"], strict=True)
        }
        for element, rows in table.groupby("element", sort=False)
    ]
    note = say("reading.quotations", {"quotations": len(table)})
    return show(pd.DataFrame(said), note=note, id=table_id("arguments"))


def referents_table(notes: Result, term: str) -> Shown:
    """Show what the occurrences of a term refer to, as a reader coded them."""
    table = notes.parts["referents"]
    own = table[table["term"] == term]
    if own.empty:
        raise InputError(
            f"No occurrence of {term!r} is coded; coded are {', '.join(table['term'].unique())}."
        )
    facts = about(notes) | {"term": term, "question": own["question"].iloc[0]}
    columns = headings_of("reading.referents", ["code", "n_target", "n_reference"], facts)
    return show(own, columns=columns, id=table_id("referents"))


def ribbons_figure(notes: Result, concepts: Sequence[str]) -> Published:
    """Publish both groups' texts to scale, cut in sections, with a stroke for each word.

    Parameters
    ----------
    notes : as from ``annotate``
    concepts : which of the concepts, from the top
    """
    along = notes.parts["concepts"]
    if unknown := sorted(set(concepts) - set(along["term"])):
        raise InputError(
            f"No concept {unknown[0]!r}; there are {', '.join(sorted(along['term'].unique()))}."
        )
    shown = along[along["term"].isin(concepts)].reset_index(drop=True)
    documents = len(notes.parts["sections"]["document"].unique())
    figure, axes = canvas(
        DOUBLE,
        (8 + documents * (20 + ROW * len(concepts))) * MM,
        least=DOUBLE,
        nrows=documents,
        sharex=True,
    )
    plot_ribbons(
        shown, notes.parts["sections"], concepts, notes.corpus.groups, list(np.atleast_1d(axes))
    )
    counts = shown.groupby("document").size()
    facts = {
        "concepts": list(concepts),
        "texts": [
            {"label": id, "strokes": int(counts.get(id, 0))}
            for id in notes.parts["sections"]["document"].unique()
        ],
    }
    table = shown.rename(columns={"term": "concept"})
    return publish(
        figure, notes, id="reading-ribbons", table=table, facts=facts,
        shown={"concepts": list(concepts)},
        companions={"reading-sections": notes.parts["sections"]},
    )  # fmt: skip


def _wrapped(name: str, letters: float) -> str:
    """Return a name in lines of so many letters; nothing where it does not fit in three."""
    lines = textwrap.wrap(name, max(1, int(letters)), break_long_words=False)
    fits = len(lines) <= 3 and max(map(len, lines)) <= letters
    return "\n".join(lines) if fits else ""


@style()
def plot_ribbons(
    along: pd.DataFrame,
    sections: pd.DataFrame,
    concepts: Sequence[str],
    groups: Sequence[Group],
    axes: Sequence[Axes],
) -> Sequence[Axes]:
    """Draw each document as a ribbon of its length, under it a row of strokes a concept.

    Parameters
    ----------
    along : ``document, term, position`` of each word of a concept
    sections : ``document, group, section, tokens``, in the order of the text
    concepts : from the top
    groups : the two groups, for their colours
    axes : one a document
    """
    colours = {group.label: group.colour for group in groups}
    longest = sections.groupby("document")["tokens"].sum().max()
    rows = {concept: -1.6 - place for place, concept in enumerate(concepts)}
    for ax, (document, own) in zip(axes, sections.groupby("document", sort=False), strict=True):
        ends = own["tokens"].cumsum().to_numpy()
        middle = -0.6 + RIBBON / 2
        colour = colours[own["group"].iloc[0]]
        for number, (name, start, end) in enumerate(
            zip(own["section"], [0, *ends[:-1]], ends, strict=True)
        ):
            ax.barh(
                middle, end - start, left=start, height=RIBBON,
                color=PALE if number % 2 else "white", edgecolor=GREY, linewidth=0.5,
            )  # fmt: skip
            ax.annotate(
                _wrapped(name, LETTERS * (end - start) / longest), ((start + end) / 2, middle),
                ha="center", va="center", fontsize=6.5, linespacing=1,
            )  # fmt: skip
        strokes = along[along["document"] == document]
        at = strokes["term"].map(rows)
        ax.vlines(strokes["position"] * ends[-1], at - 0.36, at + 0.36, color=colour, linewidth=0.9)
        ax.hlines(list(rows.values()), 0, ends[-1], color=PALE, linewidth=0.4, zorder=0.5)
        ax.set_yticks(list(rows.values()), list(rows))
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(min(rows.values(), default=-1) - 0.6, RIBBON - 0.4)
        ax.set_xlim(0, longest * 1.01)
        ax.set_title(
            say("reading.axes.ribbon", {"document": document, "words": int(ends[-1])}), color=INK
        )
        ax.spines["left"].set_visible(False)
    axes[-1].set_xlabel(say("reading.axes.words", {}))
    return axes
