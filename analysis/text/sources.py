"""From files of any kind to raw texts: bytes, characters, markup.

What no text holds is refused, with its place and the cure. Markup of web pages that is no text is
declared as edits, and told where nobody asked for it.
"""

import bz2
import codecs
import gzip
import hashlib
import html
import logging
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import InputError
from analysis.text.documents import Edit

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Form(Enum):
    """What a file is by its first bytes, whatever its name says; the value says it to a reader."""

    PDF = "a PDF"
    OFFICE = "a file of an old Office program, or one locked by a password"
    PARQUET = "a Parquet table"
    PICTURE = "a picture"
    GZIP = "packed by gzip"
    BZIP2 = "packed by bzip2"
    XZ = "packed by xz"
    ZSTD = "packed by zstd"
    WORKBOOK = "an Excel workbook"
    DOCUMENT = "a Word document"
    SLIDES = "a PowerPoint file"
    OPEN = "an OpenDocument file (LibreOffice)"
    ZIP = "a zip file"
    CUT = "a zip file that is cut short"
    PAGE = "a web page"
    EMPTY = "empty"
    PLAIN = "plain text"
    UNKNOWN = "of a kind that is not known here"


_ZIP = b"PK\x03\x04"
_STARTS = {  # the first bytes of a file -> what it is
    b"%PDF": Form.PDF,
    b"\xd0\xcf\x11\xe0": Form.OFFICE,
    b"PAR1": Form.PARQUET,
    b"\x89PNG": Form.PICTURE,
    b"\xff\xd8\xff": Form.PICTURE,
    b"GIF8": Form.PICTURE,
    b"\x1f\x8b": Form.GZIP,
    b"BZh": Form.BZIP2,
    b"\xfd7zXZ\x00": Form.XZ,
    b"\x28\xb5\x2f\xfd": Form.ZSTD,
}
_PARTS = {  # how a name in a zip file begins -> what the file is, the first that fits
    "xl/": Form.WORKBOOK,
    "word/": Form.DOCUMENT,
    "ppt/": Form.SLIDES,
    "content.xml": Form.OPEN,
}
_WEB = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# Codecs that Python counts as encodings of text, and that no file of texts is in.
_NO_ENCODINGS = frozenset(
    "charmap idna punycode raw-unicode-escape undefined unicode-escape".split()
)
DAMAGE = re.compile(  # traces of a fault
    "[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f\ufffd\ud800-\udfff]"
)
ERRORS = ("strict", "replace")
MISREAD = "misread"  # the rule that mends what was read in a wrong encoding
_BIG5 = "Big5 or GBK that was read as Latin-1"
_LATIN = "cp1252 that was read as Latin-1"
# What cp1252 makes of the bytes 0x80 to 0xBF, which go on a character in UTF-8.
_ON = "\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
# What Latin-1 makes of the quotation marks and dashes of Big5 and GBK, which no text has otherwise.
_EASTERN = {
    "¡¥": "‘", "¡¦": "’", "¡§": "“", "¡¨": "”",
    "¡®": "‘", "¡¯": "’", "¡°": "“", "¡±": "”", "¡ª": "—", "¡\xad": "…",
}  # fmt: skip
_MISREAD = re.compile(
    f"{'|'.join(_EASTERN)}|[ÂÃÅÄÐÑÎâãäåèéï][{_ON}]{{1,2}}|[ðñ][{_ON}]{{3}}|[\x80-\x9f]"
)
_MISREAD_FIRST = frozenset("¡ÂÃÅÄÐÑÎâãäåèéïðñ").union(map(chr, range(0x80, 0xA0)))
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
# Of documents in XML, such as those of the Text Encoding Initiative, beside these.
_XML_SILENT = frozenset("teiheader facsimile standoff".split())
_XML_BLOCKS = frozenset(
    """ab argument back byline castlist closer div1 div2 div3 epigraph front head item l lb lg
    milestone note opener paragraph pb s salute seg signed sp speaker stage tei text trailer
    u""".split()
)
# What word processors write around heads of pages and notes, which stay out as in their own files.
_ASIDES = re.compile(
    r"""<div\b[^<>]*\b(?:title="?(?:header|footer)|id="?(?:sdfootnote|sdendnote|ftn|edn)\d
    |mso-element:\s*(?:header|footer|footnote|endnote))(?![-\w])""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTED = re.compile(
    r"(?:<[^<>]*>)*[\[(]?\d{1,3}[\])]?\s*(?:<|\Z)"
)  # behind a raised mark of a note
_LETTER_END = re.compile(r"[^\W\d_](?:<[^<>]*>)*\Z")
_XML = re.compile(r"\s*<(?:\?xml\b|!DOCTYPE\b|(?P<root>[A-Za-z_][\w:.-]{0,60})[\s>])")
_ENTITY = r"&(?:amp;){0,3}(?:[A-Za-z][A-Za-z0-9]{1,31}|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});"
_START = re.compile(rf"<!--|<[!?]|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{{0,15}})|{_ENTITY}")
_TAGS = re.compile(
    rf"</?(?:{'|'.join(sorted(_SILENT | _BLOCKS | _INLINE))})\b[^<>]{{0,500}}>", re.IGNORECASE
)
_ANY_TAG = re.compile(r"</?[A-Za-z_][^<>]{0,500}>")
_ENTITIES = re.compile(_ENTITY)
PLAIN = (".txt", ".text")
PAGES = (".html", ".htm", ".xhtml", ".xml")
KINDS = (*PLAIN, *PAGES, ".docx", ".pdf")
PACKED = {".gz": Form.GZIP, ".bz2": Form.BZIP2, ".xz": Form.XZ, ".zst": Form.ZSTD}
PACKINGS = tuple(start for start, form in _STARTS.items() if form in PACKED.values())
_OPENERS: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
LONGEST = 20_000_000  # characters of one text: about 20 s and 1 GB to read
LARGEST = 2**31  # bytes that a packed file may unpack to
LARGEST_XML = 2**28  # bytes of XML in a Word document or a workbook, read as a whole
LARGEST_PARTS = 2**30  # bytes of all that such a file holds, pictures too
REACH = 300  # characters beside a raised number in which tags may stand
SMALL = 0.8  # of the size of what stands before it, under which a number of a PDF is raised
SEEN = 12  # characters on either side of a damaged one that a message shows
PACKET = 2**16  # bytes that are unpacked at a time
UNPACK = "unpack it yourself"
CALLED = {"docx": "python-docx"}  # packages that pip knows by another name


def decode(
    raw: bytes,
    where: str,
    *,
    encoding: str | None = None,
    errors: str = "strict",
    misread: bool = False,
) -> str:
    """Return the text that bytes hold.

    Parameters
    ----------
    raw : a file's bytes
    where : its name, for messages
    encoding : of the file; by default what its byte order mark says, else UTF-8
    errors : ``strict`` refuses bytes and characters that are no text; ``replace`` reads each as
        U+FFFD, which parts words
    misread : whether characters that ``mend_misread`` mends are let through

    Raises
    ------
    InputError
        The bytes are not in this encoding, or hold what no text holds (``refuse_damage``).
    """
    if errors not in ERRORS:
        raise InputError(f"errors is one of {', '.join(ERRORS)}; got {errors!r}.")
    refuse_encoding(encoding)
    named = encoding or next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(named, errors)
    except UnicodeError as error:
        raise InputError(_undecodable(raw, where, named, error)) from None
    text = text.removeprefix("\ufeff")
    if errors == "replace":
        return replace_damage(text, misread=misread)
    refuse_damage(text, where, misread=misread)
    return text


def refuse_encoding(name: str | None) -> None:
    """Refuse what is no encoding, or one of Python's that no file of texts is in.

    Raises
    ------
    InputError
        The name is none of an encoding.
    """
    try:
        "a".encode(name or "utf-8")
        known = codecs.lookup(name or "utf-8").name not in _NO_ENCODINGS
    except (LookupError, ValueError):
        known = False
    if not known:
        raise InputError(
            f"There is no encoding {name!r} of texts: name one such as utf-8, cp1252 or utf-16."
        )


def form_of(raw: bytes) -> Form:
    r"""Return what a file is by its first bytes.

    >>> [form_of(raw).name for raw in (b"<!DOCTYPE html><p>", b"%PDF-1.7", b"id,text", b"\x00\x01")]
    ['PAGE', 'PDF', 'PLAIN', 'UNKNOWN']
    """
    if raw.startswith(_ZIP):
        names = _zipped(raw)
        if names is None:
            return Form.CUT
        held = (form for part, form in _PARTS.items() if any(n.startswith(part) for n in names))
        return next(held, Form.ZIP)
    if found := [form for start, form in _STARTS.items() if raw.startswith(start)]:
        return found[0]
    if is_page(raw):
        return Form.PAGE
    if not raw.strip():
        return Form.EMPTY
    return Form.UNKNOWN if b"\0" in raw[:PACKET] else Form.PLAIN


def seems(raw: bytes) -> str:
    """Say what a file is by its first bytes, whatever its name says.

    >>> seems(b"%PDF-1.7")
    'a PDF'
    """
    form = form_of(raw)
    if form is Form.ZIP:
        many = len(_zipped(raw) or ())
        return f"{form.value}, which holds {many} file{'s' * (many != 1)}"
    return form.value


def is_page(raw: bytes) -> bool:
    """Tell whether bytes begin as a web page does.

    >>> is_page(b" <html lang='en'>"), is_page(b"<p> is a tag")
    (True, False)
    """
    return bool(_WEB.match(raw.removeprefix(codecs.BOM_UTF8)))


def _zipped(raw: bytes) -> list[str] | None:
    """Return the names in a zip file; None where it is cut short."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return None


def replace_damage(text: str, *, misread: bool = False) -> str:
    """Return a text with U+FFFD for each character that is a trace of a fault."""
    characters = list(text)
    for place in _damaged(text, misread):
        characters[place] = "\ufffd"
    return "".join(characters)


def refuse_damage(text: str, where: str, *, misread: bool = False) -> None:
    """Refuse characters that are traces of a fault: NUL, other controls, U+FFFD, lone surrogates.

    Parameters
    ----------
    text : as it was decoded
    where : its name, for messages
    misread : whether characters that ``mend_misread`` mends are let through

    Raises
    ------
    InputError
        Naming the line and place of the first, how many there are, and the cure.
    """
    found = _damaged(text, misread)
    if not found:
        return
    place, many = found[0], len(found)
    character = text[place]
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    also = f"; {many} such characters in all" if many > 1 else ""
    near = " ".join(text[max(0, place - SEEN) : place + SEEN].split())
    raise InputError(
        f"{where}, line {line}, character {column}: {_fault(character, misread, text)} "
        f"({near!r}{also}); or read on with errors='replace' (--errors replace)."
    )


def _damaged(text: str, misread: bool) -> list[int]:
    """Return the places of traces of a fault, but for those that are mended."""
    found = [match.start() for match in DAMAGE.finditer(text)]
    if not found or not misread:
        return found
    mended = {place for edit in mend_misread(text) for place in range(edit.start, edit.end)}
    return [place for place in found if place not in mended]


def _fault(character: str, misread: bool, text: str) -> str:
    code = f"U+{ord(character):04X}"
    if character == "\0":
        return f"{code} (NUL) is no text: {_of_nulls(text)}"
    if character == "\ufffd":
        return (
            f"{code} stands where a program has lost a character: take the text from its source "
            "again, in the right encoding"
        )
    if "\ud800" <= character <= "\udfff":
        return f"{code} is half a character: write the text anew from its source"
    if "\x80" <= character <= "\x9f" and not misread:
        return (
            f"the control character {code} is a sign of a text read in a wrong encoding: save it "
            "from its source again, or have it mended (cleaning=['misread'], --clean misread)"
        )
    return f"the control character {code} is no text: take it out, or look for a binary file"


def _of_nulls(text: str) -> str:
    """Say where NUL comes from: every other character of Latin letters in UTF-16, or a program."""
    odd, even = text[1::2].count("\0"), text[::2].count("\0")
    name = "utf-16-le" if odd >= even else "utf-16-be"
    wide = f"UTF-16 without a byte order mark (then name it: encoding={name!r}, --encoding {name})"
    binary = "the file is binary (then give its text)"
    if odd + even > len(text) / 8 and min(odd, even) < max(odd, even) / 4:
        return f"it is {wide}; or {binary}"
    return f"take it out; or {binary}, or {wide}"


def _undecodable(raw: bytes, where: str, named: str, error: UnicodeError) -> str:
    if raw.startswith((_ZIP, *_STARTS)):
        return (
            f"{where} is a binary file and no plain text: it is {seems(raw)}; give its text, or "
            "name it by its kind."
        )
    start = getattr(error, "start", 0)
    name = "UTF-8" if named.startswith("utf-8") else named
    line = raw.count(b"\n", 0, start) + 1
    byte = f" (line {line}, byte {start} is {raw[start]:#04x})" if start < len(raw) else ""
    cure = "save it as UTF-8, or name its encoding (encoding='cp1252', --encoding cp1252)"
    return f"{where} is not {name}{byte}: {cure}."


def mend_misread(text: str) -> Iterator[Edit]:
    r"""Read again UTF-8 that was read as cp1252 ("â€™" is "’"), or cp1252 as Latin-1 (U+0092 is).

    >>> from analysis.text.documents import EditedText
    >>> EditedText.of("donâ€™t, cafÃ©", mend_misread("donâ€™t, cafÃ©")).text
    'don’t, café'
    >>> EditedText.of("don\x92t", mend_misread("don\x92t")).text
    'don’t'
    >>> EditedText.of("America¡¦s", mend_misread("America¡¦s")).text  # by way of Big5
    'America’s'
    """
    place = len(text) if _MISREAD_FIRST.isdisjoint(set(text)) else 0
    while match := _MISREAD.search(text, place):
        start, place = match.start(), match.start() + 1
        for end in range(match.end(), start, -1):
            if words := _again(text[start:end]):
                reason = "UTF-8 that was read as cp1252" if end > start + 1 else _LATIN
                reason = _BIG5 if text[start:end] in _EASTERN else reason
                yield Edit(start, end, words, MISREAD, reason)
                place = end
                break


def _again(found: str) -> str:
    """Return the one character that the misread ones stand for, or nothing."""
    if found in _EASTERN:
        return _EASTERN[found]
    if len(found) == 1:
        return found.encode("latin-1", "ignore").decode("cp1252", "ignore") if found < "¡" else ""
    try:
        raw = bytes(ord(c) if ord(c) < 256 else c.encode("cp1252")[0] for c in found)
        words = raw.decode("utf-8")
    except UnicodeError:
        return ""
    if len(words) != 1 or ord(words) < 128:
        return ""
    return _again(words) if "\x80" <= words <= "\x9f" else words


def markup_found(text: str) -> dict[str, list[str]]:
    """Return the tags and entities of web pages in a text.

    >>> markup_found("<p>Tom &amp; Jerry &c; a < b > c</p>")
    {'tags': ['<p>', '</p>'], 'entities': ['&amp;']}
    """
    tags = _ANY_TAG if is_xml(text) else _TAGS
    entities = [found for found in _ENTITIES.findall(text) if _unescaped(found) != found]
    return {"tags": tags.findall(text), "entities": entities}


def _unescaped(entity: str) -> str:
    """Return what an entity stands for, also one that was escaped again ("&amp;quot;")."""
    while (words := html.unescape(entity)) != entity:
        entity = words
    return entity


def decode_markup(text: str, *, page: bool = False) -> Iterator[Edit]:
    """Remove tags, with what stands in scripts, menus and forms, and read entities.

    A tag that begins a block parts paragraphs. In a document of XML, one element from its
    beginning to its end, and on a page, every tag is one; in other texts those of web pages are.
    A raised number behind a letter, the mark of a note, is parted from its word. What was escaped
    twice ("&amp;quot;", as in many collections) is read to the end.

    Parameters
    ----------
    text : as it was decoded
    page : whether it is a web page as a whole

    >>> from analysis.text.documents import EditedText
    >>> page = "<nav>Menu</nav><p>Tom &amp; <b>Jerry</b></p><p>Cats</p>"
    >>> EditedText.of(page, decode_markup(page)).text.split()
    ['Tom', '&', 'Jerry', 'Cats']
    """
    place, last, xml = 0, text.rfind(">"), is_xml(text)
    every = xml or page
    closings: dict[str, int] = {}
    lower = text.lower() if len(text.lower()) == len(text) else text
    while start := _START.search(text, place):
        begin, found = start.start(), start[0]
        place = start.end()
        if found.startswith("&"):
            if (words := _unescaped(found)) != found:
                yield Edit(begin, place, words, "markup", "entity of a web page")
            continue
        name = (start["name"] or "").lower()
        if begin > last or (name and not every and name not in _SILENT | _BLOCKS | _INLINE):
            continue
        silent, blocks = (_SILENT, _BLOCKS) if not xml else (_XML_SILENT, _XML_BLOCKS | _BLOCKS)
        aside = name == "div" and _ASIDES.match(text, begin)
        if opens := name if (name in silent or aside) and not start["close"] else "":
            if opens not in closings:
                closings[opens] = lower.rfind(f"</{opens}")
            if closings[opens] < place:  # it is never closed: nothing is looked for again and again
                opens = ""
        place = _end(lower, begin, place, opens)
        within = (
            'break="no"' in text[begin:place]
        )  # a word goes on behind the end of a line or page
        words = (
            ""
            if within
            else "\n"
            if name in ("br", "lb")
            else "\n\n"
            if name in blocks | silent
            else " "
            if name == "sup" and _is_mark(text, begin, place)
            else ""
        )
        yield Edit(begin, place, words, "markup", "tag of a web page")


def _is_mark(text: str, begin: int, end: int) -> bool:
    """Tell whether what a tag raises is a number behind a letter."""
    near = text[max(0, begin - REACH) : begin]
    return bool(_NOTED.match(text, end, end + REACH) and _LETTER_END.search(near))


def is_xml(text: str) -> bool:
    """Tell whether a text is one element of XML that is no web page.

    >>> is_xml("<TEI><p>Tom</p></TEI>"), is_xml("<html><p>Tom</p></html>"), is_xml("<p> is a tag.")
    (True, False, False)
    """
    found = _XML.match(text)
    if not found:
        return False
    root = found["root"] or ""
    ending = text.rstrip()[-80:].rpartition("</")[2]
    return (
        ending.endswith(">")
        and ending[:-1].strip().lower()
        not in (
            *_SILENT,
            *_BLOCKS,
            *_INLINE,
        )
        and (not root or ending[:-1].strip() == root)
    )


def _end(text: str, begin: int, place: int, silent: str) -> int:
    """Return where a comment, a tag, or what stands in a silent one ends."""
    if text.startswith("<!--", begin):
        end = text.find("-->", place)
        return end + 3 if end >= 0 else len(text)
    end = text.find(">", place) + 1
    if silent and text[end - 2] != "/":
        closing = text.find(f"</{silent}", end)
        if closing >= 0:
            stop = text.find(">", closing)
            return stop + 1 if stop >= 0 else len(text)
    return end or len(text)


def refuse_length(text: str, where: str) -> None:
    """Refuse one text that is longer than any document, before minutes of work and memory for it.

    Raises
    ------
    InputError
        Naming its length, and the cure.
    """
    if len(text) > LONGEST:
        raise InputError(
            f"{where} is one text of {len(text):,} characters, more than the {LONGEST:,} that are "
            "read as one document: part it into documents (files, or rows of a table; rows of "
            "any length are counted by keywords --stream)."
        )


def sum_of(text: str) -> str:
    """Return the SHA-256 sum of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Source(NamedTuple):
    """A file that was read: its text, the sum of its bytes, and what is no text in it."""

    text: str
    sha256: str
    edits: tuple[Edit, ...] = ()


def kind(path: Path) -> str:
    """Return the ending that says what a file holds, in small letters, without that of packing.

    >>> kind(Path("a.TXT.gz"))
    '.txt'
    """
    named = Path(path.stem) if path.suffix.lower() in PACKED else path
    return named.suffix.lower()


def bare(path: Path) -> Path:
    """Return a path without the ending of its kind, and of packing.

    >>> bare(Path("v1.2.txt.gz")).name
    'v1.2'
    """
    named = path.with_suffix("") if path.suffix.lower() in PACKED else path
    return named.with_suffix("")


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unpacked.

    Raises
    ------
    InputError
        The file is missing, no file, cannot be read, or is packed and damaged.
    """
    if not path.exists():
        raise InputError(f"{path} is not there: put the file in its place, or mend the path.")
    if not path.is_file():
        raise InputError(f"{path} is no file: name a file, or take it away.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): mend its rights.") from None
    packing = path.suffix.lower()
    try:
        if packing in _OPENERS:
            with _OPENERS[packing](BytesIO(raw)) as packed:
                return _bounded(packed, path)
        if packing == ".zst":
            return _unpacked(raw, library("zstandard", path).ZstdDecompressor, path)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise InputError(f"{path} cannot be unpacked ({error}): pack it again.") from None
    except Exception as error:
        if type(error).__module__.startswith("zstandard"):
            raise InputError(f"{path} cannot be unpacked ({error}): pack it again.") from None
        raise
    return raw


def read_source(
    path: Path, *, encoding: str | None = None, errors: str = "strict", misread: bool = False
) -> Source:
    """Read a file by its kind: plain text, web page, Word document, PDF; packed or not.

    Raises
    ------
    InputError
        The file cannot be read, is not of its kind, holds no text, or needs a package that is not
        installed.
    """
    raw = read_bytes(path)
    ending, edits = kind(path), tuple[Edit, ...]()
    if ending == ".docx":
        text = _word(raw, path)
    elif ending == ".pdf":
        text, edits = _pdf(raw, path)
    else:
        text = decode(raw, str(path), encoding=encoding, errors=errors, misread=misread)
        refuse_length(text, str(path))
        edits = tuple(decode_markup(text, page=True)) if ending in PAGES else ()
    if ending in (".docx", ".pdf") and errors == "strict":
        refuse_damage(text, str(path), misread=misread)
    if not text.strip():
        raise InputError(f"{path} is empty: put the document's text in it, or remove the file.")
    return Source(text, hashlib.sha256(raw).hexdigest(), edits)


def library(name: str, path: Path) -> Any:
    """Import a package of the extra ``formats``, or refuse the file that needs it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        package = CALLED.get(name, name)
        raise InputError(
            f"{path} needs the package {package}: pip install {package}, or give its text."
        ) from None


def _bounded(packed: Any, path: Path) -> bytes:
    content: bytes = packed.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InputError(f"{path} unpacks to more than {LARGEST:,} bytes: {UNPACK}.")
    return content


def _unpacked(raw: bytes, decompressor: Any, path: Path) -> bytes:
    """Return what all frames of a file hold; a frame that is cut short is refused, not read."""
    found, size = [], 0
    while raw:
        frame = decompressor().decompressobj()
        for start in range(0, len(raw), PACKET):
            found.append(frame.decompress(raw[start : start + PACKET]))
            size += len(found[-1])
            if size > LARGEST:
                raise InputError(f"{path} unpacks to more than {LARGEST:,} bytes: {UNPACK}.")
            if frame.eof:
                break
        if not frame.eof:
            raise EOFError("it ends within a frame")
        raw = frame.unused_data + raw[start + PACKET :]
    return b"".join(found)


def refuse_swollen(raw: bytes, path: Path) -> None:
    """Refuse a Word document or a workbook that would unpack to more than memory may hold."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return  # what reads it says what is wrong
    xml = sum(part.file_size for part in parts if part.filename.endswith(".xml"))
    size = sum(part.file_size for part in parts)
    if xml > LARGEST_XML or size > LARGEST_PARTS:
        raise InputError(
            f"{path} unpacks to {size:,} bytes, more than is read ({LARGEST_XML:,} of text, "
            f"{LARGEST_PARTS:,} in all): save its text as plain text, or its sheet as CSV."
        )


def _word(raw: bytes, path: Path) -> str:
    """Return the paragraphs and tables of a Word document, in order; heads and notes stay out."""
    docx = library("docx", path)
    refuse_swollen(raw, path)
    try:
        body = docx.Document(BytesIO(raw))
        return "\n\n".join(_blocks(body, docx))
    except Exception as error:  # the package lets errors of zip, XML and keys through
        said = str(error) if form_of(raw) is Form.DOCUMENT else f"it is {seems(raw)}"
        raise InputError(f"{path} is no Word document ({said}): save it again as .docx.") from None


def _blocks(body: Any, docx: Any) -> Iterator[str]:
    for block in body.iter_inner_content():
        if isinstance(block, docx.text.paragraph.Paragraph):
            yield block.text
        else:
            for row in block.rows:
                yield "\n\n".join(dict.fromkeys(cell.text for cell in row.cells))


_FIGURES = re.compile(r"\d+")


def _page(page: Any) -> str:
    """Return the text of a page, where marks of notes, small numbers, are parted from words."""
    pieces: list[tuple[str, float]] = []

    def keep(text: str, _: Any, matrix: Sequence[float], _font: Any, size: float) -> None:
        pieces.append((text, size * abs(matrix[3])))

    whole: str = page.extract_text(visitor_text=keep)
    if "".join(text for text, _ in pieces) != whole:
        return whole
    parted, before, last = [], 0.0, ""
    for text, size in pieces:
        if last.isalpha() and _FIGURES.fullmatch(text.strip()) and size < SMALL * before:
            parted.append(" ")
        parted.append(text)
        if text:
            before, last = size if text.strip() else before, text[-1]
    return "".join(parted)


def _pdf(raw: bytes, path: Path) -> tuple[str, tuple[Edit, ...]]:
    """Return the text of a PDF, page after page, and its running heads and page numbers as edits.

    A running head is a first or last line that stands on at least three pages and on half of them,
    figures apart.
    """
    pypdf = library("pypdf", path)
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it prints what it met, line by line
    try:
        reader = pypdf.PdfReader(BytesIO(raw))
        pages = [_page(page).strip("\n").split("\n") for page in reader.pages]
    except Exception as error:  # the package has many errors of its own
        said = str(error) if form_of(raw) is Form.PDF else f"it is {seems(raw)}"
        raise InputError(f"{path} is no PDF that can be read ({said}): save it again.") from None
    if not any("".join(lines).strip() for lines in pages):
        raise InputError(f"{path} holds no text, only pictures of it: read it by OCR first.")
    edges = Counter(_FIGURES.sub("0", line.strip()) for p in pages for line in {p[0], p[-1]})
    heads = {line for line, n in edges.items() if line and n >= max(3, len(pages) / 2)}
    edits, place = [], 0
    for lines in pages:
        for number, line in enumerate(lines):
            edge = number in (0, len(lines) - 1)
            if edge and _FIGURES.sub("0", line.strip()) in heads:
                span = (max(0, place - 1), place + len(line))
                edits.append(Edit(*span, "", "running-head", "head or foot of a page"))
            place += len(line) + 1
    return "\n".join("\n".join(lines) for lines in pages), tuple(edits)
