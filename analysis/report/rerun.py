"""The notebooks, executed on other texts."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

import analysis
from analysis.errors import InputError
from analysis.exchange import sharing
from analysis.files import (
    CURE,
    SUMS,
    clear_drafts,
    held,
    resource,
    write_cell_sums,
    write_file,
    write_sums,
)
from analysis.keywords import concept_keyness, keyness, phrase_keyness
from analysis.notebooks import (
    SHARED,
    Execution,
    NotebookNode,
    Refusal,
    markdown_cell,
    read_cleared,
    read_notebook,
    refusals,
    set_parameters,
    side_by_side,
    text_of,
    write_notebook,
)
from analysis.report.citation import read_work, work_reference
from analysis.report.explorer import explorer
from analysis.report.figure import ROOT
from analysis.report.findings import TABLES
from analysis.report.gallery import collect, records_of, write_values
from analysis.report.methods import methods
from analysis.report.numbering import missing, places_in, unlinked
from analysis.report.site import Site, write_site
from analysis.report.study import text_checksums
from analysis.report.tables import write_tables, written
from analysis.result import Result
from analysis.sentences import has_entry, markdown, prose, unmarked
from analysis.sentences import say as say_prose
from analysis.text import Corpus, group_sizes
from analysis.tone import sentiment
from analysis.topicmodels import topics

INSTRUMENTS = (
    "01_corpus", "02_keywords", "03_sentiment", "04_topics",
    "02a_keywords_appendix", "03a_sentiment_appendix", "04a_topics_appendix",
)  # fmt: skip
EXPLORER = "figures/explorer.html"
UNFINISHED = ".unfinished"  # in the folder of a run that is at work, or was ended before its end
FILES = ("stopwords", "concepts")  # options that name one
FINDING = "finding"  # the id of the cell that says what a notebook found
GAPS = "gaps"  # the id of the cell that says which figures and tables were not made
FINDINGS = "findings.md"
INDEX = "index.html"
LEADING = {  # notebook -> the figure of it that the first page shows
    "02_keywords": "keywords-ranked",
    "03_sentiment": "tone-contrast",
    "04_topics": "topics-prevalence",
}
MOST = 40  # rows of a table whose numbers LaTeX is given
# The tables whose numbers a paper states, and the columns that name a row of each.
NUMBERED = {
    "keywords-ranked": ("term",),
    "keywords-concepts": ("concept",),
    "tone-contrast": ("lexicon", "masked", "calibrated"),
    "tone-actors": ("actor",),
    "topics-prevalence": ("topic",),
}
_CALL = re.compile(r"\b([a-z_]+)\(")
_NO_KEY = re.compile(r"[^-+.\w]+")
WORKERS = min(len(INSTRUMENTS), os.cpu_count() or 1)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Executed:
    """A notebook that was executed and written.

    Attributes
    ----------
    path : where it lies
    shown : what it found, in Markdown; empty where that was refused
    refused : what could not be done with these texts, and why
    failed : the error that ended it early, if any
    """

    path: Path
    shown: str
    refused: tuple[Refusal, ...]
    failed: str = ""

    @property
    def finding(self) -> str:
        """What it found, without marks of emphasis."""
        return unmarked(self.shown)


def compare(
    corpus: Corpus,
    texts: Sequence[str],
    out: Path,
    say: Say,
    *,
    options: Mapping[str, object] | None = None,
    beside: Mapping[str, str] | None = None,
    only: Sequence[str] | None = None,
) -> list[Executed]:
    """Execute the instruments (notebooks 01 to 04) on other texts, into a new folder.

    Every notebook and figure appears whole, and only in ``out``. What these texts do not bear is
    refused cell by cell, in words, and the rest is done. A run that was ended can be repeated, and
    goes on where it was: what it executed of the same notebooks on the same texts is kept.

    Parameters
    ----------
    corpus : the texts, loaded
    texts : where they are: a manifest, a table, or two folders: target, reference
    out : a folder that is not there yet, or empty; it gets ``notebooks/``, ``figures/`` and
        ``index.html`` with the pages that it leads to
    say : called with a line of progress, now and then
    options : with which they were loaded
    beside : name -> text of files that stand beside the figures before they are drawn: how they are
        cited (``citation.declaration``) and drawn (``presets.declaration``)
    only : which of the instruments, by their names; by default all

    Returns
    -------
    The executed notebooks, in order.

    Raises
    ------
    InputError
        The folder holds something already, lies in a folder of texts, cannot be written, or another
        run is at work on it; a notebook failed, or none found anything that these texts bear.
    """
    refuse_folder(texts, out)
    try:
        with _taken(out) as scratch:
            notebooks = out.absolute() / "notebooks"
            parameters: dict[str, object] = {
                "sources": _named(texts, notebooks, options or {}),
                "output": "../figures",
                "checksums": text_checksums(corpus),
                "version": analysis.__version__,
            }
            chosen = [name for name in INSTRUMENTS if only is None or name in only]
            say(_sizes(corpus))
            jobs = [_Job(name, _prepared(name, parameters), notebooks, scratch) for name in chosen]
            _clear(out, [job for job in jobs if job.is_done()])
            for name, text in (beside or {}).items():
                write_file(out.absolute() / "figures" / name, text.encode("utf-8"))
            executed = _execute(jobs, say)
            with sharing(scratch / SHARED):
                _explore(corpus, out.absolute(), chosen)
            shown = {one.path.stem: one.shown for one in executed}
            write_finished(out.absolute(), corpus.title, shown, not_done(executed))
            say(_summary(executed, out))
            _refuse_failures(executed)
            return executed
    except OSError as problem:
        said = problem.strerror or problem
        raise InputError(f"{out} cannot be written ({said}); {CURE}.") from problem


def refuse_folder(texts: Sequence[str], out: Path) -> None:
    """Refuse a folder that holds something, or that texts are read from.

    Pages that lie among texts would be read as texts the next time.
    """
    place = out.resolve()
    for folder in (Path(text).resolve() for text in texts if Path(text).is_dir()):
        if folder == place or folder in place.parents:
            raise InputError(f"{out} lies in a folder of texts, {folder}: name one outside it.")
    there = out.is_symlink() or out.exists()
    unfinished = (out / UNFINISHED).is_dir()
    if there and (not out.is_dir() or (any(out.iterdir()) and not unfinished)):
        raise InputError(f"{out} is not an empty folder: name a new one, nothing is overwritten.")


@contextmanager
def _taken(out: Path) -> Iterator[Path]:
    """Take the folder for one run: a new one, or that of an earlier run that was not finished."""
    scratch = out.absolute() / UNFINISHED
    scratch.mkdir(parents=True, exist_ok=True)
    with held(scratch / "lock", str(out)):
        shutil.rmtree(scratch / SHARED, ignore_errors=True)  # of a run before, perhaps of others
        yield scratch
    shutil.rmtree(scratch)


def _clear(out: Path, done: Sequence["_Job"]) -> None:
    """Clear the folder of an earlier run, but for notebooks that it finished in the same way."""
    clear_drafts(out, *(out / name for name in ("notebooks", "figures", TABLES)))
    for name in ("notebooks", "figures", TABLES):
        if (out / name).exists() and not (done and name != TABLES):
            shutil.rmtree(out / name)
    (out / "notebooks").mkdir(exist_ok=True)
    kept = {job.path.name for job in done}
    others = [path for path in (out / "notebooks").glob("*.ipynb") if path.name not in kept]
    for path in (*others, *out.glob("*.html"), out / SUMS):
        path.unlink(missing_ok=True)


def _named(
    texts: Sequence[str], folder: Path, options: Mapping[str, object]
) -> str | list[str] | dict[str, object]:
    """Return where the texts are, as seen from the notebooks: both may be moved together."""
    paths = [_relative(Path(text).resolve(), folder.resolve()) for text in texts]
    files = {
        name: _relative(Path(str(options[name])).resolve(), folder.resolve())
        for name in FILES
        if name in options
    }
    if options:
        return {"texts": paths, **options, **files}
    return paths[0] if len(paths) == 1 else paths


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive
        return str(path)


def _prepared(name: str, parameters: dict[str, object]) -> NotebookNode:
    """Return an instrument without outputs, which speak of other texts, and with its parameters."""
    packed = resource("notebooks")
    folder = packed if packed.is_dir() else ROOT / "notebooks"
    notebook = read_cleared(folder / f"{name}.ipynb")
    set_parameters(notebook, parameters)
    return notebook


class _Job:
    """One instrument to be executed and written."""

    def __init__(self, name: str, notebook: NotebookNode, folder: Path, scratch: Path) -> None:
        self.name, self.notebook, self.path = name, notebook, folder / f"{name}.ipynb"
        self.execution = Execution(notebook, folder, scratch)
        self.seconds = 0.0
        self._mark = scratch / f"{name}.done"
        self._sum = sha256(text_of(notebook).encode()).hexdigest()

    def is_done(self) -> bool:
        """Tell whether an earlier run executed this very notebook with these very parameters."""
        marked = self._mark.is_file() and self._mark.read_text(encoding="utf-8") == self._sum
        return marked and self.path.is_file()

    def run(self) -> Executed:
        """Execute it, and write it whole."""
        if self.is_done():
            notebook = read_notebook(self.path)
            return Executed(self.path, _finding(notebook), tuple(refusals(notebook)))
        start, failed = time.perf_counter(), ""
        refused: list[Refusal] = []
        try:
            refused = self.execution.run()
        except InputError as error:
            failed = str(error)
        write_notebook(self.notebook, self.path)
        if not failed:
            write_file(self._mark, self._sum.encode())
        self.seconds = time.perf_counter() - start
        return Executed(self.path, _finding(self.notebook), tuple(refused), failed)


def _execute(jobs: list[_Job], say: Say) -> list[Executed]:
    """Execute the jobs, as many at a time as there are cores."""
    with side_by_side([job.execution for job in jobs], WORKERS) as threads:
        running = {threads.submit(job.run): job for job in jobs}
        for number, done in enumerate(as_completed(running), 1):
            done.result()
            job = running[done]
            took = say_prose("compare.took", {"seconds": job.seconds})
            say(f"[{number}/{len(jobs)}] {job.name}  {took}")
        return [done.result() for done in running]


def _explore(corpus: Corpus, out: Path, chosen: Sequence[str]) -> None:
    """Write the tables and the explorer of what these texts bear; the notebooks say what not."""
    results = write_results(corpus, out, chosen)
    if "keywords" in results:
        page = explorer(results["keywords"], results.get("topics"), home=f"../{INDEX}")
        write_file(out / EXPLORER, page.encode("utf-8"))


def write_results(corpus: Corpus, out: Path, chosen: Sequence[str]) -> dict[str, Result]:
    """Write the tables of what the notebooks have computed, and shared; return the results.

    Parameters
    ----------
    corpus : the texts, or a pack that stands for them
    out : the folder of results
    chosen : the notebooks, by their names
    """
    results: dict[str, Result] = {}
    analyses: dict[str, dict[str, Callable[[Corpus], Result]]] = {
        "02_keywords": {
            "keywords": keyness, "phrases": phrase_keyness, "concepts": concept_keyness,
        },
        "03_sentiment": {"tone": sentiment},
        "04_topics": {"topics": topics},
    }  # fmt: skip
    asked = [own for name in chosen for own in analyses.get(name, {}).items()]
    for name, analyse in asked:
        with suppress(InputError):
            found = analyse(corpus)
            results |= {} if found.table.empty else {name: found}
    if results:
        write_tables(results, out / TABLES)
    return results


def _sizes(corpus: Corpus) -> str:
    """Say what is compared."""
    sizes = group_sizes(corpus).to_dict("records")
    first, second = (
        say_prose("compare.side", {str(name): value for name, value in size.items()})
        for size in sizes
    )
    return say_prose("compare.start", {"first": first, "second": second})


def _finding(notebook: NotebookNode) -> str:
    """Return the first paragraph of a notebook's finding."""
    outputs = [o for cell in notebook.cells if cell.id == FINDING for o in cell.outputs]
    shown = "".join(o.data.get("text/markdown", "") for o in outputs if "data" in o)
    return shown.split("\n\n")[0]


