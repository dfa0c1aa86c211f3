"""The tables of a topic contrast: terms, prevalence by group, shares along the texts."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from analysis.contrasts.topics.alarm import alarms, separation
from analysis.contrasts.topics.model import Material, Model, check_k, fit, material, tf_idf
from analysis.contrasts.topics.stability import match, refits, stability_of, top_terms
from analysis.corpus import Corpus
from analysis.inference import difference_interval, permutation_test, self_contrast
from analysis.inference.weights import Flags, Floats

SHOWN = 20  # terms listed of each topic
NAMED = 3  # terms in a label
REFITS = 200
LEVEL = 0.05
PREVALENCE = [
    "topic", "label", "n_units", "share_target", "share_reference", "estimate", "ci_low", "ci_high",
    "p_value", "p_family", "self_target", "self_reference", "floor", "refit_low", "refit_high",
    "sign_stability", "stability", "chance", "separation", "alarm",
    "finding",
]  # fmt: skip


@dataclass(frozen=True)
class Topics:
    """A topic contrast: finished tables, topics numbered from 1 by overall prevalence.

    Attributes
    ----------
    k : number of topics
    stable : whether this number of topics is stable, by the rule of ``topic_stability``
    terms : ``topic, rank, term, weight, n_units``; a topic's weights sum to 1 over all its terms,
        of which the first 20 are listed
    prevalence : one row a topic, see ``topics``
    shares : ``unit, document, group, position, topic, share``; position runs from 0 to 1 along
        each document, and a unit's shares sum to 1
    stability : as from ``topic_stability``
    units : the units modelled, as from ``cut_units``
    n_terms : how many terms were kept
    left_out : units that hold none of them
    words, seed : as asked for
    """

    k: int
    stable: bool
    terms: pd.DataFrame
    prevalence: pd.DataFrame
    shares: pd.DataFrame
    stability: pd.DataFrame
    units: pd.DataFrame
    n_terms: int
    left_out: int
    words: int
    seed: int


def topics(
    corpus: Corpus,
    *,
    k: int | None = None,
    words: int = 100,
    seed: int = 0,
    draws: int = 20_000,
) -> Topics:
    """Contrast the topics of two groups of texts.

    A topic's prevalence in a group is its mean share over the group's units. The model is fitted
    without the group labels, so that permuting them is a fair test. The interval takes the fitted
    topics as given; beside it stands the range that refitting gives.

    Parameters
    ----------
    corpus : the two groups
    k : number of topics; None takes the most stable one (see ``topic_stability``)
    words : aimed length of a unit, in tokens
    seed : of the random numbers; the model itself involves none
    draws : permutations

    Returns
    -------
    Topics
        Its table ``prevalence`` has one row a topic; positive means more in the target.

        - ``topic, label``: number by overall prevalence, and the three terms of largest weight
        - ``n_units``: units of which no topic has a larger share
        - ``share_target, share_reference``: mean shares; ``estimate``: their difference
        - ``ci_low, ci_high``: 95 % interval over units, the fitted topics taken as given
        - ``p_value``: permutation of units, Welch's statistic; ``p_family``: adjusted over all
          topics (max-T)
        - ``self_…``: the difference that a group, set against itself, stays under in 95 %
        - ``floor``: the smallest true difference that would be seen in four of five such corpora
        - ``refit_low, refit_high``: 95 % of the differences of the matched topic when the model is
          refitted to resampled units from random starts; ``sign_stability``: the share of refits
          with the sign of the estimate
        - ``stability``: the share of its ten top terms that come back in those refits; ``chance``:
          the same for shuffled units
        - ``separation``: how often a unit of the target has more of it than one of the reference
        - ``alarm``: why the topic is no finding, or nothing (see ``alarms``)
        - ``finding``: whether its difference is one: a stable number of topics, no alarm, a
          family-wise p below .05, and a range of refits on its own side of 0

    Raises
    ------
    InputError
        Fewer than two topics, fewer units than topics, no term left, or a group with one unit.

    Examples
    --------
    >>> from analysis.corpus import load_corpus
    >>> found = topics(load_corpus(), k=2, draws=200)
    >>> bool(found.shares.groupby("unit")["share"].sum().round(9).eq(1).all())
    True
    """
    with threadpool_limits(1):
        data = material(corpus, words=words)
        if k is not None:
            check_k(k, data)
        stability = stability_of(data, ks=None if k is None else [k], seed=seed)
        choice = stability[stability["chosen"] & (stability["kind"] == "resample")].iloc[0]
        model = _ordered(fit(tf_idf(data.counts), int(choice["k"])), data.terms)
        return Topics(
            int(choice["k"]),
            bool(choice["stable"]),
            _terms(model, data),
            _prevalence(model, data, choice, seed, draws),
            _shares(model, data),
            stability,
            data.units,
            len(data.terms),
            data.left_out,
            words,
            seed,
        )


def _ordered(model: Model, terms: tuple[str, ...]) -> Model:
    """Put the topics in order of overall prevalence, ties by label."""
    prevalence, labels = np.nanmean(model.shares, axis=0).round(12), _labels(model, terms)
    order = sorted(range(len(labels)), key=lambda topic: (-prevalence[topic], labels[topic]))
    return Model(model.shares[:, order], model.terms[order])


def _labels(model: Model, terms: tuple[str, ...]) -> list[str]:
    first = np.argsort(-model.terms, axis=1, kind="stable")[:, :NAMED]
    return [", ".join(terms[i] for i in row) for row in first]


def _terms(model: Model, data: Material) -> pd.DataFrame:
    spread = np.asarray((data.counts > 0).sum(axis=0)).ravel()
    rows = [
        (topic, rank, data.terms[i], weights[i], int(spread[i]))
        for topic, weights in enumerate(model.terms, start=1)
        for rank, i in enumerate(np.argsort(-weights, kind="stable")[:SHOWN], start=1)
        if weights[i] > 0
    ]
    return pd.DataFrame(rows, columns=["topic", "rank", "term", "weight", "n_units"])


def _shares(model: Model, data: Material) -> pd.DataFrame:
    tokens = data.units.groupby("document")["tokens"]
    middle = tokens.cumsum() - data.units["tokens"] / 2
    units = data.units[["unit", "document", "group"]].assign(
        position=middle / tokens.transform("sum")
    )
    k = model.shares.shape[1]
    long = units.loc[units.index.repeat(k)].reset_index(drop=True)
    return long.assign(topic=np.tile(np.arange(1, k + 1), len(units)), share=model.shares.ravel())


def _prevalence(
    model: Model, data: Material, choice: pd.Series, seed: int, draws: int
) -> pd.DataFrame:
    fitted = np.flatnonzero(np.isfinite(model.shares).all(axis=1))
    shares, target = model.shares[fitted], data.target[fitted]
    units = data.units.iloc[fitted]
    sizes, chance = np.ones(len(shares)), float(choice["chance"])
    test = permutation_test(shares, sizes, target, equal_var=False, draws=draws, seed=seed)
    again, agreement = _refitted(model, data, seed)
    interval = difference_interval(shares, sizes, target)
    columns = {
        "topic": np.arange(1, shares.shape[1] + 1),
        "label": _labels(model, data.terms),
        "n_units": np.bincount(shares.argmax(axis=1), minlength=shares.shape[1]),
        "share_target": shares[target].mean(axis=0),
        "share_reference": shares[~target].mean(axis=0),
        "p_value": test.p_value,
        "p_family": test.p_family,
        "floor": (test.critical + norm.ppf(0.8)) * _error(shares, target),
        "refit_low": np.nanquantile(again, 0.025, axis=0),
        "refit_high": np.nanquantile(again, 0.975, axis=0),
        "sign_stability": (np.sign(again) == np.sign(interval["estimate"].to_numpy())).mean(axis=0),
        "stability": agreement,
        "chance": chance,
        "separation": [separation(share, target) for share in shares.T],
        "alarm": alarms(shares, units, target, agreement, chance),
    }
    itself = self_contrast(shares, sizes, target, seed=seed)
    table = pd.concat([pd.DataFrame(columns), interval, itself], axis=1)
    sign = np.sign(table["estimate"])
    sure = (sign * table["refit_low"] > 0) & (sign * table["refit_high"] > 0)
    sure &= (table["p_family"] < LEVEL) & (table["alarm"] == "") & bool(choice["stable"])
    return table.assign(finding=sure)[PREVALENCE]


def _refitted(model: Model, data: Material, seed: int) -> tuple[Floats, Floats]:
    """Return the matched topics' differences, refits × topics, and their mean agreement."""
    own, k = top_terms(model.terms), model.terms.shape[0]
    values = tf_idf(data.counts)
    again = refits(values, k, data.target, kind="resample", runs=REFITS, seed=seed)
    matched = [
        (match(own, top_terms(other.terms)), _differences(other.shares, weights, data))
        for weights, other in again
    ]
    estimates = np.array([estimate[partner] for (partner, _), estimate in matched])
    return estimates, np.mean([agreement for (_, agreement), _ in matched], axis=0)


def _differences(shares: Floats, weights: Floats, data: Material) -> Floats:
    """Return the difference of the groups' weighted mean shares, per topic."""
    held = np.where(np.isfinite(shares).all(axis=1), weights, 0)
    means = [
        held[side] @ np.nan_to_num(shares[side]) / held[side].sum()
        for side in (data.target, ~data.target)
    ]
    difference: Floats = means[0] - means[1]
    return difference


def _error(shares: Floats, target: Flags) -> Floats:
    """Return the standard error of a difference of means, the groups' variances apart."""
    error: Floats = np.sqrt(sum(shares[s].var(axis=0, ddof=1) / s.sum() for s in (target, ~target)))
    return error
