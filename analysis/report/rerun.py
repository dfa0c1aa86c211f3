"""The notebooks, executed on other texts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import InputError
from analysis.report.figure import ROOT
from analysis.text.load import VARIABLE

INSTRUMENTS = ("01_corpus", "02_keywords", "03_sentiment", "04_topics")


def execute_notebooks(corpus: Sequence[str], out: Path) -> list[Path]:
    """Execute the instruments (notebooks 01 to 04) on other texts, into a new folder.

    Parameters
    ----------
    corpus : a manifest, or two folders: target, reference
    out : a folder that is not there yet, or empty; it gets ``notebooks/`` and ``figures/``

    Returns
    -------
    The executed notebooks.

    Raises
    ------
    InputError
        The folder holds something already, or a notebook failed; what nbconvert said is shown.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out} is not an empty folder: name a new one, nothing is overwritten.")
    notebooks = out / "notebooks"
    notebooks.mkdir(parents=True)
    named = os.pathsep.join(str(Path(name).resolve()) for name in corpus)
    environment = {
        **os.environ,
        VARIABLE: named,
        "ANALYSIS_FIGURES": str((out / "figures").resolve()),
        "PYTHONPATH": str(ROOT),
    }
    for name in INSTRUMENTS:
        copy = notebooks / f"{name}.ipynb"
        shutil.copyfile(ROOT / "notebooks" / copy.name, copy)
        _execute(copy, environment)
    return sorted(notebooks.glob("*.ipynb"))


def _execute(notebook: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    config = ROOT / "jupyter_nbconvert_config.py"
    done = subprocess.run(
        [*command, "--config", str(config), str(notebook)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["nbconvert said nothing"]
        raise InputError(f"{notebook} could not be executed: {last[0]}")
