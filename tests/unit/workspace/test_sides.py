"""Who is the company: told at import, corrected afterwards, imported again."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import update

import workbench as wb
from workbench.corpus.side_tags import REDACTED
from workbench.domain.errors import InvalidArgument, ReadOnlyWorkspace, WorkspaceDamaged
from workbench.engine.encoders import HashingEncoder
from workbench.store.tables import settings

ANY = wb.Filters(scope="any", kinds=("call", "email"))


@pytest.fixture
def ws(tmp_path):
    with wb.Workspace(tmp_path / "w", HashingEncoder()) as opened:
        yield opened


@pytest.fixture
def zoom(tmp_path):
    file = tmp_path / "in" / "zoom" / "meeting.vtt"
    file.parent.mkdir(parents=True)
    lines = ["WEBVTT", ""]
    for at, who in enumerate(["Speaker 1", "Speaker 2", "Speaker 1", "Bob"]):
        lines += [f"00:{at:02}.000 --> 00:{at:02}.900", f"{who}: What {who} says at {at}, the price is high.", ""]
    file.write_text("\n".join(lines))
    return file


def sides(ws, call="meeting"):
    return {one.id: one.side for one in ws.lake.card(call).parties}


def said_by(ws, side):
    return ws.counts(wb.Filters(side=side, scope="any", kinds=("call", "email"))).sentences


def call(name, parties, **about):
    turns = [{"party": one["id"], "text": f"I am {one['id']}."} for one in parties]
    return {"id": name, "parties": parties, "turns": turns, **about}


def test_what_is_known_of_the_company_is_kept_and_used_by_every_import(ws, tmp_path):
    ws.company.update(domains=["example.com"], colleagues={"山田 太郎": "East"})
    again = wb.Workspace(tmp_path / "w", HashingEncoder())
    assert again.company.domains == ("example.com",)
    parties = [{"id": "山田太郎"}, {"id": "b", "email": "b@eu.example.com"}, {"id": "c", "email": "c@acme.org"}]
    report = again.ingest([call("1", parties), call("2", parties[:2]), call("3", [{"id": "x"}])])
    assert report.sides.by_rule == {"email": 3, "name": 2}
    told = "sides: 3 by e-mail domain, 2 by a colleague's name, 1 unknown in 1 call (workbench sides lists them)"
    assert told in str(report)
    assert sides(again, "1") == {"山田太郎": "company", "b": "company", "c": "customer"}
    assert [again.lake.card(one).scope for one in "123"] == ["external", "internal", None]
    assert again.lake.card("1").parties[0].team == "East"
    assert said_by(again, "company") == 4
    again.company.clear()
    assert again.company.known().is_empty


def test_an_import_may_name_further_domains(ws):
    mail = call("m", [{"id": "a", "email": "a@example.com"}, {"id": "b", "email": "b@acme.org"}], kind="email")
    ws.ingest([mail], company_domains="example.com")
    assert sides(ws, "m") == {"a": "company", "b": "customer"}
    assert ws.lake.card("m").direction == "outbound"
    assert ws.company.domains == ()


def test_sides_are_set_afterwards_and_no_import_undoes_it(ws, zoom):
    ws.ingest(zoom)
    before = ws.lake.placed([f"meeting:{at}" for at in range(4)])
    unknown = ws.sides.unknown()
    assert unknown["speaker"].tolist() == ["Speaker 1", "Speaker 2", "Bob"]
    assert unknown["turns"].tolist() == [2, 1, 1]
    assert unknown["first"][0].startswith("What Speaker 1 says at 0")
    assert unknown["source"][0].endswith("in/zoom/meeting.vtt")
    report = ws.sides.set("meeting", {"Speaker 1": "Company", "speaker 2": "customer"})
    assert (report.changed, report.sides.by_rule, report.sides.unknown) == (1, {"hand": 2}, 1)
    assert ws.sides.set("meeting", {"Speaker 1": "company"}).unchanged == 1
    assert sides(ws) == {"Speaker 1": "company", "Speaker 2": "customer", "Bob": None}
    assert (said_by(ws, "company"), said_by(ws, "customer"), ws.counts(ANY).sentences) == (2, 1, 4)
    assert ws.lake.card("meeting").scope == "external"
    assert ws.lake.placed([f"meeting:{at}" for at in range(4)]) == before
    again = ws.ingest(zoom)
    assert (again.unchanged, again.changed) == (1, 0)
    zoom.write_text(zoom.read_text().replace("says at 3", "said at 3"))
    assert ws.ingest(zoom).changed == 1
    assert sides(ws) == {"Speaker 1": "company", "Speaker 2": "customer", "Bob": None}
    ws.company.update(labels={"zoom/": {"Speaker 1": "customer", "*": "customer"}})
    assert ws.sides.apply().changed == 1
    assert sides(ws) == {"Speaker 1": "company", "Speaker 2": "customer", "Bob": "customer"}
    assert ws.sides.set("meeting", {"Bob": ""}).changed == 1
    assert sides(ws)["Bob"] is None
    assert ws.sides.apply().changed == 0
    assert not ws.check().problems


def test_rules_are_brought_to_calls_that_are_there_and_taken_back(ws, zoom):
    ws.ingest(zoom)
    ws.ingest([call("told", [{"id": "a", "side": "customer"}, {"id": "b", "email": "b@example.com"}])])
    ws.company.update(
        domains="example.com", colleagues=["Bob"], labels={"zoom/": {"Speaker 1": "company", "Speaker 2": "company"}}
    )
    report = ws.sides.apply()
    assert (report.changed, report.unchanged) == (2, 0)
    assert report.sides.by_rule == {"format": 1, "email": 1, "name": 1, "label": 2}
    assert sides(ws, "told") == {"a": "customer", "b": "company"}
    assert ws.lake.card("meeting").scope == "internal"
    assert ws.sides.unknown().empty
    assert (ws.sides.apply().changed, ws.ingest(zoom).unchanged) == (0, 1)
    ws.company.clear()
    assert ws.sides.apply().changed == 2
    assert sides(ws, "told") == {"a": "customer", "b": None}
    assert set(sides(ws).values()) == {None}
    assert ws.lake.card("meeting").scope is None


def test_the_table_of_unknown_sides_can_be_filled_and_given_back(ws, zoom, tmp_path):
    ws.ingest(zoom)
    table = ws.sides.unknown()
    table.loc[table["speaker"] == "Bob", "side"] = "customer"
    assert ws.sides.set(table).changed == 1
    assert sides(ws)["Bob"] == "customer"
    file = tmp_path / "sides.csv"
    file.write_text("call,speaker,side\nmeeting,Speaker 1,COMPANY\nmeeting,Nobody,company\nother,Ann,company\n")
    report = ws.sides.set(file)
    assert report.changed == 1
    assert report.unknown == ("'other': no call has this id", "'meeting': 'Nobody' is not a speaker in this call")


def test_a_hundred_speakers_in_a_call(ws):
    parties = [{"id": f"p{at}", "name": f"Person {at}", "email": f"p{at}@acme.org"} for at in range(100)]
    ws.ingest([call("big", parties)])
    assert len(ws.sides.unknown()) == 100
    ws.sides.set({"big": {f"Person {at}": "company" for at in range(0, 100, 2)}})
    ws.company.update(domains=["example.com"])
    report = ws.sides.apply()
    assert report.sides.by_rule == {"hand": 50, "email": 50}
    assert (said_by(ws, "company"), said_by(ws, "customer")) == (50, 50)
    assert ws.ingest([call("big", parties)]).unchanged == 1


def test_speakers_who_are_not_listed_are_known_by_their_ids(ws):
    ws.ingest([{"id": "c", "turns": [{"party": "Ann", "text": "Hello."}, {"party": "Bo", "text": "Hi."}]}])
    assert ws.sides.unknown()["speaker"].tolist() == ["Ann", "Bo"]
    ws.company.update(colleagues=["Ann"])
    assert ws.sides.apply().changed == 1
    assert sides(ws, "c") == {"Ann": "company"}
    ws.sides.set("c", {"Bo": "customer"})
    assert sides(ws, "c") == {"Ann": "company", "Bo": "customer"}
    assert (said_by(ws, "company"), said_by(ws, "customer")) == (1, 1)


def test_finds_and_answers_follow_and_trackers_read_again(ws, zoom):
    ws.ingest(zoom)
    tracker = ws.trackers.create("Price", kind="keyword", words=["price"], filters=wb.Filters(side="customer"))
    tracker.publish(past="all").wait()
    assert len(ws.detections("Price")) == 0
    ws.sides.set("meeting", {"Speaker 1": "customer", "Bob": "company"})
    assert len(ws.detections("Price")) == 2
    ws.sides.set("meeting", {"Speaker 1": "company"}, detect=False)
    assert ws.catch_up() == 1
    assert len(ws.detections("Price")) == 0


def test_people_who_are_redacted_keep_the_sides_that_their_names_told(ws, zoom):
    ws.company.update(colleagues=["Bob"], labels={"zoom/": {"Speaker 2": "customer"}})
    ws.ingest(zoom, redact=["participants"])
    assert sides(ws) == {"Speaker 1": None, "Speaker 2": "customer", "Speaker 3": "company"}
    assert REDACTED in ws.lake.content_hashes()["meeting"]
    ws.company.update(labels={"zoom/": {"Speaker 3": "customer"}})
    assert ws.sides.apply().changed == 0
    assert ws.ingest(zoom, redact=["participants"]).unchanged == 1
    ws.sides.set("meeting", {"Speaker 1": "company"})
    assert sides(ws) == {"Speaker 1": "company", "Speaker 2": "customer", "Speaker 3": "company"}


def test_scope_that_a_person_set_stays(ws):
    parties = [{"id": "a", "email": "a@example.com"}, {"id": "b", "email": "b@example.com"}]
    ws.company.update(domains="example.com")
    ws.ingest([call("c", parties)])
    ws.conversations.update({"c": {"scope": "external"}})
    assert ws.sides.apply().changed == 0
    ws.ingest([{**call("c", parties), "title": "New"}])
    assert (ws.lake.card("c").scope, ws.lake.card("c").title) == ("external", "New")


def test_a_preview_shows_what_an_import_would_tell(ws, zoom):
    ws.company.update(colleagues=["Bob"])
    preview = ws.preview_import(zoom)
    assert preview.conversations[0].sides == {"Bob": "company"}
    assert "1 by a colleague's name, 2 unknown in 1 call" in str(preview)
    assert ws.counts(ANY).sentences == 0


def test_conflicts_are_reported(ws):
    ws.company.update(domains="example.com")
    report = ws.ingest([call("c", [{"id": "a", "email": "a@example.com", "side": "customer"}])])
    assert report.sides.conflicts == ("c: a: customer by the file, but company by e-mail domain",)
    assert report.sides.conflicts[0] in str(report)
    assert ws.sides.apply().sides.conflicts == report.sides.conflicts


def test_what_cannot_be_used_is_refused_and_changes_nothing(ws, tmp_path):
    ws.ingest([call("c", [{"id": "a"}])])
    with pytest.raises(InvalidArgument, match=r"gmail\.com"):
        ws.company.update(domains=["gmail.com"])
    with pytest.raises(InvalidArgument, match="'a' must be company or customer"):
        ws.sides.set("c", {"a": "us"})
    with pytest.raises(InvalidArgument, match="by call"):
        ws.sides.set({"a": "company"})
    with pytest.raises(InvalidArgument, match="no column for the side"):
        ws.sides.set(pd.DataFrame({"call": ["c"], "speaker": ["a"]}))
    with pytest.raises(InvalidArgument, match="limit"):
        ws.sides.unknown(0)
    reader = wb.Workspace(tmp_path / "w", HashingEncoder(), read_only=True)
    for refused in (
        lambda: reader.company.update(domains="example.com"),
        lambda: reader.sides.set("c", {"a": "company"}),
        reader.sides.apply,
    ):
        with pytest.raises(ReadOnlyWorkspace):
            refused()
    assert len(reader.sides.unknown()) == 1
    ws.company.update(domains="example.com")
    with ws.database.begin() as connection:
        connection.execute(update(settings).where(settings.c.name == "company").values(value={"x": 1}))
    with pytest.raises(WorkspaceDamaged, match="company"):
        ws.ingest([call("d", [{"id": "a"}])])
