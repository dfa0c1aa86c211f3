"""The course of tone along the texts."""

import math
from typing import Any

from analysis.inference.levels import LEVEL
from analysis.report.drawing import MM, SINGLE, canvas, short
from analysis.report.figure import Published, publish
from analysis.report.sentences import Prose, prose
from analysis.report.tone import plots
from analysis.report.tone.facts import (
    about_tone,
    records_of,
)
from analysis.result import Result


def trajectory_figure(course: Result) -> Published | Prose:
    """Publish the course of tone along each text, with its band.

    Parameters
    ----------
    course : as from ``tone_trajectory``
    """
    units, movement = course.parts["units"], course.parts["movement"]
    if movement["p_value"].isna().all():
        return prose("tone.trajectory.none", {})
    figure, axes = canvas(SINGLE, 96 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_trajectory(course.table, units, course.corpus.groups, axes)
    moving = [side["label"] for side in _moves(course) if side["p_value"] < LEVEL]
    facts = (
        about_tone(course)
        | _curves(course)
        | {
            "sides": _moves(course),
            "many": plots.MANY_CURVES,
            "moving": moving,
            "moving_count": len(moving),
        }
    )
    return publish(
        figure, course, id="tone-trajectory", table=course.table, facts=facts,
        companions={"tone-trajectory-units": units},
    )  # fmt: skip


def _curves(course: Result) -> dict[str, Any]:
    """Return how many curves a group has, and of how many groups one is of all documents."""
    told = about_tone(course)["groups"]
    drawn = course.table.groupby("group")["document"].agg(["nunique", "first"])
    counts = [int(drawn.loc[group["label"], "nunique"]) for group in told]
    whole = [group["documents"] > 1 and drawn.loc[group["label"], "first"] == "" for group in told]
    return {
        "most_curves": max(counts),
        "least_curves": min(counts),
        "pooled": sum(whole),
    }


def trajectory_finding(course: Result) -> Prose:
    """Say whether tone moves along the texts more than chance would have it."""
    return prose("tone.trajectory.finding", {"sides": _moves(course)})


def _moves(course: Result) -> list[dict[str, Any]]:
    return [
        {
            "label": row["group"],
            "short": short(row["group"]),
            "followed": not math.isnan(row["p_value"]),
            **row,
        }
        for row in records_of(course.parts["movement"])
    ]
