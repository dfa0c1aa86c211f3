"""Compare two groups of texts: keywords, sentiment and topics, with honest uncertainty.

>>> from analysis import load_corpus
>>> corpus = load_corpus()
>>> [group.label for group in corpus.groups]
['2018', '2017']
"""

from importlib import import_module
from typing import Any

_HOME = {
    "load_corpus": "analysis.text",
    "load_folders": "analysis.text",
    "keyness": "analysis.keywords",
    "sentiment": "analysis.tone",
    "topics": "analysis.topicmodels",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Load a public function when it is first asked for, so that the import costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
