"""The stages are one arrow: a module imports only from earlier stages."""

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
    "running",
    "numbers",
    "exchange",
    "kernels",
    "notebooks",
    "text",
    "inference",
    "sentences",
    "result",
    "description",
    "keywords",
    "tone",
    "topicmodels",
    "findings",
    "report",
    "commands",
    "cli",
)
SIBLINGS = {"keywords", "tone", "topicmodels"}
ORDER = {stage: place for place, stage in enumerate((*STAGES, "__main__"))}
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
CONVENTIONS = {"CONFIDENCE", "DRAWS", "LEVEL", "POWER"}  # at home in analysis/inference/levels.py
HEAVY = {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "nltk", "regex"}


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


def stage_of(name: str) -> str:
    """Return the stage of a module; that of a public function is its home's."""
    stage = name.split(".")[1]
    return analysis._HOME[stage].split(".")[1] if stage in analysis._HOME else stage


def violations(source: str, name: str, package: bool = False) -> list[str]:
    """Return the imports of a module that run against the arrow, or to a sibling contrast."""
    own, found = stage_of(name), []
    for other in imports(source, name, package):
        theirs = stage_of(other)
        siblings = {own, theirs} <= SIBLINGS and own != theirs
        if ORDER[theirs] > ORDER[own] or siblings:
            found.append(f"{name} imports {other}")
    return found


def test_every_module_belongs_to_a_stage():
    assert len(MODULES) > 15
    for path in MODULES:
        if name_of(path) != "analysis":
            assert name_of(path).split(".")[1] in ORDER, path


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p) != "analysis"], ids=name_of)
def test_a_module_imports_only_from_earlier_stages(path):
    """The package's own face loads functions when they are asked for; test_face.py has it."""
    name, package = name_of(path), path.name == "__init__.py"
    assert violations(path.read_text(encoding="utf-8"), name, package) == []


@pytest.mark.parametrize(
    ("source", "name", "count"),
    [
        ("from analysis.errors import InputError", "analysis.text.corpora", 0),
        ("from analysis.text.documents import Edit", "analysis.text.corpora", 0),
        ("from analysis.inference import log_ratio", "analysis.text.corpora", 1),
        ("import analysis.inference", "analysis.text.corpora", 1),
        ("from analysis import inference, errors", "analysis.text.corpora", 1),
        ("from analysis import load_corpus", "analysis.text.units", 0),
        ("from analysis import keyness", "analysis.text.units", 1),
        ("def f():\n    from analysis.report import show", "analysis.tone.words", 1),
        ("from ..inference import welch", "analysis.text.corpora", 1),
        ("from . import edits", "analysis.text.corpora", 0),
        ("from analysis.keywords.table import keyness", "analysis.keywords", 0),
        ("from analysis.keywords import keyness", "analysis.topicmodels.table", 1),
        ("from analysis import keyness", "analysis.topicmodels", 1),
        ("from analysis.cli import main", "analysis.__main__", 0),
        ("from analysis.__main__ import main", "analysis.cli", 1),
        ("import numpy", "analysis.errors", 0),
    ],
)
def test_the_check_sees_a_wrong_import(source, name, count):
    assert len(violations(source, name)) == count


def test_importing_the_package_loads_nothing_heavy():
    command = "import sys, analysis; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "analysis" in loaded
    assert loaded & HEAVY == set()


def test_an_analysis_loads_nothing_of_notebooks_and_compiles_nothing():
    command = (
        "import sys, analysis.keywords, analysis.topicmodels, analysis.tone; print(*sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert "pandas" in loaded
    assert loaded & {"nbformat", "nbclient", "IPython", "jsonschema", "numba"} == set()


def test_what_runs_notebooks_builds_no_grammar():
    command = "import sys, analysis.kernels, analysis.report.rerun; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert "nbformat" in loaded
    assert loaded & {"lark", "rfc3987_syntax"} == set()


def test_the_public_face_is_loaded_when_asked_for():
    from analysis.text import load_corpus

    assert analysis.load_corpus is load_corpus
    assert set(analysis.__all__) >= {"load_corpus", "keyness", "sentiment", "topics"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        analysis.nothing  # noqa: B018


def test_the_conventions_of_inference_are_stated_once():
    """No module states a level of its own, or writes the tails of an interval as a number."""
    named, tails = [], []
    for path in MODULES:
        if "report" in path.parts:  # widths and places of what is drawn
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in (0.025, 0.975):
                tails.append(f"{path.name}:{node.lineno}")
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and path.name != "levels.py":
                own = {target.id for target in node.targets if isinstance(target, ast.Name)}
                named += [f"{path.name}: {n}" for n in own & CONVENTIONS]
    assert (named, tails) == ([], [])
