"""Labels of a scatter plot that never lie on each other, on a point or on the frame.

Two libraries were tried on the funnel of the two articles (17 names among 1,121 terms). textalloc
1.2 places as many, in a third of the time and alike on every run, but puts nearly all at the end of
a leader where these lie beside their point; adjustText 1.4 leaves two or three over points and
differs from run to run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Annotation

from analysis.errors import InputError
from analysis.report.drawing import GREY, measure, rounded, style

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Points, from the mark to the nearest edge of the label; degrees, best first.
DISTANCES = (1.5, 4.0, 8.0, 13.0, 19.0, 26.0, 34.0, 44.0)
DIRECTIONS = (0, 180, 90, 270, 45, 135, 315, 225, 22, 158, 202, 338, 68, 112, 248, 292)
LEADER_FROM = 4.0
GAP = 1.0
SPACE = np.array([-2.0, 0, 2.0, 0])  # more between neighbours on a line, or they read as one word


@dataclass(frozen=True)
class Placement:
    """The texts that found room, in order of priority, and those that did not."""

    placed: tuple[str, ...]
    dropped: tuple[str, ...]
    artists: tuple[Annotation, ...]


@dataclass(frozen=True)
class _Place:
    """Where a label goes: its box, the end of its leader, and whether the leader is drawn."""

    box: Array
    tip: Array
    leader: bool


def _candidates(point: Array, width: float, height: float, mark: float) -> tuple[Array, Array]:
    """Boxes (k × 4: x0, y0, x1, y1) around a point, nearest first, and where their leaders end."""
    angles = np.deg2rad(DIRECTIONS)
    ways = np.column_stack([np.cos(angles), np.sin(angles)])
    tips = np.concatenate([point + (mark + distance) * ways for distance in DISTANCES])
    pulls = np.tile(np.clip(1.5 * ways, -1, 1), (len(DISTANCES), 1))
    half = np.array([width, height]) / 2
    centres = tips + pulls * half
    return np.hstack([centres - half, centres + half]), tips


def _hits(box: Array, boxes: Array) -> Flags:
    """Which of the boxes (k × 4) overlap one box."""
    found: Flags = np.all((box[:2] < boxes[:, 2:]) & (boxes[:, :2] < box[2:]), axis=1)
    return found


def _pierces(start: Array, end: Array, boxes: Array) -> Flags:
    """Which of the boxes (k × 4) a line segment enters: the slab method."""
    way = np.where(end == start, 1e-9, end - start)
    edges = np.sort(np.stack([boxes[:, :2] - start, boxes[:, 2:] - start]) / way, axis=0)
    found: Flags = np.maximum(edges[0].max(axis=1), 0) < np.minimum(edges[1].min(axis=1), 1)
    return found


def _distances(start: Array, end: Array, points: Array) -> Array:
    """Distances from points (n × 2) to a line segment."""
    way = end - start
    along = np.clip((points - start) @ way / max(float(way @ way), 1e-9), 0, 1)
    gaps: Array = np.linalg.norm(points - start - along[:, None] * way, axis=1)
    return gaps


def _crosses(start: Array, end: Array, lines: Array) -> bool:
    """Tell whether a segment crosses any of the lines (k × 4: x0, y0, x1, y1)."""

    def side(a: Array, b: Array, c: Array) -> Array:
        turn = (b - a)[..., 0] * (c - a)[..., 1] - (b - a)[..., 1] * (c - a)[..., 0]
        return np.sign(turn)

    first, last = lines[:, :2], lines[:, 2:]
    split = side(start, end, first) != side(start, end, last)
    return bool(np.any(split & (side(first, last, start) != side(first, last, end))))


class _Room:
    """What is taken so far, in typographic points."""

    def __init__(self, frame: Array, points: Array, taken: list[Array], mark: float) -> None:
        self.frame, self.mark = frame, mark
        self.points = points[np.isfinite(points).all(axis=1)]
        self.boxes = np.array(taken).reshape(-1, 4)
        self.lines = np.empty((0, 4))

    def find(self, point: Array, width: float, height: float) -> _Place | None:
        """Take the first free place."""
        if not (np.all(self.frame[:2] <= point) and np.all(point <= self.frame[2:])):
            return None
        boxes, tips = _candidates(point, width, height, self.mark)
        others = self.points[np.any(self.points != point, axis=1)]
        for i in np.flatnonzero(self._open(boxes)):
            leader = DISTANCES[i // len(DIRECTIONS)] >= LEADER_FROM
            if not leader or self._passable(point, tips[i], others):
                self.boxes = np.vstack([self.boxes, boxes[i]])
                if leader:
                    self.lines = np.vstack([self.lines, np.concatenate([point, tips[i]])])
                return _Place(boxes[i], tips[i], leader)
        return None

    def _open(self, boxes: Array) -> Flags:
        """Which boxes lie in the frame and cover no point, box or leader."""
        wide = boxes + GAP * np.array([-1, -1, 1, 1])
        inside = np.all(wide[:, :2] > self.frame[:2], 1) & np.all(wide[:, 2:] < self.frame[2:], 1)
        low, high = wide[:, None, :2] - self.mark, wide[:, None, 2:] + self.mark
        covers = np.all((low < self.points) & (self.points < high), axis=2).any(axis=1)
        clear = [not _hits(box, self.boxes).any() for box in wide + SPACE]
        unled = np.ones(len(wide), dtype=bool)
        for line in self.lines:
            unled &= ~_pierces(line[:2], line[2:], wide)
        found: Flags = inside & ~covers & np.array(clear) & unled
        return found

    def _passable(self, start: Array, end: Array, others: Array) -> bool:
        """Tell whether a leader can run here without touching a label, leader or point."""
        if _pierces(start, end, self.boxes).any() or _crosses(start, end, self.lines):
            return False
        return not bool((_distances(start, end, others) < self.mark + 0.5).any())


def _box(artist: Artist, renderer: RendererAgg) -> Array:
    """Return x0, y0, x1, y1 of an artist in typographic points."""
    return rounded(np.array(artist.get_window_extent(renderer).extents) * 72 / renderer.dpi)


def _taken(ax: Axes) -> list[Artist]:
    """Return the legend and the texts that are there already."""
    legend = ax.get_legend()
    return [*ax.texts, *([legend] if legend is not None else [])]


def _order(texts: Sequence[str], priority: Sequence[float] | Array | None) -> list[int]:
    """Return the rows that have a text, by falling priority; ties by text, then by row."""
    weights = np.arange(len(texts), 0, -1) if priority is None else np.asarray(priority)
    if len(weights) != len(texts):
        raise InputError(
            f"there are {len(texts)} texts and {len(weights)} priorities; give each text one."
        )
    named = [i for i, text in enumerate(texts) if text]
    return sorted(named, key=lambda i: (-weights[i], texts[i], i))


def _write(
    ax: Axes,
    text: str,
    point: Array,
    offset: Array,
    options: dict[str, Any],
    arrow: dict[str, Any] | None = None,
) -> Annotation:
    """Write a text with its lower left corner at an offset (in points) from a point."""
    settings = {"fontsize": 7, **options, "ha": "left", "va": "bottom", "arrowprops": arrow}
    xy, shift = (float(point[0]), float(point[1])), (float(offset[0]), float(offset[1]))
    label = ax.annotate(text, xy, xytext=shift, textcoords="offset points", **settings)
    label.set_in_layout(False)
    return label


def _leader(place: _Place, mark: float) -> dict[str, Any] | None:
    """Return how the line from a label to its point is drawn, if it needs one."""
    if not place.leader:
        return None
    corner = (place.tip - place.box[:2]) / (place.box[2:] - place.box[:2])
    ends = {"relpos": tuple(corner), "patchA": None, "shrinkA": 0, "shrinkB": mark}
    return {"arrowstyle": "-", "color": GREY, "linewidth": 0.4, **ends}


@style()
def place_labels(
    ax: Axes,
    x: Sequence[float] | Array,
    y: Sequence[float] | Array,
    texts: Sequence[str],
    priority: Sequence[float] | Array | None = None,
    *,
    mark: float = 2.5,
    **text_options: Any,
) -> Placement:
    """Name points where there is room for a name; call it last, when the Axes is complete.

    Greedy and deterministic: labels are taken by falling priority (ties by text) and each takes
    the first free place around its point. A place is free if its box lies in the Axes, covers no
    point, label, legend or leader line, and its own leader line touches none of them.

    Parameters
    ----------
    ax : Axes with everything drawn and its limits set.
    x, y : data coordinates (n,).
    texts : labels (n,); an empty text is a point that has no name and is only kept clear.
    priority : larger is placed first (n,); by default the order given.
    mark : radius of the points drawn, in typographic points.
    **text_options : passed to `Axes.annotate`, such as ``fontsize`` (7 by default) or ``style``.

    Returns
    -------
    Placement: `placed`, and `dropped`, which a caption can count.
    """
    order = _order(texts, priority)
    figure = ax.get_figure(root=True)
    if figure is None:
        raise InputError("the Axes belong to no figure; draw on a canvas() first.")
    renderer = measure(figure)
    data = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
    points = rounded(ax.transData.transform(data) * 72 / figure.dpi)
    taken = [_box(artist, renderer) for artist in _taken(ax)]
    room = _Room(_box(ax, renderer), points, taken, mark)
    artists: list[Annotation] = []
    dropped: list[str] = []
    for i in order:
        label = _write(ax, texts[i], data[i], np.zeros(2), text_options)
        box = _box(label, renderer)
        label.remove()
        place = room.find(points[i], box[2] - box[0], box[3] - box[1])
        if place is None:
            dropped.append(texts[i])
            continue
        offset = place.box[:2] - box[:2]
        artists.append(_write(ax, texts[i], data[i], offset, text_options, _leader(place, mark)))
    placed = tuple(artist.get_text() for artist in artists)
    return Placement(placed, tuple(dropped), tuple(artists))
