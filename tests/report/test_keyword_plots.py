"""Plots of keywords: bands, floors, labels, ticks."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis.numbers import MINUS, ordered
from analysis.report import canvas, keyword_plots, keywords
from analysis.report.keywords import ROLES
from tests.helpers import keyness_row


def frequencies():
    """Terms of 1, 4 and 10 occurrences, the floors falling but for a step up at 10."""
    return pd.DataFrame(
        [
            keyness_row(n_target=1, n_reference=0, floor_target=np.inf, self_reference=2.0),
            keyness_row(n_target=2, n_reference=2, floor_target=3.0, self_reference=4.0),
            keyness_row(n_target=3, n_reference=1, floor_target=3.0, self_reference=6.0),
            keyness_row(n_target=5, n_reference=5, floor_target=3.5, self_reference=1.0),
        ]
    )


# Scatter plots


def test_the_band_is_a_median_and_the_floor_holds_from_there_on():
    found = keyword_plots._by_frequency(frequencies(), rising=False)
    assert found["n"].tolist() == [1, 4, 10]
    assert found["itself"].tolist() == [2.0, 5.0, 1.0]
    assert found["floor_target"].tolist() == pytest.approx([np.nan, 3.5, 3.5], nan_ok=True)
    assert found["floor_reference"].isna().all()
    rising = keyword_plots._by_frequency(
        frequencies().assign(floor_target=[np.inf, 3, 3, 2]), rising=True
    )
    assert rising["floor_target"].tolist() == pytest.approx([np.nan, 3.0, 3.0], nan_ok=True)


def test_labels_of_the_funnel_keep_clear_of_the_line_of_no_difference(corpus, terms):
    figure, ax = canvas(height=4)
    table = terms.table.assign(passing=terms.table["established"])
    keyword_plots.plot_funnel(table, corpus.groups, ax, column="log_ratio")
    figure.canvas.draw()
    curve = ax.transData.transform(
        np.column_stack([np.linspace(*ax.get_xlim(), 4000), np.zeros(4000)])
    )
    assert len(ax.texts) >= 8
    for text in ax.texts:
        (x0, y0), (x1, y1) = text.get_window_extent().get_points()
        inside = (curve[:, 0] > x0) & (curve[:, 0] < x1) & (curve[:, 1] > y0) & (curve[:, 1] < y1)
        assert not inside.any(), text.get_text()


def crowd(terms=30_000, seed=0):
    """Return a table of many terms whose frequencies follow Zipf's law."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(3, terms + 3)
    mean = 2_000_000 * share / share.sum()
    a, b = rng.poisson(mean * rng.lognormal(0, 0.3, (2, terms)))
    ratio = np.log2((a + 0.5) / (b + 0.5))
    error = np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5))
    ends = {f"{what}_{side}": 4 * error for what in ("self", "floor") for side in ROLES}
    table = pd.DataFrame({"n_target": a, "n_reference": b, "log_ratio": ratio, **ends}).assign(
        term=[f"word{number}" for number in range(terms)],
        score=ratio / error,
        passing=abs(ratio / error) > 8,
    )
    return ordered(table[a + b > 0], ["score", "term"], ascending=[False, True])


def test_a_funnel_of_many_terms_has_marks_that_can_be_told_apart(corpus):
    table = crowd()
    assert keyword_plots.joins(table)
    _, ax = canvas(height=4)
    keyword_plots.plot_funnel(table, corpus.groups, ax, column="log_ratio")
    marks = [len(part.get_offsets()) for part in ax.collections if hasattr(part, "get_sizes")]
    assert sum(marks) < keyword_plots.MOST
    assert len(ax.texts) >= 5
    every = keyword_plots._places(table, ["log_ratio"])
    named = keyword_plots._strongest(table, 10)
    seen = keyword_plots._thinned(every, "log_ratio", named)
    assert seen["terms"].sum() == every["terms"].sum() == len(table)
    keys = ["n_target", "n_reference"]
    assert len(named[keys].drop_duplicates().merge(seen)) == len(named[keys].drop_duplicates())
    assert seen["passing"].any() and set(seen["log_ratio"]) <= set(every["log_ratio"])


def test_vector_files_of_many_terms_stay_small(corpus, tmp_path):
    """Some 200 kB each, whatever the number of terms."""
    table = crowd()
    figure, axes = canvas(height=6, nrows=2)
    for ax in axes:
        keyword_plots.plot_funnel(table, corpus.groups, ax, column="log_ratio")
    figure.savefig(tmp_path / "funnel.svg")
    panels = pd.concat([crowd(2_000, seed) for seed in range(20)], keys=range(20), names=["panel"])
    panels = panels.assign(log_odds_z=panels["score"], terms=1).reset_index("panel")
    figure, axes = canvas(height=6, nrows=4, ncols=5)
    keyword_plots.plot_lineup(panels, axes)
    figure.savefig(tmp_path / "lineup.svg")
    rng, word = np.random.default_rng(0), np.repeat(["a", "b"], 3_000)
    places = pd.DataFrame({"group": "2018", "term": word, "position": rng.random(6_000)})
    figure, axes = canvas(ncols=2)
    keyword_plots.plot_dispersion(places, ["a", "b"], corpus.groups, axes)
    figure.savefig(tmp_path / "dispersion.svg")
    sizes = {path.stem: path.stat().st_size for path in tmp_path.glob("*.svg")}
    assert max(sizes.values()) < 280_000, sizes


