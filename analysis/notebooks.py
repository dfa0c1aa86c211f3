"""Notebooks: given parameters, executed, written whole; the same inputs give the same bytes.

An executed notebook holds nothing of this machine or this moment, and while it is executed nothing
is written but by its own cells and into a scratch folder.
"""

import asyncio
import os
import subprocess
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.exchange import FOLDER
from analysis.files import write_file
from analysis.running import spared

with spared("rfc3987_syntax"):  # builds a grammar of addresses for most of a second, for nothing
    import nbformat
    from nbformat import NotebookNode as NotebookNode

TAG = "parameters"  # the tag of the cell that names what a notebook runs on, as papermill has it
REFUSALS = ["InputError", "NameError"]  # after these the cells that can be executed still are
SHARED = "shared"  # in the scratch folder: what the kernels of a run have computed
FOLLOWS = "Not done: it needs a cell above that was refused."
AGAIN = "Not done, for the reason given last."
THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
KEPT = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "name": "python"},  # its version is left out
}


def read_notebook(path: Path) -> NotebookNode:
    """Return a notebook as it lies there."""
    notebook: NotebookNode = nbformat.read(path, 4)  # type: ignore[no-untyped-call]
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as its file holds it, but for how that ends."""
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text


def markdown_cell(source: str, *, id: str) -> NotebookNode:
    """Return a new cell of prose."""
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=id)  # type: ignore[no-untyped-call]
    return cell


def read_cleared(path: Path) -> NotebookNode:
    """Return a notebook without its outputs."""
    notebook = read_notebook(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return notebook


def set_parameters(notebook: NotebookNode, values: Mapping[str, Any]) -> None:
    """Let the notebook's parameters cell assign these values, each to its name."""
    (cell,) = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", ())]
    cell.source = "\n".join(f"{name} = {value!r}" for name, value in values.items())


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook whole, in the form in which notebooks are kept."""
    write_file(path, (text_of(notebook).rstrip("\n") + "\n").encode("utf-8"))


class Execution:
    """One execution of a notebook, in memory, by the Python that runs now.

    Parameters
    ----------
    notebook : changed in place: its outputs are made anew
    folder : where its cells run, and from where their paths lead
    scratch : a folder for the kernel's own files
    """

    def __init__(self, notebook: NotebookNode, folder: Path, scratch: Path) -> None:
        from jupyter_client.kernelspec import KernelSpecManager
        from nbclient import NotebookClient

        from analysis.kernels import Manager

        self.notebook = notebook
        self.scratch = scratch
        self.kernel = Manager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # no one's but this Python's
            connection_file=str(scratch / f"kernel-{id(self)}.json"),
        )
        self._client = NotebookClient(
            notebook,
            km=self.kernel,
            resources={"metadata": {"path": str(folder)}},
            allow_error_names=REFUSALS,
            coalesce_streams=True,  # printed text arrives in random chunks
            record_timing=False,
            startup_timeout=600,  # seconds; a busy machine may take its time
            timeout=None,
            on_cell_start=self._unless_stopped,
        )
        self._stopped = False

    def run(self) -> list["Refusal"]:
        """Execute all cells; return what was refused.

        Raises
        ------
        InputError
            A cell failed by an error that is not the reader's; the notebook holds all up to it. Its
            cause is the kernel's report.
        """
        from nbclient.exceptions import CellExecutionError

        try:
            asyncio.run(
                self._client.async_execute(
                    cleanup_kc=True,
                    env=environment(self.scratch),
                    stdout=subprocess.DEVNULL,  # the kernel's own; cells print into the notebook
                    stderr=subprocess.DEVNULL,
                )
            )
        except CellExecutionError as error:
            raise InputError(f"it failed ({error.ename}: {error.evalue.strip()})") from error
        except RuntimeError as error:  # DeadKernelError among them
            said = "it could not begin, or was ended from outside, perhaps for want of memory"
            raise InputError(said) from error
        finally:
            normalise(self.notebook)
            failed = _errors(self.notebook)
        if failed:
            raise InputError(f"it failed ({failed[0]})")
        return refusals(self.notebook)

    def stop(self) -> None:
        """End it at once, wherever it is."""
        self._stopped = True
        with suppress(Exception):  # a kernel that is not there yet, or no longer, needs no end
            self.kernel.provisioner.process.kill()  # type: ignore[union-attr]

    def _unless_stopped(self, **_: Any) -> None:
        if self._stopped:
            raise KeyboardInterrupt


@contextmanager
def side_by_side(executions: Sequence[Execution], workers: int) -> Iterator[Executor]:
    """Give threads in which executions run; what ends the body early ends them all.

    Their kernels come from one host (``kernels.py``).
    """
    from analysis.kernels import hosted

    scratch = executions[0].scratch
    with hosted(environment(scratch), scratch) as host, ThreadPoolExecutor(workers) as threads:
        for execution in executions:
            execution.kernel.host = host
        try:
            yield threads
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for execution in executions:
                execution.stop()
            raise


def environment(scratch: Path) -> dict[str, str]:
    """Return what a kernel inherits: this package, no one's settings, one thread, its run."""
    import analysis

    own = {"IPYTHONDIR": str(scratch / "ipython"), "MPLCONFIGDIR": str(scratch / "matplotlib")}
    home = str(Path(analysis.__file__).resolve().parents[1])
    if home not in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        given = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
        own["PYTHONPATH"] = os.pathsep.join([home, *map(os.path.abspath, given)])
    own[FOLDER] = str(scratch / SHARED)
    return {**THREADS, **os.environ, **own}


def normalise(notebook: NotebookNode) -> None:
    """Drop from an executed notebook what names this machine or this moment, not the result."""
    notebook.metadata.update(KEPT)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # time stamps


@dataclass(frozen=True)
class Refusal:
    """What could not be done.

    Attributes
    ----------
    source : of the cell that was refused
    reason : why, and the cure, in a sentence
    """

    source: str
    reason: str


def refusals(notebook: NotebookNode) -> list[Refusal]:
    """Return what was refused in an executed notebook, in order."""
    found: list[Refusal] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and output.evalue != FOLLOWS:
                again = output.evalue == AGAIN and found
                reason = found[-1].reason if again else str(output.evalue)
                found.append(Refusal(cell.source, reason))
    return found


def _errors(notebook: NotebookNode) -> list[str]:
    """Let each refused cell say so in one sentence, a reason once; return what failed."""
    last = ""
    failed: list[str] = []
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    for output in outputs:
        if output.output_type != "error":
            continue
        if output.ename == "InputError" and output.evalue == last:
            output.update(evalue=AGAIN)
        elif output.ename == "InputError":
            last = output.evalue
        elif output.ename == "NameError" and last:
            output.update(ename="InputError", evalue=FOLLOWS)
        else:
            failed.append(f"{output.ename}: {output.evalue}")
        output.traceback = [f"{output.ename}: {output.evalue}"]
    return failed
