"""What the commands do: the same results as in Python, printed or written as CSV.

Each takes what was chosen on the command line, which ``cli.py`` declares.
"""

import argparse
import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import InputError
from analysis.files import write_file
from analysis.numbers import FULL, to_csv
from analysis.running import step
from analysis.sentences import apart, unmarked
from analysis.sentences import say as sentence
from analysis.text import Corpus, folder_manifest, load, look, tokenize
from analysis.text.checks import beyond
from analysis.text.design import SETTINGS, Design, designed
from analysis.text.reading import Reading

if TYPE_CHECKING:  # results come with what makes them, once it is asked for
    from analysis.result import Result

OUTPUT = "send it where there is room (a table: --csv FILE)"
TABLE = (
    "text",
    "group",
    "target",
    "reference",
    "id",
    "no_heading",
    "sheet",
    "recursive",
    "outside",
)
# An option as Python has it, with its value; before its switch, or with the switch in brackets.
_IN_PYTHON = r"\b[a-z_]+=(?:'[^']*'|\[[^\]]*\]|\{[^}]*\}|True|False)?"
_BEFORE = re.compile(rf"{_IN_PYTHON}(?:, {_IN_PYTHON})*[;,] (?=--[a-z])")
_ALONE = re.compile(rf"{_IN_PYTHON} \((--[a-z][^()]*)\)")
TOLD = 5  # warnings before what was asked for; ``look`` says all
LONGEST = 40  # letters of a group's name that sentences have room for
LONGEST_LINE = 1_000_000  # characters of a line that is scored as one sentence
SUBJECTS = {
    "corpus": "01",
    "keywords": "02",
    "tone": "03",
    "topics": "04",
}


def say(text: str, end: str = "\n") -> None:
    """Print text as it is, or refuse where the output does not take it."""
    if sys.stdout is None:
        raise InputError(f"The standard output is closed; {OUTPUT}.")
    try:
        sys.stdout.write(text + end)
        sys.stdout.flush()
    except OSError as problem:
        with suppress(OSError):  # what is not written yet would be tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(
            f"The standard output takes no more ({problem.strerror}); {OUTPUT}."
        ) from None


def complain(sentence: str) -> None:
    """Say what is wrong on one line, by switches, whatever characters a name in it has."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in by_switches(sentence))
    if sys.stderr is not None:
        with suppress(OSError):
            print(plain, file=sys.stderr)


def by_switches(sentence: str) -> str:
    """Leave out what an option is called in Python where a sentence says its switch too.

    >>> by_switches("Name both (target=, reference=; --target, --reference).")
    'Name both (--target, --reference).'
    >>> by_switches("Read on with errors='replace' (--errors replace).")
    'Read on with --errors replace.'
    """
    return _ALONE.sub(r"\1", _BEFORE.sub("", sentence))


def _choices(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was chosen on how texts are read and compared, as ``load`` takes it."""
    settings = {name: getattr(options, name, None) for name in SETTINGS}
    settings["anchor_words"] = _anchors(options.anchor_words or ())
    names = [*TABLE, *Reading.__annotations__, *Design.__annotations__]
    given = {name: getattr(options, name, None) for name in names}
    return _chosen(given | {"settings": _chosen(settings)})


