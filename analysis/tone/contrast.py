"""The contrast of tone between two groups, with all that limits what it says."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from analysis.inference import half_width, permutation_test, rate_and_error, self_contrast
from analysis.inference.permutation import DRAWS
from analysis.inference.weights import Floats
from analysis.text import Corpus
from analysis.text.units import UNIT_TOKENS
from analysis.tone.calibration import COMBINED, calibration
from analysis.tone.embedding import COLUMN as EMBEDDING
from analysis.tone.lexicons import Lexicon, lexicons
from analysis.tone.sample import ROLES, Kind, Sample

COLUMNS = """lexicon column masked calibrated engine version licence sha256 n_target n_reference
    units_target units_reference mean_target mean_reference estimate ci_low ci_high units_low
    units_high rater_low rater_high p_value p_family self_target self_reference floor
    share_zero_target share_zero_reference coverage_target coverage_reference note""".split()
UNDEFINED = """estimate ci_low ci_high units_low units_high rater_low rater_high p_value p_family
    self_target self_reference floor""".split()
POWER = stats.norm.ppf(0.8)  # standard errors beyond the interval that four of five texts show


def sentiment(
    corpus: Corpus,
    *,
    embedding: bool = False,
    own: Lexicon | None = None,
    words: int = UNIT_TOKENS,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Contrast the mean tone of two groups of texts, in every way of scoring their sentences.

    A group's tone is the mean score of its sentences, ``Σ s / Σ n`` over units, s the sum of a
    unit's sentence scores and n its sentences. The contrast is target minus reference: positive
    where the target reads as the more positive. Intervals and tests treat units, not sentences, as
    independent. All rows score the same sentences: those whose headline tone is defined.

    Parameters
    ----------
    corpus : the two groups
    embedding : whether to add a last row, tone by sentence embedding (``embedding_tone``, which
        needs an optional package): an opinion that rests on more than word lists
    own : a lexicon of one's own (``word_list``), to be added as two last rows, names masked and
        not; nobody has rated sentences for it, so that it is not calibrated
    words : aimed length of a unit, in tokens (whole documents where both groups have many; single
        sentences where a group is too short for three units)
    draws, seed : of the permutation test; the seed is the self-contrast's too

    Returns
    -------
    DataFrame
        One row a way of scoring, calibrated before not, names masked before not, the combination
        before single lexicons. The first is the headline; the row of VADER with names unmasked,
        not calibrated, is the number that a reader would get without any of this.

        ``lexicon, column, masked, calibrated``
            the word list, or "combined", and its column in tables of scores; whether names are
            masked before scoring; whether scores are in raters' units (-4 to 4; else as the engine
            has them, and the combination in standard deviations)
        ``engine, version, licence, sha256``
            what scored the sentences, the sum being of the word list; of the combination, that of
            each part, in the order of ``calibration().parts``
        ``n_target, n_reference, units_target, units_reference``
            sentences and units
        ``mean_target, mean_reference, estimate``
            mean scores and their difference
        ``ci_low, ci_high``
            its 95 % interval. Of scores as the engine has them: ``units_low, units_high``. Of
            calibrated tone: for the difference that raters would find, and so wider by what the
            calibration misses about whole texts and single sentences (``model_variance``)
        ``units_low, units_high``
            the interval that knows of units alone, cluster-robust t
        ``rater_low, rater_high``
            VADER's rows: ``ci`` wider by the choice of ten raters a word (``rater_variance``);
            elsewhere NaN, as other lists do not tell how far raters differ
        ``p_value, p_family``
            permutation of units; the second adjusted over the rows of this table
        ``self_target, self_reference``
            the difference that 19 of 20 pairs of such lengths, both drawn from one group's own
            units, do not exceed: what arises where there is none
        ``floor``
            the smallest true difference that four of five such pairs of texts would show at the
            two-sided 5 % level: half of ``ci`` and 0.84 standard errors
        ``share_zero_target, share_zero_reference``
            share of sentences in which no word is scored, or words cancel
        ``coverage_target, coverage_reference``
            words the lexicon scores, as a share of tokens
        ``note``
            empty, or why the tone is undefined (NaN), a group with no word in the lexicon; or that
            a group's texts do not read as English

        Its ``attrs`` hold words, draws and seed.

    Raises
    ------
    InputError
        A group has one sentence only, or one's own lexicon has a name that is taken.

    References
    ----------
    Hutto & Gilbert 2014, VADER, doi:10.1609/icwsm.v8i1.14550.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = sentiment(load_corpus(), draws=99)
    >>> table[["lexicon", "masked", "calibrated", "n_target", "n_reference"]].head(2)
        lexicon  masked  calibrated  n_target  n_reference
    0  combined    True        True        36          151
    1     VADER    True        True        36          151
    """
    columns = (COMBINED, *(own.column for own in lexicons()))
    kinds = [
        Kind(column, masked, calibrated)
        for calibrated, masked, column in product((True, False), (True, False), columns)
    ]
    kinds += [Kind(EMBEDDING, masked=False, calibrated=True)] if embedding else []
    if own is not None:
        kinds += [Kind(own.column, masked, calibrated=False, own=own) for masked in (True, False)]
    sample = Sample.of(corpus, words, embedding=embedding, own=own)
    sums, sizes, target = sample.sums(kinds)
    test = permutation_test(sums, sizes, target, equal_var=False, draws=draws, seed=seed)
    table = pd.DataFrame([sample.row(kind) for kind in kinds]).assign(
        p_value=test.p_value,
        p_family=test.p_family,
        **_intervals(sample, kinds),
        **self_contrast(sums, sizes, target, seed=seed),
    )
    silent = (table[[f"coverage_{role}" for role in ROLES]] == 0).any(axis=1)
    table.loc[silent, UNDEFINED] = np.nan
    table.attrs = {"seed": seed, "draws": draws, "words": words}
    return table[COLUMNS]


def _intervals(sample: Sample, kinds: Sequence[Kind]) -> pd.DataFrame:
    """Return estimate, intervals and floor of every kind of score."""
    sums, sizes, target = sample.sums(kinds)
    means, variances, degrees = [], [], []
    for side in (target, ~target):
        mean, error = rate_and_error(sums[side], sizes[side], np.ones((1, side.sum())))
        means.append(mean[0])
        variances.append(error[0] ** 2)
        degrees.append(side.sum() - 1)
    units = np.array(variances)
    every = np.vstack([units, *sample.model_variances(kinds)])
    raters = np.vstack([every, sample.rater_variances(kinds)])
    known = [*degrees, *[calibration().articles - 2] * 2]
    estimate = means[0] - means[1]
    half = _half(every, known)
    return pd.DataFrame(
        {
            "estimate": estimate,
            **_around(estimate, "ci", half),
            **_around(estimate, "units", _half(units, degrees)),
            **_around(estimate, "rater", _half(raters, [*known, np.inf])),
            "floor": half + POWER * np.sqrt(every.sum(axis=0)),
        }
    )


def _half(variances: Floats, degrees: Sequence[float]) -> Floats:
    return half_width(variances, np.array(degrees)[:, None])


def _around(estimate: Floats, name: str, half: Floats) -> dict[str, Floats]:
    return {f"{name}_low": estimate - half, f"{name}_high": estimate + half}
