"""The keyness table: every term, how much it marks a group, and how sure that is."""

from pathlib import Path
from typing import Any, Unpack

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import InputError
from analysis.inference import count_test, log_ratio, relabelling_p
from analysis.inference.bursts import alike
from analysis.inference.contrast import COUNTS, contrast_of_test
from analysis.inference.counts_test import CountTest
from analysis.inference.levels import CONFIDENCE, DRAWS, SMALLEST, holm, passes
from analysis.keywords import formulas
from analysis.numbers import ordered
from analysis.result import Outcome, Result, analysis, unit_name
from analysis.running import step
from analysis.sentences import say
from analysis.text import (
    Corpus,
    Counts,
    count_phrases,
    count_terms,
    family_labels,
    gathered,
)
from analysis.text.stream import Streamed, Tally, stream_counts
from analysis.text.tokens import is_number, stop_words
from analysis.text.units import UNIT_TOKENS

METHOD = COUNTS
COLUMNS = [
    "term", "n_target", "n_reference", "rate_target", "rate_reference",
    "dispersion_target", "dispersion_reference",
    "log_ratio", "ci_low", "ci_high", "p_value", "family_low", "family_high", "p_family",
    "q_value", "established", "shrunk", "shrunk_low", "shrunk_high",
    "p_within", "p_within_family", "within_low", "within_high", "p_permutation",
    "log_odds_z", "g2", "g2_p", "chi2", "chi2_p", "fisher_p",
    "self_target", "self_reference", "floor_target", "floor_reference", "score",
]  # fmt: skip
COUNTING = ("unit_tokens", "numbers", "function_words", "family", "phrases")  # what is counted
FEWEST = 10  # documents that hold a term, half in either group, for an interval to be of use
TINY = 1e-6  # z of a difference that is none
STREAMED = [
    "term", "n_target", "n_reference", "documents_target", "documents_reference", "rate_target",
    "rate_reference", "log_ratio", "ci_low", "ci_high", "p_value", "p_family", "established",
    "g2", "score",
]  # fmt: skip


