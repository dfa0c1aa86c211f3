"""From files, tables or strings to a corpus, or from a manifest, the file that declares one."""

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from textwrap import shorten
from typing import Any, NamedTuple, Unpack, cast

import pandas as pd

from analysis.errors import InputError, refuse_other_types
from analysis.files import read_toml
from analysis.text.checks import notices
from analysis.text.cleaning import MANIFEST, Joiner, check_rules, clean
from analysis.text.design import Design, designed, read_names
from analysis.text.documents import (
    COLOURS,
    ENGLISH,
    Corpus,
    Document,
    Group,
    check_colour,
    refuse_one_colour,
)
from analysis.text.reading import (
    MISREAD,
    SHOWN,
    TITLES,
    Reading,
    checked_reading,
    corpus_of,
    drafted,
    folder_labels,
    read_files,
    text_files,
)
from analysis.text.sources import KINDS, Source, kind, read_source
from analysis.text.tables import TABLES, Nested, Row, is_table, read_table
from analysis.text.tokens import function_words

DATA = Path(__file__).resolve().parents[2] / "data"
ALL_OTHERS = "all others"
NAME = 40  # characters of a column's name in a message
SAMPLE = 100  # rows in which columns are looked for
CURE = "mend the path or that line; data/corpus.toml is an example"
LISTS = ("concepts", "actors", "annotations")
_OPTIONS = ("cleaning", "language", "verse", "names")
_METADATA = ("title", "author", "date", "publisher", "rights")
_WORDS = "words in quotes"
_FORMS: dict[str, tuple[str, ...]] = {  # needed keys, then "?", then those that may be left out
    "the manifest": ("title", "group", "document", "?", *LISTS, *_OPTIONS),
    "a [[group]]": ("label", "role", "?", "colour"),
    "a [[document]]": (
        *("id", "group", "file", "sha256", "title", "date", "publisher", "rights", "?"),
        *("author", "body_starts", "body_ends", "corrections"),
    ),
    "the corrections file": ("?", "correction"),
    "a [[correction]]": ("found", "corrected", "reason"),
}
_TABLES = {"the manifest": ("group", "document"), "the corrections file": ("correction",)}
_SUM = re.compile(r"[0-9a-f]{64}")


def load_corpus(manifest: str | Path | None = None, *, outside: bool = False) -> Corpus:
    """Load the corpus that a manifest declares; without one, the two articles of this package.

    Parameters
    ----------
    manifest : path of a ``corpus.toml``; file names in it are relative to its folder. Its key
        ``cleaning``, which may be left out, names the cleaning rules that apply; ``language`` and
        ``verse`` say what they say in ``Reading``; ``names`` are names of several words, each of
        which is one term; its key
        ``concepts`` a file of word lists (``load_concepts``); its key ``actors`` one of the names
        of actors (``load_actors``); its key ``annotations`` one of what a reader noted in the
        texts (``sections``, ``codings``, ``readings``).
    outside : whether it may name files that do not lie in its folder or below

    Returns
    -------
    Corpus

    Raises
    ------
    InputError
        A file is missing, altered (its sha256 differs), empty or no text; the manifest is
        malformed, or names an unknown group or a file outside its folder; none is named, and the
        package was installed without the repository, which holds the two articles.

    Examples
    --------
    >>> load_corpus().documents[0].publisher
    'Reuters'
    """
    return read_manifest(Path(manifest) if manifest is not None else _shipped(), outside=outside)


def load_folders(
    target: str | Path,
    reference: str | Path,
    *,
    recursive: bool = False,
    **reading: Unpack[Reading],
) -> Corpus:
    """Load two folders of texts, one document a file, in the order of their names; or two files.

    Read are ``.txt``, ``.html``, ``.xml`` and, with the extra ``formats``, ``.docx`` and ``.pdf``
    (whose notes at the foot of a page stay in),
    in capitals too, packed (``.gz``, ``.bz2``, ``.xz``, ``.zst``) or not. Hidden files are no
    documents; what else is passed over is told (``Corpus.notices``). A blank line ends a paragraph;
    single line ends are spaces. Groups are named by their folders.

    Parameters
    ----------
    target, reference : the folders; a file stands for a group of one document
    recursive : whether their sub-folders are read too
    **reading : ``encoding, errors, cleaning, copies, language, verse``, see ``Reading``

    Raises
    ------
    InputError
        A folder is missing, holds no text, or both are the same; a file is empty or no text: all
        such files are named at once.
    """
    how = checked_reading(reading)
    paths = Path(target), Path(reference)
    if paths[0].resolve() == paths[1].resolve():
        raise InputError(
            f"Target and reference are the same, {str(target)!r}: give two different ones."
        )
    labels = folder_labels(*(path.resolve() for path in paths))
    told: list[str] = []
    files = [
        (file, path, label)
        for path, label in zip(paths, labels, strict=True)
        for file in text_files(path, recursive, told)
    ]
    return corpus_of(labels, read_files(files, how), how, told)


