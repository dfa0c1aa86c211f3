"""What leaves for other programs: numbers for LaTeX, and files written whole or not at all."""

import re
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import InputError
from analysis.files import write_file

_KEY = re.compile(r"[\w.:+/'-]+")
_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}", ">": r"\ensuremath{>}", "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}", "±": r"\ensuremath{\pm}", "≤": r"\ensuremath{\le}",
    "≥": r"\ensuremath{\ge}", "∞": r"\ensuremath{\infty}", "χ": r"\ensuremath{\chi}",
    "²": r"\ensuremath{^2}", "₂": r"\ensuremath{_2}", "–": "--", "—": "---", "…": r"\dots{}",
    "‘": "`", "’": "'", "“": "``", "”": "''", "\u00a0": "~", "\u202f": r"\,",
})  # fmt: skip
_HEAD = r"""% Written by analysis.report.write_values; do not edit by hand.
% In the preamble: \input{values.tex}; in the text: \analysisvalue{key}.
\providecommand{\analysisvalue}[1]{\ifcsname analysis@#1\endcsname
  \csname analysis@#1\endcsname\else\errmessage{values.tex has no value named #1}\fi}
"""


def latex(text: str) -> str:
    r"""Escape text for LaTeX, minus signs, dashes and quotation marks included.

    >>> print(latex("R&D: −3 % of A_B"))
    R\&D: \ensuremath{-}3 \% of A\_B
    """
    return text.translate(_LATEX)


def _definition(key: str, value: str | int) -> str:
    if not _KEY.fullmatch(key):
        raise InputError(f"value key {key!r} may hold letters, digits and . : + / ' _ - only.")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise InputError(
            f"value {key!r} is {value!r}, not text or a whole number; "
            "format it with number, p_value or interval first."
        )
    text = latex(value if isinstance(value, str) else f"{value:,}".replace("-", "−"))
    return rf"\expandafter\def\csname analysis@{key}\endcsname{{{text}}}"


def write_values(values: Mapping[str, str | int], path: str | Path) -> Path:
    r"""Write the numbers of the paper for LaTeX, so that its author types none.

    Parameters
    ----------
    values : key -> formatted text or whole number; keys such as ``keywords.syria.log_ratio``.
    path : the file, by custom ``figures/values.tex``.

    Returns
    -------
    The path. In LaTeX, ``\analysisvalue{keywords.syria.log_ratio}`` prints the value, and a key
    that does not exist is an error.
    """
    lines = [_definition(key, values[key]) for key in sorted(values)]
    write_file(Path(path), (_HEAD + "\n".join(lines) + "\n").encode("utf-8"))
    return Path(path)
