"""Keywords: figures, tables and findings, as the second notebook calls them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference.levels import LEVEL, POWER, passes
from analysis.keywords.formulas import PRIOR_TOKENS
from analysis.keywords.registry import MEASURES
from analysis.numbers import DASH, falling, interval, largest, number, ordered, p_value, reaches
from analysis.report import keyword_plots as plots
from analysis.report.drawing import DOUBLE, MM, ONE_AND_HALF, SINGLE, canvas
from analysis.report.figure import Published, publish
from analysis.report.numbering import WORD, link, table_id
from analysis.report.tables import Shown, show
from analysis.result import Result, about
from analysis.sentences import Prose, headings_of, prose, say
from analysis.text import Corpus
from analysis.text.concordance import all_as_written, as_written, first_occurrences
from analysis.text.documents import ClosedCorpus

SHOWN, ROWS = 7, 10  # terms a side in a table of keywords, and rows of other tables
LEADS = 6  # terms a side that a finding names
STRICT = 10.83  # a customary cut of G², its textbook p = .001
FEW_WAYS = 100  # to deal units out: fewer say little
ROOM = 60  # letters of a sentence on either side of a term
LINEUP = 5  # panels in a row of a line-up
RARE_RATE = 0.5  # per 1,000 words, below which one decimal says little
RARE = 2  # occurrences up to which a dispersion is a matter of the count alone
SIGNIFICANT = 3  # digits of a value beside others of quite another size
COMPARED = 4  # digits of a value that another tool may have printed
TINY = 1e-6  # a p-value of which no digits are shown
ROLES = ("target", "reference")
LIMITS = ["itself", "floor"]
DIGITS = {"log_ratio": 1, "itself": 1, "floor": 1, "g2": 1}
COUNTS = ["n_target", "n_reference"]
DISPERSION = ["dispersion_target", "dispersion_reference"]
CONTRAST = ["log_ratio", "interval", *LIMITS, "p_value", "p_family", "p_within_family"]
PAIRS = ["counts", "spread"]


# Which rows are shown, and what their terms are called


def as_shown(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Return a table with its terms as the texts write them (``as_written``)."""
    return table.assign(term=all_as_written(corpus, list(table["term"])))


