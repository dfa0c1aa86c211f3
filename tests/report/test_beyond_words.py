"""Where there are no phrases or concepts it is said; families name their members."""

from dataclasses import replace

from analysis.keywords import keyness
from analysis.keywords.beyond_words import concept_keyness, phrase_keyness
from analysis.report import beyond_words, concordance
from analysis.report.beyond_words import families_table
from analysis.report.sentences import say

# Texts without phrases or concepts


def test_where_there_is_nothing_to_show_it_is_said(corpus):
    bare = concept_keyness(replace(corpus, concepts=None))
    none = phrase_keyness(corpus, least=500)
    assert repr(concordance.phrase_sentences(none)) == say("keywords.phrases.none", {})
    assert repr(concordance.concept_sentences(bare)) == say("keywords.concepts.none", {})
    assert repr(beyond_words.concept_words_table(bare)) == say("keywords.concepts.none", {})


def test_the_table_names_the_members(corpus):
    shown = repr(families_table(keyness(corpus, draws=99, family="stem")))
    assert "objective, objectives" in shown
    assert "Russian-Iranian  Russian-Iranian" in shown
