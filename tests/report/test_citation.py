"""Entries, snippets and macros work where they are pasted: LaTeX with bibtex and biber, CSL."""

import json
import re
import shutil
import subprocess

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.files import resource
from analysis.report import MM, SINGLE, canvas, collect, style, write_values
from analysis.report.citation import (
    Work,
    bibtex,
    declaration,
    foreign,
    key,
    read_work,
    reference,
    snippets,
    work_reference,
)
from analysis.report.drawing import DOUBLE
from analysis.report.figure import Words, write_figure

FACTS = {
    "id": "two-words",
    "title": "R&D of “gas”, 5 % of {it}",
    "caption": "Gas_1 leads & iran follows; n = 3 < 12, −3 ± 1 – 5 % “so”, naïve, ▲ χ²₁.",
    "alt": "Bars, two of them: gas_1 at 3 % & iran #2 with {braces} [and, commas].",
    "csv_sha256": "0123456789abcdef" * 4,
    "size_mm": [89.0, 40.0],
}
WORK = Work(
    title='A "study" & more',
    authors=({"family": "Lovelace", "given": "Ada"}, {"name": "The R&D Team"}),
    date="2026",
    publisher="A press",
    address="https://example.org/a_b",
    doi="10.1/x",
    version="1.2",
)


def test_an_entry_has_all_that_a_bibliography_prints():
    entry = bibtex(FACTS, WORK)
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", entry, re.MULTILINE))
    assert entry.startswith(f"@misc{{{key(FACTS)},")
    assert fields["author"] == r"Lovelace, Ada and {The R\&D Team}"
    assert fields["year"] == "2026"
    assert fields["url"] == "https://example.org/a_b"
    assert fields["doi"] == "10.1/x"
    assert "version 1.2" in fields["howpublished"]
    assert "0123456789ab}" in fields["note"]


def test_keys_of_two_states_of_a_figure_differ():
    other = FACTS | {"csv_sha256": "f" * 64}
    assert key(FACTS) != key(other)
    assert re.fullmatch(r"[A-Za-z0-9-]+", key(FACTS))


def test_a_reference_by_hand_names_author_year_title_and_place():
    said = reference(FACTS, WORK)
    for part in (
        "Lovelace, Ada; The R&D Team.",
        "(2026).",
        FACTS["title"],
        "https://doi.org/10.1/x",
    ):
        assert part in said


def test_what_is_declared_is_read_and_errors_name_the_cure(tmp_path):
    authors = ["Lovelace, Ada", 'The "R&D" Team']
    (tmp_path / "citation.toml").write_text(declaration("T: \\x", authors, 2026), encoding="utf-8")
    work = read_work(tmp_path)
    assert (work.title, work.year) == ("T: \\x", "2026")
    assert work.authors[0] == {"family": "Lovelace", "given": "Ada"}
    assert work.authors[1] == {"name": 'The "R&D" Team'}
    for text, message in (("a = 1\n", "no entry shows it"), ("", "states no title"),
                          ('title = "T"\nauthors = [3]\n', "an author is")):  # fmt: skip
        (tmp_path / "citation.toml").write_text(text)
        with pytest.raises(InputError, match=message):
            read_work(tmp_path)


# Compiled, where TeX is installed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of two figures whose words hold what LaTeX would read as its own."""
    home = tmp_path_factory.mktemp("figures")
    (home / "citation.toml").write_text(declaration("My R&D", ["Lovelace, Ada"], 2026))
    table = pd.DataFrame({"term": ["gas"], "n": [3]})
    for id, width in (("one-column", SINGLE), ("two-columns", DOUBLE)):
        _, ax = canvas(width, 40 * MM)
        with style():
            ax.barh(table["term"], table["n"])
        write_figure(
            ax, id=id, table=table, words=Words(FACTS["caption"], FACTS["alt"], FACTS["title"]),
            record={"texts": {}}, folder=home,
        )  # fmt: skip
    write_values({"a.b_c": 1121, "a.low": "−3.21", "a.ci": "[−0.35, 1.03]"}, home / "values.tex")
    collect(home)
    return home


