"""Other ways of comparing topics between groups, as they are commonly used.

Each takes counts, a number of topics and the groups, and returns each topic's words, the difference
of its mean shares with a 95 % interval, and a p-value.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation, TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
DIMENSIONS = 50  # of latent semantic analysis
SWEEPS = 300


@dataclass(frozen=True)
class Compared:
    """What a method says: weights of words by topic, and of each topic what differs."""

    terms: Floats
    estimate: Floats
    low: Floats
    high: Floats
    p: Floats


def nmf(counts: Any, k: int, target: Flags, seed: int) -> Compared:
    """NMF of TF-IDF; shares compared by Welch's t test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = NMF(k, init="random", random_state=seed)
        held = model.fit_transform(TfidfTransformer().fit_transform(counts))
    return _welch(held, model.components_, target)


def lda(counts: Any, k: int, target: Flags, seed: int) -> Compared:
    """scikit-learn's LDA as it comes, batch; shares compared by Welch's t test."""
    model = LatentDirichletAllocation(k, learning_method="batch", random_state=seed, n_jobs=1)
    return _welch(model.fit_transform(counts), model.components_, target)


def clusters(counts: Any, k: int, target: Flags, seed: int) -> Compared:
    """Documents clustered by k-means of latent semantic vectors, one topic a document.

    The words of a cluster are weighted as BERTopic does, by TF-IDF of the cluster as one document
    (Grootendorst 2022, arXiv:2203.05794); its documents are compared by a chi-squared test.
    """
    values = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    size = min(DIMENSIONS, *(n - 1 for n in values.shape))
    vectors = normalize(TruncatedSVD(size, random_state=seed).fit_transform(values))
    topic = KMeans(k, n_init=10, random_state=seed).fit_predict(vectors)
    own = np.eye(k)[topic]
    joined = np.asarray(own.T @ counts)
    mean = joined.sum() / k
    terms = joined / joined.sum(axis=1, keepdims=True) * np.log1p(mean / joined.sum(axis=0))
    first, second = own[target].mean(axis=0), own[~target].mean(axis=0)
    error = np.sqrt(first * (1 - first) / target.sum() + second * (1 - second) / (~target).sum())
    p = [_chi2(column, target) for column in own.T]
    estimate = first - second
    return Compared(terms, estimate, estimate - 1.96 * error, estimate + 1.96 * error, np.array(p))


def tomotopy(counts: Any, k: int, target: Flags, seed: int) -> Compared:
    """tomotopy's LDA by collapsed Gibbs sampling; shares compared by Welch's t test."""
    import tomotopy as tp  # measured where it is installed; no part of this package

    model = tp.LDAModel(k=k, seed=seed + 1)
    for row in counts.toarray():
        model.add_doc([str(i) for i in np.repeat(np.arange(len(row)), row)])
    model.train(SWEEPS, workers=1)
    terms = np.zeros((k, counts.shape[1]))
    terms[:, [int(word) for word in model.used_vocabs]] = [
        model.get_topic_word_dist(topic) for topic in range(k)
    ]
    return _welch(np.array([d.get_topic_dist() for d in model.docs]), terms, target)


Peer = Callable[[Any, int, Flags, int], Compared]
PEERS: dict[str, Peer] = {
    "NMF, t test": nmf,
    "LDA (scikit-learn), t test": lda,
    "clusters, chi² test": clusters,
}
TOMOTOPY = "LDA (tomotopy), t test"
if find_spec("tomotopy"):
    PEERS[TOMOTOPY] = tomotopy


def _welch(held: Floats, terms: Floats, target: Flags) -> Compared:
    sums = held.sum(axis=1, keepdims=True)
    shares = np.divide(held, sums, out=np.full(held.shape, 1 / held.shape[1]), where=sums > 0)
    test = stats.ttest_ind(shares[target], shares[~target], equal_var=False)
    interval = test.confidence_interval()
    estimate = shares[target].mean(axis=0) - shares[~target].mean(axis=0)
    return Compared(terms, estimate, interval.low, interval.high, test.pvalue)


def _chi2(column: Floats, target: Flags) -> float:
    table = [[column[s].sum(), (1 - column[s]).sum()] for s in (target, ~target)]
    if np.sum(table, axis=0).min() == 0:
        return 1.0
    return float(stats.chi2_contingency(table, correction=False).pvalue)
