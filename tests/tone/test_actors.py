"""Actors: names found by eye, means counted by hand, intervals and tests held against SciPy."""

import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.errors import InputError
from analysis.text import load_corpus
from analysis.tone import (
    Scorer,
    actor_tone,
    load_actors,
    score_sentences,
    score_toward,
)
from analysis.tone import actors as module
from analysis.tone.actors import FEW, Actor, Actors, around
from analysis.tone.parts import COLUMNS, LEAST, Parts, contrast_parts, jackknife
from tests.helpers import refused, tone_scores

GOOD, BAD, PLAIN = "Rome is good.", "Rome is bad.", "The door is blue."
PLAIN_NAMES = {
    "Putin": r"\bPutin\b|Russian president",
    "Israel": r"\bIsraeli?\b|Jewish state",
    "Khamenei": "Khamenei",
    "Assad": "Assad|Syrian leader",
}
ROME = Actors((Actor("Rome", "the city", {"Rome": "its name"}),))
SOUND = """
[[actor]]
name = "Rome"
definition = "The city."
words = { Rome = "its name", Roman = "of it" }

[not]
"Roman numeral" = "a number"
"""


@pytest.fixture
def actors_file(tmp_path):
    path = tmp_path / "actors.toml"
    path.write_text(SOUND)
    return path


@pytest.fixture(scope="module")
def table(corpus):
    return actor_tone(corpus, draws=199).table


# Names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Russian President Vladimir Putin spoke.", {"Putin"}),
        ("the Russian president's recent visit to Tehran", {"Putin", "Iran"}),
        ("Syrian President Bashar al-Assad spoke.", {"Assad"}),
        ("Supreme Leader Ayatollah Ali Khamenei", {"Khamenei"}),
        ("Iranian leader Ayatollah Ruhollah Khomeini", {"Iran"}),
        ("the Moscow-Tehran relationship", {"Russia", "Iran"}),
        ("U.S.-Russian ties and Israeli-Iranian hostility", {"United States", "Russia", "Israel",
                                                            "Iran"}),
        ("his United Russia party", set()),
        ("the Iran-Iraq War", set()),
        ("Sunni Saudi Arabia and Riyadh", {"Saudi Arabia"}),
        ("US plans, and America's", {"United States"}),
        ("it told us", set()),
        ("the Trump administration", {"Trump", "United States"}),
        ("how hard any U.S. president tries", {"United States"}),
        ("", set()),
    ],
)  # fmt: skip
def test_who_is_named(corpus, text, named):
    assert {actor for *_, actor in load_actors(corpus.actors).find(text)} == named


def test_mentions_stand_where_they_are_said_to(corpus):
    found = load_actors(corpus.actors).find("Pro-Russian voices in Iran's parliament")
    assert found == [(4, 11, "Russia"), (22, 28, "Iran")]


def test_every_mention_of_a_name_is_found(corpus):
    """A plain search for the bare names agrees, wherever no longer word takes them."""
    actors = load_actors(corpus.actors)
    for text in corpus.sentences["text"]:
        named = {actor for *_, actor in actors.find(text)}
        for actor, pattern in PLAIN_NAMES.items():
            assert (actor in named) == bool(re.search(pattern, text)), text


# Tables


def test_means_can_be_counted_by_hand(folders):
    corpus = folders(
        [f"{GOOD} {GOOD} {PLAIN}", f"{GOOD} {GOOD}", BAD, PLAIN], [BAD, BAD, f"{GOOD} {BAD} {BAD}"]
    )
    row = actor_tone(corpus, ROME, draws=99).table.iloc[0]
    tone = dict(zip(corpus.sentences["text"], score_sentences(corpus)["tone"], strict=True))
    mean_target = (4 * tone[GOOD] + tone[BAD]) / 5
    assert row[["n_target", "n_reference", "units_target", "units_reference"]].tolist() == [
        5, 5, 3, 3,
    ]  # fmt: skip
    assert row["mean_target"] == pytest.approx(mean_target)
    assert row["mean_reference"] == pytest.approx((4 * tone[BAD] + tone[GOOD]) / 5)
    assert row["estimate"] == pytest.approx(row["mean_target"] - row["mean_reference"])
    assert np.isnan(row["rest_target"])  # two units hold other sentences: too few
    assert not row["too_few"]


