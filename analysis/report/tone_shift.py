"""Word shift: the words that make the contrast of tone, as the notebook calls them."""

import pandas as pd

from analysis.report.figure import Published, publish
from analysis.report.prose import Prose, markdown
from analysis.report.style import MM, ONE_AND_HALF, canvas
from analysis.report.tables import interval, number
from analysis.report.tone_plots import key_below
from analysis.report.tone_shift_plots import (
    SIDES,
    is_capital,
    plot_shift,
    plot_sums,
    shift_key,
)
from analysis.report.tone_text import label, percent, scorer, signed, sources, tone_record
from analysis.text import Corpus

WORD_LIMIT = 16


def shift_figure(table: pd.DataFrame, contrast: pd.DataFrame, corpus: Corpus) -> Published | Prose:
    """Publish the words that make the contrast, each split into frequency and score.

    Parameters
    ----------
    table : as from ``word_shift``
    contrast : as from ``sentiment``; its first row is what the words add up to
    corpus : the two groups
    """
    if unknown(table):
        return Prose("There are no words to compare: the lexicons score none of one group's.")
    shown = table.head(WORD_LIMIT)
    heights = [6, len(shown)]
    figure, axes = canvas(
        ONE_AND_HALF, (58 + 4.6 * len(shown)) * MM, nrows=2, height_ratios=heights
    )
    plot_sums(table, contrast.iloc[0], axes[0])
    plot_shift(shown, corpus.groups, axes[1])
    key_below(figure, shift_key(), 2)
    total = table["contribution"].sum()
    caption = (
        f"Word shift (Gallagher et al. 2021). Above: the difference of mean tone, {number(total)}, "
        "as the sum over all scored words, with its 95 % interval over units, and the sums of its "
        "parts. "
        f"Below: the {len(shown)} of {len(table):,} words that give most of it. Full bars: the "
        "word is used more or less often; hatched: it is used otherwise (negated, stressed, in a "
        "longer sentence); points: both together, with 95 % cluster-robust t intervals over units. "
        "Before each word the sign of its score and whether the target uses it more (▲) or less "
        f"(▼) per sentence; behind it its occurrences in either group. ° marks words mostly "
        f"written with a capital inside the sentence. {scorer()} {sources(corpus)}"
    )
    parts = {column: table[column].sum() for column in SIDES}
    words = ", ".join(f"“{row.term}” ({signed(row.contribution)})" for row in _rows(shown, 4))
    alt = (
        f"Bars of word contributions to the difference of tone of {number(total)}: frequency gives "
        f"{number(parts['frequency_part'])} of it, use {number(parts['score_part'])}. The largest "
        f"come from {words}."
    )
    return publish(
        figure, id="tone-shift", table=table, caption=caption, alt=alt,
        record=tone_record(corpus, words_shown=len(shown)),
    )  # fmt: skip


def shift_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say which words make the contrast, in what way, and how surely."""
    if unknown(table):
        return Prose("Words that the lexicons do not know cannot explain a difference of tone.")
    total, parts = table["contribution"].sum(), {c: table[c].sum() for c in SIDES}
    sure = int((table["ci_low"] * table["ci_high"] > 0).sum())
    leading = table.head(WORD_LIMIT)
    first = "; ".join(_word(row, corpus) for row in _rows(table, 5))
    return Prose(
        f"The contributions of {len(table):,} words add up to the difference of {number(total)}, "
        f"with nothing left over: {signed(parts['frequency_part'])} because words are used more or "
        f"less often, {signed(parts['score_part'])} because they are used otherwise. The "
        f"{len(leading)} largest make up {percent(leading['share'].sum())} of all that words add "
        f"or take away. What moves it most: {first}."
        f"\n\nThe intervals of {sure} of {len(table):,} single words leave zero out; "
        f"where no word differs, about one in twenty may. {_capitals(table)}"
    )


def unknown(table: pd.DataFrame) -> bool:
    """Tell whether a group holds no word that the lexicons score."""
    return table.empty or bool((table[["n_target", "n_reference"]].sum() == 0).any())


def _capitals(table: pd.DataFrame) -> str:
    """Say which leading words are mostly capitalised, though names are masked."""
    words = [row["term"] for row in _rows(table, WORD_LIMIT) if is_capital(row)]
    if not words:
        return "None of the leading words is mostly written with a capital, as names are."
    listed = ", ".join(f"*{markdown(word)}*" for word in words)
    return f"Mostly written with a capital inside the sentence, yet no name to the rules: {listed}."


def _word(row: pd.Series, corpus: Corpus) -> str:
    target, reference = (label(group) for group in corpus.groups)
    spread = interval(row["ci_low"], row["ci_high"]) if row["ci_low"] == row["ci_low"] else "none"
    return (
        f"*{markdown(row['term'])}* ({signed(row['contribution'])}, {spread}; "
        f"{row['n_target']} times in {target}, {row['n_reference']} in {reference})"
    )


def _rows(table: pd.DataFrame, count: int) -> list[pd.Series]:
    return [row for _, row in table.head(count).iterrows()]
