"""Lexicons: what scores a sentence, and where it comes from."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from typing import Any

from nltk.sentiment.vader import SentimentIntensityAnalyzer, SentiText, VaderConstants


@dataclass(frozen=True, repr=False)
class Lexicon:
    """A word list with the engine that applies it to a sentence.

    Attributes
    ----------
    column : the lexicon's name as a column of scores
    name, engine, version, licence, sha256 : where the scores come from; the sum is of the word list
    valences : what each word is worth alone
    score : a sentence's score
    find : (place, word) of every word of a sentence that is scored, as the engine reads it; place
        0 opens the sentence
    """

    column: str
    name: str
    engine: str
    version: str
    licence: str
    sha256: str
    valences: Mapping[str, float]
    score: Callable[[str], float]
    find: Callable[[str], list[tuple[int, str]]]

    @property
    def provenance(self) -> dict[str, str]:
        """The columns that say, in every result, what has scored it."""
        return {
            "lexicon": self.name,
            "engine": self.engine,
            "version": self.version,
            "licence": self.licence,
            "sha256": self.sha256,
        }


@cache
def vader() -> Lexicon:
    """Return VADER (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550) in NLTK's engine.

    The word list is the file of the package vaderSentiment, read as text: no data folder of NLTK's
    is needed. The engine splits at white space and sheds one mark of punctuation on one side, so
    that a word between quotation mark and full stop goes unseen. Scores run from -1 to 1.

    >>> vader().score("This is good."), vader().score("This is not good.")
    (0.4404, -0.3412)
    """
    content = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_bytes()
    analyser = _analyser(content.decode("utf-8").rstrip("\r\n"))
    return Lexicon(
        "vader",
        "VADER",
        f"nltk {version('nltk')} VADER",
        f"vaderSentiment {version('vaderSentiment')}",
        "MIT",
        hashlib.sha256(content).hexdigest(),
        analyser.lexicon,
        lambda text: float(analyser.polarity_scores(text)["compound"]),
        lambda text: _find(analyser, text),
    )


def _analyser(text: str) -> Any:
    """Make NLTK's analyser by hand: its constructor reads from NLTK's data folders only."""
    analyser = SentimentIntensityAnalyzer.__new__(SentimentIntensityAnalyzer)
    analyser.lexicon_file = text
    analyser.lexicon = analyser.make_lex_dict()
    analyser.constants = VaderConstants()
    return analyser


def _find(analyser: Any, text: str) -> list[tuple[int, str]]:
    constants = analyser.constants
    words = SentiText(
        text, constants.PUNC_LIST, constants.REGEX_REMOVE_PUNCTUATION
    ).words_and_emoticons
    return [(place, word) for place, word in enumerate(words) if word.lower() in analyser.lexicon]
