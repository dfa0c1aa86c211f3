"""What the processes of a run share comes back to the last bit, and reading it runs nothing."""

import io
import json
import os
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import Flag, StrEnum
from threading import Barrier, Event

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.exchange import FOLDER, TEXT, once, packed, sharing, unpacked
from analysis.result import Outcome
from analysis.text import Group
from analysis.topicmodels.choice import Reach
from analysis.topicmodels.prevalence import Alarm

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
nested = st.recursive(
    plain,
    lambda own: (
        st.lists(own, max_size=3)
        | st.lists(own, max_size=3).map(tuple)
        | st.dictionaries(plain.filter(lambda key: key == key), own, max_size=3)
        | st.frozensets(plain, max_size=3)
    ),
    max_leaves=8,
)


@given(nested)
def test_plain_values_come_back_as_they_were(value):
    back = unpacked(packed(value))
    assert repr(back) == repr(value) or isinstance(value, frozenset | dict | list | tuple)
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)


def test_a_lone_surrogate_and_numbers_of_any_size_come_back():
    value = {"\ud800": [10**400, -0.0, float("inf")], (1, "a"): {2, 3}}
    back = unpacked(packed(value))
    assert back == value
    assert str(back["\ud800"][1]) == "-0.0"


TABLES = {
    "every kind of column": pd.DataFrame(
        {
            "term": ["a", None, "ü"],
            "n": [1, 2, 3],
            "rate": [0.1, np.nan, -0.0],
            "holds": [True, False, True],
            "alarm": pd.Series([Alarm(0), Alarm(3), Alarm(1)], dtype=object),
            "day": np.array(["2018-01-08", "NaT", "2017-02-06"], "datetime64[s]"),
        }
    ),
    "no row": pd.DataFrame({"a": np.empty(0), "b": pd.Series([], dtype="str")}),
    "no column": pd.DataFrame(index=pd.Index(["x", "y"], name="term")),
    "an index": pd.DataFrame(np.eye(2), index=["x", "y"]),
    "an index of mixed labels": pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", 3], dtype=object)),
    "two columns of a name": pd.DataFrame(np.eye(2), columns=["a", "a"]),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_come_back_with_their_types(name):
    pd.testing.assert_frame_equal(unpacked(packed(TABLES[name])), TABLES[name], check_exact=True)


def test_values_of_this_package_come_back():
    value = [Group("a", "target", "#111111"), Reach.TOO_SMALL, Alarm(5), np.arange(6).reshape(2, 3)]
    back = unpacked(packed(value))
    assert back[:3] == value[:3]
    assert [type(own) for own in back] == [type(own) for own in value]
    np.testing.assert_array_equal(back[3], value[3])


@dataclass
class Elsewhere:
    n: int


class Sign(StrEnum):
    UP = "up"


@pytest.mark.parametrize(
    "value",
    [
        len,
        object(),
        Elsewhere(1),
        Sign.UP,
        Flag("Own", ["A"]).A,
        np.array([object()]),
        pd.DataFrame({"a": pd.Categorical(["x"])}),
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("a", "b")])),
    ],
    ids=[
        "function",
        "object",
        "foreign value",
        "foreign sign",
        "local flag",
        "objects",
        "categories",
        "rows named twice",
    ],
)
def test_what_is_not_known_is_not_shared_but_computed(value, tmp_path):
    with pytest.raises(TypeError, match="cannot be shared"):
        packed(value)
    with sharing(tmp_path):
        assert once("key", lambda: value) is value
    assert list(tmp_path.glob("*.npz")) == []


def hostile(said):
    """Return a file that says something of its own."""
    content = io.BytesIO()
    np.savez(content, **{TEXT: np.frombuffer(json.dumps(said).encode(), np.uint8)})
    return content.getvalue()


@pytest.mark.parametrize(
    "said",
    [
        ["own", ["subprocess", "Popen", [["args", "true"]]]],
        ["own", ["analysis.exchange", "os", []]],
        ["own", ["analysis.exchange", "packed", []]],
        ["own", ["analysis.text.documents", "Path", []]],
        ["enum", ["builtins", "eval", "1"]],
    ],
    ids=str,
)
def test_a_file_of_someone_elses_makes_nothing_but_values(said):
    with pytest.raises(ValueError, match="no value class of this package"):
        unpacked(hostile(said))


def test_a_pickle_in_the_file_is_refused():
    content = io.BytesIO()
    np.savez(content, **{TEXT: np.array([print], dtype=object)}, allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle"):
        unpacked(content.getvalue())


def test_an_outcome_comes_back_whole(tmp_path):
    table = TABLES["every kind of column"]
    outcome = Outcome(table, table, "texts", "counting", {"one": table}, {"k": (2, np.int64(3))})
    with sharing(tmp_path):
        assert once("key", lambda: outcome) is outcome
        back = once("key", lambda: None)
    assert (back.unit, back.method, back.facts) == ("texts", "counting", {"k": (2, 3)})
    assert type(back.facts["k"][1]) is np.int64
    pd.testing.assert_frame_equal(back.parts["one"], table, check_exact=True)


def test_who_comes_while_another_computes_waits_for_it(tmp_path):
    begun, go_on, computed = Event(), Event(), []

    def slowly() -> int:
        begun.set()
        assert go_on.wait(5)
        computed.append(7)
        return 7

    with sharing(tmp_path), ThreadPoolExecutor(2) as threads:
        first = threads.submit(once, "key", slowly)
        assert begun.wait(5)
        second = threads.submit(once, "key", slowly)
        assert not wait([second], 0.1).done
        go_on.set()
        assert (first.result(), second.result(), computed) == (7, 7, [7])


def test_who_fails_lets_the_next_one_compute(tmp_path):
    def fails() -> int:
        raise InputError("no")

    with sharing(tmp_path):
        with pytest.raises(InputError, match="no"):
            once("key", fails)
        assert once("key", lambda: 7) == 7


def test_after_one_has_failed_the_others_compute_at_the_same_time(tmp_path):
    together = Barrier(2, timeout=20)

    def fails() -> int:
        raise InputError("no")

    with sharing(tmp_path), ThreadPoolExecutor(2) as threads:
        with pytest.raises(InputError, match="no"):
            once("key", fails)
        both = [threads.submit(once, "key", together.wait) for _ in range(2)]
        assert sorted(own.result() for own in both) == [0, 1]


def test_sharing_ends_with_its_body_and_gives_back_what_was_named_before(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, "before")
    with sharing(tmp_path):
        assert once("key", lambda: 7) == once("key", lambda: 8) == 7
    assert os.environ[FOLDER] == "before"
