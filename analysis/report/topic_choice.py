"""How the number of topics was chosen: figures, a table and the recommendation."""

from collections.abc import Callable

import pandas as pd

from analysis.numbers import steady
from analysis.report.figure import Published, publish
from analysis.report.prose import Prose, markdown
from analysis.report.style import DOUBLE, MM, ONE_AND_HALF, canvas
from analysis.report.tables import DASH, Shown, number, show
from analysis.report.topic_choice_plots import Criterion, add_key, plot_choice, plot_stability
from analysis.report.topic_text import (
    chosen,
    ending,
    of_ten,
    percent,
    topic_record,
    tried,
    verdict,
)
from analysis.result import Result
from analysis.text import Corpus
from analysis.topicmodels.choice import RECURS, TOP

SHUFFLED = (
    "Dashed: the same for units to which every term's occurrences were dealt out at random, which "
    "hold no topics."
)


def choice_figure(found: Result, corpus: Corpus) -> Published:
    """Publish the evidence on the number of topics, one panel a question, better is up."""
    figure, axes = canvas(DOUBLE, 70 * MM, ncols=4)
    values, asked = _values(found.parts["quality"]), _criteria(found)
    plot_choice(values, asked, axes)
    add_key(figure, 4)
    caption = (
        "Four questions asked of every number of topics; up is better in each, and the answer "
        "below a question is for the number that is ringed and used below. Only the first decides. "
        f"From the left: how many of a topic's {TOP} top terms come back when the model is "
        "refitted to resampled units; how far these terms stand in the same units (NPMI, 1 always, "
        "0 as by chance); which share of their use is of this topic; how much smaller the error "
        "is in foretelling words of left-out units than with a single topic for all. Dotted: half "
        "of the top terms; no gain over a single topic. "
        f"{SHUFFLED} Means over refits or tables, no interval. {ending(found, corpus)}"
    )
    row = chosen(found)
    alt = (
        f"Four small line plots against the number of topics. {verdict(found)} With "
        f"{found.facts['k']}, {of_ten(row['agreement'])} top terms come back (shuffled units "
        f"{of_ten(row['chance'])}), "
        f"coherence is {number(row['coherence'])} ({number(row['coherence_chance'])}), exclusivity "
        f"{percent(row['exclusivity'])} ({percent(row['exclusivity_chance'])}), and "
        f"{_saved(row['heldout'])} on unseen words."
    )
    return publish(
        figure, id="topics-choice", table=found.parts["quality"], caption=caption, alt=alt,
        record=topic_record(found, corpus, top_terms=TOP, needed=RECURS),
    )  # fmt: skip


def stability_figure(found: Result, corpus: Corpus) -> Published:
    """Publish agreement against the number of topics, beside that of shuffled units."""
    figure, axes = canvas(ONE_AND_HALF, 74 * MM, ncols=2, sharey=True)
    plot_stability(found.parts["stability"], axes, RECURS)
    add_key(figure, 2)
    caption = (
        f"Share of a topic's {TOP} top terms that come back when the model is refitted, topics "
        "matched one to one and averaged. Left: the same units, other random starts. Right: units "
        f"drawn anew with replacement within each group. {_runs(found)} refits a point; shaded, 5 "
        f"to 95 % of them. {SHUFFLED} Dotted: half of the top terms. Ringed: the number used "
        f"below. {ending(found, corpus)}"
    )
    starts, units = (_agreement(found, kind) for kind in ("seed", "resample"))
    alt = (
        f"Two line plots of topic stability. {verdict(found)} With {found.facts['k']} topics, "
        f"{percent(starts['agreement'])} of the top terms come back from other starts (shuffled "
        f"units: {percent(starts['chance'])}), {percent(units['agreement'])} from resampled units "
        f"({percent(units['chance'])})."
    )
    return publish(
        figure, id="topics-stability", table=found.parts["stability"], caption=caption, alt=alt,
        record=topic_record(found, corpus, top_terms=TOP, needed=RECURS),
    )  # fmt: skip


def choice_finding(found: Result) -> Prose:
    """Say which number of topics is recommended, or that none is, and which is used."""
    return Prose(f"{markdown(recommendation(found.parts['quality']))}{_used(found)}")


def recommendation(quality: pd.DataFrame) -> str:
    """Say which number of topics the evidence speaks for, or that it speaks for none.

    Parameters
    ----------
    quality : as from ``measure_quality``
    """
    row = quality[quality["chosen"]].iloc[0]
    few, many = quality["k"].min(), quality["k"].max()
    tried = f"from {few} to {many}" if few < many else f"{few}"
    if not quality["stable"].any():
        reasons = " and ".join(sorted({str(verdict) for verdict in quality["verdict"]}))
        return (
            f"No number of topics is stable (tried: {tried}), because {reasons}. {_measures(row)}"
        )
    return (
        f"{row['k']} topics (tried: {tried}): of the stable numbers the one with which most topics "
        f"come back, {row['recurring']}; on average with {steady(row['agreement']):.0%} of the top "
        f"terms. {_measures(row)}"
    )


