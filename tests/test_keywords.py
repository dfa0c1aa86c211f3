"""What notebook 02 shows of keywords: limits in every table and figure, sentences behind each."""

import json
import re
from dataclasses import replace
from urllib.parse import unquote

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.inference import self_contrast
from analysis.keywords.association import PRIOR_TOKENS, log_odds_z
from analysis.keywords.beyond_words import concept_keyness, phrase_keyness
from analysis.keywords.chance import COLUMNS, log_odds_limits, log_odds_limits_of_counts
from analysis.keywords.equivalence import lockwords
from analysis.keywords.table import keyness
from analysis.report import beyond_words, canvas, concordance, keyword_plots, keywords
from analysis.report.gallery import collect
from analysis.report.links import PHRASE, WORD, anchor, link
from analysis.report.sentences import say
from analysis.report.tables import MINUS, show
from analysis.text import load_folders
from analysis.text.concordance import along_groups, occurrences


@pytest.fixture(scope="module")
def terms(corpus):
    return keyness(corpus, draws=99)


@pytest.fixture(scope="module")
def alike(corpus):
    return lockwords(corpus)


@pytest.fixture(scope="module")
def families(corpus):
    return keyness(corpus, draws=99, family="stem")


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.figure._folder", tmp_path)
    return tmp_path


def row(**more):
    """A keyness row with round numbers, which a reader can follow."""
    return {
        "term": "x", "n_target": 5, "n_reference": 2, "log_ratio": 2.0, "score": 1.0,
        "dispersion_target": 0.5, "dispersion_reference": 0.9,
        "self_target": 1.0, "self_reference": 3.0, "floor_target": 4.0, "floor_reference": np.inf,
    } | more  # fmt: skip


def limits(terms, what="word"):
    return say("keywords.limits", keywords.limit_facts(terms, what))


# Limits, by hand


def test_a_row_gets_its_own_sides_floor_and_the_larger_self_contrast():
    table = pd.DataFrame([row(), row(log_ratio=-2.0, self_target=7.0)])
    shown = keywords.with_limits(table)
    assert shown["itself"].tolist() == [3.0, 7.0]
    assert shown["floor"].tolist() == [4.0, np.inf]


def test_a_dispersion_of_one_or_two_occurrences_is_not_shown():
    shown = keywords.with_limits(pd.DataFrame([row(), row(n_target=2, n_reference=3)]))
    assert shown["dispersion_target"].isna().tolist() == [False, True]
    assert shown["dispersion_reference"].isna().tolist() == [True, False]


def test_the_caption_names_the_smallest_floors_and_the_rarest_term_that_could_be_found(terms):
    rows = [row(), row(n_target=1, n_reference=1, floor_target=np.inf), row(floor_target=6.0)]
    said = limits(replace(terms, table=pd.DataFrame(rows)))
    assert "No word here with a log ratio under 4.0 towards 2018, and none of fewer than 7" in said
    assert "2017" not in said
    assert "the median word a log ratio of up to 3.0 in 95 % of draws" in said
    both = limits(replace(terms, table=pd.DataFrame([row(floor_reference=5.0)])), "concept")
    assert "No concept here with a log ratio under 4.0 towards 2018 or 5.0 towards 2017 c" in both
    none = limits(replace(terms, table=pd.DataFrame([row(floor_target=np.inf)])))
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
        assert {"self", "floor"} <= set(table.headings)
        assert "self" in table.note
    assert "self" in keywords.lockwords_table(alike, terms).headings
    first = shown[0].cells[0]
    assert f"{terms.table['floor_target'].iloc[0]:.1f}" == first[shown[0].headings.index("floor")]


def test_every_figure_of_keywords_says_both_limits(corpus, terms, out):
    published = [
        keywords.ranked_figure(terms),
        keywords.funnel_figure(terms, log_odds_limits(terms)),
        keywords.rates_figure(terms),
        keywords.naive_figure(terms),
        concordance.dispersion_figure(terms),
        beyond_words.concepts_figure(concept_keyness(corpus, draws=99)),
    ]
    for figure in published:
        assert "could be expected to be found at these lengths" in figure.caption, figure.id
        assert "set against itself, gives the median" in figure.caption, figure.id
        assert 30 <= len(figure.alt) <= 500
    funnel = pd.read_csv(out / "keywords-funnel.csv", nrows=1)
    assert {"log_odds_self_target", "log_odds_floor_reference"} <= set(funnel)


def test_the_misread_terms_are_the_most_frequent_first():
    rows = [
        row(term="a", g2_p=0.01, p_value=0.2),
        row(term="b", g2_p=0.04, p_value=0.2, n_target=9),
        row(term="c", g2_p=0.04, p_value=0.01),
        row(term="d", g2_p=0.3, p_value=0.4),
    ]
    assert keywords.misread(pd.DataFrame(rows))["term"].tolist() == ["b", "a"]


# The z of the log-odds ratio


