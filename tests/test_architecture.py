"""The stages are one arrow: a module imports only from earlier stages, and stays small."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import analysis

ROOT = Path(__file__).resolve().parents[1]
STAGES = (
    "errors",
    "files",
    "corpus",
    "counts",
    "inference",
    "contrasts",
    "findings",
    "publish",
    "cli",
)
ORDER = {stage: place for place, stage in enumerate((*STAGES, "__main__"))}
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
HEAVY = {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "seaborn", "nltk", "nupunkt", "regex"}


def name_of(path: Path) -> str:
    """Return a module's dotted name; a package's is that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, name: str, package: bool) -> Iterator[str]:
    """Yield the dotted names inside ``analysis`` that a source imports, anywhere in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".") if package else name.split(".")[:-1]
            base = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            found = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (n for n in found if n.startswith("analysis."))


def place(name: str) -> int:
    """Return how late the stage of a module stands; a public function counts as its home."""
    stage = name.split(".")[1]
    return ORDER[analysis._HOME[stage].split(".")[1] if stage in analysis._HOME else stage]


def violations(source: str, name: str, package: bool = False) -> list[str]:
    """Return the imports of a module that run against the arrow, or to a sibling contrast."""
    parts = name.split(".")
    found = []
    for other in imports(source, name, package):
        theirs = other.split(".")
        contrasts = parts[1] == theirs[1] == "contrasts"
        siblings = contrasts and len(parts) > 2 and parts[2:3] != theirs[2:3]
        if place(other) > place(name) or siblings:
            found.append(f"{name} imports {other}")
    return found


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_every_module_belongs_to_a_stage():
    assert len(MODULES) > 15
    for path in MODULES:
        if name_of(path) != "analysis":
            assert name_of(path).split(".")[1] in ORDER, path


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_from_earlier_stages(path):
    name, package = name_of(path), path.name == "__init__.py"
    source = path.read_text(encoding="utf-8")
    if name == "analysis":
        assert list(imports(source, name, package)) == []
    else:
        assert violations(source, name, package) == []


@pytest.mark.parametrize(
    ("source", "name", "count"),
    [
        ("from analysis.errors import InputError", "analysis.corpus.load", 0),
        ("from analysis.corpus.edits import Edit", "analysis.corpus.load", 0),
        ("from analysis.counts import tokenize", "analysis.corpus.load", 1),
        ("import analysis.counts", "analysis.corpus.load", 1),
        ("from analysis import counts, errors", "analysis.corpus.load", 1),
        ("from analysis import load_corpus", "analysis.counts.units", 0),
        ("from analysis import keyness", "analysis.counts.units", 1),
        ("def f():\n    from analysis.publish import show", "analysis.findings.claims", 1),
        ("from ..counts import units", "analysis.corpus.load", 1),
        ("from . import edits", "analysis.corpus.load", 0),
        ("from analysis.contrasts.keyness.table import keyness", "analysis.contrasts.keyness", 0),
        ("from analysis.contrasts.keyness import keyness", "analysis.contrasts.topics.table", 1),
        ("from analysis.contrasts import keyness", "analysis.contrasts.topics", 1),
        ("from analysis.cli import main", "analysis.__main__", 0),
        ("from analysis.__main__ import main", "analysis.cli", 1),
        ("import numpy", "analysis.errors", 0),
    ],
)
def test_the_check_sees_a_wrong_import(source, name, count):
    assert len(violations(source, name)) == count


def test_the_check_sees_a_long_function():
    function = next(functions(ast.parse('def f():\n    """Doc."""\n' + "    x = 1\n" * 41)))
    assert body_lines(function) == 41


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_are_small(path):
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    long = [f.name for f in functions(ast.parse(source)) if body_lines(f) > 40]
    assert long == []


def test_importing_the_package_loads_nothing_heavy():
    command = "import sys, analysis; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "analysis" in loaded
    assert loaded & HEAVY == set()


def test_the_public_face_is_loaded_when_asked_for():
    from analysis.corpus import load_corpus

    assert analysis.load_corpus is load_corpus
    assert set(analysis.__all__) >= {"load_corpus", "keyness", "sentiment", "topics"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        analysis.nothing  # noqa: B018
