"""Tone along the texts: units counted by hand, curves that are known, bands that hold."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.text import cut_units
from analysis.tone import (
    score_sentences,
    tone_movement,
    tone_trajectory,
    tone_units,
)
from analysis.tone.course import GRID, _local_linear, _variances, smooth

GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "The door is blue."
SETTINGS = {"window": 0.25, "draws": 300, "seed": 0}


# Units


def test_units_tell_their_mean_and_place(corpus):
    table, scores = tone_units(corpus), score_sentences(corpus)
    units = cut_units(corpus)
    assert table["n_sentences"].sum() == scores["tone"].notna().sum()
    first = scores[scores["document"] == units["document"].iloc[0]]["tone"]
    own = first.iloc[: units["last_sentence"].iloc[0] + 1].mean()
    assert table["tone"].iloc[0] == pytest.approx(own, abs=1e-3)
    assert table["position"].between(0, 1).all()
    for _, own in table.groupby("document"):
        assert own["position"].is_monotonic_increasing
        assert (own["chance_low"] < own["chance_high"]).all()


def test_the_range_of_chance_holds_what_random_order_gives(corpus):
    """Shuffled sentences stay inside in about 19 of 20 cases."""
    scores = score_sentences(corpus)
    pool = scores.loc[scores["group"] == corpus.reference.label, "tone"].dropna().to_numpy()
    own = tone_units(corpus).query("group == @corpus.reference.label").iloc[0]
    rng = np.random.default_rng(0)
    drawn = np.array([rng.permutation(pool)[: own["n_sentences"]].mean() for _ in range(4_000)])
    inside = ((drawn > own["chance_low"]) & (drawn < own["chance_high"])).mean()
    assert inside == pytest.approx(0.95, abs=0.02)


def test_a_text_that_turns_from_praise_to_blame_moves(folders):
    long = " ".join([GOOD] * 60 + [BAD] * 60)
    mixed = " ".join([GOOD, BAD] * 60)
    table = tone_movement(folders([long], [mixed]), draws=499)
    assert table["p_value"].tolist() == [pytest.approx(1 / 500), pytest.approx(1, abs=0.1)]
    assert table["units"].tolist() == [5, 5]
    assert table["outside"].tolist() == [4, 0]  # the third unit holds the turn itself


def test_a_text_of_one_tone_has_no_range_and_no_test(folders):
    corpus = folders([" ".join([PLAIN] * 60)], [" ".join([GOOD] * 60)])
    assert tone_units(corpus)[["chance_low", "chance_high"]].isna().all(axis=None)
    assert tone_movement(corpus, draws=9)["p_value"].isna().all()


def test_sentences_without_a_tone_leave_their_unit_empty(folders):
    corpus = folders(["2017\n\n" * 3 + GOOD, GOOD], [BAD, BAD])
    table = tone_units(corpus, unit_tokens=3)
    assert table.loc[table["n_sentences"] == 0, "tone"].isna().all()
    assert table["n_sentences"].sum() == 4


# The curve


def test_a_straight_course_is_drawn_as_it_is():
    position = np.linspace(0, 1, 60)
    curve = smooth(2 - 3 * position, position, np.arange(60) // 5, **SETTINGS)
    assert np.allclose(curve.tone, 2 - 3 * GRID, atol=0.02)  # places are hundredths


def test_the_curve_is_weighted_least_squares_at_every_place():
    rng = np.random.default_rng(1)
    position, tone = np.round(rng.random(50), 2), rng.normal(size=50)
    curve = smooth(tone, position, np.arange(50) // 5, **SETTINGS)
    for place in (5, 37, 95):
        distance = position - GRID[place]
        weight = np.sqrt(np.maximum(1 - (distance / 0.25) ** 2, 0))
        design = np.column_stack([np.ones(50), distance]) * weight[:, None]
        line = np.linalg.lstsq(design, tone * weight, rcond=None)[0]
        assert curve.tone[place] == pytest.approx(line[0])


def test_the_two_variances_solve_the_equations_of_their_expectations():
    """The smoother as one matrix R over sentences; ``E e'e`` and ``E e'ZZ'e`` as traces."""
    rng = np.random.default_rng(4)
    unit = np.repeat(np.arange(12), rng.integers(2, 7, 12))
    many = len(unit)
    place = np.sort(rng.integers(0, len(GRID), many))
    counts = np.bincount(place, minlength=len(GRID)).astype(float)
    weights = np.nan_to_num(_local_linear(counts, 0.4))
    table = np.zeros((len(GRID), 12))
    np.add.at(table, (place, unit), 1)
    left = np.eye(many) - weights[place][:, place]
    residuals = left @ (rng.normal(size=12)[unit] + rng.normal(size=many))
    own = np.eye(12)[unit]
    forms = [
        [np.trace(left.T @ left), np.trace(own.T @ left.T @ left @ own)],
        [np.trace(left.T @ own @ own.T @ left), ((own.T @ left @ own) ** 2).sum()],
    ]
    found = [residuals @ residuals, ((own.T @ residuals) ** 2).sum()]
    single, shared = np.linalg.solve(forms, found)
    assert min(single, shared) > 0
    told = _variances(residuals, unit, weights, counts, table)
    assert told == pytest.approx((single, shared, forms[0][0]))


