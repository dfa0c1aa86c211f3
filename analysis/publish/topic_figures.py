"""Figures and findings of the topic contrast, as the notebook calls them."""

import math

import pandas as pd

from analysis.contrasts.topics import Topics
from analysis.contrasts.topics.stability import RECURS, TOP
from analysis.corpus import Corpus
from analysis.counts import unit_name
from analysis.publish import topic_plots as plots
from analysis.publish.captions import guard, record, sample
from analysis.publish.figure import Published, markdown, publish
from analysis.publish.prose import Prose
from analysis.publish.style import DOUBLE, MM, ONE_AND_HALF, canvas
from analysis.publish.tables import Shown, interval, number, p_value, show

LEVEL = 0.05
SHOWN = 8


def stability_figure(found: Topics, corpus: Corpus) -> Published:
    """Publish agreement against the number of topics, beside that of shuffled units."""
    figure, axes = canvas(ONE_AND_HALF, 70 * MM, ncols=2, sharey=True)
    plots.plot_stability(found.stability, axes, RECURS)
    caption = (
        f"Share of a topic's {TOP} top terms that come back when the model is refitted, topics "
        "matched one to one and averaged. Left: the same units, other random starts. Right: units "
        f"drawn anew with replacement within each group. {_runs(found)} refits a point; shaded, 5 "
        "to 95 % of them. Dashed: the same for units to which every term's occurrences were dealt "
        "out at random, which hold no topics. Ringed: the number used below. "
        f"{_ending(found, corpus)}"
    )
    row = _chosen(found)
    alt = (
        f"Two line plots of topic stability. {_verdict(found)} On resampled units "
        f"{_percent(row['agreement'])} of the top terms come back with {found.k} topics; on "
        f"shuffled units, which hold no topics, {_percent(row['chance'])}."
    )
    return publish(
        figure, id="topics-stability", table=found.stability, caption=caption, alt=alt,
        record=_record(found, corpus, top_terms=TOP, needed=RECURS),
    )  # fmt: skip


def terms_figure(found: Topics, corpus: Corpus) -> Published:
    """Publish the first terms of every topic."""
    columns = found.k if found.k <= 3 else min(4, math.ceil(found.k / 2))
    rows = math.ceil(found.k / columns)
    figure, axes = canvas(DOUBLE, (12 + 38 * rows) * MM, nrows=rows, ncols=columns, sharex=True,
                          squeeze=False)  # fmt: skip
    for spare in axes.flat[found.k :]:
        spare.set_axis_off()
    own = list(axes.flat)[: found.k]
    for ax in own[-columns:]:
        ax.tick_params(labelbottom=True)
    plots.plot_terms(found.terms, found.prevalence, own, SHOWN)
    caption = (
        f"The {SHOWN} terms of largest weight in each topic, the most prevalent topic first. Open "
        "bars: topics flagged as likely artefacts; figure topics-prevalence says why. "
        f"{_model(found)} {_ending(found, corpus)}"
    )
    first = [f"{row.topic}: {row.label}" for row in found.prevalence.head(6).itertuples()]
    alt = (
        f"Bars of term weights for {found.k} topics ({'; '.join(first)}); "
        f"{_flagged(found)} of {found.k} topics are flagged."
    )
    table = found.terms[found.terms["rank"] <= SHOWN]
    return publish(
        figure, id="topics-terms", table=table, caption=caption, alt=alt,
        record=_record(found, corpus),
    )  # fmt: skip


def prevalence_figure(found: Topics, corpus: Corpus) -> Published:
    """Publish each topic's difference of prevalence, with what qualifies it."""
    figure, ax = canvas(DOUBLE, (28 + 8.5 * found.k) * MM)
    plots.plot_prevalence(found.prevalence, corpus.groups, ax)
    caption = (
        f"Difference of a topic's mean share of a unit ({corpus.target.label} − "
        f"{corpus.reference.label}). Thick: 95 % interval over units (Welch t), the fitted topics "
        "taken as given. Dotted: 95 % of the differences when the model is refitted to resampled "
        "units. Pale bars: what a group's text against itself stays under in 95 % of draws. Open "
        f"and grey: flagged topics, no finding. {_ending(found, corpus)}"
    )
    table = found.prevalence
    alt = (
        f"Differences of prevalence of {found.k} topics with intervals; findings: "
        f"{int(table['finding'].sum())}, flagged: {_flagged(found)}. {_largest(table, corpus)}"
    )
    return publish(
        figure, id="topics-prevalence", table=table, caption=caption, alt=alt,
        record=_record(found, corpus, family_wise_level=LEVEL),
    )  # fmt: skip


def map_figure(found: Topics, corpus: Corpus) -> Published:
    """Publish where along the texts each topic speaks."""
    units = [(found.units["group"] == group.label).sum() for group in corpus.groups]
    widths = [max(count, sum(units) / 4) for count in units]
    figure, axes = canvas(DOUBLE, (20 + 6.5 * found.k) * MM, ncols=2, sharey=True,
                          gridspec_kw={"width_ratios": widths})  # fmt: skip
    plots.plot_map(found.shares, found.prevalence, corpus.groups, axes)
    caption = (
        "Where each topic speaks: a column is a unit, in the order of the texts; the darker, the "
        "larger the topic's share of it. A topic that is dark in one stretch alone is a passage; "
        f"vertical rules part documents. No interval. {_ending(found, corpus)}"
    )
    lead = found.prevalence.sort_values(["n_units", "topic"], ascending=[False, True]).iloc[0]
    alt = (
        f"Heat strips of {found.k} topics along {len(found.units)} units of both groups; topic "
        f"{lead['topic']} ({lead['label']}) leads most units, {lead['n_units']}."
    )
    return publish(
        figure, id="topics-map", table=found.shares, caption=caption, alt=alt,
        record=_record(found, corpus),
    )  # fmt: skip


