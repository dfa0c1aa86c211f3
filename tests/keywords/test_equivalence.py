"""Lockwords: terms shown to be used alike."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.errors import InputError
from analysis.inference import count_test
from analysis.keywords.equivalence import (
    COLUMNS,
    lockwords,
    lockwords_of_counts,
)
from analysis.text import count_terms
from tests.helpers import counted

TERMS = 900


def drawn(log_ratio, *, mean=2.0, phi=1.5, units=(10, 30), seed=0):
    """Return counts of TERMS terms whose rates differ by a log ratio; φ is variance by mean."""
    rng = np.random.default_rng(seed)
    rows = [
        rng.negative_binomial(m / (phi - 1), 1 / phi, (count, TERMS))
        for m, count in ((mean * 2**log_ratio, units[0]), (mean, units[1]))
    ]
    return counted(np.vstack(rows), units[0])


def alike(counts, bound=1.0):
    """Return the table of lockwords."""
    return lockwords_of_counts(counts, bound=bound)[0]


def frequency_floor(counts, bound=1.0):
    """Return how often a term must occur to be decided."""
    return lockwords_of_counts(counts, bound=bound)[1]


def passing(table):
    return float((table["p_alike"] < 0.05).mean())


# By hand


def test_p_is_the_larger_of_two_one_sided_tests_at_the_bounds(counts):
    table = alike(counts).set_index("term").loc[list(counts.terms)]
    test = count_test(counts.matrix, counts.sizes, counts.target)
    p = np.maximum(test.splits.above(-1.0)[0], test.splits.above(1.0)[1])
    assert table["p_alike"].tolist() == pytest.approx(p[test.kind].tolist(), rel=1e-9)
    low, high = test.interval(0.9)
    assert np.allclose(table[["alike_low", "alike_high"]], np.column_stack([low, high]), rtol=1e-9)


@pytest.mark.parametrize("bound", [0.5, 1.0, 2.0])
def test_p_is_below_the_level_just_where_the_interval_is_within_the_bounds(bound):
    table = alike(drawn(0.0), bound=bound)
    within = (table["alike_low"] > -bound) & (table["alike_high"] < bound)
    assert within.equals(table["p_alike"] < 0.05)


def test_a_term_used_alike_passes_from_the_floor_on():
    """The floor is that of a typical term; a wider bound needs fewer occurrences."""
    data = drawn(0.0, phi=1.02)
    floor = frequency_floor(data)
    assert 20 < floor < 80  # without bursts: (1 / ¼ + 1 / ¾) (1.645 / ln 2)² - 1 = 29
    assert frequency_floor(data, bound=2) < floor / 2


def test_holm_over_the_terms_that_can_be_decided(counts):
    table = alike(counts)
    total = table["n_target"] + table["n_reference"]
    decided = total >= frequency_floor(counts)
    assert table["p_alike_family"].notna().equals(decided)
    p = table.loc[decided, "p_alike"].to_numpy()
    highest, expected = 0.0, []
    for place, one in enumerate(p):
        highest = max(highest, min(1, one * (len(p) - place)))
        expected.append(highest)
    assert table.loc[decided, "p_alike_family"].tolist() == pytest.approx(expected)


def nine_digits(column):
    """Sort by what is determined: words of equal counts have one p, whatever its last bits."""
    return column.map(lambda p: float(f"{p:.9g}")) if column.name == "p_alike" else column


def test_columns_and_order_are_fixed(counts):
    table = alike(counts)
    assert list(table) == COLUMNS
    assert sorted(table["term"]) == list(counts.terms)
    assert table.equals(table.sort_values(["p_alike", "term"], key=nine_digits))


# Simulation


@pytest.mark.parametrize("phi", [1.02, 1.5, 2.5])
@pytest.mark.parametrize("log_ratio", [1.0, -1.0])
def test_level_at_the_bound(phi, log_ratio):
    """A rate that differs by just the bound passes in at most one of twenty corpora."""
    room = 3 * math.sqrt(0.05 * 0.95 / TERMS)
    assert passing(alike(drawn(log_ratio, mean=3.0, phi=phi))) <= 0.05 + room


def test_level_of_the_bursty_among_the_calm():
    calm, wild = drawn(1.0, mean=4.0, phi=1.2), drawn(1.0, mean=4.0, phi=4.0, seed=1)
    both = sparse.hstack([calm.matrix, wild.matrix[:, :300]], format="csr")
    mixed = replace(calm, terms=tuple(f"t{n:05}" for n in range(TERMS + 300)), matrix=both)
    table = alike(mixed)
    assert passing(table[table["term"] >= f"t{TERMS:05}"]) <= 0.09


def test_power_when_equal_and_frequent():
    assert passing(alike(drawn(0.0, mean=6.0, phi=1.02))) > 0.97
    assert passing(alike(drawn(0.0, mean=6.0, phi=1.5))) > 0.9


def test_rare_terms_are_left_undecided():
    table = alike(drawn(0.0, mean=0.1, phi=1.02))
    assert passing(table) < 0.01
    assert table["p_alike_family"].isna().all()


def test_family_wise_level_at_the_bound():
    """Twenty terms at the bound: one passes the family-wise 5 % in at most one in twenty."""
    whole = drawn(1.0, mean=3.0, phi=1.5)
    hits = [
        (alike(replace(whole, terms=whole.terms[i : i + 20],
                           matrix=whole.matrix[:, i : i + 20]))["p_alike_family"] < 0.05).any()
        for i in range(0, TERMS, 20)
    ]  # fmt: skip
    assert np.mean(hits) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / len(hits))


# Properties


def test_exchanging_the_groups_turns_the_signs(counts):
    there = alike(counts).set_index("term")
    back = alike(replace(counts, target=~counts.target)).set_index("term").loc[there.index]
    assert np.allclose(there["log_ratio"], -back["log_ratio"])
    assert np.allclose(there["alike_low"], -back["alike_high"])
    assert np.allclose(there["p_alike"], back["p_alike"])


def test_a_wider_bound_never_raises_p(counts):
    narrow, wide = (alike(counts, bound=b).set_index("term")["p_alike"] for b in (0.5, 1.5))
    assert (wide <= narrow.loc[wide.index]).all()


def test_a_text_set_against_itself_is_alike(counts):
    """Every term as often in both: all that reach the floor lie in the middle of the bounds."""
    own = counts.matrix[~counts.target]
    twice = replace(
        counts,
        matrix=sparse.vstack([own, own], format="csr"),
        sizes=np.tile(counts.sizes[~counts.target], 2),
        target=np.repeat([True, False], own.shape[0]),
        units=pd.concat([counts.units[~counts.target]] * 2, ignore_index=True),
    )
    table = alike(twice)
    held = table["n_target"] > 0  # the other article's own words stand in neither copy
    assert np.allclose(table.loc[held, "log_ratio"], 0)
    assert (table["p_alike"] < 0.05).any()


# Bad input


@pytest.mark.parametrize("bound", [0.0, -1.0, math.nan, math.inf])
def test_bounds_must_be_positive(counts, bound):
    with pytest.raises(InputError, match="bound must be a positive number"):
        lockwords_of_counts(counts, bound=bound)


@pytest.mark.parametrize("bad", [-1.0, math.nan])
def test_impossible_counts_are_refused(counts, bad):
    spoilt = counts.matrix.astype(float)
    spoilt.data[0] = bad
    with pytest.raises(InputError, match="finite and not negative"):
        alike(replace(counts, matrix=spoilt))


# What the notebook shows


def test_what_is_counted_can_be_asked_for(corpus):
    few, many = lockwords(corpus), lockwords(corpus, function_words=True, bound=0.5)
    assert set(few.table["term"]) < set(many.table["term"])
    counts = count_terms(corpus, function_words=True)
    pd.testing.assert_frame_equal(many.table, alike(counts, bound=0.5))
    assert many.facts["frequency_floor"] == frequency_floor(counts, bound=0.5)
