"""The files that the fit of tone writes."""

from analysis.files import write_file
from analysis.tone.calibration import FILE, Calibration, Line
from analysis.tone.embedding import FILE as EMBEDDING
from analysis.tone.embedding import Judge
from benchmarks.ratings import PACKAGE, SHA256

MADE = (
    "# Made by `python -m benchmarks.tone --fit`, not by hand; "
    "analysis/resources/CALIBRATION.md explains it.\n"
)


def write_fit(fitted: Calibration, lines: list[Line]) -> None:
    """Write ``analysis/resources/calibration.toml``, every number in full."""
    head = [
        MADE,
        f"parts = {_list(fitted.parts)}",
        f"articles = {fitted.articles}",
        f"sentences = {fitted.sentences}",
        f'ratings = "{PACKAGE}, source distribution, sha256 {SHA256}"',
    ]
    write_file(FILE, "\n".join([*head, *map(_line, lines), ""]).encode())


def write_embedding(judge: Judge) -> None:
    """Write ``analysis/resources/embedding.toml``, every number in full."""
    rows = [
        MADE,
        f'model = "{judge.model}"',
        f'sha256 = "{judge.sha256}"',
        f"penalty = {judge.penalty!r}",
        f"intercept = {judge.intercept!r}",
        "weights = [",
        *(f"  {weight!r}," for weight in judge.weights.tolist()),
        "]",
        "",
        "[lexicons]",
        *(f"{column} = {weight!r}" for column, weight in judge.lexicons.items()),
        "",
    ]
    write_file(EMBEDDING, "\n".join(rows).encode())


def _line(line: Line) -> str:
    numbers = ("mean", "sd", "intercept", "slope", "sd_article", "sd_error", "sd_sentence")
    rows = [
        "\n[[line]]",
        f'column = "{line.column}"',
        f"masked = {str(line.masked).lower()}",
        f'sha256 = "{line.sha256}"',
        *(f"{name} = {float(getattr(line, name))!r}" for name in numbers),
    ]
    return "\n".join(rows)


def _list(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
