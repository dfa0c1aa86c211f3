"""Sentence boundaries, by rules that read what stands on both sides of a mark.

A sentence ends at ".", "?", "!" or an ellipsis, with the quotation marks, brackets and note marks
that close behind it, where white space and what can open a sentence follow: a capital, a figure, a
letter of a script without capitals, an opening mark. A point does not end one behind an
abbreviation (lists by language in ``resources/abbreviations.toml``; letters with points, "U.S.",
"p.m."; an initial) unless a word follows that opens sentences and is no name ("A", "They"), nor
behind the number of a list ("1. First"). The full stops of Chinese and Japanese need no space.

Text is expected as it is read (``typography``), where marks have one form; others are known too.
``tests/fixtures/sentences.txt`` holds hard cases, ``benchmarks/sentences.py`` compares splitters.
"""

import tomllib
from functools import cache
from typing import NamedTuple

import regex

from analysis.errors import InputError
from analysis.resources import resource

_CLOSERS = r"""["'”’»)\]]"""
_END = regex.compile(
    rf"""
    (?<![.!?…]) (?P<mark> [.!?…]++ (?: {_CLOSERS}{{1,4}}+ [.!?…]++ ){{0,2}}+ )
    {_CLOSERS}{{0,6}}+
    (?: \[\d{{1,3}}\] | \(\d{{1,2}}\) | \*{{1,2}}
      | (?<=[a-z]{{3}}[.])\d{{1,3}}(?=\s+\p{{Lu}}) ){{0,5}}+
    (?P<gap> \s++ )
    (?= (?:[•▪‣*]\s{{0,3}})? (?:["'] \s){{0,2}} [^\w\s.!?…]{{0,3}}+
        (?: [\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}\p{{So}}] | \p{{Ll}}\p{{Lu}} | (?:al|el|de)-\p{{Lu}}
          | (?:[a-z]|[ivx]{{2,4}})\.\s\p{{Lu}} ) )
  | (?<![。！？]) [。！？]++ [”’」』）"']{{0,4}}+
    """,
    regex.VERBOSE,
)
_LAST_WORD = regex.compile(r"(?<![\w.'-])[\w'-]+(?:\.[\w'-]+)*\Z")
_FIRST_WORD = regex.compile(r"[^\w\s]*+(\w+)(\.?)")
_LETTERS = regex.compile(r"\p{L}{1,3}(?:\.\p{L}{1,3})+\Z")
_CONSONANTS = regex.compile(r"[A-Z][bcdfghjklmnpqrstvwxz]{1,4}\Z")
_NUMERAL = regex.compile(r"\W*(?:\d{1,3}|\p{L}|[ivxl]{1,5}|[IVXL]{1,5})\Z")
_SPEECH = regex.compile(
    r"(?!(?:He|She|It|They|We|You|I|The|This|That|A|An)\b)"
    r"(?:\p{Lu}[\w'.-]*\s){1,4}(?:said|says|asked|asks|told|added|adds|cried|replied|wrote|warned|"
    r"shouted|answered|explained|insisted|argued|declared)\b"
)
_REACH = 60  # characters looked at on each side


class _Rules(NamedTuple):
    """The abbreviations of a language."""

    before_name: frozenset[str]
    before_number: frozenset[str]
    either: frozenset[str]
    opener: frozenset[str]
    letter: frozenset[str]


def sentence_spans(text: str, language: str = "english") -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence of a paragraph, white space left out.

    >>> text = "He worked with friend and foe alike. Prof. Katz wrote of the U.S. and Iran."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['He worked with friend and foe alike.', 'Prof. Katz wrote of the U.S. and Iran.']
    """
    rules = _rules(language)
    start, spans = len(text) - len(text.lstrip()), []
    for match in _END.finditer(text):
        end = match.start("gap") if match["gap"] else match.end()
        if match["gap"] is None or _ends(text, start, match, rules):
            spans.append((start, end))
            start = match.end()
    end = len(text.rstrip())
    return [*spans, (start, end)] if start < end else spans


def _ends(text: str, start: int, match: "regex.Match[str]", rules: _Rules) -> bool:
    """Tell whether a sentence that began at ``start`` ends at a mark."""
    behind = text[match.end() : match.end() + _REACH]
    closed = text[match.end("mark") : match.start("gap")]
    if any(mark in closed for mark in "\"'”’»") and _SPEECH.match(behind):
        return False
    mark = match["mark"]
    stop = match.start("mark")
    if mark != ".":
        return not (mark == "!" and text[max(0, stop - 5) : stop] == "Yahoo")
    before = text[max(start, stop - _REACH) : stop]
    if len(before) < 8 and _NUMERAL.match(before):
        return False
    found = _LAST_WORD.search(before)
    return found is None or _word_ends(found[0], before[: found.start()], behind, rules)


def _word_ends(word: str, before: str, behind: str, rules: _Rules) -> bool:
    """Tell whether a sentence ends at the point behind a word."""
    first = _FIRST_WORD.match(behind)
    opens = bool(first and first[1] in rules.opener and first[1] + first[2] != "A.")
    if word in rules.before_name:
        return False
    if word in rules.before_number and first is not None and first[1][0].isdigit():
        return False
    if len(word) == 1 and word.isalpha():
        previous = before.split()
        return opens or bool(previous and previous[-1].lower() in rules.letter)
    if word in rules.either or _LETTERS.match(word) or _CONSONANTS.match(word):
        return opens
    return True


def languages() -> tuple[str, ...]:
    """Return the languages whose abbreviations are listed."""
    return tuple(_declared())


@cache
def _declared() -> dict[str, dict[str, str]]:
    path = resource("abbreviations.toml")
    return dict(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def _rules(language: str) -> _Rules:
    declared = _declared()
    if language not in declared:
        raise InputError(f"No rules for sentences of {language!r}; choose one of {list(declared)}.")
    listed = declared[language]
    return _Rules(*(frozenset(listed.get(name, "").split()) for name in _Rules._fields))
