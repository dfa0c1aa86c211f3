"""A pack read, and a study made anew from it: figures and tables, without the texts.

What a pack is, ``pack.py`` says. The code cells in it are run as a notebook's would be: what the
counts suffice for is computed anew, what needs the texts is read from the tables of the pack.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import chdir
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.files import sums, write_file
from analysis.report import citation, presets
from analysis.report.topic.model import reused_share, topic_label
from analysis.result import PACKED, Outcome
from analysis.text import Concept, Corpus, Document, Group, count_terms, cut_units
from analysis.text.concordance import term_places, written_forms, written_runs
from analysis.text.documents import MISSING, WITHHELD, ClosedCorpus
from analysis.text.tokens import StopList
from analysis.text.units import Counts

STUDY, ORIGINAL, SENTENCES, MADE = "study.json", "original.json", "sentences.csv", "made.json"
FOLDERS = ("figures", "tables")
PARTS = "parts/"  # before the name of a part, which may be that of a table of its own
PLACES = ["document", "group", "paragraph", "sentence", "start", "end"]
SAME, OTHER, LEFT_OUT = "the same", "differs", "not in the pack"
TOLD = "comes out otherwise, as the pack says"
CELL = "# %%\n"  # before every code cell
FINDS = "# finding\n"  # at the head of the cell that says what its notebook found
MAKERS: dict[str, Any] = {  # what is made of the texts once, and can be written down
    own.__name__: getattr(own, "__wrapped__")  # noqa: B009
    for own in (
        count_terms,
        cut_units,
        written_forms,
        written_runs,
        term_places,
        topic_label,
        reused_share,
    )
}


class Problem(NamedTuple):
    """A statement that could not be run, and why."""

    notebook: str
    cell: str
    reason: str


def read_pack(folder: str | Path, figures: Path | None = None) -> ClosedCorpus:
    """Return the corpus of a pack: its groups and documents without texts, and what was made of it.

    Parameters
    ----------
    folder : the pack
    figures : the folder for figures

    Raises
    ------
    InputError
        The folder is no pack.
    """
    home = Path(folder)
    if not (home / STUDY).is_file() or not (home / MADE).is_file():
        raise InputError(f"{home} is no pack: name a folder that `python -m analysis pack` wrote.")
    study = json.loads((home / STUDY).read_text(encoding="utf-8"))
    target, reference = (Group(**own) for own in study["groups"])
    stops = study["own_stops"]
    if stops is not None:
        stops = StopList(stops["name"], frozenset(stops["words"]), frozenset(stops["names"]),
                         stops["own"])  # fmt: skip
    corpus = ClosedCorpus(
        title=study["title"],
        target=target,
        reference=reference,
        documents=tuple(Document(edited=WITHHELD, **own) for own in study["documents"]),
        names=tuple(study["names"]),
        concepts=_named(study, "concepts"),
        actors=_named(study, "actors"),
        annotations=_named(study, "annotations"),
        notices=tuple(study["notices"]),
        language=study["language"],
        own_stops=stops,
        settings=tuple(study["settings"].items()),
        remembers=True,
        figures=figures,
        places=pd.read_csv(
            home / SENTENCES, dtype=dict.fromkeys(PLACES[:2], "str"), keep_default_na=False
        )[[*PLACES, "tokens"]],
        companions=study["companions"],
    )
    for entry in json.loads((home / MADE).read_text(encoding="utf-8")):
        if entry["kind"] == "result":
            corpus._kept[PACKED, (entry["analysis"], entry["asked"])] = _outcome(entry, home)
        else:
            make = MAKERS[entry["function"]]
            corpus._kept[make, *map(_hashable, entry["asked"])] = _kept(entry, home, corpus)
    return corpus


def _named(study: Mapping[str, Any], kind: str) -> Path | None:
    """Return the name of a file that the study has and the pack has not."""
    name = study["files"][kind]
    return Path(name) if name else None


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _kept(entry: Mapping[str, Any], home: Path, corpus: Corpus) -> Any:
    if entry["kind"] == "words":
        return entry["value"]
    if entry["kind"] == "table":
        return _read(entry["table"], home)
    counted, units = _read(entry["counts"], home), _read(entry["units"], home)
    terms = tuple(sorted(set(counted["term"])))
    place = pd.Index(terms).get_indexer(counted["term"])
    cells = counted["n"].to_numpy(np.int64), (counted["unit"].to_numpy(), place)
    return Counts(
        units,
        terms,
        sparse.csr_array(cells, shape=(len(units), len(terms))),
        units["tokens"].to_numpy(dtype=float),
        (units["group"] == corpus.target.label).to_numpy(),
        entry["documents"],
    )


def _outcome(entry: Mapping[str, Any], home: Path) -> Outcome:
    tables = {name: _read(own, home) for name, own in entry["tables"].items()}
    for name, own in tables.items():
        columns = entry["tables"][name]["columns"]
        own.attrs[MISSING] = [column for column in columns if column not in own]
    facts = {name: _fact(own) for name, own in entry["facts"].items()}
    table, units = tables.pop("table"), tables.pop("units")
    parts = {name.removeprefix(PARTS): own for name, own in tables.items()}
    return Outcome(table, units, entry["unit"], entry["method"], parts, facts)


def _fact(value: Any) -> Any:
    if isinstance(value, dict):
        return Concept(**value["concept"]) if set(value) == {"concept"} else value
    return tuple(map(_fact, value)) if isinstance(value, list) else value


def _read(entry: Mapping[str, Any], home: Path) -> pd.DataFrame:
    types = entry["types"]
    spoken = [name for name, own in types.items() if own in ("object", "str")]
    text = (home / entry["file"]).read_text(encoding="utf-8")
    if not types:
        return pd.DataFrame()
    table = pd.read_csv(
        StringIO(text),
        dtype=dict.fromkeys(spoken, "str"),
        keep_default_na=False,
        na_values={name: [""] for name in types if name not in spoken},
    )
    for name in spoken:
        table[name] = pd.Series([json.loads(own) for own in table[name]], dtype=types[name])
    return table.astype({name: own for name, own in types.items() if name not in spoken})


def rebuild(pack: str | Path, out: str | Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Make the figures and tables of a study anew from its pack, and compare them with its own.

    Parameters
    ----------
    pack : a folder that ``write_pack`` wrote; the code in it is run, as that of a notebook would be
    out : a new folder for figures and tables

    Returns
    -------
    One row a file of the study (``file``, ``verdict``: the same, differs, not in the pack, or
    without what repeats the texts, as the pack says), and the cells that need the texts.
    """
    home, target = Path(pack).resolve(), Path(out).resolve()
    corpus = read_pack(home, target / "figures")
    for folder in FOLDERS:
        if (target / folder).exists():
            raise InputError(f"{target / folder} is there already: name a new folder.")
    for name in (citation.DECLARED, presets.DECLARED):
        if (home / "figures" / name).is_file():
            write_file(target / "figures" / name, (home / "figures" / name).read_bytes())
    code = {
        path.stem: [own.strip("\n") for own in path.read_text(encoding="utf-8").split(CELL)[1:]]
        for path in sorted((home / "notebooks").glob("*.py"))
    }
    problems = list(run_cells(code, corpus, home / "notebooks"))
    original = json.loads((home / ORIGINAL).read_text(encoding="utf-8"))
    told = json.loads((home / STUDY).read_text(encoding="utf-8")).get("otherwise", [])
    rows = []
    for folder, own in original.items():
        made = sums(target / folder) if (target / folder).is_dir() else {}
        for name, before in own.items():
            now, file = made.get(name), f"{folder}/{name}"
            rows.append((file, LEFT_OUT if now is None else SAME if now == before else
                         TOLD if file in told else OTHER))  # fmt: skip
    return pd.DataFrame(rows, columns=["file", "verdict"]), problems


