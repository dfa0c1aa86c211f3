"""Corpora with known topics, made without any topic model's help.

A word of a document is a background word with a probability common to all documents, drawn by
Zipf's law; otherwise it is of one of the document's topics, and drawn from that topic's own words:
a Dirichlet draw of its own, so sparse that about a hundred words make up most of a topic. A
document's shares of topics are a Dirichlet or a logistic-normal draw (the second lets topics go
together: Blei & Lafferty 2007, doi:10.1214/07-AOAS114) around the mean of its group. Groups differ
in the mean share of the first topic by as much as was planted, and of the others to make up for it.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

VOCABULARY = 3_000
TOPICS = 5
SPARSE = 0.05  # of a topic's own words: Dirichlet parameter
SPREAD = 1.0  # of a document's shares: sum of the Dirichlet parameters
DEVIATION, TOGETHER = 2.0, 0.5  # of the logistic normal, and the correlation of topics 2 and 3
LARGE = 200_000  # draws that stand for a mean
REWORDED = 10  # words of topic 2 that a group may use in another measure


@dataclass(frozen=True)
class Design:
    """How a corpus is made.

    Attributes
    ----------
    documents : of the target and of the reference
    words : fewest and most words of a document
    shift : planted difference of the first topic's mean share
    background : share of background words
    shares : ``dirichlet`` or ``logistic``
    reworded : by how much the rates of ten words within the second topic differ between the groups,
        half of them in each direction
    """

    documents: tuple[int, int] = (1_000, 1_000)
    words: tuple[int, int] = (60, 100)
    shift: float = 0.0
    background: float = 0.3
    shares: str = "dirichlet"
    reworded: float = 1.0


@dataclass(frozen=True)
class Planted:
    """A corpus as counts, with the truth.

    Attributes
    ----------
    counts : documents × words
    target : True where a document is the target's
    own : topics × words, each topic's own words; rows sum to 1
    truth : planted difference of mean shares, per topic
    changed : words planted to differ within the second topic
    """

    counts: NDArray[np.int64]
    target: NDArray[np.bool_]
    own: Floats
    truth: Floats
    changed: NDArray[np.int64]


def plant(design: Design, rng: np.random.Generator) -> Planted:
    """Draw a corpus."""
    zipf = 1 / (np.arange(VOCABULARY) + 2.7)
    own = rng.dirichlet(np.full(VOCABULARY, SPARSE), TOPICS)
    words, sides = _reworded(own, design.reworded)
    rows = []
    for sign, count, topics in zip((1, -1), design.documents, sides, strict=True):
        mixed = design.background * zipf / zipf.sum() + (1 - design.background) * topics
        lengths = rng.integers(design.words[0], design.words[1] + 1, count)
        shares = _drawn(design, sign, count, rng)
        rows += [rng.multinomial(n, p @ mixed) for n, p in zip(lengths, shares, strict=True)]
    target = np.arange(len(rows)) < design.documents[0]
    return Planted(np.array(rows), target, own, _truth(design), words)


def _reworded(own: Floats, ratio: float) -> tuple[NDArray[np.int64], list[Floats]]:
    """Return the words changed, and either group's topics."""
    words = np.argsort(-own[1], kind="stable")[:REWORDED]
    factors = np.ones(VOCABULARY)
    factors[words[::2]], factors[words[1::2]] = np.sqrt(ratio), 1 / np.sqrt(ratio)
    sides = []
    for factor in (factors, 1 / factors):
        topics = own.copy()
        topics[1] *= factor
        topics[1] /= topics[1].sum()
        sides.append(topics)
    return words, sides


def _drawn(design: Design, sign: int, count: int, rng: np.random.Generator) -> Floats:
    if design.shares == "logistic":
        return _logistic(sign * _logit_shift(design.shift), count, rng)
    return rng.dirichlet(SPREAD * (1 / TOPICS + sign * _away(design.shift) / 2), count)


def _truth(design: Design) -> Floats:
    if design.shares == "logistic":
        up, down = _means(_logit_shift(design.shift))
        return up - down
    return _away(design.shift)


def _away(shift: float) -> Floats:
    """Return each topic's difference: the first's, and the others' share in making up for it."""
    return shift * (np.r_[1, np.full(TOPICS - 1, -1 / (TOPICS - 1))])


def _logistic(shift: float, count: int, rng: np.random.Generator) -> Floats:
    correlation = np.eye(TOPICS)
    correlation[1, 2] = correlation[2, 1] = TOGETHER
    logits = rng.multivariate_normal(np.zeros(TOPICS), DEVIATION**2 * correlation, count)
    logits[:, 0] += shift
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares


@cache
def _means(shift: float) -> tuple[Floats, Floats]:
    sides = (_logistic(sign * shift, LARGE, np.random.default_rng(1)) for sign in (1, -1))
    up, down = (shares.mean(axis=0) for shares in sides)
    return up, down


@cache
def _logit_shift(difference: float) -> float:
    """Return the shift of logits, up in one group and down in the other, for a difference."""
    low, high = 0.0, 5.0
    for _ in range(20):
        middle = (low + high) / 2
        up, down = _means(middle)
        low, high = (middle, high) if up[0] - down[0] < difference else (low, middle)
    return low if difference else 0.0
