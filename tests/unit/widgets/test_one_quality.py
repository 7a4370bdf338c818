"""One truth about quality: every surface says of a tracker what its estimate says, before and after the dial moves."""

from __future__ import annotations

import pytest

from tests.unit import training_scene
from workbench.dashboards.pages import build
from workbench.domain.assessments import Badge
from workbench.ready_made import ready_made_tracker
from workbench.ready_made.assessing import of_quality
from workbench.server.operations.publications import publication_view
from workbench.server.operations.trackers import view
from workbench.widgets import QualityPlots, Review, TrackerTable, views


@pytest.fixture
def ws(tmp_path):
    return training_scene.learnt(tmp_path / "w", rounds=4)


def in_training(ws, page):
    """What is said where a tracker is trained, as views; the dial's setting in use among them."""
    plots, review = QualityPlots(ws, "Price"), Review(ws, "Price")
    for widget, kinds in ((plots, ("open", "details")), (review, ("open",))):
        asking = page(widget)
        for kind in kinds:
            asking.result(kind)
    rule = plots.details["rule"]
    setting = next(one for one in plots.details["dial"] if rule in (one["rule"], *one["also"]))
    head, reviewed = plots.state["rounds"][-1], review.state["estimate"]
    assert head["words"] == reviewed["words"]
    assert head["words"][0].lower() == f"in all calls: {head['quality']['sentence'].lower()}"
    return [head["quality"], reviewed["quality"], setting["quality"]]


def in_use(ws, page):
    """What is said where a tracker is managed and its results are seen."""
    tracker = ws.trackers.get("Price")
    table = page(TrackerTable(ws))
    table.result("open")
    (standing,) = table.result("look", ids=[tracker.id])
    (row,) = rows(build("overview")(ws, {}), "trackers")
    quality = tracker.quality
    assert row["quality"] == quality.badge.capitalize()
    for name in ("precision", "hit_rate"):
        one = getattr(quality, name)
        assert row[name] == (None if one is None else [one.low, one.point, one.high])
    told = view(tracker, ws.lake.zone).quality
    assert (told.sentence, told.badge) == (quality.sentence, quality.badge)
    said = next(one["note"] for one in build("tracker")(ws, {})["blocks"] if one["id"] == "quality")
    assert quality.sentence.lower() in said.lower()
    return [standing["quality"], views.assessment(quality)]


def rows(page, name):
    return next(one["table"]["rows"] for one in page["blocks"] if one["id"] == name)


def test_a_draft_is_told_alike_everywhere_before_and_after_the_dial_moves(ws, page):
    for rule in ("balanced", "precision>=0.9", "hit_rate>=0.9"):
        plots = page(QualityPlots(ws, "Price"))
        plots.result("open")
        plots.result("keep", rule=rule)
        first, *others = [*in_training(ws, page), *in_use(ws, page)]
        assert first["stale"] == ""
        assert all(one == first for one in others), rule
        assert plots.widget.state["rounds"][-1]["quality"] == first  # the head follows the dial


def test_a_setting_that_is_kept_is_heard_of_by_the_other_widgets(ws, page):
    plots, review = page(QualityPlots(ws, "Price")), page(Review(ws, "Price"))
    plots.result("open")
    review.result("open")
    assert review.widget.state["phase"] == "idle"
    plots.result("keep", rule="precision>=0.9")
    assert review.widget.state["phase"] == "opening"


def test_what_is_published_is_told_as_it_was_published_until_it_is_published_again(ws, page):
    tracker = ws.trackers.get("Price")
    tracker.publish(past="all").wait()
    ws.metrics.create("Priced", source={"type": "trackers", "required": ["Price"]})
    trained, *_, standing = [*in_training(ws, page), *in_use(ws, page)]
    assert trained == standing
    notes = ws.metrics.trend("Priced").notes
    assert f"Price: {standing['sentence']}" in notes
    (version,) = tracker.publications()
    assert publication_view(tracker, version).quality.sentence == standing["sentence"]
    (of_page,) = rows(build("tracker")(ws, {}), "versions")
    assert of_page["quality"] == standing["sentence"]

    plots = page(QualityPlots(ws, "Price"))
    plots.result("open")
    plots.result("keep", rule="hit_rate>=0.9")
    assert all(one == standing for one in in_use(ws, page))
    first, *others = in_training(ws, page)
    assert all(one == first for one in others)


def test_a_ready_made_one_tells_what_was_measured_until_it_is_changed(ws, page):
    made = ws.trackers.from_ready_made("Budget limit", name="Money")
    measured = of_quality(ready_made_tracker("Budget limit").quality)
    assert made.quality == measured
    table = page(TrackerTable(ws))
    table.result("open")
    (standing,) = table.result("look", ids=[made.id])
    assert standing["quality"] == views.assessment(measured)
    (listed,) = [one for one in table.result("ready_made") if one["name"] == ready_made_tracker("Budget limit").name]
    assert listed["quality"]["quality"] == standing["quality"]
    cell = next(one for one in rows(build("overview")(ws, {}), "trackers") if one["name"] == "Money")
    assert cell["quality"] == f"{measured.badge.capitalize()}, on the sample corpus"
    made.update(closeness=0.9)
    assert made.quality.badge is Badge.UNMEASURED
