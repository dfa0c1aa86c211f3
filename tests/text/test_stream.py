"""Counts of streams: the tokens of the corpus, on any text, in any parts, by any workers."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import reduce

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.text import load_table, load_texts, pieces
from analysis.text.stream import BUFFER, count_part, cut, merge, stream_counts
from tests.helpers import tally_of

HARD = st.text(
    st.sampled_from(
        "aAbIsſßéÉ\u0301\u0308İıΣς中。！09 \t\n\r\u00a0\u2028\u200b\u200d\u00ad-‐–—"
        "''’`´\"“”.…&+@#_/:"
        "\x1a\uff0d¹ﬁ👍\U0001f3fd🇮🇷ﬀ,!?()*xX"
    ),
    max_size=40,
)


def tokens_of(text):
    """Return the tokens that a corpus has of a text."""
    corpus = load_texts([text + " end"], ["other"])
    return Counter(token for own in corpus.tokens_of("target") for token in own)


def counted(found, side=0):
    """Return how often a tally has each term in a group."""
    return Counter(
        {t: int(n) for t, n in zip(found.terms, found.counts[:, side, 0], strict=True) if n}
    )


@given(HARD)
@settings(max_examples=200, deadline=None)
@example("co-\noperation and pre- \n war")
@example("the U.S. . . . end")
@example("http://a.b。c d。e")
@example("e\u0301tude \u0301x")
@example("don`t rock''n''roll Iran’s ’s")
@example('US us Us "Reef." (tide) [a.] www. http: e.g. Www.x U.S. x.')
@example("co\uff0d\noperation and pre-\u200b \nwar")
@example("see http://a--b.c/d--e and www.f.g. . .h")
@example("« ¹tide »")
@example("the ti\x1ade and the reef\x1a")
@example("word\u200b \u200bword a\u00a0b a\u2028b")
def test_tokens_are_those_of_the_corpus_on_adversarial_text(text):
    assert counted(tally_of([text + " end", "other"], [0, 1])) == tokens_of(text)


def test_counts_by_hand():
    found = tally_of(["Reef, reef. The REEF's tide", "reef", "x"], [0, 0, 1])
    table = found.table().set_index("term")
    stats = [f"{stat}_target" for stat in ("n", "documents", "squares", "lengths")]
    assert table.loc["reef", stats].tolist() == [4, 2, 10, 16]  # 3 of 5 tokens, 1 of 1
    assert table.loc["x", "n_reference"] == 1
    assert found.sizes[:, :3].tolist() == [[2, 6, 26], [1, 1, 1]]


def test_pieces_of_one_word_are_one_document():
    """ "Reef," and "reef." are two pieces and one word."""
    found = tally_of(['"Reef," reef. (reef)', "none"], [0, 1])
    assert found.table().set_index("term").loc[
        "reef", ["n_target", "documents_target"]
    ].tolist() == [
        3,
        1,
    ]


@pytest.fixture
def table(tmp_path):
    """A table of 300 texts, some of them long, some damaged by line ends and accents."""
    rng = np.random.default_rng(1)
    words = ["reef", "Tide,", "naïve", "“co", "operation”", "antidisestablishmentarianism", "U.S.",
             "don’t", "x", "e\u0301tude", "2017", "internationally", "internationals."]  # fmt: skip
    rows = [
        {
            "text": " ".join(rng.choice(words, rng.integers(1, 60)))
            + ("\nmade - so" * (i % 7 == 0)),
            "group": ["new", "old", "else"][i % 3],
        }
        for i in range(300)
    ]
    path = tmp_path / "table.jsonl"
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=i % 2 == 0) + "\n" for i, row in enumerate(rows)),
        encoding="utf-8",
    )
    return path


def test_a_stream_is_the_corpus_in_memory(table):
    found = stream_counts(table, target="new", reference="old")
    corpus = load_table(table, target="new", reference="old")
    for side, label in enumerate(("new", "old")):
        tokens = Counter(token for own in corpus.tokens_of(label) for token in own)
        assert counted(found, side) == tokens
        assert found.sizes[side, :2].tolist() == [100, tokens.total()]


@pytest.mark.parametrize("size", [50, 777, 10_000])
def test_parts_make_no_difference(table, size):
    whole = stream_counts(table, target="new", reference="old")
    parts = stream_counts(table, target="new", reference="old", part=size)
    pd.testing.assert_frame_equal(parts.table(), whole.table())
    assert parts.told == whole.told


def test_any_tree_of_parts_is_the_same(table):
    parts = [count_part(p) for p in cut(str(table), "text", "group", ("new", "old"), 999)]
    left = parts[0]
    for one in parts[1:]:
        left = merge(left, one)
    right = parts[-1]
    for one in parts[-2::-1]:
        right = merge(one, right)
    pd.testing.assert_frame_equal(left.table(), right.table())
    assert (left.sizes == right.sizes).all()


def test_two_processes_count_alike(table):
    one = stream_counts(table, target="new", reference="old", part=9_000).table()
    two = stream_counts(table, target="new", reference="old", part=9_000, workers=2).table()
    pd.testing.assert_frame_equal(two, one)


def test_threads_of_one_process_count_alike(table):
    """A worker of a cluster has as many threads as cores, unless it is told otherwise."""
    parts = cut(str(table), "text", "group", ("new", "old"), 300)
    alone = reduce(merge, map(count_part, parts)).table()
    with ThreadPoolExecutor(8) as threads:
        together = reduce(merge, threads.map(count_part, parts)).table()
    pd.testing.assert_frame_equal(together, alone)


def test_what_is_half_learnt_when_a_part_fails_is_not_known_to_the_next(table, monkeypatch):
    (part,) = cut(str(table), "text", "group", ("new", "old"))
    whole = count_part(part).table()
    pieces.forget()

    def short_of_memory(piece):
        raise MemoryError

    with monkeypatch.context() as here:
        here.setattr(pieces, "_tokens", short_of_memory)
        with pytest.raises(MemoryError):
            count_part(part)
    pd.testing.assert_frame_equal(count_part(part).table(), whole)


def test_blank_lines_are_no_rows_however_many(tmp_path):
    path = tmp_path / "t.jsonl"
    rows = [
        '{"text": "reef tide", "group": "a"}',
        "\n" * BUFFER,
        '{"text": "x", "group": "b"}',
        " ",
    ]
    path.write_text("\r\n \t\n\v\n".join(rows), encoding="utf-8")
    found = stream_counts(path, target="a", reference="b")
    assert found.sizes[:, :2].tolist() == [[1, 2], [1, 1]]
    assert found.passed == (0, 0)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{no json", "is no JSON object"),
        ('{"text": "a"}', "has no column 'group'"),
        ('{"text": ["a"], "group": "new"}', "has no text in 'text'"),
        ('{"text": "a\\u0000b", "group": "new"}', "NUL"),
        ('{"text": "é\\ufffd", "group": "new"}', "U\\+FFFD"),
    ],
)
def test_bad_rows_are_refused_with_their_place(tmp_path, line, says):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "a b", "group": "old"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=says) as refused:
        stream_counts(path, target="new", reference="old")
    assert "byte 32" in str(refused.value)


def test_a_stream_tells_and_cleans_as_a_table_does(tmp_path):
    rows = [{"group": "a", "text": "Peace &amp; quiet at http://x.org/a on the reef. " * 5}] * 3
    rows += [{"group": "b", "text": "The <b>tide</b> is high and the water comes in. " * 5}] * 3
    rows += [{"group": "a", "text": None}, {"group": None, "text": "c"}]
    rows += [{"group": "a", "text": " "}]
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = stream_counts(path, target="a", reference="b")
    assert "3 rows without a text or a group (the row at byte" in found.told[0]
    plain = load_table(path, target="a", reference="b").notices[1:3]
    assert [sentence.split(" (")[0] for sentence in found.told[1:]] == [
        sentence.split(" (")[0] for sentence in plain
    ]
    rules = ["markup", "addresses"]
    cleaned = stream_counts(path, target="a", reference="b", cleaning=rules)
    corpus = load_table(path, cleaning=rules)
    for side, label in enumerate("ab"):
        tokens = Counter(token for own in corpus.tokens_of(label) for token in own)
        assert counted(cleaned, side) == tokens
    assert cleaned.told == found.told[:1]
    with pytest.raises(InputError, match="cleaning rule"):
        stream_counts(path, target="a", reference="b", cleaning=["nonsense"])
    with pytest.raises(InputError, match="no option 'txt' for reading a stream; the options are"):
        stream_counts(path, target="a", reference="b", txt="words")


def test_what_cannot_be_streamed_is_refused(table, tmp_path):
    with pytest.raises(InputError, match="two groups"):
        stream_counts(table, target="new", reference="new")
    with pytest.raises(InputError, match=r"No row of .* has 'nobody'"):
        stream_counts(table, target="new", reference="nobody")
    with pytest.raises(InputError, match="cannot be read"):
        stream_counts(tmp_path / "none.jsonl", target="new", reference="old")
    with pytest.raises(InputError, match="JSON lines"):
        stream_counts(tmp_path / "none.csv", target="new", reference="old")


PLAIN = st.lists(st.text("abUSs.,;:!?()[]\"'-w", max_size=7), max_size=8).map(" ".join)


@given(PLAIN)
@settings(max_examples=150, deadline=None)
def test_plain_words_are_those_of_the_corpus(text):
    assert counted(tally_of([text + " end", "other"], [0, 1])) == tokens_of(text)
