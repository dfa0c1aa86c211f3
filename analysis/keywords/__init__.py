"""Keyness: which terms mark which group, which are used alike, and what other tools would print."""

from analysis.keywords.beyond_words import (
    collocations,
    concept_keyness,
    name_evidence,
    phrase_keyness,
)
from analysis.keywords.chance import dealt, lineup, log_odds_limits, naive_p
from analysis.keywords.equivalence import lockwords
from analysis.keywords.other_tools import reconcile_counts, reconciliation
from analysis.keywords.registry import measures
from analysis.keywords.table import COLUMNS, counted, keyness, keyness_of_counts, stream_keyness

__all__ = [
    "COLUMNS",
    "collocations",
    "concept_keyness",
    "counted",
    "dealt",
    "keyness",
    "keyness_of_counts",
    "lineup",
    "lockwords",
    "log_odds_limits",
    "measures",
    "naive_p",
    "name_evidence",
    "phrase_keyness",
    "reconcile_counts",
    "reconciliation",
    "stream_keyness",
]
