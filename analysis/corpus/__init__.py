"""Corpus: manifest or folders -> documents -> clean text -> sentences, offsets kept throughout."""

from analysis.corpus.documents import Corpus, Document, Group
from analysis.corpus.load import load_corpus, load_folders

__all__ = ["Corpus", "Document", "Group", "load_corpus", "load_folders"]
