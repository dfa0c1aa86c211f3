"""The contrast of tone: counted by hand, checked by SciPy, and what cannot be said."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.text import load_folders
from analysis.tone import (
    Scorer,
    actor_tone,
    lexicon_audit,
    load_actors,
    masked_names,
    misread_words,
    score_lines,
    score_sentences,
    scorers,
    sentiment,
    tone_distribution,
    tone_extremes,
    tone_ladder,
    tone_movement,
    tone_trajectory,
    tone_units,
    vader,
    voice_parts,
    voice_tone,
    word_list,
    word_shift,
)
from analysis.tone.calibration import (
    for_raters,
    load_calibration,
    model_variance,
    rater_variance,
    rating_variances,
    scale,
)
from analysis.tone.rules import VaderReader
from analysis.tone.scored import Lines
from analysis.tone.scoring import LISTS, vader_file
from analysis.tone.sentences import read
from benchmarks.tone_fit import raw_scores
from tests.helpers import tone_scores

COLUMNS = """lexicon column masked calibrated engine version licence sha256 n_target n_reference
    units_target units_reference mean_target mean_reference estimate ci_low ci_high p_value
    family_low family_high p_family established floor units_low units_high rater_low rater_high
    self_target self_reference share_zero_target share_zero_reference coverage_target
    coverage_reference note""".split()
GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "He is in it."
FOUR = "vader afinn opinion pattern".split()
GERMAN = "Der Minister sprach mit dem Kanzler gestern lange über Lage und Aussichten Teherans."


def documents(seed, count, sentences=4):
    """Return documents of equally many sentences."""
    rng = np.random.default_rng(seed)
    choices = [GOOD, BAD, PLAIN, "A great day.", "He cried."]
    return [" ".join(rng.choice(choices, sentences)) for _ in range(count)]


def kind(table, column="combined", masked=True, calibrated=True):
    """Return the row of one way of scoring."""
    chosen = (table["column"] == column) & (table["masked"] == masked)
    (row,) = table[chosen & (table["calibrated"] == calibrated)].to_dict("records")
    return row


def plain(table):
    """Return VADER's row as everyone computes it: names unmasked, not calibrated."""
    return kind(table, "vader", masked=False, calibrated=False)


# The contrast


def test_the_columns_and_rows_are_fixed(contrast):
    assert list(contrast) == COLUMNS
    columns = ["combined", "vader", "afinn", "opinion", "pattern"]
    kinds = [(c, m, k) for k in (True, False) for m in (True, False) for c in columns]
    found = contrast[["column", "masked", "calibrated"]].itertuples(index=False, name=None)
    assert list(found) == kinds


def test_the_contrast_can_be_counted_by_hand(folders):
    """Three documents a side, each a unit: GOOD 0.4404, PLAIN 0; the means are a third, a half."""
    corpus = folders(
        [GOOD, PLAIN, PLAIN], [f"{GOOD} {PLAIN}", f"{PLAIN} {GOOD}", f"{GOOD} {PLAIN}"]
    )
    row = plain(sentiment(corpus, draws=99).table)
    assert (row["n_target"], row["n_reference"]) == (3, 6)
    assert (row["units_target"], row["units_reference"]) == (3, 3)
    assert row["mean_target"] == pytest.approx(0.4404 / 3)
    assert row["mean_reference"] == pytest.approx(0.4404 / 2)
    assert row["estimate"] == pytest.approx(-0.4404 / 6)
    assert (row["share_zero_target"], row["share_zero_reference"]) == (2 / 3, 0.5)
    assert row["coverage_target"] == pytest.approx(1 / 12)
    assert row["coverage_reference"] == pytest.approx(1 / 8)


def test_the_contrast_is_the_difference_of_mean_sentences(articles, contrast):
    for masked in (True, False):
        read_by = [*FOUR, "combined", "tone"]
        means = score_sentences(articles, masked=masked).groupby("group")[read_by].mean()
        target, reference = (means.loc[group.label] for group in articles.groups)
        for column in read_by[:5]:
            row = kind(contrast, column, masked, calibrated=False)
            assert row["estimate"] == pytest.approx(target[column] - reference[column])
        assert kind(contrast, masked=masked)["estimate"] == pytest.approx(
            target["tone"] - reference["tone"]
        )


