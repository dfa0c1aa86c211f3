"""Phrases and concepts contrasted like terms."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.keywords.beyond_words import collocations, concept_keyness, phrase_keyness
from analysis.keywords.table import COLUMNS
from analysis.keywords.table import COLUMNS as KEYNESS
from analysis.report import beyond_words as figures
from analysis.report.figure import Published
from analysis.report.sentences import say
from analysis.text import (
    load_concepts,
)
from tests.helpers import CONCEPTS, in_memory


def test_texts_without_a_phrase_have_an_empty_table():
    corpus = in_memory("Cats sleep. " * 80, "Dogs bark. " * 80)
    phrases = phrase_keyness(corpus, least=500, draws=99)
    table = phrases.table
    assert list(table.columns) == KEYNESS
    assert table.empty
    for shown in (
        figures.phrases_finding(phrases),
        figures.phrases_table(phrases),
        figures.collocations_table(collocations(corpus, least=500)),
    ):
        assert repr(shown) == say("keywords.phrases.none", {})


def test_phrases_are_contrasted_like_terms(corpus):
    phrases = phrase_keyness(corpus, draws=999)
    table = phrases.table
    row = table.set_index("term").loc["united states"]
    assert (row["n_target"], row["n_reference"]) == (5, 1)
    assert row["p_family"] >= row["p_value"]
    finding = repr(figures.phrases_finding(phrases))
    assert f"**{len(table)} phrases come back**, at least 3 times" in finding
    assert "United States" in repr(figures.phrases_table(phrases))


@pytest.fixture
def concepts_file(tmp_path: Path) -> Path:
    path = tmp_path / "concepts.toml"
    path.write_text(CONCEPTS)
    return path


# Contrast and figure


def test_concepts_are_contrasted_as_a_family(corpus):
    table = concept_keyness(corpus, draws=999).table
    assert list(table.columns) == COLUMNS
    assert set(table["term"]) == {c.name for c in load_concepts(corpus.concepts)}
    assert (table["p_family"] >= table["p_value"]).all()


def test_a_corpus_without_concepts_says_so(corpus):
    bare = concept_keyness(replace(corpus, concepts=None))
    assert list(bare.table.columns) == COLUMNS
    for shown in (
        figures.concepts_finding(bare),
        figures.concepts_figure(bare),
        figures.concepts_table(bare),
    ):
        assert "names no concepts" in repr(shown)


def test_an_absent_concept_stands_last_with_zeros(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    path = tmp_path / "own.toml"
    path.write_text(CONCEPTS.replace("red =", "syria ="))
    own = replace(corpus, concepts=path)
    found = concept_keyness(own, draws=99)
    table = found.table
    last = table.iloc[-1]
    assert table["term"].tolist() == ["colour", "taste"]
    assert (last["n_target"], last["n_reference"], last["rate_target"]) == (0, 0, 0.0)
    assert last[["log_ratio", "ci_low", "p_value", "p_family", "score"]].isna().all()
    assert "In neither group is there a word of *taste*." in repr(figures.concepts_finding(found))
    assert isinstance(figures.concepts_figure(found), Published)


def test_concepts_of_which_none_occurs(corpus, concepts_file):
    concepts_file.write_text(CONCEPTS.replace("red =", "zebra ="))
    own = replace(corpus, concepts=concepts_file)
    found = concept_keyness(own)
    table = found.table
    assert table["term"].tolist() == ["colour", "taste"]
    assert (table[["n_target", "n_reference"]] == 0).all(axis=None)
    assert "In neither group" in repr(figures.concepts_figure(found))


def test_finding_and_figure_say_what_the_table_says(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    found = concept_keyness(corpus)
    table = found.table
    sure = table.loc[table["p_family"] < 0.05, "term"]
    finding = repr(figures.concepts_finding(found))
    assert finding.startswith(f"**{len(sure) or 'None'} of {len(table)} concepts** separate")
    drawn = figures.concepts_figure(found)
    assert isinstance(drawn, Published)
    assert all(f"*{term}* (" in finding and term in drawn.alt for term in sure)
    assert "concepts.toml" in repr(figures.concepts_table(found))
    listed = figures.concept_words_table(found).cells
    assert ("Syria", "Bashar al-Assad", "1", "1") in [row[:4] for row in listed]
