"""How well tone agrees with human raters, on articles that it was not fitted on.

    python -m benchmarks.tone          writes resources/tone_checks.csv and tables in the Markdown
    python -m benchmarks.tone --fit    first writes resources/calibration.toml and embedding.toml

It begins with the row that Hutto & Gilbert 2014 published for VADER, and stops if that is not
reproduced. Tone by embedding needs the optional package (pip install -e '.[embedding]'); without
it, the fit is refused, and the tables are printed and not written.
"""

import argparse
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.text import tokenize
from analysis.tone import embedding, mask, scorer
from analysis.tone.calibration import COMBINED, Line, load_calibration
from benchmarks.ratings import SETS, rated, raters
from benchmarks.tone_actors import actors
from benchmarks.tone_files import write_embedding, write_fit
from benchmarks.tone_fit import (
    CUT,
    LEARNT,
    LISTS,
    PUBLISHED,
    Fitted,
    Ints,
    by_article,
    check_published,
    classes,
    count_known,
    fit,
    folds,
    ordinal_alpha,
    published_row,
    raw_scores,
)
from benchmarks.tone_judge import (
    RAW,
    Kind,
    Material,
    agreement,
    alternatives,
    groups,
    intervals,
    load,
)
from benchmarks.tone_raters import by_word, own_raters, write_example
from benchmarks.tone_report import CSV, ONE_RATER, tables, write_reports

SHORT = 14  # tokens of a short sentence
SMALL = frozenset("a an and as at but by for from in is nor of on or the to with".split())
_INITIAL = re.compile(r"[^\W\d_]")
COLUMNS = ["part", "score", "masked", "level", "measure", "value"]
Row = tuple[str, str, bool | None, str, str, float]


def published(material: Material) -> Iterator[Row]:
    """Yield the published row of VADER beside ours; stop where they differ."""
    row = published_row(material.scores[False]["vader"].to_numpy(), material.rating)
    check_published(row)
    for measure, value in row.items():
        yield "published", "vader", False, "sentence", measure, value
        yield "published", "vader, as published", None, "sentence", measure, PUBLISHED[measure]


def agreements(material: Material) -> Iterator[Row]:
    """Yield how every score agrees with raters, and how one rater does with the others."""
    tones = {(RAW, False): material.scores[False]["vader"].to_numpy(), **material.held_out}
    for name, tone in alternatives(material).items():
        tones[name, True] = tone
    for (score, masked), tone in tones.items():
        for (level, measure), value in agreement(tone, material.rating, material.article).items():
            yield "agreement", score, masked, level, measure, value
    for masked, table in material.scores.items():
        zero = {column: table[column] == 0 for column in table}
        learnt = material.words.of(masked).sum(axis=1) == 0
        zero[COMBINED] = learnt & (table[list(LISTS)] == 0).all(axis=1)
        for score, flags in zero.items():
            yield "agreement", score, masked, "sentence", "scored zero", flags.mean()
            human = material.rating[flags.to_numpy()].mean()
            yield "agreement", score, masked, "sentence", "rating where scored zero", human
    yield from _one_rater(material)


def _one_rater(material: Material) -> Iterator[Row]:
    ratings = raters()
    others = (ratings.sum(axis=1, keepdims=True) - ratings) / (ratings.shape[1] - 1)
    pairs = list(zip(ratings.T, others.T, strict=True))
    means = [[by_article(side, material.article) for side in pair] for pair in pairs]
    for level, sides in (("sentence", pairs), ("article", means)):
        r = np.mean([np.corrcoef(one, rest)[0, 1] for one, rest in sides])
        yield "agreement", ONE_RATER, None, level, "r", float(r)


def leaks(material: Material) -> Iterator[Row]:
    """Yield what folds that split articles would make us believe."""
    fold = folds(np.arange(len(material.rating)))
    tones = replace(material, fold=fold, embeddings=None).held_out
    found = agreement(tones[COMBINED, True], material.rating, material.article)
    for level in ("sentence", "article"):
        yield "folds that split articles", COMBINED, True, level, "r", found[level, "r"]


