"""The benchmark of keyness: its generator by hand, and what its committed tables must show."""

import tomllib
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from analysis.files import resource
from benchmarks import drift, effects, nulls, seeds, style_topics, validity, variation
from benchmarks.generator import BURSTS, VOCABULARY, Design, make_pair

PLANTED = Design(planted=40, ratio=6.0)


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(validity.HOME / "validity.csv", keep_default_na=False, na_values=[""])


def cells(table, question, figure):
    """Return the figures of one kind, a row a cell and a column a method."""
    part = table[(table["question"] == question) & (table["figure"] == figure)]
    keys = ["size", "burst", "passages"]
    return part.pivot_table(index=keys, columns="method", values="value")


# The generator


def test_a_pair_has_the_words_asked_for():
    pair = make_pair(PLANTED, np.random.default_rng(1))
    assert (pair.target.sum(), pair.reference.sum()) == (1_200, 2_550)  # 34 passages of 75
    assert (np.bincount(pair.passage_target) == 5).all()
    assert (pair.truth > 0).sum() == (pair.truth < 0).sum() == 20
    assert set(np.abs(pair.truth)) == {0, np.log2(6)}
    assert len(pair.truth) == VOCABULARY


def test_planted_words_have_the_ratio_asked_for():
    design = Design(totals=(60_000, 60_000), burst="none", planted=40, ratio=4.0)
    pair = make_pair(design, np.random.default_rng(2))
    for sign in (1, -1):
        chosen = sign * pair.truth > 0
        ratio = pair.target[:, chosen].sum() / pair.reference[:, chosen].sum()
        assert ratio**sign == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize("burst", BURSTS)
def test_bursts_vary_as_their_concentration_says(burst):
    """Variance over passages of n words, in units of chance: ``1 + (n - 1) / (c + 1)``."""
    design = Design(totals=(90_000, 75), burst=burst)
    pair = make_pair(design, np.random.default_rng(3))
    counts = np.add.reduceat(pair.target, np.arange(0, len(pair.target), 5), axis=0)[:, :30]
    rates = counts.mean(axis=0) / 75
    found = (counts.var(axis=0) / (75 * rates * (1 - rates))).mean()
    assert found == pytest.approx(1 + 74 / (BURSTS[burst] + 1), rel=0.08)


def test_units_are_whole_passages_or_documents():
    sentences = np.ones((12, 2), dtype=np.int64) * 25  # sentences of 50 words, passages of 100
    passages = np.repeat(np.arange(6), 2)
    assert validity.units(sentences, passages, True).sum(axis=1).tolist() == [100] * 6
    assert validity.units(sentences, passages, False).sum(axis=1).tolist() == [100] * 6


def test_methods_see_the_same_terms():
    counts, truth = validity.counted(make_pair(PLANTED, np.random.default_rng(4)), PLANTED)
    scores, tests = validity.scores(counts), validity.p_values(counts, 99)
    assert {len(s) for s in scores.values()} == {len(truth)} == {len(p) for p, _ in tests.values()}
    for name, score in scores.items():
        assert np.corrcoef(score, truth)[0, 1] > 0.1, name


def test_a_section_replaces_only_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(validity, "HOME", tmp_path)
    (tmp_path / "README.md").write_text("# One\n\nold\n\n## Part\n\n# Two\n\nkept\n")
    validity.write_section("One", "new")
    validity.write_section("Three", "last")
    assert (
        tmp_path / "README.md"
    ).read_text() == "# One\n\nnew\n\n# Two\n\nkept\n\n# Three\n\nlast\n"


# The committed tables


def test_the_count_test_holds_its_level(table):
    by_term = cells(table, "null", "by term")[validity.OURS]
    strong = by_term.index.get_level_values("burst") == "strong"
    assert by_term.between(0.025, np.where(strong, 0.08, 0.06)).all(), by_term
    family = cells(table, "null", "any term")[validity.OURS]
    replicates = table.groupby("size")["replicates"].first()
    error = np.sqrt(0.05 * 0.95 / replicates[family.index.get_level_values("size")])
    assert (family.to_numpy() < 0.05 + 3 * error.to_numpy()).all(), family


@pytest.mark.parametrize(
    ("figure", "room"), [("precision at 10", 0.02), ("average precision", 0.01)]
)
def test_no_other_ranking_is_better(table, figure, room):
    """Hardly in any cell (chi² of two texts without bursts), and never on average."""
    found = cells(table, "planted", figure)
    others = found.drop(columns="this package")
    assert (others.max(axis=1) - found["this package"] < room).all()
    assert (found["this package"].mean() > others.mean()).all()


