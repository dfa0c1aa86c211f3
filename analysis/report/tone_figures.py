"""Figures of the contrast of tone, as the notebook calls them."""

import pandas as pd

from analysis.report import tone_forests as forests
from analysis.report import tone_plots as plots
from analysis.report.captions import guard, made
from analysis.report.figure import Published, publish
from analysis.report.prose import Prose
from analysis.report.style import DOUBLE, MM, SINGLE, canvas
from analysis.report.tables import interval, number
from analysis.report.tone_findings import missing, still
from analysis.report.tone_readings import find_reading, standardised
from analysis.report.tone_text import (
    engine,
    listing,
    name,
    percent,
    scorer,
    sentences,
    sources,
    tone_record,
)
from analysis.text import Corpus
from analysis.text.units import UNIT_TOKENS


def distribution_figure(table: pd.DataFrame, contrast: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish VADER's scores of each group's sentences, with the mass at exactly 0.

    Parameters
    ----------
    table : as from ``tone_distribution``
    contrast : as from ``sentiment``
    corpus : the two groups
    """
    row = find_reading(contrast, "vader", masked=False, calibrated=False)
    means = [row[f"mean_{group.role}"] for group in corpus.groups]
    figure, axes = canvas(SINGLE, 78 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_distribution(table, means, corpus.groups, axes)
    caption = (
        f"Scores of single sentences by {engine()}, names as they stand; {sentences(row, corpus)}. "
        "Bins are 0.2 wide; the dark bar holds the sentences scored exactly 0 (no word of theirs "
        "is scored, or scores cancel); the triangle is the mean. No interval: the figure describes "
        f"the texts. {guard(corpus)}"
    )
    zeros = [f"{percent(row[f'share_zero_{g.role}'])} of {name(g.label)}" for g in corpus.groups]
    alt = (
        f"Histograms of sentence scores: {' and '.join(zeros)} score exactly 0; the means are "
        f"{' and '.join(number(mean) for mean in means)}."
    )
    return publish(
        figure, id="tone-distribution", table=table, caption=caption, alt=alt,
        record=tone_record(corpus),
    )  # fmt: skip


def contrast_figure(table: pd.DataFrame, corpus: Corpus) -> Published | Prose:
    """Publish the contrast under every way of scoring, with all that makes it uncertain.

    Parameters
    ----------
    table : as from ``sentiment``
    corpus : the two groups
    """
    row = table.iloc[0]
    if still(row):
        return Prose(f"There is no contrast to draw: {missing(row)}")
    scaled = standardised(table)
    figure, axes = canvas(DOUBLE, 82 * MM, ncols=2, sharey=True)
    forests.plot_readings(scaled, corpus.groups, axes)
    plots.key_below(figure, forests.readings_key(), 5)
    caption = (
        "Difference of mean tone by each lexicon and by their combination in equal weights, with "
        "95 % intervals. Left: scores as the engines have them, divided by their standard "
        "deviation over rated editorial sentences. Right: the same in raters' units. Thick lines "
        "know of units alone (cluster-robust Welch t): other sentences might have stood there. "
        "Thin lines add what the calibration misses in editorials, so that they are for the "
        "difference that raters would find. Ticks add the choice of VADER's ten raters a word. "
        "Grey: what two texts of these lengths, both drawn from one group, stay within in 95 % of "
        f"draws, by the first row. {sentences(row, corpus)}. {sources(corpus)}"
    )
    ways = table[table["calibrated"]].dropna(subset="estimate")
    same = int((ways["estimate"] * row["estimate"] > 0).sum())
    names = [name(group.label) for group in corpus.groups]
    alt = (
        f"Forest plot. Calibrated, the combined lexicons put {names[0]} "
        f"{number(abs(row['estimate']))} {'above' if row['estimate'] > 0 else 'below'} {names[1]}, "
        f"95 % interval {interval(row['ci_low'], row['ci_high'])}; {same} of {len(ways)} ways of "
        f"scoring give the difference this sign, from {number(ways['estimate'].min())} to "
        f"{number(ways['estimate'].max())}."
    )
    return publish(
        figure, id="tone-contrast", table=scaled, caption=caption, alt=alt,
        record=tone_record(corpus, **made(table)),
    )  # fmt: skip


def trajectory_figure(
    curves: pd.DataFrame, units: pd.DataFrame, movement: pd.DataFrame, corpus: Corpus
) -> Published | Prose:
    """Publish the course of tone along each text, with its band.

    Parameters
    ----------
    curves, units, movement : as from ``tone_trajectory``, ``tone_units`` and ``tone_movement``
    corpus : the two groups
    """
    if movement["p_value"].isna().all():
        return Prose("These texts are too short, or too even, to be followed along their length.")
    figure, axes = canvas(SINGLE, 96 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_trajectory(curves, units, corpus.groups, axes)
    caption = (
        "Tone along the texts. Lines: local-linear curves through the tone of the sentences, by "
        "their place, one a text (of many texts the first "
        f"{plots.MANY_CURVES}), or one for all where units are whole documents. Grey, where there "
        "is one curve: a simultaneous 95 % band, which holds the whole smoothed course in 19 of 20 "
        "texts whose sentences vary as these do. Points, where a group is one text: the mean of "
        "each unit. "
        f"{scorer()} {sources(corpus, UNIT_TOKENS)}"
    )
    outside = [
        f"{row.outside} of {row.units} in {name(str(row.group))}" for row in movement.itertuples()
    ]
    alt = (
        "Curves of tone along the texts, with bands; units whose mean lies beyond what the same "
        f"sentences in random order would give: {listing(outside)}."
    )
    return publish(
        figure, id="tone-trajectory", table=curves, caption=caption, alt=alt,
        record=tone_record(corpus, **made(curves)), companions={"tone-trajectory-units": units},
    )  # fmt: skip
