"""How far calibrated tone may miss what raters would say, as a variance to add to that of units."""

from collections.abc import Sequence

import numpy as np

from analysis.inference.weights import Floats
from analysis.tone.calibration import Line, calibration


def model_variance(sentences: Sequence[float] | Floats, column: str, *, masked: bool) -> float:
    r"""Return what the mean human tone of a group of documents varies beyond the calibrated one.

    ``sd_article² · Σ (nᵢ / N)² + sd_sentence² / N``: what the line misses about a whole document,
    and how much more single ratings spread than single tones. Added to the variance of tone over
    units, it gives the variance that ratings would have. It is known from editorials and assumed
    elsewhere; its degrees of freedom are the articles that the line was fitted on, less two.

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
