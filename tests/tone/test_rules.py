"""VADER equal to NLTK's analyser, whatever the words; its shares counted by hand."""

import math
from importlib import resources
from importlib.metadata import version

import nltk.data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.sentiment.vader import SentimentIntensityAnalyzer, VaderConstants

from analysis.tone import vader
from analysis.tone.rules import VaderReader, boosters, constants
from analysis.tone.scored import Lines, Scored

HARD = [
    "", " ", "!", "a", "VERY GOOD!!!", "not so good, but great :)", "kind of bad??", "“wise.”",
    "the bomb", "Good good GOOD", "good, 'good' \"good\" good!!!! (good)", "never so good a thing",
    "never this good", "I was so not this good", "at least good", "least good", "very least good",
    "the least good", "BUT good", "good but bad but good", "it is the shit now", "a yeah right ok",
    "hand to mouth", "the kiss of death came", "sort of a good", "just enough good", "no doubt",
    "It isn't good.", "isnt good", "!!good", "good??", "good?!?!", "?????? good", "!good!",
    "SO good", "VERY bad", "A Good bad good", "gr8 :-) xd", "good\u00a0bad\u2028good", "'good",
    "The movie is not NOT kind, kind of.", "hopeless", "lol LOL!", "good-", "-good", "it's-good",
    "x:) :( <3",
]  # fmt: skip
PIECES = [
    *"good bad GREAT Horrible kind of the least at very so this never not isn't nor but".split(),
    *"BUT without hardly barely SO extremely slightly sort just enough yeah right bomb".split(),
    *"shit ass hand to mouth death kiss cut mustard :) :( ok no united hope I a".split(),
]
MARKS = ["", ".", ",", "!", "?", "!!", "???", "?!?", '"', "'", "-", ")", "…"]


@pytest.fixture(scope="session")
def nltks(tmp_path_factory):
    """NLTK's analyser by its own constructor, given the word list in a data folder of its own."""
    folder = tmp_path_factory.mktemp("nltk")
    text = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text("utf-8")
    (folder / "sentiment").mkdir()
    (folder / "sentiment" / "list.txt").write_text(text.rstrip("\n"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nltk.data, "path", [str(folder)])
        return SentimentIntensityAnalyzer("sentiment/list.txt")


def agree(nltks, text):
    """Check score and shares of one text against NLTK's."""
    compound = nltks.polarity_scores(text)["compound"]
    words = vader().words(text)
    assert vader().score(text) == compound, text
    assert math.fsum(word.score for word in words) == pytest.approx(compound, abs=1e-12)
    for word in words:
        assert text[word.start : word.end].lower() == word.word
        assert word.word in nltks.lexicon
    assert [word.start for word in words] == sorted({word.start for word in words})


def test_the_word_list_is_nltks(nltks):
    assert vader().valences == nltks.lexicon


def test_scores_are_those_of_nltk_to_the_last_digit(nltks, corpus):
    for text in [*HARD, *corpus.sentences["text"], *(d.text for d in corpus.documents)]:
        agree(nltks, text)


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(PIECES), st.sampled_from(MARKS))))
@settings(max_examples=400)
def test_scores_are_those_of_nltk_whatever_the_words(nltks, words):
    agree(nltks, " ".join("".join(word) for word in words))


@given(st.text(max_size=60))
def test_scores_are_those_of_nltk_whatever_the_characters(nltks, text):
    agree(nltks, f"{text} good {text}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Good news is good.", [(0, "good"), (13, "good")]),
        ("The “United States” won.", [(20, "won")]),  # NLTK's engine sheds no curly marks
        ("very blue", []),
        ("", []),
    ],
)
def test_scored_words_tell_their_place(text, found):
    assert [(word.start, word.word) for word in vader().words(text)] == found


def test_shares_can_be_computed_by_hand():
    """Good 1.9, bad -2.5: S = -0.6, c = -0.6 / sqrt(0.36 + 15) = -0.1531; shares s c / S."""
    good, bad = vader().words("Good and bad.")
    assert good.score == pytest.approx(1.9 / math.sqrt(15.36), abs=1e-4)
    assert bad.score == pytest.approx(-2.5 / math.sqrt(15.36), abs=1e-4)
    assert good.score + bad.score == pytest.approx(-0.1531, abs=1e-12)


def test_words_that_cancel_keep_their_shares():
    engine = VaderReader({"up": 1.5, "down": -1.5})
    assert engine.read(Lines.cut(["up and down"])).scores.tolist() == pytest.approx(
        [1.5 / math.sqrt(15), -1.5 / math.sqrt(15)]
    )


def test_the_constants_of_the_rules_are_those_of_nltk():
    rules, nltks = constants(), VaderConstants()
    assert rules.nltk == version("nltk")
    assert (rules.booster, rules.shout, rules.turn) == (0.293, 0.733, -0.74)
    assert (nltks.B_INCR, nltks.C_INCR, nltks.N_SCALAR) == (0.293, 0.733, -0.74)
    assert boosters() == nltks.BOOSTER_DICT
    assert set(rules.negates.split()) == nltks.NEGATE
    assert rules.idioms == nltks.SPECIAL_CASE_IDIOMS
    assert rules.marks.split() == nltks.PUNC_LIST


def test_sentences_read_together_are_read_as_one_by_one(corpus):
    """No context reaches from a sentence into the next one, wherever they are cut."""
    texts = [*HARD, *corpus.sentences["text"], *HARD]
    whole = vader().read(Lines.cut(texts))
    assert Scored.of([vader().words(text) for text in texts]).rows.tolist() == whole.rows.tolist()
    assert [vader().words(text) for text in texts] == [
        whole.taken(whole.rows == row).listed() for row in range(len(texts))
    ]
