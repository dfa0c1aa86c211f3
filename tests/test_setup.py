"""The set-up is one lock, wrapped once for conda, and holds nothing about where files come from."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import analysis
from analysis.notebooks import THREADS
from scripts.run_notebooks import committed_results

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


def test_make_says_which_committed_results_it_changed(tmp_path):
    def git(*command):
        own = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
        subprocess.run(["git", "-C", tmp_path, *own, *command], check=True, capture_output=True)

    assert "no clone" in committed_results(tmp_path)
    for folder in ("notebooks", "figures"):
        (tmp_path / folder).mkdir()
        for number in range(10):
            (tmp_path / folder / f"{number}").write_text("as committed")
    git("init")
    git("add", ".")
    git("commit", "-m", "Results")
    assert "the same, byte for byte" in committed_results(tmp_path)
    (tmp_path / "figures" / "3").write_text("other")
    said = committed_results(tmp_path)
    assert said.startswith("Not as committed: figures/3. ")
    assert "\n" not in said
    for number in range(10):
        (tmp_path / "notebooks" / f"{number}").write_text("other")
    assert "and 3 more" in committed_results(tmp_path)
