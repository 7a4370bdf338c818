"""Calls that change: answers, results and messages follow, and trackers read again what has changed, once."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

import workbench as wb
from tests.unit import small
from workbench.corpus.lake import Lake
from workbench.domain.changes import Change
from workbench.domain.errors import ReadOnlyWorkspace
from workbench.engine.encoders import HashingEncoder
from workbench.store.following import follow
from workbench.store.past_texts import past_texts_of
from workbench.store.rereads import RereadRepository
from workbench.store.sessions import SessionRepository
from workbench.store.tables import settings
from workbench.workspace.conversations import Conversations


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes") / "w"
    ws = small.ready(folder, rounds=4)
    ws.trackers.get("Price").publish(past="all").wait()
    ws.trackers.create("Dogs", kind="keyword", words=["dog"]).publish(past="all").wait()
    ws.close()
    return folder


@pytest.fixture
def ws(published, tmp_path):
    shutil.copytree(published, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def edited(call: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The call with turns taken out, put in, changed or moved."""
    turns = list(call["turns"])
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(turns) + 1)
        what = rng.choice(["out", "in", "other", "move"])
        if what == "out" and len(turns) > 1:
            turns.pop(min(at, len(turns) - 1))
        elif what == "move":
            turns.insert(at, turns.pop(rng.randrange(len(turns))))
        else:
            said = rng.choice([*small.PRICEY, *small.OTHER])
            new = {"party": rng.choice("rc"), "text": f"so {said} {rng.randint(0, 99)}", "labels": []}
            turns[at : at + (what == "other")] = [new]
    return {**call, "turns": [{**turn, "start_s": 5.0 * at} for at, turn in enumerate(turns)]}


def found(ws: wb.Workspace, tracker: str) -> list[Any]:
    """What a tracker finds: the sentences, what they say, and how sure it is."""
    frame = ws.detections(tracker).sort_values("sentence_id")
    return [(row.sentence_id, row.text, round(row.score, 5)) for row in frame.itertuples()]


def answered(ws: wb.Workspace) -> dict[str, str]:
    """The answers that count, by what the sentence says, of those that are there."""
    rows = SessionRepository(ws.database, ws.trackers.get("Price").id).asked()
    said = ws.lake.sentences([one.sentence_id for one in rows if "@" not in one.sentence_id])
    return {said[one.sentence_id].text: str(one.tag.answer) for one in rows if one.tag and one.sentence_id in said}


def test_results_are_those_of_calls_that_had_always_been_so(ws, tmp_path):
    """Of both kinds of tracker; answers stay with what was said, and training goes on."""
    rng = random.Random(7)
    calls = {call["id"]: call for call in small.conversations()}
    before = answered(ws)
    for _ in range(12):
        some = rng.sample(sorted(calls), 3)
        for name in some:
            calls[name] = edited(calls[name], rng)
        report = ws.ingest([calls[name] for name in some])
        assert report.changed + report.unchanged == 3
        gone = rng.choice(sorted(calls))
        if rng.random() < 0.3:
            calls.pop(gone)
            ws.delete(calls=[gone])
    assert not RereadRepository(ws.database).count()
    after = answered(ws)
    assert all(after[text] == answer for text, answer in before.items() if text in after)
    assert {text for text in before if text in said(ws)} == set(after)
    other = wb.open(tmp_path / "other", encoder=HashingEncoder())
    other.ingest(list(calls.values()))
    other.encode()
    other.trackers.create("Dogs", kind="keyword", words=["dog"]).publish(past="all").wait()
    assert [one[:2] for one in found(ws, "Dogs")] == [one[:2] for one in found(other, "Dogs")]
    ids = {name for (name, *_) in found(ws, "Price")}
    assert ids == set(fresh_finds(ws))
    assert ws.trackers.get("Price").train().rounds()
    assert not [str(one) for one in ws.check().problems if not one.is_note]


def said(ws: wb.Workspace) -> set[str]:
    return {text for batch in ws.lake.distinct_texts() for text in batch.to_pydict()["text"]}


