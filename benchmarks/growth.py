"""How the processor's time of every step of reading grows with hostile texts.

    python -m benchmarks.growth            # every step, half an hour; writes growth.csv
    python -m benchmarks.growth names      # one step

A text is one pattern over and over: every class of characters, every pair of classes, and what
rules look for, begun and never ended, or met again and again. Each is measured at SIZES, a pair at
a quarter of them; what seems to grow faster than LIMIT is measured anew at larger ones, as the
clock of a busy machine errs. The slowest pattern of a step and the one with the largest exponent
are measured once more up to LARGE characters, as far as SECONDS reach. Python's search for circles
of objects waits: it begins somewhere between two sizes, and then takes up to two thirds more time,
in step with the text.

Where words are scored one by one the pairs of classes are left out, as they would take hours. A
table is made of a corpus in which the text stands, and half of it on the other side, beside plain
texts: time is that of reading and of the table, and only what rules look for is tried. Tables of
tone are not measured, as these texts are in no language that it is known for.
"""

import argparse
import csv
import gc
import itertools
import math
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.keywords.beyond_words import phrase_keyness
from analysis.keywords.table import keyness
from analysis.text import Corpus, load_table
from analysis.text.cleaning import CLEANING, FIRST, RULES, Rule, as_read, clean
from analysis.text.documents import Edit
from analysis.text.tokens import sentence_spans, token_spans
from analysis.tone.masking import name_spans
from analysis.tone.scoring import scorers
from analysis.tone.voices import voices_of

HERE = Path(__file__).parent
TABLE = HERE / "growth.csv"
COLUMNS = ["step", "patterns", "exponent", "of", "slowest", "characters", "seconds", "grows"]
SIZES = (12_000, 48_000)
PART = 4  # of these sizes, for pairs
FURTHER = 4  # times as many characters, where a pattern seems to grow too fast
RANGE = 16  # between the smaller and the larger one of large texts
LARGE = 10_000_000
SECONDS = 4  # of a large text: what would take longer is measured at a smaller one
LIMIT, AGAIN, ROUNDS = 1.1, 2, 3
NUMBERS = itertools.count()
CLASSES = [
    *(
        "a",
        "A",
        "1",
        "é",
        "你",
        "😀",
        "\u0301",
        "\u200d",
        "\u00ad",
        " ",
        "\t",
        "\n",
        "\r",
        ".",
        ",",
    ),
    *(
        ":",
        "?",
        "'",
        '"',
        "“",
        "”",
        "-",
        "—",
        "*",
        "_",
        "[",
        "]",
        "(",
        ")",
        "<",
        "&",
        "/",
        "\\",
        "=",
    ),
]
HOSTILE = [
    *("A. ", "a-\n", "a/a via ", "[a](", "[a](b ", "![", "**a ", "*a* ", "** **", "__a"),
    *("a\u0301\u0323", "http://a.b/ ", " (http://", "\\(",
    "😀\u200d", "\u00ad\n", "one two three\n", "via AP\n\n"),
    *("?! ", "...", ". ' ", '." ', ".[1]", "1. ", "Mr. ", "U.S. ", "A.A.", "a'a", "a's ", "l'a "),
    *("<a ", "<!--", "<script>", "&amp", "&#", "<p>", "</", '<a href="', "(Photo by ", "By: "),
    *("“He said, ", "“a” ", "'a ", "said that ", "He said a, ", "according to ", "not ", "very "),
    *("Mr. Al Bo ", "New York ", "A B ", "IRAN ", "of the ", "but ", "no good ", "U.S.A", "12:30 "),
    *("00:01:02,5 --> ", "SPEAKER: ", ">> ", "--- ", "<<<<<<< ", "=======\n", "â€™", "Ã©", "ﬁ"),
]  # fmt: skip
PLAIN = "The harbour was calm, and the good crew repaired the nets. A storm had hurt the quay. "
PAIRS = frozenset("".join(pair) for pair in itertools.combinations(CLASSES, 2))


def patterns(name: str) -> list[str]:
    """Return the patterns of a step: what rules look for, classes, and pairs of them."""
    few = [*HOSTILE, *CLASSES]
    if name.startswith("table"):
        return HOSTILE
    if name.startswith("tone"):
        return few
    return list(dict.fromkeys([*few, *sorted(PAIRS)]))


