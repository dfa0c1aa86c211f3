"""Voice: rules held against sentences judged by hand, shares that leave nothing over."""

import numpy as np
import pytest

from analysis.text import load_folders
from analysis.tone import score_sentences, voice_parts, voice_tone
from analysis.tone.voices import (
    _with_others,
    quotations,
    sentence_voices,
    voice_at,
    voices_of,
)

# What a reader of the two articles finds in these sentences: the words that are not the author's.
# (document, sentence, words quoted, words attributed)
JUDGED = [
    ("2018", 0, [], []),
    ("2018", 1, [], ["Our cooperation can isolate America"]),
    ("2018", 3, [], []),
    ("2018", 8, [], ["Moscow would accept Assad's departure"]),
    ("2018", 9, ["red line"], []),
    ("2018", 16, [], ["Tehran was angry about Putin's decision"]),
    ("2018", 17, ["dogma of flexibility"], []),
    ("2018", 23, [], ["enjoys good personal chemistry"]),
    ("2018", 25, [], []),
    ("2017", 28, ["Neither East nor West"], []),
    ("2017", 41, ["dialogue of civilizations"], ["Putin worried that then-Iranian"]),
    ("2017", 43, ["a free pass to sell"], ["in practice the agreement gave Russia"]),
    ("2017", 52, ["secular"], ["Iran is a potentially"]),
    ("2017", 67, [], []),
    ("2017", 78, [], ["Russian and Iranian officials discussed"]),
    ("2017", 92, ["Several years ago, I heard"], []),
    ("2017", 96, ["based on the approach"], ["the accord was"]),
    ("2017", 104, ["Iran and Russia are allies", "used for refueling"], ["the Hamedan air base"]),
    ("2017", 105, ["just"], ["it would be"]),
    ("2017", 115, [], ["Iranian cinema made its way", "because it was widely shown"]),
    ("2017", 117, ["Russia and Iran will find a reason"], []),
    ("2017", 125, ["Either we were preparing for war"], []),
    ("2017", 146, [], []),
]
OWN = {
    ("2018", 8): "the Russians have even suggested",
    ("2018", 23): "Putin reportedly",
    ("2017", 41): "As Prof. Mark Katz",
    ("2017", 43): "but the public cancellation of the deal sent a message",
    ("2017", 104): "he claimed",
    ("2017", 146): "The Trump administration could emphasize to Putin that",
}


@pytest.fixture(scope="module")
def parts(corpus):
    return voice_parts(corpus)


@pytest.mark.parametrize(("document", "sentence", "quoted", "attributed"), JUDGED)
def test_voices_are_those_that_a_reader_hears(parts, document, sentence, quoted, attributed):
    own = parts[(parts["document"] == document) & (parts["sentence"] == sentence)]
    for voice, words in (("quoted", quoted), ("attributed", attributed)):
        found = own.loc[own["voice"] == voice, "text"].tolist()
        assert len(found) >= len(words)
        assert bool(found) == bool(words)
        for word in words:
            assert any(word in text for text in found), (word, found)
    if (document, sentence) in OWN:
        authors = own.loc[own["voice"] == "own", "text"]
        assert authors.str.contains(OWN[document, sentence], regex=False).any()


@pytest.mark.parametrize(
    ("paragraph", "quoted"),
    [
        ('He said "no way" and left.', ['"no way"']),
        ('titled "The War" in print, he calls it "war".', ['"war"']),
        ('A long book on the river, entitled "The War".', []),
        ('Untitled: "the war" is not over.', ['"the war"']),
        ('"One. Two." Three. "Four."', ['"One. Two."', '"Four."']),
        ("It’s “the allies’ plan”.", ["“the allies’ plan”"]),
        ("He called it ‘Iran’s plan’ twice.", ["‘Iran’s plan’"]),
        ("He called it 'Iran's plan' twice.", ["'Iran's plan'"]),
        ("The Shi‘ite militia met. The sides’ aims failed.", []),
        ("In the ‘90s the two sides’ aims were clear.", []),
        ('He is 5\' 10" tall and said "no" to it.', ['"no"']),
        ('He said "it is bad” to us.', ['"it is bad”']),
        ("‘The sides’ aims are bad,’ he said.", ["‘The sides’ aims are bad,’"]),
        ("'The sides' aims are bad,' he said.", ["'The sides' aims are bad,'"]),
        ("„Ja“ und «oui»", ["„Ja“", "«oui»"]),
        ("Iran's and the sides' plan of the '90s", []),
        ('It measures 5" across.', []),
        ('A talk titled "Good news" was held.', []),
    ],
)
def test_quotation_marks(paragraph, quoted):
    assert [paragraph[start:end] for start, end in quotations(paragraph)] == quoted


def test_speech_of_several_paragraphs_goes_on():
    assert quotations('He said: "One.', goes_on=True) == [(9, 14)]
    assert quotations('He said: "One.') == []


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("He said that it is good.", "attributed"),
        ("He said it was good.", "attributed"),
        ("It is a good plan, the minister said on Monday.", "attributed"),
        ("The plan, he argued, is good.", "attributed"),
        ("According to officials, it is good.", "attributed"),
        ("He allegedly stole it.", "attributed"),
        ("I argue that it is good.", "own"),
        ("One could say that it is good.", "own"),
        ("This suggests that it is good.", "own"),
        ("In April, he said no word.", "own"),
        ("He was told of the good plan.", "own"),
    ],
)
def test_reports_are_told_from_claims(write_folder, text, voice):
    corpus = load_folders(write_folder("new", text), write_folder("old", "A door."))
    own = voice_parts(corpus).query("document == 'new/00'")
    assert (voice in set(own["voice"])) and (voice == "attributed" or len(own) == 1)


