"""Findings about tone: sentences rendered from results, true for any two groups."""

import math

import pandas as pd

from analysis.report.prose import Prose, markdown
from analysis.report.tables import interval, number, p_value
from analysis.report.tone_readings import RATERS, find_reading
from analysis.report.tone_text import LEVEL, label, lexicon_name, percent, signed
from analysis.text import Corpus, Group


def tone_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how the groups differ in tone, and how much of it the texts can bear out.

    Parameters
    ----------
    table : as from ``sentiment``
    corpus : the two groups
    """
    row, names = table.iloc[0], [label(group) for group in corpus.groups]
    if math.isnan(row["estimate"]):
        return Prose(f"**Nothing can be said about tone.** {markdown(row['note'])}")
    warning = [f"**Mind the language.** {markdown(row['note'])}"] if row["note"] else []
    if still(row):
        return Prose("\n\n".join([*warning, f"{difference(row, names)}. {missing(row)}"]))
    parts = [
        f"**{_verdict(row, corpus)}** {difference(row, names)}, for what human raters would find; "
        f"permutation {p_value(row['p_value'], named=True)}. {_agreement(row)}",
        f"{_naive(table, corpus)} {signs(table)}",
        f"{_against_itself(row, corpus)} {_beside_floor(row)}",
    ]
    return Prose("\n\n".join([*warning, *parts]))


def distribution_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how many sentences VADER scores at all, and what the mean of those is."""
    row = find_reading(table, "vader", masked=False, calibrated=False)
    return Prose(" ".join(_scored(row, group) for group in corpus.groups))


def trajectory_finding(movement: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say whether tone moves along the texts more than chance would have it."""
    rows = zip(corpus.groups, movement.itertuples(), strict=True)
    return Prose(" ".join(_moves(group, row) for group, row in rows))


def names_finding(names: pd.DataFrame, table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say how many names are masked, and what that does to the contrast.

    Parameters
    ----------
    names : as from ``masked_names``
    table : as from ``sentiment``
    corpus : the two groups
    """
    if names.empty:
        return Prose("No name was found in these texts, so that masking changes nothing.")
    hidden = int((names["hides"] != "").sum())
    first = (
        f"{len(names):,} names and titles are masked in {len(corpus.sentences):,} sentences; "
        f"{hidden:,} of them hold a word that a lexicon would have scored."
    )
    rows = [_effect(table, column) for column in ("vader", "combined")]
    return Prose(f"{first} {' '.join(filter(None, rows))}")


def signs(table: pd.DataFrame) -> str:
    """Say how many ways of scoring agree on the sign of the difference."""
    ways = table[table["calibrated"]].dropna(subset="estimate")
    sign = ways["estimate"].iloc[0]
    same = int((ways["estimate"] * sign > 0).sum())
    units, whole = (_apart(ways, of, sign) for of in ("units", "ci"))
    return (
        f"Of the {len(ways)} ways to score these sentences (each lexicon and the combination, "
        f"names masked or not), {same} give the difference this sign. The interval leaves zero out "
        f"in {units} if it knows of other sentences only, and in {whole} if it knows of what "
        "raters may think, too."
    )


def difference(row: pd.Series, names: list[str]) -> str:
    """Say the two means and their difference in one sentence, without its full stop."""
    spread = "none" if still(row) else interval(row["ci_low"], row["ci_high"])
    return (
        f"In {RATERS}, the mean sentence is at {number(row['mean_target'])} in {names[0]} and "
        f"{number(row['mean_reference'])} in {names[1]}: a difference of "
        f"{number(row['estimate'])}, 95 % interval {spread}"
    )


def still(row: pd.Series) -> bool:
    """Tell whether there is no interval, because no unit varies or nothing is scored."""
    return math.isnan(row["units_low"]) or math.isnan(row["p_value"])


def missing(row: pd.Series) -> str:
    """Say why there is no interval."""
    if math.isnan(row["estimate"]):
        return str(row["note"])
    return "The units of each group do not vary in tone, so there is no interval."


def _apart(ways: pd.DataFrame, interval: str, sign: float) -> str:
    """Count the intervals that leave zero out, and tell those on the other side."""
    low, high = ways[f"{interval}_low"], ways[f"{interval}_high"]
    sides = ((low > 0).sum(), (high < 0).sum())
    ours, others = sides if sign > 0 else sides[::-1]
    return f"{ours + others}{f' ({others} of the other sign)' if others else ''}"


def _verdict(row: pd.Series, corpus: Corpus) -> str:
    higher, lower = corpus.groups if row["estimate"] > 0 else corpus.groups[::-1]
    if row["ci_low"] > 0 or row["ci_high"] < 0:
        return f"By its words {label(higher)} reads as more positive than {label(lower)}."
    return "These texts do not show which group reads as the more positive."


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
            "The interval includes zero. The permutation test taken alone, which does not ask what "
            "raters would say, would call the difference significant; where the two disagree, the "
            "more careful one is followed."
        )
    return "The interval includes zero: a true difference anywhere in it agrees with these texts."


def _naive(table: pd.DataFrame, corpus: Corpus) -> str:
    """Say what a reader would have had without any of this."""
    row = find_reading(table, "vader", masked=False, calibrated=False)
    if still(row):
        return ""
    return (
        f"VADER alone, names and all, puts the mean sentence at {number(row['mean_target'])} in "
        f"{label(corpus.target)} and {number(row['mean_reference'])} in {label(corpus.reference)} "
        f"on its own scale from −1 to 1: a difference of {number(row['estimate'])}, "
        f"{interval(row['ci_low'], row['ci_high'])}."
    )


def _against_itself(row: pd.Series, corpus: Corpus) -> str:
    size = abs(row["estimate"])
    spreads = [(row[f"self_{group.role}"], label(group)) for group in corpus.groups]
    alone = " and ".join(f"{number(spread)} ({text} alone)" for spread, text in spreads)
    below = [text for spread, text in spreads if size <= spread]
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
        f"VADER scores {percent(row[f'coverage_{group.role}'], 1)} of the tokens of "
        f"{label(group)} and leaves {percent(zero)} of its sentences at exactly 0{rest}."
    )


def _effect(table: pd.DataFrame, column: str) -> str:
    """Say what masking does to a lexicon's contrast on its own scale."""
    before, after = (
        find_reading(table, column, masked=masked, calibrated=False) for masked in (False, True)
    )
    if math.isnan(before["estimate"]) or math.isnan(after["estimate"]):
        return ""
    change = after["estimate"] - before["estimate"]
    return (
        f"{lexicon_name(before['lexicon'])}: the difference goes from "
        f"{number(before['estimate'])} to {number(after['estimate'])} ({signed(change, 3)})."
    )


def _moves(group: Group, row: tuple[object, ...]) -> str:
    units, outside, p = row[2:5]
    if not isinstance(p, float) or math.isnan(p):
        return f"{label(group)} is too short, or too even, to be followed along its length."
    moves = "move further than" if p < LEVEL else "stay within what"
    give = "would" if p < LEVEL else "give"
    return (
        f"Along {label(group)}, the ups and downs of tone {moves} the same sentences in random "
        f"order {give} ({p_value(p, named=True)}; units beyond their range: {outside} of {units}, "
        "where random order puts one in twenty)."
    )
