"""Counts: sentences -> tokens -> units -> unit × term counts."""

from analysis.counts.matrix import Counts, count_terms, unit_texts
from analysis.counts.sizes import group_sizes
from analysis.counts.tokens import is_number, stop_words, token_spans, tokenize
from analysis.counts.units import cut_units, unit_name

__all__ = [
    "Counts",
    "count_terms",
    "cut_units",
    "group_sizes",
    "is_number",
    "stop_words",
    "token_spans",
    "tokenize",
    "unit_name",
    "unit_texts",
]
