"""The keyness table: counts by eye, effects by hand, tests on planted words."""

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import keyness
from analysis.errors import InputError
from analysis.inference import count_test
from analysis.keywords import COLUMNS, keyness_of_counts
from analysis.text import count_terms, gathered, load_folders, stop_words, tokenize
from benchmarks.resampling import permutation_test
from tests.helpers import named

NEW = "Red red fish swim.\n\nRed fish swim home.\n\nRed birds fly home.\n\nThe 3 fish swim.\n\n"


OLD = "Blue birds fly home.\n\nBlue fish swim home.\n\nBlue birds of prey.\n\n"


NEW_COUNTS = {"birds": 1, "fish": 3, "fly": 1, "home": 2, "red": 4, "swim": 3}  # of 16 tokens


OLD_COUNTS = {"birds": 2, "blue": 3, "fish": 1, "fly": 1, "home": 2, "prey": 1, "swim": 1}  # of 12


CONTRACT = """term n_target n_reference rate_target rate_reference dispersion_target
    dispersion_reference log_ratio ci_low ci_high log_odds_z g2 chi2 p_value p_family""".split()


MIRRORED = ["log_ratio", "log_odds_z"]


@pytest.fixture
def toy(write_folder):
    """Units of one paragraph each: four of the target, three of the reference."""
    return load_folders(write_folder("new", NEW), write_folder("old", OLD))


@pytest.fixture
def table(toy):
    return keyness(toy, unit_tokens=4, draws=999).table.set_index("term", drop=False)


@pytest.fixture(scope="session")
def articles(corpus):
    return keyness(corpus, draws=999).table.set_index("term", drop=False)


# Counted by eye


def test_every_term_of_either_side_is_counted_and_kept(table):
    assert dict(table["n_target"][table["n_target"] > 0]) == NEW_COUNTS
    assert dict(table["n_reference"][table["n_reference"] > 0]) == OLD_COUNTS
    assert set(table.index) == NEW_COUNTS.keys() | OLD_COUNTS.keys()
    assert table.loc["blue", "n_target"] == table.loc["red", "n_reference"] == 0


def test_rates_are_per_thousand_tokens_of_all_kinds(table):
    assert table.loc["red", ["rate_target", "rate_reference"]].tolist() == [250, 0]
    assert table.loc["home", ["rate_target", "rate_reference"]].tolist() == [125, 2000 / 12]
    assert table["rate_target"].tolist() == pytest.approx((1000 * table["n_target"] / 16).tolist())


def test_effects_by_hand(table):
    """'Red' is 4 of 16 against none of 12, 'home' 2 of 16 against 2 of 12."""
    # where a group lacks the term, one count is shared out by length: 16/28 and 12/28
    shared = np.log2(((4 + 16 / 28) / 16) / ((12 / 28) / 12))
    assert table.loc["red", "log_ratio"] == pytest.approx(shared)
    assert table.loc["home", "log_ratio"] == pytest.approx(np.log2(12 / 16))
    for term, cells in (("red", [[4, 0], [12, 12]]), ("home", [[2, 2], [14, 10]])):
        for column, kind in (("chi2", "pearson"), ("g2", "log-likelihood")):
            oracle = stats.chi2_contingency(cells, correction=False, lambda_=kind)
            assert table.loc[term, column] == pytest.approx(oracle.statistic)
            assert table.loc[term, f"{column}_p"] == pytest.approx(oracle.pvalue)


def test_dispersion_by_hand(table):
    """'Red' stands 2, 1, 1, 0 times in four units of equal size: DP ¼, of at most ¾."""
    assert table.loc["red", "dispersion_target"] == pytest.approx(1 / 3)
    assert table.loc["blue", "dispersion_reference"] == pytest.approx(0)
    assert table.loc["prey", "dispersion_reference"] == pytest.approx(1)
    absent = ["blue", "prey"]
    assert table["dispersion_target"].isna().sum() == len(absent)
    assert table.loc[absent, "dispersion_target"].isna().all()


def test_positive_means_more_in_the_target(table):
    signs = np.sign(table["n_target"] / 16 - table["n_reference"] / 12)
    assert (np.sign(table["log_ratio"]) == signs).all()


def test_positive_means_more_in_the_target_however_unequal_the_texts(articles):
    signs = np.sign(articles["rate_target"] - articles["rate_reference"])
    assert (np.sign(articles["log_ratio"]) == signs).all()


