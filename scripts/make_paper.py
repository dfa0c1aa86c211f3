"""Turn notebook 05 into a paper: DOCX, JATS, LaTeX and PDF, the same bytes each time.

    python scripts/make_paper.py [FOLDER]

Needs two packages that bring their programs along (`pip install -e '.[paper]'`): pypandoc-binary
and typst. No LaTeX, no browser and no network is used.
"""

import html
import json
import os
import re
import shutil
import sys
import tempfile
import textwrap
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import nbformat

import analysis
from analysis.errors import InputError
from analysis.report.citation import read_work
from analysis.report.gallery import records_of
from analysis.report.numbering import FIGURE, caption_in, heading_of
from analysis.sentences import markdown, say
from analysis.text import Corpus, load_corpus

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "05_findings.ipynb"
FIGURES = ROOT / "figures"
REFERENCES = ROOT / "data" / "references.csl.json"
FONT = "Libertinus Serif"  # comes with typst
EPOCH = 315_532_800  # the first second that a zip archive can hold: 1 January 1980, UTC
LINE = 90  # characters that a line of a page has room for
WIDEST = 150  # mm that a page of any paper size has room for
SIGNS = {"2212": "-", "2264": r"\le", "2265": r"\ge", "00D7": r"\times", "221E": r"\infty"}
PAGES = (
    "#show figure: set block(breakable: true)\n#set table(stroke: none)\n"
    "#show table.cell: set par(justify: false)"
)
FORMS = {
    "paper.docx": "docx",
    "paper.xml": "jats_archiving",
    "paper.tex": "latex",
    "paper.typ": "typst",
}
LEFT_OUT = {"write", "literature"}  # what was written where, and what a paper lists by itself
CITED = {  # words of the paragraph on methods -> what they are cited by
    "the log ratio as effect": "hardie2014",
    "several word lists": "hutto2014",
    "Welch's statistic": "welch1947",
    "a model of units": "lee1999",
}
SPOKEN = {  # what a notebook says of itself -> what a paper says
    "This notebook is the paper on the two; its": "This paper is on the two; its",
    "when the notebook runs": "when the text is made",
    "the notebook would stop": "the making of this paper would stop",
    "The notebook on": "The companion notebook on",
    "the notebook on": "the companion notebook on",
    "What this notebook rests on": "What this paper rests on",
    "the README tells": "the package's documentation tells",
    "the other notebooks": "the companion notebooks",
}
_MENTION = re.compile(rf"\[Figure [^\]]*\]\([^)#]*#{FIGURE}([a-z0-9-]+)\)")
_NUMBER = re.compile(r"(<caption[^>]*>)<b>Table [^<]*</b> ")  # a paper counts its tables itself
_CAPTION = re.compile(r"^ *: (?=\S)", re.MULTILINE)  # of a table, as pandoc writes it


@dataclass(frozen=True)
class Manuscript:
    """A paper in pandoc's Markdown, the entries that it cites, and who wrote it."""

    text: str
    references: list[dict[str, Any]]
    alts: Mapping[str, str]
    authors: Sequence[Mapping[str, str]] = ()


def manuscript(notebook: Path, corpus: Corpus, figures: Path) -> Manuscript:
    """Return the paper that a notebook holds: prose, figures, tables, methods, bibliography."""
    cells = nbformat.read(notebook, 4).cells  # type: ignore[no-untyped-call]
    records = {facts["id"]: facts for facts in records_of(figures)}
    numbers = {id: number for number, id in enumerate(_figures(cells), 1)}
    parts = [part for cell in cells for part in _parts(cell, records, numbers)]
    title, text = _title("\n\n".join(parts))
    abstract = _abstract(figures)
    text = text.replace(" ".join(abstract.split("\n\n")), "", 1)  # the abstract says it
    text = re.sub(r"^## [^\n]+\n*(?=^## |\Z)", "", text, flags=re.MULTILINE)
    for document in corpus.documents:
        if document.title:
            text = _cite_title(text, document.title, f"text-{document.id}")
    work = read_work(figures)
    authors = [a.get("name") or f"{a['given']} {a['family']}" for a in work.authors]
    facts = {"title": title, "author": authors, "date": work.date, "lang": "en-US",
             "link-citations": True}  # fmt: skip
    pairs = (f"{name}: {json.dumps(own, ensure_ascii=False)}" for name, own in facts.items())
    lines = textwrap.indent(abstract, "  ")
    head = "\n".join([*pairs, f"abstract: |\n{lines}"])  # a block, so that it has paragraphs
    methods = f"## Methods\n\n{_cited_methods()}"
    text = f"---\n{head}\n---\n\n{text}\n\n{methods}\n\n## References\n\n::: {{#refs}}\n:::\n"
    known = json.loads(REFERENCES.read_text(encoding="utf-8"))
    alts = {id: records[id]["alt"] for id in numbers}
    return Manuscript(text, [*_texts(corpus), *known], alts, work.authors)


