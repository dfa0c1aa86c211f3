"""What notebooks cite is in the list, and what is in the list is cited."""

import re
from pathlib import Path

import nbformat
import pytest

from analysis.errors import InputError
from analysis.report.literature import read_literature, references

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
CITED = re.compile(r"\(([A-Z]\w+)(?:,? (?:and )?[A-Z]\w+)*,? ((?:19|20)\d\d)[);,]")


def cited() -> set[str]:
    cells = [cell for path in NOTEBOOKS for cell in nbformat.read(path, 4).cells]
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {f"{name.lower()}{year}" for name, year in CITED.findall(prose)}


def test_every_citation_of_the_notebooks_is_in_the_list():
    assert len(cited()) >= 6
    assert cited() <= set(read_literature())


def test_every_entry_is_whole():
    for key, entry in read_literature().items():
        assert {"author", "title", "journal", "year"} <= set(entry), key
        assert ("doi" in entry) != ("url" in entry), key
        assert key == entry["author"].split(",")[0].lower() + entry["year"]


def test_the_list_is_in_the_order_of_the_alphabet_and_refuses_what_it_lacks():
    lines = references().text.splitlines()
    assert len(lines) == len(read_literature())
    assert lines == sorted(lines)
    with pytest.raises(InputError, match="No reference 'nobody1900'"):
        references("nobody1900")
