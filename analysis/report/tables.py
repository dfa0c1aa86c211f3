"""Plain tables that read well on any page, and the files in which they leave the notebook."""

import json
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.files import read_toml, resource, write_file, write_sums, write_together
from analysis.numbers import (
    DASH,
    FULL,
    MINUS,
    interval,
    is_missing,
    number,
    p_value,
    steady,
    to_csv,
)
from analysis.report.citation import latex
from analysis.report.numbering import TABLE, heading_of, number_of
from analysis.result import Result, about
from analysis.sentences import markdown, say
from analysis.text.documents import MISSING

__all__ = ["DASH", "MINUS", "Shown", "interval", "number", "p_value", "show"]
EFFECTS = frozenset({"estimate", "effect", "log_ratio", "difference", "ci_low", "ci_high"})
LINE = 90  # characters that a line of a page has room for
CHARACTER, GAP = 0.0105, 0.016  # shares of a line that a character of small type takes, and a gap
ENOUGH = 0.5  # of the line, for the columns that are set as paragraphs
ROOM = 4  # more that a column of it needs, for its margins
COUNTS = frozenset({"n", "count", "documents", "paragraphs", "sentences", "tokens", "units"})
PLAIN_INTEGERS = frozenset({"year", "seed"})
SHOWN = 20  # rows that LaTeX and Markdown print; the CSV has all
CODEBOOK = "codebook"
# Columns that a reader is shown, where they are; the CSV has all.
READ = (
    "group term concept topic label lexicon rung scale actor element says quote masked calibrated "
    "documents paragraphs sentences tokens types units n_target n_reference rate_target "
    "rate_reference share_target share_reference mean_target mean_reference log_ratio estimate "
    "ci_low ci_high p_value p_family stability finding established"
).split()


def _decimals(values: pd.DataFrame) -> int:
    """Return the decimals that give the largest value three significant digits, from 1 to 6."""
    sizes = values.to_numpy(dtype=float, na_value=math.nan)
    largest = max((abs(v) for v in sizes.flat if math.isfinite(v)), default=0.0)
    return min(max(2 - math.floor(math.log10(steady(largest))), 1), 6) if largest else 2


def _formatter(
    table: pd.DataFrame, name: str, digits: int | Mapping[str, int] | None
) -> Callable[[Any], str]:
    """Return how the values of one column are written, by its type and name."""
    column = table[name]
    asked = digits.get(name) if isinstance(digits, Mapping) else digits
    if pd.api.types.is_bool_dtype(column):
        return lambda x: "yes" if x else "no"
    if not pd.api.types.is_numeric_dtype(column):
        return lambda x: DASH if is_missing(x) else str(x)
    if name == "p" or name.startswith("p_") or name.endswith("_p"):
        return p_value
    if name in PLAIN_INTEGERS:
        return lambda x: DASH if is_missing(x) else f"{int(x)}"
    if pd.api.types.is_integer_dtype(column) or name in COUNTS or name.startswith("n_"):
        return lambda x: number(x, 0)
    family = [c for c in table if c in EFFECTS and pd.api.types.is_numeric_dtype(table[c])]
    places = _decimals(table[family if name in EFFECTS else [name]]) if asked is None else asked
    return lambda x: number(x, places)


