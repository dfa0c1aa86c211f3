"""The columns of a contrast: p and interval from one test, SciPy's t, simulated families."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.contrast import (
    LEVEL,
    estimate_contrast,
    mean_contrast,
)
from tests.helpers import interval_excludes

FLAGS = np.arange(12) < 5


def drawn(seed=0, shift=0.0, columns=4, common=0.7):
    """Return unit means of correlated columns, the target's moved by ``shift``."""
    rng = np.random.default_rng(seed)
    values = common * rng.normal(size=(12, 1)) + rng.normal(size=(12, columns))
    return values + shift * FLAGS[:, None]


def test_of_units_of_one_size_it_is_welchs_t():
    values = drawn()
    found = mean_contrast(values, np.ones(12), FLAGS).table
    oracle = stats.ttest_ind(values[FLAGS], values[~FLAGS], equal_var=False)
    np.testing.assert_allclose(found["p_value"], oracle.pvalue)
    low, high = oracle.confidence_interval(0.95)
    np.testing.assert_allclose(found[["ci_low", "ci_high"]], np.column_stack([low, high]))


@given(st.integers(0, 10_000), st.floats(0, 3))
def test_p_and_interval_never_disagree(seed, shift):
    found = mean_contrast(drawn(seed, shift), np.ones(12), FLAGS, draws=999).table
    alone = interval_excludes(found["ci_low"], found["ci_high"])
    family = interval_excludes(found["family_low"], found["family_high"])
    assert (alone == (found["p_value"] < LEVEL)).all()
    assert (family == (found["p_family"] < LEVEL)).all()
    assert (found["established"] == family).all()
    assert (found["p_family"] >= found["p_value"]).all()


@given(st.integers(0, 10_000), st.floats(0, 2), st.integers(2, 6))
def test_what_is_added_to_the_error_makes_no_interval_narrower(seed, added, count):
    """Satterthwaite's rule alone would: an addition known from 500 articles lends its degrees."""
    values, flags = (
        np.random.default_rng(seed).normal(size=(2 * count, 3)),
        np.arange(2 * count) < 2,
    )
    known = {"added": np.full((1, 3), added), "degrees": [500], "draws": 99}
    alone, with_it = (
        mean_contrast(values, np.ones(2 * count), flags, **own).table
        for own in ({"draws": 99}, known)
    )
    wide, narrow = (own["ci_high"] - own["ci_low"] for own in (with_it, alone))
    assert (wide >= narrow * (1 - 1e-12)).all()
    assert (with_it["p_value"] >= alone["p_value"] * (1 - 1e-9)).all()


def test_a_family_of_one_is_its_own():
    found = mean_contrast(drawn(columns=1, shift=1.0), np.ones(12), FLAGS).table.iloc[0]
    assert found["p_family"] == pytest.approx(found["p_value"], abs=0.004)
    assert found["family_low"] == pytest.approx(found["ci_low"], abs=0.03)


def test_a_family_of_copies_is_one():
    values = np.repeat(drawn(columns=1, shift=1.0), 30, axis=1)
    found = mean_contrast(values, np.ones(12), FLAGS).table.iloc[0]
    assert found["p_family"] == pytest.approx(found["p_value"], abs=0.004)


def test_a_family_of_independent_rows_is_sidaks():
    p = estimate_contrast(np.full(20, 3.2), np.ones(20), np.full(20, np.inf)).table
    assert p["p_family"].iloc[0] == pytest.approx(1 - (1 - 2 * stats.norm.sf(3.2)) ** 20, abs=0.004)


def test_the_family_holds_its_level_where_rows_are_correlated():
    alarms = [
        mean_contrast(drawn(seed), np.ones(12), FLAGS, draws=999).table["established"].any()
        for seed in range(400)
    ]
    assert stats.binom.ppf(0.001, 400, 0.05) <= sum(alarms) <= stats.binom.ppf(0.999, 400, 0.05)


def test_a_difference_at_its_floor_is_found_four_times_in_five():
    rng, found = np.random.default_rng(1), []
    for _ in range(1_500):
        values = rng.normal(size=(12, 1))
        error = np.sqrt(1 / 5 + 1 / 7)
        floor = estimate_contrast(0.0, error, 10.0, draws=999).table["floor"].iloc[0]
        values += floor * FLAGS[:, None]
        pooled = stats.ttest_ind(values[FLAGS], values[~FLAGS]).pvalue[0]
        found.append(pooled < LEVEL)
    assert np.mean(found) == pytest.approx(0.8, abs=0.04)


def test_an_added_variance_widens_and_is_of_its_own_in_the_family():
    values = drawn()
    plain = mean_contrast(values, np.ones(12), FLAGS).table
    wider = mean_contrast(values, np.ones(12), FLAGS, added=np.full((1, 4), 0.5), degrees=[np.inf])
    assert (wider.table["ci_high"] > plain["ci_high"]).all()
    assert (wider.table["family_high"] > wider.table["ci_high"]).all()


def test_a_row_without_variation_has_neither_p_nor_interval():
    values = np.column_stack([drawn()[:, 0], np.full(12, 2.0)])
    found = mean_contrast(values, np.ones(12), FLAGS).table
    assert found.drop(columns=["estimate", "established"]).iloc[1].isna().all()
    assert not found["established"].iloc[1]
    assert found.iloc[0].notna().all()


@pytest.mark.parametrize("draws", [1, 5, 19, 20, 21, 38, 39, 40, 99])
def test_interval_and_p_of_the_family_agree_with_however_few_draws(draws):
    """With 19 draws no p is below .05, so no interval may leave out 0."""
    found = estimate_contrast(np.linspace(0, 9, 60), np.ones(60), np.full(60, 8.0), draws=draws)
    table = found.table
    apart = (table["family_low"] > 0) | (table["family_high"] < 0)
    assert (apart == table["established"]).all()
    assert (table["established"] == (table["p_family"] < LEVEL)).all()
    assert table["established"].any() == (draws >= 20)
