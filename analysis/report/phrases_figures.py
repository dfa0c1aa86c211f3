"""Figures, tables and findings on phrases, word families and concepts, as the notebook calls them.

A corpus may have no phrase that comes back, and most have no concepts: every function then says so.
"""

from dataclasses import replace

import pandas as pd

from analysis.numbers import ordered
from analysis.report import keywords_plots as plots
from analysis.report.captions import ending
from analysis.report.figure import Published, publish
from analysis.report.keywords_tables import (
    CONTRAST,
    COUNTS,
    DIGITS,
    LEVEL,
    NOTE,
    SHOWN,
    limits,
    row_said,
    strongest,
    with_limits,
)
from analysis.report.links import CONCEPT, FAMILY, PHRASE, link, table_id
from analysis.report.prose import Prose, markdown
from analysis.report.style import MM, ONE_AND_HALF, canvas
from analysis.report.tables import Shown, number, show
from analysis.result import Result
from analysis.text import Corpus

NO_PHRASES = "No phrase comes back in these texts, so there is nothing to contrast."
NO_CONCEPTS = (
    "The corpus names no concepts, so none are contrasted here. To have your own, write lists of "
    'words as in `data/concepts.toml` and name the file in the manifest: `concepts = "…"`.'
)


def phrases_finding(phrases: Result) -> Prose:
    """Say how many phrases come back, and which of them mark a group."""
    table, corpus = phrases.table, phrases.corpus
    if table.empty:
        return Prose(NO_PHRASES)
    least = int((table["n_target"] + table["n_reference"]).min())
    sure = table[table["p_family"] < LEVEL]
    opening = f"{_many(len(table), 'phrase')} {'comes' if len(table) == 1 else 'come'} back"
    return Prose(
        f"**{opening}**, at least {least} times in both groups together. "
        f"{_passing(sure, corpus, 'of them')} {_leads(table, corpus)}"
    )


def phrases_table(phrases: Result, count: int = SHOWN) -> Shown | Prose:
    """Show the phrases with the highest scores of each side."""
    if phrases.table.empty:
        return Prose(NO_PHRASES)
    return show(
        with_limits(strongest(phrases.table, count)),
        columns={"term": "phrase", **COUNTS, **CONTRAST},
        digits=DIGITS,
        note=NOTE.format(what="phrase"),
        links={"term": link(PHRASE)},
        id=table_id(PHRASE),
    )


def collocations_table(pairs: Result, rows: int = 10) -> Shown | Prose:
    """Show how strongly the words of two-word phrases attract each other in each group."""
    table = pairs.table
    if table.empty:
        return Prose(NO_PHRASES)
    names = {"likelihood": "likelihood ratio", "pmi": "PMI", "t": "t", "dice": "Dice"}
    measures = {
        f"{key}_{role}": f"{name}, {short}"
        for key, name in names.items()
        for role, short in (("target", "target"), ("reference", "ref."))
    }
    digits = {column: 2 if column.startswith("dice") else 1 for column in measures}
    headings = {"phrase": "phrase", **COUNTS, **measures}
    return show(table, columns=headings, digits=digits, rows=rows)


def families_table(families: Result, count: int = SHOWN) -> Shown:
    """Show the word families with the highest scores of each side, and their members.

    Parameters
    ----------
    families : keyness of word families, as from ``keyness(corpus, family="stem")``
    """
    members = {family: ", ".join(forms) for family, forms in family_words(families).items()}
    shown = with_limits(strongest(families.table, count))
    return show(
        shown.assign(members=shown["term"].map(members)),
        columns={"term": "family", "members": "members", **COUNTS, **CONTRAST},
        digits=DIGITS,
        note=NOTE.format(what="family"),
        links={"term": link(FAMILY)},
        id=table_id(FAMILY),
    )


def family_words(families: Result) -> dict[str, list[str]]:
    """Return the words of every word family, by its name."""
    members = families.parts["members"]
    return {str(family): list(words) for family, words in members.groupby("family")["word"]}


def concepts_table(concepts: Result) -> Shown | Prose:
    """Show what each concept means, and how many of its words occur."""
    lists = concepts.parts["lists"]
    if lists.empty:
        return Prose(NO_CONCEPTS)
    lists = lists.assign(found=lists["n_target"] + lists["n_reference"] > 0)
    rows = lists.groupby(["concept", "definition"], sort=False, as_index=False).agg(
        words=("word", "size"), found=("found", "sum")
    )
    return show(
        rows,
        columns={
            "concept": "concept", "definition": "meaning", "words": "words", "found": "found",
        },
        note=_source(concepts),
        links={"concept": link(CONCEPT)},
        id=table_id(CONCEPT),
    )  # fmt: skip


