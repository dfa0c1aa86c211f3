"""Words are data: what a reader reads stands in text files, with the condition of its truth.

The files ``analysis/resources/sentences/<subject>.toml`` hold findings, captions, alt texts, notes
and alarms. Python decides what is true and hands over *facts*, a mapping of names to values; the
file says it. (The ``level`` of tests and the ``confidence`` of intervals are facts everywhere.) An
entry lists its wordings; the first whose conditions hold is taken, and where none does, nothing is
said::

    [[finding]]
    when = [["passing", "==", 0]]
    text = "**No term separates the groups.**"

    [[finding]]
    text = "**{passing:,} {passing:term separates|terms separate} the groups**: {terms:list}."

What is always said, such as a heading, needs no more than ``name = "words"``.

A condition is ``[fact, sign, bound]``; the bound is a number, true or false, the name of another
fact, or a text in single quotes: ``["unit", "==", "'documents'"]``. All conditions of ``when`` must
hold. Claims (``claims.py``) are checked by the same conditions and filled by the same places.

A place ``{name:format}`` is filled by a fact; ``{name.part}`` by a part of one. Formats:

- none: the text as it is; in Markdown, what would mean something there is escaped
- ``,`` ``.2f`` ``,.1f`` and the like, as in Python, with a true minus sign, no negative zero, ``–``
  for a missing number and ``∞``; a ``+`` before it gives positive numbers their sign
- ``term|terms``: the first where the number is 1, rounded to a whole one, else the second
- ``p`` ("p = .034"), ``bare_p`` (".034"), ``percent`` ("25 %", of a share), ``percent 1``
  ("24.7 %")
- ``interval .2f``: of a pair, "[−0.52, 1.30]"
- ``list`` ("a, b and c"), ``either`` ("a, b or c"), ``commas`` ("a, b, c"), ``semicolons``
  ("a; b; c"), ``sentences`` ("a b c"), of several; then ``of entry`` says each by another entry,
  which has its parts as facts (or itself as ``item``), and ``most 5`` names five and says how many
  more there are (eight by default)

``{@entry}`` says another entry of the same file with the same facts, ``{@common.entry}`` one of
another file. Line ends count as spaces; an empty line parts paragraphs.
"""

import math
import operator
import re
import string
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from typing import Any

from analysis.errors import InputError
from analysis.files import read_toml, resource
from analysis.inference.levels import CONFIDENCE, LEVEL
from analysis.numbers import DASH, MINUS, number, p_value, reaches, steady

_MARKDOWN = re.compile(r"([\\`*_\[\]<>$|~&])")
FOLDER = resource("sentences")
MOST = 8  # items of a list that are named
LETTERS = 22  # letters of a name that figures have room for
CONVENTIONS = {"level": LEVEL, "confidence": CONFIDENCE}  # facts that every sentence may state
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
ENDS = {"sentences": "And {:,} more.", "either": "or one of {:,} more"}  # else "and … more"
JOINS = {
    "list": (", ", " and "),
    "either": (", ", " or "),
    "commas": (", ", ", "),
    "semicolons": ("; ", "; "),
    "sentences": (" ", " "),
}
_LIST = re.compile(
    r"(list|either|commas|semicolons|sentences)"
    r"(?: of (?P<entry>[\w.-]+))?(?: most (?P<most>\d+))?"
)
Facts = Mapping[str, Any]
Condition = tuple[str, str, Any]


def short(label: str, width: int = LETTERS) -> str:
    """Shorten a label to what there is room for.

    >>> short("2018"), short("a-folder-with-a-rather-long-name")
    ('2018', 'a-folder-with-a-rathe…')
    """
    return label if len(label) <= width else f"{label[: width - 1]}…"


def apart(labels: Sequence[str], width: int = LETTERS) -> dict[str, str]:
    """Shorten two labels so that they still differ: what both begin with is left out.

    >>> apart(["2018", "2017"])
    {'2018': '2018', '2017': '2017'}
    >>> list(apart(["letters to the editor, before", "letters to the editor, after"]).values())
    ['…before', '…after']
    """
    letters = list(takewhile(lambda pair: pair[0] == pair[1], zip(*labels, strict=False)))
    first = labels[0][: len(letters)]
    words = first.rfind(" ") + 1  # that both begin with, whole ones
    shown = list(labels)
    for begin in (words, len(first)):
        if max(map(len, shown)) > width or shown[0] == shown[1]:
            shown = [short(f"…{label[begin:]}" if begin else label, width) for label in labels]
    return dict(zip(labels, shown, strict=True))


def markdown(text: str) -> str:
    """Escape text for Markdown, so that it says what it says."""
    return _MARKDOWN.sub(r"\\\1", text)


def unmarked(text: str) -> str:
    r"""Return Markdown without marks of emphasis and escapes, as a terminal shows it.

    >>> unmarked(r"**No topic** of group\_a")
    'No topic of group_a'
    """
    return re.sub(r"\\(.)|\*+", r"\1", text).replace("\N{NO-BREAK SPACE}", " ")


