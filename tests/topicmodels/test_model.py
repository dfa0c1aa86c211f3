"""Topic models: planted topics come back, anchor words hold, the same digits come out."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, sparse
from sklearn.decomposition import NMF
from threadpoolctl import threadpool_limits

from analysis.errors import InputError
from analysis.text import count_terms, load_folders
from analysis.topicmodels import model
from analysis.topicmodels.choice import match, top_terms
from analysis.topicmodels.model import check_k, first_copies, fold_in, mark_anchors, material_of

KINDS = model.MODELS


@pytest.fixture(scope="module")
def small(planted):
    return planted(120, 100, 3, seed=1)


@pytest.fixture(scope="module")
def articles(corpus):
    return material_of(count_terms(corpus))


@pytest.mark.parametrize("kind", KINDS)
def test_planted_topics_are_recovered(small, kind):
    counts, terms, shares = small
    found = model.fit(model.weigh(counts, kind), 3, model=kind)
    partner, agreement = match(top_terms(terms), top_terms(found.terms))
    assert agreement.mean() > 0.6
    for topic, other in enumerate(partner):
        assert np.corrcoef(shares[:, topic], found.shares[:, other])[0, 1] > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_units_and_topics_are_distributions(articles, kind):
    found = model.fit(model.weigh(articles.counts, kind), 4, model=kind)
    for table in (found.shares, found.terms):
        assert (table >= 0).all()
        np.testing.assert_allclose(table.sum(axis=1), 1)


def test_factorisation_is_scikit_learns(articles):
    values = model.tf_idf(articles.counts)
    other = NMF(3, init="random", random_state=7, max_iter=300)
    held = other.fit_transform(values.toarray()) * other.components_.sum(axis=1)
    found = model.fit(values, 3, start=7)
    np.testing.assert_allclose(found.shares, held / held.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_unit_drawn_twice_is_two_units(small, kind):
    counts = small[0][:30]
    values, weights = model.weigh(counts, kind), np.ones(30)
    weights[[4, 9]] = 2, 0
    twice = values[np.repeat(np.arange(30), weights.astype(int))]
    once, both = (
        model.fit(values, 2, model=kind, weights=weights),
        model.fit(twice, 2, model=kind),
    )
    assert np.isnan(once.shares[9]).all()
    assert np.isfinite(np.delete(once.shares, 9, axis=0)).all()
    enough = 0.9 if kind == "nmf" else 0.8  # a sampler deals the words of two units anew
    assert match(top_terms(once.terms), top_terms(both.terms))[1].mean() >= enough


def test_allocation_needs_whole_weights(small):
    with pytest.raises(InputError, match="whole numbers"):
        model.fit(model.weigh(small[0], "lda"), 2, model="lda", weights=np.full(120, 0.5))


def test_an_unknown_model_is_refused(small):
    with pytest.raises(InputError, match="one of nmf, lda, got 'bert'"):
        model.weigh(small[0], "bert")


@pytest.mark.parametrize("kind", KINDS)
def test_an_anchored_topic_keeps_its_words_and_the_others_are_free(small, kind):
    """Seeds of two of three planted topics: theirs come first, and all three are still found."""
    counts, terms, shares = small
    own = terms / terms.sum(axis=0)
    marks = np.zeros((2, counts.shape[1]))
    for row, topic in enumerate((2, 0)):
        named = [i for i in np.argsort(-terms[topic]) if own[topic, i] > 0.7][:3]
        marks[row, named] = 1
    found = model.fit(model.weigh(counts, kind), 3, model=kind, anchors=marks)
    for row in (0, 1):
        assert (found.terms[:, marks[row] > 0].argmax(axis=0) == row).all()
        assert (top_terms(found.terms)[row] >= marks[row]).all()
    for row, topic in enumerate((2, 0, 1)):
        assert np.corrcoef(shares[:, topic], found.shares[:, row])[0, 1] > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_anchor_words_decide_which_topic_is_which(small, kind):
    """The same seeds in another order give the same topics in that order."""
    counts, terms, _ = small
    marks = top_terms(terms)[:2]
    values = model.weigh(counts, kind)
    one, two = (model.fit(values, 3, model=kind, anchors=m).terms for m in (marks, marks[::-1]))
    np.testing.assert_array_equal(match(top_terms(one), top_terms(two))[0], [1, 0, 2])


def test_anchor_words_are_checked():
    terms = ("barn", "reef", "tide")
    cases = {
        "no terms of the model: Reef, anchor": {"sea": ["Reef", "anchor", "tide"]},
        "got none for sea": {"sea": []},
        "got none for farm": {"farm": "barn"},
        "got twice: reef": {"sea": ["reef"], "land": ["barn", "reef"]},
    }
    for message, anchors in cases.items():
        with pytest.raises(InputError, match=message):
            mark_anchors(anchors, terms)
    marks = mark_anchors({"sea": ["tide", "reef", "tide"], "farm": ["barn"]}, terms)
    assert marks.tolist() == [[0, 1, 1], [1, 0, 0]]


def test_more_anchored_topics_than_topics_are_refused(articles):
    with pytest.raises(InputError, match="anchor words for 3 topics, more than k=2"):
        check_k(2, articles, anchored=3)


@given(arrays(float, (4, 6), elements=st.sampled_from([0.0, 1.0, 2.0])))
def test_folding_in_by_least_squares_is_scipys(values):
    terms = np.random.default_rng(4).random((2, 6)) + 0.1
    found = fold_in(sparse.csr_array(values), terms, model="nmf")
    expected = [optimize.nnls(terms.T, row)[0] for row in values]
    np.testing.assert_allclose(found, expected, atol=0.02)


def test_folding_in_by_likelihood_is_the_likeliest():
    """With two topics there is one share to find, and so a minimum to look up."""
    rng = np.random.default_rng(5)
    terms = rng.dirichlet(np.ones(8), 2)
    counts = rng.poisson(3, (6, 8))
    found = fold_in(sparse.csr_array(counts), terms, model="lda")
    for row, shares in zip(counts, found, strict=True):
        best = optimize.minimize_scalar(
            lambda s, row=row: -(row * np.log(s * terms[0] + (1 - s) * terms[1])).sum(),
            bounds=(0, 1), method="bounded",
        )  # fmt: skip
        assert shares[0] == pytest.approx(best.x, abs=0.01)
    np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize("kind", ["nmf", "lda"])
def test_units_without_any_of_the_terms_are_folded_in(kind):
    """Half of few terms may be in no unit left out, or in no topic, or be none at all."""
    nothing, given = sparse.csr_array((3, 2)), sparse.csr_array(np.ones((3, 2)))
    found = fold_in(nothing, np.ones((2, 2)), model=kind)
    np.testing.assert_allclose(found, 0 if kind == "nmf" else 0.5)
    np.testing.assert_array_equal(fold_in(given, np.zeros((2, 2)), model=kind), np.zeros((3, 2)))
    assert fold_in(given[:, []], np.zeros((2, 0)), model=kind).shape == (3, 2)


def test_copies_of_a_unit_are_kept_and_known(write_folder):
    """'gull' stands in two units that are one text, and so links nothing; 'reef' links two."""
    texts = ["Reef gull tide.", "Reef gull tide.", "Reef wave.", "Barn wave.", "Barn hay."]
    new = write_folder("new", *texts, *[f"Filler{i} rope." for i in range(6)])
    old = write_folder(
        "old", *[f"Other{i} rope." if i < 3 else f"Other{i} hay." for i in range(10)]
    )
    data = material_of(count_terms(load_folders(new, old)))
    assert data.duplicates == 1
    assert "reef" in data.terms
    assert "gull" not in data.terms
    assert data.counts[[0]].toarray().tolist() == data.counts[[1]].toarray().tolist()


def test_copies_are_the_units_with_equal_counts():
    rng = np.random.default_rng(6)
    counts = rng.integers(0, 2, (40, 4))
    first = first_copies(sparse.csr_array(counts))
    for unit, copy in enumerate(first):
        equal = np.flatnonzero((counts == counts[unit]).all(axis=1))
        assert copy == equal[0]


def test_copies_do_not_make_up_for_units(articles):
    with pytest.raises(InputError, match=r"38 units \(30 like another\)"):
        check_k(9, replace(articles, duplicates=30))


def test_a_group_without_shared_terms_is_refused(write_folder):
    new = write_folder("new", *[f"Alone{i} lonely{i}." for i in range(10)])
    old = write_folder("old", *["Reef tide.", "Reef gull.", "Gull tide hay."] * 4)
    with pytest.raises(InputError, match="Group 'new' has 0 units with a term shared"):
        material_of(count_terms(load_folders(new, old)))


def test_units_of_one_group_alone_are_refused(corpus):
    counts = count_terms(corpus)
    with pytest.raises(InputError, match="Group 'of one side' has 0 units"):
        material_of(replace(counts, target=np.ones(len(counts.units), dtype=bool)))


DIGEST = """
from test_model import digest
from analysis.topicmodels.model import material_of
from analysis.text import count_terms, load_corpus
print(digest(material_of(count_terms(load_corpus()))))
"""


def digest(data):
    """Return a hash of every digit of four models."""
    models = [
        model.fit(model.weigh(data.counts, kind), 4, model=kind, start=start)
        for kind in KINDS
        for start in (None, 5)
    ]
    everything = b"".join(m.shares.tobytes() + m.terms.tobytes() for m in models)
    return hashlib.sha256(everything).hexdigest()


def test_one_core_and_two_give_the_same_digits(articles):
    """In this process on one thread, and in a fresh one whose linear algebra may use two."""
    home = Path(__file__).resolve().parent
    paths = os.pathsep.join([str(home), str(home.parents[1])])
    threads = {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2", "PYTHONPATH": paths}
    run = subprocess.run(
        [sys.executable, "-c", DIGEST],
        env={**os.environ, **threads}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    with threadpool_limits(1):
        assert run.stdout.strip() == digest(articles)
