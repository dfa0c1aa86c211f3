"""Keyness: which terms mark which group."""

from analysis.contrasts.keyness.table import COLUMNS, keyness, keyness_of_counts

__all__ = ["COLUMNS", "keyness", "keyness_of_counts"]
