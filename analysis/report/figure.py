"""Figures made once: drawn, checked, written with their data and citation, shown with alt text."""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import NullFormatter
from PIL import Image, PngImagePlugin

from analysis.errors import InputError
from analysis.files import write_together
from analysis.numbers import settled, to_csv
from analysis.report.drawing import (
    CSS_PIXELS_PER_INCH,
    DPI,
    MM,
    has_preset,
    measure,
    on_thousandths,
    style,
)
from analysis.report.gallery import collect
from analysis.report.numbering import FIGURE, captioned, heading_of
from analysis.report.presets import LEAST
from analysis.result import Result, about, plain, versions
from analysis.sentences import has_entry, markdown, say
from analysis.text.documents import ClosedCorpus

ROOT = Path(__file__).resolve().parents[2]
POINT = 1 / 72  # inch
TRIES = 4  # to find the room that words need
FALLBACKS = "'DejaVu Sans', Verdana, Arial, sans-serif"  # of text in an SVG
HERE = Path("figures")  # where figures go unless their texts name a folder (``Corpus.figures``)


class Words(NamedTuple):
    """What a figure says beside what it draws.

    Attributes
    ----------
    caption : with n, unit, method, interval and what the design cannot tell; ends with a full stop.
    alt : 30 to 500 characters that state the finding for those who do not see the figure.
    title : a short name for lists; made from the id where it is empty
    chapter : of the notebook that shows it first, where the texts decide which; else empty
    """

    caption: str
    alt: str
    title: str = ""
    chapter: str = ""


@dataclass(frozen=True, repr=False)
class Published:
    """A figure that is on disk, and shows itself in a notebook with alt text and caption."""

    id: str
    title: str
    caption: str
    alt: str
    folder: Path
    width: float
    chapter: str = ""

    def of_chapter(self, chapter: str) -> "Published":
        """Return the figure numbered as one of another notebook, which shows it of other texts."""
        return replace(self, chapter=chapter)

    @property
    def _place(self) -> str:
        return f"{FIGURE}{self.id}"

    @property
    def png(self) -> bytes:
        """The image that the notebook shows: the same bytes as the file."""
        return (self.folder / f"{self.id}.png").read_bytes()

    def __repr__(self) -> str:
        return f"{heading_of(self._place, self.chapter)}. {self.caption}"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        image = {"image/png": b64encode(self.png).decode("ascii"), "text/plain": self.alt}
        facts = {"alt": self.alt, "width": round(self.width * CSS_PIXELS_PER_INCH)}
        words = captioned(self._place, markdown(self.caption), self.chapter)
        display(image, metadata={"image/png": facts}, raw=True)  # type: ignore[no-untyped-call]
        display(  # type: ignore[no-untyped-call]
            {"text/markdown": words, "text/plain": repr(self)}, raw=True
        )


def publish(
    drawing: Axes | Figure,
    results: Result | Sequence[Result],
    *,
    id: str,
    table: pd.DataFrame,
    facts: Mapping[str, Any] | None = None,
    shown: Mapping[str, Any] | None = None,
    companions: Mapping[str, pd.DataFrame | Callable[[], pd.DataFrame]] | None = None,
    folder: str | Path | None = None,
) -> Published:
    """Write a finished figure of results: images, table, words and record (``write_figure``).

    Caption and alt text are the entries ``<name>.caption`` and ``<name>.alt`` of the sentences of
    the subject, of a figure ``<subject>-<name>``; ``<name>.title``, if there is one, names it in
    lists, and ``<name>.chapter`` says whose number it has where more than one notebook shows it.

    Parameters
    ----------
    drawing : the Axes or Figure, complete; its layout is frozen here.
    results : what is drawn, one result or several of one corpus. The record is theirs: texts with
        checksums, and of each analysis the settings, seed, method, units.
    id : stable name in kebab-case, such as ``corpus-sentences``.
    table : the values drawn, one row a mark; kept to 6 significant digits.
    facts : what the words say, beside what is said of the result itself (``about``).
    shown : choices of the drawing itself, such as how many terms; they are recorded too.
    companions : name -> a further table that readers may want, or what makes it, written as
        ``<name>.csv`` and named in the record with its sum.
    folder : where to write; by default where the texts' figures go (``Corpus.figures``), or here.

    Raises
    ------
    InputError : a part is missing or malformed, or something is drawn outside the canvas.
    """
    drawn = (results,) if isinstance(results, Result) else tuple(results)
    record = record_of(id, drawn, shown or {})
    subject, _, name = id.partition("-")
    said = about(drawn[0]) | dict(facts or {})
    caption, alt = (say(f"{subject}.{name}.{part}", said) for part in ("caption", "alt"))
    title, chapter = (
        say(f"{subject}.{name}.{part}", said) if has_entry(f"{subject}.{name}.{part}") else ""
        for part in ("title", "chapter")
    )
    return write_figure(
        drawing, id=id, table=table, words=Words(caption, alt, title, chapter), record=record,
        companions=_companions(drawn[0], companions or {}),
        folder=folder or drawn[0].corpus.figures or HERE,
    )  # fmt: skip


