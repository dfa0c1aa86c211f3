"""What this package is built on: licences, a bill of materials, and an audit of what is installed.

    python -m scripts.supply           # write THIRD_PARTY.md and the bill of materials anew
    python -m scripts.supply --audit   # check what is installed against the lock; `make check` does

The bill of materials (CycloneDX, in JSON) travels in the wheel. Both files are made from the lock
and from what the installed packages say of themselves; a package of the lock that is not installed
on this machine (it is for another system) keeps what the last machine that had it wrote.
"""

import base64
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "THIRD_PARTY.md"
BILL = ROOT / "analysis" / "resources" / "sbom.cdx.json"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAD = """# Licences of what this package is built on

Written by `python -m scripts.supply` from the lock and the installed packages; do not edit. None
of these packages is copied into this repository or the wheel: they are installed beside it, at the
versions and hashes of `requirements.txt`. *Runs* are needed to use the package, *extra* ones to
read further formats, to run on a cluster or to make the paper, *checks* to develop it. Licences of
texts, word lists and other data are listed, file by file, in [`data/README.md`](data/README.md).

| package | version | licence | for |
|---|---|---|---|
"""
# What packages say in other words than SPDX, and what they say at length.
SPELT = {
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0", "apache software license": "Apache-2.0",
    "bsd license": "BSD-3-Clause", "bsd": "BSD-3-Clause", "bsd 3-clause license": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause", "mit license": "MIT",
    "isc license (iscl)": "ISC", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}  # fmt: skip
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC",
    "LLVM-exception",  # asks for less than Apache-2.0, whose exception it is
    "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip


def normalised(name: str) -> str:
    """Return a package's name as the lock spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, tuple[str, list[str]]]:
    """Return the version and the hashes of every package of the lock, by name."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = {}
    for block in re.split(r"\n(?=[a-z0-9])", text):
        if match := re.match(r"([a-z0-9-]+)==([^\s;\\]+)", block):
            found[match[1]] = match[2], re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
    return found


def installed(name: str) -> Distribution | None:
    """Return an installed package, nothing where there is none of this name."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def licence(package: Distribution) -> str:
    """Return a package's licence, by its SPDX name where it can be told."""
    about = package.metadata
    if stated := about.get("License-Expression"):
        return str(stated)
    said = [
        entry.rsplit(" :: ", 1)[-1]
        for entry in about.get_all("Classifier") or []
        if entry.startswith("License ::") and not entry.endswith("OSI Approved")
    ]
    brief = (about.get("License") or "").strip()
    if not said and len(brief) < 60 and brief:
        said = [brief]
    if not said:
        said = [_recognised(package)]
    return " AND ".join(sorted({SPELT.get(own.lower(), own) for own in said}))


def _recognised(package: Distribution) -> str:
    """Tell a licence by the words of its file."""
    marks = {
        "Permission is hereby granted, free of charge": "MIT",
        "Neither the name of": "BSD-3-Clause",
        "Apache License": "Apache-2.0",
        "Redistribution and use in source and binary forms": "BSD-2-Clause",
    }
    texts = [package.metadata.get("License") or ""]
    texts += [
        path.locate().read_text(encoding="utf-8", errors="replace")
        for path in package.files or []
        if re.match(r"(?i)licen[cs]e|copying", path.name)
    ]
    for text in texts:
        for mark, name in marks.items():
            if mark in " ".join(text.split()):
                return name
    return "unknown"


def needed(names: list[str]) -> dict[str, list[str]]:
    """Return all that packages need on this machine, their own needs by name."""
    found: dict[str, list[str]] = {}
    open_ = [Requirement(name) for name in names]
    while open_:
        own = open_.pop()
        name = normalised(own.name)
        package = installed(own.name)
        if package is None or (name in found and not own.extras):
            continue
        needs = [Requirement(entry) for entry in package.requires or []]
        extras = ["", *own.extras]
        met = [
            need
            for need in needs
            if not need.marker or any(need.marker.evaluate({"extra": extra}) for extra in extras)
        ]
        known = set(found.get(name, [])) | {normalised(need.name) for need in met}
        found[name] = sorted(known)
        open_ += met
    return found


def direct() -> dict[str, list[str]]:
    """Return the packages that are asked for, by what they are for."""
    extras = PROJECT["project"]["optional-dependencies"]
    return {
        "runs": PROJECT["project"]["dependencies"],
        "extra": [entry for own in extras.values() for entry in own],
        "checks": PROJECT["dependency-groups"]["dev"],
    }


def kept_licences() -> dict[str, str]:
    """Return the licences that the table holds already."""
    if not TABLE.is_file():
        return {}
    rows = re.findall(r"^\| (\S+) \| \S+ \| ([^|]+) \| ", TABLE.read_text(encoding="utf-8"), re.M)
    return {name: stated.strip() for name, stated in rows}