def test_the_rest_of_a_group_is_its_other_sentences(folders):
    corpus = folders([f"{GOOD} {PLAIN}"] * 5, [f"{BAD} {PLAIN} {PLAIN}"] * 5)
    tone = dict(zip(corpus.sentences["text"], score_sentences(corpus)["tone"], strict=True))
    row = actor_tone(corpus, ROME, draws=99).table.iloc[0]
    assert row["rest_target"] == pytest.approx(tone[GOOD] - tone[PLAIN])
    assert row["rest_reference"] == pytest.approx(tone[BAD] - tone[PLAIN])


def sentences_on(corpus, actor):
    """Return the sentences that name an actor."""
    found = actor_tone(corpus, draws=99).parts["sentences"]
    return found[found["actor"] == actor]


def test_a_sentence_counts_for_all_whom_it_names(corpus, table):
    sentences = sentences_on(corpus, "Iran")
    counts = table.set_index("actor").loc["Iran", ["n_target", "n_reference"]].tolist()
    assert sentences["group"].value_counts()[["2018", "2017"]].tolist() == counts
    both = set(sentences["text"]) & set(sentences_on(corpus, "Russia")["text"])
    assert len(both) > 30


def test_the_table_is_of_all_actors_in_the_files_order(corpus, table):
    assert table["actor"].tolist() == [a.name for a in load_actors(corpus.actors).actors]
    assert set(COLUMNS) < set(table)
    held = ~table["too_few"]
    assert table.loc[held, ["estimate", "ci_low", "ci_high", "p_value"]].notna().all(axis=None)
    assert table.loc[~held, ["estimate", "ci_low", "ci_high", "p_value"]].isna().all(axis=None)
    assert (table.loc[held, "p_family"] >= table.loc[held, "p_value"]).all()
    few = table[["units_target", "units_reference"]].min(axis=1) < LEAST
    few |= table[["n_target", "n_reference"]].min(axis=1) < FEW
    assert (few == ~held).all()
    shares = table[["others_target", "others_reference"]].to_numpy()
    assert ((shares >= 0) & (shares <= 1) | np.isnan(shares)).all()


def test_sentences_carry_their_evidence(corpus):
    table = sentences_on(corpus, "Khamenei")
    assert table["sentence"].tolist() == [1, 5, 89]
    assert table["named"].tolist() == ["Supreme Leader, Khamenei", "Khamenei",
                                       "Supreme Leader, Khamenei"]  # fmt: skip
    for row in table.itertuples():
        document = corpus.document(row.document)
        assert document.edited.within(row.start, row.end) == row.text
    for row in table.itertuples():
        assert row.tone == pytest.approx(tone_scores([row.around])["tone"].item(), abs=1e-9)
        assert not re.search("Khamenei", row.around)
    assert "praised +" in table["words"].iloc[2]


# What stands around a name


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Rome was kind, but Carthage was cruel.", "Rome", "Xxxx was kind"),
        ("Rome was kind; Carthage was cruel.", "Carthage", "Xxxxxxxx was cruel"),
        ("In spring (Rome said) they met.", "Rome", "Xxxx said"),
        ("While Rome slept, Carthage, unlike Rome, sang.", "Rome",
         "While Xxxx slept, Carthage … Xxxx, sang"),
        ("a b c d e f g h i j k l m Rome n o p q r s t u v w x y z", "Rome",
         "b c d e f g h i j k l m Xxxx n o p q r s t u v w x y"),
        ("Rome and Rome.", "Rome", "Xxxx and Xxxx"),
        ("Rome", "Rome", "Xxxx"),
    ],
)  # fmt: skip
def test_what_stands_around_a_name_ends_with_its_clause(text, name, found):
    spans = [match.span() for match in re.finditer(name, text)]
    assert around(text, spans) == found


