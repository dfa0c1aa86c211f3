"""Tone as published: findings say no more than the results, figures add up, nothing is invented."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.findings import way_name
from analysis.report import tone
from analysis.sentences import say
from analysis.text import load_folders
from analysis.tone import (
    actor_tone,
    calibration_checks,
    codes_needed,
    lexicon_audit,
    load_actors,
    rated_example,
    raters_checks,
    sentiment,
    tone_extremes,
    tone_ladder,
    tone_trajectory,
    topic_split,
    vader,
    voice_tone,
    word_shift,
)
from analysis.tone.calibration import CHECKS, COMBINED, load_calibration
from analysis.tone.contrast import way

GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "He is in it."


@pytest.fixture(scope="module")
def contrast(corpus):
    return sentiment(corpus, draws=999)


@pytest.fixture(scope="module")
def words(corpus):
    return word_shift(corpus)


@pytest.fixture
def silent(write_folder):
    """A group without a scored word beside one with two."""
    return load_folders(write_folder("plain", PLAIN, PLAIN), write_folder("rich", GOOD, BAD))


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The folder that figures are written to."""
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path / "figures")
    return tmp_path / "figures"


# Which sentences count, and what can be followed


def test_sentences_without_a_tone_are_told_below_the_table(write_folder):
    """Of four sentences of one group one holds neither a scored nor an English word."""
    texts = load_folders(
        write_folder("new", f"{GOOD} {BAD}", f"Moskau 2017! {PLAIN}"),
        write_folder("old", f"{GOOD} {PLAIN}", BAD),
    )
    shown = tone.groups_table(sentiment(texts, draws=99))
    assert "1 of 4 in new." in shown.note
    assert "in old" not in shown.note
    assert shown.cells[0][1] == "3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD, "is too short to be followed along its length"),
        (" ".join([PLAIN] * 60), "its sentences are all of one tone"),
    ],
)
def test_why_a_text_is_not_followed_is_the_reason_that_holds(text, words, write_folder):
    course = tone_trajectory(load_folders(write_folder("new", text), write_folder("old", text)))
    said = tone.trajectory_finding(course).text
    assert said.count(words) == 2
    assert " or " not in said
    assert tone.trajectory_figure(course).text == "There is no course to draw."


def test_where_documents_are_units_a_course_is_of_passages(write_folder):
    long = " ".join(f"{GOOD} {BAD} {PLAIN}" for _ in range(40))
    course = tone_trajectory(load_folders(*(write_folder(n, long, long + BAD) for n in ("a", "b"))))
    assert course.unit == "whole documents"
    said = tone.trajectory_finding(course).text
    assert said.count("passages beyond their range") == 2
    assert "units beyond" not in said


def test_documents_that_differ_are_no_course_along_a_text(write_folder, made):
    """With ten documents a side one curve is drawn of all, and the test is of whole documents."""
    glad, sad = " ".join([GOOD] * 4), " ".join([BAD] * 4)
    texts = load_folders(
        write_folder(
            "a", *[f"{own} {PLAIN}" * (1 + n % 2) for n, own in enumerate([glad, sad] * 5)]
        ),
        write_folder("b", *[f"{GOOD} {BAD} {PLAIN} {GOOD} {BAD}"] * 10),
    )
    course = tone_trajectory(texts, draws=199)
    said = tone.trajectory_finding(course).text
    assert "The documents of a differ in tone by more than the same sentences" in said
    assert "documents beyond their range" in said
    assert "Along" not in said
    caption = tone.trajectory_figure(course).caption
    assert caption.startswith("Within a, documents differ in tone by more than chance.")


def test_where_no_word_is_misread_no_share_of_nought_is_told(write_folder):
    texts = load_folders(write_folder("a", GOOD, BAD), write_folder("b", BAD, BAD))
    said = tone.audit_finding(lexicon_audit(texts)).text
    assert "None of these words was found in a sense" in said
    assert "0 %" not in said


# What a scale has room for


