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

The places of a sentence and the conditions are those of all sentences (``sentences.py``); the facts
are the columns of the row. A list of rows stands for their sum, column by column.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.sentences import Page, fill, holds

_NO_KEY = re.compile(r"[^-+.\w]+")  # what a key of values.tex may not hold
_NEEDED = ("id", "sentence", "table", "row", "holds")


class ClaimError(InputError):
    """A sentence of the findings is no longer true of the results."""


@dataclass(frozen=True)
class Finding:
    """A claim that holds: its sentence, the numbers in it, whether it leads, what it rests on."""

    id: str
    sentence: str
    values: dict[str, str]
    headline: bool
    table: str = ""
    rows: tuple[str, ...] = ()


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
    return [
        f"{claim['id']}: {' '.join(map(str, condition))}, but it is {row[condition[0]]}"
        for condition in claim["holds"]
        if not holds(condition, row, f"Claim {claim['id']!r}")
    ]


def _finding(claim: dict[str, Any], row: dict[str, Any]) -> Finding:
    page = Page()
    sentence = fill(claim["sentence"], row, page, f"Claim {claim['id']!r}")
    row_name = "+".join(claim["row"]) if isinstance(claim["row"], list) else claim["row"]
    prefix = f"{claim['table']}.{_NO_KEY.sub('-', row_name)}"
    values = {f"{prefix}.{key}": value for key, value in page.used.items()}
    rows = tuple(claim["row"]) if isinstance(claim["row"], list) else (claim["row"],)
    leads = bool(claim.get("headline", False))
    return Finding(claim["id"], sentence, values, leads, claim["table"], rows)
