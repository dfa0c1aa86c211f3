"""How figures are cited: BibTeX, CSL-JSON, and what to paste into LaTeX, Markdown and Word."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import analysis
from analysis.errors import InputError
from analysis.files import read_toml
from analysis.report.drawing import DOUBLE, MM, SINGLE
from analysis.sentences import markdown, say

DECLARED = "citation.toml"  # beside the figures, of one's own texts
OWN = Path(__file__).resolve().parents[2] / "data" / DECLARED  # of the study that is published here
PREFIX = "analysis-fig"  # of every key, so that none meets one of the author's own
DIGITS = 12  # of a checksum that an entry shows
SIGNS = 12  # that a page names, of those that a program does not know
_CURE = "mend it, or remove it to have entries without author"
_KEYS = {"title", "authors", "date", "publisher", "address", "doi", "version"}
_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}", ">": r"\ensuremath{>}", "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}", "±": r"\ensuremath{\pm}", "≤": r"\ensuremath{\le}",
    "≥": r"\ensuremath{\ge}", "∞": r"\ensuremath{\infty}", "≈": r"\ensuremath{\approx}",
    "≠": r"\ensuremath{\ne}", "→": r"\ensuremath{\to}", "←": r"\ensuremath{\leftarrow}",
    "√": r"\ensuremath{\surd}", "∑": r"\ensuremath{\sum}", "●": r"\ensuremath{\bullet}",
    "○": r"\ensuremath{\circ}", "–": "--", "—": "---", "…": r"\dots{}",
    "‘": "`", "’": "'", "“": "``", "”": "''", "\u00a0": "~", "\u202f": r"\,",
}) | {
    ord(sign): rf"\ensuremath{{\{name}}}"
    for signs, names in (
        ("αβγδεζηθικλμνξπρστυφχψω",
         "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma "
         "tau upsilon phi chi psi omega"),
        ("ΓΔΘΛΞΠΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"),
    )
    for sign, name in zip(signs, names.split(), strict=True)
} | {
    ord(sign): rf"\ensuremath{{{way}{digit}}}"
    for way, signs in (("^", "⁰¹²³⁴⁵⁶⁷⁸⁹"), ("_", "₀₁₂₃₄₅₆₇₈₉"))
    for digit, sign in enumerate(signs)
} | {  # filled where the symbols of the AMS are loaded; plain LaTeX has none that are
    ord(sign): rf"\ensuremath{{\ifdefined\{full}\{full}\else\{plain}\fi}}"
    for sign, full, plain in (
        ("▲", "blacktriangle", "bigtriangleup"), ("▼", "blacktriangledown", "bigtriangledown"),
        ("▶", "blacktriangleright", "triangleright"), ("◀", "blacktriangleleft", "triangleleft"),
    )
}  # fmt: skip
PDFLATEX = 0x17F  # the last of the letters that it knows without more


def latex(text: str) -> str:
    r"""Escape text for LaTeX, minus signs, dashes and quotation marks included.

    >>> print(latex("R&D: −3 % of A_B"))
    R\&D: \ensuremath{-}3 \% of A\_B
    """
    return text.translate(_LATEX)


@dataclass(frozen=True)
class Work:
    """The work that figures stand in, as it is cited.

    Attributes
    ----------
    title : of the work
    authors : each ``{"given": …, "family": …}`` for a person, ``{"name": …}`` for another
    date : of release, ``YYYY-MM-DD`` or a year; empty if none is stated
    publisher, address, doi, version : empty if none is stated
    """

    title: str
    authors: tuple[Mapping[str, str], ...] = ()
    date: str = ""
    publisher: str = ""
    address: str = ""
    doi: str = ""
    version: str = ""

    @property
    def year(self) -> str:
        """The year of release."""
        return self.date[:4]


def read_work(folder: str | Path) -> Work:
    """Return the work that a folder's figures stand in.

    It is declared in ``citation.toml`` beside them; figures of this repository stand in its own.

    Raises
    ------
    InputError
        The declaration is malformed.
    """
    beside = Path(folder) / DECLARED
    path = beside if beside.is_file() else OWN
    if not path.is_file():
        return Work("Comparing two groups of texts", version=analysis.__version__)
    declared = read_toml(path, _CURE)
    if unknown := sorted(set(declared) - _KEYS):
        raise InputError(
            f"{path} has {unknown[0]!r}, and no entry shows it; the keys are "
            f"{', '.join(sorted(_KEYS))}: {_CURE}."
        )
    if not isinstance(declared.get("title"), str):
        raise InputError(f"{path} states no title: {_CURE}.")
    if path == OWN:
        declared.setdefault("version", analysis.__version__)
    authors = tuple(_author(own, path) for own in declared.pop("authors", ()))
    return Work(authors=authors, **{name: str(value) for name, value in declared.items()})


def _author(declared: Any, path: Path) -> Mapping[str, str]:
    if isinstance(declared, str):
        return {"name": declared}
    if isinstance(declared, Mapping) and set(declared) in ({"name"}, {"given", "family"}):
        return {name: str(value) for name, value in declared.items()}
    raise InputError(
        f'{path}: an author is {{ given = "…", family = "…" }} or {{ name = "…" }}, not '
        f"{declared!r}: {_CURE}."
    )


def declaration(title: str, authors: Sequence[str], year: int | None) -> str:
    """Return the text of a ``citation.toml``.

    Parameters
    ----------
    title : of the work that the figures stand in
    authors : "Family, Given" for a person, or a name as it is
    year : of release

    >>> print(declaration("My study", ["Lovelace, Ada"], 2026), end="")
    title = "My study"
    authors = [{ family = "Lovelace", given = "Ada" }]
    date = "2026"
    """
    named = []
    for author in authors:
        family, comma, given = (part.strip() for part in author.partition(","))
        named.append(
            f"{{ family = {_quoted(family)}, given = {_quoted(given)} }}"
            if comma and given
            else f"{{ name = {_quoted(family)} }}"
        )
    dated = f'date = "{year}"\n' if year is not None else ""
    text = f"title = {_quoted(title)}\nauthors = [{', '.join(named)}]\n{dated}"
    tomllib.loads(text)
    return text


def _quoted(text: str) -> str:
    """Return a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def key(facts: Mapping[str, Any]) -> str:
    """Return the key of a figure's entry: of ASCII letters, digits and hyphens.

    It ends with the first digits of the sum of its data, so that figures of two studies, and of
    two states of one, have keys of their own.
    """
    return f"{PREFIX}-{facts['id']}-{facts['csv_sha256'][:6]}"


