"""Tone as published: findings say no more than the results, figures add up, nothing is invented."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.report import Published, tone
from analysis.report.summary import summary
from analysis.report.tone_calibration import FILE
from analysis.report.tone_findings import signs
from analysis.report.tone_readings import (
    find_reading,
    reading_name,
    standardised,
    tone_ladder,
)
from analysis.report.tone_shift_plots import kinds_of_words
from analysis.report.tone_topics import topic_split
from analysis.text import load_folders
from analysis.tone import (
    actor_tone,
    decisive_words,
    lexicon_audit,
    load_actors,
    masked_names,
    misread_words,
    sentiment,
    tone_distribution,
    tone_extremes,
    tone_movement,
    tone_trajectory,
    tone_units,
    vader,
    voice_parts,
    voice_tone,
    word_shift,
)
from analysis.tone.calibration import COMBINED, load_calibration

GOOD, BAD, PLAIN = "The news is good.", "The war is bad.", "The door of the house is closed."


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
    monkeypatch.setattr("analysis.report.figure._folder", tmp_path / "figures")
    return tmp_path / "figures"


# The readings


def test_every_way_of_scoring_has_a_name_of_its_own(contrast):
    ways = contrast[["lexicon", "masked", "calibrated"]].itertuples(index=False)
    names = [reading_name(*way) for way in ways]
    assert names[0] == "combined masked calibrated"
    assert "VADER" in names
    assert len(set(names)) == len(names) == 20


def test_the_ladder_begins_with_whole_texts_and_ends_with_the_headline(corpus, contrast):
    ladder = tone_ladder(contrast, corpus)
    first, last = ladder.iloc[0], ladder.iloc[-1]
    whole = [vader().score(document.edited.text) for document in corpus.documents]
    assert [first["mean_target"], first["mean_reference"]] == whole
    assert first["estimate"] == whole[0] - whole[1]
    assert np.isnan(first["ci_low"])
    headline = contrast.iloc[0]
    assert last[["estimate", "ci_low", "ci_high"]].tolist() == [
        headline["estimate"], headline["ci_low"], headline["ci_high"],
    ]  # fmt: skip
    assert ladder["estimate"].iloc[-2] == last["estimate"]
    assert ladder["ci_low"].iloc[-2] > last["ci_low"]


def test_calibration_stretches_a_score_and_turns_no_sign(contrast):
    """Each calibrated row is its line's slope times the raw row in standard deviations."""
    table = standardised(contrast)
    for _, row in table[table["calibrated"]].iterrows():
        raw = find_reading(table, row["column"], masked=row["masked"], calibrated=False)
        slope = load_calibration().line(row["column"], masked=row["masked"]).slope
        assert row["scaled"] == pytest.approx(slope * raw["scaled"])
        assert row["scaled_units_low"] == pytest.approx(slope * raw["scaled_ci_low"])
        assert row["scaled"] == row["estimate"]


def test_the_summary_takes_the_headline_alone(contrast):
    terms = pd.DataFrame(columns=["term", "log_ratio", "score", "ci_low", "ci_high", "p_family",
                                  "self_target", "self_reference"])  # fmt: skip
    topics = pd.DataFrame(columns=["label", "alarm", "finding", "estimate", "ci_low", "ci_high",
                                   "p_family", "self_target", "self_reference"])  # fmt: skip
    table = summary(terms, contrast, topics)
    assert table["name"].tolist() == ["calibrated tone"]
    assert table["estimate"].item() == contrast["estimate"].iloc[0]
    assert table.attrs["draws"] == {"keyword": None, "tone": 999, "topic": None}


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
        ({"floor": 0.15}, "no smaller than that", "overstate"),
        ({"p_value": 0.2}, "take the difference as a hint", "agrees."),
        ({"ci_low": -0.1}, "do not show which group", "reads as more positive"),
        ({"ci_low": -0.1}, "the more careful one is followed", "leaves zero out, "),
        ({"ci_low": -0.1, "p_value": 0.3}, "includes zero: a true difference", "more careful"),
        ({"ci_low": -0.1}, "finding none is no evidence of an equal tone", "overstate"),
        ({"self_target": 0.3}, "than what arises within 2018 alone", "larger than either"),
        ({"self_target": 0.3, "self_reference": 0.3}, "no larger than either", "arises within"),
        ({"note": "'2018': 0% English"}, "Mind the language", "Nothing can be said"),
        ({"units_low": np.nan}, "95 % interval none", "reads as more positive"),
        (
            {"estimate": -0.2, "ci_low": -0.35, "ci_high": -0.05},
            "2017 reads as more positive than 2018",
            "2018 reads",
        ),
    ],
)
def test_the_finding_follows_the_result(corpus, change, said, unsaid):
    text = tone.tone_finding(pd.DataFrame([FOUND | change, NAIVE]), corpus).text
    assert said in text
    assert unsaid not in text


