"""A manifest of any shape is loaded or refused in a sentence; none ends in a traceback."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.cli import main
from analysis.errors import InputError
from analysis.text import folder_manifest, load, load_corpus, load_folders
from analysis.text.cleaning import RULES
from tests.helpers import CONCEPTS

VALUES = ["", " ", 0, 1.5, True, [], {}, [1], ["a"], [[]], [{}], {"a": 1}, "x", "\x00", "🙂" * 3]


def spelt(value: object) -> str:
    """Return a value in TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        controls = {c: f"\\u{ord(c):04x}" for c in value if ord(c) < 32}
        return '"' + "".join(controls.get(c, c) for c in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(spelt, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {spelt(v)}" for k, v in value.items()) + "}"
    return str(value)


def loaded_or_refused(path: Path) -> str:
    """Return the refusal, one sentence or several, or nothing."""
    try:
        load_corpus(path)
    except InputError as error:
        return str(error)
    return ""


def restore(manifest: Path) -> None:
    """Bring back the files as they were before the first example."""
    for name in ("corpus.toml", "corrections.toml"):
        path, kept = manifest.parent / name, manifest.parent / f"{name}.kept"
        if not kept.exists():
            kept.write_bytes(path.read_bytes())
        path.write_bytes(kept.read_bytes())


def lines(path: Path) -> list[int]:
    return [i for i, line in enumerate(path.read_text().splitlines()) if " = " in line]


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_key_of_any_value_is_taken_or_refused(manifest, data):
    restore(manifest)
    name = data.draw(st.sampled_from(["corpus.toml", "corrections.toml"]))
    path = manifest.parent / name
    own = path.read_text().splitlines()
    place = data.draw(st.sampled_from(lines(path)))
    value = data.draw(st.sampled_from(VALUES))
    own[place] = f"{own[place].split(' = ')[0]} = {spelt(value)}"
    path.write_text("\n".join(own))
    tomllib.loads(path.read_text())
    message = loaded_or_refused(manifest)
    assert "\n" not in message


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_lines_left_out_doubled_or_moved_are_taken_or_refused(manifest, data):
    restore(manifest)
    own = manifest.read_text().splitlines()
    place = data.draw(st.integers(0, len(own) - 1))
    change = data.draw(st.sampled_from(["out", "twice", "end", "cut"]))
    if change == "out":
        own.pop(place)
    elif change == "twice":
        own.insert(place, own[place])
    elif change == "end":
        own.append(own.pop(place))
    else:
        own[place] = own[place][: data.draw(st.integers(0, len(own[place])))]
    manifest.write_text("\n".join(own))
    loaded_or_refused(manifest)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('colour = "#111111"', 'colour = "red"', r"colour is '#' and six figures from 0 to F"),
        ('colour = "#111111"', "colour = 3", r"colour must be words in quotes, got 3"),
        ('corrections = "corrections.toml"', "corrections = [1]", r"corrections must be words in"),
        ('title = "Colours"', 'title = "Colours"\ncleaning = "links"', r"must be a list of words"),
        ('title = "Colours"', 'title = "Colours"\ncleaning = ["x"]', r"No cleaning rule is called"),
        ('label = "old"', "label = 3", r"label must be words in quotes, got 3"),
        ("[[group]]", "[group]", r"not valid TOML|two brackets"),
    ],
)
def test_what_used_to_end_in_a_traceback(manifest, old, new, message):
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        load_corpus(manifest)


def test_each_rule_is_switched_on_by_the_manifest(manifest):
    text = manifest.read_text()
    assert load_corpus(manifest).document("new").text == "It was red. It won't be red."
    manifest.write_text(f"cleaning = []\n{text}")
    assert load_corpus(manifest).document("new").text == "It was **red**. It won't be red."
    assert "emphasis" in RULES


def test_a_manifest_of_two_folders_is_the_same_corpus(write_folder, tmp_path, monkeypatch):
    red = write_folder("red", 'He said "no\\".\nSo it is.', "Two.")
    blue = write_folder('bl"ue', "Three.")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus.toml").write_text(folder_manifest(red, blue), encoding="utf-8")
    folders, declared = load_folders(red, blue), load_corpus(tmp_path / "corpus.toml")
    assert [(d.id, d.group, d.text, d.sha256) for d in declared.documents] == [
        (d.id, d.group, d.text, d.sha256) for d in folders.documents
    ]
    assert [g.role for g in declared.groups] == ["target", "reference"]


def test_a_manifest_names_its_language_and_whether_it_is_verse(write_folder, monkeypatch, tmp_path):
    folders = write_folder("neu", "Der Hund,\nder bellt."), write_folder("alt", "Das Haus.")
    monkeypatch.chdir(tmp_path)
    written = folder_manifest(*folders, language="german")
    path = tmp_path / "corpus.toml"
    path.write_text("verse = true\n" + written, encoding="utf-8")
    corpus = load_corpus(path)
    assert (corpus.language, corpus.stops.name) == ("german", "german")
    assert corpus.documents[0].paragraphs == ("Der Hund,", "der bellt.")
    path.write_text(written.replace('"german"', '"klingon"'), encoding="utf-8")
    assert "no function words of 'klingon'" in loaded_or_refused(path)


def test_what_is_met_in_declared_texts_is_told_as_of_others(write_folder, monkeypatch, tmp_path):
    folders = write_folder("new", "The &amp; sign."), write_folder("old", "No sign.")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus.toml").write_text(folder_manifest(*folders), encoding="utf-8")
    told = load_corpus(tmp_path / "corpus.toml").notices
    assert "entities of web pages" in told[0]


@pytest.mark.parametrize("how", ["up", "absolute", "link", "corrections", "concepts"])
def test_files_outside_its_folder_are_read_only_where_that_is_allowed(how, manifest, capsys):
    """A manifest may be somebody else's, and what it reads comes to stand in tables."""
    home, inner = manifest.parent, manifest.parent / "inner"
    inner.mkdir()
    moved = inner / "corpus.toml"
    text = manifest.read_text()
    for name in ("new.txt", "old.txt", "corrections.toml"):
        (inner / name).write_bytes((home / name).read_bytes())
    (home / "words.toml").write_text(CONCEPTS)
    if how == "link":
        (inner / "new.txt").unlink()
        (inner / "new.txt").symlink_to(home / "new.txt")
    moved.write_text(
        {
            "up": text.replace('"new.txt"', '"../new.txt"'),
            "absolute": text.replace('"new.txt"', f'"{home / "new.txt"}"'),
            "link": text,
            "corrections": text.replace('"corrections.toml"', '"../corrections.toml"'),
            "concepts": 'concepts = "../words.toml"\n' + text,
        }[how]
    )
    assert "lies outside the manifest's folder" in loaded_or_refused(moved)
    assert main(["text", str(moved)]) == 2
    assert "--outside" in capsys.readouterr().err
    corpus = load_corpus(moved, outside=True)
    assert corpus.document("new").text == load_corpus(manifest).document("new").text
    assert main(["text", str(moved), "--outside"]) == 0


def test_outside_goes_with_a_manifest_alone(write_folder):
    folders = write_folder("a", "One."), write_folder("b", "Two.")
    with pytest.raises(InputError, match="--outside goes with a manifest"):
        load(folders, outside=True)
