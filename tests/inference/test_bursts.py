"""Bursts and the weight of evidence: SciPy's distributions, then toys, then simulation."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize, sparse, special, stats

from analysis.inference import count_test
from analysis.inference.bursts import (
    EXCESS,
    Bursts,
    _mixture,
    joint_excess,
    learn_bursts,
    log_rising,
    log_split,
    read_off,
)
from analysis.inference.bursts import WORTH as WORTH_OF_BASE
from analysis.inference.split import COMMON, WEIGHED, WIDTH, WORTH, weigh_evidence
from analysis.inference.weights import kinds_of_terms

TARGET = np.arange(40) < 13
SIZES = np.tile([80.0, 100, 120, 95], 10)


def negative_binomial(rng, means, excess):
    """Return counts whose variance is ``1 + excess`` times their mean."""
    return rng.negative_binomial(means / excess, 1 / (1 + excess)).astype(float)


def uneven(seed=1, terms=300, excess=0.4, spread=1.0, factor=1.0):
    """Return units × terms counts of terms whose excesses differ, and these excesses."""
    rng = np.random.default_rng(seed)
    own = excess * np.exp(rng.normal(0, spread, terms))
    rates = rng.gamma(1, 0.004, terms)
    means = SIZES[:, None] * rates + 1e-9
    return negative_binomial(rng, means, own * np.where(TARGET, 1, factor)[:, None]), own


# The distributions


@pytest.mark.parametrize("excess", [1 / 64, 1.0, 8.0])
def test_a_split_is_beta_binomial(excess):
    counts, total, share = np.arange(8.0), 7.0, 0.3
    size = total / excess
    expected = stats.betabinom(7, share * size, (1 - share) * size).logpmf(counts)
    np.testing.assert_allclose(log_split(counts, np.full(8, total), share, excess), expected)


def learnt(table):
    table = table[:, table.sum(axis=0) > 0]
    return learn_bursts(sparse.csr_array(table), SIZES, TARGET)


def test_units_of_one_length_are_dirichlet_multinomial():
    """The likelihood of an excess is SciPy's, but for a factor that all excesses share."""
    rng, sizes = np.random.default_rng(1), np.full(40, 100.0)
    table = negative_binomial(rng, np.tile(sizes[:, None] * 0.01, 40), 0.4)
    bursts = learn_bursts(sparse.csr_array(table), sizes, TARGET)
    totals, share = table.sum(axis=0), TARGET.mean()
    for side, weight, found in (
        (TARGET, share, bursts.target),
        (~TARGET, 1 - share, bursts.reference),
    ):
        for j in np.flatnonzero(table[side].sum(axis=0) > 0)[:5]:
            counts = table[side, j].astype(int)
            expected = np.array(
                [
                    stats.dirichlet_multinomial(
                        np.full(len(counts), totals[j] * weight / len(counts) / e), counts.sum()
                    ).logpmf(counts)
                    for e in EXCESS
                ]
            )
            np.testing.assert_allclose(found[j] - found[j, 0], expected - expected[0], atol=1e-6)


def test_units_of_any_length_are_negative_binomial_given_their_sum():
    """The factor of a unit's law and of the sum's, as SciPy has them."""
    table, _ = uneven(terms=30)
    table = table[:, table.sum(axis=0) > 0]
    bursts = learnt(table)
    typical = (SIZES**2).sum() / SIZES.sum()
    sizes, share = SIZES[TARGET], SIZES[TARGET].sum() / SIZES.sum()
    for j in np.flatnonzero(table[TARGET].sum(axis=0) > 0)[:4]:
        counts, mean = table[TARGET, j], table[:, j].sum() * share
        expected = []
        for e in EXCESS:
            own, means = e * (sizes / typical) ** bursts.growth, mean * sizes / sizes.sum()
            whole = (sizes * own).sum() / sizes.sum()
            law = stats.nbinom.logpmf(counts, means / own, 1 / (1 + own)).sum()
            expected.append(law - stats.nbinom.logpmf(counts.sum(), mean / whole, 1 / (1 + whole)))
        found = bursts.target[j]
        np.testing.assert_allclose(found - found[0], np.array(expected) - expected[0], atol=1e-6)


