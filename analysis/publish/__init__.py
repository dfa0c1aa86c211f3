"""Publish: finished tables become figures, tables, captions, records and numbers for LaTeX."""

from analysis.publish.figure import Published, figures_folder, publish
from analysis.publish.gallery import collect
from analysis.publish.labels import Placement, place_labels
from analysis.publish.style import (
    DOUBLE,
    GREY,
    INK,
    MM,
    ONE_AND_HALF,
    PALE,
    PALETTE,
    SINGLE,
    STYLE,
    Mark,
    canvas,
    group_style,
    light_grid,
    style,
)
from analysis.publish.tables import Shown, interval, number, p_value, show
from analysis.publish.values import latex, write_values

__all__ = [
    "DOUBLE",
    "GREY",
    "INK",
    "MM",
    "ONE_AND_HALF",
    "PALE",
    "PALETTE",
    "SINGLE",
    "STYLE",
    "Mark",
    "Placement",
    "Published",
    "Shown",
    "canvas",
    "collect",
    "figures_folder",
    "group_style",
    "interval",
    "latex",
    "light_grid",
    "number",
    "p_value",
    "place_labels",
    "publish",
    "show",
    "style",
    "write_values",
]
