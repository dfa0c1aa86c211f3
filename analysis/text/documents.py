"""What a corpus is made of: groups, documents, sentences."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property, wraps
from inspect import signature
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.text.edits import EditedText
from analysis.text.sentences import sentence_spans
from analysis.text.tokens import token_spans

_PARAGRAPH = re.compile(r"\S.*\S|\S")  # cleaning leaves line ends only between paragraphs

SENTENCES = ["document", "group", "paragraph", "sentence", "start", "end", "text"]
EDITS = ["document", "rule", "start", "end", "removed", "replacement", "reason"]


ENGLISH = "english"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Group:
    """One side of the comparison; positive differences mean more in the target."""

    label: str
    role: str
    colour: str


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
                for start, end, token in token_spans(text[begin:finish])
            ]
            for _, begin, finish in self.sentence_spans
        )


@dataclass(frozen=True)
class Corpus:
    """Two groups of documents, cleaned and cut into sentences and tokens.

    What is made of a corpus is made once and kept with it: sentences and tokens here, units and
    counts by ``kept``.

    ``concepts``, ``actors`` and ``annotations`` are files that the manifest names, if any: lists of
    words that stand for a concept (``load_concepts``), names of actors (``load_actors``), what a
    reader noted in the texts (``annotations.py``). ``notices`` are sentences on what was met when
    the texts were read: files passed over, words joined, damage, markup, copies, other languages.
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

    def document(self, id: str) -> Document:
        """Return one document by its id."""
        for document in self.documents:
            if document.id == id:
                return document
        choices = ", ".join(document.id for document in self.documents[:10])
        raise InputError(f"No document {id!r} in this corpus; choose one of: {choices}.")

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

    @cached_property
    def tokens(self) -> tuple[list[str], ...]:
        """The tokens of each sentence, in the order of ``sentences``."""
        return tuple(
            [token for *_, token in spans] for d in self.documents for spans in d.token_spans
        )

    def tokens_of(self, label: str) -> list[list[str]]:
        """Return the tokens of each sentence of one group."""
        return [
            [token for *_, token in spans]
            for d in self.documents
            if d.group == label
            for spans in d.token_spans
        ]

    @cached_property
    def sentence_tokens(self) -> np.ndarray:
        """How many tokens each sentence has, in the order of ``sentences``."""
        return np.array([len(tokens) for tokens in self.tokens], dtype=np.int64)

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
        key = (make, *list(asked.arguments.values())[1:])
        if key not in corpus._kept:
            corpus._kept[key] = make(corpus, *args, **kwargs)
        found: T = corpus._kept[key]
        return found.copy() if isinstance(found, pd.DataFrame) else found

    return once
