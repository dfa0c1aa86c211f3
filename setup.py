"""What pyproject.toml cannot say: the notebooks travel with the package, without their outputs.

A wheel holds the instruments (notebooks 01 to 04), which ``python -m analysis compare`` executes on
other texts. Their outputs speak of the two articles and quote them, so they stay behind.
"""

import json
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
INSTRUMENTS = "0[1-4]*_*.ipynb"


def copy_cleared(folder: Path) -> list[Path]:
    """Write each instrument into a folder, its outputs cleared; return what was written."""
    sources = sorted((HERE / "notebooks").glob(INSTRUMENTS))
    if not sources:
        raise SystemExit("notebooks/ is not there: build from the whole repository.")
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        notebook = json.loads(source.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / source.name).write_text(text + "\n", encoding="utf-8")
    return [folder / source.name for source in sources]


class BuildWithNotebooks(build_py):
    """Build the modules, and put the instruments among their resources."""

    def _folder(self) -> Path:
        return Path(self.build_lib) / "analysis" / "resources" / "notebooks"

    def run(self) -> None:
        """Build; an editable installation reads notebooks/ where it lies."""
        super().run()
        if not self.editable_mode:
            copy_cleared(self._folder())

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Name what was built, the notebooks included."""
        built: list[str] = super().get_outputs(include_bytecode)
        if self.editable_mode:
            return built
        return [*built, *map(str, sorted(self._folder().glob(INSTRUMENTS)))]


class SourcesWithNotebooks(sdist):
    """Pack the sources, with the instruments where a build looks for them."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Lay out the sources."""
        super().make_release_tree(base_dir, files)
        copy_cleared(Path(base_dir) / "notebooks")


setup(cmdclass={"build_py": BuildWithNotebooks, "sdist": SourcesWithNotebooks})
