"""Cards and passages: what is listed of a topic can be found again in the texts."""

import numpy as np
import pytest

from analysis.text import load_folders, tokenize
from analysis.topicmodels import topics, typical_sentences
from analysis.topicmodels.contrast import FEWEST
from benchmarks.planted import TOPICS, Design, _logit_shift, plant

SEA = "wave tide harbour sailor storm anchor reef island captain vessel".split()
FARM = "wheat barley plough tractor soil farmer orchard meadow cattle barn".split()


def text(words, rng):
    lines = [" ".join(rng.choice(words, 8)).capitalize() + "." for _ in range(2)]
    return " ".join(lines) + " Rain fell."


@pytest.fixture(scope="module")
def coasts(tmp_path_factory):
    """Ten documents on either side: seven of the target are about the sea, two of the other."""
    rng, home = np.random.default_rng(1), tmp_path_factory.mktemp("coasts")
    for name, sea in (("coast", 7), ("inland", 2)):
        (home / name).mkdir()
        for number in range(10):
            words = SEA if number < sea else FARM
            (home / name / f"{number}.txt").write_text(text(words, rng))
    return load_folders(home / "coast", home / "inland")


@pytest.fixture(scope="module")
def found(coasts):
    return topics(coasts, k=2, draws=200, anchor_words={"the sea": ["reef", "anchor"]})


def test_an_anchored_topic_keeps_its_name_and_its_words(found):
    card = found.parts["cards"].set_index("name").loc["the sea"]
    assert set(card["terms"].split(", ")) == set(SEA)
    assert sorted(found.parts["cards"]["name"]) == ["", "the sea"]


def test_a_card_repeats_what_the_tables_say(found):
    table = found.table.set_index("topic")
    for card in found.parts["cards"].itertuples():
        assert card.estimate == table.loc[card.topic, "estimate"]
        listed = found.parts["terms"][found.parts["terms"]["topic"] == card.topic]["term"].head(10)
        assert card.terms == ", ".join(listed)
        assert card.label == ", ".join(listed.head(3))
        assert 0 <= card.exclusivity <= 1
        assert -1 <= card.coherence <= 1


def test_a_topic_of_its_own_words_is_exclusive(found):
    assert (found.parts["cards"]["exclusivity"] > 0.9).all()


def test_the_distribution_sums_to_one_and_lists_the_weights(found):
    np.testing.assert_allclose(found.parts["distribution"].sum(), 1)
    for row in found.parts["terms"].itertuples():
        assert row.weight == found.parts["distribution"].loc[row.term, row.topic]


def test_typical_sentences_stand_in_the_raw_files(coasts, found):
    table = typical_sentences(found)
    assert list(table.groupby(["topic", "group"]).size()) == [3, 3, 3, 3]
    for row in table.itertuples():
        assert coasts.document(row.document).raw[row.start : row.end] == row.text
        assert len(tokenize(row.text)) >= FEWEST
    for _, own in table.groupby(["topic", "group"]):
        assert own["share"].is_monotonic_decreasing
        assert own["rank"].tolist() == [1, 2, 3]
    labels = [group.label for group in coasts.groups]
    assert [
        group for _, group in table.groupby(["topic", "group"], sort=False).groups
    ] == labels * 2


def test_of_sentences_alike_the_earlier_is_the_typical_one(tmp_path):
    """The same sentence throughout a document, in which the topic has one share."""
    for name, words in (("coast", SEA), ("inland", FARM)):
        (tmp_path / name).mkdir()
        for number in range(8):
            own = [*words[number:], *words[:number]][:6]
            line = " ".join(own).capitalize() + "."
            (tmp_path / name / f"{number}.txt").write_text(" ".join([line] * 6))
    told = topics(load_folders(tmp_path / "coast", tmp_path / "inland"), k=2, draws=50)
    table = typical_sentences(told, count=4)
    for _, own in table.groupby(["topic", "group", "document", "share"]):
        assert own["sentence"].tolist() == list(
            range(own["sentence"].min(), own["sentence"].min() + len(own))
        )
        assert (
            own["sentence"].min()
            == told.corpus.sentences.loc[
                told.corpus.sentences["document"] == own["document"].iloc[0], "sentence"
            ].min()
        )


def test_topics_are_learnt_from_passages_where_every_document_holds_them_all(tmp_path):
    """Documents half of the sea and half of the farm tell nothing apart; their passages do."""
    rng = np.random.default_rng(8)
    for name in ("coast", "inland"):
        (tmp_path / name).mkdir()
        for number in range(6):
            halves = [" ".join(text(words, rng) for _ in range(6)) for words in (SEA, FARM)]
            (tmp_path / name / f"{number}.txt").write_text("\n\n".join(halves))
    told = topics(load_folders(tmp_path / "coast", tmp_path / "inland"), k=2, draws=50)
    cards = [set(card.terms.split(", ")) for card in told.parts["cards"].itertuples()]
    assert sorted(cards, key=min) == sorted([set(SEA), set(FARM)], key=min)


def test_typical_sentences_are_of_their_topic(found):
    sea = found.parts["cards"].set_index("name").loc["the sea", "topic"]
    table = typical_sentences(found, count=1)
    own = table[table["topic"] == sea]
    assert [set(tokenize(t)) <= set(SEA) for t in own["text"]] == [True, True]
    assert (own["share"] > 0.9).all()


def test_the_planted_difference_is_what_the_truth_says():
    rng = np.random.default_rng(2)
    made = plant(Design(documents=(4_000, 4_000), words=(60, 60), shift=0.15, background=0.0), rng)
    shares = np.linalg.lstsq(made.own.T, made.counts.T / 60, rcond=None)[0]
    difference = shares[:, made.target].mean(axis=1) - shares[:, ~made.target].mean(axis=1)
    np.testing.assert_allclose(difference, made.truth, atol=0.03)
    assert made.truth.sum() == pytest.approx(0)
    assert made.own.shape == (TOPICS, made.counts.shape[1])


def test_logistic_shares_are_shifted_by_what_is_asked():
    made = plant(Design(documents=(2, 2), shift=0.15, shares="logistic"), np.random.default_rng(3))
    assert made.truth[0] == pytest.approx(0.15, abs=1e-3)
    assert _logit_shift(0.0) == 0


def test_a_finding_lies_beyond_the_family_interval_and_the_floor_beyond_that(found):
    table = found.table
    middle = (table["family_low"] + table["family_high"]) / 2
    np.testing.assert_allclose(middle, table["estimate"])
    assert (table["floor"] > (table["family_high"] - table["family_low"]) / 2).all()
    crosses = (table["family_low"] < 0) & (table["family_high"] > 0)
    assert not (crosses & table["finding"]).any()