def test_an_interval_is_cut_at_the_ends_of_the_scale_and_says_so(contrast):
    """One end beyond the scale is cut; an interval of all that there is tells nothing."""

    def said(low, high):
        table = contrast.table.copy()
        table.loc[0, ["ci_low", "ci_high", "self_target"]] = low, high, 9.0
        return tone.tone_finding(replace(contrast, table=table)).text

    assert "[−8.00, 3.00] (cut where the scale ends)" in said(-8.0, 3.0)
    assert "tells nothing of the true one" in said(-8.0, 8.0)
    assert "cut" not in said(-7.0, 3.0)
    assert "8, all that the scale has room for" in said(-7.0, 3.0)
    steps = tone_ladder(contrast)
    assert "cut there" not in tone.ladder_table(steps).note
    wide = steps.table.assign(ci_low=-8.0)
    assert "cut there" in tone.ladder_table(replace(steps, table=wide)).note


# The readings


def test_every_way_of_scoring_has_a_name_of_its_own(contrast):
    ways = contrast.table[["lexicon", "masked", "calibrated"]].itertuples(index=False)
    names = [way_name(*way) for way in ways]
    assert names[0] == "combined masked calibrated"
    assert "VADER" in names
    assert len(set(names)) == len(names) == 20


def test_the_ladder_begins_with_whole_texts_and_ends_with_the_headline(corpus, contrast):
    steps = tone_ladder(contrast)
    ladder = steps.table
    first, last = ladder.iloc[0], ladder.iloc[-1]
    whole = [vader().score(document.edited.text) for document in corpus.documents]
    assert [first["mean_target"], first["mean_reference"]] == whole
    assert first["estimate"] == whole[0] - whole[1]
    assert np.isnan(first["ci_low"])
    headline = contrast.table.iloc[0]
    assert last[["estimate", "ci_low", "ci_high"]].tolist() == [
        headline["estimate"], headline["ci_low"], headline["ci_high"],
    ]  # fmt: skip
    assert ladder["estimate"].iloc[-2] == last["estimate"]
    assert ladder["ci_low"].iloc[-2] > last["ci_low"]
    shown = tone.ladder_table(steps)
    assert [cells[0] for cells in shown.cells[:2]] == ["whole texts", "sentence by sentence"]
    assert shown.headings[3:5] == ("2018", "2017")


def test_calibration_stretches_a_score_and_turns_no_sign(contrast):
    """Each calibrated row is its line's slope times the raw row in standard deviations."""
    table = contrast.parts["scaled"]
    for _, row in table[table["calibrated"]].iterrows():
        raw = way(table, row["column"], masked=row["masked"], calibrated=False)
        slope = load_calibration().line(row["column"], masked=row["masked"]).slope
        assert row["scaled"] == pytest.approx(slope * raw["scaled"], rel=0.1)  # bent a little
        assert row["scaled_units_low"] == pytest.approx(slope * raw["scaled_ci_low"], abs=0.05)
        assert row["scaled"] == row["estimate"]


# Findings say no more than the interval

FOUND = {
    "lexicon": "combined", "column": "combined", "masked": True, "calibrated": True,
    "mean_target": 0.3, "mean_reference": 0.1, "estimate": 0.2, "ci_low": 0.05, "ci_high": 0.35,
    "units_low": 0.1, "units_high": 0.3, "p_value": 0.01, "self_target": 0.15,
    "self_reference": 0.1, "floor": 0.21, "note": "",
}  # fmt: skip
NAIVE = FOUND | {"lexicon": "VADER", "column": "vader", "masked": False, "calibrated": False}


