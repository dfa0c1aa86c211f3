"""The explorer: its data are the results', nothing in a text is run, a browser can use it."""

import json
import random
import re
import shutil
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analysis import keyness, load_folders, load_table, topics
from analysis.errors import InputError
from analysis.report import explorer as module
from analysis.report.explorer import HOME, explorer
from analysis.text import Concept, count_concepts

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
HOSTILE = (
    "</script><script>document.title='taken'</script> "
    "<img src=x onerror=\"document.title='taken'\"> <!-- & &amp; \u2028 $\\foo$ =1+1 {{7*7}}"
)


def facts(page: str) -> dict:
    """Return the data that a page carries."""
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(text)


@pytest.fixture(scope="module")
def found(corpus):
    return keyness(corpus, draws=500)


@pytest.fixture(scope="module")
def page(found, corpus):
    return explorer(found, topics(corpus, k=3, draws=200))


@pytest.fixture
def hostile(write_folder):
    """Two folders whose texts, and whose names, hold what a browser might run."""
    texts = [f"The gate {HOSTILE} opens.\n\nWe close the gate. It is bad.", "A good gate opens."]
    names = "<b onclick=x>new", "old & 'odd'"
    return load_folders(*(write_folder(name, *texts, f"{name} opens.") for name in names))


def test_its_numbers_are_those_of_the_table(page, found):
    data, table = facts(page), found.table.set_index("term")
    assert data["tested"] == len(data["terms"]) == len(table)
    for term, _, target, reference, *_ in data["terms"]:
        row = table.loc[term]
        assert (row["n_target"], row["n_reference"]) == (target, reference)
    for group, size in zip(data["groups"], found.sizes().values(), strict=True):
        assert (group["tokens"], group["units"]) == (size["tokens"], size["units"])


def test_an_open_end_of_an_interval_is_told_from_none(found, page):
    table = found.table.set_index("term")
    ends = {term: (low, high) for term, _, _, _, _, low, high, *_ in facts(page)["terms"]}
    for term, row in table.iterrows():
        for end, shown in zip(("ci_low", "ci_high"), ends[term], strict=True):
            if np.isinf(row[end]):
                assert shown == ("∞" if row[end] > 0 else "−∞")
            else:
                assert shown == pytest.approx(row[end], rel=1e-3)
    assert "∞" in {high for _, high in ends.values()}


def test_it_leads_to_the_page_that_leads_to_it(found):
    assert '<a href="../index.html">All pages</a>' in explorer(found, home="../index.html")
    assert HOME in explorer(found)


def test_every_occurrence_is_in_the_page_and_is_its_word(page, corpus):
    data = facts(page)
    words = Counter(data["vocabulary"][s["w"][i]] for s in data["sentences"]
                    for i in range(2, len(s["w"]), 3))  # fmt: skip
    assert words == Counter(token for tokens in corpus.tokens for token in tokens)
    texts = corpus.sentences["text"].tolist()
    for sentence, text in zip(data["sentences"], texts, strict=True):
        assert sentence["x"] == text
        start, length, word = sentence["w"][:3]
        found = text[start : start + length].casefold()
        assert found.startswith(data["vocabulary"][word][:3].removesuffix("."))


def test_tone_units_topics_and_actors_are_told(page, found):
    data = facts(page)
    assert len({s["u"] for s in data["sentences"]}) == len(found.units)
    assert {s["k"] for s in data["sentences"]} <= set(range(len(data["topics"]))) | {None}
    assert data["actors"]
    assert any(s["a"] for s in data["sentences"])
    assert sum(s["t"] is not None for s in data["sentences"]) > 100


def test_topics_are_those_of_passages_where_documents_are_units(write_folder):
    chance = random.Random(0)
    words = ("boat sail anchor harbour tide captain cargo deck mast rope".split(),
             "tree forest leaf root branch timber meadow garden seed soil".split())  # fmt: skip

    def passage(own):
        return " ".join(f"The {' '.join(chance.choices(own, k=6))}." for _ in range(6))

    texts = ["\n\n".join(passage(own) for own in words * 2) for _ in range(24)]
    made = load_folders(write_folder("new", *texts[:12]), write_folder("old", *texts[12:]))
    fitted = topics(made, k=2, draws=99, unit_tokens=30)
    data = facts(explorer(keyness(made, draws=99, unit_tokens=30), fitted))
    assert len(fitted.parts["passages"]) > len(fitted.units)
    at_sea, on_land = (
        {s["k"] for s in data["sentences"] if word in s["x"]} for word in ("harbour", "meadow")
    )
    assert (len(at_sea), len(on_land), len(at_sea | on_land)) == (1, 1, 2)
    names = fitted.table.set_index("topic")["label"]
    assert data["topics"] == [names[number] for number in (1, 2)]