def steps() -> dict[str, Callable[[str], object]]:
    """Return the steps of reading by name, each a function of a text."""
    rules = {**FIRST, **{name: own[0] for name, own in CLEANING.items()}}
    every = {f"tone of {one.name}": one.words for one in scorers()}
    return {
        "as read": as_read,
        **{f"rule {name}": partial(_through, rule) for name, rule in rules.items()},
        "cleaning": lambda text: clean(text, rules=RULES),
        "sentences": sentence_spans,
        "words": token_spans,
        "names": name_spans,
        "voices": voices_of,
        **every,
        "table of words": partial(_table, keyness),
        "table of phrases": partial(_table, phrase_keyness),
    }


def _through(rule: Rule, text: str) -> list[Edit]:
    return list(rule(text))


def _table(analyse: Callable[[Corpus], object], text: str) -> None:
    """Make a table of a corpus that holds a text, or meet the sentence that refuses it."""
    texts = [text, PLAIN * 6, text[: len(text) // 2], PLAIN * 7]
    table = pd.DataFrame({"text": texts, "group": ["a", "a", "b", "b"]})
    with suppress(InputError):
        analyse(load_table(table, target="a", reference="b"))


def seconds(step: Callable[[str], object], pattern: str, size: int, times: int = 1) -> float:
    """Return the processor's time of a step on a pattern, the least of some measurements."""
    found = []
    for _ in range(times):
        text = f"{pattern * max(size // len(pattern), 1)} {next(NUMBERS)}"  # none was read before
        start = time.process_time()
        step(text)
        found.append(time.process_time() - start)
    return max(min(found), 1e-3)  # less cannot be timed, and does not matter


def slope(
    step: Callable[[str], object], pattern: str, small: int, large: int, times: int = 1
) -> tuple[float, float]:
    """Return how time grows from one size to another, and the seconds of the larger one."""
    first, last = (seconds(step, pattern, size, times) for size in (small, large))
    return math.log(last / first) / math.log(large / small), last


def exponent(step: Callable[[str], object], pattern: str) -> tuple[float, float]:
    """Return how time grows with a pattern, and its seconds at the larger of SIZES."""
    sizes = [size // PART if pattern in PAIRS else size for size in SIZES]
    found, spent = slope(step, pattern, *sizes)
    for _ in range(ROUNDS):
        if found <= LIMIT or spent > SECONDS:
            break
        sizes = [FURTHER * size for size in sizes]
        found, spent = slope(step, pattern, *sizes, AGAIN)
    return found, spent * SIZES[1] / sizes[1]


def largest(step: Callable[[str], object], pattern: str, spent: float) -> tuple[int, float, float]:
    """Return how many characters a large text had, its seconds, and how time grew up to there."""
    size = int(min(LARGE, SIZES[1] * SECONDS / spent))
    grows, last = slope(step, pattern, size // RANGE, size)
    return size, last, grows


def measured(name: str, step: Callable[[str], object]) -> dict[str, object]:
    """Return the row of a step."""
    step("A first text, so that what is read once has been read. He said no.")
    gc.disable()
    found = {pattern: exponent(step, pattern) for pattern in patterns(name)}
    worst = max(found, key=lambda pattern: found[pattern][0])
    slow = max(found, key=lambda pattern: found[pattern][1])
    large = {pattern: largest(step, pattern, found[pattern][1]) for pattern in {worst, slow}}
    gc.enable()
    size, spent, _ = large[slow]
    grows = max(one[2] for one in large.values())
    values = (
        name, len(found), round(found[worst][0], 2), ascii(worst), ascii(slow), size,
        round(spent, 1), round(grows, 2),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def write(row: dict[str, object]) -> None:
    """Put a row in place of that of the same step."""
    kept = []
    if TABLE.is_file():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = [own for own in csv.DictReader(file) if own["step"] != row["step"]]
    order = list(steps())
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, row], key=lambda own: order.index(str(own["step"]))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("steps", nargs="*", help=", ".join(steps()))
    chosen = parser.parse_args().steps
    for name, step in steps().items():
        if not chosen or name in chosen:
            row = measured(name, step)
            print(row, flush=True)
            write(row)


if __name__ == "__main__":
    main()