def _companions(
    result: Result, given: Mapping[str, pd.DataFrame | Callable[[], pd.DataFrame]]
) -> dict[str, pd.DataFrame | Mapping[str, Any]]:
    """Return the further tables; of one that repeats texts not at hand, what its record says."""
    corpus = result.corpus
    known = corpus.companions if isinstance(corpus, ClosedCorpus) else {}
    return {
        name: known[name] if name in known else table() if callable(table) else table
        for name, table in given.items()
    }


def write_figure(
    drawing: Axes | Figure,
    *,
    id: str,
    table: pd.DataFrame,
    words: Words,
    record: Mapping[str, Any],
    companions: Mapping[str, pd.DataFrame | Mapping[str, Any]] | None = None,
    folder: str | Path,
) -> Published:
    """Write a figure as PDF, SVG and PNG, its table as CSV, its words and record as JSON.

    The same drawing gives the same bytes. Nothing is written unless all of it could be made.

    Parameters
    ----------
    drawing, id, table, folder : see ``publish``
    companions : name -> a table, or what the record says of one that is not at hand
    words : caption, alt text, title and chapter
    record : what made it, see ``record_of``
    """
    caption, alt = " ".join(words.caption.split()), " ".join(words.alt.split())
    _check(id, table, caption, alt)
    title = words.title or id.replace("-", " ").capitalize()
    root = drawing if isinstance(drawing, Figure) else drawing.get_figure(root=True)
    if root is None:
        raise InputError(f"figure {id!r}: the Axes belong to no figure; draw on a canvas() first.")
    tidy = _tidy(table)
    files = _render(root, id, title, alt) | {"csv": to_csv(tidy)}
    about_it = {
        "id": id, "title": title, "caption": caption, "alt": alt, "record": dict(record),
        "versions": versions(), **_facts(tidy, files["csv"]),
        "size_mm": [round(float(side) / MM, 1) for side in root.get_size_inches()],
    }  # fmt: skip
    more = {
        name: _tidy(own)
        for name, own in (companions or {}).items()
        if isinstance(own, pd.DataFrame)
    }
    if words.chapter:
        about_it["chapter"] = words.chapter
    written = {name: to_csv(own) for name, own in more.items()}
    if companions:
        about_it["companions"] = {
            name: _facts(more[name], written[name]) if name in more else own
            for name, own in companions.items()
        }
    files["json"] = _json(about_it)
    home = Path(folder)
    tables = {home / f"{name}.csv": own for name, own in written.items()}
    write_together(tables | {home / f"{id}.{suffix}": own for suffix, own in files.items()})
    collect(home)
    return Published(id, title, caption, alt, home, float(root.get_figwidth()), words.chapter)


