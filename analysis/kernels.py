"""Kernels of one run from one process that has imported all: imports are most of a kernel's time.

A host imports what notebooks use, once, and forks a kernel from itself for each notebook. Where a
process cannot be forked safely (Windows, macOS), every kernel is a Python of its own, as Jupyter
has it; outputs are the same. When the run ends, or is killed, the host ends and all its kernels
with it.
"""

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from analysis.errors import InputError
from analysis.running import spared

CAN_FORK = sys.platform == "linux"
BACKEND = "module://matplotlib_inline.backend_inline"  # which a kernel asks for if no one does
KILLED = -int(getattr(signal, "SIGKILL", 9))
LOG = "host.log"  # in the folder of the host: what it said on standard error
PR_SET_PDEATHSIG = 1  # prctl(2)
# What notebooks import, and what only functions of theirs do.
IMPORTED = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "matplotlib_inline.backend_inline",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_pdf",
    "matplotlib.backends.backend_svg",
    "nltk.collocations",
    "scipy.optimize",
    "scipy.stats",
    "sklearn.decomposition",
    "analysis.findings",
    "analysis.report.literature",
    "analysis.report.reading",
    "analysis.report.rerun",
)


class Host:
    """The process that kernels are forked from; it begins when the first is asked for.

    Parameters
    ----------
    environment : of the host and of all its kernels
    folder : where it runs, with nothing in it that could be imported
    """

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = {"MPLBACKEND": BACKEND, **environment}
        self._folder = folder
        self._lock = Lock()
        self._asked = 0
        self._process: Any = None

    def start(self, arguments: list[str], folder: str) -> "Forked":
        """Start a kernel: its own arguments, and the folder in which it runs.

        Raises
        ------
        InputError
            It cannot be started, or the host is gone; the sentence goes on from "it".
        """
        try:
            pid = self._ask("start", arguments, folder)
        except (OSError, ValueError):
            said = "it could not begin, as the process that starts kernels has ended"
            raise InputError(f"{said} ({self._last()})") from None
        if pid is None:
            raise InputError("it could not begin for want of memory or processes: close others")
        return Forked(pid, self)

    def ended(self, pid: int) -> int | None:
        """Return how a kernel has ended, or None while it runs."""
        try:
            how: int | None = self._ask("ended", pid)
            return how
        except (OSError, ValueError):  # the host is gone, and its kernels with it
            return KILLED

    def close(self) -> None:
        """End the host and what still runs of its kernels."""
        if self._process is None:
            return
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def _begin(self) -> None:
        with (self._folder / LOG).open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "analysis.kernels"],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # an interrupt is for the run, which then ends it
            )

    def _ask(self, *request: Any) -> Any:
        """Return the answer to a request; one to a request that was interrupted is passed over."""
        with self._lock:
            if self._process is None:
                self._begin()
            self._asked += 1
            asked = self._asked
            self._process.stdin.write(json.dumps([asked, *request]).encode() + b"\n")
            self._process.stdin.flush()
            number = 0
            while number != asked:
                number, answer = json.loads(self._process.stdout.readline())
            return answer

    def _last(self) -> str:
        """Return the error that ended the host, in one line."""
        written = (self._folder / LOG).read_text(encoding="utf-8", errors="replace").strip()
        if "Traceback (most recent call last)" not in written:
            return "perhaps for want of memory"
        return written.split("\n")[-1]


class Forked:
    """A kernel as ``subprocess.Popen`` shows one, as far as Jupyter's client asks.

    Parameters
    ----------
    pid : of the kernel, which leads a group of processes of its own
    host : its parent
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, host: Host) -> None:
        self.pid, self._host = pid, host
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return how it has ended, or None while it runs."""
        if self.returncode is None:
            self.returncode = self._host.ended(self.pid)
        return self.returncode

    def wait(self) -> int | None:
        """Return how it has ended; Jupyter's client asks when it has."""
        return self.poll()

    def send_signal(self, number: int) -> None:
        """Send it a signal while it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Manager(AsyncKernelManager):
    """Jupyter's manager of one kernel, which asks a host for it if there is one."""

    host: Host | None = None

    async def _async_launch_kernel(self, kernel_cmd: list[str], **given: Any) -> None:
        local: Any = self.provisioner
        if self.host is None:
            await super()._async_launch_kernel(kernel_cmd, **given)
            return
        arguments = kernel_cmd[kernel_cmd.index("-f") :]
        local.process = self.host.start(arguments, str(given["cwd"]))
        local.pid = local.pgid = local.process.pid
        self._reconcile_connection_info(local.connection_info)


@contextmanager
def hosted(environment: Mapping[str, str], folder: Path) -> Iterator[Host | None]:
    """Give the host of a run, or None where processes cannot be forked.

    Without a host, Matplotlib's font cache is built before several kernels would, and say so in
    their outputs.
    """
    if not CAN_FORK:
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=dict(environment), capture_output=True, check=False)
        yield None
        return
    host = Host(environment, folder)
    try:
        yield host
    finally:
        host.close()


def serve() -> None:
    """Import what kernels need; then start them as asked, one line a request, until no one asks."""
    if sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]  # as a kernel of its own does
    with spared("debugpy"):  # each kernel would load it, and nobody debugs one
        importlib.import_module("ipykernel.debugger")
    for name in IMPORTED:
        importlib.import_module(name)
    started: set[int] = set()
    ended: dict[int, int] = {}
    for line in sys.stdin.buffer:
        number, what, *told = json.loads(line)
        answer: int | None
        if what == "start":
            answer = _start(*told)
            started |= {answer} if answer else set()
        else:
            (pid,) = told
            if pid in started - ended.keys():
                done, status = os.waitpid(pid, os.WNOHANG)
                ended |= {pid: os.waitstatus_to_exitcode(status)} if done else {}
            answer = ended.get(pid, None if pid in started else KILLED)
        sys.stdout.write(json.dumps([number, answer]) + "\n")
        sys.stdout.flush()
    for pid in started - ended.keys():
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _start(arguments: list[str], folder: str) -> int | None:
    """Fork a kernel; return its number, or None where no process can be had."""
    host = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        return None
    if not pid:
        _become_kernel(arguments, folder, host)
    _lead(pid)
    return pid


def _lead(pid: int) -> None:
    """Let a kernel lead a group of its own, so that a signal reaches what it starts, too.

    Both it and its host see to it, as either may come first.
    """
    with suppress(OSError):
        os.setpgid(pid, pid)


def _become_kernel(arguments: list[str], folder: str, host: int) -> None:
    """Turn a process just forked into a kernel, which ends when its host does."""
    how = 1
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == host:
            from ipykernel import kernelapp

            _lead(0)
            os.chdir(folder)
            nothing = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(nothing, stream)
            kernelapp.launch_new_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={host}"])
            how = 0
    finally:
        os._exit(how)


if __name__ == "__main__":
    serve()
