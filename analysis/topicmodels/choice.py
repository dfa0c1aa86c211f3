"""How many topics: whether they come back, and what else is known of each number of them.

**Stability** decides: whether the same topics come back from other starts and from other units,
after Greene, O'Callaghan & Cunningham (2014), "How many topics? Stability analysis for topic
models", doi:10.1007/978-3-662-44848-9_32, with one addition: the same is measured on units to which
every term's occurrences were dealt out anew at random, which hold no topics at all.

Coherence, exclusivity and held-out error are shown beside it and never overrule it: each can be had
from units that hold no topics, as the columns of shuffled units say.

**Held-out error** asks whether topics foretell the words of units they were not fitted to, by
bi-cross-validation (Owen & Perry 2009, doi:10.1214/08-AOAS227): units and terms are left out
together. Topics are fitted to the other units; a left-out unit is described by one half of the
terms, and what this says of the other half is compared with what stands there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from analysis.errors import InputError
from analysis.inference import bootstrap
from analysis.inference.levels import CONFIDENCE
from analysis.inference.weights import Flags, Floats
from analysis.numbers import exceeds, falling, largest, reaches
from analysis.running import expect, step
from analysis.topicmodels.model import (
    Material,
    Model,
    check_k,
    first_copies,
    first_to_last,
    fit,
    fold_in,
    weigh,
)

TOP = 10  # terms by which topics are compared
NAMED, NAMING = 3, 20  # terms in a label, and those of largest weight that it is chosen from
NAMELESS = frozenset(
    """not never no nor none two three four five six seven eight nine ten one first second third
    many much more most several would could should might may must shall will can cannot
    ought""".split()
)
RECURS = 0.5  # a topic recurs if at least half of its top terms come back
PASSAGES_PER_TOPIC = 3
FIRST = range(2, 9)  # numbers of topics that are tried
MORE = (10, 12, 15, 20, 25, 30)  # and those tried while one of the last two is stable
MOST_PASSAGES = 2_000  # by which stability is measured
KINDS = ("seed", "resample")
STABILITY = [
    "k", "kind", "runs", "agreement", "error", "low", "high", "recurring", "chance", "chance_high",
    "stable", "chosen",
]  # fmt: skip
MOST_UNITS = 500  # by which coherence, exclusivity and held-out error are measured
MEASURES = ["coherence", "exclusivity", "heldout"]
QUALITY = [
    "k", "coherence", "coherence_chance", "exclusivity", "exclusivity_chance", "heldout",
    "heldout_chance", "agreement", "recurring", "chance", "chance_high", "stable", "verdict",
    "chosen",
]  # fmt: skip
FOLDS = 5
LOST = 1_000  # times the error of one topic, from which on an error says nothing
REACHED = {40: 0.05, 80: 0.45, 120: 0.95}
"""Passages of about 100 words, with five planted topics: how often 3 or 5 topics were stable, in 20
corpora each (``benchmarks/planted.py``; standard errors .05, .11 and .05)."""


@dataclass(frozen=True)
class Effort:
    """How often a model is fitted again, by the size of the material.

    Attributes
    ----------
    runs : refits to resampled units; of each kind, as many of all shuffled tables together
    starts : refits from other starts
    shuffles : tables of shuffled units by which stability is judged
    compared : of these, how many by which the other measures are
    """

    runs: int
    starts: int
    shuffles: int
    compared: int


THOROUGH, QUICK = Effort(16, 16, 5, 3), Effort(10, 4, 3, 1)
LITTLE = 2_000  # filled cells of passages × terms up to which it is thorough


def effort_for(data: Material) -> Effort:
    """Return how often to fit again."""
    return THOROUGH if data.pieces.nnz <= LITTLE else QUICK


class Verdict(StrEnum):
    """Whether a number of topics can be used, or why not."""

    STABLE = "stable"
    FEW = "fewer than half of the top terms recur"
    CHANCE = "no more recurs than in shuffled units"


class Reach(StrEnum):
    """Whether topics could be found at all in so much text."""

    OPEN = "a number of topics is stable"
    UNSTABLE = "no number of topics is stable"
    TOO_SMALL = "too few passages for any number to be stable"


def reach_of(stable: bool, passages: int) -> Reach:
    """Tell whether topics could be found.

    >>> reach_of(False, 38).name, reach_of(False, 200).name, reach_of(True, 38).name
    ('TOO_SMALL', 'UNSTABLE', 'OPEN')
    """
    if stable:
        return Reach.OPEN
    return Reach.TOO_SMALL if passages <= min(REACHED) else Reach.UNSTABLE


def measure_stability(
    data: Material,
    *,
    ks: Iterable[int] | None = None,
    model: str = "nmf",
    anchors: Floats | None = None,
    effort: Effort | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how far topics come back, for several numbers of topics.

    The model of all passages is compared with refits: ``seed`` from other random starts,
    ``resample`` from units drawn anew with replacement within each group, with all their passages
    (and another start). Agreement is the share of ten top terms that a topic has in common with its
    partner, averaged over topics; the partners are matched one to one so that it is largest.
    ``chance`` is the same for shuffled passages, which hold no topics.

    A number of topics is **stable** if resampled units agree on at least half of the top terms and
    on more than 95 % of the refits of shuffled passages do. **Chosen** is the stable one with which
    most topics recur, each with at least half of its top terms; of equals the one with the largest
    agreement. If none is stable, there is no right number; by convention the middle one of those
    tried is taken, to show what such a model would have claimed.

    Numbers from 2 to 8 are tried that leave three different passages a topic; then 10, 12, 15, 20,
    25 and 30, as long as one of the last two was stable. Of more than 2,000 passages, those of
    units drawn at random are taken, about so many in all.

    Parameters
    ----------
    data : the passages and units
    ks : numbers of topics, if not these
    model, anchors : as in ``fit``
    effort : how many refits, if not by the size of the material
    seed : of the random numbers

    Returns
    -------
    DataFrame
        One row a k and kind: ``k, kind, runs, agreement, error`` (standard error over runs),
        ``low, high`` (5 and 95 % of the runs), ``recurring`` (topics that recur), ``chance,
        chance_high`` (mean and 95 % over shuffled passages), ``stable, chosen``.
    """
    anchored = 0 if anchors is None else len(anchors)
    asked = None if ks is None else sorted(set(ks))
    work = effort or effort_for(data)
    if asked == [] or min(work.runs, work.starts) < 2:
        raise InputError(f"Stability needs a k and at least two runs, got ks={asked} and {work}.")
    for k in asked or [max(2, anchored)]:
        check_k(k, data, anchored)
    some = _thinned(data, seed)
    counted = (some.pieces, *shuffles(some.pieces, seed, work.shuffles))
    tables = [weigh(counts, model) for counts in counted]
    settings = {"model": model, "anchors": anchors}
    rows: list[tuple[object, ...]] = []
    tried = asked or _possible(data, anchored)
    expect(sum(k not in MORE or asked is not None for k in tried))
    for k in tried:
        if asked is None and k in MORE and not _promising(rows):
            break
        rows += _rows(k, tables, some, work, seed, settings)
    return _judged(pd.DataFrame(rows, columns=STABILITY[:-2]))


