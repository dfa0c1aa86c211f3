"""Association measures against published values, exact arithmetic and other people's code."""

import csv
import math
import sys
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nltk.metrics.association import BigramAssocMeasures
from scipy import stats
from scipy.stats import contingency

from analysis.errors import InputError
from analysis.keywords import formulas

REFERENCES = Path(__file__).parents[1] / "references" / "keyness.csv"


with REFERENCES.open(encoding="utf-8", newline="") as file:
    PUBLISHED = list(csv.DictReader(file))


TABLES = [
    (10, 5, 1_000, 2_000),
    (6, 0, 1_037, 3_019),
    (0, 11, 1_037, 3_019),
    (1, 1, 37, 3_019),
    (16, 15, 1_037, 3_019),
    (500, 900, 1_000, 1_000),
    (3, 40, 50, 60),
    (250, 90, 4_000, 90_000),
]


tables = pytest.mark.parametrize(("a", "b", "n1", "n2"), TABLES)


@st.composite
def cells(draw):
    """Occurrences in either group, at least one in all, and larger sizes."""
    a, b = draw(st.integers(0, 300)), draw(st.integers(0, 300))
    assume(a + b > 0)
    n1, n2 = a + draw(st.integers(1, 20_000)), b + draw(st.integers(1, 20_000))
    return a, b, n1, n2


def value(measure, a, b, n1, n2):
    """Return a measure of one term, as a number."""
    function = getattr(formulas, measure)
    (found,) = function(np.array([float(a)]), np.array([float(b)]), n1, n2)
    return float(found)


def exact_g2(a, b, n1, n2, cell_count=4):
    """Return G² in decimal arithmetic with fifty digits."""
    with localcontext(prec=50):
        t, n = Decimal(a + b), Decimal(n1 + n2)
        observed = [a, b, n1 - a, n2 - b][:cell_count]
        expected = [n1 * t / n, n2 * t / n, n1 * (n - t) / n, n2 * (n - t) / n]
        pairs = zip(observed, expected, strict=False)
        return float(2 * sum(o * (o / e).ln() for o, e in pairs if o))


def exact_chi2(a, b, n1, n2, shift=0):
    """Return Σ (|O - E| - shift)² / E in fractions, the shift never past nought."""
    t, n = a + b, n1 + n2
    expected = [Fraction(x * y, n) for x, y in product((t, n - t), (n1, n2))]
    gaps = [abs(o - e) for o, e in zip((a, b, n1 - a, n2 - b), expected, strict=True)]
    parts = (max(gap - shift, 0) ** 2 / e for gap, e in zip(gaps, expected, strict=True))
    return float(sum(parts))


def exact_fisher(a, b, n1, n2):
    """Return the share of all tables with these margins that are no more probable, in fractions."""
    t = a + b
    ways = {k: math.comb(n1, k) * math.comb(n2, t - k) for k in range(t + 1) if k <= n1}
    return float(Fraction(sum(w for w in ways.values() if w <= ways[a]), math.comb(n1 + n2, t)))


# Published values


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['measure']}: {row['source']}")
def test_published_values(row):
    found = value(row["measure"], *(int(row[key]) for key in ("a", "b", "n1", "n2")))
    assert found == pytest.approx(float(row["value"]), abs=0.5 * 10 ** -int(row["decimals"]), rel=0)


def test_every_published_value_has_a_source():
    assert len(PUBLISHED) >= 10
    assert all(len(row["source"]) > 10 and row["value"] for row in PUBLISHED)


# Other people's code


@tables
def test_g2_is_scipys_nltks_and_exact(a, b, n1, n2):
    found = value("g2", a, b, n1, n2)
    table = [[a, b], [n1 - a, n2 - b]]
    scipys = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert found == pytest.approx(scipys.statistic, rel=1e-9)
    assert found == pytest.approx(exact_g2(a, b, n1, n2), rel=1e-9)
    if min(a, b):  # NLTK puts a tiny number in place of an empty cell
        nltks = BigramAssocMeasures.likelihood_ratio(a, (n1, a + b), n1 + n2)
        assert found == pytest.approx(nltks, rel=1e-9)


@pytest.mark.parametrize("size", [10**5, 10**7, 10**9, 10**11])
def test_g2_loses_no_digit_in_large_corpora(size):
    found = value("g2", 10, 5, size, 2 * size)
    assert found == pytest.approx(exact_g2(10, 5, size, 2 * size), rel=1e-9)
    assert value("g2", 7, 14, size, 2 * size) == pytest.approx(0, abs=1e-12)


@tables
def test_two_cell_g2_is_exact_and_bic_takes_the_log_of_all_tokens_off(a, b, n1, n2):
    exact = exact_g2(a, b, n1, n2, cell_count=2)
    assert value("g2_two_cells", a, b, n1, n2) == pytest.approx(exact, rel=1e-9)
    assert value("bic", a, b, n1, n2) == pytest.approx(exact - math.log(n1 + n2), rel=1e-9)


