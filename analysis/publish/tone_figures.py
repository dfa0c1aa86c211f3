"""Figures and findings of the contrast of tone, as the notebook calls them."""

import math

import pandas as pd

from analysis.contrasts.sentiment import vader
from analysis.corpus import Corpus, Group
from analysis.counts import cut_units, unit_name
from analysis.publish import tone_plots as plots
from analysis.publish.captions import guard, record, sample
from analysis.publish.figure import Published, markdown, publish
from analysis.publish.prose import Prose
from analysis.publish.style import MM, SINGLE, canvas
from analysis.publish.tables import interval, number, p_value

LEVEL = 0.05


def distribution_figure(table: pd.DataFrame, contrast: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish the scores of each group's sentences, with the mass at exactly 0."""
    row = contrast.iloc[0]
    means = [row[f"mean_{group.role}"] for group in corpus.groups]
    figure, axes = canvas(SINGLE, 78 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_distribution(table, means, corpus.groups, axes)
    caption = (
        f"Scores of single sentences by {_engine()}; {_sentences(row, corpus)}. Bins are 0.2 wide; "
        "the dark bar holds the sentences scored exactly 0 (no word of theirs is scored, or scores "
        "cancel); the triangle is the mean. No interval: the figure describes the texts. "
        f"{guard(corpus)}"
    )
    zeros = [
        f"{_percent(row[f'share_zero_{g.role}'])} of {plots.name(g.label)}" for g in corpus.groups
    ]
    alt = (
        f"Histograms of sentence scores: {' and '.join(zeros)} score exactly 0; the means are "
        f"{' and '.join(number(mean) for mean in means)}."
    )
    return publish(
        figure, id="tone-distribution", table=table, caption=caption, alt=alt,
        record=record(corpus, lexicon=vader().provenance),
    )  # fmt: skip


def contrast_figure(table: pd.DataFrame, corpus: Corpus, *, seed: int = 0) -> Published | Prose:
    """Publish the difference of mean tone beside what chance and length allow."""
    row = table.iloc[0]
    if math.isnan(row["ci_low"]):
        return Prose(f"There is no contrast to draw: {_missing(row)}")
    figure, ax = canvas(SINGLE, 52 * MM)
    plots.plot_contrast(table, corpus.groups, ax)
    caption = (
        "Difference of mean sentence scores with its 95 % interval (cluster-robust Welch t over "
        "units); bars: what two texts of these lengths, both drawn from the units of one group, "
        "stay within in 95 % of draws; dotted: the detection floor, the true difference that "
        f"four of five such pairs of texts would show. {_ending(corpus, row)}"
    )
    names = [plots.name(group.label) for group in corpus.groups]
    alt = (
        f"{_difference(row, names)}; each text against itself: up to "
        f"{number(row['self_target'])} ({names[0]}) and {number(row['self_reference'])} "
        f"({names[1]}); true differences below {number(row['floor'])} are often missed."
    )
    return publish(
        figure, id="tone-contrast", table=table, caption=caption, alt=alt,
        record=record(corpus, seed=seed, lexicon=vader().provenance),
    )  # fmt: skip


def words_figure(table: pd.DataFrame, corpus: Corpus) -> Published | Prose:
    """Publish the words that move the contrast most."""
    if table.empty:
        return Prose("There are no words to draw: the lexicon knows none of these texts.")
    shown = table.head(plots.WORD_LIMIT)
    figure, ax = canvas(SINGLE, (24 + 4.4 * len(shown)) * MM)
    plots.plot_words(table, corpus.groups, ax)
    caption = (
        f"The {len(shown)} of {len(table):,} scored words that move the contrast most: valence × "
        f"(rate in {corpus.target.label} − rate in {corpus.reference.label}), rates per 1,000 "
        "tokens; beside each word its occurrences in either. ° marks words mostly written with a "
        "capital inside the sentence, as names are. This is the lexicon's part, before VADER's "
        f"rules for negation and emphasis; no interval. {_ending(corpus)}"
    )
    alt = (
        f"Lollipops of word contributions to the difference of tone; the largest come from "
        f"{', '.join(f'“{row.term}” ({number(row.contribution, 1)})' for row in _rows(shown, 4))}."
    )
    return publish(
        figure, id="tone-words", table=table, caption=caption, alt=alt,
        record=record(corpus, words_shown=len(shown), lexicon=vader().provenance),
    )  # fmt: skip


def trajectory_figure(table: pd.DataFrame, movement: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish the mean tone of each unit along each text."""
    figure, axes = canvas(SINGLE, 86 * MM, nrows=2, sharex=True, sharey=True)
    plots.plot_trajectory(table, corpus.groups, axes)
    caption = (
        "Mean score of the sentences of each unit, placed by its middle. Where a group is one "
        "text, or its units are whole documents (in the order of the corpus), grey shows the range "
        "that a unit's mean would keep to in 19 of 20 cases if the same sentences stood in random "
        f"order. {_ending(corpus)}"
    )
    outside = [
        f"{row.outside} of {row.units} in {plots.name(str(row.group))}"
        for row in movement.itertuples()
    ]
    alt = (
        "Two lines of mean tone per unit along the texts; units beyond the range of random order: "
        f"{' and '.join(outside)}."
    )
    return publish(
        figure, id="tone-trajectory", table=table, caption=caption, alt=alt,
        record=record(corpus, lexicon=vader().provenance),
    )  # fmt: skip


def tone_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how the groups differ in tone, and how much of it the texts can bear out."""
    row, names = table.iloc[0], [_label(group) for group in corpus.groups]
    if math.isnan(row["estimate"]):
        return Prose(f"**Nothing can be said about tone.** {markdown(row['note'])}")
    if math.isnan(row["ci_low"]):
        return Prose(f"{_difference(row, names)}. {_missing(row)}")
    parts = [
        f"**{_verdict(row, corpus)}** {_difference(row, names)}; permutation "
        f"{p_value(row['p_value'], named=True)}. {_agreement(row)}",
        f"{_against_itself(row, corpus)} {_beside_floor(row)}",
        "VADER was made for social media and knows words, not what they stand for: which words "
        "make the difference decides what it means.",
    ]
    return Prose("\n\n".join(parts))


def distribution_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how many sentences are scored at all, and what the mean of those is."""
    row = table.iloc[0]
    return Prose(" ".join(_scored(row, group) for group in corpus.groups))


def words_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say which words move the contrast, and how many of them may be names."""
    if table.empty:
        return Prose("The lexicon knows no word of these texts.")
    words = "; ".join(_word(row, corpus) for row in _rows(table, 5))
    total = table["contribution"].sum()
    first = (
        f"Word by word, before VADER's rules, the lexicon puts {_label(corpus.target)} "
        f"{number(abs(total), 1)} points of valence per 1,000 tokens "
        f"{'above' if total > 0 else 'below'} {_label(corpus.reference)}. What moves it most: "
        f"{words}."
    )
    return Prose(f"{first}\n\n{_names(table, total)}")


def trajectory_finding(movement: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say whether tone moves along the texts more than chance would have it."""
    rows = zip(corpus.groups, movement.itertuples(), strict=True)
    return Prose(" ".join(_moves(group, row) for group, row in rows))


def _verdict(row: pd.Series, corpus: Corpus) -> str:
    higher, lower = corpus.groups if row["estimate"] > 0 else corpus.groups[::-1]
    if row["ci_low"] > 0 or row["ci_high"] < 0:
        return f"By this lexicon {_label(higher)} reads as more positive than {_label(lower)}."
    return "These texts do not show which group reads as the more positive."


def _difference(row: pd.Series, names: list[str]) -> str:
    """Say the two means and their difference in one sentence, without its full stop."""
    spread = interval(row["ci_low"], row["ci_high"]) if not math.isnan(row["ci_low"]) else "none"
    return (
        f"On VADER's scale from −1 to 1 the mean sentence scores {number(row['mean_target'])} in "
        f"{names[0]} and {number(row['mean_reference'])} in {names[1]}: a "
        f"difference of {number(row['estimate'])}, 95 % interval {spread}"
    )


def _agreement(row: pd.Series) -> str:
    """Say what interval and permutation test together allow."""
    excludes = row["ci_low"] > 0 or row["ci_high"] < 0
    small = row["p_value"] < LEVEL
    if excludes and small:
        return "The interval leaves zero out, and the permutation of units agrees."
    if excludes:
        return (
            "The interval leaves zero out, but the permutation of units does not bear it out: "
            "take the difference as a hint."
        )
    if small:
        return (
            "The interval includes zero. The permutation test taken alone would call the "
            "difference significant, but it presumes that both groups vary alike; the interval "
            "does not, and the more careful of the two is followed here."
        )
    return "The interval includes zero: a true difference anywhere in it agrees with these texts."


def _against_itself(row: pd.Series, corpus: Corpus) -> str:
    size = abs(row["estimate"])
    spreads = [(row[f"self_{group.role}"], _label(group)) for group in corpus.groups]
    alone = " and ".join(f"{number(spread)} ({label} alone)" for spread, label in spreads)
    below = [label for spread, label in spreads if size <= spread]
    verdict = {
        0: "the difference found is larger than either",
        1: f"the difference found is no larger than what arises within {''.join(below[:1])} alone",
        2: "the difference found is no larger than either",
    }[len(below)]
    return (
        "Two texts of these lengths drawn from one and the same group differ, in 19 of 20 draws, "
        f"by no more than {alone}; {verdict}."
    )


def _beside_floor(row: pd.Series) -> str:
    floor = (
        f"four of five such pairs of texts would show a true difference of {number(row['floor'])}"
    )
    if abs(row["estimate"]) >= row["floor"]:
        return f"For scale, {floor}; the one found is no smaller than that."
    if row["ci_low"] > 0 or row["ci_high"] < 0:
        return (
            f"For scale, {floor}; the one found is smaller, and what is found below that mark "
            "tends to overstate the truth."
        )
    return (
        f"For scale, {floor}; smaller ones are often missed, so that finding none is no evidence "
        "of an equal tone."
    )


def _scored(row: pd.Series, group: Group) -> str:
    zero, mean = row[f"share_zero_{group.role}"], row[f"mean_{group.role}"]
    rest = f"; the other sentences average {number(mean / (1 - zero))}" if zero < 1 else ""
    return (
        f"The lexicon scores {_percent(row[f'coverage_{group.role}'], 1)} of the tokens of "
        f"{_label(group)} and leaves {_percent(zero)} of its sentences at exactly 0{rest}."
    )


def _word(row: pd.Series, corpus: Corpus) -> str:
    target, reference = (markdown(group.label) for group in corpus.groups)
    sign = "+" if row["valence"] > 0 else ""
    return (
        f"*{markdown(row['term'])}* (valence {sign}{number(row['valence'], 1)}; "
        f"{row['n_target']} times in {target}, {row['n_reference']} in {reference})"
    )


def _names(table: pd.DataFrame, total: float) -> str:
    """Say which leading words are mostly capitalised, and what the sum is without all such."""
    capital = 2 * table["n_capital"] >= table["n_target"] + table["n_reference"]
    leading = table[capital].index[table[capital].index < plots.WORD_LIMIT]
    if leading.empty:
        return "None of the leading words is mostly written with a capital, as names are."
    words = ", ".join(f"*{markdown(term)}*" for term in table.loc[leading, "term"])
    rest = table.loc[~capital, "contribution"].sum()
    return (
        f"Mostly written with a capital inside the sentence, as names are: {words}. Whoever reads "
        f"these as names should leave them out: without all such words the {number(total, 1)} "
        f"points become {number(rest, 1)}."
    )


def _moves(group: Group, row: tuple[object, ...]) -> str:
    _, _, units, outside, p = row
    if not isinstance(p, float) or math.isnan(p):
        return f"{_label(group)} is too short, or too even, to be followed along its length."
    moves = "moves more" if p < LEVEL else "does not move more"
    return (
        f"Along {_label(group)}, tone {moves} than the same sentences in random order would "
        f"({p_value(p, named=True)}; {outside} of {units} units lie beyond the range that keeps 19 "
        "of 20 under random order)."
    )


def _label(group: Group) -> str:
    return markdown(group.label)


def _missing(row: pd.Series) -> str:
    return row["note"] or "The units of each group do not vary in tone, so there is no interval."


def _percent(share: float, digits: int = 0) -> str:
    return f"{number(100 * share, digits)} %"


def _rows(table: pd.DataFrame, count: int) -> list[pd.Series]:
    return [row for _, row in table.head(count).iterrows()]


def _sentences(row: pd.Series, corpus: Corpus) -> str:
    return ", ".join(f"{g.label}: {row[f'n_{g.role}']:,} sentences" for g in corpus.groups)


def _engine() -> str:
    lexicon = vader()
    return f"{lexicon.name} ({lexicon.engine}, word list of {lexicon.version})"


def _ending(corpus: Corpus, row: pd.Series | None = None) -> str:
    counted = f"{_engine()}. " if row is None else f"{_engine()}; {_sentences(row, corpus)}. "
    return f"{counted}{sample(corpus, cut_units(corpus), unit_name(corpus))} {guard(corpus)}"