def test_negative_binomial_counts_add_up_to_what_the_test_presumes():
    """Of a term's t occurrences, the target's share varies as its beta-binomial says."""
    excess, rng = 1.5, np.random.default_rng(2)
    counts = negative_binomial(rng, np.tile(SIZES[:, None] * 0.002, 150_000), excess)
    totals = counts.sum(axis=0)
    chosen = counts[TARGET].sum(axis=0)[totals == 6]
    # all terms have one rate, so the concentration is that of the expected total, not of t
    expected, share = SIZES.sum() * 0.002, SIZES[TARGET].sum() / SIZES.sum()
    law = np.exp(log_split(np.arange(7.0), np.full(7, 6.0), share, 6 / (expected / excess)))
    assert (
        stats.chisquare(np.bincount(chosen.astype(int), minlength=7), law * len(chosen)).pvalue
        > 0.001
    )


def test_joint_excess_by_hand():
    # equal excesses stay; 1 and 0 at even shares: 2 · 1 / (½ · 2 + ½ · 1) = 4/3
    assert joint_excess(np.array(2.0), np.array(2.0), np.array(0.3)) == pytest.approx(2)
    assert joint_excess(np.array(1.0), np.array(0.0), np.array(0.5)) == pytest.approx(1 / 3)


def test_a_grid_is_read_off_linearly():
    line = np.arange(float(len(EXCESS)))[None]
    assert read_off(line, 0.5)[0, :3].tolist() == [0.5, 1.5, 2.5]
    assert read_off(line, -2)[0, :4].tolist() == [0, 0, 0, 1]


# What is learnt


def likely(bursts):
    """Return the mean of log2 of each term's excess."""
    return bursts.weights @ np.log2(EXCESS)


def test_the_excess_is_learnt_from_all_terms():
    for truth in (0.25, 1.0, 4.0):
        table, _ = uneven(terms=400, excess=truth, spread=0.01)
        assert likely(learnt(table)).mean() == pytest.approx(np.log2(truth), abs=1.3)


def test_a_frequent_term_is_judged_by_its_own_spread():
    table, _ = uneven(terms=300, excess=0.3, spread=1.0)
    even, burst = np.full(40, 2.0), np.zeros(40)
    burst[[3, 30]] = 27, 53
    found = likely(learnt(np.column_stack([table, even, burst])))
    assert found[-2] < -3
    assert found[-1] > 3


@pytest.mark.parametrize("growth", [0.0, 1.0])
def test_how_unevenness_grows_with_length_is_learnt(growth):
    rng = np.random.default_rng(9)
    sizes = np.exp(rng.uniform(np.log(100), np.log(10_000), 60))
    excess = 1.0 * (sizes / sizes.mean())[:, None] ** growth
    means = sizes[:, None] * rng.gamma(1, 0.002, 500) + 1e-9
    drawn = negative_binomial(rng, means, excess)
    table = sparse.csr_array(drawn[:, drawn.sum(axis=0) > 0])
    assert learn_bursts(table, sizes, np.arange(60) < 25).growth == growth


@pytest.mark.parametrize("slope", [0.0, 0.5])
def test_how_unevenness_grows_with_frequency_is_learnt(slope):
    rng = np.random.default_rng(10)
    means = SIZES[:, None] * rng.gamma(0.5, 0.02, 600) + 1e-9
    table = negative_binomial(rng, means, 0.6 * means.mean(axis=0) ** slope)
    held = sparse.csr_array(table[:, table.sum(axis=0) > 0])
    assert learn_bursts(held, SIZES, TARGET).slope == pytest.approx(slope, abs=0.25)


@pytest.mark.parametrize(("factor", "sign"), [(8.0, 1), (1 / 8, -1)])
def test_groups_may_differ_in_their_bursts(factor, sign):
    table, _ = uneven(seed=5, terms=600, excess=1 / np.sqrt(factor), spread=0.3, factor=factor)
    held = sparse.csr_array(table[:, table.sum(axis=0) > 0])
    there, back = (learn_bursts(held, SIZES, flags).halves for flags in (TARGET, ~TARGET))
    assert sign * there > 0
    assert back == -there


