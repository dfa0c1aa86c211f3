"""Weights: every resampling scheme is a matrix of draws × units.

With values summed over units, ``W @ values`` gives all draws of a group's sums at once.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
BLOCK, CELLS = 2_000, 4_000_000  # rows, and cells, drawn at a time


def permutations(target: Flags, draws: int, seed: int) -> Iterator[Floats]:
    """Yield blocks of rows that are 1 for the units relabelled as the target's, else 0.

    Every row relabels as many units as the target has; the groups are exchanged, not resampled.
    """
    rng = np.random.default_rng(seed)
    for size in _blocks(draws, len(target)):
        ranks = rng.random((size, len(target))).argsort(axis=1, kind="stable")
        yield (ranks < target.sum()).astype(float)


def bootstrap(units: int, draws: int, rng: np.random.Generator, size: int | None = None) -> Floats:
    """Return draws × units multinomial weights: each row draws ``size`` units with replacement."""
    shares = np.full(units, 1 / units)
    return rng.multinomial(size or units, shares, draws).astype(float)


def leave_one_out(units: int) -> Floats:
    """Return units × units weights: row i leaves unit i out.

    >>> leave_one_out(2)
    array([[0., 1.],
           [1., 0.]])
    """
    return 1 - np.eye(units)


def _blocks(draws: int, units: int) -> Iterator[int]:
    """Yield how many rows to draw at a time, so that memory does not grow with the units."""
    rows = max(1, min(BLOCK, CELLS // max(units, 1)))
    for start in range(0, draws, rows):
        yield min(rows, draws - start)
