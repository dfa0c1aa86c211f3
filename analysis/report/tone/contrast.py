"""The contrast of tone: from the naive number to the honest one, and what it is made of."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.inference.levels import passes
from analysis.numbers import DASH, interval, number, steady
from analysis.report.drawing import DOUBLE, MM, SINGLE, canvas, group_names
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, show
from analysis.report.tone import plots
from analysis.report.topic import topic_label
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say
from analysis.text import Corpus
from analysis.tone import scorer, scorers, topic_split, vader
from analysis.tone.calibration import COMBINED, load_calibration
from analysis.tone.contrast import RATERS, ROOM, way
from analysis.topicmodels import topics

MOST_NAMES = 12


# The headline


def tone_finding(contrast: Result) -> Prose:
    """Say how the groups differ in tone, and how much of it the texts can bear out."""
    row = contrast.table.iloc[0]
    facts = about_tone(contrast) | row_facts(row)
    facts |= {"sides": sides_of(contrast, row)}
    if varies(row):
        naive = naive_reading(contrast)
        within = [side["label"] for side in facts["sides"] if abs(row["estimate"]) <= side["self"]]
        facts |= signs_of(contrast) | {
            "leaves_zero": apart_from_zero(row),
            "size": abs(row["estimate"]),
            "naive": row_facts(naive) | {"varies": varies(naive)},
            "within": len(within),
            "within_label": "".join(within[:1]),
        }
    return prose("tone.finding", facts)


def ladder_table(steps: Result) -> Shown:
    """Show the contrast from the naive number to the honest one, a step a row.

    Parameters
    ----------
    steps : as from ``tone_ladder``
    """
    rows = records_of(steps.table)
    shown = pd.DataFrame(
        {
            "step": [say("tone.ladder.step", row) for row in rows],
            "score": [
                COMBINED if row["column"] == COMBINED else scorer(row["column"]).name
                for row in rows
            ],
            "scale": [say("tone.ladder.scale", row) for row in rows],
            "mean_target": [number(row["mean_target"]) for row in rows],
            "mean_reference": [number(row["mean_reference"]) for row in rows],
            "difference": [number(row["estimate"]) for row in rows],
            "interval": [interval_cell(row) for row in rows],
        }
    )
    target, reference = (group.label for group in steps.corpus.groups)
    headings = headings_of(
        "tone.ladder",
        ["step", "score", "scale", "mean_target", "mean_reference", "difference", "interval"],
        {"target": target, "reference": reference},
    )
    ends = steps.table[["ci_low", "ci_high"]].abs().max(axis=1)
    cut = bool((ends >= steps.table["scale"].map(ROOM)).any())
    note = say("tone.ladder.note", {"cut": cut})
    return show(shown, columns=headings, right=list(headings)[3:], note=note, id=table_id("ladder"))


def lexicon_table() -> Shown:
    """Show what scores the sentences, down to the word lists' sums."""
    rows = [
        {
            "": own.name,
            "words": len(own.valences),
            "engine": own.engine,
            "version": own.version,
            "licence": own.licence,
            "combined": own.column in load_calibration().parts,
            "SHA-256 begins": own.sha256[:8],
        }
        for own in scorers()
    ]
    return show(pd.DataFrame(rows), id=table_id("lexicons"))


def groups_table(contrast: Result) -> Shown:
    """Show what each side's tone rests on."""
    rows = [
        {
            "group": side["label"],
            "sentences": side["n"],
            "units": side["units"],
            "tokens scored": percent_cell(side["coverage"], 1),
            "sentences at exactly 0": percent_cell(side["share_zero"]),
            "mean tone": number(side["mean"]),
            "against itself": number(min(side["self"], ROOM[RATERS])),
        }
        for side in sides_of(contrast, contrast.table.iloc[0])
    ]
    held = contrast.corpus.sentences["group"].value_counts()
    facts = [{"label": row["group"], "held": int(held[str(row["group"])]),
              "left": int(held[str(row["group"])]) - row["sentences"]} for row in rows]  # fmt: skip
    left = [own for own in facts if own["left"]]
    note = say("tone.groups.note", {"left": left, "any": bool(left)})
    return show(pd.DataFrame(rows), note=note, id=table_id("tone-groups"))


# Scores of sentences


