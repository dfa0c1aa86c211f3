"""Texts are taken as people have them: folders, files of many kinds, tables, lists of strings."""

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.text import (
    Concept,
    count_concepts,
    count_terms,
    load,
    load_corpus,
    load_folders,
    load_table,
    load_texts,
    look,
    sources,
)
from analysis.text.checks import (
    PARAGRAPH,
    RUN,
    SAMPLE,
    _passages,
    _samples,
    beyond,
    find_copies,
)
from analysis.text.cleaning import clean
from analysis.text.documents import EditedText
from analysis.text.reading import text_files
from analysis.text.sources import decode_markup, markup_found, read_source
from analysis.text.tables import read_table
from analysis.text.tokens import function_words, language_of

RED = "Red fish swim home. Good red birds fly over the river. The fish love it here."
BLUE = "Blue cats sleep at home. Bad blue dogs bark at the moon. The cats hate it here."
ROWS = [
    {"id": "r1", "group": "red", "text": RED, "year": "1990"},
    {"id": "b1", "group": "blue", "text": BLUE, "year": "1991"},
    {"id": "g1", "group": "green", "text": "Green trees grow. They do not move.", "year": "1992"},
]


def refused(call, *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def told(corpus) -> tuple[str, ...]:
    """Return what was told of the texts but that they are short, as texts of tests are."""
    return tuple(sentence for sentence in corpus.notices if "fewer than" not in sentence)


def texts(corpus) -> list[tuple[str, str, str]]:
    return [(d.id, d.group, d.text) for d in corpus.documents]


@pytest.fixture
def folders(write_folder):
    return write_folder("red", RED), write_folder("blue", BLUE)


# Folders


def test_capitals_are_no_other_kind_and_hidden_files_are_no_documents(folders):
    red, blue = folders
    (red / "2.TXT").write_text("Purple fish.")
    (red / "._1.txt").write_text("Mac OS X")
    (red / ".trash").mkdir()
    corpus = load_folders(red, blue)
    assert [d.id for d in corpus.documents] == ["red/00", "red/2", "blue/00"]
    assert told(corpus) == ()


def test_what_is_passed_over_is_told(folders):
    red, blue = folders
    (red / "1990").mkdir()
    (red / "1990" / "3.txt").write_text("Purple fish.")
    (red / "4.txt").mkdir()
    (red / "notes.odt").write_bytes(b"PK")
    (said,) = told(load_folders(red, blue))
    assert "Passed over" in said
    assert "4.txt/, 1990/, notes.odt" in said
    assert "--recursive" in said


def test_sub_folders_are_read_on_request_and_links_to_folders_never(folders):
    red, blue = folders
    (red / "1990").mkdir()
    (red / "1990" / "00.txt").write_text("Purple fish.")
    (red / "1990" / "ring").symlink_to(red)
    corpus = load_folders(red, blue, recursive=True)
    assert [d.id for d in corpus.documents] == ["red/00", "red/1990/00", "blue/00"]


def test_figures_in_names_are_ordered_as_numbers(write_folder, folders):
    red = folders[0]
    for number in (10, 9, 100):
        (red / f"speech {number}.txt").write_text(f"Text {number}.")
    names = [path.stem for path in text_files(red, recursive=False, told=[])]
    assert names == ["00", "speech 9", "speech 10", "speech 100"]
    ids = [d.id for d in load_folders(red, folders[1]).documents]
    assert ids[:4] == ["red/00", "red/speech 9", "red/speech 10", "red/speech 100"]


def test_all_files_that_cannot_be_read_are_named_at_once(write_folder):
    red = write_folder("red", RED, b"", b"caf\xe9", b"a\x00b")
    message = refused(load_folders, red, write_folder("blue", BLUE))
    for part in ("01.txt is empty", "02.txt is not UTF-8", "03.txt, line 1, character 2: U+0000"):
        assert part in message


def test_a_name_that_is_no_text_is_read_all_the_same(write_folder):
    """A file's name may hold bytes that are no UTF-8, which tables and figures cannot show."""
    red, blue = write_folder("red", RED), write_folder("blue", BLUE)
    try:
        (red / "00.txt").rename(red / os.fsdecode(b"caf\xe9.txt"))
    except OSError:
        pytest.skip("this file system takes no such name")
    assert load_folders(red, blue).documents[0].id == r"red/caf\udce9"


def test_an_unreadable_file_is_refused_by_its_name(folders, monkeypatch):
    def fail(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert "00.txt cannot be read (Permission denied)" in refused(load_folders, *folders)


def test_an_encoding_is_named_and_damage_read_on(write_folder):
    red = write_folder("red", "It’s café.".encode("cp1252"))
    blue = write_folder("blue", "It is so.")
    assert load_folders(red, blue, encoding="cp1252").documents[0].text == "It's café."
    damaged = load_folders(red, blue, errors="replace")
    assert "characters lost" in " ".join(damaged.notices)
    assert "cp1252" in refused(load_folders, red, blue)


def test_words_cut_at_line_ends_are_joined_by_what_all_texts_hold(write_folder):
    red = write_folder("red", "The minis-\nter met a well-\nknown man.")
    blue = write_folder("blue", "A minister and a well-known envoy.")
    corpus = load_folders(red, blue)
    assert corpus.documents[0].text == "The minister met a well-known man."
    assert "2 × words cut at line ends" in " ".join(corpus.notices)


def test_verse_keeps_its_lines(write_folder):
    red = write_folder("red", "Tyger Tyger\nburning bright")
    corpus = load_folders(red, write_folder("blue", "a\nb"), verse=True)
    assert corpus.documents[0].paragraphs == ("Tyger Tyger", "burning bright")


# Kinds of files


def test_packed_files_and_web_pages(write_folder, folders):
    red = write_folder("pages")
    (red / "a.txt.gz").write_bytes(gzip.compress(RED.encode()))
    page = f"<html><head><title>T</title></head><nav>Menu</nav><p>{RED}</p><p>Tom &amp; co.</p>"
    (red / "b.html").write_text(page)
    corpus = load_folders(red, folders[1])
    assert corpus.documents[0].text == RED
    assert corpus.documents[1].text == f"{RED}\n\nTom & co."
    assert corpus.documents[1].raw == page
    removed = corpus.edits[corpus.edits["rule"] == "markup"]["removed"]
    assert "<nav>Menu</nav>" in set(removed)


def test_damaged_packed_files_are_refused(tmp_path):
    packed = bz2.compress(b"x" * 99)[:-9], lzma.compress(b"x" * 99)[:-9]
    for name, content in (
        *(("a.txt.gz", b"no"), ("b.txt.gz", gzip.compress(b"x" * 99)[:-9])),
        *(("c.txt.bz2", b"no"), ("d.txt.bz2", packed[0])),
        *(("e.txt.xz", b"no"), ("f.txt.xz", packed[1])),
    ):
        (tmp_path / name).write_bytes(content)
        assert "cannot be unpacked" in refused(read_source, tmp_path / name)


@pytest.mark.parametrize("size", [40, 400_000])
def test_a_packed_file_that_is_cut_short_is_never_read_as_whole(size, tmp_path):
    """Its frames are read to their ends: what a broken transfer left is no shorter corpus."""
    packer = pytest.importorskip("zstandard")
    text = "".join(f"{number}. Red fish swim. " for number in range(size // 20))
    frames = [packer.compress(part.encode()) for part in (text, "The end.")]
    path = tmp_path / "a.txt.zst"
    path.write_bytes(b"".join(frames))
    assert read_source(path).text == text + "The end."
    for content in (frames[0][:-3], frames[0] + frames[1][:-1], frames[0][: len(frames[0]) // 2]):
        path.write_bytes(content)
        assert "cannot be unpacked (it ends within a frame)" in refused(read_source, path)
    path.write_bytes(frames[0] + b"more")
    assert "cannot be unpacked" in refused(read_source, path)


def test_one_text_of_a_hundred_megabytes_is_refused_early(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("word " * 21_000_000)
    (tmp_path / "b.txt").write_text(BLUE)
    said = refused(load_folders, tmp_path / "a.txt", tmp_path / "b.txt")
    assert "a.txt is one text of 105,000,000 characters" in said and "--stream" in said
    monkeypatch.setattr("analysis.text.sources.LONGEST", 100)
    (tmp_path / "t.jsonl").write_text(
        '{"group": "b", "text": "c"}\n{"group": "a", "text": "' + "word " * 21 + '"}\n'
    )
    assert "line 2, in 'text' is one text of 105 char" in refused(load_table, tmp_path / "t.jsonl")


def test_word_documents(tmp_path):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_paragraph(RED)
    document.add_table(1, 1).cell(0, 0).text = "A cell."
    document.add_paragraph("The end.")
    document.save(tmp_path / "a.docx")
    assert read_source(tmp_path / "a.docx").text == f"{RED}\n\nA cell.\n\nThe end."
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04no")
    assert "b.docx is no Word document (it is a zip file that is cut short)" in refused(
        read_source, tmp_path / "b.docx"
    )
    (tmp_path / "c.docx").write_text("<!DOCTYPE html>\n<p>Red fish.")
    assert "c.docx is no Word document (it is a web page)" in refused(
        read_source, tmp_path / "c.docx"
    )


def write_pdf(path: Path, *pages: bytes) -> None:
    """Write a PDF of pages that are drawn by these operators."""
    pypdf = pytest.importorskip("pypdf")
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = pypdf.PdfWriter()
    for drawn in pages:
        page = writer.add_blank_page(300, 200)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        font = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
        fonts = DictionaryObject({NameObject("/F"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        content.set_data(drawn)
        page[NameObject("/Contents")] = content
    writer.write(path)


def test_marks_of_notes_in_a_pdf_are_parted_from_their_words(tmp_path):
    write_pdf(
        tmp_path / "a.pdf",
        b"BT /F 11 Tf 20 100 Td (interpret) Tj /F 6 Tf 44 4 Td (1) Tj /F 11 Tf 5 -4 Td ( the 10) Tj"
        b" /F 6 Tf 34 4 Td (6) Tj /F 11 Tf 5 -4 Td ( or COVID19) Tj ET",
    )
    assert read_source(tmp_path / "a.pdf").text.split() == [
        *("interpret", "1", "the", "106", "or", "COVID19"),
    ]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("to interpret<a href='#n'><sup>1</sup></a> it", "to interpret 1 it"),
        ("to interpret<sup>[12]</sup> it", "to interpret [12] it"),
        ("10<sup>6</sup> on the 1<sup>st</sup>, M<sup>me</sup> X", "106 on the 1st, Mme X"),
        ("<p>One.</p><div title='x' id=\"sdfootnote1\"><p>Note.</p></div><p>Two.</p>", "One. Two."),
        ('<div title="header"><p>Head</p></div>One.<div title="footer">Foot</div>', "One."),
        ("<div style='mso-element:footnote' id=ftn1>Note.</div>One.", "One."),
        ("<p>One<o:p></o:p> <sdfield type=PAGE>two</sdfield> <my-own>three</my-own></p>",
         "One two three"),
        ("<div title='headers of pages'>One.</div>", "One."),
    ],
)  # fmt: skip
def test_a_page_of_a_word_processor_is_read_without_its_asides(page, text, tmp_path):
    (tmp_path / "a.html").write_text(f"<html><body>{page}</body></html>")
    (tmp_path / "b.txt").write_text("Blue.")
    corpus = load_folders(tmp_path / "a.html", tmp_path / "b.txt")
    assert " ".join(corpus.documents[0].text.split()) == text


def test_sizes_in_a_pdf_are_also_those_of_its_matrices(tmp_path):
    """Type of one point, drawn eleven times and six times as large."""
    write_pdf(
        tmp_path / "a.pdf",
        b"BT /F 1 Tf 11 0 0 11 20 100 Tm (interpret) Tj /F 1 Tf 6 0 0 6 60 101 Tm (1) Tj"
        b" /F 1 Tf 11 0 0 11 64 100 Tm ( the rest) Tj ET",
    )
    assert read_source(tmp_path / "a.pdf").text.split()[:2] == ["interpret", "1"]


def test_running_heads_of_a_pdf_are_no_text(tmp_path):
    """What stands first on three pages, but for figures, is a head; what stands within, or on two
    pages, is text.
    """
    lines = [
        ["Journal 1", "Red fish swim.", "Sea", "Birds fly.", "The end"],
        ["Journal 2", "They rest.", "Sea", "They eat.", "The end"],
        ["Journal 3", "Cats sleep.", "Sea", "Dogs bark.", "Last"],
    ]
    drawn = ["".join(f" 0 -15 Td ({line}) Tj" for line in page) for page in lines]
    write_pdf(tmp_path / "a.pdf", *(f"BT /F 11 Tf 20 150 Td{page} ET".encode() for page in drawn))
    source = read_source(tmp_path / "a.pdf")
    assert [edit.rule for edit in source.edits] == ["running-head"] * 3
    text = EditedText.of(source.text, source.edits).text
    kept = [line for page in lines for line in page if "Journal" not in line]
    assert text.strip().split("\n") == kept


def test_what_is_no_pdf_says_what_it_is(tmp_path):
    pytest.importorskip("pypdf")
    (tmp_path / "a.pdf").write_bytes(b"<!DOCTYPE html>\n<p>Red fish.")
    assert "no PDF that can be read (it is a web page)" in refused(read_source, tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 no")
    assert "(it is" not in refused(read_source, tmp_path / "b.pdf")


def test_pdfs_that_hold_no_text_or_are_none(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "a.pdf")
    assert "a.pdf holds no text, only pictures" in refused(read_source, tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 no")
    assert "b.pdf is no PDF" in refused(read_source, tmp_path / "b.pdf")


def test_a_package_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert "needs the package pypdf: pip install" in refused(read_source, tmp_path / "a.pdf")


# Tables


def written(folder: Path, name: str, frame: pd.DataFrame) -> Path:
    path = folder / name
    if name.endswith(".jsonl"):
        lines = (json.dumps(row) for row in frame.to_dict("records"))
        path.write_text("\n".join(lines))
    elif name.endswith(".json"):
        path.write_text(json.dumps(frame.to_dict("records")))
    elif ".parquet" in name:
        frame.to_parquet(path)
    elif ".xlsx" in name:
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep="\t" if ".tsv" in name else ",")
    return path


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        *(
            (name, None)
            for name in ("t.csv", "t.tsv", "t.jsonl", "t.json", "t.csv.gz", "t.csv.bz2", "t.csv.xz")
        ),
        *(("t.parquet", "pyarrow"), ("t.xlsx", "openpyxl"), ("t.csv.zst", "zstandard")),
    ],
)
def test_a_table_of_any_kind_is_the_same_corpus(name, needs, tmp_path):
    if needs:
        pytest.importorskip(needs)
    path = written(tmp_path, name, pd.DataFrame(ROWS))
    corpus = load_table(path, target="red", reference="blue", id="id")
    assert texts(corpus) == [("r1", "red", RED), ("b1", "blue", BLUE)]
    assert [g.role for g in corpus.groups] == ["target", "reference"]
    assert corpus.metadata["year"].tolist() == ["1990", "1991"]


def test_a_frame_and_lists_are_corpora_too():
    frame = load_table(pd.DataFrame(ROWS[:2]))
    lists = load_texts([RED], [BLUE], labels=("red", "blue"))
    assert [d.text for d in frame.documents] == [d.text for d in lists.documents] == [RED, BLUE]
    assert [g.label for g in lists.groups] == ["red", "blue"]


def test_one_group_against_all_others():
    corpus = load_table(pd.DataFrame(ROWS), target="blue")
    assert [(d.id, d.group) for d in corpus.documents] == [
        ("1", "all others"),
        ("2", "blue"),
        ("3", "all others"),
    ]
    assert corpus.metadata["year"].tolist() == ["1990", "1991", "1992"]


def test_standard_input_is_a_table(monkeypatch):
    raw = pd.DataFrame(ROWS[:2]).to_csv(index=False).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert [d.text for d in load(["-"]).documents] == [RED, BLUE]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(raw))))
    assert "Standard input is packed" in refused(load, ["-"])


def test_columns_of_other_names_and_separators(tmp_path):
    (tmp_path / "t.csv").write_text('Wer;Was\na;"Ein; Satz"\nb;Noch einer\n')
    corpus = load_table(tmp_path / "t.csv", text="Was", group="Wer")
    assert [d.text for d in corpus.documents] == ["Ein; Satz", "Noch einer"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text,group\na,b,c\n", r"t.csv, line 2: 3 cells under a heading of 2"),
        ('text,group\n"a\nb",r\nc\n', r"t.csv, line 4: 1 cells under a heading of 2"),
        ('text,group\n"a,r\n', r"line 2: .*a quotation mark is opened and not closed"),
        ("text,text\na,b\n", "two columns are called 'text'"),
        ("txt,group\na,b\nc,d\n", "has no column 'text'; its columns are txt, group"),
        ("text,group\na,b\nc,b\n", r"has one group \(b \(2\)\): a comparison needs two"),
        ("text,group\na,\n,b\n", "has no row with both a text and a group: a comparison needs two"),
        ("text,group\na,b\nc,d\ne,f\n", r"has 3 groups .*name the target"),
        ("text,group\n", "holds no row"),
        ("", "holds no row"),
        ("text,group\na,b\ncaf\ufffd,d\n", r"t.csv, line 3, character 4: U\+FFFD"),
    ],
)
def test_a_spoilt_table_is_refused_by_its_line(content, message, tmp_path):
    (tmp_path / "t.csv").write_text(content)
    with pytest.raises(InputError, match=message):
        load_table(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"text": "a", "group": "b"}\n{"text": "a"\n', r"t.jsonl, line 2 is no JSON"),
        ('{"text": "a", "group": "b"}\n[1]\n', r"line 2 is no object"),
        ('{"text": "a", "group": "b"}\n{"text": "a"}\n', r"line 2 has no 'group'"),
        (
            '{"text": "a", "group": "b"}\n{"text": ["a"], "group": "c"}\n',
            r"line 2: 'text' is a list",
        ),
        (
            '{"text": "a\\u0000", "group": "b"}\n{"text": "a", "group": "c"}',
            r"line 1, in 'text', line 1, character 2: U\+0000",
        ),
    ],
)
def test_spoilt_json_lines_are_refused_by_their_line(content, message, tmp_path):
    (tmp_path / "t.jsonl").write_text(content)
    with pytest.raises(InputError, match=message):
        load_table(tmp_path / "t.jsonl")


def test_rows_without_a_text_are_passed_over_and_told(tmp_path):
    (tmp_path / "t.csv").write_text("text,group\na b,r\n,r\nc,\nd e,s\n")
    corpus = load_table(tmp_path / "t.csv")
    assert len(corpus.documents) == 2
    assert "2 rows without a text or a group" in corpus.notices[0]
    assert [document.id for document in corpus.documents] == ["1", "4"]  # rows of the table


def test_a_table_without_a_heading_has_its_columns_numbered(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('1,"I liked this book, which is a rather long cell for a name."\n-1,No.\n')
    said = refused(load_table, file)
    assert "its columns are 1, I liked this book" in said and " ...: if that is a row" in said
    corpus = load_table(file, text="2", group="1", heading=False)
    assert [(d.id, d.group, d.text[:2]) for d in corpus.documents] == [
        ("1", "1", "I "),
        ("2", "-1", "No"),
    ]
    pd.DataFrame([["r", "Cats sleep."], ["b", "Dogs bark."]]).to_excel(
        tmp_path / "t.xlsx", header=False, index=False
    )
    assert (
        load([tmp_path / "t.xlsx"], text="2", group="1", no_heading=True).documents[1].text
        == "Dogs bark."
    )
    file.write_text("1,a\n-1,b,c\n")
    assert "line 2: 3 cells where the first row has 2" in refused(
        load_table, file, text="2", group="1", heading=False
    )
    (tmp_path / "t.jsonl").write_text('{"text": "a", "group": "b"}')
    assert "leave --no-heading out" in refused(load_table, tmp_path / "t.jsonl", heading=False)


def test_a_column_of_texts_that_is_taken_for_groups_is_told_in_short(tmp_path):
    (tmp_path / "t.csv").write_text(
        "text,group\n" + "".join(f"a,{'long words ' * 20}{i}\n" for i in range(30))
    )
    said = refused(load_table, tmp_path / "t.csv")
    assert "has 30 groups (long words" in said and "and 10 more" in said and len(said) < 1500


def test_ids_and_groups_are_checked():
    frame = pd.DataFrame(ROWS).assign(id="x")
    assert "two documents are called 'x'" in refused(
        load_table, frame, id="id", target="red", reference="blue"
    )
    empty = pd.DataFrame(ROWS[:2]).assign(id=["a", " "])
    assert refused(load_table, empty, id="id").startswith("row 2 has an empty 'id'")
    assert "no group 'pink'; its groups are red (1)" in refused(load_table, frame, target="pink")
    assert "same group" in refused(load_table, frame, target="red", reference="red")


def test_missing_cells_are_empty_and_whole_numbers_have_no_point():
    frame = pd.DataFrame({"text": ["a", None], "n": [1.0, float("nan")], "x": [float("inf"), 0.5]})
    assert [cells for _, cells in read_table(frame).rows] == [
        {"text": "a", "n": "1", "x": "inf"},
        {"text": "", "n": "", "x": "0.5"},
    ]


def test_strings_in_place_of_lists_and_texts_that_are_none():
    assert "got one string" in refused(load_texts, "a", ["b"])
    assert "target, text 1 is None" in refused(load_texts, [None], ["b"])
    assert "two different names" in refused(load_texts, ["a"], ["b"], labels=("x", "x"))


def test_two_files_are_two_groups_of_one_text(tmp_path):
    (tmp_path / "red.v1.txt").write_text(RED)
    (tmp_path / "blue.txt.gz").write_bytes(gzip.compress(BLUE.encode()))
    corpus = load_folders(tmp_path / "red.v1.txt", tmp_path / "blue.txt.gz")
    assert [(d.group, d.text) for d in corpus.documents] == [("red.v1", RED), ("blue", BLUE)]
    (tmp_path / "red.v1.text").write_text(RED)
    twins = load_folders(tmp_path / "red.v1.txt", tmp_path / "red.v1.text")
    assert [group.label for group in twins.groups] == ["red.v1.txt", "red.v1.text"]
    mixed = load_folders(tmp_path / "red.v1.txt", tmp_path)
    assert [d.text for d in mixed.documents] == [RED, BLUE, RED, RED]


def test_one_file_alone_is_told_apart_by_what_it_is(tmp_path):
    for name, says in (
        ("t.zip", "neither a table (.csv, .tsv"),
        ("t.zip", "unpack it first"),
        ("t.doc", "nor a manifest (.toml): save it as one of these"),
        ("t.txt", "t.txt is one text: name a second one"),
    ):
        (tmp_path / name).write_text("a")
        assert says in refused(load, [tmp_path / name], group="g")
    (tmp_path / "t.csv").write_text("text,group\na,b\n")
    said = refused(load, [tmp_path / "t.csv", tmp_path / "t.txt"])
    assert "t.csv is a table, and no group: put both groups into one table" in said


def test_texts_without_a_word_are_left_out_and_told():
    texts = [RED, "@joe https://t.co/x", "@joe !!", "\u2026 ?"], [BLUE]
    corpus = load_texts(*texts, cleaning=["mentions", "addresses"])
    assert [d.id for d in corpus.documents] == ["target/1", "reference/1"]
    said = " ".join(corpus.notices)
    assert "1 text holds nothing but" in said
    assert "Left out: 2 texts without a word (target/3, '!!')." in said
    assert len(load_texts(["!"], [BLUE]).documents) == 2  # refused when it is counted, by its name


def test_what_all_others_are_is_told():
    frame = pd.DataFrame({"text": list("abcd"), "group": ["x", "y", "NA", "NA"]})
    assert load_table(frame, target="x").notices[0] == "All others are NA (2), y (1)."
    assert not any("others" in n for n in load_table(frame, target="x", reference="y").notices)


def test_options_go_with_what_is_loaded(folders):
    assert "--text goes with one table" in refused(load, folders, text="t")
    assert "a manifest declares" in refused(load, [], encoding="cp1252")
    assert "No cleaning rule is called 'x'" in refused(load_folders, *folders, cleaning=["x"])
    assert "copies is one of" in refused(load_folders, *folders, copies="x")
    assert "no function words of 'klingon'" in refused(load_folders, *folders, language="klingon")


# Markup and damage


def test_entities_and_tags_are_told_and_decoded_on_request(write_folder):
    raw = "The U.K.&nbsp;&amp; the E.U. The minister&rsquo;s plan. <b>Good</b> a < b."
    red, blue = write_folder("red", raw), write_folder("blue", BLUE)
    said = " ".join(told(load_folders(red, blue)))
    assert "2 × tags of web pages" in said
    assert "3 × entities of web pages" in said
    assert "--clean markup" in said
    corpus = load_folders(red, blue, cleaning=["markup"])
    assert corpus.documents[0].text == "The U.K. & the E.U. The minister's plan. Good a < b."
    assert told(corpus) == ()


def test_what_was_escaped_twice_is_read_to_the_end():
    raw = "Hirschl &amp;amp; Adler said &amp;quot;no&amp;quot; at &amp;lt; 5 &amp;#8364;."
    corpus = load_texts([raw], [BLUE], cleaning=["markup"])
    assert corpus.documents[0].text == 'Hirschl & Adler said "no" at < 5 €.'
    assert told(corpus) == ()


def test_utf8_read_as_cp1252_is_told_and_mended_on_request(write_folder):
    raw = "The cafÃ© donâ€™t open."
    red, blue = write_folder("red", raw), write_folder("blue", BLUE)
    assert "read in a wrong encoding" in " ".join(load_folders(red, blue).notices)
    corpus = load_folders(red, blue, cleaning=["misread"])
    assert corpus.documents[0].text == "The café don't open."


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("He don\x92t know.", "He don't know."),
        ("caf\x8e\x92s \x93so\x94", 'cafŽ\'s "so"'),
        ("He said â€\x9dnoâ€\x9d.", 'He said "no".'),
        ("Itâ\x80\x99s Â\x92so", "It's 'so"),
        ("One\x85 two", "One... two"),
    ],
)
def test_cp1252_read_as_latin_1_is_refused_with_the_cure_that_mends_it(raw, read, write_folder):
    red, blue = write_folder("red", raw), write_folder("blue", BLUE)
    assert "--clean misread" in refused(load_folders, red, blue)
    corpus = load_folders(red, blue, cleaning=["misread"])
    assert corpus.documents[0].text == read
    assert corpus.documents[0].raw == raw
    assert load_texts([raw], [BLUE], cleaning=["misread"]).documents[0].text == read
    frame = pd.DataFrame({"text": [raw, BLUE], "group": ["r", "b"]})
    assert load_table(frame, cleaning=["misread"]).documents[0].text == read


def test_what_no_encoding_explains_is_refused_though_misread_is_mended(write_folder):
    red, blue = write_folder("red", "don\x92t \x81 now"), write_folder("blue", BLUE)
    said = refused(load_folders, red, blue, cleaning=["misread"])
    assert "line 1, character 7: the control character U+0081 is no text" in said
    corpus = load_folders(red, blue, cleaning=["misread"], errors="replace")
    assert corpus.documents[0].text == "don't \ufffd now"
    lists = load_texts(["don\x92t \x81 now"], [BLUE], cleaning=["misread"], errors="replace")
    assert lists.documents[0].text == "don't \ufffd now"


@given(st.text(alphabet="<>/apb !-&;script'\"=", max_size=60))
def test_markup_of_any_shape_is_read_without_a_fault(raw):
    place = 0
    for edit in decode_markup(raw):
        assert place <= edit.start < edit.end <= len(raw)
        place = edit.end
    assert markup_found("plain text, a < b > c & d; <3") == {"tags": [], "entities": []}


@pytest.mark.parametrize(
    "pattern", ["<", "<a ", "<!--", "<script>", "<nav><form>", "&", "&amp", "<p>", "</"]
)
def test_time_to_decode_grows_with_the_text(pattern, cpu_seconds):
    def seconds(size: int) -> float:
        text = pattern * (size // len(pattern))
        return cpu_seconds(lambda: (list(decode_markup(text)), markup_found(text)))

    seconds(1000)
    assert seconds(64_000) < 24 * seconds(8_000) + 0.1  # quadratic time would be 64 times


# Copies


LONG = " ".join(f"word{n} and word{n + 1} met word{n + 2}." for n in range(40))


def test_copies_are_told_counted_once_or_refused(write_folder):
    near = LONG.replace("word7", "other7")
    red = write_folder("red", LONG, LONG.upper(), near, RED)
    blue = write_folder("blue", LONG, BLUE)
    told = load_folders(red, blue)
    assert len(told.documents) == 6
    found = find_copies(told.documents)
    assert found[["kind", "document", "copy_of"]].to_numpy().tolist() == [
        ["same", "red/01", "red/00"],
        ["same", "blue/00", "red/00"],
        ["near", "red/02", "red/00"],
        ["near", "red/02", "red/01"],
        ["near", "blue/00", "red/02"],
    ]
    assert any("1 document holds the same words as one of the other" in n for n in told.notices)
    once = load_folders(red, blue, copies="once")
    assert [d.id for d in once.documents] == ["red/00", "red/03", "blue/00", "blue/01"]
    assert "Take them out, or read on" in refused(load_folders, red, blue, copies="refuse")


def test_paragraphs_that_stand_again_count_once_in_a_group(write_folder):
    more = LONG.replace("word", "other")
    red = write_folder("red", f"{LONG}\n\nMore.\n\n{LONG}", f"{more}\n\n{LONG}")
    blue = write_folder("blue", f"{LONG}\n\n{BLUE}")
    corpus = load_folders(red, blue, copies="once")
    assert [d.text for d in corpus.documents] == [f"{LONG}\n\nMore.", more, f"{LONG}\n\n{BLUE}"]
    assert set(corpus.edits["rule"]) == {"copy"}


def test_long_passages_of_other_documents_count_once_in_a_group(write_folder):
    """What two reports share of an agency's text: taken from the later one, to the last word."""
    own = [" ".join(f"{who}{n}" for n in range(120)) for who in ("first", "second", "third")]
    red = write_folder(
        "red", f"{own[0]}. {LONG} End.", f"{own[1]}: “{LONG}” Stop.", f"{own[2]}. {LONG[:60]}."
    )
    blue = write_folder("blue", f"{BLUE * 30} {LONG}")
    told = load_folders(red, blue)
    assert any("red/01: red/00). copies='once'" in sentence for sentence in told.notices)
    once = load_folders(red, blue, copies="once").documents
    assert once[0].text == told.documents[0].text
    assert once[1].text == f'{own[1]}: "Stop.'
    assert [d.text for d in once[2:]] == [d.text for d in told.documents[2:]]


@pytest.mark.parametrize("shared", [RUN - 1, RUN, PARAGRAPH - 1, PARAGRAPH, PARAGRAPH + 1, 40])
@pytest.mark.parametrize("where", ["first", "inside", "last"])
def test_a_passage_is_taken_from_its_first_word_to_its_last_if_long_enough(shared, where):
    words = [f"word{n}" for n in range(shared)]
    before, behind = ([f"{side}{n}" for n in range(9)] for side in ("before", "behind"))
    earlier = " ".join(["Other", "things", *words, "were", "said"])
    text = {
        "first": " ".join([*words, *behind]),
        "inside": " ".join([*before, *words, *behind]),
        "last": " ".join([*before, *words]),
    }[where]
    found = [text[start:end].strip() for start, end in _passages(text, ["Nothing.", earlier])]
    assert found == ([" ".join(words)] if shared >= PARAGRAPH else [])


def test_two_passages_with_a_word_of_ones_own_between_are_two():
    halves = [" ".join(f"{name}{n}" for n in range(PARAGRAPH)) for name in ("red", "blue")]
    found = list(_passages(f"{halves[0]} mine {halves[1]}", halves))
    assert len(found) == 2
    assert list(_passages(f"{halves[0]} mine", [halves[0][: len(halves[0]) // 2]])) == []


@pytest.mark.parametrize("many", [0, RUN - 1, RUN, 500])
def test_runs_of_words_are_sampled_by_the_number_that_python_gives_their_sums(many):
    words = [f"w{number * number % 97}" for number in range(many)]
    sums = [zlib.crc32(word.encode()) for word in words]
    runs = {hash(tuple(sums[i : i + RUN])) for i in range(many - RUN + 1)}
    found, owner = _samples([words, [], words[: RUN - 1], words])
    sampled = sorted(run for run in runs if run % SAMPLE == 0)
    assert found.tolist() == [*sampled, *sampled]
    assert owner.tolist() == [0] * len(sampled) + [3] * len(sampled)


def test_short_texts_and_repeated_phrases_are_no_copies(write_folder):
    red = write_folder("red", *(f"{RED} Number {n}." for n in range(3)))
    assert told(load_folders(red, write_folder("blue", BLUE))) == ()


# Languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, fand er sich in seinem "
         "Bett zu einem ungeheueren Ungeziefer verwandelt.", "german"),
        ("Il y a des gens qui ne sont pas dans la rue et qui ne le savent pas, mais ils sont là "
         "pour leur bien et pour celui de la ville.", "french"),
        ("En un lugar de la Mancha, de cuyo nombre no quiero acordarme, no ha mucho tiempo que "
         "vivía un hidalgo de los de lanza en astillero.", "spanish"),
        ("Все счастливые семьи похожи друг на друга, но каждая несчастливая семья несчастлива "
         "по-своему, и всё это так было у них в доме.", "russian"),
        ("It was the best of times, it was the worst of times, it was the age of wisdom, it was "
         "the age of foolishness.", "english"),
        ("战争与和平。他来了。", "chinese"),
        ("猫が好きです。犬も好きです。", "japanese"),
        ("国際連合安全保障理事会決議案採択した。", "japanese"),
        ("Ημέρα καλή σε όλους", "greek"),
        ("Red red red", ""),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


def test_another_language_is_told_with_the_option(write_folder):
    german = ("Der Minister hat nicht gesagt, dass er mit dem Vertrag und den Zielen der Regierung "
              "zufrieden ist. Aber er hat auch nicht das Gegenteil gesagt. ")  # fmt: skip
    red, blue = write_folder("red", german), write_folder("blue", german.replace("Ziel", "Plän"))
    told = " ".join(load_folders(red, blue).notices)
    assert "another language" in told
    assert "--language german" in told
    corpus = load_folders(red, blue, language="german")
    assert corpus.notices == ()
    assert "nicht" in function_words("german")


def test_some_texts_of_another_language_are_no_reason_to_change_that_of_all():
    spanish = "Hillary cree que la verdadera fuerza se encuentra en lo que hacemos por los demás. "
    english = "The minister said that he would not go to the place that they had named for it. "
    corpus = load_texts([english * 2, spanish * 2], [english * 3, english * 4])
    (told,) = [n for n in corpus.notices if "another language" in n]
    assert "as 'spanish'); cure: leave them out, or compare them apart" in told


def test_texts_without_function_words_are_told_whatever_their_language():
    slovene = "Problem je v tem, da odpišejo dolgove Grčiji in jih bodo morali tudi Španiji. " * 5
    bare = "minister treaty peace border crisis army talks market price oil " * 6
    for text in (slovene, bare):
        (told,) = [n for n in load_texts([text], [BLUE]).notices if "hardly a function" in n]
        assert "of English in 1 text (target/1" in told
    assert not any("hardly" in n for n in load_texts([RED * 9], [BLUE * 9]).notices)


def test_a_language_without_function_words_is_told_with_another_cure():
    polish = (
        "Minister nie powiedział, że jest zadowolony z traktatu. Rząd omówi sytuację w marcu, a "
        "opozycja żąda wyborów. To jest to, co się nie zmieni, ale i tak będzie. "
    )
    (told,) = [n for n in load_texts([polish], [polish * 2]).notices if "another language" in n]
    assert "--stopwords FILE" in told
    assert "--language" not in told


def test_scripts_without_spaces_are_refused_by_their_name(write_folder):
    red = write_folder("red", "战争与和平。" * 40)
    message = refused(load_folders, red, write_folder("blue", BLUE))
    assert "'red' seem to be Chinese, which has no spaces between words" in message


# A look


@pytest.mark.parametrize("words", [19, 20])
def test_texts_are_short_below_twenty_words(words):
    """A longer one is no part of those that only together tell their language."""
    nouns = """maison jardin ville route porte table livre arbre soleil fleur pont mer neige pierre
        chat chien pain"""
    small = [["dans", "avec", "pour", "ne"], ["est", "sont", "les", "des"]]
    texts = []
    for n in range(8):
        own = nouns.split()[n:] + nouns.split()[:n]
        texts.append(["la", *own[:6], small[0][n % 4], *own[6:12], small[1][n % 4], *own[12:]])
    texts = [" ".join(own[:words]) for own in texts]
    table = pd.DataFrame({"text": [*texts, "The door of the house was open."], "group": "a"})
    table.loc[8, "group"] = "b"
    found = look(load_table(table, target="a", reference="b"))["check"]
    assert found.str.endswith("together seem to be in French").any() == (words < 20)


def test_what_a_look_shows_is_not_told_again(write_folder):
    corpus = load_folders(write_folder("red", LONG, LONG), write_folder("blue", BLUE, BLUE + "!"))
    assert any("copies" in notice for notice in corpus.notices)
    assert beyond(corpus, look(corpus)) == []
    bare = load_folders(write_folder("a", LONG), write_folder("b", BLUE))
    assert beyond(replace(bare, notices=("Something else.",)), look(bare)) == ["Something else."]


def test_an_option_that_is_not_given_goes_with_everything(corpus):
    given = dict.fromkeys(("recursive", "text", "labels", "colours", "clean", "encoding", "names"))
    assert load([], **given).title == corpus.title


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("One <!-- a > b --> two <i>three</i>", "One  two three"),
        ("One <b>two</b> <!-- never ended > three", "One two "),
    ],
)
def test_a_comment_of_a_page_ends_where_it_is_closed(page, text):
    assert EditedText.of(page, decode_markup(page, page=True)).text == text


@pytest.mark.parametrize(("packing", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress),
                                               (".xz", lzma.compress)])  # fmt: skip
def test_a_packed_text_may_unpack_to_so_many_bytes(tmp_path, monkeypatch, packing, pack):
    monkeypatch.setattr(sources, "LARGEST", 10)
    path = tmp_path / f"a.txt{packing}"
    path.write_bytes(pack(b"0123456789"))
    assert read_source(path).text == "0123456789"
    path.write_bytes(pack(b"0123456789a"))
    assert "unpacks to more than 10 bytes" in refused(read_source, path)


def test_word_documents_and_workbooks_are_bounded(tmp_path, monkeypatch):
    """A file of a megabyte may hold a gigabyte of one letter."""
    pytest.importorskip("docx").Document().save(tmp_path / "a.docx")
    pytest.importorskip("openpyxl").Workbook().save(tmp_path / "a.xlsx")
    monkeypatch.setattr(sources, "LARGEST_XML", 1_000)
    for read, name in ((read_source, "a.docx"), (read_table, "a.xlsx")):
        assert "more than is read (1,000 of text, " in refused(read, tmp_path / name)
    monkeypatch.setattr(sources, "LARGEST_XML", 2**28)
    monkeypatch.setattr(sources, "LARGEST_PARTS", 1_000)  # pictures are held, too
    assert ", 1,000 in all): save its text" in refused(read_source, tmp_path / "a.docx")


def test_short_texts_tell_their_language_together():
    french = ["Il ne veut pas de la loi.", "Nous sommes dans la rue.", "Vous avez une maison.",
              "Elle est avec les gens.", "Il est dans la maison.", "Nous ne sommes pas avec vous.",
              "Elle ne veut pas de moi.", "Je ne suis pas content de toi."]  # fmt: skip
    english = "The door of the house was open, and he went in."
    table = pd.DataFrame(
        {"text": [*french, english, f"{english} It was"], "group": list("aaaabbbbcc")}
    )
    found = look(load_table(table, target="a", reference="b")).set_index("check")
    row = found.loc["texts of fewer than 20 words that together seem to be in French"]
    assert (row["found"], row["cure"]) == (8, "add --language french")
    mixed = look(load_table(table, target="a", reference="c")).set_index("check")
    assert mixed.loc[row.name, "found"] == 4
    told = look(load_table(table, target="a", reference="b", language="french"))["check"].tolist()
    assert told == ["texts of fewer than 20 words"]


def test_a_look_shows_a_tag_and_an_entity():
    corpus = load_texts(["a <b>c</b> &amp; d"], ["e f"])
    found = look(corpus).set_index("check")["example"]
    assert found["tags of web pages"] == "<b>"
    assert found["entities of web pages"] == "&amp;"


def test_a_look_shows_where_a_copy_comes_from(write_folder):
    """A paragraph that recurs has no one place that it comes from."""
    red, blue = write_folder("red", LONG), write_folder("blue", LONG, f"{RED * 3}\n\n{RED * 3}")
    found = look(load_folders(red, blue)).set_index("check")["example"]
    assert found["copies between the groups"].startswith("as in ")
    assert not found.drop("copies between the groups").str.startswith("as in").any()


@pytest.mark.parametrize(("groups", "more"), [(20, ""), (22, " and 2 more")])
def test_of_many_groups_twenty_are_named(groups, more):
    table = pd.DataFrame({"text": RED, "group": [f"g{n:02}" for n in range(groups)]})
    said = refused(load_table, table, target="g00", reference="other")
    assert said.count("(1)") == 20
    assert f"g19 (1){more}." in said


def test_a_look_tells_what_is_no_prose(write_folder):
    raw = (
        "CHRIS WALLACE, MODERATOR: Good evening.\nTRUMP: Thank you. 00:01 See https://t.co/x1 now "
        "#maga @joe.\n\n00:02:10 He spoke.\n<<<<<<< HEAD\nA line.\n"
    )
    red, blue = write_folder("red", raw), write_folder("blue", "word " * 400)
    found = look(load_folders(red, blue)).set_index("check")["found"].to_dict()
    assert found["speakers' labels"] == 2
    assert found["time stamps"] == 1
    assert found["addresses of pages"] == found["mentions"] == found["hashtags"] == 1
    assert found["marks of version control"] == 1
    assert found["long texts without paragraphs"] == 1
    rules = ["speakers", "times", "addresses", "mentions", "hashtags"]
    text = load_folders(red, blue, cleaning=rules).documents[0].text
    for gone in ("WALLACE", "TRUMP", "https", "#maga", "@joe", "00:02:10"):
        assert gone not in text
    assert "Good evening. Thank you. 00:01 See now." in text.replace("\n\n", " ")


@pytest.mark.parametrize(
    ("rules", "raw", "text"),
    [
        (["speakers"], "Q: Why?\nAnd how?\nA: So.\n" * 3, "Why? And how? So. " * 3),
        (["speakers"], "[00:01] Kamala Harris: Go.\n" * 3, "[00:01] Go. " * 3),
        (["speakers", "times"], "[00:01] Mr. BIDEN: Go.\n" * 3, "Go. " * 3),
        (["speakers"], "The President (by phone): Go.\n" * 3, "Go. " * 3),
        (["speakers"], "Note: go.\nHe said: go.\nA list of three: it.",
         "Note: go. He said: go. A list of three: it."),
        (["times"], "1\n00:00:01,000 --> 00:00:04,500\nGo.\n\n2\n00:00:05,000 --> 00:00:06,000 "
         "align:start\nNow.", "Go.\n\nNow."),
        (["times", "speakers"], "[12/03/2024, 14:05:33] Ann: Hi.\n" * 3, "Hi. " * 3),
        (["times", "speakers"], "12/03/24, 2:05 PM - Ann: Hi.\n" * 3, "Hi. " * 3),
        (["times"], "In 1 of 2 at 10:30 he left.\n10 men.", "In 1 of 2 at 10:30 he left. 10 men."),
        (["mentions"], "RT @joe_1: Go now. RT is a verb @ann, .@bob", "Go now. RT is a verb, ."),
        (["versions"],
         "One.\n<<<<<<< HEAD\nTwo.\n||||||| base\nTo.\n=======\nToo.\n>>>>>>> b\nEnd.",
         "One. Two. End."),
        (["versions"], "A\n=======\nheading\n<<<<<<< open", "A ======= heading <<<<<<< open"),
        (["markup"], '<?xml version="1.0"?><TEI><teiHeader>No</teiHeader><text><lg><l>One &amp;</l>'
         "<l>tw<lb break=\"no\"/>o<pb n='1'/></l></lg><p>Tom <name>Poe</name> a < b</p></text>"
         "</TEI>",
         "One &\n\ntwo\n\nTom Poe a < b"),
        (["markup"], "In XML <pb/> is a break.", "In XML <pb/> is a break."),
    ],
)  # fmt: skip
def test_what_is_no_prose_is_taken_away_by_its_rule(rules, raw, text):
    read = [" ".join(part.split()) for part in clean(raw, rules=rules).text.split("\n")]
    assert "\n\n".join(filter(None, read)) == text.strip()


def test_what_a_rule_takes_away_a_look_tells_with_the_rule(write_folder):
    """Whatever stands in the column of cures does away with its row."""
    talk = "[00:01] Q: Why do they go?\n[00:02] A: So it is #true, @ann.\n" * 4
    both = "\n<<<<<<< HEAD\nHe left now.\n=======\nHe left.\n>>>>>>> b\n"
    red = write_folder("red", talk + both)
    blue = write_folder("blue", f"{BLUE} &amp; <b>more</b> cafÃ©. See https://a.b/c for it. " * 3)
    cures = look(load_folders(red, blue))["cure"]
    rules = sorted(cure.split()[-1] for cure in cures if cure.startswith("add --clean"))
    assert rules == sorted([
        "speakers", "times", "hashtags", "mentions", "versions", "markup", "markup", "misread",
        "addresses",
    ])  # fmt: skip
    left = look(load_folders(red, blue, cleaning=rules))
    assert not left["cure"].str.startswith("add --clean").any()


def test_two_spellings_of_one_word_are_told(write_folder):
    red = write_folder("red", "They co-operate and e-mail. " * 4 + "A well-known man.")
    blue = write_folder("blue", "They cooperate and email. " * 5 + "The N.G.O.s left.")
    row = look(load_folders(red, blue)).set_index("check").loc["spellings of one word"]
    assert row["found"] == 2
    assert row["example"] == "e-mail (4), email (5)"


def test_short_texts_are_told_before_anything_is_computed(write_folder):
    corpus = load_folders(write_folder("red", RED), write_folder("blue", BLUE * 3))
    (said,) = corpus.notices
    assert "1 × texts of fewer than 20 words in 1 text (red/00" in said


def test_a_page_of_tags_that_is_one_unit_is_refused_by_its_tags(write_folder):
    page = write_folder("page", "".join(f"<p>{RED}</p>" for _ in range(4)))
    corpus = load_folders(page, write_folder("blue", f"{BLUE} " * 40))
    with pytest.raises(InputError, match=r"'page' has one unit .* it holds 8 tags of web pages"):
        count_terms(corpus)


def test_the_two_articles_need_no_cure():
    assert look(load_corpus()).empty


def test_working_folder_does_not_matter(folders, monkeypatch):
    red, blue = folders
    monkeypatch.chdir(red.parent)
    assert texts(load_folders("red", "blue")) == texts(load_folders(red, blue))
    assert Path.cwd() == red.parent


@pytest.mark.parametrize(
    ("language", "text", "tokens"),
    [
        ("french", "Aujourd'hui l’État n'a qu'une loi.", "aujourd'hui l état n a qu une loi"),
        ("italian", "Dell'accordo, quest’anno", "dell accordo quest anno"),
        ("english", "It's O'Neill's l'art", "it's o'neill l'art"),
    ],
)
def test_words_that_lost_a_vowel_are_parted_in_their_languages(language, text, tokens):
    corpus = load_texts([text], [text], language=language)
    assert " ".join(token for own in corpus.tokens[:1] for token in own) == tokens
    spans = [span for own in corpus.documents[0].token_spans for span in own]
    ends = [0, *(end for _, end, _ in spans)]
    assert all(before <= start < end for before, (start, end, _) in zip(ends, spans, strict=False))


def test_what_is_parted_is_no_term_and_a_concept_finds_the_rest():
    texts = ["L'Empire gouverne. L'art vit."] * 2, ["L'Empire meurt."] * 2
    corpus = load_texts(*texts, language="french")
    assert "empire" in count_terms(corpus).terms
    assert not {"l", "l'empire"} & set(count_terms(corpus).terms)
    lists = [Concept("state", "what governs", {"l'Empire": "its name"})]
    assert count_concepts(corpus, lists).matrix.sum() == 4


def test_french_marks_with_inner_spaces_are_marks_like_others():
    said = ["Il dit «\u00a0oui\u202f» et part.", "Il dit « oui » et part.", "Il dit “oui” et part."]
    assert {load_texts([one], ["x"]).documents[0].text for one in said} == {'Il dit "oui" et part.'}
    german = load_texts(["Er sagte »Ja« und ging."], ["x"]).documents[0].text
    assert german == 'Er sagte "Ja" und ging.'
