"""Word families: the inflected and derived forms of one word, counted together."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any


def family_labels(terms: Sequence[str], occurrences: Iterable[int]) -> list[str]:
    """Name the family of each term: its most frequent member, ties by spelling.

    Terms are of one family when Snowball's English stemmer cuts them to the same stem (Porter 2001,
    "Snowball: a language for stemming algorithms"). A stem is no lemma: "went" stays apart from
    "go", and now and then words meet that have only letters in common. What holds anything but
    letters stays whole, a family of its own: compounds with a hyphen, names with points, words with
    an apostrophe, numbers.

    Parameters
    ----------
    terms : different tokens
    occurrences : of each

    Returns
    -------
    list of str
        As long as ``terms``.

    >>> family_labels(["ally", "allied", "allies", "russian-iranian"], [3, 2, 6, 8])
    ['allies', 'allies', 'allies', 'russian-iranian']
    """
    stems = [stem(term) for term in terms]
    ranked = sorted(zip(occurrences, terms, stems, strict=True), key=lambda row: (-row[0], row[1]))
    label: dict[str, str] = {}
    for _, term, root in ranked:
        label.setdefault(root, term)
    return [label[root] for root in stems]


def stem(token: str) -> str:
    """Return the stem of a token of letters; any other token stays as it is.

    >>> stem("objectives"), stem("covid-19")
    ('object', 'covid-19')
    """
    return str(_stemmer().stem(token)) if token.isalpha() else token


@cache
def _stemmer() -> Any:
    from nltk.stem.snowball import EnglishStemmer  # takes a second to import, and few ask for it

    return EnglishStemmer()
