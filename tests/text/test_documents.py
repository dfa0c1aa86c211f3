"""The corpus is the authors' text, whole, and every change to the raw files is declared."""

import hashlib
import os
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError, TextWithheld
from analysis.text import Corpus, Document, Group, load_corpus, load_folders
from analysis.text.cleaning import _BESIDE, _FIRST, _RARE, clean
from analysis.text.documents import (
    EDITS,
    SENTENCES,
    WITHHELD,
    ClosedCorpus,
    Edit,
    EditedText,
)
from analysis.text.tokens import sentence_spans

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ["2018", "2017"]
SHA256 = {
    "2017": "7fe6e5623e929fd878113bf7c4bd38e64852f1bc582c3111c33853128f966c7a",
    "2018": "71c743c645f5f467df457917236c02d10b40d856eb31111ac1a271c6952a6a19",
}


def checked_by_hand(id: str) -> list[list[str]]:
    """Return the fixture's paragraphs, each a list of sentences."""
    text = (ROOT / "tests" / "fixtures" / f"{id}.txt").read_text(encoding="utf-8")
    return [paragraph.splitlines() for paragraph in text.strip().split("\n\n")]


def applied(raw: str, edits: pd.DataFrame, start: int = 0, end: int | None = None) -> str:
    """Return ``raw[start:end]`` with the edits of the audit trail applied, from right to left."""
    end = len(raw) if end is None else end
    inside = edits[(edits["start"] >= start) & (edits["end"] <= end)]
    text = raw[:end]
    for edit in inside.sort_values(["start", "end"], ascending=False).itertuples():
        text = text[: edit.start] + edit.replacement + text[edit.end :]
    return text[start:]


# The two articles


@pytest.mark.parametrize("id", ARTICLES)
def test_raw_file_is_the_source_byte_for_byte(id, corpus):
    content = (ROOT / "data" / "raw" / f"{id}.txt").read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256[id] == corpus.document(id).sha256
    assert corpus.document(id).raw == content.decode("utf-8")


def test_groups_and_documents_are_those_of_the_manifest(corpus):
    assert [(g.label, g.role) for g in corpus.groups] == [("2018", "target"), ("2017", "reference")]
    assert [(d.id, d.group, d.date) for d in corpus.documents] == [
        ("2018", "2018", "2018-01-08"),
        ("2017", "2017", "2017-02-06"),
    ]
    assert corpus.document("2017").author == "Anna Borshchevskaya"


@pytest.mark.parametrize("id", ARTICLES)
def test_clean_text_is_the_one_checked_by_hand(id, corpus):
    assert list(corpus.document(id).paragraphs) == [" ".join(p) for p in checked_by_hand(id)]
    assert corpus.document(id).text == "\n\n".join(" ".join(p) for p in checked_by_hand(id))


@pytest.mark.parametrize("id", ARTICLES)
def test_sentences_are_those_checked_by_hand(id, corpus):
    rows = corpus.sentences[corpus.sentences["document"] == id]
    assert [list(p["text"]) for _, p in rows.groupby("paragraph")] == checked_by_hand(id)
    assert list(rows["sentence"]) == list(range(len(rows)))
    assert set(rows["group"]) == {id}


def test_tables_have_their_declared_columns(corpus):
    assert list(corpus.sentences.columns) == SENTENCES
    assert list(corpus.edits.columns) == EDITS


def test_every_sentence_is_its_raw_span_with_the_declared_edits(corpus):
    for row in corpus.sentences.itertuples():
        document = corpus.document(row.document)
        edits = corpus.edits[corpus.edits["document"] == row.document]
        assert applied(document.raw, edits, row.start, row.end) == row.text
        assert document.edited.within(row.start, row.end) == row.text


def test_sentence_spans_do_not_overlap(corpus):
    for _, rows in corpus.sentences.groupby("document"):
        assert (rows["start"].to_numpy()[1:] >= rows["end"].to_numpy()[:-1]).all()


def test_every_edit_shows_what_it_removed(corpus):
    for row in corpus.edits.itertuples():
        assert row.removed == corpus.document(row.document).raw[row.start : row.end]
        assert row.reason
        assert row.removed != row.replacement


