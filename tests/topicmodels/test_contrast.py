"""Topics: planted ones are found, the numbers are what they say, and artefacts are flagged."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from analysis.errors import InputError
from analysis.text import count_terms, load_folders
from analysis.topicmodels import Alarm, choice, model, topics
from analysis.topicmodels.choice import measure_stability
from analysis.topicmodels.model import material_of
from analysis.topicmodels.prevalence import find_alarms, separation

SEA = "wave tide harbour sailor storm anchor reef island captain vessel".split()
FARM = "wheat barley plough tractor soil farmer orchard meadow cattle barn".split()


def passage(words, rng):
    """Two sentences of a vocabulary, in which the first words are the commonest."""
    odds = 1 / np.arange(1, 11)
    drawn = [rng.choice(words, 8, p=odds / odds.sum()) for _ in range(2)]
    return " ".join(" ".join(words).capitalize() + "." for words in drawn)


def documents(sea, count, rng):
    """So many documents of a passage each, the first of them about the sea."""
    return [passage(SEA if number < sea else FARM, rng) for number in range(count)]


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Twelve documents on either side: nine of the target are about the sea, two of the other."""
    rng, home = np.random.default_rng(5), tmp_path_factory.mktemp("planted")
    for name, sea in (("coast", 9), ("inland", 2)):
        (home / name).mkdir()
        for number, text in enumerate(documents(sea, 12, rng)):
            (home / name / f"{number:02}.txt").write_text(text)
    return load_folders(home / "coast", home / "inland")


@pytest.fixture(scope="module")
def found(planted):
    return topics(planted, k=2, draws=2_000)


@pytest.fixture(scope="module")
def articles(corpus):
    return topics(corpus, k=3, draws=500)


def terms_of(found, topic):
    own = found.parts["terms"][found.parts["terms"]["topic"] == topic]
    return set(own.sort_values("rank")["term"].head(6))


def test_planted_topics_are_found(found):
    sea, farm = (
        next(t for t in (1, 2) if terms_of(found, t) <= set(words)) for words in (SEA, FARM)
    )
    assert sea != farm
    assert found.facts["stable"]
    shares = found.table.set_index("topic")
    assert shares.loc[sea, "share_target"] == pytest.approx(9 / 12, abs=0.02)
    assert shares.loc[sea, "share_reference"] == pytest.approx(2 / 12, abs=0.02)
    assert shares["finding"].all()


def test_positive_means_more_in_the_target(found):
    table = found.table
    difference = table["share_target"] - table["share_reference"]
    np.testing.assert_allclose(table["estimate"], difference)
    sea = next(t for t in (1, 2) if terms_of(found, t) <= set(SEA))
    assert table.set_index("topic").loc[sea, "estimate"] > 0.5


def test_refits_of_planted_topics_agree_with_the_estimate(found):
    table = found.table
    assert table["estimate"].between(table["refit_low"], table["refit_high"]).all()
    assert (table["sign_stability"] == 1).all()


def test_the_floor_is_seen_in_four_of_five_corpora(found):
    """At the floor, z would lie .84 standard errors above what 5 % exceed somewhere by chance."""
    table = found.table
    half = (table["ci_high"] - table["ci_low"]) / 2
    errors = table["floor"] / half * 2  # nearly: the limit is near 2, and the floor 2.9 or more
    assert (table["floor"] > half).all()
    assert errors.between(2.5, 4.5).all()


def test_shares_sum_to_one_and_run_along_each_text(articles):
    assert np.allclose(articles.parts["shares"].groupby("unit")["share"].sum(), 1)
    first = articles.parts["shares"][articles.parts["shares"]["topic"] == 1]
    assert first["position"].between(0, 1).all()
    for _, own in first.groupby("document"):
        assert own["position"].is_monotonic_increasing


def test_topics_are_in_order_of_prevalence(articles):
    overall = articles.parts["shares"].groupby("topic")["share"].mean()
    assert overall.is_monotonic_decreasing
    assert list(overall.index) == [1, 2, 3]
    for _, own in articles.parts["terms"].groupby("topic"):
        order = own.sort_values(["relevance", "term"], ascending=[False, True])
        assert list(order["rank"]) == list(range(1, len(own) + 1))


def test_a_rerun_gives_the_same_digits(articles, corpus):
    again = topics(corpus, k=3, draws=500)
    pd.testing.assert_frame_equal(articles.table, again.table, rtol=0)
    for name, part in articles.parts.items():
        pd.testing.assert_frame_equal(part, again.parts[name], rtol=0)


def test_the_model_does_not_know_the_groups(articles, corpus):
    swapped = replace(
        corpus,
        target=replace(corpus.reference, role="target"),
        reference=replace(corpus.target, role="reference"),
    )
    other = topics(swapped, k=3, draws=500).table
    assert list(other["label"]) == list(articles.table["label"])
    np.testing.assert_allclose(other["estimate"], -articles.table["estimate"], atol=1e-9)


@given(arrays(float, (2, 3, 12), elements=st.sampled_from([0.0, 1.0])))
def test_matching_is_as_good_as_trying_every_order(marks):
    first, second = marks
    partner, agreement = choice.match(first, second)
    sizes = np.maximum(first.sum(axis=1)[:, None], second.sum(axis=1)[None, :])
    common = first @ second.T / np.maximum(sizes, 1)
    best = max(sum(common[i, o] for i, o in enumerate(order)) for order in permutations(range(3)))
    assert agreement.sum() == pytest.approx(best)
    assert sorted(partner) == [0, 1, 2]


