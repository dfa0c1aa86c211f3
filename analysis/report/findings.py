"""The findings: one figure that joins the analyses, and sentences that the build has checked."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import InputError
from analysis.files import write_file, write_sums
from analysis.findings import claim_tables
from analysis.inference.levels import LEVEL, passes
from analysis.numbers import p_value
from analysis.report import claims
from analysis.report.claims import Finding
from analysis.report.drawing import (
    DOUBLE,
    GREY,
    INK,
    MM,
    PALE,
    canvas,
    group_style,
    light_grid,
    name_sides,
    style,
)  # fmt: skip
from analysis.report.evidence import write_evidence
from analysis.report.explorer import explorer
from analysis.report.figure import ROOT, Published, publish
from analysis.report.gallery import collect, write_values
from analysis.report.tables import write_tables
from analysis.report.topic import topic_label
from analysis.result import Result
from analysis.sentences import Prose, prose, say
from analysis.text import Group
from analysis.text.concordance import as_written

HEADLINE = "findings.md"
TABLES = "tables"
SCALED = ["scaled_low", "scaled_high"]
CHOICES = {
    "length": "findings.routes.length",
    "terms": "findings.routes.option",
    "counted": "findings.routes.option",
    "lexicon": "findings.routes.option",
    "names": "findings.routes.names",
}
FRAME = 2  # times the largest contrast: intervals that go further end in an arrow


def check_claims(path: str | Path, results: Mapping[str, Result]) -> list[Finding]:
    """Check every claim of a file against all results (``all_results``); see ``claims``."""
    return claims.check_claims(path, claim_tables(results))


def summary_figure(joint: Result) -> Published:
    """Publish the three analyses on the scale of the self-contrast.

    Parameters
    ----------
    joint : as from ``summary``
    """
    table = joint.table
    figure, ax = canvas(DOUBLE, (24 + 5 * (len(table) + table["analysis"].nunique())) * MM)
    write = {"keyword": as_written, "topic": topic_label}
    names = [
        write[analysis](joint.corpus, name) if analysis in write else name
        for analysis, name in zip(table["analysis"], table["name"], strict=True)
    ]
    table = table.assign(name=names)
    plot_summary(table, joint.corpus.groups, ax)
    passing = list(table.loc[passes(table["p_family"]) & (table["flag"] == ""), "name"])
    facts = {"contrasts": len(table), "passing": len(passing), "names": passing}
    return publish(figure, joint, id="findings-summary", table=table, facts=facts)


@style()
def plot_summary(table: pd.DataFrame, groups: Sequence[Group], ax: Axes) -> Axes:
    """Draw contrasts on the scale of the self-contrast, under a heading for each analysis."""
    places, reach = _places(table), _reach(table)
    ax.axvspan(-1, 1, color=PALE, linewidth=0, zorder=0)
    ax.axvline(0, color=INK, linewidth=0.6, zorder=1)
    for group, own in zip(groups, (table["estimate"] > 0, table["estimate"] <= 0), strict=True):
        mark, part = group_style(group), table[own]
        for flagged, line in ((False, "-"), (True, ":")):
            chosen = (part["flag"] != "") == flagged
            low, high = (part[end][chosen].clip(-reach, reach) for end in SCALED)
            ax.hlines(
                places[own][chosen], low, high, color=mark.colour, linewidth=1.1, linestyle=line
            )
        ax.scatter(part["scaled"], places[own], s=20, zorder=3, **mark.points)
    for place, p, flag in zip(places, table["p_family"], table["flag"], strict=True):
        ax.annotate(
            p_value(p), (1, place), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=7,
            color=INK if passes(p) and not flag else GREY,
        )  # fmt: skip
    ax.annotate(
        "p", (1, 1), xycoords="axes fraction", xytext=(4, 3), textcoords="offset points",
        va="bottom", fontsize=7, style="italic", color=GREY,
    )  # fmt: skip
    for end, side in zip(SCALED, ("<", ">"), strict=True):  # an interval that goes on from there
        beyond = table[end].abs() > reach
        ax.scatter(table[end][beyond].clip(-reach, reach), places[beyond], s=14, marker=side,
                   color=GREY, linewidth=0, zorder=2)  # fmt: skip
    _headings(table, places, ax)
    ax.set_ylim(-0.7, places[0] + 1.6)
    ax.set_xlabel(say("findings.axes.scaled", {}))
    return name_sides(ax, groups)


def multiverse_figure(routes: Result) -> Published:
    """Publish each finding by every route: how its p hangs on each choice.

    Parameters
    ----------
    routes : as from ``multiverse``
    """
    table, found = routes.table, _held(routes)
    rows = max(len(own["options"]) for own in found)
    figure, axes = canvas(
        DOUBLE, (28 + 4.6 * rows) * MM, ncols=len(found), squeeze=False, sharex=True
    )
    plot_multiverse(found, axes[0])
    facts = {"findings": found, "count": len(found)}
    return publish(figure, routes, id="findings-multiverse", table=table, facts=facts)


def multiverse_finding(routes: Result) -> Prose:
    """Say by how many routes each finding holds, and which choice breaks it most."""
    return prose("findings.multiverse.finding", {"findings": _held(routes)})


def _held(routes: Result) -> list[dict[str, Any]]:
    """Return, of each finding, its name, its routes, and those by which it holds."""
    found = []
    for finding in dict.fromkeys(routes.table["finding"]):
        own = routes.table[routes.table["finding"] == finding]
        options = _options(own)
        held = [(name, rows["holds"].mean(), rows["holds"]) for name, rows in options]
        worst = min(held, key=lambda option: option[1]) if held else ("", 1.0, own["holds"])
        tied = [option for option in held if option[1] == worst[1]]
        known, source = own["p_judged"].dropna(), own["p_source"].dropna()
        found.append(
            {
                "finding": finding,
                "options": options,
                "shown": as_written(routes.corpus, finding),
                "routes": len(own),
                "held": int(own["holds"].sum()),
                "least_p": float(known.min()) if len(known) else math.nan,
                "most_p": float(known.max()) if len(known) else math.nan,
                "worst": [
                    {"name": name, "held": int(holds.sum()), "routes": len(holds)}
                    for name, _, holds in tied
                ],
                "worst_count": len(tied),
                "uneven": bool(held) and worst[1] < max(share for _, share, _ in held),
                "single": len(source) > 0,
                "source_held": int(passes(source).sum()),
                "least_source": float(source.min()) if len(source) else math.nan,
            }
        )
    return sorted(found, key=lambda own: own["finding"] == "tone")


def _options(own: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return each option of each choice that was open, with the routes that take it."""
    options = []
    for choice, entry in CHOICES.items():
        values = [value for value in dict.fromkeys(own[choice]) if value != ""]
        if len(values) < 2:
            continue
        for value in values:
            name = say(entry, {"value": value})
            options.append((name, own[own[choice] == value]))
    return options


