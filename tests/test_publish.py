"""Publish: numbers and tables as readers expect them; figures whose bytes do not change."""

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text
from nbconvert import HTMLExporter
from PIL import Image

from analysis.description import describe
from analysis.errors import InputError
from analysis.report import (
    DOUBLE,
    MM,
    SINGLE,
    STYLE,
    canvas,
    collect,
    figures_folder,
    group_style,
    interval,
    latex,
    light_grid,
    number,
    p_value,
    place_labels,
    publish,
    show,
    style,
    write_values,
)
from analysis.report.figure import use_folder
from analysis.report.style import measure
from analysis.text import Group, load_corpus

ROOT = Path(__file__).resolve().parents[1]
TABLE = pd.DataFrame({"term": ["gas", "iran"], "n": [3, 12], "rate": [1.23456789, 1e-7]})
WORDS = {
    "id": "two-words",
    "table": TABLE,
    "caption": "Two words, 15 occurrences; these two texts only.",
    "alt": 'Bars of two words: "iran" occurs 12 times & gas 3 times.',
    "results": describe(load_corpus()),
    "shown": {"rows": np.int64(2)},
}


def group(role):
    return Group(label="2018" if role == "target" else "2017", role=role, colour="#0072b2")


def bars():
    """A small figure of the table, drawn anew."""
    _, ax = canvas(SINGLE, 40 * MM)
    with style():
        ax.barh(TABLE["term"], TABLE["n"], **group_style(group("reference")).bars)
        ax.set_xlabel("Occurrences")
    return ax


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# Numbers


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (0, 2, "0.00"),
        (-1.234, 2, "−1.23"),
        (-0.004, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (1234567, 0, "1,234,567"),
        (-1234.5, 1, "−1,234.5"),
        (10, 0, "10"),
        (-100, 0, "−100"),
        (math.nan, 2, "–"),
        (None, 2, "–"),
        (pd.NA, 2, "–"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (np.float64(2.5), 1, "2.5"),
    ],
)
def test_number(x, digits, text):
    assert number(x, digits) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_a_number_reads_back_within_half_a_unit_of_its_last_digit(x, digits):
    back = float(number(x, digits).replace("−", "-").replace(",", ""))
    assert abs(back - x) <= 0.5 * 10**-digits + 1e-11 * abs(x)
    assert math.copysign(1, back) == 1 or back < 0


@pytest.mark.parametrize(
    ("p", "text", "named"),
    [
        (0.0, "<.001", "p < .001"),
        (0.00099, "<.001", "p < .001"),
        (0.001, ".001", "p = .001"),
        (0.0342, ".034", "p = .034"),
        (0.9994, ".999", "p = .999"),
        (0.9995, ">.999", "p > .999"),
        (1.0, ">.999", "p > .999"),
        (math.nan, "–", "–"),
    ],
)
def test_p_value(p, text, named):
    assert p_value(p) == text
    assert p_value(p, named=True) == named


@pytest.mark.parametrize("p", [-0.01, 1.01, math.inf])
def test_a_p_value_outside_0_and_1_is_refused(p):
    with pytest.raises(InputError, match="between 0 and 1"):
        p_value(p)


def test_interval():
    assert interval(-0.517, 1.3) == "[−0.52, 1.30]"
    assert interval(-math.inf, 0, 1) == "[−∞, 0.0]"
    with pytest.raises(InputError, match="swap its ends"):
        interval(1, 0)


# Tables

RESULTS = pd.DataFrame(
    {
        "term": ["<gas>", None],
        "n_target": [1200, 3],
        "year": [2017, 2018],
        "tokens": [5.0, np.nan],
        "log_ratio": [3.2051, -0.5],
        "ci_low": [0.12, np.nan],
        "p_value": [0.0342, 1e-9],
        "listed": [True, False],
    }
)


