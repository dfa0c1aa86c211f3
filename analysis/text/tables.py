"""Tables of texts, one row a document, whatever the form of the file.

Every cell is a string; where a row stands goes with it, for messages.
"""

import csv
import io
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.text.sources import (
    PACKINGS,
    Form,
    decode,
    form_of,
    is_page,
    kind,
    library,
    read_bytes,
    refuse_swollen,
    seems,
)

SEPARATED = (".csv", ".tsv", ".tab")
LINES = (".jsonl", ".ndjson")
TABLES = (*SEPARATED, *LINES, ".json", ".parquet", ".xlsx")
WORKBOOK = ".xlsx"
STDIN = "-"
_BINARIES = {  # what a binary table is called, and what its first bytes say of it
    WORKBOOK: ("a workbook", Form.WORKBOOK),
    ".parquet": ("Parquet", Form.PARQUET),
}
# Orange writes under the names of columns of what kind they are, and what for.
_KINDS = re.compile(r"c|continuous|d|discrete|s|string|t|time|basket")
_FLAGS = re.compile(r"c|class|i|ignore|m|meta|w|weight|\w+=\w+")
_SEPARATORS = ",;\t|"
Row = tuple[str, dict[str, str]]  # where it stands, and its cells


def is_table(name: str | Path) -> bool:
    """Tell whether a name is that of a table: by its ending, or ``-`` for standard input."""
    return str(name) == STDIN or kind(Path(name)) in TABLES


class Table(NamedTuple):
    """The rows of a table; its name in messages, and what was met when it was read."""

    rows: list[Row]
    name: str
    told: tuple[str, ...] = ()


def read_table(
    source: str | Path | pd.DataFrame,
    *,
    heading: bool = True,
    sheet: str | None = None,
    encoding: str | None = None,
    errors: str = "strict",
    misread: bool = False,
) -> Table:
    """Return the rows of a table, every cell a string; what is missing is empty.

    Parameters
    ----------
    source : a DataFrame, or a file by its ending: CSV (separated by comma, semicolon, tab or bar),
        TSV, JSON lines, JSON (a list of objects), Parquet, Excel; packed by .gz, .bz2, .xz or .zst
        or not; ``-`` is CSV or JSON lines on standard input. The rows under the heading in which
        Orange says of what kind its columns are (.tab) are none of the table
    heading : whether the first row names the columns (of CSV, TSV and workbooks); without one they
        are called 1, 2, 3 ...
    sheet : of a workbook, by its name; by default the first that holds anything, and what other
        sheets hold something is told
    encoding, errors, misread : see ``decode``

    Raises
    ------
    InputError
        The file cannot be read, or a row is not like the others; the message names its line.
    """
    how: dict[str, Any] = {"encoding": encoding, "errors": errors, "misread": misread}
    if isinstance(source, pd.DataFrame):
        return Table(_framed(source, "row"), "the table")
    path, ending = Path(source), kind(Path(source))
    if not heading and ending not in (*SEPARATED, WORKBOOK, ""):
        raise InputError(f"{path} names its columns in every row: leave --no-heading out.")
    if sheet is not None and ending != WORKBOOK:
        raise InputError(f"{path} has no sheets: a sheet is named of a workbook ({WORKBOOK}).")
    if str(source) == STDIN:
        raw = sys.stdin.buffer.read()
        if raw.startswith(PACKINGS):
            raise InputError("Standard input is packed: unpack it on the way (zcat, zstdcat).")
        text, where = decode(raw, "standard input", **how), "standard input"
        return Table(
            _rows(text, where, ".jsonl" if text.lstrip().startswith("{") else ".csv", heading),
            where,
        )
    raw = read_bytes(path)
    if ending == WORKBOOK:
        return _sheet(_binary(raw, path, ending, heading), path, sheet)
    if ending == ".parquet":
        return Table(_framed(_binary(raw, path, ending), f"{path}, row"), str(path))
    if ending not in TABLES:
        raise InputError(f"{path} is no table: its ending is one of {', '.join(TABLES)}.")
    if is_page(raw):
        raise InputError(
            f"{path} is a web page and no table: fetch the table itself (a page of its address, or "
            "of an error, was saved in its place)."
        )
    return Table(_rows(decode(raw, str(path), **how), str(path), ending, heading), str(path))