@pytest.mark.parametrize("id", ARTICLES)
def test_nothing_but_the_declared_edits_differs_from_the_raw_file(id, corpus):
    document = corpus.document(id)
    edits = corpus.edits[corpus.edits["document"] == id]
    rebuilt = applied(document.raw, edits)
    assert re.split(r"\n\s*\n", rebuilt.strip()) == document.text.split("\n\n")


@pytest.mark.parametrize("id", ARTICLES)
def test_no_edit_inside_the_body_takes_a_word_of_the_author(id, corpus):
    edits = corpus.edits[corpus.edits["document"] == id].set_index("rule")["removed"]
    for removed in edits.get(["emphasis", "white-space", "page-break", "escape"], pd.Series()):
        assert not any(character.isalnum() for character in removed)
    allowed = re.compile(r" \(<?https?://[^\s()]+\)| \\\(https?://[^\s()]+\\\)\]\([^\s()]+\)|\[")
    for removed in edits[edits.index == "link"]:
        assert allowed.fullmatch(removed), removed


def test_audit_trail_counts(corpus):
    counted = corpus.edits.groupby(["document", "rule"]).size()
    assert counted["2018"].to_dict() == {
        "caption": 2,
        "correction": 11,
        "dash": 5,
        "outside-body": 2,
        "page-break": 2,
    }
    assert counted["2017"][["escape", "outside-body", "page-break"]].to_list() == [2, 2, 5]


@pytest.mark.parametrize(
    "remnant",
    [
        *("http", "www.", ".html", ".com", "utm_", "policy-analysis"),
        *("*", "\\", "](", "()", "<", ">", "#", "_", "---", "❖", "\n", "\r", "\t", "  "),
        *("REUTERS", "Sputnik", "Klimentyev", "via ", "Kaynak", "RECOMMENDED", "Testimony"),
        *("Ira Weiner", "Feb 6", "senior fellow", "Borshchevskaya"),
    ],
)
def test_no_remnant_of_the_source_is_left(remnant, corpus):
    for text in corpus.sentences["text"]:
        assert remnant not in text


def test_corrections_are_all_applied_once(corpus):
    listed = tomllib.loads((ROOT / "data/corrections/2018.toml").read_text())["correction"]
    document = corpus.document("2018")
    assert len(listed) == 11
    for entry in listed:
        assert document.raw.count(entry["found"]) == 1
        assert document.text.count(entry["found"]) == 0
        assert document.text.count(entry["corrected"]) == 1
    made = corpus.edits[corpus.edits["rule"] == "correction"]
    assert sorted(made["reason"]) == sorted(entry["reason"] for entry in listed)
    differs = [(r.removed, r.replacement.replace("'", "")) for r in made.itertuples()]
    assert all(before == after for before, after in differs)


def test_overview_counts_paragraphs_and_sentences(corpus):
    overview = corpus.overview.set_index("document")
    for id in ARTICLES:
        paragraphs = checked_by_hand(id)
        assert overview.loc[id, "paragraphs"] == len(paragraphs)
        assert overview.loc[id, "sentences"] == sum(map(len, paragraphs))


def test_a_document_is_found_by_the_end_of_its_id(write_folder):
    one = load_folders(write_folder("a", "Cats sleep.", "Cats eat."), write_folder("b", "Dogs."))
    assert one.document("01").text == "Cats eat."
    with pytest.raises(InputError, match=r"Several documents are called '00'.*: a/00, b/00"):
        one.document("00")


def test_unknown_document_is_refused_with_the_choices(corpus):
    with pytest.raises(InputError, match=r"'1999'.*choose one of: 2018, 2017"):
        corpus.document("1999")


# Cleaning, rule by rule


def cleaned(raw: str, **listed: str) -> tuple[str, list[str]]:
    """Return the text of a snippet cleaned by every rule, and the rules that changed it."""
    corrections = [{"found": f, "corrected": c, "reason": "r"} for f, c in listed.items()]
    edited = clean(raw, None, None, corrections)
    return edited.text, sorted({edit.rule for edit in edited.edits})


