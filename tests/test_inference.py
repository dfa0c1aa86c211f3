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
from scipy.special import xlogy

from analysis.errors import InputError
from analysis.inference import (
    bootstrap,
    bootstrap_interval,
    count_test,
    difference,
    difference_interval,
    inflation,
    leave_one_out,
    log_ratio,
    log_ratio_interval,
    permutation_test,
    permutations,
    rate_and_error,
    self_contrast,
)
from analysis.inference.bursts import learn_bursts

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
    weights = leave_one_out(4)
    assert weights.sum(axis=1).tolist() == [3, 3, 3, 3]
    assert (weights @ np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [14, 13, 11, 7]


# Rates


def test_difference_and_log_ratio_by_hand():
    assert difference(*map(np.array, (3.0, 10.0, 1.0, 20.0))) == pytest.approx(0.3 - 0.05)
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


def test_inflation_by_hand():
    # rate 0.1; squares 2/1 · (1 + 1) = 4; expected 20 · 0.1 · 0.9 = 1.8
    # second column: one each, no variation; expected the same
    pooled, own = inflation(np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([10.0, 10.0]))
    assert own.tolist() == [pytest.approx(4 / 1.8), 0]
    assert pooled == pytest.approx(4 / 3.6)


def test_pooled_inflation_is_never_below_one():
    pooled, own = inflation(np.full((4, 2), 3.0), np.full(4, 10.0))
    assert (pooled, own.tolist()) == (1, [0, 0])


def test_inflation_of_an_absent_term_is_the_pooled_one():
    pooled, own = inflation(np.array([[0.0, 0.0], [4.0, 0.0]]), np.array([10.0, 10.0]))
    assert own[1] == pooled > 1


def test_inflation_is_one_for_independent_occurrences():
    pooled, own = inflation(random(5).poisson(1.0, (40, 4_000)).astype(float), SIZES)
    assert pooled == pytest.approx(1, abs=0.02)
    assert own.mean() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("rho", [0.01, 0.05])
def test_inflation_is_known_for_a_beta_binomial(rho):
    # n tokens a unit, intra-unit correlation ρ: the design effect is 1 + (n - 1) ρ
    rng = random(6)
    rate, total = 0.05, 1 / rho - 1
    shares = rng.beta(rate * total, (1 - rate) * total, (40, 4_000))
    pooled, _ = inflation(rng.binomial(100, shares).astype(float), SIZES)
    assert pooled == pytest.approx(1 + 99 * rho, rel=0.03)


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
        weights, m = leave_one_out(side.sum()), side.sum()
        rates = weights @ values[side] / (weights @ sizes[side])
        variance += (m - 1) / m * ((rates - rates.mean()) ** 2).sum()
    ours = difference_interval(values, sizes, TARGET, confidence=0.5).iloc[0]
    assert ours.ci_high - ours.estimate == pytest.approx(0.69 * sqrt(variance), rel=0.05)


@pytest.mark.parametrize("function", [difference_interval, log_ratio_interval])
def test_swapping_the_groups_turns_an_interval_round(function):
    values = random(10).poisson(2.0, (40, 20)).astype(float)
    values[:, 0] = 0
    values[:10, 1] = 0
    sizes = random(11).uniform(80, 120, 40)
    forwards, backwards = (function(values, sizes, side) for side in (TARGET, ~TARGET))
    np.testing.assert_allclose(forwards["estimate"], -backwards["estimate"])
    np.testing.assert_allclose(forwards["ci_low"], -backwards["ci_high"])


def test_log_ratio_interval_by_hand():
    # among terms that never burst, 8 and 24 occurrences at 1,000 and 3,000 tokens: a' = 8.25 and
    # b' = 24.75, equal rates, error sqrt(1 / 8.25 + 1 / 24.75) = 0.402, 9 + 10 and 29 + 10 degrees
    values = np.column_stack([random(57).poisson(1.0, (40, 400)), np.ones(40)])
    values[:10, -1], values[10:, -1] = [1] * 8 + [0] * 2, [1] * 24 + [0] * 6
    low, high = log_ratio_interval(values, SIZES, TARGET).iloc[-1, 1:]
    v1, v2 = 1 / 8.25, 1 / 24.75
    half = stats.t.ppf(0.975, (v1 + v2) ** 2 / (v1**2 / 19 + v2**2 / 39)) * sqrt(v1 + v2) / log(2)
    assert [low, high] == pytest.approx([-half, half], rel=0.03)


def test_log_ratio_interval_stays_finite_where_a_side_lacks_the_term():
    values = np.zeros((40, 3))
    values[:10, 1] = 2
    values[10:, 2] = 2
    table = log_ratio_interval(values, SIZES, TARGET)
    assert np.isfinite(table).all(axis=None)
    assert table["estimate"][0] == 0
    assert table["ci_low"][1] > 0 > table["ci_high"][2]
    assert table["ci_low"][0] < 0 < table["ci_high"][0]


def test_log_ratio_interval_is_wider_for_bursts():
    even, burst = np.zeros(40), np.zeros(40)
    even[[0, 2, 4, 6, 8]] = 1
    burst[0] = 5
    even[20:30] = burst[20:30] = 1
    table = log_ratio_interval(np.column_stack([even, burst]), SIZES, TARGET)
    width = table["ci_high"] - table["ci_low"]
    assert width[1] > width[0]


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


def test_self_contrast_is_the_quantile_of_a_known_deviation():
    # units of variance 1: the contrast of 10 with 30 has deviation sqrt(1/10 + 1/30), and a
    # sample of m units shows (m - 1) / m of the variance
    values = random(16).normal(0, 1, (40, 400))
    table = self_contrast(values, np.ones(40), TARGET, draws=1_000)
    expected = stats.norm.ppf(0.975) * sqrt(1 / 10 + 1 / 30)
    squares = (table**2).mean() ** 0.5
    assert squares["self_target"] == pytest.approx(expected * sqrt(9 / 10), rel=0.03)
    assert squares["self_reference"] == pytest.approx(expected * sqrt(29 / 30), rel=0.03)


def test_self_contrast_keeps_the_groups_apart():
    values = np.zeros(12)
    values[6:] = [0, 4, 0, 4, 0, 4]
    table = self_contrast(values, np.ones(12), HALVES)
    assert table["self_target"][0] == 0
    assert table["self_reference"][0] > 1
    assert table.equals(self_contrast(values, np.ones(12), HALVES))


def test_self_contrast_takes_another_measure():
    values = random(17).poisson(3.0, (40, 5)).astype(float)
    table = self_contrast(values, SIZES, TARGET, measure=log_ratio)
    # log2 of a ratio of sums of 30 and 90 occurrences: 1.96 · sqrt(1/30 + 1/90) / ln 2
    np.testing.assert_allclose(table, 1.96 * sqrt(1 / 30 + 1 / 90) / log(2), rtol=0.4)


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
        ([1, 2, 3, 4], [1, 1, np.nan, 1], [1, 1, 0, 0], "Sizes must be positive"),
        ([1, 2, 3, 4], [1] * 4, [1, 0, 0, 0], "The target has 1 unit"),
        ([1, 2, 3, 4], [1] * 4, [1, 1, 1, 0], "The reference has 1 unit"),
        ([1, 2, 3, 4], [1] * 4, [0, 0, 0, 0], "The target has 0 unit"),
    ],
)
@pytest.mark.parametrize(
    "function",
    [difference_interval, bootstrap_interval, log_ratio_interval, self_contrast, permutation_test],
)
def test_what_cannot_be_used_is_refused_in_words(function, values, sizes, target, message):
    with pytest.raises(InputError, match=message):
        function(values, sizes, target)


