"""Figures and findings about the corpus, as the first notebook calls them."""

import numpy as np
import pandas as pd

from analysis.report import corpus_plots as plots
from analysis.report.captions import guard, record, sample
from analysis.report.figure import Published, markdown, publish
from analysis.report.prose import Prose
from analysis.report.style import DOUBLE, MM, SINGLE, canvas
from analysis.report.tables import Shown, number, show
from analysis.text import Corpus, cut_units, group_sizes, unit_name

RULES = (
    "outside-body", "caption", "link", "emphasis", "escape", "correction", "page-break",
    "white-space",
)  # fmt: skip


def removed(corpus: Corpus) -> pd.DataFrame:
    """Return, per group and rule, how many edits were made and characters of the source touched."""
    edits = corpus.edits.assign(characters=corpus.edits["removed"].str.len())
    group = {document.id: document.group for document in corpus.documents}
    edits = edits[edits["characters"] > 0].assign(group=edits["document"].map(group))
    sums = edits.groupby(["rule", "group"])["characters"].agg(["sum", "size"])
    sums = sums.rename(columns={"sum": "characters", "size": "edits"}).reset_index()
    order = {(rule, label): place for place, (rule, label) in enumerate(_rule_order(corpus))}
    rank = [order[key] for key in zip(sums["rule"], sums["group"], strict=True)]
    return sums.iloc[np.argsort(rank, kind="stable")].reset_index(drop=True)


def removal_examples(corpus: Corpus, width: int = 40) -> pd.DataFrame:
    """Return the first edit of each rule in each document, with how many there are."""
    edits = corpus.edits
    table = edits.assign(edits=edits.groupby(["document", "rule"])["rule"].transform("size"))
    table = table.drop_duplicates(["document", "rule"])
    shorten = table["removed"].str.split().str.join(" ").str.strip()
    clipped = shorten.where(shorten.str.len() <= width, shorten.str[: width - 1] + "…")
    return table.assign(removed=clipped.replace("", "(line end)")).reset_index(drop=True)


def corrected(corpus: Corpus) -> pd.DataFrame:
    """Return the words that were corrected, one row each, with the reason."""
    edits = corpus.edits
    columns = ["document", "start", "removed", "replacement", "reason"]
    return edits.loc[edits["rule"] == "correction", columns].reset_index(drop=True)


def cleaning_figure(corpus: Corpus) -> Published | Prose:
    """Publish how much each cleaning rule took away; without any edit, say so."""
    table = removed(corpus)
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
    return publish(
        figure, id="corpus-cleaning", table=table, caption=caption, alt=alt, record=record(corpus)
    )


def sentence_figure(corpus: Corpus) -> Published:
    """Publish the lengths of sentences in both groups."""
    table = sentence_lengths(corpus)
    figure, ax = canvas(SINGLE, 65 * MM)
    plots.plot_sentence_lengths(table, corpus.groups, ax)
    counts = [f"{g.label}: {(table['group'] == g.label).sum()} sentences" for g in corpus.groups]
    caption = (
        "Share of sentences up to each length in tokens (empirical distribution; no interval: "
        f"it describes the texts). {'; '.join(counts)}. {guard(corpus)}"
    )
    return publish(
        figure, id="corpus-sentences", table=table, caption=caption,
        alt=f"Two rising curves of sentence length. {_lengths(corpus, table)}",
        record=record(corpus),
    )  # fmt: skip


def units_figure(corpus: Corpus) -> Published:
    """Publish the lengths of the units of inference."""
    units = cut_units(corpus)
    figure, ax = canvas(SINGLE, 50 * MM)
    plots.plot_units(units, corpus.groups, ax)
    caption = (
        "Length of every unit of inference; the stroke is the mean. "
        f"{sample(corpus, units, unit_name(corpus))} {guard(corpus)}"
    )
    low, high = units["tokens"].min(), units["tokens"].max()
    alt = (
        f"Dots for {len(units)} units of inference, each {low:,} to {high:,} tokens long; "
        f"{_counts(corpus, units)}."
    )
    return publish(
        figure, id="corpus-units", table=units, caption=caption, alt=alt, record=record(corpus)
    )


def documents_table(corpus: Corpus) -> Shown:
    """Show which documents are compared."""
    columns = ["document", "group", "title", "author", "date", "publisher"]
    return show(corpus.overview[columns], rows=20)


def sizes_table(corpus: Corpus) -> Shown:
    """Show how much text each group has."""
    return show(group_sizes(corpus))


def examples_table(corpus: Corpus) -> Shown:
    """Show the first edit of each rule in each document."""
    headings = {
        "document": "document",
        "rule": "rule",
        "edits": "edits",
        "start": "at character",
        "removed": "first removed",
        "reason": "reason",
    }
    return show(removal_examples(corpus), columns=headings, rows=20)


def corrections_table(corpus: Corpus) -> Shown:
    """Show every corrected word."""
    headings = {
        "document": "document",
        "start": "at character",
        "removed": "source",
        "replacement": "corrected",
        "reason": "reason",
    }
    return show(corrected(corpus), columns=headings)


def corpus_finding(corpus: Corpus) -> Prose:
    """Say how much text there is, how unequal the sides are, and what the design cannot tell."""
    table = group_sizes(corpus)
    target, reference = (table.iloc[i] for i in (0, 1))
    longer, shorter = sorted((target, reference), key=lambda row: -row["tokens"])
    ratio = number(longer["tokens"] / shorter["tokens"], 1)
    return Prose(
        f"**{markdown(corpus.title)}.** {_words(target)}; {_words(reference)}. "
        f"{markdown(longer['group'])} is {ratio} times as long as {markdown(shorter['group'])}. "
        f"{guard(corpus)}"
    )


def sentence_lengths(corpus: Corpus) -> pd.DataFrame:
    """Return the tokens of every sentence."""
    sentences = corpus.sentences
    return sentences[["document", "group", "sentence"]].assign(tokens=corpus.sentence_tokens)


def _rule_order(corpus: Corpus) -> list[tuple[str, str]]:
    return [(rule, group.label) for rule in RULES for group in corpus.groups]


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
