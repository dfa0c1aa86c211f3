"""Who is named where: an actors file, and its words found in a text.

An actors file lists, per actor, who is meant and, for each word, why it names the actor; words that
look like a name but are none stand under ``[not]``, which may be left out::

    [[actor]]
    name = "Russia"
    definition = "The country and its government."

    [actor.words]
    "Russian" = "of the country"
    "Kremlin" = "seat of its government"

    [not]
    "United Russia" = "a party"

A word is one or several tokens, whatever their case. It may name more than one actor.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.text import token_spans, tokenize

Alias = tuple[str, ...]
_KEYS = ("name", "definition", "words")
_PIECE = re.compile(r"[^-\u2010\u2011]+")
_EXAMPLE = "data/actors.toml is an example"


@dataclass(frozen=True)
class Actor:
    """Someone, or some state, that texts speak of.

    Attributes
    ----------
    name, definition : who is meant
    words : each word that names the actor, with the reason
    """

    name: str
    definition: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Actors:
    """The actors of a file.

    Attributes
    ----------
    actors : in the file's order
    nobody : words that name none of them, each with the reason
    """

    actors: tuple[Actor, ...]
    nobody: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        named: dict[Alias, tuple[str, ...]] = {_alias(word): () for word in self.nobody}
        for actor in self.actors:
            for word in actor.words:
                named[_alias(word)] = (*named.get(_alias(word), ()), actor.name)
        opening: dict[str, list[tuple[Alias, tuple[str, ...]]]] = {}
        for alias in sorted(named, key=len, reverse=True):
            opening.setdefault(alias[0], []).append((alias, named[alias]))
        object.__setattr__(self, "_opening", opening)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, actor) of every mention in a text.

        A text is read from left to right, compounds in their parts; at each part the longest word
        that begins there is taken, and reading goes on behind it.

        >>> from analysis import load_corpus
        >>> load_actors(load_corpus().actors).find("United Russia and pro-Russian voices")
        [(22, 29, 'Russia')]
        """
        opening: dict[str, list[tuple[Alias, tuple[str, ...]]]] = self.__dict__["_opening"]
        pieces, found, place = list(_pieces(text)), [], 0
        tokens = tuple(token for *_, token in pieces)
        while place < len(pieces):
            length = 1
            for alias, named in opening.get(tokens[place], ()):
                if tokens[place : place + len(alias)] == alias:
                    length = len(alias)
                    span = pieces[place][0], pieces[place + length - 1][1]
                    found += [(*span, actor) for actor in named]
                    break
            place += length
        return found


def load_actors(path: str | Path) -> Actors:
    """Read an actors file.

    Raises
    ------
    InputError
        The file is missing, is no TOML, holds no actor, names a key or leaves out one that it
        should not, a list is empty, or a word stands twice in one list.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> [actor.name for actor in load_actors(load_corpus().actors).actors][:3]
    ['Russia', 'Iran', 'United States']
    """
    declared = read_toml(Path(path), f"mend the path or that line; {_EXAMPLE}")
    entries, nobody = declared.get("actor"), declared.get("not", {})
    if not set(declared) <= {"actor", "not"} or not isinstance(entries, list) or not entries:
        raise InputError(
            f"{path}: an actors file holds [[actor]] tables, at least one, and a table [not] or "
            f"none, got the keys {sorted(declared)}; {_EXAMPLE}."
        )
    actors = tuple(_actor(entry, path) for entry in entries)
    names = [actor.name for actor in actors]
    if twins := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{path}: two actors are called {twins[0]!r}; give each its own name.")
    _check_words(nobody, "[not]", path)
    _refuse_contradictions(actors, nobody, path)
    return Actors(actors, nobody)


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, token) of every token, those of a compound one by one."""
    for start, end, _ in token_spans(text):
        for piece in _PIECE.finditer(text[start:end]):
            for token in tokenize(piece.group()):
                yield start + piece.start(), start + piece.end(), token


def _alias(word: str) -> Alias:
    return tuple(token for _, _, token in _pieces(word))


def _actor(entry: Any, path: str | Path) -> Actor:
    if not isinstance(entry, dict) or set(entry) != set(_KEYS):
        got = sorted(entry) if isinstance(entry, dict) else repr(entry)
        raise InputError(f"{path}: an [[actor]] has the keys {', '.join(_KEYS)}; got {got}.")
    texts = entry["name"], entry["definition"]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise InputError(
            f"{path}: the actor {entry['name']!r} needs a name and a definition, in quotes and "
            "not empty."
        )
    if not entry["words"]:
        raise InputError(
            f"{path}: no word names the actor {entry['name']!r}; give each in [actor.words], as "
            '"word" = "why it names the actor".'
        )
    _check_words(entry["words"], repr(entry["name"]), path)
    return Actor(*texts, entry["words"])


def _check_words(words: Any, whose: str, path: str | Path) -> None:
    """Refuse a list that is no table of words with reasons, or holds a word twice."""
    if not isinstance(words, dict) or not all(
        isinstance(reason, str) and reason.strip() for reason in words.values()
    ):
        raise InputError(
            f"{path}: the words of {whose} must each have a reason in quotes, as "
            '"word" = "why it is here".'
        )
    seen: set[Alias] = set()
    for word in words:
        if not _alias(word):
            raise InputError(f"{path}: {word!r} of {whose} holds no token; remove it.")
        if _alias(word) in seen:
            raise InputError(f"{path}: {word!r} stands twice under {whose}; remove one of them.")
        seen.add(_alias(word))


def _refuse_contradictions(
    actors: tuple[Actor, ...], nobody: Mapping[str, str], path: str | Path
) -> None:
    none = {_alias(word) for word in nobody}
    for actor in actors:
        for word in actor.words:
            if _alias(word) in none:
                raise InputError(
                    f"{path}: {word!r} names {actor.name!r} and, under [not], nobody; remove one."
                )
