"""Tables in files of their own: the same numbers in every form, every column explained."""

import json
import re
import shutil
import subprocess
import tomllib
from hashlib import sha256

import pandas as pd
import pytest

from analysis import keyness, load_texts
from analysis.files import resource
from analysis.report.tables import show, write_tables
from analysis.tone import sentiment


@pytest.fixture(scope="module")
def tables(terms, corpus, tmp_path_factory):
    home = tmp_path_factory.mktemp("tables")
    write_tables({"keywords": terms, "tone": sentiment(corpus, draws=99)}, home)
    return home


def test_every_form_says_the_same(tables, terms):
    record = json.loads((tables / "keywords.json").read_text(encoding="utf-8"))
    content = (tables / "keywords.csv").read_bytes()
    assert record["csv_sha256"] == sha256(content).hexdigest()
    assert record["rows"] == len(terms.table)
    assert record["settings"] == terms.record["settings"]
    first = terms.table.iloc[0]
    for kind in ("md", "tex"):
        text = (tables / f"keywords.{kind}").read_text(encoding="utf-8")
        (line,) = [
            own for own in text.splitlines() if own.lstrip("| ").startswith(first["term"] + " ")
        ]
        assert re.split(r" [|&] ", line.strip("| "))[1:3] == [
            str(first["n_target"]), str(first["n_reference"]),
        ]  # fmt: skip
        assert "These two texts only." in text


def test_a_label_is_text_in_every_form(tmp_path):
    """Neither Markdown nor LaTeX reads a label as its own."""
    texts = ["Cats sleep and eat fish. " * 80], ["Dogs bark at cats. " * 80]
    labels = "<img src=x onerror=alert(1)>", r"$\input{x}$ & [a](b)"
    corpus = load_texts(*texts, labels=labels)
    write_tables({"keywords": keyness(corpus, draws=99)}, tmp_path)
    page = (tmp_path / "keywords.md").read_text(encoding="utf-8")
    assert r"\<img src=x onerror=alert(1)\>" in page
    assert not re.search(r"(?<!\\)[<$\[]", page)
    assert r"\textbackslash{}input\{x\}" in (tmp_path / "keywords.tex").read_text(encoding="utf-8")


def test_every_column_is_explained_and_nothing_else(tables):
    book = tomllib.loads(resource("codebook.toml").read_text(encoding="utf-8"))
    for path in tables.glob("*.csv"):
        record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        assert set(record["columns"]) == set(pd.read_csv(path).columns)
        listed = set(book["columns"]).union(*book.values())
        assert set(record["columns"]) <= listed
    page = (tables / "codebook.md").read_text(encoding="utf-8")
    assert "| `n_target` | keywords | occurrences in the target |" in page
    assert "| `n_target` | tone | sentences of the target |" in page


def test_the_codebook_has_no_meaning_twice_for_one_column():
    book = tomllib.loads(resource("codebook.toml").read_text(encoding="utf-8"))
    for name, own in book.items():
        if name != "columns":
            assert not [c for c, said in own.items() if book["columns"].get(c) == said], name


def test_a_table_in_latex_and_markdown_escapes_what_would_break_it():
    table = pd.DataFrame({"term": ["a|b & <c>", "50 %_$"], "n": [3, 1200]})
    shown = show(table, note="A note & more.")
    assert shown._repr_markdown_().splitlines()[2] == r"| a\|b \& \<c\> | 3 |"
    assert r"50 \%\_\$ & 1,200 \\" in shown.latex()
    assert shown._repr_latex_().startswith(r"\begin{longtable}{lr}")
    assert shown.latex(caption="C", label="tab:c").startswith(r"\begin{table}")


WIDE = pd.DataFrame({
    "term": ["relationship", "Russian-Iranian"], "n": ["11 : 5"] * 2, "DPnorm": ["0.35 : 0.81"] * 2,
    "log ratio": ["−3.2"] * 2,
    "95 % interval": ["[−∞, 1.5]"] * 2, "in another sense, 2018": [3, 3],
    "different words": [17] * 2, "family-wise p": [">.999"] * 2, "turn the sign alone": [1, 2],
    "words": ["objective, objectives, goal, goals, aim, aims, interest, priority " * 2] * 2,
})  # fmt: skip


def test_a_wide_table_stays_within_the_page_in_latex_and_its_columns_differ_in_word(tmp_path):
    shown = show(WIDE, note="A note.")
    rule = shown.markdown().splitlines()[1].strip("|").split("|")
    assert [len(cell) - 2 for cell in rule[:2]] == [len("Russian-Iranian") + 4, len("11 : 5") + 4]
    assert [cell.strip().endswith("-:") for cell in rule[5:7]] == [True, True]
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex: install TeX Live to compile the tables")
    source = (
        "\\documentclass{article}\\usepackage{lmodern,booktabs,longtable}\n"
        f"\\usepackage[margin=1in]{{geometry}}\n\\begin{{document}}\n{shown._repr_latex_()}\n"
        f"{show(WIDE.iloc[:, :8])._repr_latex_()}\n\\end{{document}}\n"
    )
    (tmp_path / "t.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    said = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, said[-1500:]
    assert "in alignment" not in said, said[-1500:]


def test_the_latex_compiles(tables, tmp_path):
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex: install TeX Live to compile the tables")
    long = show(pd.DataFrame({"text": ["word " * 60], "other": ["sentence " * 40]}))
    inputs = "".join(f"\\input{{{path}}}\n" for path in sorted(tables.glob("*.tex")))
    source = (
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs,longtable}\n"
        "\\usepackage[landscape,margin=1cm]{geometry}\n"
        f"\\begin{{document}}\n{inputs}{long._repr_latex_()}\n\\end{{document}}\n"
    )
    (tmp_path / "t.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-1500:]
