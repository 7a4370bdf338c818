"""What was found stays, to the last digit and everywhere, until a newer version has read the call."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from tests.support.results_told import asked, routes, told
from tests.unit import small
from tests.unit.small import ROOT
from workbench.dashboards.pages import build
from workbench.engine.encoders import HashingEncoder
from workbench.results.csv_export import to_csv
from workbench.workspace.tracker import Tracker

TRACKERS = ("Price", "Weather")
Event = Callable[[wb.Workspace, Tracker], Any]


def shop(folder: Path, rounds: int = 0) -> wb.Workspace:
    """Calls of a year, of two teams, with deals; "Price" is trained where there are ``rounds``, else it finds words."""
    calls, now = small.conversations(48), datetime.now(UTC)
    for n, call in enumerate(calls):
        rep = {"id": "r", "side": "company", "name": "Ro" if n % 2 else "Sue", "team": "North" if n % 2 else "South"}
        call["parties"] = [call["parties"][0], rep]
        call["team"] = rep["team"]
        call["started"] = (now - timedelta(days=6 * n, hours=1)).isoformat()
        call["duration_s"] = 600.0
        call["deal"] = {"id": f"D{n // 8}", "stage": "Proposal"}
    ws = wb.open(folder, encoder=HashingEncoder())
    assert not ws.ingest(calls).rejected
    ws.encode()
    if rounds:
        session = ws.trackers.create("Price", examples=small.EXAMPLES, seed=1).train()
        for _ in range(rounds):
            for one in session.next_round():
                session.tag(one.sentence_id, small.answer(one.text))
            session.complete_round()
    else:
        ws.trackers.create("Price", "keyword", words=["expensive", "price", "pay"])
    ws.trackers.create("Weather", "keyword", words=["weather"])
    for name in TRACKERS:
        ws.trackers.get(name).publish(past="12 months", stream="All").wait()
    ws.boards.create("Board", list(TRACKERS), target=0.5)
    ws.playbooks.create("Book", {"Budget": ["Price"], "Weather": ["Weather"]})
    ws.metrics.create("Priced", source={"type": "trackers", "required": ["Price"]})
    ws.alerts.create("Many", "Price", threshold=3, days=60)
    ws.alerts.create("Few", "Price", threshold=3, days=60, direction="below")
    return ws


@pytest.fixture(scope="module", params=[0, 2], ids=["words", "trained"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("shop") / "w"
    ws = shop(folder, request.param)
    ws.database.dispose()
    return folder, told(ws, TRACKERS)


@pytest.fixture
def ws(made: tuple[Path, dict[str, Any]], tmp_path: Path) -> wb.Workspace:
    shutil.copytree(made[0], tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def wording(_: wb.Workspace, tracker: Tracker) -> None:
    tracker.update(description="Other words")
    tracker.publish()


def filters(_: wb.Workspace, tracker: Tracker) -> None:
    tracker.update(filters=wb.Filters(side="customer"))
    tracker.publish()


def how(_: wb.Workspace, tracker: Tracker) -> None:
    tracker.update(**({"threshold": "precision>=0.9"} if tracker.is_trained else {"words": ["high"]}))
    tracker.publish()


def deactivated(_: wb.Workspace, tracker: Tracker) -> None:
    tracker.deactivate()


def paused(_: wb.Workspace, tracker: Tracker) -> None:
    tracker.pause()


def resumed(_: wb.Workspace, tracker: Tracker) -> None:
    tracker.pause()
    tracker.resume()


def rolled_back(ws: wb.Workspace, tracker: Tracker) -> None:
    filters(ws, tracker)
    tracker.roll_back(1)


def restored(ws: wb.Workspace, tracker: Tracker) -> None:
    ws.trackers.delete(tracker.id)
    ws.trackers.restore(tracker.id)


def published_after_all_that(ws: wb.Workspace, tracker: Tracker) -> None:
    deactivated(ws, tracker)
    filters(ws, tracker)
    restored(ws, tracker)
    how(ws, tracker)


EVENTS: tuple[Event, ...] = (
    *(wording, filters, how, deactivated, paused, resumed, rolled_back, restored, published_after_all_that),
)


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.__name__)
def test_item_1_every_reader_tells_the_same_before_and_after(event: Event, ws: wb.Workspace, made: Any) -> None:
    event(ws, ws.trackers.get("Price"))
    found = told(wb.open(ws.path, encoder=ws.encoder) if event is not filters else ws, TRACKERS)
    for name, before in made[1].items():
        assert found[name] == before, name


def test_only_what_a_newer_version_has_read_changes(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Price")
    before = ws.detections("Price")
    tracker.update(filters=wb.Filters(side="customer"))
    published = tracker.publish(past="3 months")
    published.wait()
    after = ws.detections("Price")
    recent = set(before["conversation_id"][before["started"] >= published.since])
    old, new = after[after["version"] == 1], after[after["version"] == 2]
    assert set(new["conversation_id"]) <= recent
    assert not set(old["conversation_id"]) & recent
    assert set(new["side"]) == {"customer"}
    assert set(old["sentence_id"]) == set(before["sentence_id"][~before["conversation_id"].isin(recent)])
    assert set(ws.statistics("Price").versions) == {1, 2}
    assert set(ws.search(trackers=["Price"], limit=1_000)["versions"].explode()) == {1, 2}


def places() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "workbench").rglob("*.py")):
        yield str(file.relative_to(ROOT)), file.read_text("utf-8")


def test_found_sentences_are_read_in_one_place() -> None:
    """Whoever reads the table of detections by itself would pass over what older versions found."""
    table = re.compile(r"from workbench\.store\.tables import [^\n]*\bdetections\b|^    detections,$", re.MULTILINE)
    readers = {name for name, text in places() if table.search(text)}
    names = ("publications", "standing", "outbox", "notices", "verdicts", "numbers")
    names += ("following", "renaming", "forgetting", "rereads")  # of calls that change; they tell nobody
    stores = {f"workbench/store/{one}.py" for one in names}
    assert readers == stores | {"workbench/checking/state.py"}  # which compares all that is stored with the calls
    own = {name for name, text in places() if re.search(r"rows\.detections\(|\.frozen\.id\)\.detections", text)}
    assert own <= {"workbench/publishing/publication.py"}


def test_the_page_of_a_tracker_says_whose_results_stand_and_what_is_out_of_date(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Price")

    def page() -> tuple[str, str, dict[str, Any]]:
        view = build("tracker")(ws, {"tracker": tracker.id})
        state = next(tile for block in view["blocks"] for tile in block["tiles"] if tile["label"] == "State")
        return view["lead"], state["note"], {block["id"]: block for block in view["blocks"]}

    wording(ws, tracker)
    lead, state, _ = page()
    assert "What version 1 found is kept, because version 2 reads the same way." in lead
    assert state == "version 2"
    how(ws, tracker)
    lead, state, blocks = page()
    assert (state, tracker.current_version().version) == ("version 3", 3)
    assert "until a newer version has read those calls" in lead
    if tracker.is_trained:
        assert "another threshold was chosen" in blocks["rounds"]["note"]
        assert tracker.estimates[1].stale
    tracker.deactivate()
    assert (tracker.current_version().version, tracker.active_version()) == (3, None)


def test_every_result_says_which_version_found_it(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Price")
    tracker.update(filters=wb.Filters(side="customer"))
    tracker.publish(past="3 months").wait()
    frame = ws.detections("Price")
    by_version = frame.set_index("sentence_id")["version"].to_dict()
    assert set(by_version.values()) == {1, 2}
    board = ws.boards.get("Board").adoption("team")
    pairs = {(name, one) for row in board.itertuples() for name, one in zip(row.trackers, row.versions, strict=True)}
    assert pairs == {("Price", 1), ("Price", 2), ("Weather", 1)}
    calls = frame.assign(month=frame["started"].dt.strftime("%Y-%m")).groupby("month")["version"].agg(set)
    for row in ws.boards.get("Board").adoption().itertuples():
        of_price = {one for name, one in zip(row.trackers, row.versions, strict=True) if name == "Price"}
        assert of_price == calls.get(f"{row.month:%Y-%m}", set())
    whole = ws.boards.get("Board").adoption((), None)
    assert (whole["trackers"][0], whole["versions"][0]) == (["Price", "Price", "Weather"], [2, 1, 1])
    values = ws.metrics.values("Priced")
    told_by = {name: one for row in values.itertuples() for name, one in zip(row.evidence, row.found_by, strict=True)}
    assert told_by == by_version
    assert '"2, 2, 2"' in to_csv(values)
    assert '"2, 1, 1"' in to_csv(whole)
    shown = {route.path: asked(ws, route, {"tracker": tracker.id, **_known(ws)}) for route in routes()}
    assert {one["version"] for one in shown["detections"]["items"]} <= {1, 2}
    assert all(one["versions"] for one in shown["boards/{board}"]["adoption"] if one["calls_found"])
    found = [one for call in shown["calls"]["items"] for one in call["metrics"]["Priced"]["found_by"]]
    assert set(found) == {1, 2}
    view = build("initiative")(ws, {})
    assert "Price (version 2), Price (version 1)" in str(view["blocks"])


def _known(ws: wb.Workspace) -> dict[str, str]:
    return {"call": ws.detections("Price")["conversation_id"].iloc[0], "deal": ws.deals()["deal"].iloc[0]}
