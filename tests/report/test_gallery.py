"""The figures together, and numbers for LaTeX."""

import re
from hashlib import sha256

import pytest

from analysis.errors import InputError
from analysis.report import (
    collect,
    latex,
    write_values,
)
from analysis.report.figure import write_figure
from tests.helpers import DRAWN, bars, files

# The figures together


def test_collect_writes_a_bibliography_and_a_gallery(tmp_path):
    write_figure(bars(), **DRAWN, folder=tmp_path)
    second = {"id": "a-second", "words": DRAWN["words"]._replace(title="R&D: 5 % {of_it}")}
    write_figure(bars(), **(DRAWN | second), folder=tmp_path)
    (tmp_path / "other.json").write_text('{"id": "elsewhere"}')
    assert collect(tmp_path) == ["a-second", "two-words"]
    before = files(tmp_path)
    collect(tmp_path)
    assert files(tmp_path) == before
    bib = before["references.bib"].decode()
    digest = sha256(before["two-words.csv"]).hexdigest()
    assert re.findall(r"^@misc\{([\w-]+),$", bib, re.MULTILINE) == [
        f"analysis-fig-{name}-{digest[:6]}" for name in ("a-second", "two-words")
    ]
    assert r"title = {{R\&D: 5 \% \{of\_it\}}}" in bib
    assert f"{digest[:12]}}}" in bib
    assert digest not in bib
    assert re.sub(r"\\[{}]", "", bib).count("{") == re.sub(r"\\[{}]", "", bib).count("}")
    page = before["README.md"].decode()
    assert 'alt="Bars of two words: &quot;iran&quot; occurs 12 times &amp; gas 3 times."' in page
    linked = re.findall(r"\]\(([\w.-]+)\)|src=\"([\w.-]+)\"", page)
    assert len(linked) == 13
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
    assert first.decode().splitlines()[-8:] == [
        r"\newcommand{\anAShare}{5 \%}",
        r"\newcommand{\anCorpusTokens}{1,234}",
        r"\newcommand{\anCorpusTokensPlain}{1234}",
        r"\newcommand{\anKeywordsSyriaLogRatio}{\ensuremath{-}3.21}",
        r"\newcommand{\anKeywordsSyriaLogRatioPlain}{-3.21}",
        r"\expandafter\def\csname analysis@a.share\endcsname{5 \%}",
        r"\expandafter\def\csname analysis@corpus.tokens\endcsname{1,234}",
        r"\expandafter\def\csname analysis@keywords.syria.log_ratio"
        r"\endcsname{\ensuremath{-}3.21}",
    ]


def test_macros_are_words_of_letters_and_do_not_collide(tmp_path):
    values = {"a.b-c": "1", "a.b_c": "2", "né.7": "[−0.35, 1,003.5]", "it's": "p < .001"}
    text = write_values(values, tmp_path / "values.tex").read_text(encoding="utf-8")
    found = dict(re.findall(r"\\newcommand\{\\(\w+)\}\{(.*)\}", text))
    assert {found["anABCA"], found["anABCB"]} == {"1", "2"}
    assert all(re.fullmatch("[A-Za-z]+", name) for name in found)
    assert (found["anNeSevenLowPlain"], found["anNeSevenHighPlain"]) == ("-0.35", "1003.5")
    assert "anItsPlain" not in found


@pytest.mark.parametrize(
    ("values", "message"),
    [({"a b": "1"}, "may hold letters"), ({"a": 0.5}, "format it"), ({"a": True}, "format it")],
)
def test_unformatted_values_are_refused(values, message, tmp_path):
    with pytest.raises(InputError, match=message):
        write_values(values, tmp_path / "values.tex")
    assert files(tmp_path) == {}