def _figures(cells: Sequence[nbformat.NotebookNode]) -> Iterator[str]:
    """Yield the figures that cells show, as they come."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            if shown := caption_in(output.get("data", {}).get("text/markdown", "")):
                yield shown[0]


def _parts(
    cell: nbformat.NotebookNode, records: Mapping[str, Any], numbers: Mapping[str, int]
) -> Iterator[str]:
    """Yield what a cell gives a paper; text may speak of figures before they come."""
    if cell.cell_type == "markdown" and cell.id != "references":
        yield _as_paper(_linked(cell.source, numbers))
    if cell.cell_type != "code" or cell.id in LEFT_OUT:
        return
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/markdown" in data and (shown := caption_in(data["text/markdown"])):
            yield _figure(records[shown[0]])
        elif "text/html" in data:
            yield _table(data["text/html"])
        elif "text/markdown" in data:
            yield data["text/markdown"]


def _as_paper(text: str) -> str:
    """Return prose without links into the repository, which a paper cannot follow."""
    text = re.sub(r"\[([^\]]+)\]\((?![a-z]+:|#fig-)[^)]*\)", r"\1", text)
    for notebook, paper in SPOKEN.items():
        text = text.replace(notebook, paper)
    return text


def _linked(text: str, numbers: Mapping[str, int]) -> str:
    """Let a figure of the notebook go by its number in the paper, which leads to it.

    Figures of other notebooks keep their own numbers, and are links no more.
    """

    def named(mention: re.Match[str]) -> str:
        id = mention[1]
        if id in numbers:
            return f"[Figure {numbers[id]}](#fig-{id})"
        return f"{heading_of(FIGURE + id)} of the companion notebooks"

    return _MENTION.sub(named, text)


def _figure(facts: Mapping[str, Any]) -> str:
    alt = facts["alt"].replace("\\", "\\\\").replace('"', '\\"')
    width = facts["size_mm"][0]
    room = f"{width:g}mm" if width < WIDEST else "100%"
    return (
        f"![{markdown(facts['caption'])}]({facts['id']}.png)"
        f'{{#fig-{facts["id"]} width={room} alt="{alt}"}}'
    )


def _table(shown: str) -> str:
    import pypandoc

    form = "markdown-raw_html-fenced_divs-smart"
    own = _NUMBER.sub(r"\1", _with_widths(shown))
    text: str = pypandoc.convert_text(own, form, format="html")
    return text.strip("\n")


def _with_widths(shown: str) -> str:
    """Give the columns of a table that holds whole sentences widths by what stands in them."""
    rows = [
        [
            len(re.sub(r"<[^>]+>", "", cell))
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)
        ]
        for row in re.findall(r"<tr>.*?</tr>", shown, re.DOTALL)
    ]
    longest = [max(column) for column in zip(*rows, strict=True)]
    if sum(longest) <= LINE:
        return shown
    shares = [min(max(length, LINE // 6), LINE) for length in longest]
    columns = "".join(f'<col style="width: {100 * own / sum(shares):.0f}%">' for own in shares)
    head = r"(<table[^>]*>(?:\s*<caption.*?</caption>)?)"
    return re.sub(head, rf"\1<colgroup>{columns}</colgroup>", shown, count=1)


def _title(text: str) -> tuple[str, str]:
    """Return the title, which is the first heading of the second level, and the text without it."""
    text = re.sub(r"^# .*\n", "", text, count=1, flags=re.MULTILINE)
    found = re.search(r"^## (.*)\n", text, re.MULTILINE)
    if found is None:
        raise InputError(f"{NOTEBOOK.name} has no heading of the second level to name the paper.")
    return found[1], text.replace(found[0], "", 1).strip()


def _abstract(figures: Path) -> str:
    lines = (figures / "findings.md").read_text(encoding="utf-8").splitlines()
    return "\n\n".join(line.removeprefix("- ") for line in lines)


def _cite_title(text: str, title: str, key: str) -> str:
    """Put a citation behind the first mention of a title in quotation marks."""
    place = re.search(re.escape(f"“{title}”"), text)
    if place is None:  # a title that is taken apart by the sentence is cited at its first words
        place = re.search(re.escape("“" + " ".join(title.split()[:4])), text)
        place = place and re.compile(r"\.(?=\s)").search(text, place.end())
    if not place:
        return text
    end = place.end() if place.group() != "." else place.start()
    stop = "." if re.match(r" [A-Z]", text[end:]) else ""  # the title's own mark ends no citation
    return f"{text[:end]} [@{key}]{stop}{text[end:]}"


def _cited_methods() -> str:
    said = say("methods.paragraph", {"version": analysis.__version__})
    for words, key in CITED.items():
        if words not in said:
            raise InputError(f"The paragraph on methods has no words {words!r} to cite {key} by.")
        said = said.replace(words, f"{words} [@{key}]", 1)
    return said


def _texts(corpus: Corpus) -> list[dict[str, Any]]:
    """Return the entries of the texts themselves."""
    found = []
    for document in corpus.documents:
        family = (document.author or "").split()
        author = [{"given": " ".join(family[:-1]), "family": family[-1]}] if family else []
        stated = re.findall(r"\d+", str(document.date or ""))
        item = {
            "id": f"text-{document.id}", "type": "article-newspaper", "title": document.title,
            "author": author, "container-title": document.publisher,
            "issued": {"date-parts": [[int(part) for part in stated]]} if stated else None,
        }  # fmt: skip
        found.append({name: value for name, value in item.items() if value})
    return found


def write(paper: Manuscript, figures: Path, out: Path) -> list[Path]:
    """Write the paper in all forms, and beside it the figures that it shows."""
    import pypandoc

    out.mkdir(parents=True, exist_ok=True)
    for id in paper.alts:
        for kind in ("png", "pdf"):
            shutil.copyfile(figures / f"{id}.{kind}", out / f"{id}.{kind}")
    (out / "references.csl.json").write_text(
        json.dumps(paper.references, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    (out / "paper.md").write_text(paper.text, encoding="utf-8")
    os.environ["SOURCE_DATE_EPOCH"] = str(EPOCH)
    signs = "".join(
        rf"\ifPDFTeX\DeclareUnicodeCharacter{{{code}}}{{\ensuremath{{{sign}}}}}\fi" "\n"
        for code, sign in SIGNS.items()
    )
    (out / "signs.tex").write_text(signs, encoding="utf-8")
    common = [
        "--standalone", "--citeproc", "--bibliography=references.csl.json",
        "--shift-heading-level-by=-1", "--wrap=none",
    ]  # fmt: skip
    further = {
        "typst": ["-V", f"mainfont={FONT}", "-V", "papersize=a4"],
        "latex": ["--include-in-header=signs.tex"],
    }
    made = []
    for name, form in FORMS.items():
        text = _numbered(paper) if form == "docx" else paper.text
        if form == "latex":
            text = re.sub(r"\]\(([\w-]+)\.png\)", r"](\1.pdf)", text)
        pypandoc.convert_text(
            text, form, format="markdown", outputfile=name, cworkdir=str(out),
            extra_args=[*common, *further.get(form, [])],
        )  # fmt: skip
        made.append(out / name)
    (out / "signs.tex").unlink()
    _settle(out / "paper.docx")
    _name_authors(out / "paper.xml", paper.authors)
    made.append(_pdf(out / "paper.typ", paper.alts))
    return made


def _numbered(paper: Manuscript) -> str:
    """Return the text with each caption's number, which a word processor is not given otherwise."""
    text = paper.text
    for number, id in enumerate(paper.alts, 1):
        text = re.sub(
            rf"!\[(?=[^\n]*\]\({re.escape(id)}\.png\))", f"![**Figure {number}.** ", text, count=1
        )
    tables = count(1)
    return _CAPTION.sub(lambda found: f"{found[0]}**Table {next(tables)}.** ", text)


