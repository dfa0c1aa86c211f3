"""Keyness: which terms mark which group, which are used alike, and what other tools would print."""

from analysis.keywords.equivalence import frequency_floor, lockwords
from analysis.keywords.measures import measures
from analysis.keywords.reconciliation import reconcile_counts, reconciliation
from analysis.keywords.table import COLUMNS, keyness, keyness_of_counts

__all__ = [
    "COLUMNS",
    "frequency_floor",
    "keyness",
    "keyness_of_counts",
    "lockwords",
    "measures",
    "reconcile_counts",
    "reconciliation",
]