def test_self_contrasts_hold_about_nineteen_pairs_of_twenty():
    found = pd.read_csv(validity.HOME / "self_contrasts.csv")
    often = found[found["terms"] > 300]
    assert often["stay under"].between(0.915, 0.975).all()


def test_pieces_of_different_novels_raise_no_alarm():
    found = pd.read_csv(validity.HOME / "nested.csv").set_index("speeches")
    row = found.loc["each of another novel"]
    assert row["any term"] * row["splits"] <= stats.binom.ppf(0.999, row["splits"], 0.05)


@pytest.mark.parametrize("figure", ["precision at 10", "average precision"])
def test_nor_is_one_with_random_numbers_that_nothing_was_chosen_on(figure):
    found = pd.read_csv(validity.AGAIN)
    wide = found.pivot_table(index=["size", "burst", "passages"], columns="method", values=figure)
    others = wide.drop(columns=validity.PACKAGE)
    assert (others.max(axis=1) - wide[validity.PACKAGE] < 0.02).all()
    assert (wide[validity.PACKAGE].mean() > others.mean()).all()


def test_halves_of_one_text_differ_where_it_moves_on_and_not_by_its_bursts():
    found = pd.read_csv(validity.HOME / "drift.csv")
    assert (found["halves as they come"] > found["runs dealt at random"]).all()
    number = found["number"]
    dealt = found["runs dealt at random"] * number
    assert (dealt <= stats.binom.ppf(0.999, number, 0.05)).all()
    words = ["reef", "tide", "barn", "hay"]
    tokens = [words[i % 2] for i in range(600)] + [words[2 + i % 2] for i in range(600)]
    table = drift.runs(tokens)
    assert table.shape == (12, 4)
    assert table.sum() == 1200
    assert drift.differs(table, np.arange(12) < 6)
    assert not drift.differs(table, np.arange(12) % 2 == 0)


def test_what_the_seed_moves_is_told_by_column():
    one = pd.DataFrame({"term": ["a", "b", "c"], "n": [1, 2, 3], "p_value": [0.04, 0.5, 1.0]})
    two = pd.DataFrame({"term": ["b", "a", "d"], "n": [2, 1, 9], "p_value": [0.5, 0.06, 1.0]})
    ((column, rows, tables, largest, median, verdicts),) = seeds.moved([one, two], ["term"])
    assert (column, rows, tables, verdicts) == ("p_value", 2, 2, 1)
    assert (largest, median) == (pytest.approx(0.02), pytest.approx(0.01))
    ((column, rows, *_),) = seeds.moved([one, two.iloc[2:]], ["term"])
    assert (column, rows) == ("no row comes with every seed", 0)


def test_real_texts_that_do_not_differ_raise_no_alarm():
    """From one document a side upwards, of any lengths: within the error of the simulation."""
    found = pd.read_csv(validity.HOME / "nulls.csv")
    assert (found[["target", "reference"]].min(axis=1) == 1).any()
    assert (found["by term"] <= 0.06 + 2 * found["by term, error"]).all()
    splits = found["splits"]
    assert (found["any term"] * splits <= stats.binom.ppf(0.999, splits, 0.06)).all()
    assert (found["any term"] * splits).sum() / splits.sum() <= 0.06
    assert (found["G² by term"] > found["by term"]).all()


def test_the_constants_of_variation_are_those_that_the_table_teaches():
    found = variation.constants(pd.read_csv(validity.HOME / "variation.csv"))
    told = tomllib.loads(resource("variation.toml").read_text(encoding="utf-8"))["variation"]
    assert {name: told[name] for name in found} == found


def test_the_tail_of_two_texts_is_that_of_real_texts_that_do_not_differ():
    told = tomllib.loads(resource("variation.toml").read_text(encoding="utf-8"))["variation"]
    every = pd.read_csv(nulls.EVERY)
    assert nulls.tail_of(every) <= told["tail"] < nulls.tail_of(every) + 0.1
    assert "is taken, no less than any of these" in nulls.tails(every)


def test_the_table_of_real_texts_sums_its_splits_up():
    every = nulls.summary(pd.read_csv(nulls.EVERY))
    pd.testing.assert_frame_equal(
        every, pd.read_csv(validity.HOME / "nulls.csv"), atol=1e-4, check_dtype=False
    )


