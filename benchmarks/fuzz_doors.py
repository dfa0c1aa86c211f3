"""The doors of the package for generated input, and what must hold at each.

A door is a function of generated input that checks what must hold; it returns how many texts were
in it. Texts draw from all categories of Unicode, and from pieces that cleaning, sentences and words
look for. ``benchmarks.fuzz`` sends inputs through them, and the tests a few.
"""

import contextlib
import csv
import gzip
import inspect
import io
import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from analysis import describe, keyness, load_corpus, load_texts, sentiment, topics
from analysis.cli import main as command_line
from analysis.errors import InputError
from analysis.files import read_toml
from analysis.keywords import collocations, concept_keyness, phrase_keyness
from analysis.text import (
    Corpus,
    count_phrases,
    count_terms,
    find_phrases,
    load,
    load_concepts,
    load_folders,
    tokenize,
)
from analysis.text.cleaning import RULES, as_read, clean
from analysis.text.concordance import occurrences
from analysis.text.design import SETTINGS, read_stop_words
from analysis.text.manifest import checked
from analysis.text.sources import read_source
from analysis.text.tokens import languages, sentence_spans, token_spans
from analysis.tone import (
    draw_sentences,
    lexicon_audit,
    load_actors,
    read_ratings,
    score_lines,
    tone_distribution,
    tone_extremes,
    tone_trajectory,
    tone_units,
    word_list,
)

LEVEL = 0.05
CATEGORIES = sorted({unicodedata.category(chr(code)) for code in range(0x110000)} - {"Cs"})
PIECES = """** * _ __ [ ]( ) ![ http://a.b/c?d=1&e www.x.org <b> </b> <script> &amp; &#x27; &nbsp;
    \\* ` `` '' ' " ’ ‘ “ ” « » „ - -- – — ... … . . . .[1] ¹ † ﬁ ﬀ é e\u0301 \u00ad \u200b
    \u202e \ufeff \u2060 a-\nb U.S. Mr. No. z.B. l'État ?! !! 1,5 $5.50 =SUM(A1) @x #y
    12:30 00:01:02,5 $x$ $\\foo$ A.A.A. Photo: (Photo by [Applause] SPEAKER: >> Page | ---
    === <<<<<<< not isn't good bad war Iran 1998 Straße İ ı ǅ 你好。 ไทย ١٢ 𝐰𝐨𝐫𝐬𝐞 👩\u200d👧 🇮🇷
    \x0b \x0c \x1a \x85 \u2028 \u2029"""
PARTS = PIECES.split(" ")
WORDS = """the a of to and is not good bad war peace hate great road envoy treaty river Iran Rome
    U.S. covid-19 don't Straße naïve 1998 S-300 donaudampfschifffahrtsgesellschaft""".split()

characters = st.sampled_from(CATEGORIES).flatmap(lambda c: st.characters(categories=[c]))
anything = st.text(max_size=30) | st.text(characters, max_size=12)
pieces = st.sampled_from(PARTS) | anything | st.sampled_from([" ", "\n", "\n\n", "\r\n", "\t"])
raw_text = st.lists(pieces, max_size=14).map("".join)
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(lambda w: f"{' '.join(w)}.")
prose = st.lists(sentence, min_size=1, max_size=8).map(" ".join)
document = prose | st.lists(prose, min_size=2, max_size=3).map("\n\n".join) | raw_text
group = st.lists(document, min_size=1, max_size=5)
scalar = st.none() | st.booleans() | st.integers() | st.floats() | raw_text
value = scalar | st.lists(scalar, max_size=3) | st.dictionaries(anything, scalar, max_size=2)


def refused(call: Callable[[], Any]) -> Any:
    """Return what a call gives, or nothing where it is refused in one sentence."""
    try:
        return call()
    except InputError as reason:
        said = str(reason)
        assert said.strip() and said.rstrip().endswith((".", ")", "?")), said
        return None


# Texts