def test_the_finding_counts_signs_as_a_reader_would(corpus, contrast):
    ways = contrast[contrast["calibrated"]]
    same = sum(np.sign(ways["estimate"]) == np.sign(ways["estimate"].iloc[0]))
    assert f"Of the {len(ways)} ways to score" in tone.tone_finding(contrast, corpus).text
    assert f", {same} give the difference this sign" in tone.tone_finding(contrast, corpus).text


def test_intervals_on_the_other_side_are_told():
    rows = [
        {"estimate": 0.2, "units_low": 0.1, "units_high": 0.3, "ci_low": -0.1, "ci_high": 0.5},
        {"estimate": -0.2, "units_low": -0.3, "units_high": -0.1, "ci_low": -0.5, "ci_high": 0.1},
    ]
    text = signs(pd.DataFrame(rows).assign(calibrated=True))
    assert "Of the 2 ways" in text
    assert ", 1 give the difference this sign" in text
    assert "in 2 (1 of the other sign) if it knows of other sentences only, and in 0 if" in text


def test_masking_is_reported_with_its_effect(corpus, contrast):
    names = masked_names(corpus)
    text = tone.names_finding(names, contrast, corpus).text
    before, after = (
        find_reading(contrast, "vader", masked=masked, calibrated=False)["estimate"]
        for masked in (False, True)
    )
    assert text.startswith(f"{len(names):,} names and titles are masked")
    assert f"goes from {before:.2f} to {after:.2f}" in text
    assert "United States" in repr(tone.names_table(names))
    assert "No name was found" in tone.names_finding(names.head(0), contrast, corpus).text


def test_the_words_found_are_the_largest_and_add_up(corpus, words, contrast):
    text = tone.shift_finding(words, corpus).text
    assert all(f"*{term}*" in text for term in words["term"].head(5))
    assert words["contribution"].sum() == pytest.approx(contrast["estimate"].iloc[0])
    kinds = kinds_of_words(words)
    assert sum(kinds.values()) == pytest.approx(words["contribution"].sum())
    signs = [kinds[kind] for kind in list(kinds)[:4]]
    assert [np.sign(value) for value in signs] == [1, -1, -1, 1]


def test_the_audit_finding_names_what_turns_the_sign(corpus):
    table = lexicon_audit(corpus)
    row = table.iloc[0]
    text = tone.audit_finding(table, corpus).text
    assert all(f"*{word}*" in text for word in row["fewest_words"].split(", "))
    assert f"becomes {row['without_misread']:.2f}" in text
    assert "Hu & Liu" in repr(tone.audit_table(table, corpus))
    senses = misread_words(corpus)
    shown = repr(tone.senses_table(senses))
    assert "interests" in shown
    assert "was found" in tone.senses_table(senses.head(0)).text
    assert "without it" in repr(tone.decisive_table(decisive_words(corpus), corpus))


def test_a_misread_word_is_shown_where_it_stands(write_folder):
    """The same word stands before it, in the sense that is scored."""
    first = "He told lies to all who came to the old town, and all of them believed what he said"
    text = f"{first}; his interest lies in peace."
    corpus = load_folders(write_folder("new", text, GOOD), write_folder("old", BAD, PLAIN))
    shown = repr(tone.senses_table(misread_words(corpus)))
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
    checks = tone.calibration_checks(tmp_path / "tone.csv")
    naive, own = checks.iloc[0], checks.iloc[1]
    assert checks["score"].tolist() == [
        "VADER, not calibrated",
        "combined, names masked, calibrated",
    ]
    assert (naive["r_sentence"], naive["wrong"]) == (0.5, 0.25)
    assert np.isnan(naive["covered"])
    assert (own["r_sentence"], own["r_article"], own["covered"]) == (0.6, 0.7, 0.95)
    with pytest.raises(InputError, match="is not there"):
        tone.calibration_checks(tmp_path / "other.csv")


def test_what_is_shown_of_the_calibration_is_in_its_files():
    text = tone.calibration_finding(tone.calibration_checks()).text
    raw = pd.read_csv(FILE)
    own = raw[(raw["score"] == COMBINED) & (raw["masked"].astype(str) == "True")]
    r = own[(own["measure"] == "r") & (own["part"] == "agreement")].set_index("level")["value"]
    assert f"r = {r['sentence']:.2f} by sentence and {r['article']:.2f} by article" in text
    assert (
        f"{load_calibration().sentences:,} sentences of {load_calibration().articles} editorials"
        in text
    )


# Actors and voices


