"""Sentiment: scores equal to the engine's, sums that can be counted, contrasts checked by SciPy."""

import hashlib
from importlib import resources

import nltk.data
import numpy as np
import pandas as pd
import pytest
from nltk.sentiment.vader import SentimentIntensityAnalyzer
from scipy import stats

from analysis.contrasts.sentiment import (
    score_lines,
    score_sentences,
    sentiment,
    tone_distribution,
    tone_extremes,
    tone_movement,
    tone_units,
    tone_words,
    vader,
)
from analysis.corpus import load_corpus, load_folders
from analysis.counts import cut_units, tokenize
from analysis.errors import InputError
from analysis.publish import tone_figures

COLUMNS = """lexicon engine version licence sha256 n_target n_reference units_target units_reference
    mean_target mean_reference estimate ci_low ci_high p_value p_family self_target self_reference
    floor share_zero_target share_zero_reference coverage_target coverage_reference note""".split()
GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "The door is blue."


@pytest.fixture(scope="module")
def articles():
    return load_corpus()


@pytest.fixture(scope="module")
def contrast(articles):
    return sentiment(articles, draws=999)


@pytest.fixture
def folders(tmp_path):
    """Return a function that makes a corpus from two lists of documents."""

    def make(target, reference):
        for name, texts in (("target", target), ("reference", reference)):
            (tmp_path / name).mkdir()
            for number, text in enumerate(texts):
                (tmp_path / name / f"{number:02}.txt").write_text(text, encoding="utf-8")
        return load_folders(tmp_path / "target", tmp_path / "reference")

    return make


def documents(seed, count, sentences=4):
    """Return documents of equally many sentences."""
    rng = np.random.default_rng(seed)
    choices = [GOOD, BAD, PLAIN, "A great day.", "He cried."]
    return [" ".join(rng.choice(choices, sentences)) for _ in range(count)]


# The engine


def test_scores_are_those_of_nltk_to_the_last_digit(articles, tmp_path, monkeypatch):
    """NLTK's own constructor, given the same word list in a data folder of its own."""
    text = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text("utf-8")
    (tmp_path / "sentiment").mkdir()
    (tmp_path / "sentiment" / "list.txt").write_text(text.rstrip("\n"), encoding="utf-8")
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    plain = SentimentIntensityAnalyzer("sentiment/list.txt")
    hard = ["", "VERY GOOD!!!", "not so good, but great :)", "kind of bad??", "“wise.”", "the bomb"]
    texts = [*articles.sentences["text"], *hard]
    assert [vader().score(t) for t in texts] == [
        plain.polarity_scores(t)["compound"] for t in texts
    ]
    assert plain.lexicon == vader().valences


def test_the_lexicon_is_named_down_to_its_sum(contrast):
    content = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_bytes()
    row = contrast.iloc[0]
    assert row["sha256"] == hashlib.sha256(content).hexdigest()
    assert (row["lexicon"], row["licence"]) == ("VADER", "MIT")
    assert row["engine"].startswith("nltk 3.")
    assert row["version"].startswith("vaderSentiment ")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Good news is good.", [(0, "Good"), (3, "good")]),
        ("The United States won.", [(1, "United"), (3, "won")]),
        ("very blue", []),
        ("", []),
    ],
)
def test_scored_words_keep_place_and_case(text, found):
    assert vader().find(text) == found


# Sentences and lines


def test_sentences_keep_their_offsets_and_their_order(articles):
    scores = score_sentences(articles)
    assert list(scores) == [*articles.sentences, "vader"]
    assert scores["text"].equals(articles.sentences["text"])
    assert scores["vader"].between(-1, 1).all()


def test_a_score_needs_a_word(articles):
    scores = score_sentences(articles)
    silent = [not vader().find(text) for text in scores["text"]]
    assert any(silent)
    assert (scores.loc[silent, "vader"] == 0).all()


def test_lines_without_a_known_word_have_no_tone():
    table = score_lines([GOOD, "", PLAIN, "Good but bad."])
    assert list(table) == ["line", "tone", "vader", "words_scored"]
    assert table["line"].tolist() == [1, 2, 3, 4]
    assert table["words_scored"].tolist() == [1, 0, 0, 2]
    assert table["vader"].tolist()[:3] == [0.4404, 0.0, 0.0]
    assert table["tone"].isna().tolist() == [False, True, True, False]
    assert table["tone"].dropna().equals(table.loc[[0, 3], "vader"].rename("tone"))


