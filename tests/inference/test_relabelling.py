"""Relabelling of sparse counts against the dense test, and the bounds of its work."""

import numpy as np
import pytest
from scipy import sparse

from analysis.inference import contrast, relabelling_p, weights
from analysis.inference.contrast import ENOUGH, FEWEST, MANY, draws_for
from benchmarks.resampling import permutation_test

rng = np.random.default_rng(3)
SIZES = rng.integers(40, 400, 30)
TARGET = np.arange(30) < 12
COUNTS = rng.poisson(SIZES[:, None] * rng.exponential(0.004, 80) * rng.gamma(1, 1, (30, 80)))


@pytest.mark.parametrize("equal_var", [True, False])
def test_sparse_relabelling_is_the_permutation_test(equal_var):
    dense = permutation_test(COUNTS, SIZES, TARGET, equal_var=equal_var, draws=1_500, seed=4)
    ours = relabelling_p(
        sparse.csr_array(COUNTS), SIZES, TARGET, equal_var=equal_var, draws=1_500, seed=4
    )
    np.testing.assert_array_equal(ours, dense.p_value)


@pytest.mark.parametrize("equal_var", [True, False])
def test_degenerate_columns_are_those_of_the_permutation_test(equal_var):
    """Never, once, everywhere at one rate, and only in one group."""
    columns = np.column_stack([0 * SIZES, np.arange(30) == 5, 2 * SIZES, TARGET * 9])
    dense = permutation_test(columns, SIZES, TARGET, equal_var=equal_var, draws=400)
    ours = relabelling_p(columns, SIZES, TARGET, equal_var=equal_var, draws=400)
    np.testing.assert_array_equal(ours, dense.p_value)


def test_of_many_terms_large_p_are_known_to_a_tenth():
    """Small p-values are followed to the last draw, and so the same."""
    table = np.tile(COUNTS, MANY // COUNTS.shape[1] + 1)
    whole = relabelling_p(COUNTS, SIZES, TARGET, equal_var=False, draws=4_000)
    many = relabelling_p(table, SIZES, TARGET, equal_var=False, draws=4_000)[: len(whole)]
    small = whole * 4_001 < ENOUGH
    assert 2 <= small.sum() < len(whole) / 2
    np.testing.assert_array_equal(many[small], whole[small])
    apart = np.log(many / whole)[~small]
    assert 0 < np.abs(apart).max() < 0.4
    assert np.sqrt((apart**2).mean()) < 0.1


def test_draws_are_bounded_where_units_are_many():
    assert draws_for(2_000, 20_000) == 20_000
    assert draws_for(10_000, 20_000) == 4_000
    assert draws_for(10_000_000, 20_000) == FEWEST
    assert draws_for(10_000_000, 99) == 99


@pytest.mark.parametrize("equal_var", [True, False])
def test_blocks_of_terms_and_of_draws_change_nothing(equal_var, monkeypatch):
    whole = relabelling_p(COUNTS, SIZES, TARGET, equal_var=equal_var, draws=500, seed=2)
    monkeypatch.setattr(contrast, "PART", 70)
    monkeypatch.setattr(contrast, "AT_HAND", 1)
    monkeypatch.setattr(weights, "AT_HAND", 100)
    blocks = relabelling_p(COUNTS, SIZES, TARGET, equal_var=equal_var, draws=500, seed=2)
    np.testing.assert_array_equal(blocks, whole)
