"""Execute the notebooks in place and say how long each one took.

They run side by side, as many as there are cores, but for the findings (05): these read what the
others wrote, and run after them. Appendices come after the notebooks whose results they share.

    python scripts/run_notebooks.py [NOTEBOOK ...]
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from analysis.errors import InputError
from analysis.files import clear_drafts, held, write_cell_sums
from analysis.notebooks import Execution, read_cleared, side_by_side, write_notebook
from analysis.report.numbering import renumbered

ROOT = Path(__file__).resolve().parents[1]
FINDINGS = "05"
RESULTS = ("notebooks", "figures", "tables")
WORKERS = min(4, os.cpu_count() or 1)


class Job:
    """One notebook to be executed in its place: written whole when it is done, or not at all.

    Its prose is given the numbers of the figures and tables that it links to.
    """

    def __init__(self, notebook: Path, scratch: Path) -> None:
        self.notebook = notebook
        self.content = read_cleared(notebook)
        self.execution = Execution(self.content, notebook.parent, scratch)

    def run(self) -> float:
        """Execute it and return the seconds it took; leave with its error."""
        start = time.perf_counter()
        try:
            refused = self.execution.run()
            if refused:
                raise InputError(refused[0])
            for cell in self.content.cells:
                if cell.cell_type == "markdown":
                    cell.source = renumbered(cell.source)
            write_notebook(self.content, self.notebook)
        except InputError as error:
            said = plain(str(error.__cause__ or error))
            sys.exit(f"failed\n\n{said}\n{self.notebook} failed, and was left as it was.")
        return time.perf_counter() - start


def plain(said: str) -> str:
    """Return what a kernel said without colour codes."""
    return re.sub(r"\x1b\[[0-9;]*m", "", said).strip()


def committed_results(root: Path) -> str:
    """Say in one line which of the results that git holds are other ones now, and what that means.

    The tests compare with git's copy, which a run does not touch.
    """
    command = ["git", "diff", "--name-only", "HEAD", "--", *RESULTS]
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


def place(notebook: Path) -> tuple[bool, str]:
    """Return what notebooks are sorted by: appendices, which have a letter, behind the others."""
    return bool(re.match(r"\d+[a-z]", notebook.name)), notebook.name


def main(arguments: list[str]) -> None:
    """Execute the notebooks named, or all of them: side by side, and the findings last."""
    named = [Path(name).resolve() for name in arguments]
    notebooks = sorted(named or ROOT.glob("notebooks/*.ipynb"), key=place)
    if not notebooks:
        sys.exit("There are no notebooks in notebooks/.")
    try:
        with held(ROOT / ".lock", str(ROOT)), tempfile.TemporaryDirectory() as scratch:
            clear_drafts(*(ROOT / name for name in RESULTS))
            execute(notebooks, Path(scratch))
            write_cell_sums(ROOT / "notebooks")
    except InputError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped; what was done is written, and the rest was left as it was.")
    print(committed_results(ROOT))


def execute(notebooks: list[Path], scratch: Path) -> None:
    """Execute notebooks and report each as it is done."""
    start = time.perf_counter()
    seconds: dict[str, float] = {}
    jobs = [Job(notebook, scratch) for notebook in notebooks]
    print(f"Executing {len(jobs)} notebooks, {WORKERS} at a time ...", flush=True)

    def report(job: Job) -> None:
        seconds[job.notebook.name] = job.run()
        count = f"[{len(seconds)}/{len(jobs)}]"
        print(f"{count} {job.notebook.name}  {seconds[job.notebook.name]:.0f} s", flush=True)

    last = [job for job in jobs if job.notebook.name.startswith(FINDINGS)]
    with side_by_side([job.execution for job in jobs], WORKERS) as threads:
        for together in ([job for job in jobs if job not in last], last):
            for done in [threads.submit(report, job) for job in together]:
                done.result()
    slowest = max(seconds, key=lambda name: seconds[name])
    print(
        f"{len(seconds)} notebooks in {time.perf_counter() - start:.0f} s; "
        f"the slowest was {slowest} ({seconds[slowest]:.0f} s)."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
