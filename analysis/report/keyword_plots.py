"""Plots of the keyness table, with what chance gives and what could have been found."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.inference.levels import passes
from analysis.numbers import MINUS, number, ordered
from analysis.report.drawing import (
    GREY,
    INK,
    MM,
    PALE,
    group_names,
    group_style,
    light_grid,
    name_sides,
    root_of,
    style,
)
from analysis.report.labels import place_labels
from analysis.sentences import say
from analysis.text import Group

HAIR = 1 / 1_500  # of a panel, about a tenth of a millimetre: nearer strokes cannot be told apart
STROKE = 0.32  # half the height of a stroke, in rows
NEAR = 1.25  # terms whose frequencies differ by less than this factor share a median
NORMAL = 1.96
FAR = 3.5  # times as far as any mark: a curve beyond that does not stretch the figure
HELD = 0.97  # of the frame, where lines end so that arrowheads stand clear of them
RADIUS = 4.0  # points that labels keep from the middle of a mark, which may have a ring
BESIDE = 12  # letters of a name that fits within the frame, beside marks
BINS = 30  # bars of a histogram at most
MOST = 600  # marks of a scatter that can be told apart
LATTICE = (30, 14)  # columns and rows of a scatter of more, with few marks in each cell
SIZES = 8  # of its marks: those of one size are one shape in a file
PANEL = 90  # marks of a panel of a line-up that can be told apart
COARSE = (15, 8)  # columns and rows of a panel of more
ALONG = 20_000  # points at most along a curve that labels keep clear of
FRAME = 1.5  # times the largest log ratio: intervals that go further end in an arrow
INTERVALS = ((0.8, ("family_low", "family_high")), (2.4, ("within_low", "within_high")))
_KEY_MARK, _KEY_LETTER = 10 * MM, 1.2 * MM  # widths in a key
_SIDES = (("target", 1), ("reference", -1))
_BAND: dict[str, Any] = {"color": "#e6e6e6", "linewidth": 0, "zorder": 0.4}
_FLOOR: dict[str, Any] = {"color": GREY, "linewidth": 1.1, "zorder": 1}
_RING: dict[str, Any] = {"facecolors": "none", "edgecolors": INK, "linewidths": 0.9, "zorder": 3}
_LEVEL: dict[str, Any] = {"color": GREY, "linewidth": 0.6, "linestyle": ":"}


def _marks(ax: Axes, marks: pd.DataFrame, **look: Any) -> None:
    """Draw marks at ``n`` and ``y``, those of one ``area`` together, the smallest on top.

    What is drawn together is one shape in a vector file, which stays small.
    """
    for _, alike in reversed(list(marks.groupby("area"))):
        ax.scatter(alike["n"], alike["y"], s=float(alike["area"].iloc[0]), **look)


@style()
def plot_ranked(terms: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw each term's log ratio with its intervals, over what a text against itself gives.

    Intervals are simultaneous, so that they leave out 0 just where a mark says that a difference is
    shown: thin, of documents of one source; thick, where groups are single texts, of bursts within
    these. Terms that pass either test stand out: larger marks, bold names. A tick marks the
    detection floor on the side of the term, where it lies within the axis; intervals that go on
    beyond it end in an arrow.

    Parameters
    ----------
    terms : rows of the keyness table, in the order to be drawn from the top
    groups : target, reference
    """
    rows = np.arange(len(terms))[::-1]
    passing = (terms["established"] | passes(terms["p_within_family"])).to_numpy(bool)
    itself = terms[["self_target", "self_reference"]].max(axis=1)
    reach = _frame(terms)
    ax.barh(rows, 2 * itself, left=-itself, height=0.62, color=PALE, zorder=0.5, linewidth=0)
    for group, own in zip(groups, (terms["score"] > 0, terms["score"] <= 0), strict=True):
        mark, part, sure = group_style(group), terms[own], passing[own]
        for width, ends in INTERVALS:
            low, high = (part[end].clip(-HELD * reach, HELD * reach) for end in ends)
            ax.hlines(rows[own], low, high, color=mark.colour, linewidth=width)
        for end, at, arrow in (("family_low", -reach, "<"), ("family_high", reach, ">")):
            beyond = part[end].abs().to_numpy(float) > reach
            ax.scatter(
                np.full(beyond.sum(), at), rows[own][beyond], s=36, marker=arrow,
                color=mark.colour, linewidths=0, zorder=2.5,
            )  # fmt: skip
        ax.scatter(part["log_ratio"], rows[own], s=np.where(sure, 38, 14), zorder=3, **mark.points)
    ax.axvline(0, color=INK, linewidth=0.6, zorder=1)
    ax.set_xlim(-1.02 * reach, 1.02 * reach)
    floor, seen = _floors(ax, terms)
    ax.vlines(floor[seen], rows[seen] - 0.31, rows[seen] + 0.31, color=INK, linewidth=1.3)
    ax.set_yticks(rows, terms["term"])
    for name, heavy in zip(ax.get_yticklabels(), passing, strict=True):
        name.set_fontweight("bold" if heavy else "normal")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(terms) - 0.3)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}".replace("-", MINUS)))
    ax.set_xlabel(say("keywords.axes.log_ratio", {}))
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
    names = group_names(groups, 48)
    for ax, group in zip(axes, groups, strict=True):
        own = _apart_by_a_hair(places[places["group"] == group.label])
        at = own["term"].map(height)
        ax.add_patch(
            PathPatch(_strokes(own["position"], at), linewidth=0.9, edgecolor=group.colour)
        )
        ax.hlines(list(height.values()), 0, 1, color=PALE, linewidth=0.4, zorder=0.5)
        ax.set_yticks(list(height.values()), list(height))
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(-0.01, 1.01)
        ax.set_xticks([0, 0.5, 1], ["beginning", "middle", "end"])
        first, _, last = ax.get_xticklabels()
        first.set_horizontalalignment("left")  # so that the end of one panel keeps clear
        last.set_horizontalalignment("right")  # of the beginning of the next
        ax.set_ylim(-0.7, len(terms) - 0.3)
        ax.set_title(names[group.label])
        ax.spines["left"].set_visible(False)
    return axes