def bibtex(facts: Mapping[str, Any], work: Work) -> str:
    """Return the BibTeX entry of a figure."""
    version = f", version {latex(work.version)}" if work.version else ""
    fields = {
        "author": " and ".join(_bibtex_name(author) for author in work.authors),
        "key": "" if work.authors else f"{{{latex(facts['title'])}}}",
        "title": f"{{{latex(facts['title'])}}}",
        "year": work.year,
        "howpublished": f"Figure in \\emph{{{latex(work.title)}}}{version}",
        "publisher": f"{{{latex(work.publisher)}}}" if work.publisher else "",
        "doi": work.doi,
        "url": work.address,
        "note": f"Data: {facts['id']}.csv, SHA-256 \\texttt{{{facts['csv_sha256'][:DIGITS]}}}",
    }
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key(facts)},\n" + ",\n".join(lines) + "\n}\n"


def _bibtex_name(author: Mapping[str, str]) -> str:
    if "name" in author:
        return f"{{{latex(author['name'])}}}"
    return f"{latex(author['family'])}, {latex(author['given'])}"


def csl(facts: Mapping[str, Any], work: Work) -> dict[str, Any]:
    """Return the CSL-JSON item of a figure, which Zotero, Word and pandoc read.

    The type is one that every style prints with the title of what holds it, the publisher and the
    address; the note is in the record only, as styles drop it.
    """
    parts = [int(part) for part in work.date.split("-")] if work.date else []
    item: dict[str, Any] = {
        "id": key(facts),
        "type": "chapter",
        "genre": "Figure",
        "title": facts["title"],
        "author": [_csl_name(author) for author in work.authors],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": work.title + (f", version {work.version}" if work.version else ""),
        "publisher": work.publisher,
        "version": work.version,
        "DOI": work.doi,
        "URL": work.address,
        "note": f"Data: {facts['id']}.csv, SHA-256 {facts['csv_sha256'][:DIGITS]}",
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(author: Mapping[str, str]) -> dict[str, str]:
    return {"literal": author["name"]} if "name" in author else dict(author)


def csl_json(records: Sequence[Mapping[str, Any]], work: Work) -> str:
    """Return the CSL-JSON of all figures."""
    items = [csl(facts, work) for facts in records]
    return json.dumps(items, sort_keys=True, indent=2, ensure_ascii=False) + "\n"


def latex_snippet(facts: Mapping[str, Any]) -> str:
    """Return the LaTeX float of a figure at the width for which it was drawn.

    It is drawn for one column of two, for both, or for its own width in between, and then it
    spans both too: nothing is scaled but for what a class's column differs from a journal's.
    """
    width = facts["size_mm"][0]
    star = "*" if width > SINGLE / MM + 1 else ""
    room = r"\textwidth" if width > DOUBLE / MM - 1 else f"{width:g}mm"
    room = room if star else r"\columnwidth"
    return (
        f"\\begin{{figure{star}}}\n  \\centering\n"
        f"  \\includegraphics[width={room},\n"
        f"    alt={{{latex(facts['alt'])}}}]{{{facts['id']}.pdf}}\n"
        f"  \\caption{{{latex(facts['caption'])} From \\cite{{{key(facts)}}}.}}\n"
        f"  \\label{{fig:{facts['id']}}}\n\\end{{figure{star}}}\n"
    )


def markdown_snippet(facts: Mapping[str, Any]) -> str:
    """Return the figure in pandoc's Markdown, with alt text and citation."""
    alt = facts["alt"].replace("\\", "\\\\").replace('"', '\\"')
    return (
        f"![{markdown(facts['caption'])} From [@{key(facts)}].]({facts['id']}.png)"
        f'{{#fig-{facts["id"]} width={facts["size_mm"][0]:g}mm alt="{alt}"}}\n'
    )


def word_snippet(facts: Mapping[str, Any], work: Work) -> str:
    """Return what is typed below a picture in a word processor: caption, source, alt text."""
    return (
        f"Figure. {facts['caption']} Source: {reference(facts, work)}\n\n"
        f"Alt text (picture, context menu, “View Alt Text”): {facts['alt']}\n"
    )


def reference(facts: Mapping[str, Any], work: Work) -> str:
    """Return the reference of a figure as a sentence, for lists that are typed by hand."""
    names = [a.get("name") or f"{a['family']}, {a['given']}" for a in work.authors]
    version = f", version {work.version}" if work.version else ""
    address = f"https://doi.org/{work.doi}" if work.doi else work.address
    parts = [
        _ended("; ".join(names)) if names else "",
        f"({work.year})." if work.year else "",
        f"{_ended(facts['title'])} Figure in {work.title}{version}.",
        _ended(work.publisher) if work.publisher and [work.publisher] != names else "",
        address,
        f"Data: SHA-256 {facts['csv_sha256'][:DIGITS]}.",
    ]
    return " ".join(filter(None, parts))


def work_reference(work: Work) -> str:
    """Return the reference of the work itself."""
    names = [a.get("name") or f"{a['family']}, {a['given']}" for a in work.authors]
    version = f", version {work.version}" if work.version else ""
    address = f"https://doi.org/{work.doi}" if work.doi else work.address
    title = f"{work.title}{version}"
    if names:
        dated = f"({work.year})." if work.year else ""
        parts = [_ended("; ".join(names)), dated, _ended(title), address]
    else:
        parts = [_ended(f"{title} ({work.year})" if work.year else title), address]
    return "Cite as: " + " ".join(filter(None, parts))


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def foreign(text: str) -> str:
    """Return the signs of a text, each once, that pdfLaTeX cannot set as ``latex`` writes them.

    >>> foreign("Σ of “санкция” ▲, naïve")
    'санкция'
    """
    return "".join(dict.fromkeys(sign for sign in latex(text) if ord(sign) > PDFLATEX))


def snippets(records: Sequence[Mapping[str, Any]], work: Work) -> str:
    """Return a page with all that can be pasted, a section a figure."""
    blocks = [
        f"## {markdown(facts['title'])}\n\n"
        f"`{facts['id']}`, {facts['size_mm'][0]:g} mm wide\n\n"
        f"{_block('latex', latex_snippet(facts))}\n{_block('markdown', markdown_snippet(facts))}\n"
        f"{_block('text', word_snippet(facts, work))}"
        for facts in records
    ]
    strange = foreign("".join(f"{f['title']}{f['caption']}{f['alt']}" for f in records))
    intro = say("common.snippets", {"signs": len(strange), "strange": strange[:SIGNS]})
    return f"# Figures to paste\n\n{intro}\n\n" + "\n".join(blocks)


def _block(language: str, text: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}{fence}\n"