@pytest.mark.parametrize(
    ("raw", "text", "rules"),
    [
        ("He said (http://a.b/c) so.", "He said so.", ["link"]),
        ("He said (<https://a.b/c_d?e=f>) so.", "He said so.", ["link"]),
        (r"He [said \(http://a.b\)](http://a.b) so.", "He said so.", ["link"]),
        (r"By [her \(/experts/her\)](/experts/her).", "By her.", ["link"]),
        ("In **2016 (http://a.b/c)**.", "In 2016.", ["emphasis", "link"]),
        (r"**[Said \(http://a.b/c_d\)](http://a.b/c_d)** so.", "Said so.", ["emphasis", "link"]),
        ("The *Gazette* of **now**.", "The Gazette of now.", ["emphasis"]),
        (r"It cost \$5 \[sic\].", "It cost $5 [sic].", ["escape"]),
        ("One.\n\nA/B/C via REUTERS\n\nTwo.", "One.\n\nTwo.", ["caption"]),
        ("One\n\nA/B/C via REUTERS\n\ntwo.", "One two.", ["caption", "page-break"]),
        ("One\nline.", "One line.", ["white-space"]),
        ("One \r\n line.", "One line.", ["white-space"]),
        ("It is cut\n\nat a page.", "It is cut at a page.", ["page-break"]),
        ("Eurasianism --\n\nPutin's.", "Eurasianism – Putin's.", ["dash", "page-break"]),
        ("It is cut\n (http://a.b/c)\nat a link.", "It is cut at a link.", ["link", "page-break"]),
        ("\n\n It begins.", "\n\n It begins.", []),
        ("It ends.\n\nIt begins.", "It ends.\n\nIt begins.", []),
        ('It ends."\n\nIt begins.', 'It ends."\n\nIt begins.', []),
        ("It asks?”\n\nIt begins.", 'It asks?"\n\nIt begins.', ["quotation"]),
        ("Left (as it is) and [so].", "Left (as it is) and [so].", []),
    ],
)
def test_rule_on_a_snippet(raw, text, rules):
    assert cleaned(raw) == (text, rules)


def test_correction_on_a_snippet_edits_only_the_words_that_differ():
    edited = clean(
        "so Irans fear",
        None,
        None,
        [{"found": "Irans fear", "corrected": "Iran's fear", "reason": "r"}],
    )
    assert (edited.text, [(e.start, e.end) for e in edited.edits]) == ("so Iran's fear", [(3, 8)])


def test_body_is_what_the_manifest_declares():
    edited = clean("Menu\n\nIt is **so**.\n\nBy *me*.", "It is", "so**.", [])
    assert edited.text == "It is so."
    outside = [(e.start, e.end) for e in edited.edits if e.rule == "outside-body"]
    assert outside == [(0, 6), (19, 29)]


def test_plain_text_is_taken_as_it_is():
    raw = "A **bold** line\nof text (http://a.b)\n\nand no full stop\n"
    edited = clean(raw, rules=())
    assert edited.text.strip() == "A **bold** line of text (http://a.b)\n\nand no full stop"
    assert [e.rule for e in edited.edits] == ["white-space"]


def test_a_line_that_goes_on_after_via_is_no_caption():
    raw = "The 2016/17 gas line via TANAP will open."
    assert cleaned(raw) == (raw, [])


# Sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["He met Prof. Katz of the U.S. delegation.", "He left."],
        ["He worked with friend and foe alike.", "She did not."],
        ["It is in the West.", "It cost $5.5 billion."],
        ['He said "No."', "She said “Yes.”", "They left."],
        ["Mr. Smith went to Washington.", "Why?", "Nobody knows!"],
        ["He served in the U.S. Army.", "He came home."],
    ],
)
def test_sentence_boundaries(sentences):
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@given(st.text(alphabet="Aab. ?!\"'’”)", max_size=60))
def test_sentences_lose_nothing_but_white_space(text):
    spans = sentence_spans(text)
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


# Edits