def record_of(id: str, results: Sequence[Result], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of a figure that shows results of one corpus."""
    texts = [result.texts for result in results]
    if not texts or any(own != texts[0] for own in texts):
        raise InputError(
            f"figure {id!r}: it must show results of one corpus; pass one result, or several that "
            "were made of the same texts."
        )
    analyses = [result.provenance for result in results]
    design = say("common.guard", about(results[0]))
    return {"texts": texts[0], "analyses": analyses, "design": design, "shown": plain(shown)}


def _check(id: str, table: pd.DataFrame, caption: str, alt: str) -> None:
    """Name the first fault in one sentence with its cure."""
    faults = (
        (not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id), "the id is not in kebab-case; "
         "write lower-case letters and digits joined by hyphens, such as 'corpus-sentences'."),
        (not 30 <= len(alt) <= 500, f"the alt text has {len(alt)} characters, not 30 to 500; "
         "state the finding in a sentence or two."),
        (alt == caption, "alt text and caption are the same; "
         "let the alt text state the finding and the caption the method."),
        (not caption.endswith("."), "the caption does not end with a full stop; "
         "write whole sentences."),
        (table.empty, "the table is empty; pass the values that are drawn."),
    )  # fmt: skip
    for fault, message in faults:
        if fault:
            raise InputError(f"figure {id!r}: {message}")


def _freeze(figure: Figure, id: str) -> None:
    """Fix the layout once, so that every format shares it, and refuse what would be cut off."""
    figure.set_dpi(DPI)
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if axis.get_scale() == "log":  # between its powers, Matplotlib would set mathematics
            axis.set_minor_formatter(NullFormatter())
    over = _over(figure)
    if has_preset():  # words that need more room than a journal's column get it
        for _ in range(TRIES):
            if max(over) <= POINT:
                break
            width, height = figure.get_size_inches()
            figure.set_size_inches(width + max(over[0], 0), height + max(over[1], 0))
            over = _over(figure)
    figure.set_layout_engine("none")
    width, height = figure.get_size_inches()
    if max(over) > POINT:
        raise InputError(
            f"figure {id!r}: something is drawn outside the canvas of {width / MM:.0f} by "
            f"{height / MM:.0f} mm; make the canvas larger or the text shorter."
        )
    texts = [own for own in figure.findobj(Text) if own.get_visible() and own.get_text().strip()]
    if raw := [own for own in texts if r"\mathdefault" in own.get_text()]:
        raise InputError(
            f"figure {id!r}: {raw[0].get_text()!r} is a label in mathematics, which the style does "
            "not set; give the axis a formatter of its own."
        )
    if small := [own for own in texts if float(own.get_fontsize()) < LEAST]:
        raise InputError(
            f"figure {id!r}: {small[0].get_text()!r} is set in {small[0].get_fontsize():.1f} "
            f"points, and journals print {LEAST:g} or more; make it larger."
        )


def _over(figure: Figure) -> tuple[float, float]:
    """Return how many inches of what is drawn lie outside the canvas, in width and in height."""
    renderer = measure(figure)
    width, height = figure.get_size_inches()
    box = figure.get_tightbbox(renderer)
    return max(-box.x0, box.x1 - width), max(-box.y0, box.y1 - height)


def _render(figure: Figure, id: str, title: str, alt: str) -> dict[str, bytes]:
    """Return the three images, free of dates and of the versions of what drew them."""
    about: dict[str, dict[str, str | None]] = {
        "pdf": {"Title": title, "Subject": alt,
                "CreationDate": None, "Creator": None, "Producer": None},
        "svg": {"Title": title, "Description": alt, "Date": None, "Creator": None},
    }  # fmt: skip
    with style(), on_thousandths(figure):
        _freeze(figure, id)
        pdf, svg = (_sheet(figure, kind, about[kind]) for kind in about)
        figure.set_dpi(DPI)
        raster = FigureCanvasAgg(figure)
        raster.draw()  # type: ignore[no-untyped-call]
        pixels = np.asarray(raster.buffer_rgba())  # type: ignore[no-untyped-call]
    png = _png(Image.fromarray(pixels), title, alt)
    return {"pdf": pdf, "svg": _speaking(svg, title, alt), "png": png}


def _sheet(figure: Figure, kind: str, about: dict[str, str | None]) -> bytes:
    """Return a figure as PDF or SVG, drawn once: ``savefig`` would first draw it for its layout."""
    figure.set_dpi(DPI)
    canvas = {"pdf": FigureCanvasPdf, "svg": FigureCanvasSVG}[kind](figure)
    getattr(canvas, f"print_{kind}")(sheet := BytesIO(), metadata=about)
    return sheet.getvalue()


def _speaking(svg: bytes, title: str, alt: str) -> bytes:
    """Return an SVG that says to screen readers what it is, and has fonts to fall back on."""
    text = svg.decode("utf-8").replace("'DejaVu Sans'", FALLBACKS)
    text = re.sub(r"\s*<title>.*?</title>", "", text, count=1, flags=re.DOTALL)
    said = f'<title id="title">{escape(title)}</title>\n <desc id="desc">{escape(alt)}</desc>'
    opening = re.compile(r"<svg\b([^>]*)>")
    attributes = 'role="img" aria-labelledby="title desc"'
    text = opening.sub(lambda own: f"<svg {attributes}{own[1]}>\n {said}", text, count=1)
    return text.encode("utf-8")


def _png(drawn: Image.Image, title: str, alt: str) -> bytes:
    """Return the raster without its idle alpha channel, with title and alt text inside."""
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Title", title)
    facts.add_text("Description", alt)
    drawn.convert("RGB").save(
        out := BytesIO(), "PNG", dpi=(DPI, DPI), pnginfo=facts, compress_level=9
    )
    return out.getvalue()


def _tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a named index as a column; a mere row number is dropped."""
    named = [name for name in table.index.names if name is not None and name not in table]
    return table.reset_index(named) if named else table


def _facts(table: pd.DataFrame, content: bytes) -> dict[str, Any]:
    """Return what a record says of a table, which its file holds."""
    columns = [str(name) for name in table]
    return {"columns": columns, "rows": len(table), "csv_sha256": sha256(content).hexdigest()}


def _plain(value: Any) -> Any:
    """Return JSON's own types, numbers as they are written everywhere."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, float):
        return settled(value)
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value


def _json(facts: Mapping[str, Any]) -> bytes:
    """Return what a reader needs to cite the figure and to make it again."""
    try:
        text = json.dumps(_plain(facts), sort_keys=True, indent=2, ensure_ascii=False,
                          allow_nan=False)  # fmt: skip
    except (TypeError, ValueError) as problem:
        raise InputError(
            f"figure {facts['id']!r}: the record cannot be written as JSON ({problem}); "
            "keep it to text, finite numbers, lists and mappings."
        ) from None
    return (text + "\n").encode("utf-8")