@style()
def plot_multiverse(found: Sequence[Mapping[str, Any]], axes: Sequence[Axes]) -> Sequence[Axes]:
    """Draw a panel a finding: on each option's row, the p of every route that takes it.

    Parameters
    ----------
    found : of each finding ``shown``, ``held`` of how many ``routes``, ``least_p``, and
        ``options``, the name of each with its rows of the table of ``multiverse``
    """
    least = min([LEVEL, *(own["least_p"] for own in found if own["least_p"] == own["least_p"])])
    ticks = [tick for tick in (0.0001, 0.001, 0.01, 0.1, 1.0) if tick >= least / 2]
    above: list[str] = []
    rows = max((len(own["options"]) for own in found), default=1)
    for ax, own in zip(axes, found, strict=True):
        names = [name for name, _ in own["options"]][::-1]
        for row, (_, routes) in enumerate(own["options"][::-1]):
            _draw_routes(routes, row, least / 2, ax)
        ax.axvline(LEVEL, color=GREY, linewidth=0.8, linestyle=":")
        ax.set_xscale("log")
        ax.set_xticks(ticks, [f"{tick:g}".removeprefix("0") for tick in ticks])
        ax.minorticks_off()
        ax.set_xlim(least / 2, 1.5)
        ax.set_yticks(range(len(names)), [] if names == above else names)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(names) - rows - 0.7, len(names) - 0.3)  # rows as high in every panel
        lines = ("findings.panel.name", "findings.panel.held", "findings.panel.source")
        title = (say(line, own) for line in lines)
        ax.set_title("\n".join(line for line in title if line))
        ax.set_xlabel(say("findings.axes.route", own))
        light_grid(ax)
        above = names
    return axes


