"""From folders, tables or strings to a corpus; and from whatever names stand for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from textwrap import shorten
from typing import Any, Unpack, cast

import pandas as pd

from analysis.errors import InputError, nearest, refuse_other_types
from analysis.text.design import Design, designed
from analysis.text.documents import ENGLISH, Corpus, refuse_twins
from analysis.text.manifest import load_corpus, write_manifest
from analysis.text.reading import (
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
from analysis.text.sources import KINDS, MISREAD, kind
from analysis.text.tables import TABLES, Nested, Row, is_table, read_table

ALL_OTHERS = "all others"
NAME = 40  # characters of a column's name in a message
LETTERS = 5  # of names of groups that may be one name, misspelt
MOST_GROUPS = 200  # that are looked at for misspelt ones
SAMPLE = 100  # rows in which columns are looked for


def load_folders(
    target: str | Path,
    reference: str | Path,
    *,
    recursive: bool = False,
    **reading: Unpack[Reading],
) -> Corpus:
    """Load two folders of texts, one document a file, in the order of their names; or two files.

    Read are ``.txt``, ``.html``, ``.xml`` and, with the extra ``formats``, ``.docx`` and ``.pdf``
    (whose notes at the foot of a page stay in), in capitals too, packed (``.gz``, ``.bz2``,
    ``.xz``, ``.zst``) or not. Hidden files are no documents; what else is passed over is told
    (``Corpus.notices``). A blank line ends a paragraph; single line ends are spaces. Groups are
    named by their folders.

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
        is compared with all other rows; neither is needed where there are two groups: the first
        that the table holds is then the target, which is told (``Corpus.notices``)
    id : name of a column of ids; by default a row's number in the table, its heading not counted,
        is its id. Columns called title, author, date, publisher and rights are these of the
        document; all further ones are kept as metadata.
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
    groups = Counter(cells[group].strip() for _, cells in rows)
    sides = _sides(groups, target, reference, named)
    told += _others(groups, sides) + _apart_by_a_typo(groups)
    if target is None and reference is None:
        told.append(_unnamed(*sides))
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
                "if that is a row and no heading, add heading=False (--no-heading), which numbers "
                "the columns, and name them by number (--text 2 --group 1)"
            )
        raise InputError(
            f"{where} has no column {missing[0]!r}; its columns are {shown}: {cure}."
            f"{nearest(missing[0], columns)}"
        )
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
            raise InputError(
                f"{where} has no group {name!r}; its groups are {shown or 'none'}."
                f"{nearest(name, groups)}"
            )
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


def _unnamed(target: str, reference: str) -> str:
    """Say which group is the target where nobody named it."""
    return (
        f"The target is {target!r}, which the table holds first, the reference {reference!r}: name "
        "them to have it the other way (target=; --target)."
    )


def _apart_by_a_typo(groups: Counter[str]) -> list[str]:
    """Tell of groups whose names differ by their case or by one letter, as by a slip of the pen.

    >>> _apart_by_a_typo(Counter(["Labour", "Labor", "labour", "2017", "2018"]))
    ["The groups 'Labor' and 'Labour' may be one, misspelt: spell them alike if they are."]
    """
    names = sorted(groups)[:MOST_GROUPS]
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            if one.casefold() == other.casefold() or _is_slip(one, other):
                return [
                    f"The groups {one!r} and {other!r} may be one, misspelt: spell them alike if "
                    "they are."
                ]
    return []


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words of five letters or more differ by one letter, or two that changed.

    >>> _is_slip("labour", "labor"), _is_slip("labour", "laobur"), _is_slip("2017", "2018")
    (True, True, False)
    """
    if min(len(one), len(other)) < LETTERS or not (one + other).isalpha():
        return False
    differ = (place for place, (x, y) in enumerate(zip(one, other, strict=False)) if x != y)
    start = next(differ, min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2][::-1] == b[:2] and a[2:] == b[2:])