def test_calibration_hardly_bends_the_contrast_of_ordinary_sentences(contrast):
    for column in [*FOUR, "combined"]:
        raw, own = kind(contrast, column, calibrated=False), kind(contrast, column)
        units = scale(column, masked=True, calibrated=True)
        before = scale(column, masked=True, calibrated=False)
        part = next(iter(units.slopes))
        straight = raw["estimate"] * units.slopes[part] / before.slopes[part]
        assert own["estimate"] == pytest.approx(straight, rel=0.1)
        assert own["p_value"] > raw["p_value"]  # raters might have judged otherwise


def test_masking_takes_names_out_of_the_contrast(folders):
    """Both texts say the same of two countries, of which one has praise in its name."""
    corpus = folders(
        ["We met the United States. The news is good."] * 2 + [BAD],
        ["We met the Dutch Republic. The news is good."] * 2 + [BAD],
    )
    table = sentiment(corpus, draws=99).table
    assert plain(table)["estimate"] > 0.1
    assert kind(table)["estimate"] == pytest.approx(0, abs=1e-12)


def test_intervals_widen_with_what_they_allow_for(contrast):
    for row in contrast.itertuples():
        assert row.ci_low < row.estimate < row.ci_high
        assert row.family_low < row.ci_low < row.ci_high < row.family_high
        assert (row.units_low > row.ci_low + 1e-9) == row.calibrated
        assert (row.units_high < row.ci_high - 1e-9) == row.calibrated
        assert (row.p_family < 0.05) == row.established == (row.family_low > 0)
        assert np.isnan(row.rater_low) == (row.lexicon != "VADER")
        if row.lexicon == "VADER":
            assert row.rater_low < row.ci_low < row.ci_high < row.rater_high


def test_the_calibrated_interval_allows_for_units_and_for_the_model(folders):
    """Documents of four sentences: Welch's t, and in each group the model's variance beside it."""
    corpus = folders(documents(11, 12), documents(12, 10))
    tones = score_sentences(corpus).groupby(["group", "document"])["tone"].mean()
    means, variances, degrees = [], [], []
    for group in ("target", "reference"):
        own = tones[group]
        means.append(own.mean())
        model = model_variance([4] * len(own), "combined", masked=True)
        variances += [own.var(ddof=1) / len(own), model]
        degrees += [len(own) - 1, load_calibration().articles - 2]
    total = sum(variances)
    df = total**2 / sum(v**2 / d for v, d in zip(variances, degrees, strict=True))
    half = stats.t.ppf(0.975, df) * np.sqrt(total)
    row = kind(sentiment(corpus, draws=99).table)
    assert row["estimate"] == pytest.approx(means[0] - means[1])
    louder = load_calibration().line("combined", masked=True).louder
    low, high = for_raters(row["estimate"], half, louder)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((float(low), float(high)))
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(row["estimate"]) / total**0.5, df))


def test_swapping_the_groups_turns_the_sign(folders, tmp_path):
    corpus = folders(documents(1, 12), documents(2, 10))
    there = sentiment(corpus, draws=199).table
    back = sentiment(load_folders(tmp_path / "reference", tmp_path / "target"), draws=199).table
    for low, high in (("ci_low", "ci_high"), ("units_low", "units_high")):
        assert there[low].to_numpy() == pytest.approx(-back[high].to_numpy())
    assert there["estimate"].to_numpy() == pytest.approx(-back["estimate"].to_numpy())
    assert there["p_value"].to_numpy() == pytest.approx(back["p_value"].to_numpy())
    assert there["floor"].to_numpy() == pytest.approx(back["floor"].to_numpy(), rel=0.2)


