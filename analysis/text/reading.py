"""How texts are read: the choices that loaders share, files to drafts, and drafts to a corpus."""

import logging
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

from analysis.errors import InputError
from analysis.running import followed
from analysis.text.checks import notices, settle
from analysis.text.cleaning import Joiner, check_rules, clean
from analysis.text.documents import COLOURS, ENGLISH, Corpus, Document, Edit, Group
from analysis.text.sources import (
    ERRORS,
    KINDS,
    MISREAD,
    bare,
    kind,
    read_source,
    refuse_damage,
    refuse_encoding,
    refuse_length,
    replace_damage,
    sum_of,
)
from analysis.text.tables import is_table
from analysis.text.tokens import UNSPACED, function_words, main_language

TITLES = ("title", "author", "date", "publisher", "rights")
SHOWN = 5  # names in a message
_LOG = logging.getLogger("analysis")
_FIGURES = re.compile(r"(\d+)")
_LETTER = re.compile(r"[^\W_]")


class Reading(TypedDict, total=False):
    """The options of every loader but that of a manifest, which declares them itself.

    Attributes
    ----------
    encoding : of the files, by default UTF-8 or what a byte order mark says
    errors : ``strict`` refuses damaged characters, ``replace`` reads on
    cleaning : names of rules (``cleaning.RULES``): ``markup`` reads web pages' tags and entities,
        ``misread`` mends UTF-8 read as cp1252; ``links``, ``emphasis``, ``speakers``, ``times``,
        ``addresses``, ``mentions``, ``hashtags`` and others take these away
    copies : ``tell``; ``once``: copies and repeated paragraphs count once in a group; ``refuse``
    language : whose sentences and function words
    verse : whether each line is a paragraph
    """

    encoding: str | None
    errors: str
    cleaning: Collection[str]
    copies: str
    language: str
    verse: bool


DEFAULTS: Reading = {
    "encoding": None,
    "errors": "strict",
    "cleaning": (),
    "copies": "tell",
    "language": ENGLISH,
    "verse": False,
}


def checked_reading(given: Reading) -> Reading:
    """Return the options with those that were not given, or refuse what is none."""
    if unknown := sorted(set(given) - set(DEFAULTS)):
        raise InputError(
            f"There is no option {unknown[0]!r} for reading texts; the options are "
            f"{', '.join(DEFAULTS)}."
        )
    reading: Reading = {**DEFAULTS, **given}
    if isinstance(reading["cleaning"], str):
        raise InputError(f"cleaning is a list of names, got {reading['cleaning']!r}.")
    check_rules(reading["cleaning"])
    function_words(reading["language"])
    refuse_encoding(reading["encoding"])
    if reading["errors"] not in ERRORS:
        raise InputError(f"errors is one of {', '.join(ERRORS)}; got {reading['errors']!r}.")
    return reading


