"""What other tools print, and the whole family of measures, against other people's code.

``references/published_reconciliation.csv`` holds published values, each with its source. Nothing
of quanteda can be run here: its values are recomputed by loops from its published code's formulas,
and compared with SciPy where its own tests compare it with R.
"""

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.association import BigramAssocMeasures
from scipy import sparse, stats
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.errors import InputError
from analysis.keywords import association
from analysis.keywords.other_tools import COLUMNS, reconcile_counts, reconciliation
from analysis.keywords.registry import (
    MEASURES,
    measures,
    measures_of_counts,
)
from analysis.keywords.table import keyness
from analysis.keywords.tfidf import tfidf_difference

with (Path(__file__).parent / "references" / "published_reconciliation.csv").open(
    encoding="utf-8", newline=""
) as file:
    PUBLISHED = list(csv.DictReader(file))
TABLES = [
    (7, 2, 10, 9), (10, 5, 1_000, 2_000), (6, 0, 1_037, 3_019), (0, 11, 1_037, 3_019),
    (16, 15, 1_037, 3_019), (1, 1, 37, 3_019), (250, 90, 4_000, 90_000), (3, 3, 500, 500),
]  # fmt: skip
tables = pytest.mark.parametrize("table", TABLES)


def value(name, a, b, n1, n2):
    """Return a measure of one term."""
    (found,) = getattr(association, name)(np.array([float(a)]), np.array([float(b)]), n1, n2)
    return float(found)


def sheet(table):
    return reconcile_counts(*table).set_index(["tool", "statistic"])


# The measures that other tools print


@pytest.mark.parametrize("row", PUBLISHED, ids=[r["source"] for r in PUBLISHED])
def test_published_values(row):
    found = value(row["function"], *(int(row[key]) for key in ("a", "b", "n1", "n2")))
    assert found == pytest.approx(float(row["value"]), abs=0.5 * 10 ** -int(row["decimals"]), rel=0)


def quanteda_by_loops(a, b, n1, n2):
    """Return quanteda's chi2 and lr, cell by cell: shifted only where the table is small."""
    n = n1 + n2
    cells = [a, b, n1 - a, n2 - b]
    rows, columns = [a + b, n - a - b], [n1, n2]
    expected = [r * c / n for r in rows for c in columns]
    cross = abs(a * (n2 - b) - b * (n1 - a))
    shift = 0.5 if cross >= n / 2 and min(expected) < 5 else 0
    sign = 1 if a > expected[0] else -1
    chi = n * (cross - n * shift) ** 2 / math.prod([*rows, *columns])
    moved = [o - sign * s * shift for o, s in zip(cells, (1, -1, -1, 1), strict=True)]
    pairs = zip(moved, expected, strict=True)
    lr = 2 * sum(o * math.log(o / e + 1e-9) for o, e in pairs)
    return sign * chi, sign * lr


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
    assert 0 < float(association.tail(np.array(statistic))) < 1e-200
    assert math.isnan(float(association.tail(np.array(np.nan))))


def test_fishers_p_is_never_nought_and_keeps_its_shape():
    a = np.array([[900.0, 3.0]])
    p = association.fisher_p(a, np.array([[0.0, 1.0]]), 1_000, 1_000)
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
    found = association.log_odds_uninformative_z(a, b, n1, n2)
    assert found.tolist() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("prior", [0.0, -1.0, math.nan, math.inf])
def test_priors_must_be_positive(prior):
    a, b = np.array([3.0, 1.0]), np.array([1.0, 2.0])
    with pytest.raises(InputError, match="prior must be positive"):
        association.log_odds_z(a, b, 10, 10, np.array([1.0, prior]))
    with pytest.raises(InputError, match="prior must be positive"):
        association.log_odds_uninformative_z(a, b, 10, 10, prior)


# TF-IDF