@dataclass(frozen=True, repr=False)
class Prose:
    """Markdown that shows itself in a notebook."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Wording:
    """One way to say something, and when it is true."""

    when: tuple[Condition, ...]
    text: str


@dataclass(frozen=True)
class Book:
    """The sentences of one subject."""

    name: str
    entries: Mapping[str, tuple[Wording, ...]]

    def entry(self, id: str) -> tuple[Wording, ...]:
        """Return the wordings of an entry."""
        if id not in self.entries:
            raise InputError(
                f"{self.name}.toml has no entry {id!r}: write it there, or take one of "
                f"{', '.join(self.entries)}."
            )
        return self.entries[id]


@dataclass
class Page:
    """Where sentences are being written: for Markdown or not, and what was filled in so far."""

    markdown: bool = False
    used: dict[str, str] = field(default_factory=dict)


def say(name: str, facts: Facts) -> str:
    """Return the sentences of an entry as plain text; nothing where no wording is true.

    Parameters
    ----------
    name : subject and entry, such as ``keywords.finding``
    facts : what is true

    Raises
    ------
    InputError
        A file or entry is not there or malformed, or names a fact that is not there.
    """
    return _said(name, facts, Page())


def prose(name: str, facts: Facts) -> Prose:
    """Return the sentences of an entry as Markdown, for a notebook."""
    return Prose(_said(name, facts, Page(markdown=True)))


def holds(condition: Sequence[Any], facts: Facts, where: str) -> bool:
    """Tell whether a condition is true of the facts.

    Parameters
    ----------
    condition : ``[fact, sign, bound]``
    where : what states it, for the message
    """
    name, sign, bound = checked_condition(condition, where)
    left, right = _fact(name, facts, where), bound
    if isinstance(bound, str):
        right = bound[1:-1] if bound[:1] == "'" else _fact(bound, facts, where)
    return bool(SIGNS[sign](left, _nearly(left, right)))


def _nearly(value: Any, bound: Any) -> Any:
    """Return a bound, or the value itself where they are equal but for rounding."""
    numbers = isinstance(value, float) and isinstance(bound, int | float)
    return value if numbers and reaches(value, bound) and reaches(bound, value) else bound


def checked_condition(condition: Any, where: str) -> Condition:
    """Return a condition that has its form, or refuse it in words."""
    if (
        not isinstance(condition, list | tuple)
        or len(condition) != 3
        or not isinstance(condition[0], str)
        or condition[1] not in SIGNS
        or not isinstance(condition[2], str | int | float)
    ):
        raise InputError(
            f"{where}: {condition!r} is no condition, which has the form [fact, sign, bound]: the "
            f"signs are {' '.join(SIGNS)}, the bound is a number, a fact's name, or a text in "
            "single quotes."
        )
    name, sign, bound = condition
    return name, sign, bound


def fill(text: str, facts: Facts, page: Page, where: str, book: str = "") -> str:
    """Fill the places of a text.

    Parameters
    ----------
    text : with places, see above
    facts : what they are filled from
    page : notes what was filled in, by name
    where : what holds the text, for messages
    book : the subject whose entries ``{@entry}`` and ``of entry`` mean
    """
    parts = []
    for literal, name, spec, _ in _parsed(text, where):
        parts.append(literal)
        if name is None:
            continue
        if name.startswith("@"):
            parts.append(_said(_named(name[1:], book), facts, page))
            continue
        value = _fact(name, facts, where)
        try:
            printed = _printed(value, spec or "", facts, page, book)
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{where}: the place {{{name}:{spec}}} cannot be filled with {value!r} ({error}); "
                "mend the format or the fact."
            ) from None
        page.used[name] = printed
        parts.append(printed)
    return _clean("".join(parts))


@cache
def book(name: str) -> Book:
    """Return the sentences of one subject, read once."""
    declared = read_toml(FOLDER / f"{name}.toml", "mend that line of the sentences")
    return Book(name, dict(_entries(declared, name)))


def headings_of(
    table: str, columns: Iterable[Hashable], facts: Facts | None = None
) -> dict[str, str]:
    """Return columns with their headings, in the order given.

    Parameters
    ----------
    table : subject and name of a table, such as ``keywords.misread``; a heading is the entry
        ``tables.misread.<column>`` of the subject or, for most columns, ``headings.<column>``
    columns : of the table
    facts : what the places of headings are filled from, such as the labels of groups
    """
    subject, _, name = table.partition(".")
    own = {str(column): f"{subject}.tables.{name}.{column}" for column in columns}
    return {
        column: say(entry if has_entry(entry) else f"{subject}.headings.{column}", facts or {})
        for column, entry in own.items()
    }


def has_entry(name: str) -> bool:
    """Tell whether a file holds an entry, such as ``keywords.ranked.title``."""
    subject, _, id = name.partition(".")
    return subject in books() and id in book(subject).entries


def books() -> list[str]:
    """Return the subjects that have sentences."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def _entries(declared: Mapping[str, Any], path: str) -> list[tuple[str, tuple[Wording, ...]]]:
    """Return the entries of a file; tables within tables are joined by points."""
    found = []
    for key, value in declared.items():
        if isinstance(value, Mapping):
            found += [(f"{key}.{id}", own) for id, own in _entries(value, f"{path}.{key}")]
        elif isinstance(value, str):
            found.append((key, (_wording({"text": value}, f"{path}.{key}"),)))
        elif isinstance(value, list):
            wordings = tuple(_wording(own, f"{path}.{key}") for own in value)
            if any(not wording.when for wording in wordings[:-1]):
                raise InputError(
                    f"{path}.{key}: a wording without a condition hides those that follow it; put "
                    "it last."
                )
            found.append((key, wordings))
        else:
            raise InputError(f"{path}.{key}: an entry is a table, as [[{key}]]; got {value!r}.")
    return found