class Draft(NamedTuple):
    """A document before it is read."""

    id: str
    group: str
    text: str
    sha256: str
    where: str
    edits: tuple[Edit, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


def drafted(id: str, group: str, text: Any, where: str, reading: Reading) -> Draft:
    """Return a draft of a string that was given, or refuse what is no text."""
    if not (isinstance(text, str) and text.strip()):
        raise InputError(f"{where} is {text!r}, and no text: leave it out.")
    refuse_length(text, where)
    misread = MISREAD in reading["cleaning"]
    if reading["errors"] == "strict":
        refuse_damage(text, where, misread=misread)
    else:
        text = replace_damage(text, misread=misread)
    return Draft(id, group, text, sum_of(text), where)


def corpus_of(
    labels: Sequence[str], drafts: Sequence[Draft], reading: Reading, told: Sequence[str] = ()
) -> Corpus:
    """Read the drafts, and tell what was met.

    Parameters
    ----------
    labels : of the groups, the target's first
    drafts : of both groups
    reading : as from ``checked_reading``
    told : what was met so far, a sentence each
    """
    join = Joiner([draft.text for draft in drafts])
    documents = [_document(draft, reading, join) for draft in followed(drafts, "reading texts")]
    documents = [document for document in documents if document.edited.text.strip()]
    left = []
    if less := len(drafts) - len(documents):
        says = "1 text holds" if less == 1 else f"{less} texts hold"
        left.append(f"{says} nothing but what the cleaning rules remove: left out.")
    documents, wordless = _worded(documents)
    left += wordless
    refuse_unspaced(documents)
    settled, copies = settle(documents, reading["copies"])
    met = (*told, *left, *notices(settled), *copies)
    for sentence in met:
        _LOG.warning("%s", sentence)
    target, reference = (Group(n, r, COLOURS[r]) for n, r in zip(labels, COLOURS, strict=True))
    title = f"{labels[0]} against {labels[1]}"
    return Corpus(title, target, reference, settled, notices=met, language=reading["language"])


def _worded(documents: Sequence[Document]) -> tuple[list[Document], list[str]]:
    """Leave out documents without a word, and tell; one that is all that its group has stays."""
    empty = [d for d in documents if not (_LETTER.search(d.edited.text) or any(d.tokens()))]
    without = {document.id for document in empty}
    held = {document.group for document in documents if document.id not in without}
    gone = {document.id for document in empty if document.group in held}
    if not gone:
        return list(documents), []
    first = next(document for document in empty if document.id in gone)
    many = f"{len(gone)} text{'s' * (len(gone) > 1)} without a word"
    told = f"Left out: {many} ({first.id}, {first.edited.text.strip()[:20]!r})."
    return [document for document in documents if document.id not in gone], [told]


def _document(draft: Draft, reading: Reading, join: Joiner) -> Document:
    edited = clean(
        draft.text,
        rules=reading["cleaning"],
        join=join,
        edits=draft.edits,
        verse=reading["verse"],
    )
    return Document(
        draft.id,
        draft.group,
        edited,
        draft.sha256,
        **{name: dict(draft.titles).get(name, "") for name in TITLES},
        metadata=draft.metadata,
        language=reading["language"],
    )


def refuse_unspaced(documents: Sequence[Document]) -> None:
    """Refuse scripts that part no words: they would be one "word" a sentence."""
    for label in dict.fromkeys(document.group for document in documents):
        name = main_language([d.seems for d in documents if d.group == label])
        if name in UNSPACED:
            raise InputError(
                f"The texts of {label!r} seem to be {name.capitalize()}, which has no spaces "
                "between words: part the words by spaces first (by a segmenter of that language)."
            )


def read_files(files: Sequence[tuple[Path, Path, str]], reading: Reading) -> list[Draft]:
    """Read every file, or refuse all that cannot be read at once."""
    drafts, wrong = [], []
    for file, folder, label in files:
        try:
            source = read_source(
                file,
                encoding=reading["encoding"],
                errors=reading["errors"],
                misread=MISREAD in reading["cleaning"],
            )
        except InputError as error:
            wrong.append(str(error))
            continue
        home = folder.parent if file == folder else folder
        name = _legible(file.relative_to(home).with_suffix("").as_posix())
        titles = (("title", _legible(file.stem)),)
        drafts.append(Draft(f"{label}/{name}", label, *source[:2], str(file), source.edits, titles))
    if wrong:
        more = f" And {len(wrong) - SHOWN} more." if len(wrong) > SHOWN else ""
        raise InputError(" ".join(wrong[:SHOWN]) + more)
    twice = {id for id, n in Counter(draft.id for draft in drafts).items() if n > 1}
    return [
        draft._replace(id=f"{draft.group}/{_legible(Path(draft.where).name)}")
        if draft.id in twice
        else draft
        for draft in drafts
    ]


def text_files(folder: Path, recursive: bool, told: list[str]) -> list[Path]:
    """Return the texts of a folder in the order of their names, and tell what is passed over.

    A file is the only text of its group.
    """
    if folder.is_file() and kind(folder) in KINDS:
        return [folder]
    if is_table(folder):
        raise InputError(
            f"{folder} is a table, and no group: put both groups into one table, with a column "
            "that says which a text is of."
        )
    if folder.is_file():
        raise InputError(
            f"{folder} is no text that can be read: give {', '.join(KINDS)}, or a folder of them."
        )
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no folder: give a folder of .txt files, one document a file."
        )
    taken, passed = [], []
    for path in _walk(folder, recursive):
        if path.name.startswith("."):
            continue
        if path.is_file() and kind(path) in KINDS:
            taken.append(path)
        else:
            passed.append(f"{path.relative_to(folder)}{os.sep if path.is_dir() else ''}")
    if passed:
        shown = ", ".join(sorted(passed, key=_natural)[:SHOWN])
        more = f" and {len(passed) - SHOWN} more" if len(passed) > SHOWN else ""
        inner = not recursive and any(name.endswith(os.sep) for name in passed)
        cure = "; sub-folders are read with recursive=True (--recursive)" if inner else ""
        told.append(f"Passed over in {folder}: {shown}{more} (texts are {', '.join(KINDS)}{cure}).")
    if not taken:
        also = f"; it holds {', '.join(passed[:SHOWN])}" if passed else ""
        also += cure if passed else ""
        raise InputError(f"{folder} holds no .txt file: put one document a file in it{also}.")
    return sorted(taken, key=lambda path: _natural(path.relative_to(folder).as_posix()))


def _walk(folder: Path, recursive: bool) -> Iterator[Path]:
    """Yield what a folder holds; links to folders are not followed, so that none is read twice."""
    try:
        held = list(folder.iterdir())
    except OSError as error:
        raise InputError(f"{folder} cannot be read ({error.strerror}): mend its rights.") from None
    for path in held:
        if recursive and path.is_dir() and not path.is_symlink() and path.name[0] != ".":
            yield from _walk(path, recursive)
        else:
            yield path


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key that orders figures in names as numbers.

    >>> sorted(["10.txt", "9.txt", "a2", "a10"], key=_natural)
    ['9.txt', '10.txt', 'a2', 'a10']
    """
    return [
        (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part)
        for part in _FIGURES.split(name)
        if part
    ]


def folder_labels(target: Path, reference: Path) -> tuple[str, str]:
    """Name two folders, or files, apart, by as many of their last names as it takes."""
    named = [bare(path) if path.is_file() else path for path in (target, reference)]
    if named[0] != named[1]:
        target, reference = named
    depth = 1
    while target.parts[-depth:] == reference.parts[-depth:]:
        depth += 1
    first, second = ("/".join(folder.parts[-depth:]) for folder in (target, reference))
    return _legible(first), _legible(second)


def _legible(name: str) -> str:
    r"""Escape what is no character in a file's name.

    >>> _legible("caf\udce9")
    'caf\\udce9'
    """
    return name.encode("utf-8", "backslashreplace").decode()