def _draw_routes(routes: pd.DataFrame, row: int, least: float, ax: Axes) -> None:
    """Draw the routes of one option: a tick by texts of one source, a point by the other test."""
    source = routes["p_source"].dropna().clip(lower=least)
    ax.scatter(source, np.full(len(source), row), s=22, marker="|", color=GREY, linewidths=0.8)
    for holds, face in ((True, INK), (False, "white")):
        p = routes.loc[routes["holds"] == holds, "p_judged"].clip(lower=least)
        ax.scatter(
            p, np.full(len(p), row), s=16, facecolors=face, edgecolors=INK, linewidths=0.6, zorder=2
        )


def quote(findings: Sequence[Finding], *ids: str) -> Prose:
    """Return the sentences of checked claims as a paragraph, in the order asked for."""
    sentences = {finding.id: finding.sentence for finding in findings}
    if unknown := [id for id in ids if id not in sentences]:
        raise InputError(f"No claim {unknown[0]!r}; there are {', '.join(sentences)}.")
    return Prose(" ".join(sentences[id] for id in ids))


def write_findings(
    findings: Sequence[Finding], results: Mapping[str, Result], folder: str | Path
) -> Prose:
    """Write the checked findings, their numbers for LaTeX, the explorer and the bibliography.

    ``findings.md`` holds the headline sentences, one a line; ``values.tex`` every number of all;
    ``explorer.html`` the words, sentences and texts behind them. The tables of all results go to
    the folder ``tables`` beside this one.
    """
    home = Path(folder)
    lines = "".join(f"- {finding.sentence}\n" for finding in findings if finding.headline)
    write_file(home / HEADLINE, lines.encode("utf-8"))
    values = {key: value for finding in findings for key, value in finding.values.items()}
    write_values(values, home / "values.tex")
    write_tables(results, home.parent / TABLES)
    write_evidence(findings, results, home.parent / TABLES)
    write_sums(home.parent / TABLES)
    page = explorer(results["keywords"], results["topics"])
    write_file(home / "explorer.html", page.encode("utf-8"))
    facts = {"claims": len(findings), "values": len(values), "figures": len(collect(home))}
    return prose("findings.written", facts | {"headline": HEADLINE})


def headline(folder: str | Path | None = None) -> str:
    """Return the findings as last written, and where the figures are."""
    home = Path(folder) if folder is not None else ROOT / "figures"
    path = home / HEADLINE
    if not path.is_file():
        raise InputError(
            f"{path} is not there: run `make` first, in a copy of the repository, which executes "
            "the notebooks."
        )
    text = path.read_text(encoding="utf-8")
    facts = {"figures": len(list(home.glob("*.png"))), "gallery": str(home / "README.md")}
    where = say("findings.headline", facts)
    return f"Findings\n\n{text}\n{where}"


def _reach(table: pd.DataFrame) -> float:
    """Return how far the figure goes: twice as far as any contrast, or to the last end."""
    drawn = table[["scaled", *SCALED]].to_numpy(float)
    last = np.abs(drawn[np.isfinite(drawn)]).max(initial=1)
    return float(1.05 * min(last, FRAME * table["scaled"].abs().max()))


def _places(table: pd.DataFrame) -> np.ndarray:
    """Return heights from the top, a line left free above each analysis."""
    steps = 1 + (table["analysis"] != table["analysis"].shift()).to_numpy()
    down = np.cumsum(steps)
    return np.asarray(down[-1] - down, dtype=float)


def _headings(table: pd.DataFrame, places: np.ndarray, ax: Axes) -> None:
    first = (table["analysis"] != table["analysis"].shift()).to_numpy()
    ax.set_yticks(places, table["name"])
    ax.tick_params(axis="y", length=0)
    for place, analysis in zip(places[first], table["analysis"][first], strict=True):
        ax.annotate(
            say("findings.summary.analysis", {"analysis": analysis}), (0, place + 1),
            xycoords=("axes fraction", "data"), xytext=(-4, 0), textcoords="offset points",
            ha="right", va="center", weight="bold",
        )  # fmt: skip
