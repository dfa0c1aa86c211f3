"""What topics say of two groups: prevalence, what is an artefact, and wording within a topic."""

import math
from collections import Counter
from typing import Any

import pandas as pd

from analysis.inference.levels import LEVEL, POWER, passes
from analysis.numbers import DASH, largest
from analysis.report.drawing import DOUBLE, MM, canvas
from analysis.report.figure import Published, publish
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, number, show
from analysis.report.topic import plots
from analysis.report.topic.model import about_topics, amount, cut, reused, said_of_topics
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say
from analysis.text import Corpus
from analysis.text.concordance import as_written
from analysis.topicmodels import Alarm
from analysis.topicmodels.choice import TOP

LINE = 3  # millimetres that a line of small type needs
OFTEN = 3  # occurrences below which a word of a topic is not listed
LISTED = 4  # words of a topic listed of each group


# What the topics say


def topics_finding(found: Result) -> Prose:
    """Say whether the topics can be believed, what they are, and where the groups differ.

    And how little could have been seen, and what a naive analysis would have claimed.

    Parameters
    ----------
    found : as from ``topics``; so in all that follows
    """
    topics = said_of_topics(found)
    claimed = [topic for topic in topics if passes(topic["given_p_family"])]
    wrong = [topic for topic in claimed if not topic["finding"]]
    styles = [topic for topic in topics if topic["alarm"]]
    facts = about_topics(found) | _limits(topics) | amount(found) | reused(found) | {
        "topics": topics,
        "subjects": [topic for topic in topics if not topic["alarm"]],
        "subject_count": len(topics) - len(styles),
        "styles": styles,
        "style_count": len(styles),
        "found": [topic for topic in topics if topic["finding"]],
        "claimed": len(claimed),
        "wrong": wrong,
        "wrong_count": len(wrong),
    }  # fmt: skip
    return prose("topics.finding", facts)


def _limits(topics: list[dict[str, Any]]) -> dict[str, Any]:
    """Return which differences these texts could have shown, and what chance gives."""
    floors = [topic["floor_points"] for topic in topics if math.isfinite(topic["floor_points"])]
    itself = [topic["itself"] for topic in topics]
    return {
        "reachable": len(floors),
        "lost": len(topics) - len(floors),
        **_span("floor", floors or [math.nan]),
        **_span("itself", itself),
    }


def _span(name: str, values: list[float]) -> dict[str, Any]:
    """Return both ends of values, and whether they differ as printed."""
    low, high = min(values), max(values)
    return {f"{name}_low": low, f"{name}_high": high,
            f"{name}_varies": number(low, 0) != number(high, 0)}  # fmt: skip


# The verdict, and prevalence


def verdict(found: Result) -> Prose:
    """Say whether there is a model to speak of, and so whether groups may be compared by it."""
    facts = about_topics(found) | amount(found) | reused(found) | _flags(found)
    return prose("topics.verdict_of_all", facts | {"unflagged": facts["k"] - facts["flagged"]})


def prevalence_if_stable(found: Result) -> Published | Prose:
    """Publish the differences of prevalence where topics are stable; else say why not."""
    if not found.facts["stable"]:
        return prose("topics.not_compared", about_topics(found))
    return prevalence_figure(found)


def prevalence_figure(found: Result) -> Published:
    """Publish each topic's difference of prevalence, with what qualifies it."""
    topics = said_of_topics(found)
    why = [[say("topics.reason", own) for own in topic["reasons"]] for topic in topics]
    drawn = pd.DataFrame(topics).assign(why=pd.Series(why))
    lines = [plots.beside(topic).count("\n") + 1 for _, topic in drawn.iterrows()]
    height = 34 + len(topics) * max(8.5, LINE * max(lines) + 1)
    figure, ax = canvas(DOUBLE, height * MM, least=DOUBLE)
    plots.plot_prevalence(drawn, found.corpus.groups, ax)
    widest = topics[largest(found.table["estimate"].abs())]
    barred = [topic for topic in topics if topic["alarm"] and passes(topic["p_family"])]
    facts = about_topics(found) | {
        "widest": widest,
        "widest_floor": widest["floor_points"],
        "barred": len(barred),
    }
    return publish(
        figure, found, id="topics-prevalence", table=drawn[[*found.table, "shown"]], facts=facts,
        shown={"family_wise_level": LEVEL, "power": POWER},
    )  # fmt: skip


