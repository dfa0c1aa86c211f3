"""Occurrences and concordance: every line leads back to the raw text."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.errors import InputError, TextWithheld
from analysis.text import (
    Concept,
    count_concepts,
    count_phrases,
    load_concepts,
    load_corpus,
    load_folders,
    tokenize,
)
from analysis.text.concordance import (
    COLUMNS,
    all_as_written,
    as_written,
    concept_occurrences,
    concordance,
    first_occurrences,
    occurrences,
)
from analysis.text.documents import WITHHELD, Document

NEW = "Big cats eat fish. Small cats sleep. All cats\neat meat.\n\nCats sleep. The CATS' milk."
OLD = "Old cats eat. No dogs."


@pytest.fixture
def cats(write_folder):
    return load_folders(write_folder("new", NEW), write_folder("old", OLD))


def lines(found):
    """Return each line of a concordance as one string, the node in brackets."""
    return [f"{x.left}[{x.node}]{x.right}" for x in found.itertuples()]


# By eye


def test_every_occurrence_in_the_order_of_the_text(cats):
    assert lines(concordance(cats, "cats")) == [
        "Big [cats] eat fish.",
        "Small [cats] sleep.",
        "All [cats] eat meat.",
        "[Cats] sleep.",
        "The [CATS]' milk.",
        "Old [cats] eat.",
    ]


def test_the_first_of_each_term_is_that_of_all_of_them(corpus):
    terms = ["east", "iran", "middle east", "nowhere", "red"]
    for texts in (corpus, replace(corpus, names=("middle east", "middle east policy", "red sea"))):
        found = occurrences(texts, terms)
        first = found.drop_duplicates(["group", "term"]).reset_index(drop=True)
        assert first_occurrences(texts, {"2018": terms, "2017": terms[::-1]}).equals(first)
        assert len(first) > 3


def test_a_text_is_not_read_once_all_terms_are_found(cats):
    """The second document holds no text at all."""
    closed = Document("new/2", "new", WITHHELD, "0")
    texts = replace(cats, documents=(*cats.documents, closed))
    assert lines(first_occurrences(texts, {"new": ["milk", "sleep"]})) == [
        "Small cats [sleep].", "The CATS' [milk].",
    ]  # fmt: skip
    with pytest.raises(TextWithheld):
        first_occurrences(texts, {"new": ["milk", "nowhere"]})


def test_right_sorts_by_the_words_after_the_node(cats):
    assert lines(concordance(cats, "cats", sort="right")) == [
        "Old [cats] eat.",
        "Big [cats] eat fish.",
        "All [cats] eat meat.",
        "The [CATS]' milk.",
        "[Cats] sleep.",
        "Small [cats] sleep.",
    ]


def test_left_sorts_by_the_words_before_the_node_the_nearest_first(write_folder):
    text = "A red cats. No blue cats. All red cats. Cats. The old blue cats."
    corpus = load_folders(write_folder("a", text), write_folder("b", "Dogs."))
    assert lines(concordance(corpus, "cats", sort="left")) == [
        "[Cats].",
        "No blue [cats].",
        "The old blue [cats].",
        "A red [cats].",
        "All red [cats].",
    ]


def test_sorting_looks_at_words_not_at_capitals_or_marks(write_folder):
    text = "Cats Zebra. Cats, apple. Cats “mango”. Cats - banana."
    corpus = load_folders(write_folder("a", text), write_folder("b", "Dogs."))
    found = concordance(corpus, "cats", sort="right")["right"].map(tokenize).str[0]
    assert found.tolist() == ["apple", "banana", "mango", "zebra"]


def test_what_is_alike_on_one_side_goes_by_the_other(write_folder):
    text = "Old fat cats sleep. Big cats sleep. Cats eat. Thin old cats sleep. New big cats."
    corpus = load_folders(write_folder("a", text), write_folder("b", "Dogs."))
    assert lines(concordance(corpus, "cats", sort="right")) == [
        "New big [cats].",
        "[Cats] eat.",
        "Big [cats] sleep.",
        "Old fat [cats] sleep.",
        "Thin old [cats] sleep.",
    ]
    assert lines(concordance(corpus, "cats", sort="left")) == [
        "[Cats] eat.",
        "Big [cats] sleep.",
        "New big [cats].",
        "Old fat [cats] sleep.",
        "Thin old [cats] sleep.",
    ]


@pytest.mark.parametrize("sort", ["left", "right"])
def test_lines_alike_stay_in_the_order_of_the_text(sort, write_folder):
    text = "Cats sleep well. Big cats rest. " * 40
    corpus = load_folders(write_folder("a", text), write_folder("b", "Dogs."))
    found = concordance(corpus, "cats", sort=sort)
    for _, alike in found.groupby(["left", "right"]):
        assert alike["start"].is_monotonic_increasing


def test_forms_of_one_keyword_stand_in_one_concordance(cats):
    assert lines(concordance(cats, ["fish", "dogs"])) == [
        "Big cats eat [fish].",
        "No [dogs].",
    ]


# Phrases and concepts


def test_a_phrase_is_found_within_a_sentence_whatever_stands_between_its_words(write_folder):
    text = "Big\ncats sleep. Big, cats! Cats, big. See the big. Cats sleep."
    corpus = load_folders(write_folder("a", text), write_folder("b", "Dogs."))
    found = occurrences(corpus, ["big cats"])
    assert found["node"].tolist() == ["Big cats", "Big, cats"]
    assert [text[row.start : row.end] for row in found.itertuples()] == ["Big\ncats", "Big, cats"]


def test_of_those_that_begin_at_one_token_the_longest_comes_first(cats):
    found = occurrences(cats, ["cats", "cats eat", "eat", "cats eat meat"])
    assert found.loc[found["sentence"] == 2, "term"].tolist() == [
        "cats eat meat", "cats eat", "cats", "eat",
    ]  # fmt: skip


def test_a_phrase_is_found_as_often_as_it_is_counted(corpus):
    counts = count_phrases(corpus)
    found = occurrences(corpus, counts.terms).groupby(["term", "group"]).size()
    for group, side in zip(corpus.groups, (counts.target, ~counts.target), strict=True):
        counted = counts.matrix[side].sum(axis=0).tolist()
        assert [found.get((term, group.label), 0) for term in counts.terms] == counted


def test_a_word_of_a_concept_inside_a_longer_one_is_passed_over(cats):
    concepts = [
        Concept("food", "", {"eat": "", "cats eat fish": ""}),
        Concept("cats", "", {"Cats": "", "the cats": ""}),
    ]
    found = concept_occurrences(cats, concepts)
    assert list(found.columns) == [*COLUMNS, "concept"]
    assert list(zip(found["term"], found["concept"], strict=True)) == [
        ("cats eat fish", "food"),
        ("cats", "cats"),
        ("cats", "cats"),
        ("eat", "food"),
        ("cats", "cats"),
        ("the cats", "cats"),
        ("cats", "cats"),
        ("eat", "food"),
    ]


def test_a_concept_has_as_many_lines_as_counts(corpus):
    concepts = load_concepts(corpus.concepts)
    counts, found = count_concepts(corpus, concepts), concept_occurrences(corpus, concepts)
    lines_of = found.groupby(["concept", "group"]).size()
    for group, side in zip(corpus.groups, (counts.target, ~counts.target), strict=True):
        for name, counted in zip(counts.terms, counts.matrix[side].sum(axis=0), strict=True):
            assert lines_of.get((name, group.label), 0) == counted


# Several terms


def test_places_of_several_terms(cats):
    found = occurrences(cats, ["fish", "dogs", "absent"])
    assert found["term"].tolist() == ["fish", "dogs"]
    assert found["document"].tolist() == ["new/00", "old/00"]
    assert found["group"].tolist() == ["new", "old"]
    assert found["sentence"].tolist() == [0, 1]
    assert found["position"].tolist() == [3 / 16, 4 / 5]


# Back to the raw text


def test_offsets_lead_to_the_raw_words(cats):
    found = occurrences(cats, ["cats", "sleep", "meat"])
    assert len(found) == 9
    for row in found.itertuples():
        assert cats.document(row.document).raw[row.start : row.end] == row.node
        assert tokenize(row.node) == [row.term]


@pytest.mark.parametrize("term", ["u.s.", "iran", "it's", "s-300"])
def test_offsets_lead_to_the_raw_words_of_the_articles(term, corpus):
    found = occurrences(corpus, [term])
    assert len(found) > 0
    for row in found.itertuples():
        document = corpus.document(row.document)
        raw = document.raw[row.start : row.end]
        corrected = document.edited.within(row.start, row.end)
        assert row.node in (raw, corrected)
        assert tokenize(corrected) == [term]


def test_the_sentence_is_whole_and_its_number_right(corpus):
    found = occurrences(corpus, ["syria", "moscow"])
    sentences = corpus.sentences.set_index(["document", "sentence"])
    for row in found.itertuples():
        own = sentences.loc[(row.document, row.sentence)]
        assert f"{row.left}{row.node}{row.right}" == own["text"]
        assert own["start"] <= row.start < row.end <= own["end"]


def test_occurrences_are_as_many_as_counted(corpus, counts):
    terms = ["iran", "russia", "objectives", "u.s."]
    found = occurrences(corpus, terms).groupby(["group", "term"]).size()
    for group, side in zip(corpus.groups, (counts.target, ~counts.target), strict=True):
        for term in terms:
            counted = counts.matrix.toarray()[side, counts.terms.index(term)].sum()
            assert found.get((group.label, term), 0) == counted


def test_positions_run_along_each_document(corpus):
    found = occurrences(corpus, ["iran", "russia"])
    assert found["position"].between(0, 1, inclusive="left").all()
    for _, own in found.groupby("document", sort=False):
        assert own["position"].is_monotonic_increasing
        assert own["start"].is_monotonic_increasing
    first = corpus.documents[0]
    opening = tokenize(first.text)[0]
    assert occurrences(corpus, [opening])["position"].iloc[0] == 0


def test_links_and_corrections_lie_between_the_raw_words(manifest):
    """The raw file says 'It wont be'; the corrected word leads to what stands there."""
    corpus = load_corpus(manifest)
    (row,) = occurrences(corpus, ["won't"]).itertuples()
    assert row.node == "won't"
    assert corpus.document("new").raw[row.start : row.end] == "wont"


def test_columns_are_fixed(cats):
    for found in (occurrences(cats, []), occurrences(cats, ["cats"]), concordance(cats, "cats")):
        assert list(found.columns) == COLUMNS
    assert occurrences(cats, []).empty


@pytest.mark.parametrize("sort", ["text", "left", "right"])
def test_sorting_loses_no_line_and_numbers_them_anew(sort, corpus):
    found, all_of_it = concordance(corpus, "iran", sort=sort), occurrences(corpus, ["iran"])
    assert found.index.tolist() == list(range(len(all_of_it)))
    keys = ["document", "start"]
    pd.testing.assert_frame_equal(
        found[keys].sort_values(keys, ignore_index=True),
        all_of_it[keys].sort_values(keys, ignore_index=True),
    )


# What cannot be shown


def test_a_term_that_is_not_there_is_refused_with_the_cure(cats):
    with pytest.raises(InputError, match="'unicorn' does not occur; terms are case-folded"):
        concordance(cats, "unicorn")
    with pytest.raises(InputError, match="'Cats' does not occur"):
        concordance(cats, "Cats")


def test_an_unknown_order_is_refused_with_the_choices(cats):
    with pytest.raises(InputError, match="sort is one of text, left, right; got 'centre'"):
        concordance(cats, "cats", sort="centre")


def test_words_and_phrases_stand_as_the_texts_mostly_write_them(write_folder):
    text = "New York grew. He saw New York’s lights. The new town of New York. Began it well."
    corpus = load_folders(write_folder("a", text), write_folder("b", "A new day in the new town."))
    asked = ["york", "new york", "new", "began", "town", "absent"]
    assert all_as_written(corpus, asked) == ["York", "New York", "new", "began", "town", "absent"]
    assert as_written(corpus, "new york") == "New York"
