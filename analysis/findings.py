"""All analyses of a comparison together: their results, one scale for them, facts for claims."""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from analysis.description import annotate, describe
from analysis.inference.levels import passes
from analysis.keywords import concept_keyness, keyness, phrase_keyness
from analysis.keywords.formulas import fisher_p
from analysis.keywords.table import family_members, tests_of
from analysis.numbers import largest, ordered
from analysis.result import Outcome, Result, analysis, unit_name
from analysis.text import Corpus, count_terms, cut_units
from analysis.text.units import UNIT_TOKENS, documents_are_units
from analysis.tone import actor_tone, sentiment, tone_ladder
from analysis.topicmodels import topics

TONE = "calibrated tone"
NOT_HELD = "not held up"
LENGTHS = (50, 75, 100, 150, 200)  # of passages, in tokens
FLOORS = ("floor_target", "floor_reference")
FEW_DRAWS = 999  # for a family-wise p that is not looked at
ROUTES = ["finding", "length", "terms", "counted", "lexicon", "names", "p_judged", "p_source"]
COLUMNS = [
    "analysis", "name", "estimate", "family_low", "family_high", "p_family", "itself",
    "scaled", "scaled_low", "scaled_high", "flag",
]  # fmt: skip


def all_results(corpus: Corpus) -> dict[str, Result]:
    """Run every analysis that the findings rest on.

    Returns
    -------
    dict
        ``sizes`` (``describe``), ``keywords``, ``phrases``, ``concepts``, ``tone``, ``actors`` (if
        the corpus names any), ``ladder`` (``tone_ladder``), ``topics``, ``notes`` (``annotate``, if
        the corpus names annotations).
    """
    results = {
        "sizes": describe(corpus),
        "keywords": keyness(corpus),
        "phrases": phrase_keyness(corpus),
        "concepts": concept_keyness(corpus),
        "tone": sentiment(corpus),
        "topics": topics(corpus),
    }
    results["ladder"] = tone_ladder(results["tone"])
    if corpus.actors:
        results["actors"] = actor_tone(corpus)
    if corpus.annotations:
        results["notes"] = annotate(corpus)
    return results


@analysis("summary")
def summary(terms: Result, tone: Result, prevalence: Result, *, each: int = 5) -> Outcome:
    """Join the contrasts of terms, tone and topics on one scale.

    Every contrast is divided by its *self-contrast*: the difference that a group's own text, set
    against itself at the lengths at hand, stays under in 95 % of draws (the larger of the two
    groups'). On that scale 1 is what chance alone may produce, whatever was measured.

    Parameters
    ----------
    terms : from ``keyness``
    tone : from ``sentiment``; its first row is taken, the calibrated tone of all lexicons
    prevalence : from ``topics``
    each : how many terms with the highest scores to take of either side

    Returns
    -------
    Result
        One row a contrast: ``analysis`` (keyword, tone, topic), ``name``, the contrast with its
        family-wise interval and p as in its own table, which agree (tone is one contrast, fixed
        beforehand, and so a family of its own: its own interval and p); ``itself`` (the
        self-contrast), ``scaled, scaled_low, scaled_high``, and ``flag`` (why a topic
        is no finding, or empty).
    """
    scores = terms.table["score"]
    ends = pd.concat([terms.table[scores > 0].head(each), terms.table[scores < 0].tail(each)])
    parts = [
        _part("keyword", ends.rename(columns={"term": "name", "log_ratio": "estimate"})),
        _part("tone", _alone(tone.table.head(1)).assign(name=TONE)),
        _part("topic", _flagged(prevalence.table).rename(columns={"label": "name"})),
    ]
    table = pd.concat(parts, ignore_index=True)
    for column, source in (
        ("scaled", "estimate"),
        ("scaled_low", "family_low"),
        ("scaled_high", "family_high"),
    ):
        table[column] = table[source] / table["itself"]  # an interval may be open at one end
    method = "contrasts and family-wise intervals, divided by what a text against itself gives"
    return Outcome(table[COLUMNS], terms.units, terms.unit, method)