def prevalence_table(found: Topics) -> Shown:
    """Show each topic's prevalence in either group, its interval, and how surely it comes back."""
    headings = {
        "topic": "topic",
        "label": "label",
        "share_target": "share, target",
        "share_reference": "share, reference",
        "estimate": "difference",
        "ci_low": "low",
        "ci_high": "high",
        "refit_low": "refits, low",
        "refit_high": "refits, high",
        "floor": "floor",
        "p_family": "family-wise p",
        "stability": "terms that recur",
        "finding": "finding",
    }
    return show(found.prevalence, columns=headings, digits=2)


def typical_table(typical: pd.DataFrame, characters: int = 180) -> Shown:
    """Show how the most typical units of each topic begin."""
    headings = {
        "topic": "topic",
        "label": "label",
        "group": "group",
        "start": "at character",
        "share": "share",
        "text": "the unit begins",
    }
    begun = typical.assign(text=typical["text"].str.slice(0, characters) + " …")
    return show(begun, columns=headings)


def topics_finding(found: Topics, corpus: Corpus) -> Prose:
    """Say whether the topics can be believed, where the groups differ, and what was flagged."""
    return Prose("\n\n".join([_trust(found), _differences(found, corpus), _naive(found)]))


def _trust(found: Topics) -> str:
    row = _chosen(found)
    return (
        f"**{_verdict(found)}** On resampled units, {number(TOP * row['agreement'], 1)} of the "
        f"{TOP} top terms of a topic come back on average with {found.k} topics; on shuffled "
        f"units, which hold no topics, {number(TOP * row['chance'], 1)} do."
    )


def _verdict(found: Topics) -> str:
    tried = sorted(set(found.stability["k"]))
    many = f"from {tried[0]} to {tried[-1]}" if len(tried) > 1 else ""
    if found.stable:
        return (
            f"{found.k} topics are stable." if not many else f"Of the numbers of topics {many}, "
            f"{found.k} is the finest stable choice."
        )  # fmt: skip
    return f"No number of topics {many} is stable." if many else f"{found.k} topics are not stable."


def _differences(found: Topics, corpus: Corpus) -> str:
    sure, flagged = found.prevalence[found.prevalence["finding"]], _flagged(found)
    if len(sure):
        listed = "; ".join(_topic(row, corpus) for _, row in sure.iterrows())
        return (
            f"**The groups differ in the prevalence of {len(sure)} of {found.k} topics**: {listed}."
        )
    if flagged == found.k:
        return (
            "**No difference of topics is reported**, because every topic is flagged as a likely "
            "artefact of the sample."
        )
    if not found.stable:
        return "**No difference of topics is reported**, because the topics are not stable."
    some = f" {flagged} of {found.k} topics are flagged as likely artefacts." if flagged else ""
    return f"**No difference in the prevalence of topics is established.**{some}"


def _topic(row: pd.Series, corpus: Corpus) -> str:
    return (
        f"*{markdown(row['label'])}* ({_percent(row['share_target'])} of a unit in "
        f"{markdown(corpus.target.label)}, {_percent(row['share_reference'])} in "
        f"{markdown(corpus.reference.label)}; difference {_points(row)} points; family-wise "
        f"{p_value(row['p_family'], named=True)}; refits "
        f"{interval(100 * row['refit_low'], 100 * row['refit_high'], 0)})"
    )


def _points(row: pd.Series) -> str:
    whole = interval(100 * row["ci_low"], 100 * row["ci_high"], 0)
    return f"{number(100 * row['estimate'], 0)}, 95 % interval {whole}"


def _naive(found: Topics) -> str:
    table = found.prevalence
    claimed = table[table["p_family"] < LEVEL]
    wrong = claimed[~claimed["finding"]]
    if wrong.empty:
        return "No topic passes the family-wise 5 % level without being a finding."
    listed = "; ".join(
        f"*{markdown(row['label'])}* ({row['alarm'] or 'not held up by refits'}; "
        f"{_percent(row['sign_stability'])} of the refits agree on the direction)"
        for _, row in wrong.iterrows()
    )
    return (
        f"A model fitted once, and its topics tested, would have claimed {len(claimed)} "
        f"difference{'' if len(claimed) == 1 else 's'} at the family-wise 5 % level. Not "
        f"reported here: {listed}."
    )


def _chosen(found: Topics) -> pd.Series:
    table = found.stability
    row: pd.Series = table[table["chosen"] & (table["kind"] == "resample")].iloc[0]
    return row


def _flagged(found: Topics) -> int:
    return int((found.prevalence["alarm"] != "").sum())


def _largest(table: pd.DataFrame, corpus: Corpus) -> str:
    row = table.loc[table["estimate"].abs().sort_values(kind="stable").index[-1]]
    return (
        f"The largest is {row['label']}: {_percent(row['share_target'])} in {corpus.target.label}, "
        f"{_percent(row['share_reference'])} in {corpus.reference.label}."
    )


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %"


def _runs(found: Topics) -> int:
    return int(found.stability["runs"].iloc[0])


def _model(found: Topics) -> str:
    return (
        f"Non-negative matrix factorisation of TF-IDF, {found.n_terms:,} terms that stand in at "
        "least two and at most half of the units."
    )


def _record(found: Topics, corpus: Corpus, **settings: object) -> dict[str, object]:
    made = {"model": "NMF of TF-IDF", "k": found.k, "terms": found.n_terms, "words": found.words}
    return record(corpus, seed=found.seed, **made, **settings)


def _ending(found: Topics, corpus: Corpus) -> str:
    return f"{sample(corpus, found.units, unit_name(corpus, found.words))} {guard(corpus)}"
