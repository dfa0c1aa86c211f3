"""Execute the notebooks in place and say how long each one took.

The instruments (01 to 04) run side by side, as many as there are cores; the findings (05) and what
follows read what they wrote, and run after them, one by one.

    python scripts/run_notebooks.py [NOTEBOOK ...]
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FINDINGS = "05"
WORKERS = min(4, os.cpu_count() or 1)
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


def committed_results(root: Path) -> str:
    """Say in one line which of the results that git holds are other ones now, and what that means.

    The tests compare with git's copy, which a run does not touch.
    """
    command = ["git", "diff", "--name-only", "HEAD", "--", "notebooks", "figures"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "This is no clone of the repository, so the results were compared with nothing."
    changed = done.stdout.split()
    if not changed:
        return "Every committed result came out the same, byte for byte."
    named = ", ".join(changed[:8]) + (f" and {len(changed) - 8} more" if len(changed) > 8 else "")
    return (
        f"Not as committed: {named}. If neither code nor texts were changed, the published results "
        "do not hold on this machine: `make test` says what differs. If they were, look at "
        "`git diff` and commit."
    )


def main(arguments: list[str]) -> None:
    """Execute the notebooks named, or all of them: the instruments side by side, then the rest."""
    named = [Path(name) for name in arguments]
    notebooks = sorted(named or [path.relative_to(ROOT) for path in ROOT.glob("notebooks/*.ipynb")])
    if not notebooks:
        sys.exit("There are no notebooks in notebooks/.")
    start = time.perf_counter()
    seconds: dict[Path, float] = {}

    def report(notebook: Path) -> None:
        seconds[notebook] = run(notebook)
        count = f"[{len(seconds)}/{len(notebooks)}]"
        print(f"{count} {notebook}  {seconds[notebook]:.0f} s", flush=True)

    instruments = [notebook for notebook in notebooks if notebook.name < FINDINGS]
    print(f"Executing {len(notebooks)} notebooks, {WORKERS} at a time ...", flush=True)
    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(report, notebook) for notebook in instruments]:
            done.result()
    for notebook in notebooks[len(instruments) :]:
        report(notebook)
    slowest = max(seconds, key=lambda notebook: seconds[notebook])
    print(
        f"{len(seconds)} notebooks in {time.perf_counter() - start:.0f} s; "
        f"the slowest was {slowest} ({seconds[slowest]:.0f} s)."
    )
    print(committed_results(ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
