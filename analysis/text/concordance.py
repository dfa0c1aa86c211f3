"""Evidence: every occurrence of a term, with its sentence and its place in the raw text.

A term is counted by its key, case-folded; readers see it as the texts write it (``as_written``).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.text.beyond_words import Concept, listed_words
from analysis.text.documents import Corpus, Document, kept
from analysis.text.tokens import token_spans

COLUMNS = [
    "document", "group", "sentence", "term", "position", "start", "end", "left", "node", "right",
]  # fmt: skip
SORTS = ("text", "left", "right")
APOSTROPHES = "'’‘ʼ"
Found = tuple[Any, ...]  # the cells of COLUMNS


def occurrences(corpus: Corpus, terms: Collection[str], *, in_names: bool = False) -> pd.DataFrame:
    """Return where each of the terms stands, in text order.

    Parameters
    ----------
    corpus : the two groups
    terms : tokens, as ``tokenize`` gives them, or phrases: tokens of one sentence joined by spaces
    in_names : whether a word is also found inside a declared name of several words, in which it is
        no term (``count_terms``)

    Returns
    -------
    DataFrame
        One row an occurrence, the longest first of those that begin at one token: ``document,
        group, sentence, term``; ``position``, the share of the document's tokens that come before
        it; ``start, end``, offsets into the raw text; ``left, node, right``, the clean sentence
        around it.
    """
    wanted = _by_length(terms)
    names = _by_length(() if in_names else corpus.names)
    rows = [
        row
        for document in corpus.documents
        for row in _outside(_find(document, wanted), _find(document, names))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def first_occurrences(corpus: Corpus, terms: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Return where each of a group's terms first stands in it.

    Parameters
    ----------
    corpus : the two groups
    terms : label of a group -> its terms, as in ``occurrences``

    Returns
    -------
    DataFrame
        As from ``occurrences``, at most one row a group and term. No further text is read once all
        have been found.

    Examples
    --------
    >>> from analysis import load_texts
    >>> corpus = load_texts(["Cats sleep. Cats eat.", "Cats play."], ["Dogs bark."])
    >>> first_occurrences(corpus, {"target": ["cats", "play"]})["right"].tolist()
    [' sleep.', '.']
    """
    missing = {group: _by_length(own) for group, own in terms.items()}
    names = _by_length(corpus.names)
    rows = []
    for document in corpus.documents:
        wanted = missing.get(document.group, {})
        if not any(wanted.values()):
            continue
        for row in _outside(_find(document, wanted), _find(document, names)):
            term = row[COLUMNS.index("term")]
            wanted[len(term.split(" "))].remove(term)  # so that it is found no more
            rows.append(row)
    return pd.DataFrame(rows, columns=COLUMNS)


def _by_length(terms: Collection[str]) -> dict[int, set[str]]:
    """Return terms by how many tokens they have, the longest first."""
    found: dict[int, set[str]] = {}
    for term in terms:
        found.setdefault(len(term.split(" ")), set()).add(term)
    return dict(sorted(found.items(), reverse=True))


def _outside(rows: Iterator[Found], names: Iterator[Found]) -> Iterator[Found]:
    """Leave out the single words of a document that stand inside a name."""
    term, start, end = (COLUMNS.index(name) for name in ("term", "start", "end"))
    spans: dict[int, int] = {}
    for row in names:
        spans.setdefault(row[start], row[end])  # of names that begin alike the longest
    starts = list(spans)
    for row in rows:
        place = bisect_right(starts, row[start]) - 1
        if " " in row[term] or place < 0 or row[start] >= spans[starts[place]]:
            yield row


@kept
def term_places(corpus: Corpus, terms: tuple[str, ...]) -> pd.DataFrame:
    """Return where terms stand along their groups; see ``along_groups``."""
    return along_groups(corpus, occurrences(corpus, terms))


def along_groups(corpus: Corpus, places: pd.DataFrame) -> pd.DataFrame:
    """Place occurrences along all documents of their group, laid end to end.

    Parameters
    ----------
    corpus : the two groups
    places : as from ``occurrences``

    Returns
    -------
    DataFrame
        ``document, group, term, position``: the share of the group's tokens that come before it.
    """
    start, share = {}, {}
    tokens = pd.Series(corpus.sentence_tokens).groupby(corpus.sentences["document"]).sum()
    for group in corpus.groups:
        own = [document.id for document in corpus.documents if document.group == group.label]
        total, before = sum(tokens[id] for id in own), 0
        for id in own:
            start[id], share[id] = before / total, tokens[id] / total
            before += tokens[id]
    position = places["document"].map(start) + places["position"] * places["document"].map(share)
    return places[["document", "group", "term"]].assign(position=position)


