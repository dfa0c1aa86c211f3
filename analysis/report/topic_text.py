"""Words that figures, tables and findings about topics share."""

import math
from typing import Any

import pandas as pd

from analysis.findings import NOT_HELD
from analysis.report.captions import guard, record, sample
from analysis.report.tables import DASH, interval, number
from analysis.result import Result
from analysis.text import Corpus
from analysis.topicmodels.choice import TOP

LEVEL = 0.05
POWER = 0.8
MODELS = {
    "nmf": "non-negative matrix factorisation of TF-IDF",
    "lda": "latent Dirichlet allocation",
}


def percent(share: float) -> str:
    r"""Write a share as a percentage that no line breaks.

    >>> percent(0.247), percent(float("nan"))
    ('25\xa0%', '–')
    """
    return DASH if share != share else f"{number(100 * share, 0)}\u00a0%"


def points(low: float, high: float) -> str:
    """Write an interval of shares in percentage points.

    >>> points(-0.532, 0.126)
    '[−53, 13]'
    """
    return interval(100 * low, 100 * high, 0)


def signed(share: float) -> str:
    """Write a difference of shares in percentage points, with its sign.

    >>> signed(0.173), signed(-0.29)
    ('+17', '−29')
    """
    return f"{'+' if share > 0 else ''}{number(100 * share, 0)}"


def of_ten(share: float) -> str:
    """Write a share of top terms as a count of them, with one decimal.

    >>> of_ten(0.246)
    '2.5 of 10'
    """
    return f"{number(TOP * share, 1)} of {TOP}"


def many(count: int, thing: str) -> str:
    """Count things.

    >>> many(1, "topic"), many(5, "topic")
    ('1 topic', '5 topics')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def short(words: str, length: int = 60) -> str:
    """Shorten words for an alt text.

    >>> short("a, b, c", 5)
    'a, b…'
    """
    return words if len(words) <= length else f"{words[: length - 1]}…"


def named(found: Result) -> pd.DataFrame:
    """Return the contrast of prevalence as it is shown.

    ``shown`` is the label, after any given name; a detection floor of more than the whole of a
    unit, which no difference can reach, is infinite.
    """
    names = found.parts["cards"]["name"]
    shown = [
        f"{name}: {label}" if name else label
        for name, label in zip(names, found.table["label"], strict=True)
    ]
    floor = found.table["floor"]
    return found.table.assign(shown=shown, floor=floor.where(floor <= 1, math.inf))


def judged(topic: pd.Series) -> str:
    """Say why a topic is a finding or none, reasons joined by semicolons."""
    return "; ".join(reasons(topic))


def reasons(topic: pd.Series) -> list[str]:
    """Return why a topic is a finding or none, in words.

    Parameters
    ----------
    topic : a row of the table of ``topics``
    """
    if topic["alarm"]:
        return [str(reason) for reason in topic["alarm"]]
    if topic["finding"]:
        return ["differs"]
    return [NOT_HELD if topic["p_family"] < LEVEL else "no difference shown"]


def flagged(found: Result) -> int:
    """Return how many topics are flagged as likely artefacts."""
    return int(found.table["alarm"].astype(bool).sum())


def chosen(found: Result) -> pd.Series:
    """Return the row of its part ``quality`` for the number of topics used."""
    row: pd.Series = found.parts["quality"][found.parts["quality"]["chosen"]].iloc[0]
    return row


def tried(found: Result) -> str:
    """Say which numbers of topics were tried, after a noun; nothing if it was one."""
    ks = found.parts["quality"]["k"]
    return f" from {ks.min()} to {ks.max()}" if len(ks) > 1 else ""


def verdict(found: Result) -> str:
    """Say in one sentence whether there is a number of topics to be used."""
    if found.facts["stable"] and tried(found):
        k = found.facts["k"]
        recur = int(chosen(found)["recurring"])
        return (
            f"Of the stable numbers of topics{tried(found)}, {k} is the one with which most come "
            f"back, {recur}."
        )
    if found.facts["stable"]:
        return f"{found.facts['k']} topics are stable."
    if tried(found):
        return f"No number of topics{tried(found)} is stable."
    return f"{found.facts['k']} topics are not stable."


def model(found: Result) -> str:
    """Say which model this is, of which terms."""
    return (
        f"Topics named by {MODELS[found.settings['model']]}, {found.facts['terms']:,} terms that "
        "stand in at least two and at most half of the units; their words measured by a model of "
        f"counts, in which {percent(found.facts['background'])} of the words are of no topic in "
        "particular."
    )


def topic_record(found: Result, corpus: Corpus, **settings: Any) -> dict[str, Any]:
    """Return a figure's record: texts, model, settings, seed."""
    own = {
        "model": MODELS[found.settings["model"]],
        "k": found.facts["k"],
        "terms": found.facts["terms"],
        "words": found.settings["unit_tokens"],
        "draws": found.settings["draws"],
    }
    return record(corpus, seed=found.settings["seed"], **own, **settings)


def ending(found: Result, corpus: Corpus) -> str:
    """Say what units there are, and what the design cannot tell."""
    return f"{sample(corpus, found.units, found.unit)} {guard(corpus)}"