@analysis("multiverse")
def multiverse(corpus: Corpus, *, words: Sequence[str] = ()) -> Outcome:
    """Take the findings on words, and that on tone, by every route that could be defended.

    Of a word: passages of each of ``LENGTHS`` tokens (where documents are not the units), terms
    with and without function words, words or families of words. Of tone: passages as before, each
    lexicon and all combined, names masked or not.

    Parameters
    ----------
    words : terms, as ``keyness`` has them

    Returns
    -------
    Result
        One row a finding and route: ``finding`` (the word, or ``tone``), ``length`` of passages,
        ``terms`` (without or with function words), ``counted`` (words or families), ``lexicon``,
        ``names`` (masked or kept), the last four empty where they do not apply; ``p_judged``:
        family-wise, of a word (of single texts, by bursts within them), its own, of tone;
        ``p_source``, of a word in single texts, family-wise by texts of one source; and whether the
        finding ``holds`` at the level, by ``p_judged``.
    """
    lengths = (UNIT_TOKENS,) if documents_are_units(corpus) else LENGTHS
    rows = [
        route
        for length in lengths
        for route in (*_routes_of_words(corpus, words, length), *_routes_of_tone(corpus, length))
    ]
    table = pd.DataFrame(rows, columns=ROUTES).assign(holds=lambda t: passes(t["p_judged"]))
    table = ordered(table, ["finding", "length"])
    units = cut_units(corpus)
    return Outcome(table, units, unit_name(corpus), "every defensible route, a test each")


def _routes_of_words(
    corpus: Corpus, words: Sequence[str], length: int
) -> Iterator[tuple[object, ...]]:
    for function_words, family in product((False, True), (None, "stem")):
        count = partial(count_terms, corpus, unit_tokens=length, function_words=function_words)
        counts = count(family=family)
        test, within = tests_of(counts)
        p = pd.Series((within or test).p_family, index=list(counts.terms))
        source = pd.Series(test.p_family if within else math.nan, index=p.index)
        names = dict(zip(counts.terms, counts.terms, strict=True))
        if family:
            members = family_members(count())
            names = dict(zip(members["word"], members["family"], strict=True))
        how = "with function words" if function_words else "without function words"
        for word in words:
            both = [float(own.get(names.get(word), math.nan)) for own in (p, source)]
            yield word, length, how, "families" if family else "words", "", "", *both


def _routes_of_tone(corpus: Corpus, length: int) -> Iterator[tuple[object, ...]]:
    table = sentiment(corpus, unit_tokens=length, draws=FEW_DRAWS).table
    ways = table[table["calibrated"]]
    for lexicon, masked, p in zip(ways["lexicon"], ways["masked"], ways["p_value"], strict=True):
        yield "tone", length, "", "", lexicon, "masked" if masked else "kept", float(p), math.nan


def claim_tables(results: Mapping[str, Result]) -> dict[str, pd.DataFrame]:
    """Return what claims may rest on: the tables of results with their row names as index.

    Parameters
    ----------
    results : as from ``all_results``

    Returns
    -------
    dict
        ``sizes`` by group, ``keywords`` and ``phrases`` by term, ``concepts`` by name (empty
        without lists of concepts), ``tone`` by way of scoring (the headline is ``combined masked
        calibrated``, the naive row ``VADER``), ``actors`` by name (empty without a list of
        actors), ``ladder`` by rung, ``topics`` by label; ``sections`` by "document: section" and
        ``referents`` by "term: code", with ``of_target, of_reference``, all occurrences of the
        term, rates per thousand words, and ``fisher_p``, as if occurrences were independent (both
        only where the corpus has annotations); ``overall``, one row ``all``: see ``overall``.
    """
    none = pd.DataFrame(columns=["actor", "p_family"])
    actors = results["actors"].table if "actors" in results else none
    tone = results["tone"].table
    ways = tone[["lexicon", "masked", "calibrated"]].itertuples(index=False)
    return {
        "sizes": results["sizes"].table.set_index("group"),
        **{
            name: results[name].table.set_index("term", drop=False)
            for name in ("keywords", "phrases", "concepts")
        },
        "tone": tone.set_axis(pd.Index([way_name(*way) for way in ways], name="way")),
        "actors": actors.set_index("actor", drop=False),
        "ladder": results["ladder"].table.set_index("rung", drop=False),
        "topics": results["topics"].table.set_index("label", drop=False),
        "overall": pd.DataFrame([overall(results, actors)], index=["all"]),
        **(_noted(results["notes"], results["sizes"]) if "notes" in results else {}),
    }