def _summary(executed: Sequence[Executed], out: Path) -> str:
    """Say what was found, what could not be done, and where all of it lies."""
    lines = ["", *(
        f"{one.path.stem}: {_remarked(one.path.stem, one.finding)}"
        for one in executed
        if one.finding
    )]  # fmt: skip
    lines += not_done(executed)
    figures, page = len(list((out / "figures").glob("*.png"))), out / EXPLORER
    return "\n".join(
        [
            *lines,
            "",
            f"{say_prose('compare.pages', {})} {out / INDEX}",
            f"{say_prose('compare.notebooks', {})} {out / 'notebooks'}",
            f"{say_prose('compare.figures', {'count': figures})} {out / 'figures'}",
            *([f"{say_prose('compare.explorer', {})} {page}"] if page.exists() else []),
            *([] if read_work(out / "figures").authors else [say_prose("methods.no-author", {})]),
        ]
    )


def not_done(executed: Sequence[Executed]) -> list[str]:
    """Say what could not be done, by the names of analyses; a reason, with its cure, once."""
    named: dict[str, dict[str, None]] = {}
    for one in executed:
        for refusal in one.refused:
            named.setdefault(refusal.reason, {}).update(dict.fromkeys(_analyses(one, refusal)))
    return [
        f"{say_prose('compare.not-done', {'analyses': list(names)})} {why}"
        for why, names in named.items()
    ]


