"""Figures and findings of the contrast of tone, as the notebook calls them."""

import math

import pandas as pd

from analysis.contrasts.sentiment import vader
from analysis.corpus import Corpus, Group
from analysis.counts import cut_units, unit_name
from analysis.publish import tone_plots as plots
from analysis.publish.captions import guard, record, sample
from analysis.publish.figure import Published, publish
from analysis.publish.prose import Prose
from analysis.publish.style import MM, SINGLE, canvas
from analysis.publish.tables import Shown, number, show
from analysis.publish.tone_findings import (
    difference,
    distribution_finding,
    missing,
    percent,
    tone_finding,
    trajectory_finding,
    unknown,
    words_finding,
)

__all__ = [
    "contrast_figure",
    "distribution_figure",
    "distribution_finding",
    "extremes_table",
    "groups_table",
    "lexicon_table",
    "tone_finding",
    "trajectory_figure",
    "trajectory_finding",
    "words_figure",
    "words_finding",
]


def distribution_figure(table: pd.DataFrame, contrast: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish the scores of each group's sentences, with the mass at exactly 0."""
    row = contrast.iloc[0]
    means = [row[f"mean_{group.role}"] for group in corpus.groups]
    figure, axes = canvas(SINGLE, 78 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_distribution(table, means, corpus.groups, axes)
    caption = (
        f"Scores of single sentences by {_engine()}; {_sentences(row, corpus)}. Bins are 0.2 wide; "
        "the dark bar holds the sentences scored exactly 0 (no word of theirs is scored, or scores "
        "cancel); the triangle is the mean. No interval: the figure describes the texts. "
        f"{guard(corpus)}"
    )
    zeros = [
        f"{percent(row[f'share_zero_{g.role}'])} of {plots.name(g.label)}" for g in corpus.groups
    ]
    alt = (
        f"Histograms of sentence scores: {' and '.join(zeros)} score exactly 0; the means are "
        f"{' and '.join(number(mean) for mean in means)}."
    )
    return publish(
        figure, id="tone-distribution", table=table, caption=caption, alt=alt,
        record=record(corpus, lexicon=vader().provenance),
    )  # fmt: skip


def contrast_figure(table: pd.DataFrame, corpus: Corpus, *, seed: int = 0) -> Published | Prose:
    """Publish the difference of mean tone beside what chance and length allow."""
    row = table.iloc[0]
    if math.isnan(row["ci_low"]):
        return Prose(f"There is no contrast to draw: {missing(row)}")
    figure, ax = canvas(SINGLE, 52 * MM)
    plots.plot_contrast(table, corpus.groups, ax)
    caption = (
        "Difference of mean sentence scores with its 95 % interval (cluster-robust Welch t over "
        "units); bars: what two texts of these lengths, both drawn from the units of one group, "
        "stay within in 95 % of draws; dotted: the detection floor, the true difference that "
        f"four of five such pairs of texts would show. {_ending(corpus, row)}"
    )
    names = [plots.name(group.label) for group in corpus.groups]
    alt = (
        f"{difference(row, names)}; each text against itself: up to "
        f"{number(row['self_target'])} ({names[0]}) and {number(row['self_reference'])} "
        f"({names[1]}); true differences below {number(row['floor'])} are often missed."
    )
    return publish(
        figure, id="tone-contrast", table=table, caption=caption, alt=alt,
        record=record(corpus, seed=seed, lexicon=vader().provenance),
    )  # fmt: skip


def words_figure(table: pd.DataFrame, corpus: Corpus) -> Published | Prose:
    """Publish the words that move the contrast most."""
    if unknown(table):
        return Prose("There are no words to compare: the lexicon scores none of one group's.")
    shown = table.head(plots.WORD_LIMIT)
    figure, ax = canvas(SINGLE, (24 + 4.4 * len(shown)) * MM)
    plots.plot_words(table, corpus.groups, ax)
    caption = (
        f"The {len(shown)} of {len(table):,} scored words that move the contrast most: valence × "
        f"(rate in {corpus.target.label} − rate in {corpus.reference.label}), rates per 1,000 "
        "tokens; beside each word its occurrences in either. ° marks words mostly written with a "
        "capital inside the sentence, as names are. This is the lexicon's part, before VADER's "
        f"rules for negation and emphasis; no interval. {_ending(corpus)}"
    )
    alt = (
        f"Lollipops of word contributions to the difference of tone; the largest come from "
        f"{', '.join(f'“{row.term}” ({number(row.contribution, 1)})' for row in _rows(shown, 4))}."
    )
    return publish(
        figure, id="tone-words", table=table, caption=caption, alt=alt,
        record=record(corpus, words_shown=len(shown), lexicon=vader().provenance),
    )  # fmt: skip


def trajectory_figure(table: pd.DataFrame, movement: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish the mean tone of each unit along each text."""
    figure, axes = canvas(SINGLE, 86 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_trajectory(table, corpus.groups, axes)
    caption = (
        "Mean score of the sentences of each unit, placed by its middle. Where a group is one "
        "text, or its units are whole documents (in the order of the corpus), grey shows the range "
        "that a unit's mean would keep to in 19 of 20 cases if the same sentences stood in random "
        f"order. {_ending(corpus)}"
    )
    outside = [
        f"{row.outside} of {row.units} in {plots.name(str(row.group))}"
        for row in movement.itertuples()
    ]
    alt = (
        "Two lines of mean tone per unit along the texts; units beyond the range of random order: "
        f"{' and '.join(outside)}."
    )
    return publish(
        figure, id="tone-trajectory", table=table, caption=caption, alt=alt,
        record=record(corpus, lexicon=vader().provenance),
    )  # fmt: skip


def lexicon_table(contrast: pd.DataFrame) -> Shown:
    """Show what scored the sentences, down to the word list's sum."""
    row = contrast.iloc[0]
    lines = {"Lexicon": "lexicon", "Engine": "engine", "Word list": "version",
             "Licence": "licence", "SHA-256 of the word list": "sha256"}  # fmt: skip
    table = pd.DataFrame([(heading, row[column]) for heading, column in lines.items()])
    return show(table.set_axis(["item", "value"], axis=1), columns={"item": "", "value": ""})


def groups_table(contrast: pd.DataFrame, corpus: Corpus) -> Shown:
    """Show what each side's tone rests on."""
    row = contrast.iloc[0]
    table = pd.DataFrame([_side(row, group) for group in corpus.groups])
    return show(table)


def extremes_table(table: pd.DataFrame) -> Shown:
    """Show the sentences at both ends of the scale, with their offsets in the raw files."""
    columns = {"document": "document", "start": "from", "end": "to", "vader": "score",
               "text": "sentence"}  # fmt: skip
    return show(table, columns=columns, digits=2)


def _side(row: pd.Series, group: Group) -> dict[str, object]:
    role = group.role
    return {
        "group": group.label,
        "sentences": row[f"n_{role}"],
        "units": row[f"units_{role}"],
        "tokens scored": percent(row[f"coverage_{role}"], 1),
        "sentences at exactly 0": percent(row[f"share_zero_{role}"]),
        "mean score": number(row[f"mean_{role}"]),
        "against itself": number(row[f"self_{role}"]),
    }


def _rows(table: pd.DataFrame, count: int) -> list[pd.Series]:
    return [row for _, row in table.head(count).iterrows()]


def _sentences(row: pd.Series, corpus: Corpus) -> str:
    return ", ".join(f"{g.label}: {row[f'n_{g.role}']:,} sentences" for g in corpus.groups)


def _engine() -> str:
    lexicon = vader()
    return f"{lexicon.name} ({lexicon.engine}, word list of {lexicon.version})"


def _ending(corpus: Corpus, row: pd.Series | None = None) -> str:
    counted = f"{_engine()}. " if row is None else f"{_engine()}; {_sentences(row, corpus)}. "
    return f"{counted}{sample(corpus, cut_units(corpus), unit_name(corpus))} {guard(corpus)}"