def cleaning(text: str) -> int:
    """No character is lost: the edits make the clean text of the raw one, and lead back."""
    for edited in (as_read(text), refused(lambda: clean(text, rules=RULES))):
        if edited is None:
            continue
        rebuilt, place = [], 0
        for edit in edited.edits:
            rebuilt += [text[place : edit.start], edit.replacement]
            place = edit.end
        assert "".join([*rebuilt, text[place:]]) == edited.text
        for match in re.finditer(r"\S+", edited.text):
            start, end = edited.raw_span(*match.span())
            assert 0 <= start <= end <= len(text)
    once = as_read(text).text
    assert as_read(once).text == once
    return 1


def words(drawn: tuple[str, str]) -> int:
    """Sentences lose nothing but white space; words stand in order, where they say."""
    text, language = drawn
    spans = sentence_spans(text, language)
    assert all(a <= b for a, b in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    found = token_spans(text, language)
    assert [token for *_, token in found] == tokenize(text, language)
    assert all(0 <= start < end <= len(text) and token for start, end, token in found)
    assert all(end <= start for (_, end, _), (start, _, _) in pairwise(found))
    return 1


def _curly(text: str) -> str:
    text = re.sub(r"(?<=\s)'", "‘", text).replace("'", "’")
    return re.sub(r'(?<=\S)"', "”", re.sub(r'(^|(?<=[\s(]))"', "“", text))


TYPOGRAPHY: dict[str, Callable[[str], str]] = {
    "curly": _curly,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "double spaces": lambda text: text.replace(". ", ".  "),
    "rewrapped": lambda text: text.replace(". ", ".\n"),
    "soft hyphens": lambda text: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "\u00ad", text),
    "hyphens": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\u2011", text),
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "a byte order mark": lambda text: f"\ufeff{text}",
    "ligatures": lambda text: text.replace("ff", "ﬀ"),
}


def typography(drawn: tuple[str, str]) -> int:
    """The words of prose are the same in whatever typography it comes."""
    text, name = drawn
    plain, varied = as_read(text).text, as_read(TYPOGRAPHY[name](text)).text
    assert tokenize(varied) == tokenize(plain)
    return 1


def lines(texts: list[str]) -> int:
    """Each line has a number for its tone, or none where nothing in it is scored."""
    table = refused(lambda: score_lines(texts))
    if table is None:
        return len(texts)
    assert len(table) == len(texts)
    tone = table["tone"].to_numpy(float)
    assert np.isfinite(tone[~np.isnan(tone)]).all()
    return len(texts)


# Two groups


def _agrees(table: Any) -> None:
    """`established` is what interval and p of the family say, and an interval what its p says."""
    rows = table[table["p_family"].notna()]
    apart = (rows["family_low"] > 0) | (rows["family_high"] < 0)
    assert (rows["established"] == (rows["p_family"] < LEVEL)).all()
    assert (rows["established"] == apart).all(), rows[rows["established"] != apart].T
    own = (rows["ci_low"] > 0) | (rows["ci_high"] < 0)
    assert (own == (rows["p_value"] < LEVEL)).all(), rows[own != (rows["p_value"] < LEVEL)].T


def _same(table: Any, other: Any, columns: Sequence[str], sign: int = 1) -> None:
    for name in columns:
        left, right = table[name].to_numpy(float), sign * other[name].to_numpy(float)
        assert np.allclose(left, right, rtol=1e-6, atol=1e-6, equal_nan=True), name


def contrasts(drawn: tuple[list[str], list[str], int, str]) -> int:
    """Swapped groups, another order and another typography; counts and concordance; established."""
    target, reference, unit, name = drawn

    def table(first: list[str], second: list[str]) -> Any:
        corpus = load_texts(first, second)
        found = keyness(corpus, unit_tokens=unit, draws=19).table
        return corpus, found.set_index("term")

    made = refused(lambda: table(target, reference))
    if made is None:
        assert refused(lambda: table(reference, target)) is None
        return len(target) + len(reference)
    corpus, found = made
    _agrees(found)
    places = occurrences(corpus, set(found.index)).value_counts(["term", "group"])
    for side, label in (("target", "target"), ("reference", "reference")):
        counted = [places.get((term, label), 0) for term in found.index]
        assert found[f"n_{side}"].tolist() == counted
    own = ["n_target", "n_reference", "p_value", "p_family", "score", "log_ratio"]
    swapped = table(reference, target)[1].loc[found.index]
    _same(found, swapped, ["log_ratio", "score", "log_odds_z"], -1)
    _same(found, swapped, ["p_value", "p_family", "g2"])
    turned = table(target[::-1], reference[::-1])[1]
    assert list(turned.index) == list(found.index)
    _same(found, turned, own)
    if all("�" not in text for text in (*target, *reference)) and all(
        re.fullmatch(r"[\w.,'\- \n]*", text, re.ASCII) for text in (*target, *reference)
    ):
        varied = table([TYPOGRAPHY[name](text) for text in target], reference)[1]
        _same(found, varied.loc[found.index], own)
    return len(target) + len(reference)


