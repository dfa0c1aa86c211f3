"""How nbconvert executes the notebooks and JupyterLab saves them: same inputs, same bytes.

`make` links this file into its virtual environment, where both read it whatever the working
directory. In another environment they find it when started in this folder, or name it:
`jupyter nbconvert --config FILE ...`. Without it the outputs are the same, but nbconvert also
writes down when each cell ran and under which Python.
"""

import os
import re
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


# A page on paper: outputs may go on overleaf, figures have their own size, tables are small.
PRINTED = """
@media print {
  .jp-Cell, .jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output {
    display: block; break-inside: auto; overflow: visible;
  }
  .jp-InputPrompt, .jp-OutputPrompt { display: none; }
  .jp-InputArea-editor { font-size: 7.5pt; }
  .jp-InputArea-editor pre { white-space: pre-wrap; }
  .jp-RenderedHTMLCommon { font-size: 10pt; line-height: 1.4; }
  .jp-RenderedHTMLCommon table { font-size: 7pt; line-height: 1.3; }
  img { zoom: .8; }
  img, tr { break-inside: avoid; }
  h1, h2, h3, caption, thead { break-after: avoid; }
}
"""


def printable(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Give an HTML page its rules for print, where nbconvert's own leave half pages blank."""
    cells = notebook.cells if resources.get("output_extension") == ".html" else ()
    for cell in [cell for cell in cells if cell.cell_type == "markdown"][:1]:
        cell.source += f"\n\n<style>{PRINTED}</style>"
    return notebook, resources


def plain_tables(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Let tables be Markdown on a page of Markdown, where nbconvert would put their HTML."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    for output in outputs if resources.get("output_extension") == ".md" else ():
        if "text/markdown" in output.get("data", {}):
            output.data.pop("text/html", None)
    return notebook, resources


# Signs of the text that the font of nbconvert's LaTeX lacks: it would leave them out, with no word.
SIGNS = {
    "≥": r"$\geq$", "≤": r"$\leq$", "∞": r"$\infty$", "▲": r"$\blacktriangle$", "λ": r"$\lambda$",
    "▼": r"$\blacktriangledown$", "Σ": r"$\Sigma$", "χ": r"$\chi$", "₁": "$_1$", "₂": "$_2$",
    "α": r"$\alpha$", "δ": r"$\delta$", "→": r"$\to$",
}  # fmt: skip
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)


def known_signs(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Let LaTeX set each sign of prose and captions as mathematics, but for those of code."""
    if resources.get("output_extension") == ".tex":
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = _set(cell.source)
            for output in cell.get("outputs", ()):
                if "text/markdown" in output.get("data", {}):
                    output.data["text/markdown"] = _set(output.data["text/markdown"])
    return notebook, resources


def _set(text: str) -> str:
    signs = str.maketrans(SIGNS)
    parts = _CODE.split(text)
    return "".join(part if place % 2 else part.translate(signs) for place, part in enumerate(parts))


c = get_config()  # noqa: F821 (nbconvert provides it)

c.ExecutePreprocessor.kernel_name = "python3"
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.timeout = 600  # seconds for one cell
c.Exporter.preprocessors = [  # these run after execution
    "nbconvert.preprocessors.CoalesceStreamsPreprocessor",  # printed text arrives in random chunks
    normalise,
    describe,
    printable,
    plain_tables,
    known_signs,
]

c.ContentsManager.pre_save_hook = save
