"""Tails of beta-binomial laws: exact for few occurrences, in blocks for many."""

from functools import lru_cache

import numpy as np
from scipy import special

from analysis.inference.weights import Floats

EXACT = 64  # counts that are summed one by one; longer tails are summed in blocks
NOTHING = 1e-17  # of a sum
STEP = 1.08  # by which blocks grow with their distance from the end of a tail
BLOCK = 5_000  # tails at a time


def tails(
    counts: Floats,
    totals: Floats,
    share: Floats,
    joint: Floats,
    held: np.ndarray,
    *,
    whole: bool = False,
) -> Floats:
    """Sum from each count, half or whole, to the total, for each excess: counts × grid.

    Parameters
    ----------
    counts, totals : the probabilities of a count and of all that is more are summed, up to the
        total; a count is at or above its mean, so that it is the smaller tail
    share : the mean share of what is counted, a value or one a count
    joint : excesses, grid or counts × grid
    held : counts × grid, those that are wanted where there are many to be summed
    whole : whether the probability of the count itself is taken whole
    """
    share = np.broadcast_to(share, counts.shape)
    joint = np.broadcast_to(joint, (len(counts), joint.shape[-1]))
    found = np.zeros(joint.shape)
    few = totals <= 2 * EXACT
    found[few] = _short(counts[few], totals[few], share[few], joint[few], whole)
    row, column = np.nonzero(held & ~few[:, None])
    for start in range(0, len(row), BLOCK):
        own, k = row[start : start + BLOCK], column[start : start + BLOCK]
        found[own, k] = _long(counts[own], totals[own], share[own], joint[own, k], whole)
    return found


def _short(counts: Floats, totals: Floats, share: Floats, joint: Floats, whole: bool) -> Floats:
    """Sum one by one, for few occurrences: each probability from the one before.

    ``P(x) = (t over x) Π (α + i) / (c + i) Π (β + j) / (c + x + j)`` and
    ``P(x + 1) / P(x) = (t - x) (α + x) / ((x + 1) (β + t - x - 1))``, with ``c = t / e``,
    ``α = π c``, ``β = (1 - π) c``.
    """
    size = totals[:, None] / joint
    alpha, beta = share[:, None] * size, (1 - share[:, None]) * size
    p = np.broadcast_to(special.binom(totals, counts)[:, None], size.shape).copy()
    order = np.argsort(-counts, kind="stable")
    falling = -counts[order]
    here, top, bottom = p[order], alpha[order], size[order]
    for i in range(int(counts.max(initial=0))):
        n = np.searchsorted(falling, -i)
        here[:n] *= (top[:n] + i) / (bottom[:n] + i)
    p[order] = here
    rest = totals - counts
    order = np.argsort(-rest, kind="stable")
    falling, x, left = -rest[order], counts[order, None], rest[order, None]
    here, top, bottom = p[order], beta[order], size[order] + x
    steps = range(int(rest.max(initial=0)))
    lengths = np.searchsorted(falling, [-i for i in steps])
    for i, n in zip(steps, lengths, strict=True):
        here[:n] *= (top[:n] + i) / (bottom[:n] + i)
    total = here if whole else here / 2
    total, more = total.copy(), alpha[order] + x
    for i, n in zip(steps, lengths, strict=True):
        rising = (left[:n] - i) / (x[:n] + i + 1) * (more[:n] + i)
        here[:n] *= rising / (top[:n] + left[:n] - i - 1)
        total[:n] += here[:n]
    found = np.empty_like(total)
    found[order] = total
    return found


