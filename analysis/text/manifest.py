"""The manifest: a file that declares a corpus, every key of it checked before it is used."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.text.checks import notices
from analysis.text.cleaning import MANIFEST, Joiner, check_rules, clean
from analysis.text.documents import ENGLISH, Corpus, Document, Group
from analysis.text.sources import Source, read_source
from analysis.text.tokens import function_words

COLOURS = {"target": "#B2432F", "reference": "#2E7EB8"}
CURE = "mend the path or that line; data/corpus.toml is an example"
LISTS = ("concepts", "actors", "annotations")
_METADATA = ("title", "author", "date", "publisher", "rights")
_WORDS = "words in quotes"
_FORMS: dict[str, tuple[str, ...]] = {  # needed keys, then "?", then those that may be left out
    "the manifest": ("title", "group", "document", "?", *LISTS, "cleaning", "language", "verse"),
    "a [[group]]": ("label", "role", "?", "colour"),
    "a [[document]]": (
        *("id", "group", "file", "sha256", "title", "date", "publisher", "rights", "?"),
        *("author", "body_starts", "body_ends", "corrections"),
    ),
    "the corrections file": ("?", "correction"),
    "a [[correction]]": ("found", "corrected", "reason"),
}
_TABLES = {"the manifest": ("group", "document"), "the corrections file": ("correction",)}
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_SUM = re.compile(r"[0-9a-f]{64}")


class _Entry(NamedTuple):
    """A document as declared, with its file."""

    declared: Mapping[str, Any]
    path: Path
    source: Source


def read_manifest(path: Path) -> Corpus:
    """Return the corpus that a manifest declares; see ``load_corpus``."""
    declared = checked(read_toml(path, CURE), "the manifest", str(path))
    groups = _groups(declared["group"], path)
    entries = [_entry(entry, path, groups) for entry in declared["document"]]
    refuse_twins([str(entry.declared["id"]) for entry in entries], str(path))
    how = {
        "rules": check_rules(declared.get("cleaning", MANIFEST)),
        "join": Joiner([entry.source.text for entry in entries]),
        "verse": declared.get("verse", False),
    }
    language = declared.get("language", ENGLISH)
    function_words(language)
    documents = tuple(_document(entry, path, how, language) for entry in entries)
    lists = {key: path.parent / declared[key] for key in LISTS if key in declared}
    told = tuple(notices(documents))
    return Corpus(declared["title"], *groups, documents, **lists, notices=told, language=language)


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


def _check_type(key: str, value: Any, where: str, tables: bool) -> None:
    if tables:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise InputError(f"{where} must be tables of the form [[{key}]], with two brackets.")
    elif key == "cleaning":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise InputError(f'{where} must be a list of words in quotes, as ["links"].')
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
    target, reference = sorted(groups, key=lambda group: group["role"], reverse=True)
    return _group(target), _group(reference)


def check_colour(colour: str, where: str) -> None:
    """Refuse what is no colour."""
    if not _COLOUR.fullmatch(colour):
        raise InputError(
            f"{where}: colour is '#' and six figures from 0 to F, as {COLOURS['target']!r}; "
            f"got {colour!r}."
        )


def _group(declared: Mapping[str, str]) -> Group:
    role = declared["role"]
    return Group(declared["label"], role, declared.get("colour", COLOURS[role]))


def _entry(entry: dict[str, Any], manifest: Path, groups: tuple[Group, Group]) -> _Entry:
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
    source = read_source(path)
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
    lines = [f"title = {_quoted(corpus.title)}", "cleaning = []"]
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
