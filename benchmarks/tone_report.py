"""The tables of the benchmark of tone, in the README of the benchmarks and in the model card.

    python -m benchmarks.tone_report   writes both from resources/tone_checks.csv, without a new run

The README has every way of scoring, the card what a user of calibrated tone needs.
"""

from pathlib import Path

import pandas as pd

from analysis.files import resource, write_file
from analysis.tone.calibration import COMBINED
from analysis.tone.embedding import COLUMN as EMBEDDING
from benchmarks.tone_judge import RAW

HOME = Path(__file__).parent
CSV, README, CARD = resource("tone_checks.csv"), HOME / "README.md", resource("CALIBRATION.md")
HEADING = "\n# Tone\n"
MEASURED = "\n## What was measured\n"
ONE_RATER = "one rater, with the other nineteen"
RUNS = "pairs, runs of 100 words"
INTRODUCTION = """
Tone is judged by people: twenty raters of 5,190 sentences from 498 newspaper editorials (Hutto &
Gilbert 2014, doi:10.1609/icwsm.v8i1.14550). The texts are fetched through pip when the benchmark is
run, and never stored. Everything but the published row is **cross-validated by article**: what
judges an article was fitted on others. `analysis/resources/CALIBRATION.md` says how tone is
calibrated and what for, and how it does on other kinds of text.
"""
SUMMARY = """
Tone was judged on editorials by lines that no sentence of the same article had a part in. The
headline of every result is the combination with names masked. All lists and ways, and what was
tried and left out, are in `benchmarks/README.md`.
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
say of them; names masked.
""",
    "pairs": """
Nominal 95 % intervals for the difference of two articles, every pair judged by lines fitted without
the folds of either: how often they cover the difference that raters found, and their mean width.
Units are runs of about 100 words, or sentences; what calibration misses is added, but for VADER's
score as it is. An article of one unit has no interval: by runs, {pairs} of the pairs have one, by
sentences all. "These sentences" allows only for what raters would say of these very sentences, not
for others in their place.
""",
    "groups": """
Nominal 95 % intervals for the difference of two groups of 10, 20 or 60 articles each, held out: how
often they cover what raters found, how wide they are, and how often they leave zero out on the side
of the raters. Words hear part of what raters hear, so that without the louder side of the interval
the last three rows would be covered .58, .23 and .00 of the time.
""",
    "folds that split articles": """
Folds that split articles flatter whatever learns from words: it has seen the rest of the article.
The r of the same methods, by such folds and by whole articles:
""",
    "classes": """
Three classes, negative, neutral and positive, held against raters' means cut at half a unit:
Krippendorff's ordinal alpha, held out. No rated headlines come with a package; short sentences, up
to 14 words, and the same set in Title Case, are the nearest to them.
""",
    "actors": """
Tone toward whom a sentence names, held out. Nobody has rated these texts toward their actors. But
two rated sentences, each of which names somebody, were joined into one (600 times; half of the
joints, ", and", "as", "because", are no mark that parts them): raters' mean of either is then what
is said of whom it names. By name: raters' mean of the sentences that hold a name, of those that
stand in five or more, against mean tone; there the whole sentence has an advantage, as raters rated
it whole.
""",
    "own raters": """
Some ratings as codes of one's own, drawn 2,000 times: how often nominal 95 % intervals for the
difference of two groups hold that of all ratings, and by how much tone makes them narrower. Codes
are of either group.
""",
    "transfer": """
Elsewhere: the same calibration on other kinds of text, rated on the same scale, where nothing was
fitted. Tone tells better from worse there too, but its level and its units are the editorials'.
""",
}
MEASURES = ["r", "bias", "mean absolute error", "slope of rating on tone", "wrong sign"]


def write_reports() -> None:
    """Write the tables into both files, in place of the old ones."""
    table = pd.read_csv(CSV)
    for path, (heading, text) in reports(table).items():
        _replace(path, heading, text)


def reports(table: pd.DataFrame) -> dict[Path, tuple[str, str]]:
    """Return heading and text of each file's section.

    Parameters
    ----------
    table : the rows of ``analysis/resources/tone_checks.csv``
    """
    runs = table[(table["part"] == RUNS) & (table["measure"] == "pairs")]
    pairs = f"{runs['value'].iloc[0]:.0%}".replace("%", " %")
    full, card = (
        [text.format(pairs=pairs).strip() for name in parts for text in (TEXTS[name], parts[name])]
        for parts in (tables(table), headlines(table))
    )
    return {
        README: (HEADING, "\n\n".join([INTRODUCTION.strip(), *full])),
        CARD: (MEASURED, "\n\n".join([SUMMARY.strip(), *card])),
    }


