"""The keyness table: every term, how much it marks a group, and how sure that is."""

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference import (
    count_test,
    log_ratio,
    log_ratio_interval,
    permutation_test,
    self_contrast,
)
from analysis.keywords import association, dispersion
from analysis.numbers import ordered
from analysis.result import Outcome, analysis
from analysis.text import Corpus, Counts, count_terms, family_labels, unit_name
from analysis.text.units import UNIT_TOKENS

METHOD = (
    "count test that allows for bursts, adjusted over all rows; 95 % interval of the log ratio by "
    "Welch's t, wider by bursts"
)
COLUMNS = [
    "term", "n_target", "n_reference", "rate_target", "rate_reference",
    "dispersion_target", "dispersion_reference", "log_ratio", "ci_low", "ci_high",
    "log_odds_z", "g2", "g2_p", "chi2", "chi2_p", "fisher_p",
    "p_value", "p_family", "p_permutation",
    "self_target", "self_reference", "floor_target", "floor_reference", "score",
]  # fmt: skip


@analysis("keyness")
def keyness(
    corpus: Corpus,
    *,
    unit_tokens: int = UNIT_TOKENS,
    numbers: bool = False,
    function_words: bool = False,
    draws: int = 20_000,
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
        ``family, word``.

        - ``n_target, n_reference``: occurrences; ``rate_…``: per 1,000 tokens
        - ``dispersion_…``: Gries's DPnorm over units, 0 even, 1 clumped; NaN where absent
        - ``log_ratio``: Hardie's; where a group lacks the term, with one count shared out by length
          instead of half a count for none, so that the sign is right whichever text is shorter;
          ``ci_low, ci_high``: 95 % interval (``log_ratio_interval``)
        - ``log_odds_z``: Monroe et al.'s, prior of 500 tokens spread as in both groups together
        - ``g2, chi2`` with their textbook ``…_p``, and Fisher's exact ``fisher_p``: all of them
          take every token as independent, and the first two fail at small counts
        - ``p_value``: ``count_test``, which allows for bursts; ``p_family``: adjusted over all rows
        - ``p_permutation``: by relabelling whole units, a check that assumes no model
        - ``self_…``: the log ratio that a group's text, set against itself, stays under in 95 %
        - ``floor_…``: the smallest log ratio for that group that could have been seen
        - ``score``: what the table is sorted by: the weight of evidence for a difference, a Bayes
          factor's decimal logarithm (``weigh_evidence``), positive for the target; it grows with
          effect, counts and evenness over units, and is 0 where the bare rates point the other way
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
    table = keyness_of_counts(counts, draws=draws, seed=seed)
    parts = {}
    if family:
        words = count_terms(
            corpus, unit_tokens=unit_tokens, numbers=numbers, function_words=function_words
        )
        parts["members"] = family_members(words)
    return Outcome(table, counts.units, unit_name(corpus, unit_tokens), METHOD, parts)


def family_members(words: Counts) -> pd.DataFrame:
    """Return the ``family`` of every counted ``word``, both in the order of the alphabet."""
    labels = family_labels(words.terms, words.matrix.sum(axis=0))
    return pd.DataFrame({"family": labels, "word": words.terms}).sort_values(
        ["family", "word"], ignore_index=True
    )


def keyness_of_counts(counts: Counts, *, draws: int = 20_000, seed: int = 0) -> pd.DataFrame:
    """Contrast terms already counted; see ``keyness``."""
    table, sizes, side = counts.matrix.toarray().astype(float), counts.sizes, counts.target
    a, b = table[side].sum(axis=0), table[~side].sum(axis=0)
    n1, n2 = sizes[side].sum(), sizes[~side].sum()
    test = count_test(table, sizes, side)
    relabelled = permutation_test(
        table, sizes, side, equal_var=not counts.documents, draws=draws, seed=seed
    )
    measures = _measures(a, b, n1, n2)
    columns: dict[str, object] = {
        "term": counts.terms,
        "n_target": a.astype(int),
        "n_reference": b.astype(int),
        "rate_target": 1000 * a / n1,
        "rate_reference": 1000 * b / n2,
        "dispersion_target": dispersion.dp_norm(table[side], sizes[side]),
        "dispersion_reference": dispersion.dp_norm(table[~side], sizes[~side]),
        **measures,
        "p_value": test.p_value,
        "p_family": test.p_family,
        "p_permutation": relabelled.p_value,
        "floor_target": test.floor_target,
        "floor_reference": test.floor_reference,
        "score": np.where(test.evidence * (a / n1 - b / n2) > 0, test.evidence, 0).round(9),
    }
    interval = log_ratio_interval(table, sizes, side)
    both = (a > 0) & (b > 0)
    columns["log_ratio"] = np.where(both, measures["log_ratio"], interval["estimate"])
    itself = self_contrast(table, sizes, side, measure=log_ratio, seed=seed)
    result = pd.concat([pd.DataFrame(columns), interval[["ci_low", "ci_high"]], itself], axis=1)[
        COLUMNS
    ]
    return ordered(result, ["score", "term"], ascending=[False, True])


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
