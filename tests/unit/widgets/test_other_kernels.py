"""What another kernel does to trackers shows at the next thing that is asked of a widget, or is told there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.store.tables import trackers
from workbench.widgets import MetricBuilder, QuestionBuilder, Review, TrackerTable
from workbench.widgets.hub import hub_of

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module", name="trained")
def _trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kernels") / "w"
    small.ready(folder, rounds=1)
    return folder


@pytest.fixture(name="here")
def _here(trained: Path, tmp_path: Path) -> wb.Workspace:
    shutil.copytree(trained, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


@pytest.fixture(name="there")
def _there(here: wb.Workspace) -> wb.Workspace:
    """The same workspace as another kernel has it, under another name."""
    return wb.open(here.path, encoder=HashingEncoder(), user="bea")


def test_the_table_shows_what_was_made_renamed_paused_and_deleted_there(here, there, page):
    table = TrackerTable(here)
    asking = page(table)
    asking.result("open")
    price = here.trackers.get("Price").id
    there.trackers.create("New", kind="keyword", words=["new"])
    there.trackers.get(price).update(name=HOSTILE)
    asking.result("progress", ids=[])
    assert [row["name"] for row in table.rows] == [HOSTILE, "New"]
    stamp = table.rows[0]["stamp"]
    there.trackers.get("New").publish()
    asking.result("progress", ids=[])
    assert [row["state"] for row in table.rows] == ["draft", "active"]
    assert table.rows[0]["stamp"] == stamp  # what did not change is not looked at again
    there.trackers.delete(price)
    there.trackers.delete("New", forever=True)
    asking.result("progress", ids=[])
    assert ([row["name"] for row in table.rows], [row["name"] for row in table.deleted]) == ([], [HOSTILE])


def test_own_changes_are_announced_once(here, page):
    table, other = TrackerTable(here), TrackerTable(here)
    for one in (table, other):
        page(one).result("open")
    asking, heard = page(table), []
    hub_of(here).listen(Listener(heard).hear)
    keep = Listener(heard)
    hub_of(here).listen(keep.hear)
    price = here.trackers.get("Price").id
    asking.result("rename", tracker_id=price, name="Prices")
    asking.result("progress", ids=[])
    asking.result("progress", ids=[])
    assert heard == [price]
    assert [row["name"] for row in other.rows] == ["Prices"]


class Listener:
    def __init__(self, heard: list[str]) -> None:
        self._heard = heard

    def hear(self, tracker_id: str) -> None:
        self._heard.append(tracker_id)


def test_the_review_is_opened_anew_over_what_changed_there(here, there, page):
    review = Review(here, "Price")
    asking = page(review)
    asking.result("open")
    session = hub_of(here).session(here.trackers.get("Price"))
    there.trackers.get("Price").update(filters=wb.Filters(side="customer"))
    asking.result("others")
    assert hub_of(here).session(here.trackers.get("Price")) is not session
    there.trackers.get("Price").publish()  # which changes nothing of what it learns from
    kept = hub_of(here).session(here.trackers.get("Price"))
    asking.result("others")
    assert hub_of(here).session(here.trackers.get("Price")) is kept


def test_the_builder_of_questions_shows_or_tells_and_keeps_what_changed_there(here, there, page):
    question = {"question": "Did they ask for a discount?", "details": ""}
    made = here.trackers.create("Discount", kind="question", **question)
    builder = QuestionBuilder(here, "Discount")
    asking = page(builder)
    there.trackers.get("Discount").update(name="Discounts")
    assert not [one for one in asking.result("check", form=builder.form)["hints"] if "bea" in one["message"]]
    assert builder.form["name"] == builder.saved["name"] == "Discounts"
    builder.form = {**builder.form, "description": "Mine"}  # typed, not saved
    there.trackers.get("Discounts").update(name=HOSTILE)
    hints = asking.result("check", form=builder.form)["hints"]
    assert [one["message"] for one in hints if one["message"].startswith("bea changed name")]
    assert builder.form["description"] == "Mine"
    notes = asking.result("save", form=builder.form)["notes"]
    assert "bea changed name" in notes
    assert "both changes are kept" in notes
    found = there.trackers.get(made.id)
    assert (found.name, found.description) == (HOSTILE, "Mine")
    assert builder.form == builder.saved


def test_one_deleted_forever_there_is_said_so_here(here, there, page):
    made = here.trackers.create("Discount", kind="question", question="Did they ask for a discount?", details="")
    builder = QuestionBuilder(here, "Discount")
    there.trackers.delete(made.id, forever=True)
    page(builder).ask("check", form=builder.form)
    assert "'Discount' was deleted forever on" in builder.error


def test_a_tracker_that_cannot_be_read_is_shown_with_what_is_wrong(here, page):
    bad = here.trackers.create(HOSTILE, kind="keyword", words=["x"])
    with here.database.begin() as connection:
        connection.execute(update(trackers).where(trackers.c.id == bad.id).values(kind="kind of a newer version"))
    table = TrackerTable(here)
    asking = page(table)
    asking.result("open")
    assert [(row["id"], row["name"], row["state"]) for row in table.rows][1:] == [(bad.id, HOSTILE, "unreadable")]
    (standing,) = asking.result("look", ids=[bad.id])
    assert "cannot be read" in standing["error"]
    assert "restore a backup" in standing["error"]
    done = asking.result("act", what="delete", ids=[bad.id])
    assert list(done["failed"]) == [bad.id]
    assert MetricBuilder(here).error == ""
