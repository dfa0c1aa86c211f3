"""Plots of tone: finished tables in, Axes out."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.corpus import Group
from analysis.publish.style import (
    GREY,
    INK,
    MM,
    PALE,
    PALETTE,
    SINGLE,
    canvas,
    group_style,
    light_grid,
    style,
)
from analysis.publish.tables import MINUS, interval, number

WORD_LIMIT = 16
ZERO = 0.025  # half the drawn width of the bar for scores of exactly 0
SIGNS = ((1, "o", PALETTE[0], "white"), (-1, "s", PALETTE[5], PALETTE[5]))
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
_Groups = tuple[Group, Group]


def name(label: str, width: int = 22) -> str:
    """Shorten a group's label to what a figure has room for.

    >>> name("2018"), name("a-folder-with-a-rather-long-name")
    ('2018', 'a-folder-with-a-rathe…')
    """
    return label if len(label) <= width else f"{label[: width - 1]}…"


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
def plot_contrast(table: pd.DataFrame, groups: _Groups, ax: Axes | None = None) -> Axes:
    """Draw a difference of mean tone beside what chance and length allow.

    Parameters
    ----------
    table : one row, as from ``sentiment``
    groups : target and reference
    ax : where to draw; a new canvas by default
    """
    ax = ax if ax is not None else canvas(SINGLE, 52 * MM)[1]
    row = table.iloc[0]
    _estimate(ax, row, groups[0])
    for height, group in enumerate(groups, start=1):
        spread = row[f"self_{group.role}"]
        ax.barh(height, 2 * spread, 0.42, left=-spread, **group_style(group).bars)
    _floor(ax, row)
    ax.vlines(0, -0.65, 2.5, color=GREY, linewidth=0.6, zorder=0)
    labels = [name(group.label, 14) for group in groups]
    ticks = [f"{labels[0]} {MINUS} {labels[1]}", *(f"{label} against itself" for label in labels)]
    ax.set_yticks(range(3), ticks)
    ax.set_ylim(2.5, -0.65)
    reach = 1.12 * max(row["floor"], abs(row["ci_low"]), abs(row["ci_high"]))
    ax.set_xlim(-reach, reach)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(FuncFormatter(_signed))
    ax.set_xlabel("Difference in mean tone of a sentence")
    return ax


@style()
def plot_words(table: pd.DataFrame, groups: _Groups, ax: Axes | None = None) -> Axes:
    """Draw the words that move the contrast most, coded by the sign of their valence.

    Parameters
    ----------
    table : as from ``tone_words``; its first 16 rows are drawn
    groups : target and reference
    ax : where to draw; a new canvas by default
    """
    shown = table.head(WORD_LIMIT)
    ax = ax if ax is not None else canvas(SINGLE, (24 + 4.4 * len(shown)) * MM)[1]
    rows = np.arange(len(shown))
    for sign, marker, colour, face in SIGNS:
        own = (np.sign(shown["valence"]) == sign).to_numpy()
        ends = shown["contribution"].to_numpy()[own]
        ax.hlines(rows[own], 0, ends, color=colour, linewidth=1.2)
        look: dict[str, Any] = {"marker": marker, "edgecolors": colour, "facecolors": face}
        label = "positive word" if sign > 0 else "negative word"
        ax.scatter(ends, rows[own], s=18, linewidths=1.0, zorder=3, label=label, **look)
    ax.axvline(0, color=GREY, linewidth=0.6, zorder=0)
    ax.set_yticks(rows, [_word(row) for _, row in shown.iterrows()])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    reach = 1.1 * shown["contribution"].abs().max()
    ax.set_xlim(-reach, reach)
    ax.xaxis.set_major_formatter(FuncFormatter(_signed))
    light_grid(ax)
    _side_titles(ax, groups)
    ax.set_xlabel("Contribution (valence per 1,000 tokens)")
    _legend_below(ax)
    return ax


@style()
def plot_trajectory(
    table: pd.DataFrame, groups: _Groups, axes: Sequence[Axes] | None = None
) -> list[Axes]:
    """Draw the mean tone of every unit along the texts, over what random order would give.

    Parameters
    ----------
    table : as from ``tone_units``
    groups : target and reference
    axes : two Axes that share both scales
    """
    panels = list(axes) if axes is not None else _two_panels(86 * MM)
    for ax, group in zip(panels, groups, strict=True):
        own = table[table["group"] == group.label]
        texts = [own] if not own["document"].duplicated().any() else _by_document(own)
        for text in texts:
            _path(ax, text, group, banded=len(texts) == 1)
        ax.axhline(0, color=GREY, linewidth=0.6, zorder=1.5)
        ax.set_title(f"{name(group.label)}: {len(own)} units, {_sentences(_sum(own))}")
        ax.yaxis.set_major_formatter(FuncFormatter(_signed))
        ax.set_ylabel("Mean tone")
    panels[-1].set_xlim(-0.01, 1.01)
    panels[-1].xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    one = not table["document"].duplicated().any()
    panels[-1].set_xlabel(f"Place {'among the documents' if one else 'in the text'}, by words")
    return panels


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


def _estimate(ax: Axes, row: pd.Series, target: Group) -> None:
    ends = [[row["estimate"] - row["ci_low"]], [row["ci_high"] - row["estimate"]]]
    ax.errorbar(
        row["estimate"], 0, xerr=ends, fmt="o", color=INK, markersize=5, capsize=2.5, zorder=4
    )
    words = f"{number(row['estimate'])} {interval(row['ci_low'], row['ci_high'])}"
    options: dict[str, Any] = {"textcoords": "offset points", "fontsize": 7, "bbox": WHITE}
    ax.annotate(words, (row["estimate"], 0), (0, 5), ha="center", **options)


def _floor(ax: Axes, row: pd.Series) -> None:
    """Rule the detection floor on both sides, and name it on the side without the estimate."""
    for side in (-1, 1):
        ends = [side * row["floor"]] * 2
        ax.plot(ends, [-0.6, 2.5], color=INK, linewidth=0.8, linestyle=":", zorder=0)
    free = -row["floor"] if row["estimate"] > 0 else row["floor"]
    ax.text(free, -0.65, "detection floor", ha="center", va="bottom", fontsize=7)


def _word(row: pd.Series) -> str:
    """Return a word with its occurrences; a ring marks those mostly written as names are."""
    ring = "°" if 2 * row["n_capital"] >= row["n_target"] + row["n_reference"] else ""
    word = shorten(row["term"], 20, placeholder="…")
    return f"{word}{ring}  {row['n_target']}:{row['n_reference']}"


def _side_titles(ax: Axes, groups: _Groups) -> None:
    """Say above the Axes which side speaks for which group."""
    for x, ha, words in (
        (0.0, "left", f"← more positive in {name(groups[1].label, 12)}"),
        (1.0, "right", f"more positive in {name(groups[0].label, 12)} →"),
    ):
        ax.text(x, 1.01, words, transform=ax.transAxes, ha=ha, va="bottom", fontsize=7)


def _legend_below(ax: Axes) -> None:
    figure = ax.get_figure(root=True)
    if isinstance(figure, Figure):
        figure.legend(*ax.get_legend_handles_labels(), loc="outside lower right", ncols=2)


def _by_document(own: pd.DataFrame) -> list[pd.DataFrame]:
    return [rows for _, rows in own.groupby("document", sort=False)]


def _path(ax: Axes, text: pd.DataFrame, group: Group, banded: bool) -> None:
    mark = group_style(group)
    if banded and text["chance_low"].notna().all():
        ax.fill_between(
            text["position"], text["chance_low"], text["chance_high"], color=PALE, linewidth=0
        )
    ax.plot(text["position"], text["tone"], **{**mark.line, "linewidth": 0.7, "markersize": 3.5})


def _sum(own: pd.DataFrame) -> int:
    return int(own["n_sentences"].sum())


def _sentences(count: float) -> str:
    return f"{count:,.0f} sentence{'s' if count != 1 else ''}"


def _signed(value: float, _: object = None) -> str:
    """Write a tick with a true minus, and no more decimals than it needs."""
    return f"{value:g}".replace("-", MINUS)
