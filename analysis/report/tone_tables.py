"""Tables about tone, as the notebook calls them."""

import math

import pandas as pd

from analysis.report.prose import Prose, markdown
from analysis.report.tables import DASH, Shown, interval, number, show
from analysis.report.tone_readings import tone_ladder
from analysis.report.tone_text import lexicon_name, percent
from analysis.report.tone_topics import TopicSplit
from analysis.text import Corpus, Group
from analysis.tone import scorers
from analysis.tone.calibration import load_calibration

MOST_NAMES = 12


def ladder_table(contrast: pd.DataFrame, corpus: Corpus) -> Shown:
    """Show the contrast from the naive number to the honest one, a step a row.

    Parameters
    ----------
    contrast : as from ``sentiment``
    corpus : the two groups
    """
    table = tone_ladder(contrast, corpus)
    target, reference = (group.label for group in corpus.groups)
    shown = pd.DataFrame(
        {
            "step": table["step"],
            "score": table["score"],
            "in units of": table["scale"],
            target: [number(x) for x in table["mean_target"]],
            reference: [number(x) for x in table["mean_reference"]],
            "difference": [number(x) for x in table["estimate"]],
            "95 % interval": [_interval(row) for _, row in table.iterrows()],
        }
    )
    return show(shown, right=[target, reference, "difference", "95 % interval"])


def lexicon_table() -> Shown:
    """Show what scores the sentences, down to the word lists' sums."""
    rows = [
        {
            "": lexicon_name(own.name),
            "words": len(own.valences),
            "engine": own.engine,
            "version": own.version,
            "licence": own.licence,
            "combined": own.column in load_calibration().parts,
            "SHA-256 of the word list": own.sha256,
        }
        for own in scorers()
    ]
    return show(pd.DataFrame(rows))


def groups_table(contrast: pd.DataFrame, corpus: Corpus) -> Shown:
    """Show what each side's tone rests on."""
    row = contrast.iloc[0]
    return show(pd.DataFrame([_side(row, group) for group in corpus.groups]))


def names_table(names: pd.DataFrame) -> Shown | Prose:
    """Show the masked names that hold a word which a lexicon would have scored.

    Parameters
    ----------
    names : as from ``masked_names``
    """
    telling = names[names["hides"] != ""]
    if telling.empty:
        return Prose("None of the masked names holds a word that a lexicon would have scored.")
    counts = telling.groupby(["name", "hides", "rule"]).size().rename("times").reset_index()
    order = counts.sort_values(["times", "name"], ascending=[False, True])
    columns = {"name": "name", "times": "times", "hides": "would be scored", "rule": "found by"}
    return show(order, columns=columns, rows=MOST_NAMES)


def split_table(split: TopicSplit, corpus: Corpus) -> Shown | Prose:
    """Show the contrast's parts: another mix of topics, another tone within them.

    Parameters
    ----------
    split : as from ``topic_split``
    corpus : the two groups
    """
    if split.table.empty:
        return Prose(f"The contrast cannot be split. {markdown(split.note)}")
    shown = pd.DataFrame({"topic": split.table["topic"]})
    for group in corpus.groups:
        shown[f"share {group.label}"] = [percent(x) for x in split.table[f"share_{group.role}"]]
        shown[f"tone {group.label}"] = [number(x) for x in split.table[f"mean_{group.role}"]]
    for part in ("mix", "within"):
        shown[part] = [_part(row, part) for _, row in split.table.iterrows()]
    return show(shown, right=list(shown.columns[1:]))


def split_finding(split: TopicSplit) -> Prose:
    """Say how much of the contrast is another mix of topics, and how far the topics hold."""
    if split.table.empty:
        return Prose("So nothing can be said of the mix of topics.")
    row = split.table.iloc[0]
    warning = (
        "The topics are taken as given."
        if split.stable
        else "The topics themselves are not stable (see the next notebook), so neither is this."
    )
    return Prose(
        f"Of the difference of {number(row['total'])}, {_part(row, 'mix')} comes from another mix "
        f"of topics and {_part(row, 'within')} from another tone within topics. {warning}"
    )


def extremes_table(table: pd.DataFrame) -> Shown | Prose:
    """Show the sentences at both ends of the scale, with their offsets in the raw files."""
    if table.empty:
        return Prose("No sentence holds a scored word.")
    columns = {"document": "document", "start": "from", "end": "to", "tone": "tone",
               "text": "sentence"}  # fmt: skip
    return show(table, columns=columns, digits=2)


def _side(row: pd.Series, group: Group) -> dict[str, object]:
    role = group.role
    return {
        "group": group.label,
        "sentences": row[f"n_{role}"],
        "units": row[f"units_{role}"],
        "tokens scored": percent(row[f"coverage_{role}"], 1),
        "sentences at exactly 0": percent(row[f"share_zero_{role}"]),
        "mean tone": number(row[f"mean_{role}"]),
        "against itself": number(row[f"self_{role}"]),
    }


def _interval(row: pd.Series) -> str:
    return DASH if math.isnan(row["ci_low"]) else interval(row["ci_low"], row["ci_high"])


def _part(row: pd.Series, part: str) -> str:
    """Write an effect with its interval."""
    if math.isnan(row[f"{part}_low"]):
        return number(row[part])
    return f"{number(row[part])} {interval(row[f'{part}_low'], row[f'{part}_high'])}"
