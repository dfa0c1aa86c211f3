"""Word families: the words of one stem."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.stem import SnowballStemmer

from analysis.errors import InputError
from analysis.text import count_terms, family_labels, load_folders
from analysis.text.tokens import stem


def test_a_family_is_called_by_its_most_frequent_member():
    assert family_labels(["ally", "allied", "allies"], [3, 2, 6]) == ["allies"] * 3


def test_ties_go_to_the_first_in_spelling():
    assert family_labels(["goals", "goal", "iran"], [2, 2, 1]) == ["goal", "goal", "iran"]


@pytest.mark.parametrize("token", ["russian-iranian", "u.s.", "s-300", "shi'ite", "1990s", "p5+1"])
def test_what_holds_more_than_letters_stays_whole(token):
    assert stem(token) == token
    assert family_labels([token, "iran"], [1, 9]) == [token, "iran"]


@given(st.lists(st.text("abcdeginsty", min_size=1, max_size=9), unique=True, min_size=1))
def test_families_are_the_stems_of_nltk(words):
    stemmer = SnowballStemmer("english")
    labels = family_labels(words, range(len(words)))
    pairs = sorted(zip([stemmer.stem(word) for word in words], labels, strict=True))
    families = [{label for _, label in rows} for _, rows in groupby(pairs, lambda pair: pair[0])]
    assert all(len(labels) == 1 for labels in families)
    assert len(set().union(*families)) == len(families)
    assert set(labels) <= set(words)


def test_counts_of_families_on_the_tiny_corpus(write_folder):
    corpus = load_folders(
        write_folder("new", "The cat sleeps.\n\nCats sleep. A cat-fish sleeps."),
        write_folder("old", "Cats slept. Cats sleep.\n\nThe cat sleeps."),
    )
    counts = count_terms(corpus, unit_tokens=3, family="stem")
    assert counts.terms == ("cat-fish", "cats", "sleeps", "slept")
    sums = [
        counts.matrix.toarray()[side].sum(axis=0).tolist()
        for side in (counts.target, ~counts.target)
    ]
    assert sums == [[1, 2, 3, 0], [0, 3, 2, 1]]


def test_families_keep_every_occurrence(corpus, counts):
    families = count_terms(corpus, family="stem")
    assert len(families.terms) < len(counts.terms)
    assert set(families.terms) <= set(counts.terms)
    assert list(families.terms) == sorted(set(families.terms))
    assert families.matrix.sum(axis=1).tolist() == counts.matrix.sum(axis=1).tolist()
    assert families.sizes.tolist() == counts.sizes.tolist()
    assert np.issubdtype(families.matrix.dtype, np.integer)


def test_a_family_counts_what_its_members_count(corpus, counts):
    families = count_terms(corpus, family="stem")
    labels = np.array(family_labels(counts.terms, counts.matrix.sum(axis=0)))
    words, dense = counts.matrix.toarray(), families.matrix.toarray()
    for column, term in enumerate(families.terms):
        assert dense[:, column].tolist() == words[:, labels == term].sum(axis=1).tolist()


def test_an_unknown_kind_of_family_is_refused(tiny):
    with pytest.raises(InputError, match=r"family is None .* or 'stem', got 'lemma'"):
        count_terms(tiny, unit_tokens=4, family="lemma")
