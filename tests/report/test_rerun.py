"""``compare``: the instruments on other texts; whole, repeatable, and nowhere but in its folder."""

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

from analysis.cli import INTERRUPTED, main
from analysis.notebooks import FOLLOWS
from analysis.report import rerun

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = re.compile(r"russia|iran\b|iranian|putin|reuters|tehran|\b201[78]\b", re.IGNORECASE)
NASTY = "res[1] *?$x$<b>&:=-é\n'\""
PARAMETERS = "sources = output = checksums = version = None"


def cell_texts(path: Path) -> dict[str, str]:
    """Return all text of each cell's outputs: tables, sentences, printed lines, alt text."""
    return {
        cell.id: json.dumps([words_of(o) for o in cell.get("outputs", ())], ensure_ascii=False)
        for cell in nbformat.read(path, 4).cells
    }


def words_of(output: nbformat.NotebookNode) -> list:
    shown = {kind: text for kind, text in output.get("data", {}).items() if kind != "image/png"}
    return [shown, *(output.get(key, "") for key in ("text", "traceback", "metadata"))]


# Small instruments, which say at once what happens to them


@pytest.fixture
def instruments(tmp_path, monkeypatch):
    """Let these cells, and not the long notebooks, be what `compare` executes."""

    def write(**notebooks: list[str]) -> Path:
        shelf = tmp_path / "shelf" / "notebooks"
        shutil.rmtree(shelf, ignore_errors=True)
        shelf.mkdir(parents=True)
        for name, sources in notebooks.items():
            first = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
            cells = [nbformat.v4.new_code_cell(source) for source in sources]
            for cell in cells[:1]:
                cell.id = "finding"
                cell.outputs = [nbformat.v4.new_output("stream", text="Russia and Iran")]
            nbformat.write(nbformat.v4.new_notebook(cells=[first, *cells]), shelf / f"{name}.ipynb")
        monkeypatch.setattr(rerun, "INSTRUMENTS", tuple(notebooks))
        monkeypatch.setattr(rerun, "resource", lambda name: shelf.parent / name)
        return shelf.parent

    return write


SAY = """from IPython.display import Markdown
Markdown("**Found** 1 \\\\* thing.")"""
FIGURE = """from pathlib import Path
Path(output).mkdir(exist_ok=True)
Path(output, "one.png").write_text(repr(sources))"""


@pytest.fixture
def run(write_folder, tmp_path, monkeypatch, capsys):
    """Compare two folders from where they stand; return status, output and errors."""
    write_folder("new", "Red fish swim. " * 9)
    write_folder("old", "Blue birds fly. " * 9)
    monkeypatch.chdir(tmp_path)

    def command(out: str, target: str = "new", reference: str = "old"):
        capsys.readouterr()
        status = main(["compare", f"--out={out}", "--", target, reference])
        out, err = capsys.readouterr()
        return status, out.removeprefix("Reading the texts ...\n"), err

    return command


# What lies in a finished folder beside notebooks and figures.
WRITTEN = (
    "SHA256SUMS", "figures/citation.toml", "index.html", "methods.html", "notebooks/cells.json",
    "one.html",
)  # fmt: skip


