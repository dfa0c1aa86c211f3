"""What a corpus is made of: groups, documents, sentences, and the edits that cleaned them.

An edit is a declared change to a raw text; through it leads the way back from clean text to raw.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from inspect import signature
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from analysis.errors import InputError, TextWithheld, refuse_other_types
from analysis.text.tokens import (
    Pieces,
    StopList,
    function_words,
    language_of,
    sentence_spans,
    token_spans,
    tokenize,
)

_PARAGRAPH = re.compile(r"\S.*\S|\S")  # cleaning leaves line ends only between paragraphs
SENTENCES = ["document", "group", "paragraph", "sentence", "start", "end", "text"]
EDITS = ["document", "rule", "start", "end", "removed", "replacement", "reason"]
ENGLISH = "english"
MOST = 10  # ids that a message lists
COLOURS = {"target": "#B2432F", "reference": "#2E7EB8"}
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
P = ParamSpec("P")
T = TypeVar("T")


class Edit(NamedTuple):
    """Replace ``raw[start:end]`` by ``replacement``, by a named rule, for a stated reason."""

    start: int
    end: int
    replacement: str = ""
    rule: str = ""
    reason: str = ""


class _Piece(NamedTuple):
    """A stretch of the clean text and the raw span that it came from."""

    clean_start: int
    raw_start: int
    raw_end: int
    kept: bool


@dataclass(frozen=True)
class EditedText:
    """A raw text with its edits applied, every character traceable.

    >>> edited = EditedText.of("a **bold** word", [Edit(2, 4), Edit(8, 10)])
    >>> edited.text, edited.raw_span(2, 6)
    ('a bold word', (4, 8))
    """

    raw: str
    edits: tuple[Edit, ...]
    text: str
    _pieces: tuple[_Piece, ...] = field(repr=False)
    _starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, raw: str, edits: Iterable[Edit]) -> "EditedText":
        """Apply edits in the order of their place; edits that overlap are refused."""
        ordered = tuple(sorted(edits))
        parts: list[str] = []
        pieces: list[_Piece] = []
        clean = position = 0
        for edit in (*ordered, Edit(len(raw), len(raw))):
            if edit.start < position:
                raise InputError(
                    f"Two edits overlap at character {edit.start} ({raw[edit.start : edit.end]!r}, "
                    f"rule {edit.rule!r}): every stretch of the raw text may be edited once."
                )
            if position < edit.start:
                pieces.append(_Piece(clean, position, edit.start, True))
                parts.append(raw[position : edit.start])
                clean += edit.start - position
            if edit.replacement:
                pieces.append(_Piece(clean, edit.start, edit.end, False))
                parts.append(edit.replacement)
                clean += len(edit.replacement)
            position = edit.end
        starts = tuple(piece.clean_start for piece in pieces)
        return cls(raw, ordered, "".join(parts), tuple(pieces), starts)

    def then(self, edits: Iterable[Edit]) -> "EditedText":
        """Edit the clean text once more; what is declared are edits of the raw text.

        What an earlier edit took away stays with that edit; what it put in, and a later one
        touches, passes to the later one.

        Parameters
        ----------
        edits : of ``text``, each of at least one character, none overlapping

        Examples
        --------
        >>> first = EditedText.of("a **b--c**", [Edit(2, 4), Edit(5, 7, " – "), Edit(8, 10)])
        >>> second = first.then([Edit(3, 6, ", ")])
        >>> second.text, second.edits[1][:3]
        ('a b, c', (5, 7, ', '))
        """
        later = sorted(edits)
        if not later:
            return self
        if not self.edits:
            return EditedText.of(self.raw, self._apart(later))
        made: list[Edit] = []
        passed: set[tuple[int, int]] = set()
        for edit in self._apart(later):
            first, last = self._place(edit.start), self._place(edit.end - 1)
            before, after = self._untouched(first, edit.start), self._untouched(last, edit.end)
            words = before[0] + edit.replacement + after[1]
            for start, end in self._raw_spans(edit.start, edit.end):
                made.append(edit._replace(start=start, end=end, replacement=words))
                words = ""
            touched = self._pieces[first : last + 1]
            passed.update((p.raw_start, p.raw_end) for p in touched if not p.kept)
        kept = (edit for edit in self.edits if edit[:2] not in passed)
        return EditedText.of(self.raw, [*kept, *made])

    def _apart(self, later: Iterable[Edit]) -> list[Edit]:
        """Make one of the later edits that touch the same replacement."""
        apart: list[Edit] = []
        for edit in later:
            if apart:
                last, place = apart[-1], self._place(edit.start)
                if edit.start < last.end:
                    raise InputError(
                        f"Two edits overlap at {self.text[edit.start : edit.end]!r} (rules "
                        f"{last.rule!r} and {edit.rule!r}): every stretch may be edited once."
                    )
                if not self._pieces[place].kept and place == self._place(last.end - 1):
                    words = last.replacement + self.text[last.end : edit.start] + edit.replacement
                    edit = edit._replace(start=last.start, replacement=words)
                    apart.pop()
            apart.append(edit)
        return apart

    def _untouched(self, place: int, cut: int) -> tuple[str, str]:
        """Return what a replacement holds before and behind a cut; nothing of a kept stretch."""
        if self._pieces[place].kept:
            return "", ""
        return self.text[self._starts[place] : cut], self.text[cut : self._end(place)]

    def _raw_spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches of the raw text behind ``[start, end)``, parted by deletions."""
        span: tuple[int, int] | None = None
        for place in range(self._place(start), self._place(end - 1) + 1):
            piece = self._pieces[place]
            left, right = piece.raw_start, piece.raw_end
            if piece.kept:
                left += max(0, start - piece.clean_start)
                right -= max(0, self._end(place) - end)
            if span and span[1] == left:
                span = span[0], right
            else:
                if span:
                    yield span
                span = left, right
        if span:
            yield span

    def _place(self, index: int) -> int:
        """Return which piece holds a character of the clean text."""
        return bisect_right(self._starts, index) - 1

    def _end(self, place: int) -> int:
        return self._starts[place + 1] if place + 1 < len(self._starts) else len(self.text)

    def _character(self, index: int) -> tuple[int, int]:
        """Return the raw span behind one character of the clean text."""
        piece = self._pieces[self._place(index)]
        if not piece.kept:
            return piece.raw_start, piece.raw_end
        start = piece.raw_start + index - piece.clean_start
        return start, start + 1

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw offsets behind the clean text's ``[start, end)``."""
        if start >= end:
            raise InputError(f"A span needs at least one character, got [{start}, {end}).")
        return self._character(start)[0], self._character(end - 1)[1]

    def within(self, start: int, end: int) -> str:
        """Return ``raw[start:end]`` with the edits inside it applied."""
        first = bisect_left(self.edits, (start,))
        last = bisect_left(self.edits, (end + 1,))
        inside = [edit for edit in self.edits[first:last] if edit.end <= end]
        shifted = (Edit(e.start - start, e.end - start, e.replacement) for e in inside)
        return EditedText.of(self.raw[start:end], shifted).text


