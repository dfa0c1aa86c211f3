"""Phrases: runs of tokens that come back."""

import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.text import Corpus, count_phrases, count_terms, tokenize
from analysis.text.beyond_words import find_phrases
from tests.helpers import in_memory

WORDS = ["red", "green", "blue", "the", "of", "3"]


def totals(corpus: Corpus, **options: int) -> dict[str, int]:
    """Return how often each phrase occurs in both groups together."""
    counts = count_phrases(corpus, unit_tokens=2, **options)
    return dict(zip(counts.terms, counts.matrix.sum(axis=0).tolist(), strict=True))


def test_a_phrase_that_stands_alone_too_is_not_folded():
    once = in_memory("Open sea trade grows. Open sea trade ends.", "Open sea. Open sea. Calm.")
    assert totals(once, least=2) == {"open sea": 4, "open sea trade": 2}


def test_a_phrase_that_lives_only_inside_a_longer_one_is_folded():
    corpus = in_memory("Open sea trade grows. Open sea trade ends.", "Open sea. Calm days.")
    assert totals(corpus, least=2) == {"open sea trade": 2}
    assert totals(corpus, least=2, longest=2) == {"open sea": 3, "sea trade": 2}


def test_folding_goes_by_occurrences_outside_every_longer_phrase():
    longer = "Deep open sea. Open sea trade. " * 2
    assert totals(in_memory(longer, "Open sea. Calm."), least=2) == {
        "deep open sea": 2,
        "open sea trade": 2,
    }


def test_ends_are_words_of_content_and_the_middle_is_free():
    corpus = in_memory(
        "Sphere of influence. The sphere. 5 ships.", "Sphere of influence. The sphere. 5 ships."
    )
    assert totals(corpus, least=2) == {"sphere of influence": 2}


def test_a_phrase_ends_with_its_sentence():
    assert totals(in_memory("Cats eat. Fish swim.", "Cats eat. Fish swim."), least=2) == {
        "cats eat": 2,
        "fish swim": 2,
    }


def test_units_of_phrases_are_those_of_terms(corpus):
    terms, phrases = count_terms(corpus), count_phrases(corpus)
    pd.testing.assert_frame_equal(terms.units, phrases.units)
    assert terms.sizes.tolist() == phrases.sizes.tolist()
    assert terms.target.tolist() == phrases.target.tolist()


def test_phrases_of_the_articles_counted_by_string_search(corpus):
    counts = count_phrases(corpus)
    assert len(counts.terms) > 10
    for label, side in (("2018", counts.target), ("2017", ~counts.target)):
        texts = corpus.sentences.loc[corpus.sentences["group"] == label, "text"]
        lines = [" ".join(tokenize(text)) for text in texts]
        sums = counts.matrix.toarray()[side].sum(axis=0)
        for phrase, count in zip(counts.terms, sums, strict=True):
            pattern = rf"(?<!\S){re.escape(phrase)}(?!\S)"
            assert count == sum(len(re.findall(pattern, line)) for line in lines), phrase


@given(
    st.lists(st.lists(st.sampled_from(WORDS[:3]), min_size=2, max_size=12), min_size=2, max_size=9)
)
def test_a_phrase_is_listed_that_occurs_often_enough_outside_all_longer_ones(sentences):
    """From the longest down, place by place, as the definition has it."""
    least, listed, covered = 2, set(), []
    text = " ".join(f"{' '.join(['Red', *words])}." for words in sentences)
    corpus = in_memory(text, text)
    lines = list(corpus.tokens)
    for length in (4, 3, 2):
        runs = [
            (own, start, tuple(words[start : start + length]))
            for own, words in enumerate(lines)
            for start in range(len(words) - length + 1)
        ]
        free = [
            run
            for own, start, run in runs
            if not any(o == own and a <= start and start + length <= b for o, a, b in covered)
        ]
        listed |= {run for run in free if free.count(run) >= least}
        covered += [(own, start, start + length) for own, start, run in runs if run in listed]
    assert find_phrases(corpus, least=least) == listed


def test_phrases_of_one_long_sentence_take_time_in_step_with_it(cpu_seconds):
    """Nothing ends it, and every word of it is in phrases."""

    def seconds(times):
        corpus = in_memory("New York " * times, "The end.")
        assert corpus.tokens
        return cpu_seconds(lambda: find_phrases(corpus))

    seconds(10)
    assert seconds(8_000) < 4 * 2.5 * max(seconds(2_000), 0.002)


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=8), min_size=4, max_size=12))
def test_no_phrase_occurs_more_often_than_a_part_of_it(sentences):
    text = " ".join(f"{' '.join(['Red', *words])}." for words in sentences)
    corpus = in_memory(text, text)
    counts = count_phrases(corpus, least=2, unit_tokens=4)
    single = count_terms(corpus, unit_tokens=4, numbers=True, function_words=True)
    words = dict(zip(single.terms, single.matrix.sum(axis=0), strict=True))
    found = dict(zip(counts.terms, counts.matrix.sum(axis=0), strict=True))
    for phrase, count in found.items():
        tokens = phrase.split()
        assert 2 <= len(tokens) <= 4
        assert count >= 2
        assert {tokens[0], tokens[-1]} <= {"red", "green", "blue"}
        if len(set(tokens)) == len(tokens):
            assert count <= min(words[token] for token in tokens)
        for part in (" ".join(tokens[:-1]), " ".join(tokens[1:])):
            assert count <= found.get(part, math.inf)


@pytest.mark.parametrize("option", ["longest", "least"])
def test_a_phrase_has_two_words_and_comes_back(tiny, option):
    with pytest.raises(InputError, match=f"{option} must be at least 2, got 1"):
        count_phrases(tiny, unit_tokens=4, **{option: 1})
