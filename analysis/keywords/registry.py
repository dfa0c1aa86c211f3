"""The registry of keyness measures: one entry a measure, from which all that shows it is made.

To add one, write its function in ``formulas`` (of the four numbers ``a, b, n1, n2``, or of counts
and sizes), and one entry here. It then is a column of ``measures``, with an interval and what
chance gives if it is an effect, a row of the table of one term in notebook 02, of the list in the
docstring of ``measures`` and of the README.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.weights import Floats
from analysis.keywords import formulas
from analysis.keywords.formulas import group_totals
from analysis.keywords.table import counted
from analysis.numbers import ordered
from analysis.result import Outcome, Result, analysis
from analysis.text import Counts

METHOD = (
    "textbook formulas on counts, every token taken as independent; intervals and self-contrasts "
    "of effects as of the log ratio, bursts allowed for"
)


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name : its column
    heading : its name for readers
    formula : in the symbols of ``formulas``
    function : of ``a, b, n1, n2``, or what ``reads`` says
    reference : author and year; the function's docstring has the rest
    test : whether it has a p-value by the chi-squared tail, ``<name>_p``
    effect : whether it says how large a difference is, growing with ``a`` where ``a + b`` is given;
        it then has an interval and what chance gives
    reads : ``cells``, the four numbers; ``groups``, counts and sizes of the units of one group;
        ``units``, counts and group of all units
    """

    name: str
    heading: str
    formula: str
    function: Callable[..., Floats]
    reference: str
    test: bool = False
    effect: bool = False
    reads: str = "cells"

    @property
    def columns(self) -> list[str]:
        """The columns that it has in the table of ``measures``."""
        if self.reads == "groups":
            return [f"{self.name}_{role}" for role in ("target", "reference")]
        ends = [f"{self.name}_{end}" for end in ENDS] if self.effect else []
        return [self.name, *([f"{self.name}_p"] if self.test else []), *ends]


FAR = 50.0  # doublings that stand for an open end of an interval

ENDS = ("low", "high", "self_low", "self_high")

MEASURES = (
    Measure(
        "g2", "G²", "2 Σ O ln(O / E), four cells", formulas.g2, "Dunning 1993", test=True
    ),
    Measure(
        "g2_two_cells", "G², two cells", "2 (a ln(a / e1) + b ln(b / e2))",
        formulas.g2_two_cells, "Rayson & Garside 2000", test=True,
    ),
    Measure(
        "chi2", "χ²", "n (a d − b c)² / (n1 n2 (a + b) (c + d))", formulas.chi2, "Pearson 1900",
        test=True,
    ),
    Measure(
        "chi2_yates", "χ², Yates", "n (|a d − b c| − n / 2)² / (n1 n2 (a + b) (c + d))",
        formulas.chi2_yates, "Yates 1934", test=True,
    ),
    Measure(
        "fisher_p", "p, Fisher's exact test", "Σ P of all tables no more probable",
        formulas.fisher_p, "Fisher 1935",
    ),
    Measure("bic", "BIC", "G² of two cells − ln n", formulas.bic, "Wilson 2013"),
    Measure(
        "pmi", "PMI", "log2(a / e1)", formulas.pmi, "Church & Hanks 1990", effect=True
    ),
    Measure(
        "log_ratio", "log ratio", "log2((a / n1) / (b / n2)), ½ for 0", formulas.log_ratio,
        "Hardie 2014", effect=True,
    ),
    Measure(
        "percent_difference", "%DIFF", "100 (r1 − r2) / r2", formulas.percent_difference,
        "Gabrielatos & Marchi 2011", effect=True,
    ),
    Measure(
        "relative_risk", "relative risk", "r1 / r2", formulas.relative_risk, "",
        effect=True,
    ),
    Measure(
        "odds_ratio", "odds ratio", "a d / (b c)", formulas.odds_ratio, "",
        effect=True,
    ),
    Measure(
        "log_odds_z", "z of log-odds, informative", "δ / sqrt(1 / (a + α) + 1 / (b + α))",
        formulas.log_odds_informative_z, "Monroe et al. 2008",
    ),
    Measure(
        "log_odds_uninformative_z", "z of log-odds, uninformative", "the same, α = 0.01",
        formulas.log_odds_uninformative_z, "Monroe et al. 2008",
    ),
    Measure(
        "tfidf_difference", "TF-IDF difference", "mean₁(v) − mean₂(v) over units",
        formulas.tfidf_difference, "Spärck Jones 1972", reads="units",
    ),
    Measure(
        "range", "range", "units that hold the term", formulas.unit_range, "Keniston 1920",
        reads="groups",
    ),
    Measure("dp", "DP", "½ Σ |x / N − w|", formulas.dp, "Gries 2008", reads="groups"),
    Measure(
        "dp_norm", "DPnorm", "DP / (1 − min w)", formulas.dp_norm, "Lijffijt & Gries 2012",
        reads="groups",
    ),
    Measure(
        "juilland_d", "Juilland's D", "1 − V / sqrt(m − 1)", formulas.juilland_d,
        "Juilland & Chang-Rodríguez 1964", reads="groups",
    ),
    Measure(
        "carroll_d2", "Carroll's D₂", "−Σ r log2 r / log2 m", formulas.carroll_d2,
        "Carroll 1970", reads="groups",
    ),
    Measure(
        "rosengren_s", "Rosengren's S", "(Σ sqrt(w x))² / N", formulas.rosengren_s,
        "Rosengren 1971", reads="groups",
    ),
)  # fmt: skip


