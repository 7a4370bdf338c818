"""Pages are made anew when anything that they show has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import workbench as wb
from tests.support.chat_endpoint import Answer, finding, judging_endpoint
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.store.stamp import stamp


def changes(before: str, ws: wb.Workspace) -> bool:
    return stamp(ws.database) != before


@pytest.mark.usefixtures("state")
def test_a_call_that_is_judged_later_is_noticed(tmp_path, monkeypatch) -> None:
    failing: list[bool] = [True]
    good = finding("expensive")
    with judging_endpoint(monkeypatch, lambda request, n: Answer("garbage") if failing else good(request, n)):
        ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
        ws.ingest(small.conversations(2))
        ws.encode()
        ws.credits.top_up(100)
        asked = {"question": "Is it too expensive?", "details": "“that is too expensive for us”", "judge": "endpoint"}
        tracker = ws.trackers.create("Price", "question", **asked)
        published = tracker.publish()
        ws.ingest([one | {"id": f"new-{one['id']}"} for one in small.conversations(3, seed=9)])
        assert published.unjudged()
        before = stamp(ws.database)
        assert not changes(before, ws)
        failing.clear()
        assert published.try_again() > 0
        assert changes(before, ws)


def test_whatever_pages_show_is_noticed(tmp_path) -> None:
    ws = small.ready(tmp_path / "w")
    tracker = ws.trackers.get("Price")
    session = tracker.train()

    def answered() -> None:
        card = session.next_round()[0]
        session.tag(card.sentence_id, "yes")

    acts: tuple[Callable[[], object], ...] = (
        lambda: tracker.update(filters=wb.Filters(side="customer")),
        answered,
        session.undo,
        lambda: tracker.publish(),
        lambda: tracker.publish("all").wait(),
        lambda: tracker.roll_back(1),
        tracker.pause,
        tracker.resume,
        lambda: ws.credits.pause(tracker.id, "cap of this tracker reached"),
        lambda: ws.boards.create("Board", ["Price"], target=0.5),
        lambda: ws.trackers.delete(tracker.id),
    )
    for number, act in enumerate(acts):
        before = stamp(ws.database)
        assert not changes(before, ws)
        act()
        assert changes(before, ws), number
