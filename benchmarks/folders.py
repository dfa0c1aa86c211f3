"""Folders of any shape through `compare`: results, or one sentence, and never a traceback.

    python -m benchmarks.folders --seeds 0 20 [--minutes 8]   # adds rows to folders.csv

A seed draws two folders (1 to 60 files, of 5 to 2,000 words; some repeated, empty, of numbers alone
or of long words; names as they come) and executes the real notebooks on them, all of them or those
of one subject. What comes out must be whole, or refused: early where nothing can be said at all.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ROOT = HERE.parent
TABLE = HERE / "folders.csv"
COLUMNS = ["seed", "shape", "subjects", "files", "words", "seconds", "outcome", "said"]
LIMIT = 900  # seconds, on a busy machine
SHAPES = ("ordinary", "ordinary", "repeated", "empty", "numbers", "long words", "one file", "names")
SUBJECTS = ("all", "corpus", "keywords", "tone", "topics")
NAMES = [
    "a b",
    "-x",
    "ünï",
    "[1]*?",
    "$x$",
    "=1+1",
    "<b>&",
    "'\"",
    "x" * 120,
    "a,b;c",
    "#%",
    "日本",
]


def words(rng: random.Random, shape: str, many: int) -> str:
    """Return a text of so many words, in sentences and paragraphs."""
    letters = "etaoinshrdlucmfw"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(300)]
    vocabulary += "the of and to a in is not good bad war peace great hate Rome Iran".split() * 9
    if shape == "numbers":
        vocabulary = [str(rng.randint(0, 10 ** rng.randint(1, 9))) for _ in range(200)]
    if shape == "long words":
        vocabulary += ["".join(rng.choices(letters, k=rng.randint(40, 400))) for _ in range(60)]
    parts, left = [], many
    while left > 0:
        own = min(rng.randint(1, 24), left)
        parts.append(" ".join(rng.choices(vocabulary, k=own)).capitalize() + rng.choice(".!?…"))
        left -= own
    return "".join(part + rng.choice([" ", " ", " ", "\n\n"]) for part in parts)


def write(folder: Path, rng: random.Random, shape: str) -> tuple[list[str], int, int]:
    """Write two folders; return their names, how many files they hold, and how many words."""
    names = rng.sample(NAMES, 2) if shape == "names" else ["new", "old"]
    files = total = 0
    for name in names:
        (folder / name).mkdir()
        many = 1 if shape == "one file" else round(60 ** rng.random())
        kept: list[str] = []
        for number in range(many):
            size = round(5 * 400 ** rng.random())
            text = words(rng, shape, size)
            if shape == "repeated" and kept and rng.random() < 0.6:
                text = rng.choice(kept)
            if shape == "empty" and rng.random() < 0.3:
                text = rng.choice(["", " \n", "\ufeff", "..."])
            kept.append(text)
            (folder / name / f"{number}.txt").write_text(text, encoding="utf-8")
            total += len(text.split())
        files += many
    return names, files, total


def tried(seed: int) -> dict[str, object]:
    """Compare the folders of a seed; return what came of it."""
    rng = random.Random(seed)
    shape, subjects = rng.choice(SHAPES), rng.choice(SUBJECTS)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        names, files, total = write(home, rng, shape)
        command = [sys.executable, "-m", "analysis", "compare", "--out", "out"]
        command += [] if subjects == "all" else ["--only", subjects]
        begin = time.monotonic()
        own = {**os.environ, "PYTHONPATH": str(ROOT)}
        try:
            done = subprocess.run(
                [*command, "--", *names], cwd=home, env=own, timeout=LIMIT,
                capture_output=True, encoding="utf-8", errors="replace", check=False,
            )  # fmt: skip
            outcome, said = judged(home / "out", done)
        except subprocess.TimeoutExpired:
            outcome, said = "FAULT", f"more than {LIMIT} s"
        seconds = round(time.monotonic() - begin, 1)
    values = (seed, shape, subjects, files, total, seconds, outcome, said)
    return dict(zip(COLUMNS, values, strict=True))


def judged(out: Path, done: "subprocess.CompletedProcess[str]") -> tuple[str, str]:
    """Say whether a run gave results, refused in one sentence, or is at fault, and what it said."""
    lines = done.stderr.splitlines()
    reasons = [
        line for line in lines if not line.startswith(("analysis: warning", "analysis: note"))
    ]
    said = " ".join(reasons)[:300]
    if "Traceback" in done.stderr or done.returncode not in (0, 2) or "is not whole" in said:
        return "FAULT", f"{done.returncode}: {said}"
    if done.returncode == 2:
        return ("refused" if len(reasons) == 1 else "FAULT"), said
    notebooks = list((out / "notebooks").glob("*.ipynb"))
    for path in notebooks:
        for cell in nbformat.read(path, 4).cells:  # type: ignore[no-untyped-call]
            for output in cell.get("outputs", ()):
                if output.output_type == "error" and output.ename != "InputError":
                    return "FAULT", f"{path.name}: {output.ename}: {output.evalue}"[:300]
    return ("results" if notebooks and not reasons else "FAULT"), said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", nargs=2, type=int, default=(0, 20))
    parser.add_argument("--minutes", type=float, default=60, help="begin no folder after these")
    options = parser.parse_args()
    end = time.monotonic() + 60 * options.minutes
    for seed in range(*options.seeds):
        if time.monotonic() > end:
            break
        row = tried(seed)
        print(*row.values(), sep="  ", flush=True)
        kept = []
        if TABLE.is_file():
            with TABLE.open(encoding="utf-8", newline="") as file:
                kept = [own for own in csv.DictReader(file) if own["seed"] != str(seed)]
        every = sorted([*kept, row], key=lambda own: int(str(own["seed"])))
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(every)


if __name__ == "__main__":
    main()
