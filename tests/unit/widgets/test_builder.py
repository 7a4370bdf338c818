import pytest
from fakes import LINES

from workbench.widgets import TaggingCarousel, TrackerBuilder


@pytest.fixture
def builder(workspace):
    return TrackerBuilder(workspace)


def filled(builder, **changes):
    return {**builder.form, "name": "Pricing objections", "examples": list(LINES), **changes}


def test_a_workspace_without_drafts_begins_with_an_empty_form(builder):
    assert (builder.tracker_id, builder.saved, builder.resumed) == ("", None, False)
    assert builder.form["filters"]["scope"] == "external"
    assert builder.facets["teams"] == ["Enterprise", "Mid-market", "Renewals"]


def test_it_goes_on_with_the_newest_draft(workspace, tracker):
    newest = workspace.trackers.create("Discounts", examples=list(LINES))
    builder = TrackerBuilder(workspace)
    assert (builder.tracker_id, builder.resumed) == (newest.id, True)
    assert builder.form["name"] == "Discounts"
    assert [draft["id"] for draft in builder.drafts] == [newest.id, tracker.id]


def test_check_counts_coaches_and_says_what_is_missing(builder, page):
    result = page(builder).result("check", form={**builder.form, "name": "Pricing"})
    assert result["counts"]["calls"] == 1240
    assert {hint["field"] for hint in result["hints"]} >= {"name", "description", "examples", "corpus"}
    assert result["missing"] == ["Add 5 more examples."]


def test_filters_that_make_no_sense_yet_are_a_hint(builder, page):
    form = filled(builder)
    form["filters"] = {**form["filters"], "part": {"where": "first", "amount": 0, "unit": "minutes"}}
    result = page(builder).result("check", form=form)
    assert result["counts"] is None
    assert "above 0" in result["missing"][-1]


def test_saving_creates_and_then_updates(builder, page, workspace):
    browser = page(builder)
    result = browser.result("save", form=filled(builder))
    assert builder.tracker_id == result["tracker_id"] == workspace.trackers.get("Pricing objections").id
    assert builder.saved == builder.form
    browser.result("save", form=filled(builder, description="The price is too high for them."))
    assert workspace.trackers.get(builder.tracker_id).description == "The price is too high for them."
    assert len(workspace.trackers.list()) == 1


def test_a_form_that_lacks_something_is_not_saved(builder, page, workspace):
    reply = page(builder).ask("save", form=filled(builder, examples=[]))
    assert reply["error"] == {"kind": "InvalidTracker", "message": "Add 5 more examples."}
    assert workspace.trackers.list() == []


def test_a_name_that_is_taken_is_told_in_words(builder, page, tracker):
    builder.tracker_id = ""
    assert "exists already" in page(builder).ask("save", form=filled(builder))["error"]["message"]


def test_start_a_new_one(workspace, tracker, page):
    builder = TrackerBuilder(workspace)
    page(builder).result("open", tracker_id=None)
    assert (builder.tracker_id, builder.form["name"], builder.saved) == ("", "", None)


def test_saving_makes_followers_train_anew(builder, page, workspace):
    carousel = TaggingCarousel(workspace, builder)
    browser = page(builder)
    browser.result("save", form=filled(builder))
    page(carousel).result("open")
    browser.result("save", form=filled(builder, description="Something else that they say."))
    page(carousel).result("open")
    assert workspace.trackers.get(builder.tracker_id).trained == 2


def test_an_unreadable_workspace_is_told_and_not_raised(workspace):
    workspace.facets = lambda: 1 / 0
    assert "division" in TrackerBuilder(workspace).error
