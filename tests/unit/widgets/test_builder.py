from types import SimpleNamespace

import pytest
from fakes import LINES

from workbench.domain.texts import text_key
from workbench.widgets import TaggingCarousel, TrackerBuilder
from workbench.widgets.hub import hub_of


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
    assert [hint["message"] for hint in result["hints"] if hint["level"] == "error"] == ["Add 5 more examples."]


def test_filters_that_make_no_sense_yet_are_a_hint(builder, page):
    form = filled(builder)
    form["filters"] = {**form["filters"], "part": {"where": "first", "amount": 0, "unit": "minutes"}}
    result = page(builder).result("check", form=form)
    assert result["counts"] is None
    assert (result["hints"][-1]["field"], result["hints"][-1]["level"]) == ("corpus", "error")
    assert "above 0" in result["hints"][-1]["message"]


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


def test_the_values_to_filter_by_and_a_usual_call(builder):
    assert builder.facets["outcomes"] == ["open", "won", "lost"]
    assert builder.facets["fields"] == {"region": ["North", "South"]}
    assert builder.facets["usual_s"] == 1800


def test_a_tracker_opens_at_its_summary_and_a_new_one_at_its_name(workspace, tracker, page):
    builder = TrackerBuilder(workspace)
    assert builder.step == "train"
    browser = page(builder)
    browser.result("open", tracker_id=None)
    assert builder.step == "concept"
    builder.step = "examples"
    browser.result("open", tracker_id=tracker.id)
    assert builder.step == "train"


def test_hints_say_what_is_repeated_and_what_can_be_split(builder, page):
    examples = ["It costs too much. We can't pay that.", LINES[0], LINES[0]]
    hints = page(builder).result("check", form=filled(builder, examples=examples))["hints"]
    by_index = {hint["index"]: hint for hint in hints if hint["field"] == "examples" and hint["index"] is not None}
    assert by_index[0]["parts"] == ["It costs too much.", "We can't pay that."]
    assert (by_index[2]["other"], by_index[2]["level"]) == (1, "error")


def test_an_example_that_the_other_side_says_is_told(builder, page, workspace):
    workspace.lake = SimpleNamespace(sides=lambda keys: {text_key(LINES[1]): {"company"}})
    form = filled(builder, examples=["", *LINES])
    form["filters"] = {**form["filters"], "side": "customer"}
    hints = page(builder).result("check", form=form)["hints"]
    (hint,) = [hint for hint in hints if "listens to" in hint["message"]]
    assert (hint["index"], hint["level"]) == (2, "warning")
    assert "your company says this" in hint["message"]


def test_few_calls_offer_a_keyword_tracker(builder, page, workspace):
    workspace.calls = 80
    hints = page(builder).result("check", form=builder.form)["hints"]
    assert [(hint["level"], hint["offer"]) for hint in hints if hint["field"] == "corpus"] == [("warning", "keyword")]


def test_what_is_pasted_gets_a_verdict_a_line(builder, page):
    pasted = f"- {LINES[1]}\n- Yes, it is.\n\n- {LINES[0]}"
    rows = page(builder).result("preview", pasted=pasted, examples=[LINES[0]])
    assert [row["serves"] for row in rows] == [True, False, False]
    assert rows[2]["message"] == "The same as example 1."


def test_suggestions_say_where_they_come_from_and_that_the_concept_may_be_rare(builder, page):
    result = page(builder).result("suggest", query="", filters=builder.form["filters"], examples=list(LINES))
    assert (result["pending"], result["meaning"]) == (True, False)
    assert {"text", "speaker", "side", "title", "date", "sentence_id"} == set(result["sentences"][0])
    assert result["rare"]["offer"] == "keyword"
    assert "Only 7 sentences come close" in result["rare"]["message"]


def test_the_offered_keyword_tracker_opens_with_the_words_of_the_examples_and_is_not_saved(builder, page, workspace):
    said = ["The price is too high.", "Your prices are beyond us.", "We talked of a discount.", "No discounts?"]
    page(builder).result("keyword", form=filled(builder, examples=said))
    assert (builder.step, builder.tracker_id, builder.saved) == ("words", "", None)
    assert (builder.form["kind"], builder.form["name"]) == ("keyword", "Pricing objections")
    assert builder.form["settings"]["words"] == ["price", "discount"]
    assert not workspace.trackers.list()


def test_it_follows_what_others_change_unless_something_is_typed(workspace):
    tracker = workspace.trackers.create("Pricing", examples=list(LINES))
    builder = TrackerBuilder(workspace, "Pricing")
    tracker.update(name="Prices")
    hub_of(workspace).announce(tracker.id, None)
    assert builder.form["name"] == builder.saved["name"] == "Prices"
    builder.form = {**builder.form, "name": "Mine"}
    tracker.update(name="Theirs")
    hub_of(workspace).announce(tracker.id, None)
    assert builder.form["name"] == "Mine"


def test_it_opens_no_draft_by_itself_where_it_follows_another_widget(workspace):
    workspace.trackers.create("Pricing", examples=list(LINES))
    leader = TaggingCarousel(workspace)
    assert TrackerBuilder(workspace, leader).tracker_id == leader.tracker_id == ""
