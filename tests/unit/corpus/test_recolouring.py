"""What is said keeps its words, times and rows; only sides and teams change."""

from __future__ import annotations

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.manifest import read_manifest
from workbench.corpus.recolouring import recoloured
from workbench.domain.conversations import Side


def test_only_sides_and_teams_change(tmp_path):
    lake = Lake(tmp_path)
    turns = [{"party": "ab"[at % 2], "text": f"This is {at}. It is so.", "start_s": at} for at in range(6)]
    calls = [{"id": name, "parties": [{"id": "a"}], "turns": turns} for name in ("one", "two")]
    ingest(lake, calls)
    parties = [
        {"id": "a", "name": None, "side": "company", "team": "North", "email": None},
        {"id": "b", "name": None, "side": "customer", "team": None, "email": None},
    ]
    before = {one.id: one for one in lake.cards()}
    lake.change_sides(None, {"two": {"a": Side.COMPANY, "b": Side.CUSTOMER}})
    row = lake.call_sides(["two"], None)[0].row
    new = recoloured(lake.root, read_manifest(lake.root), {1: {**row, "parties": parties}})
    assert list(new) == [1]
    rows = new[1]
    assert rows.turns["side"].to_pylist() == ["company", "customer"] * 3
    assert rows.turns["team"].to_pylist() == ["North", None] * 3
    assert rows.sentences["side"].to_pylist() == ["company", "company", "customer", "customer"] * 3
    assert rows.sentences["row"].to_pylist() == list(range(12, 24))
    assert rows.turns["text"].to_pylist() == [turn["text"] for turn in turns]
    assert [one.number for one in lake.cards()] == [one.number for one in before.values()]
    assert {one.side for one in lake.call_sides(["one"], None)[0].parties} == {None}
