"""Aim and voice: the tone in which actors stand, and whose words it is in."""

import math

import pandas as pd

from analysis.numbers import ordered
from analysis.report import tone_forests as forests
from analysis.report.captions import made
from analysis.report.figure import Published, publish
from analysis.report.prose import Prose, markdown
from analysis.report.style import DOUBLE, MM, canvas
from analysis.report.tables import DASH, MINUS, Shown, interval, number, p_value, show
from analysis.report.tone_plots import key_below
from analysis.report.tone_text import (
    LEVEL,
    MODEL,
    label,
    listing,
    name,
    percent,
    row_of,
    scorer,
    signed,
    sources,
    tone_record,
)
from analysis.text import Corpus, Group
from analysis.tone import actor_sentences, actor_tone, load_actors

NO_ACTORS = (
    "These texts come with no list of actors, so that the tone cannot be aimed. To have this "
    "section, write a file of who is meant by which words, as `data/actors.toml` is one, and name "
    'it in the manifest: `actors = "actors.toml"`.'
)
NOTHING = Prose("")  # beside a table that has said already that there are no actors
PASSAGES = 3  # of either voice, shown of each group
SENTENCES = "tone-actor-sentences"  # the file of all sentences that name an actor


def actors_tone(corpus: Corpus) -> pd.DataFrame:
    """Return ``actor_tone`` of the actors that occur; empty if none does, or no list is there."""
    if corpus.actors is None:
        return pd.DataFrame()
    table = actor_tone(corpus)
    named = table["n_target"] + table["n_reference"] > 0
    return table[named].reset_index(drop=True)


def actors_figure(table: pd.DataFrame, corpus: Corpus) -> Published | Prose:
    """Publish the tone of the sentences that name each actor, by group and as contrast.

    Parameters
    ----------
    table : as from ``actors_tone``
    corpus : the two groups
    """
    if table.empty:
        return NOTHING
    figure, axes = canvas(DOUBLE, (34 + 7 * len(table)) * MM, ncols=2, width_ratios=[1.1, 1])
    forests.plot_actors(table, corpus.groups, axes)
    key_below(figure, forests.actors_key(corpus.groups), 2)
    few = int((table["note"] != "").sum())
    caption = (
        "Tone of the sentences that name each actor: left, its mean in either group; right, target "
        "minus reference, with p adjusted over all actors (permutation of units, max-T). Behind "
        "each name the sentences that name it in either group; a sentence that names two counts "
        f"for both. 95 % intervals; triangles mark those that go on beyond the frame. {MODEL} "
        f"{f'Too few units name {few} of the actors for a contrast. ' if few else ''}"
        f"{scorer()} {sources(corpus)}"
    )
    return publish(
        figure, id="tone-actors", table=table, caption=caption, alt=_alt(table, corpus),
        record=tone_record(corpus, **made(table)),
        companions={SENTENCES: _all_sentences(table, corpus)},
    )  # fmt: skip


def actors_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say toward whom the groups differ, and whose company differs from the rest of a text."""
    if table.empty:
        return (
            Prose("No sentence of these texts names an actor of the list.")
            if corpus.actors
            else NOTHING
        )
    known = table[table["note"] == ""].dropna(subset="p_family")
    sure = known[known["p_family"] < LEVEL]
    between = "; ".join(_contrast(row) for _, row in sure.iterrows())
    least = ordered(known, ["p_family", "actor"]).head(1)
    first = (
        f"**The groups differ in the tone of sentences that name {between}.**"
        if len(sure)
        else f"**Toward none of {len(known)} actors do these texts show another tone.** "
        + "".join(f"Nearest to it: {_contrast(row)}." for _, row in least.iterrows())
        if len(known)
        else "**No actor is named in enough units of both groups for a contrast.**"
    )
    inside = [_apart(row, group) for group in corpus.groups for _, row in table.iterrows()]
    apart, tried = [text for text in inside if text], _tried(table)
    second = (
        f"Within a group: {'; '.join(apart)}."
        if apart
        else "Within neither group does the company of an actor differ from the other sentences."
    )
    return Prose(
        f"{first}\n\n{second} Of {tried} such intervals, one in twenty leaves zero out by chance."
    )


def actors_table(table: pd.DataFrame, corpus: Corpus) -> Shown | Prose:
    """Show, for each actor and group, the sentence of highest and the one of lowest tone."""
    if table.empty:
        return NOTHING
    found = _all_sentences(table, corpus)
    picked = [
        _both_ends(found[(found["actor"] == actor) & (found["group"] == group.label)])
        for actor in table["actor"]
        for group in corpus.groups
    ]
    columns = {"actor": "actor", "document": "document", "start": "from", "end": "to",
               "tone": "tone", "words": "scored words", "text": "sentence"}  # fmt: skip
    note = f"The highest and the lowest of each actor in each group; all {len(found):,} are in "
    rows = pd.concat(picked)
    rows["words"] = rows["words"].str.replace(" -", f" {MINUS}")
    return show(rows, columns=columns, digits=2, note=f"{note}{SENTENCES}.csv.")


def actors_meaning(corpus: Corpus) -> Shown | Prose:
    """Show who is meant by each actor, and the words that name it."""
    if corpus.actors is None:
        return Prose(NO_ACTORS)
    rows = [
        {"actor": actor.name, "who is meant": actor.definition, "named by": ", ".join(actor.words)}
        for actor in load_actors(corpus.actors).actors
    ]
    return show(pd.DataFrame(rows))


def voice_table(table: pd.DataFrame, corpus: Corpus) -> Shown:
    """Show the tone of the author's own words, and of those reported or quoted."""
    target, reference = (group.label for group in corpus.groups)
    shown = pd.DataFrame({"voice": table["voice"]})
    for group in corpus.groups:
        shown[f"share {group.label}"] = [percent(x, 1) for x in table[f"share_{group.role}"]]
        shown[f"tone {group.label}"] = [number(x) for x in table[f"mean_{group.role}"]]
    shown[f"{target} − {reference}"] = [number(x) for x in table["estimate"]]
    shown["95 % interval"] = [_interval(row) for _, row in table.iterrows()]
    shown["p, all voices"] = [p_value(p) for p in table["p_family"]]
    return show(shown, right=list(shown.columns[1:]))


