"""Compare two groups of texts: keywords, sentiment and topics, with honest uncertainty.

>>> from analysis import load_corpus
>>> corpus = load_corpus()
>>> [group.label for group in corpus.groups]
['2018', '2017']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what editors and type checkers read; it is what _HOME gives (a test says so)
    from analysis.description import describe
    from analysis.errors import InputError
    from analysis.keywords import keyness
    from analysis.text import load_corpus, load_folders, load_table, load_texts, look
    from analysis.tone import sentiment
    from analysis.topicmodels import topics

__version__ = "0.1.0"
__all__ = [
    "InputError",
    "describe",
    "keyness",
    "load_corpus",
    "load_folders",
    "load_table",
    "load_texts",
    "look",
    "sentiment",
    "topics",
]

_HOME = {
    "InputError": "analysis.errors",
    "describe": "analysis.description",
    "keyness": "analysis.keywords",
    "load_corpus": "analysis.text",
    "load_folders": "analysis.text",
    "load_table": "analysis.text",
    "load_texts": "analysis.text",
    "look": "analysis.text",
    "sentiment": "analysis.tone",
    "topics": "analysis.topicmodels",
}


def __getattr__(name: str) -> Any:
    """Load a public function when it is first asked for, so that the import costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Show the public face, loaded or not; completion reads this."""
    return [*__all__, "__version__"]
