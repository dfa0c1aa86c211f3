"""Parts of the texts: the mean tone of each, contrasted, and a contrast split by topics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import half_width, leave_one_out
from analysis.inference.contrast import MEANS, estimate_contrast, freedom
from analysis.inference.weights import Flags, Floats, checked
from analysis.result import Outcome, Result, analysis
from analysis.text import Corpus
from analysis.tone.calibration import (
    COMBINED,
    LIMIT,
    Line,
    for_raters,
    line_variance,
    load_calibration,
    within,
)
from analysis.tone.sentences import outcome, read

METHOD = f"{MEANS}; the jackknife over units, and what the calibration misses"
SPLIT_METHOD = "jackknife t over units; topics and calibration taken as given"
LEAST = 3  # units of a group that must hold a part (coverage: benchmarks/README.md, Intervals)
STILL = 1e-18  # a variance that is none but for rounding
SIDES = ("target", "reference")
COLUMNS = [
    *(f"{what}_{side}" for side in SIDES for what in ("units", "mean", "low", "high")),
    "estimate", "ci_low", "ci_high", "p_value", "family_low", "family_high", "p_family", "floor",
    "established",
]  # fmt: skip
ALL, NONE = "all", "no topic"
ENDS = ["", "_low", "_high"]
SPLIT = [
    "topic", "share_target", "share_reference", "mean_target", "mean_reference",
    *(f"{part}{end}" for part in ("mix", "within", "total") for end in ENDS),
]  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """Headline tone, summed over the sentences of each part in each unit.

    Attributes
    ----------
    sums, sizes : units × parts; a size counts sentences, and may hold fractions of one
    target : True where a unit is the target's
    documents : of each unit
    column : what tone is by: the combination, names masked, or a scorer that reads them unmasked
    """

    sums: Floats
    sizes: Floats
    target: Flags
    documents: np.ndarray
    column: str = COMBINED

    def of(self, flags: Flags) -> "Parts":
        """Return some of the units."""
        sums, sizes = self.sums[flags], self.sizes[flags]
        return replace(
            self, sums=sums, sizes=sizes, target=self.target[flags], documents=self.documents[flags]
        )

    @property
    def line(self) -> Line:
        """What puts its scores into raters' units."""
        return load_calibration().line(self.column, masked=self.column == COMBINED)

    @property
    def units(self) -> np.ndarray:
        """How many units hold each part."""
        return (self.sizes > 0).sum(axis=0)

    def means(self, weights: Floats) -> Floats:
        """Return draws × parts: the mean tone under each row of weights, NaN where none is held."""
        sums, sizes = weights @ self.sums, weights @ self.sizes
        return np.divide(sums, sizes, out=np.full_like(sums, np.nan), where=sizes > 1e-9)


def contrast_parts(parts: Parts, *, draws: int, seed: int) -> pd.DataFrame:
    """Contrast the groups' mean tone of every part.

    A part's mean in a group is ``r = Σ v / Σ n`` over units, v its sum of tone and n its size. Its
    variance is the jackknife's over the units that hold the part, plus what raters would have
    judged otherwise (``model_variance``, for the part's sentences); interval and p-values are those
    of ``estimate_contrast``, the rows correlated as their units are; and the interval reaches
    further on the louder side, as that of the headline does (``for_raters``).

    Parameters
    ----------
    parts : as summed
    draws, seed : of the random numbers behind family-wise p-values

    Returns
    -------
    DataFrame
        One row a part, the columns ``COLUMNS``: units that hold the part, mean and its 95 %
        interval, by group; the contrast. NaN where fewer than ``LEAST`` units of a group hold the
        part; a mean only where none does.
    """
    sides = [parts.of(flags) for flags in (parts.target, ~parts.target)]
    errors = [_error(side) for side in sides]
    means = [side.means(np.ones((1, len(side.target))))[0] for side in sides]
    table = pd.DataFrame(np.nan, index=range(parts.sums.shape[1]), columns=COLUMNS)
    for name, side, mean, error in zip(SIDES, sides, means, errors, strict=True):
        half = _half([error])
        table[f"units_{name}"], table[f"mean_{name}"] = side.units, mean
        table[f"low_{name}"], table[f"high_{name}"] = within([mean - half, mean + half], LIMIT)
    variances, degrees = _variances(errors)
    held = np.min([side.units for side in sides], axis=0) >= LEAST
    moves = held & (np.sum([error.units for error in errors], axis=0) > 0)
    noise = [_residuals(side, mean) for side, mean in zip(sides, means, strict=True)]
    model = np.diag(np.sqrt(np.nan_to_num(variances[1] + variances[3])))
    found = estimate_contrast(
        np.where(held, means[0] - means[1], np.nan),
        np.where(moves, np.sqrt(variances.sum(axis=0)), np.nan),
        freedom(variances, degrees),
        noise=np.vstack([*noise, model]),
        draws=draws,
        seed=seed,
    ).table
    for name in ("ci", "family"):
        reach = (found[f"{name}_high"] - found[f"{name}_low"]) / 2
        ends = for_raters(found["estimate"], reach, parts.line.louder)
        found[f"{name}_low"], found[f"{name}_high"] = within(ends, 2 * LIMIT)
    return table.assign(**found)[COLUMNS]