def test_actors_are_shown_with_their_sentences(corpus, contrast, made):
    table = tone.actors_tone(corpus)
    figure = tone.actors_figure(table, corpus)
    assert figure.id == "tone-actors"
    rows = pd.read_csv(made / "tone-actor-sentences.csv")
    for actor, group in zip(table["actor"], table["n_target"], strict=True):
        own = rows[(rows["actor"] == actor) & (rows["group"] == int(corpus.target.label))]
        assert own["tone"].notna().sum() == group
    shown = tone.actors_table(table, corpus)
    raw = {document.id: document.raw for document in corpus.documents}
    for _, document, start, end, *_ in shown.cells:
        text = raw[document][int(start.replace(",", "")) : int(end.replace(",", ""))]
        assert re.search(r"[.?!:\"”'*)\]]\s*$", text), text
    text = tone.actors_finding(table, corpus).text
    tested = table[table["note"] == ""]
    assert ("Toward none of" in text) == (not (tested["p_family"] < 0.05).any())


def test_actors_apart_from_the_rest_are_named_and_counted(corpus):
    table = actor_tone(corpus, draws=99)
    text = tone.actors_finding(table, corpus).text
    for role, group in (("target", "2018"), ("reference", "2017")):
        for _, row in table.iterrows():
            apart = row[f"rest_low_{role}"] > 0 or row[f"rest_high_{role}"] < 0
            assert (f"in {group} the sentences that name {row['actor']} are" in text) == apart


def test_voices_are_shown_and_compared_with_all_words(corpus, contrast):
    table = voice_tone(corpus, draws=99)
    text = tone.voice_finding(table, contrast, corpus).text
    assert f"the difference is {table['estimate'].iloc[0]:.2f}" in text
    assert f"of all words it is {contrast['estimate'].iloc[0]:.2f}" in text
    assert "attributed" in repr(tone.voice_table(table, corpus))


# The split by topics


def test_a_split_that_is_all_mix_can_be_counted_by_hand(write_folder):
    """Two topics of fixed tone; the target has two units of the pleasant one, the reference one."""
    corpus = load_folders(write_folder("new", GOOD, GOOD, BAD), write_folder("old", GOOD, BAD, BAD))
    ids = [document.id for document in corpus.documents]
    units = pd.DataFrame({"unit": range(6), "document": ids, "group": ["new"] * 3 + ["old"] * 3,
                          "first_sentence": 0, "last_sentence": 0})  # fmt: skip
    pleasant = [1, 1, 0, 1, 0, 0]
    shares = pd.DataFrame(
        [(u, k, share) for u, p in enumerate(pleasant) for k, share in ((1, p), (2, 1 - p))],
        columns=["unit", "topic", "share"],
    )
    prevalence = pd.DataFrame({"topic": [1, 2], "label": ["pleasant", "grim"]})
    found = SimpleNamespace(units=units, shares=shares, prevalence=prevalence, stable=True)
    split = topic_split(corpus, found)
    row = split.table.iloc[0]
    (good,) = sentiment(corpus, draws=9)["mean_target"].head(1) * 3  # g + g + b
    assert row["within"] == pytest.approx(0)
    assert row["mix"] == pytest.approx(row["total"])
    assert row["mean_target"] == pytest.approx(good / 3)
    assert split.table["topic"].tolist() == ["all", "pleasant", "grim"]
    assert "The topics are taken as given" in tone.split_finding(split).text


def test_texts_without_topics_are_split_in_words_only(silent):
    split = topic_split(silent)
    assert split.table.empty
    assert "cannot be split" in tone.split_table(split, silent).text
    assert "nothing can be said" in tone.split_finding(split).text


# What cannot be said, or drawn


def test_without_a_scored_word_there_are_sentences_and_no_figures(silent, made):
    table, words = sentiment(silent, draws=99), word_shift(silent)
    assert "Nothing can be said about tone" in tone.tone_finding(table, silent).text
    assert "no contrast to draw" in tone.contrast_figure(table, silent).text
    assert "no words to compare" in tone.shift_figure(words, table, silent).text
    assert "cannot explain" in tone.shift_finding(words, silent).text
    assert (
        "nothing can be compared"
        in tone.voice_finding(voice_tone(silent, draws=99), table, silent).text
    )
    assert not made.exists()


def test_without_a_list_of_actors_one_sentence_says_how_to_make_one(silent):
    table = tone.actors_tone(silent)
    assert "`data/actors.toml`" in tone.actors_meaning(silent).text
    said = [tone.actors_figure(table, silent), tone.actors_finding(table, silent),
            tone.actors_table(table, silent)]  # fmt: skip
    assert [prose.text for prose in said] == ["", "", ""]


def test_units_that_do_not_vary_have_no_interval(write_folder):
    corpus = load_folders(write_folder("new", GOOD, GOOD), write_folder("old", BAD, BAD))
    table = sentiment(corpus, draws=99)
    assert "no interval" in tone.tone_finding(table, corpus).text
    assert "no contrast to draw" in tone.contrast_figure(table, corpus).text


