"""Languages: which one a text seems to be in, and the function words of each."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache

import regex

from analysis.errors import InputError
from analysis.resources import resource

LEAST = 0.12  # share of tokens that are among a language's most frequent function words
ENOUGH, DIFFERENT = 20, 4  # words that tell a language, and how many of its own among them
_LOOKED_AT = 20_000  # characters
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}']*")
_SCRIPTS = {
    "chinese": r"\p{Han}",
    "japanese": r"[\p{Hiragana}\p{Katakana}]",
    "korean": r"\p{Hangul}",
    "arabic": r"\p{Arabic}",
    "greek": r"\p{Greek}",
    "hebrew": r"\p{Hebrew}",
    "thai": r"\p{Thai}",
    "hindi": r"\p{Devanagari}",
}
UNSPACED = ("chinese", "japanese", "thai")  # no spaces between words


@cache
def _profiles() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(resource("languages.toml").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in listed.items()}


def language_of(text: str) -> str:
    """Return the language that a text seems to be in, or nothing where it cannot be told.

    >>> language_of("Der Minister hat nicht gesagt, dass er mit dem Vertrag und den Zielen der "
    ...             "Regierung zufrieden ist, aber auch nicht das Gegenteil.")
    'german'
    """
    start = text[:_LOOKED_AT]
    letters = len(regex.findall(r"\p{L}", start))
    for language, script in _SCRIPTS.items():
        share = len(regex.findall(script, start)) / max(1, letters)
        if share > (0.2 if language == "japanese" else 0.5):
            return "japanese" if language == "chinese" and _kana(start) else language
    words = Counter(_WORD.findall(start.lower()))
    total = sum(words.values())
    if total < ENOUGH:
        return ""
    shares = {
        language: sum(words[word] for word in profile) / total
        for language, profile in _profiles().items()
    }
    best = max(sorted(shares), key=lambda language: shares[language])
    different = len(_profiles()[best] & set(words))
    return best if shares[best] >= LEAST and different >= DIFFERENT else ""


def main_language(texts: Sequence[str]) -> str:
    """Return the language that most of the texts seem to be in, or nothing where none is so."""
    name, many = Counter(language_of(text) for text in texts).most_common(1)[0]
    return name if many > len(texts) / 2 else ""


def _kana(text: str) -> bool:
    return bool(regex.search(r"[\p{Hiragana}\p{Katakana}]{2}", text))


@cache
def function_words(language: str) -> frozenset[str]:
    """Return the function words of a language, as they are counted but are no terms.

    English has a list of this project, ``resources/stopwords.txt``; the others are those of
    ``resources/stopwords/``, each with its source.

    Raises
    ------
    InputError
        There is no list of this language.
    """
    path = resource("stopwords.txt" if language == "english" else f"stopwords/{language}.txt")
    if not path.is_file():
        known = sorted(["english", *(p.stem for p in resource("stopwords").glob("*.txt"))])
        raise InputError(f"There are no function words of {language!r}; choose one of {known}.")
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
