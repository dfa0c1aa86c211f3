"""Word shift: which words make the difference of tone."""

import numpy as np
import pandas as pd

from analysis.inference import difference_interval
from analysis.inference.weights import Floats
from analysis.numbers import ordered
from analysis.result import Outcome, analysis
from analysis.text import Corpus
from analysis.text.units import UNIT_TOKENS
from analysis.tone.calibration import COMBINED
from analysis.tone.sentences import Reading, Units, outcome, read, unit_length

METHOD = "cluster-robust t over units"
COLUMNS = """term n_target n_reference n_capital rate_target rate_reference score score_target
    score_reference contribution ci_low ci_high frequency_part score_part share""".split()


@analysis("word shift")
def word_shift(
    corpus: Corpus,
    *,
    lexicon: str = COMBINED,
    masked: bool = True,
    calibrated: bool = True,
    unit_tokens: int = UNIT_TOKENS,
) -> Outcome:
    r"""Say which words make the difference of tone, and how: by frequency, or by use.

    A sentence's tone is a sum over its scored words (and a constant), so the contrast of two
    groups, mean sentence against mean sentence, is a sum over words, with nothing left over:
    ``Δ = Σ δ``, ``δ = p₁ h₁ - p₂ h₂``. A word's rate p is its occurrences per sentence; its score h
    is what an occurrence adds to its sentence's tone on average, after negation, emphasis and the
    like. Each δ falls into two parts:

    - frequency: ``(p₁ - p₂) (h₁ + h₂) / 2``, the word is used more or less often;
    - score: ``(p₁ + p₂) / 2 · (h₁ - h₂)``, it is used otherwise: negated, say, or in company.

    A word that a group lacks has the other group's score: all its δ is frequency. Rates are per
    sentence and not shares of all words, so the reference score of the published method is 0, what
    a word that is not in the lexicon adds.

    Parameters
    ----------
    corpus : the two groups
    lexicon : a lexicon, or "combined", to which each lexicon's words add their shares
    masked : whether names are masked before scoring
    calibrated : whether tone is in raters' units (-4 to 4)
    unit_tokens : aimed length of a unit, in tokens (see ``sentiment``)

    Returns
    -------
    Result
        One row a scored word, the largest contributions first, ties by term:

        ``term``
            the word, as the lexicon has it
        ``n_target, n_reference, n_capital``
            occurrences; of both, how many begin with a capital without opening their sentence
        ``rate_target, rate_reference``
            occurrences per sentence
        ``score, score_target, score_reference``
            what an occurrence adds on average, in both and in each; NaN where there is none
        ``contribution, ci_low, ci_high``
            δ and its 95 % cluster-robust t interval; NaN where nothing varies. Calibration is
            taken as given: the words explain the tone as measured
        ``frequency_part, score_part``
            the parts of δ
        ``share``
            of the absolute contributions of all words

        Contributions add up to the contrast, and are NaN where a group has no sentence with a tone.
        Its part ``sums`` holds the whole and what it is made of: see ``sums_of_shift``.

    Raises
    ------
    InputError
        There is no such lexicon, or a group has one sentence only.

    References
    ----------
    Gallagher et al. 2021, Generalized word shift graphs, doi:10.1140/epjds/s13688-021-00260-3.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = word_shift(load_corpus()).table
    >>> parts = table["frequency_part"] + table["score_part"]
    >>> bool((parts - table["contribution"]).abs().max() < 1e-12)
    True
    """
    reading = read(corpus, lexicon=lexicon, masked=masked, calibrated=calibrated)
    units = Units.cut(corpus, unit_tokens)
    table = shift_of(reading, units)
    parts = {"sums": sums_of_shift(table, reading, units)}
    return outcome(corpus, table, METHOD, length=unit_length(corpus, unit_tokens), parts=parts)


