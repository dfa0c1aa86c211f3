"""No test and no run opens the network; kernels are met on loopback."""

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

from analysis.notebooks import Execution
from tests.offline import sitecustomize

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = "192.0.2.1"  # an address that belongs to nobody (RFC 5737)


@pytest.fixture
def forgiven():
    """Take back what a test lets the guard note on purpose."""
    before = len(sitecustomize.noted)
    yield
    del sitecustomize.noted[before:]


@pytest.mark.parametrize(
    "call",
    [
        lambda: socket.create_connection((OUTSIDE, 9), timeout=0.1),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", (OUTSIDE, 9)),
        lambda: socket.socket().bind(("0.0.0.0", 0)),
        lambda: urllib.request.urlopen("http://example.org", timeout=0.1),
    ],
    ids=["stream", "name", "old name", "datagram", "open door", "page"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_guard_refuses_and_notes_what_leaves_the_machine(call, forgiven):
    before = len(sitecustomize.noted)
    with pytest.raises(OSError, match="is not this machine"):
        call()
    assert len(sitecustomize.noted) == before + 1


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
    assert socket.getaddrinfo("localhost", 80)


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Let every Python that is started refuse the network, and note what it would have met."""
    log = tmp_path / "outside"
    monkeypatch.setenv("OUTSIDE", str(log))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "tests" / "offline"), str(ROOT)]))
    return log


def test_another_process_is_watched(watched):
    code = f"import socket; socket.create_connection(({OUTSIDE!r}, 9))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 1
    assert watched.read_text().endswith(f" {OUTSIDE}\n")


CALLS = """
import sys
from analysis.cli import main
for call in ("text", "look", "keywords", "tone", "explore --out page.html"):
    assert main([*call.split(), "new", "old"]) == 0, call
"""


def test_commands_meet_nothing_outside(watched, write_folder, tmp_path):
    write_folder("new", *["Red fish swim home. Good red birds fly. The fish love it. " * 9] * 3)
    write_folder("old", *["Blue birds fly home. Bad blue fish swim. The birds hate it. " * 9] * 3)
    command = [sys.executable, "-c", CALLS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not watched.exists()


def test_a_kernel_is_met_on_loopback_alone(watched, tmp_path):
    source = "import socket\nfrom analysis import keyness, load_texts\nimport analysis.report"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    assert Execution(notebook, tmp_path, tmp_path).run() == []
    assert not watched.exists()
