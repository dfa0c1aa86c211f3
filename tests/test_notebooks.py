"""The notebooks as a reader finds them: rerun to the same bytes, true on other texts, well made."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat
import pytest

from analysis.notebooks import KEPT
from analysis.report.numbering import FIGURE, TABLE, number_of, renumbered
from scripts import verify

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FINDINGS = "05"  # notebooks before it are instruments, about no text in particular


# (a) A rerun gives the same bytes, on a machine unlike the one that made what git holds


@pytest.fixture(scope="module")
def rerun(tmp_path_factory) -> dict[str, bytes]:
    """What all notebooks give in a copy of the repository, under settings unlike this machine's."""
    copy = tmp_path_factory.mktemp("other") / "copy"
    unlike = verify.Setting("the tests", verify.UNLIKE, elsewhere=True)
    try:
        verify.rebuild(unlike, copy, sys.executable)
    except SystemExit as failed:
        pytest.fail(str(failed), pytrace=False)
    return verify.built(copy)


def differing(old: dict[str, bytes], new: dict[str, bytes]) -> list[str]:
    """Name every file that is there once only, or differs, and the cells where it differs."""
    names = []
    for name in verify.differing(old, new):
        if name not in old or name not in new:
            names.append(f"{name} is {'missing' if name in old else 'new'}")
        else:
            cells = changed_cells(old[name], new[name]) if name.endswith(".ipynb") else ""
            names.append(f"{name} differs{cells}")
    return names


def changed_cells(old: bytes, new: bytes) -> str:
    pairs = zip(json.loads(old)["cells"], json.loads(new)["cells"], strict=False)
    found = [after["id"] for before, after in pairs if before != after]
    return f" in {', '.join(found)}" if found else ""


def compared(files: dict[str, bytes], *, exact: bool = verify.EXACT) -> dict[str, bytes]:
    """Return what is compared: every byte, or all but images where their bytes may be others."""
    return files if exact else {name: without_images(name, own) for name, own in files.items()}


def without_images(name: str, content: bytes) -> bytes:
    if name.endswith((".png", ".svg", ".pdf")):
        return b""
    if not name.endswith(".ipynb"):
        return content
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop("image/png", None)
    return json.dumps(notebook).encode()


def unlike_the_lock(lock: str, installed: Callable[[str], str] = version) -> list[str]:
    """Name the libraries that are there in another version than the lock has."""
    found = []
    for name, locked in re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE):
        with suppress(PackageNotFoundError):
            if (own := installed(name)) != locked:
                found.append(f"{name} {own} (the lock has {locked})")
    return found


@pytest.mark.parametrize("folder", verify.FOLDERS)
def test_executing_all_notebooks_gives_what_is_committed(folder, rerun):
    old, new = (
        {name: own for name, own in compared(files).items() if name.startswith(f"{folder}/")}
        for files in (verify.committed(), rerun)
    )
    if not (found := differing(old, new)):
        return
    if others := unlike_the_lock((ROOT / "requirements.txt").read_text(encoding="utf-8")):
        found = [
            f"Other versions than the published results were made with: {', '.join(others)}. "
            "`make distclean` and `make` bring them back."
        ]
    else:
        found.append("Run `make`, look at `git diff`, and stage or commit what should change.")
    pytest.fail("\n".join(found), pytrace=False)


def test_the_comparison_is_with_gits_copy_which_a_run_does_not_change():
    held = verify.committed()
    names = subprocess.check_output(["git", "ls-files", *verify.FOLDERS], cwd=ROOT, text=True)
    assert sorted(held) == sorted(names.splitlines())
    name = "figures/references.bib"
    asked = ["git", "cat-file", "blob", f":{name}"]
    assert held[name] == subprocess.check_output(asked, cwd=ROOT)


def test_where_images_may_differ_tables_and_sentences_are_compared():
    def notebook(text, image):
        data = {"text/plain": text, "image/png": image}
        return json.dumps({"cells": [{"id": "a", "outputs": [{"data": data}]}]}).encode()

    old = {"a.ipynb": notebook("0.31", "AA"), "a.png": b"1", "a.csv": b"1"}
    new = {"a.ipynb": notebook("0.31", "BB"), "a.png": b"2", "a.csv": b"1"}
    assert differing(compared(old, exact=False), compared(new, exact=False)) == []
    assert len(differing(compared(old, exact=True), compared(new, exact=True))) == 2
    other = new | {"a.ipynb": notebook("0.32", "BB"), "a.csv": b"2"}
    assert len(differing(compared(old, exact=False), compared(other, exact=False))) == 2


