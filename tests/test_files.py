"""Files are replaced whole, where they are meant to be; one writer at a time; tables stay text."""

import csv
import io
import os
import re
import stat
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from analysis import files
from analysis.errors import InputError
from analysis.files import clear_drafts, held, revision, write_file, write_together
from analysis.numbers import to_csv

UNIX = pytest.mark.skipif(os.name == "nt", reason="modes, pipes and links as Unix has them")


# Writing


def test_a_new_file_is_written_with_its_folders(tmp_path):
    write_file(tmp_path / "a" / "b" / "c.txt", b"new")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c.txt"]


@UNIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_keeps_its_mode(mode, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_file(path, b"new")
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (mode, b"new")


@UNIX
def test_a_new_file_has_the_mode_that_the_reader_gives_new_files(tmp_path):
    write_file(tmp_path / "a.txt", b"new")
    (tmp_path / "b.txt").touch()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


@UNIX
def test_what_a_link_points_to_is_written_and_the_link_stays(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "kept.csv").write_bytes(b"old")
    link = tmp_path / "link.csv"
    link.symlink_to("deep/kept.csv")
    write_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "deep" / "kept.csv").read_bytes() == b"new"
    dangling = tmp_path / "dangling.csv"
    dangling.symlink_to("deep/made.csv")
    write_file(dangling, b"new")
    assert (tmp_path / "deep" / "made.csv").read_bytes() == b"new"


