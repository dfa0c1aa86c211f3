"""Sentences: read by every scorer, as a table of scores and as the words that make a tone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import compress
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.inference.weights import Flags, Floats
from analysis.numbers import ordered
from analysis.result import Outcome, analysis, unit_name
from analysis.running import followed
from analysis.sentences import say
from analysis.text import (
    Corpus,
    cut_units,
    plain,
    stop_words,
    tokenize,
)
from analysis.text.documents import ENGLISH, Document, kept
from analysis.text.tokens import Pieces, hardly_in, language_of, main_language
from analysis.text.units import UNIT_TOKENS, inference_units
from analysis.tone.calibration import COMBINED, Scale, check_lists, load_calibration, scale
from analysis.tone.masking import Name, mask_names, names_in, names_of
from analysis.tone.scored import Lines, Scored, joined
from analysis.tone.scoring import Scorer, scorer, scorers, scorers_with

EDGES = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
FEWEST = 3  # units of a group, below which its variance is not known
WORDS = ["row", "start", "end", "term", "lexicon", "contribution"]
ENOUGH = 12  # tokens that a text must have for its language to be judged
LEAST = 0.05  # share of function words among them that English texts exceed several times over
BLOCK = 2**15  # sentences that are read at a time
_SHORT = frozenset({"of", "to", "by", "it"})
_SHARED = frozenset("all also can die done her hers man over under war was will".split())


@dataclass(frozen=True, eq=False)
class Sentences:
    """Sentences as read by scorers.

    Attributes
    ----------
    texts, seen : as given, and as read: names masked, or not
    masked : which
    words : of each scorer that scores words, by column, the scored words
    raw : a column a scorer: the score of each sentence, 0 where no word is scored
    english : which hold an English function word, names unmasked
    """

    texts: tuple[str, ...]
    seen: tuple[str, ...]
    masked: bool
    words: Mapping[str, Scored]
    raw: pd.DataFrame
    english: Flags

    @classmethod
    def read(
        cls,
        given: Pieces,
        *,
        masked: bool,
        extra: Sequence[Scorer] = (),
        like: "Sentences | None" = None,
        names: Sequence[Sequence[Name]] | None = None,
    ) -> "Sentences":
        """Read sentences by the scorers of every result, and by further ones.

        Parameters
        ----------
        given, masked : sentences, and whether names are masked first
        extra : further scorers
        like : the same sentences as read otherwise: what was read alike is not read again
        names : of each sentence, where they are known
        """
        check_lists({own.column: own.sha256 for own in scorers()})
        texts = tuple(given.texts)
        seen = given
        if masked:
            found = names_in(given) if names is None else names
            rows = np.flatnonzero(list(map(len, found)))
            hidden = [mask_names(texts[row], found[row]) for row in rows.tolist()]
            seen = given.replaced(rows, hidden)
        all_scorers = scorers_with(extra)
        words = _read_words([own for own in all_scorers if not own.judge], seen, like)
        english = like.english if like else given.count(has_function_word) > 0
        raw = {
            own.column: own.judge(texts)
            if own.judge
            else words[own.column].sums(len(texts)).round(own.digits)
            for own in all_scorers
        }
        return cls(texts, tuple(seen.texts), masked, words, pd.DataFrame(raw), english)

    def scores(self, column: str, *, calibrated: bool) -> Floats:
        """Return one kind of score of every sentence (see ``scale``)."""
        own = scale(column, masked=self.masked, calibrated=calibrated)
        return own.score(own.linear(self.raw.fillna(0)))

    def count_scored(self, columns: Sequence[str]) -> np.ndarray:
        """Return how many words of each sentence some scorers score, each word counted once."""
        own = tuple(columns)
        if own not in self._counted:
            self._counted[own] = self._count(own)
        return self._counted[own]

    def _count(self, columns: Sequence[str]) -> np.ndarray:
        rows = np.concatenate([self.words[column].rows for column in columns])
        starts = np.concatenate([self.words[column].starts for column in columns])
        begins = self._begins
        scored = np.zeros(begins[-1] + 1, dtype=bool)
        scored[begins[rows] + starts] = True
        where = np.searchsorted(begins, np.flatnonzero(scored), side="right") - 1
        return np.bincount(where, minlength=len(self.seen))

    @cached_property
    def _begins(self) -> np.ndarray:
        """Where each sentence begins, where they stand end to end; and, last, how long all are."""
        return np.concatenate([[0], np.cumsum(list(map(len, self.seen)), dtype=np.int64)])

    @cached_property
    def _counted(self) -> dict[tuple[str, ...], np.ndarray]:
        return {}

    def _silent(self, counts: np.ndarray) -> Flags:
        """Tell of which sentences nothing can be said; see ``without_tone``."""
        return ~((counts > 0) | self.english)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The scores of every sentence, by itself.

        One row a sentence:

        ``vader, afinn, opinion, pattern``
            the score by each lexicon, as its engine has it: 0 where it knows no word
        ``learnt``
            what word weights learnt from rated sentences add to the lists (``WeightReader``)
        ``combined``
            weighted sum of these, in standard deviations over rated sentences
        ``tone``
            ``combined`` in raters' units, -4 to 4, never beyond (``resources/CALIBRATION.md``)
        ``tone_class``
            "negative", "neutral" or "positive", by cuts that were fixed beforehand; "" where tone
            is undefined
        ``words_scored``
            words that a scorer of the combination scores
        ``note``
            where no word is scored: if a function word says that this is English, the sentence is
            neutral, of tone 0; else all scores are undefined (NaN)

        Examples
        --------
        >>> texts = ["A great success.", "The door is blue.", "Moscow 2017"]
        >>> Sentences.read(Pieces.cut(texts), masked=True).table[["vader", "words_scored"]]
            vader  words_scored
        0  0.8316             2
        1  0.0000             2
        2     NaN             0
        """
        table = self.raw.copy()
        table[COMBINED] = self.scores(COMBINED, calibrated=False)
        table["tone"] = self.scores(COMBINED, calibrated=True)
        table["tone_class"] = ""
        table["words_scored"] = self.count_scored(load_calibration().parts)
        silent = self._silent(table["words_scored"].to_numpy())
        table["note"] = np.where(table["words_scored"] > 0, "", say("tone.notes.unscored", {}))
        unknown, empty = say("tone.notes.unknown", {}), say("tone.notes.empty", {})
        unread = [unknown if tokenize(text) else empty for text in compress(self.texts, silent)]
        table.loc[silent, "note"] = unread
        table.loc[silent, [COMBINED, "tone"]] = np.nan
        table["tone_class"] = load_calibration().classes(table["tone"])
        for column in self.words:
            table.loc[self._silent(self.count_scored([column])), column] = np.nan
        return table


