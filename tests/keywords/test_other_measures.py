"""Measures that other tools print, against their code and what they printed."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.keywords import formulas
from tests.helpers import CELLS, quanteda_by_loops

with (Path(__file__).parents[1] / "references" / "published_reconciliation.csv").open(
    encoding="utf-8", newline=""
) as file:
    PUBLISHED = list(csv.DictReader(file))


tables = pytest.mark.parametrize("table", CELLS)


def value(name, a, b, n1, n2):
    """Return a measure of one term."""
    (found,) = getattr(formulas, name)(np.array([float(a)]), np.array([float(b)]), n1, n2)
    return float(found)


# The measures that other tools print


@pytest.mark.parametrize("row", PUBLISHED, ids=[r["source"] for r in PUBLISHED])
def test_published_values(row):
    found = value(row["function"], *(int(row[key]) for key in ("a", "b", "n1", "n2")))
    assert found == pytest.approx(float(row["value"]), abs=0.5 * 10 ** -int(row["decimals"]), rel=0)


@tables
def test_quanteda_is_its_code_by_loops(table):
    chi, lr = quanteda_by_loops(*table)
    assert value("chi2_quanteda", *table) == pytest.approx(chi, rel=1e-9)
    assert value("g2_quanteda", *table) == pytest.approx(lr, rel=1e-9, abs=1e-9)


def test_quanteda_corrects_small_tables_only():
    """Its own test is on 3 a, 7 b against 7 a, 2 b, where it agrees with R's corrected test."""
    small, large = (3, 7, 10, 9), (60, 20, 1_000, 1_000)
    corrected = stats.chi2_contingency([[3, 7], [7, 2]], correction=True).statistic
    assert value("chi2_quanteda", *small) == pytest.approx(-corrected, rel=1e-9)
    assert value("chi2_quanteda", *large) == pytest.approx(value("chi2", *large), rel=1e-12)
    assert value("g2_quanteda", *large) == pytest.approx(value("g2", *large), abs=1e-5)


def test_quanteda_lets_a_hair_off_small_tables_be():
    """Where |ad - bc| is below n / 2, Yates's correction would overshoot, and quanteda has none."""
    table = (2, 1, 10, 6)
    assert value("chi2_yates", *table) == 0
    assert value("chi2_quanteda", *table) == pytest.approx(value("chi2", *table), rel=1e-12)


@tables
def test_two_cells_of_chi2_fall_short_by_the_terms_share(table):
    a, b, n1, n2 = table
    oracle = stats.chisquare([a, b], [n1 * (a + b) / (n1 + n2), n2 * (a + b) / (n1 + n2)]).statistic
    assert value("chi2_two_cells", *table) == pytest.approx(oracle, rel=1e-9, abs=1e-12)
    share = 1 - (a + b) / (n1 + n2)
    assert value("chi2_two_cells", *table) == pytest.approx(share * value("chi2", *table), rel=1e-9)


def test_the_antconc_list_example():
    """23 of 263 against 551 of 8,870 is the author's own example of version 3."""
    e1, e2 = 263 * 574 / 9133, 8870 * 574 / 9133
    by_hand = (23 - e1) ** 2 / e1 + (551 - e2) ** 2 / e2
    assert value("chi2_two_cells", 23, 551, 263, 8_870) == pytest.approx(by_hand, rel=1e-12)


def test_ell_by_hand():
    """Ten of a hundred against none of a hundred: LL is 20 ln 2, both expected counts are 5."""
    expected = 20 * math.log(2) / (200 * math.log(5))
    assert value("effect_size_ll", 10, 0, 100, 100) == pytest.approx(expected, rel=1e-12)
    assert math.isnan(value("effect_size_ll", 2, 0, 100, 100))
    assert value("effect_size_ll", 1, 0, 100, 100) < 0


@tables
def test_conditional_odds_ratio_is_scipys(table):
    a, b, n1, n2 = table
    cells = [[a, b], [n1 - a, n2 - b]]
    oracle = stats.contingency.odds_ratio(cells, kind="conditional").statistic
    assert value("conditional_odds_ratio", *table) == pytest.approx(oracle, rel=1e-9)


def test_conditional_odds_ratio_is_rs():
    """R's help gives the lady tasting tea an odds ratio of 6.408309, by a root to four decimals."""
    assert value("conditional_odds_ratio", 3, 1, 4, 4) == pytest.approx(6.408309, abs=5e-5)


def test_quantedas_pmi_is_natural_and_finite():
    e1 = 100 * 10 / 400
    assert value("pmi_quanteda", 8, 2, 100, 300) == pytest.approx(math.log(8 / e1), abs=1e-8)
    assert value("pmi_quanteda", 0, 2, 100, 300) == pytest.approx(math.log(1e-9))


def test_no_digit_is_lost_in_billions_of_tokens():
    """G² of a rare term in 10¹² tokens is that of its two cells, to all digits but the last."""
    four, two = (value(name, 12, 5, 10**12, 10**12) for name in ("g2", "g2_two_cells"))
    exact = 2 * (12 * math.log(12 / 8.5) + 5 * math.log(5 / 8.5))
    assert two == pytest.approx(exact, rel=1e-12)
    assert four == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("statistic", [1_000.0, 1_400.0, 2_000.0, 1e6])
def test_p_is_never_nought(statistic):
    assert 0 < float(formulas.tail(np.array(statistic))) < 1e-200
    assert math.isnan(float(formulas.tail(np.array(np.nan))))


def test_fishers_p_is_never_nought_and_keeps_its_shape():
    a = np.array([[900.0, 3.0]])
    p = formulas.fisher_p(a, np.array([[0.0, 1.0]]), 1_000, 1_000)
    assert p.shape == (1, 2)
    assert (p > 0).all()
    assert value("fisher_p", 5_000, 0, 5_000, 5_000) > 0


# Priors


def test_the_uninformative_prior_by_loops():
    target, reference = [8, 0, 3, 40], [5, 7, 3, 1]
    n1, n2, alpha_0 = sum(target), sum(reference), 0.01 * 4
    expected = []
    for y1, y2 in zip(target, reference, strict=True):
        odds = [(y + 0.01) / (n + alpha_0 - y - 0.01) for y, n in ((y1, n1), (y2, n2))]
        variance = sum(1 / (y + 0.01) for y in (y1, y2))
        expected.append(math.log(odds[0] / odds[1]) / math.sqrt(variance))
    a, b = np.array(target, dtype=float), np.array(reference, dtype=float)
    found = formulas.log_odds_uninformative_z(a, b, n1, n2)
    assert found.tolist() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("prior", [0.0, -1.0, math.nan, math.inf])
def test_priors_must_be_positive(prior):
    a, b = np.array([3.0, 1.0]), np.array([1.0, 2.0])
    with pytest.raises(InputError, match="prior must be positive"):
        formulas.log_odds_z(a, b, 10, 10, np.array([1.0, prior]))
    with pytest.raises(InputError, match="prior must be positive"):
        formulas.log_odds_uninformative_z(a, b, 10, 10, prior)
