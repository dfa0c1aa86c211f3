"""The command line: every command and every option of it, declared once.

What a command does stands in ``commands.py``, under its name.
"""

import argparse
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import analysis
from analysis import commands
from analysis.commands import SUBJECTS, complain
from analysis.errors import InputError
from analysis.files import refuse_unwritable
from analysis.running import searching_seldom, watched

SIDES = "a manifest (corpus.toml), a table of texts, or two folders or files: TARGET REFERENCE"
STUDY = "the two articles of this repository"
INTERRUPTED = 130
SMALLER = "give fewer texts, free some, or read a table part by part (--stream)"

Option = tuple[str, dict[str, Any]]


def value(flag: str, what: str | tuple[str, ...], says: str = "", **how: Any) -> Option:
    """Return an option, or an argument, that takes a value; ``what`` stands for it in the help."""
    return flag, {"metavar": what, "help": says or None, **how}


def number(flag: str, what: str, says: str, **how: Any) -> Option:
    """Return an option that takes a whole number."""
    return value(flag, what, says, type=int, **how)


def several(flag: str, what: str, says: str, **how: Any) -> Option:
    """Return an option that takes values, and may be given again for more of them."""
    return value(flag, what, says, nargs="+", action="extend", **how)


def switch(flag: str, says: str) -> Option:
    """Return an option that is there or not."""
    return flag, {"action": "store_true", "help": says}


def choice(flag: str, choices: Sequence[str], says: str) -> Option:
    """Return an option that takes one of a few words."""
    return flag, {"choices": choices, "help": says}