def _possible(data: Material, anchored: int) -> list[int]:
    """Return the numbers of topics to be tried that different passages and terms can bear."""
    passages, terms = data.pieces.shape
    return [k for k in default_ks(passages - data.duplicates, anchored) if k <= terms]


def default_ks(passages: int, anchored: int = 0) -> list[int]:
    """Return the numbers of topics to be tried that leave at least three passages a topic.

    With anchored topics, numbers below theirs are left out.

    >>> default_ks(34), default_ks(12), default_ks(4)
    ([2, 3, 4, 5, 6, 7, 8, 10], [2, 3, 4], [2])
    """
    least = max(2, anchored)
    numbers = sorted({least, *(k for k in (*FIRST, *MORE) if k > least)})
    return [k for k in numbers if k == least or k * PASSAGES_PER_TOPIC <= passages]


def labels(weights: Floats, terms: tuple[str, ...]) -> list[str]:
    """Suggest a label for each topic: its three terms of largest weight that can name a subject.

    Numerals, negations and modal verbs name none; a topic of nothing else is called by these.

    Parameters
    ----------
    weights : topics × terms, probability or relevance
    terms : the terms

    >>> labels(np.array([[0.4, 0.3, 0.2, 0.1]]), ("not", "reef", "would", "tide"))
    ['reef, tide']
    """
    listed = [[terms[i] for i in row[:NAMING]] for row in falling(weights)]
    telling = [[term for term in row if term not in NAMELESS] for row in listed]
    return [", ".join((own or row)[:NAMED]) for own, row in zip(telling, listed, strict=True)]


