"""Decisions on a corpus: they hold for every analysis, and stand in its record."""

import pandas as pd
import pytest

from analysis import InputError, describe, keyness, load_table, load_texts
from analysis.text import Corpus, cut_units, load
from analysis.text.design import SETTINGS, Design, capitalised_words, designed
from analysis.text.reading import DEFAULTS, Reading

RED = ["Upon the hill the Romans met. They met upon it by night in Rome.", "Upon it they met."]
BLUE = ["On the hill they met. In Rome they met on it while it rained.", "On it they met."]


@pytest.fixture
def corpus():
    return load_texts(RED, BLUE, labels=("red", "blue"))


def terms(corpus: Corpus, **options) -> set[str]:
    return set(keyness(corpus, draws=99, **options).table["term"])


def test_settings_stand_in_for_arguments_that_are_not_given(corpus):
    settings = {"function_words": True, "draws": 99, "seed": 7}
    found = keyness(designed(corpus, {"settings": settings}))
    assert {"upon", "by"} <= set(found.table["term"])
    assert found.record["seed"] == 7
    assert found.record["settings"]["function_words"] is True
    given = keyness(designed(corpus, {"settings": settings}), function_words=False)
    assert not {"upon", "by"} & set(given.table["term"])


def test_a_setting_reaches_only_analyses_that_take_it(corpus):
    found = describe(designed(corpus, {"settings": {"unit_tokens": 3, "k": 5}}))
    assert found.record["settings"] == {"unit_tokens": 3}


def test_a_stop_list_of_ones_own(corpus, tmp_path):
    listed = tmp_path / "stops.txt"
    listed.write_text("# mine\nthe it they\nhill HILL don’t\n", encoding="utf-8")
    own = designed(corpus, {"stopwords": listed})
    assert "upon" in terms(own)
    assert not {"hill", "the"} & terms(own)
    assert own.stops.name == "stops.txt"
    record = keyness(own, draws=99).record
    assert record["stop_list"]["words"] == ["don't", "hill", "it", "the", "they"]
    assert "stop_list" not in keyness(corpus, draws=99).record
    assert not {"hill", "the"} & terms(own, function_words=True)
    assert corpus.stops.name == "english"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("New York", None),
        ("and/or", "'and or'"),
        ("# none\n", "holds no word"),
        ("the ...", "no w"),
    ],
)
def test_entries_of_a_stop_list_that_could_never_match_are_refused(
    content, message, corpus, tmp_path
):
    listed = tmp_path / "stops.txt"
    listed.write_text(content, encoding="utf-8")
    if message is None:
        assert designed(corpus, {"stopwords": listed}).stops.words == {"new", "york"}
        return
    with pytest.raises(InputError, match=message):
        designed(corpus, {"stopwords": listed})


def test_names_are_told_by_capitals_inside_sentences(corpus):
    assert capitalised_words(corpus) == {"romans", "rome"}
    assert {"rome", "romans"} <= terms(corpus)
    assert not {"rome", "romans"} & terms(designed(corpus, {"drop_names": True}))
    both = designed(corpus, {"drop_names": True, "settings": {"function_words": True}})
    assert "upon" in terms(both)
    assert "rome" not in terms(both)


def test_headlines_quotations_and_german_tell_no_names():
    texts = load_texts(['Hard Times Come Again No More Tonight\n\nHe said: "Peace now."'], ["No."])
    assert capitalised_words(texts) == frozenset()
    german = load_texts(["Der Hund sah das Haus."], ["Das Haus sah er."], language="german")
    with pytest.raises(InputError, match="German gives one to every noun"):
        designed(german, {"drop_names": True})


TABLE = pd.DataFrame(
    {
        "text": ["Cats sleep — now.", "Cats eat.", "Dogs bark.", "Dogs run.", "Dogs sit."],
        "group": ["c", "c", "d", "d", "d"],
        "speaker": ["Ann", "Bob", "Cy", "Dan", "Cy"],
        "date": ["1900", "1901", "1902", "1902", "1902"],
    }
)


