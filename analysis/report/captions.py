"""What every caption says beside its own: the sample, the guard, and the record behind it."""

from typing import Any

import pandas as pd

from analysis.text import Corpus, Group
from analysis.text.units import MANY_DOCUMENTS


def sample(corpus: Corpus, units: pd.DataFrame, unit: str) -> str:
    """Say how many units and tokens each group has, and what a unit is.

    Parameters
    ----------
    corpus : the two groups
    units : as from ``cut_units``
    unit : what a unit is, in words, as from ``unit_name``
    """
    return f"{'; '.join(_size(group, units) for group in corpus.groups)}; units are {unit}."


def guard(corpus: Corpus) -> str:
    """Say what the design cannot tell apart, in one sentence."""
    counts = [_documents(corpus, group) for group in corpus.groups]
    labels = " and ".join(group.label for group in corpus.groups)
    if max(counts) == 1:
        return (
            f"The comparison is of these two texts, not of {labels} at large: date, outlet, author "
            "and length cannot be told apart."
        )
    if min(counts) == 1:
        return "One group is a single text: what marks its group and what marks it are the same."
    if min(counts) < MANY_DOCUMENTS:
        return (
            f"The comparison is of these {sum(counts)} texts, not of {labels} at large; with so "
            "few, differences between texts of one group are not allowed for."
        )
    return f"The comparison is of these {sum(counts)} texts, not of {labels} at large."


def record(corpus: Corpus, *, seed: int | None = None, **settings: Any) -> dict[str, Any]:
    """Return a figure's record: sha256 of every text, settings, seed."""
    texts = {document.id: document.sha256 for document in corpus.documents}
    return {"texts": texts, "settings": settings, "seed": seed}


def made(table: pd.DataFrame) -> dict[str, Any]:
    """Return what an analysis was asked for: seed, draws, words of a unit, as its table says."""
    return {str(key): value for key, value in table.attrs.items()}


def _size(group: Group, units: pd.DataFrame) -> str:
    own = units.loc[units["group"] == group.label, "tokens"]
    return f"{group.label} ({group.role}): {len(own)} units, {own.sum():,} tokens"


def _documents(corpus: Corpus, group: Group) -> int:
    return sum(document.group == group.label for document in corpus.documents)
