"""Pieces between white space: each byte of them counts, however many there are."""

from collections import Counter as Multiset

import numpy as np
import pytest

from analysis.text import pieces
from analysis.text.pieces import Counter, Vocabulary
from analysis.text.rows import joined
from analysis.text.sources import DAMAGE


def counted(*texts):
    """Return how often each term occurs in texts, as a new vocabulary counts them."""
    counter = Counter(Vocabulary())
    assert counter.add(texts, [0] * len(texts))
    terms, counts = counter.counts()
    return dict(zip(terms, counts[:, 0, 0].tolist(), strict=True))


@pytest.mark.parametrize("length", [7, 8, 9, 15, 16, 17, 24, 40])
def test_pieces_that_differ_in_one_byte_are_two(length):
    words = [f"{'a' * place}b{'a' * (length - place - 1)}" for place in range(length)]
    again = [f"x{word}1" for word in words]  # no plain words
    assert counted(" ".join(words + again + words)) == {
        **dict.fromkeys(words, 2),
        **dict.fromkeys(again, 1),
    }


def test_a_shorter_piece_is_no_beginning_of_a_longer_one():
    words = [f"x1{'a' * length}" for length in range(40)]
    assert counted(" ".join(words)) == dict.fromkeys(words, 1)


def test_a_piece_of_sixteen_bytes_is_no_longer_one_that_stands_in_its_way():
    for first in "abcdefgh":
        word = f"{first}nternationalism"
        longer = [f"{word}{number}" for number in range(pieces.FEW - 1)]  # half of all slots
        assert counted(" ".join([*longer, word]))[word] == 1


def test_room_is_made_for_many_pieces_and_for_long_ones():
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in rng.integers(0, 3 * pieces.FEW, 8 * pieces.FEW)]
    long = ["y" * size for size in (10, 10**5, 10**6)]
    texts = [" ".join(words[:100]), " ".join(words[100:] + long), " ".join(long)]
    assert counted(*texts) == Multiset([*words, *long, *long])


def test_what_one_block_taught_is_known_in_the_next():
    counter = Counter(Vocabulary())
    assert all(counter.add([text], [side]) for side, text in [(0, "Reef, x2"), (1, "(reef) Tide")])
    terms, counts = counter.counts()
    assert terms == ["reef", "x2", "tide"]
    assert counts[:, :, 0].tolist() == [[1, 1], [1, 0], [0, 1]]
    assert counter.sizes[:, :3].tolist() == [[1, 2, 4], [1, 2, 4]]


@pytest.mark.parametrize("before", ["", "é", "a", '"', "X1"])
def test_each_character_that_no_text_has_is_seen_and_no_other(before):
    chars = map(chr, [*range(0x900), *range(0xD700, 0xE100), *range(0xFFE0, 0x10010)])
    known = Vocabulary()
    wrong = [
        ascii(char)
        for char in chars
        if bool(known.cut(joined([f"the {before}{char} tide".encode("utf-8", "surrogatepass")])))
        is bool(DAMAGE.search(char))
    ]
    assert wrong == []


def test_texts_read_whole_stand_between_others():
    texts = ["co-\noperation x1", "reef", "", "c。d", "pre- \n war", "reef."]
    counter = Counter(Vocabulary())
    assert counter.add(texts, [0, 1, 0, 1, 0, 1])
    terms, counts = counter.counts()
    times = dict(zip(terms, counts[:, :, 0].tolist(), strict=True))
    assert times == {"cooperation": [1, 0], "x1": [1, 0], "reef": [0, 2], "c": [0, 1],
                     "d": [0, 1], "prewar": [1, 0]}  # fmt: skip
    assert counter.sizes[:, :3].tolist() == [[3, 3, 5], [3, 4, 6]]


def test_a_vocabulary_that_is_too_much_is_begun_anew(monkeypatch):
    monkeypatch.setattr(pieces, "_OWN", pieces.local())
    Counter(pieces.vocabulary()).add(["a b c"], [0])
    assert pieces.vocabulary().known == 3
    monkeypatch.setattr(pieces, "REMEMBERED", 2)
    assert pieces.vocabulary().known == 0
