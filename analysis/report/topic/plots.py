"""Plots of topics: their number, their words, where they stand, and their contrast."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.numbers import ordered
from analysis.report.drawing import (
    GREY,
    INK,
    PALE,
    group_names,
    group_style,
    light_grid,
    name_sides,
    root_of,
    style,
)
from analysis.sentences import say, short
from analysis.text import Group

KINDS = ("seed", "resample")
SHUFFLED: dict[str, Any] = {
    "color": GREY,
    "linestyle": "--",
    "marker": "s",
    "markerfacecolor": "white",
}
BAR: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": ":"}
BARS: dict[bool, dict[str, Any]] = {  # by whether the topic is flagged
    False: {"facecolor": GREY, "edgecolor": GREY, "linewidth": 0.8},
    True: {"facecolor": "white", "edgecolor": GREY, "linewidth": 0.8},
}
DOTS = (0, (1.2, 1.2))
WORD = 18  # letters of a term beside its bar
CELLS = 500  # of a panel of a map: more are one picture of a pixel a cell, scaled to its frame
TITLE = 60  # letters of a title that the width of all panels has room for
ASIDE = 30  # characters of a line beside the Axes
BELOW = 0.3  # where the range of refits stands, in rows


@dataclass(frozen=True)
class Criterion:
    """One question asked of every number of topics; a larger value is the better answer.

    Attributes
    ----------
    question : as the reader would ask it, in two lines
    measure : what the axis shows
    verdict : the answer for the number of topics used, in words
    bar : the value that has to be reached; None if there is none
    limits : of the axis; None lets the values set them
    """

    question: str
    measure: str
    verdict: str
    bar: float | None = None
    limits: tuple[float, float] | None = None


@style()
def plot_choice(
    values: pd.DataFrame, criteria: Mapping[str, Criterion], axes: Sequence[Axes]
) -> Sequence[Axes]:
    """Draw every criterion against the number of topics, beside that of shuffled units.

    Parameters
    ----------
    values : ``k, chosen``, and for each criterion a column, and one with ``_chance`` added
    criteria : by column
    axes : one a criterion
    """
    for ax, (column, criterion) in zip(axes, criteria.items(), strict=True):
        ax.plot(values["k"], values[f"{column}_chance"], **SHUFFLED)
        ax.plot(values["k"], values[column], color=INK, marker="o")
        _ring(ax, values, column)
        ax.set_xlabel(say("topics.axes.number", {}))
        ax.set_xticks(values["k"])
        ax.set_ylabel(criterion.measure, fontsize=7)
        ax.margins(y=0.12)
        if criterion.bar is not None:
            ax.axhline(criterion.bar, **BAR)
        ax.set_ylim(criterion.limits)
        light_grid(ax, "y")
        _head(ax, criterion)
    return axes


@style()
def plot_stability(stability: pd.DataFrame, axes: Sequence[Axes], recurs: float) -> Sequence[Axes]:
    """Draw agreement against the number of topics, beside that of shuffled units.

    Parameters
    ----------
    stability : as the part ``stability`` of ``topics``
    axes : one for other starts, one for resampled units
    recurs : the agreement that a stable model reaches
    """
    for ax, kind in zip(axes, KINDS, strict=True):
        own = stability[stability["kind"] == kind]
        if len(own) > 1:
            ax.fill_between(own["k"], own["low"], own["high"], color=INK, alpha=0.12, linewidth=0)
        else:
            ax.vlines(own["k"], own["low"], own["high"], color=INK, alpha=0.3, linewidth=3)
        ax.plot(own["k"], own["chance"], **SHUFFLED)
        ax.plot(own["k"], own["agreement"], color=INK, marker="o")
        _ring(ax, own, "agreement")
        ax.set_title(say("topics.stability.kind", {"kind": kind}))
        ax.set_xlabel(say("topics.axes.number", {}))
        ax.set_xticks(own["k"])
        ax.set_ylim(0, 1.05)
        light_grid(ax, "y")
    axes[0].set_ylabel(say("topics.axes.agreement", {}))
    axes[1].axhline(recurs, **BAR)
    return axes


@style()
def add_key(figure: Figure, columns: int) -> None:
    """Say below the figure what the lines and the ring are."""
    ring: dict[str, Any] = {
        "marker": "o",
        "markersize": 8,
        "markerfacecolor": "none",
        "markeredgewidth": 0.8,
    }
    handles = [
        Line2D([], [], color=INK, marker="o", label=say("topics.axes.these", {})),
        Line2D([], [], label=say("topics.axes.shuffled", {}), **SHUFFLED),
        Line2D([], [], label=say("topics.axes.bar", {}), **BAR),
        Line2D([], [], color=INK, linestyle="none", label=say("topics.axes.used", {}), **ring),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=columns)


@style()
def plot_terms(
    terms: pd.DataFrame, topics: pd.DataFrame, axes: Sequence[Axes], count: int
) -> Sequence[Axes]:
    """Draw each topic's first terms as bars of their weight, with a tick for the whole text.

    Bars of flagged topics are open.

    Parameters
    ----------
    terms : as the part ``terms`` of ``topics``, with ``overall``: the term's share of all words
    topics : as the table of ``topics``
    axes : one Axes a topic
    """
    for ax, (_, topic) in zip(axes, topics.iterrows(), strict=True):
        own = terms[terms["topic"] == topic["topic"]].head(count)
        own = ordered(own, ["weight", "rank"], ascending=[False, True])
        rows = np.arange(len(own))[::-1]
        ax.barh(rows, 100 * own["weight"], height=0.66, **BARS[bool(topic["alarm"])])
        ax.vlines(100 * own["overall"], rows - 0.42, rows + 0.42, color=INK, linewidth=1.1)
        ax.set_yticks(rows, [short(term, WORD) for term in own["term"]])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(own) - count - 0.6, len(own) - 0.4)
        ax.set_title(say("topics.axes.topic", {"topic": topic["topic"]}), weight="bold")
        ax.tick_params(axis="x", labelbottom=True)
        light_grid(ax)
    figure = root_of(axes[0])
    figure.supxlabel("share of the topic's words (%)", fontsize=8)
    figure.legend(handles=_terms_key(topics), loc="outside upper right", ncols=3)
    return axes


@style()
def plot_prevalence(topics: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw each topic's difference of prevalence, with all that qualifies it.

    The line is the interval that allows for doubt of the topics' words, dotted where the topic is
    flagged; the bar on it takes the topics as given; below, the range of refits.

    Parameters
    ----------
    topics : as the table of ``topics``, with ``shown``, the topic's name, and ``why`` it is a
        finding or none, a list of reasons
    groups : target, reference
    """
    rows = np.arange(len(topics))[::-1]
    itself = 100 * topics[["self_target", "self_reference"]].max(axis=1).clip(upper=1)
    ax.barh(rows, 2 * itself, left=-itself, height=0.62, color=PALE, zorder=0.5, linewidth=0)
    for row, (_, topic) in zip(rows, topics.iterrows(), strict=True):
        _difference(ax, row, topic, groups)
    ax.axvline(0, color=INK, linewidth=0.6, zorder=1)
    ax.set_yticks(rows, [topic_name(topic) for _, topic in topics.iterrows()])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(topics) - 0.3)
    ax.set_xlabel(say("topics.axes.difference", {}))
    name_sides(ax, groups)
    root_of(ax).legend(handles=_prevalence_key(), loc="outside lower center", ncols=3)
    return ax


