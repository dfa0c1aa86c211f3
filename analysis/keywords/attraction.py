"""Collocations: how strongly the two words of a phrase attract each other, group by group."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from nltk.collocations import BigramCollocationFinder
from nltk.metrics import BigramAssocMeasures

from analysis.numbers import ordered
from analysis.result import Outcome, analysis
from analysis.text import Corpus, Group, cut_units, find_phrases, unit_name

_MEASURES: dict[str, Callable[..., float]] = {
    "likelihood": BigramAssocMeasures.likelihood_ratio,
    "pmi": BigramAssocMeasures.pmi,
    "t": BigramAssocMeasures.student_t,
    "dice": BigramAssocMeasures.dice,
}
METHOD = "association measures of NLTK on adjacent words; no interval"
COLUMNS = [
    "phrase", "n_target", "n_reference",
    *(f"{measure}_{role}" for measure in _MEASURES for role in ("target", "reference")),
]  # fmt: skip


@analysis("collocations")
def collocations(corpus: Corpus, *, least: int = 3) -> Outcome:
    """Measure the attraction between the words of every two-word phrase, by NLTK's measures.

    In a group of N tokens, let w₁ and w₂ occur a and b times and w₁ directly before w₂, within a
    sentence, n times; e = a b / N is what chance expects.

    - likelihood ratio: ``2 Σ O ln(O / E)`` over the four cells of the 2 × 2 table (Dunning 1993)
    - PMI: ``log2(n / e)`` (Church & Hanks 1990), high for rare words that meet once or twice
    - t: ``(n - e) / √n`` (Church et al. 1991), high for frequent phrases
    - Dice: ``2 n / (a + b)``, from 0 to 1

    They describe a group's wording. They are no tests: p-values would need every token to be
    independent.

    Parameters
    ----------
    corpus : the two groups
    least : fewest occurrences of a phrase in both groups together

    Returns
    -------
    Result
        One row a phrase, as from ``count_phrases`` with two words at most: ``phrase, n_target,
        n_reference``, then ``likelihood_…, pmi_…, t_…, dice_…`` of target and reference, NaN where
        the phrase is absent. Those with the largest likelihood ratio of either group come first,
        ties by spelling.

    Raises
    ------
    InputError
        ``least`` is below 2.
    """
    pairs = sorted(find_phrases(corpus, longest=2, least=least))
    phrases = [" ".join(pair) for pair in pairs]
    sides = [_side(_finder(corpus, group), group.role, pairs) for group in corpus.groups]
    table = pd.concat([pd.DataFrame({"phrase": phrases}), *sides], axis=1)[COLUMNS]
    strength = table[["likelihood_target", "likelihood_reference"]].max(axis=1)
    ranked = ordered(
        table.assign(strength=strength), ["strength", "phrase"], ascending=[False, True]
    )
    return Outcome(ranked[COLUMNS], cut_units(corpus), unit_name(corpus), METHOD)


def _finder(corpus: Corpus, group: Group) -> BigramCollocationFinder:
    return BigramCollocationFinder.from_documents(corpus.tokens_of(group.label))


def _side(finder: BigramCollocationFinder, role: str, pairs: list[tuple[str, ...]]) -> pd.DataFrame:
    columns = {f"n_{role}": [finder.ngram_fd[pair] for pair in pairs]} | {
        f"{name}_{role}": np.array(
            [finder.score_ngram(measure, *pair) for pair in pairs], dtype=float
        )
        for name, measure in _MEASURES.items()
    }
    return pd.DataFrame(columns)