@given(st.integers(0, 2**32 - 1))
def test_tfidf_is_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    matrix, target = rng.poisson(0.6, (9, 14)), np.arange(9) < 4
    weights = TfidfTransformer().fit_transform(sparse.csr_matrix(matrix)).toarray()
    expected = weights[target].mean(axis=0) - weights[~target].mean(axis=0)
    assert tfidf_difference(matrix, target).tolist() == pytest.approx(expected.tolist(), abs=1e-12)
    swapped = tfidf_difference(sparse.csr_array(matrix), ~target)
    assert swapped.tolist() == pytest.approx((-expected).tolist(), abs=1e-12)


# The sheet


@tables
def test_the_sheet_is_complete_and_agrees_with_other_code(table):
    found, (a, b, n1, n2) = sheet(table), table
    cells = [[a, b], [n1 - a, n2 - b]]
    g2 = stats.chi2_contingency(cells, correction=False, lambda_="log-likelihood")
    chi2 = stats.chi2_contingency(cells, correction=False)
    antconc = found.loc["AntConc"]
    near = {"rel": 1e-9, "abs": 1e-9}
    assert antconc.loc["log-likelihood (4-term)", "value"] == pytest.approx(g2.statistic, **near)
    assert antconc.loc["log-likelihood (4-term)", "p_value"] == pytest.approx(g2.pvalue, **near)
    assert antconc.loc["chi-squared (4-term)", "value"] == pytest.approx(chi2.statistic, **near)
    if a and b:
        nltks = BigramAssocMeasures.likelihood_ratio(a, (n1, a + b), n1 + n2)
        wordsmith = found.loc["WordSmith"]
        assert wordsmith.loc["log-likelihood", "value"] == pytest.approx(nltks, **near)
        bic = nltks - math.log(n1 + n2)
        assert wordsmith.loc["BIC", "value"] == pytest.approx(bic, **near)
        pmi = BigramAssocMeasures.pmi(a, (n1, a + b), n1 + n2) * math.log(2)
        assert found.loc[("quanteda.textstats", "pmi"), "value"] == pytest.approx(pmi, abs=1e-8)
    fisher = stats.fisher_exact(cells).pvalue
    assert found.loc[("quanteda.textstats", "exact"), "p_value"] == pytest.approx(fisher, **near)
    chi, lr = quanteda_by_loops(*table)
    assert found.loc[("quanteda.textstats", "chi2"), "value"] == pytest.approx(chi, **near)
    assert found.loc[("quanteda.textstats", "lr"), "value"] == pytest.approx(lr, **near)


def test_columns_tools_and_notes_are_fixed():
    found = reconcile_counts(10, 5, 1_000, 2_000)
    assert list(found) == COLUMNS
    tools = ["AntConc", "Rayson's calculator", "quanteda.textstats", "WordSmith"]
    assert found["tool"].unique().tolist() == tools
    assert not found.duplicated(["tool", "statistic"]).any()
    assert (found[["formula", "note"]].map(len) >= 5).all(axis=None)
    assert found["p_value"].dropna().between(0, 1).all()


def test_the_two_and_the_four_cell_forms_differ():
    found = sheet((500, 900, 1_000, 3_000))
    four = found.loc[("AntConc", "log-likelihood (4-term)"), "value"]
    assert four > 1.3 * found.loc[("Rayson's calculator", "LL"), "value"]


def test_a_term_of_the_articles(corpus, counts):
    term = counts.terms[int(np.argmax(counts.matrix.sum(axis=0)))]
    found = reconciliation(keyness(corpus, draws=99), term).table
    column = counts.matrix.toarray()[:, counts.terms.index(term)]
    n1, n2 = counts.sizes[counts.target].sum(), counts.sizes[~counts.target].sum()
    a, b = column[counts.target].sum(), column[~counts.target].sum()
    assert found.equals(reconcile_counts(a, b, n1, n2))


def test_an_unknown_term_is_refused_with_a_choice(corpus):
    with pytest.raises(InputError, match=r"no counted term 'the'.*such as.*function words"):
        reconciliation(keyness(corpus, draws=99), "the")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ((math.nan, 1, 10, 10), "target must lie between 0 and its 10 tokens"),
        ((1, -1, 10, 10), "reference must lie between 0 and its 10 tokens"),
        ((11, 1, 10, 10), "pass counts, not rates"),
        ((1, 1, 0, 10), "positive number of tokens, got 0"),
        ((1, 1, 10, math.inf), "positive number of tokens"),
        ((0, 0, 10, 10), "occurs in neither"),
    ],
)
def test_impossible_tables_are_refused(table, words):
    with pytest.raises(InputError, match=words):
        reconcile_counts(*table)


