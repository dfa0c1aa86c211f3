"""The benchmark of time and memory: its texts, its measuring, and what it computes on paper."""

import json
import math
import subprocess
import sys

import numpy as np
import pytest

from analysis.text.stream import stream_counts
from benchmarks import size, size_peers


def test_words_are_different_and_new_ones_never_cease(tmp_path):
    words = size.Words()
    ranks = range(1, 60_000)
    assert len({words[rank] for rank in ranks}) > 0.999 * len(ranks)
    terms = [size.write(tmp_path / "texts.jsonl", documents, 200) for documents in (500, 2_000)]
    assert 0.45 < math.log(terms[1] / terms[0]) / math.log(4) < 0.7


def test_recipes_and_the_stream_find_the_same_terms(tmp_path):
    table = tmp_path / "texts.jsonl"
    size.write(table, 40, 30)
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    plain = [  # words of letters alone, which all tools cut alike
        {**row, "text": " ".join(w for w in row["text"].split() if w.strip("“”.").isalpha())}
        for row in rows
    ]
    table.write_text("".join(json.dumps(row) + "\n" for row in plain), encoding="utf-8")
    found = set(stream_counts(table, target="a", reference="b").terms)
    assert size_peers.nltk(str(table)) == len(found)
    longer = [term for term in found if len(term) > 1]  # CountVectorizer leaves out single letters
    assert size_peers.count_vectorizer(str(table)) == len(longer) < len(found)


def test_memory_and_processors_of_children_count(tmp_path):
    """In a process of its own, as children of other tests may end meanwhile."""
    child = "import time; held = b'x' * 60_000_000; time.sleep(0.5); sum(range(2_000_000))"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measure = (
        "import pathlib, sys; from benchmarks.size import measured; "
        f"print(*measured([sys.executable, '-c', {parent!r}], pathlib.Path()))"
    )
    own = [sys.executable, "-c", measure]
    said = subprocess.run(own, cwd=size.HOME.parent, check=True, capture_output=True, text=True)
    seconds, processor, peak = map(float, said.stdout.split())
    assert seconds > 0.5
    assert 0.02 < processor < seconds
    assert 60 < peak < 200
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        size.measured([sys.executable, "-c", "1 / 0"], tmp_path)


def test_a_tree_of_five_parts_by_hand(monkeypatch):
    """Two merges to 2, one to 4, one to 8: with one worker 2 + 2, 4 and 8 seconds."""
    monkeypatch.setattr(size, "WORKERS", 1)
    assert size.tree(5, float) == (16, 8)
    monkeypatch.setattr(size, "WORKERS", 2)
    assert size.tree(5, float) == (14, 8)
    assert size.tree(1, float) == (0, 0)


def rows():
    shapes = [shape for shape, commands in size.PLAN.items() if size.TWO in commands]
    for shape, megabytes in zip(shapes, (10.0, 100.0, 1000.0), strict=True):
        for command, seconds in (
            (size.STREAM, 20),
            (size.TWO, 10),
            (size.DASK, 11),
            (size.ALONE, 23),
            (size.PEER, 80),
        ):
            keys = dict(zip(size.KEYS, (command, *shape), strict=True))
            yield {
                **keys, "megabytes": megabytes, "terms": 1000 * megabytes**0.5,
                "seconds": 1 + seconds * megabytes / 1000, "peak_megabytes": 200 + megabytes,
            }  # fmt: skip
    for command, seconds in (("merge", 2.0), ("table", 5.0)):
        yield {
            "command": f"{command} of {size.MERGED[-1]}", "documents": 0, "words": 0,
            "seconds": seconds,
        }  # fmt: skip
    yield {"command": "empty task", "documents": 0, "words": 0, "seconds": 0.001}


def test_what_is_said_of_a_terabyte_follows_from_the_rows():
    table = size.complete(list(rows()))
    own = table[(table["command"] == size.STREAM) & (table["documents"] == 860_000)].iloc[0]
    assert own["megabytes_per_second"] == pytest.approx(1000 / 21)
    assert own["ratio"] == pytest.approx(21 / 81)
    assert own["exponent"] == pytest.approx(np.log10(21 / 3))
    said = size.projection(table).replace("\n", " ")
    # two workers take 9 s more for 900 MB; 1 TB has sqrt(1e6) * 1000 terms, in parts of 67.1 MB
    assert "each of two workers counts 50 MB a second" in said
    assert "100 count 14,902 parts of 67 MB in 3.3 minutes, if storage gives them 5.0 GB" in said
    assert "to the power of 0.50" in said
    assert "1 million, if it goes on so. Merging takes 2.0 µs a term" in said
    assert "0.5 minutes for 29,803" in said
    assert "takes 1.01, 1.05 and 1.09 times" in said
    assert "with one worker it takes 2.00 times as long as with two" in said


def test_without_all_rows_nothing_is_said_of_a_terabyte_and_what_is_missing_is_empty():
    table = size.complete([row for row in rows() if row["command"] != size.DASK])
    assert size.projection(table) == ""
    row = {**dict.fromkeys(size.KEYS, 200), "command": "Polars", "megabytes": 1.0, "terms": 5}
    assert "| Polars | 200 | 1 | 5 | – | – | – | – | – | – |" in size.report(size.complete([row]))