def test_the_page_is_small_and_asks_for_nothing(page):
    assert len(page.encode()) < 2_000_000
    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_a_large_corpus_makes_a_bounded_page_with_all_counts(found, monkeypatch):
    monkeypatch.setattr(module, "MOST_TOKENS", 1_000)
    monkeypatch.setattr(module, "MOST_TERMS", 40)
    data = facts(explorer(found))
    assert not data["complete"]
    assert sum(len(s["w"]) for s in data["sentences"]) / 3 <= 1_000
    assert len(data["terms"]) == 40
    table = found.table.set_index("term")
    for term, _, target, reference, *_ in data["terms"]:
        assert (target, reference) == tuple(table.loc[term, ["n_target", "n_reference"]])
    held = {data["vocabulary"][id] for s in data["sentences"] for id in s["w"][2::3]}
    assert len({term for term, *_ in data["terms"]} & held) > 20
    assert {term for term, *_ in data["terms"] + data["others"]} == set(table.index)
    for term, target, reference in data["others"]:
        assert (target, reference) == tuple(table.loc[term, ["n_target", "n_reference"]])


@pytest.fixture(scope="module")
def large():
    """A comparison of many texts, each of its own sentences."""
    chance = random.Random(0)
    words = [f"{a}{b}" for a in "bcdfglmnprst" for b in ("ade", "oke", "ine", "urn", "ask")]

    def text(own):
        return " ".join(
            f"The {' '.join(chance.choices(words, k=6))} {own}."
            for _ in range(chance.randint(2, 6))
        )

    table = pd.DataFrame(
        [(group, text(own)) for group, own in (("new", "harbour"), ("old", "meadow")) * 60],
        columns=["group", "text"],
    )
    return keyness(load_table(table), draws=99)


def test_a_part_of_many_texts_is_from_all_over_them(large, monkeypatch):
    monkeypatch.setattr(module, "MOST_TOKENS", 800)
    data = facts(explorer(large))
    for group in (0, 1):
        mine = [s for s in data["sentences"] if data["documents"][s["d"]]["group"] == group]
        places = np.array([s["at"] for s in mine])
        assert all(((places >= low) & (places < low + 0.25)).any() for low in (0, 0.25, 0.5, 0.75))
    held = Counter(s["d"] for s in data["sentences"])
    entire = [d for number, d in enumerate(data["documents"]) if held[number] == d["n"]]
    assert {d["group"] for d in entire} == {0, 1}
    assert sum(len(s["w"]) for s in data["sentences"]) / 3 <= 800


def test_topics_of_another_corpus_are_refused(found, tiny, hostile):
    with pytest.raises(InputError, match="of another corpus"):
        explorer(keyness(hostile, draws=99), topics=found)


def test_texts_stay_text(hostile):
    page = explorer(keyness(hostile, draws=99))
    assert page.count("<script") == 2
    assert "onclick=x>" not in page
    assert any(HOSTILE.split()[0] in s["x"] for s in facts(page)["sentences"])


