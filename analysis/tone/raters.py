"""Raters: how far the words' valences, means of ten ratings, would move with ten other raters."""

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import numpy as np

from analysis.inference.weights import Floats
from analysis.tone.lexicons import vader, vader_file
from analysis.tone.scored import Scored


@cache
def rating_variances() -> dict[str, float]:
    """Return the variance of the mean of ten ratings of each VADER word, its raters drawn anew.

    Resampling ten ratings with replacement gives their mean the variance ``Σ (r - r̄)² / 10²``.

    >>> round(rating_variances()["good"] ** 0.5, 2)
    0.3
    """
    lines = vader_file().decode("utf-8").rstrip("\r\n").split("\n")
    rows = [line.split("\t") for line in lines]
    variances = np.var([json.loads(row[3]) for row in rows], axis=1) / 10
    return dict(zip((row[0].strip() for row in rows), variances.tolist(), strict=True))


def rater_variance(sentences: Sequence[Sequence[Scored]], weights: Floats) -> float:
    r"""Return the variance that the choice of raters gives to a weighted sum of VADER's scores.

    A word's share p of a sentence's score c answers to a small change δ of its valence v with
    ``p (1 - c²) δ / v`` (the rules' multiples of v, through the slope of VADER's squeeze). Words
    have raters of their own, so the variances of their effects add up over words; within a word
    the effects on all its sentences do.

    Parameters
    ----------
    sentences : the scored words of each
    weights : of each sentence in the sum; for a contrast ``1 / n`` in the target, ``-1 / n`` in the
        reference
    """
    valences, variances = vader().valences, rating_variances()
    effects: defaultdict[str, float] = defaultdict(float)
    for words, weight in zip(sentences, weights, strict=True):
        slope = 1 - sum(word.score for word in words) ** 2
        for word in words:
            effects[word.word] += weight * word.score * slope / valences[word.word]
    return sum(effect**2 * variances[word] for word, effect in effects.items())
