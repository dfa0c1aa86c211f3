"""Sentences cut once for all scorers, and scored words as arrays."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text import token_spans
from analysis.tone.scored import Lines, Scored, ScoredWord, is_negation, joined

ODD = (
    " \t\n\x1c\x85\u00a0\u2028\u3000\u200b\u00ad\ufeff\u0301\u030a\u0130ßﬁ.'’-–@#_&+19aAsSéᏣ我🏳"
    "\ufe0f\u200d🇮🇷"
)
TEXT = st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters(codec="utf-8")), max_size=40)


@given(st.lists(TEXT, max_size=5))
@settings(max_examples=300)
def test_the_tokens_of_sentences_are_those_of_each(texts):
    lines = Lines.cut(texts)
    kinds, which, rows, starts, ends, bounds = lines.tokens
    found = [
        list(zip(starts[own], ends[own], (kinds[n] for n in which[own]), strict=True))
        for own in (rows == row for row in range(len(texts)))
    ]
    assert found == [list(token_spans(text)) for text in texts]
    assert bounds.tolist() == [int((rows < row).sum()) for row in range(len(texts) + 1)]
    assert len(set(kinds)) == len(kinds)


@given(st.lists(st.lists(st.sampled_from("not never isn't good bad".split()), max_size=9)))
def test_a_negation_turns_the_three_tokens_behind_it_in_its_own_sentence(sentences):
    turned = iter(Lines.cut([" ".join(words) for words in sentences]).turned.tolist())
    for words in sentences:
        for place in range(len(words)):
            assert next(turned) == any(map(is_negation, words[max(0, place - 3) : place]))


def test_the_measure_of_length_is_one_over_the_root_of_the_tokens():
    assert Lines.cut(["a b c d", "", "a"]).scale.tolist() == [0.5, 0.0, 1.0]


def test_words_of_different_sentences_are_joined_in_their_order():
    good, bad = ScoredWord(0, 4, "good", 1.5), ScoredWord(5, 8, "bad", -2.0)
    one = Scored.of([[], [good, bad]])
    both = joined([one, Scored.of([[bad], [], [good]])])
    assert both.rows.tolist() == [0, 1, 1, 2]
    assert both.listed() == [bad, good, bad, good]
    assert both.sums(4).tolist() == [-2.0, -0.5, 1.5, 0.0]
    assert both.taken(both.rows == 1).listed() == one.listed()
