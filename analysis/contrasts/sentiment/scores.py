"""Scores of sentences and lines."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.contrasts.sentiment.lexicons import vader
from analysis.corpus import Corpus
from analysis.errors import InputError

EDGES = np.array([0.2, 0.4, 0.6, 0.8, 1.0])


def score_sentences(corpus: Corpus) -> pd.DataFrame:
    """Score every sentence by itself; whole texts saturate VADER's scale and are never scored.

    Returns
    -------
    DataFrame
        One row a sentence, in text order: ``document, group, paragraph, sentence, start, end,
        text, vader``; the score runs from -1 to 1 and is exactly 0 where no word is scored.
    """
    lexicon = vader()
    scores = [lexicon.score(text) for text in corpus.sentences["text"]]
    return corpus.sentences.assign(**{lexicon.column: scores})


def score_lines(lines: Sequence[str]) -> pd.DataFrame:
    """Score lines of text, one sentence a line.

    Parameters
    ----------
    lines : sentences; a blank one keeps its row

    Returns
    -------
    DataFrame
        One row a line: ``line`` (numbered from 1), ``tone``, ``vader`` (as the engine returns it:
        0 where it knows no word), ``words_scored``. ``tone`` is the engine's number, not calibrated
        to human judgement, and undefined (NaN) where no word of the line is scored.

    Raises
    ------
    InputError
        There are no lines, or one string is given in their place.

    Examples
    --------
    >>> score_lines(["A great success.", "The door is blue."])
       line    tone   vader  words_scored
    0     1  0.8316  0.8316             2
    1     2     NaN  0.0000             0
    """
    if isinstance(lines, str) or len(lines) == 0:
        raise InputError(
            f"Lines must be a list of at least one sentence, got {lines!r}: "
            "split the text into lines, one sentence each."
        )
    lexicon = vader()
    scores = np.array([lexicon.score(line) for line in lines])
    words = np.array([len(lexicon.find(line)) for line in lines])
    return pd.DataFrame(
        {
            "line": np.arange(1, len(lines) + 1),
            "tone": np.where(words > 0, scores, np.nan),
            lexicon.column: scores,
            "words_scored": words,
        }
    )


def tone_distribution(corpus: Corpus) -> pd.DataFrame:
    """Count the sentences of each group by score, those at exactly 0 apart.

    Returns
    -------
    DataFrame
        Eleven rows a group, from low to high scores: ``group, low, high, n, share``. Negative
        bins hold ``low <= score < high``, positive ones ``low < score <= high``, and the bin from
        0 to 0 the sentences scored exactly 0. ``share`` is of the group's sentences.
    """
    scores = score_sentences(corpus)
    return pd.concat(
        [
            _bins(scores.loc[scores["group"] == g.label, "vader"].to_numpy()).assign(group=g.label)
            for g in corpus.groups
        ],
        ignore_index=True,
    )[["group", "low", "high", "n", "share"]]


def tone_extremes(corpus: Corpus, *, each: int = 3) -> pd.DataFrame:
    """Return the sentences of each group that score highest and lowest.

    Parameters
    ----------
    corpus : the two groups
    each : how many of either sign, at most; a sentence at 0 is neither

    Returns
    -------
    DataFrame
        The columns of ``score_sentences``, highest first within each group; ties in text order. A
        sentence that recurs is shown once, at its first place.
    """
    if each < 1:
        raise InputError(f"At least one sentence of either sign must be asked for, got {each}.")
    scores = score_sentences(corpus)
    found = []
    for group in corpus.groups:
        own = scores[scores["group"] == group.label].drop_duplicates("text")
        own = own.sort_values("vader", ascending=False, kind="stable")
        found += [own[own["vader"] > 0].head(each), own[own["vader"] < 0].tail(each)]
    return pd.concat(found, ignore_index=True)


def _bins(scores: np.ndarray) -> pd.DataFrame:
    """Count scores between the edges, mirrored at 0."""
    above = np.histogram(-scores[scores > 0], -np.r_[0, EDGES][::-1])[0][::-1]
    below = np.histogram(scores[scores < 0], -np.r_[0, EDGES][::-1])[0]
    counts = np.r_[below, (scores == 0).sum(), above]
    low = np.r_[-EDGES[::-1], 0, 0, EDGES[:-1]]
    high = np.r_[-EDGES[:-1][::-1], 0, 0, EDGES]
    return pd.DataFrame({"low": low, "high": high, "n": counts, "share": counts / len(scores)})
