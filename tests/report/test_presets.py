"""Figures are redrawn for a page: its width, its font, type that can be printed."""

import numpy as np
import pytest
from PIL import Image

from analysis.errors import InputError
from analysis.report import DOUBLE, MM, canvas, concordance, keywords
from analysis.report.drawing import TALLEST, use_preset
from analysis.report.figure import write_figure
from analysis.report.presets import JOURNALS, Preset, declaration, preset, read_preset
from tests.helpers import DRAWN, bars


@pytest.fixture(autouse=True)
def _own_widths_afterwards():
    yield
    use_preset(None)


@pytest.mark.parametrize("journal", JOURNALS)
def test_a_journal_has_a_width_for_one_column_and_for_two(journal):
    one, two = preset(f"{journal}-single"), preset(f"{journal}-double")
    assert 55 <= one.width < two.width <= 200


@pytest.mark.parametrize(
    ("width", "font", "message"),
    [
        ("wide", "", "give millimetres, or one of nature-single"),
        ("9", "", "none of a page"),
        ("89", "No Such Font", "is not installed"),
    ],
)
def test_what_is_none_is_refused_with_the_cure(width, font, message):
    with pytest.raises(InputError, match=message):
        preset(width, font)


def test_what_is_written_beside_figures_is_read_again(tmp_path):
    assert read_preset(tmp_path) is None
    (tmp_path / "style.toml").write_text(declaration(Preset(88.9, "DejaVu Sans")))
    assert read_preset(tmp_path) == Preset(88.9, "DejaVu Sans")
    (tmp_path / "style.toml").write_text("width = 'x'\n")
    with pytest.raises(InputError, match="states a width in mm"):
        read_preset(tmp_path)


def test_panels_are_stacked_where_a_page_is_narrow():
    use_preset(preset("89"))
    figure, axes = canvas(DOUBLE, 60 * MM, ncols=2, sharey=True, width_ratios=[1, 2])
    assert round(figure.get_figwidth() / MM, 6) == 89
    assert np.shape(axes) == (2,)
    assert figure.get_figheight() > 100 * MM
    many, axes = canvas(DOUBLE, 116 * MM, nrows=4, ncols=5)
    assert np.shape(axes) == (10, 2)
    assert many.get_figheight() <= TALLEST
    wide, _ = canvas(DOUBLE, 60 * MM, least=DOUBLE, ncols=2)
    assert wide.get_figwidth() == DOUBLE
    use_preset(preset("nature-double"))
    assert canvas(DOUBLE, 60 * MM, ncols=2)[0].get_figheight() == 60 * MM


def test_figures_are_redrawn_and_their_type_is_not_scaled(terms, out):
    use_preset(preset("89"))
    for drawn in (keywords.ranked_figure(terms), concordance.dispersion_figure(terms)):
        with Image.open(drawn.folder / f"{drawn.id}.png") as image:
            assert abs(image.width - 89 / 25.4 * 300) <= 8 / 25.4 * 300
        svg = (drawn.folder / f"{drawn.id}.svg").read_text(encoding="utf-8")
        assert "7px" in svg
        assert "4.9px" not in svg


def test_type_too_small_to_print_is_refused(tmp_path):
    ax = bars()
    ax.set_title("tiny", fontsize=4)
    with pytest.raises(InputError, match=r"4\.0 points, and journals print 5 or more"):
        write_figure(ax, **DRAWN, folder=tmp_path)


def test_labels_in_mathematics_that_are_not_set_are_refused(tmp_path):
    ax = bars()
    ax.set_title(r"$\mathdefault{10^{2}}$")
    with pytest.raises(InputError, match="give the axis a formatter"):
        write_figure(ax, **DRAWN, folder=tmp_path)
