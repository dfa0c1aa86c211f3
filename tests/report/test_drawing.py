"""One style for every figure."""

import matplotlib
import pytest
from matplotlib.text import Text

from analysis.errors import InputError
from analysis.report import (
    DOUBLE,
    MM,
    canvas,
    group_style,
    light_grid,
    style,
)
from analysis.report.drawing import legible
from analysis.report.figure import write_figure
from tests.helpers import DRAWN, bars, files, group

# Style


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("plain – “words”", "plain – “words”"),
        ("Правда أخبار Ωδή", "Правда أخبار Ωδή"),
        ("新聞 (2)\nnews", "XinWen (2)\nnews"),
        ("한국", "HanGug"),
        ("a\U0010ffffb", "a?b"),
    ],
)
def test_letters_that_the_font_lacks_are_romanised(words, drawn):
    assert legible(words) == drawn


@pytest.mark.filterwarnings("error")
def test_no_text_of_a_figure_is_empty_boxes(tmp_path):
    with style():
        figure, ax = canvas()
        ax.set_title("新聞 a:b $x$ [c]")
        ax.set_yticks([0, 1], ["뉴스", "ข่าว"])
        ax.plot([0, 1], [0, 1], label="समाचार")
        ax.legend()
    write_figure(figure, **DRAWN, folder=tmp_path)
    shown = [text.get_text() for text in figure.findobj(Text)]
    assert {"XinWen a:b $x$ [c]", "NyuSeu", "khaw", "smacar"} <= set(shown)
    ax.set_xlabel("新")  # outside of the style nothing is changed
    assert ax.get_xlabel() == "新"


def test_a_canvas_has_the_width_asked_and_leaves_the_settings_alone():
    before = dict(matplotlib.rcParams)
    figure, axes = canvas(DOUBLE, 50 * MM, ncols=2)
    assert figure.get_size_inches() * 25.4 == pytest.approx([183, 50])
    assert len(axes) == 2
    assert not axes[0].spines["top"].get_visible()
    assert dict(matplotlib.rcParams) == before


def test_the_style_does_not_depend_on_the_readers_settings(tmp_path):
    write_figure(bars(), **DRAWN, folder=tmp_path / "own")
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True, "svg.hashsalt": "x"}):
        write_figure(bars(), **DRAWN, folder=tmp_path / "other")
    assert files(tmp_path / "own") == files(tmp_path / "other")


def test_groups_differ_in_more_than_colour():
    target, reference = group_style(group("target")), group_style(group("reference"))
    assert target.colour == reference.colour
    assert target.marker != reference.marker
    assert target.linestyle != reference.linestyle
    assert target.bars["hatch"] is None
    assert reference.bars["hatch"]
    assert (target.face, reference.face) == ("#0072b2", "white")
    assert target.line["label"] == target.points["label"] == "2018"


def test_unknown_roles_and_axes_are_refused():
    with pytest.raises(InputError, match="'target' and 'reference'"):
        group_style(group("other"))
    with pytest.raises(InputError, match="'x', 'y' or 'both'"):
        light_grid(canvas()[1], "z")


@pytest.mark.parametrize("label", ["$30k–$50k", "$$ donors", r"$\foo$", "US$ and A$"])
def test_a_name_with_dollar_signs_is_drawn_as_it_is_written(label, tmp_path):
    """Matplotlib takes what stands between two of them for mathematics."""
    ax = bars()
    with style():
        title = ax.set_title(label)
    write_figure(ax, **DRAWN, folder=tmp_path)
    assert not title.get_parse_math()
    assert title.get_text() == label
