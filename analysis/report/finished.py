"""What is written when the notebooks have run on own texts: findings, numbers, pages, sums."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.files import write_cell_sums, write_file, write_sums
from analysis.report.citation import read_work, work_reference
from analysis.report.gallery import collect, records_of, write_values
from analysis.report.methods import methods
from analysis.report.sentences import markdown, prose
from analysis.report.site import Site, write_site
from analysis.report.tables import written

FINDINGS = "findings.md"
INDEX = "index.html"
MOST = 40  # rows of a table whose numbers LaTeX is given
# The tables whose numbers a paper states, and the columns that name a row of each.
TABLES = {
    "keywords-ranked": ("term",),
    "keywords-concepts": ("concept",),
    "tone-contrast": ("lexicon", "masked", "calibrated"),
    "tone-actors": ("actor",),
    "topics-prevalence": ("topic",),
}
_NO_KEY = re.compile(r"[^-+.\w]+")


def write_finished(
    out: Path, title: str, findings: Mapping[str, str], refused: Sequence[str]
) -> None:
    """Write what belongs to a finished folder of results.

    Into ``figures``: ``findings.md``, ``values.tex``, gallery, bibliography. Into the folder:
    ``index.html`` and the pages that it leads to. And the sums of all of it.

    Parameters
    ----------
    out : the folder, with ``notebooks`` and ``figures`` in it
    title : of the comparison
    findings : notebook -> what it found, in Markdown
    refused : what could not be done, and why
    """
    figures, notebooks = out / "figures", out / "notebooks"
    if figures.is_dir() and records_of(figures):
        lines = "".join(f"- {said}\n" for said in findings.values() if said)
        write_file(figures / FINDINGS, lines.encode("utf-8"))
        write_values(values(figures), figures / "values.tex")
        collect(figures)
    write_cell_sums(notebooks)
    site = Site(out, out, footer=work_reference(read_work(figures)))
    site.add_text(_index(title, findings, refused), "index.md", INDEX, "Results")
    write_site(site, sorted(notebooks.glob("*.ipynb")), figures, methods())
    write_sums(out)


def _index(title: str, findings: Mapping[str, str], refused: Sequence[str]) -> str:
    """Return the first page: what was found, what could not be done, what lies where."""
    found = [f"**{name}.** {said}" for name, said in findings.items() if said]
    facts = {"refused": [markdown(own) for own in refused]}
    parts = [f"# {markdown(title)}", "## What was found", *found]
    if refused:
        parts += ["## What was not done", *(f"- {own}" for own in facts["refused"])]
    return "\n\n".join([*parts, prose("methods.index", {}).text])


def values(figures: Path) -> dict[str, str]:
    """Return the numbers that a paper may state, by table, row and column, as readers see them."""
    found = {}
    for id, names in TABLES.items():
        path = figures / f"{id}.csv"
        if not path.is_file():
            continue
        table = pd.read_csv(path, keep_default_na=False, na_values=[""]).head(MOST)
        named = [name for name in names if name in table]
        shown = written(table)
        for place in range(len(table)):
            row = "-".join(str(table[name].iloc[place]) for name in named)
            for column in shown:
                if column not in named and pd.api.types.is_numeric_dtype(table[column]):
                    key = f"{id}.{_NO_KEY.sub('-', row).strip('-')}.{column}"
                    found[key] = shown[column].iloc[place]
    return found
