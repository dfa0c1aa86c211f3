"""Tokens, units and the unit × term matrix, checked by eye and against other ways to count."""

import re
import string
import unicodedata
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.result import unit_name
from analysis.text import (
    Corpus,
    Document,
    Group,
    count_terms,
    cut_units,
    is_number,
    load_folders,
    load_texts,
    stop_words,
    token_spans,
    tokenize,
    tokens,
)
from analysis.text.cleaning import clean
from analysis.text.concordance import occurrences
from analysis.text.design import designed
from analysis.text.tokens import _LETTERED, Pieces, _lettered, piece_tokens
from analysis.text.units import gathered, unit_rows
from tests.helpers import named

LETTERS = st.text(
    st.characters(categories=["L", "M", "N", "P", "Zs"], exclude_characters="\n"), max_size=30
)


def in_memory(target: list[str], reference: list[str]) -> Corpus:
    """Return a corpus of plain texts."""
    groups = Group("new", "target", "#000000"), Group("old", "reference", "#999999")
    documents = tuple(
        Document(f"{group.label}-{number}", group.label, clean(text, rules=()), "")
        for group, texts in zip(groups, (target, reference), strict=True)
        for number, text in enumerate(texts)
    )
    return Corpus("toy", *groups, documents)


def text_of(lengths: list[int]) -> str:
    """Return a text of sentences of so many tokens each."""
    return " ".join(f"Word{' word' * (length - 1)}." for length in lengths)


# Tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Iran IRAN iran", ["iran", "iran", "iran"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("cafe\u0301 café", ["café", "café"]),
        ("किताब हिन्दी", ["किताब", "हिन्दी"]),
        ("Iran's Iran’s Iranʼs IRAN'S", ["iran", "iran", "iran", "iran"]),
        ("the U.S.'s aim", ["the", "u.s.", "aim"]),
        ("two sides' aims", ["two", "sides", "aims"]),
        ("it's It’s that's there’s let's", ["it's", "it's", "that's", "there's", "let's"]),
        ("haven't haven’t won't", ["haven't", "haven't", "won't"]),
        ("Shi'ite Shi’ite O'Neill's", ["shi'ite", "shi'ite", "o'neill"]),
        ("anti-Western Russian-Iranian", ["anti-western", "russian-iranian"]),
        ("anti‐Western anti‑Western", ["anti-western", "anti-western"]),
        ("S-300 covid-19 Covid-19's", ["s-300", "covid-19", "covid-19"]),
        ("the U.S. and the U.S.-Russian", ["the", "u.s.", "and", "the", "u.s.-russian"]),
        ("the U.S., D.C. and e.g. U.N.", ["the", "u.s.", "d.c.", "and", "e.g.", "u.n."]),
        ("P5+1 AT&T", ["p5+1", "at&t"]),
        ("“just” 'just' ‘just’ \"just\"", ["just"] * 4),
        ("'For us, he said 'no.''", ["for", "us", "he", "said", "no"]),
        ("$10 1,500 3.5 1804-1813 2016.", ["10", "1,500", "3.5", "1804-1813", "2016"]),
        ("the 1990s, 19th and '90s", ["the", "1990s", "19th", "and", "90s"]),
        ("co\u00adoperation", ["cooperation"]),
        ("West -- one – two—three", ["west", "one", "two", "three"]),
        ("and/or [sic] foo_bar", ["and", "or", "sic", "foo", "bar"]),
        ("-- ' “ ” … ❖ $", []),
        ("", []),
    ],
)
def test_tokens(text, tokens):
    assert tokenize(text) == tokens


@pytest.mark.parametrize("text", ["Shi‘ite", "Ba‘ath"])
def test_a_left_quotation_mark_inside_a_word_is_an_apostrophe(text):
    assert tokenize(text) == tokenize(text.replace("‘", "'"))


def test_the_united_states_are_no_pronoun():
    assert not set(tokenize("The US said")) & set(tokenize("They told us"))


@pytest.mark.parametrize(
    ("token", "number"),
    [
        *(("2017", True), ("1804-1813", True), ("1,500.5", True), ("½", True)),
        *(("1990s", False), ("s-300", False), ("19th", False), ("p5+1", False), ("one", False)),
    ],
)
def test_a_number_holds_no_letter(token, number):
    assert is_number(token) is number


