"""Published results come out the same, or it is said why not."""

from scripts import reproduce


def test_published_results_come_out_the_same():
    rows = reproduce.rows()
    assert [row for row in rows if row.why != reproduce.SAME] == []
    sources = {row.source.split(",")[0].split(" ")[0] for row in rows}
    assert {"Dunning", "Gabrielatos", "Gries", "Lijffijt", "Mosteller", "README"} <= sources
    assert len(rows) >= 50


def test_a_result_that_differs_is_said_to():
    assert reproduce.compared("0.83", 0.8316, 2) == reproduce.SAME
    assert reproduce.compared("0.84", 0.8316, 2).startswith("differs by 0.0084")
