"""Tables: workbooks, headings, and files that are no table."""

import io
import zipfile

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


def zipped(*names):
    """Return a zip file of empty files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name in names:
            packed.writestr(name, "")
    return content.getvalue()


@pytest.mark.parametrize("ending", [".xlsx", ".parquet"])
@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (zipped("a.txt"), "a zip file, which holds 1 file"),
        (zipped("a.txt", "b.txt"), "a zip file, which holds 2 files"),
        (zipped("[Content_Types].xml", "word/document.xml"), "a Word document"),
        (zipped("mimetype", "content.xml"), r"an OpenDocument file \(LibreOffice\)"),
        (
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "a file of an old Office program, or one locked by a password",
        ),
        (b"text,group\nRed fish.,a\n", "plain text"),
        (b"\xef\xbb\xbf\n<HTML><body>No such file.", "a web page"),
        (b"\x1f\x8b\x08", "packed by gzip"),
        (b"\x00\x01", "of a kind that is not known here"),
        (b" ", "empty"),
    ],
)
def test_a_binary_table_that_is_another_kind_of_file_says_which(ending, raw, what, tmp_path):
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    path = tmp_path / f"t{ending}"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=rf"cannot be read as .* \(it is {what}\): save it again"):
        read_table(path)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".json"])
@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html>\n<html><body><p>Not found.</p>", " <html>No.</html>", "<BODY>No"]
)
def test_a_web_page_in_place_of_a_table_is_told(ending, page, tmp_path):
    (tmp_path / f"t{ending}").write_text(page)
    with pytest.raises(InputError, match="is a web page and no table"):
        read_table(tmp_path / f"t{ending}")


def test_a_text_that_speaks_of_tags_is_no_web_page(tmp_path):
    (tmp_path / "t.csv").write_text("text,group\n<html> is a tag.,a\n<p> is too.,b\n")
    assert len(read_table(tmp_path / "t.csv").rows) == 2


@pytest.mark.parametrize(
    ("first", "no_heading"),
    [
        ("Yes.,a", True),  # a is a group of further rows
        (f"{'Fish swim. ' * 5},c", True),  # too long for a name
        ("speech,party", False),
        ("speech,party\nspeech,party", False),  # a heading that stands again, as in joined files
    ],
)
def test_a_first_row_that_is_like_the_others_is_taken_for_no_heading(first, no_heading, tmp_path):
    (tmp_path / "t.csv").write_text(f"{first}\nRed fish swim.,a\nBlue fish sleep.,b\n")
    with pytest.raises(InputError, match="has no column 'text'") as refused:
        load_table(tmp_path / "t.csv")
    assert ("--no-heading" in str(refused.value)) is no_heading


def test_a_table_without_the_named_columns_names_likely_ones(tmp_path):
    """The longest cells are texts; of columns that vary, the one of fewest values is of groups."""
    (tmp_path / "t.csv").write_text(
        "id,lang,the party,what is said\n1,en,a,Red fish swim.\n2,en,b,Blue fish sleep.\n"
        "3,en,a,No fish here.\n"
    )
    with pytest.raises(InputError, match=r"--text 'what is said' --group 'the party'\)"):
        load_table(tmp_path / "t.csv")
    with pytest.raises(InputError, match=r"--text text --group NAME\)"):
        load_table(pd.DataFrame({"text": ["Red fish.", "Blue fish."]}))


def test_a_table_without_rows_says_so_whatever_it_is(tmp_path):
    empty = pd.DataFrame(columns=["text", "group"])
    empty.to_parquet(tmp_path / "t.parquet")
    empty.to_excel(tmp_path / "t.xlsx", index=False)
    (tmp_path / "t.json").write_text("[{}, {}]")
    sources = empty, tmp_path / "t.parquet", tmp_path / "t.xlsx", tmp_path / "t.json"
    for source in sources:
        with pytest.raises(InputError, match="holds no row"):
            load_table(source)


def test_columns_without_a_name_are_numbered(tmp_path):
    """A spreadsheet exports empty columns at the right, a DataFrame its index at the left."""
    (tmp_path / "t.csv").write_text("text,group,,\nRed fish swim.,a,,\nBlue fish sleep.,b,,\n")
    assert read_table(tmp_path / "t.csv").rows[0][1] == {
        "text": "Red fish swim.", "group": "a", "3": "", "4": "",
    }  # fmt: skip
    (tmp_path / "u.csv").write_text(",text,group\n7,Red fish swim.,a\n9,Blue fish sleep.,b\n")
    corpus = load_table(tmp_path / "u.csv", id="1")
    assert [document.id for document in corpus.documents] == ["7", "9"]
