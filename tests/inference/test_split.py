"""Tails of beta-binomial laws against SciPy's."""

import numpy as np
import pytest
from scipy import stats

from analysis.inference import split
from analysis.inference.bursts import alike
from analysis.inference.split import tails

EXCESS = np.array([1e-3, 0.1, 1.0, 8.0, 100.0, 3000.0])


def scipys(counts, totals, share, whole):
    """Return P(X ≥ x), or half of P(X = x) less, as a sum of SciPy's probabilities."""
    found = np.empty((len(counts), len(EXCESS)))
    for row, (x, t, part) in enumerate(zip(counts, totals, share, strict=True)):
        for column, size in enumerate(t / EXCESS):
            law = stats.betabinom(int(t), part * size, (1 - part) * size).pmf(np.arange(x, t + 1))
            found[row, column] = law.sum() - (0 if whole else law[0] / 2)
    return found


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("most", [3, 20, 128, 129, 600])
def test_tails_are_scipys(most, whole):
    rng = np.random.default_rng(most)
    totals = rng.integers(1, most + 1, 60).astype(float)
    totals[0] = most
    share = rng.uniform(0.02, 0.7, 60)
    counts = np.floor(totals * (share + (1 - share) * rng.random(60)) + 0.5)
    held = np.ones((60, len(EXCESS)), dtype=bool)
    found = tails(counts, totals, share, EXCESS, held, whole=whole)
    # Blocks, where totals are large, are exact to a few parts in 10⁴.
    near = 1e-8 if most <= 129 else 5e-4
    np.testing.assert_allclose(found, scipys(counts, totals, share, whole), rtol=near)


def test_tails_by_hand():
    """One of two, share ½, excess 1 (α = β = 1): all counts are equally likely, 1/3 each."""
    held = np.ones((1, 1), dtype=bool)
    one, two = np.array([1.0]), np.array([2.0])
    found = tails(one, two, np.array([0.5]), np.array([1.0]), held)
    assert found[0, 0] == pytest.approx(1 / 6 + 1 / 3)
    assert tails(one, two, np.array([0.5]), np.array([1.0]), held, whole=True)[0, 0] == (
        pytest.approx(2 / 3)
    )


@pytest.mark.parametrize("total", [1_000.0, 50_000.0, 2_000_000.0])
def test_long_tails_are_those_of_the_binomial_where_there_is_no_excess(total):
    share, excess = np.array([0.3]), np.array([1e-3])
    counts = np.floor(np.array([0.3 * total + 2 * np.sqrt(0.21 * total)]))
    found = tails(counts, np.array([total]), share, excess, np.ones((1, 1), dtype=bool), whole=True)
    assert found[0, 0] == pytest.approx(stats.binom.sf(counts[0] - 1, int(total), 0.3), rel=1e-2)


@pytest.mark.parametrize("total", [500.0, 50_000.0])
def test_long_tails_are_counted_where_all_counts_are_equally_likely(total):
    """Share ½ and the excess that makes α = β = 1: of t + 1 counts, t + 1 - x are x or more."""
    counts = np.floor(np.array([0.5, 0.75, 0.99]) * total)
    found = tails(
        counts, np.full(3, total), np.full(3, 0.5), np.array([total / 2]),
        np.ones((3, 1), dtype=bool), whole=True,
    )  # fmt: skip
    np.testing.assert_allclose(found[:, 0], (total + 1 - counts) / (total + 1), rtol=1e-9)


def test_what_is_not_wanted_of_many_is_left_out():
    held = np.zeros((1, len(EXCESS)), dtype=bool)
    held[0, 2] = True
    found = tails(np.array([300.0]), np.array([500.0]), np.array([0.5]), EXCESS, held)
    assert (found > 0).tolist() == held.tolist()


@pytest.mark.parametrize("whole", [True, False])
def test_tails_summed_together_are_those_of_each_alone(whole, monkeypatch):
    """In blocks of three terms, with terms of few and of many occurrences side by side."""
    rng = np.random.default_rng(1)
    totals = np.r_[rng.integers(1, 60, 20), rng.integers(100, 140, 10), [500, 500, 4_000]] * 1.0
    share = rng.uniform(0.02, 0.7, len(totals))
    counts = np.ceil(totals * (share + (1 - share) * rng.random(len(totals)) / 4))
    held = rng.random((len(totals), len(EXCESS))) < 0.7
    alone = [
        tails(counts[[i]], totals[[i]], share[[i]], EXCESS, held[[i]], whole=whole)[0]
        for i in range(len(totals))
    ]
    monkeypatch.setattr(split, "PART", 3)
    together = tails(counts, totals, share, EXCESS, held, whole=whole)
    np.testing.assert_array_equal(together, alone)


def test_pairs_are_alike_by_count_total_and_flag():
    counts, totals = np.array([2.0, 5.0, 2.0, 2.0]), np.array([9.0, 9.0, 9.0, 9.0])
    first, place = alike(counts, totals, np.array([True, True, True, False]))
    assert sorted(first.tolist()) == [0, 1, 3]
    assert first[place].tolist() == [0, 1, 0, 3]
