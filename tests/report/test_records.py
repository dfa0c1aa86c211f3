"""Captions and records say what their tables say: n, unit, settings, seed and checksums."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.description import describe
from analysis.errors import InputError
from analysis.keywords import concept_keyness, keyness, log_odds_limits, phrase_keyness
from analysis.report import beyond_words, concordance, keywords, publish
from analysis.report import corpus as corpus_figures
from analysis.result import unit_name
from analysis.text import Concept, count_terms, cut_units, load_folders

CONCEPTS = (Concept("animals", "What lives.", {"cats": "an animal", "dogs": "another"}),)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two folders of texts with paragraphs, numbers and phrases that come back."""
    texts = {
        "new": "Cats sleep well. The 3 cats eat red fish.\n\nDogs bark at red fish. Cats sleep.",
        "old": "Dogs bark. The dogs eat 3 red fish.\n\nRed fish swim. Dogs sleep. A dog barks.",
    }
    home = tmp_path_factory.mktemp("small")
    for name, text in texts.items():
        (home / name).mkdir()
        (home / name / "00.txt").write_text("\n\n".join([text] * 4), encoding="utf-8")
    return load_folders(home / "new", home / "old")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    return tmp_path


def written(figure):
    return json.loads((figure.folder / f"{figure.id}.json").read_text(encoding="utf-8"))


def check(figure, corpus, unit_tokens, asked, first=0):
    """Compare caption and record with what was asked for, counted anew from the texts."""
    units = cut_units(corpus, unit_tokens=unit_tokens)
    facts = written(figure)
    analysis = facts["record"]["analyses"][first]
    for group in corpus.groups:
        own = units.loc[units["group"] == group.label, "tokens"]
        assert analysis["units"][group.label] == {"units": len(own), "tokens": own.sum()}
        said = f"{group.label} ({group.role}): {len(own)} units, {own.sum():,} tokens"
        assert said in facts["caption"]
    assert f"units are {unit_name(corpus, unit_tokens)}." in facts["caption"]
    assert analysis["unit"] == unit_name(corpus, unit_tokens)
    assert facts["record"]["texts"] == {d.id: d.sha256 for d in corpus.documents}
    kept = {"seed": analysis["seed"], **analysis["settings"]}
    assert {name: kept[name] for name in asked} == asked


@settings(max_examples=12)
@given(
    st.sampled_from([8, 12, 30]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "stem"]),
    st.integers(20, 60),
    st.integers(0, 9),
)
def test_whatever_is_asked_for_is_what_is_said(
    small, unit_tokens, numbers, function_words, family, draws, seed
):
    counted = {"numbers": numbers, "function_words": function_words, "family": family}
    asked = {"unit_tokens": unit_tokens, **counted, "draws": draws, "seed": seed}
    terms = keyness(small, **asked)
    counts = count_terms(small, unit_tokens=unit_tokens, **counted)
    assert sorted(terms.table["term"]) == list(counts.terms)
    for figure in (keywords.ranked_figure(terms), keywords.rates_figure(terms)):
        check(figure, small, unit_tokens, asked)


@pytest.mark.parametrize("unit_tokens", [40, 120])
def test_on_the_articles_every_figure_says_what_made_it(corpus, unit_tokens):
    asked = {"unit_tokens": unit_tokens, "draws": 99, "seed": 3}
    terms = keyness(corpus, function_words=True, **asked)
    z = log_odds_limits(terms)
    figures = [
        keywords.ranked_figure(terms),
        keywords.funnel_figure(terms, z),
        keywords.rates_figure(terms),
        concordance.dispersion_figure(terms),
    ]
    for figure in figures:
        check(figure, corpus, unit_tokens, {**asked, "function_words": True})
    check(figures[1], corpus, unit_tokens, {}, first=1)
    source = written(figures[1])["record"]["analyses"][1]["settings"]["terms"]
    assert (source["analysis"], source["seed"]) == ("keyness", 3)
    assert source["settings"]["function_words"] is True
    concepts = concept_keyness(corpus, **asked)
    check(beyond_words.concepts_figure(concepts), corpus, unit_tokens, asked)
    texts = describe(corpus, unit_tokens=unit_tokens)
    made = written(corpus_figures.sentence_figure(texts))["record"]["analyses"][0]
    assert made["settings"]["unit_tokens"] == unit_tokens
    assert texts.table["units"].tolist() == [size["units"] for size in texts.sizes().values()]


def test_concepts_of_ones_own_stand_in_the_record(small):
    figure = beyond_words.concepts_figure(
        concept_keyness(small, concepts=CONCEPTS, unit_tokens=12, draws=40)
    )
    facts = written(figure)["record"]["analyses"][0]["facts"]
    assert facts["concepts"] == [
        {
            "name": "animals",
            "definition": "What lives.",
            "words": {"cats": "an animal", "dogs": "another"},
        }
    ]


def test_a_phrase_contrast_knows_its_units(small):
    found = phrase_keyness(small, unit_tokens=12, least=4, draws=40)
    assert found.settings["least"] == 4
    pd.testing.assert_frame_equal(found.units, cut_units(small, unit_tokens=12))


def test_a_result_is_never_certified_with_the_checksums_of_other_texts(small, corpus):
    ours, theirs = keyness(small, unit_tokens=12, draws=40), keyness(corpus, draws=40)
    z = log_odds_limits(theirs)
    with pytest.raises(InputError, match="must show results of one corpus"):
        keywords.funnel_figure(replace(ours, table=theirs.table), z)
    with pytest.raises(InputError, match="which its corpus does not hold"):
        replace(ours, corpus=corpus)


def test_a_record_needs_a_result(corpus):
    from analysis.report import canvas

    with pytest.raises(InputError, match="pass one result"):
        publish(canvas()[1], [], id="corpus-sentences", table=pd.DataFrame({"a": [1]}))


def test_a_figure_is_published_with_words_and_record_of_its_result(corpus, folder):
    texts = describe(corpus)
    drawn = corpus_figures.sentence_figure(texts)
    facts, whole = written(drawn), texts.record
    assert facts["record"]["texts"] == whole["texts"]
    assert facts["record"]["shown"] == {}
    of_it = {k: v for k, v in whole.items() if k not in ("texts", "versions")}
    assert facts["record"]["analyses"] == [of_it]
    assert facts["versions"] == whole["versions"]
