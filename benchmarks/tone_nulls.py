"""How often tone is said to differ between real texts that do not, because they are of one kind.

    python -m benchmarks.tone_nulls [--texts FOLDER] [--splits N]

Writes ``benchmarks/tone_nulls.csv`` and its section of ``benchmarks/README.md``.

Documents of one kind (the section on real texts that do not differ) are drawn at random into two
groups, again and again; at most a hundred of a kind are read, thirty of long ones. Tone is the
headline's: combined word lists, names masked, in raters' units. The interval of units allows for
how documents differ; the interval that is shown allows as well for what the calibration may have
wrong of a group, which a random split does not show, so that it excludes 0 in fewer than one of
twenty where documents are many.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.contrast import mean_contrast
from analysis.text import load_texts
from analysis.tone.calibration import load_calibration, model_variance
from analysis.tone.contrast import kinds_of_score
from analysis.tone.sentences import sentences_of
from benchmarks.nulls import addresses, asked, keep
from benchmarks.ratings import rated
from benchmarks.validity import Floats, _markdown, write_section

MOST, LONG = 100, 30  # documents of a kind, and of one of long documents
DESIGNS = ((3, 3), (5, 5), (9, 20), (10, 10), (40, 40))
FOLDERS = {
    "essays of one author": "federalist/Hamilton",
    "inaugural addresses before 1900": "inaugural/before 1900",
    "inaugural addresses after 1900": "inaugural/after 1900",
}
COLUMNS = [
    "texts", "target", "reference", "splits", "units exclude 0", "units, error", "shown excludes 0",
]  # fmt: skip


def kinds(texts: Path | None) -> Iterator[tuple[str, list[str]]]:
    """Yield the documents of every kind of text that is there, as strings."""
    rng = np.random.default_rng(3)
    for name in ("editorials", "product reviews"):
        groups = rated(name).groupby("article", sort=True)["text"]
        yield name, [" ".join(sentences) for _, sentences in groups]
    if texts is not None:
        for name, folder in FOLDERS.items():
            files = sorted((texts / folder).glob("*.txt"))
            yield name, [file.read_text(encoding="utf-8") for file in files]
    every = addresses()
    yield "addresses to Congress", [every[i] for i in rng.permutation(len(every))[:LONG]]


def tone_of(documents: list[str]) -> tuple[Floats, Floats, str]:
    """Return each document's sum of tone and its sentences, in the headline's units."""
    corpus = load_texts(documents[::2], documents[1::2])
    kind = next(kinds_of_score())
    scores = sentences_of(corpus, masked=kind.masked).scores(
        kind.column, calibrated=kind.calibrated
    )
    names = corpus.sentences["document"]
    table = pd.DataFrame({"document": names, "tone": np.nan_to_num(np.asarray(scores))})
    each = table.groupby("document", sort=True)["tone"].agg(["sum", "count"])
    return each["sum"].to_numpy(), each["count"].to_numpy(float), kind.column


def alarms(
    sums: Floats, sizes: Floats, column: str, drawn: tuple[int, int], rng: np.random.Generator
) -> tuple[bool, bool]:
    """Tell whether the interval of units, and the one that is shown, leave 0 out."""
    chosen = rng.permutation(len(sums))[: sum(drawn)]
    flags = np.arange(sum(drawn)) < drawn[0]
    masked = next(kinds_of_score()).masked
    model = [
        [model_variance(sizes[chosen][side].tolist(), column, masked=masked)]
        for side in (flags, ~flags)
    ]
    known = [load_calibration().articles - 2] * 2
    own = (sums[chosen][:, None], sizes[chosen], flags)
    plain = mean_contrast(*own, draws=1).table.iloc[0]
    shown = mean_contrast(*own, added=np.array(model), degrees=known, draws=1).table.iloc[0]
    units, wide = (bool(t["ci_low"] > 0 or t["ci_high"] < 0) for t in (plain, shown))
    return units, wide


def run(texts: Path | None, splits: int) -> pd.DataFrame:
    """Return one row a kind of text and design."""
    rows = []
    for kind, documents in kinds(texts):
        sums, sizes, column = tone_of(documents[:MOST])
        for first, second in DESIGNS:
            if first + second > len(sums):
                continue
            rng = np.random.default_rng([first, second])
            turns = [(first, second), (second, first)]
            found = np.array(
                [alarms(sums, sizes, column, turns[n % 2], rng) for n in range(splits)]
            )
            units, shown = found.mean(axis=0)
            error = np.sqrt(max(units * (1 - units), 1 / splits) / splits)
            rows.append((kind, first, second, splits, units, error, shown))
            print(*rows[-1], flush=True)
    return pd.DataFrame(rows, columns=COLUMNS)


def report(table: pd.DataFrame) -> str:
    """Return the section."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.astype({"target": str, "reference": str, "splits": str})
    weight = table["splits"] / table["splits"].sum()
    said = (
        f"Over all rows the interval of units excludes 0 in "
        f"{100 * (weight * table['units exclude 0']).sum():.1f} %, the one that is shown in "
        f"{100 * (weight * table['shown excludes 0']).sum():.1f} %."
    )
    return f"{words}\n\n{_markdown(shown)}\n\n{said}"


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked("Count false differences of tone.", ("splits", 400, "splits of a row"))
    table = run(options.texts, options.splits)
    keep(table, "tone_nulls")
    write_section("Tone of real texts that do not differ", report(table))


if __name__ == "__main__":
    main()
