"""Results: a table that knows its corpus, units and every argument."""

import json

import pandas as pd
import pytest

from analysis.result import Outcome, analysis, plain
from analysis.text import cut_units, unit_name
from analysis.text.documents import kept


@analysis("tally")
def tally(corpus, *, words: int = 100, seed: int = 0, lists: dict[str, int] | None = None):
    """Count sentences."""
    units = cut_units(corpus, unit_tokens=words)
    table = corpus.sentences.groupby("group", as_index=False).size()
    return Outcome(table, units, unit_name(corpus, words), "counting", facts={"sum": len(units)})


def test_a_result_knows_every_argument_those_left_at_their_defaults_included(tiny):
    found = tally(tiny, words=3, lists={"a": 1})
    assert dict(found.settings) == {"words": 3, "seed": 0, "lists": {"a": 1}}
    assert dict(tally(tiny).settings) == {"words": 100, "seed": 0, "lists": None}
    with pytest.raises(TypeError):
        found.settings["words"] = 4


def test_its_record_is_of_its_own_texts_units_and_settings(tiny, corpus):
    for own, words in ((tiny, 3), (tiny, 5), (corpus, 60)):
        record = tally(own, words=words, seed=7).record
        assert record["texts"] == {d.id: d.sha256 for d in own.documents}
        assert record["settings"] == {"words": words, "lists": None}
        assert record["seed"] == 7
        units = cut_units(own, unit_tokens=words)
        for group in own.groups:
            rows = units[units["group"] == group.label]
            said = {"units": len(rows), "tokens": rows["tokens"].sum()}
            assert record["units"][group.label] == said
        assert json.loads(json.dumps(record)) == record


def test_it_exports_its_table_with_its_record(tiny, tmp_path):
    found = tally(tiny)
    found.to_csv(tmp_path / "tally.csv")
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "tally.csv"), found.table)
    assert json.loads((tmp_path / "tally.json").read_text("utf-8")) == found.record


def test_a_notebook_shows_its_table(tiny):
    assert "<table" in tally(tiny)._repr_html_()
    assert repr(tally(tiny)).startswith("tally: 2 rows; ")


def test_settings_are_written_in_plain_types(tmp_path):
    assert plain({"b": (1, 2.5), "a": frozenset("ba"), "c": tmp_path}) == {
        "b": [1, 2.5],
        "a": ["a", "b"],
        "c": str(tmp_path),
    }


# What is made of a corpus is made once


def test_a_corpus_keeps_what_was_made_of_it_by_argument(tiny):
    made = []

    @kept
    def size(corpus, *, by: int = 1) -> pd.DataFrame:
        made.append(by)
        return pd.DataFrame({"n": [len(corpus.sentences) * by]})

    assert size(tiny)["n"].tolist() == size(tiny, by=1)["n"].tolist() == [6]
    assert size(tiny, by=2)["n"].tolist() == [12]
    assert made == [1, 2]


def test_changing_a_table_that_was_kept_changes_nobody_elses(tiny):
    units = cut_units(tiny)
    units["tokens"] = 0
    assert cut_units(tiny)["tokens"].min() > 0


def test_tokens_are_those_of_each_sentence(corpus):
    from analysis.text import tokenize

    assert list(corpus.tokens) == [tokenize(text) for text in corpus.sentences["text"]]
    assert corpus.sentence_tokens.sum() == sum(map(len, corpus.tokens))
    assert sum(len(corpus.tokens_of(g.label)) for g in corpus.groups) == len(corpus.tokens)