def concept_occurrences(corpus: Corpus, concepts: Sequence[Concept]) -> pd.DataFrame:
    """Return where the words of each concept stand, in text order.

    A word inside a longer one is passed over, as ``count_concepts`` does: there are as many rows
    as it counts.

    Parameters
    ----------
    corpus : the two groups
    concepts : as from ``load_concepts``

    Returns
    -------
    DataFrame
        As from ``occurrences``, ``term`` holding words of the lists; and ``concept``, its name.
    """
    place = {" ".join(word): name for word, name in listed_words(corpus, concepts).items()}
    found = occurrences(corpus, place, in_names=True)
    behind: dict[str, int] = {}  # where reading goes on, by document
    taken = []
    for document, start, end in zip(found["document"], found["start"], found["end"], strict=True):
        taken.append(start >= behind.get(document, 0))
        behind[document] = end if taken[-1] else behind[document]
    kept = found[taken].reset_index(drop=True)
    return kept.assign(concept=kept["term"].map(place))


def concordance(
    corpus: Corpus, terms: str | Collection[str], *, sort: str = "text"
) -> pd.DataFrame:
    """Return the occurrences of one keyword, or of its forms, as key words in context (KWIC).

    Parameters
    ----------
    corpus : the two groups
    terms : a token or a phrase, or several that are read as one
    sort : as in ``sort_lines``

    Returns
    -------
    DataFrame
        As from ``occurrences``: each line is a whole sentence.

    Raises
    ------
    InputError
        No term occurs, or the order is unknown.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> concordance(load_corpus(), "airbase")["node"].tolist()
    ['airbase']
    """
    wanted = [terms] if isinstance(terms, str) else list(terms)
    found = sort_lines(corpus, occurrences(corpus, wanted), sort)
    if found.empty:
        raise InputError(
            f"The term {', '.join(map(repr, wanted))} does not occur; terms are case-folded tokens "
            "without a possessive (“Iran's” is 'iran')."
        )
    return found


def sort_lines(corpus: Corpus, found: pd.DataFrame, sort: str) -> pd.DataFrame:
    """Return occurrences in a concordancer's order, numbered anew.

    ``right`` goes by the first word after the node, then the second and so on (1R, 2R, 3R, ...),
    and among lines alike there by the words before it, the nearest first (1L, 2L, ...); ``left``
    the other way about; ``text`` keeps the order of the text, which also settles what is alike on
    both sides. A line that ends comes before one that goes on.

    Parameters
    ----------
    corpus : the two groups
    found : as from ``occurrences``
    sort : ``text``, ``left`` or ``right``

    Raises
    ------
    InputError
        The order is unknown.
    """
    if sort not in SORTS:
        raise InputError(f"sort is one of {', '.join(SORTS)}; got {sort!r}.")
    if sort == "text":
        return found.reset_index(drop=True)
    words = _beside(corpus, found)
    sides = slice(None, None, 1 if sort == "right" else -1)
    order = sorted(range(len(found)), key=lambda line: words[line][sides])
    return found.iloc[order].reset_index(drop=True)


def _beside(corpus: Corpus, found: pd.DataFrame) -> list[tuple[list[str], list[str]]]:
    """Return the tokens after each occurrence in its sentence, and those before it, backwards."""
    read = {id: corpus.document(id).token_spans for id in found["document"].unique()}
    before = {id: list(accumulate(map(len, own), initial=0)) for id, own in read.items()}
    beside = []
    for id, sentence, term, position in zip(
        *(found[name] for name in ("document", "sentence", "term", "position")), strict=True
    ):
        place = round(position * before[id][-1]) - before[id][sentence]
        tokens = [token for *_, token in read[id][sentence]]
        beside.append((tokens[place + len(term.split(" ")) :], tokens[:place][::-1]))
    return beside


def as_written(corpus: Corpus, term: str) -> str:
    """Return a term or a phrase in the form in which the texts mostly write it.

    A word that opens its sentence has a capital for that reason, so such places tell nothing; a
    word that stands nowhere else is left as it is counted. Of forms equally frequent the first in
    the order of the alphabet is taken.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> [as_written(load_corpus(), term) for term in ("u.s.", "middle east", "began", "objectives")]
    ['U.S.', 'Middle East', 'began', 'objectives']
    """
    return all_as_written(corpus, [term])[0]