def test_one_document_a_side_is_judged_by_other_texts():
    """It tells nothing of itself; other texts, and how its terms fall on the whole, do."""
    rng, sizes = np.random.default_rng(11), np.array([2_000.0, 3_000.0])
    calm = rng.poisson(sizes[:, None] * rng.gamma(0.5, 0.002, 500))
    apart = np.where(rng.random(500) < 0.5, [[1], [0]], [[0], [1]]) * calm.sum(axis=0)
    flags, means = np.array([True, False]), []
    for table in (calm, apart):
        bursts = learn_bursts(sparse.csr_array(table[:, table.sum(axis=0) > 0]), sizes, flags)
        assert (bursts.target == 0).all()
        assert np.allclose(bursts.weights, bursts.prior)
        means.append(likely(bursts).mean())
    assert means[1] > means[0] + 1


def test_weights_add_up_to_one_and_mirror():
    table, _ = uneven(terms=50)
    bursts = learnt(table)
    np.testing.assert_allclose(bursts.weights.sum(axis=1), 1)
    back = bursts.mirrored()
    np.testing.assert_allclose(back.weights, bursts.weights)
    np.testing.assert_allclose(back.joint_at(1 - 0.3), bursts.joint_at(0.3))


def test_groups_alike_are_as_uneven_as_one_of_them():
    bursts = replace(learnt(uneven(terms=50)[0]), halves=1.0, longer=(1.0, 1.5))
    target, reference = bursts.excess
    for side, own in enumerate((target / 1.0, reference / 1.5)):
        first, second = bursts.alike(side).excess
        np.testing.assert_allclose([first, second / 1.5], [own, own])


# The weight of evidence


def toy():
    """Return a table of even terms and, last, ten occurrences in ten units, and ten in one."""
    others = np.random.default_rng(6).poisson(SIZES[:, None] * 0.01, (40, 60)).astype(float)
    even, single = np.zeros(40), np.zeros(40)
    even[:10], single[4] = 1, 10
    return np.column_stack([others, even, single])


def test_ten_in_ten_units_weigh_more_than_ten_in_one():
    evidence = count_test(toy(), SIZES, TARGET).evidence
    assert evidence[-2] > evidence[-1] > 0
    assert evidence[-2] > evidence[:-2].max()


def test_evidence_turns_with_the_groups():
    table, _ = uneven(terms=80)
    there, back = (count_test(table, SIZES, side).evidence for side in (TARGET, ~TARGET))
    np.testing.assert_allclose(there, -back, atol=1e-6)


def test_evidence_grows_with_the_count():
    base = np.random.default_rng(7).poisson(SIZES[:, None] * 0.01, (40, 80)).astype(float)
    found = []
    for times in range(1, 5):
        table = base.copy()
        table[:, 0] = np.where(TARGET, times, 0)
        found.append(count_test(table, SIZES, TARGET).evidence[0])
    assert (np.diff(found) > 0).all()


def test_evidence_is_the_bayes_factor_of_its_definition():
    """One excess, so that the factor is a plain ratio of probabilities."""
    table = toy()
    share, flat = SIZES[TARGET].sum() / SIZES.sum(), np.zeros((6, len(EXCESS)))
    prior = np.tile(np.where(EXCESS == 1, 1.0, 1e-300), (6, 1))
    bursts = Bursts(share, 0.0, 0.0, 0.0, (1.0, 1.0), prior, flat, flat, flat)
    a, t = table[TARGET].sum(axis=0)[:6], table.sum(axis=0)[:6]

    def likelihood(effect):
        odds = bursts.share / (1 - bursts.share) * 2.0**effect
        share = odds / (1 + odds)
        return np.array(
            [
                stats.betabinom(int(n), share * n, (1 - share) * n).pmf(x)
                for x, n in zip(a, t, strict=True)
            ]
        )

    mix = stats.norm.pdf(WEIGHED, scale=WIDTH) * np.gradient(WEIGHED)
    more, less = (
        mix @ np.array([likelihood(sign * x) / likelihood(0) for x in WEIGHED]) / mix.sum()
        for sign in (1, -1)
    )
    odds = prior_odds((more + less) / 2, t)
    expected = np.log10((1 + odds * more) / (1 + odds * less))
    np.testing.assert_allclose(weigh_evidence(bursts, a, t), expected, rtol=1e-3, atol=1e-6)


def prior_odds(factor, totals):
    """The odds of "more in one group", octave by octave of frequency: where EM stands still."""

    def share(own, base):
        def drift(x):
            told = (x * own / (x * own + 1 - x)).sum()
            return (told + WORTH * base) / (len(own) + WORTH) - x

        return optimize.brentq(drift, 1e-9, 1 - 1e-9)

    every = share(factor, COMMON)
    octave = np.clip(np.floor(np.log2(totals)), 1, 9)
    found = np.array([share(factor[octave == own], every) for own in octave])
    return found / 2 / (1 - found)


