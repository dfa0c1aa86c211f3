"""Tables: workbooks, and headings of more than one row."""

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.text import load_table
from analysis.text.tables import read_table

ROWS = pd.DataFrame({"text": ["Red fish swim.", "Blue fish sleep."], "group": ["NA", "None"]})


@pytest.fixture
def workbook(tmp_path):
    """Return what writes a workbook of several sheets."""
    pytest.importorskip("openpyxl")

    def write(**sheets):
        path = tmp_path / "t.xlsx"
        with pd.ExcelWriter(path) as writer:
            for name, frame in sheets.items():
                frame.to_excel(writer, sheet_name=name, index=False)
        return path

    return write


def test_of_several_sheets_the_first_is_read_and_the_others_are_told(workbook):
    path = workbook(Texts=ROWS, Notes=ROWS, Empty=pd.DataFrame())
    corpus = load_table(path)
    assert [d.text for d in corpus.documents] == ROWS["text"].tolist()
    assert f"Read was the sheet 'Texts' of {path}; not read: 'Notes'" in corpus.notices[0]
    assert not any("sheet" in n for n in load_table(workbook(Texts=ROWS)).notices)


def test_a_sheet_is_named(workbook):
    path = workbook(Codes=pd.DataFrame({"code": [1]}), Texts=ROWS)
    with pytest.raises(InputError, match=r"sheet 'Codes' has no column 'text'"):
        load_table(path)
    corpus = load_table(path, sheet="Texts")
    assert not any("sheet" in n for n in corpus.notices)
    assert read_table(path, sheet="Texts").rows[0][0] == f"{path}, sheet 'Texts', row 1"
    with pytest.raises(InputError, match="has no sheet 'x'; its sheets are Codes, Texts"):
        load_table(path, sheet="x")


def test_words_that_stand_for_what_is_missing_elsewhere_are_words_in_a_workbook(workbook):
    assert [g.label for g in load_table(workbook(Texts=ROWS)).groups] == ["NA", "None"]


def test_an_empty_workbook_and_a_sheet_of_what_has_none(workbook, tmp_path):
    with pytest.raises(InputError, match="holds no row"):
        load_table(workbook(Empty=pd.DataFrame()))
    (tmp_path / "t.csv").write_text("text,group\na,b\n")
    with pytest.raises(InputError, match="has no sheets"):
        load_table(tmp_path / "t.csv", sheet="x")


@pytest.mark.parametrize("third", ["class\tmeta include=True", "\tinclude=True", "\t"])
def test_what_orange_writes_under_the_names_is_no_text(third, tmp_path):
    path = tmp_path / "t.tab"
    path.write_text(f"side\twords\ndiscrete\tstring\n{third}\nred\tA fish.\nblue\tNo fish.\n")
    corpus = load_table(path, text="words", group="side")
    assert [d.text for d in corpus.documents] == ["A fish.", "No fish."]
    assert read_table(path).rows[0][0] == f"{path}, line 4"


def test_short_words_in_the_second_row_are_texts_where_they_are_no_kinds(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text("side\twords\nred\ttime\nclass\tmeta\n")
    assert [cells["words"] for _, cells in read_table(path).rows] == ["time", "meta"]


def test_empty_rows_above_the_heading_are_passed_over_and_below_it_are_rows(tmp_path):
    """A spreadsheet's export keeps rows of separators alone; blank lines are none."""
    path = tmp_path / "t.csv"
    path.write_text(",\n\n,\ntext,group\nRed fish swim.,a\n\n,\nBlue fish sleep.,b\n")
    rows = [cells for _, cells in read_table(path).rows]
    assert rows == [
        {"text": "Red fish swim.", "group": "a"},
        {"text": "", "group": ""},
        {"text": "Blue fish sleep.", "group": "b"},
    ]