@pytest.mark.parametrize("lines", [[], "one string"])
def test_lines_must_be_a_list(lines):
    with pytest.raises(InputError, match="list of at least one sentence"):
        score_lines(lines)


def test_the_distribution_counts_every_sentence_once(articles):
    table = tone_distribution(articles)
    scores = score_sentences(articles)
    for group in articles.groups:
        own, bins = scores[scores["group"] == group.label], table[table["group"] == group.label]
        zero = bins[bins["low"] == bins["high"]]
        assert bins["n"].sum() == len(own)
        assert bins["share"].sum() == pytest.approx(1)
        assert zero["n"].item() == (own["vader"] == 0).sum()
        assert bins.loc[bins["low"] < 0, "n"].sum() == (own["vader"] < 0).sum()


def test_extremes_are_the_ends_of_each_group(articles):
    table, scores = tone_extremes(articles, each=2), score_sentences(articles)
    assert len(table) == 8
    for group in articles.groups:
        own = table.loc[table["group"] == group.label, "vader"]
        everything = scores.loc[scores["group"] == group.label, "vader"]
        assert (own.max(), own.min()) == (everything.max(), everything.min())
        assert own.is_monotonic_decreasing


# The contrast


def test_the_contrast_can_be_counted_by_hand(folders):
    """Two documents a side, each a unit: GOOD 0.4404, PLAIN 0, so the means are ½ and ¼ of it."""
    corpus = folders([GOOD, PLAIN], [f"{GOOD} {PLAIN}", f"{PLAIN} {PLAIN}"])
    row = sentiment(corpus, draws=99).iloc[0]
    assert (row["n_target"], row["n_reference"]) == (2, 4)
    assert (row["units_target"], row["units_reference"]) == (2, 2)
    assert row["mean_target"] == pytest.approx(0.4404 / 2)
    assert row["mean_reference"] == pytest.approx(0.4404 / 4)
    assert row["estimate"] == pytest.approx(0.4404 / 4)
    assert (row["share_zero_target"], row["share_zero_reference"]) == (0.5, 0.75)
    assert row["coverage_target"] == pytest.approx(1 / 8)
    assert row["coverage_reference"] == pytest.approx(1 / 16)


def test_the_columns_are_fixed(contrast):
    assert list(contrast) == COLUMNS
    assert len(contrast) == 1


def test_the_contrast_is_the_difference_of_mean_sentences(articles, contrast):
    means = score_sentences(articles).groupby("group")["vader"].mean()
    target, reference = (means[group.label] for group in articles.groups)
    row = contrast.iloc[0]
    assert row["estimate"] == pytest.approx(target - reference)
    assert row["ci_low"] < row["estimate"] < row["ci_high"]


def test_swapping_the_groups_turns_the_sign(folders, tmp_path):
    corpus = folders(documents(1, 12), documents(2, 10))
    there = sentiment(corpus, draws=199).iloc[0]
    back = sentiment(load_folders(tmp_path / "reference", tmp_path / "target"), draws=199).iloc[0]
    assert there["estimate"] == pytest.approx(-back["estimate"])
    assert there["ci_low"] == pytest.approx(-back["ci_high"])
    assert there["floor"] == pytest.approx(back["floor"])


def test_with_units_of_one_size_it_is_welchs_test(folders):
    corpus = folders(documents(3, 12), documents(4, 15))
    scores = score_sentences(corpus).groupby(["group", "document"])["vader"].mean()
    welch = stats.ttest_ind(scores["target"], scores["reference"], equal_var=False)
    row = sentiment(corpus, draws=99).iloc[0]
    low, high = welch.confidence_interval(0.95)
    assert row["ci_low"] == pytest.approx(low)
    assert row["ci_high"] == pytest.approx(high)
    error = np.sqrt(sum(scores[g].var(ddof=1) / len(scores[g]) for g in ("target", "reference")))
    assert row["floor"] == pytest.approx(
        stats.t.ppf(0.975, welch.df) * error + 0.8416 * error, 1e-4
    )


def test_the_permutation_p_is_scipys(folders):
    corpus = folders(documents(5, 10), documents(6, 10))
    scores = score_sentences(corpus).groupby(["group", "document"])["vader"].mean()
    own = sentiment(corpus, draws=4_999, seed=1).iloc[0]
    scipy = stats.permutation_test(
        (scores["target"], scores["reference"]),
        lambda x, y, axis: np.abs(x.mean(axis=axis) - y.mean(axis=axis)),
        n_resamples=4_999,
        vectorized=True,
        alternative="greater",
        rng=np.random.default_rng(2),
    )
    assert own["p_value"] == pytest.approx(scipy.pvalue, abs=0.03)
    assert own["p_family"] == own["p_value"]


