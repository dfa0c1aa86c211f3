"""What a researcher decides on a corpus before any inference, for every analysis of it alike.

A decision stands in the corpus, so that each notebook, table and figure made of it follows it, and
its record says so. What an analysis takes as an argument (``unit_tokens``, ``k``, ``seed`` and the
like) is such a decision too: ``Corpus.settings`` holds it; a call that gives the argument itself
goes before it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

from analysis.errors import InputError, nearest
from analysis.text.beyond_words import load_concepts
from analysis.text.cleaning import plain
from analysis.text.documents import (
    Corpus,
    Document,
    EditedText,
    check_colour,
    refuse_one_colour,
)
from analysis.text.sources import decode, read_bytes, sum_of
from analysis.text.tokens import StopList, tokenize
from analysis.text.units import read_names

SETTINGS: Mapping[str, type] = {
    "unit_tokens": int,
    "function_words": bool,
    "numbers": bool,
    "phrases": bool,
    "k": int,
    "anchor_words": dict,
    "draws": int,
    "seed": int,
}
STATED = ("author", "date", "publisher")
_LARGE = 1_000_000
_BOUNDS: Mapping[str, tuple[int, int, str]] = {
    "unit_tokens": (1, _LARGE, " words"),
    "k": (2, 1_000, " topics"),
    "draws": (20, _LARGE, ", as fewer draws cannot give p < .05"),
    "seed": (0, 2**32 - 1, ""),
}


SHARE = 0.8  # of the places inside sentences where a word has a capital
_LONG, _FEW = 4, 3  # letters of a long word; long words of a headline
_OPENS = "\"'([:"


class Design(TypedDict, total=False):
    """The decisions on a corpus.

    Attributes
    ----------
    labels : how the groups are called wherever they are shown, the target's first
    colours : of the groups, as "#B2432F"
    cluster : what documents have in common that are no evidence of their own: a column of a table
        of texts, ``folder``, or ``author``, ``date``, ``publisher``. All documents of a group with
        one value become one document, and so one unit of inference
    stopwords : a file of words, in place of the language's function words
    drop_names : whether words that are written with a capital inside sentences are no terms
    concepts : a file of word lists (``load_concepts``)
    names : names of several words, each of which is one term
    settings : arguments of analyses by their names: ``unit_tokens, function_words, numbers,
        phrases, k, anchor_words, draws, seed``
    """

    labels: Sequence[str]
    colours: Sequence[str]
    cluster: str
    stopwords: str | Path
    drop_names: bool
    concepts: str | Path
    names: Sequence[str]
    settings: Mapping[str, Any]


def designed(corpus: Corpus, design: Design) -> Corpus:
    """Return a corpus with these decisions.

    Raises
    ------
    InputError
        A decision is unknown, or cannot be carried out on this corpus.

    Examples
    --------
    >>> from analysis import load_texts
    >>> corpus = load_texts(["Cats sleep.", "Cats eat."], ["Dogs bark."])
    >>> [group.label for group in designed(corpus, {"labels": ["cats", "dogs"]}).groups]
    ['cats', 'dogs']
    """
    if unknown := sorted(set(design) - set(Design.__annotations__)):
        raise InputError(
            f"There is no decision {unknown[0]!r}; there are {', '.join(Design.__annotations__)}."
        )
    if column := design.get("cluster"):
        corpus = _clustered(corpus, column)
    if labels := design.get("labels"):
        corpus = _relabelled(corpus, labels)
    if colours := design.get("colours"):
        corpus = _coloured(corpus, colours)
    stops = corpus.stops
    if file := design.get("stopwords"):
        stops = StopList(Path(file).name, read_stop_words(Path(file)), own=True)
    if design.get("drop_names"):
        stops = replace(stops, names=capitalised_words(corpus))
    if lists := design.get("concepts"):
        load_concepts(lists)
    names = design.get("names")
    return replace(
        corpus,
        own_stops=stops if stops != corpus.stops else corpus.own_stops,
        concepts=Path(lists) if lists else corpus.concepts,
        names=read_names(names, corpus.language, "names") if names else corpus.names,
        settings=(*corpus.settings, *_checked(design.get("settings") or {})),
    )


def read_stop_words(path: Path) -> frozenset[str]:
    """Return the words of a file, parted by white space; a line that begins with ``#`` is passed.

    Raises
    ------
    InputError
        The file cannot be read or holds no word; or an entry is no single token, so that it could
        never match one.
    """
    lines = decode(read_bytes(path), str(path)).splitlines()
    words = set()
    for number, line in enumerate(lines, 1):
        for entry in line.split() if not line.lstrip().startswith("#") else ():
            tokens = tokenize(plain(entry))
            if len(tokens) != 1:
                read = f"is read as {' '.join(tokens)!r}" if tokens else "holds no word"
                raise InputError(
                    f"{path}, line {number}: {entry!r} {read}: list single words, as they are "
                    "counted."
                )
            words.add(tokens[0])
    if not words:
        raise InputError(
            f"{path} holds no word; to count function words as terms, use function_words=True "
            "(--function-words)."
        )
    return frozenset(words)


def _clustered(corpus: Corpus, column: str) -> Corpus:
    """Join the documents of a group that share a value."""
    clusters: dict[tuple[str, str], list[Document]] = {}
    for document in corpus.documents:
        known = {**dict(document.metadata), **_stated(document)}
        if column not in known:
            raise InputError(
                f"Document {document.id!r} has no {column!r} to cluster by; it has "
                f"{', '.join(known) or 'nothing of the kind'}.{nearest(column, known)}"
            )
        if not known[column].strip():
            raise InputError(f"Document {document.id!r} has an empty {column!r}: fill it in.")
        clusters.setdefault((document.group, known[column].strip()), []).append(document)
    joined = tuple(_joined(f"{group}/{value}", held) for (group, value), held in clusters.items())
    told = f"{len(corpus.documents)} documents in {len(joined)} clusters of one {column}."
    return replace(corpus, documents=joined, notices=(*corpus.notices, told))


def _stated(document: Document) -> dict[str, str]:
    stated = {name: getattr(document, name) for name in STATED}
    return {name: value for name, value in stated.items() if value}


def _joined(id: str, documents: Sequence[Document]) -> Document:
    """Return one document of several, a blank line between them."""
    first, gap = documents[0], "\n\n"
    if len(documents) == 1:
        return replace(first, id=id)
    edits, place = [], 0
    for document in documents:
        edits += [
            edit._replace(start=edit.start + place, end=edit.end + place)
            for edit in document.edited.edits
        ]
        place += len(document.raw) + len(gap)
    edited = EditedText.of(gap.join(document.raw for document in documents), edits)
    title = f"{len(documents)} texts, {first.title or first.id} the first"
    sha256 = sum_of("\n".join(document.sha256 for document in documents))
    author, date, publisher = (
        getattr(first, name) if len({getattr(d, name) for d in documents}) == 1 else ""
        for name in STATED
    )
    shared = (title, author, date, publisher)
    return Document(id, first.group, edited, sha256, *shared, language=first.language)


def _relabelled(corpus: Corpus, labels: Sequence[str]) -> Corpus:
    given = [str(label).strip() for label in labels]
    if isinstance(labels, str) or len(given) != 2 or given[0] == given[1] or not all(given):
        raise InputError(f"labels are two different names, target first; got {labels!r}.")
    new = dict(zip((group.label for group in corpus.groups), given, strict=True))
    old = " against ".join(new)
    return replace(
        corpus,
        title=" against ".join(given) if corpus.title == old else corpus.title,
        target=replace(corpus.target, label=given[0]),
        reference=replace(corpus.reference, label=given[1]),
        documents=tuple(replace(d, group=new[d.group]) for d in corpus.documents),
    )


def _coloured(corpus: Corpus, colours: Sequence[str]) -> Corpus:
    if isinstance(colours, str) or len(colours) != 2:
        raise InputError(f"colours are two, the target's first; got {colours!r}.")
    for colour in colours:
        check_colour(colour, "colours")
    target, reference = (
        replace(group, colour=colour) for group, colour in zip(corpus.groups, colours, strict=True)
    )
    refuse_one_colour(target, reference, "colours")
    return replace(corpus, target=target, reference=reference)


def _checked(settings: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return settings in the order of their names, or refuse one that no analysis takes."""
    for name, value in settings.items():
        if name not in SETTINGS:
            raise InputError(f"No setting is called {name!r}; there are {', '.join(SETTINGS)}.")
        known = SETTINGS[name]
        if not isinstance(value, known) or (known is int and isinstance(value, bool)):
            raise InputError(f"{name} is of type {known.__name__}; got {value!r}.")
        if isinstance(value, int) and name in _BOUNDS:
            least, most, what = _BOUNDS[name]
            if not least <= value <= most:
                option = f"{name}= ({'--unit' if name == 'unit_tokens' else f'--{name}'})"
                raise InputError(
                    f"{option} must be between {least} and {most:,}{what}; got {value}."
                )
    return tuple(sorted(settings.items()))


