"""Results: a table that knows its corpus, units and every argument."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from analysis import keyness, load_texts
from analysis.errors import InputError
from analysis.exchange import FOLDER, is_shared, sharing
from analysis.result import Outcome, analysis, plain, unit_name
from analysis.text import cut_units
from analysis.text.documents import kept
from tests.helpers import in_memory


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


def test_its_record_names_another_language_whose_function_words_were_no_terms():
    record = tally(load_texts(["Der Hund. Die Katze."], ["Das Haus."], language="german")).record
    assert record["language"] == "german"
    assert "language" not in tally(load_texts(["A dog."], ["A cat."])).record


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


# What one notebook of a run has computed, no other computes again


@pytest.fixture
def shared_run(tmp_path):
    with sharing(tmp_path / "run"):
        yield tmp_path / "run"


@pytest.fixture
def counting():
    made = []

    @analysis("tally")
    def tally(corpus, *, words: int = 100, seed: int = 0, of=None):
        made.append(words)
        table = corpus.sentences.groupby("group", as_index=False).size()
        return Outcome(table, cut_units(corpus), "sentences", "counting", facts={"n": words / 3})

    tally.made = made
    return tally


def test_an_outcome_is_computed_once_a_run(shared_run, counting, tiny):
    first, again = (
        counting(tiny),
        counting(replace(tiny)),
    )  # as another process loads the same texts
    assert counting.made == [100]
    pd.testing.assert_frame_equal(first.table, again.table, check_exact=True)
    assert first.record == again.record
    assert [path.is_file() for path in shared_run.glob("*.npz")] == [True]


def test_whatever_an_outcome_hangs_on_makes_it_another(shared_run, counting, tmp_path):
    texts = ["Cats sleep. Cats eat.", "Cats run."], ["Dogs bark. Dogs dig."]
    corpus = load_texts(*texts)
    lists = tmp_path / "concepts.toml"
    lists.write_text("1", encoding="utf-8")
    others = [
        corpus,
        load_texts([texts[0][0], "Cats ran."], texts[1]),
        load_texts(*texts, language="german"),
        replace(corpus, settings=(("seed", 3),)),
        replace(corpus, settings=(("k", 3),)),
        replace(corpus, own_stops=replace(corpus.stops, words=frozenset({"cats"}))),
        replace(corpus, concepts=lists),
        replace(corpus, names=("dogs bark",)),
        replace(corpus, target=replace(corpus.target, role="other")),
    ]
    for number, other in enumerate(others, 1):
        counting(other)
        assert len(counting.made) == number
    lists.write_text("2", encoding="utf-8")
    counting(load_texts(*texts), words=7)
    counting(replace(load_texts(*texts), concepts=lists))
    assert len(counting.made) == len(others) + 2
    counting(replace(corpus, figures=tmp_path))
    assert len(counting.made) == len(others) + 2


def test_what_no_text_can_say_is_not_shared(shared_run, counting, tiny):
    """A scorer or a result among the settings is known by itself only."""
    for _ in range(2):
        counting(tiny, of=object())
        counting(tiny, of=counting(tiny))
    assert len(counting.made) == 5


def test_without_a_run_nothing_is_shared(counting, tiny, monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    assert not is_shared()
    counting(tiny)
    counting(tiny)
    assert len(counting.made) == 2


def test_a_real_result_is_the_same_to_the_last_digit(tmp_path):
    texts = in_memory("Cats sleep and eat fish. " * 80, "Dogs bark at cats. " * 80)
    alone = keyness(texts, draws=99)
    with sharing(tmp_path):
        computed, taken = keyness(texts, draws=99), keyness(texts, draws=99)
    for found in (computed, taken):
        pd.testing.assert_frame_equal(found.table, alone.table, check_exact=True)
        assert (found.facts, found.record) == (alone.facts, alone.record)


# A corpus that remembers


def test_a_corpus_that_remembers_runs_an_analysis_once_for_each_question(corpus):
    runs = []

    @analysis("toy")
    def toy(texts, *, share=0.5, seed=0):
        runs.append(share)
        return Outcome(pd.DataFrame({"share": [share]}), cut_units(texts), "units", "counting")

    for texts, expected in ((corpus, 3), (replace(corpus, remembers=True), 2)):
        runs.clear()
        found = [toy(texts), toy(texts, share=0.5), toy(texts, share=0.75)]
        assert len(runs) == expected
        assert [own.table["share"].item() for own in found] == [0.5, 0.5, 0.75]
        assert [own.settings["share"] for own in found] == [0.5, 0.5, 0.75]


def test_what_a_pack_holds_stands_in_only_where_nothing_can_be_computed(corpus):
    texts = replace(corpus, remembers=True)
    held = Outcome(pd.DataFrame({"n": [1]}), cut_units(texts), "units", "packed")
    texts._kept["packed", ("toy", '{"able": false}')] = held
    texts._kept["packed", ("toy", '{"able": true}')] = held

    @analysis("toy")
    def toy(texts, *, able):
        if not able:
            raise InputError("No texts.")
        return Outcome(pd.DataFrame({"n": [2]}), cut_units(texts), "units", "computed")

    assert toy(texts, able=True).method == "computed"
    assert toy(texts, able=False).method == "packed"
    texts._kept.clear()
    with pytest.raises(InputError, match="No texts"):
        toy(texts, able=False)


def test_an_analysis_of_what_is_no_corpus_is_refused():
    with pytest.raises(InputError, match=r"keyness is of texts as load_folders, .* got str"):
        keyness("my/target")