def _sheet(sheets: Mapping[str, pd.DataFrame], path: Path, named: str | None) -> Table:
    """Return the rows of one sheet of a workbook, and tell of the others that hold something."""
    full = [name for name, frame in sheets.items() if len(frame.columns)]
    if named is not None and named not in sheets:
        raise InputError(f"{path} has no sheet {named!r}; its sheets are {', '.join(sheets)}.")
    if not full:
        raise InputError(f"{path} holds no row: give it one a document, under a heading.")
    chosen = full[0] if named is None else named
    where = str(path) if len(full) == 1 else f"{path}, sheet {chosen!r}"
    others = ", ".join(map(repr, (name for name in full if name != chosen)))
    told = f"Read was the sheet {chosen!r} of {path}; not read: {others} (sheet=, --sheet)."
    rows = _framed(sheets[chosen], f"{where}, row")
    return Table(rows, where, (told,) if others and named is None else ())


def _rows(text: str, where: str, ending: str, named: bool) -> list[Row]:
    if ending in SEPARATED:
        rows = list(_separated(text, where, "\t" if ending != ".csv" else None, named))
    else:
        rows = list(_objects(text, where, ending))
    if not rows:
        raise InputError(f"{where} holds no row: give it one a document, under a heading.")
    return rows


def _separated(text: str, where: str, separator: str | None, named: bool) -> Iterator[Row]:
    """Yield the rows under a heading, or all where none names the columns, each as long."""
    first = text.lstrip("\n").split("\n", 1)[0]
    chosen = separator or max(_SEPARATORS, key=first.count)
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=chosen, strict=True)
    heading: list[str] = []
    than = "under a heading of" if named else "where the first row has"
    line, orange = 1, False
    try:
        for cells in reader:
            if not cells or (not heading and not any(cells)):
                pass
            elif not heading and named:
                heading = _heading(cells, where)
            elif named and line == 2 and _are(cells, _KINDS):
                orange = True
            elif line == 3 and orange and _are(cells, _FLAGS):
                pass
            elif len(cells) != len(heading := heading or _numbers(len(cells))):
                raise InputError(
                    f"{where}, line {line}: {len(cells)} cells {than} {len(heading)}; "
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


def _numbers(width: int) -> list[str]:
    return [str(number) for number in range(1, width + 1)]


def _are(cells: list[str], words: "re.Pattern[str]") -> bool:
    """Tell whether cells hold nothing but such words.

    >>> _are(["discrete", "string"], _KINDS), _are(["class", ""], _FLAGS), _are(["a text"], _KINDS)
    (True, True, False)
    """
    return all(words.fullmatch(word) for cell in cells for word in cell.split())


def _heading(cells: list[str], where: str) -> list[str]:
    names = [cell.strip() or str(number) for number, cell in enumerate(cells, 1)]
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(
            f"{where}: two columns are called {twins[0]!r}; give each its own name (or, if that is "
            "a row and no heading, add --no-heading)."
        )
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
        yield place, {str(name): cell_of(value) for name, value in item.items()}


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is no JSON ({error}): mend it.") from None


def _binary(raw: bytes, path: Path, ending: str, named: bool = True) -> Any:
    """Return a table of Parquet, or the sheets of a workbook by their names."""
    library("pyarrow" if ending == ".parquet" else "openpyxl", path)
    if ending == WORKBOOK:
        refuse_swollen(raw, path)
    try:
        if ending == ".parquet":
            return pd.read_parquet(io.BytesIO(raw))
        sheets = pd.read_excel(
            io.BytesIO(raw), sheet_name=None, dtype=object, keep_default_na=False,
            header=0 if named else None,
        )  # fmt: skip
        if named:
            return sheets
        return {name: own.set_axis(_numbers(own.shape[1]), axis=1) for name, own in sheets.items()}
    except Exception as error:  # the packages have many errors of their own
        called, form = _BINARIES[ending]
        said = str(error).split(". ")[0].removesuffix(".")
        said = said if form_of(raw) is form else f"it is {seems(raw)}"
        raise InputError(
            f"{path} cannot be read as {called} ({said}): save it again, or name it by its kind."
        ) from None


def _framed(frame: pd.DataFrame, where: str) -> list[Row]:
    names = _heading([str(name) for name in frame.columns], where.removesuffix(", row"))
    cells = frame.itertuples(index=False, name=None)
    return [
        (f"{where} {number}", {n: cell_of(v) for n, v in zip(names, values, strict=True)})
        for number, values in enumerate(cells, 1)
    ]


class Nested(str):
    """A list or an object in a cell, written as JSON: it may tell of a text, and is none."""


def cell_of(value: Any) -> str:
    """Return a cell as a string; what is missing is empty."""
    if isinstance(value, str):
        return value
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | dict | Mapping | np.ndarray):
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        return Nested(json.dumps(plain, ensure_ascii=False, default=str))
    return str(value)
