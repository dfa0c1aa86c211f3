"""What stands on a page: sentences in Markdown, and links from a keyword to its sentences."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

_MARKDOWN = re.compile(r"([\\`*_\[\]<>$|~&])")
WORD, PHRASE, FAMILY, CONCEPT = "word", "phrase", "family", "concept"


def markdown(text: str) -> str:
    """Escape text for Markdown, so that it says what it says."""
    return _MARKDOWN.sub(r"\\\1", text)


@dataclass(frozen=True, repr=False)
class Prose:
    """Markdown that shows itself in a notebook."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


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
