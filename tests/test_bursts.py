"""Bursts and the weight of evidence: SciPy's distributions, then toys, then simulation."""

import numpy as np
import pytest
from scipy import special, stats

from analysis.inference import count_test
from analysis.inference.bursts import (
    EXCESS,
    Bursts,
    joint_excess,
    learn_bursts,
    log_split,
    moved,
)
from analysis.inference.weight_of_evidence import EFFECTS, WIDTH, weigh_evidence

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


def test_units_are_dirichlet_multinomial():
    """The likelihood of an excess is SciPy's, but for a factor that all excesses share."""
    table, _ = uneven(terms=40)
    bursts = learn_bursts(table, SIZES, TARGET)
    totals, share = table.sum(axis=0), SIZES[TARGET].sum() / SIZES.sum()
    for side, weight, found in (
        (TARGET, share, bursts.target),
        (~TARGET, 1 - share, bursts.reference),
    ):
        for j in np.flatnonzero(table[side].sum(axis=0) > 0)[:5]:
            sizes = SIZES[side] / SIZES[side].sum()
            counts = table[side, j].astype(int)
            expected = np.array(
                [
                    stats.dirichlet_multinomial(
                        totals[j] * weight * sizes / e, counts.sum()
                    ).logpmf(counts)
                    for e in EXCESS
                ]
            )
            np.testing.assert_allclose(found[j] - found[j, 0], expected - expected[0], atol=1e-6)


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
    assert joint_excess(np.array(2.0), np.array(2.0), 0.3) == pytest.approx(2)
    assert joint_excess(np.array(1.0), np.array(0.0), 0.5) == pytest.approx(1 / 3)


def test_a_grid_is_read_off_linearly():
    line = np.arange(13.0)[None]
    assert moved(line, 0.5)[0, :3].tolist() == [0.5, 1.5, 2.5]
    assert moved(line, -2)[0, :4].tolist() == [0, 0, 0, 1]


def test_inflation_by_hand():
    # half the weight on an excess of 1/64, half on 2; of three occurrences
    prior = np.where(np.isin(EXCESS, [1 / 64, 2]), 0.5, 0.0)
    flat = np.zeros((2, 13))
    bursts = Bursts(0.5, 0.0, prior, flat, flat)
    slight, strong = 2 * (1 / 64) / (3 + 1 / 64), 2 * 2 / (3 + 2)
    found = bursts.inflation(np.array([3.0, 1.0]), EXCESS)
    assert found == pytest.approx([1 + (slight + strong) / 2, 1])


# What is learnt


def test_the_excess_is_learnt_from_all_terms():
    for truth in (0.25, 1.0, 4.0):
        table, _ = uneven(terms=400, excess=truth, spread=0.01)
        bursts = learn_bursts(table, SIZES, TARGET)
        centre = 2 ** (bursts.prior @ np.log2(EXCESS))
        assert truth / 2.5 < centre < truth * 2.5


def test_terms_without_bursts_have_next_to_none():
    table = np.random.default_rng(3).poisson(SIZES[:, None] * 0.01, (40, 300)).astype(float)
    assert count_test(table, SIZES, TARGET).inflation.max() < 1.3


def test_a_frequent_term_is_judged_by_its_own_bursts():
    table, _ = uneven(terms=300, excess=0.3, spread=1.0)
    even = np.full(40, 2.0)
    burst = np.zeros(40)
    burst[[3, 30]] = 27, 53
    weights = learn_bursts(np.column_stack([table, even, burst]), SIZES, TARGET).weights
    means = weights @ EXCESS
    assert means[-2] < 0.1
    assert means[-1] > 10


@pytest.mark.parametrize(("factor", "sign"), [(8.0, 1), (1 / 8, -1)])
def test_groups_may_differ_in_their_bursts(factor, sign):
    table, _ = uneven(seed=5, terms=600, excess=1 / np.sqrt(factor), spread=0.3, factor=factor)
    assert sign * learn_bursts(table, SIZES, TARGET).halves > 0


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
    bursts = Bursts(share, 0.0, np.where(EXCESS == 1, 1.0, 1e-300), flat, flat)
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

    mix = stats.norm.pdf(EFFECTS, scale=WIDTH) * np.gradient(EFFECTS)
    more, less = (
        mix @ np.array([likelihood(sign * x) / likelihood(0) for x in EFFECTS]) / mix.sum()
        for sign in (1, -1)
    )
    expected = np.log10((1 + more) / (1 + less))
    np.testing.assert_allclose(weigh_evidence(bursts, a, t), expected, rtol=1e-6, atol=1e-9)


# Simulation


def test_terms_whose_bursts_differ_raise_no_false_family():
    """Excesses lognormal over terms: single dense passages must not pass for differences."""
    alarms, shares = [], []
    for seed in range(80):
        table, _ = uneven(seed=seed, terms=150, excess=0.5, spread=1.2)
        result = count_test(table, SIZES, TARGET)
        often = table.sum(axis=0) >= 5
        alarms.append(result.p_family.min() <= 0.05)
        shares.append((result.p_value[often] < 0.05).mean())
    assert sum(alarms) <= stats.binom.ppf(0.999, 80, 0.05)
    assert 0.025 < np.mean(shares) < 0.065


def test_the_weights_of_a_term_add_up_to_one():
    table, _ = uneven(terms=50)
    weights = learn_bursts(table, SIZES, TARGET).weights
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    assert np.isfinite(special.xlogy(weights, weights)).all()
