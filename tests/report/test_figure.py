"""Figures made once: checked, written with data and record, shown in a notebook."""

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

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter
from PIL import Image

from analysis.errors import InputError
from analysis.report.figure import write_figure
from analysis.report.gallery import TOGETHER
from tests.helpers import DRAWN, TABLE, bars, files

ROOT = Path(__file__).resolve().parents[2]


def said(**other):
    """Return other words than those."""
    return {"words": DRAWN["words"]._replace(**other)}


# Figures


def test_publishing_writes_the_same_files_each_time(tmp_path):
    ax = bars()
    write_figure(ax, **DRAWN, folder=tmp_path / "a")
    write_figure(ax, **DRAWN, folder=tmp_path / "b")
    write_figure(bars().figure, **DRAWN, folder=tmp_path / "c")
    made = {f"two-words.{kind}" for kind in ("pdf", "svg", "png", "csv", "json")}
    assert set(files(tmp_path / "a")) == made | TOGETHER | {"SHA256SUMS"}
    assert files(tmp_path / "a") == files(tmp_path / "b") == files(tmp_path / "c")


def test_the_images_have_journal_size_and_no_dates(tmp_path):
    write_figure(bars(), **DRAWN, folder=tmp_path)
    found = files(tmp_path)
    with Image.open(io.BytesIO(found["two-words.png"])) as image:
        assert image.size == (round(89 / 25.4 * 300), round(40 / 25.4 * 300))
        assert image.info["Description"] == DRAWN["words"].alt
        assert set(image.info) <= {"Title", "Description", "dpi"}
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert b"/MediaBox [ 0 0 252.28" in found["two-words.pdf"]  # 89 mm in points
    assert b"/FontFile2" in found["two-words.pdf"]
    for kind in ("pdf", "svg", "json"):
        content = found[f"two-words.{kind}"]
        assert not re.search(rb"CreationDate|dc:date|/Producer|20\d\d-\d\d-\d\d", content), kind
        assert str(ROOT).encode() not in content


def test_the_record_tells_what_made_the_figure(tmp_path):
    write_figure(bars(), **DRAWN, folder=tmp_path)
    facts = json.loads((tmp_path / "two-words.json").read_text(encoding="utf-8"))
    assert facts["record"] == {"texts": {"a": "0" * 64}, "shown": {"rows": 2}}
    assert facts["csv_sha256"] == sha256((tmp_path / "two-words.csv").read_bytes()).hexdigest()
    assert facts["title"] == "Two words"
    assert facts["size_mm"] == [89.0, 40.0]
    assert {"matplotlib", "numpy", "pandas"} <= set(facts["versions"])
    assert facts["columns"] == ["term", "n", "rate"]


def test_the_data_keep_six_digits(tmp_path):
    named = TABLE.rename_axis("place")
    write_figure(bars(), **(DRAWN | {"table": named}), folder=tmp_path)
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
        (said(alt="Too short."), "10 characters, not 30 to 500"),
        (said(alt="x" * 501), "501 characters"),
        (said(alt=DRAWN["words"].caption), "the same"),
        (said(caption="No full stop"), "full stop"),
        ({"table": TABLE.head(0)}, "table is empty"),
        ({"record": {"rows": math.nan}}, "cannot be written as JSON"),
        ({"record": {"rows": object()}}, "cannot be written as JSON"),
    ],
)
def test_the_gate_refuses_in_words_and_writes_nothing(change, message, tmp_path):
    with pytest.raises(InputError, match=message):
        write_figure(bars(), **(DRAWN | change), folder=tmp_path)
    assert files(tmp_path) == {}


def test_what_would_be_cut_off_is_refused(tmp_path):
    ax = bars()
    ax.text(1.2, 0.5, "a text far to the right of everything", transform=ax.transAxes)
    ax.figure.set_layout_engine("none")
    with pytest.raises(InputError, match="outside the canvas of 89 by 40 mm"):
        write_figure(ax, **DRAWN, folder=tmp_path)


def test_a_failed_drawing_overwrites_nothing(tmp_path):
    write_figure(bars(), **DRAWN, folder=tmp_path)
    before = files(tmp_path)
    broken = bars()
    broken.set_title("a title")

    def draw(renderer):
        raise ValueError("no such symbol")

    broken.title.draw = draw
    with pytest.raises(ValueError, match="no such symbol"):
        write_figure(broken, **DRAWN, folder=tmp_path)
    assert files(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be written"):
        write_figure(bars(), **DRAWN, folder=tmp_path / "file")


def execute(folder):
    """Start nbconvert, as readers do, on a notebook that publishes and shows a figure."""
    folder.mkdir()
    lines = (
        "from analysis.report.figure import write_figure\nfrom tests.helpers import DRAWN, bars\n"
    )
    lines += "write_figure(bars(), **DRAWN, folder='out')"
    cell = nbformat.v4.new_code_cell(lines, id="figure")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "paper.ipynb")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    config = ["--config", str(ROOT / "jupyter_nbconvert_config.py"), "--log-level", "ERROR"]
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    return subprocess.Popen([*command, *config, str(folder / "paper.ipynb")], env=environment)


# In a notebook


def test_a_notebook_shows_the_figure_with_alt_text_and_caption(tmp_path):
    for run in [execute(tmp_path / name) for name in ("first", "second")]:
        assert run.wait(timeout=300) == 0
    paper = tmp_path / "first" / "paper.ipynb"
    assert paper.read_bytes() == (tmp_path / "second" / "paper.ipynb").read_bytes()
    write_figure(bars(), **DRAWN, folder=tmp_path / "here")
    written = files(tmp_path / "first" / "out")
    assert written == files(tmp_path / "here")
    image, caption = nbformat.read(paper, 4).cells[0].outputs
    assert b64decode(image.data["image/png"]) == written["two-words.png"]
    assert caption.data["text/markdown"].startswith(
        '<a id="figure-two-words"></a>**Figure two-words.** Two words, 15'
    )
    html, _ = HTMLExporter(template_name="classic").from_filename(str(paper))
    shown = BeautifulSoup(html, "html.parser").find("img")
    assert (shown["alt"], shown["width"]) == (DRAWN["words"].alt, "420")
