"""Put the findings, as the notebooks last wrote them, into the README between its two marks."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"(<!-- findings.*?-->\n).*?(<!-- end of findings -->)", re.DOTALL)


def main() -> None:
    """Rewrite the README if its findings differ."""
    readme = ROOT / "README.md"
    findings = (ROOT / "figures" / "findings.md").read_text(encoding="utf-8")
    old = readme.read_text(encoding="utf-8")
    new, count = BLOCK.subn(lambda match: f"{match[1]}{findings}{match[2]}", old)
    if count != 1:
        raise SystemExit("README.md must hold one block between the marks for findings.")
    if new != old:
        readme.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
