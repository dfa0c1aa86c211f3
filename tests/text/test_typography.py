"""A text is read alike in whatever typography it comes; what no text holds is refused."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.keywords import keyness
from analysis.text import load_folders, tokenize
from analysis.text.cleaning import Joiner, as_read, clean
from analysis.text.documents import Edit, EditedText
from analysis.text.sources import decode
from analysis.text.tokens import sentence_spans
from analysis.tone import score_lines, sentiment

PROSE = """The plan isn't good. "He doesn't hate it," the minister said - and left -- late
in 1990-1991. The Russian-Iranian pact held; the final office was "fine" ... or so they'd say. The
cafe's owner, Mr. O'Neill, won't support peace. A U.S.-led force left. "Why?" Nobody
knows. It costs $5 (about
3.50 euros). They hadn't a well-known envoy -- not one.

The crisis grew worse. The road to the border is open. A "threat" remains. He said: "It wasn't a
great success, but we can't fail." The sides' aims differ. It is 'so', they say."""


def _curly(text: str) -> str:
    text = re.sub(r"(?<![\w.,!?])'|(?<=\s)'", "‘", text).replace("'", "’")
    return re.sub(r'(?<=\S)"', "”", re.sub(r'(^|(?<=[\s(]))"', "“", text))


VARIANTS = {
    "curly": _curly,
    "modifier apostrophes": lambda text: text.replace("'", "ʼ"),
    "primes and graves": lambda text: text.replace("'", "`").replace('"', "″"),
    "full-width marks": lambda text: text.replace("'", "＇").replace('"', "＂"),
    "guillemets": lambda text: re.sub(r'"([^"]*)"', r"«\1»", text),
    "low marks": lambda text: re.sub(r'"([^"]*)"', r"„\1“", text),
    "doubled single marks": lambda text: text.replace('"', "''"),
    "TeX": lambda text: re.sub(r'"([^"]*)"', r"``\1''", text),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "form feeds": lambda text: text.replace("\n\n", "\n\f\n"),
    "Unicode's line ends": lambda text: text.replace("\n\n", "\u2029").replace("\n", "\u2028"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "double spaces": lambda text: text.replace(". ", ".  "),
    "tabs": lambda text: text.replace(" ", "\t"),
    "trailing spaces": lambda text: text.replace("\n", "   \n"),
    "unwrapped": lambda text: re.sub(r"(?<!\n)\n(?!\n)", " ", text),
    "rewrapped": lambda text: text.replace(". ", ".\n"),
    "Unicode's hyphens": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\u2010", text),
    "no-break hyphens": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\u2011", text),
    "en dashes in compounds": lambda text: re.sub(r"(?<=\w)-(?=\w)", "–", text),
    "em dashes": lambda text: text.replace(" - ", "—").replace(" -- ", "—"),
    "spaced em dashes": lambda text: text.replace(" -- ", " — "),
    "spaced en dashes": lambda text: text.replace(" -- ", " – ").replace(" - ", " – "),
    "unspaced double hyphens": lambda text: text.replace(" -- ", "--"),
    "soft hyphens": lambda text: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "\u00ad", text),
    "zero-width": lambda text: re.sub(r"(?<=\w)(?=\w)", "\u200b", text),
    "direction": lambda text: f"\u202a{text}\u202c",
    "word joiners": lambda text: text.replace("-", "\u2060-\u2060"),
    "ellipses": lambda text: text.replace("...", "…"),
    "spaced ellipses": lambda text: text.replace("...", ". . ."),
    "ligatures": lambda text: text.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "full-width letters": lambda text: text.replace("crisis", "ｃｒｉｓｉｓ"),
    "mathematical letters": lambda text: text.replace("worse", "𝐰𝐨𝐫𝐬𝐞"),
    "note marks": lambda text: text.replace("worse. ", "worse.¹² ").replace("pact ", "pact³ "),
    "soft hyphens at line ends": lambda text: text.replace("minister", "minis\u00ad\nter"),
    "hyphens at line ends": lambda text: text.replace("remains", "re-\nmains"),
    "small hyphens at line ends": lambda text: text.replace("remains", "re\ufe63\u2028mains"),
    "minus signs at line ends": lambda text: text.replace("remains", "re\u2212\nmains"),
    "hard hyphens at line ends": lambda text: text.replace("Russian-Ira", "Russian\u2011\nIra"),
    "hyphen bullets": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\u2043", text),
    "minus signs": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\u2212", text),
    "full-width hyphens": lambda text: re.sub(r"(?<=\w)-(?=\w)", "\uff0d", text),
    "bars": lambda text: text.replace(" -- ", " ― "),
    "marks of one shape": lambda text: re.sub(r'"([^"]*)"', r"”\1”", text),
    "reversed guillemets": lambda text: re.sub(r'"([^"]*)"', r"»\1«", text),
    "French guillemets": lambda text: re.sub(r'"([^"]*)"', "«\u202f\\1\u202f»", text),
    "heavy marks": lambda text: _curly(text).translate(str.maketrans("“”‘’", "❝❞❛❜")),
    "saltillos": lambda text: re.sub(r"(?<=\w)'(?=\w)", "\ua78c", text),
    "thin spaces": lambda text: text.replace(" ", "\u2009"),
    "wide spaces": lambda text: text.replace(" ", "\u3000"),
    "full-width punctuation": lambda text: text.translate(str.maketrans("?!,;:", "？！，；：")),
    "non-joiners": lambda text: re.sub(r"(?<=[a-z])(?=[a-z])", "\u200c", text),
    "invisible operators": lambda text: text.replace("pact", "pa\u2064ct\u034f"),
    "isolates": lambda text: text.replace("pact", "\u2068pact\u2069"),
    "script letters": lambda text: text.replace("He ", "ℋℯ ").replace("crisis", "𝓬𝓻𝓲𝓼𝓲𝓼"),
    "circled letters": lambda text: text.replace("crisis", "ⓒⓡⓘⓢⓘⓢ"),
    "indents": lambda text: "\t" + text.replace("\n\n", "\n \t\n\n\t"),
    "compatibility forms": lambda text: unicodedata.normalize("NFKD", _curly(text)),
    "a byte order mark": lambda text: f"\ufeff{text}",
}


def sentences(text: str) -> list[str]:
    read = clean(text, rules=()).text
    paragraphs = re.findall(r"\S.*\S|\S", read)
    return [p[start:end] for p in paragraphs for start, end in sentence_spans(p)]


@pytest.mark.parametrize("name", VARIANTS)
def test_sentences_and_tokens_are_the_same_in_every_typography(name):
    variant = VARIANTS[name](PROSE)
    assert variant != PROSE
    assert sentences(variant) == sentences(PROSE)
    assert [tokenize(s) for s in sentences(variant)] == [tokenize(s) for s in sentences(PROSE)]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_word_of_a_variant_leads_back_to_its_raw_text(name):
    read = clean(VARIANTS[name](PROSE), rules=())
    for match in re.finditer(r"\w+", read.text):
        start, end = read.raw_span(*match.span())
        assert match.group() in read.within(start, end)


def test_a_text_against_itself_in_all_typographies_shows_no_difference(tmp_path):
    kept = [f for name, f in VARIANTS.items() if "hyphens" not in name]
    for side, make in (("plain", [lambda text: text] * len(kept)), ("varied", kept)):
        (tmp_path / side).mkdir()
        for number, variant in enumerate(make):
            raw = variant(PROSE).encode("utf-8")
            (tmp_path / side / f"{number}.txt").write_bytes(raw)
    corpus = load_folders(tmp_path / "varied", tmp_path / "plain")
    terms = keyness(corpus).table
    assert (terms["n_target"] == terms["n_reference"]).all()
    assert sentiment(corpus).table["estimate"].abs().max() == 0


@pytest.mark.parametrize(
    "line", ["The plan isn't good.", "He doesn't hate it.", "They won't support peace."]
)
def test_negation_is_seen_in_every_typography(line):
    scores = score_lines([line, *(line.replace("'", mark) for mark in "’ʼ＇`´′")])
    columns = scores.drop(columns=["line", "note"])
    assert (columns == columns.iloc[0]).all(axis=None)


# Rule by rule


@pytest.mark.parametrize(
    ("raw", "text", "rules"),
    [
        ("the Shi‘ite militia’s ‘aims’", "the Shi'ite militia's 'aims'", ["apostrophe"] * 4),
        ("“so” «so» „so“", '"so" "so" "so"', ["quotation"] * 6),
        ("a—b", "a – b", ["dash"]),
        ("a -- b", "a – b", ["dash"]),
        ("a - b", "a – b", ["dash"]),
        ('"a—" he said', '"a –" he said', ["dash"]),
        ("----- a-b 'a' \"b\" a, b.", "----- a-b 'a' \"b\" a, b.", []),
        ("1990–1991 and Russian–Iranian", "1990-1991 and Russian-Iranian", ["hyphen"] * 2),
        ("at −5 degrees", "at -5 degrees", ["hyphen"]),
        ("so… and . . . on", "so... and ... on", ["ellipsis"] * 2),
        ("treaty² of m² and end.¹ Next†", "treaty of m² and end. Next", ["note-mark"] * 3),
        ("`so`¹ and oﬀ² and 5cm³s", "'so' and off and 5cm³s", None),
        ("cafe\u0301", "café", ["composition"]),
        ("❤️ 👩\u200d👧 a\u200db", "❤ 👩\u200d👧 ab", ["invisible"] * 2),
        ("a\r\nb\rc\x0bd", "a\nb\nc\nd", ["line-end"] * 3),
        ("end\x1a\n", "end\n", ["line-end"]),
    ],
)
def test_rule_on_a_snippet(raw, text, rules):
    read = as_read(raw)
    assert read.text == text
    assert rules in (None, [edit.rule for edit in read.edits])
    assert all(edit.reason for edit in read.edits)


def test_what_is_read_is_read_alike_again():
    for variant in VARIANTS.values():
        once = as_read(variant(PROSE)).text
        assert as_read(once).text == once


@given(st.text(max_size=80) | st.text(alphabet="a1.'’`—- \n\u00ad\u0301¹…ﬀ\u200b", max_size=30))
def test_reading_any_text_twice_changes_nothing_more_and_every_place_leads_back(raw):
    read = as_read(raw)
    rebuilt, place = "", 0
    for edit in read.edits:
        rebuilt += raw[place : edit.start] + edit.replacement
        place = edit.end
    assert rebuilt + raw[place:] == read.text
    assert as_read(read.text).text == read.text
    for index in range(len(read.text)):
        start, end = read.raw_span(index, index + 1)
        assert 0 <= start <= end <= len(raw)


# Words cut at a line's end


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("the minis-\nter left", "the minister left"),
        ("the trea\u00ad\n  ty", "the treaty"),
        ("the trea¬\r\nty", "the treaty"),
        ("a well-known man, well-\nknown", "a well-known man, well-known"),
        ("a wellknown man, well-\nknown", "a wellknown man, wellknown"),
        ("the note book, a note-\nbook", "the note book, a note-book"),
        ("in Russian-\nIranian deals of 1990-\n1991", "in Russian-Iranian deals of 1990-1991"),
        ("self-\ndefence", "self-defence"),
        ("word -\nnext", "word –\nnext"),
        ("a list:\n- one\n- two", "a list:\n- one\n- two"),
    ],
)
def test_a_word_cut_at_the_end_of_a_line(raw, text):
    assert as_read(raw).text == text


def test_the_other_texts_tell_what_is_one_word():
    join = Joiner(["a co-operation", "the co-operation and the cooperation"])
    assert not join("co", "operation")
    assert Joiner(["cooperation"])("co", "operation")


# Layers of edits


@given(st.text(alphabet="ab‘—\r\n \u00adﬁ", max_size=40), st.data())
def test_a_later_edit_of_the_read_text_is_one_of_the_raw_text(raw, data):
    read = as_read(raw)
    size = len(read.text)
    cuts = sorted(data.draw(st.sets(st.integers(0, size), max_size=6)))
    pairs = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    later = [Edit(a, b, data.draw(st.sampled_from(["", "X", "YZ"])), "later") for a, b in pairs]
    expected = read.text
    for edit in reversed(later):
        expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
    twice = read.then(later)
    assert twice.text == expected
    assert EditedText.of(raw, twice.edits).text == expected


# What is refused


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("One.".encode("utf-16-be"), r"character 1: .* it is UTF-16 .*utf-16-be"),
        (b"One.\nTwo \x00.", r"f\.txt, line 2, character 5: U\+0000 \(NUL\).*utf-16-le"),
        ("It is.".encode("utf-16-le"), r"line 1, character 2: U\+0000.*UTF-16 without a byte"),
        (
            "caf\ufffd, caf\ufffd".encode(),
            r"character 4: U\+FFFD .*\('caf\ufffd, caf\ufffd'; 2 such characters in all\)",
        ),
        (
            "don\x92t".encode(),
            r"character 4: the control character U\+0092 .*read in a wrong encoding",
        ),
        (b"a\x07b", r"character 2: the control character U\+0007"),
        (b"%PDF-1.7 \xe2\xe3", r"f\.txt is a binary file"),
        (b"one\ncaf\xe9", r"f\.txt is not UTF-8 \(line 2, byte 7 is 0xe9\).*--encoding cp1252"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(raw, message):
    with pytest.raises(InputError, match=message):
        decode(raw, "f.txt")


def test_an_encoding_can_be_named_and_damage_read_on():
    assert decode("café’s".encode("cp1252"), "f", encoding="cp1252") == "café’s"
    assert decode("café".encode("utf-16"), "f") == "café"
    assert decode(b"caf\xe9 a\x00b", "f", errors="replace") == "caf\ufffd a\ufffdb"
    with pytest.raises(InputError, match=r"no encoding 'latin-99'"):
        decode(b"a", "f", encoding="latin-99")
    with pytest.raises(InputError, match=r"errors is one of strict, replace"):
        decode(b"a", "f", errors="ignore")


@pytest.mark.parametrize(
    "name",
    "base64 charmap hex idna mbcs-no punycode Raw_Unicode_Escape rot13 undefined unicode_escape "
    "zlib a\0b".split(" "),
)
def test_a_codec_that_no_file_of_texts_is_in_is_refused_once(name, tmp_path):
    for side in "AB":
        (tmp_path / side).mkdir()
        for number in (1, 2):
            (tmp_path / side / f"{number}.txt").write_text(f"Fish {side} swim {number} times.")
    with pytest.raises(InputError) as refused:
        load_folders(tmp_path / "A", tmp_path / "B", encoding=name)
    assert str(refused.value).count("There is no encoding") == 1
    with pytest.raises(InputError, match="There is no encoding"):
        decode(b"a", "f", encoding=name)


@pytest.mark.parametrize("name", ["cp037", "utf-7", "utf_16_le", "shift_jis", "", None])
def test_encodings_of_files_are_taken(name):
    assert decode("Red fish.".encode(name or "utf-8"), "f", encoding=name) == "Red fish."


# Time


PATTERNS = [
    *(" ", "\t", "\r", "\n", "-", "—", "'", '"', ".", "?!", "*", "[", "(", "\u00ad", "\u0301"),
    *("a-", "a-\n", "- ", ". ", "A. ", "a/", "a/a via ", "[a](", "**a ", "*a* ", "a\u0301\u0323"),
    *("http://a.b/ ", " (http://", "\\(", "😀\u200d", "\u00ad\n", "one two three\n", "via AP\n\n"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_time_to_clean_grows_with_the_text(pattern, cpu_seconds):
    from analysis.text.cleaning import clean

    def seconds(size: int) -> float:
        text = pattern * (size // len(pattern))
        return cpu_seconds(lambda: tokenize(clean(text).text))

    seconds(1000)
    assert seconds(32_000) < 24 * seconds(4_000) + 0.1  # quadratic time would be 64 times