def test_numbers_and_function_words_when_asked_for(toy):
    more = keyness(toy, unit_tokens=4, draws=99, numbers=True, function_words=True).table.set_index(
        "term"
    )
    assert more.loc["the", ["n_target", "n_reference"]].tolist() == [1, 0]
    assert more.loc["of", ["n_target", "n_reference"]].tolist() == [0, 1]
    assert more.loc["3", ["n_target", "n_reference"]].tolist() == [1, 0]
    assert more[["n_target", "n_reference"]].sum().tolist() == [16, 12]


def test_log_odds_is_nought_at_equal_rates(write_folder):
    """Texts of unequal length that use every term alike; the function words must not tilt it."""
    sentence = "The red fish of the sea swim home. "
    corpus = load_folders(write_folder("a", sentence * 4), write_folder("b", sentence * 12))
    found = keyness(corpus, unit_tokens=8, draws=99).table
    assert found["log_ratio"].tolist() == [0] * 5
    assert found["log_odds_z"].tolist() == pytest.approx([0] * 5, abs=1e-9)


# The shape of the table


def test_columns_are_fixed_and_in_order(table, articles):
    assert list(table.columns) == list(articles.columns) == COLUMNS
    assert set(CONTRACT) <= set(COLUMNS)
    assert len(set(COLUMNS)) == len(COLUMNS)


@pytest.mark.parametrize("name", ["table", "articles"])
def test_the_order_is_total(name, request):
    found = request.getfixturevalue(name)
    keys = list(zip(-found["score"], found["term"], strict=True))
    assert keys == sorted(keys)
    assert found["term"].is_unique


def test_ties_are_broken_by_term(articles):
    """Terms that stand in the same units as often score alike but for rounding."""
    keys = list(zip(-articles["score"].round(9), articles["term"], strict=True))
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["table", "articles"])
def test_numbers_are_within_their_bounds(name, request):
    found = request.getfixturevalue(name)
    numbers = found.drop(columns=["term", "floor_target", "floor_reference"])
    ends = ["ci_low", "ci_high", "family_low", "family_high"]  # infinite where a group lacks a term
    own = ["within_low", "within_high"]  # of single texts; the same
    defined = numbers.drop(columns=["dispersion_target", "dispersion_reference", *ends, *own])
    both = (found["n_target"] > 0) & (found["n_reference"] > 0)
    assert np.isfinite(found.loc[both, ends].to_numpy(dtype=float)).all()
    assert np.isfinite(defined.to_numpy(dtype=float)).all()
    assert (found["ci_low"] < found["log_ratio"]).all()
    assert (found["log_ratio"] < found["ci_high"]).all()
    for column in ("p_value", "p_family", "p_permutation", "g2_p", "chi2_p"):
        assert found[column].between(0, 1).all()
        assert (found[column] > 0).all()
    assert (found["p_family"] >= found["p_value"] - 1e-12).all()
    for column in ("dispersion_target", "dispersion_reference"):
        assert found[column].dropna().between(0, 1 + 1e-12).all()
    assert (found[["floor_target", "floor_reference"]] > 0).all(axis=None)
    assert (found[["self_target", "self_reference"]] >= 0).all(axis=None)


# Sums and reruns, on the articles


def test_sums_are_those_of_the_clean_texts(corpus, articles):
    """Counted from the clean text, by a pattern of its own: a word is what white space parts."""
    for group, column in zip(corpus.groups, ("n_target", "n_reference"), strict=True):
        text = " ".join(d.text for d in corpus.documents if d.group == group.label)
        tokens = [t for t in tokenize(text) if re.search("[^\\W\\d_]", t) and t not in stop_words()]
        whole = Counter(
            term for term in named(tokenize(text), corpus.names) if term in articles.index
        )
        assert articles[column].sum() == whole.total()
        assert dict(articles[column][articles[column] > 0]) == whole
        assert {word for term in whole for word in term.split()} == set(tokens)
        rate = articles[column] / articles[f"rate_{column[2:]}"]
        assert 1000 * rate[articles[column] > 0].mean() == pytest.approx(len(tokenize(text)))


@pytest.mark.parametrize("word", ["objectives", "syria", "customs union", "moscow"])
def test_words_counted_by_string_search(word, corpus, articles):
    for group, column in zip(corpus.groups, ("n_target", "n_reference"), strict=True):
        text = " ".join(d.text for d in corpus.documents if d.group == group.label).lower()
        assert articles.loc[word, column] == len(re.findall(rf"(?<![\w-]){word}(?![\w-])", text))


def test_same_digits_on_rerun(corpus, articles):
    again = keyness(corpus, draws=999).table.set_index("term", drop=False)
    pd.testing.assert_frame_equal(again, articles, check_exact=True)


