"""Which lines of the package the tests run.

    python -m benchmarks.lines ROOM...   # run the tests of these rooms; by default of all of them
    python -m benchmarks.lines --table   # write lines.csv from what was run

A room is a folder of tests, or ``top`` for the files beside the folders. Each test is a context of
its own, so that ``mutation`` knows which tests meet a line. What other processes run (executed
notebooks, the installed package, commands in a shell) is not seen here, and counts as not run.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
DATA = ROOT / ".venv" / "var" / "lines"
TABLE = HERE / "lines.csv"
ROOMS = ("inference", "keywords", "report", "text", "tone", "top", "topicmodels")
# They only look at what other processes did.
ELSEWHERE = ("test_lab", "test_jupyter", "test_notebooks", "test_paper", "test_wheel")


class Contexts:
    """Let each test be the context of the lines that it runs, its fixtures included; time it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        import coverage

        running = coverage.Coverage.current()
        if running:
            running.switch_context(nodeid)
        self.seconds[nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.seconds[nodeid] += time.process_time()


def tests_of(room: str) -> list[str]:
    """Return the test files of a room, and where the examples are that belong to it."""
    if room == "top":
        files = sorted((ROOT / "tests").glob("test_*.py"))
        examples = sorted((ROOT / "analysis").glob("[!_]*.py"))
    else:
        files = sorted((ROOT / "tests" / room).rglob("test_*.py"))
        examples = [ROOT / "analysis" / room]
    chosen = [path for path in files if path.stem not in ELSEWHERE]
    return [str(path.relative_to(ROOT)) for path in (*chosen, *examples)]


def seconds_of(room: str) -> Path:
    """Return where the seconds of a processor stand that each test of a room took."""
    return DATA / f"{room}.json"


def run(room: str) -> None:
    """Run the tests of a room and keep what they ran."""
    DATA.mkdir(parents=True, exist_ok=True)
    script = (
        "import coverage, json, sys\n"
        f"measured = coverage.Coverage(data_file={str(DATA / room)!r}, source=['analysis'])\n"
        "measured.start()\n"
        "import pytest\n"
        "from benchmarks.lines import Contexts\n"
        "contexts = Contexts()\n"
        "status = pytest.main(['-q', '-p', 'no:cacheprovider', *sys.argv[1:]], [contexts])\n"
        "measured.stop()\n"
        "measured.save()\n"
        f"json.dump(contexts.seconds, open({str(seconds_of(room))!r}, 'w'))\n"
        "sys.exit(status)\n"
    )
    command = [sys.executable, "-c", script, *tests_of(room)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    print(f"{room}: pytest ended with {done.returncode}", flush=True)


def table() -> list[dict[str, object]]:
    """Return for each module how many of its lines were run by the rooms tried, and which not."""
    import coverage

    measured = coverage.Coverage(data_file=str(DATA / "all"), source=["analysis"])
    there = [str(DATA / room) for room in ROOMS if (DATA / room).is_file()]
    measured.combine(there, strict=True, keep=True)
    found: list[dict[str, object]] = []
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        _, lines, _, missing, shown = measured.analysis2(str(path))
        if lines:
            found.append(
                {
                    "module": path.relative_to(ROOT).as_posix(),
                    "lines": len(lines),
                    "run": len(lines) - len(missing),
                    "share": round(1 - len(missing) / len(lines), 4),
                    "not_run": shown,
                }
            )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rooms", nargs="*", help=" ".join(ROOMS))
    parser.add_argument("--table", action="store_true", help="write lines.csv from what was run")
    options = parser.parse_args()
    if not options.table:
        for room in options.rooms or ROOMS:
            run(room)
        if options.rooms:
            return
    rows = table()
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    lines, met = (sum(int(str(row[name])) for row in rows) for name in ("lines", "run"))
    print(f"{met:,} of {lines:,} lines: {met / lines:.1%}")


if __name__ == "__main__":
    main()
