"""Topic cards: what a reader needs before giving a topic a name."""

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference.weights import Floats
from analysis.numbers import falling
from analysis.topicmodels.quality import exclusivity, npmi
from analysis.topicmodels.stability import top_terms

RELEVANCE = 0.6
SHOWN = 20  # terms listed of each topic
NAMED = 3  # terms in a label
LISTED = 10  # terms on a card
TERMS = ["topic", "rank", "term", "weight", "relevance", "n_units"]
CARDS = [
    "topic", "name", "label", "terms", "coherence", "exclusivity", "share_target",
    "share_reference", "estimate", "ci_low", "ci_high", "stability", "alarm", "finding",
]  # fmt: skip


def relevance(terms: Floats, weights: Floats) -> Floats:
    """Return how much each term says of each topic, ``λ ln φ_kw + (1 - λ) ln(φ_kw / p_w)``, λ = .6.

    Terms ranked by their probability alone are those that are frequent everywhere; by its ratio to
    the overall probability p, those that are rare. λ = .6 served readers best (Sievert & Shirley
    2014, doi:10.3115/v1/W14-3110).

    Parameters
    ----------
    terms : topics × terms, rows sum to 1, nothing nought
    weights : the topics' overall shares, by which p is mixed

    Examples
    --------
    >>> even = relevance(np.array([[0.6, 0.3, 0.1], [0.6, 0.1, 0.3]]), np.array([0.5, 0.5]))
    >>> even.argsort(axis=1)[:, ::-1].tolist()
    [[0, 1, 2], [0, 2, 1]]
    """
    overall = np.log(weights @ terms)
    own: Floats = np.log(terms)
    return own - (1 - RELEVANCE) * overall


def labels(ranks: Floats, terms: tuple[str, ...]) -> list[str]:
    """Suggest a label for each topic: its three terms of largest relevance."""
    first = falling(ranks)[:, :NAMED]
    return [", ".join(terms[i] for i in row) for row in first]


def term_table(
    weights: Floats, ranks: Floats, terms: tuple[str, ...], counts: sparse.csr_array
) -> pd.DataFrame:
    """List each topic's first terms by relevance, with their weight and the units they stand in.

    Parameters
    ----------
    weights, ranks : topics × terms, probability and relevance
    terms, counts : as in ``Material``
    """
    spread = np.asarray((counts > 0).sum(axis=0)).ravel()
    rows = [
        (topic, rank, terms[i], weights[topic - 1, i], own[i], int(spread[i]))
        for topic, own in enumerate(ranks, start=1)
        for rank, i in enumerate(falling(own)[:SHOWN], start=1)
    ]
    return pd.DataFrame(rows, columns=TERMS)


def card_table(
    prevalence: pd.DataFrame,
    weights: Floats,
    ranks: Floats,
    terms: tuple[str, ...],
    counts: sparse.csr_array,
    names: list[str],
) -> pd.DataFrame:
    """Gather what is known of each topic, one row a topic.

    ``name`` is the user's, for topics with seed words; ``label`` only a suggestion from the terms;
    ``coherence`` and ``exclusivity`` are those of the ten terms listed (see ``topic_quality``).
    """
    first = falling(ranks)[:, :LISTED]
    marks = top_terms(np.exp(ranks))
    return prevalence.assign(
        name=names,
        terms=[", ".join(terms[i] for i in row) for row in first],
        coherence=npmi(marks, counts),
        exclusivity=exclusivity(weights, marks),
    )[CARDS]
