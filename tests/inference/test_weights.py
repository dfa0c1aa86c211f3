"""Inference: toys counted by hand, then SciPy and full enumeration, then what simulation says.

The simulations have the articles' shape, 10 units in the target and 30 in the reference, and fixed
seeds; their bounds leave room for three to four standard errors of simulation.
"""

from itertools import combinations
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.errors import InputError
from analysis.inference import (
    bootstrap,
    difference_interval,
    leave_one_out,
    log_ratio,
    permutations,
    rate_and_error,
    self_contrast,
)
from analysis.inference.weights import kinds_of_terms
from benchmarks.resampling import bootstrap_interval, permutation_test

TARGET = np.arange(40) < 10
SIZES = np.full(40, 100.0)
HALVES = np.arange(12) < 6


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def bursty(rng: np.random.Generator, mean: float, phi: float, shape: tuple[int, int]) -> np.ndarray:
    """Return negative binomial counts whose variance is φ times their mean."""
    size = mean / (phi - 1)
    return rng.negative_binomial(size, size / (size + mean), shape).astype(float)


def coverage(table: pd.DataFrame, truth: float = 0.0) -> float:
    return float(table["ci_low"].le(truth).mul(table["ci_high"].ge(truth)).mean())


# Weights


def test_permutations_relabel_as_many_units_as_the_target_has():
    blocks = list(permutations(TARGET, 4_500, seed=1))
    rows = np.vstack(blocks)
    assert rows.shape == (4_500, 40)
    assert set(np.unique(rows)) == {0.0, 1.0}
    assert (rows.sum(axis=1) == 10).all()
    assert len(np.unique(rows, axis=0)) == 4_500
    # every unit is chosen a quarter of the time: 1125 ± 4 · sqrt(4500 · 3/16)
    assert (abs(rows.sum(axis=0) - 1_125) < 4 * sqrt(4_500 * 3 / 16)).all()


def test_permutations_reach_every_relabelling_equally_often():
    rows = np.vstack(list(permutations(np.array([True, True, False, False]), 6_000, seed=2)))
    found, times = np.unique(rows, axis=0, return_counts=True)
    assert len(found) == 6
    assert stats.chisquare(times).pvalue > 0.001


def test_bootstrap_weights_are_multinomial():
    weights = bootstrap(8, 20_000, random(3))
    assert weights.shape == (20_000, 8)
    assert (weights.sum(axis=1) == 8).all()
    np.testing.assert_allclose(weights.mean(axis=0), 1, atol=0.03)
    np.testing.assert_allclose(weights.var(axis=0), 8 * (1 / 8) * (7 / 8), atol=0.04)
    assert (bootstrap(8, 10, random(), size=20).sum(axis=1) == 20).all()