def load_table(
    source: str | Path | pd.DataFrame,
    *,
    text: str = "text",
    group: str = "group",
    target: str | None = None,
    reference: str | None = None,
    id: str | None = None,
    heading: bool = True,
    sheet: str | None = None,
    **reading: Unpack[Reading],
) -> Corpus:
    """Load a table of texts, one document a row.

    Parameters
    ----------
    source : a DataFrame, or a file: CSV, TSV, JSON lines, JSON, Parquet, Excel (see ``read_table``)
    text, group : names of the columns of texts and of groups
    target, reference : the groups to compare, as they stand in the column; with a target alone, it
        is compared with all other rows; neither is needed where there are two groups (the first
        that the table holds is the target)
    id : name of a column of ids; by default a row's number in the table, its heading not counted,
        is its id. Columns called title, author, date,
        publisher and rights are these of the document; all further ones are kept as metadata.
    heading : whether the first row names the columns; without one they are called 1, 2, 3 ...
    sheet : of a workbook; by default the first that holds anything
    **reading : ``encoding, errors, cleaning, copies, language, verse``, see ``Reading``

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
    how = checked_reading(reading)
    table = read_table(
        source,
        heading=heading,
        sheet=sheet,
        encoding=how["encoding"],
        errors=how["errors"],
        misread=MISREAD in how["cleaning"],
    )
    rows, named, told = table.rows, table.name, list(table.told)
    _refuse_missing(rows, (text, group, *([id] if id else [])), named)
    numbers = {where: str(number) for number, (where, _) in enumerate(rows, 1)}
    rows = _filled(rows, text, group, told)
    sides = _sides(Counter(cells[group].strip() for _, cells in rows), target, reference, named)
    told += _others(Counter(cells[group].strip() for _, cells in rows), sides)
    drafts = []
    for where, cells in rows:
        label = sides.get(cells[group].strip(), sides.get(ALL_OTHERS))
        if label is None:
            continue
        titles = tuple((k, cells[k]) for k in TITLES if cells.get(k))
        taken = {text, id, *(k for k, _ in titles)}
        further = tuple((k, v) for k, v in cells.items() if k not in taken)
        name = cells[id].strip() if id else numbers[where]
        if not name:
            raise InputError(f"{where} has an empty {id!r}: give each document its own id.")
        if isinstance(cells[text], Nested):
            raise InputError(
                f"{where}: {text!r} is a list or an object, and no text: give a string."
            )
        draft = drafted(name, label, cells[text], f"{where}, in {text!r}", how)
        drafts.append(draft._replace(titles=titles, metadata=further))
    refuse_twins([draft.id for draft in drafts], named)
    return corpus_of(tuple(dict.fromkeys(sides.values())), drafts, how, told)


def load_texts(
    target: Sequence[Any],
    reference: Sequence[Any],
    *,
    labels: Sequence[str] = ("target", "reference"),
    **reading: Unpack[Reading],
) -> Corpus:
    """Load two lists of texts, one document a string.

    Parameters
    ----------
    target, reference : the texts of each group
    labels : of the groups
    **reading : ``errors, cleaning, copies, language, verse``, see ``Reading``

    Raises
    ------
    InputError
        A list is one string, empty, or holds what is no text; the labels are the same.

    Examples
    --------
    >>> load_texts(["Cats sleep."], ["Dogs bark."]).documents[0].id
    'target/1'
    """
    how = checked_reading(reading)
    refuse_other_types(load_texts, {"labels": labels})
    if len(labels) != 2 or labels[0] == labels[1]:
        raise InputError(f"labels are two different names, target first; got {labels!r}.")
    drafts = []
    for texts, label in zip((target, reference), labels, strict=True):
        if isinstance(texts, str):
            raise InputError("Give a list of texts a group, got one string: put it in [ ].")
        drafts += [
            drafted(f"{label}/{number}", str(label), text, f"{label}, text {number}", how)
            for number, text in enumerate(texts, 1)
        ]
    return corpus_of(labels, drafts, how)


def folder_manifest(
    target: str | Path,
    reference: str | Path,
    *,
    folder: str | Path | None = None,
    recursive: bool = False,
    language: str = ENGLISH,
) -> str:
    """Return a manifest of two folders of texts.

    What it cannot know (date, publisher, rights) says "unknown", to be filled in.

    Parameters
    ----------
    target, reference : the folders
    folder : where the manifest will lie; files are named from there (by default from where Python
        stands now)
    recursive, language : as in ``load_folders``

    Raises
    ------
    InputError
        As in ``load_folders``.
    """
    corpus = load_folders(target, reference, recursive=recursive, language=language)
    sides = Path(target), Path(reference)
    files = [file for side in sides for file in text_files(side, recursive, [])]
    paths = dict(zip((document.id for document in corpus.documents), files, strict=True))
    return write_manifest(corpus, paths, Path(folder) if folder is not None else Path.cwd())


def load(names: Sequence[str | Path], /, **options: Any) -> Corpus:
    """Load whatever names stand for: nothing (the two articles), a manifest, a table, two folders.

    Parameters
    ----------
    names : as on the command line
    **options : of ``load_folders`` or ``load_table``, and decisions on the corpus (``Design``);
        None stands for what holds by default

    Raises
    ------
    InputError
        The names are no such thing, or an option does not go with them.
    """
    given = {key: value for key, value in options.items() if value not in (None, False, (), [], {})}
    design = {key: given.pop(key) for key in Design.__annotations__ if key in given}
    return designed(_load(names, given), cast(Design, design))


def _load(names: Sequence[str | Path], given: dict[str, Any]) -> Corpus:
    if given.pop("no_heading", False):
        given["heading"] = False
    table = set(given) & {"text", "group", "target", "reference", "id", "heading", "sheet"}
    outside = given.pop("outside", False)
    if outside and (len(names) != 1 or is_table(names[0])):
        raise InputError("--outside goes with a manifest, which may then name files elsewhere.")
    if len(names) == 2:
        if table:
            raise InputError(
                f"--{_flag(min(table))} goes with one table of texts, not with two folders or "
                "files."
            )
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
    if names and Path(names[0]).is_file() and Path(names[0]).suffix != ".toml":
        _refuse_other(Path(names[0]))
    if given:
        raise InputError(
            f"--{_flag(min(given))} goes with two folders or a table; a "
            "manifest declares how it is read."
        )
    return load_corpus(names[0] if names else None, outside=outside)


def _flag(name: str) -> str:
    """Return how an option of the loaders is called on the command line."""
    return {"cleaning": "clean", "heading": "no-heading"}.get(name, name)


def _refuse_other(path: Path) -> None:
    """Refuse one file that is neither a table nor a manifest."""
    if kind(path) in KINDS:
        raise InputError(
            f"{path} is one text: name a second one, or a folder, to compare it with; or one table "
            "of texts, which its ending names (.tsv where tabs part its columns)."
        )
    packed = path.suffix.lower() in (".zip", ".7z", ".rar", ".tar", ".tgz")
    cure = "unpack it first" if packed else "save it as one of these"
    raise InputError(
        f"{path} is neither a table ({', '.join(TABLES)}) nor a manifest (.toml): {cure}."
    )


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


def _refuse_missing(rows: Sequence[Row], names: Sequence[str], where: str) -> None:
    """Refuse a table that lacks a column, or a row that lacks a cell (of JSON lines)."""
    columns = list(dict.fromkeys(name for _, cells in rows[:SAMPLE] for name in cells))
    if not columns:
        raise InputError(f"{where} holds no row: give it one a document, under a heading.")
    if missing := [name for name in names if name not in columns]:
        shown = ", ".join(shorten(name, NAME, placeholder=" ...") for name in columns[:20])
        cure = f"name those of the texts and of the groups (text=, group=; {_likely(rows)})"
        own = [cells for _, cells in rows if any(name != cell for name, cell in cells.items())]
        if any(len(name) > NAME or any(c.get(name) == name for c in own) for name in columns):
            cure = (
                "if that is a row and no heading, add --no-heading (heading=False), which numbers "
                "the columns, and name them by number (--text 2 --group 1)"
            )
        raise InputError(f"{where} has no column {missing[0]!r}; its columns are {shown}: {cure}.")
    for place, cells in rows:
        if missing := [name for name in names if name not in cells]:
            raise InputError(f"{place} has no {missing[0]!r}: give it one, or take the row out.")


def _likely(rows: Sequence[Row]) -> str:
    """Name the options with the columns that look like those of texts and of groups.

    >>> _likely([("1", {"id": "1", "body": "Red fish."}), ("2", {"id": "2", "body": "Cats."})])
    '--text body --group NAME'
    """
    cells = [row for _, row in rows[:SAMPLE]]
    columns = list(dict.fromkeys(name for row in cells for name in row))
    lengths = {name: sum(len(row.get(name, "")) for row in cells) for name in columns}
    text = max(columns, key=lambda name: lengths[name])
    values = {name: len({row.get(name, "") for row in cells}) for name in columns if name != text}
    groups = [name for name, many in values.items() if 1 < many < len(cells)]
    group = quote(min(groups, key=lambda name: values[name])) if groups else "NAME"
    return f"--text {quote(text)} --group {group}"


def _filled(rows: Sequence[Row], text: str, group: str, told: list[str]) -> list[Row]:
    """Leave out rows without a text or a group, and tell how many."""
    filled = [row for row in rows if row[1][text].strip() and row[1][group].strip()]
    if len(filled) < len(rows):
        first = next(where for where, c in rows if not (c[text].strip() and c[group].strip()))
        less = len(rows) - len(filled)
        many = f"{less} row{'s' * (less > 1)}"
        told.append(f"Passed over: {many} without a text or a group ({first}).")
    return filled


def _sides(
    groups: Counter[str], target: str | None, reference: str | None, where: str
) -> dict[str, str]:
    """Return the label of each group that is compared, the target's first."""
    names = [(shorten(name, NAME, placeholder=" ..."), n) for name, n in groups.most_common(20)]
    shown = ", ".join(f"{name} ({n})" for name, n in names)
    shown += f" and {len(groups) - 20} more" if len(groups) > 20 else ""
    for name in (target, reference):
        if name is not None and name not in groups:
            raise InputError(f"{where} has no group {name!r}; its groups are {shown or 'none'}.")
    if target is not None and target == reference:
        raise InputError(f"Target and reference are the same group, {target!r}: give two.")
    if target is not None and reference is not None:
        return {target: target, reference: reference}
    if len(groups) < 2:
        one = f"one group ({shown})" if groups else "no row with both a text and a group"
        raise InputError(f"{where} has {one}: a comparison needs two groups.")
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


