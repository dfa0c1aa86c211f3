"""``make notebooks``: each notebook is written whole or left as it was, by one run at a time."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from scripts import run_notebooks

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Let notebooks/ hold notebooks of these cells, by name."""
    monkeypatch.setattr(run_notebooks, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()

    def write(**cells: str) -> Path:
        for name, source in cells.items():
            cell = nbformat.v4.new_code_cell(source, id="only")
            path = tmp_path / "notebooks" / f"{name}.ipynb"
            nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        return tmp_path / "notebooks"

    return write


def shown(path: Path) -> list[str]:
    (cell,) = nbformat.read(path, 4).cells
    return [output["data"]["text/plain"] for output in cell.outputs]


def test_instruments_first_then_the_findings(repository, capsys):
    """What follows the instruments may read what they wrote."""
    folder = repository(
        a_01="import time\ntime.sleep(1)\nopen('made', 'w').write('1')", b_05="open('made').read()"
    )
    (folder / "a_01.ipynb").rename(folder / "01.ipynb")
    (folder / "b_05.ipynb").rename(folder / "05.ipynb")
    run_notebooks.main([])
    assert shown(folder / "05.ipynb") == ["'1'"]
    said = capsys.readouterr().out
    assert re.search(r"\[1/2\] 01\.ipynb  \d+ s\n\[2/2\] 05\.ipynb  \d+ s\n2 notebooks in", said)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("nothing", "NameError: name 'nothing' is not defined"),
        ("from analysis.errors import InputError\nraise InputError('Too short.')", "Too short."),
    ],
)
def test_a_failed_notebook_is_left_as_it_was(source, words, repository):
    folder = repository(one=source)
    before = (folder / "one.ipynb").read_bytes()
    with pytest.raises(SystemExit) as failed:
        run_notebooks.main([])
    assert words in str(failed.value)
    assert "\x1b" not in str(failed.value)
    assert str(failed.value).endswith("one.ipynb failed, and was left as it was.")
    assert (folder / "one.ipynb").read_bytes() == before


def test_a_disk_that_fills_up_leaves_the_old_notebook(repository, monkeypatch):
    folder = repository(one="1 + 1")
    before = (folder / "one.ipynb").read_bytes()

    def full(path, content):
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SystemExit, match="No space left on device"):
        run_notebooks.main([])
    assert (folder / "one.ipynb").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["one.ipynb"]


DRIVER = """
import sys
from pathlib import Path
from scripts import run_notebooks
run_notebooks.ROOT = Path(sys.argv[1])
run_notebooks.main([])
"""


@pytest.fixture
def started(repository, tmp_path):
    """A run in a process of its own, at work on a notebook that takes a minute."""
    folder = repository(one="open('started', 'w').close()\nimport time\ntime.sleep(60)")
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path)], cwd=ROOT, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job may ignore it
    ) as process:  # fmt: skip
        for _ in range(600):
            if (folder / "started").is_file():
                break
            time.sleep(0.1)
        yield process
        process.kill()


def test_a_second_run_is_refused_and_a_killed_one_leaves_all_as_it_was(
    started, repository, tmp_path
):
    folder = tmp_path / "notebooks"
    before = (folder / "one.ipynb").read_bytes()
    with pytest.raises(SystemExit, match="Another run is at work on"):
        run_notebooks.main([])
    started.kill()
    started.wait()
    assert (folder / "one.ipynb").read_bytes() == before
    repository(one="6 * 7")
    (folder / ".0123456789ab.tmp").touch()
    run_notebooks.main([])
    assert shown(folder / "one.ipynb") == ["42"]
    assert not (folder / ".0123456789ab.tmp").exists()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C as Unix sends it")
def test_an_interrupt_is_one_line(started):
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=60)
    said = "Stopped; what was done is written, and the rest was left as it was.\n"
    assert (started.returncode, err) == (1, said)
