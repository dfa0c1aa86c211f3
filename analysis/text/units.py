"""Units of inference: whole documents, or runs of whole paragraphs of about equal length."""

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.text.documents import Corpus, kept

LEAST_DOCUMENTS = 2  # of a group, for documents to be units
UNIT_TOKENS = 100
LONG = 1.5  # a paragraph of more than this many times the aimed length is cut
UNITS = ["unit", "document", "group", "first_sentence", "last_sentence", "start", "end", "tokens"]


@kept
def cut_units(
    corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS, passages: bool = False
) -> pd.DataFrame:
    """Cut a corpus into units of inference.

    Where both groups have at least two documents, a unit is a document: texts of one kind differ
    from one another by far more than passages of one text do. Otherwise every document of T tokens
    is cut into ``k = max(1, round(T / unit_tokens))`` runs of whole paragraphs: the i-th run ends
    at the paragraph end nearest to token ``i T / k``. A paragraph of over 1.5 times
    ``unit_tokens`` is first cut into runs of whole sentences in the same way. Words come in bursts
    within paragraphs; a cut through one would make its two halves look like independent evidence.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit, in tokens
    passages : whether documents are cut even where whole documents are units

    Returns
    -------
    DataFrame
        One row a unit, the target's documents first: ``unit, document, group, first_sentence,
        last_sentence, start, end, tokens``; ``start`` and ``end`` are offsets into the raw text.
    """
    if unit_tokens < 1:
        raise InputError(f"A unit needs at least one token, got unit_tokens={unit_tokens}.")
    sentences = corpus.sentences.assign(tokens=corpus.sentence_tokens)
    whole = documents_are_units(corpus) and not passages
    documents = [
        d.id for group in corpus.groups for d in corpus.documents if d.group == group.label
    ]
    by_document = dict(tuple(sentences.groupby("document", sort=False)))
    runs = [
        run
        for document in documents
        for run in _runs(by_document[document], None if whole else unit_tokens)
    ]
    return pd.DataFrame([_row(i, run) for i, run in enumerate(runs)], columns=UNITS)


def unit_name(corpus: Corpus, unit_tokens: int = UNIT_TOKENS, *, passages: bool = False) -> str:
    """Say in words what a unit is, for captions; see ``cut_units``."""
    if documents_are_units(corpus) and not passages:
        return "whole documents"
    if unit_tokens == 1:
        return "single sentences, as a group is too short for longer ones"
    return f"runs of whole paragraphs of about {unit_tokens} words"


def documents_are_units(corpus: Corpus) -> bool:
    """Tell whether units are whole documents: both groups have at least two."""
    return fewest_documents(corpus) >= LEAST_DOCUMENTS


def fewest_documents(corpus: Corpus) -> int:
    """Return the number of documents of the group that has fewer."""
    labels = [document.group for document in corpus.documents]
    return min(labels.count(group.label) for group in corpus.groups)


def _runs(sentences: pd.DataFrame, unit_tokens: int | None) -> list[pd.DataFrame]:
    """Cut one document into runs of whole paragraphs, long paragraphs into runs of sentences."""
    tokens = sentences["tokens"].to_numpy()
    if tokens.sum() == 0:
        raise InputError(f"Document {sentences['document'].iloc[0]!r} holds no word: leave it out.")
    if unit_tokens is None:
        return [sentences]
    paragraphs = np.flatnonzero(np.diff(sentences["paragraph"])) + 1
    edges = [0, *paragraphs, len(tokens)]
    atoms = [0]
    for start, end in pairwise(edges):
        if tokens[start:end].sum() > LONG * unit_tokens:
            atoms += [start + cut for cut in _nearest(tokens[start:end], unit_tokens)]
        atoms.append(end)
    sizes = np.array([tokens[a:b].sum() for a, b in pairwise(atoms)])
    cuts = [0, *(atoms[cut] for cut in _nearest(sizes, unit_tokens)), len(tokens)]
    return [sentences.iloc[a:b] for a, b in pairwise(cuts)]


def _nearest(sizes: np.ndarray, unit_tokens: int) -> list[int]:
    """Return where to cut so that the running total comes nearest to each equal share."""
    ends = sizes.cumsum()
    count = max(1, round(ends[-1] / unit_tokens))
    shares = ends[-1] * np.arange(1, count) / count
    nearest = {int(np.abs(ends - share).argmin()) + 1 for share in shares}
    return sorted(cut for cut in nearest if 0 < ends[cut - 1] < ends[-1])


def _row(number: int, run: pd.DataFrame) -> tuple[object, ...]:
    first, last = run.iloc[0], run.iloc[-1]
    return (
        number,
        first["document"],
        first["group"],
        int(first["sentence"]),
        int(last["sentence"]),
        int(first["start"]),
        int(last["end"]),
        int(run["tokens"].sum()),
    )
