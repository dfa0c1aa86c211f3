"""The methods page: formulas, defaults with their reasons, validation, and what is not claimed.

Nothing of it is written by hand: it is put together from the registry of measures, the docstrings
and constants of the code that runs, the tables that the benchmarks wrote, and the sentences of the
notebooks, so that it cannot drift from them.
"""

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import analysis
from analysis.files import resource
from analysis.keywords.registry import listed
from analysis.sentences import say

ROOT = Path(__file__).resolve().parents[2]
STAGES = {
    "text": "Texts, words and units",
    "inference": "Inference",
    "keywords": "Keywords",
    "tone": "Tone",
    "topicmodels": "Topics",
}
VALIDATION = (
    "benchmarks/README.md",
    "benchmarks/topics.md",
    "benchmarks/topics_real.md",
    "VERIFY.md",
)
LONGEST = 100  # characters of a default, of which more says nothing
CALIBRATION = "analysis/resources/CALIBRATION.md"
_HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
_CODE = re.compile(r"(?<=::)\n\s*\n((?:(?: {4}[^\n]*|[ ]*)(?:\n|$))+)")
_MARKS = re.compile(r"(?<![\w*])\*([^\W_][^*_|<>$~\n]*)(?<!\s)\*(?![\w*])|[*_|<>$~]")
_LEFT_OUT = {"Examples", "Raises"}


class Constant(NamedTuple):
    """A number or word that the method fixes, with the comment that gives its reason."""

    name: str
    value: str
    reason: str


def methods() -> str:
    """Return the methods page in Markdown."""
    return "\n\n".join(
        [
            f"# Methods\n\nWritten by version {analysis.__version__} of the package from its own "
            "code: formulas and parameters are those of the docstrings, defaults those of the "
            "signatures, measures those of the registry, validation tables those that the "
            "benchmarks wrote.",
            f"## In short\n\n{say('methods.paragraph', {'version': analysis.__version__})}",
            "## The keyness measures\n\n" + listed().strip(),
            *(_stage(name, title) for name, title in STAGES.items()),
            *_validation(),
            f"## Records\n\n{say('methods.records', {})}",
            _not_claimed(),
        ]
    )  # fmt: skip


def _stage(name: str, title: str) -> str:
    """Return the section of a stage: its modules in the order of their names."""
    folder = Path(analysis.__file__).parent / name
    modules = [
        importlib.import_module(f"analysis.{name}.{path.stem}")
        for path in sorted(folder.glob("*.py"))
        if path.stem != "__init__"
    ]
    parts = [part for module in modules if (part := _module(module))]
    return f"## {title}\n\n" + "\n\n".join(parts)


def _module(module: Any) -> str:
    """Return what a module does, fixes and offers; nothing where it offers nothing."""
    functions = list(_functions(module))
    fixed = constants(inspect.getsource(module))
    if not functions and not fixed:
        return ""
    name = module.__name__.removeprefix("analysis.")
    first, _, rest = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    parts = [_docstring(rest), _constants_table(fixed) if fixed else ""]
    parts += [_function(own) for own in functions]
    folded = "\n\n".join(filter(None, parts))
    title = f"### {name}: {_plain(first).rstrip('.')}"
    summary = say("methods.module", {"functions": len(functions), "fixed": len(fixed)})
    return _folded(f"{title}\n\n{folded}", summary)


def _functions(module: Any) -> Iterator[Callable[..., Any]]:
    """Yield the public functions that a module defines, in its order."""
    for name, own in vars(module).items():
        home = getattr(own, "__module__", "")
        if inspect.isfunction(own) and home == module.__name__ and not name.startswith("_"):
            yield own


def _function(own: Callable[..., Any]) -> str:
    title = f"#### `{own.__name__}{_signature(own)}`"
    return f"{title}\n\n{_docstring(inspect.getdoc(own) or '')}"


def _signature(own: Callable[..., Any]) -> str:
    """Return names and defaults, without the types."""
    parameters = inspect.signature(own).parameters.values()
    named = [
        p.name if p.default is p.empty else f"{p.name}={_default(p.default)}" for p in parameters
    ]
    return f"({', '.join(named)})"


def _default(value: Any) -> str:
    """Return a default as one would write it; of what is long, or a place of this machine, less."""
    if isinstance(value, Path):
        return value.name
    shown = getattr(value, "__name__", None) or repr(value)
    return shown if len(shown) <= LONGEST else "…"


