"""Plots of the keyness table: finished tables in, Axes out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from analysis.corpus import Group
from analysis.publish.labels import place_labels
from analysis.publish.style import GREY, INK, PALE, group_style, name_sides, style

HALO = (withStroke(linewidth=1.6, foreground="white"),)  # keeps a label legible on a line
RELATIVE = "log ratio (binary logarithm of the ratio of rates)"


@style()
def plot_ranked(terms: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw each term's log ratio with its interval, over what a text against itself gives.

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
    ax.set_yticks(rows, terms["term"])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-0.7, len(terms) - 0.3)
    ax.set_xlabel(RELATIVE)
    name_sides(ax, groups)
    for row, a, b in zip(rows, terms["n_target"], terms["n_reference"], strict=True):
        ax.annotate(
            f"{a} : {b}", (1, row), xycoords=("axes fraction", "data"), xytext=(3, 0),
            textcoords="offset points", va="center", fontsize=6.5, color=GREY,
        )  # fmt: skip
    return ax


@style()
def plot_funnel(table: pd.DataFrame, groups: Sequence[Group], ax: Axes, named: int = 10) -> Axes:
    """Draw log ratio against frequency, with the floor below which nothing can be seen."""
    places = _places(table)
    for group, own in zip(groups, (places["score"] > 0, places["score"] <= 0), strict=True):
        part = places[own]
        ax.scatter(part["n"], part["log_ratio"], s=part["area"], **group_style(group).points)
    floors = table.assign(n=table["n_target"] + table["n_reference"]).drop_duplicates("n")
    floors = floors.sort_values("n")
    ax.axhline(0, color=INK, linewidth=0.6, zorder=1)
    ax.set_xscale("log")
    _count_ticks(ax, "x")
    low, high = table["log_ratio"].min(), table["log_ratio"].max()
    ax.set_ylim(low - 0.9, high + 0.9)
    ax.set_xlim(0.8, floors["n"].max() * 1.4)
    ax.set_xlabel("occurrences in both groups together")
    ax.set_ylabel("log ratio")
    for column, sign in (("floor_target", 1), ("floor_reference", -1)):
        _floor(ax, floors["n"], sign * floors[column], sign)
    _label(ax, _strongest(table, named), places, ("n", "log_ratio"))
    return ax


@style()
def plot_rates(table: pd.DataFrame, groups: Sequence[Group], ax: Axes, named: int = 12) -> Axes:
    """Draw each term's rate in one group against its rate in the other; absent terms at the rim."""
    places = _places(table)
    columns = ("rate_reference", "rate_target")
    floors = {c: places.loc[places[c] > 0, c].min() / 2 for c in columns}
    shown = places.assign(**{c: places[c].where(places[c] > 0, floors[c]) for c in columns})
    for group, own in zip(groups, (shown["score"] > 0, shown["score"] <= 0), strict=True):
        part = shown[own]
        ax.scatter(part[columns[0]], part[columns[1]], s=part["area"], **group_style(group).points)
    for axis, column, group in zip("xy", columns, groups[::-1], strict=True):
        _rate_axis(ax, axis, floors[column], places[column].max() * 1.6)
        getattr(ax, f"set_{axis}label")(f"per 1,000 tokens in {group.label}")
    ends = [max(floors.values()), places[list(columns)].max().min()]
    ax.plot(ends, ends, color=GREY, linewidth=0.7, zorder=0.5)
    _label(ax, _strongest(table, named), shown, columns)
    return ax


