"""What was tried to break the package, and what came of it: a section of ``benchmarks/README.md``.

python -m benchmarks.robustness   # writes it from the tables of fuzz, growth, folders, kills,
                                  # mutation and lines, as far as they are there
"""

import math

import pandas as pd

from benchmarks import folders, fuzz, growth, kills, lines, mutation
from benchmarks.validity import _markdown, write_section

HEADING = "What was tried to break it"
SAID = {
    "fuzz": "**Generated input** (`fuzz.py`). Texts draw from all categories of Unicode and from "
    "what cleaning, sentences and words look for; guided inputs were led by the lines of "
    "the package that they meet (atheris). What holds at each door is its function's "
    "docstring.",
    "growth": "**How time grows** (`growth.py`): the largest exponent of the time of a processor "
    "among texts of a pattern over and over, and the slowest pattern: the seconds of so many "
    "characters, and how time grew up to there from a sixteenth of them; 1 is in step with the "
    "text. A step that takes no measurable time has no exponent above 0.",
    "folders": "**Folders of any shape through `compare`** (`folders.py`), with real notebooks: "
    "results, or one sentence.",
    "kills": "**Kills and places that fail** (`kills.py`). A run was ended by SIGKILL at any "
    "moment of it, or while a draft stood on the disk, with its kernels or without; a "
    "mixed set is a figure of whose files some are old and some new. After later runs the "
    "processes were looked for that a run had begun (its kernels, and what they are forked from).",
    "mutation": "**Faults put into the code** (`mutation.py`), one by one, drawn at random; found "
    "when a test of their room fails, or an example. What changes nothing anyone could see is left "
    "out (`mutation_same.csv`, with the reason). The error is that of the draw. Tests that "
    "the survivors asked for were written after these were drawn.",
    "lines": "**Lines that the tests of the rooms run** (`lines.py`), without those that run only "
    "in other processes (executed notebooks, the installed package).",
}  # fmt: skip


def found_shares() -> pd.DataFrame:
    """Return what share of the mutants was found, by room, with the error of the draw."""
    rows = pd.read_csv(mutation.TABLE, keep_default_na=False)
    same = pd.read_csv(mutation.SAME, keep_default_na=False)
    alike = pd.MultiIndex.from_frame(same[["module", "mutant"]])
    seen = ~pd.MultiIndex.from_frame(rows[["module", "mutant"]]).isin(alike)
    rows = rows[seen | rows["found"].eq("yes")]
    found = rows["found"].eq("yes").groupby(rows["room"]).agg(["size", "sum"])
    found.loc["all"] = found.sum()
    share = found["sum"] / found["size"]
    error = (share * (1 - share) / found["size"]).map(math.sqrt)
    made = {"mutants": found["size"], "found": found["sum"], "share": share, "error": error}
    return pd.DataFrame(made).rename_axis("room").reset_index()


def lines_run() -> pd.DataFrame:
    """Return what share of the lines was run, by room."""
    rows = pd.read_csv(lines.TABLE, keep_default_na=False)
    room = rows["module"].str.extract(r"analysis/(\w+)/", expand=False).fillna("top")
    sums = rows[["lines", "run"]].groupby(room).sum()
    sums.loc["all"] = sums.sum()
    return sums.assign(share=sums["run"] / sums["lines"]).rename_axis("room").reset_index()


def report() -> str:
    """Return the section."""
    tables = {
        "fuzz": (fuzz.TABLE, lambda: pd.read_csv(fuzz.TABLE).drop(columns="seed")),
        "growth": (growth.TABLE, lambda: pd.read_csv(growth.TABLE)),
        "folders": (
            folders.TABLE,
            lambda: pd.read_csv(folders.TABLE).groupby(["shape", "outcome"]).size()
            .rename("folders").reset_index(),
        ),
        "kills": (kills.TABLE, lambda: pd.read_csv(kills.TABLE)),
        "mutation": (mutation.TABLE, found_shares),
        "lines": (lines.TABLE, lines_run),
    }  # fmt: skip
    there = [(name, make) for name, (path, make) in tables.items() if path.is_file()]
    return "\n\n".join(f"{SAID[name]}\n\n{_markdown(make())}" for name, make in there)


if __name__ == "__main__":
    write_section(HEADING, report())
