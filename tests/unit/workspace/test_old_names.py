"""Old names of the Python API: each gives what the new one gives, and warns at the caller."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.deprecation import DeprecatedName
from workbench.domain.errors import InvalidTracker, TrackerNotFound
from workbench.engine.encoders import HashingEncoder
from workbench.store.streams import AlertRepository


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    ws = wb.open(tmp_path_factory.mktemp("old") / "w", encoder=HashingEncoder())
    ws.ingest(small.conversations(20))
    ws.trackers.create("Price", kind="keyword", words=["price"]).publish(past="all").wait()
    ws.metrics.create("Paid")
    ws.boards.create("Board", ["Price"], 0.5)
    return ws


@pytest.mark.parametrize("old", ["active", "current", "answering", "found", "unpublished"])
def test_what_a_tracker_computes_is_called(ws, old):
    new = {
        "active": "active_version",
        "current": "current_version",
        "answering": "answering_versions",
        "found": "found_by_version",
        "unpublished": "unpublished_changes",
    }[old]
    tracker = ws.trackers.get("Price")
    with pytest.warns(DeprecatedName, match=rf"Use {new}\(\) instead of {old}") as seen:
        before = getattr(tracker, old)
    assert [one.filename for one in seen] == [__file__]
    assert repr(before) == repr(getattr(tracker, new)())


def test_periods_have_one_name(ws):
    board = ws.boards.get("Board")
    with pytest.warns(DeprecatedName, match="every="):
        old = board.adoption(period="quarter")
    assert old.equals(board.adoption(every="quarter"))
    assert "quarter" in ws.metrics.trend("Paid", every="quarter").table
    assert ws.statistics("Price", every="quarter").rates.equals(ws.statistics("Price", "quarter").rates)
    for wrong in (
        lambda: board.adoption(every="year"),
        lambda: ws.metrics.trend("Paid", every="year"),
        lambda: ws.statistics("Price", every="year"),
    ):
        with pytest.raises(ValueError, match="every: must be one of week, month, quarter, not 'year'"):
            wrong()


def test_one_thing_is_given_by_one_name(ws):
    with pytest.warns(DeprecatedName, match="min_calls="):
        old = ws.statistics("Price", "team", least_calls=3)
    assert old.rates.equals(ws.statistics("Price", "team", min_calls=3).rates)
    with pytest.warns(DeprecatedName, match="id_or_name="):
        assert ws.metrics.values(name="Paid").equals(ws.metrics.values("Paid"))
    with pytest.warns(DeprecatedName, match="from_ready_made"):
        assert ws.trackers.add_ready_made("greeting", called="Hello").name == "Hello"
    assert ws.trackers.from_ready_made("greeting", name="Hello again").name == "Hello again"


def test_what_a_version_found_is_a_table_like_what_a_tracker_found(ws):
    tracker = ws.trackers.get("Price")
    version = tracker.active_version()
    found = version.detections()
    assert len(found)
    assert found.equals(ws.detections("Price"))
    with pytest.warns(DeprecatedName, match=r"Use detections\(\) instead of detection_list\(\)") as seen:
        old = version.detection_list()
    assert [one.filename for one in seen] == [__file__]
    assert [(one.sentence_id, one.score) for one in old] == list(zip(found["sentence_id"], found["score"], strict=True))
    none = ws.trackers.create("Never said", kind="keyword", words=["unobtainium"]).publish().detections()
    assert none.empty
    assert list(none.dtypes.items()) == list(ws.detections("Never said").dtypes.items())


def test_a_deleted_tracker_is_restored_by_its_name(ws):
    made = ws.trackers.create("Gone", kind="keyword", words=["gone"])
    ws.trackers.delete("Gone")
    assert ws.trackers.restore("Gone").id == made.id
    ws.trackers.delete("Gone")
    with pytest.warns(DeprecatedName, match="id_or_name="):
        assert ws.trackers.restore(tracker_id=made.id).id == made.id
    ws.trackers.delete("Gone")
    ws.trackers.create("Gone", kind="keyword", words=["gone"])
    ws.trackers.delete("Gone")
    with pytest.raises(InvalidTracker, match="2 deleted trackers were named 'Gone'"):
        ws.trackers.restore("Gone")
    with pytest.raises(TrackerNotFound):
        ws.trackers.restore("Never")


def test_each_update_gives_what_was_updated(ws):
    tracker = ws.trackers.create("Changed", kind="keyword", words=["fee"])
    assert tracker.update(description="Fees.") is tracker
    assert ws.trackers.update("Changed", name="Fees").name == "Fees"
    assert ws.boards.update("Board", target=0.25).initiative.target == 0.25
    assert ws.metrics.update("Paid", definition="It was paid.").definition == "It was paid."
    ws.playbooks.create("Play", {"Price": ["Price"]})
    assert ws.playbooks.update("Play", name="Played").name == "Played"


def test_a_stream_takes_another_name_and_other_trackers(ws):
    made = ws.streams.create("Money", ["Price"])
    ws.trackers.create("Cost", kind="keyword", words=["cost"])
    assert ws.streams.update("Money", name="Cash").name == "Cash"
    assert [one.name for one in ws.streams.get("Cash").trackers] == ["Price"]
    changed = ws.streams.update(made.id, trackers=["Cost"])
    assert (changed.id, changed.name, [one.name for one in changed.trackers]) == (made.id, "Cash", ["Cost"])
    assert ws.streams.update("Cash", trackers=[]).trackers == ()
    ws.streams.create("Other")
    with pytest.raises(ValueError, match="already named 'Other'"):
        ws.streams.update("Cash", name="Other")
    with pytest.raises(KeyError, match="Nothing"):
        ws.streams.update("Nothing", name="Something")
    with pytest.raises(TrackerNotFound):
        ws.streams.update("Cash", name="Lost", trackers=["Nothing"])
    assert ws.streams.get("Cash").id == made.id


def test_a_changed_alert_is_judged_anew(ws):
    made = ws.alerts.create("Many", "Price", 1, days=366)
    AlertRepository(ws.database).speak(made.id, {})
    assert ws.alerts.update("Many", name="Lots").spec.standing
    changed = ws.alerts.update("Lots", threshold=2, direction="below")
    assert (changed.spec.threshold, str(changed.spec.direction), changed.spec.standing) == (2.0, "below", False)
    assert ws.alerts.get(made.id).spec == changed.spec
    for wrong, said in (
        ({"days": 0}, "days"),
        ({"threshold": "much"}, "threshold"),
        ({"measure": "sum"}, "measure: must be one of count, rate"),
        ({"colour": "red"}, "cannot change colour"),
    ):
        with pytest.raises(ValueError, match=said):
            ws.alerts.update("Lots", **wrong)
    assert ws.alerts.get("Lots").spec == changed.spec