def test_the_same_seed_gives_the_same_table(articles, contrast):
    pd.testing.assert_frame_equal(sentiment(articles, draws=999), contrast)


# The words


def test_words_can_be_counted_by_hand(folders):
    """Good (1.9) 2 in 8 tokens against 0 in 8; war (-2.9) and bad (-2.5) 0 against 1 in 8."""
    table = tone_words(folders([f"{GOOD} {GOOD}"], [f"{BAD} {PLAIN}"]))
    assert table["term"].tolist() == ["good", "war", "bad"]
    assert table["contribution"].tolist() == pytest.approx([1.9 * 250, 2.9 * 125, 2.5 * 125])
    assert table["n_target"].tolist() == [2, 0, 0]
    assert table["n_reference"].tolist() == [0, 1, 1]


def test_capitals_inside_a_sentence_are_counted(folders):
    table = tone_words(folders(["The United States is united. United we stand."], [GOOD]))
    united = table.set_index("term").loc["united"]
    assert (united["n_target"], united["n_capital"]) == (3, 1)


def test_contributions_add_up_to_the_difference_of_valence(articles):
    table, sentences = tone_words(articles), articles.sentences
    per_thousand = []
    for group in articles.groups:
        texts = sentences.loc[sentences["group"] == group.label, "text"]
        valence = sum(vader().valences[w.lower()] for t in texts for _, w in vader().find(t))
        per_thousand.append(1000 * valence / sum(len(tokenize(t)) for t in texts))
    assert table["contribution"].sum() == pytest.approx(per_thousand[0] - per_thousand[1])


def test_words_stand_in_a_total_order(articles):
    table = tone_words(articles)
    size = table["contribution"].abs().round(12)
    expected = table.assign(size=size).sort_values(["size", "term"], ascending=[False, True])
    assert table["term"].tolist() == expected["term"].tolist()
    assert not table["term"].duplicated().any()


# Along the texts


def test_units_tell_their_mean_and_place(articles):
    table, scores = tone_units(articles), score_sentences(articles)
    units = cut_units(articles)
    assert table["n_sentences"].sum() == len(scores)
    first = scores[scores["document"] == units["document"].iloc[0]]["vader"]
    assert table["tone"].iloc[0] == pytest.approx(first[: table["n_sentences"].iloc[0]].mean())
    assert table["position"].between(0, 1).all()
    for _, own in table.groupby("document"):
        assert own["position"].is_monotonic_increasing
        assert (own["chance_low"] < own["chance_high"]).all()


def test_the_range_of_chance_holds_what_random_order_gives(articles):
    """Shuffled sentences stay inside in about 19 of 20 cases."""
    scores = score_sentences(articles)
    pool = scores.loc[scores["group"] == articles.reference.label, "vader"].to_numpy()
    own = tone_units(articles).query("group == @articles.reference.label").iloc[0]
    rng = np.random.default_rng(0)
    drawn = np.array([rng.permutation(pool)[: own["n_sentences"]].mean() for _ in range(4_000)])
    inside = ((drawn > own["chance_low"]) & (drawn < own["chance_high"])).mean()
    assert inside == pytest.approx(0.95, abs=0.02)


def test_a_text_that_turns_from_praise_to_blame_moves(folders):
    long = " ".join([GOOD] * 60 + [BAD] * 60)
    mixed = " ".join([GOOD, BAD] * 60)
    table = tone_movement(folders([long], [mixed]), draws=499)
    assert table["p_value"].tolist() == [pytest.approx(1 / 500), pytest.approx(1, abs=0.1)]
    assert table["units"].tolist() == [5, 5]
    assert table["outside"].tolist() == [4, 0]  # the third unit holds the turn itself


# What cannot be said


@pytest.fixture
def silent(folders):
    return folders([GOOD, BAD], [PLAIN, PLAIN])


