"""The figures together: one bibliography to cite them from, one page to look at them."""

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.files import write_file
from analysis.report.figure import CSS_PIXELS_PER_INCH, ROOT, figures_folder
from analysis.report.prose import markdown
from analysis.report.style import MM
from analysis.report.values import latex

AUTHOR = "The analysis developers"


def _year() -> str:
    """Return the year of release that CITATION.cff states, or nothing."""
    source = ROOT / "CITATION.cff"
    text = source.read_text(encoding="utf-8") if source.is_file() else ""
    stated = re.search(r"""^(?:date-released|version):\s*["']?(\d{4})\b""", text, re.MULTILINE)
    return stated[1] if stated else ""


def _bibtex(facts: Mapping[str, Any], year: str) -> str:
    dated = f"  year = {{{year}}},\n" if year else ""
    return (
        f"@misc{{{facts['id']},\n  author = {{{{{AUTHOR}}}}},\n"
        f"  title = {{{{{latex(facts['title'])}}}}},\n{dated}"
        f"  note = {{Figure; data in {facts['id']}.csv, "
        f"SHA-256 \\texttt{{{facts['csv_sha256']}}}}}\n}}\n"
    )


def _gallery(facts: Mapping[str, Any]) -> str:
    name, width = facts["id"], round(facts["size_mm"][0] * MM * CSS_PIXELS_PER_INCH)
    kinds = [f"[{kind.upper()}]({name}.{kind})" for kind in ("pdf", "svg", "csv", "json")]
    links = " · ".join([*kinds, *(f"[{more}]({more}.csv)" for more in facts.get("companions", ()))])
    return (
        f"## {markdown(facts['title'])}\n\n"
        f'<img src="{name}.png" alt="{escape(facts["alt"])}" width="{width}">\n\n'
        f"**Figure {name}.** {markdown(facts['caption'])}\n\n{links}\n"
    )


def collect(folder: str | Path | None = None) -> list[str]:
    """Write ``references.bib`` and the gallery ``README.md`` from all records of a folder.

    Returns the ids, sorted; other JSON files are passed over.
    """
    home = Path(folder) if folder is not None else figures_folder()
    records = []
    for path in sorted(home.glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as problem:
            raise InputError(f"{path} is not JSON ({problem}); publish its figure again.") from None
        if isinstance(facts, dict) and facts.get("id") == path.stem and "csv_sha256" in facts:
            records.append(facts)
    if not records:
        raise InputError(f"{home} holds no figure's record; publish a figure there first.")
    year = _year()
    bib = "\n".join(_bibtex(facts, year) for facts in records)
    intro = "# Figures\n\nWritten by `analysis.report.collect` from this folder's records.\n\n"
    write_file(home / "references.bib", bib.encode("utf-8"))
    write_file(home / "README.md", (intro + "\n".join(map(_gallery, records))).encode("utf-8"))
    return [facts["id"] for facts in records]