@analysis("measures")
def measures(terms: Result) -> Outcome:
    """Return every association and dispersion measure of every term.

    The table is for choosing and comparing measures, and for matching other people's work. None
    of its p-values knows that texts come in units; those of ``keyness`` do. Effects have the
    interval of the log ratio in ``keyness``, carried over: their values where the term's
    occurrences are split by its ends; so they all say the same of whether there is a difference.
    Where a group lacks the term a ratio of rates is infinite, outside its interval, for which one
    count is shared out.

    Parameters
    ----------
    terms : as from ``keyness``

    Returns
    -------
    Result
        One row a term, the highest G² first, ties by term: ``term, n_target, n_reference,
        rate_target, rate_reference`` (per 1,000 tokens), and the measures, defined under their
        names in ``formulas``. Positive means over-used in the target where a measure has a sign.
        ``…_p`` is the textbook p; ``…_low, …_high`` an effect's 95 % interval; ``…_self_low,
        …_self_high`` what a group's text, set against itself, stays within in 95 % of draws (the
        larger of both groups').

            {registry}

    Raises
    ------
    InputError
        A count is NaN or negative, or a group is missing.

    Examples
    --------
    >>> from analysis import keyness, load_corpus
    >>> table = measures(keyness(load_corpus(), draws=99)).table.set_index("term")
    >>> table.loc["relationship", ["relative_risk", "percent_difference"]].round(1).tolist()
    [6.4, 540.5]
    """
    table = measures_of_counts(counted(terms), terms.table)
    return Outcome(table, terms.units, terms.unit, METHOD)


def measures_of_counts(counts: Counts, table: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of terms already counted and contrasted; see ``measures``."""
    a, b, n1, n2 = group_totals(counts)
    own = table.set_index("term").loc[list(counts.terms)]
    ends = {
        "low": own["ci_low"].to_numpy(),
        "high": own["ci_high"].to_numpy(),
        "self": own[["self_target", "self_reference"]].max(axis=1).to_numpy(),
    }
    columns = {
        "term": counts.terms,
        "n_target": a.astype(int),
        "n_reference": b.astype(int),
        "rate_target": 1000 * a / n1,
        "rate_reference": 1000 * b / n2,
    }
    sides = {"target": counts.target, "reference": ~counts.target}
    for measure in MEASURES:
        if measure.reads == "cells":
            columns |= evaluate(measure, a, b, n1, n2, ends)
        elif measure.reads == "units":
            columns[measure.name] = measure.function(counts.matrix, counts.target)
        else:
            for name, side in zip(measure.columns, sides.values(), strict=True):
                columns[name] = measure.function(counts.matrix[side], counts.sizes[side])
    return ordered(pd.DataFrame(columns), ["g2", "term"], ascending=[False, True])


def listed(measures: tuple[Measure, ...] = MEASURES) -> str:
    """Return the measures as a Markdown table, for the README."""
    rows = [
        f"| `{own.name}` | {own.heading} | {own.formula.replace('|', chr(92) + '|')} | "
        f"{_has(own)} | {own.reference} |"
        for own in measures
    ]
    head = "| column | measure | formula | has | reference |\n|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def described(measures: tuple[Measure, ...] = MEASURES) -> str:
    """Return the measures as lines of a docstring."""
    return "\n".join(
        f"        - ``{own.name}``: {own.heading}, {own.formula}{_note(own)}" for own in measures
    )


def evaluate(
    measure: Measure, a: Floats, b: Floats, n1: float, n2: float, ends: dict[str, Floats]
) -> dict[str, Floats]:
    """Return the columns of a measure of the four numbers.

    Parameters
    ----------
    measure : of the registry
    a, b, n1, n2 : see ``formulas``
    ends : log ratios, by name: the interval's ``low`` and ``high``, and ``self``, which chance
        stays under. An effect's interval is its values where the occurrences are split so, and it
        leaves out equal use just where that of the log ratio does.
    """
    value = measure.function(a, b, n1, n2)
    columns = {measure.name: value}
    if measure.test:
        columns[f"{measure.name}_p"] = formulas.tail(value)
    if measure.effect:
        ratios = (ends["low"], ends["high"], -ends["self"], ends["self"])
        for name, ratio in zip(ENDS, ratios, strict=True):
            columns[f"{measure.name}_{name}"] = _at(measure, a + b, ratio, n1, n2)
    return columns


def _at(measure: Measure, total: Floats, ratio: Floats, n1: float, n2: float) -> Floats:
    """Return an effect where occurrences are split by a log ratio, at an open end its limit."""
    near, far = (
        measure.function(*formulas.split(total, np.clip(ratio, -reach, reach), n1, n2), n1, n2)
        for reach in (FAR, 2 * FAR)
    )
    grows = np.isinf(ratio) & (np.abs(far - near) > 1e-6 * np.maximum(np.abs(near), 1))
    return np.asarray(np.where(grows, np.copysign(np.inf, ratio), near))


def _has(measure: Measure) -> str:
    if measure.effect:
        return "interval, self-contrast"
    if measure.test:
        return "textbook p"
    return "a value a group" if measure.reads == "groups" else ""


def _note(measure: Measure) -> str:
    said = "; ".join(filter(None, [measure.reference, _has(measure)]))
    return f" ({said})" if said else ""


if measures.__doc__:
    measures.__doc__ = measures.__doc__.replace("{registry}", described().lstrip())