def overall(results: Mapping[str, Result], actors: pd.DataFrame) -> dict[str, float]:
    """Return single facts about all results.

    ``longer``, how many times as long one group is; ``terms``, and how many are ``established`` at
    a family-wise 5 %, or differ by more than bursts within the texts explain (``within``); those
    that do so taken one by one (``alone_within``), and for how many of these the test of two texts
    of one source is the ``stricter``; of how many terms a difference could be found at all, towards
    either side (``findable_target, findable_reference``);
    ``topics``, ``topic_findings`` among them, how surely the ``steadiest_topic`` comes back, the
    ``least_topic_floor``; of the topic whose prevalence differs most
    ``widest_topic``, its interval ``widest_low, widest_high`` and its range over refits
    ``widest_refit_low, widest_refit_high``; ``readings``, ways of scoring tone, and how many give
    the difference the headline's ``same_sign`` (calibration changes none); ``actors``, those named
    in enough units of both groups (``actors_named``), those with a tone that differs at a
    family-wise 5 % (``actors_shown``); the intervals, within a group, of the words around an
    actor's names against its other sentences (``rest_intervals``), and how many of them leave out
    zero (``rest_beyond``).
    """
    tokens = results["sizes"].table["tokens"]
    terms, tone, topic = (results[name].table for name in ("keywords", "tone", "topics"))
    widest = topic.iloc[largest(topic["estimate"].abs())]
    alone = terms[passes(terms["p_within"])]
    readings = tone.loc[tone["calibrated"], "estimate"].dropna()
    return {
        "longer": float(tokens.max() / tokens.min()),
        "terms": len(terms),
        "established": int(terms["established"].sum()),
        "within": int(passes(terms["p_within_family"]).sum()),
        "alone_within": len(alone),
        "stricter": int((alone["p_value"] > alone["p_within"]).sum()),
        **{
            name.replace("floor", "findable"): int(np.isfinite(terms[name]).sum())
            for name in FLOORS
        },
        "topics": len(topic),
        "topic_findings": int(topic["finding"].sum()),
        "steadiest_topic": float(topic["stability"].max()),
        "least_topic_floor": float(topic["floor"].min()),
        "widest_topic": float(widest["estimate"]),
        "widest_low": float(widest["ci_low"]),
        "widest_high": float(widest["ci_high"]),
        "widest_refit_low": float(widest["refit_low"]),
        "widest_refit_high": float(widest["refit_high"]),
        "readings": len(readings),
        "same_sign": int((readings * tone["estimate"].iloc[0] > 0).sum()),
        "actors": len(actors),
        "actors_named": int(actors["p_family"].notna().sum()),
        "actors_shown": int(passes(actors["p_family"]).sum()),
        **_beside_others(actors),
    }


def _beside_others(actors: pd.DataFrame) -> dict[str, int]:
    """Count the intervals of an actor's tone against the other sentences of the same group."""
    low, high = (
        actors.reindex(columns=[f"rest_{end}_target", f"rest_{end}_reference"]).to_numpy(float)
        for end in ("low", "high")
    )
    return {
        "rest_intervals": int((~np.isnan(low)).sum()),
        "rest_beyond": int(((low > 0) | (high < 0)).sum()),
    }


def _noted(notes: Result, sizes: Result) -> dict[str, pd.DataFrame]:
    sections, referents = notes.parts["sections"], notes.parts["referents"]
    every = referents.groupby("term")[["n_target", "n_reference"]].transform("sum")
    every.columns = ["of_target", "of_reference"]
    n_target, n_reference = (float(tokens) for tokens in sizes.table["tokens"])
    a, b = (referents[column].to_numpy(float) for column in ("n_target", "n_reference"))
    referred = referents.join(every).assign(
        rate_target=1000 * a / n_target,
        rate_reference=1000 * b / n_reference,
        fisher_p=fisher_p(a, b, n_target, n_reference),
    )
    return {
        "sections": sections.set_index(sections["document"] + ": " + sections["section"]),
        "referents": referred.set_index(referents["term"] + ": " + referents["code"]),
    }


def way_name(lexicon: str, masked: bool, calibrated: bool) -> str:
    """Name one way of scoring.

    >>> way_name("combined", True, True), way_name("VADER", False, False)
    ('combined masked calibrated', 'VADER')
    """
    return f"{lexicon}{' masked' if masked else ''}{' calibrated' if calibrated else ''}"


def _flagged(prevalence: pd.DataFrame) -> pd.DataFrame:
    """Add why a topic is no finding: its alarm, or what took back a difference that passed."""
    passed = passes(prevalence["p_family"]) & ~prevalence["finding"].astype(bool)
    flags = [
        str(alarm) if alarm else NOT_HELD if unheld else ""
        for alarm, unheld in zip(prevalence["alarm"], passed, strict=True)
    ]
    return prevalence.assign(flag=flags)


def _alone(table: pd.DataFrame) -> pd.DataFrame:
    """Return a contrast that was fixed beforehand as a family of one."""
    own = {"family_low": "ci_low", "family_high": "ci_high", "p_family": "p_value"}
    return table.assign(**{family: table[single] for family, single in own.items()})


def _part(analysis: str, table: pd.DataFrame) -> pd.DataFrame:
    itself = table[["self_target", "self_reference"]].max(axis=1)
    flag = table.get("flag", "")
    columns = ["name", "estimate", "family_low", "family_high", "p_family"]
    return table[columns].assign(analysis=analysis, itself=itself, flag=flag)