# In a browser


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium, where there is one."""
    driver = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium: install one (Debian's package chromium) to test pages in it")
    with driver.sync_playwright() as play:
        yield play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


@pytest.fixture
def visit(browser, tmp_path):
    """Open a page, and note what it logs and asks for."""
    contexts = []

    def open_page(text: str, place: str = "", **options):
        path = tmp_path / "explorer.html"
        path.write_text(text, encoding="utf-8")
        contexts.append(browser.new_context(**options))
        tab, noted = contexts[-1].new_page(), []
        tab.on("console", lambda message: noted.append(message.text))
        tab.on("pageerror", lambda error: noted.append(str(error)))
        tab.on("request", lambda asked: noted.append(asked.url))
        tab.goto(path.as_uri() + place)
        assert noted.pop(0).startswith(path.as_uri())
        return tab, noted

    yield open_page
    for context in contexts:
        context.close()


def test_by_keyboard_alone_a_word_is_found_and_read(page, found, visit):
    tab, noted = visit(page)
    tab.keyboard.press("Tab")
    assert "Skip" in tab.evaluate("document.activeElement.textContent")
    tab.focus("#search")
    tab.keyboard.type("relationship")
    for _ in range(3):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert "relationship" in tab.inner_text("#word-title")
    row = found.table.set_index("term").loc["relationship"]
    lines = [tab.locator(f"#lines > div:nth-child({side}) li").count() for side in (1, 2)]
    assert lines == [row["n_target"], row["n_reference"]]
    assert noted == []


def test_a_list_of_ones_own_is_counted_where_it_stands(page, corpus, visit):
    tab, noted = visit(page)
    tab.fill("#own-words", "ties, relations, Iran's, customs union")
    tab.keyboard.press("Enter")
    tokens = [token for sentence in corpus.tokens_of("2017") for token in sentence]
    pairs = list(pairwise(tokens))
    expected = sum(map(tokens.count, ("ties", "relations", "iran"))) + pairs.count(
        ("customs", "union")
    )
    assert f"2017: {expected} (" in tab.inner_text("#facts")
    assert "no test" in tab.inner_text("#facts")
    assert noted == []


def test_stars_stand_for_letters_as_in_the_package_s_own_lists(page, corpus, visit):
    tab, noted = visit(page)
    for word in ("relat*", "*ism", "nuclear *", "nosuch*"):
        tab.fill("#own-words", word)
        tab.keyboard.press("Enter")
        counts = count_concepts(corpus, [Concept("own", "", {word: ""})])
        column = counts.matrix.toarray()[:, 0]
        by_group = [int(column[counts.target].sum()), int(column[~counts.target].sum())]
        shown = [tab.locator(f"#lines > div:nth-child({side}) li").count() for side in (1, 2)]
        assert shown == by_group, word
    assert sum(by_group) == 0
    assert "“nosuch*” fits nothing in the texts" in tab.inner_text("#facts")
    tab.fill("#own-words", "relat*, customs union")
    tab.keyboard.press("Enter")
    assert re.search(r"“relat\*” stands for relationship \d+, ", tab.inner_text("#facts"))
    tab.fill("#own-words", "*")
    tab.keyboard.press("Enter")
    assert "fits every word" in tab.inner_text("#facts")
    tab.fill("#search", "relat*, syria")
    found = tab.locator("#list button").all_inner_texts()
    assert {"relationship", "relations", "Syria", "Syrian"} <= set(found)
    assert not any(word.lower().startswith("corr") for word in found)
    assert noted == []


def test_a_page_that_holds_a_part_counts_per_word_of_that_part(found, visit, monkeypatch):
    monkeypatch.setattr(module, "MOST_TOKENS", 1_000)
    page = explorer(found)
    data = facts(page)
    mine = [s for s in data["sentences"] if data["documents"][s["d"]]["group"] == 0]
    words = [data["vocabulary"][id] for s in mine for id in s["w"][2::3]]
    word = "the"
    tab, noted = visit(page)
    tab.fill("#own-words", f"{word}, nosuchword")
    tab.keyboard.press("Enter")
    rate = 1000 * words.count(word) / len(words)
    said = tab.inner_text("#facts")
    assert f": {words.count(word)} ({rate:.2f} per 1,000 words)" in said
    assert "no sample of the texts" in said
    assert noted == []


def test_a_search_finds_words_that_are_counted_and_not_drawn(found, visit, monkeypatch):
    """Of 1,000 words a page may draw five: the others are found by name, with their counts."""
    monkeypatch.setattr(module, "MOST_TERMS", 5)
    tab, noted = visit(explorer(found))
    row = found.table.set_index("term").loc["moscow"]
    tab.fill("#search", "moscow")
    first = tab.locator("#list tr").first
    assert first.inner_text().split("\t") == [
        "moscow", str(row["n_target"]), str(row["n_reference"]), "–", "–",
    ]  # fmt: skip
    tab.keyboard.press("Tab")
    for _ in range(2):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert "moscow" in tab.inner_text("#word-title")
    assert f": {row['n_target']} (" in tab.inner_text("#facts")
    tab.check("#only")
    assert tab.locator("#list tr").count() == 0
    assert noted == []


def test_of_texts_held_in_part_the_gaps_are_shown_and_the_keyboard_goes_on(
    large, visit, monkeypatch
):
    monkeypatch.setattr(module, "MOST_TOKENS", 800)
    monkeypatch.setattr(module, "MOST_TERMS", 5)
    page = explorer(large)
    data = facts(page)
    tab, noted = visit(page)
    titles = tab.locator("#pick0 option").all_inner_texts()
    first = next(place for place, title in enumerate(titles) if "sentences)" in title)
    assert 0 < first < len(titles)
    assert not any("sentences)" in title for title in titles[:first])
    assert all("sentences)" in title for title in titles[first:])
    assert "[…]" not in tab.inner_text("#texts .text >> nth=0")
    tab.focus("#pick0")
    for _ in range(first):
        tab.keyboard.press("ArrowDown")
    assert tab.evaluate("document.activeElement.id") == "pick0"
    assert tab.input_value("#pick0") == tab.locator("#pick0 option").nth(first).get_attribute(
        "value"
    )
    assert "[…]" in tab.inner_text("#texts .text >> nth=0")
    term, target, reference = data["others"][0]
    tab.fill("#own-words", term)
    tab.keyboard.press("Enter")
    said = tab.inner_text("#facts")
    assert f"new: {target} (" in said
    assert f"old: {reference} (" in said
    assert "Counted in all texts" in said
    assert noted == []


def test_the_word_itself_comes_first_of_those_found(page, visit):
    tab, noted = visit(page)
    tab.fill("#search", "state")
    found = tab.locator("#list button").all_inner_texts()
    assert found[0].lower() == "state"
    assert len(found) > 2
    assert noted == []


def test_many_texts_are_known_by_one_sum():
    few = {str(n): f"{n:064d}" for n in range(module.NAMED)}
    assert module._texts(few).count(";") == module.NAMED - 1
    many = few | {"more": "f" * 64}
    assert module._texts(many).startswith(f"{module.NAMED + 1} texts; SHA-256 over")
    assert module._texts(dict(reversed(many.items()))) == module._texts(many)


def test_a_click_on_a_mark_chooses_its_word_and_the_reader_opens_at_a_line(page, visit):
    tab, noted = visit(page)
    tab.fill("#search", "objectives")
    tab.locator("#scatter .mark:not(.dim)").first.dispatch_event("click")
    assert "objectives" in tab.inner_text("#word-title")
    tab.locator("#lines a").first.click()
    tab.wait_for_selector("[id^='s']:focus", state="attached")
    assert "objectives" in tab.evaluate("document.activeElement.textContent").lower()
    for mode in ("tone", "actors", "topics", "none"):
        tab.check(f"input[value={mode}]")
    assert noted == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_accessible_and_fits(page, visit, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    size = {"width": width, "height": 800}
    tab, noted = visit(page, color_scheme=scheme, viewport=size, bypass_csp=True)
    found = axe.Axe().run(tab)
    assert found.violations_count == 0, found.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert noted == []


def test_a_hostile_corpus_runs_nothing(hostile, visit):
    tab, noted = visit(explorer(keyness(hostile, draws=99)))
    tab.fill("#own-words", "gate")
    tab.keyboard.press("Enter")
    assert tab.title() != "taken"
    assert tab.locator("img").count() == 0
    assert noted == []


def test_a_link_names_a_word_and_lines_say_where_in_the_raw_file_they_stand(page, visit):
    tab, noted = visit(page, "#word=ties")
    assert "ties" in tab.inner_text("#word-title")
    assert tab.locator("#lines li").count() > 5
    assert "of the raw file" in tab.locator("#lines a").first.get_attribute("title")
    assert noted == []


def test_places_are_those_a_browser_counts():
    text = "\U0001f525\U0001f525 Cut taxes \U0001f600 now"
    place = module._code_units(text)
    for word in ("Cut", "taxes", "now"):
        start = text.index(word)
        cut = text.encode("utf-16-le")[2 * place(start) : 2 * place(start + len(word))]
        assert cut.decode("utf-16-le") == word
    assert [module._code_units("plain – text")(n) for n in (0, 7, 12)] == [0, 7, 12]
