"""What the notebooks cite: one list of references, of ``resources/literature.bib``."""

import re

from analysis.errors import InputError
from analysis.files import resource
from analysis.sentences import Prose, markdown

_ENTRY = re.compile(r"@\w+\{(?P<key>\w+),\n(?P<body>.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"^ {2}(\w+) = \{(.*)\},$", re.MULTILINE)


def references(*keys: str) -> Prose:
    """Return references as a list, in the order of the alphabet; without keys, all of them.

    >>> print(references("lee1999"))  # doctest: +NORMALIZE_WHITESPACE
    - Lee, Daniel D., and H. Sebastian Seung (1999). “Learning the Parts of Objects by Non-negative
    Matrix Factorization.” *Nature*. [doi:10.1038/44565](https://doi.org/10.1038/44565)
    """
    entries = read_literature()
    if unknown := [key for key in keys if key not in entries]:
        raise InputError(f"No reference {unknown[0]!r}; there are {', '.join(entries)}.")
    chosen = sorted(keys or entries, key=lambda key: (entries[key]["author"], entries[key]["year"]))
    return Prose("\n".join(f"- {_said(entries[key])}" for key in chosen))


def read_literature() -> dict[str, dict[str, str]]:
    """Return the entries of the list by key, each with its fields."""
    text = resource("literature.bib").read_text(encoding="utf-8")
    return {entry["key"]: dict(_FIELD.findall(entry["body"])) for entry in _ENTRY.finditer(text)}


def _said(entry: dict[str, str]) -> str:
    doi = entry.get("doi")
    where = f"[doi:{doi}](https://doi.org/{doi})" if doi else entry["url"]
    words = f"{_authors(entry['author'])} ({entry['year']}). “{entry['title']}.”"
    return f"{markdown(words)} *{markdown(entry['journal'])}*. {where}"


def _authors(names: str) -> str:
    """Return names in the order of a list: only the first is turned round.

    >>> _authors("Lee, Daniel D. and Seung, H. Sebastian")
    'Lee, Daniel D., and H. Sebastian Seung'
    """
    first, *others = names.split(" and ")
    turned = [" ".join(reversed(other.split(", "))) for other in others]
    if not turned:
        return first
    *middle, last = turned
    return ", ".join([first, *middle, f"and {last}"])
