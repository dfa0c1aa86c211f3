"""What several test files of the report share: results of the two articles."""

from pathlib import Path

import pytest

from analysis.keywords import keyness, lockwords
from analysis.result import Result
from analysis.text import Corpus


@pytest.fixture(scope="package")
def terms(corpus: Corpus) -> Result:
    """The words."""
    return keyness(corpus, draws=99)


@pytest.fixture(scope="package")
def families(corpus: Corpus) -> Result:
    """The word families."""
    return keyness(corpus, draws=99, family="stem")


@pytest.fixture(scope="package")
def alike(corpus: Corpus) -> Result:
    """The words that are used alike."""
    return lockwords(corpus)


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that figures go to."""
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    return tmp_path
