"""Latent Dirichlet allocation by scikit-learn, with a start and a prior of one's own."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import digamma
from sklearn.decomposition import LatentDirichletAllocation

from analysis.errors import InputError
from analysis.inference.weights import Floats
from analysis.topicmodels.seeds import GUIDE

PRIOR = 0.5  # see fit
ROUNDS, STILL = 100, 0.005  # at most so many, until no topic moves by more than this share


def allocate(
    counts: sparse.csr_array, counted: Floats, terms: Floats, marks: Floats, *, seed: int
) -> tuple[Floats, Floats]:
    """Run batch variational Bayes from given topics.

    ``partial_fit`` with a learning decay of 0 lets each round replace the last one, which is the
    batch algorithm.

    Parameters
    ----------
    counts : units × terms
    counted : how often each unit counts, whole numbers
    terms : topics × terms, where to start
    marks : seeded topics × terms, 1 for a seed word
    seed : of the random numbers by which scikit-learn starts each unit

    Returns
    -------
    shares : units × topics
    terms : topics × terms, ``exp(E ln p)``
    """
    if (counted != counted.round()).any():
        raise InputError("The weights of units must be whole numbers for kind='lda'.")
    drawn = counts[np.repeat(np.arange(len(counted)), counted.astype(int))]
    tokens, documents = float(drawn.sum()), drawn.shape[0]
    model = started(terms, tokens, documents, marks=marks, seed=seed, learning_decay=0.0)
    for _ in range(ROUNDS):
        before = rows_to_one(model.exp_dirichlet_component_)
        model.partial_fit(drawn)
        after = rows_to_one(model.exp_dirichlet_component_)
        if np.abs(after - before).sum(axis=1).max() < 2 * STILL:
            break
    return model.transform(counts), model.exp_dirichlet_component_


def started(
    terms: Floats,
    tokens: float,
    documents: int,
    *,
    marks: Floats | None = None,
    seed: int,
    **settings: Any,
) -> LatentDirichletAllocation:
    """Return a model that stands at given topics, as though all tokens had been dealt to them.

    Parameters
    ----------
    terms : topics × terms
    tokens, documents : how many there are in all
    marks : seeded topics × terms, 1 for a seed word; ``GUIDE · tokens / topics`` occurrences of
        them are added to the prior
    settings : of scikit-learn's estimator
    """
    k, average = len(terms), tokens / len(terms)
    model = LatentDirichletAllocation(
        k,
        doc_topic_prior=PRIOR,
        topic_word_prior=PRIOR,
        total_samples=documents,
        batch_size=documents,
        random_state=seed,
        n_jobs=1,
        **settings,
    )
    model.partial_fit(np.ones((1, terms.shape[1])))  # sets up what is set below
    model.n_batch_iter_ = 1
    model.topic_word_prior_ = np.full(terms.shape, PRIOR)
    if marks is not None:
        model.topic_word_prior_[: len(marks)] += GUIDE * average * rows_to_one(marks)
    model.components_ = model.topic_word_prior_ + average * np.nan_to_num(rows_to_one(terms))
    model.exp_dirichlet_component_ = expected_terms(model.components_)
    return model


def expected_terms(counts: Floats) -> Floats:
    """Return ``exp(E ln p)`` of each topic's terms; the counts are its Dirichlet parameters."""
    return np.exp(digamma(counts) - digamma(counts.sum(axis=1, keepdims=True)))


def rows_to_one(values: Floats) -> Floats:
    """Return rows that sum to 1; NaN where all is nought."""
    sums = values.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(values, sums, out=np.full(values.shape, np.nan), where=sums > 0)
    return shares
