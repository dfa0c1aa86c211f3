"""Zip what an archive is given: code, lock, notebooks, figures, shareable data, checksums.

The two articles are third-party texts: they, the copies that the tests read, and the explorer,
which holds them whole, stay out. The same commit gives the same bytes.

    python -m scripts.make_release [FOLDER]
"""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import analysis
from analysis.report.citation import read_work
from scripts import write_metadata

ROOT = Path(__file__).resolve().parents[1]
THIRD_PARTY = (
    "data/raw/",
    "tests/fixtures/2017.txt",
    "tests/fixtures/2018.txt",
    "figures/explorer",
)
SUMS = "SHA256SUMS"


def contents(root: Path = ROOT) -> dict[str, bytes]:
    """Return what is released, by name: what git tracks, but for the texts of others."""
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    names = (name for name in done.stdout.split("\0") if name and (root / name).is_file())
    return {name: (root / name).read_bytes() for name in names if not name.startswith(THIRD_PARTY)}


def pack(files: dict[str, bytes], commit: str) -> dict[str, bytes]:
    """Return the files with their checksums and the commit that they are of."""
    packed = files | {"COMMIT": f"{commit}\n".encode()}
    sums = (f"{hashlib.sha256(own).hexdigest()}  {name}\n" for name, own in sorted(packed.items()))
    return packed | {SUMS: "".join(sums).encode()}


def write_zip(files: dict[str, bytes], path: Path, folder: str) -> None:
    """Write an archive whose bytes are those of its files alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}"), content)


def faults(files: dict[str, bytes]) -> list[str]:
    """Name what a release should not be made with."""
    work = read_work(ROOT / "figures")
    stale = [
        f"{name} is not what data/citation.toml says: run `make metadata`"
        for name, text in write_metadata.files(work).items()
        if files.get(name) != text.encode()
    ]
    command = ["git", "status", "--porcelain"]
    changed = subprocess.check_output(command, cwd=ROOT, text=True).splitlines()
    return stale + [f"not committed: {line[3:]}" for line in changed]


def main(out: Path) -> None:
    """Write the release, and say what is not stated yet."""
    files = contents()
    if found := faults(files):
        raise SystemExit("No release was made. " + "; ".join(found[:5]) + ".")
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
    name = f"analysis-{analysis.__version__}"
    write_zip(pack(files, commit), out / f"{name}.zip", name)
    print(f"{out / name}.zip holds {len(files) + 2} files of commit {commit[:10]}.")
    work = read_work(ROOT / "figures")
    missing = [what for what, own in (("address", work.address), ("doi", work.doi)) if not own]
    if missing:
        print(f"data/citation.toml states no {' and no '.join(missing)} yet.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist")
