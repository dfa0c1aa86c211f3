"""Dispersion: how evenly a term is spread over the units of a group."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def dp_norm(counts: Floats, sizes: Floats) -> Floats:
    """Return Gries's normalised deviation of proportions: 0 is even, 1 all in one smallest unit.

    ``DP = ½ Σ |xᵢ / Σx - nᵢ / Σn|`` over units i, divided by its largest value
    ``1 - min(nᵢ / Σn)``. NaN for a term that does not occur.
    Gries (2008), doi:10.1075/ijcl.13.4.02gri; Lijffijt & Gries (2012), doi:10.1075/ijcl.17.1.08lij.

    Parameters
    ----------
    counts : units × terms
    sizes : tokens of each unit

    >>> dp_norm(np.array([[2.0, 4.0], [2.0, 0.0]]), np.array([10.0, 10.0])).tolist()
    [0.0, 1.0]
    """
    totals, shares = counts.sum(axis=0), sizes / sizes.sum()
    own = np.divide(counts, totals, out=np.full(counts.shape, np.nan), where=totals > 0)
    return 0.5 * np.abs(own - shares[:, None]).sum(axis=0) / (1 - shares.min())
