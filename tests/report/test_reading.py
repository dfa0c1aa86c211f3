"""Tables and figure of a reader's notes."""

import re

import pandas as pd
import pytest

from analysis.description import annotate
from analysis.errors import InputError
from analysis.report.reading import (
    LETTERS,
    _labels,
    _wrapped,
    arguments_table,
    referents_table,
    ribbons_figure,
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def notes(corpus):
    return annotate(corpus)


def test_every_element_has_both_texts_with_their_own_words(notes, corpus):
    shown = arguments_table(notes)
    assert len(shown.cells) == notes.table["element"].nunique()
    for element, *cells in shown.cells:
        assert element.endswith("?")
        for cell, document in zip(cells, shown.headings[1:], strict=True):
            (quote,) = re.findall("“(.*)”$", cell)
            assert quote in corpus.document(document).edited.text


def test_referents_add_up_to_the_occurrences(notes, corpus):
    shown = referents_table(notes, "relationship")
    tokens = [corpus.tokens_of(group.label) for group in corpus.groups]
    expected = [sum(own.count("relationship") for own in side) for side in tokens]
    assert [sum(int(row[i]) for row in shown.cells) for i in (1, 2)] == expected
    with pytest.raises(InputError, match="No occurrence of 'ties' is coded; coded are relation"):
        referents_table(notes, "ties")


def test_a_ribbon_has_a_stroke_for_each_word(notes, folder):
    drawn = ribbons_figure(notes, ["Syria", "aims"])
    along = notes.parts["concepts"]
    strokes = along["term"].isin(["Syria", "aims"]).groupby(along["document"]).sum()
    for document in ("2018", "2017"):
        assert f"{strokes[document]} in {document}" in drawn.alt
    with pytest.raises(InputError, match="No concept 'peace'; there are Syria"):
        ribbons_figure(notes, ["peace"])


def test_names_of_sections_are_set_in_lines_or_left_out():
    assert _wrapped("outlook and advice", 8) == "outlook\nand\nadvice"
    assert _wrapped("outlook and advice", 30) == "outlook and advice"
    assert _wrapped("outlook and advice", 5) == ""


def sections(*tokens):
    """Sections with names of fourteen letters, each letter one token wide."""
    names = [f"the part no. {number}" for number in range(1, len(tokens) + 1)]
    return pd.DataFrame({"section": names, "tokens": tokens})


def test_every_section_has_its_name_or_a_number_whose_name_is_told():
    labels, key = _labels(sections(2, 100, 20), LETTERS)
    assert [(label.text, label.fits) for label in labels] == [
        ("the part no. 1", False), ("the part no. 2", True), ("the part no. 3", True),
    ]  # fmt: skip
    assert key == []
    labels, key = _labels(sections(2, 1, 2, 1, 1, 115), LETTERS)
    assert [(label.text, label.start, label.end, label.fits) for label in labels[:-1]] == [
        ("1", 0, 2, True), ("2", 2, 3, False), ("3", 3, 5, True), ("4–5", 5, 7, False),
    ]  # fmt: skip
    assert " ".join(key).replace("\N{NO-BREAK SPACE}", " ") == "; ".join(
        f"{number} the part no. {number}" for number in range(1, 6)
    )
    assert all(len(line) <= LETTERS for line in key)


def test_the_message_of_ribbons_is_the_concept_of_most_words(notes, folder):
    along = notes.parts["concepts"]
    own = along.loc[along["document"] == "2017", "term"]
    counts = own[own.isin(["Syria", "history"])].value_counts()
    assert counts.idxmax() == "history"
    said = f"history in 2017 ({counts.max()} of {counts.sum()})."
    assert said in ribbons_figure(notes, ["Syria", "history"]).caption


def test_without_annotations_there_is_no_table(tiny):
    with pytest.raises(InputError, match="name a file of annotations in the manifest"):
        arguments_table(annotate(tiny))
