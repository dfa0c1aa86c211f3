"""Prevalence: how much of a topic each group holds, the difference, and how sure that is.

A group's prevalence of a topic is the mean share over its units. Shares fitted unit by unit are
drawn towards one another, by priors or by noise, and their differences come out too small. Here the
shares are *folded in* by least squares, a linear map of a unit's term frequencies ``f``,
``θ̂ = (Φ P⁻¹ Φᵀ)⁻¹ Φ P⁻¹ f``, P the terms' overall probabilities. Given the topics Φ it is unbiased
for every unit, whatever the prior (single units may leave the range from 0 to 1; groups hardly
do): the unit's topics are estimated as Hopkins & King estimate categories, without classifying
(2010, doi:10.1111/j.1540-5907.2009.00428.x). The topics are not given, so this is done for every
draw of Φ from the posterior, and the draws are combined (the method of composition: Treier &
Jackman 2008, doi:10.1111/j.1540-5907.2007.00308.x; Roberts et al. 2014, doi:10.1111/ajps.12103);
the variance between fits from other starts is added.

Topics that are an artefact of the sample are no finding: ``Alarm`` says why. A topic *leads* a unit
if no other topic has a larger share of it.
"""

from dataclasses import dataclass, replace
from enum import Flag, auto
from typing import Self

import numpy as np
import pandas as pd
from scipy import sparse, stats
from scipy.stats import rankdata

from analysis.inference import self_contrast
from analysis.inference.contrast import estimate_contrast
from analysis.inference.levels import CONFIDENCE, LEVEL, passes
from analysis.inference.weights import Flags, Floats
from analysis.numbers import exceeds, largest, reaches, tied
from analysis.sentences import say
from analysis.topicmodels.choice import RECURS, match, refits, top_terms
from analysis.topicmodels.model import Material, Model, membership, weigh
from analysis.topicmodels.sampling import Posterior, draw_posterior, rows_to_one

MOST, LEAST = 64, 12  # refits to units drawn anew
STARTS = 4  # refits to the same units
TOKENS = 400_000  # words that all refits together may hold, where that leaves at least the fewest
SHORT = 15  # sweeps left out, and kept, in a refit
DOCUMENT_SHARE = 0.8
SEPARATION = 0.95
EVENLY = 0.5  # in terms of a topic's mean, how much it varies along texts at least
PREVALENCE = [
    "topic", "label", "n_units", "share_target", "share_reference", "estimate", "ci_low", "ci_high",
    "given_low", "given_high", "given_p_family", "family_low", "family_high", "target_low",
    "target_high",
    "reference_low", "reference_high", "p_value", "p_family", "self_target", "self_reference",
    "floor", "refit_low", "refit_high",
    "sign_stability", "stability", "chance", "separation", "alarm",
    "finding",
]  # fmt: skip


class Alarm(Flag):
    """Why a topic is no finding; none, one or several.

    - ``ONE_UNIT``: it leads one unit only, or more than half of all its weight lies in one unit;
    - ``ONE_DOCUMENT``: four of five units it leads are of one document, though the document's group
      has others;
    - ``ONE_TEXT``: all units it leads are of a group that is a single text, so that the topic may
      be that text's own vocabulary: the group label in disguise;
    - ``LABEL``: a passage of one group has more of it than one of the other in 19 of 20 pairs: the
      group label in disguise, whatever the topic seems to be about;
    - ``NOT_STABLE``: fewer than half of its top terms come back from resampled units, or no more
      than from shuffled ones;
    - ``DRIFTS``: the words that make up its shares are mostly not those by which the model named
      it;
    - ``EVEN``: between the passages of the group that has more of it, its ten first terms together
      vary by less than half of their mean beyond chance. Subjects come and go along a text, a way
      of writing does not: it is a topic of style.

    Examples
    --------
    >>> str(Alarm.ONE_TEXT | Alarm.NOT_STABLE), bool(Alarm(0)), str(Alarm(0))
    ('leads one text only; does not recur', False, '')
    """

    ONE_UNIT = auto()
    ONE_DOCUMENT = auto()
    ONE_TEXT = auto()
    LABEL = auto()
    NOT_STABLE = auto()
    DRIFTS = auto()
    EVEN = auto()

    def __str__(self) -> str:
        return "; ".join(say(_SAID[reason], {}) for reason in self)


