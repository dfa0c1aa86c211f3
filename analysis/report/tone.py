"""Tone: its figures, tables and findings, as the third notebook calls them."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.numbers import DASH, MINUS, interval, number, ordered, p_value
from analysis.report import tone_plots as plots
from analysis.report.figure import Published, publish
from analysis.report.prose import Prose
from analysis.report.sentences import about, prose, say
from analysis.report.style import DOUBLE, MM, ONE_AND_HALF, SINGLE, canvas, short
from analysis.report.tables import Shown, show
from analysis.report.tone_plots import LEVEL
from analysis.result import Result
from analysis.text import Corpus
from analysis.tone import actor_tone, scorer, scorers, topic_split, vader
from analysis.tone.calibration import COMBINED, load_calibration
from analysis.tone.contrast import way
from analysis.topicmodels import topics

MOST_NAMES = 12
MOST_SENSES = 12
WORD_LIMIT = 16  # words of a shift that are drawn
LEAST_ROWS = 3  # for which a figure has room, so that its axes do not vanish
PASSAGES = 3  # of either voice, shown of each group
AROUND = 40  # letters shown on either side of a misread word
SENTENCES = "tone-actor-sentences"  # the file of all sentences that name an actor
NOTHING = Prose("")  # beside a table that has said already that there are no actors
CHECKS = {
    "name": "score",
    "r_sentence": "r, sentences",
    "r_article": "r, articles",
    "bias": "too high by",
    "wrong": "articles of wrong sign",
    "covered": "intervals that hold",
}


# The headline


def tone_finding(contrast: Result) -> Prose:
    """Say how the groups differ in tone, and how much of it the texts can bear out."""
    row = contrast.table.iloc[0]
    facts = _about(contrast) | _row(row) | {"sides": _sides(contrast, row), "level": LEVEL}
    if _varies(row):
        naive = _naive(contrast)
        within = [side["label"] for side in facts["sides"] if abs(row["estimate"]) <= side["self"]]
        facts |= _signs(contrast) | {
            "leaves_zero": _apart(row),
            "size": abs(row["estimate"]),
            "naive": _row(naive) | {"varies": _varies(naive)},
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
    rows = _records(steps.table)
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
            "interval": [_interval(row) for row in rows],
        }
    )
    target, reference = (group.label for group in steps.corpus.groups)
    headings = {
        "step": "step",
        "score": "score",
        "scale": "in units of",
        "mean_target": target,
        "mean_reference": reference,
        "difference": "difference",
        "interval": "95 % interval",
    }
    return show(shown, columns=headings, right=list(headings)[3:])


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
            "SHA-256 of the word list": own.sha256,
        }
        for own in scorers()
    ]
    return show(pd.DataFrame(rows))


def groups_table(contrast: Result) -> Shown:
    """Show what each side's tone rests on."""
    rows = [
        {
            "group": side["label"],
            "sentences": side["n"],
            "units": side["units"],
            "tokens scored": _percent(side["coverage"], 1),
            "sentences at exactly 0": _percent(side["share_zero"]),
            "mean tone": number(side["mean"]),
            "against itself": number(side["self"]),
        }
        for side in _sides(contrast, contrast.table.iloc[0])
    ]
    return show(pd.DataFrame(rows))


# Scores of sentences


