"""Topics of a stream: the same digits however it is cut, and the planted topics in it."""

import os
import signal
import threading
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis import cli
from analysis.errors import InputError
from analysis.text import stop_words
from analysis.topicmodels import streaming
from analysis.topicmodels.streaming import read_partitions, stream_topics
from tests.helpers import HERE

ENDINGS = ("a", "as", "et", "in")
WORDS = np.array(
    [
        f"{a}{b}{c}{d}"
        for a in "bdfgklmnprst"
        for b in "aeio"
        for c in ("b", "rk", "ld")
        for d in ENDINGS
    ]
)
TOPICS = np.random.default_rng(0).standard_gamma(0.15, (3, len(WORDS))) + 1e-9
TOPICS /= TOPICS.sum(axis=1, keepdims=True)
ODDS = {"new": [2.4, 0.8, 0.8], "old": [0.8, 1.6, 1.6]}  # shares .6 .2 .2, and .2 .4 .4
GROUPS = {"target": "new", "reference": "old"}


def draw(count, seed=0, words=40):
    """Draw documents of three topics, of which the first is commoner in the new ones."""
    rng = np.random.default_rng(seed)
    groups = ["new" if number % 2 else "old" for number in range(count)]
    mixed = [0.2 / len(WORDS) + 0.8 * rng.dirichlet(ODDS[group]) @ TOPICS for group in groups]
    texts = [" ".join(rng.choice(WORDS, words, p=p / p.sum())) for p in mixed]
    return pd.DataFrame({"group": groups, "text": texts})


def cut(table, size):
    """Return a stream of partitions of so many documents."""
    return lambda: (table.iloc[i : i + size] for i in range(0, len(table), size))


def census(table, size):
    batches = streaming.cut_batches(cut(table, 1)(), size)
    return streaming.take_census(map(streaming.count_documents, batches))


@pytest.fixture(scope="module")
def documents():
    return draw(600)


@pytest.fixture(scope="module")
def found(documents):
    return stream_topics(cut(documents, 7), k=3, batch=100, **GROUPS)


@pytest.mark.parametrize("size", [1, 600])
def test_partitions_do_not_matter(found, documents, size):
    other = stream_topics(cut(documents, size), k=3, batch=100, **GROUPS)
    assert other.vocabulary == found.vocabulary
    assert other.documents == found.documents
    pd.testing.assert_frame_equal(other.prevalence, found.prevalence, rtol=0, atol=0)
    pd.testing.assert_frame_equal(other.terms, found.terms, rtol=0, atol=0)


def test_planted_topics_are_recovered(found):
    for topic, row in enumerate(TOPICS):
        best = set(WORDS[np.argsort(-row)[:8]])
        listed = found.terms[found.terms["rank"] <= 10].groupby("topic")["term"]
        assert max(len(best & set(own)) for _, own in listed) >= 6, topic
    assert (found.prevalence["stability"] >= 0.5).all()


def test_the_planted_difference_is_found(found):
    best = set(WORDS[np.argsort(-TOPICS[0])[:8]])
    listed = found.terms[found.terms["rank"] <= 10].groupby("topic")["term"]
    first = max((len(best & set(own)), topic) for topic, own in listed)[1]
    table = found.prevalence.set_index("topic")
    assert table.loc[first, "estimate"] == pytest.approx(0.4, abs=0.08)
    assert table.loc[first, "p_family"] < 1e-6
    assert (table.drop(first)["estimate"] < 0).all()


def test_shares_of_a_group_sum_to_one(found):
    np.testing.assert_allclose(found.prevalence["share_target"].sum(), 1)
    np.testing.assert_allclose(found.prevalence["share_reference"].sum(), 1)
    assert found.prevalence["estimate"].sum() == pytest.approx(0, abs=1e-12)
    assert found.documents == {"new": 300, "old": 300}


def test_a_third_reading_changes_nothing_that_was_counted(documents, found):
    again = stream_topics(cut(documents, 50), k=3, batch=100, passes=1, **GROUPS)
    assert again.vocabulary == found.vocabulary
    assert again.documents == found.documents


