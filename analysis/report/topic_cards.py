"""Topic cards: what to read before giving a topic a name, on a page and in a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

_LEFT = 'align="left" style="text-align:left"'


@dataclass(frozen=True)
class Row:
    """One line of a card: a heading, and a cell for both groups or one for each."""

    heading: str
    cells: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Card:
    """What is known of one topic."""

    title: str
    groups: tuple[str, str]
    rows: tuple[Row, ...]

    def _repr_html_(self) -> str:
        head = _line("th", ("", *self.groups))
        body = "\n".join(
            _line("td", (row.heading, *row.cells), wide=len(row.cells) == 1) for row in self.rows
        )
        return (
            '<table class="tex2jax_ignore mathjax_ignore">\n<thead>\n'
            f'<tr><th {_LEFT} colspan="3">{escape(self.title)}</th></tr>\n{head}\n</thead>\n'
            f"<tbody>\n{body}\n</tbody>\n</table>"
        )

    def __repr__(self) -> str:
        return "\n".join([self.title, *self._lines()])

    def _lines(self) -> Iterator[str]:
        for row in self.rows:
            names = self.groups if len(row.cells) == 2 else ("",)
            for name, cell in zip(names, row.cells, strict=True):
                yield f"  {', '.join(filter(None, [row.heading, name]))}: {cell}"


@dataclass(frozen=True, repr=False)
class Cards:
    """All cards, one below the other."""

    cards: tuple[Card, ...]

    def _repr_html_(self) -> str:
        return "\n".join(card._repr_html_() for card in self.cards)

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.cards))


def _line(tag: str, cells: tuple[str, ...], *, wide: bool = False) -> str:
    first, *rest = cells
    size = 'colspan="2"' if wide else 'width="43%"'
    inside = "".join(f'<{tag} {_LEFT} valign="top" {size}>{escape(cell)}</{tag}>' for cell in rest)
    return f'<tr><{tag} {_LEFT} valign="top" width="14%">{escape(first)}</{tag}>{inside}</tr>'
