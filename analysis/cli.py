"""The command line: the same results as in Python, as CSV."""

import argparse
import io
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd

import analysis
from analysis.errors import InputError
from analysis.files import write_file
from analysis.numbers import FULL, to_csv
from analysis.running import step, watched
from analysis.text import Corpus, folder_manifest, load, look
from analysis.text.design import SETTINGS, Design
from analysis.text.reading import Reading

if TYPE_CHECKING:  # results come with what makes them, once it is asked for
    from analysis.result import Result

SIDES = "a manifest (corpus.toml), a table of texts, or two folders: TARGET REFERENCE"
STUDY = "the two articles of this repository"
OUTPUT = "send it where there is room (a table: --csv FILE)"
INTERRUPTED = 130
WRITES = "write here instead of printing; of a comparison, its record as .json beside it"
STEPS = {"_keywords": 10, "_topics": 5}  # that are told while they run, beside those found later


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or say in one sentence what is wrong and return 2.

    An interrupt (Ctrl-C) is said too and gives 130, as shells have it.
    """
    options = _parser().parse_args(arguments)
    try:
        _open_output()
        with watched("reading texts", STEPS.get(options.run.__name__, 0)):
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


class _Parser(argparse.ArgumentParser):
    """Says a mistake in one sentence, and where all options are listed."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as always; the given words are kept for the message."""
        self.given = list(sys.argv[1:] if args is None else args)
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what cannot be read, also where a file's name was taken for an option; end with 2."""
        given = getattr(self, "given", sys.argv[1:])
        named = [word for word in map(str, given) if word[:1] == "-" and Path(word).exists()]
        said = message.rstrip(".")
        if named:
            said += f"; {named[0]} is read as an option: write ./{named[0]}"
        _complain(f"analysis: {said}; {self.prog} --help lists what there is.")
        sys.exit(2)


def _parser() -> _Parser:
    parser = _Parser(
        prog="python -m analysis",
        description="Compare two groups of texts: keywords, sentiment and topics.",
    )
    parser.add_argument("--version", action="version", version=analysis.__version__)
    add = parser.add_subparsers(required=True, metavar="COMMAND").add_parser
    both = [_reading(), _design()]

    text = add("text", parents=both, help="print the clean text, a blank line per paragraph")
    text.add_argument(
        "--document", metavar="ID", help="only this document (the end of its id will do)"
    )
    look = add("look", parents=both, help="say what in the texts is no prose, damaged or repeated")
    keywords = add("keywords", parents=both, help="contrast the terms of two groups")
    _add_stream(keywords)
    tone = add("tone", parents=both, help="contrast the tone of two groups, or score sentences")
    _add_tone(tone)
    topics = add("topics", parents=both, help="contrast the topics of two groups")
    topics.add_argument(
        "--stream", metavar="K", type=int,
        help="read a table of any size (.jsonl, .csv) part by part and fit K topics",
    )  # fmt: skip
    explore = add("explore", parents=both, help="write a page to look at words and sentences")
    explore.add_argument(
        "--out", metavar="FILE", required=True,
        help="the page, such as look.html; one that explore wrote is written anew, nothing else is",
    )  # fmt: skip
    compare = add("compare", parents=both, help="execute the notebooks on other texts")
    _add_compare(compare)
    for command, run in (
        (text, _text), (look, _look), (keywords, _keywords), (tone, _tone), (topics, _topics),
        (explore, _explore), (compare, _compare),
    ):  # fmt: skip
        needed, default = ("+", "") if command is compare else ("*", f"; by default {STUDY}")
        command.add_argument("corpus", nargs=needed, metavar="CORPUS", help=f"{SIDES}{default}")
        command.set_defaults(run=run)
        if command in (look, keywords, tone, topics):
            command.add_argument("--csv", metavar="FILE", help=WRITES)

    manifest = add("manifest", help="print a manifest of two folders of texts, or write it")
    manifest.add_argument(
        "--out", metavar="FILE", help="a new file; it names the texts as seen from there"
    )
    manifest.add_argument("target", metavar="TARGET")
    manifest.add_argument("reference", metavar="REFERENCE")
    manifest.add_argument("--recursive", action="store_true", help="read sub-folders too")
    manifest.add_argument("--language", metavar="NAME", default="english", help="of the texts")
    manifest.set_defaults(run=_manifest)
    verify = add(
        "verify", help="check a finished folder against its records: texts, tables, figures, words"
    )
    verify.add_argument("folder", metavar="FOLDER", help="of figures or of results")
    verify.add_argument("--texts", metavar="PATH", nargs="+", default=[], help=SIDES)
    verify.add_argument("--csv", metavar="FILE", help="write every item here")
    verify.set_defaults(run=_verify)
    pack = add("pack", help="write what figures and tables rest on, without the texts")
    pack.add_argument("folder", metavar="FOLDER", help="of results, or a copy of the repository")
    pack.add_argument("--out", metavar="PACK", required=True, help="a new folder")
    pack.set_defaults(run=_pack)
    rebuild = add("rebuild", help="make figures and tables anew from a pack, and compare them")
    rebuild.add_argument("pack", metavar="PACK", help="whose code is run, as a notebook's would be")
    rebuild.add_argument("--out", metavar="FOLDER", required=True, help="a new folder")
    rebuild.add_argument("--csv", metavar="FILE", help="write what became of every file here")
    rebuild.set_defaults(run=_rebuild)
    headline = add("headline", help="print the findings and where the figures are")
    headline.set_defaults(run=_headline)
    return parser


