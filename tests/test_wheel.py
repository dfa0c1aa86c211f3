"""The package as others install it: built, put into an environment of its own, used elsewhere."""

import json
import os
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis import keyness, load_folders

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = "Red fish swim home. Good red birds fly. The fish love home. "
REPLY = "Blue birds fly home. Bad blue fish swim. The birds hate home. "


@pytest.fixture
def elsewhere(write_folder, tmp_path) -> Path:
    """A folder that has nothing to do with the repository, with texts in it."""
    write_folder("a", ARTICLE * 40, ARTICLE * 30)
    write_folder("b", REPLY * 40)
    return tmp_path


@pytest.fixture
def run(python, elsewhere):
    """Run the installed package's Python there; return what it did."""
    settings = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def command(*arguments):
        return subprocess.run(
            [python, *arguments], cwd=elsewhere, env=settings,
            capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return command


def test_the_name_to_install_by_is_not_the_name_of_a_folder():
    name = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["name"]
    assert name not in {"analysis", *(path.name for path in ROOT.iterdir())}


def test_the_wheel_holds_what_the_code_needs(wheel):
    packed = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "analysis").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "analysis/py.typed" in needed
    assert "analysis/resources/lexicons/afinn.txt" in needed
    assert needed - packed == set()


def test_the_wheel_holds_the_instruments_without_their_outputs(wheel):
    archive = zipfile.ZipFile(wheel)
    inside = [name for name in archive.namelist() if name.endswith(".ipynb")]
    there = (path.name for path in (ROOT / "notebooks").glob("0[1-4]*.ipynb"))
    assert sorted(Path(name).name for name in inside) == sorted(there)
    for name in inside:
        packed = json.loads(archive.read(name))
        source = json.loads((ROOT / "notebooks" / Path(name).name).read_text("utf-8"))
        assert [c["source"] for c in packed["cells"]] == [c["source"] for c in source["cells"]]
        code = [cell for cell in packed["cells"] if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


def test_the_wheel_does_not_hold_the_articles(wheel, corpus):
    """No long sentence of theirs stands in any file that is packed."""
    archive = zipfile.ZipFile(wheel)
    packed = " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    sentences = [text for text in corpus.sentences["text"] if len(text) > 60]
    assert len(sentences) > 100
    assert [text for text in sentences if text in packed] == []


def test_it_is_the_installed_package_that_is_imported(run, python):
    done = run("-c", "import analysis; print(analysis.__file__, analysis.__version__)")
    file, version = done.stdout.split()
    assert Path(file).is_relative_to(python.parents[1])
    assert version == analysis.__version__


def test_the_snippet_of_the_readme_runs(run, elsewhere):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    *calls, last = snippet.strip().splitlines()
    script = "\n".join([*calls, f"print(len({last}), 'of', len(terms.table))"])
    (elsewhere / "snippet.py").write_text(
        script.replace("my/target", "a").replace("my/reference", "b"), encoding="utf-8"
    )
    done = run("-W", "error", "snippet.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"\d+ of \d+\n", done.stdout)


def test_the_command_runs(run, elsewhere):
    done = run("-W", "error", "-m", "analysis", "keywords", "a", "b", "--csv", "out.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (0, "", 1)
    found = pd.read_csv(elsewhere / "out.csv")
    assert done.stderr.startswith(f"analysis: {len(found)} rows are in out.csv")
    here = keyness(load_folders(elsewhere / "a", elsewhere / "b")).table
    assert found["term"].tolist() == here["term"].tolist()
    assert found["p_family"].tolist() == pytest.approx(here["p_family"].tolist(), rel=1e-7)


def test_without_a_corpus_it_says_what_to_name(run):
    done = run("-m", "analysis", "text")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    for words in ("third-party texts", "name a manifest", "two folders", "the repository"):
        assert words in done.stderr
