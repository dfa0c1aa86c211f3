"""Findings about tone: sentences rendered from results, true for any two groups."""

import math

import pandas as pd

from analysis.corpus import Corpus, Group
from analysis.publish.figure import markdown
from analysis.publish.prose import Prose
from analysis.publish.tables import interval, number, p_value
from analysis.publish.tone_plots import WORD_LIMIT

LEVEL = 0.05


def tone_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how the groups differ in tone, and how much of it the texts can bear out."""
    row, names = table.iloc[0], [_label(group) for group in corpus.groups]
    if math.isnan(row["estimate"]):
        return Prose(f"**Nothing can be said about tone.** {markdown(row['note'])}")
    if math.isnan(row["ci_low"]):
        return Prose(f"{difference(row, names)}. {missing(row)}")
    parts = [
        f"**{_verdict(row, corpus)}** {difference(row, names)}; permutation "
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
    if unknown(table):
        return Prose("Words that the lexicon does not know cannot explain a difference of tone.")
    words = "; ".join(_word(row, corpus) for row in _rows(table, 5))
    total = table["contribution"].sum()
    first = (
        f"Word by word, before VADER's rules, the lexicon finds {number(abs(total), 1)} points of "
        f"valence per 1,000 tokens {'more' if total > 0 else 'less'} in {_label(corpus.target)} "
        f"than in {_label(corpus.reference)}. What moves it most: "
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


def difference(row: pd.Series, names: list[str]) -> str:
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
            "difference significant; where the two disagree, the more careful one is followed."
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
        f"The lexicon scores {percent(row[f'coverage_{group.role}'], 1)} of the tokens of "
        f"{_label(group)} and leaves {percent(zero)} of its sentences at exactly 0{rest}."
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
    leading = table[capital].index[table[capital].index < WORD_LIMIT]
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
    moves = "move further than" if p < LEVEL else "stay within what"
    give = "would" if p < LEVEL else "give"
    return (
        f"Along {_label(group)}, the ups and downs of tone {moves} the same sentences in random "
        f"order {give} ({p_value(p, named=True)}; units beyond their range: {outside} of {units}, "
        "where random order puts one in twenty)."
    )


def _label(group: Group) -> str:
    return markdown(group.label)


def missing(row: pd.Series) -> str:
    """Say why there is no interval."""
    return row["note"] or "The units of each group do not vary in tone, so there is no interval."


def unknown(table: pd.DataFrame) -> bool:
    """Tell whether a group holds no word that the lexicon scores."""
    return bool((table[["n_target", "n_reference"]].sum() == 0).any())


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage.

    >>> percent(0.247)
    '25 %'
    """
    return f"{number(100 * share, digits)} %"


def _rows(table: pd.DataFrame, count: int) -> list[pd.Series]:
    return [row for _, row in table.head(count).iterrows()]
