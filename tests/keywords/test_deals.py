"""What chance gives: deals keep units whole, and a contrast that is there stands out."""

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.keywords import dealt, keyness, lineup, naive_p
from analysis.text import count_terms, load_folders


@pytest.fixture(scope="module")
def counts(corpus):
    return count_terms(corpus)


def test_a_deal_keeps_the_number_of_units_and_comes_again_by_its_seed(counts):
    deals = list(dealt(counts, times=4, seed=1))
    assert [int(deal.sum()) for deal in deals] == [int(counts.target.sum())] * 4
    again = list(dealt(counts, times=4, seed=1))
    assert all((a == b).all() for a, b in zip(deals, again, strict=True))
    assert any((a != b).any() for a, b in zip(deals, dealt(counts, times=4, seed=2), strict=True))


def test_undealt_the_naive_p_is_that_of_the_table(corpus, counts):
    table = keyness(corpus, draws=99).table.set_index("term").loc[list(counts.terms)]
    np.testing.assert_allclose(naive_p(counts, counts.target), table["g2_p"], rtol=1e-12)


def test_units_dealt_at_random_give_the_number_of_claims_that_was_simulated_before(counts):
    """28 on average, 18 to 40 in nineteen of twenty deals; tokens dealt singly would give 19."""
    claimed = [int((naive_p(counts, deal) < 0.05).sum()) for deal in dealt(counts, times=200)]
    assert np.mean(claimed) == pytest.approx(28, abs=1.5)
    assert np.quantile(claimed, [0.025, 0.975]) == pytest.approx([18, 40], abs=3)


def test_one_panel_is_real_and_holds_every_term(corpus):
    terms = keyness(corpus, draws=99)
    panels = lineup(terms, panels=5, seed=3)
    real = panels.table[panels.table["real"]]
    assert set(real["panel"]) == {panels.facts["place"]}
    assert panels.table.groupby("panel")["terms"].sum().tolist() == [len(terms.table)] * 5
    most = terms.table["log_odds_z"].abs().max()
    assert real["log_odds_z"].abs().max() == pytest.approx(most)
    places = {lineup(terms, panels=5, seed=seed).facts["place"] for seed in range(6)}
    assert len(places) > 1


def test_a_difference_that_is_there_has_the_first_rank(write_folder):
    """Every document of one group speaks of war, every one of the other of trade."""
    war = [f"The war came to town {n}. The war went on for long." for n in "abcdefgh"]
    trade = [f"The trade came to town {n}. The trade went on for long." for n in "abcdefgh"]
    terms = keyness(load_folders(write_folder("x", *war), write_folder("y", *trade)), draws=99)
    assert lineup(terms, panels=8).facts["rank"] == 1


def test_a_line_up_of_one_is_refused(corpus):
    with pytest.raises(InputError, match="two panels or more, got 1"):
        lineup(keyness(corpus, draws=99), panels=1)


def test_units_that_can_be_dealt_in_few_ways_make_few_panels_each_its_own(write_folder):
    """Three and three can be dealt out in twenty ways, half of them the mirror of the others."""
    texts = [f"{word} {'day ' * 2**n}" for n, word in enumerate("abcdef")]
    corpus = load_folders(write_folder("x", *texts[:3]), write_folder("y", *texts[3:]))
    for seed in range(5):
        panels = lineup(keyness(corpus, draws=99), seed=seed)
        assert panels.facts["panels"] == panels.table["panel"].nunique() == 5
        shown = {
            tuple(sorted(map(tuple, own[["n_target", "n_reference", "terms"]].to_numpy())))
            for _, own in panels.table.groupby("panel")
        }
        assert len(shown) == 5


def test_units_that_can_be_dealt_in_too_few_ways_make_no_line_up(write_folder):
    texts = ["The war goes on. The sea is calm.", "The war ends."]
    corpus = load_folders(write_folder("x", *texts), write_folder("y", *texts[::-1]))
    with pytest.raises(
        InputError, match="deal out the units: 6, too few for a line-up; give it more"
    ):
        lineup(keyness(corpus, draws=99))