def test_a_library_installed_by_hand_is_named():
    lock = "numpy==2.4.6 \\\n    --hash=sha256:0\nscipy==1.17.1 ; python_version > '3' \\\n"
    own = {"numpy": "2.4.5", "scipy": "1.17.1"}
    assert unlike_the_lock(lock, own.__getitem__) == ["numpy 2.4.5 (the lock has 2.4.6)"]


def test_the_comparison_names_what_differs():
    cell = {"id": "one", "source": "1"}
    old = {"a.ipynb": json.dumps({"cells": [cell]}).encode(), "b": b"", "c": b"1", "d": b""}
    new = {"a.ipynb": json.dumps({"cells": [cell | {"source": "2"}]}).encode(), "c": b"2"}
    assert differing(old, new | {"d": b"", "e": b""}) == [
        "a.ipynb differs in one", "b is missing", "c differs", "e is new",
    ]  # fmt: skip


# (b) The notebooks as committed


def outputs(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            yield cell.id, output


def words_of(output: nbformat.NotebookNode) -> str:
    """Return all text of an output: its tables, sentences, printed lines and alt text."""
    data = {kind: text for kind, text in output.get("data", {}).items() if kind != "image/png"}
    return json.dumps([data, output.get("text", ""), output.metadata], ensure_ascii=False)


NUMBERS_ALLOWED = re.compile(
    r"""
    doi:\S+ | arXiv:\d{4}\.\d{4,5}        # addresses of papers
    | \b[A-Z]\w+\ (?:1[89]|20)\d\d(?=[);,])  # (Hardie 2014), (Lee and Seung 1999)
    | \((?:1[89]|20)\d\d\)                # Gries, Stefan Th. (2008)
    | \b(?:95|5)\ %                       # the level that all notebooks share
    | \bSHA-256\b
    | \bfrom\ −1\ to\ 1\b                 # the bounds of a scale, by definition
    | ^\#\ \d[a-z]?\ ·                    # the number of a notebook, in its title
    | \b0\d\ to\ 0\d\b
    """,
    re.VERBOSE | re.MULTILINE,
)
NAMES_OF_THE_ARTICLES = re.compile(r"\b201[78]\b")
PRIVATE_PATH = re.compile(
    r"(?<![\w.:/])/(?:home|root|tmp|work|private|Users|var|opt|usr|mnt|srv)/\w|\b[A-Za-z]:\\\\?\w+"
)
TIME_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def typed_numbers(prose: str, *, findings: bool = False) -> list[str]:
    """Return the numbers in a Markdown cell that could have come from results, and did not."""
    plain = re.sub(r"\[(?:Figure|Table) \S+\]\([^)]*#[^)]*\)", " ", prose)  # counted, see below
    plain = re.sub(r"`[^`]*`|\]\([^)]*\)", " ", plain)
    plain = NUMBERS_ALLOWED.sub(" ", plain)
    return re.findall(r"\S*\d\S*", NAMES_OF_THE_ARTICLES.sub(" ", plain) if findings else plain)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def named(request) -> tuple[str, nbformat.NotebookNode]:
    return request.param.stem, nbformat.read(request.param, 4)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose_of(notebook: nbformat.NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_there_are_five_notebooks_or_more():
    assert len(NOTEBOOKS) >= 5


def test_every_cell_was_executed_once_from_top_to_bottom(named):
    cells = code_cells(named[1])
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


def test_every_value_is_shown_and_no_error_is(named):
    for cell in code_cells(named[1]):
        if isinstance(ast.parse(cell.source).body[-1], ast.Expr) and "sys.path" not in cell.source:
            assert cell.outputs, f"{cell.id} shows nothing"
        for output in cell.outputs:
            assert output.output_type in {"display_data", "execute_result"}, cell.id


def test_code_only_calls(named):
    for cell in code_cells(named[1]):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(cell.source)))
        assert len(cell.source.splitlines()) <= 10, cell.id


def test_prose_outweighs_code(named):
    code = sum(bool(line.strip()) for c in code_cells(named[1]) for line in c.source.splitlines())
    assert len(prose_of(named[1]).split()) >= 6 * code


def test_nothing_names_this_machine_or_this_moment(named):
    notebook = named[1]
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}, cell.id
        texts = [cell.source, *(words_of(output) for output in cell.get("outputs", ()))]
        for text in texts:
            found = PRIVATE_PATH.search(text) or TIME_STAMP.search(text)
            assert not found, f"{cell.id}: {found}"
    kept = {name: notebook.metadata[name] for name in KEPT}
    assert kept == KEPT


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see /tmp/x/figures", True),
        ('"/home/user/a.png"', True),
        (r"C:\\Users\\me", True),
        ("https://example.org/home/a", False),
        ("../data/claims.toml", False),
        ("either/or, and/tmp", False),
    ],
)
def test_the_check_sees_a_private_path(text, found):
    assert bool(PRIVATE_PATH.search(text)) == found