def test_another_seed_draws_anew_but_counts_alike(corpus, articles):
    other = keyness(corpus, draws=999, seed=1).table.set_index("term", drop=False)
    drawn = ["p_permutation"]
    assert (other[drawn] != articles[drawn]).any().all()
    permuted = articles["p_permutation"].to_numpy()
    assert other["p_permutation"].to_numpy() == pytest.approx(permuted, abs=0.1)
    settled = [column for column in COLUMNS if column not in drawn]
    pd.testing.assert_frame_equal(other[settled], articles[settled], check_exact=True)


# Swapped groups


def test_swapped_groups_mirror_every_sign(toy, table, tmp_path):
    back = load_folders(tmp_path / "old", tmp_path / "new")
    swapped = keyness(back, unit_tokens=4, draws=999).table.set_index("term").loc[table.index]
    for column in MIRRORED:
        assert swapped[column].to_numpy() == pytest.approx(-table[column].to_numpy(), abs=1e-9)
    assert swapped["ci_low"].to_numpy() == pytest.approx(-table["ci_high"].to_numpy())
    for column in ("g2", "chi2", "g2_p", "chi2_p", "p_value", "p_family"):
        assert swapped[column].to_numpy() == pytest.approx(table[column].to_numpy())
    for one, other in (("target", "reference"), ("reference", "target")):
        for column in ("n", "rate", "dispersion", "floor"):
            there, here = swapped[f"{column}_{one}"], table[f"{column}_{other}"]
            assert there.to_numpy() == pytest.approx(here.to_numpy(), nan_ok=True)
    permuted = table["p_permutation"].to_numpy()
    assert swapped["p_permutation"].to_numpy() == pytest.approx(permuted, abs=0.06)


# Planted words, and none


def test_a_planted_word_leads_and_is_established(write_folder):
    rng = np.random.default_rng(3)
    words = np.array([f"w{chr(97 + i)}{chr(97 + j)}" for i in range(8) for j in range(8)], object)

    def text(planted):
        lines = [rng.choice(words, 20) for _ in range(40)]
        for line in lines:
            line[: planted * 2] = "treaty"
        return " ".join(f"So {' '.join(line)}." for line in lines)

    corpus = load_folders(write_folder("with", text(1)), write_folder("without", text(0)))
    found = keyness(corpus, draws=1999).table
    assert found["term"][0] == "treaty"
    assert (found["term"][found["p_within_family"] < 0.05] == "treaty").all()
    assert found["p_within_family"][0] < 0.05  # by more than these texts are uneven
    assert not found["established"].any()  # but no more than two texts of one source may differ


@pytest.mark.parametrize("documents", [3, 6])
def test_in_several_documents_a_planted_word_is_established(documents, write_folder):
    rng = np.random.default_rng(4)
    words = np.array([f"w{chr(97 + i)}{chr(97 + j)}" for i in range(8) for j in range(8)], object)

    def text(planted):
        lines = [rng.choice(words, 20) for _ in range(40)]
        for line in lines:
            line[: planted * 2] = "treaty"
        return " ".join(f"So {' '.join(line)}." for line in lines)

    sides = [[text(planted) for _ in range(documents)] for planted in (1, 0)]
    corpus = load_folders(write_folder("with", *sides[0]), write_folder("without", *sides[1]))
    found = keyness(corpus, draws=99).table
    assert found.loc[found["established"], "term"].tolist() == ["treaty"]
    assert found["family_low"][0] > 0
    assert found["ci_low"][0] > found["self_target"][0]
    assert found["p_within"].isna().all()


def test_a_text_against_itself_shows_nothing(write_folder):
    corpus = load_folders(write_folder("one", NEW * 3), write_folder("two", NEW * 3))
    found = keyness(corpus, unit_tokens=4, draws=99).table
    for column in ("log_ratio", "log_odds_z", "g2", "chi2"):
        assert found[column].abs().max() < 1e-9
    for column in ("p_family", "p_permutation"):
        assert found[column].to_numpy() == pytest.approx(np.ones(len(found)))
    assert (found["p_value"] > 0.7).all()  # a mid-p: of the likeliest outcome, half counts
    assert (found["ci_low"] < 0).all()


def documents(word):
    """Ten documents of five tokens; in document i, ``word`` stands i mod 3 times."""
    filler = "stone river hill tree bird".split()
    return [" ".join((["Every"] + [word] * (i % 3) + filler)[:5]) + "." for i in range(10)]