def _read_words(given: Sequence[Scorer], seen: Pieces, like: Sentences | None) -> dict[str, Scored]:
    """Return what scorers of words score in sentences; what was read alike is taken over."""
    before = like.words if like else {}
    alike = np.array([like is not None and like.seen[n] == own for n, own in enumerate(seen.texts)])
    known, others = ([own for own in given if (own.column in before) is k] for k in (True, False))
    again = _scored(known, seen, np.flatnonzero(~alike) if known else np.arange(0))
    for column, own in again.items():
        old = before[column]
        again[column] = joined([old.taken(alike[old.rows]), own])
    return again | _scored(others, seen, np.arange(len(seen.texts)))


def _scored(given: Sequence[Scorer], seen: Pieces, rows: np.ndarray) -> dict[str, Scored]:
    """Return what scorers score in some of the sentences; all of them read a block in turn."""
    parts: dict[str, list[Scored]] = {own.column: [Scored.of([])] for own in given}
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    for block in followed(blocks if given else [], "scoring sentences", 1):
        lines = Lines.part_of(seen, block)
        for own in given:
            if own.read:
                scored = own.read(lines)
                parts[own.column].append(scored._replace(rows=block[scored.rows]))
    return {column: joined(own) for column, own in parts.items()}


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
        text``, and the columns of ``Sentences.table``.
    """
    scores = sentences_of(corpus, masked=masked).table
    return corpus.sentences.join(scores.set_index(corpus.sentences.index))


def score_lines(lines: Sequence[str], *, extra: Sequence[Scorer] = ()) -> pd.DataFrame:
    """Score lines of text, one sentence a line, names masked.

    Parameters
    ----------
    lines : sentences; a blank one keeps its row
    extra : further scorers: the sentence model (``sentence_model``), a word list of one's own
        (``word_list``); each is a column of its name, with ``tone_`` before it where its scores
        are in raters' units

    Returns
    -------
    DataFrame
        One row a line: ``line`` (numbered from 1), ``tone, tone_class``, the score by each scorer,
        ``words_scored`` and ``note``, as in ``Sentences.table``; the note also tells a line that
        does not read as English.

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
    lines = [plain(line) for line in lines]
    read = Sentences.read(Pieces.cut(lines), masked=True, extra=extra)
    table = read.table.copy()
    columns = [own.column for own in scorers()]
    for own in extra:
        if load_calibration().knows(own.column, masked=own.masks[0]):
            columns.append(f"tone_{own.column}")
            table[columns[-1]] = calibrated(own, read.raw[own.column])
        else:
            columns.append(own.column)
    defined = table["tone"].notna()
    foreign = [
        language_note([tokenize(line)]) if known else ""
        for line, known in zip(lines, defined, strict=True)
    ]
    table["note"] = [other or note for note, other in zip(table["note"], foreign, strict=True)]
    table.insert(0, "line", np.arange(1, len(lines) + 1))
    return table[["line", "tone", "tone_class", *columns, "words_scored", "note"]]


