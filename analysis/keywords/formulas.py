"""The formulas of keyness and of dispersion: arithmetic on counts that were checked once.

A measure of keyness takes the occurrences of a term in the target ``a`` and in the reference ``b``
(arrays of any one shape) and the tokens of each, ``n1`` and ``n2``. Positive means over-used in
the target where a measure has a sign. With ``c = n1 - a``, ``d = n2 - b``, ``n = n1 + n2``, the
expected counts under equal use are ``e1 = n1 (a + b) / n`` and ``e2 = n2 (a + b) / n``.
What all cells stray by is ``a - e1``; sums of ``O ln(O / E)`` are taken from it, so that no digit
is lost in corpora of billions of tokens.

A measure of dispersion says how evenly a term is spread over the units of a group. It takes
``counts`` (units × terms, sparse or not; only what is not 0 is looked at) and ``sizes`` (tokens of
each unit) and returns one value a term. Below, ``x`` are a term's counts, ``N`` their sum, ``w``
the units' shares of all tokens, ``p`` the term's rates ``x / size``, and ``m`` the number of units.
All take units of unequal length into account, but the range. Undefined is NaN: a term that does not
occur, and measures that compare units where there is one only. Reviewed in Gries (2008),
doi:10.1075/ijcl.13.4.02gri, and Gries (2020), doi:10.1007/978-3-030-46216-1_5.
"""

from typing import Any

import numpy as np
from scipy import sparse, special

from analysis.errors import InputError
from analysis.inference.levels import SMALLEST
from analysis.inference.weights import Flags, Floats
from analysis.text import Counts

NOTHING = 1e-18  # of a sum
EQUAL = 1e-7  # by which logarithms of equal probabilities may differ
PRIOR = 0.01  # pseudo-count of a term, where nothing is known of it
PRIOR_TOKENS = 500  # of the informative prior, spread as in both groups together


def group_totals(counts: Counts) -> tuple[Floats, Floats, float, float]:
    """Return each term's occurrences in target and reference, and the tokens of each.

    Raises
    ------
    InputError
        A count is NaN, infinite or negative, a unit holds fewer tokens than terms, or a group is
        empty.
    """
    side = np.asarray(counts.target, dtype=bool)
    if not side.any() or side.all():
        raise InputError("A contrast needs units of both groups, got those of one: add the other.")
    held = counts.matrix.data
    if not (np.isfinite(held) & (held >= 0)).all():
        raise InputError("Counts must be finite and not negative: count the texts again.")
    a, b = (np.asarray(counts.matrix[s].sum(axis=0), dtype=float).ravel() for s in (side, ~side))
    n1, n2 = (float(counts.sizes[s].sum()) for s in (side, ~side))
    check_cells(a, b, n1, n2)
    return a, b, n1, n2


def check_cells(a: Floats, b: Floats, n1: float, n2: float) -> None:
    """Refuse occurrences and tokens that cannot be a table of counts."""
    for name, count, tokens in (("target", a, n1), ("reference", b, n2)):
        if not (np.isfinite(tokens) and tokens > 0):
            raise InputError(
                f"The {name} must have a positive number of tokens, got {tokens}: pass the number "
                "of all running words of the group."
            )
        if not (np.isfinite(count) & (count >= 0) & (count <= tokens)).all():
            raise InputError(
                f"Occurrences in the {name} must lie between 0 and its {tokens:g} tokens, got "
                f"{np.min(count)} to {np.max(count)}: pass counts, not rates."
            )


# Keyness


