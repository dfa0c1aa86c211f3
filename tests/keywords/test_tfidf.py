"""The TF-IDF difference is scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.keywords.tfidf import tfidf_difference

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
