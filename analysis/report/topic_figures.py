"""Figures of the topics and of their contrast, as the notebook calls them."""

import math

import pandas as pd

from analysis.numbers import largest
from analysis.report import topic_plots as plots
from analysis.report.figure import Published, publish
from analysis.report.style import DOUBLE, MM, canvas
from analysis.report.tables import number
from analysis.report.topic_text import (
    LEVEL,
    POWER,
    ending,
    flagged,
    many,
    model,
    named,
    points,
    short,
    signed,
    topic_record,
)
from analysis.result import Result
from analysis.text import Corpus

SHOWN = 8  # terms of each topic
LINE = 3  # millimetres that a line of small type needs


def terms_figure(found: Result, corpus: Corpus) -> Published:
    """Publish the first terms of every topic."""
    columns = found.facts["k"] if found.facts["k"] <= 3 else min(4, math.ceil(found.facts["k"] / 2))
    rows = math.ceil(found.facts["k"] / columns)
    figure, axes = canvas(DOUBLE, (18 + 38 * rows) * MM, nrows=rows, ncols=columns, sharex=True,
                          squeeze=False)  # fmt: skip
    for spare in axes.flat[found.facts["k"] :]:
        spare.set_axis_off()
    own = list(axes.flat)[: found.facts["k"]]
    for ax in own[-columns:]:
        ax.tick_params(labelbottom=True)
    table = _first_terms(found)
    plots.plot_terms(table, found.table, own, SHOWN)
    caption = (
        f"The first {SHOWN} terms of each topic, the most prevalent topic first. Terms stand in "
        "the order of their relevance, which weighs how frequent a term is in the topic against "
        "how far it is of this topic alone (λ = .6). Bar: share of the topic's words; upright "
        "tick: share of all words, whatever their topic. Open bars: topics flagged as likely "
        f"artefacts. No interval. {model(found)} {ending(found, corpus)}"
    )
    leading = found.table.head(4)
    first = "; ".join(f"{row['topic']}: {short(row['label'])}" for _, row in leading.iterrows())
    alt = (
        f"Bars of the first terms of {found.facts['k']} topics ({first}); "
        f"{flagged(found)} of {found.facts['k']} topics are flagged."
    )
    return publish(
        figure, id="topics-terms", table=table, caption=caption, alt=alt,
        record=topic_record(found, corpus),
    )  # fmt: skip


def prevalence_figure(found: Result, corpus: Corpus) -> Published:
    """Publish each topic's difference of prevalence, with what qualifies it."""
    table = named(found)
    lines = [plots.beside(topic).count("\n") + 1 for _, topic in table.iterrows()]
    height = 34 + found.facts["k"] * max(8.5, LINE * max(lines) + 1)
    figure, ax = canvas(DOUBLE, height * MM)
    plots.plot_prevalence(table, corpus.groups, ax)
    caption = (
        f"Difference of a topic's mean share of a unit ({corpus.target.label} − "
        f"{corpus.reference.label}). Line: 95 % interval over units, draws of the topics' words "
        "and starts (t), dotted where the topic is flagged; "
        "thick: the same over units alone, the topics taken as given. Below it: 95 % of the "
        f"differences when the model is refitted to resampled units ({found.facts['refits']} "
        "refits). Pale bars: what a group's text against itself stays under in 95 % of draws, the "
        "larger of both groups. Upright tick: the detection floor, the least true difference on "
        "that side that four of five such corpora would show; without one, none would be. "
        f"{ending(found, corpus)}"
    )
    alt = (
        f"Differences of prevalence of {found.facts['k']} topics with intervals; "
        f"{many(int(table['finding'].sum()), 'finding')}, {flagged(found)} flagged. "
        f"{_largest(found, corpus)}"
    )
    return publish(
        figure, id="topics-prevalence", table=table, caption=caption, alt=alt,
        record=topic_record(found, corpus, family_wise_level=LEVEL, power=POWER,
                            refits=found.facts["refits"]),
    )  # fmt: skip


def map_figure(found: Result, corpus: Corpus) -> Published:
    """Publish where along the texts each topic speaks."""
    passages = found.parts["passages"]
    counts = [(passages["group"] == group.label).sum() for group in corpus.groups]
    widths = [max(count, sum(counts) / 4) for count in counts]
    figure, axes = canvas(DOUBLE, (20 + 6.5 * found.facts["k"]) * MM, ncols=2, sharey=True,
                          gridspec_kw={"width_ratios": widths})  # fmt: skip
    plots.plot_map(found.parts["shares"], named(found), corpus.groups, axes)
    caption = (
        "Where each topic speaks: a column is a passage, in the order of the texts; the darker, "
        "the larger the topic's share of it. A topic that is dark in one stretch alone is a "
        "passage; vertical rules part documents. No interval. "
        f"{model(found)} {ending(found, corpus)}"
    )
    lead = found.table.sort_values(["n_units", "topic"], ascending=[False, True]).iloc[0]
    alt = (
        f"Heat strips of {found.facts['k']} topics along {len(passages)} passages of both groups; "
        f"topic {lead['topic']} ({short(lead['label'])}) leads most units, {lead['n_units']}."
    )
    return publish(
        figure, id="topics-map", table=found.parts["shares"], caption=caption, alt=alt,
        record=topic_record(found, corpus),
    )  # fmt: skip


def _first_terms(found: Result) -> pd.DataFrame:
    """Return each topic's first terms, with their share of the words of all topics."""
    weights = found.parts["shares"].groupby("topic")["share"].mean()
    overall = found.parts["distribution"] @ weights
    table = found.parts["terms"][found.parts["terms"]["rank"] <= SHOWN]
    return table.assign(overall=table["term"].map(overall))


def _largest(found: Result, corpus: Corpus) -> str:
    table = named(found)
    row = table.iloc[largest(table["estimate"].abs())]
    more = corpus.target.label if row["estimate"] > 0 else corpus.reference.label
    return (
        f"The largest is {short(row['label'])}: {signed(row['estimate'])} points (more in {more}), "
        f"95 % interval {points(row['ci_low'], row['ci_high'])}; the detection floor is "
        f"{number(100 * row['floor'], 0)} points."
    )
