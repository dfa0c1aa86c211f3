"""From bytes to characters; what no text holds is refused, with its place and the cure."""

import codecs
import re
from collections.abc import Iterator

from analysis.errors import InputError
from analysis.text.edits import Edit

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
)
_DAMAGE = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
ERRORS = ("strict", "replace")
# What cp1252 makes of the bytes 0x80 to 0xBF, which go on a character in UTF-8.
_ON = "\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™"
_MISREAD = re.compile(f"[ÂÃÅÄÐÑÎâãäåèéï][{_ON}]{{1,2}}|[ðñ][{_ON}]{{3}}")


def decode(raw: bytes, where: str, *, encoding: str | None = None, errors: str = "strict") -> str:
    """Return the text that bytes hold.

    Parameters
    ----------
    raw : a file's bytes
    where : its name, for messages
    encoding : of the file; by default what its byte order mark says, else UTF-8
    errors : ``strict`` refuses bytes and characters that are no text; ``replace`` reads each as
        U+FFFD, which parts words

    Raises
    ------
    InputError
        The bytes are not in this encoding, or hold what no text holds (``refuse_damage``).
    """
    if errors not in ERRORS:
        raise InputError(f"errors is one of {', '.join(ERRORS)}; got {errors!r}.")
    named = encoding or next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(named, errors)
    except LookupError:
        raise InputError(
            f"There is no encoding {encoding!r}: name one such as utf-8, cp1252 or utf-16."
        ) from None
    except UnicodeError as error:
        raise InputError(_undecodable(raw, where, named, error)) from None
    text = text.removeprefix("\ufeff")
    if errors == "replace":
        return _DAMAGE.sub("\ufffd", text)
    refuse_damage(text, where)
    return text


def refuse_damage(text: str, where: str) -> None:
    """Refuse characters that are traces of a fault: NUL, other controls, U+FFFD, lone surrogates.

    Raises
    ------
    InputError
        Naming the line and place of the first, how many there are, and the cure.
    """
    found = _DAMAGE.search(text)
    if not found:
        return
    character, many = found[0], len(_DAMAGE.findall(text))
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    also = f" ({many} such characters in all)" if many > 1 else ""
    raise InputError(
        f"{where}, line {line}, character {column}: {_fault(character)}{also}; "
        "or read on with errors='replace' (--errors replace)."
    )


def _fault(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if character == "\0":
        return (
            f"{code} (NUL) is no text: the file is binary, or UTF-16 without a byte order mark "
            "(then name it: encoding='utf-16-le', --encoding utf-16-le)"
        )
    if character == "\ufffd":
        return (
            f"{code} stands where a program has lost a character: take the text from its source "
            "again, in the right encoding"
        )
    if "\x80" <= character <= "\x9f":
        return (
            f"the control character {code} is a sign of cp1252 read as Latin-1: save the text "
            "from its source again, or mend it (text.encode('latin-1').decode('cp1252'))"
        )
    return f"the control character {code} is no text: take it out, or look for a binary file"


def _undecodable(raw: bytes, where: str, named: str, error: UnicodeError) -> str:
    if raw.startswith(_BINARY):
        return f"{where} is a binary file and no plain text: give its text, or name it by its kind."
    start = getattr(error, "start", 0)
    name = "UTF-8" if named.startswith("utf-8") else named
    line = raw.count(b"\n", 0, start) + 1
    byte = f" (line {line}, byte {start} is {raw[start]:#04x})" if start < len(raw) else ""
    cure = "save it as UTF-8, or name its encoding (encoding='cp1252', --encoding cp1252)"
    return f"{where} is not {name}{byte}: {cure}."


def mend_misread(text: str) -> Iterator[Edit]:
    """Read again what is UTF-8 that was read as cp1252 ("â€™" is "’").

    >>> from analysis.text.edits import EditedText
    >>> EditedText.of("donâ€™t, cafÃ©", mend_misread("donâ€™t, cafÃ©")).text
    'don’t, café'
    """
    for match in _MISREAD.finditer(text):
        for end in range(match.end(), match.start() + 1, -1):
            if words := _again(text[match.start() : end]):
                yield Edit(match.start(), end, words, "misread", "UTF-8 that was read as cp1252")
                break


def _again(found: str) -> str:
    """Return the one character that the misread ones stand for, or nothing."""
    try:
        raw = bytes(ord(c) if ord(c) < 256 else c.encode("cp1252")[0] for c in found)
        words = raw.decode("utf-8")
    except UnicodeError:
        return ""
    return words if len(words) == 1 and ord(words) > 127 else ""
