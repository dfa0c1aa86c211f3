"""Labels that never lie on each other, on a point or on the frame."""

import math
from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from analysis.errors import InputError
from analysis.report import (
    DOUBLE,
    MM,
    SINGLE,
    STYLE,
    canvas,
    place_labels,
    style,
)
from analysis.report.drawing import _take_own_faces, measure


def scatter(seed, n=60):
    generator = np.random.default_rng(seed)
    x, y = generator.normal(size=n), generator.gumbel(size=n)
    _, ax = canvas(DOUBLE, 100 * MM)
    with style():
        ax.scatter(x, y, s=16)
    return ax, x, y, [f"word-{i}" * generator.integers(1, 3) for i in range(n)]


def boxes(ax, artists):
    """The boxes of the words alone, in pixels, as the Agg renderer draws them."""
    renderer = measure(ax.figure)
    for artist in artists:
        artist.update_positions(renderer)
    return np.array([Text.get_window_extent(artist, renderer).extents for artist in artists])


def overlaps(a, b):
    return bool(np.all(a[:2] < b[2:]) and np.all(b[:2] < a[2:]))


# Labels


@pytest.mark.parametrize("seed", range(6))
def test_labels_overlap_neither_each_other_nor_points_nor_the_frame(seed):
    ax, x, y, texts = scatter(seed)
    placement = place_labels(ax, x, y, texts, np.abs(x))
    found = boxes(ax, placement.artists)
    assert len(found) > 30
    assert not any(overlaps(a, b) for i, a in enumerate(found) for b in found[:i])
    frame = ax.get_window_extent().extents
    assert (found[:, :2] >= frame[:2]).all()
    assert (found[:, 2:] <= frame[2:]).all()
    points = ax.transData.transform(np.column_stack([x, y]))
    covered = (found[:, None, :2] < points) & (points < found[:, None, 2:])
    assert not covered.all(axis=2).any()
    assert sorted([*placement.placed, *placement.dropped]) == sorted(texts)


def test_labels_are_the_same_each_time():
    first, second = (place_labels(*scatter(1)) for _ in range(2))
    assert first.placed == second.placed
    assert [a.xyann for a in first.artists] == [a.xyann for a in second.artists]


def test_what_has_priority_is_placed_and_the_rest_is_named():
    _, ax = canvas(SINGLE, SINGLE)
    same = np.full(200, 0.5)
    texts = [f"word {i}" for i in range(200)]
    placement = place_labels(ax, same, same, texts, np.arange(200))
    assert placement.placed[0] == "word 199"
    assert placement.dropped
    assert "word 0" in placement.dropped


def test_a_label_beside_its_point_and_none_for_points_outside():
    _, ax = canvas(SINGLE, SINGLE)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    placement = place_labels(
        ax, [0.5, 2, math.nan, 0.1], [0.5, 0.5, 0.5, 0.1], ["in", "out", "?", ""]
    )
    assert placement.placed == ("in",)
    assert placement.dropped == ("out", "?")
    across, up = placement.artists[0].xyann  # points from the mark, whose radius is 2.5
    assert 2.5 < across < 6
    assert -8 < up < 0


def test_labels_keep_clear_of_the_legend_and_of_earlier_labels():
    ax, x, y, texts = scatter(2)
    with style():
        ax.scatter([], [], label="a long entry of the legend")
        legend = ax.legend(loc="center")
    first = place_labels(ax, x[:30], y[:30], texts[:30])
    second = place_labels(ax, x[30:], y[30:], texts[30:])
    early, late = boxes(ax, first.artists), boxes(ax, second.artists)
    frame = legend.get_window_extent().extents
    assert not any(overlaps(frame, box) for box in [*early, *late])
    assert not any(overlaps(a, b) for a in early for b in late)


def test_each_text_needs_its_priority():
    ax, x, y, texts = scatter(0, 3)
    with pytest.raises(InputError, match="3 texts and 2 priorities"):
        place_labels(ax, x, y, texts, [1, 2])


def test_the_fonts_of_the_style_are_those_that_ship_with_matplotlib(monkeypatch):
    """Even where the list of fonts was made without them."""
    from matplotlib.font_manager import findfont, fontManager

    home = matplotlib.get_data_path()
    strangers = [
        replace(face, fname="/elsewhere/" + Path(face.fname).name)
        for face in fontManager.ttflist
        if face.name == "DejaVu Sans"
    ]
    monkeypatch.setattr(fontManager, "ttflist", strangers)
    _take_own_faces.cache_clear()
    with style():
        for weight in ("normal", "bold"):
            face = FontProperties(family=STYLE["font.family"], weight=weight)
            assert home in findfont(face, fallback_to_default=False)
    monkeypatch.undo()
    _take_own_faces.cache_clear()  # which then puts the true list in order