@style()
def plot_naive(table: pd.DataFrame, ax: Axes, named: int = 6) -> Axes:
    """Draw the p of the count test for each term against the textbook p of its G²."""
    rows = table.groupby(["n_target", "n_reference"], as_index=False).agg(
        g2_p=("g2_p", "first"), p_value=("p_value", "median"), terms=("term", "size")
    )
    ax.scatter(rows["g2_p"], rows["p_value"], s=4 + 3 * rows["terms"] ** 0.5,
               facecolors="none", edgecolors=INK, linewidths=0.6)  # fmt: skip
    wrong = table[(table["g2_p"] < 0.05) & (table["p_value"] >= 0.05)]
    low = min(table["g2_p"].min(), table["p_value"].min()) / 3
    for axis in "xy":
        getattr(ax, f"set_{axis}scale")("log")
        getattr(ax, f"set_{axis}lim")(low, 2)
    ax.fill_between([low, 0.05], 0.05, 2, color=PALE, linewidth=0, zorder=0)
    ax.plot([low, 1], [low, 1], color=GREY, linewidth=0.7, zorder=0.5)
    ax.axhline(0.05, color=GREY, linewidth=0.6, linestyle=":")
    ax.axvline(0.05, color=GREY, linewidth=0.6, linestyle=":")
    ax.set_xlabel("textbook p of G² (every token independent)")
    ax.set_ylabel("p of the count test (bursts allowed for)")
    keys = ["n_target", "n_reference"]
    others = wrong.groupby(keys)["term"].transform("size") - 1
    more = others.map(lambda n: f" + {n}" if n else "")
    chosen = wrong.assign(term=wrong["term"] + more).sort_values(["g2_p", "term"])
    chosen = chosen.drop_duplicates(keys)
    chosen = chosen.head(named)
    x = [*chosen["g2_p"], *rows["g2_p"]]
    y = [*chosen["p_value"], *rows["p_value"]]
    place_labels(ax, x, y, [*chosen["term"], *[""] * len(rows)], path_effects=HALO)
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
        ax.set_ylim(-0.7, len(terms) - 0.3)
        ax.set_title(group.label)
        ax.spines["left"].set_visible(False)
    return axes


def _places(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a pair of counts; the area of its mark grows with how many terms share it."""
    rows = table.groupby(["n_target", "n_reference"], as_index=False).agg(
        rate_target=("rate_target", "first"),
        rate_reference=("rate_reference", "first"),
        log_ratio=("log_ratio", "first"),
        score=("score", "first"),
        terms=("term", "size"),
    )
    return rows.assign(n=rows["n_target"] + rows["n_reference"], area=5 + 4 * rows["terms"] ** 0.5)


def _strongest(table: pd.DataFrame, named: int) -> pd.DataFrame:
    """Return the terms to name: the highest scores of each side, and the most frequent."""
    frequent = table.assign(n=table["n_target"] + table["n_reference"]).nlargest(3, "n")
    chosen = pd.concat([table.head(named), table.tail(named), frequent])
    return chosen.drop_duplicates("term").assign(strength=lambda t: t["score"].abs())


def _label(ax: Axes, terms: pd.DataFrame, places: pd.DataFrame, columns: tuple[str, str]) -> None:
    """Name terms at the place of their counts, where there is room; two of one place, once."""
    keys = ["n_target", "n_reference"]
    at = terms.drop_duplicates(keys)[[*keys, "term", "strength"]].merge(places, on=keys)
    x, y = ([*at[c], *places[c]] for c in columns)
    strength = [*at["strength"], *np.zeros(len(places))]
    place_labels(ax, x, y, [*at["term"], *[""] * len(places)], strength, path_effects=HALO)


def _floor(ax: Axes, n: "pd.Series[int]", floor: "pd.Series[float]", sign: int) -> None:
    """Draw a detection floor, of terms that occur n times or more, where it can be read."""
    sure = sign * (sign * floor)[::-1].cummax()[::-1]
    low, high = ax.get_ylim()
    if sure.between(low, high).sum() < 3:
        return
    finite = sure.abs() < np.inf
    ax.plot(n[finite], sure[finite], color=GREY, linewidth=0.9, zorder=1)
    if sign > 0:
        first = sure.between(low, high).to_numpy().argmax()
        ax.annotate(
            "detection floor", (n.iloc[first], sure.iloc[first]), xytext=(8, 0),
            textcoords="offset points", va="center", fontsize=6.5, color=GREY,
        )  # fmt: skip


def _count_ticks(ax: Axes, axis: str) -> None:
    ticks = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000]
    high = ax.dataLim.x1 if axis == "x" else ax.dataLim.y1
    shown = [tick for tick in ticks if tick <= high * 1.2]
    getattr(ax, f"set_{axis}ticks")(shown, [f"{tick:,}" for tick in shown])
    getattr(ax, f"{axis}axis").minorticks_off()
    ax.minorticks_off()


def _rate_axis(ax: Axes, axis: str, floor: float, high: float) -> None:
    """Set a log scale whose first tick stands for absence."""
    getattr(ax, f"set_{axis}scale")("log")
    ticks = [t for t in (0.01, 0.1, 0.3, 1, 3, 10, 30, 100) if floor * 1.5 < t < high]
    getattr(ax, f"set_{axis}ticks")([floor, *ticks], ["0", *[f"{t:g}" for t in ticks]])
    getattr(ax, f"set_{axis}lim")(floor / 1.4, high)
    ax.minorticks_off()