def cells(shown):
    rows = BeautifulSoup(shown._repr_html_(), "html.parser").find_all("tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]


def test_a_table_is_set_by_kind_of_column():
    head, first, second = cells(show(RESULTS))
    assert head[:2] == ["term", "n target"]
    assert first == ["<gas>", "1,200", "2017", "5", "3.21", "0.12", ".034", "yes"]
    assert second == ["–", "3", "2018", "–", "−0.50", "–", "<.001", "no"]


def test_the_html_is_plain_and_aligned():
    html = show(RESULTS)._repr_html_()
    soup = BeautifulSoup(html, "html.parser")
    assert "<style" not in html
    assert "&lt;gas&gt;" in html
    sides = [cell["align"] for cell in soup.find_all("tr")[1].find_all("td")]
    assert sides == ["left", *["right"] * 6, "left"]


def test_the_text_twin_says_the_same():
    columns = {"n_target": "Count", "term": "Term"}
    text = repr(show(RESULTS, columns=columns, rows=1, note="A note."))
    assert text == "Count  Term\n1,200  <gas>\nA note. The first 1 of 2 rows."


def test_columns_are_chosen_named_and_ordered():
    indexed = RESULTS.rename_axis("place")
    assert cells(show(indexed, columns={"place": "Place", "term": "Term"}))[1] == ["0", "<gas>"]
    assert cells(show(RESULTS, columns={"log_ratio": "LR"}, digits={"log_ratio": 1}))[1] == ["3.2"]
    with pytest.raises(InputError, match="no column 'rate'"):
        show(RESULTS, columns={"rate": "Rate"})


@pytest.mark.parametrize(
    ("largest", "shown"), [(123.4, "123.4"), (12.34, "12.3"), (0.01234, "0.0123"), (0.0, "0.00")]
)
def test_a_column_shows_three_digits_of_its_largest_value(largest, shown):
    assert cells(show(pd.DataFrame({"g2": [largest]})))[1] == [shown]


def test_showing_changes_nothing_and_bears_an_empty_table():
    before = RESULTS.copy(deep=True)
    show(RESULTS, columns={"term": "Term"})
    pd.testing.assert_frame_equal(RESULTS, before)
    assert cells(show(RESULTS.head(0)))[0][0] == "term"


# Style


def test_a_canvas_has_the_width_asked_and_leaves_the_settings_alone():
    before = dict(matplotlib.rcParams)
    figure, axes = canvas(DOUBLE, 50 * MM, ncols=2)
    assert figure.get_size_inches() * 25.4 == pytest.approx([183, 50])
    assert len(axes) == 2
    assert not axes[0].spines["top"].get_visible()
    assert dict(matplotlib.rcParams) == before


def test_the_style_does_not_depend_on_the_readers_settings(tmp_path):
    publish(bars(), **WORDS, folder=tmp_path / "own")
    with matplotlib.rc_context({"font.size": 20, "axes.grid": True, "svg.hashsalt": "x"}):
        publish(bars(), **WORDS, folder=tmp_path / "other")
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


# Figures


def test_publishing_writes_the_same_files_each_time(tmp_path):
    ax = bars()
    publish(ax, **WORDS, folder=tmp_path / "a")
    publish(ax, **WORDS, folder=tmp_path / "b")
    publish(bars().figure, **WORDS, folder=tmp_path / "c")
    made = {f"two-words.{kind}" for kind in ("pdf", "svg", "png", "csv", "json")}
    assert set(files(tmp_path / "a")) == made | {"references.bib", "README.md"}
    assert files(tmp_path / "a") == files(tmp_path / "b") == files(tmp_path / "c")


def test_the_images_have_journal_size_and_no_dates(tmp_path):
    publish(bars(), **WORDS, folder=tmp_path)
    found = files(tmp_path)
    with Image.open(io.BytesIO(found["two-words.png"])) as image:
        assert image.size == (round(89 / 25.4 * 300), round(40 / 25.4 * 300))
        assert image.info["Description"] == WORDS["alt"]
        assert set(image.info) <= {"Title", "Description", "dpi"}
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert b"/MediaBox [ 0 0 252.28" in found["two-words.pdf"]  # 89 mm in points
    assert b"/FontFile2" in found["two-words.pdf"]
    for kind in ("pdf", "svg", "json"):
        content = found[f"two-words.{kind}"]
        assert not re.search(rb"CreationDate|dc:date|/Producer|20\d\d-\d\d-\d\d", content), kind
        assert str(ROOT).encode() not in content


def test_the_record_tells_what_made_the_figure(tmp_path):
    publish(bars(), **WORDS, folder=tmp_path)
    facts = json.loads((tmp_path / "two-words.json").read_text(encoding="utf-8"))
    record, whole = facts["record"], describe(load_corpus()).record
    assert record["texts"] == whole["texts"]
    assert record["shown"] == {"rows": 2}
    assert record["analyses"] == [
        {k: v for k, v in whole.items() if k not in ("texts", "versions")}
    ]
    assert facts["csv_sha256"] == sha256((tmp_path / "two-words.csv").read_bytes()).hexdigest()
    assert facts["title"] == "Two words"
    assert facts["size_mm"] == [89.0, 40.0]
    assert {"matplotlib", "numpy", "pandas"} <= set(facts["versions"])
    assert facts["columns"] == ["term", "n", "rate"]


def test_the_data_keep_six_digits(tmp_path):
    named = TABLE.rename_axis("place")
    publish(bars(), **(WORDS | {"table": named}), folder=tmp_path)
    data = (tmp_path / "two-words.csv").read_bytes()
    assert b"\r" not in data
    assert list(csv.reader(io.StringIO(data.decode()))) == [
        ["place", "term", "n", "rate"],
        ["0", "gas", "3", "1.23457"],
        ["1", "iran", "12", "1e-07"],
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "Two words"}, "kebab-case"),
        ({"id": "../two"}, "kebab-case"),
        ({"alt": "Too short."}, "10 characters, not 30 to 500"),
        ({"alt": "x" * 501}, "501 characters"),
        ({"alt": WORDS["caption"]}, "the same"),
        ({"caption": "No full stop"}, "full stop"),
        ({"table": TABLE.head(0)}, "table is empty"),
        ({"results": ()}, "must show results of one corpus"),
        ({"shown": {"rows": math.nan}}, "cannot be written as JSON"),
    ],
)
def test_the_gate_refuses_in_words_and_writes_nothing(change, message, tmp_path):
    with pytest.raises(InputError, match=message):
        publish(bars(), **(WORDS | change), folder=tmp_path)
    assert files(tmp_path) == {}


