"""A notebook in JupyterLab in a browser: opened, run, saved; nothing leaves home.

One notebook by default; all of them where ``ALL_IN_LAB`` is set.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
TOKEN = "for-this-test"
ALL = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
NAMES = ALL if os.environ.get("ALL_IN_LAB") else ALL[:1]
SECONDS = 360  # the longest that a notebook may take
RUN = "jupyterapp.commands.execute('notebook:run-all-cells')"
SAVE = "jupyterapp.commands.execute('docmanager:save')"
# The lab draws only the cells in view: of all of them its model of the notebook tells.
KINDS = """[...jupyterapp.shell.currentWidget.content.model.cells].flatMap((cell) =>
    cell.type === 'code' ? cell.outputs.toJSON().map((output) => output.name ?? output.output_type)
                         : [])"""
FIRST = """((has) => [...jupyterapp.shell.currentWidget.content.model.cells].findIndex(has))"""
DRAWN = """(cell) => cell.type === 'code' &&
    cell.outputs.toJSON().some((output) => 'image/png' in (output.data ?? {}))"""
SAID = """(cell) => cell.type === 'code' &&
    cell.outputs.toJSON().some((output) => /\\*\\*/.test(output.data?.['text/markdown'] ?? ''))"""
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
SHOWN = "jupyterapp.shell.currentWidget.content.scrollToItem({place}, 'start')"


def git(folder: Path, *command: str) -> str:
    own = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.check_output(["git", "-C", str(folder), *own, *command], text=True)


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """JupyterLab on a copy whose notebooks were just executed and committed."""
    pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium: install one (Debian's package chromium) to open JupyterLab in it")
    copy = tmp_path_factory.mktemp("lab") / "copy"
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")
    for name in filter(None, names):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    own = os.environ | {"PYTHONPATH": str(copy), "JUPYTER_CONFIG_DIR": str(copy.parent / "none")}
    notebooks = [str(copy / "notebooks" / f"{name}.ipynb") for name in NAMES]
    made = [sys.executable, str(copy / "scripts" / "run_notebooks.py"), *notebooks]
    subprocess.run(made, cwd=copy, env=own, check=True, capture_output=True)
    git(copy, "init", "-q")
    git(copy, "add", ".")
    git(copy, "commit", "-qm", "As made")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--no-browser",
               "--allow-root", "--expose-app-in-browser"]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], cwd=copy, env=own,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/api/status?token={TOKEN}")
        yield copy, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("JupyterLab did not start within a minute.", pytrace=False)


def _done(tab, command: str, seconds: int) -> None:
    """Give a command to the lab and wait until it has been carried out."""
    tab.evaluate(f"window.done = false; {command}.then(() => window.done = true); 0")
    tab.wait_for_function("window.done === true", timeout=seconds * 1_000)


def _see(tab, which: str, selector: str) -> None:
    """Bring the first cell with such an output into view, and see it there."""
    place = tab.evaluate(f"{FIRST}({which})")
    assert place >= 0, f"no such output: {which}"
    tab.evaluate(f"{SHOWN.format(place=place)}; 0")
    tab.wait_for_selector(f".jp-OutputArea {selector}", timeout=60_000)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_in_the_lab_and_leaves_everything_as_it_was(lab, name):
    from playwright.sync_api import sync_playwright

    copy, address = lab
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 1400, "height": 4000})
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        own = f"lab/workspaces/{name}"  # without one of its own, the lab opens the last one again
        tab.goto(f"{address}/{own}/tree/notebooks/{name}.ipynb?token={TOKEN}")
        tab.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        tab.wait_for_function(READY, timeout=90_000)
        _done(tab, RUN, SECONDS)
        assert not {"stderr", "error"} & set(tab.evaluate(KINDS))
        if '"image/png"' in (copy / "notebooks" / f"{name}.ipynb").read_text("utf-8"):
            _see(tab, DRAWN, "img")
        _see(tab, SAID, ".jp-RenderedMarkdown strong")
        _done(tab, SAVE, 60)
        browser.close()
    outside = [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert outside == []
    assert git(copy, "status", "--porcelain") == ""
