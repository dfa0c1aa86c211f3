"""Word shifts: parts counted by hand, sums that leave nothing over, intervals of the contrast."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.inference import difference_interval, permutations
from analysis.tone import (
    mask,
    score_sentences,
    scorers,
    sentiment,
    word_shift,
)
from analysis.tone.sentences import Units, read

GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "The door is blue."
KINDS = [
    (lexicon, masked, calibrated)
    for lexicon in ("combined", "vader", "afinn", "opinion", "pattern")
    for masked in (True, False)
    for calibrated in (True, False)
]


@pytest.fixture
def write_folder(tmp_path):
    """Write folders anew at every call."""

    def write(name, *texts):
        folder = tmp_path / str(len(list(tmp_path.iterdir()))) / name
        folder.mkdir(parents=True)
        for number, text in enumerate(texts):
            (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
        return folder

    return write


def test_a_shift_that_can_be_counted_by_hand(folders):
    """Opinion words count 1 over the root of 4 tokens: +½ or -½ a sentence."""
    corpus = folders([GOOD, f"{GOOD} {PLAIN}"], [BAD, PLAIN])
    table = word_shift(corpus, lexicon="opinion", calibrated=False).table.set_index("term")
    assert table["contribution"].round(12).to_dict() == {"good": round(1 / 3, 12), "bad": 0.25}
    assert table.loc["good", ["n_target", "n_reference", "n_capital"]].tolist() == [2, 0, 0]
    assert table.loc["good", "rate_target"] == pytest.approx(2 / 3)
    assert table.loc["bad", ["score", "score_reference"]].tolist() == [-0.5, -0.5]
    assert np.isnan(table.loc["bad", "score_target"])
    assert (table["score_part"] == 0).all()
    assert table["share"].tolist() == pytest.approx([4 / 7, 3 / 7])


def test_negation_is_a_difference_of_use(folders):
    """As often in either group, but negated in one: all of it is the score part."""
    corpus = folders([GOOD, GOOD], ["The news is not good.", "The news is not good."])
    row = (
        word_shift(corpus, lexicon="opinion", calibrated=False).table.set_index("term").loc["good"]
    )
    assert row["rate_target"] == row["rate_reference"] == 1
    assert row["score_target"] > 0 > row["score_reference"]
    assert row["frequency_part"] == 0
    assert row["score_part"] == row["contribution"] == pytest.approx(0.5 + 0.74 / np.sqrt(5))


@pytest.mark.parametrize(("lexicon", "masked", "calibrated"), KINDS)
def test_contributions_add_up_to_the_contrast_exactly(corpus, lexicon, masked, calibrated):
    kind = {"lexicon": lexicon, "masked": masked, "calibrated": calibrated}
    table, means = word_shift(corpus, **kind).table, read(corpus, **kind).means()
    assert abs(table["contribution"].sum() - (means[0] - means[1])) < 1e-12
    parts = table["frequency_part"] + table["score_part"]
    assert (parts - table["contribution"]).abs().max() < 1e-12


def test_the_contrast_is_that_of_the_scored_sentences(corpus):
    """The sums of words are the scores that sentences get elsewhere."""
    scores = score_sentences(corpus)
    assert np.allclose(read(corpus).tone, scores["tone"], atol=2e-4, equal_nan=True)
    for lexicon in scorers():
        own = read(corpus, lexicon=lexicon.column, calibrated=False).tone
        assert np.allclose(own, scores[lexicon.column], atol=1e-4, equal_nan=True)
        assert own[7] == pytest.approx(lexicon.score(mask(scores["text"].iloc[7])), abs=1e-9)


def test_the_words_explain_the_headline(corpus):
    headline = sentiment(corpus, draws=99).table.iloc[0]
    assert word_shift(corpus).table["contribution"].sum() == pytest.approx(
        headline["estimate"], abs=1e-4
    )


def test_intervals_belong_to_the_contributions(corpus):
    table = word_shift(corpus, lexicon="afinn", calibrated=False).table.set_index("term")
    reading, units = read(corpus, lexicon="afinn", calibrated=False), Units.cut(corpus, 100)
    own = reading.words[reading.words["term"] == "good"]
    values = np.zeros(len(reading.silent))
    np.add.at(values, own["row"].to_numpy(), own["contribution"].to_numpy())
    sizes = units.sum((~reading.silent).astype(float))
    expected = difference_interval(units.sum(values), sizes, units.target).iloc[0]
    got = table.loc["good", ["contribution", "ci_low", "ci_high"]].astype(float)
    assert got.tolist() == pytest.approx(expected.tolist())


def test_the_sums_of_a_shift_are_those_of_its_words_by_loops(corpus):
    found = word_shift(corpus)
    sums = found.parts["sums"].set_index("of")["contribution"]
    wanted = dict.fromkeys(sums.index, 0.0)
    for word in found.table.to_dict("records"):
        side = "more" if word["rate_target"] > word["rate_reference"] else "fewer"
        sign = "positive" if word["score"] > 0 else "negative"
        wanted[f"{side} {sign}"] += word["frequency_part"]
        wanted["use"] += word["score_part"]
        wanted["all"] += word["contribution"]
    assert sums.to_dict() == pytest.approx(wanted, abs=1e-12)
    assert sums["all"] == pytest.approx(sums.drop("all").sum(), abs=1e-12)
    assert sums["more positive"] > 0 > sums["more negative"]
    assert sums["fewer negative"] > 0 > sums["fewer positive"]


def test_what_chance_leaves_apart_is_counted_word_by_word_and_deal_by_deal(corpus):
    apart = word_shift(corpus, lexicon="afinn", calibrated=False).parts["apart"].iloc[0]
    reading, units = read(corpus, lexicon="afinn", calibrated=False), Units.cut(corpus, 100)
    sizes = units.sum((~reading.silent).astype(float))
    sums = []
    for _, own in reading.words.groupby("term"):
        values = np.zeros(len(reading.silent))
        np.add.at(values, own["row"].to_numpy(), own["contribution"].to_numpy())
        sums.append(units.sum(values))
    found = []
    for deal in next(permutations(units.target, int(apart["deals"]), 0)):
        table = difference_interval(np.transpose(sums), sizes, deal == 1)
        found.append(((table["ci_low"] > 0) | (table["ci_high"] < 0)).sum())
    assert apart["by_chance"] == pytest.approx(np.mean(found))
    assert 0 < apart["by_chance"] < len(sums) / 40  # far from one in twenty: most words are rare


def test_a_word_of_several_lexicons_counts_once(corpus):
    combined, one = word_shift(corpus).table, word_shift(corpus, lexicon="vader").table
    counts = [t.set_index("term").loc["good", "n_target"] for t in (combined, one)]
    text = " ".join(corpus.sentences.query("group == @corpus.target.label")["text"]).lower()
    assert counts == [text.count(" good "), text.count(" good ")]


def test_masked_names_are_gone(corpus):
    masked, plain = (word_shift(corpus, masked=m).table.set_index("term") for m in (True, False))
    assert plain.loc["united", "n_capital"] > 0
    assert "united" not in masked.index


def test_words_stand_in_a_total_order(corpus):
    table = word_shift(corpus).table
    size = table["contribution"].abs().round(12)
    expected = table.assign(size=size).sort_values(["size", "term"], ascending=[False, True])
    assert table["term"].tolist() == expected["term"].tolist()
    assert not table["term"].duplicated().any()


def test_texts_without_a_scored_word_have_no_shift(folders):
    table = word_shift(folders([PLAIN, PLAIN], [PLAIN, PLAIN]), lexicon="opinion").table
    assert table.empty
    assert list(table) == list(word_shift(folders([GOOD, GOOD, GOOD], [BAD, BAD])).table)


def test_sentences_without_a_tone_do_not_count(folders):
    corpus = folders([f"{GOOD}\n\n2017", GOOD], [BAD, BAD])
    assert np.isnan(read(corpus).tone).sum() == 1
    with_silence = word_shift(corpus).table
    pd.testing.assert_frame_equal(with_silence, word_shift(folders([GOOD, GOOD], [BAD, BAD])).table)


def test_an_unknown_lexicon_is_refused(corpus):
    with pytest.raises(InputError, match="choose one of"):
        word_shift(corpus, lexicon="nothing")