def _docstring(text: str) -> str:
    """Return a docstring as Markdown: its sections as bold words, without the examples."""
    parts = _HEADING.split(text)
    said = [_paragraphs(parts[0])]
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        if heading not in _LEFT_OUT:
            listed_out = heading in ("Parameters", "Attributes")
            said.append(f"**{heading}.**")
            said.append(_definitions(body) if listed_out else _paragraphs(body))
    return "\n\n".join(filter(None, said))


def _definitions(body: str) -> str:
    """Return parameters as a list: what begins at the margin begins an item."""
    lines = textwrap.dedent(body).strip("\n").splitlines()
    joined = [f"- {line}" if line and not line[0].isspace() else f"  {line.strip()}"
              for line in lines]  # fmt: skip
    return _plain("\n".join(joined).rstrip())


def _paragraphs(body: str) -> str:
    """Return paragraphs as Markdown; what is indented behind a double colon is code."""
    parts = _CODE.split(textwrap.dedent(body).strip("\n"))
    said = [
        f"```text\n{textwrap.dedent(part).strip(chr(10))}\n```"
        if place % 2
        else _plain(part).strip()
        for place, part in enumerate(parts)
    ]
    return "\n\n".join(filter(None, said))


def _plain(text: str) -> str:
    """Return Markdown of reST's double backticks, emphasis and tables; formulas as they are."""
    code = re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL)
    code = re.sub(r"::(?=\n|$)", ":", code)
    return "".join(
        part if place % 2 else _MARKS.sub(_marked, part)
        for place, part in enumerate(re.split(r"(`[^`]*`|^\|.*\|$)", code, flags=re.MULTILINE))
    )


def _marked(mark: re.Match[str]) -> str:
    """Return emphasis as Markdown has it, and any other mark as itself."""
    return f"_{mark[1]}_" if mark[1] else f"\\{mark[0]}"


def constants(source: str) -> list[Constant]:
    r"""Return the constants of a module that state their reason or meaning beside them.

    >>> constants("LEVEL = 0.05  # of every test\nOTHER = 3")
    [Constant(name='LEVEL', value='0.05', reason='of every test')]
    """
    lines, found = source.splitlines(), []
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        last = lines[(node.end_lineno or node.lineno) - 1][node.end_col_offset or 0 :]
        _, mark, reason = last.partition("#")
        name = ast.unparse(targets[0])
        if mark and name.isupper() and len(ast.unparse(node.value)) <= 60:
            found.append(Constant(name.lstrip("_"), ast.unparse(node.value), reason.strip()))
    return [one for one in found if not one.reason.startswith(("fmt:", "type:", "noqa"))]


def _constants_table(fixed: list[Constant]) -> str:
    rows = (f"| `{own.name}` | `{_cell(own.value)}` | {_cell(_plain(own.reason))} |"
            for own in fixed)  # fmt: skip
    return "| fixed | value | what for |\n|---|---|---|\n" + "\n".join(rows)


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _validation() -> Iterator[str]:
    """Yield the calibration and, in a copy of the repository, what the benchmarks wrote."""
    yield "## Validation"
    yield _folded(_deeper(resource("CALIBRATION.md").read_text(encoding="utf-8")))
    for name in VALIDATION:
        path = ROOT / name
        if path.is_file():
            yield _folded(_deeper(path.read_text(encoding="utf-8"), path.parent))


def _folded(page: str, summary: str = "") -> str:
    """Return a section with what stands below its heading folded."""
    heading, _, rest = page.partition("\n\n")
    said = summary or say("methods.tables", {})
    return f"{heading}\n\n<details>\n<summary>{said}</summary>\n\n{rest}\n\n</details>"


def _deeper(text: str, folder: Path | None = None) -> str:
    """Return a page as a section of another: headings two levels down, links from the root."""
    below = re.sub(r"^(#+) ", r"##\1 ", text.strip(), flags=re.MULTILINE)
    home = folder or ROOT / "analysis" / "resources"

    def link(match: re.Match[str]) -> str:
        if re.match(r"[a-z]+:|#", match[1]):
            return match[0]
        target = (home / match[1]).resolve()
        inside = target.is_relative_to(ROOT)
        return f"]({target.relative_to(ROOT).as_posix() if inside else match[1]})"

    return re.sub(r"\]\(([^)\s]+)\)", link, re.sub(r"``([^`\n]+)``", r"`\1`", below))


def _not_claimed() -> str:
    """Return what is not claimed, in the README's and the notebooks' own words."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    limits = re.search(r"^## Limits\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    said = limits[1].strip() if limits else ""
    return f"## What is not claimed\n\n{say('methods.claims', {})}\n\n{said}".rstrip()
