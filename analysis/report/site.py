"""The site: notebooks, gallery, explorer and methods as pages that link to one another.

A page asks for nothing from elsewhere: style and script stand in it, pictures lie beside it.
"""

import html
import re
import shutil
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import quote, unquote

from PIL import Image

from analysis.files import write_file
from analysis.notebooks import NotebookNode, read_notebook
from analysis.report.explorer import HOME, filled, home_link

NOT_COPIED = {".ipynb", ".py"}  # a link to such a file leads to its page, or is no link
PIXELS = 96  # of CSS, in an inch
NARROW = 480  # CSS pixels: a wider figure keeps a width at which its words can be read
_LINK = re.compile(r'(<(?:a|img)\b[^>]*?\b(href|src)=")([^"]*)(")')
_OUTSIDE = re.compile(r'<img src="https?:[^"]*" alt="([^"]*)"[^>]*>')  # its words stand for it
_UNSIZED = re.compile(r'<img (?![^>]*\bwidth=)[^>]*?\bsrc="([^"]*)"[^>]*>')
_APPENDIX = re.compile(r"(\d+[a-z]) · ")
_HEADING = re.compile(r"<h([1-4])([^>]*)>(.*?)</h\1>", re.DOTALL)


@dataclass
class Page:
    """A page of the site.

    Attributes
    ----------
    name : of its file
    title : in the navigation and the window
    source : the file that it is made from, by which others link to it; relative to the root
    body : in HTML; empty for a page that is whole already
    shown : whether the navigation names it
    """

    name: str
    title: str
    source: str
    body: str = ""
    shown: bool = True


@dataclass
class Site:
    """A site being made.

    Attributes
    ----------
    root : the folder that links in the sources lead from
    out : where the pages are written
    pages : in the order of the navigation
    footer : how to cite, below every page
    """

    root: Path
    out: Path
    pages: list[Page] = field(default_factory=list)
    footer: str = ""

    def add_markdown(self, path: Path, name: str, title: str, shown: bool = True) -> None:
        """Add a page made from a Markdown file."""
        text = path.read_text(encoding="utf-8")
        self.add_text(text, self._source(path), name, title, shown)

    def add_text(self, text: str, source: str, name: str, title: str, shown: bool = True) -> None:
        """Add a page made from Markdown; one without a heading of its own gets its title as one."""
        body = markdown_html(text)
        heading = "" if "<h1" in body else f"<h1>{html.escape(title)}</h1>\n"
        self.pages.append(Page(name, title, source, heading + body, shown))

    def add_notebook(self, path: Path, figures: Path) -> None:
        """Add the page of a notebook, its pictures those of a folder of figures."""
        notebook = read_notebook(path)
        pictures = {
            sha256(image.read_bytes()).hexdigest(): self._relative(image, path.parent)
            for image in figures.glob("*.png")
        }
        body = notebook_html(notebook, pictures)
        title = re.search(r"^# (.*)$", _first_markdown(notebook), re.MULTILINE)
        named = title[1] if title else path.stem
        self.pages.append(Page(f"{path.stem}.html", named, self._source(path), body))

    def add_whole(self, path: Path, title: str) -> None:
        """Add a page that is whole already; it is copied, and others link to it."""
        source = self._source(path)
        self.pages.append(Page(self._file(source), title, source))

    def write(self) -> list[Path]:
        """Write the pages, and beside them the files that they link to; return their paths."""
        self.out.mkdir(parents=True, exist_ok=True)
        for page in self.pages:
            if page.body:
                write_file(self.out / page.name, self._whole(page).encode("utf-8"))
            else:
                self._led_home(page)
        return [self.out / page.name for page in self.pages]

    def _source(self, path: Path) -> str:
        return path.resolve().relative_to(self.root.resolve()).as_posix()

    def _relative(self, path: Path, start: Path) -> str:
        return "/".join([*[".."] * len(Path(self._source(start)).parts), self._source(path)])

    def _whole(self, page: Page) -> str:
        body = _OUTSIDE.sub(r"\1", page.body)
        body = _UNSIZED.sub(lambda image: self._sized(image, page), body)
        body = _LINK.sub(lambda link: self._linked(link, page), body)
        body, contents = _contents(_accessible(body))
        parts = {
            "@NAVIGATION@": self._navigation(page),
            "@CONTENTS@": contents,
            "@FOOTER@": html.escape(self.footer),
            "@BODY@": body,
        }
        return filled("site", page.title, parts)

    def _navigation(self, here: Page) -> str:
        current = ' aria-current="page"'
        items = (
            f'<li><a href="{page.name}"{current if page is here else ""}{_in_full(page.title)}>'
            f"{html.escape(_short(page.title))}</a></li>"
            for page in self.pages
            if page.shown
        )
        listed = "\n".join(items)
        return f"<ul>\n{listed}\n</ul>"

    def _linked(self, link: re.Match[str], page: Page) -> str:
        """Return a link that leads to a page of the site, or to a file copied beside it."""
        before, _, address, after = link.groups()
        plain = html.unescape(address)
        if re.match(r"[a-z][a-z0-9+.-]*:|#|//", plain):
            return link[0]
        path, mark, place = plain.partition("#")
        folder = "/".join(page.source.split("/")[:-1])
        source = normpath("/".join(filter(None, [folder, unquote(path)])))
        for other in self.pages:
            if other.source == source or other.name == source:
                return f"{before}{html.escape(quote(other.name) + mark + place)}{after}"
        return f"{before}{html.escape(self._file(source))}{after}"

    def _sized(self, image: re.Match[str], page: Page) -> str:
        """Return an image with its width, where it has none: a wide one then scrolls on a phone."""
        path = (self.root / page.source).parent / unquote(html.unescape(image[1]))
        if path.suffix != ".png" or not path.is_file():
            return image[0]
        with Image.open(path) as picture:
            width = picture.width * PIXELS / picture.info.get("dpi", (PIXELS,))[0]
        return f'<img width="{width:.0f}"{image[0].removeprefix("<img")}'

    def _file(self, source: str) -> str:
        """Copy a file that a page links to, and return its address; the root's page where none."""
        origin, target = self.root / source, self.out / source
        inside = origin.resolve().is_relative_to(self.root.resolve())
        if not inside or not origin.is_file() or origin.suffix in NOT_COPIED:
            return self.pages[0].name
        if origin.resolve() != target.resolve():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, target)
        return quote(source)

    def _led_home(self, page: Page) -> None:
        """Let a page that is whole already lead back to the first."""
        path = self.out / page.name
        text = path.read_text(encoding="utf-8")
        up = "../" * page.source.count("/")
        if HOME in text:
            write_file(path, text.replace(HOME, home_link(up + self.pages[0].name)).encode("utf-8"))


