"""Tone toward someone named, where it is known what people said of each part of a sentence.

Nobody has rated these texts toward whom they speak. But two rated sentences, each of which names
somebody, can be joined into one: what raters said of either is then what is said of whom it names.
And names can be taken together: raters' mean of the sentences that hold a name is held against the
mean tone of the words around it. All tone is learnt without the articles of the sentences.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.text import tokenize
from analysis.tone import embedding, mask
from analysis.tone.actors import FEW, around
from analysis.tone.calibration import COMBINED, load_calibration
from analysis.tone.masking import name_spans
from benchmarks.tone_fit import (
    CUT,
    FOLDS,
    Floats,
    classes,
    count_known,
    raw_scores,
)
from benchmarks.tone_judge import Kind, Material

MARKED = ("; ", ", but ", ", while ")  # joints that end what is about a name
PLAIN = (", and ", " as ", " because ")  # joints that do not
PAIRS = 600
SHORTEST, LONGEST = 5, 20  # tokens of a sentence that is joined
WHOLE = "whole sentence"


@dataclass(frozen=True)
class Named:
    """Sentences that name somebody.

    Attributes
    ----------
    texts, spans : of each, and where it names whom
    rating : what raters said of the part about them
    fold : of the articles that it is from
    kind : of each, by which agreement is told apart
    """

    texts: list[str]
    spans: list[list[tuple[int, int]]]
    rating: Floats
    fold: np.ndarray
    kind: np.ndarray


def actors(material: Material) -> Iterator[tuple[str, str, bool | None, str, str, float]]:
    """Yield how tone toward names agrees with raters, by the words around and by the whole."""
    pairs, single = joined(material), named(material)
    for (score, masked), tone in toward(material, pairs).items():
        for part, own in (
            ("joined sentences", np.full(len(tone), True)),
            ("joined without a mark", np.isin(pairs.kind, PLAIN)),
        ):
            r = float(np.corrcoef(tone[own], pairs.rating[own])[0, 1])
            yield f"actors, {part}", score, masked, "sentence", "r", r
            f1 = macro_f1(tone[own], pairs.rating[own])
            yield f"actors, {part}", score, masked, "sentence", "macro F1", f1
    for (score, masked), tone in toward(material, single).items():
        table = (
            pd.DataFrame({"t": tone, "h": single.rating}).groupby(single.kind).agg(["mean", "size"])
        )
        held = table[table[("t", "size")] >= FEW]
        r = float(np.corrcoef(held[("t", "mean")], held[("h", "mean")])[0, 1])
        yield "actors, by name", score, masked, "name", "r", r
        yield "actors, by name", score, masked, "name", "names", float(len(held))


def joined(material: Material, *, seed: int = 0) -> Named:
    """Join rated sentences of one fold, two by two; each pair is told toward both whom it names."""
    rng, rows = np.random.default_rng(seed), []
    sole = [name_spans(text) for text in material.texts]
    fit_in = np.array([_joinable(t, own) for t, own in zip(material.texts, sole, strict=True)])
    joints = [*MARKED, *PLAIN]
    for number in range(PAIRS):
        pool = np.flatnonzero(fit_in & (material.fold == number % FOLDS))
        one, two = (int(row) for row in rng.choice(pool, 2, replace=False))
        joint = joints[number // FOLDS % len(joints)]
        first, second = material.texts[one].rstrip(" .!"), material.texts[two]
        behind = sole[two][0].start > 0  # a name that opens keeps its capital
        second = second[0].lower() + second[1:] if behind and second[:2] != "I " else second
        for row, shift in ((one, 0), (two, len(first) + len(joint))):
            span = sole[row][0].start + shift, sole[row][0].end + shift
            rows.append((first + joint + second, [span], material.rating[row], number, joint))
    texts, spans, rating, numbers, kind = map(list, zip(*rows, strict=True))
    fold = np.array(numbers) % FOLDS
    return Named(texts, spans, np.array(rating, dtype=float), fold, np.array(kind))


def _joinable(text: str, names: list) -> bool:  # type: ignore[type-arg]
    long = SHORTEST <= len(tokenize(text)) <= LONGEST
    return len(names) == 1 and long and not set(text) & set(';:()—"“”?') and "''" not in text


def named(material: Material) -> Named:
    """Return the rated sentences that hold a name, once for each name."""
    rows = []
    for row, text in enumerate(material.texts):
        spans: dict[str, list[tuple[int, int]]] = {}
        for start, end, _ in name_spans(text):
            spans.setdefault(text[start:end].lower(), []).append((start, end))
        rows += [(row, name, own) for name, own in spans.items()]
    counts = pd.Series([name for _, name, _ in rows]).value_counts()
    kept = [own for own in rows if counts[own[1]] >= FEW]
    place = np.array([row for row, *_ in kept])
    return Named(
        [material.texts[row] for row in place],
        [spans for *_, spans in kept],
        material.rating[place],
        material.fold[place],
        np.array([name for _, name, _ in kept]),
    )


def toward(material: Material, held: Named) -> dict[Kind, Floats]:
    """Return the tone toward each name, by scorer and by what is read, learnt from other folds."""
    given = list(zip(held.texts, held.spans, strict=True))
    near = [around(mask(text), own) for text, own in given]
    reads = {
        "": (near, [around(text, own) for text, own in given]),
        f", {WHOLE}": ([mask(text) for text in held.texts], held.texts),
    }
    found: dict[Kind, Floats] = {}
    for suffix, (seen, texts) in reads.items():
        scores = raw_scores(seen, masked=False)
        words = count_known(seen, material.words.names)
        vectors = None if material.embeddings is None else embedding.encode(texts)
        for fold, known in enumerate(material.learnt):
            own = held.fold == fold
            vector = None if vectors is None else vectors[own]
            for score, tone in known.tones(scores[own], words[own], vector):
                key = f"{score}{suffix}", score == COMBINED
                found.setdefault(key, np.empty(len(own)))[own] = tone
    return found


def macro_f1(tone: Floats, rating: Floats) -> float:
    """Return the mean F1 of the three classes."""
    found, true = classes(tone, load_calibration().cut), classes(rating, CUT)
    shares = []
    for one in (-1, 0, 1):
        hits = ((found == one) & (true == one)).sum()
        shares.append(2 * hits / max((found == one).sum() + (true == one).sum(), 1))
    return float(np.mean(shares))