def _add_compare(command: argparse.ArgumentParser) -> None:
    """Add the options that only the execution of notebooks has."""
    command.add_argument("--out", metavar="FOLDER", required=True, help="a new folder for results")
    command.add_argument(
        "--only", metavar="SUBJECT", nargs="+", action="extend", choices=list(SUBJECTS),
        help=f"execute the notebooks on these alone: {' '.join(SUBJECTS)}",
    )  # fmt: skip
    command.add_argument(
        "--author", metavar="NAME", action="append", default=[],
        help='whom the entries of figures cite, "Family, Given"; once for each author',
    )  # fmt: skip
    command.add_argument("--title", metavar="TEXT", help="of the work that the figures stand in")
    command.add_argument(
        "--year", metavar="YEAR", type=int, help="of that work (default: this one)"
    )
    command.add_argument(
        "--width", metavar="WIDTH",
        help="redraw figures for a page: millimetres, or nature-single, plos-double and the like",
    )  # fmt: skip
    command.add_argument("--font", metavar="NAME", help="a font for figures that is installed")


def _add_stream(command: argparse.ArgumentParser) -> None:
    """Add the options of keywords of a stream."""
    command.add_argument(
        "--stream", action="store_true",
        help="read a table of any size (.jsonl) part by part, with simpler intervals",
    )  # fmt: skip
    command.add_argument(
        "--workers", metavar="N", type=int, default=1,
        help="processes that read a stream (default: 1)",
    )  # fmt: skip
    command.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="a Dask scheduler (tcp://...), whose workers read the stream",
    )  # fmt: skip


def _add_tone(command: argparse.ArgumentParser) -> None:
    """Add the options that only tone has."""
    command.add_argument("--lines", metavar="FILE", help="score one sentence a line")
    command.add_argument(
        "--toward", action="store_true",
        help="with --lines: each line is a name, a tab, and a sentence that names it",
    )  # fmt: skip
    command.add_argument(
        "--actors", action="store_true", help="contrast the tone toward the actors listed"
    )
    command.add_argument(
        "--embedding", action="store_true",
        help="add tone by a sentence model (needs two optional packages)",
    )  # fmt: skip
    command.add_argument("--lexicon", metavar="FILE", help="add scores by a word list of one's own")
    command.add_argument(
        "--draw", metavar="N", type=int,
        help="write a sheet of N sentences of either group, to be rated by hand",
    )  # fmt: skip
    command.add_argument(
        "--ratings", metavar="FILE", help="the sheet with your ratings: contrast by them"
    )


def _reading() -> _Parser:
    """Return the options on how texts are read, which every command on a corpus takes."""
    parser = _Parser(add_help=False)
    table = parser.add_argument_group("a table of texts, a manifest")
    for name, says in (
        ("text", "column of the texts (default: text)"),
        ("group", "column of the groups (default: group)"),
        ("target", "the group that is compared"),
        ("reference", "the group that it is compared with (default: all others)"),
        ("id", "column of the documents' ids"),
    ):
        table.add_argument(f"--{name}", metavar="NAME", help=says)
    table.add_argument(
        "--outside", action="store_true",
        help="let a manifest name files that do not lie in its folder",
    )  # fmt: skip
    how = parser.add_argument_group("how texts are read (a manifest declares it itself)")
    how.add_argument("--recursive", action="store_true", help="read sub-folders too")
    how.add_argument("--encoding", metavar="NAME", help="of the files (default: UTF-8)")
    how.add_argument("--errors", choices=["strict", "replace"], help="read on over damage")
    how.add_argument(
        "--clean", metavar="RULE", nargs="+", action="extend", dest="cleaning",
        help="take away or mend: markup misread links emphasis escapes captions page-breaks "
        "speakers times addresses mentions hashtags versions",
    )  # fmt: skip
    how.add_argument(
        "--copies", choices=["tell", "once", "refuse"], help="copies in a group (default: tell)"
    )
    how.add_argument("--language", metavar="NAME", help="of the texts (default: english)")
    how.add_argument("--verse", action="store_true", help="each line is a paragraph")
    return parser