def sums_of_shift(table: pd.DataFrame, reading: Reading, units: Units) -> pd.DataFrame:
    """Return the contrast, and the sums of the parts that the words of each kind add to it.

    Returns
    -------
    DataFrame
        Six rows: ``of``, all words (``all``), those that the target uses more (or less) of,
        by the sign of their score (``more positive, more negative, fewer positive, fewer
        negative``), whose parts of frequency are summed, and the parts of score of all (``use``);
        ``contribution``; ``ci_low, ci_high``, of the first row alone.
    """
    more = (table["rate_target"] > table["rate_reference"]).astype(bool)
    positive = (table["score"] > 0).astype(bool)
    part = table["frequency_part"]
    sums = {
        "all": table["contribution"].sum(),
        "more positive": part[positive & more].sum(),
        "more negative": part[~positive & more].sum(),
        "fewer positive": part[positive & ~more].sum(),
        "fewer negative": part[~positive & ~more].sum(),
        "use": table["score_part"].sum(),
    }
    tone = np.where(reading.silent, 0.0, reading.tone)
    sizes = units.sum((~reading.silent).astype(float))
    low, high = _interval(units.sum(tone)[:, None], units, sizes)
    found = pd.DataFrame({"of": list(sums), "contribution": list(sums.values())})
    found["ci_low"] = [low[0], *[np.nan] * (len(found) - 1)]
    found["ci_high"] = [high[0], *[np.nan] * (len(found) - 1)]
    return found


def shift_of(reading: Reading, units: Units) -> pd.DataFrame:
    """Return the word shift of a reading; see ``word_shift``."""
    terms, column = np.unique(reading.words["term"].to_numpy(dtype=str), return_inverse=True)
    rows = reading.words["row"].to_numpy()
    if not len(terms):
        return pd.DataFrame(columns=COLUMNS)
    sides = reading.target
    sentences = [(side & ~reading.silent).sum() for side in (sides, ~sides)]
    counts, capitals = _occurrences(reading, terms, sides)
    sums = _by_unit(rows, column, reading.words["contribution"].to_numpy(), units, len(terms))
    totals = [sums[side].sum(axis=0) for side in (units.target, ~units.target)]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_1, rate_2 = (n / size for n, size in zip(counts, sentences, strict=True))
        score_1, score_2 = (t / n for t, n in zip(totals, counts, strict=True))
        contribution = totals[0] / sentences[0] - totals[1] / sentences[1]
    own_1, own_2 = (
        np.where(counts[0] > 0, score_1, score_2), np.where(counts[1] > 0, score_2, score_1)
    )  # fmt: skip
    interval = _interval(sums, units, units.sum((~reading.silent).astype(float)))
    table = pd.DataFrame(
        {
            "term": terms,
            "n_target": counts[0],
            "n_reference": counts[1],
            "n_capital": capitals,
            "rate_target": rate_1,
            "rate_reference": rate_2,
            "score": (totals[0] + totals[1]) / (counts[0] + counts[1]),
            "score_target": score_1,
            "score_reference": score_2,
            "contribution": contribution,
            "ci_low": interval[0],
            "ci_high": interval[1],
            "frequency_part": (rate_1 - rate_2) * (own_1 + own_2) / 2,
            "score_part": (rate_1 + rate_2) / 2 * (own_1 - own_2),
            "share": np.abs(contribution) / np.abs(contribution).sum(),
        }
    )
    table["size"] = table["contribution"].abs()
    return ordered(table, ["size", "term"], ascending=[False, True])[COLUMNS]


def _occurrences(
    reading: Reading, terms: np.ndarray, target: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray]:
    """Count each term by group, once where several lexicons score it; and its capitals."""
    texts = reading.corpus.sentences["text"].to_numpy()
    once = reading.words.drop_duplicates(["row", "start", "term"])
    place, rows = np.searchsorted(terms, once["term"].to_numpy(dtype=str)), once["row"].to_numpy()
    names = [
        start > 0 and texts[row][start].isupper()
        for row, start in zip(rows, once["start"], strict=True)
    ]
    sides = [np.bincount(place[side[rows]], minlength=len(terms)) for side in (target, ~target)]
    return sides, np.bincount(place[np.array(names, dtype=bool)], minlength=len(terms))


def _by_unit(
    rows: np.ndarray, column: np.ndarray, values: Floats, units: Units, terms: int
) -> Floats:
    """Add up contributions: units × terms."""
    sums = np.zeros((len(units.target), terms))
    np.add.at(sums, (units.of_row[rows], column), values)
    return sums


def _interval(sums: Floats, units: Units, sizes: Floats) -> tuple[Floats, Floats]:
    """Return the ends of each contribution's interval, units without a tone left out."""
    held = sizes > 0
    if min((held & units.target).sum(), (held & ~units.target).sum()) < 2:
        unknown = np.full(sums.shape[1], np.nan)
        return unknown, unknown
    table = difference_interval(sums[held], sizes[held], units.target[held])
    return table["ci_low"].to_numpy(), table["ci_high"].to_numpy()
