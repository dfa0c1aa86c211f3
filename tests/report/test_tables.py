"""Numbers and tables as readers expect them."""

import math

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.report import (
    interval,
    number,
    p_value,
    show,
)

# Numbers


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (0, 2, "0.00"),
        (-1.234, 2, "−1.23"),
        (-0.004, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (1234567, 0, "1,234,567"),
        (-1234.5, 1, "−1,234.5"),
        (10, 0, "10"),
        (-100, 0, "−100"),
        (math.nan, 2, "–"),
        (None, 2, "–"),
        (pd.NA, 2, "–"),
        (math.inf, 2, "∞"),
        (-math.inf, 2, "−∞"),
        (np.float64(2.5), 1, "2.5"),
    ],
)
def test_number(x, digits, text):
    assert number(x, digits) == text


@given(st.floats(-1e9, 1e9), st.integers(0, 6))
def test_a_number_reads_back_within_half_a_unit_of_its_last_digit(x, digits):
    back = float(number(x, digits).replace("−", "-").replace(",", ""))
    assert abs(back - x) <= 0.5 * 10**-digits + 1e-11 * abs(x)
    assert math.copysign(1, back) == 1 or back < 0


@pytest.mark.parametrize(
    ("p", "text", "named"),
    [
        (0.0, "<.001", "p < .001"),
        (0.00099, "<.001", "p < .001"),
        (0.001, ".001", "p = .001"),
        (0.0342, ".034", "p = .034"),
        (0.9994, ".999", "p = .999"),
        (0.9995, ">.999", "p > .999"),
        (1.0, ">.999", "p > .999"),
        (math.nan, "–", "–"),
    ],
)
def test_p_value(p, text, named):
    assert p_value(p) == text
    assert p_value(p, named=True) == named


@pytest.mark.parametrize("p", [-0.01, 1.01, math.inf])
def test_a_p_value_outside_0_and_1_is_refused(p):
    with pytest.raises(InputError, match="between 0 and 1"):
        p_value(p)


def test_interval():
    assert interval(-0.517, 1.3) == "[−0.52, 1.30]"
    assert interval(-math.inf, 0, 1) == "[−∞, 0.0]"
    with pytest.raises(InputError, match="swap its ends"):
        interval(1, 0)


RESULTS = pd.DataFrame(
    {
        "term": ["<gas>", None],
        "n_target": [1200, 3],
        "year": [2017, 2018],
        "tokens": [5.0, np.nan],
        "log_ratio": [3.2051, -0.5],
        "ci_low": [0.12, np.nan],
        "p_value": [0.0342, 1e-9],
        "listed": [True, False],
    }
)


def cells(shown):
    rows = BeautifulSoup(shown._repr_html_(), "html.parser").find_all("tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]


# Tables


def test_a_table_is_set_by_kind_of_column():
    head, first, second = cells(show(RESULTS))
    assert head[:2] == ["term", "n target"]
    assert first == ["<gas>", "1,200", "2017", "5", "3.21", "0.12", ".034", "yes"]
    assert second == ["–", "3", "2018", "–", "−0.50", "–", "<.001", "no"]


def test_the_html_is_plain_and_aligned():
    html = show(RESULTS)._repr_html_()
    soup = BeautifulSoup(html, "html.parser")
    assert "<style" not in html
    assert "&lt;gas&gt;" in html
    sides = [cell["align"] for cell in soup.find_all("tr")[1].find_all("td")]
    assert sides == ["left", *["right"] * 6, "left"]


def test_the_text_twin_says_the_same():
    columns = {"n_target": "Count", "term": "Term"}
    text = repr(show(RESULTS, columns=columns, rows=1, note="A note."))
    assert text == "Count  Term\n1,200  <gas>\nA note. The first 1 of 2 rows."


def test_columns_are_chosen_named_and_ordered():
    indexed = RESULTS.rename_axis("place")
    assert cells(show(indexed, columns={"place": "Place", "term": "Term"}))[1] == ["0", "<gas>"]
    assert cells(show(RESULTS, columns={"log_ratio": "LR"}, digits={"log_ratio": 1}))[1] == ["3.2"]
    with pytest.raises(InputError, match="no column 'rate'"):
        show(RESULTS, columns={"rate": "Rate"})


@pytest.mark.parametrize(
    ("largest", "shown"), [(123.4, "123.4"), (12.34, "12.3"), (0.01234, "0.0123"), (0.0, "0.00")]
)
def test_a_column_shows_three_digits_of_its_largest_value(largest, shown):
    assert cells(show(pd.DataFrame({"g2": [largest]})))[1] == [shown]


def test_showing_changes_nothing_and_bears_an_empty_table():
    before = RESULTS.copy(deep=True)
    show(RESULTS, columns={"term": "Term"})
    pd.testing.assert_frame_equal(RESULTS, before)
    assert cells(show(RESULTS.head(0)))[0][0] == "term"
