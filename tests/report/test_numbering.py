"""Numbers of figures and tables, and the links that say them."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.files import resource
from analysis.report import show
from analysis.report.figure import Published
from analysis.report.numbering import heading_of, is_of_an_appendix, rank_of, renumbered
from analysis.sentences import book
from tests.report.test_tables import RESULTS


def test_those_of_appendices_come_last_and_ones_own_have_no_number():
    places = ["figure-mine", "figure-keywords-funnel", "figure-topics-choice", "figure-tone-shift"]
    assert [is_of_an_appendix(place) for place in places] == [False, True, False, False]
    assert sorted(places, key=rank_of) == [places[3], places[2], places[0], places[1]]
    assert heading_of("figure-mine") == "Figure mine"


def test_a_figure_of_two_notebooks_has_the_number_of_the_one_that_shows_it_first():
    place = "figure-topics-prevalence"
    assert (heading_of(place, "4"), heading_of(place, "4a")) == ("Figure 4.2", "Figure 4a.4")
    assert (is_of_an_appendix(place, "4"), is_of_an_appendix(place, "4a")) == (False, True)
    assert rank_of("figure-topics-choice") < rank_of(place, "4") < rank_of("figure-topics-map")
    assert rank_of("figure-topics-map") < rank_of(place, "4a")


def test_every_table_of_the_order_has_its_words_and_no_other():
    order = tomllib.loads(resource("order.toml").read_text(encoding="utf-8"))
    listed = [name for chapter in order.values() for name in chapter["tables"]]
    said = [id.removeprefix("table.") for id in book("common").entries if id.startswith("table.")]
    assert sorted(set(listed)) == sorted(said)


def test_what_a_later_chapter_shows_of_other_texts_has_its_number():
    table = show(pd.DataFrame({"group": ["a"]}), id="table-of-sizes")
    assert "<b>Table 1.2.</b>" in table._repr_html_()
    for form in ("_repr_html_", "_repr_markdown_", "_repr_latex_"):
        assert "Table 6.1" in getattr(table.of_chapter("6"), form)()
    figure = Published("keywords-ranked", "T", "C", "A", Path(), 1.0)
    assert repr(figure) == "Figure 2.1. C"
    assert repr(figure.of_chapter("6")) == "Figure 6.1. C"


def test_a_link_says_the_number_of_what_it_leads_to_and_other_links_stay():
    text = "[Table](02_keywords.ipynb#table-of-phrase), [Figure 7](#figure-tone-shift), [a](#b)"
    assert renumbered(text) == (
        "[Table 2.2](02_keywords.ipynb#table-of-phrase), [Figure 3.2](#figure-tone-shift), [a](#b)"
    )
    with pytest.raises(InputError, match=r"leads to nothing that order\.toml holds"):
        renumbered("[Figure 1](#figure-none)")


def test_a_table_with_a_number_has_it_above_it_in_every_form():
    numbered, plain = show(RESULTS, id="table-of-phrase"), show(RESULTS, id="table-of-mine")
    holds = "The strongest phrases of each group."
    assert f"<b>Table 2.2.</b> {holds}</caption>" in numbered._repr_html_()
    assert numbered._repr_markdown_().startswith(f"**Table 2.2.** {holds}\n\n|")
    assert rf"\textbf{{Table 2.2.}} {holds}" in numbered._repr_latex_()
    assert "caption" not in plain._repr_html_()
    assert plain._repr_markdown_().startswith("|")
