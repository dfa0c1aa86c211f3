"""What may enter the arithmetic of keyness, and in which words the rest is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.keywords.formulas import check_cells, group_totals


def test_totals_by_eye(counts):
    a, b, n1, n2 = group_totals(counts)
    dense = counts.matrix.toarray()
    assert a.tolist() == dense[counts.target].sum(axis=0).tolist()
    assert b.tolist() == dense[~counts.target].sum(axis=0).tolist()
    assert n1 + n2 == counts.sizes.sum()


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_counts_that_are_none_are_refused(counts, bad):
    spoilt = counts.matrix.astype(float)
    spoilt.data[-1] = bad
    with pytest.raises(InputError, match="finite and not negative"):
        group_totals(replace(counts, matrix=spoilt))


@pytest.mark.parametrize("side", [np.ones_like, np.zeros_like])
def test_one_group_alone_is_refused(counts, side):
    with pytest.raises(InputError, match="add the other"):
        group_totals(replace(counts, target=side(counts.target)))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ((1, 1, 0, 10), "target must have a positive number of tokens, got 0"),
        ((1, 1, 10, math.nan), "reference must have a positive number of tokens"),
        ((11, 1, 10, 10), "target must lie between 0 and its 10 tokens, got 11"),
        ((1, -1, 10, 10), "reference must lie between 0 and its 10 tokens"),
    ],
)
def test_impossible_cells_are_refused(cells, message):
    a, b, n1, n2 = cells
    with pytest.raises(InputError, match=message):
        check_cells(np.array([a], dtype=float), np.array([b], dtype=float), n1, n2)


def test_a_term_may_be_every_token():
    check_cells(np.array([10.0]), np.array([0.0]), 10, 10)