def distribution_figure(contrast: Result) -> Published:
    """Publish VADER's scores of each group's sentences, with the mass at exactly 0."""
    table, row = contrast.parts["distribution"], _naive(contrast)
    sides = _sides(contrast, row)
    figure, axes = canvas(SINGLE, 78 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_distribution(table, [side["mean"] for side in sides], contrast.corpus.groups, axes)
    own = vader()
    engine = {"name": own.name, "engine": own.engine, "version": own.version}
    facts = {"sides": sides, "engine": engine}
    return publish(figure, contrast, id="tone-distribution", table=table, facts=facts)


def distribution_finding(contrast: Result) -> Prose:
    """Say how many sentences VADER scores at all, and what the mean of those is."""
    sides = _sides(contrast, _naive(contrast))
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
    columns = {"name": "name", "times": "times", "hides": "would be scored", "rule": "found by"}
    return show(order, columns=columns, rows=MOST_NAMES)


def names_finding(contrast: Result) -> Prose:
    """Say how many names are masked, and what that does to the contrast."""
    names = contrast.parts["names"]
    effects = [_masked(contrast, column) for column in (vader().column, COMBINED)]
    facts = {
        "names": len(names),
        "hidden": int((names["hides"] != "").sum()),
        "sentences": len(contrast.corpus.sentences),
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
    }


# Calibration


def calibration_table(checks: pd.DataFrame) -> Shown:
    """Show how well each way of scoring agrees with human raters.

    Parameters
    ----------
    checks : as from ``calibration_checks``
    """
    shown = checks.assign(
        name=[say("tone.calibration.name", row) for row in _records(checks)],
        **{name: [number(x) for x in checks[name]] for name in ("r_sentence", "r_article", "bias")},
        wrong=[_percent(x) for x in checks["wrong"]],
        covered=[_percent(x, 1) for x in checks["covered"]],
    )
    return show(shown, columns=CHECKS, right=list(CHECKS)[1:])


def calibration_finding(checks: pd.DataFrame) -> Prose:
    """Say what calibration rests on, and what it mends."""
    known = load_calibration()
    naive = checks.iloc[0]
    own = checks[(checks["score"] == COMBINED) & checks["masked"]].iloc[0]
    facts = {
        "sentences": known.sentences,
        "articles": known.articles,
        "scorers": [scorer(column).name for column in known.parts],
        "naive": naive.to_dict(),
        "own": own.to_dict(),
        "sd_article": known.line(COMBINED, masked=True).sd_article,
    }
    return prose("tone.calibration.finding", facts)


# Every way of scoring


def contrast_figure(contrast: Result) -> Published | Prose:
    """Publish the contrast under every way of scoring, with all that makes it uncertain."""
    row = contrast.table.iloc[0]
    if not _varies(row):
        return prose("tone.contrast.none", _row(row))
    table = contrast.parts["scaled"].dropna(subset="scaled")
    names = {own["column"]: say("tone.lexicon", own) for own in _records(table)}
    figure, axes = canvas(DOUBLE, (47 + 7 * len(names)) * MM, ncols=2, sharey=True)
    plots.plot_readings(table, names, contrast.corpus.groups, axes)
    plots.key_below(figure, plots.readings_key(), 5)
    ways = contrast.table[contrast.table["calibrated"]].dropna(subset="estimate")
    labels = dict(zip(("short_target", "short_reference"), _shorts(contrast), strict=True))
    facts = _row(row) | _signs(contrast) | labels | {
        "sides": _sides(contrast, row),
        "size": abs(row["estimate"]),
        "least": ways["estimate"].min(),
        "most": ways["estimate"].max(),
    }  # fmt: skip
    return publish(figure, contrast, id="tone-contrast", table=table, facts=facts)


# Words


def shift_figure(shift: Result) -> Published | Prose:
    """Publish the words that make the contrast, each split into frequency and score.

    Parameters
    ----------
    shift : as from ``word_shift``
    """
    table, shown = shift.table, shift.table.head(WORD_LIMIT)
    if _unknown(table):
        return prose("tone.shift.none", {})
    heights = [6, len(shown)]
    figure, axes = canvas(
        ONE_AND_HALF, (58 + 4.6 * len(shown)) * MM, nrows=2, height_ratios=heights
    )
    plots.plot_sums(shift.parts["sums"], axes[0])
    plots.plot_shift(shown, shift.corpus.groups, axes[1])
    plots.key_below(figure, plots.shift_key(), 2)
    facts = _about(shift) | _words(shift)
    return publish(
        figure, shift, id="tone-shift", table=table, facts=facts,
        shown={"words_shown": len(shown)},
    )  # fmt: skip


def shift_finding(shift: Result) -> Prose:
    """Say which words make the contrast, in what way, and how surely."""
    if _unknown(shift.table):
        return prose("tone.shift.silent", {})
    return prose("tone.shift.finding", _about(shift) | _words(shift))


def _unknown(table: pd.DataFrame) -> bool:
    """Tell whether a group holds no word that the lexicons score."""
    return table.empty or bool((table[["n_target", "n_reference"]].sum() == 0).any())


def _words(shift: Result) -> dict[str, Any]:
    """Return what is said of the words that make a contrast."""
    table, leading = shift.table, shift.table.head(WORD_LIMIT)
    rows = [_row(row) for _, row in leading.iterrows()]
    capitals = [row.to_dict() for _, row in leading.iterrows() if plots.is_capital(row)]
    return {
        "total": table["contribution"].sum(),
        **{column: table[column].sum() for column in plots.SIDES},
        "words": len(table),
        "shown": len(leading),
        "share": leading["share"].sum(),
        "sure": int((table["ci_low"] * table["ci_high"] > 0).sum()),
        "leading": rows[:5],
        "largest": [row | {"term": short(row["term"])} for row in rows[:4]],
        "largest_words": len(rows[:4]),
        "leaders": [row | {"term": short(row["term"])} for row in rows[:2]],
        "capitals": capitals,
        "capital_words": len(capitals),
    }


# The audit


def audit_table(audit: Result) -> Shown:
    """Show what each lexicon covers and misreads, and what the sign of its contrast hangs on.

    Parameters
    ----------
    audit : as from ``lexicon_audit``
    """
    table, columns = audit.table, {"name": "lexicon"}
    shown = pd.DataFrame({"name": [_lexicon(column) for column in table["lexicon"]]})
    for what, column in (("tokens scored", "coverage"), ("in another sense", "misread")):
        for group in audit.corpus.groups:
            own = f"{column}_{group.role}"
            shown[own] = [_percent(x, 1) for x in table[own]]
            columns[own] = f"{what}, {group.label}"
    shown["estimate"] = [number(x) for x in table["estimate"]]
    shown["without_misread"] = [number(x) for x in table["without_misread"]]
    shown["entries"], shown["flips"] = table["entries"], table["flips"]
    shown["fewest"] = [
        say("tone.audit.fewest", _fewest(audit, column)) for column in table["lexicon"]
    ]
    columns |= {
        "estimate": "difference",
        "without_misread": "without these",
        "entries": "different words",
        "flips": "turn the sign alone",
        "fewest": "fewest that turn it",
    }
    return show(shown, columns=columns, right=list(columns)[1:-1])


def audit_finding(audit: Result) -> Prose:
    """Say how much the lexicons know, misread, and how few words carry the sign."""
    row = audit.table[audit.table["lexicon"] == COMBINED].iloc[0]
    facts = _row(row) | _fewest(audit, COMBINED) | {"sides": _sides(audit, row)}
    return prose("tone.audit.finding", facts)


def senses_table(audit: Result) -> Shown | Prose:
    """Show the words that stand in another sense, the most frequent first, with an instance."""
    table = audit.parts["misread"]
    if table.empty:
        return prose("tone.audit.no_senses", {})
    rows = [
        {
            "word": ", ".join(sorted(set(own["word"]))),
            "times": len(own),
            "scored as": means,
            "stands here for": here,
            "adds to its sentences": say("tone.signed", {"value": own["contribution"].mean()}),
            "for instance": _around(own.iloc[0]),
        }
        for (means, here), own in table.groupby(["means", "here"], sort=False)
    ]
    shown = pd.DataFrame(rows).sort_values(["times", "word"], ascending=[False, True])
    return show(shown, rows=MOST_SENSES, right=["adds to its sentences"])


def decisive_table(audit: Result) -> Shown | Prose:
    """Show the contrast without single words: those that turn its sign, then the weightiest."""
    table = audit.parts["decisive"]
    if table.empty:
        return prose("tone.audit.no_words", {})
    order = table.sort_values("flips", ascending=False, kind="stable")
    target, reference = (group.label for group in audit.corpus.groups)
    columns = {
        "term": "word",
        "n_target": target,
        "n_reference": reference,
        "contribution": "contribution",
        "estimate_without": "difference without it",
        "flips": "turns the sign",
    }
    return show(order, columns=columns, digits=3, rows=8)


def _lexicon(column: str) -> str:
    lexicon = column if column == COMBINED else scorer(column).name
    return say("tone.lexicon", {"column": column, "lexicon": lexicon})


def _fewest(audit: Result, lexicon: str) -> dict[str, Any]:
    """Return the fewest words that turn a lexicon's sign together, if any do."""
    table = audit.parts["fewest"]
    words = table.loc[table["lexicon"] == lexicon, ["term"]].to_dict("records")
    return {"fewest": len(words), "fewest_words": words}


def _around(row: pd.Series) -> str:
    """Return the word with a few letters on either side."""
    text, start, end = row["text"], row["text_start"], row["text_end"]
    left, right = text[:start], text[end:]
    head = left if len(left) <= AROUND else f"… {left[-AROUND:].split(' ', 1)[-1]}"
    tail = right if len(right) <= AROUND else f"{right[:AROUND].rsplit(' ', 1)[0]} …"
    return f"{head}{text[start:end]}{tail}"


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
        return prose("tone.actors.unlisted", {})
    columns = {"actor": "actor", "definition": "who is meant", "words": "named by"}
    return show(actors.parts["actors"], columns=columns)


def actors_figure(actors: Result | None) -> Published | Prose:
    """Publish the tone of the sentences that name each actor, by group and as contrast."""
    table = _named(actors)
    if actors is None or table.empty:
        return NOTHING
    height = 34 + 7 * max(len(table), LEAST_ROWS)
    figure, axes = canvas(DOUBLE, height * MM, ncols=2, width_ratios=[1.1, 1])
    plots.plot_actors(table, actors.corpus.groups, axes)
    plots.key_below(figure, plots.actors_key(actors.corpus.groups), 2)
    return publish(
        figure, actors, id="tone-actors", table=table, facts=_about(actors) | _company(actors),
        companions={SENTENCES: actors.parts["sentences"]},
    )  # fmt: skip


def actors_finding(actors: Result | None) -> Prose:
    """Say toward whom the groups differ, and whose company differs from the rest of a text."""
    return NOTHING if actors is None else prose("tone.actors.finding", _company(actors))


def actors_table(actors: Result | None) -> Shown | Prose:
    """Show, for each actor and group, the sentence of highest and the one of lowest tone."""
    table = _named(actors)
    if actors is None or table.empty:
        return NOTHING
    found = actors.parts["sentences"]
    picked = [
        _both_ends(found[(found["actor"] == actor) & (found["group"] == group.label)])
        for actor in table["actor"]
        for group in actors.corpus.groups
    ]
    columns = {"actor": "actor", "document": "document", "start": "from", "end": "to",
               "tone": "tone", "words": "scored words", "text": "sentence"}  # fmt: skip
    rows = pd.concat(picked)
    rows["words"] = rows["words"].str.replace(" -", f" {MINUS}")
    note = say("tone.actors.note", {"sentences": len(found), "file": SENTENCES})
    return show(rows, columns=columns, digits=2, note=note)


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
    tested = table[table["note"] == ""].dropna(subset="p_family")
    sure = tested[tested["p_family"] < LEVEL]
    apart = [
        {"label": group.label, "actor": row["actor"], **_rest(row, group.role)}
        for group in groups
        for _, row in table.iterrows()
    ]
    apart = [own for own in apart if own["rest_low"] > 0 or own["rest_high"] < 0]
    ranges = [_range(table, group.role, short(group.label)) for group in groups]
    ranges = [own for own in ranges if own["actors"]]
    return {
        "actors": len(table),
        "few": int((table["note"] != "").sum()),
        "tested": len(tested),
        "sure": len(sure),
        "different": [short(actor) for actor in sure["actor"]],
        "different_rows": [_row(row) for _, row in sure.iterrows()],
        "nearest": [_row(r) for _, r in ordered(tested, ["p_family", "actor"]).head(1).iterrows()],
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
    table, columns = voices.table, {"voice": "voice"}
    shown = pd.DataFrame({"voice": table["voice"]})
    for group in voices.corpus.groups:
        share, mean = f"share_{group.role}", f"mean_{group.role}"
        shown[share] = [_percent(x, 1) for x in table[share]]
        shown[mean] = [number(x) for x in table[mean]]
        columns |= {share: f"share {group.label}", mean: f"tone {group.label}"}
    shown["estimate"] = [number(x) for x in table["estimate"]]
    shown["interval"] = [_interval(row) for row in _records(table)]
    shown["p"] = [p_value(p) for p in table["p_family"]]
    target, reference = (group.label for group in voices.corpus.groups)
    columns |= {
        "estimate": f"{target} {MINUS} {reference}",
        "interval": "95 % interval",
        "p": "p, all voices",
    }
    return show(shown, columns=columns, right=list(columns)[1:])


def voice_parts_table(voices: Result) -> Shown | Prose:
    """Show the first quoted and attributed passages of each group, with the rule that says so."""
    parts = voices.parts["passages"]
    others = parts[parts["voice"] != "own"]
    if others.empty:
        return prose("tone.voice.none", {})
    columns = {"group": "group", "voice": "voice", "rule": "told by", "start": "from", "end": "to",
               "text": "passage"}  # fmt: skip
    first = others.groupby(["group", "voice"], sort=False).head(PASSAGES)
    note = say("tone.voice.note", {"most": PASSAGES, "passages": len(others)})
    return show(first, columns=columns, note=note)


def voice_finding(voices: Result) -> Prose:
    """Say how much is the author's own, and whether the contrast rests on it."""
    own = voices.table[voices.table["voice"] == "own"].iloc[0]
    contrast = voices.facts["contrast"]
    facts = _row(own) | {
        "sides": _sides(voices, own),
        "contrast": contrast,
        "known": not math.isnan(contrast),
        "own_known": not math.isnan(own["estimate"]),
    }
    return prose("tone.voice.finding", facts)


# The course


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
    facts = _about(course) | {
        "sides": _moves(course),
        "many": plots.MANY_CURVES,
        "moving": moving,
        "moving_count": len(moving),
    }
    return publish(
        figure, course, id="tone-trajectory", table=course.table, facts=facts,
        companions={"tone-trajectory-units": units},
    )  # fmt: skip


def trajectory_finding(course: Result) -> Prose:
    """Say whether tone moves along the texts more than chance would have it."""
    return prose("tone.trajectory.finding", {"sides": _moves(course), "level": LEVEL})


def _moves(course: Result) -> list[dict[str, Any]]:
    return [
        {
            "label": row["group"],
            "short": short(row["group"]),
            "followed": not math.isnan(row["p_value"]),
            **row,
        }
        for row in _records(course.parts["movement"])
    ]


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
    rows, columns = _records(split.table), {"topic": "topic"}
    shown = pd.DataFrame({"topic": split.table["topic"]})
    for group in split.corpus.groups:
        share, mean = f"share_{group.role}", f"mean_{group.role}"
        shown[share] = [_percent(row[share]) for row in rows]
        shown[mean] = [number(row[mean]) for row in rows]
        columns |= {share: f"share {group.label}", mean: f"tone {group.label}"}
    for part in ("mix", "within"):
        shown[part] = [say(f"tone.split.{part}", _parts(row)) for row in rows]
        columns[part] = part
    return show(shown, columns=columns, right=list(columns)[1:])


def split_finding(split: Result | Prose) -> Prose:
    """Say how much of the contrast is another mix of topics, and how far the topics hold."""
    if isinstance(split, Prose) or split.table.empty:
        return prose("tone.split.nothing", {})
    whole = _parts(_records(split.table)[0])
    return prose("tone.split.finding", whole | {"stable": split.facts["stable"]})


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
    columns = {"document": "document", "start": "from", "end": "to", "tone": "tone",
               "text": "sentence"}  # fmt: skip
    return show(extremes.table, columns=columns, digits=2)


# Facts that several share


def _about(result: Result) -> dict[str, Any]:
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


def _sides(result: Result, row: pd.Series) -> list[dict[str, Any]]:
    """Return what a row says of each group: its columns of that role, without the role's name."""
    return [
        {
            "label": group.label,
            "short": short(group.label),
            **{
                str(column).removesuffix(f"_{group.role}"): value
                for column, value in row.items()
                if str(column).endswith(f"_{group.role}")
            },
        }
        for group in result.corpus.groups
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _row(row: pd.Series) -> dict[str, Any]:
    """Return the facts of a row, its interval as a pair, and whether there is a number at all."""
    facts = {str(column): value for column, value in row.items()}
    if "ci_low" in facts:
        facts["ci"] = (row["ci_low"], row["ci_high"])
    if "estimate" in facts:
        facts["known"] = not math.isnan(row["estimate"])
        facts["varies"] = _varies(row)
    return facts


def _varies(row: pd.Series) -> bool:
    """Tell whether there is an interval: units vary, and something is scored."""
    return not any(math.isnan(row[column]) for column in ("units_low", "p_value") if column in row)


def _naive(contrast: Result) -> pd.Series:
    """Return what a reader would have had without any of this."""
    return way(contrast.table, vader().column, masked=False, calibrated=False)


def _apart(row: pd.Series) -> bool:
    return bool(row["ci_low"] > 0 or row["ci_high"] < 0)


def _signs(contrast: Result) -> dict[str, Any]:
    """Count the ways of scoring that agree on the sign, and intervals that leave zero out."""
    ways = contrast.table[contrast.table["calibrated"]].dropna(subset="estimate")
    sign = ways["estimate"].iloc[0]
    counts: dict[str, Any] = {"ways": len(ways), "same": int((ways["estimate"] * sign > 0).sum())}
    for name in ("units", "ci"):
        sides = int((ways[f"{name}_low"] > 0).sum()), int((ways[f"{name}_high"] < 0).sum())
        counts[f"{name}_apart"], counts[f"{name}_against"] = sum(sides), sides[int(sign > 0)]
    return counts


def _shorts(result: Result) -> list[str]:
    return [short(group.label) for group in result.corpus.groups]


def _interval(row: Mapping[str, Any]) -> str:
    return DASH if math.isnan(row["ci_low"]) else interval(row["ci_low"], row["ci_high"])


def _percent(share: float, digits: int = 0) -> str:
    return f"{number(100 * share, digits)} %" if share == share else DASH
