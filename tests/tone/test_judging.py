"""What judges tone: sentences set as headlines or joined, classes, and the fit of the model."""

import numpy as np
import pandas as pd
import pytest

from analysis.tone.calibration import load_calibration
from benchmarks import embedding_fit
from benchmarks.tone import as_headline
from benchmarks.tone_actors import _joinable, macro_f1
from benchmarks.tone_fit import LISTS, Weights
from benchmarks.tone_raters import by_word, own_raters


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("The allies praise a brave rescue.", "The Allies Praise a Brave Rescue"),
        ("He said it was ''bad''.", "He Said It Was ''Bad''"),
        ("A war of words", "A War of Words"),
    ],
)
def test_a_sentence_is_set_as_a_headline(text, headline):
    assert as_headline(text) == headline


def test_f1_is_the_mean_of_three_classes():
    """Told: one of two negative sentences, the neutral and the positive one."""
    cut = load_calibration().cut
    tone = np.array([-2 * cut, 0, 0, 2 * cut])
    rating = np.array([-1.0, -1.0, 0.0, 1.0])
    assert macro_f1(tone, rating) == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_only_short_sentences_of_one_name_are_joined():
    name = [object()]
    assert _joinable("The mayor of Paris was a kind man.", name)
    assert not _joinable("The mayor of Paris was a kind man; he left.", name)
    assert not _joinable("Paris shone.", name)
    assert not _joinable("The mayor of Paris was a kind man.", name * 2)


def test_groups_are_the_articles_with_one_word_and_not_the_other(monkeypatch):
    monkeypatch.setitem(by_word.__globals__["GROUPS"], "toy", ("cat", "dog"))
    texts = ["A cat.", "It slept.", "A dog.", "A cat and a dog.", "A bird."]
    one, other = by_word("toy", texts, np.array([1, 1, 2, 3, 4]))
    assert one.tolist() == [True, True, False, False, False]
    assert other.tolist() == [False, False, True, False, False]


def test_intervals_by_some_ratings_hold_what_they_should(monkeypatch):
    monkeypatch.setattr("benchmarks.tone_raters.DRAWS", 200)
    rng = np.random.default_rng(0)
    tone = rng.normal(size=800)
    rating = tone + rng.normal(size=800)
    sides = np.arange(800) < 400, np.arange(800) >= 400
    found = pd.DataFrame(own_raters(tone, rating, sides), columns=["codes", "measure", "value"])
    assert set(found["codes"]) == {50, 100, 200}
    covered = found["measure"].str.startswith("covered")
    assert found.loc[covered, "value"].between(0.9, 0.99).all()
    assert found.loc[~covered, "value"].between(0.2, 0.4).all()  # 1 - sqrt(1/2)


def test_what_is_stored_reads_as_what_was_fitted():
    """Landmarks, weights and lists for raw numbers give the blend that the benchmark judges."""
    rng = np.random.default_rng(1)
    embeddings = rng.normal(0.3, 1, (300, len(embedding_fit.READ) * embedding_fit.WIDTH))
    lists = rng.normal(size=(300, len(LISTS)))
    made = embedding_fit.Features.of(embeddings, lists)
    weights = rng.normal(size=made.table(embeddings, lists).shape[1])
    reading = embedding_fit.Reading(made, 0.2, weights)
    known = Weights(dict(zip(LISTS, (0.5, -0.2, 0.1, 0.3), strict=True)), np.zeros(0))
    judge = reading.judge(known, 0.4, "toy 1", "")
    scores = dict(zip(LISTS, lists.T, strict=True)) | {"learnt": rng.normal(size=300)}
    beside = lists @ list(known.lists.values()) + scores["learnt"]
    share = embedding_fit.SHARE
    blend = (1 - share) * reading.of(embeddings, lists) + share * beside
    assert judge.read(embeddings, scores) == pytest.approx(blend)