def _chosen(given: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what was not given; a nought was."""
    return {
        name: value
        for name, value in given.items()
        if value is not None and value is not False and value != {}
    }


def _anchors(given: Sequence[str]) -> dict[str, list[str]]:
    """Read anchor words, a name and its words in each string."""
    anchors = {}
    for entry in given:
        name, _, words = entry.partition("=")
        anchors[name.strip()] = [word.strip() for word in words.split(",") if word.strip()]
        if not name.strip() or not anchors[name.strip()]:
            raise InputError(
                f"--anchor-words takes a name and its words, as war=army,troops; got {entry!r}."
            )
    return anchors


def _load(options: argparse.Namespace) -> Corpus:
    """Return the corpus that the arguments name; what was met in it is said as a warning."""
    corpus = _read(options)
    _warn(corpus.notices[:TOLD])
    if (more := len(corpus.notices) - TOLD) > 0:
        complain(f"analysis: {more} more warning{'s' * (more > 1)}: look, on these texts, has all.")
    return corpus


def _read(options: argparse.Namespace) -> Corpus:
    logging.getLogger("analysis").addHandler(logging.NullHandler())
    if getattr(options, "scheduler", None) or getattr(options, "workers", 1) != 1:
        raise InputError("--workers and --scheduler go with --stream: add it, or leave them out.")
    corpus = load(options.corpus, **_choices(options))
    step("counting")
    return corpus


def _warn(notices: Iterable[str]) -> None:
    for notice in notices:
        complain(f"analysis: warning: {notice}")


def _write(found: "pd.DataFrame | Result", file: str | None) -> None:
    """Write a table, and beside that of a result its record; or print it."""
    table = found if isinstance(found, pd.DataFrame) else found.table
    if not file:
        say(to_csv(table, FULL).decode(), end="")
        return
    if isinstance(found, pd.DataFrame):
        write_file(Path(file), to_csv(found, FULL))
        if (record := Path(file).with_suffix(".json")).exists():
            complain(f"analysis: warning: {record}, which stands beside it, is of another table.")
    else:
        found.to_csv(file)
    _tell(file, "table" if isinstance(found, pd.DataFrame) else "result", rows=len(table))


def _tell(file: str, kind: str, rows: int = 0) -> None:
    """Say on standard error what was written where; of a device or a pipe, nothing."""
    path = Path(file)
    if path.is_file():
        facts = {"kind": kind, "rows": rows, "file": file, "record": f"{path.with_suffix('.json')}"}
        complain(f"analysis: {sentence('compare.written', facts)}")


def print_documents(options: argparse.Namespace) -> None:
    """Print the clean text of one document, or of all."""
    corpus = _load(options)
    chosen = [corpus.document(options.document)] if options.document else corpus.documents
    say("\n\n".join(document.text for document in chosen))


def list_met(options: argparse.Namespace) -> None:
    """List what was met in the texts that is no prose, damaged or repeated."""
    corpus = _read(options)
    found = look(corpus)
    _warn(beyond(corpus, found))
    if found.empty:
        print("analysis: nothing was met that is no prose, damaged or repeated.", file=sys.stderr)
    _write(found, options.csv)


def make_manifest(options: argparse.Namespace) -> None:
    """Print a manifest of two folders, or write it; warn of texts beyond its reach."""
    path = Path(options.out) if options.out else None
    if path and path.exists():
        raise InputError(f"{path} is there already, perhaps filled in by hand: name a new file.")
    text = folder_manifest(
        options.target, options.reference, folder=path.parent if path else None,
        recursive=options.recursive, language=options.language,
    )  # fmt: skip
    if path:
        write_file(path, text.encode())
        _tell(options.out, "manifest")
    else:
        say(text, end="")
    home = (path.parent if path else Path()).resolve()
    for folder in (options.target, options.reference):
        if not Path(folder).resolve().is_relative_to(home):
            complain(
                f"analysis: warning: {folder} lies outside {home}, the folder of this manifest: "
                "make it in a folder that holds both (--out FILE), or read it with --outside."
            )


def contrast_terms(options: argparse.Namespace) -> None:
    """Contrast words, phrases or concepts of a corpus, or the words of a stream."""
    from analysis.keywords import concept_keyness, keyness, phrase_keyness
    from analysis.keywords.table import keyness_of_tally
    from analysis.text.stream import stream_counts

    if options.stream:
        names = _streamed(options, "cleaning")
        counted = stream_counts(
            options.corpus[0], workers=options.workers, scheduler=options.scheduler, **names
        )
        _warn(counted.told)
        _write(keyness_of_tally(counted), options.csv)
        return
    if options.phrases and options.concepts:
        raise InputError("Give either --phrases or --concepts; compare shows both.")
    corpus = _load(options)
    if options.phrases:
        found = phrase_keyness(corpus)
    elif options.concepts:
        found = concept_keyness(corpus)
    else:
        found = keyness(corpus)
    _write(found, options.csv)


def _streamed(options: argparse.Namespace, *also: str) -> dict[str, Any]:
    """Return the names of a stream's groups and columns, and what else it takes."""
    logging.getLogger("analysis").addHandler(logging.NullHandler())
    if len(options.corpus) != 1 or not (options.target and options.reference):
        raise InputError(
            "A stream is one table, with --target and --reference to name its two groups."
        )
    names = {
        name: getattr(options, name) for name in ("target", "reference", "text", "group", *also)
    }
    chosen = _choices(options)
    if others := sorted((chosen | chosen.get("settings", {})).keys() - names.keys() - {"settings"}):
        named = {"cleaning": "clean", "unit_tokens": "unit"}.get(others[0], others[0])
        raise InputError(
            f"--{named.replace('_', '-')} does not go with --stream: leave one of them out."
        )
    return {name: value for name, value in names.items() if value}


def _stream_tone(options: argparse.Namespace) -> None:
    """Contrast the tone of a stream."""
    from analysis.tone.calibration import genre_note
    from analysis.tone.streaming import stream_sentiment

    of_corpora = "lines toward actors embedding lexicon draw ratings".split()
    if given := list(_chosen({name: getattr(options, name) for name in of_corpora})):
        raise InputError(f"--{given[0]} does not go with --stream: leave one of them out.")
    names = _streamed(options, "cleaning")
    found, told = stream_sentiment(
        options.corpus[0], workers=options.workers, scheduler=options.scheduler, **names
    )
    _warn(told)
    _write(found, options.csv)
    complain(f"analysis: note: {genre_note()}")


def contrast_tone(options: argparse.Namespace) -> None:
    """Contrast the tone of a corpus, in one of its ways, or score single lines."""
    from analysis.tone import (
        actor_tone,
        draw_sentences,
        rated_contrast,
        read_ratings,
        score_lines,
        score_toward,
        sentence_model,
        sentiment,
        word_list,
    )
    from analysis.tone.calibration import genre_note
    from analysis.tone.sentences import language_note

    if options.stream:
        _stream_tone(options)
        return
    of_texts = options.corpus or options.ratings or options.draw or options.actors
    if options.lines and of_texts:
        raise InputError("Give either --lines or a corpus, not both.")
    if options.toward and not (options.lines and not options.lexicon):
        raise InputError("--toward needs --lines FILE, of names and sentences, and no --lexicon.")
    if options.draw is not None:
        _write(draw_sentences(_load(options), each=options.draw), options.csv)
        return
    if options.ratings:
        _write(rated_contrast(_load(options), read_ratings(options.ratings)), options.csv)
        return
    file = options.lexicon
    extra = [sentence_model()] if options.embedding else []
    extra += [word_list(file, name=Path(file).stem)] if file else []
    found: pd.DataFrame | Result
    if options.lines:
        lines = _lines(options.lines)
        if options.toward:
            names, lines = _named(lines, options.lines)
            found = score_toward(lines, names, extra=extra)
        else:
            found = score_lines(lines, extra=extra)
        warnings = [language_note(map(tokenize, lines))]
    elif options.actors:
        found = actor_tone(_load(options), reader=extra[0] if options.embedding else None)
        warnings = []
    else:
        contrast = sentiment(_load(options), extra=extra)
        found, warnings = contrast, [contrast.table["note"].iloc[0]]
    _write(found, options.csv)
    if not options.lines:
        complain(f"analysis: note: {genre_note()}")
    for warning in filter(None, warnings):
        complain(f"analysis: warning: {warning}")


def contrast_topics(options: argparse.Namespace) -> None:
    """Contrast the topics of a corpus, or of a stream."""
    from analysis.report.topic import topics_finding
    from analysis.topicmodels import RowsOfFile, read_partitions, stream_topics, topics

    if options.stream is None:
        result = topics(_load(options))
        _write(result, options.csv)
        verdict = topics_finding(result).text.split("\n\n")[0]
        complain(f"analysis: note: {unmarked(verdict)}")
        return
    names = _streamed(options)
    file, text, group = options.corpus[0], names.get("text", "text"), names.get("group", "group")
    shared = options.workers != 1 or options.scheduler
    if shared and file.endswith(".csv"):
        raise InputError(f"{file} is read by one process: give the table as .jsonl.")
    found = stream_topics(
        read_partitions(file, text=text, group=group)
        if file.endswith(".csv")
        else RowsOfFile(file, text, group, options.workers, options.scheduler),
        k=options.stream,
        target=names["target"],
        reference=names["reference"],
    )
    _write(found.prevalence, options.csv)
    complain(
        "analysis: note: intervals and p-values take these topics as given; how far topics come "
        "back in other documents is not in them."
    )


def write_page(options: argparse.Namespace) -> None:
    """Write the page on which words and sentences can be looked at."""
    from analysis.keywords import keyness
    from analysis.report.explorer import MARK, explorer

    path = Path(options.out)
    _refuse_other_file(path, MARK)
    write_file(path, explorer(keyness(_load(options))).encode())
    _tell(options.out, "page")


def _refuse_other_file(path: Path, mark: bytes) -> None:
    """Refuse a name that no browser opens, and to write over what is no page of words."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path} is no name of a page: end it in .html.")
    with suppress(OSError):
        if path.is_file() and mark not in path.read_bytes():
            raise InputError(f"{path} is there, and no page that explore wrote: name another file.")


def run_notebooks(options: argparse.Namespace) -> None:
    """Execute the notebooks on these texts."""
    if "-" in options.corpus:
        raise InputError("compare reads the texts anew in each notebook: give a file, not '-'.")
    from analysis.report import presets
    from analysis.report.citation import declaration
    from analysis.report.rerun import INSTRUMENTS, compare, refuse_folder

    refuse_folder(options.corpus, Path(options.out))
    beside = {}
    if options.width or options.font:
        own = presets.preset(options.width or "183", options.font or "")
        beside[presets.DECLARED] = presets.declaration(own)
    say("Reading the texts ...")
    corpus, chosen = _load(options), _choices(options)
    if "labels" not in chosen and not _is_manifest(options.corpus):
        corpus, chosen = _named_in_short(corpus, chosen)
    year = options.year or date.today().year
    numbers = [SUBJECTS[subject] for subject in options.only or ()]
    work = declaration(options.title or corpus.title, options.author, year)
    compare(
        corpus,
        options.corpus,
        Path(options.out),
        say,
        options=chosen,
        beside={"citation.toml": work, **beside},
        only=[name for name in INSTRUMENTS if name[:2] in numbers] if numbers else None,
    )


def _is_manifest(texts: Sequence[str]) -> bool:
    """Tell whether texts are named by a manifest, in which someone wrote the groups' names."""
    return not texts or Path(texts[0]).suffix == ".toml"


def _named_in_short(corpus: Corpus, chosen: dict[str, Any]) -> tuple[Corpus, dict[str, Any]]:
    """Show groups that folders or a column name by names that a sentence has room for; and tell."""
    names = apart([group.label for group in corpus.groups], LONGEST)
    if all(label == name for label, name in names.items()):
        return corpus, chosen
    labels = list(names.values())
    _warn([sentence("compare.names", {"target": labels[0], "reference": labels[1]})])
    return designed(corpus, {"labels": labels}), chosen | {"labels": labels}


def verify_folder(options: argparse.Namespace) -> None:
    """Check a finished folder; refuse one that is not what its records say."""
    from analysis.report.verification import DIFFERS, report, verify

    found = verify(options.folder, options.texts)
    say(report(found, options.csv))
    if options.csv:
        _tell(options.csv, "table", rows=len(found))
    if (found["verdict"] == DIFFERS).any():
        raise InputError(f"{options.folder} is not what its records say.")


def make_pack(options: argparse.Namespace) -> None:
    """Write a pack without texts, and say what was left out."""
    from analysis.report.pack import write_pack

    withheld = write_pack(options.folder, options.out)
    say(
        f"{options.out} holds no text. Left out, as they repeat it: {len(withheld)} columns and "
        "files, named in its README.md."
    )


def remake_from_pack(options: argparse.Namespace) -> None:
    """Make a study anew from a pack; refuse one that comes out otherwise."""
    from analysis.report.unpack import OTHER, account, rebuild

    found, problems = rebuild(options.pack, options.out)
    say(account(found, problems), end="")
    if options.csv:
        write_file(Path(options.csv), to_csv(found))
        _tell(options.csv, "table", rows=len(found))
    if (found["verdict"] == OTHER).any():
        raise InputError(f"{options.out} is not what the study holds: see the files above.")


def print_headline(options: argparse.Namespace) -> None:
    """Print the findings."""
    from analysis.report.findings import headline

    say(headline())


def _named(lines: Sequence[str], file: str) -> tuple[list[str], list[str]]:
    """Part each line at its first tab."""
    pairs = [line.partition("\t") for line in lines]
    for number, (name, tab, _) in enumerate(pairs, start=1):
        if not tab or not name.strip():
            raise InputError(f"{file}, line {number}: expected a name, a tab and a sentence.")
    return [name for name, _, _ in pairs], [text for _, _, text in pairs]


def _lines(file: str) -> list[str]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8: save it as UTF-8 and try again.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): mend the path.") from None
    if not text.strip():
        raise InputError(f"{file} is empty: put one sentence on each line.")
    lines = text.removeprefix("\ufeff").removesuffix("\n").split("\n")
    longest = max(range(len(lines)), key=lambda place: len(lines[place]))
    if len(lines[longest]) > LONGEST_LINE:
        raise InputError(
            f"{file}, line {longest + 1} has {len(lines[longest]):,} characters, more than a "
            f"sentence can have ({LONGEST_LINE:,}): put one sentence on each line."
        )
    return lines
