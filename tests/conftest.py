"""What several test files share: the two articles, small corpora, the package installed."""

import gc
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from analysis.text import Corpus, Counts, count_terms, load_corpus, load_folders
from scripts import verify
from tests.offline import sitecustomize

ROOT = Path(__file__).resolve().parents[1]

hypothesis.settings.register_profile("package", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("package")


@pytest.fixture(autouse=True)
def _without_a_network() -> Iterator[None]:
    """No test leaves this machine: what tries to is refused, and fails its test even if caught."""
    before = len(sitecustomize.noted)
    yield
    assert sitecustomize.noted[before:] == []


@pytest.fixture(autouse=True)
def _figures_of_a_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes into the repository: its figures go to a folder of its own."""
    monkeypatch.setattr("analysis.report.figure.HERE", tmp_path / "figures")


def pytest_report_header() -> str:
    """Say how the images of this machine are compared with the committed ones."""
    if verify.EXACT:
        return "images: compared byte for byte with git's copy"
    return (
        f"images: compared by their data on {sys.platform}, {platform.machine()}, where bytes "
        "may be others than on Linux and x86-64; tables and sentences byte for byte"
    )


@pytest.fixture
def cpu_seconds() -> Iterator[Callable[[Callable[[], object]], float]]:
    """Measure processor seconds: the best of three, without the collector of garbage.

    The collector walks all that a long run of tests has made, which is no time of the call's own.
    """
    gc.collect()
    gc.disable()

    def best(call: Callable[[], object]) -> float:
        seconds = []
        for _ in range(3):
            start = time.process_time()
            call()
            seconds.append(time.process_time() - start)
        return min(seconds)

    yield best
    gc.enable()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The two articles."""
    return load_corpus(ROOT / "data" / "corpus.toml")


@pytest.fixture(scope="session")
def counts(corpus: Corpus) -> Counts:
    """The two articles' terms, counted in units of about a hundred words."""
    return count_terms(corpus)


@pytest.fixture
def write_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write each text (str or bytes) as a ``.txt`` file of a folder, named 00, 01, ..."""

    def write(name: str, *texts: str | bytes) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for number, text in enumerate(texts):
            content = text if isinstance(text, bytes) else text.encode()
            (folder / f"{number:02}.txt").write_bytes(content)
        return folder

    return write


@pytest.fixture
def tiny(write_folder: Callable[..., Path]) -> Corpus:
    """Two folders of one short text each, countable by eye."""
    return load_folders(
        write_folder("new", "Cats sleep. Cats eat the fish.\n\nThe 3 dogs bark."),
        write_folder("old", "Dogs bark. Dogs eat. Dogs and\ncats sleep."),
    )


RAW = {
    "new": "Menu\n\nIt was **red**. It wont be\nred.\n\nThe byline.",
    "old": "It was green. It is.",
}


def _document(name: str, raw: str, **more: str) -> str:
    entry = {
        "id": name,
        "group": name,
        "file": f"{name}.txt",
        "sha256": hashlib.sha256(raw.encode()).hexdigest(),
        "title": "A title",
        "date": "2018-01-08",
        "publisher": "A paper",
        "rights": "None",
        **more,
    }
    return "[[document]]\n" + "".join(f'{key} = "{value}"\n' for key, value in entry.items())


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A sound manifest of two documents, with a body to find and a correction to make."""
    for name, raw in RAW.items():
        (tmp_path / f"{name}.txt").write_bytes(raw.encode())
    (tmp_path / "corrections.toml").write_text(
        '[[correction]]\nfound = "It wont"\ncorrected = "It won\'t"\nreason = "lost apostrophe"\n'
    )
    body = {"body_starts": "It was", "body_ends": "red.\\n\\n", "corrections": "corrections.toml"}
    path = tmp_path / "corpus.toml"
    path.write_text(
        'title = "Colours"\n'
        '[[group]]\nlabel = "new"\nrole = "target"\ncolour = "#111111"\n'
        '[[group]]\nlabel = "old"\nrole = "reference"\n'
        + _document("new", RAW["new"], **body)
        + _document("old", RAW["old"])
    )
    return path


PARTS = ("analysis", "notebooks", "README.md", "LICENSE", "pyproject.toml", "setup.py")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the sources without a network."""
    copy = tmp_path_factory.mktemp("sources")
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, copy / name)
    pip("wheel", "--no-build-isolation", "--wheel-dir", copy / "dist", copy)
    (built,) = (copy / "dist").iterdir()
    return built


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    offline = ["--no-deps", "--no-index"]
    done = subprocess.run(
        [*command, *map(str, arguments), *offline], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the wheel, and borrows all else from this one."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=os.name != "nt")
    own = Path(sysconfig.get_path("purelib", "venv", {"base": home, "platbase": home}))
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip("install", "--target", own, wheel)
    return Path(sysconfig.get_path("scripts", "venv", {"base": home})) / Path(sys.executable).name