def concept_words_table(concepts: Result) -> Shown | Prose:
    """Show the words of each concept, one row a word, with their counts and why they belong."""
    lists = concepts.parts["lists"]
    if lists.empty:
        return Prose(NO_CONCEPTS)
    headings = {"concept": "concept", "word": "word", **COUNTS, "reason": "why it belongs"}
    return show(lists, columns=headings, links={"concept": link(CONCEPT)})


def _source(concepts: Result) -> str:
    file = concepts.facts["file"]
    return f"The lists are in {file}, with the reason for each word." if file else ""


def concepts_finding(concepts: Result) -> Prose:
    """Say which concepts mark a group, and which show no difference."""
    table, corpus = concepts.table, concepts.corpus
    if table.empty:
        return Prose(NO_CONCEPTS)
    sure = table[table["p_family"] < LEVEL]
    open_, absent = table[table["p_family"] >= LEVEL], table[table["p_family"].isna()]
    sentences = [_passing(sure, corpus, f"of {len(table)} concepts")]
    if len(open_):
        sentences.append(
            f"No difference is shown for {_names(open_)}, which is not to say that the groups "
            "speak of it alike."
        )
    if len(absent):
        sentences.append(f"In neither group is there a word of {_names(absent)}.")
    return Prose(" ".join(sentences))


def concepts_figure(concepts: Result) -> Published | Prose:
    """Publish the log ratio of every concept that occurs, with its interval."""
    corpus = concepts.corpus
    ranked = ordered(
        concepts.table.dropna(subset="log_ratio"), ["log_ratio", "term"], ascending=[False, True]
    )
    if ranked.empty:
        return concepts_finding(concepts)
    figure, ax = canvas(ONE_AND_HALF, (22 + 6 * len(ranked)) * MM)
    plots.plot_ranked(ranked.assign(score=ranked["log_ratio"]), corpus.groups, ax)
    edge = 1.05 * float(abs(ax.dataLim.intervalx).max())
    ax.set_xlim(-edge, edge)
    caption = (
        f"Concepts, each a list of words counted as one: {plots.reading(corpus)} "
        f"{limits(replace(concepts, table=ranked), 'concept')} {ending(concepts)}"
    )
    return publish(
        figure, concepts, id="keywords-concepts", table=ranked, caption=caption,
        alt=_concepts_alt(ranked, corpus),
    )  # fmt: skip


def _passing(sure: pd.DataFrame, corpus: Corpus, of_them: str) -> str:
    """Say how many rows pass the family-wise level, with the numbers of each."""
    if sure.empty:
        return f"**None {of_them}** separates the groups at a family-wise 5 %."
    verb = "separates" if len(sure) == 1 else "separate"
    listed = "; ".join(row_said(row, corpus) for _, row in sure.head(8).iterrows())
    return f"**{len(sure)} {of_them}** {verb} the groups at a family-wise 5 %: {listed}."


def _leads(table: pd.DataFrame, corpus: Corpus) -> str:
    """Name the highest scores of each side."""
    sides = []
    for group, sign in zip(corpus.groups, (1, -1), strict=True):
        own = table[table["score"] * sign > 0]
        ranked = own.head(4) if sign > 0 else own.tail(4)[::-1]
        if len(ranked):
            sides.append(f"Highest scores of {markdown(group.label)}: {_names(ranked)}.")
    return " ".join(sides)


def _names(rows: pd.DataFrame) -> str:
    return ", ".join(f"*{markdown(str(term))}*" for term in rows["term"])


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _concepts_alt(table: pd.DataFrame, corpus: Corpus) -> str:
    seen = [f"{row['term']} {number(row['log_ratio'], 1)}" for _, row in table.head(6).iterrows()]
    sure = table.loc[table["p_family"] < LEVEL, "term"]
    verb = "passes" if len(sure) == 1 else "pass"
    passing = f"{', '.join(sure[:4])} {verb}" if len(sure) else "none passes"
    return (
        f"Log ratio of {corpus.target.label} to {corpus.reference.label} by concept: "
        f"{', '.join(seen)}; {passing} the family-wise 5 % level."
    )