@pytest.mark.parametrize(("left", "whole"), [(10, True), (2, True), (1, False)])
def test_two_documents_a_group_are_the_units(left, whole, write_folder):
    """Their lengths and variances may differ, and so Welch's statistic is permuted."""
    texts = documents("peace")[-left:] if whole else ["\n\n".join(documents("peace"))]
    corpus = load_folders(write_folder("new", *texts), write_folder("old", *documents("war") * 2))
    counts = count_terms(corpus, unit_tokens=5)
    assert counts.documents is whole
    assert counts.matrix.shape[0] == (left if whole else 10) + 20
    found = keyness_of_counts(counts, draws=999, seed=5).set_index("term").loc[list(counts.terms)]
    assert found.loc["war", ["n_target", "n_reference"]].tolist() == [0, 18]
    given = counts.matrix, counts.sizes, counts.target
    permuted = {
        equal: permutation_test(*given, equal_var=equal, draws=999, seed=5).p_value
        for equal in (True, False)
    }
    assert (permuted[True] != permuted[False]).any()
    assert found["p_permutation"].to_numpy() == pytest.approx(permuted[not whole], rel=1e-12)


def test_p_values_are_those_of_the_count_test_of_documents_and_of_passages(counts, articles):
    whole = gathered(counts, counts.units["document"].tolist())
    assert whole.units["document"].tolist() == ["2018", "2017"]
    test = count_test(whole.matrix, whole.sizes, whole.target)
    within = count_test(counts.matrix, counts.sizes, counts.target)
    expected = pd.DataFrame(
        {"p_value": test.p_value, "p_family": test.p_family, "q_value": test.q_value,
         "p_within": within.p_value, "p_within_family": within.p_family,
         "within_low": within.family_interval()[0], "within_high": within.family_interval()[1]},
        index=list(counts.terms),
    )  # fmt: skip
    found = articles.loc[expected.index, expected.columns]
    np.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=1e-12)


def test_the_interval_within_texts_leaves_out_zero_just_where_its_p_passes(articles):
    apart = (articles["within_low"] > 0) | (articles["within_high"] < 0)
    assert (apart == (articles["p_within_family"] < 0.05)).all()
    assert 0 < apart.sum() < 10


def test_p_and_interval_agree_and_established_is_what_the_family_says(articles):
    excluded = (articles["ci_low"] > 0) | (articles["ci_high"] < 0)
    assert excluded.equals(articles["p_value"] < 0.05)
    family = (articles["family_low"] > 0) | (articles["family_high"] < 0)
    assert family.equals(articles["p_family"] < 0.05)
    assert family.equals(articles["established"])


def test_a_shrunk_effect_lies_between_nought_and_the_raw_one(articles):
    both = articles[(articles["n_target"] > 0) & (articles["n_reference"] > 0)]
    assert (both["shrunk"].abs() <= both["log_ratio"].abs() + 0.05).all()
    assert (both["shrunk_low"] <= both["shrunk"]).all()
    assert (both["shrunk"] <= both["shrunk_high"]).all()


def test_a_term_of_one_occurrence_could_not_have_been_found(articles):
    rare = articles[articles["n_target"] + articles["n_reference"] == 1]
    assert np.isinf(rare[["floor_target", "floor_reference"]]).all(axis=None)


# What cannot be used


def test_no_term_in_common_is_refused(write_folder):
    corpus = load_folders(
        write_folder("en", "Cats sleep.\n\nDogs bark."), write_folder("de", "Katzen.\n\nHunde.")
    )
    with pytest.raises(InputError, match=r"no term in common.*check that both are in one language"):
        keyness(corpus, unit_tokens=1, draws=99)


def test_one_unit_is_refused_by_name(write_folder):
    long, short = "Cats sleep here. Dogs bark there. " * 40, "Cats sleep."
    corpus = load_folders(write_folder("long", long), write_folder("short", short))
    with pytest.raises(InputError, match=r"'short' has one unit.*longer text or more documents"):
        keyness(corpus, draws=99)


def test_texts_of_function_words_are_refused(write_folder):
    texts = "It is.\n\nIt was.", "He is.\n\nSo is."
    corpus = load_folders(write_folder("a", texts[0]), write_folder("b", texts[1]))
    with pytest.raises(InputError, match="no term but numbers and function words"):
        keyness(corpus, unit_tokens=2, draws=99)


def test_an_impossible_unit_or_number_of_draws_is_refused(toy):
    with pytest.raises(InputError, match="unit_tokens=0"):
        keyness(toy, unit_tokens=0)
    with pytest.raises(InputError, match="at least one draw, got 0"):
        keyness(toy, unit_tokens=4, draws=0)
