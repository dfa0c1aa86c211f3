"""Every measure of every term, from one registry."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.keywords import formulas
from analysis.keywords.formulas import tfidf_difference
from analysis.keywords.registry import (
    MEASURES,
    measures,
    measures_of_counts,
)
from analysis.keywords.table import keyness


@pytest.fixture(scope="module")
def terms(corpus):
    return keyness(corpus, draws=99)


# The family


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
        assert np.array_equal(found[name], getattr(formulas, name)(a, b, n1, n2))
    tfidf = tfidf_difference(counts.matrix, counts.target)
    assert np.array_equal(found["tfidf_difference"], tfidf)
    pd.testing.assert_series_equal(
        found["log_odds_z"].reset_index(drop=True),
        terms.table.sort_values("term", ignore_index=True)["log_odds_z"],
    )


def test_all_effects_agree_with_the_log_ratio_on_whether_there_is_a_difference(terms):
    found = measures(terms).table
    own = terms.table.set_index("term").loc[found["term"]].reset_index()
    used_alike = np.array([8.0]), np.array([8.0]), 64, 64
    equal = {own.name: float(own.function(*used_alike)[0]) for own in MEASURES if own.effect}
    known = {"pmi": 0, "log_ratio": 0, "percent_difference": 0, "relative_risk": 1, "odds_ratio": 1}
    assert {name: equal[name] for name in known} == known
    for name, none in equal.items():
        for end in ("low", "high"):
            above = found[f"{name}_{end}"] > none
            assert (above == (own[f"ci_{end}"] > 0)).all(), (name, end)
        assert (found[f"{name}_self_low"] <= none + 1e-9).all()
        assert (found[f"{name}_self_high"] >= none - 1e-9).all()
    np.testing.assert_allclose(found["log_ratio_low"], own["ci_low"], atol=1e-9)
    np.testing.assert_allclose(found["log_ratio_high"], own["ci_high"], atol=1e-9)
    share = 2 ** own["ci_low"]
    np.testing.assert_allclose(found["relative_risk_low"], share, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["percent_difference_low"], 100 * (share - 1), atol=1e-6)


@pytest.mark.parametrize("bad", [-1.0, math.nan])
def test_impossible_counts_are_refused(terms, counts, bad):
    spoilt = counts.matrix.astype(float)
    spoilt.data[0] = bad
    with pytest.raises(InputError, match="finite and not negative"):
        measures_of_counts(replace(counts, matrix=spoilt), terms.table)


def test_a_lost_group_is_refused(terms, counts):
    with pytest.raises(InputError, match="units of both groups"):
        measures_of_counts(replace(counts, target=np.ones_like(counts.target)), terms.table)