def test_with_units_of_one_size_it_is_welchs_test(folders):
    corpus = folders(documents(3, 12), documents(4, 15))
    scores = score_sentences(corpus).groupby(["group", "document"])["vader"].mean()
    welch = stats.ttest_ind(scores["target"], scores["reference"], equal_var=False)
    row = plain(sentiment(corpus, draws=99).table)
    low, high = welch.confidence_interval(0.95)
    assert (row["ci_low"], row["ci_high"]) == (pytest.approx(low), pytest.approx(high))
    assert row["p_value"] == pytest.approx(welch.pvalue)
    assert row["p_family"] >= row["p_value"]


def test_the_same_seed_gives_the_same_table(articles, contrast):
    pd.testing.assert_frame_equal(sentiment(articles, draws=999).table, contrast)


def test_every_row_names_what_scored_it(contrast):
    assert (contrast[["engine", "version", "licence", "sha256"]] != "").all(axis=None)
    sums = {scorer.column: scorer.sha256 for scorer in scorers()}
    for column in FOUR:
        assert kind(contrast, column)["sha256"] == sums[column]
    parts = "; ".join(sums[part] for part in load_calibration().parts)
    assert kind(contrast)["sha256"] == parts


# Raters


def ratings():
    """Return the ten ratings of each word of VADER's file."""
    rows = [line.split("\t") for line in vader_file().decode().rstrip().split("\n")]
    return {row[0].strip(): np.array(ast.literal_eval(row[3])) for row in rows}


def test_the_variance_of_a_mean_of_ten_is_that_of_resampling():
    tens, rng = ratings(), np.random.default_rng(0)
    for word in ("good", "war", "united"):
        drawn = rng.choice(tens[word], (20_000, 10)).mean(axis=1)
        assert rating_variances()[word] == pytest.approx(drawn.var(), rel=0.05)


def test_rater_variance_is_what_resampled_lexicons_give(articles):
    """Score both texts anew by lexicons whose words were rated by ten raters drawn anew."""
    texts, labels = articles.sentences["text"], articles.sentences["group"]
    target = (labels == articles.target.label).to_numpy()
    weights = target / target.sum() - ~target / (~target).sum()
    lines = Lines.cut(list(texts))
    read = vader().read(lines)
    used = set(read.words)
    tens, rng, drawn = ratings(), np.random.default_rng(1), []
    for _ in range(60):
        moved = {w: rng.choice(tens[w], 10).mean() - tens[w].mean() for w in sorted(used)}
        valences = {**vader().valences, **{w: vader().valences[w] + moved[w] for w in moved}}
        engine = VaderReader(valences)
        drawn.append(weights @ engine.read(lines).sums(len(texts)))
    assert rater_variance(read, weights) ** 0.5 == pytest.approx(np.std(drawn), rel=0.25)


# What cannot be said


@pytest.fixture
def silent(folders):
    return folders([GOOD, BAD], [PLAIN, PLAIN])


def test_a_group_without_a_known_word_has_no_tone(silent):
    table = sentiment(silent, draws=99).table
    undefined = ["mean_reference", "estimate", "ci_low", "ci_high", "p_value", "p_family", "floor"]
    for row in (plain(table), kind(table)):
        assert all(np.isnan(row[name]) for name in [*undefined, "self_target", "units_low"])
    assert kind(table)["note"] == (
        "No word of 'reference' is in any of the combined lexicons: its tone is undefined."
    )
    assert plain(table)["note"] == "No word of 'reference' is in VADER: its tone is undefined."
    assert plain(table)["mean_target"] == pytest.approx((0.4404 + vader().score(BAD)) / 2)


def test_short_texts_in_another_language_are_refused_together(folders):
    with pytest.raises(InputError, match=r"'reference' are in German, it seems, .* no tone"):
        sentiment(folders([f"{GOOD} {GOOD}", BAD], [GERMAN, GERMAN]), draws=99)


@pytest.mark.parametrize(
    "analyse",
    [
        word_shift,
        lexicon_audit,
        tone_extremes,
        tone_trajectory,
        voice_tone,
    ],
)
def test_no_part_of_tone_gives_a_number_outside_english(analyse, folders):
    """The figure of words once drew "die" as death where the contrast itself was refused."""
    foreign = folders([GERMAN, f"{GERMAN} Die Lage war gut."], [GERMAN, "Der Krieg ist die Lage."])
    with pytest.raises(InputError, match=r"are in German, it seems, .* no tone is given"):
        analyse(foreign)
    assert not read(foreign, any_language=True).silent.all()  # people may rate what no list knows


