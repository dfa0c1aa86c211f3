"""Keywords of streams: counts of the corpus, and intervals that hold what they say."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.cli import main
from analysis.inference.weights import rate_and_error
from analysis.keywords import keyness, stream_keyness
from analysis.keywords.table import FEWEST, STREAMED, keyness_of_tally
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


def _unequal():
    """Texts of 12 target and 30 reference documents of many lengths; words that differ and do not.

    "brim" stands in FEWEST documents, "rare" in one less, "only" in the target alone, often.
    """
    rng = np.random.default_rng(11)
    texts, groups = [], []
    for group, many, mean in ((0, 12, 3.0), (1, 30, 1.0)):
        for place in range(many):
            more = "brim " if place < FEWEST // 2 else ""
            rare = "rare " if place < (FEWEST - 1) // 2 + group * ((FEWEST - 1) % 2) else ""
            reef = "reef " * int(rng.poisson(2 * mean)) + "tide " * int(rng.poisson(4 / mean))
            only = "only1a " * 3 if group == 0 else ""
            same = "barn hay " * int(rng.integers(1, 9)) + "the of 1998 "
            texts.append(more + rare + reef + only + same)
            groups.append(group)
    return texts, groups


def test_a_stream_has_one_inference_for_each_number():
    """Normal interval and p of one error, Holm's family, the score at the interval's nearer end."""
    found = keyness_of_tally(tally_of(*_unequal())).set_index("term")
    assert not {"the", "of", "1998"} & set(found.index)
    judged = found[found["p_value"].notna()]
    assert {"reef", "tide", "barn", "hay", "brim"} <= set(judged.index)
    error = (judged["ci_high"] - judged["ci_low"]) / 2 / stats.norm.ppf(0.975)
    z = judged["log_ratio"] / error
    assert judged["p_value"].to_numpy() == pytest.approx(2 * stats.norm.sf(z.abs()), rel=1e-9)
    middle = (judged["ci_low"] + judged["ci_high"]) / 2
    assert middle.to_numpy() == pytest.approx(judged["log_ratio"].to_numpy(), rel=1e-12)
    rising = judged["p_value"].sort_values()
    steps = [min(1, (len(rising) - i) * p) for i, p in enumerate(rising)]
    assert judged["p_family"][rising.index].to_numpy() == pytest.approx(
        np.maximum.accumulate(steps)
    )
    assert (judged["established"] == (judged["p_family"] < 0.05)).all()
    assert judged["established"][["reef", "tide"]].all()
    assert not judged["established"][["barn", "hay"]].any()
    apart = (judged["ci_low"] > 0) | (judged["ci_high"] < 0)
    nearer = judged[["ci_low", "ci_high"]].abs().min(axis=1) * np.sign(judged["log_ratio"])
    assert judged["score"].to_numpy() == pytest.approx(np.where(apart, nearer, 0))
    assert judged["score"]["reef"] > 0 > judged["score"]["tide"]
    ordered = sorted(found.index, key=lambda term: (-found.loc[term, "score"], term))
    assert list(found.index) == ordered


def test_a_stream_tells_where_documents_are_too_few_or_on_one_side():
    found = keyness_of_tally(tally_of(*_unequal())).set_index("term")
    own = found[["ci_low", "ci_high", "p_value", "p_family"]].notna().all(axis=1)
    documents = found["documents_target"] + found["documents_reference"]
    assert (documents["brim"], documents["rare"]) == (FEWEST, FEWEST - 1)
    assert own["brim"]
    assert not own["rare"]
    assert not own["only1a"]
    assert found.loc["only1a", "g2"] > 0
    assert found.loc["only1a", "rate_reference"] == 0


def test_swapped_groups_of_a_stream_turn_the_sign():
    texts, groups = _unequal()
    found = keyness_of_tally(tally_of(texts, groups)).set_index("term")
    other = keyness_of_tally(tally_of(texts, [1 - g for g in groups])).set_index("term")
    other = other.loc[found.index]
    for name, turned, sign in (
        ("log_ratio", "log_ratio", -1), ("ci_low", "ci_high", -1), ("score", "score", -1),
        ("p_value", "p_value", 1), ("g2", "g2", 1), ("rate_target", "rate_reference", 1),
    ):  # fmt: skip
        assert found[name].to_numpy() == pytest.approx(
            sign * other[turned].to_numpy(), rel=1e-9, abs=1e-12, nan_ok=True
        )


def test_a_stream_is_reached_by_the_command_line(table, tmp_path, capsys):
    out = tmp_path / "keywords.csv"
    names = ["keywords", str(table), "--stream", "--target", "new"]
    assert main([*names, "--reference", "old", "--csv", str(out)]) == 0
    assert pd.read_csv(out)["term"].tolist()[0] == "reef"
    assert main(names) == 2
    assert "--target and --reference" in capsys.readouterr().err
