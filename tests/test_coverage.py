"""The benchmark of intervals: its texts by hand, and what its committed table must show."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import coverage


@pytest.fixture(scope="module")
def table():
    return pd.read_csv(coverage.CSV)


@pytest.mark.parametrize("sentences", [15, 30, 36, 45, 110, 151])
def test_units_hold_all_sentences_and_four_on_average(sentences):
    sizes = coverage.cut(sentences)
    assert sizes.sum() == sentences
    assert (sizes.min(), sizes.max()) == (2, 6)
    assert sizes.mean() == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize("rate", [None, 0.3])
@pytest.mark.parametrize("correlation", coverage.CORRELATIONS)
def test_sentences_of_a_unit_correlate_as_asked(rate, correlation):
    rng = np.random.default_rng(5)
    first, second, other = coverage.draw(np.array([2, 1]), correlation, rate, 40_000, rng)
    assert first.mean() == pytest.approx(rate or 0, abs=0.02)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(correlation, abs=0.02)
    assert np.corrcoef(first, other)[0, 1] == pytest.approx(0, abs=0.02)


def test_coverage_is_that_of_the_intervals_given():
    ends = {"ci_low": [-1, 1, np.nan, -2], "ci_high": [1, 2, np.nan, 0]}
    assert coverage._counted(pd.DataFrame(ends)) == (pytest.approx(2 / 3), 0.75, 4)


def test_the_readme_shows_the_table(table):
    text = (coverage.HOME / "README.md").read_text(encoding="utf-8")
    assert f"# Intervals\n\n{coverage.report(table).strip()}\n" in text


def test_the_t_interval_covers_and_that_of_sentences_does_not(table):
    common = table[table["question"].isin(["tone", "rate .3"])]
    found = common.pivot_table(
        index=["texts", "correlation", "question"], columns="method", values="coverage"
    )
    short, long = found.loc["15 and 30 sentences"], found.loc["45 and 110 sentences"]
    assert long["t interval"].between(0.93, 0.97).all()
    assert short["t interval"].between(0.92, 0.97).all()  # four and eight units
    for part in (short, long):
        assert part.loc[0.25, "sentences"].between(0.80, 0.88).all()


def test_the_bootstrap_agrees_and_falls_short_where_few_units_hold_anything(table):
    found = table[(table["method"] == "bootstrap") & (table["given"] > 0)]
    by = found.set_index("question")["coverage"]
    assert by[["tone", "rate .3"]].between(0.92, 0.98).all()
    assert (by["rate .03"] < 0.90).all()


def test_few_units_still_cover_nine_in_ten(table):
    others = table[table["question"].isin(["actor", "trajectory"])]
    assert len(others) == 12
    assert others["coverage"].between(0.90, 0.97).all()