SLOVENE = (
    "Problem je, da dolgove odpišejo Grčiji. Vem pa dovolj, da mi je jasno. Kje so dobri časi? "
)


def test_texts_of_a_language_that_is_not_known_have_no_tone_either(folders):
    """No number is given in raters' units where hardly a word is English."""
    with pytest.raises(InputError, match=r"'target' do not read as English, .* no tone is given"):
        sentiment(folders([SLOVENE * 4, SLOVENE * 3], [GOOD, BAD]), draws=99)


def test_a_sentence_without_tone_is_left_out(folders):
    with_headings = folders([f"{GOOD}\n\nMoscow\n\n{BAD}", GOOD], [BAD, f"{BAD} {GOOD}"])
    row = kind(sentiment(with_headings, draws=99).table)
    assert (row["n_target"], row["n_reference"]) == (3, 3)
    tones = tone_scores([GOOD, BAD])["tone"]
    assert row["mean_target"] == pytest.approx((2 * tones[0] + tones[1]) / 3)


def test_units_that_do_not_vary_leave_only_the_error_of_calibration(folders):
    table = sentiment(folders([GOOD, GOOD], [BAD, BAD]), draws=99).table
    assert table[["units_low", "units_high"]].isna().all(axis=None)
    assert table["ci_low"].isna().tolist() == (~table["calibrated"]).tolist()
    assert (table["note"] == "").all()


def test_sentences_are_units_where_a_group_is_too_short_for_two(folders):
    corpus = folders([f"{GOOD} {BAD} {GOOD}"], [f"{BAD} {BAD} {GOOD} {BAD}"])
    row = kind(sentiment(corpus, draws=99).table)
    assert (row["units_target"], row["units_reference"]) == (3, 4)
    tones = tone_scores([GOOD, BAD])["tone"]
    sides = [tones[[0, 1, 0]], tones[[1, 1, 0, 1]]]
    welch = stats.ttest_ind(*sides, equal_var=False).confidence_interval()
    assert (row["units_low"], row["units_high"]) == pytest.approx((welch.low, welch.high))


def test_one_sentence_is_refused(folders):
    with pytest.raises(InputError, match="has one unit"):
        sentiment(folders([GOOD], [BAD, BAD]))


def length_scorer():
    """Return a scorer that reads sentences whole: their length, a hundredth a letter."""
    line = load_calibration().line("embedding", masked=False)
    judge = lambda texts: line.mean + line.sd * np.array([len(t) for t in texts]) / 100  # noqa: E731
    said = ["embedding"] * 6
    return Scorer(*said, read=None, judge=judge, masks=(False,), raw=False)


def test_a_scorer_of_whole_sentences_is_a_last_row_of_its_own(folders):
    corpus = folders([GOOD, BAD], [BAD, f"{BAD} {GOOD}"])
    table = sentiment(corpus, extra=[length_scorer()], draws=99).table
    row = table.iloc[-1]
    numbers = ["estimate", "ci_low", "ci_high", "p_value", "mean_target", "coverage_target"]
    assert table[numbers][:-1].equals(sentiment(corpus, draws=99).table[numbers])
    own = corpus.sentences.assign(tone=corpus.sentences["text"].str.len() / 100)
    means = own.groupby("group")["tone"].mean()
    assert (row["lexicon"], row["calibrated"], row["coverage_target"]) == ("embedding", True, 1)
    slope = load_calibration().line("embedding", masked=False).slope
    assert row["estimate"] == pytest.approx(
        slope * (means["target"] - means["reference"]), rel=1e-3
    )
    assert row["ci_low"] < row["units_low"] < row["units_high"] < row["ci_high"]


# A group without any sentence that has a tone


def own_part(table):
    """Return the rows of the group without tone."""
    return table[table["group"] == "target"]


