"""How numbers become order, and how they become text: alike on every processor.

Processors add and multiply in different orders, and their last bits differ. Quantities that are
equal in exact arithmetic (the p of two words counted alike) then differ by some 1e-15; a long
calculation leaves more undetermined, in this package up to 1e-12 of a value (`make verify` measures
it). So order is decided by what is determined: values nearer to each other than one part in 10⁹
(``SAME``) count as equal, and equals stand in the order of their names. In print, a number is first
freed of what is undetermined (``STEADY``), then written to 6 significant digits in the tables and
records of figures (``DIGITS``), one or two more than any interval here deserves, and to 8 in tables
that others compute with (``FULL``). The digits between are a margin: that noise turns a written
digit has odds of one in 10⁶ a number at 6 digits, and one in 10⁴ at 8.
"""

import csv
import io
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.errors import InputError

MINUS = "\u2212"
DASH = "\u2013"
SAME = 1e-9  # of the larger of two values: what is nearer is equal
NOUGHT = 1e-12  # of the largest value of a column: what is smaller is 0, but for p-values
STEADY = 12  # significant digits that no processor changes, but where a sum all but cancels
DIGITS = 6  # significant, of a figure's table and record
FULL = 8  # significant, of a result's table
ROWS = 2**16  # that are written at a time
_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
_FORMULA = re.compile(r"[=+\-@\t\r](?!$)")
_FORMULA_WITHIN = re.compile(r'([;\t\n]"*)(?=[=+\-@](?!\)))')  # but ";-)"


def ordered(
    table: pd.DataFrame, by: Sequence[str], *, ascending: bool | Sequence[bool] = True
) -> pd.DataFrame:
    """Sort a table by columns, the last of which settles ties; rows are numbered anew.

    Rows that agree in all of them stay as they stood. NaN comes last.

    >>> table = pd.DataFrame({"term": ["b", "a", "c"], "p_value": [0.1 + 0.2, 0.3, 0.2]})
    >>> "".join(ordered(table, ["p_value", "term"])["term"])
    'cab'
    """
    rising = [ascending] * len(by) if isinstance(ascending, bool) else list(ascending)
    keys = [_ranks(table[name], up) for name, up in zip(by, rising, strict=True)]
    return table.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)


def tied(values: ArrayLike, *, ratios: bool = False) -> NDArray[np.int64]:
    """Return ranks from 0, equals alike; each value is compared with the next smaller one.

    Parameters
    ----------
    values : numbers; NaN ranks last
    ratios : whether values may be tiny and yet not 0, as p-values are

    Examples
    --------
    >>> tied([0.1 + 0.2, 0.3, 1e-17, 0.0]).tolist()
    [1, 1, 0, 0]
    """
    given = np.asarray(values, dtype=float)
    order = np.argsort(given, kind="stable")
    rising = given[order]
    low, high = rising[:-1], rising[1:]
    with np.errstate(invalid="ignore"):
        apart = high - low > _margin(np.maximum(np.abs(low), np.abs(high)), rising, ratios)
    apart |= np.isnan(high) & ~np.isnan(low)
    ranks = np.empty(len(given), dtype=np.int64)
    ranks[order] = np.concatenate([[0], np.cumsum(apart)])[: len(given)]
    return ranks


def falling(values: ArrayLike) -> NDArray[np.int64]:
    """Return places from the largest value to the smallest; of equals the earlier first, NaN last.

    Of a table, those of each row.

    >>> falling([0.3, 0.5, 0.1 + 0.2]).tolist()
    [1, 0, 2]
    """
    given = np.asarray(values, dtype=float)
    if given.ndim > 1:
        return np.array([falling(row) for row in given]).reshape(given.shape)
    return np.argsort(tied(-given), kind="stable")


def largest(values: ArrayLike) -> Any:
    """Return the place of the largest value, of equals that of the first; of a table, in each row.

    >>> int(largest([0.3, 0.1 + 0.2, 0.1]))
    0
    """
    given = np.asarray(values, dtype=float)
    return reaches(given, np.fmax.reduce(given, axis=-1, keepdims=True)).argmax(axis=-1)


def reaches(value: Any, threshold: Any) -> Any:
    """Tell whether a value is at least a threshold, rounding errors forgiven.

    >>> bool(reaches(0.3, 0.1 + 0.2)), bool(reaches(100, np.inf))
    (True, False)
    """
    value, threshold = np.asarray(value, dtype=float), np.asarray(threshold, dtype=float)
    return value >= threshold - SAME * np.abs(np.where(np.isfinite(threshold), threshold, 0))


def exceeds(value: Any, threshold: Any) -> Any:
    """Tell whether a value is more than a threshold, by more than rounding errors.

    >>> bool(exceeds(0.1 + 0.2, 0.3))
    False
    """
    return ~np.asarray(reaches(threshold, value))


def steady(value: float) -> float:
    """Return a number without the digits that hang on the processor, ready to be rounded.

    What lies half way between two numbers is then rounded the same way wherever it was calculated.

    >>> f"{0.575 * 100:.0f}", f"{steady(0.575 * 100):.0f}"
    ('57', '58')
    """
    return float(f"{value:.{STEADY}g}") + 0.0


def settled(value: float, digits: int = DIGITS) -> float:
    """Return a number to the significant digits that are written.

    >>> settled(0.1 + 0.2), settled(2 / 3), settled(-0.0)
    (0.3, 0.666667, 0.0)
    """
    return float(f"{steady(value):.{digits}g}") + 0.0


