"""Corpora of known topics, as counts."""

import numpy as np
import pytest
from scipy import sparse


@pytest.fixture(scope="session")
def planted():
    """The function that makes them."""
    return _planted


def _planted(units, words, topics, seed, vocabulary=1_200):
    """Draw counts: two fifths of the words from a Zipfian background, the rest from topics."""
    rng = np.random.default_rng(seed)
    base = 1 / (np.arange(vocabulary) + 2.7)
    base /= base.sum()
    terms = rng.standard_gamma(base * 100, (topics, vocabulary)) + 1e-12
    terms /= terms.sum(axis=1, keepdims=True)
    shares = rng.dirichlet(np.full(topics, 0.3), units)
    counts = np.array([rng.multinomial(words, p) for p in 0.4 * base + 0.6 * shares @ terms])
    spread = (counts > 0).sum(axis=0)
    kept = (spread >= 2) & (spread <= units / 2)
    return sparse.csr_array(counts[:, kept]), terms[:, kept], shares
