"""The test of counts: SciPy's beta-binomial, toys by hand, p against interval, simulation.

What real texts that do not differ say of its level stands in ``benchmarks/nulls.csv``.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.errors import InputError
from analysis.inference import count_test
from analysis.inference.contrast import count_contrast
from analysis.inference.counts_test import RARE, _g2, _g2s, two_sided
from analysis.inference.levels import LEVEL, Reach
from tests.helpers import interval_excludes

TARGET = np.arange(40) < 10
SIZES = np.full(40, 100.0)
HALVES = np.arange(12) < 6


def random(seed=0):
    return np.random.default_rng(seed)


def bursty(rng, mean, phi, shape):
    """Return negative binomial counts whose variance is φ times their mean."""
    size = mean / (phi - 1)
    return rng.negative_binomial(size, size / (size + mean), shape).astype(float)


# The distribution


def exact(test, j, log_ratio=0.0):
    """Return SciPy's probabilities of every count of a term, over all excesses."""
    own = test.splits
    total = int(own.totals[j])
    share = float(own.share(np.array(log_ratio)))
    law = np.zeros(total + 1)
    for weight, e in zip(own.weights[j], own.bursts.joint_at(share), strict=True):
        law += weight * stats.betabinom(total, share * total / e, (1 - share) * total / e).pmf(
            np.arange(total + 1)
        )
    return law


@pytest.mark.parametrize("log_ratio", [0.0, 1.3, -2.0])
def test_p_is_one_or_two_mid_tails_over_all_excesses(log_ratio):
    values = random(60).negative_binomial(0.4, 0.1, (30, 40)).astype(float)
    values[:, 0] *= 40  # a total of more than is summed one by one
    sizes, flags = random(61).uniform(40, 160, 30), np.arange(30) < 11
    test = count_test(values, sizes, flags)
    found = two_sided(test.splits, log_ratio)
    for j in range(6):
        law, a = exact(test, j, log_ratio), int(test.splits.counts[j])
        above, below = law[a:].sum() - law[a] / 2, law[: a + 1].sum() - law[a] / 2
        tail, other = (above, law[0] / 2) if above < below else (below, law[-1] / 2)
        assert found[j] == pytest.approx(min(1, tail * (2 if other <= tail else 1)), rel=1e-3)
        assert test.splits.at_least(log_ratio)[j] == pytest.approx(law[a:].sum(), rel=1e-3)


def test_without_bursts_it_is_the_binomial_mid_p():
    # 5 of 6 occurrences in one of two equal groups, among terms that never burst:
    # 2 · (6/64 / 2 + 1/64) = 1/8
    values = np.column_stack([random(59).poisson(1.0, (40, 400)), np.zeros(40)])
    values[[0, 1, 2, 3, 4, 20], -1] = 1
    result = count_test(values, SIZES, np.arange(40) < 20)
    assert result.p_value[-1] == pytest.approx(1 / 8, abs=0.012)


def test_equal_rates_are_no_difference():
    values = random(58).poisson(2.0, (40, 50))
    values[:, 0] = 1
    assert count_test(values, SIZES, TARGET).p_value[0] > 0.8


def test_it_mirrors_when_groups_are_swapped():
    values = random(62).negative_binomial(0.5, 0.2, (40, 60))
    there, back = (count_test(values, SIZES, side) for side in (TARGET, ~TARGET))
    np.testing.assert_allclose(there.p_value, back.p_value, rtol=1e-5)
    np.testing.assert_allclose(there.p_family, back.p_family, rtol=1e-5)
    np.testing.assert_allclose(there.floors()[0], back.floors()[1], rtol=1e-4)
    np.testing.assert_allclose(there.interval()[0], -back.interval()[1], atol=1e-4)
    np.testing.assert_allclose(there.self_contrast()[0], back.self_contrast()[1], atol=0.02)
    np.testing.assert_allclose(there.evidence, -back.evidence, atol=1e-6)
    likely, mirrored = there.shrunk, back.shrunk
    np.testing.assert_allclose(likely["shrunk"], -mirrored["shrunk"], atol=1e-5)
    np.testing.assert_allclose(likely["shrunk_low"], -mirrored["shrunk_high"], atol=0.2)


