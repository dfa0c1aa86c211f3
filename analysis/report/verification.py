"""A finished folder checked against what it says of itself: texts, tables, figures, sentences."""

import ast
import html
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from PIL import Image

from analysis.errors import InputError
from analysis.files import (
    CELLS,
    SUMS,
    cell_sums,
    file_sum,
    read_cell_sums,
    read_sums,
    sums,
    write_file,
)
from analysis.numbers import to_csv
from analysis.report.citation import bibtex, csl_json, latex, read_work, snippets
from analysis.report.gallery import gallery_page, records_of
from analysis.report.numbering import caption_in
from analysis.report.study import load_named
from analysis.sentences import markdown

HOLDS, DIFFERS, UNTOLD = "holds", "differs", "cannot be told"
IMAGES = ("pdf", "svg", "png")


class Item(NamedTuple):
    """One thing that was checked."""

    kind: str
    item: str
    verdict: str
    why: str = ""


def verify(folder: str | Path, texts: Sequence[str] = ()) -> pd.DataFrame:
    """Check a finished folder against its records.

    Parameters
    ----------
    folder : a folder of figures, one that ``compare`` wrote, or a copy of this repository
    texts : where the texts lie (a manifest, a table, two folders); by default where the folder's
        notebooks say

    Returns
    -------
    DataFrame
        ``kind`` (text, table, figure, sentence, notebook, file), ``item``, ``verdict`` (holds,
        differs, cannot be told) and ``why``; what differs comes first.

    Raises
    ------
    InputError
        The folder holds no figure's record.
    """
    home = Path(folder)
    figures = home / "figures" if (home / "figures").is_dir() else home
    if not home.is_dir():
        raise InputError(f"{home} is no folder: name a folder of figures or results.")
    records = records_of(figures) if figures.is_dir() else []
    if not records:
        raise InputError(f"{home} holds no figure's record: name a folder of figures or results.")
    notebooks = home / "notebooks" if figures != home else home.parent / "notebooks"
    tables = notebooks.parent / "tables"
    found = [
        *_texts(records, notebooks, texts),
        *(item for facts in records for item in _figure(facts, figures)),
        *_sentences(records, figures, notebooks),
        *_tables(tables),
        *_notebooks(notebooks),
        *_files(figures, "figures"),
        *(_files(tables, "tables") if (tables / SUMS).is_file() else ()),
        *(_files(home, "") if figures != home and (home / SUMS).is_file() else ()),
    ]
    table = pd.DataFrame(found, columns=list(Item._fields))
    order = {verdict: place for place, verdict in enumerate((DIFFERS, UNTOLD, HOLDS))}
    return table.sort_values("verdict", key=lambda own: own.map(order), kind="stable").reset_index(
        drop=True
    )


def _compared(kind: str, item: str, same: bool, why: str) -> Item:
    return Item(kind, item, HOLDS, "") if same else Item(kind, item, DIFFERS, why)


# Texts


def _texts(
    records: Sequence[Mapping[str, Any]], notebooks: Path, named: Sequence[str]
) -> Iterator[Item]:
    """Yield each text that the records name, against the file that it is said to be."""
    recorded: dict[str, set[str]] = {}
    for facts in records:
        for id, own in facts.get("record", {}).get("texts", {}).items():
            recorded.setdefault(id, set()).add(own)
    try:
        there, why = _sums_of_texts(notebooks, named), "its file has another sum"
    except InputError as problem:
        there, why = {}, str(problem)
    for id, own in sorted(recorded.items()):
        if len(own) > 1:
            yield Item("text", id, DIFFERS, "the records name several sums of it")
        elif id in there:
            yield _compared("text", id, {there[id]} == own, why)
        elif there:
            yield Item("text", id, DIFFERS, "no such text is there any more")
        else:
            yield Item("text", id, UNTOLD, why)
    for id in sorted(set(there) - set(recorded)):
        yield Item("text", id, DIFFERS, "no record names this text")


def _sums_of_texts(notebooks: Path, named: Sequence[str]) -> dict[str, str]:
    """Return the sum of every text as it lies now."""
    where, sources = (Path(), list(named)) if named else (notebooks, sources_of(notebooks))
    options = dict(sources) if isinstance(sources, Mapping) else {}
    texts = options.pop("texts", sources)
    paths = [where / own for own in ([texts] if isinstance(texts, str) else texts)]
    if missing := [path for path in paths if not path.exists()]:
        raise InputError(f"{missing[0]} is not there: name the texts with --texts")
    if len(paths) == 1 and paths[0].suffix == ".toml":
        return _sums_of_manifest(paths[0])
    corpus = load_named({"texts": [str(path) for path in paths], **options})
    return {document.id: document.sha256 for document in corpus.documents}


