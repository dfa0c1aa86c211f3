"""What an RO-Crate says of itself (https://w3id.org/ro/crate/1.1)."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from analysis.report.citation import Work
from analysis.sentences import say

CRATE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
KINDS = {
    ".csv": "text/csv", ".json": "application/json", ".md": "text/markdown",
    ".py": "text/x-python", ".toml": "application/toml",
}  # fmt: skip


def crate(files: Mapping[str, str], work: Work, title: str, version: str = "") -> str:
    """Return the metadata of a crate that holds such files.

    Parameters
    ----------
    files : name -> content
    work : the work that they stand behind: its authors, date and address
    title : of the comparison
    version : what git calls the state of the study, if it lies in a repository
    """
    people = [_person(author, place) for place, author in enumerate(work.authors, 1)]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": say("methods.crate.name", {"title": title}),
        "description": say("methods.crate.description", {}),
        "datePublished": work.date or work.year,
        "license": {"@id": "#licence"},
        "author": _one_or_all([{"@id": own["@id"]} for own in people]),
        "publisher": {"@id": "#publisher"},
        "hasPart": [{"@id": name} for name in files],
        **({"identifier": f"https://doi.org/{work.doi}"} if work.doi else {}),
        **({"url": work.address} if work.address else {}),
        **({"version": version} if version else {}),
    }
    about = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }
    licence = {
        "@id": "#licence",
        "@type": "CreativeWork",
        "name": "Rights",
        "description": say("methods.crate.rights", {}),
    }
    house = {
        "@id": "#publisher",
        "@type": "Organization",
        "name": work.publisher or say("methods.crate.publisher", {}),
        **({"url": work.address} if work.address else {}),
    }
    graph = [about, root, licence, house, *people, *(_file(n, own) for n, own in files.items())]
    whole = {"@context": CONTEXT, "@graph": graph}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _one_or_all(values: list[dict[str, str]]) -> Any:
    """Return a single value as it is: JSON-LD has no list of one."""
    return values[0] if len(values) == 1 else values


def _person(author: Mapping[str, str], place: int) -> dict[str, str]:
    if "name" in author:
        return {"@id": f"#author-{place}", "@type": "Organization", "name": author["name"]}
    name = f"{author['given']} {author['family']}"
    return {"@id": f"#author-{place}", "@type": "Person", "name": name}


def _file(name: str, text: str) -> dict[str, Any]:
    content = text.encode("utf-8")
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "encodingFormat": KINDS.get(PurePosixPath(name).suffix, "text/plain"),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
