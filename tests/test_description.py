"""The corpus described: counts by eye, edits by rule, units as asked for."""

import pytest

from analysis.description import describe
from analysis.text import cut_units, load_corpus


@pytest.fixture
def texts(manifest):
    """The corpus of two short documents with a body to find and a correction to make."""
    return describe(load_corpus(manifest), unit_tokens=4)


def test_sizes_by_eye(tiny):
    found = describe(tiny, unit_tokens=4)
    assert found.table.to_dict("records") == [
        {"group": "new", "documents": 1, "paragraphs": 2, "sentences": 3, "tokens": 10,
         "types": 8, "units": 2},
        {"group": "old", "documents": 1, "paragraphs": 1, "sentences": 3, "tokens": 8,
         "types": 6, "units": 2},
    ]  # fmt: skip
    assert len(found.units) == found.table["units"].sum()
    assert found.parts["sentences"]["tokens"].tolist() == [2, 4, 4, 2, 2, 4]


def test_units_are_those_asked_for(corpus):
    for unit_tokens in (40, 150):
        found = describe(corpus, unit_tokens=unit_tokens)
        units = cut_units(corpus, unit_tokens=unit_tokens)["group"].value_counts()
        assert dict(zip(found.table["group"], found.table["units"], strict=True)) == dict(units)
        assert found.settings == {"unit_tokens": unit_tokens}


def test_every_edit_is_counted_once_by_rule_and_group(corpus):
    removed = describe(corpus).parts["removed"]
    edits = corpus.edits[corpus.edits["removed"] != ""]
    assert removed["edits"].sum() == len(edits)
    assert removed["characters"].sum() == edits["removed"].str.len().sum()
    assert not removed.duplicated(["rule", "group"]).any()


def test_examples_and_corrections_by_eye(texts):
    examples = texts.parts["examples"].set_index(["document", "rule"])
    assert examples.loc[("new", "correction"), "edits"] == 1
    assert examples.loc[("new", "outside-body"), "edits"] == 2
    assert examples.loc[("new", "outside-body"), "removed"] == "Menu"
    (row,) = texts.parts["corrections"].to_dict("records")
    assert (row["removed"], row["replacement"]) == ("wont", "won't")
    assert row["reason"] == "lost apostrophe"


def test_a_rule_that_nobody_listed_comes_last(corpus):
    rules = list(dict.fromkeys(describe(corpus).parts["removed"]["rule"]))
    assert rules[0] == "outside-body"
    assert set(rules) == set(corpus.edits.loc[corpus.edits["removed"] != "", "rule"])