def _others(groups: Counter[str], sides: Mapping[str, str]) -> list[str]:
    """Tell which groups stand on the side of all others."""
    if ALL_OTHERS not in sides:
        return []
    own = [f"{name} ({n})" for name, n in groups.most_common() if name not in sides]
    more = f" and {len(own) - SHOWN} more" if len(own) > SHOWN else ""
    return [f"All others are {', '.join(own[:SHOWN])}{more}."]


# The manifest: every key of it is checked before it is used


class _Entry(NamedTuple):
    """A document as declared, with its file."""

    declared: Mapping[str, Any]
    path: Path
    source: Source


def read_manifest(path: Path, *, outside: bool = False) -> Corpus:
    """Return the corpus that a manifest declares; see ``load_corpus``."""
    declared = checked(read_toml(path, CURE), "the manifest", str(path))
    if not outside:
        _refuse_outside(declared, path)
    groups = _groups(declared["group"], path)
    rules = check_rules(declared.get("cleaning", MANIFEST))
    entries = [_entry(entry, path, groups, MISREAD in rules) for entry in declared["document"]]
    refuse_twins([str(entry.declared["id"]) for entry in entries], str(path))
    how = {
        "rules": rules,
        "join": Joiner([entry.source.text for entry in entries]),
        "verse": declared.get("verse", False),
    }
    language = declared.get("language", ENGLISH)
    function_words(language)
    documents = tuple(_document(entry, path, how, language) for entry in entries)
    lists = {key: path.parent / declared[key] for key in LISTS if key in declared}
    told = tuple(notices(documents))
    names = read_names(declared.get("names", ()), language, str(path))
    return Corpus(
        declared["title"], *groups, documents, **lists, notices=told, language=language, names=names
    )