def account(found: pd.DataFrame, problems: list[Problem]) -> str:
    """Return the outcome of ``rebuild`` in lines."""
    lines = [f"{row.verdict}: {row.file}" for row in found[found["verdict"] != SAME].itertuples()]
    cells = [f"needs the texts: {own.notebook}, {own.cell.splitlines()[0]}" for own in problems]
    same = int((found["verdict"] == SAME).sum())
    return "\n".join([*cells, *lines, f"{len(found)} files, {same} the same byte for byte.", ""])


def run_cells(code: Mapping[str, list[str]], corpus: Corpus, where: Path) -> Iterator[Problem]:
    """Run code cells on a corpus, statement by statement, and yield what is refused.

    As in the notebooks of ``compare``, what these texts do not bear, or what needs texts that are
    not at hand, is passed over, and what follows from it too.
    """
    findings: dict[str, str] = {}
    with chdir(where):
        for name, cells in code.items():
            space: dict[str, Any] = {
                "sources": corpus, "output": str(corpus.figures), "checksums": {}, "version": "",
                "findings": findings,
            }  # fmt: skip
            for cell in cells:
                for statement in ast.parse(cell).body:
                    try:
                        shown = _run(statement, name, space)
                    except (InputError, KeyError, NameError) as problem:
                        if isinstance(problem, KeyError) and not isinstance(corpus, ClosedCorpus):
                            raise
                        yield Problem(name, ast.unparse(statement), str(problem))
                    else:
                        if cell.startswith(FINDS):
                            findings[name] = str(shown).split("\n\n")[0]


def _run(statement: ast.stmt, name: str, space: dict[str, Any]) -> Any:
    """Run a statement; return the value of one that has a value."""
    if isinstance(statement, ast.Expr):
        return eval(compile(ast.Expression(statement.value), name, "eval"), space)
    exec(compile(ast.Module([statement], []), name, "exec"), space)
    return None
