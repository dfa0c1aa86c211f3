"""Keyness measures, as arithmetic on counts.

Every function takes the occurrences of a term in the target ``a`` and in the reference ``b``
(arrays of any one shape) and the tokens of each, ``n1`` and ``n2``. Positive means over-used in
the target where a measure has a sign. With ``c = n1 - a``, ``d = n2 - b``, ``n = n1 + n2``, the
expected counts under equal use are ``e1 = n1 (a + b) / n`` and ``e2 = n2 (a + b) / n``.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]


def g2(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the log-likelihood ratio of the 2 × 2 table, ``2 Σ O ln(O / E)`` over four cells.

    Dunning (1993), Computational Linguistics 19(1), 61-74.

    >>> float(g2(np.array(10.0), np.array(10.0), 100, 100))
    0.0
    """
    t, n = a + b, n1 + n2
    cells = (
        (a, n1 * t / n),
        (b, n2 * t / n),
        (n1 - a, n1 * (n - t) / n),
        (n2 - b, n2 * (n - t) / n),
    )
    total = sum(special.xlogy(o, o) - special.xlogy(o, e) for o, e in cells)
    return 2 * np.maximum(total, 0)


def chi2(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return Pearson's chi-squared of the 2 × 2 table, without continuity correction.

    ``n (a d - b c)² / (n1 n2 (a + b) (c + d))``; NaN where a margin is empty.
    """
    t, n = a + b, n1 + n2
    margins = n1 * n2 * t * (n - t)
    cross = a * (n2 - b) - b * (n1 - a)
    return np.divide(n * cross**2, margins, out=np.full(np.shape(t), np.nan), where=margins > 0)


def tail(statistic: Floats) -> Floats:
    """Return the p-value of a chi-squared statistic with one degree of freedom.

    From the survival function, so that small values do not underflow to 0 early.
    """
    return np.asarray(stats.chi2.sf(statistic, 1))


def log_ratio(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return Hardie's Log Ratio, ``log2((a / n1) / (b / n2))``, a zero count taken as one half.

    Hardie (2014), "Log Ratio: an informal introduction", CASS, Lancaster University.

    >>> float(log_ratio(np.array(8.0), np.array(0.0), 128, 128))
    4.0
    """
    return np.log2(np.where(a > 0, a, 0.5) / n1) - np.log2(np.where(b > 0, b, 0.5) / n2)


def log_odds_z(a: Floats, b: Floats, n1: float, n2: float, prior: Floats) -> Floats:
    """Return the z-score of the log-odds ratio with a Dirichlet prior.

    ``δ / sqrt(1 / (a + α) + 1 / (b + α))``, where ``δ`` is the difference of
    ``ln((a + α) / (n1 + α₀ - a - α))`` between the sides and ``α₀ = Σ α``.
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018, eqs. 15-22.

    Parameters
    ----------
    prior : α, pseudo-counts of each term, all positive
    """
    total = prior.sum()
    odds = [np.log(x + prior) - np.log(n + total - x - prior) for x, n in ((a, n1), (b, n2))]
    return (odds[0] - odds[1]) / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def g2_two_cells(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the log-likelihood over the two cells of the term, ``2 (a ln(a/e1) + b ln(b/e2))``.

    What Rayson's calculator prints. Rayson & Garside (2000), doi:10.3115/1117729.1117730.
    """
    t, n = a + b, n1 + n2
    total = special.xlogy(a, a) + special.xlogy(b, b)
    total -= special.xlogy(a, n1 * t / n) + special.xlogy(b, n2 * t / n)
    return 2 * np.maximum(total, 0)


def chi2_yates(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return Pearson's chi-squared with Yates's continuity correction.

    ``n (max(0, |a d - b c| - n / 2))² / (n1 n2 (a + b) (c + d))``, which takes half off every
    ``|O - E|`` but never past nought. Yates (1934), doi:10.2307/2983604.
    """
    t, n = a + b, n1 + n2
    margins = n1 * n2 * t * (n - t)
    cross = np.maximum(np.abs(a * (n2 - b) - b * (n1 - a)) - n / 2, 0)
    return np.divide(n * cross**2, margins, out=np.full(np.shape(t), np.nan), where=margins > 0)


def fisher_p(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the two-sided p-value of Fisher's exact test.

    The sum of the probabilities of all tables with the same margins that are no more probable.
    """
    pairs, places = np.unique(np.column_stack([a, b]), axis=0, return_inverse=True)
    tables = (np.array([[x, y], [n1 - x, n2 - y]], dtype=int) for x, y in pairs)
    p = np.array([stats.fisher_exact(table).pvalue for table in tables])
    return p[places.ravel()]


def pmi(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the pointwise mutual information of term and target, ``log2(a / e1)``.

    Church & Hanks (1990), Computational Linguistics 16(1), 22-29. Minus infinity where ``a`` is 0.
    """
    with np.errstate(divide="ignore"):
        return np.asarray(np.log2(a) - np.log2(n1 * (a + b) / (n1 + n2)))


def bic(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the Bayes factor approximation of the two-cell G², ``G² - ln(n1 + n2)``.

    Above 2 is positive evidence, above 10 very strong. Wilson (2013), "Embracing Bayes factors for
    key item analysis in corpus linguistics".
    """
    return g2_two_cells(a, b, n1, n2) - np.log(n1 + n2)


def percent_difference(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return %DIFF, ``100 (r1 - r2) / r2``; infinite where the reference lacks the term.

    Gabrielatos & Marchi (2011), "Keyness: matching metrics to definitions".
    """
    return 100 * (relative_risk(a, b, n1, n2) - 1)


def relative_risk(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the ratio of rates, ``(a / n1) / (b / n2)``; infinite where ``b`` is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.divide(a / n1, b / n2))


def odds_ratio(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the sample odds ratio, ``a d / (b c)``; infinite where ``b`` is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.divide(a * (n2 - b), b * (n1 - a)))
