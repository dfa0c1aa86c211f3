"""Phrases and collocations: counted by eye, then by string search, then against NLTK."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

from analysis.errors import InputError
from analysis.keywords.association import g2
from analysis.keywords.attraction import COLUMNS, collocations
from analysis.keywords.beyond_words import phrase_keyness
from analysis.keywords.table import COLUMNS as KEYNESS
from analysis.report import beyond_words as figures
from analysis.report.sentences import say
from analysis.text import Corpus, Document, Group, count_phrases, count_terms, tokenize
from analysis.text.cleaning import unwrap

WORDS = ["red", "green", "blue", "the", "of", "3"]


def in_memory(target: str, reference: str) -> Corpus:
    """Return a corpus of two plain texts, each sentence a paragraph."""
    groups = Group("new", "target", "#000000"), Group("old", "reference", "#999999")
    texts = zip(groups, (target, reference), strict=True)
    documents = tuple(
        Document(group.label, group.label, unwrap(text.replace(". ", ".\n\n")), "")
        for group, text in texts
    )
    return Corpus("toy", *groups, documents)


def totals(corpus: Corpus, **options: int) -> dict[str, int]:
    """Return how often each phrase occurs in both groups together."""
    counts = count_phrases(corpus, unit_tokens=2, **options)
    return dict(zip(counts.terms, counts.matrix.sum(axis=0).tolist(), strict=True))


def test_a_phrase_that_stands_alone_too_is_not_folded():
    once = in_memory("Open sea trade grows. Open sea trade ends.", "Open sea. Open sea. Calm.")
    assert totals(once, least=2) == {"open sea": 4, "open sea trade": 2}


def test_a_phrase_that_lives_only_inside_a_longer_one_is_folded():
    corpus = in_memory("Open sea trade grows. Open sea trade ends.", "Open sea. Calm days.")
    assert totals(corpus, least=2) == {"open sea trade": 2}
    assert totals(corpus, least=2, longest=2) == {"open sea": 3, "sea trade": 2}


def test_folding_goes_by_occurrences_outside_every_longer_phrase():
    longer = "Deep open sea. Open sea trade. " * 2
    assert totals(in_memory(longer, "Open sea. Calm."), least=2) == {
        "deep open sea": 2,
        "open sea trade": 2,
    }


def test_ends_are_words_of_content_and_the_middle_is_free():
    corpus = in_memory(
        "Sphere of influence. The sphere. 5 ships.", "Sphere of influence. The sphere. 5 ships."
    )
    assert totals(corpus, least=2) == {"sphere of influence": 2}


def test_a_phrase_ends_with_its_sentence():
    assert totals(in_memory("Cats eat. Fish swim.", "Cats eat. Fish swim."), least=2) == {
        "cats eat": 2,
        "fish swim": 2,
    }


def test_units_of_phrases_are_those_of_terms(corpus):
    terms, phrases = count_terms(corpus), count_phrases(corpus)
    pd.testing.assert_frame_equal(terms.units, phrases.units)
    assert terms.sizes.tolist() == phrases.sizes.tolist()
    assert terms.target.tolist() == phrases.target.tolist()


def test_phrases_of_the_articles_counted_by_string_search(corpus):
    counts = count_phrases(corpus)
    assert len(counts.terms) > 10
    for label, side in (("2018", counts.target), ("2017", ~counts.target)):
        texts = corpus.sentences.loc[corpus.sentences["group"] == label, "text"]
        lines = [" ".join(tokenize(text)) for text in texts]
        sums = counts.matrix.toarray()[side].sum(axis=0)
        for phrase, count in zip(counts.terms, sums, strict=True):
            pattern = rf"(?<!\S){re.escape(phrase)}(?!\S)"
            assert count == sum(len(re.findall(pattern, line)) for line in lines), phrase


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=8), min_size=4, max_size=12))
def test_no_phrase_occurs_more_often_than_a_part_of_it(sentences):
    text = " ".join(f"{' '.join(['Red', *words])}." for words in sentences)
    corpus = in_memory(text, text)
    counts = count_phrases(corpus, least=2, unit_tokens=4)
    single = count_terms(corpus, unit_tokens=4, numbers=True, function_words=True)
    words = dict(zip(single.terms, single.matrix.sum(axis=0), strict=True))
    found = dict(zip(counts.terms, counts.matrix.sum(axis=0), strict=True))
    for phrase, count in found.items():
        tokens = phrase.split()
        assert 2 <= len(tokens) <= 4
        assert count >= 2
        assert {tokens[0], tokens[-1]} <= {"red", "green", "blue"}
        if len(set(tokens)) == len(tokens):
            assert count <= min(words[token] for token in tokens)
        for part in (" ".join(tokens[:-1]), " ".join(tokens[1:])):
            assert count <= found.get(part, math.inf)


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


@pytest.mark.parametrize("option", ["longest", "least"])
def test_a_phrase_has_two_words_and_comes_back(tiny, option):
    with pytest.raises(InputError, match=f"{option} must be at least 2, got 1"):
        count_phrases(tiny, unit_tokens=4, **{option: 1})


def test_phrases_are_contrasted_like_terms(corpus):
    phrases = phrase_keyness(corpus, draws=999)
    table = phrases.table
    row = table.set_index("term").loc["united states"]
    assert (row["n_target"], row["n_reference"]) == (5, 1)
    assert row["p_family"] >= row["p_value"]
    finding = repr(figures.phrases_finding(phrases))
    assert f"**{len(table)} phrases come back**, at least 3 times" in finding
    assert "united states" in repr(figures.phrases_table(phrases))


# Collocations


@pytest.fixture(scope="module")
def measured(corpus):
    return collocations(corpus).table


def test_measures_by_hand():
    text = "Cats sleep. Cats sleep. Cats eat. Dogs eat. "
    row = (
        collocations(in_memory(text, text * 2), least=2).table.set_index("phrase").loc["cats sleep"]
    )
    assert (row["n_target"], row["n_reference"]) == (2, 4)
    # 8 tokens, of them 3 "cats" and 2 "sleep": 3 · 2 / 8 = 0.75 pairs are expected, 2 are found
    assert row["pmi_target"] == pytest.approx(math.log2(2 / 0.75))
    assert row["t_target"] == pytest.approx((2 - 0.75) / math.sqrt(2))
    assert row["dice_target"] == row["dice_reference"] == 2 * 2 / (3 + 2)
    cells = g2(np.array([2.0]), np.array([0.0]), 3, 5)
    assert row["likelihood_target"] == pytest.approx(cells[0])
    assert row["likelihood_reference"] == pytest.approx(2 * cells[0])


def test_measures_are_those_of_nltk(corpus, measured):
    assert list(measured.columns) == COLUMNS
    assert len(measured) > 10
    names = {"likelihood": "likelihood_ratio", "pmi": "pmi", "t": "student_t", "dice": "dice"}
    for group in corpus.groups:
        texts = corpus.sentences.loc[corpus.sentences["group"] == group.label, "text"]
        finder = BigramCollocationFinder.from_documents([tokenize(text) for text in texts])
        for column, name in names.items():
            scores = dict(finder.score_ngrams(getattr(BigramAssocMeasures, name)))
            expected = [scores.get(tuple(p.split()), math.nan) for p in measured["phrase"]]
            np.testing.assert_allclose(measured[f"{column}_{group.role}"], expected, rtol=1e-9)


def test_an_absent_phrase_has_no_measures(measured):
    for role in ("target", "reference"):
        absent = measured[f"n_{role}"] == 0
        assert absent.any() or role == "reference"
        for column in ("likelihood", "pmi", "t", "dice"):
            assert (measured[f"{column}_{role}"].isna() == absent).all()


def test_the_order_is_total(corpus, measured):
    strength = measured[["likelihood_target", "likelihood_reference"]].max(axis=1)
    keys = list(zip(-strength, measured["phrase"], strict=True))
    assert keys == sorted(keys)
    assert measured["phrase"].is_unique
    assert "first 10" in repr(figures.collocations_table(collocations(corpus)))
