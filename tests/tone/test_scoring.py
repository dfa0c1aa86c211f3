"""Lexicons: lists that can be counted by hand, files that hold."""

import hashlib
import math
import re
from importlib import resources
from pathlib import Path

import pytest

from analysis.errors import InputError
from analysis.tone import scorer, scorers, word_list
from analysis.tone.scored import Lines
from analysis.tone.scoring import (
    LISTS,
    WEIGHTS,
    WeightReader,
    WordListReader,
    read_weights,
    read_word_list,
)

DATA = Path(__file__).resolve().parents[2] / "data"


# Plain lists


@pytest.mark.parametrize(
    ("text", "total", "words"),
    [
        ("Good day", 2, ["good"]),
        ("A good and bad day", -1, ["good", "bad"]),
        ("not good", 2 * -0.74, ["good"]),
        ("It isn't a very good day", 2 * -0.74, ["good"]),  # third word before
        ("not a day that is good", 2, ["good"]),  # out of reach
        ("never not good", 2 * -0.74, ["good"]),  # once
        ("They can't stand it", -4, ["can't stand"]),
        ("a kind of day", 0, []),  # the phrase is worth nothing, and its words are spent
        ("so kind", 1, ["kind"]),
        ("Good’s good", 4, ["good", "good"]),
        ("half-good", 0, []),  # a compound is one token
        ("blue", 0, []),
        ("", 0, []),
    ],
)
def test_lists_can_be_summed_by_hand(text, total, words):
    engine = WordListReader(
        {"good": 2, "bad": -3, "kind": 1, "kind of": 0, "can't stand": -4, "stand": 1}
    )
    tokens = len(text.replace("-", "").split())
    found = engine.read(Lines.cut([text])).listed()
    assert [word.word for word in found] == words
    expected = total / math.sqrt(max(1, tokens))
    assert sum(word.score for word in found) == pytest.approx(expected)


def test_places_are_offsets_into_the_text():
    text = "Well: “Can’t stand” it."
    (word,) = WordListReader({"can't stand": -4}).read(Lines.cut([text])).listed()
    assert text[word.start : word.end] == "Can’t stand"


def test_afinn_by_hand():
    """Good is 3 and terrible -3 in AFINN: 4 tokens, so ±3 / 2."""
    assert scorer("afinn").score("A good fish swims") == 1.5
    assert scorer("AFINN").score("A terrible fish swims") == -1.5


@pytest.mark.parametrize(
    ("column", "words", "low", "high", "licence"),
    [
        ("afinn", 3382, -5, 5, "Open Database License 1.0"),
        ("opinion", 6782, -1, 1, "Creative Commons Attribution 4.0"),
        ("pattern", 1254, -1, 1, "Public Domain Dedication"),
    ],
)
def test_shipped_lists_are_whole_and_say_where_they_come_from(column, words, low, high, licence):
    path = LISTS / f"{column}.txt"
    valences = scorer(column).valences
    assert len(valences) == words
    assert (min(valences.values()), max(valences.values())) == (low, high)
    heading = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    assert licence in " ".join(heading)
    assert "Please cite" in heading[-1]
    rows = path.read_text("utf-8").splitlines()[len(heading) + 1 :]
    assert rows == sorted(rows, key=lambda row: row.split("\t")[0])


def test_every_lexicon_names_itself_down_to_its_sum():
    content = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_bytes()
    told = (DATA / "README.md").read_text("utf-8")
    files = {"vader": content, "learnt": WEIGHTS.read_bytes()}
    for own in scorers():
        raw = files.get(own.column) or (LISTS / f"{own.column}.txt").read_bytes()
        assert own.sha256 == hashlib.sha256(raw).hexdigest()
        assert all(own.provenance.values())
        assert own.column in files or own.sha256 in told
    assert len({own.column for own in scorers()}) == len(scorers()) == 5


def test_an_unknown_lexicon_is_refused():
    with pytest.raises(InputError, match=r"no lexicon 'liwc'.*'vader', 'afinn'"):
        scorer("liwc")


# Word weights


def test_weights_by_hand():
    """Three tokens, so the root of 3; "not" is a family too, and negates what follows."""
    reader = WeightReader({"help": (0.5, -0.25), "not": (-0.1, 0.0)})

    def read(text):
        return reader.read(Lines.cut([text])).listed()

    (word,) = read("He helped them")
    assert (word.start, word.end, word.word) == (3, 9, "helped")
    assert word.score == pytest.approx(0.5 * 3**-0.5)
    assert [w.score for w in read("not helping them")] == pytest.approx(
        [-0.1 * 3**-0.5, -0.25 * 3**-0.5]
    )
    assert read("He is in.") == read("") == []


