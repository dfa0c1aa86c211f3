"""The contrast of tone between two groups, with all that limits what it says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference import difference_interval, half_width, rate_and_error, self_contrast
from analysis.inference.contrast import MEANS, mean_contrast
from analysis.inference.levels import DRAWS, passes
from analysis.inference.weights import Flags, Floats
from analysis.result import Outcome, Result, analysis
from analysis.sentences import say
from analysis.text import Corpus
from analysis.text.units import UNIT_TOKENS
from analysis.tone.calibration import (
    COMBINED,
    LIMIT,
    for_raters,
    genre_note,
    load_calibration,
    model_variance,
    rater_variance,
    scale,
    within,
)
from analysis.tone.masking import masked_names
from analysis.tone.scoring import Scorer, refuse_what_is_no_scorer, scorers, vader
from analysis.tone.sentences import (
    Sentences,
    Units,
    english_tokens,
    note_of,
    outcome,
    refuse_other_languages,
    sentences_of,
    share_of,
    tone_distribution,
    unit_length,
)

COLUMNS = """lexicon column masked calibrated engine version licence sha256 n_target
    n_reference units_target units_reference mean_target mean_reference estimate ci_low
    ci_high p_value family_low family_high p_family established floor units_low units_high
    rater_low rater_high self_target self_reference share_zero_target share_zero_reference
    coverage_target coverage_reference note""".split()
UNDEFINED = """estimate ci_low ci_high p_value family_low family_high p_family floor units_low
    units_high rater_low rater_high self_target self_reference""".split()
ROLES = ("target", "reference")
METHOD = (
    f"{MEANS}; calibrated tone wider by what the calibration misses and louder by what it hears"
)
LADDER = "rung column scale mean_target mean_reference estimate ci_low ci_high".split()
ENGINE, DEVIATIONS, RATERS = "engine", "deviations", "raters"  # units of tone
ROOM = {RATERS: 2 * LIMIT, ENGINE: 2.0}  # the largest difference that these have room for


@dataclass(frozen=True)
class Kind:
    """A way of scoring: by one scorer, or the combination of several.

    Attributes
    ----------
    column : its name as a column of scores
    parts : the scorers behind it
    masked, calibrated : whether names are masked, and whether scores are in raters' units
    """

    column: str
    parts: tuple[Scorer, ...]
    masked: bool
    calibrated: bool

    @property
    def columns(self) -> list[str]:
        """The columns of the scorers behind it."""
        return [part.column for part in self.parts]

    @property
    def louder(self) -> float:
        """How many times as large a difference may be to raters (``Line.louder``)."""
        if not self.calibrated:
            return 1.0
        return load_calibration().line(self.column, masked=self.masked).louder

    @property
    def room(self) -> float:
        """The largest difference that its scale has room for; infinite where it has no ends."""
        if self.calibrated:
            return ROOM[RATERS]
        return ROOM[ENGINE] if self.column == vader().column else np.inf

    @property
    def provenance(self) -> dict[str, str]:
        """What has scored: of the combination, what is said of each part, in their order."""
        own = [part.provenance for part in self.parts]
        if len(own) == 1:
            return own[0]
        said = {key: "; ".join(part[key] for part in own) for key in own[0]}
        return said | {"lexicon": self.column}


def kinds_of_score(extra: Sequence[Scorer] = ()) -> Iterator[Kind]:
    """Yield every way of scoring: calibrated first, the combination first, further scorers last.

    A way in raters' units is there where the calibration knows its line.
    """
    known = load_calibration()
    single = [(own.column, (own,)) for own in scorers() if own.raw]
    parts = tuple(own for own in scorers() if own.column in known.parts)
    for calibrated in (True, False):
        for masked in (True, False):
            for column, behind in [(COMBINED, parts), *single]:
                if not calibrated or known.knows(column, masked=masked):
                    yield Kind(column, behind, masked, calibrated)
    for own in extra:
        for calibrated in (True, False):
            for masked in own.masks:
                if own.raw if not calibrated else known.knows(own.column, masked=masked):
                    yield Kind(own.column, (own,), masked, calibrated)


@dataclass(frozen=True)
class Sample:
    """The sentences that are contrasted.

    Attributes
    ----------
    corpus : the two groups
    units : of inference
    read : every sentence as read by the scorers, by whether names are masked
    counted : sentences, True where the headline's tone is defined; all of a group where it nowhere
        is, so that its row can say so
    """

    corpus: Corpus
    units: Units
    read: Mapping[bool, Sentences]
    counted: Flags

    @classmethod
    def of(cls, corpus: Corpus, unit_tokens: int, *, extra: tuple[Scorer, ...] = ()) -> "Sample":
        """Read a corpus in units of so many tokens."""
        read = {m: sentences_of(corpus, masked=m, extra=extra) for m in (True, False)}
        defined = read[True].table["tone"].notna()
        somewhere = defined.groupby(corpus.sentences["group"].to_numpy()).transform("any")
        counted = (defined | ~somewhere).to_numpy()
        return cls(corpus, Units.cut(corpus, unit_tokens), read, counted)

    @cached_property
    def _held(self) -> Flags:
        """The units that hold a sentence which counts."""
        return self.units.sum(self.counted.astype(float)) > 0

    def sums(self, kinds: Sequence[Kind]) -> tuple[Floats, Floats, Flags]:
        """Return units × kinds sums of scores, the units' sentences, and which are the target's."""
        scores = np.column_stack([self._scores(kind) for kind in kinds])
        sizes = self.units.sum(self.counted.astype(float))
        held = self._held
        return self.units.sum(scores)[held], sizes[held], self.units.target[held]

    def model_variances(self, kinds: Sequence[Kind]) -> tuple[Floats, Floats]:
        """Return what calibration adds to each group's variance, 0 for scores that have none."""
        sentences = self.corpus.sentences[self.counted]
        rows = []
        for group in self.corpus.groups:
            documents = sentences.loc[sentences["group"] == group.label, "document"]
            sizes = documents.value_counts().tolist()
            own = [
                model_variance(sizes, kind.column, masked=kind.masked) if kind.calibrated else 0.0
                for kind in kinds
            ]
            rows.append(np.array(own))
        return rows[0], rows[1]

    def rater_variances(self, kinds: Sequence[Kind]) -> Floats:
        """Return what the choice of VADER's raters adds to the contrast's variance, else NaN."""
        return np.array([self._rater_variance(kind) for kind in kinds])

    def row(self, kind: Kind) -> dict[str, object]:
        """Return what is only counted: sizes, means, zeros, coverage; and a note."""
        row: dict[str, object] = {
            **kind.provenance,
            "column": kind.column,
            "masked": kind.masked,
            "calibrated": kind.calibrated,
        }
        scores, found = self._scores(kind), self._found(kind)
        silent = self._silent(kind)
        notes = []
        for role, group, side in zip(ROLES, self.corpus.groups, self._sides, strict=True):
            covered = found[side].sum() / max(1, self._tokens[side].sum())
            row[f"n_{role}"] = int(side.sum())
            row[f"units_{role}"] = int((self.units.target == (role == "target"))[self._held].sum())
            row[f"mean_{role}"] = float(scores[side].mean()) if covered else np.nan
            row[f"share_zero_{role}"] = float(silent[side].mean())
            row[f"coverage_{role}"] = float(covered)
            if not covered:
                unmasked = replace(kind, masked=False)
                facts = {
                    "label": group.label,
                    "hidden": bool(kind.masked and self._found(unmasked)[side].any()),
                    "scorers": len(kind.parts),
                    "scorer": kind.parts[0].name,
                }
                notes.append(say("tone.notes.undefined", facts))
            if note := self._foreign[role]:
                notes.append(say("tone.notes.side", {"label": group.label, "note": note}))
        return row | {"note": " ".join(notes)}

    def _scores(self, kind: Kind) -> Floats:
        """Return each sentence's score, 0 where it does not count."""
        scores = self.read[kind.masked].scores(kind.column, calibrated=kind.calibrated)
        return np.where(self.counted, scores, 0.0)

    def _silent(self, kind: Kind) -> Flags:
        """Return which sentences score exactly 0 by every scorer behind it, or have no score."""
        raw = self.read[kind.masked].raw[kind.columns].fillna(0).to_numpy()
        return np.asarray((raw == 0).all(axis=1))

    def _found(self, kind: Kind) -> Floats:
        """Return how many words of each sentence are scored; all where sentences are read whole."""
        if any(part.judge for part in kind.parts):
            return self._tokens
        return self.read[kind.masked].count_scored(kind.columns).astype(float)

    def _rater_variance(self, kind: Kind) -> float:
        if kind.column != vader().column:
            return np.nan
        target, reference = self._sides
        weights = target / max(1, target.sum()) - reference / max(1, reference.sum())
        units = scale(kind.column, masked=kind.masked, calibrated=kind.calibrated)
        own = self.read[kind.masked]
        slopes = units.slopes[kind.column] * units.slope(units.linear(own.raw.fillna(0)))
        return rater_variance(own.words[kind.column], weights * slopes)

    @cached_property
    def _sides(self) -> tuple[Flags, Flags]:
        """Which sentences count, by group."""
        labels = self.corpus.sentences["group"].to_numpy()
        target, reference = (self.counted & (labels == g.label) for g in self.corpus.groups)
        return target, reference

    @cached_property
    def _tokens(self) -> Floats:
        return self.corpus.sentence_tokens.astype(float)

    @cached_property
    def _foreign(self) -> dict[str, str]:
        english, found = self.corpus.count(english_tokens), dict[str, str]()
        for role, side in zip(ROLES, self._sides, strict=True):
            share = share_of(int(english[side].sum()), int(self._tokens[side].sum()))
            found[role] = note_of(share)
        return found


