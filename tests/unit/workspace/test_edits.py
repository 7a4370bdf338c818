"""Two kernels edit one tracker: changes to different fields both survive, and both sides hear of overwritten ones."""

from __future__ import annotations

import threading
import warnings
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from tests.support.patience import PATIENCE_S
from workbench.domain.edits import EditedElsewhere, EditedMeanwhile, differing, in_words, merged, tag_of
from workbench.engine.encoders import HashingEncoder
from workbench.workspace.workspace import Workspace

EXAMPLES = ("One is dear.", "Two is too much.", "Three costs a lot.", "Four is over budget.", "Five is no bargain.")


@pytest.fixture
def kernels(tmp_path, state):
    """The tracker, as Ann and as Ben hold it, each in a workspace of their own."""
    ann = Workspace(tmp_path / "w", HashingEncoder(), state=state, user="ann")
    ann.trackers.create("Dear", examples=EXAMPLES, filters=wb.Filters(side="customer"))
    ben = Workspace(tmp_path / "w", HashingEncoder(), state=state, user="ben")
    return held(ann, "Dear"), held(ben, "Dear")


def held(workspace, name):
    """A tracker as somebody holds it, with the workspace that it was got from."""
    tracker = workspace.trackers.get(name)
    tracker.workspace = workspace
    return tracker


def told(act):
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        act()
    return [str(one.message) for one in given if issubclass(one.category, EditedElsewhere)]


def now(tracker):
    return tracker.workspace.trackers.get(tracker.id)


def test_item_13_changes_of_different_fields_both_survive(kernels):
    ann, ben = kernels
    assert told(lambda: ann.update(description="What we agreed on", threshold="precision>=0.9")) == []
    (said,) = told(lambda: ben.update(examples=[*EXAMPLES, "Six is way over our limit."]))
    assert "ann changed description and threshold at" in said
    assert "both changes are kept" in said
    for one in (ann, ben):
        found = now(one)
        assert (found.description, found.spec.threshold, len(found.examples)) == (
            "What we agreed on",
            "precision>=0.9",
            6,
        )
    assert len(ben.examples) == 6
    assert ben.description == "What we agreed on"


def test_of_one_field_the_later_change_wins_and_both_are_told(kernels):
    ann, ben = kernels
    ann.update(description="Ann's")
    (said,) = told(lambda: ben.update(description="Ben's"))
    assert "your change replaces description" in said
    assert now(ann).description == "Ben's"
    (said,) = told(lambda: ann.update(threshold="precision>=0.9"))
    assert "ben changed description at" in said
    assert told(lambda: ann.update(threshold="balanced")) == []


def test_who_publishes_hears_what_others_changed(kernels, tmp_path):
    ann = kernels[0].workspace
    ann.trackers.create("Word", kind="keyword", words=["fee"])
    mine, theirs = held(ann, "Word"), held(kernels[1].workspace, "Word")
    theirs.update(words=["fee", "cost"])
    (said,) = told(mine.publish)
    assert "ben changed words" in said
    assert mine.active_version().frozen.definition["settings"]["words"] == ["fee", "cost"]


def test_filters_are_changed_one_by_one(kernels):
    ann, ben = kernels
    ann.update(filters=wb.Filters(side="customer", teams=("East",)))
    (said,) = told(lambda: ben.update(filters=wb.Filters(side="company")))
    assert "ann changed teams filter" in said
    assert now(ben).filters == wb.Filters(side="company", teams=("East",))


def test_settings_are_changed_one_by_one(kernels):
    ann, ben = (one.workspace for one in kernels)
    ann.trackers.create("Word", kind="keyword", words=["fee"])
    mine, theirs = held(ann, "Word"), held(ben, "Word")
    mine.update(words=["cost"])
    assert len(told(lambda: theirs.update(match="exact"))) == 1
    assert now(mine).settings["words"] == ["cost"]
    assert now(mine).settings["match"] == "exact"


def test_a_change_that_is_refused_changes_nothing(kernels):
    ann, ben = kernels
    ann.update(description="Ann's")
    with pytest.raises(wb.domain.errors.InvalidTracker):
        ben.update(description="Ben's", examples=["one"])
    assert now(ann).description == "Ann's"
    assert len(now(ann).edits()) == 1


