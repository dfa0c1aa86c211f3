"""Links within a page: from a keyword in a table to the sentences that it stands in."""

from collections.abc import Callable
from urllib.parse import quote

WORD, PHRASE, FAMILY, CONCEPT = "word", "phrase", "family", "concept"


def anchor(kind: str, term: str) -> str:
    """Return the name of the place on a page that holds a term's sentences.

    It is of ASCII letters, digits, points and hyphens, and an underscore with two hexadecimal
    digits for each byte of any other character, so that every browser finds it.

    >>> anchor("word", "u.s."), anchor("phrase", "united states"), anchor("word", "café")
    ('word-u.s.', 'phrase-united_20states', 'word-caf_C3_A9')
    """
    return f"{kind}-{quote(term, safe='').replace('_', '%5F').replace('%', '_')}"


def link(kind: str) -> Callable[[str], str]:
    """Return what makes of a term the link to its sentences.

    >>> link("word")("syria")
    '#word-syria'
    """
    return lambda term: f"#{anchor(kind, term)}"


def table_id(kind: str) -> str:
    """Return the name of the table that shows the terms of a kind.

    >>> table_id("word")
    'table-of-word'
    """
    return f"table-of-{kind}"
