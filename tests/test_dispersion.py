"""Dispersion measures: published values, then loops, then what each must do at its two ends.

``references/published_dispersion.csv`` holds the published values, each with its source.
"""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.keywords import dispersion

with (Path(__file__).parent / "references" / "published_dispersion.csv").open(
    encoding="utf-8", newline=""
) as file:
    PUBLISHED = list(csv.DictReader(file))
EVEN_IS_ONE = (dispersion.juilland_d, dispersion.carroll_d2, dispersion.rosengren_s)
EVEN_IS_NOUGHT = (dispersion.dp, dispersion.dp_norm)
MEASURES = (*EVEN_IS_ONE, *EVEN_IS_NOUGHT, dispersion.unit_range)

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
    found = one(getattr(dispersion, row["measure"]), counts, sizes)
    assert found == pytest.approx(float(row["value"]), abs=0.5 * 10 ** -int(row["decimals"]), rel=0)


def test_dp_by_hand():
    """Half the text holds 3 of 4 occurrences, a quarter 1, a quarter none: ½ (¼ + 0 + ¼)."""
    assert one(dispersion.dp, [3, 1, 0], [20, 10, 10]) == 0.25
    assert one(dispersion.dp_norm, [3, 1, 0], [20, 10, 10]) == pytest.approx(1 / 3)


def test_juilland_by_hand():
    """Rates .1 and .3: deviation .1, mean .2, so 1 - ½ / sqrt(1)."""
    assert one(dispersion.juilland_d, [1, 6], [10, 20]) == pytest.approx(0.5)


def test_carroll_by_hand():
    """Shares of the rates ½, ¼, ¼, 0 have 1.5 bits of at most 2."""
    assert one(dispersion.carroll_d2, [2, 1, 1, 0], [10, 10, 10, 10]) == pytest.approx(0.75)


def test_rosengren_by_hand():
    """(sqrt(½ · 2) + sqrt(½ · 8))² / 10 = 9 / 10."""
    assert one(dispersion.rosengren_s, [2, 8], [10, 10]) == pytest.approx(0.9)


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
        found = one(getattr(dispersion, name), counts, sizes)
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
    assert one(dispersion.juilland_d, alone, sizes) == pytest.approx(0, abs=1e-9)
    assert one(dispersion.carroll_d2, alone, sizes) == pytest.approx(0, abs=1e-9)
    assert one(dispersion.rosengren_s, alone, sizes) == pytest.approx(min(sizes) / sum(sizes))
    assert one(dispersion.dp_norm, alone, sizes) == pytest.approx(1)
    assert one(dispersion.unit_range, alone, sizes) == 1


def test_terms_keep_their_columns():
    counts = np.array([[1.0, 0, 4], [2, 5, 4]])
    sizes = np.array([10.0, 30])
    for measure in MEASURES:
        alone = [one(measure, column, sizes) for column in counts.T]
        assert measure(counts, sizes).tolist() == pytest.approx(alone)


def test_an_absent_term_has_no_dispersion_and_a_range_of_nought():
    for measure in (*EVEN_IS_ONE, *EVEN_IS_NOUGHT):
        assert math.isnan(one(measure, [0, 0], [10, 20]))
    assert one(dispersion.unit_range, [0, 0], [10, 20]) == 0


def test_one_unit_cannot_be_compared_with_others():
    for measure in (dispersion.dp_norm, dispersion.juilland_d, dispersion.carroll_d2):
        assert math.isnan(one(measure, [3], [10]))
