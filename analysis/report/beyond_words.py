"""Phrases, word families and concepts: figures, tables and findings, for the second notebook.

A corpus may have no phrase that comes back, and most have no concepts: every function then says so.
"""

from dataclasses import replace

import pandas as pd

from analysis.inference.levels import LEVEL, passes
from analysis.keywords.beyond_words import NAMES, TOGETHER
from analysis.numbers import number, ordered, reaches
from analysis.report import keyword_plots as plots
from analysis.report.drawing import MM, ONE_AND_HALF, canvas
from analysis.report.figure import Published, publish
from analysis.report.keywords import (
    COUNTS,
    DIGITS,
    ROWS,
    SHOWN,
    as_shown,
    contrast_columns,
    contrast_facts,
    established,
    limit_facts,
    note_facts,
    row_facts,
    single_texts,
    strongest,
    uneven,
    with_limits,
)
from analysis.report.numbering import CONCEPT, FAMILY, PHRASE, link, table_id
from analysis.report.tables import Shown, show
from analysis.result import Result
from analysis.sentences import Prose, headings_of, prose, say
from analysis.text import tokenize
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
    strong = strongest(phrases.table, count)
    if strong.empty:
        return prose("keywords.phrases.level", {})
    told = with_limits(strong)
    return show(
        as_shown(told, phrases.corpus),
        columns=headings_of("keywords.phrases", ["term", *COUNTS, *contrast_columns(told)]),
        digits=DIGITS,
        right=["interval"],
        note=say("keywords.note", note_facts(told, "phrase")),
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
    return show(table, columns=columns, digits=digits, rows=rows, id=table_id("collocations"))


def families_table(families: Result, count: int = SHOWN) -> Shown | Prose:
    """Show the word families with the highest scores of each side, and their members.

    Parameters
    ----------
    families : keyness of word families, as from ``keyness(corpus, family="stem")``
    """
    corpus, strong = families.corpus, strongest(families.table, count)
    if strong.empty:
        return prose("keywords.families.level", {})
    members = {
        family: ", ".join(as_written(corpus, form) for form in forms)
        for family, forms in family_words(families).items()
    }
    told = with_limits(strong)
    contrast = contrast_columns(told)
    return show(
        as_shown(told.assign(members=told["term"].map(members)), corpus),
        columns=headings_of("keywords.families", ["term", "members", *COUNTS, *contrast]),
        digits=DIGITS,
        right=["interval"],
        note=say("keywords.note", note_facts(told, "family")),
        links={"term": link(FAMILY)},
        id=table_id(FAMILY),
    )


def family_words(families: Result) -> dict[str, list[str]]:
    """Return the words of every word family, by its name."""
    members = families.parts["members"]
    return {str(family): list(words) for family, words in members.groupby("family")["word"]}


def names_finding(names: Result) -> Prose:
    """Say which names of several words are declared, and which others hold together."""
    table = names.table
    declared, together = (table[column].astype(bool) for column in ("declared", "together"))
    suggested = all_as_written(names.corpus, list(table.loc[together & ~declared, "name"]))
    facts = {
        "declared": int(declared.sum()),
        "suggested": suggested,
        "suggested_count": len(suggested),
    }
    return prose("keywords.names.finding", facts)


def names_table(names: Result, rows: int = ROWS) -> Shown | Prose:
    """Show the runs of capitalised words that come back, and what speaks for one term."""
    if names.table.empty:
        return prose("keywords.untabled", {})
    shares = {
        share: [say("common.percent", {"share": own}) for own in names.table[share]]
        for share in ("share_first", "share_last")
    }
    written = all_as_written(names.corpus, list(names.table["name"]))
    facts = {"least": names.settings["least"], "together": TOGETHER}
    return show(
        names.table.assign(name=written, **shares),
        columns=headings_of("keywords.names", NAMES),
        rows=rows,
        right=list(shares),
        note=say("keywords.names.note", facts),
        id=table_id("names-of-words"),
    )


def synonyms_finding(terms: Result, families: Result, concepts: Result) -> Prose:
    """Say of the reported keywords whether their word families and synonyms differ, too."""
    read = _as_read(terms, families, concepts)
    held = {kind: own["holds"] for kind, own in read.groupby("kind")}
    lost = list(dict.fromkeys(read.loc[~read["holds"], "term"]))
    listed = read.loc[read["kind"] == "list"].groupby("term")["holds"].all()
    facts = {
        "reported": int((read["kind"] == "word").sum()),
        "kin": len(held.get("family", ())),
        "held_family": int(sum(held.get("family", ()))),
        "listed": len(listed),
        "held_list": int(listed.sum()),
        "lost": all_as_written(terms.corpus, lost),
        "lost_count": len(lost),
    }
    return prose("keywords.synonyms.finding", facts)


def synonyms_table(
    terms: Result, families: Result, concepts: Result, rows: int = 3 * ROWS
) -> Shown | Prose:
    """Show each reported keyword alone, with its word family, and with the lists that hold it.

    Parameters
    ----------
    terms, families, concepts : as from ``keyness``, with ``family="stem"``, and
        ``concept_keyness``, of one corpus
    """
    read = _as_read(terms, families, concepts)
    if read.empty:
        return prose("keywords.untabled", {})
    shown = read.assign(
        term=all_as_written(terms.corpus, list(read["term"])),
        read=[
            say("keywords.synonyms.read", {"kind": kind, "name": name})
            for kind, name in zip(read["kind"], read["name"], strict=True)
        ],
        words=[", ".join(all_as_written(terms.corpus, own)) for own in read["words"]],
        counts=[f"{a:,} : {b:,}" for a, b in read[COUNTS].itertuples(index=False)],
        rates=[
            f"{number(a, 1)} : {number(b, 1)}"
            for a, b in read[["rate_target", "rate_reference"]].itertuples(index=False)
        ],
    )
    return show(
        shown,
        columns=headings_of(
            "keywords.synonyms",
            ["term", "read", "words", "counts", "rates", "log_ratio", "p_read", "holds"],
        ),
        rows=rows,
        digits={"log_ratio": 1},
        right=["counts", "rates"],
        note=say("keywords.synonyms.note", {}),
        id=table_id("synonyms"),
    )


def _as_read(terms: Result, families: Result, concepts: Result) -> pd.DataFrame:
    """Return each reported keyword by itself, in its family, and in each list that holds it.

    A family that is the word alone is left out.

    A keyword is reported if it is established or, in single texts, differs by more than bursts
    within them explain; ``p_read`` is of the test by which it is.
    """
    reported = pd.concat([established(terms.table), uneven(terms.table)]).drop_duplicates("term")
    members = family_words(families)
    lists = concepts.parts["lists"]
    lists = lists[lists["n_target"] + lists["n_reference"] > 0]
    lists = lists.assign(word=[" ".join(tokenize(word)) for word in lists["word"]])
    listed = {name: list(own["word"]) for name, own in lists.groupby("concept", sort=False)}
    sure = set(established(terms.table)["term"])
    rows = []
    for term in reported["term"]:
        test = "p_value" if term in sure else "p_within"
        groups = [("word", term, [term], terms)]
        kin = {family: words for family, words in members.items() if len(words) > 1}
        groups += [("family", f, w, families) for f, w in kin.items() if term in w]
        groups += [("list", c, w, concepts) for c, w in listed.items() if term in w]
        for kind, name, words, result in groups:
            (own,) = result.table[result.table["term"] == name].to_dict("records")
            read = {"kind": kind, "name": name, "words": words, "p_read": own[test]}
            read["holds"] = passes(own[test])
            rows.append(own | read | {"term": term})
    columns = ["term", "kind", "name", "words", *COUNTS, "rate_target", "rate_reference"]
    return pd.DataFrame(rows, columns=[*columns, "log_ratio", "p_read", "holds"])


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
        return prose("keywords.concepts.wordless", {})
    headings = headings_of("keywords.concept_words", ["concept", "word", *COUNTS, "reason"])
    folded = say("keywords.concepts.words", {"words": len(lists)})
    shown = show(lists, columns=headings, links={"concept": link(CONCEPT)})
    return replace(shown, folded=folded, id=table_id("concept-words"))


def concepts_finding(concepts: Result) -> Prose:
    """Say which concepts mark a group, and which show no difference."""
    table = concepts.table
    own = table[passes(table["p_within_family"]) & ~table["established"]]
    facts = contrast_facts(concepts)
    facts |= {"within": len(own), "within_rows": row_facts(own)}
    for name, rows in {
        "open": reaches(table["p_family"], LEVEL) & ~table["term"].isin(own["term"]),
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
    if concepts.parts["lists"].empty:
        return prose("keywords.concepts.undrawn", {})
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
        "ticks": plots.floors_seen(ax, ranked),
    }
    return publish(figure, concepts, id="keywords-concepts", table=ranked, facts=facts)
