"""What a topic model is fitted to: passages, and those of their terms that can name a topic.

A model of whole documents sees only what documents have in common from end to end; subjects come
and go within them. So topics are fitted to *passages*, runs of paragraphs of about equal length,
and inferred on *units*: whole documents, or the passages themselves where a group has too few
documents to be units.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.inference.weights import Flags
from analysis.text import Counts

MIN_UNITS = 2  # a term of one unit only says nothing of what units share
ENOUGH, PER_DOCUMENTS = 5, 10  # a term stands in 1 of 10 documents, or in 5 of them
MAX_SHARE = 0.5  # a term of more than half of the passages names no topic


@dataclass(frozen=True, eq=False)
class Material:
    """What the model is fitted to, and what it is inferred on.

    Attributes
    ----------
    units : one row a unit of inference, the target's first; units without any kept term are left
        out
    terms : the kept terms, sorted
    counts : units × terms
    target : True where a unit is the target's
    passages : one row a passage; of a unit that is not cut, the unit itself
    pieces : passages × terms
    unit_of : the place of each passage's unit
    left_out : how many units hold no kept term
    duplicates : how many passages are copies of an earlier one, term by term
    """

    units: pd.DataFrame
    terms: tuple[str, ...]
    counts: sparse.csr_array
    target: Flags
    passages: pd.DataFrame
    pieces: sparse.csr_array
    unit_of: np.ndarray
    left_out: int = 0
    duplicates: int = 0


def material_of(passages: Counts, *, documents: bool = False) -> Material:
    """Keep the terms that can name a topic.

    Kept are the terms in at least two passages and at most half of them, and in a tenth of the
    documents, of which five are enough and two the least if there are as many. Function words and
    bare numbers are no terms. A passage that holds the same terms as often as an
    earlier one is a copy of it. Copies are kept, because they are part of what was published, and
    counted in ``duplicates``; but a copy is no second passage that would make two texts share a
    term, and it is left out together with its original when passages are left out
    (``measure_quality``).

    Parameters
    ----------
    passages : as from ``count_terms``
    documents : whether whole documents are the units of inference; otherwise the passages are

    Raises
    ------
    InputError
        No term is kept, or fewer than two units of a group hold one.

    Examples
    --------
    >>> from analysis.text import count_terms, load_corpus
    >>> material_of(count_terms(load_corpus())).counts.shape
    (38, 337)
    """
    place, firsts = np.unique(passages.units["document"], return_index=True)
    number = np.searchsorted(place, passages.units["document"])
    order = np.argsort(np.argsort(firsts))  # documents in the order in which they come
    document = order[number]
    first = first_copies(passages.matrix)
    kept = _kept(passages, first, document)
    pieces = sparse.csr_array(passages.matrix[:, kept])
    held = np.flatnonzero(np.asarray(pieces.sum(axis=1)).ravel() > 0)
    unit = document if documents else np.arange(len(document))
    own, unit_of = np.unique(unit[held], return_inverse=True)
    target = passages.target[held[np.unique(unit_of, return_index=True)[1]]]
    _refuse_single_units(passages, target)
    pieces = sparse.csr_array(pieces[held])
    return Material(
        _units(passages.units, unit, own) if documents else _renumbered(passages.units, held),
        tuple(passages.terms[i] for i in kept),
        summed(pieces, unit_of),
        target,
        passages.units.iloc[held].reset_index(drop=True),
        pieces,
        unit_of,
        len(np.unique(unit)) - len(own),
        int((first != np.arange(len(first)))[held].sum()),
    )


def summed(rows: sparse.csr_array, group: np.ndarray) -> sparse.csr_array:
    """Add up the rows of each group.

    >>> summed(sparse.csr_array([[1, 0], [2, 0], [0, 3]]), np.array([0, 0, 1])).toarray().tolist()
    [[3, 0], [0, 3]]
    """
    return sparse.csr_array(membership(group) @ rows)


def membership(group: np.ndarray) -> sparse.csr_array:
    """Return groups × members, 1 where one belongs to the other."""
    ones = np.ones(len(group), dtype=np.int64)
    return sparse.csr_array((ones, (group, np.arange(len(group)))))


def first_copies(counts: sparse.csr_array) -> np.ndarray:
    """Return for each row the first row that holds the same terms as often, mostly itself.

    >>> first_copies(sparse.csr_array([[1, 0], [2, 0], [1, 0]])).tolist()
    [0, 1, 0]
    """
    rows = sparse.csr_array(counts)
    rows.sum_duplicates()
    seen: dict[bytes, int] = {}
    spans = [slice(*rows.indptr[i : i + 2]) for i in range(rows.shape[0])]
    keys = [rows.indices[s].tobytes() + rows.data[s].tobytes() for s in spans]
    return np.array([seen.setdefault(key, number) for number, key in enumerate(keys)])


def first_to_last(counts: sparse.csr_array) -> np.ndarray:
    """Return an order of the rows that depends on their words alone.

    >>> first_to_last(sparse.csr_array([[0, 1], [2, 0], [1, 0]])).tolist()
    [2, 1, 0]
    """
    rows = sparse.csr_array(counts)
    rows.sort_indices()
    spans = [slice(*rows.indptr[i : i + 2]) for i in range(rows.shape[0])]
    keys = [(rows.indices[s].tolist(), rows.data[s].tolist()) for s in spans]
    return np.array(sorted(range(len(keys)), key=lambda row: (keys[row], row)))


def check_k(k: int, data: Material, anchored: int = 0) -> None:
    """Refuse a number of topics that the passages, the terms or the anchored topics cannot bear."""
    if k < 2:
        raise InputError(f"A topic model needs at least 2 topics, got k={k}.")
    if k < anchored:
        raise InputError(f"There are anchor words for {anchored} topics, more than k={k}: raise k.")
    passages, terms = data.pieces.shape
    if k > min(passages - data.duplicates, terms):
        copies = f", {data.duplicates} of them copies" if data.duplicates else ""
        raise InputError(
            f"There are {passages} units{copies} and {terms} terms, too few for k={k} topics: ask "
            "for fewer topics, or give longer texts or a smaller unit_tokens=."
        )


def _kept(passages: Counts, first: np.ndarray, document: np.ndarray) -> np.ndarray:
    """Return the columns of the terms that can name a topic."""
    distinct = np.flatnonzero(first == np.arange(len(first)))
    present = (passages.matrix[distinct] > 0).astype(np.int64)
    spread = np.asarray(present.sum(axis=0)).ravel()
    within = np.asarray((summed(present, document[distinct]) > 0).sum(axis=0)).ravel()
    least = min(ENOUGH, (document.max() + 1) // PER_DOCUMENTS)
    kept = np.flatnonzero(
        (spread >= MIN_UNITS) & (within >= least) & (spread <= MAX_SHARE * len(distinct))
    )
    if not len(kept):
        raise InputError(
            f"No term is left for topics: of {len(passages.terms)} terms none stands in at least "
            f"{max(MIN_UNITS, least)} and at most half of the {len(distinct)} different units. "
            "Give longer texts, more documents, or a smaller unit_tokens=."
        )
    return kept


def _renumbered(units: pd.DataFrame, held: np.ndarray) -> pd.DataFrame:
    return units.iloc[held].reset_index(drop=True)


def _units(passages: pd.DataFrame, unit: np.ndarray, own: np.ndarray) -> pd.DataFrame:
    """Return whole documents, each as long as its passages together."""
    rows = passages.assign(unit=unit).groupby("unit", as_index=False)
    whole = rows.agg(
        {
            "document": "first", "group": "first", "first_sentence": "first",
            "last_sentence": "last", "start": "first", "end": "last", "tokens": "sum",
        }
    )  # fmt: skip
    return whole[whole["unit"].isin(own)].reset_index(drop=True)


def _refuse_single_units(passages: Counts, target: Flags) -> None:
    for side, given in ((target, passages.target), (~target, ~passages.target)):
        if (found := int(side.sum())) < 2:
            label = passages.units.loc[given, "group"].iloc[0] if given.any() else "of one side"
            raise InputError(
                f"Group {label!r} has {found} unit{'' if found == 1 else 's'} with a term shared "
                "with another unit, so nothing can be said of its topics: give it a longer text."
            )
