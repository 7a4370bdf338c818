"""After a restart widgets reopen the tracker that the same person used last."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import workbench as wb
from tests.unit import small
from workbench.engine.encoders import HashingEncoder
from workbench.store.settings import SettingRepository
from workbench.widgets import QualityPlots, QuestionBuilder, Review, TaggingCarousel, TrackerBuilder, TrackerTable
from workbench.widgets.last_used import SETTING, last_used, remember


@pytest.fixture(scope="module", name="trained")
def _trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("last") / "w"
    workspace = small.ready(folder, rounds=1)
    workspace.trackers.create("Discount", kind="question", question="Did they ask for one?", details="")
    workspace.trackers.create("Draft", kind="keyword", words=["draft"])
    return folder


@pytest.fixture(name="folder")
def _folder(trained: Path, tmp_path: Path) -> Path:
    shutil.copytree(trained, tmp_path / "w")
    return tmp_path / "w"


def restarted(folder: Path, user: str = "ann", **options) -> wb.Workspace:
    """The workspace as a new kernel opens it."""
    return wb.open(folder, encoder=HashingEncoder(), user=user, **options)


def test_a_published_tracker_is_there_again(folder, page):
    before = restarted(folder)
    price = before.trackers.get("Price")
    price.publish()
    page(TrackerBuilder(before)).result("open", tracker_id=price.id)
    after = restarted(folder)
    builder = TrackerBuilder(after)
    assert (builder.form["name"], builder.resumed) == ("Price", True)
    for kind in (TaggingCarousel, QualityPlots, Review, TrackerTable):
        assert kind(after).tracker_id == price.id, kind
        assert kind(after, tracker=builder).tracker_id == price.id, kind


def test_what_was_chosen_in_the_table_and_what_was_saved_count(folder, page):
    workspace = restarted(folder)
    price, draft = workspace.trackers.get("Price"), workspace.trackers.get("Draft")
    page(TrackerTable(workspace)).result("choose", tracker_id=price.id)
    assert last_used(restarted(folder)).id == price.id
    builder = TrackerBuilder(workspace, draft)
    page(builder).result("save", form=builder.form)
    assert last_used(restarted(folder)).id == draft.id


def test_what_code_names_does_not_count_and_comes_first(folder):
    workspace = restarted(folder)
    remember(workspace, workspace.trackers.get("Price").id)
    assert QualityPlots(workspace, "Draft").tracker_id == workspace.trackers.get("Draft").id
    assert last_used(workspace).name == "Price"


def test_each_person_has_their_own(folder):
    remember(restarted(folder), restarted(folder).trackers.get("Price").id)
    assert TaggingCarousel(restarted(folder, "bea")).tracker_id == ""


def test_a_question_opens_in_its_own_builder(folder):
    workspace = restarted(folder)
    asked = workspace.trackers.get("Discount")
    remember(workspace, asked.id)
    assert QuestionBuilder(workspace).tracker_id == asked.id
    assert TrackerBuilder(workspace).form["name"] == "Draft"


def test_one_that_was_deleted_is_passed_over(folder):
    workspace = restarted(folder)
    remember(workspace, workspace.trackers.get("Price").id)
    workspace.trackers.delete("Price")
    assert TaggingCarousel(workspace).tracker_id == ""
    assert TrackerBuilder(workspace).form["name"] == "Draft"


def test_a_workspace_that_cannot_be_written_is_left_alone(folder, page):
    workspace = restarted(folder, read_only=True)
    price = workspace.trackers.get("Price")
    builder = TrackerBuilder(workspace)
    page(builder).result("open", tracker_id=price.id)
    assert builder.tracker_id == price.id
    assert last_used(workspace) is None


def test_it_goes_along_with_the_folder(folder):
    """It is a setting in the state, so that whatever keeps the state keeps it."""
    workspace = restarted(folder)
    remember(workspace, workspace.trackers.get("Price").id)
    shutil.copytree(folder, folder.with_name("copy"))
    assert last_used(restarted(folder.with_name("copy"))).name == "Price"


@pytest.mark.parametrize("kept", [["ann"], "ann", 1, {"ann": ["x"]}])
def test_what_something_else_wrote_counts_as_nothing(folder, kept):
    workspace = restarted(folder)
    SettingRepository(workspace.database).change(SETTING, lambda _: {SETTING: kept})
    assert last_used(workspace) is None
    remember(workspace, workspace.trackers.get("Price").id)
    assert last_used(workspace).name == "Price"
