"""A scored word: what every lexicon finds in a sentence."""

from typing import NamedTuple


class Scored(NamedTuple):
    """A word of a sentence that a lexicon scores.

    Attributes
    ----------
    start, end : character offsets into the sentence as given
    word : the word as the lexicon knows it
    score : its share of the sentence's score, after negation, emphasis and the like; the shares of
        a sentence's words add up to its score
    """

    start: int
    end: int
    word: str
    score: float


ScoredTexts = dict[str, list[list[Scored]]]  # of each lexicon, by column, every text's scored words
