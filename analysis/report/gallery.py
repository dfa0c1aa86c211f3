"""The figures together: one bibliography, one page to look at them, numbers for LaTeX."""

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.files import write_file
from analysis.report.prose import markdown
from analysis.report.style import CSS_PIXELS_PER_INCH, MM

AUTHOR = "The analysis developers"
CITATION = Path(__file__).resolve().parents[2] / "CITATION.cff"
_KEY = re.compile(r"[\w.:+/'-]+")
_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}", ">": r"\ensuremath{>}", "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}", "±": r"\ensuremath{\pm}", "≤": r"\ensuremath{\le}",
    "≥": r"\ensuremath{\ge}", "∞": r"\ensuremath{\infty}", "χ": r"\ensuremath{\chi}",
    "²": r"\ensuremath{^2}", "₂": r"\ensuremath{_2}", "–": "--", "—": "---", "…": r"\dots{}",
    "‘": "`", "’": "'", "“": "``", "”": "''", "\u00a0": "~", "\u202f": r"\,",
})  # fmt: skip
_HEAD = r"""% Written by analysis.report.write_values; do not edit by hand.
% In the preamble: \input{values.tex}; in the text: \analysisvalue{key}.
\providecommand{\analysisvalue}[1]{\ifcsname analysis@#1\endcsname
  \csname analysis@#1\endcsname\else\errmessage{values.tex has no value named #1}\fi}
"""


def _year() -> str:
    """Return the year of release that CITATION.cff states, or nothing."""
    text = CITATION.read_text(encoding="utf-8") if CITATION.is_file() else ""
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


def collect(folder: str | Path) -> list[str]:
    """Write ``references.bib`` and the gallery ``README.md`` from all records of a folder.

    Every figure that is published calls this, so that neither is ever behind. Where notebooks run
    side by side, records may change meanwhile; they are then read and written again.

    Returns the ids, sorted; other JSON files are passed over.
    """
    home = Path(folder)
    records, written = _records(home), None
    while records != written:
        if not records:
            raise InputError(f"{home} holds no figure's record; publish a figure there first.")
        year = _year()
        bib = "\n".join(_bibtex(facts, year) for facts in records)
        intro = "# Figures\n\nWritten by `analysis.report.collect` from this folder's records.\n\n"
        write_file(home / "references.bib", bib.encode("utf-8"))
        write_file(home / "README.md", (intro + "\n".join(map(_gallery, records))).encode("utf-8"))
        records, written = _records(home), records
    return [facts["id"] for facts in records]


def _records(home: Path) -> list[dict[str, Any]]:
    """Return what the figures of a folder say of themselves."""
    records = []
    for path in sorted(home.glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as problem:
            raise InputError(f"{path} is not JSON ({problem}); publish its figure again.") from None
        if isinstance(facts, dict) and facts.get("id") == path.stem and "csv_sha256" in facts:
            records.append(facts)
    return records


def latex(text: str) -> str:
    r"""Escape text for LaTeX, minus signs, dashes and quotation marks included.

    >>> print(latex("R&D: −3 % of A_B"))
    R\&D: \ensuremath{-}3 \% of A\_B
    """
    return text.translate(_LATEX)


def _definition(key: str, value: str | int) -> str:
    if not _KEY.fullmatch(key):
        raise InputError(f"value key {key!r} may hold letters, digits and . : + / ' _ - only.")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InputError(
            f"value {key!r} is {value!r}, not text or a whole number; "
            "format it with number, p_value or interval first."
        )
    text = latex(value if isinstance(value, str) else f"{value:,}".replace("-", "−"))
    return rf"\expandafter\def\csname analysis@{key}\endcsname{{{text}}}"


def write_values(values: Mapping[str, str | int], path: str | Path) -> Path:
    r"""Write the numbers of the paper for LaTeX, so that its author types none.

    Parameters
    ----------
    values : key -> formatted text or whole number; keys such as ``keywords.syria.log_ratio``.
    path : the file, by custom ``figures/values.tex``.

    Returns
    -------
    The path. In LaTeX, ``\analysisvalue{keywords.syria.log_ratio}`` prints the value, and a key
    that does not exist is an error.
    """
    lines = [_definition(key, values[key]) for key in sorted(values)]
    write_file(Path(path), (_HEAD + "\n".join(lines) + "\n").encode("utf-8"))
    return Path(path)