def tones(drawn: tuple[list[str], list[str], int]) -> int:
    """Swapped groups turn the sign; `established` is what interval and p say."""
    target, reference, draws = drawn
    made = refused(lambda: sentiment(load_texts(target, reference), draws=draws).table)
    back = refused(lambda: sentiment(load_texts(reference, target), draws=draws).table)
    assert (made is None) == (back is None)
    if made is not None:
        _agrees(made)
        _same(made, back, ["estimate"], -1)
        _same(made, back, ["p_value"])  # that of the family is drawn, from other numbers
    return len(target) + len(reference)


def absent(drawn: tuple[list[str], list[str]]) -> int:
    """A concept that neither group names changes nothing of the others."""
    one = '[[concept]]\nname = "strife"\ndefinition = "x"\nwords = { war = "y", hate = "y" }\n'
    two = '[[concept]]\nname = "ways"\ndefinition = "x"\nwords = { road = "y", river = "y" }\n'
    none = '[[concept]]\nname = "none"\ndefinition = "x"\nwords = { zyzzyva = "y" }\n'
    home = scratch()
    (home / "a.toml").write_text(one + two, encoding="utf-8")
    (home / "b.toml").write_text(one + two + none, encoding="utf-8")
    target, reference = drawn

    def table(name: str) -> Any:
        return concept_keyness(
            load_texts(target, reference), concepts=load_concepts(home / name), draws=19
        ).table

    without, with_ = refused(lambda: table("a.toml")), refused(lambda: table("b.toml"))
    assert (without is None) == (with_ is None)
    if without is not None:
        key = without.columns[0]
        rest = with_.set_index(key).loc[without[key]]
        own = ["n_target", "n_reference", "log_ratio", "ci_low", "ci_high", "p_value"]
        _same(without.set_index(key), rest, own)
    return len(target) + len(reference)


# Files


def scratch() -> Path:
    home = Path(tempfile.gettempdir()) / f"fuzz-{os.getpid()}"
    home.mkdir(exist_ok=True)
    return home


def _spelt(content: Any) -> str:
    """Return a value in TOML, more or less."""
    if isinstance(content, dict):
        return "{" + ", ".join(f"{_spelt(str(k))} = {_spelt(v)}" for k, v in content.items()) + "}"
    if isinstance(content, list):
        return "[" + ", ".join(map(_spelt, content)) + "]"
    if isinstance(content, str):
        plain = "".join(c if c.isprintable() and c not in '"\\' else " " for c in content)
        return f'"{plain}"'
    return str(content).lower() if isinstance(content, bool | float) else str(content or 0)


MANIFEST = """title = "T"
cleaning = ["links"]
language = "english"
verse = false
[[group]]
label = "a"
role = "target"
colour = "#B2432F"
[[group]]
label = "b"
role = "reference"
[[document]]
id = "one"
group = "a"
file = "one.txt"
sha256 = "{one}"
title = "One"
date = "2018-01-08"
publisher = "P"
rights = "R"
body_starts = "Cats"
corrections = "corrections.toml"
[[document]]
id = "two"
group = "b"
file = "two.txt"
sha256 = "{two}"
title = "Two"
date = 2018-01-08
publisher = "P"
rights = "R"
"""
LISTS = {
    "corrections": '[[correction]]\nfound = "slep"\ncorrected = "sleep"\nreason = "x"\n',
    "concepts": '[[concept]]\nname = "c"\ndefinition = "d"\nwords = { cat = "e", "a b*" = "f" }\n',
    "actors": '[[actor]]\nname = "Rome"\ndefinition = "d"\nwords = { Rome = "e", "a b" = "f" }\n',
    "annotations": '[[section]]\ndocument = "one"\nbegins = "Cats slep"\ntopic = "x"\n',
    "stopwords": "# own\nthe\nof\n",
    "word list": "# A list\ngood\t2\nbad\t-2.5\n",
    "ratings": "id,text,rating\n1,Cats.,1\n2,Dogs.,-1\n",
}


