"""How unevenly terms fall over documents of one kind, for texts that cannot tell it themselves.

    python -m benchmarks.variation [--texts FOLDER]

Writes ``benchmarks/variation.csv``. Each row is what ``learn_bursts`` makes of all documents of one
kind, split at random: how the excess of a term grows with a document's length (``growth``) and with
the term's frequency (``slope``), and where the octaves of unevenness lie over terms (``centre``,
``spread``), by typical length. The constants of ``analysis/resources/variation.toml`` are a line
through the centres over the octaves of length, the mean spread and powers, and how far kinds differ
from these, all rounded generously: they stand in where two texts say nothing of themselves. The
texts are those of `benchmarks/nulls.py`; all but the editorials and reviews are in the public
domain. None is stored: the constants are statistics of them.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.bursts import STANDARD, _learn_law, _Units
from benchmarks.nulls import Document, kinds, split
from benchmarks.validity import HOME

MOST = 150  # documents of a kind
COLUMNS = ["texts", "documents", "typical length", "growth", "slope", "centre", "spread"]


def law(documents: list[Document]) -> tuple[int, float, float, float, float, float]:
    """Return documents, their typical length, growth and slope, centre and spread of octaves."""
    count = min(len(documents), MOST)
    table, sizes, flags = split(documents, count // 2, count - count // 2, np.random.default_rng(0))
    units = _Units.of(table, sizes, flags)
    several = np.flatnonzero(units.totals >= 2)
    growth, slope, _, bell = _learn_law(units.of_terms(several[:: -(-len(several) // 3_000)]))
    below = np.cumsum(bell)
    low, high = (np.interp(q, below, STANDARD) for q in (0.25, 0.75))
    return count, units.typical, growth, slope, float(bell @ STANDARD), float((high - low) / 1.35)


def main() -> None:
    """Write the table, and print the line through its centres."""
    parser = argparse.ArgumentParser(description="Learn how uneven terms are in texts of a kind.")
    parser.add_argument("--texts", type=Path, help="folder of further kinds of text")
    rows = [(kind, *law(found)) for kind, found in kinds(parser.parse_args().texts).items()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.to_csv(HOME / "variation.csv", index=False, float_format="%.3f", lineterminator="\n")
    octaves = np.log2(table["typical length"] / 1000)
    line = np.polyfit(octaves, table["centre"], 1)
    residual = table["centre"] - np.polyval(line, octaves)
    print(table.to_string())
    print(f"centre {line[1]:.2f}, per octave {line[0]:.2f}, kinds differ by {residual.std():.2f}")
    print(table[["growth", "slope", "spread"]].mean().to_string())


if __name__ == "__main__":
    main()
