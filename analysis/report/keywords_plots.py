"""Plots of keywords row by row: finished tables in, Axes out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.report.style import GREY, INK, PALE, group_style, name_sides, style
from analysis.report.tables import MINUS
from analysis.text import Corpus, Group

RELATIVE = "log ratio (binary logarithm of the ratio of rates)"


def reading(corpus: Corpus) -> str:
    """Say how to read ``plot_ranked``, for its caption."""
    return (
        "log ratio with 95 % interval (bursts allowed for, Welch t). Grey: what a group's text, "
        "set against itself, stays under in 95 % of draws, the larger of both groups. Upright "
        "tick: the detection floor on that side; without one no difference could be found, or "
        f"only one beyond the axis. On the right, occurrences in {corpus.target.label} : "
        f"{corpus.reference.label}."
    )


@style()
def plot_ranked(terms: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw each term's log ratio with its interval, over what a text against itself gives.

    A tick marks the detection floor on the side of the term, where it lies within the axis.

    Parameters
    ----------
    terms : rows of the keyness table, in the order to be drawn from the top
    groups : target, reference
    """
    rows = np.arange(len(terms))[::-1]
    itself = terms[["self_target", "self_reference"]].max(axis=1)
    ax.barh(rows, 2 * itself, left=-itself, height=0.62, color=PALE, zorder=0.5, linewidth=0)
    for group, own in zip(groups, (terms["score"] > 0, terms["score"] <= 0), strict=True):
        mark, part = group_style(group), terms[own]
        ax.hlines(rows[own], part["ci_low"], part["ci_high"], color=mark.colour, linewidth=1.1)
        ax.scatter(part["log_ratio"], rows[own], s=20, zorder=3, **mark.points)
    ax.axvline(0, color=INK, linewidth=0.6, zorder=1)
    _floors(ax, terms, rows)
    ax.set_yticks(rows, terms["term"])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(terms) - 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", MINUS)))
    ax.set_xlabel(RELATIVE)
    name_sides(ax, groups)
    for row, a, b in zip(rows, terms["n_target"], terms["n_reference"], strict=True):
        ax.annotate(
            f"{a} : {b}", (1, row), xycoords=("axes fraction", "data"), xytext=(3, 0),
            textcoords="offset points", va="center", fontsize=6.5, color=GREY,
        )  # fmt: skip
    return ax


@style()
def plot_dispersion(
    places: pd.DataFrame, terms: Sequence[str], groups: Sequence[Group], axes: Sequence[Axes]
) -> Sequence[Axes]:
    """Draw where in each group's texts the terms fall, one row a term.

    Parameters
    ----------
    places : ``group, term, position``, the position from 0 to 1 along the group's texts
    terms : from the top
    """
    height = {term: len(terms) - 1 - i for i, term in enumerate(terms)}
    for ax, group in zip(axes, groups, strict=True):
        own = places[places["group"] == group.label]
        at = own["term"].map(height)
        ax.vlines(own["position"], at - 0.32, at + 0.32, linewidth=0.9, color=group.colour)
        ax.hlines(list(height.values()), 0, 1, color=PALE, linewidth=0.4, zorder=0.5)
        ax.set_yticks(list(height.values()), list(height))
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(-0.01, 1.01)
        ax.set_xticks([0, 0.5, 1], ["begin", "middle", "end"])
        first, _, last = ax.get_xticklabels()
        first.set_horizontalalignment("left")  # so that the end of one panel keeps clear
        last.set_horizontalalignment("right")  # of the beginning of the next
        ax.set_ylim(-0.7, len(terms) - 0.3)
        ax.set_title(group.label)
        ax.spines["left"].set_visible(False)
    return axes


def _floors(ax: Axes, terms: pd.DataFrame, rows: np.ndarray) -> None:
    """Mark the detection floors that the axis reaches; they do not stretch it."""
    low, high = ax.get_xlim()
    floor = np.where(terms["log_ratio"] > 0, terms["floor_target"], -terms["floor_reference"])
    seen = (low < floor) & (floor < high)
    ax.vlines(floor[seen], rows[seen] - 0.31, rows[seen] + 0.31, color=INK, linewidth=1.3)
    ax.set_xlim(low, high)
