"""What is said and shown of keywords: limits in every table and figure."""

import math
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from analysis.description import describe
from analysis.inference.levels import LEVEL
from analysis.keywords import dealt, lineup, naive_p
from analysis.keywords.beyond_words import concept_keyness, phrase_keyness
from analysis.keywords.chance import log_odds_limits
from analysis.keywords.equivalence import (
    lockwords,
    lockwords_of_counts,
)
from analysis.keywords.other_tools import reconciliation
from analysis.keywords.registry import measures
from analysis.keywords.table import counted as counts_of
from analysis.keywords.table import keyness
from analysis.report import beyond_words, concordance, keywords
from analysis.report.corpus import corpus_finding
from analysis.report.keywords import (
    lockwords_finding,
    lockwords_table,
    reconciliation_table,
)
from analysis.sentences import say
from analysis.text import Corpus, load_folders, load_texts
from analysis.text.concordance import as_written
from analysis.text.concordance import concordance as concordance_of
from analysis.text.documents import ClosedCorpus
from tests.helpers import counted, keyness_row


def limits(terms, what="word"):
    return say("keywords.limits", keywords.limit_facts(terms, what))


# Limits, by hand


def test_a_row_gets_its_own_sides_floor_and_the_larger_self_contrast():
    table = pd.DataFrame([keyness_row(), keyness_row(log_ratio=-2.0, self_target=7.0)])
    shown = keywords.with_limits(table)
    assert shown["itself"].tolist() == [3.0, 7.0]
    assert shown["floor"].tolist() == [4.0, np.inf]


def test_a_dispersion_of_one_or_two_occurrences_is_not_shown():
    shown = keywords.with_limits(
        pd.DataFrame([keyness_row(), keyness_row(n_target=2, n_reference=3)])
    )
    assert shown["dispersion_target"].isna().tolist() == [False, True]
    assert shown["dispersion_reference"].isna().tolist() == [True, False]


def test_the_caption_names_the_smallest_floors_and_the_rarest_term_that_could_be_found(terms):
    rows = [
        keyness_row(),
        keyness_row(n_target=1, n_reference=1, floor_target=np.inf),
        keyness_row(floor_target=6.0),
    ]
    said = limits(replace(terms, table=pd.DataFrame(rows)))
    assert "No word here with a log ratio under 4.0 towards 2018, and none of fewer than 7" in said
    assert "towards 2017 none could, however large" in said
    assert "the median word a log ratio of up to 3.0 in 95\u00a0% of draws" in said
    both = limits(replace(terms, table=pd.DataFrame([keyness_row(floor_reference=5.0)])), "concept")
    assert "No concept here with a log ratio under 4.0 towards 2018 or 5.0 towards 2017 c" in both
    none = limits(replace(terms, table=pd.DataFrame([keyness_row(floor_target=np.inf)])))
    assert none.startswith("At these lengths no word listed could have been found to differ.")


def test_every_table_of_keywords_shows_both_limits(corpus, terms, alike, families):
    phrases = phrase_keyness(corpus, draws=99)
    shown = [
        keywords.keywords_table(terms),
        keywords.misread_table(terms),
        beyond_words.phrases_table(phrases),
        beyond_words.families_table(families),
    ]
    for table in shown:
        assert "self" in table.headings and "self" in table.note
        assert ("floor" in table.headings) == ("floor: " in table.note or "and floor" in table.note)
    assert "self" in keywords.lockwords_table(alike, terms).headings


@pytest.mark.parametrize(("finite", "listed"), [(0, False), (1, False), (2, True), (3, True)])
def test_floors_are_a_column_where_more_than_one_is_finite_and_a_sentence_elsewhere(
    terms, finite, listed
):
    sure = {"p_value": 0.02, "p_family": 0.3, "p_within_family": 0.04}
    rows = [keyness_row(floor_target=4.0 if row < finite else np.inf, **sure) for row in range(3)]
    table = keywords.keywords_table(replace(terms, table=pd.DataFrame(rows)))
    assert ("floor" in table.headings) is listed
    if listed:
        column = [cells[table.headings.index("floor")] for cells in table.cells]
        assert column == ["4.0"] * finite + ["∞"] * (3 - finite)
    else:
        assert "No detection floor is listed" in table.note
        assert ("all of these but one" in table.note) == (finite == 1)


