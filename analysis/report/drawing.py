"""One style for every figure, and the same bytes on every processor.

Figures have the sizes of journals, and marks of groups that do not rest on colour alone. Matplotlib
writes coordinates to six or ten decimals and turns them into pixels by rounding, so that a last bit
may move a letter or a tick by one pixel. Here every coordinate is rounded on its way to what draws
it, whatever the format: to the thousandth of a point or pixel, a third of a micrometre, which
nobody can see.
"""

import math
import pathlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedPath

from analysis.errors import InputError
from analysis.inference.weights import Floats
from analysis.numbers import NOUGHT
from analysis.report.presets import Preset
from analysis.sentences import LETTERS, apart, say

MM = 1 / 25.4
SINGLE = 89 * MM
ONE_AND_HALF = 120 * MM
DOUBLE = 183 * MM
NARROW = 0.75  # of the width that a figure is drawn for: with less, panels are stacked
TALLEST = 247 * MM  # what a page of Nature has room for, the caption aside
SHARED = 0.1  # of a panel's height that stacked ones share
DPI = 300
CSS_PIXELS_PER_INCH = 120  # 8-point text then has the size of the text around it
INK = "#222222"
GREY = "#767676"
PALE = "#d9d9d9"
STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "figure.titlesize": 8,
    "legend.fontsize": 7,
    "legend.title_fontsize": 7,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "text.color": INK,
    "text.hinting": "none",
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": PALE,
    "grid.linewidth": 0.4,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
    "lines.linewidth": 1.2,
    "lines.markersize": 4,
    "patch.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.handlelength": 1.8,
    "figure.dpi": DPI,
    "figure.facecolor": "white",
    "savefig.dpi": DPI,
    "savefig.facecolor": "white",
    "savefig.bbox": None,
    "pdf.fonttype": 42,
    "pdf.compression": 0,  # the bytes of a compressed stream depend on the zlib of the machine
    "svg.fonttype": "none",  # text stays text, to be found, read out and edited
    "svg.hashsalt": "analysis",
}
DECIMALS = 3
_HERE = Affine2D()  # and not IdentityTransform, which the PDF could not move
_FINER = round(-np.log10(NOUGHT)) - 3  # decimals in which coordinates below 1,000 are determined


def legible(words: str) -> str:
    """Return words that the font of figures can draw: letters that it lacks are romanised.

    A font that happens to be installed would draw them here and not there; tables, captions and
    pages keep the words as they are.

    >>> legible("Правда, عربي, 中文 (2)")
    'Правда, عربي, ZhongWen (2)'
    """
    lacking = [not (ord(letter) in _drawn() or letter.isspace()) for letter in words]
    if not any(lacking):
        return words
    from anyascii import anyascii

    runs = groupby(zip(words, lacking, strict=True), key=itemgetter(1))
    pieces = [("".join(letter for letter, _ in run), lacks) for lacks, run in runs]
    return "".join(anyascii(piece) or "?" if lacks else piece for piece, lacks in pieces)


@cache
def _drawn() -> frozenset[int]:
    """Return the characters that the font of figures has, plain and bold."""
    faces = [FontProperties(family=STYLE["font.family"], weight=w) for w in ("normal", "bold")]
    held = [frozenset(get_font(findfont(face)).get_charmap()) for face in faces]
    return held[0] & held[1]


@cache
def _take_own_faces() -> None:
    """Let the faces that Matplotlib brings come before a system's of the same name.

    Those may be of another version; and the list of faces that Matplotlib keeps in a home may have
    been made where its own were not there.
    """
    home = pathlib.Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for face in sorted(home.glob("DejaVuSans*.ttf")):
        fontManager.addfont(face)
    fontManager.ttflist.sort(key=lambda face: home not in pathlib.Path(face.fname).parents)


def _set_legible(text: Text, words: Any) -> None:
    _set_text(text, legible(words) if isinstance(words, str) else words)


_set_text = Text.set_text


@contextmanager
def style() -> Iterator[None]:
    """Hold matplotlib's defaults plus `STYLE` for a while; the reader's own settings come back.

    What is written meanwhile is ``legible``.

    matplotlib reads settings whenever an artist is made, so a plot function draws under the style
    as well: decorate it with ``@style()``.

    >>> import matplotlib
    >>> with style():
    ...     matplotlib.rcParams["font.size"]
    8.0
    """
    _take_own_faces()
    outside = Text.set_text
    Text.set_text = _set_legible  # type: ignore[assignment,method-assign]
    try:
        font = {"font.family": [_preset.font]} if _preset is not None and _preset.font else {}
        with matplotlib.style.context(["default", STYLE | font]):
            yield
    finally:
        Text.set_text = outside  # type: ignore[method-assign]


@style()
def canvas(
    width: float = SINGLE, height: float = 60 * MM, *, least: float = 0.0, **subplots: Any
) -> tuple[Figure, Any]:
    """Make a figure of a journal's width under the style, outside pyplot's global state.

    Parameters
    ----------
    width, height : inches; `SINGLE`, `ONE_AND_HALF`, `DOUBLE` are columns, `MM` one millimetre.
    least : inches: with less the figure cannot be read, however narrow the page is asked to be
    **subplots : passed to `matplotlib.figure.Figure.subplots` (nrows, ncols, sharex, ...).

    Returns
    -------
    The figure and its Axes (an array of Axes when there are several).
    """
    if _preset is not None:
        width, height, subplots = _fitted(width, height, subplots, max(_preset.width * MM, least))
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(**subplots)


