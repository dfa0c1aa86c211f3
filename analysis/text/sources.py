"""Files of many kinds, each read into a text, with what was done to read it."""

import gzip
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import InputError
from analysis.text.decoding import decode, refuse_damage
from analysis.text.edits import Edit
from analysis.text.markup import decode_markup

PLAIN = (".txt", ".text")
PAGES = (".html", ".htm", ".xhtml")
KINDS = (*PLAIN, *PAGES, ".docx", ".pdf")
PACKED = (".gz", ".zst")
LARGEST = 2**31  # bytes that a packed file may unpack to
EXTRA = "pip install -e '.[formats]'"


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
        if packing == ".gz":
            with gzip.open(BytesIO(raw)) as packed:
                return _bounded(packed, path)
        if packing == ".zst":
            with library("zstandard", path).ZstdDecompressor().stream_reader(raw) as packed:
                return _bounded(packed, path)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path} cannot be unpacked ({error}): pack it again.") from None
    except Exception as error:
        if type(error).__module__.startswith("zstandard"):
            raise InputError(f"{path} cannot be unpacked ({error}): pack it again.") from None
        raise
    return raw


def read_source(path: Path, *, encoding: str | None = None, errors: str = "strict") -> Source:
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
        text = decode(raw, str(path), encoding=encoding, errors=errors)
        edits = tuple(decode_markup(text)) if ending in PAGES else ()
    if ending in (".docx", ".pdf") and errors == "strict":
        refuse_damage(text, str(path))
    if not text.strip():
        raise InputError(f"{path} is empty: put the document's text in it, or remove the file.")
    return Source(text, hashlib.sha256(raw).hexdigest(), edits)


def library(name: str, path: Path) -> Any:
    """Import a package of the extra ``formats``, or refuse the file that needs it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise InputError(f"{path} needs the package {name}: {EXTRA}, or give its text.") from None


def _bounded(packed: Any, path: Path) -> bytes:
    content: bytes = packed.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InputError(f"{path} unpacks to more than {LARGEST:,} bytes: unpack it yourself.")
    return content


def _word(raw: bytes, path: Path) -> str:
    """Return the paragraphs and tables of a Word document, in order; heads and notes stay out."""
    docx = library("docx", path)
    try:
        body = docx.Document(BytesIO(raw))
        return "\n\n".join(_blocks(body, docx))
    except Exception as error:  # the package lets errors of zip, XML and keys through
        raise InputError(f"{path} is no Word document ({error}): save it again as .docx.") from None


def _blocks(body: Any, docx: Any) -> Iterator[str]:
    for block in body.iter_inner_content():
        if isinstance(block, docx.text.paragraph.Paragraph):
            yield block.text
        else:
            for row in block.rows:
                yield "\n\n".join(dict.fromkeys(cell.text for cell in row.cells))


_FIGURES = re.compile(r"\d+")


def _pdf(raw: bytes, path: Path) -> tuple[str, tuple[Edit, ...]]:
    """Return the text of a PDF, page after page, and its running heads and page numbers as edits.

    A running head is a first or last line that stands on at least three pages and on half of them,
    figures apart.
    """
    pypdf = library("pypdf", path)
    try:
        reader = pypdf.PdfReader(BytesIO(raw))
        pages = [page.extract_text().strip("\n").split("\n") for page in reader.pages]
    except Exception as error:  # the package has many errors of its own
        raise InputError(f"{path} is no PDF that can be read ({error}): save it again.") from None
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
