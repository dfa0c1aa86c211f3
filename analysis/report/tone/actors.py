"""The tone around actors' names, and whose words are scored."""

import math
from typing import Any

import pandas as pd

from analysis.inference.levels import passes
from analysis.numbers import MINUS, number, ordered, p_value
from analysis.report.drawing import DOUBLE, MM, canvas, group_names
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, show
from analysis.report.tone import plots
from analysis.report.tone.contrast import (
    about_tone,
    interval_cell,
    percent_cell,
    records_of,
    row_facts,
    sides_of,
)
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say, short
from analysis.text import Corpus
from analysis.tone import actor_tone

LEAST_ROWS = 3  # for which a figure has room, so that its axes do not vanish
PASSAGES = 3  # of either voice, shown of each group
SENTENCES = "tone-actor-sentences"  # the file of all sentences that name an actor


# Actors


def actors_tone(corpus: Corpus) -> Result | None:
    """Return ``actor_tone`` of the texts; None where they come with no list of actors."""
    return None if corpus.actors is None else actor_tone(corpus)


def actors_meaning(actors: Result | None) -> Shown | Prose:
    """Show who is meant by each actor, and the words that name it.

    Parameters
    ----------
    actors : as from ``actor_tone``; None where there is no list of them
    """
    if actors is None:
        return prose("tone.actors.unmeant", {})
    columns = headings_of("tone.actors_meaning", ["actor", "definition", "words"])
    return show(actors.parts["actors"], columns=columns, id=table_id("who-is-meant"))


def actors_figure(actors: Result | None) -> Published | Prose:
    """Publish the tone of the sentences that name each actor, by group and as contrast."""
    table = _named(actors)
    if actors is None or table.empty:
        return actors_finding(actors)
    height = 34 + 7 * max(len(table), LEAST_ROWS)
    figure, axes = canvas(DOUBLE, height * MM, least=DOUBLE, ncols=2, width_ratios=[1.1, 1])
    plots.plot_actors(table, actors.corpus.groups, axes)
    plots.key_below(figure, plots.actors_key(actors.corpus.groups), 2)
    return publish(
        figure, actors, id="tone-actors", table=table, facts=about_tone(actors) | _company(actors),
        companions={SENTENCES: actors.parts["sentences"]},
    )  # fmt: skip


def actors_finding(actors: Result | None) -> Prose:
    """Say toward whom the groups differ, and whose company differs from the rest of a text."""
    if actors is None:
        return prose("tone.actors.unlisted", {})
    return prose("tone.actors.finding", _company(actors))


def actors_table(actors: Result | None) -> Shown | Prose:
    """Show, for each actor and group, the sentence of highest and the one of lowest tone."""
    table = _named(actors)
    if actors is None or table.empty:
        return prose("tone.actors.untabled", {})
    found = actors.parts["sentences"]
    picked = [
        _both_ends(found[(found["actor"] == actor) & (found["group"] == group.label)])
        for actor in table["actor"]
        for group in actors.corpus.groups
    ]
    columns = headings_of(
        "tone.actors", ["actor", "document", "start", "end", "tone", "words", "text"]
    )
    rows = pd.concat(picked)
    rows["words"] = rows["words"].str.replace(" -", f" {MINUS}")
    note = say("tone.actors.note", {"sentences": len(found), "file": SENTENCES})
    return show(rows, columns=columns, digits=2, note=note, id=table_id("actors"))


def _named(actors: Result | None) -> pd.DataFrame:
    """Return the actors that a sentence names."""
    if actors is None:
        return pd.DataFrame()
    table = actors.table
    return table[table["n_target"] + table["n_reference"] > 0].reset_index(drop=True)


def _both_ends(found: pd.DataFrame) -> pd.DataFrame:
    """Return the sentence of highest and the one of lowest tone, ties in text order."""
    order = ordered(found.dropna(subset="tone"), ["tone"], ascending=False)
    return order.iloc[[0, -1]] if len(order) > 1 else order


