"""What archives, code hosts and containers read: one home, valid, and free of others' texts."""

import json
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import analysis
from analysis.report.citation import read_work
from scripts import make_release, write_metadata

ROOT = Path(__file__).resolve().parents[1]
WORK = read_work(ROOT / "figures")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def test_the_files_are_what_their_home_says():
    for name, text in write_metadata.files(WORK).items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"{name}: run `make metadata`"


def test_all_of_them_name_the_same_work():
    made = write_metadata.files(WORK)
    cff = yaml.safe_load(made["CITATION.cff"])
    codemeta, zenodo, datacite = (
        json.loads(made[name]) for name in ("codemeta.json", ".zenodo.json", "datacite.json")
    )
    versions = {cff["version"], codemeta["version"], zenodo["version"], datacite["version"]}
    assert versions == {analysis.__version__}
    assert {cff["date-released"], codemeta["datePublished"], zenodo["publication_date"]} == {
        WORK.date
    }
    names = [author["name"] for author in WORK.authors]
    assert [own["name"] for own in cff["authors"]] == names
    assert [own["name"] for own in codemeta["author"]] == names
    assert [own["name"] for own in zenodo["creators"]] == names
    assert cff["preferred-citation"]["title"] == WORK.title == zenodo["title"]


def test_an_address_and_persons_appear_everywhere_once_stated():
    person = {"family": "Lovelace", "given": 'Ada "A."'}
    work = replace(WORK, authors=(person,), address="https://github.com/a/b", doi="10.1/x")
    made = write_metadata.files(work)
    cff = yaml.safe_load(made["CITATION.cff"])
    assert cff["repository-code"] == cff["preferred-citation"]["url"] == work.address
    assert cff["authors"] == [{"family-names": "Lovelace", "given-names": 'Ada "A."'}]
    assert cff["doi"] == json.loads(made["datacite.json"])["doi"] == "10.1/x"
    assert "mybinder.org/v2/gh/a/b/HEAD" in write_metadata.badge(work)
    assert write_metadata.badge(replace(work, address="https://example.org")) == ""


def test_the_citation_file_has_what_its_schema_asks_for():
    """The keys and values that schema 1.2.0 asks for; cffconvert itself is no dependency."""
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cff["cff-version"] == "1.2.0"
    assert cff["type"] in {"software", "dataset"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", cff["date-released"])
    assert {"message", "title", "authors"} <= set(cff)
    assert {"type", "title", "authors"} <= set(cff["preferred-citation"])


def test_a_release_holds_no_text_of_others_and_its_own_sums(tmp_path):
    files = make_release.contents()
    assert not any("raw/" in name for name in files)
    raw = [(ROOT / "data" / "raw" / f"{year}.txt").read_bytes()[2000:2600] for year in (2017, 2018)]
    assert not any(piece in content for piece in raw for content in files.values())
    for name in ("requirements.txt", "notebooks/05_findings.ipynb", "figures/references.bib"):
        assert name in files
    packed = make_release.pack({"a": b"1"}, "c0ffee")
    assert packed["COMMIT"] == b"c0ffee\n"
    assert packed["SHA256SUMS"].decode().splitlines()[1].endswith("  a")
    for name in ("one.zip", "two.zip"):
        make_release.write_zip(packed, tmp_path / name, "x")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


# Workflow files, checked as far as can be without the hosts


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda p: p.stem
)
def test_a_workflow_is_well_formed_and_calls_what_is_there(path):
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert declared[True]  # YAML reads `on` as true
    for job in declared["jobs"].values():
        assert job["runs-on"]
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            if "uses" in step:
                assert re.fullmatch(r"[\w.-]+/[\w.-]+@v\d+", step["uses"])
            for target in re.findall(r"\bmake (\w+)", step.get("run", "")):
                assert target in TARGETS
            for named in re.findall(r"\bnotebooks/\S+\.ipynb", step.get("run", "")):
                assert (ROOT / named).is_file()
    assert set(declared["permissions"].values()) <= {"read", "write"}


def test_the_pages_are_what_make_html_writes():
    declared = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text(encoding="utf-8"))
    steps = declared["jobs"]["build"]["steps"]
    (upload,) = [s for s in steps if s.get("uses", "").startswith("actions/upload-pages")]
    script = (ROOT / "scripts" / "make_site.py").read_text(encoding="utf-8")
    assert upload["with"]["path"] == "_build/html"
    assert '"_build" / "html"' in script
    assert declared["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}


def test_binder_installs_the_lock_and_the_package():
    home = ROOT / ".binder"
    included = (home / "requirements.txt").read_text().split()
    assert included[0] == "-r"
    assert (home / included[1]).resolve() == ROOT / "requirements.txt"
    oldest = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())[1]
    assert (home / "runtime.txt").read_text().strip() == f"python-{oldest}"
    for script in ("postBuild", "start"):
        assert (home / script).stat().st_mode & stat.S_IXUSR
        assert (home / script).read_text().startswith("#!/bin/bash\n")
    assert "-e ." in (home / "postBuild").read_text()


def test_the_container_is_that_of_the_makefile():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for target in re.findall(r"RUN make (\w+)", text):
        assert target in TARGETS
    assert "USER reader" in text
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".venv", ".git"} <= set(ignored)
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text())
    assert (
        ROOT / ".devcontainer" / container["build"]["dockerfile"]
    ).resolve() == ROOT / "Dockerfile"
    assert container["postCreateCommand"].removeprefix("make ") in TARGETS
