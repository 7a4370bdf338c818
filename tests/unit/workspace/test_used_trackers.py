"""Whatever becomes of a tracker, all that uses it goes on and names it, never by a hex id and never by silence.

Every kind of user, on every state that a tracker can be in, by names that would run as code where they were not text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

import workbench as wb
from tests.support.old_workspace import unpacked
from tests.unit.dashboards.shop import BOSS, OTHER, block
from tests.unit.results.sales import call
from workbench.dashboards.pages import build
from workbench.domain.errors import TrackerNotFound
from workbench.domain.used_trackers import UsedTracker
from workbench.engine.encoders import HashingEncoder
from workbench.server.models.conversations import PageQuery
from workbench.server.models.metrics import TrendQuery
from workbench.server.models.results import BoardQuery
from workbench.server.operations import metrics as metric_operations
from workbench.server.operations import plans, results
from workbench.server.routing import ApiRequest
from workbench.store import trackers as stored
from workbench.store.moments import now
from workbench.store.tables import metadata, tracker_edits, trackers
from workbench.widgets import MetricBuilder

STATES = (
    *("active", "deactivated", "paused", "deleted", "deleted forever", "restored", "never published"),
    *("deleted draft", "deleted again", "name used again"),
)
TODAY = f"{now():%Y-%m-%d}"
SAYS = {
    "active": "",
    "deactivated": "is deactivated",
    "paused": "is paused",
    "deleted": f"was deleted on {TODAY}",
    "deleted forever": f"was deleted forever on {TODAY}",
    "restored": "is paused",
    "never published": "is not published",
    "deleted draft": f"was deleted on {TODAY}",
    "deleted again": f"was deleted forever on {TODAY}",
    "name used again": f"was deleted on {TODAY}",
}
FOUND = {
    state for state in STATES if "forever" not in SAYS[state] and state not in ("never published", "deleted draft")
}


def name_of(state: str) -> str:
    return f'<img src=x onerror="alert(1)">{state}'


def called(state: str) -> str:
    """Of a board and so on; without the tracker's name, so that finding that tells something."""
    return "Item " + state


@pytest.fixture(scope="module", name="ws")
def _ws(tmp_path_factory: pytest.TempPathFactory) -> wb.Workspace:
    ws = wb.open(tmp_path_factory.mktemp("used"), encoder=HashingEncoder())
    deal = {"id": "D-0", "stage": "Demo"}
    ws.ingest([call(n, [("ann", "hello"), BOSS if n % 2 else OTHER], team="North", deal=deal) for n in range(8)])
    for state in STATES:
        filters = wb.Filters(side="customer")
        tracker = ws.trackers.create(name_of(state), kind="keyword", words=["boss"], filters=filters)
        if state not in ("never published", "deleted draft"):
            tracker.publish(past="all").wait()
        ws.boards.create(called(state), [tracker.id], target=0.3)
        ws.playbooks.create(called(state), {"Authority": [tracker.id]})
        ws.metrics.create(called(state), source={"type": "trackers", "required": [tracker.id]})
        ws.alerts.create(called(state), tracker, threshold=1)
        ws.streams.create(called(state), trackers=[tracker])
        becomes(ws, tracker, state)
    return ws


def becomes(ws: wb.Workspace, tracker: wb.Tracker, state: str) -> None:
    if state == "deactivated":
        tracker.deactivate()
    elif state == "paused":
        tracker.pause()
    elif state not in ("active", "never published"):
        ws.trackers.delete(tracker.id, forever=state == "deleted forever")
    if state == "restored":
        ws.trackers.restore(tracker.id)
    if state == "deleted again":
        ws.trackers.delete(tracker.id, forever=True)
    if state == "name used again":
        ws.trackers.create(name_of(state), kind="keyword", words=["other"])


def asked(ws: wb.Workspace, path: Mapping[str, str], query: Any = None) -> ApiRequest:
    return ApiRequest(opened=lambda: ws, by="test", user="test", path=path, query=query)


