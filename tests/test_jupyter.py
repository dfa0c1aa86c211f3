"""JupyterLab and nbconvert keep notebooks in one form: running and saving one changes nothing."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CONFIGS = ("jupyter_nbconvert_config.py", "jupyter_server_config.py")
TOKEN = "for-this-test"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A running Jupyter server, started as a reader does, in a copy that git watches."""
    folder = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for name in CONFIGS:
        shutil.copy(ROOT / name, folder / name)
    git = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "As kept"], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        f"--port={port}",
        f"--IdentityProvider.token={TOKEN}",
        "--no-browser",
        "--allow-root",
    ]
    own = {"JUPYTER_CONFIG_DIR": str(folder / "none"), "JUPYTER_NO_CONFIG": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], cwd=folder, env=os.environ | own,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}/api/"
        _wait(address)
        yield folder, address
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            ask(f"{address}status")
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("JupyterLab did not start within a minute.", pytrace=False)


def ask(address: str, content: object = None) -> dict:
    """Ask the server, or give it something to save, as JupyterLab's page does."""
    request = urllib.request.Request(address, method="GET" if content is None else "PUT")
    request.add_header("Authorization", f"token {TOKEN}")
    request.add_header("Content-Type", "application/json")
    data = None if content is None else json.dumps(content).encode()
    with urllib.request.urlopen(request, data, timeout=30) as answer:
        return json.load(answer)


def changed(folder: Path) -> str:
    return subprocess.check_output(["git", "-C", str(folder), "diff"], text=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_jupyterlab_adds_is_not_saved(path, server):
    folder, address = server
    place = f"{address}contents/notebooks/{path.name}"
    opened = ask(f"{place}?content=1")["content"]
    opened["metadata"]["language_info"] = {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.99.0",
    }  # what a kernel says of itself once it runs
    opened["metadata"]["kernelspec"]["display_name"] = "Mine"
    for cell in opened["cells"]:
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01T00:00:00.000000Z"}
    ask(place, {"type": "notebook", "format": "json", "content": opened})
    assert changed(folder) == ""


def test_a_reader_s_own_change_is_saved(server):
    folder, address = server
    place = f"{address}contents/notebooks/{NOTEBOOKS[0].name}"
    opened = ask(f"{place}?content=1")["content"]
    opened["cells"][0]["source"] += "\n\nMy own note."
    ask(place, {"type": "notebook", "format": "json", "content": opened})
    lines = [line for line in changed(folder).splitlines() if line.startswith(("+ ", "- "))]
    assert any("My own note." in line for line in lines)
    assert not any("language_info" in line for line in lines)


def test_a_script_is_written_as_python(tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--log-level", "ERROR", "--to", "script"]
    subprocess.run(
        [*command, "--output-dir", tmp_path, NOTEBOOKS[0]], cwd=ROOT, check=True, timeout=120
    )
    assert [path.name for path in tmp_path.iterdir()] == [f"{NOTEBOOKS[0].stem}.py"]


def test_saving_leaves_the_form_that_nbformat_writes():
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        assert nbformat.writes(nbformat.reads(text, 4)).rstrip("\n") + "\n" == text


def test_a_page_of_html_has_rules_for_print_and_a_page_of_markdown_none(tmp_path):
    for kind, ending in (("html", "html"), ("markdown", "md")):
        subprocess.run(
            [sys.executable, "-m", "jupyter", "nbconvert", f"--config={ROOT / CONFIGS[0]}",
             "--to", kind, "--output-dir", str(tmp_path), str(NOTEBOOKS[0])],
            check=True, capture_output=True,
        )  # fmt: skip
        page = (tmp_path / f"{NOTEBOOKS[0].stem}.{ending}").read_text("utf-8")
        assert page.count(".jp-OutputPrompt { display: none; }") == (kind == "html")