def test_the_vocabulary_is_what_two_and_not_most_documents_hold():
    texts = ["The reef and tide.", "Reef reef, hay.", "Hay 7 once", "Tide common", "common common"]
    table = pd.DataFrame({"group": list("aabbb"), "text": texts})
    taken = census(table, 2)
    expected = {"reef": 2, "tide": 2, "hay": 2, "once": 1, "common": 2}
    assert dict(taken.spread) == {t: n for t, n in expected.items() if t not in stop_words()}
    assert taken.groups == {"a": 2, "b": 3}
    assert streaming.vocabulary(taken, 9) == ("common", "hay", "reef", "tide")
    assert streaming.vocabulary(taken, 2) == ("common", "hay")


@given(st.lists(st.text("abc ", min_size=1), min_size=1, max_size=8), st.integers(0, 8))
def test_counts_add_up_in_any_tree(texts, at):
    table = pd.DataFrame({"group": "a", "text": texts})
    whole = census(table, len(texts))
    assert census(table, 1) == whole
    halves = [census(half, 9) for half in (table.iloc[:at], table.iloc[at:])]
    assert streaming.take_census(halves) == whole
    assert streaming.take_census(halves[::-1]) == whole


def test_batches_hold_the_counts_of_each_document():
    table = pd.DataFrame({"group": list("aba"), "text": ["Reef hay reef", "none", "hay"]})
    batches = streaming.cut_batches(cut(table, 1)(), 2)
    (first, flags), (second, _) = (
        streaming.counted(batch, ("hay", "reef"), "a") for batch in batches
    )
    assert first.toarray().tolist() == [[1, 2], [0, 0]]
    assert second.toarray().tolist() == [[1, 0]]
    assert flags.tolist() == [True, False]


def test_the_interval_is_welchs():
    rng = np.random.default_rng(1)
    shares = [rng.dirichlet(np.ones(3), 40), rng.dirichlet(np.ones(3), 25)]
    sums = np.array([[np.full(3, len(s)), s.sum(axis=0), (s**2).sum(axis=0)] for s in shares])
    table = streaming._prevalence(sums, np.eye(3), ("a", "b", "c"), np.zeros(3))
    test = stats.ttest_ind(*shares, equal_var=False)
    interval = test.confidence_interval()
    np.testing.assert_allclose(table["p_value"], test.pvalue)
    np.testing.assert_allclose(table[["ci_low", "ci_high"]].T, [interval.low, interval.high])


def test_a_share_that_never_varies_has_no_interval():
    shares = [np.array([[0.1, 0.9]] * 7), np.array([[0.3, 0.7]] * 5)]
    sums = np.array([[np.full(2, len(s)), s.sum(axis=0), (s**2).sum(axis=0)] for s in shares])
    table = streaming._prevalence(sums, np.eye(2), ("a", "b"), np.zeros(2))
    assert table["estimate"].round(9).tolist() == [-0.2, 0.2]
    assert table[["ci_low", "ci_high", "p_value", "p_family"]].isna().all(axis=None)


def test_memory_does_not_grow_with_the_stream():
    """Three times the documents, made as they are read, and no more memory at the peak."""

    def peak(partitions):
        tracemalloc.start()
        stream_topics(
            lambda: (draw(50, seed=i) for i in range(partitions)),
            k=2, batch=50, passes=1, **GROUPS,
        )  # fmt: skip
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(1)
    assert peak(12) < 1.3 * peak(4)


def test_documents_without_a_term_are_left_out(documents):
    empty = pd.DataFrame({"group": ["new", "old"], "text": ["Of the", "singular"]})
    longer = pd.concat([documents, empty], ignore_index=True)
    found = stream_topics(cut(longer, 100), k=2, batch=300, passes=1, **GROUPS)
    assert found.left_out == 2
    assert found.prevalence["n_target"].tolist() == [300, 300]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 1}, r"between 2 and the \d+ terms and the 1000 documents of a batch, got k=1"),
        ({"k": 9, "batch": 8}, "the 8 documents of a batch, got k=9"),
        ({"k": 2, "passes": 0}, "got passes=0"),
        (
            {"k": 2, "target": "newer"},
            "two groups, 'newer' and 'old'.*got {'new': 300, 'old': 300}",
        ),
    ],
)
def test_what_cannot_be_streamed_is_refused(documents, options, message):
    with pytest.raises(InputError, match=message):
        stream_topics(cut(documents, 100), **{**GROUPS, **options})


