"""A corpus without texts answers what was counted, and refuses what needs words."""

import pandas as pd
import pytest

from analysis.errors import TextWithheld
from analysis.text import Document, Group
from analysis.text.closed import WITHHELD, ClosedCorpus

PLACES = pd.DataFrame(
    {
        "document": ["a", "b"],
        "group": ["red", "blue"],
        "paragraph": [0, 0],
        "sentence": [0, 0],
        "start": [0, 0],
        "end": [9, 7],
        "tokens": [2, 3],
    }
)


@pytest.fixture
def closed():
    documents = tuple(Document(name, group, WITHHELD, "0") for name, group in
                      (("a", "red"), ("b", "blue")))  # fmt: skip
    return ClosedCorpus(
        "Red and blue", Group("red", "target", "#B2432F"), Group("blue", "reference", "#2E7EB8"),
        documents, places=PLACES,
    )  # fmt: skip


def test_places_and_sizes_are_known(closed):
    assert list(closed.sentences["end"]) == [9, 7]
    assert closed.sentence_tokens.tolist() == [2, 3]
    assert list(closed.sentences[["document", "start"]]) == ["document", "start"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda corpus: corpus.sentences["text"],
        lambda corpus: corpus.sentences[["document", "text"]],
        lambda corpus: corpus.tokens,
        lambda corpus: corpus.tokens_of("red"),
        lambda corpus: corpus.edits,
        lambda corpus: corpus.documents[0].text,
        lambda corpus: corpus.documents[0].raw,
        lambda corpus: corpus.documents[0].token_spans,
        lambda corpus: corpus.overview,
    ],
    ids=["text", "columns", "tokens", "group", "edits", "clean", "raw", "spans", "overview"],
)
def test_words_are_refused(closed, ask):
    with pytest.raises(TextWithheld, match="needs the texts themselves"):
        ask(closed)
