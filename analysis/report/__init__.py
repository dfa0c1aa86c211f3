"""Publish: finished tables become figures, tables, captions, records and numbers for LaTeX."""

from analysis.numbers import interval, number, p_value
from analysis.report.citation import latex
from analysis.report.drawing import (
    DOUBLE,
    GREY,
    INK,
    MM,
    ONE_AND_HALF,
    PALE,
    SINGLE,
    STYLE,
    Mark,
    canvas,
    group_style,
    light_grid,
    style,
)
from analysis.report.figure import Published, publish
from analysis.report.gallery import collect, write_values
from analysis.report.labels import Placement, place_labels
from analysis.report.study import open_study, text_checksums
from analysis.report.tables import Shown, show

__all__ = [
    "DOUBLE",
    "GREY",
    "INK",
    "MM",
    "ONE_AND_HALF",
    "PALE",
    "SINGLE",
    "STYLE",
    "Mark",
    "Placement",
    "Published",
    "Shown",
    "canvas",
    "collect",
    "group_style",
    "interval",
    "latex",
    "light_grid",
    "number",
    "open_study",
    "p_value",
    "place_labels",
    "publish",
    "show",
    "style",
    "text_checksums",
    "write_values",
]
