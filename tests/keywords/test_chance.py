"""What chance gives on the scale of the log-odds ratio's z."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.inference import self_contrast
from analysis.keywords.association import PRIOR_TOKENS, log_odds_z
from analysis.keywords.chance import COLUMNS, log_odds_limits, log_odds_limits_of_counts
from analysis.keywords.table import keyness


@pytest.fixture(scope="module")
def terms(corpus):
    return keyness(corpus, draws=99)


# The z of the log-odds ratio


def test_limits_of_z_keep_the_rows_of_the_table(terms):
    found, terms = log_odds_limits(terms, draws=50).table, terms.table
    assert list(found.columns) == COLUMNS
    assert found["term"].tolist() == terms["term"].tolist()
    pd.testing.assert_series_equal(found["log_odds_z"], terms["log_odds_z"])
    for role in ("target", "reference"):
        assert (np.isinf(found[f"floor_{role}"]) == np.isinf(terms[f"floor_{role}"])).all()


def test_the_floor_of_z_is_the_z_at_the_floor(counts, terms):
    """Split the occurrences so that the log ratio is the floor, and take the z of that."""
    found = log_odds_limits(terms, draws=50).table.set_index("term").loc["relationship"]
    at = terms.table.set_index("term").loc["relationship"]
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    total = float(at["n_target"] + at["n_reference"])
    splits = np.linspace(1e-6, total - 1e-6, 400_001)
    ratio = np.log2(splits / n1) - np.log2((total - splits) / n2)
    a = splits[np.abs(ratio - at["floor_target"]).argmin()]
    prior = np.array([PRIOR_TOKENS * total / (n1 + n2)])
    z = log_odds_z(np.array([a]), np.array([total - a]), n1, n2, prior, PRIOR_TOKENS)
    assert found["floor_target"] == pytest.approx(z[0], abs=1e-3)


def test_the_self_contrast_of_z_by_brute_force(counts, terms, monkeypatch):
    """The draws of ``self_contrast``, read off term by term, whatever the size of the blocks."""
    from analysis.keywords import chance

    monkeypatch.setattr(chance, "_BLOCK", 7)
    found = log_odds_limits(terms, draws=40).table.set_index("term")
    chosen = ["iran", "syria", "began", "arabia"]
    values = counts.matrix[:, [counts.terms.index(term) for term in chosen]].toarray()
    seen = []

    def keep(a, n1, b, n2):
        seen.append([np.broadcast_to(x, a.shape) for x in (a, n1, b, n2)])
        return a

    self_contrast(values, counts.sizes, counts.target, measure=keep, draws=40)
    for name, (a, n1, b, n2) in zip(("self_target", "self_reference"), seen, strict=True):
        for j, term in enumerate(chosen):
            z = []
            for x, n, y, m in zip(a[:, j], n1[:, j], b[:, j], n2[:, j], strict=True):
                prior = 500 * (x + y) / (n + m)
                if x + y == 0:
                    z.append(0.0)
                    continue
                odds = np.log((x + prior) / (n + 500 - x - prior))
                odds -= np.log((y + prior) / (m + 500 - y - prior))
                z.append(abs(odds) / np.sqrt(1 / (x + prior) + 1 / (y + prior)))
            assert found.loc[term, name] == pytest.approx(np.quantile(z, 0.95))


def test_limits_of_other_terms_are_refused(counts, terms):
    with pytest.raises(InputError, match="not the same ones"):
        log_odds_limits_of_counts(terms.table.iloc[1:], counts)