@pytest.mark.parametrize(
    ("change", "said", "unsaid"),
    [
        ({}, "2018 reads as more positive than 2017", "do not show"),
        ({}, "tends to overstate", "often missed"),
        ({}, "larger than either", "no larger"),
        ({"ci_low": -0.1}, "larger than either, which says nothing of what raters", "no larger"),
        ({"floor": 0.15}, "no smaller than that", "overstate"),
        ({"floor": 12.7}, "that the scale has room for", "12.7"),
        ({"floor": np.inf, "ci_low": -0.1}, "no evidence of an equal tone", "∞"),
        ({}, "longer on the side of larger differences", "includes zero"),
        ({"ci_low": -0.1}, "do not show which group", "reads as more positive"),
        ({"ci_low": -0.1, "p_value": 0.3}, "includes zero: a true difference", "leaves zero out. "),
        ({"ci_low": -0.1}, "finding none is no evidence of an equal tone", "overstate"),
        ({"self_target": 0.3}, "than what arises within 2018 alone", "larger than either"),
        ({"self_target": 0.3, "self_reference": 0.3}, "no larger than either", "arises within"),
        ({"note": "'2018': 0% English"}, "Mind the language", "Nothing can be said"),
        (
            {"units_low": np.nan, "ci_low": np.nan, "ci_high": np.nan},
            "do not vary in tone, so there is no interval",
            "reads as more positive",
        ),
        (
            {"estimate": 0.0, "ci_low": -0.1, "ci_high": 0.1, "p_value": 1.0},
            "A difference of nought has no sign",
            "ways to score",
        ),
        (
            {"estimate": -0.2, "ci_low": -0.35, "ci_high": -0.05},
            "2017 reads as more positive than 2018",
            "2018 reads",
        ),
    ],
)
def test_the_finding_follows_the_result(contrast, change, said, unsaid):
    found = replace(contrast, table=pd.DataFrame([FOUND | change, NAIVE]))
    text = tone.tone_finding(found).text
    assert said in text
    assert unsaid not in text


def test_the_finding_counts_signs_as_a_reader_would(contrast):
    ways = contrast.table[contrast.table["calibrated"]]
    same = sum(np.sign(ways["estimate"]) == np.sign(ways["estimate"].iloc[0]))
    text = tone.tone_finding(contrast).text
    assert f"Of the {len(ways)} ways to score" in text
    assert f", {same} put 2018 higher" in text


def test_intervals_on_the_other_side_are_told(contrast):
    wide = {"ci_low": -0.1, "ci_high": 0.5}
    other = {
        "estimate": -0.2,
        "units_low": -0.3,
        "units_high": -0.1,
        "ci_low": -0.5,
        "ci_high": 0.1,
    }
    rows = [FOUND | wide, FOUND | other, NAIVE]
    text = tone.tone_finding(replace(contrast, table=pd.DataFrame(rows))).text
    assert "Of the 2 ways" in text
    assert ", 1 puts " in text
    assert "in 2 (1 of the other sign) if it knows of other sentences only, and in 0 if" in text


def test_masking_is_reported_with_its_effect(contrast):
    names = contrast.parts["names"]
    text = tone.names_finding(contrast).text
    before, after = (
        way(contrast.table, "vader", masked=masked, calibrated=False)["estimate"]
        for masked in (False, True)
    )
    assert text.startswith(f"{len(names):,} names and titles are masked")
    assert f"goes from {before:.2f} to {after:.2f}" in text
    assert "United States" in repr(tone.names_table(contrast))
    nameless = replace(contrast, parts={**contrast.parts, "names": names.head(0)})
    assert "No name was found" in tone.names_finding(nameless).text
    assert "None of the masked names" in tone.names_table(nameless).text


def test_the_words_found_are_the_largest_and_add_up(words, contrast):
    text, headline = tone.shift_finding(words).text, contrast.table.iloc[0]
    assert all(f"*{term}*" in text for term in words.table["term"].head(5))
    assert words.table["contribution"].sum() == pytest.approx(headline["estimate"])
    sums = words.parts["sums"]
    whole, kinds = sums.iloc[0], sums["contribution"].iloc[1:]
    assert kinds.sum() == pytest.approx(whole["contribution"])
    assert [np.sign(value) for value in kinds.head(4)] == [1, -1, -1, 1]
    ends = headline[["units_low", "units_high"]].tolist()
    assert whole[["ci_low", "ci_high"]].tolist() == pytest.approx(ends)


def test_the_audit_finding_names_what_turns_the_sign(corpus):
    audit = lexicon_audit(corpus)
    row, text = audit.table.iloc[0], tone.audit_finding(audit).text
    fewest = audit.parts["fewest"]
    own = fewest.loc[fewest["lexicon"] == COMBINED, "term"]
    assert ", ".join(own) == row["fewest_words"]
    assert len(own) == row["fewest"]
    assert all(f"*{word}*" in text for word in own)
    assert f"becomes {row['without_misread']:.2f}" in text
    assert "Hu & Liu" in repr(tone.audit_table(audit))
    assert "interest" in repr(tone.senses_table(audit))
    assert "without it" in repr(tone.decisive_table(audit))
    none = {name: part.head(0) for name, part in audit.parts.items()}
    unread = replace(audit, parts=none)
    assert "was found" in tone.senses_table(unread).text
    assert "none can decide" in tone.decisive_table(unread).text