def _sums_of_manifest(path: Path) -> dict[str, str]:
    """Return the sums of a manifest's files, which it could not load if one had changed."""
    declared = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("document", [])
    files = {own["id"]: path.parent / own["file"] for own in declared}
    return {id: file_sum(file) for id, file in files.items() if file.is_file()}


def sources_of(notebooks: Path) -> Any:
    """Return what the notebooks say of where their texts lie."""
    for path in sorted(notebooks.glob("*.ipynb")):
        for cell in _cells(path):
            with suppress(ValueError, KeyError, SyntaxError):
                for statement in ast.parse(_joined(cell["source"])).body:
                    if ast.unparse(statement).startswith("sources = "):
                        return ast.literal_eval(statement.value)  # type: ignore[attr-defined]
    raise InputError("no notebook beside it says where the texts lie: name them with --texts")


# Tables and figures


def _figure(facts: Mapping[str, Any], home: Path) -> Iterator[Item]:
    """Yield the tables and images of a figure."""
    tables = {facts["id"]: facts, **facts.get("companions", {})}
    for name, own in tables.items():
        yield _table(home / f"{name}.csv", own)
    for kind in IMAGES:
        path = home / f"{facts['id']}.{kind}"
        if not path.is_file():
            yield Item("figure", path.name, DIFFERS, "it is missing")
            continue
        try:
            said = _said_in(path)
        except Exception as problem:  # whatever a damaged image makes its reader say
            yield Item("figure", path.name, DIFFERS, f"it cannot be read ({problem})")
            continue
        own = {facts["title"], facts["alt"]}
        yield _compared("figure", path.name, own <= said, "title and alt text inside it are others")


def _table(path: Path, facts: Mapping[str, Any]) -> Item:
    if not path.is_file():
        return Item("table", path.name, DIFFERS, "it is missing")
    why = "its sum is another than the record's"
    return _compared("table", path.name, file_sum(path) == facts["csv_sha256"], why)


