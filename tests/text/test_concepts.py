"""Concepts: lists of words that are counted as one measure."""

import re
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.text import (
    Concept,
    Corpus,
    concept_words,
    count_concepts,
    count_terms,
    load_concepts,
    load_corpus,
    load_texts,
    tokenize,
)
from analysis.text.concordance import concept_occurrences
from tests.helpers import CONCEPTS, in_memory, refused


@pytest.fixture
def concepts_file(tmp_path: Path) -> Path:
    path = tmp_path / "concepts.toml"
    path.write_text(CONCEPTS)
    return path


def sums(corpus: Corpus, **lists: str) -> dict[str, list[int]]:
    """Count concepts given as words joined by a bar; return target and reference of each."""
    concepts = [Concept(name, "d", dict.fromkeys(w.split("|"), "r")) for name, w in lists.items()]
    counts = count_concepts(corpus, concepts, unit_tokens=2)
    sides = [counts.matrix.toarray()[side].sum(axis=0) for side in (counts.target, ~counts.target)]
    return {name: [int(s[i]) for s in sides] for i, name in enumerate(counts.terms)}


# Counting


def test_the_longest_match_counts_once():
    corpus = in_memory("Dark red wine. Red wine. Sour wine.", "A red dark sea. Red. Calm days.")
    assert sums(corpus, colour="red|dark red", taste="sour") == {"colour": [2, 2], "taste": [1, 0]}


def test_a_token_is_taken_by_one_concept_only():
    corpus = in_memory("United States. United Russia.", "The United States. United we stand.")
    assert sums(corpus, country="United States", union="united") == {
        "country": [1, 1],
        "union": [1, 1],
    }


def test_a_phrase_ends_with_its_sentence():
    corpus = in_memory("We are united. States fall.", "United States. They fall.")
    assert sums(corpus, country="united states") == {"country": [0, 1]}


def test_reading_goes_on_behind_a_match():
    corpus = in_memory("Red red red wine. More.", "Red red. Wine. More.")
    assert sums(corpus, colour="red red|red") == {"colour": [2, 1]}


def test_words_are_matched_as_tokens():
    corpus = in_memory("The U.S. and US plans. More.", "Us and the U.S.'s plans. More.")
    assert sums(corpus, country="U.S.") == {"country": [2, 1]}


def test_a_concept_that_occurs_nowhere_is_kept():
    corpus = in_memory("Red wine. White wine.", "Red sea. White sea.")
    assert sums(corpus, colour="red", zoo="zebra") == {"colour": [1, 1], "zoo": [0, 0]}


def test_units_of_concepts_are_those_of_terms(corpus):
    concepts = load_concepts(corpus.concepts)
    ours, terms = count_concepts(corpus, concepts), count_terms(corpus)
    assert ours.sizes.tolist() == terms.sizes.tolist()
    assert ours.target.tolist() == terms.target.tolist()


def test_a_list_of_single_words_is_the_sum_of_its_words(corpus, counts):
    words = ["tension", "tensions", "mistrust", "cracks", "no-such-word"]
    concept = Concept("strain", "d", dict.fromkeys(words, "r"))
    ours = count_concepts(corpus, [concept]).matrix.toarray()[:, 0]
    columns = [counts.terms.index(word) for word in words[:-1]]
    assert ours.tolist() == counts.matrix.toarray()[:, columns].sum(axis=1).tolist()


def test_no_concept_is_refused(corpus):
    with pytest.raises(InputError, match="no concept to count: give at least one"):
        count_concepts(corpus, [])


# The packaged lists


def test_every_listed_word_occurs_and_sums_to_its_concept(corpus):
    concepts = load_concepts(corpus.concepts)
    counts, words = count_concepts(corpus, concepts), concept_words(corpus, concepts)
    for group, side in zip(corpus.groups, (counts.target, ~counts.target), strict=True):
        for concept in concepts:
            own = [words[group.label][" ".join(tokenize(word))] for word in concept.words]
            column = counts.terms.index(concept.name)
            assert sum(own) == counts.matrix.toarray()[side, column].sum()
    for concept in concepts:
        for word in concept.words:
            assert sum(words[g.label][" ".join(tokenize(word))] for g in corpus.groups) > 0, word


def test_the_united_states_are_not_united_russia(corpus):
    words = concept_words(corpus, load_concepts(corpus.concepts))
    for label in ("2018", "2017"):
        text = corpus.document(label).text
        assert words[label]["united states"] == text.count("United States")
        assert words[label]["syria"] == len(re.findall(r"\bSyria\b", text))


# Files


