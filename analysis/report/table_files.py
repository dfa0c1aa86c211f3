"""Tables that leave the notebook: CSV, LaTeX, Markdown and a record, with a codebook of columns."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from analysis.files import read_toml, write_file, write_sums
from analysis.numbers import FULL, to_csv
from analysis.report.sentences import about, say
from analysis.report.tables import show
from analysis.resources import resource
from analysis.result import Result

SHOWN = 20  # rows that LaTeX and Markdown print; the CSV has all
CODEBOOK = "codebook"
# Columns that a reader is shown, where they are; the CSV has all.
READ = (
    "group term concept topic label lexicon rung scale actor element says quote masked calibrated "
    "documents paragraphs sentences tokens types units n_target n_reference rate_target "
    "rate_reference share_target share_reference mean_target mean_reference log_ratio estimate "
    "ci_low ci_high p_value p_family stability finding established"
).split()


def write_tables(results: Mapping[str, Result], folder: str | Path) -> list[str]:
    """Write the table of each result as ``<id>.csv .tex .md .json``, and the codebook of all.

    Parameters
    ----------
    results : id -> result
    folder : where to write; made where it is missing

    Returns
    -------
    The ids, in order.
    """
    home = Path(folder)
    columns: dict[str, set[str]] = {}
    for id, result in results.items():
        table = result.table
        content = to_csv(table, FULL)
        seen = [name for name in READ if name in table] or list(map(str, table))
        shown = show(table[seen], rows=SHOWN)
        caption = say("methods.table", about(result) | {"name": result.name, "rows": len(table)})
        record = result.record | {
            "id": id,
            "caption": caption,
            "columns": {str(name): meaning(str(name), result.name) for name in table},
            "csv_sha256": sha256(content).hexdigest(),
            "rows": len(table),
        }
        text = json.dumps(record, sort_keys=True, indent=2, ensure_ascii=False)
        files = {
            "csv": content,
            "tex": shown.latex(caption=caption, label=f"tab:{id}").encode(),
            "md": f"{shown.markdown()}\n\n: {caption} {{#tbl-{id}}}\n".encode(),
            "json": f"{text}\n".encode(),
        }
        for kind, own in files.items():
            write_file(home / f"{id}.{kind}", own)
        for name in table:
            columns.setdefault(str(name), set()).add(id)
    write_file(home / f"{CODEBOOK}.md", _codebook(columns, results).encode("utf-8"))
    write_sums(home)
    return list(results)


def _codebook(columns: Mapping[str, set[str]], results: Mapping[str, Result]) -> str:
    rows = []
    for name, ids in sorted(columns.items()):
        meanings: dict[str, list[str]] = {}
        for id in sorted(ids):
            meanings.setdefault(meaning(name, results[id].name), []).append(id)
        rows += [f"| `{name}` | {', '.join(own)} | {said} |" for said, own in meanings.items()]
    head = "# Codebook\n\nWhat every column of the tables holds.\n\n"
    return f"{head}| column | tables | what it holds |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def meaning(column: str, analysis: str) -> str:
    """Return what a column of an analysis's table holds; its own words where the codebook is mute.

    >>> meaning("n_target", "keyness"), meaning("n_target", "tone"), meaning("no_such", "tone")
    ('occurrences in the target', 'sentences of the target', 'no such')
    """
    book = _book()
    own = book.get(analysis, {}).get(column) or book["columns"].get(column)
    return own or column.replace("_", " ")


@cache
def _book() -> dict[str, dict[str, str]]:
    """Return the codebook, read once."""
    return read_toml(resource("codebook.toml"), "mend that line of the codebook")
