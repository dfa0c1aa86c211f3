"""How often a further pair of texts of one kind stays under a term's self-contrast.

    python -m benchmarks.self_contrasts --texts FOLDER [--splits N]

Writes ``benchmarks/self_contrasts.csv`` and its section of ``benchmarks/README.md``.

Texts of one kind, all cut to one length, are drawn into two groups and into a further pair of
groups of the same sizes. The self-contrasts of the first two say what log ratio 19 of 20 pairs
like either stay under; told is how many terms do so in the further pair, by how often a term
occurs in the group that the band is like. Terms of one split are not independent of each other.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference import count_test, log_ratio
from analysis.text.tokens import tokenize
from benchmarks.nulls import Document, asked, document, keep, split
from benchmarks.validity import _markdown, write_section

OFTEN = (0, 1, 3, 10, 30, np.inf)  # occurrences, where classes meet
KINDS = {"essays of one author": ("federalist/Hamilton", 900), "novels": ("novels", 2_000)}
SIZES = [(1, 1), (5, 5)]
KEYS = ["texts", "target", "reference", "occurrences"]
COLUMNS = [*KEYS, "splits", "terms", "stay under"]


def pieces(folder: Path, words: int) -> list[Document]:
    """Return the texts of a folder in pieces of so many words."""
    texts = [tokenize(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.txt"))]
    return [
        document(tokens[start : start + words])
        for tokens in texts
        for start in range(0, len(tokens) - words + 1, words)
    ]


def held(documents: list[Document], first: int, second: int, seed: int) -> pd.DataFrame:
    """Return one row a term and group: its occurrences, and whether the further pair stays under.

    A term that the further pair lacks differs in neither direction.
    """
    rng, many = np.random.default_rng([98, first, second, seed]), first + second
    table, sizes, _ = split(documents, many, many, rng)
    counts = table.toarray()
    counts = counts[:, counts[:many].sum(axis=0) > 0]
    flags = np.arange(many) < first
    bands = count_test(counts[:many], sizes[:many], flags).self_contrast()
    own, further = counts[:many], counts[many:]
    a, b = further[flags].sum(axis=0), further[~flags].sum(axis=0)
    lengths = [sizes[many:][side].sum() for side in (flags, ~flags)]
    ratio = np.abs(log_ratio(a, lengths[0], b, lengths[1]))
    rows = [
        pd.DataFrame({"times": own[side].sum(axis=0), "under": (ratio <= band) | (a + b == 0)})
        for side, band in zip((flags, ~flags), bands, strict=True)
    ]
    return pd.concat(rows)


def run(texts: Path, splits: int) -> pd.DataFrame:
    """Return one row a kind of text, design and class of frequency."""
    rows = []
    for kind, (folder, words) in KINDS.items():
        documents = pieces(texts / folder, words)
        for first, second in SIZES:
            found = pd.concat([held(documents, first, second, seed) for seed in range(splits)])
            for low, high in pairwise(OFTEN):
                own = found[(found["times"] >= low) & (found["times"] < high)]
                name = (
                    f"{low:.0f} to {high - 1:.0f}" if np.isfinite(high) else f"{low:.0f} and more"
                )
                if len(own):
                    share = own["under"].mean()
                    rows.append((kind, first, second, name, splits, len(own), share))
    return pd.DataFrame(rows, columns=COLUMNS)


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked(
        "Ask whether self-contrasts hold what they say.",
        ("splits", 16, "splits of a design"),
        needed=True,
    )
    table = run(options.texts, options.splits)
    keep(table, "self_contrasts")
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.astype(dict.fromkeys((*KEYS, "splits", "terms"), str))
    write_section("Self-contrasts", f"{words}\n\n{_markdown(shown)}")
    print(table.to_string())


if __name__ == "__main__":
    main()