@analysis("tone")
def sentiment(
    corpus: Corpus,
    *,
    extra: Sequence[Scorer] = (),
    unit_tokens: int = UNIT_TOKENS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Outcome:
    r"""Contrast the mean tone of two groups of texts, in every way of scoring their sentences.

    A group's tone is the mean score of its sentences, ``Σ s / Σ n`` over units, s the sum of a
    unit's sentence scores and n its sentences. The contrast is target minus reference: positive
    where the target reads as the more positive. Intervals and tests treat units, not sentences, as
    independent. All rows score the same sentences: those whose headline tone is defined.

    Parameters
    ----------
    corpus : the two groups
    extra : further scorers, to be added as last rows: the sentence model (``sentence_model``,
        which needs an optional package), or a word list of one's own (``word_list``), for which
        nobody has rated sentences, so that it is not calibrated
    unit_tokens : aimed length of a unit, in tokens (whole documents where both groups have many;
        single sentences where a group is too short for three units)
    draws, seed : of the random numbers behind family-wise p-values; the seed is the
        self-contrast's too

    Returns
    -------
    Result
        One row a way of scoring, calibrated before not, names masked before not, the combination
        before single lists. The first is the headline; the row of VADER with names unmasked,
        not calibrated, is the number that a reader would get without any of this.

        ``lexicon, column, masked, calibrated``
            the word list, or "combined", and its column in tables of scores; whether names are
            masked before scoring; whether scores are in raters' units (-4 to 4; else as the engine
            has them, and the combination in standard deviations)
        ``engine, version, licence, sha256``
            what scored the sentences, the sum being of the word list; of the combination, that of
            each part, in the order of ``load_calibration().parts``
        ``n_target, n_reference, units_target, units_reference``
            sentences and units
        ``mean_target, mean_reference, estimate``
            mean scores and their difference
        ``ci_low, ci_high``
            its 95 % interval. Of scores as the engine has them, Welch's t over units. Of calibrated
            tone, for the difference that raters would find: wider by what the calibration misses
            about whole texts, single sentences and subjects (``model_variance``), and reaching
            further on the louder side, as words hear part of a difference only (``for_raters``)
        ``p_value, family_low, family_high, p_family, established, floor``
            as in ``inference.contrast``, of the same test; the family are the rows of this table
        ``units_low, units_high``
            the interval that knows of units alone; like all here, it is cut where the scale ends
        ``rater_low, rater_high``
            VADER's rows: ``ci`` wider by the choice of ten raters a word (``rater_variance``);
            elsewhere NaN, as other lists do not tell how far raters differ
        ``self_target, self_reference``
            the difference that 19 of 20 pairs of such lengths, both drawn from one group's own
            units, do not exceed: what arises where there is none
        ``share_zero_target, share_zero_reference``
            share of sentences in which no word is scored, or words cancel
        ``coverage_target, coverage_reference``
            words the lexicon scores, as a share of tokens
        ``note``
            empty, or why the tone is undefined (NaN), a group with no word in the lexicon; or that
            a group's texts do not read as English

        Parts:

        - ``scaled``: the same rows on scales that bear comparison (``standardised``)
        - ``distribution``: VADER's scores of single sentences (``tone_distribution``)
        - ``names``: the names that are masked (``masked_names``)

        Its fact ``genres`` says what calibration does in other kinds of text (``genre_checks``).

    Raises
    ------
    InputError
        A group has one sentence only, a further scorer has a name that is taken, or the texts are
        in another language than English.

    References
    ----------
    Hutto & Gilbert 2014, VADER, doi:10.1609/icwsm.v8i1.14550.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> contrast = sentiment(load_corpus(), draws=99)
    >>> contrast.table[["lexicon", "masked", "calibrated", "n_target", "n_reference"]].head(2)
        lexicon  masked  calibrated  n_target  n_reference
    0  combined    True        True        36          151
    1     VADER    True        True        36          151
    """
    refuse_what_is_no_scorer(extra)
    if not extra:  # a list of one's own may know them
        refuse_other_languages(corpus)
    kinds = list(kinds_of_score(extra))
    sample = Sample.of(corpus, unit_tokens, extra=tuple(extra))
    sums, sizes, target = sample.sums(kinds)
    table = pd.DataFrame([sample.row(kind) for kind in kinds]).assign(
        **_contrast(sample, kinds, draws=draws, seed=seed),
        **self_contrast(sums, sizes, target),
    )
    silent = (table[[f"coverage_{role}" for role in ROLES]] == 0).any(axis=1)
    table.loc[silent, UNDEFINED] = np.nan
    table["established"] = passes(table["p_family"])
    parts = {
        "scaled": standardised(table[COLUMNS]),
        "distribution": tone_distribution(corpus),
        "names": masked_names(corpus),
    }
    length = unit_length(corpus, unit_tokens)
    facts = {"genres": genre_note()}
    return outcome(corpus, table[COLUMNS], METHOD, length=length, parts=parts, facts=facts)


def standardised(table: pd.DataFrame) -> pd.DataFrame:
    """Put all ways of scoring on scales that bear comparison.

    Scores as the engines have them are divided by their standard deviation over the rated
    sentences of the calibration; the combination is a mean of scores so divided, and calibrated
    scores share raters' units already.

    Returns
    -------
    DataFrame
        The rows of ``sentiment`` with ``scaled``, and both ends of ``scaled_ci``,
        ``scaled_units`` and ``scaled_rater`` (``_low, _high``); and ``scale``, the units
        (``DEVIATIONS``, ``RATERS``). NaN for scores that the calibration does not know.
    """
    known = load_calibration()
    ways = table[["column", "masked", "calibrated"]].itertuples(index=False, name=None)
    divisors = np.array(
        [
            1.0
            if calibrated
            else known.line(column, masked=masked).sd
            if known.knows(column, masked=masked)
            else np.nan
            for column, masked, calibrated in ways
        ]
    )
    ends = [f"{of}_{end}" for of in ("ci", "units", "rater") for end in ("low", "high")]
    scaled = table[["estimate", *ends]].div(divisors, axis=0)
    names = {"estimate": "scaled", **{end: f"scaled_{end}" for end in ends}}
    units = np.where(table["calibrated"], RATERS, DEVIATIONS)
    return table.assign(**scaled.rename(columns=names), scale=units)


@analysis("steps of tone")
def tone_ladder(contrast: Result) -> Outcome:
    """Return the contrast from the naive number to the honest one, a rung a row.

    Parameters
    ----------
    contrast : as from ``sentiment``

    Returns
    -------
    Result
        Six rows: ``rung``, what is new (``whole, sentences, masked, combined, calibrated,
        missed``); ``column, scale``, by what scores and in which units (``ENGINE, DEVIATIONS,
        RATERS``); ``mean_target, mean_reference, estimate``; ``ci_low, ci_high``, the 95 %
        interval, NaN on the first rung (a whole text has no units). The last two rungs share their
        estimate: the interval of the first knows of units alone, that of the second of what
        calibration may miss, too.
    """
    corpus, table = contrast.corpus, contrast.table
    naive = way(table, vader().column, masked=False, calibrated=False)
    masked = way(table, vader().column, masked=True, calibrated=False)
    combined = way(table, COMBINED, masked=True, calibrated=False)
    honest = table.iloc[0]
    rungs = [
        ("whole", vader().column, ENGINE, *_whole_texts(corpus), np.nan, np.nan),
        ("sentences", vader().column, ENGINE, *_numbers(naive, "ci")),
        ("masked", vader().column, ENGINE, *_numbers(masked, "ci")),
        ("combined", COMBINED, DEVIATIONS, *_numbers(combined, "ci")),
        ("calibrated", COMBINED, RATERS, *_numbers(honest, "units")),
        ("missed", COMBINED, RATERS, *_numbers(honest, "ci")),
    ]
    steps = pd.DataFrame(rungs, columns=LADDER)
    return Outcome(steps, contrast.units, contrast.unit, contrast.method, facts=contrast.facts)


def way(table: pd.DataFrame, column: str, *, masked: bool, calibrated: bool) -> pd.Series:
    """Return the row of one way of scoring from the table of ``sentiment``."""
    own = table[
        (table["column"] == column)
        & (table["masked"] == masked)
        & (table["calibrated"] == calibrated)
    ]
    return own.iloc[0]


def _whole_texts(corpus: Corpus) -> tuple[float, float, float]:
    """Return VADER's mean score of whole documents by group, and the difference."""
    scores = [
        vader().scores([d.edited.text for d in corpus.documents if d.group == group.label])
        for group in corpus.groups
    ]
    target, reference = (float(np.mean(own)) for own in scores)
    return target, reference, target - reference


def _numbers(row: pd.Series, interval: str) -> tuple[float, ...]:
    columns = ["mean_target", "mean_reference", "estimate", f"{interval}_low", f"{interval}_high"]
    return tuple(float(row[column]) for column in columns)


def _contrast(sample: Sample, kinds: Sequence[Kind], *, draws: int, seed: int) -> pd.DataFrame:
    """Return estimate, intervals, p-values and floor of every kind of score."""
    sums, sizes, target = sample.sums(kinds)
    model = sample.model_variances(kinds)
    known = [load_calibration().articles - 2] * 2
    table = mean_contrast(
        sums, sizes, target, added=np.vstack(model), degrees=known, draws=draws, seed=seed
    ).table
    units = difference_interval(sums, sizes, target)
    estimate, half = table["estimate"].to_numpy(), (table["ci_high"] - table["ci_low"]) / 2
    wide = (table["family_high"] - table["family_low"]) / 2
    louder = [kind.louder for kind in kinds]
    raters = sample.rater_variances(kinds)
    every = np.vstack([_unit_variances(sums, sizes, target), *model, raters])
    degrees = [target.sum() - 1, (~target).sum() - 1, *known, np.inf]
    choice = np.maximum(half_width(every, np.array(degrees)[:, None]), half)  # never surer of more
    ends = {
        **_around(estimate, "ci", half, louder),
        **_around(estimate, "family", wide, louder),
        "units_low": units["ci_low"],
        "units_high": units["ci_high"],
        **_around(estimate, "rater", choice, louder),
    }
    room = [kind.room for kind in kinds]
    return table.assign(**{name: within(end, room) for name, end in ends.items()})


def _unit_variances(sums: Floats, sizes: Floats, target: Flags) -> Floats:
    """Return the variances of the groups' means over units: groups × columns."""
    errors = [
        rate_and_error(sums[side], sizes[side], np.ones((1, side.sum())))[1][0]
        for side in (target, ~target)
    ]
    return np.array(errors) ** 2


def _around(estimate: Floats, name: str, half: Any, louder: Sequence[float]) -> dict[str, Floats]:
    low, high = for_raters(estimate, half, louder)
    return {f"{name}_low": low, f"{name}_high": high}