def everything(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def test_a_name_with_any_character_is_that_name(run, instruments, tmp_path, write_folder):
    instruments(one=[SAY, FIGURE])
    for sibling in ("res1", "res[1]"):  # a pattern of this name is another folder
        (tmp_path / sibling).mkdir()
        (tmp_path / sibling / "kept").write_text("kept")
    write_folder(NASTY + "a", "Red fish swim. " * 9)
    write_folder(NASTY + "b", "Blue birds fly. " * 9)
    before = everything(tmp_path)
    status, _, err = run(f"{NASTY}/--=x/-1", f"{NASTY}a", f"{NASTY}b")
    assert (status, err) == (0, "")
    after = everything(tmp_path)
    assert {name for name in after if name not in before} == {
        NASTY, f"{NASTY}/--=x", f"{NASTY}/--=x/-1",
        *(f"{NASTY}/--=x/-1/{name}" for name in
          ("notebooks", "notebooks/one.ipynb", "figures", "figures/one.png", *WRITTEN)),
    }  # fmt: skip
    assert {name: after[name] for name in before} == before
    assert eval(after[f"{NASTY}/--=x/-1/figures/one.png"]) == [
        f"../../../../{NASTY}a", f"../../../../{NASTY}b",
    ]  # fmt: skip


@pytest.mark.parametrize("out", ["-x", "." + "/x:y", "x" * 255])
def test_names_that_look_like_options_lists_or_are_long(out, run, instruments, tmp_path):
    instruments(one=[SAY])
    assert run(out)[0] == 0
    assert (tmp_path / out / "notebooks" / "one.ipynb").is_file()


def test_it_says_what_it_does_what_it_found_and_where_it_lies(run, instruments, tmp_path):
    instruments(one=[SAY, FIGURE], two=["1"])
    status, out, err = run("out")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Comparing new (1 text, 27 words) with old (1 text, 27 words)")
    assert re.fullmatch(r"\[1/2\] (one|two)  \d+ s", lines[1])
    assert re.fullmatch(r"\[2/2\] (one|two)  \d+ s", lines[2])
    assert "one: Found 1 * thing." in lines
    assert lines[-3:-1] == ["Notebooks: out/notebooks", "1 figure: out/figures"]
    assert "--author" in lines[-1]
    folders = {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()}
    assert folders == {"figures", "notebooks"}


def test_what_the_texts_do_not_bear_is_said_and_the_rest_is_done(run, instruments, tmp_path):
    """A refused cell holds one sentence; so does what needs it; all else is there."""
    refuse = "from analysis.errors import InputError\nfound = 1 / 1; del found"
    refuse += "\nraise InputError('Too few units; give longer texts.')"
    instruments(one=[SAY], two=[refuse, "found + 1", "6 * 7"], three=[SAY])
    status, out, err = run("out")
    assert (status, err) == (0, "")
    said = "Not done: what stands in two. Too few units; give longer texts."
    assert said in out.splitlines()
    cells = nbformat.read(tmp_path / "out" / "notebooks" / "two.ipynb", 4).cells[1:]
    assert [cell.outputs[0].get("traceback") for cell in cells] == [
        ["InputError: Too few units; give longer texts."], [f"InputError: {FOLLOWS}"], None,
    ]  # fmt: skip
    assert cells[2].outputs[0].data["text/plain"] == "42"


def test_where_nothing_is_found_the_reason_is_the_answer(run, instruments):
    refuse = "from analysis.errors import InputError\nraise InputError('One unit; give more.')"
    instruments(one=["1"], two=[refuse], three=[refuse])
    status, _, err = run("out")
    assert (status, err) == (2, "analysis: One unit; give more.\n")


@pytest.mark.parametrize("fault", ["1 / 0", "nothing", "import os; os._exit(1)"])
def test_a_failure_is_one_sentence_and_the_call_can_be_repeated(fault, run, instruments, tmp_path):
    instruments(one=[SAY], two=["1", fault, "2"])
    status, out, err = run("out")
    assert (status, err.count("\n")) == (2, 1)
    assert err.startswith("analysis: two.ipynb is not whole: it ")
    assert "\x1b" not in err
    assert "one: Found 1 * thing." in out
    for path in (tmp_path / "out" / "notebooks").glob("*.ipynb"):
        assert "Iran" not in path.read_text(encoding="utf-8")
    instruments(one=[SAY])
    assert run("out")[0] == 0
    assert set(everything(tmp_path / "out")) == {
        "notebooks", "notebooks/one.ipynb", "figures", *WRITTEN,
    }  # fmt: skip


@pytest.mark.parametrize("out", ["new/pages", "new"])
def test_no_page_is_written_among_the_texts(out, run, instruments, tmp_path):
    instruments(one=[SAY])
    before = everything(tmp_path)
    status, _, err = run(out)
    assert (status, err.count("\n")) == (2, 1)
    assert "lies in a folder of texts" in err
    assert everything(tmp_path) == before


def test_nothing_is_overwritten(run, instruments, tmp_path):
    instruments(one=[SAY])
    assert run("out")[0] == 0
    before = everything(tmp_path)
    status, out, err = run("out")
    assert (status, out) == (2, "")
    assert err == "analysis: out is not an empty folder: name a new one, nothing is overwritten.\n"
    assert everything(tmp_path) == before


@pytest.mark.parametrize("out", ["file", "file/out", "link", "y" * 256, "new/00.txt/x"])
def test_a_place_that_cannot_be_written_is_one_sentence(out, run, instruments, tmp_path):
    instruments(one=[SAY])
    (tmp_path / "file").write_text("kept")
    (tmp_path / "link").symlink_to("nowhere")
    before = everything(tmp_path)
    status, printed, err = run(out)
    assert (status, printed, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"analysis: {out} ")
    assert everything(tmp_path) == before


def test_texts_that_cannot_be_read_are_refused_before_anything_is_written(run, tmp_path):
    before = everything(tmp_path)
    assert run("out", "new", "nowhere")[0] == 2
    assert everything(tmp_path) == before


# Ended from outside


DRIVER = """
import sys
from pathlib import Path
from analysis.report import rerun
rerun.INSTRUMENTS = ("one", "two")
rerun.resource = lambda name: Path("shelf") / name
from analysis.cli import main
sys.exit(main(["compare", "new", "old", "--out", "out"]))
"""
WAIT = "import time\nPath('started').touch()\ntime.sleep(60)"


@pytest.fixture
def started(run, instruments, tmp_path) -> Iterator[subprocess.Popen]:
    """A run in a process of its own, of which one notebook is done and one at work."""
    instruments(one=[SAY, FIGURE], two=["from pathlib import Path", WAIT])
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER], cwd=tmp_path, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job may ignore it
    ) as process:  # fmt: skip
        notebooks = tmp_path / "out" / "notebooks"
        for _ in range(600):
            if (notebooks / "one.ipynb").is_file() and (notebooks / "started").is_file():
                break
            time.sleep(0.1)
        yield process
        process.kill()


