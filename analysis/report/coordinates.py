"""Drawing on whole thousandths of a point, so that a figure has the same bytes on any processor.

Matplotlib writes coordinates to six or ten decimals and turns them into pixels by rounding, so
that a last bit may move a letter or a tick by one pixel. Here every coordinate is rounded on its
way to what draws it, whatever the format: to the thousandth of a point or pixel, a third of a
micrometre, which nobody can see.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedPath

from analysis.inference.weights import Floats
from analysis.numbers import NOUGHT

DECIMALS = 3
_HERE = Affine2D()  # and not IdentityTransform, which the PDF could not move
_FINER = round(-np.log10(NOUGHT)) - 3  # decimals in which coordinates below 1,000 are determined


def rounded(values: Any) -> Floats:
    """Return coordinates on whole thousandths; what is half way goes the same way everywhere.

    >>> rounded([1 / 3, 0.0005, 0.0005 + 1e-16]).tolist()
    [0.333, 0.0, 0.0]
    """
    finer = np.round(np.asarray(values, dtype=float), _FINER)
    return np.asarray(np.round(finer, DECIMALS) + 0.0)


@contextmanager
def on_thousandths(figure: Figure) -> Iterator[None]:
    """Let a figure round all it draws for a while."""
    draw = figure.draw
    figure.draw = lambda renderer: draw(_Rounding(renderer))  # type: ignore[method-assign,arg-type]
    try:
        yield
    finally:
        del figure.draw


class _Rounding:
    """A renderer that rounds coordinates and leaves the drawing to another one."""

    def __init__(self, renderer: Any) -> None:
        self.__dict__["_renderer"] = renderer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._renderer, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._renderer, name, value)

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        self._renderer.draw_path(_clipped(gc), _path(path, transform), _HERE, rgbFace)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        marker, places = _path(marker_path, marker_trans), _path(path, trans)
        self._renderer.draw_markers(_clipped(gc), marker, _HERE, places, _HERE, rgbFace)

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        paths: Sequence[Path],
        all_transforms: Any,
        offsets: Any,
        offset_trans: Transform,
        *styles: Any,
        **more: Any,
    ) -> None:
        each = self._renderer._iter_collection_raw_paths(master_transform, paths, all_transforms)
        drawn = [_path(path, transform) for path, transform in each]
        places = rounded(offset_trans.transform(offsets)) if len(offsets) else offsets
        self._renderer.draw_path_collection(
            _clipped(gc), _HERE, drawn, np.empty((0, 3, 3)), places, _HERE, *styles, **more
        )

    def draw_quad_mesh(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        width: int,
        height: int,
        coordinates: Floats,
        offsets: Any,
        offset_trans: Transform,
        *styles: Any,
    ) -> None:
        corners = master_transform.transform(coordinates.reshape(-1, 2))
        mesh = rounded(corners).reshape(coordinates.shape)
        places = rounded(offset_trans.transform(offsets))
        self._renderer.draw_quad_mesh(
            _clipped(gc), _HERE, width, height, mesh, places, _HERE, *styles
        )

    def draw_text(
        self, gc: GraphicsContextBase, x: float, y: float, *text: Any, **more: Any
    ) -> None:
        place = rounded([x, y])
        self._renderer.draw_text(_clipped(gc), float(place[0]), float(place[1]), *text, **more)


def _path(path: Path, transform: Transform) -> Path:
    """Return a path where it is drawn."""
    placed = transform.transform_path(path)
    return Path(rounded(placed.vertices), placed.codes)


def _clipped(gc: GraphicsContextBase) -> GraphicsContextBase:
    """Round what a drawing is clipped to."""
    if (box := gc.get_clip_rectangle()) is not None:
        gc.set_clip_rectangle(Bbox(rounded(box.get_points())))
    path, transform = gc.get_clip_path()
    if path is not None and transform is not None:
        gc.set_clip_path(TransformedPath(_path(path, transform), _HERE))  # type: ignore[arg-type]
    return gc
