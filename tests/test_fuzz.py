"""The generated input of the benchmark, a little of it through every door."""

import csv

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks import fuzz, fuzz_doors, growth

DOORS = fuzz_doors.doors()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DOORS)
def test_generated_input_gives_a_result_or_one_sentence(name):
    door = DOORS[name]
    few = 4 if door.inputs < 2_000 else 20

    @settings(max_examples=few, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.data())
    def through(data):
        assert door.check(data.draw(door.drawn)) >= 1

    through()


def test_the_doors_see_what_is_wrong(monkeypatch):
    monkeypatch.setattr(fuzz_doors, "tokenize", lambda text, *_: text.split())
    with pytest.raises(AssertionError):
        fuzz_doors.words(("one, two", "english"))
    monkeypatch.setattr(fuzz_doors, "as_read", lambda text: fuzz_doors.clean(text[:-1], rules=()))
    with pytest.raises(AssertionError):
        fuzz_doors.cleaning("lost.")


def test_the_committed_outcome_is_of_these_doors_and_without_a_failure():
    with fuzz.TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["door"] for row in rows} <= set(DOORS)
    assert {row["failures"] for row in rows} == {"0"}
    assert sum(int(row["texts"]) for row in rows) >= 100_000
    led = sum(int(row["inputs"]) for row in rows if row["guided"] == "yes")
    assert led >= 100_000


def test_the_committed_growth_is_of_these_steps_and_in_step_with_the_text():
    with growth.TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == list(growth.steps())
    for row in rows:
        assert int(row["patterns"]) == len(growth.patterns(row["step"]))
        assert float(row["exponent"]) <= growth.LIMIT, row
        assert float(row["grows"]) <= 1.2, row  # of one measurement; large texts leave the caches


def test_growth_sees_time_that_is_squared():
    def squared(text: str) -> None:
        for _ in range(len(text)):
            text.count("b")

    def in_step(text: str) -> None:
        for _ in range(99):
            text.count("b")

    assert growth.slope(squared, "a", 2_000, 16_000)[0] > 1.4
    assert growth.slope(in_step, "a", 20_000, 160_000)[0] < 1.4
