"""Prevalence: shares are unbiased, their uncertainty adds up, and words are given to topics."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.topicmodels import contrast, sampling
from analysis.topicmodels.prevalence import Estimate, contrast_shares, fold
from analysis.topicmodels.sampling import Posterior, draw_posterior
from benchmarks.planted import Design, plant

TOPICS = np.array([[0.5, 0.3, 0.1, 0.1], [0.1, 0.1, 0.3, 0.5]])
EQUAL = np.array([0.5, 0.5])


def certain(terms, shares):
    """A posterior that leaves no doubt of the topics."""
    return Posterior(shares, terms, terms[None], [], 0.0)


@given(st.floats(0, 1))
def test_folding_in_returns_the_shares_that_made_a_unit(share):
    unit = 1_000 * (share * TOPICS[0] + (1 - share) * TOPICS[1])
    found = fold(sparse.csr_array(unit[None]), TOPICS, EQUAL)
    np.testing.assert_allclose(found, [[share, 1 - share]], atol=1e-9)


@given(st.integers(0, 1_000))
def test_shares_folded_in_sum_to_one(seed):
    rng = np.random.default_rng(seed)
    terms, weights = rng.dirichlet(np.ones(12), 3), rng.dirichlet(np.ones(3))
    units = sparse.csr_array(rng.poisson(1, (5, 12)) + np.eye(5, 12, dtype=int))
    np.testing.assert_allclose(fold(units, terms, weights).sum(axis=1), 1)


def test_folding_in_is_unbiased_in_short_units():
    """The mean over many units of ten words is their share, which likelihood would draw inwards."""
    rng = np.random.default_rng(1)
    units = rng.multinomial(10, 0.9 * TOPICS[0] + 0.1 * TOPICS[1], 20_000)
    found = fold(sparse.csr_array(units), TOPICS, EQUAL)[:, 0]
    assert found.mean() == pytest.approx(0.9, abs=3 * found.std() / np.sqrt(20_000))
    assert found.max() > 1


def test_folding_in_is_weighted_least_squares():
    """Least squares on frequencies, each divided by the root of its expected size."""
    rng = np.random.default_rng(2)
    unit = rng.multinomial(60, EQUAL @ TOPICS)
    scale = 1 / np.sqrt(EQUAL @ TOPICS)
    expected = np.linalg.lstsq((TOPICS * scale).T, unit / 60 * scale, rcond=None)[0]
    np.testing.assert_allclose(fold(sparse.csr_array(unit[None]), TOPICS, EQUAL)[0], expected)


def test_given_the_topics_the_interval_is_welchs():
    rng = np.random.default_rng(3)
    units = sparse.csr_array(rng.multinomial(50, EQUAL @ TOPICS, 20))
    target = np.arange(20) < 8
    own = contrast_shares(units, certain(TOPICS, np.full((20, 2), 0.5)), target)
    test = stats.ttest_ind(own.folded[target], own.folded[~target], equal_var=False)
    expected = test.confidence_interval()
    np.testing.assert_allclose(own.interval(), [expected.low, expected.high])
    np.testing.assert_allclose(own.estimate, own.target.estimate - own.reference.estimate)


def test_doubt_of_the_topics_adds_to_the_variance():
    """Two draws of the topics: the mean of the variances, and 3/2 of the variance between."""
    rng = np.random.default_rng(4)
    units, target = sparse.csr_array(rng.multinomial(50, EQUAL @ TOPICS, 20)), np.arange(20) < 8
    other = np.array([[0.6, 0.2, 0.1, 0.1], [0.1, 0.2, 0.4, 0.3]])
    shares = np.full((20, 2), 0.5)
    first, second = (contrast_shares(units, certain(t, shares), target) for t in (TOPICS, other))
    both = Posterior(shares, (TOPICS + other) / 2, np.array([TOPICS, other]), [], 0.0)
    found = contrast_shares(units, both, target)
    np.testing.assert_allclose(found.estimate, (first.estimate + second.estimate) / 2)
    between = (first.estimate - second.estimate) ** 2 / 2
    expected = (first.error**2 + second.error**2) / 2 + 1.5 * between
    np.testing.assert_allclose(found.error**2, expected)


def test_other_starts_add_their_variance():
    """Starts a tenth above and below: their variance of .01 is added; if equal, nothing is."""
    whole = np.array([0.3]), np.array([0.1]), np.array([20.0])
    own = Estimate(*whole)
    alike = np.array([[0.5], [0.9]])
    wider = own.widened(np.array([[0.2], [0.4]]), alike)
    assert wider.error[0] ** 2 == pytest.approx(0.01 + 0.01)
    assert wider.df[0] == pytest.approx(0.02**2 / (0.01**2 / 20 + 0.01**2 / 2))
    assert own.widened(np.array([[0.3], [0.3]]), alike).interval() == own.interval()


def test_a_start_that_finds_another_topic_adds_nothing():
    own = Estimate(np.array([0.3]), np.array([0.1]), np.array([20.0]))
    once = own.widened(np.array([[0.2], [0.9]]), np.array([[0.5], [0.4]]))
    assert once.error[0] ** 2 == pytest.approx(0.01 + 0.01)
    never = own.widened(np.array([[0.2], [0.9]]), np.array([[0.4], [0.4]]))
    assert never.interval() == own.interval()


@pytest.fixture(scope="module")
def planted():
    return plant(Design(documents=(200, 200), shift=0.3), np.random.default_rng(5))


@pytest.fixture(scope="module")
def found(planted):
    counts = sparse.csr_array(planted.counts)
    truth = planted.counts @ planted.own.T  # a rough start in the order of the planted topics
    return draw_posterior(counts, truth / truth.sum(axis=1, keepdims=True), seed=0)


def test_the_posterior_finds_topics_and_background(planted, found):
    own = [np.argsort(-words)[:10] for words in planted.own]
    back = contrast.relevance(found.terms, found.shares.mean(axis=0))
    tops = [np.argsort(-words)[:10] for words in back]
    assert np.mean([len(set(a) & set(b)) for a, b in zip(own, tops, strict=True)]) >= 7
    assert 0.05 < found.background < 0.35  # what is common may be part of every topic as well
    np.testing.assert_allclose(found.shares.sum(axis=1), 1)
    np.testing.assert_allclose(found.draws.sum(axis=2), 1)


def test_a_planted_difference_is_measured_without_shrinking(planted, found):
    own = contrast_shares(sparse.csr_array(planted.counts), found, planted.target)
    low, high = own.interval()
    assert low[0] < 0.3 < high[0]
    shrunk = found.shares[planted.target].mean(axis=0) - found.shares[~planted.target].mean(axis=0)
    assert shrunk[0] < own.estimate[0]


def test_the_same_seed_gives_the_same_digits(planted):
    counts, start = sparse.csr_array(planted.counts), np.full((400, 2), 0.5)
    one, two = (draw_posterior(counts, start, seed=3, burn=2, sweeps=4) for _ in range(2))
    np.testing.assert_array_equal(one.draws, two.draws)


def test_every_word_is_given_to_one_topic_or_to_the_background(planted, found):
    given_out = sum(table.toarray() for table in found.assigned)
    assert (given_out <= planted.counts).all()
    share = given_out.sum() / planted.counts.sum()
    assert share == pytest.approx(1 - found.background, abs=0.02)


def test_topics_taken_in_another_order_are_the_same_topics(found):
    other = found.reordered(np.arange(400)[::-1], np.array([4, 0, 1, 2, 3]))
    np.testing.assert_array_equal(other.shares[0, 0], found.shares[-1, 4])
    np.testing.assert_array_equal(other.draws[:, 1], found.draws[:, 0])
    assert (other.assigned[0][[0]] != found.assigned[4][[399]]).nnz == 0


def test_learning_alpha_finds_what_made_the_counts():
    rng, alpha = np.random.default_rng(6), np.array([0.2, 0.8])
    shares = rng.dirichlet(alpha, 5_000)
    counts = np.array([rng.multinomial(40, p) for p in shares])
    guess = np.ones(2)
    for _ in range(200):
        guess = sampling.learnt_alpha(counts, guess)
    np.testing.assert_allclose(guess, alpha, rtol=0.1)


def test_learning_eta_is_learning_an_even_alpha():
    counts = np.random.default_rng(7).poisson(2, (4, 9))
    even = sampling.learnt_alpha(counts, np.full(9, 0.3)).mean()
    assert sampling.learnt_eta(counts, 0.3) == pytest.approx(even)


def test_wording_counts_the_words_given_to_a_topic():
    """Of topic 1 the target says "crisis" 3 of 4 times, the reference 1 of 4; topic 2 is out."""
    first = sparse.csr_array([[1, 1], [2, 0], [1, 1], [0, 2]])
    second = sparse.csr_array([[1, 0], [0, 0], [0, 1], [1, 0]])
    target = np.array([True, True, False, False])
    table = contrast.compare_wording([first, second], ("crisis", "hope"), target, ["a", "b"])
    assert list(table.columns) == contrast.WORDING
    assert set(table["topic"]) == {1}
    row = table.set_index("term").loc["crisis"]
    assert (row["n_target"], row["n_reference"]) == (3, 1)
    assert (row["rate_target"], row["rate_reference"]) == (750, 250)
    assert row["log_ratio"] > 0
    assert row["p_family"] >= row["p_value"]


def test_nothing_to_word_is_an_empty_table():
    empty = sparse.csr_array((4, 2), dtype=int)
    table = contrast.compare_wording(
        [empty], ("a", "b"), np.array([True, True, False, False]), ["x"]
    )
    assert table.empty
    assert list(table.columns) == contrast.WORDING


def test_a_topic_worded_otherwise_is_seen():
    made = plant(Design(documents=(200, 200), reworded=9.0), np.random.default_rng(8))
    truth = made.counts @ made.own.T
    start = truth / truth.sum(axis=1, keepdims=True)
    drawn = draw_posterior(sparse.csr_array(made.counts), start, seed=0)
    terms = tuple(f"w{i:04}" for i in range(made.counts.shape[1]))
    table = contrast.compare_wording(drawn.assigned, terms, made.target, list("abcde"))
    told = table[table["p_family"] < 0.05]
    assert len(told) >= 3
    planted_words = {terms[i] for i in made.changed}
    assert (told["topic"] == 2).mean() >= 0.8
    assert told["term"].isin(planted_words).mean() >= 0.8


def test_relevance_prefers_a_topics_own_words():
    """Sievert and Shirley's formula, by hand: .6 ln φ + .4 ln (φ / p)."""
    ranks = contrast.relevance(TOPICS, EQUAL)
    expected = 0.6 * np.log(0.5) + 0.4 * np.log(0.5 / 0.3)
    assert ranks[0, 0] == pytest.approx(expected)
    assert contrast.labels(ranks, ("a", "b", "c", "d")) == ["a, b, c", "d, c, b"]