def test_two_runs_at_once_do_not_meet(started, run):
    assert run("out") == (
        2, "", "analysis: Another run is at work on out: wait until it has ended, or stop it.\n",
    )  # fmt: skip


def test_a_killed_run_leaves_nothing_of_other_texts_and_can_be_repeated(
    started, run, instruments, tmp_path
):
    started.kill()
    started.wait()
    left = everything(tmp_path / "out")
    assert [name for name in left if name.endswith(".ipynb")] == ["notebooks/one.ipynb"]
    assert not any(b"Iran" in (content or b"") for content in left.values())
    instruments(three=[SAY])
    assert run("out")[0] == 0
    pages = {name.replace("one", "three") for name in WRITTEN}
    assert set(everything(tmp_path / "out")) == {
        "notebooks", "notebooks/three.ipynb", "figures", *pages,
    }  # fmt: skip


def test_only_the_notebooks_of_a_subject_with_their_appendices(run, instruments, tmp_path):
    instruments(**{"01_corpus": [SAY], "02_keywords": [SAY], "02a_more": [SAY], "04_topics": [SAY]})
    run("all")  # makes the texts, and stands where they are
    asked = ["compare", "--out=some", "--only", "keywords", "--seed", "3", "--", "new", "old"]
    assert main(asked) == 0
    written = sorted(path.name for path in (tmp_path / "some" / "notebooks").glob("*.ipynb"))
    assert written == ["02_keywords.ipynb", "02a_more.ipynb"]
    source = nbformat.read(tmp_path / "some" / "notebooks" / written[0], 4).cells[0].source
    assert "'settings': {'seed': 3}" in source


def test_groups_with_long_names_are_shown_by_shorter_ones_and_it_is_told(
    run, instruments, tmp_path, capsys
):
    instruments(**{"01_corpus": [SAY]})
    run("all")  # makes the texts, and stands where they are
    long = ["minutes of the borough council of the upper town before the reform", "minutes of it"]
    for old, new in zip(("new", "old"), long, strict=True):
        (tmp_path / old).rename(tmp_path / new)
    capsys.readouterr()
    assert main(["compare", "--out=some", "--", *long]) == 0
    told = capsys.readouterr().err
    assert "shown as “…the borough council of the upper town …” and “…it”; --labels" in told
    notebook = tmp_path / "some" / "notebooks" / "01_corpus.ipynb"
    source = nbformat.read(notebook, 4).cells[0].source
    assert "'labels': ['…the borough council of the upper town …', '…it']" in source


