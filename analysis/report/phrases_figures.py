"""Figures, tables and findings on phrases, word families and concepts, as the notebook calls them.

A corpus may have no phrase that comes back, and most have no concepts: every function then says so.
"""

import pandas as pd

from analysis.numbers import ordered
from analysis.report import keywords_plots as plots
from analysis.report.captions import guard, made, record, sample
from analysis.report.figure import Published, markdown, publish
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
from analysis.report.prose import Prose
from analysis.report.style import MM, ONE_AND_HALF, canvas
from analysis.report.tables import Shown, number, show
from analysis.text import (
    Corpus,
    concept_words,
    cut_units,
    family_labels,
    load_concepts,
    tokenize,
    unit_name,
)

NO_PHRASES = "No phrase comes back in these texts, so there is nothing to contrast."
NO_CONCEPTS = (
    "The corpus names no concepts, so none are contrasted here. To have your own, write lists of "
    'words as in `data/concepts.toml` and name the file in the manifest: `concepts = "…"`.'
)


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


def phrases_table(table: pd.DataFrame, count: int = SHOWN) -> Shown | Prose:
    """Show the phrases with the highest scores of each side."""
    if table.empty:
        return Prose(NO_PHRASES)
    return show(
        with_limits(strongest(table, count)),
        columns={"term": "phrase", **COUNTS, **CONTRAST},
        digits=DIGITS,
        note=NOTE.format(what="phrase"),
        links={"term": link(PHRASE)},
        id=table_id(PHRASE),
    )


def collocations_table(table: pd.DataFrame, rows: int = 10) -> Shown | Prose:
    """Show how strongly the words of two-word phrases attract each other in each group."""
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


def families_table(families: pd.DataFrame, words: pd.DataFrame, count: int = SHOWN) -> Shown:
    """Show the word families with the highest scores of each side, and their members.

    Parameters
    ----------
    families : keyness of word families, as from ``keyness(corpus, family="stem")``
    words : keyness of single words
    """
    members = {family: ", ".join(forms) for family, forms in family_members(words).items()}
    shown = with_limits(strongest(families, count))
    return show(
        shown.assign(members=shown["term"].map(members)),
        columns={"term": "family", "members": "members", **COUNTS, **CONTRAST},
        digits=DIGITS,
        note=NOTE.format(what="family"),
        links={"term": link(FAMILY)},
        id=table_id(FAMILY),
    )


def family_members(words: pd.DataFrame) -> dict[str, list[str]]:
    """Return the members of every word family, by its name; see ``family_labels``."""
    ordered = words.sort_values("term", kind="stable")
    label = family_labels(list(ordered["term"]), ordered["n_target"] + ordered["n_reference"])
    return {str(family): list(forms) for family, forms in ordered["term"].groupby(label)}


def concepts_table(corpus: Corpus) -> Shown | Prose:
    """Show what each concept means, and how many of its words occur."""
    if corpus.concepts is None:
        return Prose(NO_CONCEPTS)
    concepts = load_concepts(corpus.concepts)
    found = set().union(*concept_words(corpus, concepts).values())
    rows = [
        {
            "concept": concept.name,
            "meaning": concept.definition,
            "words": len(concept.words),
            "found": sum(" ".join(tokenize(word)) in found for word in concept.words),
        }
        for concept in concepts
    ]
    return show(
        pd.DataFrame(rows),
        columns={"concept": "concept", "meaning": "meaning", "words": "words", "found": "found"},
        note=f"The lists are in {corpus.concepts.name}, with the reason for each word.",
        links={"concept": link(CONCEPT)},
        id=table_id(CONCEPT),
    )


def concept_words_table(corpus: Corpus) -> Shown | Prose:
    """Show the words of each concept, one row a word, with their counts and why they belong."""
    if corpus.concepts is None:
        return Prose(NO_CONCEPTS)
    concepts = load_concepts(corpus.concepts)
    target, reference = (concept_words(corpus, concepts)[group.label] for group in corpus.groups)
    rows = [
        {
            "concept": concept.name,
            "word": word,
            "n_target": target[key],
            "n_reference": reference[key],
            "reason": reason,
        }
        for concept in concepts
        for word, reason in concept.words.items()
        for key in [" ".join(tokenize(word))]
    ]
    headings = {"concept": "concept", "word": "word", **COUNTS, "reason": "why it belongs"}
    return show(pd.DataFrame(rows), columns=headings, links={"concept": link(CONCEPT)})


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
    ranked = ordered(
        table.dropna(subset="log_ratio"), ["log_ratio", "term"], ascending=[False, True]
    )
    if ranked.empty or corpus.concepts is None:
        return concepts_finding(table, corpus)
    figure, ax = canvas(ONE_AND_HALF, (22 + 6 * len(ranked)) * MM)
    plots.plot_ranked(ranked.assign(score=ranked["log_ratio"]), corpus.groups, ax)
    edge = 1.05 * float(abs(ax.dataLim.intervalx).max())
    ax.set_xlim(-edge, edge)
    caption = (
        f"Concepts, each a list of words counted as one: {plots.reading(corpus)} "
        f"{limits(ranked, corpus, 'concept')} "
        f"{sample(corpus, cut_units(corpus), unit_name(corpus))} {guard(corpus)}"
    )
    lists = {concept.name: list(concept.words) for concept in load_concepts(corpus.concepts)}
    return publish(
        figure, id="keywords-concepts", table=ranked, caption=caption,
        alt=_concepts_alt(ranked, corpus), record=record(corpus, **made(table), concepts=lists),
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
