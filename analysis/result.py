"""A result: a finished table together with all that made it.

An analysis is a function of a corpus that returns an `Outcome`; the decorator `analysis` makes a
`Result` of it, which knows the corpus and every argument:

>>> from analysis.text import cut_units, load_corpus
>>> @analysis("sentences")
... def sentence_counts(corpus, *, unit_tokens=100, seed=0):
...     units = cut_units(corpus, unit_tokens=unit_tokens)
...     table = corpus.sentences.groupby("group", as_index=False).size()
...     return Outcome(table, units, unit_name(corpus, unit_tokens), "counting")
>>> found = sentence_counts(load_corpus(), unit_tokens=50)
>>> found
sentences: 2 rows; Two articles on the Russia-Iran relationship; counting
>>> found.record["settings"], found.record["seed"], found.unit
({'unit_tokens': 50}, 0, 'runs of whole paragraphs of about 50 words')

What was decided for every analysis of a corpus (``Corpus.settings``) stands in for arguments that
are not given. An analysis may start from a result instead: what it then returns is of the same
corpus, and its settings hold how that result was made.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import partial, wraps
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from inspect import signature
from pathlib import Path
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from analysis.errors import InputError, refuse_other_types
from analysis.exchange import is_shared, once
from analysis.files import write_file, write_together
from analysis.numbers import DIGITS, FULL, settled, steady, to_csv
from analysis.sentences import say
from analysis.text import Corpus, unit_kind
from analysis.text.documents import ENGLISH, Document, kept
from analysis.text.units import UNIT_TOKENS

P = ParamSpec("P")
Source = TypeVar("Source", bound="Corpus | Result")
LIBRARIES = ("matplotlib", "nltk", "numpy", "pandas", "scikit-learn", "scipy")
UNREAD = ("figures", "notices")  # of a corpus, by any analysis
SHOWN = 20  # rows of a table that a notebook shows
PACKED = "packed"  # what a pack without texts holds of an analysis
Asked = tuple[str, str]  # an analysis, and its settings as JSON


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an analysis found, as its function returns it; ``analysis`` makes a `Result` of it.

    Attributes
    ----------
    table : the finished table, tidy, in a total order
    units : the units of inference that the table rests on (``cut_units``)
    unit : what a unit is, in words (``unit_name``)
    method : how its intervals and p-values were made, by name
    parts : further tables of the same analysis, by name
    facts : single values of the same analysis, by name; they stand in its record
    """

    table: pd.DataFrame
    units: pd.DataFrame
    unit: str
    method: str
    parts: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A finished table together with the corpus, the units, every argument, method and versions.

    Whatever is shown or written takes a result and nothing beside it, so that caption, record and
    table cannot disagree.

    Attributes
    ----------
    name : the analysis, such as ``keyness``
    corpus : the two groups that were compared
    settings : every argument of the analysis by name, those left at their defaults included
    table, units, unit, method, parts, facts : see `Outcome`
    """

    name: str
    corpus: Corpus
    settings: Mapping[str, Any]
    table: pd.DataFrame
    units: pd.DataFrame
    unit: str
    method: str
    parts: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]

    def __post_init__(self) -> None:
        known = {document.id for document in self.corpus.documents}
        if foreign := sorted(set(self.units["document"]) - known):
            raise InputError(
                f"The units of {self.name!r} are of a document {foreign[0]!r}, which its corpus "
                "does not hold: cut the units from the corpus that is analysed."
            )

    def sizes(self) -> dict[str, dict[str, int]]:
        """Return, per group label, how many units and tokens the table rests on."""
        own = {g.label: self.units[self.units["group"] == g.label] for g in self.corpus.groups}
        return {
            label: {"units": len(rows), "tokens": int(rows["tokens"].sum())}
            for label, rows in own.items()
        }

    @property
    def texts(self) -> dict[str, str]:
        """The checksum of every document, by its id."""
        return {document.id: document.sha256 for document in self.corpus.documents}

    @property
    def provenance(self) -> dict[str, Any]:
        """What was done, in JSON's own types; a result among the settings tells its own."""
        settings = {key: plain(value) for key, value in self.settings.items()}
        own = self.corpus.own_stops
        stops = {"stop_list": plain(own)} if own else {}
        names = {"names": list(self.corpus.names)} if self.corpus.names else {}
        language = {"language": self.corpus.language} if self.corpus.language != ENGLISH else {}
        done = {
            "analysis": self.name,
            "facts": plain(self.facts, FULL),
            "method": self.method,
            "seed": settings.pop("seed", None),
            "settings": settings,
            "unit": self.unit,
            "units": self.sizes(),
        }
        return stops | names | language | done

    @property
    def record(self) -> dict[str, Any]:
        """All that is needed to make the table again, in JSON's own types."""
        return self.provenance | {"texts": self.texts, "versions": versions()}

    def to_csv(self, path: str | Path) -> None:
        """Write the table as CSV, and beside it, under the same name, its record as JSON.

        A device or a pipe gets the table alone.

        Raises
        ------
        InputError
            It cannot be written; or the place of the record holds a file that is none.
        """
        path = Path(path)
        whole = path.is_file() or not path.exists()
        beside = path.with_suffix(".json") if whole else path
        if whole and (beside == path or not _is_free(beside)):
            raise InputError(
                f"{beside} is where the record of this table goes: name another file, such as "
                "table.csv."
            )
        record = json.dumps(self.record, sort_keys=True, indent=2, ensure_ascii=False)
        files = {path: to_csv(self.table, FULL)}
        if whole:
            write_together(files | {beside: f"{record}\n".encode()})
        else:
            write_file(path, files[path])

    def __repr__(self) -> str:
        return f"{self.name}: {len(self.table):,} rows; {self.corpus.title}; {self.method}"

    def _repr_html_(self) -> str:
        shown: str = self.table.to_html(max_rows=SHOWN, border=0, float_format=_shown)
        return shown


