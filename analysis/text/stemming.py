"""The stem of an English word, by Snowball's English stemmer (Porter 2001).

Porter 2001, "Snowball: a language for stemming algorithms"; https://snowballstem.org. Stems are
those of NLTK's ``EnglishStemmer``, letter by letter: where a suffix reaches into a region of the
word, what is left of the region is taken as NLTK takes it. NLTK itself takes a second to import,
and an analysis of tone asks for nothing else of it.
"""

from collections.abc import Mapping
from typing import NamedTuple

_VOWELS = "aeiouy"
_DOUBLE = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_BEFORE_LI = "cdeghkmnrt"
_WHOLE = {
    **dict(
        pair.split(":")
        for pair in """skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl
        ugly:ugli early:earli only:onli singly:singl""".split()
    ),
    **{word: word for word in "sky news howe atlas cosmos bias andes".split()},
    **{
        word + end: word
        for word in "inning outing canning herring earring".split()
        for end in ("", "s")
    },
    **{
        word + end: word
        for word in "proceed exceed succeed".split()
        for end in ("", "s", "ed", "ing")
    },
}


class _Cut(NamedTuple):
    """What is put in place of a suffix.

    Attributes
    ----------
    letters : how many are taken off
    ending : what stands there then
    left : of the inner region, where it is shorter than what is taken off
    """

    letters: int
    ending: str = ""
    left: str = ""


def _all(suffixes: str, ending: str = "", left: str = "") -> dict[str, _Cut]:
    """Return cuts that put one ending in place of whole suffixes."""
    return {suffix: _Cut(len(suffix), ending, left) for suffix in suffixes.split()}


# Of each step, the longest suffix of a word counts, here the first one.
_SECOND = {
    **_all("ization", "ize"),
    **_all("ational", "ate", "e"),
    "fulness": _Cut(4),
    **_all("ousness", "ous"),
    **_all("iveness", "ive", "e"),
    "tional": _Cut(2),
    **_all("biliti", "ble"),
    "lessli": _Cut(2),
    "entli": _Cut(2),
    **_all("ation", "ate", "e"),
    **_all("alism aliti", "al"),
    **_all("ousli", "ous"),
    **_all("iviti", "ive", "e"),
    "fulli": _Cut(2),
    **dict.fromkeys(("enci", "anci", "abli"), _Cut(1, "e")),
    **_all("izer", "ize"),
    **_all("ator", "ate", "e"),
    **_all("alli", "al"),
    **_all("bli", "ble"),
    "ogi": _Cut(1),
    "li": _Cut(2),
}
_THIRD = {
    **_all("ational", "ate"),
    "tional": _Cut(2),
    "alize": _Cut(3),
    **_all("icate iciti", "ic"),
    **_all("ative"),
    **_all("ical", "ic"),
    **_all("ness ful"),
}
_FOURTH = _all("ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic")


class _Parts(NamedTuple):
    """A word, and its regions: behind the first consonant after a vowel, and again within that."""

    word: str
    outer: str
    inner: str

    def cut(self, cut: _Cut) -> "_Parts":
        """Return the parts with an ending in place of the last letters."""
        (word, outer, inner), (letters, ending, left) = self, cut
        outer = outer[:-letters] + ending if len(outer) >= letters else ""
        inner = inner[:-letters] + ending if len(inner) >= letters else left
        return _Parts(word[:-letters] + ending, outer, inner)


def stem_of(word: str) -> str:
    """Return the stem of a word of letters.

    >>> [stem_of(word) for word in ("allied", "generously", "relational", "skies")]
    ['alli', 'generous', 'relat', 'sky']
    """
    word = word.lower()
    if len(word) <= 2:
        return word
    if word in _WHOLE:
        return _WHOLE[word]
    parts = _regions(_consonants(word))
    parts = _without_past(_without_plural(parts))
    if len(parts.word) > 2 and parts.word[-1] in "yY" and parts.word[-2] not in _VOWELS:
        parts = parts.cut(_Cut(1, "i"))
    parts = _step(parts, _SECOND, parts.outer)
    parts = _step(parts, _THIRD, parts.outer)
    parts = _step(parts, _FOURTH, parts.inner)
    return _without_last(parts).replace("Y", "y")


