"""From files to a corpus: a manifest, or two folders of ``.txt``."""

import hashlib
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.text.cleaning import clean, unwrap
from analysis.text.decoding import decode
from analysis.text.documents import Corpus, Document, Group

DATA = Path(__file__).resolve().parents[2] / "data"
COLOURS = {"target": "#B2432F", "reference": "#5AA5D6"}
_NEEDED = ("id", "group", "file", "sha256", "title", "date", "publisher", "rights")
_OPTIONAL = ("author", "body_starts", "body_ends", "corrections")
_LISTS = ("concepts", "actors", "annotations")
_CURE = "mend the path or that line; data/corpus.toml is an example"


def load_corpus(manifest: str | Path | None = None) -> Corpus:
    """Load the corpus that a manifest declares; without one, the two articles of this package.

    Parameters
    ----------
    manifest : path of a ``corpus.toml``; file names in it are relative to its folder. Its key
        ``concepts``, which may be left out, names a file of word lists (``load_concepts``); its
        key ``actors`` one of the names of actors (``load_actors``); its key ``annotations`` one of
        what a reader noted in the texts (``sections``, ``codings``, ``readings``).

    Returns
    -------
    Corpus

    Raises
    ------
    InputError
        A file is missing, altered (its sha256 differs), empty or not UTF-8; the manifest is
        malformed or names an unknown group; none is named, and the package was installed without
        the repository, which holds the two articles.

    Examples
    --------
    >>> load_corpus().documents[0].publisher
    'Reuters'
    """
    path = Path(manifest) if manifest is not None else _shipped()
    declared = read_toml(path, _CURE)
    keys = ("title", "group", "document")
    _require(declared, keys, path, "the manifest")
    _refuse_unknown(declared, (*keys, *_LISTS), path, "the manifest")
    listed = _tables(declared, "group", path)
    groups = {role: _group(listed, role, path) for role in ("target", "reference")}
    labels = [group.label for group in groups.values()]
    documents = tuple(
        _document(entry, path, labels) for entry in _tables(declared, "document", path)
    )
    _refuse_twins([document.id for document in documents], path)
    lists = {key: _list(declared, key, path) for key in _LISTS}
    return Corpus(declared["title"], groups["target"], groups["reference"], documents, **lists)


def load_folders(target: str | Path, reference: str | Path) -> Corpus:
    """Load two folders of ``.txt`` files, one document a file, taken as they are.

    A blank line ends a paragraph; single line ends are spaces. Groups are named by their folders.

    Raises
    ------
    InputError
        A folder is missing, holds no ``.txt``, or both are the same; a file is empty or not UTF-8.
    """
    paths = {"target": Path(target), "reference": Path(reference)}
    if paths["target"].resolve() == paths["reference"].resolve():
        raise InputError(
            f"Target and reference are the same folder, {str(target)!r}: give two different ones."
        )
    labels = _labels(*(path.resolve() for path in paths.values()))
    documents = tuple(
        document
        for path, label in zip(paths.values(), labels, strict=True)
        for document in _folder(path, label)
    )
    groups = [
        Group(label, role, COLOURS[role]) for label, role in zip(labels, COLOURS, strict=True)
    ]
    return Corpus(f"{labels[0]} against {labels[1]}", groups[0], groups[1], documents)


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


def _read_text(path: Path) -> tuple[str, str]:
    """Return a file's text and the sha256 of its bytes."""
    if not path.is_file():
        raise InputError(f"{path} is not there: put the file in its place, or mend the path.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): mend its rights.") from None
    text = decode(raw, str(path))
    if not text.strip():
        raise InputError(f"{path} is empty: put the document's text in it, or remove the file.")
    return text, hashlib.sha256(raw).hexdigest()


def _require(table: Any, keys: tuple[str, ...], path: Path, what: str) -> None:
    if not isinstance(table, dict):
        raise InputError(f"{path}: {what} must be a table of the form [[...]], got {table!r}.")
    if missing := [key for key in keys if not table.get(key)]:
        raise InputError(
            f"{path}: {what} lacks {', '.join(missing)}; add what is missing "
            f"(needed are {', '.join(keys)})."
        )


def _refuse_unknown(table: dict[str, Any], keys: tuple[str, ...], path: Path, what: str) -> None:
    if unknown := sorted(set(table) - set(keys)):
        raise InputError(
            f"{path}: {what} has the unknown key {unknown[0]!r}; the keys are {', '.join(keys)}."
        )


