"""Stability: whether the same topics come back from other starts and from other units.

After Greene, O'Callaghan & Cunningham (2014), "How many topics? Stability analysis for topic
models", doi:10.1007/978-3-662-44848-9_32, with one addition: the same is measured on units to which
every term's occurrences were dealt out anew at random, which hold no topics at all.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from analysis.errors import InputError
from analysis.inference import bootstrap
from analysis.inference.weights import Flags, Floats
from analysis.numbers import exceeds, falling, largest, reaches
from analysis.text import Corpus
from analysis.topicmodels.material import Material, check_k, material
from analysis.topicmodels.model import Model, fit, weigh
from analysis.topicmodels.seeds import Seeds, seed_marks

TOP = 10  # terms by which topics are compared
RECURS = 0.5  # a topic recurs if at least half of its top terms come back
UNITS_PER_TOPIC = 3
RUNS = 16
SHUFFLES = 5
KINDS = ("seed", "resample")
COLUMNS = [
    "k", "kind", "runs", "agreement", "error", "low", "high", "chance", "chance_high",
    "stable", "chosen",
]  # fmt: skip


def topic_stability(
    corpus: Corpus,
    *,
    ks: Iterable[int] | None = None,
    kind: str = "nmf",
    seeds: Seeds | None = None,
    words: int = 100,
    runs: int = RUNS,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure how far topics come back, for several numbers of topics.

    The model of all units is compared with refits: ``seed`` from other random starts, ``resample``
    from units drawn anew with replacement within each group (and another start). Agreement is the
    share of ten top terms that a topic has in common with its partner, averaged over topics; the
    partners are matched one to one so that it is largest. ``chance`` is the same for shuffled
    units, which hold no topics.

    A number of topics is **stable** if resampled units agree on at least half of the top terms and
    on more than 95 % of the refits of shuffled units do. **Chosen** is the largest stable k whose
    agreement is within one standard error of the best stable one: the finest description that comes
    back as surely as any. If none is stable, there is no right number; by convention the middle one
    of those tried is taken, to show what such a model would have claimed.

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
        One row a k and kind: ``k, kind, runs, agreement, error`` (standard error over runs),
        ``low, high`` (5 and 95 % of the runs), ``chance, chance_high`` (mean and 95 % over
        shuffled units), ``stable, chosen``.
    """
    with threadpool_limits(1):
        data = material(corpus, words=words)
        marks = seed_marks(seeds or {}, data.terms)
        return stability_of(data, ks=ks, runs=runs, seed=seed, model=kind, seeds=marks)


def stability_of(
    data: Material,
    *,
    ks: Iterable[int] | None = None,
    runs: int = RUNS,
    seed: int = 0,
    model: str = "nmf",
    seeds: Floats | None = None,
) -> pd.DataFrame:
    """Measure stability on units already counted; see ``topic_stability``."""
    seeded = 0 if seeds is None else len(seeds)
    tried = sorted(set(ks)) if ks is not None else default_ks(len(data.units), seeded)
    if not tried or runs < 2:
        raise InputError(f"Stability needs a k and at least two runs, got ks={tried}, runs={runs}.")
    for k in tried:
        check_k(k, data, seeded)
    tables = [weigh(counts, model) for counts in (data.counts, *shuffles(data.counts, seed))]
    settings = {"model": model, "seeds": seeds}
    rows = [row for k in tried for row in _rows(k, tables, data.target, runs, seed, settings)]
    return _judged(pd.DataFrame(rows, columns=COLUMNS[:-2]))


