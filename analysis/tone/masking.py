"""Names and titles: masked before a sentence is scored, because they are not feelings.

"United States", "Supreme Leader" and "Islamic State" hold words that lexicons score. Names are
masked by letters that no lexicon knows; length and number of words stay, and so do all offsets.

1. A **listed** name or title (``analysis/resources/names.toml``), wherever it stands.
2. A **capital inside a sentence**: a word that begins with a capital letter, where no sentence,
   quotation or bracket opens. Words all in capitals stay (they may shout), and so do function words
   and negations.
3. A word that opens a sentence **before a head noun**, a capitalised noun for bodies or acts:
   "Freedom House said".

Where all words but function words begin with a capital letter, it is a headline: capitals tell
nothing there, and only listed names are masked. A short line, or one that a full stop ends, must
show it by function words in capitals too.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.files import resource
from analysis.text import Corpus, stop_words, tokenize
from analysis.text.documents import kept
from analysis.text.tokens import Pieces
from analysis.tone.scored import is_negation
from analysis.tone.scoring import scorers

NAMES = resource("names.toml")
CAPITAL, HEAD = "capital inside a sentence", "before a head noun"
FEW = 3  # words of weight that make a headline
SURE = 2  # function words in capitals that make one where a full stop ends it
SHORT = 3  # letters of "of", "the", "al", which names write small
COLUMNS = "document group sentence start end name rule hides".split()

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_JOINS = "-\u2010\u2011"
_LETTER = re.compile(r"(?!(?<=['’])s\b)[^\W_]")  # but the possessive
_OPENS = re.compile(r"""[.!?:…]|\n\s*\n|["“«‘'`(\[]$""")
_TITLES = frozenset("adm capt col dr gen gov hon lt maj mr mrs ms prof rep rev sen sgt st".split())


class _Line(NamedTuple):
    """A sentence with its words, and where each begins and ends."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]


class Name(NamedTuple):
    """A name in a text: its offsets, and the rule (or the group of the list) that found it."""

    start: int
    end: int
    rule: str


class _Listed(NamedTuple):
    words: tuple[str, ...]
    any_case: bool
    group: str


class _List(NamedTuple):
    names: dict[str, list[_Listed]]  # by their first word, the longest first
    small: frozenset[str]  # first words of names that may be written small
    heads: frozenset[str]


def mask(text: str) -> str:
    """Return a sentence with the letters of its names replaced; its length stays.

    >>> mask("The United States and Freedom House met in peace.")
    'The xxxxxx xxxxxx and xxxxxxx xxxxx met in peace.'
    """
    return mask_names(text, name_spans(text))


def mask_names(text: str, names: Sequence[Name]) -> str:
    """Return a sentence with the letters of these names of it replaced."""
    pieces, past = [], 0
    for start, end, _ in names:
        pieces += [text[past:start], _LETTER.sub("x", text[start:end])]
        past = end
    return "".join([*pieces, text[past:]]) if pieces else text


def name_spans(text: str) -> list[Name]:
    """Return the names of a sentence, in text order; words side by side by one rule are one name.

    >>> text = "Iran's Supreme Leader met them in Moscow."
    >>> [(text[start:end], rule) for start, end, rule in name_spans(text)]
    [('Supreme Leader', 'offices and titles'), ('Moscow', 'capital inside a sentence')]
    """
    return names_in(Pieces.cut([text]))[0]


def names_in(sentences: Pieces) -> list[list[Name]]:
    """Return the names of sentences; only words that may begin one are looked at in each."""
    texts, laid = sentences.texts, sentences.find(_words_of)
    kinds, which, bounds = laid.kinds, laid.which, laid.bounds
    inside = np.ones(len(which), dtype=bool)
    inside[bounds[:-1][np.diff(bounds) > 0]] = False
    head = np.array([kind in _listed().heads for kind in kinds], dtype=bool)[which]
    before_head = np.zeros(len(which), dtype=bool)
    before_head[:-1] = head[1:]
    listed = np.array(list(map(_may_be_listed, kinds)), dtype=bool)[which]
    told = np.array(list(map(_may_be_told, kinds)), dtype=bool)[which]
    places = np.flatnonzero(listed | (told & (inside | before_head)))
    found: list[list[Name]] = [[] for _ in texts]
    ends = np.searchsorted(places, bounds)
    words = np.array([*kinds, ""], dtype=object)[which].tolist()
    all_starts, all_ends = laid.starts.tolist(), laid.ends.tolist()
    for row in np.flatnonzero(np.diff(ends)).tolist():
        own = slice(bounds[row], bounds[row + 1])
        line = _Line(texts[row], words[own], all_starts[own], all_ends[own])
        begins = (places[ends[row] : ends[row + 1]] - bounds[row]).tolist()
        found[row] = _names(line, begins)
    return found


def _names(line: _Line, begins: Sequence[int]) -> list[Name]:
    """Return the names of a sentence that begin at some of its words."""
    found: list[Name] = []
    headline: bool | None = None
    past = 0
    for place in begins:
        if place < past:
            continue
        length, rule = _listed_at(line, place)
        if not length and _may_be_told(line.words[place]):
            headline = _is_headline(line) if headline is None else headline
            length, rule = (0, "") if headline else _told_by_capitals(line, place)
        if length:
            past = place + length
            _append(found, line.text, Name(line.starts[place], line.ends[past - 1], rule))
    return found


@kept
def names_of(corpus: Corpus) -> list[list[Name]]:
    """Return the names of a corpus's sentences."""
    return names_in(corpus.pieces)


