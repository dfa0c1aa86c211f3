"""Folding in: units described by topics that were fitted to other units."""

import numpy as np
from scipy import sparse
from sklearn.decomposition import non_negative_factorization

from analysis.inference.weights import Floats
from analysis.topicmodels.model import DENSE

ROUNDS = 100


def fold_in(values: sparse.csr_array, terms: Floats, *, kind: str) -> Floats:
    """Describe units by topics already fitted, so that ``weights @ terms`` is nearest to them.

    Nearest by least squares for ``nmf``; by likelihood for ``lda``, where a unit's weights sum to 1
    (100 rounds of expectation and maximisation, Hofmann 1999, doi:10.1145/312624.312649).

    Parameters
    ----------
    values : units × terms, on the scale of ``weigh``; any selection of columns
    terms : topics × the same terms

    Returns
    -------
    units × topics
    """
    if kind == "nmf":
        dense = values.toarray() if values.shape[0] * values.shape[1] <= DENSE else values
        return np.asarray(
            non_negative_factorization(dense, H=terms, n_components=len(terms), update_H=False)[0]
        )
    rows, columns = values.nonzero()
    counts = np.asarray(values[rows, columns]).ravel()
    weights = np.full((values.shape[0], len(terms)), 1 / len(terms))
    for _ in range(ROUNDS):
        expected = np.einsum("ik,ki->i", weights[rows], terms[:, columns])
        ratio = sparse.csr_array((counts / expected, (rows, columns)), shape=values.shape)
        weights = weights * (ratio @ terms.T)
        sums = weights.sum(axis=1, keepdims=True)
        weights = np.divide(
            weights, sums, out=np.full_like(weights, 1 / len(terms)), where=sums > 0
        )
    return weights
