"""The same bytes wherever it runs: odd paths, no home, another locale, a strict umask."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.files import resource
from analysis.tone import scoring, word_list

ROOT = Path(__file__).resolve().parents[1]
UNIX = pytest.mark.skipif(os.name == "nt", reason="paths, modes and locales as Unix has them")
PLACE = 'a b/it\'s "so": x;y&z/[é]*?$HOME/-日本\n%s'
TEXTS = {
    "new": "Red fish swim home. It’s good – the birds fly. The fish love the U.S. coast. ",
    "old": "Blue birds fly home. It’s bad – the fish swim. The birds hate the old coast. ",
}
CALLS = ("keywords", "tone", "look", "text")
EXECUTE = """
import sys, os
os.umask(0o077)
from analysis.cli import main
for call in sys.argv[1].split():
    more = ["--csv", f"{call}.csv"] if call != "text" else []
    assert main([call, "new", "old", *more]) == 0
"""
NOTEBOOK = """
import os, sys
from pathlib import Path
os.umask(0o077)
import nbformat
from analysis.notebooks import Execution
cell = nbformat.v4.new_code_cell("import analysis.report\\n6 * 7")
notebook = nbformat.v4.new_notebook(cells=[cell])
scratch = Path("scratch")
scratch.mkdir()
assert Execution(notebook, Path.cwd(), scratch.absolute()).run() == []
assert cell.outputs[0].data["text/plain"] == "42"
"""


@pytest.fixture
def place(tmp_path):
    """A folder whose path holds nearly everything that a path may hold, with texts in it."""
    folder = tmp_path / PLACE
    for name, text in TEXTS.items():
        (folder / name).mkdir(parents=True)
        for number in range(3):
            raw = (text * (8 + number)).replace(". ", ".\n")
            (folder / name / f"{number}.txt").write_bytes(raw.encode())
    return folder


def run(code, folder, *arguments):
    """Run code where nobody is at home: in the C locale, with a home that is no folder."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONUTF8": "0"}
    home = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null", "MPLCONFIGDIR": "/dev/null/none"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=folder, env=bare | home,
        capture_output=True, check=False,
    )  # fmt: skip


@UNIX
def test_commands_give_the_same_bytes_in_an_odd_place_without_a_home(place, monkeypatch, capsys):
    done = run(EXECUTE, place, " ".join(CALLS))
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    odd = {call: (place / f"{call}.csv").read_bytes() for call in CALLS[:-1]}
    assert all((place / f"{call}.csv").stat().st_mode & 0o777 == 0o600 for call in odd)
    monkeypatch.chdir(place)
    for call, table in odd.items():
        assert main([call, "new", "old", "--csv", "here.csv"]) == 0
        assert Path("here.csv").read_bytes() == table
    capsys.readouterr()
    assert main(["text", "new", "old"]) == 0
    assert capsys.readouterr().out.encode() == done.stdout


@UNIX
def test_a_notebook_is_executed_in_an_odd_place_without_a_home(place):
    done = run(NOTEBOOK, place)
    assert done.returncode == 0, done.stderr.decode()


@UNIX
def test_line_ends_of_windows_and_old_macs_make_the_same_tables(place, monkeypatch, capsys):
    monkeypatch.chdir(place)
    tables = []
    for end in (b"\n", b"\r\n", b"\r"):
        for path in place.glob("*/*.txt"):
            raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            path.write_bytes(raw.replace(b"\n", end))
        assert main(["keywords", "new", "old", "--draws", "99"]) == 0
        tables.append(capsys.readouterr().out)
    assert tables[0] == tables[1] == tables[2]


@UNIX
@pytest.mark.parametrize("mode", [0o664, 0o666, 0o444])
def test_a_hard_linked_or_group_writable_lexicon_is_read(mode, tmp_path, monkeypatch):
    """NLTK refuses such files, and package managers make them."""
    shipped = resource("lexicons/afinn.txt")
    (tmp_path / "own.txt").write_bytes(shipped.read_bytes())
    os.link(tmp_path / "own.txt", tmp_path / "linked.txt")
    (tmp_path / "own.txt").chmod(mode)
    listed = word_list(tmp_path / "linked.txt", name="mine")
    assert dict(listed.valences) == scoring.read_word_list(shipped)
    (tmp_path / "vader_lexicon.txt").write_bytes(scoring.vader_file())
    os.link(tmp_path / "vader_lexicon.txt", tmp_path / "second")
    (tmp_path / "vader_lexicon.txt").chmod(mode)
    before = scoring.vader().sha256
    monkeypatch.setattr(scoring.resources, "files", lambda name: tmp_path)
    scoring.vader.cache_clear()
    try:
        assert scoring.vader().sha256 == before
    finally:
        scoring.vader.cache_clear()