_SAID = {
    Alarm.ONE_UNIT: "topics.reasons.one_unit",
    Alarm.ONE_DOCUMENT: "topics.reasons.one_document",
    Alarm.ONE_TEXT: "topics.reasons.one_text",
    Alarm.LABEL: "topics.reasons.label",
    Alarm.NOT_STABLE: "topics.reasons.not_stable",
    Alarm.DRIFTS: "topics.reasons.drifts",
    Alarm.EVEN: "topics.reasons.even",
}


@dataclass(frozen=True)
class Estimate:
    """A mean share of each topic, or the difference of two, and how sure it is.

    Attributes
    ----------
    estimate : per topic
    error : standard error, ``sqrt(W + (1 + 1/m) B)``: W the variance over units, cluster-robust
        and averaged over the m draws, B the variance between draws
    df : degrees of freedom of W + B (Satterthwaite; of W, those of a mean or Welch's; m - 1 of B)
    """

    estimate: Floats
    error: Floats
    df: Floats

    def interval(self, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
        """Return the ends of the t interval."""
        half = stats.t.isf((1 - confidence) / 2, self.df) * self.error
        return self.estimate - half, self.estimate + half

    def widened(self, estimates: Floats, agreements: Floats) -> Self:
        """Add the variance between starts, ``S = Σ (d_i - d)² / n``, with n degrees of freedom.

        A start that finds another topic in a topic's place says nothing of it: for each topic, n
        are the starts in which it recurs. One that recurs in none is no finding (``Alarm``).

        Parameters
        ----------
        estimates : starts × topics, the differences of the same topics fitted from other starts
        agreements : starts × topics, the share of top terms that a topic has in common with each
        """
        same = reaches(agreements, RECURS)
        found = np.maximum(same.sum(axis=0), 1)
        between = (same * (estimates - self.estimate) ** 2).sum(axis=0) / found
        total = self.error**2 + between
        with np.errstate(divide="ignore", invalid="ignore"):
            df = total**2 / (self.error**4 / self.df + between**2 / found)
        return replace(self, error=np.sqrt(total), df=df)


@dataclass(frozen=True)
class Prevalence(Estimate):
    """The difference of prevalence, with all that makes it uncertain but the number of topics.

    Attributes
    ----------
    folded : units × topics, each unit's shares, the mean over draws; rows sum to 1
    target, reference : the mean shares
    given : the same difference, the topics taken as given (B left out)
    """

    folded: Floats
    target: Estimate
    reference: Estimate
    given: Estimate


def contrast_shares(counts: sparse.csr_array, found: Posterior, target: Flags) -> Prevalence:
    """Contrast the groups' mean shares over all draws of the topics.

    Parameters
    ----------
    counts : units × terms, no unit empty
    found : the draws of the topics, and the mean shares that weigh them overall
    target : True where a unit is the target's
    """
    weights, draws = found.shares.mean(axis=0), len(found.draws)
    sides = (target, ~target)
    folded = np.zeros((counts.shape[0], len(weights)))
    means, variances = [], []
    for terms in found.draws:
        shares = fold(counts, terms, weights)
        folded += shares / draws
        means.append([shares[side].mean(axis=0) for side in sides])
        variances.append([shares[side].var(axis=0, ddof=1) / side.sum() for side in sides])
    drawn, within = np.array(means), np.mean(variances, axis=0)
    squares = within**2 / np.array([[side.sum() - 1] for side in sides])
    first, second = (_estimate(drawn[:, i], within[i], squares[i]) for i in (0, 1))
    apart, both = drawn[:, 0] - drawn[:, 1], (within.sum(axis=0), squares.sum(axis=0))
    given = _estimate(apart.mean(axis=0)[None], *both)
    whole = _estimate(apart, *both)
    return Prevalence(
        whole.estimate, whole.error, whole.df, folded, target=first, reference=second, given=given
    )


def _estimate(drawn: Floats, within: Floats, squares: Floats) -> Estimate:
    """Add the variance between draws to that within; a single draw has none.

    Parameters
    ----------
    drawn : draws × topics, the quantity itself
    within, squares : per topic, the variance over units, and ``Σ variance² / df`` over its parts
    """
    draws = len(drawn)
    spread = drawn.var(axis=0, ddof=1) if draws > 1 else np.zeros(drawn.shape[1])
    between = (1 + 1 / draws) * spread
    with np.errstate(divide="ignore", invalid="ignore"):
        df = (within + between) ** 2 / (squares + between**2 / max(draws - 1, 1))
    return Estimate(drawn.mean(axis=0), np.sqrt(within + between), df)


def fold(counts: sparse.csr_array, terms: Floats, weights: Floats) -> Floats:
    """Return units × topics shares by weighted least squares, given the topics.

    Parameters
    ----------
    counts : units × terms, no unit empty
    terms : topics × terms, rows sum to 1, nothing nought
    weights : the topics' overall shares, to sum 1, by which the terms' probabilities are mixed

    Examples
    --------
    >>> terms = np.array([[0.6, 0.3, 0.1], [0.1, 0.3, 0.6]])
    >>> units = sparse.csr_array([[6, 3, 1], [7, 6, 7], [0, 5, 0]])
    >>> fold(units, terms, np.array([0.5, 0.5])).round(3).tolist()
    [[1.0, 0.0], [0.5, 0.5], [0.5, 0.5]]
    """
    weighted = terms / (weights @ terms)
    given = np.linalg.pinv(weighted @ terms.T, hermitian=True) @ weighted
    sizes = np.asarray(counts.sum(axis=1), dtype=float).reshape(-1, 1)
    shares: Floats = (counts @ given.T) / sizes
    return shares


@dataclass(frozen=True)
class Refits:
    """The same contrast after refitting, topics matched one to one with those of all units.

    Attributes
    ----------
    estimates : refits × topics, differences of prevalence
    agreements : refits × topics, the share of a topic's top terms that its partner has
    """

    estimates: Floats
    agreements: Floats

    def interval(self) -> tuple[Floats, Floats]:
        """Return the range of 95 % of the refits."""
        low, high = np.quantile(self.estimates, [LEVEL / 2, 1 - LEVEL / 2], axis=0)
        return low, high


def refitted(
    data: Material,
    named: Model,
    varied: str,
    *,
    model: str = "nmf",
    anchors: Floats | None = None,
    seed: int = 0,
) -> Refits:
    """Refit the model, fold in, and contrast the groups, many times.

    Everything is done again but the choice of the number of topics.

    Parameters
    ----------
    data : the passages and units
    named : the model of all passages, by whose top terms topics are matched
    varied : ``seed``, the same units from four other starts; or ``resample``, units drawn anew
        within each group from other starts: 64 times, or in large corpora down to 12 times
    model, anchors : as in ``fit``
    seed : of the random numbers
    """
    own, estimates, agreements = top_terms(named.terms), [], []
    again = refits(
        weigh(data.pieces, model),
        len(own),
        data,
        kind=varied,
        runs=STARTS if varied == "seed" else refit_count(int(data.pieces.sum())),
        seed=seed,
        model=model,
        anchors=anchors,
    )
    for number, (weights, fitted) in enumerate(again):
        partner, agreement = match(own, top_terms(fitted.terms))
        units, pieces = (
            np.repeat(np.arange(len(often)), often.astype(int))
            for often in (weights, weights[data.unit_of])
        )
        draws = draw_posterior(
            data.pieces[pieces],
            fitted.shares[pieces],
            seed=seed + number,
            burn=SHORT,
            sweeps=SHORT,
            everywhere=False,
        )
        again_contrasted = contrast_shares(data.counts[units], draws, data.target[units])
        estimates.append(again_contrasted.estimate[partner])
        agreements.append(agreement)
    return Refits(np.array(estimates), np.array(agreements))


def refit_count(tokens: int) -> int:
    """Return how many times a corpus of so many kept words is drawn anew.

    >>> refit_count(2_000), refit_count(10_000), refit_count(1_000_000)
    (64, 40, 12)
    """
    return int(np.clip(TOKENS // max(tokens, 1), LEAST, MOST))


def difference_table(
    own: Prevalence,
    shares: Floats,
    again: Refits,
    data: Material,
    names: list[str],
    seed: int,
    draws: int,
) -> pd.DataFrame:
    """Return the columns of a contrast of topics but what may make one an artefact; see ``topics``.

    Parameters
    ----------
    own, again : the contrast, and that of the refits to units drawn anew
    shares : units × topics, as measured (``share_out``)
    data : the units
    names : the topics' labels
    seed, draws : of the random numbers behind the family-wise p
    """
    target = data.target
    sizes = np.ones(len(target))
    noise = residuals(own.folded, target)
    whole, naive = (
        estimate_contrast(e.estimate, e.error, e.df, noise=noise, draws=draws, seed=seed).table
        for e in (own, own.given)
    )
    refit_low, refit_high = again.interval()
    columns = {
        "topic": np.arange(1, len(names) + 1),
        "label": names,
        "n_units": np.bincount(largest(shares), minlength=len(names)),
        "share_target": own.target.estimate,
        "share_reference": own.reference.estimate,
        "given_low": naive["ci_low"],
        "given_high": naive["ci_high"],
        "given_p_family": naive["p_family"],
        **_ends("target", own.target),
        **_ends("reference", own.reference),
        "refit_low": refit_low,
        "refit_high": refit_high,
        "sign_stability": (np.sign(again.estimates) == np.sign(own.estimate)).mean(axis=0),
        "stability": again.agreements.mean(axis=0),
    }
    itself = self_contrast(own.folded, sizes, target)
    return pd.concat([pd.DataFrame(columns), whole, itself], axis=1)


def residuals(folded: Floats, target: Flags) -> Floats:
    """Return units × topics, what each unit adds to the error of the difference.

    Parameters
    ----------
    folded : units × topics, each unit's shares
    target : True where a unit is the target's
    """
    noise = np.empty(folded.shape)
    for side in (target, ~target):
        noise[side] = (folded[side] - folded[side].mean(axis=0)) / side.sum()
    return noise


def _ends(name: str, own: Estimate) -> dict[str, Floats]:
    """Return the ends of a 95 % interval as columns."""
    return dict(zip((f"{name}_low", f"{name}_high"), own.interval(), strict=True))


def beyond_chance(table: pd.DataFrame) -> pd.Series:
    """Tell which differences are beyond chance and artefact, the number of topics aside."""
    return passes(table["p_family"]) & ~table["alarm"].astype(bool)


def find_alarms(
    shares: Floats,
    units: pd.DataFrame,
    stability: Floats,
    kept: Floats,
    chance: float,
    apart: Floats,
    varying: Floats,
) -> list[Alarm]:
    """Tell of every topic why it is no finding, if it is none.

    Parameters
    ----------
    shares : units × topics, rows sum to 1
    units : one row a unit, with ``document`` and ``group``
    stability : the share of top terms that come back, per topic
    kept : the share of top terms of the named topic that are top terms of the measured one
    chance : the share of top terms that come back for shuffled units
    apart : how far it tells passages apart, as from ``separation``
    varying : how much a topic varies along texts, as from ``variation``
    """
    leads = largest(shares)
    none = Alarm(0)
    return [
        _concentration(shares[:, topic], units, leads == topic)
        | (Alarm.LABEL if reaches(max(apart[topic], 1 - apart[topic]), SEPARATION) else none)
        | (Alarm.NOT_STABLE if not reaches(stability[topic], max(RECURS, chance)) else none)
        | (Alarm.DRIFTS if not reaches(kept[topic], RECURS) else none)
        | (Alarm.EVEN if not reaches(varying[topic], EVENLY) else none)
        for topic in range(shares.shape[1])
    ]


def share_out(shares: Floats, data: Material) -> Floats:
    """Return units × topics shares, the means over their passages, weighed by kept words."""
    words = np.asarray(data.pieces.sum(axis=1), dtype=float).ravel()
    return rows_to_one(np.asarray(membership(data.unit_of) @ (words[:, None] * shares)))


def variation(data: Material, marks: Floats) -> Floats:
    """Return how much each topic varies along the texts of the group that has more of it.

    Of its marked terms there are x in a passage of n kept words, and ``n p`` are expected, p their
    share in the group. The coefficient of variation beyond chance is ``sqrt((D - 1) / m)``, where
    ``D = Σ (x - n p)² / (n p (1 - p)) / (passages - 1)`` and m is the mean of ``n p``.

    In 59 inaugural addresses and 65 papers of the Federalist, subjects had .6 to 2.2, and "would,
    not, public, should" .4; "unto, thine, hath", put into half of the addresses, had .2.

    Parameters
    ----------
    data : the passages
    marks : topics × terms, 1 for a top term
    """
    counts = np.asarray(data.pieces @ marks.T)
    words = np.asarray(data.pieces.sum(axis=1), dtype=float).ravel()
    target = data.target[data.unit_of]
    sides = [_variation(counts[side], words[side]) for side in (target, ~target)]
    more = sides[0][0] >= sides[1][0]
    return np.where(more, sides[0][1], sides[1][1])


def _variation(counts: Floats, words: Floats) -> tuple[Floats, Floats]:
    """Return the share of the marked terms in a group, and their variation beyond chance."""
    share = counts.sum(axis=0) / words.sum()
    expected = np.outer(words, share)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (counts - expected) ** 2 / (expected * (1 - share))
        dispersion = squares.sum(axis=0) / (len(words) - 1)
        beyond = np.sqrt(np.maximum(dispersion - 1, 0) / expected.mean(axis=0))
    return share, np.nan_to_num(beyond)


def separation(share: Floats, target: Flags) -> float:
    """Return how often a passage of the target has more of a topic than one of the reference.

    The Mann-Whitney statistic over all pairs, ties counting half: .5 says nothing.

    >>> separation(np.array([0.9, 0.8, 0.1]), np.array([True, True, False]))
    1.0
    """
    n1, n2 = int(target.sum()), int((~target).sum())
    ranks: float = rankdata(tied(share))[target].sum()
    return float((ranks - n1 * (n1 + 1) / 2) / (n1 * n2))


def _concentration(share: Floats, units: pd.DataFrame, led: Flags) -> Alarm:
    """Tell whether one unit, one document or one text carries a topic."""
    if led.sum() == 1 or exceeds(share.max(), share.sum() / 2):
        return Alarm.ONE_UNIT
    if not led.any():
        return Alarm(0)
    documents = units.groupby("group")["document"].nunique()
    own = units.loc[led, "document"].value_counts(normalize=True)
    group = units.loc[units["document"] == own.index[0], "group"].iloc[0]
    if documents[group] > 1:
        return Alarm.ONE_DOCUMENT if reaches(own.iloc[0], DOCUMENT_SHARE) else Alarm(0)
    return Alarm.ONE_TEXT if len(own) == 1 else Alarm(0)
