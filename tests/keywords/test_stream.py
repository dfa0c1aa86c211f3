"""Keywords of streams: counts of the corpus, and intervals that hold what they say."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.cli import main
from analysis.inference.weights import rate_and_error
from analysis.keywords import keyness, stream_keyness
from analysis.keywords.table import STREAMED, keyness_of_tally
from analysis.text import load_table
from tests.helpers import tally_of


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(2)
    rows = [
        {
            "text": "The " + " ".join(rng.choice(["reef", "tide", "barn", "hay"], 30, p=share)),
            "group": group,
        }
        for group, share in (("new", [0.5, 0.2, 0.2, 0.1]), ("old", [0.2, 0.2, 0.2, 0.4]))
        for _ in range(40)
    ]
    path = tmp_path / "table.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_counts_and_g2_are_those_of_keyness(table):
    ours = stream_keyness(table, target="new", reference="old")
    assert list(ours) == STREAMED
    theirs = keyness(load_table(table, target="new", reference="old"), draws=99).table
    both = ours.merge(theirs, on="term", suffixes=("", "_memory"), validate="1:1")
    assert len(both) == len(ours) == len(theirs) == 4
    for column in ("n_target", "n_reference", "rate_target", "rate_reference", "g2"):
        np.testing.assert_allclose(both[column], both[f"{column}_memory"])
    assert ours["term"].tolist()[0] == "reef"
    assert ours["term"].tolist()[-1] == "hay"
    assert ours.set_index("term")["established"].loc[["reef", "hay"]].all()


def test_the_error_is_that_of_documents():
    """The delta method on the cluster-robust error of rates, without m / (m - 1)."""
    rng = np.random.default_rng(5)
    counts, m = rng.poisson(rng.gamma(1, 4, 60)), 30
    texts = ["reef " * int(n) + "filler " * 50 for n in counts]
    found = keyness_of_tally(tally_of(texts, [0] * m + [1] * m)).set_index("term").loc["reef"]
    parts = []
    for side in (slice(0, m), slice(m, 2 * m)):
        x, n = counts[side, None].astype(float), counts[side] + 50.0
        rate, error = rate_and_error(x, n, np.ones((1, m)))
        parts.append((error[0, 0] / rate[0, 0]) ** 2 * (m - 1) / m)
    half = 1.959964 * np.sqrt(sum(parts)) / np.log(2)
    assert (found["ci_high"] - found["ci_low"]) / 2 == pytest.approx(half, rel=1e-6)


def test_intervals_hold_the_truth_nineteen_times_in_twenty():
    rng = np.random.default_rng(7)
    missed = []
    for _ in range(60):
        texts = ["reef " * int(n) + "filler " * 40 for n in rng.poisson(rng.gamma(1, 3, 160))]
        row = keyness_of_tally(tally_of(texts, [0, 1] * 80)).set_index("term").loc["reef"]
        missed.append(not row["ci_low"] <= 0 <= row["ci_high"])
    assert np.mean(missed) <= 0.13


def test_rare_terms_have_no_interval():
    texts = ["reef tide"] * 4 + ["tide barn"] * 30
    found = keyness_of_tally(tally_of(texts, [0, 1] * 17)).set_index("term")
    assert np.isnan(found.loc["reef", ["ci_low", "p_value", "p_family"]].astype(float)).all()
    assert not found.loc["reef", "established"]
    assert found.loc["reef", "score"] == 0


def test_a_stream_is_reached_by_the_command_line(table, tmp_path, capsys):
    out = tmp_path / "keywords.csv"
    names = ["keywords", str(table), "--stream", "--target", "new"]
    assert main([*names, "--reference", "old", "--csv", str(out)]) == 0
    assert pd.read_csv(out)["term"].tolist()[0] == "reef"
    assert main(names) == 2
    assert "--target and --reference" in capsys.readouterr().err
