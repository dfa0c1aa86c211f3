"""Where there are no phrases or concepts it is said; families name their members."""

from dataclasses import replace

from analysis.inference.levels import LEVEL
from analysis.keywords import keyness
from analysis.keywords.beyond_words import concept_keyness, name_evidence, phrase_keyness
from analysis.report import beyond_words, concordance
from analysis.report.beyond_words import families_table
from analysis.sentences import say

# Texts without phrases or concepts


def test_where_there_is_nothing_to_show_it_is_said(corpus):
    bare = concept_keyness(replace(corpus, concepts=None))
    none = phrase_keyness(corpus, least=500)
    assert repr(concordance.phrase_sentences(none)) == say("keywords.phrases.none", {})
    assert repr(beyond_words.concepts_table(bare)) == say("keywords.concepts.none", {})
    assert repr(concordance.concept_sentences(bare)) == say("keywords.concepts.unread", {})
    assert repr(beyond_words.concept_words_table(bare)) == say("keywords.concepts.wordless", {})


def test_the_table_names_the_members(corpus):
    shown = repr(families_table(keyness(corpus, draws=99, family="stem")))
    assert "objective, objectives" in shown
    assert "Russian-Iranian  Russian-Iranian" in shown


def test_reported_keywords_are_read_again_with_family_and_lists(corpus):
    terms, families = keyness(corpus), keyness(corpus, family="stem")
    concepts = concept_keyness(corpus)
    shown = beyond_words.synonyms_table(terms, families, concepts)
    rows = {(row[0], row[1]): row for row in shown.cells}
    reported = set(terms.table.loc[terms.table["p_within_family"] < LEVEL, "term"])
    assert {term for term, _ in rows} == reported
    for term, name in (("relationship", "ties"), ("objectives", "aims")):
        own = concepts.table.set_index("term").loc[name]
        row = rows[(term, f"list “{name}”")]
        assert row[3] == f"{own['n_target']} : {own['n_reference']}"
        assert row[-1] == ("yes" if own["p_within"] < LEVEL else "no")
    said = str(beyond_words.synonyms_finding(terms, families, concepts))
    assert said.startswith(
        f"Of {len(reported)} reported terms 1 has other words of the same family"
    )
    assert ("relationship", "its family") not in rows
    assert rows["objectives", "its family"][2] == "objective, objectives"
    assert "the difference of *relationship* is no longer shown" in said
    none = replace(terms, table=terms.table.assign(p_within_family=1.0, established=False))
    said = beyond_words.synonyms_finding(none, families, concepts).text
    assert "none to be examined" in said
    table = beyond_words.synonyms_table(none, families, concepts)
    assert str(table) == "So there is no table of them."  # the reason is not said twice
    bare = concept_keyness(replace(corpus, concepts=None))
    assert "None of them stands in a list" in str(
        beyond_words.synonyms_finding(terms, families, bare)
    )


def test_names_are_shown_with_what_speaks_for_them(corpus):
    names = name_evidence(corpus)
    shown = beyond_words.names_table(names)
    assert [row[0] for row in shown.cells[:3]] == ["Middle East", "Customs Union", "United States"]
    assert f"{len(corpus.names)} names of several words are declared" in str(
        beyond_words.names_finding(names)
    )
    plain = name_evidence(replace(corpus, names=()))
    said = str(beyond_words.names_finding(plain))
    assert said.startswith("No name of several words is declared.")
    assert "*Middle East*" in said


def test_a_list_that_exceeds_bursts_is_not_among_those_that_show_no_difference(corpus):
    said = beyond_words.concepts_finding(concept_keyness(corpus, draws=99)).text
    assert (
        "1 differs by more than bursts within these texts explain: *regional partners* (19" in said
    )
    shown = said.partition("No difference is shown for ")[2].partition(", which")[0]
    assert "partners" not in shown
    assert len(shown.split(", ")) == 8


def test_phrases_that_exceed_bursts_are_not_passed_over_as_none(corpus):
    """The table had them below .001 in themselves, and the finding said that none separates."""
    phrases = phrase_keyness(corpus, draws=99)
    own = phrases.table.assign(p_within_family=[0.01, *[1.0] * (len(phrases.table) - 1)])
    said = beyond_words.phrases_finding(replace(phrases, table=own)).text
    assert "by more than two texts of one source may differ" in said
    assert "1 differs by more than bursts within these texts explain:" in said
    none = phrases.table.assign(p_within_family=1.0)
    said = beyond_words.phrases_finding(replace(phrases, table=none)).text
    assert "**None of them** separates the groups at a family-wise" in said
