"""How far printed numbers move when nothing changes but the seed of the random numbers.

    python -m benchmarks.seeds [--seeds N]

Writes ``benchmarks/seeds.csv`` and its section of ``benchmarks/README.md``.

The two articles are contrasted again and again, each time with another seed. Of every column that
hangs on random numbers: how far apart its values lie for one row, at most and in half of the rows,
and for how many rows a verdict at .05 changes with the seed. Columns that are not named do not
move: the count test, its intervals, floors and self-contrasts draw no random numbers, or always
the same.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import keyness, load_corpus, sentiment, topics
from analysis.inference.levels import LEVEL
from analysis.text import Corpus
from benchmarks.validity import HOME, _markdown, write_section

COLUMNS = ["analysis", "column", "rows", "seeds", "largest range", "median range", "verdicts"]
Analysis = Callable[[Corpus, int], pd.DataFrame]
ANALYSES: dict[str, tuple[list[str], Analysis]] = {
    "keywords": (["term"], lambda corpus, seed: keyness(corpus, seed=seed).table),
    "tone": (
        ["lexicon", "masked", "calibrated"],
        lambda corpus, seed: sentiment(corpus, seed=seed).table,
    ),
    "topics": (["label"], lambda corpus, seed: topics(corpus, seed=seed).table),
}


def moved(tables: list[pd.DataFrame], key: list[str]) -> list[tuple[object, ...]]:
    """Return one row a column that moves: see ``COLUMNS``, from ``column`` on.

    Rows are those that every seed gives; a topic that not every seed names alike is in none.
    """
    keyed = [table.set_index(key) for table in tables]
    names = sorted(set.intersection(*(set(table.index) for table in keyed)))
    if not names:
        return [("no row comes with every seed", 0, len(tables), np.nan, np.nan, np.nan)]
    own = [table.loc[names] for table in keyed]
    found: list[tuple[object, ...]] = []
    for column in own[0].select_dtypes("number").columns:
        values = np.array([table[column].to_numpy(float) for table in own])
        known = np.isfinite(values).all(axis=0)
        ranges = np.ptp(values[:, known], axis=0)
        if not len(ranges) or not (ranges > 0).any():
            continue
        below = (values[:, known] < LEVEL).mean(axis=0)
        verdicts = int(((below > 0) & (below < 1)).sum()) if column.startswith("p_") else np.nan
        found.append((column, len(ranges), len(own), ranges.max(), np.median(ranges), verdicts))
    return found


def run(seeds: int) -> pd.DataFrame:
    """Return one row an analysis and column."""
    corpus = load_corpus()
    rows = [
        (name, *row)
        for name, (key, analysis) in ANALYSES.items()
        for row in moved([analysis(corpus, seed) for seed in range(seeds)], key)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def main() -> None:
    """Run the benchmark and write its table."""
    parser = argparse.ArgumentParser(description="Measure what the seed changes.")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of each analysis")
    table = run(parser.parse_args().seeds)
    path: Path = HOME / "seeds.csv"
    table.to_csv(path, index=False, float_format="%.4g", lineterminator="\n")
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = pd.read_csv(path).astype({"rows": str, "seeds": str})
    write_section("What the seed changes", f"{words}\n\n{_markdown(shown)}")
    print(table.to_string())


if __name__ == "__main__":
    main()