@dataclass(frozen=True, repr=False)
class Shown:
    """A table ready to be read: HTML in a notebook, aligned text in a terminal.

    One whose ``id`` has a number (``numbering``) has it above it in a notebook, with what it holds.

    On a page it stands behind the words ``folded``, if there are any, and opens at a click; below
    it ``examples``, a term and a sentence each, for hosts that strip the places which links need.
    """

    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    note: str = ""
    links: tuple[tuple[int, tuple[str, ...]], ...] = ()
    id: str = ""
    folded: str = ""
    chapter: str = ""
    examples: tuple[tuple[str, str], ...] = ()

    def of_chapter(self, chapter: str) -> "Shown":
        """Return the table numbered as one of another notebook, which shows it of other texts."""
        return replace(self, chapter=chapter)

    @property
    def _headline(self) -> tuple[str, str]:
        """The number, and what the table holds; both empty where it has no number."""
        if not number_of(self.id, self.chapter):
            return "", ""
        return heading_of(self.id, self.chapter), say(
            f"common.table.{self.id.removeprefix(TABLE)}", {}
        )

    def _row(self, tag: str, row: tuple[str, ...]) -> str:
        # JupyterLab's own sheet sets every cell to the right, which outranks the attribute.
        sides = ('align="right"' if r else 'align="left" style="text-align:left"'
                 for r in self.right)  # fmt: skip
        cells = (f"<{tag} {side}>{cell}</{tag}>" for side, cell in zip(sides, row, strict=True))
        return f"<tr>{''.join(cells)}</tr>"

    def _linked(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows as HTML, the cells of some columns as links."""
        addresses = dict(self.links)
        for place, row in enumerate(self.cells):
            yield tuple(
                f'<a href="{escape(addresses[column][place])}">{escape(cell)}</a>'
                if column in addresses
                else escape(cell)
                for column, cell in enumerate(row)
            )

    def _repr_html_(self) -> str:
        body = "\n".join(self._row("td", row) for row in self._linked())
        head = self._row("th", tuple(map(escape, self.headings)))
        note = f"\n<p>{escape(self.note)}</p>" if self.note else ""
        named = f' id="{escape(self.id)}"' if self.id else ""
        opening = f'<table{named} class="tex2jax_ignore mathjax_ignore">'
        name, holds = self._headline
        above = f'\n<caption align="left"><b>{name}.</b> {escape(holds)}</caption>' if name else ""
        rows = f"<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>"
        table = f"{opening}{above}\n{rows}\n</table>{note}{self._examples()}"
        if not self.folded:
            return table
        return f"<details>\n<summary>{escape(self.folded)}</summary>\n{table}\n</details>"

    def _examples(self) -> str:
        if not self.examples:
            return ""
        items = "\n".join(
            f"<li><b>{escape(term)}</b>: {escape(text)}</li>" for term, text in self.examples
        )
        opening = '<details class="tex2jax_ignore mathjax_ignore">'
        heading = f"<summary>{escape(say('common.examples', {}))}</summary>"
        return f"\n{opening}\n{heading}\n<ul>\n{items}\n</ul>\n</details>"

    def markdown(self) -> str:
        """Return the table as Markdown, as pandoc and code hosts read it; the note below.

        Where a row is long, pandoc makes columns as wide as they have dashes below their headings.
        """
        rows = [[_pipe(cell) for cell in row] for row in (self.headings, *self.cells)]
        longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
        dashes = ["-" * min(length + ROOM, LINE) for length in longest]
        rule = [
            f"{own[1:]}:" if right else own for own, right in zip(dashes, self.right, strict=True)
        ]
        lines = [f"| {' | '.join(row)} |" for row in (rows[0], rule, *rows[1:])]
        return "\n".join([*lines, *(["", markdown(self.note)] if self.note else [])])

    def latex(self, *, caption: str = "", label: str = "", long: bool = False) -> str:
        """Return the table in LaTeX's booktabs, a column of long cells set as paragraphs.

        Parameters
        ----------
        caption, label : of a float; a bare table where there is no caption
        long : as a ``longtable``, which goes on over pages
        """
        columns = list(zip(self.headings, *self.cells, strict=True))
        longest = [max(map(len, column)) for column in columns]
        kinds = [
            f"p{{{width:.2f}\\linewidth}}" if width else "r" if right else "l"
            for width, right in zip(_widths(longest), self.right, strict=True)
        ]
        dense = sum(longest) + 2 * len(columns) > LINE
        head, *body = (" & ".join(map(latex, row)) + r" \\" for row in (self.headings, *self.cells))
        name = "longtable" if long else "tabular"
        lines = [rf"\begin{{{name}}}{{{''.join(kinds)}}}", r"\toprule", head, r"\midrule", *body,
                 r"\bottomrule", rf"\end{{{name}}}"]  # fmt: skip
        if dense:  # what would stand over the edge of a page
            lines = [r"\begingroup\footnotesize\setlength{\tabcolsep}{3pt}", *lines, r"\endgroup"]
        note = [rf"\par\smallskip {latex(self.note)}"] if self.note else []
        if not caption:
            return "\n".join([*lines, *note])
        opening = [r"\begin{table}", r"\centering\small", rf"\caption{{{latex(caption)}}}"]
        closing = [rf"\label{{{label}}}", r"\end{table}", ""]
        return "\n".join([*opening, *lines, *note, *closing])

    def _repr_markdown_(self) -> str:
        name, holds = self._headline
        above = f"**{name}.** {markdown(holds)}\n\n" if name else ""
        return above + self.markdown()

    def _repr_latex_(self) -> str:
        name, holds = self._headline
        above = rf"\noindent\textbf{{{name}.}} {latex(holds)}\nopagebreak " if name else ""
        return above + self.latex(long=True)

    def __repr__(self) -> str:
        rows = (self.headings, *self.cells)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, self.right, strict=True)
            ).rstrip()
            for row in rows
        )
        return "\n".join([*lines, *([self.note] if self.note else [])])


def _widths(longest: Sequence[int]) -> list[float]:
    """Return the shares of the line of columns that LaTeX sets as paragraphs, 0 of the others.

    Those are the longest: as few as leave them room, where the table is too wide for a line. By
    the square roots of their lengths, a short column keeps its words whole beside a long one.
    """
    if sum(longest) <= LINE:
        return [0.0] * len(longest)
    for least in (LINE // 5, LINE // 9, LINE // 12):
        narrow = sum(CHARACTER * length for length in longest if length <= least)
        room = 1 - GAP * len(longest) - narrow
        if room > ENOUGH:
            break
    sizes = [math.sqrt(length) if length > least else 0.0 for length in longest]
    return [max(room, ENOUGH / 2) * size / sum(sizes) for size in sizes]


def written(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with every value as readers see it, as text."""
    names = map(str, table)
    return pd.DataFrame({name: table[name].map(_formatter(table, name, None)) for name in names})


def _pipe(cell: str) -> str:
    return " ".join(markdown(cell).split())


def _chosen(table: pd.DataFrame, columns: Mapping[str, str] | None) -> pd.DataFrame:
    """Return the asked columns, in that order; a named index counts as one when asked for."""
    if columns is None:
        return table
    named = [name for name in table.index.names if name in columns and name not in table]
    whole = table.reset_index(named) if named else table
    unknown = [name for name in columns if name not in whole]
    if unknown:
        raise InputError(f"the table has no column {unknown[0]!r}; it has {list(whole.columns)}.")
    return whole[list(columns)]


def show(
    table: pd.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    digits: int | Mapping[str, int] | None = None,
    rows: int | None = None,
    right: Collection[str] = (),
    note: str | None = None,
    links: Mapping[str, Callable[[str], str]] | None = None,
    id: str = "",
) -> Shown:
    """Set a result table for reading.

    Parameters
    ----------
    table : any tidy table; it is not changed, and its index is shown only when named in `columns`.
    columns : column -> heading, in the order wanted; all columns by default.
    digits : decimals of all fractional columns, or column -> decimals. By default the largest
        value of a column has three significant digits; an effect and its interval share theirs.
    rows : show the first `rows` rows and say how many there are.
    right : columns of text to set to the right; numbers are.
    note : a sentence below the table.
    links : column -> what makes of a cell's text the address that it leads to, on a page.
    id : a name by which links on the page find the table.

    Returns
    -------
    Shown, which displays itself: counts as integers, p-values as .034 or <.001, a missing value
    as an en dash, numbers to the right.

    >>> show(pd.DataFrame({"term": ["syria"], "n_target": [12], "log_ratio": [-3.2051]}))
    term   n target  log ratio
    syria        12      −3.21
    """
    chosen = _chosen(table, columns)
    names = [str(name) for name in chosen]
    headings = columns or {name: name.replace("_", " ") for name in names}
    formats = [_formatter(chosen, name, digits) for name in names]
    to_right = tuple(
        name in right
        or (
            pd.api.types.is_numeric_dtype(chosen[name])
            and not pd.api.types.is_bool_dtype(chosen[name])
        )
        for name in names
    )
    seen = chosen if rows is None else chosen.head(rows)
    columns_of_text = [[f(x) for x in seen[name]] for name, f in zip(names, formats, strict=True)]
    cut = say("common.rows", {"shown": len(seen), "all": len(table)})
    remark = " ".join(filter(None, [note, cut]))
    cells = tuple(zip(*columns_of_text, strict=True))
    addresses = tuple(
        (column, tuple(map(links[name], columns_of_text[column])))
        for column, name in enumerate(names)
        if links and name in links
    )
    shown = tuple(headings[name] for name in names)
    return Shown(shown, cells, to_right, remark, addresses, id)


# Files: CSV, LaTeX, Markdown and a record, with a codebook of columns


def write_tables(results: Mapping[str, Result], folder: str | Path) -> list[str]:
    """Write the table of each result as ``<id>.csv .tex .md .json``, and the codebook of all.

    Parameters
    ----------
    results : id -> result
    folder : where to write; made where it is missing

    Returns
    -------
    The ids, in order.
    """
    home = Path(folder)
    columns: dict[str, set[str]] = {}
    for id, result in results.items():
        table = result.table
        missing = table.attrs.get(MISSING, ())
        for name in (*table, *missing):
            columns.setdefault(str(name), set()).add(id)
        if missing:  # the texts are not at hand, and what would be written is another table
            continue
        content = to_csv(table, FULL)
        seen = [name for name in READ if name in table] or list(map(str, table))
        shown = show(table[seen], rows=SHOWN)
        caption = say("methods.table", about(result) | {"name": result.name, "rows": len(table)})
        record = result.record | {
            "id": id,
            "caption": caption,
            "columns": {str(name): meaning(str(name), result.name) for name in table},
            "csv_sha256": sha256(content).hexdigest(),
            "rows": len(table),
        }
        text = json.dumps(record, sort_keys=True, indent=2, ensure_ascii=False)
        files = {
            "csv": content,
            "tex": shown.latex(caption=caption, label=f"tab:{id}").encode(),
            "md": f"{shown.markdown()}\n\n: {markdown(caption)} {{#tbl-{id}}}\n".encode(),
            "json": f"{text}\n".encode(),
        }
        write_together({home / f"{id}.{kind}": own for kind, own in files.items()})
    write_file(home / f"{CODEBOOK}.md", _codebook(columns, results).encode("utf-8"))
    write_sums(home)
    return list(results)


def _codebook(columns: Mapping[str, set[str]], results: Mapping[str, Result]) -> str:
    rows = []
    for name, ids in sorted(columns.items()):
        meanings: dict[str, list[str]] = {}
        for id in sorted(ids):
            meanings.setdefault(meaning(name, results[id].name), []).append(id)
        rows += [f"| `{name}` | {', '.join(own)} | {said} |" for said, own in meanings.items()]
    head = "# Codebook\n\nWhat every column of the tables holds.\n\n"
    return f"{head}| column | tables | what it holds |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def meaning(column: str, analysis: str) -> str:
    """Return what a column of an analysis's table holds; its own words where the codebook is mute.

    >>> meaning("n_target", "keyness"), meaning("n_target", "tone"), meaning("no_such", "tone")
    ('occurrences in the target', 'sentences of the target', 'no such')
    """
    book = _book()
    own = book.get(analysis, {}).get(column) or book["columns"].get(column)
    return own or column.replace("_", " ")


@cache
def _book() -> dict[str, dict[str, str]]:
    """Return the codebook, read once."""
    return read_toml(resource("codebook.toml"), "mend that line of the codebook")