def test_tables_and_explorer_are_made_of_what_the_notebooks_computed(
    run, instruments, tmp_path, monkeypatch
):
    """Nothing is computed twice: here no test of terms can be made but in a notebook."""
    compute = """from analysis.keywords import concept_keyness, keyness, phrase_keyness
from analysis.report import open_study
corpus = open_study(sources, output)
[own(corpus).table['term'].tolist() for own in (keyness, phrase_keyness, concept_keyness)]"""
    instruments(**{"02_keywords": [SAY, compute]})
    for name, texts in {
        "new": "The red fish swim. Birds eat. ",
        "old": "The blue birds fly. Fish. ",
    }.items():
        (tmp_path / name / "more.txt").parent.mkdir(exist_ok=True)
        (tmp_path / name / "more.txt").write_text(texts * 200, encoding="utf-8")
    monkeypatch.setattr("analysis.keywords.table.tests_of", None)
    status, _, err = run("out", "new", "old")
    assert (status, err) == (0, "")
    written = (tmp_path / "out" / "tables" / "keywords.csv").read_text(encoding="utf-8")
    assert "fish" in written
    assert (tmp_path / "out" / "figures" / "explorer.html").is_file()
    assert not (tmp_path / "out" / ".unfinished").exists()


def test_a_run_that_was_ended_goes_on_where_it_was(run, instruments, tmp_path):
    count = "open('../count', 'a').write('x')"
    instruments(one=[SAY, FIGURE, count], two=["open('../../mended').read()"])
    assert run("out")[0] == 2
    (tmp_path / "mended").write_text("")
    (tmp_path / "out" / "figures" / ".0123456789ab.tmp").touch()
    status, out, _ = run("out")
    assert status == 0
    assert "one  done before" in out
    assert "one: Found 1 * thing." in out
    assert (tmp_path / "out" / "count").read_text() == "x"
    assert not list((tmp_path / "out" / "figures").glob(".*"))


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C as Unix sends it")
def test_an_interrupt_is_one_line(started):
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=60)
    assert (started.returncode, err) == (INTERRUPTED, "analysis: stopped.\n")


# The real notebooks, by the installed package


GARDEN = (
    "the roses, the old hedge, our gardener, the compost, the orchard, a row of beans, the lawn, "
    "the greenhouse, the ivy, a bed of tulips",
    "needs, shelters, shades, feeds, outgrows, hides, improves, crowds, delights, spoils",
    "the soil, the seedlings, the lavender, a bench, the gravel path, the bees, the watering can, "
    "the pruning knife, a pear tree, the kitchen herbs",
    "in spring, after rain, by noon, at dusk, in a mild winter, near the wall, without any help",
)
HARBOUR = (
    "the harbour, a tired captain, the trawler, the lighthouse, the crew, a freighter, the pilot, "
    "the ferry, the rigging, an old sailor",
    "awaits, signals, steers, endures, follows, unloads, repairs, fears, admires, survives",
    "the storm, the cargo, the anchor, a channel, the quay, the tide, the compass, the nets, "
    "a sandbank, the evening convoy",
    "at dawn, in thick fog, off the cape, by night, against the wind, near the buoy, before winter",
)


def text_about(parts: tuple[str, ...], seed: int, paragraphs: int = 13, length: int = 7) -> str:
    """Make an English text, paragraphs of about a hundred words, from lists of phrases."""
    chance = random.Random(seed)
    lists = [part.split(", ") for part in parts]

    def sentence() -> str:
        subject, verb, thing, when = (chance.choice(words) for words in lists)
        return f"{when.capitalize()}, {subject} {verb} {thing} and {chance.choice(lists[2])}."

    return "\n\n".join(" ".join(sentence() for _ in range(length)) for _ in range(paragraphs))


OUT = "res[1]"
HOSTILE = (
    "<script>document.title='taken'</script> </script> <img src='http://192.0.2.1/x' "
    "onerror=\"alert('taken')\"> <svg onload=alert(1)> [link](javascript:alert(1)) =1+1 {{7*7}}"
)
GARDENS = r"gardens <blink>$\a$"
HARBOURS = "=harbours US$ | A$"


@pytest.fixture(scope="module")
def study(python, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess]:
    """A folder in which the installed package compared two texts, beside another study."""
    folder = tmp_path_factory.mktemp("away from the repository")
    for seed, (name, parts) in enumerate({GARDENS: GARDEN, HARBOURS: HARBOUR}.items()):
        (folder / name).mkdir()
        (folder / name / "text.txt").write_text(text_about(parts, seed), encoding="utf-8")
    (folder / "res1" / "notebooks").mkdir(parents=True)
    (folder / "res1" / "notebooks" / "01_corpus.ipynb").write_text("another study")
    command = [python, "-m", "analysis", "compare", GARDENS, HARBOURS, "--out", OUT]
    return folder, shell(command, folder)