def test_a_misread_word_is_shown_where_it_stands(write_folder):
    """The same word stands before it, in the sense that is scored."""
    first = "He told lies to all who came to the old town, and all of them believed what he said"
    text = f"{first}; his interest lies in peace."
    corpus = load_folders(write_folder("new", text, GOOD), write_folder("old", BAD, PLAIN))
    shown = repr(tone.senses_table(lexicon_audit(corpus)))
    assert "his interest lies in peace." in shown
    assert "told lies" not in shown


# What calibration rests on


def test_the_checks_are_those_of_the_benchmark(tmp_path):
    lines = [
        "part,score,masked,level,measure,value",
        'agreement,"VADER, not calibrated",False,sentence,r,0.5',
        'agreement,"VADER, not calibrated",False,article,wrong sign,0.25',
        "agreement,combined,True,sentence,r,0.6",
        "agreement,combined,True,article,r,0.7",
        "agreement,vader,True,sentence,r,0.55",
        '"pairs, sentences",combined,True,article,covered,0.95',
        '"pairs, these sentences",combined,True,article,covered,0.9',
    ]
    (tmp_path / "tone.csv").write_text("\n".join(lines) + "\n")
    checks = calibration_checks(tmp_path / "tone.csv")
    naive, own = checks.iloc[0], checks.iloc[1]
    assert tone.calibration_table(checks).cells[0][0] == "VADER, not calibrated"
    assert tone.calibration_table(checks).cells[1][0] == "combined, names masked, calibrated"
    assert (naive["r_sentence"], naive["wrong"]) == (0.5, 0.25)
    assert np.isnan(naive["covered"])
    assert (own["r_sentence"], own["r_article"], own["covered"]) == (0.6, 0.7, 0.95)
    with pytest.raises(InputError, match="is not there"):
        calibration_checks(tmp_path / "other.csv")


def test_what_is_shown_of_the_calibration_is_in_its_files():
    text = tone.calibration_finding(calibration_checks()).text
    raw = pd.read_csv(CHECKS)
    own = raw[(raw["score"] == COMBINED) & (raw["masked"].astype(str) == "True")]
    r = own[(own["measure"] == "r") & (own["part"] == "agreement")].set_index("level")["value"]
    assert f"r = {r['sentence']:.2f} by sentence and {r['article']:.2f} by article" in text
    assert (
        f"{load_calibration().sentences:,} sentences of {load_calibration().articles} editorials"
        in text
    )


# Actors and voices


def test_own_raters_are_shown_and_held_against_all_ratings(corpus):
    example, checks = rated_example(draws=20), raters_checks()
    shown = str(tone.raters_table(example))
    assert "known in full" in shown
    assert "tone alone, calibrated" in shown
    said = tone.raters_finding(example, checks).text
    assert "100 codes a group, drawn again and again" in said
    assert "an interval that holds it, and is wide" in said
    worse = example.assign(held=0.0, ci_high=example["ci_high"] + [0, 0, 1, 0])
    said = tone.raters_finding(worse, checks).text
    assert "an interval that misses it" in said
    assert "the interval is no narrower" in said
    sheet = tone.sheet_table(corpus)
    assert "The first 4 of 136 rows" in str(sheet)
    assert f"About {codes_needed(0.25, sentences=[36, 151])} codes of either group" in str(sheet)


