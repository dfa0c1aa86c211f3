"""How much text each group has."""

import pandas as pd

from analysis.text.documents import Corpus
from analysis.text.units import UNIT_TOKENS, cut_units


def group_sizes(corpus: Corpus, *, unit_tokens: int = UNIT_TOKENS) -> pd.DataFrame:
    """Return, per group, its documents, paragraphs, sentences, tokens, types and units.

    Types are different tokens; units are units of inference of about ``unit_tokens``.
    """
    units = cut_units(corpus, unit_tokens=unit_tokens)["group"].value_counts()
    return pd.DataFrame([_size(corpus, g.label, int(units[g.label])) for g in corpus.groups])


def _size(corpus: Corpus, label: str, units: int) -> dict[str, object]:
    sentences = corpus.tokens_of(label)
    tokens = [token for sentence in sentences for token in sentence]
    documents = [d for d in corpus.documents if d.group == label]
    return {
        "group": label,
        "documents": len(documents),
        "paragraphs": sum(len(d.paragraphs) for d in documents),
        "sentences": len(sentences),
        "tokens": len(tokens),
        "types": len(set(tokens)),
        "units": units,
    }
