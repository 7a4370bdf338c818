"""Trackers learn from calls only, even where they track e-mails: rounds, audits, reviews and estimates."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import pytest

import workbench as wb
from tests.unit.small import EXAMPLES, answer, conversations
from workbench.engine.encoders import HashingEncoder

BOTH = wb.Filters(kinds=("call", "email"))


def mails(count: int) -> list[dict[str, object]]:
    """E-mails that say what the calls say."""
    found = conversations(count, seed=9)
    return [{**one, "id": f"mail-{n}", "kind": "email"} for n, one in enumerate(found)]


@pytest.fixture
def ws(tmp_path):
    with wb.open(tmp_path / "w", encoder=HashingEncoder()) as workspace:
        workspace.ingest([*conversations(40), *mails(40)])
        workspace.encode()
        yield workspace


def answered(session, asked) -> list[str]:
    for one in asked:
        session.tag(one.sentence_id, answer(one.text))
    session.complete_round()
    return [one.sentence_id for one in asked]


def test_rounds_audits_and_reviews_ask_about_calls_only(ws):
    session = ws.trackers.create("Price", examples=EXAMPLES, filters=BOTH, seed=1).train()
    asked = [name for _ in range(4) for name in answered(session, session.next_round())]
    asked += answered(session, session.review_round())
    asked += answered(session, session.audit_round())
    assert len(asked) > 100
    assert not [name for name in asked if name.startswith("mail-")]


def test_estimates_and_counts_are_those_of_a_tracker_that_looks_at_calls_only(ws):
    told = []
    for name, filters in (("Both", BOTH), ("Calls", wb.Filters())):
        session = ws.trackers.create(name, examples=EXAMPLES, filters=filters, seed=1).train()
        for _ in range(2):
            answered(session, session.next_round())
        told.append((session.estimate(), session.found()))
    assert told[0] == told[1]
    assert told[0][1].of_calls == 40


def test_what_is_trained_on_calls_finds_in_emails_once_it_is_published(ws):
    tracker = ws.trackers.create("Price", examples=EXAMPLES, filters=BOTH, seed=1)
    session = tracker.train()
    for _ in range(2):
        answered(session, session.next_round())
    tracker.publish("all").wait()
    found = tracker.found_in(range(80))
    assert any(name.startswith("mail-") for name in found)


def test_a_round_that_an_earlier_version_drew_from_emails_makes_room_for_calls(ws, monkeypatch):
    tracker = ws.trackers.create("Price", examples=EXAMPLES, filters=BOTH, seed=1)
    with monkeypatch.context() as earlier:
        earlier.setattr(wb.Filters, "for_training", lambda filters: filters)
        session = tracker.train()
        first = session.next_round()
        assert [one for one in first if one.sentence_id.startswith("mail-")]
        for one in islice(first, 20):
            session.tag(one.sentence_id, answer(one.text))
    with wb.open(ws.path, encoder=HashingEncoder()) as later:
        session = later.trackers.get("Price").train()
        now = session.next_round()
        open_ones = [one for one in now if one.answer is None]
        assert open_ones
        assert not [one for one in open_ones if one.sentence_id.startswith("mail-")]
        answered(session, open_ones)
        assert session.estimate()


def test_filters_of_emails_alone_stay_as_they_are():
    mail = wb.Filters(kinds=("email",))
    assert mail.for_training() == mail
    assert BOTH.for_training() == replace(BOTH, kinds=("call",)) == wb.Filters()
