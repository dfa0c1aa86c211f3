"""What tests of several rooms make by hand: small corpora, a row of keyness, a figure."""

import json
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from scipy import sparse

from analysis.errors import InputError
from analysis.report import MM, SINGLE, canvas, group_style, style
from analysis.report.figure import Words
from analysis.text import Corpus, Counts, Document, Group
from analysis.text.cleaning import clean
from analysis.text.stream import Tally, stream_counts
from analysis.text.tokens import Pieces
from analysis.tone.sentences import Sentences

CONCEPTS = """
[[concept]]
name = "colour"
definition = "What a thing looks like."
words = { red = "a colour", "dark Red" = "a shade of it" }

[[concept]]
name = "taste"
definition = "What a thing tastes like."

[concept.words]
"sour" = "a taste"
"""

# Counts in target and reference, and the tokens of each.
CELLS = [
    (7, 2, 10, 9), (10, 5, 1_000, 2_000), (6, 0, 1_037, 3_019), (0, 11, 1_037, 3_019),
    (16, 15, 1_037, 3_019), (1, 1, 37, 3_019), (250, 90, 4_000, 90_000), (3, 3, 500, 500),
]  # fmt: skip

TABLE = pd.DataFrame({"term": ["gas", "iran"], "n": [3, 12], "rate": [1.23456789, 1e-7]})
DRAWN: dict[str, Any] = {
    "id": "two-words",
    "table": TABLE,
    "words": Words(
        "Two words, 15 occurrences; these two texts only.",
        'Bars of two words: "iran" occurs 12 times & gas 3 times.',
    ),
    "record": {"texts": {"a": "0" * 64}, "shown": {"rows": np.int64(2)}},
}

# A cluster on loopback alone, its pages too.
HERE = {
    "host": "127.0.0.1", "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0",
    "worker_dashboard_address": "127.0.0.1:0",
}  # fmt: skip


def tally_of(texts: Sequence[str], sides: Sequence[int]) -> Tally:
    """Count texts by way of a table, as streams are; sides are 0 for the target, else 1."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "table.jsonl"
        rows = ({"text": t, "group": str(s)} for t, s in zip(texts, sides, strict=True))
        table.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return stream_counts(table, target="0", reference="1")


def tone_scores(texts: list[str], *, masked: bool = True) -> pd.DataFrame:
    """Score texts, one sentence each."""
    return Sentences.read(Pieces.cut(texts), masked=masked).table


def named(words: list[str], names: tuple[str, ...]) -> list[str]:
    """Join the words of names by replacing their text; the longer name first."""
    text = f" {'  '.join(words)} "
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(f" {name.replace(' ', '  ')} ", f" {name.replace(' ', '_')} ")
    return [word.replace("_", " ") for word in text.split()]


def in_memory(target: str, reference: str) -> Corpus:
    """Return a corpus of two plain texts, each sentence a paragraph."""
    groups = Group("new", "target", "#000000"), Group("old", "reference", "#999999")
    texts = zip(groups, (target, reference), strict=True)
    documents = tuple(
        Document(group.label, group.label, clean(text.replace(". ", ".\n\n"), rules=()), "")
        for group, text in texts
    )
    return Corpus("toy", *groups, documents)


def quanteda_by_loops(a: float, b: float, n1: float, n2: float) -> tuple[float, float]:
    """Return quanteda's chi2 and lr, cell by cell: shifted only where the table is small."""
    n = n1 + n2
    cells = [a, b, n1 - a, n2 - b]
    rows, columns = [a + b, n - a - b], [n1, n2]
    expected = [r * c / n for r in rows for c in columns]
    cross = abs(a * (n2 - b) - b * (n1 - a))
    shift = 0.5 if cross >= n / 2 and min(expected) < 5 else 0
    sign = 1 if a > expected[0] else -1
    chi = n * (cross - n * shift) ** 2 / math.prod([*rows, *columns])
    moved = [o - sign * s * shift for o, s in zip(cells, (1, -1, -1, 1), strict=True)]
    pairs = zip(moved, expected, strict=True)
    lr = 2 * sum(o * math.log(o / e + 1e-9) for o, e in pairs)
    return sign * chi, sign * lr


def keyness_row(**more: Any) -> dict[str, Any]:
    """Return a row of keyness with round numbers, which a reader can follow."""
    return {
        "term": "x", "n_target": 5, "n_reference": 2, "log_ratio": 2.0, "score": 1.0,
        "ci_low": 0.5, "ci_high": 3.5,
        "dispersion_target": 0.5, "dispersion_reference": 0.9,
        "self_target": 1.0, "self_reference": 3.0, "floor_target": 4.0, "floor_reference": np.inf,
        "established": False, "p_within_family": np.nan,
    } | more  # fmt: skip


def group(role: str) -> Group:
    """Return a group of that role."""
    return Group(label="2018" if role == "target" else "2017", role=role, colour="#0072b2")


def bars() -> Axes:
    """Draw a small figure of the table anew."""
    ax: Axes = canvas(SINGLE, 40 * MM)[1]
    with style():
        ax.barh(TABLE["term"], TABLE["n"], **group_style(group("reference")).bars)
        ax.set_xlabel("Occurrences")
    return ax


def files(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def interval_excludes(low: Any, high: Any, value: float = 0.0) -> Any:
    """Tell whether an interval leaves a value out."""
    return (np.asarray(low) > value) | (np.asarray(high) < value)


def counted(matrix: np.ndarray, first: int) -> Counts:
    """Return counts of units of a hundred tokens, the target's first."""
    units = len(matrix)
    return Counts(
        pd.DataFrame(
            {"document": range(units), "group": np.repeat(["a", "b"], [first, units - first])}
        ),
        tuple(f"t{number:05}" for number in range(matrix.shape[1])),
        sparse.csr_array(matrix),
        np.full(units, 100.0),
        np.arange(units) < first,
        True,
    )


def refused(read: Callable[[Path], Any], file: Path, message: str) -> None:
    """Check that a file is refused in a sentence that names it and says what is wrong."""
    with pytest.raises(InputError) as caught:
        read(file)
    assert file.name in str(caught.value)
    assert re.search(message, str(caught.value)), caught.value
