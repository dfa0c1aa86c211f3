"""Rows of JSON lines: what the loops read is what Python's own reader reads, or is left to it."""

import json
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.text import rows
from analysis.text.rows import Reader, blank, joined, needs_context
from tests.text.test_stream import HARD

HYPHENS = "-\u2010\u2011\u2043\u2212\u02d7\ufe63\u00ad¬"
NAMES = ["text", "group", "n", "te\\xt", "é"]
VALUES = st.one_of(
    HARD,
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.integers(), max_size=2),
)


def read(lines, text="text", label="group"):
    """Return what a new reader finds in lines; a label is known by its length."""
    return Reader(text, label, len).read(lines)


@given(table=st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES)))
@settings(max_examples=200, deadline=None)
@example(table=[{"text": "a", "group": "b"}, {}, {"group": 1.5e300, "text": "\ud83d"}])
@pytest.mark.parametrize("ascii_", [True, False])
@pytest.mark.parametrize("marks", [(",", ":"), (" , ", "\t: ")])
def test_what_is_read_is_what_python_reads(table, ascii_, marks):
    written = [json.dumps(row, ensure_ascii=ascii_, separators=marks) for row in table]
    lines = "".join(f" {line}\r\n" for line in written).encode("utf-8", "surrogatepass")
    found = read(lines)
    starts = np.cumsum([0, *(len(f" {w}\r\n".encode("utf-8", "surrogatepass")) for w in written)])
    assert found.lines.tolist() == starts[: len(table)].tolist()
    for number, row in enumerate(table):
        simple = (
            isinstance(row.get("text"), str)
            and "group" in row
            and not any(isinstance(value, list) for value in row.values())
            and not any("\ud800" <= char < "\ue000" for char in json.dumps(row, ensure_ascii=False))
        )
        assert (number in found.odd) is not simple
        if simple:
            label = json.dumps(row["group"], ensure_ascii=ascii_)
            assert found.texts.text(number) == row["text"]
            assert found.sides[number] == len(label.encode())
            assert (number in found.empty) is not bool(row["text"].strip())
            assert (number in found.whole) is needs_context(row["text"])


@pytest.mark.parametrize(
    "line",
    [
        "", "x", "{}", "[]", '{"text": "a"}', '{"group": "a"}', '{"text": 1, "group": "a"}',
        '{"text": "a", "group": "b"', '{"text": "a", "group": "b"} x', '{"text": "a" "group": "b"}',
        '{"text": "a", "group": "b",}', '{"text": "a", "group": b}', '{"text": "a", "group": 01}',
        '{"text": "a", "group": 1.}', '{"text": "a", "group": -}', '{"text": "a", "group": 1e}',
        '{"text": "a", "group": truex}', '{"text": "a", "group": NaN}',
        '{"text": "a\\q", "group": 1}', '{"text": "a\tb", "group": 1}',
        '{"text": "a\\u12g4", "group": 1}', '{"text": "a, "group": 1}',
        '{"text": "\\ud83d", "group": 1}', '{"text": "\\udc00", "group": 1}',
        '{"text": "a", "text": "b", "group": 1}', '{"text": "a", "group": 1, "group": 2}',
        '{"text": "a", "n": [1], "group": 1}', '{"text": "a", "group": {}}',
        '{text: "a", "group": 1}',
        f'{{"text": "a", "group": {"1" * 5000}}}',
    ],
)  # fmt: skip
def test_whatever_is_not_plain_is_left_to_python(line):
    good = b'{"text": "reef", "group": "a"}\n'
    found = read(good + line.encode() + b"\n" + good)
    assert found.odd.tolist() == [1] if line else not len(found.odd)
    assert [found.texts.text(number) for number in range(len(found.lines))] == (
        ["reef", "", "reef"] if line else ["reef", "reef"]
    )


@pytest.mark.parametrize(
    "damage", [b"\xff", b"\xc0\xaf", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80",
               b"\xe2\x80", b"\xc3", b"\xf4\x90\x80\x80", b"\x80"]
)  # fmt: skip
@pytest.mark.parametrize("where", [b'{"text": "a%s", "group": 1}', b'{"text": "a", "group": "%s"}'])
def test_bytes_that_are_no_text_are_left_to_python(damage, where):
    assert read(where % damage).odd.tolist() == [0]


@given(st.text(st.sampled_from(f"ab é\n\t\u2028\u3000。！e\u0301{HYPHENS}"), max_size=12))
@settings(max_examples=300, deadline=None)
def test_context_is_asked_for_where_a_rule_reaches_over_white_space(text):
    reaches = bool(rows._CONTEXT.search(text))
    composed = text.isascii() or rows.is_normalized("NFC", text)
    assert needs_context(text) is (reaches or not composed)


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_calm_text_asks_for_nothing(text):
    calm = all(ord(char) < 2**17 and rows._CALM[ord(char)] for char in text)
    assert not (calm and needs_context(text))


def test_no_calm_character_joins_another():
    joining = {
        int(code, 16)
        for char in map(chr, range(0x110000))
        if (parts := unicodedata.decomposition(char)) and not parts.startswith("<")
        for code in parts.split()[1:]
    }
    calm = set(np.flatnonzero(rows._CALM).tolist())
    joining.add(0x16D67)  # of Unicode 16, which not all of Python's versions have
    assert not joining & calm
    assert not [code for code in calm if unicodedata.combining(chr(code))]
    assert {ord(char) for char in " aZ9.,-'éß—’“”…яλ中🙂"} <= calm | {ord("中")}


def test_points_apart_are_looked_at_wherever_they_stand():
    for place in range(20):
        text = f"{'a' * place}. . b http://c.d {'e' * 9}"
        found = read(json.dumps({"text": text, "group": "x"}).encode())
        assert list(found.whole) == [0], place


def test_a_hyphen_before_a_line_end_is_looked_at():
    for end in ("\n", " \n", "\t \r", "\f", "\v", "\u2028", "\u200b\n"):
        found = read(json.dumps({"text": f"co-{end}op", "group": "x"}).encode())
        assert list(found.whole) == [0], ascii(end)
    assert not read(b'{"text": "- a\\n\\n b -c", "group": 1}').whole


def test_labels_are_known_however_many_there_are(monkeypatch):
    monkeypatch.setattr(rows, "_LABELS", 100)
    asked = []

    def side_of(label):
        asked.append(label)
        return int(label)

    reader = Reader("text", "group", side_of)
    numbers = [*range(rows._KNOWN), *range(rows._KNOWN), *range(300), 5, 299]
    lines = "".join(f'{{"text": "a", "group": {number}}}\n' for number in numbers).encode()
    assert reader.read(lines).sides.tolist() == numbers
    assert reader.read(lines).sides.tolist() == numbers
    assert len(asked) < 2 * 300 + 2 * 200


def test_texts_lie_between_line_feeds():
    texts = joined([b"ab", b"", b"c"])
    size = texts.ends[-1] + 1
    assert texts.raw[:size].tobytes() == b"\nab\n\nc\n"
    assert not texts.raw[size:].any()
    assert [texts.text(number) for number in range(3)] == ["ab", "", "c"]
    blank(texts.raw, texts.begins[[0]], texts.ends[[0]])
    assert texts.text(0) == "  "


def test_a_folder_that_cannot_be_written_is_no_hindrance(monkeypatch):
    def refusing(function=None, *, cache=False):
        if cache:
            raise RuntimeError("no locator available")
        return function

    monkeypatch.setattr(rows, "njit", refusing)
    assert rows.compiled(needs_context) is needs_context
