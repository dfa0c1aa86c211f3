"""The tables of the benchmark of tone, as the README of the benchmarks and the model card show."""

from pathlib import Path

import pandas as pd

from analysis.files import write_file

HOME = Path(__file__).parent
README, CARD = HOME / "README.md", HOME.parent / "data" / "CALIBRATION.md"
HEADING = "\n# Tone\n"
MEASURED = "\n## What was measured\n"
INTRODUCTION = """
Tone is judged by people: twenty raters of 5,190 sentences from 498 newspaper editorials (Hutto &
Gilbert 2014, doi:10.1609/icwsm.v8i1.14550). The texts are fetched through pip when the benchmark is
run, and never stored. Everything but the published row is **cross-validated by article**: what
judges an article was fitted on others. `data/CALIBRATION.md` says how tone is calibrated, and what
for.
"""
TEXTS = {
    "published": """
The published row comes first: if it were not reproduced, the benchmark would stop. Classes are the
signs of score and mean rating; precision, recall and F1 of the three are averaged by how many
sentences raters put into each.
""",
    "agreement": """
Agreement with the raters' mean. An article's tone is the mean of its sentences'. The bias is tone
minus rating; the slope, of rating on tone over articles, is 1 where differences of tone are neither
too small nor too large; the sign is wrong where an article's tone and its rating differ in sign.
""",
    "zero": """
Sentences that are scored zero, because no word is known or because words cancel, and what raters
say of them.
""",
    "pairs": """
Nominal 95 % intervals for the difference of two articles, every pair judged by lines fitted without
the folds of either; how often they cover the difference that raters found, and their mean width.
Units are runs of about 100 words, or sentences; what calibration misses is added, but for VADER's
score as it is. An article of one unit has no interval ("pairs" is the share that has one). The last
rows allow only for what raters would say of these very sentences, not for others in their place.
""",
    "folds that split articles": """
Folds that split articles flatter whatever learns from words: it has seen the rest of the article.
The r of the same methods, by such folds and by whole articles:
""",
    "transfer": """
Elsewhere: the same calibration on other kinds of text, rated on the same scale, where nothing was
fitted. Tone tells better from worse there too, but its level and its units are the editorials'.
""",
}
ORDER = ["r", "bias", "mean absolute error", "slope of rating on tone", "wrong sign"]


def write_reports(table: pd.DataFrame) -> None:
    """Write the tables into both files, in place of the old ones."""
    parts = tables(table)
    text = "\n".join([INTRODUCTION, *(TEXTS[name] + "\n" + parts[name] for name in TEXTS)])
    _replace(README, HEADING, text)
    short = ("agreement", "zero", "pairs", "transfer")
    _replace(CARD, MEASURED, "\n".join(TEXTS[name] + "\n" + parts[name] for name in short))


def tables(table: pd.DataFrame) -> dict[str, str]:
    """Return the tables in Markdown, by the name of their text."""
    part = dict(tuple(table.groupby("part", sort=False)))
    agreement = part["agreement"]
    zero = agreement["measure"].str.contains("scored zero")
    others = [name for name in part if name.endswith(("reviews", "tweets"))]
    intervals = [name for name in part if name.startswith("pairs, ")]
    return {
        "published": _markdown(_wide(part["published"], ["r", "precision", "recall", "f1"])),
        "agreement": _markdown(_wide(agreement[~zero], ORDER)),
        "zero": _markdown(_wide(agreement[zero], ["scored zero", "rating where scored zero"])),
        "pairs": _markdown(_named(part, intervals, ["pairs", "covered", "width"])),
        "folds that split articles": _markdown(_leak(part)),
        "transfer": _markdown(_named(part, others, ORDER[:4])),
    }


def _wide(rows: pd.DataFrame, measures: list[str]) -> pd.DataFrame:
    """Return one row a score, one column a measure and level."""
    rows = rows[rows["measure"].isin(measures)]
    names = rows["score"] + rows["masked"].map({True: ", names masked"}).fillna("")
    headings = rows["measure"] + ", " + rows["level"]
    if len(set(rows["level"])) == 1:
        headings = rows["measure"]
    wide = rows.assign(score=names, column=headings).pivot_table(
        index="score", columns="column", values="value"
    )
    order = sorted(wide.columns, key=lambda c: (measures.index(c.split(",")[0]), c[::-1]))
    return wide.loc[list(dict.fromkeys(names)), order].reset_index()


def _named(part: dict[str, pd.DataFrame], names: list[str], measures: list[str]) -> pd.DataFrame:
    """Return the tables of several parts, one below the other."""
    tables = [
        _wide(part[name], measures).assign(part=name.removeprefix("pairs, ")) for name in names
    ]
    return pd.concat(tables)[["part", *dict.fromkeys(c for t in tables for c in t if c != "part")]]


def _leak(part: dict[str, pd.DataFrame]) -> pd.DataFrame:
    wrong, right = part["folds that split articles"], part["agreement"]
    keys = ["score", "masked", "level", "measure"]
    both = wrong.merge(right, on=keys, suffixes=("_split", "_whole"))
    return both.rename(columns={"value_split": "articles split", "value_whole": "articles whole"})[
        ["score", "level", "articles split", "articles whole"]
    ]


def _markdown(table: pd.DataFrame) -> str:
    lines = [list(table.columns), ["---"] * table.shape[1], *table.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return "" if value != value else f"{round(value, 3) + 0.0:.3f}"  # no minus zero


def _replace(path: Path, heading: str, text: str) -> None:
    """Put a text in place of a section of a file; a file without that section gets it as its last.

    A section ends where another heading of its level begins.
    """
    before, _, after = path.read_text(encoding="utf-8").partition(heading)
    level = heading.split(" ")[0] + " "
    rest = after[after.index(level) :] if level in after else ""
    write_file(path, f"{before.rstrip()}\n{heading}\n{text.strip()}\n{rest}".encode())
