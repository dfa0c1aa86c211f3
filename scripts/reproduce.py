"""Print what others published beside what this package makes of the same data, and why they differ.

Counts and sentences that papers and manuals print are in ``tests/references``; 27 papers of *The
Federalist* are in ``data/examples``. All seventy of known authors, or any other, are read from a
folder that holds one folder an author:

    python -m scripts.reproduce [--federalist FOLDER] [--csv FILE]
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.files import write_file
from analysis.keywords import formulas, keyness
from analysis.numbers import to_csv
from analysis.text import Corpus, load_folders, load_table
from analysis.tone import score_lines

ROOT = Path(__file__).resolve().parents[1]
REFERENCES = ROOT / "tests" / "references"
SAME = "the same"
TOKENS = (
    "the words are cut and the papers chosen otherwise than by Mosteller and Wallace, so that "
    "directions are compared and not digits"
)


class Row(NamedTuple):
    """A published result and ours."""

    what: str
    source: str
    published: str
    ours: str
    why: str


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of published results."""
    with (REFERENCES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared(published: str, ours: float, decimals: int) -> str:
    """Say whether a number is the published one, to the digits that were printed."""
    off = abs(ours - float(published))
    if off <= 0.5 * 10.0**-decimals + 1e-12:
        return SAME
    return f"differs by {off:.2g}: not explained"


def number(value: float, decimals: int) -> str:
    """Write a number with the digits that were published, at most four."""
    return f"{value:.{min(decimals, 4)}f}"


def measures() -> Iterator[Row]:
    """Yield measures of a term whose four numbers a paper or manual prints."""
    for row in read("keyness"):
        cells = (int(row[name]) for name in ("a", "b", "n1", "n2"))
        yield _measure(row["measure"], cells, row)
    for row in read("published_reconciliation"):
        cells = (int(row[name]) for name in ("a", "b", "n1", "n2"))
        yield _measure(row["function"], cells, row)


def _measure(name: str, cells: Iterator[int], row: dict[str, str]) -> Row:
    a, b, n1, n2 = cells
    function = getattr(formulas, name)
    ours = float(function(np.array([float(a)]), np.array([float(b)]), n1, n2)[0])
    decimals = int(row["decimals"])
    why = compared(row["value"], ours, decimals)
    what = f"{name} of {a} : {b}"
    return Row(what, row["source"], row["value"], number(ours, decimals), why)


def dispersions() -> Iterator[Row]:
    """Yield measures of dispersion of counts that papers print."""
    for row in read("published_dispersion"):
        counts, sizes = (
            np.array([[float(part) for part in row[name].split()]]).T
            for name in ("counts", "sizes")
        )
        ours = float(getattr(formulas, row["measure"])(counts, sizes[:, 0])[0])
        why = compared(row["value"], ours, int(row["decimals"]))
        what = f"{row['measure']} of {row['counts']}"
        yield Row(what, row["source"], row["value"], number(ours, int(row["decimals"])), why)


def sentiment() -> Iterator[Row]:
    """Yield the scores that VADER's authors print, by the engine that this package uses."""
    rows = read("published_vader")
    ours = score_lines([row["text"] for row in rows])["vader"]
    for row, score in zip(rows, ours, strict=True):
        why = compared(row["value"], float(score), 4)
        if why != SAME:
            why = "NLTK's engine reads this sentence otherwise than the authors' own"
        yield Row(f"VADER: {row['text']}", row["source"], row["value"], f"{score:.4f}", why)


def federalist(folder: Path | None) -> Iterator[Row]:
    """Yield whom each marker of the Federalist marks."""
    corpus = _federalist(folder)
    table = keyness(corpus, function_words=True, draws=99).table.set_index("term")
    for row in read("published_federalist"):
        if row["term"] not in table.index:
            yield Row(row["term"], row["source"], row["marks"], "does not occur", TOKENS)
            continue
        own = table.loc[row["term"]]
        side = "Hamilton" if own["log_ratio"] > 0 else "Madison"
        p = own["p_value"]
        rates = f"{own['rate_target']:.2f} : {own['rate_reference']:.2f} per 1,000"
        ours = f"{side} ({rates}, p {'< .001' if p < 0.001 else f'= {p:.3f}'})"
        why = SAME if side == row["marks"] else "the other way about in these papers"
        yield Row(f"marker “{row['term']}”", row["source"], row["marks"], ours, why)


def _federalist(folder: Path | None) -> Corpus:
    if folder is not None:
        return load_folders(folder / "Hamilton", folder / "Madison")
    path = ROOT / "data" / "examples" / "federalist.csv"
    return load_table(path, text="text", group="author", target="Hamilton", reference="Madison")


def rows(folder: Path | None = None) -> list[Row]:
    """Return every row, in order."""
    return [*measures(), *dispersions(), *sentiment(), *federalist(folder)]


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--federalist", type=Path, help="a folder with folders Hamilton, Madison")
    parser.add_argument("--csv", type=Path, help="write the table here")
    options = parser.parse_args()
    table = pd.DataFrame(rows(options.federalist), columns=list(Row._fields))
    for row in table.itertuples():
        print(f"{row.what}\n  published  {row.published}  ({row.source})\n  ours       {row.ours}\n"
              f"  {row.why}")  # fmt: skip
    same = int((table["why"] == SAME).sum())
    print(f"\n{len(table)} published results, {same} the same.")
    if options.csv:
        write_file(options.csv, to_csv(table))


if __name__ == "__main__":
    main()
