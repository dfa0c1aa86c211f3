"""Work over parts: in processes and on a real cluster, with workers that are killed."""

import importlib
import io
import json
import os
import re
import signal
import sys
import threading
from collections import Counter
from functools import partial

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.keywords import stream_keyness
from analysis.running import Progress, expect, followed, run, spared, step, unwatched, watched
from analysis.text.stream import stream_counts
from tests.helpers import HERE
from tests.parts import added, counted, dies, dies_once, refused, waits


def fails(part):
    raise InputError(f"{part} is damaged")


PARTS = ["abc", "bcd", "aaa", "xyz", "b"]
TOTAL = Counter("".join(PARTS))


def test_one_process_gives_the_whole():
    assert run(counted, PARTS, added) == TOTAL


def test_a_killed_worker_loses_nothing(tmp_path):
    found = run(partial(dies_once, str(tmp_path / "met")), PARTS[:2], added, workers=2)
    assert found == Counter("abcbcd")


def test_workers_that_always_die_end_in_a_sentence(monkeypatch):
    monkeypatch.setattr("analysis.running.RETRIES", 0)
    with pytest.raises(InputError, match="Worker processes were lost"):
        run(dies, PARTS, added, workers=2)


def test_an_error_of_a_part_is_said():
    with pytest.raises(InputError, match="is damaged"):
        run(fails, PARTS, added)


def test_no_worker_is_refused():
    with pytest.raises(InputError, match="at least one worker"):
        run(counted, PARTS, added, workers=0)


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("analysis.running.PATIENCE", 1.0)
    with pytest.raises(InputError, match="does not answer"):
        run(counted, PARTS, added, scheduler="tcp://127.0.0.1:9")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("terminal", "said"), [(Terminal(), True), (io.StringIO(), False)])
def test_progress_is_said_at_a_terminal_only(monkeypatch, terminal, said):
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("analysis.running.QUIET", -1.0)
    progress = Progress("counting", 2)
    progress.step()
    progress.step()
    progress.end()
    text = terminal.getvalue()
    assert bool(re.search(r"counting: 2 of 2 parts, 0 s left", text)) is said
    assert text == "" or text.endswith("\r")


def test_steps_are_told_to_whoever_watches(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("analysis.running.QUIET", -1.0)
    step("nobody watches")
    assert terminal.getvalue() == ""
    with watched("reading", 1):
        with unwatched():
            expect(7)
            step("a part of it")
        expect(1)
        monkeypatch.setattr("analysis.running.OFTEN", -1.0)
        step("counting")
        step("testing")
    assert re.search(r"\rcounting: 1 of 2 parts.*\rtesting: 2 of 2 parts", terminal.getvalue())


def test_items_are_handed_on_and_told_part_by_part(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("analysis.running.QUIET", -1.0)
    monkeypatch.setattr("analysis.running.OFTEN", -1.0)
    with watched("reading"):
        assert list(followed("abcde", "scoring", 2)) == list("abcde")
    said = [re.sub(", .*", "", line) for line in terminal.getvalue().split("\r") if line.strip()]
    assert said == [f"scoring: {part} of 3 parts" for part in (1, 2, 3)]


def test_short_work_says_nothing(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run(counted, PARTS, added) == TOTAL
    assert terminal.getvalue() == ""


@pytest.fixture
def table(tmp_path):
    rows = [
        {"text": f"reef {'tide ' * (i % 5)} word{i % 40}, Reef's", "group": ["new", "old"][i % 2]}
        for i in range(4_000)
    ]
    path = tmp_path / "table.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_of_processes_gives_the_same_digits_though_a_worker_is_killed(table):
    distributed = pytest.importorskip("distributed")
    names = {"target": "new", "reference": "old"}
    alone = stream_keyness(table, **names)
    with distributed.LocalCluster(n_workers=2, processes=True, **HERE) as cluster:
        address = cluster.scheduler_address
        on_cluster = stream_keyness(table, **names, scheduler=address)
        pd.testing.assert_frame_equal(on_cluster, alone)
        with distributed.Client(address) as client:
            pids = list(client.run(os.getpid).values())
        os.kill(pids[0], signal.SIGKILL)
        again = stream_counts(table, **names, scheduler=address, part=4_000)
    pd.testing.assert_frame_equal(
        again.table(), stream_counts(table, **names, part=100_000).table()
    )


@pytest.mark.filterwarnings("ignore")
def test_a_part_that_cannot_be_read_and_a_scheduler_that_is_lost_are_one_sentence(
    capfd, monkeypatch
):
    """The first is the part's own sentence; after the second the same call gives the digits."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("analysis.running.PATIENCE", 3.0)
    with distributed.LocalCluster(
        protocol="tcp://", n_workers=1, processes=False, **HERE
    ) as cluster:
        address = cluster.scheduler_address
        with pytest.raises(InputError, match=r"cannot be read \(Input/output error\)"):
            run(refused, PARTS, added, scheduler=address)
        end = threading.Timer(1.0, lambda: cluster.sync(cluster.scheduler.close))
        end.start()
        with pytest.raises(InputError, match="were lost") as lost:
            run(waits, PARTS, added, scheduler=address)
        end.join()
        assert str(lost.value).count("\n") == 0
    assert "Traceback" not in capfd.readouterr().err
    with distributed.LocalCluster(
        protocol="tcp://", n_workers=1, processes=False, **HERE
    ) as cluster:
        assert run(counted, PARTS, added, scheduler=cluster.scheduler_address) == TOTAL


def test_a_module_that_is_spared_is_missing_within_and_there_again_behind():
    sys.modules.pop("mailbox", None)
    with spared("mailbox"), pytest.raises(ImportError):
        importlib.import_module("mailbox")
    assert importlib.import_module("mailbox").Maildir
    with spared("mailbox"):  # what is loaded already stays
        assert importlib.import_module("mailbox").Maildir