def shell(command: list, folder: Path) -> subprocess.CompletedProcess:
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, command)), cwd=folder, env=settings,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def convert(python: Path, folder: Path, notebook: Path, *more: str) -> subprocess.CompletedProcess:
    """Execute one notebook in its place, by plain nbconvert, from somewhere else."""
    convert = [python, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", *more]
    return shell([*convert, notebook], folder)


def test_it_ends_well_and_says_what_it_found(study):
    _, done = study
    assert (done.returncode, done.stderr) == (0, "")
    many = len(rerun.INSTRUMENTS)
    for words in (f"[{many}/{many}]", "02_keywords: ", "03_sentiment: ", f"figures: {OUT}/figures"):
        assert words in done.stdout


def test_the_folder_is_all_that_is_written(study):
    folder, _ = study
    assert sorted(path.name for path in folder.iterdir()) == [HARBOURS, GARDENS, "res1", OUT]
    assert (folder / "res1/notebooks/01_corpus.ipynb").read_text() == "another study"
    pages = {f"{name}.html" for name in (*rerun.INSTRUMENTS, "gallery", "index", "methods")}
    there = {path.name for path in (folder / OUT).iterdir()}
    assert there == pages | {"SHA256SUMS", "figures", "notebooks", "snippets.html", "tables"}


def test_the_instruments_speak_of_these_texts(study):
    executed = sorted((study[0] / OUT / "notebooks").glob("*.ipynb"))
    assert [path.stem for path in executed] == sorted(rerun.INSTRUMENTS)
    for path in executed:
        nbformat.validate(nbformat.read(path, 4))
        shown = "\n".join(cell_texts(path).values())
        assert "gardens" in shown, path.name
        assert "harbours" in shown, path.name
        assert not ARTICLES.search(shown)
        assert "Error" not in shown


def test_the_figures_are_of_these_texts(study):
    figures = study[0] / OUT / "figures"
    records = [json.loads(path.read_text(encoding="utf-8")) for path in figures.glob("*-*.json")]
    assert len(records) >= 10
    for facts in records:
        assert len(facts["record"]["texts"]) == 2, facts["id"]
        assert "gardens" in facts["caption"] + facts["alt"], facts["id"]
        assert (figures / f"{facts['id']}.png").read_bytes()[:4] == b"\x89PNG"
    written = [path.read_text(encoding="utf-8") for path in figures.glob("*.csv")]
    assert not re.search(r"russia|iran\b|iranian|putin|reuters", "".join(written), re.IGNORECASE)


def test_a_name_is_no_markup_no_mathematics_and_no_formula(study):
    """In a page the name is words; in a table that a spreadsheet opens it is text."""
    for path in (study[0] / OUT / "notebooks").glob("*.ipynb"):
        html, _ = HTMLExporter().from_filename(str(path))
        assert "gardens &lt;blink&gt;" in html
        assert BeautifulSoup(html, "html.parser").find("blink") is None
    cells = [
        cell
        for path in (study[0] / OUT / "figures").glob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines())
        for cell in row
    ]
    assert f"'{HARBOURS}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_a_browser_runs_nothing_of_hostile_texts_and_names_and_asks_for_nothing(
    tmp_path, monkeypatch, write_folder
):
    """All pages and figures of a first notebook; texts and labels hold what a browser might run."""
    driver = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium: install one (Debian's package chromium) to open pages in it")
    for name, parts in ((GARDENS, GARDEN), (HARBOURS, HARBOUR)):
        write_folder(name, f"It grows. {HOSTILE} It is so.\n\n" + text_about(parts, 1))
    monkeypatch.chdir(tmp_path)
    assert main(["compare", "--out=out", "--only", "corpus", "--", GARDENS, HARBOURS]) == 0
    out = tmp_path / "out"
    pages = [*out.glob("*.html"), *out.glob("figures/*.svg")]
    assert any("taken" in path.read_text(encoding="utf-8") for path in pages)
    met: list[str] = []
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context()
        context.route(re.compile("^(?!file:)"), lambda route: route.abort())
        context.on("dialog", lambda dialog: (met.append(dialog.message), dialog.dismiss()))
        context.on("request", lambda asked: met.append(asked.url))
        for path in pages:
            tab = context.new_page()
            tab.goto(path.as_uri())
            tab.wait_for_timeout(50)  # what a failed image would run comes a little later
            assert tab.evaluate("document.title") != "taken", path.name
            assert tab.locator("blink").count() == 0, path.name
            tab.close()
        browser.close()
    assert [url for url in met if not url.startswith("file:")] == []


def test_the_known_difference_is_found(study):
    """Each text speaks of its own things only: these words must lead, on their own side."""
    table = (study[0] / OUT / "figures" / "keywords-ranked.csv").read_text(encoding="utf-8")
    head, *rows = [line.split(",") for line in table.splitlines()]
    sign = {row[0]: float(row[head.index("log_ratio")]) for row in rows}
    garden, harbour = (set(re.findall("[a-z]+", " ".join(p))) for p in (GARDEN, HARBOUR))
    assert {term for term, ratio in sign.items() if ratio > 0} <= garden - harbour
    assert {term for term, ratio in sign.items() if ratio < 0} <= harbour - garden
    assert min(sign.values()) < 0 < max(sign.values())


def test_a_notebook_rerun_where_it_lies_gives_the_same(study, python, tmp_path):
    """By plain nbconvert, with the installed package, after all was moved together."""
    moved = tmp_path / "moved"
    shutil.copytree(study[0], moved)
    before = everything(moved)
    path = moved / OUT / "notebooks" / "01_corpus.ipynb"
    path = path.rename(path.with_name("corpus.ipynb"))  # nbconvert takes a pattern, not a name
    (moved / OUT / "figures" / "corpus-sentences.png").unlink()
    renamed = (moved / OUT).rename(moved / "res")
    done = convert(python, tmp_path, renamed / "notebooks" / "corpus.ipynb")
    assert done.returncode == 0, done.stderr
    original = study[0] / OUT / "notebooks" / "01_corpus.ipynb"
    assert cell_texts(renamed / "notebooks" / "corpus.ipynb") == cell_texts(original)
    figures = {f"{OUT}/{name}": content for name, content in everything(renamed).items()}
    assert (
        figures[f"{OUT}/figures/corpus-sentences.png"]
        == before[f"{OUT}/figures/corpus-sentences.png"]
    )
    assert {n for n in figures if "figures" in n} == {n for n in before if n.startswith(f"{OUT}/f")}


def test_a_notebook_of_texts_that_have_changed_says_so(study, python, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(study[0], moved)
    (moved / OUT).rename(moved / "res")
    (moved / GARDENS / "text.txt").write_text("Another text. " * 300, encoding="utf-8")
    before = everything(moved / "res" / "figures")
    done = convert(python, moved, moved / "res" / "notebooks" / "01_corpus.ipynb")
    assert done.returncode != 0
    assert "The texts of 'gardens " in done.stderr
    assert "are not those that this notebook was made for" in done.stderr
    assert everything(moved / "res" / "figures") == before


def test_a_shipped_notebook_takes_parameters_as_papermill_gives_them(study, python, tmp_path):
    """A cell after that of the parameters overrides some of them; the repository is left alone."""
    notebook = nbformat.read(ROOT / "notebooks" / "01_corpus.ipynb", 4)
    place = [cell.id for cell in notebook.cells].index("parameters")
    folders = [str(study[0] / name) for name in (GARDENS, HARBOURS)]
    given = f"sources = {folders!r}\noutput = 'mine'"
    tags = {"tags": ["injected-parameters"]}
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(given, metadata=tags))
    nbformat.write(notebook, tmp_path / "alone.ipynb")
    done = convert(python, tmp_path, tmp_path / "alone.ipynb")
    assert done.returncode == 0, done.stderr
    assert "gardens" in cell_texts(tmp_path / "alone.ipynb")["finding"]
    assert (tmp_path / "mine" / "corpus-sentences.png").is_file()


def test_a_shipped_notebook_elsewhere_says_what_is_missing(python, tmp_path):
    shutil.copyfile(ROOT / "notebooks" / "01_corpus.ipynb", tmp_path / "alone.ipynb")
    done = convert(python, tmp_path, tmp_path / "alone.ipynb")
    assert done.returncode != 0
    said = done.stderr.strip().splitlines()[-1]
    assert f"../data/corpus.toml is not there, as seen from {tmp_path}" in said
