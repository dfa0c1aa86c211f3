"""The widths and fonts of journals: figures are redrawn for them, and no type is scaled."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.font_manager import fontManager

from analysis.errors import InputError
from analysis.files import read_toml

DECLARED = "style.toml"  # beside the figures that are drawn so
LEAST = 5.0  # points: type that the strictest of these journals still prints
NARROWEST, WIDEST = 60.0, 260.0  # mm
# Widths in mm of one column and of two, and where each pair stands. Guides for authors change:
# compare them with the guide of the day, or give millimetres.
JOURNALS = {
    "nature": (89.0, 183.0),  # its guide to final submission
    # instructions to authors as quoted in public code: 5.7, 12.1, 18.4 cm, type of 5 points or more
    "science": (57.0, 121.0),
    # columns of 3.42 and 7 inches, as public code has them; its guide now asks for at most 9, 11 or
    # 18 cm (github.com/OchoaLab/ochoalabtools, R/fig_width.R), within which both stay
    "pnas": (87.0, 178.0),
    # at most 7.5 inches (pace.apexcovantage.com/Home/Guidelines); its column of text is that of its
    # template for LaTeX, \textwidth 5.25in
    "plos": (133.35, 190.5),
    # guide for authors of its large journals, as quoted in public manuscripts: text areas of two
    # columns 84 mm, of a single one 174 mm (small journals: 119 mm)
    "springer": (84.0, 174.0),
    "elsevier": (90.0, 190.0),  # sizing of artwork: 255 and 539 points
    "ieee": (88.9, 182.0),  # author centre: 3.5 inches and 7.16 inches
    "acm": (84.5, 177.8),  # template of proceedings: 8.45 cm and 17.78 cm
}
_CURE = "mend it, or remove it for figures at their own widths"


@dataclass(frozen=True)
class Preset:
    """How figures are drawn for a page.

    Attributes
    ----------
    width : in mm, that figures take at most; panels that stand side by side are stacked where it is
        narrow, and a figure whose words need more room takes what they need
    font : a family that is installed here; empty for the one that figures come with
    """

    width: float
    font: str = ""


def preset(width: str, font: str = "") -> Preset:
    """Return a preset by the words of the command line.

    Parameters
    ----------
    width : in mm, or a journal with ``-single`` or ``-double``, such as ``nature-single``
    font : a family

    >>> preset("plos-single"), preset("88.5")
    (Preset(width=133.35, font=''), Preset(width=88.5, font=''))
    """
    name, _, columns = width.rpartition("-")
    if name in JOURNALS and columns in ("single", "double"):
        return _checked(Preset(JOURNALS[name][columns == "double"], font))
    try:
        millimetres = float(width)
    except ValueError:
        known = ", ".join(f"{name}-single" for name in JOURNALS)
        raise InputError(
            f"The width {width!r} is none: give millimetres, or one of {known}, or -double."
        ) from None
    return _checked(Preset(millimetres, font))


def _checked(own: Preset) -> Preset:
    if not NARROWEST - 3 <= own.width <= WIDEST:
        raise InputError(
            f"A width of {own.width:g} mm is none of a page: give {NARROWEST:g} to {WIDEST:g} mm."
        )
    if own.font and own.font not in fontManager.get_font_names():
        raise InputError(
            f"The font {own.font!r} is not installed here: install it, or name another one."
        )
    return own


def declaration(own: Preset) -> str:
    """Return the text of a ``style.toml``."""
    return f'width = {own.width:g}  # mm\nfont = "{own.font}"\n'


def read_preset(folder: Path) -> Preset | None:
    """Return the preset that stands beside figures, None where none does."""
    path = folder / DECLARED
    if not path.is_file():
        return None
    declared: dict[str, Any] = read_toml(path, _CURE)
    if set(declared) - {"width", "font"} or not isinstance(declared.get("width"), int | float):
        raise InputError(f"{path} states a width in mm, and perhaps a font: {_CURE}.")
    return _checked(Preset(float(declared["width"]), str(declared.get("font", ""))))
