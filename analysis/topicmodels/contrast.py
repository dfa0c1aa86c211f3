"""The contrast of topics: what the texts speak of, and where the groups differ."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.inference.levels import DRAWS
from analysis.inference.weights import Floats
from analysis.numbers import falling
from analysis.result import Outcome, analysis
from analysis.running import step
from analysis.text import Corpus, count_terms, unit_name
from analysis.topicmodels.choice import (
    TOP,
    measure_quality,
    measure_stability,
    reach_of,
    top_terms,
)
from analysis.topicmodels.material import Material, check_k, first_to_last, material_of, summed
from analysis.topicmodels.model import AnchorWords, Model, fit, mark_anchors, weigh
from analysis.topicmodels.prevalence import (
    PREVALENCE,
    Refits,
    beyond_chance,
    contrast_shares,
    difference_table,
    find_alarms,
    refitted,
    separation,
    share_out,
    variation,
)
from analysis.topicmodels.sampling import Posterior, draw_posterior
from analysis.topicmodels.wording import (
    card_table,
    compare_wording,
    labels,
    relevance,
    term_table,
)

METHOD = (
    "shares folded in over draws of the topics' words; t of units, draws and starts; family-wise "
    "by the smallest p of correlated topics"
)


@analysis("topics")
def topics(
    corpus: Corpus,
    *,
    k: int | None = None,
    model: str = "nmf",
    anchor_words: AnchorWords | None = None,
    unit_tokens: int = 100,
    seed: int = 0,
    draws: int = DRAWS,
) -> Outcome:
    """Contrast the topics of two groups of texts.

    A topic's prevalence in a group is its mean share over the group's units. Topics are fitted to
    passages, runs of paragraphs of about equal length, and inferred on units: whole documents, or
    the passages where a group has too few documents to be units. The model is fitted without the
    group labels, so that it does not favour any difference. It names the topics; how much of each a
    passage holds is then measured by a model of counts that starts there (``draw_posterior``), and
    the groups are contrasted for every draw from it (``contrast_shares``).

    Parameters
    ----------
    corpus : the two groups
    k : number of topics; None takes the one that is chosen by ``measure_stability``
    model : ``nmf`` (factorisation of TF-IDF) or ``lda`` (latent Dirichlet allocation), see ``fit``
    anchor_words : anchor words of topics, by name; other topics are free
    unit_tokens : aimed length of a unit, in tokens
    seed : of the random numbers
    draws : of the smallest p of all topics where none differs

    Returns
    -------
    Result
        Its table has one row a topic, numbered from 1 by overall prevalence; positive means more in
        the target.

        - ``topic, label``: number by overall prevalence, and the three terms of largest relevance
        - ``n_units``: units of which no topic has a larger share
        - ``share_target, share_reference``: mean shares, unbiased given the topics, so that one of
          nought may come out slightly below it; ``estimate``: their difference
        - ``p_value``: of the difference by t, its error the root of the variances over units, over
          draws of the topics and over starts (see ``Estimate``); ``ci_low, ci_high``: the 95 %
          interval of the same test, which leaves out 0 where p is below .05; ``p_family``,
          ``family_low, family_high``: the same for all topics at once (``estimate_contrast``)
        - ``given_low, given_high, given_p_family``: what a naive test would say, by the variance
          over units alone, the topics taken as given
        - ``target_low, …, reference_high``: the 95 % t intervals of both shares
        - ``self_…``: the difference that a group, set against itself, stays under in 95 %
        - ``floor``: the smallest true difference that would be seen in four of five such corpora
        - ``refit_low, refit_high``: 95 % of the differences of the matched topic when the model is
          refitted to resampled units from random starts; ``sign_stability``: the share of refits
          with the sign of the estimate
        - ``stability``: the share of its ten top terms that come back in those refits; ``chance``:
          the same for shuffled units
        - ``separation``: how often a passage of the target has more of it than one of the reference
        - ``alarm``: why the topic is no finding, if it is none (see ``Alarm``)
        - ``finding``: whether its difference is one: a stable number of topics, no alarm, a
          family-wise p below .05

        Its parts: ``terms`` (``topic, rank, term, weight, relevance, n_units``; a topic's weights
        sum to 1 over all its terms, of which the 20 of largest relevance are listed, in that
        order), ``distribution`` (terms × topics, the probability of each term), ``shares`` (of
        passages: ``unit, document, group, position, topic, share``; position runs from 0 to 1
        along each document, and a passage's shares sum to 1), ``unit_shares`` (the same of units),
        ``passages`` (as from ``cut_units``), ``cards`` (one row a topic, for reading: ``topic,
        name, label, terms, coherence, exclusivity``, and what the table says of it), ``wording``
        (how each group words the topics, see ``compare_wording``), ``stability``, ``quality`` (see
        ``measure_stability``, ``measure_quality``).

        Its facts: ``k``, and whether it is ``stable``; ``reach``, whether topics could be found in
        so much text (see ``Reach``); ``terms``, how many were kept;
        ``left_out``, units that hold none of them; ``refits`` to resampled units; ``background``,
        the share of the words that are of no topic in particular.

    Raises
    ------
    InputError
        Fewer than two topics, fewer units than topics, no term left, a group with one unit, or an
        anchor word that is no term.

    Examples
    --------
    >>> from analysis.text import load_corpus
    >>> found = topics(load_corpus(), k=2, draws=200)
    >>> bool(found.parts["shares"].groupby("unit")["share"].sum().round(9).eq(1).all())
    True
    """
    units = count_terms(corpus, unit_tokens=unit_tokens)
    passages = count_terms(corpus, unit_tokens=unit_tokens, passages=True)
    return contrast_topics(
        material_of(passages, documents=units.documents),
        k=k,
        model=model,
        anchor_words=anchor_words,
        seed=seed,
        draws=draws,
        unit=unit_name(corpus, unit_tokens),
    )


@dataclass(frozen=True)
class Measured:
    """Topics that were named, measured and put into the order of their prevalence.

    Attributes
    ----------
    named : the model that names them
    found : their words and the passages' shares, as measured
    order : where each topic stood in the model as it was fitted
    ranks : topics × terms, relevance
    """

    named: Model
    found: Posterior
    order: np.ndarray
    ranks: Floats


def contrast_topics(
    data: Material,
    *,
    k: int | None = None,
    model: str = "nmf",
    anchor_words: AnchorWords | None = None,
    seed: int = 0,
    draws: int = DRAWS,
    unit: str = "whole documents",
) -> Outcome:
    """Contrast topics on units already counted; see ``topics``."""
    anchors = mark_anchors(anchor_words or {}, data.terms)
    if k is not None:
        check_k(k, data, len(anchors))
    settings: dict[str, Any] = {"model": model, "anchors": anchors, "seed": seed}
    with threadpool_limits(1):
        stability = measure_stability(data, ks=None if k is None else [k], **settings)
        choice = stability[stability["chosen"] & (stability["kind"] == "resample")].iloc[0]
        step("naming topics")
        own = _measured(data, int(choice["k"]), **settings)
        step("refitting them")
        again = refitted(data, own.named, "resample", **settings)
        step("contrasting them")
        table = _contrasted(data, own, again, choice, settings, draws)
        step("measuring them")
        names = [*(anchor_words or {}), *[""] * len(table)]
        return Outcome(
            table,
            data.units,
            unit,
            METHOD,
            parts={
                **_parts(data, own, table, [names[i] for i in own.order]),
                "stability": stability,
                "quality": measure_quality(data, stability, **settings),
            },
            facts={
                "k": int(choice["k"]),
                "stable": bool(choice["stable"]),
                "reach": reach_of(bool(choice["stable"]), len(data.passages)),
                "terms": len(data.terms),
                "left_out": data.left_out,
                "refits": len(again.estimates),
                "background": own.found.background,
            },
        )


def _measured(data: Material, k: int, *, model: str, anchors: Floats, seed: int) -> Measured:
    """Name topics and measure them.

    Passages are taken in an order that their words alone decide, so that which group comes first
    changes nothing.
    """
    rows = first_to_last(data.pieces)
    counts = data.pieces[rows]
    named = fit(weigh(counts, model), k, model=model, anchors=anchors)
    found = draw_posterior(counts, named.shares, seed=seed)
    order, back = falling(found.shares.mean(axis=0)), np.argsort(rows, kind="stable")
    taken = found.taken(back, order)
    return Measured(
        Model(named.shares[back][:, order], named.terms[order]),
        taken,
        order,
        relevance(taken.terms, taken.shares.mean(axis=0)),
    )


def _contrasted(
    data: Material,
    own: Measured,
    again: Refits,
    choice: pd.Series,
    settings: dict[str, Any],
    draws: int,
) -> pd.DataFrame:
    """Return the table of ``topics``."""
    starts = refitted(data, own.named, "seed", **settings)
    contrast = contrast_shares(data.counts, own.found, data.target)
    contrast = contrast.widened(starts.estimates, starts.agreements)
    shares, side = share_out(own.found.shares, data), data.target[data.unit_of]
    apart = np.array([separation(share, side) for share in own.found.shares.T])
    names = labels(own.ranks, data.terms)
    table = difference_table(contrast, shares, again, data, names, settings["seed"], draws)
    marks = top_terms(np.exp(own.ranks))
    kept = (marks * top_terms(own.named.terms)).sum(axis=1) / TOP
    alarms = find_alarms(
        shares,
        data.units,
        again.agreements.mean(axis=0),
        kept,
        choice["chance"],
        apart,
        variation(data, marks),
    )
    table = table.assign(chance=float(choice["chance"]), separation=apart, alarm=pd.Series(alarms))
    return table.assign(finding=beyond_chance(table) & bool(choice["stable"]))[PREVALENCE]


def _parts(
    data: Material, own: Measured, table: pd.DataFrame, names: list[str]
) -> dict[str, pd.DataFrame]:
    """Return what the topics are, and where they stand."""
    found, listed = own.found, (own.ranks, data.terms, data.pieces)
    assigned = [summed(words, data.unit_of) for words in found.assigned]
    return {
        "terms": term_table(found.terms, *listed),
        "distribution": _distribution(found, data),
        "shares": _shares(found.shares, data),
        "unit_shares": _long(data.units[["unit"]], share_out(found.shares, data)),
        "cards": card_table(table, found.terms, *listed, names),
        "wording": compare_wording(assigned, data.terms, data.target, list(table["label"])),
        "passages": data.passages,
    }


def _distribution(found: Posterior, data: Material) -> pd.DataFrame:
    topics = pd.RangeIndex(1, len(found.terms) + 1, name="topic")
    return pd.DataFrame(found.terms.T, index=pd.Index(data.terms, name="term"), columns=topics)


def _shares(shares: Floats, data: Material) -> pd.DataFrame:
    tokens = data.passages.groupby("document")["tokens"]
    middle = tokens.cumsum() - data.passages["tokens"] / 2
    units = data.passages[["unit", "document", "group"]].assign(
        position=middle / tokens.transform("sum")
    )
    return _long(units, shares)


def _long(units: pd.DataFrame, shares: Floats) -> pd.DataFrame:
    """Return one row a unit and topic."""
    k = shares.shape[1]
    long = units.loc[units.index.repeat(k)].reset_index(drop=True)
    return long.assign(topic=np.tile(np.arange(1, k + 1), len(units)), share=shares.ravel())
