"""Plots of a word shift: finished tables in, Axes out."""

from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from analysis.report.style import GREY, INK, PALETTE, light_grid, style
from analysis.report.tables import MINUS, number
from analysis.report.tone_readings import RATERS
from analysis.report.tone_text import name
from analysis.text import Group

TINY = 1e-9  # a part that is none but for rounding
FREQUENCY, SCORE = PALETTE[0], PALETTE[1]
SIDES = {"frequency_part": "used more or less often", "score_part": "used otherwise"}
_Groups = tuple[Group, Group]


@style()
def plot_sums(table: pd.DataFrame, row: pd.Series, ax: Axes) -> Axes:
    """Draw the whole contrast with its interval, and the sums that it is made of.

    Parameters
    ----------
    table : as from ``word_shift``, all words
    row : the first of ``sentiment``
    ax : where to draw
    """
    sums = kinds_of_words(table)
    total = float(table["contribution"].sum())
    frequency, use = _looks().values()
    looks = [{"facecolor": INK}, *[frequency] * (len(sums) - 1), use]
    values = [total, *sums.values()]
    for place, (value, look) in enumerate(zip(values, looks, strict=True)):
        ax.barh(place, value, 0.62, **look)
    low, high = row["units_low"], row["units_high"]
    ax.hlines(0, low, high, color=GREY, linewidth=1.2)
    for place, value in enumerate(values):
        ends = [value, low, high] if place == 0 else [value]
        end = np.nanmax([0.0, *ends]) if value >= 0 else np.nanmin([0.0, *ends])
        _beside(ax, end, place, number(value), value)
    ax.set_yticks(range(len(values)), ["all words", *sums])
    ax.set_ylim(len(values) - 0.4, -0.6)
    return _frame(ax, 1.4 * float(np.nanmax(np.abs([*values, low, high]))))


def kinds_of_words(table: pd.DataFrame) -> dict[str, float]:
    """Return the sums of the parts of a contrast: four of frequency, one of use.

    Parameters
    ----------
    table : as from ``word_shift``
    """
    more, positive = table["rate_target"] > table["rate_reference"], table["score"] > 0
    part = table["frequency_part"]
    return {
        "+▲ more positive words": part[positive & more].sum(),
        f"{MINUS}▲ more negative words": part[~positive & more].sum(),
        "+▼ fewer positive words": part[positive & ~more].sum(),
        f"{MINUS}▼ fewer negative words": part[~positive & ~more].sum(),
        "words used otherwise": table["score_part"].sum(),
    }


@style()
def plot_shift(shown: pd.DataFrame, groups: _Groups, ax: Axes) -> Axes:
    """Draw words, each contribution in its two parts and with its interval.

    Parameters
    ----------
    shown : rows of ``word_shift``
    groups : target and reference
    ax : where to draw
    """
    rows = np.arange(len(shown))
    for column, look in _looks().items():
        there = (shown[column].abs() > TINY).to_numpy()
        left = _left(shown, column)
        ax.barh(rows[there], shown[column][there], 0.62, left=left[there], **look)
    ax.hlines(rows, shown["ci_low"], shown["ci_high"], color=INK, linewidth=0.6)
    ax.plot(shown["contribution"], rows, linestyle="none", marker="o", markersize=2.6, color=INK)
    ax.set_yticks(rows, [_label(row) for _, row in shown.iterrows()])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ends = shown[["contribution", "ci_low", "ci_high", *SIDES]].abs().to_numpy()
    for x, side, words in (
        (0.0, "left", f"◀ more positive in {name(groups[1].label, 14)}"),
        (1.0, "right", f"more positive in {name(groups[0].label, 14)} ▶"),
    ):
        ax.text(x, 1.01, words, transform=ax.transAxes, ha=side, va="bottom", fontsize=7)
    ax.set_xlabel(f"Contribution to the difference of tone ({RATERS})")
    return _frame(ax, 1.06 * float(np.nanmax(ends)))


def shift_key() -> list[Patch]:
    """Return what a legend says of the bars."""
    return [Patch(label=SIDES[column], **look) for column, look in _looks().items()]


def is_capital(row: pd.Series) -> bool:
    """Tell whether a word mostly begins with a capital inside the sentence."""
    return bool(2 * row["n_capital"] >= row["n_target"] + row["n_reference"])


def _looks() -> dict[str, dict[str, Any]]:
    return {
        "frequency_part": {"facecolor": FREQUENCY, "edgecolor": FREQUENCY, "linewidth": 0.6},
        "score_part": {
            "facecolor": "white", "edgecolor": SCORE, "hatch": "//////", "linewidth": 0.6
        },
    }  # fmt: skip


def _left(shown: pd.DataFrame, column: str) -> np.ndarray:
    """Stack the second part on the first where both have one sign, else start at zero."""
    if column == "frequency_part":
        return np.zeros(len(shown))
    same = shown["frequency_part"] * shown["score_part"] > 0
    return np.where(same, shown["frequency_part"], 0.0)


def _frame(ax: Axes, reach: float) -> Axes:
    ax.axvline(0, color=GREY, linewidth=0.6, zorder=0)
    ax.set_xlim(-reach, reach)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", MINUS)))
    return light_grid(ax)


def _beside(ax: Axes, end: float, place: int, words: str, value: float) -> None:
    """Write a bar's value beyond its outer end."""
    side, shift = ("left", 4) if value >= 0 else ("right", -4)
    ax.annotate(
        words, (end, place), xytext=(shift, 0), textcoords="offset points", ha=side, va="center",
        fontsize=7,
    )  # fmt: skip


def _label(row: pd.Series) -> str:
    sign = "+" if row["score"] > 0 else MINUS
    more = "▲" if row["rate_target"] > row["rate_reference"] else "▼"
    word = shorten(row["term"], 20, placeholder="…")
    ring = "°" if is_capital(row) else ""
    return f"{sign}{more} {word}{ring}  {row['n_target']}:{row['n_reference']}"
