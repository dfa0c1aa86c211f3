"""Words that figures, tables and findings about tone share."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.numbers import steady
from analysis.report.captions import guard, record, sample
from analysis.report.prose import markdown
from analysis.report.tables import DASH, number
from analysis.report.tone_readings import RATERS
from analysis.text import Corpus, Group, cut_units, unit_name
from analysis.text.units import UNIT_TOKENS
from analysis.tone import scorers, vader
from analysis.tone.calibration import load_calibration
from analysis.tone.sentences import unit_length

LEVEL = 0.05
NAMES = {"combined": "Combined"}
MODEL = (
    "The interval is for the difference that human raters would find: other sentences might have "
    "stood there (cluster-robust t over units), and raters might have judged these otherwise (what "
    "the calibration misses in rated editorials)."
)


def name(label: str, width: int = 22) -> str:
    """Shorten a group's label to what a figure has room for.

    >>> name("2018"), name("a-folder-with-a-rather-long-name")
    ('2018', 'a-folder-with-a-rathe…')
    """
    return label if len(label) <= width else f"{label[: width - 1]}…"


def row_of(table: pd.DataFrame, column: str, value: str) -> pd.Series:
    """Return the row of a table in which a column has a value."""
    return table[table[column] == value].iloc[0]


def label(group: Group) -> str:
    """Return a group's label as Markdown."""
    return markdown(group.label)


def percent(share: float, digits: int = 0) -> str:
    """Write a share as a percentage.

    >>> percent(0.247)
    '25 %'
    """
    return f"{number(100 * share, digits)} %" if share == share else DASH


def listing(items: Sequence[str]) -> str:
    """Join items as a sentence does.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def signed(value: float, digits: int = 2) -> str:
    """Write a number with its sign, 0 without.

    >>> signed(0.5), signed(-0.5), signed(0.001)
    ('+0.50', '−0.50', '0.00')
    """
    return f"{'+' if round(steady(value), digits) > 0 else ''}{number(value, digits)}"


def lexicon_name(shown: str) -> str:
    """Return a lexicon's name as figures and tables have it."""
    return NAMES.get(shown, shown)


def scorer() -> str:
    """Say what the headline tone is."""
    parts = [own.name for own in scorers() if own.column in load_calibration().parts]
    return (
        f"Tone: {listing(parts)}, standardised, in equal weights, names masked, calibrated to "
        f"{RATERS}."
    )


def engine() -> str:
    """Say which VADER this is."""
    lexicon = vader()
    return f"{lexicon.name} ({lexicon.engine}, word list of {lexicon.version})"


def sentences(row: pd.Series, corpus: Corpus) -> str:
    """Say how many sentences each group has."""
    return ", ".join(f"{g.label}: {row[f'n_{g.role}']:,} sentences" for g in corpus.groups)


def sources(corpus: Corpus, words: int | None = None) -> str:
    """Say what units there are, and what the design cannot tell.

    Parameters
    ----------
    corpus : the two groups
    words : aimed length of a unit; that of contrasts of tone if left out (``unit_length``)
    """
    length = unit_length(corpus, UNIT_TOKENS) if words is None else words
    units = cut_units(corpus, unit_tokens=length)
    return f"{sample(corpus, units, unit_name(corpus, length))} {guard(corpus)}"


def tone_record(corpus: Corpus, *, seed: int | None = None, **settings: Any) -> dict[str, Any]:
    """Return a figure's record: texts, word lists with their sums, and the calibration's size."""
    lists = {own.column: {"version": own.version, "sha256": own.sha256} for own in scorers()}
    known = load_calibration()
    fitted = {"articles": known.articles, "sentences": known.sentences, "parts": list(known.parts)}
    return record(corpus, seed=seed, lexicons=lists, calibration=fitted, **settings)
