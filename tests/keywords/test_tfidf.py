"""The TF-IDF difference is its formula, counted by loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from analysis.keywords.formulas import tfidf_difference


def by_loops(matrix, target):
    """Return the mean weight in the target's units less that in the reference's, term by term."""
    units, terms = matrix.shape
    idf = [
        math.log((1 + units) / (1 + sum(row[t] > 0 for row in matrix))) + 1 for t in range(terms)
    ]
    weights = []
    for row in matrix:
        raw = [x * w for x, w in zip(row, idf, strict=True)]
        length = math.sqrt(sum(w**2 for w in raw)) or 1
        weights.append([w / length for w in raw])
    means = [
        [sum(column) / len(own) for column in zip(*own, strict=True)]
        for own in (
            [w for w, t in zip(weights, target, strict=True) if t],
            [w for w, t in zip(weights, target, strict=True) if not t],
        )
    ]
    return [a - b for a, b in zip(*means, strict=True)]


@given(st.integers(0, 2**32 - 1))
def test_the_difference_by_loops(seed):
    rng = np.random.default_rng(seed)
    matrix, target = rng.poisson(0.6, (9, 14)), np.arange(9) < 4
    expected = by_loops(matrix, target)
    assert tfidf_difference(matrix, target).tolist() == pytest.approx(expected, abs=1e-12)
    swapped = tfidf_difference(sparse.csr_array(matrix), ~target)
    assert swapped.tolist() == pytest.approx([-x for x in expected], abs=1e-12)


def test_a_unit_without_any_term_weighs_nothing():
    matrix = np.array([[0, 0], [3, 0], [0, 2]])
    assert tfidf_difference(matrix, np.array([True, True, False])).tolist() == [0.5, -1.0]