def _long(counts: Floats, totals: Floats, share: Floats, joint: Floats, whole: bool) -> Floats:
    """Sum the next probabilities one by one, and what is left in blocks where it is not nothing.

    Where α and β are 1 or more, ratios of neighbours only fall: after a last probability p and its
    ratio r to the next, no more than ``p r / (1 - r)`` can follow.
    """
    size, rest = totals / joint, totals - counts
    alpha, beta = share * size, (1 - share) * size
    p = np.exp(_log_law(counts, totals, alpha, beta))
    found = p if whole else p / 2
    ratio = np.zeros(len(p))
    for i in range(EXACT - 1):
        ratio = np.maximum(rest - i, 0) * (alpha + counts + i) / (counts + i + 1)
        ratio /= np.maximum(beta + rest - i - 1, beta)
        p = p * ratio
        found = found + p
    bounded = (alpha >= 1) & (beta >= 1) & (ratio < 1)
    follows = p * ratio / np.where(bounded, 1 - ratio, 1)
    more = np.flatnonzero((rest >= EXACT) & ~(bounded & (follows <= NOTHING * found)))
    begin = counts[more] + EXACT - 1
    found[more] += _blocks(begin, totals[more], alpha[more], beta[more]) - p[more] / 2
    return found


def _log_law(counts: Floats, totals: Floats, alpha: Floats, beta: Floats) -> Floats:
    """Return beta-binomial log-probabilities."""
    rest = totals - counts
    ways = -np.log1p(totals) - special.betaln(counts + 1, rest + 1)
    drawn = special.betaln(counts + alpha, rest + beta) - special.betaln(alpha, beta)
    return np.asarray(ways + drawn)


def _blocks(counts: Floats, totals: Floats, alpha: Floats, beta: Floats) -> Floats:
    """Sum from each count, half, to the total, in blocks over which probabilities fall evenly."""
    node, owner, width, last = _nodes(counts, totals)
    log_p = _log_law(node, totals[owner], alpha[owner], beta[owner])
    p = np.exp(log_p)
    part = np.where(last, p / 2, 0)
    at = np.flatnonzero(~last)
    part[at] += _block(p[at], p[at + 1], log_p[at], log_p[at + 1], width[at])
    return np.bincount(owner, part, len(counts)).astype(float)


def _nodes(counts: Floats, totals: Floats) -> tuple[Floats, np.ndarray, Floats, np.ndarray]:
    """Return from each count to its total the places where blocks meet.

    With each its term, the width of the block that it opens, and whether it is the last.
    """
    lengths, own = np.unique((totals - counts).astype(int), return_inverse=True)
    offsets = [_offsets(int(n)) for n in lengths]
    many = np.array([len(each) for each in offsets], dtype=int)
    starts = np.cumsum(many) - many
    owner = np.repeat(np.arange(len(counts)), many[own])
    within = np.arange(len(owner)) - np.repeat(np.cumsum(many[own]) - many[own], many[own])
    offset = np.concatenate([*offsets, np.empty(0)])[starts[own][owner] + within]
    width = np.diff(offset, append=0)
    last = np.diff(owner, append=-1) != 0
    return counts[owner] + offset, owner, np.where(last, 0, width), last


@lru_cache(4096)
def _offsets(length: int) -> Floats:
    """Return 0 to a length: all of it, or growing towards the middle, and fine at the far end.

    What is before 0 has been summed one by one: EXACT counts.
    """
    if length <= EXACT:
        return np.arange(length + 1.0)
    steps = [EXACT - 1.0]
    whole = length + EXACT - 1
    while steps[-1] < whole / 2:
        steps.append(np.floor(steps[-1] * STEP))
    rising = np.array([x for x in steps if x <= whole / 2])
    fine = np.r_[np.arange(EXACT), rising]
    return np.unique(np.r_[rising - EXACT + 1, length - fine[fine <= whole / 2]])


def _block(p: Floats, q: Floats, log_p: Floats, log_q: Floats, width: Floats) -> Floats:
    """Return the sum from p to q, both halved, of probabilities that fall or rise evenly."""
    change = log_q - log_p
    even = np.abs(change) < 1e-6
    slope = np.where(even, 1, change)
    area = np.where(even, (p + q) / 2, (q - p) / slope) * width
    return np.where(width == 1, (p + q) / 2, area)
