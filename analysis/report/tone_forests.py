"""Forest plots of tone: by way of scoring, and by actor; finished tables in, Axes out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from analysis.report.style import GREY, INK, PALE, group_style, light_grid, style
from analysis.report.tables import MINUS, p_value
from analysis.report.tone_text import LEVEL, lexicon_name, name
from analysis.text import Group

# Whether names are masked: place beside the row, and a mark that needs no colour.
MASKED: dict[bool, dict[str, Any]] = {
    True: {"marker": "o", "markerfacecolor": INK, "markeredgecolor": INK},
    False: {"marker": "D", "markerfacecolor": "white", "markeredgecolor": INK},
}
ASIDE = 0.18
ENDS = ("low", "high")
_Groups = tuple[Group, Group]


@style()
def plot_readings(table: pd.DataFrame, groups: _Groups, axes: Sequence[Axes]) -> list[Axes]:
    """Draw the contrast under every way of scoring, not calibrated (left) and calibrated (right).

    Parameters
    ----------
    table : as from ``standardised``
    groups : target and reference
    axes : two Axes that share their rows
    """
    names = list(dict.fromkeys(table["lexicon"]))
    panels = ((False, "as scored", "standard deviations"), (True, "calibrated", "raters' units"))
    for ax, (calibrated, title, units) in zip(axes, panels, strict=True):
        own = table[table["calibrated"] == calibrated]
        if calibrated:
            _itself(ax, own.iloc[0])
        for _, row in own.iterrows():
            _reading(ax, row, names.index(row["lexicon"]))
        _rows(ax, [lexicon_name(shown) for shown in names])
        ax.set_title(title, loc="center", pad=3)
        ax.set_xlabel(f"Difference of mean tone ({units})")
        ends = own[[f"scaled_{of}_{end}" for of in ("ci", "units", "rater") for end in ENDS]]
        _sides(ax, groups, 1.08 * float(np.nanmax(ends.abs().to_numpy())))
    return list(axes)


@style()
def plot_actors(table: pd.DataFrame, groups: _Groups, axes: Sequence[Axes]) -> list[Axes]:
    """Draw the tone of sentences that name each actor, by group (left) and as contrast (right).

    Parameters
    ----------
    table : as from ``actor_tone``
    groups : target and reference
    axes : two Axes that share their rows
    """
    left, right = axes
    places = np.arange(len(table))
    left.set_xlim(-_limit(table, "mean"), _limit(table, "mean"))
    _sides(right, groups, _limit(table, "estimate"))
    for aside, group in zip((-ASIDE, ASIDE), groups, strict=True):
        ends = [table[f"{end}_{group.role}"].to_numpy() for end in ("mean", "low", "high")]
        _whiskers(left, ends, places + aside, group_style(group).line)
    contrast = [table[column].to_numpy() for column in ("estimate", "ci_low", "ci_high")]
    _whiskers(right, contrast, places, {"color": INK, "marker": "o"})
    counts = zip(table["actor"], table["n_target"], table["n_reference"], strict=True)
    _rows(left, [f"{name(actor, 18)}  {n}:{m}" for actor, n, m in counts])
    _rows(right, [""] * len(table))
    _p_values(right, table)
    left.set_xlabel("Mean tone of sentences that name the actor")
    right.set_xlabel("Difference of mean tone")
    _finish(left)
    left.tick_params(axis="y", pad=6)
    return list(axes)


def readings_key() -> list[Line2D]:
    """Return what a legend says of marks and lines of ``plot_readings``."""
    return [
        Line2D([], [], linestyle="none", markersize=4, label="names masked", **MASKED[True]),
        Line2D(
            [], [], linestyle="none", markersize=4, label="names as they stand", **MASKED[False]
        ),
        Line2D([], [], color=INK, linewidth=2.4, label="other sentences"),
        Line2D([], [], color=INK, linewidth=0.8, label="and calibration"),
        Line2D([], [], color=INK, linestyle="none", marker="|", label="and VADER's raters"),
    ]


def actors_key(groups: _Groups) -> list[Line2D]:
    """Return what a legend says of the marks of ``plot_actors``."""
    marks = [{**group_style(group).line, "linestyle": "none"} for group in groups]
    return [Line2D([], [], markersize=4, **mark) for mark in marks]


def _reading(ax: Axes, row: pd.Series, place: int) -> None:
    height = place + (-ASIDE if row["masked"] else ASIDE)
    ax.hlines(height, row["scaled_ci_low"], row["scaled_ci_high"], color=INK, linewidth=0.8)
    ax.hlines(height, row["scaled_units_low"], row["scaled_units_high"], color=INK, linewidth=2.4)
    raters = row[["scaled_rater_low", "scaled_rater_high"]].to_numpy(dtype=float)
    ax.plot(raters, [height] * 2, linestyle="none", marker="|", markersize=5, color=INK)
    ax.plot(row["scaled"], height, markersize=4.5, markeredgewidth=0.9, zorder=3,
            **MASKED[bool(row["masked"])])  # fmt: skip


def _itself(ax: Axes, row: pd.Series) -> None:
    """Shade, behind the headline, what a group against itself stays under."""
    reach = max(row["self_target"], row["self_reference"])
    ax.barh(0, 2 * reach, 0.94, left=-reach, color=PALE, zorder=0)


def _whiskers(ax: Axes, ends: Sequence[np.ndarray], places: np.ndarray, look: Any) -> None:
    """Draw values with intervals; a triangle at the frame says that one goes on beyond it."""
    value, low, high = ends
    first, last = ax.get_xlim()
    colour = look["color"]
    ax.hlines(places, np.maximum(low, first), np.minimum(high, last), color=colour, linewidth=1.0)
    for beyond, edge, marker in ((low < first, first, "<"), (high > last, last, ">")):
        ax.plot(
            np.full(beyond.sum(), edge), places[beyond], linestyle="none", marker=marker,
            markersize=4, color=colour, clip_on=False, zorder=3,
        )  # fmt: skip
    ax.plot(value, places, **{**look, "linestyle": "none", "markersize": 4, "zorder": 4})


def _p_values(ax: Axes, table: pd.DataFrame) -> None:
    """Write the family-wise p of each actor beside its row."""
    for place, (p, note) in enumerate(zip(table["p_family"], table["note"], strict=True)):
        ax.annotate(
            "too few" if note else p_value(p), (1, place), xycoords=("axes fraction", "data"),
            xytext=(6, 0), textcoords="offset points", va="center", fontsize=7,
            color=INK if not note and p < LEVEL else GREY,
        )  # fmt: skip
    ax.annotate(
        "p", (1, 1), xycoords="axes fraction", xytext=(6, 3), textcoords="offset points",
        va="bottom", fontsize=7, style="italic", color=GREY,
    )  # fmt: skip


def _limit(table: pd.DataFrame, column: str) -> float:
    """Return how far an axis must reach for all values and most intervals."""
    if column == "mean":
        values, ends = (
            table[[f"{what}_{side}" for what in parts for side in ("target", "reference")]]
            for parts in (("mean",), ("low", "high"))
        )
    else:
        values, ends = table[["estimate"]], table[["ci_low", "ci_high"]]
    sizes = ends.abs().to_numpy().ravel()
    sizes = sizes[np.isfinite(sizes)]
    most = float(np.quantile(sizes, 0.75)) if len(sizes) else 0.0
    largest = float(np.nanmax(values.abs().to_numpy())) if values.notna().any(axis=None) else 1.0
    return 1.1 * max(most, largest)


def _rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.45, -0.55)


def _sides(ax: Axes, groups: _Groups, reach: float) -> None:
    """Say below the title which side speaks for which group, and rule the scale."""
    ax.set_xlim(-reach, reach)
    for x, side, words in (
        (0.0, "left", f"◀ {name(groups[1].label, 12)}"),
        (1.0, "right", f"{name(groups[0].label, 12)} ▶"),
    ):
        ax.annotate(
            words, (x, 1), xycoords="axes fraction", xytext=(0, 3), textcoords="offset points",
            ha=side, va="bottom", fontsize=7,
        )  # fmt: skip
    _finish(ax)


def _finish(ax: Axes) -> None:
    ax.axvline(0, color=GREY, linewidth=0.6, zorder=0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", MINUS)))
    light_grid(ax)