UNTONED = {
    "estimate": lambda corpus: sentiment(corpus, draws=99).table,
    "share_target": lambda corpus: voice_tone(corpus, draws=99).table,
    "mean_target": lambda corpus: actor_tone(corpus, ACTORS, draws=99).table,
    "contribution": lambda corpus: word_shift(corpus).table,
    "misread_target": lambda corpus: lexicon_audit(corpus).table,
    "share": lambda corpus: own_part(tone_distribution(corpus)),
    "p_value": lambda corpus: own_part(tone_movement(corpus, draws=99)),
    "chance_low": lambda corpus: own_part(tone_units(corpus)),
    "low": lambda corpus: own_part(tone_trajectory(corpus, draws=99).table),
    "tone": lambda corpus: own_part(score_sentences(corpus)),
    "estimate_without": lambda corpus: lexicon_audit(corpus).parts["decisive"],
}
ACTORS = load_actors(Path(__file__).resolve().parents[2] / "data" / "actors.toml")


@pytest.mark.parametrize("column", UNTONED)
def test_a_group_without_tone_has_undefined_numbers_and_no_warning(column, folders):
    corpus = folders(["2017 1998.", "Moskau 33."], [f"{GOOD} {BAD} {PLAIN}"])
    found = UNTONED[column](corpus)[column]
    assert len(found)
    assert found.isna().all()


def extremes(corpus):
    return tone_extremes(corpus).table


@pytest.mark.parametrize("table", [extremes, masked_names, misread_words])
def test_a_group_without_tone_has_no_part_in_lists(table, folders):
    found = table(folders(["2017 1998.", "Moskau 33."], [f"{GOOD} {BAD} {PLAIN}"]))
    assert own_part(found).empty


def test_a_group_without_tone_still_has_voices(folders):
    corpus = folders(["2017 1998.", "Moskau 33."], [f"{GOOD} {BAD} {PLAIN}"])
    assert own_part(voice_parts(corpus))["text"].tolist() == ["2017 1998.", "Moskau 33."]


# Words that cancel


def test_words_that_cancel_sum_to_nothing_at_all(folders):
    cancel = "demand reprimand lolol leak and the door is blue."
    assert sum(word.score for word in scorers()[1].words(cancel)) not in (0.0, 1.0)
    assert tone_scores([cancel])["afinn"].tolist() == [0.0]
    assert raw_scores([cancel], masked=True)["afinn"].tolist() == [0.0]
    table = sentiment(folders([cancel, cancel], [GOOD, BAD]), draws=99).table
    row = kind(table, "afinn", calibrated=False)
    assert (row["share_zero_target"], row["coverage_target"]) == (1.0, 4 / 9)


# A list of one's own


def test_a_copy_of_a_shipped_list_scores_as_that_list_does(articles):
    copy = word_list(LISTS / "afinn.txt", name="mine")
    table = sentiment(articles, extra=[copy], draws=99).table
    numbers = COLUMNS[COLUMNS.index("n_target") : COLUMNS.index("note")]
    for row, masked in zip(table.tail(2).to_dict("records"), (True, False), strict=True):
        shipped = kind(table, "afinn", masked=masked, calibrated=False)
        assert (row["lexicon"], row["masked"], row["calibrated"]) == ("mine", masked, False)
        assert row["sha256"] == shipped["sha256"]
        assert [row[n] for n in numbers] == pytest.approx(
            [shipped[n] for n in numbers], nan_ok=True
        )
    lines = score_lines([GOOD, BAD, PLAIN, ""], extra=[copy])
    assert lines["mine"].equals(lines["afinn"].rename("mine"))
    assert list(lines.columns)[-4:] == ["learnt", "mine", "words_scored", "note"]


@pytest.mark.parametrize("name", ["afinn", "VADER", "tone", "note"])
def test_a_list_of_ones_own_needs_a_name_of_its_own(name, articles):
    own = word_list(LISTS / "afinn.txt", name=name)
    for scored in (
        lambda: sentiment(articles, extra=[own]).table,
        lambda: score_lines([GOOD], extra=[own]),
    ):
        with pytest.raises(InputError, match=f"cannot be named '{name}'.*choose another name"):
            scored()


