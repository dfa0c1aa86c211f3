"""From files, tables or strings to a corpus."""

import hashlib
import logging
import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis.errors import InputError
from analysis.text.checks import notices, settle
from analysis.text.cleaning import Joiner, check_rules, clean
from analysis.text.documents import ENGLISH, Corpus, Document, Edit, Group
from analysis.text.manifest import COLOURS, read_manifest, refuse_twins, write_manifest
from analysis.text.sources import (
    ERRORS,
    KINDS,
    Row,
    is_table,
    kind,
    read_source,
    read_table,
    refuse_damage,
)
from analysis.text.tokens import UNSPACED, function_words, main_language

DATA = Path(__file__).resolve().parents[2] / "data"
ALL_OTHERS = "all others"
TITLES = ("title", "author", "date", "publisher", "rights")
SHOWN = 5  # names in a message
_LOG = logging.getLogger("analysis")
_FIGURES = re.compile(r"(\d+)")


@dataclass(frozen=True)
class _Reading:
    """How texts are read: the choices that every loader but that of a manifest takes."""

    encoding: str | None = None
    errors: str = "strict"
    cleaning: Collection[str] = ()
    copies: str = "tell"
    language: str = ENGLISH
    verse: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.cleaning, str):
            raise InputError(f"cleaning is a list of names, got {self.cleaning!r}.")
        check_rules(self.cleaning)
        function_words(self.language)
        if self.errors not in ERRORS:
            raise InputError(f"errors is one of {', '.join(ERRORS)}; got {self.errors!r}.")