# The family


@pytest.fixture(scope="module")
def terms(corpus):
    return keyness(corpus, draws=99)


def test_the_family_has_every_term_and_measure(terms, counts):
    found = measures(terms).table
    assert sorted(found["term"]) == list(counts.terms)
    order = found.sort_values(["g2", "term"], ascending=[False, True])
    assert order.index.tolist() == list(range(len(found)))
    assert list(found)[5:] == [column for measure in MEASURES for column in measure.columns]
    both = (found["n_target"] > 0) & (found["n_reference"] > 0)
    assert found.loc[both].notna().all(axis=None)
    absent = found["n_reference"] == 0
    assert found.loc[absent, "dp_reference"].isna().all()
    assert (found.loc[absent, "relative_risk"] == math.inf).all()


def test_the_family_is_its_functions(terms, counts):
    found = measures_of_counts(counts, terms.table).sort_values("term")
    a, b = (found[name].to_numpy(dtype=float) for name in ("n_target", "n_reference"))
    n1, n2 = counts.sizes[counts.target].sum(), counts.sizes[~counts.target].sum()
    for name in ("g2", "bic", "odds_ratio", "fisher_p"):
        assert np.array_equal(found[name], getattr(association, name)(a, b, n1, n2))
    tfidf = tfidf_difference(counts.matrix, counts.target)
    assert np.array_equal(found["tfidf_difference"], tfidf)
    pd.testing.assert_series_equal(
        found["log_odds_z"].reset_index(drop=True),
        terms.table.sort_values("term", ignore_index=True)["log_odds_z"],
    )


def test_all_effects_agree_with_the_log_ratio_on_whether_there_is_a_difference(terms):
    found = measures(terms).table
    own = terms.table.set_index("term").loc[found["term"]].reset_index()
    equal = {"pmi": 0, "log_ratio": 0, "percent_difference": 0, "relative_risk": 1, "odds_ratio": 1}
    assert set(equal) == {measure.name for measure in MEASURES if measure.effect}
    for name, none in equal.items():
        for end in ("low", "high"):
            above = found[f"{name}_{end}"] > none
            assert (above == (own[f"ci_{end}"] > 0)).all(), (name, end)
        assert (found[f"{name}_self_low"] <= none + 1e-9).all()
        assert (found[f"{name}_self_high"] >= none - 1e-9).all()
    np.testing.assert_allclose(found["log_ratio_low"], own["ci_low"], atol=1e-9)
    np.testing.assert_allclose(found["log_ratio_high"], own["ci_high"], atol=1e-9)
    share = 2 ** own["ci_low"]
    np.testing.assert_allclose(found["relative_risk_low"], share, rtol=1e-9)
    np.testing.assert_allclose(found["percent_difference_low"], 100 * (share - 1), atol=1e-6)


@given(st.floats(1, 1e6), st.floats(-20, 20), st.floats(1, 1e7), st.floats(1, 1e7))
def test_occurrences_are_split_by_their_log_ratio(total, ratio, n1, n2):
    a, b = association.split(np.array(total), np.array(ratio), n1, n2)
    assert a + b == pytest.approx(total)
    assert np.log2(a / n1) - np.log2(b / n2) == pytest.approx(ratio, abs=1e-5)


@pytest.mark.parametrize("bad", [-1.0, math.nan])
def test_impossible_counts_are_refused(terms, counts, bad):
    spoilt = counts.matrix.astype(float)
    spoilt.data[0] = bad
    with pytest.raises(InputError, match="finite and not negative"):
        measures_of_counts(replace(counts, matrix=spoilt), terms.table)


def test_a_lost_group_is_refused(terms, counts):
    with pytest.raises(InputError, match="units of both groups"):
        measures_of_counts(replace(counts, target=np.ones_like(counts.target)), terms.table)