def _wording(declared: Any, where: str) -> Wording:
    if (
        not isinstance(declared, Mapping)
        or not set(declared) <= {"when", "text"}
        or not isinstance(declared.get("text"), str)
    ):
        raise InputError(
            f"{where}: a wording has a text and perhaps conditions (when); got {declared!r}."
        )
    when = tuple(checked_condition(own, where) for own in declared.get("when", []))
    list(_parsed(declared["text"], where))
    return Wording(when, declared["text"])


def _parsed(text: str, where: str) -> list[tuple[str, str | None, str | None, str | None]]:
    try:
        return list(string.Formatter().parse(text))
    except ValueError as error:
        raise InputError(f"{where}: the places of {text!r} are malformed ({error}).") from None


def _named(name: str, own: str) -> str:
    """Return subject and entry; an entry without a subject is of the same file."""
    subject, _, id = name.partition(".")
    return name if id and subject in books() else f"{own}.{name}"


def _said(name: str, facts: Facts, page: Page) -> str:
    subject, _, id = name.partition(".")
    for wording in book(subject).entry(id):
        if all(holds(condition, facts, name) for condition in wording.when):
            return fill(wording.text, facts, page, name, subject)
    return ""


def _fact(name: str, facts: Facts, where: str) -> Any:
    found: Any = CONVENTIONS if name in CONVENTIONS and name not in facts else facts
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise InputError(
                f"{where}: there is no fact {name!r} here; the facts are "
                f"{', '.join(map(str, facts))}."
            )
        found = found[part]
    return found


def _printed(value: Any, spec: str, facts: Facts, page: Page, own: str) -> str:
    """Return a fact as its format asks for it."""
    if match := _LIST.fullmatch(spec):
        return _listed(value, match, facts, page, own)
    if "|" in spec:
        one, _, many = spec.partition("|")
        return one if value == 1 or _rounds_to_one(value) else many
    if spec in ("p", "bare_p"):
        return p_value(value, named=spec == "p")
    if spec.startswith("percent"):
        places = int(spec.removeprefix("percent") or 0)
        return DASH if value != value else f"{number(100 * value, places)}\u00a0%"
    if spec.startswith("interval "):
        low, high = value
        digits = spec.removeprefix("interval ")
        return f"[{_numeral(low, digits)}, {_numeral(high, digits)}]"
    if not spec:
        text = str(value)
        return markdown(text) if page.markdown and isinstance(value, str) else text
    return _numeral(value, spec)


def _rounds_to_one(value: Any) -> bool:
    return isinstance(value, float) and _numeral(value, ".0f") == "1"


def _numeral(value: Any, spec: str) -> str:
    """Write a number as Python would, with a true minus sign and no negative zero."""
    if value is None or value != value:
        return DASH
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = format(_size(value), spec.lstrip("+"))
    if not text.strip("0.,% "):
        return text
    return MINUS + text if value < 0 else "+" * spec.startswith("+") + text


def _size(value: Any) -> Any:
    """Return what is written without its sign, rounded where the processor decides."""
    return steady(abs(value)) if isinstance(value, float) else abs(value)


def _listed(values: Sequence[Any], match: re.Match[str], facts: Facts, page: Page, own: str) -> str:
    """Return several things in a row; what is said of each may use the facts of all."""
    if isinstance(values, str):
        raise TypeError("one text is no list of several")
    entry, most = match["entry"], int(match["most"] or MOST)
    between, last = JOINS[match[1]]
    inner = Page(page.markdown)
    named = [
        _said(_named(entry, own), {**facts, **_parts(value)}, inner)
        if entry
        else _printed(value, "", facts, inner, own)
        for value in values[:most]
    ]
    named = [words for words in named if words]
    if len(values) > most:
        more = ENDS.get(match[1], "and {:,} more").format(len(values) - most)
        return between.join([*named, more])
    return last.join([between.join(named[:-1]), named[-1]]) if len(named) > 1 else "".join(named)


def _parts(value: Any) -> Facts:
    return value if isinstance(value, Mapping) else {"item": value}


def _clean(text: str) -> str:
    """Join lines, keep paragraphs."""
    paragraphs = (re.sub(r"[ \n\t]+", " ", part).strip() for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(filter(None, paragraphs))