def _remarked(name: str, said: str) -> str:
    """Add to a finding that stands without its notebook what the notebook says of its limits."""
    remark = f"compare.remarks.{name}"
    return f"{said} {say_prose(remark, {})}" if has_entry(remark) else said


def _analyses(one: Executed, refusal: Refusal) -> list[str]:
    """Return what a refused cell would have done; its notebook where its calls have no names."""
    calls = [f"compare.analyses.{name}" for name in _CALL.findall(refusal.source)]
    names = [say_prose(entry, {}) for entry in calls if has_entry(entry)]
    return names[:1] or [say_prose("compare.notebook", {"notebook": one.path.stem})]


def _refuse_failures(executed: Sequence[Executed]) -> None:
    if failed := [one for one in executed if one.failed]:
        raise InputError(
            f"{failed[0].path.name} is not whole: {failed[0].failed}; the others are done, and "
            "the same call starts again."
        )
    found = [one for one in executed if one.finding and one.path.stem != INSTRUMENTS[0]]
    refused = [refusal for one in executed for refusal in one.refused]
    if refused and not found:
        raise InputError(refused[0].reason)


# What is written when the notebooks have run: findings, numbers, pages, sums


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
    tell_gaps(notebooks)
    write_collected(figures, findings)
    write_cell_sums(notebooks)
    site = Site(out, out, footer=work_reference(read_work(figures)))
    page = _index(title, findings, refused, _leading(figures))
    site.add_text(page, "index.md", INDEX, "Results")
    write_site(site, sorted(notebooks.glob("*.ipynb")), figures, methods())
    write_sums(out)