def fresh_finds(ws: wb.Workspace) -> list[str]:
    """What the version in use finds in all calls as they are now."""
    reader = ws.trackers.get("Price").active_version().reader()
    return [one.sentence_id for one in reader.read()]


def test_an_answer_about_a_sentence_that_is_gone_goes_on_teaching(ws):
    tracker = ws.trackers.get("Price")
    session = tracker.train()
    model = ws.trackers.get("Price").active_version().model()[0]
    rows = [one for one in SessionRepository(ws.database, tracker.id).asked() if one.tag]
    name = rows[3].sentence_id
    call = next(one for one in small.conversations() if name.startswith(f"{one['id']}:"))
    turn = int(name.split(":")[1])
    others = [one for at, one in enumerate(call["turns"]) if at != turn]
    ws.ingest([{**call, "turns": others}])
    asked = [one.sentence_id for one in SessionRepository(ws.database, tracker.id).asked()]
    (now,) = [one for one in asked if one.startswith(f"{name}@")]
    assert past_texts_of(ws.database, [now, name]) == {
        now: (call["turns"][turn - 1]["text"], call["turns"][turn]["text"])
    }
    assert sum(one.answered for one in session.rounds()) == 100
    assert sum(one.gone for one in session.rounds()) == 0
    again = session.freeze().detector.model
    assert sorted(again.data.labels) == sorted(model.model.data.labels)
    assert max(map(abs, again.head.weights - model.model.head.weights)) < 0.5
    assert not [str(one) for one in ws.check().problems if not one.is_note]


def taken(ws: wb.Workspace) -> tuple[Any, ...]:
    rows = SessionRepository(ws.database, ws.trackers.get("Price").id).asked()
    return found(ws, "Price"), found(ws, "Dogs"), answered(ws), len(rows)


@pytest.mark.parametrize("broken", range(5))
def test_whoever_opens_the_workspace_after_a_crash_goes_on(ws, tmp_path, monkeypatch, broken):
    """Killed before the state follows, within, before the change is forgotten, and before calls are read again."""
    rng = random.Random(3)
    calls = [edited(one, rng) for one in small.conversations()[:12]]
    gone = [f"call-{n}" for n in range(20, 24)]
    shutil.copytree(ws.path, tmp_path / "whole")
    whole = wb.open(tmp_path / "whole", encoder=HashingEncoder())
    whole.ingest(calls)
    whole.delete(calls=gone)
    places = (
        "workbench.resources.changes.follow",
        "workbench.store.following.rename_in_json",
        "workbench.resources.changes.settled",
        "workbench.corpus.changes.settle",
        "workbench.workspace.service.read_again",
    )
    for change in (lambda one: one.ingest(calls), lambda one: one.delete(calls=gone)):
        with monkeypatch.context() as patch:
            patch.setattr(places[broken], stopped)
            with suppress(Stopped):
                change(ws)
        ws.close()
        ws = wb.open(ws.path, encoder=HashingEncoder())
    ws.catch_up()
    assert taken(ws) == taken(whole)
    assert not ws.lake.pending_changes()
    assert not list((ws.path / "corpus" / "changes").iterdir())
    assert not [str(one) for one in ws.check().problems if not one.is_note]


def test_a_change_that_others_have_followed_meanwhile_is_not_followed_again(ws, monkeypatch):
    """Two processes read that a change is pending; one of them follows it to the end before the other begins."""
    calls = [{**one, "turns": [one["turns"][-1], *one["turns"][:-1]]} for one in small.conversations()[:12]]
    read_by_the_slower: list[Change] = []

    def read(lake: Lake) -> list[Change]:
        found = pending(lake)
        read_by_the_slower.extend(found)
        return found

    pending = Lake.pending_changes
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "pending_changes", read)
        ws.ingest(calls)
    before = taken(ws)
    assert any(one.renamed for change in read_by_the_slower for one in change.conversations)
    for change in read_by_the_slower:
        assert not follow(ws.database, change, ws.lake.started, ws.lake.is_pending)
    assert taken(ws) == before
    with ws.database.connect() as connection:
        names = connection.execute(select(settings.c.name)).scalars().all()
    assert not [name for name in names if name.startswith("followed ")]