@analysis("keyness")
def keyness(
    corpus: Corpus,
    *,
    unit_tokens: int = UNIT_TOKENS,
    numbers: bool = False,
    function_words: bool = False,
    draws: int = DRAWS,
    seed: int = 0,
    family: str | None = None,
    phrases: bool = False,
) -> Outcome:
    """Contrast the terms of two groups of texts: which of them mark which group, and how surely.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit of inference, in tokens; whole documents are the units
        where both groups have two or more
    numbers, function_words : whether bare numbers and function words are terms
    draws : permutations
    seed : of the random numbers
    family : ``"stem"`` to count word families as one (see ``count_terms``)
    phrases : whether phrases are the terms, in place of words; families are always of words

    Returns
    -------
    Result
        One row a term of either group, those that mark the target most first; positive means
        over-used in the target. Of word families, the part ``members`` has one row a word:
        ``family, word``. Its facts: how many terms have p < .05 (``small``), how many chance would
        give (``expected``, of the terms' own discrete distributions), both for single texts too
        (``…_within``); ``outside``, what lies outside the range in which the level was measured.

        - ``n_target, n_reference``: occurrences; ``rate_…``: per 1,000 tokens
        - ``dispersion_…``: Gries's DPnorm over units, 0 even, 1 clumped; NaN where absent
        - ``log_ratio``: Hardie's, ``log2((a / n1) / (b / n2))`` of ``a`` occurrences in the ``n1``
          tokens of the target and ``b`` in the ``n2`` of the reference, so that 1 is twice the
          rate; where a group lacks the term, with one count shared out by length instead of half a
          count for none, so that the sign is right whichever text is shorter
        - ``p_value, ci_low, ci_high``: do the groups differ by more than documents of one source
          differ? ``count_test`` of whole documents, and its inversion; with a single document a
          side, how documents of one source differ is known from other texts only. An end of an
          interval is infinite where a group lacks the term
        - ``p_family, family_low, family_high, established``: the same for all rows together, see
          ``analysis.inference.contrast``; ``q_value``: the false-discovery rate (``discovery``)
        - ``shrunk, shrunk_low, shrunk_high``: the log ratio that is likely after the largest of
          many have been looked at, and where 95 % of its probability lies (``shrink``)
        - ``p_within, p_within_family``: do these very texts differ by more than bursts within
          passages explain? The same test of passages, where a group is a single document; else
          NaN. ``within_low, within_high``: its interval for all rows together. Drift along a
          text is not allowed for: the first half of one text so differs from its second in 18 to 37
          of 100 texts (its passages dealt at random: in 0 to 2; ``benchmarks/drift.csv``)
        - ``p_permutation``: by relabelling whole units, a check that assumes no model; of over
          2,000 terms the larger p are known to a tenth of themselves (``relabelling_p``)
        - ``log_odds_z``: Monroe et al.'s, prior of 500 tokens spread as in both groups together
        - ``g2, chi2`` with their textbook ``…_p``, and Fisher's exact ``fisher_p``: all of them
          take every token as independent, and the first two fail at small counts
        - ``self_…``: the log ratio that 19 of 20 pairs of texts of these lengths, both like one
          group, stay under (of further pairs of real texts .92 to .97 do, in classes of over 300
          terms: ``benchmarks/self_contrasts.csv``)
        - ``floor_…``: the smallest log ratio for that group that would have been established in
          four of five such corpora
        - ``score``: what the table is sorted by: the weight of evidence for a difference, the
          decimal logarithm of its odds, positive for the target: a Bayes factor, and how often
          terms as frequent differ in these texts (``weigh_evidence``). It grows with effect,
          counts and evenness over units, and is 0 where the bare rates point the other way
          (compared with other rankings in ``benchmarks/README.md``)

    Raises
    ------
    InputError
        A group has one unit, no term is left, the groups have no term in common, or, of phrases,
        none comes back.

    References
    ----------
    Hardie 2014, "Log Ratio: an informal introduction", CASS, Lancaster University; Gries 2008,
    doi:10.1075/ijcl.13.4.02gri (dispersion); Monroe, Colaresi & Quinn 2008,
    doi:10.1093/pan/mpn018; Rayson & Garside 2000, doi:10.3115/1117729.1117730 (G²). The count test:
    ``analysis.inference.counts_test``.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> terms = keyness(load_corpus(), draws=99).table
    >>> terms[["term", "n_target", "n_reference"]].head(2)
               term  n_target  n_reference
    0  relationship        11            5
    1    objectives         6            0
    """
    counts = count_words(
        corpus,
        phrases=phrases,
        unit_tokens=unit_tokens,
        numbers=numbers,
        function_words=function_words,
        family=family,
    )
    present = [counts.matrix[side].sum(axis=0) > 0 for side in (counts.target, ~counts.target)]
    if not (present[0] & present[1]).any():
        raise InputError(
            "The two groups have no term in common: check that both are in one language and that "
            "the right files are compared."
        )
    test, within = tests_of(counts)
    table = _table(counts, test, within, draws, seed)
    parts = {}
    if family:
        words = count_terms(
            corpus, unit_tokens=unit_tokens, numbers=numbers, function_words=function_words
        )
        parts["members"] = family_members(words)
    name = unit_name(corpus, unit_tokens)
    return Outcome(table, counts.units, name, METHOD, parts, _facts(test, within))


def count_words(corpus: Corpus, *, phrases: bool = False, **options: Any) -> Counts:
    """Count terms, or phrases in their place.

    Parameters
    ----------
    corpus : the two groups
    phrases : whether phrases are the terms; families are always of words
    **options : of ``count_terms``; for phrases only ``unit_tokens`` counts

    Raises
    ------
    InputError
        No phrase comes back.
    """
    if not phrases or options.get("family"):
        return count_terms(corpus, **options)
    counts = count_phrases(corpus, unit_tokens=options["unit_tokens"])
    if not counts.terms:
        raise InputError(
            "No phrase comes back in these texts: compare words, or give more of them."
        )
    return counts


def counted(terms: Result) -> Counts:
    """Return the counts that a keyness table was made of."""
    return count_words(terms.corpus, **{name: terms.settings[name] for name in COUNTING})


def family_members(words: Counts) -> pd.DataFrame:
    """Return the ``family`` of every counted ``word``, both in the order of the alphabet."""
    labels = family_labels(words.terms, words.matrix.sum(axis=0))
    return pd.DataFrame({"family": labels, "word": words.terms}).sort_values(
        ["family", "word"], ignore_index=True
    )