def test_leave_one_out_leaves_one_out():
    (weights,) = leave_one_out(4)
    assert weights.sum(axis=1).tolist() == [3, 3, 3, 3]
    assert (weights @ np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [14, 13, 11, 7]


# Rates


def test_log_ratio_by_hand():
    # one count shared by length: (1 + 1/3) / 10 against (0 + 2/3) / 20
    assert log_ratio(*map(np.array, (1.0, 10.0, 0.0, 20.0))) == pytest.approx(log(4) / log(2))
    assert log_ratio(*map(np.array, (7.0, 50.0, 7.0, 50.0))) == 0


def test_rate_and_error_by_hand():
    # rate 6 / 30 = 0.2; residuals 1 - 2 = -1 and 5 - 4 = 1; error sqrt(2/1 · 2) / 30
    rate, error = rate_and_error(np.array([[1.0], [5.0]]), np.array([10.0, 20.0]), np.ones((1, 2)))
    assert rate.tolist() == [[pytest.approx(0.2)]]
    assert error.tolist() == [[pytest.approx(2 / 30)]]


def test_rate_and_error_weigh_a_unit_drawn_twice_as_two_units():
    rng = random(4)
    values, sizes = rng.normal(1, 1, (5, 3)), rng.uniform(50, 150, 5)
    weights = np.array([[2.0, 0, 1, 1, 1], [0, 3, 2, 0, 0]])
    rate, error = rate_and_error(values, sizes, weights)
    for row, chosen in enumerate(([0, 0, 2, 3, 4], [1, 1, 1, 2, 2])):
        v, n = values[chosen], sizes[chosen]
        r = v.sum(axis=0) / n.sum()
        squares = ((v - np.outer(n, r)) ** 2).sum(axis=0)
        np.testing.assert_allclose(rate[row], r)
        np.testing.assert_allclose(error[row], np.sqrt(5 / 4 * squares) / n.sum())


# Intervals


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_difference_interval_is_welchs_for_units_of_one_size(confidence):
    values = random(7).gamma(2, 1, (40, 5))
    ours = difference_interval(values * 100, SIZES, TARGET, confidence=confidence)
    scipys = stats.ttest_ind(values[TARGET], values[~TARGET], equal_var=False)
    low, high = scipys.confidence_interval(confidence)
    np.testing.assert_allclose(
        ours, np.column_stack([values[TARGET].mean(0) - values[~TARGET].mean(0), low, high])
    )


def test_difference_interval_for_units_of_unequal_size():
    rng = random(8)
    sizes = rng.uniform(20, 300, 40)
    values = rng.poisson(sizes / 20).astype(float)
    parts = []
    for side in (TARGET, ~TARGET):
        rate = values[side].sum() / sizes[side].sum()
        residuals = values[side] - rate * sizes[side]
        m = side.sum()
        parts.append((rate, m / (m - 1) * (residuals**2).sum() / sizes[side].sum() ** 2, m - 1))
    (r1, v1, d1), (r2, v2, d2) = parts
    half = stats.t.ppf(0.975, (v1 + v2) ** 2 / (v1**2 / d1 + v2**2 / d2)) * sqrt(v1 + v2)
    ours = difference_interval(values, sizes, TARGET)
    np.testing.assert_allclose(ours, [[r1 - r2, r1 - r2 - half, r1 - r2 + half]])


def test_difference_interval_is_near_the_jackknifes():
    rng = random(9)
    sizes = rng.uniform(80, 120, 40)
    values = rng.poisson(sizes / 10).astype(float)
    variance = 0.0
    for side in (TARGET, ~TARGET):
        (weights,), m = leave_one_out(side.sum()), side.sum()
        rates = weights @ values[side] / (weights @ sizes[side])
        variance += (m - 1) / m * ((rates - rates.mean()) ** 2).sum()
    ours = difference_interval(values, sizes, TARGET, confidence=0.5).iloc[0]
    assert ours.ci_high - ours.estimate == pytest.approx(0.69 * sqrt(variance), rel=0.05)


def test_swapping_the_groups_turns_an_interval_round():
    values = random(10).poisson(2.0, (40, 20)).astype(float)
    values[:, 0] = 0
    values[:10, 1] = 0
    sizes = random(11).uniform(80, 120, 40)
    forwards, backwards = (difference_interval(values, sizes, side) for side in (TARGET, ~TARGET))
    np.testing.assert_allclose(forwards["estimate"], -backwards["estimate"])
    np.testing.assert_allclose(forwards["ci_low"], -backwards["ci_high"])


def test_bootstrap_interval_agrees_with_the_t_interval_on_normal_values():
    values = random(12).normal(0, 1, (200, 3))
    side = np.arange(200) < 100
    boot = bootstrap_interval(values, np.ones(200), side, draws=4_000, seed=1)
    np.testing.assert_allclose(boot, difference_interval(values, np.ones(200), side), atol=0.03)
    assert boot.equals(bootstrap_interval(values, np.ones(200), side, draws=4_000, seed=1))


def test_bootstrap_interval_draw_by_draw():
    values = random(42).gamma(2, 1, 12)
    rng = random(7)
    first, second = bootstrap(6, 300, rng), bootstrap(6, 300, rng)

    def contrast(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
        return a.mean() - b.mean(), sqrt(a.var(ddof=1) / 6 + b.var(ddof=1) / 6)

    estimate, error = contrast(values[:6], values[6:])
    t = []
    for w1, w2 in zip(first.astype(int), second.astype(int), strict=True):
        drawn, spread = contrast(np.repeat(values[:6], w1), np.repeat(values[6:], w2))
        t.append((drawn - estimate) / spread)
    low, high = np.quantile(t, [0.025, 0.975])
    table = bootstrap_interval(values, np.ones(12), HALVES, draws=300, seed=7)
    np.testing.assert_allclose(table, [[estimate, estimate - high * error, estimate - low * error]])


def test_bootstrap_interval_is_halls_not_the_percentile_one():
    # two groups of skewed values: the studentised interval reaches further towards the tail
    values = np.concatenate([random(13).lognormal(0, 1, 30), np.zeros(30) + np.arange(30) / 1e3])
    boot = bootstrap_interval(values, np.ones(60), np.arange(60) < 30, draws=4_000).iloc[0]
    assert boot.ci_high - boot.estimate > 1.2 * (boot.estimate - boot.ci_low)


def test_bootstrap_interval_needs_five_units_a_group():
    with pytest.raises(InputError, match=r"at least five units .* got 4 and 8: use difference_int"):
        bootstrap_interval(np.arange(12.0), np.ones(12), np.arange(12) < 4)


@pytest.mark.parametrize("function", [difference_interval, bootstrap_interval])
def test_a_column_without_variation_has_no_interval(function):
    values = np.column_stack([np.full(12, 3.0), np.arange(12.0)])
    table = function(values, np.ones(12), HALVES)
    assert table["estimate"].tolist() == [0, -6]
    assert table[["ci_low", "ci_high"]].isna().to_numpy().tolist() == [[True] * 2, [False] * 2]


def test_a_constant_rate_has_no_interval_whatever_the_sizes():
    rng = random(14)
    sizes = rng.integers(60, 140, 40).astype(float)
    table = difference_interval(np.outer(sizes, rng.random(100)), sizes, TARGET)
    assert table["ci_low"].isna().all()


def test_difference_interval_does_not_depend_on_the_level():
    values = random(15).normal(0, 1, 40)
    low, raised = (difference_interval(values + level, np.ones(40), TARGET) for level in (0, 1e8))
    np.testing.assert_allclose(raised, low, atol=1e-4)


# Self-contrast


def test_self_contrast_is_a_predictive_band_of_t():
    values, sizes = random(16).gamma(2, 3, 40), random(17).uniform(50, 150, 40)
    band = self_contrast(values, sizes, TARGET).iloc[0]
    for name, side in (("self_target", TARGET), ("self_reference", ~TARGET)):
        own, n, m = values[side], sizes[side], side.sum()
        residuals = own - own.sum() / n.sum() * n
        spread = m / (m - 1) * (residuals**2).sum() / n.sum()
        each = sqrt(spread * (1 / sizes[TARGET].sum() + 1 / sizes[~TARGET].sum()))
        assert band[name] == pytest.approx(stats.t.ppf(0.975, m - 1) * each)


@pytest.mark.parametrize("units", [3, 5, 10])
def test_self_contrast_holds_nineteen_pairs_of_twenty(units):
    """However few units tell of the spread: t, and not a bootstrap of these few."""
    rng, flags = random(16), np.arange(2 * units) < units
    bands = self_contrast(rng.normal(size=(2 * units, 4_000)), np.ones(2 * units), flags)
    pairs = rng.normal(size=(2, units, 4_000)).mean(axis=1)
    held = np.abs(pairs[0] - pairs[1]) <= bands["self_target"].to_numpy()
    assert held.mean() == pytest.approx(0.95, abs=0.012)


def test_self_contrast_keeps_the_groups_apart():
    values = np.zeros(12)
    values[6:] = [0, 4, 0, 4, 0, 4]
    table = self_contrast(values, np.ones(12), HALVES)
    assert table["self_target"][0] == 0
    assert table["self_reference"][0] > 1
    assert table.equals(self_contrast(values, np.ones(12), HALVES))


# Permutation


def statistic(values: np.ndarray, sizes: np.ndarray, chosen: tuple[int, ...]) -> np.ndarray:
    """Return the target's residual sum over its deviation, for one choice of units."""
    residuals = values - np.outer(sizes, values.sum(axis=0) / sizes.sum())
    m, chosen_count = len(sizes), len(chosen)
    variance = (residuals**2).sum(axis=0) / (m - 1) * chosen_count * (m - chosen_count) / m
    return residuals[list(chosen)].sum(axis=0) / np.sqrt(variance)


def test_permutation_z_by_hand():
    # rate 2.5; residuals -1.5 -0.5 0.5 1.5; variance 5/3; the target's sum -2
    test = permutation_test([1, 2, 3, 4], [1] * 4, [True, True, False, False], draws=2_000)
    assert test.z == pytest.approx([-2 / sqrt(5 / 3)])
    # of six relabellings two are as extreme: {1, 2} and {3, 4}
    assert test.p_value == pytest.approx([1 / 3], abs=0.04)
    assert test.draws == 2_000


def test_permutation_p_is_that_of_all_relabellings():
    rng = random(18)
    sizes = rng.uniform(80, 120, 8)
    values = rng.poisson(3.0, (8, 4)).astype(float)
    values[:3, 0] += 4
    every = np.array([statistic(values, sizes, c) for c in combinations(range(8), 3)])
    z = every[0]
    p_value = (abs(every) >= abs(z) - 1e-9).mean(axis=0)
    peaks = abs(every).max(axis=1)
    p_family = (peaks[:, None] >= abs(z) - 1e-9).mean(axis=0)
    test = permutation_test(values, sizes, np.arange(8) < 3, draws=20_000)
    np.testing.assert_allclose(test.z, z)
    np.testing.assert_allclose(test.p_value, p_value, atol=0.015)
    np.testing.assert_allclose(test.p_family, p_family, atol=0.015)
    assert np.quantile(peaks, 0.9) - 1e-9 <= test.critical <= peaks.max() + 1e-9


def test_permutation_p_is_scipys():
    values = random(19).normal(0, 1, 12) + 0.8 * HALVES
    scipys = stats.permutation_test(
        (values[HALVES], values[~HALVES]), lambda a, b: a.mean() - b.mean(), n_resamples=np.inf
    )
    ours = permutation_test(values, np.ones(12), HALVES, draws=20_000)
    assert ours.p_value[0] == pytest.approx(scipys.pvalue, abs=0.012)


@given(st.integers(0, 2**32 - 1))
def test_family_wise_p_is_never_the_smaller(seed):
    values = random(seed).poisson(1.0, (12, 6)).astype(float)
    test = permutation_test(values, np.ones(12), HALVES, draws=99, seed=seed)
    assert (test.p_family >= test.p_value).all()
    assert (test.p_value >= 1 / 100).all()
    assert (test.p_family <= 1).all()
    alone = permutation_test(values[:, :1], np.ones(12), HALVES, draws=99, seed=seed)
    assert alone.p_family.tolist() == alone.p_value.tolist() == test.p_value[:1].tolist()


def test_smallest_p_counts_the_observed_labelling():
    values = np.where(TARGET, 10.0, 0.0) + random(20).random(40)
    test = permutation_test(values, np.ones(40), TARGET, draws=999)
    assert (test.p_value[0], test.p_family[0]) == (1 / 1_000, 1 / 1_000)


def test_critical_is_passed_in_one_family_of_twenty():
    values = random(21).normal(0, 1, (40, 50))
    critical = permutation_test(values, SIZES, TARGET, draws=4_000, seed=1).critical
    other = permutation_test(values, SIZES, TARGET, draws=4_000, seed=2).critical
    assert critical == pytest.approx(other, rel=0.03)
    # fifty independent columns: about the normal quantile of 1 - 0.05 / 100
    assert critical == pytest.approx(stats.norm.isf(0.05 / 100), rel=0.07)


@pytest.mark.parametrize("equal_var", [True, False])
def test_critical_is_where_the_family_wise_p_passes_a_twentieth(equal_var):
    values = random(37).normal(0, 1, (40, 60)) + np.outer(TARGET, np.linspace(0, 3, 60))
    test = permutation_test(values, SIZES, TARGET, draws=2_000, equal_var=equal_var)
    assert 5 < (test.p_family <= 0.05).sum() < 55
    order = np.argsort(-abs(test.z))
    assert (np.diff(test.p_family[order]) >= 0).all()
    assert ((abs(test.z) > test.critical) == (test.p_family <= 0.05)).all()


def test_welchs_z_is_scipys():
    values = random(38).gamma(2, 1, (40, 5))
    test = permutation_test(values * 100, SIZES, TARGET, equal_var=False, draws=1)
    scipys = stats.ttest_ind(values[TARGET], values[~TARGET], equal_var=False)
    np.testing.assert_allclose(test.z, scipys.statistic)


def test_welchs_p_is_that_of_all_relabellings():
    values = random(39).gamma(1, 1, (8, 3))
    values[:3, 0] += 2
    every = []
    for chosen in combinations(range(8), 3):
        rest = [unit for unit in range(8) if unit not in chosen]
        every.append(stats.ttest_ind(values[list(chosen)], values[rest], equal_var=False).statistic)
    extreme = abs(np.array(every)) >= abs(every[0]) - 1e-9
    test = permutation_test(values, np.ones(8), np.arange(8) < 3, equal_var=False)
    np.testing.assert_allclose(test.p_value, extreme.mean(axis=0), atol=0.015)


def test_permutation_does_not_depend_on_the_unit_of_measurement():
    values = random(22).poisson(3.0, (12, 3)).astype(float)
    first = permutation_test(values, np.full(12, 100.0), HALVES, draws=199)
    second = permutation_test(values * 1_000, np.ones(12), HALVES, draws=199)
    np.testing.assert_allclose(first.z, second.z)
    assert first.p_value.tolist() == second.p_value.tolist()


@pytest.mark.parametrize("equal_var", [True, False])
def test_permutation_is_two_sided_and_signed(equal_var):
    values = random(23).poisson(3.0, (40, 5)).astype(float)
    forwards = permutation_test(values, SIZES, TARGET, equal_var=equal_var, draws=499)
    backwards = permutation_test(-values, SIZES, TARGET, equal_var=equal_var, draws=499)
    np.testing.assert_allclose(forwards.z, -backwards.z)
    assert forwards.p_value.tolist() == backwards.p_value.tolist()
    estimate = difference_interval(values, SIZES, TARGET)["estimate"]
    assert (np.sign(forwards.z) == np.sign(estimate)).all()


def test_same_seed_same_digits():
    values = random(24).normal(0, 1, (12, 3))
    first, again, other = (
        permutation_test(values, np.ones(12), HALVES, draws=499, seed=s) for s in (5, 5, 6)
    )
    assert first.p_value.tolist() == again.p_value.tolist()
    assert first.p_value.tolist() != other.p_value.tolist()


@pytest.mark.parametrize("equal_var", [True, False])
def test_a_constant_rate_is_never_significant(equal_var):
    sizes = random(40).uniform(60, 140, 12)
    values = np.column_stack([sizes * rate for rate in (0.1, 3, 1e5)] + [np.arange(12.0)])
    test = permutation_test(values, sizes, HALVES, equal_var=equal_var, draws=199)
    assert test.z[:3].tolist() == [0, 0, 0]
    assert test.p_value[:3].tolist() == test.p_family[:3].tolist() == [1, 1, 1]
    assert abs(test.z[3]) > 2


@pytest.mark.parametrize("scales", [(1, 1e10), (1e-12, 1e-12)])
def test_no_column_hides_another_whatever_its_unit(scales):
    values = random(41).normal(0, 1, (40, 2)) + 2 * TARGET[:, None]
    alone = permutation_test(values, SIZES, TARGET, draws=99).z
    np.testing.assert_allclose(permutation_test(values * scales, SIZES, TARGET, draws=99).z, alone)


def test_sparse_counts_give_the_same():
    values = random(25).poisson(0.5, (12, 4))
    dense, thin = (
        permutation_test(table, np.ones(12), HALVES, draws=99)
        for table in (values, sparse.csr_array(values))
    )
    assert dense.z.tolist() == thin.z.tolist()
    assert dense.p_value.tolist() == thin.p_value.tolist()


# The gate


@pytest.mark.parametrize(
    ("values", "sizes", "target", "message"),
    [
        (np.ones((5, 2)), np.ones(6), np.arange(6) < 3, "one row a unit, got 5, 6 and 6"),
        (np.ones((6, 2)), np.ones(5), np.arange(6) < 3, "one row a unit, got 6, 5 and 6"),
        (np.ones((6, 2)), np.ones(6), np.arange(5) < 3, "one row a unit, got 6, 6 and 5"),
        ([1, 2, np.nan, 4], [1] * 4, [1, 1, 0, 0], "Values must be finite"),
        ([1, 2, np.inf, 4], [1] * 4, [1, 1, 0, 0], "Values must be finite"),
        ([1, 2, 3, 4], [1, 1, 0, 1], [1, 1, 0, 0], "Sizes must be positive"),
        ([1, 2, 3, 4], [1, 1, -1, 1], [1, 1, 0, 0], "Sizes must be positive"),
        ([1, 2, 3, 4], [1, 1, 1e306, 1], [1, 1, 0, 0], "Sizes must lie between"),
        ([1, 2, 1e300, 4], [1, 1, 1, 1], [1, 1, 0, 0], "Values must lie between"),
        ([1, 2, 3, 4], [1, 1, np.nan, 1], [1, 1, 0, 0], "Sizes must be positive"),
        ([1, 2, 3, 4], [1] * 4, [1, 0, 0, 0], "The target has 1 unit"),
        ([1, 2, 3, 4], [1] * 4, [1, 1, 1, 0], "The reference has 1 unit"),
        ([1, 2, 3, 4], [1] * 4, [0, 0, 0, 0], "The target has 0 unit"),
    ],
)
@pytest.mark.parametrize(
    "function",
    [difference_interval, bootstrap_interval, self_contrast, permutation_test],
)
def test_what_cannot_be_used_is_refused_in_words(function, values, sizes, target, message):
    with pytest.raises(InputError, match=message):
        function(values, sizes, target)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, np.nan])
