"""What the builder of trackers says of publishing a form that is not saved."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.unit.small import conversations
from workbench.domain.publications import PAST
from workbench.engine.encoders import HashingEncoder
from workbench.widgets import TrackerBuilder, kind_views, plan_views


@pytest.fixture
def ws(tmp_path):
    made = wb.open(tmp_path / "w", encoder=HashingEncoder())
    made.ingest(conversations(12))
    return made


def form(builder, **changes):
    settings = {**kind_views.NO_SETTINGS, "words": ["price"]}
    return {**builder.form, "name": "Price", "kind": "keyword", "settings": settings, **changes}


def test_a_form_is_planned_with_before_it_is_saved(ws, page):
    builder = TrackerBuilder(ws)
    asking, typed = page(builder), form(builder)
    assert asking.result("plan", form=typed, past="all")["message"] == (
        "Version 1 reads 12 past calls. Upcoming calls are read as they arrive."
    )
    for lacks in ({"name": " "}, {"settings": dict(kind_views.NO_SETTINGS)}):
        assert asking.result("plan", form=form(builder, **lacks))["message"] == plan_views.UNREADY
    assert asking.ask("plan", form=typed, past="2 years")["error"]
    assert ws.trackers.list() == []
    told = asking.result("publish", form=typed, past="all")["message"]
    assert told == "It runs automatically on new calls, and reads all past calls in the background."
    ws.trackers.get("Price").active_version().wait()
    other = form(builder, settings={**typed["settings"], "words": ["expensive"]})
    assert "12 past calls stay" not in asking.result("plan", form=builder.form, past="all")["message"]
    assert "reads the same way and has read all 12" in asking.result("plan", form=builder.form, past="all")["message"]
    assert "Version 2 reads 12 past calls" in asking.result("plan", form=other, past="all")["message"]
    assert "The results of 12 calls stay" in asking.result("plan", form=other)["message"]
    assert ws.trackers.get("Price").settings["words"] == ["price"]


@pytest.mark.parametrize("past", [None, *PAST])
def test_what_was_published_is_said_in_words(past):
    said = plan_views.published(past)
    assert said.startswith("It runs automatically on new calls")
    assert ("in the background" in said) == (past is not None)
    assert "past all" not in said