def test_negative_counts_have_no_log_ratio():
    with pytest.raises(InputError, match="Counts must not be negative"):
        log_ratio_interval([1, 2, -3, 4], [1] * 4, [1, 1, 0, 0])


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, np.nan])
@pytest.mark.parametrize("function", [difference_interval, bootstrap_interval, log_ratio_interval])
def test_confidence_lies_between_0_and_1(function, confidence):
    with pytest.raises(InputError, match=r"between 0 and 1 \(usually 0\.95\), got"):
        function(np.arange(12.0), np.ones(12), HALVES, confidence=confidence)


def test_a_permutation_test_needs_a_draw():
    with pytest.raises(InputError, match="at least one draw, got 0"):
        permutation_test(np.arange(12.0), np.ones(12), HALVES, draws=0)


@pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
@pytest.mark.parametrize("function", [bootstrap_interval, self_contrast])
def test_a_bootstrap_needs_a_draw(function):
    with pytest.raises(InputError, match="at least one draw"):
        function(np.arange(12.0), np.ones(12), HALVES, draws=0)


# Detection floor


def test_count_test_without_bursts_is_the_binomial_mid_p():
    # 5 of 6 occurrences in one of two equal groups, among terms that never burst:
    # 2 · (6/64 / 2 + 1/64) = 1/8
    values = np.column_stack([random(59).poisson(1.0, (40, 400)), np.zeros(40)])
    values[[0, 1, 2, 3, 4, 20], -1] = 1
    result = count_test(values, SIZES, np.arange(40) < 20)
    assert result.p_value[-1] == pytest.approx(1 / 8, abs=0.004)