@pytest.mark.parametrize(("units", "alike"), [(30, 0.0), (30, 0.15)])
def test_the_band_holds_the_whole_course(units, alike):
    """A level course, so that smoothing changes nothing; sentences of a unit may be alike."""
    rng, held = np.random.default_rng(2), 0
    for _ in range(200):
        length = rng.gamma(4, 1, 150)
        position = (length.cumsum() - length / 2) / length.sum()
        unit = np.arange(150) * units // 150
        tone = rng.normal(scale=np.sqrt(alike), size=units)[unit]
        tone = tone + rng.normal(scale=np.sqrt(1 - alike), size=150)
        curve = smooth(tone, position, unit, **SETTINGS)
        held += bool(np.nanmax(curve.low) <= 0 <= np.nanmin(curve.high))
    assert 0.89 < held / 200 < 0.995


def test_the_curve_stays_between_the_sentences():
    """Three sentences a text, never near its ends: a line drawn on would lead anywhere."""
    rng = np.random.default_rng(6)
    position = np.tile([0.2, 0.5, 0.8], 40) + rng.uniform(-0.1, 0.1, 120)
    curve = smooth(rng.normal(size=120), position, np.arange(120) // 3, **SETTINGS)
    places = np.rint(position * 100)
    inside = (GRID * 100).round() == np.clip((GRID * 100).round(), places.min(), places.max())
    for part in curve:
        assert (np.isfinite(part) == inside).all()
    assert np.abs(curve.tone[inside]).max() < 2


def test_the_curve_stops_at_a_gap_in_which_no_line_lies_between_sentences():
    rng = np.random.default_rng(7)
    position = np.r_[rng.uniform(0.1, 0.2, 30), rng.uniform(0.75, 0.9, 30)]
    curve = smooth(rng.normal(size=60), position, np.arange(60) // 3, **SETTINGS)
    drawn = np.isfinite(curve.tone)
    assert drawn[[15, 80]].all()
    assert not drawn[[0, 45, 50, 95]].any()
    assert (np.isfinite(curve.low) == drawn).all()


def test_alike_sentences_widen_the_band():
    rng = np.random.default_rng(3)
    position, unit = (np.arange(150) + 0.5) / 150, np.arange(150) // 5
    plain = rng.normal(size=150)
    alike = rng.normal(size=30)[unit] * 0.8 + plain * 0.6
    wide, narrow = (smooth(t, position, unit, **SETTINGS) for t in (alike, plain))
    assert np.mean(wide.high - wide.low) > 1.2 * np.mean(narrow.high - narrow.low)


def test_one_sentence_a_unit_leaves_one_variance():
    rng = np.random.default_rng(4)
    position = (np.arange(40) + 0.5) / 40
    curve = smooth(rng.normal(size=40), position, np.arange(40), **SETTINGS)
    drawn = np.isfinite(curve.tone)
    assert drawn.mean() > 0.95
    assert (curve.low < curve.tone)[drawn].all()
    assert np.isfinite(curve.high)[drawn].all()


@pytest.mark.parametrize("count", [8, 20, 40])
def test_sentences_of_one_unit_have_a_band_of_their_own(count):
    """A curve takes the mean of one unit away, so that nothing tells its variance."""
    tone = np.random.default_rng(count).normal(size=count)
    curve = smooth(tone, np.linspace(0, 1, count), np.zeros(count, dtype=int), **SETTINGS)
    assert (curve.low < curve.high)[np.isfinite(curve.tone)].all()
    assert np.isfinite(curve.tone).any()


def test_no_curve_without_enough_sentences():
    few = smooth(np.ones(5), np.linspace(0, 1, 5), np.arange(5), **SETTINGS)
    gap = smooth(np.ones(20), np.r_[np.zeros(10), np.ones(10)], np.arange(20), **SETTINGS)
    assert all(np.isnan(part).all() for part in (*few, *gap))


def test_no_band_where_nothing_varies():
    curve = smooth(np.ones(30), (np.arange(30) + 0.5) / 30, np.arange(30) // 3, **SETTINGS)
    assert np.allclose(curve.tone[2:98], 1)
    assert np.isnan(curve.low).all()


# The table


def test_each_article_has_its_curve(corpus):
    table = tone_trajectory(corpus, draws=300).table
    assert table.groupby(["group", "document"], sort=False).size().to_dict() == {
        ("2018", "2018"): 101,
        ("2017", "2017"): 101,
    }
    table = table.dropna()
    assert table.groupby("group").size().min() > 95  # all but the ends
    assert (table["low"] < table["tone"]).all()
    assert (table["tone"] < table["high"]).all()
    scores = score_sentences(corpus)
    for label, own in table.groupby("group"):
        tones = scores.loc[scores["group"] == label, "tone"]
        assert own["n_sentences"].unique().tolist() == [tones.notna().sum()]
        assert own["tone"].mean() == pytest.approx(tones.mean(), abs=0.15)


def test_many_documents_share_a_curve(folders):
    falling = " ".join([GOOD] * 6 + [BAD] * 6)
    corpus = folders([falling] * 10, [" ".join([PLAIN] * 12)] * 10)
    table = tone_trajectory(corpus, draws=50).table
    assert table["document"].unique().tolist() == [""]
    own = table[table["group"] == "target"]
    assert own["tone"].iloc[10] > own["tone"].iloc[90]
    assert len(table) == 202


def test_the_same_seed_gives_the_same_band(corpus):
    ours, theirs = (tone_trajectory(corpus, draws=50, seed=5).table for _ in range(2))
    assert ours.equals(theirs)


def test_many_short_texts_have_a_curve_within_the_scale(folders):
    rng = np.random.default_rng(8)
    texts = [" ".join(rng.choice([GOOD, BAD, PLAIN], rng.integers(2, 5))) for _ in range(40)]
    table = tone_trajectory(folders(texts[:20], texts[20:]), draws=50).table
    ends = table["position"].isin([0, 1])
    assert table.loc[ends, ["tone", "low", "high"]].isna().all(axis=None)
    assert table["tone"].abs().max() < 2
    assert table["tone"].notna().sum() > 100


@pytest.mark.parametrize("window", [0, -1, 1.5, np.nan])
def test_a_window_is_a_share(corpus, window):
    with pytest.raises(InputError, match="share of the text"):
        tone_trajectory(corpus, window=window)
