"""A study without its texts: counts, scores and tables, from which its figures are made anew.

No value in a pack holds a run of words of the texts. It is an RO-Crate (``ro-crate-metadata.json``)
with the code cells of the notebooks, the units and how often each term stands in them, the place,
length, tone and topic of every sentence, and the tables of every analysis. ``rebuild`` runs the
code cells on it: what the counts suffice for is computed anew, what needs the texts is read from
the tables; then every file is compared with the study's own, byte for byte. That is tried when a
pack is written, and what does not come out of it is named in its README.
"""

import ast
import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import chdir
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.files import revision, sums, write_file, write_sums
from analysis.notebooks import read_notebook
from analysis.numbers import STEADY, steady
from analysis.report import citation, presets
from analysis.report.crate import CRATE, crate
from analysis.report.evidence import sentence_measures
from analysis.report.gallery import records_of
from analysis.report.rerun import FINDING
from analysis.report.study import load_named
from analysis.report.unpack import (
    CELL,
    FINDS,
    FOLDERS,
    LEFT_OUT,
    MADE,
    MAKERS,
    ORIGINAL,
    OTHER,
    PARTS,
    PLACES,
    SENTENCES,
    STUDY,
    rebuild,
    run_cells,
)
from analysis.report.verification import sources_of
from analysis.result import Result, plain
from analysis.sentences import prose
from analysis.text import Concept, Corpus, Document, load_concepts, tokenize
from analysis.text.units import UNIT_TOKENS, Counts

RUN = 6  # words of the texts in a row that no value in a pack may hold
RESULTS = "results"  # the notebook that stands for what ``compare`` writes when its own have run
FINISH = """from pathlib import Path
from analysis.report import open_study
from analysis.report.rerun import write_collected, write_results
corpus = open_study(sources, output, checksums, version)
write_results(corpus, Path(output).parent, {notebooks})
write_collected(Path(output), findings)"""
KNOWN = ("id", "group", "sha256", "title", "author", "date", "publisher", "rights", "language")
NAMES = {make: name for name, make in MAKERS.items()}


def write_pack(folder: str | Path, out: str | Path) -> list[str]:
    """Run the notebooks of a study, and write what they rest on without the texts.

    Parameters
    ----------
    folder : a copy of this repository, or a folder that ``compare`` wrote
    out : a new folder

    Returns
    -------
    The columns and files that are left out because they repeat the texts.

    Raises
    ------
    InputError
        The folder holds no notebooks that name their texts, a cell ends in an error, or ``out`` is
        no new folder.
    """
    home, target = Path(folder), Path(out)
    if not (home / "notebooks").is_dir():
        raise InputError(f"{home} holds no folder notebooks: name a folder of results.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target} is there already: name a new folder for the pack.")
    code = _code(home / "notebooks")
    with TemporaryDirectory() as place:
        figures = Path(place).resolve() / "figures"
        with chdir(home / "notebooks"):
            corpus = load_named(sources_of(Path()))
        corpus = replace(corpus, remembers=True, figures=figures)
        files = _declared(home, code)
        _place(files, Path(place))
        list(run_cells(code, corpus, home / "notebooks"))
    files |= {f"notebooks/{name}.py": "".join(CELL + c + "\n" for c in own)
              for name, own in code.items()}  # fmt: skip
    with chdir(home / "notebooks"):  # from where its lists are named
        guard = Guard(corpus)
    files |= _study(home, corpus, guard) | _made(corpus, guard)
    for name, text in files.items():
        guard.refuse(name, text)
    otherwise, absent = _tried(files)
    study = json.loads(files[STUDY]) | {"otherwise": otherwise}
    withheld = sorted(guard.withheld)
    files[STUDY] = _json(study)
    files["README.md"] = prose("methods.pack", {
        "title": corpus.title, "run": RUN, "withheld": withheld, "count": len(withheld),
        "absent": absent, "absents": len(absent), "otherwise": otherwise, "others": len(otherwise),
    }).text + "\n"  # fmt: skip
    work = citation.read_work(home / "figures")
    files[CRATE] = crate(files, work, corpus.title, revision(home))
    _place(files, target)
    write_sums(target)
    return withheld


