"""How the processor's time of every step of reading grows with hostile texts.

    python -m benchmarks.growth            # every step, some minutes; writes growth.csv
    python -m benchmarks.growth names      # one step

A text is one pattern over and over: every class of characters, every pair of classes, and what
rules look for, begun and never ended, or met again and again. Each is measured at SIZES; what seems
to grow faster than LIMIT is measured again, AGAIN times, at sizes twice as large, as clocks of a
busy machine err. The slowest pattern of a step and the one with the largest exponent are measured
once more up to LARGE characters.
"""

import argparse
import csv
import itertools
import math
import time
from collections.abc import Callable
from pathlib import Path

from analysis.text.cleaning import RULES, as_read, clean
from analysis.text.sources import decode_markup
from analysis.text.tokens import sentence_spans, token_spans
from analysis.tone.masking import name_spans
from analysis.tone.scoring import scorers
from analysis.tone.voices import voices_of

HERE = Path(__file__).parent
TABLE = HERE / "growth.csv"
COLUMNS = ["step", "patterns", "exponent", "of", "slowest", "characters", "seconds", "grows"]
SIZES = (12_000, 48_000)
LARGE = 10_000_000
SECONDS = 8  # of a large text: what would take longer is measured at a smaller one
LIMIT, AGAIN = 1.1, 3
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


def patterns() -> list[str]:
    """Return every pattern: what rules look for, classes, and pairs of them."""
    pairs = ["".join(pair) for pair in itertools.combinations(CLASSES, 2)]
    return [*HOSTILE, *CLASSES, *pairs]


def steps() -> dict[str, Callable[[str], object]]:
    """Return the steps of reading by name, each a function of a text."""
    every = {f"tone of {one.name}": one.words for one in scorers()}
    return {
        "markup": lambda text: list(decode_markup(text)),
        "as read": as_read,
        "cleaning": lambda text: clean(text, rules=RULES),
        "sentences": sentence_spans,
        "words": token_spans,
        "names": name_spans,
        "voices": voices_of,
        **every,
    }


def seconds(step: Callable[[str], object], pattern: str, size: int) -> float:
    """Return the processor's time of a step on a pattern, so many characters of it."""
    text = f"{pattern * max(size // len(pattern), 1)} {next(NUMBERS)}"  # none was read before
    start = time.process_time()
    step(text)
    return time.process_time() - start


def exponent(step: Callable[[str], object], pattern: str) -> tuple[float, float]:
    """Return how time grows with a pattern, and its seconds at the larger size."""
    small, large = SIZES
    found, spent = math.inf, 0.0
    for _ in range(AGAIN):
        first, spent = seconds(step, pattern, small), seconds(step, pattern, large)
        # A step of less than a millisecond cannot be timed, and does not matter.
        grows = math.log(max(spent, 1e-3) / max(first, 1e-3)) / math.log(large / small)
        found = min(found, grows)
        if found <= LIMIT:
            break
        small, large = 2 * small, 2 * large
    return found, spent


def largest(step: Callable[[str], object], pattern: str, spent: float) -> tuple[int, float, float]:
    """Return how many characters a large text had, its seconds, and how time grew up to there."""
    size = int(min(LARGE, SIZES[1] * SECONDS / max(spent, 1e-3)))
    first, last = seconds(step, pattern, size // 4), seconds(step, pattern, size)
    return size, last, math.log(last / max(first, 1e-3)) / math.log(4)


def measured(name: str, step: Callable[[str], object]) -> dict[str, object]:
    """Return the row of a step."""
    step("A first text, so that what is read once has been read. He said no.")
    found = {pattern: exponent(step, pattern) for pattern in patterns()}
    worst = max(found, key=lambda pattern: found[pattern][0])
    slow = max(found, key=lambda pattern: found[pattern][1])
    large = {pattern: largest(step, pattern, found[pattern][1]) for pattern in {worst, slow}}
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
