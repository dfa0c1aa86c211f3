"""The paper: in every form the same figures, alt texts, references; the same bytes."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from analysis.report.gallery import records_of
from scripts import make_paper

ROOT = Path(__file__).resolve().parents[1]
NEEDED = "pip install -e '.[paper]' to make the paper"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def paper(corpus):
    pytest.importorskip("pypandoc", reason=NEEDED)
    return make_paper.manuscript(make_paper.NOTEBOOK, corpus, make_paper.FIGURES)


@pytest.fixture(scope="module")
def written(paper, tmp_path_factory):
    pytest.importorskip("typst", reason=NEEDED)
    out = tmp_path_factory.mktemp("paper")
    make_paper.write(paper, make_paper.FIGURES, out)
    return out


def test_every_figure_of_the_notebook_is_there_with_its_words(paper, written):
    records = {facts["id"]: facts for facts in records_of(make_paper.FIGURES)}
    assert set(paper.alts) == {"reading-ribbons", "findings-multiverse", "findings-summary"}
    tree = ElementTree.parse(written / "paper.xml")
    alts = [own.text for own in tree.iter("alt-text")]
    assert [alt for alt in alts if alt] == list(paper.alts.values())
    tex = (written / "paper.tex").read_text(encoding="utf-8")
    with zipfile.ZipFile(written / "paper.docx") as packed:
        word = packed.read("word/document.xml").decode()
    for id, alt in paper.alts.items():
        assert records[id]["alt"] == alt
        assert alt.split(".")[0].split(":")[0] in tex
        assert f'descr="{alt.split(".")[0].split(":")[0]}' in word
        assert f"\\label{{fig-{id}}}" in tex


def test_figures_are_referred_to_and_texts_cited(paper, written):
    for number, id in enumerate(paper.alts, 1):
        assert f"[Figure {number}](#fig-{id})" in paper.text
    tree = ElementTree.parse(written / "paper.xml")
    ids = {own.get("id") for own in tree.iter() if own.get("id")}
    links = {own.get("rid") for own in tree.iter("xref")}
    assert links <= ids
    assert {"ref-text-2017", "ref-text-2018", "ref-hardie2014"} <= links


def test_every_work_that_is_listed_is_cited(paper):
    listed = [own["id"] for own in paper.references]
    assert len(set(listed)) == len(listed)
    for id in listed:
        assert f"@{id}" in paper.text, id


def test_it_reads_as_a_paper(paper):
    assert not re.search(r"[Tt)]h(is|e) notebook(?! on)", paper.text)
    assert "import " not in paper.text
    assert "README" not in paper.text
    assert "## Methods" in paper.text
    assert re.search(r"^## [^\n]+\n+## ", paper.text, re.MULTILINE) is None
    assert "Dunning, Ted" not in paper.text  # works are listed once, under References
    head, text = paper.text.split("\n---\n", 1)
    first = "The 2018 article speaks of “objectives”"
    assert f"abstract: |\n  {first}" in head
    assert first not in text[: text.index("## What each article argues")]  # said once
    assert "Alliance?” [@text-2017]. An article" in text


def test_jats_marks_paragraphs_of_the_abstract_and_who_its_authors_are(written, tmp_path):
    """What the DTD of JATS (Journal Publishing 1.1) found amiss in pandoc's own form."""
    tree = ElementTree.parse(written / "paper.xml")
    (abstract,) = tree.iter("abstract")
    assert {part.tag for part in abstract} == {"p"}
    assert not (abstract.text or "").strip()
    assert [own.text for own in tree.iter("collab")] == ["The analysis developers"]
    page = tmp_path / "paper.xml"
    name = "<string-name>Ada M. Lovelace</string-name>"
    page.write_text(f"<a>{name}{name}</a>", encoding="utf-8")
    make_paper._name_authors(page, [{"family": "Lovelace", "given": "Ada M."}, {"name": "A & B"}])
    made = ElementTree.parse(page).getroot()
    assert [own.tag for own in made] == ["name", "collab"]
    assert [own.text for own in made[0]] == ["Lovelace", "Ada M."]
    assert made[1].text == "A & B"


def test_the_word_document_has_headings_captions_and_tables(written):
    docx = pytest.importorskip("docx")
    opened = docx.Document(str(written / "paper.docx"))
    styles = [paragraph.style.name for paragraph in opened.paragraphs]
    assert styles.count("Heading 1") >= 12
    captions = [p.text for p in opened.paragraphs if p.style.name == "Image Caption"]
    assert [own.split(".")[0] for own in captions] == ["Figure 1", "Figure 2", "Figure 3"]
    above = [p.text for p in opened.paragraphs if p.style.name == "Table Caption"]
    assert [own.split(".")[0] for own in above] == ["Table 1", "Table 2"]
    assert len(opened.tables) == 2
    assert styles.count("Bibliography") >= 6


def test_the_same_bytes_again(paper, written, tmp_path):
    make_paper.write(paper, make_paper.FIGURES, tmp_path)
    for path in written.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_the_latex_compiles_without_a_fault(written, tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex: install TeX Live to compile the paper")
    for path in written.iterdir():
        shutil.copy(path, tmp_path)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, said[-2000:]
    assert "Overfull" not in said


def test_the_pdf_is_tagged_and_says_its_title(written):
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(written / "paper.pdf")
    assert reader.metadata.title.startswith("Can Russia and Iran be divided?")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = "".join(page.extract_text() for page in reader.pages)
    assert "References" in text
    assert "Figure 3" in text
