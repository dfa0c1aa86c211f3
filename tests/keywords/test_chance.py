"""What chance gives on the scale of the log-odds ratio's z."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.keywords.chance import LIMITS, log_odds_limits, log_odds_limits_of_counts
from analysis.keywords.formulas import PRIOR_TOKENS, log_odds_z
from analysis.keywords.table import keyness


@pytest.fixture(scope="module")
def terms(corpus):
    return keyness(corpus, draws=99)


# The z of the log-odds ratio


def test_limits_of_z_keep_the_rows_of_the_table(terms):
    found, terms = log_odds_limits(terms).table, terms.table
    assert list(found.columns) == LIMITS
    assert found["term"].tolist() == terms["term"].tolist()
    pd.testing.assert_series_equal(found["log_odds_z"], terms["log_odds_z"])
    for role in ("target", "reference"):
        assert (np.isinf(found[f"floor_{role}"]) == np.isinf(terms[f"floor_{role}"])).all()


def test_the_floor_of_z_is_the_z_at_the_floor(counts, terms):
    """Split the occurrences so that the log ratio is the floor, and take the z of that."""
    at = terms.table[np.isfinite(terms.table["floor_target"])].iloc[0]
    found = log_odds_limits(terms).table.set_index("term").loc[at["term"]]
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    total = float(at["n_target"] + at["n_reference"])
    splits = np.linspace(1e-6, total - 1e-6, 400_001)
    ratio = np.log2(splits / n1) - np.log2((total - splits) / n2)
    a = splits[np.abs(ratio - at["floor_target"]).argmin()]
    prior = np.array([PRIOR_TOKENS * total / (n1 + n2)])
    z = log_odds_z(np.array([a]), np.array([total - a]), n1, n2, prior, PRIOR_TOKENS)
    assert found["floor_target"] == pytest.approx(z[0], abs=1e-3)


def test_the_self_contrast_of_z_is_the_z_at_that_of_the_log_ratio(counts, terms):
    """Both texts as long as they are, the term as frequent in both as in one of them."""
    found = log_odds_limits(terms).table.set_index("term")
    own = terms.table.set_index("term")
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    for term in ("iran", "syria", "began"):
        total = round(own.loc[term, "n_target"] * (n1 + n2) / n1 + 1)
        odds = 2 ** own.loc[term, "self_target"] * n1 / n2
        a = total * odds / (1 + odds)
        prior = PRIOR_TOKENS * total / (n1 + n2)
        z = log_odds_z(a, total - a, n1, n2, prior, PRIOR_TOKENS)
        assert found.loc[term, "self_target"] == pytest.approx(z, rel=1e-9)


def test_limits_of_other_terms_are_refused(counts, terms):
    with pytest.raises(InputError, match="not the same ones"):
        log_odds_limits_of_counts(terms.table.iloc[1:], counts)
