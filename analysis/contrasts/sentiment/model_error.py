"""How far calibrated tone may miss what raters would say, and intervals that allow for it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.contrasts.sentiment.calibration import Line, calibration
from analysis.inference import rate_and_error
from analysis.inference.gate import checked
from analysis.inference.weights import Floats


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


def calibrated_interval(
    sums: Any,
    sizes: Any,
    target: Any,
    documents: Sequence[Any],
    *,
    column: str,
    masked: bool,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the difference of two groups' calibrated tone with an interval for the human one.

    ``d ± t · sqrt(s₁² + s₂² + v₁ + v₂)``: s is a group's cluster-robust standard error over units
    (other sentences might have stood there), v its ``model_variance`` (raters might have judged
    otherwise). t has Welch and Satterthwaite's degrees of freedom, those of v being the
    number of articles that the line was fitted on, less two.

    Parameters
    ----------
    sums : units, the sum of each unit's calibrated sentence tones
    sizes : units, its sentences
    target : units, True where it is the target's
    documents : units, the document that each is from
    column, masked : the kind of tone
    confidence : nominal coverage of the difference that raters would find

    Returns
    -------
    DataFrame
        One row: ``estimate, ci_low, ci_high``.

    References
    ----------
    Welch 1947, doi:10.2307/2332510; Satterthwaite 1946, doi:10.2307/3002019.
    """
    table, lengths, flags = checked(sums, sizes, target)
    ids, known = np.asarray(documents), calibration().articles - 2
    means, variances, degrees = [], [], []
    for side in (flags, ~flags):
        mean, error = rate_and_error(table[side], lengths[side], np.ones((1, side.sum())))
        by_document = pd.Series(lengths[side]).groupby(ids[side]).sum().tolist()
        means.append(mean[0, 0])
        variances += [error[0, 0] ** 2, model_variance(by_document, column, masked=masked)]
        degrees += [side.sum() - 1, known]
    half = half_width(np.array(variances), np.array(degrees), confidence)
    estimate = means[0] - means[1]
    return pd.DataFrame(
        {"estimate": [estimate], "ci_low": [estimate - half], "ci_high": [estimate + half]}
    )


def half_width(variances: Floats, degrees: Floats, confidence: float = 0.95) -> Any:
    """Return ``t · sqrt(Σ v)`` with Satterthwaite's degrees of freedom, ``(Σ v)² / Σ (v² / df)``.

    Parameters
    ----------
    variances, degrees : of the independent parts of an error, in the first axis
    """
    total = variances.sum(axis=0)
    df = total**2 / (variances**2 / degrees).sum(axis=0)
    return stats.t.isf((1 - confidence) / 2, df) * np.sqrt(total)
