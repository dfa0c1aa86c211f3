"""Settings of a type that they cannot have are refused in a sentence, at every door."""

import numpy as np
import pytest

from analysis import describe, keyness, load_texts, sentiment, topics
from analysis.errors import InputError, refuse_other_types
from analysis.keywords import concept_keyness, phrase_keyness
from analysis.text import count_concepts, count_terms, cut_units, find_phrases
from analysis.tone import draw_sentences, score_lines

ODD = ["x", None, [], b"5", (1, 2), 2.5, float("nan"), True, object()]
DOORS = {
    "describe": (describe, "unit_tokens"),
    "keyness": (keyness, "draws"),
    "sentiment": (sentiment, "seed"),
    "phrase_keyness": (phrase_keyness, "longest"),
    "cut_units": (cut_units, "unit_tokens"),
    "count_terms": (count_terms, "unit_tokens"),
    "find_phrases": (find_phrases, "longest"),
    "draw_sentences": (draw_sentences, "each"),
}


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_what_is_no_whole_number_is_refused(name, value, corpus):
    function, setting = DOORS[name]
    with pytest.raises(InputError, match=rf"{setting} must be a whole number, got "):
        function(corpus, **{setting: value})


@pytest.mark.parametrize("function", [keyness, sentiment, draw_sentences])
def test_a_seed_below_zero_is_refused(function, corpus):
    with pytest.raises(InputError, match="seed must be 0 or more, got -1"):
        function(corpus, seed=-1)


@pytest.mark.parametrize("value", ["x", 5, b"x", [1, 2], float("nan")], ids=repr)
def test_what_is_no_list_of_concepts_is_refused(value, corpus):
    for function in (count_concepts, concept_keyness):
        with pytest.raises(InputError, match="Concepts are a list as from load_concepts"):
            function(corpus, concepts=value)


def test_a_phrase_may_be_as_long_as_one_likes(corpus):
    """No time is spent on lengths that no sentence has."""
    longest = max(map(len, corpus.tokens))
    found = find_phrases(corpus, longest=longest)
    assert find_phrases(corpus, longest=10**30) == found
    assert {len(phrase) for phrase in found} <= set(range(2, longest + 1))


def test_numbers_of_numpy_are_numbers_and_truth_values_are_not():
    def of(n: int, share: float | None = None, flag: bool = False, rest: list[int] = ()): ...

    refuse_other_types(of, {"n": np.int64(3), "share": np.float32(1), "flag": np.bool_(True)})
    refuse_other_types(of, {"n": 3, "share": 1, "flag": False, "rest": "looked at elsewhere"})
    for given in ({"n": True}, {"n": np.bool_(True)}, {"n": 3.0}, {"flag": 1}, {"share": "1"}):
        with pytest.raises(InputError, match=r"^of: "):
            refuse_other_types(of, given)


@pytest.mark.parametrize("value", [True, 0.5, 1j, object(), "ab", b"cd", [1, 2], np.array([1, 2])])
def test_what_is_no_pair_of_labels_is_refused(value):
    with pytest.raises(InputError, match="labels must be a list of text"):
        load_texts(["Ships sail."], ["Cows graze."], labels=value)


def test_labels_may_be_of_any_kind_of_list():
    for labels in (["a", "b"], ("a", "b"), np.array(["a", "b"])):
        loaded = load_texts(["Ships sail."], ["Cows graze."], labels=labels)
        assert [group.label for group in loaded.groups] == ["a", "b"]


@pytest.mark.parametrize(
    "value", [1, 0.5, "reef", ["reef"], {"sea": "reef"}, {"sea": [1]}, np.zeros(2)]
)
def test_what_are_no_anchor_words_is_refused_at_once(value, corpus):
    with pytest.raises(InputError, match="anchor_words must be a dict of lists of text or None"):
        topics(corpus, anchor_words=value)


@pytest.mark.parametrize("value", [True, "mine.txt", ["mine.txt"], {"a": 1}, None])
def test_what_is_no_scorer_is_refused(value, corpus):
    for call in (
        lambda: sentiment(corpus, extra=value),
        lambda: score_lines(["Good."], extra=value),
    ):
        with pytest.raises(InputError, match="extra= is a list of scorers"):
            call()
