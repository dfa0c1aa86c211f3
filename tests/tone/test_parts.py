"""The split of a contrast: parts counted by hand, sums exact, intervals that cover."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.tone import tone_split

HALVES = [True, True, True, False, False, False]


def made(seed, units=30, topics=4, reference_moves=0.0):
    rng = np.random.default_rng(seed)
    target = np.arange(units) < units // 3
    sizes = rng.integers(1, 8, units).astype(float)
    shares = rng.dirichlet([0.4] * topics, units)
    return sizes * (rng.normal(size=units) + reference_moves * ~target), sizes, shares, target


def test_another_mix_can_be_counted_by_hand():
    """Topics read +1 and -1 in both groups; the target has 2/3 and 1/3 of them, the other ..."""
    shares = [[1, 0], [1, 0], [0, 1], [1, 0], [0, 1], [0, 1]]
    table = tone_split([1, 1, -1, 1, -1, -1], [1] * 6, shares, HALVES, names=["war", "trade"])
    assert table["topic"].tolist() == ["all", "war", "trade"]
    assert table["mix"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 3])
    assert table["within"].tolist() == [0, 0, 0]
    assert table["share_target"].tolist() == pytest.approx([1, 2 / 3, 1 / 3])
    assert table["mean_reference"].tolist() == pytest.approx([-1 / 3, 1, -1])


def test_another_tone_can_be_counted_by_hand():
    """Both groups have the topics half and half; one topic is a point brighter in the target."""
    shares = [[1, 0], [0, 1]] * 2 + [[1, 0], [0, 1]] * 2
    flags = [True] * 4 + [False] * 4
    table = tone_split([2, 0, 2, 0, 1, 0, 1, 0], [1] * 8, shares, flags)
    assert table["mix"].tolist() == [0, 0, 0]
    assert table["within"].tolist() == pytest.approx([0.5, 0.5, 0])


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_are_all_of_the_contrast(seed):
    sums, sizes, shares, target = made(seed)
    table = tone_split(sums, sizes, shares, target)
    difference = (
        sums[target].sum() / sizes[target].sum() - sums[~target].sum() / sizes[~target].sum()
    )
    whole, topics = table.iloc[0], table.iloc[1:]
    assert abs(whole["mix"] + whole["within"] - difference) < 1e-12
    assert abs(whole["total"] - difference) < 1e-12
    for part in ("mix", "within", "total"):
        assert abs(topics[part].sum() - whole[part]) < 1e-12
    share_by_tone = topics["share_target"] * topics["mean_target"]
    assert share_by_tone.sum() == pytest.approx(whole["mean_target"])


def test_swapping_the_groups_turns_every_sign():
    sums, sizes, shares, target = made(1)
    there, back = (tone_split(sums, sizes, shares, t) for t in (target, ~target))
    for part in ("mix", "within", "total"):
        assert np.allclose(there[part], -back[part])
        assert np.allclose(there[f"{part}_low"], -back[f"{part}_high"])


def test_one_topic_has_no_mix_and_welchs_interval():
    rng = np.random.default_rng(2)
    values, target = rng.normal(size=24), np.arange(24) < 10
    row = tone_split(values, np.ones(24), np.ones((24, 1)), target).iloc[0]
    assert row["mix"] == 0
    low, high = stats.ttest_ind(
        values[target], values[~target], equal_var=False
    ).confidence_interval()
    assert (row["within_low"], row["within_high"]) == (pytest.approx(low), pytest.approx(high))


def test_intervals_cover_the_true_parts():
    """Planted: topics at +0.5 and -0.5, mixed 60:40 and 40:60, the first 0.3 brighter."""
    rng, hits = np.random.default_rng(3), []
    for _ in range(300):
        target = np.arange(60) < 30
        first = np.where(target, rng.beta(6, 4, 60), rng.beta(4, 6, 60)) > rng.random(60)
        tone = np.where(first, 0.5 + 0.3 * target, -0.5) + rng.normal(scale=0.5, size=60)
        table = tone_split(tone, np.ones(60), np.column_stack([first, ~first]), target)
        row = table.iloc[0]
        mix, within = 0.2 * (0.8 + 0.5) / 2 - 0.2 * -0.5, 0.5 * 0.3
        hits.append(
            (
                row["mix_low"] <= mix <= row["mix_high"],
                row["within_low"] <= within <= row["within_high"],
            )
        )
    assert (np.mean(hits, axis=0) > 0.92).all()


def test_a_topic_of_one_group_is_all_mix():
    shares = [[1, 0], [1, 0], [0, 1], [1, 0], [1, 0], [1, 0]]
    table = tone_split([1, 2, 5, 1, 2, 3], [1] * 6, shares, HALVES).set_index("topic")
    assert np.isnan(table.loc["2", "mean_reference"])
    assert table.loc["2", "within"] == 0
    assert table.loc["2", "mix"] == pytest.approx(1 / 3 * (5 - (8 / 3 + 2) / 2))


def test_units_without_a_topic_have_a_row_of_their_own():
    sums, sizes, shares, target = made(4)
    shares[[0, 20]] = np.nan
    before = shares.copy()
    table = tone_split(sums, sizes, shares, target)
    assert table["topic"].tolist() == ["all", "1", "2", "3", "4", "no topic"]
    assert abs(table["total"].iloc[1:].sum() - table["total"].iloc[0]) < 1e-12
    held = target & np.isnan(shares[:, 0])
    assert table["share_target"].iloc[-1] == pytest.approx(sizes[held].sum() / sizes[target].sum())
    pd.testing.assert_frame_equal(pd.DataFrame(shares), pd.DataFrame(before))


def test_what_does_not_vary_has_no_interval():
    shares = [[1, 0], [1, 0], [0, 1]] * 2
    table = tone_split([1, 1, -1] * 2, [1] * 6, shares, HALVES)
    assert table.loc[0, ["within_low", "within_high"]].isna().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shares": np.ones((6, 2))}, "add up to 1"),
        ({"shares": np.array([[2.0, -1.0]] * 6)}, "0 or more"),
        ({"shares": np.array([[0.5, np.nan]] * 6)}, "add up to 1"),
        ({"shares": np.ones(6)}, r"units × topics with 6 rows"),
        ({"shares": np.ones((5, 1))}, r"units × topics with 6 rows"),
        ({"names": ["a", "b"]}, "one name for each of the 1 topics"),
        ({"sums": np.full(6, np.nan)}, "must be finite"),
        ({"sums": np.ones((6, 2))}, "One sum of tone a unit"),
        ({"sizes": np.zeros(6)}, "must be positive"),
        ({"target": [True] + [False] * 5}, "has 1 unit"),
    ],
)
def test_what_cannot_be_split_is_refused(change, message):
    sound = {"sums": np.arange(6.0), "sizes": np.ones(6), "shares": np.ones((6, 1)),
             "target": HALVES, "names": None}  # fmt: skip
    asked = sound | change
    names = asked.pop("names")
    with pytest.raises(InputError, match=message):
        tone_split(*asked.values(), names=names)
