"""The tone of streams: tables that memory does not hold, read part by part.

Each document adds to sums of whole numbers, which are the same in any order: of its sentences, of
their scores by every way of scoring, and of the products of these. What a contrast of documents
needs follows from them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import half_width
from analysis.inference.contrast import rate_contrast
from analysis.inference.levels import DRAWS
from analysis.inference.weights import Flags, Floats
from analysis.running import unwatched
from analysis.text import tokenize
from analysis.text.documents import Document
from analysis.text.reading import refuse_unspaced
from analysis.text.sources import refuse_damage
from analysis.text.stream import Part, Streamed, documents, over_parts
from analysis.text.tokens import Pieces
from analysis.tone.calibration import for_raters, load_calibration, variance_of_sums, within
from analysis.tone.contrast import ROLES, Kind, kinds_of_score
from analysis.tone.sentences import Sentences, refuse_foreign

PART = 2**21  # bytes of a part: scoring takes longer than reading
LOADED = ("analysis.tone.streaming",)
BATCH = 500  # documents that are scored together
FEWEST = 2  # documents of a group, below which their variance is not known
STEPS = 2**32  # a document's score is a whole number of this part of a point
RIDGE = 1e-9  # added to correlations of 1, so that they have a root
STREAMED = """lexicon column masked calibrated n_target n_reference documents_target
    documents_reference mean_target mean_reference estimate ci_low ci_high p_value family_low
    family_high p_family established units_low units_high coverage_target
    coverage_reference""".split()


@dataclass(frozen=True, eq=False)
class Tones:
    """Sums over documents, of either group.

    Attributes
    ----------
    documents : all
    passed : how many rows hold no text or no group, and the place of the first
    sums : whole numbers, the groups in the first axis: ``held``, documents with a sentence that
        counts; ``n, n2``, Σ n and Σ n² of their sentences; ``scores, lengths``, of every way of
        scoring Σ s and Σ s n, s the sum of a document's scores in STEPS; ``products``, Σ s s' of
        every two ways; ``found``, words that are scored; ``tokens``
    """

    documents: np.ndarray
    passed: tuple[int, int]
    sums: Mapping[str, np.ndarray]


@cache
def _kinds() -> tuple[Kind, ...]:
    return tuple(kinds_of_score())


def stream_sentiment(
    file: str | Path,
    *,
    target: str,
    reference: str,
    part: int = PART,
    draws: int = DRAWS,
    seed: int = 0,
    **reading: Unpack[Streamed],
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Contrast the tone of two groups in a table of any size, in JSON lines; documents are units.

    The contrast is that of ``sentiment`` where both groups have documents enough to be units, but
    that family-wise intervals and p-values rest on other random numbers, and that a word cut at a
    line's end is read as in ``stream_counts``. The outcome is the same in one process, in several
    and on a cluster, whatever the parts.

    Parameters
    ----------
    file : a path, or an address that fsspec knows, whose name ends in .jsonl
    target, reference : the two groups, as in the column ``group``; other rows are passed over
    part : bytes of a part
    draws, seed : of the random numbers behind family-wise p-values
    **reading : ``text, group, workers, scheduler, cleaning``, see ``analysis.text.stream``

    Returns
    -------
    table
        One row a way of scoring, the headline first, with columns as in ``sentiment``;
        ``documents_…`` are those that hold a sentence which counts
    told
        what was met in the texts, a sentence each

    Raises
    ------
    InputError
        As ``stream_counts``; or the texts are in another language than English, or a group has
        fewer than FEWEST documents with tone.
    """
    found, told = over_parts(
        score_part,
        add,
        file,
        (target, reference),
        part=part,
        load=LOADED,
        what="scoring",
        check=_check,
        **reading,
    )
    for name, held in zip((target, reference), found.sums["held"].tolist(), strict=True):
        if held < FEWEST:
            raise InputError(
                f"{held} document{'s' * (held != 1)} of {name!r} has a sentence with tone, and an "
                f"interval needs {FEWEST}: give more texts."
            )
    return _table(found.sums, draws, seed), told