RECURSIVE = switch("--recursive", "read sub-folders too")
CSV = value(
    "--csv",
    "FILE",
    "write here instead of printing; of a comparison, its record as .json beside it",
)
WORKERS = (
    number("--workers", "N", "processes that read a stream (default: 1)", default=1),
    value("--scheduler", "ADDRESS", "a Dask scheduler (tcp://...), whose workers read the stream"),
)
# How texts are read and compared: alike for every command on a corpus, by the heading in its help.
OF_EVERY_CORPUS: Mapping[str, tuple[Option, ...]] = {
    "a table of texts, a manifest": (
        value("--text", "NAME", "column of the texts (default: text)"),
        value("--group", "NAME", "column of the groups (default: group)"),
        value("--target", "NAME", "the group that is compared"),
        value(
            "--reference", "NAME", "the group that it is compared with (default: all others)"
        ),
        value("--id", "NAME", "column of the documents' ids (default: numbers of rows)"),
        switch("--no-heading", "the table has no heading: columns are 1, 2, 3 ..."),
        value("--sheet", "NAME", "of a workbook (default: the first that holds anything)"),
        switch("--outside", "let a manifest name files that do not lie in its folder"),
    ),
    "how texts are read (a manifest declares it itself)": (
        RECURSIVE,
        value("--encoding", "NAME", "of the files (default: UTF-8)"),
        choice("--errors", ["strict", "replace"], "read on over damage"),
        several(
            "--clean", "RULE",
            "take away or mend: markup misread links emphasis escapes captions page-breaks "
            "speakers times addresses mentions hashtags versions",
            dest="cleaning",
        ),
        choice("--copies", ["tell", "once", "refuse"], "copies in a group (default: tell)"),
        value("--language", "NAME", "of the texts (default: english)"),
        switch("--verse", "each line is a paragraph"),
    ),
    "the two groups": (
        value(
            "--labels", ("TARGET", "REFERENCE"), "names to show in place of folders or cells",
            nargs=2,
        ),
        value(
            "--colours", ("TARGET", "REFERENCE"), "in figures, such as '#B2432F' '#2E7EB8'",
            nargs=2,
        ),
    ),
    "what is counted": (
        switch("--function-words", "function words are terms too"),
        switch("--numbers", "bare numbers are terms too"),
        switch("--phrases", "phrases are the terms, in place of words"),
        switch("--drop-names", "words written with a capital inside sentences are no terms"),
        value("--stopwords", "FILE", "words that are no terms, in place of function words"),
        value("--concepts", "FILE", "word lists, each counted as one (see concepts.toml)"),
        several(
            "--names", "NAME",
            "names of several words that are one term, such as 'United States'",
        ),
    ),
    "how it is compared": (
        value(
            "--cluster", "COLUMN",
            "what documents share (an author, an outlet, folder): the units of inference",
        ),
        number(
            "--unit", "N", "aimed length of a unit, where documents are cut (default: 100 words)",
            dest="unit_tokens",
        ),
        number("--k", "N", "number of topics (default: the one that is stable)"),
        number("--draws", "N", "of every resampling"),
        number("--seed", "N", "of the random numbers (default: 0)"),
        several(
            "--anchor-words", "NAME=WORD,...",
            "topics that are known: war=army,troops trade=tariff,export",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """One command.

    Attributes
    ----------
    name, says : as it is called, and what the help says of it
    run : does it, with what was chosen
    options : of this command alone, beside those of every corpus
    corpus : how many words name the corpus, as ``argparse`` has it; empty for a command on no texts
    steps : that are told while it runs, beside those found later
    """

    name: str
    says: str
    run: Callable[[argparse.Namespace], None]
    options: tuple[Option, ...] = ()
    corpus: str = "*"
    steps: int = 1


COMMANDS = (
    Command(
        "text", "print the clean text, a blank line per paragraph", commands.print_documents,
        (value("--document", "ID", "only this document (the end of its id will do)"),),
    ),
    Command(
        "look", "say what in the texts is no prose, damaged or repeated", commands.list_met, (CSV,)
    ),
    Command(
        "keywords", "contrast the terms of two groups", commands.contrast_terms,
        (
            switch(
                "--stream",
                "read a table of any size (.jsonl) part by part; its intervals and p are "
                "approximations over documents",
            ),
            *WORKERS,
            CSV,
        ),
        steps=10,
    ),
    Command(
        "tone", "contrast the tone of two groups, or score sentences", commands.contrast_tone,
        (
            value("--lines", "FILE", "score one sentence a line"),
            switch(
                "--toward",
                "with --lines: each line is a name, a tab, and a sentence that names it",
            ),
            switch("--actors", "contrast the tone toward the actors listed"),
            switch("--embedding", "add tone by a sentence model (needs two optional packages)"),
            value("--lexicon", "FILE", "add scores by a word list of one's own"),
            number(
                "--draw", "N", "write a sheet of N sentences of either group, to be rated by hand"
            ),
            value("--ratings", "FILE", "the sheet with your ratings: contrast by them"),
            switch(
                "--stream",
                "read a table of any size (.jsonl) part by part; documents are the units",
            ),
            *WORKERS,
            CSV,
        ),
        steps=4,
    ),
    Command(
        "topics", "contrast the topics of two groups", commands.contrast_topics,
        (
            number(
                "--stream", "K",
                "read a table of any size (.jsonl, .csv) part by part and fit K topics",
            ),
            *WORKERS,
            CSV,
        ),
        steps=5,
    ),
    Command(
        "explore", "write a page to look at words and sentences", commands.write_page,
        (
            value(
                "--out", "FILE",
                "the page, such as look.html; one that explore wrote is written anew, nothing else "
                "is",
                required=True,
            ),
        ),
    ),
    Command(
        "compare", "execute the notebooks on other texts", commands.run_notebooks,
        (
            value("--out", "FOLDER", "a new folder for results", required=True),
            several(
                "--only", "SUBJECT",
                f"execute the notebooks on these alone: {' '.join(SUBJECTS)}",
                choices=list(SUBJECTS),
            ),
            value(
                "--author", "NAME",
                'whom the entries of figures cite, "Family, Given"; once for each author',
                action="append", default=[],
            ),
            value("--title", "TEXT", "of the work that the figures stand in"),
            number("--year", "YEAR", "of that work (default: this one)"),
            value(
                "--width", "WIDTH",
                "redraw figures for a page: millimetres, or nature-single, plos-double and the "
                "like",
            ),
            value("--font", "NAME", "a font for figures that is installed"),
        ),
        corpus="+",
    ),
    Command(
        "manifest", "print a manifest of two folders of texts, or write it", commands.make_manifest,
        (
            value("--out", "FILE", "a new file; it names the texts as seen from there"),
            value("target", "TARGET"),
            value("reference", "REFERENCE"),
            RECURSIVE,
            value("--language", "NAME", "of the texts", default="english"),
        ),
        corpus="",
    ),
    Command(
        "verify",
        "check a finished folder against its records: texts, tables, figures, words",
        commands.verify_folder,
        (
            value("folder", "FOLDER", "of figures or of results"),
            value("--texts", "PATH", SIDES, nargs="+", default=[]),
            value("--csv", "FILE", "write every item here"),
        ),
        corpus="",
    ),
    Command(
        "pack", "write what figures and tables rest on, without the texts", commands.make_pack,
        (
            value("folder", "FOLDER", "of results, or a copy of the repository"),
            value("--out", "PACK", "a new folder", required=True),
        ),
        corpus="",
    ),
    Command(
        "rebuild", "make figures and tables anew from a pack, and compare them",
        commands.remake_from_pack,
        (
            value("pack", "PACK", "whose code is run, as a notebook's would be"),
            value("--out", "FOLDER", "a new folder", required=True),
            value("--csv", "FILE", "write what became of every file here"),
        ),
        corpus="",
    ),
    Command(
        "headline", "print the findings and where the figures are", commands.print_headline,
        corpus="",
    ),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or say in one sentence what is wrong and return 2.

    An interrupt (Ctrl-C) is said too and gives 130, as shells have it.
    """
    options = _parser().parse_args(arguments)
    try:
        _open_output()
        for place in (getattr(options, "csv", None), getattr(options, "out", None)):
            if place:
                refuse_unwritable(Path(place))
        with searching_seldom(), watched("reading texts", options.command.steps):
            options.command.run(options)
    except InputError as error:
        complain(f"analysis: {error}")
        return 2
    except (OSError, RuntimeError) as problem:
        if not (said := _of_a_place(problem)):
            raise
        complain(f"analysis: {said}: name another place, or mend this one.")
        return 2
    except MemoryError:
        complain(f"analysis: memory is short: {SMALLER}.")
        return 2
    except KeyboardInterrupt:
        complain("analysis: stopped.")
        return INTERRUPTED
    return 0


def _of_a_place(problem: OSError | RuntimeError) -> str:
    """Return what is wrong with a place, such as a name too long for a file; '' of another fault.

    A ring of links is a RuntimeError up to Python 3.12.
    """
    if isinstance(problem, OSError):
        named = problem.filename is not None
        return f"{problem.filename} cannot be used ({problem.strerror})" if named else ""
    return str(problem) if str(problem).startswith("Symlink loop") else ""


def _open_output() -> None:
    """Let what is printed be UTF-8 with LF line ends, like the files, whatever the console has."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


class _Parser(argparse.ArgumentParser):
    """Says a mistake in one sentence, and where all options are listed."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as always; the given words are kept for the message."""
        self.given = list(sys.argv[1:] if args is None else args)
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what cannot be read, also where a file's name was taken for an option; end with 2."""
        given = getattr(self, "given", sys.argv[1:])
        named = []
        for word in (word for word in map(str, given) if word[:1] == "-"):
            with suppress(OSError):  # too long to name a file
                named += [word] if Path(word).exists() else []
        said = message.rstrip(".")
        if named:
            said += f"; {named[0]} is read as an option: write ./{named[0]}"
        complain(f"analysis: {said}; {self.prog} --help lists what there is.")
        sys.exit(2)


def _parser() -> _Parser:
    """Return what reads the command line, as declared above."""
    parser = _Parser(
        prog="python -m analysis",
        description="Compare two groups of texts: keywords, sentiment and topics.",
    )
    parser.add_argument("--version", action="version", version=analysis.__version__)
    add = parser.add_subparsers(required=True, metavar="COMMAND").add_parser
    for command in COMMANDS:
        own = add(command.name, help=command.says)
        for heading, options in OF_EVERY_CORPUS.items() if command.corpus else ():
            group = own.add_argument_group(heading)
            for flag, how in options:
                group.add_argument(flag, **how)
        for flag, how in command.options:
            own.add_argument(flag, **how)
        if command.corpus:
            default = f"; by default {STUDY}" if command.corpus == "*" else ""
            own.add_argument(
                "corpus", nargs=command.corpus, metavar="CORPUS", help=f"{SIDES}{default}"
            )
        own.set_defaults(command=command)
    return parser
