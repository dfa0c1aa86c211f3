"""Put into the README, between their marks, the findings as last written and the measures."""

import re
from pathlib import Path

from analysis.keywords.registry import listed

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Rewrite the README if what it quotes has changed."""
    readme = ROOT / "README.md"
    old = readme.read_text(encoding="utf-8")
    new = put(old, "findings", (ROOT / "figures" / "findings.md").read_text(encoding="utf-8"))
    new = put(new, "measures", f"\n{listed()}\n")
    if new != old:
        readme.write_text(new, encoding="utf-8")


def put(text: str, name: str, content: str) -> str:
    """Return a text with other content between the marks of that name."""
    block = re.compile(rf"(<!-- {name}.*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    new, count = block.subn(lambda match: f"{match[1]}{content}{match[2]}", text)
    if count != 1:
        raise SystemExit(f"README.md must hold one block between the marks for {name}.")
    return new


if __name__ == "__main__":
    main()
