"""Plots of tone along its scale and along the texts: finished tables in, Axes out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.report.style import (
    GREY,
    INK,
    MM,
    PALE,
    SINGLE,
    canvas,
    group_style,
    light_grid,
    style,
)
from analysis.report.tables import MINUS, number
from analysis.report.tone_text import name
from analysis.text import Group

ZERO = 0.025  # half the drawn width of the bar for scores of exactly 0
MANY_CURVES = 12  # texts of one group whose curves can still be told apart
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
_Groups = tuple[Group, Group]


@style()
def plot_distribution(
    table: pd.DataFrame,
    means: Sequence[float],
    groups: _Groups,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw the scores of each group's sentences, those at exactly 0 as a bar of their own.

    Parameters
    ----------
    table : as from ``tone_distribution``
    means : mean score of the target, and of the reference
    groups : target and reference
    axes : two Axes that share both scales
    """
    panels = list(axes) if axes is not None else _two_panels(78 * MM)
    for ax, group, mean in zip(panels, groups, means, strict=True):
        bins = table[table["group"] == group.label]
        _bars(ax, bins, group)
        ax.plot(mean, 0, marker=6, color=INK, markersize=6, clip_on=False, zorder=4)
        ax.set_title(f"{name(group.label)}: {_sentences(bins['n'].sum())}")
        zero = bins.loc[bins["low"] == bins["high"], "share"].item()
        _corner(ax, "left", f"▮ exactly 0: {number(100 * zero, 0)} %")
        _corner(ax, "right", f"▴ mean {number(mean)}")
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        ax.set_ylabel("Share of sentences")
        light_grid(ax, "y")
    panels[0].set_ylim(0, 1.3 * table["share"].max())
    panels[-1].set_xticks(np.linspace(-1, 1, 5))
    panels[-1].xaxis.set_major_formatter(FuncFormatter(_signed))
    panels[-1].set_xlabel("Score of the sentence (VADER)")
    return panels


@style()
def plot_trajectory(
    curves: pd.DataFrame,
    units: pd.DataFrame,
    groups: _Groups,
    axes: Sequence[Axes] | None = None,
) -> list[Axes]:
    """Draw tone along the texts: curves with their bands, and the mean of each unit.

    Parameters
    ----------
    curves : as from ``tone_trajectory``
    units : as from ``tone_units``
    groups : target and reference
    axes : two Axes that share both scales
    """
    panels = list(axes) if axes is not None else _two_panels(92 * MM)
    for ax, group in zip(panels, groups, strict=True):
        own = curves[curves["group"] == group.label]
        texts = [rows for _, rows in own.groupby("document", sort=False)]
        for text in texts[:MANY_CURVES]:
            _curve(ax, text, group, alone=len(texts) == 1)
        points = units[units["group"] == group.label]
        if len(texts) == 1 and len(set(points["document"])) == 1:
            _points(ax, points, group)
        count = sum(int(text["n_sentences"].iloc[0]) for text in texts)
        ax.axhline(0, color=GREY, linewidth=0.6, zorder=1)
        ax.set_title(f"{name(group.label)}: {len(points)} units, {_sentences(count)}")
        ax.yaxis.set_major_formatter(FuncFormatter(_signed))
        ax.set_ylabel("Tone")
    panels[-1].set_xlim(-0.01, 1.01)
    panels[-1].xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    panels[-1].set_xlabel("Place in the text, by words")
    return panels


@style()
def key_below(figure: Figure, handles: Sequence[Artist], columns: int) -> None:
    """Put a legend under all Axes of a figure."""
    figure.legend(handles=list(handles), loc="outside lower center", ncols=columns)


def _two_panels(height: float) -> list[Axes]:
    _, axes = canvas(SINGLE, height, nrows=2, sharex=True, sharey=True)
    return list(axes)


def _bars(ax: Axes, bins: pd.DataFrame, group: Group) -> None:
    """Draw the bins between -1 and 1; the bar at exactly 0 is dark and names its share."""
    zero = (bins["low"] == bins["high"]).to_numpy()
    low = bins["low"].where(bins["low"] != 0, ZERO)[~zero]
    high = bins["high"].where(bins["high"] != 0, -ZERO)[~zero]
    ax.bar(low, bins["share"][~zero], high - low, align="edge", **group_style(group).bars)
    ax.bar(0, bins["share"][zero], 2 * ZERO, color=INK)


def _corner(ax: Axes, side: str, words: str) -> None:
    """Write in the headroom of the Axes, on the left or on the right."""
    x = 0.02 if side == "left" else 0.98
    options: dict[str, Any] = {"ha": side, "va": "top", "fontsize": 7, "bbox": WHITE}
    ax.text(x, 0.97, words, transform=ax.transAxes, **options)


def _curve(ax: Axes, text: pd.DataFrame, group: Group, *, alone: bool) -> None:
    """Draw one text's curve; the band only where no other curve would lie on it."""
    mark = group_style(group)
    if alone:
        ax.fill_between(text["position"], text["low"], text["high"], color=PALE, linewidth=0)
    ax.plot(
        text["position"], text["tone"], color=mark.colour, linestyle=mark.linestyle,
        linewidth=1.4 if alone else 0.8, zorder=3,
    )  # fmt: skip


def _points(ax: Axes, points: pd.DataFrame, group: Group) -> None:
    ax.scatter(points["position"], points["tone"], s=9, zorder=2, **group_style(group).points)


def _sentences(count: float) -> str:
    return f"{count:,.0f} sentence{'s' if count != 1 else ''}"


def _signed(value: float, _: object = None) -> str:
    """Write a tick with a true minus, and no more decimals than it needs."""
    return f"{value:g}".replace("-", MINUS)
