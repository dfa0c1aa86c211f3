"""Plots of tone: along its scale and along the texts, by way of scoring, by actor, by word."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, PercentFormatter

from analysis.inference.levels import passes
from analysis.numbers import MINUS, number, p_value
from analysis.report.drawing import GREY, INK, PALE, group_names, group_style, light_grid, style
from analysis.sentences import say, short
from analysis.text import Group

ZERO = 0.025  # half the drawn width of the bar for scores of exactly 0
ONE_LINE = 8  # letters of a group, up to which a side of a figure is named in one line
TITLED = 18  # letters of a group in the title of a panel
MANY_CURVES = 12  # texts of one group whose curves can still be told apart
TINY = 1e-9  # a part that is none but for rounding
ASIDE = 0.18
# What is compared, and what rests on too little for it: size of marks, kind of lines.
BORNE: dict[bool, tuple[float, str]] = {True: (4.0, "-"), False: (2.6, ":")}
ENDS = ("low", "high")
RATERS = "raters' units, −4 to 4"
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
# Whether names are masked: place beside the row, and a mark that needs no colour.
MASKED: dict[bool, dict[str, Any]] = {
    True: {"marker": "o", "markerfacecolor": INK, "markeredgecolor": INK},
    False: {"marker": "D", "markerfacecolor": "white", "markeredgecolor": INK},
}
FREQUENCY, SCORE = "#8a8a8a", "#6a3d9a"  # no colour of a group
SIDES = ("frequency_part", "score_part")
_Groups = tuple[Group, Group]


@style()
def plot_distribution(
    table: pd.DataFrame,
    means: Sequence[float],
    groups: _Groups,
    axes: Sequence[Axes],
) -> list[Axes]:
    """Draw the scores of each group's sentences, those at exactly 0 as a bar of their own.

    Parameters
    ----------
    table : as from ``tone_distribution``
    means : mean score of the target, and of the reference
    groups : target and reference
    axes : two Axes that share both scales
    """
    panels, names = list(axes), group_names(groups)
    for ax, group, mean in zip(panels, groups, means, strict=True):
        bins = table[table["group"] == group.label]
        _bars(ax, bins, group)
        ax.plot(mean, 0, marker=6, color=INK, markersize=6, clip_on=False, zorder=4)
        ax.set_title(f"{names[group.label]}: {_count(bins['n'].sum(), 'sentence')}")
        zero = bins.loc[bins["low"] == bins["high"], "share"].item()
        _corner(ax, "left", f"▮ exactly 0: {number(100 * zero, 0)} %")
        _corner(ax, "right", f"▴ mean {number(mean)}")
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        ax.set_ylabel(say("tone.axes.share", {}))
        light_grid(ax, "y")
    panels[0].set_ylim(0, 1.3 * _reach(table["share"]))
    panels[-1].set_xticks(np.linspace(-1, 1, 5))
    panels[-1].xaxis.set_major_formatter(FuncFormatter(_signed))
    panels[-1].set_xlabel(say("tone.axes.score", {}))
    return panels


@style()
def plot_trajectory(
    curves: pd.DataFrame,
    units: pd.DataFrame,
    groups: _Groups,
    axes: Sequence[Axes],
) -> list[Axes]:
    """Draw tone along the texts: curves with their bands, and the mean of each unit.

    Parameters
    ----------
    curves : as from ``tone_trajectory``
    units : as from ``tone_units``
    groups : target and reference
    axes : two Axes that share both scales
    """
    panels, names = list(axes), group_names(groups, TITLED)
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
        whole = points["document"].nunique() == len(points)
        said = {"label": names[group.label], "units": len(points)}
        said |= {"whole": whole, "n": count}
        ax.set_title(say("tone.trajectory.panel", said))
        ax.yaxis.set_major_formatter(FuncFormatter(_signed))
        ax.set_ylabel(say("tone.axes.tone", {}))
    panels[-1].set_xlim(-0.01, 1.01)
    panels[-1].xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    panels[-1].set_xlabel(say("tone.axes.place", {}))
    return panels


@style()
def plot_readings(
    table: pd.DataFrame, names: Mapping[str, str], groups: _Groups, axes: Sequence[Axes]
) -> list[Axes]:
    """Draw the contrast under every way of scoring, not calibrated (left) and calibrated (right).

    Parameters
    ----------
    table : as from ``standardised``
    names : what a row is called, by ``column``, in the order of the rows
    groups : target and reference
    axes : two Axes that share their rows
    """
    rows = list(names)
    panels = ((False, "as scored", "standard deviations"), (True, "calibrated", "raters' units"))
    for ax, (calibrated, title, units) in zip(axes, panels, strict=True):
        own = table[table["calibrated"] == calibrated]
        if calibrated:
            _itself(ax, own.iloc[0])
        for _, row in own.iterrows():
            _reading(ax, row, rows.index(row["column"]))
        _rows(ax, [short(shown) for shown in names.values()])
        ax.set_title(title, loc="center", pad=3)
        ax.set_xlabel(say("tone.axes.difference_in", {"units": units}))
        ends = own[[f"scaled_{of}_{end}" for of in ("ci", "units", "rater") for end in ENDS]]
        _sides(ax, groups, 1.08 * _reach(ends))
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
    places, few = np.arange(len(table)), table["too_few"].to_numpy(bool)
    left.set_xlim(-_limit(table, "mean"), _limit(table, "mean"))
    _sides(right, groups, _limit(table, "estimate"))
    for aside, group in zip((-ASIDE, ASIDE), groups, strict=True):
        ends = [table[f"{end}_{group.role}"].to_numpy() for end in ("mean", "low", "high")]
        for own, borne in ((~few, True), (few, False)):
            shown = [end[own] for end in ends]
            _whiskers(left, shown, (places + aside)[own], group_style(group).line, borne=borne)
    contrast = [table[column].to_numpy() for column in ("estimate", "ci_low", "ci_high")]
    _whiskers(right, contrast, places, {"color": INK, "marker": "o"})
    counts = zip(table["actor"], table["n_target"], table["n_reference"], strict=True)
    _rows(left, [f"{short(actor, 18)}  {n}:{m}" for actor, n, m in counts])
    _rows(right, [""] * len(table))
    _p_values(right, table)
    left.set_xlabel(say("tone.axes.actor", {}))
    right.set_xlabel(say("tone.axes.difference", {}))
    _finish(left)
    left.tick_params(axis="y", pad=6)
    return list(axes)


def readings_key() -> list[Line2D]:
    """Return what a legend says of marks and lines of ``plot_readings``."""
    return [
        Line2D(
            [],
            [],
            linestyle="none",
            markersize=4,
            label=say("tone.axes.masked", {}),
            **MASKED[True],
        ),
        Line2D(
            [],
            [],
            linestyle="none",
            markersize=4,
            label=say("tone.axes.unmasked", {}),
            **MASKED[False],
        ),
        Line2D([], [], color=INK, linewidth=2.4, label=say("tone.axes.sentences", {})),
        Line2D([], [], color=INK, linewidth=0.8, label=say("tone.axes.calibration", {})),
        Line2D([], [], color=INK, linestyle="none", marker="|", label=say("tone.axes.raters", {})),
    ]


def actors_key(groups: _Groups) -> list[Line2D]:
    """Return what a legend says of the marks of ``plot_actors``."""
    names = group_names(groups, 40)
    marks = [
        {**group_style(group).line, "linestyle": "none", "label": names[group.label]}
        for group in groups
    ]
    return [Line2D([], [], markersize=4, **mark) for mark in marks]


@style()
def plot_sums(sums: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the whole contrast with its interval, and the sums that it is made of.

    Parameters
    ----------
    sums : as from ``sums_of_shift``
    ax : where to draw
    """
    frequency, use = _looks().values()
    looks = {"all": {"facecolor": INK}, "use": use}
    rows = sums[["of", "contribution", "ci_low", "ci_high"]].itertuples(index=False, name=None)
    for place, (kind, value, low, high) in enumerate(rows):
        ax.barh(place, value, 0.62, **looks.get(kind, frequency))
        if low == low:
            ax.hlines(place, low, high, color=GREY, linewidth=1.2)
        ends = [0.0, value, low, high]
        _beside(ax, np.nanmax(ends) if value >= 0 else np.nanmin(ends), place, value)
    ax.set_yticks(range(len(sums)), [say("tone.shift.sum", {"of": kind}) for kind in sums["of"]])
    ax.set_ylim(len(sums) - 0.4, -0.6)
    return _frame(ax, 1.4 * _reach(sums[["contribution", "ci_low", "ci_high"]]))