@st.composite
def raw_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a raw text and edits of it that neither overlap nor are empty."""
    raw = draw(st.text(alphabet="abc \n", min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(raw)), max_size=8)))
    words = st.text(alphabet="XYZ", max_size=3)
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return raw, [Edit(start, end, draw(words), "rule") for start, end in pairs]


def origin(raw: str, edits: list[Edit]) -> list[int | None]:
    """Return the raw place of every character of the edited text, None where it was put in."""
    places: list[int | None] = []
    position = 0
    for edit in edits:
        places += [*range(position, edit.start), *[None] * len(edit.replacement)]
        position = edit.end
    return [*places, *range(position, len(raw))]


@given(raw_and_edits())
def test_edits_are_applied_as_written(case):
    raw, edits = case
    expected = raw
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
    edited = EditedText.of(raw, reversed(edits))
    assert (edited.text, edited.edits, edited.raw) == (expected, tuple(edits), raw)


@given(raw_and_edits())
def test_every_kept_character_leads_back_to_itself(case):
    raw, edits = case
    edited = EditedText.of(raw, edits)
    for index, place in enumerate(origin(raw, edits)):
        start, end = edited.raw_span(index, index + 1)
        if place is None:
            assert any((start, end) == (edit.start, edit.end) for edit in edits)
        else:
            assert (start, end) == (place, place + 1)
            assert raw[place] == edited.text[index]


@given(raw_and_edits(), st.data())
def test_a_span_and_back_is_the_same_text(case, data):
    raw, edits = case
    edited = EditedText.of(raw, edits)
    kept = [index for index, place in enumerate(origin(raw, edits)) if place is not None]
    if kept:
        first, last = sorted((data.draw(st.sampled_from(kept)), data.draw(st.sampled_from(kept))))
        assert edited.within(*edited.raw_span(first, last + 1)) == edited.text[first : last + 1]


def test_a_span_holds_the_edits_at_its_edges():
    edited = EditedText.of("wont be theirs", [Edit(0, 4, "won't"), Edit(8, 14, "ours")])
    assert edited.text == "won't be ours"
    assert edited.raw_span(0, 5) == (0, 4)
    assert edited.raw_span(0, 13) == (0, 14)
    assert [edited.within(0, 4), edited.within(0, 14)] == ["won't", "won't be ours"]
    assert edited.within(5, 7) == "be"


@given(st.text(alphabet="ab", min_size=3, max_size=20), st.data())
def test_overlapping_edits_are_refused(raw, data):
    middle = data.draw(st.integers(1, len(raw) - 2))
    first = Edit(data.draw(st.integers(0, middle - 1)), middle + 1)
    second = Edit(middle, data.draw(st.integers(middle + 1, len(raw))), "x", "later")
    with pytest.raises(InputError, match="edits overlap"):
        EditedText.of(raw, [second, first])


def test_an_edit_beyond_the_text_is_refused():
    with pytest.raises(InputError, match="overlap"):
        EditedText.of("abc", [Edit(2, 5, "x")])


def test_an_empty_span_is_refused():
    with pytest.raises(InputError, match="at least one character"):
        EditedText.of("abc", []).raw_span(1, 1)


# Manifests and folders


def test_manifest_is_loaded_and_cleaned(manifest):
    corpus = load_corpus(manifest)
    assert corpus.title == "Colours"
    assert [(g.label, g.role) for g in corpus.groups] == [("new", "target"), ("old", "reference")]
    assert corpus.target.colour == "#111111"
    assert corpus.reference.colour.startswith("#")
    assert [d.text for d in corpus.documents] == [
        "It was red. It won't be red.",
        "It was green. It is.",
    ]
    assert list(corpus.sentences["text"])[:2] == ["It was red.", "It won't be red."]


def test_without_a_manifest_the_two_articles_are_loaded(corpus):
    assert load_corpus() == corpus


def test_a_given_manifest_is_never_taken_for_two_folders(manifest):
    folder = manifest.parent / f"one{os.pathsep}two"
    folder.mkdir()
    for file in manifest.parent.glob("*.t*"):
        file.rename(folder / file.name)
    assert load_corpus(folder / "corpus.toml").title == "Colours"


def test_folders_are_loaded_in_the_order_of_their_names(write_folder):
    corpus = load_folders(write_folder("a", "One.", "Two."), write_folder("b", "Three.\n\nFour."))
    assert [(d.id, d.group, d.title) for d in corpus.documents] == [
        ("a/00", "a", "00"),
        ("a/01", "a", "01"),
        ("b/00", "b", "00"),
    ]
    assert list(corpus.sentences["text"]) == ["One.", "Two.", "Three.", "Four."]
    assert list(corpus.sentences["paragraph"]) == [0, 0, 0, 1]


def test_folders_of_one_name_are_told_apart_by_their_parents(write_folder):
    corpus = load_folders(write_folder("x/2017", "One."), write_folder("y/2017", "Two."))
    assert [g.label for g in corpus.groups] == ["x/2017", "y/2017"]


def test_windows_line_ends_make_the_same_text(write_folder):
    corpus = load_folders(
        write_folder("a", b"One\r\nline.\r\n\r\nTwo.\r\n"),
        write_folder("b", "One\nline.\n\nTwo.\n"),
    )
    first, second = corpus.documents
    assert first.text == second.text == "One line.\n\nTwo."


# Bad input: one clear sentence that names the file and the cure


def replaced(path: Path, old: str, new: str) -> None:
    """Change a text file in one place."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def refusal(*arguments: Path) -> str:
    """Return the message with which a manifest, or a pair of folders, is refused."""
    with pytest.raises(InputError) as caught:
        load_folders(*arguments) if len(arguments) == 2 else load_corpus(*arguments)
    return str(caught.value)