def _consonants(word: str) -> str:
    """Return a word with each y that is a consonant as "Y"."""
    letters = list(word)
    for place, letter in enumerate(letters):
        if letter == "y" and (place == 0 or letters[place - 1] in _VOWELS):
            letters[place] = "Y"
    return "".join(letters)


def _regions(word: str) -> _Parts:
    outer = _behind(word)
    for start in ("gener", "commun", "arsen"):
        if word.startswith(start):
            outer = word[len(start) :]
    return _Parts(word, outer, _behind(outer))


def _behind(word: str) -> str:
    """Return what stands behind the first consonant after a vowel."""
    for place in range(1, len(word)):
        if word[place] not in _VOWELS and word[place - 1] in _VOWELS:
            return word[place + 1 :]
    return ""


def _vowel_in(word: str) -> bool:
    return any(letter in _VOWELS for letter in word)


def _without_plural(parts: _Parts) -> _Parts:
    word = parts.word
    if word.endswith("sses"):
        return parts.cut(_Cut(2))
    if word.endswith(("ied", "ies")):
        return parts.cut(_Cut(2 if len(word) > 4 else 1))
    if word.endswith(("us", "ss")) or not word.endswith("s"):
        return parts
    return parts.cut(_Cut(1)) if _vowel_in(word[:-2]) else parts


def _without_past(parts: _Parts) -> _Parts:
    suffixes = ("eedly", "ingly", "edly", "eed", "ing", "ed")
    suffix = next(filter(parts.word.endswith, suffixes), "")
    if suffix in ("eedly", "eed"):
        return parts.cut(_Cut(len(suffix), "ee")) if parts.outer.endswith(suffix) else parts
    if not suffix or not _vowel_in(parts.word[: -len(suffix)]):
        return parts
    word, outer, inner = parts = parts.cut(_Cut(len(suffix)))
    if word.endswith(("at", "bl", "iz")):
        longer = len(word) >= 5 or len(outer) >= 2
        return _Parts(word + "e", outer + "e", inner + "e" if longer else inner)
    if word.endswith(_DOUBLE):
        return parts.cut(_Cut(1))
    return _Parts(word + "e", outer, inner and inner + "e") if _is_short(word, outer) else parts


def _is_short(word: str, outer: str) -> bool:
    """Tell whether a word ends in a short syllable, with nothing in the outer region."""
    if outer or len(word) < 2 or word[-1] in _VOWELS or word[-2] not in _VOWELS:
        return False
    if len(word) == 2:
        return True
    return word[-1] not in "wxY" and word[-3] not in _VOWELS


def _step(parts: _Parts, cuts: Mapping[str, _Cut], region: str) -> _Parts:
    """Cut the longest suffix of a step, if it lies in a region and stands where it may."""
    word = parts.word
    if not word.endswith(tuple(cuts)):
        return parts
    suffix = next(filter(word.endswith, cuts))
    if not region.endswith(suffix):
        return parts
    barred = (
        (suffix == "ogi" and word[-4] != "l")
        or (suffix == "li" and word[-3] not in _BEFORE_LI)
        or (suffix == "ative" and not parts.inner.endswith(suffix))
        or (suffix == "ion" and word[-4] not in "st")
    )
    return parts if barred else parts.cut(cuts[suffix])


def _without_last(parts: _Parts) -> str:
    """Return a word without an "e" or a second "l" at its end that says nothing."""
    word, outer, inner = parts
    if inner.endswith("e") or (inner.endswith("l") and word[-2] == "l"):
        return word[:-1]
    if outer.endswith("e") and len(word) >= 4:
        short = word[-2] not in _VOWELS and word[-2] not in "wxY" and word[-3] in _VOWELS
        return word if short and word[-4] not in _VOWELS else word[:-1]
    return word