@style()
def plot_map(
    shares: pd.DataFrame, topics: pd.DataFrame, groups: Sequence[Group], axes: Sequence[Axes]
) -> Sequence[Axes]:
    """Draw where each topic speaks: units in the order of the texts, darker for a larger share.

    Parameters
    ----------
    shares : as its part ``shares``
    topics : as the table of ``topics``, with ``shown``, the topic's name
    groups, axes : target and reference, and an Axes for each
    """
    wide = [len(shares[shares["group"] == group.label]) / len(shares) for group in groups]
    for ax, group, share in zip(axes, groups, wide, strict=True):
        own = shares[shares["group"] == group.label]
        grid = own.sort_values(["topic", "unit"])["share"].to_numpy().reshape(len(topics), -1)
        edges = [np.arange(count + 1) - 0.5 for count in grid.shape[::-1]]
        scale: dict[str, Any] = {"cmap": "Greys", "vmin": 0, "vmax": 100}
        shades: ScalarMappable
        if grid.size > CELLS:
            shades = ax.imshow(100 * grid, aspect="auto", interpolation="none", **scale)
        else:
            shades = ax.pcolormesh(*edges, 100 * grid, edgecolors="face", linewidth=0.2, **scale)
        ax.set_ylim(len(topics) - 0.5, -0.5)
        ax.set_title(group_names(groups, int(TITLE * max(share, 0.2)))[group.label])
        ax.set_xlabel(_along(own))
        _rule(ax, grid.shape, own)
        ax.set_xticks([])
        ax.tick_params(length=0)
    rows = [topic_name(topic) for _, topic in topics.iterrows()]
    axes[0].set_yticks(np.arange(len(rows)), rows)
    bar = root_of(axes[0]).colorbar(
        shades,
        ax=list(axes),
        label=say("topics.axes.share", {}),
        pad=0.01,
        aspect=30,
    )
    bar.outline.set_visible(False)
    return axes


def topic_name(topic: pd.Series) -> str:
    """Return what a topic is called beside an Axes: its label, a long one in two lines, its number.

    >>> topic_name(pd.Series({"shown": "reef, tide, shoal", "topic": 1}))
    'reef · tide · shoal  1'
    """
    name = short(str(topic["shown"]).replace(", ", " · "), 76)
    return f"{textwrap.fill(name, 38, break_on_hyphens=False)}  {topic['topic']}"