def default_ks(units: int, seeded: int = 0) -> list[int]:
    """Return the numbers from 2 to 8 that leave at least three units a topic.

    With seeded topics, numbers below theirs are left out.

    >>> default_ks(40), default_ks(12), default_ks(4)
    ([2, 3, 4, 5, 6, 7, 8], [2, 3, 4], [2])
    """
    least = max(2, seeded)
    return [
        k for k in range(least, max(9, least + 1)) if k == least or k * UNITS_PER_TOPIC <= units
    ]


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
    target: Flags,
    *,
    kind: str,
    runs: int,
    seed: int,
    model: str = "nmf",
    seeds: Floats | None = None,
) -> Iterator[tuple[Floats, Model]]:
    """Yield the weights of the units and the model refitted to them, once a run.

    Parameters
    ----------
    values : units × terms, as from ``weigh``
    k : number of topics
    target : True where a unit is the target's
    kind : what is varied: ``seed``, or ``resample`` (units within each group, and the start)
    runs, seed : how many, and the seed of their random numbers
    model, seeds : the kind of model and its seed words, as in ``fit``
    """
    rng = np.random.default_rng([seed, k, KINDS.index(kind)])
    weights = np.ones((runs, len(target)))
    if kind == "resample":
        for side in (target, ~target):
            weights[:, side] = bootstrap(int(side.sum()), runs, rng)
    for row, start in zip(weights, rng.integers(1, 2**31, runs), strict=True):
        yield row, fit(values, k, kind=model, start=int(start), weights=row, seeds=seeds)


def _rows(
    k: int,
    tables: list[sparse.csr_array],
    target: Flags,
    runs: int,
    seed: int,
    settings: dict[str, Any],
) -> Iterator[tuple[object, ...]]:
    """Yield one row a kind; of the tables the first is the corpus, the others are shuffled."""
    own = {"kind": settings["model"], "seeds": settings["seeds"]}
    models = [top_terms(fit(values, k, **own).terms) for values in tables]
    fewer = max(2, runs // (len(tables) - 1))
    for kind in KINDS:
        agreements = [
            _agreements(
                whole,
                refits(values, k, target, kind=kind, runs=count, seed=seed + number, **settings),
            )
            for number, (whole, values, count) in enumerate(
                zip(models, tables, [runs, *[fewer] * (len(tables) - 1)], strict=True)
            )
        ]
        found, chance = agreements[0], np.concatenate(agreements[1:])
        error = found.std(ddof=1) / np.sqrt(runs)
        low, high = np.quantile(found, [0.05, 0.95])
        usual = chance.mean(), np.quantile(chance, 0.95)
        yield (k, kind, runs, found.mean(), error, low, high, *usual)


def _agreements(whole: Floats, again: Iterator[tuple[Floats, Model]]) -> Floats:
    """Return the mean agreement of each refit with the model of all units."""
    return np.array([match(whole, top_terms(model.terms))[1].mean() for _, model in again])


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """Add which numbers of topics are stable, and the one chosen."""
    own = table[table["kind"] == "resample"].set_index("k")
    sure = reaches(own["agreement"], RECURS) & exceeds(own["agreement"], own["chance_high"])
    stable = pd.Series(sure, index=own.index)
    chosen = _finest(own[stable]) if stable.any() else own.index[(len(own) - 1) // 2]
    return table.assign(stable=table["k"].map(stable), chosen=table["k"] == chosen)[COLUMNS]


def _finest(stable: pd.DataFrame) -> int:
    """Return the largest k within one standard error of the best agreement."""
    best = stable.iloc[largest(stable["agreement"])]
    return int(stable.index[reaches(stable["agreement"], best["agreement"] - best["error"])].max())


def shuffles(counts: sparse.csr_array, seed: int) -> Iterator[sparse.csr_array]:
    """Yield counts whose terms keep their occurrences but are dealt out to other units."""
    columns = sparse.csc_array(counts)
    spread = np.diff(columns.indptr)
    for number in range(SHUFFLES):
        rng = np.random.default_rng([seed, number])
        rows = np.concatenate([rng.permutation(counts.shape[0])[:n] for n in spread])
        dealt = sparse.csc_array((columns.data, rows, columns.indptr), shape=counts.shape)
        yield sparse.csr_array(dealt)
