"""Figures of the keyword contrast, as the notebook calls them."""

import pandas as pd

from analysis.keywords.table import PRIOR_TOKENS
from analysis.numbers import largest
from analysis.report import keywords_plots as plots
from analysis.report import scatter_plots as scatter
from analysis.report.captions import ending
from analysis.report.concordance_tables import all_occurrences
from analysis.report.figure import Published, publish
from analysis.report.keywords_tables import LEVEL, limits, misread, strongest, with_limits
from analysis.report.style import DOUBLE, MM, ONE_AND_HALF, SINGLE, canvas
from analysis.result import Result
from analysis.text import Corpus
from analysis.text.concordance import occurrences

OFTEN = 5  # occurrences below which a dispersion says nothing
OCCURRENCES = "keywords-concordance"  # the file that holds every line of every term
BAND = (
    "Grey: what a group's text, set against itself, stays under in 95 % of draws (median of the "
    "terms of about that frequency, the larger of both groups)."
)
FLOOR = (
    "Beyond the curve (detection floor) a difference in a term of this frequency could be expected "
    "to be found; where there is no curve, none could, or only one beyond the axis."
)
SHARED = "The area of a mark grows with the number of terms that share it."


def ranked_figure(terms: Result, count: int = 10) -> Published:
    """Publish the strongest keywords of each side with their intervals."""
    table, corpus = strongest(terms.table, count), terms.corpus
    figure, ax = canvas(ONE_AND_HALF, (22 + 5.2 * len(table)) * MM)
    plots.plot_ranked(table, corpus.groups, ax)
    caption = (
        "Keywords with the highest scores (evidence and evenness) on either side: "
        f"{plots.reading(corpus)} {limits(terms, 'term')} {ending(terms)}"
    )
    return publish(
        figure, terms, id="keywords-ranked", table=table, caption=caption,
        alt=_ranked_alt(terms.table, corpus), shown={"ranked_by": "score", "per_side": count},
    )  # fmt: skip


def funnel_figure(terms: Result, z: Result) -> Published:
    """Publish log ratio, and log-odds with a Dirichlet prior, against frequency.

    Parameters
    ----------
    terms, z : as from ``keyness``, and from ``log_odds_limits`` of it
    """
    table, odds, corpus = terms.table, z.table, terms.corpus
    figure, axes = canvas(DOUBLE, 150 * MM, nrows=2, sharex=True)
    panels = {"log_ratio": table, "log_odds_z": odds.assign(score=table["score"])}
    titles = ("log ratio", "z of log-odds ratio")
    for ax, title, (column, panel) in zip(axes, titles, panels.items(), strict=True):
        scatter.plot_funnel(panel, corpus.groups, ax, column=column)
        ax.set_ylabel(title)
    axes[1].set_xlabel("occurrences in both groups together")
    scatter.add_key(figure, corpus.groups, normal=True)
    beyond = odds["log_odds_z"].abs()
    chance = odds[["self_target", "self_reference"]].max(axis=1)
    caption = (
        "Every term against its frequency: above its log ratio, below the z-score of "
        "its log-odds ratio with an informative Dirichlet prior (500 tokens, spread as in both "
        f"groups together). {SHARED} {BAND} Dotted: ±1.96, which takes every token as "
        f"independent; {(beyond > scatter.NORMAL).sum()} terms lie beyond it, and "
        f"{(chance > scatter.NORMAL).sum()} terms get beyond it in more than one draw of twenty "
        f"when a group is set against itself. {FLOOR} {limits(terms, 'term')} "
        f"{ending(terms)}"
    )
    alt = (
        f"Two scatters of {len(table):,} terms against frequency: the log ratio fans out to both "
        f"sides where terms are rare; of the z-scores, {(beyond > scatter.NORMAL).sum()} are over "
        f"1.96 in size, the largest that of “{odds['term'].iloc[largest(beyond)]}”; "
        f"{int((table['p_family'] < LEVEL).sum())} terms pass the family-wise 5 % level."
    )
    limits_of_z = odds.drop(columns=["term", "n_target", "n_reference", "log_odds_z"])
    rows = pd.concat([table, limits_of_z.add_prefix("log_odds_")], axis=1)
    return publish(
        figure, [terms, z], id="keywords-funnel", table=rows, caption=caption, alt=alt,
        shown={"power": 0.8, "family_wise_level": LEVEL, "prior_tokens": PRIOR_TOKENS},
    )  # fmt: skip


