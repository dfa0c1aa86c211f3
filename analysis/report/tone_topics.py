"""How much of a contrast of tone is another mix of topics: the two analyses joined."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.result import Result
from analysis.text import Corpus
from analysis.tone.parts import tone_split
from analysis.tone.sentences import read
from analysis.topicmodels import topics


@dataclass(frozen=True)
class TopicSplit:
    """A contrast of tone, split by topics.

    Attributes
    ----------
    table : as from ``tone_split``: the row ``all``, then one a topic, by its label; empty where
        there is nothing to split
    stable : whether the topics are stable, by the rule of ``measure_stability``
    note : empty, or why the table is
    """

    table: pd.DataFrame
    stable: bool
    note: str = ""


def topic_split(corpus: Corpus, found: Result | None = None) -> TopicSplit:
    """Split the contrast of calibrated tone into a mix of topics and a tone within them.

    Units without a sentence of defined tone are left out. Texts that no topic model can be fitted
    to give an empty table and a note, since their tone may be sound all the same.

    Parameters
    ----------
    corpus : the two groups
    found : as from ``topics``, of the same corpus; fitted if left out
    """
    try:
        found = found or topics(corpus)
    except InputError as reason:
        return TopicSplit(pd.DataFrame(), stable=False, note=str(reason))
    sums, sizes = _tone_of_units(corpus, found.units)
    long = found.parts["shares"].pivot_table(index="unit", columns="topic", values="share")
    shares = long.reindex(found.units["unit"]).to_numpy()
    target = (found.units["group"] == corpus.target.label).to_numpy()
    held = sizes > 0
    if min((held & target).sum(), (held & ~target).sum()) < 2:
        note = "A group has fewer than two units whose sentences have a tone."
        return TopicSplit(pd.DataFrame(), found.facts["stable"], note)
    labels = found.table.sort_values("topic")["label"]
    names = list(labels) if labels.is_unique else None
    table = tone_split(sums[held], sizes[held], shares[held], target[held], names=names)
    return TopicSplit(table, found.facts["stable"])


def _tone_of_units(corpus: Corpus, units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the sum of tone of each unit's sentences, and how many have one."""
    tones = corpus.sentences[["document", "sentence"]].assign(tone=read(corpus).tone)
    texts = {id: own["tone"].to_numpy() for id, own in tones.groupby("document")}
    spans = units[["document", "first_sentence", "last_sentence"]].itertuples(index=False)
    own = [texts[document][first : last + 1] for document, first, last in spans]
    sums = np.array([np.nansum(tone) for tone in own])
    return sums, np.array([np.isfinite(tone).sum() for tone in own])