def _apart_by_a_hair(places: pd.DataFrame) -> pd.DataFrame:
    """Return places of strokes; of more than can be told apart, one for each hair's breadth."""
    if len(places) * HAIR < 1:
        return places
    hair = np.floor(places["position"] / HAIR)
    return places[~places.assign(position=hair).duplicated(["term", "position"])]


def _strokes(x: pd.Series, y: pd.Series) -> Path:
    """Return upright strokes as one shape, so that thousands of them make no large file."""
    ends = [np.column_stack([x, y.to_numpy(float) + side * STROKE]) for side in (-1, 1)]
    return Path(np.stack(ends, axis=1).reshape(-1, 2), [Path.MOVETO, Path.LINETO] * len(x))


@style()
def plot_funnel(
    table: pd.DataFrame, groups: Sequence[Group], ax: Axes, *, column: str, named: int = 10
) -> Axes:
    """Draw an effect against frequency, with its self-contrast null and detection floor.

    Parameters
    ----------
    table : ``term, n_target, n_reference, score``, the effect, and in its unit ``self_target,
        self_reference, floor_target, floor_reference``; and whether its row is ``passing``, which
        gets a ring
    groups : target, reference
    column : the effect, ``log_ratio`` or ``log_odds_z``; for the latter ±1.96 is ruled
    named : how many terms to name on either side, where there is room
    """
    named_terms = _strongest(table, named)
    places = _thinned(_places(table, [column]), column, named_terms)
    for group, own in zip(groups, (places["score"] > 0, places["score"] <= 0), strict=True):
        part = places[own]
        _marks(ax, part.assign(y=part[column]), **group_style(group).points)
    ax.axhline(0, color=INK, linewidth=0.6, zorder=1)
    ax.set_xscale("log")
    _count_ticks(ax)
    ax.set_xlim(places["n"].min() * 0.75, places["n"].max() * 1.6)
    ruled = column == "log_odds_z"
    limits = _by_frequency(table, rising=ruled)
    ax.fill_between(limits["n"], -limits["itself"], limits["itself"], **_BAND)
    curves = [(limits["n"], sign * limits[f"floor_{role}"]) for role, sign in _SIDES]
    for n, floor in curves:
        alone: dict[str, Any] = (
            {"marker": "_"} if floor.notna().sum() == 1 else {}
        )  # a line of one point is none
        ax.plot(n, floor, **_FLOOR, **alone)
    ax.set_ylim(*_heights(table[column], limits))
    passing = places[places["passing"]]
    _marks(ax, passing.assign(y=passing[column], area=passing["area"] + 40), **_RING)
    levels = [0, -NORMAL, NORMAL] if ruled else [0]
    for level in levels[1:]:
        ax.axhline(level, **_LEVEL)
    curves += [(pd.Series(ax.get_xlim()), pd.Series([y, y])) for y in levels]
    _label(ax, named_terms, places, ("n", column), curves)
    return ax