def users(ws: wb.Workspace, state: str) -> Iterator[tuple[str, str]]:
    """What each kind of user tells, as text, through each way in which it is told."""
    name = called(state)
    board, book, metric = ws.boards.get(name), ws.playbooks.get(name), ws.metrics.get(name)
    alert, stream = ws.alerts.get(name), ws.streams.get(name)
    yield "board", " ".join(board.notes)
    yield "adoption", " ".join(board.adoption(every=None).attrs["notes"])
    yield "adoption by team", " ".join(board.adoption(["team", "person"]).attrs["notes"])
    yield "playbook", " ".join([*book.advice, *book.notes])
    yield "filled", " ".join(book.fill("D-0").attrs["notes"])
    yield "overview of deals", " ".join(book.overview().attrs["notes"])
    yield "trend", " ".join(ws.metrics.trend(name).notes)
    yield "alert", " ".join(alert.notes)
    yield "stream", " ".join(stream.notes)
    yield "calls of a stream", " ".join(stream.calls().attrs["notes"])
    yield "page of boards", json.dumps(build("initiative")(ws, {"board": board.id}), ensure_ascii=False)
    yield "page of playbooks", json.dumps(build("playbook")(ws, {"playbook": book.id}), ensure_ascii=False)
    of_deal = build("playbook")(ws, {"playbook": book.id, "deal": "D-0"})
    yield "page of a deal's playbook", json.dumps(of_deal, ensure_ascii=False)
    yield "page of metrics", json.dumps(build("metrics")(ws, {"metric": metric.id}), ensure_ascii=False)
    yield "page of all", json.dumps(build("overview")(ws, {}), ensure_ascii=False)
    every = BoardQuery(period="all")
    yield "board over REST", plans.get_board(asked(ws, {"board": name}, every)).model_dump_json()
    yield "boards over REST", plans.list_boards(asked(ws, {}, PageQuery(limit=100))).model_dump_json()
    yield "playbook over REST", plans.get_playbook(asked(ws, {"playbook": name})).model_dump_json()
    filled = plans.fill_playbook(asked(ws, {"playbook": name, "deal": "D-0"}))
    yield "filled over REST", filled.model_dump_json()
    yield "streams over REST", results.list_streams(asked(ws, {}, PageQuery(limit=100))).model_dump_json()
    view = metric_operations.get_metric(asked(ws, {"metric": name})).view
    assert view is not None
    yield "metric over REST", view.model_dump_json()
    yield "trend over REST", metric_operations.get_trend(asked(ws, {"metric": name}, TrendQuery())).model_dump_json()


@pytest.mark.parametrize("state", STATES)
def test_item_2_every_user_says_by_name_what_has_become_of_its_tracker(ws: wb.Workspace, state: str) -> None:
    for user, told in users(ws, state):
        plain = told.replace('\\"', '"')
        if SAYS[state]:
            assert f"{name_of(state)}' {SAYS[state]}" in plain, user
        else:
            assert f"{name_of(state)}' " not in plain, user


@pytest.mark.parametrize("state", STATES)
def test_pages_hold_names_and_no_hex_ids(ws: wb.Workspace, state: str) -> None:
    """As text that people read, that is: links and controls go by ids."""
    ids = [spec.id for spec in ws.trackers.repository.list()] + [
        one for board in ws.boards.list() for one in board.initiative.trackers
    ]
    board, book = ws.boards.get(called(state)), ws.playbooks.get(called(state))
    for view in (
        build("initiative")(ws, {"board": board.id}),
        build("playbook")(ws, {"playbook": book.id, "deal": "D-0"}),
        build("metrics")(ws, {"metric": ws.metrics.get(called(state)).id}),
        build("overview")(ws, {}),
        build("tracker")(ws, {"tracker": board.initiative.trackers[0]}),
        build("search")(ws, {"trackers": board.initiative.trackers[0]}),
        build("team")(ws, {"tracker": board.initiative.trackers[0]}),
    ):
        words = [view["lead"], view["title"], *(text for one in view["blocks"] for text in (one["title"], one["note"]))]
        words += [
            str(value)
            for one in view["blocks"]
            if one["table"]
            for row in one["table"]["rows"]
            for value in row.values()
        ]
        assert not [one for one in ids if any(one in text for text in words)]


@pytest.mark.parametrize("state", STATES)
def test_what_was_found_stays_unless_it_was_deleted_forever(ws: wb.Workspace, state: str) -> None:
    name = called(state)
    there = state in FOUND
    # A draft's would-be finds count in a notebook, as those of ws.draft_detections() do; nobody else sees them.
    counted = there or state in ("never published", "deleted draft")
    adoption = ws.boards.get(name).adoption(every=None).iloc[0]
    assert (adoption["calls"], adoption["calls_found"]) == ((8, 4) if counted else (0, 0))
    over_rest = plans.get_board(asked(ws, {"board": name}, BoardQuery(period="all"))).adoption[0]
    assert (over_rest.calls, over_rest.calls_found) == ((8, 4) if there else (0, 0))
    filled = plans.fill_playbook(asked(ws, {"playbook": name, "deal": "D-0"})).items[0]
    assert (filled.state, filled.finds) == (("filled", 4) if there else ("not looked for", 0))
    assert filled.trackers == ([name_of(state)] if there else [])
    assert len(ws.streams.get(name).calls()) == (4 if there else 0)
    values = ws.metrics.values(name)
    assert (values["value"] == "unknown").all() != there
    alert = ws.alerts.get(name)
    assert (alert.reading() is None) == ("deleted" in SAYS[state] or not there)
    assert alert.tracker.name == name_of(state)


