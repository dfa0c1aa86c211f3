"""Names: what is masked and by which rule, what stays, and that no offset moves."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text import tokenize
from analysis.tone import mask, masked_names, scorers, vader
from analysis.tone.masking import CAPITAL, HEAD, NAMES, name_spans
from tests.helpers import tone_scores

DECLARED = tomllib.loads(NAMES.read_text("utf-8"))


def names(text):
    """Return the names found in a text, with their rules."""
    return [(text[start:end], rule) for start, end, rule in name_spans(text)]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "The United States and the United Nations met.",
            "The xxxxxx xxxxxx and the xxxxxx xxxxxxx met.",
        ),
        ("Iran's Supreme Leader spoke.", "Iran's xxxxxxx xxxxxx spoke."),
        ("Its supreme leader spoke.", "Its xxxxxxx xxxxxx spoke."),
        ("Trump's ally won.", "xxxxx's ally won."),
        ("Islamic State was ousted.", "xxxxxxx xxxxx was ousted."),
        ("United Russia-backed media lied.", "xxxxxx xxxxxx-backed media lied."),
        ("In the Iraq-Iran war many died.", "In the xxxx-xxxx xxx many died."),
        ("A cruel war began.", "A cruel war began."),
        ("The Syrian civil war is cruel.", "The xxxxxx civil war is cruel."),
        ("Freedom House praised him.", "xxxxxxx xxxxx praised him."),
        ("The Ministry of Justice is corrupt.", "The xxxxxxxx xx xxxxxxx is corrupt."),
        ("Peter the Great won.", "xxxxx xxx xxxxx won."),
        ("He met Grace, but Never Hope.", "He met xxxxx, but Never xxxx."),
        ("Good news: Great joy.", "Good news: Great joy."),
        ("He said: “Great!” Peace came.", "He said: “Great!” Peace came."),
        ("Angry Russians left.", "Angry xxxxxxxx left."),
        ("Mr. Savage met Gen. Wise in the U. S. Peace Corps.",
         "Mr. xxxxxx met xxx. xxxx in the U. S. xxxxx xxxxx."),
        ("That was a GREAT day.", "That was a GREAT day."),
        ("Bitter Cracks Open Great Hopes", "Bitter Cracks Open Great Hopes"),
        ("Cracks in the United States Open Hopes", "Cracks in the xxxxxx xxxxxx Open Hopes"),
        ("no name at all", "no name at all"),
        ("", ""),
    ],
)  # fmt: skip
def test_masks_can_be_read(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Liberty Hall met Vladimir Putin.", [("Liberty Hall", HEAD), ("Vladimir Putin", CAPITAL)]),
        ("Its vice president left.", [("vice president", "offices and titles")]),
        ("World War II ended.", [("World War II", "wars by their names")]),
        ("The Islamic Revolutionary Guards Corps won.",
         [("Islamic Revolutionary Guards Corps", "armed groups and armies")]),
    ],
)  # fmt: skip
def test_each_name_tells_its_rule_and_the_longest_wins(text, found):
    assert names(text) == found


def test_united_states_are_no_praise():
    text = "The United States and the United Nations met."
    plain, masked = (tone_scores([text], masked=masked).iloc[0] for masked in (False, True))
    assert plain["vader"] == vader().score(text) == 0.6808
    assert masked["vader"] == 0
    assert masked["tone"] < plain["tone"]


@given(
    st.lists(
        st.sampled_from(
            [
                *"The Great United States of Freedom House ’s good Not bad . : “ ” - \n".split(" "),
                "É",
            ]
        )
    ).map(" ".join)
)
def test_masking_keeps_length_words_and_the_rest(text):
    masked = mask(text)
    assert len(masked) == len(text)
    assert len(masked.split()) == len(text.split())
    assert len(tokenize(masked)) == len(tokenize(text))
    inside = {place for start, end, _ in name_spans(text) for place in range(start, end)}
    outside = set(range(len(text))) - inside
    assert [masked[place] for place in outside] == [text[place] for place in outside]


def test_no_lexicon_scores_the_mask():
    for lexicon in scorers():
        assert not {word for word in lexicon.valences if set(word) == {"x"}}


# The list


def test_every_group_gives_its_reason():
    groups = [*DECLARED["names"], DECLARED["heads"]]
    assert all(len(group["reason"].split()) > 5 for group in groups)
    words = [word for group in groups for word in group["words"]]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("group", DECLARED["names"], ids=lambda group: group["group"])
def test_every_listed_name_is_found_where_it_opens_a_sentence(group):
    for word in group["words"]:
        assert name_spans(f"{word} came.")[0].rule == group["group"], word
        assert name_spans(f"{word} came.")[0].end == len(word), word


# The corpus


def test_masked_names_of_a_corpus(corpus):
    table = masked_names(corpus)
    assert list(table) == "document group sentence start end name rule hides".split()
    texts = corpus.sentences.set_index(["document", "sentence"])["text"]
    for row in table.itertuples():
        assert texts[row.document, row.sentence][row.start : row.end] == row.name
    hidden = table[table["hides"] != ""]
    assert {"United States", "Supreme Leader", "United Russia", "World War II"} <= set(
        hidden["name"]
    )
    assert hidden.loc[hidden["name"] == "Cold War", "hides"].unique().tolist() == ["cold war"]
    order = [list(corpus.sentences["document"].unique()).index(d) for d in table["document"]]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("headline", "as_prose"),
    [
        ("Men Have It Bad", "Men have it bad."),
        ("Talks Fail as Hope Fades", "Talks fail as hope fades."),
        ("How Peace Was Lost", "How peace was lost."),
        ("They Fail to Do So at Their Peril", "They fail to do so at their peril."),
        ("Allies Praise Brave Rescue", "Allies praise brave rescue."),
        ("We Are All Frustrated and Dismayed.", "We are all frustrated and dismayed."),
        ("Why We Should Not Be Afraid of the In-house Critics.",
         "Why we should not be afraid of the in-house critics."),
    ],
)  # fmt: skip
def test_a_headline_hides_no_more_than_the_same_words_in_prose(headline, as_prose):
    assert mask(headline).casefold().rstrip(".") == mask(as_prose).casefold().rstrip(".")


@pytest.mark.parametrize(
    "prose",
    ["He met Hope Hicks in Paris.", "The envoy saw Angela Merkel", "It was in The Economist.",
     "Hope Hicks spoke", "A friend of Grace Love, he said, was ill"],
)  # fmt: skip
def test_prose_is_no_headline(prose):
    assert mask(prose) != prose
