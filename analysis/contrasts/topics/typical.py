"""Typical units: the passages behind a topic, to be read before it is named."""

import pandas as pd

from analysis.contrasts.topics.table import Topics
from analysis.corpus import Corpus
from analysis.counts import unit_texts


def typical_units(corpus: Corpus, found: Topics, *, count: int = 1) -> pd.DataFrame:
    """Return the units in which each topic has its largest shares.

    Parameters
    ----------
    corpus : the two groups
    found : as from ``topics``
    count : units a topic

    Returns
    -------
    DataFrame
        ``topic, label, rank, group, document, start, end, share, text``; ``start`` and ``end`` are
        offsets into the raw file. Ties go to the earlier unit.
    """
    columns = ["topic", "share", "unit"]
    ranked = found.shares.dropna().sort_values(columns, ascending=[True, False, True])
    first = ranked.groupby("topic").head(count)
    first = first.assign(rank=first.groupby("topic").cumcount() + 1)
    texts = [" ".join(sentences) for sentences in unit_texts(corpus, found.units)]
    units = found.units.assign(text=texts)[["unit", "start", "end", "text"]]
    labels = found.prevalence[["topic", "label"]]
    named = first.merge(units, on="unit").merge(labels, on="topic")
    order = ["topic", "label", "rank", "group", "document", "start", "end", "share", "text"]
    return named.sort_values(["topic", "rank"], ignore_index=True)[order]
