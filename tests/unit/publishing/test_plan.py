"""What is told before publishing is what publishing then does, whatever came before."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.unit import small
from workbench.domain.errors import InvalidTracker
from workbench.domain.publications import PAST
from workbench.domain.publish_plans import PlannedCost, PublishPlan
from workbench.domain.reach import Reach
from workbench.engine.encoders import HashingEncoder
from workbench.publishing import publication
from workbench.results.standing import standing
from workbench.workspace.tracker import Tracker

PERIODS = (None, *PAST)


def calls(count: int, first: int = 0) -> list[dict[str, Any]]:
    """One a fortnight back from now; every fifth says not when it was."""
    made = small.conversations(count, seed=first)
    for n, call in enumerate(made):
        call["id"] = f"call-{first + n}"
        if n % 5:
            call["started"] = (datetime.now(UTC) - timedelta(days=14 * n, hours=1)).isoformat()
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "w"
    with wb.open(folder, encoder=HashingEncoder()) as ws:
        ws.ingest(calls(32))
        ws.trackers.create("Price", "keyword", words=["expensive", "price"])
    return folder


@pytest.fixture
def ws(made: Path, tmp_path: Path) -> wb.Workspace:
    shutil.copytree(made, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def answered(ws: wb.Workspace, tracker: Tracker) -> Counter[int]:
    """By version the calls for which its results stand, asked call by call."""
    order, started = standing(ws.database, ws.lake).versions(tracker.id), ws.lake.started(range(ws.lake.size))
    return Counter(one.version for number in started for one in order if one.reach.holds(number, started[number]))


def published(ws: wb.Workspace, tracker: Tracker, past: str | None) -> PublishPlan:
    """Publishes, and checks that it did what was planned."""
    plan, before = tracker.publish_plan(past), answered(ws, tracker)
    assert answered(ws, tracker) == before, "planning does nothing"
    made = tracker.publish(past)
    progress, after = made.wait(), answered(ws, tracker)
    assert (made.version, made.past) == (plan.version, plan.past)
    assert (progress.total, progress.done, progress.kept) == (plan.total, plan.total, plan.kept)
    assert plan.kept + plan.to_read == plan.total
    assert after == Counter({**plan.stays, plan.version: plan.to_read}) - Counter()
    assert plan.reread == sum(before.values()) - plan.staying
    arrived = Reach(first=made.frozen.first_upcoming, last=ws.lake.size)
    assert plan.waiting == ws.lake.how_many(arrived)
    order = [one.reach for one in standing(ws.database, ws.lake).versions(tracker.id)]
    whole = Reach(first=0, last=ws.lake.size)
    assert plan.unread == ws.lake.how_many(whole) - ws.lake.how_many(whole, [*order, arrived])
    return plan


def act(ws: wb.Workspace, tracker: Tracker, what: str) -> None:
    if what == "wording":
        tracker.update(description=f"{tracker.description}.")
    elif what == "words":
        tracker.update(words=[*tracker.settings["words"], f"word{len(tracker.settings['words'])}"])
    elif what == "arrive":
        ws.ingest(calls(3, ws.lake.size + 1), detect=False)
    elif what == "catch up":
        ws.catch_up()
    elif what == "first" and tracker.publications():
        tracker.roll_back(1)
    elif what == "pause" and tracker.state == "active":
        tracker.pause()
    elif what == "deactivate" and tracker.state in ("active", "paused"):
        tracker.deactivate()


ACTS = ("wording", "words", "arrive", "catch up", "first", "pause", "deactivate")
STEPS = st.lists(st.tuples(st.lists(st.sampled_from(ACTS), max_size=2), st.sampled_from(PERIODS)), max_size=3)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_publishing_does_what_the_plan_says(steps: list[Any], made: Path, tmp_path_factory, monkeypatch) -> None:
    monkeypatch.setattr(publication, "BATCH", 8)
    folder = tmp_path_factory.mktemp("tried") / "w"
    shutil.copytree(made, folder)
    with wb.open(folder, encoder=HashingEncoder()) as ws:
        tracker = ws.trackers.get("Price")
        for before, past in steps:
            for one in before:
                act(ws, tracker, one)
            assert published(ws, tracker, past).message


def test_words_of_a_first_publication(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Price")
    assert tracker.publish_plan().message == (
        "Upcoming calls are read as they arrive. 32 past calls that no version has read stay unread; choose a longer "
        "period to read them."
    )
    assert tracker.publish_plan("all").message == (
        "Version 1 reads 32 past calls. Upcoming calls are read as they arrive."
    )
    plan = tracker.publish_plan("3 months")
    assert (plan.total, plan.undated) == (plan.to_read, 7)
    assert f"reads {plan.total} past calls that began in the past 3 months (7 of them without a date)" in plan.message
    assert not tracker.publications()


def test_words_of_what_stays_and_what_is_read_again(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Price")
    tracker.publish("all").wait()
    tracker.update(description="Other words")
    assert tracker.publish_plan("12 months").message == (
        "The results of 32 calls stay as they are (from version 1). Nothing has to be read again: version 1 reads the "
        "same way and has read all 28 past calls that began in the past 12 months. Upcoming calls are read as they "
        "arrive."
    )
    tracker.update(words=["price"])
    again = tracker.publish_plan("1 month")
    assert (again.to_read, again.reread, again.stays) == (again.total, again.total, {1: 32 - again.total})
    assert again.message == (
        f"The results of {32 - again.total} calls stay as they are (from version 1). Version 2 reads {again.total} "
        "past calls that began in the past month (7 of them without a date), and its matches there replace earlier "
        "ones. Upcoming calls are read as they arrive."
    )
    tracker.publish("1 month").wait()
    tracker.update(words=["expensive"])
    assert tracker.publish_plan().stays == {2: again.total, 1: 32 - again.total}
    assert f"({again.total} from version 2 and {32 - again.total} from version 1)" in tracker.publish_plan().message


def test_changes_that_are_not_saved_are_planned_with(ws: wb.Workspace) -> None:
    tracker = ws.trackers.get("Price")
    tracker.publish("all").wait()
    assert tracker.publish_plan("all").to_read == 0
    assert tracker.publish_plan("all", {"words": ["dog"]}).to_read == 32
    assert tracker.publish_plan("all", {"description": "Other"}).to_read == 0
    assert tracker.settings["words"] == ["expensive", "price"]
    with pytest.raises(InvalidTracker, match="words"):
        tracker.publish_plan("all", {"words": []})
    with pytest.raises(wb.WorkbenchError, match="2 years"):
        tracker.publish_plan("2 years")


def test_without_calls(tmp_path: Path) -> None:
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    tracker = ws.trackers.create("Price", "keyword", words=["price"])
    assert published(ws, tracker, "all").message == "There are no past calls. Upcoming calls are read as they arrive."
    assert published(ws, tracker, None).message == "Upcoming calls are read as they arrive."


def test_calls_that_are_older_than_the_period(tmp_path: Path) -> None:
    ws = wb.open(tmp_path / "w", encoder=HashingEncoder())
    ws.ingest([one | {"started": "2019-03-01T10:00:00Z"} for one in calls(3)])
    tracker = ws.trackers.create("Price", "keyword", words=["price"])
    said = published(ws, tracker, "12 months").message
    assert "None of the 3 past calls began in the past 12 months, so none is read." in said
    assert "3 past calls that no version has read stay unread; choose a longer period to read them." in said


def told(**cost: Any) -> str:
    plan = PublishPlan(
        version=1, past="all", since=None, calls=9, total=9, undated=0, kept=0, to_read=9, reread=0, stays={},
        waiting=0, unread=0, cost=PlannedCost(**cost),
    )  # fmt: skip
    return plan.message.partition("arrive. ")[2]


def test_words_of_what_it_costs() -> None:
    assert told(credits=2.5, balance=9, unpaid=9, payable=9) == (
        "Reading past calls takes 2.5 credits, and there are 9: enough."
    )
    assert told(credits=2.5, balance=1, unpaid=9, payable=4, stopped_by="out of credits") == (
        "Reading past calls takes 2.5 credits, and there are 1: not enough (out of credits). The newest 4 of 9 calls "
        "are read, then it is paused; add credits and publish again to read the others."
    )
    assert told(credits=2.5, balance=0, unpaid=9, payable=0, stopped_by="out of credits") == (
        "You have no credits, so it cannot be published. Add some first."
    )