def test_missing_raw_file(manifest):
    (manifest.parent / "old.txt").unlink()
    assert re.search(r"old\.txt is not there: put the file in its place", refusal(manifest))


def test_missing_manifest(tmp_path):
    assert re.search(r"none\.toml is not there: .*mend the path", refusal(tmp_path / "none.toml"))


def test_altered_raw_file(manifest):
    with (manifest.parent / "old.txt").open("a") as file:
        file.write(" ")
    message = refusal(manifest)
    assert re.search(r"old\.txt has changed: its sha256 is [0-9a-f]{64}", message)
    assert re.search(r"Restore the file, or, .* put the new sum in .*corpus\.toml", message)


def test_empty_raw_file(manifest):
    (manifest.parent / "old.txt").write_bytes(b"\xef\xbb\xbf \r\n\t\n")
    assert re.search(r"old\.txt is empty: put the document's text in it", refusal(manifest))


def test_wrong_encoding_of_a_raw_file(manifest):
    (manifest.parent / "old.txt").write_bytes("It was café.".encode("latin-1"))
    message = refusal(manifest)
    assert re.search(
        r"old\.txt is not UTF-8 \(line 1, byte 10 is 0xe9\): save it as UTF-8", message
    )


def test_malformed_manifest_names_the_line(manifest):
    replaced(manifest, 'label = "old"', 'label = "old')
    message = refusal(manifest)
    assert re.search(r"corpus\.toml is not valid TOML .*line 7, .*: mend .* that line", message)


def test_malformed_corrections_file_names_the_line(manifest):
    replaced(manifest.parent / "corrections.toml", "[[correction]]", "[[correction]")
    assert re.search(r"corrections\.toml is not valid TOML .*line 1, ", refusal(manifest))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'title = "Colours"\n',
            "",
            r"the manifest lacks title; add .*needed are title, group, doc",
        ),
        ('rights = "None"\n', "", r"\[\[document\]\] 'new' lacks rights; add what is missing"),
        ('id = "old"\n', "", r"\[\[document\]\] lacks id; add what is missing"),
        ('role = "target"\n', "", r"a \[\[group\]\] lacks role; add what is missing"),
        ('title = "A title"', 'headline = "A title"', "lacks title"),
        (
            'rights = "None"',
            'rights = "None"\nlicence = "x"',
            r"'new' .*unknown key 'licence'; the k",
        ),
        (
            'group = "new"',
            'group = "news"',
            r"unknown group 'news'; choose one of \['new', 'old'\]",
        ),
        ('id = "old"', 'id = "new"', r"two documents are called 'new'; give each its own id"),
        (
            'role = "reference"',
            'role = "target"',
            r"one of role 'target' and one of role 'reference'",
        ),
        (
            'role = "reference"',
            'role = "other"',
            r"two \[\[group\]\] .* got roles \['target', 'other'",
        ),
        ('label = "old"', 'label = "new"', r"two \[\[group\]\] tables with different labels"),
        (
            "[[document]]",
            '[[group]]\nlabel = "x"\nrole = "other"\n[[document]]',
            r"two \[\[group\]\] tables .* got roles \['target', 'reference', 'other'\]",
        ),
    ],
)
def test_unsound_manifest(manifest, old, new, message):
    replaced(manifest, old, new)
    refused = refusal(manifest)
    assert "corpus.toml" in refused
    assert re.search(message, refused), refused


