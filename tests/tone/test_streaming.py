"""The tone of streams: what memory gives, in any parts, by any workers."""

import json
from functools import reduce

import numpy as np
import pandas as pd
import pytest

from analysis import load_corpus, sentiment
from analysis.cli import main
from analysis.errors import InputError
from analysis.text import load_table, stream
from analysis.text.stream import cut
from analysis.tone import streaming
from analysis.tone.streaming import add, score_part, stream_sentiment

EXACT = """estimate ci_low ci_high p_value units_low units_high mean_target mean_reference
    coverage_target coverage_reference""".split()
ALIKE = "column masked calibrated n_target n_reference established".split()


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The two articles, four sentences a text, with rows of other groups and of none."""
    sentences = load_corpus().sentences
    rows = [
        {"text": " ".join(own["text"]), "group": str(label), "year": int(str(label)[-4:])}
        for label, group in sentences.groupby("group")
        for _, own in group.groupby(np.arange(len(group)) // 4)
    ]
    rows += [{"text": "A good day.", "group": "else"}, {"text": None, "group": rows[0]["group"]}]
    path = tmp_path_factory.mktemp("stream") / "table.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path, sorted({row["group"] for row in rows[:-2]})


def test_a_stream_is_the_corpus_in_memory(table):
    path, (target, reference) = table
    found, told = stream_sentiment(path, target=target, reference=reference)
    whole = sentiment(load_table(path, target=target, reference=reference)).table
    assert len(found) == len(whole)
    for column in ALIKE:
        assert (found[column] == whole[column]).all(), column
    np.testing.assert_allclose(found[EXACT], whole[EXACT], atol=1e-9)
    # of random numbers, which are others
    for column in ("p_family", "family_low", "family_high"):
        np.testing.assert_allclose(found[column], whole[column], atol=0.03)
    assert (found["documents_target"] == whole["units_target"]).all()
    assert told[0].startswith("Passed over: 1 row without a text or a group (the row at byte ")


def test_parts_and_processes_make_no_difference(table):
    path, (target, reference) = table
    whole, all_told = stream_sentiment(path, target=target, reference=reference)
    for how in ({"part": 3_000}, {"part": 3_000, "workers": 2}, {"part": 200}):
        own, told = stream_sentiment(path, target=target, reference=reference, **how)
        pd.testing.assert_frame_equal(own, whole, check_exact=True)
        assert told == all_told


def test_any_tree_of_parts_is_the_same(table):
    path, sides = table
    parts = [score_part(part) for part in cut(str(path), "text", "group", tuple(sides), 4_000)]
    left, right = reduce(add, parts), reduce(lambda one, two: add(two, one), reversed(parts))
    assert left.passed == right.passed
    assert all((left.sums[name] == right.sums[name]).all() for name in left.sums)


def test_moments_by_hand():
    """Scores 1, 2 and 6 of one, one and two sentences: a mean of 9 / 4."""
    scores, n = [1, 2, 6], [1, 1, 2]
    own = {
        "held": 3, "n": 4, "n2": 6,
        "scores": [9 * streaming.STEPS], "lengths": [15 * streaming.STEPS],
        "products": np.array([[41 * streaming.STEPS**2]], dtype=object),
    }  # fmt: skip
    (mean,), ((variance,),) = streaming._moments(own)
    assert mean == 9 / 4
    left = sum((s - 9 / 4 * m) ** 2 for s, m in zip(scores, n, strict=True))
    assert variance == pytest.approx(3 / 2 * left / 16)


def test_rows_of_a_root_have_the_variances_and_covariances():
    rows = np.random.default_rng(0).normal(size=(4, 6))
    spread = rows.T @ rows  # of rank 4
    spread[:, 2] = spread[2] = 0  # one that does not vary
    root = streaming._root(spread)
    np.testing.assert_allclose(root.T @ root, spread, atol=1e-6)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("A good day.", "a"), ("A bad day.", "b"), ("It was good.", "b")], "1 document of 'a'"),
        ([("Das ist der Tag und die Nacht für uns. " * 9, "a"), ("Good. " * 9, "b")], "German"),
        ([("A good day.", "a")] * 2, "has 'b' in its column 'group'"),
        ([("A good\ufffd day.", "a"), ("A bad day.", "b")], "U\\+FFFD"),
        ([("这是一个非常好的日子我们都很高兴" * 9, "a"), ("A bad day.", "b")], "no spaces"),
    ],
)
def test_what_bears_no_tone_is_refused(tmp_path, rows, says):
    path = tmp_path / "t.jsonl"
    lines = (json.dumps({"text": text, "group": group}) + "\n" for text, group in rows)
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=says):
        stream_sentiment(path, target="a", reference="b")


def test_the_last_texts_of_a_sorted_table_are_checked_too(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "LOOKED_AT", 3)
    monkeypatch.setattr(stream, "LONGEST", 1_000)
    path = tmp_path / "t.jsonl"
    rows = [("The day was good for all of them.", "a")] * 9
    rows += [("Das ist der Tag und die Nacht für uns. " * 9, "b")] * 3
    lines = (json.dumps({"text": text, "group": group}) + "\n" for text, group in rows)
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match="German"):
        stream_sentiment(path, target="a", reference="b")


def test_a_way_that_scores_no_word_has_no_numbers(tmp_path):
    path = tmp_path / "t.jsonl"
    rows = [("The table is of wood.", "a")] * 3 + [("A good day for all.", "b")] * 3
    lines = (json.dumps({"text": text, "group": group}) + "\n" for text, group in rows)
    path.write_text("".join(lines), encoding="utf-8")
    found, _ = stream_sentiment(path, target="a", reference="b")
    own = found[found["coverage_target"] == 0]
    assert len(own)
    assert own[["estimate", "ci_low", "p_value", "p_family", "mean_target"]].isna().all().all()
    assert not own["established"].any()


def test_the_command_writes_it_and_takes_no_switch_of_corpora(table, tmp_path, capsys):
    path, (target, reference) = table
    asked = ["tone", str(path), "--target", target, "--reference", reference, "--stream"]
    out = tmp_path / "tone.csv"
    assert main([*asked, "--csv", str(out)]) == 0
    written = pd.read_csv(out)
    found = stream_sentiment(path, target=target, reference=reference)[0]
    np.testing.assert_allclose(written["estimate"], found["estimate"], rtol=1e-6)
    assert "Passed over" in capsys.readouterr().err
    for switch in (["--lines", str(path)], ["--embedding"], ["--draw", "3"]):
        assert main([*asked, *switch]) == 2
        assert f"{switch[0]} does not go with --stream" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["keywords", "tone", "topics"])
@pytest.mark.parametrize("option", [("--workers", "2"), ("--scheduler", "tcp://here:1")])
def test_what_reads_a_stream_is_refused_without_one(table, command, option, capsys):
    path, (target, reference) = table
    assert main([command, str(path), "--target", target, "--reference", reference, *option]) == 2
    assert "--workers and --scheduler go with --stream" in capsys.readouterr().err
