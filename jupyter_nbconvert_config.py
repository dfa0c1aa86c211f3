"""How nbconvert executes the notebooks: the same inputs give the same bytes.

`make` links this file into its virtual environment, where nbconvert reads it whatever the working
directory. In another environment, name it: `jupyter nbconvert --config FILE ...`. Without it the
outputs are the same, but nbconvert also writes down when each cell ran and under which Python.
"""

import os
from typing import Any

from nbformat import NotebookNode

# The kernel inherits these: the same digits on any number of cores.
os.environ.update(
    PYTHONHASHSEED="0", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1"
)


def normalise(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Drop from an executed notebook what names this machine or this moment, not the result."""
    notebook.metadata.kernelspec = {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata.language_info = {"name": "python"}  # its version is left out
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # time stamps
    return notebook, resources


c = get_config()  # noqa: F821 (nbconvert provides it)

c.ExecutePreprocessor.kernel_name = "python3"
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.timeout = 600  # seconds for one cell
c.Exporter.preprocessors = [  # these run after execution
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",  # printed text arrives in random chunks
    normalise,
]
