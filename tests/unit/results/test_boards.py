"""Boards are kept, and tell adoption by team, person and period against the target."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.unit.results.sales import call, finds, small_lake
from workbench.domain.errors import TrackerNotFound, WorkbenchError
from workbench.domain.filters import Filters
from workbench.domain.results import DefinitionNotFound, InvalidDefinition
from workbench.domain.trackers import TrackerKind, TrackerSpec, TrackerState
from workbench.results.boards import Boards
from workbench.store.database import open_database
from workbench.store.moments import now
from workbench.store.trackers import TrackerRepository


@pytest.fixture
def boards(tmp_path):
    """40 calls of Ann's in which every one is asked for a budget; of Ben's 40, one in eight for a date."""
    said = {True: "what is your budget", False: "which date suits you"}
    calls = [call(n, [("ann", said[True]), ("cy", "well")], team="North") for n in range(40)]
    calls += [call(n, [("ben", said[False] if n % 8 == 0 else "hi")], team="South") for n in range(40, 80)]
    lake, engine = small_lake(tmp_path, calls), open_database(tmp_path / "state.db")
    for name in ("Budget", "Date"):
        TrackerRepository(engine).add(spec(name))
    return Boards(engine, lake, lambda one: finds(lake, lambda text: one in text, one))


def spec(name):
    return TrackerSpec(
        id=name.lower(),
        name=name,
        kind=TrackerKind.EXAMPLE,
        description="",
        filters=Filters(),
        examples=("a",) * 5,
        state=TrackerState.DRAFT,
        seed=0,
        created=now(),
    )


def test_by_team_against_the_target(boards):
    board = boards.create("Qualify", ["Budget", "date"], 0.5)
    assert board.initiative.trackers == ("budget", "date")
    table = board.adoption("team", every=None).set_index("team")
    assert table["calls_found"].to_dict() == {"North": 40, "South": 5}
    assert table["verdict"].to_dict() == {"North": "reached", "South": "missed"}
    assert table["target"].tolist() == [0.5, 0.5]
    assert board.adoption("person", every=None)["person"].tolist() == ["Ann", "Ben"]


def test_over_time_where_few_calls_tell_little(boards):
    table = boards.create("Date", ["Date"], 0.2).adoption("team", "month")
    south = table[table["team"] == "South"]
    assert len(south) == 6
    assert "cannot be told" in south["verdict"].tolist()
    assert (table["low"] <= table["share"]).all()
    assert len(boards.get("Date").adoption(every="quarter")) == 2
    assert boards.get("Date").adoption(every=None)["calls"].tolist() == [80]


def test_it_begins_when_it_began(boards):
    board = boards.create("Late", ["Budget"], 0.5, since=date(2026, 4, 1))
    assert board.adoption()["month"].min() == pd.Timestamp(2026, 4, 1)
    assert boards.get("Late").initiative.since == date(2026, 4, 1)
    assert board.adoption("team", None, Filters(teams=("North",)))["calls"].tolist() == [19]


def test_boards_are_kept_changed_and_deleted(boards):
    made = boards.create("  A  board ", ["Budget"], 0.5)
    assert made.name == "A board"
    boards.create("B", ["Date"], 1)
    assert [one.name for one in boards.list()] == ["A board", "B"]
    changed = boards.update("A board", name="C", target=0.25, since=date(2026, 1, 1))
    assert (changed.id, changed.name, changed.initiative.target) == (made.id, "C", 0.25)
    assert changed.initiative.trackers == ("budget",)
    assert boards.get(made.id).initiative == changed.initiative
    boards.delete("B")
    assert [one.name for one in boards.list()] == ["C"]
    with pytest.raises(DefinitionNotFound, match="'B'"):
        boards.delete("B")


def test_what_cannot_be_a_board(boards):
    boards.create("A", ["Budget"], 0.5)
    boards.create("B", ["Budget"], 0.5)
    for wrong in (
        ("A", ["Budget"], 0.5),
        (" ", ["Budget"], 0.5),
        ("C", [], 0.5),
        ("C", ["Budget"], 0),
        ("C", "Budget", 1),
    ):
        with pytest.raises(InvalidDefinition):
            boards.create(*wrong)
    with pytest.raises(TrackerNotFound):
        boards.create("C", ["Nothing"], 0.5)
    with pytest.raises(InvalidDefinition, match="already"):
        boards.update("B", name="A")
    with pytest.raises(InvalidDefinition, match="colour"):
        boards.update("B", colour="red")
    for wrong in ({"by": "side"}, {"every": "year"}):
        with pytest.raises(WorkbenchError):
            boards.get("A").adoption(**wrong)
