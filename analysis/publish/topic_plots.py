"""Plots of a topic contrast: finished tables in, Axes out."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.corpus import Group
from analysis.errors import InputError
from analysis.publish.style import (
    GREY,
    INK,
    PALE,
    PALETTE,
    group_style,
    light_grid,
    name_sides,
    style,
)

OWN = PALETTE[0]
LEVEL = 0.05
DOTS = (0, (1.2, 1.2))
KINDS = {"seed": "Other random starts", "resample": "Resampled units"}


@style()
def plot_terms(
    terms: pd.DataFrame, prevalence: pd.DataFrame, axes: Sequence[Axes], count: int = 8
) -> Sequence[Axes]:
    """Draw each topic's first terms as bars of their weight; bars of flagged topics are open.

    Parameters
    ----------
    terms : as ``Topics.terms``
    prevalence : as ``Topics.prevalence``
    axes : one Axes a topic
    """
    for ax, (_, topic) in zip(axes, prevalence.iterrows(), strict=True):
        own = terms[terms["topic"] == topic["topic"]].head(count)
        rows = np.arange(len(own))[::-1]
        ax.barh(rows, 100 * own["weight"], height=0.66, **_bars(topic["alarm"]))
        ax.set_yticks(rows, own["term"])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(own) - count - 0.6, len(own) - 0.4)
        ax.set_title(f"Topic {topic['topic']}")
        light_grid(ax)
    _root(axes[0]).supxlabel("share of the topic's weight (%)", fontsize=8)
    return axes


@style()
def plot_prevalence(prevalence: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw each topic's difference of prevalence, with its interval and the range of refits.

    Flagged topics are open and grey, with the reason beside them.
    """
    rows = np.arange(len(prevalence))[::-1]
    itself = 100 * prevalence[["self_target", "self_reference"]].max(axis=1)
    ax.barh(rows, 2 * itself, left=-itself, height=0.6, color=PALE, zorder=0.5, linewidth=0)
    for row, (_, topic) in zip(rows, prevalence.iterrows(), strict=True):
        _difference(ax, row, topic, groups)
    ax.axvline(0, color=INK, linewidth=0.6, zorder=1)
    ax.set_yticks(rows, [_name(topic) for _, topic in prevalence.iterrows()])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(prevalence) - 0.3)
    ax.set_xlabel("difference of mean shares (percentage points)")
    name_sides(ax, groups)
    _root(ax).legend(handles=_key(), loc="outside lower center", ncols=3)
    return ax


@style()
def plot_map(
    shares: pd.DataFrame, prevalence: pd.DataFrame, groups: Sequence[Group], axes: Sequence[Axes]
) -> Sequence[Axes]:
    """Draw where each topic speaks: units in the order of the texts, darker for a larger share."""
    for ax, group in zip(axes, groups, strict=True):
        own = shares[shares["group"] == group.label]
        grid = own.sort_values(["topic", "unit"])["share"].to_numpy().reshape(len(prevalence), -1)
        edges = [np.arange(count + 1) - 0.5 for count in grid.shape[::-1]]
        ax.pcolormesh(*edges, 100 * grid, cmap="Greys", vmin=0, vmax=100)
        ax.set_ylim(len(prevalence) - 0.5, -0.5)
        ax.set_title(group.label)
        ax.set_xlabel(_along(own))
        _rule(ax, grid.shape, own)
        ax.set_xticks([])
        ax.tick_params(length=0)
    names = [_name(topic) for _, topic in prevalence.iterrows()]
    axes[0].set_yticks(np.arange(len(names)), names)
    bar = _root(axes[0]).colorbar(
        axes[0].collections[0], ax=list(axes), label="share of the unit (%)", pad=0.01, aspect=30
    )
    bar.outline.set_visible(False)
    return axes


