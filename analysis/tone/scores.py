"""Scores of sentences: by every lexicon, by their combination, and as tone in raters' units."""

from collections.abc import Sequence
from itertools import compress

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.numbers import ordered
from analysis.text import Corpus, tokenize
from analysis.tone.calibration import COMBINED, calibrate, calibration, check_lists
from analysis.tone.embedding import embedding_tone
from analysis.tone.language import language_note, without_tone
from analysis.tone.lexicons import Lexicon, lexicons, with_own
from analysis.tone.names import mask
from analysis.tone.scored import ScoredTexts

EDGES = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
UNSCORED = "no word is scored: the tone of such sentences in general"
UNKNOWN = "no word is scored, and none is an English function word: tone is undefined"
DIGITS = 12  # to which words that cancel sum to 0: shares of a score are no round numbers
EMPTY = "no word at all: tone is undefined"


def tone_scores(texts: Sequence[str], *, masked: bool = True) -> pd.DataFrame:
    """Score texts, one sentence each.

    Parameters
    ----------
    texts : sentences; whole texts saturate VADER's scale and should be cut first
    masked : whether names and titles are masked before scoring

    Returns
    -------
    DataFrame
        One row a text:

        ``vader, afinn, opinion, pattern``
            the score by each lexicon, as its engine has it: 0 where it knows no word
        ``combined``
            mean of the standardised scores of VADER, AFINN and the opinion lexicon
        ``tone``
            ``combined`` in raters' units, -4 to 4 (``resources/CALIBRATION.md``)
        ``words_scored``
            words that a lexicon of the combination scores
        ``note``
            where no word is scored: if a function word says that this is English, the tone is
            that of such sentences in general; else all scores are undefined (NaN)

    Raises
    ------
    InputError
        There are no texts, one string is given in their place, or all are empty.

    Examples
    --------
    >>> table = tone_scores(["A great success.", "The door is blue.", "Moscow 2017"])
    >>> table[["vader", "words_scored"]]
        vader  words_scored
    0  0.8316             2
    1  0.0000             0
    2     NaN             0
    """
    _check(texts)
    return table_of_scores(texts, read_texts(texts, masked=masked), masked=masked)


def read_texts(texts: Sequence[str], *, masked: bool, own: Lexicon | None = None) -> ScoredTexts:
    """Return every scored word of every text, by the column of the lexicon that scores it."""
    seen = [mask(text) for text in texts] if masked else list(texts)
    known = with_own(own)
    rows = [[lexicon.read(text) for lexicon in known] for text in seen]
    return {lexicon.column: [row[i] for row in rows] for i, lexicon in enumerate(known)}


def table_of_scores(texts: Sequence[str], scored: ScoredTexts, *, masked: bool) -> pd.DataFrame:
    """Return the table of ``tone_scores`` from words that are scored already."""
    check_lists({lexicon.column: lexicon.sha256 for lexicon in lexicons()})
    table = pd.DataFrame(
        {
            column: np.array([sum(word.score for word in words) for words in rows], dtype=float)
            for column, rows in scored.items()
        }
    ).round(DIGITS)
    table["vader"] = table["vader"].round(4)  # a sum of shares, else off by a rounding
    table[COMBINED] = calibrate(table, COMBINED, masked=masked, calibrated=False)
    table["tone"] = calibrate(table, COMBINED, masked=masked)
    table["words_scored"] = words_scored(scored, calibration().parts)
    silent = without_tone(texts, table["words_scored"])
    table["note"] = np.where(table["words_scored"] > 0, "", UNSCORED)
    unread = [UNKNOWN if tokenize(text) else EMPTY for text in compress(texts, silent)]
    table.loc[silent, "note"] = unread
    table.loc[silent, [COMBINED, "tone"]] = np.nan
    for column, rows in scored.items():
        table.loc[without_tone(texts, rows), column] = np.nan
    return table


def words_scored(scored: ScoredTexts, columns: Sequence[str]) -> list[int]:
    """Return how many words of each text some lexicons score, each word counted once."""
    rows = zip(*(scored[column] for column in columns), strict=True)
    return [len({word.start for words in row for word in words}) for row in rows]


def score_sentences(corpus: Corpus, *, masked: bool = True) -> pd.DataFrame:
    """Score every sentence of a corpus by itself.

    Parameters
    ----------
    corpus : the two groups
    masked : whether names and titles are masked before scoring

    Returns
    -------
    DataFrame
        One row a sentence, in text order: ``document, group, paragraph, sentence, start, end,
        text``, and the columns of ``tone_scores``.
    """
    scores = tone_scores(corpus.sentences["text"].tolist(), masked=masked)
    return corpus.sentences.join(scores.set_index(corpus.sentences.index))