def _mutated(text: str, changes: list[tuple[float, str, Any]]) -> str:
    """Change lines of a file: another value, a line left out, doubled, swapped or put in."""
    own = text.split("\n")
    for share, kind, new in changes:
        place = min(int(share * len(own)), len(own) - 1)
        key = own[place].split("=")[0]
        if kind == "value" and "=" in own[place]:
            own[place] = f"{key}= {_spelt(new)}"
        elif kind == "drop":
            del own[place]
        elif kind == "double":
            own.insert(place, own[place])
        elif kind == "swap":
            own[place], own[-1] = own[-1], own[place]
        elif kind == "cut":
            own[place] = own[place][: len(own[place]) // 2]
        else:
            own.insert(place, new if isinstance(new, str) else f"{key} = {_spelt(new)}")
        if not own:
            break
    return "\n".join(own)


change = st.tuples(
    st.floats(0, 0.999), st.sampled_from(["value"] * 4 + ["drop", "double", "swap", "cut", "put"]),
    value,
)  # fmt: skip
changes = st.lists(change, min_size=1, max_size=3)


def manifests(drawn: list[tuple[float, str, Any]]) -> int:
    """A manifest of any shape is read, or refused in a sentence."""
    home = scratch()
    one, two = "Cats slep. The fish eat.\n\nThe end is near.", "Dogs bark. The end."
    (home / "one.txt").write_text(one, encoding="utf-8")
    (home / "two.txt").write_text(two, encoding="utf-8")
    (home / "corrections.toml").write_text(LISTS["corrections"], encoding="utf-8")
    sums = {"one": sha256(one.encode()).hexdigest(), "two": sha256(two.encode()).hexdigest()}
    text = _mutated(MANIFEST.format(**sums), drawn)
    (home / "corpus.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    corpus = refused(lambda: load_corpus(home / "corpus.toml"))
    if corpus is not None:
        refused(lambda: describe(corpus, unit_tokens=3))
    return 1


def lists(drawn: tuple[str, list[tuple[float, str, Any]]]) -> int:
    """A list of one's own, of any shape, is read, or refused in a sentence."""
    name, how = drawn
    path = scratch() / "list"
    text = _mutated(LISTS[name], how)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))

    def corrections() -> Any:
        table = checked(read_toml(path, "mend it"), "the corrections file", "x")
        own = [checked(one, "a [[correction]]", "x") for one in table.get("correction", [])]
        return clean("Cats slep.", None, None, own)

    readers: dict[str, Callable[[], Any]] = {
        "corrections": corrections,
        "concepts": lambda: load_concepts(path),
        "actors": lambda: load_actors(path),
        "annotations": lambda: read_toml(path, "mend it"),
        "stopwords": lambda: read_stop_words(path),
        "word list": lambda: word_list(path, name="mine"),
        "ratings": lambda: read_ratings(path),
    }
    refused(readers[name])
    return 1


cell = raw_text | st.sampled_from(["a", "b", "", " ", "nan", "None", '"', '""', "1e400", "\ud800"])
KINDS = ["csv", "tsv", "jsonl", "json", "csv.gz", "txt", "html", "md", "docx", "pdf", "xlsx"]


