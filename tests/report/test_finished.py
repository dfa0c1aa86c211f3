"""A finished folder: its numbers are its tables, its first page says what was found or not done."""

import html
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from analysis.keywords import keyness
from analysis.notebooks import AGAIN, _errors, refusals
from analysis.report import keywords, open_study
from analysis.report.gallery import records_of
from analysis.report.rerun import Executed, not_done, tell_gaps, values, write_finished
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


# What was not done, and what leads there


def refused(source, reason):
    """A code cell that was refused for a reason."""
    output = nbformat.v4.new_output("error", ename="InputError", evalue=reason, traceback=[])
    return nbformat.v4.new_code_cell(source, outputs=[output])


def test_a_reason_is_given_once_and_names_each_analysis():
    """Three analyses and a nameless cell are refused for one reason, a fourth for another."""
    executed = []
    for name, sources in {
        "two": ["terms = keyness(corpus)", "phrase_keyness(corpus)"],
        "three": ["open_study(sources)\nterms = keyness(corpus)"],
        "four": ["topics(corpus)", "1 + 1"],
    }.items():
        notebook = nbformat.v4.new_notebook(cells=[refused(own, "One unit.") for own in sources])
        assert _errors(notebook) == []
        outputs = [cell.outputs[0].evalue for cell in notebook.cells]
        assert outputs == ["One unit.", AGAIN][: len(sources)]
        executed.append(Executed(Path(f"{name}.ipynb"), "", tuple(refusals(notebook))))
    other = refusals(nbformat.v4.new_notebook(cells=[refused("lineup(terms)", "Too few.")]))
    executed.append(Executed(Path("five.ipynb"), "", tuple(other)))
    assert not_done(executed) == [
        "Not done: keywords, phrases, topics and what stands in four. One unit.",
        "Not done: the line-up. Too few.",
    ]


def test_no_link_leads_to_what_was_not_made_and_gaps_are_told(tmp_path):
    table = {"text/html": '<table id="table-of-ladder"></table>'}
    shown = nbformat.v4.new_output("display_data", data=table)
    words = "[Table 3.1](#table-of-ladder), [Figure 3.1](03_sentiment.ipynb#figure-tone-contrast), "
    words += "[topics](04_topics.ipynb), [the rest](03a_sentiment_appendix.ipynb)"
    cells = [nbformat.v4.new_code_cell("", outputs=[shown]), nbformat.v4.new_markdown_cell(words)]
    for name, own in (("03_sentiment", cells), ("03a_sentiment_appendix", cells[1:])):
        nbformat.write(nbformat.v4.new_notebook(cells=own), tmp_path / f"{name}.ipynb")
    for _ in range(2):  # a run that was ended goes on where it was
        tell_gaps(tmp_path)
    _, said, gaps = nbformat.read(tmp_path / "03_sentiment.ipynb", 4).cells
    assert said.source == (
        "[Table 3.1](#table-of-ladder), Figure 3.1 *(not made of these texts)*, topics, "
        "[the rest](03a_sentiment_appendix.ipynb)"
    )
    assert "Figure 3.1, Figure 3.2, Table 3.2, Table 3.3 and Table 3.4" in gaps.source


def test_the_headline_of_tone_says_on_what_its_lists_were_judged(finished):
    out = finished.parent / "tone"
    (out / "notebooks").mkdir(parents=True)
    write_finished(out, "One", {"02_keywords": "Words.", "03_sentiment": "**Tone.**"}, [])
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count("judged on others") == 1
    assert "judged on others" not in (finished / "index.html").read_text(encoding="utf-8")
