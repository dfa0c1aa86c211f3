"""The corpus described: counts by eye, edits by rule, units as asked for, notes checked."""

import re
from dataclasses import replace

import pytest

from analysis.description import codings, describe, readings, sections
from analysis.errors import InputError
from analysis.text import cut_units, load_corpus
from analysis.text.concordance import occurrences


@pytest.fixture
def texts(manifest):
    """The corpus of two short documents with a body to find and a correction to make."""
    return describe(load_corpus(manifest), unit_tokens=4)


def test_sizes_by_eye(tiny):
    found = describe(tiny, unit_tokens=4)
    assert found.table.to_dict("records") == [
        {"group": "new", "documents": 1, "paragraphs": 2, "sentences": 3, "tokens": 10,
         "types": 8, "units": 2},
        {"group": "old", "documents": 1, "paragraphs": 1, "sentences": 3, "tokens": 8,
         "types": 6, "units": 2},
    ]  # fmt: skip
    assert len(found.units) == found.table["units"].sum()
    assert found.parts["sentences"]["tokens"].tolist() == [2, 4, 4, 2, 2, 4]


def test_units_are_those_asked_for(corpus):
    for unit_tokens in (40, 150):
        found = describe(corpus, unit_tokens=unit_tokens)
        units = cut_units(corpus, unit_tokens=unit_tokens)["group"].value_counts()
        assert dict(zip(found.table["group"], found.table["units"], strict=True)) == dict(units)
        assert found.settings == {"unit_tokens": unit_tokens}


def test_every_edit_is_counted_once_by_rule_and_group(corpus):
    removed = describe(corpus).parts["removed"]
    edits = corpus.edits[corpus.edits["removed"] != ""]
    assert removed["edits"].sum() == len(edits)
    assert removed["characters"].sum() == edits["removed"].str.len().sum()
    assert not removed.duplicated(["rule", "group"]).any()


def test_examples_and_corrections_by_eye(texts):
    examples = texts.parts["examples"].set_index(["document", "rule"])
    assert examples.loc[("new", "correction"), "edits"] == 1
    assert examples.loc[("new", "outside-body"), "edits"] == 2
    assert examples.loc[("new", "outside-body"), "removed"] == "Menu"
    (row,) = texts.parts["corrections"].to_dict("records")
    assert (row["removed"], row["replacement"]) == ("wont", "won't")
    assert row["reason"] == "lost apostrophe"


def test_a_rule_that_nobody_listed_comes_last(corpus):
    rules = list(dict.fromkeys(describe(corpus).parts["removed"]["rule"]))
    assert rules[0] == "outside-body"
    assert set(rules) == set(corpus.edits.loc[corpus.edits["removed"] != "", "rule"])


# What a reader noted: every note is checked against the texts


@pytest.fixture
def annotated(tiny, tmp_path):
    """The tiny corpus with a file of annotations; ``new/00`` has two paragraphs."""

    def write(text):
        path = tmp_path / "notes.toml"
        path.write_text(text, encoding="utf-8")
        return replace(tiny, annotations=path)

    return write


SECTIONS = """
[[section]]
document = "new/00"
name = "cats"
begins = "Cats sleep"

[[section]]
document = "new/00"
name = "dogs"
begins = "The 3 dogs"
"""


def test_sections_part_a_document(annotated):
    table = sections(annotated(SECTIONS))
    assert table["section"].tolist() == ["cats", "dogs"]
    assert table[["first_sentence", "last_sentence"]].to_numpy().tolist() == [[0, 1], [2, 2]]
    assert table["tokens"].tolist() == [6, 4]
    assert table["share"].sum() == 1


def test_a_corpus_without_annotations_has_none(tiny):
    assert sections(tiny).empty
    assert codings(tiny).empty
    assert readings(tiny).empty


def test_codes_belong_to_occurrences_in_the_order_of_the_text(annotated):
    table = codings(
        annotated(
            '[[coding]]\nterm = "cats"\nquestion = "doing what?"\ndocument = "new/00"\n'
            'codes = ["rest", "food"]\n'
        )
    )
    assert table["code"].tolist() == ["rest", "food"]
    assert table["sentence"].tolist() == [0, 1]


def test_a_quotation_has_its_place_in_the_raw_text(annotated):
    corpus = annotated(
        '[[reading]]\nelement = "Food?"\ndocument = "new/00"\n'
        'says = "Fish."\nquote = "eat the fish"\n'
    )
    (row,) = readings(corpus).to_dict("records")
    assert corpus.document("new/00").raw[row["start"] : row["end"]] == "eat the fish"
    assert row["sentence"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SECTIONS.replace("The 3 dogs", "The 4 dogs"), "0 paragraphs of document 'new/00' begin"),
        (SECTIONS.replace("Cats sleep", "The 3 dogs"), "must begin at its first paragraph"),
        (SECTIONS.replace("new/00", "new/09"), "No document 'new/09'"),
        (SECTIONS.replace("begins", "ends"), "has the keys document, name, begins"),
        (SECTIONS.replace('"cats"', "3"), "name of a [[section]] must be a text, got 3"),
        (SECTIONS.replace("section", "part"), "no kind 'part'"),
        ("section = 3\n", "section must be tables of the form [[section]]"),
        (
            '[[coding]]\nterm = "cats"\nquestion = "?"\ndocument = "new/00"\ncodes = ["one"]\n',
            "has 1 codes for document 'new/00', where it occurs 2 times",
        ),
        (
            '[[coding]]\nterm = "cats"\nquestion = "?"\ndocument = "new/00"\ncodes = "one"\n',
            "codes of a [[coding]] must be a list of texts",
        ),
        (
            '[[reading]]\nelement = "?"\ndocument = "new/00"\nsays = "x"\nquote = "eat fish"\n',
            "does not hold 'eat fish': quote it to the letter",
        ),
    ],
)
def test_a_note_that_the_text_does_not_bear_out_is_refused(annotated, text, message):
    with pytest.raises(InputError, match=re.escape(message)):
        for read in (sections, codings, readings):
            read(annotated(text))


# The two articles


def test_the_articles_are_cut_in_sections_without_gaps(corpus):
    for document, own in sections(corpus).groupby("document"):
        sizes = corpus.sentences["document"].value_counts()
        assert own["first_sentence"].iloc[0] == 0
        assert (
            own["first_sentence"].iloc[1:].to_numpy() == own["last_sentence"].iloc[:-1] + 1
        ).all()
        assert own["last_sentence"].iloc[-1] == sizes[document] - 1
        assert own["share"].sum() == pytest.approx(1)


def test_every_occurrence_of_the_coded_words_is_coded(corpus):
    coded = codings(corpus)
    for term, own in coded.groupby("term"):
        assert len(own) == len(occurrences(corpus, [term]))
    assert (coded["code"] == "Russia and Iran").groupby(coded["group"]).sum().to_dict() == {
        "2017": 5,
        "2018": 5,
    }


def test_each_element_is_read_in_both_articles(corpus):
    table = readings(corpus)
    assert (table.groupby("element")["document"].nunique() == 2).all()