def test_parts_keep_their_place(corpus, parts):
    for row in parts.itertuples():
        assert corpus.document(row.document).edited.within(row.start, row.end) == row.text
    assert set(parts["rule"]) == {"", "quotation", "that", "aside", "source"}
    assert ((parts["rule"] == "") == (parts["voice"] == "own")).all()
    assert (parts.groupby("document")["start"].diff().dropna() > 0).all()


@pytest.fixture(scope="module")
def table(corpus):
    return voice_tone(corpus, draws=199).table.set_index("voice")


def test_voices_add_up_to_the_tone_of_the_group(corpus, table):
    scores = score_sentences(corpus)
    voices = table.loc[["own", "attributed", "quoted"]]
    for group in corpus.groups:
        share, mean = voices[f"share_{group.role}"], voices[f"mean_{group.role}"]
        own = scores.loc[scores["group"] == group.label, "tone"].mean()
        assert share.sum() == pytest.approx(1)
        assert (share * mean).sum() == pytest.approx(own, abs=1e-4)  # scores are rounded


def test_others_are_attributed_and_quoted(table):
    for side in ("target", "reference"):
        both = table.loc[["attributed", "quoted"], f"share_{side}"]
        assert table.loc["others", f"share_{side}"] == pytest.approx(both.sum())


def test_too_few_units_give_no_contrast(table):
    few = table[["units_target", "units_reference"]].min(axis=1) < 3
    assert few.any()
    assert (table["estimate"].isna() == few).all()
    assert table["too_few"].tolist() == few.tolist()


def test_a_text_of_one_voice_has_its_own_tone(write_folder):
    texts = ["The news is good.", "The war is bad.", "A great day."]
    corpus = load_folders(write_folder("new", *texts), write_folder("old", *texts[::-1]))
    table = voice_tone(corpus, draws=99).table.set_index("voice")
    assert table.loc["own", "estimate"] == pytest.approx(0)
    assert table.loc["own", ["share_target", "n_target"]].tolist() == [1, 3]
    assert table.loc["quoted", ["mean_target", "estimate"]].isna().all()


@pytest.mark.parametrize(
    ("sentence", "others"),
    [
        ("‘The deal is bad,’ said Smith.", "‘The deal is bad,’"),
        ('"He called it \'a disaster\' and left," she said.',
         '"He called it \'a disaster\' and left,"'),
        ("“He called it ‘a disaster’ and left,” she said.",
         "“He called it ‘a disaster’ and left,”"),
        ("''It is bad,'' he wrote.", "'It is bad,''"),
        ("'Don't go,' he said.", "'Don't go,'"),
        ("Rome is evil, said the senator.", "Rome is evil,"),
        ("Rome is evil, says Cato.", "Rome is evil,"),
        ("Cato said Rome was evil.", "Rome was evil."),
        ("He told reporters the deal would be a disaster; it was not.",
         "the deal would be a disaster"),
    ],
)  # fmt: skip
def test_others_are_heard_alone_in_a_sentence(sentence, others):
    heard = "".join(sentence[a:b] for a, b, voice, _ in voices_of(sentence) if voice != "own")
    assert heard.strip() == others


@pytest.mark.parametrize(
    "sentence",
    [
        "It's the '90s, and rock 'n' roll isn't dead.",
        "The workers' union and the boss's son left.",
        "He is 6' 2\" tall and 5' wide.",
        "Rome, said to be eternal, was burnt.",
        "The profit, reported in 2017, was large.",
        "He said a prayer for those who were dead.",
        "I said the deal was bad.",
    ],
)
def test_an_author_is_heard_alone(sentence):
    assert [voice for *_, voice, _ in voices_of(sentence)] == ["own"]


@pytest.mark.parametrize(
    "pattern",
    ["“He said, ", "according to him, ", "He said “a”, ", "said that ", "he said it was ",
     "reportedly "],
)  # fmt: skip
def test_a_sentence_without_an_end_takes_time_in_step_with_its_length(pattern, cpu_seconds):
    def seconds(times):
        return cpu_seconds(lambda: voices_of(pattern * times))

    seconds(100)
    assert seconds(8_000) < 4 * 2.5 * max(seconds(2_000), 0.002)


def test_many_quotations_of_a_paragraph_take_time_in_step_with_it(write_folder, cpu_seconds):
    """Each is looked at in its own sentences, and each word in its own part of one."""

    def seconds(times):
        text = "He met “the man”. " * times + "The end: " + "he, “it”, " * times
        document = load_folders(
            write_folder(f"a{times}", text), write_folder(f"b{times}", "B.")
        ).documents[0]
        assert document.sentence_spans

        def voices():
            for own in sentence_voices(document):
                for place in range(10 * len(own)):
                    voice_at(own, place)

        return cpu_seconds(voices)

    seconds(10)
    assert seconds(4_000) < 4 * 2.5 * max(seconds(1_000), 0.002)


def test_a_place_is_of_the_last_voice_that_begins_before_it():
    stretches = [(3, 5, "own", ""), (5, 9, "quoted", "quotation"), (12, 20, "attributed", "that")]
    assert [voice_at(stretches, n) for n in (0, 3, 4, 5, 11, 12, 99)] == [0, 0, 0, 2, 2, 1, 1]


def test_what_is_said_ends_where_its_clause_does():
    text = "He said that it was hot; he reportedly left, reportedly, but said that he stayed."
    told = [text[a:b] for a, b, voice, _ in voices_of(text) if voice == "attributed"]
    assert told == [" it was hot", " left, reportedly", " he stayed."]


def test_all_others_stand_together_behind_the_author():
    assert _with_others(np.array([[5.0, 2.0, 3.0]])).tolist() == [[5, 5, 2, 3]]
