"""Dispersion measures by hand, by loops and against published values."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.keywords import formulas
from analysis.keywords.formulas import dp_norm

with (Path(__file__).parents[1] / "references" / "published_dispersion.csv").open(
    encoding="utf-8", newline=""
) as file:
    PUBLISHED = list(csv.DictReader(file))


EVEN_IS_ONE = (formulas.juilland_d, formulas.carroll_d2, formulas.rosengren_s)


EVEN_IS_NOUGHT = (formulas.dp, formulas.dp_norm)


MEASURES = (*EVEN_IS_ONE, *EVEN_IS_NOUGHT, formulas.unit_range)


units = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 500)), min_size=2, max_size=12)


def one(measure, counts, sizes):
    """Return a measure of one term."""
    (found,) = measure(np.array(counts, dtype=float)[:, None], np.array(sizes, dtype=float))
    return float(found)


@pytest.mark.parametrize(
    "row", PUBLISHED, ids=[f"{r['measure']}: {r['source']}" for r in PUBLISHED]
)
def test_published_values(row):
    counts, sizes = ([float(x) for x in row[key].split()] for key in ("counts", "sizes"))
    found = one(getattr(formulas, row["measure"]), counts, sizes)
    assert found == pytest.approx(float(row["value"]), abs=0.5 * 10 ** -int(row["decimals"]), rel=0)


def test_dp_by_hand():
    """Half the text holds 3 of 4 occurrences, a quarter 1, a quarter none: ½ (¼ + 0 + ¼)."""
    assert one(formulas.dp, [3, 1, 0], [20, 10, 10]) == 0.25
    assert one(formulas.dp_norm, [3, 1, 0], [20, 10, 10]) == pytest.approx(1 / 3)


def test_juilland_by_hand():
    """Rates .1 and .3: deviation .1, mean .2, so 1 - ½ / sqrt(1)."""
    assert one(formulas.juilland_d, [1, 6], [10, 20]) == pytest.approx(0.5)


def test_carroll_by_hand():
    """Shares of the rates ½, ¼, ¼, 0 have 1.5 bits of at most 2."""
    assert one(formulas.carroll_d2, [2, 1, 1, 0], [10, 10, 10, 10]) == pytest.approx(0.75)


def test_rosengren_by_hand():
    """(sqrt(½ · 2) + sqrt(½ · 8))² / 10 = 9 / 10."""
    assert one(formulas.rosengren_s, [2, 8], [10, 10]) == pytest.approx(0.9)


def loops(counts, sizes):
    """Return every measure by plain loops over the units."""
    total, length, m = sum(counts), sum(sizes), len(counts)
    rates = [x / n for x, n in zip(counts, sizes, strict=True)]
    mean = sum(rates) / m
    spread = math.sqrt(sum((p - mean) ** 2 for p in rates) / m)
    shares = [p / sum(rates) for p in rates]
    pairs = list(zip(counts, sizes, strict=True))
    gaps = sum(abs(x / total - n / length) for x, n in pairs) / 2
    return {
        "dp": gaps,
        "dp_norm": gaps / (1 - min(sizes) / length),
        "juilland_d": 1 - spread / mean / math.sqrt(m - 1),
        "carroll_d2": -sum(r * math.log2(r) for r in shares if r) / math.log2(m),
        "rosengren_s": sum(math.sqrt(n / length * x) for x, n in pairs) ** 2 / total,
        "unit_range": sum(x > 0 for x in counts),
    }


@given(units.filter(lambda pairs: any(x for x, _ in pairs)))
def test_measures_are_their_loops(pairs):
    counts, sizes = zip(*pairs, strict=True)
    for name, expected in loops(counts, sizes).items():
        found = one(getattr(formulas, name), counts, sizes)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9), name


@given(units.filter(lambda pairs: any(x for x, _ in pairs)))
def test_measures_stay_between_nought_and_one(pairs):
    counts, sizes = zip(*pairs, strict=True)
    for measure in (*EVEN_IS_ONE, *EVEN_IS_NOUGHT):
        assert -1e-9 <= one(measure, counts, sizes) <= 1 + 1e-9


@given(st.lists(st.integers(1, 500), min_size=2, max_size=12))
def test_both_ends_are_reached(sizes):
    alone = np.arange(len(sizes)) == int(np.argmin(sizes))
    for measure in EVEN_IS_ONE:
        assert one(measure, sizes, sizes) == pytest.approx(1)
    for measure in EVEN_IS_NOUGHT:
        assert one(measure, sizes, sizes) == pytest.approx(0, abs=1e-9)
    assert one(formulas.juilland_d, alone, sizes) == pytest.approx(0, abs=1e-9)
    assert one(formulas.carroll_d2, alone, sizes) == pytest.approx(0, abs=1e-9)
    assert one(formulas.rosengren_s, alone, sizes) == pytest.approx(min(sizes) / sum(sizes))
    assert one(formulas.dp_norm, alone, sizes) == pytest.approx(1)
    assert one(formulas.unit_range, alone, sizes) == 1


def test_terms_keep_their_columns():
    counts = np.array([[1.0, 0, 4], [2, 5, 4]])
    sizes = np.array([10.0, 30])
    for measure in MEASURES:
        alone = [one(measure, column, sizes) for column in counts.T]
        assert measure(counts, sizes).tolist() == pytest.approx(alone)


def test_an_absent_term_has_no_dispersion_and_a_range_of_nought():
    for measure in (*EVEN_IS_ONE, *EVEN_IS_NOUGHT):
        assert math.isnan(one(measure, [0, 0], [10, 20]))
    assert one(formulas.unit_range, [0, 0], [10, 20]) == 0


def test_one_unit_cannot_be_compared_with_others():
    for measure in (formulas.dp_norm, formulas.juilland_d, formulas.carroll_d2):
        assert math.isnan(one(measure, [3], [10]))


# Dispersion


def test_dp_norm_is_gries_example():
    """Gries 2020, Analyzing dispersion: 'a' stands 1 to 5 times in parts of 9 to 11 words.

    His DP is .18; divided by 1 - .18, the most it can be, it is .22.
    """
    (found,) = dp_norm(np.array([[1.0], [2], [3], [4], [5]]), np.array([9.0, 10, 10, 10, 11]))
    assert found == pytest.approx(0.18 / 0.82, rel=1e-9)


def test_dp_norm_by_hand():
    """Shares of size .5, .25, .25; DP of 3-1-0 is ½(.25 + 0 + .25) = .25, of at most .75."""
    counts = np.array([[3.0, 0, 2, 0], [1, 0, 1, 4], [0, 0, 1, 0]])
    found = dp_norm(counts, np.array([20.0, 10, 10]))
    assert found[[0, 2, 3]].tolist() == pytest.approx([1 / 3, 0, 1])
    assert math.isnan(found[1])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 500)), min_size=2, max_size=12))
def test_dp_norm_runs_from_even_to_clumped(units):
    counts, sizes = (np.array(column, dtype=float) for column in zip(*units, strict=True))
    (found,) = dp_norm(counts[:, None], sizes)
    if counts.sum() == 0:
        assert math.isnan(found)
        return
    assert 0 <= found <= 1 + 1e-12
    own, shares = counts / counts.sum(), sizes / sizes.sum()
    gaps = sum(abs(x - n) for x, n in zip(own, shares, strict=True))
    assert found == pytest.approx(gaps / 2 / (1 - min(shares)), rel=1e-9, abs=1e-12)


@given(st.lists(st.integers(1, 500), min_size=2, max_size=12))
def test_dp_norm_reaches_both_ends(sizes):
    lengths = np.array(sizes, dtype=float)
    clumped = (np.arange(len(sizes)) == lengths.argmin()).astype(float)
    found = dp_norm(np.column_stack([lengths, clumped]), lengths)
    assert found.tolist() == pytest.approx([0, 1], abs=1e-9)