def pairs(material: Material) -> Iterator[Row]:
    """Yield how intervals for the difference of two articles cover what raters found."""
    for row in intervals(replace(material, embeddings=None)).itertuples(index=False):
        for measure in ("pairs", "covered", "width"):
            value = getattr(row, measure)
            yield f"pairs, {row.interval}", row.score, row.masked, "article", measure, value


def of_groups(material: Material) -> Iterator[Row]:
    """Yield how intervals for the difference of two groups cover what raters found."""
    tone = material.held_out[COMBINED, True]
    line = load_calibration().line(COMBINED, masked=True)
    of_all = louder(tone, material.rating, material.article)
    yield "editorials", COMBINED, True, "group", "louder", of_all
    for row in groups(material, tone, line).itertuples(index=False):
        for measure in ("covered", "width", "sign"):
            part = f"groups, {row.groups}, {row.size}"
            yield part, COMBINED, True, "group", measure, getattr(row, measure)


def headlines(material: Material) -> Iterator[Row]:
    """Yield how classes agree with raters' (ordinal alpha): all, short sentences, in Title Case.

    No rated headlines come with a package; short sentences set as headlines are the nearest.
    """
    cut, tones = load_calibration().cut, material.held_out
    every = np.full(len(material.texts), True)
    short = np.array([len(tokenize(text)) <= SHORT for text in material.texts])
    parts = [("sentences", every, tones), ("short sentences", short, tones)]
    for part, rows, found in [*parts, ("short, as headlines", short, set_anew(material, short))]:
        human = classes(material.rating[rows], CUT)
        for kind in ((COMBINED, True), (embedding.COLUMN, False)):
            if kind in found:
                told = found[kind][rows]
                alpha = ordinal_alpha(human, classes(told, cut))
                yield f"classes, {part}", *kind, "sentence", "ordinal alpha", alpha
                r = float(np.corrcoef(told, material.rating[rows])[0, 1])
                yield f"classes, {part}", *kind, "sentence", "r", r


def set_anew(material: Material, rows: NDArray[np.bool_]) -> dict[Kind, NDArray[np.float64]]:
    """Return the tone of some sentences set as headlines, learnt from other articles as written."""
    texts = [as_headline(t) for t, own in zip(material.texts, rows, strict=True) if own]
    scores, words = raw_scores(texts, masked=True), count_known(texts, material.words.names)
    vectors = None if material.embeddings is None else embedding.encode(texts)
    found: dict[Kind, NDArray[np.float64]] = {}
    fold = material.fold[rows]
    for number, known in enumerate(material.learnt):
        own = fold == number
        vector = None if vectors is None else vectors[own]
        for score, tone in known.tones(scores[own], words[own], vector):
            whole = found.setdefault((score, score == COMBINED), np.full(len(rows), np.nan))
            whole[np.flatnonzero(rows)[own]] = tone
    return found


def as_headline(text: str) -> str:
    """Return a sentence in Title Case without its full stop, short function words small.

    >>> as_headline("The allies praise a brave rescue.")
    'The Allies Praise a Brave Rescue'
    """
    words = text.removesuffix(".").split()
    return " ".join(
        word if place and word.lower() in SMALL else _INITIAL.sub(lambda m: m[0].upper(), word, 1)
        for place, word in enumerate(words)
    )


def raters_of_ones_own(material: Material) -> Iterator[Row]:
    """Yield how intervals by some of the ratings hold the difference of all."""
    reviews = rated("product reviews")
    tone = _tone_of(list(reviews["text"]))
    kinds = {
        "editorials": (
            material.held_out[COMBINED, True],
            material.rating, by_word("editorials", material.texts, material.article),
        ),
        "product reviews": (
            tone, reviews["rating"].to_numpy(),
            by_word("product reviews", list(reviews["text"]), reviews["article"].to_numpy()),
        ),
    }  # fmt: skip
    for name, given in kinds.items():
        for each, measure, value in own_raters(*given):
            yield f"own raters, {name}, {each}", COMBINED, True, "group", measure, value