def test_no_kind_of_text_makes_the_constants_by_itself():
    """Whichever is left out, the others teach the same to one deviation of a kind."""
    found = variation.without_each(pd.read_csv(validity.HOME / "variation.csv"))
    every = found.iloc[0]
    for name in ("centre", "spread", "growth", "slope"):
        far = np.log2(found[name] / every[name]) if name == "spread" else found[name] - every[name]
        assert (np.abs(far) < every[f"{name}_spread"]).all(), name


@pytest.mark.parametrize(("first", "second"), [(1, 1), (4, 4)])
def test_chapters_of_one_source_raise_no_alarm(first, second):
    """A small version: texts whose rates differ by author, of lengths of one to twenty."""
    wrong = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        sizes = np.exp(rng.uniform(np.log(300), np.log(6_000), first + second)).astype(int)
        rates = 1 / (np.arange(1_500) + 3)
        own = rng.gamma(1 / 0.6, 0.6, (len(sizes), 1_500)) * rates / rates.sum()
        drawn = [
            Counter(dict(enumerate(rng.poisson(n * r)))) for n, r in zip(sizes, own, strict=True)
        ]
        units = [
            (Counter({f"w{k}": v for k, v in c.items() if v}), int(n))
            for c, n in zip(drawn, sizes, strict=True)
        ]
        *_, family, _ = nulls.alarms(nulls.split(units, first, second, rng))
        wrong += family < 0.05
    assert wrong <= stats.binom.ppf(0.999, 30, 0.06)


def test_planted_terms_are_as_much_rarer_as_asked_for():
    rng = np.random.default_rng(6)
    counts = sparse.csr_array(rng.poisson(50.0, (40, 200)))
    flags = np.arange(40) < 20
    (table, _, _), truth = effects.plant((counts, np.full(40, 1e4), flags), rng)
    a, b = (table[side].sum(axis=0) for side in (flags, ~flags))
    assert set(np.abs(truth)) == {0, *effects.RATIOS}
    np.testing.assert_allclose(np.log2(a / b), truth, atol=0.5)


def test_what_is_shown_of_planted_differences_holds_what_is_true():
    """Intervals, by frequency, and of terms that were selected; how large these are shown."""
    found = pd.read_csv(validity.HOME / "effects.csv")
    shares = found.assign(hits=found["value"] * found["terms"]).groupby("figure")
    every = shares["hits"].sum() / shares["terms"].sum()
    holds = every[every.index.str.startswith("interval holds")]
    assert holds.between(0.92, 0.99).all(), holds
    assert every["established: shrunken interval holds"] > 0.93
    assert every["p < .05: shrunken interval holds"] > 0.93
    assert every["established: shrunken over true"] < min(1.2, every["established: raw over true"])


def test_tone_of_real_texts_that_do_not_differ_excludes_0_one_time_in_twenty():
    found = pd.read_csv(validity.HOME / "tone_nulls.csv")
    error = 3 * found["units, error"]
    assert (found["units exclude 0"] - error < 0.06).all(), found
    assert (found["shown excludes 0"] - error < 0.05).all(), found


def test_phrases_concepts_and_actors_of_real_texts_that_do_not_differ_raise_no_alarm():
    found = pd.read_csv(validity.HOME / "family_nulls.csv")
    assert set(found["family"]) == {"phrases", "concepts", "actors"}
    most = stats.binom.ppf(0.999, found["splits"], 0.06)
    assert (found["any"] * found["splits"] <= most).all(), found
    asked = found[found["rows"] > 0]
    weight = asked["rows"] * asked["splits"]
    assert (asked["by row"] * weight).sum() / weight.sum() < 0.06


def test_no_topic_of_style_is_called_a_finding():
    found = pd.read_csv(validity.HOME / "style_topics.csv")
    planted = found[found["rewritten"] == found["rewritten"].max()]
    assert (planted["topics of style"] >= planted["comparisons"] / 2).all(), found
    assert found["called findings"].sum() == 0, found
    assert planted["told"].sum() >= 0.9 * planted["topics of style"].sum(), found


def test_a_text_is_rewritten_word_by_word():
    rng = np.random.default_rng(0)
    assert style_topics.rewritten("You have to go.", 1.0, rng) == "Thou hast unto go."
    assert style_topics.rewritten("You have to go.", 0.0, rng) == "You have to go."
