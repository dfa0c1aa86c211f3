"""Tone by voice: the author's own words apart from what is reported and quoted."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.inference.permutation import DRAWS
from analysis.inference.weights import Floats
from analysis.text import Corpus, Document, token_spans
from analysis.text.units import UNIT_TOKENS
from analysis.tone.ratios import COLUMNS as CONTRAST
from analysis.tone.ratios import LEAST, SIDES, Parts, contrast_parts
from analysis.tone.reading import Reading, Units, read
from analysis.tone.speech import VOICES, Stretch, sentence_voices

PARTS = "document group paragraph sentence start end text voice rule".split()
OTHERS = "others"
COLUMNS = [
    "voice",
    *(f"{what}_{side}" for what in ("n", "share") for side in SIDES),
    *CONTRAST,
    "note",
]


def voice_parts(corpus: Corpus) -> pd.DataFrame:
    """Cut every sentence into parts of one voice.

    Returns
    -------
    DataFrame
        One row a part, in text order: ``document, group, paragraph, sentence``; ``start, end``,
        offsets into the raw text; ``text``, as cleaned; ``voice`` (own, attributed, quoted); the
        ``rule`` that says so (see ``speech``), empty for own.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> parts = voice_parts(load_corpus())
    >>> parts.loc[parts["voice"] == "quoted", "text"].head(2).tolist()
    ['"red line"', '"dogma of flexibility"']
    """
    rows = [row for document in corpus.documents for row in _document_parts(document)]
    return pd.DataFrame(rows, columns=PARTS)


def voice_tone(
    corpus: Corpus, *, words: int = UNIT_TOKENS, draws: int = DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Contrast the tone of the author's own words, and of those reported or quoted.

    A sentence of several voices is shared out: its length by tokens, its tone by the scored words
    that stand in each. So a voice's mean is per sentence's worth of words, and a group's mean tone
    is ``Σ share · mean`` over own, attributed and quoted, with nothing left over. A voice of few
    words may have a mean beyond the scale of sentences (-4 to 4).

    Parameters
    ----------
    corpus : the two groups
    words : aimed length of a unit, in tokens (see ``sentiment``)
    draws, seed : of the permutation test

    Returns
    -------
    DataFrame
        Four rows: own, others (attributed or quoted), attributed, quoted:

        ``voice, n_target, n_reference, share_target, share_reference``
            sentences that hold any of it, and its share of all sentences' worth, NaN where a group
            has no sentence with a tone
        ``units_target, mean_target, low_target, high_target`` and the same of the reference
            units that hold it; mean tone with its 95 % interval
        ``estimate, ci_low, ci_high, p_value, p_family``
            target minus reference, as in ``actor_tone``
        ``note``
            empty, or why the contrast is undefined (NaN): fewer than three units of a group

    Raises
    ------
    InputError
        A group has one sentence only.

    Examples
    --------
    >>> from analysis import load_corpus
    >>> table = voice_tone(load_corpus(), draws=99).set_index("voice")
    >>> bool(table.loc["own", "share_target"] > 0.9)
    True
    """
    reading, units = read(corpus), Units.cut(corpus, words)
    sizes, sums = _shared_out(reading)
    target = reading.target
    documents = units.table["document"].to_numpy()
    parts = Parts(units.sum(sums), units.sum(sizes), units.target, documents)
    table = contrast_parts(parts, draws=draws, seed=seed).assign(voice=_names())
    for name, side in zip(SIDES, (target, ~target), strict=True):
        table[f"n_{name}"] = (sizes[side] > 0).sum(axis=0)
        n = (side & ~reading.silent).sum()
        table[f"share_{name}"] = sizes[side].sum(axis=0) / n if n else np.nan
    table.attrs = {"seed": seed, "draws": draws, "words": words}
    few = table[[f"units_{side}" for side in SIDES]].min(axis=1) < LEAST
    note = f"Held by too few units: a contrast needs {LEAST} in each group."
    table["note"] = np.where(few, note, "")
    return table.astype({f"units_{side}": int for side in SIDES})[COLUMNS]


def _names() -> list[str]:
    return [VOICES[0], OTHERS, *VOICES[1:]]


def _shared_out(reading: Reading) -> tuple[Floats, Floats]:
    """Return each sentence's size and tone by voice, sentences × the rows of the table."""
    texts = list(reading.corpus.sentences["text"])
    stretches = [s for d in reading.corpus.documents for s in sentence_voices(d)]
    sizes = np.array([_share(text, own) for text, own in zip(texts, stretches, strict=True)])
    sizes[reading.silent] = 0
    sums = reading.base * sizes
    for row, start, value in reading.words[["row", "start", "contribution"]].itertuples(
        index=False
    ):
        sums[row, _voice_at(stretches[row], start)] += value
    return _with_others(sizes), _with_others(sums)


def _with_others(values: Floats) -> Floats:
    return np.column_stack([values[:, 0], values[:, 1:].sum(axis=1), values[:, 1:]])


def _share(text: str, stretches: list[Stretch]) -> Floats:
    """Return the share of a sentence's tokens in each voice."""
    voices = [_voice_at(stretches, start) for start, *_ in token_spans(text)]
    counts = np.bincount(voices or [0], minlength=len(VOICES))
    return counts / counts.sum()


def _voice_at(stretches: list[Stretch], place: int) -> int:
    """Return the voice of the stretch that holds a place, or of the last one before it."""
    before = [voice for start, _, voice, _ in stretches if start <= place]
    return VOICES.index(before[-1] if before else stretches[0][2])


def _document_parts(document: Document) -> Iterator[tuple[object, ...]]:
    text = document.edited.text
    sentences = zip(document.sentence_spans, sentence_voices(document), strict=True)
    for number, ((paragraph, begin, _), stretches) in enumerate(sentences):
        for start, end, voice, rule in stretches:
            own = text[begin + start : begin + end]
            first = begin + start + len(own) - len(own.lstrip())
            raw = document.edited.raw_span(first, first + len(own.strip()))
            place = document.id, document.group, paragraph, number, *raw
            yield (*place, own.strip(), voice, rule)
