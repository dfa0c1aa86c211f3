"""Beyond single words: phrases that come back, and concepts, counted like terms.

A concept is a list of words, given by the researcher, that are counted as one measure.

A concepts file lists, per concept, what it means and, for each of its words, why it belongs::

    [[concept]]
    name = "discord"
    definition = "Strain between those who deal with each other."

    [concept.words]
    "mistrust" = "want of trust, in one word"
    "at odds with" = "opposed aims"

A word is a token or several (a phrase), in any typography and case; an emoji is one too. ``*``
stands for any letters of a word ("happ*", "*ism"), and alone for any word ("war * terror"). An
entry that no text can hold as it is written ("C++", ":)") is refused.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from analysis.errors import SHOWN, InputError, refuse_other_types
from analysis.files import read_toml
from analysis.text.cleaning import plain
from analysis.text.documents import ENGLISH, Corpus
from analysis.text.tokens import is_number, tokenize
from analysis.text.units import (
    UNIT_TOKENS,
    Counts,
    assemble,
    inference_units,
    unit_sentences,
)

Phrase = tuple[str, ...]
_KEYS = ("name", "definition", "words")


# Phrases


def count_phrases(
    corpus: Corpus, *, longest: int = 4, least: int = 3, unit_tokens: int = UNIT_TOKENS
) -> Counts:
    """Count the phrases of every unit.

    A phrase is a run of 2 to ``longest`` tokens within a sentence that neither begins nor ends with
    a function word or a bare number, and that occurs at least ``least`` times in both groups
    together. A shorter phrase is folded into the longer ones, and not listed, when fewer than
    ``least`` of its occurrences lie outside every occurrence of a longer listed phrase. A phrase
    that is listed is counted wherever it stands, inside a longer one too, so that its count is what
    a search of the text finds.

    Parameters
    ----------
    corpus : the two groups
    longest : tokens of the longest phrase, at least 2
    least : fewest occurrences in both groups together, at least 2
    unit_tokens : aimed length of a unit, in tokens

    Returns
    -------
    Counts
        Its terms are phrases, tokens joined by spaces; there may be none. Sizes are those of the
        units, in tokens, so that rates are per tokens as they are for terms.

    Raises
    ------
    InputError
        ``longest`` or ``least`` is too small, or a group has only one unit.
    """
    listed = find_phrases(corpus, longest=longest, least=least)
    units, lengths = inference_units(corpus, unit_tokens=unit_tokens), sorted(set(map(len, listed)))
    counters = [
        Counter(" ".join(run) for tokens in sentences for run in _among(tokens, lengths, listed))
        for sentences in unit_sentences(corpus, units)
    ]
    return assemble(corpus, units, counters, map(" ".join, listed))


def find_phrases(corpus: Corpus, *, longest: int = 4, least: int = 3) -> set[Phrase]:
    """Return the phrases of both groups together, as tuples of tokens; see ``count_phrases``.

    Parameters
    ----------
    corpus : the two groups
    longest : tokens of the longest phrase
    least : fewest occurrences in both groups together

    Raises
    ------
    InputError
        One of the numbers is below 2.
    """
    given = {"longest": longest, "least": least}
    refuse_other_types(find_phrases, given)
    for name, value in given.items():
        if value < 2:
            raise InputError(f"{name} must be at least 2, got {value}.")
    sentences = list(corpus.tokens)
    return _unfolded(
        sentences, _candidates(sentences, longest, least, corpus.stops.dropped()), least
    )


def _among(tokens: list[str], lengths: Sequence[int], listed: set[Phrase]) -> Iterator[Phrase]:
    return (run for length in lengths for _, run in _runs(tokens, length) if run in listed)


def _candidates(
    sentences: list[list[str]], longest: int, least: int, dropped: frozenset[str]
) -> set[Phrase]:
    """Return the runs that are frequent enough, with a word of content at either end.

    A run can be frequent only if what remains of it without its first or last token is.
    """
    tokens = Counter(token for sentence in sentences for token in sentence)
    frequent: set[Phrase] = {(token,) for token, count in tokens.items() if count >= least}
    found: set[Phrase] = set()
    for length in range(2, min(longest, max(map(len, sentences), default=0)) + 1):
        runs = Counter(
            run
            for sentence in sentences
            for _, run in _runs(sentence, length)
            if run[:-1] in frequent and run[1:] in frequent
        )
        frequent = {run for run, count in runs.items() if count >= least}
        found |= {
            run for run in frequent if all(_has_content(run[end], dropped) for end in (0, -1))
        }
    return found


def _unfolded(sentences: list[list[str]], found: set[Phrase], least: int) -> set[Phrase]:
    """Return the phrases that occur often enough outside the longer ones."""
    listed: set[Phrase] = set()
    ends = [[0] * len(tokens) for tokens in sentences]  # of the longest that begins at each token
    for length in sorted({len(phrase) for phrase in found}, reverse=True):
        free: Counter[Phrase] = Counter()
        for tokens, longer in zip(sentences, ends, strict=True):
            reached = accumulate(longer, max)
            free.update(
                run
                for (start, run), end in zip(_runs(tokens, length), reached, strict=False)
                if run in found and end < start + length
            )
        kept = {phrase for phrase, count in free.items() if count >= least}
        for tokens, longer in zip(sentences, ends, strict=True):
            for start, run in _runs(tokens, length):
                if run in kept:
                    longer[start] = max(longer[start], start + length)
        listed |= kept
    return listed


def _runs(tokens: list[str], length: int) -> Iterator[tuple[int, Phrase]]:
    """Yield (start, run) of the runs of so many tokens."""
    for start in range(len(tokens) - length + 1):
        yield start, tuple(tokens[start : start + length])


def _has_content(token: str, dropped: frozenset[str]) -> bool:
    return token not in dropped and not is_number(token)


# Concepts


@dataclass(frozen=True)
class Concept:
    """A list of words counted as one.

    Attributes
    ----------
    name, definition : what is meant
    words : each word of the list, with the reason why it belongs
    """

    name: str
    definition: str
    words: Mapping[str, str]


def load_concepts(path: str | Path) -> tuple[Concept, ...]:
    """Read a concepts file.

    Raises
    ------
    InputError
        The file is missing, is no TOML, holds no concept, names a key or leaves out one that it
        should not, a list is empty, or a word stands in two lists.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> [concept.name for concept in load_concepts(load_corpus().concepts)][:2]
    ['cooperation', 'discord']
    """
    declared = read_toml(Path(path), "mend the path or that line; data/concepts.toml is an example")
    if set(declared) != {"concept"} or not isinstance(declared["concept"], list):
        raise InputError(
            f"{path}: a concepts file holds [[concept]] tables and nothing else, got the keys "
            f"{sorted(declared)}; data/concepts.toml is an example."
        )
    if not declared["concept"]:
        raise InputError(f"{path} holds no [[concept]] table: add one, as in data/concepts.toml.")
    concepts = tuple(_concept(entry, path) for entry in declared["concept"])
    _places(concepts, f"{path}: ")
    return concepts


def checked_concepts(given: Any) -> tuple[Concept, ...]:
    """Return concepts as they were given, or refuse what is none."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        given = [given]
    concepts = tuple(given)
    if foreign := [one for one in concepts if not isinstance(one, Concept)]:
        shown = repr(foreign[0])[:SHOWN]
        raise InputError(f"Concepts are a list as from load_concepts, got {shown} as one of them.")
    return concepts