def test_the_best_of_many_rare_words_ranks_behind_a_common_one():
    """Five of five in the target: one among 2,000 such words, the other among 20."""
    rng = np.random.default_rng(5)
    share = np.array(0.5)
    weights = {}
    for many in (20, 2_000):
        t = np.full(many, 5.0)
        a = rng.binomial(5, 0.5, many).astype(float)
        a[0] = 5
        flat, prior = np.zeros((many, len(EXCESS))), np.tile(np.eye(len(EXCESS))[0], (many, 1))
        bursts = Bursts(float(share), 0.0, 0.0, 0.0, (1.0, 1.0), prior, flat, flat, flat)
        weights[many] = weigh_evidence(bursts, a, t)[0]
    assert 0 < weights[2_000] < weights[20]


# Simulation


def test_terms_whose_bursts_differ_raise_no_false_family():
    """Excesses lognormal over terms: single dense passages must not pass for differences."""
    alarms, shares = [], []
    for seed in range(50):
        table, _ = uneven(seed=seed, terms=150, excess=0.5, spread=1.2)
        result = count_test(table, SIZES, TARGET)
        often = table.sum(axis=0) >= 5
        alarms.append(np.nanmin(result.p_family) <= 0.05)
        shares.append((result.p_value[often] < 0.05).mean())
    assert sum(alarms) <= stats.binom.ppf(0.999, 50, 0.05)
    assert 0.02 < np.mean(shares) < 0.065


# Terms that are alike


def test_rising_factorials_are_those_of_scipy_for_few_and_for_many():
    rng = np.random.default_rng(4)
    base = rng.lognormal(0, 3, 400)
    count = np.sort(rng.integers(2, 60, 400))[::-1].astype(float)
    expected = special.gammaln(base + count) - special.gammaln(base)
    np.testing.assert_allclose(log_rising(base, count), expected, rtol=1e-9)
    np.testing.assert_allclose(np.exp(log_rising(np.array([0.5]), np.array([3.0]))), 1.875)


def test_a_kind_stands_for_all_its_terms():
    """Rare terms in units of two lengths: learnt by kinds, it is what it is learnt term by term."""
    rng = np.random.default_rng(5)
    sizes, flags = np.tile([100.0, 160], 10), np.arange(20) < 8
    table = rng.negative_binomial(0.2, 0.4, (20, 900))
    table = sparse.csr_array(table[:, table.sum(axis=0) > 0].astype(float))
    first, kind = kinds_of_terms(table, np.column_stack([sizes, flags]))
    assert len(first) < 0.7 * table.shape[1]
    one, many = learn_bursts(table, sizes, flags), learn_bursts(table[:, first], sizes, flags, kind)
    assert (many.growth, many.slope, many.halves) == (one.growth, one.slope, one.halves)
    np.testing.assert_allclose(many.prior[kind], one.prior, rtol=1e-9)
    np.testing.assert_allclose(many.weights[kind], one.weights, rtol=1e-9)


def test_terms_whose_place_is_sure_have_the_shape_of_their_counts():
    """Each term can be at one place alone: the shares are its number, and WORTH of the base."""
    many, base = np.array([5.0, 0.0, 45.0]), np.array([0.2, 0.5, 0.3])
    shape = _mixture(np.eye(3), many, base)
    assert shape == pytest.approx((many + WORTH_OF_BASE * base) / (many.sum() + WORTH_OF_BASE))


def test_a_shape_is_where_the_likelihood_no_longer_rises():
    rng = np.random.default_rng(3)
    likelihood, many = rng.random((8, 4)), rng.integers(1, 9, 8).astype(float)
    base = np.full(4, 0.25)

    def gain(shape):
        return many @ np.log(likelihood @ shape) + WORTH_OF_BASE * (base @ np.log(shape))

    shape = _mixture(likelihood, many, base)
    assert shape.sum() == pytest.approx(1)
    for step in np.vstack([np.eye(4), -np.eye(4)]) * 0.003:
        other = shape + step - step.mean()
        assert gain(other / other.sum()) < gain(shape)