def tables(drawn: tuple[str, list[list[Any]], bytes, int]) -> int:
    """A table or text file of any content is read, or refused in a sentence."""
    kind, rows, noise, where = drawn
    ending = kind.removesuffix(".gz")
    if ending in ("csv", "tsv"):
        file = io.StringIO()
        csv.writer(file, delimiter="\t" if ending == "tsv" else ",").writerows(
            [["text", "group", "id"], *rows]
        )
        content = file.getvalue()
    else:
        objects = [dict(zip(("text", "group", "id"), row, strict=False)) for row in rows]
        content = "\n".join(map(json.dumps, objects)) if ending == "jsonl" else json.dumps(objects)
        if ending in ("html", "txt", "md"):
            content = "\n\n".join(str(one) for row in rows for one in row)
    raw = content.encode("utf-8", "surrogatepass")
    place = where % (len(raw) + 1)
    raw = raw[:place] + noise + raw[place:]
    path = scratch() / f"table.{kind}"
    path.write_bytes(gzip.compress(raw)[: -1 if noise else None] if kind.endswith(".gz") else raw)
    if ending in ("csv", "tsv", "jsonl", "json", "xlsx"):
        names = {"target": "a", "reference": "b"} if where % 2 else {}
        corpus = refused(lambda: load([str(path)], **names))
        if corpus is not None:
            assert all(document.text.strip() for document in corpus.documents)
        return max(len(rows), 1)
    refused(lambda: read_source(path))
    home = scratch() / "texts"
    shutil.rmtree(home, ignore_errors=True)
    for side in "ab":
        (home / side).mkdir(parents=True)
        shutil.copy(path, home / side)
    refused(lambda: load_folders(home / "a", home / "b"))
    return 1


FLAGS = {
    "--unit": "n", "--k": "n", "--draws": "n", "--seed": "n", "--labels": "ss", "--colours": "ss",
    "--encoding": "s", "--errors": "s", "--clean": "s", "--copies": "s", "--language": "s",
    "--cluster": "s", "--anchor-words": "s", "--text": "s", "--group": "s", "--target": "s",
    "--reference": "s", "--id": "s", "--stopwords": "s", "--concepts": "s", "--recursive": "",
    "--verse": "", "--numbers": "", "--function-words": "", "--drop-names": "", "--outside": "",
    "--document": "s", "--csv": "s", "--phrases": "", "--nothing": "s", "--workers": "n",
}  # fmt: skip
KNOWN = ["links", "markup", "folder", "german", "once", "cp1252", "war=army,troops", "a", "b", ".",
         "#123456", "", "x" * 300, "-1", "=1", "\n", "replace"]  # fmt: skip
number = st.integers(-3, 40).map(str) | st.integers().map(str) | st.sampled_from(["nan", "1e9", ""])
string = st.sampled_from(KNOWN) | anything.filter(lambda text: "\0" not in text)


@st.composite
def _options(draw: st.DrawFn) -> list[str]:
    words = [draw(st.sampled_from(["text", "look", "text", "look", "keywords", "manifest", "x"]))]
    for flag in draw(st.lists(st.sampled_from(sorted(FLAGS)), max_size=3, unique=True)):
        words.append(flag)
        words += [draw(number if form == "n" else string) for form in FLAGS[flag]]
    named = st.sampled_from([["a", "b"], ["a"], [], ["a", "b", "a"], ["no", "b"], ["t.csv"]])
    return [*words, *draw(named)]