def count_concepts(
    corpus: Corpus, concepts: Sequence[Concept], *, unit_tokens: int = UNIT_TOKENS
) -> Counts:
    """Count the concepts of every unit.

    A sentence is read from left to right; at each token the longest word of any list that begins
    there is taken, counts once, and reading goes on behind it. So no token is counted twice.

    Parameters
    ----------
    corpus : the two groups
    concepts : as from ``load_concepts``
    unit_tokens : aimed length of a unit, in tokens

    Returns
    -------
    Counts
        Its terms are the names of the concepts; one that occurs nowhere is kept, with zeros.

    Raises
    ------
    InputError
        No concept is given, a word stands in two lists, or a group has only one unit.
    """
    if not checked_concepts(concepts):
        raise InputError("There is no concept to count: give at least one, with its words.")
    place = listed_words(corpus, concepts)
    units = inference_units(corpus, unit_tokens=unit_tokens)
    counters = [
        Counter(name for tokens in sentences for name, _ in _matches(tokens, place))
        for sentences in unit_sentences(corpus, units)
    ]
    return assemble(corpus, units, counters, [concept.name for concept in concepts])


def concept_words(corpus: Corpus, concepts: Sequence[Concept]) -> dict[str, Counter[str]]:
    """Return how often each word of the lists was taken, by group label; see ``count_concepts``.

    Parameters
    ----------
    corpus : the two groups
    concepts : as from ``load_concepts``
    """
    place = listed_words(corpus, checked_concepts(concepts))
    return {
        label: Counter(
            " ".join(word)
            for tokens in corpus.tokens_of(label)
            for _, word in _matches(tokens, place)
        )
        for label in sorted(group.label for group in corpus.groups)
    }


def _matches(tokens: list[str], place: Mapping[Phrase, str]) -> Iterator[tuple[str, Phrase]]:
    """Yield (concept, word) of each match of a sentence."""
    lengths = sorted({len(word) for word in place}, reverse=True)
    start = 0
    while start < len(tokens):
        words = (tuple(tokens[start : start + length]) for length in lengths)
        word = next((word for word in words if word in place), None)
        if word:
            yield place[word], word
        start += len(word) if word else 1


