"""The one definition of a token, used everywhere.

A token is a run of letters and digits with their combining marks, together with what is tied to
it: abbreviations by points ("U.S."), compounds by a hyphen, plus or ampersand ("S-300",
"covid-19", "P5+1"), and apostrophes inside a word ("Shi'ite", "haven't"). It is case-folded and
in Unicode's NFC; curly apostrophes are straight; the possessive is stripped ("Iran's" is "iran",
but "it's" stays); a quotation mark never belongs to it. Numbers may hold points and commas. "US" in
capitals is the country, "u.s.".
"""

import unicodedata
from functools import cache

import regex

from analysis.resources import resource

_WORD = r"[\p{L}\p{N}][\p{L}\p{N}\p{M}\u00AD\u200C\u200D]*(?:['’‘ʼ]\p{L}[\p{L}\p{M}]*)*"
_ABBREVIATION = r"(?:\p{L}\p{M}*\.){2,}(?:['’ʼ]s\b)?"
_NUMBER = r"\p{N}+(?:[.,]\p{N}+)+"
_PIECE = rf"(?:{_ABBREVIATION}|{_NUMBER}|{_WORD})"
_TOKEN = regex.compile(rf"{_PIECE}(?:[-\u2010\u2011+&]{_PIECE})*")
_LETTER = regex.compile(r"\p{L}")
_FOLD = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None})
_COUNTRY = frozenset({"US", "US's", "US’s"})  # capitals tell the country from the pronoun
_CONTRACTED_IS = frozenset(
    "it's that's what's who's he's she's there's here's where's how's when's let's".split()
)


def token_spans(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, token) of every token of a text.

    >>> token_spans("Iran's “S-300”")
    [(0, 6, 'iran'), (8, 13, 's-300')]
    """
    return [(*match.span(), _normal(match.group())) for match in _TOKEN.finditer(text)]


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text, in order.

    >>> tokenize("The U.S.-Russian deal: $10 billion, and it's 'just'.")
    ['the', 'u.s.-russian', 'deal', '10', 'billion', 'and', "it's", 'just']
    """
    return [_normal(match) for match in _TOKEN.findall(text)]


def is_number(token: str) -> bool:
    """Tell whether a token holds no letter at all ("2017", "1804-1813")."""
    return not _LETTER.search(token)


@cache
def stop_words() -> frozenset[str]:
    """Return the function words of ``analysis/resources/stopwords.txt``."""
    lines = resource("stopwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _normal(token: str) -> str:
    if token in _COUNTRY:
        return "u.s."
    folded = unicodedata.normalize("NFC", token.translate(_FOLD).casefold())
    if folded.endswith("'s") and folded not in _CONTRACTED_IS:
        return folded[:-2]
    return folded
