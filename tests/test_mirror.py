"""Tests mirror the tree: a module has a test file of its name, or it is said where it is tested."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent / "analysis"
MODULES = sorted(
    path.relative_to(PACKAGE)
    for path in PACKAGE.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)
# Tested under another name: modules of one subject share a file.
ELSEWHERE = {
    "commands.py": "test_cli.py",
    "keywords/formulas.py": "keywords/test_association.py",
    "report/findings.py": "report/test_claims.py",
    "report/topic/model.py": "report/test_topic.py",
    "report/topic/plots.py": "report/test_topic.py",
    "text/beyond_words.py": "text/test_concepts.py",
    "text/checks.py": "text/test_corpora.py",
    "text/cleaning.py": "text/test_documents.py",
    "text/reading.py": "text/test_corpora.py",
    "text/sources.py": "text/test_corpora.py",
    "text/tokens.py": "text/test_units.py",
    "tone/words.py": "tone/test_audit.py",
    "topicmodels/sampling.py": "topicmodels/test_prevalence.py",
}
# Without a test of their own, and why.
THROUGH = {
    "report/topic/contrast.py": "called through its room: report/test_topic.py",
    "report/tone/actors.py": "called through its room: report/test_tone.py",
    "report/tone/contrast.py": "called through its room: report/test_tone.py",
    "report/tone/calibration.py": "called through its room: report/test_tone.py",
    "report/tone/words.py": "called through its room: report/test_tone.py",
    "report/tone/plots.py": "drawn by every figure of tone: report/test_tone.py",
}


def own_test(module):
    """Return the test file of a module: of its name, in the room of its name."""
    return TESTS / module.parent / f"test_{module.stem}.py"


def imported(test):
    """Return the modules, and the names from them, that a test file imports."""
    found = set()
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def defined(module):
    """Return the names that a module defines at its top."""
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if hasattr(node, "name")}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_has_a_test_file_of_its_name_or_of_another(module):
    if own_test(module).is_file():
        listed = {*ELSEWHERE, *THROUGH}
        assert str(module) not in listed, "it has its own now: take it from the list"
        return
    if str(module) in THROUGH:
        return
    assert str(module) in ELSEWHERE, "write its test file, or say where it is tested"
    test = TESTS / ELSEWHERE[str(module)]
    dotted = ".".join(("analysis", *module.with_suffix("").parts))
    room = ".".join(("analysis", *module.parts[:-1]))
    wanted = {dotted, *(f"{home}.{name}" for home in (dotted, room) for name in defined(module))}
    assert imported(test) & wanted, f"{test.name} imports nothing of {dotted}"


def test_nothing_is_listed_that_is_not_there():
    assert {*ELSEWHERE, *THROUGH} <= set(map(str, MODULES))
