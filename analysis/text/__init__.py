"""Text: files -> documents -> clean text -> sentences -> tokens -> units -> counts."""

from analysis.text.beyond_words import (
    Concept,
    concept_words,
    count_concepts,
    count_phrases,
    find_phrases,
    load_concepts,
)
from analysis.text.checks import look
from analysis.text.cleaning import plain
from analysis.text.corpora import (
    folder_manifest,
    load,
    load_folders,
    load_table,
    load_texts,
)
from analysis.text.documents import Corpus, Document, Group
from analysis.text.manifest import load_corpus
from analysis.text.tokens import family_labels, is_number, stop_words, token_spans, tokenize
from analysis.text.units import (
    Counts,
    count_terms,
    cut_units,
    gathered,
    group_sizes,
    unit_kind,
)

__all__ = [
    "Concept",
    "Corpus",
    "Counts",
    "Document",
    "Group",
    "concept_words",
    "count_concepts",
    "count_phrases",
    "count_terms",
    "cut_units",
    "family_labels",
    "find_phrases",
    "folder_manifest",
    "gathered",
    "group_sizes",
    "is_number",
    "load",
    "load_concepts",
    "load_corpus",
    "load_folders",
    "load_table",
    "load_texts",
    "look",
    "plain",
    "stop_words",
    "token_spans",
    "tokenize",
    "unit_kind",
]
