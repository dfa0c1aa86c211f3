"""Tables and findings of the keyword contrast, and what every one of them says of its limits."""

import numpy as np
import pandas as pd

from analysis.numbers import ordered
from analysis.report.links import WORD, link, table_id
from analysis.report.prose import Prose, markdown
from analysis.report.tables import Shown, interval, number, p_value, show
from analysis.result import Result
from analysis.text import Corpus

LEVEL = 0.05
SHOWN, ROWS = 7, 10  # terms a side in a table of keywords, and rows of other tables
RARE = 2  # occurrences up to which a dispersion is a matter of the count alone
LIMITS = {"itself": "self", "floor": "floor"}
NOTE = (
    "self: the log ratio that a group's own text, set against itself, stays under in 95 % of draws "
    "(the larger of both groups'); floor: the least log ratio on the side of the {what} that "
    "would be found in four of five corpora of these lengths at a family-wise 5 %, ∞ where none "
    "would, however large."
)
DIGITS = {
    "rate_target": 1, "rate_reference": 1, "dispersion_target": 2, "dispersion_reference": 2,
    "log_ratio": 1, "ci_low": 1, "ci_high": 1, "itself": 1, "floor": 1, "g2": 1,
}  # fmt: skip
COUNTS = {"n_target": "n, target", "n_reference": "n, ref."}
_DISPERSION = {
    "dispersion_target": "DPnorm, target",
    "dispersion_reference": "DPnorm, ref.",
}
CONTRAST = {
    "log_ratio": "log ratio", "ci_low": "low", "ci_high": "high", **LIMITS,
    "p_value": "p", "p_family": "family-wise p",
}  # fmt: skip


