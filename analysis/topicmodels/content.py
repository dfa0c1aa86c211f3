"""Content: how the same topic is worded in each group.

A group may speak of a topic as often as the other and yet in other words. The last draw of the
posterior gives every word of every unit a topic (or the background). Within one topic, the words
given to it are counted term by term and compared between the groups as terms are in keyness.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference import count_test, log_ratio_interval
from analysis.inference.weights import Flags
from analysis.numbers import ordered

LEAST_UNITS = 2  # that hold words of the topic, in either group
WORDING = [
    "topic", "label", "term", "n_target", "n_reference", "rate_target", "rate_reference",
    "log_ratio", "ci_low", "ci_high", "p_value", "p_family",
]  # fmt: skip


def wording(
    assigned: list[sparse.csr_array], terms: tuple[str, ...], target: Flags, labels: list[str]
) -> pd.DataFrame:
    """Compare the groups' words within each topic.

    The counts are a single draw of each word's topic, because the test needs whole numbers: the
    most likely topic of every word would favour, in a group that holds less of a topic, the words
    that no other topic has. The model does not know the groups, so that where a topic is worded
    alike in both, its words differ by chance only.

    Parameters
    ----------
    assigned : topics × units × terms, words given to each topic
    terms : the terms
    target : True where a unit is the target's
    labels : of the topics

    Returns
    -------
    DataFrame
        One row a topic and term, by topic, p-value and term. ``n_…``: occurrences given to the
        topic; ``rate_…``: per 1,000 words given to it; ``log_ratio, ci_low, ci_high``: positive
        where the target has more, see ``log_ratio_interval``; ``p_value``: see ``count_test``;
        ``p_family``: adjusted over all terms of all topics (within a topic by the test itself,
        times the number of topics). A topic has no rows if fewer than two units of a group hold
        words of it.
    """
    tables = [
        _topic(sparse.csr_array(table), terms, target).assign(topic=number, label=label)
        for number, (table, label) in enumerate(zip(assigned, labels, strict=True), start=1)
        if _enough(table, target)
    ]
    if not tables:
        return pd.DataFrame(columns=WORDING)
    table = pd.concat(tables)
    table["p_family"] = np.minimum(1, len(assigned) * table["p_family"])
    return ordered(table, ["topic", "p_value", "term"])[WORDING]


def _enough(table: Any, target: Flags) -> bool:
    held = np.asarray(table.sum(axis=1)).ravel() > 0
    return min((held & side).sum() for side in (target, ~target)) >= LEAST_UNITS


def _topic(table: sparse.csr_array, terms: tuple[str, ...], target: Flags) -> pd.DataFrame:
    sizes = np.asarray(table.sum(axis=1)).ravel()
    rows, columns = (np.flatnonzero(table.sum(axis=axis)) for axis in (1, 0))
    values, lengths, side = table[rows][:, columns].toarray(), sizes[rows], target[rows]
    test, interval = count_test(values, lengths, side), log_ratio_interval(values, lengths, side)
    sums = {"target": values[side].sum(axis=0), "reference": values[~side].sum(axis=0)}
    totals = {"target": lengths[side].sum(), "reference": lengths[~side].sum()}
    return pd.DataFrame(
        {
            "term": [terms[i] for i in columns],
            **{f"n_{name}": count for name, count in sums.items()},
            **{f"rate_{name}": 1_000 * sums[name] / totals[name] for name in sums},
            "log_ratio": interval["estimate"],
            "ci_low": interval["ci_low"],
            "ci_high": interval["ci_high"],
            "p_value": test.p_value,
            "p_family": test.p_family,
        }
    )
