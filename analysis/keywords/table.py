"""The keyness table: every term, how much it marks a group, and how sure that is."""

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import count_test, relabelling_p
from analysis.inference.contrast import COUNTS, contrast_of_test
from analysis.inference.counts_test import CountTest
from analysis.inference.levels import DRAWS
from analysis.inference.split import shrink
from analysis.keywords import association, dispersion
from analysis.numbers import ordered
from analysis.result import Outcome, analysis
from analysis.running import step
from analysis.text import Corpus, Counts, count_terms, family_labels, gathered, unit_name
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
) -> Outcome:
    """Contrast the terms of two groups of texts.

    Parameters
    ----------
    corpus : the two groups
    unit_tokens : aimed length of a unit of inference, in tokens
    numbers, function_words : whether bare numbers and function words are terms
    draws : permutations
    seed : of the random numbers
    family : ``"stem"`` to count word families as one (see ``count_terms``)

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
        - ``log_ratio``: Hardie's; where a group lacks the term, with one count shared out by length
          instead of half a count for none, so that the sign is right whichever text is shorter
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
          text is not allowed for: the first half of one text so differs from its second in 17 to 50
          of 100 (of passages in random order, in 4 to 7)
        - ``p_permutation``: by relabelling whole units, a check that assumes no model; of over
          2,000 terms the larger p are known to a tenth of themselves (``relabelling_p``)
        - ``log_odds_z``: Monroe et al.'s, prior of 500 tokens spread as in both groups together
        - ``g2, chi2`` with their textbook ``…_p``, and Fisher's exact ``fisher_p``: all of them
          take every token as independent, and the first two fail at small counts
        - ``self_…``: the log ratio that 19 of 20 pairs of texts of these lengths, both like one
          group, stay under
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
        A group has one unit, no term is left, or the groups have no term in common.
    """
    counts = count_terms(
        corpus,
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


def family_members(words: Counts) -> pd.DataFrame:
    """Return the ``family`` of every counted ``word``, both in the order of the alphabet."""
    labels = family_labels(words.terms, words.matrix.sum(axis=0))
    return pd.DataFrame({"family": labels, "word": words.terms}).sort_values(
        ["family", "word"], ignore_index=True
    )


def keyness_of_counts(counts: Counts, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Contrast terms already counted; see ``keyness``."""
    return _table(counts, *tests_of(counts), draws, seed)


def _facts(test: CountTest, within: CountTest | None) -> dict[str, object]:
    """Return how many terms have a small p, how many chance gives, and what lies out of range."""
    found = {"small": test.small(), "expected": test.expected(), "outside": test.outside}
    own = {"small_within": within.small(), "expected_within": within.expected()} if within else {}
    return found | own


def _table(
    counts: Counts, test: CountTest, within: CountTest | None, draws: int, seed: int
) -> pd.DataFrame:
    """Return the columns of ``keyness``."""
    sizes, side = counts.sizes, counts.target
    own, other = counts.matrix[side], counts.matrix[~side]
    a, b, n1, n2 = association.group_totals(counts)
    nearest = within or test
    ends = within.family_interval() if within else (np.nan, np.nan)
    step("comparing with other measures")
    measures = _measures(a, b, n1, n2)
    step("setting each group against itself")
    self_target, self_reference = nearest.self_contrast()
    contrast = contrast_of_test(test).table
    step("shrinking effects")
    shrunk = shrink(test.splits)
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
        "dispersion_target": dispersion.dp_norm(own, sizes[side]),
        "dispersion_reference": dispersion.dp_norm(other, sizes[~side]),
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
    g2, chi2 = association.g2(a, b, n1, n2), association.chi2(a, b, n1, n2)
    return {
        "log_ratio": association.log_ratio(a, b, n1, n2),
        "log_odds_z": association.log_odds_informative_z(a, b, n1, n2),
        "g2": g2,
        "g2_p": association.tail(g2),
        "chi2": chi2,
        "chi2_p": association.tail(chi2),
        "fisher_p": association.fisher_p(a, b, n1, n2),
    }