@dataclass(frozen=True)
class Group:
    """One side of the comparison; positive differences mean more in the target."""

    label: str
    role: str
    colour: str


def check_colour(colour: str, where: str) -> None:
    """Refuse what is no colour."""
    if not _COLOUR.fullmatch(colour):
        raise InputError(
            f"{where}: colour is '#' and six figures from 0 to F, as {COLOURS['target']!r}; "
            f"got {colour!r}."
        )


def refuse_one_colour(target: Group, reference: Group, where: str) -> None:
    """Refuse two groups that no figure could tell apart."""
    if target.colour.casefold() == reference.colour.casefold():
        raise InputError(
            f"{where}: both groups would be drawn in {target.colour}: give each its own colour."
        )


@dataclass(frozen=True)
class Document:
    """A text with its metadata; ``edited`` keeps the raw text and every edit.

    ``metadata`` holds what a table says of it in further columns, as (column, cell).
    """

    id: str
    group: str
    edited: EditedText
    sha256: str
    title: str = ""
    author: str = ""
    date: str = ""
    publisher: str = ""
    rights: str = ""
    metadata: tuple[tuple[str, str], ...] = ()
    language: str = ENGLISH

    @property
    def raw(self) -> str:
        """The file's text, untouched."""
        return self.edited.raw

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The clean text, a string a paragraph."""
        return tuple(match.group() for match in _PARAGRAPH.finditer(self.edited.text))

    @property
    def text(self) -> str:
        """The clean text, paragraphs separated by a blank line."""
        return "\n\n".join(self.paragraphs)

    @cached_property
    def seems(self) -> str:
        """The language that the text seems to be in, or nothing where it cannot be told."""
        return language_of(self.edited.text)

    @cached_property
    def sentence_spans(self) -> tuple[tuple[int, int, int], ...]:
        """Return (paragraph, start, end) of each sentence, offsets into the clean text."""
        return tuple(
            (number, match.start() + start, match.start() + end)
            for number, match in enumerate(_PARAGRAPH.finditer(self.edited.text))
            for start, end in sentence_spans(match.group(), self.language)
        )

    @cached_property
    def token_spans(self) -> tuple[list[tuple[int, int, str]], ...]:
        """The tokens of each sentence: (start, end, token), offsets into the clean text."""
        text = self.edited.text
        return tuple(
            [
                (begin + start, begin + end, token)
                for start, end, token in token_spans(text[begin:finish], self.language)
            ]
            for _, begin, finish in self.sentence_spans
        )

    def tokens(self) -> list[list[str]]:
        """Return the tokens of each sentence; their places take three times as much memory."""
        if "token_spans" in self.__dict__:
            return [[token for *_, token in spans] for spans in self.token_spans]
        text = self.edited.text
        return [
            tokenize(text[begin:finish], self.language) for _, begin, finish in self.sentence_spans
        ]


@dataclass(frozen=True)
class Corpus:
    """Two groups of documents, cleaned and cut into sentences and tokens.

    What is made of a corpus is made once and kept with it: sentences and tokens here, units and
    counts by ``kept``.

    ``concepts``, ``actors`` and ``annotations`` are files that the manifest names, if any: lists of
    words that stand for a concept (``load_concepts``), names of actors (``load_actors``), what a
    reader noted in the texts (``description.py``). ``notices`` are sentences on what was met when
    the texts were read: files passed over, words joined, damage, markup, copies, other languages.
    ``figures`` is the folder for figures of these texts, where a study names one. ``own_stops`` and
    ``settings`` are what was decided for every analysis (``design.py``), and so are ``names`` of
    several words, each of which is one term: tokens joined by spaces. A corpus that ``remembers``
    keeps the results of analyses too, and hands them out again.
    """

    title: str
    target: Group
    reference: Group
    documents: tuple[Document, ...]
    concepts: Path | None = None
    actors: Path | None = None
    annotations: Path | None = None
    notices: tuple[str, ...] = ()
    language: str = ENGLISH
    figures: Path | None = None
    own_stops: StopList | None = None
    names: tuple[str, ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()
    remembers: bool = False

    def __post_init__(self) -> None:
        for group in self.groups:
            if not any(document.group == group.label for document in self.documents):
                raise InputError(
                    f"Group {group.label!r} has no document: give each of "
                    f"{[g.label for g in self.groups]} at least one."
                )

    @property
    def groups(self) -> tuple[Group, Group]:
        """The target, then the reference."""
        return self.target, self.reference

    @property
    def stops(self) -> StopList:
        """The words that are no terms: the language's function words, or a list of one's own."""
        return self.own_stops or StopList(self.language, function_words(self.language))

    def document(self, id: str) -> Document:
        """Return one document by its id, or by the end of one, behind a slash, that only it has."""
        if id in self._by_id:
            return self._by_id[id]
        ids = list(self._by_id)
        ends = [place for place, own in enumerate(ids) if own.endswith(f"/{id}")]
        if len(ends) == 1:
            return self.documents[ends[0]]
        listed = [ids[place] for place in ends] or ids
        more = f" and {len(listed) - MOST} more" if len(listed) > MOST else ""
        said = (
            f"Several documents are called {id!r}" if ends else f"No document {id!r} in this corpus"
        )
        raise InputError(f"{said}; choose one of: {', '.join(listed[:MOST])}{more}.")

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence, with character offsets into the raw text.

        ``raw[start:end]`` is the sentence but for the edits declared inside it.
        """
        rows = [
            (
                d.id,
                d.group,
                paragraph,
                number,
                *d.edited.raw_span(start, end),
                d.edited.text[start:end],
            )
            for d in self.documents
            for number, (paragraph, start, end) in enumerate(d.sentence_spans)
        ]
        return pd.DataFrame(rows, columns=SENTENCES)

    @property
    def stretches(self) -> list[tuple[int, int, int]]:
        """Of each document, how many sentences it has, and where in the raw text they lie."""
        found = []
        for document in self.documents:
            spans, edited, start, end = document.sentence_spans, document.edited, 0, 0
            if spans:
                start = edited.raw_span(*spans[0][1:])[0]
                end = edited.raw_span(*spans[-1][1:])[1]
            found.append((len(spans), start, end))
        return found

    @cached_property
    def tokens(self) -> tuple[list[str], ...]:
        """The tokens of each sentence, in the order of ``sentences``."""
        return tuple(self.pieces.lists(self._tokens_of_piece))

    def tokens_of(self, label: str) -> list[list[str]]:
        """Return the tokens of each sentence of one group."""
        return [own for d in self.documents if d.group == label for own in d.tokens()]

    @cached_property
    def pieces(self) -> Pieces:
        """The sentences, in the order of ``sentences``, cut at spaces."""
        return Pieces.cut(
            [d.edited.text[start:end] for d in self.documents for _, start, end in d.sentence_spans]
        )

    def count(self, value_of: Callable[[list[str]], int]) -> np.ndarray:
        """Return, of each sentence, the sum of a whole number that tokens have together."""
        return self.pieces.count(lambda piece: value_of(self._tokens_of_piece(piece)))

    def _tokens_of_piece(self, piece: str) -> list[str]:
        return tokenize(piece, self.documents[0].language)

    @cached_property
    def sentence_tokens(self) -> np.ndarray:
        """How many tokens each sentence has, in the order of ``sentences``."""
        return self.count(len)

    @cached_property
    def _by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _kept(self) -> dict[Hashable, Any]:
        return {}

    @cached_property
    def edits(self) -> pd.DataFrame:
        """One row an edit: what was taken from which raw file, where, by which rule, and why."""
        rows = [
            (
                document.id,
                e.rule,
                e.start,
                e.end,
                document.raw[e.start : e.end],
                e.replacement,
                e.reason,
            )
            for document in self.documents
            for e in document.edited.edits
        ]
        return pd.DataFrame(rows, columns=EDITS)

    @property
    def metadata(self) -> pd.DataFrame:
        """One row a document: its id, its group, and the further columns of a table of texts."""
        rows = [{"document": d.id, "group": d.group, **dict(d.metadata)} for d in self.documents]
        return pd.DataFrame(rows)

    @property
    def overview(self) -> pd.DataFrame:
        """One row a document: group, metadata, and counts of paragraphs and sentences."""
        sizes = self.sentences.groupby("document").size()
        rows: list[dict[str, Any]] = [
            {
                "document": d.id,
                "group": d.group,
                "title": d.title,
                "author": d.author,
                "date": d.date,
                "publisher": d.publisher,
                "paragraphs": len(d.paragraphs),
                "sentences": int(sizes.get(d.id, 0)),
            }
            for d in self.documents
        ]
        return pd.DataFrame(rows)


