"""The command line: the same results as in Python, as CSV."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.files import write_file
from analysis.numbers import FULL, to_csv
from analysis.text import Corpus, load_corpus, load_folders

SIDES = "a manifest (corpus.toml), or two folders of .txt files: TARGET REFERENCE"
OUTPUT = "send it where there is room (a table: --csv FILE)"
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or say in one sentence what is wrong and return 2.

    An interrupt (Ctrl-C) is said too and gives 130, as shells have it.
    """
    options = _parser().parse_args(arguments)
    try:
        _open_output()
        options.run(options)
    except InputError as error:
        _complain(f"analysis: {error}")
        return 2
    except KeyboardInterrupt:
        _complain("analysis: stopped.")
        return INTERRUPTED
    return 0


def _open_output() -> None:
    """Let what is printed be UTF-8 with LF line ends, like the files, whatever the console has."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _print(text: str) -> None:
    """Print text as it is, or refuse where the output does not take it."""
    if sys.stdout is None:
        raise InputError(f"The standard output is closed; {OUTPUT}.")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as problem:
        with suppress(OSError):  # what is not written yet would be tried again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(
            f"The standard output takes no more ({problem.strerror}); {OUTPUT}."
        ) from None


def _complain(sentence: str) -> None:
    """Say what is wrong on one line, whatever characters a name in it has."""
    plain = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in sentence)
    if sys.stderr is not None:
        with suppress(OSError):
            print(plain, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis",
        description="Compare two groups of texts: keywords, sentiment and topics.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    text = commands.add_parser("text", help="print the clean text, a blank line per paragraph")
    text.add_argument("corpus", nargs="?", help="a manifest (default: the two articles)")
    text.add_argument("--document", metavar="ID", help="only this document")
    text.set_defaults(run=_text)

    for name, run, summary in (
        ("keywords", _keywords, "contrast the terms of two groups"),
        ("tone", _tone, "contrast the tone of two groups, or score sentences"),
        ("topics", _topics, "contrast the topics of two groups"),
    ):
        command = commands.add_parser(name, help=summary)
        command.add_argument("corpus", nargs="*", metavar="CORPUS", help=SIDES)
        command.add_argument("--csv", metavar="FILE", help="write here instead of printing")
        command.set_defaults(run=run)
        if name == "tone":
            command.add_argument("--lines", metavar="FILE", help="score one sentence a line")
            command.add_argument(
                "--embedding", action="store_true",
                help="add tone by sentence embedding (needs: pip install -e '.[embedding]')",
            )  # fmt: skip
            command.add_argument(
                "--lexicon", metavar="FILE", help="add scores by a word list of one's own"
            )

    explore = commands.add_parser("explore", help="write a page to look at words and sentences")
    explore.add_argument("corpus", nargs="*", metavar="CORPUS", help=SIDES)
    explore.add_argument("--out", metavar="FILE", required=True, help="the page, such as look.html")
    explore.set_defaults(run=_explore)

    compare = commands.add_parser("compare", help="execute the notebooks on other texts")
    compare.add_argument("corpus", nargs="+", metavar="CORPUS", help=SIDES)
    compare.add_argument("--out", metavar="FOLDER", required=True, help="a new folder for results")
    compare.set_defaults(run=_compare)

    headline = commands.add_parser("headline", help="print the findings and where the figures are")
    headline.set_defaults(run=_headline)
    return parser


def _load(given: Sequence[str]) -> Corpus:
    """Return the corpus that the arguments name."""
    if len(given) > 2:
        raise InputError(f"Give {SIDES}; got {len(given)} names.")
    if len(given) == 2:
        return load_folders(*given)
    if given and Path(given[0]).is_dir():
        raise InputError(
            f"{given[0]} is a folder: name a second one to compare it with, or a manifest."
        )
    return load_corpus(given[0] if given else None)


def _write(table: pd.DataFrame, file: str | None) -> None:
    content = to_csv(table, FULL)
    if file:
        write_file(Path(file), content)
    else:
        _print(content.decode())


def _text(options: argparse.Namespace) -> None:
    corpus = _load([options.corpus] if options.corpus else [])
    chosen = [corpus.document(options.document)] if options.document else corpus.documents
    _print("\n\n".join(document.text for document in chosen) + "\n")


def _keywords(options: argparse.Namespace) -> None:
    from analysis.keywords import keyness

    _write(keyness(_load(options.corpus)).table, options.csv)


def _tone(options: argparse.Namespace) -> None:
    from analysis.tone import score_lines, sentence_model, sentiment, word_list
    from analysis.tone.sentences import language_note

    if options.lines and options.corpus:
        raise InputError("Give either --lines or a corpus, not both.")
    file = options.lexicon
    extra = [sentence_model()] if options.embedding else []
    extra += [word_list(file, name=Path(file).stem)] if file else []
    if options.lines:
        lines = _lines(options.lines)
        table = score_lines(lines, extra=extra)
        warnings = [language_note(lines)]
    else:
        table = sentiment(_load(options.corpus), extra=extra).table
        warnings = [table["note"].iloc[0]]
    _write(table, options.csv)
    for warning in filter(None, warnings):
        _complain(f"analysis: warning: {warning}")


def _topics(options: argparse.Namespace) -> None:
    from analysis.topicmodels import topics

    _write(topics(_load(options.corpus)).table, options.csv)


def _explore(options: argparse.Namespace) -> None:
    from analysis.keywords import keyness
    from analysis.report.explorer import explorer

    page = explorer(keyness(_load(options.corpus)))
    write_file(Path(options.out), page.encode())


def _compare(options: argparse.Namespace) -> None:
    corpus = _load(options.corpus)
    from analysis.report.rerun import compare

    compare(corpus, options.corpus, Path(options.out), lambda line: _print(f"{line}\n"))


def _headline(options: argparse.Namespace) -> None:
    from analysis.report.findings import headline

    _print(f"{headline()}\n")


def _lines(file: str) -> list[str]:
    try:
        text = Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8: save it as UTF-8 and try again.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): mend the path.") from None
    if not text.strip():
        raise InputError(f"{file} is empty: put one sentence on each line.")
    return text.removeprefix("\ufeff").removesuffix("\n").split("\n")