def test_what_would_be_cut_off_is_refused(tmp_path):
    ax = bars()
    ax.text(1.2, 0.5, "a text far to the right of everything", transform=ax.transAxes)
    ax.figure.set_layout_engine("none")
    with pytest.raises(InputError, match="outside the canvas of 89 by 40 mm"):
        publish(ax, **WORDS, folder=tmp_path)


def test_a_failed_drawing_overwrites_nothing(tmp_path):
    publish(bars(), **WORDS, folder=tmp_path)
    before = files(tmp_path)
    broken = bars()
    broken.set_title("$\\nosuchsymbol$")
    with pytest.raises(ValueError, match="nosuchsymbol"):
        publish(broken, **WORDS, folder=tmp_path)
    assert files(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be written"):
        publish(bars(), **WORDS, folder=tmp_path / "file")


def test_the_folder_is_the_one_named_or_one_here(tmp_path):
    use_folder(tmp_path / "mine")
    assert figures_folder() == tmp_path / "mine"
    publish(bars(), **WORDS)
    assert (tmp_path / "mine" / "two-words.pdf").is_file()


# In a notebook


def execute(folder):
    """Start nbconvert, as readers do, on a notebook that publishes and shows a figure."""
    folder.mkdir()
    lines = "from tests.test_publish import WORDS, bars, publish\n"
    lines += "publish(bars(), **WORDS, folder='out')"
    cell = nbformat.v4.new_code_cell(lines, id="figure")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "paper.ipynb")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    config = ["--config", str(ROOT / "jupyter_nbconvert_config.py"), "--log-level", "ERROR"]
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    return subprocess.Popen([*command, *config, str(folder / "paper.ipynb")], env=environment)


