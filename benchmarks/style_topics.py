"""Whether a topic that is a way of writing is told from a subject.

    python -m benchmarks.style_topics [--texts FOLDER] [--seeds N]

Writes ``benchmarks/style_topics.csv`` and its section of ``benchmarks/README.md``.

Thirty documents of one kind are dealt at random into two groups. In the target's, words of address
and verbs are written as two centuries before ("you" as "thou", "to" as "unto", "has" as "hath", and
ten more), each occurrence with the probability given, as two translations of one book differ. A
topic of style is one whose label, three words, holds two of those; it is told where its alarm says
so, and then no sentence calls it a subject. Other topics are of what these documents are about; of
those, a group's label in disguise or a way of writing may be among them, so that not each of their
alarms is false. What counts is that no topic of style is a finding.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import load_texts, topics
from analysis.topicmodels.prevalence import Alarm
from benchmarks.nulls import asked, keep
from benchmarks.tone_nulls import kinds
from benchmarks.validity import _markdown, write_section

OLD = {
    "you": "thou", "your": "thy", "yours": "thine", "has": "hath", "does": "doth", "to": "unto",
    "are": "art", "have": "hast", "were": "wert", "says": "saith", "will": "wilt", "do": "dost",
    "shall": "shalt",
}  # fmt: skip
_WORDS = re.compile(rf"\b({'|'.join(OLD)})\b", re.IGNORECASE)
DOCUMENTS, LONG = 30, 15_000  # of a comparison; characters of each that are read
RATES = (0.8, 0.3, 0.0)
COLUMNS = [
    "texts", "rewritten", "comparisons", "topics of style", "told", "called findings",
    "other topics", "told as style",
]  # fmt: skip


def documents(texts: Path | None) -> Iterator[tuple[str, list[str]]]:
    """Yield the kinds of text, novels in three pieces each among them."""
    for kind, found in kinds(texts):
        if kind not in ("editorials", "product reviews"):  # too short for topics
            yield kind, found
    if texts is not None:
        novels = [file.read_text(encoding="utf-8") for file in sorted(texts.glob("novels/*.txt"))]
        plain = [text.replace("\N{REPLACEMENT CHARACTER}", "") for text in novels]
        yield (
            "novels",
            [
                text[len(text) // 4 + start : len(text) // 4 + start + LONG]
                for text in plain
                for start in range(0, 3 * LONG, LONG)
            ],
        )


def rewritten(text: str, rate: float, rng: np.random.Generator) -> str:
    """Return a text with words of an older style, each occurrence with a probability."""

    def word(match: re.Match[str]) -> str:
        found = match[0]
        if rng.random() >= rate:
            return found
        old = OLD[found.lower()]
        return old.capitalize() if found[0].isupper() else old

    return _WORDS.sub(word, text)


def outcome(read: list[str], rate: float, seed: int) -> np.ndarray:
    """Return topics of style, those told and those called findings, others, and those told."""
    rng = np.random.default_rng(seed)
    drawn = [read[i][:LONG] for i in rng.permutation(len(read))[:DOCUMENTS]]
    half = len(drawn) // 2
    old = [rewritten(text, rate, rng) for text in drawn[:half]]
    table = topics(load_texts(old, drawn[half:]), seed=seed).table
    words = [set(label.split(", ")) & set(OLD.values()) for label in table["label"]]
    style = np.array([len(found) >= 2 for found in words], dtype=bool)
    told = np.array([bool(alarm & (Alarm.EVEN | Alarm.LABEL)) for alarm in table["alarm"]], bool)
    finding = table["finding"].to_numpy(dtype=bool)
    return np.array(
        [style.sum(), (style & told).sum(), (style & finding).sum(),
         (~style).sum(), (~style & told).sum()]
    )  # fmt: skip


def run(texts: Path | None, seeds: int) -> pd.DataFrame:
    """Return one row a kind of text and rate."""
    rows = []
    for kind, read in documents(texts):
        for rate in RATES:
            found = sum(outcome(read, rate, seed) for seed in range(seeds))
            rows.append((kind, rate, seeds, *np.asarray(found).tolist()))
            print(*rows[-1], flush=True)
    return pd.DataFrame(rows, columns=COLUMNS)


def report(table: pd.DataFrame) -> str:
    """Return the section."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.astype({name: str for name in COLUMNS if name != "rewritten"})
    style, told, findings = (int(table[name].sum()) for name in COLUMNS[3:6])
    said = (
        f"Of {style} topics of style {told} are told and {findings} called findings; of "
        f"{table['other topics'].sum()} other topics {table['told as style'].sum()} are told as "
        "style or label."
    )
    return f"{words}\n\n{_markdown(shown)}\n\n{said}"


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked(
        "Plant a way of writing, and look for it.", ("seeds", 5, "comparisons of a row")
    )
    table = run(options.texts, options.seeds)
    keep(table, "style_topics", "%.4g")
    write_section("Topics of style", report(table))


if __name__ == "__main__":
    main()
