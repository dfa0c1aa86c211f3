"""What the topics say, in sentences rendered from results."""

import math
from collections import Counter

import pandas as pd

from analysis.report.prose import Prose, markdown
from analysis.report.tables import number, p_value
from analysis.report.topic_text import (
    LEVEL,
    chosen,
    flagged,
    judged,
    many,
    named,
    percent,
    points,
    signed,
    verdict,
)
from analysis.result import Result
from analysis.text import Corpus
from analysis.topicmodels.choice import TOP


def topics_finding(found: Result, corpus: Corpus) -> Prose:
    """Say whether the topics can be believed, what they are, and where the groups differ.

    And how little could have been seen, and what a naive analysis would have claimed.
    """
    parts = [
        f"{_trust(found)} {_spoken_of(found)}",
        _differences(found, corpus),
        limits(found),
        _naive(found),
    ]
    return Prose("\n\n".join(parts))


def limits(found: Result) -> str:
    """Say which differences these texts could have shown, and what chance gives."""
    table = named(found)
    itself = table[["self_target", "self_reference"]].max(axis=1)
    return (
        "**What could have been seen.** Between two such groups of texts, "
        f"{_seen(table['floor'])}. "
        "A group's text, set against itself, gives differences of up to "
        f"{_range(itself.min(), itself.max())} points in 95 % of draws."
    )


def _seen(floor: pd.Series) -> str:
    reachable = floor[floor < math.inf]
    if reachable.empty:
        return "no difference in a topic, however large, would be found in four of five cases"
    size = _range(reachable.min(), reachable.max())
    which = ", depending on the topic," if " to " in size else ""
    lost = len(floor) - len(reachable)
    none = f"; for {lost} of {len(floor)} topics none would, however large" if lost else ""
    return f"a true difference of {size} points{which} would be found in four of five cases{none}"


def flags_finding(found: Result) -> Prose:
    """Say how many topics are flagged, and for which reasons."""
    counts = Counter(str(reason) for alarm in found.table["alarm"] for reason in alarm)
    if not counts:
        return Prose("**No topic is flagged.**")
    listed = "; ".join(f"*{why}*: {number}" for why, number in counts.items())
    return Prose(f"**{flagged(found)} of {found.facts['k']} topics are flagged.** {listed}.")


def wording_finding(found: Result, corpus: Corpus) -> Prose:
    """Say which words of a topic one group is shown to use more than the other."""
    table = found.parts["wording"]
    if table.empty:
        return Prose("No topic has words in two units of either group.")
    left_out = sorted(set(found.table["topic"]) - set(table["topic"]))
    note = (
        f" Topic {', '.join(map(str, left_out))} cannot be compared: fewer than two units of a "
        "group hold words of it."
        if left_out
        else ""
    )
    sure = table[table["p_family"] < LEVEL]
    if sure.empty:
        return Prose(
            "**No word is shown to be used differently within a topic.** Of "
            f"{len(table):,} pairs of a topic and a word none passes the family-wise 5 % "
            f"level.{note}"
        )
    listed = "; ".join(_word(row, corpus) for _, row in sure.head(8).iterrows())
    return Prose(
        f"**{many(len(sure), 'word')} within topics, of {len(table):,}, "
        f"{'differs' if len(sure) == 1 else 'differ'} at a family-wise 5 %**: {listed}.{note}"
    )


def _trust(found: Result) -> str:
    row = chosen(found)
    return (
        f"**{verdict(found)}** On resampled units, {number(TOP * row['agreement'], 1)} of the "
        f"{TOP} top terms of a topic come back on average with {found.facts['k']} topics; on "
        f"shuffled units, which hold no topics, {number(TOP * row['chance'], 1)} do."
    )


def _spoken_of(found: Result) -> str:
    weights = found.parts["shares"].groupby("topic")["share"].mean()
    listed = ", ".join(
        f"*{markdown(topic['shown'])}* ({percent(weights[topic['topic']])})"
        for _, topic in named(found).iterrows()
    )
    if found.facts["stable"]:
        return f"What the texts speak of, with shares of the mean unit: {listed}."
    return f"What such a model would call the topics, with shares of the mean unit: {listed}."


def _differences(found: Result, corpus: Corpus) -> str:
    table, flags = named(found), flagged(found)
    sure = table[table["finding"]]
    if len(sure):
        listed = "; ".join(_topic(row, corpus) for _, row in sure.iterrows())
        many = f"{len(sure)} of {found.facts['k']}"
        return f"**The groups differ in the prevalence of {many} topics**: {listed}."
    if flags == found.facts["k"]:
        return (
            "**No difference of topics is reported**, because every topic is flagged as a likely "
            "artefact of the sample."
        )
    if not found.facts["stable"]:
        return "**No difference of topics is reported**, because the topics are not stable."
    some = (
        f" {flags} of {found.facts['k']} topics are flagged as likely artefacts." if flags else ""
    )
    return f"**No difference in the prevalence of topics is established.**{some}"


def _topic(row: pd.Series, corpus: Corpus) -> str:
    target, reference = (markdown(group.label) for group in corpus.groups)
    return (
        f"*{markdown(row['shown'])}* ({percent(row['share_target'])} of a unit in {target}, "
        f"{percent(row['share_reference'])} in {reference}; difference {signed(row['estimate'])} "
        f"points, 95 % interval {points(row['ci_low'], row['ci_high'])}; family-wise "
        f"{p_value(row['p_family'], named=True)}; 95 % of refits "
        f"{points(row['refit_low'], row['refit_high'])})"
    )


def _naive(found: Result) -> str:
    """Say what a test of one fitted model would have claimed beyond the findings."""
    table = named(found)
    claimed = table[table["given_p_family"] < LEVEL]
    wrong = claimed[~claimed["finding"]]
    if wrong.empty:
        same = "the same" if len(claimed) else "nothing either"
        return f"A model fitted once, and its topics tested, would have claimed {same}."
    listed = "; ".join(
        f"*{markdown(row['shown'])}* ({judged(row)}; "
        f"{percent(row['sign_stability'])} of the refits agree on the direction)"
        for _, row in wrong.iterrows()
    )
    return (
        "**What a naive analysis would have claimed.** A model fitted once, and its topics "
        f"tested, gives {many(len(claimed), 'difference')} at the family-wise 5 % level. Not "
        f"reported here: {listed}."
    )


def _range(low: float, high: float) -> str:
    first, last = number(100 * low, 0), number(100 * high, 0)
    return first if first == last else f"{first} to {last}"


def _word(row: pd.Series, corpus: Corpus) -> str:
    target, reference = (markdown(group.label) for group in corpus.groups)
    return (
        f"*{markdown(row['term'])}* in topic {row['topic']} ({row['n_target']} times in {target}, "
        f"{row['n_reference']} in {reference}; log ratio {number(row['log_ratio'], 1)}, "
        f"family-wise {p_value(row['p_family'], named=True)})"
    )