def distribution_figure(contrast: Result) -> Published:
    """Publish VADER's scores of each group's sentences, with the mass at exactly 0."""
    table, row = contrast.parts["distribution"], naive_reading(contrast)
    sides = sides_of(contrast, row)
    figure, axes = canvas(SINGLE, 78 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_distribution(table, [side["mean"] for side in sides], contrast.corpus.groups, axes)
    own = vader()
    engine = {"name": own.name, "engine": own.engine, "version": own.version}
    facts = {"sides": sides, "engine": engine}
    return publish(figure, contrast, id="tone-distribution", table=table, facts=facts)


def distribution_finding(contrast: Result) -> Prose:
    """Say how many sentences VADER scores at all, and what the mean of those is."""
    sides = sides_of(contrast, naive_reading(contrast))
    for side in sides:
        scored = 1 - side["share_zero"]
        side["mean_scored"] = side["mean"] / scored if scored > 0 else math.nan
    return prose("tone.distribution.finding", {"sides": sides})


# Names


def names_table(contrast: Result) -> Shown | Prose:
    """Show the masked names that hold a word which a lexicon would have scored."""
    names = contrast.parts["names"]
    telling = names[names["hides"] != ""]
    if telling.empty:
        return prose("tone.names.nothing", {})
    counts = telling.groupby(["name", "hides", "rule"]).size().rename("times").reset_index()
    order = counts.sort_values(["times", "name"], ascending=[False, True])
    columns = headings_of("tone.names", ["name", "times", "hides", "rule"])
    return show(order, columns=columns, rows=MOST_NAMES, id=table_id("names"))


def names_finding(contrast: Result) -> Prose:
    """Say how many names are masked, and what that does to the contrast."""
    names = contrast.parts["names"]
    effects = [_masked(contrast, column) for column in (vader().column, COMBINED)]
    facts = {
        "names": len(names),
        "hidden": int((names["hides"] != "").sum()),
        "effects": [effect for effect in effects if not math.isnan(effect["change"])],
    }
    return prose("tone.names.finding", facts)


def _masked(contrast: Result, column: str) -> dict[str, Any]:
    """Return what masking does to a lexicon's contrast on its own scale."""
    before, after = (
        way(contrast.table, column, masked=masked, calibrated=False) for masked in (False, True)
    )
    return {
        "column": column,
        "lexicon": before["lexicon"],
        "before": before["estimate"],
        "after": after["estimate"],
        "change": after["estimate"] - before["estimate"],
        "same": number(after["estimate"]) == number(before["estimate"]),
    }


# Every way of scoring


def contrast_figure(contrast: Result) -> Published | Prose:
    """Publish the contrast under every way of scoring, with all that makes it uncertain."""
    row = contrast.table.iloc[0]
    if not varies(row):
        return prose("tone.contrast.none", row_facts(row))
    table = contrast.parts["scaled"].dropna(subset="scaled")
    names = {own["column"]: say("tone.lexicon", own) for own in records_of(table)}
    figure, axes = canvas(DOUBLE, (47 + 7 * len(names)) * MM, least=DOUBLE, ncols=2, sharey=True)
    plots.plot_readings(table, names, contrast.corpus.groups, axes)
    plots.key_below(figure, plots.readings_key(), 5)
    ways = contrast.table[contrast.table["calibrated"]].dropna(subset="estimate")
    labels = dict(
        zip(
            ("short_target", "short_reference"),
            group_names(contrast.corpus.groups).values(),
            strict=True,
        )
    )
    facts = row_facts(row) | signs_of(contrast) | labels | {
        "sides": sides_of(contrast, row),
        "size": abs(row["estimate"]),
        "least": ways["estimate"].min(),
        "most": ways["estimate"].max(),
    }  # fmt: skip
    return publish(figure, contrast, id="tone-contrast", table=table, facts=facts)


# Another mix of topics


def split_by_topics(corpus: Corpus) -> Result | Prose:
    """Return ``topic_split`` of the topics of the texts; where they bear none, a sentence says why.

    Tone may be sound all the same.
    """
    try:
        return topic_split(topics(corpus))
    except InputError as reason:
        return prose("tone.split.refused", {"reason": str(reason)})


def split_table(split: Result | Prose) -> Shown | Prose:
    """Show the contrast's parts: another mix of topics, another tone within them."""
    if isinstance(split, Prose):
        return split
    if split.table.empty:
        return prose("tone.split.few", {})
    rows = records_of(split.table)
    names = [topic_label(split.corpus, label) for label in split.table["topic"]]
    shown = pd.DataFrame({"topic": names})
    for group in split.corpus.groups:
        share, mean = f"share_{group.role}", f"mean_{group.role}"
        shown[share] = [percent_cell(row[share]) for row in rows]
        shown[mean] = [
            number(row[mean] if percent_cell(row[share]) != percent_cell(0) else math.nan)
            for row in rows
        ]
    for part in ("mix", "within"):
        shown[part] = [say(f"tone.split.{part}", _parts(row)) for row in rows]
    columns = headings_of("tone.split", shown, about(split))
    note = say("tone.split.note", {})
    return show(shown, columns=columns, right=list(columns)[1:], note=note, id=table_id("split"))


def split_finding(split: Result | Prose) -> Prose:
    """Say how much of the contrast is another mix of topics, and how far the topics hold."""
    if isinstance(split, Prose) or split.table.empty:
        return prose("tone.split.nothing", {})
    whole = _parts(records_of(split.table)[0])
    return prose("tone.split.finding", whole | dict(split.facts))


def _parts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts of a row with the intervals of its parts as pairs."""
    pairs = {f"{part}_ci": (row[f"{part}_low"], row[f"{part}_high"]) for part in ("mix", "within")}
    return {**row, **pairs}


# The ends of the scale


def extremes_table(extremes: Result) -> Shown | Prose:
    """Show the sentences at both ends of the scale, with their offsets in the raw files.

    Parameters
    ----------
    extremes : as from ``tone_extremes``
    """
    if extremes.table.empty:
        return prose("tone.extremes.none", {})
    columns = headings_of("tone.extremes", ["document", "start", "end", "tone", "text"])
    return show(extremes.table, columns=columns, digits=2, id=table_id("extremes"))


# Along the texts


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
    sides = [side for side in _moves(course) if passes(side["p_value"])]
    moving, between = (
        [side["label"] for side in sides if side["apart"] or not alone] for alone in (False, True)
    )
    facts = (
        about_tone(course)
        | _curves(course)
        | {
            "sides": _moves(course),
            "many": plots.MANY_CURVES,
            "moving": moving,
            "moving_count": len(moving),
            "between": between,
            "along": [label for label in moving if label not in between],
            "moving_apart": len(between),
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
    names, units = group_names(course.corpus.groups), course.parts["units"]
    toned = units.loc[units["n_sentences"] > 0, "group"].value_counts()
    texts = units.groupby("group")["document"].agg(["size", "nunique"])
    return [
        {
            "label": row["group"],
            "toned": int(toned.get(row["group"], 0)),
            "apart": bool(
                texts.loc[row["group"], "size"] == texts.loc[row["group"], "nunique"] > 1
            ),
            "recut": int(row["units"]) != course.sizes()[row["group"]]["units"],
            "short": names[row["group"]],
            "followed": not math.isnan(row["p_value"]),
            **row,
        }
        for row in records_of(course.parts["movement"])
    ]


# What several findings, tables and figures of tone say


def about_tone(result: Result) -> dict[str, Any]:
    """Return what is said of a result and of what scored its sentences."""
    lexicons, asked = result.facts["lexicons"], result.settings
    lexicon = asked.get("lexicon", COMBINED)
    column = COMBINED if lexicon == COMBINED else scorer(lexicon).column
    return about(result) | {
        "column": column,
        "column_name": lexicons[column]["name"] if column in lexicons else column,
        "masked": asked.get("masked", True),
        "calibrated": asked.get("calibrated", True),
    }


def sides_of(result: Result, row: pd.Series) -> list[dict[str, Any]]:
    """Return what a row says of each group: its columns of that role, without the role's name."""
    names = group_names(result.corpus.groups)
    return [
        {
            "label": group.label,
            "short": names[group.label],
            **{
                str(column).removesuffix(f"_{group.role}"): value
                for column, value in row.items()
                if str(column).endswith(f"_{group.role}")
            },
        }
        for group in result.corpus.groups
    ]


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each as a mapping of its columns."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def row_facts(row: pd.Series) -> dict[str, Any]:
    """Return the facts of a row, its interval as a pair, and whether there is a number at all."""
    facts = {str(column): value for column, value in row.items()}
    if "ci_low" in facts:
        facts["ci"] = (row["ci_low"], row["ci_high"])
    if "estimate" in facts:
        facts["known"] = not math.isnan(row["estimate"])
        facts["varies"] = varies(row)
    if {"mean_target", "mean_reference", "estimate"} <= set(facts):
        target, reference = (
            round(steady(row[f"mean_{side}"]), 2) for side in ("target", "reference")
        )
        facts["rounds"] = number(target - reference) != number(row["estimate"])
    return facts


def varies(row: pd.Series) -> bool:
    """Tell whether there is an interval: units vary, and something is scored."""
    return not any(math.isnan(row[column]) for column in ("units_low", "p_value") if column in row)


def naive_reading(contrast: Result) -> pd.Series:
    """Return what a reader would have had without any of this."""
    return way(contrast.table, vader().column, masked=False, calibrated=False)


def apart_from_zero(row: pd.Series) -> bool:
    """Tell whether an interval leaves zero out."""
    return bool(row["ci_low"] > 0 or row["ci_high"] < 0)


def signs_of(contrast: Result) -> dict[str, Any]:
    """Count the ways of scoring that agree on the sign, and intervals that leave zero out."""
    ways = contrast.table[contrast.table["calibrated"]].dropna(subset="estimate")
    sign = ways["estimate"].iloc[0]
    counts: dict[str, Any] = {"ways": len(ways), "same": int((ways["estimate"] * sign > 0).sum())}
    for name in ("units", "ci"):
        sides = int((ways[f"{name}_low"] > 0).sum()), int((ways[f"{name}_high"] < 0).sum())
        counts[f"{name}_apart"], counts[f"{name}_against"] = sum(sides), sides[int(sign > 0)]
    return counts


def interval_cell(row: Mapping[str, Any]) -> str:
    """Return an interval as a cell of a table."""
    return DASH if math.isnan(row["ci_low"]) else interval(row["ci_low"], row["ci_high"])


def percent_cell(share: float, digits: int = 0) -> str:
    """Return a share as a cell of a table."""
    return f"{number(100 * share, digits)} %" if share == share else DASH