def _design() -> _Parser:
    """Return the decisions on a corpus, which every command on one takes."""
    parser = _Parser(add_help=False)
    names = parser.add_argument_group("the two groups")
    for name, says in (
        ("labels", "names to show in place of folders or cells"),
        ("colours", "in figures, such as '#B2432F' '#2E7EB8'"),
    ):
        names.add_argument(f"--{name}", nargs=2, metavar=("TARGET", "REFERENCE"), help=says)
    terms = parser.add_argument_group("what is counted")
    for name, says in (
        ("function-words", "function words are terms too"),
        ("numbers", "bare numbers are terms too"),
        ("phrases", "phrases are the terms, in place of words"),
        ("drop-names", "words written with a capital inside sentences are no terms"),
    ):
        terms.add_argument(f"--{name}", action="store_true", help=says)
    terms.add_argument(
        "--stopwords", metavar="FILE", help="words that are no terms, in place of function words"
    )
    terms.add_argument(
        "--concepts", metavar="FILE", help="word lists, each counted as one (see concepts.toml)"
    )
    terms.add_argument(
        "--names", metavar="NAME", nargs="+", action="extend",
        help="names of several words that are one term, such as 'United States'",
    )  # fmt: skip
    how = parser.add_argument_group("how it is compared")
    how.add_argument(
        "--cluster", metavar="COLUMN",
        help="what documents share (an author, an outlet, folder): the units of inference",
    )  # fmt: skip
    for option, says in (
        ("--unit", "aimed length of a unit, where documents are cut (default: 100 words)"),
        ("--k", "number of topics (default: the one that is stable)"),
        ("--draws", "of every resampling"),
        ("--seed", "of the random numbers (default: 0)"),
    ):
        how.add_argument(option, metavar="N", type=int, help=says)
    how.add_argument(
        "--anchor-words", metavar="NAME=WORD,...", nargs="+", action="extend",
        help="topics that are known: war=army,troops trade=tariff,export",
    )  # fmt: skip
    return parser


TABLE = ("text", "group", "target", "reference", "id", "recursive", "outside")
SUBJECTS = {
    "corpus": "01",
    "keywords": "02",
    "tone": "03",
    "topics": "04",
}


def _choices(options: argparse.Namespace) -> dict[str, Any]:
    """Return what was chosen on how texts are read and compared, as ``load`` takes it."""
    settings = {
        **{name: getattr(options, name, None) for name in SETTINGS},
        "unit_tokens": options.unit,
        "anchor_words": _anchors(options.anchor_words or ()),
    }
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
    logging.getLogger("analysis").addHandler(logging.NullHandler())
    corpus = load(options.corpus, **_choices(options))
    step("counting")
    for notice in corpus.notices:
        _complain(f"analysis: warning: {notice}")
    return corpus


def _write(found: "pd.DataFrame | Result", file: str | None) -> None:
    """Write a table, and beside that of a result its record; or print it."""
    table = found if isinstance(found, pd.DataFrame) else found.table
    if not file:
        _print(to_csv(table, FULL).decode())
    elif isinstance(found, pd.DataFrame):
        write_file(Path(file), to_csv(found, FULL))
    else:
        found.to_csv(file)


def _text(options: argparse.Namespace) -> None:
    corpus = _load(options)
    chosen = [corpus.document(options.document)] if options.document else corpus.documents
    _print("\n\n".join(document.text for document in chosen) + "\n")


def _look(options: argparse.Namespace) -> None:
    corpus = _load(options)
    found = look(corpus)
    if found.empty:
        print("analysis: nothing was met that is no prose, damaged or repeated.", file=sys.stderr)
    _write(found, options.csv)


def _manifest(options: argparse.Namespace) -> None:
    path = Path(options.out) if options.out else None
    if path and path.exists():
        raise InputError(f"{path} is there already, perhaps filled in by hand: name a new file.")
    text = folder_manifest(
        options.target, options.reference, folder=path.parent if path else None,
        recursive=options.recursive, language=options.language,
    )  # fmt: skip
    if path:
        write_file(path, text.encode())
    else:
        _print(text)
    home = (path.parent if path else Path()).resolve()
    for folder in (options.target, options.reference):
        if not Path(folder).resolve().is_relative_to(home):
            _complain(
                f"analysis: warning: {folder} lies outside {home}, the folder of this manifest: "
                "make it in a folder that holds both (--out FILE), or read it with --outside."
            )


