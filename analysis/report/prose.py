"""Sentences rendered from results, as a notebook shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Prose:
    """Markdown that shows itself in a notebook."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text
