"""Numbers of figures and tables, counted from their order in the notebooks, and links to places.

The order stands in ``analysis/resources/order.toml``. A figure has one number everywhere: in its
notebook, in the gallery, and in the results of texts of one's own; only where a later chapter shows
it of other texts, or where the texts decide which notebook shows it first (``chapter``), it has
that chapter's. What is not in the order, such as a figure of
one's own, has none and goes by its id.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from urllib.parse import quote

from analysis.errors import InputError
from analysis.files import read_toml, resource
from analysis.sentences import say

FIGURE, TABLE = "figure-", "table-of-"  # how the names of places on a page begin
WORD, PHRASE, FAMILY, CONCEPT = "word", "phrase", "family", "concept"
PLACES = "02a_keywords_appendix.ipynb"  # the notebook that holds the sentences of every term
TABLES = {WORD: "02_keywords.ipynb", PHRASE: "02_keywords.ipynb"}  # others stand beside them
KINDS = {FIGURE: "Figure", TABLE: "Table"}
_CAPTION = re.compile(rf'<a id="{FIGURE}([a-z0-9-]+)"></a>\*\*Figure [^*]+\*\* (.*)', re.DOTALL)
_PLACE = re.compile(rf'\bid="((?:{FIGURE}|{TABLE})[\w-]+)"')
_LEADS = re.compile(rf"\[([^\]\[]+)\]\(([\w.-]*\.ipynb)?(?:#((?:{FIGURE}|{TABLE})[\w-]+))?\)")
_REFERENCE = re.compile(rf"\[(?:Figure|Table)[^\]]*\]\(([^)#]*)#({FIGURE}|{TABLE})([\w-]+)\)")


def number_of(place: str, chapter: str = "") -> str:
    """Return the number of a figure or table by the name of its place, empty if it has none.

    Parameters
    ----------
    place : its name
    chapter : the one that shows it; by default the first that does

    >>> number_of("figure-keywords-ranked"), number_of("table-of-phrase"), number_of("figure-mine")
    ('2.1', '2.2', '')
    >>> number_of("figure-keywords-ranked", "6")
    '6.1'
    """
    chapters = _numbers()
    if chapter:
        return chapters[chapter].get(place, "")
    return next((own[place] for own in chapters.values() if place in own), "")


def heading_of(place: str, chapter: str = "") -> str:
    """Return what a figure or table is called: "Figure 2.1", or by its id where it has no number.

    >>> heading_of("figure-keywords-ranked"), heading_of("figure-mine")
    ('Figure 2.1', 'Figure mine')
    """
    kind = FIGURE if place.startswith(FIGURE) else TABLE
    return f"{KINDS[kind]} {number_of(place, chapter) or place.removeprefix(kind)}"


def captioned(place: str, caption: str, chapter: str = "") -> str:
    """Return a caption as a notebook shows it: its place, to which links lead, and its number."""
    return f'<a id="{place}"></a>**{heading_of(place, chapter)}.** {caption}'


def caption_in(text: str) -> tuple[str, str] | None:
    """Return the id and the caption of a figure that a cell shows; None where it is none.

    >>> caption_in(captioned("figure-my-own", "Some words."))
    ('my-own', 'Some words.')
    """
    found = _CAPTION.match(text)
    return (found[1], found[2]) if found else None


def is_of_an_appendix(place: str, chapter: str = "") -> bool:
    """Tell whether a figure or table stands in an appendix."""
    return number_of(place, chapter).partition(".")[0][-1:].isalpha()


def rank_of(place: str, chapter: str = "") -> tuple[bool, int]:
    """Return where a figure or table comes: those of appendices last, in the order of notebooks."""
    numbers = [number for own in _numbers().values() for number in own.items()]
    own = (place, number_of(place, chapter))
    rank = numbers.index(own) if own in numbers else len(numbers)
    return is_of_an_appendix(place, chapter), rank


def renumbered(text: str) -> str:
    """Return Markdown whose links to figures and tables say their numbers.

    >>> renumbered("see [Figure 9](02_keywords.ipynb#figure-keywords-rates)")
    'see [Figure 2.2](02_keywords.ipynb#figure-keywords-rates)'

    Raises
    ------
    InputError : a link leads to what the order does not hold
    """

    def numbered(link: re.Match[str]) -> str:
        page, kind, name = link.groups()
        if not number_of(kind + name):
            raise InputError(f"{link[0]} leads to nothing that order.toml holds; write it there.")
        return f"[{heading_of(kind + name)}]({page}#{kind}{name})"

    return _REFERENCE.sub(numbered, text)


def places_in(text: str) -> set[str]:
    """Return the places of figures and tables in what cells of a notebook show.

    >>> places_in('<a id="figure-mine"></a> and <table id="table-of-word">') == {
    ...     "figure-mine", "table-of-word"}
    True
    """
    return set(_PLACE.findall(text))


def unlinked(text: str, page: str, made: Mapping[str, set[str]]) -> str:
    """Return Markdown in which what leads to nothing is words, with a remark.

    Parameters
    ----------
    text : of a notebook
    page : its file
    made : file -> the places that it has, of all notebooks there are

    >>> made = {"a.ipynb": {"figure-one"}}
    >>> unlinked("[Figure 1](#figure-one), [Figure 2](#figure-two), [b](b.ipynb)", "a.ipynb", made)
    '[Figure 1](#figure-one), Figure 2 *(not made of these texts)*, b'
    """

    def checked(link: re.Match[str]) -> str:
        words, other, place = link.groups()
        there = made.get(other or page)
        if not place:
            return link[0] if there is not None else words
        if there is not None and place in there:
            return link[0]
        return f"{words} {say('compare.not-made', {})}"

    return _LEADS.sub(checked, text)


def missing(page: str, made: Collection[str]) -> list[str]:
    """Return what a notebook would hold of figures and tables, and no notebook has.

    >>> missing("03_sentiment.ipynb", {f"table-of-{name}" for name in (
    ...     "ladder", "calibration", "tone-groups", "extremes")})
    ['Figure 3.1', 'Figure 3.2']
    """
    chapter = page.partition("_")[0].lstrip("0")
    return [
        heading_of(place, chapter) for place in _numbers().get(chapter, {}) if place not in made
    ]


def anchor(kind: str, term: str) -> str:
    """Return the name of the place on a page that holds a term's sentences.

    It is of ASCII letters, digits, points and hyphens, and an underscore with two hexadecimal
    digits for each byte of any other character, so that every browser finds it.

    >>> anchor("word", "u.s."), anchor("phrase", "united states"), anchor("word", "café")
    ('word-u.s.', 'phrase-united_20states', 'word-caf_C3_A9')
    """
    return f"{kind}-{quote(term, safe='').replace('_', '%5F').replace('%', '_')}"


def link(kind: str) -> Callable[[str], str]:
    """Return what makes of a term the link to its sentences.

    >>> link("word")("syria")
    '02a_keywords_appendix.ipynb#word-syria'
    """
    return lambda term: f"{PLACES}#{anchor(kind, term)}"


def table_id(kind: str) -> str:
    """Return the name of the table that shows the terms of a kind.

    >>> table_id("word")
    'table-of-word'
    """
    return f"{TABLE}{kind}"


def table_link(kind: str) -> str:
    """Return the address of the table that shows the terms of a kind.

    >>> table_link("word"), table_link("concept")
    ('02_keywords.ipynb#table-of-word', '#table-of-concept')
    """
    return f"{TABLES.get(kind, '')}#{table_id(kind)}"


@cache
def _numbers() -> Mapping[str, Mapping[str, str]]:
    """Return the numbers of each chapter, counted once, in the order of the notebooks."""
    order = read_toml(resource("order.toml"), "mend that line of the order")
    return {
        chapter: {
            f"{kind}{name}": f"{chapter}.{place}"
            for kind, names in ((FIGURE, own["figures"]), (TABLE, own["tables"]))
            for place, name in enumerate(names, 1)
        }
        for chapter, own in order.items()
    }
