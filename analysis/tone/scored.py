"""Sentences as scorers take them, cut into tokens once for all, and the scored words they return.

Both are arrays over all words of many sentences: a scorer asks each different word once, and its
rules hold of all places at the same time.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from analysis.inference.weights import Flags, Floats
from analysis.text.tokens import Laid, Pieces, piece_tokens

NEGATORS = frozenset(
    """aint cannot cant didnt doesnt dont hadnt hardly hasnt havent isnt neither never no nobody
    none nor not nothing nowhere rarely scarcely seldom wasnt werent without wont wouldnt""".split()
)
REACH = 3  # words before a scored word in which a negation turns it
_MET = 2**16  # spellings that are remembered


class ScoredWord(NamedTuple):
    """A word of a sentence that a scorer scores.

    Attributes
    ----------
    start, end : character offsets into the sentence as given
    word : the word as the scorer knows it
    score : its share of the sentence's score, after negation, emphasis and the like; the shares of
        a sentence's words add up to its score
    """

    start: int
    end: int
    word: str
    score: float


class Scored(NamedTuple):
    """The scored words of sentences, in text order: ``rows``, their sentences, and ``ScoredWord``.

    >>> found = Scored.of([[], [ScoredWord(0, 4, "good", 1.5), ScoredWord(5, 8, "bad", -2.0)]])
    >>> found.rows.tolist(), found.sums(2).tolist()
    ([1, 1], [0.0, -0.5])
    """

    rows: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    words: np.ndarray
    scores: Floats

    @classmethod
    def of(cls, sentences: Iterable[Iterable[ScoredWord]]) -> "Scored":
        """Return the scored words of sentences, given one by one."""
        found = [(row, *word) for row, words in enumerate(sentences) for word in words]
        rows, starts, ends, words, scores = zip(*found, strict=True) if found else [()] * 5
        row, start, end = (np.array(column, dtype=np.int64) for column in (rows, starts, ends))
        return cls(row, start, end, as_objects(words), np.array(scores, dtype=float))

    def listed(self) -> list[ScoredWord]:
        """Return the words one by one, whatever their sentence."""
        columns = (column.tolist() for column in self[1:])
        return list(map(ScoredWord, *columns))

    def sums(self, sentences: int) -> Floats:
        """Return the score of each of so many sentences."""
        return np.asarray(np.bincount(self.rows, self.scores, sentences), dtype=float)

    def taken(self, places: np.ndarray) -> "Scored":
        """Return some of the words."""
        return Scored(*(column[places] for column in self))


def joined(parts: Sequence[Scored]) -> Scored:
    """Return the words of different sentences in the order of these."""
    together = Scored(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return together.taken(np.argsort(together.rows, kind="stable"))


class Lines(Pieces):
    """Sentences to be scored; several scorers read them, one after the other."""

    @cached_property
    def tokens(self) -> Laid:
        """Their tokens."""
        return self.find(piece_tokens)

    @cached_property
    def turned(self) -> Flags:
        """The tokens that have a negation among the three tokens before them."""
        kinds, which, rows = self.tokens[:3]
        negates = np.array(list(map(is_negation, kinds)), dtype=bool)[which]
        turned = np.zeros(len(which), dtype=bool)
        for step in range(1, REACH + 1):
            turned[step:] |= negates[:-step] & (rows[step:] == rows[:-step])
        return turned

    @cached_property
    def scale(self) -> Floats:
        """Of each sentence the measure of length, ``1 / sqrt(n)``; n its tokens."""
        sizes = np.diff(self.tokens.bounds)
        lengths, own = np.unique(sizes, return_inverse=True)
        roots = [n**-0.5 if n else 0.0 for n in lengths.tolist()]
        return np.array(roots, dtype=float)[own]

    def scored(self, places: np.ndarray, values: Floats) -> Scored:
        """Return tokens at some places as scored words, their values over the measure of length."""
        kinds, which, rows, starts, ends, _ = self.tokens
        own, words = rows[places], as_objects(kinds)[which[places]]
        return Scored(own, starts[places], ends[places], words, values * self.scale[own])


def as_objects(words: Sequence[str]) -> np.ndarray:
    """Return words as an array of Python's strings."""
    found = np.empty(len(words), dtype=object)
    found[:] = words
    return found


@lru_cache(_MET)
def is_negation(token: str) -> bool:
    """Tell whether a token negates what follows ("not", "never", "without", "isn't")."""
    return token in NEGATORS or token.endswith("n't")
