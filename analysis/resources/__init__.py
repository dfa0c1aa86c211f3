"""What the code needs beside itself: word lists, names, senses, calibration; see their headers."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the path of a bundled file or folder."""
    return HERE / name
