"""Half the width of an interval whose error is the sum of independent parts."""

from typing import Any

import numpy as np
from scipy import stats

from analysis.inference.levels import CONFIDENCE
from analysis.inference.weights import Floats


def half_width(variances: Any, degrees: Any, confidence: float = CONFIDENCE) -> Floats:
    """Return ``t · sqrt(Σ v)``, NaN where nothing varies or a variance is unknown.

    t has Welch and Satterthwaite's degrees of freedom (``freedom``).

    Parameters
    ----------
    variances : of the independent parts of an error, in the first axis
    degrees : of freedom of each part, in a shape that broadcasts to that of the variances;
        infinite for a variance that is known
    confidence : nominal coverage

    References
    ----------
    Welch 1947, doi:10.2307/2332510; Satterthwaite 1946, doi:10.2307/3002019.

    Examples
    --------
    >>> half_width([[1.0, 0.0], [1.0, 0.0]], [[5], [5]]).round(2)
    array([3.15,  nan])
    """
    total = np.asarray(variances, dtype=float).sum(axis=0)
    half = stats.t.isf((1 - confidence) / 2, freedom(variances, degrees)) * np.sqrt(total)
    return np.where(total > 0, half, np.nan)


def freedom(variances: Any, degrees: Any) -> Floats:
    """Return the degrees of freedom of a sum of variances, ``(Σ v)² / Σ (v² / df)``.

    Parameters
    ----------
    variances, degrees : as in ``half_width``

    Examples
    --------
    >>> float(freedom([1.0, 1.0], [5, 5]))
    10.0
    """
    parts = np.asarray(variances, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(parts.sum(axis=0) ** 2 / (parts**2 / np.asarray(degrees)).sum(axis=0))
