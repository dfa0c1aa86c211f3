"""Write what archives and code hosts read from one home, data/citation.toml.

CITATION.cff (code hosts), codemeta.json (Software Heritage), .zenodo.json and datacite.json
(archives that mint DOIs) say the same authors, title, version, date and licence.

    python -m scripts.write_metadata
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from analysis.report.citation import Work, read_work

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = "analysis: compare two groups of texts"
ABSTRACT = (
    "A notebook package that compares the keywords, sentiment and topics of two groups of texts, "
    "with intervals, permutation tests and a detection floor, and says what such a comparison can "
    "show. The example compares two news articles, of 2017 and 2018, on the relationship of Russia "
    "and Iran."
)
LICENCE = "https://spdx.org/licenses/"


def citation_cff(work: Work) -> str:
    """Return CITATION.cff."""
    lines = [
        "# Written by scripts/write_metadata.py from data/citation.toml; change it there.",
        "cff-version: 1.2.0",
        "message: If you use this software or a figure made with it, please cite it as below.",
        f"title: {_text(NAME)}",
        f"abstract: {_text(ABSTRACT)}",
        "type: software",
        f"version: {_text(work.version)}",
        f"date-released: {_text(work.date)}",
        f"license: {PROJECT['license']}",
        *([f"repository-code: {_text(work.address)}"] if work.address else []),
        *([f"doi: {_text(work.doi)}"] if work.doi else []),
        "authors:",
        *_cff_authors(work, "  "),
        "keywords:",
        *(f"  - {word}" for word in PROJECT["keywords"]),
        "preferred-citation:",
        "  type: report",
        f"  title: {_text(work.title)}",
        f"  year: {work.year}",
        f"  date-released: {_text(work.date)}",
        f"  version: {_text(work.version)}",
        *([f"  institution:\n    name: {_text(work.publisher)}"] if work.publisher else []),
        *([f"  url: {_text(work.address)}"] if work.address else []),
        *([f"  doi: {_text(work.doi)}"] if work.doi else []),
        "  authors:",
        *_cff_authors(work, "    "),
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """Return a string of YAML, which reads JSON's."""
    return json.dumps(value, ensure_ascii=False)


def _cff_authors(work: Work, margin: str) -> list[str]:
    lines = []
    for author in work.authors:
        if "name" in author:
            lines.append(f"{margin}- name: {_text(author['name'])}")
        else:
            lines.append(f"{margin}- family-names: {_text(author['family'])}")
            lines.append(f"{margin}  given-names: {_text(author['given'])}")
    return lines


def codemeta(work: Work) -> dict[str, Any]:
    """Return codemeta.json."""
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": NAME,
        "description": ABSTRACT,
        "version": work.version,
        "dateModified": work.date,
        "datePublished": work.date,
        "license": f"{LICENCE}{PROJECT['license']}",
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {PROJECT['requires-python']}",
        "keywords": PROJECT["keywords"],
        "author": [_person(author) for author in work.authors],
        **({"codeRepository": work.address} if work.address else {}),
        **({"identifier": f"https://doi.org/{work.doi}"} if work.doi else {}),
    }


def _person(author: Any) -> dict[str, str]:
    if "name" in author:
        return {"@type": "Organization", "name": author["name"]}
    return {"@type": "Person", "givenName": author["given"], "familyName": author["family"]}


def _names(work: Work) -> list[str]:
    return [a.get("name") or f"{a['family']}, {a['given']}" for a in work.authors]


def zenodo(work: Work) -> dict[str, Any]:
    """Return .zenodo.json."""
    return {
        "title": work.title,
        "upload_type": "software",
        "description": ABSTRACT,
        "creators": [{"name": name} for name in _names(work)],
        "version": work.version,
        "publication_date": work.date,
        "license": PROJECT["license"],
        "access_right": "open",
        "keywords": PROJECT["keywords"],
        "notes": "The two articles are third-party texts and no part of the deposit.",
    }


def datacite(work: Work) -> dict[str, Any]:
    """Return the metadata that DataCite asks for (schema 4)."""
    return {
        "types": {"resourceTypeGeneral": "Software", "resourceType": "Notebooks and figures"},
        "titles": [{"title": work.title}],
        "creators": [
            {"name": name, "nameType": "Organizational" if "name" in author else "Personal"}
            for name, author in zip(_names(work), work.authors, strict=True)
        ],
        "publisher": {"name": work.publisher or "Zenodo"},
        "publicationYear": work.year,
        "version": work.version,
        "dates": [{"date": work.date, "dateType": "Issued"}],
        "descriptions": [{"description": ABSTRACT, "descriptionType": "Abstract"}],
        "rightsList": [{"rightsIdentifier": PROJECT["license"], "rightsIdentifierScheme": "SPDX"}],
        "subjects": [{"subject": word} for word in PROJECT["keywords"]],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        **({"doi": work.doi} if work.doi else {}),
        **({"url": work.address} if work.address else {}),
    }


def badge(work: Work) -> str:
    """Return the badge that opens the notebooks on Binder, once the repository has an address."""
    known = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?", work.address)
    if known is None:
        return ""
    place = f"https://mybinder.org/v2/gh/{known[1]}/{known[2]}/HEAD?labpath=notebooks"
    return f"[![Open the notebooks on Binder](https://mybinder.org/badge_logo.svg)]({place})\n"


def files(work: Work) -> dict[str, str]:
    """Return every file that is written, by name."""
    made = {"codemeta.json": codemeta(work), ".zenodo.json": zenodo(work),
            "datacite.json": datacite(work)}  # fmt: skip
    texts = {n: json.dumps(own, indent=2, ensure_ascii=False) + "\n" for n, own in made.items()}
    return {"CITATION.cff": citation_cff(work), **texts}


def main() -> None:
    """Write the files, and the badge into the README between its marks."""
    work = read_work(ROOT / "figures")
    for name, text in files(work).items():
        (ROOT / name).write_text(text, encoding="utf-8")
    readme = ROOT / "README.md"
    block = re.compile(r"(<!-- binder.*?-->\n).*?(<!-- end of binder -->)", re.DOTALL)
    text = readme.read_text(encoding="utf-8")
    readme.write_text(block.sub(lambda m: f"{m[1]}{badge(work)}{m[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
