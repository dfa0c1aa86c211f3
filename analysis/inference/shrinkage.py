"""What an effect is likely to be, after the largest of many have been looked at.

The largest of many estimates are large by chance too. A posterior does not care what was selected
(Dawid 1994, doi:10.1214/lnms/1215463797), as long as its prior is how effects are spread over
terms. Here that is learnt from all terms of the comparison (Stephens 2017, "False discovery rates:
a new deal", doi:10.1093/biostatistics/kxw041): a mixture of normal distributions about 0, from next
to nothing to several doublings.
"""

import numpy as np
import pandas as pd

from analysis.inference.bursts import log_split
from analysis.inference.levels import CONFIDENCE
from analysis.inference.split import Splits
from analysis.inference.weights import Floats
from analysis.numbers import reaches

COLUMNS = ["shrunk", "shrunk_low", "shrunk_high"]
WIDTHS = np.array([0.02, 0.25, 0.5, 1.0, 2.0, 4.0])  # of effects over terms, in doublings
POINTS = np.r_[
    0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.7, 1.9,
    2.1, 2.4, 2.7, 3, 3.4, 3.8, 4.2, 4.7, 5.2, 5.8, 6.5, 7.2, 8, 9, 10, 12,
]  # fmt: skip
EFFECTS = np.r_[-POINTS[:0:-1], POINTS]  # log ratios at which a likelihood is known
STEPS = 200  # of EM
SAMPLE = 3_000  # terms from which the spread of effects is learnt
BLOCK = 2_000  # terms at a time


def shrink(splits: Splits, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """Return the posterior mean of each term's log ratio, and its central interval.

    Parameters
    ----------
    splits : the terms, and what is known of their excesses
    confidence : probability of the interval

    Returns
    -------
    DataFrame
        ``shrunk, shrunk_low, shrunk_high``, one row a term.
    """
    count = len(splits.totals)
    chosen = np.arange(count)
    if count > SAMPLE:
        chosen = np.sort(np.random.default_rng(0).choice(count, SAMPLE, replace=False))
    prior = _spread(likelihoods(splits.chosen(chosen)))
    blocks = [np.arange(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK)]
    rows = [_posterior(likelihoods(splits.chosen(b)) * prior, confidence) for b in blocks]
    return pd.DataFrame(np.vstack(rows or [np.empty((0, 3))]), columns=COLUMNS)


def likelihoods(splits: Splits) -> Floats:
    """Return terms × effects: the probability of each term's split at each log ratio, scaled."""
    keys = np.column_stack([splits.counts, splits.totals])
    seen, place = np.unique(keys, axis=0, return_inverse=True)
    found = np.empty((len(splits.totals), len(EFFECTS)))
    for number, effect in enumerate(EFFECTS):
        share = float(splits.share(np.array(effect)))
        joint = splits.bursts.joint_at(share)
        law = np.exp(log_split(seen[:, :1], seen[:, 1:], share, joint[None]))
        found[:, number] = (splits.weights * law[place.ravel()]).sum(axis=1)
    return np.asarray(found / found.max(axis=1, keepdims=True))


def _spread(likelihood: Floats) -> Floats:
    """Return how likely each effect is for a term, learnt from terms (EM)."""
    cells = np.gradient(EFFECTS)
    shapes = np.exp(-0.5 * (EFFECTS / WIDTHS[:, None]) ** 2) * cells
    shapes /= shapes.sum(axis=1, keepdims=True)
    own = likelihood @ shapes.T
    parts = np.full(len(WIDTHS), 1 / len(WIDTHS))
    for _ in range(STEPS):
        drawn = own * parts
        parts = (drawn / drawn.sum(axis=1, keepdims=True)).sum(axis=0) + 1
        parts /= parts.sum()
    return np.asarray(parts @ shapes)


def _posterior(weights: Floats, confidence: float) -> Floats:
    """Return mean and central interval of distributions over the effects."""
    shares = weights / weights.sum(axis=1, keepdims=True)
    below = np.cumsum(shares, axis=1)
    tail = (1 - confidence) / 2
    low = EFFECTS[reaches(below, tail).argmax(axis=1)]
    high = EFFECTS[reaches(below, 1 - tail).argmax(axis=1)]
    return np.column_stack([shares @ EFFECTS, low, high])
