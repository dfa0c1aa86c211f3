"""Which comparison of topics can be believed, where the truth is known.

    python -m benchmarks.topics [--replicates N] [--whole-only]

Writes ``benchmarks/topics.csv`` and ``benchmarks/topics.md``; with ``--whole-only`` the verdicts of
the whole package alone are measured anew, and the other rows are those that are there.

Corpora of five topics are made by `benchmarks/planted.py`; the methods are told that there are
five. Fitted topics are paired one to one with the planted ones so that they share most top words;
a topic counts as *matched* if at least half of its ten top words are among the ten commonest of the
planted topic's own. Asked is how many top words come back; whether a difference is claimed where
none was planted; whether the first topic's planted difference of .15 is found (claimed of a matched
topic, in the right direction); how large it comes out; and how often the 95 % intervals of matched
topics hold the planted difference.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from threadpoolctl import threadpool_limits

from analysis.inference.contrast import estimate_contrast
from analysis.numbers import falling
from analysis.text import Counts
from analysis.topicmodels.choice import match, refits, top_terms
from analysis.topicmodels.contrast import contrast_topics, relevance
from analysis.topicmodels.model import Material, fit, material_of, weigh
from analysis.topicmodels.prevalence import SHORT, STARTS, contrast_shares, residuals
from analysis.topicmodels.sampling import Posterior, draw_posterior
from benchmarks.planted import TOPICS, VOCABULARY, Design, Planted, plant
from benchmarks.topic_peers import PEERS, TOMOTOPY, Compared

Floats = NDArray[np.float64]
HOME = Path(__file__).parent
SHIFT = 0.15
TOP = 10
ENOUGH = 0.5
LEVEL = 0.05
OURS, TEST = "this package", "its interval and test alone"
LARGE = Design()


@dataclass(frozen=True)
class Plan:
    """A kind of corpus; of a hundred, how many are made, and given to peers, and to all of ours.

    To all of ours: of those where nothing differs, and of those with a planted difference.
    """

    design: Design
    made: float
    peers: float = 0.0
    whole: tuple[float, float] = (0.0, 0.0)


PLANS = {
    "44 units": Plan(Design(documents=(14, 30), words=(90, 110)), 4, 0.5, (0.6, 0.6)),
    "300 documents": Plan(Design(documents=(150, 150)), 3, 0.2, (2.0, 0.6)),
    "2,000 documents": Plan(LARGE, 1.5, 0.1, (0.15, 0.15)),
    "2,000, topics go together": Plan(replace(LARGE, shares="logistic"), 0.2),
    "2,000, half background": Plan(replace(LARGE, background=0.5), 0.2),
}
QUESTIONS = {"none": 0.0, "planted": SHIFT}
COLUMNS = ["corpus", "question", "method", "figure", "value", "replicates"]
SHARES = ("claimed", "found")  # of corpora, so that they have a binomial error
FIGURES = {
    "recovery": "top words that come back",
    "matched": "topics matched",
    "claimed": "corpora with a claim",
    "found": "planted difference found",
    "size": "estimate of the planted difference",
    "coverage": "intervals that hold the truth",
    "width": "mean width of the intervals",
}


def material_from(planted: Planted) -> Material:
    """Return a planted corpus as what the package models, every document a unit."""
    seen = np.flatnonzero(planted.counts.sum(axis=0))
    sizes = planted.counts.sum(axis=1)
    units = pd.DataFrame(
        {
            "unit": np.arange(len(sizes)),
            "document": [f"d{number:05d}" for number in range(len(sizes))],
            "group": np.where(planted.target, "target", "reference"),
            "tokens": sizes,
        }
    )
    terms = tuple(f"w{word:05d}" for word in seen)
    matrix = sparse.csr_array(planted.counts[:, seen])
    counts = Counts(units, terms, matrix, sizes.astype(float), planted.target, True)
    return material_of(counts)


def measured(data: Material, seed: int) -> Compared:
    """Return the package's topics, differences, intervals and adjusted p-values."""
    return fitted(data, TOPICS, seed).compared(data.target)