_preset: Preset | None = None


def use_preset(preset: Preset | None) -> None:
    """Draw what follows for a page (``open_study`` calls this for what stands beside figures)."""
    global _preset
    _preset = preset


def has_preset() -> bool:
    """Tell whether figures are drawn for a page other than their own."""
    return _preset is not None


def _fitted(
    width: float, height: float, subplots: dict[str, Any], room: float
) -> tuple[float, float, dict[str, Any]]:
    """Return the size and panels of a figure that has so much room: what is beside goes below.

    Of panels in several rows as many stay side by side as keep their width, and fill all rows.
    """
    rows, columns = subplots.get("nrows", 1), subplots.get("ncols", 1)
    if width <= room or columns == 1 or room > NARROW * width:
        return min(width, room), height, subplots
    most = math.floor(columns * room / width) if rows > 1 else 1
    beside = range(max(1, most), 0, -1)
    kept = next(own for own in beside if rows * columns % own == 0)
    own = subplots | {"nrows": rows * columns // kept, "ncols": kept}
    own.pop("width_ratios", None)
    own["gridspec_kw"] = {
        name: value for name, value in own.get("gridspec_kw", {}).items() if name != "width_ratios"
    }
    taller = columns / kept
    return room, min(height * (taller - (taller - 1) * SHARED), max(TALLEST, height)), own


def measure(figure: Figure) -> RendererAgg:
    """Settle the layout of a figure and return what measures its texts, at the figure's dpi."""
    figure.draw_without_rendering()
    width, height = (round(side) for side in figure.bbox.size)
    return RendererAgg(width, height, figure.dpi)  # type: ignore[no-untyped-call]


def root_of(ax: Axes) -> Figure:
    """Return the figure of an Axes, or refuse one that belongs to none."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise InputError("The Axes belong to no figure: draw on a canvas() first.")
    return figure


def light_grid(ax: Axes, axis: str = "x") -> Axes:
    """Rule the Axes lightly along one axis, for plots whose values are read off a scale."""
    if axis not in ("x", "y", "both"):
        raise InputError(f"axis is 'x', 'y' or 'both', not {axis!r}; name one of them.")
    ax.grid(True, axis=axis, color=PALE, linewidth=0.4)  # type: ignore[arg-type]
    return ax


class GroupLike(Protocol):
    """What a group must say to be drawn; `analysis.text.Group` says it."""

    @property
    def label(self) -> str:
        """The name shown in a legend."""

    @property
    def role(self) -> str:
        """Either ``target`` or ``reference``."""

    @property
    def colour(self) -> str:
        """A colour that matplotlib knows."""


@dataclass(frozen=True)
class Mark:
    """How one group is drawn everywhere: colour, and a shape that survives a grey copy."""

    label: str
    colour: str
    marker: str
    filled: bool
    hatch: str | None
    linestyle: str

    @property
    def face(self) -> str:
        """The inside of a marker or bar: the colour itself, or white."""
        return self.colour if self.filled else "white"

    @property
    def points(self) -> dict[str, Any]:
        """Arguments for `Axes.scatter`."""
        return {"marker": self.marker, "facecolors": self.face, "edgecolors": self.colour,
                "linewidths": 0.9, "label": self.label}  # fmt: skip

    @property
    def line(self) -> dict[str, Any]:
        """Arguments for `Axes.plot` and `Axes.errorbar`."""
        return {"color": self.colour, "linestyle": self.linestyle, "marker": self.marker,
                "markerfacecolor": self.face, "markeredgecolor": self.colour,
                "label": self.label}  # fmt: skip

    @property
    def bars(self) -> dict[str, Any]:
        """Arguments for `Axes.bar`, `Axes.barh`, `Axes.hist` and patches."""
        return {"facecolor": self.face, "edgecolor": self.colour, "hatch": self.hatch,
                "linewidth": 0.6, "label": self.label}  # fmt: skip


def group_style(group: GroupLike) -> Mark:
    """Return the marks of a group: target filled and solid, reference open, dashed, hatched."""
    if group.role == "target":
        return Mark(group.label, group.colour, "o", True, None, "-")
    if group.role == "reference":
        return Mark(group.label, group.colour, "D", False, "//////", "--")
    raise InputError(
        f"group {group.label!r} has role {group.role!r}; the roles are 'target' and 'reference'."
    )


def group_names(groups: Sequence[GroupLike], width: int = LETTERS) -> dict[str, str]:
    """Return what groups are called where there is room for so many letters; see ``apart``."""
    return apart([group.label for group in groups], width)


def name_sides(ax: Axes, groups: Sequence[GroupLike]) -> Axes:
    """Write above the Axes which side means which group, and rule it lightly.

    Parameters
    ----------
    groups : target (to the right), reference (to the left)
    """
    target, reference = groups
    names = group_names(groups)
    for x, side, group, words in (
        (0, "left", reference, "common.axes.left"),
        (1, "right", target, "common.axes.right"),
    ):
        ax.annotate(
            say(words, {"group": names[group.label]}), (x, 1), xycoords="axes fraction",
            xytext=(0, 3), textcoords="offset points",
            ha=side, va="bottom", fontsize=7, color=group.colour,
        )  # fmt: skip
    return light_grid(ax)


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
