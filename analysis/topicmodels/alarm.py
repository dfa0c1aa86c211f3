"""Alarms: topics that are an artefact of the sample, and so are no finding.

A topic *leads* a unit if no other topic has a larger share of it.
"""

import pandas as pd
from scipy.stats import rankdata

from analysis.inference.weights import Flags, Floats
from analysis.numbers import exceeds, largest, reaches, tied
from analysis.topicmodels.stability import RECURS

ONE_UNIT = "leads one unit only"
ONE_DOCUMENT = "leads one document only"
ONE_TEXT = "leads one text only"
LABEL = "tells the groups apart unit by unit"
NOT_STABLE = "does not recur"
DRIFTS = "changes when its words are counted"
DOCUMENT_SHARE = 0.8
SEPARATION = 0.95


def alarms(
    shares: Floats,
    units: pd.DataFrame,
    target: Flags,
    stability: Floats,
    kept: Floats,
    chance: float,
) -> list[str]:
    """Say of every topic why it is no finding, or nothing.

    - *leads one unit only*: or more than half of all its weight lies in one unit;
    - *leads one document only*: four of five units it leads are of one document, though the
      document's group has others;
    - *leads one text only*: all units it leads are of a group that is a single text, so that the
      topic may be that text's own vocabulary: the group label in disguise;
    - *tells the groups apart unit by unit*: a unit of one group has more of it than a unit of the
      other in 19 of 20 pairs: the group label in disguise, whatever the topic seems to be about;
    - *does not recur*: fewer than half of its top terms come back from resampled units, or no more
      than from shuffled ones;
    - *changes when its words are counted*: the words that make up its shares are mostly not those
      by which the model named it.

    Parameters
    ----------
    shares : units × topics, rows sum to 1
    units : one row a unit, with ``document`` and ``group``
    target : True where a unit is the target's
    stability : the share of top terms that come back, per topic
    kept : the share of top terms of the named topic that are top terms of the measured one
    chance : the share of top terms that come back for shuffled units
    """
    leads = largest(shares)
    return [
        "; ".join(
            [
                *_concentration(shares[:, topic], units, leads == topic),
                *([LABEL] if _told_apart(shares[:, topic], target) else []),
                *([NOT_STABLE] if not reaches(stability[topic], max(RECURS, chance)) else []),
                *([DRIFTS] if not reaches(kept[topic], RECURS) else []),
            ]
        )
        for topic in range(shares.shape[1])
    ]


def separation(share: Floats, target: Flags) -> float:
    """Return how often a unit of the target has more of a topic than one of the reference.

    The Mann-Whitney statistic over all pairs, ties counting half: .5 says nothing.

    >>> separation(np.array([0.9, 0.8, 0.1]), np.array([True, True, False]))
    1.0
    """
    n1, n2 = int(target.sum()), int((~target).sum())
    ranks: float = rankdata(tied(share))[target].sum()
    return float((ranks - n1 * (n1 + 1) / 2) / (n1 * n2))


def _told_apart(share: Floats, target: Flags) -> bool:
    found = separation(share, target)
    return bool(reaches(max(found, 1 - found), SEPARATION))


def _concentration(share: Floats, units: pd.DataFrame, led: Flags) -> list[str]:
    """Say whether one unit, one document or one text carries a topic."""
    if led.sum() == 1 or exceeds(share.max(), share.sum() / 2):
        return [ONE_UNIT]
    if not led.any():
        return []
    documents = units.groupby("group")["document"].nunique()
    own = units.loc[led, "document"].value_counts(normalize=True)
    group = units.loc[units["document"] == own.index[0], "group"].iloc[0]
    if documents[group] > 1:
        return [ONE_DOCUMENT] if reaches(own.iloc[0], DOCUMENT_SHARE) else []
    return [ONE_TEXT] if len(own) == 1 else []