def calibrated(scorer: Scorer, scores: Any) -> Floats:
    """Return raters' units from the scores of a scorer that the calibration knows."""
    units = scale(scorer.column, masked=scorer.masks[0], calibrated=True)
    return units.score(units.linear({scorer.column: scores})).round(scorer.digits)


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


@analysis("sentences of extreme tone")
def tone_extremes(corpus: Corpus, *, each: int = 3) -> Outcome:
    """Return the sentences of each group whose tone is highest and lowest.

    Parameters
    ----------
    corpus : the two groups
    each : how many at either end, at most; a sentence without scored words is at neither

    Returns
    -------
    Result
        The columns of ``score_sentences``, highest first within each group; ties in text order. A
        sentence that recurs is shown once, at its first place.

    Raises
    ------
    InputError
        None is asked for.
    """
    if each < 1:
        raise InputError(f"At least one sentence of either sign must be asked for, got {each}.")
    refuse_other_languages(corpus)
    scores = score_sentences(corpus)
    found = []
    for group in corpus.groups:
        own = scores[(scores["group"] == group.label) & (scores["words_scored"] > 0)]
        own = ordered(own.drop_duplicates("text"), ["tone"], ascending=False)
        found += [own[own["tone"] > 0].head(each), own[own["tone"] < 0].tail(each)]
    return outcome(corpus, pd.concat(found, ignore_index=True), "order of sentences by their tone")


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


# A corpus as read by one kind of score


@kept
def sentences_of(corpus: Corpus, *, masked: bool, extra: tuple[Scorer, ...] = ()) -> Sentences:
    """Return the sentences of a corpus as read by scorers, read once and kept with the corpus."""
    like = None if masked and not extra else sentences_of(corpus, masked=True)
    names = names_of(corpus) if masked else None
    return Sentences.read(corpus.pieces, masked=masked, extra=extra, like=like, names=names)


@dataclass(frozen=True)
class Reading:
    """A corpus as read by one kind of score.

    A sentence's tone is ``base + Σ contribution`` over its scored words.

    Attributes
    ----------
    corpus : the two groups
    column, masked, calibrated : the kind of score
    scale : from raw scores to this kind
    texts : the sentences as scored, names masked or not
    base : the tone of a sentence without scored words
    words : one row a scored word and lexicon: ``row``, of its sentence in ``corpus.sentences``;
        ``start, end``, offsets into the sentence; ``term``; ``lexicon``; ``contribution``
    silent : sentences, True where nothing can be said: no word is scored, and the sentence does
        not read as English (``without_tone``)
    """

    corpus: Corpus
    column: str
    masked: bool
    calibrated: bool
    scale: Scale
    texts: tuple[str, ...]
    base: float
    words: pd.DataFrame
    silent: Flags

    @cached_property
    def tone(self) -> Floats:
        """The tone of every sentence; NaN where nothing can be said."""
        sums = np.bincount(self.words["row"], self.words["contribution"], len(self.silent))
        return np.where(self.silent, np.nan, self.base + sums)

    @cached_property
    def target(self) -> Flags:
        """Sentences, True where they are the target's."""
        groups = self.corpus.sentences["group"]
        return (groups == self.corpus.target.label).to_numpy()

    def tones_of(self, texts: Sequence[str]) -> Floats:
        """Return the tone of texts by this kind of score; names are not masked first."""
        given = [scorer(column) for column in self.scale.slopes]
        found = _scored(given, Pieces.cut(texts), np.arange(len(texts)))
        sums = {column: own.sums(len(texts)) for column, own in found.items()}
        return self.scale.score(self.scale.linear(sums))

    def means(self) -> tuple[float, float]:
        """Return the mean tone of target and reference, over sentences that have one."""
        sides = (self.tone[side & ~self.silent] for side in (self.target, ~self.target))
        target, reference = (float(own.mean()) if len(own) else np.nan for own in sides)
        return target, reference