def test_a_sound_file(concepts_file):
    colour, taste = load_concepts(concepts_file)
    assert (colour.name, dict(taste.words)) == ("colour", {"sour": "a taste"})
    assert list(colour.words) == ["red", "dark Red"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[concept]]", "[[concept]", r"is not valid TOML .*line 2, .*: mend .* that line"),
        ('"sour" = "a taste"', "", r"'taste' lists no word; give each in \[concept\.words\]"),
        ('"sour"', '"RED"', r"'RED' of 'taste' is listed already, under 'colour'.*remove one"),
        ('"dark Red"', '"Red"', r"'Red' of 'colour' is listed already, under 'colour'"),
        ('"sour"', '"–"', r"'–' of 'taste' holds no token; remove it"),
        ('name = "taste"', 'name = "colour"', r"two concepts are called 'colour'"),
        ('name = "taste"', 'title = "taste"', r"has the keys name, definition, words; got \["),
        ('name = "taste"', 'name = "taste"\nnote = "x"', r"has the keys .*; got .*'note'"),
        ('name = "taste"', "name = 3", r"needs a name, a definition and a reason for each"),
        ('"a taste"', '" "', r"'taste' needs .* a reason for each word"),
        ("\n[[concept]]\nname = \"colour\"", "top = 1\n[[concept]]\nname = \"colour\"",
         r"holds \[\[concept\]\] tables and nothing else, got the keys \['concept', 'top'\]"),
        (CONCEPTS, "concept = 3", r"holds \[\[concept\]\] tables and nothing else"),
        (CONCEPTS, "concept = [3]", r"has the keys name, definition, words; got 3"),
        (CONCEPTS, "", r"holds \[\[concept\]\] tables and nothing else, got the keys \[\]"),
        (CONCEPTS, "concept = []", r"holds no \[\[concept\]\] table"),
    ],
)  # fmt: skip
def test_an_unsound_file_is_refused_by_name(concepts_file, old, new, message):
    assert old in CONCEPTS
    concepts_file.write_text(CONCEPTS.replace(old, new, 1))
    refused(load_concepts, concepts_file, message)


def test_a_missing_or_foreign_file(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml is not there: mend the path"):
        load_concepts(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("é".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.toml is not valid TOML in UTF-8"):
        load_concepts(tmp_path / "latin.toml")


# The manifest's key


def test_the_manifest_names_the_file(manifest, concepts_file):
    assert load_corpus(manifest).concepts is None
    manifest.write_text(f'concepts = "{concepts_file.name}"\n{manifest.read_text()}')
    corpus = load_corpus(manifest)
    assert corpus.concepts == manifest.parent / "concepts.toml"
    assert [concept.name for concept in load_concepts(corpus.concepts)] == ["colour", "taste"]


@pytest.mark.parametrize("value", ['""', "3", '["a.toml"]'])
def test_the_key_is_a_name(manifest, value):
    manifest.write_text(f"concepts = {value}\n{manifest.read_text()}")
    with pytest.raises(InputError, match=r"the manifest: concepts must be words in quotes"):
        load_corpus(manifest)


# One's own lists: wildcards, typography, emoji


def own(*words: str, name: str = "mine") -> Concept:
    return Concept(name, "d", dict.fromkeys(words, "r"))


TEXT = "Happy, happier, unhappy. Iran’s Russian–Iranian war on terror 😀. The café’s UN plan."


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        (["happ*"], {"happy": 1, "happier": 1}),
        (["*happ*"], {"happy": 1, "happier": 1, "unhappy": 1}),
        (["war * terror"], {"war on terror": 1}),
        (["war *"], {"war on": 1}),
        (["happ*", "happier"], {"happy": 1, "happier": 1}),
        (["Russian-Iranian", "Russian‑Iran"], {"russian-iranian": 1}),
        (["Iran's"], {"iran": 1}),
        (["cafe\u0301", "U.N."], {"café": 1, "u.n.": 1}),
        (["😀"], {"😀": 1}),
        (["nowhere*"], {}),
    ],
)
def test_entries_match_as_they_are_written(words, taken):
    corpus = load_texts([TEXT], ["Nothing at all."], labels=("new", "old"))
    assert concept_words(corpus, [own(*words)])["new"] == taken


@pytest.mark.parametrize(
    "word", ["C++", "a/*b", ":)", "*", "* *", "100 %", "x = y", "h?ppy", "?appy", "a wom?n"]
)
def test_entries_that_no_text_can_hold_are_refused(word):
    corpus = load_texts([TEXT], ["Nothing at all."])
    with pytest.raises(InputError, match=re.escape(repr(word))):
        concept_words(corpus, [own(word)])


def test_a_question_mark_at_the_end_is_no_letter_and_no_fault():
    corpus = load_texts(["Why? Why not?"], ["Nothing at all."], labels=("new", "old"))
    assert concept_words(corpus, [own("why?")])["new"] == {"why": 2}


def test_wildcards_of_two_lists_may_not_fit_one_word():
    corpus = load_texts([TEXT], ["Nothing at all."])
    with pytest.raises(InputError, match="'happy' fits 'happ\\*' of 'a' and 'hap\\*' of 'b'"):
        concept_words(corpus, [own("happ*", name="a"), own("hap*", name="b")])
    found = concept_words(corpus, [own("happ*", name="a"), own("happy", name="b")])
    assert found["target"] == {"happy": 1, "happier": 1}


def test_the_concordance_shows_what_wildcards_took():
    corpus = load_texts([TEXT], ["Nothing at all."])
    found = concept_occurrences(corpus, [own("happ*")])
    assert found["node"].tolist() == ["Happy", "happier"]
