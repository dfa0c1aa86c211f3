"""Sentences as a notebook shows them."""

import re
from dataclasses import dataclass

_MARKDOWN = re.compile(r"([\\`*_\[\]<>$|~])")


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
