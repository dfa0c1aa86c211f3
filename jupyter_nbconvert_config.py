"""How nbconvert executes the notebooks: the same inputs give the same bytes.

`make` links this file into its virtual environment, where nbconvert reads it whatever the working
directory. In another environment, name it: `jupyter nbconvert --config FILE ...`. Without it the
outputs are the same, but nbconvert also writes down when each cell ran and under which Python.
"""

import os
from html import escape
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


def describe(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Give the images of an HTML page their alt text, which nbconvert's own template leaves out."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    for output in outputs if resources.get("output_extension") == ".html" else ():
        facts = output.get("metadata", {}).get("image/png", {})
        if "alt" in facts:
            source = f"data:image/png;base64,{output.data['image/png']}"
            output.data["text/html"] = (
                f'<img src="{source}" alt="{escape(facts["alt"])}" width="{facts["width"]}">'
            )
    return notebook, resources


c = get_config()  # noqa: F821 (nbconvert provides it)

c.ExecutePreprocessor.kernel_name = "python3"
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.timeout = 600  # seconds for one cell
c.Exporter.preprocessors = [  # these run after execution
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",  # printed text arrives in random chunks
    normalise,
    describe,
]
