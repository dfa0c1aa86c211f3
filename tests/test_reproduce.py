"""Published results come out the same, or it is said why not."""

import pytest

from scripts import reproduce


def test_published_results_come_out_the_same():
    rows = reproduce.rows()
    assert [row for row in rows if row.why != reproduce.SAME] == []
    sources = {row.source.split(",")[0].split(" ")[0] for row in rows}
    known = {"Dunning", "Gabrielatos", "Gries", "Lijffijt", "Monroe", "Mosteller", "README",
             "quanteda"}  # fmt: skip
    assert known <= sources
    assert len(rows) >= 70


def test_a_result_that_differs_is_said_to():
    assert reproduce.compared("0.83", 0.8316, 2) == reproduce.SAME
    assert reproduce.compared("0.84", 0.8316, 2).startswith("differs by 0.0084")


def test_data_of_ones_own_are_read_where_they_lie(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(reproduce, "federalist", lambda folder: asked.append(folder) or [])
    monkeypatch.setattr(reproduce, "fightin_words", lambda folder: asked.append(folder) or [])
    monkeypatch.setattr(reproduce, "planted", lambda folder: asked.append(folder) or [])
    (tmp_path / "federalist").mkdir()
    assert reproduce.rows(tmp_path)
    assert asked == [tmp_path / "federalist"] * 3


def test_words_are_planted_so_often_and_nowhere_else():
    text = "At the one, the two, the three and the four."
    assert reproduce._with(text, "x", 2) == "At the x one, the two, the three and the x four."
    with pytest.raises(ValueError, match="4 articles has no room for 5 words"):
        reproduce._with(text, "x", 5)


def test_the_survey_is_passed_over_where_it_is_not_there(tmp_path):
    assert list(reproduce.survey(tmp_path)) == []
