"""Documents that hang together: false words where several pieces of one novel fall to one side.

    python -m benchmarks.nested --texts FOLDER [--splits N]

Writes ``benchmarks/nested.csv`` and its section of ``benchmarks/README.md``.

Among real texts that do not differ, speeches cut from novels, three against three, raise the most
false alarms, .10 of the splits of that section. In four of the ten the words are characters' names,
where the pieces of one novel fell to one side; in four others a spelling of some novels (n't, de).
There are ten novels, so that pieces hang together. Here are further splits of the same pieces, and
splits of pieces each of another novel, with the words that pass by mistake. Texts of one book or
speaker are to be counted as one (``cluster``): no test can know that they hang together.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference import count_test
from analysis.inference.levels import LEVEL
from analysis.text.tokens import tokenize
from benchmarks.drift import share
from benchmarks.nulls import CELLS, Document, Split, _speeches, asked, document, keep, split
from benchmarks.validity import _markdown, write_section

KIND, SIDE = "speeches cut from novels", 3
COLUMNS = ["speeches", "splits", "any term", "error", "false words"]


def pieces(texts: Path) -> list[list[Document]]:
    """Return the pieces of each novel, cut as in the section on real texts."""
    novels = [tokenize(p.read_text(encoding="utf-8")) for p in sorted(texts.glob("novels/*.txt"))]
    left = iter(_speeches(novels))
    found: list[list[Document]] = []
    for tokens in novels:  # the pieces of a novel stand together, from its beginning
        own, start = [], 0
        for piece in left:
            if tokens[start : start + len(piece)] != piece:
                left = _again(piece, left)
                break
            own.append(document(piece))
            start += len(piece)
        found.append(own)
    return found


def _again(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def false_words(drawn: Split, documents: list[Document]) -> list[str]:
    """Return the words that pass the family-wise level; documents are those of the split."""
    table, sizes, flags = drawn
    terms = sorted(set().union(*(counts for counts, _ in documents)))
    test = count_test(sparse.csr_array(table), sizes, flags)
    return [term for term, p in zip(terms, test.p_family, strict=True) if p < LEVEL]


def run(novels: list[list[Document]], splits: int) -> pd.DataFrame:
    """Return one row for pieces as they are drawn, and one for pieces each of another novel."""
    every, number = [piece for novel in novels for piece in novel], list(CELLS).index(KIND)
    rows = []
    for name in ("as they are drawn", "each of another novel"):
        found = []
        for place in range(splits):
            rng = np.random.default_rng([number, SIDE, SIDE, place])
            own = every
            if name != "as they are drawn":
                own = [novel[rng.integers(len(novel))] for novel in novels]
            chosen = [own[i] for i in rng.permutation(len(own))[: 2 * SIDE]]
            drawn = split(chosen, SIDE, SIDE, np.random.default_rng(place))
            found.append(false_words(drawn, chosen))
        words = sorted(set().union(*found))
        rows.append((name, splits, *share([bool(own) for own in found]), ", ".join(words)))
    return pd.DataFrame(rows, columns=COLUMNS)


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked(
        "Tell what pieces of one novel do to the level.",
        ("splits", 100, "splits of a row"),
        needed=True,
    )
    table = run(pieces(options.texts), options.splits)
    keep(table, "nested")
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.astype({"splits": str})
    write_section("Documents that hang together", f"{words}\n\n{_markdown(shown)}")
    print(table.to_string())


if __name__ == "__main__":
    main()
