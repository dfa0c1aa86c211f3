"""Order and text hang on what a calculation determines, not on its last bits."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import numbers
from analysis.numbers import SAME, exceeds, falling, largest, ordered, reaches, settled, tied

ROOT = Path(__file__).resolve().parents[1]
NOISE = 4e-16  # what another order of adding, or another processor, changes


def shaken(values, seed):
    """Return values as another processor may give them."""
    return np.asarray(values) * (
        1 + NOISE * np.random.default_rng(seed).integers(-2, 3, np.shape(values))
    )


def test_equals_stand_by_name_whatever_their_last_bits():
    table = pd.DataFrame({"term": list("dbca"), "p_value": [0.3, 0.1 + 0.2, 0.2, 0.3]})
    assert "".join(ordered(table, ["p_value", "term"])["term"]) == "cabd"
    falls = ordered(table, ["p_value", "term"], ascending=[False, True])
    assert "".join(falls["term"]) == "abdc"


def test_tiny_p_values_differ_and_tiny_sums_do_not():
    table = pd.DataFrame({"term": ["b", "a"], "p_value": [1e-40, 2e-40], "score": [1e-17, 0.0]})
    table.loc[2] = ["c", 0.9, 1.0]
    assert list(ordered(table, ["p_value", "term"])["term"]) == ["b", "a", "c"]
    assert list(ordered(table, ["score", "term"])["term"]) == ["a", "b", "c"]


@pytest.mark.parametrize("rising", [True, False])
def test_nan_comes_last(rising):
    table = pd.DataFrame({"x": [np.nan, 2.0, 1.0, np.inf], "term": list("abcd")})
    found = ordered(table, ["x", "term"], ascending=[rising, True])["term"]
    assert "".join(found) == ("cbda" if rising else "dbca")


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.integers(0, 99))
def test_noise_moves_nothing(whole, seed):
    values = np.array(whole) / 7
    assert tied(shaken(values, seed)).tolist() == tied(values).tolist()
    assert falling(shaken(values, seed)).tolist() == falling(values).tolist()
    assert largest(shaken(values, seed)) == largest(values) == int(np.argmax(whole))
    for threshold in values:
        exact = [x >= round(7 * threshold) for x in whole]
        assert reaches(shaken(values, seed), threshold).tolist() == exact
        assert (~exceeds(threshold, shaken(values, seed))).tolist() == exact


@given(st.lists(st.floats(-1e4, 1e4, width=16), max_size=30))
def test_without_ties_the_order_is_that_of_the_numbers(values):
    ranks = tied(values)
    for i, j in np.ndindex(len(values), len(values)):
        if values[i] > values[j]:
            assert ranks[i] > ranks[j]


def test_what_differs_by_more_than_rounding_is_kept_apart():
    assert tied([1, 1 + 10 * SAME]).tolist() == [0, 1]
    assert not reaches(1 - 10 * SAME, 1)
    assert exceeds(1 + 10 * SAME, 1)


def test_a_table_is_ranked_row_by_row():
    values = np.array([[0.3, 0.1 + 0.2, 0.1], [0.0, np.nan, 0.2]])
    assert falling(values).tolist() == [[0, 1, 2], [2, 0, 1]]
    assert largest(values).tolist() == [0, 2]


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(0.5000005, 0.5), (0.5000015, 0.500001), (2 / 3, 0.666667), (1e-300, 1e-300), (-0.0, 0.0)],
)
def test_what_is_half_way_is_written_alike(exact, shown):
    for noise in (-4, -1, 0, 1, 4):
        assert settled(exact * (1 + noise * NOISE)) == shown


# Every order goes through that module

RAW = {"argmax", "argmin", "argpartition", "argsort", "idxmax", "idxmin", "lexsort", "nlargest",
       "nsmallest", "rank", "rankdata", "sort_values"}  # fmt: skip
EXACT = {  # what these sort is whole numbers or words, which no processor changes; or as said
    "description.py": {"argsort", "lexsort"},
    "inference/bursts.py": {"argsort"},
    "inference/counts_test.py": {"argsort", "lexsort"},  # equals are then found within a margin
    "inference/levels.py": {"argsort", "lexsort"},  # so here
    "inference/split.py": {"argmax", "argsort"},  # a first place; whole numbers
    "inference/weights.py": {"argsort"},
    "keywords/equivalence.py": {"argsort"},  # of tied ranks
    "keywords/table.py": {"sort_values"},
    "report/concordance.py": {"sort_values"},
    "report/pack.py": {"sort_values"},
    "report/tone/contrast.py": {"sort_values"},
    "report/tone/words.py": {"sort_values"},
    "report/topic/plots.py": {"sort_values"},
    "report/verification.py": {"sort_values"},
    "text/checks.py": {"lexsort"},
    "text/stream.py": {"sort_values"},
    "text/units.py": {"argmin"},  # distances of whole numbers from shares, in one operation
    "tone/embedding.py": {"argsort"},
    "tone/parts.py": {"sort_values"},
    "tone/scored.py": {"argsort"},
    "tone/words.py": {"argsort"},
    "topicmodels/choice.py": {"idxmax", "sort_values"},
    "topicmodels/contrast.py": {"argsort"},
    "topicmodels/model.py": {"argsort"},
    "topicmodels/prevalence.py": {"rankdata"},  # of tied ranks
    "topicmodels/sampling.py": {"argsort"},
    "topicmodels/streaming.py": {"argsort"},  # of tied ranks
}


def raw_orders(source: str) -> set[str]:
    """Return the functions called that order numbers by all their bits."""
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    names = {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in calls}
    return names & RAW


def test_no_order_hangs_on_the_last_bits():
    home = ROOT / "analysis"
    found = {
        path.relative_to(home).as_posix(): raw_orders(path.read_text(encoding="utf-8"))
        for path in home.rglob("*.py")
        if path.name != "numbers.py"
    }
    assert {name: own for name, own in found.items() if own - EXACT.get(name, set())} == {}


def test_the_check_sees_a_raw_order():
    assert raw_orders("table.sort_values('p')\nnp.argmax(x)\nargsort(x)") == {
        "sort_values", "argmax", "argsort",
    }  # fmt: skip
    assert raw_orders("ordered(table, ['p'])") == set()


def raw_levels(source):
    """Return what is compared with the level itself, and not by ``passes`` or ``reaches``."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Name) and side.id == "LEVEL"
    ]


