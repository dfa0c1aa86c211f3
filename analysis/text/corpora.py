"""From files, tables or strings to a corpus."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Unpack, cast

import pandas as pd

from analysis.errors import InputError
from analysis.text.design import Design, designed
from analysis.text.documents import ENGLISH, Corpus
from analysis.text.manifest import read_manifest, refuse_twins, write_manifest
from analysis.text.reading import (
    TITLES,
    Reading,
    checked_reading,
    corpus_of,
    drafted,
    folder_labels,
    read_files,
    text_files,
)
from analysis.text.sources import Row, is_table, read_table

DATA = Path(__file__).resolve().parents[2] / "data"
ALL_OTHERS = "all others"


def load_corpus(manifest: str | Path | None = None) -> Corpus:
    """Load the corpus that a manifest declares; without one, the two articles of this package.

    Parameters
    ----------
    manifest : path of a ``corpus.toml``; file names in it are relative to its folder. Its key
        ``cleaning``, which may be left out, names the cleaning rules that apply; ``language`` and
        ``verse`` say what they say in ``Reading``; its key
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
    **reading: Unpack[Reading],
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
            f"Target and reference are the same folder, {str(target)!r}: give two different ones."
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
    id : name of a column of ids; by default rows are numbered. Columns called title, author, date,
        publisher and rights are these of the document; all further ones are kept as metadata.
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
    rows = read_table(source, encoding=how["encoding"], errors=how["errors"])
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
        titles = tuple((k, cells[k]) for k in TITLES if cells.get(k))
        taken = {text, id, *(k for k, _ in titles)}
        further = tuple((k, v) for k, v in cells.items() if k not in taken)
        name = cells[id].strip() if id else str(number)
        draft = drafted(name, label, cells[text], where, how)
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
    target: str | Path, reference: str | Path, *, recursive: bool = False, language: str = ENGLISH
) -> str:
    """Return a manifest of two folders of texts, to be stored where Python stands now.

    What it cannot know (date, publisher, rights) says "unknown", to be filled in.

    Raises
    ------
    InputError
        As in ``load_folders``.
    """
    corpus = load_folders(target, reference, recursive=recursive, language=language)
    sides = Path(target), Path(reference)
    files = [file for folder in sides for file in text_files(folder, recursive, [])]
    paths = dict(zip((document.id for document in corpus.documents), files, strict=True))
    return write_manifest(corpus, paths, Path.cwd())


def load(names: Sequence[str | Path], **options: Any) -> Corpus:
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
            f"--{min(given).replace('cleaning', 'clean')} goes with two folders or a table; a "
            "manifest declares how it is read."
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
