"""A pack holds no run of words of the texts, and the figures come from it byte for byte."""

import json
import re
import shutil
from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis import describe, keyness
from analysis.errors import InputError
from analysis.files import sums
from analysis.report.figure import ROOT
from analysis.report.pack import RESULTS, RUN, Guard, _code, _document, _result, write_pack
from analysis.report.tables import write_tables
from analysis.report.unpack import (
    LEFT_OUT,
    MADE,
    ORIGINAL,
    OTHER,
    SAME,
    SENTENCES,
    STUDY,
    TOLD,
    _outcome,
    account,
    read_pack,
    rebuild,
    run_cells,
)
from analysis.result import Result
from analysis.text import cut_units, load_folders, tokenize
from analysis.text.documents import MISSING

PARAMETERS = 'sources = ["../red", "../blue"]\noutput = "../figures"\nchecksums = {}\nversion = ""'
CELLS = [
    "from analysis import describe, keyness, sentiment\n"
    "from analysis.report import concordance, corpus as corpus_view, open_study, tone\n"
    "corpus = open_study(sources, output, checksums, version)\nterms = keyness(corpus, draws=99)",
    "corpus_view.sentence_figure(describe(corpus))",
    "concordance.dispersion_figure(terms, 2)",
    "tone.contrast_figure(sentiment(corpus, draws=99))",
    "concordance.word_sentences(terms, terms)",
]
WORDS = "harbour sail storm good captain fish deck wind bad rope anchor tide".split()