def test_confidence_lies_between_0_and_1(confidence):
    with pytest.raises(InputError, match=r"between 0 and 1 \(usually 0\.95\), got"):
        difference_interval(np.arange(12.0), np.ones(12), HALVES, confidence=confidence)


def test_a_permutation_test_needs_a_draw():
    with pytest.raises(InputError, match="at least one draw, got 0"):
        permutation_test(np.arange(12.0), np.ones(12), HALVES, draws=0)


def test_a_bootstrap_needs_a_draw():
    with pytest.raises(InputError, match="at least one draw"):
        bootstrap_interval(np.arange(12.0), np.ones(12), HALVES, draws=0)


# Simulation


def test_p_is_uniform_where_there_is_no_difference():
    values = random(27).normal(0, 1, (40, 2_000))
    p = permutation_test(values, SIZES, TARGET, draws=999).p_value
    assert 0.035 < (p <= 0.05).mean() < 0.065
    assert stats.kstest(p, "uniform").pvalue > 0.001


@pytest.mark.parametrize("phi", [1.01, 3.0])
def test_p_holds_its_level_for_counts_in_bursts(phi):
    values = bursty(random(28), 2.0, phi, (40, 2_000))
    p = permutation_test(values, SIZES, TARGET, draws=999).p_value
    assert 0.03 < (p <= 0.05).mean() < 0.065


