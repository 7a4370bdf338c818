"""Negative times, ends before starts and participants listed twice are repaired and told; the call is kept."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.formats.given import read_given
from workbench.corpus.formats.neutral_model import read_json, to_json
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.tables import Item, hash_of
from workbench.domain.conversations import Conversation, Turn

names = st.none() | st.sampled_from(["Ann", "Bo"])
seconds = st.none() | st.floats(-100, 100)
turns = st.lists(
    st.fixed_dictionaries({"text": st.just("Yes.")}, optional={"start_s": seconds, "end_s": seconds}),
    min_size=1,
    max_size=5,
)
parties = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("ab")}, optional={"name": names, "team": names, "side": st.just("company")}
    ),
    max_size=4,
)


def is_broken(call) -> bool:
    ids = [one["id"] for one in call["parties"]]
    times = [(one.get("start_s"), one.get("end_s")) for one in call["turns"]]
    return (
        len(ids) > len(set(ids))
        or (call["duration_s"] or 0) < 0
        or any((start or 0) < 0 or (end or 0) < 0 for start, end in times)
        or any(start is not None and end is not None and end < start for start, end in times)
    )


@given(turns, parties, seconds)
def test_what_comes_out_is_sound_and_each_repair_is_told(turns, parties, duration):
    call = {"id": "a", "turns": turns, "parties": parties, "duration_s": duration}
    read = read_json(json.dumps(call).encode())
    assert read == read_given(call)
    assert bool(read.repaired) == is_broken(call)
    found = read.conversation
    assert len(found.turns) == len(turns)
    for asked, turn in zip(turns, found.turns, strict=True):
        start, end = asked.get("start_s"), asked.get("end_s")
        assert turn.start_s == (None if start is None else max(start, 0))
        assert turn.end_s in (end, None)
        assert turn.end_s is None or turn.end_s >= (turn.start_s or 0)
    assert [one.id for one in found.parties] == list(dict.fromkeys(one["id"] for one in parties))
    for party in found.parties:
        for field in ("name", "team", "side"):
            named = [one[field] for one in parties if one["id"] == party.id and one.get(field) is not None]
            assert getattr(party, field) == (named[0] if named else None)
    again = read_json(to_json(found).encode())
    assert (again.conversation, again.repaired) == (found, "")


def test_what_an_earlier_version_kept_unrepaired_is_known_again(tmp_path):
    lake = Lake(tmp_path / "lake")
    ended = Conversation(id="a", turns=(Turn(text="Yes.", start_s=5.0, end_s=3.0),), fields={"n": None, "m": 2.0})
    lake.append([Item(ended, hash_of(ended))])
    call = {"id": "a", "turns": [{"text": "Yes.", "start_s": 5.0, "end_s": 3.0}], "fields": {"n": None, "m": 2.0}}
    (tmp_path / "calls.jsonl").write_text(json.dumps(call))
    for source in (ended, call, tmp_path / "calls.jsonl"):
        assert ingest(lake, source).unchanged == 1


def test_the_report_names_file_line_and_repair(tmp_path):
    calls = [
        {"id": "a", "turns": [{"text": "Yes, a.", "start_s": -2}]},
        {"id": "b", "turns": [{"text": "Yes, b.", "start_s": 5, "end_s": 3}]},
        {"id": "c", "turns": [{"text": "Yes, c."}], "parties": [{"id": "p", "name": "Ann"}, {"id": "p", "name": "Bo"}]},
        {"id": "d", "turns": [{"text": "Yes, d."}]},
        {"id": "e", "turns": [{"text": "Yes.", "end_s": -1}] * 9},
    ]
    (tmp_path / "calls.jsonl").write_text("\n".join(map(json.dumps, calls)))
    lake = Lake(tmp_path / "lake")
    report = ingest(lake, tmp_path / "calls.jsonl")
    assert (report.added, report.rejected) == (5, ())
    assert [str(one) for one in report.repaired] == [
        "calls.jsonl, line 1: turns.0.start_s: -2 is negative; 0 was used",
        "calls.jsonl, line 2: turns.0.end_s: 3 lies before the start at 5; it was left out",
        "calls.jsonl, line 3: parties: 'p' is listed twice; it was used once, with name 'Ann', not 'Bo'",
        "calls.jsonl, line 5: turns.0.end_s: -1 is negative; it was left out; turns.1.end_s: -1 is negative; it was "
        "left out; turns.2.end_s: -1 is negative; it was left out; and 6 more",
    ]
    assert str(report).splitlines()[0] == "5 added, 0 unchanged, 0 rejected, 4 repaired"
    assert [turn.start_s for turn in lake.turns("a")] == [0]
    again = ingest(lake, calls)
    assert (again.unchanged, again.repaired, again.rejected) == (5, (), ())
