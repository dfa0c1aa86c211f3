"""Figures and findings about the corpus, as the first notebook calls them."""

import pandas as pd

from analysis.report import corpus_plots as plots
from analysis.report.captions import ending, guard
from analysis.report.figure import Published, markdown, publish
from analysis.report.prose import Prose
from analysis.report.style import DOUBLE, MM, SINGLE, canvas
from analysis.report.tables import Shown, number, show
from analysis.result import Result
from analysis.text import Corpus


def cleaning_figure(texts: Result) -> Published | Prose:
    """Publish how much each cleaning rule took away; without any edit, say so."""
    table, corpus = texts.parts["removed"], texts.corpus
    if table.empty:
        return Prose("The texts were taken as they are: no cleaning rule found anything.")
    figure, axes = canvas(DOUBLE, (24 + 5 * table["rule"].nunique()) * MM, ncols=2, sharey=True)
    plots.plot_removed(table, corpus.groups, axes)
    caption = (
        "Characters of the raw files that each cleaning rule removed or changed, and in how many "
        f"places. Every edit is declared and can be traced to the raw file. {guard(corpus)}"
    )
    most = table.nlargest(1, "characters").iloc[0]
    alt = (
        f"Bars of characters removed by {table['rule'].nunique()} cleaning rules; the most, "
        f"{most['characters']:,} characters, went by the rule “{most['rule']}” in {most['group']}."
    )
    return publish(figure, texts, id="corpus-cleaning", table=table, caption=caption, alt=alt)


def sentence_figure(texts: Result) -> Published:
    """Publish the lengths of sentences in both groups."""
    table, corpus = texts.parts["sentences"], texts.corpus
    figure, ax = canvas(SINGLE, 65 * MM)
    plots.plot_sentence_lengths(table, corpus.groups, ax)
    counts = [f"{g.label}: {(table['group'] == g.label).sum()} sentences" for g in corpus.groups]
    caption = (
        "Share of sentences up to each length in tokens (empirical distribution; no interval: "
        f"it describes the texts). {'; '.join(counts)}. {guard(corpus)}"
    )
    return publish(
        figure, texts, id="corpus-sentences", table=table, caption=caption,
        alt=f"Two rising curves of sentence length. {_lengths(corpus, table)}",
    )  # fmt: skip


def units_figure(texts: Result) -> Published:
    """Publish the lengths of the units of inference."""
    units, corpus = texts.units, texts.corpus
    figure, ax = canvas(SINGLE, 50 * MM)
    plots.plot_units(units, corpus.groups, ax)
    caption = f"Length of every unit of inference; the stroke is the mean. {ending(texts)}"
    low, high = units["tokens"].min(), units["tokens"].max()
    alt = (
        f"Dots for {len(units)} units of inference, each {low:,} to {high:,} tokens long; "
        f"{_counts(corpus, units)}."
    )
    return publish(figure, texts, id="corpus-units", table=units, caption=caption, alt=alt)


def documents_table(texts: Result) -> Shown:
    """Show which documents are compared."""
    columns = ["document", "group", "title", "author", "date", "publisher"]
    return show(texts.parts["documents"][columns], rows=20)


def sizes_table(texts: Result) -> Shown:
    """Show how much text each group has."""
    return show(texts.table)


def examples_table(texts: Result) -> Shown:
    """Show the first edit of each rule in each document."""
    headings = {
        "document": "document",
        "rule": "rule",
        "edits": "edits",
        "start": "at character",
        "removed": "first removed",
        "reason": "reason",
    }
    return show(texts.parts["examples"], columns=headings, rows=20)


def corrections_table(texts: Result) -> Shown:
    """Show every corrected word."""
    headings = {
        "document": "document",
        "start": "at character",
        "removed": "source",
        "replacement": "corrected",
        "reason": "reason",
    }
    return show(texts.parts["corrections"], columns=headings)


def corpus_finding(texts: Result) -> Prose:
    """Say how much text there is, how unequal the sides are, and what the design cannot tell."""
    table, corpus = texts.table, texts.corpus
    target, reference = (table.iloc[i] for i in (0, 1))
    longer, shorter = sorted((target, reference), key=lambda row: -row["tokens"])
    ratio = number(longer["tokens"] / shorter["tokens"], 1)
    return Prose(
        f"**{markdown(corpus.title)}.** {_words(target)}; {_words(reference)}. "
        f"{markdown(longer['group'])} is {ratio} times as long as {markdown(shorter['group'])}. "
        f"{guard(corpus)}"
    )


def _words(row: "pd.Series[int]") -> str:
    texts = "document" if row["documents"] == 1 else "documents"
    return (
        f"{markdown(str(row['group']))}: {row['documents']:,} {texts}, {row['sentences']:,} "
        f"sentences, {row['tokens']:,} tokens of {row['types']:,} types, {row['units']:,} units of "
        "inference"
    )


def _lengths(corpus: Corpus, table: pd.DataFrame) -> str:
    medians = [
        f"{g.label} {number(table.loc[table['group'] == g.label, 'tokens'].median(), 0)} tokens"
        for g in corpus.groups
    ]
    return f"Median sentence: {', '.join(medians)}."


def _counts(corpus: Corpus, units: pd.DataFrame) -> str:
    return ", ".join(f"{(units['group'] == g.label).sum()} in {g.label}" for g in corpus.groups)
