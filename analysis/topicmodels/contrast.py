"""The contrast of topics: what the texts speak of, and where the groups differ.

A group may speak of a topic as often as the other and yet in other words. The last draw of the
posterior gives every word of every unit a topic (or the background). Within one topic, the words
given to it are counted term by term and compared between the groups as terms are in keyness.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from threadpoolctl import threadpool_limits

from analysis.inference.contrast import count_contrast
from analysis.inference.levels import DRAWS
from analysis.inference.weights import Flags, Floats
from analysis.numbers import falling, ordered
from analysis.result import Outcome, Result, analysis, unit_name
from analysis.running import step
from analysis.text import Corpus, count_terms
from analysis.text.units import UNIT_TOKENS, unit_rows, with_names
from analysis.topicmodels.choice import (
    TOP,
    exclusivity,
    labels,
    measure_quality,
    measure_stability,
    npmi,
    reach_of,
    top_terms,
)
from analysis.topicmodels.model import (
    AnchorWords,
    Material,
    Model,
    check_k,
    first_to_last,
    fit,
    mark_anchors,
    material_of,
    summed,
    weigh,
)
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

METHOD = (
    "shares folded in over draws of the topics' words; t of units, draws and starts; family-wise "
    "by the smallest p of correlated topics"
)
RELEVANCE = 0.6
SHOWN = 20  # terms listed of each topic
LISTED = 10  # terms on a card
TERMS = ["topic", "rank", "term", "weight", "relevance", "n_units"]
CARDS = [
    "topic", "name", "label", "terms", "coherence", "exclusivity", "share_target",
    "share_reference", "estimate", "ci_low", "ci_high", "stability", "alarm", "finding",
]  # fmt: skip
LEAST_UNITS = 2  # that hold words of the topic, in either group
WORDING = [
    "topic", "label", "term", "n_target", "n_reference", "rate_target", "rate_reference",
    "log_ratio", "ci_low", "ci_high", "p_value", "p_family",
]  # fmt: skip
FEWEST = 4  # words that a sentence needs to be typical of anything
SENTENCES = [
    "topic", "label", "group", "rank", "document", "sentence", "start", "end", "share", "text",
]  # fmt: skip


@analysis("topics")
def topics(
    corpus: Corpus,
    *,
    k: int | None = None,
    model: str = "nmf",
    anchor_words: AnchorWords | None = None,
    unit_tokens: int = UNIT_TOKENS,
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

    References
    ----------
    Lee & Seung 1999, doi:10.1038/44565 (factorisation); Griffiths & Steyvers 2004,
    doi:10.1073/pnas.0307752101 (the model of counts); Roberts et al. 2014, doi:10.1111/ajps.12103
    (contrasts that allow for unsure topics).

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
    unit: str,
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
    ranked = found.reordered(back, order)
    return Measured(
        Model(named.shares[back][:, order], named.terms[order]),
        ranked,
        order,
        relevance(ranked.terms, ranked.shares.mean(axis=0)),
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


# What a topic says: its terms, how each group words it, and the sentences that are most of it


def relevance(terms: Floats, weights: Floats) -> Floats:
    """Return how much each term says of each topic, ``λ ln φ_kw + (1 - λ) ln(φ_kw / p_w)``, λ = .6.

    Terms ranked by their probability alone are those that are frequent everywhere; by its ratio to
    the overall probability p, those that are rare. λ = .6 served readers best (Sievert & Shirley
    2014, doi:10.3115/v1/W14-3110).

    Parameters
    ----------
    terms : topics × terms, rows sum to 1, nothing nought
    weights : the topics' overall shares, by which p is mixed

    Examples
    --------
    >>> even = relevance(np.array([[0.6, 0.3, 0.1], [0.6, 0.1, 0.3]]), np.array([0.5, 0.5]))
    >>> even.argsort(axis=1)[:, ::-1].tolist()
    [[0, 1, 2], [0, 2, 1]]
    """
    overall = np.log(weights @ terms)
    own: Floats = np.log(terms)
    return own - (1 - RELEVANCE) * overall


def term_table(
    weights: Floats, ranks: Floats, terms: tuple[str, ...], counts: sparse.csr_array
) -> pd.DataFrame:
    """List each topic's first terms by relevance, with their weight and the units they stand in.

    Parameters
    ----------
    weights, ranks : topics × terms, probability and relevance
    terms, counts : as in ``Material``
    """
    spread = np.asarray((counts > 0).sum(axis=0)).ravel()
    rows = [
        (topic, rank, terms[i], weights[topic - 1, i], own[i], int(spread[i]))
        for topic, own in enumerate(ranks, start=1)
        for rank, i in enumerate(falling(own)[:SHOWN], start=1)
    ]
    return pd.DataFrame(rows, columns=TERMS)


def card_table(
    prevalence: pd.DataFrame,
    weights: Floats,
    ranks: Floats,
    terms: tuple[str, ...],
    counts: sparse.csr_array,
    names: list[str],
) -> pd.DataFrame:
    """Gather what is known of each topic, one row a topic.

    ``name`` is the user's, for topics with seed words; ``label`` only a suggestion from the terms;
    ``coherence`` and ``exclusivity`` are those of the ten terms listed (see ``measure_quality``).
    """
    first = falling(ranks)[:, :LISTED]
    marks = top_terms(np.exp(ranks))
    return prevalence.assign(
        name=names,
        terms=[", ".join(terms[i] for i in row) for row in first],
        coherence=npmi(marks, counts),
        exclusivity=exclusivity(weights, marks),
    )[CARDS]


def compare_wording(
    assigned: list[sparse.csr_array], terms: tuple[str, ...], target: Flags, labels: list[str]
) -> pd.DataFrame:
    """Compare the groups' words within each topic.

    The counts are a single draw of each word's topic, because the test needs whole numbers: the
    most likely topic of every word would favour, in a group that holds less of a topic, the words
    that no other topic has. The model does not know the groups, so that where a topic is worded
    alike in both, its words differ by chance only.

    Parameters
    ----------
    assigned : topics × units × terms, words given to each topic
    terms : the terms
    target : True where a unit is the target's
    labels : of the topics

    Returns
    -------
    DataFrame
        One row a topic and term, by topic, p-value and term. ``n_…``: occurrences given to the
        topic; ``rate_…``: per 1,000 words given to it; ``log_ratio, ci_low, ci_high``: positive
        where the target has more, and ``p_value``: see ``count_contrast``;
        ``p_family``: adjusted over all terms of all topics (within a topic by the test itself,
        times the number of topics). A topic has no rows if fewer than two units of a group hold
        words of it.
    """
    tables = [
        _topic(sparse.csr_array(table), terms, target).assign(topic=number, label=label)
        for number, (table, label) in enumerate(zip(assigned, labels, strict=True), start=1)
        if _enough(table, target)
    ]
    if not tables:
        return pd.DataFrame(columns=WORDING)
    table = pd.concat(tables)
    table["p_family"] = np.minimum(1, len(assigned) * table["p_family"])
    return ordered(table, ["topic", "p_value", "term"])[WORDING]


def _enough(table: Any, target: Flags) -> bool:
    held = np.asarray(table.sum(axis=1)).ravel() > 0
    return min((held & side).sum() for side in (target, ~target)) >= LEAST_UNITS


def _topic(table: sparse.csr_array, terms: tuple[str, ...], target: Flags) -> pd.DataFrame:
    sizes = np.asarray(table.sum(axis=1)).ravel()
    rows, columns = (np.flatnonzero(table.sum(axis=axis)) for axis in (1, 0))
    values, lengths, side = table[rows][:, columns], sizes[rows], target[rows]
    found = count_contrast(values, lengths, side).table
    sums = {"target": values[side].sum(axis=0), "reference": values[~side].sum(axis=0)}
    totals = {"target": lengths[side].sum(), "reference": lengths[~side].sum()}
    return pd.DataFrame(
        {
            "term": [terms[i] for i in columns],
            **{f"n_{name}": count for name, count in sums.items()},
            **{f"rate_{name}": 1_000 * sums[name] / totals[name] for name in sums},
            **found[["log_ratio", "ci_low", "ci_high", "p_value", "p_family"]],
        }
    )


def typical_sentences(found: Result, *, count: int = 3) -> pd.DataFrame:
    """Return the sentences of each group that are most of a topic.

    A sentence's share of a topic is the mean over its terms of the probability that the term, in
    this unit, is of the topic: ``θ_uk φ_kw / Σ_j θ_uj φ_jw``. Sentences of fewer than four kept
    terms are left out: hardly anything can be said of them.

    Parameters
    ----------
    found : as from ``topics``
    count : sentences a topic and group

    Returns
    -------
    DataFrame
        By topic, group (target first) and rank: ``topic, label, group, rank, document, sentence,
        start, end, share, text``; ``start`` and ``end`` are offsets into the raw file. Ties go to
        the earlier sentence. A group with no such sentence has no row.
    """
    shares = _sentence_shares(found)
    order = {group.label: place for place, group in enumerate(found.corpus.groups)}
    rows = []
    for number, label in found.table[["topic", "label"]].itertuples(index=False):
        own = shares.assign(topic=number, label=label, share=shares[number])
        own = own.assign(place=own["group"].map(order), early=np.arange(len(own)))
        own = own.dropna(subset="share")
        own = ordered(own, ["place", "share", "early"], ascending=[True, False, True])
        first = own.groupby("place").head(count)
        rows.append(first.assign(rank=first.groupby("place").cumcount() + 1))
    return pd.concat(rows, ignore_index=True)[SENTENCES]


def _sentence_shares(found: Result) -> pd.DataFrame:
    """Return the units' sentences with a column of shares for each topic, NaN where too short."""
    spans = unit_rows(found.corpus, found.parts["passages"])
    rows = np.concatenate([np.arange(span.start, span.stop) for span in spans])
    unit = np.repeat(np.arange(len(spans)), [span.stop - span.start for span in spans])
    grid = found.parts["shares"]["share"].to_numpy().reshape(len(spans), found.facts["k"])
    words = found.parts["distribution"]
    column = {term: place for place, term in enumerate(words.index)}
    named = with_names(found.corpus)
    tokens = (named[row] for row in rows)
    held = [Counter(column[t] for t in own if t in column) for own in tokens]
    shares = [
        _weighed(terms, words.to_numpy(), grid[u]) for terms, u in zip(held, unit, strict=True)
    ]
    sentences = found.corpus.sentences.iloc[rows].reset_index(drop=True)
    return sentences.join(pd.DataFrame(shares, columns=words.columns))


def _weighed(held: Counter[int], words: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if held.total() < FEWEST:
        return np.full(len(weights), np.nan)
    odds = words[list(held)] * weights
    each: np.ndarray = odds / odds.sum(axis=1, keepdims=True)
    return np.array(list(held.values())) @ each / held.total()
