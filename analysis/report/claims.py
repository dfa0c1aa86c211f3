"""Claims: each sentence of findings is tied to what must hold for it; the build fails otherwise.

A claims file lists, per claim, a sentence with places for numbers, the table and row that it rests
on, and what must be true there::

    [[claim]]
    id = "objectives-mark-the-target"
    sentence = "“Objectives” stands {n_target} times …, log ratio {log_ratio:.1f}"
    table = "keywords"
    row = "objectives"
    holds = [["ci_low", ">", 0], ["p_family", "<", 0.05]]
    headline = true

The second operand of a condition is a number or another column of the row. A list of rows stands
for their sum, column by column. A p-value is written in the format ``p``: ``{p_family:p}``.
"""

import operator
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError

_NO_KEY = re.compile(r"[^-+.\w]+")  # what a key of values.tex may not hold
_NEEDED = ("id", "sentence", "table", "row", "holds")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}


class ClaimError(InputError):
    """A sentence of the findings is no longer true of the results."""


@dataclass(frozen=True)
class Finding:
    """A claim that holds: its sentence, the numbers in it by name, and whether it leads."""

    id: str
    sentence: str
    values: dict[str, str]
    headline: bool


class _Number(float):
    """A number that prints with a true minus sign, and as a p-value in the format ``p``."""

    def __format__(self, spec: str) -> str:
        if spec == "p":
            return _p_value(self)
        return super().__format__(spec).replace("-", "\N{MINUS SIGN}")


def check_claims(path: str | Path, tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Check every claim of a file against the results and return their sentences.

    Parameters
    ----------
    path : the claims file (TOML)
    tables : results by name, each with its row names as index

    Raises
    ------
    ClaimError
        At least one claim does not hold; the message names each, with what was found.
    InputError
        A claim names a table, row or column that is not there.
    """
    claims = _read(Path(path))
    rows = [_row(claim, tables) for claim in claims]
    if broken := [
        text for claim, row in zip(claims, rows, strict=True) for text in _broken(claim, row)
    ]:
        raise ClaimError(
            f"{len(broken)} condition(s) in {Path(path).name} no longer hold: {'; '.join(broken)}. "
            "Rewrite these sentences, or find out what changed the results."
        )
    return [_finding(claim, row) for claim, row in zip(claims, rows, strict=True)]


def _read(path: Path) -> list[dict[str, Any]]:
    """Return the claims of a file, each with all that a claim needs."""
    try:
        claims: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["claim"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} is no file of [[claim]] tables: {error!r}. Mend it.") from None
    for claim in claims:
        if missing := [key for key in _NEEDED if key not in claim]:
            raise InputError(f"{path}: claim {claim.get('id', '')!r} lacks {', '.join(missing)}.")
    return claims


def _row(claim: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the row of results that a claim rests on."""
    if claim["table"] not in tables:
        raise InputError(
            f"Claim {claim['id']!r} names the table {claim['table']!r}; "
            f"choose one of {', '.join(tables)}."
        )
    table = tables[claim["table"]]
    named = claim["row"] if isinstance(claim["row"], list) else [claim["row"]]
    if not set(named) <= set(table.index):
        raise InputError(
            f"Claim {claim['id']!r} rests on row {claim['row']!r} of table {claim['table']!r}, "
            "which is not there: the results have changed, so rewrite the claim."
        )
    rows = table.loc[named]
    if len(named) > 1:
        return {str(key): column.sum() for key, column in rows.select_dtypes("number").items()}
    return {str(key): column.iloc[0] for key, column in rows.items()}


def _broken(claim: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Return each condition of a claim that does not hold, in words."""
    faults = []
    for condition in claim["holds"]:
        column, sign, bound = (*condition, None, None, None)[:3]
        known = column in row and (bound in row if isinstance(bound, str) else bound is not None)
        if sign not in _COMPARE or not known or len(condition) != 3:
            raise InputError(
                f"Claim {claim['id']!r}: {condition} is no condition on its row, which has the "
                f"form [column, sign, number or column]; columns are {', '.join(row)}, signs "
                f"{' '.join(_COMPARE)}."
            )
        limit = row[bound] if isinstance(bound, str) else bound
        if not _COMPARE[sign](row[column], limit):
            faults.append(f"{claim['id']}: {column} {sign} {bound}, but it is {row[column]}")
    return faults


def _finding(claim: dict[str, Any], row: dict[str, Any]) -> Finding:
    printed = _Printed({k: _Number(v) if isinstance(v, float) else v for k, v in row.items()})
    try:
        sentence = claim["sentence"].format_map(printed)
    except (KeyError, ValueError) as error:
        raise InputError(
            f"Claim {claim['id']!r} has a place that cannot be filled ({error}); columns are "
            f"{', '.join(row)}."
        ) from None
    row_name = "+".join(claim["row"]) if isinstance(claim["row"], list) else claim["row"]
    prefix = f"{claim['table']}.{_NO_KEY.sub('-', row_name)}"
    values = {f"{prefix}.{key}": value for key, value in printed.used.items()}
    return Finding(claim["id"], sentence, values, bool(claim.get("headline", False)))


def _p_value(p: float) -> str:
    """Write a p-value as papers do.

    >>> _p_value(0.0102), _p_value(0.00001), _p_value(1)
    ('p = .010', 'p < .001', 'p > .999')
    """
    if p < 0.001:
        return "p < .001"
    return "p > .999" if p >= 0.9995 else f"p = {p:.3f}".replace("0.", ".")


class _Printed(dict[str, Any]):
    """A row that remembers which of its values a sentence used, as it printed them."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(row)
        self.used: dict[str, str] = {}

    def __getitem__(self, key: str) -> Any:
        return _Remembered(key, super().__getitem__(key), self.used)


@dataclass(frozen=True)
class _Remembered:
    key: str
    value: Any
    used: dict[str, str]

    def __format__(self, spec: str) -> str:
        self.used[self.key] = format(self.value, spec)
        return self.used[self.key]
