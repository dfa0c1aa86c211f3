"""The manifest: a file that declares a corpus; every key of it is checked before it is used."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.text.checks import notices
from analysis.text.cleaning import MANIFEST, Joiner, check_rules, clean
from analysis.text.documents import (
    COLOURS,
    ENGLISH,
    Corpus,
    Document,
    Group,
    check_colour,
    refuse_one_colour,
    refuse_twins,
)
from analysis.text.sources import MISREAD, Source, read_source
from analysis.text.tokens import function_words
from analysis.text.units import read_names

DATA = Path(__file__).resolve().parents[2] / "data"
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
    manifest : path of a ``corpus.toml``; file names in it are relative to its folder. It declares
        the two groups, which of them is the target, and the documents. Keys that may be left out:
        ``cleaning`` names the cleaning rules that apply; ``language`` and ``verse`` say what they
        say in ``Reading``; ``names`` are names of several words, each of which is one term;
        ``concepts`` is a file of word lists (``load_concepts``), ``actors`` one of names of actors
        (``load_actors``), ``annotations`` one of what a reader noted (``description.annotate``).
    outside : whether it may name files that do not lie in its folder or below

    Returns
    -------
    Corpus
        Two groups of documents, the target's first.

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
