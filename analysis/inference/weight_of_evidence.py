"""The weight of evidence for a difference, for a ranking of terms."""

import numpy as np
from scipy import special

from analysis.inference.bursts import Bursts, joint_excess, log_split, moved
from analysis.inference.weights import Floats

EFFECTS = np.array([0.25, 0.5, 1, 1.5, 2, 3, 4, 6])  # log ratios at which evidence is weighed
WIDTH = 1.5  # spread of true log ratios, a factor of 2.8


def weigh_evidence(bursts: Bursts, counts: Floats, totals: Floats) -> Floats:
    """Return each term's weight of evidence, positive for over-use in the target.

    ``log₁₀ (1 + B₊) - log₁₀ (1 + B₋)``: B₊ is the Bayes factor of "used more in the target"
    against "used alike", B₋ that of "used more in the reference" (Good 1985, Bayesian Statistics
    2, 249-269). A factor is the probability of the term's counts, unit by unit, where its log
    ratio is half normal with a spread of ``WIDTH``, over their probability where it is 0; both are
    averaged over excesses. Ten occurrences in ten units so weigh more than ten in one. The spread
    is a choice: in simulations the order is slightly better with 1 for many documents, and with 2
    for two short texts (`benchmarks/README.md` compares it with other orders).

    Parameters
    ----------
    bursts : what is known of the terms' excesses
    counts, totals : occurrences in the target, and in both groups
    """
    weights = np.exp(-0.5 * (EFFECTS / WIDTH) ** 2) * np.gradient(EFFECTS)
    weights /= weights.sum()
    alike = _log_likelihood(bursts, counts, totals, 0.0)
    more, less = (
        special.logsumexp(
            [_log_likelihood(bursts, counts, totals, sign * x) - alike for x in EFFECTS],
            axis=0,
            b=weights[:, None],
        )
        for sign in (1, -1)
    )
    return np.asarray((np.logaddexp(0, more) - np.logaddexp(0, less)) / np.log(10))


def _log_likelihood(bursts: Bursts, counts: Floats, totals: Floats, effect: float) -> Floats:
    """Return the log-probability of each term's counts at one log ratio, over all excesses.

    At a log ratio other than 0 the target's expected count is ``t π'`` rather than ``t π``; the
    concentration of its units is then that of an excess ``π / π'`` times as large.
    """
    share = 1 / (1 + (1 - bursts.share) / bursts.share * 2.0**-effect)
    more, less = np.log2(share / bursts.share), np.log2((1 - share) / (1 - bursts.share))
    target = moved(bursts.target, -bursts.halves - more)
    reference = moved(bursts.reference, bursts.halves - less)
    joint = joint_excess(*bursts.excess, np.array(share))
    seen, place = np.unique(np.column_stack([counts, totals]), axis=0, return_inverse=True)
    split = log_split(seen[:, :1], seen[:, 1:], share, joint)[place.ravel()]
    each = target + reference + split
    top = each.max(axis=1, keepdims=True)
    return np.asarray(np.log((np.exp(each - top) * bursts.prior).sum(axis=1)) + top[:, 0])
