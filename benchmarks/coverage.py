"""How often intervals hold the truth, where it is known.

    python -m benchmarks.coverage

Writes ``benchmarks/coverage.csv`` and its section of ``benchmarks/README.md``.

How often does a 95 % interval hold the truth? Texts are drawn at random, so that it is known.
Sentences come in units of two to six, four on average; the correlation is that of two sentences of
one unit. Tone is normal; a rate is the share of sentences that hold a thing, with a unit's own
share drawn from a beta distribution about it. Both groups agree, so that the truth is a difference
of 0. The t interval is this package's (`difference_interval`), the bootstrap the studentised one
that checks it (`bootstrap_interval`), and "sentences" is Welch's interval of sentences taken as
independent. Coverage is that of the intervals that are given: none is where no unit varies, and a
bootstrap needs five units in each group, and variation in nearly every draw.
"""

from collections.abc import Callable, Iterator
from itertools import product
from textwrap import fill

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference import difference_interval, half_width
from analysis.tone.course import WINDOW, smooth
from analysis.tone.parts import Parts, jackknife, left_out
from benchmarks.resampling import bootstrap_interval
from benchmarks.validity import HOME, _markdown, write_section

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CORRELATIONS = (0.0, 0.10, 0.25)
LENGTHS = ((15, 30), (45, 110))  # sentences of the target and of the reference
MEASURES = {"tone": None, "rate .3": 0.3, "rate .1": 0.1, "rate .03": 0.03}
ARTICLES = (36, 151)  # sentences with a tone in the two articles
HELD = (3, 5)  # units of the target that name an actor, of twenty; all of the reference's do
UNITS = 20
REPLICATES, RESAMPLED, CURVES, DRAWS = 10_000, 400, 1_000, 999
CSV = HOME / "coverage.csv"
COLUMNS = "question texts correlation method coverage given replicates".split()


def cut(sentences: int) -> Ints:
    """Return the sizes of units of 2, 4 and 6 sentences by turns; the last takes what is left.

    >>> cut(15).tolist()
    [2, 4, 6, 3]
    """
    ends = np.cumsum(np.resize([2, 4, 6], sentences))
    inner = ends[ends <= sentences - 2]
    return np.diff(np.concatenate([[0], inner, [sentences]]))


def draw(
    sizes: Ints, correlation: float, rate: float | None, times: int, rng: np.random.Generator
) -> Floats:
    """Return sentences × times: tone, or 1 where a sentence holds the thing and else 0."""
    shape = len(sizes), times
    if rate is None:
        unit = np.sqrt(correlation) * rng.standard_normal(shape)
        own = np.sqrt(1 - correlation) * rng.standard_normal((sizes.sum(), times))
        return np.repeat(unit, sizes, axis=0) + own
    share = np.full(shape, rate)
    if correlation:
        spread = (1 - correlation) / correlation
        share = rng.beta(rate * spread, (1 - rate) * spread, shape)
    return (rng.random((sizes.sum(), times)) < np.repeat(share, sizes, axis=0)).astype(float)


def contrasts(seed: int = 0) -> Iterator[tuple[object, ...]]:
    """Yield a row for every measure, length and correlation, and way of making an interval."""
    rng = np.random.default_rng(seed)
    for (measure, rate), lengths, rho in product(MEASURES.items(), LENGTHS, CORRELATIONS):
        cuts = [cut(n) for n in lengths]
        sides = [draw(sizes, rho, rate, REPLICATES, rng) for sizes in cuts]
        sums = [
            np.add.reduceat(values, np.r_[0, sizes.cumsum()[:-1]])
            for values, sizes in zip(sides, cuts, strict=True)
        ]
        table, target = np.vstack(sums), np.repeat([True, False], [len(own) for own in cuts])
        texts = f"{lengths[0]} and {lengths[1]} sentences"
        material = table, np.concatenate(cuts), target
        for method, found in (
            ("t interval", difference_interval(*material)),
            ("bootstrap", _resampled(*material)),
            ("sentences", _sentences(*sides)),
        ):
            yield measure, texts, rho, method, *_counted(found)


