"""The TF-IDF difference, a contrast that many text-mining notebooks rank words by."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]


def tfidf_difference(matrix: Any, target: NDArray[np.bool_]) -> Floats:
    """Return the mean TF-IDF weight of each term in the target's units less the reference's.

    ``mean₁(v) - mean₂(v)`` over units u of either group, with
    ``v = x idf / sqrt(Σ (x idf)²)``, the sum over the terms of u, and
    ``idf = ln((1 + m) / (1 + df)) + 1``. It has no model of chance, so no p-value belongs to it.

    Here x are counts, m is the number of units of both groups and df in how many of them the term
    occurs: scikit-learn's ``TfidfTransformer`` with its defaults (smoothed idf, rows of length 1).
    A unit without any term weighs 0.

    Parameters
    ----------
    matrix : units × terms counts; whole documents, or runs of sentences, as they were counted
    target : True where a unit is the target's

    Returns
    -------
    array, one value a term; positive where the target gives the term more weight

    References
    ----------
    Spärck Jones (1972), doi:10.1108/eb026526; Salton & Buckley (1988),
    doi:10.1016/0306-4573(88)90021-0.

    Examples
    --------
    >>> tfidf_difference([[2, 0], [0, 3]], np.array([True, False])).round(9).tolist()
    [1.0, -1.0]
    """
    from sklearn.feature_extraction.text import TfidfTransformer  # takes a second to import

    weights = TfidfTransformer().fit_transform(sparse.csr_matrix(matrix, dtype=float))
    side = np.asarray(target, dtype=bool)
    means = (np.asarray(weights[own].mean(axis=0)).ravel() for own in (side, ~side))
    return np.subtract(*means)