def test_the_test_of_single_texts_is_a_column_only_where_a_group_is_one(terms):
    of_groups = terms.table.assign(p_within_family=np.nan)
    for table, there in ((terms.table, True), (of_groups, False)):
        shown = keywords.keywords_table(replace(terms, table=table))
        assert ("in themselves" in shown.headings) is there
        assert ("in themselves:" in shown.note) is there


def test_every_figure_of_keywords_names_floor_chance_and_sample_in_eighty_words(corpus, terms, out):
    ranked, funnel, concepts = (
        keywords.ranked_figure(terms),
        keywords.funnel_figure(terms, log_odds_limits(terms)),
        beyond_words.concepts_figure(concept_keyness(corpus, draws=99)),
    )
    for figure in (ranked, funnel, concepts):
        assert "detection floor" in figure.caption, figure.id
        assert "Grey (95 %): a text against itself" in figure.caption, figure.id
    counts = counts_of(terms)
    claimed = [int((naive_p(counts, deal) < LEVEL).sum()) for deal in dealt(counts, times=20)]
    others = (
        keywords.rates_figure(terms),
        keywords.deals_figure(terms, claimed),
        keywords.lineup_figure(lineup(terms, panels=7)),
        concordance.dispersion_figure(terms),
    )
    for figure in (ranked, funnel, concepts, *others):
        assert len(figure.caption.split()) <= 80, figure.id
        assert figure.caption.endswith("These two texts only.")
        assert 30 <= len(figure.alt) <= 500
    table = pd.read_csv(out / "keywords-funnel.csv", nrows=1)
    assert {"log_odds_self_target", "log_odds_floor_reference"} <= set(table)


def test_the_finding_says_what_could_be_found_and_what_the_design_cannot_tell(terms):
    said = keywords.keywords_finding(terms).text
    assert "could be expected to be found to differ" in said
    assert "set against itself, gives the median" in said
    assert said.endswith("cannot be told apart.")


def test_the_misread_terms_are_the_most_frequent_first():
    rows = [
        keyness_row(term="a", g2_p=0.01, p_value=0.2),
        keyness_row(term="b", g2_p=0.04, p_value=0.2, n_target=9),
        keyness_row(term="c", g2_p=0.04, p_value=0.01),
        keyness_row(term="d", g2_p=0.3, p_value=0.4),
    ]
    assert keywords.misread(pd.DataFrame(rows))["term"].tolist() == ["b", "a"]


# What figures say


def test_equal_texts_have_no_keyword_to_draw(write_folder, out):
    text = "Cats sleep well. The cats eat red fish.\n\nDogs bark at cats. Fish swim."
    same = load_folders(write_folder("a", text), write_folder("b", text))
    terms = keyness(same, unit_tokens=6, draws=99)
    for shown in (keywords.ranked_figure(terms), concordance.dispersion_figure(terms)):
        assert repr(shown) == say("keywords.ranked.none", {})
    drawn = keywords.funnel_figure(terms, log_odds_limits(terms))
    assert "0 are over 1.96 in size" in drawn.alt
    said = corpus_finding(describe(same)).text
    assert "They are about equally long." in said
    assert "Nothing marks **a**." in keywords.keywords_finding(terms).text


def test_a_side_without_keywords_is_told_by_its_sign(terms, out):
    one_sided = terms.table[terms.table["score"] > 0].head(4).reset_index(drop=True)
    first = ", ".join(as_written(terms.corpus, term) for term in one_sided["term"].head(3))
    alt = keywords.ranked_figure(replace(terms, table=one_sided)).alt
    assert f"{first} lead for 2018, none for 2017;" in alt


# What the notebook shows


def test_the_finding_says_so_when_nothing_passes(corpus):
    alike = lockwords(corpus)
    said = str(lockwords_finding(alike))
    if (alike.table["p_alike_family"] < 0.05).any():
        assert "shown to be used alike**" in said
    else:
        assert said.startswith("**No term is shown to be used alike**")
    assert f"{math.ceil(alike.facts['frequency_floor']):,} times" in said