def actors(seed: int = 1) -> Iterator[tuple[object, ...]]:
    """Yield the jackknife's rows: an actor whom few units of the target name, one to three times.

    The interval is that of the tone as drawn, without what the calibration may miss.
    """
    rng = np.random.default_rng(seed)
    for held, rho in product(HELD, CORRELATIONS):
        estimates, variances = [], []
        for units in (held, UNITS):
            sizes = np.resize([1, 2, 3], units)
            tone = draw(sizes, rho, None, REPLICATES, rng)
            sums = np.zeros((UNITS, REPLICATES))
            sums[:units] = np.add.reduceat(tone, np.r_[0, sizes.cumsum()[:-1]])
            counts = np.zeros((UNITS, REPLICATES))
            counts[:units] = sizes[:, None]
            part = Parts(sums, counts, np.ones(UNITS, dtype=bool), np.zeros(UNITS))
            whole = part.means(np.ones((1, UNITS)))[0]
            estimates.append(whole)
            variances.append(jackknife(whole, left_out(part.means, UNITS), units))
        middle = estimates[0] - estimates[1]
        half = half_width(variances, [[held - 1], [UNITS - 1]])
        found = pd.DataFrame({"ci_low": middle - half, "ci_high": middle + half})
        texts = f"named in {held} of 20 units, and in 20 of 20"
        yield "actor", texts, rho, "jackknife", *_counted(found)


def curves(seed: int = 2) -> Iterator[tuple[object, ...]]:
    """Yield the band's rows: how often it holds the whole of a level course."""
    rng = np.random.default_rng(seed)
    for sentences, rho in product(ARTICLES, CORRELATIONS):
        sizes, hits = cut(sentences), []
        unit = np.repeat(np.arange(len(sizes)), sizes)
        for tone in draw(sizes, rho, None, CURVES, rng).T:
            ends = rng.uniform(0.5, 1.5, sentences).cumsum()
            place = (ends - np.diff(ends, prepend=0) / 2) / ends[-1]
            curve = smooth(tone, place, unit, window=WINDOW, draws=DRAWS, seed=int(seed))
            drawn = ~np.isnan(curve.tone)
            hits.append(bool(((curve.low <= 0) & (curve.high >= 0))[drawn].all()))
        yield "trajectory", f"{sentences} sentences", rho, "band", np.mean(hits), 1.0, CURVES


def run() -> pd.DataFrame:
    """Return one row a question, texts, correlation and method."""
    parts: list[Callable[[], Iterator[tuple[object, ...]]]] = [contrasts, actors, curves]
    return pd.DataFrame([row for part in parts for row in part()], columns=COLUMNS)


def report(table: pd.DataFrame) -> str:
    """Return the section of the README."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    main = table[table["question"].isin(MEASURES)]
    keys = ["question", "texts", "correlation"]
    wide = main.pivot_table(index=keys, columns="method", values="coverage", sort=False)
    given = main.pivot_table(index=keys, columns="method", values="given", sort=False)
    given = given[["t interval", "bootstrap"]].add_suffix(", given")
    shown = wide.join(given).reset_index()
    rest = table[~table["question"].isin(MEASURES)]
    other = rest.drop(columns=["question", "given"])
    note = (
        f"{REPLICATES} pairs of texts a row; of them, {RESAMPLED} for the bootstrap, with {DRAWS} "
        "draws."
    )
    more = (
        "An actor whom few units of one group name: the jackknife, without what the calibration "
        "may miss. The band of a trajectory in texts as long as the two articles: how often it "
        "holds the whole of a level course."
    )
    return "\n\n".join([words, note, _table(shown), fill(more, 100), _table(other)])


def _table(table: pd.DataFrame) -> str:
    return _markdown(table.assign(correlation=table["correlation"].map("{:.2f}".format)))


def _resampled(table: Floats, sizes: Ints, target: NDArray[np.bool_]) -> pd.DataFrame:
    if min(target.sum(), (~target).sum()) < 5:
        return pd.DataFrame(np.nan, index=range(RESAMPLED), columns=["ci_low", "ci_high"])
    return bootstrap_interval(table[:, :RESAMPLED], sizes, target, draws=DRAWS)


def _sentences(*sides: Floats) -> pd.DataFrame:
    middle = sides[0].mean(axis=0) - sides[1].mean(axis=0)
    half = half_width(
        [own.var(axis=0, ddof=1) / len(own) for own in sides], [[len(own) - 1] for own in sides]
    )
    return pd.DataFrame({"ci_low": middle - half, "ci_high": middle + half})


def _counted(found: pd.DataFrame) -> tuple[float, float, int]:
    """Return the share of the given intervals that hold 0, how many are given, and of how many."""
    given = found["ci_low"].notna()
    hits = (found["ci_low"] <= 0) & (found["ci_high"] >= 0)
    coverage = float(hits[given].mean()) if given.any() else np.nan
    return coverage, float(given.mean()), len(found)


def main() -> None:
    """Run the benchmark and write its table."""
    run().to_csv(CSV, index=False, float_format="%.4f", lineterminator="\n")
    write_section("Intervals", report(pd.read_csv(CSV)))


if __name__ == "__main__":
    main()