def _company(actors: Result) -> dict[str, Any]:
    """Return what is said of the tone in whose company actors stand."""
    table, groups = _named(actors), actors.corpus.groups
    tested = table[~table["too_few"]].dropna(subset="p_family")
    sure = tested[passes(tested["p_family"])]
    nearest = ordered(tested, ["p_family", "actor"])
    apart = [
        {"label": group.label, "actor": row["actor"], **_rest(row, group.role)}
        for group in groups
        for _, row in table.iterrows()
    ]
    apart = [own for own in apart if own["rest_low"] > 0 or own["rest_high"] < 0]
    names = group_names(actors.corpus.groups)
    ranges = [_range(table, group.role, names[group.label]) for group in groups]
    ranges = [own for own in ranges if own["actors"]]
    return {
        "actors": len(table),
        "few": int(table["too_few"].sum()),
        "tested": len(tested),
        "sure": len(sure),
        "different": [short(actor) for actor in sure["actor"]],
        "different_rows": [row_facts(row) for _, row in sure.iterrows()],
        "nearest": [row_facts(row) for _, row in nearest.head(1).iterrows()],
        "apart": apart,
        "apart_count": len(apart),
        "tried": int(table[["rest_low_target", "rest_low_reference"]].notna().sum().sum()),
        "ranges": ranges,
        "bounded": len(ranges),
    }


def _rest(row: pd.Series, role: str) -> dict[str, Any]:
    rest, low, high = (row[f"{what}_{role}"] for what in ("rest", "rest_low", "rest_high"))
    return {"rest": rest, "rest_low": low, "rest_high": high, "rest_ci": (low, high)}


def _range(table: pd.DataFrame, role: str, label: str) -> dict[str, Any]:
    """Return the actors in the most and the least positive company, of those with an interval."""
    mean = f"mean_{role}"
    known = ordered(table.dropna(subset=f"low_{role}"), [mean, "actor"])
    found: dict[str, Any] = {"short": label, "actors": len(known)}
    for name, row in (("first", known.head(1)), ("last", known.tail(1))):
        for actor, value in zip(row["actor"], row[mean], strict=True):
            found |= {name: short(actor), f"{name}_mean": value}
    return found


# Voices


def voice_table(voices: Result) -> Shown:
    """Show the tone of the author's own words, and of those reported or quoted.

    Parameters
    ----------
    voices : as from ``voice_tone``
    """
    table = voices.table
    shown = pd.DataFrame({"voice": table["voice"]})
    for group in voices.corpus.groups:
        share, mean = f"share_{group.role}", f"mean_{group.role}"
        shown[share] = [percent_cell(x, 1) for x in table[share]]
        shown[mean] = [number(x) for x in table[mean]]
    shown["estimate"] = [number(x) for x in table["estimate"]]
    shown["interval"] = [interval_cell(row) for row in records_of(table)]
    shown["p"] = [p_value(p) for p in table["p_family"]]
    columns = headings_of("tone.voice", shown, about(voices))
    return show(shown, columns=columns, right=list(columns)[1:], id=table_id("voices"))


def voice_parts_table(voices: Result) -> Shown | Prose:
    """Show the first quoted and attributed passages of each group, with the rule that says so."""
    parts = voices.parts["passages"]
    others = parts[parts["voice"] != "own"]
    if others.empty:
        return prose("tone.voice.none", {})
    columns = headings_of("tone.voice_parts", ["group", "voice", "rule", "start", "end", "text"])
    first = others.groupby(["group", "voice"], sort=False).head(PASSAGES)
    note = say("tone.voice.note", {"most": PASSAGES, "passages": len(others)})
    return show(first, columns=columns, note=note, id=table_id("voice-parts"))


def voice_finding(voices: Result) -> Prose:
    """Say how much is the author's own, and whether the contrast rests on it."""
    own = voices.table[voices.table["voice"] == "own"].iloc[0]
    contrast = voices.facts["contrast"]
    facts = row_facts(own) | {
        "sides": sides_of(voices, own),
        "contrast": contrast,
        "known": not math.isnan(contrast),
        "own_known": not math.isnan(own["estimate"]),
        "all_own": all(side["share"] >= 1 for side in sides_of(voices, own)),
    }
    return prose("tone.voice.finding", facts)
