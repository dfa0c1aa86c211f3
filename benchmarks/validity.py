"""Which keyness method is right, and how often, where the truth is known.

    python -m benchmarks.validity [--replicates N] [--question null|planted]
    python -m benchmarks.validity --again SEED --replicates 24

Writes ``benchmarks/validity.csv`` and its section of ``benchmarks/README.md``; or, of planted
corpora of other random numbers, ``benchmarks/ranking_again.csv`` and its section.

Two questions are put to corpora made by `benchmarks/generator.py`. Where nothing differs: how many
terms does a test call significant, and how often any term at all? (The count test has a family-wise
p of its own; the other tests are adjusted by Bonferroni, which relabelling with some thousand draws
can never pass.) The same is put to real texts in another section. And where differences are
planted: how well does each measure's ranking find them? Passages are the paragraphs of two texts,
or the documents of two groups; their lengths in words are those of the target and of the reference.
"""

import argparse
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from analysis.inference import count_test, log_ratio
from analysis.keywords import formulas
from analysis.keywords.formulas import PRIOR_TOKENS, tfidf_difference
from analysis.text import Counts
from analysis.text.units import UNIT_TOKENS, _nearest
from benchmarks.generator import Design, Pair, make_pair
from benchmarks.resampling import permutation_test

Floats = NDArray[np.float64]
HOME = Path(__file__).parent
CSV = HOME / "validity.csv"
AGAIN = HOME / "ranking_again.csv"
LEAST = 5  # occurrences of a term whose p-value counts in the share of false alarms
OURS = "count test"
PACKAGE = "this package"
STREAM = 12  # of the corpora with planted differences


def units(sentences: NDArray[np.int64], passages: NDArray[np.int64], whole: bool) -> Floats:
    """Join sentences to passages and, unless passages are documents, passages to units."""
    starts = np.r_[0, np.flatnonzero(np.diff(passages)) + 1]
    table = np.add.reduceat(sentences, starts, axis=0)
    if not whole:
        table = np.add.reduceat(table, [0, *_nearest(table.sum(axis=1), UNIT_TOKENS)], axis=0)
    return table.astype(float)


def counted(pair: Pair, design: Design) -> tuple[Counts, Floats]:
    """Return the corpora as counts of the terms that occur, with these terms' truth."""
    sides = [
        units(pair.target, pair.passage_target, design.documents),
        units(pair.reference, pair.passage_reference, design.documents),
    ]
    table = np.vstack(sides)
    seen = table.sum(axis=0) > 0
    counts = Counts(
        pd.DataFrame({"document": _documents(sides, design), "group": _groups(sides)}),
        tuple(f"w{i:05d}" for i in np.flatnonzero(seen)),
        sparse.csr_array(table[:, seen].astype(np.int64)),
        table.sum(axis=1),
        np.arange(len(table)) < len(sides[0]),
        design.documents,
    )
    return counts, pair.truth[seen]


def _documents(sides: list[Floats], design: Design) -> list[str]:
    """Name the document of each unit: each its own, or one a group."""
    return [
        f"{group} {number if design.documents else ''}"
        for group, side in zip(("target", "reference"), sides, strict=True)
        for number in range(len(side))
    ]


def _groups(sides: list[Floats]) -> list[str]:
    return ["target"] * len(sides[0]) + ["reference"] * len(sides[1])