def contrast_with_rest(part: Parts, rest: Parts) -> Floats:
    """Return, for each part of one group, its mean less that of the rest, with a 95 % interval.

    Both means come from the same units: the jackknife leaves a unit out of both. What raters would
    have judged otherwise about a whole document cancels; what they would about single sentences
    does not: its variance is ``sd_sentence² (1 / N + 1 / N')``.

    Returns
    -------
    parts × (difference, low, high); NaN where fewer than ``LEAST`` units hold either.
    """
    count = len(part.target)

    def apart(weights: Floats) -> Floats:
        return part.means(weights) - rest.means(weights)

    whole, left = apart(np.ones((1, count))), left_out(apart, count)
    used = ((part.sizes + rest.sizes) > 0).sum(axis=0)
    units = np.minimum(part.units, rest.units)
    with np.errstate(divide="ignore"):
        inverse = 1 / part.sizes.sum(axis=0) + 1 / rest.sizes.sum(axis=0)
    model = part.line.sd_sentence**2 * inverse
    half = _half([_Error(jackknife(whole[0], left, used), model, units - 1)])
    difference = np.where(units >= LEAST, whole[0], np.nan)
    return within(np.column_stack([difference, difference - half, difference + half]), 2 * LIMIT)


def left_out(measure: Callable[[Floats], Floats], units: int) -> Floats:
    """Return what a measure of draws × units weights gives where each unit in turn is left out."""
    return np.concatenate([measure(weights) for weights in leave_one_out(units)])


def jackknife(estimate: Floats, left_out: Floats, units: np.ndarray | int) -> Floats:
    """Return the variance of estimates, k, from those with one unit left out, rows × k.

    ``(m - 1) / m · Σ (estimate₍ᵢ₎ - estimate)²``, m the units that an estimate rests on (Efron &
    Stein 1981, doi:10.1214/aos/1176345462: on average rather too large than too small); 0 where it
    is none but for rounding.
    """
    m = np.maximum(units, 1)
    variance: Floats = (m - 1) / m * ((left_out - estimate) ** 2).sum(axis=0)
    return np.where(variance <= STILL, 0, variance)


class _Error(NamedTuple):
    """What the mean tone of each part may be off by.

    ``units`` is its variance over units, with ``degrees`` of freedom; ``model`` is what raters
    would have judged otherwise.
    """

    units: Floats
    model: Floats
    degrees: np.ndarray


def _error(side: Parts) -> _Error:
    count = len(side.target)
    mean, left = side.means(np.ones((1, count))), left_out(side.means, count)
    model = [_model(own, side.documents, side.line) for own in side.sizes.T]
    units = np.where(side.units < LEAST, np.nan, jackknife(mean[0], left, side.units))
    return _Error(units, np.array(model), side.units - 1)


def _model(sizes: Floats, documents: np.ndarray, line: Line) -> float:
    if not sizes.sum():
        return np.nan
    by_document: Floats = np.asarray(pd.Series(sizes).groupby(documents).sum(), dtype=np.float64)
    return line_variance(line, by_document)


def _half(errors: Sequence[_Error]) -> Floats:
    """Return half widths; NaN where a variance is unknown, or where no unit varies."""
    variances, degrees = _variances(errors)
    varies = np.sum([error.units for error in errors], axis=0) > 0
    return np.where(varies, half_width(variances, degrees), np.nan)


def _variances(errors: Sequence[_Error]) -> tuple[Floats, Floats]:
    """Return variances and degrees of freedom: units and model of each error × parts."""
    known = np.full_like(errors[0].degrees, load_calibration().articles - 2)
    variances = np.array([row for error in errors for row in (error.units, error.model)])
    degrees = np.array([row for error in errors for row in (error.degrees, known)])
    return variances, degrees.astype(float)


def _residuals(side: Parts, mean: Floats) -> Floats:
    """Return what each unit of a group adds to the error of each part's mean."""
    sizes = side.sizes.sum(axis=0)
    residuals = side.sums - side.sizes * np.nan_to_num(mean)
    return np.divide(residuals, sizes, out=np.zeros_like(residuals), where=sizes > 0)


# A contrast split by topics