@UNIX
def test_a_ring_of_links_is_refused(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(InputError, match="a cannot be written"):
        write_file(tmp_path / "a", b"new")
    assert (tmp_path / "a").is_symlink()


@UNIX
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_file(pipe, b"new")
    reader.join(timeout=10)
    assert read == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@UNIX
def test_a_device_is_written_to_and_stays_a_device():
    before = Path("/dev/null").stat()
    write_file(Path("/dev/null"), b"new")
    assert (Path("/dev/null").stat().st_ino, before.st_rdev) == (before.st_ino, before.st_rdev)


@UNIX
def test_a_name_of_255_bytes_is_a_name(tmp_path):
    path = tmp_path / ("é" * 127 + "x")
    write_file(path, b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    with pytest.raises(InputError, match="File name too long"):
        write_file(tmp_path / ("x" * 256), b"new")


def test_a_folder_is_not_replaced(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="Is a directory"):
        write_file(tmp_path / "folder", b"new")
    with pytest.raises(InputError, match="cannot be written"):
        write_file(Path(), b"new")


def test_a_file_that_its_owner_made_read_only_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o400)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anything
    with pytest.raises(InputError, match="Permission denied"):
        write_file(path, b"new")
    path.chmod(0o600)
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("ending", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_ends_half_way_leaves_the_old_file_and_no_draft(ending, tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def half(draft, content):
        with draft.open("wb") as file:
            file.write(content[:2])
        raise ending

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(InputError if isinstance(ending, OSError) else KeyboardInterrupt):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_files_that_belong_together_are_all_written_or_none(broken, tmp_path, monkeypatch):
    """Wherever the disk fills up, the set is the old one, and no draft is left."""
    own = [tmp_path / name for name in ("a.csv", "a.png", "a.json")]
    write_together(dict.fromkeys(own, b"old"))
    written, whole = [], Path.write_bytes

    def fills_up(draft, content):
        if len(written) == broken:
            raise OSError(28, "No space left on device")
        written.append(draft)
        return whole(draft, content)

    monkeypatch.setattr(Path, "write_bytes", fills_up)
    with pytest.raises(InputError, match="No space left on device"):
        write_together(dict.fromkeys(own, b"new"))
    assert [path.read_bytes() for path in own] == [b"old"] * 3
    assert sorted(tmp_path.iterdir()) == sorted(own)
    written.clear()
    monkeypatch.setattr(Path, "write_bytes", whole)
    write_together(dict.fromkeys(own, b"new"))
    assert [path.read_bytes() for path in own] == [b"new"] * 3


def test_no_file_of_a_set_takes_its_place_before_the_last_is_drafted(tmp_path, monkeypatch):
    own = {tmp_path / name: b"new" for name in ("a.csv", "a.json")}
    seen, replace = [], Path.replace

    def replaced(draft, path):
        seen.append(sorted(path.suffix for path in tmp_path.iterdir() if path not in own))
        return replace(draft, path)

    monkeypatch.setattr(Path, "replace", replaced)
    write_together(own)
    assert seen == [[".tmp", ".tmp"], [".tmp"]]


def test_drafts_of_killed_runs_are_removed_and_nothing_else(tmp_path):
    files._drafted(tmp_path / "a.csv", b"new")  # what a kill leaves before the draft is in place
    assert [path.suffix for path in tmp_path.iterdir()] == [".tmp"]
    for name in ("a.tmp", ".hidden.tmp", ".0123456789ab.txt"):
        (tmp_path / name).touch()
    clear_drafts(tmp_path, tmp_path / "nowhere")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".0123456789ab.txt", ".hidden.tmp", "a.tmp",
    ]  # fmt: skip


@UNIX
def test_a_set_does_not_replace_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        write_together({tmp_path / "a": b"new", tmp_path / "pipe": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


# Tables


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-", "-"),
        ("−2", "−2"),
        ("a=b", "a=b"),
        ("a;b - c; d", "a;b - c; d"),
        ("so ;-) said he", "so ;-) said he"),
        ("a;=1+1;-2", "a;'=1+1;'-2"),
        ('a\t"=1+1', "a\t\"'=1+1"),
        ("a\n@SUM(A1)", "a\n'@SUM(A1)"),
        ("=a;+1", "'=a;'+1"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_no_cell_of_text_is_a_formula(cell, written):
    table = pd.DataFrame({"term": [cell, "x"], "n": [-1, -2.5]})
    found = pd.read_csv(pd.io.common.BytesIO(to_csv(table, 10)), keep_default_na=False)
    assert found["term"].tolist() == [written, "x"]
    assert found["n"].tolist() == [-1, -2.5]


@pytest.mark.parametrize(
    "text", ["\r=1+1", "a\r=1+1", "a\r\r+1", "a\r\n=1+1", "a\n=1+1", "\r", "a\r"]
)
def test_nothing_in_a_cell_begins_a_row(text):
    """A bare carriage return is a line end to spreadsheets, though Python's writer quotes none."""
    content = to_csv(pd.DataFrame({"text": [text, "b"], "n": [1, 2]})).decode()
    outside = re.sub(r'"[^"]*"', "", content)
    assert outside.count("\n") == 3
    assert "\r" not in outside
    back = pd.read_csv(io.StringIO(content), keep_default_na=False)["text"]
    assert [line.lstrip("'") for line in back[0].splitlines()] == text.splitlines()
    assert not re.search("(?m)^=", back[0])


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("text", ["a{}=1+1", 'a "b"{}+1{}-1', 'a{}"=1+1&"x', "a{}@SUM(1)", "a\r-1"])
def test_no_cell_is_a_formula_where_semicolons_or_tabs_part_them(mark, text):
    content = to_csv(pd.DataFrame({"n": [1], "text": [text.format(*(mark, mark))]})).decode()
    cells = [cell for row in csv.reader(io.StringIO(content), delimiter=mark) for cell in row]
    assert not [cell for cell in cells if re.match("[=+@-]", cell)]


def test_a_heading_is_no_formula_either():
    assert to_csv(pd.DataFrame({"=1+1": [1]}), 10) == b"'=1+1\n1\n"


def test_a_table_is_utf8_with_lf_and_so_many_digits():
    table = pd.DataFrame({"a": ["–", "x"], "b": [1 / 3, 2.0]})
    assert to_csv(table, 4) == "a,b\n–,0.3333\nx,2\n".encode()


def test_a_name_that_is_no_text_is_written_all_the_same():
    """A file's name may hold bytes that are no UTF-8."""
    assert to_csv(pd.DataFrame({"a": ["\udcff"]}, dtype=object), 4) == b"a\n\\udcff\n"


# One at a time


HOLD = """
import sys
from pathlib import Path
from analysis.files import held
with held(Path(sys.argv[1]), "the folder"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_until_the_first_has_ended(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        refused = pytest.raises(InputError, match="Another run is at work on the folder")
        with refused, held(tmp_path / "lock", "the folder"):
            pass
        other.kill()  # a lock ends with its process, however that ends
    with held(tmp_path / "lock", "the folder"):
        pass


# What git says


def test_the_state_of_a_folder_is_named_where_git_knows_it(tmp_path, monkeypatch):
    assert revision(tmp_path) == ""
    run = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True)
    run(["git", "init", "-q"])
    (tmp_path / "a").write_text("a")
    run(["git", "add", "a"])
    run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "one"])
    clean = revision(tmp_path)
    assert re.fullmatch(r"[0-9a-f]{12}", clean)
    (tmp_path / "a").write_text("b")
    assert revision(tmp_path) == f"{clean}-dirty"
    monkeypatch.setenv("PATH", "")
    assert revision(tmp_path) == ""
