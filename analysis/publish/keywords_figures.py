"""Figures and findings of the keyword contrast, as the notebook calls them."""

import pandas as pd

from analysis.corpus import Corpus
from analysis.counts import cut_units, unit_name
from analysis.findings.evidence import concordance, occurrences
from analysis.publish import keywords_plots as plots
from analysis.publish.captions import guard, record, sample
from analysis.publish.figure import Published, markdown, publish
from analysis.publish.prose import Prose
from analysis.publish.style import DOUBLE, MM, ONE_AND_HALF, SINGLE, canvas
from analysis.publish.tables import Shown, interval, number, p_value, show

LEVEL = 0.05
OFTEN = 5  # occurrences below which a dispersion says nothing
_DIGITS = {
    "rate_target": 1, "rate_reference": 1, "dispersion_target": 2, "dispersion_reference": 2,
    "log_ratio": 1, "ci_low": 1, "ci_high": 1, "g2": 1,
}  # fmt: skip


def strongest(table: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """Return the terms with the highest scores of either side, those of the target first."""
    ends = pd.concat([table[table["score"] > 0].head(count), table[table["score"] < 0].tail(count)])
    return ends.reset_index(drop=True)


def misread(table: pd.DataFrame) -> pd.DataFrame:
    """Return the terms that G² calls significant at .05 and the count test does not."""
    wrong = table[(table["g2_p"] < LEVEL) & (table["p_value"] >= LEVEL)]
    return wrong.sort_values(["g2_p", "term"], ignore_index=True)


def ranked_figure(table: pd.DataFrame, corpus: Corpus, count: int = 10) -> Published:
    """Publish the strongest keywords of each side with their intervals."""
    terms = strongest(table, count)
    figure, ax = canvas(ONE_AND_HALF, (22 + 5.2 * len(terms)) * MM)
    plots.plot_ranked(terms, corpus.groups, ax)
    caption = (
        "Keywords with the highest scores (evidence and evenness) on either side: log ratio "
        "with 95 % interval "
        "(bursts allowed for, Welch t). Grey: what a group's text against itself stays "
        f"under in 95 % of draws. On the right, occurrences in {corpus.target.label} : "
        f"{corpus.reference.label}. {_ending(corpus)}"
    )
    return publish(
        figure, id="keywords-ranked", table=terms, caption=caption, alt=_ranked_alt(table, corpus),
        record=record(corpus, seed=0, ranked_by="score", terms_per_side=count),
    )  # fmt: skip


def funnel_figure(table: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish log ratio against frequency, with the detection floor."""
    figure, ax = canvas(ONE_AND_HALF, 85 * MM)
    plots.plot_funnel(table, corpus.groups, ax)
    seen = table[["floor_target", "floor_reference"]].min(axis=1)
    least = (table["n_target"] + table["n_reference"])[seen < float("inf")]
    need = f"{least.min()} occurrences" if len(least) else "more occurrences than any term has"
    caption = (
        "Log ratio of every term against its frequency; the area of a mark grows with the number "
        "of terms that share it. Above the upper curve, and below the lower one if it is drawn, a "
        "term of this frequency or a higher one would be found in four of five corpora of these "
        "lengths at a family-wise 5 %. "
        f"With fewer than {need}, no difference however large would be. {_ending(corpus)}"
    )
    alt = (
        f"Scatter of log ratio against frequency for {len(table):,} terms: rare terms fan out to "
        f"both sides, and with fewer than {need} no difference could be established."
    )
    return publish(
        figure, id="keywords-funnel", table=table, caption=caption, alt=alt,
        record=record(corpus, seed=0, power=0.8, family_wise_level=LEVEL),
    )  # fmt: skip


def rates_figure(table: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish the rate in one group against the rate in the other."""
    figure, ax = canvas(ONE_AND_HALF, 100 * MM)
    plots.plot_rates(table, corpus.groups, ax)
    shared = ((table["n_target"] > 0) & (table["n_reference"] > 0)).sum()
    caption = (
        f"Rate of every term in {corpus.target.label} against its rate in "
        f"{corpus.reference.label}, on logarithmic scales; terms that a group lacks stand at 0. "
        "On the line both rates are equal. The area of a mark grows with the number of terms that "
        f"share it. {_ending(corpus)}"
    )
    alt = (
        f"Scatter of term rates in both groups: {shared:,} of {len(table):,} terms occur in both; "
        "the rest lie on the two zero rims, most of them rare."
    )
    return publish(
        figure, id="keywords-rates", table=table, caption=caption, alt=alt,
        record=record(corpus, seed=0),
    )  # fmt: skip


def naive_figure(table: pd.DataFrame, corpus: Corpus) -> Published:
    """Publish the textbook p of G² against that of the count test."""
    figure, ax = canvas(SINGLE, 80 * MM)
    plots.plot_naive(table, ax)
    claimed, wrong = int((table["g2_p"] < LEVEL).sum()), len(misread(table))
    caption = (
        "The p-value that a keyness tool prints for G² against that of the count test, which "
        "allows for bursts. Grey: terms called significant at .05 by the first and not by the "
        "second; the area of a mark grows with the number of terms that share it. "
        f"{_ending(corpus)}"
    )
    alt = (
        f"Scatter of two p-values per term: of {claimed} terms that G squared calls significant at "
        f"the 5 % level, {wrong} are not significant once bursts are allowed for."
    )
    columns = ["term", "n_target", "n_reference", "g2", "g2_p", "fisher_p", "p_value", "p_family"]
    return publish(
        figure, id="keywords-naive", table=table[columns], caption=caption, alt=alt,
        record=record(corpus, seed=0, level=LEVEL),
    )  # fmt: skip


def dispersion_figure(table: pd.DataFrame, corpus: Corpus, count: int = 8) -> Published:
    """Publish where in each group's texts the strongest keywords fall."""
    terms = list(strongest(table, count)["term"])
    places = _along(corpus, occurrences(corpus, terms))
    figure, axes = canvas(DOUBLE, (20 + 4.2 * len(terms)) * MM, ncols=2, sharey=True)
    plots.plot_dispersion(places, terms, corpus.groups, axes)
    caption = (
        "Where the strongest keywords fall: each stroke is one occurrence, placed by the share of "
        "the group's tokens before it (documents in the order of the corpus). A term "
        f"whose strokes stand in one clump is a matter of one passage. {_ending(corpus)}"
    )
    alt = (
        f"Lexical dispersion of {len(terms)} keywords along the texts of {corpus.target.label} and "
        f"{corpus.reference.label}; {_clumped(table, terms)}"
    )
    return publish(
        figure, id="keywords-dispersion", table=places, caption=caption, alt=alt,
        record=record(corpus, seed=0, terms_per_side=count),
    )  # fmt: skip


def keywords_finding(table: pd.DataFrame, corpus: Corpus) -> Prose:
    """Say what marks each group, how sure that is, and what G² would have claimed wrongly."""
    sure = table[table["p_family"] < LEVEL]
    parts = [_sure(sure, corpus), *(_side(table, corpus, sign) for sign in (1, -1)), _naive(table)]
    return Prose("\n\n".join(parts))


def keywords_table(table: pd.DataFrame, count: int = 7) -> Shown:
    """Show the strongest keywords of each side."""
    headings = {
        "term": "term",
        "n_target": "n, target",
        "n_reference": "n, reference",
        "rate_target": "per 1,000, target",
        "rate_reference": "per 1,000, reference",
        "dispersion_target": "DPnorm, target",
        "dispersion_reference": "DPnorm, reference",
        "log_ratio": "log ratio",
        "ci_low": "low",
        "ci_high": "high",
        "p_value": "p",
        "p_family": "family-wise p",
    }
    return show(strongest(table, count), columns=headings, digits=_DIGITS)


def misread_table(table: pd.DataFrame, rows: int = 10) -> Shown:
    """Show what G² calls significant and the count test does not."""
    headings = {
        "term": "term",
        "n_target": "n, target",
        "n_reference": "n, reference",
        "dispersion_target": "DPnorm, target",
        "dispersion_reference": "DPnorm, reference",
        "g2": "G²",
        "g2_p": "textbook p",
        "fisher_p": "Fisher's exact p",
        "p_value": "p, bursts allowed for",
        "p_permutation": "p by relabelling",
    }
    return show(misread(table), columns=headings, rows=rows, digits=_DIGITS)


def concordance_table(corpus: Corpus, term: str, rows: int = 12) -> Shown:
    """Show a term in its sentences, sorted by what follows it."""
    headings = {
        "group": "group",
        "start": "at character",
        "left": "before",
        "node": "term",
        "right": "after",
    }
    lines = concordance(corpus, term, sort="right", characters=45)
    return show(lines, columns=headings, rows=rows, right=["left"])


def _sure(sure: pd.DataFrame, corpus: Corpus) -> str:
    if sure.empty:
        return (
            "**No single term separates the groups beyond doubt.** None passes the family-wise "
            "5 % level, so the lists below are leads, not findings."
        )
    one = len(sure) == 1
    return (
        f"**{len(sure)} term{'' if one else 's'} {'separates' if one else 'separate'} the groups "
        f"at a family-wise 5 %**: {'; '.join(_term(row, corpus) for row in _rows(sure.head(8)))}."
    )


def _side(table: pd.DataFrame, corpus: Corpus, sign: int) -> str:
    group = corpus.target if sign > 0 else corpus.reference
    own = table[table["score"] * sign > 0]
    ranked = own.head(6) if sign > 0 else own.tail(6)[::-1]
    if ranked.empty:
        return f"Nothing marks **{markdown(group.label)}**."
    names = ", ".join(f"*{markdown(term)}*" for term in ranked["term"])
    alone = int((ranked["p_value"] < LEVEL).sum())
    return (
        f"Highest scores of **{markdown(group.label)}**: {names}; {alone} of these "
        f"{len(ranked)} pass the 5 % level taken one by one."
    )


def _naive(table: pd.DataFrame) -> str:
    counts = {c: int((table[c] < LEVEL).sum()) for c in ("g2_p", "fisher_p", "p_value", "p_family")}
    return (
        f"A textbook G² test at .05 would have claimed {counts['g2_p']} of {len(table):,} terms, "
        f"where chance alone gives {number(LEVEL * len(table), 0)}. Fisher's exact test of the "
        f"same counts leaves {counts['fisher_p']}, allowing for bursts {counts['p_value']}; "
        f"{counts['p_family']} remain after adjusting for all terms examined."
    )


def _term(row: pd.Series, corpus: Corpus) -> str:
    return (
        f"*{markdown(str(row['term']))}* ({row['n_target']} times in {corpus.target.label}, "
        f"{row['n_reference']} in {corpus.reference.label}; log ratio "
        f"{number(row['log_ratio'], 1)}, 95 % interval "
        f"{interval(row['ci_low'], row['ci_high'], 1)}; family-wise p "
        f"{p_value(row['p_family'], named=False)})"
    )


def _rows(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in table.iterrows()]


def _ranked_alt(table: pd.DataFrame, corpus: Corpus) -> str:
    ends = [", ".join(part["term"]) for part in (table.head(3), table.tail(3)[::-1])]
    sure = int((table["p_family"] < LEVEL).sum())
    return (
        f"Keywords with intervals: {ends[0]} lead for {corpus.target.label}, {ends[1]} for "
        f"{corpus.reference.label}; {sure} of {len(table):,} terms pass the family-wise 5 % level."
    )


def _clumped(table: pd.DataFrame, terms: list[str]) -> str:
    often = table["n_target"] + table["n_reference"] >= OFTEN
    own = table[table["term"].isin(terms) & often]
    if own.empty:
        return "all of them are rare."
    uneven = own[["dispersion_target", "dispersion_reference"]].max(axis=1)
    return f"the least evenly spread is “{own['term'].iloc[int(uneven.argmax())]}”."


def _along(corpus: Corpus, places: pd.DataFrame) -> pd.DataFrame:
    """Turn positions within documents into positions along all documents of a group."""
    start, share = {}, {}
    for group in corpus.groups:
        own = [d for d in corpus.documents if d.group == group.label]
        total = sum(len(d.edited.text) for d in own)
        before = 0
        for document in own:
            length = len(document.edited.text)
            start[document.id], share[document.id] = before / total, length / total
            before += length
    position = places["document"].map(start) + places["position"] * places["document"].map(share)
    return places[["document", "group", "term"]].assign(position=position)


def _ending(corpus: Corpus) -> str:
    return f"{sample(corpus, cut_units(corpus), unit_name(corpus))} {guard(corpus)}"