@style()
def plot_stability(stability: pd.DataFrame, axes: Sequence[Axes], recurs: float) -> Sequence[Axes]:
    """Draw agreement against the number of topics, beside that of shuffled units.

    Parameters
    ----------
    stability : as ``Topics.stability``
    axes : one for other starts, one for resampled units
    recurs : the agreement that a stable model reaches
    """
    for ax, (kind, name) in zip(axes, KINDS.items(), strict=True):
        own = stability[stability["kind"] == kind]
        ax.fill_between(own["k"], own["low"], own["high"], color=OWN, alpha=0.15, linewidth=0)
        ax.plot(own["k"], own["chance"], color=GREY, linestyle="--", marker="s",
                markerfacecolor="white", label="shuffled units")  # fmt: skip
        ax.plot(own["k"], own["agreement"], color=OWN, marker="o", label="these texts")
        chosen = own[own["chosen"]]
        ax.scatter(chosen["k"], chosen["agreement"], s=70, facecolors="none", edgecolors=INK,
                   linewidths=0.8, zorder=4)  # fmt: skip
        ax.set_title(name)
        ax.set_xlabel("number of topics")
        ax.set_xticks(own["k"])
        ax.set_ylim(0, 1.03)
        light_grid(ax, "y")
    axes[0].set_ylabel("share of top terms that come back")
    axes[1].axhline(recurs, color=INK, linewidth=0.7, linestyle=":")
    axes[1].annotate(
        "needed to be stable", (1, recurs), xycoords=("axes fraction", "data"), xytext=(0, 3),
        textcoords="offset points", ha="right", fontsize=6.5,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.6},
    )  # fmt: skip
    handles = axes[0].get_legend_handles_labels()[0][::-1]
    _root(axes[0]).legend(handles=handles, loc="outside lower center", ncols=2)
    return axes


def _bars(alarm: str) -> dict[str, Any]:
    if alarm:
        return {"facecolor": "white", "edgecolor": GREY, "linewidth": 0.8}
    return {"facecolor": OWN, "edgecolor": OWN, "linewidth": 0.8}


def _difference(ax: Axes, row: int, topic: pd.Series, groups: Sequence[Group]) -> None:
    mark = group_style(groups[0] if topic["estimate"] > 0 else groups[1])
    colour = GREY if topic["alarm"] else mark.colour
    ends = 100 * topic[["refit_low", "refit_high", "ci_low", "ci_high"]].to_numpy(dtype=float)
    ax.plot(ends[:2], [row - 0.2] * 2, color=colour, linewidth=1.0, linestyle=DOTS)
    ax.plot(ends[2:], [row, row], color=colour, linewidth=1.8, solid_capstyle="butt")
    face = "white" if topic["alarm"] else mark.face
    ax.scatter(100 * topic["estimate"], row, s=24, zorder=3, marker=mark.marker, facecolors=face,
               edgecolors=colour, linewidths=0.9)  # fmt: skip
    ax.annotate(
        _words(topic), (1, row),
        xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
        va="center", fontsize=6.5, color=GREY,
    )  # fmt: skip


def _key() -> list[Artist]:
    return [
        Line2D([], [], color=GREY, linewidth=1.8, label="95 % interval, topics taken as given"),
        Line2D([], [], color=GREY, linewidth=1.0, linestyle=DOTS, label="95 % of refits"),
        Patch(facecolor=PALE, linewidth=0, label="a text against itself"),
    ]


def _root(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise InputError("The Axes belong to no figure: draw on a canvas() first.")
    return figure


def _words(topic: pd.Series) -> str:
    """Say why a topic is a finding or none."""
    if topic["alarm"]:
        return "\n".join(textwrap.fill(why, 30) for why in str(topic["alarm"]).split("; "))
    if topic["finding"]:
        return "differs"
    return "not held up by refits" if topic["p_family"] < LEVEL else "no difference shown"


def _name(topic: pd.Series) -> str:
    return f"{topic['label'].replace(', ', ' · ')}  {topic['topic']}"


def _along(own: pd.DataFrame) -> str:
    documents, units = own["document"].nunique(), own["unit"].nunique()
    if documents == 1:
        return f"{units} units, in order"
    return f"{units} documents" if units == documents else f"{units} units of {documents} documents"


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
