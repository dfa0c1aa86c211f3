"""Stems are those of NLTK's English stemmer."""

import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from analysis.files import resource
from analysis.text.stemming import stem_of

NLTKS = EnglishStemmer()
SUFFIXES = """
sses ied ies us ss s eedly ingly edly eed ing ed ization ational fulness ousness iveness tional
biliti lessli entli ation alism aliti ousli iviti fulli enci anci abli izer ator alli bli ogi
li alize icate iciti ative ical ness ful ement ance ence able ible ment ant ent ism ate iti ous
ive ize ion al er ic e l y at bl iz bb tt ity ly ism gener commun arsen 's
""".split()
PARTS = st.one_of(st.sampled_from(SUFFIXES), st.text("abcdegiklmnorstuvwxyz", max_size=3))


def words_of_the_resources():
    """Return all words of the package's lists of words."""
    files = [*resource("lexicons").glob("*.txt"), resource("stopwords.txt"), resource("names.toml")]
    text = " ".join(path.read_text(encoding="utf-8") for path in files)
    return sorted(set(regex.findall(r"\p{L}+", text)))


def test_words_have_the_stems_of_nltk():
    words = words_of_the_resources()
    assert len(words) > 9_000
    assert [stem_of(word) for word in words] == [NLTKS.stem(word) for word in words]


def test_words_that_are_no_rule_have_the_stems_of_nltk():
    special = NLTKS._EnglishStemmer__special_words
    assert {word: stem_of(word) for word in special} == special


@given(st.lists(PARTS, max_size=5).map("".join))
@settings(max_examples=300)
def test_letters_have_the_stems_of_nltk(word):
    if word.isalpha():
        assert stem_of(word) == NLTKS.stem(word)


@given(st.text(st.characters(categories=["L"]), max_size=12))
def test_any_letters_have_the_stems_of_nltk(word):
    assert stem_of(word) == NLTKS.stem(word)