@style()
def plot_rates(terms: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw each term's rate in either group, joined by a line: the longer, the larger the gap.

    Parameters
    ----------
    terms : rows of the keyness table, in the order to be drawn from the top
    groups : target, reference
    """
    rows = np.arange(len(terms))[::-1] + 0.6 * (terms["score"] > 0).to_numpy()  # a gap between
    ends = [terms[f"rate_{group.role}"] for group in groups]
    passing = (terms["established"] | passes(terms["p_within_family"])).to_numpy(bool)
    ax.hlines(rows, ends[0], ends[1], color=GREY, linewidth=np.where(passing, 2.4, 1.0), zorder=1)
    names = group_names(groups)
    for group, rates in zip(groups, ends, strict=True):
        look = group_style(group).points | {"label": names[group.label]}
        ax.scatter(rates, rows, s=26, zorder=3, **look)
    ax.set_yticks(rows, terms["term"])
    for name, heavy in zip(ax.get_yticklabels(), passing, strict=True):
        name.set_fontweight("bold" if heavy else "normal")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, rows.max(initial=0) + 0.7)
    ax.set_xlim(left=-0.02 * float(max(side.max() for side in ends)))
    ax.set_xlabel(say("keywords.axes.per_thousand", {}))
    if max(map(len, names.values())) <= BESIDE:
        ax.legend(loc="best")
    else:  # within the Axes it would cover marks
        root_of(ax).legend(loc="outside lower center", ncols=len(names))
    return light_grid(ax)


@style()
def plot_chance(claimed: Sequence[int], found: int, ax: Axes) -> Axes:
    """Draw how many terms a test claims when units are dealt at random, and how many it does here.

    Parameters
    ----------
    claimed : a number a deal
    found : the number for the groups as they are
    """
    values = np.asarray(claimed, int)
    wide = _bin_of(values)
    first = values.min() // wide * wide
    edges = np.arange(first, values.max() + wide + 1, wide) - 0.5  # between whole numbers
    counts, _ = np.histogram(values, edges)
    ax.bar(edges[:-1], counts, wide, align="edge", color=GREY, edgecolor="white", linewidth=0.5)
    ax.axvline(found, color=INK, linewidth=1.4)
    ax.annotate(
        say("keywords.axes.as_they_are", {"found": found}), (found, 1), xytext=(-3, -2),
        xycoords=("data", "axes fraction"), textcoords="offset points", ha="right", va="top",
        fontsize=7,
    )  # fmt: skip
    ax.set_xlim(min(edges[0], found) - wide, max(edges[-1], found) + wide)
    ax.set_ylim(0, 1.18 * counts.max())  # room for the words beside the line
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel(say("keywords.axes.claimed", {}))
    ax.set_ylabel(say("keywords.axes.deals", {}))
    return ax


@style()
def plot_lineup(panels: pd.DataFrame, axes: np.ndarray) -> np.ndarray:
    """Draw a panel of z-scores by frequency for each contrast of a line-up, all alike.

    Parameters
    ----------
    panels : as the table of ``lineup``
    axes : an Axes for each panel, in order
    """
    reach = 1.1 * float(panels["log_odds_z"].abs().max()) or 1.0
    most = int((panels["n_target"] + panels["n_reference"]).max())
    ticks = [10**power for power in range(len(str(most)))]
    levels = (-NORMAL, 0, NORMAL)
    for ax in axes.flat[panels["panel"].nunique() :]:
        ax.set_axis_off()
    for ax, (panel, own) in zip(axes.flat, panels.groupby("panel"), strict=False):
        seen = _thinned_panel(own)
        many = np.floor(np.log2(seen["terms"]) / 2)  # marks of one size are one shape in a file
        for size, alike in seen.groupby(many):
            total = alike["n_target"] + alike["n_reference"]
            ax.scatter(total, alike["log_odds_z"], s=2 + 2**size, color=INK, linewidths=0)
        for level in (-NORMAL, NORMAL):
            ax.axhline(level, **_LEVEL)
        ax.set_xscale("log")
        ax.set_ylim(-reach, reach)
        ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        ax.minorticks_off()
        if reach <= 3 * NORMAL:
            ax.set_yticks(levels, [number(z) if z else "0" for z in levels])
        else:  # names of the lines would touch one another
            ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.tick_params(labelsize=6, length=2)
        ax.label_outer()
        ax.set_title(str(panel), fontsize=7, pad=1)
        for side in ("top", "right"):
            ax.spines[side].set_visible(True)
    return axes


def _bin_of(values: np.ndarray) -> int:
    """Return how many whole numbers a bar of a histogram holds (Freedman and Diaconis)."""
    low, high = np.percentile(values, [25, 75], method="lower")
    even = int(2 * (high - low) / len(values) ** (1 / 3))
    return max(1, even, -(-(int(values.max()) - int(values.min())) // BINS))


def _frame(terms: pd.DataFrame) -> float:
    """Return how far the figure goes: half as far again as any mark, or to the last end."""
    columns = [*(end for _, ends in INTERVALS for end in ends), "log_ratio"]
    ends = terms[columns].to_numpy(float)
    last = float(np.abs(ends[np.isfinite(ends)]).max(initial=1))
    itself = terms[["self_target", "self_reference"]].to_numpy(float).max()
    return 1.05 * min(last, FRAME * max(float(terms["log_ratio"].abs().max()), 1.0, itself / FRAME))


def floors_seen(ax: Axes, terms: pd.DataFrame) -> int:
    """Return of how many terms the detection floor lies within the frame of ``plot_ranked``."""
    return int(_floors(ax, terms)[1].sum())


def _floors(ax: Axes, terms: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the detection floors on the sides of the terms, and which the axis reaches."""
    low, high = ax.get_xlim()
    floor = np.where(terms["log_ratio"] > 0, terms["floor_target"], -terms["floor_reference"])
    return floor, (low < floor) & (floor < high)


@style()
def add_key(
    figure: Figure, groups: Sequence[Group], *, normal: bool = False, passing: str = ""
) -> Figure:
    """Explain below a figure its marks, its band, its curve, and the lines at ±1.96 if any.

    Parameters
    ----------
    passing : what a ring says, if any row has one
    """
    names = group_names(groups)
    marks: list[Artist] = [
        Line2D(
            [],
            [],
            **group_style(group).line
            | {"linestyle": "", "label": say("common.axes.more", {"group": names[group.label]})},
        )
        for group in groups
    ]
    if passing:
        ring: dict[str, Any] = {
            "marker": "o",
            "markersize": 8,
            "markerfacecolor": "none",
            "markeredgecolor": INK,
        }
        marks.append(Line2D([], [], linestyle="", label=passing, **ring))
    marks += [
        Patch(facecolor=_BAND["color"], label=say("keywords.axes.itself", {})),
        Line2D([], [], **_FLOOR, label=say("keywords.axes.floor", {})),
    ]
    if normal:
        marks.append(Line2D([], [], **_LEVEL, label=f"±{NORMAL}"))
    wide = sum(_KEY_MARK + _KEY_LETTER * len(str(mark.get_label())) for mark in marks)
    columns = len(marks) if wide < figure.get_figwidth() else (len(marks) + 1) // 2
    figure.legend(handles=marks, loc="outside lower center", ncols=columns, columnspacing=1.4)
    return figure


def _places(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return one row a pair of counts; the area of its mark grows with how many terms share it."""
    keep = {column: (column, "first") for column in [*columns, "score"]}
    rows = table.groupby(["n_target", "n_reference"], as_index=False).agg(
        **keep, terms=("term", "size"), passing=("passing", "any")
    )
    return rows.assign(n=rows["n_target"] + rows["n_reference"], area=5 + 4 * rows["terms"] ** 0.5)


def joins(table: pd.DataFrame) -> bool:
    """Tell whether there are so many marks that neighbours in the funnel are one."""
    return len(table.drop_duplicates(["n_target", "n_reference"])) > MOST


def _thinned(places: pd.DataFrame, column: str, named: pd.DataFrame) -> pd.DataFrame:
    """Return places that do not crowd: of too many, one for each cell of a lattice.

    It is the place of most terms in its cell, and stands for all of them; sides, and places that
    pass, stay apart, and the places of named terms are their own.
    """
    if len(places) <= MOST:
        return places
    keys, (wide, high) = ["n_target", "n_reference"], LATTICE
    own = pd.MultiIndex.from_frame(places[keys]).isin(pd.MultiIndex.from_frame(named[keys]))
    edges = np.rint(np.geomspace(1, places["n"].max(), wide))
    up = (places[column] - places[column].min()) / np.ptp(places[column]) * high
    cells = pd.DataFrame(
        {
            "across": np.searchsorted(edges, places["n"], side="right"),
            "up": np.floor(up.round(6)),
            "side": places["score"] > 0,
            "passing": places["passing"],
            "own": np.where(own, np.arange(len(places)), -1),
        }
    )
    names = list(cells)
    together = places.assign(**cells)
    together["all"] = together.groupby(names)["terms"].transform("sum")
    ranked = ordered(together, ["terms", *keys], ascending=[False, True, True])
    first = ordered(ranked.drop_duplicates(names), keys)
    area = 4 + 60 * np.ceil(SIZES * (first["all"] / first["all"].max()) ** 0.5) / SIZES
    return first.assign(terms=first["all"], area=area)[list(places)]


def _thinned_panel(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a panel of a line-up; of too many, one for each cell of a lattice.

    It stands for all terms of its cell; the row of the largest z-score in size is always kept.
    """
    if len(panel) <= PANEL:
        return panel
    wide, high = COARSE
    size, z = panel["n_target"] + panel["n_reference"], panel["log_odds_z"]
    edges = np.rint(np.geomspace(1, size.max(), wide))
    cells = {
        "across": np.searchsorted(edges, size, side="right"),
        "up": np.rint((z / z.abs().max() * high).round(6)),
    }
    placed = panel.assign(**cells, place=np.arange(len(panel)), extreme=z.abs() == z.abs().max())
    placed["all"] = placed.groupby(list(cells))["terms"].transform("sum")
    first = ordered(placed, ["extreme", "terms", "n_target", "n_reference"])
    kept = ordered(first.drop_duplicates(list(cells), keep="last"), ["place"])
    return kept.assign(terms=kept["all"])[list(panel)]


def _by_frequency(table: pd.DataFrame, *, rising: bool) -> pd.DataFrame:
    """Return ``n, itself, floor_target, floor_reference`` for every frequency that occurs.

    ``itself`` is the median over terms of about that frequency. A floor is NaN where nothing could
    be found, else the highest of terms that occur so often or more; for a measure whose floor rises
    with frequency, so often or less.
    """
    n = table["n_target"] + table["n_reference"]
    itself = table[["self_target", "self_reference"]].max(axis=1)
    floors = table.groupby(n)[["floor_target", "floor_reference"]].median()
    finite = floors.replace(np.inf, np.nan)
    seen = finite.cummax() if rising else finite[::-1].cummax()[::-1]
    near = [itself[(n >= k / NEAR) & (n <= k * NEAR)].median() for k in seen.index]
    return seen.where(floors < np.inf).assign(itself=near).rename_axis("n").reset_index()


def _heights(effect: pd.Series, limits: pd.DataFrame) -> tuple[float, float]:
    """Return how far down and up the figure goes: past every mark, the band, and the floors.

    A floor that lies far beyond both does not stretch the figure; its curve then leaves it.
    """
    band = float(limits["itself"].max())
    ends = []
    for (role, _), size in zip(_SIDES, (effect.max(), -effect.min()), strict=True):
        seen = max(float(size), band, NORMAL)
        floor = float(np.nanmax([seen, *limits[f"floor_{role}"]]))
        ends.append(1.12 * min(floor, FAR * seen))
    return -ends[1], ends[0]


def _strongest(table: pd.DataFrame, named: int) -> pd.DataFrame:
    """Return the terms to name: the highest scores of each side, and the most frequent."""
    counted = table.assign(n=table["n_target"] + table["n_reference"])
    frequent = ordered(counted, ["n", "term"], ascending=[False, True]).head(3)
    chosen = pd.concat([table.head(named), table.tail(named), frequent])
    return chosen.drop_duplicates("term").assign(strength=lambda t: t["score"].abs())


def _label(
    ax: Axes,
    terms: pd.DataFrame,
    places: pd.DataFrame,
    columns: Sequence[str],
    curves: Sequence[tuple[pd.Series | np.ndarray, pd.Series | np.ndarray]],
) -> None:
    """Name terms at the place of their counts, where there is room; two of one place, once.

    The curves are kept clear by points along them.
    """
    keys = ["n_target", "n_reference"]
    at = terms.drop_duplicates(keys)[[*keys, "term", "strength"]].merge(places, on=keys)
    along = [_along(ax, np.asarray(x, float), np.asarray(y, float)) for x, y in curves]
    x, y = ([*at[c], *places[c], *np.concatenate(along)[:, i]] for i, c in enumerate(columns))
    others = len(x) - len(at)
    strength = [*at["strength"], *np.zeros(others)]
    place_labels(ax, x, y, [*at["term"], *[""] * others], strength, mark=RADIUS)


def _along(ax: Axes, x: np.ndarray, y: np.ndarray, points: int = 60) -> np.ndarray:
    """Return points (k × 2) along a curve as it is drawn, where it lies within the Axes."""
    drawn = np.isfinite(x) & np.isfinite(y)
    nodes = ax.transData.transform(np.column_stack([x[drawn], y[drawn]]))
    if len(nodes) < 2:
        return np.empty((0, 2))
    count = min(points * (len(nodes) - 1), ALONG)
    place = np.linspace(0, len(nodes) - 1, count)
    line = np.column_stack([np.interp(place, np.arange(len(nodes)), side) for side in nodes.T])
    low, high = ax.get_window_extent().get_points()
    inside = ((low <= line) & (line <= high)).all(axis=1)
    return ax.transData.inverted().transform(line[inside])


def _count_ticks(ax: Axes) -> None:
    ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000]
    shown = [tick for tick in ticks if ax.dataLim.x0 / 1.2 <= tick <= ax.dataLim.x1 * 1.2]
    ax.set_xticks(shown, [f"{tick:,}" for tick in shown])
    ax.minorticks_off()