def _settle(path: Path) -> None:
    """Write an archive anew with one time for all its files."""
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content)


def _name_authors(path: Path, authors: Sequence[Mapping[str, str]]) -> None:
    """Mark in JATS who is a person and who is a body; pandoc has strings."""
    text = path.read_text(encoding="utf-8")
    marked = iter(
        f"<collab>{html.escape(own['name'])}</collab>"
        if "name" in own
        else f"<name>\n<surname>{html.escape(own['family'])}</surname>\n"
        f"<given-names>{html.escape(own['given'])}</given-names>\n</name>"
        for own in authors
    )
    form = r"<string-name>[^<]*</string-name>"
    path.write_text(re.sub(form, lambda own: next(marked, own[0]), text), encoding="utf-8")


def _pdf(source: Path, alts: Mapping[str, str]) -> Path:
    """Compile what pandoc wrote for typst, with alt texts in the figures."""
    import typst

    text = source.read_text(encoding="utf-8")
    for id, alt in alts.items():
        said = json.dumps(alt, ensure_ascii=False)
        text = re.sub(
            rf'image\("[^"]*{re.escape(id)}\.png"',
            lambda _, id=id, said=said: f'image("{id}.png", alt: {said}',  # type: ignore[misc]
            text,
        )
    source.write_text(f"{PAGES}\n{text}", encoding="utf-8")
    pdf = source.with_suffix(".pdf")
    typst.compile(str(source), output=str(pdf), root=str(source.parent), timestamp=EPOCH,
                  ignore_system_fonts=True)  # fmt: skip
    return pdf


def main(out: Path) -> None:
    """Write the paper of this study."""
    try:
        import pypandoc  # noqa: F401
        import typst  # noqa: F401
    except ImportError as missing:
        raise SystemExit(f"{missing.name} is not there: pip install -e '.[paper]'") from None
    paper = manuscript(NOTEBOOK, load_corpus(ROOT / "data" / "corpus.toml"), FIGURES)
    with tempfile.TemporaryDirectory() as scratch:
        made = write(paper, FIGURES, Path(scratch))
        shutil.copytree(scratch, out, dirs_exist_ok=True)
    print(f"{', '.join(path.name for path in made)} are in {out}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build" / "paper")