def test_tone_goes_to_the_actor_whose_clause_it_is(folders):
    both = "Rome was wonderful and kind, but Carthage was cruel and terrible."
    corpus = folders([both] * 6, [f"{GOOD} Carthage is good."] * 6)
    made = {"Rome": {"Rome": "it"}, "Carthage": {"Carthage": "it"}}
    actors = Actors(tuple(Actor(name, "a city", words) for name, words in made.items()))
    table = actor_tone(corpus, actors, draws=99).table.set_index("actor")
    assert table.loc["Rome", "mean_target"] > 1 > -1 > table.loc["Carthage", "mean_target"]


def test_an_actor_spoken_of_by_others_is_told_apart(folders):
    corpus = folders([f'"Rome is good," he said. {GOOD}'] * 5, [GOOD] * 5)
    row = actor_tone(corpus, ROME, draws=99).table.iloc[0]
    assert (row["n_target"], row["others_target"], row["others_reference"]) == (10, 0.5, 0)


# The arithmetic


def parts(seed, units=24, count=3):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, (units, count)).astype(float)
    return Parts(
        sizes * rng.normal(size=(units, count)), sizes, np.arange(units) < units // 2,
        np.array(["a"] * (units // 2) + ["b"] * (units - units // 2)),
    )  # fmt: skip


def test_with_units_of_one_size_the_test_is_welchs():
    made = parts(1)
    made = replace(made, sums=made.sums / made.sizes, sizes=np.ones_like(made.sizes))
    table = contrast_parts(made, draws=4_999, seed=0)
    for k in range(3):
        sides = made.sums[made.target, k], made.sums[~made.target, k]
        welch = stats.ttest_ind(*sides, equal_var=False)
        assert table["p_value"].iloc[k] > welch.pvalue
        low, high = welch.confidence_interval(0.95)
        assert table["ci_low"].iloc[k] < low  # raters might have judged otherwise
        assert table["ci_high"].iloc[k] > high


def test_units_without_the_actor_say_nothing_of_its_mean():
    made = parts(2)
    empty = np.zeros((6, 3))
    more = Parts(
        np.vstack([made.sums, empty]), np.vstack([made.sizes, empty]),
        np.r_[made.target, [True] * 3, [False] * 3], np.r_[made.documents, ["a"] * 3, ["b"] * 3],
    )  # fmt: skip
    columns = ["mean_target", "low_target", "estimate", "ci_low", "ci_high", "units_target"]
    ours, theirs = (contrast_parts(p, draws=9, seed=0)[columns] for p in (made, more))
    assert np.allclose(ours, theirs)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(3).normal(size=12)
    left = (values.sum() - values) / 11
    variance = jackknife(np.array([values.mean()]), left[:, None], 12)
    assert variance[0] == pytest.approx(stats.sem(values) ** 2)


# What cannot be said


def test_a_corpus_without_actors_says_what_to_do(tiny):
    with pytest.raises(InputError, match="names no actors: put a file"):
        actor_tone(tiny)


@pytest.mark.parametrize("value", ['""', "3", '["a.toml"]'])
def test_the_manifests_key_is_a_name(manifest, value):
    manifest.write_text(f"actors = {value}\n{manifest.read_text()}")
    with pytest.raises(InputError, match=r"the manifest: actors must be words in quotes"):
        load_corpus(manifest)


def test_the_manifest_names_the_file(manifest, actors_file):
    assert load_corpus(manifest).actors is None
    manifest.write_text(f'actors = "{actors_file.name}"\n{manifest.read_text()}')
    assert [actor.name for actor in load_actors(load_corpus(manifest).actors).actors] == ["Rome"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[[actor]]", "[[actor]", r"is not valid TOML"),
        ('Rome = "its name", Roman = "of it"', "", r"no word names the actor 'Rome'"),
        ("Roman =", "ROME =", r"'ROME' stands twice under 'Rome'"),
        ("Roman =", '"–" =', r"'–' of 'Rome' holds no token"),
        ('"of it"', '" "', r"must each have a reason"),
        ('"a number"', "3", r"the words of \[not\] must each have a reason"),
        ("Roman numeral", "Rome", r"'Rome' names 'Rome' and, under \[not\], nobody"),
        ('"The city."', '""', r"needs a name and a definition"),
        ("definition", "meaning", r"has the keys name, definition, words; got"),
        ("[not]", "[none]", r"holds \[\[actor\]\] tables, at least one, and a table \[not\]"),
        (SOUND, "actor = []", r"holds \[\[actor\]\] tables, at least one"),
        ("\n[not]", "\n[[actor]]\nname='Rome'\ndefinition='x'\nwords={a='b'}\n[not]",
         r"two actors are called 'Rome'"),
    ],
)  # fmt: skip
def test_an_unsound_file_is_refused(actors_file, old, new, message):
    assert old in SOUND
    actors_file.write_text(SOUND.replace(old, new, 1))
    refused(load_actors, actors_file, message)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not there"):
        load_actors(tmp_path / "none.toml")


# Toward a name in a line


LINE = "Rome was kind, but Carthage, they say, was cruel."


def test_a_line_has_a_tone_toward_each_whom_it_names():
    found = score_toward([LINE, LINE, LINE], ["Rome", "Carthage", "Athens"])
    assert found["tone_class"].tolist() == ["positive", "negative", ""]
    assert found["note"].tolist() == ["", "", "the line does not name them"]
    alone = tone_scores(["Xxxx was kind"])["tone"].iloc[0]
    assert found["tone"].iloc[0] == pytest.approx(alone)
    assert found["around"].iloc[1] == "Xxxxxxxx, they say, was cruel"


def test_what_others_say_of_a_name_is_marked():
    lines = ['"Rome is evil," he said.', "Rome is evil.", "Critics claimed that Rome is evil."]
    assert score_toward(lines, ["Rome"] * 3)["others"].tolist() == [True, False, True]


def test_names_may_be_of_several_words_and_any_case_and_must_hold_one():
    found = score_toward(["The UNITED STATES won a great victory."], ["United States"])
    assert found["tone_class"].tolist() == ["positive"]
    with pytest.raises(InputError, match="holds no token"):
        score_toward(["Rome."], ["?"])
    with pytest.raises(InputError, match="as many names as sentences"):
        score_toward(["Rome."], [])


def test_a_line_of_which_nothing_can_be_said_is_undefined():
    found = score_toward(["Rome 2017", "Rome is here."], ["Rome", "Rome"])
    assert np.isnan(found["tone"].iloc[0])
    assert found["tone"].iloc[1] == 0


def test_another_reader_gives_the_tone_and_its_own_line(folders):
    """A reader that says 1 of every text: the mean is its calibrated 1, toward each alike."""
    read = lambda texts: np.ones(len(texts))  # noqa: E731
    one = Scorer(
        "embedding", "embedding", "toy", "1", "", "", read=None, judge=read, masks=(False,)
    )
    corpus = folders([f"{GOOD} {PLAIN}"] * 5, [f"{BAD} {PLAIN}"] * 5)
    row = actor_tone(corpus, ROME, reader=one, draws=99).table.iloc[0]
    said = module.calibrated(one, [1.0])[0]
    assert row[["mean_target", "mean_reference"]].tolist() == pytest.approx([said, said])
    assert row["estimate"] == pytest.approx(0)
    assert score_toward([GOOD], ["Rome"], extra=[one])["tone_embedding"].tolist() == [said]


def test_no_actor_is_refused(corpus):
    with pytest.raises(InputError, match="no actor to look for"):
        actor_tone(corpus, Actors(()))
