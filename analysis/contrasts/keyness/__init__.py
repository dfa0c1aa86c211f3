"""Keyness: which terms mark which group, which are used alike, and what other tools would print."""

from analysis.contrasts.keyness.equivalence import frequency_floor, lockwords
from analysis.contrasts.keyness.measures import measures
from analysis.contrasts.keyness.reconciliation import reconcile_counts, reconciliation
from analysis.contrasts.keyness.table import COLUMNS, keyness, keyness_of_counts

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