def test_group_without_a_document(manifest):
    replaced(manifest, 'group = "old"', 'group = "new"')
    assert re.search(r"Group 'old' has no document: give each .* at least one", refusal(manifest))


@pytest.mark.parametrize(
    ("found", "times"), [("It", 4), ("It never was", 0)], ids=["several times", "never"]
)
def test_correction_must_occur_once(manifest, found, times):
    replaced(manifest.parent / "corrections.toml", '"It wont"', f'"{found}"')
    replaced(manifest.parent / "corrections.toml", '"It won\'t"', f'"{found}"')
    (manifest.parent / "new.txt").write_text(raw := "It was. It wont. It is. It red.\n\n")
    replaced(manifest, re.findall(r'sha256 = "(\w+)"', manifest.read_text())[0], sha256(raw))
    replaced(manifest, 'body_starts = "It was"', 'body_starts = "It was."')
    message = refusal(manifest)
    assert f"new.txt: '{found}' occurs {times} times" in message
    assert "quote more of its context" in message


def test_correction_without_a_reason(manifest):
    replaced(manifest.parent / "corrections.toml", "reason", "because")
    assert re.search(
        r"corrections\.toml: a \[\[correction\]\] lacks reason; add", refusal(manifest)
    )


def test_correction_that_changes_the_number_of_words(manifest):
    replaced(manifest.parent / "corrections.toml", "It won't", "It will not")
    assert "changes the number of words" in refusal(manifest)


@pytest.mark.parametrize("key", ["body_starts", "body_ends"])
def test_body_must_be_found(manifest, key):
    text = manifest.read_text()
    manifest.write_text(re.sub(rf'{key} = ".*"', f'{key} = "Nowhere"', text))
    message = refusal(manifest)
    assert "new.txt: 'Nowhere' occurs 0 times" in message
    assert "must occur exactly once" in message


def test_empty_folder(write_folder):
    folder = write_folder("empty")
    (folder / "notes.md").write_text("Not a text.")
    message = refusal(folder, write_folder("b", "Text."))
    assert re.search(r"empty holds no \.txt file: put one document a file in it", message)


def test_missing_folder(write_folder, tmp_path):
    message = refusal(write_folder("b", "Text."), tmp_path / "none")
    assert re.search(r"none is no folder: give a folder of \.txt files", message)


def test_the_same_folder_twice(write_folder):
    folder = write_folder("a", "Text.")
    message = refusal(folder, folder / ".." / "a")
    assert re.search(r"are the same, .*: give two different ones", message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"01\.txt is empty: put .* or remove the file"),
        (b"caf\xe9", r"01\.txt is not UTF-8 \(line 1, byte 3 is 0xe9\): save it as UTF-8"),
    ],
    ids=["empty", "Latin-1"],
)
def test_bad_file_in_a_folder(write_folder, content, message):
    assert re.search(message, refusal(write_folder("a", "Text.", content), write_folder("b", "T.")))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_half_a_body_is_refused(manifest):
    manifest.write_text(re.sub(r"body_ends = .*\n", "", manifest.read_text()))
    assert "body_ends" in refusal(manifest)


def test_folders_that_cannot_be_told_apart_by_two_names(write_folder):
    corpus = load_folders(write_folder("x/texts/2017", "A."), write_folder("y/texts/2017", "B."))
    assert corpus.target.label != corpus.reference.label


def test_misspelt_corrections_are_refused(manifest):
    replaced(manifest.parent / "corrections.toml", "[[correction]]", "[[corrections]]")
    assert "corrections.toml" in refusal(manifest)


@pytest.mark.parametrize(("old", "new"), [("colour", "color"), ("title", 'theme = "x"\ntitle')])
def test_unknown_key_outside_a_document_is_refused(manifest, old, new):
    replaced(manifest, old, new)
    assert "unknown key" in refusal(manifest)