def _tried(files: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Make the study anew from its pack; return what comes out otherwise, and what does not."""
    with TemporaryDirectory() as place:
        home = Path(place).resolve()
        _place(files, home / "pack")
        found, _ = rebuild(home / "pack", home / "made")
    names = found.groupby("verdict")["file"].apply(list).to_dict()
    return names.get(OTHER, []), names.get(LEFT_OUT, [])


def _place(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        write_file(folder / name, text.encode("utf-8"))


def _code(notebooks: Path) -> dict[str, list[str]]:
    """Return the code cells, without parameters, of the notebooks that read the study's texts."""
    found: dict[str, list[str]] = {}
    first = None
    for path in sorted(notebooks.glob("*.ipynb")):
        cells = read_notebook(path).cells
        sources = [
            (FINDS if cell.id == FINDING else "") + cell.source
            for cell in cells if cell.cell_type == "code"
        ]  # fmt: skip
        named = [own for own in sources if own.startswith("sources = ")]
        first = first or named
        if named and named[0].splitlines()[0] == first[0].splitlines()[0]:
            found[path.stem] = [own for own in sources if own not in named]
    if not any("write_findings" in own for cells in found.values() for own in cells):
        found[RESULTS] = [FINISH.format(notebooks=list(found))]
    return found


def _declared(home: Path, code: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the declarations that cells read by name, and those beside the figures."""
    named = {
        node.value
        for cells in code.values()
        for node in ast.walk(ast.parse("\n".join(cells)))
        if isinstance(node, ast.Constant) and str(node.value).endswith(".toml")
    }
    beside = [home / "figures" / name for name in (citation.DECLARED, presets.DECLARED)]
    paths = [*(home / "notebooks" / name for name in sorted(map(str, named))), *beside]
    root = home.resolve()
    return {
        path.resolve().relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file() and path.resolve().is_relative_to(root)
    }


class Guard:
    """Finds runs of words of the texts, and keeps them out; names that the study declares are none.

    Attributes
    ----------
    withheld : columns and files that were left out
    """

    def __init__(self, corpus: Corpus) -> None:
        self.withheld: set[str] = set()
        self._runs = {
            run
            for document in corpus.documents
            for run in _runs([token for own in document.tokens() for token in own])
        }
        self._runs -= {run for name in _declared_names(corpus) for run in _runs(tokenize(name))}

    def repeats(self, text: str) -> bool:
        """Tell whether a text holds ``RUN`` words in a row as one of the texts has them."""
        return not self._runs.isdisjoint(_runs(tokenize(text)))

    def without(self, table: pd.DataFrame, name: str) -> pd.DataFrame:
        """Return a table without the columns that repeat the texts."""
        kept = []
        for column in table:
            cells = table[column]
            spoken = not pd.api.types.is_numeric_dtype(cells)
            if spoken and any(self.repeats(own) for cell in cells for own in _strings(plain(cell))):
                self.withheld.add(f"{name}: {column}")
            else:
                kept.append(column)
        return table[kept]

    def refuse(self, name: str, text: str) -> None:
        """Refuse a file in which a value repeats the texts all the same."""
        runs = (run for own in _values(name, text) for run in _runs(tokenize(own)))
        found = next((run for run in runs if run in self._runs), None)
        if found is not None:
            raise InputError(
                f"No pack was written: {name} would repeat {RUN} words of the texts in a row, "
                f"“{' '.join(found)}”. Take the quotation out of what the notebooks or their "
                "declarations say."
            )


def _runs(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1))


def _declared_names(corpus: Corpus) -> Iterator[str]:
    """Yield the names of several words, and the words of lists, that a study declares."""
    yield from corpus.names
    for concept in load_concepts(corpus.concepts) if corpus.concepts else ():
        yield from concept.words


def _values(name: str, text: str) -> Iterator[str]:
    """Yield what stands in a file, value by value: two names side by side are no quotation."""
    if name.endswith(".json"):
        yield from _strings(json.loads(text))
    elif name.endswith(".csv"):
        for row in csv.reader(StringIO(text)):
            for cell in row:
                yield from _strings(json.loads(cell)) if cell[:1] in ("[", "{") else [cell]
    else:
        yield text


def _strings(value: Any) -> Iterator[str]:
    """Yield every string in a value of JSON, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from value
        for own in value.values():
            yield from _strings(own)
    elif isinstance(value, list):
        for own in value:
            yield from _strings(own)


def _study(home: Path, corpus: Corpus, guard: Guard) -> dict[str, str]:
    """Return who is compared, the sentences without their words, and the sums of what was made."""
    own = corpus.own_stops
    stops = None if own is None else {**asdict(own), "words": sorted(own.words),
                                      "names": sorted(own.names)}  # fmt: skip
    study = {
        "title": corpus.title,
        "groups": [asdict(group) for group in corpus.groups],
        "documents": [_document(own, guard) for own in corpus.documents],
        "notices": [own for own in corpus.notices if not guard.repeats(own)],
        "language": corpus.language,
        "names": list(corpus.names),
        "settings": plain(dict(corpus.settings)),
        "own_stops": stops,
        "files": {name: getattr(getattr(corpus, name), "name", None)
                  for name in ("concepts", "actors", "annotations")},
        "companions": _companions(home, guard),
    }  # fmt: skip
    found = [own for own in corpus._kept.values() if isinstance(own, Result)]
    topics = next((own for own in found if own.name == "topics"), None)
    measured = sentence_measures(corpus, topics).drop(columns=["document", "group", "sentence"])
    places = corpus.sentences[PLACES].join(measured.drop(columns=["start", "end"]))
    original = {name: sums(home / name) for name in FOLDERS if (home / name).is_dir()}
    return {
        STUDY: _json(study),
        SENTENCES: _csv(places),
        ORIGINAL: _json(original),
    }


def _document(document: Document, guard: Guard) -> dict[str, Any]:
    """Return what names a document; a title that repeats the texts is left out."""
    found = {name: getattr(document, name) for name in KNOWN}
    if guard.repeats(str(found["title"] or "")):
        guard.withheld.add(f"{STUDY}: title of {document.id}")
        found["title"] = ""
    return found


def _companions(home: Path, guard: Guard) -> dict[str, Any]:
    """Return what records say of the files beside figures that repeat the texts."""
    found = {}
    for facts in records_of(home / "figures") if (home / "figures").is_dir() else []:
        for name, own in facts.get("companions", {}).items():
            path = home / "figures" / f"{name}.csv"
            if not path.is_file():
                continue
            if any(map(guard.repeats, _values(path.name, path.read_text(encoding="utf-8")))):
                guard.withheld.add(f"figures/{name}.csv")
                found[name] = own
    return found


def _made(corpus: Corpus, guard: Guard) -> dict[str, str]:
    """Return what was made of the texts: counts and forms of words, and the results of analyses."""
    files: dict[str, str] = {}
    listed: list[dict[str, Any]] = []
    kept: list[tuple[Any, Any]] = sorted(corpus._kept.items(), key=_stable)
    for (what, *asked), value in kept:
        place = f"{len(listed):02d}"
        if isinstance(value, Result):
            folder = f"results/{place}-{re.sub(r'[^a-z]+', '-', value.name.lower())}"
            entry = _result(value, folder, files, guard) | {"analysis": what, "asked": asked[0]}
        elif what in NAMES and _is_coarse(corpus, NAMES[what], asked):
            folder = f"counts/{place}-{NAMES[what].replace('_', '-')}"
            entry = _value(value, folder, files) | {"function": NAMES[what], "asked": asked}
        else:
            continue
        listed.append(entry)
    return files | {MADE: _json(listed)}


def _stable(item: tuple[Any, Any]) -> str:
    (what, *asked), _ = item
    return f"{getattr(what, '__name__', what)} {asked}"


def _is_coarse(corpus: Corpus, name: str, asked: list[Any]) -> bool:
    """Tell whether counts are those of the main analysis: others would tell more of the texts."""
    settings = dict(corpus.settings)
    length, *_ = [own for own in asked if isinstance(own, int) and own > 1] or [0]
    if name == "count_terms" and bool(asked[2]) and not settings.get("function_words"):
        return False
    return not length or length == settings.get("unit_tokens", UNIT_TOKENS)


def _value(value: Any, folder: str, files: dict[str, str]) -> dict[str, Any]:
    """Write down a table, counts or words, and say where."""
    if isinstance(value, Counts):
        rows, columns = value.matrix.nonzero()
        counted = pd.DataFrame({
            "unit": rows,
            "term": [value.terms[column] for column in columns],
            "n": value.matrix.data,
        }).sort_values(["unit", "term"])  # fmt: skip
        parts = {"counts": _table(counted, f"{folder}/counts.csv", files),
                 "units": _table(value.units, f"{folder}/units.csv", files)}  # fmt: skip
        return {"kind": "counts", "documents": value.documents, **parts}
    if isinstance(value, pd.DataFrame):
        return {"kind": "table", "table": _table(value, f"{folder}.csv", files)}
    return {"kind": "words", "value": value}


def _result(result: Result, folder: str, files: dict[str, str], guard: Guard) -> dict[str, Any]:
    parts = {f"{PARTS}{name}": own for name, own in result.parts.items()}
    tables = {"table": result.table, "units": result.units, **parts}
    return {
        "kind": "result",
        "method": result.method,
        "unit": result.unit,
        "facts": _told(result.facts),
        "tables": {
            name: _table(guard.without(own, f"{result.name}/{name}"), f"{folder}/{name}.csv", files)
            | {"columns": list(map(str, own))}
            for name, own in tables.items()
        },
    }


def _told(value: Any) -> Any:
    """Return a fact in JSON's own types; a list of words keeps what it is."""
    if isinstance(value, Concept):
        return {"concept": asdict(value)}
    if isinstance(value, Mapping):
        return {str(key): _told(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_told(own) for own in value]
    return plain(value)


def _table(table: pd.DataFrame, name: str, files: dict[str, str]) -> dict[str, Any]:
    """Write a table down so that it comes back as it was, and say where and of what types."""
    types = {str(column): str(table[column].dtype) for column in table}
    spoken = [column for column in table if types[str(column)] in ("object", "str")]
    plainly = table.reset_index(drop=True)
    for column in spoken:
        plainly[column] = [json.dumps(plain(own), ensure_ascii=False) for own in table[column]]
    files[name] = _csv(plainly)
    return {"file": name, "types": types}


def _csv(table: pd.DataFrame) -> str:
    """Return CSV whose numbers have every digit that is determined."""

    def written(value: Any) -> str:
        return f"{steady(value):.{STEADY}g}"

    text: str = table.to_csv(index=False, lineterminator="\n", float_format=written)
    return text


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
