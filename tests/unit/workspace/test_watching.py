"""A watched folder: what is dropped there is read by the active trackers, once, and half-written files wait."""

from __future__ import annotations

import gc
import json
import threading
import time
from pathlib import Path
from weakref import WeakSet

import pytest
from sqlalchemy.exc import OperationalError

import workbench as wb
from tests.support.patience import PATIENCE_S, wait_for
from tests.unit import small
from workbench.domain.errors import EncoderUnavailable
from workbench.engine.encoders import HashingEncoder
from workbench.widgets.hub import MAX_SESSIONS, Hub
from workbench.workspace.watching import keep_encoder, watch


@pytest.fixture
def watched(tmp_path):
    """The workspace, the folder, and the reports as they come."""
    workspace = small.ready(tmp_path / "w", rounds=2)
    workspace.trackers.get("Price").publish()
    folder, stop, reports = tmp_path / "inbox", threading.Event(), []
    folder.mkdir()
    other = wb.open(workspace.path, encoder=HashingEncoder())
    thread = threading.Thread(target=watch, args=(other, folder, stop, reports.append, 0.05))
    thread.start()
    yield workspace, folder, reports
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


def lines(prefix: str, count: int) -> list[str]:
    return [json.dumps({**call, "id": f"{prefix}-{call['id']}"}) + "\n" for call in small.conversations(count, seed=2)]


def drop(file: Path, text: str) -> None:
    """Put a whole file there at once, however slow the machine is."""
    hidden = file.with_name(f".{file.name}")
    hidden.write_text(text)
    hidden.rename(file)


def test_what_is_dropped_is_read_once(watched):
    workspace, folder, reports = watched
    drop(folder / "a.jsonl", "".join(lines("new", 10)))
    wait_for(lambda: len(workspace.detections("Price")) > 0, "finds")
    found = workspace.detections("Price")
    assert found["conversation_id"].str.startswith("new-").all()
    (folder / "sub").mkdir()
    drop(folder / "sub" / "b.jsonl", "".join(lines("late", 5)) + "broken\n")
    wait_for(lambda: len(reports) == 2, "the second report")
    assert (reports[1].added, len(reports[1].rejected)) == (5, 1)
    drop(folder / "copy.jsonl", (folder / "a.jsonl").read_text())
    wait_for(lambda: len(reports) == 3, "the third report")
    assert (reports[2].added, reports[2].unchanged) == (0, 10)
    again = workspace.detections("Price")
    assert again["sentence_id"].is_unique


def test_a_file_that_grows_is_read_when_it_is_still(watched):
    workspace, folder, reports = watched
    with (folder / "slow.jsonl").open("w") as file:
        for line in lines("slow", 20):
            file.write(line)
            file.flush()
            time.sleep(0.01)
    (folder / ".hidden.jsonl").write_text("".join(lines("hidden", 3)))
    wait_for(lambda: sum(one.added for one in reports) == 20, "all calls")
    assert not workspace.conversations()["id"].str.startswith("hidden").any()


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(NotADirectoryError, match="not a folder"):
        watch(wb.open(tmp_path / "w", encoder=HashingEncoder()), Path(tmp_path / "no"), threading.Event(), print)


def test_the_encoder_is_kept_running_even_where_it_fails_at_first(tmp_path):
    class Encoder(HashingEncoder):
        asked = 0

        def encode(self, texts):
            self.asked += 1
            if self.asked == 1:
                raise EncoderUnavailable("not yet")
            return super().encode(texts)

    encoder, stop = Encoder(), threading.Event()
    thread = keep_encoder(wb.open(tmp_path / "w", encoder=encoder), stop, every_s=0.01)
    wait_for(lambda: encoder.asked > 2, "the encoder to be asked")
    stop.set()
    thread.join(PATIENCE_S)
    assert not thread.is_alive()


class Failing(HashingEncoder):
    """Fails so many times with each of these errors."""

    def __init__(self, *errors):
        super().__init__()
        self.errors = list(errors)

    def encode(self, texts):
        if self.errors:
            raise self.errors.pop(0)
        return super().encode(texts)


def test_what_fails_is_told_and_tried_again(tmp_path, monkeypatch):
    """The encoder, the database, the disk and the program itself fail; the calls are imported once and read."""
    workspace = small.ready(tmp_path / "w", rounds=2)
    workspace.trackers.get("Price").publish()
    folder, stop, reports, problems = tmp_path / "inbox", threading.Event(), [], []
    folder.mkdir()
    drop(folder / "a.jsonl", "".join(lines("new", 10)))
    encoder = Failing(
        EncoderUnavailable("no model"),
        OperationalError("SELECT 1", {}, Exception("locked")),
        OSError("disk"),
        KeyError(7),
    )
    other = wb.open(workspace.path, encoder=encoder)
    real, broken = other.lake.append, [OSError(28, "No space left on device")]

    def append(*values, **named):
        if broken:
            raise broken.pop()
        return real(*values, **named)

    monkeypatch.setattr(other.lake, "append", append)
    thread = threading.Thread(
        target=watch, args=(other, folder, stop, reports.append, 0.01, problems.append), daemon=True
    )
    thread.start()
    wait_for(lambda: len(workspace.detections("Price")) > 0, "finds")
    stop.set()
    thread.join(PATIENCE_S)
    assert sum(one.added for one in reports) == 10
    assert len(problems) == 5
    for said in ("No space left", "no model. Trying again", "OperationalError", "disk", "KeyError: 7"):
        assert any(said in problem for problem in problems), (said, problems)


def test_sessions_are_kept_for_a_few_trackers_only():
    class Tracker:
        def __init__(self, id, busy=False):
            self.id, self.busy, self.opened = id, busy, 0

        def train(self):
            self.opened += 1
            job = type("Job", (), {"done": False})() if self.busy else None
            session = type("Session", (), {"fine_tuning": job})()
            alive.add(session)
            return session

    hub, alive = Hub(), WeakSet()
    busy = Tracker("busy", busy=True)
    hub.session(busy)
    trackers = [Tracker(str(n)) for n in range(MAX_SESSIONS + 3)]
    for one in trackers:
        hub.session(one)
        hub.session(trackers[0])
    gc.collect()
    assert len(alive) <= MAX_SESSIONS + 1
    hub.session(busy)
    assert busy.opened == 1
    assert trackers[0].opened == 1
    hub.session(trackers[1])
    assert trackers[1].opened == 2
