"""Runs that are killed, and places that fail: what was there stays whole, the next run ends well.

    python -m benchmarks.kills notebooks --times 25   # SIGKILL while a notebook is executed
    python -m benchmarks.kills compare --times 25     # while `compare` executes real notebooks
    python -m benchmarks.kills places                 # full and read-only disks, two runs (root)

Adds to what kills.csv counts, after every run. A run is ended at a random moment of it (SEED), or
as soon as a draft of a file stands on the disk, in turn; with its kernels, or without them. Moments
lie within the shortest run of its kind that ended by itself. Before each, the old figures are
marked, so that it can be seen whether the files of one figure are all old or all new. After each,
the processes are looked for that a run has begun, and none of which may be left after GRACE
seconds.
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
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
ROOT = HERE.parent
TABLE = HERE / "kills.csv"
COLUMNS = [
    "what", "moment", "times", "killed", "broken_files", "mixed_sets", "next_run_failed",
    "looked_for", "processes_left",
]  # fmt: skip
SEED = 17
MARK = "KILLS_OF"  # in the environment of all that a run begins
GRACE = 60.0  # seconds in which a kernel without its client ends itself, beside other work
TEXTS = {
    "new": "The harbour was calm, and the good crew repaired the nets. A storm had hurt the quay. ",
    "old": "The garden was green, and the old oak gave shade. A frost had hurt the poor roses. ",
}
SETS = {"pdf", "svg", "png", "csv", "json"}


def start(command: list[str], folder: Path, home: Path) -> subprocess.Popen[bytes]:
    """Start a command, and mark all that it begins."""
    own = {**os.environ, "PYTHONPATH": str(home), "OMP_NUM_THREADS": "1", MARK: str(folder)}
    return subprocess.Popen(
        command, cwd=folder, env=own,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def begun(home: Path) -> list[int]:
    """Return the processes that carry the mark of a folder: a run, its host and their kernels."""
    mark, found = f"{MARK}={home}".encode(), []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
    return found


def end(processes: list[int]) -> None:
    """End processes that may have ended."""
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@dataclass
class Whole:
    """What is known of runs of one kind that ended by themselves.

    Attributes
    ----------
    seconds : that the shortest took
    drafts : that were seen in the one in which they were fewest
    """

    seconds: float
    drafts: int = 12


def killed(
    run: subprocess.Popen[bytes], moment: str, known: Whole, rng: random.Random, home: Path,
    *folders: Path,
) -> Counter[str]:  # fmt: skip
    """End a run at a moment, alone or with its kernels; return what was counted.

    Moments lie in turn ("any") at any time of it, and ("writing") where one more draft stands in
    one of the folders.
    """
    begin, seen = time.monotonic(), set[str]()
    late, wanted = begin + rng.uniform(0, known.seconds), rng.randint(1, known.drafts)
    with_kernels = rng.random() < 0.5
    while run.poll() is None:
        if moment == "writing":
            seen |= {p.name for own in folders if own.is_dir() for p in own.glob(".*.tmp")}
        if len(seen) >= wanted if moment == "writing" else time.monotonic() > late:
            break
        time.sleep(0.002)
    working = run.poll() is None
    if working:
        end(begun(home) if with_kernels else [run.pid])
    else:
        known.seconds = min(known.seconds, time.monotonic() - begin)
        known.drafts = max(1, min(known.drafts, len(seen))) if seen else known.drafts
    run.wait()
    if run.stderr:
        run.stderr.close()
    patience = time.monotonic() + GRACE
    while (left := begun(home)) and time.monotonic() < patience:
        time.sleep(0.2)
    end(left)
    return Counter(times=1, killed=working, looked_for=1, processes_left=len(left))


def moments() -> Iterator[str]:
    """Yield the kinds of moments in turn."""
    return cycle(("any", "writing"))


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


def count(rows: Rows, moment: str, found: Counter[str]) -> None:
    """Add what was counted of one run."""
    for name, many in found.items():
        rows[name, moment] += many


def kill_notebooks(times: int, rng: random.Random, rows: Rows, keep: Keep) -> None:
    """Kill `make notebooks` in a copy of the repository, on its first notebook."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "copy"
        subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(home)], check=True)
        command = [sys.executable, "scripts/run_notebooks.py", "notebooks/01_corpus.ipynb"]
        begin = time.monotonic()
        start(command, home, home).communicate()
        known = Whole(time.monotonic() - begin)
        figures = home / "figures"
        new = {p.name: p.read_bytes() for p in figures.glob("corpus-*") if p.is_file()}
        old = {name: content + b"\n" for name, content in new.items()}
        notebook = home / "notebooks" / "01_corpus.ipynb"
        committed = notebook.read_bytes()
        for moment, _ in zip(moments(), range(times), strict=False):
            for name, content in old.items():
                (figures / name).write_bytes(content)
            run = start(command, home, home)
            count(rows, moment, killed(run, moment, known, rng, home, figures))
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
        known = {"new": Whole(seconds), "continued": Whole(seconds / 2)}
        out = home / "out"
        folders = [out, *(out / name for name in ("figures", "notebooks", "tables"))]
        for moment, _ in zip(moments(), range(times), strict=False):
            if rng.random() < 0.5:
                shutil.rmtree(out, ignore_errors=True)
            own = known["continued" if out.exists() else "new"]
            run = start([*command, "out"], home, ROOT)
            count(rows, moment, killed(run, moment, own, rng, home, *folders))
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
    sums = {
        (row["what"], row["moment"]): [int(row.get(name, 0)) for name in COLUMNS[2:]] for row in old
    }
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