def test_the_finding_names_what_passes(corpus):
    table, _ = lockwords_of_counts(counted(np.full((40, 2), 5), 10), bound=1)
    said = str(lockwords_finding(replace(lockwords(corpus), table=table)))
    assert said.startswith("**2 terms are shown to be used alike**")


def test_where_many_terms_pass_the_strongest_of_either_side_are_named(terms):
    names, scores = [*(f"t{i}" for i in range(12)), "far"], [*(9.0 - np.arange(12) / 10), -9.5]
    rows = terms.table.iloc[[0] * 13].assign(term=names, score=scores, established=True)
    said = keywords.keywords_finding(replace(terms, table=rows)).text
    assert said.startswith("**13 terms separate")
    named = said.partition("**: ")[2].partition("\n")[0]
    assert named.index("*far*") < named.index("*t0*") < named.index("*t6*")
    assert "and 5 more. Every term is in keywords-rates.csv." in named


def test_one_lead_is_told_by_itself(terms):
    for p, verdict in ((0.2, "does not pass"), (0.02, "passes")):
        row = terms.table.head(1).assign(p_value=p)
        said = keywords.keywords_finding(replace(terms, table=row)).text
        assert f", which {verdict} the 5\u00a0% level by itself" in said
        assert "Nothing marks **2017**" in said


@pytest.mark.parametrize(("rates", "said"), [((15.4, 5.0), "15.4 per"), ((0.041, 0.012), "0.041")])
def test_rates_are_told_with_digits_that_tell_them_apart(terms, out, rates, said):
    row = terms.table.head(1).assign(rate_target=rates[0], rate_reference=rates[1])
    figure = keywords.rates_figure(replace(terms, table=row))
    assert f": {said}" in figure.caption


def test_the_finding_without_a_single_candidate(corpus):
    table, _ = lockwords_of_counts(counted(np.eye(40, 5, dtype=int), 10), bound=1)
    said = str(lockwords_finding(replace(lockwords(corpus), table=table)))
    assert said.startswith("**No term is shown to be used alike**, within")
    assert "which 0 of 5 do" in said


def test_tables_are_readable(corpus):
    terms = keyness(corpus, draws=99)
    shown = reconciliation_table(reconciliation(terms, "iran"))
    assert shown.headings[:4] == ("tool", "statistic", "value", "p")
    shown = lockwords_table(lockwords(corpus), terms, rows=4)
    assert len(shown.cells) == 4
    assert "self" in shown.headings


def test_groups_of_the_same_texts_have_nothing_that_a_textbook_test_claims():
    texts = [f"The cat saw the dog bark. {'Another dog slept. ' * 20}{n}" for n in range(3)]
    level = keyness(load_texts(texts, texts))
    said = str(keywords.misread_finding(level))
    assert said == "G² calls no term significant at 5\u00a0%."
    assert "lists below" not in str(keywords.keywords_finding(level))
    for shown in (keywords.keywords_table(level), keywords.ranked_figure(level)):
        assert str(shown) == say("keywords.ranked.none", {})
    assert str(beyond_words.families_table(level)) == say("keywords.families.level", {})


def test_a_reported_row_that_its_size_alone_would_not_show_is_named(terms):
    facts = keywords.contrast_facts(terms)
    table = terms.table[terms.table["p_within_family"] < LEVEL]
    itself = table[["self_target", "self_reference"]].max(axis=1)
    inside = table[table["log_ratio"].abs() <= itself]
    assert facts["banded"] == [as_written(terms.corpus, term) for term in inside["term"]]
    assert len(inside) < len(table)
    said = str(keywords.keywords_finding(terms))
    assert ("Inside the grey band" in said) == (len(inside) > 0)
    assert "one by one, by the test of two texts of one source" in said


