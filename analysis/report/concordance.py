"""Where keywords stand: along the texts, and in their sentences, to which the tables link.

Every keyword of a table has a block here, named by ``links.anchor``; and every occurrence of every
term stands in one file (``all_occurrences``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape

import pandas as pd

from analysis.numbers import falling, largest
from analysis.report import keyword_plots as plots
from analysis.report.beyond_words import family_words
from analysis.report.drawing import DOUBLE, MM, canvas
from analysis.report.figure import Published, publish
from analysis.report.keywords import ROWS, SHOWN, misread, strongest
from analysis.report.numbering import CONCEPT, FAMILY, PHRASE, WORD, anchor, table_link
from analysis.report.tables import Shown, show
from analysis.result import Result
from analysis.sentences import Prose, headings_of, prose
from analysis.text import Corpus
from analysis.text.concordance import (
    all_as_written,
    concept_occurrences,
    occurrences,
    sort_lines,
    term_places,
)

LINES = 12  # of one keyword on the page
CONTEXT = 400  # characters of a sentence shown on either side
MOST = 20_000  # lines in the file of all occurrences
OFTEN = 5  # occurrences in a group below which a stretch says nothing
OCCURRENCES = "keywords-concordance"  # the file that holds every line of every term
FILE = ["term", "group", "document", "sentence", "start", "end", "left", "node", "right"]


@dataclass(frozen=True, repr=False)
class Sentences:
    """Concordances one below the other, each folded under its name and counts.

    A link leads to the fold, which every browser scrolls to, not to what is inside it: few open it
    by themselves.
    """

    blocks: tuple[tuple[str, Shown], ...]
    back: str

    def _repr_html_(self) -> str:
        back = f'<p><a href="{escape(self.back)}">back to the table</a></p>'
        return "\n".join(
            f'<details id="{escape(shown.id)}">\n<summary>{escape(title)}</summary>\n'
            f"{replace(shown, id='')._repr_html_()}\n{back}\n</details>"
            for title, shown in self.blocks
        )

    def __repr__(self) -> str:
        return "\n".join(title for title, _ in self.blocks)


def dispersion_figure(terms: Result, count: int = 8) -> Published | Prose:
    """Publish where in each group's texts the strongest keywords fall, and beside it every line."""
    table, corpus = terms.table, terms.corpus
    named = list(strongest(table, count)["term"])
    if not named:
        return prose("keywords.ranked.none", {})
    written = dict(zip(named, all_as_written(corpus, named), strict=True))
    places = term_places(corpus, tuple(named))
    figure, axes = canvas(DOUBLE, (20 + 4.2 * len(named)) * MM, ncols=2, sharey=True)
    drawn = places.assign(term=places["term"].map(written))
    plots.plot_dispersion(drawn, list(written.values()), corpus.groups, axes)
    kept = _within(table, MOST)
    often = places.groupby(["term", "group"], as_index=False)["position"].agg(
        ["size", "min", "max"]
    )
    often = often[often["size"] >= OFTEN]
    stretch = (often["max"] - often["min"]).to_numpy(float)
    facts = {
        "lines": int((kept["n_target"] + kept["n_reference"]).sum()),
        "kept": len(kept),
        "terms": len(table),
        "shown": len(named),
        "often": len(often),
        "least": OFTEN,
        "uneven": written[often["term"].iloc[largest(-stretch)]] if len(often) else "",
    }
    return publish(
        figure, terms, id="keywords-dispersion", table=places, facts=facts,
        shown={"per_side": count}, companions={OCCURRENCES: partial(all_occurrences, terms)},
    )  # fmt: skip


def word_sentences(terms: Result, alike: Result, *, sort: str = "right") -> Sentences:
    """Show the sentences of every word that the figures and tables list.

    Parameters
    ----------
    terms, alike : as from ``keyness`` and ``lockwords``
    sort : ``right``, ``left`` or ``text``, see ``sort_lines``
    """
    table = terms.table
    listed = [strongest(table), misread(table).head(ROWS), alike.table.head(ROWS)]
    words = sorted(set(pd.concat(listed)["term"]))
    return _sentences(terms.corpus, WORD, {word: [word] for word in words}, sort)