def strongest(table: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """Return the terms with the highest scores of either side, those of the target first."""
    ends = pd.concat([table[table["score"] > 0].head(count), table[table["score"] < 0].tail(count)])
    return ends.reset_index(drop=True)


def misread(table: pd.DataFrame) -> pd.DataFrame:
    """Return the terms that G² calls significant at .05 and the count test does not.

    The most frequent come first, ties by the p of G², then by term.
    """
    wrong = table[(table["g2_p"] < LEVEL) & (table["p_value"] >= LEVEL)]
    rare = -(wrong["n_target"] + wrong["n_reference"])
    ranked = ordered(wrong.assign(rare=rare), ["rare", "g2_p", "term"])
    return ranked.drop(columns="rare")


def with_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Add to a keyness table what readers judge a log ratio by, and drop what means nothing.

    ``itself`` is the larger of both groups' self-contrasts, ``floor`` the detection floor on the
    side that the term marks; a dispersion of one or two occurrences becomes NaN.
    """
    towards = np.where(table["log_ratio"] > 0, table["floor_target"], table["floor_reference"])
    itself = table[["self_target", "self_reference"]].max(axis=1)
    even = {
        f"dispersion_{role}": table[f"dispersion_{role}"].where(table[f"n_{role}"] > RARE)
        for role in ("target", "reference")
    }
    return table.assign(**even, itself=itself, floor=towards)


def limits(terms: Result, what: str = "word") -> str:
    """Say in one or two sentences what could be found at these lengths, and what chance gives."""
    table = terms.table
    total = table["n_target"] + table["n_reference"]
    floors = {group.label: table[f"floor_{group.role}"] for group in terms.corpus.groups}
    seen = table[["floor_target", "floor_reference"]].min(axis=1) < np.inf
    itself = table[["self_target", "self_reference"]].max(axis=1).median()
    chance = (
        f"A group's text, set against itself, gives the median {what} a log ratio of up to "
        f"{number(itself, 1)} in 95 % of draws."
    )
    if not seen.any():
        return f"At these lengths no {what} listed could have been found to differ. {chance}"
    least = " or ".join(
        f"{number(floor.min(), 1)} towards {label}"
        for label, floor in floors.items()
        if floor.min() < np.inf
    )
    need = total[seen].min()
    rare = f", and none of fewer than {need} occurrences," if (total < need).any() else ""
    return (
        f"No {what} here with a log ratio under {least}{rare} could be expected to be found at "
        f"these lengths (in four of five corpora, at a family-wise 5 %). {chance}"
    )


def keywords_finding(terms: Result) -> Prose:
    """Say what marks each group, how sure that is, and what G² would have claimed wrongly."""
    table, corpus = terms.table, terms.corpus
    sure = table[table["p_family"] < LEVEL]
    parts = [_sure(sure, corpus), *(_side(table, corpus, sign) for sign in (1, -1)), _naive(table)]
    return Prose("\n\n".join(parts))


def keywords_table(terms: Result, count: int = SHOWN) -> Shown:
    """Show the strongest keywords of each side."""
    rates = {"rate_target": "per 1,000, target", "rate_reference": "per 1,000, ref."}
    return show(
        with_limits(strongest(terms.table, count)),
        columns={"term": "term", **COUNTS, **rates, **_DISPERSION, **CONTRAST},
        digits=DIGITS,
        note=f"{NOTE.format(what='term')} No DPnorm is given for one or two occurrences.",
        links={"term": link(WORD)},
        id=table_id(WORD),
    )


def misread_table(terms: Result, rows: int = ROWS) -> Shown:
    """Show what G² calls significant and the count test does not."""
    headings = {
        "term": "term", **COUNTS, **_DISPERSION, "log_ratio": "log ratio", **LIMITS,
        "g2": "G²", "g2_p": "textbook p", "fisher_p": "Fisher's exact p",
        "p_value": "p, bursts allowed for", "p_permutation": "p by relabelling",
    }  # fmt: skip
    return show(
        with_limits(misread(terms.table)),
        columns=headings,
        rows=rows,
        digits=DIGITS,
        note="self and floor as in the table of keywords.",
        links={"term": link(WORD)},
    )


def row_said(row: pd.Series, corpus: Corpus) -> str:
    """Say the numbers of one row in a sentence's brackets."""
    return (
        f"*{markdown(str(row['term']))}* ({row['n_target']} times in {corpus.target.label}, "
        f"{row['n_reference']} in {corpus.reference.label}; log ratio "
        f"{number(row['log_ratio'], 1)}, 95 % interval "
        f"{interval(row['ci_low'], row['ci_high'], 1)}; family-wise p "
        f"{p_value(row['p_family'])})"
    )


def _sure(sure: pd.DataFrame, corpus: Corpus) -> str:
    if sure.empty:
        return (
            "**No single term separates the groups beyond doubt.** None passes the family-wise "
            "5 % level, so the lists below are leads, not findings."
        )
    verb = "term separates" if len(sure) == 1 else "terms separate"
    listed = "; ".join(row_said(row, corpus) for _, row in sure.head(8).iterrows())
    return f"**{len(sure)} {verb} the groups at a family-wise 5 %**: {listed}."


def _side(table: pd.DataFrame, corpus: Corpus, sign: int) -> str:
    group = corpus.target if sign > 0 else corpus.reference
    own = table[table["score"] * sign > 0]
    ranked = own.head(6) if sign > 0 else own.tail(6)[::-1]
    if ranked.empty:
        return f"Nothing marks **{markdown(group.label)}**."
    names = ", ".join(f"*{markdown(term)}*" for term in ranked["term"])
    alone = int((ranked["p_value"] < LEVEL).sum())
    return (
        f"Highest scores of **{markdown(group.label)}**: {names}; {alone} of these "
        f"{len(ranked)} pass the 5 % level taken one by one."
    )


def _naive(table: pd.DataFrame) -> str:
    counts = {c: int((table[c] < LEVEL).sum()) for c in ("g2_p", "fisher_p", "p_value", "p_family")}
    return (
        f"A textbook G² test at .05 would have claimed {counts['g2_p']} of {len(table):,} terms, "
        f"where chance alone gives {number(LEVEL * len(table), 0)}. Fisher's exact test of the "
        f"same counts leaves {counts['fisher_p']}, allowing for bursts {counts['p_value']}; "
        f"{counts['p_family']} remain after adjusting for all terms examined."
    )