def tell_gaps(folder: Path) -> None:
    """Let no link of a notebook lead to what was not made, and say at its end what was not."""
    read = {path: read_notebook(path) for path in sorted(folder.glob("*.ipynb"))}
    made = {path.name: places_in(_shown(notebook)) for path, notebook in read.items()}
    everywhere = set().union(*made.values())
    for path, notebook in read.items():
        before = text_of(notebook)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = unlinked(cell.source, path.name, made)
            for output in cell.get("outputs", ()):
                if "text/markdown" in output.get("data", {}):
                    text = output.data["text/markdown"]
                    output.data["text/markdown"] = unlinked(text, path.name, made)
        left = missing(path.name, everywhere)
        if left and notebook.cells[-1].id != GAPS:
            said = say_prose("compare.gaps", {"left": left, "count": len(left)})
            notebook.cells.append(markdown_cell(said, id=GAPS))
        if text_of(notebook) != before:
            write_notebook(notebook, path)


def _shown(notebook: NotebookNode) -> str:
    """Return all that the cells of a notebook show as HTML or Markdown."""
    outputs = [own for cell in notebook.cells for own in cell.get("outputs", ())]
    kinds = ("text/html", "text/markdown")
    return "\n".join(own.get("data", {}).get(kind, "") for own in outputs for kind in kinds)


def write_collected(figures: Path, findings: Mapping[str, str]) -> None:
    """Write what stands beside the figures: findings, numbers, gallery, bibliography."""
    if figures.is_dir() and records_of(figures):
        lines = "".join(f"- {said}\n" for said in findings.values() if said)
        write_file(figures / FINDINGS, lines.encode("utf-8"))
        write_values(values(figures), figures / "values.tex")
        collect(figures)


def _leading(figures: Path) -> dict[str, str]:
    """Return the figure of each notebook that the first page shows, with its caption."""
    records = {own["id"]: own for own in records_of(figures)} if figures.is_dir() else {}
    return {
        name: f"![{markdown(records[id]['alt'])}](figures/{id}.png)\n\n"
        f"*{markdown(records[id]['caption'])}*"
        for name, id in LEADING.items()
        if id in records
    }


def _index(
    title: str, findings: Mapping[str, str], refused: Sequence[str], shown: Mapping[str, str]
) -> str:
    """Return the first page: what was found and shown, what could not be done, what lies where."""
    found = [
        "\n\n".join([
            _remarked(name, said),
            *([shown[name]] if name in shown else []),
            f"[{say_prose('methods.notebook', {'name': name})}](notebooks/{name}.ipynb)",
        ])
        for name, said in findings.items()
        if said
    ]  # fmt: skip
    facts = {"refused": [markdown(own) for own in refused]}
    parts = [f"# {markdown(title)}", "## What was found", *found]
    if refused:
        parts += ["## What was not done", *(f"- {own}" for own in facts["refused"])]
    return "\n\n".join([*parts, prose("methods.index", {}).text])


def values(figures: Path) -> dict[str, str]:
    """Return the numbers that a paper may state, by table, row and column, as readers see them."""
    found = {}
    for id, names in NUMBERED.items():
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
