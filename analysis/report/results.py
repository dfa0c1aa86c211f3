"""All results of a comparison as tables with named rows, for claims to rest on."""

import pandas as pd

from analysis.keywords import keyness
from analysis.keywords.beyond_words import concept_keyness, phrase_keyness
from analysis.numbers import largest
from analysis.text import Corpus, group_sizes
from analysis.tone import actor_tone, sentiment
from analysis.topicmodels import topics

LEVEL = 0.05


def all_results(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """Run the three analyses and return their tables, each with its row names as index.

    Returns
    -------
    dict
        ``sizes`` by group, ``keywords`` and ``phrases`` by term, ``concepts`` by name (empty
        without lists of concepts), ``tone`` by way of scoring (the
        headline is ``combined masked calibrated``, the naive row ``VADER``; see ``reading_name``),
        ``actors`` by name (empty without a list of actors), ``topics`` by label, and ``overall``,
        one row ``all``: how many terms there are, and are established at a family-wise 5 %; topics,
        those that are findings, how surely the steadiest comes back, the least detection floor of
        any, and the topic whose prevalence differs most, with the interval of that difference and
        its range over refits; ways of scoring tone (each lexicon and the combination, names masked
        or not), and how many give the difference the headline's sign; actors, those named in enough
        units of both groups, and those with a tone that differs at a family-wise 5 %.
    """
    terms, tone, found = keyness(corpus).table, sentiment(corpus).table, topics(corpus)
    actors = (
        actor_tone(corpus).table if corpus.actors else pd.DataFrame(columns=["actor", "p_family"])
    )
    sizes = group_sizes(corpus).set_index("group")
    tokens = sizes["tokens"].to_numpy(dtype=float)
    widest = found.table.iloc[largest(found.table["estimate"].abs())]
    overall = {
        "longer": float(tokens.max() / tokens.min()),
        "terms": len(terms),
        "established": int((terms["p_family"] < LEVEL).sum()),
        "topics": len(found.table),
        "topic_findings": int(found.table["finding"].sum()),
        "steadiest_topic": float(found.table["stability"].max()),
        "least_topic_floor": float(found.table["floor"].min()),
        "widest_topic": float(widest["estimate"]),
        "widest_low": float(widest["ci_low"]),
        "widest_high": float(widest["ci_high"]),
        "widest_refit_low": float(widest["refit_low"]),
        "widest_refit_high": float(widest["refit_high"]),
        **_signs(tone),
        "actors": len(actors),
        "actors_named": int(actors["p_family"].notna().sum()),
        "actors_shown": int((actors["p_family"] < LEVEL).sum()),
    }
    return {
        "sizes": sizes,
        "keywords": terms.set_index("term", drop=False),
        "phrases": phrase_keyness(corpus).table.set_index("term", drop=False),
        "concepts": concept_keyness(corpus).table.set_index("term", drop=False),
        "tone": _by_reading(tone),
        "actors": actors.set_index("actor", drop=False),
        "topics": found.table.set_index("label", drop=False),
        "overall": pd.DataFrame([overall], index=["all"]),
    }


def reading_name(lexicon: str, masked: bool, calibrated: bool) -> str:
    """Name one way of scoring, as a row of ``all_results(...)["tone"]``.

    >>> reading_name("combined", True, True), reading_name("VADER", False, False)
    ('combined masked calibrated', 'VADER')
    """
    return f"{lexicon}{' masked' if masked else ''}{' calibrated' if calibrated else ''}"


def _by_reading(tone: pd.DataFrame) -> pd.DataFrame:
    ways = tone[["lexicon", "masked", "calibrated"]].itertuples(index=False)
    return tone.set_axis(pd.Index([reading_name(*way) for way in ways], name="reading"))


def _signs(tone: pd.DataFrame) -> dict[str, int]:
    """Count the ways of scoring, and those of the headline's sign: calibration changes none."""
    estimates = tone.loc[tone["calibrated"], "estimate"].dropna()
    same = int((estimates * tone["estimate"].iloc[0] > 0).sum())
    return {"readings": len(estimates), "same_sign": same}