def phrase_sentences(phrases: Result, *, sort: str = "right") -> Sentences | Prose:
    """Show the sentences of the listed phrases."""
    if phrases.table.empty:
        return prose("keywords.phrases.none", {})
    listed = sorted(strongest(phrases.table, SHOWN)["term"])
    return _sentences(phrases.corpus, PHRASE, {phrase: [phrase] for phrase in listed}, sort)


def family_sentences(families: Result, *, sort: str = "right") -> Sentences:
    """Show the sentences of the listed word families, all members together."""
    members, listed = family_words(families), sorted(strongest(families.table, SHOWN)["term"])
    return _sentences(families.corpus, FAMILY, {family: members[family] for family in listed}, sort)


def concept_sentences(concepts: Result, *, sort: str = "right") -> Sentences | Prose:
    """Show the sentences of every concept that occurs."""
    lists, corpus = concepts.facts["concepts"], concepts.corpus
    if not lists:
        return prose("keywords.concepts.unread", {})
    found = concept_occurrences(corpus, lists)
    lines = {own.name: found[found["concept"] == own.name] for own in lists}
    return _blocks(corpus, CONCEPT, {name: own for name, own in lines.items() if len(own)}, sort)


def all_occurrences(terms: Result, most: int = MOST) -> pd.DataFrame:
    """Return every occurrence of every term.

    Terms stand in the order of the alphabet, their lines sorted by what follows. Where there are
    more than ``most`` lines, the terms with the highest scores of either side are kept, whole.
    """
    kept = _within(terms.table, most)
    found = sort_lines(terms.corpus, occurrences(terms.corpus, set(kept["term"])), "right")
    return found.sort_values("term", kind="stable", ignore_index=True)[FILE]


def _within(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the highest scores of either side, as many as have so many lines."""
    ranked = table.iloc[falling(table["score"].abs())]
    return ranked[(ranked["n_target"] + ranked["n_reference"]).cumsum() <= most]


def _sentences(
    corpus: Corpus, kind: str, terms: Mapping[str, Iterable[str]], sort: str
) -> Sentences:
    """Look for all terms in one pass through the texts."""
    found = occurrences(corpus, {term for forms in terms.values() for term in forms})
    lines = {name: found[found["term"].isin(list(forms))] for name, forms in terms.items()}
    written = all_as_written(corpus, list(lines))
    return _blocks(corpus, kind, dict(zip(written, lines.values(), strict=True)), sort)


def _blocks(corpus: Corpus, kind: str, lines: Mapping[str, pd.DataFrame], sort: str) -> Sentences:
    blocks = []
    for name, own in lines.items():
        counts = " : ".join(f"{(own['group'] == group.label).sum():,}" for group in corpus.groups)
        shown = replace(_lines(sort_lines(corpus, own, sort)), id=anchor(kind, name))
        blocks.append((f"{name} ({counts})", shown))
    return Sentences(tuple(blocks), table_link(kind))


def _lines(lines: pd.DataFrame) -> Shown:
    """Set a concordance, so that the words next to the term stand next to it."""
    place = [
        group if group == document else f"{group}: {document.removeprefix(f'{group}/')}"
        for group, document in zip(lines["group"], lines["document"], strict=True)
    ]
    shown = lines.assign(
        where=place,
        left=[left if len(left) <= CONTEXT else f"… {left[-CONTEXT:]}" for left in lines["left"]],
        right=[text if len(text) <= CONTEXT else f"{text[:CONTEXT]} …" for text in lines["right"]],
    )
    columns = headings_of(
        "keywords.concordance", ["where", "start", "end", "left", "node", "right"]
    )
    return show(shown, columns=columns, rows=LINES, right=["left"])