def test_actors_are_shown_with_their_sentences(corpus, made):
    actors = tone.actors_tone(corpus)
    table = actors.table[actors.table[["n_target", "n_reference"]].sum(axis=1) > 0]
    assert tone.actors_figure(actors).id == "tone-actors"
    rows = pd.read_csv(made / "tone-actor-sentences.csv")
    for actor, group in zip(table["actor"], table["n_target"], strict=True):
        own = rows[(rows["actor"] == actor) & (rows["group"] == int(corpus.target.label))]
        assert own["tone"].notna().sum() == group
    shown = tone.actors_table(actors)
    raw = {document.id: document.raw for document in corpus.documents}
    for _, document, start, end, *_ in shown.cells:
        text = raw[document][int(start.replace(",", "")) : int(end.replace(",", ""))]
        assert re.search(r"[.?!:\"”'*)\]]\s*$", text), text
    text = tone.actors_finding(actors).text
    tested = table[~table["too_few"]]
    assert ("Toward none of" in text) == (not (tested["p_family"] < 0.05).any())


def test_actors_apart_from_the_rest_are_named_and_counted(corpus):
    actors = actor_tone(corpus, draws=99)
    text = tone.actors_finding(actors).text
    for role, group in (("target", "2018"), ("reference", "2017")):
        for _, row in actors.table.iterrows():
            apart = row[f"rest_low_{role}"] > 0 or row[f"rest_high_{role}"] < 0
            assert (f"in {group} the words around the names of {row['actor']} are" in text) == apart


def test_voices_are_shown_and_compared_with_all_words(corpus, contrast):
    voices = voice_tone(corpus, draws=99)
    text = tone.voice_finding(voices).text
    assert f"the difference is {voices.table['estimate'].iloc[0]:.2f}" in text
    assert f"of all words it is {contrast.table['estimate'].iloc[0]:.2f}" in text
    assert voices.facts["contrast"] == pytest.approx(contrast.table["estimate"].iloc[0])
    assert "attributed" in repr(tone.voice_table(voices))


# The split by topics


def test_a_split_that_is_all_mix_can_be_counted_by_hand(write_folder):
    """Two topics of fixed tone; the target has two units of the pleasant one, the reference one."""
    corpus = load_folders(write_folder("new", GOOD, GOOD, BAD), write_folder("old", GOOD, BAD, BAD))
    contrast = sentiment(corpus, draws=9)
    ids = [document.id for document in corpus.documents]
    units = pd.DataFrame({"unit": range(6), "document": ids, "group": ["new"] * 3 + ["old"] * 3,
                          "first_sentence": 0, "last_sentence": 0, "tokens": 4})  # fmt: skip
    pleasant = [1, 1, 0, 1, 0, 0]
    shares = pd.DataFrame(
        [(u, k, share) for u, p in enumerate(pleasant) for k, share in ((1, p), (2, 1 - p))],
        columns=["unit", "topic", "share"],
    )
    found = replace(
        contrast, name="topics", units=units, parts={"unit_shares": shares},
        facts={"stable": True, "left_out": 0}, settings={"unit_tokens": 100},
        table=pd.DataFrame({"topic": [1, 2], "label": ["pleasant", "grim"]}),
    )  # fmt: skip
    split = topic_split(found)
    row = split.table.iloc[0]
    (good,) = contrast.table["mean_target"].head(1) * 3  # g + g + b
    assert row["within"] == pytest.approx(0)
    assert row["mix"] == pytest.approx(row["total"])
    assert row["mean_target"] == pytest.approx(good / 3)
    assert split.table["topic"].tolist() == ["all", "pleasant", "grim"]
    assert split.sizes() == {"new": {"units": 3, "tokens": 12}, "old": {"units": 3, "tokens": 12}}
    assert "The topics are taken as given" in tone.split_finding(split).text
    unstable = replace(split, facts={**split.facts, "stable": False})
    assert "so neither is this" in tone.split_finding(unstable).text
    assert tone.split_finding(split).text.startswith("Of the difference of")
    less = topic_split(replace(found, facts={"stable": True, "left_out": 2}))
    said = tone.split_finding(less).text
    assert said.startswith("2 units hold no word of the topics; without them the difference of ")
    headline = sentiment(found.corpus, draws=99).table["estimate"].iloc[0]
    assert less.facts["whole"] == pytest.approx(headline)
    assert less.table["total"].iloc[0] == pytest.approx(headline)  # the same sentences count
    kept = units[units["unit"].isin([0, 3, 4])]
    few = topic_split(replace(found, units=kept))
    assert "fewer than two units" in tone.split_table(few).text


