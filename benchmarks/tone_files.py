"""The files that the fit of tone writes."""

import hashlib
from dataclasses import asdict
from io import BytesIO

import numpy as np

from analysis.files import write_file
from analysis.tone.calibration import FILE, Line
from analysis.tone.embedding import ARRAYS, Judge
from analysis.tone.embedding import FILE as EMBEDDING
from analysis.tone.scoring import WEIGHTS, WEIGHTS_HEADING
from benchmarks.ratings import PACKAGE, SHA256
from benchmarks.tone_fit import LEARNT, Fitted, Weights, Words

MADE = (
    "# Made by `python -m benchmarks.tone --fit`, not by hand; "
    "analysis/resources/CALIBRATION.md explains it.\n"
)
ABOUT = """
# Weights of word families, learnt from rated editorials beside four word lists.
# Made by `python -m benchmarks.tone --fit`, not by hand; CALIBRATION.md is the model card.
# A family is the words of one Snowball stem; its second weight holds after a negation.
"""


def write_fit(fitted: Fitted, words: Words, lines: list[Line]) -> None:
    """Write ``word_weights.txt`` and ``calibration.toml`` in ``analysis/resources``."""
    write_file(WEIGHTS, weights_text(fitted.weights, words).encode())
    known = fitted.calibration
    head = [
        MADE,
        f"articles = {known.articles}",
        f"sentences = {known.sentences}",
        f"cut = {known.cut!r}",
        f'ratings = "{PACKAGE}, source distribution, sha256 {SHA256}"',
        "\n[weights]",
        *(f"{part} = {weight!r}" for part, weight in known.weights.items()),
        "\n[sums]",
        f'{LEARNT} = "{hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()}"',
    ]
    write_file(FILE, "\n".join([*head, *map(_line, lines), ""]).encode())


def weights_text(weights: Weights, words: Words) -> str:
    """Return the file of word weights: a line a family, weights to four decimals."""
    known: dict[str, list[float]] = {}
    for (family, negated), weight in zip(words.names, weights.words.tolist(), strict=True):
        known.setdefault(family, [0.0, 0.0])[negated] = round(weight, 4) + 0.0
    rows = [
        "\t".join([family, *(f"{x:g}" for x in pair)]) for family, pair in sorted(known.items())
    ]
    return "\n".join([ABOUT.strip(), WEIGHTS_HEADING, *rows, ""])


def write_embedding(judge: Judge) -> None:
    """Write ``embedding.toml`` in ``analysis/resources``, and the arrays beside it."""
    stored = {"landmarks": np.float16, "centre": np.float32, "spread": np.float32}
    arrays = {
        name: getattr(judge, name).astype(stored.get(name, np.float64))
        for name in ("weights", "centre", "spread", "landmarks", "near")
    }
    content = BytesIO()
    np.savez(content, **arrays)
    write_file(EMBEDDING.with_name(ARRAYS), content.getvalue())
    rows = [
        MADE,
        f'model = "{judge.model}"',
        f'sha256 = "{judge.sha256}"',
        f'arrays = "{hashlib.sha256(content.getvalue()).hexdigest()}"',
        f"penalty = {judge.penalty!r}",
        f"intercept = {judge.intercept:.6g}",
        "",
        "[lexicons]",
        *(f"{column} = {weight:.6g}" for column, weight in judge.lexicons.items()),
        "",
    ]
    write_file(EMBEDDING, "\n".join(rows).encode())


def _line(line: Line) -> str:
    said = {name: value for name, value in asdict(line).items() if isinstance(value, float)}
    rows = [
        "\n[[line]]",
        f'column = "{line.column}"',
        f"masked = {str(line.masked).lower()}",
        f'sha256 = "{line.sha256}"',
        *(f"{name} = {value!r}" for name, value in said.items()),
    ]
    return "\n".join(rows)
