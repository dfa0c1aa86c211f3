"""Runs that are killed, and places that fail: what was there stays whole, the next run ends well.

    python -m benchmarks.kills notebooks --times 25   # SIGKILL while a notebook is executed
    python -m benchmarks.kills compare --times 25     # while `compare` executes real notebooks
    python -m benchmarks.kills places                 # full and read-only disks, two runs (root)

Adds to what kills.csv counts, after every run. A run is ended at a random moment of it (SEED), or
as soon as a draft of a file stands on the disk, in turn; with its kernels, or without them. Before
each, the old figures are marked, so that it can be seen whether the files of one figure are all old
or all new.
"""

import argparse
import csv
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ROOT = HERE.parent
TABLE = HERE / "kills.csv"
COLUMNS = ["what", "moment", "times", "killed", "broken_files", "mixed_sets", "next_run_failed"]
SEED = 17
TEXTS = {
    "new": "The harbour was calm, and the good crew repaired the nets. A storm had hurt the quay. ",
    "old": "The garden was green, and the old oak gave shade. A frost had hurt the poor roses. ",
}
SETS = {"pdf", "svg", "png", "csv", "json"}


def start(command: list[str], folder: Path, home: Path) -> subprocess.Popen[bytes]:
    """Start a command as the leader of a group of its own, so that its kernels can be met."""
    own = {**os.environ, "PYTHONPATH": str(home), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=folder, env=own, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def killed(run: subprocess.Popen[bytes], moment: Callable[[], bool], group: bool) -> bool:
    """Kill a run at a moment, alone or with its kernels; tell whether it was still at work."""
    while run.poll() is None and not moment():
        time.sleep(0.002)
    working = run.poll() is None
    if working:
        (os.killpg if group else os.kill)(run.pid, signal.SIGKILL)
    run.wait()
    if not group:
        time.sleep(3)  # a kernel without its client ends itself
    if run.stderr:
        run.stderr.close()
    return working


Moment = tuple[str, Callable[[], bool]]


def moments(rng: random.Random, seconds: float, folder: Path) -> Iterator[Moment]:
    """Yield moments in turn: any of a run, and one at which a draft stands in a folder."""
    while True:
        end = time.monotonic() + rng.uniform(0, seconds)
        yield "any", lambda end=end: time.monotonic() > end  # type: ignore[misc]
        wanted = rng.randint(1, 12)
        seen: set[str] = set()

        def drafted(wanted: int = wanted, seen: set[str] = seen) -> bool:
            seen |= {p.name for p in folder.glob(".*.tmp")} if folder.is_dir() else set()
            return len(seen) >= wanted

        yield "writing", drafted


def mixed(folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> tuple[int, int]:
    """Return how many files are neither old nor new, and how many figures are some of both."""
    states: dict[str, set[str]] = {}
    broken = 0
    for name in new:
        path = folder / name
        content = path.read_bytes() if path.exists() else b""
        state = "old" if content == old[name] else "new" if content == new[name] else "broken"
        broken += state == "broken"
        stem, _, suffix = name.rpartition(".")
        if suffix in SETS:
            states.setdefault(stem, set()).add(state)
    return broken, sum(len(found) > 1 for found in states.values())


def whole(folder: Path) -> tuple[int, int]:
    """Return how many notebooks cannot be read, and how many figures lack a file."""
    broken = 0
    for path in folder.rglob("*.ipynb"):
        try:
            nbformat.read(path, 4)  # type: ignore[no-untyped-call]
        except Exception:
            broken += 1
    drawn = [p for p in folder.rglob("*.png") if p.with_suffix(".csv").exists()]
    return broken, sum(not p.with_suffix(f".{own}").exists() for p in drawn for own in SETS)


Rows = Counter[tuple[str, str]]
Keep = Callable[[Rows], None]


def kill_notebooks(times: int, rng: random.Random, rows: Rows, keep: Keep) -> None:
    """Kill `make notebooks` in a copy of the repository, on its first notebook."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "copy"
        subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(home)], check=True)
        command = [sys.executable, "scripts/run_notebooks.py", "notebooks/01_corpus.ipynb"]
        begin = time.monotonic()
        start(command, home, home).communicate()
        seconds = time.monotonic() - begin
        figures = home / "figures"
        new = {p.name: p.read_bytes() for p in figures.glob("corpus-*") if p.is_file()}
        old = {name: content + b"\n" for name, content in new.items()}
        notebook = home / "notebooks" / "01_corpus.ipynb"
        committed = notebook.read_bytes()
        for (moment, reached), _ in zip(moments(rng, seconds, figures), range(times), strict=False):
            for name, content in old.items():
                (figures / name).write_bytes(content)
            rows["times", moment] += 1
            rows["killed", moment] += killed(
                start(command, home, home), reached, rng.random() < 0.5
            )
            broken, sets = mixed(figures, old, new)
            rows["broken_files", moment] += broken + (notebook.read_bytes() != committed)
            rows["mixed_sets", moment] += sets
            keep(rows)
        last = start(command, home, home)
        last.communicate()
        state = ["git", "status", "--porcelain"]
        left = subprocess.run(state, cwd=home, capture_output=True, text=True, check=True).stdout
        rows["next_run_failed", "any"] += bool(last.returncode or left)
        print(left, end="", flush=True)


@contextmanager
def texts(folder: Path) -> Iterator[list[str]]:
    """Write two small groups of texts; give the command that compares them."""
    for name, text in TEXTS.items():
        (folder / name).mkdir()
        for number in range(6):
            own = text * (4 + number) + "\n\n" + text * 3
            (folder / name / f"{number}.txt").write_text(own, encoding="utf-8")
    yield [
        *(sys.executable, "-m", "analysis", "compare", "new", "old"),
        *("--only", "corpus", "tone", "--draws", "99", "--out"),
    ]  # fmt: skip


def kill_compare(times: int, rng: random.Random, rows: Rows, keep: Keep) -> None:
    """Kill `compare` on real notebooks; half of the runs go on where one before was killed."""
    with tempfile.TemporaryDirectory() as scratch, texts(Path(scratch)) as command:
        home = Path(scratch)
        begin = time.monotonic()
        start([*command, "first"], home, ROOT).communicate()
        seconds = time.monotonic() - begin
        out = home / "out"
        for (moment, reached), _ in zip(
            moments(rng, seconds, out / "figures"), range(times), strict=False
        ):
            if rng.random() < 0.5:
                shutil.rmtree(out, ignore_errors=True)
            rows["times", moment] += 1
            run = start([*command, "out"], home, ROOT)
            rows["killed", moment] += killed(run, reached, rng.random() < 0.5)
            broken, sets = whole(out)
            rows["broken_files", moment] += broken
            rows["mixed_sets", moment] += sets
            keep(rows)
            if run.returncode == 0:
                shutil.rmtree(out)
        last = start([*command, "out"], home, ROOT)
        last.communicate()
        names = [
            {str(p.relative_to(home / own)) for p in (home / own).rglob("*")}
            for own in ("first", "out")
        ]
        rows["next_run_failed", "any"] += bool(last.returncode) or names[0] != names[1]


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """Mount a small disk at a place."""
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def places(_: int, __: random.Random, rows: Rows, ___: Keep) -> None:
    """Compare into disks that fill up or cannot be written, and twice at once."""
    with tempfile.TemporaryDirectory() as scratch, texts(Path(scratch)) as command:
        home = Path(scratch)

        def tried(moment: str, out: str, stdout: int = subprocess.DEVNULL) -> None:
            run = start([*command, out], home, ROOT)
            said = (run.communicate()[1] or b"").decode()
            reason = [line for line in said.splitlines() if not line.startswith("analysis: warn")]
            rows["times", moment] += 1
            refused = run.returncode == 2 and len(reason) == 1 and reason[0].startswith("analysis:")
            fits = moment == "full disk" and run.returncode == 0 and not reason
            broken, sets = whole(home / out)
            rows["broken_files", moment] += broken + (not refused and not fits)
            rows["mixed_sets", moment] += sets
            print(moment, run.returncode, *reason, flush=True)

        for kilobytes in (16, 200, 900, 2_500):
            with mounted(home / f"disk{kilobytes}", f"size={kilobytes}k") as disk:
                tried("full disk", f"{disk.name}/out")
        with mounted(home / "read", "size=1m") as disk:
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            tried("read-only disk", "read/out")
        first = start([*command, "twice"], home, ROOT)
        while not (home / "twice" / ".unfinished" / "lock").exists():
            time.sleep(0.05)
        tried("a second run", "twice")
        first.communicate()
        rows["next_run_failed", "a second run"] += bool(first.returncode)


WHAT = {"notebooks": kill_notebooks, "compare": kill_compare, "places": places}


def before() -> list[dict[str, str]]:
    """Return the rows of the table."""
    if not TABLE.is_file():
        return []
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(what: str, rows: Rows, old: list[dict[str, str]]) -> None:
    """Add counts to the rows that were there before these runs."""
    sums = {(row["what"], row["moment"]): [int(row[name]) for name in COLUMNS[2:]] for row in old}
    for moment in sorted({moment for _, moment in rows}):
        counted = sums.get((what, moment), [0] * len(COLUMNS[2:]))
        new = [rows[name, moment] for name in COLUMNS[2:]]
        sums[what, moment] = [a + b for a, b in zip(counted, new, strict=True)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *([*key, *counts] for key, counts in sums.items())])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=list(WHAT))
    parser.add_argument("--times", type=int, default=25)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    rows: Rows = Counter()
    old = before()
    WHAT[options.what](
        options.times,
        random.Random(options.seed),
        rows,
        lambda done: write(options.what, done, old),
    )
    write(options.what, rows, old)


if __name__ == "__main__":
    main()
