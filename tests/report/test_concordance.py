"""From a keyword to its sentences and places."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.errors import InputError
from analysis.keywords.beyond_words import concept_keyness, phrase_keyness
from analysis.report import beyond_words, concordance, keywords
from analysis.report.gallery import collect
from analysis.report.numbering import PLACES, TABLES, WORD, link
from analysis.report.tables import show
from analysis.text import load_folders
from analysis.text.concordance import along_groups, occurrences
from tests.helpers import keyness_row

# From a keyword to its sentences


def test_a_linked_cell_leads_where_its_term_does():
    table = pd.DataFrame({"term": ["u.s.", "<b>"], "n": [1, 2]})
    shown = show(table, links={"term": link(WORD)}, id="here")
    soup = BeautifulSoup(shown._repr_html_(), "html.parser")
    assert [(a["href"], a.get_text()) for a in soup.find_all("a")] == [
        (f"{PLACES}#word-u.s.", "u.s."),
        (f"{PLACES}#word-_3Cb_3E", "<b>"),
    ]
    assert soup.find("table")["id"] == "here"
    assert "#word" not in repr(shown)


def page(*shown):
    return BeautifulSoup("\n".join(part._repr_html_() for part in shown), "html.parser")


def test_every_link_of_the_notebook_finds_its_place(corpus, terms, alike, families):
    phrases, concepts = phrase_keyness(corpus, draws=99), concept_keyness(corpus, draws=99)
    soup = page(
        keywords.keywords_table(terms),
        keywords.misread_table(terms),
        keywords.lockwords_table(alike, terms),
        beyond_words.phrases_table(phrases),
        beyond_words.families_table(families),
        beyond_words.concepts_table(concepts),
        beyond_words.concept_words_table(concepts),
        concordance.word_sentences(terms, alike),
        concordance.phrase_sentences(phrases),
        concordance.family_sentences(families),
        concordance.concept_sentences(concepts),
    )
    names = [tag["id"] for tag in soup.find_all(id=True)]
    links = {a["href"].partition("#")[2] for a in soup.find_all("a")}
    home = Path(__file__).resolve().parents[2] / "notebooks"
    notebooks = {a["href"].partition("#")[0] for a in soup.find_all("a")}
    assert notebooks == {"", PLACES, *TABLES.values()}
    assert all((home / name).is_file() for name in notebooks - {""})
    assert len(names) == len(set(names))
    assert links <= set(names)
    assert len(links) > 50


def test_the_sentences_of_a_word_are_counted_sorted_and_whole(corpus, terms, alike):
    soup = page(concordance.word_sentences(terms, alike))
    block = soup.find(id="word-relationship")
    assert block.summary.get_text() == "relationship (11 : 5)"
    rows = [[cell.get_text() for cell in tr.find_all("td")] for tr in block.find_all("tr")][1:]
    assert len(rows) == concordance.LINES
    assert "The first 12 of 16 rows." in block.get_text()
    following = [re.findall(r"[a-z]+", row[5].lower())[:1] for row in rows]
    assert following == sorted(following)
    sentences = set(corpus.sentences["text"])
    for label, start, end, left, node, right in rows:
        raw = corpus.document(label).raw
        first, last = int(start.replace(",", "")), int(end.replace(",", ""))
        assert raw[first:last] == node
        assert f"{left}{node}{right}" in sentences


def test_other_orders_can_be_asked_for(terms, alike):
    blocks = concordance.word_sentences(terms, alike, sort="text").blocks
    for _, shown in blocks:
        places = [int(cells[1].replace(",", "")) for cells in shown.cells if cells[0] == "2018"]
        assert places == sorted(places)
    with pytest.raises(InputError, match="sort is one of"):
        concordance.word_sentences(terms, alike, sort="up")


def test_a_long_sentence_is_cut_on_the_page_and_whole_in_the_file(write_folder, terms, alike):
    text = f"{'So ' * 200}cats {'sleep ' * 100}well."
    corpus = load_folders(write_folder("new", text), write_folder("old", "No cats sleep. Dogs do."))
    row = keyness_row(term="cats", n_target=1, n_reference=1, g2_p=1.0, p_value=1.0)
    table = pd.DataFrame([row])
    own = replace(terms, corpus=corpus, table=table, units=terms.units.head(0))
    none = replace(alike, table=alike.table.head(0))
    ((_, shown),) = concordance.word_sentences(own, none, sort="text").blocks
    left, node, right = shown.cells[0][3:]
    assert (len(left), node, len(right)) == (
        concordance.CONTEXT + 2,
        "cats",
        concordance.CONTEXT + 2,
    )
    assert left.startswith("… ")
    assert right.endswith(" …")
    lines = concordance.all_occurrences(
        replace(terms, corpus=corpus, table=table, units=terms.units.head(0))
    )
    assert len(lines["left"].iloc[1]) == len("So ") * 200


# The file of all occurrences


def test_the_file_holds_every_occurrence_of_every_term(corpus, terms, out):
    concordance.dispersion_figure(terms)
    lines = pd.read_csv(out / "keywords-concordance.csv", keep_default_na=False)
    assert list(lines.columns) == concordance.FILE
    expected = terms.table.set_index("term")[["n_target", "n_reference"]].sum(axis=1)
    assert lines.groupby("term").size().sort_index().equals(expected.sort_index().rename(None))
    facts = json.loads((out / "keywords-dispersion.json").read_text(encoding="utf-8"))
    held = facts["companions"]["keywords-concordance"]
    assert (held["rows"], held["columns"]) == (len(lines), concordance.FILE)
    assert collect(out) == ["keywords-dispersion"]
    gallery = (out / "README.md").read_text(encoding="utf-8")
    assert "[keywords-concordance](keywords-concordance.csv)" in gallery


def test_a_large_corpus_keeps_its_strongest_terms_whole(terms):
    lines = concordance.all_occurrences(terms, most=100)
    assert len(lines) <= 100
    ranked = terms.table.reindex(terms.table["score"].abs().sort_values(ascending=False).index)
    kept = ranked.head(lines["term"].nunique())
    assert set(lines["term"]) == set(kept["term"])
    assert len(lines) == kept[["n_target", "n_reference"]].sum(axis=None)


# What figures say


def test_documents_are_laid_end_to_end_by_their_tokens(write_folder):
    corpus = load_folders(
        write_folder("new", "Extraordinarily unquestionable cats.", "A cat is at it. Cats eat it."),
        write_folder("old", "Dogs bark. Dogs sleep."),
    )
    places = along_groups(corpus, occurrences(corpus, ["cats"]))
    assert places["position"].tolist() == pytest.approx([2 / 11, 8 / 11])
