"""Two who import the same conversations at once: each goes in once, whoever comes first (item 10)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import workbench as wb
from tests.unit.small import ROOT
from workbench.corpus import lake_files as lakes
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.live.record import imported
from workbench.workspace.watching import watch

ANY = Filters(scope="any")


def call(name: str, text: str = "The quote is too steep.") -> dict:
    return {"id": name, "turns": [{"text": text}], "started": "2026-10-01T00:00:00Z"}


def ids(lake: Lake) -> list[str]:
    return list(lake.conversations()["id"])


def test_what_another_adds_while_one_reads_is_not_added_again(tmp_path):
    one, other = Lake(tmp_path), Lake(tmp_path)

    def slowly():
        yield call("first")
        assert ingest(other, [call("a"), call("b"), call("c", "Theirs.")]).added == 3
        yield from (call("a"), call("b", "Something else."), call("c", "Theirs."), call("d"))

    report = ingest(one, slowly(), on_change="reject")
    assert (report.added, report.unchanged) == (2, 2)
    assert [(reject.name, reject.reason) for reject in report.rejected] == [
        ("item 2", "id 'b' is in the corpus with other content; replace it, or give this conversation an id of its own")
    ]
    assert sorted(ids(one)) == sorted(ids(other)) == ["a", "b", "c", "d", "first"]
    assert one.sentences(["b:0:0"])["b:0:0"].text == "The quote is too steep."
    sequentially = ingest(Lake(tmp_path), [call("b", "Something else.")], on_change="reject")
    assert sequentially.rejected[0].reason == report.rejected[0].reason


def test_what_another_adds_while_sentences_are_split_is_not_added_again(tmp_path, monkeypatch):
    """Between the first look, without the lock, and the second one with it."""
    split = lakes.batch_of

    def meanwhile(items, unit):
        monkeypatch.setattr(lakes, "batch_of", split)
        ingest(Lake(tmp_path), [call("a"), call("b", "Theirs.")])
        return split(items, unit)

    monkeypatch.setattr(lakes, "batch_of", meanwhile)
    report = ingest(Lake(tmp_path), [call("a"), call("b"), call("c")], on_change="reject")
    assert (report.added, report.unchanged, len(report.rejected)) == (1, 1, 1)
    assert sorted(ids(Lake(tmp_path))) == ["a", "b", "c"]


@pytest.mark.parametrize("shared", [True, False], ids=["one lake", "a lake each"])
def test_threads_add_each_conversation_once(tmp_path, shared):
    lakes_ = [Lake(tmp_path)] * 4 if shared else [Lake(tmp_path) for _ in range(4)]
    start = threading.Barrier(4)

    def add(lake: Lake):
        start.wait()
        return ingest(lake, [call(f"c{n}") for n in range(30)])

    with ThreadPoolExecutor(4) as threads:
        reports = list(threads.map(add, lakes_))
    assert sum(report.added for report in reports) == 30
    assert sum(report.unchanged for report in reports) == 90
    assert sorted(ids(Lake(tmp_path))) == sorted(f"c{n}" for n in range(30))
    assert Lake(tmp_path).pool()["row"].to_pylist() == list(range(30))


def test_item_10_processes_add_each_conversation_once_and_publishing_goes_through(tmp_path):
    file = tmp_path / "calls.jsonl"
    file.write_text("".join(json.dumps(call(f"c{n}")) + "\n" for n in range(200)))
    wb.open(tmp_path / "w", encoder=HashingEncoder())
    code = f"import workbench as wb; print(wb.open({str(tmp_path / 'w')!r}).ingest({str(file)!r}, detect=False).added)"
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    assert sum(int(one.communicate()[0]) for one in running) == 200
    workspace = wb.open(tmp_path / "w", encoder=HashingEncoder())
    assert workspace.counts(ANY).conversations == 200
    publication = workspace.trackers.create("Steep", kind="keyword", words=["steep"]).publish(past="12 months")
    assert publication.wait().state == "done"
    assert len(workspace.detections("Steep")) == 200


def test_a_watched_folder_beside_a_notebook(tmp_path):
    folder, stop, reports = tmp_path / "inbox", threading.Event(), []
    folder.mkdir()
    (folder / "calls.jsonl").write_text("".join(json.dumps(call(f"c{n}")) + "\n" for n in range(50)))
    wb.open(tmp_path / "w", encoder=HashingEncoder())
    watching = wb.open(tmp_path / "w", encoder=HashingEncoder())

    def heard(report) -> None:
        reports.append(report)
        stop.set()

    thread = threading.Thread(target=watch, args=(watching, folder, stop, heard, 0.01))
    thread.start()
    own = wb.open(tmp_path / "w", encoder=HashingEncoder()).ingest(folder)
    thread.join(60)
    assert own.added + reports[0].added == 50
    assert own.unchanged + reports[0].unchanged == 50
    assert len(ids(watching.lake)) == 50


def test_a_live_call_that_two_end_is_kept_once(tmp_path):
    workspaces = [wb.open(tmp_path / "w", encoder=HashingEncoder()) for _ in range(2)]
    ended = Conversation(id="live", turns=(Turn(text="The quote is too steep."),))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda one: imported(one.resources, one.ingest, ended), workspaces))
    assert ids(workspaces[0].lake) == ["live"]


def test_a_long_import_loads_nothing(tmp_path, monkeypatch):
    """To know what is there it reads the ids of the conversations, and not what was said."""
    from workbench.corpus import ingest as ingesting
    from workbench.corpus import loading

    loads, hide = [], loading.hide_repeats  # a step of each loading
    monkeypatch.setattr(loading, "hide_repeats", lambda *given: loads.append(given) or hide(*given))
    monkeypatch.setattr(ingesting, "BATCH", 5)
    ingest(Lake(tmp_path), [call(f"c{n}") for n in range(5)])
    report = ingest(Lake(tmp_path), [call(f"c{n % 60}") for n in range(80)])
    assert (report.added, report.unchanged) == (55, 25)
    assert not loads
