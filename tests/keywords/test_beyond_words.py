"""Phrases and concepts contrasted like terms."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis import keyness, load_texts
from analysis.errors import InputError
from analysis.keywords import counted, dealt, lineup, lockwords, log_odds_limits, naive_p
from analysis.keywords.beyond_words import (
    collocations,
    concept_keyness,
    name_evidence,
    phrase_keyness,
)
from analysis.keywords.table import COLUMNS
from analysis.keywords.table import COLUMNS as KEYNESS
from analysis.report import beyond_words as figures
from analysis.report import concordance, keywords
from analysis.report.explorer import explorer
from analysis.report.figure import Published
from analysis.sentences import say
from analysis.text import load_concepts
from analysis.text.design import designed
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


def test_phrases_in_place_of_words_go_through_every_figure_of_terms(corpus, tmp_path):
    settings = (("draws", 99), ("phrases", True))
    decided = replace(corpus, settings=settings, figures=tmp_path)
    terms, phrases = keyness(decided), phrase_keyness(corpus, draws=99)
    pd.testing.assert_frame_equal(terms.table, phrases.table, check_exact=True)
    assert terms.record["settings"]["phrases"] is True
    counts = counted(terms)
    assert counts.terms == tuple(sorted(terms.table["term"]))
    assert set(lockwords(decided).table["term"]) == set(counts.terms)
    claimed = [int((naive_p(counts, deal) < 0.05).sum()) for deal in dealt(counts, times=9)]
    for published in (
        keywords.ranked_figure(terms),
        keywords.rates_figure(terms),
        keywords.deals_figure(terms, claimed),
        keywords.lineup_figure(lineup(terms)),
        keywords.funnel_figure(terms, log_odds_limits(terms)),
        concordance.dispersion_figure(terms),
    ):
        assert isinstance(published, Published)
    assert "every phrase" in (tmp_path / "keywords-funnel.json").read_text("utf-8")
    assert ">United States<" in keywords.keywords_table(terms)._repr_html_()
    page = explorer(terms)
    assert "united states" in page


def test_families_are_of_words_though_phrases_were_asked_for(corpus):
    decided = replace(corpus, settings=(("draws", 99), ("phrases", True)))
    several = keyness(decided, family="stem").table["term"].str.contains(" ")
    assert several.sum() == len(corpus.names)


def test_texts_without_a_phrase_cannot_be_compared_by_phrases():
    texts = load_texts(["Cats sleep. Dogs bark."] * 2, ["Birds fly. Fish swim."] * 2)
    with pytest.raises(InputError, match="No phrase comes back in these texts"):
        keyness(texts, phrases=True)


@pytest.fixture
def concepts_file(tmp_path: Path) -> Path:
    path = tmp_path / "concepts.toml"
    path.write_text(CONCEPTS)
    return path


# Contrast and figure


def test_names_are_runs_whose_words_hardly_stand_alone():
    texts = ["She saw New Genoa. In New Genoa Anna Ferri sang.", "Of New Genoa Ferri wrote. Ferri!"]
    corpus = load_texts([texts[0]] * 2, [texts[1], "So Anna Ferri left, and Ferri came."])
    table = name_evidence(corpus).table.set_index("name")
    assert table.loc["new genoa", ["n_target", "n_reference"]].tolist() == [4, 1]
    assert table.loc["new genoa", ["share_first", "share_last"]].tolist() == [1.0, 1.0]
    assert table.loc["anna ferri", "share_first"] == 1.0
    assert table.loc["anna ferri", "share_last"] == 3 / 6
    assert list(table.index) == ["new genoa", "anna ferri"]
    assert not table["declared"].any()
    declared = designed(corpus, {"names": ["Ferri wrote"]})
    table = name_evidence(declared).table.set_index("name")
    assert table.loc["ferri wrote", ["n_target", "n_reference", "declared"]].tolist() == [
        0,
        1,
        True,
    ]
    assert not table.loc["ferri wrote", "together"]


def test_concepts_are_contrasted_as_a_family(corpus):
    table = concept_keyness(corpus, draws=999).table
    assert list(table.columns) == COLUMNS
    assert set(table["term"]) == {c.name for c in load_concepts(corpus.concepts)}
    assert (table["p_family"] >= table["p_value"]).all()


def test_a_corpus_without_concepts_says_so(corpus):
    bare = concept_keyness(replace(corpus, concepts=None))
    assert list(bare.table.columns) == COLUMNS
    for shown in (figures.concepts_finding(bare), figures.concepts_table(bare)):
        assert "names no concepts" in repr(shown)
    assert "no figure of concepts" in repr(figures.concepts_figure(bare))


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