def licences() -> dict[str, str]:
    """Return the licence of every package of the lock, by name."""
    kept = kept_licences()
    found = {}
    for name in pins():
        package = installed(name)
        found[name] = licence(package) if package else kept.get(name, "unknown")
    return found


def third_party() -> str:
    """Return the table of licences."""
    purposes = {}
    for purpose, names in reversed(direct().items()):
        purposes |= dict.fromkeys(needed(names), purpose)
        purposes |= dict.fromkeys((normalised(Requirement(own).name) for own in names), purpose)
    stated = licences()
    rows = [
        f"| {name} | {version} | {stated[name]} | {purposes.get(name, 'other systems')} |"
        for name, (version, _) in sorted(pins().items())
    ]
    return HEAD + "\n".join(rows) + "\n"


def _component(name: str, version: str, stated: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    own = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    return own | {"licenses": [{"expression": stated}]}


def bill() -> str:
    """Return the bill of materials of what the package needs to run, in CycloneDX's JSON."""
    locked, stated = pins(), licences()
    needs = needed(direct()["runs"])
    name, version = PROJECT["project"]["name"], _version()
    own = f"pkg:pypi/{name}@{version}"
    kept = [entry for entry in sorted(needs) if entry in locked]

    def ref(entry: str) -> str:
        return f"pkg:pypi/{entry}@{locked[entry][0]}"

    asked = sorted(normalised(Requirement(entry).name) for entry in direct()["runs"])
    depends = [{"ref": own, "dependsOn": [ref(entry) for entry in asked]}]
    depends += [
        {"ref": ref(entry), "dependsOn": [ref(n) for n in needs[entry] if n in locked]}
        for entry in kept
    ]
    component = {"type": "library", "bom-ref": own, "name": name, "version": version, "purl": own}
    component |= {"licenses": [{"expression": PROJECT["project"]["license"]}]}
    made: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component},
        "components": [_component(entry, locked[entry][0], stated[entry]) for entry in kept],
        "dependencies": depends,
    }
    return json.dumps(made, indent=1, sort_keys=True) + "\n"


def _version() -> str:
    text = (ROOT / "analysis" / "__init__.py").read_text(encoding="utf-8")
    (found,) = re.findall(r'^__version__ = "(.+)"', text, re.M)
    return str(found)


def faults() -> Iterator[str]:
    """Yield what is wrong with what is installed, a sentence each."""
    stated = licences()
    for name, (version, hashes) in pins().items():
        if not hashes:
            yield f"{name} has no hash in requirements.txt: run `make lock`."
        words = set(re.split(r"[\s()]+", stated[name])) - {"AND", "OR", "WITH", ""}
        if not words <= ALLOWED:
            yield f"{name}: the licence {stated[name]!r} is not one of those allowed: look at it."
        package = installed(name)
        if package is None:
            continue
        if package.version != version:
            yield f"{name} {package.version} is installed; the lock says {version}: `make setup`."
        elif altered := _altered(package):
            yield f"{name} {version} is not as it was installed: {altered} differs; `make setup`."


def _altered(package: Distribution) -> str:
    """Return a file of a package that is not what its record says, if there is one."""
    for file in package.files or []:
        if file.hash is None or file.suffix == ".pyc":
            continue
        path = Path(str(file.locate()))
        if not path.is_file():
            return str(file)
        found = hashlib.new(file.hash.mode, path.read_bytes()).digest()
        if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != file.hash.value:
            return str(file)
    return ""


def advisories() -> tuple[str, bool]:
    """Ask pip-audit for known vulnerabilities; return what it says and whether there are any."""
    if importlib.util.find_spec("pip_audit") is None:
        return "Advisories were not asked for: pip-audit is not installed.", False
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements.txt")]
    command += ["--disable-pip", "--no-deps", "--progress-spinner", "off", "--timeout", "10"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout + done.stderr).strip()
    if re.search(r"Found \d+ known vulnerabilit", said):
        return said, True
    passed_over = said.count("could not be audited")
    if done.returncode or passed_over:
        of = f" of {passed_over} packages" if passed_over else ""
        return f"Advisories{of} could not be asked for: pip-audit did not reach them.", False
    return "No advisory is known for the packages of the lock.", False


def audit() -> None:
    """Say what is wrong, or that nothing is; leave with 1 where something is."""
    found = list(faults())
    said, known = advisories()
    print(*found, said, sep="\n")
    if found or known:
        sys.exit(1)
    print(f"{len(pins())} packages are pinned by hash, as installed, of licences that are allowed.")


def main() -> None:
    """Write both files, or audit."""
    if "--audit" in sys.argv[1:]:
        audit()
        return
    TABLE.write_text(third_party(), encoding="utf-8")
    BILL.write_text(bill(), encoding="utf-8")


if __name__ == "__main__":
    main()
