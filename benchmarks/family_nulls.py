"""How often phrases, concepts and the tone of actors are said to differ where nothing does.

    python -m benchmarks.family_nulls [--texts FOLDER] [--splits N]

Writes ``benchmarks/family_nulls.csv`` and its section of ``benchmarks/README.md``.

Documents of one kind are drawn at random into two groups, as in the section on real texts that do
not differ, and put through the package as anybody's texts are; of long ones some thousand words
are read. Phrases are those that come back. Concepts are twelve lists of eight words each, dealt
from the content words that most documents of the kind hold; actors are its eight most frequent
names. By row: share of the phrases, concepts or actors (of five occurrences or more, or with a
contrast) with p < .05. Any: family-wise 5 %. Intervals of actors allow for what the calibration
may have wrong of a group, which a random split does not show: they should be wrong less often.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.inference.levels import LEVEL
from analysis.keywords import concept_keyness, phrase_keyness
from analysis.text import Concept, Corpus, load_texts
from analysis.text.design import capitalised_words
from analysis.text.tokens import stop_words, tokenize
from analysis.tone.actors import Actor, Actors, actor_tone
from benchmarks.nulls import asked, keep
from benchmarks.tone_nulls import kinds
from benchmarks.validity import LEAST, _markdown, write_section

MOST, LONG = 100, 6_000  # documents of a kind that are read, and characters of each
DESIGNS = ((3, 3), (9, 20), (40, 40))
CONCEPTS, WORDS, NAMES = 12, 8, 8
DRAWS = 999
CLEANING = ("markup",)
COLUMNS = [
    "texts", "target", "reference", "splits", "family", "rows", "by row", "any", "any, error",
]  # fmt: skip


def families(texts: list[str]) -> tuple[tuple[Concept, ...], Actors]:
    """Return concepts and actors of a kind of text, by how many documents hold their words."""
    held = Counter(token for text in texts for token in set(tokenize(text)))
    ranked = sorted(held, key=lambda token: (-held[token], token))
    names = capitalised_words(load_texts(texts[::2], texts[1::2], cleaning=CLEANING))
    content = [token for token in ranked if token not in names and _is_content(token)]
    words = content[: CONCEPTS * WORDS]
    concepts = tuple(
        Concept(f"list {n + 1}", "words", dict.fromkeys(words[n::CONCEPTS], "by frequency"))
        for n in range(CONCEPTS)
    )
    called = [token for token in ranked if token in names and _is_content(token)][:NAMES]
    return concepts, Actors(tuple(Actor(name, "a name", {name: "by frequency"}) for name in called))


def _is_content(token: str) -> bool:
    return token.isalpha() and len(token) > 1 and token not in stop_words()


def alarms(
    corpus: Corpus, concepts: tuple[Concept, ...], actors: Actors
) -> dict[str, tuple[int, int, bool]]:
    """Return of each family how many rows could differ, how many do, and whether any passes."""
    tables = {
        "phrases": phrase_keyness(corpus, draws=DRAWS).table,
        "concepts": concept_keyness(corpus, concepts=concepts, draws=DRAWS).table,
    }
    if actors.actors:
        tables["actors"] = actor_tone(corpus, actors, draws=DRAWS).table
    found = {}
    for name, table in tables.items():
        if name == "actors":
            rows = table[~table["too_few"]]
        else:
            rows = table[table["n_target"] + table["n_reference"] >= LEAST]
        below = int((rows["p_value"] < LEVEL).sum())
        found[name] = len(rows), below, bool((table["p_family"] < LEVEL).any())
    return found


def run(texts: Path | None, splits: int) -> pd.DataFrame:
    """Return one row a kind of text, design and family."""
    rows = []
    for kind, documents in kinds(texts):
        read = [text[:LONG] for text in documents if text.strip()][:MOST]
        concepts, actors = families(read)
        for first, second in DESIGNS:
            if first + second > len(read):
                continue
            rng = np.random.default_rng([first, second])
            found = []
            for number in range(splits):
                drawn = [read[i] for i in rng.permutation(len(read))[: first + second]]
                size = first if number % 2 else second
                found.append(
                    alarms(
                        load_texts(drawn[:size], drawn[size:], cleaning=CLEANING), concepts, actors
                    )
                )
            for family in found[0]:
                rows.append((kind, first, second, *_summary(family, found)))
                print(*rows[-1], flush=True)
    return pd.DataFrame(rows, columns=COLUMNS)


def _summary(
    family: str, found: list[dict[str, tuple[int, int, bool]]]
) -> tuple[int, str, float, float, float, float]:
    """Return splits, the family, rows a split, the share of rows and of splits, and its error."""
    counts, below, any_ = np.array([split[family] for split in found], dtype=float).T
    splits = len(found)
    near = (any_.sum() + 1) / (splits + 2)
    by_row = below.sum() / counts.sum() if counts.sum() else np.nan
    return splits, family, counts.mean(), by_row, any_.mean(), np.sqrt(near * (1 - near) / splits)


def report(table: pd.DataFrame) -> str:
    """Return the section, with the worst row of all and the mean of each family."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    shown = table.astype({"target": str, "reference": str, "splits": str})
    means = table.groupby("family", sort=False)["any"].mean()
    each = ", ".join(f"{family} {100 * mean:.1f} %" for family, mean in means.items())
    worst = table.iloc[int(table["any"].to_numpy().argmax())]
    said = (
        f"Some row passes the family-wise 5 %, mean of all designs: {each}. The worst is "
        f"{worst['family']} of {worst['texts']}, {worst['target']} against {worst['reference']}: "
        f"{100 * worst['any']:.0f} % of {worst['splits']} splits."
    )
    return f"{words}\n\n{_markdown(shown)}\n\n{said}"


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked("Count false differences of families.", ("splits", 100, "splits of a row"))
    table = run(options.texts, options.splits)
    keep(table, "family_nulls")
    write_section("Phrases, concepts and actors of real texts that do not differ", report(table))


if __name__ == "__main__":
    main()
