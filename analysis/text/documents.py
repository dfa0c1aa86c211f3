"""What a corpus is made of: groups, documents, sentences."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.text.edits import EditedText
from analysis.text.sentences import sentence_spans

_PARAGRAPH = re.compile(r"\S.*\S|\S")  # cleaning leaves line ends only between paragraphs

SENTENCES = ["document", "group", "paragraph", "sentence", "start", "end", "text"]
EDITS = ["document", "rule", "start", "end", "removed", "replacement", "reason"]


@dataclass(frozen=True)
class Group:
    """One side of the comparison; positive differences mean more in the target."""

    label: str
    role: str
    colour: str


@dataclass(frozen=True)
class Document:
    """A text with its metadata; ``edited`` keeps the raw text and every edit."""

    id: str
    group: str
    edited: EditedText
    sha256: str
    title: str = ""
    author: str = ""
    date: str = ""
    publisher: str = ""
    rights: str = ""

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
            for start, end in sentence_spans(match.group())
        )


@dataclass(frozen=True)
class Corpus:
    """Two groups of documents, cleaned and cut into sentences.

    ``concepts`` and ``actors`` are files that the manifest names, if any: lists of words that stand
    for a concept (``load_concepts``), names of actors (``load_actors``).
    """

    title: str
    target: Group
    reference: Group
    documents: tuple[Document, ...]
    concepts: Path | None = None
    actors: Path | None = None

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
