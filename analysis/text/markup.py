"""Markup of web pages: what is no text is declared as edits, and told where nobody asked for it."""

import html
import re
from collections.abc import Iterator

from analysis.text.edits import Edit

_SILENT = frozenset("aside button footer form head nav noscript script select style svg".split())
_BLOCKS = frozenset(
    """address article blockquote body br caption center dd div dl dt fieldset figcaption figure h1
    h2 h3 h4 h5 h6 header hr html li main ol option p pre section table tbody td tfoot th thead
    title tr ul""".split()
)
_INLINE = frozenset(
    """a abbr acronym audio b bdi bdo big canvas cite code data del dfn em font i iframe img
    input ins kbd label link mark meta object param picture q rp rt ruby s samp small
    source span strike strong sub sup time tt u var video wbr""".split()
)
_ENTITY = r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});"
_START = re.compile(rf"<!--|<[!?]|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{{0,15}})|{_ENTITY}")
_TAGS = re.compile(
    rf"</?(?:{'|'.join(sorted(_SILENT | _BLOCKS | _INLINE))})\b[^<>]{{0,500}}>", re.IGNORECASE
)
_ENTITIES = re.compile(_ENTITY)


def markup_found(text: str) -> dict[str, int]:
    """Count the tags and entities of web pages in a text.

    >>> markup_found("<p>Tom &amp; Jerry &c; a < b > c</p>")
    {'tags': 2, 'entities': 1}
    """
    entities = sum(html.unescape(found) != found for found in _ENTITIES.findall(text))
    return {"tags": len(_TAGS.findall(text)), "entities": entities}


def decode_markup(text: str) -> Iterator[Edit]:
    """Remove tags, with what stands in scripts, menus and forms, and read entities.

    A tag that begins a block parts paragraphs.

    >>> from analysis.text.edits import EditedText
    >>> page = "<nav>Menu</nav><p>Tom &amp; <b>Jerry</b></p><p>Cats</p>"
    >>> EditedText.of(page, decode_markup(page)).text.split()
    ['Tom', '&', 'Jerry', 'Cats']
    """
    place, last = 0, text.rfind(">")
    lower = text.lower() if len(text.lower()) == len(text) else text
    while start := _START.search(text, place):
        begin, found = start.start(), start[0]
        place = start.end()
        if found.startswith("&"):
            if (words := html.unescape(found)) != found:
                yield Edit(begin, place, words, "markup", "entity of a web page")
            continue
        name = (start["name"] or "").lower()
        if begin > last or (name and name not in _SILENT | _BLOCKS | _INLINE):
            continue
        place = _end(lower, begin, place, name, bool(start["close"]))
        words = "\n" if name == "br" else "\n\n" if name in _BLOCKS | _SILENT else ""
        yield Edit(begin, place, words, "markup", "tag of a web page")


def _end(text: str, begin: int, place: int, name: str, closes: bool) -> int:
    """Return where a comment, a tag, or what stands in a silent one ends."""
    if text.startswith("<!--", begin):
        end = text.find("-->", place)
        return end + 3 if end >= 0 else len(text)
    end = text.find(">", place) + 1
    if name in _SILENT and not closes and text[end - 2] != "/":
        closing = text.find(f"</{name}", end)
        if closing >= 0:
            stop = text.find(">", closing)
            return stop + 1 if stop >= 0 else len(text)
    return end or len(text)
