"""What the verdict on two texts themselves allows for, and what not: drift along a text.

    python -m benchmarks.drift --texts FOLDER

Writes ``benchmarks/drift.csv`` and its section of ``benchmarks/README.md``.

Where each group is a single text, its passages are units of the first verdict, "these two texts
differ by more than bursts within them explain". One text is here cut into its first and its second
half, and the halves are contrasted like two texts, in runs of 100 words: a word that passes the
family-wise 5 % tells that the text moves on from one subject to another. With its runs dealt to two
halves at random, what is left are bursts. Texts and their kinds are those of the section on real
texts that do not differ; of each kind, the first so many of at least 800 words.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference import count_test
from analysis.inference.levels import LEVEL
from analysis.text.tokens import is_number, stop_words, tokenize
from benchmarks.nulls import _speeches, asked, keep
from benchmarks.validity import _markdown, write_section

RUN, SHORTEST, MOST = 100, 800, 60  # words of a run; of the shortest text; texts of a kind
COLUMNS = ["texts", "number", "halves as they come", "error", "runs dealt at random", "error "]


def runs(tokens: list[str]) -> sparse.csr_array:
    """Return runs × terms counts of one text."""
    dropped = stop_words()
    count = len(tokens) // RUN
    held = [
        Counter(t for t in tokens[RUN * i : RUN * (i + 1)] if t not in dropped and not is_number(t))
        for i in range(count)
    ]
    column = {term: j for j, term in enumerate(sorted(set().union(*held)))}
    cells = [(i, column[t], n) for i, own in enumerate(held) for t, n in sorted(own.items())]
    rows, terms, counts = np.array(cells).T
    return sparse.csr_array((counts, (rows, terms)), shape=(count, len(column)))


def differs(table: sparse.csr_array, flags: np.ndarray) -> bool:
    """Tell whether any term passes the family-wise level."""
    test = count_test(table, np.full(len(flags), float(RUN)), flags)
    return bool(np.nanmin(test.p_family) < LEVEL)


def share(found: list[bool]) -> tuple[float, float]:
    """Return a share and its error."""
    count = len(found)
    near = (sum(found) + 1) / (count + 2)
    return float(np.mean(found)), float(np.sqrt(near * (1 - near) / count))


def row(name: str, texts: list[list[str]]) -> tuple[object, ...]:
    """Return what a kind of text comes to, see ``COLUMNS``."""
    chosen = [tokens for tokens in texts if len(tokens) >= SHORTEST][:MOST]
    rng, halves, dealt = np.random.default_rng(3), [], []
    for tokens in chosen:
        table = runs(tokens)
        flags = np.arange(table.shape[0]) < table.shape[0] // 2
        halves.append(differs(table, flags))
        dealt.append(differs(table, rng.permutation(flags)))
    return name, len(chosen), *share(halves), *share(dealt)


def kinds(texts: Path) -> dict[str, list[list[str]]]:
    """Return the tokens of the texts of every kind."""
    read = {
        name: [
            tokenize(file.read_text(encoding="utf-8"))
            for folder in folders
            for file in sorted((texts / folder).glob("*.txt"))
        ]
        for name, folders in (
            ("essays of one author", ["federalist/Hamilton"]),
            ("inaugural addresses", ["inaugural/before 1900", "inaugural/after 1900"]),
            ("novels", ["novels"]),
        )
    }
    read["speeches cut from novels"] = _speeches(read.pop("novels"))
    return read


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked("Contrast the halves of one text.", needed=True)
    rows = [row(name, texts) for name, texts in kinds(options.texts).items()]
    table = pd.DataFrame(rows, columns=COLUMNS)
    keep(table, "drift")
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.astype({"number": str})
    write_section("Drift along a text", f"{words}\n\n{_markdown(shown)}")
    print(table.to_string())


if __name__ == "__main__":
    main()