def capitalised_words(corpus: Corpus) -> frozenset[str]:
    """Return the tokens that have a capital in at least four of five places inside sentences.

    Places that tell nothing are passed over: the first word of a sentence, a quotation, a bracket,
    or what follows a colon; and headlines, where all long words have a capital and no full stop
    ends the line. A word that stands nowhere else is no name.

    Raises
    ------
    InputError
        The texts are in German, which gives every noun a capital.

    Examples
    --------
    >>> from analysis import load_texts
    >>> corpus = load_texts(["The ship left for Genoa.", "In Genoa ships wait."], ["Wait here."])
    >>> sorted(capitalised_words(corpus))
    ['genoa']
    """
    if corpus.language == "german":
        raise InputError(
            "Names are told by their capitals, and German gives one to every noun: list them in a "
            "file (stopwords=, --stopwords) instead."
        )
    large: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for document in corpus.documents:
        text = document.edited.text
        for spans in document.token_spans:
            if _is_headline(text, spans):
                continue
            for start, _, token in spans[1:]:
                if text[start - 2 : start].strip().endswith(tuple(_OPENS)):
                    continue
                inside[token] += 1
                large[token] += text[start].isupper()
    return frozenset(token for token, n in large.items() if n >= SHARE * inside[token] and n)


def _is_headline(text: str, spans: list[tuple[int, int, str]]) -> bool:
    long = [text[start].isupper() for start, end, _ in spans if end - start >= _LONG]
    return len(long) >= _FEW and all(long) and text[spans[-1][1] :][:1] != "."
