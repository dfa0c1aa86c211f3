"""Scorers: what reads a sentence, which words it scores in it, and where it comes from.

A scorer is a record with a name, a way of reading and a provenance; VADER, the word lists, the
sentence model and a user's list are all instances, and nothing asks which of them it has. Whether
a scorer's units are known in raters' units is a matter of the calibration (``calibration``): one
that it does not know is shown as its engine has it.

A word list's file is a table of two columns, parted by a tab, under the heading ``word`` and
``valence``. Lines that begin with ``#`` say where it comes from. A word is in lower case; it may be
a phrase. In a list of one's own it may be in any typography, an emoji too, and ``*`` stands for any
letters ("happ*"): a word that is listed as it is goes before, then what has most letters. An entry
that no text can hold as it is written (":)", "c++") is refused.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import numpy as np

from analysis.errors import SHOWN, InputError
from analysis.files import resource
from analysis.inference.weights import Floats
from analysis.text import stop_words
from analysis.text.beyond_words import entry_tokens, wild
from analysis.text.tokens import Laid, stem
from analysis.tone.rules import VaderReader, constants
from analysis.tone.scored import REACH, Lines, Scored, ScoredWord, is_negation

LISTS = resource("lexicons")
WEIGHTS = resource("word_weights.txt")
SHIPPED = (
    ("afinn", "AFINN", "AFINN-en-165", "ODbL 1.0"),
    ("opinion", "Hu & Liu", "labMTsimple 2.8.8", "CC BY 4.0"),
    ("pattern", "Pattern", "1.3, textblob 0.20.1", "PDDL 1.0"),
)
RESERVED = "line combined tone tone_class words_scored note".split()
HEADING = "word\tvalence"
WEIGHTS_HEADING = "family\tplain\tnegated"
TURN = -0.74  # what a negation multiplies a valence by, from ratings (Hutto & Gilbert 2014)
SUM = f"sum / sqrt(tokens); {TURN:g} after a negation within {REACH} words"
Read = Callable[[Lines], Scored]
Judge = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True, eq=False, repr=False)
class Scorer:
    """What scores sentences.

    Attributes
    ----------
    column : its name as a column of scores
    name, engine, version, licence, sha256 : where the scores come from; the sum is of the word list
    read : every scored word of sentences, in text order, with its share of the score; None where
        the scorer reads sentences whole
    judge : the scores of sentences, for one that reads them whole; NaN where it has none
    valences : what each word is worth alone; empty for one that reads sentences whole
    masks : whether it is shown with names masked, and without
    raw : whether it has a scale of its own that is worth showing beside raters' units
    digits : to which its scores are given; shares of a score are no round numbers
    """

    column: str
    name: str
    engine: str
    version: str
    licence: str
    sha256: str
    read: Read | None
    judge: Judge | None = None
    valences: Mapping[str, float] = field(default_factory=dict)
    masks: tuple[bool, ...] = (True, False)
    raw: bool = True
    digits: int = 12

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

    def words(self, text: str) -> list[ScoredWord]:
        """Return every scored word of a sentence; none where sentences are read whole."""
        return self.read(Lines.cut([text])).listed() if self.read else []

    def score(self, text: str) -> float:
        """Return a sentence's score, the sum of its words' shares; 0 where no word is scored."""
        return float(self.scores([text])[0])

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the scores of sentences."""
        if self.read:
            return self.read(Lines.cut(texts)).sums(len(texts)).round(self.digits)
        return self.judge(texts) if self.judge else np.zeros(len(texts))


@cache
def scorers() -> tuple[Scorer, ...]:
    """Return the scorers of every result: VADER, three word lists, and word weights beside them.

    >>> [scorer.column for scorer in scorers()]
    ['vader', 'afinn', 'opinion', 'pattern', 'learnt']
    """
    shipped = [
        _listed(LISTS / f"{column}.txt", column, name, version, licence)
        for column, name, version, licence in SHIPPED
    ]
    return (vader(), *shipped, learnt())


def refuse_what_is_no_scorer(extra: object) -> None:
    """Refuse further scorers that are none.

    >>> refuse_what_is_no_scorer(["mine"])
    Traceback (most recent call last):
    ...
    analysis.errors.InputError: extra= is a list of scorers, as from word_list; got ['mine'].
    """
    if not isinstance(extra, list | tuple) or not all(isinstance(own, Scorer) for own in extra):
        raise InputError(
            f"extra= is a list of scorers, as from word_list; got {repr(extra)[:SHOWN]}."
        )