def test_limits_of_z_keep_the_rows_of_the_table(terms):
    found, terms = log_odds_limits(terms, draws=50).table, terms.table
    assert list(found.columns) == COLUMNS
    assert found["term"].tolist() == terms["term"].tolist()
    pd.testing.assert_series_equal(found["log_odds_z"], terms["log_odds_z"])
    for role in ("target", "reference"):
        assert (np.isinf(found[f"floor_{role}"]) == np.isinf(terms[f"floor_{role}"])).all()


def test_the_floor_of_z_is_the_z_at_the_floor(counts, terms):
    """Split the occurrences so that the log ratio is the floor, and take the z of that."""
    found = log_odds_limits(terms, draws=50).table.set_index("term").loc["relationship"]
    at = terms.table.set_index("term").loc["relationship"]
    n1, n2 = (float(counts.sizes[side].sum()) for side in (counts.target, ~counts.target))
    total = float(at["n_target"] + at["n_reference"])
    splits = np.linspace(1e-6, total - 1e-6, 400_001)
    ratio = np.log2(splits / n1) - np.log2((total - splits) / n2)
    a = splits[np.abs(ratio - at["floor_target"]).argmin()]
    prior = np.array([PRIOR_TOKENS * total / (n1 + n2)])
    z = log_odds_z(np.array([a]), np.array([total - a]), n1, n2, prior, PRIOR_TOKENS)
    assert found["floor_target"] == pytest.approx(z[0], abs=1e-3)


def test_the_self_contrast_of_z_by_brute_force(counts, terms, monkeypatch):
    """The draws of ``self_contrast``, read off term by term, whatever the size of the blocks."""
    from analysis.keywords import chance

    monkeypatch.setattr(chance, "_BLOCK", 7)
    found = log_odds_limits(terms, draws=40).table.set_index("term")
    chosen = ["iran", "syria", "began", "arabia"]
    values = counts.matrix[:, [counts.terms.index(term) for term in chosen]].toarray()
    seen = []

    def keep(a, n1, b, n2):
        seen.append([np.broadcast_to(x, a.shape) for x in (a, n1, b, n2)])
        return a

    self_contrast(values, counts.sizes, counts.target, measure=keep, draws=40)
    for name, (a, n1, b, n2) in zip(("self_target", "self_reference"), seen, strict=True):
        for j, term in enumerate(chosen):
            z = []
            for x, n, y, m in zip(a[:, j], n1[:, j], b[:, j], n2[:, j], strict=True):
                prior = 500 * (x + y) / (n + m)
                if x + y == 0:
                    z.append(0.0)
                    continue
                odds = np.log((x + prior) / (n + 500 - x - prior))
                odds -= np.log((y + prior) / (m + 500 - y - prior))
                z.append(abs(odds) / np.sqrt(1 / (x + prior) + 1 / (y + prior)))
            assert found.loc[term, name] == pytest.approx(np.quantile(z, 0.95))


def test_limits_of_other_terms_are_refused(counts, terms):
    with pytest.raises(InputError, match="not the same ones"):
        log_odds_limits_of_counts(terms.table.iloc[1:], counts)


# Scatter plots


def frequencies():
    """Terms of 1, 4 and 10 occurrences, the floors falling but for a step up at 10."""
    return pd.DataFrame(
        [
            row(n_target=1, n_reference=0, floor_target=np.inf, self_reference=2.0),
            row(n_target=2, n_reference=2, floor_target=3.0, self_reference=4.0),
            row(n_target=3, n_reference=1, floor_target=3.0, self_reference=6.0),
            row(n_target=5, n_reference=5, floor_target=3.5, self_reference=1.0),
        ]
    )


def test_the_band_is_a_median_and_the_floor_holds_from_there_on():
    found = keyword_plots._by_frequency(frequencies(), rising=False)
    assert found["n"].tolist() == [1, 4, 10]
    assert found["itself"].tolist() == [2.0, 5.0, 1.0]
    assert found["floor_target"].tolist() == pytest.approx([np.nan, 3.5, 3.5], nan_ok=True)
    assert found["floor_reference"].isna().all()
    rising = keyword_plots._by_frequency(
        frequencies().assign(floor_target=[np.inf, 3, 3, 2]), rising=True
    )
    assert rising["floor_target"].tolist() == pytest.approx([np.nan, 3.0, 3.0], nan_ok=True)


def test_occurrences_split_by_a_log_ratio_have_that_log_ratio(terms):
    n, ratio, terms = pd.Series([5.0, 40.0]), pd.Series([2.0, -1.5]), terms.table
    reference, target = keyword_plots._split(terms, n, ratio)
    assert np.log2(target / reference) == pytest.approx(ratio.to_numpy())
    own = terms[terms["n_reference"] > 0].iloc[0]
    tokens = 1000 * own["n_reference"] / own["rate_reference"]
    frequent = terms.loc[terms["n_target"].idxmax()]
    other = 1000 * frequent["n_target"] / frequent["rate_target"]
    assert target * other / 1000 + reference * tokens / 1000 == pytest.approx(n.to_numpy())


