"""What other tools print for the same counts."""

import math

import numpy as np
import pytest
from nltk.metrics.association import BigramAssocMeasures
from scipy import stats

from analysis.errors import InputError
from analysis.keywords.other_tools import COLUMNS, reconcile_counts, reconciliation
from analysis.keywords.table import keyness
from tests.helpers import CELLS, quanteda_by_loops

tables = pytest.mark.parametrize("table", CELLS)


def sheet(table):
    return reconcile_counts(*table).set_index(["tool", "statistic"])


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
    assert antconc.loc["log-likelihood (4-term)", "p_printed"] == pytest.approx(g2.pvalue, **near)
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
    assert found.loc[("quanteda.textstats", "exact"), "p_printed"] == pytest.approx(fisher, **near)
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
    assert found["p_printed"].dropna().between(0, 1).all()


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