def scorers_with(extra: Sequence[Scorer]) -> tuple[Scorer, ...]:
    """Return the scorers of every result, and further ones behind them.

    Raises
    ------
    InputError
        The name of a further one is that of another column of scores, or it is no scorer.
    """
    refuse_what_is_no_scorer(extra)
    taken = {*(name for known in scorers() for name in (known.column, known.name)), *RESERVED}
    for scorer in extra:
        if scorer.column in taken:
            raise InputError(
                f"A lexicon of one's own cannot be named {scorer.column!r}, as results have a "
                "column of that name: choose another name (on the command line, rename the file)."
            )
        taken |= {scorer.column, scorer.name}
    return (*scorers(), *extra)


def scorer(name: str) -> Scorer:
    """Return a scorer by its name or its column.

    Raises
    ------
    InputError
        There is no such scorer.
    """
    for found in scorers():
        if name.lower() in (found.column, found.name.lower()):
            return found
    choices = ", ".join(repr(found.column) for found in scorers())
    raise InputError(f"There is no lexicon {name!r}: choose one of {choices}.")


# VADER


@cache
def vader() -> Scorer:
    """Return VADER (Hutto & Gilbert 2014, doi:10.1609/icwsm.v8i1.14550) by NLTK's rules.

    The word list is the file of the package vaderSentiment, read as text: no data folder of NLTK's
    is needed. Scores run from -1 to 1.

    >>> vader().score("This is good."), vader().score("This is not good.")
    (0.4404, -0.3412)
    """
    content = vader_file()
    rows = [line.split("\t") for line in content.decode("utf-8").rstrip("\r\n").split("\n")]
    valences = {row[0].strip(): float(row[1]) for row in rows}
    return Scorer(
        "vader",
        "VADER",
        f"nltk {constants().nltk} VADER",
        f"vaderSentiment {version('vaderSentiment')}",
        "MIT",
        hashlib.sha256(content).hexdigest(),
        VaderReader(valences).read,
        valences=valences,
        digits=4,
    )


def vader_file() -> bytes:
    """Return VADER's word list as the package vaderSentiment brings it, with ten ratings a word."""
    return resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_bytes()


# Word lists


def word_list(path: str | Path, *, name: str) -> Scorer:
    """Return a scorer by a list of one's own, a file as those in ``analysis/resources/lexicons``.

    Parameters
    ----------
    path : of the file
    name : of the list in results, there also the name of its column

    Raises
    ------
    InputError
        The file is not as ``read_word_list`` asks, or an entry can be in no text.
    """
    scorer = _listed(Path(path), name, name, "as given", "as given")
    valences: dict[str, float] = {}
    for entry, valence in scorer.valences.items():
        word = " ".join(entry_tokens(entry, f"{path}: {entry!r}"))
        if word in valences:
            raise InputError(f"{path}: {entry!r} is listed already, as {word!r}; remove one line.")
        valences[word] = valence
    return replace(scorer, read=WildListReader(valences).read, valences=valences)


@cache
def learnt() -> Scorer:
    """Return the scorer of word weights that were learnt from rated sentences, beside the lists.

    A weight is what a word family adds to the lists' combination, not a valence: it is negative for
    a word that the lists praise too much. So it is no score of its own, and has no row in results.
    ``resources/CALIBRATION.md`` says how it was learnt.
    """
    weights = read_weights(WEIGHTS)
    return Scorer(
        "learnt",
        "learnt words",
        "sum / sqrt(tokens) of word families' weights, negated apart",
        "1",
        "see CALIBRATION.md",
        hashlib.sha256(WEIGHTS.read_bytes()).hexdigest(),
        WeightReader(weights).read,
        valences={family: plain for family, (plain, _) in weights.items()},
        raw=False,
    )