@dataclass(frozen=True)
class Fitted:
    """Topics of some texts, and of the same from other starts; groups come later.

    Attributes
    ----------
    data : the texts
    found : the topics as measured
    starts : the same from other starts, each with the places of the topics in it and the share of
        top terms in common
    """

    data: Material
    found: Posterior
    starts: list[tuple[Posterior, NDArray[np.int64], Floats]]

    def compared(self, target: NDArray[np.bool_]) -> Compared:
        """Contrast two groups, as ``topics`` does."""
        counts, found = self.data.counts, self.found
        others = [contrast_shares(counts, s, target).estimate[at] for s, at, _ in self.starts]
        alike = np.array([agreement for *_, agreement in self.starts])
        own = contrast_shares(counts, found, target).widened(np.array(others), alike)
        noise = residuals(own.folded, target)
        table = estimate_contrast(own.estimate, own.error, own.df, noise=noise, draws=1_999).table
        ranks = np.exp(relevance(found.terms, found.shares.mean(axis=0)))
        columns = (table[name].to_numpy() for name in ("estimate", "ci_low", "ci_high", "p_family"))
        return Compared(ranks, *columns)


def fitted(data: Material, k: int, seed: int) -> Fitted:
    """Fit k topics, and the same from other starts."""
    values = weigh(data.pieces, "nmf")
    model = fit(values, k)
    found = draw_posterior(data.pieces, model.shares, seed=seed)
    own, starts = top_terms(model.terms), []
    again = refits(values, k, data, kind="seed", runs=STARTS, seed=seed)
    for number, (_, other) in enumerate(again):
        short = draw_posterior(
            data.pieces, other.shares, seed=seed + number, burn=SHORT, sweeps=SHORT
        )
        starts.append((short, *match(own, top_terms(other.terms))))
    return Fitted(data, found, starts)


def judged(data: Material, seed: int) -> Compared:
    """Return the same, where p is nought for a finding of the whole procedure, else 1."""
    found = contrast_topics(data, k=TOPICS, seed=seed, draws=1_999, unit="whole documents")
    table, weights = found.table, found.parts["distribution"].to_numpy().T
    shares = found.parts["shares"]["share"].to_numpy().reshape(-1, TOPICS)
    ranks = np.exp(relevance(weights, shares.mean(axis=0)))
    ends = (table[name].to_numpy() for name in ("estimate", "ci_low", "ci_high"))
    return Compared(ranks, *ends, np.where(table["finding"], 0.0, 1.0))


def outcome(found: Compared, data: Material, planted: Planted) -> dict[str, float]:
    """Score what a method says of one corpus.

    Returns
    -------
    dict
        The figures of one corpus; NaN where there is nothing to judge.
    """
    words = [int(term[1:]) for term in data.terms]
    common = _top(planted.own) @ _spread(_top(found.terms), words).T / TOP
    topic, partner = linear_sum_assignment(common, maximize=True)
    overlap = common[topic, partner]
    estimate, low, high, p = (
        values[partner] for values in (found.estimate, found.low, found.high, found.p)
    )
    matched = overlap >= ENOUGH
    right = matched[0] and p[0] < LEVEL and estimate[0] > 0
    holds = (low <= planted.truth) & (planted.truth <= high)
    return {
        "recovery": overlap.mean(),
        "matched": matched.mean(),
        "claimed": float((p < LEVEL).any()),
        "found": float(right),
        "size": estimate[0] if matched[0] else np.nan,
        "coverage": holds[matched].mean() if matched.any() else np.nan,
        "width": (high - low)[matched].mean() if matched.any() else np.nan,
    }


def _top(weights: Floats) -> Floats:
    first = falling(weights)[:, :TOP]
    marks = np.zeros(weights.shape)
    np.put_along_axis(marks, first, 1.0, axis=1)
    return marks


def _spread(marks: Floats, words: list[int]) -> Floats:
    """Return marks of kept words as marks of all words."""
    wide = np.zeros((len(marks), VOCABULARY))
    wide[:, words] = marks
    return wide


def run(replicates: int, whole_only: bool) -> pd.DataFrame:
    """Return all figures, one row a corpus, question, method and figure."""
    rows = []
    for number, (name, given) in enumerate(PLANS.items()):
        for (question, shift), whole in zip(QUESTIONS.items(), given.whole, strict=True):
            plan = replace(given, made=whole, peers=0.0) if whole_only else given
            for method, results in _results(
                plan, shift, number, replicates, whole, whole_only
            ).items():
                rows += _summary(name, question, method, results)
    return pd.DataFrame(rows, columns=COLUMNS)


def _results(
    plan: Plan, shift: float, number: int, replicates: int, whole: float, whole_only: bool
) -> dict[str, pd.DataFrame]:
    """Return each method's outcomes, one row a corpus."""
    found: dict[str, list[dict[str, float]]] = {}
    for seed in range(round(replicates * plan.made)):
        planted = plant(replace(plan.design, shift=shift), np.random.default_rng([number, seed]))
        data = material_from(planted)
        if not whole_only:
            found.setdefault(TEST, []).append(outcome(measured(data, seed), data, planted))
        if seed < replicates * whole:
            found.setdefault(OURS, []).append(outcome(judged(data, seed), data, planted))
        for name, peer in PEERS.items():
            if seed < replicates * plan.peers:
                compared = peer(data.counts, TOPICS, data.target, seed)
                found.setdefault(name, []).append(outcome(compared, data, planted))
    return {method: pd.DataFrame(results) for method, results in found.items()}


