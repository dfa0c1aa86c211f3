"""Two small corpora of which the truth is known: Zipfian words, bursts, planted differences.

Words are drawn sentence by sentence. Within a passage (a paragraph, or a document) the word
probabilities are themselves random, a Dirichlet draw around the group's rates: the smaller its
concentration, the more a word that has come up once comes up again (Church & Gale 1995,
doi:10.1017/S1351324900000139). Planted words have a rate that differs between the groups.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

VOCABULARY = 4_000
SENTENCE = 15
BURSTS = {"none": np.inf, "typical": 250.0, "strong": 60.0}  # Dirichlet concentration


@dataclass(frozen=True)
class Design:
    """How two corpora are made.

    Attributes
    ----------
    passages : words of a passage in the target and in the reference
    totals : words of each group
    burst : a key of ``BURSTS``
    planted : words whose rate differs, half of them in each direction
    ratio : by how much
    documents : whether every passage is a document of its own, and so a unit of inference
    """

    passages: tuple[int, int] = (75, 75)
    totals: tuple[int, int] = (1_200, 2_600)
    burst: str = "typical"
    planted: int = 0
    ratio: float = 4.0
    documents: bool = False


@dataclass(frozen=True)
class Pair:
    """Two corpora as sentence × word counts, with the truth.

    Attributes
    ----------
    target, reference : sentences × words, integer counts
    passage_target, passage_reference : which passage each sentence is of
    truth : log2 of each word's ratio of rates; 0 where nothing was planted
    """

    target: NDArray[np.int64]
    reference: NDArray[np.int64]
    passage_target: NDArray[np.int64]
    passage_reference: NDArray[np.int64]
    truth: Floats


def make_pair(design: Design, rng: np.random.Generator) -> Pair:
    """Draw two corpora."""
    base = 1 / (np.arange(VOCABULARY) + 2.7)
    base /= base.sum()
    truth = np.zeros(VOCABULARY)
    if design.planted:
        chosen = rng.choice(np.arange(20, 400), design.planted, replace=False)
        truth[chosen[::2]], truth[chosen[1::2]] = np.log2(design.ratio), -np.log2(design.ratio)
    sides = [base * 2 ** (sign * truth / 2) for sign in (1, -1)]
    drawn = [
        _group(rates / rates.sum(), total, passage, BURSTS[design.burst], rng)
        for rates, total, passage in zip(sides, design.totals, design.passages, strict=True)
    ]
    return Pair(drawn[0][0], drawn[1][0], drawn[0][1], drawn[1][1], truth)


def _group(
    rates: Floats, total: int, passage: int, concentration: float, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    sentences = passage // SENTENCE
    rows, passages = [], []
    for number in range(total // passage):
        own = rates
        if np.isfinite(concentration):
            gammas = rng.standard_gamma(concentration * rates)
            own = gammas / gammas.sum()
        rows.append(rng.multinomial(SENTENCE, own, size=sentences))
        passages += [number] * sentences
    return np.concatenate(rows), np.array(passages)
