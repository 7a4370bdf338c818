"""Playbooks are kept; their items are filled by what trackers found in a deal, on the customer's side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.results.sales import call, finds, small_lake
from tests.unit.results.test_boards import spec
from workbench.domain.errors import NotEnoughTags, TrackerNotFound
from workbench.domain.filters import Filters
from workbench.domain.reach import Reach
from workbench.domain.results import DefinitionNotFound, InvalidDefinition
from workbench.domain.trackers import TrackerState
from workbench.results.playbooks import TEMPLATES, Playbooks
from workbench.store.database import open_database
from workbench.store.trackers import TrackerRepository


@pytest.fixture
def trackers(tmp_path):
    repository = TrackerRepository(open_database(tmp_path / "state.db"))
    for name, side in (("Pain", "customer"), ("Boss", "anyone"), ("Asks", "company"), ("Draft", "customer")):
        repository.add(replace(spec(name), filters=Filters(side=side)))
    return repository


@pytest.fixture
def playbooks(tmp_path, trackers):
    calls = [
        call(1, [("ann", "what hurts"), ("cy", "the pain is great")], deal={"id": "D1"}),
        call(2, [("cy", "more pain, and my boss decides")], deal={"id": "D1"}),
        call(3, [("cy", "hello")], deal={"id": "D2"}),
    ]
    lake = small_lake(tmp_path, calls)

    def find(one):
        found = trackers.get(one)
        if found.name == "Draft":
            raise NotEnoughTags("Draft has learnt nothing yet")
        reach = Reach(first=0, last=2 if found.name == "Boss" else lake.size)
        return finds(lake, lambda text: found.id in text, found.name, found.filters, reach=reach)

    return Playbooks(open_database(tmp_path / "state.db"), lake, find)


def test_items_are_filled_by_what_was_found_in_the_deal(playbooks):
    playbook = playbooks.create(
        "Sell", {"Pain": ["Pain"], "Authority": ["boss", "Pain"], "Date": ["Draft"], "Else": []}
    )
    table = playbook.fill("D1").set_index("item")
    assert table["state"].to_dict() == {
        "Pain": "filled",
        "Authority": "filled",
        "Date": "not looked for",
        "Else": "not looked for",
    }
    assert table.loc["Pain", "finds"] == 2
    assert table.loc["Authority", "finds"] == 2  # sentences, each once
    assert set(table.loc["Authority", "trackers"]) == {"Boss", "Pain"}
    assert table.loc["Pain", "text"] == "more pain, and my boss decides"  # the likeliest
    assert table.loc["Pain", "conversation_id"] == "c2"
    assert playbook.fill("D1").attrs["notes"] == ("Draft has learnt nothing yet",)
    assert playbook.fill("D2").set_index("item")["state"].to_dict()["Pain"] == "open"


def test_all_deals_at_once_say_the_same(playbooks):
    playbook = playbooks.create("Sell", {"Pain": ["Pain"], "Authority": ["Boss"], "stage": ["Draft"]})
    table = playbook.overview().set_index("deal")
    assert table["filled"].to_dict() == {"D1": 2, "D2": 0}
    assert table.loc["D2", ["Pain", "Authority", "stage (item)"]].tolist() == [
        "open",
        "not looked for",
        "not looked for",
    ]
    for name in ("D1", "D2"):
        alone = playbook.fill(name).set_index("item")["state"]
        assert table.loc[name, ["Pain", "Authority", "stage (item)"]].tolist() == alone.tolist()


def test_it_says_where_a_tracker_does_not_go_by_the_customer(playbooks, trackers):
    assert playbooks.create("Good", {"Pain": ["Pain"]}).advice == ()
    mixed = playbooks.create("Mixed", {"Pain": ["Pain", "Asks"], "Authority": ["Boss"], "Else": []})
    company, anyone, none = mixed.advice
    assert "'Asks'" in company
    assert "the company says" in company
    assert "'Boss'" in anyone
    assert "anyone says" in anyone
    assert "customer's side" in anyone
    assert none == "Else: without a tracker, nothing fills it."
    trackers.put(replace(trackers.get("asks"), state=TrackerState.DELETED))
    trackers.remove("boss")
    assert ["deleted" in words for words in mixed.advice] == [True, True, False]
    assert mixed.fill("D1")["state"].tolist()[1] == "not looked for"


def test_playbooks_are_kept_changed_and_deleted(playbooks):
    made = playbooks.create("BANT", TEMPLATES["BANT"])
    assert [item.name for item in made.items] == ["Budget", "Authority", "Need", "Timing"]
    items = [replace(item, trackers=("Pain",)) if item.name == "Need" else item for item in made.items]
    changed = playbooks.update("BANT", name="Ours", items=items)
    assert (changed.id, changed.items[2].trackers) == (made.id, ("pain",))
    assert changed.items[2].description == made.items[2].description
    assert playbooks.update("Ours", name="BANT").items == changed.items == playbooks.get("BANT").items
    assert [one.name for one in playbooks.list()] == ["BANT"]
    playbooks.delete("BANT")
    assert playbooks.list() == []
    with pytest.raises(DefinitionNotFound):
        playbooks.get("BANT")


def test_what_cannot_be_a_playbook(playbooks):
    for wrong in ({}, {"Pain": "Pain"}, {"Pain": [], " Pain ": []}, {" ": []}):
        with pytest.raises(InvalidDefinition):
            playbooks.create("A", wrong)
    with pytest.raises(TrackerNotFound):
        playbooks.create("A", {"Pain": ["Nothing"]})