def top_terms(weights: Floats) -> Floats:
    """Mark each topic's ten terms of largest weight; the earlier term wins a tie.

    >>> top_terms(np.array([[0.0, 0.3, 0.7]])).tolist()
    [[0.0, 1.0, 1.0]]
    """
    marks = np.zeros(weights.shape)
    first = falling(weights)[:, :TOP]
    np.put_along_axis(marks, first, 1.0, axis=1)
    return marks * (weights > 0)


def match(first: Floats, second: Floats) -> tuple[np.ndarray, Floats]:
    """Pair the topics of two models one to one so that their common top terms are most.

    Parameters
    ----------
    first, second : topics × terms, 1 for a top term, as from ``top_terms``

    Returns
    -------
    partner : for each topic of the first, the number of its partner in the second
    agreement : for each topic of the first, the share of top terms in common with its partner
    """
    larger = np.maximum(first.sum(axis=1)[:, None], second.sum(axis=1)[None, :])
    common = first @ second.T / np.maximum(larger, 1)
    topic, partner = linear_sum_assignment(common, maximize=True)
    return partner, common[topic, partner]


def refits(
    values: sparse.csr_array,
    k: int,
    data: Material,
    *,
    kind: str,
    runs: int,
    seed: int,
    model: str = "nmf",
    anchors: Floats | None = None,
) -> Iterator[tuple[Floats, Model]]:
    """Yield the weights of the units and the model refitted to their passages, once a run.

    Parameters
    ----------
    values : passages × terms, as from ``weigh``
    k : number of topics
    data : whose passages they are
    kind : what is varied: ``seed``, or ``resample`` (units within each group, and the start)
    runs, seed : how many, and the seed of their random numbers
    model, anchors : as in ``fit``
    """
    rng = np.random.default_rng([seed, k, KINDS.index(kind)])
    weights = np.ones((runs, len(data.target)))
    if kind == "resample":
        for side in (data.target, ~data.target):
            weights[:, side] = bootstrap(int(side.sum()), runs, rng)
    for row, start in zip(weights, rng.integers(1, 2**31, runs), strict=True):
        own = row[data.unit_of]
        yield row, fit(values, k, model=model, start=int(start), weights=own, anchors=anchors)


