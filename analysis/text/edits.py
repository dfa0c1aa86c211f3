"""Edits: declared changes to a raw text, and the way back from the clean text to the raw one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from analysis.errors import InputError


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
        made: list[Edit] = []
        passed: set[tuple[int, int]] = set()
        for edit in self._apart(sorted(edits)):
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