@style()
def plot_shift(shown: pd.DataFrame, groups: _Groups, ax: Axes) -> Axes:
    """Draw words, each contribution in its two parts and with its interval.

    Parameters
    ----------
    shown : rows of ``word_shift``
    groups : target and reference
    ax : where to draw
    """
    rows = np.arange(len(shown)) + 0.6 * (shown["contribution"] < 0).to_numpy()  # a gap between
    for column, look in _looks().items():
        there = (shown[column].abs() > TINY).to_numpy()
        left = _left(shown, column)
        ax.barh(rows[there], shown[column][there], 0.62, left=left[there], **look)
    ax.hlines(rows, shown["ci_low"], shown["ci_high"], color=INK, linewidth=0.6)
    ax.plot(shown["contribution"], rows, linestyle="none", marker="o", markersize=2.6, color=INK)
    ax.set_yticks(rows, [_label(row) for _, row in shown.iterrows()])
    ax.set_ylim(rows.max(initial=0) + 0.6, -0.6)
    ends = shown[["contribution", "ci_low", "ci_high", *SIDES]]
    names = group_names(groups, 14)
    gap = "\n" if max(map(len, names.values())) > ONE_LINE else " "
    for x, side, words in (
        (0.0, "left", f"◀ more positive{gap}in {names[groups[1].label]}"),
        (1.0, "right", f"more positive{gap}in {names[groups[0].label]} ▶"),
    ):
        ax.text(x, 1.01, words, transform=ax.transAxes, ha=side, va="bottom", fontsize=7)
    ax.set_xlabel(say("tone.axes.contribution", {"units": RATERS}))
    return _frame(ax, 1.06 * _reach(ends))


