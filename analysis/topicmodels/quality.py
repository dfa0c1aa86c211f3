"""The quality of topics by their number: the evidence on which one is chosen, or none.

Stability decides whether there are topics, and how many. Coherence, exclusivity and held-out error
are shown beside it and never overrule it: each can be had from units that hold no topics at all,
as the column of shuffled units says.
"""

from collections.abc import Iterable
from itertools import islice

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from analysis.inference.weights import Floats
from analysis.numbers import reaches
from analysis.text import Corpus
from analysis.topicmodels.heldout import heldout_errors
from analysis.topicmodels.material import Material, first_copies, material
from analysis.topicmodels.model import fit, weigh
from analysis.topicmodels.seeds import Seeds, seed_marks
from analysis.topicmodels.stability import RECURS, RUNS, shuffles, stability_of, top_terms

SHUFFLED = 3  # tables of shuffled units
MOST_UNITS = 500  # by which coherence, exclusivity and held-out error are measured
MEASURES = ["coherence", "exclusivity", "heldout"]
COLUMNS = [
    "k", "coherence", "coherence_chance", "exclusivity", "exclusivity_chance", "heldout",
    "heldout_chance", "agreement", "chance", "chance_high", "stable", "verdict", "chosen",
]  # fmt: skip
STABLE = "stable"
FEW = "fewer than half of the top terms recur"
CHANCE = "no more recurs than in shuffled units"


def topic_quality(
    corpus: Corpus,
    *,
    ks: Iterable[int] | None = None,
    kind: str = "nmf",
    seeds: Seeds | None = None,
    words: int = 100,
    runs: int = RUNS,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure the quality of topics, for several numbers of them.

    - **agreement** (``topic_stability``, resampled units) decides: a number of topics is stable if
      half of the top terms recur, and more than in 95 % of the refits of shuffled units. Of the
      stable ones the finest is chosen whose agreement is within one standard error of the best.
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
    corpus : the two groups
    ks : numbers of topics; by default those from 2 to 8 that leave three units a topic
    kind : ``nmf`` or ``lda``, see ``fit``
    seeds : seed words of topics, by name
    words : aimed length of a unit, in tokens
    runs : refits of each kind
    seed : of the random numbers

    Returns
    -------
    DataFrame
        One row a k: ``k``; each measure and beside it ``…_chance``, its mean over three tables
        of shuffled units; ``agreement, chance, chance_high, stable, chosen`` as in
        ``topic_stability``; ``verdict``: stable, or why not.

    Examples
    --------
    >>> from analysis.text import load_corpus
    >>> table = topic_quality(load_corpus(), ks=[2], runs=2)
    >>> table["verdict"].tolist()
    ['fewer than half of the top terms recur']
    """
    with threadpool_limits(1):
        data = material(corpus, words=words)
        marks = seed_marks(seeds or {}, data.terms)
        stability = stability_of(data, ks=ks, runs=runs, seed=seed, model=kind, seeds=marks)
        return quality_of(data, stability, model=kind, seeds=marks, seed=seed)


def quality_of(
    data: Material,
    stability: pd.DataFrame,
    *,
    model: str = "nmf",
    seeds: Floats | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure quality where stability has been measured; see ``topic_quality``."""
    own = stability[stability["kind"] == "resample"].sort_values("k", ignore_index=True)
    ks = [int(k) for k in own["k"]]
    some = _sampled(data.counts, seed)
    tables = [
        _measures(counts, ks, model, seeds, seed)
        for counts in (some, *islice(shuffles(some, seed), SHUFFLED))
    ]
    chance = pd.DataFrame(np.mean(tables[1:], axis=0), columns=[f"{m}_chance" for m in MEASURES])
    found = pd.DataFrame(tables[0], columns=MEASURES)
    verdict = np.select([own["stable"], ~reaches(own["agreement"], RECURS)], [STABLE, FEW], CHANCE)
    return pd.concat([own, found, chance], axis=1).assign(verdict=verdict)[COLUMNS]


def recommendation(quality: pd.DataFrame) -> str:
    """Say which number of topics the evidence speaks for, or that it speaks for none.

    Parameters
    ----------
    quality : as from ``topic_quality``
    """
    row = quality[quality["chosen"]].iloc[0]
    few, many = quality["k"].min(), quality["k"].max()
    tried = f"from {few} to {many}" if few < many else f"{few}"
    if not quality["stable"].any():
        reasons = " and ".join(sorted(set(quality["verdict"])))
        return f"No number of topics is stable (tried: {tried}), because {reasons}. {_beside(row)}"
    return (
        f"{row['k']} topics (tried: {tried}): the finest description that comes back as surely as "
        f"any, with {row['agreement']:.0%} of the top terms. {_beside(row)}"
    )


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
    counts: sparse.csr_array, ks: list[int], model: str, seeds: Floats | None, seed: int
) -> Floats:
    """Return numbers of topics × measures."""
    values = weigh(counts, model)
    errors = heldout_errors(values, ks, first_copies(counts), model=model, seeds=seeds, seed=seed)
    rows = []
    for k, error in zip(ks, errors, strict=True):
        terms = fit(values, k, kind=model, seeds=seeds).terms
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


def _beside(row: pd.Series) -> str:
    """Say what the other measures show, each beside its value for shuffled units."""
    return (
        f"Beside it, {row['k']} topics against shuffled units: coherence {row['coherence']:.2f} "
        f"({row['coherence_chance']:.2f}), exclusivity {row['exclusivity']:.2f} "
        f"({row['exclusivity_chance']:.2f}), error on left-out words, relative to a single topic, "
        f"{row['heldout']:.2f} ({row['heldout_chance']:.2f})."
    )