def all_as_written(corpus: Corpus, terms: Sequence[str]) -> list[str]:
    """Return each of the terms as the texts mostly write it, see ``as_written``."""
    forms = written_forms(corpus)
    runs = written_runs(corpus, tuple(sorted({term for term in terms if " " in term})))
    return [
        runs.get(term) or " ".join(forms.get(word, word) for word in term.split(" "))
        for term in terms
    ]


def adjacent(corpus: Corpus, terms: Collection[str]) -> dict[tuple[str, str], int]:
    """Return how often one of the terms directly follows another, of those that ever do."""
    wanted = frozenset(terms)
    pairs = Counter(
        pair for tokens in corpus.tokens for pair in pairwise(tokens) if wanted.issuperset(pair)
    )
    return dict(sorted(pairs.items()))


@kept
def written_forms(corpus: Corpus) -> dict[str, str]:
    """Return the most frequent form of every token inside sentences."""
    language = corpus.documents[0].language

    def forms_in(piece: str) -> list[tuple[int, int, str]]:
        return [
            (start, end, f"{token}\n{_without_possessive(piece[start:end], token)}")
            for start, end, token in token_spans(piece, language)
        ]

    found = corpus.pieces.find(forms_in)
    inside = np.ones(len(found.which), dtype=bool)
    inside[found.bounds[:-1][np.diff(found.bounds) > 0]] = False
    counts = np.bincount(found.which[inside], minlength=len(found.kinds)).tolist()
    forms: dict[str, tuple[int, str]] = {}
    pairs = (tuple(kind.split("\n")) for kind in found.kinds)
    for (token, form), count in sorted(zip(pairs, counts, strict=True)):
        if count > forms.get(token, (0, ""))[0]:
            forms[token] = count, form
    return {token: form for token, (_, form) in forms.items()}


@kept
def written_runs(corpus: Corpus, phrases: tuple[str, ...]) -> dict[str, str]:
    """Return the most frequent form of every phrase that does not open all its sentences."""
    if not phrases:
        return {}
    found = occurrences(corpus, phrases)
    inside = found[found["left"].str.contains(r"\w", regex=True)]
    forms = {}
    for term, own in inside.groupby("term"):
        counts = Counter(" ".join(node.split()) for node in own["node"])
        most = max(counts.values())
        first = min(form for form, count in counts.items() if count == most)
        forms[str(term)] = _without_possessive(first, str(term))
    return forms


def _without_possessive(form: str, token: str) -> str:
    """Return a form without a possessive that is no part of the token.

    >>> _without_possessive("Iran's", "iran"), _without_possessive("it's", "it's")
    ('Iran', "it's")
    >>> _without_possessive("Ascott 's", "ascott s")  # where the source sets it apart, a word
    "Ascott 's"
    """
    own = token.endswith(("'s", " s"))
    ends = form[-1:] in "sS" and form[-2:-1] in tuple(APOSTROPHES) and not own
    return form[:-2] if ends else form


def _find(document: Document, wanted: Mapping[int, set[str]]) -> Iterator[Found]:
    """Yield the row of each wanted term in a document, see ``occurrences``."""
    if not wanted:
        return
    text = document.edited.text
    first = {term.split(" ")[0] for terms in wanted.values() for term in terms}
    sentences = list(zip(document.sentence_spans, document.token_spans, strict=True))
    total, before = sum(len(tokens) for _, tokens in sentences), 0
    for number, ((_, begin, finish), tokens) in enumerate(sentences):
        words = [token for *_, token in tokens]
        for place, length, term in _runs(words, wanted, first):
            start, end = tokens[place][0], tokens[place + length - 1][1]
            raw = document.edited.raw_span(start, end)
            context = text[begin:start], text[start:end], text[end:finish]
            yield (
                document.id,
                document.group,
                number,
                term,
                (before + place) / total,
                *raw,
                *context,
            )
        before += len(tokens)


def _runs(
    tokens: list[str], wanted: Mapping[int, set[str]], first: set[str]
) -> Iterator[tuple[int, int, str]]:
    """Yield (place, length, term) of the wanted terms among the tokens of a sentence.

    Parameters
    ----------
    first : words that wanted terms begin with
    """
    for place in [place for place, token in enumerate(tokens) if token in first]:
        for length, terms in wanted.items():
            run = " ".join(tokens[place : place + length])
            if run in terms:
                yield place, length, run