def test_divisions_are_ordered_by_the_g2_of_two_cells():
    counts, totals, share = np.array([[3.0, 0.0, 5.0]]), np.array([7.0, 4.0, 5.0]), 0.3
    expected = [
        stats.power_divergence([x, t - x], [t * share, t * (1 - share)], lambda_=0).statistic
        for x, t in zip(counts[0], totals, strict=True)
    ]
    found = _g2(counts, totals, np.array([[share]]))
    np.testing.assert_allclose(found[0], expected, rtol=1e-12)


def test_sparse_and_dense_counts_give_the_same():
    values = random(1).poisson(0.5, (12, 30))
    dense, thin = (
        count_test(v, np.ones(12) * 50, HALVES) for v in (values, sparse.csr_array(values))
    )
    np.testing.assert_array_equal(dense.p_value, thin.p_value)


# One test, one interval


@settings(max_examples=12)
@given(
    st.integers(0, 10_000),
    st.sampled_from([(1, 1), (1, 4), (2, 2), (3, 8), (10, 30)]),
    st.floats(0, 5),
)
def test_p_and_interval_never_disagree(seed, units, shift):
    rng, flags = random(seed), np.arange(sum(units)) < units[0]
    sizes = rng.integers(50, 3_000, len(flags)).astype(float)
    rates = rng.gamma(0.5, 0.004, 60) * np.where(flags[:, None] & (np.arange(60) < 6), 2**shift, 1)
    values = rng.negative_binomial(sizes[:, None] * rates / 0.7 + 1e-9, 1 / 1.7)
    values = values[:, values.sum(axis=0) > 0]
    found = count_contrast(values, sizes, flags).table
    apart = np.abs(found["p_value"] / LEVEL - 1) > 1e-6
    alone = interval_excludes(found["ci_low"], found["ci_high"])
    assert (alone == (found["p_value"] < LEVEL))[apart].all()
    family = interval_excludes(found["family_low"], found["family_high"])
    assert (family == found["established"]).all()
    assert (found["established"] == (found["p_family"] < LEVEL)).all()
    assert (found["p_family"] >= found["p_value"] - 1e-12).all()
    inside = (found["family_low"] <= found["ci_low"]) & (found["ci_high"] <= found["family_high"])
    assert (inside | ~(found["p_family"] < 1)).all()


def test_hundreds_against_none_leave_out_nought():
    others = random(3).poisson(1.0, (40, 200))
    table = np.column_stack([others, np.where(TARGET, 28, 0)])
    found = count_contrast(table, SIZES, TARGET).table.iloc[-1]
    assert found["established"]
    assert found["family_low"] > 3
    assert found["ci_high"] == found["family_high"] == np.inf


@pytest.mark.parametrize(("a", "b"), [(12, 20), (3, 0), (0, 9), (150, 700)])
def test_beyond_the_ends_of_an_interval_lies_the_level_or_half_of_it(a, b):
    """Half where two tails count, all where one does, and between where the other one begins to."""
    others = random(5).poisson(1.0, (40, 100))
    column = np.r_[random(6).multinomial(a, [0.1] * 10), random(7).multinomial(b, [1 / 30] * 30)]
    test = count_test(np.column_stack([others, column]), SIZES, TARGET)
    low, high = (end[-1] for end in test.interval())
    for end, part in ((low, slice(a, None)), (high, slice(0, a + 1))):
        if np.isfinite(end):
            law = exact(test, -1, end)
            beyond = law[part].sum() - law[a] / 2
            assert 0.025 * (1 - 2e-3) < beyond < 0.05 * (1 + 2e-3)
    assert np.isinf(low) == (a == 0)
    assert np.isinf(high) == (b == 0)


# Families


def test_family_of_one_term_is_its_own_tail():
    """Without other terms to look at, a family-wise p is the probability of the tail itself."""
    values = np.zeros((12, 1))
    values[:6, 0] = 1
    result = count_test(values, np.full(12, 50.0), HALVES)
    # all six on one side: p is half the probability of the two outermost counts, and they are both
    assert result.p_family[0] == pytest.approx(2 * result.p_value[0], rel=1e-6)


def test_p_family_keeps_the_order_of_p():
    result = count_test(random(64).negative_binomial(0.5, 0.3, (40, 300)), SIZES, TARGET)
    order = np.argsort(result.p_value)
    assert (np.diff(result.p_family[order]) >= -1e-12).all()
    assert (result.p_family < LEVEL).tolist() == (result.p_value < result.critical).tolist()


