"""The set-up is one lock, wrapped once for conda, and holds nothing about where files come from."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import analysis
from analysis.notebooks import THREADS

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PINS = re.findall(r"^(?![#\s])(\S.*?)(?=^\S|\Z)", LOCK, flags=re.MULTILINE | re.DOTALL)
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def read_yaml(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def normalised_name(requirement: str) -> str:
    """Return the package's name as the lock spells it: `vaderSentiment>=3` is `vadersentiment`."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def test_every_pin_has_one_version_and_its_hashes():
    assert len(PINS) > 100
    for pin in PINS:
        assert re.match(r"[a-z0-9-]+==[^\s;]+ (; .+ )?\\\n", pin), pin
        hashes = pin.splitlines()[1:]
        assert hashes, pin
        for line in hashes:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_no_package_is_pinned_twice():
    names = [normalised_name(pin) for pin in PINS]
    assert sorted(set(names)) == names


@pytest.mark.parametrize("trace", ["://", "-i ", "--index", "--extra-index", "--find-links", " @ "])
def test_the_lock_does_not_say_where_files_come_from(trace):
    assert trace not in LOCK


def test_every_direct_dependency_is_in_the_lock():
    direct = PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]
    locked = {normalised_name(pin) for pin in PINS}
    assert {normalised_name(requirement) for requirement in direct} <= locked


def test_conda_gets_the_same_lock_and_the_oldest_python():
    environment = read_yaml("environment.yml")
    python, pip, section = environment["dependencies"]
    assert (pip, section) == ("pip", {"pip": ["-r requirements.txt"]})
    assert PYPROJECT["project"]["requires-python"] == python.replace("python=", ">=")


def test_conda_make_and_the_kernels_of_compare_set_the_same_variables():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    variables = read_yaml("environment.yml")["variables"]
    assert variables == THREADS
    for name, value in variables.items():
        assert f"export {name} := {value}\n" in makefile


def test_the_citation_names_this_version():
    citation = read_yaml("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()
    assert citation["version"] == analysis.__version__
    assert citation["license"] == PYPROJECT["project"]["license"]