@analysis("tone split by topics")
def topic_split(found: Result) -> Outcome:
    """Split the contrast of calibrated tone into a mix of topics and a tone within them.

    Units without a sentence of defined tone are left out.

    Parameters
    ----------
    found : as from ``topics``

    Returns
    -------
    Result
        As from ``tone_split``: the row ``all``, then one a topic, by its label; without rows where
        a group has fewer than two units whose sentences have a tone. Its facts hold ``stable``,
        whether the topics are; how many units are ``left`` out, as they hold no word of the topics;
        and the ``whole`` difference, as the headline has it with these. (Sentences without a
        defined tone count in neither.)
    """
    sums, sizes = _tone_of_units(found.corpus, found.units)
    long = found.parts["unit_shares"].pivot_table(index="unit", columns="topic", values="share")
    shares = long.reindex(found.units["unit"]).to_numpy()
    target = (found.units["group"] == found.corpus.target.label).to_numpy()
    held = sizes > 0
    table = pd.DataFrame(columns=SPLIT)
    if min((held & target).sum(), (held & ~target).sum()) >= 2:
        labels = found.table.sort_values("topic")["label"]
        names = list(labels) if labels.is_unique else None
        table = tone_split(sums[held], sizes[held], shares[held], target[held], names=names)
        ends = [f"{part}{end}" for part in ("mix", "within", "total") for end in ENDS[1:]]
        table[ends] = within(table[ends], 2 * LIMIT)
    reading = read(found.corpus)
    tones = [reading.tone[side & ~reading.silent] for side in (reading.target, ~reading.target)]
    known = all(map(len, tones))
    facts = {
        "stable": found.facts["stable"],
        "left": found.facts["left_out"],
        "whole": float(tones[0].mean() - tones[1].mean()) if known else np.nan,
    }
    scored = outcome(found.corpus, table, SPLIT_METHOD, facts=facts)
    return replace(scored, units=found.units, unit=found.unit)


