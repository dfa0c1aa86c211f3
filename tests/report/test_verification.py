"""A finished folder in which one byte, one number or one word was changed is found out."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from analysis.cli import main
from analysis.errors import InputError
from analysis.files import write_cell_sums
from analysis.keywords import keyness
from analysis.report import collect, keywords, open_study, verification
from analysis.report.numbering import FIGURE, captioned
from analysis.report.tables import write_tables
from analysis.report.verification import DIFFERS, HOLDS, UNTOLD, verify
from analysis.sentences import markdown
from analysis.text import load_texts


def texts(folder: Path, name: str, word: str) -> None:
    (folder / name).mkdir(parents=True)
    body = f"Cats {word} well. The dogs eat red fish.\n\nDogs bark at {word} fish. Cats sleep."
    for number in range(3):
        (folder / name / f"{number}.txt").write_text("\n\n".join([body] * (number + 2)))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder of results: texts, one figure, a notebook that shows it, sums."""
    home = tmp_path_factory.mktemp("results")
    for name, word in (("new", "swim"), ("old", "sink")):
        texts(home / "texts", name, word)
    corpus = open_study([home / "texts" / "new", home / "texts" / "old"], home / "figures")
    shown = keywords.rates_figure(keyness(corpus, draws=99))
    (home / "figures" / "findings.md").write_text("- Nothing was found.\n")
    outputs = [
        nbformat.v4.new_output("display_data", {"image/png": "AA"},
                               metadata={"image/png": {"alt": shown.alt}}),
        nbformat.v4.new_output("display_data", {"text/markdown": caption(shown)}),
        nbformat.v4.new_output("display_data", {"text/markdown": "Nothing was found."}),
    ]  # fmt: skip
    cells = [
        nbformat.v4.new_code_cell('sources = ["../texts/new", "../texts/old"]  # two folders'),
        nbformat.v4.new_code_cell("figure", outputs=outputs),
    ]
    (home / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), home / "notebooks" / "02_keywords.ipynb")
    write_cell_sums(home / "notebooks")
    collect(home / "figures")
    return home


def caption(shown):
    return captioned(f"{FIGURE}{shown.id}", markdown(shown.caption))


@pytest.fixture
def copy(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    return tmp_path / "copy"


def differing(folder):
    found = verify(folder)
    return set(found.loc[found["verdict"] == DIFFERS, "item"])


def edit(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


def test_an_untouched_folder_holds(copy):
    found = verify(copy)
    assert set(found["verdict"]) == {HOLDS}
    assert {"text", "table", "figure", "sentence", "notebook", "file"} == set(found["kind"])


def test_one_byte_of_a_text(copy):
    edit(copy / "texts" / "new" / "0.txt", b"red", b"rad")
    assert differing(copy) == {"new/0.txt"} or differing(copy) == {"new/0"}


def test_one_number_of_a_table(copy):
    path = copy / "figures" / "keywords-rates.csv"
    edit(path, b"1", b"2")
    assert {"keywords-rates.csv", "figures/keywords-rates.csv"} <= differing(copy)


@pytest.mark.parametrize("kind", ["pdf", "svg", "png"])
def test_one_byte_of_an_image(copy, kind):
    path = copy / "figures" / f"keywords-rates.{kind}"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert f"figures/keywords-rates.{kind}" in differing(copy)


def test_one_word_of_a_caption_wherever_it_stands(copy):
    edit(copy / "figures" / "README.md", b"These", b"Those")
    assert {"README.md", "figures/README.md"} <= differing(copy)
    edit(copy / "notebooks" / "02_keywords.ipynb", b"These", b"Those")
    assert {"02_keywords.ipynb", "02_keywords.ipynb: figure keywords-rates"} <= differing(copy)


def test_one_word_of_a_record_and_of_a_finding(copy):
    edit(copy / "figures" / "keywords-rates.json", b'"seed": 0', b'"seed": 1')
    edit(copy / "figures" / "findings.md", b"Nothing", b"Something")
    assert differing(copy) >= {"figures/keywords-rates.json", "findings.md: line 1"}


def test_what_is_missing_and_what_is_new(copy):
    (copy / "figures" / "keywords-rates.svg").unlink()
    (copy / "figures" / "stray.csv").write_text("a\n")
    shutil.rmtree(copy / "texts")
    found = verify(copy).set_index("item")["verdict"]
    assert found["keywords-rates.svg"] == found["figures/stray.csv"] == DIFFERS
    assert set(found[found == UNTOLD].index) >= {"new/0.txt"} or set(found) >= {UNTOLD}


def test_without_sums_files_cannot_be_told(copy):
    (copy / "figures" / "SHA256SUMS").unlink()
    found = verify(copy)
    assert set(found.loc[found["verdict"] == UNTOLD, "kind"]) == {"file"}


def test_saving_a_notebook_in_another_program_is_no_difference(copy):
    path = copy / "notebooks" / "02_keywords.ipynb"
    content = json.loads(path.read_text())
    content["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
    content["cells"][1]["metadata"]["execution"] = {"iopub.status.busy": "2026"}
    path.write_text(json.dumps(content))
    assert differing(copy) == set()


def test_a_notebook_whose_figures_go_elsewhere_is_compared_with_those(copy):
    path = copy / "notebooks" / "02_keywords.ipynb"
    content = json.loads(path.read_text())
    content["cells"][0]["source"] += '\noutput = "../figures/other"  # the folder'
    path.write_text(json.dumps(content))
    write_cell_sums(copy / "notebooks")
    assert differing(copy) == {"02_keywords.ipynb: figure keywords-rates"}
    shutil.copytree(copy / "figures", copy / "figures" / "other")
    assert differing(copy) == set()


def test_a_damaged_notebook_is_named(copy):
    (copy / "notebooks" / "02_keywords.ipynb").write_text("{")
    assert "02_keywords.ipynb" in differing(copy)


def test_the_command_says_so_and_fails(copy, capsys):
    assert main(["verify", str(copy)]) == 0
    assert "0 differ" in capsys.readouterr().out
    edit(copy / "figures" / "keywords-rates.csv", b"1", b"2")
    assert main(["verify", str(copy), "--csv", str(copy / "found.csv")]) == 2
    assert "differs: table keywords-rates.csv" in capsys.readouterr().out
    assert (copy / "found.csv").read_text().startswith("kind,item,verdict,why")


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(InputError, match="no figure's record"):
        verify(tmp_path)


def test_names_of_groups_that_mean_something_in_markdown_change_no_verdict(tmp_path):
    corpus = load_texts(["a cat sat"] * 3, ["a dog sat"] * 3, labels=("group_a", "*b* [c] $d$"))
    write_tables({"keywords": keyness(corpus, draws=99)}, tmp_path)
    found = list(verification._tables(tmp_path))
    assert len(found) >= 3
    assert {item.verdict for item in found} == {HOLDS}


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        ("sources = ['../A & B #1', '../b']  # two folders", ["../A & B #1", "../b"]),
        ('sources = {\n    "texts": "t.csv",  # a table\n    "group": "x",\n}',
         {"texts": "t.csv", "group": "x"}),
    ],
)  # fmt: skip
def test_where_texts_lie_is_read_as_python_reads_it(cell, named, tmp_path):
    cells = [nbformat.v4.new_markdown_cell("# No code"), nbformat.v4.new_code_cell("%matplotlib"),
             nbformat.v4.new_code_cell(cell)]  # fmt: skip
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01.ipynb")
    assert verification.sources_of(tmp_path) == named
