"""The one definition of a token, used everywhere.

A token is a run of letters and digits with their combining marks, together with what is tied to
it: abbreviations by points ("U.S."), compounds by a hyphen, plus or ampersand ("S-300",
"covid-19", "P5+1"), and apostrophes inside a word ("Shi'ite", "haven't"). It is case-folded and
in Unicode's NFC; curly apostrophes are straight; the possessive is stripped ("Iran's" is "iran",
but "it's" stays); a quotation mark never belongs to it. Numbers may hold points and commas.

A name of capitals has one form, with points or without, alone or in a compound: "US" is "u.s." (in
capitals it is the country, not the pronoun), "UN" is "u.n.", "U.S.S.R." is "ussr". An address, a
hashtag, a mention and an emoji are tokens of their own.
"""

import unicodedata
from functools import lru_cache

import regex

from analysis.text.languages import function_words


def _spellings(letters: str) -> tuple[str, str, str]:
    """Return a name of capitals as it is written: plain, with points, without the last point.

    >>> _spellings("un")
    ('UN', 'U.N.', 'U.N')
    """
    points = ".".join(letters.upper())
    return letters.upper(), f"{points}.", points


_UNSEEN = r"\u00AD\u200B-\u200D\u2060\uFEFF"
_LETTERS = rf"[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}{_UNSEEN}]|\p{{M}}{{1,30}}+)*+"
_WORD = rf"{_LETTERS}(?:['’‘ʼ](?=\p{{L}}){_LETTERS})*+"
_ABBREVIATION = (
    r"(?:(?:\p{L}\p{M}{0,30}+\.){2,30}+|(?<![\p{L}\p{M}])(?:\p{Lu}\.){1,30}+\p{Lu}(?!\p{L}))"
    r"(?:['’ʼ]s\b)?"
)
_NUMBER = r"\p{N}++(?:[.,]\p{N}++)++"
_PIECE = rf"(?>{_ABBREVIATION}|{_NUMBER}|{_WORD})"
_COMPOUND = rf"{_PIECE}(?:[-\u2010\u2011+&]{_PIECE}){{0,30}}+"
_ADDRESS = r"""(?:https?://|www\.)[^\s<>"'“”()\[\]]*[^\s<>"'“”()\[\].,;:!?]"""
_TAG = r"(?<![\p{L}\p{M}\p{N}&])[#@](?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]++"
_SMILEY = r"[\p{Extended_Pictographic}&&[\u2600-\U0010FFFF]]\uFE0F?\p{Emoji_Modifier}?"
_EMOJI = rf"{_SMILEY}(?:\u200D{_SMILEY}){{0,10}}+|\p{{Regional_Indicator}}{{2}}"
_TOKEN = regex.compile(rf"{_ADDRESS}|{_COMPOUND}|{_TAG}|{_EMOJI}", regex.V1)
_NO_NUMBER = regex.compile(r"\p{L}|\A\P{N}*\Z")
_FOLD = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ", "'"),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u2060\ufeff\ufe0f"),
    }
)
_POINTED = "u.s. u.k. u.n. e.u. d.c.".split()
_PLAIN = """usa ussr uae nyc nato asean opec nafta imf wto iaea fbi cia nsa kgb gdp gnp ngo ngos
    mp mps eec icc ira plo prc drc bbc cnn nbc""".split()
_NAMES = {
    **{spelt: name for name in _POINTED for spelt in _spellings(name.replace(".", ""))},
    **{spelt: name for name in _PLAIN for spelt in _spellings(name)},
}
_REMEMBERED = 2**18  # spellings
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
    """Tell whether a token is of figures, and holds no letter at all ("2017", "1804-1813")."""
    return not _NO_NUMBER.search(token)


def stop_words(language: str = "english") -> frozenset[str]:
    """Return the function words of a language (of English: ``resources/stopwords.txt``)."""
    return function_words(language)


@lru_cache(_REMEMBERED)
def _normal(token: str) -> str:
    spelt = token.translate(_FOLD)
    if not spelt.islower():
        spelt = "-".join(_NAMES.get(part.removesuffix("'s"), part) for part in spelt.split("-"))
    folded = unicodedata.normalize("NFC", spelt.casefold())
    if folded.endswith("'s") and folded not in _CONTRACTED_IS:
        return folded[:-2]
    return folded
