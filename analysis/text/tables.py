"""Tables of texts: one row a document, whatever the file's form."""

import csv
import io
import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.text.decoding import decode
from analysis.text.sources import kind, library, read_bytes

SEPARATED = (".csv", ".tsv", ".tab")
LINES = (".jsonl", ".ndjson")
KINDS = (*SEPARATED, *LINES, ".json", ".parquet", ".xlsx")
STDIN = "-"
_SEPARATORS = ",;\t|"

Row = tuple[str, dict[str, str]]  # where it stands, and its cells


def is_table(name: str | Path) -> bool:
    """Tell whether a name is that of a table: by its ending, or ``-`` for standard input."""
    return str(name) == STDIN or kind(Path(name)) in KINDS


def read_table(
    source: str | Path | pd.DataFrame, *, encoding: str | None = None, errors: str = "strict"
) -> list[Row]:
    """Return the rows of a table, every cell a string; what is missing is empty.

    Parameters
    ----------
    source : a DataFrame, or a file by its ending: CSV (separated by comma, semicolon, tab or bar),
        TSV, JSON lines, JSON (a list of objects), Parquet, Excel (its first sheet); packed by .gz
        or .zst or not; ``-`` is CSV or JSON lines on standard input

    Raises
    ------
    InputError
        The file cannot be read, or a row is not like the others; the message names its line.
    """
    if isinstance(source, pd.DataFrame):
        return _framed(source, "row")
    path, ending = Path(source), kind(Path(source))
    if str(source) == STDIN:
        text = decode(sys.stdin.buffer.read(), "standard input", encoding=encoding, errors=errors)
        return _rows(text, "standard input", ".jsonl" if text.lstrip().startswith("{") else ".csv")
    raw = read_bytes(path)
    if ending in (".parquet", ".xlsx"):
        return _framed(_binary(raw, path, ending), f"{path}, row")
    if ending not in KINDS:
        raise InputError(f"{path} is no table: its ending is one of {', '.join(KINDS)}.")
    return _rows(decode(raw, str(path), encoding=encoding, errors=errors), str(path), ending)


def _rows(text: str, where: str, ending: str) -> list[Row]:
    if ending in SEPARATED:
        rows = list(_separated(text, where, "\t" if ending != ".csv" else None))
    else:
        rows = list(_objects(text, where, ending))
    if not rows:
        raise InputError(f"{where} holds no row: give it one a document, under a heading.")
    return rows


def _separated(text: str, where: str, separator: str | None) -> Iterator[Row]:
    """Yield the rows under a heading; each must have as many cells."""
    first = text.lstrip("\n").split("\n", 1)[0]
    chosen = separator or max(_SEPARATORS, key=first.count)
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=chosen, strict=True)
    heading: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not cells or (not heading and not any(cells)):
                pass
            elif not heading:
                heading = _heading(cells, where)
            elif len(cells) != len(heading):
                raise InputError(
                    f"{where}, line {line}: {len(cells)} cells under a heading of {len(heading)}; "
                    "put a text that holds separators or line ends in quotation marks."
                )
            else:
                yield f"{where}, line {line}", dict(zip(heading, cells, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{where}, line {line}: {error}; a quotation mark is opened and not closed, or not "
            "doubled inside of a cell."
        ) from None


def _heading(cells: list[str], where: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{where}: two columns are called {twins[0]!r}; give each its own name.")
    return names


def _objects(text: str, where: str, ending: str) -> Iterator[Row]:
    """Yield the objects of JSON lines, or of one JSON list."""
    if ending == ".json":
        listed = _json(text, where)
        if not isinstance(listed, list):
            raise InputError(f"{where} must be a list of objects, one a document.")
        numbered = [(f"{where}, object {number}", item) for number, item in enumerate(listed, 1)]
    else:
        lines = enumerate(text.split("\n"), 1)
        places = ((f"{where}, line {number}", line) for number, line in lines if line.strip())
        numbered = [(place, _json(line, place)) for place, line in places]
    for place, item in numbered:
        if not isinstance(item, dict):
            raise InputError(f"{place} is no object with names and values, as {{'text': '...'}}.")
        yield place, {str(name): _cell(value) for name, value in item.items()}


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is no JSON ({error}): mend it.") from None


def _binary(raw: bytes, path: Path, ending: str) -> pd.DataFrame:
    library("pyarrow" if ending == ".parquet" else "openpyxl", path)
    try:
        if ending == ".parquet":
            return pd.read_parquet(io.BytesIO(raw))
        return pd.read_excel(io.BytesIO(raw), dtype=object)
    except Exception as error:  # the packages have many errors of their own
        raise InputError(f"{path} cannot be read ({error}): save it again.") from None


def _framed(frame: pd.DataFrame, where: str) -> list[Row]:
    names = _heading([str(name) for name in frame.columns], where.removesuffix(", row"))
    cells = frame.itertuples(index=False, name=None)
    return [
        (f"{where} {number}", {n: _cell(v) for n, v in zip(names, values, strict=True)})
        for number, values in enumerate(cells, 1)
    ]


def _cell(value: Any) -> str:
    """Return a cell as a string; what is missing is empty."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | dict | Mapping):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
