"""The sentences of a corpus, read by every lexicon, with names masked and not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.weights import Flags, Floats
from analysis.text import Corpus
from analysis.tone.calibration import COMBINED, calibrate, calibration, scale
from analysis.tone.embedding import COLUMN as EMBEDDING
from analysis.tone.embedding import embedding_provenance, embedding_tone
from analysis.tone.language import language_note
from analysis.tone.lexicons import Lexicon, lexicon
from analysis.tone.model_error import model_variance
from analysis.tone.raters import rater_variance
from analysis.tone.reading import Units
from analysis.tone.scored import ScoredTexts
from analysis.tone.scores import read_texts, table_of_scores, words_scored

ROLES = ("target", "reference")


class Kind(NamedTuple):
    """A way of scoring: by a lexicon, "combined" or "embedding"; names masked; calibrated.

    ``own`` is the lexicon behind it where it is one's own.
    """

    column: str
    masked: bool
    calibrated: bool
    own: Lexicon | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """The lexicons behind it."""
        return calibration().parts if self.column == COMBINED else (self.column,)

    @property
    def lists(self) -> str:
        """What words are looked up in, as a note says it."""
        known = "any of the combined lexicons"
        return known if self.column == COMBINED else self.provenance["lexicon"]

    @property
    def provenance(self) -> dict[str, str]:
        """What has scored: of the combination, what is said of each part, in their order."""
        if self.column == EMBEDDING:
            return embedding_provenance()
        if self.own is not None:
            return self.own.provenance
        own = [lexicon(part).provenance for part in self.parts]
        if len(own) == 1:
            return own[0]
        said = {key: "; ".join(part[key] for part in own) for key in own[0]}
        return said | {"lexicon": COMBINED}


@dataclass(frozen=True)
class Sample:
    """The sentences that are contrasted.

    Attributes
    ----------
    corpus : the two groups
    units : of inference
    scored, tables : scored words and scores of every sentence, by whether names are masked
    counted : sentences, True where the headline's tone is defined; all of a group where it nowhere
        is, so that its row can say so
    judged : tone of every sentence by embedding, NaN where it has none; empty if not asked for
    """

    corpus: Corpus
    units: Units
    scored: Mapping[bool, ScoredTexts]
    tables: Mapping[bool, pd.DataFrame]
    counted: Flags
    judged: Floats

    @classmethod
    def of(
        cls, corpus: Corpus, words: int, *, embedding: bool = False, own: Lexicon | None = None
    ) -> "Sample":
        """Read a corpus in units of so many words."""
        texts = corpus.sentences["text"].tolist()
        scored = {m: read_texts(texts, masked=m, own=own) for m in (True, False)}
        tables = {m: table_of_scores(texts, words, masked=m) for m, words in scored.items()}
        defined = tables[True]["tone"].notna()
        somewhere = defined.groupby(corpus.sentences["group"].to_numpy()).transform("any")
        return cls(
            corpus,
            Units.cut(corpus, words),
            scored,
            tables,
            (defined | ~somewhere).to_numpy(),
            embedding_tone(texts) if embedding else np.array([]),
        )

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
                notes.append(
                    f"No word of {group.label!r} is in {kind.lists}: its tone is undefined."
                )
            if self._foreign[role]:
                notes.append(f"{group.label!r}: {self._foreign[role]}")
        return row | {"note": " ".join(notes)}

    def _scores(self, kind: Kind) -> Floats:
        """Return each sentence's score, 0 where it does not count."""
        if kind.column == EMBEDDING:
            return np.where(self.counted, np.nan_to_num(self.judged), 0.0)
        table = self.tables[kind.masked][[*kind.parts]].fillna(0)
        if kind.calibrated or kind.column == COMBINED:
            scores = calibrate(table, kind.column, masked=kind.masked, calibrated=kind.calibrated)
        else:
            scores = table[kind.column].to_numpy()
        return np.where(self.counted, scores, 0.0)

    def _silent(self, kind: Kind) -> Flags:
        """Return which sentences score exactly 0 in every list."""
        if kind.column == EMBEDDING:
            return np.isnan(self.judged)
        raw = self.tables[kind.masked][[*kind.parts]].fillna(0).to_numpy()
        return np.asarray((raw == 0).all(axis=1))

    def _found(self, kind: Kind) -> Floats:
        """Return how many words of each sentence are scored; an embedding reads them all."""
        if kind.column == EMBEDDING:
            return self._tokens
        return np.array(words_scored(self.scored[kind.masked], kind.parts))

    def _rater_variance(self, kind: Kind) -> float:
        if kind.column != "vader":
            return np.nan
        target, reference = self._sides
        weights = target / max(1, target.sum()) - reference / max(1, reference.sum())
        _, slopes = scale("vader", masked=kind.masked, calibrated=kind.calibrated)
        return slopes["vader"] ** 2 * rater_variance(self.scored[kind.masked]["vader"], weights)

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
        texts = self.corpus.sentences["text"]
        sides = zip(ROLES, self._sides, strict=True)
        return {role: language_note(texts[side]) for role, side in sides}
