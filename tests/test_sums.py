"""Sums tell what has changed, and what a program that saves a notebook adds is no change."""

import json

from analysis.files import (
    cell_sums,
    read_cell_sums,
    read_sums,
    sums,
    write_cell_sums,
    write_sums,
)


def notebook(source="1", shown="2", **more):
    output = {"output_type": "execute_result", "data": {"text/plain": shown}, "metadata": {}}
    cell = {"id": "a", "cell_type": "code", "source": source, "outputs": [output], **more}
    return json.dumps({"cells": [cell], "metadata": {}})


def test_sums_are_those_that_sha256sum_reads(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"abc")
    (tmp_path / ".hidden").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    write_sums(tmp_path)
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert (tmp_path / "SHA256SUMS").read_text() == f"{known}  a.txt\n"
    assert read_sums(tmp_path) == sums(tmp_path) == {"a.txt": known}


def test_a_cell_s_sum_is_of_what_it_says_and_shows(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text(notebook())
    first = cell_sums(path)
    write_cell_sums(tmp_path)
    assert read_cell_sums(tmp_path) == {"a.ipynb": first}
    path.write_text(notebook(execution_count=7, metadata={"execution": {"iopub.busy": "now"}}))
    assert cell_sums(path) == first
    for changed in (notebook(source="2"), notebook(shown="3")):
        path.write_text(changed)
        assert cell_sums(path) != first


def test_what_is_not_there_is_none(tmp_path):
    assert read_sums(tmp_path) is None
    assert read_cell_sums(tmp_path) is None