def test_terms_are_listed_by_relevance_with_their_weight():
    ranks = contrast.relevance(TOPICS, EQUAL)
    units = sparse.csr_array([[1, 0, 1, 0], [2, 0, 0, 0]])
    table = contrast.term_table(TOPICS, ranks, ("a", "b", "c", "d"), units)
    first = table[table["topic"] == 1]
    assert list(first["term"]) == ["a", "b", "c", "d"]
    assert list(first["weight"])[:2] == [0.5, 0.3]
    assert list(first["n_units"])[:2] == [2, 0]
    assert pd.Series(first["relevance"]).is_monotonic_decreasing


def test_a_groups_share_has_an_interval_of_its_own():
    rng = np.random.default_rng(6)
    units, target = sparse.csr_array(rng.multinomial(50, EQUAL @ TOPICS, 20)), np.arange(20) < 8
    own = contrast_shares(units, certain(TOPICS, np.full((20, 2), 0.5)), target)
    for side, part in ((target, own.target), (~target, own.reference)):
        expected = stats.ttest_1samp(own.folded[side], 0).confidence_interval()
        np.testing.assert_allclose(part.interval(), [expected.low, expected.high])
    np.testing.assert_allclose(own.given.interval(), own.interval())


def test_of_many_words_topics_are_learnt_from_some_and_read_everywhere(planted, found, monkeypatch):
    """Learnt from a third of the words, the shares of all units are nearly the same."""
    monkeypatch.setattr(sampling, "WORDS", int(planted.counts.sum() / 3))
    counts = sparse.csr_array(planted.counts)
    truth = planted.counts @ planted.own.T
    less = draw_posterior(counts, truth / truth.sum(axis=1, keepdims=True), seed=0)
    assert less.shares.shape == found.shares.shape
    for topic in range(5):
        assert np.corrcoef(less.shares[:, topic], found.shares[:, topic])[0, 1] > 0.9
    given_out = sum(table.toarray() for table in less.assigned)
    assert (given_out <= planted.counts).all()
    assert given_out.sum() / planted.counts.sum() == pytest.approx(1 - less.background, abs=0.05)
    short = draw_posterior(counts, truth + 1.0, seed=0, everywhere=False)
    assert len(short.shares) < len(found.shares)
