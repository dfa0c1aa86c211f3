"""Kernels of a run: forked from one process that has imported all, and gone when it is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from analysis.errors import InputError
from analysis.kernels import KILLED, hosted
from analysis.notebooks import Execution, environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux")
SHOWN = """import os, sys
from analysis import load_texts, keyness
table = keyness(load_texts(["cat dog"] * 3, ["dog cat cat"] * 3)).table
print(os.path.basename(os.getcwd()), len(table), __name__, sys.path, sys.flags)
1 / 3"""
RUN = """import sys, time
from pathlib import Path
from analysis.errors import InputError
from analysis.kernels import hosted
from analysis.notebooks import environment
with hosted(environment(Path(sys.argv[1])), Path(sys.argv[1])) as host:
    kernel = host.start(["-f", sys.argv[1] + "/c.json"], sys.argv[1])
    print(host._process.pid, kernel.pid, flush=True)
    time.sleep(600)"""


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("scratch")
    with hosted(environment(scratch), scratch) as found:
        yield found


def notebook_of(*sources: str):
    cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells)


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(*pids: int) -> bool:
    """Wait until processes are gone, for at most twenty seconds."""
    end = time.monotonic() + 20
    while any(map(is_there, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(is_there, pids))


def run(notebook, folder, scratch, host) -> None:
    execution = Execution(notebook, folder, scratch)
    execution.kernel.host = host
    assert execution.run() == []


def test_a_forked_kernel_shows_what_one_of_its_own_does(host, tmp_path):
    forked, own = notebook_of(SHOWN), notebook_of(SHOWN)
    (tmp_path / "work").mkdir()
    run(forked, tmp_path / "work", tmp_path, host)
    run(own, tmp_path / "work", tmp_path, None)
    assert forked.cells[0].outputs == own.cells[0].outputs
    assert own.cells[0].outputs[0].text.startswith("work 2 __main__ [")


def test_kernels_share_nothing_that_one_of_them_changes(host, tmp_path):
    first = notebook_of("import analysis; analysis.changed = 1; import os; os.environ['X_Y'] = '1'")
    second = notebook_of("import analysis, os; hasattr(analysis, 'changed'), 'X_Y' in os.environ")
    run(first, tmp_path, tmp_path, host)
    run(second, tmp_path, tmp_path, host)
    assert second.cells[0].outputs[0].data["text/plain"] == "(False, False)"


def test_a_kernel_that_is_ended_says_how(host, tmp_path):
    kernel = host.start(["-f", str(tmp_path / "connection.json")], str(tmp_path))
    assert kernel.poll() is None
    assert os.getpgid(kernel.pid) == kernel.pid
    kernel.kill()
    assert gone(kernel.pid)
    assert kernel.poll() == -signal.SIGKILL == KILLED
    kernel.terminate()  # it is gone: no other process of its number is meant
    assert kernel.wait() == KILLED


def test_a_run_that_is_killed_leaves_neither_host_nor_kernel(tmp_path):
    """It runs in a folder with modules of its own, which are none of the host's."""
    (tmp_path / "scratch").mkdir()
    (tmp_path / "random.py").write_text("raise ImportError('a module of the user')\n")
    command = [sys.executable, "-P", "-c", RUN, str(tmp_path / "scratch")]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as run:
        pids = [int(pid) for pid in run.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(is_there, pids))
        run.kill()
    assert gone(*pids)


def test_a_host_that_is_gone_leaves_no_kernel(tmp_path):
    with hosted(environment(tmp_path), tmp_path) as host:
        kernels = [host.start(["-f", str(tmp_path / f"{n}.json")], str(tmp_path)) for n in (1, 2)]
        os.kill(host._process.pid, signal.SIGKILL)
        assert gone(*(kernel.pid for kernel in kernels))
        assert kernels[0].poll() == KILLED
        execution = Execution(notebook_of("1"), tmp_path, tmp_path)
        execution.kernel.host = host
        with pytest.raises(InputError, match=r"has ended \(perhaps for want of memory"):
            execution.run()


def test_a_host_that_cannot_import_says_why(tmp_path):
    broken = environment(tmp_path) | {"PYTHONPATH": str(tmp_path / "own")}
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "ipykernel.py").write_text("raise ImportError('no such thing')\n")
    with hosted(broken, tmp_path) as host, pytest.raises(InputError, match="no such thing"):
        host.start([], str(tmp_path))


def test_a_kernel_that_cannot_begin_says_so_by_its_end(host, tmp_path):
    kernel = host.start(["-f", "x.json"], str(tmp_path / "no folder"))
    assert gone(kernel.pid)
    assert kernel.poll() == 1


def test_an_answer_that_no_one_waited_for_is_passed_over(host, tmp_path):
    host._asked += 1  # as where an interrupt falls between a request and its answer
    host._process.stdin.write(f'[{host._asked}, "ended", {os.getpid()}]\n'.encode())
    host._process.stdin.flush()
    kernel = host.start(["-f", str(tmp_path / "c.json")], str(tmp_path))
    assert is_there(kernel.pid)
    assert kernel.poll() is None
    kernel.kill()


def test_no_host_begins_before_a_kernel_is_asked_for(tmp_path):
    with hosted(environment(tmp_path), tmp_path) as host:
        assert host._process is None


def test_where_processes_cannot_be_forked_the_font_cache_is_built_first(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.kernels.CAN_FORK", False)
    with hosted(environment(tmp_path), tmp_path) as host:
        assert host is None
        assert list((tmp_path / "matplotlib").glob("fontlist-*.json"))