def score_lines(
    lines: Sequence[str], *, embedding: bool = False, own: Lexicon | None = None
) -> pd.DataFrame:
    """Score lines of text, one sentence a line, names masked.

    Parameters
    ----------
    lines : sentences; a blank one keeps its row
    embedding : whether to add ``tone_embedding`` (``embedding_tone``, an optional package)
    own : a lexicon of one's own (``word_list``), to be added as a column of its name

    Returns
    -------
    DataFrame
        One row a line: ``line`` (numbered from 1), ``tone``, the score by each lexicon,
        ``words_scored`` and ``note``, as in ``tone_scores``; the note also tells a line that does
        not read as English.

    Raises
    ------
    InputError
        There are no lines, one string is given in their place, or all are empty; or one's own
        lexicon has a name that is taken.

    Examples
    --------
    >>> score_lines(["A great success.", ""])[["line", "vader", "words_scored"]]
       line   vader  words_scored
    0     1  0.8316             2
    1     2     NaN             0
    """
    _check(lines)
    table = table_of_scores(lines, read_texts(lines, masked=True, own=own), masked=True)
    defined = table["tone"].notna()
    foreign = [
        language_note([line]) if known else "" for line, known in zip(lines, defined, strict=True)
    ]
    table["note"] = [other or note for note, other in zip(table["note"], foreign, strict=True)]
    table.insert(0, "line", np.arange(1, len(lines) + 1))
    columns = [lexicon.column for lexicon in with_own(own)]
    if embedding:
        table["tone_embedding"] = embedding_tone(list(lines))
    judged = ["tone_embedding"] if embedding else []
    return table[["line", "tone", *judged, *columns, "words_scored", "note"]]


def tone_distribution(corpus: Corpus) -> pd.DataFrame:
    """Count the sentences of each group by VADER's score alone, names unmasked, zeros apart.

    Returns
    -------
    DataFrame
        Eleven rows a group, from low to high scores: ``group, low, high, n, share``. Negative
        bins hold ``low <= score < high``, positive ones ``low < score <= high``, and the bin from
        0 to 0 the sentences scored exactly 0. ``share`` is of the group's sentences with a score,
        NaN where it has none.
    """
    scores = score_sentences(corpus, masked=False).dropna(subset="vader")
    return pd.concat(
        [
            _bins(scores.loc[scores["group"] == g.label, "vader"].to_numpy()).assign(group=g.label)
            for g in corpus.groups
        ],
        ignore_index=True,
    )[["group", "low", "high", "n", "share"]]


def tone_extremes(corpus: Corpus, *, each: int = 3) -> pd.DataFrame:
    """Return the sentences of each group whose tone is highest and lowest.

    Parameters
    ----------
    corpus : the two groups
    each : how many at either end, at most; a sentence without scored words is at neither

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
        own = scores[(scores["group"] == group.label) & (scores["words_scored"] > 0)]
        own = ordered(own.drop_duplicates("text"), ["tone"], ascending=False)
        found += [own[own["tone"] > 0].head(each), own[own["tone"] < 0].tail(each)]
    return pd.concat(found, ignore_index=True)


def _check(texts: Sequence[str]) -> None:
    if isinstance(texts, str) or len(texts) == 0:
        raise InputError(
            f"Lines must be a list of at least one sentence, got {texts!r}: "
            "split the text into lines, one sentence each."
        )
    if not any(text.strip() for text in texts):
        raise InputError("There is no tone in empty text: give at least one line that holds words.")


def _bins(scores: np.ndarray) -> pd.DataFrame:
    """Count scores between the edges, mirrored at 0."""
    above = np.histogram(-scores[scores > 0], -np.r_[0, EDGES][::-1])[0][::-1]
    below = np.histogram(scores[scores < 0], -np.r_[0, EDGES][::-1])[0]
    counts = np.r_[below, (scores == 0).sum(), above]
    low = np.r_[-EDGES[::-1], 0, 0, EDGES[:-1]]
    high = np.r_[-EDGES[:-1][::-1], 0, 0, EDGES]
    share = counts / len(scores) if len(scores) else np.nan
    return pd.DataFrame({"low": low, "high": high, "n": counts, "share": share})