@tables
def test_chi2_is_scipys_nltks_and_exact(a, b, n1, n2):
    found, table = value("chi2", a, b, n1, n2), [[a, b], [n1 - a, n2 - b]]
    assert found == pytest.approx(exact_chi2(a, b, n1, n2), rel=1e-9)
    assert found == pytest.approx(stats.chi2_contingency(table, correction=False)[0], rel=1e-9)
    nltks = BigramAssocMeasures.chi_sq(a, (n1, a + b), n1 + n2)
    assert found == pytest.approx(nltks, rel=1e-9)


@tables
def test_yates_chi2_is_scipys_and_exact(a, b, n1, n2):
    found, table = value("chi2_yates", a, b, n1, n2), [[a, b], [n1 - a, n2 - b]]
    half = Fraction(1, 2)
    assert found == pytest.approx(exact_chi2(a, b, n1, n2, half), rel=1e-9, abs=1e-12)
    scipys = stats.chi2_contingency(table, correction=True)[0]
    assert found == pytest.approx(scipys, rel=1e-9, abs=1e-12)


@tables
def test_p_values_are_scipys(a, b, n1, n2):
    table = [[a, b], [n1 - a, n2 - b]]
    p = formulas.tail(np.array([value("chi2", a, b, n1, n2)]))
    scipys = max(stats.chi2_contingency(table, correction=False)[1], sys.float_info.min)
    assert p[0] == pytest.approx(scipys, rel=1e-9, abs=0)
    fishers = max(stats.fisher_exact(table)[1], sys.float_info.min)
    assert value("fisher_p", a, b, n1, n2) == pytest.approx(fishers, rel=1e-9, abs=0)


@pytest.mark.parametrize(("a", "b", "n1", "n2"), [t for t in TABLES if t[0] + t[1] < 100])
def test_fisher_is_the_share_of_tables(a, b, n1, n2):
    exact = exact_fisher(a, b, n1, n2)
    assert value("fisher_p", a, b, n1, n2) == pytest.approx(exact, rel=1e-9, abs=0)


def test_fisher_keeps_each_terms_place():
    a, b = np.array([3.0, 0.0, 3.0, 5.0]), np.array([1.0, 4.0, 1.0, 0.0])
    alone = [exact_fisher(int(x), int(y), 20, 30) for x, y in zip(a, b, strict=True)]
    assert formulas.fisher_p(a, b, 20, 30).tolist() == pytest.approx(alone, rel=1e-9)


@pytest.mark.parametrize(("a", "b", "n1", "n2"), [t for t in TABLES if t[0] and t[1]])
def test_effect_sizes_are_scipys_and_nltks(a, b, n1, n2):
    risk = contingency.relative_risk(a, n1, b, n2).relative_risk
    assert value("relative_risk", a, b, n1, n2) == pytest.approx(risk, rel=1e-9)
    assert value("percent_difference", a, b, n1, n2) == pytest.approx(100 * risk - 100, rel=1e-9)
    assert value("log_ratio", a, b, n1, n2) == pytest.approx(math.log2(risk), rel=1e-9)
    odds = contingency.odds_ratio([[a, b], [n1 - a, n2 - b]], kind="sample").statistic
    assert value("odds_ratio", a, b, n1, n2) == pytest.approx(odds, rel=1e-9)
    nltks = BigramAssocMeasures.pmi(a, (n1, a + b), n1 + n2)
    assert value("pmi", a, b, n1, n2) == pytest.approx(nltks, rel=1e-9)


def test_log_odds_is_monroes_equations_by_loops():
    """Monroe, Colaresi & Quinn 2008, eqs. 15 (prior), 16 (δ), 20 (variance), 22 (z)."""
    target, reference, prior = [8, 0, 3, 40], [5, 7, 3, 1], [2.5, 0.25, 1, 30]
    n_i, n_j, alpha_0 = sum(target), sum(reference), sum(prior)
    expected = []
    for y_i, y_j, alpha in zip(target, reference, prior, strict=True):
        omega_i = (y_i + alpha) / (n_i + alpha_0 - (y_i + alpha))
        omega_j = (y_j + alpha) / (n_j + alpha_0 - (y_j + alpha))
        delta = math.log(omega_i) - math.log(omega_j)
        variance = 1 / (y_i + alpha) + 1 / (y_j + alpha)
        expected.append(delta / math.sqrt(variance))
    a, b = np.array(target, dtype=float), np.array(reference, dtype=float)
    found = formulas.log_odds_z(a, b, n_i, n_j, np.array(prior))
    assert found.tolist() == pytest.approx(expected, rel=1e-9)


# Properties


