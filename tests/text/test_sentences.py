"""Sentences end where a careful reader says they do, in time that grows with the text."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.text.cleaning import plain
from analysis.text.tokens import function_words, languages, sentence_spans
from benchmarks.sentences import FIXTURES, UNSEEN, compare, ends, ours, passages

PASSAGES = passages()
LATER = passages(FIXTURES / "sentences-later.txt")
SHORT = """
    act ad age aid air all arm art ask bad ban bar bed big bit bus buy car cat cup cut day
    deal die dog due ear end era eye fat fed few fig fit fun gas gen get gun hat him hit hot
    ice ill in is it jam job key kid law leg let lie lot low mad man map mar mat max men met
    mid mix mob mud net new no now oil old on ore out own pan pay pet pig pit pop put ran red
    rep row run sad sat say sea sec set six sky so son sum sun tax ten tie top toy try two use
    van vet via war was way wet win yes
""".split()


def test_there_are_at_least_two_hundred_hard_sentences():
    assert sum(map(len, PASSAGES)) >= 200


@pytest.mark.parametrize("sentences", PASSAGES + LATER, ids=range(len(PASSAGES + LATER)))
def test_hard_sentences(sentences):
    assert ours(" ".join(sentences)) == sentences


@pytest.mark.parametrize("word", SHORT)
def test_a_plain_short_word_ends_a_sentence(word):
    sentences = [f"They spoke of the {word}.", "Nobody agreed with them."]
    assert ours(" ".join(sentences)) == sentences


@pytest.mark.parametrize(("letters", "spoken"), [(54, True), (55, False)])
def test_a_speaker_is_looked_for_within_sixty_characters(letters, spoken):
    """A name of any length would let time grow with its square."""
    name = "A" + letters * "b"
    found = ours(f"\u201cGo away!\u201d {name} said.")
    assert len(found) == 2 - spoken


def test_rules_find_sentences_that_they_were_not_written_for():
    table = compare(UNSEEN).set_index("splitter").loc["this package"]
    assert table["precision"] >= 0.95
    assert table["recall"] >= 0.95
    stored = pd.read_csv(FIXTURES.parents[1] / "benchmarks" / "sentences.csv")
    own = stored[(stored["splitter"] == "this package") & (stored["file"] == UNSEEN.name)]
    assert own.drop(columns=["file", "splitter"]).iloc[0].to_dict() == table.drop("file").to_dict()


def test_the_benchmark_counts_boundaries_in_letters():
    assert ends(["A b.", "C d.", "E."]) == {3, 6}
    assert ends(["A b. C d. E."]) == set()


def test_full_stops_of_chinese_and_japanese_need_no_space():
    assert ours("战争与和平。他来了！她走了。") == ["战争与和平。", "他来了！", "她走了。"]


def test_a_language_without_rules_is_refused():
    assert "english" in languages()
    with pytest.raises(InputError, match="'klingon'; choose one of"):
        sentence_spans("A. B.", "klingon")


@given(st.text(alphabet="AaIUS. ?!\"'’”)[1]…。•", max_size=60))
def test_sentences_lose_nothing_but_white_space(text):
    spans = sentence_spans(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a < b for a, b in spans)
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)


PATTERNS = [
    "A. ",
    ". ",
    "?! ",
    "?!",
    " ",
    "...",
    ". ' ",
    '." ',
    ".[1]",
    "1. ",
    "Mr. ",
    "U.S. ",
    "。",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_time_grows_with_the_text(pattern, cpu_seconds):
    def seconds(size: int) -> float:
        text = pattern * (size // len(pattern))
        return cpu_seconds(lambda: sentence_spans(text))

    seconds(1000)
    assert seconds(64_000) < 24 * seconds(8_000) + 0.1  # quadratic time would be 64 times


def in_languages():
    """Return (language, sentences) of every passage in another language than English."""
    language, found = "", []
    for line in (FIXTURES / "sentences-languages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# ") and line[2:] in languages():
            language = line[2:]
        elif line and not line.startswith("#"):
            found.append((language, [sentence.strip() for sentence in line.split(" | ")]))
    return found


@pytest.mark.parametrize(("language", "sentences"), in_languages())
def test_hard_sentences_in_other_languages(language, sentences):
    text = plain(" ".join(sentences))
    spans = sentence_spans(text, language)
    assert [text[start:end] for start, end in spans] == [plain(one) for one in sentences]


def test_every_language_with_function_words_has_rules_for_sentences():
    assert {"german", "french", "spanish", "italian", "portuguese", "dutch", "russian"} <= set(
        languages()
    )
    for language in languages():
        assert len(function_words(language)) > 80
