"""Edits: declared changes to a raw text, and the way back from the clean text to the raw one."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from analysis.errors import InputError


@dataclass(frozen=True, order=True)
class Edit:
    """Replace ``raw[start:end]`` by ``replacement``, by a named rule, for a stated reason."""

    start: int
    end: int
    replacement: str = ""
    rule: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _Piece:
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
            for start, end, words, kept in (
                (position, edit.start, raw[position : edit.start], True),
                (edit.start, edit.end, edit.replacement, False),
            ):
                if words:
                    pieces.append(_Piece(clean, start, end, kept))
                    parts.append(words)
                    clean += len(words)
            position = edit.end
        return cls(raw, ordered, "".join(parts), tuple(pieces))

    def _character(self, index: int) -> tuple[int, int]:
        """Return the raw span behind one character of the clean text."""
        place = bisect_right(self._pieces, index, key=lambda piece: piece.clean_start) - 1
        piece = self._pieces[place]
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
        inside = [edit for edit in self.edits if start <= edit.start and edit.end <= end]
        shifted = (Edit(e.start - start, e.end - start, e.replacement) for e in inside)
        return EditedText.of(self.raw[start:end], shifted).text
