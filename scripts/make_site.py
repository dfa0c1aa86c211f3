"""Write the site of the study to _build/html: index, notebooks, gallery, explorer, methods.

python scripts/make_site.py [FOLDER]
"""

import shutil
import sys
from pathlib import Path

from analysis.files import revision, write_file
from analysis.report.citation import read_work, work_reference
from analysis.report.methods import methods
from analysis.report.site import Site, write_site

ROOT = Path(__file__).resolve().parents[1]
FURTHER = {  # pages that others link to, outside the navigation
    "data/README.md": ("data.html", "The texts: provenance and rights"),
    "tables/evidence.md": ("evidence.html", "Evidence"),
    "tables/codebook.md": ("codebook.html", "Codebook"),
    "benchmarks/README.md": ("benchmarks.html", "Validity of the keyness methods"),
    "benchmarks/topics.md": ("benchmarks-topics.html", "Topics where the truth is known"),
    "benchmarks/topics_real.md": ("benchmarks-topics-real.html", "Topics on real texts"),
    "analysis/resources/CALIBRATION.md": ("calibration.html", "Calibration of tone"),
    "VERIFY.md": ("verify.html", "The same bytes under every setting"),
    "CONTRIBUTING.md": ("contributing.html", "How to contribute"),
    "CHANGELOG.md": ("changelog.html", "Changes"),
}


def main(out: Path) -> None:
    """Build the site anew."""
    if out.exists():
        shutil.rmtree(out)
    state = revision(ROOT)
    built = f" Built from commit {state}." if state else ""
    site = Site(ROOT, out, footer=work_reference(read_work(ROOT / "figures")) + built)
    site.add_markdown(ROOT / "README.md", "index.html", "Home")
    for source, (name, title) in FURTHER.items():
        if (ROOT / source).is_file():
            site.add_markdown(ROOT / source, name, title, shown=False)
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    pages = write_site(site, notebooks, ROOT / "figures", methods())
    write_file(out / ".nojekyll", b"")
    print(f"{len(pages)} pages are in {out}; begin with {pages[0].name}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build" / "html")