def test_one_group_alone_is_refused(documents):
    new = documents[documents["group"] == "new"]
    with pytest.raises(InputError, match="must hold two groups"):
        stream_topics(cut(new, 100), k=2, **GROUPS)


def test_more_topics_than_filled_documents_are_refused():
    table = pd.DataFrame(
        {"group": ["new", "old"] * 5, "text": ["reef hay tide", *["of"] * 8, "tide hay reef"]}
    )
    with pytest.raises(InputError, match="holds 2 with a term of the vocabulary, fewer than k=3"):
        stream_topics(cut(table, 5), k=3, **GROUPS)


def test_a_stream_that_changes_is_refused(documents):
    sizes = iter([600, 500])
    with pytest.raises(InputError, match="held 600 documents when its terms were counted and 500"):
        stream_topics(lambda: [documents.head(next(sizes))], k=2, **GROUPS)


def test_a_stream_without_terms_is_refused():
    table = pd.DataFrame({"group": ["new", "old"], "text": ["cats", "dogs"]})
    with pytest.raises(InputError, match="No term is left for topics: of 2 terms"):
        stream_topics(lambda: [table], k=2, **GROUPS)


def test_a_partition_without_columns_is_refused():
    with pytest.raises(InputError, match="columns 'group' and 'text', got \\['text'\\]"):
        stream_topics(lambda: [pd.DataFrame({"text": ["a"]})], k=2, **GROUPS)
    with pytest.raises(InputError, match="got list"):
        stream_topics(lambda: [["a", "b"]], k=2, **GROUPS)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_rows_of_a_file_give_the_same_digits(documents, found, tmp_path, workers):
    file = tmp_path / "texts.jsonl"
    documents.to_json(file, orient="records", lines=True)
    other = stream_topics(streaming.RowsOfFile(file, workers=workers), k=3, batch=100, **GROUPS)
    assert (other.vocabulary, other.documents) == (found.vocabulary, found.documents)
    pd.testing.assert_frame_equal(other.prevalence, found.prevalence, rtol=0, atol=0)
    pd.testing.assert_frame_equal(other.terms, found.terms, rtol=0, atol=0)


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_the_same_digits_though_a_worker_is_killed(documents, found, tmp_path):
    distributed = pytest.importorskip("distributed")
    file = tmp_path / "texts.jsonl"
    documents.to_json(file, orient="records", lines=True)
    with distributed.LocalCluster(n_workers=2, processes=True, **HERE) as cluster:
        address = cluster.scheduler_address
        with distributed.Client(address) as client:
            pids = list(client.run(os.getpid).values())
        threading.Timer(0.5, os.kill, [pids[0], signal.SIGKILL]).start()
        rows = streaming.RowsOfFile(file, scheduler=address)
        other = stream_topics(rows, k=3, batch=100, **GROUPS)
    pd.testing.assert_frame_equal(other.prevalence, found.prevalence, rtol=0, atol=0)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_table_is_streamed_from_the_command_line(documents, found, tmp_path, ending):
    file, out = tmp_path / f"texts.{ending}", tmp_path / "topics.csv"
    table = documents.rename(columns={"text": "body"})
    write = table.to_csv if ending == "csv" else table.to_json
    write(file, **({"index": False} if ending == "csv" else {"orient": "records", "lines": True}))
    options = ["--target", "new", "--reference", "old", "--text", "body", "--csv", str(out)]
    assert cli.main(["topics", str(file), "--stream", "3", *options]) == 0
    partitions = read_partitions(file, text="body", size=7)
    expected = stream_topics(partitions, k=3, **GROUPS).prevalence
    told = pd.read_csv(out)
    assert list(told["label"]) == list(expected["label"])
    np.testing.assert_allclose(told["estimate"], expected["estimate"], rtol=1e-5)


def test_a_stream_needs_a_table_and_its_groups(tmp_path, capsys):
    assert cli.main(["topics", str(tmp_path / "a.jsonl"), "--stream", "3"]) != 0
    assert "--target and --reference" in capsys.readouterr().err
    with pytest.raises(InputError, match=r"from a file in \.jsonl or \.csv, got 'a\.txt'"):
        read_partitions("a.txt")
    with pytest.raises(InputError, match="cannot be read"):
        list(read_partitions(tmp_path / "none.jsonl")())