def test_texts_without_topics_are_split_in_words_only(silent):
    split = tone.split_by_topics(silent)
    assert "cannot be split" in tone.split_table(split).text
    assert "nothing can be said" in tone.split_finding(split).text


# What cannot be said, or drawn


def test_without_a_scored_word_there_are_sentences_and_no_figures(silent, made):
    contrast, words = sentiment(silent, draws=99), word_shift(silent)
    assert "Nothing can be said about tone" in tone.tone_finding(contrast).text
    assert "no contrast to draw" in tone.contrast_figure(contrast).text
    assert "no words to compare" in tone.shift_figure(words).text
    assert "cannot explain" in tone.shift_finding(words).text
    assert "nothing can be compared" in tone.voice_finding(voice_tone(silent, draws=99)).text
    assert not made.exists()


def test_without_a_list_of_actors_one_sentence_says_how_to_make_one(silent):
    actors = tone.actors_tone(silent)
    assert "`data/actors.toml`" in tone.actors_finding(actors).text
    assert tone.actors_figure(actors).text == tone.actors_finding(actors).text
    said = [tone.actors_meaning(actors), tone.actors_table(actors)]
    assert all(prose.text.startswith("So there is no table of") for prose in said)


def test_groups_of_the_same_texts_have_no_word_that_makes_a_difference(write_folder):
    same = load_folders(write_folder("new", GOOD, BAD), write_folder("old", GOOD, BAD))
    shift = word_shift(same)
    assert (shift.table["share"] == 0).all()
    said = f"Both groups use each of the {len(shift.table)} scored words alike"
    assert tone.shift_finding(shift).text.startswith(said)
    assert repr(tone.shift_figure(shift)).startswith(said)


def test_of_units_that_do_not_vary_nothing_is_tested(write_folder):
    corpus = load_folders(write_folder("new", GOOD, GOOD), write_folder("old", BAD, BAD))
    contrast = sentiment(corpus, draws=99)
    assert "do not vary in tone: the interval knows only" in tone.tone_finding(contrast).text
    assert "no contrast to draw" in tone.contrast_figure(contrast).text


def test_no_sentence_at_either_end_is_said(write_folder):
    corpus = load_folders(write_folder("new", PLAIN, PLAIN), write_folder("old", PLAIN, PLAIN))
    assert "No sentence" in tone.extremes_table(tone_extremes(corpus)).text


# The figures


def test_captions_name_the_units_of_short_texts(write_folder, made):
    """A group of two units has no interval worth having, so that sentences are the units."""
    corpus = load_folders(
        write_folder("new", f"{GOOD} {BAD} {PLAIN}"), write_folder("old", f"{PLAIN} {GOOD} {GOOD}")
    )
    for figure in (
        tone.contrast_figure(sentiment(corpus, draws=99)),
        tone.shift_figure(word_shift(corpus)),
    ):
        assert "new (target): 3 units, " in figure.caption
        assert "units are single sentences" in figure.caption


def test_the_trajectory_names_units_of_its_own(write_folder, made):
    """Each text is followed for itself, so that a short one does not cut the other up."""
    long = f"{GOOD} {PLAIN} {BAD}\n\n" * 24
    corpus = load_folders(
        write_folder("new", f"{long}{GOOD}"), write_folder("old", f"{GOOD} {BAD}")
    )
    course = tone_trajectory(corpus, draws=99)
    figure = tone.trajectory_figure(course)
    assert "units are runs of whole paragraphs of about 100 words" in figure.caption
    assert f"new (target): {len(course.parts['units']) - 1} units" in figure.caption