class _Draft(NamedTuple):
    """A document before it is read."""

    id: str
    group: str
    text: str
    sha256: str
    where: str
    edits: tuple[Edit, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


def load_corpus(manifest: str | Path | None = None) -> Corpus:
    """Load the corpus that a manifest declares; without one, the two articles of this package.

    Parameters
    ----------
    manifest : path of a ``corpus.toml``; file names in it are relative to its folder. Its key
        ``cleaning``, which may be left out, names the cleaning rules that apply; its key
        ``concepts`` a file of word lists (``load_concepts``); its key ``actors`` one of the names
        of actors (``load_actors``); its key ``annotations`` one of what a reader noted in the
        texts (``sections``, ``codings``, ``readings``).

    Returns
    -------
    Corpus

    Raises
    ------
    InputError
        A file is missing, altered (its sha256 differs), empty or no text; the manifest is
        malformed or names an unknown group; none is named, and the package was installed without
        the repository, which holds the two articles.

    Examples
    --------
    >>> load_corpus().documents[0].publisher
    'Reuters'
    """
    return read_manifest(Path(manifest) if manifest is not None else _shipped())


def load_folders(
    target: str | Path,
    reference: str | Path,
    *,
    recursive: bool = False,
    encoding: str | None = None,
    errors: str = "strict",
    cleaning: Collection[str] = (),
    copies: str = "tell",
    language: str = ENGLISH,
    verse: bool = False,
) -> Corpus:
    """Load two folders of texts, one document a file, in the order of their names.

    Read are ``.txt`` and, with the extra ``formats``, ``.html``, ``.docx`` and ``.pdf``, in
    capitals too, packed by ``.gz`` or ``.zst`` or not. Hidden files are no documents; what else is
    passed over is told (``Corpus.notices``). A blank line ends a paragraph; single line ends are
    spaces. Groups are named by their folders.

    Parameters
    ----------
    target, reference : the folders
    recursive : whether their sub-folders are read too
    encoding : of the files, by default UTF-8 or what a byte order mark says
    errors : ``strict`` refuses damaged characters, ``replace`` reads on
    cleaning : names of rules (``cleaning.RULES``): ``markup`` reads web pages' tags and entities,
        ``misread`` mends UTF-8 read as cp1252; ``links``, ``emphasis``, ``speakers``, ``times``,
        ``addresses``, ``mentions``, ``hashtags`` and others take these away
    copies : ``tell``; ``once``: copies and repeated paragraphs count once in a group; ``refuse``
    language : whose sentences and function words
    verse : whether each line is a paragraph

    Raises
    ------
    InputError
        A folder is missing, holds no text, or both are the same; a file is empty or no text: all
        such files are named at once.
    """
    reading = _Reading(encoding, errors, cleaning, copies, language, verse)
    paths = Path(target), Path(reference)
    if paths[0].resolve() == paths[1].resolve():
        raise InputError(
            f"Target and reference are the same folder, {str(target)!r}: give two different ones."
        )
    labels = _labels(*(path.resolve() for path in paths))
    told: list[str] = []
    files = [
        (file, path, label)
        for path, label in zip(paths, labels, strict=True)
        for file in _files(path, recursive, told)
    ]
    drafts = _read_all(files, reading)
    return _corpus(f"{labels[0]} against {labels[1]}", labels, drafts, reading, told)


def load_table(
    source: str | Path | pd.DataFrame,
    *,
    text: str = "text",
    group: str = "group",
    target: str | None = None,
    reference: str | None = None,
    id: str | None = None,
    encoding: str | None = None,
    errors: str = "strict",
    cleaning: Collection[str] = (),
    copies: str = "tell",
    language: str = ENGLISH,
    verse: bool = False,
) -> Corpus:
    """Load a table of texts, one document a row.

    Parameters
    ----------
    source : a DataFrame, or a file: CSV, TSV, JSON lines, JSON, Parquet, Excel (see ``read_table``)
    text, group : names of the columns of texts and of groups
    target, reference : the groups to compare, as they stand in the column; with a target alone, it
        is compared with all other rows; neither is needed where there are two groups (the first
        that the table holds is the target)
    id : name of a column of ids; by default rows are numbered. Columns called title, author, date,
        publisher and rights are these of the document; all further ones are kept as metadata.
    encoding, errors, cleaning, copies, language, verse : as in ``load_folders``

    Raises
    ------
    InputError
        A column is missing, a group is unknown, two ids are the same, or a row cannot be read.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["Cats sleep.", "Dogs bark."], "group": ["a", "b"]})
    >>> [document.id for document in load_table(table).documents]
    ['1', '2']
    """
    reading = _Reading(encoding, errors, cleaning, copies, language, verse)
    rows = read_table(source, encoding=reading.encoding, errors=reading.errors)
    named = "the table" if isinstance(source, pd.DataFrame) else str(source)
    _refuse_missing(rows, (text, group, *([id] if id else [])), named)
    told: list[str] = []
    rows = _filled(rows, text, group, told)
    sides = _sides(Counter(cells[group].strip() for _, cells in rows), target, reference, named)
    drafts = []
    for number, (where, cells) in enumerate(rows, 1):
        label = sides.get(cells[group].strip(), sides.get(ALL_OTHERS))
        if label is None:
            continue
        if reading.errors == "strict":
            refuse_damage(cells[text], where)
        titles = tuple((k, cells[k]) for k in TITLES if cells.get(k))
        taken = {text, id, *(k for k, _ in titles)}
        further = tuple((k, v) for k, v in cells.items() if k not in taken)
        sha256 = hashlib.sha256(cells[text].encode("utf-8", "surrogatepass")).hexdigest()
        name = cells[id].strip() if id else str(number)
        drafts.append(_Draft(name, label, cells[text], sha256, where, (), titles, further))
    refuse_twins([draft.id for draft in drafts], named)
    labels = tuple(dict.fromkeys(sides.values()))
    return _corpus(f"{labels[0]} against {labels[1]}", labels, drafts, reading, told)


def load_texts(
    target: Sequence[Any],
    reference: Sequence[Any],
    *,
    labels: Sequence[str] = ("target", "reference"),
    errors: str = "strict",
    cleaning: Collection[str] = (),
    copies: str = "tell",
    language: str = ENGLISH,
    verse: bool = False,
) -> Corpus:
    """Load two lists of texts, one document a string.

    Parameters
    ----------
    target, reference : the texts of each group
    labels : of the groups
    errors, cleaning, copies, language, verse : as in ``load_folders``

    Raises
    ------
    InputError
        A list is one string, empty, or holds what is no text; the labels are the same.

    Examples
    --------
    >>> load_texts(["Cats sleep."], ["Dogs bark."]).documents[0].id
    'target/1'
    """
    reading = _Reading(None, errors, cleaning, copies, language, verse)
    if len(labels) != 2 or labels[0] == labels[1]:
        raise InputError(f"labels are two different names, target first; got {labels!r}.")
    drafts = []
    for texts, label in zip((target, reference), labels, strict=True):
        if isinstance(texts, str):
            raise InputError("Give a list of texts a group, got one string: put it in [ ].")
        for number, text in enumerate(texts, 1):
            where = f"{label}, text {number}"
            if not (isinstance(text, str) and text.strip()):
                raise InputError(f"{where} is {text!r}, and no text: leave it out.")
            if reading.errors == "strict":
                refuse_damage(text, where)
            sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            drafts.append(_Draft(f"{label}/{number}", str(label), text, sha256, where))
    return _corpus(f"{labels[0]} against {labels[1]}", labels, drafts, reading, [])


def folder_manifest(target: str | Path, reference: str | Path, *, recursive: bool = False) -> str:
    """Return a manifest of two folders of texts, to be stored where Python stands now.

    What it cannot know (date, publisher, rights) says "unknown", to be filled in.

    Raises
    ------
    InputError
        As in ``load_folders``.
    """
    corpus = load_folders(target, reference, recursive=recursive)
    sides = Path(target), Path(reference)
    files = [file for folder in sides for file in _files(folder, recursive, [])]
    paths = dict(zip((document.id for document in corpus.documents), files, strict=True))
    return write_manifest(corpus, paths, Path.cwd())


def load(names: Sequence[str | Path], **options: Any) -> Corpus:
    """Load whatever names stand for: nothing (the two articles), a manifest, a table, two folders.

    Parameters
    ----------
    names : as on the command line
    **options : of ``load_folders`` or ``load_table``; None stands for what holds by default

    Raises
    ------
    InputError
        The names are no such thing, or an option does not go with them.
    """
    given = {key: value for key, value in options.items() if value not in (None, False, (), [])}
    table = set(given) & {"text", "group", "target", "reference", "id"}
    if len(names) == 2:
        if table:
            raise InputError(f"--{min(table)} goes with a table of texts, not with two folders.")
        return load_folders(*names, **given)
    if len(names) > 2:
        raise InputError(
            "Give a manifest (corpus.toml), a table of texts, or two folders (target, reference); "
            f"got {len(names)} names."
        )
    if names and is_table(names[0]):
        if given.pop("recursive", False):
            raise InputError("--recursive goes with two folders, not with a table.")
        return load_table(names[0], **given)
    if names and Path(names[0]).is_dir():
        raise InputError(
            f"{names[0]} is a folder: name a second one to compare it with, or a manifest."
        )
    if given:
        raise InputError(
            f"--{min(given)} goes with two folders or a table; a manifest declares how it is read."
        )
    return load_corpus(names[0] if names else None)


def _shipped() -> Path:
    """Return the manifest of the two articles, which only the repository holds."""
    path = DATA / "corpus.toml"
    if not path.is_file():
        raise InputError(
            "The two articles are third-party texts and no part of the installed package: name a "
            "manifest (load_corpus) or two folders of texts (load_folders), or work in a copy of "
            "the repository, whose data/corpus.toml names them."
        )
    return path


def _corpus(
    title: str,
    labels: Sequence[str],
    drafts: Sequence[_Draft],
    reading: _Reading,
    told: list[str],
) -> Corpus:
    """Read the drafts, and tell what was met."""
    join = Joiner([draft.text for draft in drafts])
    documents = [_document(draft, reading, join) for draft in drafts]
    documents = [document for document in documents if document.edited.text.strip()]
    if less := len(drafts) - len(documents):
        told.append(f"{less} texts hold nothing but what the cleaning rules remove: left out.")
    _refuse_unspaced(documents)
    settled, copies = settle(documents, reading.copies)
    told = [*told, *notices(settled), *copies]
    for sentence in told:
        _LOG.warning("%s", sentence)
    target, reference = (Group(n, r, COLOURS[r]) for n, r in zip(labels, COLOURS, strict=True))
    return Corpus(title, target, reference, settled, notices=tuple(told), language=reading.language)


def _document(draft: _Draft, reading: _Reading, join: Joiner) -> Document:
    edited = clean(
        draft.text, rules=reading.cleaning, join=join, edits=draft.edits, verse=reading.verse
    )
    title, author, date, publisher, rights = (dict(draft.titles).get(k, "") for k in TITLES)
    return Document(
        draft.id,
        draft.group,
        edited,
        draft.sha256,
        title,
        author,
        date,
        publisher,
        rights,
        metadata=draft.metadata,
        language=reading.language,
    )


def _refuse_unspaced(documents: Sequence[Document]) -> None:
    """Refuse scripts that part no words: they would be one "word" a sentence."""
    for label in dict.fromkeys(document.group for document in documents):
        name = main_language([d.edited.text for d in documents if d.group == label])
        if name in UNSPACED:
            raise InputError(
                f"The texts of {label!r} seem to be {name.capitalize()}, which has no spaces "
                "between words: part the words by spaces first (by a segmenter of that language)."
            )


def _read_all(files: Sequence[tuple[Path, Path, str]], reading: _Reading) -> list[_Draft]:
    """Read every file, or refuse all that cannot be read at once."""
    drafts, wrong = [], []
    for file, folder, label in files:
        try:
            source = read_source(file, encoding=reading.encoding, errors=reading.errors)
        except InputError as error:
            wrong.append(str(error))
            continue
        name = _legible(file.relative_to(folder).with_suffix("").as_posix())
        titles = (("title", _legible(file.stem)),)
        drafts.append(
            _Draft(f"{label}/{name}", label, *source[:2], str(file), source.edits, titles)
        )
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


def _files(folder: Path, recursive: bool, told: list[str]) -> list[Path]:
    """Return the texts of a folder in the order of their names, and tell what is passed over."""
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


def _labels(target: Path, reference: Path) -> tuple[str, str]:
    """Name two folders apart, by as many of their last names as it takes."""
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


def _refuse_missing(rows: Sequence[Row], names: Sequence[str], where: str) -> None:
    """Refuse a table that lacks a column, or a row that lacks a cell (of JSON lines)."""
    columns = list(dict.fromkeys(name for _, cells in rows[:100] for name in cells))
    if missing := [name for name in names if name not in columns]:
        raise InputError(
            f"{where} has no column {missing[0]!r}; its columns are {', '.join(columns[:20])}: "
            "name those of the texts and of the groups (text=, group=; --text, --group)."
        )
    for place, cells in rows:
        if missing := [name for name in names if name not in cells]:
            raise InputError(f"{place} has no {missing[0]!r}: give it one, or take the row out.")


def _filled(rows: Sequence[Row], text: str, group: str, told: list[str]) -> list[Row]:
    """Leave out rows without a text or a group, and tell how many."""
    filled = [row for row in rows if row[1][text].strip() and row[1][group].strip()]
    if len(filled) < len(rows):
        first = next(where for where, c in rows if not (c[text].strip() and c[group].strip()))
        told.append(
            f"Passed over: {len(rows) - len(filled)} rows without a text or a group ({first})."
        )
    return filled


def _sides(
    groups: Counter[str], target: str | None, reference: str | None, where: str
) -> dict[str, str]:
    """Return the label of each group that is compared, the target's first."""
    shown = ", ".join(f"{name} ({n})" for name, n in groups.most_common(20))
    for name in (target, reference):
        if name is not None and name not in groups:
            raise InputError(f"{where} has no group {name!r}; its groups are {shown or 'none'}.")
    if target is not None and target == reference:
        raise InputError(f"Target and reference are the same group, {target!r}: give two.")
    if target is not None and reference is not None:
        return {target: target, reference: reference}
    if len(groups) < 2:
        raise InputError(f"{where} has {len(groups)} group ({shown}): a comparison needs two.")
    if target is not None and len(groups) > 2:
        return {target: target, ALL_OTHERS: ALL_OTHERS}
    if len(groups) == 2:
        first, second = groups if target in (None, next(iter(groups))) else reversed(groups)
        if reference == first:
            first, second = second, first
        return {first: first, second: second}
    raise InputError(
        f"{where} has {len(groups)} groups ({shown}): name the target, and a reference or compare "
        "it with all others (target=, reference=; --target, --reference)."
    )