@kept
def read(
    corpus: Corpus,
    *,
    lexicon: str = COMBINED,
    masked: bool = True,
    calibrated: bool = True,
    any_language: bool = False,
) -> Reading:
    """Read every sentence of a corpus.

    Parameters
    ----------
    corpus : the two groups
    lexicon : a lexicon, or "combined"
    masked : whether names are masked first
    calibrated : whether tone is in raters' units
    any_language : whether texts that no lexicon knows are read, too

    Raises
    ------
    InputError
        There is no such lexicon, or none that knows the language of the texts.
    """
    if not any_language:
        refuse_other_languages(corpus)
    column = lexicon if lexicon == COMBINED else scorer(lexicon).column
    units = scale(column, masked=masked, calibrated=calibrated)
    own = sentences_of(corpus, masked=masked)
    words = _words_of(own, units)
    silent = without_tone(own.texts, np.bincount(words["row"], minlength=len(own.texts)))
    base = float(units.score(units.base))
    return Reading(corpus, column, masked, calibrated, units, own.seen, base, words, silent)


def _words_of(sentences: Sentences, units: Scale) -> pd.DataFrame:
    """Return the scored words of sentences: the columns ``WORDS`` of ``Reading.words``."""
    tables = [
        pd.DataFrame(
            {
                "row": own.rows,
                "start": own.starts,
                "end": own.ends,
                "term": [word.lower() for word in own.words],
                "lexicon": column,
                "contribution": slope * own.scores,
            }
        )
        for column, slope in units.slopes.items()
        for own in (sentences.words[column],)
    ]
    table = pd.concat(tables, ignore_index=True)[WORDS]
    linear = units.base + np.bincount(
        table["row"], table["contribution"], minlength=len(sentences.texts)
    )
    shares = units.share(linear)[table["row"]]
    return table.assign(contribution=table["contribution"] * shares)


@dataclass(frozen=True)
class Units:
    """The units of inference, and which of them each sentence is in.

    Attributes
    ----------
    table : as from ``cut_units``
    target : units, True where the target's
    of_row : of each row of ``corpus.sentences``
    """

    table: pd.DataFrame
    target: Flags
    of_row: np.ndarray

    @classmethod
    def cut(cls, corpus: Corpus, unit_tokens: int) -> "Units":
        """Cut a corpus into units (``unit_length``); refuse a group that has only one."""
        table = inference_units(corpus, unit_tokens=unit_length(corpus, unit_tokens))
        target = (table["group"] == corpus.target.label).to_numpy()
        return cls(table, target, unit_of_rows(corpus, table))

    def sum(self, values: Floats) -> Floats:
        """Add up values of sentences, by unit; columns stay apart."""
        totals = np.zeros((len(self.target), *np.shape(values)[1:]))
        np.add.at(totals, self.of_row, values)
        return totals


def unit_length(corpus: Corpus, unit_tokens: int) -> int:
    """Return the aimed length of a unit; 1, so that sentences are units, for very short texts.

    One unit has no variance, and two hardly tell one. Sentences are then taken as independent, in
    both groups, so that a short editorial or statement has an interval that says something.
    """
    groups = cut_units(corpus, unit_tokens=unit_tokens)["group"]
    return unit_tokens if groups.value_counts().min() >= FEWEST else 1


def unit_of_rows(corpus: Corpus, units: pd.DataFrame) -> np.ndarray:
    """Return the unit, as a row of ``units``, of each row of ``corpus.sentences``."""
    spans = zip(units["document"], units["first_sentence"], units["last_sentence"], strict=True)
    place = {
        (document, sentence): number
        for number, (document, first, last) in enumerate(spans)
        for sentence in range(first, last + 1)
    }
    keys = zip(corpus.sentences["document"], corpus.sentences["sentence"], strict=True)
    return np.array([place[key] for key in keys])