def test_chance_is_expected_to_give_what_it_gives():
    """The expected number of small p's is that of terms which do not differ."""
    found, expected = 0, 0.0
    for seed in range(20):
        test = count_test(bursty(random(seed), 0.4, 1.4, (40, 400)), SIZES, TARGET)
        found += int((test.p_value <= LEVEL).sum())
        expected += test.expected(LEVEL)
    assert found == pytest.approx(expected, rel=0.12)


def test_discoveries_are_those_of_benjamini_and_hochberg_where_p_is_continuous():
    table = random(8).poisson(3_000, (40, 30))
    table[:, 0] = table[:, 0] * np.where(TARGET, 1.1, 1)
    test = count_test(table, SIZES, TARGET)
    expected = stats.false_discovery_control(test.p_value)
    np.testing.assert_allclose(test.q_value, expected, rtol=1e-6)


def test_where_nothing_differs_discoveries_are_as_rare_as_they_say():
    """Of many terms, most rare, of which only small p-values are looked up."""
    found = []
    for seed in range(30):
        rng = random(seed)
        table = rng.negative_binomial(rng.gamma(0.3, 0.5, 2_600) + 1e-9, 0.6, (12, 2_600))
        test = count_test(table[:, table.sum(axis=0) > 0], np.full(12, 500.0), HALVES)
        found.append(np.nanmin(test.q_value) < 0.1)
    assert sum(found) <= stats.binom.ppf(0.999, 30, 0.1)


# Floors and self-contrast


@pytest.mark.parametrize("total", [20, 60, 200])
def test_a_term_at_its_floor_is_found_four_times_in_five(total):
    """Plant a term at its floor among others and count how often it passes the threshold."""
    rng, found = random(68), []
    n1, n2 = SIZES[TARGET].sum(), SIZES[~TARGET].sum()
    others = rng.poisson(1.0, (40, 100))
    start = np.column_stack([others, rng.multinomial(total, SIZES / SIZES.sum())])
    ratio = 2 ** count_test(start, SIZES, TARGET).floors()[0][-1]
    means = np.where(TARGET, ratio, 1.0) * SIZES * total / (ratio * n1 + n2)
    for _ in range(80):
        table = np.column_stack([others, rng.multinomial(total, means / means.sum())])
        result = count_test(table, SIZES, TARGET)
        found.append(result.p_value[-1] <= result.critical)
    assert 0.7 < np.mean(found) < 0.93


def test_no_floor_where_no_count_could_pass():
    target, reference = count_test(random(69).poisson(0.03, (40, 200)), SIZES, TARGET).floors()
    assert np.isinf(target).any()
    assert (target > 0).all()
    assert (reference > 0).all()


def test_self_contrast_holds_nineteen_pairs_of_twenty():
    """Pairs drawn from one rate and one unevenness stay under the limit as often as it says."""
    rng = random(70)
    table = bursty(rng, 1.2, 1.5, (40, 1_500))
    limits = count_test(table, SIZES, TARGET).self_contrast()[1]
    pairs = bursty(rng, 1.2, 1.5, (40, 1_500))
    a, b = pairs[TARGET].sum(axis=0), pairs[~TARGET].sum(axis=0)
    ratio = np.log2((a + 0.25) / 10) - np.log2((b + 0.75) / 30)
    assert 0.93 < (np.abs(ratio) <= limits).mean() < 0.985


def test_self_contrast_is_the_limit_of_its_definition():
    """SciPy's gamma has three totals of equal chance, its beta-binomials the splits of each."""
    test = count_test(bursty(random(71), 1.2, 1.5, (40, 60)), SIZES, TARGET)
    own, limits = test.splits, test.self_contrast()
    share = 0.25
    for side, (part, held) in enumerate(
        ((share, own.counts), (1 - share, own.totals - own.counts))
    ):
        joint = own.bursts.alike(side).joint
        for j in (0, 7, 31):
            mean = (held[j] + part) / part
            scale = (1 + own.weights[j] @ joint) * (1 + 1 / part)
            totals = np.round(stats.gamma.ppf([1 / 6, 1 / 2, 5 / 6], mean / scale, scale=scale))
            limit = limits[side][test.kind == j][0]
            for moved, within in ((0.0, True), (-20 / 2**12, False)):  # the search ends there
                beyond = 0.0
                for total in np.maximum(totals, 1):
                    counts = np.arange(total + 1)
                    rates = (counts + share) / share, (total - counts + 1 - share) / (1 - share)
                    out = np.abs(np.log2(rates[0] / rates[1])) > limit + moved
                    for weight, e in zip(own.weights[j], joint, strict=True):
                        law = stats.betabinom(int(total), share * total / e, 0.75 * total / e)
                        beyond += weight * law.pmf(counts)[out].sum() / 3
                assert (beyond <= 0.05) == within


