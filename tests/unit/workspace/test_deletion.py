"""Deleted calls: nothing that they said is left in the workspace's folder, and all the rest works on."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import workbench as wb
from tests.unit import small
from workbench.domain.errors import InvalidArgument, ReadOnlyWorkspace
from workbench.domain.leases import reading
from workbench.domain.texts import text_key
from workbench.engine.encoders import HashingEncoder
from workbench.store.sessions import SessionRepository

MARK = "Zyxomarker"


def marked(n: int) -> dict[str, Any]:
    """A call whose sentences nobody else says, with a mark wherever text can stand."""
    parties = [
        {"id": "c", "side": "customer", "name": f"{MARK} Cy {n}", "email": f"{MARK}{n}@example.org"},
        {"id": "r", "side": "company", "name": "Ro", "team": "North"},
    ]
    turns = [
        {"party": "c", "text": f"well the price is far too high {MARK}said{n}"},
        {"party": "r", "text": f"so the weather is lovely {MARK}said{n}"},
        {"party": "c", "text": "okay my dog barks a lot 1"},
    ]
    more = {"account": f"{MARK} Ltd {n}", "fields": {"note": f"{MARK} field {n}"}, "title": f"{MARK} title {n}"}
    return {"id": f"mark-{n}", "parties": parties, "turns": turns, "media": f"/tmp/{MARK}-{n}.mp3", **more}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Fifty calls with marks, which people have worked with."""
    folder = tmp_path_factory.mktemp("deleted") / "w"
    ws = small.ready(folder, rounds=4)
    ws.streams.create("Team", trackers=["Price"])
    ws.trackers.get("Price").publish(past="all").wait()
    ws.ingest([marked(n) for n in range(50)])
    found = ws.detections("Price")
    session = ws.trackers.get("Price").train()
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, small.answer(candidate.text))
    for name in [one for one in found["sentence_id"] if one.startswith("mark-")][:10]:
        ws.wrong_hit("Price", name, by="Bo", note=f"{MARK} noted")
    ws.call("mark-1").log_event("paid", f"{MARK} event")
    asyncio.run(speak(ws))
    ws.close()
    return folder


async def speak(ws: wb.Workspace) -> None:
    async with ws.live("mark-live", title=f"{MARK} live") as call:
        await call.turn(f"{MARK} said live", party="c")


@pytest.fixture
def ws(planted, tmp_path):
    shutil.copytree(planted, tmp_path / "w")
    return wb.open(tmp_path / "w", encoder=HashingEncoder())


def bytes_with(folder: Path) -> list[str]:
    """The files in which the mark stands, compressed ones read as what they hold."""
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        data = file.read_bytes()
        if file.suffix == ".parquet":
            data += str(pq.read_table(file).to_pydict()).encode()
        if MARK.lower().encode() in data.lower():
            found.append(str(file.relative_to(folder)))
    return found


def test_no_byte_of_them_is_left(ws):
    ids = [f"mark-{n}" for n in range(50)] + ["mark-live"]
    assert len(bytes_with(ws.path)) > 4
    receipt = ws.delete(calls=[*ids, "nobody"])
    assert receipt.calls == 51
    assert receipt.finds >= 50
    assert receipt.notes == 10
    assert receipt.messages
    assert receipt.live == 1
    assert receipt.vacuumed
    assert receipt.versions == ()
    assert MARK not in str(receipt)
    assert bytes_with(ws.path) == []
    assert not len(ws.search(MARK))
    assert not [str(one) for one in ws.check().problems if not one.is_note]
    assert ws.delete(calls=ids).calls == 0


def test_vectors_stay_where_others_say_the_same(ws):
    unsaid, shared = text_key(marked(0)["turns"][0]["text"]), text_key("okay my dog barks a lot 1")
    store = ws.resources.vectors.store
    before = np.array(store.vectors[store.lookup(np.array([shared]))])
    other = wb.open(ws.path, encoder=HashingEncoder())
    kept = other.resources.vectors.store
    assert (kept.lookup(np.array([unsaid, shared])) >= 0).all()
    ws.delete(calls=["mark-0"])
    kept.refresh()
    assert kept.lookup(np.array([unsaid]))[0] == -1
    assert (kept.vectors[kept.lookup(np.array([shared]))] == before).all()
    ws.ingest([marked(0)])
    assert ws.encode() == 0  # the import has done it
    kept.refresh()
    new = kept.vectors[kept.lookup(np.array([unsaid]))]
    assert np.allclose(new, HashingEncoder().encode([marked(0)["turns"][0]["text"]]), atol=1e-6)


def test_the_others_stay_as_they_were_and_training_goes_on(ws):
    session = ws.trackers.get("Price").train()
    others = [one for one in ws.detections("Price")["sentence_id"] if not one.startswith("mark-")]
    ws.delete(filters=wb.Filters(fields={"note": tuple(f"{MARK} field {n}" for n in range(50))}))
    assert ws.counts(wb.Filters(scope="any")).conversations == 81  # that of the live call among them
    assert list(ws.detections("Price")["sentence_id"]) == others
    rows = SessionRepository(ws.database, ws.trackers.get("Price").id).asked()
    assert not [one for one in rows if one.sentence_id.startswith("mark-") and "live" not in one.sentence_id]
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, small.answer(candidate.text))
    session.complete_round()
    assert session.rounds()[-1].estimate is not None
    assert ws.ingest([small.conversations(81)[80]]).added == 1
    assert ws.trackers.get("Price").publish(past="all").wait().state == "done"


def test_a_person_is_found_by_address_name_and_id(ws):
    assert ws.delete(party=f" {MARK}3@EXAMPLE.org ").calls == 1
    assert ws.delete(party=f"{MARK} cy 4").calls == 1
    assert ws.delete(party=f"{MARK}").calls == 0
    assert ws.delete(party="ro").calls == 128


def test_versions_that_learnt_from_them_are_named(ws):
    rows = SessionRepository(ws.database, ws.trackers.get("Price").id).asked()
    receipt = ws.delete(calls=[rows[0].sentence_id.rsplit(":", 2)[0]])
    assert receipt.versions == ("Price 1",)
    assert receipt.answers
    assert "publish them again: Price 1" in str(receipt)
    assert len(ws.detections("Price"))


@pytest.mark.parametrize("given", [{}, {"calls": ["a"], "party": "b"}, {"calls": "mark-1"}])
def test_it_must_be_said_what_is_meant(ws, given):
    with pytest.raises(InvalidArgument):
        ws.delete(**given)


def test_nothing_is_deleted_where_nothing_may_be_written(ws):
    with pytest.raises(ReadOnlyWorkspace):
        wb.open(ws.path, encoder=HashingEncoder(), read_only=True).delete(calls=["mark-1"])


def test_files_that_are_being_read_go_later(ws):
    ws.lake.sweep()  # from now on there is a lease
    with reading(ws.path / "corpus" / "readers.lock"):
        assert not ws.delete(calls=["mark-5"]).vacuumed
    assert ws.delete(calls=["mark-6"]).vacuumed
    assert f"{MARK}said5" not in str(bytes_with(ws.path))


def test_a_transaction_that_is_open_elsewhere_is_told(ws, monkeypatch):
    monkeypatch.setattr("workbench.store.sqlite_file.BUSY_MS", 100)  # how long it is waited for
    ws.database.dispose()
    with sqlite3.connect(ws.path / "state.db", timeout=0.1) as held:
        held.execute("BEGIN")
        held.execute("SELECT * FROM trackers").fetchone()
        receipt = ws.delete(calls=["mark-7"])
        assert json.dumps(receipt.calls) == "1"
        held.rollback()