def _short(title: str) -> str:
    """Return a title short enough for the navigation: of an appendix its number alone."""
    appendix = _APPENDIX.match(title)
    return appendix[1] if appendix else title.split(":")[0].replace(" · ", " ")


def _in_full(title: str) -> str:
    """Return the attributes that say what a number in the navigation stands for."""
    full = html.escape(title.replace(" · ", " "))
    return f' aria-label="{full}" title="{full}"' if _APPENDIX.match(title) else ""


def markdown_html(text: str) -> str:
    """Return HTML of Markdown as notebooks read it; comments stay unseen."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return markdown2html_mistune(text)


def notebook_html(notebook: NotebookNode, pictures: Mapping[str, str]) -> str:
    """Return the cells of a notebook as HTML: prose, folded code, what the code showed.

    Parameters
    ----------
    pictures : sum of a PNG -> the address of its file, relative to the notebook
    """
    return "\n".join(part for cell in notebook.cells for part in _cell(cell, pictures))


def _first_markdown(notebook: NotebookNode) -> str:
    return next((c.source for c in notebook.cells if c.cell_type == "markdown"), "")


def _cell(cell: NotebookNode, pictures: Mapping[str, str]) -> Iterable[str]:
    if cell.cell_type == "markdown":
        yield markdown_html(cell.source)
    if cell.cell_type != "code":
        return
    yield f'<details class="code"><summary>Code</summary>\n{_code(cell.source)}</details>'
    for output in cell.outputs:
        yield _output(output, pictures)


def _code(source: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    coloured: str = highlight(source, PythonLexer(), HtmlFormatter())
    return coloured


def _output(output: NotebookNode, pictures: Mapping[str, str]) -> str:
    if output.output_type == "error":
        return f'<p class="refused">{html.escape(output.evalue)}</p>'
    if output.output_type == "stream":
        return f"<pre>{html.escape(output.text)}</pre>"
    data = output.get("data", {})
    if "image/png" in data:
        return _image(data, output.metadata.get("image/png", {}), pictures)
    if "text/html" in data:
        return str(data["text/html"])
    if "text/markdown" in data:
        return markdown_html(data["text/markdown"])
    return f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"


def _image(data: Mapping[str, Any], facts: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    encoded = "".join(data["image/png"].split())
    address = pictures.get(sha256(b64decode(encoded)).hexdigest())
    source = address or f"data:image/png;base64,{encoded}"
    alt = html.escape(str(facts.get("alt") or data.get("text/plain", "")))
    width = f' width="{facts["width"]}"' if "width" in facts else ""
    return f'<p><img src="{html.escape(source)}" alt="{alt}"{width} loading="lazy"></p>'


def _accessible(body: str) -> str:
    """Let wide tables and code scroll by themselves, by keyboard too."""
    number = count(1)
    body = re.sub(
        r"<table\b",
        lambda _: (
            f'<div class="scroll" role="region" aria-label="Table {next(number)}" '
            'tabindex="0"><table'
        ),
        body,
    )
    figure = count(1)
    body = re.sub(
        r'<img\b[^>]*?\bwidth="(\d+)"[^>]*>',
        lambda image: (
            f'<span class="wide" role="group" aria-label="Figure {next(figure)}, scrolls sideways" '
            f'tabindex="0">{image[0]}</span>'
            if int(image[1]) > NARROW
            else image[0]
        ),
        body,
    )
    body = re.sub(r"<pre>", '<pre tabindex="0">', body)
    body = re.sub(r"<th([^>]*)></th>", r"<td\1></td>", body)
    return body.replace("</table>", "</table></div>")


def _contents(body: str) -> tuple[str, str]:
    """Give every heading a name of its own, and return the list of those of two levels."""
    taken: set[str] = set(re.findall(r'\bid="([^"]+)"', re.sub(_HEADING, "", body)))
    items: list[str] = []

    def named(match: re.Match[str]) -> str:
        level, inner = int(match[1]), re.sub(r'<a class="anchor-link".*?</a>', "", match[3])
        words = html.unescape(re.sub(r"<[^>]+>", "", inner))
        own = _free(re.sub(r"[^\w.-]+", "-", words.casefold()).strip("-") or "part", taken)
        if level in (2, 3):
            below = ' class="below"' if level == 3 else ""
            items.append(f'<li{below}><a href="#{own}">{html.escape(words)}</a></li>')
        link = f'<a class="anchor-link" href="#{own}" aria-label="Link to this part">#</a>'
        return f'<h{level} id="{own}">{inner}{link}</h{level}>'

    body = _HEADING.sub(named, body)
    if len(items) < 3:
        return body, ""
    listed = "\n".join(items if len(items) <= 60 else [i for i in items if "below" not in i])
    opening = '<nav class="contents" aria-label="On this page"><details open>'
    return body, f"{opening}<summary>On this page</summary>\n<ul>\n{listed}\n</ul></details></nav>"


def _free(name: str, taken: set[str]) -> str:
    """Return a name that no part of the page has, and take it."""
    own, number = name, 1
    while own in taken:
        number += 1
        own = f"{name}-{number}"
    taken.add(own)
    return own


def write_site(site: Site, notebooks: Sequence[Path], figures: Path, methods: str) -> list[Path]:
    """Add what every site has, the notebooks, the gallery, the explorer and methods; write all.

    Parameters
    ----------
    site : with its first page
    notebooks : in order
    figures : the folder of figures, with ``explorer.html`` in it if there is one
    methods : the methods page in Markdown
    """
    for path in notebooks:
        site.add_notebook(path, figures)
    for source, name, title, shown in (
        ("README.md", "gallery.html", "Gallery", True),
        ("snippets.md", "snippets.html", "Figures to paste", False),
    ):
        if (figures / source).is_file():
            site.add_markdown(figures / source, name, title, shown)
    if (figures / "explorer.html").is_file():
        site.add_whole(figures / "explorer.html", "Explorer")
    site.add_text(methods, "methods.md", "methods.html", "Methods")
    return site.write()
