"""What the package is built on: each dependency has its reason, licence, hash, and nothing else."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts import supply

ROOT = Path(__file__).resolve().parents[1]
PINS = supply.pins()
ROWS = re.findall(
    r"^\| (\S+) \| (\S+) \| ([^|]+) \| ([^|]+) \|$", supply.TABLE.read_text(encoding="utf-8"), re.M
)[1:]
BILL = json.loads(supply.BILL.read_text(encoding="utf-8"))
EXACT = sys.platform == "linux" and sys.version_info[:2] == (3, 11)  # as both were written on


def names(*purposes):
    asked = supply.direct()
    return {supply.normalised(Requirement(entry).name) for own in purposes for entry in asked[own]}


def test_every_direct_dependency_has_its_reason_and_no_other():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("## Dependencies")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([A-Za-z0-9-]+) \| (.+) \|$", table, re.M)[1:]
    listed = [supply.normalised(name) for name, _ in rows]
    assert sorted(listed) == sorted(names("runs", "extra", "checks"))
    assert all(reason.strip() for _, reason in rows)


def imported(folder):
    """Return the outermost modules that a folder's files import, in functions too."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"analysis", "tests", "scripts", "benchmarks"}


@pytest.mark.parametrize(
    ("folder", "purposes"),
    [("analysis", ["runs", "extra"]), ("tests", ["runs", "extra", "checks"])],
)
def test_what_is_imported_is_asked_for(folder, purposes):
    """Not merely there because something else needs it."""
    home = packages_distributions()
    asked = names(*purposes)
    for module in imported(folder):
        owners = {supply.normalised(name) for name in home.get(module, [module])}
        assert owners & asked, f"{module} is of {owners}, which pyproject.toml does not name"


def test_every_package_that_runs_is_imported_or_executed():
    """What nothing needs is dropped."""
    modules = imported("analysis")
    home = packages_distributions()
    used = {supply.normalised(n) for module in modules for n in home.get(module, [])}
    executed = {"jupyterlab", "vadersentiment"}  # the last one is read, as data
    assert names("runs") - used == executed


def test_every_pin_is_listed_with_its_version_and_an_allowed_licence():
    assert [(name, version) for name, version, *_ in ROWS] == [
        (name, version) for name, (version, _) in sorted(PINS.items())
    ]
    for name, _, stated, _ in ROWS:
        words = set(re.split(r"[\s()]+", stated)) - {"AND", "OR", "WITH", ""}
        assert words <= supply.ALLOWED, f"{name}: {stated}"


def test_the_table_says_what_installed_packages_say():
    kept = {name: stated for name, _, stated, _ in ROWS}
    assert supply.licences() == kept
    if EXACT:
        assert supply.third_party() == supply.TABLE.read_text(encoding="utf-8")


def test_the_bill_of_materials_is_of_the_lock():
    assert (BILL["bomFormat"], BILL["specVersion"]) == ("CycloneDX", "1.6")
    listed = {entry["name"]: entry for entry in BILL["components"]}
    assert names("runs") <= set(listed)
    for name, entry in listed.items():
        assert entry["version"] == PINS[name][0]
        assert entry["purl"] == entry["bom-ref"] == f"pkg:pypi/{name}@{entry['version']}"
    refs = {entry["bom-ref"] for entry in BILL["components"]}
    own = BILL["metadata"]["component"]["bom-ref"]
    assert {entry["ref"] for entry in BILL["dependencies"]} == refs | {own}
    assert {ref for entry in BILL["dependencies"] for ref in entry["dependsOn"]} <= refs
    if EXACT:
        assert supply.bill() == supply.BILL.read_text(encoding="utf-8")


def test_what_is_installed_is_what_the_lock_says():
    assert list(supply.faults()) == []


def test_the_audit_sees_another_version_a_licence_and_a_missing_hash(monkeypatch):
    monkeypatch.setattr(
        supply, "pins", lambda: {"numpy": ("0.1", ["0" * 64]), "pandas": (PINS["pandas"][0], [])}
    )
    monkeypatch.setattr(supply, "licences", lambda: {"numpy": "MIT", "pandas": "Proprietary"})
    monkeypatch.setattr(supply, "_altered", lambda package: "")
    found = " ".join(supply.faults())
    assert "the lock says 0.1" in found
    assert "the licence 'Proprietary' is not one of those allowed" in found
    assert "pandas has no hash" in found


def test_the_audit_sees_an_altered_file(monkeypatch):
    package = supply.installed("anyascii")
    assert supply._altered(package) == ""
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes",
        lambda path: b"x" + read(path) if path.name == "__init__.py" else read(path),
    )  # fmt: skip
    assert supply._altered(package).endswith("anyascii/__init__.py")


@pytest.mark.parametrize(
    ("said", "status", "told", "known"),
    [
        ("No known vulnerabilities found", 0, "No advisory is known", False),
        ("Found 2 known vulnerabilities in 1 package\nnumpy ...", 1, "numpy", True),
        ("ConnectionError: ...", 1, "Advisories could not be asked for", False),
        ("numpy  not found and could not be audited", 0, "Advisories of 1 packages could", False),
    ],
)
def test_advisories_are_told_and_their_want_is_no_fault(said, status, told, known, monkeypatch):
    monkeypatch.setattr(supply.importlib.util, "find_spec", lambda name: object())
    done = supply.subprocess.CompletedProcess([], status, said, "")
    monkeypatch.setattr(supply.subprocess, "run", lambda *_, **__: done)
    text, found = supply.advisories()
    assert (told in text, found) == (True, known)


def test_without_pip_audit_one_line_says_so(monkeypatch):
    monkeypatch.setattr(supply.importlib.util, "find_spec", lambda name: None)
    assert supply.advisories() == (
        "Advisories were not asked for: pip-audit is not installed.", False,
    )  # fmt: skip