def test_a_panel_of_many_marks_keeps_all_terms_and_its_largest_z():
    for seed in range(20):
        panel = crowd(2_000, seed).assign(terms=1, log_odds_z=lambda own: own["score"])
        seen = keyword_plots._thinned_panel(panel)
        assert len(seen) < 2 * keyword_plots.PANEL
        assert seen["terms"].sum() == 2_000
        assert seen["log_odds_z"].abs().max() == panel["log_odds_z"].abs().max()


def test_heights_of_a_line_up_that_reaches_far_do_not_touch():
    panel = pd.DataFrame({"panel": 1, "n_target": range(1, 9), "n_reference": 1, "terms": 1})
    for reach, least in ((3.0, "1.96"), (18.0, "10")):
        figure, axes = canvas(height=0.8, squeeze=False)
        z = np.linspace(-reach, reach, 8)
        keyword_plots.plot_lineup(panel.assign(log_odds_z=z), axes)
        figure.canvas.draw()
        names = [label for label in axes[0, 0].get_yticklabels() if label.get_text()]
        assert least in [label.get_text() for label in names]
        boxes = sorted(label.get_window_extent().get_points()[:, 1].tolist() for label in names)
        low, high = axes[0, 0].get_window_extent().get_points()[:, 1]
        seen = [box for box in boxes if low <= sum(box) / 2 <= high]
        assert all(below[1] <= above[0] for below, above in pairwise(seen))


def test_names_of_groups_that_begin_alike_are_told_apart_beside_the_rates(corpus, terms):
    groups = [
        replace(group, label=f"letters to the editor, {place} the war")
        for group, place in zip(corpus.groups, ("before", "after"), strict=True)
    ]
    figure, ax = canvas(height=4)
    keyword_plots.plot_rates(keywords.strongest(terms.table, 3), groups, ax)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["…before the war", "…after the war"]
    assert ax.get_legend() is None


# What figures say


def test_log_ratios_have_whole_ticks_and_a_true_minus(corpus, terms):
    figure, ax = canvas()
    keyword_plots.plot_ranked(keywords.strongest(terms.table, 5), corpus.groups, ax)
    ax.set_xlim(-10.4, 10.4)
    figure.canvas.draw()
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert any(label.startswith(MINUS) for label in labels)
    assert all(re.fullmatch(rf"{MINUS}?\d+", label) for label in labels)


def test_what_is_established_stands_out(corpus, terms):
    table = keywords.strongest(terms.table, 3).assign(
        established=[True, False, False, False, False, False],
        p_within_family=[np.nan, 0.2, 0.3, 0.9, np.nan, 0.04],
    )
    figure, ax = canvas()
    keyword_plots.plot_ranked(table, corpus.groups, ax)
    figure.canvas.draw()
    weights = [label.get_fontweight() for label in ax.get_yticklabels()]
    assert weights == ["bold", "normal", "normal", "normal", "normal", "bold"]
    drawn = [c.get_sizes().tolist() for c in ax.collections if hasattr(c, "get_sizes")]
    points = [own for own in drawn if set(own) == {14, 38}]
    assert len(points) == 2


def test_rates_are_joined_and_their_sides_kept_apart(corpus, terms):
    table = keywords.strongest(terms.table, 3)
    _, ax = canvas()
    keyword_plots.plot_rates(table, corpus.groups, ax)
    joins = ax.collections[0].get_segments()
    drawn = np.array([[segment[0][0], segment[1][0]] for segment in joins])
    assert drawn == pytest.approx(table[["rate_target", "rate_reference"]].to_numpy())
    heights = np.array([segment[0][1] for segment in joins])
    assert (np.diff(heights) < 0).all()
    assert np.diff(heights).min() == pytest.approx(np.diff(heights)[2])


def test_a_mark_in_bold_has_an_interval_that_leaves_out_nought(corpus, terms):
    table = keywords.strongest(terms.table, 6)
    _, ax = canvas()
    keyword_plots.plot_ranked(table, corpus.groups, ax)
    bold = [label.get_fontweight() == "bold" for label in ax.get_yticklabels()]
    apart = (table["within_low"] > 0) | (table["within_high"] < 0) | table["established"]
    assert bold == apart.tolist()
    assert any(bold)


def test_marks_of_a_line_up_have_few_sizes_and_more_terms_are_larger():
    """Marks of one size are one shape in a vector file, which stays small."""
    terms = np.array([1, 2, 3, 4, 15, 16, 17, 300])
    panel = pd.DataFrame(
        {
            "panel": 1,
            "n_target": np.arange(8),
            "n_reference": 1,
            "log_odds_z": np.linspace(-1, 2, 8),
        }
    )
    _, axes = canvas(squeeze=False)
    keyword_plots.plot_lineup(panel.assign(terms=terms), axes)
    sizes = {
        int(x): float(marks.get_sizes()[0])
        for marks in axes[0, 0].collections
        for x in marks.get_offsets()[:, 0]
    }
    assert [sizes[place + 1] for place in range(8)] == [3, 3, 3, 4, 4, 6, 6, 18]