def _listed(path: Path, column: str, name: str, version: str, licence: str) -> Scorer:
    valences = read_word_list(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    read = WordListReader(valences).read
    return Scorer(column, name, SUM, version, licence, sha256, read, valences=valences)


def read_word_list(path: str | Path) -> dict[str, float]:
    """Read a word list.

    Raises
    ------
    InputError
        The file is missing, not UTF-8, has no heading or no word, or a line is no word and number,
        or lists a word again; the message names file, line and cure.
    """
    entries: dict[str, float] = {}
    headings_of = False
    for number, line in enumerate(_lines(Path(path)), start=1):
        hashtag = headings_of and "\t" in line
        if (line.startswith("#") and not hashtag) or not line.strip():
            continue
        if not headings_of:
            headings_of = _check_heading(line, f"{path}, line {number}")
            continue
        word, valence = _entry(line, f"{path}, line {number}")
        if word in entries:
            raise InputError(f"{path}, line {number}: {word!r} is listed already; remove one line.")
        entries[word] = valence
    if not entries:
        raise InputError(f"{path} lists no word: put one on each line, as 'good', a tab, '1'.")
    return entries


class WordListReader:
    """Scores a sentence by a list of valences: ``Σ v / sqrt(n)``, n the sentence's tokens.

    A negation among the three words before a scored word multiplies its valence by -0.74: "not
    good" is mildly bad. Reach and factor are VADER's (Hutto & Gilbert 2014,
    doi:10.1609/icwsm.v8i1.14550: the reach catches nearly 90 % of negations, the factor comes from
    ratings). Tokens are those of ``analysis.text``; of phrases that begin at a word, the longest
    is taken. The root of the length lies between a sum, which grows with every word, and a mean,
    which lets a long sentence say little; on rated sentences of four genres it serves best.

    Parameters
    ----------
    valences : of each word or phrase, in lower case
    """

    def __init__(self, valences: Mapping[str, float]) -> None:
        self._words = {word: valence for word, valence in valences.items() if " " not in word}
        self._phrases: dict[str, list[tuple[list[str], float]]] = {}
        for phrase in sorted(set(valences) - set(self._words), key=len, reverse=True):
            words = phrase.split()
            self._phrases.setdefault(words[0], []).append((words, valences[phrase]))
        self._longest = max((phrase.count(" ") + 1 for phrase in valences), default=1)

    def read(self, lines: Lines) -> Scored:
        """Return every scored word with its share, its valence over the measure of length."""
        tokens = lines.tokens
        own = np.array([self._words.get(kind, 0.0) for kind in tokens.kinds], dtype=float)
        values, phrases = own[tokens.which], dict[int, int]()
        for place, length, valence in self._runs(tokens):
            values[place : place + length] = 0.0
            values[place], phrases[place] = valence, length
        places = np.flatnonzero(values)
        values = values[places]
        scored = lines.scored(places, np.where(lines.turned[places], values * TURN, values))
        for at in np.flatnonzero(np.isin(places, list(phrases))).tolist():
            run = slice(places[at], places[at] + phrases[int(places[at])])
            scored.ends[at] = tokens.ends[run][-1]
            scored.words[at] = " ".join(tokens.kinds[kind] for kind in tokens.which[run])
        return scored

    def _runs(self, tokens: Laid) -> Iterator[tuple[int, int, float]]:
        """Yield place, length and valence of the longest phrases, from left to right."""
        opens = np.array([kind in self._phrases for kind in tokens.kinds], dtype=bool)
        places, past = np.flatnonzero(opens[tokens.which]), 0
        ends = tokens.bounds[tokens.rows[places] + 1]
        for place, end in zip(places.tolist(), ends.tolist(), strict=True):
            if place < past:
                continue
            run = tokens.which[place : min(end, place + self._longest)].tolist()
            length, valence = self._match([tokens.kinds[kind] for kind in run])
            if length > 1:
                yield place, length, valence
                past = place + length

    def _match(self, run: Sequence[str]) -> tuple[int, float]:
        """Return length and valence of the longest phrase at the beginning of a run, or 0."""
        for words, valence in self._phrases[run[0]]:
            if run[: len(words)] == words:
                return len(words), valence
        return 0, 0.0


class WildListReader(WordListReader):
    """Scores as ``WordListReader`` does, by entries in which ``*`` stands for any letters, too.

    What a word of the texts is by these entries is learnt when it is met first.

    Parameters
    ----------
    valences : of each entry
    """

    def __init__(self, valences: Mapping[str, float]) -> None:
        super().__init__({word: valence for word, valence in valences.items() if "*" not in word})
        entries = [(word.split(), valence) for word, valence in valences.items() if "*" in word]
        self._wild = sorted(entries, key=lambda entry: -sum(map(_letters, entry[0])))
        self._longest = max((entry.count(" ") + 1 for entry in valences), default=1)
        self._met: set[str] = set()

    def read(self, lines: Lines) -> Scored:
        """Return every scored word with its share."""
        if self._wild:
            for token in set(lines.tokens.kinds) - self._met:
                self._meet(token)
        return super().read(lines)

    def _meet(self, token: str) -> None:
        """Learn which entries begin with a token."""
        self._met.add(token)
        for parts, valence in self._wild:
            if not wild(parts[0]).fullmatch(token):
                continue
            if len(parts) == 1:
                self._words.setdefault(token, valence)
            else:
                listed = self._phrases.setdefault(token, [])
                listed.append((parts, valence))
                listed.sort(key=lambda entry: -len(entry[0]))

    def _match(self, run: Sequence[str]) -> tuple[int, float]:
        for parts, valence in self._phrases[run[0]]:
            own = zip(parts, run, strict=False)
            if len(run) >= len(parts) and all(wild(part).fullmatch(word) for part, word in own):
                return len(parts), valence
        return 0, 0.0


def _letters(part: str) -> int:
    return len(part.replace("*", ""))


class WeightReader:
    """Scores a sentence by weights of word families: ``Σ w / sqrt(n)``, n the sentence's tokens.

    A family is the words of one stem (``analysis.text.tokens``). It has a weight of its own where
    a negation stands among the three words before it. Function words have none, but negations do.

    Parameters
    ----------
    weights : of each family, plain and negated
    """

    def __init__(self, weights: Mapping[str, tuple[float, float]]) -> None:
        self._weights = weights
        self._met: dict[str, tuple[float, float]] = {}

    def read(self, lines: Lines) -> Scored:
        """Return every word with a weight, and its share."""
        kinds, which = lines.tokens[:2]
        for token in set(kinds).difference(self._met):
            self._met[token] = self._weights.get(_family(token), (0.0, 0.0))
        known = np.array([self._met[kind] for kind in kinds], dtype=float).reshape(-1, 2)
        weights = known[which, lines.turned.astype(int)]
        places = np.flatnonzero(weights)
        return lines.scored(places, weights[places])


def families(tokens: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield place and family of the tokens that may have a weight.

    >>> list(families(["he", "is", "not", "helping", "them"]))
    [(2, 'not'), (3, 'help')]
    """
    for place, token in enumerate(tokens):
        if family := _family(token):
            yield place, family


def read_weights(path: str | Path) -> dict[str, tuple[float, float]]:
    """Read a file of word weights.

    Raises
    ------
    InputError
        It is missing, or a line is no family and two numbers.
    """
    lines = [line for line in _lines(Path(path)) if not line.startswith("#")]
    try:
        if lines[0] != WEIGHTS_HEADING:
            raise ValueError(lines[0])
        rows = [line.split("\t") for line in lines[1:]]
        return {family: (float(plain), float(negated)) for family, plain, negated in rows}
    except (ValueError, IndexError) as error:
        raise InputError(
            f"{path} holds no word weights ({error}): restore the file from the repository, or fit "
            "again: python -m benchmarks.tone --fit."
        ) from None


@lru_cache(2**17)
def _family(token: str) -> str:
    """Return the family of a token that may have a weight, else nothing."""
    worded = token[0].isalpha() and "." not in token and set(token) - {"x", "-"}
    return stem(token) if worded and (token not in stop_words() or is_negation(token)) else ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8: save it as UTF-8 and try again.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): mend the path.") from None


def _check_heading(line: str, where: str) -> bool:
    if line.rstrip() != HEADING:
        raise InputError(
            f"{where}: the first line of a word list is the heading 'word', a tab, 'valence', "
            f"got {line!r}; add it."
        )
    return True


def _entry(line: str, where: str) -> tuple[str, float]:
    cells = line.split("\t")
    try:
        word, valence = " ".join(cells[0].split()), float(cells[1])
        sound = len(cells) == 2 and word and word == word.lower() and abs(valence) < 1e6
    except (IndexError, ValueError):
        sound = False
    if not sound:
        raise InputError(
            f"{where}: expected a word in lower case, a tab and a number, got {line!r}; mend it."
        )
    return word, valence