def test_family_wise_error_is_bounded():
    rng, families = random(29), 300
    wrong = 0
    for seed in range(families):
        values = bursty(rng, 1.0, 1.5, (40, 25))
        wrong += (
            permutation_test(values, SIZES, TARGET, draws=199, seed=seed).p_family.min() <= 0.05
        )
    low, high = stats.binom.interval(0.999, families, 0.05)
    assert low <= wrong <= high


@pytest.mark.parametrize(
    ("draw", "low", "high"),
    [
        (lambda rng: rng.normal(0, 1, (40, 4_000)), 0.938, 0.962),
        (lambda rng: rng.poisson(5.0, (40, 4_000)), 0.935, 0.962),
        (lambda rng: bursty(rng, 5.0, 3.0, (40, 4_000)), 0.92, 0.962),
        (lambda rng: rng.normal(0, np.where(TARGET, 3, 1)[:, None], (40, 4_000)), 0.938, 0.962),
    ],
    ids=["normal", "Poisson", "bursts", "unequal variances"],
)
def test_difference_interval_covers(draw, low, high):
    assert low < coverage(difference_interval(draw(random(30)), SIZES, TARGET)) < high


def test_bootstrap_interval_covers():
    values = random(33).normal(0, 1, (40, 500))
    assert 0.92 < coverage(bootstrap_interval(values, SIZES, TARGET, draws=500)) < 0.985


