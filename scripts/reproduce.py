"""Print what others published beside what this package makes of the same data, and why they differ.

Counts, sentences and results that papers and manuals print are in ``tests/references``, and 27
papers of *The Federalist*, which are in the public domain, in ``data/examples``. What may not be
shipped, or is too long, is read from a folder of one's own:

    python -m scripts.reproduce [--data FOLDER] [--csv FILE]

    FOLDER/federalist/Hamilton, FOLDER/federalist/Madison
        one text file a paper, in place of the 27: https://www.gutenberg.org/ebooks/18
    FOLDER/gadarian.csv
        the survey on immigration of Gadarian and Albertson (2014), as the R package stm has it
        (``write.csv(stm::gadarian, "gadarian.csv", row.names = FALSE)``); the Python package topica
        carries it too

Where the published values were looked up: those of VADER in its README, of which public copies
agree (all thirteen; "Today SUX!" and "Not bad at all" were looked for apart); quanteda's in its
tutorials of 2018, which print the counts and not the totals: these, two numbers, were found so that
all twenty values come out, so that eighteen of them test the formula; stm's in the README of
tidystm. What Mosteller and Wallace say of their markers is their words' direction: "upon" is told
of in a lecture reported in The Harvard Crimson of 10 December 1959; that Madison writes "on" and
"whilst" where Hamilton writes "upon" and "while" stands in public re-analyses; the rates of "the",
"of", "to" and "and" stand in the table of their book that the R package alr4 carries (MWwords:
91.27 and 93.65, 64.65 and 57.80, 40.71 and 35.25, 24.50 and 27.55 per thousand words of Hamilton
and of Madison); "by", "there" and "enough" were taken from the paper and could not be looked up a
second time. Monroe, Colaresi and Quinn draw their results and print no values; what they say of the
measures is tried on The Federalist. So are artificial words, planted evenly or into one text, as
Dudar and Schoech plant them: that tests of counts do not see how a word is spread stands on the
pages of their project (zeta-project.eu, log-likelihood ratio test), which refer to Lijffijt and
colleagues.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.files import write_file
from analysis.inference.levels import LEVEL, passes
from analysis.keywords import formulas, keyness
from analysis.keywords.formulas import log_odds_informative_z
from analysis.numbers import falling, largest, p_value, to_csv
from analysis.text import Corpus, count_terms, load_folders, load_table
from analysis.tone import score_lines
from analysis.topicmodels import topics

ROOT = Path(__file__).resolve().parents[1]
REFERENCES = ROOT / "tests" / "references"
SAME = "the same"
TOKENS = (
    "the words are cut and the papers chosen otherwise than by Mosteller and Wallace, so that "
    "directions are compared and not digits"
)
GUARDIAN = 1_771_886, 2_783_944  # words of the Guardian of 2016 and of 2012-2015, see above
AHEAD = 20  # words that are looked at, of either ranking
EACH = 3  # times that an artificial word is planted into each paper of a side
EVEN, ALONE = "blicket", "zorvel"  # words that no paper holds


class Row(NamedTuple):
    """A published result and ours."""

    what: str
    source: str
    published: str
    ours: str
    why: str


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of published results."""
    with (REFERENCES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared(published: str, ours: float, decimals: int) -> str:
    """Say whether a number is the published one, to the digits that were printed."""
    off = abs(ours - float(published))
    if off <= 0.5 * 10.0**-decimals + 1e-12:
        return SAME
    return f"differs by {off:.2g}: not explained"


def number(value: float, decimals: int) -> str:
    """Write a number with the digits that were published, at most four."""
    return f"{value:.{min(decimals, 4)}f}"


def measures() -> Iterator[Row]:
    """Yield measures of a term whose four numbers a paper or manual prints."""
    for row in read("keyness"):
        cells = (int(row[name]) for name in ("a", "b", "n1", "n2"))
        yield _measure(row["measure"], cells, row)
    for row in read("published_reconciliation"):
        cells = (int(row[name]) for name in ("a", "b", "n1", "n2"))
        yield _measure(row["function"], cells, row)


def _measure(name: str, cells: Iterator[int], row: dict[str, str]) -> Row:
    a, b, n1, n2 = cells
    function = getattr(formulas, name)
    ours = float(function(np.array([float(a)]), np.array([float(b)]), n1, n2)[0])
    decimals = int(row["decimals"])
    why = compared(row["value"], ours, decimals)
    what = f"{name} of {a} : {b}"
    return Row(what, row["source"], row["value"], number(ours, decimals), why)


def dispersions() -> Iterator[Row]:
    """Yield measures of dispersion of counts that papers print."""
    for row in read("published_dispersion"):
        counts, sizes = (
            np.array([[float(part) for part in row[name].split()]]).T
            for name in ("counts", "sizes")
        )
        ours = float(getattr(formulas, row["measure"])(counts, sizes[:, 0])[0])
        why = compared(row["value"], ours, int(row["decimals"]))
        what = f"{row['measure']} of {row['counts']}"
        yield Row(what, row["source"], row["value"], number(ours, int(row["decimals"])), why)


def quanteda() -> Iterator[Row]:
    """Yield chi-squared of the words that quanteda's tutorial finds most telling."""
    for row in read("published_quanteda"):
        a, b = (np.array([float(row[name])]) for name in ("a", "b"))
        ours = float(formulas.chi2(a, b, *GUARDIAN)[0])
        why = compared(row["value"], ours, 4)
        what = f"chi2 of “{row['term']}” {row['a']} : {row['b']}"
        yield Row(what, row["source"], row["value"], number(ours, 4), why)


def fightin_words(folder: Path | None) -> Iterator[Row]:
    """Yield what Monroe and colleagues say of two rankings, on The Federalist."""
    counts = count_terms(_federalist(folder), function_words=True)
    a, b = (
        np.asarray(counts.matrix[side].sum(axis=0), dtype=float).ravel()
        for side in (counts.target, ~counts.target)
    )
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    lacking = (a == 0) | (b == 0)
    with np.errstate(divide="ignore"):
        raw = np.log(a / (n1 - a)) - np.log(b / (n2 - b))
    for what, scores, published, expected in (
        ("the log-odds ratio", raw, "words that one side lacks lead", True),
        ("its z-score with an informative prior", log_odds_informative_z(a, b, n1, n2),
         "words that both sides use lead", False),
    ):  # fmt: skip
        lead = int(lacking[falling(np.abs(scores))[:AHEAD]].sum())
        ours = f"{lead} of the first {AHEAD} are words that one side lacks"
        why = SAME if (lead > AHEAD / 2) == expected else "the other way about in these papers"
        source = "Monroe, Colaresi and Quinn 2008, doi:10.1093/pan/mpn018, sections 3.2 and 3.5"
        yield Row(f"ranking by {what}", source, published, ours, why)


def planted(folder: Path | None) -> Iterator[Row]:
    """Yield how two artificial words of equal counts rank: one in every paper, one in a single."""
    papers = pd.DataFrame(
        [(d.group, d.text) for d in _federalist(folder).documents], columns=["group", "text"]
    )
    mine = papers["group"] == "Hamilton"
    papers.loc[mine, "text"] = [_with(text, EVEN, EACH) for text in papers.loc[mine, "text"]]
    longest = papers.loc[mine, "text"].str.len().idxmax()
    papers.loc[longest, "text"] = _with(papers.loc[longest, "text"], ALONE, EACH * int(mine.sum()))
    corpus = load_table(papers, target="Hamilton", reference="Madison")
    table = keyness(corpus, function_words=True).table.set_index("term")
    even, alone = table.loc[EVEN], table.loc[ALONE]
    counts = f"{int(even['n_target'])} and {int(alone['n_target'])} times"
    again = "after Dudar and Schoech 2025, doi:10.5281/zenodo.14943110"
    ranks = table["g2"].rank(ascending=False, method="min")
    yield Row(
        f"G² of words planted evenly and into one paper ({counts})", f"zeta-project.eu, {again}",
        "the spread is not considered", f"rank {ranks[EVEN]:.0f} and rank {ranks[ALONE]:.0f}",
        SAME if ranks[EVEN] == ranks[ALONE] else "the counts differ",
    )  # fmt: skip
    places = table["score"].abs().rank(ascending=False, method="min")
    held = passes(even["p_family"]) and not passes(alone["p_family"])
    yield Row(
        "evidence of the same two words, bursts allowed for",
        f"Lijffijt et al. 2016, doi:10.1093/llc/fqu064, {again}",
        "tests over texts hold a word of one text back",
        f"rank {places[EVEN]:.0f}, family-wise {p_value(even['p_family'], named=True)}, and rank "
        f"{places[ALONE]:.0f}, {p_value(alone['p_family'], named=True)}",
        SAME if held else "this test tells them apart otherwise",
    )  # fmt: skip


def _with(text: str, word: str, times: int) -> str:
    """Return a text with a word planted after so many of its articles, evenly along it."""
    parts = text.split(" the ")
    places = set(np.linspace(1, len(parts) - 1, times).round().astype(int).tolist())
    if len(places) < times:
        raise ValueError(f"A text of {len(parts) - 1} articles has no room for {times} words.")
    return parts[0] + "".join(
        f" the {word} {part}" if place in places else f" the {part}"
        for place, part in enumerate(parts[1:], 1)
    )


def survey(folder: Path) -> Iterator[Row]:
    """Yield whether being asked to think of worries changes the topics of an answer."""
    path = folder / "gadarian.csv"
    if not path.is_file():
        return
    corpus = load_table(path, text="open.ended.response", group="treatment",
                        target="1", reference="0")  # fmt: skip
    found = topics(corpus, k=3)
    own = found.table.iloc[largest(found.table["estimate"].abs())]
    published = read("published_stm")
    widest = max(published, key=lambda row: abs(float(row["treated"]) - float(row["control"])))
    said = f"{float(widest['treated']):.2f} against {float(widest['control']):.2f}"
    shares = f"{own['share_target']:.2f} against {own['share_reference']:.2f}"
    ours = f"{shares} ({own['label']}; family-wise {p_value(own['p_family'], named=True)})"
    why = (
        "a difference is found too; its size hangs on the model, on stemming and on the words left "
        "out"
        if own["p_family"] < LEVEL
        else "no difference is shown by this model"
    )
    yield Row("topic that treatment changes most", widest["source"], said, ours, why)


def sentiment() -> Iterator[Row]:
    """Yield the scores that VADER's authors print, by the engine that this package uses."""
    rows = read("published_vader")
    ours = score_lines([row["text"] for row in rows])["vader"]
    for row, score in zip(rows, ours, strict=True):
        why = compared(row["value"], float(score), 4)
        if why != SAME:
            why = "NLTK's engine reads this sentence otherwise than the authors' own"
        yield Row(f"VADER: {row['text']}", row["source"], row["value"], f"{score:.4f}", why)


def federalist(folder: Path | None) -> Iterator[Row]:
    """Yield whom each marker of the Federalist marks."""
    corpus = _federalist(folder)
    table = keyness(corpus, function_words=True, draws=99).table.set_index("term")
    for row in read("published_federalist"):
        if row["term"] not in table.index:
            yield Row(row["term"], row["source"], row["marks"], "does not occur", TOKENS)
            continue
        own = table.loc[row["term"]]
        side = "Hamilton" if own["log_ratio"] > 0 else "Madison"
        rates = f"{own['rate_target']:.2f} : {own['rate_reference']:.2f} per 1,000"
        ours = f"{side} ({rates}, {p_value(own['p_value'], named=True)})"
        why = SAME if side == row["marks"] else "the other way about in these papers"
        yield Row(f"marker “{row['term']}”", row["source"], row["marks"], ours, why)


def _federalist(folder: Path | None) -> Corpus:
    if folder is not None:
        return load_folders(folder / "Hamilton", folder / "Madison")
    path = ROOT / "data" / "examples" / "federalist.csv"
    return load_table(path, text="text", group="author", target="Hamilton", reference="Madison")


def rows(data: Path | None = None) -> list[Row]:
    """Return every row, in order."""
    papers = data / "federalist" if data and (data / "federalist").is_dir() else None
    return [
        *measures(), *quanteda(), *dispersions(), *sentiment(), *federalist(papers),
        *fightin_words(papers), *planted(papers), *(survey(data) if data else ()),
    ]  # fmt: skip


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a folder with data of one's own, see above")
    parser.add_argument("--csv", type=Path, help="write the table here")
    options = parser.parse_args()
    table = pd.DataFrame(rows(options.data), columns=list(Row._fields))
    for row in table.itertuples():
        print(f"{row.what}\n  published  {row.published}  ({row.source})\n  ours       {row.ours}\n"
              f"  {row.why}")  # fmt: skip
    same = int((table["why"] == SAME).sum())
    print(f"\n{len(table)} published results, {same} the same.")
    if options.csv:
        write_file(options.csv, to_csv(table))


if __name__ == "__main__":
    main()