def test_cells_have_names_of_their_own(named):
    ids = [cell.id for cell in named[1].cells]
    assert len(ids) == len(set(ids))


def test_no_number_is_typed_into_prose(named):
    name, notebook = named
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    typed = {cell.id: typed_numbers(cell.source, findings=name >= FINDINGS) for cell in cells}
    assert {key: numbers for key, numbers in typed.items() if numbers} == {}


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("The log ratio is 5.1.", ["5.1."]),
        ("At p = .05, 46 terms", [".05,", "46"]),
        ("as 2018 shows", ["2018"]),
        ("# 4 · Topics\n\n(Hardie 2014), the 95 % interval, doi:10.1093/pan/mpn018", []),
        ("Gries (2008); `units[0:3]`; [text](figures/a-1.png)", []),
        ("In 2014 the Union", ["2014"]),
        ("as [Figure 2.1](#figure-a) and Figure 2.2 show", ["2.2"]),
    ],
)
def test_the_check_sees_a_typed_number(prose, found):
    assert typed_numbers(prose) == found


UNIVERSAL = re.compile(
    r"\b(always|never|every|every(thing|one|where)|none|nothing|nobody|no one|nowhere|completely"
    r"|entirely|wholly|solely|exclusively|invariably|throughout|without (exception|fail)"
    r"|not (once|a single)|at no point|in no case|to the last|nearly all|only ever"
    r"|(all|any|each) of|however (large|small|often))\b",
    re.IGNORECASE,
)


def test_the_paper_makes_no_universal_statement_outside_its_claims():
    (paper,) = [path for path in NOTEBOOKS if path.stem.startswith(FINDINGS)]
    cells = [cell for cell in nbformat.read(paper, 4).cells if cell.cell_type == "markdown"]
    found = {cell.id: [word[0] for word in UNIVERSAL.finditer(cell.source)] for cell in cells}
    assert {id: words for id, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "It never does, and nothing else differs.",
        "At no point does the article name Turkey.",
        "Not once does it speak of oil, and not a single sentence names the Saudis.",
        "Nowhere does it speak of trade.",
        "None of its sentences is about trade.",
        "It speaks of Russia in every paragraph.",
        "It is solely about Syria.",
        "The word stands for aims throughout.",
        "All of its uses are about Iran.",
        "Nearly all uses are about Iran.",
        "It is invariably negative.",
        "No word of it would be found, however large the difference.",
    ],
)
def test_the_check_sees_a_universal_statement(statement):
    assert UNIVERSAL.search(statement)


def test_an_instrument_is_about_no_text_in_particular(named):
    name, notebook = named
    if name >= FINDINGS:
        pytest.skip("the findings are about the two articles")
    source = "\n".join(cell.source for cell in notebook.cells)
    assert not re.search(r"russia|iran\b|iranian|putin|syria|reuters", source, re.IGNORECASE)


def test_every_image_has_alt_text(named):
    for id, output in outputs(named[1]):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            assert 30 <= len(alt) <= 500, id


def test_every_figure_is_shown_in_a_notebook():
    shown = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS)
    figures = {path.stem for path in (ROOT / "figures").glob("*.png")}
    assert len(figures) >= 10
    assert {id for id in figures if f"{FIGURE}{id}" not in shown} == set()


def test_links_to_figures_and_tables_say_their_numbers(named):
    for cell in named[1].cells:
        if cell.cell_type == "markdown":
            assert renumbered(cell.source) == cell.source, cell.id


def places_shown(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the names of figures and tables that a notebook shows, in its order."""
    found = [
        re.findall(rf'id="((?:{FIGURE}|{TABLE})[\w-]+)"', text)
        for cell in code_cells(notebook)
        for output in cell.outputs
        for kind, text in output.get("data", {}).items()
        if kind in ("text/html", "text/markdown")
    ]
    return [place for places in found for place in places if number_of(place)]


def test_numbers_follow_the_order_in_which_things_are_shown(named):
    chapter = named[0].split("_")[0].removeprefix("0")
    places = places_shown(named[1])
    for kind in (FIGURE, TABLE):
        numbers = [number_of(place, chapter) for place in places if place.startswith(kind)]
        assert numbers == [f"{chapter}.{place}" for place in range(1, len(numbers) + 1)]