def test_count_test_is_the_mid_p_of_g2_over_the_excesses():
    """Each excess has its beta-binomial p, ordered by G²; the term's is their weighted mean."""
    values = random(60).negative_binomial(0.4, 0.1, (30, 40)).astype(float)
    sizes, flags = random(61).uniform(40, 160, 30), np.arange(30) < 11
    found = count_test(values, sizes, flags).p_value
    bursts = learn_bursts(values, sizes, flags)
    for j in range(5):
        t, a = int(values[:, j].sum()), int(values[flags, j].sum())
        x = np.arange(t + 1)
        g2 = xlogy(x, x / (t * bursts.share)) + xlogy(t - x, (t - x) / (t * (1 - bursts.share)))
        p = [
            stats.betabinom(t, bursts.share * t / e, (1 - bursts.share) * t / e).pmf(x)
            @ np.where(np.isclose(g2, g2[a]), 0.5, g2 > g2[a])
            for e in bursts.joint
        ]
        assert found[j] == pytest.approx(bursts.weights[j] @ p, rel=1e-8)


def test_equal_rates_are_no_difference():
    values = random(58).poisson(2.0, (40, 50))
    values[:, 0] = 1
    assert count_test(values, SIZES, TARGET).p_value[0] > 0.8


def test_count_test_mirrors_when_groups_are_swapped():
    values = random(62).negative_binomial(0.5, 0.2, (40, 60))
    there, back = (count_test(values, SIZES, side) for side in (TARGET, ~TARGET))
    np.testing.assert_allclose(there.p_value, back.p_value, rtol=1e-6)
    np.testing.assert_allclose(there.p_family, back.p_family, rtol=1e-6)
    np.testing.assert_allclose(there.floor_target, back.floor_reference, rtol=1e-6)
    np.testing.assert_allclose(there.evidence, -back.evidence, atol=1e-6)


def test_family_of_one_term_is_its_own_tail():
    """Without other terms to look at, a family-wise p is the probability of the tail itself."""
    values = np.zeros((12, 1))
    values[:6, 0] = 1
    result = count_test(values, np.full(12, 50.0), HALVES)
    # all six on one side: p is half the probability of the two outermost counts, and they are both
    assert result.p_family[0] == pytest.approx(2 * result.p_value[0])


def test_p_family_is_never_below_p_and_keeps_its_order():
    result = count_test(random(64).negative_binomial(0.5, 0.3, (40, 300)), SIZES, TARGET)
    order = np.argsort(result.p_value)
    assert (np.diff(result.p_family[order]) >= -1e-12).all()
    # a discrete test reaches its own p at most half a step late
    assert (result.p_family >= result.p_value / 2).all()


@pytest.mark.parametrize("phi", [1.01, 1.5, 3.0])
def test_count_test_holds_its_level(phi):
    values = bursty(random(65), 2.0, phi, (40, 2_000))
    p = count_test(values, SIZES, TARGET).p_value
    assert 0.02 < (p <= 0.05).mean() < 0.06