def test_what_uses_a_deleted_tracker_can_be_changed_and_keeps_it(ws: wb.Workspace) -> None:
    for state in STATES:
        name = called(state)
        board, book, metric = ws.boards.get(name), ws.playbooks.get(name), ws.metrics.get(name)
        assert ws.boards.update(name, target=0.4).initiative.trackers == board.initiative.trackers
        items = list(book.items)
        assert list(ws.playbooks.update(name, items=items).items) == items
        changed = ws.metrics.update(name, source=metric.source, definition="Whether they name it.")
        assert changed.source == metric.source
        builder = MetricBuilder(ws)
        shown = {one["id"]: one["name"] for one in builder.trackers}
        (used,) = ws.metrics.trackers(name)
        assert shown[used.id] == (used.label if used.deleted else used.name)
        builder.close()


def test_a_name_that_is_asked_for_says_what_became_of_its_tracker(ws: wb.Workspace) -> None:
    with pytest.raises(TrackerNotFound, match=f"was deleted on {TODAY}; restore it by its id"):
        ws.trackers.get(name_of("deleted"))
    for state in ("deleted forever", "deleted again"):
        used = ws.boards.get(called(state)).trackers[0]
        for wanted in (name_of(state), used.id):
            with pytest.raises(TrackerNotFound, match=f"was deleted forever on {TODAY}; it cannot be restored"):
                ws.trackers.get(wanted)
        with pytest.raises(TrackerNotFound):
            ws.trackers.restore(used.id)
    with pytest.raises(TrackerNotFound, match="no tracker has the id or name 'Nobody'"):
        ws.trackers.get_many(["Nobody"])


def test_deleted_forever_leaves_nothing_but_a_name(ws: wb.Workspace) -> None:
    (used,) = ws.boards.get(called("deleted forever")).trackers
    with ws.database.connect() as connection:
        row = connection.execute(select(trackers).where(trackers.c.id == used.id)).mappings().one()
        assert (row["description"], row["filters"], row["examples"], row["settings"]) == ("", {}, [], {})
        for table, column in stored.BELONGS:
            assert connection.execute(select(column).where(column == used.id)).first() is None, table.name
    named = {table.name for table, _ in stored.BELONGS}
    tied = {
        table.name for table in metadata.sorted_tables for key in table.foreign_keys if key.column.table is trackers
    }
    assert named == tied - {"alerts", "stream_trackers"}
    assert tracker_edits.name in named
    assert used.id not in [one.id for one in (*ws.trackers.list(), *ws.trackers.deleted())]


def test_whoever_still_holds_it_is_told_and_writes_nothing(tmp_path: Path) -> None:
    ws = wb.open(tmp_path, encoder=HashingEncoder())
    ws.ingest([call(n, [("ann", "hello"), OTHER]) for n in range(3)])
    held = ws.trackers.create("Price", kind="keyword", words=["price"])
    ws.trackers.delete(held.id, forever=True)
    for act in (held.publish, held.deactivate, lambda: held.update(description="x")):
        with pytest.raises((TrackerNotFound, wb.WorkbenchError)):
            act()
    with ws.database.connect() as connection:
        assert connection.execute(select(trackers.c.state, trackers.c.active_version)).all() == [("deleted", None)]


def test_an_older_workspace_names_its_deleted_trackers(tmp_path: Path) -> None:
    """What it deleted has no date; what it deleted forever has no name, and is not shown by its id."""
    ws = wb.open(unpacked(tmp_path))
    (deleted,) = ws.trackers.deleted()[:1]
    assert deleted.spec.deleted is None
    ws.boards.create("Old", [deleted.id], target=0.5)
    assert ws.boards.get("Old").trackers == (UsedTracker(id=deleted.id, name=deleted.name, status="deleted"),)
    assert f"{deleted.name!r} was deleted," in ws.boards.get("Old").notes[0]
    with ws.database.begin() as connection:  # as an earlier version deleted forever: no row is left
        connection.exec_driver_sql("DELETE FROM trackers WHERE id = ?", (deleted.id,))
    assert ws.boards.get("Old").notes == (
        "A tracker was deleted forever, with its name and all that it found; use another one.",
    )
    view = build("initiative")(ws, {"board": ws.boards.get("Old").id})
    assert "a tracker that was deleted forever" in view["lead"]
    assert deleted.id not in view["lead"] + block(view, "problem")["note"]


def test_the_date_is_that_of_the_first_deletion(ws: wb.Workspace) -> None:
    (used,) = ws.boards.get(called("deleted draft")).trackers
    then = datetime(2026, 1, 2, 23, 30, tzinfo=UTC)
    with ws.database.begin() as connection:
        connection.execute(update(trackers).where(trackers.c.id == used.id).values(deleted=then))
    ws.trackers.delete(used.id)
    assert ws.boards.get(called("deleted draft")).trackers[0].label == f"{used.name} (deleted on 2026-01-02)"
    restored = ws.trackers.restore(used.id)
    assert restored.spec.deleted is None
    ws.trackers.delete(used.id)
    assert ws.trackers.repository.get(used.id).deleted is not None