def test_labels_of_the_funnel_keep_clear_of_the_line_of_no_difference(corpus, terms):
    figure, ax = canvas(height=4)
    keyword_plots.plot_funnel(terms.table, corpus.groups, ax, column="log_ratio")
    figure.canvas.draw()
    curve = ax.transData.transform(
        np.column_stack([np.linspace(*ax.get_xlim(), 4000), np.zeros(4000)])
    )
    assert len(ax.texts) >= 8
    for text in ax.texts:
        (x0, y0), (x1, y1) = text.get_window_extent().get_points()
        inside = (curve[:, 0] > x0) & (curve[:, 0] < x1) & (curve[:, 1] > y0) & (curve[:, 1] < y1)
        assert not inside.any(), text.get_text()


# From a keyword to its sentences


@given(st.text(min_size=1), st.text(min_size=1))
def test_anchors_are_plain_and_differ_where_the_terms_do(one, other):
    name = anchor(WORD, one)
    assert re.fullmatch(r"word-[A-Za-z0-9_.~-]+", name)
    assert (name == anchor(WORD, other)) == (one == other)
    assert unquote(name.removeprefix("word-").replace("_", "%")) == one
    assert name != anchor(PHRASE, one)


def test_a_linked_cell_leads_where_its_term_does():
    table = pd.DataFrame({"term": ["u.s.", "<b>"], "n": [1, 2]})
    shown = show(table, links={"term": link(WORD)}, id="here")
    soup = BeautifulSoup(shown._repr_html_(), "html.parser")
    assert [(a["href"], a.get_text()) for a in soup.find_all("a")] == [
        ("#word-u.s.", "u.s."),
        ("#word-_3Cb_3E", "<b>"),
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
    links = {a["href"].removeprefix("#") for a in soup.find_all("a")}
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


def test_other_orders_can_be_asked_for(terms):
    assert terms.table["term"].iloc[0] == "relationship"
    shown = concordance.concordance_table(terms, sort="text").cells
    places = [int(cells[1].replace(",", "")) for cells in shown if cells[0] == "2018"]
    assert places == sorted(places)
    with pytest.raises(InputError, match="sort is one of"):
        concordance.concordance_table(terms, sort="up")


def test_a_long_sentence_is_cut_on_the_page_and_whole_in_the_file(write_folder, terms):
    text = f"{'So ' * 200}cats {'sleep ' * 100}well."
    corpus = load_folders(write_folder("new", text), write_folder("old", "No cats sleep. Dogs do."))
    table = pd.DataFrame([row(term="cats", n_target=1, n_reference=1)])
    own = replace(terms, corpus=corpus, table=table, units=terms.units.head(0))
    left, node, right = concordance.concordance_table(own, sort="text").cells[0][3:]
    assert (len(left), node, len(right)) == (
        concordance.CONTEXT + 2,
        "cats",
        concordance.CONTEXT + 2,
    )
    assert left.startswith("… ")
    assert right.endswith(" …")
    lines, _ = concordance.all_occurrences(
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
    lines, kept_terms = concordance.all_occurrences(terms, most=100)
    assert len(lines) <= 100
    assert kept_terms == lines["term"].nunique()
    ranked = terms.table.reindex(terms.table["score"].abs().sort_values(ascending=False).index)
    kept = ranked.head(lines["term"].nunique())
    assert set(lines["term"]) == set(kept["term"])
    assert len(lines) == kept[["n_target", "n_reference"]].sum(axis=None)


# Texts without phrases or concepts


def test_where_there_is_nothing_to_show_it_is_said(corpus):
    bare = concept_keyness(replace(corpus, concepts=None))
    none = phrase_keyness(corpus, least=500)
    assert repr(concordance.phrase_sentences(none)) == say("keywords.phrases.none", {})
    assert repr(concordance.concept_sentences(bare)) == say("keywords.concepts.none", {})
    assert repr(beyond_words.concept_words_table(bare)) == say("keywords.concepts.none", {})


# What figures say


def test_a_side_without_keywords_is_told_by_its_sign(terms, out):
    one_sided = terms.table[terms.table["score"] > 0].head(4).reset_index(drop=True)
    first = ", ".join(one_sided["term"].head(3))
    alt = keywords.ranked_figure(replace(terms, table=one_sided)).alt
    assert f"{first} lead for 2018, none for 2017;" in alt


def test_documents_are_laid_end_to_end_by_their_tokens(write_folder):
    corpus = load_folders(
        write_folder("new", "Extraordinarily unquestionable cats.", "A cat is at it. Cats eat it."),
        write_folder("old", "Dogs bark. Dogs sleep."),
    )
    places = along_groups(corpus, occurrences(corpus, ["cats"]))
    assert places["position"].tolist() == pytest.approx([2 / 11, 8 / 11])


def test_log_ratios_have_whole_ticks_and_a_true_minus(corpus, terms):
    figure, ax = canvas()
    keyword_plots.plot_ranked(keywords.strongest(terms.table, 5), corpus.groups, ax)
    ax.set_xlim(-10.4, 10.4)
    figure.canvas.draw()
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert any(label.startswith(MINUS) for label in labels)
    assert all(re.fullmatch(rf"{MINUS}?\d+", label) for label in labels)