def test_count_test_holds_its_level_for_texts_of_unequal_length():
    sizes, target = np.repeat([3_000.0, 300.0], [10, 100]), np.arange(110) < 10
    values = random(66).poisson(sizes[:, None] * 0.005, (110, 1_000))
    assert 0.02 < (count_test(values, sizes, target).p_value <= 0.05).mean() < 0.065


def test_count_test_bounds_the_family_wise_error():
    rng, families = random(67), 150
    wrong = sum(
        count_test(bursty(rng, 1.0, 1.5, (40, 60)), SIZES, TARGET).p_family.min() <= 0.05
        for _ in range(families)
    )
    assert wrong <= stats.binom.ppf(0.999, families, 0.05)


@pytest.mark.parametrize("total", [20, 60, 200])
def test_a_term_at_its_floor_is_found_four_times_in_five(total):
    """Plant a term at its floor among others and count how often it passes the threshold."""
    rng, found = random(68), []
    n1, n2 = SIZES[TARGET].sum(), SIZES[~TARGET].sum()
    others = rng.poisson(1.0, (40, 100))
    start = np.column_stack([others, rng.multinomial(total, SIZES / SIZES.sum())])
    ratio = 2 ** count_test(start, SIZES, TARGET).floor_target[-1]
    means = np.where(TARGET, ratio, 1.0) * SIZES * total / (ratio * n1 + n2)
    for _ in range(120):
        table = np.column_stack([others, rng.multinomial(total, means / means.sum())])
        result = count_test(table, SIZES, TARGET)
        found.append(result.p_value[-1] <= result.critical)
    assert 0.65 < np.mean(found) < 0.95


def test_no_floor_where_no_count_could_pass():
    result = count_test(random(69).poisson(0.03, (40, 200)), SIZES, TARGET)
    assert np.isinf(result.floor_target).any()
    assert (result.floor_target > 0).all()


def test_no_p_is_nought():
    values = np.column_stack([random(70).poisson(1.0, (40, 60)), np.where(TARGET, 2_000, 0)])
    result = count_test(values, SIZES, TARGET)
    assert 0 < result.p_value[-1] < 1e-300
    assert 0 < result.p_family[-1] < 1e-300
    assert np.isfinite(result.evidence).all()


def test_a_term_that_occurs_nowhere_says_nothing():
    others = random(71).poisson(1.0, (40, 30))
    alone = count_test(others, SIZES, TARGET)
    result = count_test(np.insert(others, 3, 0, axis=1), SIZES, TARGET)
    for name in ("p_value", "p_family", "evidence", "inflation"):
        found = getattr(result, name)
        assert np.isnan(found[3])
        np.testing.assert_array_equal(np.delete(found, 3), getattr(alone, name))
    assert np.isinf([result.floor_target[3], result.floor_reference[3]]).all()
    assert result.critical == alone.critical
    assert np.isnan(count_test(np.zeros((40, 2)), SIZES, TARGET).p_family).all()


@pytest.mark.parametrize("values", [-np.ones((40, 2)), np.full((40, 2), 0.5)])
def test_count_test_wants_counts(values):
    with pytest.raises(InputError, match="whole numbers"):
        count_test(values, SIZES, TARGET)


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


@pytest.mark.parametrize(
    ("mean", "phi", "low", "high"),
    [(2.0, 1.01, 0.94, 0.98), (0.3, 1.01, 0.95, 0.995), (2.0, 3.0, 0.93, 0.985)],
)
def test_log_ratio_interval_covers(mean, phi, low, high):
    values = bursty(random(31), mean, phi, (40, 4_000))
    assert low < coverage(log_ratio_interval(values, SIZES, TARGET)) < high


@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_log_ratio_interval_covers_a_true_difference(ratio):
    means = np.where(TARGET, ratio, 1.0)[:, None]
    values = random(32).poisson(means, (40, 4_000))
    table = log_ratio_interval(values, SIZES, TARGET)
    assert 0.94 < coverage(table, np.log2(ratio)) < 0.985
    assert table["estimate"].mean() == pytest.approx(np.log2(ratio), abs=0.12)


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
