"""How nbconvert executes the notebooks and JupyterLab saves them: same inputs, same bytes.

`make` links this file into its virtual environment, where both read it whatever the working
directory. In another environment they find it when started in this folder, or name it:
`jupyter nbconvert --config FILE ...`. Without it the outputs are the same, but nbconvert also
writes down when each cell ran and under which Python.
"""

import os
from html import escape
from typing import Any

from nbformat import NotebookNode, from_dict

# The kernel inherits these: one thread a notebook is fastest where notebooks run side by side.
# Nothing that is written hangs on them (`make verify`).
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


KEPT = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"file_extension": ".py", "name": "python"},  # its version is left out
}


def normalise(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Drop from an executed notebook what names this machine or this moment, not the result."""
    notebook.metadata.update(KEPT)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # time stamps
    return notebook, resources


def save(model: dict[str, Any], **more: Any) -> None:
    """Save a notebook in that form; JupyterLab calls this before it writes a file."""
    if model["type"] == "notebook" and model["content"]["nbformat"] == 4:
        notebook, _ = normalise(from_dict(model["content"]), None)
        model["content"] = notebook


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


def plain_tables(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Let tables be Markdown on a page of Markdown, where nbconvert would put their HTML."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    for output in outputs if resources.get("output_extension") == ".md" else ():
        if "text/markdown" in output.get("data", {}):
            output.data.pop("text/html", None)
    return notebook, resources


c = get_config()  # noqa: F821 (nbconvert provides it)

c.ExecutePreprocessor.kernel_name = "python3"
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.timeout = 600  # seconds for one cell
c.Exporter.preprocessors = [  # these run after execution
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",  # printed text arrives in random chunks
    normalise,
    describe,
    plain_tables,
]

c.ContentsManager.pre_save_hook = save
