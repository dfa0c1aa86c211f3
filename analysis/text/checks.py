"""A look at texts before anything is counted: what is no prose, damaged, or repeated."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

import pandas as pd

from analysis.text.cleaning import ADDRESS, HASHTAG, MENTION, SPEAKER, TIME
from analysis.text.copies import find_copies
from analysis.text.decoding import mend_misread
from analysis.text.documents import Corpus, Document
from analysis.text.languages import language_of
from analysis.text.markup import markup_found
from analysis.text.tokens import stop_words

COLUMNS = ["check", "documents", "found", "example", "where", "cure"]
LONG = 300  # words of a document that should have paragraphs
SHORT = 20  # words of a document that hardly bear anything

_VERSIONS = re.compile(r"^(?:<{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)
_PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("speakers' labels", SPEAKER, "--clean speakers"),
    ("time stamps", TIME, "--clean times"),
    ("addresses of pages", ADDRESS, "--clean addresses"),
    ("mentions", MENTION, "--clean mentions"),
    ("hashtags", HASHTAG, "--clean hashtags"),
)


def look(corpus: Corpus) -> pd.DataFrame:
    """Return what a reader should know of the texts before any inference.

    Returns
    -------
    DataFrame
        One row a thing met: ``check``; in how many ``documents``; how often it was ``found``; an
        ``example`` and ``where`` it stands; the ``cure``, an option of the command line, which is
        an argument of the loaders too.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> look(load_corpus())["check"].tolist()
    []
    """
    rows = [row for check in _CHECKS for row in check(corpus.documents)]
    return pd.DataFrame(rows, columns=COLUMNS)


Row = tuple[str, int, int, str, str, str]
Check = Callable[[Sequence[Document]], list[Row]]


def _row(name: str, cure: str, hits: list[tuple[Document, list[str]]]) -> list[Row]:
    """Return one row of what was found in documents, none where nothing was."""
    held = [(document, found) for document, found in hits if found]
    if not held:
        return []
    many = sum(len(found) for _, found in held)
    first, found = held[0]
    return [(name, len(held), many, found[0].strip()[:60], first.id, cure)]


def _markup(documents: Sequence[Document]) -> list[Row]:
    rows: list[Row] = []
    for what in ("tags", "entities"):
        hits = [(d, markup_found(d.edited.text)[what]) for d in documents]
        held = [(d, n) for d, n in hits if n]
        if held:
            many = sum(n for _, n in held)
            name = f"{what} of web pages"
            rows.append((name, len(held), many, "", held[0][0].id, "--clean markup"))
    return rows


def _misread(documents: Sequence[Document]) -> list[Row]:
    hits = [
        (d, [d.edited.text[e.start : e.end] for e in mend_misread(d.edited.text)])
        for d in documents
    ]
    return _row("characters read in a wrong encoding", "--clean misread", hits)


def _lost(documents: Sequence[Document]) -> list[Row]:
    hits = [(d, re.findall(r"\S{0,20}\ufffd\S{0,20}", d.edited.text)) for d in documents]
    return _row("characters lost", "take the texts from their source again", hits)


def _versions(documents: Sequence[Document]) -> list[Row]:
    hits = [(d, _VERSIONS.findall(d.raw)) for d in documents]
    return _row("marks of version control", "keep one version of each text", hits)


def _patterns(documents: Sequence[Document]) -> list[Row]:
    rows: list[Row] = []
    for name, pattern, cure in _PATTERNS:
        compiled = re.compile(pattern, re.MULTILINE)
        rows += _row(name, cure, [(d, compiled.findall(_lines(d))) for d in documents])
    return rows


def _lines(document: Document) -> str:
    """Return a text with the line ends of its source, which cleaning makes spaces."""
    kept = [e for e in document.edited.edits if e.rule != "white-space"]
    return type(document.edited).of(document.raw, kept).text


def _joined(documents: Sequence[Document]) -> list[Row]:
    hits = [
        (d, [d.raw[max(0, e.start - 12) : e.end + 12].replace("\n", "⏎")
             for e in d.edited.edits if e.rule == "line-hyphen"])
        for d in documents
    ]  # fmt: skip
    return _row("words cut at line ends, joined or tied", "", hits)


def _paragraphs(documents: Sequence[Document]) -> list[Row]:
    hits = [
        (d, [d.edited.text[:60]])
        for d in documents
        if len(d.paragraphs) == 1 and len(d.edited.text.split()) > LONG
    ]
    return _row("long texts without paragraphs", "part paragraphs by a blank line", hits)


def _short(documents: Sequence[Document]) -> list[Row]:
    hits = [(d, [d.edited.text]) for d in documents if len(d.edited.text.split()) < SHORT]
    return _row(f"texts of fewer than {SHORT} words", "leave them out, or join them", hits)


def _copies(documents: Sequence[Document]) -> list[Row]:
    found = find_copies(documents)
    rows: list[Row] = []
    across = found["group"] != found["group_of"]
    for (kind, both), own in found.groupby([found["kind"], across], sort=True):
        name = {
            "same": "copies",
            "near": "near-copies",
            "passages": "long passages shared",
            "repeated": "paragraphs repeated",
        }[str(kind)] + (" between the groups" if str(both) == "True" else "")
        example = f"copy of {own['copy_of'].iloc[0]}" if kind != "repeated" else ""
        first = str(own["document"].iloc[0])
        rows.append((name, own["document"].nunique(), len(own), example, first, "--copies once"))
    return rows


def _languages(documents: Sequence[Document]) -> list[Row]:
    other = [(d, language_of(d.edited.text)) for d in documents]
    hits = [(d, [name]) for d, name in other if name not in ("", d.language)]
    names = sorted({name for _, found in hits for name in found})
    return _row(
        "texts that seem to be in another language", f"--language {names[0]}" if names else "", hits
    )


FEWEST = 3  # times that a spelling stands in the texts


def _spellings(documents: Sequence[Document]) -> list[Row]:
    """Find words that stand with a hyphen or points and without them, which count as two terms."""
    tied: Counter[str] = Counter()
    for document in documents:
        tied.update(token for own in document.token_spans for *_, token in own if _is_tied(token))
    plain = {token.replace("-", "").replace(".", ""): token for token in sorted(tied)}
    untied: Counter[str] = Counter()
    for document in documents:
        untied.update(token for own in document.token_spans for *_, token in own if token in plain)
    found = [
        t
        for t, n in sorted(untied.items())
        if min(n, tied[plain[t]]) >= FEWEST and t not in stop_words()  # "u.s." is not "us"
    ]
    if not found:
        return []
    term = max(found, key=lambda t: (untied[t], t))
    where = next((d.id for d in documents if plain[term] in d.edited.text.casefold()), "")
    example = f"{plain[term]} ({tied[plain[term]]}), {term} ({untied[term]})"
    return [("spellings of one word", len(documents), len(found), example, where, "spell it alike")]


def _is_tied(token: str) -> bool:
    return ("-" in token or "." in token) and token.replace("-", "").replace(".", "").isalpha()


_CHECKS: tuple[Check, ...] = (
    _lost, _misread, _markup, _versions, _patterns, _joined, _paragraphs, _short, _copies,
    _languages, _spellings,
)  # fmt: skip
_SERIOUS = (_lost, _misread, _markup, _versions, _joined, _languages)


def notices(documents: Sequence[Document]) -> list[str]:
    """Say what would come back as findings, a sentence each."""
    told = []
    for check in _SERIOUS:
        for name, many, found, example, where, cure in check(documents):
            shown = f", as {example!r}" if example else ""
            texts = f"{many} text{'s' * (many > 1)}"
            told.append(
                f"{found} × {name} in {texts} ({where}{shown}){'; cure: ' + cure if cure else ''}."
            )
    return told