def voice_parts_table(parts: pd.DataFrame) -> Shown | Prose:
    """Show the first quoted and attributed passages of each group, with the rule that says so.

    Parameters
    ----------
    parts : as from ``voice_parts``
    """
    others = parts[parts["voice"] != "own"]
    if others.empty:
        return Prose("Nothing in these texts is marked as another's words.")
    columns = {"group": "group", "voice": "voice", "rule": "told by", "start": "from", "end": "to",
               "text": "passage"}  # fmt: skip
    first = others.groupby(["group", "voice"], sort=False).head(PASSAGES)
    return show(
        first,
        columns=columns,
        note=f"The first {PASSAGES} of either voice in each group, of {len(others):,} passages.",
    )


def voice_finding(table: pd.DataFrame, contrast: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how much is the author's own, and whether the contrast rests on it."""
    own = row_of(table, "voice", "own")
    shares = [f"{percent(own[f'share_{g.role}'])} of {label(g)}" for g in corpus.groups]
    first = f"The author's own words make up {listing(shares)}."
    if math.isnan(contrast.iloc[0]["estimate"]):
        return Prose(f"{first} Without a scored word in either group nothing can be compared.")
    if math.isnan(own["estimate"]):
        return Prose(f"{first} They stand in too few units for a contrast of their own.")
    return Prose(
        f"{first} Of these alone the difference is {number(own['estimate'])}, 95 % interval "
        f"{_interval(own)}; of all words it is {number(contrast.iloc[0]['estimate'])}."
    )


def _all_sentences(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    return pd.concat([actor_sentences(corpus, actor) for actor in table["actor"]])


def _both_ends(found: pd.DataFrame) -> pd.DataFrame:
    """Return the sentence of highest and the one of lowest tone, ties in text order."""
    order = ordered(found.dropna(subset="tone"), ["tone"], ascending=False)
    return order.iloc[[0, -1]] if len(order) > 1 else order


def _contrast(row: pd.Series) -> str:
    return (
        f"{markdown(row['actor'])} ({number(row['estimate'])}, "
        f"{_interval(row)}; family-wise {p_value(row['p_family'], named=True)})"
    )


def _apart(row: pd.Series, group: Group) -> str:
    """Say that a group's sentences about an actor differ from its others, if they do."""
    rest, low, high = (row[f"{what}_{group.role}"] for what in ("rest", "rest_low", "rest_high"))
    if math.isnan(low) or low <= 0 <= high:
        return ""
    side = "more positive" if rest > 0 else "more negative"
    return (
        f"in {label(group)} the sentences that name {markdown(row['actor'])} are {side} than its "
        f"others ({signed(rest)}, {interval(low, high)})"
    )


def _tried(table: pd.DataFrame) -> int:
    return int(table[["rest_low_target", "rest_low_reference"]].notna().sum().sum())


def _interval(row: pd.Series) -> str:
    return DASH if math.isnan(row["ci_low"]) else interval(row["ci_low"], row["ci_high"])


def _alt(table: pd.DataFrame, corpus: Corpus) -> str:
    """Name the actors in the most and the least positive company, of those with an interval."""
    said = []
    for group in corpus.groups:
        mean = f"mean_{group.role}"
        known = ordered(table.dropna(subset=f"low_{group.role}"), [mean, "actor"])
        means = known.set_index("actor")[mean]
        if len(means):
            said.append(
                f"in {name(group.label)} from {name(means.index[0])} ({number(means.iloc[0])}) to "
                f"{name(means.index[-1])} ({number(means.iloc[-1])})"
            )
    sure = list(table.loc[table["p_family"] < LEVEL, "actor"])
    return (
        f"Forest plot of the tone of sentences that name {len(table)} actors: "
        f"{'; '.join(said) or 'each in too few units for an interval'}. "
        f"Different between the groups at a family-wise 5 %: {', '.join(sure[:8]) or 'none'}."
    )