def tables(table: pd.DataFrame) -> dict[str, str]:
    """Return the tables of all ways of scoring in Markdown, by the name of their text."""
    masked = table["masked"].eq(True)
    published, agreement = (table[table["part"] == p] for p in ("published", "agreement"))
    zero = table[masked & (table["part"] == "agreement")]
    return {
        "published": _markdown(_wide(published, ["r", "precision", "recall", "f1"])),
        "agreement": _markdown(_wide(_sloped(agreement), MEASURES)),
        "zero": _markdown(_wide(zero, ["scored zero", "rating where scored zero"])),
        "pairs": _markdown(_wide(_pairs(table[masked | _beside(table)]), ["covered", "width"])),
        "folds that split articles": _markdown(_leak(table)),
    }


def headlines(table: pd.DataFrame) -> dict[str, str]:
    """Return the tables of the headline and what it is compared with, likewise."""
    headline = (table["score"] == COMBINED) & table["masked"].eq(True)
    own = table[headline | _beside(table)]
    return {
        "agreement": _markdown(_wide(_sloped(own[own["part"] == "agreement"]), MEASURES)),
        "pairs": _markdown(_wide(_pairs(own), ["covered", "width"])),
        "groups": _markdown(_groups(own)),
        "classes": _markdown(_parts_of(table, "classes, ", ["ordinal alpha", "r"])),
        "actors": _markdown(_parts_of(table, "actors, ", ["r", "macro F1"])),
        "own raters": _markdown(_own_raters(table)),
        "transfer": _markdown(_transfer(own)),
    }


def _wide(rows: pd.DataFrame, measures: list[str]) -> pd.DataFrame:
    """Return one row a score, one column a measure and level."""
    rows = rows[rows["measure"].isin(measures)]
    names = rows["score"] + rows["masked"].map({True: ", names masked"}).fillna("")
    levels = list(dict.fromkeys(rows["level"]))
    headings = rows["measure"] + (", " + rows["level"] if len(levels) > 1 else "")
    wide = rows.assign(score=names, column=headings).pivot_table(
        index="score", columns="column", values="value"
    )
    order = [f"{m}, {level}" for m in measures for level in levels] if len(levels) > 1 else measures
    found = [column for column in order if column in wide]
    return wide.loc[list(dict.fromkeys(names)), found].reset_index()


def _beside(table: pd.DataFrame) -> pd.Series:
    """Tell which rows are of what lists are compared with, and never masked."""
    return table["score"].isin([RAW, EMBEDDING, ONE_RATER])


def _sloped(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the slope over sentences, which noise flattens: lines are fitted on articles."""
    return table[(table["measure"] != "slope of rating on tone") | (table["level"] == "article")]


def _pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about pairs of articles, the kind of interval as their level."""
    rows = table[table["part"].str.startswith("pairs, ")]
    return rows.assign(level=rows["part"].str.removeprefix("pairs, "))


def _groups(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about groups of articles."""
    rows = table[table["part"].str.startswith("groups, ")]
    wide = rows.pivot_table(index="part", columns="measure", values="value", sort=False)
    wide.index = wide.index.str.removeprefix("groups, ")
    return wide[["covered", "width", "sign"]].rename_axis("groups").reset_index()


def _parts_of(table: pd.DataFrame, prefix: str, measures: list[str]) -> pd.DataFrame:
    """Return one row a part of that name and a score, one column a measure."""
    rows = table[table["part"].str.startswith(prefix) & table["measure"].isin(measures)]
    rows = rows.assign(part=rows["part"].str.removeprefix(prefix))
    wide = rows.pivot_table(index=["part", "score"], columns="measure", values="value", sort=False)
    return wide[measures].reset_index()


def _own_raters(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about own raters, one a kind of text and number of codes."""
    found = _parts_of(
        table, "own raters, ", ["covered by codes", "covered by codes and tone", "narrower"]
    )
    names = found["part"].str.rsplit(", ", n=1, expand=True)
    return pd.concat([names.set_axis(["texts", "codes"], axis=1), found.iloc[:, 2:]], axis=1)


def _transfer(table: pd.DataFrame) -> pd.DataFrame:
    """Return agreement on other kinds of text, one below the other."""
    rows = table[table["part"].str.endswith(("reviews", "tweets"))]
    kinds = {name: _wide(own, MEASURES[:4]) for name, own in rows.groupby("part", sort=False)}
    return pd.concat(kinds, names=["texts"]).droplevel(1).reset_index()


def _leak(table: pd.DataFrame) -> pd.DataFrame:
    """Return the r of folds that split articles beside those of folds that do not."""
    wrong, right = (table[table["part"] == p] for p in ("folds that split articles", "agreement"))
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


if __name__ == "__main__":
    write_reports()
