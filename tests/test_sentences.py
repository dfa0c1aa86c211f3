"""Sentences from text files: formats by example, faults in words, and every wording tried."""

import math
import re
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis import sentences
from analysis.errors import InputError
from analysis.result import about
from analysis.sentences import Page, _parsed, apart, book, books, fill, holds, prose, say

FACTS = {
    "n": 1234, "one": 1, "x": -0.517, "tiny": -0.0001, "nothing": math.nan, "most": math.inf,
    "p": 0.0342, "share": 0.247, "ends": (-0.517, 1.3), "words": ["gas", "iran", "oil"],
    "rows": [{"term": "a*b", "n": 1}, {"term": "c", "n": 2}], "group": {"label": "2018"},
    "unit": "documents", "flag": True, "limit": 2000, "near": 0.8,
}  # fmt: skip


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file of sentences, and let the engine look there."""
    monkeypatch.setattr(sentences, "FOLDER", tmp_path)
    book.cache_clear()

    def run(text, name="own"):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        book.cache_clear()

    yield run
    book.cache_clear()


# Formats, by example


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{n:,} terms", "1,234 terms"),
        ("{x:.1f}", "−0.5"),
        ("{tiny:.2f}", "0.00"),
        ("{nothing:.2f}", "–"),
        ("{most:.1f}", "∞"),
        ("{p:p}", "p = .034"),
        ("{p:bare_p}", ".034"),
        ("{share:percent}", "25\u00a0%"),
        ("{share:percent 1}", "24.7\u00a0%"),
        ("{share:+.2f} {x:+.2f} {tiny:+.2f}", "+0.25 −0.52 0.00"),
        ("{words:sentences}", "gas iran oil"),
        ("{ends:interval .2f}", "[−0.52, 1.30]"),
        ("{n:term|terms} {one:term|terms}", "terms term"),
        ("{words:list}", "gas, iran and oil"),
        ("{words:commas}", "gas, iran, oil"),
        ("{words:semicolons}", "gas; iran; oil"),
        ("{x:term|terms} {near:.0f} {near:term|terms}", "terms 1 term"),
        ("{words:list most 2}", "gas, iran, and 1 more"),
        ("{words:either most 2}", "gas, iran, or one of 1 more"),
        ("{words:sentences most 2}", "gas iran And 1 more."),
        ("{group.label}", "2018"),
        ("{flag}", "True"),
    ],
)
def test_places_are_filled_by_their_format(text, said):
    assert fill(text, FACTS, Page(), "here") == said


def test_a_list_is_said_by_another_entry_with_the_facts_of_all(write):
    write('[[all]]\ntext = "{rows:semicolons of row}"\n[[row]]\ntext = "{term} ({n} of {limit:,})"')
    assert say("own.all", FACTS) == "a*b (1 of 2,000); c (2 of 2,000)"
    assert prose("own.all", FACTS).text == r"a\*b (1 of 2,000); c (2 of 2,000)"


def test_entries_say_entries_of_their_file_or_of_another(write):
    write('[[end]]\ntext = "End of {unit}."', "common")
    write('[[a]]\ntext = "{@b} {@common.end}"\n[[b]]\ntext = "Begin."')
    assert say("own.a", FACTS) == "Begin. End of documents."


def test_what_is_always_said_needs_no_more_than_its_words(write):
    write('a = "So {n:,}."')
    assert say("own.a", FACTS) == "So 1,234."


def test_a_column_has_the_heading_of_its_table_or_of_its_subject(write):
    write('[headings]\nn = "{unit}"\np = "p"\n[tables.mine]\np = "p of mine"')
    assert sentences.headings_of("own.mine", ["p", "n"], FACTS) == {
        "p": "p of mine",
        "n": "documents",
    }
    assert list(sentences.headings_of("own.other", ["n", "p"], FACTS).values()) == [
        "documents",
        "p",
    ]
    with pytest.raises(InputError, match=r"no entry 'headings\.x'"):
        sentences.headings_of("own.mine", ["x"])


def test_the_first_wording_whose_conditions_hold_is_taken(write):
    write("""
        [[a]]
        when = [["n", "==", 0]]
        text = "None."
        [[a]]
        when = [["n", ">", 1], ["unit", "==", "'documents'"]]
        text = "Many documents."
        [[a]]
        text = "Some."
    """)
    assert say("own.a", FACTS) == "Many documents."
    assert say("own.a", FACTS | {"n": 0}) == "None."
    assert say("own.a", FACTS | {"unit": "paragraphs"}) == "Some."


def test_where_no_wording_is_true_nothing_is_said_and_no_gap_is_left(write):
    write('[[a]]\ntext = "One. {@b} Two."\n[[b]]\nwhen = [["n", "<", 0]]\ntext = "Never."')
    assert say("own.a", FACTS) == "One. Two."
    assert say("own.b", FACTS) == ""


def test_line_ends_are_spaces_and_empty_lines_part_paragraphs(write):
    write('[[a]]\ntext = """\nOne\ntwo.\n\n\nThree."""')
    assert say("own.a", {}) == "One two.\n\nThree."


def test_only_markdown_is_escaped(write):
    write('[[a]]\ntext = "*{term}* costs {price}"')
    facts = {"term": "a_b", "price": "$5 | <b>"}
    assert say("own.a", facts) == "*a_b* costs $5 | <b>"
    assert prose("own.a", facts).text == r"*a\_b* costs \$5 \| \<b\>"


@pytest.mark.parametrize(
    ("condition", "true"),
    [
        (["n", ">", 1], True),
        (["n", "<", "limit"], True),
        (["n", "!=", 1234], False),
        (["flag", "==", True], True),
        (["unit", "==", "'documents'"], True),
        (["unit", "!=", "'documents'"], False),
        (["nothing", "<", 1], False),
        (["nothing", ">=", 1], False),
        (["group.label", "==", "'2018'"], True),
    ],
)
def test_conditions(condition, true):
    assert holds(condition, FACTS, "here") is true


# Faults name the file and the entry


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[a]]\ntext = "{n"', r"own\.a: the places of .* malformed"),
        ('[[a]]\ntext = "{other}"', r"own\.a: there is no fact 'other'"),
        ('[[a]]\ntext = "{n.part}"', r"own\.a: there is no fact 'n\.part'"),
        ('[[a]]\ntext = "{unit:.1f}"', r"own\.a: the place \{unit:\.1f\} cannot be filled"),
        ('[[a]]\ntext = "{unit:list}"', "one text is no list of several"),
        ('[[a]]\ntext = "{words:interval .1f}"', r"own\.a: the place \{words:interval"),
        ('[[a]]\ntext = "{@b}"', r"own\.toml has no entry 'b'"),
        ('[[a]]\ntext = "{rows:list of b}"', r"own\.toml has no entry 'b'"),
        ('[[a]]\nwhen = [["n", "=", 1]]\ntext = ""', r"own\.a: \['n', '=', 1\] is no condition"),
        ('[[a]]\nwhen = [["n", ">"]]\ntext = ""', r"own\.a: \['n', '>'\] is no condition"),
        ('[[a]]\nwhen = [["m", ">", 1]]\ntext = ""', r"own\.a: there is no fact 'm'"),
        ('[[a]]\ntxt = "x"', r"own\.a: a wording has a text"),
        ("[[a]]\ntext = 3", r"own\.a: a wording has a text"),
        ('[[a]]\ntext = "x"\n[[a]]\ntext = "y"', r"own\.a: a wording without a condition hides"),
        ("a = 1", r"own\.a: an entry is a table"),
        ("[[a]", r"own\.toml is not valid TOML"),
    ],
)
def test_a_fault_is_told_with_file_and_entry(text, message, write):
    write(text)
    with pytest.raises(InputError, match=message):
        say("own.a", FACTS)


def test_a_missing_file_is_told():
    with pytest.raises(InputError, match=r"nowhere\.toml is not there"):
        say("nowhere.a", {})


# Every wording of every file


def every_wording():
    return [
        (subject, id, place)
        for subject in books()
        for id, wordings in book(subject).entries.items()
        for place in range(len(wordings))
    ]


def nest(facts, name, value):
    """Set a fact, or a part of one."""
    *path, last = name.split(".")
    for part in path:
        facts = facts.setdefault(part, {})
    facts[last] = value


def sample(subject, text, count, seen=()):
    """Return facts of the kinds that the places of a text ask for."""
    facts = {}
    plain = {}
    for _, name, spec, _ in _parsed(text, subject):
        if name is None:
            continue
        if name.startswith("@"):
            other = sentences._named(name[1:], subject)
            facts = sample_of(other, count, seen) | facts
        elif match := sentences._LIST.fullmatch(spec or ""):
            entry = match["entry"]
            own = sample_of(sentences._named(entry, subject), count, seen) if entry else "word"
            if entry and isinstance(facts.get(name), list):
                own = merged(facts[name][0], own)
            nest(facts, name, [own] * count)
        elif (spec or "").startswith("interval"):
            nest(facts, name, (-0.5, 0.3))
        elif spec in ("p", "bare_p") or (spec or "").startswith("percent"):
            nest(facts, name, 0.03)
        elif not spec:
            plain.setdefault(name, "word")
        else:
            plain[name] = count
    for name, value in plain.items():
        nest(facts, name, value)
    return facts


def sample_of(name, count, seen=()):
    """Return facts for every wording of an entry, and for what its conditions look at."""
    assert name not in seen, f"{name} says itself"
    subject, _, id = name.partition(".")
    facts = {}
    for wording in book(subject).entry(id):
        for condition in wording.when:
            for fact in looked_at(condition):
                nest(facts, fact, count)
        facts = merged(facts, sample(subject, wording.text, count, (*seen, name)))
    return facts


def merged(one, other):
    """Join two mappings of facts, parts and all; numbers outrank words."""
    both = dict(one)
    for name, value in other.items():
        if isinstance(value, dict) and isinstance(both.get(name), dict):
            both[name] = merged(both[name], value)
        elif name not in both or value != "word":
            both[name] = value
    return both


def looked_at(condition):
    name, _, bound = condition
    return [name, bound] if isinstance(bound, str) and bound[:1] != "'" else [name]


def candidates(conditions):
    """Return, by fact, values on either side of every bound."""
    found = {}
    for condition in conditions:
        bound = condition[2]
        for fact in looked_at(condition):
            values = found.setdefault(fact, [])
            if isinstance(bound, bool):
                values += [bound, not bound]
            elif isinstance(bound, str):
                values += [bound[1:-1], "other"] if bound[:1] == "'" else [1, 2, 3]
            else:
                values += [bound, bound + 1, bound - 1]
    return found


def witness(subject, id, place, count):
    """Return facts under which a wording is the first that is true, if there are any."""
    wordings = book(subject).entry(id)
    facts = sample_of(f"{subject}.{id}", count)
    tried = candidates(c for wording in wordings[: place + 1] for c in wording.when)
    for values in product(*tried.values()):
        for name, value in zip(tried, values, strict=True):
            nest(facts, name, value)
        taken = next((w for w in wordings if all(holds(c, facts, id) for c in w.when)), None)
        if taken is wordings[place]:
            return facts
    return None


@pytest.mark.parametrize("count", [1, 2, 12])
@pytest.mark.parametrize(("subject", "id", "place"), every_wording())
def test_every_wording_can_be_reached_and_reads_well(subject, id, place, count):
    facts = witness(subject, id, place, count)
    assert facts is not None, "no facts lead to this wording: it is dead"
    for text in (say(f"{subject}.{id}", facts), prose(f"{subject}.{id}", facts).text):
        assert not re.search(r"[{}]|\bnan\b|  |\s[,;]|\s\.(?!\d)|\(\)|\.\.|, ,|\*\*\*", text), text
        assert text or not book(subject).entry(id)[place].text


COUNTED = "concept|document|name|paragraph|phrase|point|sentence|term|token|topic|type|unit|word"
MANY = {  # what is never of one: texts, sentences of two groups, routes, rated sentences, topics
    "common.guard", "common.texts", "explorer.bounded", "findings.multiverse.finding",
    "findings.multiverse.said",
    "findings.multiverse.routes", "keywords.dispersion.caption", "keywords.dispersion.held",
    "reading.axes.ribbon", "tone.calibration.finding", "tone.coded.finding", "topics.finding",
    "topics.differences", "topics.limits", "topics.seen", "topics.verdict_of_all",
}  # fmt: skip


@pytest.mark.parametrize(("subject", "id", "place"), every_wording())
def test_one_of_a_kind_is_said_in_the_singular(subject, id, place):
    text = say(f"{subject}.{id}", witness(subject, id, place, 1))
    if f"{subject}.{id}" not in MANY:
        assert not re.search(rf"(?<![\w.,−+])1 (?:{COUNTED})s\b", text), text
        assert not re.search(r"\b(?:[Nn]one of|[Tt]hese|All|[Oo]f the) \**1\b", text), text


def test_every_entry_is_said_somewhere():
    """By a module, by the id of a figure, or by another entry."""
    from pathlib import Path

    root = Path(sentences.__file__).parent
    code = "\n".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    texts = "\n".join(path.read_text("utf-8") for path in sentences.FOLDER.glob("*.toml"))
    for subject in books():
        for id in book(subject).entries:
            figure, _, part = id.rpartition(".")
            drawn = (
                part in ("caption", "alt", "title", "chapter") and f'"{subject}-{figure}"' in code
            )
            quoted = any(f"{mark}{subject}.{id}{mark}" in code for mark in "'\"")
            if id.startswith(("headings.", "tables.")):  # by its column, and by the table it is of
                _, *table, column = id.split(".")
                place = table[0] + '"' if table else ""
                column = re.sub("_(target|reference)$", "", column)
                quoted = re.search(rf'headings_of\(\s*"{subject}\.{place}', code) and re.search(
                    rf'["_]{column}["_=]|\b{column}=', code
                )
            if f"{subject}.{id}".startswith("common.table."):  # by the name of the table
                quoted = f'"{id.removeprefix("table.")}"' in code
            if f"{subject}.{id}".startswith("compare.analyses."):  # by the name of a function
                quoted = f"def {id.removeprefix('analyses.')}(" in code
            if f"{subject}.{id}".startswith("compare.remarks."):  # by the name of a notebook
                quoted = f'"{id.removeprefix("remarks.")}"' in code
            named = re.search(rf"(@|of )({subject}\.)?{re.escape(id)}\b", texts)
            assert drawn or quoted or named, f"{subject}.{id} is said nowhere"


def test_every_caption_ends_as_a_sentence_does():
    for subject in books():
        for id, wordings in book(subject).entries.items():
            if id.endswith("caption"):
                for place in range(len(wordings)):
                    text = say(f"{subject}.{id}", witness(subject, id, place, 2))
                    assert text.endswith("."), (subject, id)


def test_the_level_is_stated_once():
    """What tests and intervals promise is taken from the code, not typed into sentences."""
    for file in sentences.FOLDER.glob("*.toml"):
        lines = file.read_text("utf-8").splitlines()
        typed = [line for line in lines if re.search(r"(?<![\d.])9?5[ \u00a0]%|at \.05", line)]
        assert typed == [], file.name
    assert sentences.holds(["p", "<", "level"], {"p": 0.049}, "here")
    assert not sentences.holds(["p", "<", "level"], {"p": 0.051}, "here")
    assert sentences.holds(["p", "<", "level"], {"p": 0.5, "level": 0.6}, "here")


# What is said of a result


def test_about_a_result_is_what_its_corpus_and_units_are(corpus):
    from analysis.description import describe

    facts = about(describe(corpus, unit_tokens=50))
    assert (facts["target"], facts["reference"]) == ("2018", "2017")
    assert [group["documents"] for group in facts["groups"]] == [1, 1]
    assert say("common.guard", facts).startswith("The comparison is of these two texts")
    one = facts | {"most_documents": 30, "least_documents": 1}
    assert say("common.guard", one).startswith("One group is a single text")
    few = facts | {"most_documents": 4, "least_documents": 4, "documents": 8}
    assert "of these 8 texts" in say("common.guard", few)
    many = facts | {"most_documents": 40, "least_documents": 20, "documents": 60}
    assert say("common.guard", many).endswith("of 2018 and 2017 at large.")


@given(
    st.text("ab ", min_size=1, max_size=60),
    st.text("ab ", min_size=1, max_size=60),
    st.integers(4, 40),
)
def test_two_names_that_are_cut_short_still_differ(one, other, width):
    assume(one != other)
    shown = apart([one, other], width)
    assert list(shown) == [one, other]
    assert len(set(shown.values())) == 2
    assert all(len(name) <= width for name in shown.values())
    if max(len(one), len(other)) <= width:
        assert shown == {one: one, other: other}
