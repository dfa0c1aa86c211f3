"""Whether texts are in English, which is all that the lexicons know."""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from analysis.inference.weights import Flags
from analysis.text import stop_words, tokenize

ENOUGH = 12  # tokens that a text must have to be judged
LEAST = 0.05  # share of them that English texts exceed several times over
_SHORT = frozenset({"of", "to", "by", "it"})
_SHARED = frozenset("all also can die done her hers man over under war was will".split())


@cache
def english_words() -> frozenset[str]:
    """Return function words that English hardly shares with its neighbours ("the", "of", "that").

    Words of one or two letters are left out (but "of", "to", "by", "it"), and words that are also
    German, Dutch, French, Spanish or Italian ("was", "over", "die").
    """
    return frozenset(w for w in stop_words() if len(w) > 2 and w not in _SHARED) | _SHORT


def has_function_word(text: str) -> bool:
    """Tell whether a text holds an English function word; most show one without being tokenised.

    >>> has_function_word("He is in."), has_function_word("Moscow 2017")
    (True, False)
    """
    known = stop_words()
    return not (known.isdisjoint(text.split()) and known.isdisjoint(tokenize(text)))


def without_tone(texts: Sequence[str], scored: Iterable[object]) -> Flags:
    """Tell of which texts nothing can be said: no word is scored, and none shows English.

    Parameters
    ----------
    texts : sentences, names unmasked
    scored : of each, whether a word is scored (or which, or how many)

    Examples
    --------
    >>> without_tone(["He is in.", "Moscow 2017", "War 2017"], [0, 0, 1]).tolist()
    [False, True, False]
    """
    pairs = zip(texts, scored, strict=True)
    return np.array([not (known or has_function_word(text)) for text, known in pairs], dtype=bool)


def english_share(texts: Iterable[str]) -> float:
    """Return the share of tokens that are English function words; NaN where there are few tokens.

    >>> english_share(["The news of the day was that nobody listened to the news."])
    0.5
    >>> english_share(["Der Minister war in Moskau, um dort mit dem Präsidenten zu reden."])
    0.0
    """
    found = total = 0
    for text in texts:
        tokens = tokenize(text)
        total += len(tokens)
        found += sum(token in english_words() for token in tokens)
    return found / total if total >= ENOUGH else np.nan


def language_note(texts: Iterable[str]) -> str:
    """Say that texts do not read as English, with the measured share; else return nothing."""
    share = english_share(texts)
    if not share < LEAST:
        return ""
    return (
        f"{share:.0%} of tokens are English function words (about 30 % in English): the lexicons "
        "know English only."
    )