def _tone_of_units(corpus: Corpus, units: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the sum of tone of each unit's sentences, and how many have one."""
    tones = corpus.sentences[["document", "sentence"]].assign(tone=read(corpus).tone)
    texts = {id: own["tone"].to_numpy() for id, own in tones.groupby("document")}
    spans = units[["document", "first_sentence", "last_sentence"]].itertuples(index=False)
    own = [texts[document][first : last + 1] for document, first, last in spans]
    sums = np.array([np.nansum(tone) for tone in own])
    return sums, np.array([np.isfinite(tone).sum() for tone in own], dtype=float)


def tone_split(
    sums: Any, sizes: Any, shares: Any, target: Any, *, names: Sequence[str] | None = None
) -> pd.DataFrame:
    r"""Split a contrast of tone into a different mix of topics and a different tone within them.

    With unit u's sum of tone v, size n and share θ of topic k, a group's share of the topic is
    ``π = Σ θ n / Σ n`` and its tone ``τ = Σ θ v / Σ θ n``; the group's mean tone is ``Σ π τ`` over
    topics. The contrast is ``Σ mix + Σ within``, with nothing left over:

    - ``mix = (π₁ - π₂) ((τ₁ + τ₂) / 2 - τ̄)``: the target speaks more of topics whose tone is above
      τ̄, the average of both groups' means (which cancels in the sum);
    - ``within = (π₁ + π₂) / 2 · (τ₁ - τ₂)``: it speaks of a topic in another tone.

    A topic that a group lacks has the other group's tone: its part is all mix. Intervals are
    jackknife t intervals over units; the topic model is taken as given, and so is the calibration.
    Units of mixed topics lend their tone to all their topics, which draws topics' tones together:
    the mix is rather under- than overstated.

    Parameters
    ----------
    sums : units, each one's sum of tone
    sizes : units, what sums are per (sentences)
    shares : units × topics, rows add up to 1; a row of NaN is a unit without topic
    target : True where a unit is the target's
    names : of the topics; their numbers from 1 if left out

    Returns
    -------
    DataFrame
        The first row is ``all``, then one row a topic in the order of ``shares``, and ``no topic``
        if there are such units: ``topic``; ``share_target, share_reference``, π; ``mean_target,
        mean_reference``, τ (NaN where a group lacks the topic); ``mix, within, total``, each with
        its 95 % interval (``mix_low, mix_high`` and so on), NaN where nothing varies.

    Raises
    ------
    InputError
        Shapes differ, a row of shares does not add up to 1 or has a negative share, a value is not
        finite, names are too few or many, or a group has one unit.

    References
    ----------
    Kitagawa 1955, doi:10.1080/01621459.1955.10501299; Oaxaca 1973, doi:10.2307/2525981.

    Examples
    --------
    Both topics read alike in both groups, but the target has more of the pleasant one:

    >>> shares = [[1, 0], [1, 0], [0, 1], [1, 0], [0, 1], [0, 1]]
    >>> flags = [True, True, True, False, False, False]
    >>> table = tone_split([1, 1, -1, 1, -1, -1], [1] * 6, shares, flags)
    >>> table.loc[0, ["mix", "within"]].astype(float).round(2).tolist()
    [0.67, 0.0]
    """
    values, lengths, flags = checked(sums, sizes, target)
    if values.shape[1] != 1:
        raise InputError(f"One sum of tone a unit is split, got {values.shape[1]} columns.")
    theta = _checked_shares(shares, len(lengths))
    topics = _names(names, theta.shape[1])
    if np.isnan(theta).any():
        missing = np.isnan(theta).all(axis=1, keepdims=True)
        theta = np.column_stack([np.where(missing, 0, theta), missing])
        topics.append(NONE)
    parts = values * theta, lengths[:, None] * theta
    whole = _split(np.ones((1, len(flags))), parts, flags)
    left = left_out(lambda weights: _split(weights, parts, flags)["effects"], len(flags))
    effects = _with_all(whole["effects"][0]), _with_all(left)
    half = _split_half(*effects, flags)
    table = pd.DataFrame({"topic": [ALL, *topics]})
    for column in SPLIT[1:5]:
        table[column] = np.concatenate([whole[f"all_{column}"], whole[column][0]])
    for place, part in enumerate(("mix", "within", "total")):
        estimate = effects[0][place]
        table[f"{part}"], table[f"{part}_low"] = estimate, estimate - half[place]
        table[f"{part}_high"] = estimate + half[place]
    return table[SPLIT]


def _split(weights: Floats, parts: tuple[Floats, Floats], flags: Flags) -> dict[str, Floats]:
    """Return shares, tones and effects (draws × 3 × topics) under each row of weights."""
    sums, sizes = parts
    found: dict[str, Floats] = {}
    for side, own in (("target", flags), ("reference", ~flags)):
        held, tone = weights[:, own] @ sizes[own], weights[:, own] @ sums[own]
        size, total = held.sum(axis=1, keepdims=True), tone.sum(axis=1, keepdims=True)
        found[f"share_{side}"] = held / size
        found[f"mean_{side}"] = np.divide(
            tone, held, out=np.full_like(tone, np.nan), where=held > 1e-12
        )
        found[f"all_share_{side}"], found[f"all_mean_{side}"] = np.ones(1), (total / size)[0]
        found[f"group_{side}"] = total / size
    pi_1, pi_2 = found["share_target"], found["share_reference"]
    own_1, own_2 = found["mean_target"], found["mean_reference"]
    tau_1 = np.nan_to_num(np.where(np.isnan(own_1), own_2, own_1))
    tau_2 = np.nan_to_num(np.where(np.isnan(own_2), own_1, own_2))
    average = (found["group_target"] + found["group_reference"]) / 2
    mix = (pi_1 - pi_2) * ((tau_1 + tau_2) / 2 - average)
    within = (pi_1 + pi_2) / 2 * (tau_1 - tau_2)
    found["effects"] = np.stack([mix, within, mix + within], axis=1)
    return found


def _with_all(effects: Floats) -> Floats:
    """Put the sum over topics before them."""
    return np.concatenate([effects.sum(axis=-1, keepdims=True), effects], axis=-1)


def _split_half(estimate: Floats, left: Floats, flags: Flags) -> Floats:
    """Return half widths of the effects, 3 × topics; NaN where nothing varies."""
    counts = np.array([flags.sum(), (~flags).sum()])
    variances = [
        jackknife(estimate, left[side], int(count))
        for side, count in zip((flags, ~flags), counts, strict=True)
    ]
    return half_width(variances, (counts - 1)[:, None, None])


def _checked_shares(shares: Any, units: int) -> Floats:
    theta = np.array(shares, dtype=float)
    if theta.ndim != 2 or len(theta) != units or not theta.shape[1]:
        raise InputError(
            f"Shares must be a table of units × topics with {units} rows, got the shape "
            f"{theta.shape}."
        )
    known = ~np.isnan(theta).all(axis=1)
    sound = np.isfinite(theta[known]) & (theta[known] >= 0)
    if not sound.all() or not np.allclose(theta[known].sum(axis=1), 1, atol=1e-6):
        raise InputError(
            "The shares of each unit must be 0 or more and add up to 1 (or all be NaN, for a unit "
            "without topic): divide each row by its sum."
        )
    theta[known] /= theta[known].sum(axis=1, keepdims=True)
    return theta


def _names(names: Sequence[str] | None, topics: int) -> list[str]:
    listed = [str(k) for k in range(1, topics + 1)] if names is None else [str(n) for n in names]
    if len(listed) != topics or len(set(listed)) != topics:
        raise InputError(f"There must be one name for each of the {topics} topics, got {listed}.")
    return listed
