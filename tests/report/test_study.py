"""A notebook's parameters: they name its texts and its folder, and what they say is checked."""

import json
from pathlib import Path

import nbformat
import pytest

import analysis
from analysis.description import describe
from analysis.errors import InputError
from analysis.report import open_study, text_checksums
from analysis.report.corpus import sentence_figure
from analysis.text import load_folders

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folders(write_folder):
    return [write_folder("new", "Cats sleep.", "Cats eat."), write_folder("old", "Dogs bark.")]


def test_two_folders_or_a_manifest(folders, manifest, tmp_path):
    assert open_study(folders, tmp_path).title == "new against old"
    assert open_study(manifest, tmp_path).title == "Colours"
    assert open_study([manifest], tmp_path).title == "Colours"


def test_figures_go_to_the_folder_named_wherever_the_notebook_goes(folders, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = open_study(["new", "old"], "mine")
    monkeypatch.chdir(tmp_path / "new")
    assert study.figures == tmp_path / "mine"


def test_paths_lead_from_where_the_notebook_runs(folders, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "new")
    with pytest.raises(InputError) as refused:
        open_study(["new", "old"])
    assert str(refused.value).startswith(f"new is not there, as seen from {tmp_path / 'new'}")
    assert open_study(["../new", "../old"]).title == "new against old"


@pytest.mark.parametrize(
    ("sources", "words"),
    [([], "got 0 names"), (["a"] * 3, "got 3 names"), ("new", "name a second one")],
)
def test_one_manifest_or_two_folders(sources, words, folders, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=words):
        open_study(sources)


# Checksums


def test_the_sum_of_a_groups_texts_by_hand(folders):
    """SHA-256 of the texts' own sums, sorted, a line each (worked out with sha256sum)."""
    assert text_checksums(load_folders(*folders)) == {
        "new": "999bb22d815c815db1f501ab0968a49f072a0195c95672b6b40e7fa595fba4cc",
        "old": "62de1a86eba553ebf80b0a4a0932e8f7e0f36c081dd30e02ff8f9d42cd78fe88",
    }


def test_names_and_order_change_no_sum_and_a_letter_does(folders, write_folder):
    own = text_checksums(load_folders(*folders))
    same = load_folders(write_folder("deep/new", "Cats eat.", "Cats sleep."), folders[1])
    assert sorted(text_checksums(same).values()) == sorted(own.values())
    other = load_folders(write_folder("other/new", "Cats eat.", "Cats sleeps."), folders[1])
    assert sorted(text_checksums(other).values()) != sorted(own.values())


def test_texts_that_have_changed_are_refused(folders, tmp_path):
    sums = text_checksums(load_folders(*folders))
    open_study(folders, tmp_path / "a", sums, analysis.__version__)
    (folders[1] / "00.txt").write_text("Dogs barked.")
    with pytest.raises(InputError, match=r"texts of 'old' are not those .* checksums = \{\}"):
        open_study(folders, tmp_path / "b", sums)
    open_study(folders, tmp_path / "b", {})


def test_the_texts_that_differ_are_named_where_figures_tell_what_they_were(folders, tmp_path):
    corpus = load_folders(*folders)
    record(tmp_path / "out", {document.id: document.sha256 for document in corpus.documents})
    (folders[0] / "00.txt").write_text("Cats slept.")
    (folders[0] / "01.txt").rename(folders[0] / "02.txt")
    with pytest.raises(InputError) as refused:
        open_study(folders, tmp_path / "out", text_checksums(corpus))
    assert "made for (changed: new/00; gone: new/01; new: new/02): restore" in str(refused.value)


def test_figures_of_two_studies_in_one_session_do_not_mix(folders, tmp_path, monkeypatch):
    first = describe(open_study(folders, tmp_path / "first"), unit_tokens=2)
    second = describe(open_study(folders[::-1], tmp_path / "second"), unit_tokens=2)
    assert sentence_figure(first).folder == tmp_path / "first"
    assert sentence_figure(second).folder == tmp_path / "second"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("analysis.report.figure.HERE", Path("figures"))
    assert sentence_figure(describe(load_folders(*folders), unit_tokens=2)).folder == Path(
        "figures"
    )
    names = [path.parent.name for path in tmp_path.rglob("corpus-sentences.json")]
    assert sorted(names) == ["figures", "first", "second"]


@pytest.mark.parametrize("label", ["new", "newer"])
def test_sums_of_other_groups_are_refused(label, folders, tmp_path):
    with pytest.raises(InputError, match=f"texts of '{label}' are not those"):
        open_study(folders, tmp_path, {label: "0"})


def test_another_version_is_refused(folders, tmp_path):
    with pytest.raises(InputError, match=r"version 0\.0\.9 .* install that version"):
        open_study(folders, tmp_path, {}, "0.0.9")


# Another study is left alone


def record(folder, texts):
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps({"id": "one", "record": {"texts": texts}}))


def test_the_figures_of_other_texts_are_left_alone(folders, tmp_path):
    record(tmp_path / "theirs", {"2018": "0"})
    with pytest.raises(InputError, match=r"figures of other texts \(one.json is of 2018\)"):
        open_study(folders, tmp_path / "theirs")


def test_ones_own_figures_are_made_anew(folders, tmp_path):
    record(tmp_path / "own", {"new/00": "another sum, since the text was mended"})
    (tmp_path / "own" / "notes.json").write_text("[1")
    (tmp_path / "own" / "list.json").write_text("[1]")
    assert open_study(folders, tmp_path / "own").target.label == "new"


def test_the_shipped_figures_are_left_alone(folders):
    with pytest.raises(InputError, match="figures of other texts"):
        open_study(folders, ROOT / "figures")


# The notebooks


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_every_notebook_has_one_cell_of_parameters_which_it_uses(path, monkeypatch, corpus):
    cells = nbformat.read(path, 4).cells
    (cell,) = [cell for cell in cells if "parameters" in cell.metadata.get("tags", ())]
    named: dict[str, object] = {}
    exec(cell.source, named)
    del named["__builtins__"]
    assert list(named) == ["sources", "output", "checksums", "version"]
    calls = [c for c in cells if "open_study(sources, output, checksums, version)" in c.source]
    assert len(calls) == 1
    monkeypatch.chdir(ROOT / "notebooks")
    study = open_study(**named)
    assert study.figures.is_relative_to(ROOT / "figures")
    if not path.stem.startswith("06"):  # which brings texts of its own
        assert study.title == corpus.title
        assert study.figures == ROOT / "figures"


def test_the_notebooks_import_from_three_paths():
    """A reader finds everything from the package, the room of keywords and the report."""
    lines = [
        line
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "code"
        for line in cell.source.splitlines()
    ]
    assert not [line for line in lines if "sys.path" in line]
    paths = {line.split()[1] for line in lines if line.startswith(("from ", "import "))}
    assert paths == {"analysis", "analysis.keywords", "analysis.report"}
