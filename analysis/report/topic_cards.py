"""Topic cards: what to read before giving a topic a name, on a page and in a terminal."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.report.tables import number
from analysis.report.topic_text import judged, named, of_ten, percent, points, signed
from analysis.result import Result
from analysis.text import Corpus, Group
from analysis.topicmodels.wording import typical_sentences

LONGEST = 400  # characters shown of a sentence
NONE = "no sentence of enough words"
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


def topic_cards(corpus: Corpus, found: Result, *, sentences: int = 3) -> Cards:
    """Return a card for every topic.

    Parameters
    ----------
    corpus : the two groups
    found : as from ``topics``
    sentences : how many typical sentences to show of each group
    """
    typical = typical_sentences(found, count=sentences)
    table = named(found).assign(
        **{c: found.parts["cards"][c] for c in ("terms", "coherence", "exclusivity")}
    )
    labels = tuple(f"{group.label} ({group.role})" for group in corpus.groups)
    return Cards(
        tuple(
            Card(
                f"Topic {topic['topic']}, perhaps: {topic['shown']}",
                (labels[0], labels[1]),
                (*_facts(topic), *_passages(typical, topic["topic"], corpus.groups, sentences)),
            )
            for _, topic in table.iterrows()
        )
    )


def _facts(topic: pd.Series) -> Iterator[Row]:
    coherence, exclusivity = number(topic["coherence"]), percent(topic["exclusivity"])
    yield Row("terms by relevance", (topic["terms"],))
    yield Row("coherence, exclusivity", (f"{coherence}, {exclusivity}",))
    yield Row("mean share of a unit", (_share(topic, "target"), _share(topic, "reference")))
    yield Row(
        "difference",
        (
            f"{signed(topic['estimate'])} points, 95 % interval "
            f"{points(topic['ci_low'], topic['ci_high'])}; topics taken as given "
            f"{points(topic['given_low'], topic['given_high'])}",
        ),
    )
    yield Row(
        "in refits",
        (
            f"{of_ten(topic['stability'])} top terms come back (shuffled units "
            f"{of_ten(topic['chance'])}); {percent(topic['sign_stability'])} have the same sign",
        ),
    )
    yield Row("verdict", (judged(topic),))


def _share(topic: pd.Series, role: str) -> str:
    return (
        f"{percent(topic[f'share_{role}'])} {points(topic[f'{role}_low'], topic[f'{role}_high'])}"
    )


def _passages(
    typical: pd.DataFrame, topic: int, groups: tuple[Group, Group], count: int
) -> Iterator[Row]:
    own = typical[typical["topic"] == topic]
    texts = {
        (row["group"], row["rank"]): f"{_cut(row['text'])} ({_place(row)}; {percent(row['share'])})"
        for _, row in own.iterrows()
    }
    for rank in range(1, count + 1):
        cells = tuple(texts.get((group.label, rank), "") for group in groups)
        if any(cells):
            yield Row(f"typical sentence {rank}", tuple(cell or NONE for cell in cells))


def _place(row: pd.Series) -> str:
    """Say where a sentence stands: characters of the raw file, whose name is left out if plain."""
    plain = row["document"] == row["group"]
    where = "" if plain else row["document"].removeprefix(f"{row['group']}/") + ": "
    return f"{where}{row['start']:,}–{row['end']:,}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …"


def _line(tag: str, cells: tuple[str, ...], *, wide: bool = False) -> str:
    first, *rest = cells
    size = 'colspan="2"' if wide else 'width="43%"'
    inside = "".join(f'<{tag} {_LEFT} valign="top" {size}>{escape(cell)}</{tag}>' for cell in rest)
    return f'<tr><{tag} {_LEFT} valign="top" width="14%">{escape(first)}</{tag}>{inside}</tr>'
