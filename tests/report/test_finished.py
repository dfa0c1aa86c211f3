"""A finished folder: its numbers are its tables, its first page says what was found or not done."""

import html
import re

import pandas as pd
import pytest

from analysis.keywords import keyness
from analysis.report import keywords, open_study
from analysis.report.gallery import records_of
from analysis.report.rerun import values, write_finished
from analysis.report.verification import HOLDS, verify


@pytest.fixture
def finished(write_folder, tmp_path):
    body = "Cats {} well. The dogs eat red fish.\n\nDogs bark at {} fish. Cats sleep."
    folders = [
        write_folder(f"texts/{name}", *("\n\n".join([body.format(word, word)] * n) for n in (2, 3)))
        for name, word in (("new", "swim"), ("old", "sink"))
    ]
    out = tmp_path / "out"
    (out / "notebooks").mkdir(parents=True)
    corpus = open_study(folders, out / "figures")
    keywords.ranked_figure(keyness(corpus, draws=99))
    found = {"02_keywords": "**Nothing** was found & no <b>."}
    write_finished(out, "New <i> & old", found, ["Too short for *topics*."])
    return out


def test_the_first_page_says_what_was_found_and_what_was_not_done(finished):
    page = (finished / "index.html").read_text(encoding="utf-8")
    for words in ("New &lt;i&gt; &amp; old", "<strong>Nothing</strong>", "Too short for *topics*."):
        assert words in page
    (record,) = records_of(finished / "figures")
    (alt,) = re.findall(r'<img[^>]*src="figures/keywords-ranked\.png"[^>]*alt="([^"]*)"', page)
    assert html.unescape(alt) == record["alt"]
    assert record["caption"].split(";")[0] in html.unescape(page)
    for name in ("gallery", "methods", "snippets"):
        assert (finished / f"{name}.html").is_file()


def test_values_are_those_of_the_tables(finished):
    table = pd.read_csv(finished / "figures" / "keywords-ranked.csv")
    found = values(finished / "figures")
    first = table.iloc[0]
    assert found[f"keywords-ranked.{first['term']}.n_target"] == str(first["n_target"])
    written = (finished / "figures" / "values.tex").read_text(encoding="utf-8")
    assert len(re.findall(r"csname analysis@", written)) >= len(found)


def test_all_of_it_holds(finished):
    found = verify(finished, [str(finished.parent / "texts" / n) for n in ("new", "old")])
    wrong = found[found["verdict"] != HOLDS]
    assert set(wrong["item"]) <= {"findings.md: line 1"}
