"""One stored item that cannot be read takes no page down: it is left out and told, and all else is there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import JSON, DateTime, String, Table

import workbench as wb
from tests.unit.dashboards.shop import workspace
from workbench.dashboards.opening import live, open_page
from workbench.dashboards.pages import PAGES, build
from workbench.domain.estimates import to_stored
from workbench.domain.unreadable import Unreadable, UnreadableItem, left_out
from workbench.publishing.publication import Publication
from workbench.store.api_tokens import ApiTokenRepository
from workbench.store.metrics import ValueRepository
from workbench.store.sessions import SessionRepository
from workbench.store.tables import metadata

NAMES = {"name", "note", "description", "title", "definition_name"}
BAD: dict[type, list[Any]] = {
    JSON: ["{cut off", "[]", '"x"', "{}", "null", "7", '{"source": {"type": "of a newer version"}}'],
    DateTime: ["never", 7],
    String: ["of a newer version", ""],
}


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    """With two of most things, so that there is one left."""
    made = workspace(tmp_path_factory.mktemp("w") / "calls")
    made.boards.create("Hear the price", ["Price"], target=0.3)
    made.boards.create("Reach the boss", ["Boss"], target=0.3)
    made.playbooks.create("Qualify", {"Budget": ["Price"], "Authority": ["Boss"], "Timing": []})
    made.playbooks.create("Other", {"Budget": ["Price"]})
    made.streams.create("Talk", trackers=["Price"]).notify(email="ann@example.org")
    made.alerts.create("Many", "Price", threshold=2)
    made.metrics.create("Priced", source={"type": "trackers", "required": ["Price"]})
    made.metrics.create("Tone", kind="categorical", categories=["warm", "cold"])
    first = made.lake.card("c0").id
    made.call(first).log({"Tone": "warm"}, events=["greeted"])
    made.wrong_hit("Price", made.detections("Price")["sentence_id"][0], by="Ann")
    ApiTokenRepository(made.database).create("reports", "read")
    estimate = made.trackers.get("Price").active_version().frozen.estimate
    SessionRepository(made.database, made.trackers.get("Price").id).complete(1, to_stored(estimate))
    return made


@contextmanager
def changed(ws: wb.Workspace, table: str, column: str, value: Any, place: int = 0) -> Iterator[bool]:
    """One row with this in that column, as it was again afterwards; False where the state takes no such value."""
    file = ws.path / "state.db"
    where = f'WHERE rowid = (SELECT rowid FROM "{table}" ORDER BY rowid LIMIT 1 OFFSET {place})'
    with closing(sqlite3.connect(file)) as db:
        (before,) = db.execute(f'SELECT "{column}" FROM "{table}" {where}').fetchone()
        try:
            db.execute(f'UPDATE "{table}" SET "{column}" = ? {where}', (value,))
        except sqlite3.IntegrityError:
            yield False
            return
        db.commit()
        try:
            yield True
        finally:
            db.execute(f'UPDATE "{table}" SET "{column}" = ? {where}', (before,))
            db.commit()


def tables(ws: wb.Workspace) -> list[Table]:
    """Return the non-empty ones."""
    with closing(sqlite3.connect(ws.path / "state.db")) as db:
        return [one for one in metadata.sorted_tables if db.execute(f'SELECT 1 FROM "{one.name}"').fetchone()]


def changes(table: Table) -> Iterator[tuple[str, Any]]:
    """Columns whose values a version makes something of, with what it cannot read there."""
    for column in table.columns:
        if column.primary_key or column.foreign_keys or column.name in NAMES:
            continue
        for kind, values in BAD.items():
            if isinstance(column.type, kind):
                yield from ((column.name, value) for value in values)


def look(ws: wb.Workspace) -> None:
    """At every list that there is."""
    database = ws.database
    lists = (ws.trackers, ws.boards, ws.playbooks, ws.metrics, ws.streams, ws.alerts, ApiTokenRepository(database))
    for one in lists:
        one.list()
    for tracker in ws.trackers.list():
        assert isinstance(tracker.active_version(), Publication | None)
        SessionRepository(database, tracker.id).closings()
    for stream in (*ws.streams.list(), *ws.alerts.list()):
        assert isinstance(stream.channels, list)
    for metric in ws.metrics.list():
        ValueRepository(database).of(metric.id)
    ws.messages()
    ws.metrics.events()
    ws.unreadable()


def test_no_row_of_any_table_takes_a_page_or_a_list_down(ws):
    tried = set()
    for table in tables(ws):
        for column, value in changes(table):
            with changed(ws, table.name, column, value) as is_there:
                if not is_there:
                    continue
                look(ws)
                for name in () if (table.name, column) in tried else PAGES:
                    view = build(name)(ws, {})
                    assert view["blocks"] or view["lead"], (table.name, column, value, name)
                tried.add((table.name, column))
    assert len(tried) > 30
    assert ws.unreadable() == []
    assert build("overview")(ws, {})["notices"] == []


TOLD = [
    ("trackers", "kind", "tracker “Price”", list(PAGES)),
    ("publications", "definition", "version of tracker “Price”", list(PAGES)),
    ("metrics", "body", "metric “Priced”", ["metrics", "search"]),
    ("alerts", "measure", "alert “Many”", ["overview"]),
]


@pytest.mark.parametrize(("table", "column", "words", "names"), TOLD)
def test_what_is_left_out_is_told_where_it_is_missed(ws, table, column, words, names):
    with changed(ws, table, column, "[]"):
        for name in names:
            assert f"Left out, as it cannot be read: {words}." in build(name)(ws, {})["notices"], name
        assert [str(one) for one in ws.unreadable()] == [words]


@pytest.mark.parametrize(("place", "name", "words"), [(0, "initiative", "Hear the price"), (2, "playbook", "Qualify")])
def test_another_board_or_playbook_is_shown_in_place_of_a_bad_one(ws, place, name, words):
    with changed(ws, "definitions", "body", '{"made by": "a newer version"}', place):
        view = build(name)(ws, {})
        assert f"“{words}”" in " ".join(view["notices"])
        assert view["title"] == {"initiative": "Reach the boss", "playbook": "Other"}[name]
        lists = {"initiative": ws.boards, "playbook": ws.playbooks}[name]
        with pytest.raises(UnreadableItem, match="newer version"):
            lists.get(words)
        assert words not in [one.name for one in lists.list()]
        view = open_page(name, ws, "reader").view
        assert "KeyError" not in str(view)


def test_a_bad_board_can_be_deleted(ws):
    made = ws.boards.create("Gone soon", ["Price"], target=0.3)
    with changed(ws, "definitions", "body", "{", place=4):
        assert [one.name for one in ws.unreadable()] == ["Gone soon"]
        ws.boards.delete(made.id)
        assert ws.unreadable() == []


def test_an_estimate_that_cannot_be_read_opens_no_closed_round(ws):
    tracker = ws.trackers.get("Price")
    rounds = SessionRepository(ws.database, tracker.id)
    for value in ("{", "[]", '{"heldout": 1}'):
        with changed(ws, "rounds", "estimate", value):
            assert list(rounds.closed()) == [1]
            assert rounds.completed() == {1: None}
    assert rounds.completed()[1] is not None


def test_tokens_and_messages_that_cannot_be_read_stop_no_others(ws):
    tokens = ApiTokenRepository(ws.database)
    text = tokens.create("other", "read")[1]
    for column, value in (("rights", "everything"), ("created", "never")):
        with changed(ws, "api_tokens", column, value):
            assert [one.name for one in tokens.list()] == ["other"]
            assert tokens.check(text) is not None


LINES = {
    "not JSON": "{\n",
    "not an object": "[1]\n",
    "without a call": '{"began": "2026-01-01T00:00:00+00:00"}\n',
    "without a zone": '{"call": {"id": "x"}, "began": "2026-01-01T00:00:00"}\n',
    "with a bad date": '{"call": {"id": "x"}, "began": "yesterday", "speed": null}\n',
    "with parties that are none": '{"call": {"id": "x", "parties": 7}, "began": "2026-01-01T00:00:00+00:00"}\n',
    "deep": "[" * 100_000 + "\n",
    "of no text": "\x00\x01\n",
}


@pytest.fixture
def heard(ws):
    """A live call that was left, and the folder of such calls; whatever a test puts there is gone afterwards."""
    folder = ws.path / "live"
    folder.mkdir(exist_ok=True)
    good = '{"call": {"id": "good", "title": "Good call"}, "began": "2026-01-01T00:00:00+00:00", "speed": null}\n'
    (folder / "good.jsonl").write_text(good)
    yield folder
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            one.rmdir()
        else:
            one.unlink()


def shown(ws: wb.Workspace) -> tuple[list[str | None], str]:
    """The titles on the page of live calls, and what it says cannot be read."""
    monitor = live(ws, "reader")
    return [one["title"] for one in monitor.on_calls()], monitor.notice


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_a_live_call_without_a_beginning_is_left_out(ws, heard, text):
    (heard / "bad.jsonl").write_text(text)
    assert shown(ws) == (["Good call"], "Left out, as it cannot be read: live call “bad.jsonl”.")
    assert [one.kind for one in ws.unreadable()] == ["live call"]


def test_no_link_in_the_folder_of_live_calls_is_followed(ws, heard, tmp_path):
    outside = tmp_path / "outside.jsonl"
    outside.write_text((heard / "good.jsonl").read_text().replace("Good call", "Of another workspace"))
    before = outside.read_text()
    (heard / "link.jsonl").symlink_to(outside)
    (heard / "broken.jsonl").symlink_to(tmp_path / "none")
    for one in (ws, wb.open(ws.path, encoder=ws.encoder)):
        titles, notice = shown(one)
        assert titles == ["Good call"]
        assert "“broken.jsonl”, live call “link.jsonl”" in notice
    monitor = live(ws, "reader")
    for key in ("link", "../outside", str(outside), "broken"):
        with pytest.raises(wb.WorkbenchError):
            monitor.on_follow(key, 0)
    assert outside.read_text() == before


def test_folders_and_pipes_are_left_out(ws, heard):
    (heard / "folder.jsonl").mkdir()
    os.mkfifo(heard / "pipe.jsonl")
    titles, notice = shown(ws)
    assert titles == ["Good call"]
    assert "“folder.jsonl”, live call “pipe.jsonl”" in notice


def test_lines_that_cannot_be_read_are_left_out_of_a_call(ws, heard):
    turn = '{"turn": {"id": "%s", "text": "%s", "final": true}, "at": %d, "events": []}\n'
    with (heard / "good.jsonl").open("a") as file:
        file.write(turn % ("a", "Hello", 0) + "{cut\n" + '{"turn": 7, "at": 1}\n' + '{"events": [{}]}\n' + "\n")
        file.write("x" * 9_000_000 + "\n" + turn % ("b", "Goodbye", 1) + '{"turn": {"id": "c"')
    monitor = live(ws, "reader")
    turns, damaged, cursor, more = [], 0, 0, True
    while more:
        news = monitor.on_follow("good", cursor)
        turns += [one["text"] for one in news["turns"]]
        damaged, cursor, more = damaged + news["damaged"], news["cursor"], news["more"]
    assert turns == ["Hello", "Goodbye"]
    assert damaged == 5
    assert monitor.on_whole("good", 1) == "Goodbye"


def test_the_sentence_about_what_is_left_out_names_a_few():
    many = [Unreadable("board", f"B\x1b {n}", "ValueError: x") for n in range(7)]
    assert left_out([]) == ""
    assert left_out(many[:1]) == "Left out, as it cannot be read: board “B\\x1b 0”."
    assert left_out(many).endswith("board “B\\x1b 4” and 2 more.")
