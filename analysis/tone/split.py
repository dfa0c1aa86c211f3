"""How much of a contrast of tone is another mix of topics, how much another tone within topics."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import half_width, leave_one_out
from analysis.inference.gate import checked
from analysis.inference.weights import Flags, Floats
from analysis.tone.ratios import jackknife

ALL, NONE = "all", "no topic"
ENDS = ["", "_low", "_high"]
COLUMNS = [
    "topic", "share_target", "share_reference", "mean_target", "mean_reference",
    *(f"{part}{end}" for part in ("mix", "within", "total") for end in ENDS),
]  # fmt: skip


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
    left = _split(leave_one_out(len(flags)), parts, flags)
    effects = _with_all(whole["effects"][0]), _with_all(left["effects"])
    half = _half(*effects, flags)
    table = pd.DataFrame({"topic": [ALL, *topics]})
    for column in COLUMNS[1:5]:
        table[column] = np.concatenate([whole[f"all_{column}"], whole[column][0]])
    for place, part in enumerate(("mix", "within", "total")):
        estimate = effects[0][place]
        table[f"{part}"], table[f"{part}_low"] = estimate, estimate - half[place]
        table[f"{part}_high"] = estimate + half[place]
    return table[COLUMNS]


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


def _half(estimate: Floats, left: Floats, flags: Flags) -> Floats:
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
