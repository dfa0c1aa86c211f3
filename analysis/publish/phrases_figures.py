"""Figures, tables and findings on phrases, word families and concepts, as the notebook calls them.

A corpus may have no phrase that comes back, and most have no concepts: every function then says so.
"""

import pandas as pd

from analysis.corpus import Corpus
from analysis.counts import (
    concept_words,
    cut_units,
    family_labels,
    load_concepts,
    tokenize,
    unit_name,
)
from analysis.publish import keywords_plots as plots
from analysis.publish.captions import guard, record, sample
from analysis.publish.figure import Published, markdown, publish
from analysis.publish.keywords_figures import strongest
from analysis.publish.prose import Prose
from analysis.publish.style import MM, ONE_AND_HALF, canvas
from analysis.publish.tables import Shown, interval, number, p_value, show

LEVEL = 0.05
NO_PHRASES = "No phrase comes back in these texts, so there is nothing to contrast."
NO_CONCEPTS = (
    "The corpus names no concepts, so none are contrasted here. To have your own, write lists of "
    'words as in `data/concepts.toml` and name the file in the manifest: `concepts = "…"`.'
)
_DIGITS = {"log_ratio": 1, "ci_low": 1, "ci_high": 1}
_COUNTS = {"n_target": "n, target", "n_reference": "n, reference"}
_CONTRAST = {
    **_COUNTS, "log_ratio": "log ratio", "ci_low": "low", "ci_high": "high",
    "p_value": "p", "p_family": "family-wise p",
}  # fmt: skip


def phrases_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how many phrases come back, and which of them mark a group."""
    if table.empty:
        return Prose(NO_PHRASES)
    least = int((table["n_target"] + table["n_reference"]).min())
    sure = table[table["p_family"] < LEVEL]
    opening = f"{_many(len(table), 'phrase')} {'comes' if len(table) == 1 else 'come'} back"
    return Prose(
        f"**{opening}**, at least {least} times in both groups together. "
        f"{_passing(sure, corpus, 'of them')} {_leads(table, corpus)}"
    )


def phrases_table(table: pd.DataFrame, count: int = 7) -> Shown | Prose:
    """Show the phrases with the highest scores of each side."""
    if table.empty:
        return Prose(NO_PHRASES)
    return show(strongest(table, count), columns={"term": "phrase", **_CONTRAST}, digits=_DIGITS)


def collocations_table(table: pd.DataFrame, rows: int = 10) -> Shown | Prose:
    """Show how strongly the words of two-word phrases attract each other in each group."""
    if table.empty:
        return Prose(NO_PHRASES)
    names = {"likelihood": "likelihood ratio", "pmi": "PMI", "t": "t", "dice": "Dice"}
    measures = {
        f"{key}_{role}": f"{name}, {role}"
        for key, name in names.items()
        for role in ("target", "reference")
    }
    digits = {column: 2 if column.startswith("dice") else 1 for column in measures}
    headings = {"phrase": "phrase", **_COUNTS, **measures}
    return show(table, columns=headings, digits=digits, rows=rows)


def families_table(families: pd.DataFrame, words: pd.DataFrame, count: int = 7) -> Shown:
    """Show the word families with the highest scores of each side, and their members.

    Parameters
    ----------
    families : keyness of word families, as from ``keyness(corpus, family="stem")``
    words : keyness of single words
    """
    ordered = words.sort_values("term")
    label = family_labels(list(ordered["term"]), ordered["n_target"] + ordered["n_reference"])
    members = ordered.groupby(label)["term"].agg(", ".join)
    shown = strongest(families, count)
    headings = {"term": "family", "members": "members", **_CONTRAST}
    return show(shown.assign(members=shown["term"].map(members)), columns=headings, digits=_DIGITS)


def concepts_table(corpus: Corpus) -> Shown | Prose:
    """Show what each concept means, and its words with their counts in target and reference."""
    if corpus.concepts is None:
        return Prose(NO_CONCEPTS)
    concepts = load_concepts(corpus.concepts)
    target, reference = (concept_words(corpus, concepts)[group.label] for group in corpus.groups)
    rows = [
        {
            "concept": concept.name,
            "meaning": concept.definition,
            "words": ", ".join(
                f"{word} {target[key]} : {reference[key]}"
                for word in concept.words
                for key in [" ".join(tokenize(word))]
            ),
        }
        for concept in concepts
    ]
    note = (
        f"Behind each word, occurrences in {corpus.target.label} : {corpus.reference.label}. Why "
        f"each word belongs is said in {corpus.concepts.name}."
    )
    return show(pd.DataFrame(rows), note=note)


def concepts_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say which concepts mark a group, and which show no difference."""
    if table.empty or corpus.concepts is None:
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


def concepts_figure(table: pd.DataFrame, corpus: Corpus) -> Published | Prose:
    """Publish the log ratio of every concept that occurs, with its interval."""
    ranked = table.dropna(subset="log_ratio").sort_values(
        ["log_ratio", "term"], ascending=[False, True], ignore_index=True
    )
    if ranked.empty or corpus.concepts is None:
        return concepts_finding(table, corpus)
    figure, ax = canvas(ONE_AND_HALF, (22 + 6 * len(ranked)) * MM)
    plots.plot_ranked(ranked.assign(score=ranked["log_ratio"]), corpus.groups, ax)
    edge = 1.05 * float(abs(ax.dataLim.intervalx).max())
    ax.set_xlim(-edge, edge)
    caption = (
        "Concepts, each a list of words counted as one: log ratio with 95 % interval "
        "(bursts allowed for, Welch t). Grey: what a group's text against itself stays under in "
        f"95 % of draws. On the right, occurrences in {corpus.target.label} : "
        f"{corpus.reference.label}. {sample(corpus, cut_units(corpus), unit_name(corpus))} "
        f"{guard(corpus)}"
    )
    lists = {concept.name: list(concept.words) for concept in load_concepts(corpus.concepts)}
    return publish(
        figure, id="keywords-concepts", table=ranked, caption=caption,
        alt=_concepts_alt(ranked, corpus), record=record(corpus, seed=0, concepts=lists),
    )  # fmt: skip


def _passing(sure: pd.DataFrame, corpus: Corpus, of_them: str) -> str:
    """Say how many rows pass the family-wise level, with the numbers of each."""
    if sure.empty:
        return f"**None {of_them}** separates the groups at a family-wise 5 %."
    verb = "separates" if len(sure) == 1 else "separate"
    listed = "; ".join(_row(row, corpus) for _, row in sure.head(8).iterrows())
    return f"**{len(sure)} {of_them}** {verb} the groups at a family-wise 5 %: {listed}."


def _row(row: pd.Series, corpus: Corpus) -> str:
    return (
        f"*{markdown(str(row['term']))}* ({row['n_target']} times in {corpus.target.label}, "
        f"{row['n_reference']} in {corpus.reference.label}; log ratio "
        f"{number(row['log_ratio'], 1)}, 95 % interval "
        f"{interval(row['ci_low'], row['ci_high'], 1)}; family-wise p "
        f"{p_value(row['p_family'])})"
    )


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
