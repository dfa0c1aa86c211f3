"""Kernels of one run from one process that has imported all: imports are most of a kernel's time.

A host imports what notebooks use, once, and forks a kernel from itself for each notebook. Where a
process cannot be forked safely (Windows, macOS), every kernel is a Python of its own, as Jupyter
has it; outputs are the same. When the run ends, or is killed, the host ends and all its kernels
with it.
"""

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

CAN_FORK = sys.platform == "linux"
BACKEND = "module://matplotlib_inline.backend_inline"  # which a kernel asks for if no one does
KILLED = -int(getattr(signal, "SIGKILL", 9))
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
    """The process that kernels are forked from.

    Parameters
    ----------
    environment : of the host and of all its kernels
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = Lock()
        self._process: Any = subprocess.Popen(
            [sys.executable, "-m", "analysis.kernels"],
            env={"MPLBACKEND": BACKEND, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt is for the run, which then ends it
        )

    def start(self, arguments: list[str], folder: str) -> "Forked":
        """Start a kernel: its own arguments, and the folder in which it runs.

        Raises
        ------
        RuntimeError
            The host is gone, as for want of memory.
        """
        try:
            return Forked(self._ask("start", arguments, folder), self)
        except (OSError, ValueError) as problem:
            raise RuntimeError("The process that starts kernels has ended.") from problem

    def ended(self, pid: int) -> int | None:
        """Return how a kernel has ended, or None while it runs."""
        try:
            how: int | None = self._ask("ended", pid)
            return how
        except (OSError, ValueError):  # the host is gone, and its kernels with it
            return KILLED

    def close(self) -> None:
        """End the host and what still runs of its kernels."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def _ask(self, *request: Any) -> Any:
        with self._lock:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


class Forked:
    """A kernel as ``subprocess.Popen`` shows one, as far as Jupyter's client asks.

    Parameters
    ----------
    pid : of the kernel, which leads a session of its own
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
def hosted(environment: Mapping[str, str]) -> Iterator[Host | None]:
    """Give the host of a run, or None where processes cannot be forked."""
    if not CAN_FORK:
        yield None
        return
    host = Host(environment)
    try:
        yield host
    finally:
        host.close()


def serve() -> None:
    """Import what kernels need; then start them as asked, one line a request, until no one asks."""
    if sys.path[0] in ("", str(Path.cwd())):
        del sys.path[0]  # as a kernel of its own does
    for name in IMPORTED:
        importlib.import_module(name)
    running: set[int] = set()
    for line in sys.stdin.buffer:
        what, *told = json.loads(line)
        if what == "start":
            pid = os.fork()
            if not pid:
                _become_kernel(*told)
            _lead(pid)
            running.add(pid)
            answer: int | None = pid
        else:
            (pid,) = told
            done, status = os.waitpid(pid, os.WNOHANG) if pid in running else (pid, KILLED)
            running -= {done}
            answer = os.waitstatus_to_exitcode(status) if done else None
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in running:
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _lead(pid: int) -> None:
    """Let a kernel lead a group of its own, so that a signal reaches what it starts, too.

    Both it and its host see to it, as either may come first.
    """
    with suppress(OSError):
        os.setpgid(pid, pid)


def _become_kernel(arguments: list[str], folder: str) -> None:
    """Turn a process just forked into a kernel."""
    from ipykernel import kernelapp

    _lead(0)
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    try:
        kernelapp.launch_new_instance(
            argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"]
        )
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve()