def options(words: list[str]) -> int:
    """A call of any options ends in a result, or in one sentence and 2."""
    home = scratch() / "here"
    for side, text in (("a", "Cats sleep. The cats eat."), ("b", "Dogs bark. The dogs eat.")):
        (home / side).mkdir(parents=True, exist_ok=True)
        (home / side / "1.txt").write_text(text, encoding="utf-8")
    (home / "t.csv").write_text("text,group\nCats.,a\nDogs.,b\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(home), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = command_line(words)
        except SystemExit as left:
            status = int(left.code or 0)
    said = err.getvalue()
    assert status in (0, 2), status
    assert "Traceback" not in said, said
    reasons = [
        line for line in said.splitlines() if not re.match(r"analysis: (warning|note)", line)
    ]
    assert (len(reasons) == 1) if status else (len(reasons) <= 1), said
    return 1


ODD = [
    None, True, False, -1, 0, 1, 2, 3, 5, 40, 10**30, 0.5, 2.0, -0.0, float("nan"),
    float("inf"), float("-inf"), "", "x", "5", "nmf", "english", "words", [], ["war"], (), (1, 2),
    {}, {"war": "army"}, {"war": ["army"]}, {1: None}, set(), b"x", b"", object(), Path(),
    Path("none.toml"), np.int64(3), np.float64("nan"), np.array([1, 2]), np.bool_(True), 1j, len,
    "\0", "\ud800", "x" * 300, range(3), type,
]  # fmt: skip
SETTLED = (
    describe, keyness, phrase_keyness, collocations, concept_keyness, sentiment, tone_extremes,
    tone_distribution, tone_trajectory, tone_units, draw_sentences, lexicon_audit, topics,
    count_terms, count_phrases, find_phrases, load_texts, score_lines,
)  # fmt: skip


def _settings_of(function: Callable[..., Any]) -> list[str]:
    """Return the arguments of a function that can be left out."""
    own = inspect.signature(function).parameters.values()
    named = [
        one.name for one in own if one.kind is one.KEYWORD_ONLY or one.default is not one.empty
    ]
    more = [*SETTINGS] if any(one.kind is one.VAR_KEYWORD for one in own) else []
    return [*named, *more, "no_such_setting"]


@st.composite
def _odd_settings(draw: st.DrawFn) -> tuple[Callable[..., Any], dict[str, Any]]:
    function = draw(st.sampled_from(SETTLED))
    names = draw(st.lists(st.sampled_from(_settings_of(function)), min_size=1, max_size=2))
    return function, {name: draw(st.sampled_from(ODD)) for name in names}


@lru_cache(1)
def _small() -> Corpus:
    """Five short texts on either side; concepts and actors as they come."""
    sides = [
        [f"{first} {second} in Rome. The {third} war was bad. Good envoys came to Iran." * n
         for n in range(2, 7)]
        for first, second, third in (("Ships", "sail", "sea"), ("Cows", "graze", "land"))
    ]  # fmt: skip
    return load_texts(*sides)


def odd_settings(drawn: tuple[Callable[..., Any], dict[str, Any]]) -> int:
    """A function with settings of any kind gives a result, or is refused in a sentence.

    A name that it does not have is a TypeError, as everywhere in Python.
    """
    function, settings = drawn
    first = {load_texts: (["Ships sail."], ["Cows graze."]), score_lines: (["Good."],)}
    material = first.get(function, (_small(),))
    try:
        refused(lambda: function(*material, **settings))
    except TypeError as problem:
        if "no_such_setting" not in str(problem):
            raise
    return 1


@dataclass(frozen=True)
class Door:
    """What is drawn, what checks it, how many inputs, and whether they can be led by lines met."""

    drawn: st.SearchStrategy[Any]
    check: Callable[[Any], int]
    inputs: int
    guided: int = 0


def doors() -> dict[str, Door]:
    """Return the doors by name."""
    language = st.sampled_from([*languages(), "english"])
    pair = st.tuples(group, group)
    row = st.tuples(cell, st.sampled_from(["a", "b"]) | cell, cell | st.integers()).map(list)
    noise = st.just(b"") | st.binary(max_size=6)
    return {
        "cleaning": Door(raw_text, cleaning, 30_000, 12_000),
        "words": Door(st.tuples(raw_text | prose, language), words, 25_000, 60_000),
        "typography": Door(
            st.tuples(prose, st.sampled_from(sorted(TYPOGRAPHY))), typography, 6_000
        ),
        "lines": Door(st.lists(raw_text | sentence, min_size=1, max_size=20), lines, 3_000),
        "contrasts": Door(
            st.tuples(group, group, st.integers(1, 12), st.sampled_from(sorted(TYPOGRAPHY))),
            contrasts, 1_000,
        ),
        "tones": Door(st.tuples(group, group, st.integers(1, 60)), tones, 700),
        "absent": Door(pair, absent, 500),
        "manifests": Door(changes, manifests, 6_000, 8_000),
        "lists": Door(st.tuples(st.sampled_from(sorted(LISTS)), changes), lists, 8_000, 20_000),
        "tables": Door(
            st.tuples(
                st.sampled_from(KINDS), st.lists(row, max_size=6), noise, st.integers(0, 200)
            ),
            tables, 4_000, 8_000,
        ),
        "options": Door(_options(), options, 4_000),
        "settings": Door(_odd_settings(), odd_settings, 1_000),
    }  # fmt: skip
