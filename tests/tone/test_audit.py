"""The audit: senses told as a reader tells them, words taken out and scored anew."""

import re

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.text import tokenize
from analysis.tone import (
    lexicon_audit,
    mask,
    misread_words,
    scorers,
    word_shift,
)
from analysis.tone.sentences import read
from analysis.tone.words import decisive_words, load_senses

GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "He is in it."
SOUND = """
[[sense]]
words = ["lies"]
means = "an untruth"
here = "to be found"
after = 'in\\b'
"""


@pytest.fixture(scope="module")
def audit(corpus):
    return lexicon_audit(corpus).table.set_index("lexicon")


# Senses


@pytest.mark.parametrize(
    ("text", "word", "other"),
    [
        ("His main interest lies in peace.", "lies", True),
        ("He told lies about it.", "lies", False),
        ("countries like Turkey", "like", True),
        ("I like Turkey", "like", False),
        ("They would not like it.", "like", False),
        ("peace as well as war", "well", True),
        ("it went well", "well", False),
        ("a kind of war", "kind", True),
        ("a kind man", "kind", False),
        ("a number of deals", "number", True),
        ("the free trade with Iran", "free", True),
        ("free men", "free", False),
        ("The United States met.", "United", True),
        ("They stand united, states or not.", "united", False),
        ("their interests in Syria", "interests", True),
        ("what interests him", "interests", False),
        ("critical to its success", "critical", True),
        ("he was critical of it", "critical", False),
        ("They bore the cost.", "bore", True),
        ("He is a bore.", "bore", False),
        ("the Security Council", "Security", True),
        ("they feel security at home", "security", False),
        ("which succeeded the old state", "succeeded", True),
        ("he succeeded in that", "succeeded", False),
        ("on the one hand", "hand", True),
        ("Thanks to him, it fell.", "Thanks", True),
        ("Many thanks for this.", "thanks", False),
        ("it is pretty clear", "pretty", True),
        ("a pretty house", "pretty", False),
    ],
)
def test_senses_are_told_as_a_reader_tells_them(text, word, other):
    start = text.index(word)
    known = [sense for sense in load_senses() if word.lower() in sense.words]
    assert known
    assert any(sense.holds(text, start, start + len(word)) for sense in known) == other


def test_every_entry_is_of_a_word_that_a_lexicon_scores():
    scored = set().union(*(lexicon.valences for lexicon in scorers()))
    for sense in load_senses():
        assert any(word in scored for word in sense.words), sense


def test_misread_words_stand_where_they_are_said_to(corpus):
    table = misread_words(corpus)
    assert {"lies", "like", "number", "free"} <= set(table["word"])
    assert "united" not in set(table["word"])  # a name, masked
    assert "united" in set(misread_words(corpus, masked=False)["word"])
    for row in table.itertuples():
        document = corpus.document(row.document)
        assert tokenize(document.edited.within(row.start, row.end)) == tokenize(row.word)
        assert row.lexicons
        assert tokenize(row.text[row.text_start : row.text_end]) == tokenize(row.word)
    row = table[table["word"] == "lies"].iloc[0]
    assert "interest lies in" in row["text"]
    assert row["contribution"] < 0


def test_the_word_meant_is_told_from_the_same_word_before_it(folders):
    corpus = folders([f"He told lies, but his interest lies in peace. {GOOD}"], [BAD, PLAIN])
    table = misread_words(corpus)
    row = table[table["word"] == "lies"].iloc[0]
    assert (row["text_start"], row["text_end"]) == (31, 35)
    assert row["text"][31:] == "lies in peace."


# Words taken out


def test_a_word_that_decides_can_be_seen(folders):
    """Without "good" the target is as plain as the other, or worse."""
    corpus = folders([f"{GOOD} {GOOD} {BAD}"], [PLAIN])
    table = decisive_words(read(corpus, lexicon="opinion")).set_index("term")
    assert table["flips"].to_dict() == {"good": True, "bad": False}
    assert table.loc["good", ["n_target", "n_reference"]].tolist() == [2, 0]
    row = lexicon_audit(corpus).table.set_index("lexicon").loc["opinion"]
    assert (row["flips"], row["fewest"], row["fewest_words"]) == (1, 1, "good")
    assert (row["words_target"], row["words_reference"]) == (3, 0)
    assert row["coverage_target"] == 3 / 12
    assert row["coverage_reference"] == 0
    assert np.isnan(row["misread_reference"])