def strongest(table: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """Return the terms with the highest scores of either side, from strong to weak.

    Those of the target come first. A term that is reported is among them, whatever its score.
    """
    reported = (table["established"] | passes(table["p_within_family"])).to_numpy(dtype=bool)
    sides: list[np.ndarray] = []
    for side in (table["score"] > 0, table["score"] < 0):
        places = np.flatnonzero(side)[:: 1 if not sides else -1]
        first = np.r_[places[reported[places]], places[~reported[places]]][:count]
        sides.append(places[np.isin(places, first)])
    return table.iloc[np.concatenate(sides)].reset_index(drop=True)


def misread(table: pd.DataFrame) -> pd.DataFrame:
    """Return the terms that G² calls significant at .05 and the count test does not.

    The most frequent come first, ties by the p of G², then by term.
    """
    wrong = table[passes(table["g2_p"]) & reaches(table["p_value"], LEVEL)]
    rare = -(wrong["n_target"] + wrong["n_reference"])
    return ordered(wrong.assign(rare=rare), ["rare", "g2_p", "term"]).drop(columns="rare")


def established(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that pass the family-wise level."""
    return table[table["established"]]


def uneven(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that differ by more than bursts within single texts explain."""
    return table[passes(table["p_within_family"])]


def contrast_columns(told: pd.DataFrame) -> list[str]:
    """Return the columns that say how far rows differ and how sure that is, of those that say much.

    A column of detection floors of which at most one is finite goes, and so does that of the test
    of single texts where no group is one.

    Parameters
    ----------
    told : as from ``with_limits``
    """
    few = not _floors_listed(told)
    groups = bool(told["p_within_family"].isna().all())
    idle = {"floor": few, "p_within_family": groups}
    return [column for column in CONTRAST if not idle.get(column)]


def note_facts(told: pd.DataFrame, what: str) -> dict[str, Any]:
    """Return what a note below rows of ``with_limits`` says of their columns."""
    return {
        "what": what,
        "rows": len(told),
        "floors": _floors_listed(told),
        "infinite": int((~np.isfinite(told["floor"])).sum()),
        "single": bool(told["p_within_family"].notna().any()),
        "pictures": sum(not any(map(str.isalnum, term)) for term in told["term"]),
    }


def _floors_listed(told: pd.DataFrame) -> bool:
    """Tell whether detection floors are worth a column: more than one of them is finite."""
    return int(np.isfinite(told["floor"]).sum()) > 1


def single_texts(terms: Result) -> bool:
    """Tell whether a group is a single text, so that passages have a test of their own."""
    return bool(terms.table["p_within_family"].notna().any())


def with_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Add to a keyness table what readers judge a log ratio by, and drop what means nothing.

    ``itself`` is the larger of both groups' self-contrasts, ``floor`` the detection floor on the
    side that the term marks; a dispersion of one or two occurrences becomes NaN. As text there are
    the own ``interval`` of a term, and of target and reference its ``counts`` and its dispersions
    (``spread``).
    """
    towards = np.where(table["log_ratio"] > 0, table["floor_target"], table["floor_reference"])
    itself = table[["self_target", "self_reference"]].max(axis=1)
    even = {
        f"dispersion_{role}": table[f"dispersion_{role}"].where(table[f"n_{role}"] > RARE)
        for role in ROLES
    }
    told = table.assign(**even, itself=itself, floor=towards)
    texts = {
        "interval": [interval(low, high, 1) for low, high in _rows(table, ["ci_low", "ci_high"])],
        "counts": [f"{a:,} : {b:,}" for a, b in _rows(table, COUNTS)],
        "spread": [f"{number(a)} : {number(b)}" for a, b in _rows(told, DISPERSION)],
    }
    return told.assign(**{name: pd.Series(own, told.index, str) for name, own in texts.items()})


def _rows(table: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    return table[columns].itertuples(index=False, name=None)


# What is true of them


def limit_facts(terms: Result, what: str = "term") -> dict[str, Any]:
    """Return what could be found at these lengths, and what chance gives, for ``limits``."""
    table = terms.table
    total = table["n_target"] + table["n_reference"]
    single = "p_within_family" in table and single_texts(terms)
    floors = [
        {
            "label": group.label,
            "role": group.role,
            "floor": table[f"floor_{group.role}"].min(),
        }
        for group in terms.corpus.groups
    ]
    seen = table[["floor_target", "floor_reference"]].min(axis=1) < np.inf
    need = int(total[seen].min()) if seen.any() else 0
    least = [floor["floor"] for floor in floors if floor["floor"] < np.inf]
    without = [floor["label"] for floor in floors if not floor["floor"] < np.inf]
    return {
        "what": what,
        "single": single,
        "occurring": len(table),
        "seen": bool(seen.any()),
        "floors": [floor for floor in floors if floor["floor"] < np.inf],
        "one_floor": len(least) == 2 and number(least[0], 1) == number(least[1], 1),
        "least": min(least, default=math.inf),
        "without": without,
        "without_count": len(without),
        "need": need,
        "rarer": bool((total < need).any()),
        "itself": float(table[["self_target", "self_reference"]].max(axis=1).median()),
    }


def row_facts(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what a sentence may say of each row: its columns, and its interval as ``ci``."""
    return [
        {str(name): value for name, value in row.items()} | {"ci": (row["ci_low"], row["ci_high"])}
        for row in rows.to_dict("records")
    ]


def contrast_facts(terms: Result, leads: int = LEADS) -> dict[str, Any]:
    """Return how many rows there are, those that pass, and which lead on either side.

    Rows that pass come by falling score, of either side.
    """
    table = as_shown(terms.table, terms.corpus)
    strong = table.iloc[falling(table["score"].abs())]
    sure, own = established(strong), uneven(strong)
    facts = about(terms) | {"terms": len(table), "passing": len(sure), "rows": row_facts(sure)}
    facts |= {"within": len(own), "within_rows": row_facts(own), "single": single_texts(terms)}
    told = sure if len(sure) else own
    banded = told[told["log_ratio"].abs() <= told[["self_target", "self_reference"]].max(axis=1)]
    facts |= {"banded": list(banded["term"]), "banded_count": len(banded)}
    facts["leading"] = int((table["score"] != 0).sum())
    for role, sign in zip(ROLES, (1, -1), strict=True):
        own = table[table["score"] * sign > 0]
        ranked = own.head(leads) if sign > 0 else own.tail(leads)[::-1]
        facts[f"leads_{role}"] = {
            "shown": len(ranked),
            "terms": list(ranked["term"]),
            "alone": int(passes(ranked["p_value"]).sum()),
        }
    return facts


def keywords_finding(terms: Result) -> Prose:
    """Say what marks each group, how sure that is, and what other tests would have claimed."""
    columns = {"g2": "g2_p", "fisher": "fisher_p", "alone": "p_value", "alone_within": "p_within"}
    claimed = {name: int(passes(terms.table[p]).sum()) for name, p in columns.items()}
    told = {"expected": 0.0, "outside": "", "expected_within": -1.0} | dict(terms.facts)
    facts = contrast_facts(terms) | claimed | limit_facts(terms)
    return prose("keywords.finding", facts | told)


# Tables


def keywords_table(terms: Result, count: int = SHOWN) -> Shown | Prose:
    """Show the strongest keywords of each side; without any, say so."""
    strong = strongest(terms.table, count)
    if strong.empty:
        return prose("keywords.ranked.none", {})
    told = with_limits(as_shown(strong, terms.corpus))
    shown = show(
        told,
        columns=headings_of("keywords.keywords", ["term", *PAIRS, *contrast_columns(told)]),
        digits=DIGITS,
        right=[*PAIRS, "interval"],
        note=say("keywords.note_of_terms", about(terms) | note_facts(told, "term")),
        links={"term": link(WORD)},
        id=table_id(WORD),
    )
    return replace(shown, examples=_first_sentences(strong, terms.corpus))


def _first_sentences(strong: pd.DataFrame, corpus: Corpus) -> tuple[tuple[str, str], ...]:
    """Return each term with where it first stands in the group that it marks, if texts are here."""
    if isinstance(corpus, ClosedCorpus):
        return ()
    marked = [corpus.groups[int(score < 0)].label for score in strong["score"]]
    terms = {label: list(strong["term"][np.array(marked) == label]) for label in set(marked)}
    found = first_occurrences(corpus, terms)
    lines = {(row.group, row.term): _cut_around(row) for row in found.itertuples()}
    places = zip(marked, strong["term"], as_shown(strong, corpus)["term"], strict=True)
    return tuple((name, lines[own, term]) for own, term, name in places if (own, term) in lines)


def _cut_around(line: Any) -> str:
    """Return a sentence, of a long one what stands around the term."""
    left, right = line.left, line.right
    if len(left) > ROOM:
        left = f"…{left[-ROOM:].partition(' ')[2]}"
    if len(right) > ROOM:
        right = f"{right[:ROOM].rpartition(' ')[0]}…"
    return f"{left}{line.node}{right}"


def misread_table(terms: Result, rows: int = ROWS) -> Shown:
    """Show what G² calls significant and the count test does not."""
    told = with_limits(misread(terms.table))
    headings = headings_of(
        "keywords.misread",
        [
            "term",
            *PAIRS,
            "log_ratio",
            *(name for name in contrast_columns(told) if name in LIMITS),
            "g2",
            "g2_p",
            "fisher_p",
            *(["p_within"] if single_texts(terms) else []),
            "p_value",
            "p_permutation",
        ],
    )
    return show(
        as_shown(told, terms.corpus),
        columns=headings,
        rows=rows,
        digits=DIGITS,
        right=PAIRS,
        note=say("keywords.note_of_misread", note_facts(told, "term")),
        links={"term": link(WORD)},
        id=table_id("misread"),
    )


# Figures


def ranked_figure(terms: Result, count: int = 10) -> Published | Prose:
    """Publish the strongest keywords of each side with their intervals; without any, say so."""
    table = strongest(terms.table, count)
    if table.empty:
        return prose("keywords.ranked.none", {})
    figure, ax = canvas(ONE_AND_HALF, (22 + 5.2 * len(table)) * MM)
    plots.plot_ranked(as_shown(table, terms.corpus), terms.corpus.groups, ax)
    facts = contrast_facts(terms, leads=3)
    ahead, behind = (facts[f"leads_{role}"]["terms"] for role in ROLES)
    shown = with_limits(table)
    inside = int((shown["log_ratio"].abs() <= shown["itself"]).sum())
    facts |= {"ahead": ahead, "ahead_count": len(ahead), "behind": behind}
    facts |= {"behind_count": len(behind), "inside": inside, "shown": len(shown)}
    facts |= {"ticks": plots.floors_seen(ax, table)}
    return publish(
        figure, terms, id="keywords-ranked", table=table, facts=facts,
        shown={"ranked_by": "score", "per_side": count},
    )  # fmt: skip


def funnel_figure(terms: Result, z: Result) -> Published:
    """Publish log ratio, and log-odds with a Dirichlet prior, against frequency.

    Parameters
    ----------
    terms, z : as from ``keyness``, and from ``log_odds_limits`` of it
    """
    odds, groups = z.table, terms.corpus.groups
    passing = terms.table["established"] | passes(terms.table["p_within_family"])
    table = terms.table.assign(passing=passing)
    figure, axes = canvas(DOUBLE, 150 * MM, nrows=2, sharex=True)
    panels = {"log_ratio": table, "log_odds_z": odds.assign(score=table["score"], passing=passing)}
    titles = ("log ratio", "z of log-odds ratio")
    for ax, title, (column, panel) in zip(axes, titles, panels.items(), strict=True):
        plots.plot_funnel(as_shown(panel, terms.corpus), groups, ax, column=column)
        ax.set_ylabel(title)
    axes[1].set_xlabel(say("keywords.axes.occurrences", {}))
    ring = say("keywords.axes.passing", {"single": single_texts(terms)}) if passing.any() else ""
    plots.add_key(figure, groups, normal=True, passing=ring)
    beyond = odds["log_odds_z"].abs()
    chance = odds[["self_target", "self_reference"]].max(axis=1)
    facts = {
        "beyond": int((beyond > plots.NORMAL).sum()),
        "chance": int((chance > plots.NORMAL).sum()),
        "terms": len(table),
        "largest": as_written(terms.corpus, odds["term"].iloc[largest(beyond)]),
        "passing": len(established(table)),
        "joined": plots.joins(table),
    }
    facts |= limit_facts(terms)
    limits_of_z = odds.drop(columns=["term", "n_target", "n_reference", "log_odds_z"])
    rows = pd.concat([terms.table, limits_of_z.add_prefix("log_odds_")], axis=1)
    return publish(
        figure, [terms, z], id="keywords-funnel", table=rows, facts=facts,
        shown={"power": POWER, "family_wise_level": LEVEL, "prior_tokens": PRIOR_TOKENS},
    )  # fmt: skip


def rates_figure(terms: Result, count: int = SHOWN) -> Published | Prose:
    """Publish the rates of the strongest keywords of each side; its table holds every term."""
    shown = strongest(terms.table, count)
    if shown.empty:
        return prose("keywords.ranked.none", {})
    figure, ax = canvas(ONE_AND_HALF, (16 + 4.6 * len(shown)) * MM)
    plots.plot_rates(as_shown(shown, terms.corpus), terms.corpus.groups, ax)
    gap = (shown["rate_target"] - shown["rate_reference"]).abs()
    widest = as_shown(shown, terms.corpus).iloc[largest(gap)].to_dict()
    facts = {
        "terms": len(terms.table),
        "shown": len(shown),
        "widest": widest,
        "widest_target": widest["rate_target"],
        "widest_reference": widest["rate_reference"],
        "rare": bool(gap.max() < RARE_RATE),
        "single": single_texts(terms),
    }
    return publish(
        figure, terms, id="keywords-rates", table=terms.table, facts=facts,
        shown={"ranked_by": "score", "per_side": count},
    )  # fmt: skip


def deals_figure(terms: Result, claimed: Sequence[int]) -> Published:
    """Publish how many terms G² claims in units dealt at random, beside what it claims here.

    Parameters
    ----------
    terms : as from ``keyness``
    claimed : of each deal, how many terms have a textbook p below the level
    """
    figure, ax = canvas(SINGLE, 55 * MM)
    facts = _deal_facts(terms, claimed)
    plots.plot_chance(claimed, facts["found"], ax)
    table = pd.DataFrame({"deal": range(1, len(claimed) + 1), "claimed": claimed})
    return publish(
        figure, terms, id="keywords-deals", table=table, facts=facts,
        shown={"level": LEVEL, "deals": len(claimed)},
    )  # fmt: skip


def deals_finding(terms: Result, claimed: Sequence[int]) -> Prose:
    """Say how many terms a textbook test claims where there is nothing to find, and here."""
    return prose("keywords.deals.finding", _deal_facts(terms, claimed))


def _deal_facts(terms: Result, claimed: Sequence[int]) -> dict[str, Any]:
    found = int(passes(terms.table["g2_p"]).sum())
    drawn = np.sort(np.asarray(claimed, int))
    low, high = (
        float(drawn[int(share * (len(drawn) - 1))]) for share in (LEVEL / 2, 1 - LEVEL / 2)
    )
    total = terms.table["n_target"] + terms.table["n_reference"]
    return about(terms) | {
        "found": found,
        "deals": len(drawn),
        "mean": float(drawn.mean()),
        "ends": (low, high),
        "ends_high": high,
        "ways": _ways(terms),
        "few": FEW_WAYS,
        "as_many": int((drawn >= found).sum()),
        "terms": len(total),
        "share_of_all": LEVEL * len(total),
        "once": int((total == 1).sum()),
        "once_claimed": int(((total == 1) & passes(terms.table["g2_p"])).sum()),
        "strict": int((terms.table["g2"] >= STRICT).sum()),
        "strict_cut": STRICT,
        "passing": len(established(terms.table)),
        "within": len(uneven(terms.table)),
        "single": single_texts(terms),
    }


def _ways(terms: Result) -> int:
    """Return in how many ways the units could be dealt out."""
    units = [group["units"] for group in about(terms)["groups"]]
    return math.comb(sum(units), units[0])


def lineup_figure(panels: Result) -> Published:
    """Publish the real contrast among contrasts of the same units dealt at random.

    Parameters
    ----------
    panels : as from ``lineup``
    """
    count = panels.facts["panels"]
    rows = math.ceil(count / LINEUP)
    figure, axes = canvas(DOUBLE, (12 + 26 * rows) * MM, nrows=rows, ncols=LINEUP,
                          sharex=True, sharey=True)  # fmt: skip
    plots.plot_lineup(panels.table, axes)
    figure.supxlabel(say("keywords.axes.occurrences_alone", {}), fontsize=8)
    figure.supylabel(say("keywords.axes.z_alone", {}), fontsize=8)
    return publish(
        figure, panels, id="keywords-lineup", table=panels.table, facts=_lined_up(panels)
    )


def lineup_finding(panels: Result) -> Prose:
    """Say which panel is the real one, and how it ranks among the others."""
    return prose("keywords.lineup.finding", _lined_up(panels))


def _lined_up(panels: Result) -> dict[str, Any]:
    own, table = dict(panels.facts), panels.table
    thinned = bool((table["panel"].value_counts() > plots.PANEL).any())
    return own | {"others": own["panels"] - 1, "ahead": own["rank"] - 1, "thinned": thinned}


def misread_finding(terms: Result) -> Prose:
    """Say how many of the terms that G² claims fail the count test, and at which step."""
    table, wrong = terms.table, misread(terms.table)
    bursts = int(reaches(wrong["p_within"], LEVEL).sum())
    facts = {
        "claimed": int(passes(table["g2_p"]).sum()),
        "wrong": len(wrong),
        "bursts": bursts,
        "source": len(wrong) - bursts,
        "single": single_texts(terms),
    }
    return prose("keywords.misread.finding", facts)


# Terms used alike, and other tools


def lockwords_finding(alike: Result) -> Prose:
    """Say which terms are shown to be used alike, and how many could have been."""
    decided = alike.table[alike.table["p_alike_family"].notna()]
    sure, alone = (decided[passes(decided[p])] for p in ("p_alike_family", "p_alike"))
    facts = {
        "terms": len(alike.table),
        "decided": len(decided),
        **_least(alike),
        "bound": alike.settings["bound"],
        "passing": len(sure),
        "alone": len(alone),
        "rows": [
            {str(name): value for name, value in row.items()}
            | {"alike": (row["alike_low"], row["alike_high"])}
            for row in as_shown(sure if len(sure) else alone, alike.corpus).to_dict("records")
        ],
    }
    return prose("keywords.lockwords.finding", facts)


def lockwords_table(alike: Result, terms: Result, rows: int = ROWS) -> Shown:
    """Show the terms nearest to being shown to be used alike.

    Parameters
    ----------
    alike, terms : as from ``lockwords`` and ``keyness``
    rows : how many
    """
    headings = headings_of(
        "keywords.lockwords",
        [
            "term",
            *COUNTS,
            "log_ratio",
            "alike_low",
            "alike_high",
            "itself",
            "p_alike",
            "p_alike_family",
        ],
    )
    itself = with_limits(terms.table)[["term", "itself"]]
    return show(
        as_shown(alike.table.merge(itself, on="term", how="left"), alike.corpus),
        columns=headings,
        rows=rows,
        digits=dict.fromkeys(("log_ratio", "alike_low", "alike_high", "itself"), 2),
        note=say("keywords.lockwords.note", _least(alike)),
        links={"term": link(WORD)},
        id=table_id("lockword"),
    )


def reconciliation_table(sheet: Result) -> Shown:
    """Show what other tools print for a term."""
    headings = headings_of(
        "keywords.reconciliation",
        ["tool", "statistic", "value", "p_printed", "formula", "note"],
    )
    values = [_figure(x, COMPARED) for x in sheet.table["value"]]
    folded = say("keywords.reconciliation", {"rows": len(sheet.table)})
    shown = show(
        sheet.table.assign(value=values), columns=headings, right=["value"],
        note=say("keywords.reconciliation_note", {}),
    )  # fmt: skip
    return replace(shown, folded=folded, id=table_id("reconciliation"))


def measures_table(family: Result, term: str) -> Shown:
    """Show every measure of a term, effects with their interval and what chance gives.

    Parameters
    ----------
    family : as from ``measures``
    term : one of its terms
    """
    (row,) = family.table[family.table["term"] == term].to_dict("records")
    rows = [
        {
            "measure": measure.heading + ("" if measure.reads != "groups" else f", {group.label}"),
            "value": _p_or_figure(column, row[column]),
            "interval": _between(row, column, "low", "high") if measure.effect else DASH,
            "chance": _between(row, column, "self_low", "self_high") if measure.effect else DASH,
            "formula": measure.formula,
            "reference": measure.reference,
        }
        for measure in MEASURES
        for column, group in zip(
            measure.columns if measure.reads == "groups" else [measure.name],
            family.corpus.groups,
            strict=False,
        )
    ]
    headings = headings_of(
        "keywords.measures", ["measure", "value", "interval", "chance", "formula", "reference"]
    )
    table = pd.DataFrame(rows)
    return show(
        table,
        columns=headings,
        right=["value", "interval", "chance"],
        note=say("keywords.measures.note", {"term": as_written(family.corpus, term)}),
        id=table_id("measures"),
    )


def _p_or_figure(column: str, x: float) -> str:
    """Write a value; a p-value that digits would show as nought is written as being small."""
    return p_value(x) if column.endswith("_p") and x < TINY else _figure(x)


def _between(row: Mapping[Any, Any], name: str, low: str, high: str) -> str:
    return f"[{_figure(row[f'{name}_{low}'])}, {_figure(row[f'{name}_{high}'])}]"


def _least(alike: Result) -> dict[str, Any]:
    """Return from how many occurrences a term can be decided, if any can."""
    floor = alike.facts["frequency_floor"]
    decidable = math.isfinite(floor)
    return {"decidable": decidable, "least": max(1, math.ceil(floor)) if decidable else 0}


def _figure(x: float, digits: int = SIGNIFICANT) -> str:
    """Write a value of any size with so many significant digits."""
    if not math.isfinite(x) or x == 0:
        return number(x, 0)
    return number(x, min(max(digits - 1 - math.floor(math.log10(abs(x))), 0), 9))
