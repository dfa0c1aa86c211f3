"""Counts: sentences -> tokens -> units -> unit × term counts."""

from analysis.counts.concepts import Concept, concept_words, count_concepts, load_concepts
from analysis.counts.families import family_labels
from analysis.counts.matrix import Counts, count_terms, unit_texts
from analysis.counts.phrases import count_phrases, find_phrases
from analysis.counts.sizes import group_sizes
from analysis.counts.tokens import is_number, stop_words, token_spans, tokenize
from analysis.counts.units import cut_units, unit_name

__all__ = [
    "Concept",
    "Counts",
    "concept_words",
    "count_concepts",
    "count_phrases",
    "count_terms",
    "cut_units",
    "family_labels",
    "find_phrases",
    "group_sizes",
    "is_number",
    "load_concepts",
    "stop_words",
    "token_spans",
    "tokenize",
    "unit_name",
    "unit_texts",
]