@pytest.mark.parametrize(
    ("old", "new"), [('file = "old.txt"', "file = 3"), ("[[document]]", "[document]")]
)
def test_wrong_type_in_the_manifest_is_refused(manifest, old, new):
    text = manifest.read_text().rsplit("[[document]]", 1)
    manifest.write_text(text[0] if new == "[document]" else "[[document]]".join(text))
    replaced(manifest, old, new)
    assert "corpus.toml" in refusal(manifest)


@pytest.mark.parametrize("text", ["\u00a0\n", "\u3000\u2003"])
def test_a_file_of_other_white_space_is_empty(write_folder, text):
    assert "is empty" in refusal(write_folder("a", text), write_folder("b", "Text."))


def test_a_document_without_a_sentence_left_is_refused(manifest):
    (manifest.parent / "old.txt").write_text(raw := "A/B/C via REUTERS\n")
    replaced(manifest, re.findall(r'sha256 = "(\w+)"', manifest.read_text())[1], sha256(raw))
    assert "old.txt" in refusal(manifest)


def test_a_byte_order_mark_is_no_text(write_folder):
    corpus = load_folders(write_folder("a", "\ufeffText."), write_folder("b", "Text."))
    assert list(corpus.sentences["text"]) == ["Text.", "Text."]


def test_a_corpus_needs_a_document_in_each_group(corpus):
    documents: tuple[Document, ...] = (corpus.document("2017"),)
    with pytest.raises(InputError, match="Group '2018' has no document"):
        Corpus("half", corpus.target, corpus.reference, documents)


# A corpus without texts answers what was counted, and refuses what needs words

PLACES = pd.DataFrame(
    {
        "document": ["a", "b"],
        "group": ["red", "blue"],
        "paragraph": [0, 0],
        "sentence": [0, 0],
        "start": [0, 0],
        "end": [9, 7],
        "tokens": [2, 3],
    }
)


@pytest.fixture
def closed():
    documents = tuple(Document(name, group, WITHHELD, "0") for name, group in
                      (("a", "red"), ("b", "blue")))  # fmt: skip
    return ClosedCorpus(
        "Red and blue", Group("red", "target", "#B2432F"), Group("blue", "reference", "#2E7EB8"),
        documents, places=PLACES,
    )  # fmt: skip


def test_places_and_sizes_are_known(closed):
    assert list(closed.sentences["end"]) == [9, 7]
    assert closed.sentence_tokens.tolist() == [2, 3]
    assert list(closed.sentences[["document", "start"]]) == ["document", "start"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda corpus: corpus.sentences["text"],
        lambda corpus: corpus.sentences[["document", "text"]],
        lambda corpus: corpus.tokens,
        lambda corpus: corpus.tokens_of("red"),
        lambda corpus: corpus.edits,
        lambda corpus: corpus.documents[0].text,
        lambda corpus: corpus.documents[0].raw,
        lambda corpus: corpus.documents[0].token_spans,
        lambda corpus: corpus.overview,
    ],
    ids=["text", "columns", "tokens", "group", "edits", "clean", "raw", "spans", "overview"],
)
def test_words_are_refused(closed, ask):
    with pytest.raises(TextWithheld, match="needs the texts themselves"):
        ask(closed)


def test_no_first_reading_begins_with_a_character_that_is_not_looked_for():
    """Of all characters, in places where one could be read as another."""
    every = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    found = set(_RARE.findall(every))
    assert "\u00ad" in found
    others = (mark for mark in every if mark not in found and not mark.isspace())
    assert not _FIRST.search("".join(f"a{mark}\na {mark}" for mark in others))


@given(st.text("\"'–-¹⁴† \n\x1aa", max_size=8))
def test_a_mark_beside_a_mark_is_found(text):
    marks = "–¹²³⁰⁴-⁹†‡-"
    beside = rf"""["']{{3}}|["'][{marks}]|[{marks}]["'{marks}]|[–-] [–-]|\x1a| -[ \n]"""
    assert bool(_BESIDE.search(text)) == bool(re.search(beside, text))
