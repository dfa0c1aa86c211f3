"""What several findings, tables and figures of tone say."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.numbers import DASH, interval, number
from analysis.report.drawing import short
from analysis.report.sentences import about
from analysis.result import Result
from analysis.tone import scorer, vader
from analysis.tone.calibration import COMBINED
from analysis.tone.contrast import way


def about_tone(result: Result) -> dict[str, Any]:
    """Return what is said of a result and of what scored its sentences."""
    lexicons, asked = result.facts["lexicons"], result.settings
    lexicon = asked.get("lexicon", COMBINED)
    column = COMBINED if lexicon == COMBINED else scorer(lexicon).column
    return about(result) | {
        "column": column,
        "column_name": lexicons[column]["name"] if column in lexicons else column,
        "masked": asked.get("masked", True),
        "calibrated": asked.get("calibrated", True),
    }


def sides_of(result: Result, row: pd.Series) -> list[dict[str, Any]]:
    """Return what a row says of each group: its columns of that role, without the role's name."""
    return [
        {
            "label": group.label,
            "short": short(group.label),
            **{
                str(column).removesuffix(f"_{group.role}"): value
                for column, value in row.items()
                if str(column).endswith(f"_{group.role}")
            },
        }
        for group in result.corpus.groups
    ]


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each as a mapping of its columns."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def row_facts(row: pd.Series) -> dict[str, Any]:
    """Return the facts of a row, its interval as a pair, and whether there is a number at all."""
    facts = {str(column): value for column, value in row.items()}
    if "ci_low" in facts:
        facts["ci"] = (row["ci_low"], row["ci_high"])
    if "estimate" in facts:
        facts["known"] = not math.isnan(row["estimate"])
        facts["varies"] = varies(row)
    return facts


def varies(row: pd.Series) -> bool:
    """Tell whether there is an interval: units vary, and something is scored."""
    return not any(math.isnan(row[column]) for column in ("units_low", "p_value") if column in row)


def naive_reading(contrast: Result) -> pd.Series:
    """Return what a reader would have had without any of this."""
    return way(contrast.table, vader().column, masked=False, calibrated=False)


def apart_from_zero(row: pd.Series) -> bool:
    """Tell whether an interval leaves zero out."""
    return bool(row["ci_low"] > 0 or row["ci_high"] < 0)


def signs_of(contrast: Result) -> dict[str, Any]:
    """Count the ways of scoring that agree on the sign, and intervals that leave zero out."""
    ways = contrast.table[contrast.table["calibrated"]].dropna(subset="estimate")
    sign = ways["estimate"].iloc[0]
    counts: dict[str, Any] = {"ways": len(ways), "same": int((ways["estimate"] * sign > 0).sum())}
    for name in ("units", "ci"):
        sides = int((ways[f"{name}_low"] > 0).sum()), int((ways[f"{name}_high"] < 0).sum())
        counts[f"{name}_apart"], counts[f"{name}_against"] = sum(sides), sides[int(sign > 0)]
    return counts


def short_labels(result: Result) -> list[str]:
    """Return the groups' labels as figures have them."""
    return [short(group.label) for group in result.corpus.groups]


def interval_cell(row: Mapping[str, Any]) -> str:
    """Return an interval as a cell of a table."""
    return DASH if math.isnan(row["ci_low"]) else interval(row["ci_low"], row["ci_high"])


def percent_cell(share: float, digits: int = 0) -> str:
    """Return a share as a cell of a table."""
    return f"{number(100 * share, digits)} %" if share == share else DASH
