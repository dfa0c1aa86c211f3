"""The command line: the results of Python as CSV, and one clear line when something is wrong."""

import ast
import csv
import hashlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import keyness, load_folders, sentiment, topics
from analysis.cli import INTERRUPTED, OF_EVERY_CORPUS, main
from analysis.commands import TABLE, by_switches
from analysis.keywords import COLUMNS
from analysis.text.design import SETTINGS, Design
from analysis.text.reading import Reading
from analysis.tone import score_lines

ROOT = Path(__file__).resolve().parents[1]
NEW = "Red fish swim home. Good red birds fly. The fish love home. "
OLD = "Blue birds fly home. Bad blue fish swim. The birds hate home. "
RESULTS = {
    "keywords": lambda corpus: keyness(corpus).table,
    "tone": lambda corpus: sentiment(corpus).table,
    "topics": lambda corpus: topics(corpus).table,
}


def test_every_decision_on_a_corpus_has_its_option_and_there_is_no_other():
    options = [option for group in OF_EVERY_CORPUS.values() for option in group]
    named = [how.get("dest", flag.lstrip("-").replace("-", "_")) for flag, how in options]
    decisions = {*TABLE, *Reading.__annotations__, *Design.__annotations__, *SETTINGS}
    assert sorted(named) == sorted(decisions - {"settings"})


@pytest.fixture
def run(capsys):
    """Run a command in this process; return its exit status, output and errors."""

    def command(*arguments):
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return command


@pytest.fixture
def folders(write_folder):
    """Two folders, long enough for several units each."""
    return write_folder("new", NEW * 40, NEW * 20), write_folder("old", OLD * 40)


@pytest.fixture
def refused(run):
    """Check that a command ends with one line that holds all of some words; return the line."""

    def check(arguments, *words):
        status, out, err = run(*arguments)
        said = "Reading the texts ...\n" if "compare" in arguments else ""
        assert (status, out) == (2, said)
        *warnings, reason = err.splitlines(keepends=True)  # what was met before it, a line each
        assert all(line.startswith("analysis: warning: ") for line in warnings)
        assert reason.startswith("analysis: ")
        assert reason.endswith("\n")
        for word in words:
            assert str(word) in reason
        return reason

    return check


