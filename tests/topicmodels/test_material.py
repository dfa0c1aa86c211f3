"""Material: passages to fit, units to infer on, and the terms that can name a topic."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.errors import InputError
from analysis.text import count_terms, load_folders
from analysis.topicmodels.choice import MOST_PASSAGES, _thinned
from analysis.topicmodels.model import Material, material_of, membership, summed
from analysis.topicmodels.prevalence import share_out, variation


def paragraphs(number, *words):
    """A document of one paragraph a word, each a passage with a word of its own."""
    return "\n\n".join(" ".join([word] * 4) + f" only{number}{word}." for word in words)


@pytest.fixture
def cut(write_folder):
    """Two documents on either side, of two passages each."""
    new = write_folder("new", paragraphs(1, "reef", "tide"), paragraphs(2, "tide", "wave"))
    old = write_folder("old", paragraphs(3, "barn", "reef"), paragraphs(4, "wave", "barn"))
    return count_terms(load_folders(new, old), unit_tokens=5, passages=True)


def test_documents_are_the_units_of_what_was_fitted_in_passages(cut):
    data = material_of(cut, documents=True)
    assert len(data.passages) == 8
    assert list(data.unit_of) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert data.target.tolist() == [True, True, False, False]
    assert data.units["tokens"].tolist() == [10, 10, 10, 10]
    np.testing.assert_array_equal(
        data.counts.toarray(), summed(data.pieces, data.unit_of).toarray()
    )
    assert dict(zip(data.terms, data.counts.toarray()[0], strict=True))["reef"] == 4


def test_without_documents_a_passage_is_a_unit(cut):
    data = material_of(cut)
    assert list(data.unit_of) == list(range(8))
    np.testing.assert_array_equal(data.counts.toarray(), data.pieces.toarray())
    assert data.target.tolist() == [True] * 4 + [False] * 4


def test_with_many_documents_a_term_stands_in_a_tenth_of_them(write_folder):
    """Of thirty documents three: "rare" stands in four passages, but in two documents."""
    texts = [
        paragraphs(n, *(["rare"] * 2 if n < 2 else ["hay"]), f"tide{n % 3}") for n in range(30)
    ]
    corpus = load_folders(write_folder("new", *texts[:15]), write_folder("old", *texts[15:]))
    counts = count_terms(corpus, unit_tokens=5, passages=True)
    assert material_of(counts, documents=True).terms == ("hay", "tide0", "tide1", "tide2")


def test_membership_adds_up():
    rows = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    np.testing.assert_array_equal(membership(np.array([1, 0, 1])) @ rows, [[3, 4], [6, 8]])


def test_a_documents_share_is_that_of_its_words(cut):
    """A passage of three times the kept words counts three times as much."""
    data = material_of(cut, documents=True)
    pieces = data.pieces.toarray()
    pieces[1] *= 3
    shares = np.zeros((8, 2))
    shares[:, 0], shares[0] = 1, (0, 1)
    longer = replace(data, pieces=sparse.csr_array(pieces))
    np.testing.assert_allclose(share_out(shares, longer)[0], [0.75, 0.25])
    np.testing.assert_allclose(share_out(shares, longer)[1], [1, 0])


def made(columns, target):
    """Material of passages of ten kept words, some of the first term."""
    counts = sparse.csr_array(np.column_stack([columns, 10 - np.array(columns)]))
    rows = np.arange(len(columns))
    return replace(TEMPLATE, counts=counts, pieces=counts, target=target, unit_of=rows)


NOTHING = sparse.csr_array((2, 2))
TEMPLATE = Material(
    pd.DataFrame(), ("a", "b"), NOTHING, np.array([True, False]), pd.DataFrame(), NOTHING,
    np.arange(2),
)  # fmt: skip
MARKS = np.array([[1.0, 0.0]])


def test_variation_by_hand():
    """Four passages of ten words with 8, 0, 8, 0 of a topic's: 4 expected, of variance 2.4."""
    target = np.array([True] * 4 + [False] * 4)
    data = made([8, 0, 8, 0, 1, 1, 1, 1], target)
    dispersion = 4 * 16 / 2.4 / 3
    assert variation(data, MARKS)[0] == pytest.approx(np.sqrt((dispersion - 1) / 4))
    assert variation(made([4, 4, 4, 4, 1, 1, 1, 1], target), MARKS)[0] == 0


@pytest.mark.parametrize(("spread", "even"), [(0.0, True), (1.0, False)])
def test_what_stands_everywhere_alike_is_even_and_what_comes_and_goes_is_not(spread, even):
    rng, target = np.random.default_rng(3), np.arange(400) < 200
    rates = 0.1 * np.exp(spread * rng.standard_normal(400) - spread**2 / 2)
    data = made(rng.binomial(10, np.where(target, rates, 0.02).clip(0, 1)), target)
    assert (variation(data, MARKS)[0] < 0.5) == even


def test_of_many_passages_those_of_whole_units_are_taken():
    counts = sparse.csr_array(np.random.default_rng(1).poisson(1, (3 * MOST_PASSAGES, 4)))
    unit_of = np.repeat(np.arange(MOST_PASSAGES), 3)
    units = pd.DataFrame({"unit": np.arange(MOST_PASSAGES)})
    data = replace(
        TEMPLATE, units=units, passages=units.loc[unit_of], pieces=counts,
        counts=summed(counts, unit_of), target=np.arange(MOST_PASSAGES) % 2 == 0, unit_of=unit_of,
    )  # fmt: skip
    some = _thinned(data, 0)
    assert MOST_PASSAGES - 3 < len(some.passages) <= MOST_PASSAGES
    assert (np.bincount(some.unit_of) == 3).all()
    np.testing.assert_array_equal(
        summed(some.pieces, some.unit_of).toarray(), some.counts.toarray()
    )
    assert 0.4 < some.target.mean() < 0.6


def test_of_few_units_of_very_many_passages_two_of_each_group_are_kept():
    sizes = np.array([1, 1, 2 * MOST_PASSAGES, 1, MOST_PASSAGES, MOST_PASSAGES])
    unit_of = np.repeat(np.arange(6), sizes)
    counts = sparse.csr_array(np.random.default_rng(1).poisson(1, (sizes.sum(), 4)))
    units = pd.DataFrame({"unit": np.arange(6)})
    data = replace(
        TEMPLATE, units=units, passages=units.loc[unit_of], pieces=counts,
        counts=summed(counts, unit_of), target=np.arange(6) < 4, unit_of=unit_of,
    )  # fmt: skip
    for seed in range(8):
        some = _thinned(data, seed)
        assert min(some.target.sum(), (~some.target).sum()) >= 2


def test_one_document_of_a_group_is_no_unit_to_compare(write_folder):
    new = write_folder("new", paragraphs(1, "reef", "tide"))
    old = write_folder("old", paragraphs(2, "reef", "barn"), paragraphs(3, "tide", "barn"))
    counts = count_terms(load_folders(new, old), unit_tokens=5, passages=True)
    with pytest.raises(InputError, match="Group 'new' has 1 unit"):
        material_of(counts, documents=True)