@given(cells())
def test_swapping_the_groups_turns_the_sign(table):
    a, b, n1, n2 = table
    there, back = (np.array([float(x)]) for x in (a, b))
    prior = np.array([(a + b) / (n1 + n2)])
    assert value("log_ratio", *table) == pytest.approx(-value("log_ratio", b, a, n2, n1), abs=1e-9)
    z = formulas.log_odds_z(there, back, n1, n2, prior)
    assert z == pytest.approx(-formulas.log_odds_z(back, there, n2, n1, prior), abs=1e-9)
    for measure in ("g2", "g2_two_cells", "chi2", "chi2_yates", "bic"):
        swapped = value(measure, b, a, n2, n1)
        assert value(measure, *table) == pytest.approx(swapped, rel=1e-9, abs=1e-8)


@given(cells())
def test_signs_follow_the_rates(table):
    a, b, n1, n2 = table
    assume(a and b)
    more = np.sign(a * n2 - b * n1)
    assert np.sign(round(value("log_ratio", *table), 12)) == more
    assert np.sign(round(value("percent_difference", *table), 9)) == more
    assert np.sign(round(value("odds_ratio", *table) - 1, 9)) == more
    assert np.sign(round(value("pmi", *table), 12)) == more


@given(st.integers(1, 50), st.integers(51, 5_000), st.integers(1, 9), st.integers(1, 9))
def test_nothing_at_equal_rates(count, size, times, others):
    table = count * times, count * others, size * times, size * others
    zero = pytest.approx(0, abs=1e-9)
    for measure in ("chi2", "chi2_yates", "log_ratio", "pmi", "percent_difference"):
        assert value(measure, *table) == zero
    for measure in ("g2", "g2_two_cells"):
        assert value(measure, *table) == pytest.approx(0, abs=1e-8)
    assert value("relative_risk", *table) == pytest.approx(1)
    assert value("odds_ratio", *table) == pytest.approx(1)


@given(cells())
def test_two_cells_hold_no_more_than_four(table):
    assert 0 <= value("g2_two_cells", *table) <= value("g2", *table) + 1e-7


@given(cells())
def test_yates_takes_off_and_never_past_nought(table):
    assert 0 <= value("chi2_yates", *table) <= value("chi2", *table)


@pytest.mark.parametrize("statistic", [50.0, 100.0, 400.0, 1_000.0, 1_400.0])
def test_the_tail_does_not_underflow(statistic):
    p = float(formulas.tail(np.array(statistic)))
    assert 0 < p < 1e-11
    assert p == pytest.approx(math.erfc(math.sqrt(statistic / 2)), rel=1e-9, abs=0)


def test_p_is_never_nought():
    """Beyond the range of doubles, p is given as their smallest."""
    beyond = formulas.tail(np.array([2_000.0, 1e6, np.inf]))
    assert (beyond == sys.float_info.min).all()
    assert value("fisher_p", 4_000, 0, 10_000, 10_000) == sys.float_info.min


def test_measures_keep_the_shape_of_the_counts():
    a, b = np.array([[3.0, 0.0], [5.0, 2.0]]), np.array([[1.0, 4.0], [0.0, 2.0]])
    for measure in ("g2", "chi2", "chi2_yates", "fisher_p", "pmi", "log_ratio", "odds_ratio"):
        found = getattr(formulas, measure)(a, b, 20.0, 30.0)
        alone = [value(measure, x, y, 20, 30) for x, y in zip(a.flat, b.flat, strict=True)]
        assert found.shape == a.shape
        assert found.ravel().tolist() == pytest.approx(alone)


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_a_prior_must_be_positive(wrong):
    ones = np.ones(2)
    with pytest.raises(InputError, match="prior must be positive and finite"):
        formulas.log_odds_z(ones, ones, 10, 10, np.array([1.0, wrong]))


def test_undefined_is_nan_and_a_lost_side_is_infinite():
    assert math.isnan(value("chi2", 0, 0, 10, 10))
    assert math.isnan(value("chi2_yates", 10, 10, 10, 10))
    assert math.isnan(value("relative_risk", 0, 0, 10, 10))
    assert math.isnan(value("odds_ratio", 0, 0, 10, 10))
    assert math.isnan(value("pmi", 0, 0, 10, 10))
    for measure in ("relative_risk", "percent_difference", "odds_ratio"):
        assert value(measure, 3, 0, 10, 10) == math.inf
    assert value("relative_risk", 0, 3, 10, 10) == 0
    assert value("percent_difference", 0, 3, 10, 10) == -100
    assert value("pmi", 0, 3, 10, 10) == -math.inf


# The family


@given(st.floats(1, 1e6), st.floats(-20, 20), st.floats(1, 1e7), st.floats(1, 1e7))
def test_occurrences_are_split_by_their_log_ratio(total, ratio, n1, n2):
    a, b = formulas.split(np.array(total), np.array(ratio), n1, n2)
    assert a + b == pytest.approx(total)
    assert np.log2(a / n1) - np.log2(b / n2) == pytest.approx(ratio, abs=1e-5)
