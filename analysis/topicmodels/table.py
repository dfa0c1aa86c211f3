"""The tables of a topic contrast: terms, prevalence by group, wording, shares along the texts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.inference.weights import Floats
from analysis.numbers import falling
from analysis.text import Corpus
from analysis.topicmodels.alarm import alarms
from analysis.topicmodels.cards import card_table, labels, relevance, term_table
from analysis.topicmodels.content import wording
from analysis.topicmodels.difference import PREVALENCE, difference_table, sure
from analysis.topicmodels.material import Material, check_k, first_to_last, material
from analysis.topicmodels.model import Model, fit, weigh
from analysis.topicmodels.posterior import Posterior, posterior
from analysis.topicmodels.prevalence import prevalence, refitted
from analysis.topicmodels.quality import quality_of
from analysis.topicmodels.seeds import Seeds, seed_marks
from analysis.topicmodels.stability import TOP, stability_of, top_terms


@dataclass(frozen=True)
class Topics:
    """A topic contrast: finished tables, topics numbered from 1 by overall prevalence.

    Attributes
    ----------
    k : number of topics
    stable : whether this number of topics is stable, by the rule of ``topic_stability``
    terms : ``topic, rank, term, weight, relevance, n_units``; a topic's weights sum to 1 over all
        its terms, of which the 20 of largest relevance are listed, in that order
    prevalence : one row a topic, see ``topics``
    cards : one row a topic, for reading: ``topic, name, label, terms, coherence, exclusivity``, and
        what ``prevalence`` says of it
    wording : one row a topic and term, how each group words the topic, see ``wording``
    shares : ``unit, document, group, position, topic, share``; position runs from 0 to 1 along
        each document, and a unit's shares sum to 1
    stability, quality : as from ``topic_stability`` and ``topic_quality``
    distribution : terms × topics, the probability of each term in each topic
    units : the units modelled, as from ``cut_units``
    n_terms : how many terms were kept
    left_out : units that hold none of them
    refits : how often the model was refitted to resampled units
    background : share of the words that are of no topic in particular
    kind, words, draws, seed : as asked for
    """

    k: int
    stable: bool
    terms: pd.DataFrame
    prevalence: pd.DataFrame
    cards: pd.DataFrame
    wording: pd.DataFrame
    shares: pd.DataFrame
    stability: pd.DataFrame
    quality: pd.DataFrame
    distribution: pd.DataFrame
    units: pd.DataFrame
    n_terms: int
    left_out: int
    refits: int
    background: float
    kind: str
    words: int
    draws: int
    seed: int


def topics(
    corpus: Corpus,
    *,
    k: int | None = None,
    kind: str = "nmf",
    seeds: Seeds | None = None,
    words: int = 100,
    seed: int = 0,
    draws: int = 20_000,
) -> Topics:
    """Contrast the topics of two groups of texts.

    A topic's prevalence in a group is its mean share over the group's units. The model is fitted
    without the group labels, so that permuting them is a fair test. It names the topics; how much
    of each a unit holds is then measured by a model of counts that starts there (``posterior``),
    and the groups are contrasted for every draw from it (``prevalence``).

    Parameters
    ----------
    corpus : the two groups
    k : number of topics; None takes the most stable one (see ``topic_stability``)
    kind : ``nmf`` (factorisation of TF-IDF) or ``lda`` (latent Dirichlet allocation), see ``fit``
    seeds : seed words of topics, by name; other topics are free
    words : aimed length of a unit, in tokens
    seed : of the random numbers
    draws : permutations

    Returns
    -------
    Topics
        Its table ``prevalence`` has one row a topic; positive means more in the target.

        - ``topic, label``: number by overall prevalence, and the three terms of largest relevance
        - ``n_units``: units of which no topic has a larger share
        - ``share_target, share_reference``: mean shares, unbiased given the topics, so that one of
          nought may come out slightly below it; ``estimate``: their difference
        - ``ci_low, ci_high``: 95 % interval, the variances over units, over draws of the topics
          and over starts added up (see ``Estimate``); ``given_low, given_high``: the variance over
          units alone, the topics taken as given; ``family_low, family_high``: as the first, wide
          enough for all topics at once (as many standard errors as max-T asks for);
          ``target_low, …, reference_high``: the intervals of both shares
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
          family-wise p below .05, a family-wise interval and a range of refits on its own side of 0

    Raises
    ------
    InputError
        Fewer than two topics, fewer units than topics, no term left, a group with one unit, or a
        seed word that is no term.

    Examples
    --------
    >>> from analysis.text import load_corpus
    >>> found = topics(load_corpus(), k=2, draws=200)
    >>> bool(found.shares.groupby("unit")["share"].sum().round(9).eq(1).all())
    True
    """
    with threadpool_limits(1):
        data = material(corpus, words=words)
        return topics_of(data, k=k, kind=kind, seeds=seeds, words=words, seed=seed, draws=draws)


def topics_of(
    data: Material,
    *,
    k: int | None = None,
    kind: str = "nmf",
    seeds: Seeds | None = None,
    words: int = 100,
    seed: int = 0,
    draws: int = 20_000,
) -> Topics:
    """Contrast topics on units already counted; see ``topics``."""
    marks = seed_marks(seeds or {}, data.terms)
    if k is not None:
        check_k(k, data, len(marks))
    settings: dict[str, Any] = {"seeds": marks, "seed": seed}
    stability = stability_of(data, ks=None if k is None else [k], model=kind, **settings)
    choice = stability[stability["chosen"] & (stability["kind"] == "resample")].iloc[0]
    model, found, names = _measured(data, int(choice["k"]), kind, seeds or {}, seed)
    starts, again = (refitted(data, model, v, kind=kind, **settings) for v in ("seed", "resample"))
    own = prevalence(data.counts, found, data.target).widened(starts.estimates)
    ranks = relevance(found.terms, found.shares.mean(axis=0))
    kept = (top_terms(np.exp(ranks)) * top_terms(model.terms)).sum(axis=1) / TOP
    warned = alarms(found.shares, data.units, data.target, again.agreement, kept, choice["chance"])
    table = difference_table(
        own, found, again, data, choice, labels(ranks, data.terms), seed, draws
    )
    table = table.assign(alarm=warned)
    table = table.assign(finding=sure(table) & bool(choice["stable"]))[PREVALENCE]
    table.attrs = {"seed": seed, "draws": draws, "words": words}
    return Topics(
        k=int(choice["k"]),
        stable=bool(choice["stable"]),
        terms=term_table(found.terms, ranks, data.terms, data.counts),
        prevalence=table,
        cards=card_table(table, found.terms, ranks, data.terms, data.counts, names),
        wording=wording(found.assigned, data.terms, data.target, list(table["label"])),
        shares=_shares(found.shares, data),
        stability=stability,
        quality=quality_of(data, stability, model=kind, **settings),
        distribution=_distribution(found, data),
        units=data.units,
        n_terms=len(data.terms),
        left_out=data.left_out,
        refits=len(again.estimates),
        background=found.background,
        kind=kind,
        words=words,
        draws=draws,
        seed=seed,
    )


def _measured(
    data: Material, k: int, kind: str, seeds: Seeds, seed: int
) -> tuple[Model, Posterior, list[str]]:
    """Name topics and measure them, in order of overall prevalence; return the user's names too.

    Units are taken in an order that their words alone decide, so that which group comes first
    changes nothing.
    """
    rows = first_to_last(data.counts)
    counts, marks = data.counts[rows], seed_marks(seeds, data.terms)
    model = fit(weigh(counts, kind), k, kind=kind, seeds=marks)
    found = posterior(counts, model.shares, seed=seed)
    order = falling(found.shares.mean(axis=0))
    back = np.argsort(rows, kind="stable")
    names = [*seeds, *[""] * (k - len(seeds))]
    return (
        Model(model.shares[back][:, order], model.terms[order]),
        found.taken(back, order),
        [names[topic] for topic in order],
    )


def _distribution(found: Posterior, data: Material) -> pd.DataFrame:
    topics = pd.RangeIndex(1, len(found.terms) + 1, name="topic")
    return pd.DataFrame(found.terms.T, index=pd.Index(data.terms, name="term"), columns=topics)


def _shares(shares: Floats, data: Material) -> pd.DataFrame:
    tokens = data.units.groupby("document")["tokens"]
    middle = tokens.cumsum() - data.units["tokens"] / 2
    units = data.units[["unit", "document", "group"]].assign(
        position=middle / tokens.transform("sum")
    )
    k = shares.shape[1]
    long = units.loc[units.index.repeat(k)].reset_index(drop=True)
    return long.assign(topic=np.tile(np.arange(1, k + 1), len(units)), share=shares.ravel())