def choice_table(found: Result) -> Shown:
    """Show the evidence on every number of topics, each measure beside that of shuffled units."""
    headings = {
        "k": "topics",
        "agreement": f"terms that recur, of {TOP}",
        "chance_high": "shuffled, 95 % of refits",
        "recurring": "topics that recur",
        "coherence": "coherence",
        "coherence_chance": "shuffled",
        "exclusivity": "exclusivity",
        "exclusivity_chance": "shuffled",
        "heldout": "error on unseen words",
        "heldout_chance": "shuffled",
        "verdict": "verdict",
    }
    digits = dict.fromkeys(headings, 2) | {"heldout": 3, "heldout_chance": 3}
    digits |= {"agreement": 1, "chance_high": 1}
    table = found.parts["quality"].assign(
        **{column: TOP * found.parts["quality"][column] for column in ("agreement", "chance_high")}
    )
    return show(table, columns=headings, digits=digits)


def _measures(row: pd.Series) -> str:
    """Say what the other measures show, each beside its value for shuffled units."""
    return (
        f"Beside it, {row['k']} topics against shuffled units: coherence {row['coherence']:.2f} "
        f"({row['coherence_chance']:.2f}), exclusivity {row['exclusivity']:.2f} "
        f"({row['exclusivity_chance']:.2f}), error on left-out words, relative to a single topic, "
        f"{row['heldout']:.2f} ({row['heldout_chance']:.2f})."
    )


def _used(found: Result) -> str:
    if found.facts["stable"]:
        return ""
    if not tried(found):
        return f" It is used below because {found.facts['k']} topics were asked for."
    return (
        f" Where nothing recommends a number, the middle one of those tried, {found.facts['k']}, "
        "is used below by mere convention."
    )


def _values(quality: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria so that more is better, each with its value for shuffled units."""
    return quality.assign(
        agreement=TOP * quality["agreement"],
        agreement_chance=TOP * quality["chance"],
        exclusivity=100 * quality["exclusivity"],
        exclusivity_chance=100 * quality["exclusivity_chance"],
        gain=100 * (1 - quality["heldout"]),
        gain_chance=100 * (1 - quality["heldout_chance"]),
    )


def _criteria(found: Result) -> dict[str, Criterion]:
    row = chosen(found)
    return {
        "agreement": Criterion(
            "Do the topics come back?\n(this decides)",
            f"top terms that recur, of {TOP}",
            f"{'Yes' if found.facts['stable'] else 'No'}: {of_ten(row['agreement'])} top terms,\n"
            f"shuffled units {number(TOP * row['chance'], 1)}",
            RECURS * TOP,
            (0, TOP),
        ),
        "coherence": Criterion(
            "Do a topic's words\nkeep company?",
            "coherence (NPMI)",
            _beside(row, "coherence", number),
        ),
        "exclusivity": Criterion(
            "Are its words\nits own?",
            "exclusivity (%)",
            _beside(row, "exclusivity", percent),
        ),
        "gain": Criterion(
            "Do topics foretell\nunseen words?",
            "error saved (%)",
            _foretold(row),
            0,
        ),
    }


def _beside(row: pd.Series, measure: str, written: Callable[[float], str]) -> str:
    """Set a measure against that of shuffled units; equal as printed is no better."""
    own, shuffled = (written(row[column]) for column in (measure, f"{measure}_chance"))
    better = row[measure] > row[f"{measure}_chance"] and own != shuffled
    return f"{'Better' if better else 'No better'} than shuffled:\n{own} against {shuffled}"


def _foretold(row: pd.Series) -> str:
    if row["heldout"] != row["heldout"]:
        return f"Not defined: {DASH}"
    answer = "Yes" if row["heldout"] < min(1, row["heldout_chance"]) else "No"
    own, shuffled = (_error(row[column]) for column in ("heldout", "heldout_chance"))
    return f"{answer}: {own} error,\nshuffled units {shuffled}"


def _error(relative: float) -> str:
    """Say how an error compares with that of a single topic.

    >>> _error(1.003), _error(0.96)
    ('0.3 % more', '4.0 % less')
    """
    return f"{number(abs(100 * (1 - relative)), 1)} % {'less' if relative < 1 else 'more'}"


def _saved(relative: float) -> str:
    if relative != relative:
        return "nothing is known of the error"
    return f"the error is {_error(relative)} than a single topic's"


def _agreement(found: Result, kind: str) -> pd.Series:
    table = found.parts["stability"]
    row: pd.Series = table[table["chosen"] & (table["kind"] == kind)].iloc[0]
    return row


def _runs(found: Result) -> int:
    return int(found.parts["stability"]["runs"].iloc[0])