def beside(topic: pd.Series) -> str:
    """Return why a topic is a finding or none, in lines that fit beside the Axes."""
    return "\n".join(textwrap.fill(why, ASIDE) for why in topic["why"])


# How the number was chosen


def _ring(ax: Axes, values: pd.DataFrame, column: str) -> None:
    own = values[values["chosen"]]
    ax.scatter(own["k"], own[column], s=70, facecolors="none", edgecolors=INK, linewidths=0.8,
               zorder=4, clip_on=False)  # fmt: skip


def _head(ax: Axes, criterion: Criterion) -> None:
    """Write the question, and below it the answer."""
    ax.set_title(criterion.question, pad=24, weight="bold", fontsize=7)
    ax.annotate(
        criterion.verdict, (0, 1), xycoords="axes fraction", xytext=(0, 4),
        textcoords="offset points", va="bottom", fontsize=6.5, color=INK,
    )  # fmt: skip


# The topics and their contrast


def _difference(ax: Axes, row: int, topic: pd.Series, groups: Sequence[Group]) -> None:
    """Draw one topic: refits below, both intervals, the floor, the point, and the verdict."""
    mark = group_style(groups[0] if topic["estimate"] > 0 else groups[1])
    shares = {name: topic[name] for name in topic.index if _is_share(topic[name])}
    at = {name: 100 * float(np.clip(share, -1, 1)) for name, share in shares.items()}
    low, high = at["refit_low"], at["refit_high"]
    ax.plot([low, high], [row - BELOW] * 2, color=GREY, linewidth=0.7, marker="|", markersize=3.5)
    ax.plot([at["ci_low"], at["ci_high"]], [row, row], color=mark.colour, linewidth=1.1,
            linestyle=DOTS if topic["alarm"] else "-")  # fmt: skip
    ax.plot([at["given_low"], at["given_high"]], [row, row], color=mark.colour, linewidth=2.2,
            solid_capstyle="butt")  # fmt: skip
    if np.isfinite(topic["floor"]):
        floor = np.copysign(at["floor"], topic["estimate"])
        ax.vlines(floor, row - 0.31, row + 0.31, color=INK, linewidth=1.3)
    ax.scatter(at["estimate"], row, s=24, zorder=3, marker=mark.marker, facecolors=mark.face,
               edgecolors=mark.colour, linewidths=0.9)  # fmt: skip
    ax.annotate(
        beside(topic), (1, row),
        xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
        va="center", fontsize=6.5, color=INK if topic["finding"] else GREY,
    )  # fmt: skip


def _is_share(value: object) -> bool:
    return isinstance(value, float)


def _terms_key(topics: pd.DataFrame) -> list[Artist]:
    flags = set(topics["alarm"].astype(bool))
    names = {False: "topic", True: "flagged topic"}
    bars = [Patch(label=names[flag], **BARS[flag]) for flag in sorted(flags)]
    return [*bars, _tick(say("topics.axes.together", {}))]


def _prevalence_key() -> list[Artist]:
    """Two rows of three, read column by column."""
    return [
        Line2D([], [], color=GREY, linewidth=1.1, label=say("topics.axes.doubt", {})),
        Line2D([], [], color=GREY, linewidth=1.1, linestyle=DOTS,
               label=say("topics.axes.flagged", {})),
        Line2D([], [], color=GREY, linewidth=2.2, label=say("topics.axes.given", {})),
        Line2D([], [], color=GREY, linewidth=0.7, marker="|", markersize=3.5,
               label=say("topics.axes.refits", {})),
        Patch(facecolor=PALE, linewidth=0, label=say("topics.axes.itself", {})),
        _tick(say("topics.axes.floor", {})),
    ]  # fmt: skip


def _tick(label: str) -> Line2D:
    look: dict[str, Any] = {
        "marker": "|",
        "markersize": 7,
        "markeredgewidth": 1.3,
        "linestyle": "none",
    }
    return Line2D([], [], color=INK, label=label, **look)


def _along(own: pd.DataFrame) -> str:
    documents, passages = own["document"].nunique(), own["unit"].nunique()
    if documents == 1:
        return f"{passages} passages, in order" if passages > 1 else "1 passage"
    if passages == documents:
        return f"{documents} documents"
    return f"{passages} passages of {documents} documents"


def _rule(ax: Axes, shape: tuple[int, ...], own: pd.DataFrame) -> None:
    """Part the rows by white lines, the units too while they are few, the documents in ink."""
    for y in np.arange(1, shape[0]) - 0.5:
        ax.axhline(y, color="white", linewidth=1.5)
    if shape[1] <= 60:
        for x in np.arange(1, shape[1]) - 0.5:
            ax.axvline(x, color="white", linewidth=0.4)
    documents = own.drop_duplicates("unit")["document"].to_numpy()
    if len(set(documents)) < len(documents):
        for x in np.flatnonzero(documents[1:] != documents[:-1]) + 0.5:
            ax.axvline(x, color=INK, linewidth=0.7)
    ax.spines[["top", "right"]].set_visible(True)
