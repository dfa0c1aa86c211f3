"""How unevenly terms fall over documents of one kind, for texts that cannot tell it themselves.

    python -m benchmarks.variation [--texts FOLDER]

Writes ``benchmarks/variation.csv`` and its section of ``benchmarks/README.md``, and prints the
constants of ``analysis/resources/variation.toml``.

Each row is what ``learn_bursts`` makes of all documents of one kind, split at random: how the
excess of a term grows with a document's length (growth) and with the term's frequency (slope), and
where the octaves of unevenness lie over terms (centre, spread), by typical length. The constants
are a line through the centres over the octaves of length, the means of the others, and how far a
further kind may lie from them: the deviation of the kinds there are, times √(1 + 1/n). The lines
below the table are the same with one kind of text left out, novels and speeches cut from them
together, and both ages of inaugural addresses. The texts are those of the section on real texts
that do not differ; all but the editorials and reviews are in the public domain. None is stored: the
constants are statistics of them.
"""

import numpy as np
import pandas as pd

from analysis.inference.bursts import STANDARD, _learn_law, _Units
from benchmarks.nulls import RELATED, Document, asked, keep, kinds, split
from benchmarks.validity import _markdown, write_section

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


def constants(table: pd.DataFrame) -> dict[str, float]:
    """Return the constants that kinds of text teach, to two decimals."""
    octaves, count = np.log2(table["typical length"] / 1000), len(table)
    per_octave, centre = np.polyfit(octaves, table["centre"], 1)
    spreads = np.log2(table["spread"])

    def further(residual: pd.Series, free: int) -> float:
        return float(np.sqrt((residual**2).sum() / free * (1 + 1 / count)))

    found = {
        "centre": centre,
        "per_octave": per_octave,
        "centre_spread": further(table["centre"] - centre - per_octave * octaves, count - 2),
        "spread": 2 ** spreads.mean(),
        "spread_spread": further(spreads - spreads.mean(), count - 1),
    }
    for name in ("growth", "slope"):
        mean = table[name].mean()
        found |= {name: mean, f"{name}_spread": further(table[name] - mean, count - 1)}
    return {name: round(float(value), 2) for name, value in found.items()}


def without_each(table: pd.DataFrame) -> pd.DataFrame:
    """Return the constants, and those that the kinds teach if one of them is left out."""
    family = table["texts"].replace(RELATED)
    rows = [("none", constants(table))]
    rows += [(name, constants(table[family != name])) for name in family.unique()]
    return pd.DataFrame([{"left out": name, **row} for name, row in rows])


def report(table: pd.DataFrame) -> str:
    """Return the section: the kinds, and what they teach without one of them."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.assign(documents=table["documents"].astype(str))
    return f"{words}\n\n{_markdown(shown)}\n\n{_markdown(without_each(table))}"


def main() -> None:
    """Write the table and its section, and print the constants."""
    options = asked("Learn how uneven terms are in texts of a kind.")
    rows = [(kind, *law(found)) for kind, found in kinds(options.texts).items()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    keep(table, "variation", "%.3f")
    write_section("How uneven terms are in kinds of text", report(table))
    for name, value in constants(table).items():
        print(f"{name} = {value}")


if __name__ == "__main__":
    main()
