"""The scored words of every sentence, and what each gives to the sentence's tone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from analysis.inference.weights import Flags, Floats
from analysis.text import Corpus, cut_units
from analysis.text.matrix import inference_units
from analysis.tone.calibration import COMBINED, scale
from analysis.tone.language import without_tone
from analysis.tone.lexicons import lexicon as lexicon_named
from analysis.tone.names import mask

FEWEST = 3  # units of a group, below which its variance is not known
WORDS = ["row", "start", "end", "term", "lexicon", "contribution"]


@dataclass(frozen=True)
class Reading:
    """A corpus as read by one kind of score.

    Tone is linear in scored words: a sentence's is ``base + Σ contribution``.

    Attributes
    ----------
    corpus : the two groups
    column, masked, calibrated : the kind of score (see ``scale``)
    texts : the sentences as scored, names masked or not
    base : the tone of a sentence without scored words
    slopes : what a lexicon's raw score is multiplied by, by its column
    words : one row a scored word and lexicon: ``row``, of its sentence in ``corpus.sentences``;
        ``start, end``, offsets into the sentence; ``term``; ``lexicon``; ``contribution``
    silent : sentences, True where nothing can be said: no word is scored, and the sentence does
        not read as English (``without_tone``)
    """

    corpus: Corpus
    column: str
    masked: bool
    calibrated: bool
    texts: tuple[str, ...]
    base: float
    slopes: Mapping[str, float]
    words: pd.DataFrame
    silent: Flags

    @cached_property
    def tone(self) -> Floats:
        """The tone of every sentence; NaN where nothing can be said."""
        sums = np.bincount(self.words["row"], self.words["contribution"], len(self.silent))
        return np.where(self.silent, np.nan, self.base + sums)

    @cached_property
    def target(self) -> Flags:
        """Sentences, True where they are the target's."""
        groups = self.corpus.sentences["group"]
        return (groups == self.corpus.target.label).to_numpy()

    def tone_of(self, text: str) -> float:
        """Return the tone of a text by this kind of score; names are not masked first."""
        shares = [
            slope * word.score
            for column, slope in self.slopes.items()
            for word in lexicon_named(column).read(text)
        ]
        return self.base + sum(shares)

    def means(self) -> tuple[float, float]:
        """Return the mean tone of target and reference, over sentences that have one."""
        sides = (self.tone[side & ~self.silent] for side in (self.target, ~self.target))
        target, reference = (float(own.mean()) if len(own) else np.nan for own in sides)
        return target, reference


def read(
    corpus: Corpus, *, lexicon: str = COMBINED, masked: bool = True, calibrated: bool = True
) -> Reading:
    """Read every sentence of a corpus.

    Parameters
    ----------
    corpus : the two groups
    lexicon : a lexicon, or "combined"
    masked : whether names are masked first
    calibrated : whether tone is in raters' units

    Raises
    ------
    InputError
        There is no such lexicon.
    """
    column = lexicon if lexicon == COMBINED else lexicon_named(lexicon).column
    return _read(corpus, column, masked, calibrated)


@lru_cache(1)  # most tables of a corpus ask for the headline's reading, one after the other
def _read(corpus: Corpus, column: str, masked: bool, calibrated: bool) -> Reading:
    base, slopes = scale(column, masked=masked, calibrated=calibrated)
    texts = list(corpus.sentences["text"])
    seen = tuple(mask(text) for text in texts) if masked else tuple(texts)
    words = words_of(seen, slopes)
    silent = without_tone(texts, np.bincount(words["row"], minlength=len(texts)))
    return Reading(corpus, column, masked, calibrated, seen, base, slopes, words, silent)


def words_of(texts: Sequence[str], slopes: Mapping[str, float]) -> pd.DataFrame:
    """Return the scored words of texts: the columns ``WORDS`` of ``Reading.words``.

    Parameters
    ----------
    texts : sentences, names masked or not
    slopes : of each lexicon, by its column
    """
    rows = [
        (row, word.start, word.end, word.word.lower(), column, slope * word.score)
        for column, slope in slopes.items()
        for row, text in enumerate(texts)
        for word in lexicon_named(column).read(text)
    ]
    table = pd.DataFrame(rows, columns=WORDS)
    return table.astype({"row": int, "start": int, "end": int, "contribution": float})


@dataclass(frozen=True)
class Units:
    """The units of inference, and which of them each sentence is in.

    Attributes
    ----------
    table : as from ``cut_units``
    target : units, True where the target's
    of_row : of each row of ``corpus.sentences``
    """

    table: pd.DataFrame
    target: Flags
    of_row: np.ndarray

    @classmethod
    def cut(cls, corpus: Corpus, words: int) -> "Units":
        """Cut a corpus into units (``unit_words``); refuse a group that has only one."""
        table = inference_units(corpus, unit_tokens=unit_words(corpus, words))
        target = (table["group"] == corpus.target.label).to_numpy()
        return cls(table, target, unit_of_rows(corpus, table))

    def sum(self, values: Floats) -> Floats:
        """Add up values of sentences, by unit; columns stay apart."""
        totals = np.zeros((len(self.target), *np.shape(values)[1:]))
        np.add.at(totals, self.of_row, values)
        return totals


def unit_words(corpus: Corpus, words: int) -> int:
    """Return the aimed length of a unit; 1, so that sentences are units, for very short texts.

    One unit has no variance, and two hardly tell one. Sentences are then taken as independent, in
    both groups, so that a short editorial or statement has an interval that says something.
    """
    groups = cut_units(corpus, unit_tokens=words)["group"]
    return words if groups.value_counts().min() >= FEWEST else 1


def unit_of_rows(corpus: Corpus, units: pd.DataFrame) -> np.ndarray:
    """Return the unit, as a row of ``units``, of each row of ``corpus.sentences``."""
    spans = zip(units["document"], units["first_sentence"], units["last_sentence"], strict=True)
    place = {
        (document, sentence): number
        for number, (document, first, last) in enumerate(spans)
        for sentence in range(first, last + 1)
    }
    keys = zip(corpus.sentences["document"], corpus.sentences["sentence"], strict=True)
    return np.array([place[key] for key in keys])
