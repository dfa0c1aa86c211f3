"""Generated input through every door of the package: a result, or one sentence; never a traceback.

    python -m benchmarks.fuzz            # every door, about a quarter of an hour; writes fuzz.csv
    python -m benchmarks.fuzz tables     # one door
    python -m benchmarks.fuzz --guided   # texts and files again, led by the lines met (atheris)

The doors are those of ``fuzz_doors``. What takes longer than SLOW seconds counts as a failure; a
failure is shrunk to the smallest input that shows it.
"""

import argparse
import csv
import logging
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.fuzz_doors import Door, doors, scratch

HERE = Path(__file__).parent
TABLE = HERE / "fuzz.csv"
COLUMNS = ["door", "guided", "inputs", "texts", "seconds", "failures", "seed"]
SLOW = 20  # seconds of an input


def _late(*_: Any) -> None:
    raise TimeoutError(f"more than {SLOW} s")


def quiet() -> None:
    logging.getLogger("analysis").addHandler(logging.NullHandler())
    logging.getLogger("analysis").propagate = False
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", module="hypothesis")


def run(name: str, door: Door, inputs: int, chosen: int) -> dict[str, object]:
    """Send inputs through a door; return how many, how long, and whether one failed."""
    met = [0, 0]

    @seed(chosen)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        print_blob=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(door.drawn)
    def through(drawn: Any) -> None:
        signal.alarm(SLOW)
        try:
            met[1] += door.check(drawn)
        finally:
            signal.alarm(0)
        met[0] += 1

    signal.signal(signal.SIGALRM, _late)
    start, failures = time.perf_counter(), 0
    try:
        through()
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt):
            raise
        failures = 1
        traceback.print_exc(limit=-4)
        print(*getattr(problem, "__notes__", ()), sep="\n", flush=True)
    seconds = round(time.perf_counter() - start, 1)
    return dict(zip(COLUMNS, (name, "no", *met, seconds, failures, chosen), strict=True))


GUIDED = """
import os
import sys
import atheris
with atheris.instrument_imports(include=["analysis"]):
    from benchmarks import fuzz, fuzz_doors
from hypothesis import HealthCheck, given, settings
name, inputs, seed, home = sys.argv[1:]
door = fuzz_doors.doors()[name]
fuzz.quiet()
counted, met = os.open(os.path.join(home, "met"), os.O_RDWR | os.O_CREAT), [0, 0]
@settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
@given(door.drawn)
def through(drawn):
    met[1] += door.check(drawn)
    met[0] += 1
    os.pwrite(counted, b"%d %d" % tuple(met), 0)
    if met[0] >= int(inputs):
        os._exit(0)
atheris.Setup([name, f"-seed={seed}", "-timeout=20", "-max_len=8192", "-len_control=0",
               f"-artifact_prefix={home}/", os.path.join(home, "seeds")],
              through.hypothesis.fuzz_one_input)
atheris.Fuzz()
"""
SEEDS = 64  # random bytes to begin with: from shorter ones hardly an input can be drawn


def lead(name: str, door: Door, chosen: int, inputs: int) -> dict[str, object]:
    """Send inputs through a door, led by the lines of the package that they meet.

    What counts is what was checked: bytes of which no input can be drawn are none.
    """
    start, rng = time.perf_counter(), random.Random(chosen)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        (home / "seeds").mkdir()
        for number in range(SEEDS):
            (home / "seeds" / str(number)).write_bytes(rng.randbytes(256 << number % 5))
        command = [sys.executable, "-c", GUIDED, name, str(inputs), str(chosen or 1), scratch]
        done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr[-3000:], flush=True)
        met = [int(one) for one in (home / "met").read_text(encoding="utf-8").split()]
    seconds = round(time.perf_counter() - start, 1)
    values = (name, "yes", *met, seconds, int(done.returncode != 0), chosen)
    return dict(zip(COLUMNS, values, strict=True))


def write(rows: Sequence[dict[str, object]]) -> None:
    """Put rows in place of those of the same doors."""

    def key(row: dict[str, Any]) -> tuple[Any, Any]:
        return row["door"], row["guided"]

    kept: list[dict[str, Any]] = []
    if TABLE.is_file():
        with TABLE.open(encoding="utf-8", newline="") as file:
            kept = [row for row in csv.DictReader(file) if key(row) not in set(map(key, rows))]
    order = list(doors())
    every = sorted([*kept, *rows], key=lambda row: (row["guided"], order.index(str(row["door"]))))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)


def outcomes(options: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Yield a row for each door that was asked for."""
    for name, door in doors().items():
        if options.doors and name not in options.doors:
            continue
        if not options.guided:
            yield run(name, door, max(int(door.inputs * options.scale), 1), options.seed)
        elif door.guided:
            yield lead(name, door, options.seed, max(int(door.guided * options.scale), 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("doors", nargs="*", help=" ".join(doors()))
    parser.add_argument("--guided", action="store_true", help="led by the lines met (atheris)")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--scale", type=float, default=1.0, help="of the inputs of a door")
    options = parser.parse_args()
    quiet()
    try:
        for row in outcomes(options):
            print(row, flush=True)
            if options.scale >= 1:
                write([row])
    finally:
        shutil.rmtree(scratch(), ignore_errors=True)


if __name__ == "__main__":
    main()