def test_documents_of_a_cluster_are_one_unit_with_their_places_kept():
    corpus = designed(load_table(TABLE), {"cluster": "speaker"})
    assert [d.id for d in corpus.documents] == ["c/Ann", "c/Bob", "d/Cy", "d/Dan"]
    joined = corpus.document("d/Cy")
    assert joined.paragraphs == ("Dogs bark.", "Dogs sit.")
    assert joined.date == "1902"
    assert cut_units(corpus)["document"].tolist() == [d.id for d in corpus.documents]
    rows = corpus.sentences
    row = rows[rows["text"] == "Dogs sit."].iloc[0]
    assert joined.raw[row["start"] : row["end"]] == "Dogs sit."
    assert "5 documents in 4 clusters" in corpus.notices[-1]


def test_clusters_lose_no_edit():
    corpus = load_table(TABLE.assign(speaker="one", text=TABLE["text"] + " A—b."))
    before = sum(len(d.edited.edits) for d in corpus.documents)
    after = designed(corpus, {"cluster": "speaker"})
    assert before == sum(len(d.edited.edits) for d in after.documents) > 0
    kept = [p for d in corpus.documents for p in d.paragraphs]
    assert kept == [p for d in after.documents for p in d.paragraphs]


def test_labels_and_colours_are_shown_in_place_of_cells():
    design: Design = {"labels": ["猫", "a:b [c]"], "colours": ["#000000", "#ff0000"]}
    corpus = designed(load_table(TABLE), design)
    assert [(g.label, g.colour) for g in corpus.groups] == [
        ("猫", "#000000"),
        ("a:b [c]", "#ff0000"),
    ]
    assert corpus.title == "猫 against a:b [c]"
    assert set(corpus.sentences["group"]) == {"猫", "a:b [c]"}


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ({"labels": ["a", "a"]}, "two different names"),
        ({"labels": "ab"}, "two different names"),
        ({"colours": ["red", "blue"]}, "six figures"),
        ({"colours": ["#000000"]}, "colours are two"),
        ({"colours": ["#00aaff", "#00AAFF"]}, "both groups would be drawn in #00aaff"),
        ({"names": "East"}, "names must be a list"),
        ({"names": ["East"]}, "'East' is one word, and a term already"),
        ({"cluster": "party"}, "has no 'party' to cluster by; it has group, speaker, date"),
        ({"stopwords": "nowhere.txt"}, "is not there"),
        ({"settings": {"unit": 3}}, "No setting is called 'unit'"),
        ({"settings": {"k": "three"}}, "k is of type int; got 'three'"),
        ({"settings": {"seed": True}}, "seed is of type int"),
        ({"settings": {"unit_tokens": 0}}, "between 1 and 1,000,000 words; got 0"),
        ({"colors": ["#000000"] * 2}, "no decision 'colors'"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_refused(design, message):
    with pytest.raises(InputError, match=message):
        designed(load_table(TABLE), design)


def test_load_takes_decisions_beside_options_of_reading(write_folder):
    folders = [write_folder("red", *RED), write_folder("blue", *BLUE)]
    corpus = load(folders, verse=True, labels=["r", "b"], settings={"draws": 20}, names=["A  Bee"])
    assert corpus.names == ("a bee",)
    assert corpus.target.label == "r"
    assert corpus.settings == (("draws", 20),)


def test_unknown_options_of_reading_are_refused_with_those_that_there_are():
    with pytest.raises(InputError, match="no option 'encodings' for reading texts; the options"):
        load_texts(RED, BLUE, encodings="utf-8")


def test_what_is_declared_has_its_default_and_its_check():
    assert set(Reading.__annotations__) == set(DEFAULTS)
    for name in SETTINGS:
        with pytest.raises(InputError, match=f"{name} is of type"):
            designed(load_table(TABLE), {"settings": {name: 1.5}})
