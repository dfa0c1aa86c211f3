"""The contrast of tone between two groups, with all that limits what it says."""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.contrasts.sentiment.lexicons import Lexicon, vader
from analysis.contrasts.sentiment.scores import score_sentences
from analysis.corpus import Corpus
from analysis.counts import tokenize
from analysis.counts.matrix import inference_units
from analysis.counts.units import WORDS
from analysis.inference import (
    difference_interval,
    permutation_test,
    rate_and_error,
    self_contrast,
)
from analysis.inference.permutation import DRAWS

COLUMNS = """lexicon engine version licence sha256 n_target n_reference units_target
    units_reference mean_target mean_reference estimate ci_low ci_high p_value p_family self_target
    self_reference floor share_zero_target share_zero_reference coverage_target coverage_reference
    note""".split()
UNDEFINED = "estimate ci_low ci_high p_value p_family self_target self_reference floor".split()


def sentiment(
    corpus: Corpus, *, words: int = WORDS, draws: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    r"""Contrast the mean tone of two groups of texts, sentence by sentence.

    A group's tone is the mean score of its sentences, ``Σ s / Σ n`` over units, s the sum of a
    unit's sentence scores and n its sentences. The contrast is target minus reference: positive
    where the target reads as the more positive. Intervals and tests treat units, not sentences, as
    independent.

    Parameters
    ----------
    corpus : the two groups
    words : aimed length of a unit, in tokens (whole documents where both groups have many)
    draws, seed : of the permutation test; the seed is the self-contrast's too

    Returns
    -------
    DataFrame
        One row a lexicon:

        ``lexicon, engine, version, licence, sha256``
            what scored the sentences; the sum is of the word list
        ``n_target, n_reference, units_target, units_reference``
            sentences and units
        ``mean_target, mean_reference, estimate, ci_low, ci_high``
            mean scores, their difference and its 95 % cluster-robust t interval
        ``p_value, p_family``
            permutation of units; the second adjusted over the rows of this table
        ``self_target, self_reference``
            the difference that 19 of 20 pairs of such lengths, both drawn from one group's own
            units, do not exceed: what arises where there is none
        ``floor``
            the smallest true difference that four of five such pairs of texts would show at the
            two-sided 5 % level, ``(t + 0.84) · standard error``, t the interval's own quantile
        ``share_zero_target, share_zero_reference``
            share of sentences scored exactly 0
        ``coverage_target, coverage_reference``
            words the lexicon scores, as a share of tokens
        ``note``
            empty, or why the tone is undefined (NaN): a group with no word in the lexicon

    Raises
    ------
    InputError
        A group has one unit only.

    References
    ----------
    Hutto & Gilbert 2014, VADER, doi:10.1609/icwsm.v8i1.14550.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> sentiment(load_corpus(), draws=99)[["lexicon", "n_target", "n_reference"]]
      lexicon  n_target  n_reference
    0   VADER        36          151
    """
    units, scores, lexicons = (
        inference_units(corpus, words=words),
        score_sentences(corpus),
        (vader(),),
    )
    sums = np.column_stack(
        [[own.sum() for own in unit_scores(scores, units, lex.column)] for lex in lexicons]
    )
    sizes = (units["last_sentence"] - units["first_sentence"] + 1).to_numpy(dtype=float)
    target = (units["group"] == corpus.target.label).to_numpy()
    test = permutation_test(sums, sizes, target, equal_var=False, draws=draws, seed=seed)
    rows = [_row(lexicon, corpus, units, scores) for lexicon in lexicons]
    table = pd.DataFrame(rows).assign(
        **_means(sums, sizes, target),
        **difference_interval(sums, sizes, target),
        p_value=test.p_value,
        p_family=test.p_family,
        **self_contrast(sums, sizes, target, seed=seed),
        floor=_floor(sums, sizes, target),
    )
    for role in ("target", "reference"):
        table.loc[table[f"coverage_{role}"] == 0, f"mean_{role}"] = np.nan
    table.loc[table["note"] != "", UNDEFINED] = np.nan
    return table[COLUMNS]


def unit_scores(scores: pd.DataFrame, units: pd.DataFrame, column: str) -> list[np.ndarray]:
    """Return the sentence scores of each unit, by one lexicon's column."""
    texts = {id: rows[column].to_numpy() for id, rows in scores.groupby("document")}
    spans = units[["document", "first_sentence", "last_sentence"]].itertuples(index=False)
    return [texts[document][first : last + 1] for document, first, last in spans]


def _row(
    lexicon: Lexicon, corpus: Corpus, units: pd.DataFrame, scores: pd.DataFrame
) -> dict[str, object]:
    """Return what is only counted: sizes, zeros, coverage; and a note where nothing is scored."""
    row: dict[str, object] = {**lexicon.provenance}
    unknown = []
    for group in corpus.groups:
        own = scores[scores["group"] == group.label]
        found = sum(len(lexicon.find(text)) for text in own["text"])
        tokens = sum(len(tokenize(text)) for text in own["text"])
        row[f"n_{group.role}"] = len(own)
        row[f"units_{group.role}"] = int((units["group"] == group.label).sum())
        row[f"share_zero_{group.role}"] = float((own[lexicon.column] == 0).mean())
        row[f"coverage_{group.role}"] = found / tokens if tokens else np.nan
        unknown += [] if found else [repr(group.label)]
    return row | {"note": _note(lexicon, unknown)}


def _note(lexicon: Lexicon, unknown: list[str]) -> str:
    if not unknown:
        return ""
    return f"{lexicon.name} scores no word of {' or '.join(unknown)}: tone is undefined."


def _means(sums: np.ndarray, sizes: np.ndarray, target: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "mean_target": sums[target].sum(axis=0) / sizes[target].sum(),
        "mean_reference": sums[~target].sum(axis=0) / sizes[~target].sum(),
    }


def _floor(sums: np.ndarray, sizes: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the half width of the 95 % interval plus 0.84 standard errors."""
    errors = [
        rate_and_error(sums[side], sizes[side], np.ones((1, side.sum())))[1][0]
        for side in (target, ~target)
    ]
    interval = difference_interval(sums, sizes, target)
    half = ((interval["ci_high"] - interval["ci_low"]) / 2).to_numpy()
    floor: np.ndarray = half + stats.norm.ppf(0.8) * np.hypot(*errors)
    return floor
