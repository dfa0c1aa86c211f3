"""Calibration: how near tone comes to raters, what codes of one's own change, and their sheet."""

from typing import Any

import pandas as pd

from analysis.numbers import number
from analysis.report.numbering import table_id
from analysis.report.tables import Shown, show
from analysis.report.tone.contrast import percent_cell, records_of
from analysis.sentences import Prose, headings_of, prose, say
from analysis.text import Corpus
from analysis.tone import codes_needed, draw_sentences, rated_editorials, scorer
from analysis.tone.calibration import COMBINED, load_calibration

CHECKS = ["name", "r_sentence", "r_article", "bias", "wrong", "covered", "covered_runs"]
MARGIN = 0.25  # half the width of an interval by own codes, in raters' units


# The shipped calibration


def calibration_table(checks: pd.DataFrame) -> Shown:
    """Show how well each way of scoring agrees with human raters.

    Parameters
    ----------
    checks : as from ``calibration_checks``
    """
    shown = checks.assign(
        name=[say("tone.calibration.name", row) for row in records_of(checks)],
        **{name: [number(x) for x in checks[name]] for name in ("r_sentence", "r_article", "bias")},
        wrong=[percent_cell(x) for x in checks["wrong"]],
        **{
            name: [percent_cell(x, 1) for x in checks[name]] for name in ("covered", "covered_runs")
        },
    )
    return show(
        shown,
        columns=headings_of("tone.calibration", CHECKS),
        right=CHECKS[1:],
        id=table_id("calibration"),
    )


def calibration_finding(checks: pd.DataFrame) -> Prose:
    """Say what calibration rests on, and what it mends."""
    known = load_calibration()
    naive = checks.iloc[0]
    own = checks[(checks["score"] == COMBINED) & checks["masked"]].iloc[0]
    facts = {
        "sentences": known.sentences,
        "articles": known.articles,
        "scorers": [scorer(column).name for column in known.parts],
        "naive": naive.to_dict(),
        "own": own.to_dict(),
        "sd_article": known.line(COMBINED, masked=True).sd_article,
    }
    return prose("tone.calibration.finding", facts)


# Raters of one's own


def raters_table(example: pd.DataFrame) -> Shown:
    """Show the difference of two rated groups by tone, by some codes, by both and by all ratings.

    Parameters
    ----------
    example : as from ``rated_example``
    """
    shown = example.assign(
        by=[say("tone.coded.by", row) for row in records_of(example)],
        estimate=[number(x) for x in example["estimate"]],
        interval=[say("tone.coded.interval", row) for row in _raters(example)],
        held=[say("tone.coded.held", row) for row in records_of(example)],
    )
    columns = headings_of("tone.raters", ["by", "codes", "estimate", "interval", "held"])
    return show(
        shown, columns=columns, right=["estimate", "interval", "held"], id=table_id("raters")
    )


def raters_finding(example: pd.DataFrame, checks: pd.DataFrame) -> Prose:
    """Say what own codes change where all ratings are known, and how often the intervals hold.

    Parameters
    ----------
    example : as from ``rated_example``
    checks : as from ``raters_checks``
    """
    told, codes, both, truth = _raters(example)
    sizes = rated_editorials().groupby("group", sort=False).size()
    target, reference = sizes.index
    facts = {
        "target": target,
        "reference": reference,
        "n_target": int(sizes[target]),
        "n_reference": int(sizes[reference]),
        "each": int(codes["codes"]),
        "truth": truth["estimate"],
        "told": told,
        "codes": codes,
        "both": both,
        "narrower": 1 - both["width"] / codes["width"],
        "genres": list(checks["genre"].unique()),
        "fewest": int(checks["codes"].min()),
        "most": int(checks["codes"].max()),
        "lowest": checks["covered"].min(),
        "highest": checks["covered"].max(),
    }
    return prose("tone.coded.finding", facts)


def sheet_table(corpus: Corpus, *, rows: int = 4) -> Shown:
    """Show the first sentences of a sheet to be coded by hand, and say how many codes are needed.

    Parameters
    ----------
    corpus : the two groups
    rows : shown
    """
    sheet = draw_sentences(corpus)
    groups = corpus.sentences["group"]
    sizes = [int((groups == group.label).sum()) for group in corpus.groups]
    needed = min(codes_needed(MARGIN, sentences=sizes), max(sizes))
    note = say("tone.coded.note", {"needed": needed, "margin": MARGIN})
    return show(sheet, rows=rows, note=note, id=table_id("sheet"))


def _raters(example: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows with their interval as a pair, and its width."""
    return [
        row | {"ci": (row["ci_low"], row["ci_high"]), "width": row["ci_high"] - row["ci_low"]}
        for row in records_of(example)
    ]
