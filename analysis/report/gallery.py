"""The figures together: one bibliography, one page to look at them, numbers for LaTeX."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.files import sums, write_file, write_sums, write_together
from analysis.report.citation import bibtex, csl_json, latex, read_work, snippets
from analysis.report.drawing import CSS_PIXELS_PER_INCH, MM
from analysis.report.numbering import FIGURE, heading_of, is_of_an_appendix, rank_of
from analysis.sentences import markdown

TOGETHER = {"references.bib", "references.csl.json", "snippets.md", "README.md"}
_KEY = re.compile(r"[\w.:+/'-]+")
_HEAD = r"""% Written by analysis.report.write_values; do not edit by hand.
% In the preamble: \input{values.tex}. Every number has a macro of one word, whose name is its key
% in words, and beside it, where it is a number alone, the same with Plain at its end: digits with a
% point and a minus sign and nothing else, for \num{...} and for arithmetic. An interval has
% ...LowPlain and ...HighPlain. \analysisvalue{key} prints the value of a key.
\providecommand{\analysisvalue}[1]{\ifcsname analysis@#1\endcsname
  \csname analysis@#1\endcsname\else\errmessage{values.tex has no value named #1}\fi}
"""
_DIGITS = "Zero One Two Three Four Five Six Seven Eight Nine".split()
_NUMBER = re.compile(r"(?:p = )?([−+]?(?:\d[\d,]*)?(?:\.\d+)?)(?:\u00a0%)?")
_INTERVAL = re.compile(r"\[([^,\]]+), ([^\]]+)\]")


def _gallery(facts: Mapping[str, Any]) -> str:
    name, width = facts["id"], round(facts["size_mm"][0] * MM * CSS_PIXELS_PER_INCH)
    kinds = [f"[{kind.upper()}]({name}.{kind})" for kind in ("pdf", "svg", "csv", "json")]
    links = " · ".join([*kinds, *(f"[{more}]({more}.csv)" for more in facts.get("companions", ()))])
    heading = heading_of(FIGURE + name, facts.get("chapter", ""))
    return (
        f'### <a id="{FIGURE}{name}"></a>{markdown(facts["title"])}\n\n'
        f'<img src="{name}.png" alt="{escape(facts["alt"])}" width="{width}">\n\n'
        f"**{heading}.** {markdown(facts['caption'])}\n\n{links}\n"
    )


def gallery_page(records: Sequence[Mapping[str, Any]]) -> str:
    """Return the page that shows all figures in Markdown, numbered, those of appendices last."""
    intro = (
        "# Figures\n\nWritten by `analysis.report.collect` from this folder's records. To cite "
        "them: [BibTeX](references.bib), [CSL-JSON](references.csl.json), and "
        "[what to paste](snippets.md) into LaTeX, Markdown or a word processor.\n\n"
    )
    parts: dict[str, list[str]] = {}
    places = [(FIGURE + facts["id"], facts.get("chapter", "")) for facts in records]
    ranked = sorted(zip(places, records, strict=True), key=lambda one: (*rank_of(*one[0]), one[0]))
    for place, facts in ranked:
        part = "Appendices" if is_of_an_appendix(*place) else "Notebooks"
        parts.setdefault(part, []).append(_gallery(facts))
    return intro + "\n".join(f"## {name}\n\n" + "\n".join(own) for name, own in parts.items())


def collect(folder: str | Path) -> list[str]:
    """Write the bibliography and the gallery from all records of a folder.

    ``references.bib`` and ``references.csl.json`` cite the figures, ``snippets.md`` holds what is
    pasted into a paper, ``README.md`` shows all, and ``SHA256SUMS`` has the sum of every file.

    Every figure that is published calls this, so that neither is ever behind. Where notebooks run
    side by side, records may change meanwhile; they are then read and written again.

    Returns the ids, sorted; other JSON files are passed over.
    """
    home = Path(folder)
    work, state, written = read_work(home), _state(home), None
    while state != written:
        records = state[0]
        if not records:
            raise InputError(f"{home} holds no figure's record; publish a figure there first.")
        together = {
            "references.bib": "\n".join(bibtex(facts, work) for facts in records),
            "references.csl.json": csl_json(records, work),
            "snippets.md": snippets(records, work),
            "README.md": gallery_page(records),
        }
        write_together({home / name: text.encode("utf-8") for name, text in together.items()})
        write_sums(home)
        state, written = _state(home), state
    return [facts["id"] for facts in records]


def _state(home: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the records of a folder, and the sum of every file but those written from them."""
    return records_of(home), {n: own for n, own in sums(home).items() if n not in TOGETHER}


def records_of(home: Path) -> list[dict[str, Any]]:
    """Return what the figures of a folder say of themselves."""
    records = []
    for path in sorted(home.glob("*.json")):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as problem:
            raise InputError(f"{path} is not JSON ({problem}); publish its figure again.") from None
        if isinstance(facts, dict) and facts.get("id") == path.stem and "csv_sha256" in facts:
            records.append(facts)
    return records


def macro(key: str) -> str:
    r"""Return the name of a value's macro: its key in words, of letters only.

    >>> macro("keywords.customs.fisher_p"), macro("concepts.U.S.-policy.rate_2")
    ('\\anKeywordsCustomsFisherP', '\\anConceptsUSPolicyRateTwo')
    """
    plain = unicodedata.normalize("NFKD", key)
    spelt = re.sub(r"[0-9]", lambda digit: f" {_DIGITS[int(digit[0])]} ", plain)
    words = re.findall(r"[A-Za-z]+", re.sub(r"(?<=[a-z])'(?=[a-z])", "", spelt))
    return "\\an" + "".join(word[0].upper() + word[1:] for word in words)


def plain_digits(text: str) -> str:
    """Return a formatted number as digits with a point and a minus sign, nothing where it is none.

    >>> plain_digits("1,121"), plain_digits("−3.21"), plain_digits("p = .034"), plain_digits("two")
    ('1121', '-3.21', '0.034', '')
    """
    found = _NUMBER.fullmatch(text)
    digits = found[1].replace(",", "").replace("−", "-").lstrip("+") if found else ""
    return re.sub(r"^(-?)\.", r"\g<1>0.", digits)


def _formatted(key: str, value: str | int) -> str:
    if not _KEY.fullmatch(key):
        raise InputError(f"value key {key!r} may hold letters, digits and . : + / ' _ - only.")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InputError(
            f"value {key!r} is {value!r}, not text or a whole number; "
            "format it with number, p_value or interval first."
        )
    return value if isinstance(value, str) else f"{value:,}".replace("-", "−")


def _macros(values: Mapping[str, str]) -> list[str]:
    """Return a definition of one word for each value, and for its plain digits."""
    names = [macro(key) for key in values]
    lines = []
    for name, (key, text) in zip(names, values.items(), strict=True):
        if names.count(name) > 1:
            same = [other for other in values if macro(other) == name]
            name += chr(ord("A") + same.index(key)) if len(same) <= 26 else ""
            if len(same) > 26:
                raise InputError(f"More than 26 values share the macro {name}: name them apart.")
        parts = {"": latex(text), "Plain": plain_digits(text)}
        if (ends := _INTERVAL.fullmatch(text)) is not None:
            parts |= {"LowPlain": plain_digits(ends[1]), "HighPlain": plain_digits(ends[2])}
        lines += [
            rf"\newcommand{{{name}{part}}}{{{content}}}"
            for part, content in parts.items()
            if content
        ]
    return lines


def write_values(values: Mapping[str, str | int], path: str | Path) -> Path:
    r"""Write the numbers of the paper for LaTeX, so that its author types none.

    Parameters
    ----------
    values : key -> formatted text or whole number; keys such as ``keywords.syria.log_ratio``.
    path : the file, by custom ``figures/values.tex``.

    Returns
    -------
    The path. In LaTeX, ``\anKeywordsSyriaLogRatio`` prints the value (``macro``), and
    ``\anKeywordsSyriaLogRatioPlain`` its digits alone; ``\analysisvalue{keywords.syria.log_ratio}``
    prints it too, and a key that does not exist is an error.
    """
    texts = {key: _formatted(key, values[key]) for key in sorted(values)}
    keyed = [
        rf"\expandafter\def\csname analysis@{key}\endcsname{{{latex(text)}}}"
        for key, text in texts.items()
    ]
    write_file(Path(path), (_HEAD + "\n".join([*_macros(texts), *keyed]) + "\n").encode("utf-8"))
    return Path(path)
