"""Other divisions of the same units: counted by hand, against the test itself, and simulated."""

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.inference import count_test
from analysis.inference import counts_test as own
from analysis.inference.bursts import learn_bursts, variation
from analysis.inference.counts_test import (
    CANDIDATES,
    DIVISIONS,
    HALF,
    Calibration,
    calibrate,
    divided,
    divisions,
)
from analysis.inference.split import Splits


@pytest.mark.parametrize(
    ("first", "second", "others"), [(1, 1, 0), (1, 2, 2), (2, 2, 2), (3, 3, 9)]
)
def test_few_units_have_all_their_other_divisions(first, second, others):
    flags = np.arange(first + second) < first
    rows = divisions(flags)
    assert rows.shape == (others, first + second)
    assert (rows.sum(axis=1) == first).all()
    assert len({tuple(row) for row in [*rows, *~rows, flags]}) == 2 * others + 1


def test_many_units_are_divided_at_random():
    flags = np.arange(30) < 10
    rows = divisions(flags)
    assert rows.shape == (DIVISIONS, 30)
    assert (rows.sum(axis=1) == 10).all()
    assert rows.mean(axis=0) == pytest.approx(np.full(30, 1 / 3), abs=0.2)
    assert comb(30, 10) > 2 * DIVISIONS


@given(st.lists(st.booleans(), min_size=2, max_size=12).filter(lambda x: 0 < sum(x) < len(x)))
def test_divisions_turn_with_the_groups(flags):
    there, back = divisions(np.array(flags)), divisions(~np.array(flags))
    np.testing.assert_array_equal(there, ~back)


def test_the_tail_is_the_mean_of_logarithms_below_a_half():
    told = replace(variation(), tail=1.0, divisions=0.0)
    found = calibrate(np.array([0.9, 0.7, 0.5 * np.exp(-1), 0.5 * np.exp(-4)]), told)
    assert (found.share, found.tail) == pytest.approx((0.5, 2.5))
    assert found.family(np.array([0.5 * np.exp(-5)])) == pytest.approx([0.5 * np.exp(-2)])


def test_what_other_texts_taught_counts_as_so_many_divisions_more():
    """Four more, two of them below a half, of tail 2: (2 + 2) / 8, and (1 + 4 + 2 · 2) / 4."""
    told = replace(variation(), tail=2.0, divisions=4.0)
    found = calibrate(np.array([0.9, 0.7, 0.5 * np.exp(-1), 0.5 * np.exp(-4)]), told)
    assert (found.share, found.tail) == pytest.approx((0.5, 2.25))
    assert calibrate(np.empty(0), told).tail == pytest.approx(2.0)


def test_divisions_as_the_model_has_them_correct_nothing():
    told = replace(variation(), tail=1.0, divisions=20.0)
    even = (np.arange(2_000) + 0.5) / 2_000
    p = np.array([1e-6, 1e-3, 0.04, 0.4, 0.8])
    assert calibrate(even, told).family(p) == pytest.approx(p, rel=0.01)


def test_a_corrected_family_by_hand():
    """A quarter of the way to a half, of tail 2: .9 · √¼; beyond a half, evenly from .9 to 1."""
    own = Calibration(0.9, 2.0)
    corrected = own.family(np.array([0.125, 0.5, 0.625, 0.75, 1.0]))
    assert corrected.tolist() == pytest.approx([0.45, 0.9, 0.925, 0.95, 1.0])


def test_a_level_is_never_made_more_lenient():
    p = np.geomspace(1e-9, 1, 50)
    for share, tail in ((0.1, 0.5), (0.3, 1.4), (0.9, 3.0)):
        own = Calibration(share, tail)
        assert (own.family(p) >= p).all()
        assert (np.diff(own.family(p)) >= 0).all()


@given(st.floats(0.01, 1), st.floats(0.3, 5), st.floats(1e-4, 0.4))
def test_a_corrected_level_is_the_one_wanted(share, tail, wanted):
    own = Calibration(share, tail)
    level = own.level(wanted)
    assert own.family(np.array([level * (1 - 1e-9)]))[0] <= wanted * (1 + 1e-6)
    assert own.family(np.array([min(level * (1 + 1e-6), HALF)]))[0] >= wanted * (1 - 1e-6)


def test_a_division_has_the_p_values_of_the_test_whose_excess_is_known_from_all_units(
    monkeypatch,
):
    """The division that was observed, as if it were another: the same p, learnt and summed."""
    rng = np.random.default_rng(3)
    counts = rng.negative_binomial(2.0, 0.4, (12, CANDIDATES)).astype(float)
    sizes, flags = rng.uniform(500, 900, 12), np.arange(12) < 5
    table = sparse.csr_array(counts)
    bursts = replace(learn_bursts(table, sizes, flags), halves=0.0)
    x, t = counts[flags].sum(axis=0), counts.sum(axis=0)
    expected = Splits(bursts, bursts.weights, x, t).p_value()

    class Itself:
        def family(self, p):
            return p

    monkeypatch.setattr(own, "divisions", lambda flags: flags[None])
    splits = Splits(bursts, bursts.weights, x, t)
    smallest = divided(table, sizes, flags, splits, np.arange(len(t)), Itself())
    assert smallest == pytest.approx([expected.min()], rel=1e-6)


def test_documents_of_two_sources_mixed_at_random_are_told_from_what_the_model_expects():
    """Ten terms that belong to half of the documents: divisions of these differ too often."""
    rng = np.random.default_rng(8)
    alarms, corrected = 0, 0
    for _ in range(40):
        source = rng.permutation(16) < 8
        rates = np.full((16, 200), 2.0)
        rates[:, :60] = np.where(source[:, None], 4.0, 0.05)
        test = count_test(rng.poisson(rates), np.full(16, 400.0), np.arange(16) < 8)
        plain = test.attainable.family(test.splits.p_value())
        alarms += plain.min() < 0.05
        corrected += np.nanmin(test.p_family) < 0.05
    assert corrected <= min(alarms, stats.binom.ppf(0.999, 40, 0.05))
