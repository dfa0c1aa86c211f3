"""Topics of real texts split at random: what is claimed where nothing differs.

    python -m benchmarks.topics_real FOLDER [--splits N]

Writes ``benchmarks/topics_real.csv`` and ``benchmarks/topics_real.md``.

Each folder in FOLDER is a corpus of one kind, with all text files in it and below; files of more
than 20,000 words are cut into documents of 2,000, and of more than a hundred documents so many are
drawn. All documents of a corpus are fitted once, with the number of topics that is chosen for them,
and then split into two groups at random, again and again: the model does not know the groups, so
that nothing else need be done anew. Groups of three, five and nine documents are drawn from the
corpus and fitted each time, with five topics. Asked is how often a topic differs by itself and how
often any differs family-wise, at 5 %, before any condition that is set to a finding.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.text import Counts, count_terms, load_folders
from analysis.topicmodels.choice import measure_stability
from analysis.topicmodels.model import Material, material_of
from benchmarks.topics import LEVEL, Fitted, fitted, share_error

HOME = Path(__file__).parent
LONG, PIECE = 20_000, 2_000  # words of a file that is cut, and of its pieces
FEW = (3, 5, 9)  # documents a side
FEWER = 0.1  # of the splits, where the model is fitted each time
TOPICS = 5  # of few documents
LEAST, MOST = 40, 100  # documents of a corpus; of more, some drawn at random
COLUMNS = ["corpus", "documents", "topics", "splits", "topic", "topic_error", "any", "any_error"]


def documents_of(folder: Path) -> list[str]:
    """Return the texts of a folder, long ones cut."""
    pieces = []
    for file in sorted(folder.rglob("*.txt")):
        text = file.read_text(encoding="utf-8")
        words = re.findall(r"\S+\s*", text)
        size = PIECE if len(words) > LONG else len(words)
        pieces += ["".join(words[i : i + size]) for i in range(0, len(words), size)]
    return [text for text in pieces if len(text.split()) > 50]


def counted(texts: list[str]) -> Counts:
    """Count the passages of documents, in two groups that mean nothing."""
    with tempfile.TemporaryDirectory() as home:
        for number, text in enumerate(texts):
            folder = Path(home) / ("even", "odd")[number % 2]
            folder.mkdir(exist_ok=True)
            (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        corpus = load_folders(Path(home) / "even", Path(home) / "odd", errors="replace")
        return count_terms(corpus, passages=True)


def some_of(passages: Counts, chosen: np.ndarray) -> Counts:
    """Return the passages of some documents, the first half of these the target's."""
    place = {document: number for number, document in enumerate(chosen)}
    number = passages.units["document"].map(place)
    rows = np.flatnonzero(number.notna())
    rows = rows[np.argsort(number.iloc[rows].to_numpy(), kind="stable")]
    target = number.iloc[rows].to_numpy() < len(chosen) // 2
    units = passages.units.iloc[rows].reset_index(drop=True)
    return replace(
        passages,
        units=units.assign(group=np.where(target, "target", "reference")),
        matrix=passages.matrix[rows],
        sizes=passages.sizes[rows],
        target=target,
    )


def best_k(data: Material, seed: int) -> int:
    """Return the number of topics that is chosen."""
    table = measure_stability(data, seed=seed)
    return int(table.loc[table["chosen"], "k"].iloc[0])


def of_many(passages: Counts, splits: int) -> tuple[int, int, list[np.ndarray]]:
    """Return documents, topics, and the verdicts of all splits of all documents."""
    data = material_of(passages, documents=True)
    k, rng = best_k(data, 0), np.random.default_rng(1)
    model, half = fitted(data, k, 0), len(data.target) // 2
    targets = (rng.permutation(len(data.target)) < half for _ in range(splits))
    return len(data.target), k, [verdicts(model, target) for target in targets]


def of_few(passages: Counts, many: int, splits: int) -> tuple[int, int, list[np.ndarray]]:
    """Return the same for so many documents a side, drawn and fitted each time."""
    every, found = passages.units["document"].unique(), []
    for seed in range(splits):
        drawn = np.random.default_rng([many, seed]).choice(every, 2 * many, replace=False)
        data = material_of(some_of(passages, drawn), documents=True)
        found.append(verdicts(fitted(data, TOPICS, seed), data.target))
    return many, TOPICS, found


def verdicts(model: Fitted, target: np.ndarray) -> np.ndarray:
    """Return topics × 2: whether it differs by itself (told by its interval), and family-wise."""
    found = model.compared(target)
    alone = (found.low > 0) | (found.high < 0)
    return np.column_stack([alone, found.p < LEVEL])


def row(corpus: str, name: str, k: int, found: list[np.ndarray]) -> tuple[object, ...]:
    """Return one row of the table, with Monte Carlo errors over splits."""
    alone = np.array([own[:, 0].mean() for own in found])
    some = np.array([own[:, 1].any() for own in found], dtype=float)
    spread = alone.std(ddof=1) / np.sqrt(len(alone))
    topic = spread if alone.any() else share_error(0.0, len(alone))
    any_ = share_error(some.mean(), len(some))
    return (corpus, name, k, len(found), alone.mean(), topic, some.mean(), any_)


def run(home: Path, splits: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of all corpora."""
    for folder in sorted(path for path in home.iterdir() if path.is_dir()):
        texts = documents_of(folder)
        if len(texts) < LEAST:
            continue
        drawn = np.random.default_rng(0).permutation(len(texts))[:MOST]
        passages, name = counted([texts[i] for i in np.sort(drawn)]), folder.name
        many, k, found = of_many(passages, splits)
        yield row(name, f"{many // 2} + {many - many // 2}", k, found)
        for few in FEW:
            many, k, found = of_few(passages, few, round(FEWER * splits))
            yield row(name, f"{many} + {many}", k, found)


def report(table: pd.DataFrame) -> str:
    """Return the table as a section of the README."""
    title = (__doc__ or "").split("topics_real.md``.")[1].strip()
    lines = ["| corpus | documents | topics | splits | a topic's p < .05 | any, family-wise |"]
    lines.append("|---|---|---|---|---|---|")
    lines += [
        f"| {r.corpus} | {r.documents} | {r.topics} | {r.splits} | {r.topic:.3f} ± "
        f"{r.topic_error:.3f} | {r.any:.3f} ± {r.any_error:.3f} |"
        for r in table.itertuples()
    ]
    return "\n".join(["## Topics of real texts split at random", "", title, "", *lines, ""])


def write(table: pd.DataFrame) -> None:
    """Write what there is of the table."""
    table.to_csv(HOME / "topics_real.csv", index=False, float_format="%.4f", lineterminator="\n")
    (HOME / "topics_real.md").write_text(report(table), encoding="utf-8")


def main() -> None:
    """Run the benchmark and write its tables."""
    parser = argparse.ArgumentParser(description="Split real texts at random; compare topics.")
    parser.add_argument("folder", type=Path, help="folders of texts, each of one kind")
    parser.add_argument("--splits", type=int, default=400, help="random splits of each corpus")
    options = parser.parse_args()
    rows = []
    with threadpool_limits(1):
        for found in run(options.folder, options.splits):
            rows.append(found)
            write(pd.DataFrame(rows, columns=COLUMNS))


if __name__ == "__main__":
    main()