def checked(table: Any, what: str, where: str) -> dict[str, Any]:
    """Return a table whose keys are those of its form, each of its type, or refuse it in words."""
    form = _FORMS[what]
    needed, known = form[: form.index("?")] if "?" in form else form, [k for k in form if k != "?"]
    if not isinstance(table, dict):
        raise InputError(f"{where}: {what} must be a table with two brackets, got {table!r}.")
    name = f"{what} {table['id']!r}" if isinstance(table.get("id"), str) else what
    if missing := [key for key in needed if table.get(key) in (None, "", [])]:
        raise InputError(
            f"{where}: {name} lacks {', '.join(missing)}; add what is missing "
            f"(needed are {', '.join(needed)})."
        )
    if unknown := sorted(set(table) - set(known)):
        raise InputError(
            f"{where}: {name} has the unknown key {unknown[0]!r}; the keys are {', '.join(known)}."
        )
    for key, value in table.items():
        _check_type(key, value, f"{where}: {name}: {key}", key in _TABLES.get(what, ()))
    return table


def _refuse_outside(declared: Mapping[str, Any], path: Path) -> None:
    """Refuse files that do not lie in the manifest's folder or below: it may be somebody else's."""
    home = path.parent.resolve()
    documents = [entry for entry in declared["document"] if isinstance(entry, dict)]
    named = [entry.get(key) for entry in documents for key in ("file", "corrections")]
    for file in [*named, *(declared.get(key) for key in LISTS)]:
        if isinstance(file, str) and not _resolved(home / file).is_relative_to(home):
            raise InputError(
                f"{path}: {file} lies outside the manifest's folder: put it there, or, if you know "
                "what the manifest reads, allow it (outside=True, --outside)."
            )