def _check(first: Sequence[Document]) -> None:
    refuse_unspaced(first)
    refuse_foreign(first)


def score_part(part: Part) -> Tones:
    """Score the documents of a part."""
    passed: list[int] = []
    read = np.zeros(2, dtype=np.int64)
    total = _none()
    for batch in _batches(documents(part, None, passed)):
        for document in batch:
            refuse_damage(document.raw, f"{part.file}, {document.id}")
        side = np.array([part.sides.index(document.group) for document in batch])
        read += np.bincount(side, minlength=2)
        with unwatched():
            own = _sums(batch, side)
        total = {name: total[name] + own[name] for name in own}
    return Tones(read, (len(passed), min(passed, default=0)), total)


def _batches(items: Iterable[Document]) -> Iterator[list[Document]]:
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield batch


def add(first: Tones, second: Tones) -> Tones:
    """Add two; whole numbers, so that any order and any tree give the same."""
    rows = [place for many, place in (first.passed, second.passed) if many]
    return Tones(
        first.documents + second.documents,
        (first.passed[0] + second.passed[0], min(rows, default=0)),
        {name: own + second.sums[name] for name, own in first.sums.items()},
    )


def _sums(batch: Sequence[Document], side: np.ndarray) -> dict[str, np.ndarray]:
    """Return the sums of some documents (see ``Tones``)."""
    spans = [document.sentence_spans for document in batch]
    of_row = np.repeat(np.arange(len(batch)), [len(own) for own in spans])
    pieces = Pieces.cut(
        [
            document.edited.text[start:end]
            for document, own in zip(batch, spans, strict=True)
            for _, start, end in own
        ]
    )
    masked = Sentences.read(pieces, masked=True)
    read = {True: masked, False: Sentences.read(pieces, masked=False, like=masked)}
    counted = masked.table["tone"].notna().to_numpy(bool)
    tokens = pieces.count(lambda piece: len(tokenize(piece)))
    n = np.bincount(of_row, counted, len(batch)).astype(np.int64)
    scores = np.zeros((len(batch), len(_kinds())))
    np.add.at(scores, of_row, _scores(read, counted))
    found = np.zeros(scores.shape, dtype=np.int64)
    for place, kind in enumerate(_kinds()):
        words = read[kind.masked].count_scored(kind.columns)
        np.add.at(found[:, place], of_row, np.where(counted, words, 0))
    long = np.bincount(of_row, np.where(counted, tokens, 0), len(batch)).astype(np.int64)
    steps = np.rint(scores * STEPS).astype(np.int64).astype(object)  # whole numbers of any size
    held = [(side == own) & (n > 0) for own in range(len(ROLES))]
    return {
        "held": np.array([own.sum() for own in held]),
        "n": np.array([n[own].sum() for own in held]),
        "n2": np.array([(n[own] ** 2).sum() for own in held]),
        "scores": np.array([steps[own].sum(axis=0) for own in held]),
        "lengths": np.array([(steps[own] * n[own, None]).sum(axis=0) for own in held]),
        "products": np.array([steps[own].T @ steps[own] for own in held]),
        "found": np.array([found[own].sum(axis=0) for own in held]),
        "tokens": np.array([long[own].sum() for own in held]),
    }


def _none() -> dict[str, np.ndarray]:
    """Return the sums of no documents."""
    ways, two = len(_kinds()), len(ROLES)
    shapes: dict[str, tuple[int, ...]] = {
        **dict.fromkeys(("held", "n", "n2", "tokens"), (two,)),
        **dict.fromkeys(("scores", "lengths", "found"), (two, ways)),
        "products": (two, ways, ways),
    }
    return {name: np.zeros(shape, dtype=np.int64) for name, shape in shapes.items()}


def _scores(read: Mapping[bool, Sentences], counted: Flags) -> Floats:
    """Return the score of each sentence by each way of scoring, 0 where it does not count."""
    columns = [
        read[kind.masked].scores(kind.column, calibrated=kind.calibrated) for kind in _kinds()
    ]
    return np.where(counted[:, None], np.column_stack(columns), 0.0)


