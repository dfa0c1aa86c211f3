"""Keywords of tables of any size, from sums over documents that add up exactly."""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from analysis.inference.levels import CONFIDENCE, LEVEL, holm
from analysis.inference.weights import log_ratio
from analysis.keywords import association
from analysis.numbers import ordered
from analysis.text.stream import Tally, stream_counts
from analysis.text.tokens import is_number, stop_words

FEWEST = 10  # documents that hold a term, for its interval to be of use
COLUMNS = [
    "term", "n_target", "n_reference", "documents_target", "documents_reference", "rate_target",
    "rate_reference", "log_ratio", "ci_low", "ci_high", "p_value", "p_family", "established",
    "g2", "score",
]  # fmt: skip


def stream_keyness(
    file: str | Path,
    *,
    target: str,
    reference: str,
    text: str = "text",
    group: str = "group",
    workers: int = 1,
    scheduler: str | None = None,
) -> pd.DataFrame:
    """Contrast the terms of two groups in a table of any size.

    One reading, in memory the vocabulary and one part; the same digits in one process, in several
    and on a cluster. What ``keyness`` learns from terms' spread over units one by one is here the
    variance of rates over documents, ``Σ (x - r n)² / (Σ n)²`` of either group: that of a bootstrap
    with Poisson weights of documents, in closed form, from Σ x², Σ x n and Σ n². It holds where a
    term stands in many documents; in fewer than FEWEST its interval and p are NaN.

    Parameters
    ----------
    file, target, reference, text, group, workers, scheduler : as in ``stream_counts``

    Returns
    -------
    DataFrame
        One row a term, those that mark the target most first, ties by term: ``term``; ``n_…``,
        occurrences; ``documents_…``, that hold it; ``rate_…`` per 1,000 tokens; ``log_ratio, ci_…,
        p_value`` (normal); ``p_family`` (Holm) and ``established``; ``g2``, which takes every token
        as independent; ``score``, the end of the interval that is nearer to 0, or 0.
    """
    found = stream_counts(
        file,
        target=target,
        reference=reference,
        text=text,
        group=group,
        workers=workers,
        scheduler=scheduler,
    )
    return keyness_of_tally(found)


def keyness_of_tally(tally: Tally) -> pd.DataFrame:
    """Contrast terms already counted; see ``stream_keyness``."""
    counted = tally.table()
    dropped = stop_words()
    kept = [term not in dropped and not is_number(term) for term in counted["term"]]
    own = counted[kept].reset_index(drop=True)
    (n1, n2), (squares1, squares2) = (
        tally.sizes[:, 1].astype(float),
        tally.sizes[:, 2].astype(float),
    )
    a, b = (own[f"n_{role}"].to_numpy(float) for role in ("target", "reference"))
    ratio = log_ratio(a, n1, b, n2)
    error = np.sqrt(
        _relative(own, "target", n1, squares1) + _relative(own, "reference", n2, squares2)
    ) / np.log(2)
    enough = (own["documents_target"] + own["documents_reference"] >= FEWEST).to_numpy()
    error = np.where(enough & (a > 0) & (b > 0) & (error > 0), error, np.nan)
    half = stats.norm.isf((1 - CONFIDENCE) / 2) * error
    p = np.maximum(2 * stats.norm.sf(np.abs(ratio) / error), association.SMALLEST_P)
    family = holm(p, np.isfinite(p))
    low, high = ratio - half, ratio + half
    columns = {
        "rate_target": 1000 * a / n1,
        "rate_reference": 1000 * b / n2,
        "log_ratio": ratio,
        "ci_low": low,
        "ci_high": high,
        "p_value": p,
        "p_family": family,
        "established": family < LEVEL,
        "g2": association.g2(a, b, n1, n2),
        "score": np.where(low > 0, low, np.where(high < 0, high, 0.0)),
    }
    return ordered(own.assign(**columns)[COLUMNS], ["score", "term"], ascending=[False, True])


def _relative(own: pd.DataFrame, role: str, length: float, squares: float) -> np.ndarray:
    """Return the variance of a rate over documents in units of its square."""
    n, x2, xn = (own[f"{stat}_{role}"].to_numpy(float) for stat in ("n", "squares", "lengths"))
    rate = n / length
    spread = x2 - 2 * rate * xn + rate**2 * squares
    relative = np.full(len(own), np.nan)
    np.divide(np.maximum(spread, 0), n**2, out=relative, where=n > 0)
    return relative