def _tables(folder: Path) -> Iterator[Item]:
    """Yield each table that has a record of its own, in all its forms."""
    for path in sorted(folder.glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            yield _table(path.with_suffix(".csv"), facts)
            for kind in ("md", "tex"):
                form = path.with_suffix(f".{kind}")
                said = form.read_text(encoding="utf-8") if form.is_file() else ""
                caption = (markdown if kind == "md" else latex)(facts["caption"])
                why = "its caption is not the record's"
                yield _compared("table", form.name, caption in said, why)
        except (ValueError, KeyError, TypeError):
            yield Item("table", path.name, DIFFERS, "it is no record of a table")


def _said_in(path: Path) -> set[str]:
    """Return the texts that an image carries inside."""
    if path.suffix == ".png":
        with Image.open(path) as image:
            image.load()
            return set(map(str, getattr(image, "text", {}).values()))
    content = path.read_bytes()
    if path.suffix == ".svg":
        found = re.findall(r">([^<>]+)<", content.decode("utf-8"))
        return {html.unescape(own) for own in found}
    return {_pdf_text(own) for own in re.findall(rb"\((?:[^()\\]|\\.)*\)", content, re.DOTALL)}


def _pdf_text(string: bytes) -> str:
    """Return what a string of a PDF says."""
    plain = re.sub(rb"\\(\d{3})", lambda own: bytes([int(own[1], 8)]), string[1:-1])
    plain = re.sub(rb"\\(.)", _pdf_escape, plain, flags=re.DOTALL)
    if plain.startswith(b"\xfe\xff"):
        return plain[2:].decode("utf-16-be", "replace")
    return plain.decode("latin-1")


def _pdf_escape(match: re.Match[bytes]) -> bytes:
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(match[1], match[1])


# Sentences


def _sentences(
    records: Sequence[Mapping[str, Any]], figures: Path, notebooks: Path
) -> Iterator[Item]:
    """Yield the pages written from the records, and every caption in a notebook."""
    work = read_work(figures)
    pages = {
        "README.md": gallery_page(records),
        "references.bib": "\n".join(bibtex(facts, work) for facts in records),
        "references.csl.json": csl_json(records, work),
        "snippets.md": snippets(records, work),
    }
    for name, text in pages.items():
        path = figures / name
        if not path.is_file():
            yield Item("sentence", name, DIFFERS, "it is missing")
            continue
        why = "it does not say what the records say"
        yield _compared("sentence", name, path.read_bytes() == text.encode(), why)
    for path in sorted(notebooks.glob("*.ipynb")):
        home = _output(path) or figures
        shown = records if home.resolve() == figures.resolve() else records_of(home)
        captions = {facts["id"]: markdown(facts["caption"]) for facts in shown}
        alts = {facts["id"]: facts["alt"] for facts in shown}
        yield from _captions(path, captions, alts)
    yield from _headline(figures, notebooks)


def _output(path: Path) -> Path | None:
    """Return the folder that a notebook says its figures go to."""
    for cell in _cells(path):
        if found := re.search(r'^output = "([^"]+)"', _joined(cell["source"]), re.MULTILINE):
            return path.parent / found[1]
    return None


def _captions(path: Path, captions: Mapping[str, str], alts: Mapping[str, str]) -> Iterator[Item]:
    for cell in _cells(path):
        outputs = [output for output in cell.get("outputs", ()) if "data" in output]
        said = [_joined(output["data"].get("text/markdown", "")) for output in outputs]
        shown = {
            output.get("metadata", {}).get("image/png", {}).get("alt") for output in outputs
        } - {None}
        for id, caption in filter(None, map(caption_in, said)):
            same = captions.get(id) == caption and alts.get(id) in shown
            why = "caption or alt text is another than the record's"
            yield _compared("sentence", f"{path.name}: figure {id}", same, why)


def _headline(figures: Path, notebooks: Path) -> Iterator[Item]:
    """Yield each finding of ``findings.md``, which a notebook must state word by word."""
    path = figures / "findings.md"
    if not path.is_file():
        return
    said = "\n".join(
        _joined(output.get("data", {}).get("text/markdown", ""))
        for notebook in sorted(notebooks.glob("*.ipynb"))
        for cell in _cells(notebook)
        for output in cell.get("outputs", ())
    )
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        name = f"findings.md: line {number}"
        if not said:
            yield Item("sentence", name, UNTOLD, "no notebook lies beside it")
        else:
            same = line.removeprefix("- ") in said
            yield _compared("sentence", name, same, "no notebook states it in these words")


def _cells(path: Path) -> Iterable[dict[str, Any]]:
    """Return the cells of a notebook, none where it is no notebook any more."""
    try:
        cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (ValueError, KeyError, TypeError):
        return []
    return cells


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


# Notebooks and files


def _notebooks(folder: Path) -> Iterator[Item]:
    """Yield each notebook, against the sums of its cells."""
    recorded = read_cell_sums(folder)
    for path in sorted(folder.glob("*.ipynb")):
        if recorded is None:
            why = f"no {CELLS} beside it has the sums of its cells"
            yield Item("notebook", path.name, UNTOLD, why)
            continue
        try:
            now, then = cell_sums(path), recorded.get(path.name, {})
        except (ValueError, KeyError, TypeError):
            yield Item("notebook", path.name, DIFFERS, "it is no notebook any more")
            continue
        changed = [id for id in {**then, **now} if then.get(id) != now.get(id)]
        yield _compared("notebook", path.name, not changed, f"other cells: {', '.join(changed)}")
    for name in sorted(set(recorded or ()) - {path.name for path in folder.glob("*.ipynb")}):
        yield Item("notebook", name, DIFFERS, "it is missing")


def _files(folder: Path, prefix: str) -> Iterator[Item]:
    """Yield each file, against the sums that its folder holds."""
    recorded, now = read_sums(folder), sums(folder)
    if recorded is None:
        yield Item("file", f"{prefix}/*", UNTOLD, f"there is no {SUMS} with their sums")
        return
    for name in sorted({*recorded, *now}):
        item = f"{prefix}/{name}" if prefix else name
        if name not in now:
            yield Item("file", item, DIFFERS, "it is missing")
        elif name not in recorded:
            yield Item("file", item, DIFFERS, f"{SUMS} does not name it")
        else:
            yield _compared("file", item, recorded[name] == now[name], "its sum is another")


def report(found: pd.DataFrame, csv: str | None = None) -> str:
    """Return the outcome in lines: what differs and what cannot be told, and how much holds."""
    if csv:
        write_file(Path(csv), to_csv(found))
    lines = [
        f"{row.verdict}: {row.kind} {row.item} ({row.why})"
        for row in found[found["verdict"] != HOLDS].itertuples()
    ]
    counts = found["verdict"].value_counts()
    told = ", ".join(f"{counts.get(verdict, 0)} {said}" for verdict, said in (
        (HOLDS, "hold"), (DIFFERS, "differ"), (UNTOLD, "cannot be told")))  # fmt: skip
    return "\n".join([*lines, f"{len(found)} items: {told}."])
