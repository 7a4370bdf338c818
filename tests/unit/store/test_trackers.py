"""Many trackers in few statements, on SQLite and on PostgreSQL: all or none, and the first that is missing is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.statements import counted
from workbench.domain.errors import TrackerExists, TrackerNotFound
from workbench.domain.trackers import TrackerState
from workbench.store.database import open_database
from workbench.store.trackers import BELONGS, TrackerRepository
from workbench.trackers.definitions import new_definition

MANY = 1_000


@pytest.fixture
def engine(state, tmp_path):
    engine = open_database(state or tmp_path / "state.db")
    yield engine
    engine.dispose()


@pytest.fixture
def trackers(engine):
    return TrackerRepository(engine)


@pytest.fixture
def specs(trackers):
    specs = [new_definition(f"T{n}", "keyword", words=["dog"]) for n in range(MANY)]
    trackers.add(*specs)
    return specs


def test_a_thousand_take_few_statements(engine, trackers, specs):
    asked = [spec.id if n % 2 else spec.name for n, spec in enumerate(specs)]
    with counted(engine) as sent:
        found = trackers.get_many(asked)
        changed = [replace(spec, description="new") for spec in found]
        trackers.save(*changed)
        trackers.put(*(replace(spec, state=TrackerState.DELETED) for spec in changed))
        trackers.remove(*(spec.id for spec in found[:500]))
    assert [one.id for one in found] == [one.id for one in specs]
    assert len(sent) <= 10 + len(BELONGS)  # where what belongs to a tracker is kept
    assert trackers.list() == []
    gone = trackers.list(deleted=True)
    assert {(one.description, one.name.startswith("T")) for one in gone} == {("new", True)}
    assert {one.id for one in gone} == {one.id for one in specs[500:]}


def test_one_may_be_asked_for_twice_and_a_deleted_one_by_id_alone(trackers, specs):
    assert [one.name for one in trackers.get_many(["T1", specs[1].id, "T1"])] == ["T1"] * 3
    assert trackers.get_many([]) == []
    trackers.put(replace(specs[1], state=TrackerState.DELETED))
    assert trackers.get_many([specs[1].id])[0].name == "T1"
    with pytest.raises(TrackerNotFound, match="'T1'"):
        trackers.get_many(["T0", "T1", "nobody"])


def test_an_id_goes_before_a_name_that_is_the_same(trackers, specs):
    trackers.save(replace(specs[0], name=specs[1].id))
    assert trackers.get_many([specs[1].id])[0].id == specs[1].id


def test_what_was_deleted_meanwhile_leaves_all_as_it_was(trackers, specs):
    trackers.put(replace(specs[7], state=TrackerState.DELETED))
    with pytest.raises(TrackerNotFound, match="'T7'"):
        trackers.save(*(replace(spec, description="new") for spec in specs[:10]))
    with pytest.raises(TrackerExists, match="'T9'"):
        trackers.save(replace(specs[0], description="new"), replace(specs[1], name="T9"))
    assert {spec.description for spec in trackers.list()} == {""}
    trackers.save()
    trackers.put()