def _table(sums: Mapping[str, np.ndarray], draws: int, seed: int) -> pd.DataFrame:
    """Return the contrast of every way of scoring."""
    kinds = _kinds()
    sides = [_moments({name: own[side] for name, own in sums.items()}) for side in (0, 1)]
    rates, spreads = (np.array(own) for own in zip(*sides, strict=True))
    variances = np.array([np.diag(own) for own in spreads])
    model = [_added(int(sums["n"][side]), int(sums["n2"][side])) for side in (0, 1)]
    known = [load_calibration().articles - 2] * 2
    contrast = rate_contrast(
        rates, variances, sums["held"].tolist(), _root(spreads.sum(axis=0)),
        added=model, degrees=known, draws=draws, seed=seed,
    ).table  # fmt: skip
    degrees = (sums["held"] - 1).reshape(-1, 1)
    alone = half_width(variances, degrees)
    estimate = contrast["estimate"].to_numpy()
    louder, room = ([getattr(kind, name) for kind in kinds] for name in ("louder", "room"))
    ends: dict[str, Any] = {"units_low": estimate - alone, "units_high": estimate + alone}
    for name in ("ci", "family"):
        half = (contrast[f"{name}_high"] - contrast[f"{name}_low"]).to_numpy() / 2
        ends[f"{name}_low"], ends[f"{name}_high"] = for_raters(estimate, half, louder)
    table = contrast.assign(
        **{name: within(end, room) for name, end in ends.items()},
        lexicon=[kind.provenance["lexicon"] for kind in kinds],
        **{name: [getattr(kind, name) for kind in kinds] for name in STREAMED[1:4]},
    )
    for side, role in enumerate(ROLES):
        table[f"n_{role}"] = sums["n"][side]
        table[f"documents_{role}"] = sums["held"][side]
        table[f"mean_{role}"] = rates[side]
        table[f"coverage_{role}"] = sums["found"][side] / max(1, sums["tokens"][side])
    silent = (table[[f"coverage_{role}" for role in ROLES]] == 0).any(axis=1)
    numbers = table.columns.intersection(
        ["estimate", "p_value", "p_family", *ends, *(f"mean_{role}" for role in ROLES)]
    )
    table.loc[silent, numbers] = np.nan
    table.loc[silent, "established"] = False
    return table[STREAMED]


def _moments(own: Mapping[str, Any]) -> tuple[Floats, Floats]:
    r"""Return a group's means and the variances and covariances of these, from its sums.

    ``r = Σ s / Σ n``, and of two ways of scoring
    ``m / (m - 1) · Σ (s - r n) (s' - r' n) / (Σ n)²``, m the documents (``rate_and_error``); in
    fractions, as what is subtracted is nearly as large.
    """
    n, n2, held = (int(own[name]) for name in ("n", "n2", "held"))
    rates = [Fraction(int(score), n) for score in own["scores"]]
    lengths = [int(length) for length in own["lengths"]]
    scale = Fraction(held, (held - 1) * n**2 * STEPS**2)
    spread = [
        [
            float(
                scale
                * (
                    int(own["products"][i, j])
                    - rates[i] * lengths[j]
                    - rates[j] * lengths[i]
                    + rates[i] * rates[j] * n2
                )
            )
            for j in range(len(rates))
        ]
        for i in range(len(rates))
    ]
    return np.array([float(rate / STEPS) for rate in rates]), np.array(spread)


def _added(n: int, n2: int) -> Floats:
    """Return what calibration adds to the variance of a group's mean, 0 for scores without."""
    known = load_calibration()
    return np.array(
        [
            variance_of_sums(known.line(kind.column, masked=kind.masked), n, n2 / n**2)
            if kind.calibrated
            else 0.0
            for kind in _kinds()
        ]
    )


def _root(spread: Floats) -> Floats:
    """Return rows whose sums of products are given variances and covariances."""
    error = np.sqrt(np.diag(spread))
    safe = np.where(error > 0, error, 1.0)
    alike = spread / np.outer(safe, safe) + RIDGE * np.eye(len(safe))
    alike[error == 0, error == 0] = 1.0
    return np.asarray(np.linalg.cholesky(alike).T * error)
