"""The metadata of a crate name every file, once, with its size, sum and kind."""

import hashlib
import json

from analysis.report.citation import Work
from analysis.report.crate import CRATE, PROFILE, crate

FILES = {"README.md": "# Ä\n", "counts/units.csv": "unit\n1\n"}


def entities(work: Work) -> dict[str, dict]:
    whole = json.loads(crate(FILES, work, "Red and blue"))
    assert whole["@context"] == f"{PROFILE}/context"
    ids = [own["@id"] for own in whole["@graph"]]
    assert len(set(ids)) == len(ids)
    return {own["@id"]: own for own in whole["@graph"]}


def test_every_file_is_a_part_and_is_described():
    known = entities(Work("Study", ({"given": "Ada", "family": "Lovelace"},), "2026-11-26"))
    root = known["./"]
    assert known[CRATE]["about"] == {"@id": "./"}
    assert root["hasPart"] == [{"@id": name} for name in FILES]
    for name, text in FILES.items():
        content = text.encode()
        assert known[name]["@type"] == "File"
        assert known[name]["contentSize"] == str(len(content))
        assert known[name]["sha256"] == hashlib.sha256(content).hexdigest()
    assert known["counts/units.csv"]["encodingFormat"] == "text/csv"
    assert {"name", "description", "datePublished", "license", "publisher"} <= set(root)


def test_what_is_referred_to_is_there():
    authors = ({"name": "A group"}, {"given": "Ada", "family": "Lovelace"})
    for own in (authors, authors[:1], ()):
        known = entities(Work("Study", own, "2026", "A house", "https://example.org", "10.1/x"))
        for entity in known.values():
            for value in entity.values():
                for part in value if isinstance(value, list) else [value]:
                    if isinstance(part, dict) and part.get("@id", "").startswith("#"):
                        assert part["@id"] in known
        assert known["./"]["identifier"] == "https://doi.org/10.1/x"
