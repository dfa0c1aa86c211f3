"""Keywords of streams: counts of the corpus, and intervals that hold what they say."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.cli import main
from analysis.errors import InputError
from analysis.keywords import keyness, stream_keyness
from analysis.keywords.table import FEWEST, STREAMED, keyness_of_tally
from analysis.text import load_table
from analysis.text.stream import Tally
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


def test_the_variance_is_the_larger_of_two_by_hand():
    rng = np.random.default_rng(5)
    counts, first, m = rng.poisson(rng.gamma(1, 4, 60)), 20, 60
    texts = ["reef " * int(n) + "filler " * 50 for n in counts]
    groups = [0] * first + [1] * (m - first)
    found = keyness_of_tally(tally_of(texts, groups)).set_index("term").loc["reef"]
    n, sides = counts + 50.0, (slice(0, first), slice(first, m))
    rate = counts.sum() / n.sum()
    spread = [
        ((counts[own] - rate * n[own]) ** 2).sum() * (size := len(n[own])) / (size - 1)
        for own in sides
    ]
    lengths, squares = [n[own].sum() for own in sides], [(n[own] ** 2).sum() for own in sides]
    apart = sum(s / t**2 for s, t in zip(spread, lengths, strict=True))
    shares = sum(q / t**2 for q, t in zip(squares, lengths, strict=True))
    variance = max(apart, sum(spread) / sum(squares) * shares)
    difference = counts[sides[0]].sum() / lengths[0] - counts[sides[1]].sum() / lengths[1]
    z = abs(difference) / np.sqrt(variance)
    assert found["p_value"] == pytest.approx(2 * stats.norm.sf(z), rel=1e-6)
    half = 1.959964 * abs(found["log_ratio"]) / z
    assert (found["ci_high"] - found["ci_low"]) / 2 == pytest.approx(half, rel=1e-6)


def test_a_word_of_one_group_alone_is_established_and_open_at_one_end():
    texts = [f"{'surf ' * 2 if place % 2 else ''}tide barn hay" for place in range(60)]
    found = keyness_of_tally(tally_of(texts, [place % 2 for place in range(60)])).set_index("term")
    own = found.loc["surf"]
    assert own["established"]
    assert own["score"] == own["ci_high"] < 0
    assert own["ci_low"] == -np.inf


@pytest.mark.parametrize(("few", "many"), [(5, 50), (20, 200), (60, 60)])
def test_groups_that_do_not_differ_have_no_keyword(few, many):
    """Bursts, and documents of many lengths; in at most one of twenty tables some term passes."""
    rng = np.random.default_rng(few)
    passed = []
    for _ in range(20):
        rates = rng.gamma(0.5, 2, (few + many, 80)) * rng.lognormal(0, 0.5, (few + many, 1))
        counts = rng.poisson(rates * np.geomspace(0.05, 2, 80))
        sums = [
            np.stack([own.sum(0), (own > 0).sum(0), (own**2).sum(0), (own * n).sum(0)], axis=1)
            for own in (counts[:few], counts[few:])
            for n in (own.sum(1, keepdims=True),)
        ]
        sizes = [
            [len(own), own.sum(), (own.sum(1) ** 2).sum(), 0]
            for own in (counts[:few], counts[few:])
        ]
        terms = [f"term{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(80)]
        tally = Tally(terms, np.stack(sums, axis=1), np.array(sizes))
        passed.append(keyness_of_tally(tally)["established"].any())
    assert sum(passed) <= 1


def test_a_group_of_one_document_is_refused():
    with pytest.raises(InputError, match="A group has 1 document, and a stream"):
        keyness_of_tally(tally_of(["reef tide", "tide", "barn"], [0, 1, 1]))


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

    Of the 18 documents that hold "brim", 5.1 are expected in the target; of the 17 that hold
    "rare", 4.9, which is less than half of FEWEST. "only1a" stands in the target alone, often.
    """
    rng = np.random.default_rng(11)
    texts, groups = [], []
    for group, many, mean in ((0, 12, 3.0), (1, 30, 1.0)):
        for place in range(many):
            more = "brim " if place < (6, 12)[group] else ""
            rare = "rare " if place < (6, 11)[group] else ""
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


def test_a_stream_tells_where_documents_are_too_few():
    found = keyness_of_tally(tally_of(*_unequal())).set_index("term")
    own = found[["ci_low", "ci_high", "p_value", "p_family"]].notna().all(axis=1)
    documents = found["documents_target"] + found["documents_reference"]
    assert (documents["brim"], documents["rare"]) == (18, 17)
    assert 17 * 12 / 42 < FEWEST / 2 < 18 * 12 / 42
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


def test_switches_that_a_stream_does_not_take_are_named_as_they_are_given(table, capsys):
    names = ["keywords", str(table), "--stream", "--target", "new", "--reference", "old"]
    for switch in (["--function-words"], ["--unit", "50"], ["--drop-names"], ["--seed", "1"]):
        assert main([*names, *switch]) == 2
        assert f"{switch[0]} does not go with --stream" in capsys.readouterr().err


def test_a_record_of_another_table_is_told(table, tmp_path, capsys):
    out = tmp_path / "keywords.csv"
    names = ["keywords", str(table), "--target", "new", "--reference", "old", "--csv", str(out)]
    assert main([*names, "--draws", "99"]) == 0
    assert "of another table" not in capsys.readouterr().err
    assert main([*names, "--stream"]) == 0
    assert f"{out.with_suffix('.json')}, which stands beside it, is of" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["keywords", "--stream"], ["topics", "--stream", "5"]])
def test_an_empty_table_is_refused(tmp_path, capsys, command):
    for content in ("", "\n \n"):
        path = tmp_path / "t.jsonl"
        path.write_text(content, encoding="utf-8")
        assert main([command[0], str(path), *command[1:], "--target", "a", "--reference", "b"]) == 2
        assert re.search("holds no row|No row of", capsys.readouterr().err)


def test_no_topics_of_a_stream_are_no_topics_in_memory(tmp_path, capsys):
    rng = np.random.default_rng(0)
    words = [f"word{chr(97 + k)}" for k in range(26)]
    rows = [{"text": " ".join(rng.choice(words, 5)), "group": "ab"[k % 2]} for k in range(40)]
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["topics", str(path), "--target", "a", "--reference", "b", "--stream", "0"]) == 2
    assert "number of topics" in capsys.readouterr().err