def _resolved(path: Path) -> Path:
    """Return where a path leads; one that leads nowhere is refused when it is read."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a ring of links, a name too long, NUL
        return path


def _check_type(key: str, value: Any, where: str, tables: bool) -> None:
    if tables:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InputError(f"{where} must be tables of the form [[{key}]], with two brackets.")
    elif key == "cleaning":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputError(f'{where} must be a list of words in quotes, as ["links"].')
    elif key == "names":
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise InputError(f"{where} must be a list of names in quotes, got {value!r}.")
    elif key == "verse":
        if not isinstance(value, bool):
            raise InputError(f"{where} must be true or false, got {value!r}.")
    elif key == "date" or (key == "id" and isinstance(value, int)):
        if isinstance(value, list | dict):
            raise InputError(f"{where} must be a date or {_WORDS}, got {value!r}.")
    elif not isinstance(value, str) or not value.strip():
        raise InputError(f"{where} must be {_WORDS}, got {value!r}.")
    elif "\0" in value:
        raise InputError(f"{where} holds the character NUL; take it out.")


def refuse_twins(ids: list[str], where: str) -> None:
    """Refuse two documents of one id."""
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise InputError(f"{where}: two documents are called {id!r}; give each its own id.")
        seen.add(id)


def _groups(declared: list[dict[str, Any]], path: Path) -> tuple[Group, Group]:
    groups = [checked(entry, "a [[group]]", str(path)) for entry in declared]
    labels = {group["label"] for group in groups}
    if len(labels) != 2 or sorted(g["role"] for g in groups) != ["reference", "target"]:
        raise InputError(
            f"{path}: a comparison has two [[group]] tables with different labels, one of role "
            f"'target' and one of role 'reference'; got roles {[g['role'] for g in groups]}."
        )
    for group in groups:
        if "colour" in group:
            check_colour(group["colour"], str(path))
    ordered = sorted(groups, key=lambda group: group["role"], reverse=True)
    target, reference = (_group(group) for group in ordered)
    refuse_one_colour(target, reference, str(path))
    return target, reference


def _group(declared: Mapping[str, str]) -> Group:
    role = declared["role"]
    return Group(declared["label"], role, declared.get("colour", COLOURS[role]))


def _entry(
    entry: dict[str, Any], manifest: Path, groups: tuple[Group, Group], misread: bool
) -> _Entry:
    checked(entry, "a [[document]]", str(manifest))
    labels = [group.label for group in groups]
    if entry["group"] not in labels:
        raise InputError(
            f"{manifest}: [[document]] {entry['id']!r} names the unknown group "
            f"{entry['group']!r}; choose one of {labels}."
        )
    if not _SUM.fullmatch(entry["sha256"]):
        raise InputError(
            f"{manifest}: [[document]] {entry['id']!r}: sha256 is 64 figures from 0 to f, got "
            f"{entry['sha256']!r}."
        )
    path = manifest.parent / entry["file"]
    source = read_source(path, misread=misread)
    if source.sha256 != entry["sha256"]:
        raise InputError(
            f"{path} has changed: its sha256 is {source.sha256}, the manifest says "
            f"{entry['sha256']}. Restore the file, or, if the change is meant, put the new sum in "
            f"{manifest}."
        )
    return _Entry(entry, path, source)


def _document(entry: _Entry, manifest: Path, how: Mapping[str, Any], language: str) -> Document:
    declared, source = entry.declared, entry.source
    listed = _corrections(declared, manifest)
    body = declared.get("body_starts"), declared.get("body_ends")
    try:
        edited = clean(source.text, *body, listed, edits=source.edits, **how)
    except InputError as error:
        raise InputError(f"{entry.path}: {error}") from None
    if not edited.text.strip():
        raise InputError(f"{entry.path} holds nothing but what the cleaning rules remove.")
    title, author, date, publisher, rights = (str(declared.get(key, "")) for key in _METADATA)
    id, group = str(declared["id"]), declared["group"]
    titles = (title, author, date, publisher, rights)
    return Document(id, group, edited, source.sha256, *titles, language=language)


def _corrections(declared: Mapping[str, Any], manifest: Path) -> list[dict[str, str]]:
    if "corrections" not in declared:
        return []
    path = manifest.parent / declared["corrections"]
    table = checked(read_toml(path, CURE), "the corrections file", str(path))
    return [checked(one, "a [[correction]]", str(path)) for one in table.get("correction", [])]


def write_manifest(corpus: Corpus, paths: Mapping[str, Path], folder: Path) -> str:
    """Return a manifest of documents read from files, to be stored in a folder.

    Parameters
    ----------
    corpus : as loaded from folders
    paths : the file of each document, by its id
    folder : where the manifest will lie; files are named from there
    """
    lines = ["# Files are named as seen from the folder in which this manifest lies."]
    lines += [f"title = {_quoted(corpus.title)}", "cleaning = []"]
    lines += [f"language = {_quoted(corpus.language)}", ""]
    for group in corpus.groups:
        lines += ["[[group]]", f"label = {_quoted(group.label)}", f'role = "{group.role}"']
        lines += [f'colour = "{group.colour}"', ""]
    for document in corpus.documents:
        file = Path(os.path.relpath(paths[document.id].resolve(), folder.resolve())).as_posix()
        named = {"id": document.id, "group": document.group, "file": file}
        named |= {"sha256": document.sha256, "title": document.title or document.id}
        named |= {"date": document.date or "unknown", "publisher": document.publisher or "unknown"}
        named |= {"rights": document.rights or "unknown"}
        lines += ["[[document]]", *(f"{k} = {_quoted(v)}" for k, v in named.items()), ""]
    return "\n".join(lines)


def _quoted(words: str) -> str:
    """Return a TOML string."""
    safe = words.replace("\\", "\\\\").replace('"', '\\"')
    controls = {c: f"\\u{ord(c):04x}" for c in safe if ord(c) < 32 or ord(c) == 127}
    return '"' + "".join(controls.get(c, c) for c in safe) + '"'