def test_a_group_without_a_known_word_has_no_tone(silent):
    row = sentiment(silent, draws=99).iloc[0]
    undefined = ["mean_reference", "estimate", "ci_low", "ci_high", "p_value", "p_family", "floor"]
    assert row[undefined].isna().all()
    assert row["self_target"] != row["self_target"]
    assert row["mean_target"] == pytest.approx((0.4404 + vader().score(BAD)) / 2)
    assert "no word of 'reference'" in row["note"]
    units = tone_units(silent)
    assert units.loc[units["group"] == "reference", "tone"].isna().all()


def test_findings_and_figures_refuse_in_words(silent):
    table, words = sentiment(silent, draws=99), tone_words(silent)
    assert "Nothing can be said about tone" in tone_figures.tone_finding(table, silent).text
    assert "no contrast to draw" in tone_figures.contrast_figure(table, silent).text
    assert "no words to compare" in tone_figures.words_figure(words, silent).text
    assert "cannot explain" in tone_figures.words_finding(words, silent).text


def test_units_that_do_not_vary_have_no_interval(folders):
    corpus = folders([GOOD, GOOD], [BAD, BAD])
    table = sentiment(corpus, draws=99)
    assert table[["ci_low", "ci_high", "floor"]].isna().all(axis=None)
    assert table["note"].item() == ""
    assert "no interval" in tone_figures.tone_finding(table, corpus).text


def test_one_unit_is_refused(folders):
    with pytest.raises(InputError, match="has one unit"):
        sentiment(folders([GOOD], [BAD, BAD]))


@pytest.mark.parametrize("each", [0, -1])
def test_extremes_need_a_count(articles, each):
    with pytest.raises(InputError, match="At least one"):
        tone_extremes(articles, each=each)


# The findings say no more than the interval


FOUND = {
    "n_target": 40, "n_reference": 40, "mean_target": 0.3, "mean_reference": 0.1, "estimate": 0.2,
    "ci_low": 0.05, "ci_high": 0.35, "p_value": 0.01, "self_target": 0.15, "self_reference": 0.1,
    "floor": 0.21, "note": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said", "unsaid"),
    [
        ({}, "2018 reads as more positive than 2017", "do not show"),
        ({}, "tends to overstate", "often missed"),
        ({}, "larger than either", "no larger"),
        ({"floor": 0.15}, "no smaller than that", "overstate"),
        ({"p_value": 0.2}, "take the difference as a hint", "agrees."),
        ({"ci_low": -0.1}, "do not show which group", "reads as more positive"),
        ({"ci_low": -0.1}, "the more careful one is followed", "leaves zero out"),
        ({"ci_low": -0.1, "p_value": 0.3}, "includes zero: a true difference", "more careful"),
        ({"ci_low": -0.1}, "finding none is no evidence of an equal tone", "overstate"),
        ({"self_target": 0.3}, "than what arises within 2018 alone", "larger than either"),
        ({"self_target": 0.3, "self_reference": 0.3}, "no larger than either", "arises within"),
        (
            {"estimate": -0.2, "ci_low": -0.35, "ci_high": -0.05},
            "2017 reads as more positive than 2018",
            "2018 reads",
        ),
    ],
)
def test_the_finding_follows_the_result(articles, change, said, unsaid):
    text = tone_figures.tone_finding(pd.DataFrame([FOUND | change]), articles).text
    assert said in text
    assert unsaid not in text
    assert "social media" in text


def test_the_words_finding_names_what_may_be_a_name(articles):
    table = tone_words(articles)
    text = tone_figures.words_finding(table, articles).text
    capital = 2 * table["n_capital"] >= table["n_target"] + table["n_reference"]
    assert all(f"*{term}*" in text for term in table["term"].head(5))
    assert all(f"*{term}*" in text for term in table[capital].query("index < 16")["term"])


def test_the_figures_are_written(articles, contrast, tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_FIGURES", str(tmp_path))
    movement = tone_movement(articles, draws=99)
    made = [
        tone_figures.distribution_figure(tone_distribution(articles), contrast, articles),
        tone_figures.contrast_figure(contrast, articles),
        tone_figures.words_figure(tone_words(articles), articles),
        tone_figures.trajectory_figure(tone_units(articles), movement, articles),
    ]
    ids = [figure.id for figure in made]
    assert ids == ["tone-distribution", "tone-contrast", "tone-words", "tone-trajectory"]
    assert all(
        (tmp_path / f"{id}.{kind}").is_file() for id in ids for kind in ("pdf", "svg", "csv")
    )
    assert all(figure.caption.endswith("cannot be told apart.") for figure in made)
    assert made[1].alt.startswith("On VADER's scale")
