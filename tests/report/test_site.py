"""The site: whole, nothing from elsewhere, links that lead somewhere, readable by anyone."""

import json
import re
import shutil
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from analysis.report.explorer import HOME
from analysis.report.methods import methods
from analysis.report.site import Site, markdown_html, notebook_html, write_site
from scripts import make_site

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PIXEL = b"\x89PNG\r\n\x1a\n rest"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The study's own site."""
    out = tmp_path_factory.mktemp("site")
    make_site.main(out / "html")
    return out / "html"


class Reader(HTMLParser):
    """The ids, links, pictures and whatever a page would ask for."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids, self.links, self.sources, self.alts = [], [], [], []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if "id" in facts:
            self.ids.append(facts["id"])
        if tag == "a":
            self.links.append(facts.get("href", ""))
        if tag in ("img", "script", "link", "iframe", "source", "video", "audio", "object"):
            self.sources.append(facts.get("src") or facts.get("href") or "")
        if tag == "img":
            self.alts.append(facts.get("alt", ""))


@pytest.fixture(scope="module")
def pages(site):
    return {page.name: Reader(page) for page in site.glob("*.html")}


def test_there_is_a_page_of_each_kind(pages):
    for name in ("index", "01_corpus", "05_findings", "gallery", "methods", "benchmarks"):
        assert f"{name}.html" in pages


def test_every_link_leads_to_a_page_and_a_place(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"(https?|mailto):", link):
                continue
            path, _, place = link.partition("#")
            target = site / unquote(path) if path else site / name
            known = pages[target.name].ids if target.name in pages else [unquote(place)]
            if not target.is_file() or (place and unquote(place) not in known):
                broken.append((name, link))
    assert broken == []


def test_nothing_comes_from_elsewhere_and_every_picture_speaks(site, pages):
    for name, page in pages.items():
        for source in filter(None, page.sources):
            assert source.startswith("data:") or (site / unquote(source)).is_file(), (name, source)
        assert all(len(alt) > 20 for alt in page.alts), name
        assert len(set(page.ids)) == len(page.ids), name
    assert sum(len(page.alts) for page in pages.values()) > 20


def test_a_notebook_s_pictures_are_files_beside_it_and_errors_are_said():
    output = nbformat.v4.new_output(
        "display_data", {"image/png": b64encode(PIXEL).decode(), "text/plain": "alt"},
        metadata={"image/png": {"alt": 'a "b" <c>', "width": 9}},
    )  # fmt: skip
    refused = nbformat.v4.new_output("error", ename="InputError", evalue="Too <short>.")
    cell = nbformat.v4.new_code_cell("x", outputs=[output, refused])
    page = notebook_html(nbformat.v4.new_notebook(cells=[cell]), {})
    assert 'src="data:image/png;base64,' in page
    assert 'alt="a &quot;b&quot; &lt;c&gt;" width="9"' in page
    assert '<p class="refused">Too &lt;short&gt;.</p>' in page


def test_a_wide_picture_scrolls_by_itself_and_a_whole_page_leads_home(tmp_path):
    (tmp_path / "pages").mkdir()
    explorer = tmp_path / "pages" / "look.html"
    explorer.write_text(f"<nav>{HOME}</nav>", encoding="utf-8")
    site = Site(tmp_path, tmp_path / "out")
    pictures = '<img src="a.png" alt="a" width="690">\n\n<img src="b.png" alt="b" width="320">'
    site.add_text(f"# First\n\n{pictures}", "index.md", "index.html", "Home")
    site.add_whole(explorer, "Look")
    site.write()
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    (wide,) = re.findall(r'<span class="wide"[^>]*tabindex="0"[^>]*><img[^>]*></span>', page)
    assert 'width="690"' in wide
    look = (tmp_path / "out" / "pages" / "look.html").read_text(encoding="utf-8")
    assert look == '<nav><a href="../index.html">All pages</a></nav>'
    assert HOME in explorer.read_text(encoding="utf-8")


def test_links_between_sources_become_links_between_pages(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.csv").write_text("1")
    (tmp_path / "notebooks").mkdir()
    cells = [nbformat.v4.new_markdown_cell("# One: two\n\n[g](../figures/README.md#f) [x](#y)")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / "a.ipynb")
    for name in ("README", "snippets"):
        (tmp_path / "figures" / f"{name}.md").write_text(
            "# F\n\n[n](../notebooks/a.ipynb) [t](a.csv)"
        )
    built = Site(tmp_path, tmp_path / "out")
    built.add_text("# Home", "index.md", "index.html", "Home")
    write_site(built, [tmp_path / "notebooks" / "a.ipynb"], tmp_path / "figures", "# M")
    notebook = Reader(tmp_path / "out" / "a.html").links
    gallery = Reader(tmp_path / "out" / "gallery.html").links
    assert {"gallery.html#f", "#y"} <= set(notebook)
    assert {"a.html", "figures/a.csv"} <= set(gallery)
    assert (tmp_path / "out" / "figures" / "a.csv").read_text() == "1"


def test_headings_have_names_of_their_own_and_markdown_is_that_of_notebooks(tmp_path):
    built = Site(tmp_path, tmp_path)
    built.add_text("# T\n\n## Same\n\n## Same\n\n## É ü", "index.md", "index.html", "T & co")
    built.write()
    page = Reader(tmp_path / "index.html")
    assert [own for own in page.ids if own != "content"] == ["t", "same", "same-2", "é-ü"]
    assert "<title>T &amp; co</title>" in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<strong>" in markdown_html("**a**")


# In a browser


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_are_accessible_fit_a_phone_and_ask_for_nothing(site, width):
    driver = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium: install one (Debian's package chromium) to test pages in it")
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for name in ("index", "02_keywords", "05_findings", "gallery"):
            size = {"width": width, "height": 800}
            context = browser.new_context(viewport=size, bypass_csp=True)
            tab, noted = context.new_page(), []
            tab.on("console", lambda message: noted.append(message.text))  # noqa: B023
            tab.on("request", lambda asked: noted.append(asked.url))  # noqa: B023
            tab.goto((site / f"{name}.html").as_uri())
            found = axe.Axe().run(tab)
            assert found.violations_count == 0, (name, found.generate_report())
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
            assert [own for own in noted if not own.startswith("file:")] == [], name
            context.close()
        browser.close()


def test_a_link_to_a_folded_place_opens_it(site):
    driver = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium: install one (Debian's package chromium) to test pages in it")
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.goto((site / "02_keywords.html").as_uri())
        link = tab.locator('a[href*="#word-"]').first
        place = link.get_attribute("href").partition("#")[2]
        link.press("Enter")  # a click could miss it while pictures still move the page
        own = f"[id={json.dumps(place)}]"
        tab.wait_for_selector(f"details[open]{own}, details[open] {own}", state="attached")
        browser.close()


def test_the_methods_are_the_package_s_own(site):
    text = (site / "methods.html").read_text(encoding="utf-8")
    assert "not claimed" in text
    assert methods().splitlines()[0] == "# Methods"


def test_a_wide_figure_of_markdown_scrolls_as_those_of_notebooks_do(tmp_path):
    from PIL import Image

    for name, pixels in (("wide", 1600), ("small", 600)):
        Image.new("RGB", (pixels, 40)).save(tmp_path / f"{name}.png", dpi=(192, 192))
    (tmp_path / "README.md").write_text("![W](wide.png)\n\n![S](small.png)\n\n![N](no.png)\n")
    pages = Site(tmp_path, tmp_path / "out")
    pages.add_markdown(tmp_path / "README.md", "index.html", "Home")
    page = pages.write()[0].read_text(encoding="utf-8")
    assert re.search(r'<span class="wide"[^>]*><img width="800"[^>]*src="wide.png"', page)
    assert re.search(r'(?<!">)<img width="300"[^>]*src="small.png"', page)
    assert page.count('class="wide"') == 1


def test_printed_tables_keep_their_numbers_whole(site, tmp_path):
    driver = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no Chromium: install one (Debian's package chromium) to test pages in it")
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 680, "height": 900})  # A4 within its margins
        tab.goto((site / "03a_sentiment_appendix.html").as_uri())
        tab.emulate_media(media="print")
        broken, over = tab.evaluate(
            """() => [
              [...document.querySelectorAll('td[align=right]')].filter((cell) =>
                /^[\\d,.\u2212]+$/.test(cell.textContent) && cell.textContent.length &&
                cell.firstChild && (() => { const r = document.createRange();
                  r.selectNodeContents(cell); return r.getClientRects().length > 1; })()).length,
              [...document.querySelectorAll('table')].filter((t) =>
                t.getBoundingClientRect().right > innerWidth + 1).length,
            ]"""
        )
        browser.close()
    assert (broken, over) == (0, 0)