def test_the_figures_are_written_with_caption_and_alt(corpus, contrast, words, made):
    figures = [
        tone.distribution_figure(contrast),
        tone.contrast_figure(contrast),
        tone.shift_figure(words),
        tone.trajectory_figure(tone_trajectory(corpus, draws=99)),
    ]
    ids = [figure.id for figure in figures]
    assert ids == ["tone-distribution", "tone-contrast", "tone-shift", "tone-trajectory"]
    assert all((made / f"{id}.{kind}").is_file() for id in ids for kind in ("pdf", "svg", "csv"))
    assert all(figure.caption.endswith("These two texts only.") for figure in figures)
    assert f"{contrast.table['estimate'].iloc[0]:.2f} above 2017" in figures[1].alt
    assert len(pd.read_csv(made / "tone-contrast.csv")) == 20
    assert len(pd.read_csv(made / "tone-shift.csv")) == len(words.table)
    figures.append(tone.actors_figure(tone.actors_tone(corpus)))
    lengths = {figure.id: len(figure.caption.split()) for figure in figures}
    assert max(lengths.values()) <= 80, lengths


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize(("lexicon", "said"), [("afinn", "AFINN"), (COMBINED, "combined lexicons")])
def test_a_caption_says_what_was_scored_how(corpus, made, lexicon, said, masked, calibrated):
    asked = {"lexicon": lexicon, "masked": masked, "calibrated": calibrated}
    figure = tone.shift_figure(word_shift(corpus, **asked, unit_tokens=120))
    (told,) = re.findall(r"Tone: (.*?)\.", figure.caption)
    assert said in told
    assert ("combined lexicons" in told) == (lexicon == COMBINED)
    assert ("names masked" in told, "not calibrated" in told) == (masked, not calibrated)
    (analysis,) = json.loads((made / "tone-shift.json").read_text("utf-8"))["record"]["analyses"]
    assert analysis["settings"] == asked | {"unit_tokens": 120}


def test_every_figure_of_tone_records_what_made_it(corpus, made):
    asked = {"draws": 99, "seed": 3, "unit_tokens": 120}
    found = [
        sentiment(corpus, **asked),
        actor_tone(corpus, load_actors(corpus.actors), **asked),
        tone_trajectory(corpus, **asked, window=0.3),
    ]
    figures = [
        draw(result)
        for draw, result in zip(
            (tone.contrast_figure, tone.actors_figure, tone.trajectory_figure), found, strict=True
        )
    ]
    for figure, result in zip(figures, found, strict=True):
        record = json.loads((made / f"{figure.id}.json").read_text(encoding="utf-8"))["record"]
        (own,) = record["analyses"]
        assert (own["seed"], own["settings"]["draws"], own["settings"]["unit_tokens"]) == (
            3, 99, 120,
        )  # fmt: skip
        for label, sizes in result.sizes().items():
            assert own["units"][label] == sizes
            assert f"{sizes['units']} units, {sizes['tokens']:,} tokens" in figure.caption
    assert own["settings"]["window"] == 0.3


def test_passages_of_others_are_shown_with_their_place(corpus):
    voices = voice_tone(corpus, draws=99)
    parts = voices.parts["passages"]
    shown = tone.voice_parts_table(voices)
    first = parts[(parts["group"] == "2018") & (parts["voice"] == "quoted")].iloc[0]
    assert first["text"] in [cells[-1] for cells in shown.cells]
    own = replace(voices, parts={"passages": parts[parts["voice"] == "own"]})
    assert "Nothing in these texts" in tone.voice_parts_table(own).text


# Sentences for every count


@pytest.mark.parametrize(
    ("estimate", "said"),
    [(0.2, "new 0.20 above old"), (-0.2, "new 0.20 below old"), (0.0, "new level with old")],
)
def test_the_direction_of_a_contrast_is_said(estimate, said):
    facts = {"estimate": estimate, "size": abs(estimate), "short_target": "new",
             "short_reference": "old"}  # fmt: skip
    assert say("tone.contrast.direction", facts) == said


def test_one_actor_is_no_list_of_them(write_folder, made):
    (made / "..").resolve().mkdir(exist_ok=True)
    said = ["good", "bad", "great", "open"]
    texts = [f"{GOOD} Rome is {word}. {BAD} {PLAIN}" for word in said]
    corpus = load_folders(write_folder("new", *texts), write_folder("old", *texts[::-1]))
    path = made.parent / "actors.toml"
    path.write_text('[[actor]]\nname = "Rome"\ndefinition = "A city."\n'
                    'words = {"Rome" = "its name"}\n', encoding="utf-8")  # fmt: skip
    actors = actor_tone(corpus, load_actors(path), draws=99)
    figure = tone.actors_figure(actors)
    assert "around the names of 1 actor:" in figure.alt
    assert "only Rome has an interval" in figure.alt
