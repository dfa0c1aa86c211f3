"""Effects as they are likely to be after the largest of many have been looked at."""

import numpy as np
import pytest

from analysis.inference import count_test, split
from analysis.inference.split import shrink
from analysis.keywords.table import keyness, keyness_of_counts
from analysis.text import load_folders


@pytest.fixture(scope="module")
def table(corpus):
    return keyness(corpus, draws=99).table


def test_a_shrunken_effect_lies_within_its_interval_and_nearer_to_nought(table):
    assert (table["shrunk_low"] <= table["shrunk"]).all()
    assert (table["shrunk"] <= table["shrunk_high"]).all()
    assert (table["shrunk"].abs() <= table["log_ratio"].abs() + 0.25).mean() > 0.99
    assert table["shrunk"].abs().max() < 0.8 * table["log_ratio"].abs().max()


def test_the_better_known_of_two_effects_is_shrunk_less(table):
    both = table[(table["n_target"] > 0) & (table["n_reference"] > 0)]
    kept = both["shrunk"] / both["log_ratio"]
    strong = both["log_ratio"].abs() > 1
    often = both["n_target"] + both["n_reference"] >= 10
    assert kept[strong & often].median() > kept[strong & ~often].median()


def test_texts_of_one_source_leave_next_to_nothing(write_folder):
    """Sentences dealt at random to two sides: what is largest by chance is not believed."""
    rng = np.random.default_rng(3)
    words = np.array([f"word{i}" for i in range(40)])
    folders = [
        write_folder(side, *(" ".join(rng.choice(words, 60)) + "." for _ in range(8)))
        for side in ("a", "b")
    ]
    found = keyness(load_folders(*folders), draws=99).table
    assert found["log_ratio"].abs().max() > 0.7
    assert found["shrunk"].abs().max() < found["log_ratio"].abs().max() / 2
    assert ((found["shrunk_low"] <= 0) & (found["shrunk_high"] >= 0)).all()


def test_exchanging_the_groups_turns_the_signs(counts):
    from dataclasses import replace

    there = keyness_of_counts(counts, draws=20).set_index("term")
    swapped = replace(counts, target=~np.asarray(counts.target))
    back = keyness_of_counts(swapped, draws=20).set_index("term").loc[there.index]
    np.testing.assert_allclose(back["shrunk"], -there["shrunk"], atol=0.02)


def _calm(effects, each):
    """Return what is known of terms of certain log ratios that never burst; eight units a side."""
    means = np.outer(np.repeat([1.0, 0.0], 8), effects)
    table = np.random.default_rng(5).poisson(each * 2.0**means)
    test = count_test(table, np.full(16, 1_000.0), np.arange(16) < 8)
    return shrink(test.splits, test.kind)


def test_where_no_term_differs_next_to_nothing_is_left():
    """Hundreds of frequent terms tell that the spread of effects is nought, or next to it."""
    assert _calm(np.zeros(400), 6.0)["shrunk"].abs().median() < 0.01


@pytest.mark.parametrize("confidence", [0.5, 0.9])
def test_as_many_true_effects_lie_in_their_intervals_as_it_says(confidence):
    """Effects drawn from a bell shape; an interval ends at points of a grid, on the outer side."""
    effects = np.random.default_rng(6).normal(0, 1.5, 1_500)
    means = np.outer(np.repeat([1.0, 0.0], 8), effects)
    table = np.random.default_rng(7).poisson(1.0 * 2.0**means)
    held = table.sum(axis=0) > 0
    test = count_test(table[:, held], np.full(16, 1_000.0), np.arange(16) < 8)
    found, true = shrink(test.splits, test.kind, confidence), effects[held]
    # reached in cells of the grid: half of one is in, on average, at either end
    within = (found["shrunk_low"] <= true) & (true <= found["shrunk_high"])
    assert within.mean() == pytest.approx(confidence, abs=0.04)


def test_what_is_well_known_is_hardly_shrunk():
    """Hundreds of occurrences on either side; effects are known in steps of up to a half."""
    effects = np.tile(np.arange(-4.5, 4.75, 0.25), 8)
    found = _calm(effects, 2_000.0)
    np.testing.assert_allclose(found["shrunk"], effects, atol=0.3)


def test_of_many_terms_a_part_tells_the_spread_and_none_of_it_twice(monkeypatch):
    """All terms but one have nearly the spread of all."""
    effects = np.random.default_rng(8).normal(0, 1.5, 60)
    every = _calm(effects, 20.0)
    monkeypatch.setattr(split, "SAMPLE", 59)
    np.testing.assert_allclose(_calm(effects, 20.0)["shrunk"], every["shrunk"], atol=0.01)