def g2(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the log-likelihood ratio of the 2 × 2 table, ``2 Σ O ln(O / E)`` over four cells.

    Dunning (1993), Computational Linguistics 19(1), 61-74.

    >>> float(g2(np.array(10.0), np.array(10.0), 100, 100))
    0.0
    """
    t, n = a + b, n1 + n2
    stray = a - n1 * t / n
    others = _surprise(n1 - a, -stray, n1 * (n - t) / n)
    others += _surprise(n2 - b, stray, n2 * (n - t) / n)
    return g2_two_cells(a, b, n1, n2) + 2 * np.maximum(others, 0)


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

    From the survival function: ``1 - F`` would be 0 beyond a statistic of about 70. Doubles end
    at 1,410 or so; what is larger has p below 2.2e-308, and that bound is returned, never 0.
    """
    return np.maximum(special.chdtrc(1, np.maximum(statistic, 0)), SMALLEST)


def log_ratio(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return Hardie's Log Ratio, ``log2((a / n1) / (b / n2))``, a zero count taken as one half.

    Hardie (2014), "Log Ratio: an informal introduction", CASS, Lancaster University.

    >>> float(log_ratio(np.array(8.0), np.array(0.0), 128, 128))
    4.0
    """
    return np.log2(np.where(a > 0, a, 0.5) / n1) - np.log2(np.where(b > 0, b, 0.5) / n2)


def log_odds_z(
    a: Floats, b: Floats, n1: float, n2: float, prior: Floats, prior_total: float | None = None
) -> Floats:
    """Return the z-score of the log-odds ratio with a Dirichlet prior.

    ``δ / sqrt(1 / (a + α) + 1 / (b + α))``, where ``δ`` is the difference of
    ``ln((a + α) / (n1 + α₀ - a - α))`` between the sides and ``α₀`` the pseudo-counts of all words.
    Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018, eqs. 15-22.

    Parameters
    ----------
    prior : α, pseudo-counts of each term, all positive; shares of both groups together make it
        informative, one constant uninformative (``log_odds_uninformative_z``)
    prior_total : α₀, by default Σ α; to be given where not all words of the text are listed

    Raises
    ------
    InputError
        A pseudo-count is not positive: a term that one side lacks would have no odds.
    """
    if not (np.isfinite(prior) & (prior > 0)).all():
        raise InputError(
            f"The prior must be positive and finite for every term, got {np.min(prior)} at its "
            f"least: use shares of both groups together, or a constant such as {PRIOR}."
        )
    total = prior.sum() if prior_total is None else prior_total
    odds = [np.log(x + prior) - np.log(n + total - x - prior) for x, n in ((a, n1), (b, n2))]
    return (odds[0] - odds[1]) / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def log_odds_informative_z(
    a: Floats, b: Floats, n1: float, n2: float, tokens: float = PRIOR_TOKENS
) -> Floats:
    """Return ``log_odds_z`` with pseudo-counts spread as the terms are in both groups together.

    ``α = α₀ (a + b) / n``. Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018.

    Parameters
    ----------
    tokens : α₀, the pseudo-counts of all words
    """
    return log_odds_z(a, b, n1, n2, tokens * (a + b) / (n1 + n2), tokens)


def g2_two_cells(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the log-likelihood over the two cells of the term, ``2 (a ln(a/e1) + b ln(b/e2))``.

    What Rayson's calculator prints. Rayson & Garside (2000), doi:10.3115/1117729.1117730.
    """
    t, n = a + b, n1 + n2
    stray = a - n1 * t / n
    total = _surprise(a, stray, n1 * t / n) + _surprise(b, -stray, n2 * t / n)
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

    The sum of the probabilities of all tables with the same margins that are no more probable, each
    pair of counts once, the ends found by halving;
    never below 2.2e-308 (see ``tail``). Fisher (1935), doi:10.2307/2342435.
    """
    seen, place = np.unique(
        np.column_stack([np.ravel(a), np.ravel(b)]), axis=0, return_inverse=True
    )
    x, total = seen[:, 0], seen.sum(axis=1)
    least, most = np.maximum(total - n2, 0), np.minimum(total, n1)
    mode = np.clip(np.floor((total + 1) * (n1 + 1) / (n1 + n2 + 2)), least, most)
    up = x > mode
    own = _ways(x, total, n1, n2)
    # Where the other tail begins, between the mode and the end: no table there is more probable.
    near, far = np.where(up, mode, np.minimum(mode + 1, most)), np.where(up, least, most)
    while np.abs(far - near).max(initial=0) > 1:
        middle = np.where(up, np.floor((near + far) / 2), np.ceil((near + far) / 2))
        rarer = _ways(middle, total, n1, n2) <= own + EQUAL
        near, far = np.where(rarer, near, middle), np.where(rarer, middle, far)
    far = np.where(_ways(near, total, n1, n2) <= own + EQUAL, near, far)
    tail, other = _outwards(x, total, n1, n2, up), _outwards(far, total, n1, n2, ~up)
    p = tail + np.where(_ways(far, total, n1, n2) <= own + EQUAL, other, 0)
    p[own >= _ways(mode, total, n1, n2) - EQUAL] = 1
    return np.clip(p[place.ravel()], SMALLEST, 1).reshape(np.shape(a))


def _outwards(x: Floats, total: Floats, n1: float, n2: float, up: Flags) -> Floats:
    """Sum hypergeometric probabilities from each count of a total to its end, up or down.

    The count lies beyond the mode, so that each next one is less probable. With
    ``F(n, m) = Σ ln(1 - i / n)`` over i below m, the first one is
    ``ln P(x) = ln (t over x) + x ln π + (t - x) ln(1 - π) + F(n1, x) + F(n2, t - x) - F(n, t)``.
    """
    k, own, other = np.where(up, x, total - x), np.where(up, n1, n2), np.where(up, n2, n1)
    n, rest, steps = n1 + n2, total - k, np.arange(int(total.max(initial=0)) + 1.0)
    fall = {
        m: np.concatenate([[0.0], np.cumsum(np.log1p(-np.minimum(steps / m, 1 - 1 / m)))])
        for m in (n1, n2, n)
    }
    place, left, every = k.astype(int), rest.astype(int), total.astype(int)
    law = -np.log1p(total) - special.betaln(k + 1, rest + 1)
    law += k * np.log(own / n) + rest * np.log(other / n) - fall[n][every]
    law += np.where(up, fall[n1][place] + fall[n2][left], fall[n2][place] + fall[n1][left])
    found = np.exp(law)
    open_, p = np.arange(len(found)), found.copy()
    while len(open_):
        ratio = (total[open_] - k) * (own[open_] - k) / (k + 1)
        p = p * ratio / (other[open_] - total[open_] + k + 1)
        found[open_] += p
        more = p > NOTHING * found[open_]
        open_, p, k = open_[more], p[more], k[more] + 1
    return found


def _ways(x: Floats, total: Floats, n1: float, n2: float) -> Floats:
    """Return the hypergeometric log-probability of x of a total, but for a constant."""
    rest = total - x
    return np.asarray(-special.betaln(x + 1, rest + 1) - special.betaln(n1 - x + 1, n2 - rest + 1))


def pmi(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the pointwise mutual information of term and target, ``log2(a / e1)``.

    Church & Hanks (1990), Computational Linguistics 16(1), 22-29. Minus infinity where ``a`` is 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
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


def log_odds_uninformative_z(
    a: Floats, b: Floats, n1: float, n2: float, prior: float = PRIOR
) -> Floats:
    """Return ``log_odds_z`` with the same pseudo-count for every term.

    It knows nothing of a term beforehand. With so small a pseudo-count α, a term that one side
    lacks has a variance of about ``1 / α`` and hardly scores, however often the other side has it;
    the informative prior mends this. Monroe, Colaresi & Quinn (2008), doi:10.1093/pan/mpn018.

    Parameters
    ----------
    prior : pseudo-count of each term
    """
    return log_odds_z(a, b, n1, n2, np.full(np.shape(a), prior))


def chi2_two_cells(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return chi-squared over the two cells of the term, ``(a - e1)² / e1 + (b - e2)² / e2``.

    Below Pearson's by the factor ``1 - (a + b) / n``. What AntConc printed until version 3, by its
    author's word. NaN where neither side has the term.
    """
    t, n = a + b, n1 + n2
    margins = n1 * n2 * t / n
    stray = a - n1 * t / n
    return np.divide(n * stray**2, margins, out=np.full(np.shape(t), np.nan), where=margins > 0)


def effect_size_ll(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return ELL, the effect size of the two-cell G², ``G² / (n ln(min(e1, e2)))``.

    Johnston, Berry & Mielke (2006), doi:10.2466/pms.103.2.412-414. It means something only where
    both expected counts are well above 1: below 1 it is negative, at 1 undefined (NaN).
    """
    t, n = a + b, n1 + n2
    with np.errstate(divide="ignore"):
        scale = n * np.log(min(n1, n2) * t / n)
    ll = g2_two_cells(a, b, n1, n2)
    return np.divide(ll, scale, out=np.full(np.shape(t), np.nan), where=(scale != 0) & (t > 0))


def chi2_quanteda(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return quanteda's signed chi-squared, ``± n (|a d - b c| - n δ)² / margins``.

    δ is one half, Yates's correction, only where ``|a d - b c| ≥ n / 2`` and an expected count is
    below 5, else 0; the sign is positive where ``a > e1``. From the code of quanteda.textstats
    (``src/keyness.cpp``), whose default correction this is.
    """
    t, n = a + b, n1 + n2
    cross = np.abs(a * (n2 - b) - b * (n1 - a)) - n * _quanteda_shift(a, b, n1, n2)
    margins = n1 * n2 * t * (n - t)
    value = np.divide(n * cross**2, margins, out=np.full(np.shape(t), np.nan), where=margins > 0)
    return np.where(a > n1 * t / n, value, -value)


def g2_quanteda(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return quanteda's signed G², ``± 2 Σ O' ln(O' / E + 1e-9)`` over four cells.

    ``O'`` is moved towards E by δ, under the condition of ``chi2_quanteda``; the constant keeps
    empty cells finite and adds ``2e-9 n`` to every value. From the code of quanteda.textstats,
    which does this by default; its help names Williams's correction instead.
    """
    t, n = a + b, n1 + n2
    more = a > n1 * t / n
    shift = np.where(more, -1, 1) * _quanteda_shift(a, b, n1, n2)
    observed = (a + shift, b - shift, n1 - a - shift, n2 - b + shift)
    expected = (n1 * t / n, n2 * t / n, n1 * (n - t) / n, n2 * (n - t) / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 2 * sum(o * np.log(o / e + 1e-9) for o, e in zip(observed, expected, strict=True))
    return np.where(more, value, -value)


def pmi_quanteda(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return quanteda's PMI, ``ln(a / e1 + 1e-9)``: natural logarithm, finite where ``a`` is 0."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.log(np.divide(a * (n1 + n2), n1 * (a + b)) + 1e-9))


def conditional_odds_ratio(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    """Return the odds ratio most likely given both margins, as R's ``fisher.test`` estimates it.

    Closer to 1 than ``odds_ratio``, the sample's. Cornfield (1956), Proceedings of the Third
    Berkeley Symposium 4, 135-148.
    """
    from scipy.stats import contingency  # half a second to import, and few ask for it

    pairs = zip(np.ravel(a), np.ravel(b), strict=True)
    tables = (np.array([[x, y], [n1 - x, n2 - y]], dtype=int) for x, y in pairs)
    found = [contingency.odds_ratio(t, kind="conditional").statistic for t in tables]
    return np.reshape(found, np.shape(a))


def split(total: Floats, ratio: Floats, n1: float, n2: float) -> tuple[Floats, Floats]:
    """Return the occurrences in target and reference whose rates have a log ratio.

    ``a = t o / (1 + o)``, ``o = 2^ratio n1 / n2``, and ``b = t - a``, t the occurrences in both.

    >>> a, b = split(np.array(30.0), np.array(1.0), 100, 100)
    >>> a.round(6).item(), b.round(6).item()
    (20.0, 10.0)
    """
    a = total * special.expit(ratio * np.log(2) + np.log(n1 / n2))
    return a, total - a


def _surprise(observed: Floats, stray: Floats, expected: Floats) -> Floats:
    """Return ``O ln(O / E)`` from ``O - E``; 0 where both are 0."""
    relative = np.divide(stray, expected, out=np.zeros(np.shape(stray)), where=expected > 0)
    return np.asarray(special.xlog1py(observed, np.maximum(relative, -1)))


def _quanteda_shift(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    t, n = a + b, n1 + n2
    least = min(n1, n2) * np.minimum(t, n - t) / n
    far = np.abs(a * (n2 - b) - b * (n1 - a)) >= n / 2
    return np.where(far & (least < 5), 0.5, 0.0)


def tfidf_difference(matrix: Any, target: Flags) -> Floats:
    """Return the mean TF-IDF weight of each term in the target's units less the reference's.

    ``mean₁(v) - mean₂(v)`` over units u of either group, with
    ``v = x idf / sqrt(Σ (x idf)²)``, the sum over the terms of u, and
    ``idf = ln((1 + m) / (1 + df)) + 1``. It has no model of chance, so no p-value belongs to it.

    Here x are counts, m is the number of units of both groups and df in how many of them the term
    occurs: scikit-learn's ``TfidfTransformer`` with its defaults (smoothed idf, rows of length 1).
    A unit without any term weighs 0.

    Parameters
    ----------
    matrix : units × terms counts; whole documents, or runs of sentences, as they were counted
    target : True where a unit is the target's

    Returns
    -------
    array, one value a term; positive where the target gives the term more weight

    References
    ----------
    Spärck Jones (1972), doi:10.1108/eb026526; Salton & Buckley (1988),
    doi:10.1016/0306-4573(88)90021-0.

    Examples
    --------
    >>> tfidf_difference([[2, 0], [0, 3]], np.array([True, False])).round(9).tolist()
    [1.0, -1.0]
    """
    from sklearn.feature_extraction.text import TfidfTransformer  # takes a second to import

    weights = TfidfTransformer().fit_transform(sparse.csr_matrix(matrix, dtype=float))
    side = np.asarray(target, dtype=bool)
    means = (np.asarray(weights[own].mean(axis=0)).ravel() for own in (side, ~side))
    return np.subtract(*means)


# Dispersion


def dp(counts: Any, sizes: Floats) -> Floats:
    """Return Gries's deviation of proportions, ``½ Σ |x / N - w|``.

    0 is even; its largest value is ``1 - min(w)``. Gries (2008), doi:10.1075/ijcl.13.4.02gri.

    >>> parts = np.array([9.0, 10, 10, 10, 11])
    >>> dp(np.array([[1.0], [2], [3], [4], [5]]), parts).round(2).tolist()
    [0.18]
    """
    cells = _cells(counts)
    even = (sizes / sizes.sum())[cells.row]
    held = _shares(cells)
    apart = _sum(np.abs(held - even), cells) + 1 - _sum(even, cells)
    return np.where(_sum(cells.data, cells) > 0, 0.5 * np.maximum(apart, 0), np.nan)


def dp_norm(counts: Any, sizes: Floats) -> Floats:
    """Return Gries's normalised deviation of proportions: 0 is even, 1 all in one smallest unit.

    ``DP / (1 - min(w))``. Lijffijt & Gries (2012), doi:10.1075/ijcl.17.1.08lij.

    >>> dp_norm(np.array([[2.0, 4.0], [2.0, 0.0]]), np.array([10.0, 10.0])).tolist()
    [0.0, 1.0]
    """
    largest = 1 - (sizes / sizes.sum()).min()
    return dp(counts, sizes) / (largest if largest > 0 else np.nan)


def juilland_d(counts: Any, sizes: Floats) -> Floats:
    """Return Juilland's D, ``1 - V / sqrt(m - 1)``: 1 is even, 0 all in one unit.

    ``V`` is the standard deviation of the rates p over units (divisor m) in units of their mean,
    the form for parts of unequal size. With many units it lies near 1 for almost any term.
    Juilland & Chang-Rodríguez (1964), doi:10.1515/9783112415467.

    >>> juilland_d(np.array([[0.0], [4], [3], [2], [1]]), np.full(5, 100.0)).round(4).tolist()
    [0.6464]
    """
    cells, units = _cells(counts), len(sizes)
    rates = cells.data / sizes[cells.row]
    mean = _sum(rates, cells) / units
    empty = units - _sum(np.ones(len(rates)), cells)
    squares = _sum((rates - mean[cells.col]) ** 2, cells) + empty * mean**2
    return 1 - _divide(np.sqrt(squares / units), mean) / (np.sqrt(units - 1) or np.nan)


def carroll_d2(counts: Any, sizes: Floats) -> Floats:
    """Return Carroll's D₂, ``-Σ r log2(r) / log2(m)``, with ``r = p / Σ p``: 1 is even.

    The entropy of the rates over units, beside its largest value.
    Carroll (1970), doi:10.1002/j.2333-8504.1970.tb00778.x.

    >>> carroll_d2(np.array([[2.0], [1], [1], [1], [0]]), np.full(5, 100.0)).round(4).tolist()
    [0.8277]
    """
    cells = _cells(counts)
    rates = cells.data / sizes[cells.row]
    total = _sum(rates, cells)
    entropy = _sum(special.entr(rates / total[cells.col]), cells)
    return np.where(total > 0, entropy, np.nan) / (np.log(len(sizes)) or np.nan)


def rosengren_s(counts: Any, sizes: Floats) -> Floats:
    """Return Rosengren's S, ``(Σ sqrt(w x))² / N``: 1 is even, ``min(w)`` the least.

    The form for parts of unequal size; with equal parts it is ``(Σ sqrt(x))² / (m N)``.
    Rosengren (1971), Études de linguistique appliquée (n.s.) 1, 103-127.

    >>> rosengren_s(np.array([[1.0], [2], [3], [4], [5]]), np.full(5, 10.0)).round(3).tolist()
    [0.937]
    """
    cells = _cells(counts)
    roots = np.sqrt((sizes / sizes.sum())[cells.row] * _shares(cells))
    return np.where(_sum(cells.data, cells) > 0, _sum(roots, cells) ** 2, np.nan)


def unit_range(counts: Any, sizes: Floats) -> Floats:
    """Return the range: in how many units a term occurs, 0 where it does not.

    Keniston (1920), doi:10.2307/331305.

    >>> unit_range(np.array([[2.0, 0.0], [1.0, 0.0]]), np.array([10.0, 10.0])).tolist()
    [2.0, 0.0]
    """
    cells = _cells(counts)
    return _sum(np.ones(len(cells.data)), cells)


def _cells(counts: Any) -> sparse.coo_array:
    """Return the cells that are not 0."""
    cells = sparse.coo_array(counts, dtype=float)
    cells.eliminate_zeros()
    return cells


def _shares(cells: sparse.coo_array) -> Floats:
    """Return of each cell the unit's share of its term."""
    return np.asarray(cells.data / _sum(cells.data, cells)[cells.col])


def _sum(values: Floats, cells: sparse.coo_array) -> Floats:
    """Return the sum over the cells of each term."""
    return np.bincount(cells.col, values, cells.shape[1]).astype(float)


def _divide(value: Floats, by: Floats) -> Floats:
    return np.divide(value, by, out=np.full(value.shape, np.nan), where=by > 0)
