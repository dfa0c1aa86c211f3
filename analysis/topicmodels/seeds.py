"""Seed words: what a reader already knows of some topics, checked and marked."""

from collections.abc import Mapping, Sequence

import numpy as np

from analysis.errors import InputError
from analysis.inference.weights import Floats

Seeds = Mapping[str, Sequence[str]]
GUIDE = 0.02  # what the seed words of a topic are worth, in the text of an average topic


def seed_marks(seeds: Seeds, terms: Sequence[str]) -> Floats:
    """Return seeded topics × terms, 1 for a seed word.

    Parameters
    ----------
    seeds : the seed words of each topic that is to have some, by the topic's name
    terms : the vocabulary, as ``Material.terms``

    Raises
    ------
    InputError
        A topic without words, a word that is no term, or a word of two topics.

    Examples
    --------
    >>> seed_marks({"sea": ["reef", "tide"]}, ["barn", "reef", "tide"]).tolist()
    [[0.0, 1.0, 1.0]]
    """
    place = {term: number for number, term in enumerate(terms)}
    given = [(name, word) for name, words in seeds.items() for word in dict.fromkeys(words)]
    _refuse_seeds(seeds, [word for _, word in given], place)
    order = list(seeds)
    marks = np.zeros((len(seeds), len(terms)))
    for name, word in given:
        marks[order.index(name), place[word]] = 1
    return marks


def _refuse_seeds(seeds: Seeds, words: list[str], terms: Mapping[str, int]) -> None:
    empty = [name for name, own in seeds.items() if not own or isinstance(own, str)]
    if empty:
        raise InputError(
            f"Every seeded topic needs a list of words, got none for {', '.join(empty)}: give "
            "seeds={'name': ['word', 'word']}."
        )
    unknown = sorted({word for word in words if word not in terms})
    if unknown:
        raise InputError(
            f"These seed words are no terms of the model: {', '.join(unknown)}. A term is in lower "
            "case, stands in at least two units and in at most half of them, and is no function "
            "word: leave them out or choose others."
        )
    shared = sorted({word for word in words if words.count(word) > 1})
    if shared:
        raise InputError(
            f"A word can be the seed of one topic only, got twice: {', '.join(shared)}."
        )