class Stopped(BaseException):
    """As if the process had been killed here."""


def stopped(*_: Any, **__: Any) -> None:
    raise Stopped


def test_only_new_finds_of_a_changed_call_are_told(ws):
    ws.streams.create("Team", trackers=["Price"])
    new = {**small.conversations()[0], "id": "late"}
    turns = [{"party": "c", "text": f"well {small.PRICEY[0]} so 1"}, {"party": "r", "text": "okay my dog barks a lot"}]
    ws.ingest([{**new, "turns": turns}])
    ws.ingest([{**new, "turns": [*turns[::-1], {"party": "c", "text": f"look {small.PRICEY[1]} so 2"}]}])
    ws.ingest([{**new, "turns": [*turns, {"party": "c", "text": f"look {small.PRICEY[1]} so 2"}], "title": "T"}])
    told = [call for message in ws.messages() if message.kind == "calls" for call in message.about["calls"]]
    assert [len(call["sentence_ids"]) for call in told] == [1, 1]
    assert {name for call in told for name in call["sentence_ids"]} == {"late:0:0", "late:2:0"}


def test_setting_values_can_leave_reading_for_later(ws):
    assert isinstance(ws.conversations, Conversations)
    ws.trackers.create("Won", kind="keyword", words=["dog"], filters=wb.Filters(teams=("North",))).publish(
        past="all"
    ).wait()
    ws.conversations.update({f"call-{n}": {"team": "North"} for n in range(40)}, detect=False)
    assert not len(ws.detections("Won"))
    assert RereadRepository(ws.database).count() == 40
    ws.catch_up()
    assert len(ws.detections("Won"))
    assert len(ws.conversations(wb.Filters(teams=("north",), scope="any"))) == 40


def test_what_is_set_later_decides_which_calls_are_read(ws):
    won = ws.trackers.create(
        "Won", kind="keyword", words=["dog"], filters=wb.Filters(outcomes=("won",), fields={"plan": "xl"})
    )
    won.publish(past="all").wait()
    assert not len(ws.detections("Won"))
    some = [f"call-{n}" for n in range(10)]
    values = pd.DataFrame({"call id": some, "deal": [f"d{n}" for n in range(10)], "Outcome": "won", "plan": "xl"})
    report = ws.conversations.update(values)
    assert (report.changed, report.unchanged, report.unknown) == (10, 0, ())
    frame = ws.detections("Dogs")
    wanted = set(frame[frame["conversation_id"].isin(some)]["sentence_id"])
    assert wanted
    assert set(ws.detections("Won")["sentence_id"]) == wanted
    assert ws.conversations.update({"call-1": {"plan": "s"}, "nobody": {"plan": "s"}}).unknown == ("nobody",)
    assert set(ws.detections("Won")["conversation_id"]) <= set(some) - {"call-1"}
    assert ws.conversations.update(values).changed == 1


def test_readers_and_two_kernels_see_what_has_changed(ws):
    other = wb.open(ws.path, encoder=HashingEncoder(), user="Bo")
    reader = wb.open(ws.path, encoder=HashingEncoder(), read_only=True)
    session, mine = other.trackers.get("Price").train(), ws.trackers.get("Price").train()
    shown = session.next_round()
    assert len(reader.detections("Price"))
    rng = random.Random(5)
    ws.ingest([edited(one, rng) for one in small.conversations()])
    assert found(reader, "Price") == found(other, "Price") == found(ws, "Price")
    again = session.next_round()
    assert len(again) == len(shown)
    texts = said(ws)
    assert {one.text for one in again} <= texts
    for one in again:
        session.tag(one.sentence_id, small.answer(one.text))
    session.complete_round()
    assert mine.rounds()[-1].answered == len(again)
    with pytest.raises(ReadOnlyWorkspace):
        reader.conversations.update({"call-1": {"team": "North"}})
    with pytest.raises(ReadOnlyWorkspace):
        reader.delete(calls=["call-1"])