def outcome(
    corpus: Corpus,
    table: pd.DataFrame,
    method: str,
    *,
    length: int | None = None,
    parts: Mapping[str, pd.DataFrame] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Outcome:
    """Return what an analysis of tone found, with its units and with what scored the sentences.

    Parameters
    ----------
    corpus : the two groups
    table, method, parts, facts : see ``Outcome``; of facts, ``lexicons`` and ``calibration`` are
        added: the word lists with their sums, and what the calibration was fitted on
    length : aimed length of a unit; that of a contrast of tone by default (``unit_length``)
    """
    length = unit_length(corpus, UNIT_TOKENS) if length is None else length
    known = load_calibration()
    scored = {
        "lexicons": {
            own.column: {
                "name": own.name,
                "engine": own.engine,
                "version": own.version,
                "sha256": own.sha256,
            }
            for own in scorers()
        },
        "calibration": {
            "articles": known.articles,
            "sentences": known.sentences,
            "parts": list(known.parts),
        },
    }
    units = cut_units(corpus, unit_tokens=length)
    name = unit_name(corpus, length)
    return Outcome(table, units, name, method, parts or {}, scored | dict(facts or {}))


# Language


@kept
def other_language(corpus: Corpus) -> str:
    """Say which texts were declared, or seem, to be in a language that no lexicon knows; or ""."""
    return _foreign(corpus.documents, [group.label for group in corpus.groups], corpus.language)


def refuse_other_languages(corpus: Corpus) -> None:
    """Refuse texts that no lexicon knows."""
    if reason := other_language(corpus):
        raise InputError(reason)


def refuse_foreign(documents: Sequence[Document]) -> None:
    """Refuse documents that seem to be in a language that no lexicon knows."""
    if reason := _foreign(documents, list(dict.fromkeys(d.group for d in documents)), ENGLISH):
        raise InputError(reason)


def _foreign(documents: Sequence[Document], labels: Sequence[str], declared: str) -> str:
    for label in labels:
        own = [document for document in documents if document.group == label]
        together = "\n".join(document.edited.text for document in own)
        seems = declared
        if seems == ENGLISH:  # texts too short to tell by themselves tell together
            seems = main_language([document.seems for document in own]) or language_of(together)
        if seems not in ("", ENGLISH):
            return (
                f"The texts of {label!r} are in {seems.capitalize()}, it seems, and the "
                "lexicons know English only: no tone is given; keywords and topics hold."
            )
        if not seems and hardly_in(together, ENGLISH):
            return (
                f"The texts of {label!r} do not read as English, of which they hold hardly a "
                "function word, and the lexicons know English only: no tone is given; keywords and "
                "topics hold."
            )
    return ""


@cache
def english_words() -> frozenset[str]:
    """Return function words that English hardly shares with its neighbours ("the", "of", "that").

    Words of one or two letters are left out (but "of", "to", "by", "it"), and words that are also
    German, Dutch, French, Spanish or Italian ("was", "over", "die").
    """
    return frozenset(w for w in stop_words() if len(w) > 2 and w not in _SHARED) | _SHORT


def has_function_word(text: str) -> bool:
    """Tell whether a text holds an English function word; most show one without being tokenised.

    >>> has_function_word("He is in."), has_function_word("Moscow 2017")
    (True, False)
    """
    known = stop_words()
    return not (known.isdisjoint(text.split()) and known.isdisjoint(tokenize(text)))


def without_tone(texts: Sequence[str], scored: Iterable[object]) -> Flags:
    """Tell of which texts nothing can be said: no word is scored, and none shows English.

    Parameters
    ----------
    texts : sentences, names unmasked
    scored : of each, whether a word is scored (or which, or how many)

    Examples
    --------
    >>> without_tone(["He is in.", "Moscow 2017", "War 2017"], [0, 0, 1]).tolist()
    [False, True, False]
    """
    pairs = zip(texts, scored, strict=True)
    return np.array([not (known or has_function_word(text)) for text, known in pairs], dtype=bool)


def english_share(sentences: Iterable[Sequence[str]]) -> float:
    """Return the share of tokens that are English function words; NaN where there are few tokens.

    >>> english_share([tokenize("The news of the day was that nobody listened to the news.")])
    0.5
    >>> english_share([tokenize("Der Minister war in Moskau, um dort mit der Frau zu reden.")])
    0.0
    """
    found = total = 0
    for tokens in sentences:
        total += len(tokens)
        found += english_tokens(tokens)
    return share_of(found, total)


def share_of(found: int, total: int) -> float:
    """Return the share of tokens that are English function words; NaN where there are few."""
    return found / total if total >= ENOUGH else np.nan


def english_tokens(tokens: Sequence[str]) -> int:
    """Return how many tokens are English function words."""
    return sum(map(english_words().__contains__, tokens))


def language_note(sentences: Iterable[Sequence[str]]) -> str:
    """Say that tokens do not read as English, with the measured share; else return nothing."""
    return note_of(english_share(sentences))


def note_of(share: float) -> str:
    """Say that texts do not read as English by a share, as from ``english_share``, or nothing."""
    return say("tone.notes.foreign", {"share": share}) if share < LEAST else ""