def to_csv(table: pd.DataFrame, digits: int = DIGITS) -> bytes:
    r"""Return a table as CSV: UTF-8, LF line ends, numbers at so many significant digits.

    A cell of text that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-``,
    ``@``, a tab or a carriage return) is written with an apostrophe before it, which spreadsheets
    take for a mark of text. So is one within a cell, behind what begins a cell where a spreadsheet
    parts them by semicolons or tabs.

    >>> to_csv(pd.DataFrame({"term": ["a"], "p_value": [0.1 + 0.2]}))
    b'term,p_value\na,0.3\n'
    """
    return b"".join(
        _rows(table.iloc[start : start + ROWS], digits, header=start == 0)
        for start in range(0, max(len(table), 1), ROWS)
    )


def _rows(table: pd.DataFrame, digits: int, *, header: bool) -> bytes:
    """Return some rows of a table as CSV: of all at once, the text would be copied thrice."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    if header:
        rows.writerow(map(as_text, table.columns))
    columns = [_written(table.iloc[:, place], digits) for place in range(table.shape[1])]
    rows.writerows(zip(*columns, strict=True))
    return text.getvalue().encode()


def is_missing(x: object) -> bool:
    """Tell whether there is no value."""
    return bool(pd.isna(x))  # type: ignore[call-overload]


def number(x: float, digits: int = 2) -> str:
    """Write a number with a fixed count of decimals, a true minus sign and no negative zero.

    >>> number(-1.234), number(1234567, 0), number(-0.001), number(float("nan"))
    ('−1.23', '1,234,567', '0.00', '–')
    """
    if is_missing(x):
        return DASH
    if math.isinf(x):
        return "∞" if x > 0 else f"{MINUS}∞"
    text = f"{steady(abs(x)):,.{digits}f}"
    return MINUS + text if x < 0 and text.strip("0.,") else text


def p_value(p: float, *, named: bool = False) -> str:
    """Write a p-value to three decimals; `named` puts it into a sentence.

    >>> p_value(0.0342), p_value(0.00004), p_value(0.0342, named=True), p_value(0, named=True)
    ('.034', '<.001', 'p = .034', 'p < .001')
    """
    if is_missing(p):
        return DASH
    if not 0 <= p <= 1:
        raise InputError(f"a p-value lies between 0 and 1, not at {p!r}; pass a probability.")
    p = steady(p)
    shown = f"{p:.3f}"[1:]
    sign, text = ("<", ".001") if p < 0.001 else (">", ".999") if p >= 0.9995 else ("=", shown)
    if named:
        return f"p {sign} {text}"
    return text if sign == "=" else sign + text


def interval(low: float, high: float, digits: int = 2) -> str:
    """Write an interval in brackets.

    >>> interval(-0.517, 1.3)
    '[−0.52, 1.30]'
    """
    if low > high:
        raise InputError(f"an interval runs upwards, not from {low!r} to {high!r}; swap its ends.")
    return f"[{number(low, digits)}, {number(high, digits)}]"


def as_text(cell: Any) -> Any:
    r"""Return a cell that can be written and that no spreadsheet takes for a formula.

    Numbers stay as they are; what is no character (half a surrogate pair) is escaped; a line ends
    by a line feed, as what stands behind a bare carriage return would be a row of its own.

    >>> as_text("-1"), as_text("a;=1+1"), as_text("a\r+1"), as_text(-1)
    ("'-1", "a;'=1+1", "a\n'+1", -1)
    """
    if not isinstance(cell, str) or cell.isalnum():
        return cell
    cell = cell.encode("utf-8", "backslashreplace").decode()
    formula = _FORMULA.match(cell)
    cell = _FORMULA_WITHIN.sub(r"\1'", _CARRIAGE_RETURN.sub("\n", cell))
    return f"'{cell}" if formula else cell


def _written(column: pd.Series, digits: int) -> list[Any]:
    """Return a column as it is written; of equal numbers one is written for all."""
    if pd.api.types.is_float_dtype(column):
        place, distinct = pd.factorize(column)
        texts = [f"{steady(value):.{digits}g}" for value in distinct.tolist()]
        written: list[Any] = np.array([*texts, None], dtype=object)[place].tolist()
        return written
    cells: list[Any] = column.tolist()
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biu":
        return cells
    gone = column.isna().tolist()
    return [None if none else as_text(cell) for cell, none in zip(cells, gone, strict=True)]


def _margin(sizes: NDArray[Any], rising: NDArray[Any], ratios: bool) -> NDArray[Any]:
    """Return how far apart equals may be."""
    finite = np.abs(rising[np.isfinite(rising)])
    nought = 0.0 if ratios or not len(finite) else NOUGHT * finite.max()
    return np.where(np.isfinite(sizes), np.maximum(SAME * sizes, nought), 0)


def _ranks(column: pd.Series, rising: bool) -> NDArray[np.int64]:
    """Return what a column is sorted by, NaN last whatever the direction."""
    sign = 1 if rising else -1
    if pd.api.types.is_float_dtype(column):
        return tied(sign * column.to_numpy(dtype=float), ratios="p" in str(column.name).split("_"))
    codes, _ = pd.factorize(column, sort=True)
    return sign * codes
