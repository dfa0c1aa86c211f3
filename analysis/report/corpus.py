"""The corpus itself: its figures, tables and finding, as the first notebook calls them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from analysis.numbers import ordered
from analysis.report.drawing import MM, SINGLE, canvas, group_names, group_style, light_grid, style
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, show
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say
from analysis.text import Group

BESIDE = 14  # letters of a name beside its curve
METADATA = ("title", "author", "date", "publisher")


def corpus_finding(texts: Result) -> Prose:
    """Say how much text there is, how unequal the sides are, and what the design cannot tell."""
    facts = about(texts)
    facts["groups"] = groups = _with(facts["groups"], texts.table.to_dict("records"))
    longer, shorter = sorted(groups, key=lambda group: -group["tokens"])
    ratio = longer["tokens"] / shorter["tokens"]
    return prose("corpus.finding", facts | {"longer": longer, "shorter": shorter, "ratio": ratio})


def documents_table(texts: Result) -> Shown:
    """Show which documents are compared, with the metadata that some of them have."""
    table = texts.parts["documents"]
    stated = [name for name in METADATA if not table[name].fillna("").eq("").all()]
    return show(table[["document", "group", *stated]], rows=20, id=table_id("documents"))


def sizes_table(texts: Result) -> Shown:
    """Show how much text each group has, and how long its units of inference are."""
    ends = texts.units.groupby("group")["tokens"].agg(["min", "max"])
    lengths = [
        f"{low:,} to {high:,}" if low < high else f"{low:,}"
        for low, high in ends.loc[texts.table["group"]].to_numpy()
    ]
    columns = headings_of("corpus.sizes", [*texts.table, "lengths"])
    return show(
        texts.table.assign(lengths=lengths),
        columns=columns,
        right=["lengths"],
        id=table_id("sizes"),
    )


def look_table(texts: Result) -> Shown | Prose:
    """Show what in the texts is no prose, damaged or there twice; where nothing is, say so."""
    told = {"notices": list(texts.corpus.notices), "told": len(texts.corpus.notices)}
    met = texts.parts["met"]
    if met.empty:
        return prose("corpus.look.none", told)
    headings = headings_of(
        "corpus.met", ["check", "documents", "found", "example", "where", "cure"]
    )
    return show(met, columns=headings, note=say("corpus.look.note", told), id=table_id("met"))


def cleaning_finding(texts: Result) -> Prose:
    """Say how many rules found something, and what was removed most."""
    table = texts.parts["removed"]
    if table.empty:
        return prose("corpus.cleaning.none", {})
    most = ordered(table, ["characters", "rule", "group"], ascending=[False, True, True]).iloc[0]
    groups = table.groupby("group")[["characters", "edits"]].sum()
    facts = {
        "rules": int(table["rule"].nunique()),
        "most": most.to_dict(),
        "sides": [
            {"label": group.label, **groups.loc[group.label].to_dict()}
            for group in texts.corpus.groups
            if group.label in groups.index
        ],
    }
    return prose("corpus.cleaning.finding", facts)


def examples_table(texts: Result) -> Shown:
    """Show the first edit of each rule in each document."""
    headings = headings_of(
        "corpus.examples", ["document", "rule", "edits", "start", "removed", "reason"]
    )
    return show(texts.parts["examples"], columns=headings, rows=20, id=table_id("examples"))


def corrections_table(texts: Result) -> Shown | Prose:
    """Show every corrected word."""
    if texts.parts["corrections"].empty:
        return prose("corpus.corrections.none", {})
    headings = headings_of(
        "corpus.corrections", ["document", "start", "removed", "replacement", "reason"]
    )
    return show(texts.parts["corrections"], columns=headings, id=table_id("corrections"))


def sentence_figure(texts: Result) -> Published:
    """Publish the lengths of sentences in both groups, and beside them the units of inference."""
    table = texts.parts["sentences"]
    figure, ax = canvas(SINGLE, 65 * MM)
    plot_sentence_lengths(table, texts.corpus.groups, ax)
    lengths = [table.loc[table["group"] == g.label, "tokens"] for g in texts.corpus.groups]
    own = [{"sentences": len(length), "median": length.median()} for length in lengths]
    facts = {"groups": _with(about(texts)["groups"], own)}
    return publish(
        figure, texts, id="corpus-sentences", table=table, facts=facts,
        companions={"corpus-units": texts.units},
    )  # fmt: skip


@style()
def plot_sentence_lengths(sentences: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw the share of sentences up to each length.

    Parameters
    ----------
    sentences : ``group, tokens``
    """
    for group in groups:
        mark = group_style(group)
        own = sentences.loc[sentences["group"] == group.label, "tokens"]
        sns.ecdfplot(x=own, ax=ax, color=mark.colour, linestyle=mark.linestyle, linewidth=1.3)
    ax.set_xlabel(say("corpus.axes.sentence", {}))
    ax.set_ylabel(say("corpus.axes.share", {}))
    ax.set_xlim(0, None)
    _name_curves(ax, sentences, groups)
    return light_grid(ax, "y")


def _name_curves(ax: Axes, sentences: pd.DataFrame, groups: Sequence[Group]) -> None:
    """Write each group's name beside its curve, where it lies apart from the other."""
    medians = [sentences.loc[sentences["group"] == g.label, "tokens"].median() for g in groups]
    names = group_names(groups, BESIDE)
    for group, median, other in zip(groups, medians, medians[::-1], strict=True):
        right = median > other or (median == other and group.role == "target")
        ax.annotate(
            names[group.label], (median, 0.5), xytext=(6 if right else -6, -8 if right else 8),
            textcoords="offset points", ha="left" if right else "right",
            va="top" if right else "bottom", fontsize=8, color=group.colour,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, zorder=1.5,
        )  # fmt: skip


def _with(groups: Sequence[dict[str, Any]], more: Sequence[Any]) -> list[dict[str, Any]]:
    """Return what is said of each group, and more of it."""
    return [group | own for group, own in zip(groups, more, strict=True)]
