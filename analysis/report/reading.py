"""What a reader noted in the texts: the arguments, what words refer to, the texts as ribbons."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from typing import NamedTuple

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
LINE = 0.65  # rows that a line of such letters takes
TOP = RIBBON - 0.6  # rows from the foot of the ribbon to its upper edge


class Label(NamedTuple):
    """What stands at a section of a ribbon, or at several narrow ones in a row: name or number."""

    text: str
    start: int
    end: int
    fits: bool
    """Whether it stands in the ribbon, else above it."""


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
    sections = notes.parts["sections"]
    documents, head = len(sections["document"].unique()), _head(sections)
    figure, axes = canvas(
        DOUBLE,
        (8 + documents * (20 + ROW * (len(concepts) + head))) * MM,
        least=DOUBLE,
        nrows=documents,
        sharex=True,
    )
    plot_ribbons(shown, sections, concepts, notes.corpus.groups, list(np.atleast_1d(axes)))
    facts = {
        "concepts": list(concepts),
        "outside": head > 0,
        "texts": [
            _told(id, shown.loc[shown["document"] == id, "term"], concepts)
            for id in sections["document"].unique()
        ],
    }
    table = shown.rename(columns={"term": "concept"})
    return publish(
        figure, notes, id="reading-ribbons", table=table, facts=facts,
        shown={"concepts": list(concepts)},
        companions={"reading-sections": sections},
    )  # fmt: skip


def _told(document: str, terms: pd.Series, concepts: Sequence[str]) -> dict[str, object]:
    """Return how many words of the concepts a document has, and which concept has most."""
    counts = terms.value_counts()
    most = int(counts.max()) if len(counts) else 0
    return {
        "label": document,
        "strokes": len(terms),
        "most": most,
        "leaders": [concept for concept in concepts if most and counts.get(concept, 0) == most],
    }


def _wrapped(name: str, letters: float) -> str:
    """Return a name in lines of so many letters; nothing where it does not fit in three."""
    lines = textwrap.wrap(name, max(1, int(letters)), break_long_words=False)
    fits = len(lines) <= 3 and max(map(len, lines)) <= letters
    return "\n".join(lines) if fits else ""


def _labels(own: pd.DataFrame, longest: float) -> tuple[list[Label], list[str]]:
    """Return the labels of a document's sections, and the lines that say what its numbers mean.

    Names that do not fit into their sections stand above them or, where these names meet, give way
    to numbers; of sections too narrow for numbers those in a row share one label.
    """
    ends, each = own["tokens"].cumsum(), longest / LETTERS
    labels = [
        Label(wrapped or name, int(start), int(end), bool(wrapped))
        for name, start, end in zip(own["section"], ends - own["tokens"], ends, strict=True)
        for wrapped in (_wrapped(name, (end - start) / each),)
    ]
    left = [label for label in labels if not label.fits]
    following = [label.start for label in left[1:]] + [longest]
    if all(
        len(label.text) + 1 <= (end - label.start) / each
        for label, end in zip(left, following, strict=True)
    ):
        return labels, []
    number = count(1)
    numbered = [
        label if label.fits else _in_place(str(next(number)), label, label, each)
        for label in labels
    ]
    key = [f"{place} {label.text}" for place, label in enumerate(left, 1)]
    lines = "; ".join(entry.replace(" ", "\N{NO-BREAK SPACE}") for entry in key)
    return list(_joined(numbered, each)), textwrap.wrap(lines, LETTERS)


def _in_place(text: str, first: Label, last: Label, each: float) -> Label:
    """Return what stands at the sections from one to another, each letter so many words wide."""
    fits = len(text) + 0.5 <= (last.end - first.start) / each
    return Label(text, first.start, last.end, fits)


def _joined(labels: Sequence[Label], each: float) -> Iterator[Label]:
    """Yield the labels, those in a row that do not fit as one."""
    for fits, group in groupby(labels, key=lambda label: label.fits):
        run = list(group)
        if fits or len(run) == 1:
            yield from run
        else:
            yield _in_place(f"{run[0].text}–{run[-1].text}", run[0], run[-1], each)


def _head(sections: pd.DataFrame) -> float:
    """Return how many rows numbers of sections need above a ribbon, with what they mean."""
    longest, most = sections.groupby("document")["tokens"].sum().max(), 0.0
    for _, own in sections.groupby("document", sort=False):
        labels, key = _labels(own, longest)
        most = max(most, LINE * (len(key) + any(not label.fits for label in labels)))
    return most


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
    longest, head = sections.groupby("document")["tokens"].sum().max(), _head(sections)
    rows = {concept: -1.6 - place for place, concept in enumerate(concepts)}
    for ax, (document, own) in zip(axes, sections.groupby("document", sort=False), strict=True):
        colour, words = colours[own["group"].iloc[0]], own["tokens"].sum()
        _draw_ribbon(own, longest, ax)
        strokes = along[along["document"] == document]
        at = strokes["term"].map(rows)
        ax.vlines(strokes["position"] * words, at - 0.36, at + 0.36, color=colour, linewidth=0.9)
        ax.hlines(list(rows.values()), 0, words, color=PALE, linewidth=0.4, zorder=0.5)
        ax.set_yticks(list(rows.values()), list(rows))
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(min(rows.values(), default=-1) - 0.6, TOP + 0.2 + head)
        ax.set_xlim(0, longest * 1.01)
        ax.set_title(
            say("reading.axes.ribbon", {"document": document, "words": int(words)}), color=INK
        )
        ax.spines["left"].set_visible(False)
    axes[-1].set_xlabel(say("reading.axes.words", {}))
    return axes


def _draw_ribbon(own: pd.DataFrame, longest: float, ax: Axes) -> None:
    """Draw a document's sections to scale, grey and white in turn, with names or numbers."""
    ends = own["tokens"].cumsum()
    for number, (start, end) in enumerate(zip(ends - own["tokens"], ends, strict=True)):
        ax.barh(
            TOP - RIBBON / 2, end - start, left=start, height=RIBBON,
            color=PALE if number % 2 else "white", edgecolor=GREY, linewidth=0.5,
        )  # fmt: skip
    labels, key = _labels(own, longest)
    for label in labels:
        at = TOP - RIBBON / 2 if label.fits else TOP + LINE / 2
        named = not label.fits and not key  # above, where it begins
        place = label.start if named else (label.start + label.end) / 2
        ax.annotate(
            label.text,
            (place, at),
            ha="left" if named else "center",
            va="center",
            fontsize=6.5,
            linespacing=1,
        )
    above = LINE * any(not label.fits for label in labels)
    for line, text in enumerate(reversed(key)):
        ax.annotate(text, (0, TOP + above + LINE * (line + 0.5)), va="center", fontsize=6.5)
