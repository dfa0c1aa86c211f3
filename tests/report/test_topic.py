"""What is shown of topics: figures draw what the tables say, and sentences say what holds."""

import json
import re
from dataclasses import replace
from pathlib import Path

import matplotlib.colors as colours
import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.collections import PathCollection

from analysis.report import canvas, topic
from analysis.report.topic import contrast, model, plots
from analysis.sentences import say
from analysis.text import load_folders
from analysis.topicmodels import Alarm, topics
from analysis.topicmodels.choice import Reach, Verdict
from analysis.topicmodels.contrast import typical_sentences

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ("choice", "stability", "terms", "prevalence", "map")
SEA = "wave tide harbour sailor storm anchor reef island captain vessel".split()
FARM = "wheat barley plough tractor soil farmer orchard meadow cattle barn".split()


def passage(words, rng):
    """Two sentences of a vocabulary."""
    drawn = [" ".join(rng.choice(words, 8)).capitalize() for _ in range(2)]
    return ". ".join(drawn) + "."


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Twelve documents on either side: nine of the target are about the sea, two of the other."""
    rng, home = np.random.default_rng(5), tmp_path_factory.mktemp("planted")
    for name, sea in (("coast", 9), ("inland", 2)):
        (home / name).mkdir()
        for number in range(12):
            text = passage(SEA if number < sea else FARM, rng)
            (home / name / f"{number:02}.txt").write_text(text)
    return load_folders(home / "coast", home / "inland")


@pytest.fixture(scope="module")
def found(planted):
    return topics(planted, k=2, draws=500)


@pytest.fixture
def published(monkeypatch):
    """Collect what figures publish instead of writing files."""
    kept = {}

    def keep(drawing, result, *, id, **parts):
        kept[id] = {"figure": drawing, "result": result, **parts}
        return kept[id]

    for room in (contrast, model):
        monkeypatch.setattr(room, "publish", keep)
    return kept


def changed(found, table=None, *, facts=None, **parts):
    """The same result with another table, other facts or other parts."""
    return replace(
        found,
        table=found.table if table is None else table,
        facts={**found.facts, **(facts or {})},
        parts={**found.parts, **parts},
    )


def with_alarm(found, why):
    """The same topics, all of them flagged."""
    table = found.table.assign(alarm=[why] * len(found.table), finding=False)
    cards = found.parts["cards"].assign(alarm=[why] * len(found.table), finding=False)
    return changed(found, table=table, cards=cards)


def shown(found):
    """The topics as a figure is given them."""
    topics = model.said_of_topics(found)
    why = [[say("topics.reason", own) for own in one["reasons"]] for one in topics]
    return pd.DataFrame(topics).assign(why=why)


# Figures


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_written_with_all_that_belongs_to_it(
    name, found, planted, tmp_path, monkeypatch
):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    made = getattr(topic, f"{name}_figure")(found)
    assert made.id == f"topics-{name}"
    assert (tmp_path / f"{made.id}.png").stat().st_size > 5_000
    assert "12 units" in made.caption
    assert len(made.caption.split()) <= 80
    assert "95 %" in made.caption or "o interval" in made.caption
    assert re.search(r"These \d+ texts only\.$", made.caption)


@pytest.mark.parametrize("name", ["terms", "prevalence", "map"])
def test_long_names_still_fit(name, found, planted, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    label = ", ".join(["donaudampfschifffahrtsgesellschaft"] * 3)
    reasons = Alarm.LABEL | Alarm.ONE_TEXT | Alarm.NOT_STABLE
    long = with_alarm(found, reasons)
    long = changed(long, table=long.table.assign(label=label))
    assert len(getattr(topic, f"{name}_figure")(long).alt) <= 500


def test_figures_use_no_groups_colour_for_what_is_no_groups(found, planted, published):
    for name in ("choice", "stability", "terms", "map"):
        getattr(topic, f"{name}_figure")(found)
        for ax in published[f"topics-{name}"]["figure"].axes:
            drawn = [line.get_color() for line in ax.lines] + [
                p.get_facecolor() for p in ax.patches
            ]
            for colour in drawn:
                assert np.ptp(colours.to_rgb(colour)) < 0.01, name


# How many topics


QUALITY = {
    "k": 4, "agreement": 0.25, "recurring": 0, "chance": 0.2, "chance_high": 0.3, "coherence": 0.3,
    "coherence_chance": 0.1, "exclusivity": 0.7, "exclusivity_chance": 0.8, "heldout": 1.1,
    "heldout_chance": 1.2, "stable": False, "verdict": Verdict.FEW, "chosen": True,
}  # fmt: skip


def asked(found, **changes):
    """What the four panels answer, for one number of topics of this quality."""
    row = QUALITY | changes
    own = changed(found, quality=pd.DataFrame([row]), facts={"stable": bool(row["stable"]), "k": 4})
    facts = model.about_topics(own) | model._choice(own)
    return [criterion.verdict for criterion in model._criteria(facts).values()]


def test_the_panels_answer_in_words(found):
    assert asked(found) == [
        "No: 2.5 of 10 top terms,\nshuffled units 2.0",
        "Better than shuffled:\n0.30 against 0.10",
        "No better than shuffled:\n70\xa0% against 80\xa0%",
        "No: 10.0 % more error,\nshuffled units 20.0 % more",
    ]


@pytest.mark.parametrize(
    ("changes", "panel", "words"),
    [
        ({"stable": True, "agreement": 0.8}, 0, "Yes: 8.0 of 10"),
        ({"coherence": 0.101}, 1, "No better than shuffled:\n0.10 against 0.10"),
        ({"heldout": 0.9}, 3, "Yes: 10.0 % less error"),
        ({"heldout": 0.9, "heldout_chance": 0.8}, 3, "No: 10.0 % less error"),
        ({"heldout": np.nan}, 3, "Not defined"),
        ({"heldout": 1.0}, 3, "No: no less error"),
    ],
)
def test_an_answer_follows_the_numbers(changes, panel, words, found):
    assert asked(found, **changes)[panel].startswith(words)


def test_every_figure_is_of_the_result(found, published):
    for name in FIGURES:
        getattr(topic, f"{name}_figure")(found)
    assert [kept["result"] for kept in published.values()] == [found] * len(FIGURES)


def test_captions_and_records_say_what_was_asked_for(planted, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path)
    asked = {"k": 2, "draws": 200, "seed": 4, "model": "lda", "unit_tokens": 60}
    again = topics(planted, **asked)
    for name in FIGURES:
        figure = getattr(topic, f"{name}_figure")(again)
        record = json.loads((tmp_path / f"{figure.id}.json").read_text("utf-8"))["record"]
        (own,) = record["analyses"]
        assert {"seed": own["seed"], **own["settings"]} == asked | {"anchor_words": None}
        for label, sizes in again.sizes().items():
            assert own["units"][label] == sizes
            assert f"{sizes['units']} units, {sizes['tokens']:,} tokens" in figure.caption
        assert "non-negative" not in figure.caption


def test_up_is_better_in_every_panel_and_the_number_used_is_ringed(found, planted, published):
    rows = [QUALITY | {"k": k, "chosen": k == 4, "heldout": 1 + k / 10} for k in (3, 4, 5)]
    topic.choice_figure(changed(found, quality=pd.DataFrame(rows), facts={"k": 4}))
    expected = ([2.5] * 3, [0.3] * 3, [70] * 3, [-30, -40, -50])
    axes = published["topics-choice"]["figure"].axes
    for ax, values in zip(axes, expected, strict=True):
        shuffled, own = ax.lines[:2]
        np.testing.assert_allclose(own.get_ydata(), values)
        assert shuffled.get_linestyle() == "--"
        ring = next(c for c in ax.collections if isinstance(c, PathCollection))
        np.testing.assert_allclose(ring.get_offsets(), [[4, values[1]]])


def test_the_recommendation_names_the_number_used_where_none_is_stable(found):
    rows = [QUALITY | {"k": k, "chosen": k == 4} for k in (3, 4, 5)]
    shaky = changed(found, quality=pd.DataFrame(rows), facts={"stable": False, "k": 4})
    told = topic.choice_finding(shaky).text
    assert told.startswith("No number of topics is stable")
    assert "the middle one of those tried, 4, is used" in told
    alone = changed(shaky, quality=pd.DataFrame([QUALITY]))
    assert "because 4 topics were asked for" in topic.choice_finding(alone).text
    assert "used below" not in topic.choice_finding(found).text


def test_the_recommendation_names_the_stable_number_and_those_tried(found):
    row = QUALITY | {"stable": True, "verdict": Verdict.STABLE, "agreement": 0.84, "recurring": 3}
    rows = [row | {"k": k, "chosen": k == 3} for k in (2, 3, 6)]
    sound = changed(found, quality=pd.DataFrame(rows), facts={"stable": True, "k": 3})
    told = topic.choice_finding(sound).text
    assert told.startswith("3 topics (tried: from 2 to 6): of the stable numbers the one")
    assert "come back (3 of 3); on average with 8.4 of 10 top terms." in told
    unlike = [row | {"k": 2, "verdict": Verdict.CHANCE, "chosen": False}, QUALITY]
    told = topic.choice_finding(
        changed(found, quality=pd.DataFrame(unlike), facts={"k": 4, "stable": False})
    ).text
    reasons = f"with 4, {Verdict.FEW}; with 2, {Verdict.CHANCE}."  # each number has its own
    assert f"is stable (tried: from 2 to 4): {reasons}" in told


# The contrast


def drawn(ax, row):
    """Return the lines of one topic by width: both intervals and the range of refits."""
    lines = [line for line in ax.lines if abs(np.mean(line.get_ydata()) - row) < 0.4]
    lines = [line for line in lines if len(line.get_xdata()) == 2 and np.ptp(line.get_ydata()) == 0]
    return {line.get_linewidth(): line for line in lines}


@pytest.mark.parametrize("why", [Alarm(0), Alarm.NOT_STABLE])
def test_a_topic_is_drawn_with_both_intervals_in_its_groups_colour(why, found, planted):
    table = shown(with_alarm(found, why))
    _, ax = canvas()
    plots.plot_prevalence(table, planted.groups, ax)
    for row, (_, own) in zip((1, 0), table.iterrows(), strict=True):
        whole, given, refits = (drawn(ax, row)[width] for width in (1.1, 2.2, 0.7))
        np.testing.assert_allclose(whole.get_xdata(), [100 * own["ci_low"], 100 * own["ci_high"]])
        np.testing.assert_allclose(refits.get_xdata()[1], 100 * own["refit_high"])
        np.testing.assert_allclose(given.get_xdata()[0], 100 * own["given_low"])
        group = planted.target if own["estimate"] > 0 else planted.reference
        assert whole.get_color() == given.get_color() == group.colour
        assert (whole.get_linestyle() == "-") == (not why)


def test_what_is_given_is_the_shorter_interval(found):
    table = found.table
    assert (table["given_low"] >= table["ci_low"]).all()
    assert (table["given_high"] <= table["ci_high"]).all()
    for role in ("target", "reference"):
        assert (table[f"{role}_low"] < table[f"share_{role}"]).all()
        assert (table[f"share_{role}"] < table[f"{role}_high"]).all()


@pytest.mark.parametrize(
    ("alarm_", "finding", "p", "words"),
    [
        (Alarm.NOT_STABLE | Alarm.DRIFTS, False, 0.01, str(Alarm.NOT_STABLE | Alarm.DRIFTS)),
        (Alarm(0), True, 0.01, "differs"),
        (Alarm(0), False, 0.01, "not held up"),
        (Alarm(0), False, 0.2, "no difference shown"),
    ],
)
def test_the_verdict_on_a_topic(alarm_, finding, p, words):
    reasons = model._reasons({"alarm": alarm_, "finding": finding, "p_family": p})
    assert say("topics.judged", {"reasons": [{"reason": name} for name in reasons]}) == words


@pytest.mark.parametrize("reason", list(Alarm))
def test_an_alarm_is_said_as_it_is_written_in_tables(reason):
    assert say("topics.reason", {"reason": reason.name}) == str(reason)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_is_said_as_it_is_written_in_tables(verdict):
    assert say("topics.choice.verdict", {"verdict": verdict.name}) == str(verdict)


def cells(table):
    rows = BeautifulSoup(table._repr_html_(), "html.parser").find_all("tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]


def test_the_table_of_prevalence_is_in_points(found, planted):
    numbers = {
        "share_target": 0.75, "share_reference": 0.25, "estimate": 0.5, "ci_low": 0.104,
        "ci_high": 0.9, "given_low": 0.2, "given_high": 0.8, "self_target": 0.3,
        "self_reference": 0.4, "floor": 0.55, "p_value": 0.01, "p_family": 0.02, "label": "a, b, c",
    }  # fmt: skip
    table = found.table.assign(**numbers)
    head, first, _ = cells(topic.prevalence_table(changed(found, table=table)))
    assert head[2:4] == ["share of a unit, coast", "share of a unit, inland"]
    assert first == [
        "1", "a, b, c", "75\xa0%", "25\xa0%", "+50", "[10, 90]", "[20, 80]", "40", "55", ".010",
        ".020",
    ]  # fmt: skip


def test_flags_are_counted_by_reason(found):
    table = found.table.assign(alarm=pd.Series([Alarm(0), Alarm.ONE_TEXT | Alarm.NOT_STABLE]))
    told = topic.flags_finding(changed(found, table=table)).text
    assert told.startswith("**1 of 2 topics is flagged.**")
    assert f"*{Alarm.ONE_TEXT}*: 1; *{Alarm.NOT_STABLE}*: 1." in told
    clean = changed(found, table=table.assign(alarm=pd.Series([Alarm(0), Alarm(0)])))
    assert topic.flags_finding(clean).text == "**No topic is flagged.**"


def test_the_notebook_explains_every_reason():
    notebook = nbformat.read(ROOT / "notebooks" / "04a_topics_appendix.ipynb", 4)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for reason in Alarm:
        assert f"*{reason}*" in prose


def test_the_verdict_says_whether_groups_may_be_compared(found, published):
    assert "There are topics to speak of" in topic.verdict(found).text
    topic.prevalence_if_stable(found)
    assert set(published) == {"topics-prevalence"}
    unstable = replace(found, facts={**found.facts, "stable": False, "reach": Reach.UNSTABLE})
    assert "No topics are shown" in topic.verdict(unstable).text
    small = replace(found, facts={**found.facts, "stable": False, "reach": Reach.TOO_SMALL})
    assert "in texts this short" in topic.verdict(small).text
    assert "ends here" in topic.prevalence_if_stable(unstable).text
    assert set(published) == {"topics-prevalence"}


def test_topics_that_come_back_because_sentences_do_are_told(found):
    longer = [tuple(own) for own in found.corpus.tokens if len(own) >= model.TELLING]
    again = sum(longer.count(own) > 1 for own in longer) / len(longer)
    assert model.reused(found)["reused_share"] == pytest.approx(again)
    facts = {"stable": True, "reused_share": 0.4}
    assert "40\u00a0% of the longer sentences" in say("topics.reused", facts)
    assert say("topics.reused", facts | {"reused_share": 0.05}) == ""
    assert say("topics.reused", facts | {"stable": False}) == ""


def test_a_figure_of_prevalence_is_of_the_fourth_notebook_where_topics_are_stable():
    assert say("topics.prevalence.chapter", {"stable": True}) == "4"
    assert say("topics.prevalence.chapter", {"stable": False}) == "4a"


def test_a_label_is_written_as_the_texts_write_it(planted):
    assert topic.topic_label(planted, "two, not, reef") == "reef"
    assert topic.topic_label(planted, "reef, two, tide") == "reef, tide"


# Sentences


def test_the_finding_says_what_holds(found, planted):
    told = topic.topics_finding(found).text
    assert "2 topics are stable: each of them comes back" in told
    assert "differ in the prevalence of 2 of 2 topics" in told
    for label in found.table["label"]:
        assert told.count(f"*{topic.topic_label(planted, label)}*") == 2


def test_the_finding_reports_nothing_that_is_flagged(found, planted):
    flagged = changed(with_alarm(found, Alarm.NOT_STABLE), facts={"stable": False})
    told = topic.topics_finding(flagged).text
    assert "2 topics are not stable." in told
    assert "No difference of topics is reported**, because every topic is flagged" in told
    assert told.count(str(Alarm.NOT_STABLE)) == 2


def test_style_is_not_called_a_subject(found):
    first, second = found.table["label"]
    alarms = pd.Series([Alarm.EVEN, Alarm(0)])
    told = topic.topics_finding(changed(found, table=found.table.assign(alarm=alarms))).text
    subjects, others = told.split("Not taken for a subject:")
    assert f"*{second}*" in subjects
    assert f"*{first}*" not in subjects
    assert f"*{first}*" in others
    assert "is spread evenly, as style is" in others
    assert "tells the groups apart" not in others  # the reason is the one that holds
    alone = found.table.assign(alarm=[Alarm.LABEL, Alarm.EVEN])
    told = topic.topics_finding(changed(found, table=alone)).text
    assert "None of the topics is taken for a subject" in told
    assert re.search(rf"{re.escape(first)}\* \(\d+\s%\) tells the groups apart", told)
    assert re.search(rf"{re.escape(second)}\* \(\d+\s%\) is spread evenly", told)


def test_what_is_flagged_for_any_reason_is_no_subject(found):
    """A topic that does not recur is not what the texts speak of, and the headline says so."""
    flagged = found.table.assign(alarm=[Alarm.NOT_STABLE, Alarm(0)], stability=[0.3, 0.9])
    told = topic.topics_finding(changed(found, table=flagged)).text
    first, second = (topic.topic_label(found.corpus, own) for own in found.table["label"])
    subjects, others = told.split("Not taken for a subject:")
    assert "1 of the 2 does not come back" in subjects
    assert f"*{second}*" in subjects
    assert re.search(rf"{re.escape(first)}\* \(\d+\s%\) does not recur\.", others)


def test_a_caption_says_why_a_difference_that_passes_is_not_reported(found, published):
    """Shares of 0 and 93 % with p < .001 are no "no difference": the topics are flagged."""
    table = found.table.assign(alarm=[Alarm.EVEN, Alarm.LABEL], finding=False, p_family=0.001)
    topic.prevalence_figure(changed(found, table=table))
    facts = published["topics-prevalence"]["facts"]
    message = say("topics.prevalence.message", facts)
    assert message.startswith("Only topics flagged as artefacts pass the test")
    one = say("topics.prevalence.message", facts | {"barred": 1})
    assert one == "1 of 2 topics passes the test, is flagged and not reported."
    none = say("topics.prevalence.message", facts | {"barred": 0})
    assert none == "No difference of topics is established."


def test_the_verdict_names_the_reasons_of_flagged_topics(found):
    flagged = found.table.assign(alarm=[Alarm.EVEN, Alarm.LABEL], finding=False)
    told = topic.verdict(changed(found, table=flagged)).text
    assert (
        "(*is spread evenly, as style is*: 1; *tells the groups apart passage by passage*: 1)"
        in told
    )


def test_units_without_a_word_of_the_topics_are_told(found):
    told = topic.choice_finding(changed(found, facts={"left_out": 3})).text
    assert "3 units hold none of these terms, and are left out here" in told
    assert "left out" not in topic.choice_finding(changed(found, facts={"left_out": 0})).text


def test_shares_of_the_headline_and_of_the_table_are_told_apart(found):
    """Those of both groups together, as the model has them; those of each, estimated apart."""
    told = topic.topics_finding(found).text
    assert "of the mean passage of both groups together" in told
    assert "no average of them" in topic.prevalence_table(found).note
    shares = found.parts["shares"].groupby("topic")["share"].mean()
    (first, *_) = re.findall(r"\*\s\((\d+)\s%\)", told)
    assert int(first) == round(100 * shares.iloc[0])


def test_what_is_too_short_for_topics_is_said_first(found):
    facts = {"stable": False, "reach": Reach.TOO_SMALL}
    told = topic.topics_finding(changed(found, facts=facts)).text
    assert told.startswith("**24 passages are too few for topics.**")
    assert "in 5\u00a0% of cases; in such of 120, in 95\u00a0%" in told


def test_the_finding_tells_no_difference_from_no_model(found, planted):
    same = found.table.assign(finding=False, p_family=0.5)
    told = topic.topics_finding(changed(found, table=same)).text
    assert "No difference in the prevalence of topics is established" in told
    shaky = changed(found, table=same.assign(p_family=0.01), facts={"stable": False})
    told = topic.topics_finding(shaky).text
    assert "because the topics are not stable" in told
    assert told.count("not held up") == 2


def test_the_finding_says_what_could_have_been_seen(found, planted):
    table = found.table.assign(floor=[0.4, 0.61], self_target=0.2, self_reference=0.25)
    told = topic.topics_finding(changed(found, table=table)).text
    assert "a true difference of 40 to 61 points" in told
    assert "differences of up to 25 points" in told


@pytest.mark.parametrize(
    ("floor", "words"),
    [
        ([0.4, 1.2], "of 40 points would be found in four of five cases; for 1 of 2 topics none"),
        ([1.1, 1.2], "no difference in a topic, however large, would be found"),
    ],
)
def test_a_floor_beyond_all_there_is_means_that_nothing_could_be_seen(floor, words, found, planted):
    blind = changed(found, table=found.table.assign(floor=floor))
    assert words in topic.topics_finding(blind).text
    assert cells(topic.prevalence_table(blind))[2][8] == "∞"
    _, ax = canvas()
    plots.plot_prevalence(shown(blind), planted.groups, ax)
    assert max(map(abs, ax.get_xlim())) < 115


# Wording


WORDS = pd.DataFrame(
    {
        "topic": 1, "label": "x", "term": ["reef", "tide", "barn", "mast"],
        "n_target": [9, 3, 0, 1], "n_reference": [0, 1, 5, 0],
        "log_ratio": [3.2, 1.1, -3.0, 0.4], "p_value": [0.001, 0.2, 0.3, 0.9],
        "p_family": [0.02, 1.0, 1.0, 1.0],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("claimed", "findings", "wrong", "said"),
    [
        (2, 2, 0, "claimed the same."),
        (1, 2, 0, "claimed 1 of these 2."),
        (0, 1, 0, "claimed none of this."),
        (0, 0, 0, "claimed nothing either."),
        (2, 1, 1, "gives 2 differences"),
    ],
)
def test_what_a_naive_model_claims_is_set_against_what_is_found(claimed, findings, wrong, said):
    row = {"shown": "x", "reasons": [], "sign_stability": 0.5}
    facts = {"claimed": claimed, "findings": findings, "wrong_count": wrong, "wrong": [row] * wrong}
    assert said in say("topics.naive", facts)


def test_topics_that_lead_as_many_units_are_both_named(found, published):
    most = found.table.assign(n_units=6)
    topic.map_figure(changed(found, table=most))
    told = say("topics.map.alt", published["topics-map"]["facts"])
    assert "topics 1 (" in told and "lead most units, 6 each" in told


def test_words_of_a_topic_stand_with_the_group_that_uses_them_more(found, planted):
    head, first, second = cells(topic.wording_table(changed(found, wording=WORDS)))
    assert head[3:5] == ["rather coast", "rather inland"]
    assert first[2:] == ["13 : 6", "reef* 9:0, tide 3:1", "barn 0:5", ".001", ".020"]
    assert second[2:] == ["too few", "–", "–", "–", "–"]


def test_only_words_that_pass_are_told_as_findings(found, planted):
    told = topic.wording_finding(changed(found, wording=WORDS)).text
    assert "1 word within topics, of 4, differs" in told
    assert "*reef* in topic 1 (9 times in coast, 0 in inland" in told
    assert "Topic 2 cannot be compared" in told
    none = topic.wording_finding(changed(found, wording=WORDS.assign(p_family=1.0))).text
    assert none.startswith("**No word is shown to be used differently within a topic.**")
    empty = changed(found, wording=WORDS.head(0))
    assert "cannot be compared" in topic.wording_table(empty).text


# Cards


def test_a_card_quotes_the_texts_at_the_places_it_names(found, planted):
    raw = {document.id: document.raw for document in planted.documents}
    typical = typical_sentences(found)
    assert len(typical) == 2 * 2 * 3
    shown = topic.topic_cards(found)._repr_html_()
    for _, row in typical.iterrows():
        assert raw[row["document"]][row["start"] : row["end"]] == row["text"]
        name = row["document"].removeprefix(f"{row['group']}/")
        assert f"{row['text']} ({name}: {row['start']}–{row['end']};" in shown


def test_a_card_says_the_same_on_a_page_and_in_a_terminal(found, planted):
    cards = topic.topic_cards(found, sentences=1)
    page = BeautifulSoup(cards._repr_html_(), "html.parser")
    assert len(page.find_all("table")) == 2
    text = re.sub(r"\s+", " ", repr(cards))
    for cell in page.find_all("td"):
        assert re.sub(r"\s+", " ", cell.get_text()) in text


def test_names_that_were_given_stand_before_the_label_and_are_escaped(found, planted):
    label = found.table["label"].iloc[0]
    given = changed(found, cards=found.parts["cards"].assign(name=["<b>sea</b>", ""]))
    assert model.said_of_topics(given)[0]["shown"] == f"<b>sea</b>: {label}"
    html = topic.topic_cards(given)._repr_html_()
    assert "&lt;b&gt;sea&lt;/b&gt;" in html
    assert "<b>" not in html


def test_the_verdict_tells_topics_that_do_not_come_back_in_the_draws_that_judge_them():
    facts = {"k": 3, "recurring": 3, "stable": True, "flagged": 1, "unflagged": 2, "stray": 1}
    facts |= {"stray_kinds": [{"few": True, "count": 1}]}
    said = say("topics.verdict_of_all", facts | {"reused_share": 0.0, "passages": 9})
    assert "each of them comes back when the texts are drawn anew. 1 of the 3 is flagged" in said
    assert "the groups may be compared by the others" in said
    assert said.endswith("By other draws, which judge each topic, 1 of the 3 does not come back.")
    both = [{"few": True, "count": 2}, {"few": False, "count": 1}]
    said = say("topics.verdict_of_all", facts | {"stray_kinds": both, "reused_share": 0.0})
    assert said.endswith(
        "2 of the 3 do not come back and 1 of the 3 comes back no better than in shuffled units."
    )
    none = say("topics.verdict_of_all", facts | {"stray": 0, "reused_share": 0.0})
    assert "shuffled" not in none


def test_topics_that_their_judges_do_not_find_are_counted(found):
    unstable = found.table.assign(alarm=[(Alarm.NOT_STABLE,)] + [()] * (len(found.table) - 1))
    assert model.about_topics(replace(found, table=unstable))["stray"] == 1
    clean = found.table.assign(alarm=[()] * len(found.table))
    assert model.about_topics(replace(found, table=clean))["stray"] == 0


def test_a_word_within_a_topic_that_does_not_recur_is_said_to_hang_on_it(found):
    words = found.parts["wording"].assign(p_family=1.0)
    words.loc[words.index[0], "p_family"] = 0.01
    number = words["topic"].iloc[0]
    alarms = [Alarm.NOT_STABLE if own == number else Alarm(0) for own in found.table["topic"]]
    stray = changed(found, found.table.assign(alarm=alarms), wording=words)
    said = topic.wording_finding(stray).text
    assert f"Topic {number} does not recur, so that neither would a word's place in it." in said
    sound = changed(found, found.table.assign(alarm=[Alarm(0)] * 2), wording=words)
    assert "recur" not in topic.wording_finding(sound).text