def test_only_what_was_seen_is_changed_where_that_is_asked(kernels):
    ann, ben = kernels
    seen = ben.tag
    ann.update(description="Ann's")
    with pytest.raises(EditedMeanwhile, match="reload it"):
        ben.change({"description": "Ben's"}, seen)
    assert now(ben).description == "Ann's"
    ben.change({"description": "Ben's"}, now(ben).tag)
    assert now(ann).description == "Ben's"


def test_a_change_to_what_stands_already_is_no_edit(kernels):
    ann, _ = kernels
    ann.update(description="Ann's")
    ann.update(description="Ann's")
    assert [one.changes for one in ann.edits()] == [{"description": ("", "Ann's")}]


def test_many_writers_at_once_lose_nothing(kernels):
    """Each thread has its own workspace and a stale tracker, and changes a filter of its own again and again."""
    ann, _ = kernels
    fields = ("teams", "accounts", "languages", "stages")
    start = threading.Barrier(len(fields))
    failed = []

    def write(field):
        try:
            workspace = Workspace(ann.workspace.path, HashingEncoder(), state=str_state(ann), user=field)
            tracker = workspace.trackers.get("Dear")
            start.wait(PATIENCE_S)
            for n in range(10):
                tracker.change({"filters": replace(tracker.filters, **{field: (f"v{n}",)})})
        except Exception as error:  # noqa: BLE001, told to the test below
            failed.append(error)

    threads = [threading.Thread(target=write, args=(field,)) for field in fields]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert failed == []
    found = now(ann).filters
    assert [getattr(found, field) for field in fields] == [("v9",)] * len(fields)
    assert now(ann).spec.revision == 10 * len(fields)


def str_state(tracker):
    return tracker.workspace.database.url.render_as_string(hide_password=False)


def test_boards_playbooks_and_metrics_change_as_they_are_now(kernels):
    """Their changes read what stands and write it in one transaction."""
    ann = kernels[0].workspace
    ann.trackers.create("Word", kind="keyword", words=["fee"])
    board = ann.boards.create("Hear it", ["Word"], target=0.3)
    playbook = ann.playbooks.create("Qualify", {"Budget": ["Word"]})
    metric = ann.metrics.create("Paid")
    failed = []

    def write(n):
        try:
            other = Workspace(ann.path, HashingEncoder(), state=str_state(kernels[0]), user=f"u{n}")
            for k in range(8):
                if n % 2:
                    other.boards.update(board.id, target=0.4 + k / 100)
                    other.playbooks.update(playbook.id, items={f"Budget {k}": ["Word"]})
                    other.metrics.update(metric.id, success=f"s{k}")
                else:
                    other.boards.update(board.id, name=f"Hear it {k}")
                    other.playbooks.update(playbook.id, name=f"Qualify {k}")
                    other.metrics.update(metric.id, definition=f"d{k}")
        except Exception as error:  # noqa: BLE001, told to the test below
            failed.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert failed == []
    found = ann.boards.get(board.id)
    assert (found.name, found.initiative.target) == ("Hear it 7", pytest.approx(0.47))
    assert ann.playbooks.get(playbook.id).name == "Qualify 7"
    assert [one.name for one in ann.playbooks.get(playbook.id).items] == ["Budget 7"]
    assert (ann.metrics.get(metric.id).definition, ann.metrics.get(metric.id).success) == ("d7", "s7")


VALUES = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3))


@given(base=VALUES, first=VALUES, second=VALUES)
@settings(max_examples=200)
def test_a_merge_keeps_every_change(base, first, second):
    current = merged(base, first, base)
    both = merged(base, second, current)
    for name, value in second.items():
        if value != base.get(name):
            assert both[name] == value
        elif name in current:
            assert both[name] == current[name]


@given(before=VALUES, after=VALUES)
def test_differing_is_empty_for_equals_alone(before, after):
    assert (not differing(before, after)) == (tag_of(before) == tag_of(after))


def test_fields_are_read_in_a_sentence():
    assert in_words([]) == ""
    assert in_words(["name"]) == "name"
    assert in_words(["name", "filters.teams", "settings.words"]) == "name, teams filter and words"