def test_a_model_agrees_with_itself_in_another_order():
    marks = choice.top_terms(np.random.default_rng(1).random((4, 50)))
    partner, agreement = choice.match(marks, marks[[2, 0, 3, 1]])
    assert list(partner) == [1, 3, 0, 2]
    assert list(agreement) == [1, 1, 1, 1]


def test_a_weight_of_two_is_a_unit_twice():
    values = sparse.csr_array(np.random.default_rng(2).random((9, 14)))
    weights = np.array([2.0, 1, 1, 0, 1, 3, 1, 1, 1])
    weighted = model.fit(values, 2, weights=weights)
    repeated = model.fit(values[np.repeat(np.arange(9), weights.astype(int))], 2)
    np.testing.assert_allclose(weighted.terms, repeated.terms, atol=2e-3)
    assert np.isnan(weighted.shares[3]).all()


def test_shuffled_units_keep_every_terms_occurrences():
    counts = sparse.csr_array(np.random.default_rng(3).poisson(0.4, (12, 30)))
    for dealt in choice.shuffles(counts, seed=0, tables=3):
        for column in range(30):
            before, after = counts.toarray()[:, column], dealt.toarray()[:, column]
            assert sorted(before) == sorted(after)


def judged(*rows):
    table = pd.DataFrame(rows, columns=["k", "agreement", "recurring", "chance_high"])
    return choice._judged(
        table.assign(
            kind="resample", runs=9, error=0.03, low=0.0, high=1.0, chance=table["chance_high"]
        )
    ).set_index("k")


def test_the_stable_number_with_most_recurring_topics_is_chosen():
    table = judged((2, 0.8, 2, 0.3), (3, 0.6, 3, 0.3), (4, 0.7, 3, 0.3), (5, 0.9, 5, 1))
    assert list(table["stable"]) == [True, True, True, False]
    assert list(table.index[table["chosen"]]) == [4]


def test_none_is_stable_when_none_is():
    table = judged((2, 0.45, 1, 0.2), (3, 0.4, 1, 0.2), (4, 0.55, 3, 0.6))
    assert not table["stable"].any()
    assert list(table.index[table["chosen"]]) == [3]


def test_stability_lies_between_none_and_all(planted):
    table = measure_stability(
        material_of(count_terms(planted)), ks=(2,), effort=choice.Effort(5, 5, 5, 3)
    )
    assert list(table["kind"]) == ["seed", "resample"]
    bounded = table[["agreement", "low", "high", "chance", "chance_high"]].to_numpy()
    assert ((bounded >= 0) & (bounded <= 1)).all()
    assert table["stable"].all()
    assert table["chosen"].all()


UNITS = pd.DataFrame(
    {"document": ["a1", "a1", "a2", "a2", "b", "b", "b"], "group": ["a"] * 4 + ["b"] * 3}
)
TARGET = (UNITS["group"] == "a").to_numpy()


def reasons(share, recurs=0.9, kept=0.9, varies=0.9):
    """Return the alarms of the first of two topics that share every unit."""
    shares = np.column_stack([share, 1 - np.array(share)])
    apart = np.array([separation(own, TARGET) for own in shares.T])
    recurring, alike, varying = (np.array([own, 0.9]) for own in (recurs, kept, varies))
    return find_alarms(shares, UNITS, recurring, alike, 0.2, apart, varying)[0]


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ([0.9, 0.2, 0.6, 0.1, 0.8, 0.3, 0.2], Alarm(0)),
        ([0.9, 0.2, 0.1, 0.2, 0.3, 0.2, 0.2], Alarm.ONE_UNIT),
        ([0.9, 0.7, 0.1, 0.2, 0.3, 0.2, 0.2], Alarm.ONE_DOCUMENT),
        ([0.1, 0.2, 0.1, 0.4, 0.3, 0.7, 0.8], Alarm.ONE_TEXT),
        ([0.9, 0.7, 0.8, 0.6, 0.1, 0.2, 0.3], Alarm.LABEL),
        ([0.1, 0.2, 0.1, 0.2, 0.9, 0.7, 0.8], Alarm.ONE_TEXT | Alarm.LABEL),
    ],
)
def test_artefacts_are_flagged(share, expected):
    assert reasons(share) == expected


def test_a_topic_that_does_not_come_back_is_flagged():
    share = [0.9, 0.2, 0.6, 0.1, 0.8, 0.3, 0.2]
    assert reasons(share, recurs=0.49) == Alarm.NOT_STABLE
    assert reasons(share, recurs=0.5) == Alarm(0)
    assert reasons(share, kept=0.4) == Alarm.DRIFTS
    assert reasons(share, varies=0.4) == Alarm.EVEN


def test_a_flagged_topic_is_no_finding(found, articles):
    for table in (found.table, articles.table):
        assert not (table["finding"] & table["alarm"].astype(bool)).any()
    assert not articles.facts["stable"]
    assert not articles.table["finding"].any()


def test_one_topic_is_refused(corpus):
    with pytest.raises(InputError, match="at least 2 topics, got k=1"):
        topics(corpus, k=1)


def test_more_topics_than_units_are_refused(corpus):
    with pytest.raises(InputError, match=r"38 units .* too few for k=41"):
        topics(corpus, k=41)


def test_nothing_to_share_is_refused(write_folder):
    new = write_folder("new", "Cats sleep. Dogs bark.", "Cows graze. Pigs dig.")
    old = write_folder("old", "Rain falls. Snow melts.", "Winds blow. Suns burn.")
    with pytest.raises(InputError, match="No term is left for topics"):
        topics(load_folders(new, old))


def test_a_group_of_one_unit_is_refused(tiny):
    with pytest.raises(InputError, match="has one unit"):
        topics(tiny)