def test_the_terms_that_only_a_textbook_test_claims_are_counted_by_reason(terms):
    wrong = keywords.misread(terms.table)
    bursts = int((wrong["p_within"] >= LEVEL).sum())
    claimed = int((terms.table["g2_p"] < LEVEL).sum())
    said = str(keywords.misread_finding(terms))
    assert said.startswith(
        f"Of {claimed} terms that G² calls significant at 5\u00a0%, {bursts} are"
    )
    assert f"and {len(wrong) - bursts} more are not, once two texts of one source" in said


def test_each_keyword_comes_with_a_sentence_that_links_do_not_have_to_lead_to(corpus, terms):
    shown = keywords.keywords_table(terms, 4)
    strong = keywords.strongest(terms.table, 4)
    assert [term for term, _ in shown.examples] == [row[0] for row in shown.cells]
    for (term, text), key, score in zip(
        shown.examples, strong["term"], strong["score"], strict=True
    ):
        found = concordance_of(corpus, key)
        first = found[found["group"] == corpus.groups[int(score < 0)].label].iloc[0]
        assert text.strip("…") in first["left"] + first["node"] + first["right"]
        assert first["node"] in text
        assert len(text) <= len(first["node"]) + 2 * (keywords.ROOM + 1), term
    assert shown._repr_html_().count("<li>") == len(shown.cells)


def test_sentences_beside_keywords_are_text_and_none_are_where_texts_are_not(terms):
    shown = keywords.keywords_table(terms)
    hostile = replace(shown, examples=(("<b>", "</ul><script>alert(1)</script>"),))
    assert "<script>" not in hostile._repr_html_()
    closed = ClosedCorpus(**{own.name: getattr(terms.corpus, own.name) for own in fields(Corpus)})
    assert keywords.keywords_table(replace(terms, corpus=closed)).examples == ()


def test_emoji_among_the_terms_are_explained():
    """Two of the terms that are listed are emoji; where none is, nothing is said of them."""
    glad, sad = ["So happy today 😀 in town."] * 8, ["Rain again ☔ today in town."] * 8
    shown = keywords.keywords_table(keyness(load_texts(glad, sad), draws=99))
    assert "Emoji, with their skin tones and joins, are words: 2 of these terms." in shown.note
    plain = [[own.replace("😀", "").replace("☔", "") for own in side] for side in (glad, sad)]
    assert "Emoji" not in keywords.keywords_table(keyness(load_texts(*plain), draws=99)).note


def test_a_tiny_p_is_none_of_nought(corpus):
    """Fisher's p of a word that stands on one side alone was shown as 0.000000000."""
    glad, sad = ["Joy and sun and joy and joy in town."] * 30, ["Rain and wind in town."] * 30
    family = measures(keyness(load_texts(glad, sad), draws=99))
    rows = dict(row[:2] for row in keywords.measures_table(family, "joy").cells)
    assert rows["p, Fisher's exact test"] == "<.001"


@pytest.mark.parametrize(
    ("floors", "words"),
    [((4.52, 4.49), "4.5 towards either group"), ((4.6, 4.49), "4.6 towards 2018 or 4.5 towards")],
)
def test_one_floor_for_both_groups_is_said_once(terms, floors, words):
    target, reference = floors
    table = terms.table.assign(floor_target=target, floor_reference=reference)
    assert f"with a log ratio under {words}" in limits(replace(terms, table=table))


def test_what_is_reported_is_shown_whatever_its_score(terms):
    """The one term that was established had a low score: no row and no bold mark showed it."""
    table = terms.table.assign(established=False, p_within_family=np.nan)
    plus = np.flatnonzero(table["score"] > 0)
    table.loc[[plus[-1]], "established"] = True
    last = np.flatnonzero(table["score"] < 0)[0]
    table.loc[[last], "p_within_family"] = 0.01
    shown = keywords.strongest(table, 3)
    of = list(table["term"])
    assert list(shown["term"]) == [
        of[plus[0]], of[plus[1]], of[plus[-1]], of[-1], of[-2], of[last],
    ]  # fmt: skip
    all_of_them = keywords.strongest(table.assign(established=True), 3)
    assert list(all_of_them["term"]) == of[:3] + of[:-4:-1]