def _tables(declared: dict[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    """Return the [[key]] tables of a manifest."""
    if not isinstance(declared[key], list):
        raise InputError(f"{path}: {key} must be tables of the form [[{key}]], with two brackets.")
    return list(declared[key])


def _group(declared: list[dict[str, str]], role: str, path: Path) -> Group:
    for entry in declared:
        _require(entry, ("label", "role"), path, "a [[group]]")
        _refuse_unknown(entry, ("label", "role", "colour"), path, "a [[group]]")
    found = [entry for entry in declared if entry["role"] == role]
    if len(declared) != 2 or len(found) != 1 or declared[0]["label"] == declared[1]["label"]:
        raise InputError(
            f"{path}: a comparison has two [[group]] tables with different labels, one of role "
            f"'target' and one of role 'reference'; got roles {[e['role'] for e in declared]}."
        )
    return Group(str(found[0]["label"]), role, found[0].get("colour", COLOURS[role]))


def _document(entry: dict[str, Any], manifest: Path, labels: list[str]) -> Document:
    _require(entry, _NEEDED, manifest, f"[[document]] {entry.get('id', '')!r}")
    _refuse_unknown(entry, (*_NEEDED, *_OPTIONAL), manifest, f"[[document]] {entry['id']!r}")
    if entry["group"] not in labels:
        raise InputError(
            f"{manifest}: [[document]] {entry['id']!r} names the unknown group "
            f"{entry['group']!r}; choose one of {labels}."
        )
    if not isinstance(entry["file"], str):
        raise InputError(f"{manifest}: file must be a name in quotes, got {entry['file']!r}.")
    path = manifest.parent / entry["file"]
    raw, sha256 = _read_text(path)
    if sha256 != entry["sha256"]:
        raise InputError(
            f"{path} has changed: its sha256 is {sha256}, the manifest says {entry['sha256']}. "
            f"Restore the file, or, if the change is meant, put the new sum in {manifest}."
        )
    try:
        edited = clean(
            raw, entry.get("body_starts"), entry.get("body_ends"), _corrections(entry, manifest)
        )
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    if not edited.text.strip():
        raise InputError(f"{path} holds nothing but what the cleaning rules remove.")
    metadata = {key: str(entry.get(key, "")) for key in _METADATA}
    return Document(str(entry["id"]), str(entry["group"]), edited, sha256, **metadata)


_METADATA = ("title", "author", "date", "publisher", "rights")


def _list(declared: dict[str, Any], key: str, manifest: Path) -> Path | None:
    """Return the path of a file of words, which is read only when it is asked for."""
    name = declared.get(key)
    if name is not None and not (isinstance(name, str) and name):
        raise InputError(f"{manifest}: {key} must be a file's name in quotes, got {name!r}.")
    return manifest.parent / name if name else None


def _corrections(entry: dict[str, Any], manifest: Path) -> list[dict[str, str]]:
    if "corrections" not in entry:
        return []
    path = manifest.parent / entry["corrections"]
    declared = read_toml(path, _CURE)
    _refuse_unknown(declared, ("correction",), path, "the corrections file")
    listed: list[dict[str, str]] = declared.get("correction", [])
    for correction in listed:
        _require(correction, ("found", "corrected", "reason"), path, "a [[correction]]")
    return listed


def _refuse_twins(ids: list[str], path: Path) -> None:
    if twins := sorted({id for id in ids if ids.count(id) > 1}):
        raise InputError(f"{path}: two documents are called {twins[0]!r}; give each its own id.")


def _labels(target: Path, reference: Path) -> tuple[str, str]:
    """Name two folders apart, by as many of their last names as it takes."""
    depth = 1
    while target.parts[-depth:] == reference.parts[-depth:]:
        depth += 1
    return "/".join(target.parts[-depth:]), "/".join(reference.parts[-depth:])


def _folder(path: Path, label: str) -> list[Document]:
    if not path.is_dir():
        raise InputError(f"{path} is no folder: give a folder of .txt files, one document a file.")
    files = sorted(path.glob("*.txt"))
    if not files:
        raise InputError(f"{path} holds no .txt file: put one document a file in it.")
    texts = [(file, *_read_text(file)) for file in files]
    return [
        Document(f"{label}/{file.stem}", label, unwrap(text), sha256, title=file.stem)
        for file, text, sha256 in texts
    ]