def test_a_result_says_what_it_was_asked_for(articles):
    found = sentiment(articles, draws=99, unit_tokens=120, seed=3)
    asked = {"draws": 99, "extra": [], "unit_tokens": 120}
    assert (found.record["seed"], found.record["settings"]) == (3, asked)
    assert found.facts["lexicons"]["vader"]["sha256"] == vader().sha256
    assert found.facts["calibration"]["parts"] == list(load_calibration().parts)
    assert not found.table.attrs


# From the naive number to the honest one


def test_the_rungs_are_the_rows_of_the_table_they_name(articles):
    """Each rung but the first repeats a row; the last two differ in their interval alone."""
    contrast = sentiment(articles, draws=99)
    table, steps = contrast.table, tone_ladder(contrast).table.set_index("rung")
    rows = {
        "sentences": (plain(table), "ci"),
        "masked": (kind(table, "vader", masked=True, calibrated=False), "ci"),
        "combined": (kind(table, masked=True, calibrated=False), "ci"),
        "calibrated": (kind(table), "units"),
        "missed": (kind(table), "ci"),
    }
    assert list(steps.index) == ["whole", *rows]
    assert rows["sentences"][0]["estimate"] != rows["masked"][0]["estimate"]
    for rung, (row, interval) in rows.items():
        for name in ("mean_target", "mean_reference", "estimate"):
            assert steps.loc[rung, name] == row[name]
        for end in ("low", "high"):
            assert steps.loc[rung, f"ci_{end}"] == row[f"{interval}_{end}"]
    assert steps["column"].tolist() == ["vader"] * 3 + ["combined"] * 3
    assert steps["scale"].nunique() == 3
    width = steps["ci_high"] - steps["ci_low"]
    assert width["missed"] > width["calibrated"]


def test_the_first_rung_is_vaders_score_of_whole_documents(folders):
    corpus = folders([GOOD, f"{BAD} {GOOD}"], [BAD, PLAIN])
    whole = tone_ladder(sentiment(corpus, draws=99)).table.iloc[0]
    scored = [
        np.mean([vader().score(text) for text in texts])
        for texts in ([GOOD, f"{BAD} {GOOD}"], [BAD, PLAIN])
    ]
    assert [whole["mean_target"], whole["mean_reference"]] == pytest.approx(scored)
    assert whole["estimate"] == pytest.approx(scored[0] - scored[1])
    assert whole[["ci_low", "ci_high"]].isna().all()


def test_a_simultaneous_interval_holds_the_own_one(contrast):
    table = contrast.dropna(subset=["family_low", "ci_low"])
    assert len(table) > 10
    assert (table["family_low"] < table["ci_low"]).all()
    assert (table["family_high"] > table["ci_high"]).all()


# What a scale has room for


def test_no_interval_leaves_the_scale_and_the_calibrated_one_holds_the_plain_one(folders):
    """Three sentences against four: t with two degrees of freedom reaches far beyond the scale."""
    few = folders(
        ["I love this wonderful happy day. The war was a terrible disaster. We sat on the chairs."],
        ["Good friends came. The road was long. Bad news of murder. It was a bright joy."],
    )
    found = sentiment(few, draws=99)
    table = found.table
    ends = ["ci_low", "ci_high", "family_low", "family_high", "units_low", "units_high"]
    calibrated = table[table["calibrated"]]
    assert (calibrated[ends].abs() <= 8).all(axis=None)
    assert (table.loc[table["column"] == "vader", ends].abs() <= 8).all(axis=None)
    naive = table[(table["column"] == "vader") & ~table["calibrated"]]
    assert (naive[ends].abs() <= 2).all(axis=None)
    assert (naive[ends].abs() == 2).any(axis=None)
    assert (calibrated["ci_low"] <= calibrated["units_low"]).all()
    assert (calibrated["ci_high"] >= calibrated["units_high"]).all()
    own = voice_tone(few).table.iloc[0]
    assert (own[["low_target", "low_reference"]] >= -4).all()
    assert (own[["high_target", "high_reference"]] <= 4).all()
    assert own["high_target"] == 4