def keyness_of_counts(counts: Counts, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Contrast terms already counted; see ``keyness``.

    Parameters
    ----------
    counts : as from ``count_terms``
    draws, seed : as in ``keyness``
    """
    return _table(counts, *tests_of(counts), draws, seed)


def _facts(test: CountTest, within: CountTest | None) -> dict[str, object]:
    """Return how many terms have a small p, how many chance gives, and what lies out of range."""
    outside = say("keywords.beyond", {"beyond": test.outside})
    found = {"small": test.small(), "expected": test.expected(), "outside": outside}
    own = {"small_within": within.small(), "expected_within": within.expected()} if within else {}
    return found | own


def _table(
    counts: Counts, test: CountTest, within: CountTest | None, draws: int, seed: int
) -> pd.DataFrame:
    """Return the columns of ``keyness``."""
    sizes, side = counts.sizes, counts.target
    own, other = counts.matrix[side], counts.matrix[~side]
    a, b, n1, n2 = formulas.group_totals(counts)
    nearest = within or test
    ends = within.family_interval() if within else (np.nan, np.nan)
    step("comparing with other measures")
    measures = _measures(a, b, n1, n2)
    step("setting each group against itself")
    self_target, self_reference = nearest.self_contrast()
    contrast = contrast_of_test(test).table
    step("shrinking effects")
    shrunk = test.shrunk
    step("relabelling texts")
    permuted = relabelling_p(
        counts.matrix, sizes, side, equal_var=not counts.documents, draws=draws, seed=seed
    )
    step("weighing evidence")
    columns: dict[str, object] = {
        "term": counts.terms,
        "n_target": a.astype(int),
        "n_reference": b.astype(int),
        "rate_target": 1000 * a / n1,
        "rate_reference": 1000 * b / n2,
        "dispersion_target": formulas.dp_norm(own, sizes[side]),
        "dispersion_reference": formulas.dp_norm(other, sizes[~side]),
        **contrast,
        **measures,
        "log_ratio": np.where((a > 0) & (b > 0), measures["log_ratio"], test.log_ratio),
        **shrunk,
        "p_within": within.p_value if within else np.nan,
        "p_within_family": within.p_family if within else np.nan,
        **dict(zip(("within_low", "within_high"), ends, strict=True)),
        "p_permutation": permuted,
        "self_target": self_target,
        "self_reference": self_reference,
        "score": _score(nearest.evidence, a / n1 - b / n2),
    }
    result = pd.DataFrame(columns)[COLUMNS]
    return ordered(result, ["score", "term"], ascending=[False, True])


def tests_of(counts: Counts) -> tuple[CountTest, CountTest | None]:
    """Return the test of documents and, where units are passages of documents, that of passages."""
    step("testing terms")
    if counts.documents:
        return count_test(counts.matrix, counts.sizes, counts.target), None
    whole = gathered(counts, counts.units["document"].tolist())
    return (
        count_test(whole.matrix, whole.sizes, whole.target),
        count_test(counts.matrix, counts.sizes, counts.target),
    )


def _score(evidence: np.ndarray, difference: np.ndarray) -> np.ndarray:
    return np.where(evidence * difference > 0, evidence, 0).round(9)


def _measures(a: np.ndarray, b: np.ndarray, n1: float, n2: float) -> dict[str, np.ndarray]:
    first, place = alike(a, a + b)
    x, y = a[first], b[first]
    g2, chi2 = formulas.g2(x, y, n1, n2), formulas.chi2(x, y, n1, n2)
    of_counts = {
        "log_ratio": formulas.log_ratio(x, y, n1, n2),
        "log_odds_z": formulas.log_odds_informative_z(x, y, n1, n2),
        "g2": g2,
        "g2_p": formulas.tail(g2),
        "chi2": chi2,
        "chi2_p": formulas.tail(chi2),
        "fisher_p": formulas.fisher_p(x, y, n1, n2),
    }
    return {name: values[place] for name, values in of_counts.items()}


# A table of any size, from sums over documents that add up exactly


def stream_keyness(
    file: str | Path,
    *,
    target: str,
    reference: str,
    **reading: Unpack[Streamed],
) -> pd.DataFrame:
    """Contrast the terms of two groups in a table of any size.

    One reading, in memory the vocabulary and one part; the same digits in one process, in several
    and on a cluster. What ``keyness`` learns from terms' spread over units one by one is here the
    spread of a term over documents, from Σ x, Σ x², Σ x n and Σ n². The statistic is
    ``z = (a / n1 - b / n2) / sqrt(V)``; V is the larger of two variances that it has where both
    groups have the rate r of all: ``Σ (x - r n)²`` of either group by itself, over n1² and n2², and
    the same of both together, shared out by ``Σ n²``. Neither is enough alone: a short group that
    lacks a term has no spread of its own, and a few documents full of a term have more than others.
    A term that fewer than FEWEST / 2 documents of the smaller group are expected
    to hold has no interval and no p (NaN).

    Parameters
    ----------
    file, target, reference : as in ``stream_counts``
    **reading : ``text, group, workers, scheduler, cleaning``, as there

    Returns
    -------
    DataFrame
        One row a term, those that mark the target most first, ties by term: ``term``; ``n_…``,
        occurrences; ``documents_…``, that hold it; ``rate_…`` per 1,000 tokens; ``log_ratio``;
        ``p_value`` of z (normal), and ``ci_…``, the interval of the log ratio that agrees with it,
        ``log_ratio (1 ± 1.96 / |z|)`` (Miettinen 1976, doi:10.1093/oxfordjournals.aje.a112225),
        with an infinite end where a group lacks the term; ``p_family`` (Holm) and
        ``established``; ``g2``, which takes every token as independent; ``score``, the end of the
        interval that is nearer to 0, or 0.

    Raises
    ------
    InputError
        As ``stream_counts``; or a group has one document.
    """
    return keyness_of_tally(stream_counts(file, target=target, reference=reference, **reading))


def keyness_of_tally(tally: Tally) -> pd.DataFrame:
    """Contrast terms already counted; see ``stream_keyness``."""
    if (few := int(tally.sizes[:, 0].min())) < 2:
        raise InputError(
            f"A group has {few} document{'s' * (few != 1)}, and a stream is compared by how "
            "documents of a group differ: give it two or more, or leave --stream out."
        )
    dropped = stop_words()
    kept = [
        place
        for place, term in enumerate(tally.terms)
        if term not in dropped and not is_number(term)
    ]
    counts, terms = tally.counts[kept], [tally.terms[place] for place in kept]
    n1, n2 = tally.sizes[:, 1].astype(float)
    a, b = counts[:, :, 0].T.astype(float)
    ratio = log_ratio(a, n1, b, n2)
    documents = tally.sizes[:, 0]
    expected = counts[:, :, 1].sum(axis=1) * documents.min() / documents.sum()
    rate, variance = _under_one_rate(counts, tally.sizes)
    error = np.where(expected >= FEWEST / 2, np.sqrt(variance), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (a / n1 - b / n2) / error
        wide = np.where(np.abs(z) > TINY, np.abs(ratio / z), error / (rate * np.log(2)))
    p = np.maximum(2 * special.ndtr(-np.abs(z)), SMALLEST)
    family = holm(p, np.isfinite(p))
    half = -special.ndtri((1 - CONFIDENCE) / 2) * wide
    low, high = np.where(a > 0, ratio - half, -np.inf), np.where(b > 0, ratio + half, np.inf)
    low, high = (np.where(np.isfinite(p), end, np.nan) for end in (low, high))
    columns = {
        "term": terms,
        "n_target": counts[:, 0, 0],
        "n_reference": counts[:, 1, 0],
        "documents_target": counts[:, 0, 1],
        "documents_reference": counts[:, 1, 1],
        "rate_target": 1000 * a / n1,
        "rate_reference": 1000 * b / n2,
        "log_ratio": ratio,
        "ci_low": low,
        "ci_high": high,
        "p_value": p,
        "p_family": family,
        "established": passes(family),
        "g2": formulas.g2(a, b, n1, n2),
        "score": np.where(low > 0, low, np.where(high < 0, high, 0.0)),
    }
    return ordered(pd.DataFrame(columns)[STREAMED], ["score", "term"], ascending=[False, True])


def _under_one_rate(counts: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each term's rate in all texts, and the variance of a / n1 - b / n2 if both had it.

    The counts are terms × groups × ``analysis.text.stream.STATS``; for the variance see
    ``stream_keyness``.
    """
    documents, lengths, squares = sizes[:, :3].T.astype(float)
    n, _, x2, xn = np.moveaxis(counts.astype(float), 2, 0)
    rate = n.sum(axis=1) / lengths.sum()
    spread = x2 - 2 * rate[:, None] * xn + rate[:, None] ** 2 * squares
    spread = np.maximum(spread, 0) * documents / (documents - 1)
    apart = (spread / lengths**2).sum(axis=1)
    together = spread.sum(axis=1) / squares.sum() * (squares / lengths**2).sum()
    return rate, np.maximum(apart, together)