# Bad input


def test_no_p_is_nought():
    values = np.column_stack([random(70).poisson(1.0, (40, 60)), np.where(TARGET, 2_000, 0)])
    result = count_test(values, SIZES, TARGET)
    assert 0 < result.p_value[-1] < 1e-12
    assert 0 < result.p_family[-1] < 1e-9
    assert np.isfinite(result.evidence).all()


def test_a_term_that_occurs_nowhere_says_nothing():
    others = random(71).poisson(1.0, (40, 30))
    alone = count_test(others, SIZES, TARGET)
    result = count_test(np.insert(others, 3, 0, axis=1), SIZES, TARGET)
    for name in ("p_value", "p_family", "q_value", "evidence", "log_ratio"):
        found = getattr(result, name)
        assert np.isnan(found[3])
        np.testing.assert_array_equal(np.delete(found, 3), getattr(alone, name))
    assert np.isinf([floor[3] for floor in result.floors()]).all()
    assert np.isnan([end[3] for end in result.interval()]).all()
    assert result.critical == alone.critical
    assert np.isnan(count_test(np.zeros((40, 2)), SIZES, TARGET).p_family).all()


@pytest.mark.parametrize("values", [-np.ones((40, 2)), np.full((40, 2), 0.5)])
def test_it_wants_counts(values):
    with pytest.raises(InputError, match="whole numbers"):
        count_test(values, SIZES, TARGET)


