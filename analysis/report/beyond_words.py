"""Phrases, word families and concepts: figures, tables and findings, for the second notebook.

A corpus may have no phrase that comes back, and most have no concepts: every function then says so.
"""

from dataclasses import replace

from analysis.inference.levels import LEVEL
from analysis.numbers import ordered
from analysis.report import keyword_plots as plots
from analysis.report.drawing import MM, ONE_AND_HALF, canvas
from analysis.report.figure import Published, publish
from analysis.report.keywords import (
    CONTRAST,
    COUNTS,
    DIGITS,
    SHOWN,
    as_shown,
    contrast_facts,
    established,
    limit_facts,
    row_facts,
    single_texts,
    strongest,
    uneven,
    with_limits,
)
from analysis.report.sentences import (
    CONCEPT,
    FAMILY,
    PHRASE,
    Prose,
    headings_of,
    link,
    prose,
    say,
    table_id,
)
from analysis.report.tables import Shown, show
from analysis.result import Result
from analysis.text.concordance import all_as_written, as_written

LEADS = 4  # phrases a side that a finding names
NAMED = 6  # concepts that an alt text names


def phrases_finding(phrases: Result) -> Prose:
    """Say how many phrases come back, and which of them mark a group."""
    counts = phrases.table[["n_target", "n_reference"]].sum(axis=1)
    least = int(counts.min()) if len(counts) else 0
    return prose("keywords.phrases.finding", contrast_facts(phrases, LEADS) | {"least": least})


def phrases_table(phrases: Result, count: int = SHOWN) -> Shown | Prose:
    """Show the phrases with the highest scores of each side."""
    if phrases.table.empty:
        return prose("keywords.phrases.none", {})
    return show(
        as_shown(with_limits(strongest(phrases.table, count)), phrases.corpus),
        columns=headings_of("keywords.phrases", ["term", *COUNTS, *CONTRAST]),
        digits=DIGITS,
        right=["interval"],
        note=say("keywords.note", {"what": "phrase"}),
        links={"term": link(PHRASE)},
        id=table_id(PHRASE),
    )


def collocations_table(pairs: Result, rows: int = 10) -> Shown | Prose:
    """Show how strongly the words of two-word phrases attract each other in each group."""
    table = pairs.table
    if table.empty:
        return prose("keywords.phrases.none", {})
    table = table.assign(phrase=all_as_written(pairs.corpus, list(table["phrase"])))
    measures = [
        f"{measure}_{role}"
        for measure in ("likelihood", "pmi", "t", "dice")
        for role in ("target", "reference")
    ]
    digits = {column: 2 if column.startswith("dice") else 1 for column in measures}
    columns = headings_of("keywords.collocations", ["phrase", *COUNTS, *measures])
    return show(table, columns=columns, digits=digits, rows=rows)


def families_table(families: Result, count: int = SHOWN) -> Shown:
    """Show the word families with the highest scores of each side, and their members.

    Parameters
    ----------
    families : keyness of word families, as from ``keyness(corpus, family="stem")``
    """
    corpus = families.corpus
    members = {
        family: ", ".join(as_written(corpus, form) for form in forms)
        for family, forms in family_words(families).items()
    }
    shown = with_limits(strongest(families.table, count))
    return show(
        as_shown(shown.assign(members=shown["term"].map(members)), corpus),
        columns=headings_of("keywords.families", ["term", "members", *COUNTS, *CONTRAST]),
        digits=DIGITS,
        right=["interval"],
        note=say("keywords.note", {"what": "family"}),
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
        return prose("keywords.concepts.none", {})
    lists = lists.assign(found=lists["n_target"] + lists["n_reference"] > 0)
    rows = lists.groupby(["concept", "definition"], sort=False, as_index=False).agg(
        words=("word", "size"), found=("found", "sum")
    )
    return show(
        rows,
        columns=headings_of("keywords.concepts", ["concept", "definition", "words", "found"]),
        note=say("keywords.concepts.source", concepts.facts),
        links={"concept": link(CONCEPT)},
        id=table_id(CONCEPT),
    )  # fmt: skip


def concept_words_table(concepts: Result) -> Shown | Prose:
    """Show the words of each concept, one row a word, with their counts and why they belong."""
    lists = concepts.parts["lists"]
    if lists.empty:
        return prose("keywords.concepts.none", {})
    headings = headings_of("keywords.concept_words", ["concept", "word", *COUNTS, "reason"])
    folded = say("keywords.concepts.words", {"words": len(lists)})
    shown = show(lists, columns=headings, links={"concept": link(CONCEPT)})
    return replace(shown, folded=folded)


def concepts_finding(concepts: Result) -> Prose:
    """Say which concepts mark a group, and which show no difference."""
    table = concepts.table
    facts = contrast_facts(concepts)
    for name, rows in {
        "open": table["p_family"] >= LEVEL,
        "absent": table["p_family"].isna(),
    }.items():
        facts |= {name: list(table.loc[rows, "term"]), f"{name}_count": int(rows.sum())}
    occurs = replace(concepts, table=table.dropna(subset="log_ratio"))
    return prose("keywords.concepts.finding", facts | limit_facts(occurs, "concept"))


def concepts_figure(concepts: Result) -> Published | Prose:
    """Publish the log ratio of every concept that occurs, with its interval."""
    ranked = ordered(
        concepts.table.dropna(subset="log_ratio"), ["log_ratio", "term"], ascending=[False, True]
    )
    if ranked.empty:
        return concepts_finding(concepts)
    figure, ax = canvas(ONE_AND_HALF, (22 + 6 * len(ranked)) * MM)
    plots.plot_ranked(ranked.assign(score=ranked["log_ratio"]), concepts.corpus.groups, ax)
    sure = established(ranked)["term"]
    facts = {
        "concepts": len(concepts.table),
        "drawn": row_facts(ranked.head(NAMED)),
        "passing": len(sure),
        "within": len(uneven(ranked)),
        "single": single_texts(concepts),
        "sure": list(sure),
    }
    return publish(figure, concepts, id="keywords-concepts", table=ranked, facts=facts)