def transfer(material: Material) -> Iterator[Row]:
    """Yield how tone agrees with raters elsewhere, where it was never fitted."""
    for name in (name for name in SETS if name != "editorials"):
        table = rated(name)
        tones = {(COMBINED, True): _tone_of(list(table["text"]))}
        if material.embeddings is not None:
            own = embedding.expected(list(table["text"]))
            tones[embedding.COLUMN, False] = _tone({embedding.COLUMN: own}, embedding.COLUMN)
        for kind, tone in tones.items():
            known = np.isfinite(tone)
            rating, article = (table[c].to_numpy()[known] for c in ("rating", "article"))
            found = agreement(tone[known], rating, article)
            yield name, *kind, "group", "louder", louder(tone[known], rating, article)
            for (level, measure), value in found.items():
                if level == "sentence":
                    yield name, *kind, level, measure, value
                elif name == "product reviews":
                    yield f"whole {name}", *kind, level, measure, value


def louder(tone: NDArray[np.float64], rating: NDArray[np.float64], article: Ints) -> float:
    """Return how many times as far the more positive half of texts is from the less positive.

    By raters, as a multiple of what it is by tone.
    """
    told, true = by_article(tone, article), by_article(rating, article)
    upper = true > np.median(true)
    return float(np.subtract(*(true[side].mean() for side in (upper, ~upper)))) / float(
        np.subtract(*(told[side].mean() for side in (upper, ~upper)))
    )


def _tone_of(texts: list[str]) -> NDArray[np.float64]:
    """Return the headline's tone of sentences of another kind."""
    scores = raw_scores(texts, masked=True)
    scores[LEARNT] = scorer(LEARNT).scores([mask(text) for text in texts])
    return _tone(scores, COMBINED, masked=True)


def _tone(
    scores: Mapping[str, Any] | pd.DataFrame, column: str, *, masked: bool = False
) -> NDArray[np.float64]:
    units = load_calibration().scale(column, masked=masked, calibrated=True)
    return units.score(units.linear(scores))


def check_fit(material: Material) -> None:
    """Stop if the calibration of the package is not what the fit gives."""
    fitted = _fit(material).calibration
    for key, line in fitted.lines.items():
        if not _same(line, load_calibration().line(key[0], masked=key[1])):
            raise InputError(
                f"resources/calibration.toml is not what the fit gives for {key[0]!r}: fit again, "
                "python -m benchmarks.tone --fit."
            )


def _fit(material: Material) -> Fitted:
    return fit(material.scores, material.words, material.rating, material.article, material.subject)


def _same(one: Line, two: Line) -> bool:
    return all(
        np.isclose(value, other, rtol=1e-4, atol=1e-5)
        if isinstance(value, float)
        else value == other
        for value, other in zip(asdict(one).values(), asdict(two).values(), strict=True)
    )


def write_fits(material: Material) -> None:
    """Fit on all articles, and write what the package reads."""
    if material.ridge is None:
        raise InputError(
            "The fit needs the optional packages too, or one file would be older than the other."
        )
    fitted = _fit(material)
    judge, line = material.ridge.judge(
        model=f"{embedding.PACKAGE} {version(embedding.PACKAGE)}", sha256=embedding.model_sha256()
    )
    write_fit(fitted, material.words, [*fitted.calibration.lines.values(), line])
    write_embedding(judge)
    tone = material.held_out[COMBINED, True]
    write_example(tone, material.rating, material.article, material.texts)
    load_calibration.cache_clear()
    embedding.judge.cache_clear()


PARTS = (
    agreements, headlines, leaks, pairs, of_groups, actors, raters_of_ones_own, transfer,
)  # fmt: skip


def main() -> None:
    """Run the benchmark and write its table."""
    parser = argparse.ArgumentParser(description="Score tone where people have rated sentences.")
    parser.add_argument("--fit", action="store_true", help="first fit anew, and write data/*.toml")
    options = parser.parse_args()
    material = load()
    rows = list(published(material))
    if options.fit:
        write_fits(material)
    check_fit(material)
    for part in PARTS:
        rows += part(material)
    table = pd.DataFrame(rows, columns=COLUMNS)
    if material.embeddings is None:
        print("The files hold rows of tone by embedding too, so they stay; without it:\n")
        print("\n".join(tables(table).values()))
        return
    table.to_csv(CSV, index=False, float_format="%.4f", lineterminator="\n")
    write_reports()


if __name__ == "__main__":
    main()