@given(LETTERS)
def test_composed_and_decomposed_text_have_the_same_tokens(text):
    composed, decomposed = (tokenize(unicodedata.normalize(f, text)) for f in ("NFC", "NFD"))
    assert composed == decomposed
    assert all(unicodedata.is_normalized("NFC", token) for token in composed)


@given(LETTERS)
def test_a_token_is_the_token_of_its_span(text):
    spans = token_spans(text)
    assert [token for _, _, token in spans] == tokenize(text)
    assert all(tokenize(text[start:end]) == [token] for start, end, token in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(
    st.text(
        st.sampled_from("aAsß\u0301İ中9 \t\n\u00a0\u200b\u00ad-–''’“.…&+@#_/:¹👍\U0001f3fd🇮🇷,!?"),
        max_size=40,
    )
)
def test_tokens_are_those_of_the_text_read_at_once(text):
    spans = [match.span() for match in tokens._TOKEN.finditer(text)]
    assert [(start, end) for start, end, _ in token_spans(text)] == spans


def test_spans_in_the_articles_give_back_the_text(corpus):
    for text in corpus.sentences["text"]:
        for start, end, token in token_spans(text):
            plain = text[start:end].casefold().replace("’", "'")
            assert token in (plain, plain.removesuffix("'s"))


def test_stop_list_keeps_words_that_carry_a_position():
    kept = {"bill", "must", "against", "not", "no", "never", "should", "would"}
    assert not kept & stop_words()
    assert {"the", "of", "and", "it's"} <= stop_words()


def test_stop_words_are_tokens():
    assert all(tokenize(word) == [word] for word in stop_words())


# Units


def test_units_of_the_tiny_corpus(tiny):
    units = cut_units(tiny, unit_tokens=4)
    rows = units[["document", "group", "first_sentence", "last_sentence", "tokens"]]
    assert rows.to_numpy().tolist() == [
        ["new/00", "new", 0, 1, 6],
        ["new/00", "new", 2, 2, 4],
        ["old/00", "old", 0, 1, 4],
        ["old/00", "old", 2, 2, 4],
    ]
    assert list(units["unit"]) == [0, 1, 2, 3]
    assert list(zip(units["start"], units["end"], strict=True)) == [
        (0, 30),
        (32, 48),
        (0, 20),
        (21, 41),
    ]


def test_units_are_whole_sentences_in_order_each_once(corpus):
    units = cut_units(corpus)
    assert list(units["group"].unique()) == ["2018", "2017"]
    for document, rows in units.groupby("document"):
        runs = zip(rows["first_sentence"], rows["last_sentence"], strict=True)
        covered = [sentence for first, last in runs for sentence in range(first, last + 1)]
        sentences = corpus.sentences[corpus.sentences["document"] == document]
        assert covered == list(sentences["sentence"])
        places = sentences.set_index("sentence")
        assert list(rows["start"]) == list(places.loc[rows["first_sentence"], "start"])
        assert list(rows["end"]) == list(places.loc[rows["last_sentence"], "end"])


def test_unit_sizes_are_the_tokens_of_their_sentences(corpus):
    units = cut_units(corpus)
    sentences = corpus.sentences["text"].tolist()
    texts = [sentences[rows] for rows in unit_rows(corpus, units)]
    assert [sum(len(tokenize(s)) for s in t) for t in texts] == list(units["tokens"])
    assert [s for t in texts for s in t] == list(corpus.sentences["text"])


@pytest.mark.parametrize("words", [60, 100, 150, 200])
def test_units_of_the_articles_keep_paragraphs_whole_unless_they_are_long(words, corpus):
    tokens = corpus.sentences.assign(n=corpus.sentences["text"].map(lambda t: len(tokenize(t))))
    paragraphs = tokens.groupby(["document", "paragraph"])["n"].sum()
    for unit in cut_units(corpus, unit_tokens=words).itertuples():
        own = tokens[tokens["document"] == unit.document]
        first = own[own["sentence"] == unit.first_sentence]["paragraph"].item()
        before = own[own["sentence"] == unit.first_sentence - 1]["paragraph"]
        if before.eq(first).any():
            assert paragraphs[(unit.document, first)] > 1.5 * words
        assert unit.tokens <= 2.5 * words


@given(st.lists(st.integers(1, 20), min_size=10, max_size=30))
def test_a_unit_is_off_the_even_share_by_no_more_than_the_longest_sentence(lengths):
    units = cut_units(in_memory([text_of(lengths)], ["Other words."]), unit_tokens=40)
    tokens = units.loc[units["group"] == "new", "tokens"]
    share = sum(lengths) / max(1, round(sum(lengths) / 40))
    assert tokens.sum() == sum(lengths)
    assert (abs(tokens - share) <= max(lengths)).all()


def test_cuts_fall_at_the_sentence_end_nearest_to_the_share():
    units = cut_units(in_memory([text_of([5, 2, 3, 4, 6])], ["Other words."]), unit_tokens=10)
    assert list(units["tokens"]) == [10, 10, 2]
    units = cut_units(in_memory([text_of([7, 2, 8, 3])], ["Other words."]), unit_tokens=10)
    assert list(units["tokens"]) == [9, 11, 2]


@pytest.mark.parametrize(("documents", "units"), [(1, 2), (2, 2), (9, 9)])
def test_documents_are_units_as_soon_as_each_group_has_two(documents, units):
    text = text_of([60, 60, 60])
    corpus = in_memory([text] * documents, [text] * 12)
    whole = documents > 1
    cut = cut_units(corpus)
    assert (cut["group"] == "new").sum() == units
    assert (cut["first_sentence"] == 0).all() == whole
    assert (unit_name(corpus) == "whole documents") == whole


def test_unit_name_says_how_long(corpus):
    assert unit_name(corpus) == "runs of whole paragraphs of about 100 words"
    assert unit_name(corpus, 50) == "runs of whole paragraphs of about 50 words"


def test_unit_name_speaks_of_sentences_where_a_text_has_no_paragraphs():
    prose = " ".join(text_of([30] * 20).split())
    without = in_memory([prose], [prose])
    assert len(without.document(without.documents[0].id).paragraphs) == 1
    assert unit_name(without) == "runs of whole sentences of about 100 words"
    paragraphs = "\n\n".join([text_of([30, 30, 30])] * 6)
    assert unit_name(in_memory([paragraphs], [paragraphs])).startswith("runs of whole paragraphs")


def test_the_targets_documents_come_first(write_folder):
    forwards = load_folders(write_folder("z", "One two. Three."), write_folder("a", "Four. Five."))
    assert list(cut_units(forwards)["group"]) == ["z", "a"]
    backwards = Corpus("t", forwards.reference, forwards.target, forwards.documents)
    assert list(cut_units(backwards)["group"]) == ["a", "z"]


def test_a_unit_needs_a_word(tiny):
    with pytest.raises(InputError, match="at least one token, got unit_tokens=0"):
        cut_units(tiny, unit_tokens=0)


def test_no_unit_is_empty():
    units = cut_units(in_memory([text_of([300]) + "\n\n* * *"], ["Other words."]))
    assert (units["tokens"] > 0).all()


# Counts


def test_counts_of_the_tiny_corpus(tiny):
    counts = count_terms(tiny, unit_tokens=4)
    assert counts.terms == ("bark", "cats", "dogs", "eat", "fish", "sleep")
    assert counts.matrix.toarray().tolist() == [
        [0, 2, 0, 1, 1, 1],
        [1, 0, 1, 0, 0, 0],
        [1, 0, 2, 1, 0, 0],
        [0, 1, 1, 0, 0, 1],
    ]
    assert counts.sizes.tolist() == [6, 4, 4, 4]
    assert counts.target.tolist() == [True, True, False, False]
    assert list(counts.units["tokens"]) == [6, 4, 4, 4]


def test_numbers_and_function_words_are_terms_when_asked_for(tiny):
    plain = set(count_terms(tiny, unit_tokens=4).terms)
    assert set(count_terms(tiny, unit_tokens=4, numbers=True).terms) - plain == {"3"}
    whole = count_terms(tiny, unit_tokens=4, numbers=True, function_words=True)
    assert set(whole.terms) - plain == {"3", "the", "and"}
    assert whole.matrix.sum(axis=1).tolist() == whole.sizes.tolist()


def test_every_term_of_the_articles_counted_another_way(corpus, counts):
    marks = string.punctuation + "–“”‘’"
    for label, side in (("2018", counts.target), ("2017", ~counts.target)):
        words = []
        for word in corpus.document(label).text.replace("’", "'").lower().split():
            bare = word.strip(marks)
            bare = "u.s." if bare in ("u.s", "u.s.'s") else bare
            words += [bare if bare == "it's" else bare.removesuffix("'s")] if bare else []
        assert len(words) == counts.sizes[side].sum()
        expected = Counter(named(words, corpus.names))
        kept = {
            term: count
            for term, count in expected.items()
            if term not in stop_words() and re.search("[a-z]", term)
        }
        totals = counts.matrix.toarray()[side].sum(axis=0)
        assert {t: n for t, n in zip(counts.terms, totals, strict=True) if n} == kept


@pytest.mark.parametrize("word", ["putin", "syria", "iran", "moscow"])
def test_names_counted_by_string_search(word, corpus, counts):
    for label, side in (("2018", counts.target), ("2017", ~counts.target)):
        found = re.findall(rf"(?<![\w-]){word}(?![\w-])", corpus.document(label).text.lower())
        column = counts.terms.index(word)
        assert counts.matrix.toarray()[side, column].sum() == len(found)
        assert len(found) > 5


def test_terms_are_sorted_and_each_occurs(counts):
    assert list(counts.terms) == sorted(set(counts.terms))
    assert (counts.matrix.toarray().sum(axis=0) > 0).all()
    assert np.issubdtype(counts.matrix.dtype, np.integer)
    assert counts.matrix.shape == (len(counts.units), len(counts.terms))


def test_counts_do_not_depend_on_how_the_text_is_cut(corpus, counts):
    other = count_terms(corpus, unit_tokens=200)
    assert other.terms == counts.terms
    assert len(other.units) < len(counts.units)
    for a, b in ((counts.target, other.target), (~counts.target, ~other.target)):
        first, second = counts.matrix.toarray()[a], other.matrix.toarray()[b]
        assert first.sum(axis=0).tolist() == second.sum(axis=0).tolist()


def test_a_group_of_one_unit_is_refused_by_name():
    short = in_memory([text_of([100, 100])], [text_of([50])])
    with pytest.raises(InputError, match=r"'old' has one unit .*longer text or more documents"):
        count_terms(short)


def test_texts_of_function_words_are_refused():
    with pytest.raises(InputError, match="no term but numbers and function words"):
        count_terms(in_memory(["The of. And 3."], ["It is. They 4."]), unit_tokens=2)


def test_a_declared_name_is_one_term_and_its_words_are_none_in_it():
    texts = [
        "The Middle East waits. East of it, Middle East Asia waits.",
        "East waits. West waits.",
    ]
    plain = load_texts(texts[:1] * 2, texts[1:] * 2)
    corpus = designed(plain, {"names": ["Middle East", "Middle East Asia"]})
    held = {c: count_terms(c) for c in (plain, corpus)}
    assert [counts.sizes.tolist() for counts in held.values()] == [[11.0] * 2 + [4.0] * 2] * 2
    totals = [
        {t: n for t, n in zip(own.terms, own.matrix.sum(axis=0), strict=True) if t != "waits"}
        for own in held.values()
    ]
    assert totals[0] == {"middle": 4, "east": 8, "asia": 2, "west": 2}
    assert totals[1] == {"middle east": 2, "middle east asia": 2, "east": 4, "west": 2}
    for term, count in totals[1].items():
        assert len(occurrences(corpus, [term])) >= count
    assert len(occurrences(corpus, ["east"])) == totals[1]["east"]
    assert len(occurrences(corpus, ["east"], in_names=True)) == totals[0]["east"]
    assert list(occurrences(corpus, ["south"])) == list(occurrences(plain, ["south"]))


def test_units_are_whole_documents_where_each_is_one():
    """So counts say, as a test for unequal lengths is chosen by it."""
    several = load_texts(["One two. Three four."] * 2, ["Five six.", "Six seven."])
    assert count_terms(several).documents
    assert not count_terms(several, unit_tokens=1, passages=True).documents
    single = load_texts(["One two.\n\nThree four."], ["Five six.\n\nSix seven."])
    assert not count_terms(single, unit_tokens=2).documents


def test_units_of_one_label_are_added_up_within_their_group():
    """Of two speakers one speaks in both groups: three units, two of them hers."""
    corpus = in_memory(["Red fish swim.", "Blue cats sleep."], ["Red dogs bark.", "Red birds fly."])
    counts = count_terms(corpus, unit_tokens=3)
    assert counts.target.tolist() == [True, True, False, False]
    found = gathered(counts, ["she", "he", "she", "she"])
    assert found.units["document"].tolist() == ["she", "he", "she"]
    assert found.units["group"].tolist() == ["new", "new", "old"]
    assert found.target.tolist() == [True, True, False]
    assert found.sizes.tolist() == found.units["tokens"].tolist() == [3, 3, 6]
    assert found.matrix[:, found.terms.index("red")].toarray().ravel().tolist() == [1, 0, 2]


def test_units_of_two_groups_are_counted_each_by_itself():
    """The target's stand first, whichever the texts begin with; a name of two words is one."""
    corpus = load_texts(
        ["Red ships sail. Ships sail far.", "Ships wait."], ["A 2 red seas.", "Far!"]
    )
    mixed = replace(
        corpus, documents=tuple(corpus.documents[place] for place in (2, 1, 3, 0)),
        names=("red ships",),
    )  # fmt: skip
    counts = count_terms(mixed)
    assert counts.units["document"].tolist() == [
        "target/2",
        "target/1",
        "reference/1",
        "reference/2",
    ]
    assert counts.terms == ("far", "red", "red ships", "sail", "seas", "ships", "wait")
    assert counts.matrix.toarray().tolist() == [
        [0, 0, 0, 0, 0, 1, 1], [1, 0, 1, 2, 0, 1, 0], [0, 1, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0, 0]
    ]  # fmt: skip
    assert counts.matrix.dtype == np.int64 and counts.matrix.has_sorted_indices


ODD = [
    "L'État, c'est moi. L’une d'elles n'a rien vu; aujourd'hui\u00a0non.  Deux espaces.",
    "The U.S.-Russian deal: $10 billion, e.g. “S-300”s. It's Iran's. #tag @name 👍🏽 a–b",
    "One.Two three\u2028four\tfive… (six) 'seven' O'Neill's A.B.C. end",
]


@pytest.mark.parametrize("language", ["english", "french", "italian"])
def test_terms_are_the_tokens_of_sentences_counted_one_by_one(language):
    corpus = load_texts([ODD[0], ODD[1] * 2], [ODD[2], ODD[0] + " " + ODD[2]], language=language)
    counts = count_terms(corpus, numbers=True, function_words=True)
    table = counts.matrix.toarray()
    for row, document in zip(table, corpus.documents, strict=True):
        expected = Counter(token for tokens in document.tokens() for token in tokens)
        assert {t: n for t, n in zip(counts.terms, row, strict=True) if n} == expected
    assert table.sum(axis=1).tolist() == counts.sizes.tolist()


# Texts cut at spaces

STRANGE = st.text(
    alphabet=st.one_of(
        st.sampled_from(" \t\x1c\u00a0'’.-aAéß"),
        st.characters(codec="utf-8"),
    )
)


def found_in(texts):
    """Return (text, start, end, token) of all tokens, each text for itself."""
    return [(row, *span) for row, text in enumerate(texts) for span in token_spans(text)]


def listed(laid):
    """Return the same from arrays."""
    tokens = [laid.kinds[kind] for kind in laid.which]
    return list(zip(laid.rows, laid.starts, laid.ends, tokens, strict=True))


@given(st.lists(STRANGE, max_size=5), st.data())
def test_pieces_hold_the_tokens_of_their_texts_taken_apart_or_replaced(texts, data):
    pieces = Pieces.cut(texts)
    assert listed(pieces.find(piece_tokens)) == found_in(texts)
    assert pieces.count(lambda piece: len(piece_tokens(piece))).tolist() == [
        len(token_spans(text)) for text in texts
    ]
    rows = np.flatnonzero([data.draw(st.booleans()) for _ in texts])
    part = Pieces.part_of(pieces, rows)
    assert listed(part.find(piece_tokens)) == found_in([texts[row] for row in rows])
    other = [text.upper() if row in rows else text for row, text in enumerate(texts)]
    new = pieces.replaced(rows, [other[row] for row in rows])
    assert list(new.texts) == other
    assert listed(new.find(piece_tokens)) == found_in(other)


@given(STRANGE)
def test_words_of_letters_are_those_that_the_pattern_finds(text):
    assert _lettered(text) == _LETTERED.findall(text.lower())