def _rows(
    k: int,
    tables: list[sparse.csr_array],
    data: Material,
    effort: Effort,
    seed: int,
    settings: dict[str, Any],
) -> Iterator[tuple[object, ...]]:
    """Yield one row a kind; of the tables the first is the corpus, the others are shuffled."""
    models = [top_terms(fit(values, k, **settings).terms) for values in tables]
    step(f"trying {k} topics")
    for kind, runs in zip(KINDS, (effort.starts, effort.runs), strict=True):
        fewer = max(2, runs // effort.shuffles)
        agreements = [
            _agreements(
                whole,
                refits(values, k, data, kind=kind, runs=count, seed=seed + number, **settings),
            )
            for number, (whole, values, count) in enumerate(
                zip(models, tables, [runs, *[fewer] * effort.shuffles], strict=True)
            )
        ]
        recurring = int(reaches(agreements[0].mean(axis=0), RECURS).sum())
        found = agreements[0].mean(axis=1)
        chance = np.concatenate([own.mean(axis=1) for own in agreements[1:]])
        error = found.std(ddof=1) / np.sqrt(runs)
        low, high = np.quantile(found, [0.05, 0.95])
        usual = chance.mean(), np.quantile(chance, CONFIDENCE)
        yield (k, kind, runs, found.mean(), error, low, high, recurring, *usual)


def _promising(rows: list[tuple[object, ...]]) -> bool:
    """Tell whether one of the last two numbers of topics is stable."""
    last = pd.DataFrame(rows[-2 * len(KINDS) :], columns=STABILITY[:-2])
    return bool(_stable(last[last["kind"] == "resample"]).any())


def _thinned(data: Material, seed: int) -> Material:
    """Return the material of some units only, where there are too many passages.

    Units are drawn from an order that their words alone decide, at least two of each group.
    """
    if len(data.passages) <= MOST_PASSAGES:
        return data
    drawn = np.random.default_rng(seed).permutation(first_to_last(data.counts))
    sizes = np.bincount(data.unit_of)[drawn].cumsum()
    kept = np.zeros(len(drawn), dtype=bool)
    kept[drawn[: max(2, int((sizes <= MOST_PASSAGES).sum()))]] = True
    for side in (True, False):
        kept[drawn[data.target[drawn] == side][:2]] = True
    passages = kept[data.unit_of]
    return replace(
        data,
        units=data.units[kept].reset_index(drop=True),
        counts=data.counts[np.flatnonzero(kept)],
        target=data.target[kept],
        passages=data.passages[passages].reset_index(drop=True),
        pieces=sparse.csr_array(data.pieces[np.flatnonzero(passages)]),
        unit_of=(np.cumsum(kept) - 1)[data.unit_of[passages]],
    )


def _agreements(whole: Floats, again: Iterator[tuple[Floats, Model]]) -> Floats:
    """Return refits × topics, the agreement of each with the model of all passages."""
    return np.array([match(whole, top_terms(model.terms))[1] for _, model in again])


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """Add which numbers of topics are stable, and the one chosen."""
    own = table[table["kind"] == "resample"].set_index("k")
    stable = _stable(own)
    chosen = own.index[(len(own) - 1) // 2]
    if stable.any():
        best = own.loc[stable & (own["recurring"] == own.loc[stable, "recurring"].max())]
        chosen = best.index[largest(best["agreement"])]
    return table.assign(stable=table["k"].map(stable), chosen=table["k"] == chosen)[STABILITY]


def _stable(own: pd.DataFrame) -> pd.Series:
    sure = reaches(own["agreement"], RECURS) & exceeds(own["agreement"], own["chance_high"])
    return pd.Series(sure, index=own.index)


def shuffles(counts: sparse.csr_array, seed: int, tables: int) -> Iterator[sparse.csr_array]:
    """Yield counts whose terms keep their occurrences but are dealt out to other units."""
    columns = sparse.csc_array(counts)
    for number in range(tables):
        rng = np.random.default_rng([seed, number])
        rows = np.empty(len(columns.data), dtype=columns.indices.dtype)
        for start, end in pairwise(columns.indptr):
            rows[start:end] = rng.permutation(counts.shape[0])[: end - start]
        dealt = sparse.csc_array((columns.data, rows, columns.indptr), shape=counts.shape)
        yield sparse.csr_array(dealt)


def measure_quality(
    data: Material,
    stability: pd.DataFrame,
    *,
    model: str = "nmf",
    anchors: Floats | None = None,
    effort: Effort | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure the quality of topics, for the numbers of them whose stability has been measured.

    - **agreement** (``measure_stability``, resampled units) decides.
    - **coherence**: how far a topic's ten top terms stand in the same units, the mean over their
      pairs of ``NPMI = ln[p₁₂ / (p₁ p₂)] / -ln p₁₂``, p the share of units; -1 for a pair that
      never meets (Bouma 2009, Normalized pointwise mutual information in collocation extraction;
      Lau, Newman & Baldwin 2014, doi:10.3115/v1/E14-1056). The units are the corpus's own.
    - **exclusivity**: how far these terms are of one topic, the mean of ``t / Σ t`` over topics
      (Bischof & Airoldi 2012, Summarizing topical content with word frequency and exclusivity).
    - **heldout**: the error in foretelling words of left-out units, relative to that of a single
      topic (``heldout_errors``); below 1 is better than no topics.

    The last three are measured on at most 500 units, drawn at random where there are more.

    Parameters
    ----------
    data : the passages
    stability : as from ``measure_stability``
    model, anchors : as in ``fit``
    effort : how many tables of shuffled passages, if not by the size of the material
    seed : of the random numbers

    Returns
    -------
    DataFrame
        One row a k: ``k``; each measure and beside it ``…_chance``, its mean over up to three
        tables of shuffled passages; ``agreement, recurring, chance, chance_high, stable, chosen``
        as in ``measure_stability``; ``verdict``, see ``Verdict``.

    Examples
    --------
    >>> from analysis.text import count_terms, load_corpus
    >>> from analysis.topicmodels.model import material_of
    >>> data = material_of(count_terms(load_corpus()))
    >>> measure_quality(data, measure_stability(data, ks=[2]))["verdict"].map(str).tolist()
    ['fewer than half of the top terms recur']
    """
    own = stability[stability["kind"] == "resample"].sort_values("k", ignore_index=True)
    ks = [int(k) for k in own["k"]]
    some = _sampled(data.pieces, seed)
    tables = [
        _measures(counts, ks, model, anchors, seed)
        for counts in (some, *shuffles(some, seed, (effort or effort_for(data)).compared))
    ]
    chance = pd.DataFrame(np.mean(tables[1:], axis=0), columns=[f"{m}_chance" for m in MEASURES])
    found = pd.DataFrame(tables[0], columns=MEASURES)
    recurs = reaches(own["agreement"], RECURS)
    verdict = [_verdict(*row) for row in zip(own["stable"], recurs, strict=True)]
    return pd.concat([own, found, chance], axis=1).assign(verdict=verdict)[QUALITY]


def _verdict(stable: bool, recurs: bool) -> Verdict:
    if stable:
        return Verdict.STABLE
    return Verdict.CHANCE if recurs else Verdict.FEW


def npmi(marks: Floats, counts: sparse.csr_array) -> Floats:
    """Return each topic's coherence, the mean NPMI over pairs of its top terms.

    NaN for a topic of fewer than two terms. Copies of a unit count once.

    Parameters
    ----------
    marks : topics × terms, 1 for a top term, as from ``top_terms``
    counts : units × terms

    Examples
    --------
    >>> units = sparse.csr_array([[1, 1, 0], [2, 1, 0], [0, 0, 1], [0, 0, 3]])
    >>> npmi(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]), units).tolist()
    [1.0, -1.0]
    """
    distinct = np.flatnonzero(first_copies(counts) == np.arange(counts.shape[0]))
    present = (counts[distinct] > 0).astype(float)
    return np.array([_coherence(present[:, np.flatnonzero(row)]) for row in marks])


def exclusivity(terms: Floats, marks: Floats) -> Floats:
    """Return each topic's exclusivity, the mean over its top terms of their share in it.

    Parameters
    ----------
    terms : topics × terms, rows sum to 1
    marks : the same, 1 for a top term

    Examples
    --------
    >>> exclusivity(np.array([[0.75, 0.25], [0.25, 0.75]]), np.eye(2)).tolist()
    [0.75, 0.75]
    """
    known = np.nan_to_num(terms)
    everywhere = known.sum(axis=0)
    own = np.divide(known, everywhere, out=np.zeros_like(known), where=everywhere > 0)
    sums, many = (own * marks).sum(axis=1), marks.sum(axis=1)
    return np.divide(sums, many, out=np.full(len(marks), np.nan), where=many > 0)


def _measures(
    counts: sparse.csr_array, ks: list[int], model: str, anchors: Floats | None, seed: int
) -> Floats:
    """Return numbers of topics × measures."""
    values = weigh(counts, model)
    errors = heldout_errors(
        values, ks, first_copies(counts), model=model, anchors=anchors, seed=seed
    )
    rows = []
    for k, error in zip(ks, errors, strict=True):
        terms = fit(values, k, model=model, anchors=anchors).terms
        marks = top_terms(terms)
        rows.append((np.nanmean(npmi(marks, counts)), np.nanmean(exclusivity(terms, marks)), error))
    return np.array(rows)


def _sampled(counts: sparse.csr_array, seed: int) -> sparse.csr_array:
    """Return the units, or of many so many drawn at random, in their order."""
    units = counts.shape[0]
    if units <= MOST_UNITS:
        return counts
    drawn = np.random.default_rng(seed).choice(units, MOST_UNITS, replace=False)
    return sparse.csr_array(counts[np.sort(drawn)])


def _coherence(present: sparse.csr_array) -> float:
    units, size = present.shape
    if size < 2:
        return float("nan")
    first, second = np.triu_indices(size, 1)
    together = (present.T @ present).toarray() / units
    own, both = np.diag(together), together[first, second]
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(both / (own[first] * own[second])) / -np.log(both)
    values[both == 0], values[both == 1] = -1, 1
    return float(values.mean())


def heldout_errors(
    values: sparse.csr_array,
    ks: Iterable[int],
    copies: np.ndarray,
    *,
    model: str = "nmf",
    anchors: Floats | None = None,
    seed: int = 0,
) -> list[float]:
    """Return, for each number of topics, the error relative to that of a single topic.

    ``nmf``: ``Σ (v - s T)²`` over what was left out, divided by the same for one topic. ``lda``:
    the ratio of the perplexities, ``exp[(Σ n ln p₁ - Σ n ln p) / Σ n]``, p a term's share among
    the terms left out. Below 1, topics foretell words that one list of words for all units does
    not.
    NaN where the units fitted are fewer than the topics, or where the error is over a thousand
    times that of one topic: then what is shown of some unit is too little to describe it.

    Parameters
    ----------
    values : units × terms, as from ``weigh``
    ks : numbers of topics
    copies : for each unit the first like it, as from ``first_copies``; they are left out together
    model, anchors : as in ``fit``
    seed : of the folds
    """
    rng = np.random.default_rng(seed)
    folds = (rng.permutation(values.shape[0]) % FOLDS)[copies]
    half = rng.permutation(values.shape[1]) % 2 == 0
    single = _loss(values, 1, folds, half, model, None)
    losses = [_loss(values, k, folds, half, model, anchors) for k in ks]
    if model == "nmf":
        ratios = [loss / single for loss in losses]
    else:
        ratios = [float(np.exp((loss - single) / values.sum())) for loss in losses]
    return [ratio if ratio < LOST else np.nan for ratio in ratios]


def _loss(
    values: sparse.csr_array,
    k: int,
    folds: np.ndarray,
    half: Flags,
    model: str,
    anchors: Floats | None,
) -> float:
    """Return the sum of the losses of all left-out units, either half of the terms in turn."""
    losses = []
    for fold in np.unique(folds):
        rest, out = values[folds != fold], values[folds == fold]
        if k > min(rest.shape):
            return float("nan")
        terms = np.nan_to_num(fit(rest, k, model=model, anchors=anchors).terms)
        for shown in (half, ~half):
            weights = fold_in(out[:, shown], terms[:, shown], model=model)
            losses.append(_missed(out[:, ~shown], weights, terms[:, ~shown], model))
    return float(np.sum(losses))


def _missed(values: sparse.csr_array, weights: Floats, terms: Floats, model: str) -> float:
    """Return the squared error, or minus the log likelihood, of values given their description."""
    entries = values.tocoo()
    entries.eliminate_zeros()
    (rows, columns), found = entries.coords, entries.data
    said = np.einsum("ik,ki->i", weights[rows], terms[:, columns])
    if model == "nmf":
        everywhere = ((weights.T @ weights) * (terms @ terms.T)).sum()
        return float((found**2).sum() - 2 * (found * said).sum() + everywhere)
    return float(-(found * np.log(said / (weights @ terms.sum(axis=1))[rows])).sum())
