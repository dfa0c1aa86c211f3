"""Sentences in Markdown, and the names of places that links lead to."""

import re
from urllib.parse import unquote

from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html

from analysis.report.numbering import PHRASE, WORD, anchor, link, table_id
from analysis.sentences import Prose, markdown


@example("AT&amp;T")
@example("a $x$ b")
@given(st.text(st.characters(categories=["L", "N", "P", "Sc", "Sk", "Sm"]), min_size=1))
def test_escaped_text_says_what_it_says(text):
    """Rendered within a sentence by nbconvert's own Markdown, whatever its characters mean."""
    shown = BeautifulSoup(markdown2html(f"it says {markdown(text)} here"), "html.parser")
    assert shown.get_text().strip() == f"it says {text} here"


def test_prose_is_its_text():
    said = Prose("**One** term.")
    assert (repr(said), said._repr_markdown_()) == ("**One** term.", "**One** term.")


@given(st.text(min_size=1), st.text(min_size=1))
def test_anchors_are_plain_and_differ_where_the_terms_do(one, other):
    name = anchor(WORD, one)
    assert re.fullmatch(r"word-[A-Za-z0-9_.~-]+", name)
    assert (name == anchor(WORD, other)) == (one == other)
    assert unquote(name.removeprefix("word-").replace("_", "%")) == one
    assert name != anchor(PHRASE, one)


def test_links_lead_to_anchors():
    assert link(WORD)("u.s.").endswith(f".ipynb#{anchor(WORD, 'u.s.')}")
    assert table_id(PHRASE) != table_id(WORD)