def test_no_sentence_at_either_end_is_said(write_folder):
    corpus = load_folders(write_folder("new", PLAIN, PLAIN), write_folder("old", PLAIN, PLAIN))
    assert "No sentence" in tone.extremes_table(tone_extremes(corpus)).text


# The figures


def test_captions_name_the_units_of_short_texts(write_folder, made):
    """A group of two units has no interval worth having, so that sentences are the units."""
    corpus = load_folders(
        write_folder("new", f"{GOOD} {BAD} {PLAIN}"), write_folder("old", f"{PLAIN} {GOOD} {GOOD}")
    )
    table = sentiment(corpus, draws=99)
    for figure in (
        tone.contrast_figure(table, corpus),
        tone.shift_figure(word_shift(corpus), table, corpus),
    ):
        assert "new (target): 3 units, " in figure.caption
        assert "units are single sentences" in figure.caption


def test_the_trajectory_names_units_of_its_own(write_folder, made):
    """Each text is followed for itself, so that a short one does not cut the other up."""
    long = f"{GOOD} {PLAIN} {BAD}\n\n" * 24
    corpus = load_folders(
        write_folder("new", f"{long}{GOOD}"), write_folder("old", f"{GOOD} {BAD}")
    )
    figure = tone.trajectory_figure(
        tone_trajectory(corpus, draws=99),
        tone_units(corpus),
        tone_movement(corpus, draws=99),
        corpus,
    )
    assert "units are runs of whole paragraphs of about 100 words" in figure.caption
    assert f"new (target): {len(tone_units(corpus)) - 1} units" in figure.caption


def test_the_figures_are_written_with_caption_and_alt(corpus, contrast, words, made):
    movement = tone_movement(corpus, draws=99)
    figures = [
        tone.distribution_figure(tone_distribution(corpus), contrast, corpus),
        tone.contrast_figure(contrast, corpus),
        tone.shift_figure(words, contrast, corpus),
        tone.trajectory_figure(
            tone_trajectory(corpus, draws=99), tone_units(corpus), movement, corpus
        ),
    ]
    ids = [figure.id for figure in figures]
    assert ids == ["tone-distribution", "tone-contrast", "tone-shift", "tone-trajectory"]
    assert all((made / f"{id}.{kind}").is_file() for id in ids for kind in ("pdf", "svg", "csv"))
    assert all(figure.caption.endswith("cannot be told apart.") for figure in figures)
    assert f"{contrast['estimate'].iloc[0]:.2f} above 2017" in figures[1].alt
    assert len(pd.read_csv(made / "tone-contrast.csv")) == 20
    assert len(pd.read_csv(made / "tone-shift.csv")) == len(words)


def test_figures_bear_long_names_and_few_units(write_folder, made):
    long = "a-group-with-a-name-that-is-far-too-long-for-any-figure"
    text = f"{GOOD} {PLAIN} {BAD}\n\n" * 12
    corpus = load_folders(
        write_folder(f"{long}-one", f"{text}{GOOD}"), write_folder(f"{long}-two", f"{text}{BAD}")
    )
    table = sentiment(corpus, draws=99)
    assert isinstance(tone.contrast_figure(table, corpus), Published)
    assert isinstance(tone.shift_figure(word_shift(corpus), table, corpus), Published)
    curves, units = tone_trajectory(corpus, draws=99), tone_units(corpus)
    movement = tone_movement(corpus, draws=99)
    assert isinstance(tone.trajectory_figure(curves, units, movement, corpus), Published)


def test_every_resampled_figure_of_tone_records_what_made_it(corpus, made):
    asked = {"draws": 99, "seed": 3, "unit_tokens": 120}
    load = load_actors(corpus.actors)
    curves = tone_trajectory(corpus, **asked, window=0.3)
    figures = [
        tone.contrast_figure(sentiment(corpus, **asked), corpus),
        tone.actors_figure(actor_tone(corpus, load, **asked), corpus),
        tone.trajectory_figure(curves, tone_units(corpus), tone_movement(corpus, draws=99), corpus),
    ]
    for figure in figures:
        record = json.loads((made / f"{figure.id}.json").read_text(encoding="utf-8"))["record"]
        settings = record["settings"]
        assert (record["seed"], settings["draws"], settings["unit_tokens"]) == (3, 99, 120), (
            figure.id
        )
    assert settings["window"] == 0.3


def test_passages_of_others_are_shown_with_their_place(corpus):
    parts = voice_parts(corpus)
    shown = tone.voice_parts_table(parts)
    first = parts[(parts["group"] == "2018") & (parts["voice"] == "quoted")].iloc[0]
    assert first["text"] in [cells[-1] for cells in shown.cells]
    own = parts[parts["voice"] == "own"]
    assert "Nothing in these texts" in tone.voice_parts_table(own).text
