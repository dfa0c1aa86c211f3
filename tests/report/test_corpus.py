"""What notebook 01 says and shows of the texts."""

import pandas as pd
import pytest

from analysis.description import describe
from analysis.report import corpus as view
from analysis.text import load_folders


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    return tmp_path


@pytest.fixture
def plain(write_folder):
    """Texts in which nothing is to be cleaned; one sentence and one word against three."""
    return describe(
        load_folders(write_folder("a_b", "Cats sleep here."), write_folder("old", "Dogs bark."))
    )


def test_the_finding_counts_and_compares(corpus):
    said = view.corpus_finding(describe(corpus)).text
    table = describe(corpus).table.set_index("group")
    for label, row in table.iterrows():
        assert (
            f"{label}: 1 document, {row['sentences']} sentences, {row['tokens']:,} tokens" in said
        )
    ratio = table["tokens"].max() / table["tokens"].min()
    assert f"The text of 2017 is {ratio:.1f} times as long as that of 2018." in said
    assert said.endswith("cannot be told apart.")


def test_one_is_singular_and_names_are_escaped(plain):
    said = view.corpus_finding(plain).text
    assert r"a\_b: 1 document, 1 sentence, 3 tokens of 3 types, 1 unit of inference" in said
    assert r"The text of a\_b is 1.5 times as long as that of old." in said


def test_a_look_shows_what_was_met_or_says_that_nothing_was(corpus, write_folder):
    assert repr(view.look_table(describe(corpus))).startswith("Nothing was met that is no prose")
    red = write_folder("red", "<b>Cats</b> &amp; dogs. " * 8)
    (red / "notes.odt").write_bytes(b"PK")
    met = describe(load_folders(red, write_folder("blue", "Dogs bark. " * 20)))
    shown = view.look_table(met)
    assert "tags of web pages" in repr(shown)
    assert "--clean markup" in repr(shown)
    assert "Passed over in" in shown.note
    clean = load_folders(red, write_folder("two", "Dogs bark. " * 20), cleaning=["markup"])
    assert "notes.odt" in repr(view.look_table(describe(clean)))


def test_without_edits_nothing_is_said_of_rules(plain):
    assert repr(view.cleaning_finding(plain)).startswith("The texts were taken as they are")


def test_figures_say_what_they_show(corpus, out):
    texts = describe(corpus)
    sentences = view.sentence_figure(texts)
    removed, said = texts.parts["removed"], view.cleaning_finding(texts).text
    most = removed.loc[removed["characters"].idxmax()]
    assert f"{most['characters']:,} characters, went by the rule “{most['rule']}”" in said
    for label, own in removed.groupby("group"):
        assert (
            f"{own['characters'].sum():,} characters in {own['edits'].sum()} places of {label}"
            in said
        )
    medians = texts.parts["sentences"].groupby("group")["tokens"].median()
    assert f"2018 {medians['2018']:.0f} tokens, 2017 {medians['2017']:.0f} tokens." in sentences.alt
    units = pd.read_csv(out / "corpus-units.csv")
    assert units["tokens"].tolist() == texts.units["tokens"].tolist()


def test_tables_hold_the_rows_of_the_description(corpus):
    texts = describe(corpus)
    assert len(view.documents_table(texts).cells) == 2
    sizes = view.sizes_table(texts)
    assert sizes.cells[0][0] == "2018"
    own = texts.units.loc[texts.units["group"] == "2018", "tokens"]
    assert sizes.cells[0][-1] == f"{own.min()} to {own.max()}"
    assert len(view.corrections_table(texts).cells) == len(texts.parts["corrections"])
    assert len(view.examples_table(texts).cells) == min(20, len(texts.parts["examples"]))


def test_where_no_word_was_corrected_a_sentence_says_so(plain):
    assert "No word of these texts" in str(view.corrections_table(plain))