def test_no_verdict_hangs_on_the_last_bit_of_a_p():
    home = ROOT / "analysis"
    found = {path.name: raw_levels(path.read_text("utf-8")) for path in home.rglob("*.py")}
    assert {name: own for name, own in found.items() if own} == {}
    assert raw_levels("x = table[p] < LEVEL") == ["table[p] < LEVEL"]


def test_a_long_table_is_written_as_a_short_one_is(monkeypatch):
    table = pd.DataFrame({"term": ["a", "-b", "c"], "n": [1, 2, 3], "x": [0.1 + 0.2, np.nan, 1]})
    whole = numbers.to_csv(table)
    for rows in (1, 2, 3):
        monkeypatch.setattr(numbers, "ROWS", rows)
        assert numbers.to_csv(table) == whole
    assert numbers.to_csv(table.iloc[:0]) == b"term,n,x\n"


def test_cells_that_are_no_fractions_are_written_as_pandas_writes_them():
    table = pd.DataFrame(
        {
            "text": ["", None, 'a "b"', "a,b", "a\nb", " c", "x"],
            "some": [None, "b", 3, 2.5, True, np.float64(0.1), (1, 2)],
            "n": [1, 2, 3, 4, 5, 6, -7],
            "is": [True, False, True, False, True, False, True],
            "of": pd.array([1, None, 3, 4, 5, 6, 7], dtype="Int64"),
            "kind": pd.Categorical(["x", "y", None, "x", "y", "x", "y"]),
        }
    )
    assert numbers.to_csv(table).decode() == table.to_csv(index=False, lineterminator="\n")
    assert numbers.to_csv(table[["of"]].iloc[1:2]) == b'of\n""\n'
