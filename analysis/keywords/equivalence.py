"""Equivalence: terms shown to be used alike, within stated bounds."""

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.counts_test import CountTest
from analysis.inference.levels import LEVEL, holm, passes
from analysis.inference.split import Splits
from analysis.inference.weights import Floats
from analysis.keywords.formulas import group_totals
from analysis.keywords.table import count_words, tests_of
from analysis.numbers import ordered
from analysis.result import Outcome, analysis, unit_name
from analysis.text import Corpus, Counts
from analysis.text.units import UNIT_TOKENS

MOST = 2.0**24  # occurrences: more are not looked for
METHOD = (
    "two one-sided beta-binomial count tests (mid-p) at the bounds, Holm over the terms that can "
    "be decided"
)
COLUMNS = [
    "term", "n_target", "n_reference", "log_ratio", "alike_low", "alike_high", "p_alike",
    "p_alike_family",
]  # fmt: skip


@analysis("lockwords")
def lockwords(
    corpus: Corpus,
    *,
    bound: float = 1.0,
    unit_tokens: int = UNIT_TOKENS,
    numbers: bool = False,
    function_words: bool = False,
    family: str | None = None,
    phrases: bool = False,
) -> Outcome:
    """Test which terms both groups use at about the same rate.

    A lockword is a term whose rates are shown to differ by less than ``bound`` doublings either
    way. Baker (2011) calls so the words whose frequency stays the same over time; here the
    sameness is tested, not read off a table. Two one-sided tests (Schuirmann 1987) are taken
    together: the larger of the mid-p's that the log ratio is no higher than ``-bound``, and no
    lower than ``bound`` (``count_test``). p is below .05 just where the 90 % interval lies within
    the bounds. Where a group is a single document, the tests are of passages: whether these very
    texts use a term alike, not whether their sources do.

    A term can be decided at all if, used exactly alike and as uneven as the terms are on the whole,
    it would pass one test (``frequency_floor``). The floor looks at the total frequency only, not
    at how it is split, so that choosing by it costs nothing; over the terms that reach it p is
    adjusted by Holm (1979).

    It cannot show that a term means the same in both groups, nor that rates are equal; and a term
    that does not pass has not been shown to differ: mostly it is too rare. The bound must be set
    before looking. In simulations a rate that differs by just the bound passes in about 5 %
    of corpora or fewer.

    Parameters
    ----------
    corpus : the two groups
    bound : the largest difference that counts as alike, in doublings (units of the log ratio)
    unit_tokens, numbers, function_words, family, phrases : what is counted, as in ``keyness``

    Returns
    -------
    Result
        One row a term, the smallest p first, ties by term: ``term, n_target, n_reference,
        log_ratio``, with one count shared out by length; ``alike_low, alike_high``, its 90 %
        interval, which lies within the bound where ``p_alike``, of a difference as large as the
        bound or larger, is below .05; ``p_alike_family`` (Holm), NaN for terms
        too rare to be decided. The fact ``frequency_floor`` says how rare that is.

    Raises
    ------
    InputError
        The bound is not positive, a count is NaN or negative, or a group has one unit.

    References
    ----------
    Baker (2011), doi:10.1177/0075424210387590; Schuirmann (1987), doi:10.1007/BF01068419;
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    counts = count_words(
        corpus,
        phrases=phrases,
        unit_tokens=unit_tokens,
        numbers=numbers,
        function_words=function_words,
        family=family,
    )
    table, floor = lockwords_of_counts(counts, bound=bound)
    name = unit_name(corpus, unit_tokens)
    return Outcome(table, counts.units, name, METHOD, facts={"frequency_floor": floor})


def lockwords_of_counts(counts: Counts, *, bound: float) -> tuple[pd.DataFrame, float]:
    """Test terms already counted; return the table and the floor (``lockwords``)."""
    if not (np.isfinite(bound) and bound > 0):
        raise InputError(
            f"The bound must be a positive number of doublings (usually 1), got {bound}."
        )
    a, b, _, _ = group_totals(counts)
    whole, within = tests_of(counts)
    test = within or whole  # of the texts themselves: passages, where a group is one document
    floor = _floor(test, bound)
    low, high = test.interval(1 - 2 * LEVEL)
    p = np.full(len(counts.terms), np.nan)
    p[test.occurs] = _two_one_sided(test.splits, bound)[test.kind]
    columns = {
        "term": counts.terms,
        "n_target": a.astype(int),
        "n_reference": b.astype(int),
        "log_ratio": test.log_ratio,
        "alike_low": low,
        "alike_high": high,
        "p_alike": p,
        "p_alike_family": holm(p, a + b >= floor),
    }
    return ordered(pd.DataFrame(columns)[COLUMNS], ["p_alike", "term"]), floor


def _two_one_sided(splits: Splits, bound: float) -> Floats:
    return np.maximum(splits.above(-bound)[0], splits.above(bound)[1])


def _floor(test: CountTest, bound: float) -> float:
    """Return how often a term must occur, in both groups together, to be shown to be used alike.

    The total at which a term that both groups use exactly alike has ``p < .05``, its excess being
    as likely as those of the terms are on the whole. Infinite where no number of occurrences is
    enough: terms are too uneven, or documents too few.
    """
    own = test.splits
    weights = own.weights[test.kind].mean(axis=0, keepdims=True)

    def is_enough(total: float) -> bool:
        held = np.array([round(total * own.bursts.share)], dtype=float)
        typical = Splits(own.bursts, weights, held, np.array([total]))
        return bool(passes(_two_one_sided(typical, bound)[0]))

    low, high = 1.0, 2.0
    while not is_enough(high):
        low, high = high, 2 * high
        if high > MOST:
            return float("inf")
    while high - low > 1:
        middle = np.floor((low + high) / 2)
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
