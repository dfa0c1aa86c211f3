"""Execute the notebooks in place, in the order of their numbers, and say how long each one took.

They run one after the other: a later notebook may read what an earlier one wrote.

    python scripts/run_notebooks.py [NOTEBOOK ...]
"""

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "jupyter_nbconvert_config.py"
NBCONVERT = [sys.executable, "-m", "nbconvert", "--config", CONFIG]
NBCONVERT += ["--to", "notebook", "--execute", "--inplace"]


def run(notebook: Path) -> float:
    """Execute one notebook in place and return the seconds it took; leave with its error."""
    start = time.perf_counter()
    result = subprocess.run([*NBCONVERT, notebook], cwd=ROOT, capture_output=True, text=True)
    if result.returncode:
        print("failed", flush=True)
        sys.exit(f"\n{cell_error(result.stderr)}\n{notebook} failed, and was left as it was.")
    return time.perf_counter() - start


def cell_error(log: str) -> str:
    """Return from nbconvert's log the cell that failed and its error, without colour codes."""
    _, marker, error = log.rpartition("nbclient.exceptions.")  # nbconvert's own traceback is first
    return re.sub(r"\x1b\[[0-9;]*m", "", f"{marker}{error}").strip()


def main(arguments: list[str]) -> None:
    """Execute the notebooks named, or all of them."""
    notebooks = [Path(name) for name in arguments]
    notebooks = notebooks or [path.relative_to(ROOT) for path in ROOT.glob("notebooks/*.ipynb")]
    if not notebooks:
        sys.exit("There are no notebooks in notebooks/.")
    seconds = {}
    for number, notebook in enumerate(sorted(notebooks), start=1):
        print(f"[{number}/{len(notebooks)}] {notebook} ... ", end="", flush=True)
        seconds[notebook] = run(notebook)
        print(f"{seconds[notebook]:.0f} s")
    slowest = max(seconds, key=lambda notebook: seconds[notebook])
    print(
        f"{len(seconds)} notebooks in {sum(seconds.values()):.0f} s; "
        f"the slowest was {slowest} ({seconds[slowest]:.0f} s)."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