def test_bootstrap_interval_covers_rare_events():
    values = random(34).binomial(1, 0.1, (40, 500))
    table = bootstrap_interval(values, SIZES, TARGET, draws=500)
    refused = table["ci_low"].isna()
    assert 0.3 < refused.mean() < 0.7
    assert coverage(table[~refused]) > 0.75  # too seldom, as its docstring says


def rejected(case: str, *, equal_var: bool) -> float:
    """Return how often p <= .05 where rates are equal but the smaller group varies more."""
    sizes, target, rng = SIZES, TARGET, random(35)
    if case == "ten wide, thirty narrow":
        values = rng.normal(0, np.where(TARGET, 3, 1)[:, None], (40, 2_000))
    else:
        sizes, target = np.repeat([3_000.0, 300.0], [10, 100]), np.arange(110) < 10
        values = rng.poisson(sizes[:, None] * 0.005, (110, 1_000))
    test = permutation_test(values, sizes, target, equal_var=equal_var, draws=499)
    return float((test.p_value <= 0.05).mean())


@pytest.mark.parametrize("case", ["ten wide, thirty narrow", "ten long texts, a hundred short"])
def test_welchs_p_holds_its_level_where_the_smaller_group_varies_more(case):
    assert rejected(case, equal_var=False) < 0.07


@pytest.mark.parametrize("case", ["ten wide, thirty narrow", "ten long texts, a hundred short"])
def test_equal_var_presumes_what_it_says(case):
    assert rejected(case, equal_var=True) > 0.1


@given(st.data())
def test_terms_of_one_kind_have_the_same_counts_in_units_alike(data):
    units, terms = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 12))
    alike = data.draw(st.lists(st.integers(0, 1), min_size=units, max_size=units))
    cells = st.lists(st.integers(0, 2), min_size=terms, max_size=terms)
    counts = np.array(data.draw(st.lists(cells, min_size=units, max_size=units)))
    profiles = [
        sorted(pair for pair in zip(alike, column.tolist(), strict=True) if pair[1])
        for column in counts.T
    ]
    first, kind = kinds_of_terms(sparse.csr_array(counts), np.array(alike)[:, None])
    for i, j in np.ndindex(terms, terms):
        assert (kind[i] == kind[j]) == (profiles[i] == profiles[j])
    assert [profiles.index(each) for each in profiles] == first[kind].tolist()