def masked_names(corpus: Corpus) -> pd.DataFrame:
    """List every name that is masked.

    Returns
    -------
    DataFrame
        One row a name, in text order: ``document, group, sentence``; ``start, end``, offsets into
        the sentence's text; ``name``; ``rule``, the group of the list or the rule of capitals;
        ``hides``, the words in it that a lexicon would have scored, parted by spaces (often none).
    """
    lists = [scorer.valences for scorer in scorers() if scorer.raw]
    scored = {word for valences in lists for word, value in valences.items() if value}

    @cache
    def hidden(name: str) -> str:
        return " ".join(word for word in tokenize(name) if word in scored)

    rows = []
    columns = (corpus.sentences[name] for name in ("document", "group", "sentence", "text"))
    for document, group, sentence, text, names in zip(*columns, names_of(corpus), strict=True):
        for start, end, rule in names:
            name = text[start:end]
            rows.append((document, group, sentence, start, end, name, rule, hidden(name)))
    return pd.DataFrame(rows, columns=COLUMNS)


@lru_cache(2**17)
def _words_of(piece: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, word) of the words of a piece of text; no word holds a space."""
    if piece.isalnum():
        return ((0, len(piece), piece),)
    return tuple((*match.span(), match[0]) for match in _WORD.finditer(piece))


@lru_cache(2**17)
def _may_be_listed(word: str) -> bool:
    """Tell whether a listed name may begin with a word as it is written."""
    known = _listed()
    return _plain(word) in known.names and (word[0].isupper() or word in known.small)


@lru_cache(2**17)
def _may_be_told(word: str) -> bool:
    """Tell whether a word, as it is written, is a name by its capital where nothing opens."""
    if not word[0].isupper() or word.isupper():
        return False
    return _plain(word) not in stop_words() and not is_negation(_plain(word))


def _told_by_capitals(line: _Line, place: int) -> tuple[int, str]:
    """Return how many words from here capitals tell to be a name, and the rule; or 0."""
    if not _opens_sentence(line, place):
        return 1, CAPITAL
    after = place + 1
    if (
        after < len(line.words)
        and line.words[after] in _listed().heads
        and _gap(line, after) == " "
    ):
        return 2, HEAD
    return 0, ""


def _gap(line: _Line, place: int) -> str:
    """Return what stands between a word and the one before it."""
    return line.text[line.ends[place - 1] : line.starts[place]]


def _opens_sentence(line: _Line, place: int) -> bool:
    if place == 0:
        return True
    gap = _gap(line, place)
    if gap == " ":
        return False
    before = line.words[place - 1]
    if gap.startswith(".") and (len(before) == 1 or before.lower() in _TITLES):
        gap = gap[1:]
    return _OPENS.search(gap) is not None


def _is_headline(line: _Line) -> bool:
    """Tell a line in which every word of weight begins with a capital letter.

    The first word tells nothing, nor do the later parts of a compound. Function words may be small;
    one that is large where nothing opens is a sign of its own, as prose has none.
    """
    weighty = signs = 0
    for place, word in enumerate(line.words):
        if not place or not word[0].isalpha() or line.text[line.starts[place] - 1] in _JOINS:
            continue
        large, function = word[0].isupper(), _plain(word) in stop_words()
        if not function and not large:
            return False
        weighty += not function
        sign = function and large and len(word) > 1
        signs += sign and not _opens_sentence(line, place)
    if line.text.rstrip("\"'”’ ").endswith("."):
        return weighty > 0 and signs >= SURE
    return weighty >= FEW or (weighty > 0 and signs > 0)


def _listed_at(line: _Line, place: int) -> tuple[int, str]:
    """Return the number of words of the longest listed name that begins here, and its group."""
    for name in _listed().names.get(_plain(line.words[place]), ()):
        end = place + len(name.words)
        own = line.words[place:end]
        if tuple(map(_plain, own)) != name.words:
            continue
        large = name.any_case or all(w[0].isupper() or len(w) <= SHORT for w in own)
        together = (" ", "-", "\n", "\u00a0")
        if large and all(_gap(line, later) in together for later in range(place + 1, end)):
            return len(own), name.group
    return 0, ""


def _append(found: list[Name], text: str, name: Name) -> None:
    """Add a name, joined to the one before it if both are told by capitals and stand together."""
    last = found[-1] if found else None
    if last and last.rule == name.rule == CAPITAL and text[last.end : name.start] in (" ", "-"):
        found[-1] = Name(last.start, name.end, name.rule)
    else:
        found.append(name)


@lru_cache(2**17)
def _plain(word: str) -> str:
    """Return a word in lower case without its possessive."""
    return word.lower().replace("’", "'").removesuffix("'s")


@cache
def _listed() -> _List:
    declared = tomllib.loads(NAMES.read_text(encoding="utf-8"))
    names: dict[str, list[_Listed]] = {}
    small: set[str] = set()
    for group in declared["names"]:
        any_case = group.get("any_case", False)
        for name in group["words"]:
            words = tuple(_plain(word) for word in _WORD.findall(name))
            names.setdefault(words[0], []).append(_Listed(words, any_case, group["group"]))
            small.update(words[:any_case])
    for own in names.values():
        own.sort(key=lambda name: -len(name.words))
    return _List(names, frozenset(small), frozenset(declared["heads"]["words"]))
