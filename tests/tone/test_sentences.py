"""Sentences and lines: scored, counted by eye, and told where they have no tone."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.sentences import say
from analysis.text import stop_words, tokenize
from analysis.tone import (
    mask,
    score_lines,
    score_sentences,
    scorers,
    tone_distribution,
    tone_extremes,
    vader,
)
from analysis.tone.calibration import (
    load_calibration,
)
from analysis.tone.sentences import (
    english_share,
    english_words,
    language_note,
    read,
)
from tests.helpers import tone_scores

UNSCORED, UNKNOWN, EMPTY = (
    say(f"tone.notes.{note}", {}) for note in ("unscored", "unknown", "empty")
)
LISTS_OF = "vader afinn opinion pattern learnt".split()
SCORES = [*LISTS_OF, *"combined tone tone_class words_scored note".split()]
GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "He is in it."
GERMAN = "Der Minister sprach mit dem Kanzler gestern lange über Lage und Aussichten Teherans."


def documents(seed, count, sentences=4):
    """Return documents of equally many sentences."""
    rng = np.random.default_rng(seed)
    choices = [GOOD, BAD, PLAIN, "A great day.", "He cried."]
    return [" ".join(rng.choice(choices, sentences)) for _ in range(count)]


# Scores of texts


def test_scores_are_those_of_each_lexicon(articles):
    texts = articles.sentences["text"].tolist()
    for masked in (True, False):
        table = tone_scores(texts, masked=masked)
        assert list(table) == SCORES
        for lexicon in scorers():
            own = [lexicon.score(mask(text) if masked else text) for text in texts]
            assert table[lexicon.column].tolist() == pytest.approx(own, abs=1e-12)
    assert table["vader"].tolist() == [vader().score(text) for text in texts]


def test_the_combination_and_tone_follow_from_the_calibration_file():
    """z = Σ weight · score over the lists and the learnt words; tone = f(b z), f(x) as ``bend``."""
    row, known = tone_scores([GOOD]).iloc[0], load_calibration()
    z = sum(weight * row[part] for part, weight in known.weights.items())
    x = known.line("combined", masked=True).slope * z
    assert row["combined"] == pytest.approx(z)
    assert row["tone"] == pytest.approx(x / np.sqrt(1 + x**2 / 16))


def test_tone_is_in_raters_units_and_ordered():
    tones = tone_scores(["A great success.", GOOD, PLAIN, BAD, "A terrible, cruel war."])["tone"]
    assert tones.is_monotonic_decreasing
    assert tones.between(-4, 4).all()
    assert tones.iloc[0] > 0.5 > -0.5 > tones.iloc[-1]


def test_a_text_without_scored_words_is_neutral_or_undefined():
    table = tone_scores([PLAIN, "Moscow 2017", "...", "", "Good."])
    assert table["note"].tolist() == [UNSCORED, UNKNOWN, EMPTY, EMPTY, ""]
    assert table["words_scored"].tolist() == [0, 0, 0, 0, 1]
    assert table["tone_class"].tolist() == ["neutral", "", "", "", "positive"]
    numbers = table.drop(columns=["note", "words_scored", "tone_class"])
    assert numbers.iloc[1:4].isna().all(axis=None)
    assert numbers.iloc[[0, 4]].notna().all(axis=None)
    assert table["tone"].iloc[0] == 0


def test_a_word_that_several_lexicons_score_counts_once():
    assert tone_scores(["Good."])["words_scored"].item() == 1
    assert tone_scores(["United they are."])["words_scored"].item() == 1


@pytest.mark.parametrize("texts", [[], "one string", ()])
def test_texts_must_be_a_list(texts):
    with pytest.raises(InputError, match="list of at least one sentence"):
        score_lines(texts)


@pytest.mark.parametrize("texts", [[""], ["", " \n"]])
def test_empty_text_has_no_tone(texts):
    with pytest.raises(InputError, match="no tone in empty text"):
        score_lines(texts)


# Sentences and lines


def test_sentences_keep_their_offsets_and_their_order(articles):
    scores = score_sentences(articles)
    assert list(scores) == [*articles.sentences, *SCORES]
    assert scores["text"].equals(articles.sentences["text"])
    assert scores["vader"].between(-1, 1).all()


def test_lines_are_scored_as_texts_and_keep_their_row():
    lines = [GOOD, "", PLAIN, "Good but bad.", GERMAN]
    table = score_lines(lines)
    assert list(table) == ["line", "tone", "tone_class", *LISTS_OF, "words_scored", "note"]
    assert table["line"].tolist() == [1, 2, 3, 4, 5]
    own = tone_scores(lines)
    pd.testing.assert_frame_equal(table[["tone", *SCORES[:4]]], own[["tone", *SCORES[:4]]])
    assert table["words_scored"].tolist() == [2, 0, 0, 2, 0]
    assert table["note"].tolist()[:4] == ["", EMPTY, UNSCORED, ""]


def test_a_line_that_is_not_english_says_so():
    """ "So" is English too; "war" is a German verb that lexicons take for a war."""
    table = score_lines([GERMAN, f"So {GERMAN}", f"{GERMAN[:-1]}, das kalt war.", GOOD])
    warned = table["note"].str.startswith("0% of tokens are English function words")
    assert warned.tolist() == [False, True, True, False]
    assert table["note"].iloc[0] == UNKNOWN
    assert table["tone"].isna().tolist() == [True, False, False, False]


@pytest.mark.parametrize("lines", [[], "one string"])
def test_lines_must_be_a_list(lines):
    with pytest.raises(InputError, match="list of at least one sentence"):
        score_lines(lines)


def test_the_distribution_counts_every_sentence_once(articles):
    table = tone_distribution(articles)
    scores = score_sentences(articles, masked=False)
    for group in articles.groups:
        own, bins = scores[scores["group"] == group.label], table[table["group"] == group.label]
        zero = bins[bins["low"] == bins["high"]]
        assert bins["n"].sum() == len(own)
        assert bins["share"].sum() == pytest.approx(1)
        assert zero["n"].item() == (own["vader"] == 0).sum()
        assert bins.loc[bins["low"] < 0, "n"].sum() == (own["vader"] < 0).sum()


def test_extremes_are_the_ends_of_each_group(articles):
    table, scores = tone_extremes(articles, each=2).table, score_sentences(articles)
    assert len(table) == 8
    for group in articles.groups:
        own = table.loc[table["group"] == group.label, "tone"]
        everything = scores.loc[scores["group"] == group.label, "tone"]
        assert (own.max(), own.min()) == (everything.max(), everything.min())
        assert own.is_monotonic_decreasing


@pytest.mark.parametrize("each", [0, -1])
def test_extremes_need_a_count(articles, each):
    with pytest.raises(InputError, match="At least one"):
        tone_extremes(articles, each=each)


# Language


def test_the_share_can_be_counted_by_hand():
    """The, of, that, the, from, by: six of twelve tokens."""
    texts = ["The price of oil that day", "raised the men's from by hand"]
    assert english_share(map(tokenize, texts)) == 0.5
    assert language_note(map(tokenize, texts)) == ""


def test_few_tokens_are_not_judged():
    assert np.isnan(english_share([["moscow", "wins", "again"]]))
    assert language_note([["moscow", "wins", "again"]]) == ""


@pytest.mark.parametrize(
    "text",
    [
        GERMAN,
        "Le président a déclaré que la Russie ne pouvait pas accepter une telle décision.",
        "El presidente ha dicho que no va a aceptar la decisión de su gobierno.",
        "De president was in Moskou om met de minister over de oorlog te praten.",
        "Президент был в Москве и говорил о войне в Сирии с министром иностранных дел.",
    ],
)
def test_other_languages_are_told(text):
    assert "English only" in language_note([tokenize(text)])


def test_english_words_are_stop_words():
    assert english_words() < stop_words()


# A corpus


def test_a_corpus_is_read_once_for_all_tables_in_turn(folders):
    corpus = folders(documents(13, 2), documents(14, 2))
    first = read(corpus)
    assert read(corpus, lexicon="combined", masked=True) is first
    assert read(corpus, lexicon="vader").column == "vader"
    again = read(corpus)
    assert np.array_equal(again.tone, first.tone)


@pytest.mark.parametrize("text", [GOOD, PLAIN, "Moscow 2017", "War 2017", "...", "Good 2017"])
def test_tables_of_scores_and_readings_agree_on_what_has_no_tone(folders, text):
    corpus = folders([f"{GOOD}\n\n{text}", GOOD], [BAD, BAD])
    scores = score_sentences(corpus)
    assert text in set(scores["text"])
    for column, own in (("combined", "tone"), ("vader", "vader"), ("pattern", "pattern")):
        assert (read(corpus, lexicon=column).silent == scores[own].isna()).all()
