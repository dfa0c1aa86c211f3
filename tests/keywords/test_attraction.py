"""Collocations: NLTK's measures, group by group."""

import math

import numpy as np
import pytest
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

from analysis.keywords.beyond_words import COLLOCATIONS, collocations
from analysis.keywords.formulas import g2
from analysis.report import beyond_words as figures
from analysis.text import tokenize
from tests.helpers import in_memory


@pytest.fixture(scope="module")
def measured(corpus):
    return collocations(corpus).table


# Collocations


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
    assert list(measured.columns) == COLLOCATIONS
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
