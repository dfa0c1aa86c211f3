"""Put into the README, between their marks, the findings, the measures, and how often it errs."""

import re
from pathlib import Path

import pandas as pd

from analysis.inference.levels import LEVEL
from analysis.keywords.registry import listed
from analysis.numbers import largest

ROOT = Path(__file__).resolve().parents[1]
NULLS = ROOT / "benchmarks" / "nulls.csv"
MADE = ROOT / "benchmarks" / "validity.csv"


def main() -> None:
    """Rewrite the README if what it quotes has changed."""
    readme = ROOT / "README.md"
    old = readme.read_text(encoding="utf-8")
    new = put(old, "findings", (ROOT / "figures" / "findings.md").read_text(encoding="utf-8"))
    new = put(new, "measures", f"\n{listed()}\n")
    new = put(new, "nulls", f"{false_alarms(pd.read_csv(NULLS))}\n")
    new = put(new, "made", f"{false_alarms_made(made_corpora())}\n")
    if new != old:
        readme.write_text(new, encoding="utf-8")


def false_alarms(nulls: pd.DataFrame) -> str:
    """Say how often some keyword passes in texts that do not differ, and where most often.

    Parameters
    ----------
    nulls : as ``benchmarks/nulls.csv``: one row a kind of text and design
    """
    alarms = nulls["any term"] * nulls["splits"]
    most = nulls["splits"] == nulls["splits"].max()
    worst, surest = (
        nulls.loc[of].iloc[largest(nulls.loc[of, "any term"])] for of in (nulls["splits"] > 0, most)
    )
    fewest = nulls.loc[~most, "splits"]
    share = 100 * alarms.sum() / nulls["splits"].sum()
    said = (
        f"Real texts of one kind were dealt at random into two groups, {nulls['splits'].sum():,} "
        f"times, so that nothing is to be found: some keyword passed the family-wise "
        f"{100 * LEVEL:g} % in {share:.1f} % of them. The worst of {len(nulls)} designs is "
        f"{_design(worst)}"
    )
    if fewest.empty:
        return f"{said}; each rests on {nulls['splits'].max()} splits."
    return (
        f"{said}; of those tried most often, {_design(surest)}. "
        f"The others rest on {fewest.min()} to {fewest.max()} splits each."
    )


def made_corpora() -> pd.DataFrame:
    """Return the benchmark of made corpora; "null" and "none" are words in it."""
    return pd.read_csv(MADE, keep_default_na=False, na_values="")


def false_alarms_made(validity: pd.DataFrame) -> str:
    """Say how often some keyword passes in made corpora without a difference, by design.

    Parameters
    ----------
    validity : as ``benchmarks/validity.csv``: one row a design, method and figure
    """
    own = validity.query("question == 'null' and method == 'count test' and figure == 'any term'")
    worst = own.iloc[largest(own["value"])]
    return (
        f"In made corpora that do not differ some keyword passed in {100 * own['value'].min():.1f} "
        f"to {100 * worst['value']:.1f} %, by design; in the worst of {len(own)} designs, "
        f"{worst['size']}, in {round(worst['value'] * worst['replicates'])} of "
        f"{worst['replicates']}."
    )


def _design(row: pd.Series) -> str:
    alarms = round(row["any term"] * row["splits"])
    return (
        f"{row['texts']}, {row['target']} + {row['reference']} texts, with {alarms} of "
        f"{row['splits']}"
    )


def put(text: str, name: str, content: str) -> str:
    """Return a text with other content between the marks of that name."""
    block = re.compile(rf"(<!-- {name}.*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    new, count = block.subn(lambda match: f"{match[1]}{content}{match[2]}", text)
    if count != 1:
        raise SystemExit(f"README.md must hold one block between the marks for {name}.")
    return new


if __name__ == "__main__":
    main()
