"""Plots of how the number of topics was chosen: finished tables in, Axes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.report.style import GREY, INK, light_grid, style

KINDS = {"seed": "Other random starts", "resample": "Resampled units"}
SHUFFLED: dict[str, Any] = {
    "color": GREY,
    "linestyle": "--",
    "marker": "s",
    "markerfacecolor": "white",
}
BAR: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": ":"}


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
        ax.set_xlabel("number of topics")
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
    for ax, (kind, name) in zip(axes, KINDS.items(), strict=True):
        own = stability[stability["kind"] == kind]
        if len(own) > 1:
            ax.fill_between(own["k"], own["low"], own["high"], color=INK, alpha=0.12, linewidth=0)
        else:
            ax.vlines(own["k"], own["low"], own["high"], color=INK, alpha=0.3, linewidth=3)
        ax.plot(own["k"], own["chance"], **SHUFFLED)
        ax.plot(own["k"], own["agreement"], color=INK, marker="o")
        _ring(ax, own, "agreement")
        ax.set_title(name)
        ax.set_xlabel("number of topics")
        ax.set_xticks(own["k"])
        ax.set_ylim(0, 1.05)
        light_grid(ax, "y")
    axes[0].set_ylabel("share of top terms that come back")
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
        Line2D([], [], color=INK, marker="o", label="these texts"),
        Line2D([], [], label="the same, units shuffled", **SHUFFLED),
        Line2D([], [], label="to be reached", **BAR),
        Line2D([], [], color=INK, linestyle="none", label="number used below", **ring),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=columns)


def _ring(ax: Axes, values: pd.DataFrame, column: str) -> None:
    own = values[values["chosen"]]
    ax.scatter(own["k"], own[column], s=70, facecolors="none", edgecolors=INK, linewidths=0.8,
               zorder=4, clip_on=False)  # fmt: skip


def _head(ax: Axes, criterion: Criterion) -> None:
    """Write the question, and below it the answer."""
    ax.set_title(criterion.question, pad=24, weight="bold", fontsize=7.5)
    ax.annotate(
        criterion.verdict, (0, 1), xycoords="axes fraction", xytext=(0, 4),
        textcoords="offset points", va="bottom", fontsize=6.5, color=INK,
    )  # fmt: skip
