"""JSON of no known tool: what is found in it by itself, what a mapping says, and what is refused."""

from __future__ import annotations

import json

import pytest

import workbench as wb
from tests.unit.corpus.formats.test_makers import said, sides
from workbench.corpus.formats import JsonMapping, mapping_of
from workbench.corpus.formats.assemble import assembled
from workbench.corpus.formats.base import FoundConversation
from workbench.corpus.formats.json_files import unknown_reason
from workbench.corpus.formats.makers.generic import proposed, read_keyed, read_mapped, read_unknown
from workbench.domain.errors import InvalidArgument

LINES = ["Hello, how can I help you today?", "The heater stopped on Sunday.", "Is the red light on?", "Yes, it is."]


def turns(**keys):
    """Turns whose keys have these values, each with a function of its place."""
    return [{key: value(place) for key, value in keys.items()} for place in range(len(LINES))]


def conversations(document):
    drafts = read_unknown(document) or []
    out = [assembled(draft, f"file {place}") for place, draft in enumerate(drafts)]
    return [one.conversation for one in out if isinstance(one, FoundConversation)]


def line(place):
    return LINES[place]


def who(place):
    return ("Agent", "Client")[place % 2]


@pytest.mark.parametrize(
    ("key", "value", "last"),
    [
        ("start", lambda n: n * 1.5, 4.5),
        ("start_ms", lambda n: n * 1500, 4.5),
        ("s", lambda n: n * 1500, 4.5),
        ("time", lambda n: f"00:00:{n * 2:02}", 6),
        ("timestamp", lambda n: f"2026-03-02T09:00:{n * 2:02}Z", 6),
        ("timestamp", lambda n: 1772442000 + n * 2, 6),
        ("timestamp", lambda n: 1772442000000 + n * 2000, 6),
        ("begin", lambda n: f"{n * 1.5}", 4.5),
        ("offset", lambda n: f"PT{n * 2}S", 6),
    ],
)
def test_times_of_any_kind_and_unit(key, value, last):
    (call,) = conversations({"result": {"lines": turns(text=line, speaker=who, **{key: value})}})
    assert said(call)[-1] == ("Client", last, None, "Yes, it is.")
    assert sides(call) == {"Agent": "company", "Client": "customer"}


@pytest.mark.parametrize(
    "text", ["text", "transcript", "content", "message", "utterance", "sentence", "body", "snippet"]
)
@pytest.mark.parametrize(
    "speaker", ["speaker", "speaker_name", "speakerLabel", "role", "participant", "party", "from", "author"]
)
def test_names_of_keys(text, speaker):
    (call,) = conversations([{text: line(n), speaker: who(n), "id": n} for n in range(4)])
    assert [turn.party for turn in call.turns] == ["Agent", "Client", "Agent", "Client"]


def test_several_conversations_by_path_and_by_key():
    nested = {"calls": [{"id": f"c{n}", "title": "T", "lines": turns(text=line, speaker=who)} for n in range(3)]}
    assert [one.id for one in conversations(nested)] == ["c0", "c1", "c2"]
    flat = [one | {"call_id": call} for call in ("a", "b") for one in turns(text=line, speaker=who)]
    assert [(one.id, len(one.turns)) for one in conversations(flat)] == [("a", 4), ("b", 4)]


def test_speakers_may_be_phone_numbers_and_objects():
    wavix = [
        {"type": "+4420700000", "s": 0, "e": 900, "text": "Hi."},
        {"type": "+4420711111", "s": 1000, "e": 1900, "text": "Yes."},
    ]
    assert said(conversations({"turns": wavix})[0]) == [("+4420700000", 0, 0.9, "Hi."), ("+4420711111", 1, 1.9, "Yes.")]
    people = [{"speaker": {"name": who(n)}, "text": line(n)} for n in range(4)]
    assert conversations(people)[0].turns[0].party == "Agent"


