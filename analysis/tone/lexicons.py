"""Lexicons: what scores a sentence, and where it comes from."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from analysis.errors import InputError
from analysis.resources import resource
from analysis.tone.scored import Scored
from analysis.tone.vader_engine import VaderEngine
from analysis.tone.word_lists import REACH, TURN, WordListEngine, read_word_list

LISTS = resource("lexicons")
SHIPPED = (
    ("afinn", "AFINN", "AFINN-en-165", "ODbL 1.0"),
    ("opinion", "Hu & Liu", "labMTsimple 2.8.8", "CC BY 4.0"),
    ("pattern", "Pattern", "1.3, textblob 0.20.1", "PDDL 1.0"),
)
RESERVED = "line combined tone tone_embedding embedding words_scored note".split()
SUM = f"sum / sqrt(tokens); {TURN:g} after a negation within {REACH} words"


@dataclass(frozen=True, eq=False, repr=False)
class Lexicon:
    """A word list with the engine that applies it to a sentence.

    Attributes
    ----------
    column : the lexicon's name as a column of scores
    name, engine, version, licence, sha256 : where the scores come from; the sum is of the word list
    valences : what each word is worth alone
    read : every scored word of a sentence, in text order, with its share of the score
    score : a sentence's score, the sum of the words' shares; 0 where no word is scored
    """

    column: str
    name: str
    engine: str
    version: str
    licence: str
    sha256: str
    valences: Mapping[str, float]
    read: Callable[[str], list[Scored]]
    score: Callable[[str], float]

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
def lexicons() -> tuple[Lexicon, ...]:
    """Return all lexicons: VADER, AFINN, Hu & Liu's opinion lexicon, Pattern's adjectives.

    >>> [lexicon.column for lexicon in lexicons()]
    ['vader', 'afinn', 'opinion', 'pattern']
    """
    shipped = [
        _listed(LISTS / f"{column}.txt", column, name, version, licence)
        for column, name, version, licence in SHIPPED
    ]
    return (vader(), *shipped)


def with_own(own: Lexicon | None) -> tuple[Lexicon, ...]:
    """Return all lexicons, and one's own behind them if there is one.

    Raises
    ------
    InputError
        Its name is that of another column of scores.
    """
    taken = {*(name for known in lexicons() for name in (known.column, known.name)), *RESERVED}
    if own is not None and own.column in taken:
        raise InputError(
            f"A lexicon of one's own cannot be named {own.column!r}, as results have a column of "
            "that name: choose another name (on the command line, rename the file)."
        )
    return lexicons() if own is None else (*lexicons(), own)


def lexicon(name: str) -> Lexicon:
    """Return a lexicon by its name or its column.

    Raises
    ------
    InputError
        There is no such lexicon.
    """
    for found in lexicons():
        if name.lower() in (found.column, found.name.lower()):
            return found
    choices = ", ".join(repr(found.column) for found in lexicons())
    raise InputError(f"There is no lexicon {name!r}: choose one of {choices}.")


@cache
def vader() -> Lexicon:
    """Return VADER (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550) by NLTK's rules.

    The word list is the file of the package vaderSentiment, read as text: no data folder of NLTK's
    is needed. Scores run from -1 to 1.

    >>> vader().score("This is good."), vader().score("This is not good.")
    (0.4404, -0.3412)
    """
    content = vader_file()
    rows = [line.split("\t") for line in content.decode("utf-8").rstrip("\r\n").split("\n")]
    valences = {row[0].strip(): float(row[1]) for row in rows}
    engine = VaderEngine(valences)
    return Lexicon(
        "vader",
        "VADER",
        f"nltk {version('nltk')} VADER",
        f"vaderSentiment {version('vaderSentiment')}",
        "MIT",
        hashlib.sha256(content).hexdigest(),
        valences,
        engine.read,
        engine.score,
    )


def vader_file() -> bytes:
    """Return VADER's word list as the package vaderSentiment brings it, with ten ratings a word."""
    return resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_bytes()


def word_list(path: str | Path, *, name: str) -> Lexicon:
    """Return a lexicon of one's own, from a file as those in ``analysis/resources/lexicons``.

    Parameters
    ----------
    path : of the file
    name : of the lexicon in results, there also the name of its column

    Raises
    ------
    InputError
        The file is not as ``read_word_list`` asks.
    """
    return _listed(Path(path), name, name, "as given", "as given")


def _listed(path: Path, column: str, name: str, version: str, licence: str) -> Lexicon:
    valences = read_word_list(path)
    engine, sha256 = WordListEngine(valences), hashlib.sha256(path.read_bytes()).hexdigest()
    return Lexicon(column, name, SUM, version, licence, sha256, valences, engine.read, engine.score)
