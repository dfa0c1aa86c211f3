"""A look at texts before anything is counted: what is no prose, damaged, or there twice.

Two documents are the same where their words are; the later one is nearly the same where at least
80 % of its runs of eight words (a fixed eighth of them, chosen by their sum) stand in the earlier;
they share passages where a tenth of the shorter one's do. A paragraph of 25 words or more that
stands again is repeated.
"""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.text.cleaning import CLEANING, Rule
from analysis.text.documents import Corpus, Document, Edit
from analysis.text.sources import markup_found, mend_misread
from analysis.text.tokens import ENOUGH, hardly_in, language_of, languages, stop_words

COPIES = ["kind", "document", "copy_of", "group", "group_of", "words", "share"]
CHOICES = ("tell", "once", "refuse")
NEAR, SHARED = 0.8, 0.1
RUN, SAMPLE, COMMON, FEWEST = 8, 8, 20, 3
PARAGRAPH = 25  # words of a paragraph that is looked for
_PRIMES = np.array([0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x27D4EB2F165667C5], dtype=np.uint64)
_LEFT, _RIGHT = np.uint64(31), np.uint64(33)
_ADDED = np.uint64(RUN) ^ _PRIMES[2] ^ np.uint64(3_527_539)  # as Python has it for tuples
_KINDS = (
    ("same", "holds the same words as", "hold the same words as"),
    ("near", "is nearly the same as", "are nearly the same as"),
    ("passages", "shares long passages with", "share long passages with"),
)
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"[^\w\s]*[^\S\n]*")  # and spaces behind a passage
CHECKS = ["check", "documents", "found", "example", "where", "cure"]
LONG = 300  # words of a document that should have paragraphs
SHORT = 20  # words of a document that hardly bear anything
STANDS = 3  # times that each spelling of a word stands in the texts
_VERSIONS = re.compile(r"^(?:<{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)
_TAKEN = {  # what a cleaning rule would take away, and its name
    "speakers' labels": "speakers",
    "time stamps": "times",
    "addresses of pages": "addresses",
    "mentions": "mentions",
    "hashtags": "hashtags",
}


def find_copies(documents: Sequence[Document]) -> pd.DataFrame:
    """Return which documents are copies of earlier ones, and which repeat paragraphs.

    Returns
    -------
    DataFrame
        One row a pair: ``kind`` (same, near, passages; repeated, of paragraphs of one document),
        ``document``, ``copy_of`` (the earlier one), their groups, ``words`` of the later one that
        are shared (estimated but for *same* and *repeated*), and their ``share``.
    """
    lines = [_by_line(document.edited.text) for document in documents]
    words = [list(chain.from_iterable(own)) for own in lines]
    pairs = [*_same(words), *_near(words)]
    rows = [
        (kind, documents[b].id, documents[a].id, documents[b].group, documents[a].group,
         round(share * len(words[b])), round(share, 3))
        for kind, a, b, share in pairs
    ]  # fmt: skip
    for document, own, parts in zip(documents, words, lines, strict=True):
        if again := _again(parts):
            share = round(again / max(1, len(own)), 3)
            id, group = document.id, document.group
            rows.append(("repeated", id, id, group, group, again, share))
    return pd.DataFrame(rows, columns=COPIES)


def _by_line(text: str) -> list[list[str]]:
    """Return the words of each line."""
    return [_WORD.findall(line) for line in text.lower().split("\n")]


def _again(lines: Iterable[Sequence[str]]) -> int:
    """Return how many words of a document are those of long paragraphs that stood before."""
    long = [tuple(own) for own in lines if len(own) >= PARAGRAPH]
    return sum(map(len, long)) - sum(map(len, set(long)))


def _same(words: Sequence[Sequence[str]]) -> Iterator[tuple[str, int, int, float]]:
    first: dict[tuple[str, ...], int] = {}
    for place, own in enumerate(words):
        earlier = first.setdefault(tuple(own), place)
        if earlier != place and own:
            yield "same", earlier, place, 1.0


def _near(words: Sequence[Sequence[str]]) -> Iterator[tuple[str, int, int, float]]:
    """Yield pairs that share runs of words, by a sample of runs that hangs on the run alone."""
    runs, owner = _samples(words)
    sizes = np.bincount(owner, minlength=len(words)).tolist()
    _, run, many = np.unique(runs, return_inverse=True, return_counts=True)
    several = (many[run] > 1) & (many[run] <= COMMON)
    holders: dict[int, list[int]] = defaultdict(list)
    for number, place in zip(run[several].tolist(), owner[several].tolist(), strict=True):
        holders[number].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        shared.update(combinations(places, 2))
    for (a, b), count in sorted(shared.items()):
        share, most = count / sizes[b], count / min(sizes[a], sizes[b])
        if count >= FEWEST and most >= SHARED and list(words[a]) != list(words[b]):
            yield ("near" if share >= NEAR else "passages"), a, b, share


def _samples(words: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Return a fixed share of the runs of words, once a document, and whose each is.

    A run is a number: xxHash of the sums of its words.
    """
    flat = list(chain.from_iterable(words))
    known = {word: zlib.crc32(word.encode()) for word in set(flat)}
    sums = np.fromiter(map(known.__getitem__, flat), np.uint64, len(flat))
    owner = np.repeat(np.arange(len(words)), list(map(len, words)))
    code = np.full(max(0, len(sums) - RUN + 1), _PRIMES[2], dtype=np.uint64)
    for place in range(RUN):
        code += sums[place : place + len(code)] * _PRIMES[1]
        code = (code << _LEFT) | (code >> _RIGHT)
        code *= _PRIMES[0]
    runs, within = (code + _ADDED).view(np.int64), owner[: len(code)] == owner[RUN - 1 :]
    chosen = np.flatnonzero(within & (runs % SAMPLE == 0))
    runs, owner = runs[chosen], owner[chosen]
    order = np.lexsort((runs, owner))
    runs, owner = runs[order], owner[order]
    new = np.ones(len(runs), dtype=bool)
    new[1:] = (runs[1:] != runs[:-1]) | (owner[1:] != owner[:-1])
    return runs[new], owner[new]


def repeated(documents: Iterable[Document]) -> Iterator[tuple[Document, int, int]]:
    """Yield (document, start, end) of each long paragraph that stood before.

    Offsets are those of the clean text, from the end of the paragraph before.
    """
    seen: set[tuple[str, ...]] = set()
    for document in documents:
        place = 0
        for match in re.finditer(r"[^\n]+", document.edited.text):
            own = tuple(_WORD.findall(match[0].lower()))
            if len(own) >= PARAGRAPH:
                if own in seen:
                    yield document, place, match.end()
                seen.add(own)
            place = match.end()


def settle(documents: Sequence[Document], choice: str) -> tuple[tuple[Document, ...], list[str]]:
    """Do with copies what was chosen, and return the documents and sentences that tell.

    Parameters
    ----------
    documents : of both groups
    choice : ``tell``; ``once``: of copies in a group the first counts, the same and nearly the
        same, and of its repeated paragraphs and long shared passages too; ``refuse``

    Raises
    ------
    InputError
        The choice is unknown; or copies are to be refused, and there are some.
    """
    if choice not in CHOICES:
        raise InputError(f"copies is one of {', '.join(CHOICES)}; got {choice!r}.")
    found = find_copies(documents)
    told = _sentences(found, choice == "once")
    if told and choice == "refuse":
        raise InputError(
            " ".join([*told, "Take them out, or read on with copies='tell' (--copies tell)."])
        )
    if not told or choice == "tell":
        return tuple(documents), told
    inside = found[found["group"] == found["group_of"]]
    dropped = set(inside.loc[inside["kind"].isin(["same", "near"]), "document"])
    kept = [document for document in documents if document.id not in dropped]
    edits: dict[str, list[Edit]] = defaultdict(list)
    for label in dict.fromkeys(document.group for document in kept):
        for document, start, end in repeated(d for d in kept if d.group == label):
            reason = "a paragraph that stands before in this group"
            edits[document.id].append(Edit(start, end, "", "copy", reason))
    once = _edited(kept, edits)
    passages = inside[inside["kind"] == "passages"]
    return _edited(once, _shared(once, passages)), told


def _edited(
    documents: Iterable[Document], edits: Mapping[str, Sequence[Edit]]
) -> tuple[Document, ...]:
    """Return the documents with edits of their clean texts, but for those that are then empty."""
    own = (
        replace(d, edited=d.edited.then(edits[d.id])) if edits.get(d.id) else d for d in documents
    )
    return tuple(document for document in own if document.edited.text.strip())


def _shared(documents: Sequence[Document], pairs: pd.DataFrame) -> dict[str, list[Edit]]:
    """Return edits that take from later documents the passages of earlier ones of their group.

    A passage is PARAGRAPH words or more, all in runs of RUN words that the earlier document holds;
    it goes with the marks behind it.
    """
    texts = {document.id: document.edited.text for document in documents}
    earlier: dict[str, list[str]] = defaultdict(list)
    for later, first in zip(pairs["document"], pairs["copy_of"], strict=True):
        if later in texts and first in texts:
            earlier[later].append(first)
    return {
        later: [
            Edit(start, end, "", "copy", "a passage that stands before in this group")
            for start, end in _passages(texts[later], [texts[first] for first in before])
        ]
        for later, before in earlier.items()
    }


def _passages(text: str, earlier: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where long passages of earlier texts stand in a text."""
    held = {run for other in earlier for run in _runs(_WORD.findall(other.lower()))}
    places = [match.span() for match in _WORD.finditer(text.lower())]
    words = [text.lower()[start:end] for start, end in places]
    covered = bytearray(len(words))
    for place, run in enumerate(_runs(words)):
        if run in held:
            covered[place : place + RUN] = b"\1" * RUN
    for match in re.finditer(rb"\x01+", covered):
        if match.end() - match.start() >= PARAGRAPH:
            start, last = places[match.start()][0], places[match.end() - 1][1]
            marks = _MARKS.match(text, last)
            yield start, marks.end() if marks else last


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def _sentences(found: pd.DataFrame, once: bool) -> list[str]:
    """Say what was found, a sentence a kind, and what is done about it."""
    done = "Counted once." if once else "copies='once' (--copies once) counts once."
    told = []
    across = found["group"] != found["group_of"]
    for kind, one, several in _KINDS:
        for both, where in ((False, "another of the same group"), (True, "one of the other group")):
            rows = found[(found["kind"] == kind) & (across == both)]
            if rows.empty:
                continue
            many, row = rows["document"].nunique(), rows.iloc[0]
            settled = "" if both else f" {done}"
            says = f"1 document {one}" if many == 1 else f"{many} documents {several}"
            told.append(f"{says} {where} ({row['document']}: {row['copy_of']}).{settled}")
    if len(rows := found[found["kind"] == "repeated"]):
        says = "1 document repeats" if len(rows) == 1 else f"{len(rows)} documents repeat"
        told.append(
            f"{says} whole paragraphs, {rows['words'].sum():,} words "
            f"({rows['document'].iloc[0]}). {done}"
        )
    return told


def look(corpus: Corpus) -> pd.DataFrame:
    """Return what a reader should know of the texts before any inference.

    Parameters
    ----------
    corpus : the two groups

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
    return pd.DataFrame(rows, columns=CHECKS)


Row = tuple[str, int, int, str, str, str]

Check = Callable[[Sequence[Document]], list[Row]]


def _row(name: str, cure: str, hits: list[tuple[Document, list[str]]]) -> list[Row]:
    """Return one row of what was found in documents, none where nothing was."""
    held = [(document, found) for document, found in hits if found]
    if not held:
        return []
    many = sum(len(found) for _, found in held)
    first, found = held[0]
    return [(name, len(held), many, " ".join(found[0].split())[:60], first.id, cure)]


def _markup(documents: Sequence[Document]) -> list[Row]:
    rows: list[Row] = []
    for what in ("tags", "entities"):
        hits = [(d, markup_found(d.edited.text)[what]) for d in documents]
        rows += _row(f"{what} of web pages", "add --clean markup", hits)
    return rows


def _misread(documents: Sequence[Document]) -> list[Row]:
    hits = [
        (d, [d.edited.text[e.start : e.end] for e in mend_misread(d.edited.text)])
        for d in documents
    ]
    return _row("characters read in a wrong encoding", "add --clean misread", hits)


def _lost(documents: Sequence[Document]) -> list[Row]:
    held = [d for d in documents if "\ufffd" in d.edited.text]
    hits = [(d, re.findall(r"\S{0,20}\ufffd\S{0,20}", d.edited.text)) for d in held]
    return _row("characters lost", "take the texts from their source again", hits)


def _versions(documents: Sequence[Document]) -> list[Row]:
    held = [d for d in documents if any(mark * 7 in d.edited.text for mark in "<>=")]
    hits = [(d, _VERSIONS.findall(_lines(d))) for d in held]
    return _row("marks of version control", "add --clean versions", hits)


def _patterns(documents: Sequence[Document]) -> list[Row]:
    rows: list[Row] = []
    for name, rule in _TAKEN.items():
        hits = [(d, _found(_lines(d), *CLEANING[rule])) for d in documents]
        rows += _row(name, f"add --clean {rule}", hits)
    return rows


def _found(text: str, rule: Rule) -> list[str]:
    """Return what a rule would take away."""
    return [text[edit.start : edit.end] for edit in rule(text)]


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
    return _row(
        "long texts without paragraphs",
        "part paragraphs by a blank line, or add --verse where each line is one",
        hits,
    )


def _short(documents: Sequence[Document]) -> list[Row]:
    hits = [(d, [d.edited.text]) for d in documents if len(d.edited.text.split()) < SHORT]
    cure = "leave them out, or join those of one source: --cluster COLUMN"
    return _row(f"texts of fewer than {SHORT} words", cure, hits)


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
        example = f"as in {own['copy_of'].iloc[0]}" if kind != "repeated" else ""
        first = str(own["document"].iloc[0])
        cure = "take it out of one group" if str(both) == "True" else "add --copies once"
        rows.append((name, own["document"].nunique(), len(own), example, first, cure))
    return rows


def _languages(documents: Sequence[Document]) -> list[Row]:
    other = [(d, d.seems) for d in documents]
    hits = [(d, [name]) for d, name in other if name not in ("", d.language)]
    names = Counter(name for _, (name,) in hits).most_common(1)
    cure = "leave them out, or compare them apart"
    if names and names[0][1] >= sum(name == "" or name == d.language for d, name in other):
        cure = _cure_of(names[0][0])
    unknown = [(d, [d.edited.text]) for d, name in other if not name]
    short = [d for d, (text,) in unknown if len(text.split()) < ENOUGH]
    together: dict[str, list[Document]] = defaultdict(list)
    for label in dict.fromkeys(d.group for d in short):
        own = [d for d in short if d.group == label]
        together[language_of("\n".join(d.edited.text for d in own))] += own
    strays = [
        row
        for name, own in together.items()
        if name not in ("", documents[0].language)
        for row in _row(
            f"texts of fewer than {ENOUGH} words that together seem to be in {name.capitalize()}",
            _cure_of(name),
            [(d, [d.edited.text]) for d in own],
        )
    ]
    strange = [(d, text) for d, text in unknown if hardly_in(d.edited.text, d.language)]
    said = f"texts with hardly a function word of {documents[0].language.capitalize()}"
    return [
        *_row("texts that seem to be in another language", cure, hits),
        *strays,
        *_row(said, "name their language: --language NAME, or --stopwords FILE", strange),
    ]


def _cure_of(language: str) -> str:
    """Return how texts are read that are in a language."""
    own = "give their function words: --stopwords FILE"
    return f"add --language {language}" if language in languages() else own


def _spellings(documents: Sequence[Document]) -> list[Row]:
    """Find words that stand with a hyphen or points and without them, which count as two terms."""
    words = Counter(token for d in documents for own in d.tokens() for token in own)
    tied = {token: n for token, n in words.items() if _is_tied(token)}
    plain = {token.replace("-", "").replace(".", ""): token for token in sorted(tied)}
    untied = {token: words[token] for token in plain if token in words}
    found = [
        t
        for t, n in sorted(untied.items())
        if min(n, tied[plain[t]]) >= STANDS and t not in stop_words()  # "u.s." is not "us"
    ]
    if not found:
        return []
    term = max(found, key=lambda t: (untied[t], t))
    terms = {*found, *(plain[t] for t in found)}
    held = [d for d in documents if any(terms & set(own) for own in d.tokens())]
    where = next((d.id for d in held if any(plain[term] in own for own in d.tokens())), "")
    example = f"{plain[term]} ({tied[plain[term]]}), {term} ({untied[term]})"
    return [("spellings of one word", len(held), len(found), example, where, "spell it alike")]


def _is_tied(token: str) -> bool:
    return ("-" in token or "." in token) and token.replace("-", "").replace(".", "").isalpha()


_CHECKS: tuple[Check, ...] = (
    _lost, _misread, _markup, _versions, _patterns, _joined, _paragraphs, _short, _copies,
    _languages, _spellings,
)  # fmt: skip

_SERIOUS = (_lost, _misread, _markup, _versions, _joined, _short, _languages)


def notices(documents: Sequence[Document]) -> list[str]:
    """Say what would come back as findings, a sentence each."""
    return [_told(row) for check in _SERIOUS for row in check(documents)]


def _told(row: Row) -> str:
    name, many, found, example, where, cure = row
    shown = f", as {example!r}" if example else ""
    texts = f"{many} text{'s' * (many > 1)}"
    return f"{found} × {name} in {texts} ({where}{shown}){'; cure: ' + cure if cure else ''}."


def beyond(corpus: Corpus, found: pd.DataFrame) -> list[str]:
    """Return the notices of a corpus that say what stands in no row of ``look``."""
    rows = {_told(row) for row in found.itertuples(index=False, name=None)}
    rows |= set(_sentences(find_copies(corpus.documents), once=False))
    return [notice for notice in corpus.notices if notice not in rows]
