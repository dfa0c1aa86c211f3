"""What is shown of differences that were planted into real texts.

    python -m benchmarks.effects [--texts FOLDER] [--splits N] [--seconds N]

Writes ``benchmarks/effects.csv`` and its section of ``benchmarks/README.md``.

Documents of one kind are split at random (the section on real texts that do not differ), so that no
word differs between the groups but by chance. Then one term of five is made rarer in one of them:
each of its occurrences there is kept with a probability of 1/2, 1/4 or 1/8, so that the true log
ratio is known, 1, 2 or 3 in size, while all that makes real texts uneven stays. Asked is how often
the 95 % interval of a term holds the true value, by how often the term occurs; how large, over the
true one, the log ratio of established terms and of those with p < .05 is shown, raw and shrunken
(means, in the direction that is shown; of a term without a difference 0 is true); and how often
the shrunken interval of these holds the true value, which is the false coverage that is left after
the selection.
"""

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference import count_test
from analysis.inference.levels import LEVEL
from benchmarks.nulls import Split, asked, keep, kinds, split
from benchmarks.validity import LEAST, _markdown, write_section

PLANTED = 0.2  # share of terms
RATIOS = (1.0, 2.0, 3.0)
OFTEN = (LEAST, 10, 30, 100, np.inf)  # occurrences, where classes of frequency meet
MOST = 300  # terms of a split of which intervals are computed
CELLS = {
    "essays of one author": [(3, 3), (9, 20)],
    "inaugural addresses after 1900": [(10, 20)],
    "speeches cut from novels": [(10, 10)],
    "addresses to Congress": [(1, 1), (40, 40)],
    "editorials": [(40, 40)],
    "product reviews": [(40, 80)],
}
SHOWN = ["kind", "target", "reference", "splits", "figure", "terms", "value"]


def plant(drawn: Split, rng: np.random.Generator) -> tuple[Split, np.ndarray]:
    """Make some terms rarer in one group; return the split and each term's true log ratio."""
    table, sizes, flags = drawn
    counts = table.toarray()
    totals = counts.sum(axis=0)
    truth = np.zeros(len(totals))
    chosen = np.flatnonzero((totals >= LEAST) & (rng.random(len(totals)) < PLANTED))
    truth[chosen] = rng.choice(RATIOS, len(chosen)) * rng.choice((-1, 1), len(chosen))
    for term in chosen:
        rows = ~flags if truth[term] > 0 else flags
        counts[rows, term] = rng.binomial(counts[rows, term], 2.0 ** -abs(truth[term]))
    kept = counts.sum(axis=0) > 0
    return (sparse.csr_array(counts[:, kept]), sizes, flags), truth[kept]


def terms_of(drawn: Split, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row a term that occurs often enough: what is true of it, and what is shown."""
    (table, sizes, flags), truth = plant(drawn, rng)
    test = count_test(table, sizes, flags)
    totals = test.splits.totals[test.kind]
    often = np.flatnonzero(totals >= LEAST)
    asked = np.zeros(len(totals), dtype=bool)
    asked[rng.permutation(often)[:MOST]] = True
    low, high = np.full(len(totals), np.nan), np.full(len(totals), np.nan)
    low[asked], high[asked] = test.splits.chosen(test.kind[asked]).ends(LEVEL)
    shrunken = test.shrunk
    found = pd.DataFrame(
        {
            "truth": truth,
            "totals": totals,
            "raw": test.log_ratio,
            "p": test.p_value,
            "established": test.p_family < LEVEL,
            "asked": asked,
            "held": (low <= truth) & (truth <= high),
            "shrunk": shrunken["shrunk"],
            "held after": (shrunken["shrunk_low"] <= truth) & (truth <= shrunken["shrunk_high"]),
        }
    )
    return found.iloc[often]


def figures(found: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Return what a design comes to: name of a figure, terms that it rests on, value."""
    asked = found[found["asked"]]
    rows = []
    for low, high in pairwise(OFTEN):
        own = asked[(asked["totals"] >= low) & (asked["totals"] < high)]
        name = f"{low:.0f} to {high - 1:.0f}" if np.isfinite(high) else f"{low:.0f} and more"
        rows.append((f"interval holds, {name} times", len(own), own["held"].mean()))
    planted = asked[asked["truth"] != 0]
    rows.append(("interval holds, planted", len(planted), planted["held"].mean()))
    for name, own in (
        ("established", found[found["established"]]),
        ("p < .05", found[found["p"] < LEVEL]),
    ):
        sign = np.sign(own["raw"])
        true = (sign * own["truth"]).mean()
        rows += [
            (f"{name}: no difference", len(own), (own["truth"] == 0).mean()),
            (f"{name}: raw over true", len(own), own["raw"].abs().mean() / true),
            (f"{name}: shrunken over true", len(own), (sign * own["shrunk"]).mean() / true),
            (f"{name}: shrunken interval holds", len(own), own["held after"].mean()),
        ]
    return rows


def run(texts: Path | None, splits: int, seconds: float) -> pd.DataFrame:
    """Return one row a kind of text, design and figure."""
    known, rows = kinds(texts), []
    for number, (kind, designs) in enumerate(CELLS.items()):
        for first, second in designs if kind in known else []:
            parts, begun = [], time.monotonic()
            while len(parts) < splits and time.monotonic() - begun < seconds:
                rng = np.random.default_rng([9, number, first, second, len(parts)])
                sizes = (first, second) if len(parts) % 2 else (second, first)
                parts.append(terms_of(split(known[kind], *sizes, rng), rng))
            for figure in figures(pd.concat(parts)):
                rows.append((kind, first, second, len(parts), *figure))
            print(kind, first, second, len(parts), flush=True)
    return pd.DataFrame(rows, columns=SHOWN)


def report(table: pd.DataFrame) -> str:
    """Return the section: one row a figure, one column a design, and the mean over designs."""
    words = (__doc__ or "").split("\n\n")[3].strip()
    design = table["kind"] + ", " + table["target"].astype(str) + " + "
    wide = table.assign(design=design + table["reference"].astype(str)).pivot_table(
        index="figure", columns="design", values="value", sort=False
    )
    weight = table["value"] * table["terms"]
    sums = weight.groupby(table["figure"]).sum() / table.groupby("figure")["terms"].sum()
    wide.insert(0, "all terms", sums.reindex(wide.index))
    count = table.groupby(["kind", "target", "reference"])["splits"].first()
    note = f"A design rests on {count.min()} to {count.max()} splits."
    return f"{words}\n\n{_markdown(wide.reset_index())}\n\n{note}"


def main() -> None:
    """Run the benchmark and write its table."""
    options = asked(
        "Plant differences into real texts.",
        ("splits", 20, "most splits of a design"),
        ("seconds", 60.0, "most time for a design"),
    )
    table = run(options.texts, options.splits, options.seconds)
    keep(table, "effects")
    write_section("Differences planted into real texts", report(table))


if __name__ == "__main__":
    main()