def _sentence(k: int, turn: int, number: int) -> str:
    first, second, third = (
        WORDS[place % 12] for place in (k * k + turn * number, k + turn, 3 * k + number)
    )
    return f"The {first} of the {second} is seen near a {third} again."


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a folder with texts, a notebook on them, and the figures that it makes."""
    home = tmp_path_factory.mktemp("study")
    for side, turn in (("red", 0), ("blue", 5)):
        (home / side).mkdir()
        for number in range(3):
            text = " ".join(_sentence(k, turn, number) for k in range(14))
            (home / side / f"{number}.txt").write_text(text + "\n", encoding="utf-8")
    (home / "notebooks").mkdir()
    cells = [new_code_cell(PARAMETERS), *map(new_code_cell, CELLS)]
    nbformat.write(new_notebook(cells=cells), home / "notebooks" / "01_all.ipynb")
    corpus = replace(load_folders(home / "red", home / "blue"), figures=home / "figures")
    assert not list(run_cells({"01_all": CELLS}, corpus, home / "notebooks"))
    return home


@pytest.fixture(scope="module")
def pack(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("pack") / "pack"
    write_pack(study, out)
    return out


def test_figures_come_out_byte_for_byte_without_the_texts(study, pack, tmp_path):
    for side in ("red", "blue"):
        (study / side).rename(study / f"{side}-hidden")
    try:
        found, problems = rebuild(pack, tmp_path)
    finally:
        for side in ("red", "blue"):
            (study / f"{side}-hidden").rename(study / side)
    verdicts = dict(zip(found["file"], found["verdict"], strict=True))
    assert set(verdicts) == {f"figures/{name}" for name in sums(study / "figures")}
    assert {name for name, own in verdicts.items() if own != SAME} == {
        "figures/keywords-concordance.csv"
    }
    assert verdicts["figures/keywords-concordance.csv"] == LEFT_OUT
    assert [own.cell for own in problems] == ["concordance.word_sentences(terms, terms)"]
    assert "1 the same" not in account(found, problems)
    assert f"{len(found) - 1} the same byte for byte" in account(found, problems)


def test_what_the_counts_suffice_for_is_computed_anew(pack, tmp_path):
    """A count that is changed changes the keywords, whatever the tables of the pack say."""
    changed = tmp_path / "changed"
    shutil.copytree(pack, changed)
    counts = next(changed.glob("counts/*count-terms/counts.csv"))
    table = pd.read_csv(counts)
    term = json.loads(table.loc[0, "term"])
    table.loc[0, "n"] += 40
    table.to_csv(counts, index=False)
    before, after = (keyness(read_pack(own), draws=99).table.set_index("term")
                     for own in (pack, changed))  # fmt: skip
    columns = ["n_target", "n_reference"]
    assert (after.loc[term, columns].sum() - before.loc[term, columns].sum()) == 40
    assert after.loc[term, "p_value"] != before.loc[term, "p_value"]


def test_no_run_of_words_stands_in_it(study, pack):
    corpus = load_folders(study / "red", study / "blue")
    texts = [[token for own in d.tokens() for token in own] for d in corpus.documents]
    runs = {tuple(own[i : i + RUN]) for own in texts for i in range(len(own) - RUN + 1)}
    assert len(runs) > 100
    for path in (own for own in pack.rglob("*") if own.is_file()):
        held = tokenize(path.read_text(encoding="utf-8"))
        assert runs.isdisjoint(tuple(held[i : i + RUN]) for i in range(len(held))), path


def test_a_table_that_lacks_a_column_is_not_written_as_if_it_were_whole(pack, tmp_path):
    sizes = describe(read_pack(pack))
    assert write_tables({"sizes": sizes}, tmp_path / "whole") == ["sizes"]
    sizes.table.attrs[MISSING] = ["says"]
    write_tables({"sizes": sizes}, tmp_path / "lacking")
    assert not (tmp_path / "lacking" / "sizes.csv").exists()
    assert "| `says` |" in (tmp_path / "lacking" / "codebook.md").read_text(encoding="utf-8")


def test_it_says_what_is_left_out(pack):
    said = (pack / "README.md").read_text(encoding="utf-8")
    assert "figures/keywords-concordance.csv" in said
    assert "No 6 words in a row" in said
    assert "these files are not made: figures/keywords-concordance.csv" in said
    assert "All other files of the study come out of it byte for byte" in said


def test_a_file_that_repeats_the_texts_is_refused(study):
    corpus = load_folders(study / "red", study / "blue")
    words = re.sub(r"\s+", " ", corpus.documents[0].text)
    guard = Guard(corpus)
    guard.refuse("short.md", " ".join(words.split()[: RUN - 1]))
    first = " ".join(tokenize(words)[:RUN])
    with pytest.raises(InputError, match=rf"notes\.md would repeat 6 words.*“{re.escape(first)}”"):
        guard.refuse("notes.md", "As it says: " + words[:80])
    table = pd.DataFrame({"says": ["so", words[:80]], "n": [1, 2]})
    assert list(guard.without(table, "notes")) == ["n"]
    assert guard.withheld == {"notes: says"}


def test_words_side_by_side_are_no_quotation_and_declared_names_are_told(study):
    corpus = load_folders(study / "red", study / "blue")
    words = re.sub(r"\s+", " ", corpus.documents[0].text).split()
    halves = [" ".join(words[:4]), " ".join(words[4:8])]
    Guard(corpus).refuse("made.json", json.dumps({"phrases": halves}))
    Guard(corpus).refuse("counts.csv", "term\n" + "\n".join(halves) + "\n")
    for name, text in (
        ("made.json", json.dumps({"phrases": [" ".join(halves)]})),
        ("counts.csv", f"term\n{json.dumps([' '.join(halves)])!r}\n"),
    ):
        with pytest.raises(InputError, match="words of the texts in a row"):
            Guard(corpus).refuse(name, text)
    named = replace(corpus, names=(" ".join(words[:8]),))
    Guard(named).refuse("study.json", json.dumps({"names": named.names}))


def test_a_title_that_repeats_its_text_is_left_out(study):
    corpus = load_folders(study / "red", study / "blue")
    guard = Guard(corpus)
    document = corpus.documents[0]
    assert _document(replace(document, title="A day at sea"), guard)["title"] == "A day at sea"
    assert not guard.withheld
    assert _document(replace(document, title=document.text[:80]), guard)["title"] == ""
    assert guard.withheld == {f"study.json: title of {document.id}"}


def test_what_comes_out_otherwise_is_told_from_what_differs(pack, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(pack, changed)
    original = json.loads((changed / ORIGINAL).read_text(encoding="utf-8"))
    told, other = sorted(name for name in original["figures"] if name.endswith(".png"))[:2]
    original["figures"] |= {told: "0" * 64, other: "0" * 64}
    (changed / ORIGINAL).write_text(json.dumps(original), encoding="utf-8")
    facts = json.loads((changed / STUDY).read_text(encoding="utf-8"))
    assert facts["otherwise"] == []
    facts["otherwise"] = [f"figures/{told}"]
    (changed / STUDY).write_text(json.dumps(facts), encoding="utf-8")
    found, problems = rebuild(changed, tmp_path / "out")
    verdicts = found.set_index("file")["verdict"]
    assert verdicts[f"figures/{told}"] == TOLD
    assert verdicts[f"figures/{other}"] == OTHER
    assert f"{TOLD}: figures/{told}" in account(found, problems)


def test_a_folder_of_ones_own_is_given_what_compare_adds(study):
    """Tables, findings and numbers, which its notebooks do not write themselves."""
    own = _code(study / "notebooks")
    assert list(own) == ["01_all", RESULTS]
    assert "['01_all']" in own[RESULTS][0]
    assert RESULTS not in _code(ROOT / "notebooks")


def test_a_pack_is_written_into_a_new_folder_only(study, pack, tmp_path):
    with pytest.raises(InputError, match="is there already"):
        write_pack(study, pack)
    with pytest.raises(InputError, match="holds no folder notebooks"):
        write_pack(tmp_path, tmp_path / "out")


def test_documents_keep_what_names_them(study, pack):
    study_, corpus = json.loads((pack / STUDY).read_text(encoding="utf-8")), read_pack(pack)
    assert study_["documents"][0]["sha256"] == corpus.documents[0].sha256
    assert len(pd.read_csv(pack / SENTENCES)) == len(corpus.sentences) == 84
    assert json.loads((pack / MADE).read_text(encoding="utf-8"))


def test_a_part_may_bear_the_name_of_a_table_of_its_own(study, tmp_path):
    corpus = load_folders(study / "red", study / "blue")
    units = cut_units(corpus)
    part = pd.DataFrame({"unit": [0, 1], "tone": [0.25, -1.5]})
    made = Result("course", corpus, {}, units.head(1), units, "units", "-", {"units": part}, {})
    files: dict[str, str] = {}
    entry = _result(made, "results/00-course", files, Guard(corpus))
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = _outcome(entry, tmp_path)
    pd.testing.assert_frame_equal(found.parts["units"], part)
    assert list(found.units["tokens"]) == list(units["tokens"])