def _keywords(options: argparse.Namespace) -> None:
    from analysis.keywords import concept_keyness, keyness, phrase_keyness, stream_keyness

    if options.stream:
        names = _streamed(options)
        table = stream_keyness(
            options.corpus[0], workers=options.workers, scheduler=options.scheduler, **names
        )
        _write(table, options.csv)
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


def _streamed(options: argparse.Namespace) -> dict[str, str]:
    """Return the names of a stream's groups and columns."""
    if len(options.corpus) != 1 or not (options.target and options.reference):
        raise InputError(
            "A stream is one table, with --target and --reference to name its two groups."
        )
    names = {name: getattr(options, name) for name in ("target", "reference", "text", "group")}
    if others := sorted(set(_choices(options)) - set(names)):
        raise InputError(f"--{others[0]} does not go with --stream: leave one of them out.")
    return {name: value for name, value in names.items() if value}


def _tone(options: argparse.Namespace) -> None:
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
        warnings = [language_note(lines)]
    elif options.actors:
        found = actor_tone(_load(options), reader=extra[0] if options.embedding else None)
        warnings = []
    else:
        contrast = sentiment(_load(options), extra=extra)
        found, warnings = contrast, [contrast.table["note"].iloc[0]]
    _write(found, options.csv)
    if not options.lines:
        _complain(f"analysis: note: {genre_note()}")
    for warning in filter(None, warnings):
        _complain(f"analysis: warning: {warning}")


def _topics(options: argparse.Namespace) -> None:
    from analysis.topicmodels import read_partitions, stream_topics, topics

    if not options.stream:
        _write(topics(_load(options)), options.csv)
        return
    names = _streamed(options)
    text, group = (names.get(name, name) for name in ("text", "group"))
    found = stream_topics(
        read_partitions(options.corpus[0], text=text, group=group),
        k=options.stream,
        target=names["target"],
        reference=names["reference"],
    )
    _write(found.prevalence, options.csv)


def _explore(options: argparse.Namespace) -> None:
    from analysis.keywords import keyness
    from analysis.report.explorer import MARK, explorer

    path = Path(options.out)
    _refuse_other_file(path, MARK)
    write_file(path, explorer(keyness(_load(options))).encode())


def _refuse_other_file(path: Path, mark: bytes) -> None:
    """Refuse a name that no browser opens, and to write over what is no page of words."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{path} is no name of a page: end it in .html.")
    with suppress(OSError):
        if path.is_file() and mark not in path.read_bytes():
            raise InputError(f"{path} is there, and no page that explore wrote: name another file.")


def _compare(options: argparse.Namespace) -> None:
    if "-" in options.corpus:
        raise InputError("compare reads the texts anew in each notebook: give a file, not '-'.")

    def say(line: str) -> None:
        _print(f"{line}\n")

    say("Reading the texts ...")
    corpus = _load(options)
    from analysis.report import presets
    from analysis.report.citation import declaration
    from analysis.report.rerun import INSTRUMENTS, compare

    year = options.year or date.today().year
    numbers = [SUBJECTS[subject] for subject in options.only or ()]
    beside = {"citation.toml": declaration(options.title or corpus.title, options.author, year)}
    if options.width or options.font:
        own = presets.preset(options.width or "183", options.font or "")
        beside[presets.DECLARED] = presets.declaration(own)
    compare(
        corpus,
        options.corpus,
        Path(options.out),
        say,
        options=_choices(options),
        beside=beside,
        only=[name for name in INSTRUMENTS if name[:2] in numbers] if numbers else None,
    )


def _verify(options: argparse.Namespace) -> None:
    from analysis.report.verification import DIFFERS, report, verify

    found = verify(options.folder, options.texts)
    _print(f"{report(found, options.csv)}\n")
    if (found["verdict"] == DIFFERS).any():
        raise InputError(f"{options.folder} is not what its records say.")


def _pack(options: argparse.Namespace) -> None:
    from analysis.report.pack import write_pack

    withheld = write_pack(options.folder, options.out)
    _print(f"{options.out} holds no text. Left out, as they repeat it: {len(withheld)} columns and "
           f"files, named in its README.md.\n")  # fmt: skip


def _rebuild(options: argparse.Namespace) -> None:
    from analysis.report.unpack import OTHER, account, rebuild

    found, problems = rebuild(options.pack, options.out)
    _print(account(found, problems))
    if options.csv:
        write_file(Path(options.csv), to_csv(found))
    if (found["verdict"] == OTHER).any():
        raise InputError(f"{options.out} is not what the study holds: see the files above.")


def _headline(options: argparse.Namespace) -> None:
    from analysis.report.findings import headline

    _print(f"{headline()}\n")


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
    return text.removeprefix("\ufeff").removesuffix("\n").split("\n")
