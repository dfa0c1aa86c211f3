"""How far calibrated tone may miss what raters would say, and how wide that makes an interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from analysis.contrasts.sentiment.calibration import Line, calibration
from analysis.inference.weights import Floats

CONFIDENCE = 0.95


def model_variance(sentences: Sequence[float] | Floats, column: str, *, masked: bool) -> float:
    r"""Return what the mean human tone of a group of documents varies beyond the calibrated one.

    ``sd_article² · Σ (nᵢ / N)² + sd_sentence² / N``: what the line misses about a whole document,
    and how much more single ratings spread than single tones. Added to the variance of tone over
    units, it gives the variance that ratings would have. It is known from editorials and assumed
    elsewhere.

    Parameters
    ----------
    sentences : nᵢ, of each document of the group; N is their sum

    Examples
    --------
    >>> one, two = (model_variance(n, "combined", masked=True) for n in ([20], [10, 10]))
    >>> one > two
    True
    """
    return line_variance(calibration().line(column, masked=masked), sentences)


def line_variance(line: Line, sentences: Sequence[float] | Floats) -> float:
    """Return the same for a given line."""
    n = np.asarray(sentences, dtype=float)
    share = n / n.sum()
    return float(line.sd_article**2 * (share**2).sum() + line.sd_sentence**2 / n.sum())


def half_width(variances: Floats, degrees: Floats) -> Any:
    """Return ``t · sqrt(Σ v)``, half the width of a 95 % interval.

    t has Welch and Satterthwaite's degrees of freedom, ``(Σ v)² / Σ (v² / df)``. Those of a
    ``model_variance`` are the articles that the line was fitted on, less two.

    Parameters
    ----------
    variances, degrees : of the independent parts of an error, in the first axis

    References
    ----------
    Welch 1947, doi:10.2307/2332510; Satterthwaite 1946, doi:10.2307/3002019.
    """
    total = variances.sum(axis=0)
    df = total**2 / (variances**2 / degrees).sum(axis=0)
    return stats.t.isf((1 - CONFIDENCE) / 2, df) * np.sqrt(total)