def document(folder, style_of_list, list_of_references):
    """Return an article of two columns that holds every snippet and macro."""
    snippets = re.findall(r"```latex\n(.*?)```", (folder / "snippets.md").read_text(), re.DOTALL)
    assert len(snippets) == 2
    return (
        "\\documentclass[twocolumn]{article}\n\\usepackage[T1]{fontenc}\n"
        "\\usepackage[utf8]{inputenc}\n\\usepackage[a4paper,margin=13mm]{geometry}\n"
        f"\\usepackage{{graphicx}}\n{style_of_list}\\input{{values.tex}}\n\\begin{{document}}\n"
        "\\anABC, \\anABCPlain, \\anALow, \\anACiLowPlain, \\analysisvalue{a.low}.\n"
        + "".join(snippets) + list_of_references + "\\end{document}\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("program", "before", "after"),
    [
        ("bibtex", "", "\\bibliographystyle{plain}\\bibliography{references}\n"),
        ("bibtex", "", "\\bibliographystyle{IEEEtran}\\bibliography{references}\n"),
        (
            "biber",
            "\\usepackage[style=authoryear]{biblatex}\\addbibresource{references.bib}\n",
            "\\printbibliography\n",
        ),
    ],
    ids=["bibtex plain", "bibtex IEEEtran", "biber"],
)
def test_the_snippets_compile_in_two_columns_without_a_warning(
    folder, tmp_path, program, before, after
):
    for needed in ("pdflatex", program):
        if shutil.which(needed) is None:
            pytest.skip(f"no {needed}: install TeX Live to compile the snippets")
    for file in folder.iterdir():
        shutil.copy(file, tmp_path)
    (tmp_path / "article.tex").write_text(document(folder, before, after), encoding="utf-8")
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "article.tex"]
    for command in (latex, [program, "article"], latex, latex):
        done = subprocess.run(
            command,
            cwd=tmp_path,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
        )  # a line that TeX breaks may end within a letter
        if "IEEEtran" in after and "couldn't open style file" in done.stdout:
            pytest.skip("no IEEEtran.bst: install texlive-publishers")
        assert done.returncode == 0, done.stdout[-2000:]
        if command[0] == program:
            assert "warning" not in done.stdout.lower(), done.stdout
    log = (tmp_path / "article.log").read_text(encoding="utf-8", errors="replace")
    assert "undefined" not in log
    assert "Overfull \\hbox" not in log, re.findall(r"Overfull.*", log)
    listed = (tmp_path / "article.bbl").read_text(encoding="utf-8")
    assert "0123456789" not in listed
    assert listed.count("Lovelace") >= 1


def test_latex_knows_every_sign_of_our_own_sentences():
    said = "".join(path.read_text(encoding="utf-8") for path in resource("sentences").iterdir())
    assert "▲" in said
    assert foreign(said) == ""
    assert foreign("Жук und Käfer") == "Жук"


def test_signs_that_a_program_does_not_know_are_named_above_the_snippets():
    named = snippets([FACTS | {"alt": "Жук"}], WORK)
    assert "3 signs that pdfLaTeX does not know" in named
    assert "(Жук)" in named
    assert "XeLaTeX" not in snippets([FACTS], WORK)


def test_csl_items_are_those_of_the_bibliography(folder):
    items = json.loads((folder / "references.csl.json").read_text(encoding="utf-8"))
    keys = re.findall(r"^@misc\{([^,]+),", (folder / "references.bib").read_text(), re.MULTILINE)
    assert [item["id"] for item in items] == keys
    for item in items:
        assert item["author"] == [{"family": "Lovelace", "given": "Ada"}]
        assert item["issued"] == {"date-parts": [[2026]]}
        assert item["title"]


def test_a_work_is_cited_with_and_without_an_author():
    ada = ({"given": "Ada", "family": "Lovelace"},)
    known = (
        (Work("Cats or dogs?", (), "2026"), "Cite as: Cats or dogs? (2026)."),
        (Work("Cats and dogs"), "Cite as: Cats and dogs."),
        (Work("Cats or dogs?", ada, "2026"), "Cite as: Lovelace, Ada. (2026). Cats or dogs?"),
        (Work("Cats", ada, version="1.0"), "Cite as: Lovelace, Ada. Cats, version 1.0."),
    )
    for work, said in known:
        assert work_reference(work) == said
