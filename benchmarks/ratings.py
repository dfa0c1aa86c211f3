"""Sentences that people rated from -4 to 4, against which tone is calibrated and judged.

They are those of Hutto & Gilbert 2014 (doi:10.1609/icwsm.v8i1.14550) and come with the source
distribution of vaderSentiment 3.3.2. The texts are their authors'; so they are fetched by pip when
asked for, into ``_build/ratings``, and never stored in the repository.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import InputError

FOLDER = Path(__file__).resolve().parents[1] / "_build" / "ratings"
PACKAGE = "vaderSentiment==3.3.2"
SHA256 = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
ARCHIVE = FOLDER / "vaderSentiment-3.3.2.tar.gz"
INNER = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
SETS = {
    "editorials": "nytEditorialSnippets",
    "product reviews": "amazonReviewSnippets",
    "film reviews": "movieReviewSnippets",
    "tweets": "tweets",
}


def rated(name: str = "editorials") -> pd.DataFrame:
    """Return a set of rated sentences: ``article, text, rating``, in the order of the source.

    ``rating`` is the mean over raters; ``article`` is the text that a sentence is from (tweets and
    film reviews are each a text of their own).

    Raises
    ------
    InputError
        The set cannot be fetched, or is not the one that is meant.
    """
    rows = [line.split("\t") for line in _file(f"{SETS[name]}_GroundTruth.txt")]
    table = pd.DataFrame(rows, columns=["id", "rating", "text"])
    return pd.DataFrame(
        {
            "article": table["id"].str.split("_").str[0].astype(int),
            "text": table["text"],
            "rating": table["rating"].astype(float),
        }
    )


def raters() -> NDArray[np.float64]:
    """Return the single ratings of the editorials, sentences × 20 raters."""
    rows = [line.split("\t")[3] for line in _file(f"{SETS['editorials']}_anonDataRatings.txt")]
    return np.array([json.loads(row) for row in rows], dtype=float)


@cache
def _archive() -> dict[str, bytes]:
    """Return the files of the archive of ratings, by name; fetch it if it is not there."""
    if not ARCHIVE.exists():
        _fetch()
    content = ARCHIVE.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise InputError(
            f"{ARCHIVE} is not the file that is meant (its sha256 is {found}): delete it and run "
            "again."
        )
    with tarfile.open(fileobj=io.BytesIO(content)) as outer:
        inner = outer.extractfile(INNER).read()  # type: ignore[union-attr]
    with tarfile.open(fileobj=io.BytesIO(inner)) as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
        return {Path(f.name).name: archive.extractfile(f).read() for f in files}  # type: ignore[union-attr]


def _fetch() -> None:
    """Have pip fetch the source distribution; it checks the sum before it opens the file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = FOLDER / "requirement.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{SHA256}\n", encoding="utf-8")
    options = ["--no-deps", "--no-binary", "vaderSentiment", "--require-hashes", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "-r", wanted, "-d", FOLDER]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode or not ARCHIVE.exists():
        raise InputError(
            f"The rated sentences cannot be fetched: pip could not download {PACKAGE} as source; "
            "connect to a package index and run again."
        )


def _file(name: str) -> list[str]:
    return _archive()[name].decode("utf-8-sig").splitlines()