def shift_key() -> list[Patch]:
    """Return what a legend says of the bars."""
    return [
        Patch(label=say("tone.shift.part", {"part": column}), **look)
        for column, look in _looks().items()
    ]


@style()
def key_below(figure: Figure, handles: Sequence[Artist], columns: int) -> None:
    """Put a legend under all Axes of a figure."""
    figure.legend(handles=list(handles), loc="outside lower center", ncols=columns)


def is_capital(row: pd.Series) -> bool:
    """Tell whether a word mostly begins with a capital inside the sentence."""
    return bool(2 * row["n_capital"] >= row["n_target"] + row["n_reference"])


def _reach(values: pd.DataFrame | pd.Series) -> float:
    """Return how far from 0 an axis must go for all values; 1 where none is there, or all are 0."""
    sizes = np.abs(np.asarray(values, dtype=float)).ravel()
    most = sizes[np.isfinite(sizes)].max(initial=0.0)
    return float(most) or 1.0


# Distribution and course


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


def _count(count: float, of: str) -> str:
    return f"{count:,.0f} {of}{'s' if count != 1 else ''}"


def _signed(value: float, _: object = None) -> str:
    """Write a tick with a true minus, and no more decimals than it needs."""
    return f"{value:g}".replace("-", MINUS)


# Forests


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


def _whiskers(
    ax: Axes, ends: Sequence[np.ndarray], places: np.ndarray, look: Any, *, borne: bool = True
) -> None:
    """Draw values with intervals; a triangle at the frame says that one goes on beyond it."""
    size, line = BORNE[borne]
    value, low, high = ends
    first, last = ax.get_xlim()
    colour = {"color": look["color"]}
    ax.hlines(
        places, np.maximum(low, first), np.minimum(high, last), **colour,
        linewidth=1.0, linestyle=line,
    )  # fmt: skip
    for beyond, edge, marker in ((low < first, first, "<"), (high > last, last, ">")):
        if beyond.any():  # marks without a place would take room at the canvas' corner
            ax.plot(
                np.full(beyond.sum(), edge), places[beyond], linestyle="none", marker=marker,
                markersize=size, **colour, clip_on=False, zorder=3,
            )  # fmt: skip
    ax.plot(value, places, **{**look, "linestyle": "none", "markersize": size, "zorder": 4})


def _p_values(ax: Axes, table: pd.DataFrame) -> None:
    """Write the family-wise p of each actor beside its row."""
    for place, (p, few) in enumerate(zip(table["p_family"], table["too_few"], strict=True)):
        ax.annotate(
            say("tone.axes.few", {}) if few else p_value(p),
            (1, place), xycoords=("axes fraction", "data"),
            xytext=(6, 0), textcoords="offset points", va="center", fontsize=7,
            color=INK if not few and passes(p) else GREY,
        )  # fmt: skip
    ax.annotate(
        say("tone.axes.p", {}).replace(" ", "\n", 1), (1, 1), xycoords="axes fraction",
        xytext=(6, 3), textcoords="offset points", va="bottom", fontsize=7, color=GREY,
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
    return 1.1 * max(most, _reach(values))


def _rows(ax: Axes, names: Sequence[str]) -> None:
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.45, -0.55)


def _sides(ax: Axes, groups: _Groups, reach: float) -> None:
    """Say below the title which side speaks for which group, and rule the scale."""
    ax.set_xlim(-reach, reach)
    names = group_names(groups, 12)
    for x, side, words in (
        (0.0, "left", f"◀ more positive\nin {names[groups[1].label]}"),
        (1.0, "right", f"more positive ▶\nin {names[groups[0].label]}"),
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
    ax.xaxis.set_major_formatter(FuncFormatter(_signed))
    light_grid(ax)


# Words


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
    ax.xaxis.set_major_formatter(FuncFormatter(_signed))
    return light_grid(ax)


def _beside(ax: Axes, end: float, place: int, value: float) -> None:
    """Write a bar's value beyond its outer end."""
    side, shift = ("left", 4) if value >= 0 else ("right", -4)
    ax.annotate(
        number(value), (end, place), xytext=(shift, 0), textcoords="offset points", ha=side,
        va="center", fontsize=7,
    )  # fmt: skip


def _label(row: pd.Series) -> str:
    sign = "+" if row["score"] > 0 else MINUS
    more = "▲" if row["rate_target"] > row["rate_reference"] else "▼"
    word = shorten(row["term"], 20, placeholder="…")
    ring = "°" if is_capital(row) else ""
    return f"{sign}{more} {word}{ring}  {row['n_target']}:{row['n_reference']}"
