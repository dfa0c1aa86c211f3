"""A study: the texts that a notebook's parameters name, and the folder that its figures go to."""

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import analysis
from analysis.errors import InputError
from analysis.report.drawing import use_preset
from analysis.report.presets import read_preset
from analysis.text import Corpus, load

SHOWN = 3  # texts that an error names of each kind


def open_study(
    sources: str | Path | Sequence[str | Path] | Mapping[str, Any] | Corpus,
    output: str | Path = "figures",
    checksums: Mapping[str, str] | None = None,
    version: str = "",
) -> Corpus:
    """Load the texts that a notebook names, check them, and send its figures to their folder.

    Paths lead from the folder in which the notebook runs: its own, or papermill's.

    Parameters
    ----------
    sources : a manifest (``corpus.toml``), a table of texts, or two folders: target, reference;
        or these under the key ``texts``, beside options of ``load_folders`` or ``load_table``; or
        a corpus that is loaded already
    output : the folder for figures, made where it is missing
    checksums : group label -> the sum of its texts (``text_checksums``); none is checked by default
    version : of this package, with which the notebook was made; not checked by default

    Returns
    -------
    Corpus

    Raises
    ------
    InputError
        The texts cannot be loaded, or are others than the checksums say; the version differs; the
        folder for figures holds those of other texts.
    """
    if version and version != analysis.__version__:
        raise InputError(
            f"This notebook was made with version {version} of the package, and this is "
            f"{analysis.__version__}: install that version, or set version = '' to go on with this "
            "one."
        )
    corpus = sources if isinstance(sources, Corpus) else load_named(sources)
    folder = Path(output).resolve()
    _check(corpus, checksums or {}, folder)
    _refuse_another_study(folder, corpus)
    use_preset(read_preset(folder))
    return corpus if corpus.figures == folder else replace(corpus, figures=folder)


def text_checksums(corpus: Corpus) -> dict[str, str]:
    """Return, per group label, the SHA-256 sum over the sums of its cleaned texts, sorted.

    It changes with any change of a text, of what is cleaned from it, or of the documents; it does
    not change with their names or order.
    """
    return {group.label: _sum(corpus, group.label) for group in corpus.groups}


def _sum(corpus: Corpus, label: str) -> str:
    texts = [document.edited.text for document in corpus.documents if document.group == label]
    sums = sorted(hashlib.sha256(text.encode("utf-8")).hexdigest() for text in texts)
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def load_named(sources: str | Path | Sequence[str | Path] | Mapping[str, Any]) -> Corpus:
    """Return the corpus that a notebook's parameter names."""
    options = dict(sources) if isinstance(sources, Mapping) else {}
    texts = options.pop("texts", ()) if isinstance(sources, Mapping) else sources
    named = [texts] if isinstance(texts, str | Path) else list(texts)
    if len(named) not in (1, 2):
        raise InputError(
            "Name one manifest or table, or two folders (target, reference), got "
            f"{len(named)} names."
        )
    for name in named:
        if not Path(name).exists():
            raise InputError(
                f"{os.fspath(name)} is not there, as seen from {Path.cwd()}, where this notebook "
                "runs: mend the parameter sources."
            )
    logging.getLogger("analysis").addHandler(logging.NullHandler())  # notices stand in the corpus
    return load(named, **options)


def _check(corpus: Corpus, checksums: Mapping[str, str], folder: Path) -> None:
    if not checksums:
        return
    found = text_checksums(corpus)
    changed = [
        label for label in {**checksums, **found} if checksums.get(label) != found.get(label)
    ]
    if changed:
        raise InputError(
            f"The texts of {changed[0]!r} are not those that this notebook was made for"
            f"{_differences(corpus, folder)}: restore them, or, for texts that are others on "
            "purpose, set checksums = {}."
        )


def _differences(corpus: Corpus, folder: Path) -> str:
    """Name the texts that differ from those of the figures that were made with the notebook."""
    made = {name: sum_ for _, texts in _records(folder) for name, sum_ in texts.items()}
    own = {document.id: document.sha256 for document in corpus.documents}
    if not made.keys() & own.keys():
        return ""
    kinds = {
        "changed": [name for name in own if made.get(name, own[name]) != own[name]],
        "gone": sorted(made.keys() - own.keys()),
        "new": [name for name in own if name not in made],
    }
    said = [
        f"{kind}: {', '.join(names[:SHOWN])}{' ...' if len(names) > SHOWN else ''}"
        for kind, names in kinds.items()
        if names
    ]
    return f" ({'; '.join(said)})" if said else ""


def _records(folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield the figures of a folder that name their texts: the record, and the texts' sums."""
    for path in sorted(folder.glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            yield path, dict(facts["record"]["texts"])
        except (OSError, ValueError, LookupError, TypeError):
            continue  # no record of a figure


def _refuse_another_study(folder: Path, corpus: Corpus) -> None:
    """Refuse to write among the figures of texts that share no document with these."""
    own = {document.id for document in corpus.documents}
    for path, texts in _records(folder):
        if texts and not texts.keys() & own:
            raise InputError(
                f"{folder} holds the figures of other texts ({path.name} is of "
                f"{sorted(texts)[0]}): name another folder in the parameter output."
            )