@pytest.mark.parametrize("lexicon", ["afinn", "opinion"])
def test_where_scores_are_sums_removal_takes_the_contribution(corpus, lexicon):
    table = decisive_words(read(corpus, lexicon=lexicon))
    shift = word_shift(corpus, lexicon=lexicon).table
    assert table["term"].tolist() == shift["term"].tolist()
    assert np.allclose(table["contribution"], shift["contribution"])
    kept = ~table["term"].isin(["no"])  # it also negates
    left = shift["contribution"].sum() - table["contribution"]
    assert np.allclose(table["estimate_without"][kept], left[kept], atol=0.02)  # bent a little


def test_vader_is_scored_anew(corpus):
    """By hand for one word: all its sentences, blanked, by the lexicon itself."""
    table = decisive_words(read(corpus, lexicon="vader")).set_index("term")
    vader, word = scorers()[0], "good"
    sentences = corpus.sentences
    blanked = [re.sub(rf"\b{word}\b", "x" * 4, mask(text)) for text in sentences["text"]]
    scores = np.array([vader.score(text) for text in blanked])
    target = (sentences["group"] == corpus.target.label).to_numpy()
    ratio = table.loc[word, "estimate_without"] / (scores[target].mean() - scores[~target].mean())
    plain = np.array([vader.score(mask(text)) for text in sentences["text"]])
    estimate = plain[target].mean() - plain[~target].mean()
    own = word_shift(corpus, lexicon="vader").table["contribution"].sum()
    assert ratio == pytest.approx(own / estimate, rel=5e-3)


def test_the_fewest_words_turn_the_sign_and_one_less_does_not(corpus, audit):
    for lexicon in ("afinn", "opinion"):
        words = audit.loc[lexicon, "fewest_words"].split(", ")
        assert len(words) == audit.loc[lexicon, "fewest"]
        shift = word_shift(corpus, lexicon=lexicon).table.set_index("term")["contribution"]
        estimate = shift.sum()
        assert (estimate - shift[words].sum()) * estimate < 0
        pushing = shift[shift * estimate > 0].abs().sort_values(ascending=False)
        assert pushing.head(len(words) - 1).sum() < abs(estimate)  # no smaller set could


# The table


def test_the_table_counts_what_the_readings_hold(corpus, audit):
    assert audit.index.tolist() == ["combined", "vader", "afinn", "opinion", "pattern"]
    misread = misread_words(corpus)
    sides = [misread["group"] == group.label for group in corpus.groups]
    for side, own in zip(("target", "reference"), sides, strict=True):
        share = own.sum() / audit.loc["combined", f"words_{side}"]
        assert audit.loc["combined", f"misread_{side}"] == pytest.approx(share)
    estimate = word_shift(corpus).table["contribution"].sum()
    assert audit.loc["combined", "estimate"] == pytest.approx(estimate)
    assert (audit["words_target"] >= 0).all()
    assert audit.loc["combined", "words_target"] >= audit.loc["vader", "words_target"]


def test_texts_without_a_scored_word_are_no_error(folders):
    row = lexicon_audit(folders([PLAIN], [PLAIN])).table.iloc[0]
    assert (row["words_target"], row["entries"], row["flips"]) == (0, 0, 0)
    assert row[["misread_target", "fewest"]].isna().all()
    assert row["estimate"] == 0


# The file


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[sense]]", "[[sense]", "not valid TOML"),
        (SOUND, "other = 1", r"no \[\[sense\]\] table"),
        ("after", "behind", "keys out of"),
        ("'in\\b'", "'(in'", "after is no regular expression"),
        ("'in\\b'", "3", "after is no regular expression"),
        ('["lies"]', '"lies"', "needs words"),
        ('"an untruth"', '""', "needs words"),
    ],
)
def test_an_unsound_file_is_refused(tmp_path, old, new, message):
    path = tmp_path / "senses.toml"
    path.write_text(SOUND)
    assert load_senses(path)[0].words == ("lies",)
    assert old in SOUND
    path.write_text(SOUND.replace(old, new))
    with pytest.raises(InputError, match=message):
        load_senses(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        load_senses(tmp_path / "none.toml")