def rates_figure(terms: Result) -> Published:
    """Publish the rate in one group against the rate in the other."""
    table, corpus = terms.table, terms.corpus
    figure, ax = canvas(ONE_AND_HALF, 108 * MM)
    scatter.plot_rates(table, corpus.groups, ax)
    scatter.add_key(figure, corpus.groups)
    shared = ((table["n_target"] > 0) & (table["n_reference"] > 0)).sum()
    caption = (
        f"Rate of every term in {corpus.target.label} against its rate in "
        f"{corpus.reference.label}, on logarithmic scales; terms that a group lacks stand at 0. "
        f"On the line both rates are equal. {SHARED} {BAND} {FLOOR} "
        f"{limits(terms, 'term')} {ending(terms)}"
    )
    alt = (
        f"Scatter of term rates in both groups: {shared:,} of {len(table):,} terms occur in both; "
        "the rest lie on the two zero rims, most of them rare."
    )
    return publish(
        figure, terms, id="keywords-rates", table=table, caption=caption, alt=alt
    )  # fmt: skip


def naive_figure(terms: Result) -> Published:
    """Publish the textbook p of G² against that of the count test."""
    table = terms.table
    figure, ax = canvas(SINGLE, 80 * MM)
    scatter.plot_naive(table, ax)
    claimed, wrong = int((table["g2_p"] < LEVEL).sum()), len(misread(table))
    caption = (
        "The p-value that a keyness tool prints for G² against that of the count test, which "
        "allows for bursts. Grey: terms called significant at .05 by the first and not by the "
        "second; the area of a mark grows with the number of terms that share it. "
        f"{limits(terms, 'term')} {ending(terms)}"
    )
    alt = (
        f"Scatter of two p-values per term: of {claimed} terms that G squared calls significant at "
        f"the 5 % level, {wrong} are not significant once bursts are allowed for."
    )
    columns = [
        "term", "n_target", "n_reference", "g2", "g2_p", "fisher_p", "p_value", "p_family",
        "log_ratio", "self_target", "self_reference", "floor_target", "floor_reference",
    ]  # fmt: skip
    return publish(
        figure, terms, id="keywords-naive", table=table[columns], caption=caption, alt=alt,
        shown={"level": LEVEL},
    )  # fmt: skip


def dispersion_figure(terms: Result, count: int = 8) -> Published:
    """Publish where in each group's texts the strongest keywords fall, and beside it every line."""
    table, corpus = terms.table, terms.corpus
    named = list(strongest(table, count)["term"])
    places = _along(corpus, occurrences(corpus, named))
    figure, axes = canvas(DOUBLE, (20 + 4.2 * len(named)) * MM, ncols=2, sharey=True)
    plots.plot_dispersion(places, named, corpus.groups, axes)
    lines, held = all_occurrences(corpus, table)
    caption = (
        "Where the strongest keywords fall: each stroke is one occurrence, placed by the share of "
        "the group's tokens before it (documents in the order of the corpus). A term "
        f"whose strokes stand in one clump is a matter of one passage. {held}, are in "
        f"{OCCURRENCES}.csv. {limits(terms, 'term')} {ending(terms)}"
    )
    alt = (
        f"Lexical dispersion of {len(named)} keywords along the texts of {corpus.target.label} and "
        f"{corpus.reference.label}; {_clumped(table, named)}"
    )
    return publish(
        figure, terms, id="keywords-dispersion", table=places, caption=caption, alt=alt,
        shown={"per_side": count}, companions={OCCURRENCES: lines},
    )  # fmt: skip


def _ranked_alt(table: pd.DataFrame, corpus: Corpus) -> str:
    top = strongest(table, 3)
    sides = top[top["score"] > 0], top[top["score"] < 0][::-1]
    ends = [", ".join(part["term"]) or "none" for part in sides]
    sure = int((table["p_family"] < LEVEL).sum())
    shown = with_limits(strongest(table))
    inside = int((shown["log_ratio"].abs() <= shown["itself"]).sum())
    return (
        f"Keywords with intervals: {ends[0]} lead for {corpus.target.label}, {ends[1]} for "
        f"{corpus.reference.label}; {sure} of {len(table):,} terms pass the family-wise 5 % "
        f"level, and {inside} of the {len(shown)} shown differ no more than a text from itself."
    )


def _clumped(table: pd.DataFrame, terms: list[str]) -> str:
    often = table["n_target"] + table["n_reference"] >= OFTEN
    own = table[table["term"].isin(terms) & often]
    if own.empty:
        return "all of them are rare."
    uneven = own[["dispersion_target", "dispersion_reference"]].max(axis=1)
    return f"the least evenly spread is “{own['term'].iloc[largest(uneven)]}”."


def _along(corpus: Corpus, places: pd.DataFrame) -> pd.DataFrame:
    """Turn positions within documents into positions along all documents of a group."""
    start, share = {}, {}
    counts = pd.Series(corpus.sentence_tokens)
    tokens = counts.groupby(corpus.sentences["document"]).sum()
    for group in corpus.groups:
        own = [d for d in corpus.documents if d.group == group.label]
        sizes = [tokens[document.id] for document in own]
        total, before = sum(sizes), 0
        for document, size in zip(own, sizes, strict=True):
            start[document.id], share[document.id] = before / total, size / total
            before += size
    position = places["document"].map(start) + places["position"] * places["document"].map(share)
    return places[["document", "group", "term"]].assign(position=position)
