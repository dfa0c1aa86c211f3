"""The conventions of all inference, stated once, and how a level is kept by many tests at once.

A family-wise p is a function of the p-value alone, and the same for all terms; so is the level to
which it brings the family-wise 5 %. Simultaneous intervals of that level then leave out 0 just
where the family-wise p falls below 5 %.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference.weights import Flags, Floats
from analysis.numbers import SAME, tied

LEVEL = 0.05  # of tests, by term and family-wise
CONFIDENCE = 1 - LEVEL  # of intervals
POWER = 0.8  # with which a difference at its floor is found
DRAWS = 20_000  # relabellings of a permutation test
TIE = 1e-6  # by which p-values of one outcome, found in two ways, may differ
CERTAIN = 1 - 1e-15
SMALLEST = float(np.finfo(float).tiny)  # where double precision ends: no p is 0


def passes(p: Any, level: float = LEVEL) -> Any:
    """Tell whether p-values are below a level by more than rounding errors; a missing one is not.

    >>> passes(np.array([0.049, 0.05 * (1 - 1e-12), np.nan])).tolist()
    [True, False, False]
    """
    return p < level * (1 - SAME)


@dataclass(frozen=True)
class Reach:
    """How small the p of terms can be whose unevenness is known from their likes only.

    Between the two a term counts as if it could have any p.

    Attributes
    ----------
    least : of each term, the smallest p that it can have
    near : of each term, the smallest that any of its likes can have
    """

    least: Floats = field(default_factory=lambda: np.empty(0))
    near: Floats = field(default_factory=lambda: np.empty(0))

    def between(self, p: Floats) -> np.ndarray:
        """Return how many terms are between the two, at each of these."""
        near, least = (np.searchsorted(rising, p, side="right") for rising in self._rising)
        return near - least

    @cached_property
    def _rising(self) -> tuple[Floats, Floats]:
        return np.sort(self.near), np.sort(self.least)


@dataclass(frozen=True)
class Attainable:
    """The p-values that k terms can have where nothing differs, and how likely they are.

    Attributes
    ----------
    p : attainable p-values, rising; those of all terms together
    some : at each, the log-probability that no term has a p so small
    expected : at each, how many terms are expected to have a p so small
    continuous : how many further terms can have any p
    cap : beyond which attainable p-values were left out
    reach : of terms of which little is known
    """

    p: Floats
    some: Floats
    expected: Floats
    continuous: int
    cap: float = 1.0
    reach: Reach = field(default_factory=Reach)

    @classmethod
    def of(
        cls,
        term: np.ndarray,
        p: Floats,
        probability: Floats,
        continuous: int,
        *,
        cap: float = 1.0,
        many: np.ndarray | None = None,
        reach: Reach | None = None,
    ) -> "Attainable":
        """Gather the outcomes of all terms.

        Parameters
        ----------
        term, p, probability : of each outcome, the number of its term, its p, and how likely it is
        continuous, cap, reach : see the attributes
        many : how many terms there are of each number, if that is not one
        """
        rising = np.argsort(p, kind="stable")
        place, first = _by_term(term[rising])
        within = pd.Series(probability[rising][place]).groupby(np.cumsum(first)).cumsum()
        reached = np.clip(within.to_numpy(float), 0, 1)
        none = np.log1p(-np.minimum(reached, CERTAIN))
        steps = []
        for running in (none, reached):
            step = np.diff(running, prepend=0)
            step[first] = running[first]
            own = np.empty_like(step)
            own[place] = step
            steps.append(np.cumsum(own if many is None else own * many[term[rising]]))
        return cls(p[rising], steps[0], steps[1], continuous, cap, reach or Reach())

    def family(self, p: Floats) -> Floats:
        """Return the probability that any term's p falls to each of these or below.

        Tarone (1990), doi:10.2307/2531456, without Bonferroni's bound; terms are taken as
        independent. What neither a term nor its likes can reach, it does not add.
        """
        none = self._read(self.some, p)
        none += self._any(p) * np.log1p(-np.minimum(p, CERTAIN))
        return np.asarray(np.maximum(-np.expm1(none), np.maximum(p, SMALLEST)))

    def count(self, p: Floats) -> Floats:
        """Return how many terms are expected to have a p so small, for each up to the cap."""
        return self._read(self.expected, p) + self._any(p) * np.minimum(p, 1)

    def critical(self, level: float = LEVEL) -> float:
        """Return a p between what chance falls to anywhere within the level and what it does not.

        No attainable p is equal to it, so that nothing hangs on rounding.
        """
        low, high = -750.0, 0.0  # of its logarithm
        for _ in range(60):
            middle = (low + high) / 2
            within = self.family(np.exp(np.array([middle])))[0] < level
            low, high = (middle, high) if within else (low, middle)
        found = float(np.exp(low))
        place = np.searchsorted(self.p, found * (1 + TIE))
        below = self.p[place - 1] if place else 0.0
        if self.continuous or below == 0 or below < found * (1 - 1e-6):
            return found
        return float(below * (1 + TIE))

    def _any(self, p: Floats) -> Floats:
        """Return how many terms count as if they could have any p, at each of these."""
        return np.asarray(self.continuous + self.reach.between(np.asarray(p) * (1 + TIE)))

    def _read(self, sums: Floats, p: Floats) -> Floats:
        places = np.searchsorted(self.p, np.asarray(p) * (1 + TIE), side="right")
        return np.concatenate([[0.0], sums])[places]


def discovery(p: Floats, attainable: Attainable, corrected: Callable[[Floats], Floats]) -> Floats:
    """Return each term's q, the false-discovery rate at which it would be among those found.

    Benjamini and Hochberg's step-up with what terms can attain in place of ``k p`` (Heyse 2011,
    doi:10.1198/sbr.2010.09034): ``min over c ≥ p of E(terms with p ≤ c) / (terms with p ≤ c)``.
    Where few are expected, so many more are as a corrected family-wise p says: ``-ln(1 - P)`` is
    the number expected where P is the probability of any.

    Parameters
    ----------
    p, attainable : of the terms
    corrected : makes of a family-wise p one that other divisions of the texts bear out
    """
    order = np.argsort(p, kind="stable")
    found = np.searchsorted(p[order], p[order] * (1 + TIE), side="right")
    expected = attainable.count(p[order])
    any_ = np.minimum(corrected(-np.expm1(-expected)), CERTAIN)
    ratio = np.where(p[order] > attainable.cap, 1, np.maximum(expected, -np.log1p(-any_)) / found)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(ratio[::-1])[::-1], 1)
    return q


def holm(p: Floats, decided: Flags) -> Floats:
    """Return Holm's adjusted p over the chosen tests, NaN elsewhere.

    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    >>> holm(np.array([0.01, 0.04, 0.5]), np.array([True, True, False])).tolist()
    [0.02, 0.04, nan]
    """
    adjusted = np.full(len(p), np.nan)
    chosen = np.flatnonzero(decided)
    order = chosen[np.argsort(tied(p[chosen], ratios=True), kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def _by_term(term: np.ndarray) -> tuple[np.ndarray, Flags]:
    """Return the places of outcomes sorted by term, else as they stand; and where a term begins.

    Term and place are sorted as one whole number, many times as fast as one by the other.
    """
    bits = len(term).bit_length()
    key = (term.astype(np.int64) << bits) | np.arange(len(term))
    key.sort()
    return key & ((1 << bits) - 1), np.diff(key >> bits, prepend=-1) != 0
