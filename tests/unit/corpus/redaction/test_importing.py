"""Imports that redact: nothing of the original is stored, and a call that comes again is known."""

from __future__ import annotations

import json
import sys

import pytest

from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.corpus.redaction.redactor import Redactor
from workbench.domain.errors import InvalidArgument, RedactionUnavailable

SECRETS = ["4111 1111 1111 1111", "ann.lee@example.com", "0171 2345678", "Zofia"]
TEXT = "My name is Zofia, card 4111 1111 1111 1111. Write to ann.lee@example.com or call 0171 2345678."
REDACTED = "My name is [NAME], card [CARD]. Write to [EMAIL] or call [PHONE]."


def call(number=0, **more):
    parties = [{"id": "ann", "side": "company", "name": "Ann Lee", "email": "ann.lee@work.example"}]
    turns = [{"party": "ann", "text": TEXT, "labels": ["card"], "spans": [{"label": "card", "start": 18, "end": 42}]}]
    return {"id": f"c{number}", "title": "Call with Ann: 0171 2345678", "language": "de", "turns": turns,
            "parties": parties} | more  # fmt: skip


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def test_texts_titles_and_spans_are_redacted_and_the_report_counts_them(lake, tmp_path):
    report = ingest(lake, [call(), call(1)], redact=True)
    assert report.redacted == {"card": 2, "phone": 4, "email": 2, "name": 4}
    assert report.redacted_in == dict.fromkeys(["card", "phone", "email", "name"], 2)
    assert "redacted: 2 e-mail addresses in 2 conversations, 2 card numbers in 2" in str(report)
    card, (turn,) = lake.card("c0"), lake.turns("c0")
    assert turn.text == REDACTED
    assert card.title == "Call with [NAME]: [PHONE]"
    assert [one.name for one in card.parties] == ["Ann Lee"]
    lake_bytes = b"".join(file.read_bytes() for file in (tmp_path / "lake").rglob("*") if file.is_file())
    assert not [one for one in SECRETS if one.encode() in lake_bytes]
    assert [one for one in SECRETS if one in str(report)] == []


def test_what_was_imported_is_known_again_raw_and_redacted(lake, tmp_path):
    file = tmp_path / "calls.jsonl"
    file.write_text(json.dumps(call(media="a.wav")))
    assert ingest(lake, file, redact=True).added == 1
    again = ingest(lake, file, redact=True)
    assert (again.unchanged, again.redacted) == (1, {})
    turns = [call()["turns"][0] | {"text": REDACTED, "spans": [{"label": "card", "start": 19, "end": 30}]}]
    copy = call(media="a.wav", title="Call with [NAME]: [PHONE]", turns=turns)
    assert ingest(lake, [copy]).unchanged == ingest(lake, [copy], redact=True).unchanged == 1
    assert "was redacted when it was imported" in ingest(lake, file).rejected[0].reason  # else it would be undone
    assert "other content" in ingest(lake, file, on_change="reject").rejected[0].reason


def test_participants_are_numbered_if_that_is_asked_for(lake):
    report = ingest(lake, [call()], redact=["participants"])
    (turn,) = lake.turns("c0")
    (party,) = lake.card("c0").parties
    assert (party.id, party.name, party.email, party.side) == ("Speaker 1", None, None, "company")
    assert turn.party == "Speaker 1"
    assert report.redacted == {"name": 4, "participants": 1}  # two of them in the address, which is not redacted here
    assert "card 4111" in turn.text
    assert ingest(lake, [call()], redact="participants").unchanged == 1


def test_a_call_that_cannot_be_redacted_is_not_imported(lake, monkeypatch):
    monkeypatch.setattr(Redactor, "redact", lambda *_: 1 / 0)
    report = ingest(lake, [call()], redact=True)
    assert report.added == 0
    assert "cannot be redacted (ZeroDivisionError)" in report.rejected[0].reason
    assert not len(lake.conversations())


def test_without_the_libraries_it_says_how_to_install_them(lake, monkeypatch):
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(RedactionUnavailable, match=r"pip install 'tracker-workbench\[redact\]'"):
        ingest(lake, [call()], redact="card")
    assert ingest(lake, [call()]).added == 1


def test_another_kind_is_refused_before_anything_is_read(lake):
    with pytest.raises(InvalidArgument, match="redact: must be some of"):
        ingest(lake, [call()], redact=["calls"])
    assert not len(lake.conversations())