def prevalence_table(found: Result) -> Shown:
    """Show each topic's share in either group, the difference, and what to judge it by."""
    target, reference = (group.label for group in found.corpus.groups)
    shown = pd.DataFrame(
        [
            {
                "topic": topic["topic"],
                "label": topic["shown"],
                "share_target": _percent(cut(topic["share_target"])),
                "share_reference": _percent(cut(topic["share_reference"])),
                "points": say("topics.points", topic),
                "ci": say("topics.span", {"ends": topic["ci"]}),
                "given": say("topics.span", {"ends": topic["given"]}),
                "itself": topic["itself"],
                "floor": topic["floor_points"],
                "p_value": topic["p_value"],
                "p_family": topic["p_family"],
            }
            for topic in said_of_topics(found)
        ]
    )
    headings = headings_of(
        "topics.prevalence",
        [
            "topic",
            "label",
            "share_target",
            "share_reference",
            "points",
            "ci",
            "given",
            "itself",
            "floor",
            "p_value",
            "p_family",
        ],
        {"target": target, "reference": reference},
    )
    right = [name for name in headings if name != "label"]
    note = say("topics.prevalence.note", about(found))
    return show(
        shown, columns=headings, right=right, digits=0, note=note, id=table_id("prevalence")
    )


# Artefacts


def flags_finding(found: Result) -> Prose:
    """Say how many topics are flagged, and for which reasons."""
    return prose("topics.flags.finding", about_topics(found) | _flags(found))


def _flags(found: Result) -> dict[str, Any]:
    """Return how many topics are flagged for each reason."""
    counts = Counter(reason.name for alarm in found.table["alarm"] for reason in alarm)
    return {"counts": [{"reason": reason, "count": count} for reason, count in counts.items()]}


def flags_table(found: Result) -> Shown:
    """Show how surely each topic comes back, whom it belongs to, and why it is flagged."""
    shown = pd.DataFrame(
        [
            {
                "topic": topic["topic"],
                "label": topic["shown"],
                "recur": say("topics.of_ten", {"terms": topic["stability_ten"], "top": TOP}),
                "shuffled": say("topics.of_ten", {"terms": topic["chance_ten"], "top": TOP}),
                "refit": say("topics.span", {"ends": topic["refit"]}),
                "sign": _percent(topic["sign_stability"]),
                "n_units": topic["n_units"],
                "more": _percent(topic["separation"]),
                "verdict": say("topics.judged", topic),
            }
            for topic in said_of_topics(found)
        ]
    )
    columns = headings_of("topics.flags", shown, {"target": found.corpus.target.label})
    return show(
        shown,
        columns=columns,
        right=["recur", "shuffled", "refit", "sign", "more"],
        id=table_id("flags"),
    )


def _percent(share: float) -> str:
    return say("topics.percent", {"share": share})


# Wording


def wording_finding(found: Result) -> Prose:
    """Say which words of a topic one group is shown to use more than the other."""
    table = found.parts["wording"]
    left_out = sorted(set(found.table["topic"]) - set(table["topic"]))
    sure = table[passes(table["p_family"])]
    flags = zip(found.table["topic"], found.table["alarm"], strict=True)
    astray = sorted({own for own, alarm in flags if Alarm.NOT_STABLE in alarm} & set(sure["topic"]))
    facts = about_topics(found) | {
        "words": len(table),
        "astray": astray,
        "astray_count": len(astray),
        "sure": len(sure),
        "different": [
            row | {"term": as_written(found.corpus, row["term"])} for row in sure.to_dict("records")
        ],
        "left_out": left_out,
        "left_out_count": len(left_out),
    }
    return prose("topics.wording.finding", facts)


def wording_table(found: Result) -> Shown | Prose:
    """Show which words of each topic each group rather uses, with their counts."""
    words = found.parts["wording"]
    if words.empty:
        return prose("topics.wording.none", {})
    target, reference = (group.label for group in found.corpus.groups)
    rows = []
    for topic in said_of_topics(found):
        own = words[words["topic"] == topic["topic"]]
        rows.append(
            {
                "topic": topic["topic"],
                "label": topic["shown"],
                "counts": _counts(own) if len(own) else "too few",
                "more_target": _listed(own[own["log_ratio"] > 0], found.corpus),
                "more_reference": _listed(own[own["log_ratio"] < 0], found.corpus),
                "p_value": own["p_value"].min(),
                "p_family": own["p_family"].min(),
            }
        )
    headings = headings_of(
        "topics.wording",
        ["topic", "label", "counts", "more_target", "more_reference", "p_value", "p_family"],
        {"target": target, "reference": reference},
    )
    note = say("topics.wording.note", about(found) | {"often": OFTEN})
    return show(
        pd.DataFrame(rows), columns=headings, right=["counts"], note=note, id=table_id("wording")
    )


def _counts(words: pd.DataFrame) -> str:
    return f"{words['n_target'].sum():,} : {words['n_reference'].sum():,}"


def _listed(words: pd.DataFrame, corpus: Corpus) -> str:
    """List the words of least p with their counts; an asterisk where the family-wise p is low."""
    often = words[words["n_target"] + words["n_reference"] >= OFTEN].head(LISTED)
    listed = ", ".join(
        f"{as_written(corpus, word['term'])}{'*' if passes(word['p_family']) else ''} "
        f"{word['n_target']}:{word['n_reference']}"
        for _, word in often.iterrows()
    )
    return listed or DASH
