"""The corpus itself: how much text there is, what was cleaned away, what a reader noted.

A file of annotations, named in the manifest, may hold three kinds of tables::

    [[section]]                 # a part of a document, from a paragraph to the next section
    document = "2017"
    name = "the past"
    begins = "To understand the close ties"

    [[coding]]                  # what each occurrence of a term refers to, in the order of the text
    term = "relationship"
    question = "between whom?"
    document = "2018"
    codes = ["Russia and Iran", "Russia and Israel"]

    [[reading]]                 # what a document says on an element, and the words this rests on
    element = "Can they be divided?"
    document = "2017"
    says = "Hardly, in the short term."
    quote = "it is going to be difficult to drive a wedge"
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.files import read_toml
from analysis.result import Outcome, analysis, unit_name
from analysis.text import Corpus, cut_units, group_sizes, load_concepts, look
from analysis.text.concordance import concept_occurrences, occurrences
from analysis.text.documents import Document
from analysis.text.units import UNIT_TOKENS

RULES = (  # in the order in which they are listed; others follow by name
    "outside-body", "caption", "link", "emphasis", "escape", "correction", "page-break",
    "white-space",
)  # fmt: skip
SECTIONS = [
    "document", "group", "section", "first_sentence", "last_sentence", "tokens", "share",
]  # fmt: skip
CODINGS = ["term", "question", "document", "group", "code", "sentence", "start", "end"]
READINGS = ["element", "document", "group", "says", "quote", "sentence", "start", "end"]
_KEYS = {
    "section": ("document", "name", "begins"),
    "coding": ("term", "question", "document", "codes"),
    "reading": ("element", "document", "says", "quote"),
}


@analysis("description")
def describe(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> Outcome:
    """Describe two groups of texts before anything is compared.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit of inference, in tokens

    Returns
    -------
    Result
        One row a group: ``group, documents, paragraphs, sentences, tokens, types, units``. Parts:

        - ``documents``: one row a document, with its metadata and counts
        - ``met``: what is no prose, damaged or there twice (``look``)
        - ``removed``: per rule and group, how many ``edits`` and ``characters`` of the source
        - ``examples``: the first edit of each rule in each document, with how many there are
        - ``corrections``: the words that were corrected, one row each, with the reason
        - ``sentences``: the ``tokens`` of every sentence

    Raises
    ------
    InputError
        A unit is to have no token.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> describe(load_corpus()).table[["group", "sentences", "tokens"]]
      group  sentences  tokens
    0  2018         36    1037
    1  2017        151    3019
    """
    parts = {
        "documents": corpus.overview,
        "met": look(corpus),
        "removed": removed(corpus),
        "examples": removal_examples(corpus),
        "corrections": corrected(corpus),
        "sentences": sentence_lengths(corpus),
    }
    units = cut_units(corpus, unit_tokens=unit_tokens)
    sizes = group_sizes(corpus, unit_tokens=unit_tokens)
    return Outcome(sizes, units, unit_name(corpus, unit_tokens), "counting", parts)


@analysis("annotations")
def annotate(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> Outcome:
    """Return what a reader noted in the texts, with the concepts as they stand along them.

    Parameters
    ----------
    corpus : the two groups; its manifest names the annotations, and concepts if there are any
    unit_tokens : aimed length of a unit of inference, in tokens

    Returns
    -------
    Result
        Its table has the readings, one row each: ``element, document, group, says, quote`` and the
        quotation's place (see ``readings``). Parts:

        - ``sections``: how a reader cut each document (``sections``)
        - ``referents``: per coded term, question and code, the occurrences in either group:
          ``term, question, code, n_target, n_reference``
        - ``concepts``: ``group, document, term, position`` of each word of a concept, ``term`` the
          concept and ``position`` from 0 to 1 along the document

    Examples
    --------
    >>> from analysis import load_corpus
    >>> notes = annotate(load_corpus())
    >>> notes.parts["referents"].loc[0, ["term", "code"]].tolist()
    ['relationship', 'Russia and Iran']
    """
    parts = {
        "sections": sections(corpus),
        "referents": _referents(corpus),
        "concepts": _concepts_along(corpus),
    }
    units = cut_units(corpus, unit_tokens=unit_tokens)
    return Outcome(readings(corpus), units, unit_name(corpus, unit_tokens), "reading", parts)


def _referents(corpus: Corpus) -> pd.DataFrame:
    """Count the codes of each term, those of most occurrences first, ties by code."""
    roles = {group.label: f"n_{group.role}" for group in corpus.groups}
    coded = codings(corpus)
    coded = coded.assign(role=coded["group"].map(roles))
    keys = ["term", "question", "code"]
    sums = coded.groupby([*keys, "role"]).size().unstack("role", fill_value=0)  # noqa: PD010
    sums = sums.reindex(columns=["n_target", "n_reference"], fill_value=0).reset_index()
    total = sums["n_target"] + sums["n_reference"]
    order = np.lexsort([sums["code"], -total, sums["term"]])
    return sums.iloc[order].reset_index(drop=True).rename_axis(columns=None)


def _concepts_along(corpus: Corpus) -> pd.DataFrame:
    columns = ["group", "document", "term", "position"]
    if corpus.concepts is None:
        return pd.DataFrame(columns=columns)
    found = concept_occurrences(corpus, load_concepts(corpus.concepts))
    return found.assign(term=found["concept"])[columns]


def removed(corpus: Corpus) -> pd.DataFrame:
    """Return, per group and rule, how many edits were made and characters of the source touched."""
    edits = corpus.edits.assign(characters=corpus.edits["removed"].str.len())
    group = {document.id: document.group for document in corpus.documents}
    edits = edits[edits["characters"] > 0].assign(group=edits["document"].map(group))
    sums = edits.groupby(["rule", "group"])["characters"].agg(["sum", "size"])
    sums = sums.rename(columns={"sum": "characters", "size": "edits"}).reset_index()
    rules = (*RULES, *sorted(set(sums["rule"]) - set(RULES)))
    places = ((rule, group.label) for rule in rules for group in corpus.groups)
    order = {key: place for place, key in enumerate(places)}
    rank = [order[key] for key in zip(sums["rule"], sums["group"], strict=True)]
    return sums.iloc[np.argsort(rank, kind="stable")].reset_index(drop=True)


def removal_examples(corpus: Corpus, width: int = 40) -> pd.DataFrame:
    """Return the first edit of each rule in each document, with how many there are."""
    edits = corpus.edits
    table = edits.assign(edits=edits.groupby(["document", "rule"])["rule"].transform("size"))
    table = table.drop_duplicates(["document", "rule"])
    shorten = table["removed"].str.split().str.join(" ").str.strip()
    clipped = shorten.where(shorten.str.len() <= width, shorten.str[: width - 1] + "…")
    return table.assign(removed=clipped.replace("", "(line end)")).reset_index(drop=True)


def corrected(corpus: Corpus) -> pd.DataFrame:
    """Return the words that were corrected, one row each, with the reason."""
    edits = corpus.edits
    columns = ["document", "start", "removed", "replacement", "reason"]
    return edits.loc[edits["rule"] == "correction", columns].reset_index(drop=True)


def sentence_lengths(corpus: Corpus) -> pd.DataFrame:
    """Return the tokens of every sentence."""
    sentences = corpus.sentences
    return sentences[["document", "group", "sentence"]].assign(tokens=corpus.sentence_tokens)


# What a reader noted, each note checked against the texts


def sections(corpus: Corpus) -> pd.DataFrame:
    """Return the sections of the documents, as a reader cut them.

    Returns
    -------
    DataFrame
        One row a section, in the order of the text: ``document, group, section, first_sentence,
        last_sentence``; ``tokens``, and ``share``, its share of the document's tokens.

    Raises
    ------
    InputError
        Words with which a section begins open no paragraph of its document, or several; or the
        sections are out of order, or the first is not at the document's beginning.
    """
    rows = []
    for document in corpus.documents:
        own = [entry for entry in _entries(corpus, "section") if entry["document"] == document.id]
        if own:
            rows += _cut(document, own, str(corpus.annotations))
    return pd.DataFrame(rows, columns=SECTIONS)


def codings(corpus: Corpus) -> pd.DataFrame:
    """Return the occurrences that a reader coded, each with its code.

    Returns
    -------
    DataFrame
        One row an occurrence: ``term, question, document, group, code``, and its place: the
        number of the ``sentence``, ``start, end`` in the raw text.

    Raises
    ------
    InputError
        There are not as many codes as occurrences.
    """
    tables = []
    for entry in _entries(corpus, "coding"):
        found = occurrences(corpus, [entry["term"]])
        found = found[found["document"] == entry["document"]]
        if len(found) != len(entry["codes"]):
            raise InputError(
                f"{corpus.annotations}: {entry['term']!r} has {len(entry['codes'])} codes for "
                f"document {entry['document']!r}, where it occurs {len(found)} times: give each "
                "occurrence one, in the order of the text."
            )
        tables.append(found.assign(question=entry["question"], code=entry["codes"])[CODINGS])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CODINGS)


def readings(corpus: Corpus) -> pd.DataFrame:
    """Return what a reader says of each document, with the quotations it rests on.

    Returns
    -------
    DataFrame
        One row a reading: ``element, document, group, says, quote``, and the quotation's place: the
        number of the ``sentence`` it begins in, ``start, end`` in the raw text.

    Raises
    ------
    InputError
        A quotation does not stand in its document, to the letter.
    """
    rows = [
        (
            entry["element"],
            document.id,
            document.group,
            entry["says"],
            entry["quote"],
            *_quoted(document, entry["quote"], str(corpus.annotations)),
        )
        for entry in _entries(corpus, "reading")
        for document in [corpus.document(entry["document"])]
    ]
    return pd.DataFrame(rows, columns=READINGS)


def _entries(corpus: Corpus, kind: str) -> list[dict[str, Any]]:
    """Return the tables of one kind; none where the corpus names no annotations."""
    path = corpus.annotations
    if path is None:
        return []
    declared = read_toml(path, "mend the path or that line; data/annotations.toml is an example")
    if unknown := sorted(set(declared) - set(_KEYS)):
        raise InputError(f"{path}: no kind {unknown[0]!r}; the kinds are {', '.join(_KEYS)}.")
    listed = declared.get(kind, [])
    if not isinstance(listed, list):
        raise InputError(f"{path}: {kind} must be tables of the form [[{kind}]].")
    for entry in listed:
        _check(entry, kind, str(path))
        corpus.document(entry["document"])
    return listed


def _check(entry: Any, kind: str, path: str) -> None:
    keys = _KEYS[kind]
    if not isinstance(entry, dict) or set(entry) != set(keys):
        raise InputError(
            f"{path}: a [[{kind}]] has the keys {', '.join(keys)}, got "
            f"{', '.join(map(str, entry)) if isinstance(entry, dict) else repr(entry)}."
        )
    for key, value in entry.items():
        texts = value if key == "codes" and isinstance(value, list) else [value]
        if (key == "codes") != isinstance(value, list) or not all(
            isinstance(text, str) and text for text in texts
        ):
            form = "a list of texts" if key == "codes" else "a text"
            raise InputError(f"{path}: {key} of a [[{kind}]] must be {form}, got {value!r}.")


def _cut(document: Document, entries: list[dict[str, Any]], path: str) -> list[tuple[object, ...]]:
    """Return the rows of one document's sections."""
    places = [_paragraph(document, entry["begins"], path) for entry in entries]
    if places[0] != 0 or places != sorted(set(places)):
        raise InputError(
            f"{path}: the sections of document {document.id!r} must begin at its first paragraph "
            f"and follow the text; they begin at paragraphs {places}."
        )
    paragraphs = np.array([paragraph for paragraph, _, _ in document.sentence_spans])
    sizes = np.array([len(tokens) for tokens in document.token_spans])
    part = np.searchsorted(places, paragraphs, side="right") - 1
    return [
        (
            document.id,
            document.group,
            entry["name"],
            int(np.flatnonzero(part == number)[0]),
            int(np.flatnonzero(part == number)[-1]),
            int(sizes[part == number].sum()),
            float(sizes[part == number].sum() / sizes.sum()),
        )
        for number, entry in enumerate(entries)
    ]


def _paragraph(document: Document, begins: str, path: str) -> int:
    found = [n for n, text in enumerate(document.paragraphs) if text.startswith(begins)]
    if len(found) != 1:
        raise InputError(
            f"{path}: {len(found)} paragraphs of document {document.id!r} begin with {begins!r}: "
            "give the first words of one."
        )
    return found[0]


def _quoted(document: Document, quote: str, path: str) -> tuple[int, int, int]:
    text = document.edited.text
    at = text.find(quote)
    if at < 0:
        raise InputError(
            f"{path}: document {document.id!r} does not hold {quote!r}: quote it to the letter."
        )
    begun = [number for number, (_, start, _) in enumerate(document.sentence_spans) if start <= at]
    start, end = document.edited.raw_span(at, at + len(quote))
    return begun[-1], start, end
