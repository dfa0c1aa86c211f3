"""Evidence: every occurrence of a term, with its sentence and its place in the raw text."""

from collections.abc import Collection, Iterator

import pandas as pd

from analysis.corpus import Corpus, Document
from analysis.counts import token_spans, tokenize
from analysis.errors import InputError

COLUMNS = [
    "document", "group", "sentence", "term", "position", "start", "end", "left", "node", "right",
]  # fmt: skip
SORTS = ("text", "left", "right")


def occurrences(corpus: Corpus, terms: Collection[str]) -> pd.DataFrame:
    """Return where each of the terms stands, in text order.

    Parameters
    ----------
    corpus : the two groups
    terms : tokens, as ``tokenize`` gives them

    Returns
    -------
    DataFrame
        One row an occurrence: ``document, group, sentence, term``; ``position``, the share of the
        document's tokens that come before it; ``start, end``, offsets into the raw text; ``left,
        node, right``, the clean sentence around it.
    """
    wanted = frozenset(terms)
    rows = [row for document in corpus.documents for row in _find(document, wanted)]
    return pd.DataFrame(rows, columns=COLUMNS)


def concordance(
    corpus: Corpus, term: str, *, sort: str = "text", characters: int = 60
) -> pd.DataFrame:
    """Return a term's occurrences as key words in context (KWIC), within their sentences.

    Parameters
    ----------
    corpus : the two groups
    term : a token
    sort : ``text`` for the order of the text, ``right`` for that of the words after the node,
        ``left`` for that of the words before it, the nearest first
    characters : how much context to show on either side

    Returns
    -------
    DataFrame
        As from ``occurrences``, the context cut to length.

    Raises
    ------
    InputError
        The term does not occur, or the order is unknown.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> concordance(load_corpus(), "airbase")["node"].tolist()
    ['airbase']
    """
    if sort not in SORTS:
        raise InputError(f"sort is one of {', '.join(SORTS)}; got {sort!r}.")
    found = occurrences(corpus, [term])
    if found.empty:
        raise InputError(
            f"The term {term!r} does not occur; terms are case-folded tokens without a possessive "
            "(“Iran's” is 'iran')."
        )
    step = {"text": 0, "left": -1, "right": 1}[sort]
    if step:
        found = found.sort_values(
            sort, key=lambda side: side.map(lambda s: tokenize(s)[::step]), kind="stable"
        )
    left, right = found["left"].str[-characters:], found["right"].str[:characters]
    return found.assign(left=left, right=right).reset_index(drop=True)


def _find(document: Document, wanted: frozenset[str]) -> Iterator[tuple[object, ...]]:
    text = document.edited.text
    tokens = [
        (number, begin, finish, begin + start, begin + end, token)
        for number, (_, begin, finish) in enumerate(document.sentence_spans)
        for start, end, token in token_spans(text[begin:finish])
    ]
    for place, (number, begin, finish, start, end, token) in enumerate(tokens):
        if token in wanted:
            raw = document.edited.raw_span(start, end)
            context = text[begin:start], text[start:end], text[end:finish]
            share = place / len(tokens)
            yield document.id, document.group, number, token, share, *raw, *context