def _summary(
    name: str, question: str, method: str, results: pd.DataFrame
) -> list[tuple[object, ...]]:
    means, asked = results.mean(), results.notna().sum()
    kept = [f for f in FIGURES if question == "planted" or f not in ("found", "size")]
    if method == OURS:  # the rest of its figures are those of its interval
        kept = [f for f in kept if f in ("claimed", "found")]
    return [(name, question, method, f, means[f], int(asked[f])) for f in kept]


ASKED = (__doc__ or "").split("\n\n", 3)[3].strip()
HEAD = f"""## Topics

{ASKED}

*{OURS}* is all of it: a number of topics that is stable, and no alarm. *{TEST}*
are the measurement without these conditions: shares folded in over draws of the topics, and the
family-wise test over all five topics. The others claim a difference where any topic has p < .05,
as is usual."""
TABLES = {
    ("recovery", "planted"): "Top words that come back",
    ("matched", "planted"): "Share of topics matched",
    ("claimed", "none"): "No difference: corpora in which one is claimed",
    ("found", "planted"): f"A difference of {SHIFT} planted: corpora in which it is found",
    ("size", "planted"): f"The mean estimate of that difference of {SHIFT}",
    ("coverage", "planted"): "The same: intervals of matched topics that hold the truth",
    ("coverage", "none"): "No difference: intervals of matched topics that hold the truth",
    ("width", "planted"): "Mean width of these intervals",
}


def share_error(share: Any, count: Any) -> Any:
    """Return the error of a share of so many; none and all are no certainty, but one more try."""
    near = (share * count + 1) / (count + 2)
    return np.sqrt(near * (1 - near) / count)


def report(table: pd.DataFrame) -> str:
    """Return the tables as a section of the README."""
    parts = [HEAD]
    for (figure, question), title in TABLES.items():
        own = table[(table["figure"] == figure) & (table["question"] == question)]
        wide = own.pivot_table(index="corpus", columns="method", values="value", sort=False)
        made = own.pivot_table(index="corpus", columns="method", values="replicates", sort=False)
        errors = share_error(wide, made) if figure in SHARES else None
        parts.append(f"### {title}\n\n{_markdown(wide, errors=errors)}")
    own = table[(table["figure"] == "claimed") & (table["question"] == "none")]
    made = own.pivot_table(index="corpus", columns="method", values="replicates", sort=False)
    parts.append(f"### Corpora made for each question\n\n{_markdown(made, 0)}")
    if TOMOTOPY not in set(table["method"]):
        parts.append("tomotopy was not installed; with it, its LDA is a further column.")
    return "\n\n".join(parts) + "\n"


def _markdown(table: pd.DataFrame, digits: int = 3, errors: pd.DataFrame | None = None) -> str:
    head = f"| corpora | {' | '.join(table.columns)} |\n|{'---|' * (1 + table.shape[1])}"
    cells = table.map(lambda value: "–" if np.isnan(value) else f"{value:.{digits}f}")
    if errors is not None:
        known = errors.map(lambda error: "" if np.isnan(error) else f" ± {error:.{digits}f}")
        cells += known
    lines = [
        f"| {name} | {' | '.join(row)} |"
        for name, row in zip(cells.index, cells.to_numpy(), strict=True)
    ]
    return "\n".join([head, *lines])


def main() -> None:
    """Run the benchmark and write its tables."""
    parser = argparse.ArgumentParser(description="Score topic contrasts where the truth is known.")
    parser.add_argument("--replicates", type=int, default=100, help="the hundred of each plan")
    parser.add_argument("--whole-only", action="store_true", help="keep the rows of all others")
    options = parser.parse_args()
    with threadpool_limits(1):
        table = run(options.replicates, options.whole_only)
    if options.whole_only:
        kept = pd.read_csv(HOME / "topics.csv")
        key = ["corpus", "question", "method", "figure"]
        anew = kept[key].merge(table, how="left", on=key).set_index(kept.index)
        table = anew.fillna(kept).astype({"replicates": int})[COLUMNS]
    table.to_csv(HOME / "topics.csv", index=False, float_format="%.4f", lineterminator="\n")
    (HOME / "topics.md").write_text(report(table), encoding="utf-8")


if __name__ == "__main__":
    main()