def unit_name(corpus: Corpus, unit_tokens: int = UNIT_TOKENS) -> str:
    """Say in words what a unit is, for captions and records; see ``cut_units``.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens

    Examples
    --------
    >>> from analysis import load_corpus
    >>> unit_name(load_corpus(), 50)
    'runs of whole paragraphs of about 50 words'
    """
    facts = {"kind": unit_kind(corpus, unit_tokens), "unit_tokens": unit_tokens}
    return str(say("common.unit", facts))


def _is_free(path: Path) -> bool:
    """Tell whether a record may stand there: nothing does, or another record."""
    if not path.exists():
        return True
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(held, dict) and {"analysis", "texts", "versions"} <= set(held)


def _shown(value: float) -> str:
    return f"{steady(value):.4g}"


def analysis(
    name: str,
) -> Callable[
    [Callable[Concatenate[Source, P], Outcome]], Callable[Concatenate[Source, P], Result]
]:
    """Make a function of a corpus, or of a result, return a `Result` that knows all its arguments.

    Parameters
    ----------
    name : of the analysis
    """

    def decorate(
        run: Callable[Concatenate[Source, P], Outcome],
    ) -> Callable[Concatenate[Source, P], Result]:
        known = signature(run)

        @wraps(run)
        def analyse(source: Source, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            if not isinstance(source, Corpus | Result):
                raise InputError(
                    f"{run.__name__} is of texts as load_folders, load_table or load_corpus give "
                    f"them; got {type(source).__name__}."
                )
            asked = known.bind(source, *args, **kwargs)
            corpus = source.corpus if isinstance(source, Result) else source
            for setting, value in corpus.settings:
                if setting in known.parameters:
                    asked.arguments.setdefault(setting, value)
            asked.apply_defaults()
            settings = dict(asked.arguments)
            refuse_other_types(run, settings)
            _refuse_other_texts(name, settings.values())
            if corpus is source:
                del settings[next(iter(settings))]
            key = asked_for(name, settings) if corpus.remembers else None
            compute = partial(run, *asked.args, **asked.kwargs)
            if key:
                found = _remembered(corpus, key, compute)
            else:
                whole = corpus is source and is_shared() and _is_plain(settings)
                found = once(_key(name, corpus, settings), compute) if whole else compute()
            own = {part.name: getattr(found, part.name) for part in fields(Outcome)}
            made = Result(name, corpus, MappingProxyType(settings), **own)
            if key:
                corpus._kept[key] = made
            return made

        shown = known.replace(return_annotation=Result)  # what help() and completion read
        analyse.__signature__ = shown  # type: ignore[attr-defined]
        analyse.__annotations__ = {**run.__annotations__, "return": Result}
        return analyse

    return decorate


def _is_plain(value: Any) -> bool:
    """Tell whether a setting is of JSON's own types, so that its text says all of it."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(own) for key, own in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float)


def _key(name: str, corpus: Corpus, settings: Mapping[str, Any]) -> str:
    """Return all that the outcome of an analysis of a corpus hangs on."""
    return json.dumps([name, _sum(corpus), plain(settings)], sort_keys=True)


@kept
def _sum(corpus: Corpus) -> str:
    """Return a sum over whatever an analysis may read of a corpus, the files that it names too."""
    found = sha256()
    for part in fields(corpus):
        value = getattr(corpus, part.name)
        if part.name in UNREAD:
            continue
        if part.name == "documents":
            value = [_of_document(document) for document in value]
        elif isinstance(value, Path):
            value = sha256(value.read_bytes()).hexdigest() if value.is_file() else ""
        text = json.dumps([part.name, plain(value)], sort_keys=True)
        found.update(text.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _of_document(document: Document) -> list[Any]:
    """Return what a document is, its text as it was read and as edits have left it."""
    own = {part.name for part in fields(document)} - {"edited"}
    return [{name: getattr(document, name) for name in own}, document.raw, document.edited.edits]


def _refuse_other_texts(name: str, given: Iterable[Any]) -> None:
    """Refuse results of different texts as the arguments of one analysis."""
    texts = [value.texts for value in given if isinstance(value, Result)]
    if any(own != texts[0] for own in texts[1:]):
        raise InputError(
            f"{name}: it was given results of different texts; pass results of one corpus."
        )


def versions() -> dict[str, str]:
    """Return the versions of the libraries that numbers and figures depend on."""
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def asked_for(name: str, settings: Mapping[str, Any]) -> Asked | None:
    """Return what an analysis was asked for; None where its settings cannot be told apart."""
    if any(isinstance(value, pd.DataFrame | np.ndarray) for value in settings.values()):
        return None
    return name, json.dumps(plain(settings, DIGITS), sort_keys=True)


def _remembered(corpus: Corpus, key: Asked, run: Callable[[], Outcome]) -> Outcome | Result:
    """Return what was found before, or is found now; where that cannot be, what a pack holds."""
    known: Outcome | Result | None = corpus._kept.get(key)
    if known is None:
        try:
            return run()
        except InputError:
            known = corpus._kept.get((PACKED, key))
            if known is None:
                raise
    return known


def plain(value: Any, digits: int | None = None) -> Any:
    """Return a setting in JSON's own types, its numbers as they are or to so many digits.

    >>> plain({"k": np.int64(3), "share": np.array([0.1 + 0.2])}, 6)
    {'k': 3, 'share': [0.3]}
    """
    if hasattr(value, "provenance"):
        return plain(value.provenance, digits)
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name), digits) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry, digits) for key, entry in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist(), digits)
    if isinstance(value, set | frozenset):
        return sorted(plain(entry, digits) for entry in value)
    if isinstance(value, list | tuple):
        return [plain(entry, digits) for entry in value]
    if isinstance(value, float) and digits:
        return settled(value, digits)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def about(result: Result) -> dict[str, Any]:
    """Return what every sentence may say of a result: its groups, texts and units.

    ``title, target, reference`` (labels, of ``name_words`` together), ``unit``, ``documents`` with
    ``least_documents`` and ``most_documents`` of a group, and ``groups``, each with ``label, role,
    documents, units, tokens``; ``stop_list`` and, of words dropped as names, ``stop_names``, how
    many; and whether ``phrases`` are the terms.
    """
    corpus, sizes = result.corpus, result.sizes()
    held = [document.group for document in corpus.documents]
    groups = [
        {
            "label": group.label,
            "role": group.role,
            "documents": held.count(group.label),
            **sizes[group.label],
        }
        for group in corpus.groups
    ]
    counts = [held.count(group.label) for group in corpus.groups]
    return {
        "title": corpus.title,
        "target": corpus.target.label,
        "reference": corpus.reference.label,
        "name_words": sum(len(group.label.split()) for group in corpus.groups),
        "unit": result.unit,
        "groups": groups,
        "documents": sum(counts),
        "least_documents": min(counts),
        "most_documents": max(counts),
        "stop_list": corpus.stops.name,
        "stop_names": len(corpus.stops.names),
        "function_words": result.settings.get("function_words", False) and not corpus.stops.own,
        "phrases": result.settings.get("phrases", dict(corpus.settings).get("phrases", False)),
    }
