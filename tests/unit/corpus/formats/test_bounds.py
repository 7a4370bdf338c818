"""What is too large, too deep or out of range is named with its field, from files and from Python alike (F2, F11)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from workbench.corpus.formats import bounds
from workbench.corpus.formats.given import conversation_from
from workbench.corpus.formats.neutral_model import NeutralFormError, from_json
from workbench.corpus.ingest import ingest
from workbench.corpus.lake import Lake
from workbench.domain.conversations import Conversation, Deal, LabelSpan, Party, Turn

GOOD = {"id": "good", "turns": [{"text": "Yes."}]}
TURN = {"text": "Yes."}


def span(**changes):
    return [TURN | {"spans": [{"label": "x", "start": 0, "end": 1} | changes]}]


TOO_MUCH = [
    ({"fields": {"n": 10**309}}, "fields.n: must be a whole number of at most 64 bits"),
    ({"fields": {"n": 2**63}}, "fields.n: must be a whole number of at most 64 bits"),
    ({"fields": {"n": -(2**63)}}, "fields.n: must be a whole number of at most 64 bits"),
    ({"fields": {"n": float("inf")}}, "fields.n: must be text, a finite number"),
    ({"fields": {"n": float("-inf")}}, "fields.n: must be text, a finite number"),
    ({"fields": {"n": "x" * (bounds.MAX_VALUE + 1)}}, "fields.n: must have at most 100,000 characters"),
    ({"fields": {"n": "a\0b"}}, "fields.n: must not contain control characters"),
    ({"fields": {"a\x1b": 1}}, "fields.'a\\x1b': must not contain control characters"),
    ({"fields": {str(n): n for n in range(bounds.MAX_FIELDS + 1)}}, "fields: must have at most 1,000 entries"),
    ({"turns": span(start=2**63)}, "turns.0.spans.0.start: must be at most 1,000,000"),
    ({"turns": span(end=10**400)}, "turns.0.spans.0.end: must be at most 1,000,000"),
    ({"turns": span(start=-1)}, "turns.0.spans.0.start: must be at least 0"),
    ({"turns": [TURN | {"start_s": 10**309}]}, "turns.0.start_s: must be a finite number"),
    ({"turns": [TURN | {"end_s": 1e300}]}, "turns.0.end_s: must be at most 100,000,000"),
    ({"turns": [TURN | {"start_s": float("inf")}]}, "turns.0.start_s: must be a finite number"),
    ({"turns": [TURN | {"labels": [str(n) for n in range(101)]}]}, "turns.0.labels: must have at most 100 entries"),
    ({"turns": [{"text": "x" * (bounds.MAX_TURN + 1)}]}, "turns.0.text: must have at most 1,000,000 characters"),
    ({"turns": [{"text": "x" * bounds.MAX_TURN}] * 6}, "turns: must have at most 5,000,000 characters in all"),
    ({"turns": [{"text": ""}] * (bounds.MAX_TURNS + 1)}, "turns: must have at most 50,000 entries"),
    ({"parties": [{"id": str(n)} for n in range(bounds.MAX_PARTIES + 1)]}, "parties: must have at most 10,000 entries"),
    ({"duration_s": 2**1100}, "duration_s: must be a finite number"),
    ({"duration_s": 1e9}, "duration_s: must be at most 100,000,000"),
    ({"deal": {"id": "d", "amount": 1e300}}, "deal.amount: must be at most 1e+18"),
    ({"deal": {"id": "d", "amount": -(10**400)}}, "deal.amount: must be a finite number"),
    ({"started": "0001-01-01T00:00:00Z"}, "started: must be between 1900 and 2199"),
    ({"started": "9999-12-31T23:59:59Z"}, "started: must be between 1900 and 2199"),
    ({"started": "0001-01-01T00:00:00+14:00"}, "started: must be a date and time"),
    ({"started": "2026" * 100_000}, "started: must be a date and time"),
    ({"id": "a\0"}, "id: must not contain control characters"),
    ({"id": "a\x9b31m"}, "id: must not contain control characters"),
    ({"id": "x" * 501}, "id: must have at most 500 characters"),
    ({"title": "x" * 2_001}, "title: must have at most 2,000 characters"),
    ({"media": "a\n.wav"}, "media: must not contain control characters"),
    ({"language": "e\0n"}, "language: must not contain control characters"),
    ({"x" * 100_000: 1}, "xxx…': not a field of a conversation"),
    ({"\x1b]0;owned\x07\n": 1}, "'\\x1b]0;owned\\x07\\n': not a field of a conversation"),
]


@pytest.mark.parametrize(("changes", "reason"), TOO_MUCH, ids=lambda one: str(one)[:40])
def test_what_breaks_a_bound_is_named_and_the_rest_goes_in(tmp_path, changes, reason):
    bad = GOOD | {"id": "bad"} | changes
    (tmp_path / "calls.jsonl").write_text(f"{json.dumps(bad)}\n{json.dumps(GOOD)}\n")
    from_file = ingest(Lake(tmp_path / "a"), tmp_path / "calls.jsonl")
    from_python = ingest(Lake(tmp_path / "b"), [bad, GOOD])
    for report in (from_file, from_python):
        assert report.added == 1
        (reject,) = report.rejected
        assert reason in reject.reason
        assert len(str(reject)) < 500
        assert str(reject).isprintable()
    assert (from_file.rejected[0].name, from_file.rejected[0].line) == ("calls.jsonl", 1)
    assert from_python.rejected[0].name == "item 0"


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, 2**63 - 1, -(2**63) + 1, 1.5, 1e308, 5e-324])
def test_what_fits_is_kept_exactly(tmp_path, number):
    lake = Lake(tmp_path)
    assert ingest(lake, [GOOD | {"fields": {"n": number}}]).added == 1
    (card,) = lake.cards()
    assert card.fields == {"n": number}
    assert lake.facets().fields["n"] == (number,)


def nested(depth: int):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def endless():
    value = {}
    value["again"] = value
    return value


def doubling(times: int):
    """A list of 2 ** times values that takes the memory of a few."""
    value = ["x"]
    for _ in range(times):
        value = [value, value]
    return value


class Raising(dict):
    def items(self):
        raise RuntimeError("not today")


GIVEN = [
    (GOOD | {"fields": {"n": nested(100_000)}}, "nested too deeply"),
    (GOOD | {"turns": nested(150)}, "nested too deeply"),
    (endless(), "nested too deeply"),
    (GOOD | {"turns": doubling(40)}, "contains more than 1,000,000 values"),
    (GOOD | {"turns": [{"text": "x" * 1_000_000}] * 100_000}, "longer than 20,000,000 bytes"),
    (GOOD | {"fields": {1: 2}}, "fields: 1 is not a name"),
    (GOOD | {"fields": {"n": {1, 2}}}, "fields.n: must be text, a number, a list or a dict, not a set"),
    (GOOD | {"fields": {"n": b"x"}}, "fields.n: must be text, a number, a list or a dict, not a bytes"),
    (GOOD | {"fields": {"n": 10**5_000}}, "fields.n: must be a whole number of at most 64 bits"),
    (Raising(GOOD), "cannot be read: RuntimeError: 'not today'"),
    (7, "must be a path, a Conversation or a dict, not a int"),
    (None, "must be a path, a Conversation or a dict, not a NoneType"),
    (Conversation(id="", turns=()), "id: must not be empty"),
    (Conversation(id="a", turns=({"text": "x"},), kind="chat"), "kind: must be one of"),
    (Conversation(id="a", turns=(Turn(text=None),)), "turns.0.text: missing"),
    (Conversation(id="a", turns=(Turn(text="x", start_s=float("inf")),)), "turns.0.start_s: must be a finite"),
    (Conversation(id="a", turns=(Turn(text="x", spans=(LabelSpan(label="y", start=2**70, end=1),)),)), "spans.0.start"),
    (Conversation(id="a", turns=(), fields={"n": 2**80}), "fields.n: must be a whole number of at most 64 bits"),
    (Conversation(id="a", turns=(), deal=Deal(id="d", amount=float("inf"))), "deal.amount: must be a finite"),
    (Conversation(id="a", turns=(), parties=(Party(id="p", side="vendor"),)), "parties.0.side: must be one of"),
    (Conversation(id="a", turns=(), started="soon"), "started: must be a date and time"),
]


@pytest.mark.parametrize(("item", "reason"), GIVEN, ids=lambda one: str(one)[:30] if isinstance(one, str) else "")
def test_whatever_is_given_from_python_is_imported_or_named(tmp_path, item, reason):
    report = ingest(Lake(tmp_path), [GOOD, item, GOOD | {"id": "after"}])
    assert report.added == 2
    (reject,) = report.rejected
    assert reject.name == "item 1"
    assert reason in reject.reason


def test_what_libraries_give_is_as_good_as_plain_python():
    """Rows of a DataFrame hold numbers of numpy's."""
    item = GOOD | {"duration_s": np.float32(2.5), "fields": {"n": np.int64(3), "yes": np.bool_(True)}}
    item |= {"started": datetime(2026, 3, 1, tzinfo=UTC), "turns": ({"text": np.str_("Yes.")},)}
    found = conversation_from(item)
    assert (found.duration_s, found.fields, found.turns[0].text) == (2.5, {"n": 3, "yes": True}, "Yes.")
    assert found.started == item["started"]


def test_a_conversation_given_as_an_object_comes_out_as_it_is():
    conversation = from_json(json.dumps(GOOD | {"started": "2026-03-01", "parties": [{"id": "a"}]}).encode())
    assert conversation_from(conversation) == conversation
    assert conversation_from(replace(conversation, title="é")).title == "é"


@pytest.mark.parametrize("text", ['"' * 200_000, "\\" * 200_001, '\\"' * 100_000, '{"a":"' + '\\\\"' * 70_000])
def test_texts_are_no_values_whatever_they_hold(text):
    """Only brackets and commas outside texts count."""
    line = json.dumps(GOOD | {"title": "[{,", "turns": [{"text": "[,{" * 333_000}, {"text": text}]}).encode()
    assert len(line) > 100_000
    assert from_json(line.replace(b'"[{,"', b'"T"')).turns[1].text == text
    with pytest.raises(NeutralFormError, match="contains more than 1,000,000 values"):
        from_json(line.replace(b'"[{,"', b"[" + b"1," * 1_000_000 + b"1]"))