def shell(*arguments, **more):
    """Run a command as a reader does, from another folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "analysis", *map(str, arguments)],
        capture_output=True, encoding="utf-8", check=False, env=environment, **more,
    )  # fmt: skip


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def assert_eight_digits(text, table):
    """Check that a CSV holds a table: its columns, its words, its numbers at eight digits."""
    found = rows(text)
    assert list(found[0]) == list(table.columns)
    assert len(found) == len(table)
    for column in table.columns:
        for cell, value in zip((row[column] for row in found), table[column], strict=True):
            if isinstance(value, float):
                same = (cell == "" and np.isnan(value)) or float(cell) == pytest.approx(
                    value, rel=6e-8
                )
            else:
                same = cell == str(value)
            assert same, (column, cell, value)


# Text


def test_text_of_the_example(run, corpus):
    status, out, err = run("text")
    assert (status, err) == (0, "")
    assert out == "\n\n".join(document.text for document in corpus.documents) + "\n"


def test_text_of_one_document(run, corpus):
    status, out, _ = run("text", ROOT / "data" / "corpus.toml", "--document", "2017")
    assert status == 0
    assert out == corpus.document("2017").text + "\n"
    assert out.split("\n\n") == [*corpus.document("2017").paragraphs[:-1], out.split("\n\n")[-1]]


def test_text_of_a_manifest(run, manifest):
    assert run("text", manifest)[1] == "It was red. It won't be red.\n\nIt was green. It is.\n"
    assert run("text", manifest, "--document", "old")[1] == "It was green. It is.\n"


# Tables


def test_sentences_are_drawn_rated_and_taken_back(run, tmp_path):
    sheet = tmp_path / "sheet.csv"
    assert run("tone", "--draw", "20", "--csv", sheet)[0] == 0
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8"))))
    assert (len(rows), list(rows[0])) == (40, ["id", "text", "rating"])
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"rating": i % 5 - 2} for i, row in enumerate(rows))
    status, out, _ = run("tone", "--ratings", sheet)
    found = list(csv.DictReader(io.StringIO(out)))
    assert (status, [row["by"] for row in found]) == (0, ["codes", "codes and tone"])
    assert {row["n_target"] for row in found} == {"20"}


def test_lines_are_scored_toward_whom_they_name(run, tmp_path):
    file = tmp_path / "named.txt"
    line = "Rome was kind, but Carthage was cruel."
    file.write_text(f"Rome\t{line}\nCarthage\t{line}\n", encoding="utf-8")
    status, out, _ = run("tone", "--lines", file, "--toward")
    found = list(csv.DictReader(io.StringIO(out)))
    assert (status, [row["tone_class"] for row in found]) == (0, ["positive", "negative"])
    file.write_text(line, encoding="utf-8")
    assert "expected a name, a tab and a sentence" in run("tone", "--lines", file, "--toward")[2]
    assert "--toward needs --lines" in run("tone", "--toward")[2]


def test_actors_are_contrasted(run, corpus):
    status, out, _ = run("tone", "--actors")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (status, rows[0]["actor"]) == (0, "Russia")


@pytest.mark.parametrize("command", list(RESULTS))
def test_the_example_is_printed_at_eight_digits(command, run, corpus):
    status, out, err = run(command)
    assert status == 0
    notes = {
        "tone": "analysis: note: Tone is calibrated on newspaper editorials. Raters find",
        "topics": "analysis: note: 38 passages are too few for topics. In planted corpora of 40",
    }
    assert err.startswith(notes[command]) if command in notes else err == ""
    assert_eight_digits(out, RESULTS[command](corpus))


@pytest.mark.parametrize("command", ["keywords", "tone"])
def test_a_manifest_by_its_path_is_the_example(command, run, tmp_path):
    status, out, _ = run(command, ROOT / "data" / "corpus.toml", "--csv", tmp_path / "a.csv")
    assert (status, out) == (0, "")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == run(command)[1]


@pytest.mark.parametrize("command", list(RESULTS))
def test_two_folders_target_first(command, run, write_folder, tmp_path):
    new = write_folder(
        "new", " ".join(f"The red word{chr(97 + i)} swims. {NEW}" for i in range(20))
    )
    old = write_folder(
        "old", " ".join(f"The blue word{chr(97 + i)} flies. {OLD}" for i in range(24))
    )
    assert run(command, new, old, "--csv", tmp_path / "a.csv")[0] == 0
    table = RESULTS[command](load_folders(new, old))
    assert_eight_digits((tmp_path / "a.csv").read_text(encoding="utf-8"), table)


def test_keywords_are_ranked_by_a_signed_score(run, folders):
    found = rows(run("keywords", *folders)[1])
    assert list(found[0]) == COLUMNS
    scores = {row["term"]: float(row["score"]) for row in found}
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert scores["red"] > 0 > scores["blue"]
    assert {row["term"]: row["n_target"] for row in found}["red"] == "120"
    assert {row["term"]: row["n_reference"] for row in found}["blue"] == "80"


def test_a_table_is_written_in_unix_lines_and_replaces_the_old_one(run, folders, tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old\n")
    status, out, said = run("keywords", *folders, "--csv", path)
    assert (status, out) == (0, "")
    record = path.with_suffix(".json")
    lines = len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert said == f"analysis: {lines} rows are in {path}, what made them in {record}.\n"
    content = path.read_bytes()
    assert content.startswith(b"term,n_target,")
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert content.decode() == run("keywords", *folders)[1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "old", "out.csv", "out.json"]
    assert json.loads(record.read_text(encoding="utf-8")) == keyness(load_folders(*folders)).record


@pytest.mark.parametrize("name", ["out.csv", "out.json"])
def test_a_record_takes_no_other_files_place(name, refused, run, folders, tmp_path):
    """A table of texts beside it is no record, and stays; an earlier record is replaced."""
    (tmp_path / "out.json").write_text('[{"text": "a", "group": "b"}]')
    words = (tmp_path / "out.json", "is where the record of this table goes")
    refused(["keywords", *folders, "--draws", 99, "--csv", tmp_path / name], *words)
    assert (tmp_path / "out.json").read_text() == '[{"text": "a", "group": "b"}]'
    assert not (tmp_path / "out.csv").exists()
    for _ in range(2):
        assert run("keywords", *folders, "--draws", 99, "--csv", tmp_path / "own.csv")[0] == 0
    assert run("look", *folders, "--csv", tmp_path / "look.csv")[0] == 0
    assert not (tmp_path / "look.json").exists()
    (tmp_path / "t.csv").write_text("text,group\nOne word <b>here</b>.,a\n,a\nTwo words.,b\n")
    status, out, err = run("look", tmp_path / "t.csv")
    assert status == 0 and "tags of web pages" in out and "tags of web pages" not in err
    assert "Passed over: 1 row" in err  # what no row of the table says


def test_a_manifest_that_would_name_files_outside_its_folder_says_so(
    run, folders, tmp_path, monkeypatch
):
    """Stored where it was made it is read as the folders are; elsewhere the cure is told first."""
    monkeypatch.chdir(tmp_path)
    status, out, err = run("manifest", "new", "old")
    assert (status, err) == (0, "")
    Path("corpus.toml").write_text(out, encoding="utf-8")
    assert run("text", "corpus.toml")[1] == run("text", "new", "old")[1]
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    status, out, err = run("manifest", "../new", "../old")
    assert (status, err.count("\n")) == (0, 2)
    assert "../new lies outside" in err
    Path("corpus.toml").write_text(out, encoding="utf-8")
    assert run("text", "corpus.toml")[0] == 2
    assert run("text", "corpus.toml", "--outside")[0] == 0


def test_a_folder_whose_name_begins_with_a_hyphen(run, folders, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    folders[0].rename("-x")
    with pytest.raises(SystemExit):
        main(["look", "-x", "old"])
    assert "-x is read as an option: write ./-x" in capsys.readouterr().err
    assert run("look", "./-x", "old")[0] == 0


def test_a_document_is_known_by_the_end_of_its_name(run, refused, write_folder):
    new = write_folder("new", *(f"{NEW} Number {n}." for n in range(12)))
    old = write_folder("old", *(f"{OLD} Number {n}." for n in range(13)))
    assert "Number 12." in run("text", new, old, "--document", "12")[1]
    refused(["text", new, old, "--document", "03"], "Several documents", "new/03, old/03.")
    refused(["text", new, old, "--document", "x"], "No document 'x'", "new/09 and 15 more.")


def test_a_missing_folder_for_the_csv_is_made(run, folders, tmp_path):
    path = tmp_path / "deep" / "down" / "out.csv"
    assert run("tone", *folders, "--csv", path)[0] == 0
    assert path.read_text(encoding="utf-8").startswith("lexicon,")


# Lines


# Switches: what was decided holds on the command line as it does in Python


def test_switches_of_what_is_counted(run, folders, tmp_path):
    stops = tmp_path / "stops.txt"
    stops.write_text("fish birds", encoding="utf-8")
    status, out, _ = run("keywords", *folders, "--function-words", "--draws", 99)
    assert status == 0
    assert "the" in {row["term"] for row in rows(out)}
    _, out, _ = run("keywords", *folders, "--stopwords", stops, "--draws", 99)
    assert {"the", "home"} <= {row["term"] for row in rows(out)}
    assert not {"fish", "birds"} & {row["term"] for row in rows(out)}
    _, out, _ = run("keywords", *folders, "--phrases", "--draws", 99)
    assert "red fish swim home" in {row["term"] for row in rows(out)}


def test_phrases_and_concepts_are_two_tables(refused, folders, tmp_path):
    (tmp_path / "lists.toml").write_text("")
    options = ["--phrases", "--concepts", tmp_path / "lists.toml"]
    refused(["keywords", *folders, *options], "either --phrases or --concepts")


def test_switches_of_the_seed_and_the_unit(run, folders):
    corpus = load_folders(*folders)
    _, out, _ = run("keywords", *folders, "--seed", 3, "--unit", 40, "--draws", 99)
    assert_eight_digits(out, keyness(corpus, seed=3, unit_tokens=40, draws=99).table)


def test_a_file_of_concepts_is_contrasted(run, folders, tmp_path):
    lists = tmp_path / "lists.toml"
    lists.write_text(
        '[[concept]]\nname = "animals"\ndefinition = "What lives."\n'
        '[concept.words]\n"fish" = "one"\n"bird*" = "another"\n',
        encoding="utf-8",
    )
    _, out, _ = run("keywords", *folders, "--concepts", lists, "--draws", 99)
    (row,) = rows(out)
    assert row["term"] == "animals"
    assert int(row["n_target"]) == 60 * 3


def test_anchor_words_and_the_number_reach_the_model(refused, folders):
    options = ["topics", *folders, "--unit", 30, "--draws", 99]
    refused([*options, "--anchor-words", "water=fish,swim"], "no terms of the model: fish, swim")
    refused([*options, "--k", 500], "500")


def test_a_table_by_clusters_under_other_names(run, tmp_path):
    lines = [
        ("Ann", "a", NEW),
        ("Ben", "a", NEW),
        ("Ann", "a", NEW),
        ("Cy", "b", OLD),
        ("Di", "b", OLD),
    ]
    table = tmp_path / "t.csv"
    pd.DataFrame(lines, columns=["who", "group", "text"]).to_csv(table, index=False)
    _, out, err = run(
        "keywords", table, "--cluster", "who", "--labels", "new", "old", "--draws", 99
    )
    assert "5 documents in 4 clusters of one who." in err
    assert rows(out)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--anchor-words", "fish"], "takes a name and its words"),
        (["--unit", "0"], "analysis: --unit must be between 1 and 1,000,000 words; got 0."),
        (["--draws", "1"], "as fewer draws cannot give p < .05; got 1."),
        (["--draws", "1000001"], "--draws must be between 20 and 1,000,000"),
        (["--k", "1"], "between 2 and 1,000 topics; got 1."),
        (["--seed", "4294967296"], "between 0 and 4,294,967,295"),
        (["--cluster", "who"], "to cluster by"),
        (["--labels", "a", "a"], "two different names"),
        (["--colours", "red", "blue"], "six figures"),
    ],
)
def test_switches_that_cannot_be_followed(options, words, run, folders):
    status, out, err = run("keywords", *folders, *options)
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_lines_are_scored_one_by_one(run, tmp_path):
    lines = ["A great success.", "He is in it.", "", "“Terrible” war, sadly."]
    file, out = tmp_path / "lines.txt", tmp_path / "out.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = f"analysis: {len(lines)} rows are in {out}.\n"
    assert run("tone", "--lines", file, "--csv", out) == (0, "", said)
    text = out.read_text(encoding="utf-8")
    assert_eight_digits(text, score_lines(lines))
    found = rows(text)
    assert [row["line"] for row in found] == ["1", "2", "3", "4"]
    assert float(found[0]["tone"]) > float(found[1]["tone"]) > float(found[3]["tone"])
    assert found[1]["note"].startswith("no word is scored: neutral")
    assert (found[2]["tone"], found[2]["vader"], found[2]["words_scored"]) == ("", "", "0")


def test_lines_in_another_language_are_warned_of_and_texts_refused(
    run, folders, write_folder, tmp_path
):
    german = "Der Minister sprach mit dem Kanzler gestern lange über die Lage in Moskau. "
    (tmp_path / "lines.txt").write_text(german, encoding="utf-8")
    status, out, err = run("tone", "--lines", tmp_path / "lines.txt")
    assert (status, out.count("\n") > 1, err.count("\n")) == (0, True, 1)
    warned = ["analysis: warning: ", "0% of tokens are English", "know English only."]
    assert all(word in err for word in warned)
    status, out, err = run("tone", write_folder("de", german * 40), folders[1])
    assert (status, out) == (2, "")
    assert "--language german" in err
    assert "'de' are in German, it seems, and the lexicons know English only" in err


def test_a_word_list_of_ones_own(run, folders, tmp_path):
    mine, lines = tmp_path / "mine.txt", tmp_path / "lines.txt"
    mine.write_text("word\tvalence\nred\t2\n", encoding="utf-8")
    lines.write_text("It is red red.\nIt is blue.\n", encoding="utf-8")
    status, out, _ = run("tone", "--lines", lines, "--lexicon", mine)
    assert (status, [row["mine"] for row in rows(out)]) == (0, ["2", "0"])
    status, out, _ = run("tone", *folders, "--lexicon", mine)
    assert (status, [row["lexicon"] for row in rows(out)][-2:]) == (0, ["mine", "mine"])


@pytest.mark.parametrize("content", ["good 1\n", "word\tvalence\ngood\tone\n", ""])
def test_a_malformed_word_list_of_ones_own(content, refused, folders, tmp_path):
    mine = tmp_path / "mine.txt"
    mine.write_text(content, encoding="utf-8")
    refused(["tone", *folders, "--lexicon", mine], "mine.txt")


@pytest.mark.parametrize("content", [b"Good.\r\nBad.\r\n", b"\xef\xbb\xbfGood.\nBad."])
def test_lines_of_any_system(content, run, tmp_path):
    (tmp_path / "lines.txt").write_bytes(content)
    found = rows(run("tone", "--lines", tmp_path / "lines.txt")[1])
    assert [np.sign(float(row["tone"])) for row in found] == [1, -1]


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_one_line_in_is_one_row_out(mark, run, tmp_path):
    (tmp_path / "lines.txt").write_text(f"A good{mark}day.\nA bad day.\n", encoding="utf-8")
    assert len(rows(run("tone", "--lines", tmp_path / "lines.txt")[1])) == 2


# Headline


def test_the_headline_is_what_make_wrote(run, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.findings.ROOT", tmp_path)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "findings.md").write_text("- One word.\n", encoding="utf-8")
    (tmp_path / "figures" / "a.png").touch()
    status, out, _ = run("headline")
    assert status == 0
    assert "- One word.\n" in out
    assert "1 figure, with" in out
    assert str(tmp_path / "figures" / "README.md") in out


def test_a_headline_before_make_is_refused(refused, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.report.findings.ROOT", tmp_path)
    refused(["headline"], tmp_path / "figures" / "findings.md", "run `make` first")


# As a reader runs it


def test_the_command_runs_from_any_folder(folders, tmp_path, corpus):
    done = shell("keywords", "new", "old", "--csv", "out.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert re.fullmatch(r"analysis: \d+ rows are in out\.csv, what .* out\.json\.\n", done.stderr)
    found = pd.read_csv(tmp_path / "out.csv")
    assert list(found.columns) == COLUMNS
    done = shell("text", "--document", "2018", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == corpus.document("2018").text + "\n"


def test_failure_is_seen_by_the_shell(folders, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("kept")
    done = shell("keywords", "new", "nowhere", "--csv", out, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("analysis: nowhere is no folder: give a folder of .txt files")
    assert done.stderr.count("\n") == 1
    assert out.read_text() == "kept"


@pytest.mark.parametrize(
    "arguments",
    ["", "keyword", "text --title 2018", "compare", "tone --csv", "keywords --unit x"],
)
def test_a_mistake_in_a_call_is_one_sentence_that_leads_to_the_help(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments.split())
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert re.fullmatch(r"analysis: [^\n]+; python -m analysis[a-z ]* --help lists [^\n]+\n", said)


@pytest.mark.parametrize("command", ["", "text", "keywords", "tone", "topics", "compare"])
def test_help_is_enough(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    assert left.value.code == 0
    words = {"tone": "--lines", "text": "--document", "compare": "--out"}
    assert words.get(command, "--csv" if command else "keywords") in capsys.readouterr().out


# Pages and manifests


def test_a_page_is_written_over_no_other_file(run, folders, tmp_path):
    page = tmp_path / "look.html"
    for _ in range(2):  # its own page is written anew
        said = f"analysis: The page is {page}: open it in a browser.\n"
        assert run("explore", *folders, "--out", page) == (0, "", said)
    assert '<script type="application/json" id="data">' in page.read_text(encoding="utf-8")
    table, other = tmp_path / "look.csv", tmp_path / "other.html"
    other.write_text("<p>mine</p>", encoding="utf-8")
    for name, words in ((table, "end it in .html"), (other, "no page that explore wrote")):
        status, _, reason = run("explore", *folders, "--out", name)
        assert status == 2
        assert words in reason
    assert not table.exists()
    assert other.read_text(encoding="utf-8") == "<p>mine</p>"


def test_a_manifest_names_its_texts_from_where_it_lies(run, folders, tmp_path):
    place = tmp_path / "deep" / "corpus.toml"
    assert run("manifest", *folders, "--out", place)[:2] == (0, "")
    assert run("keywords", place, "--outside", "--draws", 99)[0] == 0
    before = place.read_bytes()
    status, _, reason = run("manifest", *folders, "--out", place)
    assert status == 2
    assert "is there already" in reason
    assert place.read_bytes() == before


# What cannot be used: the manifest


@pytest.mark.parametrize("command", ["text", "keywords", "tone", "topics"])
def test_a_missing_manifest(command, refused, tmp_path):
    refused([command, tmp_path / "no.toml"], tmp_path / "no.toml", "is not there", "mend the path")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "Colours"', "title = Colours", ["corpus.toml", "not valid TOML", "line 1"]),
        ('title = "Colours"', "", ["corpus.toml", "lacks title", "add what is missing"]),
        ('group = "old"', 'group = "elder"', ["unknown group 'elder'", "['new', 'old']"]),
        ('role = "reference"', 'role = "other"', ["'target'", "'reference'", "'other'"]),
        ('file = "old.txt"', 'file = "older.txt"', ["older.txt is not there", "mend the path"]),
        ('id = "old"', 'id = "new"', ["two documents are called 'new'", "its own id"]),
        ('rights = "None"', "", ["lacks rights", "add what is missing"]),
        ('role = "target"', 'role = "target"\ncolor = "red"', ["unknown key 'color'", "colour"]),
        ('body_starts = "It was"', 'body_starts = "It is"', ["new.txt", "exactly once"]),
    ],
)
def test_a_malformed_manifest(old, new, words, refused, manifest, tmp_path):
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new, 1))
    out = tmp_path / "out.csv"
    out.write_text("kept")
    refused(["keywords", manifest, "--csv", out], manifest.parent, *words)
    assert out.read_text() == "kept"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["old.txt is not there", "put the file in its place"]),
        (b"It was green. It is!", ["old.txt has changed", "sha256", "Restore the file"]),
        (b"", ["old.txt is empty", "put the document's text in it"]),
        (b" \n\n", ["old.txt is empty"]),
        ("Café".encode("latin-1"), ["old.txt is not UTF-8", "byte 3 is 0xe9", "save it as UTF-8"]),
    ],
)
@pytest.mark.parametrize("command", ["text", "keywords", "tone", "topics"])
def test_a_raw_file_that_is_missing_altered_empty_or_wrongly_encoded(
    command, content, words, refused, manifest, tmp_path
):
    raw, out = manifest.with_name("old.txt"), tmp_path / "out.csv"
    out.write_text("kept")
    if content is None:
        raw.unlink()
    else:
        raw.write_bytes(content)
    more = [] if command == "text" else ["--csv", out]
    refused([command, manifest, *more], raw, *words)
    assert out.read_text() == "kept"


def test_an_unknown_document(refused, manifest):
    refused(["text", manifest, "--document", "1999"], "'1999'", "choose one of: new, old")


# What cannot be used: folders


@pytest.mark.parametrize("command", ["keywords", "tone", "topics"])
def test_the_same_folder_twice(command, refused, folders):
    new, _ = folders
    refused([command, new, new], new, "are the same", "give two different ones")
    refused([command, new, new / ".." / "new"], new, "are the same")


def test_a_folder_without_texts(refused, folders, tmp_path):
    (tmp_path / "bare").mkdir()
    refused(["keywords", folders[0], tmp_path / "bare"], tmp_path / "bare", "holds no .txt file")


def test_one_folder_or_three(refused, folders):
    refused(["keywords", folders[0]], folders[0], "name a second one to compare it with")
    refused(["tone", *folders, folders[0]], "got 3 names")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["01.txt is empty", "remove the file"]),
        (b"\xffG", ["01.txt is not UTF-8", "byte 0 is 0xff", "save it as UTF-8"]),
    ],
)
@pytest.mark.parametrize("command", ["keywords", "tone", "topics"])
def test_a_text_that_cannot_be_used(command, content, words, refused, write_folder, folders):
    bad = write_folder("bad", NEW * 40, content)
    refused([command, bad, folders[1]], *words)


@pytest.mark.parametrize("command", ["keywords", "tone"])
def test_a_text_without_a_word_is_left_out_and_told(command, run, write_folder, folders):
    status, out, err = run(command, write_folder("bad", NEW * 40, "... !"), folders[1])
    assert status == 0 and out
    assert "bad/01" in err


@pytest.mark.parametrize("command", ["keywords", "tone", "topics"])
def test_a_group_without_a_word(command, refused, write_folder, folders):
    refused([command, write_folder("bad", "... !"), folders[1]], "'bad/00' holds no word")


@pytest.mark.parametrize("command", ["keywords", "tone", "topics"])
def test_a_group_of_one_unit(command, refused, write_folder, folders, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("kept")
    short = write_folder("short", "Red fish swim home.")
    words = [] if command == "tone" else ["'short'"]  # tone does not say which
    refused([command, short, folders[1], "--csv", out], *words, "unit of inference", "longer text")
    assert out.read_text() == "kept"


def test_tone_names_the_group_of_one_unit(refused, write_folder, folders):
    refused(["tone", write_folder("short", "Red fish swim home."), folders[1]], "'short'")


def test_texts_without_a_term_in_common(refused, write_folder, folders):
    other = write_folder("other", "Katzen ruhen gerne. " * 100)
    refused(["keywords", folders[0], other], "no term in common", "check that")


# What cannot be used: lines and places to write to


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["lines.txt cannot be read", "mend the path"]),
        (b"", ["lines.txt is empty", "one sentence on each line"]),
        (b"\n \n", ["lines.txt is empty"]),
        (b"caf\xe9", ["lines.txt is not UTF-8", "save it as UTF-8"]),
    ],
)
def test_lines_that_cannot_be_used(content, words, refused, tmp_path):
    if content is not None:
        (tmp_path / "lines.txt").write_bytes(content)
    refused(["tone", "--lines", tmp_path / "lines.txt"], tmp_path, *words)


def test_a_line_too_long_to_be_a_sentence_is_refused(refused, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.commands.LONGEST_LINE", 30)
    (tmp_path / "lines.txt").write_text("A good day.\n" + "word " * 9)
    refused(
        ["tone", "--lines", tmp_path / "lines.txt"], "lines.txt, line 2 has 45 characters", "(30)"
    )


def test_lines_and_a_corpus_at_once(refused, folders, tmp_path):
    (tmp_path / "lines.txt").write_text("Good.")
    refused(["tone", *folders, "--lines", tmp_path / "lines.txt"], "either --lines or a corpus")


@pytest.mark.parametrize("place", ["file/out.csv", "folder"])
def test_a_csv_that_cannot_be_written(place, refused, folders, tmp_path):
    """Below a file there is no place; a folder is not replaced."""
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    cure = "choose a folder that can be written"
    refused(["tone", *folders, "--csv", tmp_path / place], tmp_path / place, "cannot be", cure)
    assert (tmp_path / "file").read_text() == "kept"
    assert list((tmp_path / "folder").iterdir()) == []
    assert not list(tmp_path.glob(".*"))


LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("keywords", "NEW", "OLD", "--csv", f"{LONG}.csv"),
        ("keywords", LONG, "OLD"),
        ("keywords", "NEW", "OLD", f"--{LONG}"),
        ("text", "NEW", "OLD", "--stopwords", LONG),
        ("compare", "NEW", "OLD", "--out", LONG),
        ("manifest", "NEW", "OLD", "--out", LONG),
        ("verify", LONG),
        ("rebuild", LONG, "--out", "x"),
        ("tone", "--lines", LONG, "--csv", "x"),
        ("look", "NEW", "loop"),
        ("compare", "NEW", "OLD", "--out", "loop"),
        ("tone", "NEW", "OLD", "--csv", "loop/x.csv"),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(
    arguments, run, folders, tmp_path, monkeypatch
):
    """Too long for the system, or a ring of links: whatever looks at the place first."""
    monkeypatch.chdir(tmp_path)
    Path("loop").symlink_to("loop")
    places = dict(zip(("NEW", "OLD"), map(str, folders), strict=True))
    try:
        status, _, err = run(*(places.get(word, word) for word in arguments))
    except SystemExit as left:  # of the parser, which has said why
        status, err = left.code, ""
    assert status == 2
    assert len([line for line in err.splitlines() if "warning" not in line]) <= 1
    assert not list(tmp_path.glob("x*"))


def test_a_disk_that_fills_up_leaves_the_old_table(refused, folders, tmp_path, monkeypatch):
    out = tmp_path / "out.csv"
    out.write_text("kept")

    def full(path, content):
        with path.open("wb") as file:
            file.write(content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    refused(["tone", *folders, "--csv", out], out, "No space left on device")
    assert out.read_text() == "kept"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("place", [".", "new", "/proc/out.csv"])
def test_a_place_that_is_no_file_is_one_sentence(place, refused, folders, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(["tone", "new", "old", "--csv", place], f"{place} cannot be written")


# The standard output


def printing(tmp_path, redirection="", **settings):
    """Print a short text by a shell, as a reader redirects it; return what the shell saw."""
    command = f"{shlex.quote(sys.executable)} -m analysis text {tmp_path / 'corpus.toml'}"
    return subprocess.run(
        f"{command} {redirection}", shell=True, capture_output=True, check=False, cwd=ROOT,
        env={**os.environ, **settings},
    )  # fmt: skip


def reason(errors):
    """Return the one sentence after the warnings of a command that has failed."""
    (line,) = [line for line in errors.splitlines() if not line.startswith(b"analysis: warning: ")]
    assert line.startswith(b"analysis: ")
    return line


UNIX = pytest.mark.skipif(not Path("/dev/full").exists(), reason="outputs as Linux has them")


@UNIX
@pytest.mark.parametrize(
    ("redirection", "words"),
    [(">&-", b"output is closed"), ("> /dev/full", b"takes no more (No space left on device)")],
)
def test_an_output_that_takes_nothing_is_one_sentence(redirection, words, manifest, tmp_path):
    done = printing(tmp_path, redirection)
    assert done.returncode == 2
    assert words in reason(done.stderr)


@UNIX
def test_a_reader_who_has_left_is_told_so_in_one_sentence(manifest, tmp_path):
    done = subprocess.run(
        ["bash", "-c", f"(sleep 2; {shlex.quote(sys.executable)} -m analysis text "
         f"{tmp_path / 'corpus.toml'}) | true; echo ${{PIPESTATUS[0]}}"],
        capture_output=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout == b"2\n"
    assert b"takes no more (Broken pipe)" in reason(done.stderr)


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_what_is_printed_is_utf8_whatever_the_console(settings, manifest, tmp_path):
    raw = manifest.with_name("old.txt")
    raw.write_bytes("It was green – Wenjiabao 温家宝.".encode())
    sums = {name: hashlib.sha256(manifest.with_name(name).read_bytes()).hexdigest()
            for name in ("new.txt", "old.txt")}  # fmt: skip
    lines = manifest.read_text(encoding="utf-8").split("[[document]]")
    lines[2] = re.sub('sha256 = ".*"', f'sha256 = "{sums["old.txt"]}"', lines[2])
    manifest.write_text("[[document]]".join(lines), encoding="utf-8")
    done = printing(tmp_path, **settings)
    assert done.returncode == 0
    assert done.stderr.endswith(b"join those of one source: --cluster COLUMN.\n")
    assert done.stdout.decode("utf-8").endswith("It was green – Wenjiabao 温家宝.\n")
    assert b"\r" not in done.stdout


def test_a_name_cannot_write_to_the_terminal(refused, folders):
    """A message stays one line, and sends no code to the terminal, whatever a name holds."""
    said = refused(["keywords", "a\nb\x1b[31m\u202e", folders[1]], r"a\nb\x1b[31m\u202e")
    assert said.rstrip("\n").isprintable()


def test_an_interrupt_is_one_line(run, monkeypatch, folders):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.commands.load", interrupt)
    assert run("keywords", *folders) == (INTERRUPTED, "", "analysis: stopped.\n")


def test_memory_that_is_short_is_one_line(run, monkeypatch, folders):
    def exhaust(*_):
        raise MemoryError

    monkeypatch.setattr("analysis.commands.load", exhaust)
    code, out, said = run("keywords", *folders)
    assert (code, out) == (2, "")
    assert said.startswith("analysis: memory is short: ") and said.count("\n") == 1


def test_an_interrupt_while_libraries_are_loaded_is_one_line(tmp_path):
    (tmp_path / "pandas.py").write_text("raise KeyboardInterrupt")
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "text"], capture_output=True, text=True, check=False,
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (INTERRUPTED, "analysis: stopped.\n")


# Switches, places and what is said first


@pytest.mark.parametrize("command", ["keywords", "tone", "topics", "look", "explore", "compare"])
def test_a_place_that_cannot_be_written_is_refused_before_a_text_is_read(command, run, tmp_path):
    """The texts are not there, which would be said if they were looked for."""
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    flag = "--out" if command in ("explore", "compare") else "--csv"
    status, out, err = run(command, "nowhere.csv", flag, tmp_path / "file" / "own.html")
    assert (status, out) == (2, "")
    assert "own.html cannot be written (Not a directory)" in err


def test_a_folder_or_a_width_that_will_not_do_is_refused_before_a_text_is_read(run, tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "mine.txt").write_text("keep", encoding="utf-8")
    _, out, err = run("compare", "nowhere.csv", "--out", tmp_path / "old")
    assert (out, "is not an empty folder" in err) == ("", True)
    _, out, err = run("compare", "nowhere.csv", "--out", tmp_path / "new", "--width", "3")
    assert (out, "A width of 3 mm is none of a page" in err) == ("", True)
    assert not (tmp_path / "new").exists()


def test_the_command_line_speaks_of_switches_alone(run, tmp_path):
    """Every message of the code that says an option in both ways loses what Python calls it."""
    texts = [
        node.value
        for path in sorted((ROOT / "analysis").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    both = [text for text in texts if re.search(r"\b[a-z_]+=[^\n]{0,30}--[a-z]", text)]
    both = [text for text in both if "\n" not in text and ">>>" not in text]
    assert len(both) > 8
    for text in both:
        said = re.sub(r"--[a-z-]+ \S+", "", by_switches(text))
        assert not re.search(r"\b[a-z_]+=", said), text
    table = tmp_path / "t.csv"
    table.write_text("text,group\na b,x\nb c,y\nc d,z\n", encoding="utf-8")
    assert "with all others (--target, --reference)." in run("keywords", table)[2]


def test_a_group_a_column_or_a_side_that_was_meant_is_named(run, tmp_path):
    table = tmp_path / "t.csv"
    lines = [f"{OLD},labour", f"{OLD},labor", f"{NEW},tories"]
    table.write_text("\n".join(["text,group", *lines]).replace(". ", " "), encoding="utf-8")
    assert "Did you mean 'tories'?" in run("keywords", table, "--target", "torries")[2]
    assert "Did you mean 'text'?" in run("keywords", table, "--text", "texts")[2]
    said = run("look", table, "--target", "tories")[2]
    assert "The groups 'labor' and 'labour' may be one, misspelt" in said
    assert "which the table holds first" not in said
    table.write_text("\n".join(["text,group", *lines[1:]]), encoding="utf-8")
    said = run("look", table)[2]
    assert "The target is 'labor', which the table holds first, the reference 'tories'" in said
    assert "which the table holds first" not in run("look", table, "--reference", "labor")[2]


def test_few_warnings_stand_before_what_was_asked_for(run, tmp_path):
    bad = ["&lt;p&gt; Tom &amp; Cy.", "donâ€™t go.", "lost \ufffd word.", "<p>Tags</p> here."]
    rows = [f"{text},{group}" for group in ("ab", "AB") for text in (*bad, "", bad[0])]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(["text,group", *rows]), encoding="utf-8")
    err = run("text", table, "--errors", "replace")[2]
    told = [line for line in err.splitlines() if line.startswith("analysis: warning: ")]
    assert len(told) == 5
    assert re.search(r"^analysis: \d more warnings?: look, on these texts, has all\.$", err, re.M)
    assert "more warning" not in run("look", table, "--errors", "replace")[2]
