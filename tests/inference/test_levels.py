"""Many tests at once: by hand, against other people's code, and with p-values that are discrete."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.levels import Attainable, Reach, discovery, holm

NOTHING = np.array([])


def as_it_is(p):
    """Correct nothing."""
    return p


def continuous(count):
    """Return what terms can reach that can reach any p."""
    return Attainable.of(NOTHING.astype(int), NOTHING, NOTHING, count)


def discrete(*terms):
    """Return what terms can reach, each given as pairs of a p and its probability."""
    rows = [(number, p, q) for number, term in enumerate(terms) for p, q in term]
    term, p, probability = (np.array(column) for column in zip(*rows, strict=True))
    return Attainable.of(term, p, probability, 0)


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=12))
def test_holm_by_loops(values):
    p = np.array(values)
    found = holm(p, np.ones(len(p), dtype=bool))
    order, largest = np.argsort(p, kind="stable"), 0.0
    for place, term in enumerate(order):
        largest = max(largest, min(1, (len(p) - place) * p[term]))
        assert found[term] == pytest.approx(largest, rel=1e-6)
    assert np.isnan(holm(p, np.zeros(len(p), dtype=bool))).all()


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=12))
def test_discoveries_among_terms_that_reach_any_p_are_benjamini_and_hochbergs(values):
    p = np.array(values)
    expected = stats.false_discovery_control(p)
    np.testing.assert_allclose(discovery(p, continuous(len(p)), as_it_is), expected, rtol=1e-5)


@pytest.mark.parametrize("count", [1, 5, 400])
def test_the_family_of_terms_that_reach_any_p_is_sidaks(count):
    p = np.array([1e-4, 0.01, 0.3])
    found = continuous(count)
    np.testing.assert_allclose(found.family(p), 1 - (1 - p) ** count, rtol=1e-9)
    assert found.critical() == pytest.approx(1 - 0.95 ** (1 / count), rel=1e-6)


def test_what_a_term_cannot_reach_it_does_not_add():
    """Two terms: one reaches .01 in 1 of 100 draws, the other .2 at the least, in 1 of 5."""
    found = discrete([(0.01, 0.01), (1.0, 0.99)], [(0.2, 0.2), (1.0, 0.8)])
    assert found.family(np.array([0.01])).tolist() == pytest.approx([0.01])
    assert found.family(np.array([0.2])).tolist() == pytest.approx([1 - 0.99 * 0.8])
    assert found.count(np.array([0.005, 0.01, 0.2, 1.0])).tolist() == pytest.approx(
        [0, 0.01, 0.21, 2]
    )
    q = discovery(np.array([0.01, 0.2]), found, as_it_is)
    assert q.tolist() == pytest.approx([0.01, 0.21 / 2])


def test_what_a_term_can_reach_adds_up_within_it_also_between_the_outcomes_of_others():
    """At .3 one of two terms has had .1 and .2 of its chances, the other .2: 1 - (1 - .3) .8."""
    found = discrete([(0.1, 0.1), (0.3, 0.2), (1.0, 0.7)], [(0.2, 0.2), (0.4, 0.2), (1.0, 0.6)])
    p = np.array([0.1, 0.2, 0.3, 0.4])
    some = [0.1, 1 - 0.9 * 0.8, 1 - 0.7 * 0.8, 1 - 0.7 * 0.6]
    assert found.family(p).tolist() == pytest.approx(some)
    assert found.count(p).tolist() == pytest.approx([0.1, 0.3, 0.5, 0.7])


@given(st.integers(0, 2**32 - 1))
def test_the_family_level_is_held_just_where_p_is_below_its_critical_value(seed):
    rng = np.random.default_rng(seed)
    terms = []
    for _ in range(rng.integers(1, 6)):
        outcomes = rng.dirichlet(np.ones(rng.integers(2, 7)))
        reached = np.cumsum(outcomes)
        terms.append(list(zip(reached, outcomes, strict=True)))
    found = discrete(*terms)
    p = np.array([p for term in terms for p, _ in term])
    below = p < found.critical()
    assert (below == (found.family(p) < 0.05)).all()
    assert (found.family(p) >= p * (1 - 1e-9)).all()


def test_a_corrected_family_makes_as_many_more_discoveries_false():
    """Were .01 one in five, one term would be expected 0.223 times to be so small."""
    found = continuous(100)
    q = discovery(np.array([1e-4, 0.9]), found, lambda p: np.maximum(p, 0.2))
    assert q[0] == pytest.approx(-np.log(0.8))
    assert discovery(np.array([1e-4, 0.9]), found, as_it_is)[0] == pytest.approx(0.01, rel=1e-4)


def test_terms_count_where_their_likes_can_be_as_small():
    """Both reach .1; terms as frequent reach .01: in between each counts as if it could too."""
    outcomes = [np.array(column) for column in ([0, 1], [0.1, 0.1], [0.2, 0.2])]
    alone = Attainable.of(*outcomes, 0)
    found = Attainable.of(*outcomes, 0, reach=Reach(np.array([0.1, 0.1]), np.array([0.01, 0.01])))
    p = np.array([0.005, 0.02, 0.1])
    assert alone.family(p) == pytest.approx([0.005, 0.02, 1 - 0.8**2])
    assert found.family(p) == pytest.approx([0.005, 1 - 0.98**2, 1 - 0.8**2])
    assert found.count(p) == pytest.approx([0, 0.04, 0.4])