def listed_words(corpus: Corpus, concepts: Sequence[Concept]) -> dict[Phrase, str]:
    """Return the concept of each word, as tokens, those that wildcards stand for in the texts too.

    A word that is listed as it is belongs where it is listed, whatever wildcard fits it too.

    Raises
    ------
    InputError
        A word stands in two lists, or wildcards of two lists fit the same word of the texts.
    """
    entries = _places(concepts, "", corpus.language)
    place = {entry: name for entry, name in entries.items() if not _is_wild(entry)}
    fits: dict[Phrase, tuple[str, Phrase]] = {}
    for entry in filter(_is_wild, entries):
        name, vocabularies = entries[entry], _fitting(corpus, entry)
        for tokens in corpus.tokens:
            for start in range(len(tokens) - len(entry) + 1):
                if tokens[start] not in vocabularies[0]:
                    continue
                run = tuple(tokens[start : start + len(entry)])
                if run in place or not all(map(frozenset.__contains__, vocabularies, run)):
                    continue
                other, by = fits.setdefault(run, (name, entry))
                if other != name:
                    raise InputError(
                        f"{' '.join(run)!r} fits {' '.join(by)!r} of {other!r} and "
                        f"{' '.join(entry)!r} of {name!r}: list it under one of them."
                    )
    return place | {run: name for run, (name, _) in fits.items()}


def _is_wild(entry: Phrase) -> bool:
    return any("*" in part for part in entry)


def _fitting(corpus: Corpus, entry: Phrase) -> list[frozenset[str]]:
    """Return, for each part of an entry, the tokens of the texts that fit it."""
    known = {token for tokens in corpus.tokens for token in tokens}
    return [frozenset(filter(wild(part).fullmatch, known)) for part in entry]


@cache
def wild(part: str) -> re.Pattern[str]:
    """Return what finds the words that a part of an entry stands for, ``*`` for any letters.

    >>> [bool(wild("happ*").fullmatch(word)) for word in ("happy", "happ", "unhappy")]
    [True, True, False]
    """
    return re.compile(".*".join(map(re.escape, part.split("*"))), re.DOTALL)


def _places(concepts: Sequence[Concept], where: str, language: str = ENGLISH) -> dict[Phrase, str]:
    """Return the concept of each entry, as tokens; an entry has one place."""
    place: dict[Phrase, str] = {}
    names = [concept.name for concept in concepts]
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{where}two concepts are called {twins[0]!r}; give each its own name.")
    for concept in concepts:
        for word in concept.words:
            tokens = entry_tokens(word, f"{where}{word!r} of {concept.name!r}", language)
            if tokens in place:
                raise InputError(
                    f"{where}{word!r} of {concept.name!r} is listed already, under "
                    f"{place[tokens]!r}: a word belongs to one concept, once; remove one of them."
                )
            place[tokens] = concept.name
    return place


def entry_tokens(word: str, where: str, language: str = ENGLISH) -> Phrase:
    """Return an entry as tokens, or refuse one that no text can hold as it is written.

    Parameters
    ----------
    word : an entry of a list, of one word or several, in any typography, with wildcards or without
    where : what it is, for the message
    language : of the texts
    """
    tokens: list[str] = []
    for part in plain(word).split():
        if "*" in part:
            fixed = [tokenize(piece) for piece in part.split("*")]
            if any(len(own) > 1 for own in fixed) or not re.fullmatch(r"[\w'.*-]+", part):
                raise InputError(f"{where}: a wildcard stands in one word, as in 'happ*'; mend it.")
            tokens.append(part.casefold())
        elif _GAP.search(part):
            raise InputError(
                f"{where}: '?' stands for no letter; write * in its place, or mend it."
            )
        else:
            tokens += tokenize(part, language)
    if not tokens or not any(part.strip("*") for part in tokens):
        raise InputError(f"{where} holds no token; remove it.")
    lost = Counter(_MARKS.sub("", plain(word).casefold())) - Counter("".join(tokens))
    if lost:
        read = " ".join(tokens)
        raise InputError(
            f"{where} is read as {read!r}, without {''.join(lost)!r}: write it in words."
        )
    return tuple(tokens)


_GAP = re.compile(r"\w\?\w|^\?+\w")  # where other tools let a question mark stand for a letter
_MARKS = re.compile(r"'s\b|[\s.,;:!?'\"()/–-]|\ufe0f")


def _concept(entry: Any, path: str | Path) -> Concept:
    if not isinstance(entry, dict) or set(entry) != set(_KEYS):
        got = sorted(entry) if isinstance(entry, dict) else repr(entry)
        raise InputError(f"{path}: a [[concept]] has the keys {', '.join(_KEYS)}; got {got}.")
    name, words = entry["name"], entry["words"]
    if not isinstance(words, dict) or not words:
        raise InputError(
            f"{path}: the concept {name!r} lists no word; give each in [concept.words], as "
            '"word" = "why it belongs".'
        )
    texts = (name, entry["definition"], *words.values())
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise InputError(
            f"{path}: the concept {name!r} needs a name, a definition and a reason for each word, "
            "all in quotes and none empty."
        )
    return Concept(name, entry["definition"], words)