def p_values(counts: Counts, draws: int) -> dict[str, tuple[Floats, float]]:
    """Return each test's p-value of every term, and the smallest one adjusted over all terms."""
    table, side = counts.matrix.toarray().astype(float), counts.target
    rates = table / counts.sizes[:, None]
    a, b, n1, n2 = _sums(counts)
    test = count_test(table, counts.sizes, side)
    relabelled = permutation_test(
        table, counts.sizes, side, equal_var=not counts.documents, draws=draws
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Welch's t of a term without variation is undefined
        welch = stats.ttest_ind(rates[side], rates[~side], equal_var=False).pvalue
    others = {
        "G²": formulas.tail(formulas.g2(a, b, n1, n2)),
        "chi²": formulas.tail(formulas.chi2(a, b, n1, n2)),
        "Welch": np.nan_to_num(welch, nan=1.0),
        "Mann-Whitney": stats.mannwhitneyu(rates[side], rates[~side]).pvalue,
        "log-odds z": 2 * stats.norm.sf(np.abs(_log_odds(a, b, n1, n2))),
    }
    return {
        OURS: (test.p_value, test.p_family.min()),
        "relabelling": (relabelled.p_value, np.nan),
        **{name: (p, p.min() * len(p)) for name, p in others.items()},
    }


def scores(counts: Counts) -> dict[str, Floats]:
    """Return each measure's signed score of every term, large where the target over-uses it."""
    table, side = counts.matrix.toarray().astype(float), counts.target
    rates = table / counts.sizes[:, None]
    a, b, n1, n2 = _sums(counts)
    sign = np.sign(a / n1 - b / n2)
    evidence = count_test(table, counts.sizes, side).evidence
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        welch = stats.ttest_ind(rates[side], rates[~side], equal_var=False).statistic
    ranks = stats.mannwhitneyu(rates[side], rates[~side])
    return {
        PACKAGE: np.where(evidence * sign > 0, evidence, 0).round(9),
        "G²": sign * formulas.g2(a, b, n1, n2),
        "chi²": sign * formulas.chi2(a, b, n1, n2),
        "log-odds z": _log_odds(a, b, n1, n2),
        "log ratio": log_ratio(a, n1, b, n2),
        "TF-IDF difference": tfidf_difference(counts.matrix, side),
        "Welch": np.nan_to_num(welch),
        "Mann-Whitney": sign * stats.norm.isf(np.clip(ranks.pvalue, 1e-300, 1) / 2),
        "scaled F-score": _scaled_f(a, b, n1) - _scaled_f(b, a, n2),
    }


def null_rates(design: Design, replicates: int) -> dict[str, tuple[float, float]]:
    """Return per test the share of false alarms by term and by family at 5 %."""
    alarms: dict[str, list[tuple[float, float, float]]] = {}
    for seed in range(replicates):
        counts, _ = counted(make_pair(design, np.random.default_rng([1, seed])), design)
        often = counts.matrix.sum(axis=0) >= LEAST
        for name, (p, family) in p_values(counts, draws=999).items():
            alarm = np.nan if np.isnan(family) else float(family <= 0.05)
            alarms.setdefault(name, []).append(((p[often] < 0.05).sum(), often.sum(), alarm))
    return {name: _rates(rows) for name, rows in alarms.items()}


def ranking(
    design: Design, replicates: int, stream: int = STREAM
) -> dict[str, tuple[float, float]]:
    """Return per measure the precision at ten and the average precision of its ranking.

    ``stream`` numbers the random numbers that corpora are made of.
    """
    results: dict[str, list[tuple[float, float]]] = {}
    for seed in range(replicates):
        pair = make_pair(design, np.random.default_rng([stream, seed]))
        counts, truth = counted(pair, design)
        for name, score in scores(counts).items():
            for sign in (1, -1):
                hits = (sign * truth > 0)[np.lexsort((np.arange(len(score)), -sign * score))]
                planted = (sign * pair.truth > 0).sum()
                precision = (hits * np.cumsum(hits) / np.arange(1, len(hits) + 1)).sum() / planted
                results.setdefault(name, []).append((hits[:10].mean(), precision))
    return {name: tuple(np.mean(rows, axis=0)) for name, rows in results.items()}


LAYOUTS = {"75 and 75": (75, 75), "30 and 75": (30, 75), "75 and 30": (75, 30)}
DOCUMENTS = 200


def designs(planted: int) -> list[tuple[str, str, str, Design]]:
    """Return (size, burst, passages, design) of every cell of the benchmark."""
    cells = []
    for burst in ("none", "typical", "strong"):
        for name, passages in LAYOUTS.items():
            pair = Design(passages=passages, burst=burst, planted=planted, ratio=6.0)
            cells.append(("two texts", burst, name, pair))
        for name, passages in LAYOUTS.items():
            totals = (DOCUMENTS * passages[0], DOCUMENTS * passages[1])
            group = Design(passages, totals, burst, planted=planted, ratio=3.0, documents=True)
            if burst != "none" or name == "75 and 75":
                cells.append(("200 and 200 documents", burst, name, group))
    return cells


QUESTIONS = {
    "null": (null_rates, 0, ("by term", "any term")),
    "planted": (ranking, 40, ("precision at 10", "average precision")),
}


def run(question: str, replicates: int) -> pd.DataFrame:
    """Return one row a cell and method of a question."""
    rows = []
    measure, planted, names = QUESTIONS[question]
    for size, burst, passages, design in designs(planted):
        times = replicates if size == "two texts" else max(1, replicates // 3)
        for method, values in measure(design, times).items():
            rows += [
                (question, size, burst, passages, method, name, value, times)
                for name, value in zip(names, values, strict=True)
            ]
        print(f"{question}: {size}, {burst}, {passages}", flush=True)
    columns = ["question", "size", "burst", "passages", "method", "figure", "value", "replicates"]
    return pd.DataFrame(rows, columns=columns)


def again(stream: int, replicates: int) -> pd.DataFrame:
    """Return the ranking's precision with other random numbers, one row a cell and method."""
    rows = []
    for size, burst, passages, design in designs(QUESTIONS["planted"][1]):
        times = replicates if size == "two texts" else replicates // 4
        for method, values in ranking(design, times, stream).items():
            rows.append((size, burst, passages, method, *values, times))
    columns = ["size", "burst", "passages", "method", *QUESTIONS["planted"][2], "replicates"]
    return pd.DataFrame(rows, columns=columns)


def report_again(table: pd.DataFrame) -> str:
    """Return means over all cells, and the worst cell of this package's ranking."""
    figures = list(QUESTIONS["planted"][2])
    means = table.groupby("method")[figures].mean().sort_values(figures[1], ascending=False)
    said = []
    for figure in figures:
        wide = table.pivot_table(
            index=["size", "burst", "passages"], columns="method", values=figure, sort=False
        )
        behind = wide.drop(columns=PACKAGE).max(axis=1) - wide[PACKAGE]
        cell = ", ".join(map(str, behind.idxmax()))  # type: ignore[arg-type]
        said.append(f"of {figure} {max(behind.max(), 0):.3f} ({cell})")
    return (
        "A constant of the ranking was chosen while the table above was looked at. So the planted "
        "corpora were made again from random numbers that nothing was chosen on: "
        f"{table['replicates'].max()} pairs of texts or {table['replicates'].min()} pairs of "
        f"groups a cell. Means over cells:\n\n{_markdown(means.reset_index())}\n\n"
        f"The most that this package's ranking lies behind the best of a cell: {'; '.join(said)}."
    )


def report(table: pd.DataFrame) -> str:
    """Return the benchmark as a Markdown page."""
    parts = [__doc__.split("\n\n")[3].strip() if __doc__ else ""]
    for question, part in table.groupby("question", sort=False):
        texts, groups = (part["replicates"].max(), part["replicates"].min())
        error = [np.sqrt(0.05 * 0.95 / count) for count in (texts, groups)]
        said = {
            "null": f"so that a family-wise .050 has a standard error of {error[0]:.3f} or "
            f"{error[1]:.3f}",
            "planted": "the same for all measures",
        }
        parts.append(
            f"{_NAMES[question]}: a cell rests on {texts} pairs of texts or {groups} pairs of "
            f"groups, {said[question]}."
        )
    for (question, figure), part in table.groupby(["question", "figure"], sort=False):
        wide = part.pivot_table(
            index=["size", "burst", "passages"], columns="method", values="value", sort=False
        )
        parts.append(f"## {_HEADINGS[question, figure]}\n\n{_markdown(wide.reset_index())}")
    return "\n\n".join(parts) + "\n"


def write_section(heading: str, text: str) -> None:
    """Write a section of ``benchmarks/README.md`` in place of the old one of that heading."""
    path = HOME / "README.md"
    parts = re.split(r"^(?=# )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = {part.splitlines()[0]: part.strip() for part in parts if part.strip()}
    sections[f"# {heading}"] = f"# {heading}\n\n{text.strip()}"
    path.write_text("\n\n".join(sections.values()) + "\n", encoding="utf-8")


_NAMES = {"null": "No difference", "planted": "Planted differences"}
_HEADINGS = {
    ("null", "by term"): "No difference: share of terms with p < .05 (terms of five or more)",
    ("null", "any term"): "No difference: how often any term passes a family-wise 5 %",
    ("planted", "precision at 10"): "Planted differences: precision among the ten highest",
    ("planted", "average precision"): "Planted differences: average precision",
}


def _markdown(table: pd.DataFrame) -> str:
    head = "| " + " | ".join(table.columns) + " |\n|" + "---|" * len(table.columns)
    lines = [
        "| " + " | ".join(_cell(x) for x in row) + " |" for row in table.itertuples(index=False)
    ]
    return "\n".join([head, *lines])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "–" if np.isnan(value) else f"{value:.3f}"
    return str(value)


def _sums(counts: Counts) -> tuple[Floats, Floats, float, float]:
    table, side = counts.matrix.toarray().astype(float), counts.target
    sums = table[side].sum(axis=0), table[~side].sum(axis=0)
    return *sums, counts.sizes[side].sum(), counts.sizes[~side].sum()


def _log_odds(a: Floats, b: Floats, n1: float, n2: float) -> Floats:
    prior = PRIOR_TOKENS * (a + b) / (n1 + n2)
    return formulas.log_odds_z(a, b, n1, n2, prior, PRIOR_TOKENS)


def _rates(rows: list[tuple[float, float, float]]) -> tuple[float, float]:
    called, asked, family = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return called.sum() / asked.sum(), family.mean()


def _scaled_f(own: Floats, other: Floats, n: float) -> Floats:
    """Return scattertext's scaled F-score: harmonic mean of scaled precision and frequency."""
    precision, frequency = (
        stats.norm.cdf(x, x.mean(), x.std()) for x in (own / (own + other), own / n)
    )
    return 2 * precision * frequency / np.maximum(precision + frequency, 1e-300)


def main() -> None:
    """Run the benchmark and write its table."""
    parser = argparse.ArgumentParser(description="Score keyness methods where the truth is known.")
    parser.add_argument("--replicates", type=int, default=200, help="pairs of texts per cell")
    parser.add_argument("--question", choices=QUESTIONS, help="one of both; the other is kept")
    parser.add_argument("--again", type=int, metavar="SEED", help="rank other planted corpora")
    options = parser.parse_args()
    if options.again:
        found = again(options.again, options.replicates)
        found.to_csv(AGAIN, index=False, float_format="%.4f", lineterminator="\n")
        write_section("The ranking with other random numbers", report_again(found))
        return
    asked = [options.question] if options.question else list(QUESTIONS)
    done = pd.read_csv(CSV, keep_default_na=False, na_values=[""])
    parts = {
        question: run(question, options.replicates)
        if question in asked
        else done[done["question"] == question]
        for question in QUESTIONS
    }
    table = pd.concat(parts.values(), ignore_index=True)
    table.to_csv(CSV, index=False, float_format="%.4f", lineterminator="\n")
    write_section("Validity of the keyness methods", report(table))


if __name__ == "__main__":
    main()
