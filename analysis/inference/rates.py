"""Rates and their standard errors, as sums over weighted units."""

import numpy as np

from analysis.inference.weights import Floats

ROUNDING = 1e-12  # what is smaller, beside the largest value of its column, is no variation


def difference(target: Floats, n_target: Floats, reference: Floats, n_reference: Floats) -> Floats:
    """Return the difference of two rates, ``target / n_target - reference / n_reference``."""
    return target / n_target - reference / n_reference


def log_ratio(target: Floats, n_target: Floats, reference: Floats, n_reference: Floats) -> Floats:
    """Return ``log2`` of the ratio of two rates, one count shared out by length.

    ``log2[(a + n₁/n) / n₁] - log2[(b + n₂/n) / n₂]``. The count keeps a term that one side lacks
    finite (after Walter 1975, doi:10.1093/biomet/62.2.371, who adds a half to either side); shared
    by length, it does not lean towards the shorter text.
    """
    total = n_target + n_reference
    return np.log2(target / n_target + 1 / total) - np.log2(reference / n_reference + 1 / total)


def rate_and_error(values: Floats, sizes: Floats, weights: Floats) -> tuple[Floats, Floats]:
    r"""Return each draw's rate and its cluster-robust standard error.

    For weights w of one draw, the rate is ``r = Σ w v / Σ w n`` and its linearised variance
    ``m / (m - 1) · Σ w (v - r n)² / (Σ w n)²``, m the number of units drawn (Cochran 1977,
    Sampling Techniques, ch. 6). All sums are products of the weight matrix.

    Parameters
    ----------
    values : units × k sums
    sizes : units, what the sums are per (tokens, sentences)
    weights : draws × units

    Returns
    -------
    rate, error : draws × k
    """
    m = weights.sum(axis=1, keepdims=True)
    n = (weights @ sizes)[:, None]
    centre = values.sum(axis=0) / sizes.sum()
    residuals = values - np.outer(sizes, centre)  # centred first: large means would cancel
    residuals[np.abs(residuals) <= ROUNDING * np.abs(values).max(axis=0)] = 0
    shift = weights @ residuals / n
    raw = weights @ residuals**2
    squares = (
        raw
        - 2 * shift * (weights @ (residuals * sizes[:, None]))
        + shift**2 * (weights @ sizes**2)[:, None]
    )
    squares[squares <= ROUNDING * raw] = 0
    return centre + shift, np.sqrt(m / (m - 1) * squares) / n