def test_a_notebook_shows_the_figure_with_alt_text_and_caption(tmp_path):
    for run in [execute(tmp_path / name) for name in ("first", "second")]:
        assert run.wait(timeout=300) == 0
    paper = tmp_path / "first" / "paper.ipynb"
    assert paper.read_bytes() == (tmp_path / "second" / "paper.ipynb").read_bytes()
    publish(bars(), **WORDS, folder=tmp_path / "here")
    written = files(tmp_path / "first" / "out")
    assert written == files(tmp_path / "here")
    image, caption = nbformat.read(paper, 4).cells[0].outputs
    assert b64decode(image.data["image/png"]) == written["two-words.png"]
    assert caption.data["text/markdown"].startswith("**Figure two-words.** Two words, 15")
    html, _ = HTMLExporter(template_name="classic").from_filename(str(paper))
    shown = BeautifulSoup(html, "html.parser").find("img")
    assert (shown["alt"], shown["width"]) == (WORDS["alt"], "420")


# The figures together


def test_collect_writes_a_bibliography_and_a_gallery(tmp_path):
    publish(bars(), **WORDS, folder=tmp_path)
    publish(bars(), **(WORDS | {"id": "a-second", "title": "R&D: 5 % {of_it}"}), folder=tmp_path)
    (tmp_path / "other.json").write_text('{"id": "elsewhere"}')
    assert collect(tmp_path) == ["a-second", "two-words"]
    before = files(tmp_path)
    collect(tmp_path)
    assert files(tmp_path) == before
    bib = before["references.bib"].decode()
    assert re.findall(r"^@misc\{([\w-]+),$", bib, re.MULTILINE) == ["a-second", "two-words"]
    assert r"title = {{R\&D: 5 \% \{of\_it\}}}" in bib
    assert sha256(before["two-words.csv"]).hexdigest() in bib
    assert re.sub(r"\\[{}]", "", bib).count("{") == re.sub(r"\\[{}]", "", bib).count("}")
    page = before["README.md"].decode()
    assert 'alt="Bars of two words: &quot;iran&quot; occurs 12 times &amp; gas 3 times."' in page
    linked = re.findall(r"\]\(([\w.-]+)\)|src=\"([\w.-]+)\"", page)
    assert len(linked) == 10
    assert all((tmp_path / (a or b)).is_file() for a, b in linked)


def test_collect_names_what_it_cannot_use(tmp_path):
    with pytest.raises(InputError, match="holds no figure's record"):
        collect(tmp_path)
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(InputError, match=r"broken\.json is not JSON"):
        collect(tmp_path)


# Values for LaTeX


def test_latex_escapes_what_would_break_a_document():
    assert latex(r"a_b & 5 % of $3 {x}") == r"a\_b \& 5 \% of \$3 \{x\}"
    assert latex("−3 – “so”") == r"\ensuremath{-}3 -- ``so''"
    assert latex("\\~^") == r"\textbackslash{}\textasciitilde{}\textasciicircum{}"


def test_values_are_sorted_escaped_and_the_same_each_time(tmp_path):
    values = {"keywords.syria.log_ratio": "−3.21", "corpus.tokens": 1234, "a.share": "5 %"}
    path = write_values(values, tmp_path / "values.tex")
    first = path.read_bytes()
    write_values(dict(reversed(values.items())), path)
    assert path.read_bytes() == first
    assert first.decode().splitlines()[-3:] == [
        r"\expandafter\def\csname analysis@a.share\endcsname{5 \%}",
        r"\expandafter\def\csname analysis@corpus.tokens\endcsname{1,234}",
        r"\expandafter\def\csname analysis@keywords.syria.log_ratio\endcsname{\ensuremath{-}3.21}",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [({"a b": "1"}, "may hold letters"), ({"a": 0.5}, "format it"), ({"a": True}, "format it")],
)
def test_unformatted_values_are_refused(values, message, tmp_path):
    with pytest.raises(InputError, match=message):
        write_values(values, tmp_path / "values.tex")
    assert files(tmp_path) == {}


# Labels


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


def test_the_fonts_of_the_style_ship_with_matplotlib():
    from matplotlib.font_manager import findfont

    font = Path(findfont(STYLE["font.family"][0], fallback_to_default=False))
    assert matplotlib.get_data_path() in str(font)