@pytest.mark.parametrize("content", ["", "word\tvalence\n", "family\tplain\tnegated\ngood\t1\n"])
def test_malformed_weights_are_refused(content, tmp_path):
    path = tmp_path / "weights.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="holds no word weights"):
        read_weights(path)


# Lists of one's own


def test_a_list_of_ones_own(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("# mine\nword\tvalence\nred\t2\nblue\t-1.5\n", encoding="utf-8")
    mine = word_list(path, name="mine")
    assert mine.score("red red blue fish") == 1.25
    assert mine.provenance["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def listed(tmp_path):
    """Make a list of entries with their valences, and return its scorer."""

    def make(**entries):
        path = tmp_path / "own.txt"
        lines = (f"{word}\t{valence}\n" for word, valence in entries.items())
        path.write_text("word\tvalence\n" + "".join(lines), encoding="utf-8")
        return word_list(path, name="own")

    return make


@pytest.mark.parametrize(
    ("entry", "text", "found"),
    [
        ("happ*", "Happily they were unhappy.", "happily"),
        ("*ism", "Populism and isms.", "populism"),
        ("don’t like", "We don't like it.", "don't like"),
        ("don't like", "We don’t like it.", "don't like"),
        ("well\u2011known", "A well-known man.", "well-known"),
        ("cafe\u0301", "A caf\u00e9.", "caf\u00e9"),
        ("😀", "So 😀 it is.", "😀"),
        ("❤️", "We ❤ it.", "❤"),
        ("war * terror*", "The war against terrorism goes on; the war on terror.",
         "war against terrorism, war on terror"),
        ("u.s.", "The US left.", "u.s."),
        ("#peace", "Now #peace!", "#peace"),
    ],
)  # fmt: skip
def test_an_entry_is_met_in_any_typography_and_by_wildcards(entry, text, found, listed):
    words = listed(**{entry: 2}).words(text)
    assert ", ".join(word.word for word in words) == found
    assert all(word.score > 0 for word in words)


@pytest.mark.parametrize("entry", [":)", "c++", "*", "**", "f*(k"])
def test_an_entry_that_no_text_can_hold_is_refused(entry, listed):
    with pytest.raises(InputError, match=r"own\.txt: "):
        listed(**{entry: 1})


def test_the_closest_entry_counts_and_the_longest_phrase_goes_first(listed):
    own = listed(**{"hap*": 1, "happ*": 2, "happy": 4, "happ* day*": -3, "very happ* day*": 5})
    root = 3**0.5
    for text, valence in {
        "So hapless man": 1, "So happily man": 2, "So happy man": 4, "A happy days": -3,
        "very happier days": 5,
    }.items():  # fmt: skip
        assert own.score(text) * root == pytest.approx(valence), text
        assert own.score(text) * root == pytest.approx(valence), text  # and when it is met again


def test_two_spellings_of_one_entry_are_refused(listed):
    with pytest.raises(InputError, match="'don’t' is listed already"):
        listed(**{"don't": 1, "don’t": 2})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["cannot be read", "mend the path"]),
        (b"", ["lists no word", "put one on each line"]),
        (b"word\tvalence\n", ["lists no word"]),
        (b"good\t1\n", ["line 1", "heading", "'good\\t1'"]),
        (b"# c\nword\tvalence\ngood 1\n", ["line 3", "a tab and a number", "'good 1'"]),
        (b"word\tvalence\ngood\tone\n", ["line 2", "'good\\tone'"]),
        (b"word\tvalence\ngood\tnan\n", ["line 2", "mend it"]),
        (b"word\tvalence\ngood\tinf\n", ["line 2"]),
        (b"word\tvalence\ngood\t1\t2\n", ["line 2"]),
        (b"word\tvalence\n\t1\n", ["line 2"]),
        (b"word\tvalence\nGood\t1\n", ["line 2", "lower case"]),
        (b"word\tvalence\ngood\t1\ngood\t2\n", ["line 3", "'good' is listed already"]),
        (b"word\tvalence\ncaf\xe9\t1\n", ["not UTF-8", "save it as UTF-8"]),
    ],
)
def test_a_malformed_list_is_refused(content, words, tmp_path):
    path = tmp_path / "list.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_word_list(path)
    for word in [str(path), *words]:
        assert word in str(error.value)


def test_every_data_file_is_listed_with_its_source_and_rights():
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \| (.+?) \|$", readme, re.MULTILINE)
    listed = {name for name, *cells in rows if all(cell.strip() for cell in cells)}
    study = {path.relative_to(DATA) for path in DATA.rglob("*") if path.is_file()}
    written = {"sentences", "explorer", "site"}  # words and pages of this package, not data
    bundled = [
        path
        for path in LISTS.parent.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and path.parent.name not in written
    ]
    files = study | {path.relative_to(DATA.parent) for path in bundled if path.suffix != ".py"}
    assert {path.as_posix() for path in files} - listed <= {"README.md"}