@pytest.mark.parametrize(
    "document",
    [
        {"type": "FeatureCollection", "features": []},
        {"name": "app", "dependencies": {"a": "1"}},
        [{"id": 1, "text": "a tag"}, {"id": 2, "text": "another"}],
        [{"name": name, "body": "red"} for name in ("Apple", "Pear", "Fig", "Nut")],
        [1, 2, 3],
        "text",
        None,
        {},
        [],
        [{}],
        [{"a": "b"}, {"a": "c"}],
        {"items": [{"price": 1.5, "sku": "x"}] * 5},
    ],
    ids=repr,
)
def test_what_has_no_turns_is_refused_with_its_keys(document):
    assert proposed(document) is None
    reason = unknown_reason(document)
    assert "not a known transcript" in reason
    assert "mapping" in reason


def test_a_mapping_says_where_the_turns_are(tmp_path):
    file = tmp_path / "odd.json"
    rows = [{"k1": "Hallo.", "k2": "x", "k3": 5}, {"k1": "Ja.", "k2": "y", "k3": 7}]
    file.write_text(json.dumps({"deep": [{"id": "one", "rows": rows}]}))
    ws = wb.open(tmp_path / "w")
    assert len(ws.ingest(file).rejected) == 1
    mapping = {
        "path": "deep.*.rows",
        "text": "k1",
        "speaker": "k2",
        "start": "k3",
        "unit": "s",
        "sides": {"x": "company"},
    }
    preview = ws.preview_import(file, mapping)
    assert (preview.found, preview.problems) == (1, ())
    assert preview.conversations[0].sides == {"x": "company"}
    report = ws.ingest(file, mapping=mapping)
    assert report.added == 1
    assert "k1" in str(report)
    assert ws.ingest(file, mapping=mapping).unchanged == 1


def test_a_mapping_that_finds_nothing_says_so(tmp_path):
    file = tmp_path / "odd.json"
    file.write_text('{"a": 1}')
    (rejected,) = wb.open(tmp_path / "w").ingest(file, mapping={"path": "b.c"}).rejected
    assert "workbench describe" in rejected.reason


@pytest.mark.parametrize(
    "wrong",
    [{"txt": "x"}, {"path": 5}, {"text": 5}, {"unit": "hours"}, {"sides": {"x": "them"}}, {"sides": []}],
    ids=repr,
)
def test_a_mapping_that_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidArgument, match="mapping"):
        mapping_of(wrong)


def test_a_mapping_reads_as_text_and_a_proposal_is_one():
    document = {"a": {"b": turns(text=line, speaker=who, start=lambda n: n * 1500)}}
    found = proposed(document)
    assert found == JsonMapping(("a", "b"), "text", "speaker", "start", None, "ms")
    assert str(found) == "turns at a.b: text in 'text', speaker in 'speaker', start in 'start'; times in milliseconds"
    assert len(read_mapped(document, mapping_of({"path": ["a", "b"], "speaker": "speaker"}))[0].turns) == 4


@pytest.mark.parametrize("held", [lambda found: found, lambda found: {"language": "en", "turns": found}])
def test_each_key_of_an_object_can_be_a_conversation(held):
    document = {name: held(turns(text=line, speaker=who)) for name in ("call-7", "call-8", "call-9")}
    drafts = read_keyed(document)
    assert [(one.id, len(one.turns)) for one in drafts] == [(name, 4) for name in document]
    assert [len(one.notes) for one in drafts] == [1, 0, 0]


@pytest.mark.parametrize("other", [{"meta": {"model": "x"}}, {"words": [{"w": "a"}, {"w": "b"}]}, {"n": 5}])
def test_what_stands_beside_the_turns_makes_no_conversations(other):
    assert read_keyed({"transcript": turns(text=line, speaker=who), **other}) is None


def test_a_whole_transcript_can_be_a_text(tmp_path):
    text = "Agent: Hello there.\nCustomer: It is too expensive.\nAgent: I see.\n"
    (tmp_path / "one.json").write_text(json.dumps({"id": 9, "title": "A call", "transcript": text}))
    (tmp_path / "two.jsonl").write_text("".join(json.dumps({"id": at, "transcript": text}) + "\n" for at in "ab"))
    ws = wb.open(tmp_path / "w")
    report = ws.ingest([tmp_path / "one.json", tmp_path / "two.jsonl"])
    assert (report.added, len(report.rejected)) == (3, 0)
    (tmp_path / "note.json").write_text(json.dumps({"id": 1, "note": "First line.\nSecond line.\n"}))
    assert len(ws.ingest(tmp_path / "note.json").rejected) == 1