def kept(
    make: Callable[Concatenate[Corpus, P], T],
) -> Callable[Concatenate[Corpus, P], T]:
    """Let a function of a corpus run once for each corpus and set of arguments.

    What it returns is kept with the corpus and handed out again; a table is handed out as a copy,
    so that who changes it changes nobody else's. Its arguments must be hashable.
    """
    known = signature(make)

    @wraps(make)
    def once(corpus: Corpus, /, *args: P.args, **kwargs: P.kwargs) -> T:
        asked = known.bind(corpus, *args, **kwargs)
        asked.apply_defaults()
        refuse_other_types(make, asked.arguments)
        key = (make, *list(asked.arguments.values())[1:])
        if key not in corpus._kept:
            corpus._kept[key] = make(corpus, *args, **kwargs)
        found: T = corpus._kept[key]
        return found.copy() if isinstance(found, pd.DataFrame) else found

    return once


def refuse_twins(ids: list[str], where: str) -> None:
    """Refuse two documents of one id."""
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise InputError(f"{where}: two documents are called {id!r}; give each its own id.")
        seen.add(id)


# A corpus without its texts: what was counted in them stands for it


class Withheld:
    """Stands where a text would, and says so whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise TextWithheld(
            "This needs the texts themselves, which a pack without texts does not hold: run it "
            "where they lie."
        )


WITHHELD: Any = Withheld()
MISSING = "withheld"  # of a table's attributes: the columns that it lacks, as they repeat texts


class Places(pd.DataFrame):
    """The table of sentences without their words."""

    def __getitem__(self, key: Any) -> Any:
        asked = [key] if isinstance(key, str) else key
        if isinstance(asked, list) and "text" in asked:
            WITHHELD.text()
        return super().__getitem__(key)


@dataclass(frozen=True)
class ClosedCorpus(Corpus):
    """A corpus whose documents hold no text.

    Attributes
    ----------
    places : the sentences as ``Corpus.sentences`` has them, without ``text``; and ``tokens``, how
        many each has
    companions : of the files beside figures that repeat the texts, what their records say
    """

    places: pd.DataFrame = field(default_factory=pd.DataFrame)
    companions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence, without its text."""
        return Places(self.places.drop(columns="tokens"))

    @property
    def stretches(self) -> list[tuple[int, int, int]]:
        """Of each document, how many sentences it has, and where in the raw text they lie."""
        own = self.places.groupby("document", sort=False)
        table = own.agg(many=("start", "size"), start=("start", "first"), end=("end", "last"))
        ids = [document.id for document in self.documents]
        many = table.reindex(ids, fill_value=0).itertuples(index=False, name=None)
        return [(int(n), int(start), int(end)) for n, start, end in many]

    @property
    def sentence_tokens(self) -> np.ndarray:
        """How many tokens each sentence has."""
        return self.places["tokens"].to_numpy(dtype=np.int64)

    @property
    def edits(self) -> pd.DataFrame:
        """Refused: what was taken away is text."""
        found: pd.DataFrame = WITHHELD.edits()
        return found