@pytest.mark.parametrize(
    ("values", "sizes", "target", "message"),
    [
        (np.ones((5, 2)), np.ones(6), np.arange(6) < 3, "one row a unit, got 5, 6 and 6"),
        ([1, 2, np.nan, 4], [1] * 4, [1, 1, 0, 0], "Values must be finite"),
        ([1, 2, 3, 4], [1, 1, 0, 1], [1, 1, 0, 0], "Sizes must be positive"),
        ([1, 2, 3, 4], [1e306] * 4, [1, 1, 0, 0], "Sizes must lie between"),
        ([1, 2, 3, 4], [1e-310] * 4, [1, 1, 0, 0], "Sizes must lie between"),
        ([1e300, 2, 3, 4], [1] * 4, [1, 1, 0, 0], "Counts must add up to at most"),
        ([1, 2, 3, 4], [1] * 4, [0, 0, 0, 0], "units of both groups"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(values, sizes, target, message):
    with pytest.raises(InputError, match=message):
        count_test(values, sizes, target)


def test_noughts_that_a_sparse_table_holds_are_noughts():
    values = random(72).poisson(0.5, (40, 30)).astype(float)
    rows, columns = np.indices(values.shape)
    held = sparse.csr_array((values.ravel(), (rows.ravel(), columns.ravel())), values.shape)
    assert held.nnz == values.size
    found, same = (count_test(table, SIZES, TARGET) for table in (held, values))
    np.testing.assert_array_equal(found.p_value, same.p_value)


STRANGE = {
    "one document has 99 % of the words": ([9_900, 50, 50], [1, 0, 0]),
    "identical documents": ([100, 100, 100, 100], [1, 1, 0, 0]),
    "one document a side, of very different length": ([60, 30_000], [1, 0]),
    "one document against many": ([500] + [400] * 20, [1] + [0] * 20),
}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_groups_have_defined_results(name):
    sizes, target = (np.array(each) for each in STRANGE[name])
    rates = 1 / (np.arange(80) + 3)
    table = np.outer(sizes, rates / rates.sum()).astype(int)
    table[0, 5] += 7  # a term in one document above all
    table[1:, 6] = 0  # and one in a single document only
    table = table[:, table.sum(axis=0) > 0]
    found = count_contrast(table, sizes, target == 1).table
    assert (
        found.drop(columns=["ci_low", "ci_high", "family_low", "family_high"])
        .notna()
        .all(axis=None)
    )
    assert found["p_value"].between(0, 1).all()
    assert (found["ci_low"] < found["ci_high"]).all()


# Simulation


@pytest.mark.parametrize("phi", [1.01, 1.5, 3.0])
def test_it_holds_its_level(phi):
    values = bursty(random(65), 2.0, phi, (40, 2_000))
    p = count_test(values, SIZES, TARGET).p_value
    assert 0.02 < (p <= 0.05).mean() < 0.06


def test_it_holds_its_level_for_texts_of_unequal_length():
    sizes, target = np.repeat([3_000.0, 300.0], [10, 100]), np.arange(110) < 10
    values = random(66).poisson(sizes[:, None] * 0.005, (110, 1_000))
    assert 0.02 < (count_test(values, sizes, target).p_value <= 0.05).mean() < 0.065


@pytest.mark.parametrize("growth", [0.0, 1.0])
def test_it_holds_its_level_where_unevenness_grows_with_length(growth):
    """Lengths of 1 to 60, and rates of authors: a variance linear in length would be too small."""
    rng = random(72)
    sizes = np.exp(rng.uniform(np.log(200), np.log(12_000), 24))
    rates = rng.gamma(1, 0.001, 600)
    excess = 0.5 * (sizes / sizes.mean())[:, None] ** growth
    values = rng.negative_binomial(sizes[:, None] * rates / excess + 1e-9, 1 / (1 + excess))
    found = count_test(values, sizes, np.arange(24) < 9)
    often = values.sum(axis=0) >= 5
    assert 0.02 < (found.p_value[often] <= 0.05).mean() < 0.065


def test_it_bounds_the_family_wise_error():
    rng, families = random(67), 80
    wrong = sum(
        np.nanmin(count_test(bursty(rng, 1.0, 1.5, (40, 60)), SIZES, TARGET).p_family) <= 0.05
        for _ in range(families)
    )
    assert wrong <= stats.binom.ppf(0.999, families, 0.05)


@pytest.mark.parametrize("mean", [0.15, 0.5, 2.0, 8.0])
@pytest.mark.parametrize("ratio", [1.0, 3.0])
def test_intervals_cover_in_every_class_of_frequency(mean, ratio):
    """One term in six differs, by the same factor either way."""
    rng, terms = random(32), np.arange(600)
    truth = np.log2(ratio) * np.select([terms % 12 == 0, terms % 12 == 6], [1.0, -1.0], 0.0)
    means = mean * 2.0 ** (np.where(TARGET, 0.5, -0.5)[:, None] * truth)
    values = rng.negative_binomial(means / 0.5, 1 / 1.5)
    low, high = count_test(values, SIZES, TARGET).interval()
    held = (low <= truth) & (truth <= high)
    assert 0.925 < held[(values.sum(axis=0) > 0) & ((truth != 0) | (ratio == 1))].mean() < 0.995


def test_of_two_units_the_most_frequent_terms_count_for_each_other():
    """One term of 200 could pass alone; as its unevenness is known from its likes, 100 could."""
    rng = np.random.default_rng(4)
    counts = rng.poisson(np.r_[np.full(120, 20.0), np.full(80, 2.0)], (2, 200)).astype(float)
    counts[:, 0] = 90, 0
    test = count_test(counts, [900.0, 900], [True, False])
    p = test.p_value[[0]]
    alone = replace(test.attainable, reach=Reach())
    reached = 1 - np.exp(np.log1p(-alone.family(p)) + 99 * np.log1p(-p))
    assert alone.family(p)[0] < test.attainable.family(p)[0] <= reached[0] * (1 + 1e-9)


@pytest.mark.parametrize("empty", [[2], [0, 1, 2], [0, 1, 2, 3], list(range(8))])
def test_units_that_hold_no_term_are_units(empty):
    """A text of stop words alone has its length, and tells that the terms are not in it."""
    values = random(70).poisson(2.0, (8, 30)).astype(float)
    values[empty] = 0
    result = count_test(values, np.full(8, 100.0), np.arange(8) < 4)
    some = values.sum(axis=0) > 0
    assert np.isfinite(result.p_value[some]).all()
    assert np.isnan(result.p_value[~some]).all()
    low, high = result.interval()
    assert (low[some] <= high[some]).all()
    if empty == [0, 1, 2, 3]:
        assert np.isneginf(low).all()
        assert (result.log_ratio < 0).all()


def test_g2_of_rare_terms_that_is_looked_up_is_the_one_computed():
    random = np.random.default_rng(5)
    totals = random.integers(1, 3 * RARE, 300).astype(float)
    counts = np.floor(random.random((4, 300)) * (totals + 1))
    share = random.uniform(0.01, 0.99, (4, 1))
    np.testing.assert_array_equal(_g2s(counts, totals, share), _g2(counts, totals, share))
