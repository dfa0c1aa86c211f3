"""What several test files of tone share."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from analysis.text import Corpus, load_corpus, load_folders
from analysis.tone import sentiment


@pytest.fixture(scope="package")
def articles() -> Corpus:
    """The two articles."""
    return load_corpus()


@pytest.fixture(scope="package")
def contrast(articles: Corpus) -> pd.DataFrame:
    """The contrast of tone of the two articles."""
    return sentiment(articles, draws=999).table


@pytest.fixture
def folders(write_folder: Callable[..., Path]) -> Callable[..., Corpus]:
    """Return a function that makes a corpus from two lists of documents."""

    def make(target: Sequence[str], reference: Sequence[str]) -> Corpus:
        return load_folders(write_folder("target", *target), write_folder("reference", *reference))

    return make
