"""What a topic model is fitted to: the units, and those of their terms that can name a topic."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import InputError
from analysis.inference.weights import Flags
from analysis.text import Counts

MIN_UNITS = 2  # a term of one unit only says nothing of what units share
MAX_SHARE = 0.5  # a term of more than half of the units names no topic


@dataclass(frozen=True)
class Material:
    """What the model is fitted to.

    Attributes
    ----------
    units : one row a unit, the target's first; units without any kept term are left out
    terms : the kept terms, sorted
    counts : units × terms
    target : True where a unit is the target's
    left_out : how many units hold no kept term
    duplicates : how many units are copies of an earlier one, term by term
    """

    units: pd.DataFrame
    terms: tuple[str, ...]
    counts: sparse.csr_array
    target: Flags
    left_out: int
    duplicates: int = 0


def material_of(counts: Counts) -> Material:
    """Keep the terms that stand in at least two units and in at most half of them.

    Function words and bare numbers are no terms. A unit that holds the same terms as often as an
    earlier one is a copy of it. Copies are kept, because they are part of what was published, and
    counted in ``duplicates``; but a copy is no second unit that would make two texts share a term,
    and it is left out together with its original when units are left out (``measure_quality``).

    Parameters
    ----------
    counts : as from ``count_terms``

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
    first = first_copies(counts.matrix)
    distinct = np.flatnonzero(first == np.arange(len(first)))
    spread = np.asarray((counts.matrix[distinct] > 0).sum(axis=0)).ravel()
    kept = np.flatnonzero((spread >= MIN_UNITS) & (spread <= MAX_SHARE * len(distinct)))
    if not len(kept):
        raise InputError(
            f"No term is left for topics: of {len(counts.terms)} terms none stands in at least "
            f"{MIN_UNITS} and at most half of the {len(distinct)} different units. Give longer "
            "texts, more documents, or a smaller unit_tokens=."
        )
    matrix = sparse.csr_array(counts.matrix[:, kept])
    filled = np.asarray(matrix.sum(axis=1)).ravel() > 0
    _refuse_single_units(counts, filled)
    return Material(
        counts.units[filled].reset_index(drop=True),
        tuple(counts.terms[i] for i in kept),
        sparse.csr_array(matrix[np.flatnonzero(filled)]),
        counts.target[filled],
        int((~filled).sum()),
        int((first != np.arange(len(first)))[filled].sum()),
    )


def first_copies(counts: sparse.csr_array) -> np.ndarray:
    """Return for each unit the first unit that holds the same terms as often, mostly itself.

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
    """Return an order of the units that depends on their words alone.

    >>> first_to_last(sparse.csr_array([[0, 1], [2, 0], [1, 0]])).tolist()
    [2, 1, 0]
    """
    rows = sparse.csr_array(counts)
    rows.sort_indices()
    spans = [slice(*rows.indptr[i : i + 2]) for i in range(rows.shape[0])]
    keys = [(rows.indices[s].tolist(), rows.data[s].tolist()) for s in spans]
    return np.array(sorted(range(len(keys)), key=lambda unit: (keys[unit], unit)))


def check_k(k: int, data: Material, anchored: int = 0) -> None:
    """Refuse a number of topics that the units, the terms or the anchored topics cannot bear."""
    if k < 2:
        raise InputError(f"A topic model needs at least 2 topics, got k={k}.")
    if k < anchored:
        raise InputError(f"There are anchor words for {anchored} topics, more than k={k}: raise k.")
    units, terms = data.counts.shape
    if k > min(units - data.duplicates, terms):
        copies = f", {data.duplicates} of them copies" if data.duplicates else ""
        raise InputError(
            f"There are {units} units{copies} and {terms} terms, too few for k={k} topics: ask for "
            "fewer topics, or give longer texts or a smaller unit_tokens=."
        )


def _refuse_single_units(counts: Counts, filled: Flags) -> None:
    for side in (counts.target, ~counts.target):
        if (found := int((side & filled).sum())) < 2:
            label = counts.units.loc[side, "group"].iloc[0] if side.any() else "of one side"
            raise InputError(
                f"Group {label!r} has {found} unit{'' if found == 1 else 's'} with a term shared "
                "with another unit, so nothing can be said of its topics: give it a longer text."
            )
